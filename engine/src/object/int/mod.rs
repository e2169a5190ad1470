//! `int`: its methods as native functions over [`Int`].
//!
//! Invariant: what an operation gives is an exact int, the shared one if it is small. The receiver itself comes back
//! only from conversions that change nothing, and only if it is an exact int.

mod build;
mod convert;
mod ops;

use super::number::{Int, NumberError};
use crate::code::{BinOp, CmpOp};
use crate::heap::{Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, Params, Role, getter, method, new, slot};
use crate::vm::{Res, Stop, Ty, Vm};

/// The computed attributes of `int`.
pub static GETSETS: &[GetSetDef] = &[
    getter("real", |vm, this| Ok(vm.exact_int(this))),
    getter("imag", |vm, _| Ok(vm.new_int(0))),
    getter("numerator", |vm, this| Ok(vm.exact_int(this))),
    getter("denominator", |vm, _| Ok(vm.new_int(1))),
];

/// The methods of `int`.
pub static METHODS: &[NativeDef] = &[
    new(build::new),
    slot("__repr__", 0, convert::repr),
    slot("__hash__", 0, convert::hash),
    slot("__lt__", 1, |vm, args| ops::compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| ops::compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| ops::compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| ops::compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| ops::compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| ops::compare(vm, args, CmpOp::Ge)),
    slot("__add__", 1, |vm, args| ops::binary(vm, args, BinOp::Add, false)),
    slot("__radd__", 1, |vm, args| ops::binary(vm, args, BinOp::Add, true)),
    slot("__sub__", 1, |vm, args| ops::binary(vm, args, BinOp::Sub, false)),
    slot("__rsub__", 1, |vm, args| ops::binary(vm, args, BinOp::Sub, true)),
    slot("__mul__", 1, |vm, args| ops::binary(vm, args, BinOp::Mul, false)),
    slot("__rmul__", 1, |vm, args| ops::binary(vm, args, BinOp::Mul, true)),
    slot("__mod__", 1, |vm, args| ops::binary(vm, args, BinOp::Mod, false)),
    slot("__rmod__", 1, |vm, args| ops::binary(vm, args, BinOp::Mod, true)),
    slot("__divmod__", 1, |vm, args| ops::divmod(vm, args, false)),
    slot("__rdivmod__", 1, |vm, args| ops::divmod(vm, args, true)),
    NativeDef {
        name: "__pow__",
        role: Role::Slot,
        params: Params::Pos(1, 2),
        run: |vm, args| ops::pow(vm, args, false),
    },
    NativeDef {
        name: "__rpow__",
        role: Role::Slot,
        params: Params::Pos(1, 2),
        run: |vm, args| ops::pow(vm, args, true),
    },
    slot("__neg__", 0, |vm, args| ops::unary(vm, args, Int::neg)),
    slot("__pos__", 0, |vm, args| Ok(vm.exact_int(args.get(vm, 0)))),
    slot("__abs__", 0, ops::abs),
    slot("__bool__", 0, ops::bool),
    slot("__invert__", 0, |vm, args| ops::unary(vm, args, Int::invert)),
    slot("__lshift__", 1, |vm, args| ops::binary(vm, args, BinOp::LShift, false)),
    slot("__rlshift__", 1, |vm, args| ops::binary(vm, args, BinOp::LShift, true)),
    slot("__rshift__", 1, |vm, args| ops::binary(vm, args, BinOp::RShift, false)),
    slot("__rrshift__", 1, |vm, args| ops::binary(vm, args, BinOp::RShift, true)),
    slot("__and__", 1, |vm, args| ops::binary(vm, args, BinOp::And, false)),
    slot("__rand__", 1, |vm, args| ops::binary(vm, args, BinOp::And, true)),
    slot("__xor__", 1, |vm, args| ops::binary(vm, args, BinOp::Xor, false)),
    slot("__rxor__", 1, |vm, args| ops::binary(vm, args, BinOp::Xor, true)),
    slot("__or__", 1, |vm, args| ops::binary(vm, args, BinOp::Or, false)),
    slot("__ror__", 1, |vm, args| ops::binary(vm, args, BinOp::Or, true)),
    slot("__int__", 0, |vm, args| Ok(vm.exact_int(args.get(vm, 0)))),
    slot("__float__", 0, convert::float),
    slot("__floordiv__", 1, |vm, args| ops::binary(vm, args, BinOp::FloorDiv, false)),
    slot("__rfloordiv__", 1, |vm, args| ops::binary(vm, args, BinOp::FloorDiv, true)),
    slot("__truediv__", 1, |vm, args| ops::true_div(vm, args, false)),
    slot("__rtruediv__", 1, |vm, args| ops::true_div(vm, args, true)),
    slot("__index__", 0, |vm, args| Ok(vm.exact_int(args.get(vm, 0)))),
    method("conjugate", 0, 0, |vm, args| Ok(vm.exact_int(args.get(vm, 0)))),
    method("bit_length", 0, 0, convert::bit_length),
    method("bit_count", 0, 0, convert::bit_count),
    method("to_bytes", 0, 3, convert::to_bytes).named(&["length", "byteorder", "signed"], 0, 2, 0),
    method("from_bytes", 1, 3, convert::from_bytes).named(&["bytes", "byteorder", "signed"], 0, 2, 1).class_method(),
    method("as_integer_ratio", 0, 0, convert::as_integer_ratio),
    method("__trunc__", 0, 0, |vm, args| Ok(vm.exact_int(args.get(vm, 0)))),
    method("__floor__", 0, 0, |vm, args| Ok(vm.exact_int(args.get(vm, 0)))),
    method("__ceil__", 0, 0, |vm, args| Ok(vm.exact_int(args.get(vm, 0)))),
    method("__round__", 0, 1, convert::round),
    method("__getnewargs__", 0, 0, convert::getnewargs),
    method("__format__", 1, 1, crate::object::str::format::format_int),
    method("is_integer", 0, 0, |vm, _| Ok(vm.bool(true))),
];

