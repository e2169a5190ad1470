//! `list`.
//!
//! Invariant: an item leaves the list before it is released, because its finaliser may look at the list.

use super::sequence;
use super::table::list::Room;
use super::table::slice::Indices;
use crate::code::CmpOp;
use crate::heap::{IterBody, Layout, ListBody, Owned, Ref};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of `list`.
const APPEND: NativeDef = method("append", 1, 1, append);

impl NativeDef {
    /// Whether this is `list.append`.
    pub fn is_list_append(&self) -> bool {
        std::ptr::fn_addr_eq(self.run, APPEND.run)
    }
}

pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__init__", 0, init).any(),
    slot("__repr__", 0, |vm, args| sequence::repr(vm, args.get(vm, 0), "[", "]")),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
    slot("__iter__", 0, iter),
    slot("__len__", 0, len),
    method("__getitem__", 1, 1, get_item),
    slot("__setitem__", 2, set_item),
    slot("__delitem__", 1, delete_item),
    slot("__contains__", 1, sequence::contains),
    slot("__add__", 1, add),
    slot("__iadd__", 1, inplace_add),
    slot("__mul__", 1, multiply),
    slot("__rmul__", 1, multiply),
    slot("__imul__", 1, inplace_multiply),
    method("__reversed__", 0, 0, reversed),
    APPEND,
    method("clear", 0, 0, clear),
    method("copy", 0, 0, copy),
    method("count", 1, 1, sequence::count),
    method("extend", 1, 1, extend),
    method("index", 1, 3, index),
    method("insert", 2, 2, insert),
    method("pop", 0, 1, pop),
    method("remove", 1, 1, remove),
    method("reverse", 0, 0, reverse),
    method("sort", 0, 0, super::list_sort::sort).named(&["key", "reverse"], 0, 0, 0),
];

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::List)?;
    let kind = vm.instance_kind_of(class);
    Ok(vm.heap.alloc(kind, ListBody::default()))
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    vm.no_keywords(args, "list")?;
    let given = args.rest(vm, 1);
    if given.len() > 1 {
        let text = format!("list expected at most 1 argument, got {}", given.len());
        return Err(vm.type_error(text));
    }
    vm.list_clear(this);
    if let Some(&iterable) = given.first() {
        fill(vm, this, iterable)?;
    }
    Ok(vm.none())
}

/// `list(iterable)` into an empty list.
pub fn fill(vm: &mut Vm, this: Ref, iterable: Ref) -> Res<()> {
    if vm.profile.list_call_exact {
        let class = vm.heap.class_of(iterable);
        if vm.lookup(class, vm.names.len).is_some() {
            match vm.length(iterable) {
                Ok(0) => {}
                Ok(count) => {
                    vm.check_room(count as u128 * 8)?;
                    vm.list_make_room(this, |room, rules| *room = Room::called_with_length(rules, count));
                }
                Err(stop) => vm.catch(stop, Ty::TypeError)?,
            }
        }
    }
    vm.list_extend(this, iterable)
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::List {
        return Ok(vm.not_implemented());
    }
    sequence::compare(vm, this, other, op)
}

fn iter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let seq = args.get(vm, 0);
    let seq = if vm.profile.list_iterators_live { vm.share(seq) } else { vm.copied_if_list(seq) };
    let seq = seq.into_ref();
    Ok(vm.new_iter(Ty::ListIterator, IterBody::Sequence { seq, at: 0 }))
}

fn reversed(vm: &mut Vm, args: Args) -> Res<Owned> {
    let seq = args.get(vm, 0);
    let at = vm.list_room(seq).len as i64 - 1;
    let seq = vm.share(seq).into_ref();
    Ok(vm.new_iter(Ty::ListReverseIterator, IterBody::Reversed { seq, at }))
}

fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let len = vm.list_room(args.get(vm, 0)).len;
    Ok(vm.new_size(len))
}

fn indices(vm: &mut Vm, this: Ref, slice: Ref) -> Res<Indices> {
    vm.slice_indices(slice, |vm| Ok(vm.list_room(this).len))
}

#[cold]
fn bad_index(vm: &mut Vm, index: Ref) -> crate::vm::Stop {
    let text = format!("list indices must be integers or slices, not {}", vm.class_name(index));
    vm.type_error(text)
}

fn get_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    if vm.has_index(index) {
        let at = vm.index_sized(index, Ty::IndexError)?;
        let items = sequence::items(vm, this);
        return match sequence::position(at, items.len()).and_then(|at| items.get(at).copied()) {
            Some(item) => Ok(vm.share(item)),
            None => Err(vm.raise(Ty::IndexError, "list index out of range")),
        };
    }
    if vm.heap.layout(index) != Layout::Slice {
        return Err(bad_index(vm, index));
    }
    let indices = indices(vm, this, index)?;
    let items = sequence::items(vm, this);
    if !vm.profile.list_copies_fresh && indices.step == 1 && indices.count == items.len() {
        return Ok(vm.share(this));
    }
    let picked: Vec<Ref> = indices.iter().filter_map(|at| items.get(at).copied()).collect();
    Ok(vm.list_of(&picked))
}

