//! The cycle collector: CPython's algorithm over the heap's registry.
//!
//! Of each object of a generation the references from inside the generation are subtracted from its count; what
//! keeps some is reachable from outside, and so is everything it reaches. The rest is garbage: weak references to it
//! are emptied, its finalisers run, and unless that brought it back its objects are emptied.

use super::{Res, Vm};
use crate::heap::{DictBody, InstanceBody, Layout, ListBody, Owned, Ref, WeakRefBody, flag};
use crate::rules::DictTracking;
use rustc_hash::{FxHashMap, FxHashSet};

impl Vm {
    /// Collects a generation and all younger ones; gives back how many unreachable objects there were.
    ///
    /// # Errors
    /// A limit that finalisers exceeded.
    pub fn collect_garbage(&mut self, generation: usize) -> Res<usize> {
        if self.collector.running {
            return Ok(0);
        }
        self.collector.running = true;
        let result = self.collect_and_tell(generation);
        self.collector.running = false;
        result
    }

    fn collect_and_tell(&mut self, generation: usize) -> Res<usize> {
        self.call_gc_callbacks("start", generation, 0)?;
        let count = self.collect_now(generation)?;
        self.call_gc_callbacks("stop", generation, count)?;
        Ok(count)
    }

    /// Calls what `gc.callbacks` holds; exceptions are not raised.
    fn call_gc_callbacks(&mut self, phase: &str, generation: usize, collected: usize) -> Res<()> {
        let Some(gc) = self.dict_get_str(self.modules, "gc") else { return Ok(()) };
        let dict = self.own_dict(gc);
        let Some(list) = self.dict_get_str(dict, "callbacks") else { return Ok(()) };
        let callbacks = self.heap.get::<ListBody>(list).map(|body| body.items.clone()).unwrap_or_default();
        for callback in callbacks {
            let callback = self.share(callback);
            let info = self.new_dict();
            for (key, value) in [("generation", generation), ("collected", collected), ("uncollectable", 0)] {
                let value = self.new_size(value);
                self.put(info.get(), key, value);
            }
            let phase = self.new_str(phase);
            match self.call(callback.get(), &[phase.get(), info.get()]) {
                Ok(value) => self.release(value),
                Err(stop @ super::Stop::Limit(_)) => {
                    self.release_list(vec![phase, info, callback]);
                    return Err(stop);
                }
                Err(stop) => self.unraisable(stop, callback.get()),
            }
            self.release_list(vec![phase, info, callback]);
        }
        Ok(())
    }

    /// Whether enough containers were made for a collection.
    #[inline]
    pub(super) fn collection_due(&self) -> bool {
        let threshold = self.collector.thresholds[0];
        self.heap.gc.counts[0] > threshold && threshold != 0 && self.collector.enabled && !self.collector.running
    }

    /// Runs the collection that is due: the oldest generation whose threshold is passed.
    ///
    /// # Errors
    /// A limit that finalisers exceeded.
    #[cold]
    pub(super) fn collect_if_due(&mut self) -> Res<()> {
        let thresholds = self.collector.thresholds;
        let counts = self.heap.gc.counts;
        let oldest =
            counts[2] > thresholds[2] && thresholds[2] != 0 && self.collector.pending * 4 > self.collector.long_lived;
        let generation = if oldest {
            2
        } else if counts[1] > thresholds[1] && thresholds[1] != 0 {
            1
        } else {
            0
        };
        let saved = std::mem::take(&mut self.raised);
        let result = self.collect_garbage(generation);
        self.raised = saved;
        result.map(|_| ())
    }

    /// A backward jump: a step of the budget, and the place where a collection that is due runs.
    #[inline]
    pub(super) fn safe_point(&mut self) -> Res<()> {
        self.step()?;
        if self.collection_due() { self.collect_if_due() } else { Ok(()) }
    }

    fn collect_now(&mut self, generation: usize) -> Res<usize> {
        let mut members: Vec<Ref> = Vec::new();
        for younger in 0..=generation {
            members.extend(self.heap.gc.members(younger));
        }
        let garbage = self.find_garbage(&members);
        self.untrack_atomic(&members, &garbage, generation);
        let older = (generation + 1).min(2);
        for &object in &members {
            if self.heap.has(object, flag::TRACKED) {
                self.heap.gc.move_to(object, older);
            }
        }
        for younger in 0..=generation {
            self.heap.gc.counts[younger] = 0;
        }
        match generation {
            2 => {
                self.collector.pending = 0;
                self.collector.long_lived = members.len() - garbage.len();
            }
            1 => self.collector.pending += members.len() - garbage.len(),
            _ => {}
        }
        if generation < 2 {
            self.heap.gc.counts[generation + 1] += 1;
        }
        if garbage.is_empty() {
            return Ok(0);
        }
        // Nothing of the garbage may die while its finalisers run.
        let mut held: Vec<Owned> = garbage.iter().map(|&object| self.share(object)).collect();
        self.empty_garbage_weakrefs(&garbage);
        for &object in &garbage {
            self.finalize_in_cycle(object);
        }
        // What a finaliser has let go of entirely dies by its count, and was no garbage.
        loop {
            let (alone, others): (Vec<Owned>, Vec<Owned>) =
                held.into_iter().partition(|object| self.heap.count(object.get()) == 1);
            held = others;
            if alone.is_empty() {
                break;
            }
            for object in alone {
                self.release(object);
            }
        }
        let garbage: Vec<Ref> = held.iter().map(Owned::get).collect();
        let survivors = self.resurrected(&garbage);
        let dead: Vec<Ref> = garbage.iter().copied().filter(|object| !survivors.contains(object)).collect();
        let count = dead.iter().map(|&object| self.collector_weight(object)).sum();
        for &object in &dead {
            self.empty_object(object);
        }
        for object in held {
            self.release(object);
        }
        self.step()?;
        Ok(count)
    }

