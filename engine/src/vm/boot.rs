//! Starting an interpreter: the built-in types, the objects that exist once, the first modules.
//!
//! Order matters: what is immortal comes first, so that it has the lowest numbers.

use super::{Budget, CollectorState, Frame, Names, Output, Singletons, TYPES, Ty, Vm};
use crate::heap::{
    BytesBody, DictBody, GetSetBody, Heap, Kind, List, ModuleBody, NativeBody, Owned, PERMANENT, Ref, StrBody, Traits,
    TupleBody, TypeBody,
};
use crate::native::{NativeDef, Role};
use crate::object::table::dict::Dict as DictTable;
use crate::object::table::set::Set as SetTable;
use crate::object::text::Text;
use crate::rules::{CollectorRule, DictTracking, Immortals, Profile};
use crate::session::Limits;
use rustc_hash::FxHashMap;

/// Classes that CPython makes when their module is imported: they are counted, though built-in.
const OF_MODULES: &[Ty] = &[
    Ty::Partial,
    Ty::Deque,
    Ty::DequeIterator,
    Ty::DequeReverseIterator,
    Ty::ItemGetter,
    Ty::AttrGetter,
    Ty::MethodCaller,
    Ty::Pickler,
    Ty::Unpickler,
];

impl Vm {
    /// A fresh interpreter.
    pub fn new(profile: &Profile, limits: Limits) -> Vm {
        let thresholds = match profile.collector {
            CollectorRule::Generational { thresholds } => thresholds,
            CollectorRule::Incremental { young } => [young, 10, 0],
        };
        let mut vm = Vm {
            profile: profile.clone(),
            heap: Heap::new(),
            stack: Vec::with_capacity(256),
            frame: Frame::default(),
            frames: Vec::with_capacity(32),
            names: Names::default(),
            single: Singletons::default(),
            modules: Ref::NULL,
            builtins: Ref::NULL,
            raised: Ref::NULL,
            handled: vec![Ref::NULL],
            epoch: 1,
            caches: super::Caches::default(),
            fusion: true,
            tracing: None,
            trace_limit: 1,
            sources: FxHashMap::default(),
            library: std::rc::Rc::default(),
            patterns: Default::default(),
            finder: None,
            texts: FxHashMap::default(),
            kept: Vec::new(),
            letters: FxHashMap::default(),
            arena: Vec::new(),
            marshalled: Vec::new(),
            out: Output::default(),
            events: Vec::new(),
            moments: Vec::new(),
            last_seen: Vec::new(),
            probes: Vec::new(),
            display: None,
            operands: None,
            prompt: crate::scope::Inherited::default(),
            lazies: false,
            budget: Budget { steps: limits.steps, limits, recursion: limits.recursion, depth: 0 },
            trash: Vec::new(),
            dying: Vec::new(),
            teardown: 0,
            collector: CollectorState { enabled: true, thresholds, ..CollectorState::default() },
            repr_active: Vec::new(),
            warm: FxHashMap::default(),
            native_depth: 0,
            secret: crate::object::hash::Secret::of_seed(0),
        };
        vm.make_types();
        vm.make_singletons();
        let mut names_made = Vec::new();
        vm.names = Names::new(|text| {
            let name = vm.intern_str(text).into_ref();
            names_made.push(name);
            name
        });
        vm.kept.extend(names_made);
        vm.fill_types();
        vm.make_modules();
        vm.heap.set_live_limit(limits.memory / 64);
        vm.heap.gc.counts = [0; 3];
        vm.heap.gc.free_most = profile.free_lists;
        vm.heap.hides_inline_dicts = profile.inline_dict_hidden;
        vm.heap.builtins_by_globals = !profile.function_holds_builtins;
        vm.heap.values_inside = profile.sizes.values_inside;
        for object in vm.heap.gc.members(List::Generation(0)).into_iter().take(profile.frozen_at_start) {
            vm.heap.gc.move_to(object, List::Generation(PERMANENT));
        }
        vm
    }

