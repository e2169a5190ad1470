//! The format-spec mini-language: `[[fill]align][sign][z][#][0][width][,_][.precision[,_]][type]`.
//!
//! Follows `Python/formatter_unicode.c`, including the order in which it finds errors.

use crate::object::number::NumberError;
use crate::object::text::Text;
use crate::object::text::predicate::decimal_value;
use crate::rules::Profile;
use std::borrow::Cow;

/// A width or precision beyond this is refused for want of memory.
const MOST: usize = 1 << 28;

/// Where a value stands in its field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: the padding comes after the sign.
    AfterSign,
}

/// What is shown before a number that is not negative.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// Nothing was said.
    Default,
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// A space.
    Space,
}

/// What separates groups of digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grouping {
    /// Nothing.
    None,
    /// `,`
    Comma,
    /// `_`
    Underscore,
}

/// A parsed format spec.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spec {
    /// What the field is filled with.
    pub fill: u32,
    /// Where the value stands.
    pub align: Align,
    /// The sign.
    pub sign: Sign,
    /// `z`: a zero is never negative.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// The least width.
    pub width: Option<usize>,
    /// The grouping of the digits before the point.
    pub grouping: Grouping,
    /// The grouping of the digits behind it.
    pub fraction_grouping: Grouping,
    /// The precision.
    pub precision: Option<usize>,
    /// The type character; nothing if none was given and the type has no default.
    pub kind: Option<u32>,
}

struct Parser<'a> {
    points: Vec<u32>,
    at: usize,
    spec: &'a Text,
}

impl Parser<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.points.get(self.at + ahead).copied().and_then(char::from_u32)
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek(0) == Some(c);
        self.at += usize::from(found);
        found
    }

    fn left(&self) -> usize {
        self.points.len().saturating_sub(self.at)
    }

    /// A decimal number in the digits of any script; nothing if there is no digit.
    fn number(&mut self) -> Result<Option<usize>, NumberError> {
        let mut value: Option<usize> = None;
        while let Some(digit) = self.points.get(self.at).copied().and_then(decimal_value) {
            let next = value.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(digit as usize));
            let next = next.filter(|next| i64::try_from(*next).is_ok());
            value = Some(next.ok_or(NumberError::value("Too many decimal digits in format string"))?);
            self.at += 1;
        }
        match value {
            Some(value) if value > MOST => Err(NumberError::Memory),
            value => Ok(value),
        }
    }

    /// `,` or `_`, and the error of having both.
    fn grouping(&mut self, rules: &Profile) -> Result<Grouping, NumberError> {
        const BOTH: NumberError = NumberError::value("Cannot specify both ',' and '_'.");
        let comma = self.take(',');
        let underscore = self.take('_');
        match (comma, underscore) {
            (true, true) => Err(BOTH),
            (true, false) if self.peek(0) == Some(',') && !rules.format_spec.comma_pair_is_type => Err(BOTH),
            (false, true) if self.peek(0) == Some(',') => Err(BOTH),
            (true, false) => Ok(Grouping::Comma),
            (false, true) => Ok(Grouping::Underscore),
            (false, false) => Ok(Grouping::None),
        }
    }
}

fn align_of(c: Option<char>) -> Option<Align> {
    match c? {
        '<' => Some(Align::Left),
        '>' => Some(Align::Right),
        '^' => Some(Align::Center),
        '=' => Some(Align::AfterSign),
        _ => None,
    }
}

impl Spec {
    /// Parses a spec for a value whose class is `class`, with that class's defaults.
    ///
    /// # Errors
    /// `ValueError`
    pub fn parse(
        spec: &Text,
        default_kind: Option<char>,
        default_align: Align,
        class: &str,
        rules: &Profile,
    ) -> Result<Spec, NumberError> {
        let mut parser = Parser { points: spec.points().collect(), at: 0, spec };
        let mut out = Spec {
            fill: u32::from(' '),
            align: default_align,
            sign: Sign::Default,
            no_negative_zero: false,
            alternate: false,
            width: None,
            grouping: Grouping::None,
            fraction_grouping: Grouping::None,
            precision: None,
            kind: default_kind.map(u32::from),
        };
        let (mut filled, mut aligned) = (false, false);
        if let (Some(align), Some(fill)) = (align_of(parser.peek(1)), parser.points.first()) {
            (out.fill, out.align, filled, aligned) = (*fill, align, true, true);
            parser.at += 2;
        } else if let Some(align) = align_of(parser.peek(0)) {
            (out.align, aligned) = (align, true);
            parser.at += 1;
        }
        for (c, sign) in [(' ', Sign::Space), ('+', Sign::Plus), ('-', Sign::Minus)] {
            if out.sign == Sign::Default && parser.take(c) {
                out.sign = sign;
            }
        }
        out.no_negative_zero = rules.format_spec.coerces_zero && parser.take('z');
        out.alternate = parser.take('#');
        if !filled && parser.take('0') {
            out.fill = u32::from('0');
            if !aligned && (default_align == Align::Right || rules.format_spec.zero_aligns_text) {
                out.align = Align::AfterSign;
            }
        }
        out.width = parser.number()?;
        out.grouping = parser.grouping(rules)?;
        if parser.take('.') {
            out.precision = parser.number()?;
            if rules.format_spec.groups_fraction {
                out.fraction_grouping = parser.grouping(rules)?;
            }
            if out.precision.is_none() && out.fraction_grouping == Grouping::None {
                return Err(NumberError::value("Format specifier missing precision"));
            }
        }
        match parser.left() {
            0 => {}
            1 => out.kind = parser.points.get(parser.at).copied(),
            _ if rules.format_spec.names_invalid => {
                let shown = parser.spec.to_string_lossy();
                let text = format!("Invalid format specifier '{shown}' for object of type '{class}'");
                return Err(NumberError::Value(Cow::Owned(text)));
            }
            _ => return Err(NumberError::value("Invalid format specifier")),
        }
        out.check_grouping()?;
        Ok(out)
    }

