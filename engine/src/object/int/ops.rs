//! The operators of `int`.

use crate::code::{BinOp, CmpOp};
use crate::heap::{Layout, Owned};
use crate::native::Args;
use crate::object::number::{Int, float};
use crate::vm::{Res, Vm};

/// A number of more than one of CPython's 30-bit digits.
fn many_digits(value: &Int) -> bool {
    value.digits30() > 1
}

/// Both operands in the order of the operator, or nothing if the other is no int.
fn operands(vm: &Vm, args: Args, reflected: bool) -> Option<(Int, Int)> {
    let (a, b) = (vm.as_int(args.get(vm, 0))?, vm.as_int(args.get(vm, 1))?);
    Some(if reflected { (b, a) } else { (a, b) })
}

/// `a op b`
pub fn binary(vm: &mut Vm, args: Args, op: BinOp, reflected: bool) -> Res<Owned> {
    let Some((a, b)) = operands(vm, args, reflected) else { return Ok(vm.not_implemented()) };
    let rules = &vm.profile;
    let result = match op {
        BinOp::Add => Ok(a.add(&b)),
        BinOp::Sub => Ok(a.sub(&b)),
        BinOp::Mul => {
            vm.check_room((u128::from(a.bit_length()) + u128::from(b.bit_length())) / 8)?;
            Ok(a.mul(&b))
        }
        BinOp::FloorDiv => a.floor_div(&b, rules),
        BinOp::Mod => a.modulo(&b, rules),
        BinOp::LShift => a.shift_left(&b),
        BinOp::RShift => a.shift_right(&b),
        BinOp::And => Ok(a.and(&b)),
        BinOp::Or => Ok(a.or(&b)),
        BinOp::Xor => Ok(a.xor(&b)),
        BinOp::MatMul | BinOp::Div | BinOp::Pow => return Ok(vm.not_implemented()),
    };
    let uncached = match op {
        BinOp::Add | BinOp::Sub => vm.profile.int_uncached.sums && (many_digits(&a) || many_digits(&b)),
        BinOp::Mod => vm.profile.int_uncached.remainders && many_digits(&a) && many_digits(&b),
        _ => false,
    };
    match result {
        Ok(value) if uncached && op == BinOp::Mod => Ok(vm.fresh_int(value)),
        Ok(value) if uncached => Ok(vm.uncached_int(value)),
        result => vm.int_result(result),
    }
}

/// `divmod(a, b)`
pub fn divmod(vm: &mut Vm, args: Args, reflected: bool) -> Res<Owned> {
    let Some((a, b)) = operands(vm, args, reflected) else { return Ok(vm.not_implemented()) };
    match a.div_mod(&b, &vm.profile) {
        Ok((quotient, remainder)) => {
            let items = vec![vm.int_object(quotient), vm.int_object(remainder)];
            Ok(if vm.profile.divmod_tuple_tracked { vm.new_filled_tuple(items) } else { vm.new_tuple(items) })
        }
        Err(error) => Err(vm.number_error(error)),
    }
}

/// `a / b`
pub fn true_div(vm: &mut Vm, args: Args, reflected: bool) -> Res<Owned> {
    let Some((a, b)) = operands(vm, args, reflected) else { return Ok(vm.not_implemented()) };
    let result = a.true_div(&b, &vm.profile);
    vm.float_result(result)
}

/// `a ** b`, `pow(a, b, modulus)`
pub fn pow(vm: &mut Vm, args: Args, reflected: bool) -> Res<Owned> {
    let Some((a, b)) = operands(vm, args, reflected) else { return Ok(vm.not_implemented()) };
    let modulus = args.get(vm, 2);
    if !vm.is_none_or_missing(modulus) {
        let Some(modulus) = vm.as_int(modulus) else { return Ok(vm.not_implemented()) };
        let result = a.mod_pow(&b, &modulus);
        return vm.int_result(result);
    }
    if !b.is_negative() {
        let result = a.pow(&b);
        return vm.int_result(result);
    }
    let (a, b) = match (a.to_f64(), b.to_f64()) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(error), _) | (_, Err(error)) => return Err(vm.number_error(error)),
    };
    let result = float::pow(a, b, &vm.profile);
    vm.power_result(result)
}

/// `-a`, `~a`
pub fn unary(vm: &mut Vm, args: Args, op: fn(&Int) -> Int) -> Res<Owned> {
    let value = op(&vm.int_of(args.get(vm, 0)));
    Ok(vm.int_object(value))
}

/// `abs(a)`
pub fn abs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let value = vm.int_of(this);
    if value.is_negative() { Ok(vm.int_object(value.neg())) } else { Ok(vm.exact_int(this)) }
}

/// `bool(a)`
pub fn bool(vm: &mut Vm, args: Args) -> Res<Owned> {
    let zero = vm.int_of(args.get(vm, 0)).is_zero();
    Ok(vm.bool(!zero))
}

/// `a < b` and so on
pub fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(this) == Layout::Int && vm.heap.layout(other) == Layout::Int {
        let answer = op.holds(vm.heap.int_word(this).cmp(&vm.heap.int_word(other)));
        return Ok(vm.bool(answer));
    }
    let (Some(a), Some(b)) = (vm.as_int(this), vm.as_int(other)) else { return Ok(vm.not_implemented()) };
    Ok(vm.bool(op.holds(a.cmp(&b))))
}
