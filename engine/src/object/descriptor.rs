//! `property`, `classmethod`, `staticmethod`, slot and computed-attribute descriptors, `super`, `mappingproxy`.

use crate::heap::{
    CellBody, FunctionBody, GetSetBody, Layout, MemberBody, NativeBody, Owned, PropertyBody, ProxyBody, Ref, SuperBody,
    TypeBody, WrapperBody,
};
use crate::native::{Args, GetSetDef, NativeDef, Role, getset, getter, member, method, new, slot};
use crate::vm::{Res, Ty, Vm};

// ---- property -------------------------------------------------------------------------------------------------

/// The methods of `property`.
pub static PROPERTY: &[NativeDef] = &[
    new(property_new),
    slot("__init__", 0, property_init).named(&["fget", "fset", "fdel", "doc"], 0, 4, 0),
    slot("__get__", 0, descriptor_get).any(),
    slot("__set__", 2, descriptor_set),
    slot("__delete__", 1, descriptor_delete),
    method("getter", 1, 1, property_getter),
    method("setter", 1, 1, property_setter),
    method("deleter", 1, 1, property_deleter),
    method("__set_name__", 0, 2, property_set_name),
];

/// The computed attributes of `property`.
pub static PROPERTY_ATTRS: &[GetSetDef] = &[
    member("fget", |vm, this| property_part(vm, this, |body| body.get)),
    member("fset", |vm, this| property_part(vm, this, |body| body.set)),
    member("fdel", |vm, this| property_part(vm, this, |body| body.del)),
    getset("__doc__", |vm, this| property_part(vm, this, |body| body.doc), set_property_doc),
    getter("__isabstractmethod__", property_is_abstract),
    getset("__name__", property_own_name, set_property_name),
];

fn property_part(vm: &mut Vm, this: Ref, part: fn(&PropertyBody) -> Ref) -> Res<Owned> {
    let found = vm.heap.get::<PropertyBody>(this).map_or(Ref::NULL, part).some().unwrap_or(vm.single.none);
    Ok(vm.share(found))
}

fn set_property_doc(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let value = if value.is_null() { Ref::NULL } else { vm.share(value).into_ref() };
    let old = vm.heap.get_mut::<PropertyBody>(this).map(|body| std::mem::replace(&mut body.doc, value));
    vm.release_all(old);
    Ok(())
}

/// `__name__` of a property: the name that it was given, else that of its getter.
fn property_own_name(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let body = vm.heap.get::<PropertyBody>(this).cloned().unwrap_or_default();
    if !body.name.is_null() {
        return Ok(vm.share(body.name));
    }
    let name = vm.names.name;
    if !body.get.is_null()
        && let Some(found) = vm.find_attr(body.get, name)?
    {
        return Ok(found);
    }
    Err(vm.no_attribute(this, name))
}

fn set_property_name(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let value = if value.is_null() { value } else { vm.share(value).into_ref() };
    let old = vm.heap.get_mut::<PropertyBody>(this).map(|body| std::mem::replace(&mut body.name, value));
    vm.release_all(old);
    Ok(())
}

fn property_is_abstract(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let parts = vm.heap.get::<PropertyBody>(this).map_or([Ref::NULL; 3], |body| [body.get, body.set, body.del]);
    let name = vm.names.isabstractmethod;
    for part in parts.into_iter().filter(|part| !part.is_null()) {
        if let Some(flag) = vm.find_attr(part, name)?
            && vm.truth_owned(flag)?
        {
            return Ok(vm.bool(true));
        }
    }
    Ok(vm.bool(false))
}

fn property_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let kind = vm.instance_kind_of(args.get(vm, 0));
    Ok(vm.heap.alloc(kind, PropertyBody::default()))
}

