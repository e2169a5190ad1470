//! `set` and `frozenset`.
//!
//! Invariant: an item leaves the set before it is released. Which of two equal items is asked, and which one ends up in
//! a result, follows `Objects/setobject.c`.

use super::hash;
use super::table::set::Set as SetTable;
use super::text::{Text, TextBuilder};
use crate::code::CmpOp;
use crate::heap::{Layout, Owned, Ref, SetBody};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Found, Res, Ty, Vm};

/// The methods of `set`.
pub static METHODS: &[NativeDef] = &[
    new(make_set),
    slot("__init__", 0, init).any(),
    slot("__repr__", 0, repr),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
    slot("__iter__", 0, iter),
    slot("__len__", 0, len),
    slot("__and__", 1, |vm, args| operator(vm, args, Op::And, false)),
    slot("__rand__", 1, |vm, args| operator(vm, args, Op::And, true)),
    slot("__or__", 1, |vm, args| operator(vm, args, Op::Or, false)),
    slot("__ror__", 1, |vm, args| operator(vm, args, Op::Or, true)),
    slot("__sub__", 1, |vm, args| operator(vm, args, Op::Sub, false)),
    slot("__rsub__", 1, |vm, args| operator(vm, args, Op::Sub, true)),
    slot("__xor__", 1, |vm, args| operator(vm, args, Op::Xor, false)),
    slot("__rxor__", 1, |vm, args| operator(vm, args, Op::Xor, true)),
    slot("__iand__", 1, |vm, args| inplace(vm, args, Op::And)),
    slot("__ior__", 1, |vm, args| inplace(vm, args, Op::Or)),
    slot("__isub__", 1, |vm, args| inplace(vm, args, Op::Sub)),
    slot("__ixor__", 1, |vm, args| inplace(vm, args, Op::Xor)),
    method("__contains__", 1, 1, contains),
    method("__reduce__", 0, 0, reduce),
    method("add", 1, 1, add),
    method("clear", 0, 0, clear),
    method("copy", 0, 0, copy),
    method("difference", 0, 0, difference).any(),
    method("difference_update", 0, 0, difference_update).any(),
    method("discard", 1, 1, discard),
    method("intersection", 0, 0, intersection).any(),
    method("intersection_update", 0, 0, intersection_update).any(),
    method("isdisjoint", 1, 1, is_disjoint),
    method("issubset", 1, 1, is_subset),
    method("issuperset", 1, 1, is_superset),
    method("pop", 0, 0, pop),
    method("remove", 1, 1, remove),
    method("symmetric_difference", 1, 1, symmetric_difference),
    method("symmetric_difference_update", 1, 1, symmetric_difference_update),
    method("union", 0, 0, union).any(),
    method("update", 0, 0, update).any(),
];

/// The methods of `frozenset`.
pub static FROZEN: &[NativeDef] = &[
    new(make_frozenset),
    slot("__repr__", 0, repr),
    slot("__hash__", 0, hash_value),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
    slot("__iter__", 0, iter),
    slot("__len__", 0, len),
    slot("__and__", 1, |vm, args| operator(vm, args, Op::And, false)),
    slot("__rand__", 1, |vm, args| operator(vm, args, Op::And, true)),
    slot("__or__", 1, |vm, args| operator(vm, args, Op::Or, false)),
    slot("__ror__", 1, |vm, args| operator(vm, args, Op::Or, true)),
    slot("__sub__", 1, |vm, args| operator(vm, args, Op::Sub, false)),
    slot("__rsub__", 1, |vm, args| operator(vm, args, Op::Sub, true)),
    slot("__xor__", 1, |vm, args| operator(vm, args, Op::Xor, false)),
    slot("__rxor__", 1, |vm, args| operator(vm, args, Op::Xor, true)),
    method("__contains__", 1, 1, contains),
    method("__reduce__", 0, 0, reduce),
    method("copy", 0, 0, copy),
    method("difference", 0, 0, difference).any(),
    method("intersection", 0, 0, intersection).any(),
    method("isdisjoint", 1, 1, is_disjoint),
    method("issubset", 1, 1, is_subset),
    method("issuperset", 1, 1, is_superset),
    method("symmetric_difference", 1, 1, symmetric_difference),
    method("union", 0, 0, union).any(),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Op {
    And,
    Or,
    Sub,
    Xor,
}

fn is_set(vm: &Vm, r: Ref) -> bool {
    vm.heap.layout(r) == Layout::Set
}

fn is_frozen(vm: &Vm, r: Ref) -> bool {
    vm.is_instance_of(r, vm.class(Ty::FrozenSet))
}

// ---- making ---------------------------------------------------------------------------------------------------

fn make_set(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Set)?;
    let kind = vm.instance_kind_of(class);
    Ok(vm.new_set_of(kind, SetTable::new()))
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    vm.no_keywords(args, "set")?;
    let given = args.rest(vm, 1);
    if given.len() > 1 {
        let text = format!("set expected at most 1 argument, got {}", given.len());
        return Err(vm.type_error(text));
    }
    vm.set_clear(this);
    if let Some(&iterable) = given.first() {
        vm.set_update(this, iterable)?;
    }
    Ok(vm.none())
}

