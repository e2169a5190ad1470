//! What a body does with a name: reads it, keeps its object, changes it.
//!
//! Invariant: only the text is looked at. The name of another function's variable may be the same, so functions inside are
//! passed by where that matters.

use super::name_of;
use super::pitfalls::Kept;
use crate::syntax::ast::visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt};
use crate::syntax::ast::{self, Expr, ExprContext, Parameters, Stmt};
use crate::syntax::deeper;

/// Methods that change what they are called on.
pub(super) const CHANGING: [&str; 20] = [
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "update",
    "setdefault",
    "popitem",
    "add",
    "discard",
    "appendleft",
    "extendleft",
    "popleft",
    "intersection_update",
    "difference_update",
    "symmetric_difference_update",
    "__setitem__",
];
/// Methods that keep their arguments.
pub(super) const KEEPING: [&str; 5] = ["append", "appendleft", "add", "insert", "setdefault"];

/// Whether an assignment stores into an item or an attribute.
pub(super) fn stores(assign: &ast::StmtAssign) -> bool {
    assign.targets.iter().any(|target| matches!(target, Expr::Subscript(_) | Expr::Attribute(_)))
}

pub(super) fn parameter_names(parameters: &Parameters) -> Vec<String> {
    let plain = parameters.iter_non_variadic_params().map(|one| one.name());
    let starred = [&parameters.vararg, &parameters.kwarg].into_iter().flatten().map(|one| one.name());
    plain.chain(starred).map(|name| name.as_str().to_string()).collect()
}

/// Names that a body reads, and those that it binds itself.
#[derive(Default)]
pub(super) struct Reads {
    pub(super) read: Vec<String>,
    pub(super) bound: Vec<String>,
}

impl<'a> SourceOrderVisitor<'a> for Reads {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            let list = if name.ctx == ExprContext::Load { &mut self.read } else { &mut self.bound };
            list.push(name.id.as_str().to_string());
        }
        deeper(|| walk_expr(self, expression));
    }

    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        self.bound.extend(parameter_names(parameters));
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        deeper(|| walk_stmt(self, statement));
    }
}

/// Names whose objects statements keep: as arguments of `append` and the like, or stored in an item or attribute.
#[derive(Default)]
pub(super) struct Keeps {
    pub(super) names: Vec<String>,
}

impl Keeps {
    fn keep(&mut self, expression: &Expr) {
        self.names.extend(name_of(expression).map(str::to_string));
    }
}

impl<'a> SourceOrderVisitor<'a> for Keeps {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Assign(assign) if stores(assign) => self.keep(&assign.value),
            _ => {}
        }
        deeper(|| walk_stmt(self, statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression
            && let Expr::Attribute(attribute) = &*call.func
            && KEEPING.contains(&attribute.attr.as_str())
        {
            call.arguments.args.iter().for_each(|argument| self.keep(argument));
        }
        deeper(|| walk_expr(self, expression));
    }
}

/// What a body does with a parameter.
pub(super) struct Uses<'n> {
    pub(super) parameter: &'n str,
    pub(super) kept: Kept,
    pub(super) rebound: bool,
}

impl Uses<'_> {
    fn is(&self, expression: &Expr) -> bool {
        name_of(expression) == Some(self.parameter)
    }

    pub(super) fn given(&mut self, expression: &Expr) {
        if self.is(expression) && self.kept == Kept::Read {
            self.kept = Kept::Given;
        }
    }
}

impl<'a> SourceOrderVisitor<'a> for Uses<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            // The name of another function's variable may be the same.
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::AugAssign(assign) if self.is(&assign.target) => {
                self.kept = Kept::Changed;
                self.visit_expr(&assign.value);
                return;
            }
            Stmt::Return(ast::StmtReturn { value: Some(value), .. }) => self.given(value),
            Stmt::Assign(assign) if stores(assign) => self.given(&assign.value),
            _ => {}
        }
        deeper(|| walk_stmt(self, statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx != ExprContext::Load && self.is(expression) => self.rebound = true,
            Expr::Subscript(part) if part.ctx != ExprContext::Load && self.is(&part.value) => self.kept = Kept::Changed,
            Expr::Call(call) => {
                if let Expr::Attribute(attribute) = &*call.func
                    && self.is(&attribute.value)
                    && CHANGING.contains(&attribute.attr.as_str())
                {
                    self.kept = Kept::Changed;
                }
            }
            Expr::Lambda(_) => return,
            _ => {}
        }
        deeper(|| walk_expr(self, expression));
    }
}

/// What methods do with an attribute through the instance.
pub(super) struct Through<'n> {
    pub(super) attribute: &'n str,
    pub(super) instance: &'n str,
    pub(super) changed: bool,
    pub(super) replaced: bool,
}

impl Through<'_> {
    fn is(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Attribute(one)
            if one.attr.as_str() == self.attribute && name_of(&one.value) == Some(self.instance))
    }
}

impl<'a> SourceOrderVisitor<'a> for Through<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        deeper(|| walk_stmt(self, statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Attribute(one) if one.ctx != ExprContext::Load && self.is(expression) => self.replaced = true,
            Expr::Subscript(part) if part.ctx != ExprContext::Load && self.is(&part.value) => self.changed = true,
            Expr::Call(call) => {
                if let Expr::Attribute(method) = &*call.func
                    && self.is(&method.value)
                    && CHANGING.contains(&method.attr.as_str())
                {
                    self.changed = true;
                }
            }
            _ => {}
        }
        deeper(|| walk_expr(self, expression));
    }
}
