//! The iterators: their methods, and the types whose instances are iterators (`enumerate`, `zip`, `map`, …). One step
//! of each is the machine's (`vm::iterate`).

use crate::heap::{IterBody, Layout, Owned, Ref, View};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of iterators that can tell how much is left.
pub static COUNTED: &[NativeDef] = &[
    slot("__iter__", 0, itself),
    slot("__next__", 0, next),
    method("__length_hint__", 0, 0, length_hint),
    method("__reduce__", 0, 0, reduce),
    method("__setstate__", 1, 1, set_state),
];

/// The methods of iterators of tables, whose place is no number.
pub static TABLE: &[NativeDef] = &[
    slot("__iter__", 0, itself),
    slot("__next__", 0, next),
    method("__length_hint__", 0, 0, length_hint),
    method("__reduce__", 0, 0, reduce),
];

/// The methods of iterators that cannot.
pub static PLAIN: &[NativeDef] =
    &[slot("__iter__", 0, itself), slot("__next__", 0, next), method("__reduce__", 0, 0, reduce)];

/// The methods of `reversed`.
pub static REVERSED: &[NativeDef] = &[
    new(new_reversed),
    slot("__iter__", 0, itself),
    slot("__next__", 0, next),
    method("__length_hint__", 0, 0, length_hint),
    method("__reduce__", 0, 0, reduce),
    method("__setstate__", 1, 1, set_state),
];

/// The methods of `enumerate`.
pub static ENUMERATE: &[NativeDef] =
    &[new(new_enumerate), slot("__iter__", 0, itself), slot("__next__", 0, next), method("__reduce__", 0, 0, reduce)];

/// The methods of `zip`.
pub static ZIP: &[NativeDef] = &[
    new(new_zip),
    slot("__iter__", 0, itself),
    slot("__next__", 0, next),
    method("__reduce__", 0, 0, reduce),
    method("__setstate__", 1, 1, set_strict),
];

/// The methods of `map`.
pub static MAP: &[NativeDef] = &[
    new(new_map),
    slot("__iter__", 0, itself),
    slot("__next__", 0, next),
    method("__reduce__", 0, 0, reduce),
    method("__setstate__", 1, 1, set_strict),
];

/// The methods of `filter`.
pub static FILTER: &[NativeDef] =
    &[new(new_filter), slot("__iter__", 0, itself), slot("__next__", 0, next), method("__reduce__", 0, 0, reduce)];

fn itself(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    Ok(vm.share(this))
}

fn next(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    match vm.next_native(this)? {
        Some(item) => Ok(item),
        None => Err(vm.raise_with(Ty::StopIteration, Vec::new())),
    }
}

fn body(vm: &Vm, this: Ref) -> IterBody {
    vm.heap.get::<IterBody>(this).cloned().unwrap_or_default()
}

/// How many items an iterator has left, as far as it knows.
fn length_hint(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let left = match body(vm, this) {
        IterBody::Sequence { seq, .. } | IterBody::Reversed { seq, .. } if seq.is_null() => 0,
        IterBody::Sequence { seq, at } => {
            let class = vm.heap.class_of(seq);
            if vm.lookup(class, vm.names.len).is_none() {
                return Ok(vm.not_implemented());
            }
            vm.length(seq)?.saturating_sub(at)
        }
        IterBody::Reversed { seq, at } => {
            let left = usize::try_from(at + 1).unwrap_or(0);
            if vm.length(seq)? < left { 0 } else { left }
        }
        IterBody::Range { left, .. } => return Ok(vm.int_object(left.into())),
        IterBody::LongRange { index, length, .. } => {
            let left = match (vm.as_int(length), vm.as_int(index)) {
                (Some(length), Some(index)) => length.sub(&index),
                _ => 0_i64.into(),
            };
            return Ok(vm.int_object(left));
        }
        IterBody::Dict { dict, len, left, .. } | IterBody::DictReversed { dict, len, left, .. } => {
            if dict.is_null() || vm.dict_len(dict) != len { 0 } else { left }
        }
        IterBody::Set { set, at, len } => {
            if set.is_null() || vm.set_len(set) != len {
                0
            } else {
                rest_of_set(vm, set, at).len()
            }
        }
        IterBody::Done
        | IterBody::Callable { .. }
        | IterBody::Enumerate { .. }
        | IterBody::Zip { .. }
        | IterBody::Map { .. }
        | IterBody::Filter { .. } => 0,
    };
    Ok(vm.new_size(left))
}

