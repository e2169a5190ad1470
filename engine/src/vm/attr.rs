//! Attributes: lookup along the method resolution order, descriptors, instance dicts.

use super::{Res, Ty, Vm};
use crate::heap::{
    DictBody, ExceptionBody, FunctionBody, GetSetBody, InstanceBody, Layout, MemberBody, MethodBody, ModuleBody,
    NativeBody, Owned, PropertyBody, RecordBody, Ref, SuperBody, TupleBody, TypeBody, WrapperBody,
};

/// What a class attribute does when it is found through an instance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Binding {
    /// It comes back as it is.
    Plain,
    /// It binds, but an instance attribute of that name comes first.
    NonData,
    /// It comes before any instance attribute.
    Data,
}

impl Vm {
    /// The attribute of a class along its method resolution order; borrowed.
    #[inline]
    pub fn lookup(&mut self, class: Ref, name: Ref) -> Option<Ref> {
        match self.caches.class_attr(class, name) {
            Some(found) => found.some(),
            None => self.lookup_anew(class, name),
        }
    }

    fn lookup_anew(&mut self, class: Ref, name: Ref) -> Option<Ref> {
        let found = self.lookup_uncached(class, name);
        // Only interned names are worth remembering: the caches hear of it when one dies.
        if self.heap.get::<crate::heap::StrBody>(name).is_some_and(|body| body.interned) {
            self.caches.keep_class_attr(class, name, found.unwrap_or(Ref::NULL));
        }
        found
    }

    fn lookup_uncached(&self, class: Ref, name: Ref) -> Option<Ref> {
        let mro = self.heap.get::<TypeBody>(class)?.mro;
        let classes = self.heap.get::<TupleBody>(mro)?;
        classes.items.iter().find_map(|&base| {
            let dict = self.heap.get::<TypeBody>(base)?.dict;
            self.dict_get_text(dict, name)
        })
    }

    /// Classes have changed: what was remembered of them is void.
    pub fn classes_changed(&mut self) {
        self.epoch = self.epoch.wrapping_add(1).max(1);
        self.caches.forget();
    }

    fn binding(&mut self, attr: Ref) -> Binding {
        match self.heap.layout(attr) {
            Layout::Function => Binding::NonData,
            Layout::Native => {
                if self.is_exact(attr, Ty::BuiltinFunction) || self.is_exact(attr, Ty::MethodWrapper) {
                    Binding::Plain
                } else {
                    Binding::NonData
                }
            }
            Layout::Wrapper => Binding::NonData,
            Layout::Property | Layout::Member | Layout::GetSet => Binding::Data,
            Layout::Int | Layout::Float | Layout::Str | Layout::Tuple | Layout::Unit
                if self.is_builtin_instance(attr) =>
            {
                Binding::Plain
            }
            _ => {
                let class = self.heap.class_of(attr);
                if self.lookup(class, self.names.set).is_some() || self.lookup(class, self.names.delete).is_some() {
                    Binding::Data
                } else if self.lookup(class, self.names.get).is_some() {
                    Binding::NonData
                } else {
                    Binding::Plain
                }
            }
        }
    }

    /// Whether a data descriptor has a `__get__`; without one it only decides what is written.
    fn is_read_by(&mut self, attr: Ref) -> bool {
        if matches!(self.heap.layout(attr), Layout::Property | Layout::Member | Layout::GetSet) {
            return true;
        }
        let class = self.heap.class_of(attr);
        self.lookup(class, self.names.get).is_some()
    }

