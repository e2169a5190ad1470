//! What outlives a program: garbage that waits for the collector, objects that only cycles hold once the names are
//! gone, and objects that something else than the program's names holds.
//!
//! All of it is found by looking: nothing is released, and no code of the program runs.

use super::snapshot::{Object, ObjectId, Snapshot};
use super::walk::Bounds;
use crate::heap::{Label, Layout, List, Ref};
use crate::vm::{Stop, Vm};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What would outlive the names of `__main__`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Leaks {
    /// Objects that nothing reaches any more. Its names are no variables: `#1` stands for the object with that number.
    pub unreachable: Snapshot,
    /// What `gc.collect()` would give back.
    pub collectable: usize,
    /// The graph below the names.
    pub named: Snapshot,
    /// Those of its objects that would stay when the names go, because they are in a cycle or a cycle holds them.
    /// Classes, which are always in a cycle with themselves, are taken as gone.
    pub cyclic: Vec<ObjectId>,
    /// Objects that modules hold, other than those that importing them makes.
    pub held: Vec<Held>,
}

/// An object that a module holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Held {
    /// By what: `functools.cache['key']`.
    pub path: String,
    /// The object; its number counts those of the list.
    pub object: Object,
}

/// The most objects of a list of those held by modules.
const MOST_HELD: usize = 1_000;

impl Vm {
    /// Imports what the other machine has imported, as far as that can be done.
    pub fn import_same_modules(&mut self, other: &Vm) {
        for (name, _) in other.dict_items(other.modules) {
            let name = other.show(name);
            if name == "__main__" || self.dict_get_str(self.modules, &name).is_some() {
                continue;
            }
            match self.import(&name, Ref::NULL, Ref::NULL, 0) {
                Ok(module) => self.release(module),
                Err(Stop::Raised) => {
                    let exception = self.take_raised();
                    self.release(exception);
                }
                Err(Stop::Limit(_)) => return,
            }
        }
    }

    /// See [`Leaks`]. `fresh` is a machine that has done nothing but import the same modules.
    pub(crate) fn leaks(&self, fresh: &Vm, bounds: Bounds) -> Leaks {
        let garbage = self.garbage();
        let collectable = garbage.len();
        let (named, objects) = self.snapshot_below(self.names_of_main(), bounds);
        let staying = self.only_in_cycles();
        let cyclic =
            named.objects.iter().zip(&objects).filter(|(_, r)| staying.contains(r)).map(|(o, _)| o.id).collect();
        Leaks { unreachable: self.garbage_graph(&garbage, bounds), collectable, named, cyclic, held: self.held(fresh) }
    }

    /// What a full collection would find: the tracked objects that have no reference but from such objects.
    pub(super) fn garbage(&self) -> Vec<Ref> {
        let generations = [2, 1, 0].map(|number| self.heap.gc.members(List::Generation(number)));
        let members: Vec<Ref> = generations.into_iter().flatten().collect();
        let mut outside: FxHashMap<Ref, u32> = members.iter().map(|&r| (r, self.heap.count(r))).collect();
        for &object in &members {
            self.heap.edges(object, &mut |_, to| {
                if let Some(count) = outside.get_mut(&to) {
                    *count = count.saturating_sub(1);
                }
            });
        }
        let held = members.iter().copied().filter(|r| outside.get(r).is_some_and(|&count| count > 0));
        let alive = self.reachable(held.collect(), Ref::NULL);
        // The collector counts no dict that it passes by.
        members.into_iter().filter(|&r| !alive.contains(&r) && !self.heap.is_hidden(r)).collect()
    }

    fn garbage_graph(&self, garbage: &[Ref], bounds: Bounds) -> Snapshot {
        let mut reached: FxHashSet<Ref> = FxHashSet::default();
        let mut roots = Vec::new();
        for &object in garbage {
            if reached.contains(&object) {
                continue;
            }
            roots.push((String::new(), object));
            let mut queue = vec![object];
            while let Some(next) = queue.pop() {
                if reached.insert(next) {
                    queue.extend(self.parts(next).into_iter().map(|(_, part)| part));
                }
            }
        }
        let (mut graph, _) = self.snapshot_below(roots, bounds);
        for name in &mut graph.names {
            name.name = format!("#{}", name.object);
        }
        graph
    }

