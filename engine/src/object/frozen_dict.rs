//! `frozendict`: a dict that is made once and never changed, so it can be hashed if its values can.
//!
//! Invariant: only `make` writes to the table, before anyone else sees the object.

use super::dict;
use super::table::dict::Dict as DictTable;
use crate::heap::{DictBody, Layout, Owned, Ref, View};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, repr),
    slot("__hash__", 0, hash),
    slot("__lt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__le__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__eq__", 1, |vm, args| dict::compare(vm, args, true)),
    slot("__ne__", 1, |vm, args| dict::compare(vm, args, false)),
    slot("__gt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__ge__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__iter__", 0, |vm, args| dict::view_iter(vm, args, View::Keys)),
    slot("__len__", 0, dict::len),
    method("__getitem__", 1, 1, dict::get_item),
    method("__contains__", 1, 1, dict::contains),
    method("__reversed__", 0, 0, dict::reversed),
    slot("__or__", 1, |vm, args| union(vm, args, false)),
    slot("__ror__", 1, |vm, args| union(vm, args, true)),
    method("__getnewargs__", 0, 0, new_arguments),
    method("copy", 0, 0, copy),
    method("fromkeys", 1, 2, from_keys).class_method(),
    method("get", 1, 2, dict::get),
    method("items", 0, 0, |vm, args| dict::view(vm, args, View::Items)),
    method("keys", 0, 0, |vm, args| dict::view(vm, args, View::Keys)),
    method("values", 0, 0, |vm, args| dict::view(vm, args, View::Values)),
];

/// `frozendict(mapping_or_pairs, **items)`: one of the class itself comes back as it is.
fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::FrozenDict)?;
    let own = vm.class(Ty::FrozenDict);
    if class == own && args.len() == 2 && args.positional(vm) == 2 && vm.is_exact(args.get(vm, 1), Ty::FrozenDict) {
        let same = args.get(vm, 1);
        return Ok(vm.share(same));
    }
    let made = empty(vm, class);
    let made = vm.hold(made);
    dict::update_from(vm, args, made, "frozendict")?;
    Ok(vm.share(made))
}

fn empty(vm: &mut Vm, class: Ref) -> Owned {
    let kind = vm.instance_kind_of(class);
    let table = DictTable::called(&vm.profile);
    vm.heap.alloc(kind, DictBody { table, ..DictBody::default() })
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = vm.class_name(this);
    if vm.dict_len(this) == 0 {
        return Ok(vm.new_str(&format!("{name}()")));
    }
    let inner = dict::repr(vm, args)?;
    let text = format!("{name}({})", vm.show(inner.get()));
    vm.release(inner);
    Ok(vm.new_str(&text))
}

/// Equal ones hash alike, whatever their order.
fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let mut mixed = vm.dict_len(this) as u64;
    for (key, value) in vm.dict_items(this) {
        let (key, value) = (vm.hash(key)?.cast_unsigned(), vm.hash(value)?.cast_unsigned());
        let pair = (key ^ value.rotate_left(31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^= pair ^ (pair >> 29);
    }
    let hash = mixed.cast_signed();
    Ok(vm.new_int(if hash == -1 { -2 } else { hash }))
}

/// The result is a frozendict, and so is the left operand; with a dict on the left, `dict` has answered.
fn union(vm: &mut Vm, args: Args, reflected: bool) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Dict {
        return Ok(vm.not_implemented());
    }
    let (left, right) = if reflected { (other, this) } else { (this, other) };
    let own = vm.class(Ty::FrozenDict);
    let made = empty(vm, own);
    let made = vm.hold(made);
    vm.dict_merge(made, left)?;
    vm.dict_merge(made, right)?;
    Ok(vm.share(made))
}

fn new_arguments(vm: &mut Vm, args: Args) -> Res<Owned> {
    let copy = vm.dict_copy(args.get(vm, 0))?;
    Ok(vm.new_tuple(vec![copy]))
}

fn copy(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if vm.is_exact(this, Ty::FrozenDict) {
        return Ok(vm.share(this));
    }
    let class = vm.class(Ty::FrozenDict);
    vm.call(class, &[this])
}

/// `frozendict.fromkeys(iterable, value=None)`
fn from_keys(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, keys, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let value = value.some().unwrap_or(vm.single.none);
    let items = vm.new_dict();
    let items = vm.hold(items);
    vm.for_each(keys, |vm, key| {
        let result = vm.dict_set(items, key.get(), value);
        vm.release(key);
        result.map(|()| true)
    })?;
    vm.call(class, &[items])
}