    /// One type object a built-in type, still without names and attributes.
    fn make_types(&mut self) {
        let profile_dicts_lazy = self.profile.dict_tracking == DictTracking::WhenNeeded;
        for spec in TYPES {
            let id = self.heap.add_kind(Kind {
                class: Ref::NULL,
                layout: spec.layout,
                gc: spec.tracked,
                tracked: spec.tracked && !(spec.ty == Ty::Dict && profile_dicts_lazy),
                counts_class: false,
                has_extra: false,
                traits: Traits::default(),
            });
            debug_assert_eq!(id, spec.ty.kind());
        }
        // The kind of class objects needs no class to be allocated.
        for spec in TYPES {
            if spec.ty == Ty::BigInt {
                continue;
            }
            let class = self
                .heap
                .alloc(
                    Ty::Type.kind(),
                    TypeBody {
                        instance_kind: spec.ty.kind(),
                        has_dict: spec.has_dict,
                        has_weakref: spec.has_weakref,
                        subclassable: spec.subclassable,
                        ..TypeBody::default()
                    },
                )
                .into_ref();
            self.heap.untrack(class);
            self.heap.kind_mut(spec.ty.kind()).class = class;
            self.kept.push(class);
            if self.profile.immortals != Immortals::Nothing && !OF_MODULES.contains(&spec.ty) {
                self.heap.make_immortal(class);
            }
        }
        // Ints of any size have one class.
        let int = self.class(Ty::Int);
        self.heap.kind_mut(Ty::BigInt.kind()).class = int;
    }

    fn keep_single(&mut self, object: Owned) -> Ref {
        let object = object.into_ref();
        if self.profile.immortals != Immortals::Nothing {
            self.heap.make_immortal(object);
        }
        self.kept.push(object);
        object
    }

    fn make_singletons(&mut self) {
        let unit = |vm: &mut Vm, ty: Ty| {
            let object = vm.heap.alloc_unit(ty.kind());
            vm.keep_single(object)
        };
        self.single.none = unit(self, Ty::NoneType);
        for _ in 0..self.profile.none_held_at_start {
            let none = self.share(self.single.none).into_ref();
            self.kept.push(none);
        }
        self.single.not_implemented = unit(self, Ty::NotImplementedType);
        self.single.ellipsis = unit(self, Ty::EllipsisType);
        self.single.no_default = unit(self, Ty::NoDefaultType);
        let truth = |vm: &mut Vm, value: i64| {
            let object = vm.heap.alloc_int(Ty::Bool.kind(), value);
            vm.keep_single(object)
        };
        self.single.false_ = truth(self, 0);
        self.single.true_ = truth(self, 1);
        for value in self.profile.small_ints.clone() {
            let object = self.heap.alloc_int(Ty::Int.kind(), value);
            let object = self.keep_single(object);
            if self.single.small_int.is_null() {
                self.single.small_int = object;
            }
        }
        let tuple = self.heap.alloc(Ty::Tuple.kind(), TupleBody::default());
        self.single.empty_tuple = self.keep_single(tuple);
        self.heap.untrack(self.single.empty_tuple);
        let text = self.alloc_text(Ty::Str.kind(), Text::from(""));
        self.single.empty_str = self.keep_single(text);
        if !self.profile.bool_texts_interned {
            self.single.bool_texts = ["False", "True"].map(|text| {
                let text = self.alloc_text(Ty::Str.kind(), Text::from(text));
                self.keep_single(text)
            });
        }
        let bytes = self.heap.alloc(Ty::Bytes.kind(), BytesBody::default());
        self.single.empty_bytes = self.keep_single(bytes);
        for point in 0..=255u32 {
            let text = self.alloc_text(Ty::Str.kind(), Text::from_points([point]));
            let text = self.keep_single(text);
            if point == 0 {
                self.single.latin1 = text;
            }
        }
        for byte in 0..=255u8 {
            let bytes = self.heap.alloc(Ty::Bytes.kind(), BytesBody { data: vec![byte], ..BytesBody::default() });
            let bytes = self.keep_single(bytes);
            if byte == 0 {
                self.single.byte = bytes;
            }
        }
        // The shared strings are the representatives of their texts.
        for point in 0..=255u8 {
            // A letter that constants do not share is interned as a constant.
            if !self.profile.static_letters.contains(char::from(point)) {
                self.heap.add_interned(self.single.latin1.offset(usize::from(point)));
            }
        }
        self.heap.add_interned(self.single.empty_str);
        for letter in self.profile.static_letters.chars() {
            let text = self.alloc_text(Ty::Str.kind(), Text::from_points([u32::from(letter)]));
            let text = self.keep_single(text);
            self.heap.add_interned(text);
            self.letters.insert(u32::from(letter), text);
        }
        let frozen = self.heap.alloc(
            Ty::FrozenSet.kind(),
            crate::heap::SetBody { table: SetTable::new(), ..crate::heap::SetBody::default() },
        );
        if self.profile.empty_frozenset_shared {
            self.single.empty_frozenset = frozen.get();
            self.kept.push(frozen.into_ref());
        } else {
            self.release(frozen);
        }
    }

