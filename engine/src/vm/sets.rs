//! Sets: lookup that may run `__eq__`, and everything the machine does to a set or frozenset.
//!
//! Invariant: as for dicts, no borrow of a table lives while Python code runs.

use super::{Res, Ty, Vm};
use crate::heap::{KindId, Owned, Ref, SetBody, Touched};
use crate::object::table::Candidate;
use crate::object::table::set::Probe;
use crate::object::table::set::Set as SetTable;
use std::cell::Cell;

/// How a lookup in a set ended.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// At this slot.
    At(usize),
    /// Nowhere: an addition goes where the probe ended.
    Absent(Probe),
}

impl Vm {
    /// The table of a set or frozenset.
    pub fn set_table(&self, set: Ref) -> Option<&SetTable<Ref>> {
        self.heap.get::<SetBody>(set).map(|body| &body.table)
    }

    /// `len(set)`
    pub fn set_len(&self, set: Ref) -> usize {
        self.set_table(set).map_or(0, SetTable::len)
    }

    /// The items in the order of the table; borrowed.
    pub fn set_items(&self, set: Ref) -> Vec<Ref> {
        self.set_table(set).map_or_else(Vec::new, |table| table.iter().map(|(_, key)| key).collect())
    }

    /// A new set or frozenset with the contents of a table whose references are counted already.
    pub fn new_set_of(&mut self, kind: KindId, table: SetTable<Ref>) -> Owned {
        self.heap.alloc(kind, SetBody { table, hash: Cell::new(None) })
    }

    /// The hash of an object that is to be a set element.
    ///
    /// # Errors
    /// As [`Vm::hash`].
    pub fn hash_element(&mut self, item: Ref) -> Res<i64> {
        match self.hash(item) {
            Ok(hash) => Ok(hash),
            Err(stop) => Err(self.unhashable(stop, item, "a set element")),
        }
    }

