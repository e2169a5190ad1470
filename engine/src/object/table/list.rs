//! How much room a list takes: CPython's over-allocation, which `sys.getsizeof` shows.
//!
//! Invariant: `len <= allocated`. A list without a block has `allocated == 0`, and so has one that was emptied in place.
//! Follows `Objects/listobject.c`.

use crate::heap::ListBody;
use crate::rules::{ListDelItem, Profile, SplitRoom};

/// The length of a list and the room of its block, in items.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Room {
    /// How many items there are.
    pub len: usize,
    /// How many items the block holds.
    pub allocated: usize,
    /// There is a block of no items: what is left of one that shrank.
    pub emptied: bool,
}

/// What a list is made from by `list(x)` or grown by with `extend`, as far as it decides the room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A list or tuple of this length (in `sorted`, `extend`, `+=`, `[*x]`).
    Sequence(usize),
    /// A dict, set or dict view of this length.
    Table(usize),
    /// Anything else with this length hint; without one, CPython takes 8.
    Iterable(usize),
}

impl Room {
    /// Length and room of this list.
    pub fn of(body: &ListBody) -> Room {
        Room { len: body.items.len(), allocated: body.allocated, emptied: body.emptied }
    }

    /// The room of this list is this from now on.
    pub fn store(self, body: &mut ListBody) {
        (body.allocated, body.emptied) = (self.allocated, self.emptied);
    }

    /// A list with exactly this room: a display, a copy, a slice, `a + b`, `a * n`.
    #[cfg(test)]
    pub fn exact(len: usize) -> Room {
        Room { len, allocated: len, emptied: false }
    }

    /// `list_resize`: the length becomes `new`, and the block follows if it must.
    pub fn resize(&mut self, rules: &Profile, new: usize) {
        let fits = self.allocated >= new;
        let shrinks = new < self.allocated >> 1 && self.allocated > rules.list_small_kept;
        if !fits || shrinks {
            self.allocated = rules.list_growth.allocation(new, self.len);
            self.emptied = self.allocated == 0 && rules.list_emptied_block;
        }
        self.len = new;
    }

    /// `l.append(x)`, `l.insert(i, x)`, one more item of a comprehension.
    pub fn add_one(&mut self, rules: &Profile) {
        self.resize(rules, self.len + 1);
    }

    /// `l.pop()`, `l.pop(i)`
    pub fn pop(&mut self, rules: &Profile) {
        match self.len {
            1 if rules.list_last_pop_frees => self.clear(),
            len => self.resize(rules, len.saturating_sub(1)),
        }
    }

    /// `del l[i]`
    pub fn delete_item(&mut self, rules: &Profile) {
        match rules.list_del_item {
            ListDelItem::AsSlice => self.replace_slice(rules, 1, 0),
            ListDelItem::KeepsBlock => self.len = self.len.saturating_sub(1),
            ListDelItem::Resizes => self.resize(rules, self.len.saturating_sub(1)),
        }
    }

    /// `l[i:j] = x` where `old` items give way to `new` ones; also `l.remove(x)` and `del l[i:j]`.
    pub fn replace_slice(&mut self, rules: &Profile, old: usize, new: usize) {
        match (self.len + new).saturating_sub(old) {
            0 => self.clear(),
            len if len == self.len => {}
            len => self.resize(rules, len),
        }
    }

    /// `del l[i:j:k]` of `gone` items, with a step other than 1.
    pub fn delete_stepped(&mut self, rules: &Profile, gone: usize) {
        // CPython writes the new length before it resizes.
        self.len = self.len.saturating_sub(gone);
        self.resize(rules, self.len);
    }

    /// `l *= n`
    pub fn repeat(&mut self, rules: &Profile, times: usize) {
        match times {
            0 => self.clear(),
            1 => {}
            _ => self.resize(rules, self.len.saturating_mul(times)),
        }
    }

    /// `l.clear()`: the block is freed.
    pub fn clear(&mut self) {
        *self = Room::default();
    }

    /// `list(x)` makes room for an `x` with a length before it extends by it.
    pub fn called_with_length(rules: &Profile, len: usize) -> Room {
        Room { allocated: if rules.list_call_exact { len } else { 0 }, ..Room::default() }
    }

