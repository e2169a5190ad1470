//! Type parameters (`TypeVar`, `ParamSpec`, `TypeVarTuple`), type aliases, and `Generic`, the base of generic classes.
//!
//! Invariant: bounds, constraints, defaults and alias values written in the new syntax are functions that are called at
//! the first look; what they gave is kept.

use crate::heap::{AliasBody, FunctionBody, Layout, Owned, RecordBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getter, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// Where the parts of a parameter stand in its record.
mod at {
    pub(super) const NAME: usize = 0;
    pub(super) const BOUND: usize = 1;
    pub(super) const BOUND_FN: usize = 2;
    pub(super) const CONSTRAINTS: usize = 3;
    pub(super) const CONSTRAINTS_FN: usize = 4;
    pub(super) const DEFAULT: usize = 5;
    pub(super) const DEFAULT_FN: usize = 6;
    pub(super) const COUNT: usize = 7;
    // Of an alias, behind its name.
    pub(super) const PARAMS: usize = 1;
    pub(super) const VALUE: usize = 2;
    pub(super) const VALUE_FN: usize = 3;
    pub(super) const MODULE: usize = 4;
    pub(super) const ALIAS_COUNT: usize = 5;
}

/// The methods of `TypeVar`, `ParamSpec` and `TypeVarTuple`.
pub static PARAMETER: &[NativeDef] = &[
    new(parameter_new),
    slot("__repr__", 0, repr),
    slot("__or__", 1, join),
    slot("__ror__", 1, join_reversed),
    method("has_default", 0, 0, |vm, args| {
        let this = args.get(vm, 0);
        let given = !part(vm, this, at::DEFAULT).is_null() || !part(vm, this, at::DEFAULT_FN).is_null();
        Ok(vm.bool(given))
    }),
    method("__mro_entries__", 1, 1, |vm, args| {
        let class = vm.heap.class_of(args.get(vm, 0));
        let text = format!("Cannot subclass an instance of {}", vm.type_short_name(class));
        Err(vm.type_error(text))
    }),
    method("__reduce__", 0, 0, |vm, args| Ok(shared_part(vm, args.get(vm, 0), at::NAME))),
];

/// The methods of `TypeVarTuple` beside those: it can be unpacked.
pub static VARIADIC: &[NativeDef] = &[
    new(parameter_new),
    slot("__repr__", 0, repr),
    slot("__iter__", 0, |vm, args| {
        let this = args.get(vm, 0);
        let unpacked = vm.new_unpacked(this);
        let items = vm.new_tuple(vec![unpacked]);
        let items = vm.hold(items);
        vm.iter(items)
    }),
    method("has_default", 0, 0, |vm, args| {
        let this = args.get(vm, 0);
        let given = !part(vm, this, at::DEFAULT).is_null() || !part(vm, this, at::DEFAULT_FN).is_null();
        Ok(vm.bool(given))
    }),
    method("__reduce__", 0, 0, |vm, args| Ok(shared_part(vm, args.get(vm, 0), at::NAME))),
];

/// The computed attributes of `TypeVar`.
pub static TYPE_VAR_ATTRS: &[GetSetDef] = &[
    getter("__name__", |vm, this| Ok(shared_part(vm, this, at::NAME))),
    getter("__bound__", |vm, this| lazy_or_none(vm, this, at::BOUND, at::BOUND_FN)),
    getter("__constraints__", |vm, this| match lazy(vm, this, at::CONSTRAINTS, at::CONSTRAINTS_FN)? {
        Some(value) => Ok(value),
        None => Ok(vm.share(vm.single.empty_tuple)),
    }),
    getter("__default__", default),
    getter("__covariant__", |vm, this| flag(vm, this, 0)),
    getter("__contravariant__", |vm, this| flag(vm, this, 1)),
    getter("__infer_variance__", |vm, this| flag(vm, this, 2)),
    getter("evaluate_bound", |vm, this| Ok(shared_part(vm, this, at::BOUND_FN))),
    getter("evaluate_constraints", |vm, this| Ok(shared_part(vm, this, at::CONSTRAINTS_FN))),
    getter("evaluate_default", |vm, this| Ok(shared_part(vm, this, at::DEFAULT_FN))),
];

/// The computed attributes of `ParamSpec`.
pub static PARAM_SPEC_ATTRS: &[GetSetDef] = &[
    getter("__name__", |vm, this| Ok(shared_part(vm, this, at::NAME))),
    getter("__bound__", |vm, this| lazy_or_none(vm, this, at::BOUND, at::BOUND_FN)),
    getter("__default__", default),
    getter("__covariant__", |vm, this| flag(vm, this, 0)),
    getter("__contravariant__", |vm, this| flag(vm, this, 1)),
    getter("__infer_variance__", |vm, this| flag(vm, this, 2)),
    getter("args", |vm, this| Ok(param_spec_part(vm, this, Ty::ParamSpecArgs))),
    getter("kwargs", |vm, this| Ok(param_spec_part(vm, this, Ty::ParamSpecKwargs))),
    getter("evaluate_default", |vm, this| Ok(shared_part(vm, this, at::DEFAULT_FN))),
];

/// The computed attributes of `TypeVarTuple`.
pub static VARIADIC_ATTRS: &[GetSetDef] = &[
    getter("__name__", |vm, this| Ok(shared_part(vm, this, at::NAME))),
    getter("__default__", default),
    getter("evaluate_default", |vm, this| Ok(shared_part(vm, this, at::DEFAULT_FN))),
];

fn part(vm: &Vm, this: Ref, at: usize) -> Ref {
    vm.heap.get::<RecordBody>(this).and_then(|body| body.parts.get(at).copied()).unwrap_or(Ref::NULL)
}

fn shared_part(vm: &mut Vm, this: Ref, at: usize) -> Owned {
    let found = part(vm, this, at).some().unwrap_or(vm.single.none);
    vm.share(found)
}

fn set_part(vm: &mut Vm, this: Ref, at: usize, value: Owned) {
    let value = value.into_ref();
    let old = match vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.parts.get_mut(at)) {
        Some(place) => std::mem::replace(place, value),
        None => value,
    };
    vm.release_maybe(old);
}