fn set_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    if vm.has_index(index) {
        let at = vm.index_sized(index, Ty::IndexError)?;
        let len = vm.list_room(this).len;
        let new = vm.share(value).into_ref();
        let place = sequence::position(at, len);
        let place = place.and_then(|at| vm.heap.get_mut::<ListBody>(this).and_then(|body| body.items.get_mut(at)));
        return match place {
            Some(place) => {
                let old = std::mem::replace(place, new);
                vm.release_ref(old);
                Ok(vm.none())
            }
            None => {
                vm.release_ref(new);
                Err(vm.raise(Ty::IndexError, "list assignment index out of range"))
            }
        };
    }
    if vm.heap.layout(index) != Layout::Slice {
        return Err(bad_index(vm, index));
    }
    let indices = indices(vm, this, index)?;
    if indices.step == 1 {
        set_slice(vm, this, indices, value)?;
    } else {
        set_stepped(vm, this, indices, value)?;
    }
    Ok(vm.none())
}

/// The items of what is assigned to a slice.
fn assigned(vm: &mut Vm, value: Ref, text: &str) -> Res<Vec<Owned>> {
    if matches!(vm.heap.layout(value), Layout::List | Layout::Tuple) {
        let items = vm.sequence_items(value);
        return Ok(items.into_iter().map(|item| vm.share(item)).collect());
    }
    let iterator = match vm.iter(value) {
        Ok(iterator) => iterator,
        Err(stop) => {
            vm.catch(stop, Ty::TypeError)?;
            return Err(vm.type_error(text));
        }
    };
    let iterator = vm.hold(iterator);
    vm.collect(iterator)
}

fn set_slice(vm: &mut Vm, this: Ref, indices: Indices, value: Ref) -> Res<()> {
    let text = if vm.profile.slice_assignment_one_text {
        "must assign iterable to extended slice"
    } else {
        "can only assign an iterable"
    };
    let items = assigned(vm, value, text)?;
    let len = vm.list_room(this).len;
    let start = usize::try_from(indices.start).unwrap_or(0).min(len);
    let end = usize::try_from(indices.stop).unwrap_or(0).clamp(start, len);
    vm.list_splice(this, start, end, items);
    Ok(())
}

fn set_stepped(vm: &mut Vm, this: Ref, indices: Indices, value: Ref) -> Res<()> {
    let items = assigned(vm, value, "must assign iterable to extended slice")?;
    if items.len() != indices.count {
        let text =
            format!("attempt to assign sequence of size {} to extended slice of size {}", items.len(), indices.count);
        vm.release_owned(items);
        return Err(vm.value_error(text));
    }
    let mut gone = Vec::with_capacity(items.len());
    for (at, item) in indices.iter().zip(items) {
        let new = item.into_ref();
        let place = vm.heap.get_mut::<ListBody>(this).and_then(|body| body.items.get_mut(at));
        gone.push(match place {
            Some(place) => std::mem::replace(place, new),
            None => new,
        });
    }
    vm.release_all(gone);
    Ok(())
}

fn delete_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    if vm.has_index(index) {
        let at = vm.index_sized(index, Ty::IndexError)?;
        let len = vm.list_room(this).len;
        let Some(at) = sequence::position(at, len) else {
            return Err(vm.raise(Ty::IndexError, "list assignment index out of range"));
        };
        let gone = take(vm, this, at, Room::delete_item);
        vm.release_all(gone);
        return Ok(vm.none());
    }
    if vm.heap.layout(index) != Layout::Slice {
        return Err(bad_index(vm, index));
    }
    let indices = indices(vm, this, index)?;
    if indices.step == 1 {
        let start = usize::try_from(indices.start).unwrap_or(0);
        vm.list_splice(this, start, start + indices.count, Vec::new());
        return Ok(vm.none());
    }
    if indices.count == 0 {
        return Ok(vm.none());
    }
    let mut places: Vec<usize> = indices.iter().collect();
    places.sort_unstable();
    let mut gone = Vec::with_capacity(places.len());
    if let Some(body) = vm.heap.get_mut::<ListBody>(this) {
        let mut kept = Vec::with_capacity(body.items.len());
        let mut next = places.into_iter().peekable();
        for (at, item) in std::mem::take(&mut body.items).into_iter().enumerate() {
            if next.next_if_eq(&at).is_some() { gone.push(item) } else { kept.push(item) }
        }
        body.items = kept;
        let mut room = Room { len: body.items.len() + gone.len(), ..Room::of(body) };
        room.delete_stepped(&vm.profile, gone.len());
        room.store(body);
    }
    vm.release_all(gone);
    Ok(vm.none())
}

