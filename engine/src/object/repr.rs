//! `repr` and `ascii` of the values that are their own literals: str, bytes, float, complex.

use super::format::double::{Layout, Options, format_double};
use super::text::codec_error::escape_point;
use super::text::predicate::is_printable;
use super::text::{Text, TextBuilder};

/// The quote that CPython chooses: single, unless there are single quotes and no double ones.
fn quote_for(single: bool, double: bool) -> char {
    if single && !double { '"' } else { '\'' }
}

/// `repr(text)`
pub fn text_repr(text: &Text) -> Text {
    quoted(text, is_printable)
}

/// `ascii(text)`
#[cfg(test)]
pub fn text_ascii(text: &Text) -> Text {
    quoted(text, |point| point < 0x80)
}

fn quoted(text: &Text, keeps: impl Fn(u32) -> bool) -> Text {
    let has = |c: char| text.points().any(|point| point == u32::from(c));
    let quote = quote_for(has('\''), has('"'));
    let mut out = TextBuilder::with_capacity(text.len() + 2);
    out.push(u32::from(quote));
    for point in text.points() {
        match point {
            0x5C => out.push_str("\\\\"),
            _ if point == u32::from(quote) => {
                out.push(0x5C);
                out.push(point);
            }
            0x09 => out.push_str("\\t"),
            0x0A => out.push_str("\\n"),
            0x0D => out.push_str("\\r"),
            0x20..=0x7E => out.push(point),
            _ if point >= 0x80 && keeps(point) => out.push(point),
            _ => out.push_str(&escape_point(point)),
        }
    }
    out.push(u32::from(quote));
    out.finish()
}

/// `ascii(x)` from the text of `repr(x)`: everything else is escaped.
pub fn escape_non_ascii(repr: &Text) -> Text {
    if repr.is_ascii() {
        return repr.clone();
    }
    let mut out = TextBuilder::with_capacity(repr.len());
    for point in repr.points() {
        if point < 0x80 { out.push(point) } else { out.push_str(&escape_point(point)) }
    }
    out.finish()
}

/// `repr(bytes)`, with the leading `b`.
pub fn bytes_repr(bytes: &[u8]) -> String {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    push_bytes(&mut out, bytes, quote);
    out
}

/// `repr(bytearray)` of a class of this name: its quotes follow the same rule, but single ones are escaped inside
/// double ones too.
pub fn bytearray_repr(class: &str, bytes: &[u8]) -> String {
    let shown = bytes_repr(bytes);
    let shown = if shown.starts_with("b\"") { shown.replace('\'', "\\'") } else { shown };
    format!("{class}({shown})")
}

fn push_bytes(out: &mut String, bytes: &[u8], quote: char) {
    out.push(quote);
    for byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            0x20..0x7F => {
                if char::from(*byte) == quote {
                    out.push('\\');
                }
                out.push(char::from(*byte));
            }
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
}

/// `repr(complex(real, imag))`
pub fn complex_repr(real: f64, imag: f64) -> String {
    let part = |value: f64| format_double(value, Layout::Shortest, Options::default());
    let (imag_text, imag_negative) = part(imag);
    // A real part of minus zero is shown: it is not what a missing one would be.
    if real == 0.0 && real.is_sign_positive() {
        return format!("{}{imag_text}j", if imag_negative { "-" } else { "" });
    }
    let (real_text, real_negative) = part(real);
    let sign = if real_negative { "-" } else { "" };
    format!("({sign}{real_text}{}{imag_text}j)", if imag_negative { '-' } else { '+' })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repr(text: &str) -> String {
        text_repr(&Text::from(text)).to_string_lossy().into_owned()
    }

    #[test]
    fn strings_choose_their_quotes() {
        assert_eq!(repr("abc"), "'abc'");
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("\"it's\""), "'\"it\\'s\"'");
        assert_eq!(repr("\""), "'\"'");
    }

    #[test]
    fn strings_escape_what_does_not_print() {
        assert_eq!(
            repr("a\\\t\n\r\0\x7f\u{a0}é\u{ad}€\u{2028}😀\u{e0001}"),
            "'a\\\\\\t\\n\\r\\x00\\x7f\\xa0é\\xad€\\u2028😀\\U000e0001'"
        );
        assert_eq!(text_repr(&Text::from_point(0xD800)), Text::from("'\\ud800'"));
        assert_eq!(text_ascii(&Text::from("é€😀'")), Text::from("\"\\xe9\\u20ac\\U0001f600'\""));
        assert_eq!(escape_non_ascii(&Text::from("<é>")), Text::from("<\\xe9>"));
    }

    #[test]
    fn bytes_like_cpython() {
        assert_eq!(bytes_repr(b"a'\n\x00\xff\\"), "b\"a'\\n\\x00\\xff\\\\\"");
        assert_eq!(bytes_repr(b"'\""), "b'\\'\"'");
        assert_eq!(bytearray_repr("bytearray", b"a'b"), "bytearray(b\"a\\'b\")");
    }

    #[test]
    fn complex_like_cpython() {
        assert_eq!(complex_repr(0.0, 1.0), "1j");
        assert_eq!(complex_repr(0.0, -0.0), "-0j");
        assert_eq!(complex_repr(-0.0, 1.0), "(-0+1j)");
        assert_eq!(complex_repr(1.5, -2.0), "(1.5-2j)");
        assert_eq!(complex_repr(f64::NAN, f64::INFINITY), "(nan+infj)");
        assert_eq!(complex_repr(1e16, 0.0), "(1e+16+0j)");
    }
}