fn property_init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let parts =
        [1, 2, 3, 4].map(|at| args.get(vm, at).some().filter(|&part| part != vm.single.none).unwrap_or(Ref::NULL));
    let [get, set, del, mut doc] = parts;
    if doc.is_null()
        && let Some(body) = vm.heap.get::<FunctionBody>(get)
    {
        doc = body.doc;
    }
    let doc_kept_apart = !vm.is_exact(this, Ty::Property) && !get.is_null();
    let [get, set, del, doc] =
        [get, set, del, doc].map(|part| if part.is_null() { part } else { vm.share(part).into_ref() });
    let old = vm
        .heap
        .get_mut::<PropertyBody>(this)
        .map(|body| std::mem::replace(body, PropertyBody { get, set, del, doc, name: Ref::NULL }));
    if let Some(old) = old {
        vm.release_all([old.get, old.set, old.del, old.doc, old.name]);
    }
    if doc_kept_apart {
        // The class's own docstring would hide it.
        let (name, doc) = (vm.names.doc, doc.some().unwrap_or(vm.single.none));
        vm.set_attr(this, name, doc)?;
    }
    Ok(vm.none())
}

/// `__get__(instance, owner=None)` of any built-in descriptor.
fn descriptor_get(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, instance, owner) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    if instance.is_null() {
        return Err(vm.type_error("__get__ expected at least 1 argument, got 0"));
    }
    let none = vm.single.none;
    if instance == none && (owner.is_null() || owner == none) {
        return Err(vm.type_error("__get__(None, None) is invalid"));
    }
    let class = if owner.is_null() || owner == none { vm.heap.class_of(instance) } else { owner };
    let receiver = if instance == none && class != vm.class(Ty::NoneType) { Ref::NULL } else { instance };
    if let Some((Some(def), owner)) = vm.heap.get::<NativeBody>(this).map(|body| (body.def, body.owner))
        && !owner.is_null()
    {
        if def.role == Role::ClassMethod {
            vm.check_native_class(def, owner, class)?;
        } else if !receiver.is_null() && !vm.is_instance_of(receiver, owner) {
            let text = format!(
                "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
                def.name,
                vm.type_name(owner),
                vm.class_name(receiver)
            );
            return Err(vm.type_error(text));
        }
    }
    vm.bind(this, receiver, class)
}

fn descriptor_set(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, instance, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    vm.write_descriptor(this, instance, value)?;
    Ok(vm.none())
}

fn descriptor_delete(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, instance) = (args.get(vm, 0), args.get(vm, 1));
    vm.write_descriptor(this, instance, Ref::NULL)?;
    Ok(vm.none())
}

fn property_copy(vm: &mut Vm, this: Ref, change: impl FnOnce(&mut [Ref; 3])) -> Res<Owned> {
    let Some(body) = vm.heap.get::<PropertyBody>(this).cloned() else { return Err(vm.type_error("not a property")) };
    let mut parts = [body.get, body.set, body.del].map(|part| part.some().unwrap_or(vm.single.none));
    change(&mut parts);
    let doc = body.doc.some().unwrap_or(vm.single.none);
    let class = vm.heap.class_of(this);
    let made = vm.call(class, &[parts[0], parts[1], parts[2], doc])?;
    if !body.name.is_null() {
        let name = vm.share(body.name).into_ref();
        match vm.heap.get_mut::<PropertyBody>(made.get()) {
            Some(body) => body.name = name,
            None => vm.release_ref(name),
        }
    }
    Ok(made)
}

fn property_getter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, func) = (args.get(vm, 0), args.get(vm, 1));
    property_copy(vm, this, |parts| parts[0] = func)
}

fn property_setter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, func) = (args.get(vm, 0), args.get(vm, 1));
    property_copy(vm, this, |parts| parts[1] = func)
}

fn property_deleter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, func) = (args.get(vm, 0), args.get(vm, 1));
    property_copy(vm, this, |parts| parts[2] = func)
}