    /// Names, orders, methods and attributes of the built-in types.
    fn fill_types(&mut self) {
        for spec in TYPES {
            if spec.ty == Ty::BigInt {
                continue;
            }
            let class = self.class(spec.ty);
            let (name, module) = self.profile.type_name(spec.name, spec.module);
            let name = self.intern_str(name).into_ref();
            let qualname = self.share(name).into_ref();
            let dict = self
                .heap
                .alloc(Ty::Dict.kind(), DictBody { table: DictTable::new(), ..DictBody::default() })
                .into_ref();
            let base = if spec.base == Ty::Nothing { Ref::NULL } else { self.class(spec.base) };
            let bases: Vec<Ref> = base.some().into_iter().collect();
            let bases_tuple = self.tuple_of(&bases).into_ref();
            let mut order = vec![class];
            if !base.is_null() {
                let inherited = self.heap.get::<TypeBody>(base).map_or(Ref::NULL, |body| body.mro);
                order.extend(self.tuple_items(inherited).to_vec());
                self.heap.inc(base);
                if let Some(body) = self.heap.get_mut::<TypeBody>(base) {
                    body.subclasses.push(class);
                }
            }
            let mro = self.tuple_of(&order).into_ref();
            if let Some(body) = self.heap.get_mut::<TypeBody>(class) {
                body.name = name;
                body.qualname = qualname;
                body.dict = dict;
                body.base = base;
                body.bases = bases_tuple;
                body.mro = mro;
            }
            if module != "builtins" {
                let module = self.new_str(module);
                let key = self.share(self.names.module);
                self.dict_insert_new(dict, key, module);
            }
            for def in crate::object::methods(spec.ty) {
                if !self.profile.has_member(spec.name, def.name) {
                    continue;
                }
                self.add_native(class, dict, def);
            }
            if self.profile.builtin_generics && crate::object::alias::is_generic(spec.ty) {
                self.add_native(class, dict, &crate::object::alias::CLASS_GETITEM);
            }
            if spec.ty == Ty::WeakCallableProxy {
                self.add_native(class, dict, &crate::native::modules::proxy::CALL);
            }
            if spec.ty == Ty::Object {
                self.add_native(class, dict, &crate::object::object::NEW);
                self.add_native(class, dict, &crate::object::object::INIT);
                for def in crate::object::reduce::METHODS {
                    self.add_native(class, dict, def);
                }
                if self.profile.object_getstate {
                    self.add_native(class, dict, &crate::object::reduce::GETSTATE);
                }
            }
            for def in crate::object::getsets(spec.ty) {
                if !self.profile.has_member(spec.name, def.name) {
                    continue;
                }
                let owner = self.share(class).into_ref();
                let descriptor = self.heap.alloc(Ty::GetSet.kind(), GetSetBody { owner, def: Some(def) });
                let name = self.intern_str(def.name);
                self.dict_insert_new(dict, name, descriptor);
            }
            self.hide_hash(spec.ty, dict);
        }
        // Exceptions: each multiple inheritance of the built-in ones.
        self.fix_exception_group();
        self.classes_changed();
    }