fn flag(vm: &mut Vm, this: Ref, at: usize) -> Res<Owned> {
    let set = vm.heap.get::<RecordBody>(this).and_then(|body| body.numbers.get(at)).is_some_and(|&flag| flag != 0);
    Ok(vm.bool(set))
}

/// A part that a function computes at the first look.
fn lazy(vm: &mut Vm, this: Ref, value: usize, function: usize) -> Res<Option<Owned>> {
    if let Some(known) = part(vm, this, value).some() {
        return Ok(Some(vm.share(known)));
    }
    let Some(function) = part(vm, this, function).some() else { return Ok(None) };
    let made = vm.call(function, &[])?;
    let kept = vm.share(made.get());
    set_part(vm, this, value, kept);
    Ok(Some(made))
}

fn lazy_or_none(vm: &mut Vm, this: Ref, value: usize, function: usize) -> Res<Owned> {
    match lazy(vm, this, value, function)? {
        Some(value) => Ok(value),
        None => Ok(vm.none()),
    }
}

fn default(vm: &mut Vm, this: Ref) -> Res<Owned> {
    match lazy(vm, this, at::DEFAULT, at::DEFAULT_FN)? {
        Some(value) => Ok(value),
        None => Ok(vm.share(vm.single.no_default)),
    }
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let numbers = vm.heap.get::<RecordBody>(this).map(|body| body.numbers.clone()).unwrap_or_default();
    let sign = match numbers[..] {
        _ if vm.is_exact(this, Ty::TypeVarTuple) => "",
        [_, _, 1] => "",
        [1, ..] => "+",
        [_, 1, _] => "-",
        _ => "~",
    };
    let text = format!("{sign}{}", vm.show(part(vm, this, at::NAME)));
    Ok(vm.new_str(&text))
}

fn join(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (left, right) = (args.get(vm, 0), args.get(vm, 1));
    vm.new_union(left, right)
}

fn join_reversed(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (left, right) = (args.get(vm, 0), args.get(vm, 1));
    vm.new_union(right, left)
}

fn param_spec_part(vm: &mut Vm, this: Ref, ty: Ty) -> Owned {
    let origin = vm.share(this).into_ref();
    vm.heap.alloc(ty.kind(), RecordBody { parts: vec![origin], ..RecordBody::default() })
}

