//! CPython's compact dict: a table of indices and the entries in insertion order.
//!
//! Invariants: `used` entries are alive, a dead one keeps its place until the table is rebuilt; `usable` more can be
//! added before that; an index is the position of an entry, [`EMPTY`] or [`DUMMY`].
//!
//! Follows `Objects/dictobject.c`. Finding a key, with `x` the object looked for:
//! ```text
//! let mut probe = dict.probe(hash);
//! loop { match probe.next(&dict, x) {
//!     None => absent,
//!     Some(Candidate::Identical(e)) => found e,
//!     Some(Candidate::SameHash(e)) => {
//!         let stored = dict.entry(e).key;
//!         let equal = stored == x by Python;
//!         if dict.disturbed(&probe, e, stored) { probe = dict.probe(hash); continue }
//!         if equal { found e }
//! } } }
//! ```

use super::Candidate;
use crate::rules::{GeneralKeys, Profile};

/// The index of a slot that was never used.
const EMPTY: i32 = -1;
/// The index of a slot whose entry was removed: a probe goes on behind it.
const DUMMY: i32 = -2;
/// The hash of an entry that was removed. No object has it: CPython turns a hash of -1 into -2.
const DEAD: i64 = -1;
/// The smallest table.
const MIN_SLOTS: usize = 8;
/// The largest table that is made before anything is in it.
const MAX_PRESIZED: usize = 128 * 1024;

/// One key and its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<R> {
    /// The key's hash, never -1.
    pub hash: i64,
    /// The key.
    pub key: R,
    /// The value.
    pub value: R,
}

/// What the keys of a table may be: what the collector asks for, and by rule the size of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keys {
    /// Exact strings only: the hash is kept in the string, not in the entry.
    Text,
    /// Anything.
    General,
}

/// The data of a `dict`.
#[derive(Clone, Debug)]
pub struct Dict<R> {
    /// Empty if there is no table at all.
    indices: Vec<i32>,
    entries: Vec<Entry<R>>,
    used: usize,
    usable: usize,
    keys: Keys,
    table_id: u64,
    version: u64,
}

/// How many entries a table of this many slots holds.
pub fn usable_fraction(slots: usize) -> usize {
    slots * 2 / 3
}

/// How many slots are asked for when this many entries are expected.
fn estimate(entries: usize) -> usize {
    (entries * 3).div_ceil(2)
}

/// The course of one lookup.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    hash: i64,
    slot: usize,
    perturb: u64,
    table_id: u64,
    started: bool,
}

impl Probe {
    /// The next entry on the way that may hold `key`; nothing when the key is absent.
    #[inline]
    pub fn next<R: Copy + PartialEq>(&mut self, dict: &Dict<R>, key: R) -> Option<Candidate> {
        loop {
            if self.started {
                dict.step(&mut self.slot, &mut self.perturb);
            }
            self.started = true;
            // No table, or one that was replaced by a smaller one under the probe: absent.
            let index = *dict.indices.get(self.slot)?;
            if index == EMPTY {
                return None;
            }
            // A dummy is negative and passed over.
            let Ok(at) = usize::try_from(index) else { continue };
            let entry = dict.entries.get(at)?;
            if entry.key == key && entry.hash != DEAD {
                return Some(Candidate::Identical(at));
            }
            if entry.hash == self.hash {
                return Some(Candidate::SameHash(at));
            }
        }
    }
}

impl<R: Copy + PartialEq> Default for Dict<R> {
    fn default() -> Dict<R> {
        Dict::new()
    }
}

impl<R: Copy + PartialEq> Dict<R> {
    /// `{}`: no table yet.
    pub fn new() -> Dict<R> {
        Dict { indices: Vec::new(), entries: Vec::new(), used: 0, usable: 0, keys: Keys::Text, table_id: 0, version: 0 }
    }

    /// What `dict()` makes before it takes anything in.
    pub fn called(rules: &Profile) -> Dict<R> {
        let mut dict = Dict::new();
        if rules.dict_call_allocates {
            dict.rebuild(rules, MIN_SLOTS, false);
        }
        dict
    }

    /// The dict of a display of `count` items (`BUILD_MAP`), before they go in; `all_text`: every key is an exact str.
    pub fn presized(rules: &Profile, count: usize, all_text: bool) -> Dict<R> {
        let mut dict = Dict::new();
        if count > usable_fraction(MIN_SLOTS) {
            let slots = if count > usable_fraction(MAX_PRESIZED) {
                MAX_PRESIZED
            } else {
                rules.dict_table_size.slots_for(estimate(count))
            };
            dict.rebuild(rules, slots, all_text);
        }
        dict
    }