fn make_frozenset(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::FrozenSet)?;
    let exact = class == vm.class(Ty::FrozenSet);
    if exact || vm.lookup(class, vm.names.init).is_none_or(|init| vm.is_object_init(init)) {
        vm.no_keywords(args, "frozenset")?;
    }
    let given = args.rest(vm, 1);
    if given.len() > 1 {
        let text = format!("frozenset expected at most 1 argument, got {}", given.len());
        return Err(vm.type_error(text));
    }
    let iterable = given.first().copied().unwrap_or(Ref::NULL);
    if exact && !iterable.is_null() && vm.is_exact(iterable, Ty::FrozenSet) {
        return Ok(vm.share(iterable));
    }
    let kind = vm.instance_kind_of(class);
    let made = vm.new_set_of(kind, SetTable::new());
    let made = vm.hold(made);
    if !iterable.is_null() {
        vm.set_update(made, iterable)?;
    }
    let shared = vm.single.empty_frozenset;
    if exact && vm.set_len(made) == 0 && !shared.is_null() {
        return Ok(vm.share(shared));
    }
    if exact {
        vm.untrack_frozen(made);
    }
    Ok(vm.share(made))
}

/// An empty set of the built-in type that the class of `like` is based on.
fn new_like(vm: &mut Vm, like: Ref) -> Ref {
    let ty = if is_frozen(vm, like) { Ty::FrozenSet } else { Ty::Set };
    let made = vm.new_set_of(ty.kind(), SetTable::new());
    vm.hold(made)
}

fn copy_of(vm: &mut Vm, set: Ref) -> Res<Ref> {
    let made = new_like(vm, set);
    vm.set_merge(made, set)?;
    Ok(made)
}

fn copy(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if vm.is_exact(this, Ty::FrozenSet) {
        return Ok(vm.share(this));
    }
    let made = copy_of(vm, this)?;
    Ok(vm.share(made))
}

// ---- asking ---------------------------------------------------------------------------------------------------

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let name = vm.class_name(this);
    if vm.set_len(this) == 0 {
        return Ok(vm.new_str(&format!("{name}()")));
    }
    let plain = vm.is_exact(this, Ty::Set);
    let text = vm.repr_guarded(this, |vm| {
        let items = vm.set_items(this);
        let list = vm.list_of(&items);
        let text = vm.repr(list.get());
        vm.release(list);
        let text = text?;
        let inner = text.sub(1, text.len().saturating_sub(1));
        let mut out = TextBuilder::new();
        out.push_str(&if plain { "{".to_string() } else { format!("{name}({{") });
        out.push_text(&inner);
        out.push_str(if plain { "}" } else { "})" });
        Ok(out.finish())
    })?;
    let text = text.unwrap_or_else(|| Text::from(format!("{name}(...)").as_str()));
    Ok(vm.new_text(text))
}

