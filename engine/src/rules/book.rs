//! The tables: one entry a rule, grouped by subject. `py(13, 0) => value` means "from 3.13.0 on".
//!
//! A fault is another value of the same type: the wrong way of doing it has to be coded too, which is the price of
//! a measurable suite.

use super::rules;
use super::version::py;
use std::ops::RangeInclusive;

/// How argument references reach a Python function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgPassing {
    /// The caller's stack keeps its own references during the call.
    Copied,
    /// The caller's references become the callee's locals.
    Moved,
}

/// How source text with a null character is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum NullBytes {
    ValueError,
    SyntaxError,
}

/// Where CPython puts the errors of its symbol table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeErrorPlace {
    /// At the block for parameters, star imports and yields; one column to the left for `:=`.
    Block,
    /// At the node.
    Node,
}

/// What `from __future__ import annotations` does to an annotation's names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FutureAnnotations {
    /// They are names of the scope around.
    SameScope,
    /// The annotation is a scope; `:=`, `yield` and `await` in it are refused, the word in quotes.
    OwnScopeQuoted,
    /// The annotation is a scope; `:=`, `yield` and `await` in it are refused.
    OwnScope,
}

rules! {
    // ---- caching -------------------------------------------------------------------------------------------

    /// An int in this range is one shared object however it is produced.
    small_ints "caching.int.small": RangeInclusive<i64> {
        py(8, 0) => -5..=256, py(15, 0) => -5..=1024;
        faults { "none": 1..=0, "upper-border-missing": -5..=255, "lower-border-missing": -4..=256 }
    }

    // ---- counts --------------------------------------------------------------------------------------------

    /// The references of a call's arguments move from the caller's stack into the callee's locals.
    arg_passing "memory.refcount.arg-passing": ArgPassing {
        py(8, 0) => ArgPassing::Copied, py(11, 0) => ArgPassing::Moved;
        faults { "copied": ArgPassing::Copied, "moved": ArgPassing::Moved }
    }

    // ---- syntax --------------------------------------------------------------------------------------------

    /// The grammar that source text follows, named by the minor version that brought it.
    grammar "syntax.grammar": u8 {
        py(8, 0) => 8, py(9, 0) => 9, py(10, 0) => 10, py(11, 0) => 11, py(12, 0) => 12, py(13, 0) => 13, py(14, 0) => 14, py(15, 0) => 15;
        faults { "oldest": 8, "newest": 15 }
    }

    /// A decimal integer literal has at most this many digits.
    int_literal_digits "syntax.int-literal-digits": Option<usize> {
        py(8, 0) => None, py(8, 14) => Some(4300), py(9, 0) => None, py(9, 14) => Some(4300),
        py(10, 0) => None, py(10, 7) => Some(4300);
        faults { "unlimited": None }
    }

    /// Source text that holds a null character is refused with an exception of this class.
    null_bytes "syntax.null-bytes": NullBytes {
        py(8, 0) => NullBytes::ValueError, py(11, 4) => NullBytes::SyntaxError;
        faults { "value-error": NullBytes::ValueError, "syntax-error": NullBytes::SyntaxError }
    }

    // ---- scopes --------------------------------------------------------------------------------------------

    /// A list, set or dict comprehension runs in the frame of the code around it.
    comprehensions_inlined "scoping.comprehension.inlined": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Annotations are not evaluated when a function, class or module is defined.
    annotations_lazy "scoping.annotation.lazy": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Under the future import an annotation is a scope of its own, in which nothing can be bound.
    future_annotations "scoping.annotation.future": FutureAnnotations {
        py(8, 0) => FutureAnnotations::SameScope, py(10, 0) => FutureAnnotations::OwnScopeQuoted,
        py(12, 0) => FutureAnnotations::OwnScope;
        faults { "same-scope": FutureAnnotations::SameScope }
    }

    /// Errors about scopes point at the node that is wrong.
    scope_error_place "scoping.error.place": ScopeErrorPlace {
        py(8, 0) => ScopeErrorPlace::Block, py(10, 0) => ScopeErrorPlace::Node;
        faults { "block": ScopeErrorPlace::Block }
    }

    /// An unknown future feature is reported at its own name.
    future_error_at_name "scoping.error.future-place": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "statement": false, "name": true }
    }

    /// What a name in a function's parameter list is called when it occurs twice.
    duplicate_parameter_word "scoping.error.duplicate-parameter": &'static str {
        py(8, 0) => "argument", py(15, 0) => "parameter";
        faults { "argument": "argument", "parameter": "parameter" }
    }

    /// In `co_cellvars` the cells that have a place among the variables come first, in their order there.
    cells_in_frame_order "scoping.cells.frame-order": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "sorted": false, "frame-order": true }
    }
}
