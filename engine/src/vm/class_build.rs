//! Making classes: the class statement, `type.__new__`, the method resolution order, slots.
//!
//! A class holds itself through its order and through the descriptors of `__dict__` and `__weakref__`, as in CPython:
//! only the collector frees it, and its count shows these references.

use super::{Res, Ty, Vm};
use crate::heap::{
    CellBody, FunctionBody, GetSetBody, Kind, KindId, Layout, MemberBody, Owned, Ref, SharedKeys, Traits, TypeBody,
    WrapperBody,
};
use crate::native::Args;
use crate::object::type_;
use crate::rules::{Immortals, VariableSizeSlots};

impl Vm {
    /// `__build_class__(func, name, *bases, metaclass=None, **kwds)`
    ///
    /// # Errors
    /// Whatever the body, `__prepare__` or the metaclass raise.
    pub fn build_class(&mut self, args: Args) -> Res<Owned> {
        let positional = args.positional(self);
        if positional < 2 {
            return Err(self.type_error("__build_class__: not enough arguments"));
        }
        let (func, name) = (args.get(self, 0), args.get(self, 1));
        if self.heap.layout(func) != Layout::Function {
            return Err(self.type_error("__build_class__: func must be a function"));
        }
        let original = args.rest(self, 2);
        let bases = self.resolve_bases(&original)?;
        let bases = self.hold(bases);
        let mut keywords = args.keyword_pairs(self);
        let explicit = keywords.iter().position(|&(name, _)| self.heap.text(name).is_some_and(|t| t.is("metaclass")));
        let mut meta = match explicit {
            Some(at) => keywords.remove(at).1,
            None => match self.tuple_items(bases).first() {
                Some(&first) => self.heap.class_of(first),
                None => self.class(Ty::Type),
            },
        };
        if self.heap.layout(meta) == Layout::Type {
            let items = self.tuple_items(bases).to_vec();
            meta = self.winning_metaclass(meta, &items)?;
        }
        let namespace = self.prepare_namespace(meta, name, bases, &keywords)?;
        let namespace = self.hold(namespace);
        let (code, globals, closure) = match self.heap.get::<FunctionBody>(func) {
            Some(body) => (body.code, body.globals, body.closure),
            None => (Ref::NULL, Ref::NULL, Ref::NULL),
        };
        let cell = self.run_class_body(func, code, globals, namespace, closure)?;
        let cell = self.hold(cell);
        if bases_differ(&original, self.tuple_items(bases)) {
            let originals = self.tuple_of(&original);
            let result = self.set_item(namespace, self.names.orig_bases, originals.get());
            self.release(originals);
            result?;
        }
        let (names, values): (Vec<Ref>, Vec<Ref>) = keywords.into_iter().unzip();
        let names = self.tuple_of(&names);
        let names = self.hold(names);
        let mut call_args = vec![name, bases, namespace];
        call_args.extend(values);
        let class = self.call_keywords(meta, Ref::NULL, &call_args, names)?;
        if self.heap.layout(class.get()) == Layout::Type
            && let Some(body) = self.heap.get::<CellBody>(cell)
            && body.value != class.get()
        {
            let text = if body.value.is_null() {
                format!(
                    "__class__ not set defining '{0}' as {1}. Was __classcell__ propagated to type.__new__?",
                    self.show(name),
                    self.repr(class.get())?.to_string_lossy()
                )
            } else {
                format!(
                    "__class__ set to {} defining '{}' as {}",
                    self.repr(body.value)?.to_string_lossy(),
                    self.show(name),
                    self.repr(class.get())?.to_string_lossy()
                )
            };
            self.release(class);
            let kind = if self.profile.classcell_missing_is_runtime_error { Ty::RuntimeError } else { Ty::TypeError };
            return Err(self.raise(kind, text));
        }
        Ok(class)
    }

