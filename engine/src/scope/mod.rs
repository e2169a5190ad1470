//! The symbol table: which scope every name of every block belongs to, and CPython's own errors about it.
//!
//! Three passes, in CPython's order: [`build`] walks the tree and records what each block does with each name, [`analyze`]
//! decides where each name is found, [`checks`] finds what CPython's compiler refuses later (a `return` outside a
//! function and the like). The first error found is the one that CPython reports.
//!
//! Invariant: a comprehension is always resolved as a scope of its own, inlined or not. Inlining only says in whose frame
//! its variables live: the accesses of its block are then those of the host's frame.

mod analyze;
mod build;
mod checks;
mod flags;
mod future;
mod mangle;
#[cfg(test)]
mod tests;

pub(crate) use mangle::mangle;

use crate::rules::Profile;
use crate::syntax::{Parsed, SyntaxIssue, TextRange};
use rustc_hash::FxHashMap;

/// Index of a block in its table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BlockId(pub u32);

/// What introduced a block.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum BlockKind {
    Module,
    Class,
    Function,
    Lambda,
    ListComp,
    SetComp,
    DictComp,
    GenExpr,
    /// An annotation scope: annotations of 3.14, a type alias, a bound, a default.
    Annotation,
    /// The scope of type parameters around a def, class or alias.
    TypeParams,
}

impl BlockKind {
    /// It has fast locals of its own (unless it is inlined).
    pub fn is_function_like(self) -> bool {
        match self {
            BlockKind::Module | BlockKind::Class => false,
            BlockKind::Function
            | BlockKind::Lambda
            | BlockKind::ListComp
            | BlockKind::SetComp
            | BlockKind::DictComp
            | BlockKind::GenExpr
            | BlockKind::Annotation
            | BlockKind::TypeParams => true,
        }
    }

    /// A comprehension or generator expression.
    pub fn is_comprehension(self) -> bool {
        match self {
            BlockKind::ListComp | BlockKind::SetComp | BlockKind::DictComp | BlockKind::GenExpr => true,
            BlockKind::Module
            | BlockKind::Class
            | BlockKind::Function
            | BlockKind::Lambda
            | BlockKind::Annotation
            | BlockKind::TypeParams => false,
        }
    }
}

/// Where a name of a block is found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Access {
    /// Bound in this block: a fast local in functions, an entry of the namespace in modules and classes.
    Local,
    /// Bound in this block and used by an inner function.
    Cell,
    /// Bound in an enclosing function.
    Free,
    /// Declared `global`.
    GlobalExplicit,
    /// Not bound in any enclosing function: global, else builtin. In modules and classes: looked up by name.
    GlobalImplicit,
}

/// How code of a block reaches a name: [`Access`] with the kind of the block taken into account.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// The variable of this name among `varnames` of the frame: `LoadFast` and the like.
    Fast,
    /// A cell that the frame owns: among `cellvars` (which may share the slot of a variable of that name).
    Cell,
    /// A cell from outside: among `freevars` of the frame. A frame may have the same name in `varnames` as well.
    Free,
    /// Reading looks into the class namespace first, then into the free cell (`LoadFromDictOrDeref`); writing and deleting
    /// go to the cell.
    ClassFree,
    /// Reading looks into the class namespace first, then global and builtin (`LoadFromDictOrGlobals`).
    ClassGlobal,
    /// Global, else builtin.
    Global,
    /// The namespace of the frame, global, builtin (modules and classes).
    Name,
}

/// One name of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Where it is found. In an inlined comprehension: where in the host's frame.
    pub access: Access,
    /// It is a parameter.
    pub parameter: bool,
    /// It is bound here (assigned, imported, deleted, …).
    pub bound: bool,
    /// In a class: of the class's own or global, and yet its frame passes on a free variable of that name to an inner
    /// function. The class body itself does not see that variable.
    pub class_free: bool,
    /// Not a name of this block itself: the target of a comprehension that is inlined into it (3.12+).
    pub inlined_target: bool,
}

