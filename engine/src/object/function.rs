//! Functions and bound methods: what a program can read of them, and what it can put in their place.

use super::hash;
use super::text::TextBuilder;
use crate::heap::{FunctionBody, Layout, MethodBody, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, member, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of `function`.
pub static METHODS: &[NativeDef] =
    &[new(make), slot("__repr__", 0, repr), slot("__call__", 0, call).any(), slot("__get__", 0, get).any()];

/// The attributes of `function`.
pub static GETSETS: &[GetSetDef] = &[
    getset("__code__", |vm, this| read(vm, this, |body| body.code), set_code),
    getset("__defaults__", |vm, this| read(vm, this, |body| body.defaults), set_defaults),
    getset("__kwdefaults__", |vm, this| read(vm, this, |body| body.kwdefaults), set_kwdefaults),
    getset("__name__", |vm, this| read(vm, this, |body| body.name), set_name),
    getset("__qualname__", |vm, this| read(vm, this, |body| body.qualname), set_qualname),
    getset("__annotations__", get_annotations, set_annotations),
    getset("__annotate__", |vm, this| read(vm, this, |body| body.annotate), set_annotate),
    getset("__type_params__", get_type_params, set_type_params),
    getset("__dict__", super::dict_get, super::dict_set),
    getset(
        "__doc__",
        |vm, this| read(vm, this, |body| body.doc),
        |vm, this, value| {
            write(vm, this, |body| &mut body.doc, value);
            Ok(())
        },
    ),
    getset(
        "__module__",
        |vm, this| read(vm, this, |body| body.module),
        |vm, this, value| {
            write(vm, this, |body| &mut body.module, value);
            Ok(())
        },
    ),
    member("__closure__", |vm, this| read(vm, this, |body| body.closure)),
    member("__globals__", |vm, this| read(vm, this, |body| body.globals)),
    member("__builtins__", |vm, this| read(vm, this, |body| body.builtins)),
];

/// The methods of `method`.
pub static METHOD: &[NativeDef] = &[
    new(make_method),
    slot("__repr__", 0, repr_method),
    slot("__call__", 0, call).any(),
    slot("__get__", 0, get_method).any(),
    slot("__hash__", 0, hash_method),
    slot("__eq__", 1, |vm, args| compare_methods(vm, args, true)),
    slot("__ne__", 1, |vm, args| compare_methods(vm, args, false)),
    slot("__lt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__le__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__gt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__ge__", 1, |vm, _| Ok(vm.not_implemented())),
    method("__reduce__", 0, 0, reduce_method),
];

/// The attributes of `method`; all others are those of its function.
pub static METHOD_ATTRS: &[GetSetDef] = &[
    member("__func__", |vm, this| method_part(vm, this, |body| body.func)),
    member("__self__", |vm, this| method_part(vm, this, |body| body.this)),
    member("__doc__", |vm, this| function_attr(vm, this, "__doc__")),
];

// ---- functions ------------------------------------------------------------------------------------------------

fn read(vm: &mut Vm, this: Ref, field: fn(&FunctionBody) -> Ref) -> Res<Owned> {
    match vm.heap.get::<FunctionBody>(this).and_then(|body| field(body).some()) {
        Some(value) => Ok(vm.share(value)),
        None => Ok(vm.none()),
    }
}

fn write(vm: &mut Vm, this: Ref, field: fn(&mut FunctionBody) -> &mut Ref, value: Ref) {
    let new = if value.is_null() { value } else { vm.share(value).into_ref() };
    let old = match vm.heap.get_mut::<FunctionBody>(this) {
        Some(body) => std::mem::replace(field(body), new),
        None => new,
    };
    vm.release_maybe(old);
}

/// Checks the layout of what is put into an attribute; with `optional`, None and deletion empty it.
fn checked(vm: &mut Vm, value: Ref, name: &str, layout: Layout, what: &str, optional: bool) -> Res<Ref> {
    if optional && (value.is_null() || value == vm.single.none) {
        return Ok(Ref::NULL);
    }
    if value.is_null() || vm.heap.layout(value) != layout {
        return Err(vm.type_error(format!("{name} must be set to a {what} object")));
    }
    Ok(value)
}

fn set_name(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let value = checked(vm, value, "__name__", Layout::Str, "string", false)?;
    write(vm, this, |body| &mut body.name, value);
    Ok(())
}

fn set_qualname(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let value = checked(vm, value, "__qualname__", Layout::Str, "string", false)?;
    write(vm, this, |body| &mut body.qualname, value);
    Ok(())
}

fn set_defaults(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let value = checked(vm, value, "__defaults__", Layout::Tuple, "tuple", true)?;
    write(vm, this, |body| &mut body.defaults, value);
    Ok(())
}

fn set_kwdefaults(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let value = checked(vm, value, "__kwdefaults__", Layout::Dict, "dict", true)?;
    write(vm, this, |body| &mut body.kwdefaults, value);
    Ok(())
}

fn set_annotations(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let value = checked(vm, value, "__annotations__", Layout::Dict, "dict", true)?;
    write(vm, this, |body| &mut body.annotations, value);
    write(vm, this, |body| &mut body.annotate, Ref::NULL);
    Ok(())
}

fn set_annotate(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() {
        return Err(vm.type_error("__annotate__ cannot be deleted"));
    }
    if value != vm.single.none && !vm.is_callable(value) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    let value = if value == vm.single.none { Ref::NULL } else { value };
    write(vm, this, |body| &mut body.annotate, value);
    write(vm, this, |body| &mut body.annotations, Ref::NULL);
    Ok(())
}

/// The dict of annotations: made on demand, by the annotate function where annotations are lazy. Until then they may
/// stand in a tuple of names and values.
fn get_annotations(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let Some((known, annotate)) = vm.heap.get::<FunctionBody>(this).map(|body| (body.annotations, body.annotate))
    else {
        return Ok(vm.none());
    };
    if !known.is_null() && vm.heap.layout(known) == Layout::Dict {
        return Ok(vm.share(known));
    }
    let dict = if known.is_null() && !annotate.is_null() {
        let one = vm.new_int(1);
        let made = vm.call(annotate, &[one.get()]);
        vm.release(one);
        let made = made?;
        if vm.heap.layout(made.get()) != Layout::Dict {
            let text = format!("__annotate__ returned non-dict of type '{}'", vm.class_name(made.get()));
            vm.release(made);
            return Err(vm.type_error(text));
        }
        made
    } else {
        let dict = vm.new_dict();
        let pairs = if known.is_null() { Vec::new() } else { vm.tuple_items(known).to_vec() };
        for pair in pairs.chunks_exact(2) {
            let (name, value) = (vm.share(pair[0]), vm.share(pair[1]));
            vm.dict_insert_new(dict.get(), name, value);
        }
        dict
    };
    write(vm, this, |body| &mut body.annotations, dict.get());
    Ok(dict)
}

fn get_type_params(vm: &mut Vm, this: Ref) -> Res<Owned> {
    match vm.heap.get::<FunctionBody>(this).and_then(|body| body.type_params.some()) {
        Some(params) => Ok(vm.share(params)),
        None => Ok(vm.share(vm.single.empty_tuple)),
    }
}

fn set_type_params(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() || vm.heap.layout(value) != Layout::Tuple {
        return Err(vm.type_error("__type_params__ must be set to a tuple"));
    }
    write(vm, this, |body| &mut body.type_params, value);
    Ok(())
}

fn set_code(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() || vm.heap.layout(value) != Layout::Code {
        return Err(vm.type_error("__code__ must be set to a code object"));
    }
    let wanted = vm.code(value).freevars.len();
    let Some((closure, name)) = vm.heap.get::<FunctionBody>(this).map(|body| (body.closure, body.name)) else {
        return Ok(());
    };
    let given = if closure.is_null() { 0 } else { vm.tuple_items(closure).len() };
    if wanted != given {
        let text = format!("{}() requires a code object with {given} free vars, not {wanted}", vm.show(name));
        return Err(vm.value_error(text));
    }
    write(vm, this, |body| &mut body.code, value);
    Ok(())
}

/// `types.FunctionType(code, globals, name=None, argdefs=None, closure=None)`
fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.class_argument(args, Ty::Function)?;
    let names = ["code", "globals", "name", "argdefs", "closure"];
    let [code_ref, globals, name, defaults, closure] = vm.new_arguments(args, "function", names, 0)?;
    for (at, (given, layout, what)) in
        [(code_ref, Layout::Code, "code"), (globals, Layout::Dict, "dict")].into_iter().enumerate()
    {
        if given.is_null() {
            let text = format!("function() missing required argument '{}' (pos {})", names[at], at + 1);
            return Err(vm.type_error(text));
        }
        if vm.heap.layout(given) != layout {
            let which = vm.argument_name(at + 1, names[at]);
            return Err(vm.bad_argument("function", &which, what, given));
        }
    }
    let missing = |vm: &Vm, r: Ref| vm.is_none_or_missing(r);
    if !missing(vm, name) && vm.heap.layout(name) != Layout::Str {
        return Err(vm.type_error("arg 3 (name) must be None or string"));
    }
    if !missing(vm, defaults) && vm.heap.layout(defaults) != Layout::Tuple {
        return Err(vm.type_error("arg 4 (defaults) must be None or tuple"));
    }
    let code = vm.code(code_ref);
    check_closure(vm, closure, code.freevars.len(), code.name)?;
    let builtins = vm.builtins_of(globals);
    let own_name = if missing(vm, name) { code.name } else { name };
    let qualname = if missing(vm, name) { code.qualname } else { name };
    let module = vm.dict_get_text(globals, vm.names.name).unwrap_or(Ref::NULL);
    let doc = code.doc.some().unwrap_or(vm.single.none);
    let optional = |vm: &Vm, r: Ref| if vm.is_none_or_missing(r) { Ref::NULL } else { r };
    let body = FunctionBody {
        code: code_ref,
        globals,
        builtins,
        module,
        name: own_name,
        qualname,
        doc,
        defaults: optional(vm, defaults),
        closure: optional(vm, closure),
        ..FunctionBody::default()
    };
    for part in [body.code, globals, builtins, module, own_name, qualname, doc, body.defaults, body.closure] {
        if !part.is_null() {
            vm.heap.inc(part);
        }
    }
    Ok(vm.heap.alloc(Ty::Function.kind(), body))
}

