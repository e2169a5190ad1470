//! `type`: classes as objects.

use crate::heap::{Layout, Owned, ProxyBody, Ref, TypeBody};
use crate::native::{Args, GetSetDef, NativeDef, getset, getter, member, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods.
pub static METHODS: &[NativeDef] = &[
    new(type_new),
    slot("__init__", 0, type_init).any(),
    slot("__call__", 0, type_call).any(),
    slot("__repr__", 0, repr),
    slot("__getattribute__", 1, getattribute),
    slot("__setattr__", 2, setattr),
    slot("__delattr__", 1, delattr),
    slot("__or__", 1, union),
    slot("__ror__", 1, union_reflected),
    method("mro", 0, 0, mro),
    method("__subclasses__", 0, 0, subclasses),
    method("__prepare__", 0, 0, prepare).any().class_method(),
    method("__instancecheck__", 1, 1, instancecheck),
    method("__subclasscheck__", 1, 1, subclasscheck),
    method("__dir__", 0, 0, dir),
    method("__sizeof__", 0, 0, sizeof),
];

/// The computed attributes.
pub static GETSETS: &[GetSetDef] = &[
    getset("__name__", name, set_name),
    getset("__qualname__", qualname, set_qualname),
    getset("__module__", module, set_module),
    getset("__bases__", bases, set_bases),
    member("__base__", base),
    getter("__mro__", mro_tuple),
    getter("__dict__", dict),
    getset("__doc__", doc, set_doc),
    member("__basicsize__", basicsize),
    member("__itemsize__", itemsize),
    getter("__flags__", flags),
    getset("__abstractmethods__", abstractmethods, set_abstractmethods),
    getset("__annotations__", annotations, set_annotations),
    getter("__text_signature__", none),
    getset("__type_params__", type_params, set_type_params),
];

/// `x.__dict__` for instances of Python classes.
pub static INSTANCE_DICT: GetSetDef = getset("__dict__", instance_dict, set_instance_dict);
/// `x.__weakref__` for instances of Python classes.
pub static INSTANCE_WEAKREF: GetSetDef = getter("__weakref__", instance_weakref);

fn type_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let meta = args.get(vm, 0);
    let positional = args.positional(vm);
    if vm.heap.layout(meta) != Layout::Type {
        return Err(vm.type_error("type.__new__(X): X is not a type object"));
    }
    if positional == 2 && meta == vm.class(Ty::Type) && args.len() == 2 {
        let class = vm.heap.class_of(args.get(vm, 1));
        return Ok(vm.share(class));
    }
    if positional != 4 {
        let text = if meta == vm.class(Ty::Type) {
            "type() takes 1 or 3 arguments".to_string()
        } else {
            format!("type.__new__() takes exactly 3 arguments ({} given)", positional.saturating_sub(1))
        };
        return Err(vm.type_error(text));
    }
    let (name, bases, namespace) = (args.get(vm, 1), args.get(vm, 2), args.get(vm, 3));
    let wrong = if vm.heap.layout(name) != Layout::Str {
        Some((1, "str", name))
    } else if vm.heap.layout(bases) != Layout::Tuple {
        Some((2, "tuple", bases))
    } else if vm.heap.layout(namespace) != Layout::Dict {
        Some((3, if vm.profile.frozen_dicts { "dict or frozendict" } else { "dict" }, namespace))
    } else {
        None
    };
    if let Some((at, wanted, given)) = wrong {
        let text = format!("type.__new__() argument {at} must be {wanted}, not {}", vm.class_name(given));
        return Err(vm.type_error(text));
    }
    check_name(vm, name)?;
    let bases = vm.tuple_items(bases).to_vec();
    for &base in &bases {
        if vm.heap.layout(base) != Layout::Type
            && vm.find_attr(base, vm.names.mro_entries)?.map(|found| vm.release(found)).is_some()
        {
            return Err(vm.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    let keywords = args.keyword_pairs(vm);
    let winner = {
        let mut winner = meta;
        for &base in &bases {
            let candidate = vm.heap.class_of(base);
            if vm.is_subclass(candidate, winner) {
                winner = candidate;
            }
        }
        winner
    };
    if winner != meta {
        let new_name = vm.names.new;
        if let Some(other) = vm.lookup(winner, new_name)
            && vm.heap.layout(other) != Layout::Native
        {
            let other = vm.bind(other, Ref::NULL, winner)?;
            let mut values = vec![winner, name, args.get(vm, 2), namespace];
            values.extend(keywords.iter().map(|&(_, value)| value));
            let result = if keywords.is_empty() {
                vm.call(other.get(), &values)
            } else {
                vm.call_keywords(other.get(), Ref::NULL, &values, args.keywords)
            };
            vm.release(other);
            return result;
        }
    }
    vm.type_new(winner, name, &bases, namespace, &keywords)
}

/// A class's name is kept as a C string.
fn check_name(vm: &mut Vm, name: Ref) -> Res<()> {
    if vm.heap.text(name).is_some_and(|text| text.to_string_lossy().contains('\0')) {
        return Err(vm.value_error("type name must not contain null characters"));
    }
    Ok(())
}

fn type_init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let positional = args.positional(vm);
    if positional != 2 && positional != 4 {
        return Err(vm.type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(vm.none())
}

fn type_call(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    let rest = args.rest(vm, 1);
    let pairs = args.keyword_pairs(vm);
    let at = vm.stack.len();
    vm.heap.inc(class);
    vm.stack.push(class);
    vm.stack.push(Ref::NULL);
    for value in rest.into_iter().chain(pairs.iter().map(|pair| pair.1)) {
        vm.heap.inc(value);
        vm.stack.push(value);
    }
    match vm.instantiate(at, class, args.keywords, crate::vm::Caller::Native)? {
        crate::vm::Called::Value(value) => Ok(value),
        crate::vm::Called::Frame => vm.run(),
    }
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = format!("<class '{}'>", vm.qualified_type_name(args.get(vm, 0)));
    Ok(vm.new_str(&text))
}

fn getattribute(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, name) = (args.get(vm, 0), args.get(vm, 1));
    vm.expect_name(name)?;
    vm.get_attr_native(this, name)
}

fn setattr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, name, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    vm.expect_name(name)?;
    vm.set_attr_native(this, name, value)?;
    Ok(vm.none())
}

fn delattr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, name) = (args.get(vm, 0), args.get(vm, 1));
    vm.expect_name(name)?;
    vm.set_attr_native(this, name, Ref::NULL)?;
    Ok(vm.none())
}

