//! Searching and cutting of character slices of any width: shared by `str`, `bytes` and `bytearray`.
//!
//! Everything here speaks of positions and ranges, never of objects, so each type decides itself when to return
//! the operand.

use std::ops::Range;

/// One stored character: 1, 2 or 4 bytes wide.
pub trait Unit: Copy + Ord + Eq + std::fmt::Debug {
    /// The code point.
    fn point(self) -> u32;
    /// The character of this code point, if it fits the width.
    fn from_point(point: u32) -> Option<Self>;
}

impl Unit for u8 {
    fn point(self) -> u32 {
        u32::from(self)
    }
    fn from_point(point: u32) -> Option<u8> {
        u8::try_from(point).ok()
    }
}

impl Unit for u16 {
    fn point(self) -> u32 {
        u32::from(self)
    }
    fn from_point(point: u32) -> Option<u16> {
        u16::try_from(point).ok()
    }
}

impl Unit for u32 {
    fn point(self) -> u32 {
        self
    }
    fn from_point(point: u32) -> Option<u32> {
        Some(point)
    }
}

/// The characters of `units` in another width, or nothing if one does not fit.
pub fn convert<A: Unit, B: Unit>(units: &[A]) -> Option<Vec<B>> {
    units.iter().map(|unit| B::from_point(unit.point())).collect()
}

/// The position of the first `needle` in `hay`, from its start.
pub fn find<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    let Some((first, rest)) = needle.split_first() else { return Some(0) };
    let last_start = hay.len().checked_sub(needle.len())?;
    let mut from = 0;
    while from <= last_start {
        let at = from + hay.get(from..=last_start)?.iter().position(|unit| unit == first)?;
        if hay.get(at + 1..at + needle.len()) == Some(rest) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// The position of the last `needle` in `hay`.
pub fn rfind<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    let Some((first, rest)) = needle.split_first() else { return Some(hay.len()) };
    let mut starts = hay.len().checked_sub(needle.len())? + 1;
    while starts > 0 {
        let at = hay.get(..starts)?.iter().rposition(|unit| unit == first)?;
        if hay.get(at + 1..at + needle.len()) == Some(rest) {
            return Some(at);
        }
        starts = at;
    }
    None
}

/// How many non-overlapping `needle`s there are; an empty one is found between all characters and at both ends.
pub fn count<U: Unit>(hay: &[U], needle: &[U], most: usize) -> usize {
    if needle.is_empty() {
        return (hay.len() + 1).min(most);
    }
    Matches { hay, needle, from: 0 }.take(most).count()
}

/// The ranges of the non-overlapping occurrences of `needle`, left to right. An empty needle has none here.
#[derive(Clone, Debug)]
pub struct Matches<'a, U> {
    hay: &'a [U],
    needle: &'a [U],
    from: usize,
}

impl<U: Unit> Iterator for Matches<'_, U> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.needle.is_empty() {
            return None;
        }
        let at = self.from + find(self.hay.get(self.from..)?, self.needle)?;
        self.from = at + self.needle.len();
        Some(at)
    }
}

/// `hay.replace(old, new, most)`, or nothing where CPython returns the operand itself.
pub fn replace<U: Unit>(hay: &[U], old: &[U], new: &[U], most: usize) -> Option<Vec<U>> {
    if most == 0 || old == new || hay.len() < old.len() {
        return None;
    }
    let mut out = Vec::with_capacity(hay.len());
    if old.is_empty() {
        // One `new` before each of the first characters, and one at the end if any is left.
        for (i, unit) in hay.iter().enumerate() {
            if i < most {
                out.extend_from_slice(new);
            }
            out.push(*unit);
        }
        if hay.len() < most {
            out.extend_from_slice(new);
        }
        return Some(out);
    }
    let mut done = 0;
    for at in (Matches { hay, needle: old, from: 0 }).take(most) {
        out.extend_from_slice(hay.get(done..at)?);
        out.extend_from_slice(new);
        done = at + old.len();
    }
    if done == 0 {
        return None;
    }
    out.extend_from_slice(hay.get(done..)?);
    Some(out)
}

/// The pieces of `hay.split(sep, most)` for a separator that is not empty.
pub fn split<U: Unit>(hay: &[U], sep: &[U], most: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for at in (Matches { hay, needle: sep, from: 0 }).take(most) {
        pieces.push(done..at);
        done = at + sep.len();
    }
    pieces.push(done..hay.len());
    pieces
}

/// The pieces of `hay.rsplit(sep, most)`, left to right, for a separator that is not empty.
pub fn rsplit<U: Unit>(hay: &[U], sep: &[U], most: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut end = hay.len();
    while pieces.len() < most {
        let Some(at) = hay.get(..end).and_then(|left| rfind(left, sep)) else { break };
        pieces.push(at + sep.len()..end);
        end = at;
    }
    pieces.push(0..end);
    pieces.reverse();
    pieces
}

/// The pieces of `hay.split(None, most)`; `space` tells what separates.
pub fn split_space<U: Unit>(hay: &[U], space: impl Fn(U) -> bool, most: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let skip = |from: usize, want: bool| {
        let rest = hay.get(from..).unwrap_or_default();
        from + rest.iter().position(|unit| space(*unit) == want).unwrap_or(rest.len())
    };
    let mut at = skip(0, false);
    while at < hay.len() {
        if pieces.len() == most {
            // What is left keeps its inner and trailing spaces.
            pieces.push(at..hay.len());
            break;
        }
        let end = skip(at, true);
        pieces.push(at..end);
        at = skip(end, false);
    }
    pieces
}

