//! Errors of CPython's tokenizer: characters, strings, escapes and numbers.

use super::super::{Ranged, TextRange, TextSize};
use super::{Found, Report};
use crate::rules::SyntaxTexts;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{InterpolatedStringErrorType as Interpolated, LexicalErrorType, ParseErrorType};

/// Whether CPython's tokenizer finds this error, not its parser.
pub(super) fn is_of_tokenizer(error: &ParseErrorType) -> bool {
    match error {
        // Where the text ends too early, the parser stumbles; so it does over braces of replacement fields.
        ParseErrorType::Lexical(
            LexicalErrorType::Eof
            | LexicalErrorType::FStringError(Interpolated::SingleRbrace | Interpolated::NewlineInFormatSpec)
            | LexicalErrorType::TStringError(Interpolated::SingleRbrace | Interpolated::NewlineInFormatSpec),
        ) => false,
        ParseErrorType::Lexical(_) => true,
        _ => false,
    }
}

impl Report<'_> {
    pub(super) fn lexical_error(&self, error: &LexicalErrorType, range: TextRange) -> Option<Found> {
        Some(match error {
            LexicalErrorType::Eof => return None,
            LexicalErrorType::UnclosedStringError | LexicalErrorType::StringError => {
                self.unclosed_string(range, "string literal")
            }
            LexicalErrorType::FStringError(error) => self.interpolated_error(error, range, "f-string"),
            LexicalErrorType::TStringError(error) => self.interpolated_error(error, range, "t-string"),
            LexicalErrorType::UnrecognizedToken { tok } => return Some(self.unknown_character(*tok, range)),
            LexicalErrorType::LineContinuationError => {
                let behind = self.text.get(range.end().to_usize()..).unwrap_or("");
                let message = if behind.is_empty() {
                    "unexpected EOF while parsing"
                } else {
                    "unexpected character after line continuation character"
                };
                // At the end of the text the error lies on the line of the backslash.
                let place = if behind.is_empty() { range.start() } else { range.end() };
                Found::syntax(message, TextRange::empty(place))
            }
            LexicalErrorType::IndentationError => {
                let line = self.line_of(range);
                let rest = self.text.get(self.lines.start(line)..).unwrap_or("");
                let length = rest.find('\n').map_or(rest.len(), |end| end) as u32;
                let place = TextRange::empty(TextSize::new(self.lines.start(line) as u32 + length));
                let message = "unindent does not match any outer indentation level".to_string();
                Found { at: range.start(), ..Found::new("IndentationError", message, place) }
            }
            LexicalErrorType::UnicodeError
            | LexicalErrorType::MissingUnicodeLbrace
            | LexicalErrorType::MissingUnicodeRbrace => self.bad_escape(range),
            LexicalErrorType::InvalidByteLiteral => {
                let stop = if self.texts() < SyntaxTexts::Detailed { "." } else { "" };
                let message = format!("bytes can only contain ASCII literal characters{stop}");
                Found::syntax(message, self.string_around(range))
            }
            LexicalErrorType::OtherError(_) => {
                return Some(self.number_error(range).unwrap_or_else(|| Found::syntax("invalid syntax", range)));
            }
        })
    }

    /// The string token that an error lies in.
    fn string_around(&self, range: TextRange) -> TextRange {
        let holds = |token: &&ruff_python_ast::token::Token| {
            matches!(
                token.kind(),
                TokenKind::String | TokenKind::FStringStart | TokenKind::TStringStart | TokenKind::Unknown
            ) && token.start() <= range.start()
        };
        self.tokens.iter().rev().find(holds).map_or(range, Ranged::range)
    }

    fn unclosed_string(&self, range: TextRange, what: &str) -> Found {
        let literal = self.slice(range);
        let quoted = literal.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let triple = quoted.starts_with("\"\"\"") || quoted.starts_with("'''");
        self.unterminated(range, triple, what)
    }

    fn unterminated(&self, range: TextRange, triple: bool, what: &str) -> Found {
        let start = TextRange::empty(range.start());
        if self.texts() < SyntaxTexts::Detailed {
            let message = if triple {
                "EOF while scanning triple-quoted string literal"
            } else {
                "EOL while scanning string literal"
            };
            return Found::syntax(message, start);
        }
        let last = if triple { self.text.len() } else { range.end().to_usize() };
        let line = self.lines.position(TextSize::new(last.saturating_sub(1) as u32)).0;
        let prefix = if triple { "triple-quoted " } else { "" };
        Found::syntax(format!("unterminated {prefix}{what} (detected at line {line})"), start)
    }

    fn unknown_character(&self, character: char, range: TextRange) -> Found {
        let code = u32::from(character);
        if character.is_ascii() && !(character.is_control() && self.texts() >= SyntaxTexts::Peg) {
            return Found::syntax("invalid syntax", range);
        }
        if self.texts() < SyntaxTexts::Peg {
            return Found::syntax("invalid character in identifier", range);
        }
        // Blanks and format characters cannot be shown.
        let hidden = character.is_whitespace()
            || character.is_control()
            || matches!(code, 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF9..=0xFFFB)
            || matches!(code, 0xE000..=0xF8FF);
        if hidden {
            return Found::syntax(format!("invalid non-printable character U+{code:04X}"), range);
        }
        Found::syntax(format!("invalid character '{character}' (U+{code:04X})"), range)
    }

    pub(super) fn interpolated_error(&self, error: &Interpolated, range: TextRange, what: &str) -> Found {
        let in_grammar = self.texts() >= SyntaxTexts::FStrings;
        let message = match error {
            Interpolated::UnterminatedString => {
                let what = if in_grammar { format!("{what} literal") } else { "string literal".into() };
                let start = self.string_around(range).start().min(range.start());
                return self.unterminated(TextRange::new(start, range.end()), false, &what);
            }
            Interpolated::UnterminatedTripleQuotedString => {
                let what = if in_grammar { format!("{what} literal") } else { "string literal".into() };
                let start = self.string_around(range).start().min(range.start());
                return self.unterminated(TextRange::new(start, range.end()), true, &what);
            }
            Interpolated::SingleRbrace => "single '}' is not allowed".to_string(),
            Interpolated::UnclosedLbrace => self.after_expression(range, in_grammar),
            Interpolated::InvalidConversionFlag => {
                let flag = self.slice(range);
                match (in_grammar, flag) {
                    (true, "}" | ":") => "missing conversion character".to_string(),
                    (true, flag) => format!("invalid conversion character '{flag}': expected 's', 'r', or 'a'"),
                    (false, _) => "invalid conversion character: expected 's', 'r', or 'a'".to_string(),
                }
            }
            Interpolated::ConversionFlagNotImmediatelyAfterExclamation if in_grammar => {
                // The slip of the pen is CPython's.
                "conversion type must come right after the exclamanation mark".to_string()
            }
            Interpolated::ConversionFlagNotImmediatelyAfterExclamation => {
                "invalid conversion character: expected 's', 'r', or 'a'".to_string()
            }
            Interpolated::LambdaWithoutParentheses if in_grammar => {
                "lambda expressions are not allowed without parentheses".to_string()
            }
            Interpolated::LambdaWithoutParentheses => "invalid syntax".to_string(),
            Interpolated::NewlineInFormatSpec => "expecting '}'".to_string(),
        };
        Found::syntax(format!("{what}: {message}"), range)
    }

    /// What CPython expects behind the expression of a replacement field.
    fn after_expression(&self, range: TextRange, in_grammar: bool) -> String {
        let next = self.slice(range).chars().next();
        let ended = matches!(next, None | Some('"' | '\'' | '\n'));
        let has_spec = self.before(range.start()).take_while(|token| token.kind() != TokenKind::FStringStart);
        let has_spec = has_spec.into_iter().any(|token| token.kind() == TokenKind::Colon);
        match (in_grammar, ended) {
            (true, true) if has_spec => "expecting '}', or format specs".into(),
            (false, _) | (true, true) => "expecting '}'".into(),
            (true, false) => "expecting '=', or '!', or ':', or '}'".into(),
        }
    }

    /// Re-reads the escapes of the string around an error to name the bad one as Python's codec does.
    fn bad_escape(&self, range: TextRange) -> Found {
        let place = self.string_around(range);
        let literal = self.slice(place);
        let prefix = literal.len() - literal.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let bytes = literal.get(..prefix).is_some_and(|prefix| prefix.contains(['b', 'B']));
        let quotes = if literal.get(prefix..).is_some_and(|rest| rest.starts_with("\"\"\"") || rest.starts_with("'''"))
        {
            3
        } else {
            1
        };
        let inner = literal.get(prefix + quotes..).unwrap_or("");
        let quote = literal.get(prefix..prefix + 1).unwrap_or("\"").repeat(quotes);
        let inner = inner.strip_suffix(quote.as_str()).unwrap_or(inner);
        let message = if bytes {
            let at = inner.find("\\x").unwrap_or(0);
            format!("(value error) invalid \\x escape at position {at}")
        } else {
            match first_bad_escape(inner) {
                Some((start, end, reason)) => format!(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{end}: {reason}"
                ),
                None => "invalid syntax".to_string(),
            }
        };
        Found::syntax(message, place)
    }

    /// A number that CPython's tokenizer refuses at or right before an error of the parser.
    pub(super) fn number_error(&self, range: TextRange) -> Option<Found> {
        let at = range.start().to_usize();
        let before = self.text.get(..at)?;
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || !c.is_ascii();
        let start = before.trim_end_matches(word).len();
        let rest = self.text.get(start..)?;
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let number: String = rest.chars().take_while(|&c| word(c)).collect();
        let (offset, message) = bad_number(&number, rest, self.texts() >= SyntaxTexts::Detailed)?;
        let place = TextRange::empty(TextSize::new((start + offset) as u32));
        Some(Found { at: TextSize::new(start as u32), ..Found::syntax(message, place) })
    }
}

