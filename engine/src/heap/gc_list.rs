//! The collector's registry: three generations and the permanent one, as doubly linked lists in allocation order.
//!
//! Invariant: exactly the objects with the flag TRACKED are in one list. Slots 1 to 4 are the lists' heads.

use super::slot::Ref;

/// Generations 0 to 2, and what `gc.freeze` has set aside.
pub const LISTS: u32 = 4;

/// Links parallel to the slots.
#[derive(Clone, Debug)]
pub struct GcLists {
    next: Vec<u32>,
    prev: Vec<u32>,
    /// `gc.get_count()`: allocations minus deallocations, collections of generation 0, of generation 1.
    pub counts: [u32; 3],
}

impl GcLists {
    pub fn new() -> GcLists {
        let heads: Vec<u32> = (0..=LISTS).collect();
        GcLists { next: heads.clone(), prev: heads, counts: [0; 3] }
    }

    fn head(generation: usize) -> u32 {
        1 + generation as u32
    }

    fn insert_last(&mut self, head: u32, at: u32) {
        let last = self.prev[head as usize];
        self.next[last as usize] = at;
        self.prev[at as usize] = last;
        self.next[at as usize] = head;
        self.prev[head as usize] = at;
    }

    fn unlink(&mut self, at: u32) {
        let (before, after) = (self.prev[at as usize], self.next[at as usize]);
        self.next[before as usize] = after;
        self.prev[after as usize] = before;
    }

    /// A new object, at the young end.
    pub fn add(&mut self, r: Ref) {
        if self.next.len() <= r.index() {
            self.next.resize(r.index() + 1, 0);
            self.prev.resize(r.index() + 1, 0);
        }
        self.insert_last(Self::head(0), r.index() as u32);
    }

    /// An object that is no longer looked at.
    pub fn remove(&mut self, r: Ref) {
        self.unlink(r.index() as u32);
    }

    /// Moves an object to the end of a generation.
    pub fn move_to(&mut self, r: Ref, generation: usize) {
        self.unlink(r.index() as u32);
        self.insert_last(Self::head(generation), r.index() as u32);
    }

    /// The objects of a generation, oldest first.
    pub fn members(&self, generation: usize) -> Vec<Ref> {
        let head = Self::head(generation);
        let mut out = Vec::new();
        let mut at = self.next[head as usize];
        while at != head {
            out.push(Ref(at));
            at = self.next[at as usize];
        }
        out
    }
}
