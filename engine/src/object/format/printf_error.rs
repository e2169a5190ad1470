//! The texts of the errors of `%`-formatting, of which 3.15 rewrote nearly all.

use super::printf::Directive;
use crate::object::number::NumberError;
use crate::rules::{PrintfTexts, Profile};
use std::borrow::Cow;

/// What is wrong with a directive itself; `start` is the position of its `%`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Defect {
    /// The text ends inside it.
    Incomplete { start: usize },
    /// Its key has no end.
    IncompleteKey { start: usize },
    /// Its width is no machine word.
    WidthTooBig { start: usize },
    /// Its precision is no C int.
    PrecisionTooBig { start: usize },
}

impl Defect {
    /// The exception.
    pub fn error(self, rules: &Profile) -> NumberError {
        let positions = rules.printf_texts >= PrintfTexts::Positions;
        value(match (self, positions) {
            (Defect::Incomplete { .. }, false) => "incomplete format".into(),
            (Defect::Incomplete { start }, true) => format!("stray % at position {start}"),
            (Defect::IncompleteKey { .. }, false) => "incomplete format key".into(),
            (Defect::IncompleteKey { start }, true) => format!("stray % or incomplete format key at position {start}"),
            (Defect::WidthTooBig { .. }, false) => "width too big".into(),
            (Defect::WidthTooBig { start }, true) => format!("width too big at position {start}"),
            (Defect::PrecisionTooBig { .. }, false) => "precision too big".into(),
            (Defect::PrecisionTooBig { start }, true) => format!("precision too big at position {start}"),
        })
    }
}

/// Which argument a text speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Argument {
    /// The only one, not in a tuple.
    Only,
    /// One of a tuple, counted from 1.
    Number(usize),
    /// One of a mapping, by the `repr` of its key.
    Key(String),
}

impl Argument {
    fn shown(&self) -> String {
        match self {
            Argument::Only => "format argument".into(),
            Argument::Number(number) => format!("format argument {number}"),
            Argument::Key(key) => format!("format argument {key}"),
        }
    }
}

/// What a directive wanted and did not get.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// `%d` wants a number.
    Number,
    /// `%x` wants an int.
    Integer,
    /// `%f` wants a float or int.
    Real,
    /// `%c` wants an int or a character; what it got is a class, or a string of this length.
    Character {
        /// The length of the string that it got.
        string_len: Option<usize>,
    },
}

fn value(text: String) -> NumberError {
    NumberError::Value(Cow::Owned(text))
}

fn type_error(text: String) -> NumberError {
    NumberError::Type(Cow::Owned(text))
}

/// The error of an argument of class `class` that is not what the directive wants.
pub fn wrong_type(
    wanted: Wanted,
    directive: &Directive,
    class: &str,
    argument: &Argument,
    rules: &Profile,
) -> NumberError {
    let c = char::from_u32(directive.conversion).unwrap_or('?');
    let texts = rules.printf_texts;
    let got = match wanted {
        Wanted::Character { string_len: Some(len) } => format!("a string of length {len}"),
        Wanted::Character { string_len: None } | Wanted::Number | Wanted::Integer | Wanted::Real => class.into(),
    };
    if texts >= PrintfTexts::Positions {
        let what = match wanted {
            Wanted::Number | Wanted::Real => "a real number",
            Wanted::Integer => "an integer",
            Wanted::Character { .. } => "an integer or a unicode character",
        };
        return type_error(format!("{}: %{c} requires {what}, not {got}", argument.shown()));
    }
    type_error(match wanted {
        Wanted::Number if texts == PrintfTexts::Number => format!("%{c} format: a number is required, not {got}"),
        Wanted::Number => format!("%{c} format: a real number is required, not {got}"),
        Wanted::Integer => format!("%{c} format: an integer is required, not {got}"),
        Wanted::Real => format!("must be real number, not {got}"),
        Wanted::Character { .. } if texts < PrintfTexts::NamedCharacter => "%c requires int or char".into(),
        Wanted::Character { .. } => format!("%c requires an int or a unicode character, not {got}"),
    })
}

/// The error of an int that is no character. Until 3.9 one that is no C long raises the `TypeError` of `%c`.
pub fn no_character(fits_long: bool, argument: &Argument, rules: &Profile) -> NumberError {
    match rules.printf_texts {
        PrintfTexts::Number if !fits_long => NumberError::Type(Cow::Borrowed("%c requires int or char")),
        PrintfTexts::Number | PrintfTexts::RealNumber | PrintfTexts::NamedCharacter => {
            NumberError::Overflow(Cow::Borrowed("%c arg not in range(0x110000)"))
        }
        PrintfTexts::Positions => {
            NumberError::Overflow(Cow::Owned(format!("{}: %c argument not in range(0x110000)", argument.shown())))
        }
    }
}

