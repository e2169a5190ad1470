//! Generic aliases (`list[int]`) and unions (`int | str`).

use crate::heap::{AliasBody, Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getter, member, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of unions.
pub static UNION: &[NativeDef] = &[
    slot("__repr__", 0, repr),
    slot("__eq__", 1, eq),
    slot("__hash__", 0, hash),
    slot("__or__", 1, |vm, args| {
        let (left, right) = (args.get(vm, 0), args.get(vm, 1));
        vm.new_union(left, right)
    }),
    slot("__ror__", 1, |vm, args| {
        let (left, right) = (args.get(vm, 1), args.get(vm, 0));
        vm.new_union(left, right)
    }),
    slot("__getitem__", 1, subscript),
    method("__reduce__", 0, 0, reduce),
    method("__mro_entries__", 1, 1, |vm, args| {
        let text = vm.repr(args.get(vm, 0))?;
        Err(vm.type_error(format!("Cannot subclass {}", text.to_string_lossy())))
    }),
];

/// The methods of generic aliases.
pub static METHODS: &[NativeDef] = &[
    new(alias_new),
    slot("__repr__", 0, repr),
    slot("__eq__", 1, eq),
    slot("__hash__", 0, hash),
    slot("__or__", 1, |vm, args| {
        let (left, right) = (args.get(vm, 0), args.get(vm, 1));
        vm.new_union(left, right)
    }),
    slot("__ror__", 1, |vm, args| {
        let (left, right) = (args.get(vm, 1), args.get(vm, 0));
        vm.new_union(left, right)
    }),
    slot("__getitem__", 1, subscript),
    slot("__iter__", 0, unpack),
    slot("__call__", 0, call).any(),
    method("__mro_entries__", 1, 1, mro_entries),
    method("__reduce__", 0, 0, reduce),
];

/// `list[int]` of the built-in types that are generic.
pub static CLASS_GETITEM: NativeDef = method("__class_getitem__", 1, 1, |vm, args| {
    let (class, items) = (args.get(vm, 0), args.get(vm, 1));
    vm.new_generic_alias(class, items)
})
.class_method();

/// Whether a built-in type is generic.
pub fn is_generic(ty: Ty) -> bool {
    matches!(
        ty,
        Ty::List
            | Ty::Tuple
            | Ty::Dict
            | Ty::FrozenDict
            | Ty::Set
            | Ty::FrozenSet
            | Ty::MappingProxy
            | Ty::Enumerate
            | Ty::AsyncGenerator
            | Ty::Template
            | Ty::Interpolation
            | Ty::Deque
            | Ty::Partial
            | Ty::WeakRef
            | Ty::BaseExceptionGroup
    )
}

/// The computed attributes of generic aliases.
pub static GETSETS: &[GetSetDef] = &[
    member("__origin__", |vm, this| part(vm, this, |body| body.origin)),
    member("__args__", |vm, this| part(vm, this, |body| body.args)),
    getter("__parameters__", |vm, this| part(vm, this, |body| body.parameters)),
    member("__unpacked__", |vm, this| {
        let starred = body(vm, this).starred;
        Ok(vm.bool(starred))
    }),
];

/// The computed attributes of unions.
pub static UNION_ATTRS: &[GetSetDef] = &[
    member("__args__", |vm, this| part(vm, this, |body| body.args)),
    getter("__parameters__", |vm, this| part(vm, this, |body| body.parameters)),
    getter("__origin__", |vm, _| {
        let class = vm.class(Ty::Union);
        Ok(vm.share(class))
    }),
    getter("__name__", |vm, _| Ok(vm.new_str("Union"))),
    getter("__qualname__", |vm, _| Ok(vm.new_str("Union"))),
];

/// The attributes of an alias itself; all others are those of its origin.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__bases__",
    "__copy__",
    "__deepcopy__",
];

fn part(vm: &mut Vm, this: Ref, part: fn(&AliasBody) -> Ref) -> Res<Owned> {
    let found = vm.heap.get::<AliasBody>(this).map_or(Ref::NULL, part).some().unwrap_or(vm.single.empty_tuple);
    Ok(vm.share(found))
}

fn alias_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    if args.len() != 3 {
        let given = args.len().saturating_sub(1);
        return Err(vm.type_error(format!("GenericAlias expected 2 arguments, got {given}")));
    }
    let (origin, items) = (args.get(vm, 1), args.get(vm, 2));
    vm.new_generic_alias(origin, items)
}

fn body(vm: &Vm, this: Ref) -> AliasBody {
    vm.heap.get::<AliasBody>(this).cloned().unwrap_or_default()
}

fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let class = vm.heap.class_of(this);
    let alias = body(vm, this);
    if vm.is_exact(this, Ty::Union) {
        let text = format!("cannot pickle '{}' object", vm.type_name(class));
        return Err(vm.type_error(text));
    }
    let parts = vm.tuple_of(&[alias.origin, alias.args]);
    let parts = vm.hold(parts);
    Ok(vm.tuple_of(&[class, parts]))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let alias = body(vm, this);
    let mut parts = Vec::new();
    for item in vm.tuple_items(alias.args).to_vec() {
        parts.push(vm.type_text(item)?);
    }
    let text = if vm.is_exact(this, Ty::Union) {
        parts.join(" | ")
    } else {
        let origin = vm.type_text(alias.origin)?;
        let inner = if parts.is_empty() { "()".to_string() } else { parts.join(", ") };
        format!("{}{origin}[{inner}]", if alias.starred { "*" } else { "" })
    };
    Ok(vm.new_str(&text))
}

fn eq(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.kind_of(this) != vm.heap.kind_of(other) {
        return Ok(vm.share(vm.single.not_implemented));
    }
    let (a, b) = (body(vm, this), body(vm, other));
    if vm.is_exact(this, Ty::Union) {
        let (left, right) = (vm.tuple_items(a.args).to_vec(), vm.tuple_items(b.args).to_vec());
        let same = left.len() == right.len() && left.iter().all(|item| right.contains(item));
        return Ok(vm.bool(same));
    }
    let same = vm.equal(a.origin, b.origin)? && vm.equal(a.args, b.args)?;
    Ok(vm.bool(same))
}

fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let alias = body(vm, args.get(vm, 0));
    let mut hash = if alias.origin.is_null() { 0 } else { vm.hash(alias.origin)? };
    for item in vm.tuple_items(alias.args).to_vec() {
        hash ^= vm.hash(item)?;
    }
    Ok(vm.new_int(hash))
}

fn call(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let origin = body(vm, this).origin;
    let rest: Vec<Ref> = (1..args.len()).map(|at| args.get(vm, at)).collect();
    let made = vm.call_keywords(origin, Ref::NULL, &rest, args.keywords)?;
    // The object notes what it was made of, if it takes attributes.
    let name = vm.intern_str("__orig_class__");
    let noted = vm.set_attr(made.get(), name.get(), this);
    vm.release(name);
    if let Err(stop) = noted {
        let dropped = if vm.is_raised(stop, Ty::AttributeError) {
            vm.catch(stop, Ty::AttributeError)
        } else {
            vm.catch(stop, Ty::TypeError)
        };
        if let Err(stop) = dropped {
            vm.release(made);
            return Err(stop);
        }
    }
    Ok(made)
}

fn mro_entries(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, bases) = (args.get(vm, 0), args.get(vm, 1));
    let origin = body(vm, this).origin;
    // `Generic[T]` is left out when another alias follows, whose class brings it.
    let bases = vm.tuple_items(bases);
    let after = bases.iter().position(|&base| base == this).map_or(bases.len(), |at| at + 1);
    if origin == vm.class(Ty::Generic) && bases[after..].iter().any(|&base| vm.heap.layout(base) == Layout::Alias) {
        return Ok(vm.tuple_of(&[]));
    }
    Ok(vm.tuple_of(&[origin]))
}

/// `*alias` is one item: the alias with a star.
fn unpack(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let AliasBody { origin, args, parameters, .. } = body(vm, this);
    for part in [origin, args, parameters] {
        vm.heap.inc(part);
    }
    let starred = vm.heap.alloc(Ty::GenericAlias.kind(), AliasBody { origin, args, parameters, starred: true });
    let items = vm.new_tuple(vec![starred]);
    let items = vm.hold(items);
    vm.iter(items)
}

/// `alias[items]`: the parameters are replaced, in order.
fn subscript(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, items) = (args.get(vm, 0), args.get(vm, 1));
    let (alias, exact_tuple) = (body(vm, this), vm.is_exact(items, Ty::Tuple));
    let parameters = vm.tuple_items(alias.parameters).to_vec();
    let given = if exact_tuple { vm.tuple_items(items).to_vec() } else { vec![items] };
    if parameters.is_empty() || vm.is_exact(this, Ty::Union) {
        let text = format!("{} is not a generic class", vm.repr(this)?.to_string_lossy());
        return Err(vm.type_error(text));
    }
    if given.len() != parameters.len() {
        let few = if given.len() < parameters.len() { "few" } else { "many" };
        let text = format!("Too {few} arguments for {}", vm.repr(this)?.to_string_lossy());
        return Err(vm.type_error(text));
    }
    let mut replaced = Vec::new();
    for item in vm.tuple_items(alias.args).to_vec() {
        let inner = vm.heap.get::<AliasBody>(item).map_or(Ref::NULL, |body| body.parameters);
        let inner = if inner.is_null() { Vec::new() } else { vm.tuple_items(inner).to_vec() };
        let value_of = |param: Ref| parameters.iter().position(|&known| known == param).map_or(param, |at| given[at]);
        let value = if inner.is_empty() {
            vm.share(value_of(item))
        } else {
            let values: Vec<Ref> = inner.into_iter().map(value_of).collect();
            let values = vm.tuple_of(&values);
            let values = vm.hold(values);
            vm.get_item(item, values)?
        };
        replaced.push(vm.hold(value));
    }
    let replaced = vm.tuple_of(&replaced);
    let replaced = vm.hold(replaced);
    vm.new_generic_alias(alias.origin, replaced)
}

