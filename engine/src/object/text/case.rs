//! Case of a `str`: `lower`, `upper`, `title`, `capitalize`, `swapcase`, `casefold`.
//!
//! CPython builds a new string in every case method, so these return a [`Text`] and never the operand.

use super::predicate::{is_case_ignorable, is_cased, is_title};
use super::{Text, TextBuilder};

/// Adds the lower-case form of a code point; surrogates stay.
fn push_lower(out: &mut TextBuilder, point: u32) {
    match char::from_u32(point) {
        Some(c) => c.to_lowercase().for_each(|c| out.push(u32::from(c))),
        None => out.push(point),
    }
}

/// Adds the upper-case form of a code point.
fn push_upper(out: &mut TextBuilder, point: u32) {
    match char::from_u32(point) {
        Some(c) => c.to_uppercase().for_each(|c| out.push(u32::from(c))),
        None => out.push(point),
    }
}

/// Adds the title-case form of a code point. It differs from upper case for 135 characters.
fn push_title(out: &mut TextBuilder, point: u32) {
    match point {
        // The Croatian digraphs have a title form of their own.
        0x1C4..=0x1C6 => out.push(0x1C5),
        0x1C7..=0x1C9 => out.push(0x1C8),
        0x1CA..=0x1CC => out.push(0x1CB),
        0x1F1..=0x1F3 => out.push(0x1F2),
        // Georgian letters and their capitals are not used in title case.
        0x10D0..=0x10FA | 0x10FD..=0x10FF => out.push(point),
        // Greek with a subscript iota keeps it as a subscript.
        0x1F80..=0x1F87 | 0x1F90..=0x1F97 | 0x1FA0..=0x1FA7 => out.push(point + 8),
        0x1F88..=0x1F8F | 0x1F98..=0x1F9F | 0x1FA8..=0x1FAF | 0x1FBC | 0x1FCC | 0x1FFC => out.push(point),
        0x1FB3 | 0x1FC3 | 0x1FF3 => out.push(point + 9),
        0x1FB2 | 0x1FC2 | 0x1FF2 => [upper_greek_before_iota(point), 0x345].into_iter().for_each(|p| out.push(p)),
        0x1FB4 => [0x386, 0x345].into_iter().for_each(|p| out.push(p)),
        0x1FC4 => [0x389, 0x345].into_iter().for_each(|p| out.push(p)),
        0x1FF4 => [0x38F, 0x345].into_iter().for_each(|p| out.push(p)),
        0x1FB7 => [0x391, 0x342, 0x345].into_iter().for_each(|p| out.push(p)),
        0x1FC7 => [0x397, 0x342, 0x345].into_iter().for_each(|p| out.push(p)),
        0x1FF7 => [0x3A9, 0x342, 0x345].into_iter().for_each(|p| out.push(p)),
        // Ligatures and ß: only the first of the letters becomes a capital.
        0xDF | 0xFB00..=0xFB06 | 0xFB13..=0xFB17 | 0x587 => push_capitalized_expansion(out, point),
        _ => push_upper(out, point),
    }
}

/// The capital of a Greek vowel with grave accent, from its form with a subscript iota.
fn upper_greek_before_iota(point: u32) -> u32 {
    match point {
        0x1FB2 => 0x1FBA,
        0x1FC2 => 0x1FCA,
        _ => 0x1FFA,
    }
}

/// Adds the upper-case expansion of a ligature with all but its first letter in lower case.
fn push_capitalized_expansion(out: &mut TextBuilder, point: u32) {
    let Some(c) = char::from_u32(point) else { return };
    for (i, upper) in c.to_uppercase().enumerate() {
        if i == 0 { out.push(u32::from(upper)) } else { push_lower(out, u32::from(upper)) }
    }
}

/// Adds the case-folded form of a code point.
fn push_fold(out: &mut TextBuilder, point: u32) {
    match point {
        0xDF | 0x1E9E => out.push_str("ss"),
        // Cherokee folds to its capitals, which are the older letters.
        0x13A0..=0x13F5 => out.push(point),
        0x13F8..=0x13FD => out.push(point - 8),
        0xAB70..=0xABBF => out.push(point - 0xAB70 + 0x13A0),
        // Dotted capital I keeps its dot, dotless i stays.
        0x130 | 0x131 => push_lower(out, point),
        _ => {
            let mut upper = TextBuilder::new();
            push_upper(&mut upper, point);
            upper.finish().points().for_each(|p| push_lower(out, p));
        }
    }
}

/// Whether a capital sigma at `at` ends its word, so that it becomes `ς`.
fn is_final_sigma(text: &Text, at: usize) -> bool {
    let before = (0..at).rev().filter_map(|i| text.get(i)).find(|point| !is_case_ignorable(*point));
    let after = (at + 1..text.len()).filter_map(|i| text.get(i)).find(|point| !is_case_ignorable(*point));
    before.is_some_and(is_cased) && !after.is_some_and(is_cased)
}