fn property_set_name(vm: &mut Vm, args: Args) -> Res<Owned> {
    if args.len() != 3 {
        let given = args.len() - 1;
        return Err(vm.type_error(format!("__set_name__() takes 2 positional arguments but {given} were given")));
    }
    let (this, name) = (args.get(vm, 0), args.get(vm, 2));
    let name = vm.share(name).into_ref();
    let old = vm.heap.get_mut::<PropertyBody>(this).map(|body| std::mem::replace(&mut body.name, name));
    vm.release_all(old);
    Ok(vm.none())
}

// ---- classmethod and staticmethod -----------------------------------------------------------------------------

/// The methods of `classmethod`.
pub static CLASS_METHOD: &[NativeDef] = &[
    new(wrapper_new),
    slot("__init__", 0, |vm, args| wrapper_init(vm, args, "classmethod")).any(),
    slot("__get__", 0, descriptor_get).any(),
    slot("__repr__", 0, |vm, args| wrapper_repr(vm, args, "classmethod")),
];

/// The methods of `staticmethod`.
pub static STATIC_METHOD: &[NativeDef] = &[
    new(wrapper_new),
    slot("__init__", 0, |vm, args| wrapper_init(vm, args, "staticmethod")).any(),
    slot("__get__", 0, descriptor_get).any(),
    slot("__repr__", 0, |vm, args| wrapper_repr(vm, args, "staticmethod")),
    slot("__call__", 0, call_wrapped).any(),
];

/// The computed attributes of both.
pub static WRAPPER_ATTRS: &[GetSetDef] = &[
    member("__func__", wrapped),
    member("__wrapped__", wrapped),
    getter("__isabstractmethod__", wrapper_is_abstract),
    getset("__annotations__", wrapper_annotations, set_wrapper_annotations),
    getset("__dict__", crate::object::dict_get, crate::object::dict_set),
];

fn wrapper_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let kind = vm.instance_kind_of(args.get(vm, 0));
    Ok(vm.heap.alloc(kind, WrapperBody::default()))
}

fn wrapper_init(vm: &mut Vm, args: Args, class: &str) -> Res<Owned> {
    if !args.keyword_names(vm).is_empty() {
        return Err(vm.type_error(format!("{class}() takes no keyword arguments")));
    }
    if args.len() != 2 {
        return Err(vm.type_error(format!("{class} expected 1 argument, got {}", args.len() - 1)));
    }
    let (this, func) = (args.get(vm, 0), args.get(vm, 1));
    if vm.profile.wrappers_look_like_functions {
        copy_function_attributes(vm, this, func)?;
    }
    let func = vm.share(func).into_ref();
    let old = vm.heap.get_mut::<WrapperBody>(this).map(|body| std::mem::replace(&mut body.func, func));
    vm.release_all(old);
    Ok(vm.none())
}

/// Copies what describes a function into the dict of its wrapper.
fn copy_function_attributes(vm: &mut Vm, this: Ref, func: Ref) -> Res<()> {
    let names = vm.names;
    let annotations = (!vm.profile.annotations_lazy).then_some(names.annotations);
    for name in [names.module, names.name, names.qualname, names.doc].into_iter().chain(annotations) {
        if let Some(value) = vm.find_attr(func, name)? {
            let result = vm.store_own_attr(this, name, value);
            result?;
        }
    }
    Ok(())
}

/// The annotations of the wrapped function, kept from the first time on.
fn wrapper_annotations(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let name = vm.names.annotations;
    if let Some(known) = vm.own_attr(this, name) {
        return Ok(vm.share(known));
    }
    let func = wrapped(vm, this)?;
    let found = vm.get_attr(func.get(), name);
    vm.release(func);
    let found = found?;
    let kept = vm.share(found.get());
    vm.store_own_attr(this, name, kept)?;
    Ok(found)
}

fn set_wrapper_annotations(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    let name = vm.names.annotations;
    let dict = vm.instance_dict(this).unwrap_or(Ref::NULL);
    if value.is_null() { vm.dict_remove(dict, name).map(|_| ()) } else { vm.dict_set(dict, name, value) }
}

