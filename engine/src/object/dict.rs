//! `dict`.
//!
//! Invariant: an item leaves the dict before it is released. Lookup, insertion and removal are the machine's
//! (`vm::dicts`).

use super::sequence;
use super::table::dict::Dict as DictTable;
use super::text::{Text, TextBuilder};
use crate::heap::{DictBody, Layout, Owned, Ref, SetBody, View, ViewBody};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of `dict`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__init__", 0, init).any(),
    slot("__repr__", 0, repr),
    slot("__lt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__le__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__eq__", 1, |vm, args| compare(vm, args, true)),
    slot("__ne__", 1, |vm, args| compare(vm, args, false)),
    slot("__gt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__ge__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__iter__", 0, |vm, args| view_iter(vm, args, View::Keys)),
    slot("__len__", 0, len),
    method("__getitem__", 1, 1, get_item),
    slot("__setitem__", 2, set_item),
    slot("__delitem__", 1, delete_item),
    method("__contains__", 1, 1, contains),
    method("__reversed__", 0, 0, reversed),
    slot("__or__", 1, |vm, args| union(vm, args, false)),
    slot("__ror__", 1, |vm, args| union(vm, args, true)),
    slot("__ior__", 1, inplace_union),
    method("clear", 0, 0, clear),
    method("copy", 0, 0, copy),
    method("fromkeys", 1, 2, from_keys).class_method(),
    method("get", 1, 2, get),
    method("items", 0, 0, |vm, args| view(vm, args, View::Items)),
    method("keys", 0, 0, |vm, args| view(vm, args, View::Keys)),
    method("pop", 1, 2, pop),
    method("popitem", 0, 0, pop_item),
    method("setdefault", 1, 2, set_default),
    method("update", 0, 0, update).any(),
    method("values", 0, 0, |vm, args| view(vm, args, View::Values)),
];

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Dict)?;
    let kind = vm.instance_kind_of(class);
    let table = DictTable::called(&vm.profile);
    Ok(vm.heap.alloc(kind, DictBody { table, ..DictBody::default() }))
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    update_from(vm, args, args.get(vm, 0), "dict")?;
    Ok(vm.none())
}

fn update(vm: &mut Vm, args: Args) -> Res<Owned> {
    update_from(vm, args, args.get(vm, 0), "update")?;
    Ok(vm.none())
}

/// What a constructor or `update` is given goes into a dict.
pub(super) fn update_from(vm: &mut Vm, args: Args, this: Ref, name: &str) -> Res<()> {
    let given = args.rest(vm, 1);
    if given.len() > 1 {
        let text = format!("{name} expected at most 1 argument, got {}", given.len());
        return Err(vm.type_error(text));
    }
    if let Some(&source) = given.first() {
        update_by(vm, this, source)?;
    }
    let pairs = args.keyword_pairs(vm);
    if pairs.is_empty() {
        return Ok(());
    }
    // Keywords come in a dict of their own.
    let keywords = vm.new_dict();
    let filled = pairs.into_iter().try_for_each(|(key, value)| vm.dict_set(keywords.get(), key, value));
    let result = filled.and_then(|()| vm.dict_merge_table(this, keywords.get(), true));
    vm.release(keywords);
    result
}

/// `this.update(source)`
fn update_by(vm: &mut Vm, this: Ref, source: Ref) -> Res<()> {
    if vm.is_exact(source, Ty::Dict) {
        return vm.dict_merge(this, source);
    }
    let keys = vm.names.keys;
    match vm.find_attr(source, keys)? {
        Some(method) => {
            vm.release(method);
            vm.dict_merge(this, source)
        }
        None => update_by_pairs(vm, this, source),
    }
}

fn update_by_pairs(vm: &mut Vm, this: Ref, pairs: Ref) -> Res<()> {
    let mut at = 0_usize;
    vm.for_each(pairs, |vm, pair| {
        let result = update_by_pair(vm, this, pair.get(), at);
        vm.release(pair);
        at += 1;
        result.map(|()| true)
    })
}

fn update_by_pair(vm: &mut Vm, this: Ref, pair: Ref, at: usize) -> Res<()> {
    let items = match vm.collect(pair) {
        Ok(items) => items,
        Err(stop) => {
            vm.catch(stop, Ty::TypeError)?;
            let text = if vm.profile.container_texts_reworded {
                "object is not iterable".to_string()
            } else {
                format!("cannot convert dictionary update sequence element #{at} to a sequence")
            };
            return Err(vm.type_error(text));
        }
    };
    let result = match &items[..] {
        [key, value] => vm.dict_set(this, key.get(), value.get()),
        _ => {
            let text = format!("dictionary update sequence element #{at} has length {}; 2 is required", items.len());
            Err(vm.value_error(text))
        }
    };
    vm.release_owned(items);
    result
}