fn check_closure(vm: &mut Vm, closure: Ref, wanted: usize, name: Ref) -> Res<()> {
    if vm.is_none_or_missing(closure) {
        if wanted == 0 {
            return Ok(());
        }
        return Err(vm.type_error("arg 5 (closure) must be tuple"));
    }
    if vm.heap.layout(closure) != Layout::Tuple {
        let text = if wanted == 0 { "arg 5 (closure) must be None or tuple" } else { "arg 5 (closure) must be tuple" };
        return Err(vm.type_error(text));
    }
    let cells = vm.tuple_items(closure).to_vec();
    if cells.len() != wanted {
        let text = format!("{} requires closure of length {wanted}, not {}", vm.show(name), cells.len());
        return Err(vm.value_error(text));
    }
    match cells.into_iter().find(|&cell| vm.heap.layout(cell) != Layout::Cell) {
        Some(other) => {
            let text = format!("arg 5 (closure) expected cell, found {}", vm.class_name(other));
            Err(vm.type_error(text))
        }
        None => Ok(()),
    }
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = vm.heap.get::<FunctionBody>(this).map_or(Ref::NULL, |body| body.qualname);
    let text = format!("<function {} at {:#x}>", vm.show(name), vm.address(this));
    Ok(vm.new_str(&text))
}

