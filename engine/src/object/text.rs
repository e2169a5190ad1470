//! Python text by PEP 393: a string is stored with the narrowest of four widths.
//!
//! Invariant: the stored width is the narrowest that holds every character, so equality, hash and size are
//! structural. Every constructor goes through [`TextBuilder`] or [`Text::from_units`], which keep it.

pub mod builder;
pub mod case;
pub mod codec;
pub mod codec_error;
pub mod codec_wide;
pub mod layout;
pub mod predicate;
pub mod search;
pub mod split;
pub mod units;

pub use builder::TextBuilder;
use std::borrow::Cow;
use std::cmp::Ordering;
use units::Unit;

/// The characters of a `str`, lone surrogates included. The narrowest form is canonical, so equality is structural.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Text {
    /// Only U+0000–U+007F.
    Ascii(Box<str>),
    /// Up to U+00FF.
    Latin1(Box<[u8]>),
    /// Up to U+FFFF.
    Ucs2(Box<[u16]>),
    /// Any code point.
    Ucs4(Box<[u32]>),
}

/// What an operation gives back that may return its operand itself: the caller then returns the same object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Changed {
    /// The operand, unchanged: CPython returns the very object (for an exact `str`).
    Same,
    /// A new string, though its characters may be equal.
    New(Text),
}

impl Changed {
    /// The resulting text; `operand` is what the operation was applied to.
    #[cfg(test)]
    pub fn text<'a>(&'a self, operand: &'a Text) -> &'a Text {
        match self {
            Changed::Same => operand,
            Changed::New(text) => text,
        }
    }
}

