//! `object`: what every class has.

use crate::heap::{Layout, Owned, Ref, TypeBody};
use crate::native::{Args, GetSetDef, NativeDef, Role, getset, method, slot};
use crate::vm::{Res, Ty, Vm};

/// `object.__new__`
pub static NEW: NativeDef =
    NativeDef { name: "__new__", role: Role::New, params: crate::native::Params::Any, run: object_new };

/// `object.__init__`
pub static INIT: NativeDef =
    NativeDef { name: "__init__", role: Role::Slot, params: crate::native::Params::Any, run: object_init };

/// The methods.
pub static METHODS: &[NativeDef] = &[
    slot("__repr__", 0, repr),
    slot("__hash__", 0, hash),
    slot("__str__", 0, str),
    slot("__getattribute__", 1, getattribute),
    slot("__setattr__", 2, setattr),
    slot("__delattr__", 1, delattr),
    slot("__lt__", 1, not_implemented),
    slot("__le__", 1, not_implemented),
    slot("__eq__", 1, eq),
    slot("__ne__", 1, ne),
    slot("__gt__", 1, not_implemented),
    slot("__ge__", 1, not_implemented),
    method("__format__", 1, 1, format),
    method("__sizeof__", 0, 0, sizeof),
    method("__dir__", 0, 0, dir),
    method("__init_subclass__", 0, 0, init_subclass).class_method().any(),
    method("__subclasshook__", 1, 1, not_implemented).class_method(),
];

/// The computed attributes.
pub static GETSETS: &[GetSetDef] = &[getset("__class__", class, set_class)];

fn object_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    if class.is_null() || vm.heap.layout(class) != Layout::Type {
        return Err(vm.type_error("object.__new__(X): X is not a type object"));
    }
    if args.len() > 1 {
        let names = vm.names;
        let new = vm.lookup(class, names.new).unwrap_or(Ref::NULL);
        let init = vm.lookup(class, names.init).unwrap_or(Ref::NULL);
        if !vm.is_object_new(new) {
            return Err(vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
        }
        if vm.is_object_init(init) {
            let text = format!("{}() takes no arguments", vm.type_name(class));
            return Err(vm.type_error(text));
        }
    }
    vm.new_instance(class)
}

fn object_init(vm: &mut Vm, args: Args) -> Res<Owned> {
    if args.len() > 1 {
        let names = vm.names;
        let class = vm.heap.class_of(args.get(vm, 0));
        let new = vm.lookup(class, names.new).unwrap_or(Ref::NULL);
        let init = vm.lookup(class, names.init).unwrap_or(Ref::NULL);
        if !vm.is_object_init(init) {
            return Err(vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
        }
        if vm.is_object_new(new) {
            let text =
                format!("{}.__init__() takes exactly one argument (the instance to initialize)", vm.type_name(class));
            return Err(vm.type_error(text));
        }
    }
    Ok(vm.none())
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let text = format!("<{} object at {:#x}>", vm.qualified_class_name(this), vm.address(this));
    Ok(vm.new_str(&text))
}

fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let address = vm.address(args.get(vm, 0));
    let hash = crate::object::hash::of_address(address as u64);
    Ok(vm.new_int(hash))
}

fn str(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    vm.repr_object(this)
}

fn getattribute(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, name) = (args.get(vm, 0), args.get(vm, 1));
    vm.expect_name(name)?;
    vm.get_generic_attr(this, name)
}

fn setattr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, name, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    vm.expect_name(name)?;
    if vm.heap.layout(this) == Layout::Type {
        let text = format!("can't apply this __setattr__ to {} object", vm.class_name(this));
        return Err(vm.type_error(text));
    }
    vm.set_generic_attr(this, name, value)?;
    Ok(vm.none())
}

fn delattr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, name) = (args.get(vm, 0), args.get(vm, 1));
    vm.expect_name(name)?;
    if vm.heap.layout(this) == Layout::Type {
        let text = format!("can't apply this __delattr__ to {} object", vm.class_name(this));
        return Err(vm.type_error(text));
    }
    vm.set_generic_attr(this, name, Ref::NULL)?;
    Ok(vm.none())
}

