//! Takes a snapshot: a breadth-first walk from the names of `__main__`, within bounds.

use super::snapshot::{Edge, Label, Name, Object, ObjectId, Snapshot};
use crate::heap::{IMMORTAL, Layout, Ref, flag};
use crate::session::Moment;
use crate::vm::Vm;
use rustc_hash::{FxHashMap, FxHashSet};
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

    /// The graph of this moment, with the variables of running functions if `frames`.
    pub(crate) fn moment(&mut self, by: String, bounds: Bounds, frames: bool) -> Moment {
        let mut roots = self.names_of_main();
        if frames {
            roots.extend(self.names_of_frames());
        }
        let (graph, objects) = self.snapshot_below(roots, bounds);
        let (dead, waiting) = self.fates(&held_by_names(&graph, &objects));
        // What waits for the collector is looked at again, to tell when it has gone.
        let known = objects.iter().chain(waiting.iter().filter(|object| !objects.contains(object)));
        self.last_seen = known.map(|&object| (object, self.heap.class_of(object))).collect();
        let code = &self.frame.code;
        Moment {
            by,
            graph,
            identities: objects.into_iter().map(Ref::index).collect(),
            scope: if self.frame.globals == self.frame.namespace { String::new() } else { self.show(code.name) },
            depth: self.frames.len(),
            stdout_at: self.out.stdout.len(),
            dead: dead.into_iter().map(Ref::index).collect(),
            waiting: waiting.into_iter().map(Ref::index).collect(),
        }
    }

    /// Which objects of the last moment are gone, and which are garbage by now.
    fn fates(&self, here: &FxHashSet<Ref>) -> (Vec<Ref>, Vec<Ref>) {
        let left = self.last_seen.iter().copied().filter(|(object, _)| !here.contains(object));
        let lives = |&(object, class): &(Ref, Ref)| {
            self.heap.layout(object) != Layout::Free && self.heap.class_of(object) == class
        };
        let (live, dead): (Vec<(Ref, Ref)>, Vec<(Ref, Ref)>) = left.partition(lives);
        let mut waiting: Vec<Ref> = live.into_iter().map(|(object, _)| object).collect();
        waiting.retain(|&object| self.heap.has(object, flag::TRACKED));
        if !waiting.is_empty() {
            let garbage: FxHashSet<Ref> = self.garbage().into_iter().collect();
            waiting.retain(|object| garbage.contains(object));
        }
        (dead.into_iter().map(|(object, _)| object).collect(), waiting)
    }

    /// The variables of the functions of `__main__` that run, the innermost call of each first.
    fn names_of_frames(&self) -> Vec<(String, Ref)> {
        let main = self.main_dict();
        let mut found = Vec::new();
        let mut known = FxHashSet::default();
        for depth in (0..=self.frames.len()).rev() {
            let frame = self.frame_at(depth);
            if frame.globals != main || frame.namespace == main {
                continue;
            }
            let function = self.show(frame.code.name);
            if !known.insert(function.clone()) {
                continue;
            }
            let variables =
                if frame.code.is_function { self.running_variables(depth) } else { self.dict_items(frame.namespace) };
            let variables = variables.into_iter().map(|(name, value)| (self.show(name), value));
            let plain =
                variables.filter(|(name, value)| !is_special(name) && !name.starts_with('.') && !value.is_null());
            found.extend(plain.map(|(name, value)| (format!("{function}().{name}"), value)));
        }
        found
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

/// The objects that names keep alive: weak references lead to others too.
fn held_by_names(graph: &Snapshot, objects: &[Ref]) -> FxHashSet<Ref> {
    let edges = graph.edges_by_object();
    let mut here = FxHashSet::default();
    let mut queue: Vec<ObjectId> = graph.names.iter().map(|name| name.object).collect();
    while let Some(id) = queue.pop() {
        let at = id as usize - 1;
        if objects.get(at).is_some_and(|&object| here.insert(object)) {
            let counted = edges[at].iter().filter(|edge| edge.label.is_counted());
            queue.extend(counted.map(|edge| edge.to));
        }
    }
    here
}

/// Whether a name is one that the interpreter keeps for itself: `__this__`.
pub(super) fn is_special(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}