/// A block: module, class, function or comprehension.
#[derive(Clone, Debug)]
pub struct Block {
    /// What introduced it.
    pub kind: BlockKind,
    /// `co_name`: the name of the function or class, `<lambda>`, `<listcomp>`, … (never mangled).
    pub name: String,
    /// The enclosing block.
    pub parent: Option<BlockId>,
    /// Names (mangled) in the order of their first appearance.
    pub symbols: Vec<(String, Symbol)>,
    /// `co_varnames`: parameters first, then locals in the order in which compiled code first mentions them. The targets of
    /// inlined comprehensions stand among them, in modules and classes too. Empty for an inlined comprehension.
    pub varnames: Vec<String>,
    /// Cell variables, in CPython's order. Empty for an inlined comprehension.
    pub cellvars: Vec<String>,
    /// Free variables, in CPython's order. Empty for an inlined comprehension.
    pub freevars: Vec<String>,
    /// The names (mangled) that a comprehension itself binds, in order: what an inlined one saves and restores.
    pub targets: Vec<String>,
    /// Of an inlined comprehension: targets of those that are inlined into it. Their variables have no value either while it
    /// runs, whatever they hold outside (`locals()` can tell).
    pub inner_targets: Vec<String>,
    /// It contains `yield`.
    pub is_generator: bool,
    /// It is an `async def`, or a comprehension that awaits.
    pub is_coroutine: bool,
    /// A comprehension that runs inside its parent's frame (3.12+).
    pub inlined: bool,
    /// The block whose frame runs this one: itself, unless it is inlined.
    pub host: BlockId,
    /// A class whose methods use `__class__` or `super`.
    pub needs_class_cell: bool,
    /// A class whose annotation scopes look into its namespace: it makes a cell `__classdict__`.
    pub needs_classdict: bool,
    /// A module or class with annotations in statements that may not run (3.14): it keeps `__conditional_annotations__`, a
    /// class in a cell.
    pub conditional_annotations: bool,
    /// An annotation or type-parameter scope directly in a class: it sees the class's names through `__classdict__`.
    pub sees_class: bool,
    /// It lies inside a function, directly or not.
    pub nested: bool,
    /// The private-name prefix in force (the innermost class).
    pub private: Option<String>,
    index: FxHashMap<String, usize>,
}

impl Block {
    /// The symbol of a (mangled) name.
    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        self.index.get(name).and_then(|&at| self.symbols.get(at)).map(|(_, symbol)| *symbol)
    }
}

/// What a text has from the code that compiles it: the future features, the level, and whether it was a str.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Inherited {
    /// `annotations`
    pub future_annotations: bool,
    /// The source is a str: a coding line means nothing.
    pub is_text: bool,
    /// What is left out: 1 assertions, and `__debug__` is false; 2 docstrings too.
    pub optimize: u8,
}

/// The symbol table of one source text.
#[derive(Clone, Debug)]
pub struct SymbolTable {
    /// All blocks; the first is the outermost.
    pub blocks: Vec<Block>,
    /// `from __future__ import annotations` is in force.
    pub future_annotations: bool,
    by_node: FxHashMap<(TextRange, BlockKind), BlockId>,
    comprehensions_see_class: bool,
}

impl SymbolTable {
    /// The table of a parsed text, or the first error that CPython's symbol table or compiler would report.
    #[cfg(test)]
    pub(crate) fn build(parsed: &Parsed, profile: &Profile) -> Result<SymbolTable, SyntaxIssue> {
        SymbolTable::build_under(parsed, profile, Inherited::default())
    }

    /// The same for a text that is compiled from inside code with future statements.
    pub(crate) fn build_under(
        parsed: &Parsed,
        profile: &Profile,
        inherited: Inherited,
    ) -> Result<SymbolTable, SyntaxIssue> {
        let mut future = future::find(parsed, profile)?;
        future.annotations |= inherited.future_annotations;
        let entries = build::collect(parsed, profile, future.annotations)?;
        let table = analyze::analyze(parsed, profile, entries, future.annotations)?;
        checks::check(parsed, profile, &table, future.end)?;
        Ok(table)
    }

    /// A block of this table.
    ///
    /// # Panics
    /// When the id is another table's.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }

    /// The block that a node introduced. The key is the node's range; of the blocks of one definition the type parameters,
    /// the annotations (3.14) and the body have kinds of their own. A bound, a constraint or default and the value of an
    /// alias are found as [`BlockKind::Annotation`] by the range of their expression; the annotations of a module or class
    /// (3.14) by that of the module (`TextRange::default()`) or class; an annotation under the future import by its own.
    pub fn find(&self, range: TextRange, kind: BlockKind) -> Option<BlockId> {
        self.by_node.get(&(range, kind)).copied()
    }

    /// How code of this block reaches a (mangled) name.
    pub fn place(&self, id: BlockId, name: &str) -> Place {
        let block = self.block(id);
        let host = self.block(block.host);
        let own_frame = block.kind.is_function_like();
        let Some(symbol) = block.symbol(name).filter(|symbol| !symbol.inlined_target || own_frame) else {
            return if host.kind.is_function_like() { Place::Global } else { Place::Name };
        };
        match symbol.access {
            Access::Local if own_frame => Place::Fast,
            Access::Cell if own_frame => Place::Cell,
            Access::Local | Access::Cell => Place::Name,
            Access::Free if block.kind == BlockKind::Class || block.sees_class => Place::ClassFree,
            Access::Free => Place::Free,
            Access::GlobalExplicit => Place::Global,
            Access::GlobalImplicit if block.sees_class => Place::ClassGlobal,
            Access::GlobalImplicit => match (block.inlined, host.kind) {
                (true, BlockKind::Class) if !self.comprehensions_see_class => Place::Global,
                (_, kind) if kind.is_function_like() => Place::Global,
                _ => Place::Name,
            },
        }
    }
}