/// `TypeVar(name, *constraints, bound=…, …)`, and the same of the other two.
fn parameter_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    let ty = [Ty::ParamSpec, Ty::TypeVarTuple].into_iter().find(|&ty| vm.class(ty) == class).unwrap_or(Ty::TypeVar);
    let class_name = vm.type_short_name(vm.class(ty));
    let given = args.rest(vm, 1);
    let mut name = given.first().copied().unwrap_or(Ref::NULL);
    let mut parts = [Ref::NULL; at::COUNT];
    let mut numbers = vec![0; 3];
    for (key, value) in args.keyword_pairs(vm) {
        match vm.show(key).as_str() {
            "name" if name.is_null() => name = value,
            "bound" if ty != Ty::TypeVarTuple => parts[at::BOUND] = value,
            "default" => parts[at::DEFAULT] = value,
            "covariant" if ty != Ty::TypeVarTuple => numbers[0] = i64::from(vm.truth(value)?),
            "contravariant" if ty != Ty::TypeVarTuple => numbers[1] = i64::from(vm.truth(value)?),
            "infer_variance" if ty != Ty::TypeVarTuple => numbers[2] = i64::from(vm.truth(value)?),
            other => {
                let text = format!("{class_name}() got an unexpected keyword argument '{other}'");
                return Err(vm.type_error(text));
            }
        }
    }
    if name.is_null() || vm.heap.layout(name) != Layout::Str {
        return Err(vm.type_error(format!("{class_name}() argument 'name' must be str")));
    }
    let constraints = given.get(1..).unwrap_or_default().to_vec();
    if constraints.len() == 1 {
        return Err(vm.type_error("A single constraint is not allowed"));
    }
    if !constraints.is_empty() && !parts[at::BOUND].is_null() {
        return Err(vm.type_error("Constraints cannot be combined with bound=..."));
    }
    if numbers[0] != 0 && numbers[1] != 0 {
        return Err(vm.value_error("Bivariant types are not supported."));
    }
    parts[at::NAME] = name;
    let mut parts: Vec<Ref> =
        parts.into_iter().map(|part| if part.is_null() { part } else { vm.share(part).into_ref() }).collect();
    if !constraints.is_empty() {
        parts[at::CONSTRAINTS] = vm.tuple_of(&constraints).into_ref();
    }
    let made = vm.heap.alloc(ty.kind(), RecordBody { parts, numbers, dict: Ref::NULL });
    let globals = vm.caller_globals().unwrap_or(vm.builtins);
    if let Some(module) = vm.dict_get_text(globals, vm.names.name) {
        let (key, module) = (vm.names.module, vm.share(module));
        let made = vm.hold(made);
        vm.store_own_attr(made, key, module)?;
        return Ok(vm.share(made));
    }
    Ok(made)
}

// ---- P.args, P.kwargs, *Ts ------------------------------------------------------------------------------------

/// The methods of `ParamSpecArgs` and `ParamSpecKwargs`.
pub static PARAM_SPEC_PART: &[NativeDef] = &[
    slot("__repr__", 0, |vm, args| {
        let this = args.get(vm, 0);
        let origin = part(vm, this, 0);
        let suffix = if vm.is_exact(this, Ty::ParamSpecArgs) { "args" } else { "kwargs" };
        let text = format!("{}.{suffix}", vm.show(part(vm, origin, at::NAME)));
        Ok(vm.new_str(&text))
    }),
    slot("__eq__", 1, |vm, args| {
        let (this, other) = (args.get(vm, 0), args.get(vm, 1));
        if vm.heap.kind_of(this) != vm.heap.kind_of(other) {
            return Ok(vm.share(vm.single.not_implemented));
        }
        let same = part(vm, this, 0) == part(vm, other, 0);
        Ok(vm.bool(same))
    }),
];

/// The computed attributes of these, and of an unpacked parameter.
pub static ORIGIN_ATTRS: &[GetSetDef] = &[getter("__origin__", |vm, this| Ok(shared_part(vm, this, 0)))];

/// The methods of `*Ts`.
pub static UNPACKED: &[NativeDef] = &[slot("__repr__", 0, |vm, args| {
    let text = format!("typing.Unpack[{}]", vm.show(part(vm, part(vm, args.get(vm, 0), 0), at::NAME)));
    Ok(vm.new_str(&text))
})];