/// The characters of a text as they are stored.
#[derive(Clone, Copy, Debug)]
pub enum Units<'a> {
    /// ASCII and Latin-1 text.
    One(&'a [u8]),
    /// Text up to U+FFFF.
    Two(&'a [u16]),
    /// Any text.
    Four(&'a [u32]),
}

/// Runs `$body` with `$units` bound to the slice of characters, whatever its width.
macro_rules! with_units {
    ($text:expr, |$units:ident| $body:expr) => {
        match $text.units() {
            $crate::object::text::Units::One($units) => $body,
            $crate::object::text::Units::Two($units) => $body,
            $crate::object::text::Units::Four($units) => $body,
        }
    };
}
pub(crate) use with_units;

/// The width of a string's characters, which decides its size.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TextKind {
    /// One byte each, U+0000–U+007F.
    Ascii,
    /// One byte each, up to U+00FF.
    Latin1,
    /// Two bytes each.
    Ucs2,
    /// Four bytes each.
    Ucs4,
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        if text.is_ascii() { Text::Ascii(text.into()) } else { Text::from_points(text.chars().map(u32::from)) }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        if text.is_ascii() { Text::Ascii(text.into()) } else { Text::from(text.as_str()) }
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::Ascii("".into())
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    /// By code points, as Python compares.
    fn cmp(&self, other: &Text) -> Ordering {
        match (self.units(), other.units()) {
            (Units::One(a), Units::One(b)) => a.cmp(b),
            (Units::Two(a), Units::Two(b)) => a.cmp(b),
            (Units::Four(a), Units::Four(b)) => a.cmp(b),
            _ => self.points().cmp(other.points()),
        }
    }
}

impl Text {
    /// The text of these code points (surrogates allowed), in its narrowest form.
    pub fn from_points(points: impl IntoIterator<Item = u32>) -> Text {
        let mut builder = TextBuilder::new();
        points.into_iter().for_each(|point| builder.push(point));
        builder.finish()
    }

    /// The text of these stored characters, in its narrowest form.
    pub fn from_units<U: Unit>(units: &[U]) -> Text {
        // The thresholds are powers of two, so the union of all bits tells the width as well as the maximum would.
        match units.iter().fold(0, |bits, unit| bits | unit.point()) {
            0..0x80 => Text::Ascii(units.iter().map(|u| char::from(u.point() as u8)).collect::<String>().into()),
            0x80..0x100 => Text::Latin1(units.iter().map(|u| u.point() as u8).collect()),
            0x100..0x1_0000 => Text::Ucs2(units.iter().map(|u| u.point() as u16).collect()),
            _ => Text::Ucs4(units.iter().map(|u| u.point()).collect()),
        }
    }

    /// The text of one code point.
    pub fn from_point(point: u32) -> Text {
        Text::from_units(&[point])
    }

    /// The stored characters.
    pub fn units(&self) -> Units<'_> {
        match self {
            Text::Ascii(text) => Units::One(text.as_bytes()),
            Text::Latin1(units) => Units::One(units),
            Text::Ucs2(units) => Units::Two(units),
            Text::Ucs4(units) => Units::Four(units),
        }
    }

    /// The width of the characters.
    pub fn kind(&self) -> TextKind {
        match self {
            Text::Ascii(_) => TextKind::Ascii,
            Text::Latin1(_) => TextKind::Latin1,
            Text::Ucs2(_) => TextKind::Ucs2,
            Text::Ucs4(_) => TextKind::Ucs4,
        }
    }

    /// The number of code points: `len(s)`.
    pub fn len(&self) -> usize {
        with_units!(self, |units| units.len())
    }

    /// Whether there is no character.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code point at this index, counted from the start.
    pub fn get(&self, index: usize) -> Option<u32> {
        with_units!(self, |units| units.get(index).map(|unit| unit.point()))
    }

    /// The code points in order.
    pub fn points(&self) -> Points<'_> {
        Points { text: self, next: 0, end: self.len() }
    }

    /// Whether the text is this Rust string.
    pub fn is(&self, other: &str) -> bool {
        match self {
            Text::Ascii(text) => **text == *other,
            Text::Latin1(_) | Text::Ucs2(_) | Text::Ucs4(_) => self.points().eq(other.chars().map(u32::from)),
        }
    }

    /// The ASCII text itself, if it is ASCII.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Text::Ascii(text) => Some(text),
            Text::Latin1(_) | Text::Ucs2(_) | Text::Ucs4(_) => None,
        }
    }

    /// The bytes of the buffer that CPython hashes: 1, 2 or 4 a character, least significant first.
    pub fn raw_bytes(&self) -> Cow<'_, [u8]> {
        match self.units() {
            Units::One(units) => Cow::Borrowed(units),
            Units::Two(units) => Cow::Owned(units.iter().flat_map(|u| u.to_le_bytes()).collect()),
            Units::Four(units) => Cow::Owned(units.iter().flat_map(|u| u.to_le_bytes()).collect()),
        }
    }

    /// UTF-8 in which lone surrogates are encoded like other characters (`surrogatepass`).
    pub fn to_utf8_lossless(&self) -> Cow<'_, [u8]> {
        if let Text::Ascii(text) = self {
            return Cow::Borrowed(text.as_bytes());
        }
        let mut out = Vec::with_capacity(self.len() * 2);
        self.points().for_each(|point| codec::push_utf8(&mut out, point));
        Cow::Owned(out)
    }

    /// A Rust string with each lone surrogate as a replacement character: for display only.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        match self {
            Text::Ascii(text) => Cow::Borrowed(text),
            Text::Latin1(_) | Text::Ucs2(_) | Text::Ucs4(_) => {
                Cow::Owned(self.points().map(|p| char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
            }
        }
    }

    /// The characters from `start` up to `end`; the borders are clamped to the text.
    pub fn sub(&self, start: usize, end: usize) -> Text {
        if let Text::Ascii(text) = self {
            let end = end.min(text.len());
            return Text::Ascii(text.get(start.min(end)..end).unwrap_or_default().into());
        }
        with_units!(self, |units| {
            let end = end.min(units.len());
            Text::from_units(units.get(start.min(end)..end).unwrap_or_default())
        })
    }

    /// `s[start:stop:step]` with indices already adjusted to the length: `count` characters from `start` on.
    /// The whole text in order is the operand itself.
    pub fn slice(&self, start: i64, step: i64, count: usize) -> Changed {
        if step == 1 || count <= 1 {
            let start = usize::try_from(start).unwrap_or(0);
            // `s[::-1]` of a one-character string is a new lookup of that character in CPython.
            return if step == 1 && start == 0 && count == self.len() {
                Changed::Same
            } else {
                Changed::New(self.sub(start, start.saturating_add(count)))
            };
        }
        let at = |i: usize| {
            let offset = i64::try_from(i).ok()?.checked_mul(step)?.checked_add(start)?;
            self.get(usize::try_from(offset).ok()?)
        };
        Changed::New(Text::from_points((0..count).map_while(at)))
    }

    /// `a + b`. CPython returns an operand itself where the other is empty; the caller looks at that.
    pub fn concat(&self, other: &Text) -> Text {
        if let (Text::Ascii(a), Text::Ascii(b)) = (self, other) {
            let mut text = String::with_capacity(a.len() + b.len());
            text.push_str(a);
            text.push_str(b);
            return Text::Ascii(text.into());
        }
        let mut builder = TextBuilder::with_capacity(self.len() + other.len());
        builder.push_text(self);
        builder.push_text(other);
        builder.finish()
    }

    /// `s * count`; `s * 1` is the operand itself. The caller has bounded the length.
    pub fn repeat(&self, count: usize) -> Changed {
        if count == 1 {
            return Changed::Same;
        }
        Changed::New(match self {
            Text::Ascii(text) => Text::Ascii(text.repeat(count).into()),
            _ if count == 0 => Text::default(),
            Text::Latin1(units) => Text::Latin1(units.repeat(count).into()),
            Text::Ucs2(units) => Text::Ucs2(units.repeat(count).into()),
            Text::Ucs4(units) => Text::Ucs4(units.repeat(count).into()),
        })
    }
}

