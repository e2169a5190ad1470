//! The table of interned strings: at most one str object a text.
//!
//! Invariant: the table does not count. A mortal interned string leaves it when it dies.

use super::slab::Store;
use super::{Heap, Owned, Ref, StrBody};
use crate::object::text::Text;
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

#[derive(Clone, Default)]
pub struct Interned {
    table: HashTable<Ref>,
}

fn hash(text: &Text) -> u64 {
    FxBuildHasher.hash_one(text)
}

impl Heap {
    /// The interned string with this text.
    pub fn find_interned(&self, text: &Text) -> Option<Ref> {
        self.interned.table.find(hash(text), |&r| self.text(r) == Some(text)).copied()
    }

    /// Makes this str object the representative of its text. There must be none yet.
    pub fn add_interned(&mut self, r: Ref) {
        let Some(body) = self.get_mut::<StrBody>(r) else { return };
        body.interned = true;
        let key = hash(&body.text);
        let slabs = &self.slabs;
        let (slots, kinds) = (&self.slots, &self.kinds);
        self.interned.table.insert_unique(key, r, |&other| {
            let slot = slots[other.index()];
            debug_assert_eq!(kinds[(slot.kind & super::flag::KIND) as usize].layout, super::Layout::Str);
            hash(&slabs.strs.get(slot.word).text)
        });
    }

    /// A dying string leaves the table; true if it was in it.
    pub fn remove_interned(&mut self, r: Ref) -> bool {
        let Some(key) = self.get::<StrBody>(r).filter(|body| body.interned).map(|body| hash(&body.text)) else {
            return false;
        };
        if let Ok(entry) = self.interned.table.find_entry(key, |&other| other == r) {
            entry.remove();
        }
        true
    }

    /// The interned string of this text, made if there is none: `make` allocates it.
    pub fn intern_with(&mut self, text: Text, make: impl FnOnce(&mut Heap, Text) -> Owned) -> Owned {
        match self.find_interned(&text) {
            Some(found) => self.share(found),
            None => {
                let made = make(self, text);
                self.add_interned(made.get());
                made
            }
        }
    }
}
