//! `float(text)`: underscores, digits of other scripts, infinities and NaN.

use super::NumberError;
use super::int_text::{ascii_digits, is_c_space};
use crate::object::repr::{bytes_repr, text_repr};
use crate::object::text::{Text, TextBuilder};
use std::borrow::Cow;

/// `float(text)`
///
/// # Errors
/// `ValueError`
pub fn parse(text: &Text) -> Result<f64, NumberError> {
    let parsed = ascii_digits(text).and_then(|ascii| parse_ascii(&ascii));
    parsed.ok_or_else(|| no_float(&text_repr(text)))
}

/// `float(bytes)`
///
/// # Errors
/// `ValueError`
pub fn parse_bytes(bytes: &[u8]) -> Result<f64, NumberError> {
    let parsed = std::str::from_utf8(bytes).ok().and_then(parse_ascii);
    parsed.ok_or_else(|| no_float(&Text::from(bytes_repr(bytes))))
}

fn no_float(repr: &Text) -> NumberError {
    let mut out = TextBuilder::new();
    out.push_str("could not convert string to float: ");
    out.push_text(repr);
    NumberError::Literal(out.finish())
}

fn parse_ascii(text: &str) -> Option<f64> {
    let plain = without_underscores(text.trim_matches(is_c_space))?;
    let (value, rest) = read_float(&plain)?;
    rest.is_empty().then_some(value)
}

/// Takes out underscores, each of which must stand between two digits.
pub(super) fn without_underscores(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(Cow::Borrowed(text));
    }
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let good = |(at, byte): (usize, &u8)| *byte != b'_' || (digit(at.checked_sub(1)) && digit(Some(at + 1)));
    bytes.iter().enumerate().all(good).then(|| Cow::Owned(text.replace('_', "")))
}

/// Reads the longest float at the start of a text, as C's `strtod` does without hexadecimal; also what is left.
pub(super) fn read_float(text: &str) -> Option<(f64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    let word = |word: &str| unsigned.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let special = [("infinity", f64::INFINITY), ("inf", f64::INFINITY), ("nan", f64::NAN)];
    if let Some((name, value)) = special.into_iter().find(|(name, _)| word(name)) {
        let rest = unsigned.get(name.len()..)?;
        return Some((if negative { -value } else { value }, rest));
    }
    let digits = |from: &str| from.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    let after_whole = unsigned.get(whole..)?;
    let fraction = after_whole.strip_prefix('.').map(digits);
    if whole + fraction.unwrap_or(0) == 0 {
        return None;
    }
    let mut end = whole + fraction.map_or(0, |count| count + 1);
    // An exponent counts only if it has digits.
    if let Some(exponent) = unsigned.get(end..)?.strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let count = digits(exponent.get(sign..)?);
        if count > 0 {
            end += 1 + sign + count;
        }
    }
    let value: f64 = unsigned.get(..end)?.parse().ok()?;
    Some((if negative { -value } else { value }, unsigned.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<f64, String> {
        parse(&Text::from(text)).map_err(|e| e.to_string())
    }

    #[test]
    fn reads_what_float_reads() {
        let good = [
            ("1_0.5_0", 10.5),
            (" 1.5\n", 1.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("-1e-3", -0.001),
            ("1E+2", 100.0),
            ("inf", f64::INFINITY),
            ("-InFinity", f64::NEG_INFINITY),
            ("1e400", f64::INFINITY),
            ("1e-400", 0.0),
            ("\u{ff11}.\u{ff15}\u{a0}", 1.5),
            ("1e99999999999999999999", f64::INFINITY),
        ];
        for (text, value) in good {
            assert_eq!(read(text), Ok(value), "{text}");
        }
        assert!(read("+nan").unwrap().is_nan());
        assert_eq!(parse_bytes(b"1.5"), Ok(1.5));
    }

    #[test]
    fn refuses_what_float_refuses() {
        let bad = [
            "", "a", "1__0", "_1", "1_.5", "1._5", "1e_5", "1_e5", "infinit", ".", "0x1", "1 2", "1\0", "1e", "1e+",
            "+-1", "in_f",
        ];
        for text in bad {
            let shown = text_repr(&Text::from(text)).to_string_lossy().into_owned();
            assert_eq!(read(text), Err(format!("could not convert string to float: {shown}")));
        }
        assert_eq!(parse_bytes(b"x").unwrap_err().to_string(), "could not convert string to float: b'x'");
    }
}
