//! `int` as text: `int(text, base)` with underscores and digits of other scripts, `str`, `bin`, `oct`, `hex`, and the
//! limit on decimal digits.

use super::NumberError;
use super::int::Int;
use crate::object::repr::{bytes_repr, text_repr};
use crate::object::text::predicate::{decimal_value, is_space};
use crate::object::text::{Text, TextBuilder};
use crate::rules::Profile;
use num_bigint::BigInt;
use std::borrow::Cow;

/// The text as ASCII where that is possible: other spaces as a space, other decimal digits as `0` to `9`. Nothing if
/// another character is in it.
pub fn ascii_digits(text: &Text) -> Option<Cow<'_, str>> {
    if let Some(ascii) = text.as_str() {
        return Some(Cow::Borrowed(ascii));
    }
    let ascii = |point: u32| match point {
        0..0x7F => char::from_u32(point),
        _ if is_space(point) => Some(' '),
        _ => char::from_digit(decimal_value(point)?, 10),
    };
    text.points().map(ascii).collect::<Option<String>>().map(Cow::Owned)
}

/// What C counts as a space.
pub(super) fn is_c_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// Why a text is no int.
enum Malformed {
    Syntax,
    TooManyDigits(usize),
}

impl Int {
    /// `int(text, base)`; a base of 0 reads the prefix. `limit` is `sys.get_int_max_str_digits()`, 0 for none.
    ///
    /// # Errors
    /// `ValueError`
    pub fn parse(text: &Text, base: i64, limit: usize, rules: &Profile) -> Result<Int, NumberError> {
        let base_known = known_base(base)?;
        let parsed = ascii_digits(text).ok_or(Malformed::Syntax);
        let parsed = parsed.and_then(|ascii| parse_ascii(&ascii, base_known, limit));
        parsed.map_err(|error| error.into_error(rules, base, limit, || text_repr(text)))
    }

    /// `int(bytes, base)`
    ///
    /// # Errors
    /// `ValueError`
    pub fn parse_bytes(bytes: &[u8], base: i64, limit: usize, rules: &Profile) -> Result<Int, NumberError> {
        let base_known = known_base(base)?;
        let parsed = std::str::from_utf8(bytes).map_err(|_| Malformed::Syntax);
        let parsed = parsed.and_then(|ascii| parse_ascii(ascii, base_known, limit));
        parsed.map_err(|error| error.into_error(rules, base, limit, || Text::from(bytes_repr(bytes))))
    }

    /// `str(a)`. `limit` is `sys.get_int_max_str_digits()`, 0 for none.
    ///
    /// # Errors
    /// `ValueError`
    pub fn to_decimal(&self, limit: usize, rules: &Profile) -> Result<String, NumberError> {
        let big = match self {
            Int::Small(value) => return Ok(value.to_string()),
            Int::Big(big) => big,
        };
        let too_long = || {
            let text = format!(
                "Exceeds the limit ({limit}{}) for integer string conversion; use sys.set_int_max_str_digits() to \
                 increase the limit",
                rules.digit_limit_unit
            );
            NumberError::Value(Cow::Owned(text))
        };
        // Do not compute what is thrown away: n bits make more than 0.3 n digits.
        let least_digits = usize::try_from(big.bits()).unwrap_or(usize::MAX) / 10 * 3;
        if limit > 0 && least_digits > limit {
            return Err(too_long());
        }
        let text = big.to_string();
        if limit > 0 && text.trim_start_matches('-').len() > limit {
            return Err(too_long());
        }
        Ok(text)
    }

    /// The digits of the absolute value in a base from 2 to 36, in lower case.
    pub fn magnitude_in_base(&self, base: u32) -> String {
        self.big().magnitude().to_str_radix(base.clamp(2, 36))
    }

    /// `bin(a)`, `oct(a)`, `hex(a)`: with sign and prefix.
    pub fn to_prefixed(&self, base: u32) -> String {
        let prefix = match base {
            2 => "0b",
            8 => "0o",
            _ => "0x",
        };
        format!("{}{prefix}{}", if self.is_negative() { "-" } else { "" }, self.magnitude_in_base(base))
    }
}