/// The code points of a text.
#[derive(Clone, Debug)]
pub struct Points<'a> {
    text: &'a Text,
    next: usize,
    end: usize,
}

impl Iterator for Points<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.next >= self.end {
            return None;
        }
        let point = self.text.get(self.next)?;
        self.next += 1;
        Some(point)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end.saturating_sub(self.next);
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Points<'_> {
    fn next_back(&mut self) -> Option<u32> {
        if self.next >= self.end {
            return None;
        }
        self.end -= 1;
        self.text.get(self.end)
    }
}

impl ExactSizeIterator for Points<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_narrowest_width_is_taken() {
        let kinds: Vec<_> = ["a\x7f", "é", "€", "😀"].iter().map(|t| Text::from(*t).kind()).collect();
        assert_eq!(kinds, [TextKind::Ascii, TextKind::Latin1, TextKind::Ucs2, TextKind::Ucs4]);
        assert_eq!(Text::from("a😀").sub(0, 1).kind(), TextKind::Ascii);
        assert_eq!(Text::from_point(0xD800).kind(), TextKind::Ucs2);
    }

    #[test]
    fn slices_return_the_operand_only_when_whole() {
        let s = Text::from("abcé");
        assert_eq!(s.slice(0, 1, 4), Changed::Same);
        assert_eq!(s.slice(0, 1, 3), Changed::New("abc".into()));
        assert_eq!(s.slice(3, -1, 4), Changed::New("écba".into()));
        assert_eq!(s.slice(0, 2, 2), Changed::New("ac".into()));
        assert_eq!(s.slice(4, 1, 0), Changed::New("".into()));
        assert_eq!(s.sub(9, 2), Text::default());
    }

    #[test]
    fn order_is_by_code_points() {
        assert!(Text::from("a") < Text::from("é"));
        assert!(Text::from("\u{ffff}") < Text::from("😀"));
        assert!(Text::from("ab") > Text::from("a"));
    }

    proptest! {
        #[test]
        fn texts_agree_with_rust_strings(a in ".{0,6}", b in ".{0,6}") {
            let (x, y) = (Text::from(a.as_str()), Text::from(b.as_str()));
            prop_assert_eq!(x.concat(&y), Text::from(format!("{a}{b}")));
            prop_assert_eq!(x.cmp(&y), a.chars().cmp(b.chars()));
            prop_assert_eq!(x.to_string_lossy(), a.as_str());
            prop_assert_eq!(&*x.to_utf8_lossless(), a.as_bytes());
            prop_assert_eq!(x.repeat(3), Changed::New(Text::from(a.repeat(3))));
            prop_assert_eq!(x.points().rev().collect::<Vec<_>>(), a.chars().rev().map(u32::from).collect::<Vec<_>>());
        }
    }
}
