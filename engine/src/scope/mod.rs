//! The symbol table: which scope every name of every block belongs to, and CPython's own errors about it.

use crate::syntax::TextRange;

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

/// One name of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Where it is found.
    pub access: Access,
    /// It is a parameter.
    pub parameter: bool,
    /// It is bound here (assigned, imported, deleted, …).
    pub bound: bool,
    /// In a class: also free in an inner function, so the class body reads it by `LoadFromDictOrDeref`.
    pub class_free: bool,
    /// Bound by the target of a comprehension that is inlined into this block (3.12+).
    pub inlined_target: bool,
}

/// A block: module, class, function or comprehension.
#[derive(Clone, Debug)]
pub struct Block {
    /// What introduced it.
    pub kind: BlockKind,
    /// The name of the function or class (mangled names are the compiler's business).
    pub name: String,
    /// The AST node that introduced it.
    pub range: TextRange,
    /// The enclosing block.
    pub parent: Option<BlockId>,
    /// Names (mangled) in the order of their first appearance.
    pub symbols: Vec<(String, Symbol)>,
    /// `co_varnames` of a function: parameters first, then locals in order of first binding.
    pub varnames: Vec<String>,
    /// Cell variables, in CPython's order.
    pub cellvars: Vec<String>,
    /// Free variables, in CPython's order.
    pub freevars: Vec<String>,
    /// It contains `yield`.
    pub is_generator: bool,
    /// It is an `async def`, or a comprehension that awaits.
    pub is_coroutine: bool,
    /// A comprehension that runs inside its parent's frame (3.12+).
    pub inlined: bool,
    /// A class whose methods use `__class__` or `super`.
    pub needs_class_cell: bool,
    /// It lies inside a function, directly or not.
    pub nested: bool,
    /// The private-name prefix in force (the innermost class).
    pub private: Option<String>,
}

impl Block {
    /// The symbol of a (mangled) name.
    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        self.symbols.iter().find(|(n, _)| n == name).map(|(_, s)| *s)
    }
}

/// The symbol table of one source text.
#[derive(Clone, Debug)]
pub struct SymbolTable {
    /// All blocks; the first is the outermost.
    pub blocks: Vec<Block>,
}
