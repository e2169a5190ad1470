//! A facade over ruff's parser: the only module that names a ruff crate.
//!
//! Invariant: whatever bytes come in, the answer is a tree of bounded depth or a [`SyntaxIssue`]. Trees may still be
//! deep enough to exhaust a small stack, so whoever walks one recursively goes through `deeper`.

pub(crate) mod carets;
mod constructs;
mod decode;
mod depth;
mod doubtful;
mod errors;
mod lines;
pub(crate) mod literal;
mod outline;
mod split;
mod walk;

pub use constructs::{Construct, constructs};
pub use outline::{Comment, Outline, Statement, StatementKind, comments, long_strings, outline, outline_for};
pub use split::split_interactive;

pub(crate) use doubtful::Doubt;
pub(crate) use outline::suites;
pub(crate) use ruff_python_ast as ast;
pub(crate) use ruff_python_ast::token::{Token, TokenKind};
pub(crate) use ruff_text_size::{Ranged, TextRange, TextSize};
pub(crate) use walk::try_parts;

use crate::rules::Profile;
use lines::LineIndex;
use ruff_python_ast::PythonVersion;
use ruff_python_ast::token::Tokens;
use ruff_python_parser::{Mode, ParseOptions};

/// An error that CPython finds before it runs anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxIssue {
    /// `SyntaxError`, `IndentationError` or `TabError`; also `ValueError`, `MemoryError` or `RecursionError` for source
    /// text that CPython refuses with one of these.
    pub class: &'static str,
    /// CPython's text.
    pub message: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters, as `SyntaxError.offset`.
    pub column: u32,
    /// 1-based line of the end, as `SyntaxError.end_lineno`.
    pub end_line: u32,
    /// 1-based column of the end.
    pub end_column: u32,
}

/// What a source text is compiled as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SourceKind {
    /// `exec`: any number of statements.
    Module,
    /// `single`: one interactive statement, or several on one line.
    Interactive,
    /// `eval`: one expression, which stands as the only statement of the suite.
    Expression,
}

/// A source text and its tree. Lines of the text end in `\n`.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The decoded text that all ranges refer to.
    pub text: String,
    /// The statements; of an expression to evaluate, one expression statement.
    pub suite: ast::Suite,
    /// All tokens, comments included.
    pub tokens: Tokens,
    /// The 1-based number of the text's first line.
    pub first_line: u32,
    lines: LineIndex,
    depth: usize,
}

impl Parsed {
    /// Where a range lies: (line, column, end line, end column), lines from `first_line`, columns in UTF-8 bytes from 0.
    pub(crate) fn location(&self, range: TextRange) -> (u32, u32, u32, u32) {
        let (line, col) = self.lines.position(range.start());
        let (end_line, end_col) = self.lines.position(range.end());
        let before = self.first_line.saturating_sub(1);
        (line + before, col, end_line + before, end_col)
    }

    /// The text of a range.
    pub(crate) fn slice(&self, range: TextRange) -> &str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("")
    }

    /// Where a definition begins for CPython: at `def`, `async` or `class`, behind the decorators.
    pub(crate) fn definition_start(&self, decorators: &[ast::Decorator], range: TextRange) -> TextSize {
        let Some(last) = decorators.last() else { return range.start() };
        let behind = self.tokens.partition_point(|token| token.start() < last.range().end());
        let rest = self.tokens.get(behind..).unwrap_or(&[]);
        let first = rest.iter().find(|token| !token.kind().is_trivia() && token.kind() != TokenKind::Newline);
        first.map_or(range.start(), |token| token.start().min(range.end()))
    }

    /// The range of a generator expression as CPython sees it: the only argument of a call has the call's parentheses.
    pub(crate) fn generator_range(&self, generator: &ast::ExprGenerator) -> TextRange {
        let range = generator.range();
        if generator.parenthesized {
            return range;
        }
        let first = self.tokens.partition_point(|token| token.start() < range.start());
        let last = self.tokens.partition_point(|token| token.start() < range.end());
        let open = self.tokens.get(..first).unwrap_or(&[]).iter().rev().find(|token| !token.kind().is_trivia());
        let close = self.tokens.get(last..).unwrap_or(&[]).iter().find(|token| token.kind() == TokenKind::Rpar);
        match (open, close) {
            (Some(open), Some(close)) => TextRange::new(open.start(), close.end().max(range.end())),
            _ => range,
        }
    }

    /// Whether an opening parenthesis stands right before this range.
    pub(crate) fn is_parenthesized(&self, range: TextRange) -> bool {
        let first = self.tokens.partition_point(|token| token.start() < range.start());
        let before = self.tokens.get(..first).unwrap_or(&[]).iter().rev().find(|token| !token.kind().is_trivia());
        before.is_some_and(|token| token.kind() == TokenKind::Lpar)
    }

    /// What the text is warned of before it is compiled.
    pub(crate) fn doubts(&self, profile: &Profile) -> Vec<Doubt> {
        let mut doubts = doubtful::doubts(&self.text, &self.lines, &self.tokens, profile);
        for doubt in &mut doubts {
            doubt.line += self.first_line.saturating_sub(1);
        }
        doubts
    }

    /// A SyntaxError about this range.
    pub(crate) fn issue(&self, message: impl Into<String>, range: TextRange) -> SyntaxIssue {
        let mut issue = self.lines.issue(&self.text, "SyntaxError", message.into(), range);
        issue.shift(self.first_line);
        issue
    }
}