fn union(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (left, right) = (args.get(vm, 0), args.get(vm, 1));
    vm.new_union(left, right)
}

fn union_reflected(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (right, left) = (args.get(vm, 0), args.get(vm, 1));
    vm.new_union(left, right)
}

fn mro(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    let bases = vm.heap.get::<TypeBody>(class).map_or(Ref::NULL, |body| body.bases);
    let bases = if bases.is_null() { Vec::new() } else { vm.tuple_items(bases).to_vec() };
    let order = vm.linearize(class, &bases)?;
    Ok(vm.list_of(&order))
}

fn subclasses(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    let list = vm.heap.get::<TypeBody>(class).map(|body| body.subclasses.clone()).unwrap_or_default();
    Ok(vm.list_of(&list))
}

fn prepare(vm: &mut Vm, _args: Args) -> Res<Owned> {
    Ok(vm.new_dict())
}

fn instancecheck(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, object) = (args.get(vm, 0), args.get(vm, 1));
    let answer = vm.is_instance_default(object, class)?;
    Ok(vm.bool(answer))
}

fn subclasscheck(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, sub) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(sub) != Layout::Type {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    let answer = vm.is_subclass(sub, class);
    Ok(vm.bool(answer))
}

fn dir(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    vm.object_dir(this)
}

fn sizeof(vm: &mut Vm, args: Args) -> Res<Owned> {
    let size = vm.basic_size(args.get(vm, 0));
    Ok(vm.new_size(size))
}

fn none(vm: &mut Vm, _class: Ref) -> Res<Owned> {
    Ok(vm.none())
}

fn body(vm: &Vm, class: Ref) -> TypeBody {
    vm.heap.get::<TypeBody>(class).cloned().unwrap_or_default()
}

fn name(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let name = body(vm, class).name;
    Ok(vm.share(name))
}

fn check_mutable(vm: &mut Vm, class: Ref, what: &str, value: Ref) -> Res<()> {
    if !body(vm, class).mutable {
        let text = if vm.profile.immutable_type_text {
            format!("cannot set '{what}' attribute of immutable type '{}'", vm.type_name(class))
        } else {
            format!("can't set {}.{what}", vm.type_name(class))
        };
        return Err(vm.type_error(text));
    }
    if value.is_null() {
        let text = vm.profile.type_deletion_error.text(&vm.type_name(class), what);
        return Err(vm.type_error(text));
    }
    Ok(())
}