fn hash_value(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(body) = vm.heap.get::<SetBody>(this) else { return Ok(vm.new_int(0)) };
    let hash = match body.hash.get() {
        Some(hash) => hash,
        None => hash::of_frozenset(body.table.iter().map(|(hash, _)| hash)),
    };
    body.hash.set(Some(hash));
    Ok(vm.new_int(hash))
}

fn iter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    match vm.iter_native(this) {
        Some(iterator) => Ok(iterator),
        None => Err(vm.type_error("not a set")),
    }
}

fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let len = vm.set_len(args.get(vm, 0));
    Ok(vm.new_size(len))
}

fn contains(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, item) = (args.get(vm, 0), args.get(vm, 1));
    let found = with_key(vm, item, |vm, item| vm.set_contains(this, item))?;
    Ok(vm.bool(found))
}

/// Runs something with an item; a set that is unhashable is looked for as the frozenset of its items.
fn with_key(vm: &mut Vm, item: Ref, run: impl Fn(&mut Vm, Ref) -> Res<bool>) -> Res<bool> {
    match run(vm, item) {
        Err(stop) if is_set(vm, item) => {
            vm.catch(stop, Ty::TypeError)?;
            let frozen = vm.new_set_of(Ty::FrozenSet.kind(), SetTable::new());
            let frozen = vm.hold(frozen);
            vm.set_merge(frozen, item)?;
            run(vm, frozen)
        }
        result => result,
    }
}

