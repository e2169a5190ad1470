//! Where `lazy import` may stand: at module level, and in no `try` statement.

use super::Checked;
use crate::scope::future::is_future;
use crate::syntax::{Parsed, Ranged, TextRange, TextSize, Token, TokenKind, ast, deeper, suites};

/// The innermost thing around a statement that forbids it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Around {
    Nothing,
    Function,
    Class,
    Try,
}

/// Refuses the first lazy import at a wrong place.
pub(super) fn check(parsed: &Parsed) -> Checked {
    let lazy = |token: &Token| token.kind() == TokenKind::Lazy;
    if parsed.tokens.iter().any(lazy) { suite(parsed, &parsed.suite, Around::Nothing) } else { Ok(()) }
}

fn suite(parsed: &Parsed, body: &[ast::Stmt], around: Around) -> Checked {
    for statement in body {
        let inner = match statement {
            ast::Stmt::Import(import) if import.is_lazy => {
                placed(parsed, "import", around, import.range())?;
                continue;
            }
            ast::Stmt::ImportFrom(import) if import.is_lazy => {
                if is_future(import) {
                    let word = TextRange::at(import.range().start(), TextSize::new(4));
                    return Err(parsed.issue("lazy from __future__ import is not allowed", word));
                }
                placed(parsed, "from ... import", around, import.range())?;
                if import.names.iter().any(|alias| alias.name.as_str() == "*") {
                    return Err(parsed.issue("lazy from ... import * is not allowed", import.range()));
                }
                continue;
            }
            ast::Stmt::FunctionDef(_) => Around::Function,
            ast::Stmt::ClassDef(_) => Around::Class,
            ast::Stmt::Try(_) if around != Around::Function => Around::Try,
            _ => around,
        };
        for body in suites(statement) {
            deeper(|| suite(parsed, body, inner))?;
        }
    }
    Ok(())
}

fn placed(parsed: &Parsed, what: &str, around: Around, range: TextRange) -> Checked {
    let place = match around {
        Around::Nothing => return Ok(()),
        Around::Function => "functions",
        Around::Class => "classes",
        Around::Try => "try/except blocks",
    };
    Err(parsed.issue(format!("lazy {what} not allowed inside {place}"), range))
}