/// Where and why a number is refused; `None` if it is not the number's fault. `rest` goes on behind the number.
fn bad_number(number: &str, rest: &str, detailed: bool) -> Option<(usize, String)> {
    let lower = number.to_ascii_lowercase();
    for (prefix, radix, name) in [("0x", 16, "hexadecimal"), ("0o", 8, "octal"), ("0b", 2, "binary")] {
        let Some(digits) = lower.strip_prefix(prefix) else { continue };
        let good = digits.find(|c: char| !c.is_digit(radix) && c != '_').unwrap_or(digits.len());
        let bad = digits.get(good..).and_then(|rest| rest.chars().next());
        return match bad {
            Some(digit) if digit.is_ascii_digit() => {
                let at = if detailed { 2 + good } else { 1 + good };
                Some((at, format!("invalid digit '{digit}' in {name} literal")))
            }
            _ if good == 0 || digits.get(..good).is_some_and(|d| d.ends_with('_')) => {
                Some((1 + good, format!("invalid {name} literal")))
            }
            Some(_) if detailed => Some((1 + good, format!("invalid {name} literal"))),
            _ => None,
        };
    }
    if let Some(at) = lower.find("__").or_else(|| lower.strip_suffix('_').map(str::len)) {
        return Some((at + 1, "invalid decimal literal".into()))
            .filter(|_| lower.starts_with(|c: char| c.is_ascii_digit()));
    }
    let digits = lower.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(lower.len());
    let tail = lower.get(digits..).unwrap_or("");
    if tail.is_empty() && lower.starts_with('0') && !lower.trim_matches(['0', '_']).is_empty() {
        let at = if detailed { 0 } else { lower.len() - 1 };
        let text = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
        return Some((at, text.into()));
    }
    if tail.starts_with('e')
        && rest.get(number.len()..).is_some_and(|rest| rest.starts_with(['+', '-']))
        && tail.len() == 1
    {
        return Some((digits + 1, "invalid decimal literal".into()));
    }
    let imaginary = lower.find('j').filter(|&at| at + 1 < lower.len());
    if let (true, Some(at)) = (detailed, imaginary) {
        return Some((at, "invalid imaginary literal".into()));
    }
    let letter = lower.char_indices().find(|&(at, c)| {
        let exponent =
            c == 'e' && lower.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        (c.is_alphabetic() || c == '_' && at == 0) && !exponent && c != 'j'
    });
    match letter {
        Some((at, _)) if detailed && at > 0 => Some((at - 1, "invalid decimal literal".into())),
        _ => None,
    }
}

