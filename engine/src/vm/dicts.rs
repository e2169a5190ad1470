//! Dicts: lookup that may run `__eq__`, and everything the machine does to a dict.
//!
//! Invariant: no borrow of a table lives while Python code runs; after each comparison the lookup asks the table
//! whether it was disturbed, and starts anew if so.

use super::{Res, Stop, Ty, Vm};
use crate::heap::{DictBody, Layout, Owned, Ref, Touched, TypeBody, flag};
use crate::object::table::Candidate;
use crate::object::table::dict::Dict as DictTable;
use crate::rules::GeneralKeys;

impl Vm {
    /// The table of a dict (or of an instance of a subclass).
    #[inline]
    pub fn dict_table(&self, dict: Ref) -> Option<&DictTable<Ref>> {
        self.heap.get::<DictBody>(dict).map(|body| &body.table)
    }

    /// `len(dict)`
    pub fn dict_len(&self, dict: Ref) -> usize {
        self.dict_table(dict).map_or(0, DictTable::len)
    }

    /// The value of a str key; borrowed. No Python code runs: other keys are only compared by identity.
    #[inline]
    pub fn dict_get_text(&self, dict: Ref, name: Ref) -> Option<Ref> {
        let at = self.dict_find_text(dict, name)?;
        self.dict_table(dict)?.entry(at).map(|entry| entry.value)
    }

    /// The value of a str key given as text; borrowed.
    pub fn dict_get_str(&self, dict: Ref, name: &str) -> Option<Ref> {
        let text = crate::object::text::Text::from(name);
        let table = self.dict_table(dict)?;
        let found = table.iter().find(|entry| self.heap.text(entry.key).is_some_and(|key| *key == text));
        found.map(|entry| entry.value)
    }

    #[inline]
    pub(super) fn dict_find_text(&self, dict: Ref, name: Ref) -> Option<usize> {
        let table = self.dict_table(dict)?;
        let mut probe = table.probe(self.text_hash(name));
        loop {
            match probe.next(table, name)? {
                Candidate::Identical(at) => return Some(at),
                Candidate::SameHash(at) => {
                    let key = table.entry(at)?.key;
                    if let (Some(a), Some(b)) = (self.heap.text(key), self.heap.text(name))
                        && a == b
                    {
                        return Some(at);
                    }
                }
            }
        }
    }

    /// The hash of an object that is to be a dict key.
    ///
    /// # Errors
    /// As [`Vm::hash`].
    #[inline]
    pub fn hash_key(&mut self, key: Ref) -> Res<i64> {
        match self.hash(key) {
            Ok(hash) => Ok(hash),
            Err(stop) => Err(self.unhashable(stop, key, "a dict key")),
        }
    }

    /// Names the use in the TypeError of an unhashable object.
    #[cold]
    pub(super) fn unhashable(&mut self, stop: Stop, key: Ref, what: &str) -> Stop {
        let plain = stop == Stop::Raised && self.is_exact(self.raised, Ty::TypeError);
        if !self.profile.unhashable_names_use || !plain {
            return stop;
        }
        let exception = self.take_raised();
        let reason = self.str(exception.get());
        self.release(exception);
        match reason {
            Ok(reason) => {
                let text = format!("cannot use '{}' as {what} ({})", self.class_name(key), reason.to_string_lossy());
                self.type_error(text)
            }
            Err(stop) => stop,
        }
    }

    /// A key that is no string is looked up, which makes the table general. Keys that instances share stay strings.
    fn note_lookup(&mut self, dict: Ref) {
        let shared = self.heap.get::<DictBody>(dict).is_some_and(|body| self.shared_dict_size(body).is_some());
        if !shared && let Some(body) = self.heap.get_mut::<DictBody>(dict) {
            body.table.take_in(&self.profile);
        }
    }

