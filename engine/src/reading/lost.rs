//! Writes that nothing sees: to an object that has no name and no holder, and to the variable of a loop that takes its next
//! item anyway.
//!
//! Invariant: a variable's new object is called lost only where no reading of that name stands behind it, in the whole text
//! of the function or, for a global, of the module.

use super::pitfalls::{Pitfall, Trap, targets};
use super::uses::CHANGING;
use super::{bytes, name_of};
use crate::syntax::ast::visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt};
use crate::syntax::ast::{self, Expr, ExprContext, Stmt};
use crate::syntax::{Ranged, deeper, suites};

/// A write of this statement to an object that only it has.
pub(super) fn temporary_write(statement: &Stmt) -> Option<Pitfall> {
    let held = |target: &Expr| match target {
        Expr::Subscript(part) => temporary(&part.value),
        Expr::Attribute(part) => temporary(&part.value),
        _ => None,
    };
    let temporary = match statement {
        Stmt::Assign(assign) => match &assign.targets[..] {
            [target] => held(target),
            _ => None,
        },
        Stmt::AugAssign(assign) => held(&assign.target),
        Stmt::Expr(expression) => match &*expression.value {
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) if CHANGING.contains(&method.attr.as_str()) => temporary(&method.value),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    Some(Pitfall { range: bytes(statement.range()), trap: Trap::LostWrite { view: temporary? } })
}

/// Whether an expression makes an object of its own: `Some(true)` if that may be a view of another one, as a slice is for
/// some types.
fn temporary(expression: &Expr) -> Option<bool> {
    match expression {
        Expr::Subscript(part) => matches!(*part.slice, Expr::Slice(_)).then_some(true),
        Expr::List(_) | Expr::Dict(_) | Expr::Set(_) | Expr::ListComp(_) | Expr::DictComp(_) | Expr::SetComp(_) => {
            Some(false)
        }
        Expr::Call(call) => {
            let makes = match &*call.func {
                Expr::Name(name) => {
                    ["list", "dict", "set", "sorted", "bytearray", "copy", "deepcopy"].contains(&name.id.as_str())
                }
                Expr::Attribute(method) => ["copy", "deepcopy"].contains(&method.attr.as_str()),
                _ => false,
            };
            // What has a method `copy` of its own may give a view.
            let own = matches!(&*call.func, Expr::Attribute(method) if name_of(&method.value) != Some("copy"));
            makes.then_some(own)
        }
        _ => None,
    }
}

/// Loop variables of a module that are bound anew for nothing.
pub(super) fn lost_items(module: &[Stmt]) -> Vec<Pitfall> {
    let mut found = Vec::new();
    scope(module, &mut found);
    found
}

/// Reads of names, and what a scope does not own.
#[derive(Default)]
struct Loads<'a> {
    places: Vec<(&'a str, usize)>,
    elsewhere: Vec<&'a str>,
}

impl<'a> SourceOrderVisitor<'a> for Loads<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Global(global) => self.elsewhere.extend(global.names.iter().map(|name| name.as_str())),
            Stmt::Nonlocal(nonlocal) => self.elsewhere.extend(nonlocal.names.iter().map(|name| name.as_str())),
            _ => {}
        }
        deeper(|| walk_stmt(self, statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx != ExprContext::Store
        {
            self.places.push((name.id.as_str(), bytes(name.range()).start));
        }
        deeper(|| walk_expr(self, expression));
    }
}

/// A module's or function's body, and the functions in it.
fn scope(body: &[Stmt], found: &mut Vec<Pitfall>) {
    let mut loads = Loads::default();
    body.iter().for_each(|statement| loads.visit_stmt(statement));
    within(body, &loads, true, found);
}

/// `own`: the names that are bound here are those of the scope, as they are not in a class.
fn within(body: &[Stmt], loads: &Loads, own: bool, found: &mut Vec<Pitfall>) {
    for statement in body {
        match statement {
            Stmt::FunctionDef(def) => deeper(|| scope(&def.body, found)),
            Stmt::ClassDef(class) => deeper(|| within(&class.body, loads, false, found)),
            _ => {
                if let Stmt::For(one) = statement
                    && own
                {
                    looped(one, loads, found);
                }
                for suite in suites(statement) {
                    deeper(|| within(suite, loads, own, found));
                }
            }
        }
    }
}

fn looped(one: &ast::StmtFor, loads: &Loads, found: &mut Vec<Pitfall>) {
    let mut names = Vec::new();
    targets(&one.target, &mut names);
    names.retain(|name| !loads.elsewhere.contains(&name.as_str()));
    let Some(first) = one.body.first().filter(|_| !names.is_empty()) else { return };
    let begin = bytes(first.range()).start;
    let items = name_of(&one.iter).map(str::to_string);
    rebound(&one.body, &names, &mut |name, statement, augmented| {
        let end = bytes(statement.range()).end;
        let mut reads = loads.places.iter().filter(|(read, _)| *read == name);
        if reads.all(|(_, at)| (begin..end).contains(at)) {
            let trap = Trap::LostItem { name: name.to_string(), items: items.clone(), augmented };
            found.push(Pitfall { range: bytes(statement.range()), trap });
        }
    });
}

/// Statements of a loop's body that bind one of these names, outside of loops inside: there the next turn may read it.
fn rebound<'a>(body: &'a [Stmt], names: &[String], tell: &mut dyn FnMut(&str, &'a Stmt, bool)) {
    for statement in body {
        let bound = match statement {
            Stmt::For(_) | Stmt::While(_) | Stmt::FunctionDef(_) | Stmt::ClassDef(_) => continue,
            Stmt::AugAssign(assign) => name_of(&assign.target).map(|name| (name, true)),
            Stmt::Assign(assign) => match &assign.targets[..] {
                [target] => name_of(target).map(|name| (name, false)),
                _ => None,
            },
            _ => None,
        };
        if let Some((name, augmented)) = bound.filter(|(name, _)| names.iter().any(|own| own == name)) {
            tell(name, statement, augmented);
        }
        for suite in suites(statement) {
            deeper(|| rebound(suite, names, tell));
        }
    }
}