// ---- TypeAliasType --------------------------------------------------------------------------------------------

/// The methods of `TypeAliasType`.
pub static TYPE_ALIAS: &[NativeDef] = &[
    new(alias_new),
    slot("__repr__", 0, |vm, args| Ok(shared_part(vm, args.get(vm, 0), at::NAME))),
    slot("__or__", 1, join),
    slot("__ror__", 1, join_reversed),
    slot("__getitem__", 1, |vm, args| {
        let (this, items) = (args.get(vm, 0), args.get(vm, 1));
        if vm.tuple_items(part(vm, this, at::PARAMS)).is_empty() {
            return Err(vm.type_error("Only generic type aliases are subscriptable"));
        }
        vm.new_generic_alias(this, items)
    }),
    method("__reduce__", 0, 0, |vm, args| Ok(shared_part(vm, args.get(vm, 0), at::NAME))),
];

/// The computed attributes of `TypeAliasType`.
pub static TYPE_ALIAS_ATTRS: &[GetSetDef] = &[
    getter("__name__", |vm, this| Ok(shared_part(vm, this, at::NAME))),
    getter("__qualname__", |vm, this| Ok(shared_part(vm, this, at::NAME))),
    getter("__value__", |vm, this| lazy_or_none(vm, this, at::VALUE, at::VALUE_FN)),
    getter("__type_params__", |vm, this| Ok(shared_part(vm, this, at::PARAMS))),
    getter("__parameters__", |vm, this| {
        let mut items = Vec::new();
        for param in vm.tuple_items(part(vm, this, at::PARAMS)).to_vec() {
            let unpacked = vm.is_exact(param, Ty::TypeVarTuple);
            items.push(if unpacked { vm.new_unpacked(param) } else { vm.share(param) });
        }
        Ok(vm.new_tuple(items))
    }),
    getter("__module__", |vm, this| {
        let function = part(vm, this, at::VALUE_FN);
        let module = vm.heap.get::<FunctionBody>(function).map_or(Ref::NULL, |body| body.module);
        match module.some().or_else(|| part(vm, this, at::MODULE).some()) {
            Some(module) => Ok(vm.share(module)),
            None => Ok(vm.none()),
        }
    }),
    getter("evaluate_value", |vm, this| Ok(shared_part(vm, this, at::VALUE_FN))),
];

fn alias_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let given = args.rest(vm, 1);
    let mut parts = [Ref::NULL; 3];
    for (place, &value) in parts.iter_mut().zip(&given) {
        *place = value;
    }
    for (key, value) in args.keyword_pairs(vm) {
        match vm.show(key).as_str() {
            "name" => parts[0] = value,
            "value" => parts[1] = value,
            "type_params" => parts[2] = value,
            other => {
                let text = format!("typealias() got an unexpected keyword argument '{other}'");
                return Err(vm.type_error(text));
            }
        }
    }
    let [name, value, params] = parts;
    if name.is_null() || vm.heap.layout(name) != Layout::Str || value.is_null() {
        return Err(vm.type_error("typealias() missing required argument 'name' (pos 1)"));
    }
    let params = params.some().unwrap_or(vm.single.empty_tuple);
    if !vm.is_exact(params, Ty::Tuple) {
        return Err(vm.type_error("type_params must be a tuple"));
    }
    let globals = vm.caller_globals().unwrap_or(vm.builtins);
    let module = vm.dict_get_text(globals, vm.names.name).unwrap_or(vm.single.none);
    let mut parts = vec![Ref::NULL; at::ALIAS_COUNT];
    for (place, value) in [(at::NAME, name), (at::PARAMS, params), (at::VALUE, value), (at::MODULE, module)] {
        parts[place] = vm.share(value).into_ref();
    }
    Ok(vm.heap.alloc(Ty::TypeAliasType.kind(), RecordBody { parts, ..RecordBody::default() }))
}

// ---- Generic --------------------------------------------------------------------------------------------------

/// The methods of `Generic`.
pub static GENERIC: &[NativeDef] = &[
    method("__class_getitem__", 1, 1, generic_item).class_method(),
    method("__init_subclass__", 0, 0, generic_subclass).any().class_method(),
];

