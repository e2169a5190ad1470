//! Cutting a `str` into pieces and joining pieces: `split`, `splitlines`, `partition`, `strip`, `join`.

use super::predicate::{is_line_break, is_space};
use super::search::with_needle;
use super::units::{self, Unit};
use super::{Changed, Text, TextBuilder, Units, with_units};
use std::ops::Range;

/// Which ends `strip` works on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ends {
    /// `strip`
    Both,
    /// `lstrip`
    Left,
    /// `rstrip`
    Right,
}

/// The three parts of a text around a separator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parts {
    /// What stands before the separator.
    pub before: Text,
    /// What stands after it.
    pub after: Text,
}

/// The texts of these ranges; the range of the whole text is the text itself.
fn pieces<U: Unit>(units: &[U], ranges: Vec<Range<usize>>) -> Vec<Changed> {
    let piece = |range: Range<usize>| {
        if range == (0..units.len()) {
            Changed::Same
        } else {
            Changed::New(Text::from_units(units.get(range).unwrap_or_default()))
        }
    };
    ranges.into_iter().map(piece).collect()
}

impl Text {
    /// `s.split(sep, most)` (`from_right`: `rsplit`) with a separator that is not empty. A text without the
    /// separator is its own only piece.
    pub fn split(&self, sep: &Text, most: Option<usize>, from_right: bool) -> Vec<Changed> {
        let most = most.unwrap_or(usize::MAX);
        with_needle!(self, sep, vec![Changed::Same], |hay, sep| {
            pieces(hay, if from_right { units::rsplit(hay, sep, most) } else { units::split(hay, sep, most) })
        })
    }

    /// `s.split(None, most)` (`from_right`: `rsplit`). A text without spaces is its own only piece, unless `most`
    /// is 0: then it is copied.
    pub fn split_space(&self, most: Option<usize>, from_right: bool) -> Vec<Changed> {
        let most = most.unwrap_or(usize::MAX);
        with_units!(self, |hay| {
            let space = |unit: _| is_space(Unit::point(unit));
            let ranges =
                if from_right { units::rsplit_space(hay, space, most) } else { units::split_space(hay, space, most) };
            if most == 0 {
                let copy = |range: Range<usize>| Changed::New(self.sub(range.start, range.end));
                return ranges.into_iter().map(copy).collect();
            }
            pieces(hay, ranges)
        })
    }

    /// `s.splitlines(keep_ends)`.
    pub fn split_lines(&self, keep_ends: bool) -> Vec<Changed> {
        with_units!(self, |hay| {
            pieces(hay, units::split_lines(hay, |unit| is_line_break(Unit::point(unit)), keep_ends))
        })
    }

    /// `s.partition(sep)` with a separator that is not empty; nothing if it does not occur: then the text itself
    /// is the first part and the others are empty.
    pub fn partition(&self, sep: &Text) -> Option<Parts> {
        self.parts(self.find(sep, None, None)?, sep)
    }

    /// `s.rpartition(sep)`; nothing if the separator does not occur: then the text itself is the last part.
    pub fn rpartition(&self, sep: &Text) -> Option<Parts> {
        self.parts(self.rfind(sep, None, None)?, sep)
    }

    fn parts(&self, at: usize, sep: &Text) -> Option<Parts> {
        Some(Parts { before: self.sub(0, at), after: self.sub(at + sep.len(), self.len()) })
    }

    /// `s.strip(chars)` and its one-sided forms; without `chars` it takes off spaces.
    pub fn strip(&self, chars: Option<&Text>, ends: Ends) -> Changed {
        let (left, right) = (ends != Ends::Right, ends != Ends::Left);
        let range = with_units!(self, |hay| match chars {
            None => units::strip(hay, |unit| is_space(Unit::point(unit)), left, right),
            Some(chars) => {
                let strips = |unit| with_units!(chars, |set| set.iter().any(|c| c.point() == Unit::point(unit)));
                units::strip(hay, strips, left, right)
            }
        });
        if range == (0..self.len()) { Changed::Same } else { Changed::New(self.sub(range.start, range.end)) }
    }

    /// `sep.join(items)`. CPython returns the only item itself; the caller looks at that.
    pub fn join<'a>(&self, items: impl IntoIterator<Item = &'a Text>) -> Text {
        let mut out = TextBuilder::new();
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                out.push_text(self);
            }
            out.push_text(item);
        }
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Text {
        Text::from(text)
    }

    fn show(text: &str, pieces: &[Changed]) -> Vec<String> {
        pieces.iter().map(|p| p.text(&t(text)).to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_text_without_separator_is_its_own_piece() {
        assert_eq!(t("abc").split(&t("x"), None, false), [Changed::Same]);
        assert_eq!(t("abc").split(&t("€"), None, true), [Changed::Same]);
        assert_eq!(t("abc").split_space(None, false), [Changed::Same]);
        assert_eq!(t("abc").split_space(Some(0), false), [Changed::New(t("abc"))]);
        assert_eq!(t("abc").split_lines(false), [Changed::Same]);
        assert_eq!(t("abc\n").split_lines(true), [Changed::Same]);
        assert_eq!(t("abc\n").split_lines(false), [Changed::New(t("abc"))]);
        assert_eq!(t("").split(&t("x"), None, false), [Changed::Same]);
        assert!(t("").split_lines(false).is_empty());
        assert_eq!(t("abc").partition(&t("x")), None);
    }

    #[test]
    fn pieces_are_those_of_python() {
        assert_eq!(show("a--b--", &t("a--b--").split(&t("--"), None, false)), ["a", "b", ""]);
        assert_eq!(
            show("a\u{2028}b\x1cc\u{a0}d", &t("a\u{2028}b\x1cc\u{a0}d").split_space(None, false)),
            ["a", "b", "c", "d"]
        );
        assert_eq!(show("a\x0bb\u{85}c\r\nd", &t("a\x0bb\u{85}c\r\nd").split_lines(false)), ["a", "b", "c", "d"]);
        let parts = t("a=b=c").rpartition(&t("=")).unwrap();
        assert_eq!((parts.before, parts.after), (t("a=b"), t("c")));
    }

    #[test]
    fn strips_and_joins() {
        assert_eq!(t("abc").strip(None, Ends::Both), Changed::Same);
        assert_eq!(t(" abc ").strip(None, Ends::Left), Changed::New(t("abc ")));
        assert_eq!(t("xxabcx").strip(Some(&t("€x")), Ends::Both), Changed::New(t("abc")));
        assert_eq!(t("xx").strip(Some(&t("x")), Ends::Both), Changed::New(t("")));
        assert_eq!(t(", ").join([&t("a"), &t("€"), &t("")]), t("a, €, "));
    }
}
