//! Errors that are seen in the tokens alone: brackets that do not match, tabs that do not agree with blanks.

use super::super::{Ranged, TextRange, TextSize};
use super::messages::INVALID;
use super::{Found, Report};
use crate::rules::SyntaxTexts;
use ruff_python_ast::token::{Token, TokenKind};

impl Report<'_> {
    /// The first closing bracket without or with the wrong opening one.
    pub(super) fn bracket_error(&self) -> Option<Found> {
        let mut open: Vec<&Token> = Vec::new();
        for token in self.tokens.iter() {
            match token.kind() {
                kind if closing_of(kind).is_some() => open.push(token),
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                    let text = self.slice(token.range());
                    let Some(start) = open.pop() else {
                        return Some(Found::syntax(format!("unmatched '{text}'"), token.range()));
                    };
                    if closing_of(start.kind()) != Some(token.kind()) {
                        let opening = self.slice(start.range());
                        let line = self.line_of(start.range());
                        let place = if line == self.line_of(token.range()) {
                            String::new()
                        } else {
                            format!(" on line {line}")
                        };
                        let message = format!(
                            "closing parenthesis '{text}' does not match opening parenthesis '{opening}'{place}"
                        );
                        return Some(Found::syntax(message, token.range()));
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// A named assignment as a statement: the parser says what the target is, or read on behind the value.
    pub(super) fn bare_walrus(&self, found: Found) -> Found {
        let walrus = self.at(found.range.start()).filter(|token| token.kind() == TokenKind::ColonEqual);
        let Some(walrus) = walrus.filter(|_| found.message == INVALID && self.texts() >= SyntaxTexts::Peg) else {
            return found;
        };
        let ends = |token: &&Token| matches!(token.kind(), TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile);
        let mut first = None;
        for token in self.before(walrus.start()) {
            match token.kind() {
                TokenKind::Newline | TokenKind::Semi | TokenKind::Indent | TokenKind::Dedent | TokenKind::Colon => {
                    break;
                }
                TokenKind::Equal => return found,
                _ => first = Some(token),
            }
        }
        let Some(first) = first else { return found };
        let target = TextRange::new(first.start(), walrus.start());
        let name = self.name_at(target);
        if name != "name" {
            return Found::syntax(format!("cannot use assignment expressions with {name}"), target);
        }
        if self.texts() >= SyntaxTexts::Detailed || first.kind() != TokenKind::Name {
            return found;
        }
        // The parser of 3.9 tells how far it came.
        match self.tokens.iter().filter(|token| token.start() > walrus.start()).find(ends) {
            Some(end) => Found::syntax(INVALID, TextRange::empty(end.start())),
            None => found,
        }
    }

    /// The innermost bracket that is still open at the end.
    fn open_bracket(&self) -> Option<&Token> {
        let mut open: Vec<&Token> = Vec::new();
        for token in self.tokens.iter() {
            match token.kind() {
                kind if closing_of(kind).is_some() => open.push(token),
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }

    /// A bracket that is never closed is the error if the parser stumbled on a later line, or at the end.
    pub(super) fn unless_never_closed(&self, found: Found, reached: TextRange) -> Found {
        let Some(bracket) = self.open_bracket() else { return found };
        let at_end = self.text.get(reached.start().to_usize()..).is_none_or(|rest| rest.trim().is_empty());
        if self.texts() >= SyntaxTexts::Detailed {
            if at_end || self.line_of(reached) > self.line_of(bracket.range()) {
                return Found::syntax(format!("'{}' was never closed", self.slice(bracket.range())), bracket.range());
            }
        } else if at_end {
            let end = TextSize::new(self.text.trim_end_matches('\n').len() as u32);
            return Found::syntax("unexpected EOF while parsing", TextRange::empty(end));
        }
        found
    }

    /// Indentation that reads differently with tabs of another width.
    pub(super) fn tab_error(&self) -> Option<Found> {
        let mut levels: Vec<(usize, usize)> = vec![(0, 0)];
        let mut fresh = true;
        for token in self.tokens.iter() {
            match token.kind() {
                TokenKind::Newline => fresh = true,
                TokenKind::Indent | TokenKind::Dedent | TokenKind::Comment | TokenKind::NonLogicalNewline => {}
                TokenKind::EndOfFile => break,
                // The lexer's own error about indentation covers the blanks.
                TokenKind::Unknown if self.slice(token.range()).trim().is_empty() => {}
                _ if fresh => {
                    fresh = false;
                    let start = self.lines.start(self.line_of(token.range()));
                    let blanks = self.text.get(start..token.start().to_usize()).unwrap_or("");
                    let width = |tab: usize| {
                        blanks.chars().fold(0, |column, c| match c {
                            '\t' => (column / tab + 1) * tab,
                            '\x0c' => 0,
                            _ => column + 1,
                        })
                    };
                    let (wide, narrow) = (width(8), width(1));
                    while levels.last().is_some_and(|level| wide < level.0) {
                        levels.pop();
                    }
                    let top = levels.last().copied().unwrap_or((0, 0));
                    let agrees = if wide > top.0 { narrow > top.1 } else { wide != top.0 || narrow == top.1 };
                    if !agrees {
                        let place = TextRange::empty(TextSize::new(start as u32));
                        let message = "inconsistent use of tabs and spaces in indentation".to_string();
                        return Some(Found::new("TabError", message, place));
                    }
                    if wide > top.0 {
                        levels.push((wide, narrow));
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The tokens before an offset, without comments and line ends inside brackets.
    pub(super) fn before(&self, offset: TextSize) -> impl Iterator<Item = &Token> {
        let end = self.tokens.partition_point(|token| token.start() < offset);
        let before = self.tokens.get(..end).unwrap_or(&[]);
        before.iter().rev().filter(|token| !token.kind().is_trivia())
    }

    /// The token that begins at an offset or behind it.
    pub(super) fn at(&self, offset: TextSize) -> Option<&Token> {
        let start = self.tokens.partition_point(|token| token.start() < offset);
        self.tokens.get(start..).unwrap_or(&[]).iter().find(|token| !token.kind().is_trivia())
    }

    /// Whether an offset lies in a replacement field of an f-string.
    pub(super) fn is_in_field(&self, offset: TextSize) -> bool {
        let mut closed = 0usize;
        for token in self.before(offset) {
            match token.kind() {
                TokenKind::FStringEnd => closed += 1,
                TokenKind::FStringStart if closed == 0 => return true,
                TokenKind::FStringStart => closed -= 1,
                TokenKind::Newline => return false,
                _ => {}
            }
        }
        false
    }

    /// Whether the innermost bracket around an offset is a brace.
    pub(super) fn in_braces(&self, offset: TextSize) -> bool {
        let mut depth = 0usize;
        for token in self.before(offset) {
            match token.kind() {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                kind if closing_of(kind).is_some() && depth == 0 => return kind == TokenKind::Lbrace,
                kind if closing_of(kind).is_some() => depth -= 1,
                TokenKind::Newline => return false,
                _ => {}
            }
        }
        false
    }

    /// Whether an offset lies inside brackets.
    pub(super) fn in_brackets(&self, offset: TextSize) -> bool {
        let mut depth = 0usize;
        for token in self.before(offset) {
            match token.kind() {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                kind if closing_of(kind).is_some() => {
                    if depth == 0 {
                        return true;
                    }
                    depth -= 1;
                }
                TokenKind::Newline => return false,
                _ => {}
            }
        }
        false
    }

    /// Where the operand that ends before `offset` begins: behind the nearest comma, colon, `=`, keyword of a clause or
    /// bracket that encloses it.
    pub(super) fn operand_start(&self, offset: TextSize) -> Option<TextSize> {
        let mut depth = 0usize;
        let mut start = None;
        for token in self.before(offset) {
            match token.kind() {
                TokenKind::Rpar
                | TokenKind::Rsqb
                | TokenKind::Rbrace
                | TokenKind::FStringEnd
                | TokenKind::TStringEnd => {
                    depth += 1;
                }
                kind if closing_of(kind).is_some()
                    || matches!(kind, TokenKind::FStringStart | TokenKind::TStringStart) =>
                {
                    if depth == 0 {
                        return start;
                    }
                    depth -= 1;
                }
                kind if depth == 0 && ends_operand(kind) => return start,
                _ => {}
            }
            start = Some(token.start());
        }
        start
    }
}

fn ends_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Comma
            | TokenKind::Colon
            | TokenKind::Equal
            | TokenKind::ColonEqual
            | TokenKind::Semi
            | TokenKind::Newline
            | TokenKind::Indent
            | TokenKind::Dedent
            | TokenKind::If
            | TokenKind::Elif
            | TokenKind::While
            | TokenKind::Else
            | TokenKind::For
            | TokenKind::In
            | TokenKind::Return
            | TokenKind::Yield
            | TokenKind::Assert
            | TokenKind::Del
            | TokenKind::With
            | TokenKind::Raise
    )
}

fn closing_of(kind: TokenKind) -> Option<TokenKind> {
    match kind {
        TokenKind::Lpar => Some(TokenKind::Rpar),
        TokenKind::Lsqb => Some(TokenKind::Rsqb),
        TokenKind::Lbrace => Some(TokenKind::Rbrace),
        _ => None,
    }
}
