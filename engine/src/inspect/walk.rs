//! Takes a snapshot: a breadth-first walk from the names of `__main__`, within bounds.

use super::snapshot::{Edge, Label, Name, Object, ObjectId, Snapshot};
use crate::heap::{IMMORTAL, Ref, flag};
use crate::session::Moment;
use crate::vm::Vm;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// How much of a graph a snapshot takes in. Each object says how many of its references were cut off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// The most objects.
    pub objects: usize,
    /// The most references of one object.
    pub parts: usize,
    /// How many references away from a name an object's own references are still followed.
    pub depth: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { objects: 10_000, parts: 1_000, depth: usize::MAX }
    }
}

/// What has been reached so far.
struct Walk {
    bounds: Bounds,
    ids: FxHashMap<Ref, ObjectId>,
    reached: Vec<Ref>,
    queue: VecDeque<(ObjectId, Ref, usize)>,
}

impl Walk {
    /// The number of an object, given to it now if it has none; `None` beyond the bound.
    fn reach(&mut self, object: Ref, depth: usize) -> Option<ObjectId> {
        if let Some(&id) = self.ids.get(&object) {
            return Some(id);
        }
        if self.reached.len() >= self.bounds.objects {
            return None;
        }
        self.reached.push(object);
        let id = self.reached.len() as ObjectId;
        self.ids.insert(object, id);
        self.queue.push_back((id, object, depth));
        Some(id)
    }
}

impl Vm {
    /// The graph below the names of `__main__`. No program code runs.
    pub fn snapshot(&self, bounds: Bounds) -> Snapshot {
        self.snapshot_below(self.names_of_main(), bounds).0
    }

    /// The graph of this moment with what tells its objects from each other.
    pub(crate) fn moment(&self, by: String, bounds: Bounds) -> Moment {
        let (graph, objects) = self.snapshot_below(self.names_of_main(), bounds);
        Moment { by, graph, identities: objects.into_iter().map(Ref::index).collect() }
    }

    /// The graph below named objects, and what the objects with the numbers 1, 2, … are.
    pub(super) fn snapshot_below(&self, roots: Vec<(String, Ref)>, bounds: Bounds) -> (Snapshot, Vec<Ref>) {
        let mut walk = Walk { bounds, ids: FxHashMap::default(), reached: Vec::new(), queue: VecDeque::new() };
        let mut shown = Snapshot::default();
        for (name, object) in roots {
            if let Some(object) = walk.reach(object, 0) {
                shown.names.push(Name { name, object });
            }
        }
        while let Some((id, object, depth)) = walk.queue.pop_front() {
            let parts = self.parts(object);
            let mut cut = 0;
            for (at, (label, to)) in parts.into_iter().enumerate() {
                let inside = depth < bounds.depth && at < bounds.parts;
                match inside.then(|| walk.reach(to, depth + 1)).flatten() {
                    Some(to) => shown.edges.push(Edge { from: id, to, label }),
                    None => cut += 1,
                }
            }
            shown.objects.push(self.node(id, object, cut));
        }
        // A dict of attributes is shown by its attributes; that it is one with a dict reached otherwise is said here.
        for (from, &object) in (1..).zip(&walk.reached) {
            let dict = self.own_dict(object);
            if !dict.is_null()
                && self.shows_attributes(object)
                && let Some(&to) = walk.ids.get(&dict)
            {
                shown.edges.push(Edge { from, to, label: Label::Part("__dict__".to_string()) });
            }
        }
        let (shown, former) = shown.canonical_with_numbers();
        let objects = former.into_iter().filter_map(|id| walk.reached.get(id as usize - 1).copied()).collect();
        (shown, objects)
    }

    pub(super) fn node(&self, id: ObjectId, object: Ref, cut: usize) -> Object {
        let count = self.heap.count(object);
        Object {
            id,
            type_name: self.full_class_name(object),
            text: self.short_text(object),
            value: self.is_value(object),
            mutable: self.is_mutable(object),
            count: (count != IMMORTAL).then_some(u64::from(count)),
            size: Some(self.plain_size(object) as u64),
            immortal: count == IMMORTAL,
            tracked: self.heap.has(object, flag::TRACKED),
            cut,
        }
    }

    /// The namespace of `__main__`.
    pub(super) fn main_dict(&self) -> Ref {
        self.dict_get_str(self.modules, "__main__").map_or(Ref::NULL, |main| self.own_dict(main))
    }

    /// Names of `__main__` and what they are bound to.
    pub(super) fn names_of_main(&self) -> Vec<(String, Ref)> {
        let names = self.dict_items(self.main_dict()).into_iter();
        let names = names.filter(|&(key, _)| self.heap.text(key).is_some()).map(|(key, value)| (self.show(key), value));
        names.filter(|(name, _)| !is_special(name)).collect()
    }
}

/// Whether a name is one that the interpreter keeps for itself: `__this__`.
pub(super) fn is_special(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}
