//! Values of literals: strings with their lone surrogates, bytes, ints of any size.
//!
//! ruff's own values are right but for one thing: a string is Rust text there, so an escape for a surrogate has become
//! U+FFFD. Such strings are compared with their source to put the surrogates back.

use super::{Parsed, Ranged, SyntaxIssue, TextRange, ast};
use crate::object::text::Text;
use crate::rules::Profile;
use num_bigint::BigInt;
use ruff_python_ast::token::TokenKind;

/// Why a literal has no value.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum BadLiteral {
    /// A decimal literal is longer than the limit allows.
    #[error(
        "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal conversion limits."
    )]
    TooManyDigits {
        /// Digits allowed.
        limit: usize,
        /// Digits of the literal.
        digits: usize,
    },
    /// Not an int literal: the parser and this module disagree.
    #[error("invalid integer literal")]
    NotAnInt,
}

/// The value of a string expression, its implicitly concatenated parts joined.
pub(crate) fn string_value(parsed: &Parsed, literal: &ast::ExprStringLiteral) -> Text {
    let mut points = Vec::new();
    for part in literal.value.iter() {
        push_part(parsed, part, &mut points);
    }
    Text::from_points(points)
}

/// The value of one literal among the parts of an f-string.
pub(crate) fn literal_text(parsed: &Parsed, part: &ast::StringLiteral) -> Text {
    let mut points = Vec::new();
    push_part(parsed, part, &mut points);
    Text::from_points(points)
}

/// Appends the characters of one string literal.
fn push_part(parsed: &Parsed, part: &ast::StringLiteral, points: &mut Vec<u32>) {
    let raw = part.flags.prefix().is_raw();
    push_characters(&part.value, parsed.slice(part.content_range()), raw, points);
}

/// The characters of a literal part of an f-string or t-string; `raw` if its prefix holds an `r`.
pub(crate) fn fstring_text(parsed: &Parsed, element: &ast::InterpolatedStringLiteralElement, raw: bool) -> Text {
    let mut points = Vec::new();
    push_characters(&element.value, parsed.slice(element.range()), raw, &mut points);
    Text::from_points(points)
}

fn push_characters(value: &str, source: &str, raw: bool, points: &mut Vec<u32>) {
    if raw || !value.contains(char::REPLACEMENT_CHARACTER) {
        points.extend(value.chars().map(u32::from));
        return;
    }
    let mut originals = Replacements { rest: source };
    points.extend(value.chars().map(|c| match c {
        char::REPLACEMENT_CHARACTER => originals.next().unwrap_or(u32::from(c)),
        c => u32::from(c),
    }));
}

/// The spots of a literal's source that decode to U+FFFD or to a surrogate, in order.
struct Replacements<'src> {
    rest: &'src str,
}

