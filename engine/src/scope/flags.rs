//! What a block does with a name, as CPython's `DEF_…` flags, and the blocks as the first pass leaves them.

use super::{BlockId, BlockKind};
use crate::syntax::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::BitOr;

/// A set of things that a block does with a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Flags(u16);

impl Flags {
    /// Declared `global`.
    pub(super) const GLOBAL: Flags = Flags(1);
    /// Assigned.
    pub(super) const LOCAL: Flags = Flags(1 << 1);
    /// A parameter.
    pub(super) const PARAM: Flags = Flags(1 << 2);
    /// Declared `nonlocal`.
    pub(super) const NONLOCAL: Flags = Flags(1 << 3);
    /// Read.
    pub(super) const USE: Flags = Flags(1 << 4);
    /// Imported.
    pub(super) const IMPORT: Flags = Flags(1 << 5);
    /// Annotated.
    pub(super) const ANNOT: Flags = Flags(1 << 6);
    /// The target of a comprehension's `for`.
    pub(super) const COMP_ITER: Flags = Flags(1 << 7);
    /// A type parameter.
    pub(super) const TYPE_PARAM: Flags = Flags(1 << 8);
    /// Any way of being bound.
    pub(super) const BOUND: Flags = Flags(1 << 1 | 1 << 2 | 1 << 5 | 1 << 8);

    /// Whether any of these is in the set.
    pub(super) fn any(self, of: Flags) -> bool {
        self.0 & of.0 != 0
    }
}

impl BitOr for Flags {
    type Output = Flags;

    fn bitor(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

/// The names of a block in the order of their first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    order: Vec<(String, Flags)>,
    index: FxHashMap<String, usize>,
}

impl Names {
    /// What is recorded of a name; nothing if it did not appear.
    pub(super) fn get(&self, name: &str) -> Flags {
        self.index.get(name).and_then(|&at| self.order.get(at)).map_or(Flags::default(), |(_, flags)| *flags)
    }

    /// Adds flags to a name.
    pub(super) fn add(&mut self, name: &str, flags: Flags) {
        match self.index.get(name).and_then(|&at| self.order.get_mut(at)) {
            Some((_, present)) => *present = *present | flags,
            None => {
                self.index.insert(name.to_string(), self.order.len());
                self.order.push((name.to_string(), flags));
            }
        }
    }

    /// All names, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Flags)> {
        self.order.iter().map(|(name, flags)| (name.as_str(), *flags))
    }
}

/// Something at which compiled code claims a place in `co_varnames`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Site {
    /// A name is read, written or deleted.
    Name(String),
    /// A comprehension begins, after its first iterable.
    Comprehension(BlockId),
}

/// A block as the first pass leaves it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) kind: BlockKind,
    pub(super) name: String,
    pub(super) range: TextRange,
    /// Where CPython says that the block is: at `def`, not at the first decorator.
    pub(super) place: TextRange,
    pub(super) parent: Option<BlockId>,
    pub(super) children: Vec<BlockId>,
    pub(super) names: Names,
    /// Parameters, mangled, in CPython's order.
    pub(super) parameters: Vec<String>,
    /// Where names were declared `global` or `nonlocal` (mangled), first declaration first.
    pub(super) directives: Vec<(String, TextRange)>,
    pub(super) sites: Vec<Site>,
    pub(super) private: Option<String>,
    /// In the type-parameter scope of a class only these names are private to the class.
    pub(super) mangled: Option<FxHashSet<String>>,
    pub(super) is_generator: bool,
    pub(super) is_coroutine: bool,
    pub(super) nested: bool,
    pub(super) sees_class: bool,
    /// The targets of a comprehension are being visited.
    pub(super) in_target: bool,
    /// How many iterables of comprehensions are being visited.
    pub(super) in_iterable: u32,
    /// The annotations of a module or class that are not evaluated at once.
    pub(super) annotations: Option<BlockId>,
    /// How many statements that may not run are being visited.
    pub(super) conditional: u32,
    /// An annotation that is not evaluated at once stands in such a statement.
    pub(super) conditional_annotations: bool,
    /// Annotations of a function's locals: nobody will ever evaluate them.
    pub(super) unevaluated: bool,
    /// What an annotation scope is called in errors, as in "cannot be used within …".
    pub(super) within: &'static str,
}