fn rest_of_set(vm: &Vm, set: Ref, from: usize) -> Vec<Ref> {
    let mut rest = Vec::new();
    let mut position = from;
    while let Some((slot, _, item)) = vm.set_table(set).and_then(|table| table.next_key(position)) {
        rest.push(item);
        position = slot + 1;
    }
    rest
}

/// `(callable, arguments, state)`, from which `copy` and `pickle` make the iterator again.
fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let class = vm.heap.class_of(this);
    match body(vm, this) {
        IterBody::Sequence { seq, .. } if seq.is_null() => {
            let empty = match vm.is_exact(this, Ty::ListIterator) {
                true => vm.new_list(Vec::new()),
                false if vm.is_exact(this, Ty::StrIterator) || vm.is_exact(this, Ty::StrAsciiIterator) => {
                    vm.share(vm.single.empty_str)
                }
                false => vm.share(vm.single.empty_tuple),
            };
            by_iter(vm, vec![empty], None)
        }
        IterBody::Sequence { seq, at } => {
            let seq = vm.share(seq);
            let at = vm.new_size(at);
            by_iter(vm, vec![seq], Some(at))
        }
        IterBody::Reversed { seq, .. } if seq.is_null() && vm.is_exact(this, Ty::Reversed) => {
            let (reversed, empty) = (vm.share(class), vm.share(vm.single.empty_tuple));
            Ok(triple(vm, reversed, vec![empty], None))
        }
        IterBody::Reversed { seq, .. } if seq.is_null() => {
            let empty = vm.new_list(Vec::new());
            by_iter(vm, vec![empty], None)
        }
        IterBody::Reversed { seq, at } => {
            let reversed = vm.share(vm.class(Ty::Reversed));
            let seq = vm.share(seq);
            let at = vm.new_int(at);
            Ok(triple(vm, reversed, vec![seq], Some(at)))
        }
        IterBody::Range { next, step, left } => {
            let stop = next.wrapping_add(step.wrapping_mul(left.cast_signed()));
            let parts = [next, stop, step].map(|part| vm.new_int(part));
            let range = remade_range(vm, parts)?;
            let none = vm.none();
            by_iter(vm, vec![range], Some(none))
        }
        IterBody::LongRange { index, start, step, length } => {
            let parts = [index, start, step, length].map(|part| vm.as_int(part));
            let [Some(index), Some(start), Some(step), Some(length)] = parts else {
                return Err(vm.type_error("range_iterator without parts"));
            };
            let stop = start.add(&length.mul(&step));
            let next = start.add(&index.mul(&step));
            let parts = [next, stop, step].map(|part| vm.int_object(part));
            let range = remade_range(vm, parts)?;
            let none = vm.none();
            by_iter(vm, vec![range], Some(none))
        }
        IterBody::Dict { .. } | IterBody::DictReversed { .. } | IterBody::Set { .. } => {
            let rest = rest(vm, this)?;
            let list = vm.new_list(rest);
            by_iter(vm, vec![list], None)
        }
        IterBody::Callable { func, .. } if func.is_null() => {
            let empty = vm.share(vm.single.empty_tuple);
            by_iter(vm, vec![empty], None)
        }
        IterBody::Callable { func, sentinel } => {
            let parts = vec![vm.share(func), vm.share(sentinel)];
            by_iter(vm, parts, None)
        }
        IterBody::Enumerate { iter, index, long, .. } => {
            let count = match long.some() {
                Some(long) => vm.share(long),
                None => vm.new_int(index),
            };
            let parts = vec![vm.share(iter), count];
            let class = vm.share(class);
            Ok(triple(vm, class, parts, None))
        }
        IterBody::Zip { iters, strict, .. } => {
            let parts = iters.iter().map(|&iter| vm.share(iter)).collect();
            let class = vm.share(class);
            let state = strict.then(|| vm.bool(true));
            Ok(triple(vm, class, parts, state))
        }
        IterBody::Map { func, iters, strict } => {
            let mut parts = vec![vm.share(func)];
            parts.extend(iters.iter().map(|&iter| vm.share(iter)));
            let class = vm.share(class);
            let state = strict.then(|| vm.bool(true));
            Ok(triple(vm, class, parts, state))
        }
        IterBody::Filter { func, iter } => {
            let parts = vec![vm.share(func), vm.share(iter)];
            let class = vm.share(class);
            Ok(triple(vm, class, parts, None))
        }
        IterBody::Done => {
            let text = format!("cannot pickle '{}' object", vm.class_name(this));
            Err(vm.type_error(text))
        }
    }
}