    /// What a class attribute gives for an instance (`this`, or NULL for the class itself) of `class`.
    ///
    /// # Errors
    /// Whatever `__get__` raises.
    pub fn bind(&mut self, attr: Ref, this: Ref, class: Ref) -> Res<Owned> {
        match self.heap.layout(attr) {
            Layout::Function => {
                if this.is_null() {
                    return Ok(self.share(attr));
                }
                Ok(self.new_method(attr, this))
            }
            Layout::Native => self.bind_native(attr, this, class),
            Layout::Wrapper => {
                let func = self.heap.get::<WrapperBody>(attr).map_or(Ref::NULL, |body| body.func);
                let class_method = self.class(Ty::ClassMethod);
                if func.is_null() {
                    return Err(self.raise(Ty::RuntimeError, "uninitialized classmethod object"));
                }
                if !self.is_instance_of(attr, class_method) {
                    return Ok(self.share(func));
                }
                if self.profile.classmethod_chains
                    && self.binding(func) != Binding::Plain
                    && self.heap.layout(func) != Layout::Function
                {
                    return self.bind(func, class, self.heap.class_of(class));
                }
                Ok(self.new_method(func, class))
            }
            Layout::Property => {
                if this.is_null() {
                    return Ok(self.share(attr));
                }
                let get = self.heap.get::<PropertyBody>(attr).map_or(Ref::NULL, |body| body.get);
                if get.is_null() || get == self.single.none {
                    return Err(self.property_error(attr, this, "getter"));
                }
                if self.heap.layout(get) == Layout::Function {
                    self.enters_directly(self.profile.entered_directly.attributes, &[this]);
                }
                self.call(get, &[this])
            }
            Layout::Member => {
                if this.is_null() {
                    return Ok(self.share(attr));
                }
                let Some((index, name, owner)) =
                    self.heap.get::<MemberBody>(attr).map(|body| (body.index as usize, body.name, body.owner))
                else {
                    return Ok(self.share(attr));
                };
                self.check_receiver(attr, this, owner, name)?;
                match self.slots(this).get(index).and_then(|value| value.some()) {
                    Some(value) => Ok(self.share(value)),
                    None => Err(self.no_slot(this, name)),
                }
            }
            Layout::GetSet => {
                let Some((def, owner)) =
                    self.heap.get::<GetSetBody>(attr).and_then(|body| body.def.map(|def| (def, body.owner)))
                else {
                    return Ok(self.share(attr));
                };
                if this.is_null() {
                    return Ok(self.share(attr));
                }
                if !self.is_instance_of(this, owner) {
                    let text = format!(
                        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
                        def.name,
                        self.type_name(owner),
                        self.class_name(this)
                    );
                    return Err(self.type_error(text));
                }
                (def.get)(self, this)
            }
            _ => {
                let attr_class = self.heap.class_of(attr);
                match self.lookup(attr_class, self.names.get) {
                    Some(get) => {
                        let this = this.some().unwrap_or(self.single.none);
                        self.call_special(get, attr, &[this, class])
                    }
                    None => Ok(self.share(attr)),
                }
            }
        }
    }

    fn bind_native(&mut self, attr: Ref, this: Ref, class: Ref) -> Res<Owned> {
        let Some((def, data)) = self.heap.get::<NativeBody>(attr).map(|body| (body.def, body.data)) else {
            return Ok(self.share(attr));
        };
        let kind = self.heap.kind_of(attr);
        if kind == Ty::BuiltinFunction.kind() || kind == Ty::MethodWrapper.kind() {
            return Ok(self.share(attr));
        }
        if kind == Ty::ClassMethodDescriptor.kind() {
            let this = self.share(class).into_ref();
            return Ok(self.heap.alloc(Ty::BuiltinFunction.kind(), NativeBody { def, this, owner: Ref::NULL, data }));
        }
        if this.is_null() {
            return Ok(self.share(attr));
        }
        let ty = if kind == Ty::SlotWrapper.kind() { Ty::MethodWrapper } else { Ty::BuiltinFunction };
        let this = self.share(this).into_ref();
        Ok(self.heap.alloc(ty.kind(), NativeBody { def, this, owner: Ref::NULL, data }))
    }

    /// A bound method.
    pub fn new_method(&mut self, func: Ref, this: Ref) -> Owned {
        let body = MethodBody { func: self.share(func).into_ref(), this: self.share(this).into_ref() };
        self.heap.alloc(Ty::Method.kind(), body)
    }

