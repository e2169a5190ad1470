//! Finding and replacing inside a `str`: `find`, `count`, `startswith`, `replace`, `removeprefix`, `translate`.
//!
//! Positions are code points. `start` and `end` arrive as Python gave them (negative counts from the end, the
//! caller has clamped big ints to `i64`).

use super::units::{self, Unit};
use super::{Changed, Text, Units, with_units};
use std::borrow::Cow;
use std::ops::Range;

/// The part of a sequence that `start` and `end` name, as `find` and `startswith` read them; nothing if `start`
/// lies behind `end`, where not even the empty string is found.
pub fn bounds(len: usize, start: Option<i64>, end: Option<i64>) -> Option<Range<usize>> {
    let adjust = |index: i64| {
        if index < 0 {
            len.saturating_sub(usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX))
        } else {
            usize::try_from(index).unwrap_or(usize::MAX)
        }
    };
    let end = end.map_or(len, |end| adjust(end).min(len));
    let start = start.map_or(0, adjust);
    (start <= end).then_some(start..end)
}

/// `needle` in the width of a haystack, or nothing if it cannot occur there.
pub(super) fn needle_for<U: Unit>(needle: &Text) -> Option<Vec<U>> {
    with_units!(needle, |units| units::convert(units))
}

/// Runs `$body` with both texts' characters in the width of the first; `$absent` if the second cannot occur in it.
macro_rules! with_needle {
    ($hay:expr, $needle:expr, $absent:expr, |$h:ident, $n:ident| $body:expr) => {
        match ($hay.units(), $needle.units()) {
            (Units::One($h), Units::One($n)) => $body,
            (Units::Two($h), Units::Two($n)) => $body,
            (Units::Four($h), Units::Four($n)) => $body,
            (Units::One(_), Units::Two(_) | Units::Four(_)) | (Units::Two(_), Units::Four(_)) => $absent,
            (Units::Two($h), Units::One(_)) => match $crate::object::text::search::needle_for::<u16>($needle) {
                Some(wide) => {
                    let $n = wide.as_slice();
                    $body
                }
                None => $absent,
            },
            (Units::Four($h), Units::One(_) | Units::Two(_)) => {
                match $crate::object::text::search::needle_for::<u32>($needle) {
                    Some(wide) => {
                        let $n = wide.as_slice();
                        $body
                    }
                    None => $absent,
                }
            }
        }
    };
}
pub(super) use with_needle;

impl Text {
    /// `s.find(needle, start, end)`.
    pub fn find(&self, needle: &Text, start: Option<i64>, end: Option<i64>) -> Option<usize> {
        let range = bounds(self.len(), start, end)?;
        if let (Text::Ascii(hay), Text::Ascii(needle)) = (self, needle) {
            return hay.get(range.clone())?.find(&**needle).map(|at| at + range.start);
        }
        with_needle!(self, needle, None, |hay, needle| {
            units::find(hay.get(range.clone())?, needle).map(|at| at + range.start)
        })
    }

    /// `s.rfind(needle, start, end)`.
    pub fn rfind(&self, needle: &Text, start: Option<i64>, end: Option<i64>) -> Option<usize> {
        let range = bounds(self.len(), start, end)?;
        with_needle!(self, needle, None, |hay, needle| {
            units::rfind(hay.get(range.clone())?, needle).map(|at| at + range.start)
        })
    }

    /// `needle in s`.
    pub fn contains(&self, needle: &Text) -> bool {
        self.find(needle, None, None).is_some()
    }

    /// `s.count(needle, start, end)`.
    pub fn count(&self, needle: &Text, start: Option<i64>, end: Option<i64>) -> usize {
        let Some(range) = bounds(self.len(), start, end) else { return 0 };
        with_needle!(self, needle, 0, |hay, needle| {
            hay.get(range).map_or(0, |hay| units::count(hay, needle, usize::MAX))
        })
    }

    /// `s.startswith(prefix, start, end)` for one prefix.
    pub fn starts_with(&self, prefix: &Text, start: Option<i64>, end: Option<i64>) -> bool {
        let Some(range) = bounds(self.len(), start, end) else { return false };
        with_needle!(self, prefix, false, |hay, prefix| hay.get(range).is_some_and(|hay| hay.starts_with(prefix)))
    }

    /// `s.endswith(suffix, start, end)` for one suffix.
    pub fn ends_with(&self, suffix: &Text, start: Option<i64>, end: Option<i64>) -> bool {
        let Some(range) = bounds(self.len(), start, end) else { return false };
        with_needle!(self, suffix, false, |hay, suffix| hay.get(range).is_some_and(|hay| hay.ends_with(suffix)))
    }