    /// A built-in type that compares by value and has no hash says so by `__hash__ = None`.
    fn hide_hash(&mut self, ty: Ty, dict: Ref) {
        let silent = ty == Ty::Object || self.dict_get_text(dict, self.names.hash).is_some();
        let slice = ty == Ty::Slice && !self.profile.slice_hashable;
        let proxy = matches!(ty, Ty::SimpleNamespace | Ty::WeakProxy | Ty::WeakCallableProxy);
        if slice || proxy || (!silent && self.dict_get_text(dict, self.names.eq).is_some()) {
            let (name, none) = (self.share(self.names.hash), self.none());
            self.dict_insert_new(dict, name, none);
        }
    }

    /// `ExceptionGroup` is an `Exception` too.
    fn fix_exception_group(&mut self) {
        let class = self.class(Ty::ExceptionGroup);
        let (group, exception) = (self.class(Ty::BaseExceptionGroup), self.class(Ty::Exception));
        let bases = self.tuple_of(&[group, exception]).into_ref();
        let order = [class, group, exception, self.class(Ty::BaseException), self.class(Ty::Object)];
        let mro = self.tuple_of(&order).into_ref();
        let old = self
            .heap
            .get_mut::<TypeBody>(class)
            .map(|body| (std::mem::replace(&mut body.bases, bases), std::mem::replace(&mut body.mro, mro)));
        if let Some((bases, mro)) = old {
            self.release_ref(bases);
            self.release_ref(mro);
        }
        if let Some(body) = self.heap.get_mut::<TypeBody>(exception) {
            body.subclasses.push(class);
        }
    }

    /// Puts a native function into a class's namespace.
    pub fn add_native(&mut self, class: Ref, dict: Ref, def: &'static NativeDef) {
        let object = match def.role {
            Role::Function => self.new_native(Ty::BuiltinFunction, def, Ref::NULL, Ref::NULL),
            Role::Method => self.new_native(Ty::MethodDescriptor, def, Ref::NULL, class),
            Role::Slot => self.new_native(Ty::SlotWrapper, def, Ref::NULL, class),
            Role::ClassMethod => self.new_native(Ty::ClassMethodDescriptor, def, Ref::NULL, class),
            Role::New => self.new_native(Ty::BuiltinFunction, def, class, Ref::NULL),
            Role::StaticMethod => {
                let func = self.new_native(Ty::BuiltinFunction, def, Ref::NULL, Ref::NULL).into_ref();
                self.heap.alloc(Ty::StaticMethod.kind(), crate::heap::WrapperBody { func, dict: Ref::NULL })
            }
        };
        let name = self.intern_str(def.name);
        self.dict_insert_new(dict, name, object);
    }

    /// A function object for a native definition.
    pub fn new_native(&mut self, ty: Ty, def: &'static NativeDef, this: Ref, owner: Ref) -> Owned {
        let this = if this.is_null() { this } else { self.share(this).into_ref() };
        let owner = if owner.is_null() { owner } else { self.share(owner).into_ref() };
        self.heap.alloc(ty.kind(), NativeBody { def: Some(def), this, owner, data: 0 })
    }

    /// `sys.modules`, `builtins` and `__main__`.
    fn make_modules(&mut self) {
        self.modules = self.new_dict().into_ref();
        let builtins = self.new_module("builtins");
        let dict = self.own_dict(builtins.get());
        self.builtins = self.share(dict).into_ref();
        for (name, value) in self.names_of_builtins() {
            let name = self.intern_str(name);
            self.dict_insert_new(dict, name, value);
        }
        self.register_module("builtins", builtins);
        let main = self.new_module("__main__");
        let dict = self.own_dict(main.get());
        let builtins = self.dict_get_str(self.modules, "builtins").unwrap_or(self.single.none);
        let (name, builtins) = (self.share(self.names.builtins), self.share(builtins));
        self.dict_insert_new(dict, name, builtins);
        self.register_module("__main__", main);
    }

