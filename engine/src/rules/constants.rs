//! Constants of code: what the compiler folds, shares, keeps and leaves out of `co_consts`.

use super::room;

/// How big the result of a constant expression may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FoldLimits {
    /// Characters or bytes of a repetition.
    pub characters: usize,
    /// Items of a repeated tuple.
    pub tuple_items: usize,
    /// Items of a repeated tuple, those of its items included.
    pub nested_items: usize,
    /// Bits of a product, power or shift of ints.
    pub bits: u64,
}

/// Constants that have no place in `co_consts`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InlineConstants {
    /// None of them.
    None,
    /// The ints from 0 to 255.
    SmallInts,
    /// Those, -1, None, True, False and the empty str.
    Common,
}

/// How tuples of constants are folded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TupleFolding {
    /// Every tuple is one more item of `co_consts`, and the empty one is built.
    Peephole,
    /// Equal ones are one item of `co_consts`.
    FlowGraph,
}

/// Constants of code that never runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeadConstants {
    /// All of them stay.
    All,
    /// Those after a `return` stay, those under `if 0` do not.
    AfterReturn,
    /// Those stay that come before a constant which is used.
    BeforeLive,
    /// None stays.
    None,
}

room! { constants

    /// A constant expression is folded only if its result stays within these limits.
    fold_limits "caching.constants.fold-limits": FoldLimits {
        py(8, 0) => FoldLimits { characters: 4096, tuple_items: 256, nested_items: 1024, bits: 128 };
        faults {
            "none": FoldLimits { characters: 0, tuple_items: 0, nested_items: 0, bits: 0 },
            "short-text": FoldLimits { characters: 20, tuple_items: 256, nested_items: 1024, bits: 128 },
            "64-bit": FoldLimits { characters: 4096, tuple_items: 256, nested_items: 1024, bits: 64 }
        }
    }

    /// Operations in the value of an assignment expression are folded.
    fold_in_walrus "caching.constants.fold-in-walrus": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A slice of a constant by constants is folded, and a slice of constants is itself a constant.
    fold_slices "caching.constants.fold-slices": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// `~True` is folded.
    fold_invert_bool "caching.constants.fold-invert-bool": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// `not` before a constant tuple is folded.
    fold_not_tuple "caching.constants.fold-not-tuple": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// An f-string without anything in it is a constant.
    fold_empty_fstring "caching.constants.fold-empty-fstring": bool {
        py(8, 0) => false, py(13, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The text that `f'{x = }'` shows ends its line at a `#`, even one inside a string.
    debug_text_cut_at_hash "memory.fstring.debug-text-cut": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// A list or set display of so many constants is filled from one constant.
    constant_displays "caching.constants.displays": Option<RangeInclusive<usize>> {
        py(8, 0) => None, py(9, 0) => Some(3..=usize::MAX), py(14, 0) => Some(3..=30);
        faults { "never": None, "any-length": Some(0..=usize::MAX) }
    }

    /// Several constant keys of a dict display are one constant tuple.
    constant_key_maps "caching.constants.key-maps": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// Which constants of code that never runs stay in `co_consts`.
    dead_constants "caching.constants.dead": DeadConstants {
        py(8, 0) => DeadConstants::AfterReturn, py(10, 0) => DeadConstants::BeforeLive, py(12, 0) => DeadConstants::None;
        faults { "all": DeadConstants::All, "none": DeadConstants::None }
    }

    /// The branch of an `if` that never runs is left out, with its variables and constants.
    dead_branches_left_out "caching.constants.dead-branches": bool {
        py(8, 0) => true, py(10, 0) => false;
        faults { "never": false, "always": true }
    }

    /// How a tuple of constants, such as defaults, becomes a constant.
    tuple_folding "caching.constants.tuple-folding": TupleFolding {
        py(8, 0) => TupleFolding::Peephole, py(10, 0) => TupleFolding::FlowGraph;
        faults { "peephole": TupleFolding::Peephole, "flow-graph": TupleFolding::FlowGraph }
    }

    /// A folded expression becomes a constant after those that are written down, of which it is made.
    folded_constants_last "caching.constants.folded-last": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Every function and module mentions the None that it would return at its end, reached or not.
    implicit_return_kept "caching.constants.implicit-return": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Which constants are loaded without a place in `co_consts`, unless they come first there.
    inline_constants "caching.constants.inline": InlineConstants {
        py(8, 0) => InlineConstants::None, py(14, 0) => InlineConstants::SmallInts,
        py(15, 0) => InlineConstants::Common;
        faults { "none": InlineConstants::None, "common": InlineConstants::Common }
    }

    /// A jump tests for None without loading it.
    none_tests_jump "caching.constants.none-tests": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The qualified name of a function is a constant of the code that makes it.
    qualname_constants "caching.constants.qualname": bool {
        py(8, 0) => true, py(11, 0) => false;
        faults { "never": false, "always": true }
    }

    /// The first constant of a function is None if it has no docstring.
    docstring_slot "caching.constants.docstring-slot": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// A docstring keeps its indentation.
    docstring_indentation "memory.docstring.indentation": bool {
        py(8, 0) => true, py(13, 0) => false;
        faults { "kept": true, "removed": false }
    }

    /// The warning about `is` with a literal names the literal's type.
    identity_warning_names_type "identity.is.warning-names-type": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The warning about `is` with a literal sees folded constants such as `-1`.
    identity_warning_folds "identity.is.warning-folds": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }
}