fn remade_range(vm: &mut Vm, parts: [Owned; 3]) -> Res<Owned> {
    let class = vm.class(Ty::Range);
    let names = [parts[0].get(), parts[1].get(), parts[2].get()];
    let range = vm.call(class, &names);
    vm.release_owned(parts.into());
    range
}

/// What a dict or set iterator still has to give; it is not moved on.
fn rest(vm: &mut Vm, this: Ref) -> Res<Vec<Owned>> {
    let mut copy = body(vm, this);
    match &mut copy {
        IterBody::Dict { dict, result, what, .. } | IterBody::DictReversed { dict, result, what, .. } => {
            if dict.is_null() {
                return Ok(Vec::new());
            }
            vm.heap.inc(*dict);
            *result = if *what == View::Items { vm.none_tuple(2) } else { Ref::NULL };
        }
        IterBody::Set { set, .. } => {
            if set.is_null() {
                return Ok(Vec::new());
            }
            vm.heap.inc(*set);
        }
        _ => return Ok(Vec::new()),
    }
    let kind = vm.heap.kind_of(this);
    let copy = vm.heap.alloc(kind, copy);
    let copy = vm.hold(copy);
    vm.collect(copy)
}

fn by_iter(vm: &mut Vm, parts: Vec<Owned>, state: Option<Owned>) -> Res<Owned> {
    let name = vm.names.builtin_iter;
    let Some(iter) = vm.dict_get_text(vm.builtins, name) else {
        vm.release_owned(parts);
        vm.release_all(state.map(Owned::into_ref));
        return Err(vm.raise(Ty::AttributeError, "iter"));
    };
    let iter = vm.share(iter);
    Ok(triple(vm, iter, parts, state))
}

fn triple(vm: &mut Vm, callable: Owned, parts: Vec<Owned>, state: Option<Owned>) -> Owned {
    let parts = vm.new_tuple(parts);
    let mut items = vec![callable, parts];
    items.extend(state);
    vm.new_tuple(items)
}

fn set_state(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, state) = (args.get(vm, 0), args.get(vm, 1));
    if vm.as_int(state).is_none() {
        return Err(vm.type_error("an integer is required"));
    }
    let state = vm.index_of(state)?;
    let len = match body(vm, this) {
        IterBody::Reversed { seq, .. } if !seq.is_null() => vm.length(seq)? as i64,
        _ => 0,
    };
    match vm.heap.get_mut::<IterBody>(this) {
        Some(IterBody::Sequence { at, .. }) => *at = usize::try_from(state).unwrap_or(0),
        Some(IterBody::Reversed { seq, at }) if !seq.is_null() => *at = state.clamp(-1, len - 1),
        _ => {}
    }
    Ok(vm.none())
}

/// The state of `zip` and `map` is whether their iterables have to be of one length.
fn set_strict(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, state) = (args.get(vm, 0), args.get(vm, 1));
    let wanted = vm.truth(state)?;
    if let Some(IterBody::Zip { strict, .. } | IterBody::Map { strict, .. }) = vm.heap.get_mut::<IterBody>(this) {
        *strict = wanted;
    }
    Ok(vm.none())
}

// ---- constructors ---------------------------------------------------------------------------------------------

/// Keyword arguments are refused where the class itself is called, not where a subclass takes them.
fn refuse_keywords(vm: &mut Vm, args: Args, class: Ref, ty: Ty, name: &str) -> Res<()> {
    let own_init = vm.lookup(class, vm.names.init).is_none_or(|init| vm.is_object_init(init));
    if class == vm.class(ty) || own_init { vm.no_keywords(args, name) } else { Ok(()) }
}

fn new_reversed(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Reversed)?;
    refuse_keywords(vm, args, class, Ty::Reversed, "reversed")?;
    let given = args.rest(vm, 1);
    let &[seq] = &given[..] else {
        let text = format!("reversed expected 1 argument, got {}", given.len());
        return Err(vm.type_error(text));
    };
    let seq_class = vm.heap.class_of(seq);
    let method = vm.lookup(seq_class, vm.names.reversed);
    match method {
        Some(method) if method != vm.single.none => return vm.call_special(method, seq, &[]),
        None if vm.heap.layout(seq) != Layout::Dict && vm.lookup(seq_class, vm.names.getitem).is_some() => {}
        Some(_) | None => {
            let text = format!("'{}' object is not reversible", vm.type_name(seq_class));
            return Err(vm.type_error(text));
        }
    }
    let at = vm.length(seq)? as i64 - 1;
    let kind = vm.instance_kind_of(class);
    let seq = vm.share(seq).into_ref();
    Ok(vm.heap.alloc(kind, IterBody::Reversed { seq, at }))
}

