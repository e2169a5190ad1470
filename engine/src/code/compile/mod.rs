//! From the syntax tree and the symbol table to code, body by body, as CPython's `compile.c` does it.
//!
//! Invariant: a statement leaves the stack as it found it and an expression leaves one value more; what a version does
//! differently is asked of the profile.

mod annotation;
mod body;
mod call;
mod class;
mod compare;
mod comprehension;
mod expr;
mod frames;
mod fstring;
mod function;
mod import;
mod jump;
mod loops;
mod names;
mod pattern;
mod stmt;
mod subpattern;
mod target;
mod try_;
mod try_star;
mod typeparams;
mod unparse;
mod warn;
mod with_;

use super::fold::Folder;
use super::instr::{Instr, Label};
use super::pool::{Pool, Value};
use super::{CompileMode, Location, Proto, Unit, Warning};
use crate::rules::{Profile, TupleFolding};
use crate::scope::{Block, BlockId, BlockKind, SymbolTable};
use crate::syntax::ast::{self, Expr, Stmt};
use crate::syntax::{Parsed, Ranged, SyntaxIssue, TextRange, deeper};
use body::Body;

/// What every step of the compiler answers.
type Done = Result<(), SyntaxIssue>;

/// The place of instructions that stand for nothing in the source: they count as part of what comes before.
fn nowhere() -> TextRange {
    TextRange::default()
}

/// The compiler of one source text.
pub(super) struct Compiler<'a> {
    parsed: &'a Parsed,
    table: &'a SymbolTable,
    profile: &'a Profile,
    fold: Folder<'a>,
    pool: Pool,
    /// The bodies being compiled, the innermost last.
    bodies: Vec<Body<'a>>,
    mode: CompileMode,
    /// The level of optimisation, as in `compile(…, optimize=n)`.
    optimize: u8,
    warnings: Vec<Warning>,
}

/// Compiles a tree whose symbols are known.
pub(super) fn compile(
    parsed: &Parsed,
    table: &SymbolTable,
    mode: CompileMode,
    profile: &Profile,
    optimize: u8,
) -> Result<(Unit, Vec<Warning>), SyntaxIssue> {
    let doubts = parsed.doubts(profile).into_iter();
    let mut compiler = Compiler {
        parsed,
        table,
        profile,
        fold: Folder { parsed, profile, literals_only: false, debug: optimize == 0 },
        pool: Pool::default(),
        bodies: Vec::new(),
        mode,
        optimize,
        warnings: doubts.map(Warning::from).collect(),
    };
    let root = compiler.root()?;
    let (pool, folded) = compiler.pool.into_entries();
    Ok((Unit { pool, folded, root }, compiler.warnings))
}

impl<'a> Compiler<'a> {
    fn root(&mut self) -> Result<Proto, SyntaxIssue> {
        let parsed = self.parsed;
        let first = parsed.suite.first().filter(|_| self.profile.module_line_of_statement);
        let first_line = first.map_or(self.parsed.first_line.max(1), |statement| self.line(statement.range()));
        self.enter(BlockId(0), "<module>", first_line);
        match self.mode {
            CompileMode::Eval => {
                if let Some(Stmt::Expr(statement)) = parsed.suite.first() {
                    self.expr(&statement.value)?;
                    self.emit(statement.value.range(), Instr::Return);
                }
            }
            CompileMode::Exec => {
                self.module_annotations(&parsed.suite)?;
                let rest = self.namespace_docstring(&parsed.suite);
                self.body(rest)?;
                self.finish_module_annotations(&parsed.suite)?;
            }
            CompileMode::Single => {
                self.module_annotations(&parsed.suite)?;
                self.body(&parsed.suite)?;
                self.finish_module_annotations(&parsed.suite)?;
            }
        }
        self.leave()
    }