fn set_name(vm: &mut Vm, class: Ref, value: Ref) -> Res<()> {
    check_mutable(vm, class, "__name__", value)?;
    if vm.heap.layout(value) != Layout::Str {
        let text =
            format!("can only assign string to {}.__name__, not '{}'", vm.type_name(class), vm.class_name(value));
        return Err(vm.type_error(text));
    }
    check_name(vm, value)?;
    vm.ask_utf8(value);
    let value = vm.share(value).into_ref();
    let old = vm.heap.get_mut::<TypeBody>(class).map(|body| std::mem::replace(&mut body.name, value));
    vm.release_all(old);
    Ok(())
}

fn qualname(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let name = body(vm, class).qualname;
    Ok(vm.share(name))
}

fn set_qualname(vm: &mut Vm, class: Ref, value: Ref) -> Res<()> {
    check_mutable(vm, class, "__qualname__", value)?;
    if vm.heap.layout(value) != Layout::Str {
        let text =
            format!("can only assign string to {}.__qualname__, not '{}'", vm.type_name(class), vm.class_name(value));
        return Err(vm.type_error(text));
    }
    let value = vm.share(value).into_ref();
    let old = vm.heap.get_mut::<TypeBody>(class).map(|body| std::mem::replace(&mut body.qualname, value));
    vm.release_all(old);
    Ok(())
}

/// An entry of the class's own namespace.
fn own(vm: &Vm, class: Ref, name: Ref) -> Option<Ref> {
    let dict = vm.heap.get::<TypeBody>(class)?.dict;
    vm.dict_get_text(dict, name)
}

fn module(vm: &mut Vm, class: Ref) -> Res<Owned> {
    match own(vm, class, vm.names.module) {
        Some(found) if body(vm, class).heap || vm.heap.layout(found) == Layout::Str => Ok(vm.share(found)),
        _ => {
            let module = vm.built_in_module(class);
            Ok(vm.intern_str(module))
        }
    }
}

fn store(vm: &mut Vm, class: Ref, name: Ref, value: Ref) -> Res<()> {
    let dict = body(vm, class).dict;
    vm.classes_changed();
    let result = if value.is_null() { vm.dict_remove(dict, name).map(|_| ()) } else { vm.dict_set(dict, name, value) };
    vm.classes_changed();
    result
}

fn set_module(vm: &mut Vm, class: Ref, value: Ref) -> Res<()> {
    check_mutable(vm, class, "__module__", value)?;
    let name = vm.names.module;
    store(vm, class, name, value)
}

fn bases(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let bases = body(vm, class).bases;
    Ok(vm.share(bases))
}

