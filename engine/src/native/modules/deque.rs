//! `collections.deque`: a record whose parts are the items.
//!
//! Invariant: `numbers` are the bound (-1 for none), a state that every change of length moves on, and the place of the
//! first item in its block of 64, from which `sys.getsizeof` follows.

use crate::code::CmpOp;
use crate::heap::{Owned, RecordBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getter, method, new, slot};
use crate::vm::{Res, Stop, Ty, Vm};

const BOUND: usize = 0;
const STATE: usize = 1;
const FIRST: usize = 2;

/// Items in a block of CPython's.
const BLOCK: i64 = 64;
/// Where the first item of an empty deque goes.
const CENTER: i64 = 32;

/// The methods.
pub static METHODS: &[NativeDef] = &[
    new(deque_new),
    slot("__init__", 0, init).named(&["iterable", "maxlen"], 0, 2, 0),
    slot("__repr__", 0, repr),
    slot("__len__", 0, |vm, args| {
        let length = items(vm, args.get(vm, 0)).len();
        Ok(vm.new_size(length))
    }),
    slot("__iter__", 0, |vm, args| iterator(vm, args, Ty::DequeIterator)),
    method("__reversed__", 0, 0, |vm, args| iterator(vm, args, Ty::DequeReverseIterator)),
    slot("__getitem__", 1, getitem),
    slot("__setitem__", 2, setitem),
    slot("__delitem__", 1, delitem),
    slot("__contains__", 1, |vm, args| {
        let found = find(vm, args.get(vm, 0), args.get(vm, 1))?;
        Ok(vm.bool(found.is_some()))
    }),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
    slot("__add__", 1, add),
    slot("__iadd__", 1, iadd),
    slot("__mul__", 1, multiply),
    slot("__rmul__", 1, multiply),
    slot("__imul__", 1, multiply_in_place),
    method("append", 1, 1, |vm, args| {
        let item = vm.share(args.get(vm, 1));
        push(vm, args.get(vm, 0), item, false);
        Ok(vm.none())
    }),
    method("appendleft", 1, 1, |vm, args| {
        let item = vm.share(args.get(vm, 1));
        push(vm, args.get(vm, 0), item, true);
        Ok(vm.none())
    }),
    method("extend", 1, 1, |vm, args| extend(vm, args.get(vm, 0), args.get(vm, 1), false)),
    method("extendleft", 1, 1, |vm, args| extend(vm, args.get(vm, 0), args.get(vm, 1), true)),
    method("pop", 0, 0, |vm, args| pop(vm, args.get(vm, 0), false)),
    method("popleft", 0, 0, |vm, args| pop(vm, args.get(vm, 0), true)),
    method("clear", 0, 0, |vm, args| {
        clear(vm, args.get(vm, 0));
        Ok(vm.none())
    }),
    method("copy", 0, 0, copy),
    method("__copy__", 0, 0, copy),
    method("count", 1, 1, count),
    method("index", 1, 3, index),
    method("insert", 2, 2, insert),
    method("remove", 1, 1, remove),
    method("reverse", 0, 0, |vm, args| {
        if let Some(body) = vm.heap.get_mut::<RecordBody>(args.get(vm, 0)) {
            body.parts.reverse();
        }
        Ok(vm.none())
    }),
    method("rotate", 0, 1, rotate),
    method("__reduce__", 0, 0, reduce),
];

/// The computed attributes.
pub static GETSETS: &[GetSetDef] = &[getter("maxlen", maxlen)];

/// The methods of both iterators: parts are the deque, numbers the place and the state.
pub static ITERATOR: &[NativeDef] = &[
    slot("__iter__", 0, |vm, args| {
        let this = args.get(vm, 0);
        Ok(vm.share(this))
    }),
    slot("__next__", 0, next),
    method("__length_hint__", 0, 0, |vm, args| {
        let (deque, at, _) = position(vm, args.get(vm, 0));
        let left = items(vm, deque).len().saturating_sub(at);
        Ok(vm.new_size(left))
    }),
];

fn items(vm: &Vm, this: Ref) -> &[Ref] {
    vm.heap.get::<RecordBody>(this).map_or(&[], |body| &body.parts)
}

fn number(vm: &Vm, this: Ref, which: usize) -> i64 {
    vm.heap.get::<RecordBody>(this).and_then(|body| body.numbers.get(which).copied()).unwrap_or(0)
}