    /// The position of a key with a known hash.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn dict_find(&mut self, dict: Ref, key: Ref, hash: i64) -> Res<Option<usize>> {
        let text = self.is_exact(key, Ty::Str);
        if !text && self.profile.dict_general_keys == GeneralKeys::LookedUp {
            self.note_lookup(dict);
        }
        let Some(table) = self.heap.get::<DictBody>(dict).map(|body| &body.table) else { return Ok(None) };
        let mut probe = table.probe(hash);
        loop {
            let Some(table) = self.heap.get::<DictBody>(dict).map(|body| &body.table) else { return Ok(None) };
            let at = match probe.next(table, key) {
                None => return Ok(None),
                Some(Candidate::Identical(at)) if self.profile.containers_try_identity => return Ok(Some(at)),
                Some(Candidate::Identical(at) | Candidate::SameHash(at)) => at,
            };
            let Some(stored) = table.entry(at).map(|entry| entry.key) else { return Ok(None) };
            if text && self.is_exact(stored, Ty::Str) {
                if self.heap.text(stored) == self.heap.text(key) {
                    return Ok(Some(at));
                }
                continue;
            }
            let held = self.share(stored);
            let equal = self.equal(stored, key);
            let disturbed = match self.dict_table(dict) {
                Some(table) => table.disturbed(&probe, at, stored),
                None => true,
            };
            let restart = if disturbed { self.dict_table(dict).map(|table| table.probe(hash)) } else { None };
            self.release(held);
            let equal = equal?;
            match restart {
                Some(again) => {
                    self.step()?;
                    probe = again;
                }
                None if equal => return Ok(Some(at)),
                None => {}
            }
        }
    }

    /// The value of a key; borrowed.
    ///
    /// # Errors
    /// TypeError for an unhashable key; whatever `__hash__` and `__eq__` raise.
    pub fn dict_get(&mut self, dict: Ref, key: Ref) -> Res<Option<Ref>> {
        let hash = self.hash_key(key)?;
        self.dict_get_hashed(dict, key, hash)
    }

    /// The same with the key's hash known.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    #[inline]
    pub fn dict_get_hashed(&mut self, dict: Ref, key: Ref, hash: i64) -> Res<Option<Ref>> {
        let found = self.dict_find(dict, key, hash)?;
        Ok(found.and_then(|at| self.dict_table(dict)?.entry(at).map(|entry| entry.value)))
    }

    /// `dict[key] = value`: the first key stays, the old value goes last.
    ///
    /// # Errors
    /// TypeError for an unhashable key; whatever `__hash__` and `__eq__` raise.
    pub fn dict_set(&mut self, dict: Ref, key: Ref, value: Ref) -> Res<()> {
        let hash = self.hash_key(key)?;
        self.dict_set_hashed(dict, key, hash, value)
    }

    /// The same with the key's hash known.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn dict_set_hashed(&mut self, dict: Ref, key: Ref, hash: i64, value: Ref) -> Res<()> {
        let text = self.is_exact(key, Ty::Str);
        // The table may be all that keeps key and value alive while `__eq__` runs.
        let key = self.share(key);
        let value = self.share(value);
        if let Some(body) = self.heap.get_mut::<DictBody>(dict) {
            body.table.admit(&self.profile, text);
        }
        let found = match self.dict_find(dict, key.get(), hash) {
            Ok(found) => found,
            Err(stop) => {
                self.release(value);
                self.release(key);
                return Err(stop);
            }
        };
        self.dict_put(dict, found, hash, key, value);
        Ok(())
    }

    /// Puts a value at the place of a lookup, or a new item behind the others.
    fn dict_put(&mut self, dict: Ref, found: Option<usize>, hash: i64, key: Owned, value: Owned) {
        let text = self.is_exact(key.get(), Ty::Str);
        self.track_for(dict, key.get(), value.get());
        let Some(body) = self.heap.get_mut::<DictBody>(dict) else {
            self.release(value);
            self.release(key);
            return;
        };
        match found {
            Some(at) if !self.profile.dict_keeps_first_key => {
                let old = body.table.replace_item(at, key.into_ref(), value.into_ref());
                self.release_all(old.into_iter().flatten());
            }
            Some(at) => {
                let old = body.table.replace_value(at, value.into_ref());
                self.release_all(old);
                self.release(key);
            }
            None => {
                if body.shared_room != 0 {
                    self.keep_shared(dict, key.get());
                }
                if let Some(body) = self.heap.get_mut::<DictBody>(dict) {
                    let slots = body.table.slots();
                    body.table.insert(&self.profile, hash, key.into_ref(), value.into_ref(), text);
                    if body.table.slots() != slots {
                        self.heap.tell(Touched::Grown(dict));
                    }
                }
            }
        }
    }

    /// A new key of the dict of an instance: the class's keys take it in, or the dict shares them no longer.
    #[cold]
    fn keep_shared(&mut self, dict: Ref, key: Ref) {
        let Some(body) = self.heap.get::<DictBody>(dict) else { return };
        let class = self.heap.kind(body.of_instance).class;
        if self.class_of_instance_dict(body).is_some() && self.takes_shared_key(class, key) {
            return;
        }
        if let Some(body) = self.heap.get_mut::<DictBody>(dict) {
            body.shared_room = 0;
            body.table.unshare(&self.profile);
        }
    }

    /// Whether the instances of a class share this key or come to do so.
    pub(super) fn takes_shared_key(&mut self, class: Ref, key: Ref) -> bool {
        let Some(name) = self.as_text(key).filter(|_| self.is_exact(key, Ty::Str)) else { return false };
        self.heap.get_mut::<TypeBody>(class).is_some_and(|class| class.shared_keys.take(&name))
    }

    /// A dict that something is put into is looked at by the collector from then on if that may be part of a cycle.
    #[inline]
    fn track_for(&mut self, dict: Ref, key: Ref, value: Ref) {
        if !self.heap.has(dict, flag::TRACKED) && (self.heap.may_be_tracked(key) || self.heap.may_be_tracked(value)) {
            self.heap.track(dict);
        }
    }

    /// A dict whose table was copied is looked at if the other one is, whatever is in it; nothing is copied of an empty one.
    fn track_copy(&mut self, copy: Ref, of: Ref) {
        let empty = self.dict_table(of).is_none_or(|table| table.is_empty());
        if !empty && self.heap.has(of, flag::TRACKED) && !self.heap.has(copy, flag::TRACKED) {
            self.heap.track(copy);
        }
    }

    /// Puts an item with a str key in, replacing one with the same text. Runs no `__eq__`.
    pub fn dict_insert_new(&mut self, dict: Ref, key: Owned, value: Owned) {
        let found = self.dict_find_text(dict, key.get());
        let hash = self.text_hash(key.get());
        self.dict_put(dict, found, hash, key, value);
    }

    /// `del dict[key]`; false if the key is absent.
    ///
    /// # Errors
    /// TypeError for an unhashable key; whatever `__hash__` and `__eq__` raise.
    pub fn dict_remove(&mut self, dict: Ref, key: Ref) -> Res<bool> {
        match self.dict_take(dict, key)? {
            Some((old_key, old_value)) => {
                self.release(old_key);
                self.release(old_value);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Takes an item out: its key and value.
    ///
    /// # Errors
    /// TypeError for an unhashable key; whatever `__hash__` and `__eq__` raise.
    pub fn dict_take(&mut self, dict: Ref, key: Ref) -> Res<Option<(Owned, Owned)>> {
        let hash = self.hash_key(key)?;
        let Some(at) = self.dict_find(dict, key, hash)? else { return Ok(None) };
        let entry = self.heap.get_mut::<DictBody>(dict).and_then(|body| body.table.remove(at));
        Ok(entry.map(|entry| (Owned::adopt(entry.key), Owned::adopt(entry.value))))
    }

    /// The items in their order; borrowed.
    pub fn dict_items(&self, dict: Ref) -> Vec<(Ref, Ref)> {
        self.dict_table(dict)
            .map_or_else(Vec::new, |table| table.iter().map(|entry| (entry.key, entry.value)).collect())
    }

    /// Empties a dict: the table first, then its items in their order, key before value.
    pub fn dict_clear(&mut self, dict: Ref) {
        let old = self.heap.get_mut::<DictBody>(dict).map_or_else(Vec::new, |body| body.table.clear());
        for entry in old {
            self.release_ref(entry.key);
            self.release_ref(entry.value);
        }
    }

    /// `dict.update(mapping)` for anything with `keys()`.
    ///
    /// # Errors
    /// Whatever the mapping, `__hash__` and `__eq__` raise; RuntimeError when a dict changes meanwhile.
    pub fn dict_merge(&mut self, dict: Ref, mapping: Ref) -> Res<()> {
        if self.iterates_as_dict(mapping) {
            return self.dict_merge_table(dict, mapping, true);
        }
        let keys = self.call_method(mapping, self.names.keys, &[])?;
        let result = self.for_each(keys.get(), |vm, key| {
            let result = match vm.get_item(mapping, key.get()) {
                Ok(value) => {
                    let result = vm.dict_set(dict, key.get(), value.get());
                    vm.release(value);
                    result
                }
                Err(stop) => Err(stop),
            };
            vm.release(key);
            result.map(|()| true)
        });
        self.release(keys);
        result
    }

    /// Whether a mapping is a dict whose own `__iter__` nobody has replaced: its table is read directly then.
    pub fn iterates_as_dict(&mut self, mapping: Ref) -> bool {
        if self.heap.layout(mapping) != Layout::Dict {
            return false;
        }
        let class = self.heap.class_of(mapping);
        let plain = self.class(Ty::Dict);
        class == plain || self.lookup(class, self.names.iter) == self.lookup(plain, self.names.iter)
    }

    /// The items of a mapping as pairs, by `keys()` and `[]` unless it is a dict.
    ///
    /// # Errors
    /// Whatever the mapping raises.
    pub fn mapping_pairs(&mut self, mapping: Ref) -> Res<Vec<(Owned, Owned)>> {
        if self.iterates_as_dict(mapping) {
            let items = self.dict_items(mapping);
            return Ok(items.into_iter().map(|(key, value)| (self.share(key), self.share(value))).collect());
        }
        let keys = self.call_method(mapping, self.names.keys, &[])?;
        let mut pairs: Vec<(Owned, Owned)> = Vec::new();
        let result = self.for_each(keys.get(), |vm, key| match vm.get_item(mapping, key.get()) {
            Ok(value) => {
                pairs.push((key, value));
                Ok(true)
            }
            Err(stop) => {
                vm.release(key);
                Err(stop)
            }
        });
        self.release(keys);
        match result {
            Ok(()) => Ok(pairs),
            Err(stop) => {
                for (key, value) in pairs {
                    self.release(key);
                    self.release(value);
                }
                Err(stop)
            }
        }
    }

    /// `dict.update(other)` for another dict: whole tables are copied where CPython does. Without `replace`, values of
    /// keys that are there already stay.
    ///
    /// # Errors
    /// Whatever `__eq__` raises; RuntimeError when `other` changes meanwhile.
    pub fn dict_merge_table(&mut self, dict: Ref, other: Ref, replace: bool) -> Res<()> {
        if dict == other {
            return Ok(());
        }
        let Some(source) = self.dict_table(other).cloned() else { return Ok(()) };
        let shared = self.heap.get::<DictBody>(other).is_some_and(|body| self.shared_dict_size(body).is_some());
        let Some(body) = self.heap.get_mut::<DictBody>(dict) else { return Ok(()) };
        if body.table.begin_update(&self.profile, &source, shared) {
            self.count_entries(&source);
            self.track_copy(dict, other);
            return Ok(());
        }
        let mut position = 0;
        while let Some((at, entry)) = self.dict_table(other).and_then(|table| table.next_entry(position)) {
            let (hash, key, value) = (entry.hash, entry.key, entry.value);
            position = at + 1;
            let key = self.share(key);
            let value = self.share(value);
            let result = self.merge_item(dict, key.get(), hash, value.get(), replace);
            self.release(key);
            self.release(value);
            result?;
            if self.dict_table(other).is_none_or(|table| table.entry_count() != source.entry_count()) {
                return Err(self.raise(Ty::RuntimeError, "dict mutated during update"));
            }
        }
        Ok(())
    }

    /// Counts the references of a table that was copied.
    fn count_entries(&mut self, table: &DictTable<Ref>) {
        for entry in table.iter() {
            self.heap.inc(entry.key);
            self.heap.inc(entry.value);
        }
    }

    fn merge_item(&mut self, dict: Ref, key: Ref, hash: i64, value: Ref, replace: bool) -> Res<()> {
        if !replace && self.dict_find(dict, key, hash)?.is_some() {
            return Ok(());
        }
        self.dict_set_hashed(dict, key, hash, value)
    }

    /// `dict.copy()` of an exact dict: a new dict.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn dict_copy(&mut self, dict: Ref) -> Res<Owned> {
        let copied = self.dict_table(dict).and_then(DictTable::copied);
        if let Some(table) = copied {
            self.count_entries(&table);
            let body = self.heap.get::<DictBody>(dict).filter(|body| self.shared_dict_size(body).is_some());
            let (of_instance, shared_room) = body.map(|body| (body.of_instance, body.shared_room)).unwrap_or_default();
            let copy = self.heap.alloc(Ty::Dict.kind(), DictBody { table, of_instance, shared_room });
            self.track_copy(copy.get(), dict);
            return Ok(copy);
        }
        let copy = self.new_dict();
        match self.dict_merge_table(copy.get(), dict, true) {
            Ok(()) => Ok(copy),
            Err(stop) => {
                self.release(copy);
                Err(stop)
            }
        }
    }

    /// KeyError with the key itself as its argument.
    #[cold]
    pub fn key_error(&mut self, key: Ref) -> Stop {
        let key = self.share(key);
        self.raise_with(Ty::KeyError, vec![key])
    }
}
