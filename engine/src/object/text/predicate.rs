//! What a character is: the `is…` methods of `str`, and the digits of numbers in other scripts.
//!
//! The tables are those of the newest Unicode; CPython 3.8 to 3.15 carry 12.1 to 17.0, which differ in characters
//! added since.

use super::Text;
use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory};

/// The general category; a lone surrogate has its own.
fn category(point: u32) -> Category {
    char::from_u32(point).map_or(Category::Surrogate, |c| c.general_category())
}

/// `str.isspace` of one character: also what `split()` and `strip()` take for a space.
pub fn is_space(point: u32) -> bool {
    match point {
        0x09..=0x0D | 0x1C..=0x20 => true,
        0..0x80 => false,
        0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => true,
        _ => false,
    }
}

/// What ends a line for `str.splitlines`.
pub fn is_line_break(point: u32) -> bool {
    matches!(point, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

/// `str.isprintable` of one character, which is also what `repr` leaves as it is.
pub fn is_printable(point: u32) -> bool {
    match point {
        0x20..0x7F => true,
        0..0xA0 => false,
        _ => !matches!(
            category(point),
            Category::Control
                | Category::Format
                | Category::Surrogate
                | Category::PrivateUse
                | Category::Unassigned
                | Category::LineSeparator
                | Category::ParagraphSeparator
                | Category::SpaceSeparator
        ),
    }
}

/// `str.isalpha` of one character.
pub fn is_alpha(point: u32) -> bool {
    match char::from_u32(point) {
        Some(c) if c.is_ascii() => c.is_ascii_alphabetic(),
        _ => matches!(
            category(point),
            Category::UppercaseLetter
                | Category::LowercaseLetter
                | Category::TitlecaseLetter
                | Category::ModifierLetter
                | Category::OtherLetter
        ),
    }
}

/// The value of a decimal digit of any script.
pub fn decimal_value(point: u32) -> Option<u32> {
    if point < 0x80 {
        return char::from_u32(point)?.to_digit(10);
    }
    if category(point) != Category::DecimalNumber {
        return None;
    }
    // Decimal digits come in runs of ten; only the mathematical digits put several runs side by side.
    if (0x1D7CE..=0x1D7FF).contains(&point) {
        return Some((point - 0x1D7CE) % 10);
    }
    let run =
        (0..10).take_while(|back| point.checked_sub(*back).map(category) == Some(Category::DecimalNumber)).count();
    let value = u32::try_from(run).ok()?.checked_sub(1)?;
    Some(value)
}

/// `str.isdecimal` of one character.
pub fn is_decimal(point: u32) -> bool {
    if point < 0x80 { (0x30..0x3A).contains(&point) } else { category(point) == Category::DecimalNumber }
}

/// `str.isdigit` of one character: decimal digits, superscripts, and digits in circles and the like.
pub fn is_digit(point: u32) -> bool {
    is_decimal(point)
        || matches!(point,
            0xB2 | 0xB3 | 0xB9 | 0x1369..=0x1371 | 0x19DA | 0x2070 | 0x2074..=0x2079 | 0x2080..=0x2089
            | 0x2460..=0x2468 | 0x2474..=0x247C | 0x2488..=0x2490 | 0x24EA | 0x24F5..=0x24FD | 0x24FF
            | 0x2776..=0x277E | 0x2780..=0x2788 | 0x278A..=0x2792 | 0x10A40..=0x10A43 | 0x10E60..=0x10E68
            | 0x11052..=0x1105A | 0x1F100..=0x1F10A)
}

/// `str.isnumeric` of one character: anything with a numeric value, the Chinese numerals included.
pub fn is_numeric(point: u32) -> bool {
    match point {
        0..0x80 => (0x30..0x3A).contains(&point),
        HAN_NUMERALS_FROM.. if HAN_NUMERALS.binary_search(&point).is_ok() => true,
        _ => {
            matches!(category(point), Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber)
        }
    }
}

const HAN_NUMERALS_FROM: u32 = 0x3405;
/// Ideographs that have a numeric value.
#[rustfmt::skip]
const HAN_NUMERALS: &[u32] = &[
    0x3405, 0x3483, 0x382A, 0x3B4D, 0x4E00, 0x4E03, 0x4E07, 0x4E09, 0x4E24, 0x4E5D, 0x4E8C, 0x4E94, 0x4E96, 0x4EAC,
    0x4EBF, 0x4EC0, 0x4EDF, 0x4EE8, 0x4F0D, 0x4F70, 0x4FE9, 0x5006, 0x5104, 0x5146, 0x5169, 0x516B, 0x516D, 0x5341,
    0x5343, 0x5344, 0x5345, 0x534C, 0x53C1, 0x53C2, 0x53C3, 0x53C4, 0x56DB, 0x58F1, 0x58F9, 0x5E7A, 0x5EFE, 0x5EFF,
    0x5F0C, 0x5F0D, 0x5F0E, 0x5F10, 0x62D0, 0x62FE, 0x634C, 0x67D2, 0x6D1E, 0x6F06, 0x7396, 0x767E, 0x7695, 0x79ED,
    0x8086, 0x842C, 0x8CAE, 0x8CB3, 0x8D30, 0x920E, 0x94A9, 0x9621, 0x9646, 0x964C, 0x9678, 0x96F6, 0xF96B, 0xF973,
    0xF978, 0xF9B2, 0xF9D1, 0xF9D3, 0xF9FD, 0x20001, 0x20064, 0x200E2, 0x20121, 0x2092A, 0x20983, 0x2098C, 0x2099C,
    0x20AEA, 0x20AFD, 0x20B19, 0x22390, 0x22998, 0x23B1B, 0x2626D, 0x2F890,
];

/// Whether a character is a title-case letter, such as ǅ.
pub fn is_title(point: u32) -> bool {
    point >= 0x80 && category(point) == Category::TitlecaseLetter
}

/// Whether a character has case.
pub fn is_cased(point: u32) -> bool {
    char::from_u32(point).is_some_and(|c| c.is_lowercase() || c.is_uppercase()) || is_title(point)
}

/// Whether a character is looked through when the end of a word is sought.
pub fn is_case_ignorable(point: u32) -> bool {
    matches!(point, 0x27 | 0x2E | 0x3A | 0x5E | 0x60 | 0xA8 | 0xAD | 0xAF | 0xB4 | 0xB7 | 0xB8 | 0x2019)
        || (point >= 0x80
            && matches!(
                category(point),
                Category::NonspacingMark
                    | Category::EnclosingMark
                    | Category::Format
                    | Category::ModifierLetter
                    | Category::ModifierSymbol
            ))
}

/// Whether an identifier may start with this character.
pub fn is_identifier_start(point: u32) -> bool {
    char::from_u32(point).is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
}

/// Whether an identifier may go on with this character.
pub fn is_identifier_continue(point: u32) -> bool {
    char::from_u32(point).is_some_and(unicode_ident::is_xid_continue)
}

impl Text {
    fn all(&self, is: impl Fn(u32) -> bool) -> bool {
        !self.is_empty() && self.points().all(is)
    }

    /// `s.isidentifier()`
    pub fn is_identifier(&self) -> bool {
        self.get(0).is_some_and(is_identifier_start) && self.points().skip(1).all(is_identifier_continue)
    }

    /// `s.isalpha()`
    pub fn is_alpha(&self) -> bool {
        self.all(is_alpha)
    }

    /// `s.isalnum()`
    pub fn is_alnum(&self) -> bool {
        self.all(|point| is_alpha(point) || is_digit(point) || is_numeric(point))
    }

    /// `s.isdecimal()`
    pub fn is_decimal(&self) -> bool {
        self.all(is_decimal)
    }

    /// `s.isdigit()`
    pub fn is_digit(&self) -> bool {
        self.all(is_digit)
    }

    /// `s.isnumeric()`
    pub fn is_numeric(&self) -> bool {
        self.all(is_numeric)
    }

    /// `s.isspace()`
    pub fn is_space(&self) -> bool {
        self.all(is_space)
    }

    /// `s.isprintable()`, true for the empty text.
    pub fn is_printable(&self) -> bool {
        self.points().all(is_printable)
    }

    /// `s.isascii()`, true for the empty text.
    pub fn is_ascii(&self) -> bool {
        matches!(self, Text::Ascii(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_have_values() {
        let values: Vec<_> = "٠٩७𝟘𝟡𝟿²a".chars().map(|c| decimal_value(u32::from(c))).collect();
        assert_eq!(values, [Some(0), Some(9), Some(7), Some(0), Some(9), Some(9), None, None]);
    }

    #[test]
    fn predicates_like_python() {
        let t = |s: &str| Text::from(s);
        assert!(
            t("_a1").is_identifier() && !t("1a").is_identifier() && !t("").is_identifier() && t("é℘").is_identifier()
        );
        assert!(t("²").is_digit() && !t("²").is_decimal() && t("½一").is_numeric() && !t("½").is_digit());
        assert!(t("aé一").is_alpha() && !t("\u{345}").is_alpha() && t("a²").is_alnum());
        assert!(t("").is_printable() && !t("\u{a0}").is_printable() && t("é 😀").is_printable());
        assert!(!Text::from_point(0xD800).is_printable() && !t("\u{ad}").is_printable());
        assert!(t("\x1c\u{3000}").is_space() && !t("\u{200b}").is_space());
    }
}
