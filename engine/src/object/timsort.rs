//! CPython's sort: natural runs, extended by binary insertion, merged with galloping. Which pairs are compared, and in
//! which order, is observable by `__lt__`, so the steps are those of `Objects/listobject.c`.
//!
//! Invariant: whatever fails, the items remain a permutation of themselves.

use crate::rules::Profile;

const MIN_GALLOP: usize = 7;

/// A run that waits to be merged.
#[derive(Clone, Copy, Debug)]
struct Run {
    base: usize,
    len: usize,
    /// The depth of the boundary to the next run in the tree of merges.
    power: u32,
}

struct Sorter<'a, T, F> {
    items: &'a mut [T],
    lt: F,
    pending: Vec<Run>,
    min_gallop: usize,
    balanced: bool,
    spread_runs: bool,
    equal_runs: bool,
}

/// Sorts stably by a comparison that may fail.
///
/// # Errors
/// What the comparison fails with; the items are in some order then.
pub fn sort<T: Copy, E>(items: &mut [T], rules: &Profile, lt: impl FnMut(T, T) -> Result<bool, E>) -> Result<(), E> {
    let mut sorter = Sorter {
        items,
        lt,
        pending: Vec::new(),
        min_gallop: MIN_GALLOP,
        balanced: rules.sort_balanced_merges,
        spread_runs: rules.sort_spread_runs,
        equal_runs: rules.sort_equal_in_runs,
    };
    sorter.run()
}

/// The least lengths of the runs of a list of `n`, one after the other.
struct MinRuns {
    n: usize,
    shift: u32,
    /// What the runs so far are short of their exact share, in `1 << shift`ths; none: all runs are rounded up.
    carried: Option<usize>,
}

impl MinRuns {
    fn new(n: usize, spread: bool) -> MinRuns {
        let mut shift = 0;
        while n >> shift >= 64 {
            shift += 1;
        }
        MinRuns { n, shift, carried: spread.then_some(0) }
    }

    fn next(&mut self) -> usize {
        let mask = (1 << self.shift) - 1;
        let Some(carried) = &mut self.carried else { return (self.n >> self.shift) + usize::from(self.n & mask != 0) };
        *carried += self.n;
        let length = *carried >> self.shift;
        *carried &= mask;
        length
    }
}