    /// What would be left of the objects that only the names of `__main__` reach, if the names were deleted.
    fn only_in_cycles(&self) -> FxHashSet<Ref> {
        let main = self.main_dict();
        let elsewhere = self.reachable(self.roots(), main);
        let mut names = Vec::new();
        self.heap.edges(main, &mut |_, to| names.push(to));
        let inside: Vec<Ref> =
            self.reachable(names.clone(), main).into_iter().filter(|r| !elsewhere.contains(r)).collect();
        let mut counts: FxHashMap<Ref, u32> = inside.iter().map(|&r| (r, self.heap.count(r))).collect();
        let mut gone: FxHashSet<Ref> = FxHashSet::default();
        // Classes go first, whatever their count.
        let mut dying: Vec<Ref> = inside.iter().copied().filter(|&r| self.heap.layout(r) == Layout::Type).collect();
        let mut drop_one = |to: Ref, dying: &mut Vec<Ref>| {
            if let Some(count) = counts.get_mut(&to) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    dying.push(to);
                }
            }
        };
        names.into_iter().for_each(|name| drop_one(name, &mut dying));
        while let Some(object) = dying.pop() {
            if gone.insert(object) {
                self.heap.edges(object, &mut |_, to| drop_one(to, &mut dying));
            }
        }
        inside.into_iter().filter(|r| !gone.contains(r)).collect()
    }

    /// Everything that these objects reach without looking into `except`.
    fn reachable(&self, from: Vec<Ref>, except: Ref) -> FxHashSet<Ref> {
        let mut found: FxHashSet<Ref> = FxHashSet::default();
        let mut queue = from;
        while let Some(object) = queue.pop() {
            if object != except && found.insert(object) {
                self.heap.edges(object, &mut |_, to| queue.push(to));
            }
        }
        found
    }

    /// What modules hold here and not in `fresh`, by a parallel walk over equal labels.
    fn held(&self, fresh: &Vm) -> Vec<Held> {
        let main = self.main_dict();
        let mut held: Vec<Held> = Vec::new();
        let mut seen: FxHashSet<Ref> = FxHashSet::from_iter([main]);
        let mut queue: VecDeque<(Ref, Ref, String)> = VecDeque::from([(self.modules, fresh.modules, String::new())]);
        seen.insert(self.modules);
        while let Some((ours, theirs, path)) = queue.pop_front() {
            let known: FxHashMap<String, Ref> = fresh.steps(theirs).into_iter().collect();
            for (step, to) in self.steps(ours) {
                let path = if ours == self.modules {
                    step.trim_matches(['[', ']', '\'']).to_string()
                } else {
                    format!("{path}{step}")
                };
                if path == "__main__" || !seen.insert(to) {
                    continue;
                }
                let same = known.get(&step).copied();
                match same.filter(|&other| fresh.heap.layout(other) == self.heap.layout(to)) {
                    Some(other) => queue.push_back((to, other, path)),
                    None if self.is_value(to) && self.parts(to).is_empty() => {}
                    None if held.len() >= MOST_HELD => return held,
                    None => {
                        let id = held.len() as ObjectId + 1;
                        held.push(Held { path, object: self.node(id, to, self.parts(to).len()) });
                    }
                }
            }
        }
        held
    }

    /// The references of an object, each with the step of a path that names it. Namespaces are looked through.
    fn steps(&self, r: Ref) -> Vec<(String, Ref)> {
        let mut steps = Vec::new();
        match self.heap.layout(r) {
            Layout::Dict => {
                for (key, value) in self.dict_items(r) {
                    let key = self.short_text(key).unwrap_or_else(|| self.full_class_name(key));
                    steps.push((format!("[{key}]"), value));
                }
            }
            Layout::Module | Layout::Type => {
                for (key, value) in self.dict_items(self.own_dict(r)) {
                    steps.push((format!(".{}", self.show(key)), value));
                }
            }
            _ => {
                self.heap.edges(r, &mut |label, to| {
                    let step = match label {
                        Label::Item(at) => format!("[{at}]"),
                        Label::Key(at) => format!(".member({at})"),
                        Label::Value(at) | Label::Local(at) | Label::Stack(at) => format!(".part({at})"),
                        Label::Part(name) => format!(".{name}"),
                        Label::Class => return,
                    };
                    steps.push((step, to));
                });
            }
        }
        steps
    }
}