/// The items of a subscript: those of a tuple, or the one.
fn subscript_items(vm: &Vm, items: Ref) -> Vec<Ref> {
    if vm.is_exact(items, Ty::Tuple) { vm.tuple_items(items).to_vec() } else { vec![items] }
}

/// Whether a subscript of the class lists type parameters: Generic, and the `Protocol` that stands on it itself.
fn lists_parameters(vm: &Vm, class: Ref) -> bool {
    let generic = vm.class(Ty::Generic);
    let protocol = || {
        let bases = vm.heap.get::<crate::heap::TypeBody>(class).map_or(Ref::NULL, |body| body.bases);
        vm.type_name(class) == "Protocol" && !bases.is_null() && vm.tuple_items(bases).contains(&generic)
    };
    class == generic || (vm.heap.layout(class) == Layout::Type && protocol())
}

fn generic_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, items) = (args.get(vm, 0), args.get(vm, 1));
    let given = subscript_items(vm, items);
    if lists_parameters(vm, class) {
        if given.is_empty() {
            return Err(vm.type_error("Parameter list to Generic[...] cannot be empty"));
        }
        if !given.iter().all(|&item| is_parameter(vm, item) || vm.is_exact(item, Ty::Unpacked)) {
            return Err(vm.type_error(
                "Parameters to Generic[...] must all be type variables or parameter specification variables.",
            ));
        }
        if given.iter().enumerate().any(|(at, item)| given[..at].contains(item)) {
            return Err(vm.type_error("Parameters to Generic[...] must all be unique"));
        }
        return vm.new_generic_alias(class, items);
    }
    let parameters = vm.get_attr_str(class, "__parameters__")?;
    let wanted = vm.tuple_items(parameters.get()).to_vec();
    vm.release(parameters);
    if wanted.is_empty() {
        let text = format!("{} is not a generic class", vm.repr(class)?.to_string_lossy());
        return Err(vm.type_error(text));
    }
    let variadic = wanted.iter().any(|&param| vm.is_exact(param, Ty::TypeVarTuple))
        || (wanted.len() == 1 && vm.is_exact(wanted[0], Ty::ParamSpec));
    let optional = wanted
        .iter()
        .filter(|&&param| !part(vm, param, at::DEFAULT).is_null() || !part(vm, param, at::DEFAULT_FN).is_null())
        .count();
    if !variadic && !(wanted.len() - optional..=wanted.len()).contains(&given.len()) {
        let few = given.len() < wanted.len();
        let least = if few && optional > 0 { "at least " } else { "" };
        let expected = if few { wanted.len() - optional } else { wanted.len() };
        let text = format!(
            "Too {} arguments for {}; actual {}, expected {least}{expected}",
            if few { "few" } else { "many" },
            vm.repr(class)?.to_string_lossy(),
            given.len()
        );
        return Err(vm.type_error(text));
    }
    if variadic || given.len() == wanted.len() {
        return vm.new_generic_alias(class, items);
    }
    let mut filled = given.clone();
    for &param in &wanted[given.len()..] {
        let value = default(vm, param)?;
        filled.push(vm.hold(value));
    }
    let items = vm.tuple_of(&filled);
    let items = vm.hold(items);
    vm.new_generic_alias(class, items)
}

fn generic_subclass(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = args.get(vm, 0);
    let generic = vm.class(Ty::Generic);
    let own = vm.own_dict(class);
    let originals = vm.dict_get_text(own, vm.names.orig_bases);
    let bases = match originals {
        Some(bases) => bases,
        None => vm.heap.get::<crate::heap::TypeBody>(class).map_or(Ref::NULL, |body| body.bases),
    };
    let bases = if bases.is_null() { Vec::new() } else { vm.tuple_items(bases).to_vec() };
    if bases.contains(&generic) && !lists_parameters(vm, class) {
        return Err(vm.type_error("Cannot inherit from plain Generic"));
    }
    let mut parameters = if originals.is_some() { vm.type_parameters(&bases) } else { Vec::new() };
    let listed = bases.iter().find_map(|&base| {
        let body = vm.heap.get::<AliasBody>(base)?;
        lists_parameters(vm, body.origin).then_some(body.parameters)
    });
    if let Some(listed) = listed {
        parameters = vm.tuple_items(listed).to_vec();
    }
    let parameters = vm.tuple_of(&parameters);
    let parameters = vm.hold(parameters);
    let name = vm.intern_str("__parameters__");
    let name = vm.hold(name);
    vm.set_attr(class, name, parameters)?;
    let next = vm.names.init_subclass;
    if let Some(method) = vm.super_lookup(generic, class, class, next)? {
        let values: Vec<Ref> = (1..args.len()).map(|at| args.get(vm, at)).collect();
        let result = vm.call_keywords(method.get(), Ref::NULL, &values, args.keywords);
        vm.release(method);
        let result = result?;
        vm.release(result);
    }
    Ok(vm.none())
}