impl Vm {
    /// The value of an int object; zero for anything else, which the machine keeps from the methods of `int`.
    fn int_of(&self, this: Ref) -> Int {
        self.as_int(this).unwrap_or(Int::Small(0))
    }

    /// The object itself if it is an exact int, else an exact int of its value.
    pub fn exact_int(&mut self, this: Ref) -> Owned {
        if self.is_exact_int(this) {
            return self.share(this);
        }
        let value = self.int_of(this);
        self.int_object(value)
    }

    /// An int object that does not come from the cache, whatever its value.
    pub fn uncached_int(&mut self, value: Int) -> Owned {
        match value {
            Int::Small(0) => self.new_int(0),
            value => self.fresh_int(value),
        }
    }

    /// A new object, whatever the value.
    pub fn fresh_int(&mut self, value: Int) -> Owned {
        match value {
            Int::Small(value) => self.heap.alloc_int(Ty::Int.kind(), value),
            Int::Big(value) => self.new_bigint(value),
        }
    }

    /// Raises what went wrong in arithmetic.
    #[cold]
    pub fn number_error(&mut self, error: NumberError) -> Stop {
        match error {
            NumberError::ZeroDivision(text) => self.raise(Ty::ZeroDivisionError, text),
            NumberError::Overflow(text) => self.overflow(text.as_ref()),
            NumberError::OutOfRange => {
                let args = vec![self.new_int(34), self.new_str("Numerical result out of range")];
                self.raise_with(Ty::OverflowError, args)
            }
            NumberError::Value(text) => self.value_error(text),
            NumberError::Literal(text) => self.raise_text(Ty::ValueError, text),
            NumberError::Type(text) => self.type_error(text),
            NumberError::Memory => self.raise_with(Ty::MemoryError, Vec::new()),
        }
    }

    /// The object for a result of arithmetic.
    ///
    /// # Errors
    /// What went wrong in it.
    pub fn int_result(&mut self, result: Result<Int, NumberError>) -> Res<Owned> {
        match result {
            Ok(value) => Ok(self.int_object(value)),
            Err(error) => Err(self.number_error(error)),
        }
    }

    /// The same for a float.
    ///
    /// # Errors
    /// What went wrong in it.
    pub fn float_result(&mut self, result: Result<f64, NumberError>) -> Res<Owned> {
        match result {
            Ok(value) => Ok(self.new_float(value)),
            Err(error) => Err(self.number_error(error)),
        }
    }
}

/// `a & b`, `a | b`, `a ^ b` of ints, for `bool`.
///
/// # Errors
/// None: what is no int gives `NotImplemented`.
pub fn bitwise(vm: &mut Vm, args: Args, op: BinOp) -> Res<Owned> {
    ops::binary(vm, args, op, false)
}
