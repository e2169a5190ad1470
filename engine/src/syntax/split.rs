//! A source text cut into the pieces that an interactive prompt compiles one by one.

use super::lines::LineIndex;
use super::{Parsed, Ranged, SyntaxIssue, TextRange, TextSize, ast, depth};
use crate::rules::{Profile, SyntaxTexts};
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{Mode, ParseOptions};
use std::ops::Range;

/// Cuts a source text into interactive pieces, in order. A compound statement with all its clauses is one piece, so is a
/// line `a; b`. Decorators, comments and blank lines belong to the statement that follows, a comment on the same line to
/// the statement before it. Comments after the last statement belong to no piece.
///
/// The text need not parse: a broken piece is a piece, and the compiler will say what is wrong with it.
///
/// # Errors
/// Only when brackets or blocks are nested deeper than CPython allows.
pub fn split_interactive(source: &str) -> Result<Vec<Range<usize>>, SyntaxIssue> {
    let lines = LineIndex::new(source);
    depth::check(source, &lines)?;
    let parsed = ruff_python_parser::parse_unchecked(source, ParseOptions::from(Mode::Module));
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut line: Vec<&Token> = Vec::new();
    let mut indents = 0usize;
    let mut open_decorator = false;
    for token in parsed.tokens().iter() {
        match token.kind() {
            TokenKind::Comment | TokenKind::NonLogicalNewline => continue,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Newline | TokenKind::EndOfFile => {
                if let Some(first) = line.first() {
                    let end = end_of_line(source, token.start().to_usize());
                    let goes_on = indents > 0
                        || open_decorator
                        || matches!(
                            first.kind(),
                            TokenKind::Elif | TokenKind::Else | TokenKind::Except | TokenKind::Finally
                        );
                    match pieces.last_mut() {
                        Some(piece) if goes_on => piece.end = end,
                        _ => pieces.push(start..end),
                    }
                    start = end;
                    open_decorator = indents == 0 && first.kind() == TokenKind::At;
                    line.clear();
                }
            }
            _ => line.push(token),
        }
    }
    Ok(pieces)
}

/// The offset behind the line end at or after `at`.
fn end_of_line(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or("");
    match rest.find(['\n', '\r']) {
        Some(found) if rest.get(found..).is_some_and(|end| end.starts_with("\r\n")) => at + found + 2,
        Some(found) => at + found + 1,
        None => source.len(),
    }
}

/// CPython's rule for `single`: one line of simple statements or one compound statement, and nothing but comments after.
pub(super) fn single_statement(parsed: &Parsed, profile: &Profile) -> Result<(), SyntaxIssue> {
    let pieces = split_interactive(&parsed.text)?;
    let compound = parsed.suite.first().is_some_and(is_compound);
    match pieces.as_slice() {
        [] | [_] => {
            // A block ends with a line of its own; that of a one-line statement is the empty line behind it.
            let mut last = parsed.tokens.iter().rev().map(Token::kind).filter(|kind| *kind != TokenKind::EndOfFile);
            if compound && !parsed.text.ends_with('\n') && last.next() != Some(TokenKind::Dedent) {
                let end = TextRange::empty(TextSize::new(parsed.text.len() as u32));
                return Err(parsed.lines.issue(&parsed.text, "SyntaxError", end_text(profile).into(), end));
            }
            Ok(())
        }
        [_, second, ..] => {
            let kinds = |kind: TokenKind| move |token: &&Token| token.kind() == kind;
            // A block ends with its last line: what follows cannot even be read.
            let (message, at) = if compound {
                ("invalid syntax", Some(TextSize::new(second.start as u32)))
            } else {
                let end = parsed.tokens.iter().find(kinds(TokenKind::Newline)).map(|token| token.start());
                ("multiple statements found while compiling a single statement", end)
            };
            let at = TextRange::empty(at.unwrap_or_default());
            Err(parsed.lines.issue(&parsed.text, "SyntaxError", message.into(), at))
        }
    }
}

fn is_compound(statement: &ast::Stmt) -> bool {
    matches!(
        statement,
        ast::Stmt::FunctionDef(_)
            | ast::Stmt::ClassDef(_)
            | ast::Stmt::If(_)
            | ast::Stmt::For(_)
            | ast::Stmt::While(_)
            | ast::Stmt::With(_)
            | ast::Stmt::Try(_)
            | ast::Stmt::Match(_)
    )
}

/// Whether a text holds nothing but blanks and comments.
pub(super) fn is_blank(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#'))
}

/// What CPython says when the text ends before what it wants.
pub(super) fn end_text(profile: &Profile) -> &'static str {
    if profile.syntax_texts < SyntaxTexts::Detailed { "unexpected EOF while parsing" } else { "invalid syntax" }
}

#[cfg(test)]
mod tests {
    use super::super::parse_interactive;
    use super::*;
    use crate::rules::py;

    fn pieces(source: &str) -> Vec<&str> {
        split_interactive(source).expect("splits").into_iter().map(|piece| &source[piece]).collect()
    }

    #[test]
    fn lines_blocks_and_comments() {
        let source = "# top\nx = 1  # one\n\na; b\n@d\n# about f\n@e\ndef f():\n    pass\n    # inside\n\n# next\nif x: y\nelif z:\n    w\nelse: v\nf(\n 1)\n# end\n";
        assert_eq!(
            pieces(source),
            [
                "# top\nx = 1  # one\n",
                "\na; b\n",
                "@d\n# about f\n@e\ndef f():\n    pass\n",
                "    # inside\n\n# next\nif x: y\nelif z:\n    w\nelse: v\n",
                "f(\n 1)\n",
            ]
        );
    }

    #[test]
    fn broken_pieces_are_pieces() {
        assert_eq!(pieces("x = = 1\ny\n"), ["x = = 1\n", "y\n"]);
        assert_eq!(pieces("x\ny = (\nz\n"), ["x\n", "y = (\nz\n"]);
        assert_eq!(pieces("\r\nx\r\ny"), ["\r\nx\r\n", "y"]);
        assert!(pieces("# only\n").is_empty());
        assert!(pieces("").is_empty());
    }

    #[test]
    fn interactive_source_holds_one_statement() {
        let profile = Profile::of(py(13, 0));
        let parse = |source: &str| {
            let parsed = parse_interactive(source.as_bytes(), 3, &profile);
            parsed.map(|_| ()).map_err(|issue| (issue.message, issue.line, issue.column))
        };
        for good in ["x", "x; y\n", "if x:\n  y\nelse: z\n", "\n\nx # c\n# d\n", "@d\ndef f():\n  pass\n\n"] {
            assert_eq!(parse(good), Ok(()), "{good:?}");
        }
        let several = "multiple statements found while compiling a single statement";
        assert_eq!(parse("x\ny\n"), Err((several.into(), 3, 2)));
        assert_eq!(parse("if x:\n  y\nz\n"), Err(("invalid syntax".into(), 5, 1)));
    }
}
