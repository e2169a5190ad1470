//! Caching: which equal values are one object, since when, and where sharing shows.

use super::room;

/// Which operations give a new object for a small int instead of the shared one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IntUncached {
    /// Sums and differences of which an operand has more than one digit of 30 bits.
    pub sums: bool,
    /// Remainders of two such operands.
    pub remainders: bool,
    /// `int.from_bytes`
    pub from_bytes: bool,
    /// `round(float)`, `float.as_integer_ratio()`, `math.floor`, `math.ceil`
    pub rounded: bool,
}

impl IntUncached {
    /// 3.8
    pub const MANY: IntUncached = IntUncached { sums: true, remainders: true, from_bytes: true, rounded: true };
    /// 3.9
    pub const SOME: IntUncached = IntUncached { sums: false, rounded: false, ..IntUncached::MANY };
    /// 3.11
    pub const NONE: IntUncached = IntUncached { remainders: false, from_bytes: false, ..IntUncached::SOME };
}

/// When `s += t` extends the string itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConcatInPlace {
    /// After so many executions of the instruction; none: never.
    pub after: Option<u32>,
    /// For names of a module or class too, not just for locals.
    pub names: bool,
    /// Where a local is stored and another one is used on the same line, one instruction does both, and the sum does
    /// not see that it is stored.
    pub fused_stores: bool,
}

impl ConcatInPlace {
    /// 3.8
    pub const ALWAYS: ConcatInPlace = ConcatInPlace { after: Some(0), names: true, fused_stores: false };
    /// 3.11
    pub const LATE: ConcatInPlace = ConcatInPlace { after: Some(7), names: false, ..ConcatInPlace::ALWAYS };
    /// 3.12
    pub const SOON: ConcatInPlace = ConcatInPlace { after: Some(1), ..ConcatInPlace::LATE };
    /// 3.13
    pub const UNFUSED: ConcatInPlace = ConcatInPlace { fused_stores: true, ..ConcatInPlace::SOON };
    /// In no version.
    pub const NEVER: ConcatInPlace = ConcatInPlace { after: None, ..ConcatInPlace::SOON };
}

room! { caching

    /// An int in this range is one shared object however it is produced.
    small_ints "caching.int.small": RangeInclusive<i64> {
        py(8, 0) => -5..=256, py(15, 0) => -5..=1024;
        faults { "none": RangeInclusive::new(1, 0), "upper-border-missing": -5..=255, "lower-border-missing": -4..=256 }
    }

    /// Replacing the empty string in the empty string a bounded number of times puts the new one in.
    replace_fills_empty "identity.str.replace-fills-empty": bool {
        py(8, 0) => false, py(9, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Two code objects are one constant only if their positions in the source are equal too.
    code_equality_positions "identity.code.positions": bool {
        py(8, 0) => false, py(11, 0) => true, py(12, 0) => false, py(13, 0) => true;
        faults { "ignored": false, "compared": true }
    }

    /// Strings that look like identifiers are interned when they are constants.
    intern_identifier_constants "caching.str.identifier-constants": bool {
        py(8, 0) => true; faults { "not-interned": false } }

    /// The empty frozenset is one object.
    empty_frozenset_shared "caching.frozenset.empty": bool {
        py(8, 0) => true, py(10, 0) => false; faults { "never": false, "always": true } }

    /// A tuple made of an iterator that gives nothing, and did not say so, is the shared empty tuple.
    tuple_of_nothing_shared "caching.tuple.empty-of-iterator": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// These letters, as constants, are other objects than the shared characters.
    static_letters "caching.str.static-letters": &'static str {
        py(8, 0) => "", py(11, 0) => "BCLST_abcdefhijklmnopqrstvwxy", py(12, 0) => "_abcdenprsx", py(12, 7) => "";
        faults { "none": "", "all": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_" } }

    /// The texts of True and False are the same objects as constants of that text.
    bool_texts_interned "caching.str.of-bool": bool {
        py(8, 0) => true, py(11, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// Membership and container equality try identity before `==`.
    containers_try_identity "identity.containers.identity-first": bool {
        py(8, 0) => true; faults { "equality-only": false } }

    /// `s += t` extends a string that only its variable refers to.
    concat_in_place "identity.str.concat-in-place": ConcatInPlace {
        py(8, 0) => ConcatInPlace::ALWAYS, py(11, 0) => ConcatInPlace::LATE, py(12, 0) => ConcatInPlace::SOON,
        py(13, 0) => ConcatInPlace::UNFUSED;
        faults { "never": ConcatInPlace::NEVER, "always": ConcatInPlace::ALWAYS } }

    /// Some operations give a new object for a small int.
    int_uncached "caching.int.uncached": IntUncached {
        py(8, 0) => IntUncached::MANY, py(9, 0) => IntUncached::SOME, py(11, 0) => IntUncached::NONE;
        faults { "many": IntUncached::MANY, "none": IntUncached::NONE } }

    /// The first number of a range of large ints is the start itself.
    long_range_keeps_start "identity.range.long-start": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// One byte is the shared object even where a fresh one is filled.
    single_bytes_always_shared "caching.bytes.single-filled": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }
}