/// Whether every item of `small` is in `large`, the one that asks being the one in `large`.
fn subset(vm: &mut Vm, small: Ref, large: Ref) -> Res<bool> {
    if vm.set_len(small) > vm.set_len(large) {
        return Ok(false);
    }
    let mut position = 0;
    while let Some((slot, hash, item)) = vm.set_table(small).and_then(|table| table.next_key(position)) {
        position = slot + 1;
        if !holds(vm, large, item, hash)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds(vm: &mut Vm, set: Ref, item: Ref, hash: i64) -> Res<bool> {
    let item = vm.share(item);
    let found = vm.set_find(set, item.get(), hash);
    vm.release(item);
    Ok(matches!(found?, Found::At(_)))
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if !is_set(vm, other) {
        return Ok(vm.not_implemented());
    }
    let (mine, its) = (vm.set_len(this), vm.set_len(other));
    let answer = match op {
        CmpOp::Eq => equal(vm, this, other)?,
        CmpOp::Ne => !equal(vm, this, other)?,
        CmpOp::Le => subset(vm, this, other)?,
        CmpOp::Ge => subset(vm, other, this)?,
        CmpOp::Lt => mine < its && subset(vm, this, other)?,
        CmpOp::Gt => mine > its && subset(vm, other, this)?,
    };
    Ok(vm.bool(answer))
}

fn equal(vm: &mut Vm, this: Ref, other: Ref) -> Res<bool> {
    let known = |vm: &Vm, r: Ref| vm.heap.get::<SetBody>(r).and_then(|body| body.hash.get());
    if vm.set_len(this) != vm.set_len(other) {
        return Ok(false);
    }
    if let (Some(a), Some(b)) = (known(vm, this), known(vm, other))
        && a != b
    {
        return Ok(false);
    }
    subset(vm, this, other)
}

/// An operand as a set: itself, or a new one of its items.
fn as_set(vm: &mut Vm, iterable: Ref) -> Res<Ref> {
    if is_set(vm, iterable) {
        return Ok(iterable);
    }
    let made = vm.new_set();
    let made = vm.hold(made);
    vm.set_update(made, iterable)?;
    Ok(made)
}

fn is_subset(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let other = as_set(vm, other)?;
    let answer = subset(vm, this, other)?;
    Ok(vm.bool(answer))
}

fn is_superset(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if is_set(vm, other) {
        let answer = subset(vm, other, this)?;
        return Ok(vm.bool(answer));
    }
    let mut all = true;
    vm.for_each(other, |vm, item| {
        let found = vm.set_contains(this, item.get());
        vm.release(item);
        all = found?;
        Ok(all)
    })?;
    Ok(vm.bool(all))
}

fn is_disjoint(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (mut this, mut other) = (args.get(vm, 0), args.get(vm, 1));
    if this == other {
        let empty = vm.set_len(this) == 0;
        return Ok(vm.bool(empty));
    }
    if !is_set(vm, other) {
        let mut disjoint = true;
        vm.for_each(other, |vm, item| {
            let found = vm.set_contains(this, item.get());
            vm.release(item);
            disjoint = !found?;
            Ok(disjoint)
        })?;
        return Ok(vm.bool(disjoint));
    }
    if vm.set_len(other) > vm.set_len(this) {
        (this, other) = (other, this);
    }
    let mut position = 0;
    while let Some((slot, hash, item)) = vm.set_table(other).and_then(|table| table.next_key(position)) {
        position = slot + 1;
        if holds(vm, this, item, hash)? {
            return Ok(vm.bool(false));
        }
    }
    Ok(vm.bool(true))
}

// ---- combining ------------------------------------------------------------------------------------------------

/// `set & other` as a new set.
pub fn intersect(vm: &mut Vm, set: Ref, other: Ref) -> Res<Owned> {
    if set == other {
        let made = copy_of(vm, set)?;
        return Ok(vm.share(made));
    }
    let made = new_like(vm, set);
    if !is_set(vm, other) {
        vm.for_each(other, |vm, item| {
            let result = intersect_item(vm, made, set, item.get());
            vm.release(item);
            result.map(|()| true)
        })?;
        return Ok(vm.share(made));
    }
    // The smaller set is gone through, the larger one asked.
    let (asked, walked) = if vm.set_len(other) > vm.set_len(set) { (other, set) } else { (set, other) };
    let mut position = 0;
    while let Some((slot, hash, item)) = vm.set_table(walked).and_then(|table| table.next_key(position)) {
        position = slot + 1;
        let item = vm.share(item);
        let result = match holds(vm, asked, item.get(), hash) {
            Ok(true) => vm.set_add_hashed(made, item.get(), hash).map(|_| ()),
            Ok(false) => Ok(()),
            Err(stop) => Err(stop),
        };
        vm.release(item);
        result?;
    }
    Ok(vm.share(made))
}

fn intersect_item(vm: &mut Vm, made: Ref, set: Ref, item: Ref) -> Res<()> {
    let hash = vm.hash(item)?;
    if holds(vm, set, item, hash)? {
        vm.set_add_hashed(made, item, hash)?;
    }
    Ok(())
}

/// Removes all items of an iterable.
pub fn remove_all(vm: &mut Vm, set: Ref, other: Ref) -> Res<()> {
    if set == other {
        vm.set_clear(set);
        return Ok(());
    }
    if !is_set(vm, other) {
        return vm.for_each(other, |vm, item| {
            let removed = vm.set_remove(set, item.get());
            vm.release(item);
            removed.map(|_| true)
        });
    }
    let mut position = 0;
    while let Some((slot, hash, item)) = vm.set_table(other).and_then(|table| table.next_key(position)) {
        position = slot + 1;
        let item = vm.share(item);
        let removed = vm.set_remove_hashed(set, item.get(), hash);
        vm.release(item);
        removed?;
    }
    Ok(())
}

/// `set - other` as a new set.
fn subtract(vm: &mut Vm, set: Ref, other: Ref) -> Res<Owned> {
    let other_len = if is_set(vm, other) {
        Some(vm.set_len(other))
    } else if vm.is_exact(other, Ty::Dict) {
        Some(vm.dict_len(other))
    } else {
        None
    };
    // A much larger set is copied, and what is in the other is removed.
    if vm.set_len(set) == 0 || other_len.is_none_or(|len| vm.set_len(set) >> 2 > len) {
        let made = copy_of(vm, set)?;
        if vm.set_len(set) > 0 || other_len.is_none() {
            remove_all(vm, made, other)?;
        }
        return Ok(vm.share(made));
    }
    let made = new_like(vm, set);
    let mut position = 0;
    while let Some((slot, hash, item)) = vm.set_table(set).and_then(|table| table.next_key(position)) {
        position = slot + 1;
        let item = vm.share(item);
        let found = if is_set(vm, other) {
            holds(vm, other, item.get(), hash)
        } else {
            vm.dict_find(other, item.get(), hash).map(|found| found.is_some())
        };
        let result = match found {
            Ok(false) => vm.set_add_hashed(made, item.get(), hash).map(|_| ()),
            Ok(true) => Ok(()),
            Err(stop) => Err(stop),
        };
        vm.release(item);
        result?;
    }
    Ok(vm.share(made))
}

/// Items of an iterable that are in the set go out, the others come in.
pub fn toggle_all(vm: &mut Vm, set: Ref, other: Ref) -> Res<()> {
    if set == other {
        vm.set_clear(set);
        return Ok(());
    }
    let other = as_set(vm, other)?;
    let mut position = 0;
    while let Some((slot, hash, item)) = vm.set_table(other).and_then(|table| table.next_key(position)) {
        position = slot + 1;
        let item = vm.share(item);
        let result = match vm.set_remove_hashed(set, item.get(), hash) {
            Ok(false) => vm.set_add_hashed(set, item.get(), hash).map(|_| ()),
            Ok(true) => Ok(()),
            Err(stop) => Err(stop),
        };
        vm.release(item);
        result?;
    }
    Ok(())
}

/// `set ^ other` as a new set: a copy of the other one, toggled.
fn toggled(vm: &mut Vm, set: Ref, other: Ref) -> Res<Owned> {
    let made = new_like(vm, set);
    vm.set_update(made, other)?;
    toggle_all(vm, made, set)?;
    Ok(vm.share(made))
}

fn united(vm: &mut Vm, set: Ref, other: Ref) -> Res<Owned> {
    let made = copy_of(vm, set)?;
    if set != other {
        vm.set_update(made, other)?;
    }
    Ok(vm.share(made))
}

fn operator(vm: &mut Vm, args: Args, op: Op, reflected: bool) -> Res<Owned> {
    let (mut left, mut right) = (args.get(vm, 0), args.get(vm, 1));
    if !is_set(vm, right) {
        return Ok(vm.not_implemented());
    }
    if reflected {
        std::mem::swap(&mut left, &mut right);
    }
    match op {
        Op::And => intersect(vm, left, right),
        Op::Or => united(vm, left, right),
        Op::Sub => subtract(vm, left, right),
        Op::Xor => toggled(vm, left, right),
    }
}

fn inplace(vm: &mut Vm, args: Args, op: Op) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if !is_set(vm, other) {
        return Ok(vm.not_implemented());
    }
    if !vm.profile.augmented_in_place.set_operators {
        return match op {
            Op::And => intersect(vm, this, other),
            Op::Or => united(vm, this, other),
            Op::Sub => subtract(vm, this, other),
            Op::Xor => toggled(vm, this, other),
        };
    }
    match op {
        Op::And => {
            let made = intersect(vm, this, other)?;
            take_over(vm, this, made);
        }
        Op::Or => vm.set_update(this, other)?,
        Op::Sub => remove_all(vm, this, other)?,
        Op::Xor => toggle_all(vm, this, other)?,
    }
    Ok(vm.share(this))
}

/// The set gets the contents of a new one; its old contents die with that.
fn take_over(vm: &mut Vm, this: Ref, made: Owned) {
    let theirs = vm.heap.get_mut::<SetBody>(made.get()).map(|body| std::mem::take(&mut body.table));
    if let Some(mut theirs) = theirs {
        if let Some(body) = vm.heap.get_mut::<SetBody>(this) {
            body.table.swap_contents(&mut theirs);
        }
        if let Some(body) = vm.heap.get_mut::<SetBody>(made.get()) {
            body.table = theirs;
        }
    }
    vm.release(made);
}

/// The operands of a method that takes any number of them.
fn operands(vm: &mut Vm, args: Args, name: &str) -> Res<Vec<Ref>> {
    if !args.keyword_names(vm).is_empty() {
        let text = format!("{}.{name}() takes no keyword arguments", vm.class_name(args.get(vm, 0)));
        return Err(vm.type_error(text));
    }
    Ok(args.rest(vm, 1))
}

fn union(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let others = operands(vm, args, "union")?;
    let made = copy_of(vm, this)?;
    for other in others {
        if other != this {
            vm.set_update(made, other)?;
        }
    }
    Ok(vm.share(made))
}

fn update(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    for other in operands(vm, args, "update")? {
        vm.set_update(this, other)?;
    }
    Ok(vm.none())
}

fn intersected(vm: &mut Vm, this: Ref, others: &[Ref]) -> Res<Owned> {
    let mut result = match others.first() {
        None => {
            let made = copy_of(vm, this)?;
            return Ok(vm.share(made));
        }
        Some(&other) => intersect(vm, this, other)?,
    };
    for &other in &others[1..] {
        let next = intersect(vm, result.get(), other);
        vm.release(result);
        result = next?;
    }
    Ok(result)
}

fn intersection(vm: &mut Vm, args: Args) -> Res<Owned> {
    let others = operands(vm, args, "intersection")?;
    let this = args.get(vm, 0);
    intersected(vm, this, &others)
}

fn intersection_update(vm: &mut Vm, args: Args) -> Res<Owned> {
    let others = operands(vm, args, "intersection_update")?;
    let this = args.get(vm, 0);
    let made = intersected(vm, this, &others)?;
    take_over(vm, this, made);
    Ok(vm.none())
}

fn difference(vm: &mut Vm, args: Args) -> Res<Owned> {
    let others = operands(vm, args, "difference")?;
    let this = args.get(vm, 0);
    let Some(&first) = others.first() else {
        let made = copy_of(vm, this)?;
        return Ok(vm.share(made));
    };
    let made = subtract(vm, this, first)?;
    let made = vm.hold(made);
    for &other in &others[1..] {
        remove_all(vm, made, other)?;
    }
    Ok(vm.share(made))
}

fn difference_update(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    for other in operands(vm, args, "difference_update")? {
        remove_all(vm, this, other)?;
    }
    Ok(vm.none())
}

fn symmetric_difference(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    toggled(vm, this, other)
}

fn symmetric_difference_update(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    toggle_all(vm, this, other)?;
    Ok(vm.none())
}

// ---- changing -------------------------------------------------------------------------------------------------

fn add(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, item) = (args.get(vm, 0), args.get(vm, 1));
    vm.set_add(this, item)?;
    Ok(vm.none())
}

fn clear(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.set_clear(args.get(vm, 0));
    Ok(vm.none())
}

fn discard(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, item) = (args.get(vm, 0), args.get(vm, 1));
    with_key(vm, item, |vm, item| vm.set_remove(this, item))?;
    Ok(vm.none())
}

fn remove(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, item) = (args.get(vm, 0), args.get(vm, 1));
    if with_key(vm, item, |vm, item| vm.set_remove(this, item))? { Ok(vm.none()) } else { Err(vm.key_error(item)) }
}

fn pop(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    match vm.heap.get_mut::<SetBody>(this).and_then(|body| body.table.pop()) {
        Some((_, item)) => Ok(Owned::adopt(item)),
        None => Err(vm.raise(Ty::KeyError, "pop from an empty set")),
    }
}

fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let items = vm.set_items(this);
    let list = vm.list_of(&items);
    let init_args = vm.new_tuple(vec![list]);
    let init_args = vm.hold(init_args);
    let state = vm.reduced_state(this)?;
    let init_args = vm.share(init_args);
    let class = vm.share(vm.heap.class_of(this));
    Ok(vm.new_tuple(vec![class, init_args, state]))
}
