//! CPython's set table: open addressing, nine linear probes, then a jump.
//!
//! Invariants: `used` slots hold a key, `fill` hold a key or the mark of a removed one, and some slot is always
//! free, so every probe ends.
//!
//! Follows `Objects/setobject.c`. A lookup works as in [`super::dict`]: [`Set::probe`], then [`Probe::next`] with the
//! object looked for, and [`Set::disturbed`] after each comparison. Where an addition ended its probe, it goes in with
//! [`Set::insert`].

use super::Candidate;
use crate::rules::Profile;

/// The size of the table inside the object.
const MIN_SLOTS: usize = 8;
/// How many neighbours of a slot are looked at before the jump.
const LINEAR_PROBES: usize = 9;

/// A slot: a key and its hash, never used, or the mark of a removed key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Slot<R> {
    Free,
    Dummy,
    Key(i64, R),
}

/// The data of a `set` or `frozenset`.
#[derive(Clone, Debug)]
pub struct Set<R> {
    table: Vec<Slot<R>>,
    used: usize,
    fill: usize,
    /// Where `pop` goes on.
    finger: usize,
    table_id: u64,
    version: u64,
}

/// The course of one lookup.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    hash: i64,
    /// The slot where the linear probes began.
    base: usize,
    /// The slot to look at next.
    slot: usize,
    /// How many neighbours are left to look at, the next slot not counted.
    left: usize,
    perturb: u64,
    table_id: u64,
    /// The last dummy that was met.
    dummy: Option<usize>,
}

impl Probe {
    /// The next slot on the way that may hold `key`; nothing when the key is absent.
    pub fn next<R: Copy + PartialEq>(&mut self, set: &Set<R>, key: R) -> Option<Candidate> {
        loop {
            let slot = self.slot;
            match set.table.get(slot)? {
                Slot::Free => return None,
                Slot::Dummy => {
                    self.dummy = Some(slot);
                    self.advance(set);
                }
                Slot::Key(hash, stored) => {
                    let (same_hash, identical) = (*hash == self.hash, *stored == key);
                    self.advance(set);
                    if same_hash {
                        return Some(if identical { Candidate::Identical(slot) } else { Candidate::SameHash(slot) });
                    }
                }
            }
        }
    }

    fn advance<R>(&mut self, set: &Set<R>) {
        if self.left > 0 {
            self.left -= 1;
            self.slot += 1;
            return;
        }
        let mask = set.table.len().saturating_sub(1);
        self.perturb >>= 5;
        let jump = (self.base as u64).wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb) & mask as u64;
        self.base = usize::try_from(jump).unwrap_or(0);
        self.slot = self.base;
        self.left = linear_probes(self.base, mask);
    }
}

/// How many neighbours of `base` are probed: all nine or, near the end of the table, none.
fn linear_probes(base: usize, mask: usize) -> usize {
    if base + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 }
}

impl<R: Copy + PartialEq> Default for Set<R> {
    fn default() -> Set<R> {
        Set::new()
    }
}

impl<R: Copy + PartialEq> Set<R> {
    /// The empty set.
    pub fn new() -> Set<R> {
        Set { table: vec![Slot::Free; MIN_SLOTS], used: 0, fill: 0, finger: 0, table_id: 0, version: 0 }
    }

    /// `len(s)`
    pub fn len(&self) -> usize {
        self.used
    }

    /// The number of slots. Decides the size.
    pub fn slots(&self) -> usize {
        self.table.len()
    }

    /// The hash and the key in a slot.
    pub fn get(&self, slot: usize) -> Option<(i64, R)> {
        match self.table.get(slot)? {
            Slot::Key(hash, key) => Some((*hash, *key)),
            Slot::Free | Slot::Dummy => None,
        }
    }

    /// The first key at slot `from` or behind it, with its slot and hash.
    pub fn next_key(&self, from: usize) -> Option<(usize, i64, R)> {
        (from..self.table.len()).find_map(|slot| self.get(slot).map(|(hash, key)| (slot, hash, key)))
    }

