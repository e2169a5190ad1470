//! What CPython's tokenizer and parser let pass with a warning: escapes that mean nothing, and numbers that run into a
//! keyword.

use super::lines::LineIndex;
use super::{Ranged, TextRange, TextSize};
use crate::rules::{EscapeWarning, NumberWarning, Profile, SyntaxTexts};
use ruff_python_ast::token::{Token, TokenKind, Tokens};

/// A warning, before it is one of the compiler's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Doubt {
    /// A DeprecationWarning, not a SyntaxWarning.
    pub deprecation: bool,
    /// CPython's text.
    pub message: String,
    /// 1-based line.
    pub line: u32,
}

/// All doubts about a text that parses, in its order.
pub(super) fn doubts(text: &str, lines: &LineIndex, tokens: &Tokens, profile: &Profile) -> Vec<Doubt> {
    let mut found = Vec::new();
    // The f-strings around the current token: whether raw, whether bytes cannot be, and where they end.
    let mut raw: Vec<(bool, TextSize)> = Vec::new();
    let mut previous: Option<&Token> = None;
    for (at, token) in tokens.iter().enumerate() {
        let slice = |range: TextRange| text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("");
        match token.kind() {
            TokenKind::String => {
                let literal = slice(token.range());
                let prefix = literal.find(['"', '\'']).unwrap_or(0);
                let (prefix, rest) = literal.split_at(prefix);
                if !prefix.contains(['r', 'R']) {
                    let bytes = prefix.contains(['b', 'B']);
                    let start = lines.position(token.start()).0;
                    found.extend(escape(rest, bytes, start, profile));
                }
            }
            TokenKind::FStringStart | TokenKind::TStringStart => {
                let end = end_of_interpolated(tokens, at).unwrap_or(token.end());
                raw.push((slice(token.range()).contains(['r', 'R']), end));
            }
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                raw.pop();
            }
            TokenKind::FStringMiddle | TokenKind::TStringMiddle => {
                if let Some((false, end)) = raw.last() {
                    // The parser looks at the pieces when it has read the whole string.
                    let place = if profile.syntax_texts >= SyntaxTexts::FStrings { *end } else { token.start() };
                    let start = lines.position(place).0;
                    found.extend(escape(slice(token.range()), false, start, profile));
                }
            }
            TokenKind::And
            | TokenKind::Else
            | TokenKind::For
            | TokenKind::If
            | TokenKind::In
            | TokenKind::Is
            | TokenKind::Not
            | TokenKind::Or => {
                if let Some(number) = previous.filter(|number| number.end() == token.start()) {
                    found.extend(number_before_keyword(number, slice(number.range()), lines, profile));
                }
            }
            _ => {}
        }
        previous = Some(token);
    }
    found
}

/// Where the f-string that begins with this token ends.
fn end_of_interpolated(tokens: &Tokens, start: usize) -> Option<TextSize> {
    let mut depth = 0usize;
    for token in tokens.get(start..)? {
        match token.kind() {
            TokenKind::FStringStart | TokenKind::TStringStart => depth += 1,
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(token.start());
                }
            }
            _ => {}
        }
    }
    None
}

/// The first escape of a literal that means nothing; later ones are passed over.
fn escape(literal: &str, bytes: bool, line: u32, profile: &Profile) -> Option<Doubt> {
    let mut newlines = 0;
    let mut rest = literal;
    while let Some(at) = rest.find('\\') {
        newlines += rest.get(..at)?.matches('\n').count() as u32;
        let behind = rest.get(at + 1..)?;
        let letter = behind.chars().next()?;
        let octal = behind.len() - behind.trim_start_matches(|c: char| ('0'..='7').contains(&c)).len();
        let known = match letter {
            '\n' | '\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' => true,
            'N' | 'u' | 'U' => !bytes,
            '0'..='7' => {
                let digits = behind.get(..octal.min(3))?;
                let large = digits.len() == 3 && digits > "377";
                if large && profile.octal_escape_warns {
                    return Some(escape_doubt(digits, true, line, newlines, profile));
                }
                true
            }
            letter => !letter.is_ascii(),
        };
        if !known {
            return Some(escape_doubt(&letter.to_string(), false, line, newlines, profile));
        }
        newlines += u32::from(letter == '\n');
        rest = behind.get(letter.len_utf8()..)?;
    }
    None
}

fn escape_doubt(shown: &str, octal: bool, line: u32, newlines: u32, profile: &Profile) -> Doubt {
    let octal = if octal { "octal " } else { "" };
    let (deprecation, message, line) = match profile.escape_warning {
        EscapeWarning::Bare => (true, format!("invalid {octal}escape sequence \\{shown}"), line),
        EscapeWarning::Quoted => (true, format!("invalid {octal}escape sequence '\\{shown}'"), line),
        EscapeWarning::Syntax => (false, format!("invalid {octal}escape sequence '\\{shown}'"), line),
        EscapeWarning::Suggests => {
            let message = format!(
                "\"\\{shown}\" is an invalid {octal}escape sequence. Such sequences will not work in the future. Did you \
                 mean \"\\\\{shown}\"? A raw string is also an option."
            );
            (false, message, line + newlines)
        }
    };
    Doubt { deprecation, message, line }
}

/// `1or 2`
fn number_before_keyword(number: &Token, digits: &str, lines: &LineIndex, profile: &Profile) -> Option<Doubt> {
    let kind = match (number.kind(), digits.get(..2)) {
        (TokenKind::Complex, _) => "imaginary",
        (TokenKind::Int, Some("0x" | "0X")) => "hexadecimal",
        (TokenKind::Int, Some("0o" | "0O")) => "octal",
        (TokenKind::Int, Some("0b" | "0B")) => "binary",
        (TokenKind::Int | TokenKind::Float, _) => "decimal",
        _ => return None,
    };
    let deprecation = match profile.number_warning {
        NumberWarning::Silent => return None,
        NumberWarning::Deprecation => true,
        NumberWarning::Syntax => false,
    };
    let line = lines.position(number.start()).0;
    Some(Doubt { deprecation, message: format!("invalid {kind} literal"), line })
}
