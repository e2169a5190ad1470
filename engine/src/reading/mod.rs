//! What can be told of a program by reading it: its statements and what they bind, where its names are found, and the
//! constructs that are known to surprise.
//!
//! Invariant: nothing runs, and all ranges are bytes of [`Reading::text`].

mod lost;
mod names;
mod pitfalls;
#[cfg(test)]
mod tests;
mod uses;

pub use names::{Found, Hidden, NameUse};
pub use pitfalls::{Kept, Pitfall, Trap};

use crate::rules::Profile;
use crate::scope::{Inherited, SymbolTable};
use crate::syntax::ast::visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt};
use crate::syntax::ast::{self, Expr, Stmt};
use crate::syntax::{Parsed, Ranged, SourceKind, SyntaxIssue, TextRange, deeper, parse, suites};
use std::ops::Range;

/// A program that has been read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    /// Its text, decoded.
    pub text: String,
    /// All its statements, outer ones before those inside them.
    pub statements: Vec<Statement>,
    /// Where each name of each scope is found, at its first appearance there.
    pub names: Vec<NameUse>,
    /// What is known to surprise, in the order of the text.
    pub pitfalls: Vec<Pitfall>,
}

/// A statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Its bytes, decorators included.
    pub range: Range<usize>,
    /// 1-based number of the line where it begins, behind decorators.
    pub line: u32,
    /// The statement in whose body it stands.
    pub parent: Option<usize>,
    /// What it is, as far as it matters for what may stand before and behind it.
    pub shape: Shape,
    /// The names that it binds by itself, and what they are bound to.
    pub origins: Vec<(String, Origin)>,
    /// Its comparisons by `is` whose sides are both names.
    pub tests: Vec<IdentityTest>,
    /// What an augmented assignment assigns to, as it is written.
    pub augments: Option<String>,
    /// The name that it returns.
    pub returns: Option<String>,
    /// It may be left in its middle and gone on with later: it yields or awaits.
    pub waits: bool,
}

/// What a statement is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A docstring or a future import, before which nothing may stand.
    Fixed,
    /// A statement without a body, behind which others run.
    Simple,
    /// `return`, `raise`, `break`, `continue`.
    Leaving,
    /// `if`, `for` and the like.
    Compound,
    /// `def`, with its name and the parameters that have defaults: those by position first.
    Function(String, Vec<String>),
    /// `class`, with its name.
    Class(String),
}

/// What a name is bound to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A constant that is written there.
    Constant,
    /// What makes a new object in any case: a display, a comprehension, a lambda, a definition.
    New,
    /// What a call of this name gives.
    Call(String),
    /// What another name is bound to.
    Name(String),
    /// What an augmented assignment gives.
    Augmented,
    /// Anything else.
    Other,
}

/// `left is right`, or `is not`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdentityTest {
    /// Its bytes.
    pub range: Range<usize>,
    /// The name on the left.
    pub left: String,
    /// The name on the right.
    pub right: String,
}

/// Reads a module.
///
/// # Errors
/// What CPython would raise before it runs anything.
pub fn read(source: &[u8], profile: &Profile) -> Result<Reading, SyntaxIssue> {
    let parsed = parse(source, 1, SourceKind::Module, profile, false)?;
    let table = SymbolTable::build_under(&parsed, profile, Inherited::default())?;
    let mut statements = Vec::new();
    collect(&parsed, &parsed.suite, None, &mut statements);
    let names = names::names(&parsed, &table, profile);
    let pitfalls = pitfalls::pitfalls(&parsed);
    Ok(Reading { text: parsed.text.clone(), statements, names, pitfalls })
}

fn bytes(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}

fn collect(parsed: &Parsed, suite: &[Stmt], parent: Option<usize>, out: &mut Vec<Statement>) {
    for (at, statement) in suite.iter().enumerate() {
        let start = match statement {
            Stmt::FunctionDef(def) => parsed.definition_start(&def.decorator_list, def.range()),
            Stmt::ClassDef(def) => parsed.definition_start(&def.decorator_list, def.range()),
            _ => statement.range().start(),
        };
        let line = parsed.location(TextRange::empty(start)).0;
        // Only the beginning of a definition or a module can be a docstring; elsewhere a string does no harm either.
        let first = at == 0 && is_text(statement);
        let mut tests = Tests { found: Vec::new(), waits: false };
        walk_stmt(&mut tests, statement);
        let own = out.len();
        out.push(Statement {
            range: bytes(statement.range()),
            line,
            parent,
            shape: if first { Shape::Fixed } else { shape(statement) },
            origins: origins(statement),
            tests: tests.found,
            augments: match statement {
                Stmt::AugAssign(assign) => parsed.text.get(bytes(assign.target.range())).map(str::to_string),
                _ => None,
            },
            returns: match statement {
                Stmt::Return(ast::StmtReturn { value: Some(value), .. }) => name_of(value).map(str::to_string),
                _ => None,
            },
            waits: tests.waits,
        });
        for suite in suites(statement) {
            deeper(|| collect(parsed, suite, Some(own), out));
        }
    }
}

fn is_text(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(expression) if matches!(*expression.value, Expr::StringLiteral(_)))
}