    /// `len(d)`
    pub fn len(&self) -> usize {
        self.used
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The number of slots of the table; 0 if there is none. Decides the size.
    pub fn slots(&self) -> usize {
        self.indices.len()
    }

    /// What the keys may be. Decides the size, by rule.
    pub fn keys(&self) -> Keys {
        self.keys
    }

    /// How many items can be added before the table is rebuilt.
    #[cfg(test)]
    pub fn usable(&self) -> usize {
        self.usable
    }

    /// How many entries there are, dead ones included: positions go up to it.
    pub fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// The entry at a position that a probe or an iteration gave.
    #[inline]
    pub fn entry(&self, at: usize) -> Option<&Entry<R>> {
        self.entries.get(at).filter(|entry| entry.hash != DEAD)
    }

    /// The first living entry at `from` or behind it, with its position.
    pub fn next_entry(&self, from: usize) -> Option<(usize, &Entry<R>)> {
        let rest = self.entries.get(from..)?;
        rest.iter().position(|entry| entry.hash != DEAD).and_then(|skip| Some((from + skip, rest.get(skip)?)))
    }

    /// The last living entry before `end`, with its position.
    pub fn previous_entry(&self, end: usize) -> Option<(usize, &Entry<R>)> {
        let front = self.entries.get(..end.min(self.entries.len()))?;
        let at = front.iter().rposition(|entry| entry.hash != DEAD)?;
        Some((at, front.get(at)?))
    }

    /// The living entries in insertion order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry<R>> {
        self.entries.iter().filter(|entry| entry.hash != DEAD)
    }

    /// Starts a lookup.
    #[inline]
    pub fn probe(&self, hash: i64) -> Probe {
        let perturb = hash.cast_unsigned();
        let slot = usize::try_from(perturb & self.mask()).unwrap_or(0);
        Probe { hash, slot, perturb, table_id: self.table_id, started: false }
    }

    /// Whether Python code that ran since the probe yielded entry `at` changed what the lookup stands on, so that
    /// CPython starts it anew.
    pub fn disturbed(&self, probe: &Probe, at: usize, key: R) -> bool {
        probe.table_id != self.table_id || self.entry(at).is_none_or(|entry| entry.key != key)
    }

    /// To be called before a key is looked up in order to be stored.
    pub fn admit(&mut self, rules: &Profile, key_is_text: bool) {
        if !key_is_text && rules.dict_general_keys == GeneralKeys::Stored {
            self.take_in(rules);
        }
    }

    /// A table of strings becomes one for all keys: one with entries of another size, by rule.
    pub fn take_in(&mut self, rules: &Profile) {
        if self.keys == Keys::General || self.slots() == 0 {
            return;
        }
        if rules.dict_text_keys {
            let slots = rules.dict_table_size.slots_for(self.used * 3);
            self.rebuild(rules, slots, false);
        } else {
            self.keys = Keys::General;
        }
    }

    /// The table of an instance gets keys of its own.
    pub fn unshare(&mut self, rules: &Profile) {
        if self.used > 0 {
            self.rebuild(rules, rules.dict_table_size.slots_for(self.used * 3), true);
        }
    }

    /// Adds an item whose key is absent, and gives its position.
    pub fn insert(&mut self, rules: &Profile, hash: i64, key: R, value: R, key_is_text: bool) -> usize {
        if self.slots() == 0 {
            self.rebuild(rules, MIN_SLOTS, key_is_text);
        }
        if !key_is_text {
            self.take_in(rules);
        }
        if self.usable == 0 {
            let slots = rules.dict_table_size.slots_for(self.used * 3);
            self.rebuild(rules, slots, true);
        }
        let at = self.entries.len();
        self.place(hash, at);
        self.entries.push(Entry { hash, key, value });
        self.usable = self.usable.saturating_sub(1);
        self.used += 1;
        self.version += 1;
        at
    }

    /// Puts another value into an entry and gives the old one.
    #[inline]
    pub fn replace_value(&mut self, at: usize, value: R) -> Option<R> {
        let entry = self.entries.get_mut(at).filter(|entry| entry.hash != DEAD)?;
        Some(std::mem::replace(&mut entry.value, value))
    }

    /// Puts another item of the same hash into an entry and gives the old key and value.
    pub fn replace_item(&mut self, at: usize, key: R, value: R) -> Option<[R; 2]> {
        let entry = self.entries.get_mut(at).filter(|entry| entry.hash != DEAD)?;
        Some([std::mem::replace(&mut entry.key, key), std::mem::replace(&mut entry.value, value)])
    }

    /// Removes an entry. Its place in the table stays a dummy until the table is rebuilt.
    pub fn remove(&mut self, at: usize) -> Option<Entry<R>> {
        let entry = *self.entry(at)?;
        self.forget_index(entry.hash, at);
        if let Some(slot) = self.entries.get_mut(at) {
            slot.hash = DEAD;
        }
        self.used -= 1;
        self.version += 1;
        Some(entry)
    }

    /// `d.popitem()`: removes the newest item; dead entries behind it go with it.
    pub fn pop_last(&mut self) -> Option<Entry<R>> {
        let (at, entry) = self.previous_entry(self.entries.len())?;
        let entry = *entry;
        self.forget_index(entry.hash, at);
        self.entries.truncate(at);
        self.used -= 1;
        self.version += 1;
        Some(entry)
    }

