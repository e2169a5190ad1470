//! Values of the rules about counts, release and collection.

use super::Profile;
use crate::code::Const;

/// In which order a dying list or tuple lets its items go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum ItemOrder {
    LastToFirst,
    FirstToLast,
}

/// In which order a returning function lets its locals go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum LocalsRelease {
    InOrder,
    Reversed,
}

/// Which objects are never counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Immortals {
    /// None at all.
    Nothing,
    /// `None`, `True`, small ints, short strings and bytes, `()`, built-in types.
    Singletons,
}

/// Whether a constant on the evaluation stack is a reference of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum ConstLoad {
    Owned,
    Borrowed,
}

/// From when on the collector looks at a dict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DictTracking {
    /// Once something is put in that may be part of a cycle.
    WhenNeeded,
    /// From the start.
    FromBirth,
}

/// From when on the collector looks at a tuple.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TupleTracking {
    /// From the start.
    FromBirth,
    /// If one of its items may be part of a cycle.
    ByItems,
}

/// Which cycle collector runs, and its thresholds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CollectorRule {
    /// Three generations.
    Generational {
        /// `gc.get_threshold()`
        thresholds: [u32; 3],
    },
    /// The incremental collector of 3.14.0 to 3.14.4.
    Incremental {
        /// The threshold of the young generation.
        young: u32,
    },
}

/// Which constants the parser's arena holds while a program runs directly from its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arena {
    /// Numbers, strings, bytes; tuples too.
    WithTuples,
    /// Numbers, strings, bytes.
    WithoutTuples,
    /// Nothing.
    Nothing,
}

impl Profile {
    /// Whether the arena holds this constant.
    pub(crate) fn arena_holds(&self, constant: &Const) -> bool {
        match constant {
            Const::Int(_) | Const::Float(_) | Const::Complex(..) | Const::Str(_) | Const::Bytes(_) => {
                self.arena != Arena::Nothing
            }
            Const::Tuple(_) | Const::FrozenSet(_) => self.arena == Arena::WithTuples,
            Const::None | Const::True | Const::False | Const::Ellipsis | Const::Slice(_) | Const::Code(_) => false,
        }
    }

    /// The name and the module of a built-in type.
    pub(crate) fn type_name(&self, name: &'static str, module: &'static str) -> (&'static str, &'static str) {
        match name {
            _ if self.weakref_type_names => (name, module),
            "ReferenceType" => ("weakref", "builtins"),
            "ProxyType" => ("weakproxy", "builtins"),
            "CallableProxyType" => ("weakcallableproxy", "builtins"),
            _ => (name, module),
        }
    }

    /// Whether `builtins` has this name.
    pub(crate) fn has_builtin(&self, name: &str) -> bool {
        match name {
            "ExceptionGroup" | "BaseExceptionGroup" => self.exception_groups,
            "EncodingWarning" => self.encoding_warning,
            _ => true,
        }
    }
}