    /// The first step of extending. True: the length is the final one and only the items are missing. False: there is
    /// room for what the hint promises; then come [`Room::push_hinted`] for each item and [`Room::finish_extend`].
    pub fn begin_extend(&mut self, rules: &Profile, source: Source) -> bool {
        let starts_even = rules.list_even_start && self.allocated == 0 && !self.emptied;
        match source {
            Source::Sequence(0) => {}
            Source::Sequence(count) if starts_even => {
                *self = Room { len: count, allocated: count.next_multiple_of(2), emptied: false };
            }
            Source::Sequence(count) => self.resize(rules, self.len + count),
            Source::Table(count) if rules.list_table_grows => self.resize(rules, self.len + count),
            Source::Table(hint) | Source::Iterable(hint) if starts_even => {
                self.allocated = hint.next_multiple_of(2);
                return false;
            }
            Source::Table(hint) | Source::Iterable(hint) => {
                let len = self.len;
                self.resize(rules, len.saturating_add(hint));
                self.len = len;
                return false;
            }
        }
        true
    }

    /// The last step of extending by an iterable: room that was not needed is given back.
    pub fn finish_extend(&mut self, rules: &Profile) {
        if self.len < self.allocated {
            self.resize(rules, self.len);
        }
    }

    /// Adds an item within the room that `begin_extend` made, or makes more.
    pub fn push_hinted(&mut self, rules: &Profile) {
        if self.len < self.allocated { self.len += 1 } else { self.add_one(rules) }
    }

    /// The list that `split` makes, before pieces go in with [`Room::push_split`]: `len` is that of the text,
    /// `sep_len` that of the separator (none: spaces), `most` the largest number of cuts.
    pub fn for_split(rules: &Profile, len: usize, sep_len: Option<usize>, most: Option<usize>) -> Room {
        const MOST: usize = 12;
        let cuts = match (most, rules.split_room) {
            (Some(most), _) => most,
            (None, SplitRoom::Twelve) => MOST,
            (None, SplitRoom::ByLength) => len / sep_len.unwrap_or(2).max(1) + 1,
        };
        // A separator longer than the text makes a list of one piece.
        let allocated = if sep_len.is_some_and(|sep| sep > len) { 1 } else { cuts.saturating_add(1).min(MOST) };
        Room { allocated, ..Room::default() }
    }