pub(super) fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if vm.dict_len(this) == 0 {
        return Ok(vm.new_str("{}"));
    }
    let text = vm.repr_guarded(this, |vm| {
        let mut out = TextBuilder::new();
        out.push_str("{");
        let mut position = 0;
        while let Some((at, entry)) = vm.dict_table(this).and_then(|table| table.next_entry(position)) {
            let (key, value) = (entry.key, entry.value);
            if position > 0 {
                out.push_str(", ");
            }
            position = at + 1;
            let (key, value) = (vm.share(key), vm.share(value));
            let texts = vm.repr(key.get()).and_then(|k| Ok((k, vm.repr(value.get())?)));
            vm.release(key);
            vm.release(value);
            let (key, value) = texts?;
            out.push_text(&key);
            out.push_str(": ");
            out.push_text(&value);
        }
        out.push_str("}");
        Ok(out.finish())
    })?;
    let text = text.unwrap_or_else(|| Text::from("{...}"));
    Ok(vm.new_text(text))
}

pub(super) fn compare(vm: &mut Vm, args: Args, equal: bool) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Dict {
        return Ok(vm.not_implemented());
    }
    let same = same_items(vm, this, other)?;
    Ok(vm.bool(same == equal))
}

fn same_items(vm: &mut Vm, this: Ref, other: Ref) -> Res<bool> {
    if vm.dict_len(this) != vm.dict_len(other) {
        return Ok(false);
    }
    let mut position = 0;
    while let Some((at, entry)) = vm.dict_table(this).and_then(|table| table.next_entry(position)) {
        let (hash, key, value) = (entry.hash, entry.key, entry.value);
        position = at + 1;
        let (key, value) = (vm.share(key), vm.share(value));
        let same = match vm.dict_get_hashed(other, key.get(), hash) {
            Ok(Some(found)) => {
                let found = vm.share(found);
                let same = vm.same_or_equal(value.get(), found.get());
                vm.release(found);
                same
            }
            Ok(None) => Ok(false),
            Err(stop) => Err(stop),
        };
        vm.release(key);
        vm.release(value);
        if !same? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn view_iter(vm: &mut Vm, args: Args, what: View) -> Res<Owned> {
    let this = args.get(vm, 0);
    Ok(vm.iter_dict(this, what))
}

pub(super) fn reversed(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    Ok(vm.iter_dict_reversed(this, View::Keys))
}

pub(super) fn view(vm: &mut Vm, args: Args, what: View) -> Res<Owned> {
    let ty = match what {
        View::Keys => Ty::DictKeys,
        View::Values => Ty::DictValues,
        View::Items => Ty::DictItems,
    };
    let dict = args.get(vm, 0);
    let dict = if vm.profile.dict_views_live { vm.share(dict) } else { vm.dict_copy(dict)? };
    let dict = dict.into_ref();
    Ok(vm.heap.alloc(ty.kind(), ViewBody { dict, what }))
}

pub(super) fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let len = vm.dict_len(args.get(vm, 0));
    Ok(vm.new_size(len))
}

pub(super) fn get_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, key) = (args.get(vm, 0), args.get(vm, 1));
    if let Some(value) = vm.dict_get(this, key)? {
        return Ok(vm.share(value));
    }
    if !vm.is_exact(this, Ty::Dict) {
        let class = vm.heap.class_of(this);
        if let Some(missing) = vm.lookup(class, vm.names.missing) {
            return vm.call_special(missing, this, &[key]);
        }
    }
    Err(vm.key_error(key))
}

fn set_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, key, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    vm.dict_set(this, key, value)?;
    Ok(vm.none())
}

fn delete_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, key) = (args.get(vm, 0), args.get(vm, 1));
    if vm.dict_remove(this, key)? { Ok(vm.none()) } else { Err(vm.key_error(key)) }
}

pub(super) fn contains(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, key) = (args.get(vm, 0), args.get(vm, 1));
    let found = vm.dict_get(this, key)?.is_some();
    Ok(vm.bool(found))
}

pub(super) fn get(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, key, default) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    match vm.dict_get(this, key)? {
        Some(value) => Ok(vm.share(value)),
        None if default.is_null() => Ok(vm.none()),
        None => Ok(vm.share(default)),
    }
}