/// A comparison that knows nothing.
pub fn not_implemented(vm: &mut Vm, _args: Args) -> Res<Owned> {
    Ok(vm.share(vm.single.not_implemented))
}

fn eq(vm: &mut Vm, args: Args) -> Res<Owned> {
    if args.get(vm, 0) == args.get(vm, 1) { Ok(vm.bool(true)) } else { Ok(vm.share(vm.single.not_implemented)) }
}

/// `!=` is the opposite of what `__eq__` says.
fn ne(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let class = vm.heap.class_of(this);
    let name = vm.names.eq;
    let Some(method) = vm.lookup(class, name) else { return Ok(vm.share(vm.single.not_implemented)) };
    let result = vm.call_special(method, this, &[other])?;
    if result.get() == vm.single.not_implemented {
        return Ok(result);
    }
    let truth = vm.truth_owned(result)?;
    Ok(vm.bool(!truth))
}

fn format(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, spec) = (args.get(vm, 0), args.get(vm, 1));
    let Some(text) = vm.as_text(spec) else {
        let text = format!("__format__() argument must be str, not {}", vm.class_name(spec));
        return Err(vm.type_error(text));
    };
    if !text.is_empty() {
        let text = format!("unsupported format string passed to {}.__format__", vm.class_name(this));
        return Err(vm.type_error(text));
    }
    vm.str_object(this)
}

fn sizeof(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let size = vm.basic_size(this);
    Ok(vm.new_size(size))
}

fn dir(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    vm.object_dir(this)
}

fn init_subclass(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.type_name(args.get(vm, 0));
    // A call on a class names it from the version on that names classes in such messages.
    let name = if vm.profile.native_errors_name_class { format!("{class}.") } else { String::new() };
    if !args.keyword_names(vm).is_empty() {
        return Err(vm.type_error(format!("{name}__init_subclass__() takes no keyword arguments")));
    }
    match args.len() - 1 {
        0 => Ok(vm.none()),
        given => Err(vm.type_error(format!("{name}__init_subclass__() takes no arguments ({given} given)"))),
    }
}

fn class(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let class = vm.heap.class_of(this);
    Ok(vm.share(class))
}

fn set_class(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() {
        return Err(vm.type_error("can't delete __class__ attribute"));
    }
    if vm.heap.layout(value) != Layout::Type {
        let text = format!("__class__ must be set to a class, not '{}' object", vm.class_name(value));
        return Err(vm.type_error(text));
    }
    let old = vm.heap.class_of(this);
    let (Some(old_body), Some(new_body)) = (vm.heap.get::<TypeBody>(old), vm.heap.get::<TypeBody>(value)) else {
        return Err(vm.type_error("__class__ assignment: no class"));
    };
    let (old_body, new_body) = (old_body.clone(), new_body.clone());
    let module_change = vm.heap.layout(this) == Layout::Module && vm.is_subclass(value, vm.class(Ty::Module));
    if !module_change && (!old_body.heap || !new_body.heap) {
        let kinds = if vm.profile.immutable_type_text { "mutable" } else { "heap" };
        let text = format!("__class__ assignment only supported for {kinds} types or ModuleType subclasses");
        return Err(vm.type_error(text));
    }
    let same_layout = vm.heap.kind(old_body.instance_kind).layout == vm.heap.kind(new_body.instance_kind).layout;
    let same_slots = vm.all_slot_names(old) == vm.all_slot_names(value);
    let varying = matches!(vm.heap.kind(old_body.instance_kind).layout, Layout::BigInt | Layout::Bytes | Layout::Tuple);
    let own_dicts = varying && !vm.profile.variable_size_class_assignment && old != value && old_body.has_dict;
    if !same_layout
        || own_dicts
        || !same_slots
        || old_body.has_dict != new_body.has_dict
        || old_body.has_weakref != new_body.has_weakref
    {
        let text = format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            vm.type_name(value),
            vm.type_name(old)
        );
        return Err(vm.type_error(text));
    }
    let old_counts = vm.heap.kind(vm.heap.kind_of(this)).counts_class;
    vm.heap.set_kind(this, new_body.instance_kind);
    if vm.heap.kind(new_body.instance_kind).counts_class {
        let counted = vm.share(value);
        let _ = counted.into_ref();
    }
    if old_counts {
        vm.release_ref(old);
    }
    Ok(())
}