    /// One more piece of a split.
    pub fn push_split(&mut self, rules: &Profile) {
        self.push_hinted(rules);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PyVersion;

    fn rules(minor: u8) -> Profile {
        Profile::of(PyVersion::of_minor(minor).unwrap())
    }

    /// The room after each of these additions.
    fn curve(minor: u8, count: usize, step: impl Fn(&mut Room, &Profile)) -> Vec<usize> {
        let (rules, mut room) = (rules(minor), Room::default());
        (0..count)
            .map(|_| {
                step(&mut room, &rules);
                room.allocated
            })
            .collect()
    }

    fn made(minor: u8, source: Source, items: usize) -> usize {
        let (rules, mut room) = (rules(minor), Room::default());
        if !room.begin_extend(&rules, source) {
            (0..items).for_each(|_| room.push_hinted(&rules));
            room.finish_extend(&rules);
        }
        assert_eq!(room.len, items);
        room.allocated
    }

    #[test]
    fn appending_grows_as_measured() {
        let append = |minor| curve(minor, 70, |room, rules| room.add_one(rules));
        let at = |minor: u8, lens: &[usize]| lens.iter().map(|len| append(minor)[len - 1]).collect::<Vec<_>>();
        assert_eq!(at(8, &[1, 5, 9, 17, 26, 36, 47, 59]), [4, 8, 16, 25, 35, 46, 58, 72]);
        assert_eq!(at(9, &[1, 5, 9, 17, 25, 33, 41, 53, 65]), [4, 8, 16, 24, 32, 40, 52, 64, 76]);
    }

    #[test]
    fn extending_by_three_grows_as_measured() {
        let grown = |minor| curve(minor, 8, |room, rules| assert!(room.begin_extend(rules, Source::Sequence(3))));
        assert_eq!(grown(8), [6, 6, 16, 16, 16, 26, 26, 26]);
        assert_eq!(grown(9), [8, 8, 16, 16, 16, 24, 24, 24]);
        assert_eq!(grown(13), [4, 12, 12, 12, 20, 20, 28, 28]);
    }

    #[test]
    fn lists_of_iterables_have_the_measured_room() {
        let generator = |minor| (0..10).map(|n| made(minor, Source::Iterable(8), n)).collect::<Vec<_>>();
        assert_eq!(generator(8), [0, 4, 5, 6, 7, 8, 12, 12, 12, 12]);
        assert_eq!(generator(13), [0, 4, 8, 8, 8, 8, 8, 8, 8, 16]);
        assert_eq!(generator(14), [8, 8, 8, 8, 8, 8, 8, 8, 8, 16]);
        let exact = |minor| (0..8).map(|n| made(minor, Source::Iterable(n), n)).collect::<Vec<_>>();
        assert_eq!(exact(8), [0, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(exact(9), [0, 4, 8, 8, 8, 8, 12, 8]);
        assert_eq!(exact(10), [0, 2, 2, 4, 4, 6, 6, 8]);
        let table = |minor| (0..8).map(|n| made(minor, Source::Table(n), n)).collect::<Vec<_>>();
        assert_eq!(table(12), [0, 2, 2, 4, 4, 6, 6, 8]);
        assert_eq!(table(13), [0, 4, 8, 8, 8, 8, 12, 8]);
        assert_eq!(
            (Room::called_with_length(&rules(9), 5).allocated, Room::called_with_length(&rules(10), 5).allocated),
            (5, 0)
        );
    }

    #[test]
    fn shrinking_gives_room_back_as_measured() {
        let shrink = |minor: u8, len: usize, step: fn(&mut Room, &Profile)| {
            let (rules, mut room) = (rules(minor), Room::exact(len));
            let mut seen = vec![];
            while room.len > 0 {
                let before = room.allocated;
                step(&mut room, &rules);
                if room.allocated != before {
                    seen.push((room.len, room.allocated));
                }
            }
            seen
        };
        let pop = |room: &mut Room, rules: &Profile| room.pop(rules);
        assert_eq!(shrink(11, 1, pop), []);
        assert_eq!(shrink(12, 1, pop), [(0, 0)]);
        assert_eq!(shrink(8, 12, pop), [(5, 8), (3, 6), (2, 5), (1, 4), (0, 0)]);
        assert_eq!(shrink(9, 12, pop), [(5, 8), (1, 4), (0, 0)]);
        assert_eq!(shrink(14, 33, pop), [(15, 20), (0, 0)]);
        let delete = |room: &mut Room, rules: &Profile| room.delete_item(rules);
        assert_eq!(shrink(12, 12, delete), [(5, 8), (1, 4), (0, 0)]);
        assert_eq!(shrink(13, 100, delete), []);
        assert_eq!(shrink(14, 64, delete), [(31, 40), (19, 24)]);
        assert_eq!(shrink(13, 12, |room, rules| room.replace_slice(rules, 1, 0)), [(5, 8), (1, 4), (0, 0)]);
    }

    #[test]
    fn slices_repeats_and_splits() {
        let repeated = |minor, times| {
            let mut room = Room { len: 3, allocated: if minor == 8 { 3 } else { 4 }, emptied: false };
            room.repeat(&rules(minor), times);
            room.allocated
        };
        assert_eq!([0, 1, 2, 3, 4, 5].map(|n| repeated(8, n)), [0, 3, 9, 16, 19, 22]);
        assert_eq!([0, 1, 2, 3, 4, 5].map(|n| repeated(10, n)), [0, 4, 12, 16, 12, 16]);
        let split = |minor, len, sep, most, pieces| {
            let (rules, mut room) = (rules(minor), Room::for_split(&rules(minor), len, sep, most));
            (0..pieces).for_each(|_| room.push_split(&rules));
            room.allocated
        };
        assert_eq!(split(11, 5, Some(1), None, 3), 12);
        assert_eq!(split(12, 5, Some(1), None, 3), 7);
        assert_eq!(split(12, 6, Some(2), None, 2), 5);
        assert_eq!(split(12, 3, None, None, 2), 3);
        assert_eq!(split(12, 9, Some(1), Some(2), 3), 3);
        assert_eq!(split(12, 0, Some(1), None, 1), 1);
        assert_eq!(split(9, 50, Some(1), None, 21), 28);
    }

    #[test]
    fn a_list_that_was_emptied_in_place_has_a_block() {
        let (rules, mut room) = (rules(11), Room::default());
        room.add_one(&rules);
        room.pop(&rules);
        assert_eq!((room.len, room.allocated, room.emptied), (0, 0, true));
        assert!(room.begin_extend(&rules, Source::Sequence(1)));
        assert_eq!((room.len, room.allocated, room.emptied), (1, 4, false));
        room.clear();
        assert!(room.begin_extend(&rules, Source::Sequence(1)));
        assert_eq!(room.allocated, 2);
    }
}
