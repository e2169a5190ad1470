//! `_weakref`: references that keep nothing alive. The containers over them are the Python source `lib/weakref.py`.

use crate::code::CmpOp;
use crate::heap::{FunctionBody, Owned, Ref, TypeBody, WeakRefBody};
use crate::native::{Args, GetSetDef, NativeDef, function, getter, new, slot};
use crate::object::object::not_implemented;
use crate::vm::{Res, Ty, Vm};

static FUNCTIONS: &[NativeDef] = &[
    function("proxy", 1, 2, proxy),
    function("getweakrefcount", 1, 1, getweakrefcount),
    function("getweakrefs", 1, 1, getweakrefs),
    function("_remove_dead_weakref", 2, 2, remove_dead_weakref),
];

/// Fills the module's namespace.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_weakref", def);
    }
    for (name, ty) in [
        ("ref", Ty::WeakRef),
        ("ReferenceType", Ty::WeakRef),
        ("ProxyType", Ty::WeakProxy),
        ("CallableProxyType", Ty::WeakCallableProxy),
    ] {
        let class = vm.share(vm.class(ty));
        vm.put(dict, name, class);
    }
    Ok(())
}

/// The methods of `weakref.ref`.
pub static REF: &[NativeDef] = &[
    new(ref_new),
    slot("__init__", 0, |vm, _| Ok(vm.none())).any(),
    slot("__call__", 0, ref_call).any(),
    slot("__repr__", 0, ref_repr),
    slot("__hash__", 0, ref_hash),
    slot("__lt__", 1, not_implemented),
    slot("__le__", 1, not_implemented),
    slot("__eq__", 1, |vm, args| ref_compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| ref_compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, not_implemented),
    slot("__ge__", 1, not_implemented),
];

/// The computed attributes of `weakref.ref`.
pub static REF_ATTRS: &[GetSetDef] = &[getter("__callback__", ref_callback)];

fn ref_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    let own = class == vm.class(Ty::WeakRef);
    if own && !args.keywords.is_null() && !args.keyword_names(vm).is_empty() {
        return Err(vm.type_error("ref() takes no keyword arguments"));
    }
    let (target, callback) = target_and_callback(vm, &args.rest(vm, 1), "__new__")?;
    vm.new_weakref(class, target, callback)
}

/// `_remove_dead_weakref(dict, key)`: takes the entry away if its reference is dead.
fn remove_dead_weakref(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (dict, key) = (args.get(vm, 0), args.get(vm, 1));
    if let Some(value) = vm.dict_get(dict, key)?
        && vm.heap.get::<WeakRefBody>(value).is_some_and(|body| body.target.is_null())
    {
        vm.dict_remove(dict, key)?;
    }
    Ok(vm.none())
}

/// The object to be named, and what to call when it is dead.
fn target_and_callback(vm: &mut Vm, given: &[Ref], what: &str) -> Res<(Ref, Ref)> {
    let bound = match given {
        [] => "at least 1 argument",
        [target] => return Ok((*target, Ref::NULL)),
        [target, callback] => return Ok((*target, *callback)),
        _ => "at most 2 arguments",
    };
    let text = format!("{what} expected {bound}, got {}", given.len());
    Err(vm.type_error(text))
}

fn ref_call(vm: &mut Vm, args: Args) -> Res<Owned> {
    if args.len() > 1 {
        let text = format!("weakref expected 0 arguments, got {}", args.len() - 1);
        return Err(vm.type_error(text));
    }
    let target = vm.weakref_target(args.get(vm, 0)).unwrap_or(vm.single.none);
    Ok(vm.share(target))
}

fn ref_repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let address = vm.address(this);
    let Some(target) = vm.weakref_target(this) else {
        return Ok(vm.new_str(&format!("<weakref at {address:#x}; dead>")));
    };
    let target = vm.share(target);
    let named = vm.own_name(target.get());
    let mut text =
        format!("<weakref at {address:#x}; to '{}' at {:#x}", vm.class_name(target.get()), vm.address(target.get()));
    vm.release(target);
    if let Some(name) = named? {
        text.push_str(&format!(" ({name})"));
    }
    text.push('>');
    Ok(vm.new_str(&text))
}

fn ref_hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if let Some(hash) = vm.heap.get::<WeakRefBody>(this).and_then(|body| body.hash.get()) {
        return Ok(vm.new_int(hash));
    }
    let Some(target) = vm.weakref_target(this) else { return Err(vm.type_error("weak object has gone away")) };
    let target = vm.share(target);
    let hash = vm.hash(target.get());
    vm.release(target);
    let hash = hash?;
    if let Some(body) = vm.heap.get::<WeakRefBody>(this) {
        body.hash.set(Some(hash));
    }
    Ok(vm.new_int(hash))
}

/// References are equal when their living targets are; with a dead one, only to themselves.
fn ref_compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let class = vm.class(Ty::WeakRef);
    if !vm.is_instance_of(this, class) || !vm.is_instance_of(other, class) {
        return Ok(vm.share(vm.single.not_implemented));
    }
    let (Some(left), Some(right)) = (vm.weakref_target(this), vm.weakref_target(other)) else {
        return Ok(vm.bool((this == other) == (op == CmpOp::Eq)));
    };
    let (left, right) = (vm.share(left), vm.share(right));
    let result = vm.compare(left.get(), right.get(), op);
    vm.release(left);
    vm.release(right);
    result
}

fn ref_callback(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let callback = vm.heap.get::<WeakRefBody>(this).map_or(Ref::NULL, |body| body.callback);
    let callback = callback.some().unwrap_or(vm.single.none);
    Ok(vm.share(callback))
}

fn proxy(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (target, callback) = (args.get(vm, 0), args.get(vm, 1));
    let class = vm.heap.class_of(target);
    let call = vm.names.call;
    let callable = vm.lookup(class, call).is_some();
    let class = vm.class(if callable { Ty::WeakCallableProxy } else { Ty::WeakProxy });
    vm.new_weakref(class, target, callback)
}

fn getweakrefcount(vm: &mut Vm, args: Args) -> Res<Owned> {
    let count = vm.heap.weakrefs(args.get(vm, 0)).len();
    Ok(vm.new_size(count))
}

/// The shared reference first, then the shared proxy, then the others, newest first.
fn getweakrefs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let target = args.get(vm, 0);
    let mut list: Vec<Ref> = vm.heap.weakrefs(target).iter().rev().copied().collect();
    list.sort_by_key(|&weakref| {
        let shared = vm.heap.get::<WeakRefBody>(weakref).is_some_and(|body| body.callback.is_null());
        match (shared, vm.is_exact(weakref, Ty::WeakRef), vm.is_proxy(weakref)) {
            (true, true, _) => 0,
            (true, _, true) => 1,
            _ => 2,
        }
    });
    Ok(vm.list_of(&list))
}

impl Vm {
    /// `object.__name__` if it is a str, for the repr of weak references.
    fn own_name(&mut self, object: Ref) -> Res<Option<String>> {
        if let Some(body) = self.heap.get::<FunctionBody>(object) {
            return Ok(Some(self.show(body.name)));
        }
        if let Some(body) = self.heap.get::<TypeBody>(object) {
            return Ok(Some(self.show(body.name)));
        }
        let name = self.names.name;
        let Some(found) = self.find_attr(object, name)? else { return Ok(None) };
        let text = self.as_text(found.get());
        self.release(found);
        Ok(text.map(|text| text.to_string_lossy().into_owned()))
    }
}