fn wrapper_repr(vm: &mut Vm, args: Args, class: &str) -> Res<Owned> {
    let func = wrapped(vm, args.get(vm, 0))?;
    let text = vm.repr(func.get());
    vm.release(func);
    let text = format!("<{class}({})>", text?.to_string_lossy());
    Ok(vm.new_str(&text))
}

fn call_wrapped(vm: &mut Vm, args: Args) -> Res<Owned> {
    let func = wrapped(vm, args.get(vm, 0))?;
    let func = vm.hold(func);
    let rest: Vec<Ref> = (1..args.len()).map(|at| args.get(vm, at)).collect();
    vm.call_keywords(func, Ref::NULL, &rest, args.keywords)
}

fn wrapped(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let func = vm.heap.get::<WrapperBody>(this).map_or(Ref::NULL, |body| body.func).some().unwrap_or(vm.single.none);
    Ok(vm.share(func))
}

fn wrapper_is_abstract(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let func = vm.heap.get::<WrapperBody>(this).map_or(Ref::NULL, |body| body.func);
    let name = vm.names.isabstractmethod;
    match vm.find_attr(func, name)? {
        Some(flag) => {
            let truth = vm.truth_owned(flag)?;
            Ok(vm.bool(truth))
        }
        None => Ok(vm.bool(false)),
    }
}

// ---- descriptors of slots, computed attributes, native methods -------------------------------------------------

/// The methods of member and getset descriptors.
pub static DATA_DESCRIPTOR: &[NativeDef] = &[
    slot("__get__", 0, descriptor_get).any(),
    slot("__set__", 2, descriptor_set),
    slot("__delete__", 1, descriptor_delete),
    slot("__repr__", 0, descriptor_repr),
    method("__reduce__", 0, 0, descriptor_reduce),
];

/// The computed attributes of all built-in descriptors.
pub static DESCRIPTOR_ATTRS: &[GetSetDef] = &[
    member("__name__", descriptor_name),
    member("__objclass__", descriptor_owner),
    getter("__qualname__", descriptor_qualname),
    getter("__doc__", |vm, _| Ok(vm.none())),
];

/// The methods of native method descriptors.
pub static METHOD_DESCRIPTOR: &[NativeDef] = &[
    slot("__get__", 0, descriptor_get).any(),
    slot("__repr__", 0, descriptor_repr),
    slot("__call__", 0, call_native).any(),
    method("__reduce__", 0, 0, descriptor_reduce),
];

fn call_native(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let rest: Vec<Ref> = (1..args.len()).map(|at| args.get(vm, at)).collect();
    vm.call_keywords(this, Ref::NULL, &rest, args.keywords)
}

fn owner_and_name(vm: &Vm, this: Ref) -> (Ref, String) {
    match vm.heap.layout(this) {
        Layout::Member => {
            vm.heap.get::<MemberBody>(this).map_or((Ref::NULL, String::new()), |b| (b.owner, vm.show(b.name)))
        }
        Layout::GetSet => vm
            .heap
            .get::<GetSetBody>(this)
            .map_or((Ref::NULL, String::new()), |b| (b.owner, b.def.map_or(String::new(), |d| d.name.to_string()))),
        _ => vm
            .heap
            .get::<NativeBody>(this)
            .map_or((Ref::NULL, String::new()), |b| (b.owner, b.def.map_or(String::new(), |d| d.name.to_string()))),
    }
}

fn descriptor_repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let (owner, name) = owner_and_name(vm, this);
    let kind = vm.heap.kind_of(this);
    let what = if kind == Ty::Member.kind() {
        "member"
    } else if kind == Ty::GetSet.kind() {
        "attribute"
    } else if kind == Ty::SlotWrapper.kind() {
        "slot wrapper"
    } else {
        "method"
    };
    let text = format!("<{what} '{name}' of '{}' objects>", vm.type_name(owner));
    Ok(vm.new_str(&text))
}

