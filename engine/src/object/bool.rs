//! `bool`: the two truth values, and what their bitwise operators do differently from those of `int`.

use crate::code::BinOp;
use crate::heap::{Owned, Ref};
use crate::native::{Args, NativeDef, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of `bool`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, repr),
    slot("__invert__", 0, invert),
    slot("__and__", 1, |vm, args| binary(vm, args, BinOp::And)),
    slot("__rand__", 1, |vm, args| binary(vm, args, BinOp::And)),
    slot("__or__", 1, |vm, args| binary(vm, args, BinOp::Or)),
    slot("__ror__", 1, |vm, args| binary(vm, args, BinOp::Or)),
    slot("__xor__", 1, |vm, args| binary(vm, args, BinOp::Xor)),
    slot("__rxor__", 1, |vm, args| binary(vm, args, BinOp::Xor)),
];

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.class_argument(args, Ty::Bool)?;
    vm.no_keywords(args, "bool")?;
    let value = match args.rest(vm, 1)[..] {
        [] => false,
        [value] => vm.truth(value)?,
        ref more => {
            let text = format!("bool expected at most 1 argument, got {}", more.len());
            return Err(vm.type_error(text));
        }
    };
    Ok(vm.bool(value))
}

fn is_true(vm: &Vm, this: Ref) -> bool {
    this == vm.single.true_
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = if is_true(vm, args.get(vm, 0)) { "True" } else { "False" };
    if vm.profile.bool_texts_interned {
        return Ok(vm.intern_str(text));
    }
    // One object a value all the same.
    let [no, yes] = vm.single.bool_texts;
    Ok(vm.share(if text == "True" { yes } else { no }))
}

fn invert(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = vm.profile.bool_invert_warning;
    if !text.is_empty() {
        vm.warn(Ty::DeprecationWarning, text)?;
    }
    let value = if is_true(vm, args.get(vm, 0)) { -2 } else { -1 };
    Ok(vm.new_int(value))
}

/// Two bools give a bool, everything else is left to `int`.
fn binary(vm: &mut Vm, args: Args, op: BinOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.is_exact(this, Ty::Bool) && vm.is_exact(other, Ty::Bool) {
        let (a, b) = (is_true(vm, this), is_true(vm, other));
        let value = match op {
            BinOp::And => a & b,
            BinOp::Or => a | b,
            _ => a ^ b,
        };
        return Ok(vm.bool(value));
    }
    super::int::bitwise(vm, args, op)
}