/// Adds the lower-case form of the character at `at`, which may depend on its neighbours.
fn push_lower_at(out: &mut TextBuilder, text: &Text, at: usize, point: u32) {
    match point {
        0x3A3 => out.push(if is_final_sigma(text, at) { 0x3C2 } else { 0x3C3 }),
        _ => push_lower(out, point),
    }
}

impl Text {
    /// `s.lower()`
    pub fn lower(&self) -> Text {
        if let Text::Ascii(text) = self {
            return Text::Ascii(text.to_ascii_lowercase().into());
        }
        let mut out = TextBuilder::with_capacity(self.len());
        self.points().enumerate().for_each(|(at, point)| push_lower_at(&mut out, self, at, point));
        out.finish()
    }

    /// `s.upper()`
    pub fn upper(&self) -> Text {
        if let Text::Ascii(text) = self {
            return Text::Ascii(text.to_ascii_uppercase().into());
        }
        let mut out = TextBuilder::with_capacity(self.len());
        self.points().for_each(|point| push_upper(&mut out, point));
        out.finish()
    }

    /// `s.casefold()`
    pub fn casefold(&self) -> Text {
        if let Text::Ascii(text) = self {
            return Text::Ascii(text.to_ascii_lowercase().into());
        }
        let mut out = TextBuilder::with_capacity(self.len());
        self.points().for_each(|point| push_fold(&mut out, point));
        out.finish()
    }

    /// `s.capitalize()`
    pub fn capitalize(&self) -> Text {
        let mut out = TextBuilder::with_capacity(self.len());
        for (at, point) in self.points().enumerate() {
            if at == 0 { push_title(&mut out, point) } else { push_lower_at(&mut out, self, at, point) }
        }
        out.finish()
    }

    /// `s.title()`
    pub fn title(&self) -> Text {
        let mut out = TextBuilder::with_capacity(self.len());
        let mut inside = false;
        for (at, point) in self.points().enumerate() {
            if inside {
                push_lower_at(&mut out, self, at, point)
            } else {
                push_title(&mut out, point)
            }
            inside = is_cased(point);
        }
        out.finish()
    }

    /// `s.swapcase()`
    pub fn swapcase(&self) -> Text {
        let mut out = TextBuilder::with_capacity(self.len());
        for (at, point) in self.points().enumerate() {
            let c = char::from_u32(point);
            if c.is_some_and(char::is_uppercase) {
                push_lower_at(&mut out, self, at, point);
            } else if c.is_some_and(char::is_lowercase) {
                push_upper(&mut out, point);
            } else {
                out.push(point);
            }
        }
        out.finish()
    }

    /// `s.islower()`
    pub fn is_lower(&self) -> bool {
        let mut cased = false;
        for point in self.points() {
            let c = char::from_u32(point);
            if c.is_some_and(char::is_uppercase) || is_title(point) {
                return false;
            }
            cased |= c.is_some_and(char::is_lowercase);
        }
        cased
    }

    /// `s.isupper()`
    pub fn is_upper(&self) -> bool {
        let mut cased = false;
        for point in self.points() {
            let c = char::from_u32(point);
            if c.is_some_and(char::is_lowercase) || is_title(point) {
                return false;
            }
            cased |= c.is_some_and(char::is_uppercase);
        }
        cased
    }

    /// `s.istitle()`
    pub fn is_titled(&self) -> bool {
        let (mut any, mut inside) = (false, false);
        for point in self.points() {
            let c = char::from_u32(point);
            if c.is_some_and(char::is_uppercase) || is_title(point) {
                if inside {
                    return false;
                }
                (any, inside) = (true, true);
            } else if c.is_some_and(char::is_lowercase) {
                if !inside {
                    return false;
                }
            } else {
                inside = false;
            }
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Text {
        Text::from(text)
    }

    #[test]
    fn cases_like_python() {
        assert_eq!(t("ΑΣ ΑΣΑ Σ").lower(), t("ας ασα σ"));
        assert_eq!(t("straße").upper(), t("STRASSE"));
        assert_eq!(t("STRAßE ﬁ").casefold(), t("strasse fi"));
        assert_eq!(t("they're bill's ßa ǆx").title(), t("They'Re Bill'S Ssa ǅx"));
        assert_eq!(t("ﬁNE").capitalize(), t("Fine"));
        assert_eq!(t("aBß").swapcase(), t("AbSS"));
        assert_eq!(t("İ").lower().len(), 2);
        assert_eq!(t("ᾳ").title(), t("ᾼ"));
        assert_eq!(Text::from_points([0xD800, 0x61]).upper(), Text::from_points([0xD800, 0x41]));
    }

    #[test]
    fn predicates_like_python() {
        assert!(t("abc1").is_lower() && !t("1").is_lower() && !t("aB").is_lower());
        assert!(t("ABC1").is_upper() && !t("").is_upper());
        assert!(
            t("Hello World").is_titled() && !t("HEllo").is_titled() && !t("hello").is_titled() && !t("1").is_titled()
        );
        assert!(!t("A1b").is_titled() && t("A1B").is_titled());
    }
}