/// `x.__call__(…)` of functions and methods.
pub fn call(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let given: Vec<Ref> = (1..args.len()).map(|at| args.get(vm, at)).collect();
    vm.call_keywords(this, Ref::NULL, &given, args.keywords)
}

fn bound_arguments(vm: &mut Vm, args: Args) -> Res<Ref> {
    let given = args.rest(vm, 1);
    if given.is_empty() || given.len() > 2 {
        let (bound, least) = if given.is_empty() { (1, "at least ") } else { (2, "at most ") };
        let text =
            format!("expected {least}{bound} argument{}, got {}", if bound == 1 { "" } else { "s" }, given.len());
        return Err(vm.type_error(text));
    }
    let none = vm.single.none;
    if given[0] == none && given.get(1).is_none_or(|&class| class == none) {
        return Err(vm.type_error("__get__(None, None) is invalid"));
    }
    Ok(given[0])
}

fn get(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let object = bound_arguments(vm, args)?;
    if object == vm.single.none { Ok(vm.share(this)) } else { Ok(vm.new_method(this, object)) }
}

// ---- methods --------------------------------------------------------------------------------------------------

fn parts(vm: &Vm, this: Ref) -> (Ref, Ref) {
    vm.heap.get::<MethodBody>(this).map_or((Ref::NULL, Ref::NULL), |body| (body.func, body.this))
}