impl Vm {
    /// `origin[items]`
    ///
    /// # Errors
    /// None at present; kept for callers that raise.
    pub fn new_generic_alias(&mut self, origin: Ref, items: Ref) -> Res<Owned> {
        let args = if self.is_exact(items, Ty::Tuple) { self.share(items) } else { self.tuple_of(&[items]) };
        let parameters = self.type_parameters(self.tuple_items(args.get()));
        let body = AliasBody {
            origin: self.share(origin).into_ref(),
            args: args.into_ref(),
            parameters: self.tuple_of(&parameters).into_ref(),
            starred: false,
        };
        Ok(self.heap.alloc(Ty::GenericAlias.kind(), body))
    }

    /// `left | right` for classes.
    ///
    /// # Errors
    /// None at present: NotImplemented comes back for what is no class.
    pub fn new_union(&mut self, left: Ref, right: Ref) -> Res<Owned> {
        let usable = |vm: &Vm, r: Ref| {
            r == vm.single.none
                || matches!(vm.heap.layout(r), Layout::Type | Layout::Alias)
                || super::type_params::is_parameter(vm, r)
                || vm.is_exact(r, Ty::TypeAliasType)
                || vm.is_exact(r, Ty::Sentinel)
        };
        if !self.profile.type_unions || !usable(self, left) || !usable(self, right) {
            return Ok(self.share(self.single.not_implemented));
        }
        let mut items: Vec<Ref> = Vec::new();
        for side in [left, right] {
            let parts = if self.is_exact(side, Ty::Union) {
                self.tuple_items(body(self, side).args).to_vec()
            } else if side == self.single.none {
                vec![self.class(Ty::NoneType)]
            } else {
                vec![side]
            };
            for part in parts {
                if !items.contains(&part) {
                    items.push(part);
                }
            }
        }
        if let [one] = items[..] {
            return Ok(self.share(one));
        }
        let args = self.tuple_of(&items).into_ref();
        Ok(self
            .heap
            .alloc(Ty::Union.kind(), AliasBody { origin: Ref::NULL, args, parameters: Ref::NULL, starred: false }))
    }

    /// Attributes of an alias are those of its origin, a few excepted.
    ///
    /// # Errors
    /// AttributeError; whatever the origin raises.
    pub fn get_alias_attr(&mut self, object: Ref, name: Ref) -> Res<Owned> {
        let origin = body(self, object).origin;
        let own = self.heap.text(name).is_some_and(|text| OWN.contains(&text.to_string_lossy().as_ref()));
        if origin.is_null() || own {
            return self.get_generic_attr(object, name);
        }
        self.get_attr(origin, name)
    }

    /// How annotations show a class.
    ///
    /// # Errors
    /// Whatever `repr` raises.
    pub fn type_text(&mut self, item: Ref) -> Res<String> {
        if item == self.single.ellipsis {
            return Ok("...".to_string());
        }
        if item == self.class(Ty::NoneType) {
            return Ok("None".to_string());
        }
        if self.heap.layout(item) == Layout::Type {
            return Ok(self.qualified_type_name(item));
        }
        if matches!(self.heap.layout(item), Layout::Function | Layout::Native) {
            let parts = [self.names.module, self.names.qualname];
            let mut texts = Vec::new();
            for name in parts {
                if let Some(found) = self.find_attr(item, name)? {
                    texts.push(self.show(found.get()));
                    self.release(found);
                }
            }
            if let [module, name] = &texts[..] {
                let plain = matches!(module.as_str(), "builtins" | "None");
                return Ok(if plain { name.clone() } else { format!("{module}.{name}") });
            }
        }
        if self.is_exact(item, Ty::TypeAliasType) && self.profile.has_member("TypeAliasType", "__qualname__") {
            let module = self.get_attr_str(item, "__module__")?;
            let text = format!("{}.{}", self.show(module.get()), self.repr(item)?.to_string_lossy());
            self.release(module);
            return Ok(text);
        }
        Ok(self.repr(item)?.to_string_lossy().into_owned())
    }
}
