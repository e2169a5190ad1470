//! From ruff's parse errors to CPython's text, class and position.

use super::lines::LineIndex;
use super::{Ranged, SyntaxIssue};
use crate::rules::Profile;
use ruff_python_ast::token::Tokens;
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError};

/// The first error of a parse as CPython would report it.
pub(super) fn report(
    text: &str,
    lines: &LineIndex,
    profile: &Profile,
    errors: &[ParseError],
    unsupported: &[UnsupportedSyntaxError],
    tokens: &Tokens,
) -> Result<(), SyntaxIssue> {
    let _ = (profile, tokens);
    if let Some(error) = errors.first() {
        let (class, message) = match &error.error {
            ParseErrorType::UnexpectedIndentation => ("IndentationError", "unexpected indent".to_string()),
            ParseErrorType::Lexical(LexicalErrorType::IndentationError) => {
                ("IndentationError", "unindent does not match any outer indentation level".to_string())
            }
            _ => ("SyntaxError", "invalid syntax".to_string()),
        };
        return Err(lines.issue(text, class, message, error.location));
    }
    if let Some(error) = unsupported.first() {
        return Err(lines.issue(text, "SyntaxError", "invalid syntax".to_string(), error.range()));
    }
    Ok(())
}
