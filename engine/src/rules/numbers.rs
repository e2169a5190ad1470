//! The values of the rules about numbers.

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
}

/// What the hash of a NaN is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NanHash {
    /// 0 for all.
    Zero,
    /// That of the object's address, so that NaNs do not collide.
    Address,
}

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
