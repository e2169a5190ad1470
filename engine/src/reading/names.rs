//! Where the names of functions, classes and comprehensions are found, by the symbol table.

use super::bytes;
use crate::rules::Profile;
use crate::scope::{Access, BlockId, BlockKind, Place, SymbolTable, mangle};
use crate::syntax::ast::visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt};
use crate::syntax::ast::{Comprehension, Expr, ExprContext, Stmt};
use crate::syntax::{Parsed, Ranged, TextRange, deeper};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// A name at its first appearance in a scope.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameUse {
    /// Its bytes.
    pub range: Range<usize>,
    /// The name.
    pub name: String,
    /// The scope that it stands in: the name of the function or class, `<lambda>`, `<listcomp>`, `<module>`.
    pub scope: String,
    /// Where it is found.
    pub found: Found,
}

/// Where a name is found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// In the scope itself. It hides a variable of that name of this function, or of the module.
    Own {
        /// Whose variable it hides.
        hides: Option<Hidden>,
    },
    /// It is a variable of this function around the scope.
    Enclosing(String),
    /// It is a variable of the module.
    Global,
    /// The program binds it nowhere on the way out: it is built in, or there is none.
    Outside,
}

/// Whose variable is hidden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hidden {
    /// That of this function.
    Function(String),
    /// The module's.
    Module,
}

/// All names, in the order of the text.
pub(super) fn names(parsed: &Parsed, table: &SymbolTable, profile: &Profile) -> Vec<NameUse> {
    let mut finder = Finder {
        table,
        mangled: profile.private_names_mangled,
        block: BlockId(0),
        seen: FxHashSet::default(),
        found: Vec::new(),
    };
    parsed.suite.iter().for_each(|statement| finder.visit_stmt(statement));
    finder.found
}

struct Finder<'t> {
    table: &'t SymbolTable,
    mangled: bool,
    block: BlockId,
    seen: FxHashSet<(u32, String)>,
    found: Vec<NameUse>,
}

impl<'t> Finder<'t> {
    fn inside(&mut self, range: TextRange, kind: BlockKind, walk: impl FnOnce(&mut Self)) {
        let outer = self.block;
        self.block = self.table.find(range, kind).unwrap_or(outer);
        deeper(|| walk(self));
        self.block = outer;
    }

    fn name(&mut self, name: &str, range: TextRange, bound: bool) {
        let block = self.table.block(self.block);
        let private = block.private.as_deref().filter(|_| self.mangled);
        let mangled = mangle(private, name).into_owned();
        // In the module only what is bound matters: it may hide something built in.
        if block.kind == BlockKind::Module && !bound || !self.seen.insert((self.block.0, mangled.clone())) {
            return;
        }
        let found = self.find(&mangled);
        self.found.push(NameUse { range: bytes(range), name: name.to_string(), scope: block.name.clone(), found });
    }

    fn find(&self, name: &str) -> Found {
        let block = self.table.block(self.block);
        match self.table.place(self.block, name) {
            Place::Fast | Place::Cell => Found::Own { hides: self.hidden(name) },
            Place::Name if block.symbol(name).is_some_and(|symbol| symbol.bound && !symbol.inlined_target) => {
                Found::Own { hides: self.hidden(name).filter(|_| block.kind != BlockKind::Module) }
            }
            Place::Free | Place::ClassFree => match self.owner(name) {
                Some(owner) => Found::Enclosing(owner),
                None => Found::Outside,
            },
            Place::Global | Place::ClassGlobal | Place::Name if self.in_module(name) => Found::Global,
            Place::Global | Place::ClassGlobal | Place::Name => Found::Outside,
        }
    }

    /// The function around this scope that has a variable of this name.
    fn owner(&self, name: &str) -> Option<String> {
        let mut around = self.table.block(self.block).parent;
        while let Some(id) = around {
            let block = self.table.block(id);
            let owns = |access| matches!(access, Access::Cell | Access::Local);
            if block.kind.is_function_like()
                && block.symbol(name).is_some_and(|symbol| owns(symbol.access) && !symbol.inlined_target)
            {
                return Some(block.name.clone());
            }
            around = block.parent;
        }
        None
    }

