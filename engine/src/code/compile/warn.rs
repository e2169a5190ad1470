//! The warnings that the code generator gives: code that is legal and surely a mistake.

use super::Compiler;
use crate::code::pool::Value;
use crate::code::{Warning, WarningCategory};
use crate::syntax::ast::{self, Expr, Stmt};
use crate::syntax::{Ranged, TextRange, deeper, suites};

/// The name of a constant's type.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::None => "NoneType",
        Value::Bool(_) => "bool",
        Value::Ellipsis => "ellipsis",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::Complex(..) => "complex",
        Value::Str(_) => "str",
        Value::Bytes(_) => "bytes",
        Value::Tuple(_) => "tuple",
        Value::FrozenSet(_) => "frozenset",
        Value::Slice(_) => "slice",
    }
}

impl<'a> Compiler<'a> {
    fn warn(&mut self, message: String, at: TextRange) {
        let warning = Warning { category: WarningCategory::Syntax, message, line: self.line(at) };
        // A `finally` body is compiled more than once.
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// The type of the value, where the form of the expression tells it.
    fn known_type(&self, expr: &Expr) -> Option<&'static str> {
        match expr {
            Expr::List(_) | Expr::ListComp(_) => Some("list"),
            Expr::Dict(_) | Expr::DictComp(_) => Some("dict"),
            Expr::Set(_) | Expr::SetComp(_) => Some("set"),
            Expr::Tuple(_) => Some("tuple"),
            Expr::Generator(_) => Some("generator"),
            Expr::Lambda(_) => Some("function"),
            Expr::FString(_) => Some("str"),
            Expr::TString(_) => Some("string.templatelib.Template"),
            Expr::Name(_) => None,
            other => self.fold.constant(other).map(|value| type_of(&value)),
        }
    }

    /// `1()`
    pub(super) fn warn_call(&mut self, call: &'a ast::ExprCall) {
        if matches!(*call.func, Expr::Lambda(_)) {
            return;
        }
        if let Some(name) = self.known_type(&call.func) {
            let message = format!("'{name}' object is not callable; perhaps you missed a comma?");
            self.warn(message, call.func.range());
        }
    }

    /// `1[0]`, `[1]['a']`
    pub(super) fn warn_subscript(&mut self, subscript: &'a ast::ExprSubscript) {
        let Some(container) = self.known_type(&subscript.value) else { return };
        let at = subscript.value.range();
        match container {
            "NoneType"
            | "ellipsis"
            | "int"
            | "float"
            | "complex"
            | "set"
            | "generator"
            | "function"
            | "string.templatelib.Template" => {
                let message = format!("'{container}' object is not subscriptable; perhaps you missed a comma?");
                self.warn(message, at);
            }
            "str" | "bytes" | "tuple" | "list" => match self.known_type(&subscript.slice) {
                None | Some("int" | "bool" | "slice") => {}
                Some(index) => {
                    let message = format!(
                        "{container} indices must be integers or slices, not {index}; perhaps you missed a comma?"
                    );
                    self.warn(message, at);
                }
            },
            _ => {}
        }
    }

    /// `assert (x, 'message')`
    pub(super) fn warn_assert(&mut self, assert: &'a ast::StmtAssert) {
        if matches!(&*assert.test, Expr::Tuple(tuple) if !tuple.elts.is_empty()) {
            self.warn("assertion is always true, perhaps remove parentheses?".into(), assert.range());
        }
    }

    /// `finally: return`; a loop inside may be left.
    pub(super) fn warn_finally(&mut self, body: &'a [Stmt], in_loop: bool) {
        for statement in body {
            let word = match statement {
                Stmt::Return(_) => "return",
                Stmt::Break(_) if !in_loop => "break",
                Stmt::Continue(_) if !in_loop => "continue",
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => continue,
                Stmt::For(ast::StmtFor { body, orelse, .. }) | Stmt::While(ast::StmtWhile { body, orelse, .. }) => {
                    deeper(|| self.warn_finally(body, true));
                    deeper(|| self.warn_finally(orelse, in_loop));
                    continue;
                }
                other => {
                    for suite in suites(other) {
                        deeper(|| self.warn_finally(suite, in_loop));
                    }
                    continue;
                }
            };
            self.warn(format!("'{word}' in a 'finally' block"), statement.range());
        }
    }

    /// `x is 1`
    pub(super) fn warn_compare(&mut self, compare: &'a ast::ExprCompare) {
        let mut left = &*compare.left;
        for (op, right) in compare.ops.iter().zip(compare.comparators.iter()) {
            let (word, meant) = match op {
                ast::CmpOp::Is => ("is", "=="),
                ast::CmpOp::IsNot => ("is not", "!="),
                _ => {
                    left = right;
                    continue;
                }
            };
            if let Some(name) = self.literal_type(left).or_else(|| self.literal_type(right)) {
                let literal = if self.profile.identity_warning_names_type {
                    format!("'{name}' literal")
                } else {
                    "a literal".into()
                };
                self.warn(format!("\"{word}\" with {literal}. Did you mean \"{meant}\"?"), compare.range());
                return;
            }
            left = right;
        }
    }

    /// The type of a constant whose identity means nothing.
    fn literal_type(&self, expr: &Expr) -> Option<&'static str> {
        let written = !matches!(expr, Expr::UnaryOp(_) | Expr::BinOp(_) | Expr::Subscript(_) | Expr::FString(_));
        let value = match expr {
            Expr::FString(_) => return None,
            expr if written || self.profile.identity_warning_folds => self.fold.constant(expr)?,
            _ => return None,
        };
        match value {
            Value::None | Value::Bool(_) | Value::Ellipsis => None,
            value => Some(type_of(&value)),
        }
    }
}