    /// How many objects an object is to the collector: its attributes may be a dict of their own.
    fn collector_weight(&self, object: Ref) -> usize {
        let with_dict = self.heap.get::<InstanceBody>(object).is_some_and(|body| {
            body.dict.is_null() && body.values.iter().any(|value| !value.is_null() && self.heap.may_be_tracked(*value))
        });
        1 + usize::from(with_dict && self.profile.instance_dict_object)
    }

    /// Survivors that hold nothing that could be part of a cycle are looked at no longer: tuples always, dicts by a
    /// full collection where they are tracked only when needed.
    fn untrack_atomic(&mut self, members: &[Ref], garbage: &[Ref], generation: usize) {
        let garbage: FxHashSet<Ref> = garbage.iter().copied().collect();
        let dicts = generation == 2 && self.profile.dict_tracking == DictTracking::WhenNeeded;
        for &object in members {
            if garbage.contains(&object) || !self.is_builtin_instance(object) {
                continue;
            }
            let atomic = match self.heap.layout(object) {
                Layout::Tuple => !self.tuple_items(object).iter().any(|&item| self.heap.may_be_tracked(item)),
                Layout::Dict if dicts => !self.heap.get::<DictBody>(object).is_some_and(|body| {
                    body.table
                        .iter()
                        .any(|entry| self.heap.may_be_tracked(entry.key) || self.heap.may_be_tracked(entry.value))
                }),
                _ => false,
            };
            if atomic {
                self.heap.untrack(object);
            }
        }
    }

    /// The members that nothing outside reaches, in the order of the list.
    fn find_garbage(&self, members: &[Ref]) -> Vec<Ref> {
        let mut refs: FxHashMap<Ref, i64> =
            members.iter().map(|&object| (object, i64::from(self.heap.count(object)))).collect();
        for &object in members {
            self.heap.edges(object, &mut |_, to| {
                if let Some(count) = refs.get_mut(&to) {
                    *count -= 1;
                }
            });
        }
        let mut reachable: FxHashSet<Ref> = FxHashSet::default();
        let mut queue: Vec<Ref> = members.iter().copied().filter(|object| refs[object] > 0).collect();
        while let Some(object) = queue.pop() {
            if !reachable.insert(object) {
                continue;
            }
            self.heap.edges(object, &mut |_, to| {
                if refs.contains_key(&to) && !reachable.contains(&to) {
                    queue.push(to);
                }
            });
        }
        members.iter().copied().filter(|object| !reachable.contains(object)).collect()
    }

    /// What of the garbage something outside holds again after the finalisers, and all that this reaches.
    fn resurrected(&self, garbage: &[Ref]) -> FxHashSet<Ref> {
        let inside: FxHashSet<Ref> = garbage.iter().copied().collect();
        // One reference each is our own.
        let mut refs: FxHashMap<Ref, i64> =
            garbage.iter().map(|&object| (object, i64::from(self.heap.count(object)) - 1)).collect();
        for &object in garbage {
            self.heap.edges(object, &mut |_, to| {
                if let Some(count) = refs.get_mut(&to) {
                    *count -= 1;
                }
            });
        }
        let mut alive: FxHashSet<Ref> = FxHashSet::default();
        let mut queue: Vec<Ref> = garbage.iter().copied().filter(|object| refs[object] > 0).collect();
        // If one object of a cycle is brought back, all garbage lives on until the next collection.
        if !queue.is_empty() {
            queue.extend(garbage.iter().copied());
        }
        while let Some(object) = queue.pop() {
            if alive.insert(object) {
                self.heap.edges(object, &mut |_, to| {
                    if inside.contains(&to) {
                        queue.push(to);
                    }
                });
            }
        }
        alive
    }

    /// Weak references to garbage are emptied before any finaliser runs; callbacks of those that are not garbage
    /// themselves are called.
    fn empty_garbage_weakrefs(&mut self, garbage: &[Ref]) {
        let inside: FxHashSet<Ref> = garbage.iter().copied().collect();
        let mut calls: Vec<Owned> = Vec::new();
        for &object in garbage {
            if !self.heap.has(object, flag::WEAKLY_REFERENCED) {
                continue;
            }
            for weakref in self.heap.take_weakrefs(object).into_iter().rev() {
                let has_callback = self.heap.get::<WeakRefBody>(weakref).is_some_and(|body| !body.callback.is_null());
                if has_callback && !inside.contains(&weakref) {
                    calls.push(self.share(weakref));
                }
            }
        }
        for weakref in calls {
            self.call_weakref_callback(weakref.get());
            self.release(weakref);
        }
    }

    /// Breaks the cycle: what the object holds is released, the object itself stays until its last reference goes.
    fn empty_object(&mut self, object: Ref) {
        if matches!(self.heap.layout(object), Layout::Tuple) {
            // Immutable: it goes when the others let it go.
            return;
        }
        if self.heap.layout(object) == Layout::Generator {
            self.orphan_frame(object);
        }
        let mut held = Vec::new();
        self.heap.clear_edges(object, &mut held);
        self.release_all(held);
    }
}
