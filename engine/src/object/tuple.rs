//! `tuple`: what would be equal to an operand that nothing can change is that operand itself.

use super::hash;
use super::sequence;
use crate::code::CmpOp;
use crate::heap::{IterBody, Layout, Owned, Ref, TupleBody};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of `tuple`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, |vm, args| sequence::repr(vm, args.get(vm, 0), "(", ")")),
    slot("__hash__", 0, hash_value),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
    slot("__iter__", 0, iter),
    slot("__len__", 0, len),
    slot("__getitem__", 1, get_item),
    slot("__contains__", 1, sequence::contains),
    slot("__add__", 1, add),
    slot("__mul__", 1, multiply),
    slot("__rmul__", 1, multiply),
    method("__getnewargs__", 0, 0, new_args),
    method("count", 1, 1, sequence::count),
    method("index", 1, 3, index),
];

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Tuple)?;
    let exact = class == vm.class(Ty::Tuple);
    if exact || vm.lookup(class, vm.names.init).is_none_or(|init| vm.is_object_init(init)) {
        vm.no_keywords(args, "tuple")?;
    }
    let given = args.rest(vm, 1);
    if given.len() > 1 {
        let text = format!("tuple expected at most 1 argument, got {}", given.len());
        return Err(vm.type_error(text));
    }
    let tuple = match given.first() {
        None => vm.share(vm.single.empty_tuple),
        Some(&iterable) => from_iterable(vm, iterable)?,
    };
    if exact {
        return Ok(tuple);
    }
    let kind = vm.instance_kind_of(class);
    let items = vm.tuple_items(tuple.get()).to_vec();
    for &item in &items {
        vm.heap.inc(item);
    }
    let made = vm.heap.alloc(kind, TupleBody { items });
    vm.release(tuple);
    Ok(made)
}

/// `tuple(iterable)`
pub fn from_iterable(vm: &mut Vm, iterable: Ref) -> Res<Owned> {
    if vm.is_exact(iterable, Ty::Tuple) && vm.profile.tuple_of_tuple_same {
        return Ok(vm.share(iterable));
    }
    if vm.is_exact(iterable, Ty::List) {
        let items = vm.collect(iterable)?;
        return Ok(vm.new_tuple(items));
    }
    let iterator = vm.iter(iterable)?;
    let items = match vm.length_hint(iterable) {
        Ok(hint) => vm.collect(iterator.get()).map(|items| (items, hint)),
        Err(stop) => Err(stop),
    };
    vm.release(iterator);
    let (items, hint) = items?;
    // A tuple that was made with room and then cut to nothing.
    if items.is_empty() && hint != Some(0) && !vm.profile.tuple_of_nothing_shared {
        return Ok(vm.heap.alloc(Ty::Tuple.kind(), TupleBody::default()));
    }
    Ok(vm.new_tuple(items))
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Tuple {
        return Ok(vm.not_implemented());
    }
    sequence::compare(vm, this, other, op)
}

fn hash_value(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let mut hashes = Vec::new();
    for item in vm.tuple_items(this).to_vec() {
        hashes.push(vm.hash(item)?);
    }
    let hash = hash::of_tuple(&hashes);
    Ok(vm.new_int(hash))
}

fn iter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let seq = args.get(vm, 0);
    let seq = vm.share(seq).into_ref();
    Ok(vm.new_iter(Ty::TupleIterator, IterBody::Sequence { seq, at: 0 }))
}

fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let len = vm.tuple_items(args.get(vm, 0)).len();
    Ok(vm.new_size(len))
}

fn get_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    if vm.has_index(index) {
        let at = vm.index_sized(index, Ty::IndexError)?;
        let items = vm.tuple_items(this);
        return match sequence::position(at, items.len()).and_then(|at| items.get(at).copied()) {
            Some(item) => Ok(vm.share(item)),
            None => Err(vm.raise(Ty::IndexError, "tuple index out of range")),
        };
    }
    if vm.heap.layout(index) != Layout::Slice {
        let text = format!("tuple indices must be integers or slices, not {}", vm.class_name(index));
        return Err(vm.type_error(text));
    }
    let len = vm.tuple_items(this).len();
    let indices = vm.slice_indices(index, |_| Ok(len))?;
    if indices.step == 1 && indices.count == len && vm.is_exact(this, Ty::Tuple) {
        return Ok(vm.share(this));
    }
    let items = vm.tuple_items(this);
    let picked: Vec<Ref> = indices.iter().filter_map(|at| items.get(at).copied()).collect();
    Ok(vm.tuple_of(&picked))
}

fn add(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let empty = |vm: &Vm, tuple: Ref| vm.tuple_items(tuple).is_empty();
    // An empty left operand gives way before the right one is looked at closely.
    if empty(vm, this) && vm.is_exact(other, Ty::Tuple) {
        return Ok(vm.share(other));
    }
    if vm.heap.layout(other) != Layout::Tuple {
        return vm.foreign_operand(args, |vm| {
            format!("can only concatenate tuple (not \"{}\") to tuple", vm.class_name(other))
        });
    }
    if empty(vm, other) && vm.is_exact(this, Ty::Tuple) {
        return Ok(vm.share(this));
    }
    let mut items = vm.tuple_items(this).to_vec();
    items.extend_from_slice(vm.tuple_items(other));
    let items = items.into_iter().map(|item| vm.share(item)).collect();
    Ok(vm.new_filled_tuple(items))
}

fn multiply(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(count) = vm.repetitions(args)? else { return Ok(vm.not_implemented()) };
    if vm.is_exact(this, Ty::Tuple) && (count == 1 || vm.tuple_items(this).is_empty()) {
        return Ok(vm.share(this));
    }
    let items = sequence::repeated(vm, this, count)?;
    if items.is_empty() {
        return Ok(vm.share(vm.single.empty_tuple));
    }
    Ok(vm.heap.alloc(Ty::Tuple.kind(), TupleBody { items }))
}

fn new_args(vm: &mut Vm, args: Args) -> Res<Owned> {
    let items = vm.tuple_items(args.get(vm, 0)).to_vec();
    let copy = vm.tuple_of(&items);
    Ok(vm.new_tuple(vec![copy]))
}

fn index(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, wanted) = (args.get(vm, 0), args.get(vm, 1));
    let (start, stop) = (args.get(vm, 2), args.get(vm, 3));
    match sequence::find(vm, this, wanted, start, stop)? {
        Some(at) => Ok(vm.new_size(at)),
        None => Err(vm.value_error("tuple.index(x): x not in tuple")),
    }
}