/// Whether an object is a type parameter.
pub fn is_parameter(vm: &Vm, value: Ref) -> bool {
    vm.heap.layout(value) == Layout::Record
        && [Ty::TypeVar, Ty::ParamSpec, Ty::TypeVarTuple].iter().any(|&ty| vm.is_exact(value, ty))
}

impl Vm {
    /// A type parameter of the new syntax: its name, and the function for its bound or constraints or NULL, borrowed.
    pub fn new_type_parameter(&mut self, ty: Ty, name: Ref, function: Ref, constraints: bool) -> Owned {
        let mut parts = vec![Ref::NULL; at::COUNT];
        parts[at::NAME] = self.share(name).into_ref();
        if !function.is_null() {
            let place = if constraints { at::CONSTRAINTS_FN } else { at::BOUND_FN };
            parts[place] = self.share(function).into_ref();
        }
        self.heap.alloc(ty.kind(), RecordBody { parts, numbers: vec![0, 0, 1], dict: Ref::NULL })
    }

    /// Gives a type parameter the function for its default.
    pub fn set_type_parameter_default(&mut self, parameter: Ref, function: Ref) {
        let function = self.share(function);
        set_part(self, parameter, at::DEFAULT_FN, function);
    }

    /// A type alias of the new syntax.
    pub fn new_type_alias(&mut self, name: Ref, params: Ref, function: Ref) -> Owned {
        let params = if params == self.single.none { self.single.empty_tuple } else { params };
        let mut parts = vec![Ref::NULL; at::ALIAS_COUNT];
        for (place, value) in [(at::NAME, name), (at::PARAMS, params), (at::VALUE_FN, function)] {
            parts[place] = self.share(value).into_ref();
        }
        self.heap.alloc(Ty::TypeAliasType.kind(), RecordBody { parts, ..RecordBody::default() })
    }

    /// `*Ts`
    pub fn new_unpacked(&mut self, parameter: Ref) -> Owned {
        let parameter = self.share(parameter).into_ref();
        self.heap.alloc(Ty::Unpacked.kind(), RecordBody { parts: vec![parameter], ..RecordBody::default() })
    }

    /// `Generic[…]` of the parameters of a class.
    ///
    /// # Errors
    /// None at present; kept for callers that raise.
    pub fn generic_base(&mut self, params: Ref) -> Res<Owned> {
        let mut items = Vec::new();
        for param in self.tuple_items(params).to_vec() {
            let unpacked = self.is_exact(param, Ty::TypeVarTuple);
            items.push(if unpacked { self.new_unpacked(param) } else { self.share(param) });
        }
        let items = self.new_tuple(items);
        let generic = self.class(Ty::Generic);
        let alias = self.new_generic_alias(generic, items.get());
        self.release(items);
        alias
    }

    /// The type parameters in the arguments of an alias, each once, in order; borrowed.
    pub fn type_parameters(&self, items: &[Ref]) -> Vec<Ref> {
        let mut found: Vec<Ref> = Vec::new();
        let mut add = |param: Ref| {
            if !found.contains(&param) {
                found.push(param);
            }
        };
        for &item in items {
            if is_parameter(self, item) {
                add(item);
            } else if self.is_exact(item, Ty::Unpacked) {
                add(part(self, item, 0));
            } else if let Some(body) = self.heap.get::<AliasBody>(item)
                && !body.parameters.is_null()
            {
                self.tuple_items(body.parameters).iter().copied().for_each(&mut add);
            }
        }
        found
    }
}
