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
}
