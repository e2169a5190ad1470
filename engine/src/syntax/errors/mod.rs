//! From ruff's parse errors to CPython's text, class and position.
//!
//! The class and the line are exact for what programs get wrong; the text is, as far as it has been compared. What is not
//! known here by name is "invalid syntax", as it mostly is in CPython.

mod expected;
mod lexical;
mod messages;
mod names;
mod tokens;

use super::lines::LineIndex;
use super::{Ranged, SyntaxIssue, TextRange, TextSize};
use crate::rules::{Profile, SyntaxTexts};
use ruff_python_ast::token::Tokens;
use ruff_python_parser::{InterpolatedStringErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError};

/// An error found in a text.
pub(super) struct Found {
    class: &'static str,
    message: String,
    range: TextRange,
    /// Where the token begins at which it is found, which decides what comes first.
    at: TextSize,
}

impl Found {
    fn syntax(message: impl Into<String>, range: TextRange) -> Found {
        Found::new("SyntaxError", message, range)
    }

    fn new(class: &'static str, message: impl Into<String>, range: TextRange) -> Found {
        Found { class, message: message.into(), range, at: range.start() }
    }
}

/// What the messages are made from.
struct Report<'a> {
    text: &'a str,
    lines: &'a LineIndex,
    profile: &'a Profile,
    tokens: &'a Tokens,
}

/// The first error of a parse as CPython would report it.
pub(super) fn report(
    text: &str,
    lines: &LineIndex,
    profile: &Profile,
    errors: &[ParseError],
    unsupported: &[UnsupportedSyntaxError],
    tokens: &Tokens,
) -> Result<(), SyntaxIssue> {
    let report = Report { text, lines, profile, tokens };
    match report.first(errors, unsupported) {
        None => Ok(()),
        Some(found) => Err(lines.issue(text, found.class, found.message, found.range)),
    }
}

impl Report<'_> {
    fn first(&self, errors: &[ParseError], unsupported: &[UnsupportedSyntaxError]) -> Option<Found> {
        let tokenizer = self.first_of_tokenizer(errors);
        let mut of_parser = errors.iter().filter(|error| !lexical::is_of_tokenizer(&error.error));
        let bare_lambda = |error: &&&ParseError| {
            matches!(error.error, ParseErrorType::FStringError(InterpolatedStringErrorType::LambdaWithoutParentheses))
        };
        let error = of_parser.clone().find(|error| bare_lambda(&error)).or_else(|| of_parser.next());
        let old = unsupported.iter().min_by_key(|error| error.range().start());
        let parser = match (error, old) {
            (Some(error), Some(old)) if old.range().start() < error.location.start() => {
                Some((self.unsupported(old), old.range()))
            }
            (Some(error), _) => {
                let found = self.in_field(self.parser_error(error), error.location);
                Some((self.bare_walrus(found), error.location))
            }
            (None, Some(old)) => Some((self.unsupported(old), old.range())),
            (None, None) => None,
        };
        match (tokenizer, parser) {
            // From 3.10 on the tokenizer is asked about the rest of the text before the parser's error is reported.
            (Some(tokenizer), Some((parser, reached))) if self.texts() < SyntaxTexts::Detailed => {
                Some(if reached.start() < tokenizer.at { parser } else { tokenizer })
            }
            // A block that nobody asked for is reported at once.
            (Some(tokenizer), Some((parser, reached)))
                if parser.class == "IndentationError" && reached.start() < tokenizer.at =>
            {
                Some(parser)
            }
            (Some(tokenizer), _) => Some(tokenizer),
            (None, Some((parser, reached))) => Some(self.unless_never_closed(parser, reached)),
            (None, None) => None,
        }
    }

    /// What CPython's tokenizer would find: indentation, brackets, characters, strings and numbers.
    fn first_of_tokenizer(&self, errors: &[ParseError]) -> Option<Found> {
        let lexical = errors.iter().filter_map(|error| match &error.error {
            ParseErrorType::Lexical(_) if !lexical::is_of_tokenizer(&error.error) => None,
            ParseErrorType::Lexical(lexical) => self.lexical_error(lexical, error.location),
            _ => self.number_error(error.location),
        });
        let brackets = self.bracket_error();
        let tabs = self.tab_error();
        // Of two at one place the first counts.
        tabs.into_iter().chain(lexical).chain(brackets).min_by_key(|found| found.at)
    }

    fn texts(&self) -> SyntaxTexts {
        self.profile.syntax_texts
    }

    /// The text of a range.
    fn slice(&self, range: TextRange) -> &str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("")
    }

    fn line_of(&self, range: TextRange) -> u32 {
        self.lines.position(range.start()).0
    }
}

#[cfg(test)]
mod tests;