/// Changes the items; `left` is how far the first item moves to the right in its block.
fn change<T>(vm: &mut Vm, this: Ref, left: i64, run: impl FnOnce(&mut Vec<Ref>) -> T) -> Option<T> {
    let body = vm.heap.get_mut::<RecordBody>(this)?;
    let result = run(&mut body.parts);
    if let [_, state, first] = &mut body.numbers[..] {
        *state = state.wrapping_add(1);
        *first = if body.parts.is_empty() { CENTER } else { (*first + left).rem_euclid(BLOCK) };
    }
    Some(result)
}

/// How many blocks of CPython's a deque has.
pub fn blocks(body: &RecordBody) -> usize {
    let first = body.numbers.get(FIRST).copied().unwrap_or(CENTER);
    let span = (first + body.parts.len() as i64).unsigned_abs().div_ceil(BLOCK as u64);
    if body.parts.is_empty() { 1 } else { span as usize }
}

fn maxlen(vm: &mut Vm, this: Ref) -> Res<Owned> {
    match number(vm, this, BOUND) {
        bound if bound < 0 => Ok(vm.none()),
        bound => Ok(vm.new_int(bound)),
    }
}

fn deque_new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let kind = vm.instance_kind_of(args.get(vm, 0));
    Ok(vm.heap.alloc(kind, RecordBody { numbers: vec![-1, 0, CENTER], ..RecordBody::default() }))
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, iterable, bound) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let bound = if vm.is_none_or_missing(bound) {
        -1
    } else {
        if vm.as_int(bound).is_none() {
            return Err(vm.type_error("an integer is required"));
        }
        let bound = vm.index_of(bound)?;
        if bound < 0 {
            return Err(vm.value_error("maxlen must be non-negative"));
        }
        bound
    };
    if let Some(number) = vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.numbers.first_mut()) {
        *number = bound;
    }
    clear(vm, this);
    if !iterable.is_null() {
        let nothing = extend(vm, this, iterable, false)?;
        vm.release(nothing);
    }
    Ok(vm.none())
}

/// Puts an item at an end; a full deque loses one at the other.
fn push(vm: &mut Vm, this: Ref, item: Owned, left: bool) {
    let item = item.into_ref();
    let bound = number(vm, this, BOUND);
    let full = bound >= 0 && items(vm, this).len() as i64 >= bound;
    if left {
        let _ = change(vm, this, -1, |parts| parts.insert(0, item));
    } else {
        let _ = change(vm, this, 0, |parts| parts.push(item));
    }
    if full {
        let lost = change(vm, this, i64::from(!left), |parts| {
            if left { parts.pop() } else { (!parts.is_empty()).then(|| parts.remove(0)) }
        });
        vm.release_all(lost.flatten());
    }
}

fn clear(vm: &mut Vm, this: Ref) {
    let old = change(vm, this, 0, std::mem::take);
    vm.release_all(old.unwrap_or_default());
}

fn extend(vm: &mut Vm, this: Ref, iterable: Ref, left: bool) -> Res<Owned> {
    if iterable == this {
        let copy = items(vm, this).to_vec();
        for item in copy {
            let item = vm.share(item);
            push(vm, this, item, left);
        }
        return Ok(vm.none());
    }
    if items(vm, this).is_empty()
        && number(vm, this, BOUND) != 0
        && let Some(first) = vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.numbers.get_mut(FIRST))
    {
        // Filled from the end of its block where more is expected.
        *first = if left { BLOCK - 1 } else { 1 };
    }
    vm.for_each(iterable, |vm, item| {
        push(vm, this, item, left);
        Ok(true)
    })?;
    Ok(vm.none())
}

fn pop(vm: &mut Vm, this: Ref, left: bool) -> Res<Owned> {
    if items(vm, this).is_empty() {
        return Err(vm.raise(Ty::IndexError, "pop from an empty deque"));
    }
    let item = change(vm, this, i64::from(left), |parts| if left { Some(parts.remove(0)) } else { parts.pop() });
    match item.flatten() {
        Some(item) => Ok(Owned::adopt(item)),
        None => Ok(vm.none()),
    }
}

/// The place that an index means, if it is inside.
fn place(vm: &mut Vm, this: Ref, index: Ref) -> Res<usize> {
    if vm.as_int(index).is_none() {
        let class = vm.heap.class_of(index);
        let name = vm.names.index;
        if vm.lookup(class, name).is_none() {
            let text = format!("sequence index must be integer, not '{}'", vm.type_name(class));
            return Err(vm.type_error(text));
        }
    }
    let at = vm.index_of(index)?;
    let length = items(vm, this).len() as i64;
    let at = if at < 0 { at + length } else { at };
    if at < 0 || at >= length {
        return Err(vm.raise(Ty::IndexError, "deque index out of range"));
    }
    Ok(at as usize)
}

fn getitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    let at = place(vm, this, index)?;
    let item = items(vm, this).get(at).copied().unwrap_or(vm.single.none);
    Ok(vm.share(item))
}