fn shape(statement: &Stmt) -> Shape {
    match statement {
        Stmt::ImportFrom(import) if import.module.as_ref().is_some_and(|module| module.as_str() == "__future__") => {
            Shape::Fixed
        }
        Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_) => Shape::Leaving,
        Stmt::FunctionDef(def) => {
            let with_default = def.parameters.iter_non_variadic_params().filter(|one| one.default().is_some());
            Shape::Function(
                def.name.as_str().to_string(),
                with_default.map(|one| one.name().as_str().to_string()).collect(),
            )
        }
        Stmt::ClassDef(class) => Shape::Class(class.name.as_str().to_string()),
        Stmt::For(_) | Stmt::While(_) | Stmt::If(_) | Stmt::With(_) | Stmt::Match(_) | Stmt::Try(_) => Shape::Compound,
        _ => Shape::Simple,
    }
}

fn origins(statement: &Stmt) -> Vec<(String, Origin)> {
    let mut out = Vec::new();
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().for_each(|target| bind(target, Some(&assign.value), &mut out)),
        Stmt::AnnAssign(assign) => {
            if let Some(value) = &assign.value {
                bind(&assign.target, Some(value), &mut out);
            }
        }
        Stmt::AugAssign(assign) => {
            if let Some(name) = name_of(&assign.target) {
                out.push((name.to_string(), Origin::Augmented));
            }
        }
        Stmt::FunctionDef(def) => {
            let plain = def.decorator_list.is_empty();
            out.push((def.name.as_str().to_string(), if plain { Origin::New } else { Origin::Other }));
        }
        Stmt::ClassDef(class) => {
            let plain = class.decorator_list.is_empty() && class.arguments.is_none();
            out.push((class.name.as_str().to_string(), if plain { Origin::New } else { Origin::Other }));
        }
        _ => {}
    }
    out
}

fn bind(target: &Expr, value: Option<&Expr>, out: &mut Vec<(String, Origin)>) {
    let items = |expression: &Expr| match expression {
        Expr::Tuple(tuple) => Some(tuple.elts.clone()),
        Expr::List(list) => Some(list.elts.clone()),
        _ => None,
    };
    if let Some(name) = name_of(target) {
        out.push((name.to_string(), value.map_or(Origin::Other, origin)));
    } else if let Some(targets) = items(target) {
        let values = value.and_then(items).filter(|values| {
            let plain = |one: &Expr| !matches!(one, Expr::Starred(_));
            values.len() == targets.len() && values.iter().chain(&targets).all(plain)
        });
        for (at, target) in targets.iter().enumerate() {
            deeper(|| bind(target, values.as_ref().and_then(|values| values.get(at)), out));
        }
    } else if let Expr::Starred(starred) = target {
        deeper(|| bind(&starred.value, None, out));
    }
}

fn origin(value: &Expr) -> Origin {
    match value {
        Expr::Name(name) => Origin::Name(name.id.as_str().to_string()),
        Expr::Call(call) => name_of(&call.func).map_or(Origin::Other, |name| Origin::Call(name.to_string())),
        Expr::List(_)
        | Expr::Dict(_)
        | Expr::Set(_)
        | Expr::ListComp(_)
        | Expr::DictComp(_)
        | Expr::SetComp(_)
        | Expr::Generator(_)
        | Expr::Lambda(_) => Origin::New,
        Expr::BinOp(op)
            if op.op == ast::Operator::Mult
                && matches!((&*op.left, &*op.right), (Expr::List(_), _) | (_, Expr::List(_))) =>
        {
            Origin::New
        }
        Expr::NoneLiteral(_) | Expr::BooleanLiteral(_) | Expr::EllipsisLiteral(_) => Origin::Constant,
        _ if is_constant(value) => Origin::Constant,
        _ => Origin::Other,
    }
}

/// Whether it is a constant as it is written, of a type whose values may be shared.
fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::BytesLiteral(_) => true,
        Expr::UnaryOp(op) => op.op == ast::UnaryOp::USub && matches!(*op.operand, Expr::NumberLiteral(_)),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_constant),
        _ => false,
    }
}

fn name_of(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        _ => None,
    }
}

/// Finds comparisons in the expressions of one statement that run when it runs.
struct Tests {
    found: Vec<IdentityTest>,
    /// One of them yields or awaits.
    waits: bool,
}

impl<'a> SourceOrderVisitor<'a> for Tests {
    fn visit_stmt(&mut self, _: &'a Stmt) {}

    fn visit_expr(&mut self, expression: &'a Expr) {
        self.waits |= matches!(expression, Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_));
        if let Expr::Compare(compare) = expression
            && let ([ast::CmpOp::Is | ast::CmpOp::IsNot], [right]) = (&compare.ops[..], &compare.comparators[..])
            && let (Some(left), Some(right)) = (name_of(&compare.left), name_of(right))
        {
            let (left, right) = (left.to_string(), right.to_string());
            self.found.push(IdentityTest { range: bytes(compare.range()), left, right });
        }
        let later = matches!(
            expression,
            Expr::Lambda(_) | Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_)
        );
        if !later {
            deeper(|| walk_expr(self, expression));
        }
    }
}