    /// The keys with their hashes, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (i64, R)> + '_ {
        self.table.iter().filter_map(|slot| match slot {
            Slot::Key(hash, key) => Some((*hash, *key)),
            Slot::Free | Slot::Dummy => None,
        })
    }

    /// Starts a lookup.
    pub fn probe(&self, hash: i64) -> Probe {
        let mask = self.table.len().saturating_sub(1);
        let perturb = hash.cast_unsigned();
        let base = usize::try_from(perturb & mask as u64).unwrap_or(0);
        let left = linear_probes(base, mask);
        Probe { hash, base, slot: base, left, perturb, table_id: self.table_id, dummy: None }
    }

    /// Whether Python code that ran since the probe yielded `slot` changed what the lookup stands on, so that CPython
    /// starts it anew.
    pub fn disturbed(&self, probe: &Probe, slot: usize, key: R) -> bool {
        probe.table_id != self.table_id || self.get(slot).is_none_or(|(_, stored)| stored != key)
    }

    /// Adds a key that `probe`, which has come to its end, did not find.
    pub fn insert(&mut self, rules: &Profile, probe: &Probe, key: R) {
        let reused = probe.dummy.filter(|_| rules.set_reuses_dummies);
        if let Some(slot) = self.table.get_mut(reused.unwrap_or(probe.slot)) {
            *slot = Slot::Key(probe.hash, key);
        }
        self.used += 1;
        self.version += 1;
        if reused.is_none() {
            self.fill += 1;
            if self.fill * 5 >= self.table.len().saturating_sub(1) * 3 {
                self.resize(if self.used > 50_000 { self.used * 2 } else { self.used * 4 });
            }
        }
    }

    /// Adds a key that is known to be absent.
    #[cfg(test)]
    pub fn add_new(&mut self, rules: &Profile, hash: i64, key: R) {
        let mut probe = self.probe(hash);
        // Run the probe to its end: no slot may count as found, whatever its hash.
        while probe.next(self, key).is_some() {}
        self.insert(rules, &probe, key);
    }

    /// Removes the key in a slot and leaves a dummy.
    pub fn remove(&mut self, slot: usize) -> Option<R> {
        let (_, key) = self.get(slot)?;
        if let Some(slot) = self.table.get_mut(slot) {
            *slot = Slot::Dummy;
        }
        self.used -= 1;
        self.version += 1;
        Some(key)
    }

    /// `s.pop()`: the first key from the finger on.
    pub fn pop(&mut self) -> Option<(i64, R)> {
        let from = self.finger & self.table.len().saturating_sub(1);
        let (slot, hash, key) = self.next_key(from).or_else(|| self.next_key(0))?;
        self.remove(slot);
        self.finger = slot + 1;
        Some((hash, key))
    }

    /// `s.clear()`: the small table again. Gives the keys, to be released in this order.
    pub fn clear(&mut self) -> Vec<R> {
        let old = self.iter().map(|(_, key)| key).collect();
        (self.table, self.used, self.fill) = (vec![Slot::Free; MIN_SLOTS], 0, 0);
        self.table_id += 1;
        self.version += 1;
        old
    }

    /// The first step of taking in the items of a set: makes room. Gives true if the items are then already in (an
    /// empty set takes them over without comparing), false if they are to be added one by one.
    pub fn begin_merge(&mut self, other: &Set<R>) -> bool {
        if other.used == 0 {
            return true;
        }
        self.make_room(other.used);
        if self.fill > 0 {
            return false;
        }
        if self.table.len() == other.table.len() && other.fill == other.used {
            self.table.clone_from(&other.table);
        } else {
            other.iter().for_each(|(hash, key)| self.place(hash, key));
        }
        (self.used, self.fill) = (other.used, other.used);
        self.table_id += 1;
        self.version += 1;
        true
    }

    /// The room that taking in `count` items of a set or dict makes at once.
    pub fn make_room(&mut self, count: usize) {
        if (self.fill + count) * 5 >= self.table.len().saturating_sub(1) * 3 {
            self.resize((self.used + count) * 2);
        }
    }

    /// Exchanges the contents of two sets, as the in-place operators do with their result; the fingers stay.
    pub fn swap_contents(&mut self, other: &mut Set<R>) {
        std::mem::swap(&mut self.table, &mut other.table);
        std::mem::swap(&mut self.used, &mut other.used);
        std::mem::swap(&mut self.fill, &mut other.fill);
        for set in [self, other] {
            set.table_id += 1;
            set.version += 1;
        }
    }

    /// A table of more than `least` slots without dummies.
    fn resize(&mut self, least: usize) {
        let mut slots = MIN_SLOTS;
        while slots <= least {
            slots *= 2;
        }
        // The small table without dummies is left as it is.
        if slots == MIN_SLOTS && self.table.len() == MIN_SLOTS && self.fill == self.used {
            return;
        }
        let old = std::mem::replace(&mut self.table, vec![Slot::Free; slots]);
        for slot in old {
            if let Slot::Key(hash, key) = slot {
                self.place(hash, key);
            }
        }
        self.fill = self.used;
        self.table_id += 1;
    }

    /// Puts a key into the first free slot on its way; nothing is compared.
    fn place(&mut self, hash: i64, key: R) {
        let mut probe = self.probe(hash);
        while self.table.get(probe.slot).is_some_and(|slot| *slot != Slot::Free) {
            probe.advance(self);
        }
        if let Some(slot) = self.table.get_mut(probe.slot) {
            *slot = Slot::Key(hash, key);
        }
    }
}

#[cfg(test)]
#[path = "set_tests.rs"]
mod tests;