impl Drop for Parsed {
    /// A deep tree is taken apart recursively.
    fn drop(&mut self) {
        let suite = std::mem::take(&mut self.suite);
        if self.depth > depth::SHALLOW {
            stacker::grow(self.depth * 2048 + 128 * 1024, || drop(suite));
        }
    }
}

impl SyntaxIssue {
    fn shift(&mut self, first_line: u32) {
        let before = first_line.saturating_sub(1);
        self.line += before;
        self.end_line += before;
    }
}

/// Runs a step of a recursive walk with enough stack left for it.
pub(crate) fn deeper<T>(step: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, step)
}

/// Parses a whole module.
#[cfg(test)]
pub(crate) fn parse_module(source: &[u8], profile: &Profile) -> Result<Parsed, SyntaxIssue> {
    parse(source, 1, SourceKind::Module, profile, false)
}

/// Parses one interactive statement; `first_line` is the number of its first line.
#[cfg(test)]
pub(crate) fn parse_interactive(source: &[u8], first_line: u32, profile: &Profile) -> Result<Parsed, SyntaxIssue> {
    parse(source, first_line, SourceKind::Interactive, profile, false)
}

/// Parses a source. In one that is a str (`is_text`) a coding line means nothing.
pub(crate) fn parse(
    source: &[u8],
    first_line: u32,
    kind: SourceKind,
    profile: &Profile,
    is_text: bool,
) -> Result<Parsed, SyntaxIssue> {
    let shifted = |mut issue: SyntaxIssue| {
        issue.shift(first_line);
        issue
    };
    let text = decode::decode(source, profile, is_text).map_err(shifted)?;
    if kind == SourceKind::Expression && text.starts_with([' ', '\t']) && !split::is_blank(&text) {
        let lines = LineIndex::new(&text);
        let blanks = text.len() - text.trim_start_matches([' ', '\t']).len();
        let place = TextRange::empty(TextSize::new(blanks.saturating_sub(1) as u32));
        return Err(shifted(lines.issue(&text, "IndentationError", "unexpected indent".into(), place)));
    }
    if kind != SourceKind::Module && split::is_blank(&text) {
        let end = TextRange::empty(TextSize::new(text.len() as u32));
        let mut issue = LineIndex::new(&text).issue(&text, "SyntaxError", split::end_text(profile).into(), end);
        if text.is_empty() {
            (issue.line, issue.end_line) = (0, 0);
        }
        return Err(if text.is_empty() { issue } else { shifted(issue) });
    }
    parse_text(text, first_line, kind, profile).map_err(shifted)
}

fn parse_text(text: String, first_line: u32, kind: SourceKind, profile: &Profile) -> Result<Parsed, SyntaxIssue> {
    let lines = LineIndex::new(&text);
    let depth = depth::check(&text, &lines)?;
    let version = PythonVersion { major: 3, minor: profile.grammar };
    let (suite, tokens) = match kind {
        SourceKind::Module | SourceKind::Interactive => {
            let options = ParseOptions::from(Mode::Module).with_target_version(version);
            let parsed = ruff_python_parser::parse_unchecked(&text, options);
            errors::report(
                &text,
                &lines,
                profile,
                parsed.errors(),
                parsed.unsupported_syntax_errors(),
                parsed.tokens(),
            )?;
            let tokens = parsed.tokens().clone();
            match parsed.into_syntax() {
                ast::Mod::Module(module) => (module.body, tokens),
                ast::Mod::Expression(_) => (ast::Suite::new(), tokens),
            }
        }
        SourceKind::Expression => {
            let options = ParseOptions::from(Mode::Expression).with_target_version(version);
            let parsed = ruff_python_parser::parse_unchecked(&text, options);
            errors::report(
                &text,
                &lines,
                profile,
                parsed.errors(),
                parsed.unsupported_syntax_errors(),
                parsed.tokens(),
            )?;
            let tokens = parsed.tokens().clone();
            match parsed.into_syntax() {
                ast::Mod::Module(module) => (module.body, tokens),
                ast::Mod::Expression(expression) => {
                    let range = expression.body.range();
                    let statement =
                        ast::StmtExpr { node_index: ast::AtomicNodeIndex::NONE, range, value: expression.body };
                    (std::iter::once(ast::Stmt::Expr(statement)).collect(), tokens)
                }
            }
        }
    };
    if !profile.match_statement
        && let Some(range) = first_match(&suite)
    {
        return Err(lines.issue(&text, "SyntaxError", "invalid syntax".to_string(), range));
    }
    let parsed = Parsed { text, suite, tokens, first_line, lines, depth };
    literal::check_digits(&parsed, profile)?;
    if kind == SourceKind::Interactive {
        split::single_statement(&parsed, profile)?;
    }
    Ok(parsed)
}
/// The first `match` statement: not every form of it is an error to ruff where the grammar has none.
fn first_match(suite: &[ast::Stmt]) -> Option<TextRange> {
    suite.iter().find_map(|statement| match statement {
        ast::Stmt::Match(match_) => Some(match_.range()),
        other => outline::suites(other).into_iter().find_map(|suite| deeper(|| first_match(suite))),
    })
}