    fn in_module(&self, name: &str) -> bool {
        let declared = |block: &crate::scope::Block| {
            block.symbol(name).is_some_and(|symbol| symbol.access == Access::GlobalExplicit && symbol.bound)
        };
        let module = self.table.block(BlockId(0)).symbol(name);
        module.is_some_and(|symbol| symbol.bound && !symbol.inlined_target) || self.table.blocks.iter().any(declared)
    }

    fn hidden(&self, name: &str) -> Option<Hidden> {
        self.owner(name).map(Hidden::Function).or_else(|| self.in_module(name).then_some(Hidden::Module))
    }

    fn comprehension<'a>(
        &mut self,
        range: TextRange,
        kind: BlockKind,
        generators: &'a [Comprehension],
        parts: &[&'a Expr],
    ) {
        // The first iterable is evaluated outside.
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.inside(range, kind, |this| {
            for (at, generator) in generators.iter().enumerate() {
                this.visit_expr(&generator.target);
                if at > 0 {
                    this.visit_expr(&generator.iter);
                }
                generator.ifs.iter().for_each(|test| this.visit_expr(test));
            }
            parts.iter().for_each(|part| this.visit_expr(part));
        });
    }
}

impl<'a> SourceOrderVisitor<'a> for Finder<'_> {
    fn visit_annotation(&mut self, _: &'a Expr) {}

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(def) => {
                self.name(def.name.as_str(), def.name.range(), true);
                def.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
                def.parameters
                    .iter_non_variadic_params()
                    .filter_map(|one| one.default())
                    .for_each(|value| self.visit_expr(value));
                self.inside(def.range(), BlockKind::Function, |this| {
                    let plain = def.parameters.iter_non_variadic_params().map(|one| one.name());
                    let starred = [&def.parameters.vararg, &def.parameters.kwarg].into_iter().flatten();
                    plain
                        .chain(starred.map(|one| one.name()))
                        .for_each(|name| this.name(name.as_str(), name.range(), true));
                    def.body.iter().for_each(|statement| this.visit_stmt(statement));
                });
            }
            Stmt::ClassDef(class) => {
                self.name(class.name.as_str(), class.name.range(), true);
                class.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
                self.inside(class.range(), BlockKind::Class, |this| {
                    class.body.iter().for_each(|statement| this.visit_stmt(statement));
                });
            }
            Stmt::AnnAssign(assign) => {
                self.visit_expr(&assign.target);
                assign.value.iter().for_each(|value| self.visit_expr(value));
            }
            _ => deeper(|| walk_stmt(self, statement)),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        let range = expression.range();
        match expression {
            Expr::Name(name) => self.name(name.id.as_str(), range, name.ctx != ExprContext::Load),
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    parameters
                        .iter_non_variadic_params()
                        .filter_map(|one| one.default())
                        .for_each(|value| self.visit_expr(value));
                }
                self.inside(range, BlockKind::Lambda, |this| this.visit_expr(&lambda.body));
            }
            Expr::ListComp(comp) => self.comprehension(range, BlockKind::ListComp, &comp.generators, &[&comp.elt]),
            Expr::SetComp(comp) => self.comprehension(range, BlockKind::SetComp, &comp.generators, &[&comp.elt]),
            Expr::Generator(comp) => self.comprehension(range, BlockKind::GenExpr, &comp.generators, &[&comp.elt]),
            Expr::DictComp(comp) => {
                let parts: Vec<&Expr> = comp.key.iter().chain([&comp.value]).map(|part| &**part).collect();
                self.comprehension(range, BlockKind::DictComp, &comp.generators, &parts);
            }
            _ => deeper(|| walk_expr(self, expression)),
        }
    }
}