    /// `s.removeprefix(prefix)`.
    pub fn remove_prefix(&self, prefix: &Text) -> Changed {
        if prefix.is_empty() || !self.starts_with(prefix, None, None) {
            return Changed::Same;
        }
        Changed::New(self.sub(prefix.len(), self.len()))
    }

    /// `s.removesuffix(suffix)`.
    pub fn remove_suffix(&self, suffix: &Text) -> Changed {
        if suffix.is_empty() || !self.ends_with(suffix, None, None) {
            return Changed::Same;
        }
        Changed::New(self.sub(0, self.len() - suffix.len()))
    }

    /// `s.replace(old, new, most)`; no `most` for "all". `fills_empty` is the rule of that name: whether an empty
    /// text has the one match that a bounded count may use.
    pub fn replace(&self, old: &Text, new: &Text, most: Option<usize>, fills_empty: bool) -> Changed {
        if self.is_empty() && most.is_some() && !fills_empty {
            return Changed::Same;
        }
        let most = most.unwrap_or(usize::MAX);
        if most == 0 || old == new || self.len() < old.len() {
            return Changed::Same;
        }
        // The replacement may be wider than the text: bring all three to one width.
        let widest = self.kind().max(new.kind());
        if old.kind() > self.kind() {
            return Changed::Same;
        }
        match widest {
            super::TextKind::Ascii | super::TextKind::Latin1 => replaced::<u8>(self, old, new, most),
            super::TextKind::Ucs2 => replaced::<u16>(self, old, new, most),
            super::TextKind::Ucs4 => replaced::<u32>(self, old, new, most),
        }
    }
}

/// The characters of a text in a width that holds them.
fn in_width<U: Unit>(text: &Text) -> Cow<'_, [U]> {
    with_units!(text, |units| Cow::Owned(units::convert(units).unwrap_or_default()))
}

fn replaced<U: Unit>(text: &Text, old: &Text, new: &Text, most: usize) -> Changed {
    match units::replace(&in_width::<U>(text), &in_width::<U>(old), &in_width::<U>(new), most) {
        Some(units) => Changed::New(Text::from_units(&units)),
        None => Changed::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Text {
        Text::from(text)
    }

    #[test]
    fn an_empty_needle_is_found_only_inside_the_range() {
        let find = |s: &str, a, b| t(s).find(&t(""), Some(a), b);
        assert_eq!(find("", 0, None), Some(0));
        assert_eq!(find("", 1, None), None);
        assert_eq!(find("abc", 3, None), Some(3));
        assert_eq!(find("abc", 4, None), None);
        assert_eq!(t("abc").rfind(&t(""), Some(2), Some(1)), None);
        assert_eq!(t("abc").count(&t(""), Some(3), None), 1);
        assert_eq!(t("abc").count(&t(""), Some(4), None), 0);
        assert!(t("abc").starts_with(&t(""), Some(3), None));
        assert!(!t("abc").ends_with(&t(""), Some(4), None));
        assert_eq!(t("abcabc").rfind(&t("b"), Some(-3), Some(-1)), Some(4));
    }

    #[test]
    fn widths_may_differ() {
        assert_eq!(t("a€😀b").find(&t("€"), None, None), Some(1));
        assert_eq!(t("a€b").find(&t("b"), None, None), Some(2));
        assert_eq!(t("abc").find(&t("€"), None, None), None);
        assert_eq!(t("abc").replace(&t("b"), &t("€"), None, true), Changed::New(t("a€c")));
        assert_eq!(t("a€c").replace(&t("€"), &t("b"), None, true).text(&t("")), &t("abc"));
        assert_eq!(t("abc").replace(&t("€"), &t("b"), None, true), Changed::Same);
    }

    #[test]
    fn replace_without_effect_is_the_operand() {
        assert_eq!(t("abc").replace(&t("x"), &t("y"), None, true), Changed::Same);
        assert_eq!(t("abc").replace(&t("b"), &t("b"), None, true), Changed::Same);
        assert_eq!(t("abc").replace(&t("b"), &t("y"), Some(0), true), Changed::Same);
        assert_eq!(t("").replace(&t(""), &t("x"), Some(1), false), Changed::Same);
        assert_eq!(t("").replace(&t(""), &t("x"), Some(1), true), Changed::New(t("x")));
        assert_eq!(t("").replace(&t(""), &t("x"), None, false), Changed::New(t("x")));
    }

    #[test]
    fn affixes() {
        assert_eq!(t("abc").remove_prefix(&t("ab")), Changed::New(t("c")));
        assert_eq!(t("abc").remove_suffix(&t("")), Changed::Same);
        assert_eq!(t("abc").remove_suffix(&t("bc")), Changed::New(t("a")));
        assert_eq!(t("aéb").remove_prefix(&t("x")), Changed::Same);
    }
}