fn setitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let at = place(vm, this, index)?;
    let value = vm.share(value).into_ref();
    let old = match vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.parts.get_mut(at)) {
        Some(item) => std::mem::replace(item, value),
        None => value,
    };
    vm.release_ref(old);
    Ok(vm.none())
}

fn delete_at(vm: &mut Vm, this: Ref, at: usize) {
    let first_half = at < items(vm, this).len() / 2;
    let old = change(vm, this, i64::from(first_half), |parts| (at < parts.len()).then(|| parts.remove(at)));
    vm.release_all(old.flatten());
}

fn delitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    let at = place(vm, this, index)?;
    delete_at(vm, this, at);
    Ok(vm.none())
}

/// The first place of an equal item.
fn find(vm: &mut Vm, this: Ref, wanted: Ref) -> Res<Option<usize>> {
    let state = number(vm, this, STATE);
    let mut at = 0;
    while let Some(&item) = items(vm, this).get(at) {
        let item = vm.share(item);
        let same = vm.same_or_equal(item.get(), wanted);
        vm.release(item);
        if same? {
            return Ok(Some(at));
        }
        if number(vm, this, STATE) != state {
            return Err(mutated(vm));
        }
        at += 1;
    }
    Ok(None)
}

#[cold]
fn mutated(vm: &mut Vm) -> Stop {
    vm.raise(Ty::RuntimeError, "deque mutated during iteration")
}

/// A list of the items, under the machine's care.
fn as_list(vm: &mut Vm, this: Ref) -> Ref {
    let copy = items(vm, this).to_vec();
    let list = vm.list_of(&copy);
    vm.hold(list)
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let class = vm.class(Ty::Deque);
    if !vm.is_instance_of(other, class) {
        return Ok(vm.not_implemented());
    }
    let (left, right) = (as_list(vm, this), as_list(vm, other));
    vm.compare(left, right, op)
}

/// A deque of the same class and bound.
fn copy(vm: &mut Vm, args: Args) -> Res<Owned> {
    copy_of(vm, args.get(vm, 0))
}

fn copy_of(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let class = vm.heap.class_of(this);
    if number(vm, this, BOUND) < 0 {
        return vm.call(class, &[this]);
    }
    let bound = maxlen(vm, this)?;
    let bound = vm.hold(bound);
    vm.call(class, &[this, bound])
}

fn add(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let class = vm.class(Ty::Deque);
    if !vm.is_instance_of(other, class) {
        let text = format!("can only concatenate deque (not \"{}\") to deque", vm.class_name(other));
        return Err(vm.type_error(text));
    }
    let made = copy_of(vm, this)?;
    let made = vm.hold(made);
    let nothing = extend(vm, made, other, false)?;
    vm.release(nothing);
    Ok(vm.share(made))
}

fn iadd(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let nothing = extend(vm, this, other, false)?;
    vm.release(nothing);
    Ok(vm.share(this))
}

fn multiply(vm: &mut Vm, args: Args) -> Res<Owned> {
    let times = vm.index_of(args.get(vm, 1))?;
    let made = copy_of(vm, args.get(vm, 0))?;
    let made = vm.hold(made);
    repeat(vm, made, times)?;
    Ok(vm.share(made))
}

fn multiply_in_place(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let times = vm.index_of(args.get(vm, 1))?;
    repeat(vm, this, times)?;
    Ok(vm.share(this))
}

fn repeat(vm: &mut Vm, this: Ref, times: i64) -> Res<()> {
    let once = items(vm, this).to_vec();
    if times <= 0 {
        clear(vm, this);
        return Ok(());
    }
    for _ in 1..times {
        for &item in &once {
            vm.step()?;
            let item = vm.share(item);
            push(vm, this, item, false);
        }
    }
    Ok(())
}

fn count(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (list, wanted) = (as_list(vm, args.get(vm, 0)), args.get(vm, 1));
    let mut found = 0;
    for item in vm.sequence_items(list) {
        found += usize::from(vm.same_or_equal(item, wanted)?);
    }
    Ok(vm.new_size(found))
}

fn index(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, wanted) = (args.get(vm, 0), args.get(vm, 1));
    let list = as_list(vm, this);
    let items = vm.sequence_items(list);
    let bound = |vm: &mut Vm, at: usize, missing: usize| -> Res<usize> {
        let given = args.get(vm, at);
        if given.is_null() {
            return Ok(missing);
        }
        let value = vm.index_clamped(given)?;
        let value = if value < 0 { value.saturating_add(items.len() as i64) } else { value };
        Ok(value.clamp(0, items.len() as i64) as usize)
    };
    let (start, stop) = (bound(vm, 2, 0)?, bound(vm, 3, items.len())?);
    for (at, &item) in items.iter().enumerate().take(stop).skip(start) {
        if vm.same_or_equal(item, wanted)? {
            return Ok(vm.new_size(at));
        }
    }
    let text = format!("{} is not in deque", vm.repr(wanted)?.to_string_lossy());
    Err(vm.value_error(text))
}