fn known_base(base: i64) -> Result<u32, NumberError> {
    match u32::try_from(base) {
        Ok(base @ (0 | 2..=36)) => Ok(base),
        _ => Err(NumberError::value("int() base must be >= 2 and <= 36, or 0")),
    }
}

impl Malformed {
    fn into_error(self, rules: &Profile, base: i64, limit: usize, repr: impl Fn() -> Text) -> NumberError {
        match self {
            Malformed::Syntax => literal_error(&format!("invalid literal for int() with base {base}: "), &repr()),
            Malformed::TooManyDigits(count) => NumberError::Value(Cow::Owned(format!(
                "Exceeds the limit ({limit}{}) for integer string conversion: value has {count} digits; use \
                 sys.set_int_max_str_digits() to increase the limit",
                rules.digit_limit_unit
            ))),
        }
    }
}

/// A `ValueError` that shows what was given, the first 200 characters of it.
fn literal_error(start: &str, repr: &Text) -> NumberError {
    let mut out = TextBuilder::new();
    out.push_str(start);
    out.push_text(&repr.sub(0, 200));
    NumberError::Literal(out.finish())
}

fn parse_ascii(text: &str, base: u32, limit: usize) -> Result<Int, Malformed> {
    let text = text.trim_matches(is_c_space);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixed = |letters: [char; 2]| digits.strip_prefix('0').and_then(|rest| rest.strip_prefix(letters));
    let (base, digits, only_zero) = match base {
        0 => {
            let of_prefix = [(16, ['x', 'X']), (8, ['o', 'O']), (2, ['b', 'B'])];
            let found = of_prefix.into_iter().find_map(|(base, letters)| prefixed(letters).map(|rest| (base, rest)));
            match found {
                Some((base, rest)) => (base, rest.strip_prefix('_').unwrap_or(rest), false),
                // An old octal literal is refused, but any number of zeros is one.
                None => (10, digits, digits.starts_with('0')),
            }
        }
        _ => {
            let letters = match base {
                16 => Some(['x', 'X']),
                8 => Some(['o', 'O']),
                2 => Some(['b', 'B']),
                _ => None,
            };
            match letters.and_then(prefixed) {
                Some(rest) => (base, rest.strip_prefix('_').unwrap_or(rest), false),
                None => (base, digits, false),
            }
        }
    };
    let value = parse_digits(digits, base, limit)?;
    if only_zero && !value.is_zero() {
        return Err(Malformed::Syntax);
    }
    Ok(if negative { value.neg() } else { value })
}

