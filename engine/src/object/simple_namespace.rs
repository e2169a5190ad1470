//! `types.SimpleNamespace`: an object that is nothing but its attributes.

use crate::heap::{Layout, Owned, RecordBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods.
pub static METHODS: &[NativeDef] = &[
    new(|vm, args| {
        let kind = vm.instance_kind_of(args.get(vm, 0));
        Ok(vm.heap.alloc(kind, RecordBody::default()))
    }),
    slot("__init__", 0, init).any(),
    slot("__repr__", 0, repr),
    slot("__eq__", 1, |vm, args| compare(vm, args, crate::code::CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, crate::code::CmpOp::Ne)),
    method("__reduce__", 0, 0, reduce),
    method("__replace__", 0, 0, replace).any(),
];

/// The computed attributes.
pub static GETSETS: &[GetSetDef] = &[getset("__dict__", crate::object::dict_get, crate::object::dict_set)];

/// The namespace's dict, made if it is not there.
fn dict(vm: &mut Vm, this: Ref) -> Ref {
    vm.instance_dict(this).unwrap_or(vm.single.none)
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let given = args.positional(vm) - 1;
    let space = dict(vm, this);
    if given > 0 {
        if !vm.profile.namespace_takes_mapping {
            return Err(vm.type_error("no positional arguments expected"));
        }
        if given > 1 {
            let text = format!("{} expected at most 1 argument, got {given}", vm.class_name(this));
            return Err(vm.type_error(text));
        }
        let mapping = args.get(vm, 1);
        let class = vm.class(Ty::Dict);
        let pairs = vm.call(class, &[mapping])?;
        let pairs = vm.hold(pairs);
        for (key, value) in vm.dict_items(pairs) {
            if vm.heap.layout(key) != Layout::Str {
                return Err(vm.type_error("keywords must be strings"));
            }
            vm.dict_set(space, key, value)?;
        }
    }
    for (name, value) in args.keyword_pairs(vm) {
        vm.dict_set(space, name, value)?;
    }
    Ok(vm.none())
}

/// A namespace of the same class and with the same attributes, some of them changed.
fn replace(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if args.positional(vm) > 1 {
        let text = format!("__replace__() takes no positional arguments ({} given)", args.positional(vm) - 1);
        return Err(vm.type_error(text));
    }
    let class = vm.heap.class_of(this);
    let made = vm.call(class, &[])?;
    let made = vm.hold(made);
    let (from, to) = (dict(vm, this), dict(vm, made));
    for (name, value) in vm.dict_items(from).into_iter().chain(args.keyword_pairs(vm)) {
        vm.dict_set(to, name, value)?;
    }
    Ok(vm.share(made))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = if vm.is_exact(this, Ty::SimpleNamespace) {
        "namespace".to_string()
    } else {
        vm.type_short_name(vm.heap.class_of(this))
    };
    let space = dict(vm, this);
    let shown = vm.repr_guarded(this, |vm| {
        let items: Vec<(Ref, Owned)> = vm.dict_items(space).into_iter().map(|(k, v)| (k, vm.share(v))).collect();
        let mut texts = Vec::new();
        for (key, value) in items {
            let value = vm.hold(value);
            if vm.heap.layout(key) == Layout::Str {
                texts.push(format!("{}={}", vm.show(key), vm.repr(value)?.to_string_lossy()));
            }
        }
        Ok(texts.join(", "))
    })?;
    let text = format!("{name}({})", shown.unwrap_or_else(|| "...".to_string()));
    Ok(vm.new_str(&text))
}

fn compare(vm: &mut Vm, args: Args, op: crate::code::CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let class = vm.class(Ty::SimpleNamespace);
    if !vm.is_instance_of(other, class) || !vm.is_instance_of(this, class) {
        return Ok(vm.not_implemented());
    }
    let (left, right) = (dict(vm, this), dict(vm, other));
    vm.compare(left, right, op)
}

fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let class = vm.heap.class_of(this);
    let space = dict(vm, this);
    let nothing = vm.single.empty_tuple;
    Ok(vm.tuple_of(&[class, nothing, space]))
}
