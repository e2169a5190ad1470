//! Future statements at the head of a text; CPython reads them before it makes the symbol table.

use crate::rules::Profile;
use crate::syntax::{Parsed, Ranged, SyntaxIssue, TextSize, ast};

/// What the head of a text asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Future {
    /// `annotations`
    pub(super) annotations: bool,
    /// Where the last future statement ends: one behind it is an error.
    pub(super) end: TextSize,
}

/// Features that once were in the future and change nothing any more.
const MANDATORY: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "generator_stop",
    "barry_as_FLUFL",
];

/// Reads the future statements at the head of a text.
pub(super) fn find(parsed: &Parsed, profile: &Profile) -> Result<Future, SyntaxIssue> {
    let mut future = Future::default();
    for (at, statement) in parsed.suite.iter().enumerate() {
        match statement {
            // The docstring.
            ast::Stmt::Expr(expression) if at == 0 && expression.value.is_string_literal_expr() => {}
            ast::Stmt::ImportFrom(import) if is_future(import) => {
                for alias in &import.names {
                    match alias.name.as_str() {
                        "annotations" => future.annotations = true,
                        name if MANDATORY.contains(&name) => {}
                        name => {
                            let range = if profile.future_error_at_name { alias.range() } else { import.range() };
                            let text = match name {
                                "braces" => "not a chance".to_string(),
                                name => format!("future feature {name} is not defined"),
                            };
                            return Err(parsed.issue(text, range));
                        }
                    }
                }
                future.end = import.range().end();
            }
            _ => break,
        }
    }
    Ok(future)
}

/// `from __future__ import …`
pub(super) fn is_future(import: &ast::StmtImportFrom) -> bool {
    import.level == 0 && import.module.as_ref().is_some_and(|module| module.as_str() == "__future__")
}
