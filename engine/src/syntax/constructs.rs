//! Where the bodies, compound statements and scopes within expressions of a source text lie.
//!
//! The harness counts with them in which constructs a rule is seen; nothing that runs depends on them.

use super::{Ranged, ast, deeper, depth};
use crate::syntax::lines::LineIndex;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt};
use ruff_python_parser::{Mode, ParseOptions};
use std::ops::Range;

/// Something that statements or expressions stand in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Construct {
    /// `def`, not directly in a class.
    Function,
    /// `def` directly in a class.
    Method,
    /// `class`.
    Class,
    /// `async def`, wherever it stands.
    Async,
    /// `lambda`.
    Lambda,
    /// A list, set or dict comprehension.
    Comprehension,
    /// A generator expression.
    Generator,
    /// `if` and `match`.
    Branch,
    /// `for` and `while`.
    Loop,
    /// `try`.
    Try,
    /// `with`.
    With,
}

/// All constructs of a source text by the newest grammar, outer ones first; none of a text that does not parse.
pub fn constructs(source: &str) -> Vec<(Construct, Range<usize>)> {
    if depth::check(source, &LineIndex::new(source)).is_err() {
        return Vec::new();
    }
    let parsed = ruff_python_parser::parse_unchecked(source, ParseOptions::from(Mode::Module));
    if parsed.has_invalid_syntax() {
        return Vec::new();
    }
    let ast::Mod::Module(module) = parsed.into_syntax() else { return Vec::new() };
    let mut finder = Finder { found: Vec::new(), in_class: false };
    module.body.iter().for_each(|statement| finder.visit_stmt(statement));
    // A deep tree is taken apart recursively.
    stacker::maybe_grow(8 * 1024 * 1024, 16 * 1024 * 1024, || drop(module));
    finder.found
}

struct Finder {
    found: Vec<(Construct, Range<usize>)>,
    /// The statement that is looked at stands directly in a class.
    in_class: bool,
}

impl Finder {
    fn add(&mut self, construct: Construct, node: &impl Ranged) {
        let range = node.range();
        self.found.push((construct, range.start().to_usize()..range.end().to_usize()));
    }
}

impl<'a> SourceOrderVisitor<'a> for Finder {
    fn visit_stmt(&mut self, statement: &'a ast::Stmt) {
        let outer = self.in_class;
        let construct = match statement {
            ast::Stmt::FunctionDef(def) if def.is_async => Some(Construct::Async),
            ast::Stmt::FunctionDef(_) if self.in_class => Some(Construct::Method),
            ast::Stmt::FunctionDef(_) => Some(Construct::Function),
            ast::Stmt::ClassDef(_) => Some(Construct::Class),
            ast::Stmt::If(_) | ast::Stmt::Match(_) => Some(Construct::Branch),
            ast::Stmt::For(_) | ast::Stmt::While(_) => Some(Construct::Loop),
            ast::Stmt::Try(_) => Some(Construct::Try),
            ast::Stmt::With(_) => Some(Construct::With),
            _ => None,
        };
        if let Some(construct) = construct {
            self.add(construct, statement);
        }
        match statement {
            ast::Stmt::ClassDef(_) => self.in_class = true,
            ast::Stmt::FunctionDef(_) => self.in_class = false,
            _ => {}
        }
        deeper(|| walk_stmt(self, statement));
        self.in_class = outer;
    }

    fn visit_expr(&mut self, expression: &'a ast::Expr) {
        match expression {
            ast::Expr::Lambda(_) => self.add(Construct::Lambda, expression),
            ast::Expr::ListComp(_) | ast::Expr::SetComp(_) | ast::Expr::DictComp(_) => {
                self.add(Construct::Comprehension, expression);
            }
            ast::Expr::Generator(_) => self.add(Construct::Generator, expression),
            _ => {}
        }
        deeper(|| walk_expr(self, expression));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_found_from_outside_in() {
        let source = "\
class C:
    if a:
        def m(self): return lambda: [x for x in (y for y in z)]
        class D: pass
    async def n(self):
        def f():
            for _ in (): pass
        while {1: 2 for _ in ()}: pass
with a: pass
try: pass
except E: {s for s in t}
match a:
    case b: pass
";
        let found: Vec<String> = constructs(source)
            .into_iter()
            .map(|(construct, range)| format!("{construct:?} {}", source[range].lines().next().unwrap_or("").trim()))
            .collect();
        assert_eq!(
            found,
            [
                "Class class C:",
                "Branch if a:",
                "Method def m(self): return lambda: [x for x in (y for y in z)]",
                "Lambda lambda: [x for x in (y for y in z)]",
                "Comprehension [x for x in (y for y in z)]",
                "Generator (y for y in z)",
                "Class class D: pass",
                "Async async def n(self):",
                "Function def f():",
                "Loop for _ in (): pass",
                "Loop while {1: 2 for _ in ()}: pass",
                "Comprehension {1: 2 for _ in ()}",
                "With with a: pass",
                "Try try: pass",
                "Comprehension {s for s in t}",
                "Branch match a:",
            ]
        );
        assert!(constructs("x = = 1\n").is_empty());
        assert!(constructs(&"(".repeat(100_000)).is_empty());
        assert!(constructs(&format!("{}1\n", "-".repeat(2500))).is_empty());
    }
}