    /// Removes the oldest item.
    pub fn pop_first(&mut self) -> Option<Entry<R>> {
        let at = self.entries.iter().position(|entry| entry.hash != DEAD)?;
        self.remove(at)
    }

    /// `d.clear()`: no table is left. Gives the entries, to be released in this order.
    pub fn clear(&mut self) -> Vec<Entry<R>> {
        let mut old = std::mem::take(&mut self.entries);
        old.retain(|entry| entry.hash != DEAD);
        (self.indices, self.used, self.usable, self.keys) = (Vec::new(), 0, 0, Keys::Text);
        self.table_id += 1;
        self.version += 1;
        old
    }

    /// `d.copy()` where it copies the table as it is; otherwise an empty dict is to be updated from this one.
    pub fn copied(&self) -> Option<Dict<R>> {
        let mostly_alive = self.used >= self.entries.len() * 2 / 3;
        (self.used > 0 && mostly_alive).then(|| self.clone_table())
    }

    /// The first step of `self.update(other)`: makes room. Gives true if the items of `other` are then already in
    /// `self` (CPython copies a whole clean table), false if they are to be inserted one by one.
    /// A table that `shared` its keys with others is never copied.
    pub fn begin_update(&mut self, rules: &Profile, other: &Dict<R>, shared: bool) -> bool {
        if other.is_empty() {
            return true;
        }
        let clean = other.used == other.entries.len();
        let just_right = other.slots() == MIN_SLOTS || usable_fraction(other.slots() / 2) < other.used;
        if self.used == 0 && rules.dict_update_clones && clean && just_right && !shared {
            let (table_id, version) = (self.table_id + 1, self.version + 1);
            *self = Dict { table_id, version, ..other.clone_table() };
            return true;
        }
        if usable_fraction(self.slots()) < other.used {
            let slots = rules.dict_table_size.slots_for(estimate(self.used + other.used));
            self.rebuild(rules, slots, other.keys == Keys::Text);
        }
        false
    }

    /// The room that `dict.fromkeys` makes for the keys of a dict (`from_text`: one of strings only) or of a set.
    pub fn reserve_for_keys(&mut self, rules: &Profile, count: usize, from_text: bool) {
        self.rebuild(rules, rules.dict_table_size.slots_for(estimate(count)), from_text);
    }

    /// The same table under a new identity; the references in it are not counted yet.
    fn clone_table(&self) -> Dict<R> {
        Dict { table_id: 0, version: 0, ..self.clone() }
    }

    #[inline]
    fn mask(&self) -> u64 {
        (self.indices.len() as u64).saturating_sub(1)
    }

    /// Moves on to the next slot of a probe.
    #[inline]
    fn step(&self, slot: &mut usize, perturb: &mut u64) {
        *perturb >>= 5;
        let next = (*slot as u64).wrapping_mul(5).wrapping_add(*perturb).wrapping_add(1) & self.mask();
        *slot = usize::try_from(next).unwrap_or(0);
    }

    /// Writes the index of entry `at` into the first free slot on the way of `hash`.
    fn place(&mut self, hash: i64, at: usize) {
        let Probe { mut slot, mut perturb, .. } = self.probe(hash);
        while self.indices.get(slot).is_some_and(|index| *index >= 0) {
            self.step(&mut slot, &mut perturb);
        }
        if let Some(index) = self.indices.get_mut(slot) {
            *index = i32::try_from(at).unwrap_or(i32::MAX);
        }
    }

    /// Makes the slot of entry `at` a dummy.
    fn forget_index(&mut self, hash: i64, at: usize) {
        let Probe { mut slot, mut perturb, .. } = self.probe(hash);
        loop {
            match self.indices.get_mut(slot) {
                Some(index) if usize::try_from(*index) == Ok(at) => {
                    *index = DUMMY;
                    return;
                }
                Some(index) if *index != EMPTY => self.step(&mut slot, &mut perturb),
                _ => return,
            }
        }
    }

    /// Makes a table of this many slots and puts the living entries into it, in their order.
    fn rebuild(&mut self, rules: &Profile, slots: usize, text: bool) {
        // A table that has taken in another key never goes back to strings. Where all have entries of one size, a new
        // one is made for strings first.
        let text = (text || !rules.dict_text_keys) && self.keys == Keys::Text;
        self.keys = if text { Keys::Text } else { Keys::General };
        self.entries.retain(|entry| entry.hash != DEAD);
        self.indices = vec![EMPTY; slots];
        for at in 0..self.entries.len() {
            if let Some(entry) = self.entries.get(at) {
                self.place(entry.hash, at);
            }
        }
        self.usable = usable_fraction(slots).saturating_sub(self.used);
        self.table_id += 1;
    }
}

#[cfg(test)]
#[path = "dict_tests.rs"]
mod tests;