/// The error of a directive whose last character means nothing. It comes after its argument was fetched.
pub fn unsupported(directive: &Directive, rules: &Profile) -> NumberError {
    let (start, at, point) = (directive.start, directive.at, directive.conversion);
    let c = char::from_u32(point).filter(|c| !c.is_control());
    if rules.printf_texts < PrintfTexts::Positions {
        let shown = c.filter(|c| (' '..='~').contains(c)).unwrap_or('?');
        return value(format!("unsupported format character '{shown}' (0x{point:x}) at index {at}"));
    }
    value(match c {
        Some(c) if c.is_ascii_alphabetic() => format!("unsupported format %{c} at position {start}"),
        Some(c) if c.is_ascii() => {
            format!("stray % at position {start} or unexpected format character '{c}' at position {at}")
        }
        Some(c) => {
            format!("stray % at position {start} or unexpected format character '{c}' (U+{point:04X}) at position {at}")
        }
        None => format!("stray % at position {start} or unexpected format character U+{point:04X} at position {at}"),
    })
}

/// The error of a directive with a key where the arguments are no mapping but a `class`.
pub fn no_mapping(class: &str, rules: &Profile) -> NumberError {
    match rules.printf_texts >= PrintfTexts::Positions {
        false => NumberError::Type(Cow::Borrowed("format requires a mapping")),
        true => type_error(format!("format requires a mapping, not {class}")),
    }
}

/// The error of `*` with an argument that is no int but a `class`.
pub fn star_wants_int(class: &str, argument: &Argument, rules: &Profile) -> NumberError {
    match rules.printf_texts >= PrintfTexts::Positions {
        false => NumberError::Type(Cow::Borrowed("* wants int")),
        true => type_error(format!("{}: * requires int, not {class}", argument.shown())),
    }
}

/// The error of running out of arguments, of which there are `got`. After keys were used (`keyed`), 3.15 asks for one.
pub fn not_enough(got: usize, keyed: bool, directive: &Directive, rules: &Profile) -> NumberError {
    match (rules.printf_texts >= PrintfTexts::Positions, keyed) {
        (false, _) => NumberError::Type(Cow::Borrowed("not enough arguments for format string")),
        (true, false) => type_error(format!("not enough arguments for format string (got {got})")),
        (true, true) => value(format!("format requires a parenthesised mapping key at position {}", directive.start)),
    }
}

/// The error of arguments that are left over: `required` were used of `got`. `kind` is `string` or `bytes`.
pub fn not_all_converted(required: usize, got: usize, kind: &str, rules: &Profile) -> NumberError {
    let text = format!("not all arguments converted during {kind} formatting");
    type_error(match rules.printf_texts >= PrintfTexts::Positions {
        false => text,
        true => format!("{text} (required {required}, got {got})"),
    })
}

#[cfg(test)]
mod tests {
    use super::super::printf::{Piece, Pieces};
    use super::*;
    use crate::object::text::Text;
    use crate::rules::PyVersion;

    fn rules(minor: u8) -> Profile {
        Profile::of(PyVersion::of_minor(minor).unwrap())
    }

    fn directive(text: &str) -> Directive {
        let Ok(Some(Piece::Directive(directive))) = Pieces::new(&Text::from(text)).next_piece() else {
            panic!("{text}")
        };
        directive
    }

    #[test]
    fn texts_move_with_the_versions() {
        let number =
            |minor| wrong_type(Wanted::Number, &directive("%d"), "str", &Argument::Only, &rules(minor)).to_string();
        let expected = [
            "%d format: a number is required, not str",
            "%d format: a real number is required, not str",
            "format argument: %d requires a real number, not str",
        ];
        assert_eq!([9, 10, 15].map(number), expected);
        let character = |minor| {
            let wanted = Wanted::Character { string_len: Some(2) };
            wrong_type(wanted, &directive("%c"), "str", &Argument::Number(2), &rules(minor)).to_string()
        };
        let expected = [
            "%c requires int or char",
            "%c requires an int or a unicode character, not a string of length 2",
            "format argument 2: %c requires an integer or a unicode character, not a string of length 2",
        ];
        assert_eq!([13, 14, 15].map(character), expected);
        assert_eq!(no_character(false, &Argument::Only, &rules(9)).class(), "TypeError");
        assert_eq!(no_character(false, &Argument::Only, &rules(10)).class(), "OverflowError");
    }

    #[test]
    fn unknown_characters() {
        let text = |minor, d: &str| unsupported(&directive(d), &rules(minor)).to_string();
        assert_eq!(text(14, "%y"), "unsupported format character 'y' (0x79) at index 1");
        assert_eq!(text(14, "%é"), "unsupported format character '?' (0xe9) at index 1");
        assert_eq!(text(15, "%y"), "unsupported format %y at position 0");
        assert_eq!(text(15, "%5%"), "stray % at position 0 or unexpected format character '%' at position 2");
        assert_eq!(text(15, "%é"), "stray % at position 0 or unexpected format character 'é' (U+00E9) at position 1");
        assert_eq!(text(15, "%\n"), "stray % at position 0 or unexpected format character U+000A at position 1");
        assert_eq!(Defect::Incomplete { start: 3 }.error(&rules(15)).to_string(), "stray % at position 3");
        let left_over = |minor| not_all_converted(1, 3, "string", &rules(minor)).to_string();
        assert_eq!(left_over(14), "not all arguments converted during string formatting");
        assert_eq!(left_over(15), "not all arguments converted during string formatting (required 1, got 3)");
    }
}
