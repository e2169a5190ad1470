//! The values of the rules about numbers.

use super::room;

/// The texts of `ZeroDivisionError`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct ZeroDivision {
    pub int_true: &'static str,
    pub int_floordiv: &'static str,
    pub int_modulo: &'static str,
    pub float_true: &'static str,
    pub float_floordiv: &'static str,
    pub float_modulo: &'static str,
    pub float_divmod: &'static str,
    pub float_power: &'static str,
    pub complex_division: &'static str,
    pub complex_power: &'static str,
}

impl ZeroDivision {
    /// 3.8
    pub const OLD: ZeroDivision = ZeroDivision {
        int_true: "division by zero",
        int_floordiv: "integer division or modulo by zero",
        int_modulo: "integer division or modulo by zero",
        float_true: "float division by zero",
        float_floordiv: "float divmod()",
        float_modulo: "float modulo",
        float_divmod: "float divmod()",
        float_power: "0.0 cannot be raised to a negative power",
        complex_division: "complex division by zero",
        complex_power: "0.0 to a negative or complex power",
    };
    /// 3.9: floor division of floats is named.
    pub const FLOOR: ZeroDivision =
        ZeroDivision { float_floordiv: "float floor division by zero", ..ZeroDivision::OLD };
    /// 3.11: the remainder of ints is named.
    pub const MODULO: ZeroDivision = ZeroDivision { int_modulo: "integer modulo by zero", ..ZeroDivision::FLOOR };
    /// 3.13: the remainder of floats is named in full.
    pub const FLOAT_MODULO: ZeroDivision =
        ZeroDivision { float_modulo: "float modulo by zero", ..ZeroDivision::MODULO };
    /// 3.14: one text for all.
    pub const UNIFORM: ZeroDivision = ZeroDivision {
        int_true: "division by zero",
        int_floordiv: "division by zero",
        int_modulo: "division by zero",
        float_true: "division by zero",
        float_floordiv: "division by zero",
        float_modulo: "division by zero",
        float_divmod: "division by zero",
        float_power: "zero to a negative power",
        complex_division: "division by zero",
        complex_power: "zero to a negative or complex power",
    };
}

/// The algorithm behind the hash of `str` and `bytes`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StrHash {
    /// SipHash with 2 and 4 rounds.
    SipHash24,
    /// SipHash with 1 and 3 rounds.
    SipHash13,
    /// The same, of an empty text too.
    SipHash13OfAll,
}

/// What the hash of a NaN is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NanHash {
    /// 0 for all.
    Zero,
    /// That of the object's address, so that NaNs do not collide.
    Address,
}

/// What `bool(NotImplemented)` does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotImplementedTruth {
    /// It is true.
    True,
    /// It is true, with a DeprecationWarning.
    Warns,
    /// TypeError.
    Error,
}

room! { numbers

    /// Minus one, signed, is written into no bytes at all.
    to_bytes_empty_minus_one "value.int.to-bytes-empty-minus-one": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "always": true, "never": false }
    }

    /// Arithmetic of a real and a complex number leaves the other part alone, and products recover infinities, as C has it.
    complex_mixed "value.complex.mixed-arithmetic": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The hash of a string or of bytes is this keyed hash of its buffer, and 0 for an empty one.
    hash_str "value.hash.str": StrHash {
        py(8, 0) => StrHash::SipHash24, py(11, 0) => StrHash::SipHash13;
        faults { "empty-too": StrHash::SipHash13OfAll }
    }

    /// The hash of a NaN is this.
    hash_nan "value.hash.nan": NanHash {
        py(8, 0) => NanHash::Zero, py(10, 0) => NanHash::Address;
        faults { "zero": NanHash::Zero, "address": NanHash::Address }
    }

    /// The hash of None is this number, or that of its address.
    hash_none "value.hash.none": Option<i64> {
        py(8, 0) => None, py(12, 0) => Some(0xFCA8_6420);
        faults { "address": None, "zero": Some(0) }
    }

    /// A class that defines `__eq__` without `__hash__` is unhashable.
    eq_removes_hash "mutability.hash.eq-removes": bool { py(8, 0) => true; faults { "kept": false } }

    /// `operator.index` of an instance of a subclass of int gives an exact int.
    index_exact "identity.int.index-exact": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Slices can be hashed.
    slice_hashable "mutability.slice.hashable": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// What `bool(NotImplemented)` does.
    not_implemented_truth "identity.not-implemented.truth": NotImplementedTruth {
        py(8, 0) => NotImplementedTruth::True, py(9, 0) => NotImplementedTruth::Warns, py(14, 0) => NotImplementedTruth::Error;
        faults { "true": NotImplementedTruth::True, "error": NotImplementedTruth::Error } }

    /// What the warning for `~True` says, if there is one.
    bool_invert_warning "identity.bool.invert-warning": &'static str {
        py(8, 0) => "",
        py(12, 0) => "Bitwise inversion '~' on bool is deprecated. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.",
        py(12, 2) => "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.";
        faults { "none": "" } }

    /// `int(x)` asks `x.__trunc__()` last.
    int_uses_trunc "identity.int.from-trunc": bool {
        py(8, 0) => true, py(14, 0) => false; faults { "always": true, "never": false } }

    /// `int(x)` by `x.__trunc__()` gives a DeprecationWarning.
    int_trunc_warns "identity.int.trunc-warning": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// `int.to_bytes` and `int.from_bytes` take the big end first if they are not told.
    byteorder_default "identity.int.byteorder-default": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// `sum` of floats keeps the error of each step.
    sum_keeps_error "identity.float.sum-error": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }
}