/// A descriptor is pickled as the attribute of its class that it is.
fn descriptor_reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (owner, name) = owner_and_name(vm, args.get(vm, 0));
    let getattr = vm.dict_get_str(vm.builtins, "getattr").unwrap_or(vm.single.none);
    let (getattr, owner, name) = (vm.share(getattr), vm.share(owner), vm.new_str(&name));
    let parts = vm.new_tuple(vec![owner, name]);
    Ok(vm.new_tuple(vec![getattr, parts]))
}

fn descriptor_name(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let (_, name) = owner_and_name(vm, this);
    Ok(vm.intern_str(&name))
}

fn descriptor_qualname(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let (owner, name) = owner_and_name(vm, this);
    let text = format!("{}.{name}", vm.type_name(owner));
    Ok(vm.new_str(&text))
}

fn descriptor_owner(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let (owner, _) = owner_and_name(vm, this);
    let owner = owner.some().unwrap_or(vm.single.none);
    Ok(vm.share(owner))
}

// ---- super ----------------------------------------------------------------------------------------------------

/// The methods of `super`.
pub static SUPER: &[NativeDef] = &[
    new(super_new),
    slot("__init__", 0, super_init).any(),
    slot("__get__", 0, super_get).any(),
    slot("__repr__", 0, super_repr),
    slot("__getattribute__", 1, super_getattribute),
];

/// The computed attributes of `super`.
pub static SUPER_ATTRS: &[GetSetDef] = &[
    member("__thisclass__", |vm, this| super_part(vm, this, |body| body.class)),
    member("__self__", |vm, this| super_part(vm, this, |body| body.this)),
    member("__self_class__", |vm, this| super_part(vm, this, |body| body.this_class)),
];

fn super_part(vm: &mut Vm, this: Ref, part: fn(&SuperBody) -> Ref) -> Res<Owned> {
    let found = vm.heap.get::<SuperBody>(this).map_or(Ref::NULL, part).some().unwrap_or(vm.single.none);
    Ok(vm.share(found))
}

fn super_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let kind = vm.instance_kind_of(args.get(vm, 0));
    Ok(vm.heap.alloc(kind, SuperBody::default()))
}

fn super_init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if !args.keyword_names(vm).is_empty() {
        return Err(vm.type_error("super() takes no keyword arguments"));
    }
    let (class, object) = match args.len() {
        1 => vm.implicit_super()?,
        2 => (args.get(vm, 1), Ref::NULL),
        3 => (args.get(vm, 1), args.get(vm, 2)),
        count => {
            let text = if vm.profile.super_takes_exact_texts {
                format!("super() takes at most 2 arguments ({} given)", count - 1)
            } else {
                format!("super() expected at most 2 arguments, got {}", count - 1)
            };
            return Err(vm.type_error(text));
        }
    };
    if vm.heap.layout(class) != Layout::Type {
        let article = if vm.profile.super_takes_exact_texts { "" } else { "a " };
        let text = format!("super() argument 1 must be {article}type, not {}", vm.class_name(class));
        return Err(vm.type_error(text));
    }
    let object = if object == vm.single.none { Ref::NULL } else { object };
    let this_class = if object.is_null() { Ref::NULL } else { vm.super_check(class, object)? };
    let [class, object, this_class] =
        [class, object, this_class].map(|part| if part.is_null() { part } else { vm.share(part).into_ref() });
    let old = vm
        .heap
        .get_mut::<SuperBody>(this)
        .map(|body| std::mem::replace(body, SuperBody { class, this: object, this_class }));
    if let Some(old) = old {
        vm.release_all([old.class, old.this, old.this_class]);
    }
    Ok(vm.none())
}

