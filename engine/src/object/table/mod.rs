//! The tables behind `dict`, `set` and `list` as plain data: sizes, probe order and growth exactly as in CPython,
//! because `getsizeof`, the order of a set of ints and the number of `__eq__` calls are all observable.
//!
//! Equality may run Python code, so nothing here compares keys: a probe yields candidates, the caller decides.

pub mod dict;
pub mod list;
pub mod set;
pub mod slice;

/// What a probe meets: an entry that may hold the key that is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Candidate {
    /// It holds the very object: found.
    Identical(usize),
    /// Its key has the same hash: found if the keys are equal.
    SameHash(usize),
}
