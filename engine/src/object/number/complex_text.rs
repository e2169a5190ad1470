//! `complex(text)`.

use super::NumberError;
use super::complex::Complex;
use super::float_text::{read_float, without_underscores};
use super::int_text::{ascii_digits, is_c_space};
use crate::object::repr::text_repr;
use crate::object::text::{Text, TextBuilder};

/// `complex(text)`
///
/// # Errors
/// `ValueError`
pub fn parse(text: &Text) -> Result<Complex, NumberError> {
    let ascii = ascii_digits(text);
    if let Some(ascii) = &ascii
        && without_underscores(ascii).is_none()
    {
        let mut out = TextBuilder::new();
        out.push_str("could not convert string to complex: ");
        out.push_text(&text_repr(text));
        return Err(NumberError::Literal(out.finish()));
    }
    let parsed = ascii.and_then(|ascii| parse_ascii(&ascii));
    parsed.ok_or(NumberError::value("complex() arg is a malformed string"))
}

fn parse_ascii(text: &str) -> Option<Complex> {
    let plain = without_underscores(text)?;
    let trimmed = plain.trim_matches(is_c_space);
    let inner = match trimmed.strip_prefix('(') {
        Some(rest) => rest.strip_suffix(')')?.trim_matches(is_c_space),
        None => trimmed,
    };
    let unit = |sign: &str| if sign == "-" { -1.0 } else { 1.0 };
    let is_j = |rest: &str| rest == "j" || rest == "J";
    match read_float(inner) {
        // `1`, `1j`, `1+2j`, `1+j`
        Some((first, "")) => Some(Complex::from(first)),
        Some((first, rest)) if is_j(rest) => Some(Complex { real: 0.0, imag: first }),
        Some((real, rest)) if rest.starts_with(['+', '-']) => {
            let imag = match read_float(rest) {
                Some((imag, rest)) => is_j(rest).then_some(imag)?,
                None => is_j(rest.get(1..)?).then(|| unit(rest.get(..1).unwrap_or_default()))?,
            };
            Some(Complex { real, imag })
        }
        Some(_) => None,
        // `j`, `+j`, `-j`
        None => {
            let rest = inner.strip_prefix(['+', '-']).unwrap_or(inner);
            is_j(rest).then(|| Complex { real: 0.0, imag: unit(inner.get(..1).unwrap_or_default()) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::repr::complex_repr;

    #[test]
    fn reads_what_complex_reads() {
        let show =
            |text: &str| parse(&Text::from(text)).map(|c| complex_repr(c.real, c.imag)).map_err(|e| e.to_string());
        let good = [
            ("1+2j", "(1+2j)"),
            (" ( 1+2j ) ", "(1+2j)"),
            ("j", "1j"),
            ("-J", "-1j"),
            ("1+j", "(1+1j)"),
            ("1e5j", "100000j"),
            ("nan+infj", "(nan+infj)"),
            ("1_0-2_0j", "(10-20j)"),
            ("\u{ff11}j", "1j"),
            ("-1.5", "(-1.5+0j)"),
        ];
        for (text, value) in good {
            assert_eq!(show(text).as_deref(), Ok(value), "{text}");
        }
        for text in ["", "1 + 2j", "1+2", "1j+2", "(1+2j", "((1))", "1\0", "1+-2j", "jj", "()"] {
            assert_eq!(show(text), Err("complex() arg is a malformed string".into()), "{text}");
        }
        assert_eq!(show("1__0"), Err("could not convert string to complex: '1__0'".into()));
    }
}
