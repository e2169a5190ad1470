//! The views of a dict: `dict_keys`, `dict_values`, `dict_items`. Keys and items are sets.

use super::text::{Text, TextBuilder};
use super::{dict, sequence};
use crate::code::{BinOp, CmpOp};
use crate::heap::{Layout, Owned, ProxyBody, Ref, View, ViewBody};
use crate::native::{Args, GetSetDef, NativeDef, getter, method, slot};
use crate::vm::{Res, Ty, Vm};

/// The attributes of all views.
pub static GETSETS: &[GetSetDef] = &[getter("mapping", mapping)];

/// The methods of `dict_values`.
pub static VALUES: &[NativeDef] = &[
    slot("__repr__", 0, repr),
    slot("__iter__", 0, iter),
    slot("__len__", 0, len),
    method("__reversed__", 0, 0, reversed),
];

/// The methods of `dict_keys` and `dict_items`.
pub static SETS: &[NativeDef] = &[
    slot("__repr__", 0, repr),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
    slot("__iter__", 0, iter),
    slot("__len__", 0, len),
    slot("__contains__", 1, contains),
    slot("__and__", 1, |vm, args| intersection(vm, args.get(vm, 0), args.get(vm, 1))),
    slot("__rand__", 1, |vm, args| intersection(vm, args.get(vm, 1), args.get(vm, 0))),
    slot("__or__", 1, |vm, args| combine(vm, args, BinOp::Or, false)),
    slot("__ror__", 1, |vm, args| combine(vm, args, BinOp::Or, true)),
    slot("__sub__", 1, |vm, args| combine(vm, args, BinOp::Sub, false)),
    slot("__rsub__", 1, |vm, args| combine(vm, args, BinOp::Sub, true)),
    slot("__xor__", 1, |vm, args| combine(vm, args, BinOp::Xor, false)),
    slot("__rxor__", 1, |vm, args| combine(vm, args, BinOp::Xor, true)),
    method("__reversed__", 0, 0, reversed),
    method("isdisjoint", 1, 1, is_disjoint),
];

fn parts(vm: &Vm, view: Ref) -> (Ref, View) {
    vm.heap.get::<ViewBody>(view).map_or((Ref::NULL, View::Keys), |body| (body.dict, body.what))
}

fn mapping(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let mapping = parts(vm, this).0;
    let mapping = vm.share(mapping).into_ref();
    Ok(vm.heap.alloc(Ty::MappingProxy.kind(), ProxyBody { mapping }))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = vm.class_name(this);
    let text = vm.repr_guarded(this, |vm| {
        let items = vm.collect(this)?;
        let list = vm.new_list(items);
        let text = vm.repr(list.get());
        vm.release(list);
        let mut out = TextBuilder::new();
        out.push_str(&name);
        out.push_str("(");
        out.push_text(&text?);
        out.push_str(")");
        Ok(out.finish())
    })?;
    let text = text.unwrap_or_else(|| Text::from("..."));
    Ok(vm.new_text(text))
}

fn iter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (dict, what) = parts(vm, args.get(vm, 0));
    Ok(vm.iter_dict(dict, what))
}

fn reversed(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (dict, what) = parts(vm, args.get(vm, 0));
    Ok(vm.iter_dict_reversed(dict, what))
}

fn length(vm: &mut Vm, view: Ref) -> Res<usize> {
    match vm.heap.layout(view) {
        Layout::View => {
            let dict = parts(vm, view).0;
            Ok(vm.dict_len(dict))
        }
        Layout::Set => Ok(vm.set_len(view)),
        _ => vm.length(view),
    }
}

fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let len = length(vm, args.get(vm, 0))?;
    Ok(vm.new_size(len))
}

fn contains(vm: &mut Vm, args: Args) -> Res<Owned> {
    let found = holds(vm, args.get(vm, 0), args.get(vm, 1))?;
    Ok(vm.bool(found))
}