    /// Runs a class body in its namespace; its value is the `__class__` cell or None.
    fn run_class_body(&mut self, func: Ref, code: Ref, globals: Ref, namespace: Ref, closure: Ref) -> Res<Owned> {
        let _ = func;
        self.run_code_with(code, globals, namespace, closure)
    }

    /// PEP 560: bases that are no classes give theirs by `__mro_entries__`.
    fn resolve_bases(&mut self, bases: &[Ref]) -> Res<Owned> {
        let mut out: Vec<Owned> = Vec::new();
        for &base in bases {
            let entries = if self.heap.layout(base) == Layout::Type {
                None
            } else {
                match self.find_attr(base, self.names.mro_entries) {
                    Ok(found) => found,
                    Err(stop) => {
                        self.release_list(out);
                        return Err(stop);
                    }
                }
            };
            match entries {
                None => out.push(self.share(base)),
                Some(entries) => {
                    let originals = self.tuple_of(bases);
                    let result = self.call(entries.get(), &[originals.get()]);
                    self.release(entries);
                    self.release(originals);
                    let result = match result {
                        Ok(result) => result,
                        Err(stop) => {
                            self.release_list(out);
                            return Err(stop);
                        }
                    };
                    if self.heap.layout(result.get()) != Layout::Tuple {
                        self.release(result);
                        self.release_list(out);
                        return Err(self.type_error("__mro_entries__ must return a tuple"));
                    }
                    for item in self.tuple_items(result.get()).to_vec() {
                        out.push(self.share(item));
                    }
                    self.release(result);
                }
            }
        }
        Ok(self.new_tuple(out))
    }