    /// The body being compiled.
    fn here(&mut self) -> &mut Body<'a> {
        // The stack is empty only before `root` enters the module and after it has left it.
        let last = self.bodies.len() - 1;
        &mut self.bodies[last]
    }

    /// The body being compiled, to look at.
    fn this(&self) -> &Body<'a> {
        &self.bodies[self.bodies.len() - 1]
    }

    fn block(&self, id: BlockId) -> &'a Block {
        self.table.block(id)
    }

    /// The block that a node introduced.
    fn block_of(&self, range: TextRange, kind: BlockKind) -> Result<BlockId, SyntaxIssue> {
        self.table.find(range, kind).ok_or_else(|| self.internal(format!("no {kind:?} block at {range:?}"), range))
    }

    /// Starts a body.
    fn enter(&mut self, block: BlockId, name: &str, first_line: u32) {
        self.enter_iterating(block, name, first_line, None);
    }

    /// The same; a body that iterates over its argument may take the iterator before all else, at this place.
    fn enter_iterating(&mut self, block: BlockId, name: &str, first_line: u32, iterable: Option<TextRange>) {
        let qualname = self.qualname(name, self.block(block));
        let body = Body::new(block, self.block(block), name, qualname, first_line);
        self.bodies.push(body);
        self.prologue(iterable);
        self.here().start = self.this().asm.items.len();
    }

    /// Ends the body being compiled.
    fn leave(&mut self) -> Result<Proto, SyntaxIssue> {
        let body = self.this();
        let always = match body.block.kind {
            BlockKind::Function | BlockKind::Lambda => self.profile.implicit_return_kept,
            BlockKind::Module => self.profile.implicit_return_kept && self.mode != CompileMode::Eval,
            _ => false,
        };
        if always || !body.asm.ends_with_return() {
            self.load_const(nowhere(), &Value::None);
            self.emit(nowhere(), Instr::Return);
        }
        self.stop_iteration_guard();
        let Some(body) = self.bodies.pop() else {
            return Err(self.internal("no body to leave".into(), nowhere()));
        };
        let flags = self.flags(&body);
        body.finish(&self.pool, self.profile, flags).map_err(|error| self.internal(error.to_string(), nowhere()))
    }

    /// A mistake of the compiler, reported instead of a panic.
    fn internal(&self, message: String, range: TextRange) -> SyntaxIssue {
        SyntaxIssue { class: "SystemError", ..self.parsed.issue(message, range) }
    }

    fn issue(&self, message: impl Into<String>, range: TextRange) -> SyntaxIssue {
        self.parsed.issue(message, range)
    }

    fn location(&self, range: TextRange) -> Location {
        if range == nowhere() {
            return Location::default();
        }
        let (line, col, end_line, end_col) = self.parsed.location(range);
        Location { line, end_line, col, end_col }
    }

    fn line(&self, range: TextRange) -> u32 {
        self.parsed.location(range).0
    }

    // ---- emitting --------------------------------------------------------------------------------------------

    fn emit(&mut self, at: TextRange, op: Instr) {
        let at = self.location(at);
        self.here().asm.emit(op, at);
    }

    fn label(&mut self) -> Label {
        self.here().asm.label()
    }

    fn place(&mut self, label: Label) {
        self.here().asm.place(label);
    }

    fn load_const(&mut self, at: TextRange, value: &Value) {
        let id = self.pool.add(value);
        let index = self.here().constant(id);
        self.emit(at, Instr::LoadConst(index));
    }

    /// A tuple of constants that CPython builds and then folds.
    fn load_folded_tuple(&mut self, at: TextRange, items: Vec<Value>, parts: &[&'a Expr]) {
        if items.is_empty() && self.profile.tuple_folding == TupleFolding::Peephole {
            self.emit(at, Instr::BuildTuple(0));
            return;
        }
        if self.profile.folded_constants_last {
            for (item, part) in items.iter().zip(parts) {
                self.mention_parts(part);
                if self.fold.literal(part).is_none() {
                    let id = self.pool.add_folded(item);
                    self.here().late_constant(id);
                }
            }
        } else {
            for item in &items {
                let id = self.pool.add(item);
                self.here().constant(id);
            }
        }
        self.load_late(at, &Value::Tuple(items));
    }

    /// A constant that comes after those that are written down.
    fn load_late(&mut self, at: TextRange, value: &Value) {
        let id = match value {
            Value::Tuple(items) if self.profile.tuple_folding == TupleFolding::Peephole => {
                self.pool.add_own_tuple(items)
            }
            value => self.pool.add_folded(value),
        };
        let index = self.here().late_constant(id);
        self.emit(at, Instr::LoadConst(index));
    }

    /// The constant that an expression was folded to.
    fn load_folded(&mut self, expr: &'a Expr, value: &Value) {
        if !self.profile.folded_constants_last || self.fold.literal(expr).is_some() {
            return self.load_const(expr.range(), value);
        }
        self.mention_parts(expr);
        match expr {
            Expr::FString(_) | Expr::Name(_) | Expr::Slice(_) => self.load_const(expr.range(), value),
            _ => self.load_late(expr.range(), value),
        }
    }

    /// The constants that a folded expression is made of are written down first.
    fn mention_parts(&mut self, expr: &'a Expr) {
        match expr {
            Expr::BinOp(operation) => {
                deeper(|| self.mention_parts(&operation.left));
                deeper(|| self.mention_parts(&operation.right));
            }
            Expr::UnaryOp(operation) => deeper(|| self.mention_parts(&operation.operand)),
            Expr::Tuple(ast::ExprTuple { elts, .. })
            | Expr::List(ast::ExprList { elts, .. })
            | Expr::Set(ast::ExprSet { elts, .. }) => {
                for item in elts {
                    deeper(|| self.mention_parts(item));
                }
            }
            Expr::Subscript(subscript) => {
                deeper(|| self.mention_parts(&subscript.value));
                deeper(|| self.mention_parts(&subscript.slice));
            }
            other => {
                if let Some(value) = self.fold.constant(other) {
                    let id = self.pool.add(&value);
                    self.here().constant(id);
                }
            }
        }
    }

    /// None becomes a constant of the code, though a jump that tests for it loads nothing.
    fn mention_none(&mut self) {
        let none = self.pool.add(&Value::None);
        self.here().constant(none);
    }

    fn load_text(&mut self, at: TextRange, text: &str) {
        self.load_const(at, &Value::text(text));
    }

    /// The index of a name among `co_names`.
    fn name_index(&mut self, name: &str) -> u32 {
        self.here().name(name)
    }

    /// Attributes are mangled too.
    fn attr_index(&mut self, name: &str) -> u32 {
        let name = self.mangled(name);
        self.here().name(&name)
    }

    // ---- documentation strings --------------------------------------------------------------------------------

    /// Stores the docstring of a module or class as `__doc__`; the statements after it.
    fn namespace_docstring(&mut self, suite: &'a [Stmt]) -> &'a [Stmt] {
        let Some((text, range)) = self.docstring(suite) else { return suite };
        self.load_const(range, &text);
        self.store_name("__doc__", nowhere());
        suite.get(1..).unwrap_or(&[])
    }

    /// The docstring that a suite begins with, if such are kept.
    fn docstring(&self, suite: &'a [Stmt]) -> Option<(Value, TextRange)> {
        if self.optimize >= 2 {
            return None;
        }
        let Some(Stmt::Expr(statement)) = suite.first() else { return None };
        let Expr::StringLiteral(literal) = &*statement.value else { return None };
        let value = self.fold.literal(&statement.value)?;
        let value = if self.profile.docstring_indentation { value } else { body::clean_docstring(value) };
        Some((value, literal.range()))
    }
}

/// The arguments of a call or class definition in the order of evaluation is: positional, then keywords.
type Keywords<'a> = &'a [ast::Keyword];