    /// The names of `builtins`, in their order.
    fn names_of_builtins(&mut self) -> Vec<(&'static str, Owned)> {
        let mut found: Vec<(&'static str, Owned)> = Vec::new();
        for def in crate::native::builtins::functions() {
            if !self.profile.has_builtin(def.name) {
                continue;
            }
            let function = self.function_of("builtins", def);
            found.push((def.name, function));
        }
        for spec in TYPES {
            let hidden = spec.module != "builtins"
                || matches!(
                    spec.ty,
                    Ty::Nothing | Ty::NoneType | Ty::NotImplementedType | Ty::EllipsisType | Ty::BigInt
                )
                || (Ty::Cell as u32..Ty::Property as u32).contains(&(spec.ty as u32))
                || (Ty::Member as u32..Ty::Reversed as u32).contains(&(spec.ty as u32))
                || (Ty::TextIo as u32..Ty::BaseException as u32).contains(&(spec.ty as u32));
            if !hidden && self.profile.has_builtin(spec.name) {
                let class = self.share(self.class(spec.ty));
                found.push((spec.name, class));
            }
        }
        for (name, value) in [
            ("IOError", self.class(Ty::OSError)),
            ("EnvironmentError", self.class(Ty::OSError)),
            ("None", self.single.none),
            ("True", self.single.true_),
            ("False", self.single.false_),
            ("Ellipsis", self.single.ellipsis),
            ("NotImplemented", self.single.not_implemented),
            ("__debug__", self.single.true_),
        ] {
            found.push((name, self.share(value)));
        }
        let by_depth = self.profile.builtin_exceptions_by_depth;
        found.sort_by_key(|(name, _)| crate::native::builtins::order::position(name, by_depth));
        found
    }

    /// A native function that a module has.
    fn function_of(&mut self, module: &str, def: &'static NativeDef) -> Owned {
        let module = self.intern_str(module);
        let function = self.new_native(Ty::BuiltinFunction, def, Ref::NULL, module.get());
        self.release(module);
        function
    }

    /// A native function in a module's namespace.
    pub fn add_function(&mut self, dict: Ref, module: &str, def: &'static NativeDef) {
        let function = self.function_of(module, def);
        let name = self.intern_str(def.name);
        self.dict_insert_new(dict, name, function);
    }

    /// An empty module of this name.
    pub fn new_module(&mut self, name: &str) -> Owned {
        let dict = self.new_dict();
        let name = self.intern_str(name);
        let names = self.names;
        let none = self.single.none;
        for (key, value) in [
            (names.name, name.get()),
            (names.doc, none),
            (names.package, none),
            (names.loader, none),
            (names.spec, none),
        ] {
            let (key, value) = (self.share(key), self.share(value));
            self.dict_insert_new(dict.get(), key, value);
        }
        self.release(name);
        self.heap.alloc(Ty::Module.kind(), ModuleBody { dict: dict.into_ref() })
    }

    /// Puts a module into `sys.modules`.
    pub fn register_module(&mut self, name: &str, module: Owned) {
        let name = self.intern_str(name);
        self.dict_insert_new(self.modules, name, module);
    }

    /// An attribute of the module `sys`, if that has been imported; borrowed.
    pub fn sys_attribute(&mut self, name: Ref) -> Option<Ref> {
        let sys = self.dict_get_str(self.modules, "sys")?;
        let dict = self.own_dict(sys);
        self.dict_get_text(dict, name)
    }

    /// Whether the engine itself made the module.
    pub fn is_builtin_module(&self, module: Ref) -> bool {
        let dict = self.own_dict(module);
        match self.dict_get_text(dict, self.names.name) {
            Some(name) => {
                let name = self.show(name);
                name != "__main__" && crate::native::modules::is_native(&name)
            }
            None => false,
        }
    }

    /// A str object's body, for code that looks at flags.
    pub fn str_body(&self, r: Ref) -> Option<&StrBody> {
        self.heap.get::<StrBody>(r)
    }
}