fn set_bases(vm: &mut Vm, class: Ref, value: Ref) -> Res<()> {
    check_mutable(vm, class, "__bases__", value)?;
    if vm.heap.layout(value) != Layout::Tuple {
        let text = format!("can only assign tuple to {}.__bases__, not {}", vm.type_name(class), vm.class_name(value));
        return Err(vm.type_error(text));
    }
    let new = vm.tuple_items(value).to_vec();
    if new.is_empty() {
        let text = format!("can only assign non-empty tuple to {}.__bases__, not ()", vm.type_name(class));
        return Err(vm.type_error(text));
    }
    for &base in &new {
        if vm.heap.layout(base) != Layout::Type {
            let text =
                format!("{}.__bases__ must be tuple of classes, not '{}'", vm.type_name(class), vm.class_name(base));
            return Err(vm.type_error(text));
        }
        if vm.is_subclass(base, class) {
            return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    let old = body(vm, class);
    let first = vm.best_base(&new)?;
    check_base_change(vm, old.base, first)?;
    vm.linearize(class, &new)?;
    for base in vm.tuple_items(old.bases).to_vec() {
        if let Some(body) = vm.heap.get_mut::<TypeBody>(base) {
            body.subclasses.retain(|&sub| sub != class);
        }
    }
    let value = vm.share(value).into_ref();
    let first = vm.share(first).into_ref();
    let replaced = vm
        .heap
        .get_mut::<TypeBody>(class)
        .map(|body| (std::mem::replace(&mut body.bases, value), std::mem::replace(&mut body.base, first)));
    for &base in &new {
        if let Some(body) = vm.heap.get_mut::<TypeBody>(base) {
            body.subclasses.push(class);
        }
    }
    vm.classes_changed();
    vm.set_mro(class, &new)?;
    vm.refresh_subclass_orders(class)?;
    if let Some((bases, base)) = replaced {
        vm.release_ref(bases);
        vm.release_ref(base);
    }
    vm.classes_changed();
    Ok(())
}

/// Instances must stay as they are when their class gets another base.
fn check_base_change(vm: &mut Vm, old: Ref, new: Ref) -> Res<()> {
    let (old_body, new_body) = (body(vm, old), body(vm, new));
    let what = if vm.profile.bases_keep_deallocator && old_body.heap != new_body.heap {
        "deallocator"
    } else if same_layout(vm, old, new) {
        return Ok(());
    } else {
        "object layout"
    };
    let text = format!("__bases__ assignment: '{}' {what} differs from '{}'", vm.type_name(new), vm.type_name(old));
    Err(vm.type_error(text))
}

/// Whether instances of two classes are laid out alike, but for a dict and a place for weak references.
fn same_layout(vm: &Vm, left: Ref, right: Ref) -> bool {
    let kind = |class: Ref| match vm.heap.kind(body(vm, class).instance_kind).layout {
        Layout::Unit => Layout::Instance,
        Layout::Int => Layout::BigInt,
        layout => layout,
    };
    kind(left) == kind(right) && vm.all_slot_names(left) == vm.all_slot_names(right)
}

fn base(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let base = body(vm, class).base.some().unwrap_or(vm.single.none);
    Ok(vm.share(base))
}

fn mro_tuple(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let mro = body(vm, class).mro.some().unwrap_or(vm.single.none);
    Ok(vm.share(mro))
}

fn dict(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let mapping = body(vm, class).dict;
    let mapping = vm.share(mapping).into_ref();
    Ok(vm.heap.alloc(Ty::MappingProxy.kind(), ProxyBody { mapping }))
}

fn doc(vm: &mut Vm, class: Ref) -> Res<Owned> {
    match own(vm, class, vm.names.doc) {
        Some(found) => {
            let found = vm.share(found);
            let result = vm.bind(found.get(), Ref::NULL, class);
            vm.release(found);
            result
        }
        None => Ok(vm.none()),
    }
}

fn set_doc(vm: &mut Vm, class: Ref, value: Ref) -> Res<()> {
    check_mutable(vm, class, "__doc__", value)?;
    let name = vm.names.doc;
    store(vm, class, name, value)
}

fn basicsize(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let slots = body(vm, class).slot_count;
    Ok(vm.new_int(16 + 8 * i64::from(slots)))
}

/// What each item adds to an instance whose size varies.
fn itemsize(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let size = match vm.heap.kind(body(vm, class).instance_kind).layout {
        Layout::Tuple => 8,
        Layout::Int | Layout::BigInt => 4,
        Layout::Bytes => 1,
        Layout::Type => 40,
        _ => 0,
    };
    Ok(vm.new_int(size))
}

fn flags(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let body = body(vm, class);
    let mut flags = 1 << 12;
    if body.heap {
        flags |= 1 << 9;
    }
    if body.subclassable {
        flags |= 1 << 10;
    }
    if body.abstract_methods {
        flags |= 1 << 20;
    }
    Ok(vm.new_int(flags))
}

fn abstractmethods(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let name = vm.names.abstractmethods;
    match own(vm, class, name).filter(|_| class != vm.class(Ty::Type)) {
        Some(found) => Ok(vm.share(found)),
        None => Err(vm.attribute_error("__abstractmethods__".to_string(), class, name)),
    }
}

fn set_abstractmethods(vm: &mut Vm, class: Ref, value: Ref) -> Res<()> {
    let abstract_methods = !value.is_null() && vm.truth(value)?;
    let name = vm.names.abstractmethods;
    if value.is_null() && own(vm, class, name).is_none() {
        return Err(vm.attribute_error("__abstractmethods__".to_string(), class, name));
    }
    store(vm, class, name, value)?;
    if let Some(body) = vm.heap.get_mut::<TypeBody>(class) {
        body.abstract_methods = abstract_methods;
    }
    Ok(())
}

fn annotations(vm: &mut Vm, class: Ref) -> Res<Owned> {
    let name = vm.names.annotations;
    if let Some(found) = own(vm, class, name) {
        return Ok(vm.share(found));
    }
    if !body(vm, class).heap {
        let text = format!("type object '{}' has no attribute '__annotations__'", vm.type_name(class));
        return Err(vm.attribute_error(text, class, name));
    }
    let annotate = own(vm, class, vm.names.annotate_func).or_else(|| own(vm, class, vm.names.annotate));
    let made = match annotate.filter(|&found| found != vm.single.none) {
        Some(annotate) => {
            let one = vm.new_int(1);
            let result = vm.call(annotate, &[one.get()]);
            vm.release(one);
            result?
        }
        None if !vm.profile.class_annotations_on_demand => {
            // Before 3.10 a class without annotations shows those of its base.
            let mro = body(vm, class).mro;
            for base in vm.tuple_items(mro).to_vec() {
                if let Some(found) = own(vm, base, name) {
                    return Ok(vm.share(found));
                }
            }
            let text = format!("type object '{}' has no attribute '__annotations__'", vm.type_name(class));
            return Err(vm.attribute_error(text, class, name));
        }
        None => vm.new_dict(),
    };
    store(vm, class, name, made.get())?;
    Ok(made)
}

fn type_params(vm: &mut Vm, class: Ref) -> Res<Owned> {
    match own(vm, class, vm.names.type_params) {
        Some(found) if body(vm, class).heap => Ok(vm.share(found)),
        _ => Ok(vm.tuple_of(&[])),
    }
}

fn set_type_params(vm: &mut Vm, class: Ref, value: Ref) -> Res<()> {
    check_mutable(vm, class, "__type_params__", value)?;
    let name = vm.names.type_params;
    store(vm, class, name, value)
}

fn set_annotations(vm: &mut Vm, class: Ref, value: Ref) -> Res<()> {
    let name = vm.names.annotations;
    store(vm, class, name, value)
}

fn instance_dict(vm: &mut Vm, this: Ref) -> Res<Owned> {
    match vm.instance_dict(this) {
        Some(dict) => Ok(vm.share(dict)),
        None => {
            let name = vm.names.dict;
            Err(vm.no_attribute(this, name))
        }
    }
}

fn set_instance_dict(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() {
        let fresh = vm.new_dict();
        vm.replace_dict(this, fresh);
        return Ok(());
    }
    if vm.heap.layout(value) != Layout::Dict {
        let text = format!("__dict__ must be set to a dictionary, not a '{}'", vm.class_name(value));
        return Err(vm.type_error(text));
    }
    let value = vm.share(value);
    vm.replace_dict(this, value);
    Ok(())
}

fn instance_weakref(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let first = vm.heap.weakrefs(this).first().copied().unwrap_or(vm.single.none);
    Ok(vm.share(first))
}

impl Vm {
    /// `isinstance(object, class)` by the class alone, `__class__` of the object included.
    ///
    /// # Errors
    /// TypeError when `class` is no class.
    pub fn is_instance_default(&mut self, object: Ref, class: Ref) -> Res<bool> {
        if self.is_exact(class, Ty::GenericAlias) {
            return Err(self.type_error("isinstance() argument 2 cannot be a parameterized generic"));
        }
        if self.heap.layout(class) != Layout::Type {
            return Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
        }
        if self.is_instance_of(object, class) {
            return Ok(true);
        }
        if self.is_builtin_instance(object) && !self.is_proxy(object) {
            return Ok(false);
        }
        let claimed = self.find_attr(object, self.names.class)?;
        let answer = match &claimed {
            Some(claimed) => self.heap.layout(claimed.get()) == Layout::Type && self.is_subclass(claimed.get(), class),
            None => false,
        };
        if let Some(claimed) = claimed {
            self.release(claimed);
        }
        Ok(answer)
    }

    /// `isinstance(object, class)`, hooks and tuples included.
    ///
    /// # Errors
    /// TypeError when `class` is no class; whatever `__instancecheck__` raises.
    pub fn is_instance(&mut self, object: Ref, class: Ref) -> Res<bool> {
        if self.heap.class_of(object) == class {
            return Ok(true);
        }
        if self.heap.layout(class) == Layout::Tuple {
            for item in self.tuple_items(class).to_vec() {
                if self.nested(|vm| vm.is_instance(object, item))? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if self.is_exact(class, Ty::Union) {
            let args = self.heap.get::<crate::heap::AliasBody>(class).map_or(Ref::NULL, |body| body.args);
            return self.is_instance(object, args);
        }
        let meta = self.heap.class_of(class);
        if let Some(method) = self.lookup(meta, self.names.instancecheck)
            && self.heap.layout(method) != Layout::Native
        {
            let result = self.call_special(method, class, &[object])?;
            return self.truth_owned(result);
        }
        self.is_instance_default(object, class)
    }

    /// The orders of all subclasses, anew, after a class has got other bases.
    fn refresh_subclass_orders(&mut self, class: Ref) -> Res<()> {
        let subs = self.heap.get::<TypeBody>(class).map(|body| body.subclasses.clone()).unwrap_or_default();
        for sub in subs {
            let bases = self.heap.get::<TypeBody>(sub).map_or(Ref::NULL, |body| body.bases);
            let bases = self.tuple_items(bases).to_vec();
            self.set_mro(sub, &bases)?;
            self.refresh_subclass_orders(sub)?;
        }
        Ok(())
    }
}