impl Iterator for Replacements<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        const REPLACEMENT: u32 = 0xFFFD;
        loop {
            let mut characters = self.rest.chars();
            let first = characters.next()?;
            self.rest = characters.as_str();
            if first == char::REPLACEMENT_CHARACTER {
                return Some(REPLACEMENT);
            }
            if first != '\\' {
                continue;
            }
            let escape = characters.next()?;
            self.rest = characters.as_str();
            let width = match escape {
                'u' => 4,
                'U' => 8,
                'N' => {
                    let name = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
                    if let Some((name, rest)) = name {
                        self.rest = rest;
                        if name.eq_ignore_ascii_case("REPLACEMENT CHARACTER") {
                            return Some(REPLACEMENT);
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            let point = self.rest.get(..width).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if let Some(point) = point {
                self.rest = self.rest.get(width..).unwrap_or("");
                if matches!(point, 0xD800..0xE000 | REPLACEMENT) {
                    return Some(point);
                }
            }
        }
    }
}

/// The value of a bytes expression, its implicitly concatenated parts joined.
pub(crate) fn bytes_value(literal: &ast::ExprBytesLiteral) -> Vec<u8> {
    literal.value.bytes().collect()
}

/// The value of an int literal at this range.
pub(crate) fn int_value(parsed: &Parsed, range: TextRange, profile: &Profile) -> Result<BigInt, BadLiteral> {
    let digits: String = parsed.slice(range).chars().filter(|&c| c != '_').collect();
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        _ => (10, digits.as_str()),
    };
    if let (10, Some(limit)) = (radix, profile.int_literal_digits)
        && digits.len() > limit
    {
        return Err(BadLiteral::TooManyDigits { limit, digits: digits.len() });
    }
    BigInt::parse_bytes(digits.as_bytes(), radix).ok_or(BadLiteral::NotAnInt)
}

/// Refuses int literals that are too long, as CPython's parser does.
pub(super) fn check_digits(parsed: &Parsed, profile: &Profile) -> Result<(), SyntaxIssue> {
    let Some(limit) = profile.int_literal_digits else { return Ok(()) };
    let long = |range: &TextRange| range.len().to_usize() > limit;
    let ints = parsed.tokens.iter().filter(|token| token.kind() == TokenKind::Int).map(Ranged::range);
    ints.filter(long).try_for_each(|range| match int_value(parsed, range, profile) {
        Ok(_) => Ok(()),
        Err(bad) => Err(parsed.lines.issue(&parsed.text, "SyntaxError", bad.to_string(), range)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{TextSize, parse_module};
    use super::*;
    use crate::rules::py;

    fn profile() -> Profile {
        Profile::of(py(13, 0))
    }

    fn points(source: &str) -> Vec<u32> {
        let parsed = parse_module(source.as_bytes(), &profile()).expect("parses");
        let Some(ast::Stmt::Expr(statement)) = parsed.suite.first() else { panic!("no expression") };
        let Some(literal) = statement.value.as_string_literal_expr() else { panic!("no string") };
        match string_value(&parsed, literal) {
            Text::Ascii(text) => text.chars().map(u32::from).collect(),
            Text::Latin1(bytes) => bytes.iter().map(|&b| u32::from(b)).collect(),
            Text::Ucs2(units) => units.iter().map(|&u| u32::from(u)).collect(),
            Text::Ucs4(points) => points.to_vec(),
        }
    }

    fn int(source: &str) -> Result<BigInt, BadLiteral> {
        // A version without a limit, so that the parser lets every literal pass.
        let parsed = parse_module(source.as_bytes(), &Profile::of(py(8, 0))).expect("parses");
        int_value(&parsed, TextRange::new(TextSize::new(0), TextSize::new(source.len() as u32)), &profile())
    }

    #[test]
    fn surrogates_survive() {
        assert_eq!(points(r#""a\ud800b""#), [0x61, 0xD800, 0x62]);
        assert_eq!(points(r#""\ud83d\ude00""#), [0xD83D, 0xDE00]);
        assert_eq!(
            points("'\u{fffd}\\udfff\\ufffd\\N{replacement character}\\U0000dc00'"),
            [0xFFFD, 0xDFFF, 0xFFFD, 0xFFFD, 0xDC00]
        );
        assert_eq!(
            points(r#"r"\ud800" "\\ud800" '\udc80'"#),
            [r"\ud800\ud800".chars().map(u32::from).collect(), vec![0xDC80]].concat()
        );
    }

    #[test]
    fn strings_decode() {
        assert_eq!(points(r#""\x41\101\n" 'b' """c""""#), "AA\nbc".chars().map(u32::from).collect::<Vec<_>>());
        assert_eq!(points("'\\N{GREEK SMALL LETTER ALPHA}'"), [0x3B1]);
    }

    #[test]
    fn ints_decode() {
        assert_eq!(int("1_000"), Ok(1000.into()));
        assert_eq!(int("0xFf"), Ok(255.into()));
        assert_eq!(int("0o17"), Ok(15.into()));
        assert_eq!(int("0b11"), Ok(3.into()));
        assert_eq!(int("00"), Ok(0.into()));
        assert!(int(&"9".repeat(4300)).is_ok());
        assert_eq!(int(&"9".repeat(4301)), Err(BadLiteral::TooManyDigits { limit: 4300, digits: 4301 }));
        assert!(int(&format!("0x{}", "f".repeat(5000))).is_ok());
    }
}
