//! A facade over ruff's parser: the only module that names a ruff crate.

pub(crate) use ruff_python_ast as ast;
pub(crate) use ruff_text_size::{Ranged, TextRange, TextSize};

/// An error that CPython finds before it runs anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxIssue {
    /// `SyntaxError`, `IndentationError` or `TabError`.
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