/// The power of the boundary between two neighbouring runs in a list of `n`.
fn power(start: usize, left: usize, right: usize, n: usize) -> u32 {
    let (mut a, mut power) = (2 * start + left, 0);
    let mut b = a + left + right;
    loop {
        power += 1;
        if a >= n {
            a -= n;
            b -= n;
        } else if b >= n {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

impl<T: Copy, E, F: FnMut(T, T) -> Result<bool, E>> Sorter<'_, T, F> {
    fn run(&mut self) -> Result<(), E> {
        let total = self.items.len();
        if total < 2 {
            return Ok(());
        }
        let (mut low, mut min_runs) = (0, MinRuns::new(total, self.spread_runs));
        while low < total {
            let left = total - low;
            let mut n = if self.equal_runs { self.run_with_equals(low)? } else { self.plain_run(low)? };
            let min_run = min_runs.next();
            if n < min_run {
                let force = left.min(min_run);
                self.insertion(low, low + n, low + force)?;
                n = force;
            }
            if self.balanced {
                self.merge_by_power(n, total)?;
            }
            self.pending.push(Run { base: low, len: n, power: 0 });
            if !self.balanced {
                self.merge_by_length()?;
            }
            low += n;
        }
        while self.pending.len() > 1 {
            let mut n = self.pending.len() - 2;
            if n > 0 && self.pending[n - 1].len < self.pending[n + 1].len {
                n -= 1;
            }
            self.merge_at(n)?;
        }
        Ok(())
    }

    fn less(&mut self, a: usize, b: usize) -> Result<bool, E> {
        (self.lt)(self.items[a], self.items[b])
    }

    /// The length of the run at `low`, which is ascending afterwards; a descending one has no equal items.
    fn plain_run(&mut self, low: usize) -> Result<usize, E> {
        let end = self.items.len();
        if low + 1 == end {
            return Ok(1);
        }
        let descending = self.less(low + 1, low)?;
        let mut at = low + 2;
        while at < end && self.less(at, at - 1)? == descending {
            at += 1;
        }
        if descending {
            self.items[low..at].reverse();
        }
        Ok(at - low)
    }

    /// The same where a descending run may have equal items.
    fn run_with_equals(&mut self, low: usize) -> Result<usize, E> {
        let end = self.items.len();
        let mut at = low + 1;
        while at < end && !self.less(at, at - 1)? {
            at += 1;
        }
        if at == end {
            return Ok(at - low);
        }
        if at > low + 1 {
            if self.less(low, at - 1)? {
                return Ok(at - low);
            }
            self.items[low..at].reverse();
        }
        at += 1;
        let mut equal = 0;
        while at < end {
            if self.less(at, at - 1)? {
                self.reverse_equal(at, &mut equal);
            } else if self.less(at - 1, at)? {
                break;
            } else {
                equal += 1;
            }
            at += 1;
        }
        self.reverse_equal(at, &mut equal);
        self.items[low..at].reverse();
        while at < end && !self.less(at, at - 1)? {
            at += 1;
        }
        Ok(at - low)
    }

    /// The equal items that end before `at` are turned round, so that turning the run keeps their order.
    fn reverse_equal(&mut self, at: usize, equal: &mut usize) {
        if *equal > 0 {
            self.items[at - 1 - *equal..at].reverse();
            *equal = 0;
        }
    }

    /// Sorts `low..end`, of which `low..start` is sorted.
    fn insertion(&mut self, low: usize, start: usize, end: usize) -> Result<(), E> {
        for at in start..end {
            let pivot = self.items[at];
            let (mut left, mut right) = (low, at);
            while left < right {
                let middle = left + ((right - left) >> 1);
                if (self.lt)(pivot, self.items[middle])? {
                    right = middle;
                } else {
                    left = middle + 1;
                }
            }
            self.items.copy_within(left..at, left + 1);
            self.items[left] = pivot;
        }
        Ok(())
    }

    fn merge_by_power(&mut self, next: usize, total: usize) -> Result<(), E> {
        let Some(last) = self.pending.last().copied() else { return Ok(()) };
        let power = power(last.base, last.len, next, total);
        while self.pending.len() > 1 && self.pending[self.pending.len() - 2].power > power {
            self.merge_at(self.pending.len() - 2)?;
        }
        if let Some(last) = self.pending.last_mut() {
            last.power = power;
        }
        Ok(())
    }

    fn merge_by_length(&mut self) -> Result<(), E> {
        while self.pending.len() > 1 {
            let p = &self.pending;
            let mut n = p.len() - 2;
            let short = |n: usize| p[n - 1].len <= p[n].len + p[n + 1].len;
            if (n > 0 && short(n)) || (n > 1 && short(n - 1)) {
                if p[n - 1].len < p[n + 1].len {
                    n -= 1;
                }
            } else if p[n].len > p[n + 1].len {
                break;
            }
            self.merge_at(n)?;
        }
        Ok(())
    }

    fn merge_at(&mut self, at: usize) -> Result<(), E> {
        let (a, b) = (self.pending[at], self.pending[at + 1]);
        self.pending[at].len = a.len + b.len;
        self.pending.remove(at + 1);
        let skip = gallop_right(&mut self.lt, self.items[b.base], &self.items[a.base..a.base + a.len], 0)?;
        let (start, left) = (a.base + skip, a.len - skip);
        if left == 0 {
            return Ok(());
        }
        let last = self.items[start + left - 1];
        let right = gallop_left(&mut self.lt, last, &self.items[b.base..b.base + b.len], b.len - 1)?;
        if right == 0 {
            return Ok(());
        }
        let slice = &mut self.items[start..start + left + right];
        if left <= right {
            merge_low(&mut self.lt, slice, left, &mut self.min_gallop)
        } else {
            merge_high(&mut self.lt, slice, left, &mut self.min_gallop)
        }
    }
}

/// Where `key` goes in a sorted slice, before equal items; the search starts at `hint`.
fn gallop_left<T: Copy, E>(
    lt: &mut impl FnMut(T, T) -> Result<bool, E>,
    key: T,
    a: &[T],
    hint: usize,
) -> Result<usize, E> {
    let (mut last, mut ofs) = (0, 1);
    let (mut low, mut high);
    if lt(a[hint], key)? {
        let most = a.len() - hint;
        while ofs < most && lt(a[hint + ofs], key)? {
            last = ofs;
            ofs = 2 * ofs + 1;
        }
        (low, high) = (hint + last + 1, hint + ofs.min(most));
    } else {
        let most = hint + 1;
        while ofs < most && !lt(a[hint - ofs], key)? {
            last = ofs;
            ofs = 2 * ofs + 1;
        }
        (low, high) = (hint + 1 - ofs.min(most), hint - last);
    }
    while low < high {
        let middle = low + ((high - low) >> 1);
        if lt(a[middle], key)? { low = middle + 1 } else { high = middle }
    }
    Ok(high)
}

/// Where `key` goes in a sorted slice, behind equal items; the search starts at `hint`.
fn gallop_right<T: Copy, E>(
    lt: &mut impl FnMut(T, T) -> Result<bool, E>,
    key: T,
    a: &[T],
    hint: usize,
) -> Result<usize, E> {
    let (mut last, mut ofs) = (0, 1);
    let (mut low, mut high);
    if lt(key, a[hint])? {
        let most = hint + 1;
        while ofs < most && lt(key, a[hint - ofs])? {
            last = ofs;
            ofs = 2 * ofs + 1;
        }
        (low, high) = (hint + 1 - ofs.min(most), hint - last);
    } else {
        let most = a.len() - hint;
        while ofs < most && !lt(key, a[hint + ofs])? {
            last = ofs;
            ofs = 2 * ofs + 1;
        }
        (low, high) = (hint + last + 1, hint + ofs.min(most));
    }
    while low < high {
        let middle = low + ((high - low) >> 1);
        if lt(key, a[middle])? { high = middle } else { low = middle + 1 }
    }
    Ok(high)
}

/// Merges the sorted `items[..left]` and `items[left..]` from the front; the left part is the shorter one.
fn merge_low<T: Copy, E>(
    lt: &mut impl FnMut(T, T) -> Result<bool, E>,
    items: &mut [T],
    left: usize,
    min_gallop: &mut usize,
) -> Result<(), E> {
    let a = items[..left].to_vec();
    let (mut at, mut b, mut to) = (0, left, 0);
    let result = merge_low_steps(lt, items, &a, (&mut at, &mut b, &mut to), min_gallop);
    // The rest of the right part stands where it belongs once the left part is in; with one item of the left part
    // left, that is the largest of all.
    let rest = &a[at..];
    match result {
        Ok(true) => {
            let end = items.len();
            items.copy_within(b..end, to);
            items[end - 1] = rest[0];
        }
        Ok(false) | Err(_) => items[to..to + rest.len()].copy_from_slice(rest),
    }
    result.map(|_| ())
}

/// The steps of [`merge_low`]; true when only one item of the left part is left, which goes last.
fn merge_low_steps<T: Copy, E>(
    lt: &mut impl FnMut(T, T) -> Result<bool, E>,
    items: &mut [T],
    a: &[T],
    (at, b, to): (&mut usize, &mut usize, &mut usize),
    min_gallop: &mut usize,
) -> Result<bool, E> {
    let end = items.len();
    let one_left = a.len() - 1;
    macro_rules! take_b {
        () => {
            items[*to] = items[*b];
            *to += 1;
            *b += 1;
            if *b == end {
                return Ok(false);
            }
        };
    }
    macro_rules! take_a {
        () => {
            items[*to] = a[*at];
            *to += 1;
            *at += 1;
            if *at == one_left {
                return Ok(true);
            }
        };
    }
    take_b!();
    if a.len() == 1 {
        return Ok(true);
    }
    let mut gallop = *min_gallop;
    loop {
        let (mut a_count, mut b_count) = (0, 0);
        loop {
            if lt(items[*b], a[*at])? {
                b_count += 1;
                a_count = 0;
                take_b!();
                if b_count >= gallop {
                    break;
                }
            } else {
                a_count += 1;
                b_count = 0;
                take_a!();
                if a_count >= gallop {
                    break;
                }
            }
        }
        gallop += 1;
        loop {
            gallop -= usize::from(gallop > 1);
            *min_gallop = gallop;
            a_count = gallop_right(lt, items[*b], &a[*at..], 0)?;
            if a_count > 0 {
                items[*to..*to + a_count].copy_from_slice(&a[*at..*at + a_count]);
                *to += a_count;
                *at += a_count;
                if *at == one_left {
                    return Ok(true);
                }
                // Only an inconsistent comparison comes here.
                if *at == a.len() {
                    return Ok(false);
                }
            }
            take_b!();
            b_count = gallop_left(lt, a[*at], &items[*b..], 0)?;
            if b_count > 0 {
                items.copy_within(*b..*b + b_count, *to);
                *to += b_count;
                *b += b_count;
                if *b == end {
                    return Ok(false);
                }
            }
            take_a!();
            if a_count < MIN_GALLOP && b_count < MIN_GALLOP {
                break;
            }
        }
        gallop += 1;
        *min_gallop = gallop;
    }
}

/// Merges the sorted `items[..left]` and `items[left..]` from the end; the right part is the shorter one.
fn merge_high<T: Copy, E>(
    lt: &mut impl FnMut(T, T) -> Result<bool, E>,
    items: &mut [T],
    left: usize,
    min_gallop: &mut usize,
) -> Result<(), E> {
    let b = items[left..].to_vec();
    // How many items of each part are left, and where the merged ones begin.
    let (mut a_left, mut b_left, mut to) = (left, b.len(), items.len());
    let result = merge_high_steps(lt, items, &b, (&mut a_left, &mut b_left, &mut to), min_gallop);
    match result {
        Ok(true) => {
            items.copy_within(..a_left, 1);
            items[0] = b[0];
        }
        Ok(false) | Err(_) => items[to - b_left..to].copy_from_slice(&b[..b_left]),
    }
    result.map(|_| ())
}

/// The steps of [`merge_high`]; true when only one item of the right part is left, which goes first.
fn merge_high_steps<T: Copy, E>(
    lt: &mut impl FnMut(T, T) -> Result<bool, E>,
    items: &mut [T],
    b: &[T],
    (a_left, b_left, to): (&mut usize, &mut usize, &mut usize),
    min_gallop: &mut usize,
) -> Result<bool, E> {
    macro_rules! take_a {
        () => {
            *to -= 1;
            *a_left -= 1;
            items[*to] = items[*a_left];
            if *a_left == 0 {
                return Ok(false);
            }
        };
    }
    macro_rules! take_b {
        () => {
            *to -= 1;
            *b_left -= 1;
            items[*to] = b[*b_left];
            if *b_left == 1 {
                return Ok(true);
            }
        };
    }
    take_a!();
    if *b_left == 1 {
        return Ok(true);
    }
    let mut gallop = *min_gallop;
    loop {
        let (mut a_count, mut b_count) = (0, 0);
        loop {
            if lt(b[*b_left - 1], items[*a_left - 1])? {
                a_count += 1;
                b_count = 0;
                take_a!();
                if a_count >= gallop {
                    break;
                }
            } else {
                b_count += 1;
                a_count = 0;
                take_b!();
                if b_count >= gallop {
                    break;
                }
            }
        }
        gallop += 1;
        loop {
            gallop -= usize::from(gallop > 1);
            *min_gallop = gallop;
            let place = gallop_right(lt, b[*b_left - 1], &items[..*a_left], *a_left - 1)?;
            a_count = *a_left - place;
            if a_count > 0 {
                *to -= a_count;
                *a_left -= a_count;
                items.copy_within(*a_left..*a_left + a_count, *to);
                if *a_left == 0 {
                    return Ok(false);
                }
            }
            take_b!();
            let place = gallop_left(lt, items[*a_left - 1], &b[..*b_left], *b_left - 1)?;
            b_count = *b_left - place;
            if b_count > 0 {
                *to -= b_count;
                *b_left -= b_count;
                items[*to..*to + b_count].copy_from_slice(&b[*b_left..*b_left + b_count]);
                if *b_left == 1 {
                    return Ok(true);
                }
                // Only an inconsistent comparison comes here.
                if *b_left == 0 {
                    return Ok(false);
                }
            }
            take_a!();
            if a_count < MIN_GALLOP && b_count < MIN_GALLOP {
                break;
            }
        }
        gallop += 1;
        *min_gallop = gallop;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PyVersion;

    fn rules(minor: u8) -> Profile {
        Profile::of(PyVersion::of_minor(minor).unwrap())
    }

    fn noise(count: usize, values: u64) -> Vec<(u64, usize)> {
        let mut state = 12345_u64;
        (0..count)
            .map(|at| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((state >> 33) % values, at)
            })
            .collect()
    }

    #[test]
    fn sorts_stably() {
        for minor in [8, 11, 13] {
            for count in [0, 1, 2, 3, 10, 63, 64, 65, 200, 1000, 5000] {
                for values in [1, 2, 7, 1_000_000] {
                    let mut items = noise(count, values);
                    let mut expected = items.clone();
                    expected.sort_by_key(|item| item.0);
                    sort(&mut items, &rules(minor), |a, b| Ok::<_, ()>(a.0 < b.0)).unwrap();
                    assert_eq!(items, expected, "{minor} {count} {values}");
                }
            }
            // Long runs make it gallop.
            let mut items: Vec<u64> = (0..3000).map(|n| if n % 1000 < 500 { n } else { 3000 - n }).collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            sort(&mut items, &rules(minor), |a, b| Ok::<_, ()>(a < b)).unwrap();
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn a_failing_comparison_loses_nothing() {
        for fail_at in [1, 2, 10, 100, 700, 1500] {
            let mut items = noise(300, 50);
            let mut left = fail_at;
            let result = sort(&mut items, &rules(13), |a, b| {
                left -= 1;
                if left == 0 { Err(()) } else { Ok(a.0 < b.0) }
            });
            assert_eq!(result, Err(()));
            let mut places: Vec<usize> = items.iter().map(|item| item.1).collect();
            places.sort_unstable();
            assert_eq!(places, (0..300).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_inconsistent_comparison_loses_nothing() {
        let mut turn = 0;
        let mut items = noise(1000, 1000);
        sort(&mut items, &rules(11), |_, _| {
            turn += 1;
            Ok::<_, ()>(turn % 3 == 0 || turn % 7 == 1)
        })
        .unwrap();
        let mut places: Vec<usize> = items.iter().map(|item| item.1).collect();
        places.sort_unstable();
        assert_eq!(places, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn compares_as_often_as_measured() {
        let count = |minor, mut items: Vec<usize>| {
            let mut count = 0;
            sort(&mut items, &rules(minor), |a, b| {
                count += 1;
                Ok::<_, ()>(a < b)
            })
            .unwrap();
            count
        };
        let saw = |n: usize| (0..n).map(|i| i % 7).collect::<Vec<_>>();
        assert_eq!([10, 20, 64, 100, 500, 1000].map(|n| count(12, saw(n))), [17, 56, 292, 494, 3028, 6232]);
        assert_eq!([10, 20, 64, 100, 500, 1000].map(|n| count(13, saw(n))), [18, 57, 294, 496, 3036, 6248]);
        assert_eq!([10, 20, 64, 100, 500, 1000].map(|n| count(8, saw(n))), [17, 56, 292, 494, 3028, 6232]);
    }
}