    fn winning_metaclass(&mut self, meta: Ref, bases: &[Ref]) -> Res<Ref> {
        let mut winner = meta;
        for &base in bases {
            let candidate = self.heap.class_of(base);
            if self.is_subclass(winner, candidate) {
                continue;
            }
            if self.is_subclass(candidate, winner) {
                winner = candidate;
                continue;
            }
            return Err(self.type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
            ));
        }
        Ok(winner)
    }

    fn prepare_namespace(&mut self, meta: Ref, name: Ref, bases: Ref, keywords: &[(Ref, Ref)]) -> Res<Owned> {
        if meta == self.class(Ty::Type) {
            return Ok(self.new_dict());
        }
        let Some(prepare) = self.find_attr(meta, self.names.prepare)? else { return Ok(self.new_dict()) };
        let prepare = self.hold(prepare);
        let (names, values): (Vec<Ref>, Vec<Ref>) = keywords.iter().copied().unzip();
        let names = self.tuple_of(&names);
        let names = self.hold(names);
        let mut args = vec![name, bases];
        args.extend(values);
        let space = self.call_keywords(prepare, Ref::NULL, &args, names)?;
        let class = self.heap.class_of(space.get());
        if self.lookup(class, self.names.getitem).is_none() {
            let text = format!(
                "{}.__prepare__() must return a mapping, not {}",
                if self.heap.layout(meta) == Layout::Type { self.type_name(meta) } else { "<metaclass>".to_string() },
                self.type_name(class)
            );
            self.release(space);
            return Err(self.type_error(text));
        }
        Ok(space)
    }

    /// `type.__new__(meta, name, bases, namespace, **keywords)`
    ///
    /// # Errors
    /// TypeError for bases, slots or names that cannot be; whatever hooks raise.
    pub fn type_new(
        &mut self,
        meta: Ref,
        name: Ref,
        bases: &[Ref],
        namespace: Ref,
        keywords: &[(Ref, Ref)],
    ) -> Res<Owned> {
        let meta = self.winning_metaclass(meta, bases)?;
        let object = self.class(Ty::Object);
        let bases: Vec<Ref> = if bases.is_empty() { vec![object] } else { bases.to_vec() };
        let base = self.best_base(&bases)?;
        let dict = self.new_dict();
        let dict = self.hold(dict);
        for (key, value) in self.dict_items(namespace) {
            self.dict_set(dict, key, value)?;
        }
        let slots = self.slot_plan(base, &bases, dict)?;
        let kind = self.new_instance_kind(base);
        // The class object; from here on it is under the machine's care.
        self.ask_utf8(name);
        let name_ref = self.share(name).into_ref();
        let qualname = self.take_qualname(dict, name)?;
        let base_body = self.heap.get::<TypeBody>(base).cloned().unwrap_or_default();
        let bases_tuple = self.tuple_of(&bases).into_ref();
        let base_ref = self.share(base).into_ref();
        let dict_ref = self.share(dict).into_ref();
        let slot_names: Vec<Ref> = slots.names.iter().map(|&name| self.share(name).into_ref()).collect();
        let meta_kind = self.heap.get::<TypeBody>(meta).map_or(Ty::Type.kind(), |body| body.instance_kind);
        let first_slot = base_body.slot_count;
        let class = self.heap.alloc(
            meta_kind,
            TypeBody {
                name: name_ref,
                qualname: qualname.into_ref(),
                dict: dict_ref,
                bases: bases_tuple,
                mro: Ref::NULL,
                base: base_ref,
                instance_kind: kind,
                slots: slot_names,
                slot_count: first_slot + slots.names.len() as u32,
                has_dict: slots.dict || bases.iter().any(|&b| self.heap.get::<TypeBody>(b).is_some_and(|t| t.has_dict)),
                has_weakref: slots.weakref
                    || bases.iter().any(|&b| self.heap.get::<TypeBody>(b).is_some_and(|t| t.has_weakref)),
                heap: true,
                subclassable: true,
                abstract_methods: false,
                mutable: true,
                subclasses: Vec::new(),
                instances: 0,
                shared_keys: SharedKeys::default(),
            },
        );
        let class = self.hold(class);
        let kind_entry = self.heap.kind_mut(kind);
        kind_entry.class = class;
        self.heed_marks(class, kind);
        if self.profile.static_attributes_shared {
            self.share_static_attributes(class, dict);
        }
        self.fill_namespace(class, dict, &slots, first_slot)?;
        self.set_mro(class, &bases)?;
        for &base in &bases {
            if let Some(body) = self.heap.get_mut::<TypeBody>(base) {
                body.subclasses.push(class);
            }
        }
        self.classes_changed();
        self.set_class_cells(class, dict)?;
        self.call_set_names(class, dict)?;
        self.call_init_subclass(class, keywords)?;
        Ok(self.share(class))
    }

    /// What a class of the project's own sources that stands for one of CPython in C says of itself: whether the collector
    /// looks at its instances, and whether the class is one of those that never die.
    fn heed_marks(&mut self, class: Ref, kind: KindId) {
        let Some(body) = self.heap.get::<TypeBody>(class) else { return };
        let collected = self.own_mark(body, "_collected") != Some(self.single.false_);
        let immortal = self.own_mark(body, "_is_static").is_some() && self.profile.immortals != Immortals::Nothing;
        if !collected {
            let kind = self.heap.kind_mut(kind);
            (kind.gc, kind.tracked) = (false, false);
        }
        if immortal {
            self.heap.make_immortal(class);
        }
    }

    /// The names in `__static_attributes__` are keys of the instances before there is one.
    fn share_static_attributes(&mut self, class: Ref, dict: Ref) {
        let Some(names) = self.dict_get_str(dict, "__static_attributes__") else { return };
        if self.heap.layout(names) != Layout::Tuple {
            return;
        }
        for name in self.tuple_items(names).to_vec() {
            self.takes_shared_key(class, name);
        }
    }

    fn take_qualname(&mut self, dict: Ref, name: Ref) -> Res<Owned> {
        match self.dict_get_text(dict, self.names.qualname) {
            Some(found) if self.heap.layout(found) == Layout::Str => {
                let found = self.share(found);
                self.dict_remove(dict, self.names.qualname)?;
                Ok(found)
            }
            Some(found) => {
                let text = format!("type __qualname__ must be a str, not {}", self.class_name(found));
                Err(self.type_error(text))
            }
            None => Ok(self.share(name)),
        }
    }

    /// The kind of instances of a new class over this base.
    fn new_instance_kind(&mut self, base: Ref) -> KindId {
        let inherited = self.heap.get::<TypeBody>(base).map_or(KindId(0), |body| body.instance_kind);
        let layout = match self.heap.kind(inherited).layout {
            Layout::Unit => Layout::Instance,
            // Instances of subclasses of int keep their value in one way only.
            Layout::Int => Layout::BigInt,
            other => other,
        };
        let has_extra = layout != Layout::Instance;
        self.heap.add_kind(Kind {
            class: Ref::NULL,
            layout,
            gc: true,
            tracked: true,
            counts_class: true,
            has_extra,
            traits: Traits::default(),
        })
    }

    /// The base that decides the layout.
    ///
    /// # Errors
    /// TypeError for bases that cannot be bases, or not together.
    pub fn best_base(&mut self, bases: &[Ref]) -> Res<Ref> {
        let mut winner: Option<(Ref, Ref)> = None;
        for &base in bases {
            let Some(body) = self.heap.get::<TypeBody>(base) else {
                return Err(self.type_error("bases must be types"));
            };
            if !body.subclassable {
                let text = format!("type '{}' is not an acceptable base type", self.type_name(base));
                return Err(self.type_error(text));
            }
            let solid = self.solid_base(base);
            winner = match winner {
                None => Some((base, solid)),
                Some((first, known)) if self.is_subclass(known, solid) => Some((first, known)),
                Some((_, known)) if self.is_subclass(solid, known) => Some((base, solid)),
                Some(_) => return Err(self.type_error("multiple bases have instance lay-out conflict")),
            };
        }
        Ok(winner.map_or(self.class(Ty::Object), |(base, _)| base))
    }

    /// The nearest class that adds to the layout of instances.
    fn solid_base(&self, class: Ref) -> Ref {
        let mut at = class;
        loop {
            let Some(body) = self.heap.get::<TypeBody>(at) else { return at };
            if !body.heap || !body.slots.is_empty() || body.base.is_null() {
                // Exceptions without parts of their own share one layout.
                if !body.heap && body.instance_kind.0 != Ty::Object as u32 && self.adds_nothing(at, body.base) {
                    at = body.base;
                    continue;
                }
                return at;
            }
            at = body.base;
        }
    }

    fn adds_nothing(&self, class: Ref, base: Ref) -> bool {
        let layout =
            |class: Ref| self.heap.get::<TypeBody>(class).map(|body| self.heap.kind(body.instance_kind).layout);
        const OWN_PARTS: [Ty; 10] = [
            Ty::OSError,
            Ty::ImportError,
            Ty::NameError,
            Ty::AttributeError,
            Ty::StopIteration,
            Ty::SystemExit,
            Ty::SyntaxError,
            Ty::UnicodeDecodeError,
            Ty::UnicodeEncodeError,
            Ty::BaseExceptionGroup,
        ];
        if layout(class) == Some(Layout::Unit) {
            return layout(base) == Some(Layout::Unit);
        }
        layout(class) == Some(Layout::Exception)
            && layout(base) == Some(Layout::Exception)
            && !OWN_PARTS.iter().any(|&ty| self.class(ty) == class)
    }

    /// Copies what belongs to every class into its namespace.
    fn fill_namespace(&mut self, class: Ref, dict: Ref, slots: &SlotPlan, first_slot: u32) -> Res<()> {
        if self.dict_get_text(dict, self.names.module).is_none() {
            let globals = self.caller_globals();
            if let Some(globals) = globals
                && let Some(module) = self.dict_get_text(globals, self.names.name)
            {
                self.dict_set(dict, self.names.module, module)?;
            }
        }
        for name in [self.names.init_subclass, self.names.class_getitem] {
            self.wrap_special(dict, name, Ty::ClassMethod)?;
        }
        self.wrap_special(dict, self.names.new, Ty::StaticMethod)?;
        for (at, &name) in slots.names.iter().enumerate() {
            let body = MemberBody {
                owner: self.share(class).into_ref(),
                name: self.share(name).into_ref(),
                index: first_slot + at as u32,
            };
            let member = self.heap.alloc(Ty::Member.kind(), body);
            let result = self.dict_set(dict, name, member.get());
            self.release(member);
            result?;
        }
        if slots.dict {
            self.add_getset(class, dict, self.names.dict, &type_::INSTANCE_DICT)?;
        }
        if slots.weakref {
            self.add_getset(class, dict, self.names.weakref, &type_::INSTANCE_WEAKREF)?;
        }
        if self.dict_get_text(dict, self.names.doc).is_none() {
            self.dict_set(dict, self.names.doc, self.single.none)?;
        }
        if self.profile.eq_removes_hash
            && self.dict_get_text(dict, self.names.eq).is_some()
            && self.dict_get_text(dict, self.names.hash).is_none()
        {
            self.dict_set(dict, self.names.hash, self.single.none)?;
        }
        Ok(())
    }

    fn wrap_special(&mut self, dict: Ref, name: Ref, ty: Ty) -> Res<()> {
        if let Some(found) = self.dict_get_text(dict, name)
            && self.heap.layout(found) == Layout::Function
        {
            let body = WrapperBody { func: self.share(found).into_ref(), dict: Ref::NULL };
            let wrapper = self.heap.alloc(ty.kind(), body);
            let result = self.dict_set(dict, name, wrapper.get());
            self.release(wrapper);
            result?;
        }
        Ok(())
    }

    fn add_getset(&mut self, class: Ref, dict: Ref, name: Ref, def: &'static crate::native::GetSetDef) -> Res<()> {
        let owner = if self.profile.class_own_descriptors { class } else { self.class(Ty::Object) };
        let owner = self.share(owner).into_ref();
        let descriptor = self.heap.alloc(Ty::GetSet.kind(), GetSetBody { owner, def: Some(def) });
        if !self.profile.class_own_descriptors {
            self.heap.untrack(descriptor.get());
        }
        let result = self.dict_set(dict, name, descriptor.get());
        self.release(descriptor);
        result
    }

    /// The globals of the Python code that is running.
    pub fn caller_globals(&self) -> Option<Ref> {
        self.frame.globals.some()
    }

    // ---- slots ------------------------------------------------------------------------------------------------

    /// What `__slots__` asks for.
    fn slot_plan(&mut self, base: Ref, bases: &[Ref], dict: Ref) -> Res<SlotPlan> {
        let body = self.heap.get::<TypeBody>(base).cloned().unwrap_or_default();
        let layout = self.heap.kind(body.instance_kind).layout;
        let inherited_dict = bases.iter().any(|&b| self.heap.get::<TypeBody>(b).is_some_and(|t| t.has_dict));
        let inherited_weakref = bases.iter().any(|&b| self.heap.get::<TypeBody>(b).is_some_and(|t| t.has_weakref));
        let Some(slots) = self.dict_get_text(dict, self.names.slots) else {
            // Instances of types whose size varies have no room for weak references.
            let may_weak = !matches!(layout, Layout::Tuple | Layout::Bytes | Layout::Int | Layout::BigInt)
                || self.is_subclass(base, self.class(Ty::Type));
            return Ok(SlotPlan { names: Vec::new(), dict: !inherited_dict, weakref: !inherited_weakref && may_weak });
        };
        let names = if self.heap.layout(slots) == Layout::Str { vec![self.share(slots)] } else { self.collect(slots)? };
        let result = self.check_slots(base, dict, &names, layout, inherited_dict, inherited_weakref);
        self.release_list(names);
        result
    }

    fn check_slots(
        &mut self,
        base: Ref,
        dict: Ref,
        given: &[Owned],
        layout: Layout,
        inherited_dict: bool,
        inherited_weakref: bool,
    ) -> Res<SlotPlan> {
        let mut plan = SlotPlan { names: Vec::new(), dict: false, weakref: false };
        let varying = match layout {
            Layout::Bytes | Layout::Int | Layout::BigInt | Layout::Type => true,
            Layout::Tuple => self.profile.variable_size_slots == VariableSizeSlots::Never,
            _ => false,
        };
        let plain = |vm: &Vm, name: &Owned| {
            !vm.heap.text(name.get()).is_some_and(|text| text.is("__dict__") || text.is("__weakref__"))
        };
        if varying
            && match self.profile.variable_size_slots {
                VariableSizeSlots::Never => !given.is_empty(),
                VariableSizeSlots::InTuples => given.iter().any(|name| plain(self, name)),
            }
        {
            let text = self.profile.variable_size_slots.text(&self.type_name(base));
            return Err(self.type_error(text));
        }
        for name in given {
            let Some(text) = self.as_text(name.get()) else {
                let text = format!("__slots__ items must be strings, not '{}'", self.class_name(name.get()));
                return Err(self.type_error(text));
            };
            if !text.is_identifier() {
                return Err(self.type_error("__slots__ must be identifiers"));
            }
            if text.is("__dict__") {
                if inherited_dict || plan.dict {
                    return Err(self.type_error("__dict__ slot disallowed: we already got one"));
                }
                plan.dict = true;
                continue;
            }
            if text.is("__weakref__") {
                if inherited_weakref || plan.weakref {
                    let text = self.profile.weakref_slot_error.text();
                    return Err(self.type_error(text));
                }
                plan.weakref = true;
                continue;
            }
            let own_name = self.dict_get_text(dict, self.names.qualname);
            let _ = own_name;
            let mangled = self.mangle_slot(dict, &text);
            let mangled = self.intern(mangled);
            let mangled = self.hold(mangled);
            if self.dict_get_text(dict, mangled).is_some() {
                let shown = self.show(mangled);
                if shown != "__qualname__" && shown != "__classcell__" {
                    return Err(self.value_error(format!("'{shown}' in __slots__ conflicts with class variable")));
                }
            }
            plan.names.push(mangled);
        }
        // CPython keeps slots in the order of their names.
        plan.names.sort_by_key(|&name| self.show(name));
        plan.names.dedup();
        Ok(plan)
    }

    /// A private slot name gets the class's name in front.
    fn mangle_slot(&mut self, dict: Ref, name: &crate::object::text::Text) -> crate::object::text::Text {
        let text = name.to_string_lossy().into_owned();
        let class = match self.dict_get_text(dict, self.names.qualname) {
            Some(qualname) => self.show(qualname).rsplit('.').next().unwrap_or_default().to_string(),
            None => return name.clone(),
        };
        let class = class.trim_start_matches('_');
        if !text.starts_with("__") || text.ends_with("__") || class.is_empty() {
            return name.clone();
        }
        crate::object::text::Text::from(format!("_{class}{text}").as_str())
    }

    // ---- order ------------------------------------------------------------------------------------------------

    /// Computes and sets `__mro__`, by the metaclass's `mro` if it has one of its own.
    ///
    /// # Errors
    /// TypeError when no order exists; whatever a custom `mro` raises.
    pub fn set_mro(&mut self, class: Ref, bases: &[Ref]) -> Res<()> {
        let meta = self.heap.class_of(class);
        let custom = match self.lookup(meta, self.names.mro) {
            Some(method) if self.heap.layout(method) != Layout::Native => Some(method),
            _ => None,
        };
        let order = match custom {
            Some(method) => {
                let order = self.linearize(class, bases)?;
                self.install_mro(class, &order);
                let result = self.call_special(method, class, &[])?;
                let items = self.collect(result.get());
                self.release(result);
                let items = items?;
                if let Err(stop) = self.check_order(class, &items) {
                    self.release_list(items);
                    return Err(stop);
                }
                self.new_tuple(items)
            }
            None => {
                let order = self.linearize(class, bases)?;
                self.tuple_of(&order)
            }
        };
        let old = match self.heap.get_mut::<TypeBody>(class) {
            Some(body) => std::mem::replace(&mut body.mro, order.into_ref()),
            None => order.into_ref(),
        };
        self.release_maybe(old);
        Ok(())
    }

    /// What a metaclass's own `mro` gave must be classes over which instances can be laid out.
    fn check_order(&mut self, class: Ref, order: &[Owned]) -> Res<()> {
        let solid = self.solid_base(class);
        for item in order {
            let problem = if self.heap.layout(item.get()) != Layout::Type {
                Some(("a non-class", self.class_name(item.get())))
            } else if !self.is_subclass(solid, self.solid_base(item.get())) {
                Some(("base with unsuitable layout", self.type_name(item.get())))
            } else {
                None
            };
            if let Some((what, name)) = problem {
                let whose = if self.profile.mro_error_names_class {
                    format!("{}.", self.type_name(class))
                } else {
                    String::new()
                };
                return Err(self.type_error(format!("{whose}mro() returned {what} ('{name}')")));
            }
        }
        Ok(())
    }

    fn install_mro(&mut self, class: Ref, order: &[Ref]) {
        let order = self.tuple_of(order).into_ref();
        let old = match self.heap.get_mut::<TypeBody>(class) {
            Some(body) => std::mem::replace(&mut body.mro, order),
            None => order,
        };
        self.release_maybe(old);
    }

    /// C3 linearisation: the class, then the merge of its bases' orders and the bases themselves.
    ///
    /// # Errors
    /// TypeError when the bases contradict each other.
    pub fn linearize(&mut self, class: Ref, bases: &[Ref]) -> Res<Vec<Ref>> {
        for (at, base) in bases.iter().enumerate() {
            if bases[..at].contains(base) {
                let text = format!("duplicate base class {}", self.type_name(*base));
                return Err(self.type_error(text));
            }
        }
        if !self.profile.method_order_merged {
            return Ok(self.depth_first(class, bases));
        }
        let mut lists: Vec<Vec<Ref>> = bases
            .iter()
            .map(|&base| {
                let mro = self.heap.get::<TypeBody>(base).map_or(Ref::NULL, |body| body.mro);
                if mro.is_null() { vec![base] } else { self.tuple_items(mro).to_vec() }
            })
            .collect();
        lists.push(bases.to_vec());
        let mut order = vec![class];
        loop {
            lists.retain(|list| !list.is_empty());
            if lists.is_empty() {
                return Ok(order);
            }
            let head = lists.iter().map(|list| list[0]).find(|head| !lists.iter().any(|list| list[1..].contains(head)));
            let Some(head) = head else {
                let mut names: Vec<String> = Vec::new();
                for list in &lists {
                    let name = self.type_name(list[0]);
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                let text = format!(
                    "Cannot create a consistent method resolution{}order (MRO) for bases {}",
                    self.profile.mro_error_break,
                    names.join(", ")
                );
                return Err(self.type_error(text));
            };
            order.push(head);
            for list in &mut lists {
                if list[0] == head {
                    list.remove(0);
                }
            }
        }
    }

    /// The class, then the orders of its bases one after the other, each class where it comes first but `object` last.
    fn depth_first(&self, class: Ref, bases: &[Ref]) -> Vec<Ref> {
        let object = self.class(Ty::Object);
        let mut order = vec![class];
        for &base in bases {
            let mro = self.heap.get::<TypeBody>(base).map_or(Ref::NULL, |body| body.mro);
            let classes = if mro.is_null() { vec![base] } else { self.tuple_items(mro).to_vec() };
            for inherited in classes {
                if inherited != object && !order.contains(&inherited) {
                    order.push(inherited);
                }
            }
        }
        if class != object {
            order.push(object);
        }
        order
    }

    // ---- hooks ------------------------------------------------------------------------------------------------

    /// Fills the cells that the class body left in its namespace: of the class, and of the namespace that is now the
    /// class's own.
    fn set_class_cells(&mut self, class: Ref, dict: Ref) -> Res<()> {
        self.set_class_cell(dict, self.names.classcell, class)?;
        if self.profile.class_takes_namespace_cell {
            self.set_class_cell(dict, self.names.classdictcell, dict)?;
        }
        Ok(())
    }

    fn set_class_cell(&mut self, dict: Ref, name: Ref, value: Ref) -> Res<()> {
        let Some(cell) = self.dict_get_text(dict, name) else { return Ok(()) };
        if self.heap.layout(cell) != Layout::Cell {
            let given = self.repr(self.heap.class_of(cell))?;
            let text = format!("{} must be a nonlocal cell, not {}", self.show(name), given.to_string_lossy());
            return Err(self.type_error(text));
        }
        let value = self.share(value).into_ref();
        self.set_cell(cell, value);
        self.dict_remove(dict, name)?;
        Ok(())
    }

    fn call_set_names(&mut self, class: Ref, dict: Ref) -> Res<()> {
        let items: Vec<(Owned, Owned)> =
            self.dict_items(dict).into_iter().map(|(key, value)| (self.share(key), self.share(value))).collect();
        let mut result = Ok(());
        for (key, value) in items {
            if result.is_ok() {
                let value_class = self.heap.class_of(value.get());
                if self.profile.set_names_called
                    && let Some(method) = self.lookup(value_class, self.names.set_name)
                {
                    result = match self.call_special(method, value.get(), &[class, key.get()]) {
                        Ok(nothing) => {
                            self.release(nothing);
                            Ok(())
                        }
                        Err(stop) => Err(self.set_name_failed(stop, value.get(), key.get(), class)),
                    };
                }
            }
            self.release(key);
            self.release(value);
        }
        result
    }

    fn set_name_failed(&mut self, stop: super::Stop, value: Ref, key: Ref, class: Ref) -> super::Stop {
        if stop != super::Stop::Raised {
            return stop;
        }
        let text = format!(
            "Error calling __set_name__ on '{}' instance '{}' in '{}'",
            self.class_name(value),
            self.show(key),
            self.type_name(class)
        );
        if self.profile.set_name_errors_pass {
            let exception = self.take_raised();
            let note = self.new_str(&text);
            let noted = crate::object::exception::add_note_to(self, exception.get(), note.get());
            self.release(note);
            return match noted {
                Ok(()) => self.raise_object(exception),
                Err(stop) => {
                    self.release(exception);
                    stop
                }
            };
        }
        let cause = self.take_raised();
        let message = self.new_str(&text);
        let exception = self.new_exception(Ty::RuntimeError, vec![message]);
        let context = self.share(cause.get()).into_ref();
        if let Some(body) = self.heap.get_mut::<crate::heap::ExceptionBody>(exception.get()) {
            body.suppress_context = true;
            body.cause = cause.into_ref();
            body.context = context;
        }
        self.raised = exception.into_ref();
        super::Stop::Raised
    }

    fn call_init_subclass(&mut self, class: Ref, keywords: &[(Ref, Ref)]) -> Res<()> {
        if !self.profile.init_subclass_called {
            return Ok(());
        }
        let Some(method) = self.super_lookup(class, class, class, self.names.init_subclass)? else { return Ok(()) };
        let method = self.hold(method);
        let (names, values): (Vec<Ref>, Vec<Ref>) = keywords.iter().copied().unzip();
        let names = self.tuple_of(&names);
        let names = self.hold(names);
        let result = self.call_keywords(method, Ref::NULL, &values, names)?;
        self.release(result);
        Ok(())
    }
}

fn bases_differ(original: &[Ref], resolved: &[Ref]) -> bool {
    original != resolved
}

/// What a class adds to its instances.
struct SlotPlan {
    names: Vec<Ref>,
    dict: bool,
    weakref: bool,
}
