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
}