/// Takes an item out of the list; the room follows as `change` says.
fn take(vm: &mut Vm, this: Ref, at: usize, change: impl FnOnce(&mut Room, &crate::rules::Profile)) -> Option<Ref> {
    vm.list_make_room(this, change);
    let body = vm.heap.get_mut::<ListBody>(this)?;
    (at < body.items.len()).then(|| body.items.remove(at))
}

fn add(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::List {
        return vm.foreign_operand(args, |vm| {
            format!("can only concatenate list (not \"{}\") to list", vm.class_name(other))
        });
    }
    let mut items = sequence::items(vm, this).to_vec();
    items.extend_from_slice(sequence::items(vm, other));
    Ok(vm.list_of(&items))
}

fn inplace_add(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    vm.list_extend(this, other)?;
    Ok(vm.share(this))
}

fn multiply(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(count) = vm.repetitions(args)? else { return Ok(vm.not_implemented()) };
    let items = sequence::repeated(vm, this, count)?;
    let allocated = items.len();
    Ok(vm.heap.alloc(Ty::List.kind(), ListBody { items, allocated, ..ListBody::default() }))
}

fn inplace_multiply(vm: &mut Vm, args: Args) -> Res<Owned> {
    if !vm.profile.augmented_in_place.list_repeat {
        return multiply(vm, args);
    }
    let this = args.get(vm, 0);
    let Some(count) = vm.repetitions(args)? else { return Ok(vm.not_implemented()) };
    if count == 0 {
        vm.list_clear(this);
    } else if count > 1 && vm.list_room(this).len > 0 {
        let more = sequence::repeated(vm, this, count - 1)?;
        vm.list_make_room(this, |room, rules| room.repeat(rules, count));
        match vm.heap.get_mut::<ListBody>(this) {
            Some(body) => body.items.extend(more),
            None => vm.release_all(more),
        }
    }
    Ok(vm.share(this))
}

fn append(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, item) = (args.get(vm, 0), args.get(vm, 1));
    let item = vm.share(item);
    vm.list_append(this, item);
    Ok(vm.none())
}

fn clear(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.list_clear(args.get(vm, 0));
    Ok(vm.none())
}

fn copy(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if !vm.profile.list_copies_fresh {
        return Ok(vm.share(this));
    }
    let items = sequence::items(vm, this).to_vec();
    Ok(vm.list_of(&items))
}

fn extend(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, iterable) = (args.get(vm, 0), args.get(vm, 1));
    vm.list_extend(this, iterable)?;
    Ok(vm.none())
}

fn index(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, wanted) = (args.get(vm, 0), args.get(vm, 1));
    let (start, stop) = (args.get(vm, 2), args.get(vm, 3));
    match sequence::find(vm, this, wanted, start, stop)? {
        Some(at) => Ok(vm.new_size(at)),
        None if vm.profile.list_index_plain_text => Err(vm.value_error("list.index(x): x not in list")),
        None => {
            let text = format!("{} is not in list", vm.repr(wanted)?.to_string_lossy());
            Err(vm.value_error(text))
        }
    }
}

fn insert(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index, item) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let index = vm.size_argument(index)?;
    let item = vm.share(item).into_ref();
    let len = vm.list_room(this).len as i64;
    let at = if index < 0 { index.saturating_add(len).max(0) } else { index.min(len) };
    vm.list_make_room(this, Room::add_one);
    match vm.heap.get_mut::<ListBody>(this) {
        Some(body) => body.items.insert((at as usize).min(body.items.len()), item),
        None => vm.release_ref(item),
    }
    Ok(vm.none())
}

fn pop(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    let index = if index.is_null() { -1 } else { vm.size_argument(index)? };
    let len = vm.list_room(this).len;
    if len == 0 {
        return Err(vm.raise(Ty::IndexError, "pop from empty list"));
    }
    let Some(at) = sequence::position(index, len) else {
        return Err(vm.raise(Ty::IndexError, "pop index out of range"));
    };
    match take(vm, this, at, Room::pop) {
        Some(item) => Ok(Owned::adopt(item)),
        None => Err(vm.raise(Ty::IndexError, "pop index out of range")),
    }
}

fn remove(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, wanted) = (args.get(vm, 0), args.get(vm, 1));
    match sequence::find(vm, this, wanted, Ref::NULL, Ref::NULL)? {
        Some(at) => {
            vm.list_splice(this, at, at + 1, Vec::new());
            Ok(vm.none())
        }
        None => Err(vm.value_error("list.remove(x): x not in list")),
    }
}

fn reverse(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if let Some(body) = vm.heap.get_mut::<ListBody>(this) {
        body.items.reverse();
    }
    Ok(vm.none())
}
