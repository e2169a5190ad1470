//! Python text by PEP 393: a string is stored with the narrowest of four widths.

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

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        if text.is_ascii() { Text::Ascii(text.into()) } else { Text::from_points(text.chars().map(u32::from)) }
    }
}

impl Text {
    /// The text of these code points (surrogates allowed), in its narrowest form.
    pub fn from_points(points: impl IntoIterator<Item = u32>) -> Text {
        let points: Vec<u32> = points.into_iter().collect();
        let widest = points.iter().copied().max().unwrap_or(0);
        match widest {
            0..0x80 => Text::Ascii(points.iter().map(|&p| char::from(p as u8)).collect::<String>().into()),
            0x80..0x100 => Text::Latin1(points.iter().map(|&p| p as u8).collect()),
            0x100..0x1_0000 => Text::Ucs2(points.iter().map(|&p| p as u16).collect()),
            _ => Text::Ucs4(points.into()),
        }
    }
}
