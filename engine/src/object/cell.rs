//! `cell`: a variable that functions share.

use super::text::TextBuilder;
use crate::code::CmpOp;
use crate::heap::{CellBody, Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, new, slot};
use crate::vm::{Res, Ty, Vm};
use std::cmp::Ordering;

/// The methods of `cell`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, repr),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
];

/// The attributes of `cell`.
pub static GETSETS: &[GetSetDef] = &[getset("cell_contents", get, set)];

fn contents(vm: &Vm, this: Ref) -> Ref {
    vm.heap.get::<CellBody>(this).map_or(Ref::NULL, |body| body.value)
}

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.class_argument(args, Ty::Cell)?;
    vm.no_keywords(args, "cell")?;
    let given = args.rest(vm, 1);
    if given.len() > 1 {
        let text = format!("cell expected at most 1 argument, got {}", given.len());
        return Err(vm.type_error(text));
    }
    let value = match given.first() {
        Some(&value) => vm.share(value).into_ref(),
        None => Ref::NULL,
    };
    Ok(vm.new_cell(value))
}

fn get(vm: &mut Vm, this: Ref) -> Res<Owned> {
    match contents(vm, this).some() {
        Some(value) => Ok(vm.share(value)),
        None => Err(vm.value_error("Cell is empty")),
    }
}

fn set(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let new = if value.is_null() { value } else { vm.share(value).into_ref() };
    let old = match vm.heap.get_mut::<CellBody>(this) {
        Some(body) => std::mem::replace(&mut body.value, new),
        None => new,
    };
    vm.release_maybe(old);
    Ok(())
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let mut out = TextBuilder::new();
    out.push_str(&format!("<cell at {:#x}: ", vm.address(this)));
    match contents(vm, this).some() {
        Some(value) => {
            let text = format!("{} object at {:#x}>", vm.class_name(value), vm.address(value));
            out.push_str(&text);
        }
        None => out.push_str("empty>"),
    }
    Ok(vm.new_text(out.finish()))
}

/// Cells compare by what they hold; an empty one is less than any other.
fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Cell {
        return Ok(vm.not_implemented());
    }
    match (contents(vm, this).some(), contents(vm, other).some()) {
        (Some(a), Some(b)) => {
            let (a, b) = (vm.share(a), vm.share(b));
            let result = vm.compare(a.get(), b.get(), op);
            vm.release(a);
            vm.release(b);
            result
        }
        (None, Some(_)) => Ok(vm.bool(op.holds(Ordering::Less))),
        (Some(_), None) => Ok(vm.bool(op.holds(Ordering::Greater))),
        (None, None) => Ok(vm.bool(op.holds(Ordering::Equal))),
    }
}
