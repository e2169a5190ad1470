//! `_functools`: `partial`. The rest of `functools` is the Python source `lib/functools.py`.

use crate::heap::{Layout, Owned, RecordBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, getter, method, new, slot};
use crate::vm::{Res, Ty, Vm};

const FUNC: usize = 0;
const ARGS: usize = 1;
const KEYWORDS: usize = 2;

/// Fills the module's namespace.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    let class = vm.share(vm.class(Ty::Partial));
    vm.put(dict, "partial", class);
    Ok(())
}

/// The methods of `partial`: parts are the function, a tuple and a dict.
pub static PARTIAL: &[NativeDef] = &[
    new(partial_new),
    slot("__init__", 0, |vm, _| Ok(vm.none())).any(),
    slot("__call__", 0, call).any(),
    slot("__repr__", 0, repr),
    method("__reduce__", 0, 0, reduce),
    method("__setstate__", 1, 1, setstate),
];

/// The computed attributes of `partial`.
pub static PARTIAL_ATTRS: &[GetSetDef] = &[
    getter("func", |vm, this| shared(vm, this, FUNC)),
    getter("args", |vm, this| shared(vm, this, ARGS)),
    getter("keywords", |vm, this| shared(vm, this, KEYWORDS)),
    getset("__dict__", crate::object::dict_get, crate::object::dict_set),
];

fn part(vm: &Vm, this: Ref, which: usize) -> Ref {
    vm.heap.get::<RecordBody>(this).and_then(|body| body.parts.get(which).copied()).unwrap_or(vm.single.none)
}

fn shared(vm: &mut Vm, this: Ref, which: usize) -> Res<Owned> {
    let found = part(vm, this, which);
    Ok(vm.share(found))
}

fn partial_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    if args.positional(vm) < 2 {
        return Err(vm.type_error("type 'partial' takes at least one argument"));
    }
    let mut func = args.get(vm, 1);
    let func_class = vm.heap.class_of(func);
    let name = vm.names.call;
    if vm.lookup(func_class, name).is_none() {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let mut positional = args.rest(vm, 2);
    let keywords = vm.new_dict();
    let keywords = vm.hold(keywords);
    // A partial of a partial is one partial, unless it has attributes of its own.
    if vm.is_exact(func, Ty::Partial) && vm.own_dict(func).is_null() {
        let inner = func;
        let mut joined = vm.tuple_items(part(vm, inner, ARGS)).to_vec();
        joined.append(&mut positional);
        positional = joined;
        vm.dict_merge(keywords, part(vm, inner, KEYWORDS))?;
        func = part(vm, inner, FUNC);
    }
    for (key, value) in args.keyword_pairs(vm) {
        vm.dict_set(keywords, key, value)?;
    }
    let kind = vm.instance_kind_of(class);
    let positional = vm.tuple_of(&positional).into_ref();
    let parts = vec![vm.share(func).into_ref(), positional, vm.share(keywords).into_ref()];
    Ok(vm.heap.alloc(kind, RecordBody { parts, ..RecordBody::default() }))
}

fn call(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let func = vm.share(part(vm, this, FUNC));
    let func = vm.hold(func);
    let keywords = vm.share(part(vm, this, KEYWORDS));
    let keywords = vm.hold(keywords);
    let stored = vm.share(part(vm, this, ARGS));
    let stored = vm.hold(stored);
    let mut all = vm.tuple_items(stored).to_vec();
    all.extend(args.rest(vm, 1));
    // The call's keywords come in the place of stored ones of the same name.
    let (mut names, mut values): (Vec<Ref>, Vec<Ref>) = vm.dict_items(keywords).into_iter().unzip();
    for (name, value) in args.keyword_pairs(vm) {
        match names.iter().position(|&known| vm.heap.text(known) == vm.heap.text(name)) {
            Some(at) => values[at] = value,
            None => {
                names.push(name);
                values.push(value);
            }
        }
    }
    all.extend(values);
    if names.is_empty() {
        return vm.call(func, &all);
    }
    let names = vm.tuple_of(&names);
    let names = vm.hold(names);
    vm.call_keywords(func, Ref::NULL, &all, names)
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = vm.qualified_class_name(this);
    let shown = vm.repr_guarded(this, |vm| {
        let mut texts = vec![vm.repr(part(vm, this, FUNC))?.to_string_lossy().into_owned()];
        for item in vm.tuple_items(part(vm, this, ARGS)).to_vec() {
            texts.push(vm.repr(item)?.to_string_lossy().into_owned());
        }
        for (key, value) in vm.dict_items(part(vm, this, KEYWORDS)) {
            texts.push(format!("{}={}", vm.show(key), vm.repr(value)?.to_string_lossy()));
        }
        Ok(texts.join(", "))
    })?;
    let text = format!("{name}({})", shown.unwrap_or_else(|| "...".to_string()));
    Ok(vm.new_str(&text))
}

fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let class = vm.heap.class_of(this);
    let func = part(vm, this, FUNC);
    let dict = vm.own_dict(this).some().unwrap_or(vm.single.none);
    let arguments = vm.tuple_of(&[func]);
    let arguments = vm.hold(arguments);
    let state = [func, part(vm, this, ARGS), part(vm, this, KEYWORDS), dict];
    let state = vm.tuple_of(&state);
    let state = vm.hold(state);
    Ok(vm.tuple_of(&[class, arguments, state]))
}

fn setstate(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, state) = (args.get(vm, 0), args.get(vm, 1));
    let [func, positional, keywords, dict] = vm.tuple_items(state)[..] else {
        return Err(vm.type_error("invalid partial state"));
    };
    if vm.heap.layout(positional) != Layout::Tuple || vm.heap.layout(keywords) != Layout::Dict {
        return Err(vm.type_error("invalid partial state"));
    }
    let parts = [func, positional, keywords].map(|part| vm.share(part).into_ref()).to_vec();
    let old = vm.heap.get_mut::<RecordBody>(this).map(|body| std::mem::replace(&mut body.parts, parts));
    vm.release_all(old.unwrap_or_default());
    if vm.heap.layout(dict) == Layout::Dict {
        let dict = vm.share(dict);
        vm.replace_dict(this, dict);
    }
    Ok(vm.none())
}