/// `wanted in view`
fn holds(vm: &mut Vm, view: Ref, wanted: Ref) -> Res<bool> {
    let (dict, what) = parts(vm, view);
    match what {
        View::Keys => Ok(vm.dict_get(dict, wanted)?.is_some()),
        View::Values => dict::contains_value(vm, dict, wanted),
        View::Items => {
            let &[key, value] = vm.tuple_items(wanted) else { return Ok(false) };
            let Some(found) = vm.dict_get(dict, key)? else { return Ok(false) };
            let found = vm.share(found);
            let same = sequence::matches(vm, found.get(), value);
            vm.release(found);
            same
        }
    }
}

/// Whether every item of `small` is in `large`.
fn all_in(vm: &mut Vm, small: Ref, large: Ref) -> Res<bool> {
    let mut all = true;
    vm.for_each(small, |vm, item| {
        let found = vm.contains(large, item.get());
        vm.release(item);
        all = found?;
        Ok(all)
    })?;
    Ok(all)
}

fn is_set_like(vm: &Vm, r: Ref) -> bool {
    match vm.heap.layout(r) {
        Layout::Set => true,
        Layout::View => parts(vm, r).1 != View::Values,
        _ => false,
    }
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if !is_set_like(vm, other) {
        return Ok(vm.not_implemented());
    }
    let (mine, its) = (length(vm, this)?, length(vm, other)?);
    let answer = match op {
        CmpOp::Eq | CmpOp::Ne => {
            let equal = mine == its && all_in(vm, this, other)?;
            equal == (op == CmpOp::Eq)
        }
        CmpOp::Lt => mine < its && all_in(vm, this, other)?,
        CmpOp::Le => mine <= its && all_in(vm, this, other)?,
        CmpOp::Gt => mine > its && all_in(vm, other, this)?,
        CmpOp::Ge => mine >= its && all_in(vm, other, this)?,
    };
    Ok(vm.bool(answer))
}

fn to_set(vm: &mut Vm, iterable: Ref) -> Res<Ref> {
    let set = vm.new_set();
    let set = vm.hold(set);
    vm.set_update(set, iterable)?;
    Ok(set)
}

fn intersection(vm: &mut Vm, left: Ref, right: Ref) -> Res<Owned> {
    // The view is asked, the other operand is gone through; of two views the smaller one is.
    let (mut view, mut other) = if vm.heap.layout(left) == Layout::View { (left, right) } else { (right, left) };
    if vm.is_exact(other, Ty::Set) && length(vm, view)? <= vm.set_len(other) {
        return super::set::intersect(vm, other, view);
    }
    if vm.heap.layout(other) == Layout::View && is_set_like(vm, other) && length(vm, other)? > length(vm, view)? {
        (view, other) = (other, view);
    }
    let set = vm.new_set();
    let set = vm.hold(set);
    vm.for_each(other, |vm, item| {
        let result = match holds(vm, view, item.get()) {
            Ok(true) => vm.set_add(set, item.get()).map(|_| true),
            Ok(false) => Ok(true),
            Err(stop) => Err(stop),
        };
        vm.release(item);
        result
    })?;
    Ok(vm.share(set))
}

fn combine(vm: &mut Vm, args: Args, op: BinOp, reflected: bool) -> Res<Owned> {
    let (mut left, mut right) = (args.get(vm, 0), args.get(vm, 1));
    if reflected {
        std::mem::swap(&mut left, &mut right);
    }
    let set = to_set(vm, left)?;
    match op {
        BinOp::Sub => super::set::remove_all(vm, set, right)?,
        BinOp::Xor => super::set::toggle_all(vm, set, right)?,
        _ => vm.set_update(set, right)?,
    }
    Ok(vm.share(set))
}

fn is_disjoint(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (mut this, mut other) = (args.get(vm, 0), args.get(vm, 1));
    if this == other {
        let empty = length(vm, this)? == 0;
        return Ok(vm.bool(empty));
    }
    if is_set_like(vm, other) && length(vm, other)? > length(vm, this)? {
        (this, other) = (other, this);
    }
    let mut disjoint = true;
    vm.for_each(other, |vm, item| {
        let found = vm.contains(this, item.get());
        vm.release(item);
        disjoint = !found?;
        Ok(disjoint)
    })?;
    Ok(vm.bool(disjoint))
}