fn insert(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, item) = (args.get(vm, 0), args.get(vm, 2));
    let at = vm.index_clamped(args.get(vm, 1))?;
    let length = items(vm, this).len() as i64;
    let bound = number(vm, this, BOUND);
    if bound >= 0 && length >= bound {
        return Err(vm.raise(Ty::IndexError, "deque already at its maximum size"));
    }
    let at = if at < 0 { (at + length).max(0) } else { at.min(length) } as usize;
    let item = vm.share(item).into_ref();
    let first_half = (at as i64) < length / 2;
    let _ = change(vm, this, -i64::from(first_half), |parts| parts.insert(at.min(parts.len()), item));
    Ok(vm.none())
}

fn remove(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, wanted) = (args.get(vm, 0), args.get(vm, 1));
    match find(vm, this, wanted)? {
        Some(at) => {
            delete_at(vm, this, at);
            Ok(vm.none())
        }
        None => {
            let text = if vm.profile.deque_remove_names_value {
                format!("{} is not in deque", vm.repr(wanted)?.to_string_lossy())
            } else {
                "deque.remove(x): x not in deque".to_string()
            };
            Err(vm.value_error(text))
        }
    }
}

fn rotate(vm: &mut Vm, args: Args) -> Res<Owned> {
    let by = args.get(vm, 1);
    let by = if by.is_null() { 1 } else { vm.index_of(by)? };
    let length = items(vm, args.get(vm, 0)).len();
    if length > 1 {
        let turn = by.rem_euclid(length as i64);
        let _ = change(vm, args.get(vm, 0), -by % length as i64, |parts| parts.rotate_right(turn as usize));
    }
    Ok(vm.none())
}

fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let class = vm.heap.class_of(this);
    let bound = maxlen(vm, this)?;
    let bound = vm.hold(bound);
    let arguments = if bound == vm.single.none {
        vm.tuple_of(&[])
    } else {
        let empty = vm.single.empty_tuple;
        vm.tuple_of(&[empty, bound])
    };
    let arguments = vm.hold(arguments);
    let state = vm.reduced_state(this)?;
    let state = vm.hold(state);
    let items = vm.iter(this)?;
    let items = vm.hold(items);
    Ok(vm.tuple_of(&[class, arguments, state, items]))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let class = vm.heap.class_of(this);
    let name = vm.type_short_name(class);
    let shown = vm.repr_guarded(this, |vm| {
        let list = as_list(vm, this);
        vm.repr(list)
    })?;
    let Some(shown) = shown else { return Ok(vm.new_str("[...]")) };
    let bound = number(vm, this, BOUND);
    let bound = if bound < 0 { String::new() } else { format!(", maxlen={bound}") };
    let text = format!("{name}({}{bound})", shown.to_string_lossy());
    Ok(vm.new_str(&text))
}

// ---- iterators ------------------------------------------------------------------------------------------------

fn iterator(vm: &mut Vm, args: Args, ty: Ty) -> Res<Owned> {
    let this = args.get(vm, 0);
    let numbers = vec![0, number(vm, this, STATE)];
    let deque = vm.share(this).into_ref();
    Ok(vm.heap.alloc(ty.kind(), RecordBody { parts: vec![deque], numbers, ..RecordBody::default() }))
}

/// The deque, how many items were given, and the state that it must have.
fn position(vm: &Vm, this: Ref) -> (Ref, usize, i64) {
    let deque = items(vm, this).first().copied().unwrap_or(Ref::NULL);
    (deque, number(vm, this, 0) as usize, number(vm, this, 1))
}

fn next(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let (deque, at, state) = position(vm, this);
    let length = items(vm, deque).len();
    if number(vm, deque, STATE) != state {
        return Err(mutated(vm));
    }
    if at >= length {
        return Err(vm.raise_with(Ty::StopIteration, Vec::new()));
    }
    let place = if vm.is_exact(this, Ty::DequeIterator) { at } else { length - 1 - at };
    let item = items(vm, deque).get(place).copied().unwrap_or(vm.single.none);
    if let Some(number) = vm.heap.get_mut::<RecordBody>(this).and_then(|body| body.numbers.first_mut()) {
        *number += 1;
    }
    Ok(vm.share(item))
}