fn method_part(vm: &mut Vm, this: Ref, field: fn(&MethodBody) -> Ref) -> Res<Owned> {
    match vm.heap.get::<MethodBody>(this).and_then(|body| field(body).some()) {
        Some(value) => Ok(vm.share(value)),
        None => Ok(vm.none()),
    }
}

fn function_attr(vm: &mut Vm, this: Ref, name: &str) -> Res<Owned> {
    let func = parts(vm, this).0;
    vm.get_attr_str(func, name)
}

impl Vm {
    /// `callable(value)`
    pub fn is_callable(&mut self, value: Ref) -> bool {
        if matches!(self.heap.layout(value), Layout::Function | Layout::Native | Layout::Method | Layout::Type) {
            return true;
        }
        self.wrapped_function(value).is_some() || self.lookup(self.heap.class_of(value), self.names.call).is_some()
    }

    /// `method.name`: an attribute of methods, else one of its function.
    ///
    /// # Errors
    /// As for the function.
    pub fn get_method_attr(&mut self, object: Ref, name: Ref) -> Res<Owned> {
        let class = self.heap.class_of(object);
        match self.lookup(class, name) {
            Some(attr) => self.bind(attr, object, class),
            None => {
                let func = parts(self, object).0;
                self.get_attr(func, name)
            }
        }
    }
}

/// `types.MethodType(function, object)`
fn make_method(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.class_argument(args, Ty::Method)?;
    vm.no_keywords(args, "method")?;
    let given = args.rest(vm, 1);
    let &[func, this] = &given[..] else {
        return Err(vm.type_error(format!("method expected 2 arguments, got {}", given.len())));
    };
    if !vm.is_callable(func) {
        return Err(vm.type_error("first argument must be callable"));
    }
    if this == vm.single.none {
        let text = if vm.profile.method_of_none_text { "instance must not be None" } else { "self must not be None" };
        return Err(vm.type_error(text));
    }
    Ok(vm.new_method(func, this))
}

fn repr_method(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (func, this) = parts(vm, args.get(vm, 0));
    let mut name = None;
    for attribute in [vm.names.qualname, vm.names.name] {
        if let Some(found) = vm.find_attr(func, attribute)? {
            let text = vm.as_text(found.get());
            vm.release(found);
            if text.is_some() {
                name = text;
                break;
            }
        }
    }
    let mut out = TextBuilder::new();
    out.push_str("<bound method ");
    match name {
        Some(name) => out.push_text(&name),
        None => out.push_str("?"),
    }
    out.push_str(" of ");
    out.push_text(&vm.repr(this)?);
    out.push_str(">");
    Ok(vm.new_text(out.finish()))
}

fn get_method(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    bound_arguments(vm, args)?;
    Ok(vm.share(this))
}

fn hash_method(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (func, this) = parts(vm, args.get(vm, 0));
    let function = vm.hash(func)?;
    let address = vm.address(this) as u64;
    Ok(vm.new_int(hash::of_method(address, function)))
}

fn compare_methods(vm: &mut Vm, args: Args, equal: bool) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Method {
        return Ok(vm.not_implemented());
    }
    let (a, b) = (parts(vm, this), parts(vm, other));
    let same = vm.equal(a.0, b.0)? && a.1 == b.1;
    Ok(vm.bool(same == equal))
}

/// `(getattr, (self, name))`
fn reduce_method(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (func, this) = parts(vm, args.get(vm, 0));
    let name = vm.names.name;
    let name = vm.get_attr(func, name)?;
    let getattr = vm.dict_get_str(vm.builtins, "getattr").unwrap_or(vm.single.none);
    let getattr = vm.share(getattr);
    let this = vm.share(this);
    let parts = vm.new_tuple(vec![this, name]);
    Ok(vm.new_tuple(vec![getattr, parts]))
}