fn new_enumerate(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Enumerate)?;
    let [iterable, start] = vm.new_arguments(args, "enumerate", ["iterable", "start"], 0)?;
    if iterable.is_null() {
        let text = if vm.profile.enumerate_missing_position {
            "enumerate() missing required argument 'iterable' (pos 1)"
        } else {
            "enumerate() missing required argument 'iterable'"
        };
        return Err(vm.type_error(text));
    }
    let start = if start.is_null() { 0_i64.into() } else { vm.index(start)? };
    let (index, long) = match start.to_i64() {
        Some(index) => (index, Ref::NULL),
        None => (0, vm.int_object(start).into_ref()),
    };
    let iter = match vm.iter(iterable) {
        Ok(iter) => iter.into_ref(),
        Err(stop) => {
            vm.release_maybe(long);
            return Err(stop);
        }
    };
    let result = vm.none_tuple(2);
    let kind = vm.instance_kind_of(class);
    Ok(vm.heap.alloc(kind, IterBody::Enumerate { iter, index, long, result }))
}

/// The iterators of several iterables, counted.
fn iterators(vm: &mut Vm, iterables: &[Ref]) -> Res<Vec<Ref>> {
    let mut iters = Vec::with_capacity(iterables.len());
    for &iterable in iterables {
        match vm.iter(iterable) {
            Ok(iter) => iters.push(iter.into_ref()),
            Err(stop) => {
                vm.release_all(iters);
                return Err(stop);
            }
        }
    }
    Ok(iters)
}

/// The argument `strict`, the only one that `zip` and `map` take by keyword.
fn strict_argument(vm: &mut Vm, args: Args, name: &str) -> Res<bool> {
    let keywords = args.keyword_pairs(vm);
    if keywords.len() > 1 {
        let text = format!("{name}() takes at most 1 keyword argument ({} given)", keywords.len());
        return Err(vm.type_error(text));
    }
    let Some(&(keyword, value)) = keywords.first() else { return Ok(false) };
    let keyword = vm.show(keyword);
    if keyword != "strict" {
        let text = vm.profile.native_keyword_error.text(name, &keyword);
        return Err(vm.type_error(text));
    }
    vm.truth(value)
}

fn new_zip(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Zip)?;
    let strict = if vm.profile.zip_strict {
        strict_argument(vm, args, "zip")?
    } else {
        refuse_keywords(vm, args, class, Ty::Zip, "zip")?;
        false
    };
    let given = args.rest(vm, 1);
    let iters = iterators(vm, &given)?;
    let result = vm.none_tuple(iters.len());
    let kind = vm.instance_kind_of(class);
    Ok(vm.heap.alloc(kind, IterBody::Zip { iters, strict, result }))
}

fn new_map(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Map)?;
    let strict = if vm.profile.map_strict {
        strict_argument(vm, args, "map")?
    } else {
        refuse_keywords(vm, args, class, Ty::Map, "map")?;
        false
    };
    let given = args.rest(vm, 1);
    let [func, iterables @ ..] = &given[..] else {
        return Err(vm.type_error("map() must have at least two arguments."));
    };
    if iterables.is_empty() {
        return Err(vm.type_error("map() must have at least two arguments."));
    }
    let iters = iterators(vm, iterables)?;
    let func = vm.share(*func).into_ref();
    let kind = vm.instance_kind_of(class);
    Ok(vm.heap.alloc(kind, IterBody::Map { func, iters, strict }))
}

fn new_filter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Filter)?;
    refuse_keywords(vm, args, class, Ty::Filter, "filter")?;
    let given = args.rest(vm, 1);
    let &[func, iterable] = &given[..] else {
        let text = format!("filter expected 2 arguments, got {}", given.len());
        return Err(vm.type_error(text));
    };
    let iter = vm.iter(iterable)?.into_ref();
    let func = vm.share(func).into_ref();
    let kind = vm.instance_kind_of(class);
    Ok(vm.heap.alloc(kind, IterBody::Filter { func, iter }))
}

/// `iter(callable, sentinel)`
pub fn callable_iterator(vm: &mut Vm, func: Ref, sentinel: Ref) -> Owned {
    let (func, sentinel) = (vm.share(func).into_ref(), vm.share(sentinel).into_ref());
    vm.new_iter(Ty::CallableIterator, IterBody::Callable { func, sentinel })
}