    fn check_receiver(&mut self, attr: Ref, this: Ref, owner: Ref, name: Ref) -> Res<()> {
        let _ = attr;
        if self.is_instance_of(this, owner) {
            return Ok(());
        }
        let text = format!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            self.show(name),
            self.type_name(owner),
            self.class_name(this)
        );
        Err(self.type_error(text))
    }

    /// The values of an instance's slots.
    pub fn slots(&self, this: Ref) -> &[Ref] {
        match self.heap.get::<InstanceBody>(this) {
            Some(body) => &body.slots,
            None => self.heap.extra(this).map_or(&[], |extra| &extra.slots),
        }
    }

    /// The value of the slot that the class names so; borrowed.
    pub fn slot_value(&mut self, this: Ref, name: Ref) -> Option<Ref> {
        let class = self.heap.class_of(this);
        let member = self.lookup(class, name)?;
        let index = self.heap.get::<MemberBody>(member)?.index;
        self.slots(this).get(index as usize)?.some()
    }

    /// Puts a value into a slot; gives back what was there.
    pub fn set_slot(&mut self, this: Ref, index: usize, value: Ref) -> Ref {
        let slots = match self.heap.layout(this) {
            Layout::Instance => match self.heap.get_mut::<InstanceBody>(this) {
                Some(body) => &mut body.slots,
                None => return value,
            },
            _ => &mut self.heap.extra_mut(this).slots,
        };
        if slots.len() <= index {
            slots.resize(index + 1, Ref::NULL);
        }
        std::mem::replace(&mut slots[index], value)
    }

    // ---- reading ----------------------------------------------------------------------------------------------

    /// `object.name`
    ///
    /// # Errors
    /// AttributeError; whatever descriptors and `__getattr__` raise.
    pub fn get_attr(&mut self, object: Ref, name: Ref) -> Res<Owned> {
        let kind = self.heap.kind_of(object);
        if self.is_builtin_instance(object) {
            return self.get_attr_native(object, name);
        }
        if let Some(value) = self.own_attr_known(object, name) {
            return Ok(self.share(value));
        }
        let traits = self.traits(kind);
        let result = if traits.getattribute.is_null() {
            let class = self.heap.class_of(object);
            let data = match self.lookup(class, name) {
                Some(attr) => self.binding(attr) == Binding::Data,
                None => false,
            };
            if !data {
                self.learn_own_attr(object, name);
            }
            self.get_attr_native(object, name)
        } else {
            if self.heap.layout(traits.getattribute) == Layout::Function {
                self.enters_directly(self.profile.entered_directly.attributes, &[object]);
            }
            self.call_special(traits.getattribute, object, &[name])
        };
        match result {
            Err(stop) if !traits.getattr.is_null() && self.is_raised(stop, Ty::AttributeError) => {
                let exception = self.take_raised();
                self.release(exception);
                if self.profile.getattr_bound {
                    let class = self.heap.class_of(object);
                    let bound = self.bind(traits.getattr, object, class)?;
                    let result = self.call(bound.get(), &[name]);
                    self.release(bound);
                    return result;
                }
                self.call_special(traits.getattr, object, &[name])
            }
            other => other,
        }
    }

    /// `object.name` for a name given as text.
    ///
    /// # Errors
    /// As [`Vm::get_attr`].
    pub fn get_attr_str(&mut self, object: Ref, name: &str) -> Res<Owned> {
        let name = self.intern_str(name);
        let result = self.get_attr(object, name.get());
        self.release(name);
        result
    }

    /// `object.name`, or `None` when there is no such attribute.
    ///
    /// # Errors
    /// Any exception but AttributeError.
    pub fn find_attr(&mut self, object: Ref, name: Ref) -> Res<Option<Owned>> {
        match self.get_attr(object, name) {
            Ok(value) => Ok(Some(value)),
            Err(stop) => {
                self.catch(stop, Ty::AttributeError)?;
                Ok(None)
            }
        }
    }

    /// The attribute by the built-in `__getattribute__` of the object's layout.
    ///
    /// # Errors
    /// AttributeError; whatever descriptors raise.
    pub fn get_attr_native(&mut self, object: Ref, name: Ref) -> Res<Owned> {
        match self.heap.layout(object) {
            Layout::Type => self.get_class_attr(object, name),
            Layout::Super => self.get_super_attr(object, name),
            Layout::Method => self.get_method_attr(object, name),
            Layout::Module => self.get_module_attr(object, name),
            Layout::Alias => self.get_alias_attr(object, name),
            Layout::WeakRef if !self.is_exact(object, Ty::WeakRef) && self.is_proxy(object) => {
                let target = self.proxy_target(object)?;
                let result = self.get_attr(target.get(), name);
                self.release(target);
                result
            }
            _ => self.get_generic_attr(object, name),
        }
    }

    /// `object.__getattribute__`
    ///
    /// # Errors
    /// AttributeError; whatever descriptors raise.
    pub fn get_generic_attr(&mut self, object: Ref, name: Ref) -> Res<Owned> {
        match self.find_generic_attr(object, name)? {
            Some(value) => Ok(value),
            None => Err(self.no_attribute(object, name)),
        }
    }

    fn find_generic_attr(&mut self, object: Ref, name: Ref) -> Res<Option<Owned>> {
        let class = self.heap.class_of(object);
        let attr = self.lookup(class, name);
        let binding = attr.map(|attr| (attr, self.binding(attr)));
        let own_first = !self.profile.data_descriptors_first && self.own_attr(object, name).is_some();
        if let Some((attr, Binding::Data)) = binding
            && self.is_read_by(attr)
            && !own_first
        {
            let attr = self.share(attr);
            let result = self.bind(attr.get(), object, class);
            self.release(attr);
            return result.map(Some);
        }
        if let Some(value) = self.own_attr(object, name) {
            return Ok(Some(self.share(value)));
        }
        match binding {
            Some((attr, Binding::NonData)) => {
                let attr = self.share(attr);
                let result = self.bind(attr.get(), object, class);
                self.release(attr);
                result.map(Some)
            }
            Some((attr, _)) => Ok(Some(self.share(attr))),
            None => Ok(None),
        }
    }

    /// The value in the object's own dict; borrowed.
    pub fn own_attr(&self, object: Ref, name: Ref) -> Option<Ref> {
        if let Some(body) = self.heap.get::<InstanceBody>(object) {
            if !body.dict.is_null() {
                return self.dict_get_text(body.dict, name);
            }
            return match self.heap.shapes.find(body.shape, name) {
                Some(at) => body.values.get(at).and_then(|value| value.some()),
                None => {
                    // A name that is equal but not the interned object.
                    let text = self.heap.text(name)?;
                    let interned = self.heap.find_interned(text).filter(|&r| r != name)?;
                    let at = self.heap.shapes.find(body.shape, interned)?;
                    body.values.get(at).and_then(|value| value.some())
                }
            };
        }
        let dict = self.own_dict(object);
        if dict.is_null() { None } else { self.dict_get_text(dict, name) }
    }

    /// The dict of an object that is no plain instance, or NULL.
    pub fn own_dict(&self, object: Ref) -> Ref {
        match self.heap.layout(object) {
            Layout::Instance => self.heap.get::<InstanceBody>(object).map_or(Ref::NULL, |body| body.dict),
            Layout::Function => self.heap.get::<FunctionBody>(object).map_or(Ref::NULL, |body| body.dict),
            Layout::Module => self.heap.get::<ModuleBody>(object).map_or(Ref::NULL, |body| body.dict),
            Layout::Exception => self.heap.get::<ExceptionBody>(object).map_or(Ref::NULL, |body| body.dict),
            Layout::Wrapper => self.heap.get::<WrapperBody>(object).map_or(Ref::NULL, |body| body.dict),
            Layout::Record => self.heap.get::<RecordBody>(object).map_or(Ref::NULL, |body| body.dict),
            Layout::Type => self.heap.get::<TypeBody>(object).map_or(Ref::NULL, |body| body.dict),
            _ => self.heap.extra(object).map_or(Ref::NULL, |extra| extra.dict),
        }
    }

    fn own_dict_place(&mut self, object: Ref) -> Option<&mut Ref> {
        match self.heap.layout(object) {
            Layout::Instance => self.heap.get_mut::<InstanceBody>(object).map(|body| &mut body.dict),
            Layout::Function => self.heap.get_mut::<FunctionBody>(object).map(|body| &mut body.dict),
            Layout::Module => self.heap.get_mut::<ModuleBody>(object).map(|body| &mut body.dict),
            Layout::Exception => self.heap.get_mut::<ExceptionBody>(object).map(|body| &mut body.dict),
            Layout::Wrapper => self.heap.get_mut::<WrapperBody>(object).map(|body| &mut body.dict),
            Layout::Record => self.heap.get_mut::<RecordBody>(object).map(|body| &mut body.dict),
            Layout::Type => self.heap.get_mut::<TypeBody>(object).map(|body| &mut body.dict),
            _ => Some(&mut self.heap.extra_mut(object).dict),
        }
    }

    /// Whether instances of the object's class have a dict.
    pub fn can_have_dict(&self, object: Ref) -> bool {
        let class = self.heap.class_of(object);
        self.heap.get::<TypeBody>(class).is_some_and(|body| body.has_dict)
    }

    /// `object.__dict__`, made if it is not there; borrowed. `None` for objects without one.
    pub fn instance_dict(&mut self, object: Ref) -> Option<Ref> {
        if !self.can_have_dict(object) {
            return None;
        }
        let known = self.own_dict(object);
        if !known.is_null() {
            return Some(known);
        }
        let dict = self.new_dict();
        let (shape, values) = match self.heap.get_mut::<InstanceBody>(object) {
            Some(body) => (std::mem::take(&mut body.shape), std::mem::take(&mut body.values)),
            None => (0, Vec::new()),
        };
        let kind = self.heap.kind_of(object);
        let own = self.heap.get::<InstanceBody>(object).map(|body| body.room);
        let class = self.heap.get::<TypeBody>(self.heap.class_of(object));
        let room = own.or(class.map(|class| class.shared_keys.room())).unwrap_or(0);
        if let Some(body) = self.heap.get_mut::<DictBody>(dict.get()) {
            body.of_instance = kind;
            body.shared_room = room;
        }
        let names = self.heap.shapes.names(shape).to_vec();
        for (name, value) in names.into_iter().zip(values) {
            if value.is_null() {
                continue;
            }
            let name = self.share(name);
            self.dict_insert_new(dict.get(), name, Owned::adopt(value));
        }
        let made = dict.into_ref();
        match self.own_dict_place(object) {
            Some(place) => *place = made,
            None => {
                self.release_ref(made);
                return None;
            }
        }
        Some(made)
    }

    /// `object.__dict__ = dict`
    pub fn replace_dict(&mut self, object: Ref, dict: Owned) {
        // The values that are still in the object go into its old dict, which dies with them.
        let _ = self.instance_dict(object);
        let new = dict.into_ref();
        let old = match self.own_dict_place(object) {
            Some(place) => std::mem::replace(place, new),
            None => new,
        };
        self.release_maybe(old);
    }

    /// The attribute of a class as seen on the class itself: metaclass, then the class's own order.
    fn get_class_attr(&mut self, class: Ref, name: Ref) -> Res<Owned> {
        let meta = self.heap.class_of(class);
        let meta_attr = self.lookup(meta, name);
        let binding = meta_attr.map(|attr| (attr, self.binding(attr)));
        if let Some((attr, Binding::Data)) = binding {
            return self.bind(attr, class, meta);
        }
        if let Some(attr) = self.lookup(class, name) {
            let attr = self.share(attr);
            let result = self.bind(attr.get(), Ref::NULL, class);
            self.release(attr);
            return result;
        }
        match binding {
            Some((attr, _)) => self.bind(attr, class, meta),
            None => Err(self.no_attribute(class, name)),
        }
    }

    fn get_module_attr(&mut self, module: Ref, name: Ref) -> Res<Owned> {
        if let Some(value) = self.find_generic_attr(module, name)? {
            let dict = self.own_dict(module);
            return self.resolved(value, dict, name);
        }
        let dict = self.own_dict(module);
        if self.profile.module_getattr_asked
            && let Some(getattr) = self.dict_get_text(dict, self.names.getattr)
        {
            return self.call(getattr, &[name]);
        }
        let module_name = self.dict_get_text(dict, self.names.name).map_or_else(|| "?".to_string(), |r| self.show(r));
        let text = format!("module '{module_name}' has no attribute '{}'", self.show(name));
        Err(self.attribute_error(text, module, name))
    }

    fn get_super_attr(&mut self, object: Ref, name: Ref) -> Res<Owned> {
        let Some((class, this, this_class)) =
            self.heap.get::<SuperBody>(object).map(|body| (body.class, body.this, body.this_class))
        else {
            return self.get_generic_attr(object, name);
        };
        if this.is_null() || name == self.names.class {
            return self.get_generic_attr(object, name);
        }
        match self.super_lookup(class, this, this_class, name)? {
            Some(value) => Ok(value),
            None => {
                let Some(value) = self.find_generic_attr(object, name)? else {
                    let text = format!("'super' object has no attribute '{}'", self.show(name));
                    return Err(self.attribute_error(text, object, name));
                };
                Ok(value)
            }
        }
    }

    /// The attribute that follows `class` in the order of `this_class`.
    ///
    /// # Errors
    /// Whatever descriptors raise.
    pub fn super_lookup(&mut self, class: Ref, this: Ref, this_class: Ref, name: Ref) -> Res<Option<Owned>> {
        let mro = self.heap.get::<TypeBody>(this_class).map_or(Ref::NULL, |body| body.mro);
        let order = if mro.is_null() { Vec::new() } else { self.tuple_items(mro).to_vec() };
        let after = order.iter().position(|&c| c == class).map_or(order.len(), |at| at + 1);
        for &base in &order[after..] {
            let dict = self.heap.get::<TypeBody>(base).map_or(Ref::NULL, |body| body.dict);
            if dict.is_null() {
                continue;
            }
            if let Some(attr) = self.dict_get_text(dict, name) {
                // For `super()` in a class method the receiver is the class itself.
                let receiver = if this == this_class { Ref::NULL } else { this };
                let attr = self.share(attr);
                let result = self.bind(attr.get(), receiver, this_class);
                self.release(attr);
                return result.map(Some);
            }
        }
        Ok(None)
    }

    // ---- writing ----------------------------------------------------------------------------------------------

    /// `object.name = value`, or `del object.name` when `value` is NULL.
    ///
    /// # Errors
    /// AttributeError; whatever `__setattr__` and descriptors raise.
    pub fn set_attr(&mut self, object: Ref, name: Ref, value: Ref) -> Res<()> {
        if !self.is_builtin_instance(object) {
            let traits = self.traits(self.heap.kind_of(object));
            let (custom, args): (Ref, &[Ref]) =
                if value.is_null() { (traits.delattr, &[name]) } else { (traits.setattr, &[name, value]) };
            if !custom.is_null() {
                let result = self.call_special(custom, object, args)?;
                self.release(result);
                return Ok(());
            }
        }
        self.set_attr_native(object, name, value)
    }

    /// The same for a value that is not NULL; how it goes is remembered if no class had a say in it.
    pub(super) fn set_attr_learning(&mut self, object: Ref, name: Ref, value: Ref, before: Option<u32>) -> Res<()> {
        let plain = before.is_some() && !self.is_builtin_instance(object) && {
            let kind = self.heap.kind_of(object);
            let class = self.heap.class_of(object);
            self.traits(kind).setattr.is_null()
                && match self.lookup(class, name) {
                    Some(attr) => self.binding(attr) != Binding::Data,
                    None => true,
                }
        };
        // What dies in the course of it may change the class.
        let stamp = self.caches.stamp();
        let result = self.set_attr(object, name, value);
        if plain && result.is_ok() && self.caches.stamp() == stamp {
            self.learn_store(object, name, before);
        }
        result
    }

    /// The same by the built-in `__setattr__` of the object's layout.
    ///
    /// # Errors
    /// AttributeError; whatever descriptors raise.
    pub fn set_attr_native(&mut self, object: Ref, name: Ref, value: Ref) -> Res<()> {
        match self.heap.layout(object) {
            Layout::Type => self.set_class_attr(object, name, value),
            Layout::WeakRef if self.is_proxy(object) => {
                let target = self.proxy_target(object)?;
                let result = self.set_attr(target.get(), name, value);
                self.release(target);
                result
            }
            _ => self.set_generic_attr(object, name, value),
        }
    }

    /// `object.__setattr__`
    ///
    /// # Errors
    /// AttributeError; whatever descriptors raise.
    pub fn set_generic_attr(&mut self, object: Ref, name: Ref, value: Ref) -> Res<()> {
        let class = self.heap.class_of(object);
        let attr = self.lookup(class, name);
        if let Some(attr) = attr
            && self.set_by_descriptor(attr, object, name, value)?
        {
            return Ok(());
        }
        if !self.can_have_dict(object) {
            return Err(match attr {
                Some(_) => {
                    let text =
                        format!("'{}' object attribute '{}' is read-only", self.type_name(class), self.show(name));
                    self.attribute_error(text, object, name)
                }
                None => self.no_attribute_to_set(object, name),
            });
        }
        if value.is_null() {
            if !self.delete_own_attr(object, name)? {
                return Err(self.nothing_to_delete(object, name));
            }
            return Ok(());
        }
        let value = self.share(value);
        self.store_own_attr(object, name, value)
    }

    /// Writes through a data descriptor; false if the class attribute is none.
    pub fn set_by_descriptor(&mut self, attr: Ref, object: Ref, name: Ref, value: Ref) -> Res<bool> {
        match self.heap.layout(attr) {
            Layout::Property => {
                let Some((set, del)) = self.heap.get::<PropertyBody>(attr).map(|body| (body.set, body.del)) else {
                    return Ok(false);
                };
                let (func, what) = if value.is_null() { (del, "deleter") } else { (set, "setter") };
                if func.is_null() || func == self.single.none {
                    return Err(self.property_error(attr, object, what));
                }
                let result =
                    if value.is_null() { self.call(func, &[object])? } else { self.call(func, &[object, value])? };
                self.release(result);
                Ok(true)
            }
            Layout::Member => {
                let Some((index, owner)) =
                    self.heap.get::<MemberBody>(attr).map(|body| (body.index as usize, body.owner))
                else {
                    return Ok(false);
                };
                self.check_receiver(attr, object, owner, name)?;
                if value.is_null() && self.slots(object).get(index).is_none_or(|value| value.is_null()) {
                    let text = self.show(name);
                    return Err(self.raise(Ty::AttributeError, text));
                }
                let new = if value.is_null() { value } else { self.share(value).into_ref() };
                let old = self.set_slot(object, index, new);
                self.release_maybe(old);
                Ok(true)
            }
            Layout::GetSet => {
                let Some(def) = self.heap.get::<GetSetBody>(attr).and_then(|body| body.def) else {
                    return Ok(false);
                };
                match def.set {
                    Some(set) => set(self, object, value)?,
                    None => {
                        let text = format!(
                            "attribute '{}' of '{}' objects is not writable",
                            def.name,
                            self.class_name(object)
                        );
                        return Err(self.attribute_error(text, object, name));
                    }
                }
                Ok(true)
            }
            Layout::Function | Layout::Native | Layout::Wrapper => Ok(false),
            _ => {
                let attr_class = self.heap.class_of(attr);
                let (method, args): (Option<Ref>, &[Ref]) = if value.is_null() {
                    (self.lookup(attr_class, self.names.delete), &[object])
                } else {
                    (self.lookup(attr_class, self.names.set), &[object, value])
                };
                if let Some(method) = method {
                    let result = self.call_special(method, attr, args)?;
                    self.release(result);
                    return Ok(true);
                }
                let other = if value.is_null() { self.names.set } else { self.names.delete };
                if self.lookup(attr_class, other).is_some() {
                    let text = if value.is_null() { "__delete__" } else { "__set__" };
                    return Err(self.raise(Ty::AttributeError, text));
                }
                Ok(false)
            }
        }
    }

    /// Puts a value into the object's own dict.
    pub fn store_own_attr(&mut self, object: Ref, name: Ref, value: Owned) -> Res<()> {
        let name = self.intern_object(name);
        if let Some(body) = self.heap.get::<InstanceBody>(object)
            && body.dict.is_null()
            && !self.profile.instance_dict_object
        {
            let shape = body.shape;
            if let Some(at) = self.heap.shapes.find(shape, name.get()) {
                self.release(name);
                let new = value.into_ref();
                let old = match self.heap.get_mut::<InstanceBody>(object) {
                    Some(body) => std::mem::replace(&mut body.values[at], new),
                    None => new,
                };
                self.release_maybe(old);
                return Ok(());
            }
            let shared = self.takes_shared_key(self.heap.class_of(object), name.get());
            if shared && let Some((next, made)) = self.heap.shapes.extend(shape, name.get()) {
                if made {
                    let _ = self.share(name.get()).into_ref();
                }
                self.release(name);
                let new = value.into_ref();
                if let Some(body) = self.heap.get_mut::<InstanceBody>(object) {
                    body.shape = next;
                    body.values.push(new);
                }
                return Ok(());
            }
        }
        let Some(dict) = self.instance_dict(object) else {
            self.release(value);
            let stop = self.no_attribute_to_set(object, name.get());
            self.release(name);
            return Err(stop);
        };
        let result = self.dict_set(dict, name.get(), value.get());
        self.release(name);
        self.release(value);
        result
    }

    /// Takes an entry out of the object's own dict; false if it has none of that name.
    fn delete_own_attr(&mut self, object: Ref, name: Ref) -> Res<bool> {
        if self.own_attr(object, name).is_none() {
            return Ok(false);
        }
        match self.instance_dict(object) {
            Some(dict) => self.dict_remove(dict, name),
            None => Ok(false),
        }
    }

    fn set_class_attr(&mut self, class: Ref, name: Ref, value: Ref) -> Res<()> {
        if !self.heap.get::<TypeBody>(class).is_some_and(|body| body.mutable) {
            let text = if self.profile.immutable_type_text {
                format!("cannot set '{}' attribute of immutable type '{}'", self.show(name), self.type_name(class))
            } else {
                format!("can't set attributes of built-in/extension type '{}'", self.type_name(class))
            };
            return Err(self.type_error(text));
        }
        let meta = self.heap.class_of(class);
        if let Some(attr) = self.lookup(meta, name)
            && self.set_by_descriptor(attr, class, name, value)?
        {
            return Ok(());
        }
        let dict = self.own_dict(class);
        if value.is_null() {
            if self.dict_get_text(dict, name).is_none() {
                return Err(self.nothing_to_delete(class, name));
            }
            self.classes_changed();
            let removed = self.dict_remove(dict, name);
            self.classes_changed();
            return removed.map(|_| ());
        }
        let name = self.intern_object(name);
        self.classes_changed();
        let result = self.dict_set(dict, name.get(), value);
        self.classes_changed();
        self.release(name);
        result
    }

    // ---- errors -----------------------------------------------------------------------------------------------

    /// AttributeError with its `name` and `obj`.
    #[cold]
    pub fn attribute_error(&mut self, text: String, object: Ref, name: Ref) -> super::Stop {
        let message = self.new_str(&text);
        let exception = self.new_exception(Ty::AttributeError, vec![message]);
        let parts = [("name", self.share(name).into_ref()), ("obj", self.share(object).into_ref())];
        if self.profile.attribute_error_parts
            && let Some(body) = self.heap.get_mut::<ExceptionBody>(exception.get())
        {
            body.parts.extend(parts);
        } else {
            self.release_all(parts.map(|(_, part)| part));
        }
        self.raise_object(exception)
    }

    /// "object has no attribute"
    #[cold]
    pub fn no_attribute(&mut self, object: Ref, name: Ref) -> super::Stop {
        let text = if self.heap.layout(object) == Layout::Type {
            format!("type object '{}' has no attribute '{}'", self.type_name(object), self.show(name))
        } else {
            format!("'{}' object has no attribute '{}'", self.class_name(object), self.show(name))
        };
        self.attribute_error(text, object, name)
    }

    #[cold]
    fn nothing_to_delete(&mut self, object: Ref, name: Ref) -> super::Stop {
        if self.profile.deletion_error_names_object {
            return self.no_attribute(object, name);
        }
        let text = self.show(name);
        self.raise(Ty::AttributeError, text)
    }

    #[cold]
    fn no_attribute_to_set(&mut self, object: Ref, name: Ref) -> super::Stop {
        let mut text = format!("'{}' object has no attribute '{}'", self.class_name(object), self.show(name));
        if self.profile.no_dict_for_setting {
            text.push_str(" and no __dict__ for setting new attributes");
        }
        self.attribute_error(text, object, name)
    }

    #[cold]
    fn no_slot(&mut self, object: Ref, name: Ref) -> super::Stop {
        if !self.profile.slot_error_names_class {
            let text = self.show(name);
            return self.raise(Ty::AttributeError, text);
        }
        self.no_attribute(object, name)
    }

    #[cold]
    fn property_error(&mut self, property: Ref, object: Ref, what: &str) -> super::Stop {
        let name = self.heap.get::<PropertyBody>(property).and_then(|body| body.name.some());
        let name = match name {
            Some(name) => Some(name),
            None if self.profile.property_named_by_getter => self.property_name(property),
            None => None,
        };
        let text = self.profile.property_error.text(what, name.map(|n| self.show(n)), &self.class_name(object));
        self.raise(Ty::AttributeError, text)
    }

    fn property_name(&self, property: Ref) -> Option<Ref> {
        let get = self.heap.get::<PropertyBody>(property)?.get.some()?;
        self.heap.get::<FunctionBody>(get).and_then(|body| body.name.some())
    }
}
