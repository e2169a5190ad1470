//! Code units: what the compiler makes of one source text, before it becomes objects.
//!
//! A unit owns one pool of constants; equal constants of the unit are one entry of the pool, at any depth
//! (FACTS B.1). Loading a unit turns each entry into one object, which is what makes equal constants identical.

mod asm;
mod borrow;
mod bound;
mod compile;
#[cfg(test)]
mod dis;
mod effect;
mod flow;
mod fold;
mod fuse;
mod instr;
pub mod opcodes;
mod pool;
mod swaps;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod verify;

pub use fuse::{At, Fused, Place, fuse};
pub use instr::*;

use crate::object::text::Text;
use crate::rules::Profile;
use crate::scope::{Inherited, SymbolTable};
use crate::syntax::{Doubt, Parsed, SourceKind, SyntaxIssue, parse};
use num_bigint::BigInt;

/// The index of a constant in its unit's pool.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ConstId(pub u32);

/// A constant. Containers name their items by pool index, so sharing goes to any depth.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs)]
pub enum Const {
    None,
    True,
    False,
    Ellipsis,
    Int(BigInt),
    Float(f64),
    Complex(f64, f64),
    Str(Text),
    Bytes(Box<[u8]>),
    Tuple(Vec<ConstId>),
    FrozenSet(Vec<ConstId>),
    /// start, stop, step
    Slice([ConstId; 3]),
    Code(Box<Proto>),
}

/// One compiled source text.
#[derive(Clone, PartialEq, Debug)]
pub struct Unit {
    /// Every constant of the unit, each once.
    pub pool: Vec<Const>,
    /// For each of them whether it stands nowhere in the source, but was folded when the tree was gone.
    pub folded: Vec<bool>,
    /// The outermost code.
    pub root: Proto,
}

/// What kind of function a call of this code makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum BodyKind {
    Plain,
    Generator,
    Coroutine,
    AsyncGenerator,
}

/// Where an instruction comes from; columns are UTF-8 byte offsets from 0, as in CPython's positions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs)]
pub struct Location {
    pub line: u32,
    pub end_line: u32,
    pub col: u32,
    pub end_col: u32,
}

/// A protected range of instructions `start..end`. On an exception the stack is cut to `depth`, the exception is
/// pushed, and the machine goes on at `target`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct Handler {
    pub start: Label,
    pub end: Label,
    pub target: Label,
    pub depth: u32,
}

/// A code object before loading.
#[derive(Clone, PartialEq, Debug)]
pub struct Proto {
    /// `co_name`
    pub name: String,
    /// `co_qualname`
    pub qualname: String,
    /// `co_firstlineno`
    pub first_line: u32,
    /// Positional parameters, positional-only ones included.
    pub arg_count: u32,
    /// Positional-only parameters.
    pub posonly_count: u32,
    /// Keyword-only parameters.
    pub kwonly_count: u32,
    /// Whether there is a `*args`.
    pub varargs: bool,
    /// Whether there is a `**kwargs`.
    pub varkw: bool,
    /// Function bodies have fast locals and a fresh local array a call; modules and classes have a namespace.
    pub is_function: bool,
    /// Plain, generator, coroutine, …
    pub body: BodyKind,
    /// `co_flags` as CPython shows it.
    pub flags: u32,
    /// `co_varnames`: parameters (positional, keyword-only, *args, **kwargs), then other locals.
    pub varnames: Vec<String>,
    /// `co_cellvars`
    pub cellvars: Vec<String>,
    /// `co_freevars`
    pub freevars: Vec<String>,
    /// The frame's local array: varnames, then cellvars that are not varnames, then freevars.
    pub local_names: Vec<String>,
    /// `co_names`
    pub names: Vec<String>,
    /// The constants that instructions load.
    pub consts: Vec<ConstId>,
    /// `co_consts` shows so many of them; the others are part of their instructions.
    pub shown_consts: u32,
    /// The docstring, if the body is a function or class with one (it is also a constant).
    pub doc: Option<ConstId>,
    /// The instructions.
    pub instrs: Vec<Instr>,
    /// Where each instruction comes from.
    pub locations: Vec<Location>,
    /// Protected ranges, innermost first.
    pub handlers: Vec<Handler>,
    /// The largest depth of the evaluation stack.
    pub stack_size: u32,
}

/// As what a source text is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompileMode {
    /// A module: any number of statements.
    Exec,
    /// One interactive statement; the values of expression statements are shown.
    Single,
    /// One expression, whose value the code returns.
    Eval,
}

/// The class of a warning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WarningCategory {
    /// `SyntaxWarning`
    Syntax,
    /// `DeprecationWarning`
    Deprecation,
}

/// A warning that compiling gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// Its class.
    pub category: WarningCategory,
    /// CPython's text.
    pub message: String,
    /// 1-based line.
    pub line: u32,
}

impl From<Doubt> for Warning {
    fn from(doubt: Doubt) -> Warning {
        let category = if doubt.deprecation { WarningCategory::Deprecation } else { WarningCategory::Syntax };
        Warning { category, message: doubt.message, line: doubt.line }
    }
}

/// What compiling a source text gives.
#[derive(Clone, PartialEq, Debug)]
pub struct Compiled {
    /// The code.
    pub unit: Unit,
    /// In the order in which they were found.
    pub warnings: Vec<Warning>,
    /// `from __future__ import annotations` is in force: code compiled from inside inherits it.
    pub future_annotations: bool,
}

/// Compiles a tree whose symbols are known.
pub(crate) fn compile(
    parsed: &Parsed,
    table: &SymbolTable,
    mode: CompileMode,
    profile: &Profile,
    optimize: u8,
) -> Result<Compiled, SyntaxIssue> {
    let (unit, warnings) = compile::compile(parsed, table, mode, profile, optimize)?;
    Ok(Compiled { unit, warnings, future_annotations: table.future_annotations })
}

/// Compiles a source text.
///
/// # Errors
/// What CPython would raise before it runs anything.
pub fn compile_source(source: &[u8], mode: CompileMode, profile: &Profile) -> Result<Compiled, SyntaxIssue> {
    compile_under(source, mode, profile, Inherited::default())
}

/// Compiles a source text from inside code with future statements.
///
/// # Errors
/// What CPython would raise before it runs anything.
pub fn compile_under(
    source: &[u8],
    mode: CompileMode,
    profile: &Profile,
    inherited: Inherited,
) -> Result<Compiled, SyntaxIssue> {
    let kind = match mode {
        CompileMode::Exec => SourceKind::Module,
        CompileMode::Single => SourceKind::Interactive,
        CompileMode::Eval => SourceKind::Expression,
    };
    let parsed = parse(source, 1, kind, profile, inherited.is_text)?;
    let table = SymbolTable::build_under(&parsed, profile, inherited)?;
    compile(&parsed, &table, mode, profile, inherited.optimize)
}