impl Vm {
    /// Attribute names must be strings.
    ///
    /// # Errors
    /// TypeError if it is none.
    pub fn expect_name(&mut self, name: Ref) -> Res<()> {
        if self.heap.layout(name) == Layout::Str {
            return Ok(());
        }
        let text = format!("attribute name must be string, not '{}'", self.class_name(name));
        Err(self.type_error(text))
    }

    /// `module.Class` as `repr` shows it: without the module for builtins.
    pub fn qualified_class_name(&self, object: Ref) -> String {
        self.qualified_type_name(self.heap.class_of(object))
    }

    /// The same for a class.
    pub fn qualified_type_name(&self, class: Ref) -> String {
        let Some(body) = self.heap.get::<TypeBody>(class) else { return "?".to_string() };
        let name = self.show(body.qualname);
        match self.dict_get_text(body.dict, self.names.module) {
            Some(module) if self.heap.layout(module) == Layout::Str => match self.show(module).as_str() {
                "builtins" => name,
                module => format!("{module}.{name}"),
            },
            // A module that is no string leaves the bare name.
            Some(_) if body.heap => self.show(body.name),
            _ => match self.built_in_module(class) {
                "builtins" => name,
                module => format!("{module}.{name}"),
            },
        }
    }

    /// `__module__` of a built-in class, also of one whose instances have an attribute of that name.
    pub fn built_in_module(&self, class: Ref) -> &'static str {
        let kind = self.heap.get::<TypeBody>(class).filter(|body| !body.heap).map(|body| body.instance_kind);
        let spec = kind.and_then(|kind| crate::vm::TYPES.get((kind.0 as usize).wrapping_sub(1)));
        spec.map_or("builtins", |spec| self.profile.type_name(spec.name, spec.module).1)
    }

    /// The names of all slots of a class's instances, bases first.
    pub fn all_slot_names(&self, class: Ref) -> Vec<String> {
        let Some(body) = self.heap.get::<TypeBody>(class) else { return Vec::new() };
        let mut names = if body.base.is_null() { Vec::new() } else { self.all_slot_names(body.base) };
        names.extend(body.slots.iter().map(|&name| self.show(name)));
        names
    }

    /// `dir(object)` by the default rules: own dict, class, bases.
    ///
    /// # Errors
    /// Whatever `__dict__` raises.
    pub fn object_dir(&mut self, object: Ref) -> Res<Owned> {
        let mut names: Vec<Owned> = Vec::new();
        let add = |vm: &mut Vm, names: &mut Vec<Owned>, dict: Ref| {
            for (key, _) in vm.dict_items(dict) {
                if vm.heap.layout(key) == Layout::Str
                    && !names.iter().any(|known| vm.heap.text(known.get()) == vm.heap.text(key))
                {
                    names.push(vm.share(key));
                }
            }
        };
        if self.heap.layout(object) != Layout::Type {
            if let Some(dict) = self.instance_dict(object) {
                add(self, &mut names, dict);
            }
            if self.heap.layout(object) == Layout::Module {
                return Ok(self.new_list(names));
            }
        }
        let class = if self.heap.layout(object) == Layout::Type { object } else { self.heap.class_of(object) };
        let mro = self.heap.get::<TypeBody>(class).map_or(Ref::NULL, |body| body.mro);
        for base in self.tuple_items(mro).to_vec() {
            let dict = self.heap.get::<TypeBody>(base).map_or(Ref::NULL, |body| body.dict);
            add(self, &mut names, dict);
        }
        Ok(self.new_list(names))
    }
}
