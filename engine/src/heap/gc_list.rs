//! The collector's registry: the generations, and what a collection sorts them into, as doubly linked lists.
//!
//! Invariant: exactly the objects with the flag TRACKED are in one list. The first slots of the heap are the lists'
//! heads.

use super::slot::Ref;

/// The lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum List {
    /// A generation, 0 to 2; 3 is what `gc.freeze` has set aside.
    Generation(usize),
    /// What a collection has found unreachable.
    Unreachable,
    /// Of these, what has been finalised.
    Finalized,
    /// Of these, what is unreachable still.
    Final,
}

/// How many lists there are.
pub const LISTS: u32 = 7;

/// The number of the permanent generation.
pub const PERMANENT: usize = 3;

impl List {
    fn head(self) -> u32 {
        match self {
            List::Generation(number) => 1 + number.min(PERMANENT) as u32,
            List::Unreachable => 5,
            List::Finalized => 6,
            List::Final => 7,
        }
    }
}

/// The types whose dead objects are kept for new ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum FreeList {
    List,
    Dict,
}

/// What a collection knows of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// Nothing: it is not looked at, or known to be reachable.
    None,
    /// References to it that have not been found inside of what is looked at.
    Outside(u32),
    /// It is unreachable as far as has been seen.
    Tentative,
}

/// Links and marks, parallel to the slots.
#[derive(Clone, Debug)]
pub struct GcLists {
    next: Vec<u32>,
    prev: Vec<u32>,
    marks: Vec<Mark>,
    /// `gc.get_count()`: allocations minus deallocations, collections of generation 0, of generation 1.
    pub counts: [u32; 3],
    /// Dead lists and dicts that are kept for new ones: how many at most, and how many there are now.
    pub free_most: u32,
    free: [u32; 2],
}

impl GcLists {
    pub fn new() -> GcLists {
        let heads: Vec<u32> = (0..=LISTS).collect();
        GcLists {
            next: heads.clone(),
            prev: heads,
            marks: vec![Mark::None; LISTS as usize + 1],
            counts: [0; 3],
            free_most: 0,
            free: [0; 2],
        }
    }

    #[inline]
    fn insert_last(&mut self, head: u32, at: u32) {
        let last = self.prev[head as usize];
        self.next[last as usize] = at;
        self.prev[at as usize] = last;
        self.next[at as usize] = head;
        self.prev[head as usize] = at;
    }

    #[inline]
    fn unlink(&mut self, at: u32) {
        let (before, after) = (self.prev[at as usize], self.next[at as usize]);
        self.next[before as usize] = after;
        self.prev[after as usize] = before;
    }

    /// An object is made; `list` names the free list of its type.
    #[inline]
    pub fn count_made(&mut self, list: Option<FreeList>) {
        if let Some(list) = list
            && self.free[list as usize] > 0
        {
            self.free[list as usize] -= 1;
            return;
        }
        self.counts[0] = self.counts[0].saturating_add(1);
    }

    /// An object is gone.
    #[inline]
    pub fn count_gone(&mut self, list: Option<FreeList>) {
        if let Some(list) = list
            && self.free[list as usize] < self.free_most
        {
            self.free[list as usize] += 1;
            return;
        }
        self.counts[0] = self.counts[0].saturating_sub(1);
    }

    /// A full collection gives the memory of the free lists back.
    pub fn clear_free_lists(&mut self) {
        self.free = [0; 2];
    }

    /// A new object, at the young end.
    #[inline]
    pub fn add(&mut self, r: Ref) {
        if self.next.len() <= r.index() {
            self.next.resize(r.index() + 1, 0);
            self.prev.resize(r.index() + 1, 0);
            self.marks.resize(r.index() + 1, Mark::None);
        }
        self.insert_last(List::Generation(0).head(), r.index() as u32);
    }

    /// An object that is no longer looked at.
    #[inline]
    pub fn remove(&mut self, r: Ref) {
        self.marks[r.index()] = Mark::None;
        self.unlink(r.index() as u32);
    }

    /// Moves an object to the end of a list.
    pub fn move_to(&mut self, r: Ref, list: List) {
        self.unlink(r.index() as u32);
        self.insert_last(list.head(), r.index() as u32);
    }

    /// Moves all of a list to the end of another.
    pub fn merge(&mut self, from: List, to: List) {
        let (from, to) = (from.head(), to.head());
        let (first, last) = (self.next[from as usize], self.prev[from as usize]);
        if from == to || first == from {
            return;
        }
        let before = self.prev[to as usize];
        self.next[before as usize] = first;
        self.prev[first as usize] = before;
        self.next[last as usize] = to;
        self.prev[to as usize] = last;
        self.next[from as usize] = from;
        self.prev[from as usize] = from;
    }

    /// The first object of a list.
    pub fn first(&self, list: List) -> Option<Ref> {
        self.next_in(list, None)
    }

    /// The object of a list behind this one.
    pub fn next_in(&self, list: List, after: Option<Ref>) -> Option<Ref> {
        let at = self.next[after.map_or(list.head() as usize, Ref::index)];
        (at != list.head()).then_some(Ref(at))
    }

    /// The objects of a list, oldest first.
    pub fn members(&self, list: List) -> Vec<Ref> {
        std::iter::successors(self.first(list), |&at| self.next_in(list, Some(at))).collect()
    }

    /// How many objects a list has.
    pub fn len(&self, list: List) -> usize {
        std::iter::successors(self.first(list), |&at| self.next_in(list, Some(at))).count()
    }

    /// What a collection knows of an object that may or may not be in a list.
    pub fn mark(&self, r: Ref) -> Mark {
        self.marks.get(r.index()).copied().unwrap_or(Mark::None)
    }

    /// Notes what is known of an object in a list.
    pub fn set_mark(&mut self, r: Ref, mark: Mark) {
        self.marks[r.index()] = mark;
    }

    /// Forgets what is known of the objects of a list.
    pub fn clear_marks(&mut self, list: List) {
        let mut at = self.next[list.head() as usize];
        while at != list.head() {
            self.marks[at as usize] = Mark::None;
            at = self.next[at as usize];
        }
    }
}