/// `super(C).__get__(x)` is `super(C, x)`.
fn super_get(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, object) = (args.get(vm, 0), args.get(vm, 1));
    let body = vm.heap.get::<SuperBody>(this).cloned().unwrap_or_default();
    if object.is_null() || object == vm.single.none || !body.this.is_null() {
        return Ok(vm.share(this));
    }
    let class = vm.heap.class_of(this);
    if class != vm.class(Ty::Super) {
        return vm.call(class, &[body.class, object]);
    }
    let this_class = vm.super_check(body.class, object)?;
    let [class, object, this_class] = [body.class, object, this_class].map(|part| vm.share(part).into_ref());
    Ok(vm.heap.alloc(Ty::Super.kind(), SuperBody { class, this: object, this_class }))
}

fn super_repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let body = vm.heap.get::<SuperBody>(args.get(vm, 0)).cloned().unwrap_or_default();
    let text = if body.this_class.is_null() {
        format!("<super: <class '{}'>, NULL>", vm.type_name(body.class))
    } else {
        format!("<super: <class '{}'>, <{} object>>", vm.type_name(body.class), vm.type_name(body.this_class))
    };
    Ok(vm.new_str(&text))
}

fn super_getattribute(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, name) = (args.get(vm, 0), args.get(vm, 1));
    vm.expect_name(name)?;
    vm.get_attr_native(this, name)
}

impl Vm {
    /// The kind of instances of a class.
    pub fn instance_kind_of(&self, class: Ref) -> crate::heap::KindId {
        self.heap.get::<TypeBody>(class).map_or(Ty::Object.kind(), |body| body.instance_kind)
    }

    /// The class and the first argument that `super()` without arguments means.
    fn implicit_super(&mut self) -> Res<(Ref, Ref)> {
        let frame = &self.frame;
        let code = &frame.code;
        if code.arg_count == 0 {
            return Err(self.raise(Ty::RuntimeError, "super(): no arguments"));
        }
        let first = self.stack.get(frame.base as usize).copied().unwrap_or(Ref::NULL);
        let is_cell = code.local_names.first().is_some_and(|name| code.cellvars.contains(name));
        let class_at = code.freevars.iter().position(|&name| self.heap.text(name).is_some_and(|t| t.is("__class__")));
        let Some(at) = class_at else {
            return Err(self.raise(Ty::RuntimeError, "super(): __class__ cell not found"));
        };
        let place = frame.base as usize + code.local_names.len() - code.freevars.len() + at;
        let cell = self.stack.get(place).copied().unwrap_or(Ref::NULL);
        let first = if is_cell && self.heap.layout(first) == Layout::Cell {
            self.heap.get::<CellBody>(first).map_or(Ref::NULL, |body| body.value)
        } else {
            first
        };
        if first.is_null() {
            return Err(self.raise(Ty::RuntimeError, "super(): arg[0] deleted"));
        }
        let class = self.heap.get::<CellBody>(cell).map_or(Ref::NULL, |body| body.value);
        if class.is_null() {
            return Err(self.raise(Ty::RuntimeError, "super(): empty __class__ cell"));
        }
        Ok((class, first))
    }

    /// The class whose order `super(class, object)` follows.
    fn super_check(&mut self, class: Ref, object: Ref) -> Res<Ref> {
        if self.heap.layout(object) == Layout::Type && self.is_subclass(object, class) {
            return Ok(object);
        }
        if self.is_instance_of(object, class) {
            return Ok(self.heap.class_of(object));
        }
        let name = self.names.class;
        if let Some(claimed) = self.find_attr(object, name)? {
            let found = claimed.get();
            self.release(claimed);
            if self.heap.layout(found) == Layout::Type && self.is_subclass(found, class) {
                return Ok(found);
            }
        }
        let object = if self.heap.layout(object) == Layout::Type {
            format!("type {}", self.type_name(object))
        } else {
            format!("instance of {}", self.class_name(object))
        };
        let text = self.profile.super_error.text(&self.type_name(class), &object);
        Err(self.type_error(text))
    }