    /// The type character, if it is one that can be.
    pub fn kind_char(&self) -> Option<char> {
        self.kind.and_then(char::from_u32)
    }

    fn check_grouping(&self) -> Result<(), NumberError> {
        let takes_commas = matches!(self.kind_char(), None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F'));
        let takes_underscores = takes_commas || matches!(self.kind_char(), Some('b' | 'o' | 'x' | 'X'));
        let refused = match (self.grouping, self.fraction_grouping) {
            (Grouping::Comma, _) if !takes_commas => ',',
            (Grouping::Underscore, _) if !takes_underscores => '_',
            (_, Grouping::Comma) if !takes_commas => ',',
            (_, Grouping::Underscore) if !takes_commas => '_',
            _ => return Ok(()),
        };
        let text = format!("Cannot specify '{refused}' with '{}'.", shown_kind(self.kind.unwrap_or(0)));
        Err(NumberError::Value(Cow::Owned(text)))
    }

    /// The error of a type character that the value's class does not know.
    pub fn unknown_kind(&self, class: &str) -> NumberError {
        let kind = shown_kind(self.kind.unwrap_or(0));
        NumberError::Value(Cow::Owned(format!("Unknown format code '{kind}' for object of type '{class}'")))
    }

    /// How many fill characters stand left and right of a value of this length.
    pub fn padding(&self, len: usize) -> (usize, usize) {
        let padding = self.width.unwrap_or(0).saturating_sub(len);
        match self.align {
            Align::Left => (0, padding),
            Align::Right | Align::AfterSign => (padding, 0),
            Align::Center => (padding / 2, padding - padding / 2),
        }
    }
}

/// A type character as error texts show it.
fn shown_kind(kind: u32) -> String {
    match char::from_u32(kind) {
        Some(c @ '!'..='\x7f') => c.to_string(),
        _ => format!("\\x{kind:x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PyVersion;

    fn parse(minor: u8, spec: &str) -> Result<Spec, String> {
        let rules = Profile::of(PyVersion::of_minor(minor).unwrap());
        Spec::parse(&Text::from(spec), Some('d'), Align::Right, "int", &rules).map_err(|e| e.to_string())
    }

    #[test]
    fn every_part_is_read() {
        let spec = parse(13, "x^+z#012,.3f").unwrap();
        assert_eq!((spec.fill, spec.align, spec.sign), (u32::from('x'), Align::Center, Sign::Plus));
        assert!(spec.no_negative_zero && spec.alternate);
        assert_eq!((spec.width, spec.precision, spec.kind_char()), (Some(12), Some(3), Some('f')));
        assert_eq!(parse(13, "=").unwrap().align, Align::AfterSign);
        assert_eq!(parse(13, ">>5").unwrap().fill, u32::from('>'));
        assert_eq!(parse(13, "\u{661}\u{662}").unwrap().width, Some(12));
        let fraction = parse(14, ".7_f").unwrap();
        assert_eq!((fraction.precision, fraction.fraction_grouping), (Some(7), Grouping::Underscore));
    }

    #[test]
    fn errors_are_those_of_cpython() {
        let error = |minor, spec| parse(minor, spec).unwrap_err();
        assert_eq!(error(13, "10."), "Format specifier missing precision");
        assert_eq!(error(13, ",_"), "Cannot specify both ',' and '_'.");
        assert_eq!(error(13, "_,"), "Cannot specify both ',' and '_'.");
        assert_eq!(
            [8, 9].map(|v| error(v, ",,")),
            ["Cannot specify both ',' and '_'.", "Cannot specify ',' with ','."]
        );
        assert_eq!(error(13, "__"), "Cannot specify '_' with '_'.");
        assert_eq!(error(13, ",x"), "Cannot specify ',' with 'x'.");
        assert_eq!(error(13, ", "), "Cannot specify ',' with '\\x20'.");
        assert_eq!(error(13, ",n"), "Cannot specify ',' with 'n'.");
        assert_eq!(error(10, "d5"), "Invalid format specifier");
        assert_eq!(error(11, "+-5"), "Invalid format specifier '+-5' for object of type 'int'");
        assert_eq!(error(10, "zd"), "Invalid format specifier");
        assert_eq!(error(13, "99999999999999999999"), "Too many decimal digits in format string");
        assert_eq!(error(13, ".7_f"), "Invalid format specifier '.7_f' for object of type 'int'");
        assert_eq!(
            parse(13, "é").unwrap().unknown_kind("int").to_string(),
            "Unknown format code '\\xe9' for object of type 'int'"
        );
    }
}
