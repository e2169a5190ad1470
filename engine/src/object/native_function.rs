//! Functions written in Rust as programs see them: `builtin_function_or_method` and `method-wrapper`.

use super::hash;
use crate::heap::{Layout, NativeBody, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, Role, getter, method, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of both.
pub static METHODS: &[NativeDef] = &[
    slot("__repr__", 0, repr),
    slot("__call__", 0, super::function::call).any(),
    slot("__hash__", 0, hash_value),
    slot("__eq__", 1, |vm, args| compare(vm, args, true)),
    slot("__ne__", 1, |vm, args| compare(vm, args, false)),
    slot("__lt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__le__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__gt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__ge__", 1, |vm, _| Ok(vm.not_implemented())),
    method("__reduce__", 0, 0, reduce),
];

/// The attributes of both.
pub static GETSETS: &[GetSetDef] = &[
    getter("__name__", |vm, this| {
        let name = name(vm, this);
        Ok(vm.new_str(name))
    }),
    getter("__qualname__", |vm, this| {
        let text = qualname(vm, this);
        Ok(vm.new_str(&text))
    }),
    getter("__self__", receiver),
    getter("__doc__", |vm, _| Ok(vm.none())),
    getter("__text_signature__", |vm, _| Ok(vm.none())),
    getter("__module__", module),
];

fn parts(vm: &Vm, this: Ref) -> (Option<&'static NativeDef>, Ref) {
    vm.heap.get::<NativeBody>(this).map_or((None, Ref::NULL), |body| (body.def, body.this))
}

fn name(vm: &Vm, this: Ref) -> &'static str {
    parts(vm, this).0.map_or("?", |def| def.name)
}

/// Whether this is a function of a module, not a bound method.
fn is_function(vm: &Vm, this: Ref) -> bool {
    let (def, receiver) = parts(vm, this);
    receiver.is_null()
        || vm.heap.layout(receiver) == Layout::Module
        || def.is_some_and(|def| def.role == Role::Function)
}

fn qualname(vm: &Vm, this: Ref) -> String {
    let (def, receiver) = parts(vm, this);
    let name = def.map_or("?", |def| def.name);
    if is_function(vm, this) {
        return name.to_string();
    }
    let class = if vm.heap.layout(receiver) == Layout::Type { receiver } else { vm.heap.class_of(receiver) };
    format!("{}.{name}", vm.type_name(class))
}

fn receiver(vm: &mut Vm, this: Ref) -> Res<Owned> {
    match parts(vm, this).1.some() {
        Some(receiver) => Ok(vm.share(receiver)),
        None => Ok(vm.none()),
    }
}

fn module(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let receiver = parts(vm, this).1;
    if !receiver.is_null() && vm.heap.layout(receiver) == Layout::Module {
        let name = vm.names.name;
        return vm.get_attr(receiver, name);
    }
    if !is_function(vm, this) {
        return Ok(vm.none());
    }
    match vm.heap.get::<NativeBody>(this).and_then(|body| body.owner.some()) {
        Some(name) if vm.heap.layout(name) == Layout::Str => Ok(vm.share(name)),
        _ => Ok(vm.intern_str("builtins")),
    }
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let (name, receiver) = (name(vm, this), parts(vm, this).1);
    let text = if vm.is_exact(this, Ty::MethodWrapper) {
        format!("<method-wrapper '{name}' of {} object at {:#x}>", vm.class_name(receiver), vm.address(receiver))
    } else if is_function(vm, this) {
        format!("<built-in function {name}>")
    } else {
        format!("<built-in method {name} of {} object at {:#x}>", vm.class_name(receiver), vm.address(receiver))
    };
    Ok(vm.new_str(&text))
}

fn hash_value(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let (def, receiver) = parts(vm, this);
    let receiver = if receiver.is_null() { 0 } else { vm.address(receiver) as u64 };
    // Definitions are static: their address identifies the function.
    let function = def.map_or(0, |def| std::ptr::from_ref(def).addr() as u64);
    Ok(vm.new_int(hash::of_method(receiver, function.cast_signed() >> 4)))
}

fn compare(vm: &mut Vm, args: Args, equal: bool) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.class_of(this) != vm.heap.class_of(other) {
        return Ok(vm.not_implemented());
    }
    let (a, b) = (parts(vm, this), parts(vm, other));
    let same_function = match (a.0, b.0) {
        (Some(x), Some(y)) => std::ptr::eq(x, y),
        _ => false,
    };
    let probe = |vm: &Vm, r: Ref| vm.heap.get::<NativeBody>(r).map(|body| body.data);
    let same = this == other || (same_function && a.1 == b.1 && probe(vm, this) == probe(vm, other));
    Ok(vm.bool(same == equal))
}

/// The name of a function of a module; `(getattr, (self, name))` for a bound method.
fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = vm.new_str(name(vm, this));
    if is_function(vm, this) {
        return Ok(name);
    }
    let receiver = parts(vm, this).1;
    let receiver = vm.share(receiver);
    let getattr = vm.dict_get_str(vm.builtins, "getattr").unwrap_or(vm.single.none);
    let getattr = vm.share(getattr);
    let parts = vm.new_tuple(vec![receiver, name]);
    Ok(vm.new_tuple(vec![getattr, parts]))
}
