//! Building a text piece by piece in its narrowest width.

use super::Text;
use super::units::Unit;

/// Builds a text piece by piece, widening when a character asks for it.
#[derive(Clone, Debug)]
pub struct TextBuilder {
    buffer: Buffer,
}

#[derive(Clone, Debug)]
enum Buffer {
    Ascii(String),
    Latin1(Vec<u8>),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

impl Default for TextBuilder {
    fn default() -> TextBuilder {
        TextBuilder::new()
    }
}

impl TextBuilder {
    /// An empty text.
    pub fn new() -> TextBuilder {
        TextBuilder { buffer: Buffer::Ascii(String::new()) }
    }

    /// An empty text with room for `capacity` ASCII characters.
    pub fn with_capacity(capacity: usize) -> TextBuilder {
        TextBuilder { buffer: Buffer::Ascii(String::with_capacity(capacity)) }
    }

    /// The number of characters so far.
    pub fn len(&self) -> usize {
        match &self.buffer {
            Buffer::Ascii(text) => text.len(),
            Buffer::Latin1(units) => units.len(),
            Buffer::Ucs2(units) => units.len(),
            Buffer::Ucs4(units) => units.len(),
        }
    }

    /// Whether there is no character yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds one code point.
    pub fn push(&mut self, point: u32) {
        self.widen(point);
        match &mut self.buffer {
            Buffer::Ascii(text) => text.push(char::from(point as u8)),
            Buffer::Latin1(units) => units.push(point as u8),
            Buffer::Ucs2(units) => units.push(point as u16),
            Buffer::Ucs4(units) => units.push(point),
        }
    }

    /// Adds a Rust string.
    pub fn push_str(&mut self, text: &str) {
        match &mut self.buffer {
            Buffer::Ascii(ascii) if text.is_ascii() => ascii.push_str(text),
            _ => text.chars().for_each(|c| self.push(u32::from(c))),
        }
    }

    /// Adds a text.
    pub fn push_text(&mut self, text: &Text) {
        match text {
            Text::Ascii(ascii) => self.push_str(ascii),
            Text::Latin1(units) => self.push_units(units),
            Text::Ucs2(units) => self.push_units(units),
            Text::Ucs4(units) => self.push_units(units),
        }
    }

    /// Adds stored characters.
    pub fn push_units<U: Unit>(&mut self, units: &[U]) {
        self.widen(units.iter().fold(0, |bits, unit| bits | unit.point()));
        match &mut self.buffer {
            Buffer::Ascii(text) => text.extend(units.iter().map(|u| char::from(u.point() as u8))),
            Buffer::Latin1(all) => all.extend(units.iter().map(|u| u.point() as u8)),
            Buffer::Ucs2(all) => all.extend(units.iter().map(|u| u.point() as u16)),
            Buffer::Ucs4(all) => all.extend(units.iter().map(|u| u.point())),
        }
    }

    /// The finished text.
    pub fn finish(self) -> Text {
        match self.buffer {
            Buffer::Ascii(text) => Text::Ascii(text.into()),
            Buffer::Latin1(units) => Text::Latin1(units.into()),
            Buffer::Ucs2(units) => Text::Ucs2(units.into()),
            Buffer::Ucs4(units) => Text::Ucs4(units.into()),
        }
    }

    /// Makes the buffer wide enough for `point`.
    fn widen(&mut self, point: u32) {
        let wide_enough = match &self.buffer {
            Buffer::Ascii(_) => point < 0x80,
            Buffer::Latin1(_) => point < 0x100,
            Buffer::Ucs2(_) => point < 0x1_0000,
            Buffer::Ucs4(_) => true,
        };
        if wide_enough {
            return;
        }
        let old = std::mem::replace(&mut self.buffer, Buffer::Ascii(String::new()));
        self.buffer = match (old, point) {
            (Buffer::Ascii(text), 0x80..0x100) => Buffer::Latin1(text.into_bytes()),
            (Buffer::Ascii(text), 0x100..0x1_0000) => Buffer::Ucs2(text.bytes().map(u16::from).collect()),
            (Buffer::Latin1(units), 0x100..0x1_0000) => Buffer::Ucs2(units.into_iter().map(u16::from).collect()),
            (Buffer::Ascii(text), _) => Buffer::Ucs4(text.bytes().map(u32::from).collect()),
            (Buffer::Latin1(units), _) => Buffer::Ucs4(units.into_iter().map(u32::from).collect()),
            (Buffer::Ucs2(units), _) => Buffer::Ucs4(units.into_iter().map(u32::from).collect()),
            (Buffer::Ucs4(units), _) => Buffer::Ucs4(units),
        };
    }
}