fn set_default(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, key, default) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let default = default.some().unwrap_or(vm.single.none);
    let hash = vm.hash_key(key)?;
    if let Some(value) = vm.dict_get_hashed(this, key, hash)? {
        return Ok(vm.share(value));
    }
    let text = vm.is_exact(key, Ty::Str);
    let key = vm.share(key);
    let value = vm.share(default);
    match vm.heap.get_mut::<DictBody>(this) {
        Some(body) => {
            body.table.insert(&vm.profile, hash, key.into_ref(), value.into_ref(), text);
        }
        None => {
            vm.release(key);
            vm.release(value);
        }
    }
    Ok(vm.share(default))
}

fn pop(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, key, default) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    // An empty dict does not even ask for the hash.
    let taken = if vm.dict_len(this) == 0 { None } else { vm.dict_take(this, key)? };
    match taken {
        Some((key, value)) => {
            vm.release(key);
            Ok(value)
        }
        None if default.is_null() => Err(vm.key_error(key)),
        None => Ok(vm.share(default)),
    }
}

fn pop_item(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let newest = vm.profile.popitem_newest;
    let pop = |body: &mut DictBody| if newest { body.table.pop_last() } else { body.table.pop_first() };
    match vm.heap.get_mut::<DictBody>(this).and_then(pop) {
        Some(entry) => Ok(vm.new_tuple(vec![Owned::adopt(entry.key), Owned::adopt(entry.value)])),
        None => Err(vm.raise(Ty::KeyError, "popitem(): dictionary is empty")),
    }
}

fn clear(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.dict_clear(args.get(vm, 0));
    Ok(vm.none())
}

fn copy(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.dict_copy(args.get(vm, 0))
}

fn union(vm: &mut Vm, args: Args, reflected: bool) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Dict || !vm.profile.dict_union {
        return Ok(vm.not_implemented());
    }
    let (left, right) = if reflected { (other, this) } else { (this, other) };
    let made = vm.dict_copy(left)?;
    let made = vm.hold(made);
    update_by(vm, made, right)?;
    Ok(vm.share(made))
}

fn inplace_union(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if !vm.profile.dict_union {
        return Ok(vm.not_implemented());
    }
    update_by(vm, this, other)?;
    Ok(vm.share(this))
}

/// `dict.fromkeys(iterable, value=None)`
fn from_keys(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, keys, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let value = value.some().unwrap_or(vm.single.none);
    let made = vm.call(class, &[])?;
    let made = vm.hold(made);
    if vm.is_exact(made, Ty::Dict) {
        if vm.dict_len(made) == 0 && from_table(vm, made, keys, value)? {
            return Ok(vm.share(made));
        }
        vm.for_each(keys, |vm, key| {
            let given = if vm.profile.fromkeys_shares { vm.share(value) } else { vm.copied_if_list(value) };
            let result = vm.dict_set(made, key.get(), given.get());
            vm.release(given);
            vm.release(key);
            result.map(|()| true)
        })?;
    } else {
        vm.for_each(keys, |vm, key| {
            let result = vm.set_item(made, key.get(), value);
            vm.release(key);
            result.map(|()| true)
        })?;
    }
    Ok(vm.share(made))
}

/// The keys of a dict or set are taken with their hashes into a table of the right size.
fn from_table(vm: &mut Vm, made: Ref, keys: Ref, value: Ref) -> Res<bool> {
    let (hashed, from_text): (Vec<(i64, Ref)>, bool) = if vm.is_exact(keys, Ty::Dict) {
        let Some(table) = vm.dict_table(keys) else { return Ok(false) };
        let text = table.keys() == super::table::dict::Keys::Text;
        (table.iter().map(|entry| (entry.hash, entry.key)).collect(), text)
    } else if vm.is_exact(keys, Ty::Set) || vm.is_exact(keys, Ty::FrozenSet) {
        let Some(body) = vm.heap.get::<SetBody>(keys) else { return Ok(false) };
        (body.table.iter().collect(), false)
    } else {
        return Ok(false);
    };
    if let Some(body) = vm.heap.get_mut::<DictBody>(made) {
        body.table.reserve_for_keys(&vm.profile, hashed.len(), from_text);
    }
    for (hash, key) in hashed {
        vm.dict_set_hashed(made, key, hash, value)?;
    }
    Ok(true)
}

/// Whether `wanted` equals a value of the dict.
pub fn contains_value(vm: &mut Vm, dict: Ref, wanted: Ref) -> Res<bool> {
    let mut position = 0;
    while let Some((at, entry)) = vm.dict_table(dict).and_then(|table| table.next_entry(position)) {
        let value = entry.value;
        position = at + 1;
        let value = vm.share(value);
        let same = sequence::matches(vm, value.get(), wanted);
        vm.release(value);
        if same? {
            return Ok(true);
        }
    }
    Ok(false)
}