/// The first escape that the `unicodeescape` codec refuses: its first and last byte and why. Bytes are counted as the
/// codec sees them: characters beyond ASCII have become ten-byte escapes.
fn first_bad_escape(inner: &str) -> Option<(usize, usize, &'static str)> {
    let mut at = 0;
    let mut rest = inner;
    while let Some(first) = rest.chars().next() {
        if first != '\\' {
            at += if first.is_ascii() { 1 } else { 10 };
            rest = rest.get(first.len_utf8()..)?;
            continue;
        }
        let kind = rest.get(1..)?.chars().next()?;
        let (width, short) = match kind {
            'x' => (2, "truncated \\xXX escape"),
            'u' => (4, "truncated \\uXXXX escape"),
            'U' => (8, "truncated \\UXXXXXXXX escape"),
            'N' => {
                let name = rest.get(2..)?;
                let Some(open) = name.strip_prefix('{') else {
                    return Some((at, at + 1, "malformed \\N character escape"));
                };
                let Some(end) = open.find('}').filter(|&end| end > 0) else {
                    return Some((at, at + rest.len().min(3) - 1, "malformed \\N character escape"));
                };
                let literal = format!("'\\N{{{}}}'", open.get(..end)?);
                let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Expression);
                if !ruff_python_parser::parse_unchecked(&literal, options).errors().is_empty() {
                    return Some((at, at + 3 + end, "unknown Unicode character name"));
                }
                at += 4 + end;
                rest = rest.get(4 + end..)?;
                continue;
            }
            other => {
                at += if other.is_ascii() { 2 } else { 11 };
                rest = rest.get(1 + other.len_utf8()..)?;
                continue;
            }
        };
        let digits = rest.get(2..)?.chars().take(width).take_while(char::is_ascii_hexdigit).count();
        if digits < width {
            return Some((at, at + 1 + digits, short));
        }
        let point = u32::from_str_radix(rest.get(2..2 + width)?, 16).ok()?;
        if point > 0x10_FFFF {
            return Some((at, at + 1 + width, "illegal Unicode character"));
        }
        at += 2 + width;
        rest = rest.get(2 + width..)?;
    }
    None
}