    /// Writes through a data descriptor by hand.
    fn write_descriptor(&mut self, descriptor: Ref, object: Ref, value: Ref) -> Res<()> {
        let name = match self.heap.layout(descriptor) {
            Layout::Member => self.heap.get::<MemberBody>(descriptor).map_or(Ref::NULL, |body| body.name),
            _ => self.names.name,
        };
        self.set_by_descriptor(descriptor, object, name, value).map(|_| ())
    }
}

// ---- mappingproxy ---------------------------------------------------------------------------------------------

/// The methods of `mappingproxy`.
pub static PROXY: &[NativeDef] = &[
    new(proxy_new),
    slot("__getitem__", 1, |vm, args| {
        let (mapping, key) = (mapping(vm, args), args.get(vm, 1));
        vm.get_item(mapping, key)
    }),
    slot("__len__", 0, |vm, args| {
        let mapping = mapping(vm, args);
        let length = vm.length(mapping)?;
        Ok(vm.new_size(length))
    }),
    slot("__contains__", 1, |vm, args| {
        let (mapping, key) = (mapping(vm, args), args.get(vm, 1));
        let answer = vm.contains(mapping, key)?;
        Ok(vm.bool(answer))
    }),
    slot("__iter__", 0, |vm, args| {
        let mapping = mapping(vm, args);
        vm.iter(mapping)
    }),
    slot("__eq__", 1, |vm, args| {
        let (mapping, other) = (mapping(vm, args), args.get(vm, 1));
        vm.compare(mapping, other, crate::code::CmpOp::Eq)
    }),
    slot("__hash__", 0, |vm, args| {
        let mapping = mapping(vm, args);
        let hash = vm.hash(mapping)?;
        Ok(vm.new_int(hash))
    }),
    slot("__repr__", 0, |vm, args| {
        let mapping = mapping(vm, args);
        let text = format!("mappingproxy({})", vm.repr(mapping)?.to_string_lossy());
        Ok(vm.new_str(&text))
    }),
    slot("__str__", 0, |vm, args| {
        let mapping = mapping(vm, args);
        let text = vm.str(mapping)?;
        Ok(vm.new_text(text))
    }),
    method("__reversed__", 0, 0, |vm, args| forward(vm, args, "__reversed__")),
    method("get", 1, 2, |vm, args| forward(vm, args, "get")),
    method("keys", 0, 0, |vm, args| forward(vm, args, "keys")),
    method("values", 0, 0, |vm, args| forward(vm, args, "values")),
    method("items", 0, 0, |vm, args| forward(vm, args, "items")),
    method("copy", 0, 0, |vm, args| forward(vm, args, "copy")),
];

fn mapping(vm: &Vm, args: Args) -> Ref {
    vm.heap.get::<ProxyBody>(args.get(vm, 0)).map_or(vm.single.none, |body| body.mapping)
}

fn forward(vm: &mut Vm, args: Args, name: &str) -> Res<Owned> {
    let mapping = mapping(vm, args);
    let rest: Vec<Ref> = args.rest(vm, 1).into_iter().filter(|r| !r.is_null()).collect();
    let name = vm.intern_str(name);
    let result = vm.call_method(mapping, name.get(), &rest);
    vm.release(name);
    result
}

fn proxy_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let mapping = args.get(vm, 1);
    if mapping.is_null() {
        return Err(vm.type_error("mappingproxy() missing required argument 'mapping' (pos 1)"));
    }
    let class = vm.heap.class_of(mapping);
    let name = vm.names.getitem;
    if vm.lookup(class, name).is_none() || matches!(vm.heap.layout(mapping), Layout::List | Layout::Tuple) {
        let text = format!("mappingproxy() argument must be a mapping, not {}", vm.type_name(class));
        return Err(vm.type_error(text));
    }
    let mapping = vm.share(mapping).into_ref();
    Ok(vm.heap.alloc(Ty::MappingProxy.kind(), ProxyBody { mapping }))
}