/// Reads digits that may have single underscores between them.
fn parse_digits(digits: &str, base: u32, limit: usize) -> Result<Int, Malformed> {
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return Err(Malformed::Syntax);
    }
    let plain: Cow<'_, str> =
        if digits.contains('_') { Cow::Owned(digits.replace('_', "")) } else { Cow::Borrowed(digits) };
    if plain.is_empty() || !plain.chars().all(|c| c.is_digit(base)) {
        return Err(Malformed::Syntax);
    }
    // The limit does not touch bases that are powers of two: they are read in linear time.
    if !base.is_power_of_two() && limit > 0 && plain.len() > limit {
        return Err(Malformed::TooManyDigits(plain.len()));
    }
    if let Ok(small) = i64::from_str_radix(&plain, base) {
        return Ok(Int::Small(small));
    }
    BigInt::parse_bytes(plain.as_bytes(), base).map(Int::from).ok_or(Malformed::Syntax)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PyVersion;
    use proptest::prelude::*;

    fn rules(minor: u8) -> Profile {
        Profile::of(PyVersion::of_minor(minor).unwrap())
    }

    fn parse(text: &str, base: i64) -> Result<i64, String> {
        let value = Int::parse(&Text::from(text), base, 4300, &rules(13)).map_err(|e| e.to_string())?;
        value.to_i64().ok_or("big".into())
    }

    #[test]
    fn reads_what_int_reads() {
        let good = [
            ("1_0", 10, 10),
            (" 12\n", 10, 12),
            ("0x1f", 16, 31),
            ("0x1f", 0, 31),
            ("1f", 16, 31),
            ("-0B101", 0, -5),
            ("0o17", 8, 15),
            ("00", 0, 0),
            ("0_0", 0, 0),
            ("0x_1f", 0, 31),
            ("z", 36, 35),
            ("\u{ff11}\u{662}\u{3000}", 10, 12),
            ("0b1", 16, 0xb1),
            ("+7", 10, 7),
            ("-9223372036854775808", 10, i64::MIN),
        ];
        for (text, base, value) in good {
            assert_eq!(parse(text, base), Ok(value), "{text}");
        }
    }

    #[test]
    fn refuses_what_int_refuses() {
        for text in ["", "a", "1__0", "_1", "1_", "+-1", "+ 1", "²", "1.5", "1\0", "\x1c1", "0x"] {
            let shown = text_repr(&Text::from(text)).to_string_lossy().into_owned();
            assert_eq!(parse(text, 10), Err(format!("invalid literal for int() with base 10: {shown}")));
        }
        assert_eq!(parse("010", 0), Err("invalid literal for int() with base 0: '010'".into()));
        assert_eq!(parse("9", 8), Err("invalid literal for int() with base 8: '9'".into()));
        assert_eq!(parse("12", 37), Err("int() base must be >= 2 and <= 36, or 0".into()));
        assert_eq!(parse("12", 1), parse("12", -1));
        let long = parse(&"a".repeat(300), 10).unwrap_err();
        assert_eq!(long.len(), "invalid literal for int() with base 10: ".len() + 200);
        let bytes = Int::parse_bytes(b"a\xff", 10, 0, &rules(13)).unwrap_err();
        assert_eq!(bytes.to_string(), "invalid literal for int() with base 10: b'a\\xff'");
    }

    #[test]
    fn decimal_digits_are_limited() {
        let limited = |minor, text: &str, base| {
            Int::parse(&Text::from(text), base, 4300, &rules(minor)).map_err(|e| e.to_string())
        };
        let long = "9".repeat(4301);
        let end = "for integer string conversion: value has 4301 digits; use sys.set_int_max_str_digits() to increase the limit";
        assert_eq!(limited(13, &long, 10), Err(format!("Exceeds the limit (4300 digits) {end}")));
        assert_eq!(limited(10, &long, 10), Err(format!("Exceeds the limit (4300) {end}")));
        assert!(limited(13, &"1".repeat(4301), 3).is_err());
        assert!(limited(13, &"f".repeat(4301), 16).is_ok());
        let value = limited(13, &long[1..], 10).unwrap();
        assert_eq!(value.to_decimal(4300, &rules(13)).map(|t| t.len()), Ok(4300));
        let more = value.mul(&Int::Small(10));
        let text = "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit";
        assert_eq!(more.to_decimal(4300, &rules(13)).unwrap_err().to_string(), text);
        assert!(more.to_decimal(0, &rules(13)).is_ok());
    }

    #[test]
    fn other_bases() {
        assert_eq!([2, 8, 16].map(|base| Int::Small(-255).to_prefixed(base)), ["-0b11111111", "-0o377", "-0xff"]);
        assert_eq!(Int::Small(0).to_prefixed(2), "0b0");
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(value in any::<i128>(), base in 2..37u32) {
            let int = Int::from(value);
            let text = format!("{}{}", if value < 0 { "-" } else { "" }, int.magnitude_in_base(base));
            prop_assert_eq!(Int::parse(&Text::from(text), i64::from(base), 0, &rules(13)), Ok(int.clone()));
            prop_assert_eq!(int.to_decimal(0, &rules(13)), Ok(value.to_string()));
        }
    }
}