/// The pieces of `hay.rsplit(None, most)`, left to right.
pub fn rsplit_space<U: Unit>(hay: &[U], space: impl Fn(U) -> bool, most: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let skip_back = |end: usize, want: bool| {
        let rest = hay.get(..end).unwrap_or_default();
        rest.iter().rposition(|unit| space(*unit) == want).map_or(0, |at| at + 1)
    };
    let mut end = skip_back(hay.len(), false);
    while end > 0 {
        if pieces.len() == most {
            pieces.push(0..end);
            break;
        }
        let start = skip_back(end, true);
        pieces.push(start..end);
        end = skip_back(start, false);
    }
    pieces.reverse();
    pieces
}

/// The lines of `hay`, where `breaks` tells what ends a line; `\r\n` is one ending.
pub fn split_lines<U: Unit>(hay: &[U], breaks: impl Fn(U) -> bool, keep_ends: bool) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < hay.len() {
        let rest = hay.get(start..).unwrap_or_default();
        let end = start + rest.iter().position(|unit| breaks(*unit)).unwrap_or(rest.len());
        let point_at = |at: usize| hay.get(at).map(|unit| unit.point());
        let next = match (point_at(end), point_at(end + 1)) {
            (None, _) => end,
            (Some(0x0D), Some(0x0A)) => end + 2,
            (Some(_), _) => end + 1,
        };
        lines.push(start..if keep_ends { next } else { end });
        start = next;
    }
    lines
}

/// What is left of `hay` when characters that `strips` accepts are taken off its ends.
pub fn strip<U: Unit>(hay: &[U], strips: impl Fn(U) -> bool, left: bool, right: bool) -> Range<usize> {
    let start = if left { hay.iter().position(|unit| !strips(*unit)).unwrap_or(hay.len()) } else { 0 };
    let rest = hay.get(start..).unwrap_or_default();
    let kept = if right { rest.iter().rposition(|unit| !strips(*unit)).map_or(0, |at| at + 1) } else { rest.len() };
    start..start + kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn show(text: &[u8], ranges: &[Range<usize>]) -> Vec<String> {
        ranges.iter().map(|r| String::from_utf8_lossy(&text[r.clone()]).into_owned()).collect()
    }

    #[test]
    fn splits_like_python() {
        let t = b" a  b c ";
        let space = |u: u8| u == b' ';
        assert_eq!(show(t, &split_space(t, space, usize::MAX)), ["a", "b", "c"]);
        assert_eq!(show(t, &split_space(t, space, 1)), ["a", "b c "]);
        assert_eq!(show(t, &rsplit_space(t, space, 1)), [" a  b", "c"]);
        assert_eq!(show(t, &split_space(t, space, 0)), ["a  b c "]);
        assert_eq!(show(b"a,b,c", &split(b"a,b,c", b",", 1)), ["a", "b,c"]);
        assert_eq!(show(b"a,b,c", &rsplit(b"a,b,c", b",", 1)), ["a,b", "c"]);
        assert_eq!(show(b"", &split(b"", b",", 9)), [""]);
        assert!(split_space(b"  ", space, 3).is_empty());
        let breaks = |u: u8| u == b'\n' || u == b'\r';
        assert_eq!(show(b"a\r\nb\n\nc", &split_lines(b"a\r\nb\n\nc", breaks, false)), ["a", "b", "", "c"]);
        assert_eq!(show(b"a\r\nb\n", &split_lines(b"a\r\nb\n", breaks, true)), ["a\r\n", "b\n"]);
    }

    #[test]
    fn replaces_like_python() {
        let run = |h: &[u8], o: &[u8], n: &[u8], m| replace(h, o, n, m).map(|v| String::from_utf8(v).unwrap());
        assert_eq!(run(b"aaa", b"a", b"bb", 2).as_deref(), Some("bbbba"));
        assert_eq!(run(b"ab", b"", b"-", usize::MAX).as_deref(), Some("-a-b-"));
        assert_eq!(run(b"ab", b"", b"-", 2).as_deref(), Some("-a-b"));
        assert_eq!(run(b"", b"", b"x", 1).as_deref(), Some("x"));
        assert_eq!(run(b"abc", b"x", b"y", 9), None);
        assert_eq!(run(b"abc", b"a", b"y", 0), None);
        assert_eq!(run(b"abc", b"b", b"b", 9), None);
    }

    proptest! {
        #[test]
        fn searching_agrees_with_rust(hay in "[ab]{0,12}", needle in "[ab]{1,3}") {
            prop_assert_eq!(find(hay.as_bytes(), needle.as_bytes()), hay.find(&needle));
            prop_assert_eq!(rfind(hay.as_bytes(), needle.as_bytes()), hay.rfind(&needle));
            prop_assert_eq!(count(hay.as_bytes(), needle.as_bytes(), usize::MAX), hay.matches(&needle).count());
            let pieces = split(hay.as_bytes(), needle.as_bytes(), usize::MAX);
            prop_assert_eq!(show(hay.as_bytes(), &pieces), hay.split(&needle).collect::<Vec<_>>());
            let pieces = rsplit(hay.as_bytes(), needle.as_bytes(), usize::MAX);
            prop_assert_eq!(show(hay.as_bytes(), &pieces), hay.rsplit(&needle).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>());
            prop_assert_eq!(strip(hay.as_bytes(), |u| u == b'a', true, true).len(), hay.trim_matches('a').len());
        }
    }
}