    /// Looks an item with a known hash up.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn set_find(&mut self, set: Ref, item: Ref, hash: i64) -> Res<Found> {
        let text = self.is_exact(item, Ty::Str);
        let empty = SetTable::new();
        let mut probe = self.set_table(set).unwrap_or(&empty).probe(hash);
        loop {
            let Some(table) = self.heap.get::<SetBody>(set).map(|body| &body.table) else {
                return Ok(Found::Absent(probe));
            };
            let at = match probe.next(table, item) {
                None => return Ok(Found::Absent(probe)),
                Some(Candidate::Identical(at)) if self.profile.containers_try_identity => return Ok(Found::At(at)),
                Some(Candidate::Identical(at) | Candidate::SameHash(at)) => at,
            };
            let Some((_, stored)) = table.get(at) else { return Ok(Found::Absent(probe)) };
            if text && self.is_exact(stored, Ty::Str) {
                if self.heap.text(stored) == self.heap.text(item) {
                    return Ok(Found::At(at));
                }
                continue;
            }
            let held = self.share(stored);
            let equal = self.equal(stored, item);
            let restart = match self.set_table(set) {
                Some(table) if table.disturbed(&probe, at, stored) => Some(table.probe(hash)),
                _ => None,
            };
            self.release(held);
            let equal = equal?;
            match restart {
                Some(again) => {
                    self.step()?;
                    probe = again;
                }
                None if equal => return Ok(Found::At(at)),
                None => {}
            }
        }
    }

    /// Adds an item; false if it was in already.
    ///
    /// # Errors
    /// TypeError for an unhashable item; whatever `__hash__` and `__eq__` raise.
    pub fn set_add(&mut self, set: Ref, item: Ref) -> Res<bool> {
        let hash = self.hash_element(item)?;
        self.set_add_hashed(set, item, hash)
    }

    /// The same with the item's hash known.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn set_add_hashed(&mut self, set: Ref, item: Ref, hash: i64) -> Res<bool> {
        let item = self.share(item);
        let found = match self.set_find(set, item.get(), hash) {
            Ok(found) => found,
            Err(stop) => {
                self.release(item);
                return Err(stop);
            }
        };
        match (found, self.heap.get_mut::<SetBody>(set)) {
            (Found::Absent(probe), Some(body)) => {
                let slots = body.table.slots();
                body.table.insert(&self.profile, &probe, item.into_ref());
                if body.table.slots() != slots {
                    self.heap.tell(Touched::Grown(set));
                }
                Ok(true)
            }
            _ => {
                self.release(item);
                Ok(false)
            }
        }
    }

    /// `item in set`
    ///
    /// # Errors
    /// TypeError for an unhashable item; whatever `__hash__` and `__eq__` raise.
    pub fn set_contains(&mut self, set: Ref, item: Ref) -> Res<bool> {
        let hash = self.hash_element(item)?;
        Ok(matches!(self.set_find(set, item, hash)?, Found::At(_)))
    }

    /// Takes an item out; false if it was not in.
    ///
    /// # Errors
    /// TypeError for an unhashable item; whatever `__hash__` and `__eq__` raise.
    pub fn set_remove(&mut self, set: Ref, item: Ref) -> Res<bool> {
        let hash = self.hash_element(item)?;
        self.set_remove_hashed(set, item, hash)
    }

    /// The same with the item's hash known.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn set_remove_hashed(&mut self, set: Ref, item: Ref, hash: i64) -> Res<bool> {
        let Found::At(at) = self.set_find(set, item, hash)? else { return Ok(false) };
        let old = self.heap.get_mut::<SetBody>(set).and_then(|body| body.table.remove(at));
        self.release_all(old);
        Ok(true)
    }

    /// Empties a set: the table first, then its items in the order of the table.
    pub fn set_clear(&mut self, set: Ref) {
        let old = self.heap.get_mut::<SetBody>(set).map_or_else(Vec::new, |body| body.table.clear());
        self.release_all(old);
    }

    /// Takes in the items of another set.
    ///
    /// # Errors
    /// Whatever `__eq__` raises.
    pub fn set_merge(&mut self, set: Ref, other: Ref) -> Res<()> {
        if set == other {
            return Ok(());
        }
        let Some(source) = self.set_table(other).cloned() else { return Ok(()) };
        let Some(body) = self.heap.get_mut::<SetBody>(set) else { return Ok(()) };
        if body.table.begin_merge(&source) {
            for (_, item) in source.iter() {
                self.heap.inc(item);
            }
            return Ok(());
        }
        let mut position = 0;
        while let Some((slot, hash, item)) = self.set_table(other).and_then(|table| table.next_key(position)) {
            position = slot + 1;
            self.set_add_hashed(set, item, hash)?;
        }
        Ok(())
    }

    /// Adds everything that an iterable gives.
    ///
    /// # Errors
    /// Whatever iteration, `__hash__` and `__eq__` raise.
    pub fn set_update(&mut self, set: Ref, iterable: Ref) -> Res<()> {
        if self.set_table(iterable).is_some() {
            return self.set_merge(set, iterable);
        }
        if self.is_exact(iterable, Ty::Dict) {
            let count = self.dict_len(iterable);
            if let Some(body) = self.heap.get_mut::<SetBody>(set) {
                body.table.make_room(count);
            }
            let mut position = 0;
            while let Some((at, entry)) = self.dict_table(iterable).and_then(|table| table.next_entry(position)) {
                let (hash, key) = (entry.hash, entry.key);
                position = at + 1;
                self.set_add_hashed(set, key, hash)?;
            }
            return Ok(());
        }
        self.for_each(iterable, |vm, item| {
            let added = vm.set_add(set, item.get());
            vm.release(item);
            added.map(|_| true)
        })
    }

    /// The frozenset of hashable constants.
    pub fn frozenset_of_constants(&mut self, items: &[Ref]) -> Owned {
        let set = self.new_set_of(Ty::FrozenSet.kind(), SetTable::new());
        for &item in items {
            // Constants hash and compare without running Python code, so nothing can fail.
            if self.set_add(set.get(), item).is_err() {
                let raised = self.take_raised();
                self.release(raised);
            }
        }
        self.untrack_frozen(set.get());
        set
    }

    /// A new frozenset that holds nothing which could be part of a cycle is, by rule, none of the collector's business.
    pub fn untrack_frozen(&mut self, set: Ref) {
        if self.profile.frozenset_untracked && !self.set_items(set).iter().any(|&item| self.heap.may_be_tracked(item)) {
            self.heap.untrack(set);
        }
    }

    /// The texts of the strings that an iterable gives, sorted; empty if it fails.
    pub fn sorted_texts(&mut self, iterable: Ref) -> Vec<String> {
        let items = match self.collect(iterable) {
            Ok(items) => items,
            Err(super::Stop::Raised) => {
                let raised = self.take_raised();
                self.release(raised);
                return Vec::new();
            }
            Err(super::Stop::Limit(_)) => return Vec::new(),
        };
        let mut texts: Vec<String> = items.iter().map(|item| self.show(item.get())).collect();
        for item in items {
            self.release(item);
        }
        texts.sort();
        texts
    }
}
