//! The cycle collector: CPython's algorithm over the heap's registry.
//!
//! What nothing outside of a generation reaches is garbage: weak references to it are emptied, its finalisers run, and
//! what they have not brought back is emptied.
//!
//! Invariant: between collections no object is in a list that is not a generation, and none has a mark.

use super::{Res, Vm};
use crate::heap::{DictBody, Layout, List, ListBody, Mark, NativeBody, Owned, PERMANENT, Ref, WeakRefBody, flag};
use crate::native::NativeDef;
use crate::rules::DictTracking;

/// `gc.DEBUG_SAVEALL`
pub const DEBUG_SAVEALL: i64 = 32;

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
        self.call_gc_callbacks("start", generation, 0, 0)?;
        let before = self.collector.stats[generation].candidates;
        let count = self.collect_now(generation)?;
        let candidates = self.collector.stats[generation].candidates - before;
        self.call_gc_callbacks("stop", generation, count, candidates)?;
        Ok(count)
    }

    /// How many objects were looked at and how long that took, where the version tells: no time, as there is no clock.
    pub(crate) fn put_candidates(&mut self, info: Ref, candidates: usize) {
        if self.profile.collector_tells_candidates {
            let candidates = self.new_size(candidates);
            self.put(info, "candidates", candidates);
            let duration = self.new_float(0.0);
            self.put(info, "duration", duration);
        }
    }

    /// Moves all that the collector looks at to the permanent generation, which no collection looks at.
    pub(crate) fn freeze(&mut self) {
        for generation in 0..PERMANENT {
            self.heap.gc.merge(List::Generation(generation), List::Generation(PERMANENT));
        }
        self.heap.gc.counts = [0; 3];
    }

    /// Calls what `gc.callbacks` holds; exceptions are not raised.
    fn call_gc_callbacks(&mut self, phase: &str, generation: usize, collected: usize, candidates: usize) -> Res<()> {
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
            self.put_candidates(info.get(), candidates);
            let phase = self.new_str(phase);
            match self.call(callback.get(), &[phase.get(), info.get()]) {
                Ok(value) => self.release(value),
                Err(stop @ super::Stop::Limit(_)) => {
                    self.release_list(vec![phase, info, callback]);
                    return Err(stop);
                }
                Err(stop) => self.unraisable(stop, super::Doing::Collecting, callback.get()),
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
        self.restore_raised(saved);
        result.map(|_| ())
    }

    /// Whether no collection is run when a call of this function ends.
    #[cold]
    pub(super) fn skips_collector(&self, callable: Ref) -> bool {
        let def = self.heap.get::<NativeBody>(callable).and_then(|body| body.def);
        self.profile.append_skips_collector && def.is_some_and(NativeDef::is_list_append)
    }

    /// A backward jump: a step of the budget, and the place where a collection that is due runs.
    #[inline]
    pub(super) fn safe_point(&mut self) -> Res<()> {
        self.step()?;
        if self.collection_due() { self.collect_if_due() } else { Ok(()) }
    }

    fn collect_now(&mut self, generation: usize) -> Res<usize> {
        let (young, old) = (List::Generation(generation), List::Generation((generation + 1).min(2)));
        let looked_at: usize = (0..=generation).map(|number| self.heap.gc.len(List::Generation(number))).sum();
        self.charge(looked_at as u64)?;
        self.collector.stats[generation].candidates += looked_at;
        if generation < 2 {
            self.heap.gc.counts[generation + 1] += 1;
        }
        for younger in 0..=generation {
            self.heap.gc.counts[younger] = 0;
            self.heap.gc.merge(List::Generation(younger), young);
        }
        self.heap.deduce_unreachable(young, List::Unreachable);
        let survivors = self.heap.gc.members(young);
        self.untrack_atomic(&survivors, generation);
        match generation {
            2 => {
                self.collector.pending = 0;
                self.collector.long_lived = survivors.len();
            }
            1 => self.collector.pending += survivors.len(),
            _ => {}
        }
        self.heap.gc.merge(young, old);
        if generation == 2 {
            self.heap.gc.clear_free_lists();
        }
        self.collector.stats[generation].collections += 1;
        if self.heap.gc.first(List::Unreachable).is_none() {
            return Ok(0);
        }
        let freed = self.empty_garbage_weakrefs(old);
        self.finalize_garbage();
        self.sort_out_resurrected(old);
        if self.profile.weakrefs_outlive_finalizers {
            for object in self.heap.gc.members(List::Final) {
                self.heap.take_weakrefs(object);
            }
        }
        let found = self.heap.gc.len(List::Final);
        self.collector.stats[generation].collected += freed + found;
        if self.collector.debug & DEBUG_SAVEALL != 0 {
            self.save_garbage(old);
        } else {
            self.delete_garbage(old);
        }
        self.step()?;
        Ok(freed + found)
    }

    /// Runs the finalisers, each once. What a finaliser lets go of entirely dies then and there and was no garbage.
    fn finalize_garbage(&mut self) {
        while let Some(object) = self.heap.gc.first(List::Unreachable) {
            self.heap.gc.move_to(object, List::Finalized);
            let held = self.share(object);
            self.finalize_in_cycle(object);
            self.release(held);
        }
        self.heap.gc.merge(List::Finalized, List::Unreachable);
    }

    /// What finalisers have made reachable again lives on, the rest goes to the list of what is to be deleted.
    fn sort_out_resurrected(&mut self, old: List) {
        self.heap.deduce_unreachable(List::Unreachable, List::Final);
        if self.profile.resurrection_stops_collection && self.heap.gc.first(List::Unreachable).is_some() {
            self.heap.gc.clear_marks(List::Final);
            self.heap.gc.merge(List::Final, List::Unreachable);
        }
        self.heap.gc.merge(List::Unreachable, old);
        self.heap.gc.clear_marks(List::Final);
    }

    /// Breaks the cycles. What somebody holds nevertheless goes back to the old objects.
    fn delete_garbage(&mut self, old: List) {
        while let Some(object) = self.heap.gc.first(List::Final) {
            let held = self.share(object);
            self.empty_object(object);
            self.release(held);
            if self.heap.gc.first(List::Final) == Some(object) {
                self.heap.gc.move_to(object, old);
            }
        }
    }

    /// Keeps what would have been freed in `gc.garbage`.
    fn save_garbage(&mut self, old: List) {
        let gc = self.dict_get_str(self.modules, "gc").map(|gc| self.own_dict(gc));
        let garbage = gc.and_then(|dict| self.dict_get_str(dict, "garbage"));
        if let Some(garbage) = garbage.filter(|&list| self.heap.layout(list) == Layout::List) {
            for object in self.heap.gc.members(List::Final) {
                let object = self.share(object);
                self.list_append(garbage, object);
            }
        }
        self.heap.gc.merge(List::Final, old);
    }

    /// Survivors that hold nothing that could be part of a cycle are looked at no longer: tuples always, dicts by a
    /// full collection where they are tracked only when needed.
    fn untrack_atomic(&mut self, survivors: &[Ref], generation: usize) {
        for &object in survivors {
            if self.heap.layout(object) == Layout::Tuple
                && self.is_builtin_instance(object)
                && !self.tuple_items(object).iter().any(|&item| self.heap.may_be_tracked(item))
            {
                self.heap.untrack(object);
            }
        }
        if generation < 2 || self.profile.dict_tracking != DictTracking::WhenNeeded {
            return;
        }
        for &object in survivors {
            if self.heap.layout(object) == Layout::Dict
                && self.is_builtin_instance(object)
                && !self.heap.get::<DictBody>(object).is_some_and(|body| {
                    body.table
                        .iter()
                        .any(|entry| self.heap.may_be_tracked(entry.key) || self.heap.may_be_tracked(entry.value))
                })
            {
                self.heap.untrack(object);
            }
        }
    }

    /// Weak references to garbage are emptied before any finaliser runs, by rule those with a callback only. Callbacks
    /// of those that are not garbage themselves are called. Gives back how many weak references died of that.
    fn empty_garbage_weakrefs(&mut self, old: List) -> usize {
        let mut calls: Vec<Owned> = Vec::new();
        for object in self.heap.gc.members(List::Unreachable) {
            if !self.heap.has(object, flag::WEAKLY_REFERENCED) {
                continue;
            }
            let emptied = if self.profile.weakrefs_outlive_finalizers {
                self.heap.take_weakrefs_with_callback(object)
            } else {
                self.heap.take_weakrefs(object)
            };
            for weakref in emptied.into_iter().rev() {
                let has_callback = self.heap.get::<WeakRefBody>(weakref).is_some_and(|body| !body.callback.is_null());
                if has_callback && self.heap.gc.mark(weakref) != Mark::Tentative {
                    calls.push(self.share(weakref));
                }
            }
        }
        self.heap.gc.clear_marks(List::Unreachable);
        let mut freed = 0;
        for weakref in calls {
            // Unlike one whose target dies by itself, it keeps its callback.
            let callback = self.heap.get::<WeakRefBody>(weakref.get()).map_or(Ref::NULL, |body| body.callback);
            if !callback.is_null() {
                let callback = self.share(callback);
                self.call_back(weakref.get(), callback);
            }
            if self.heap.count(weakref.get()) == 1 {
                freed += 1;
            } else if self.heap.has(weakref.get(), flag::TRACKED) {
                self.heap.gc.move_to(weakref.get(), old);
            }
            self.release(weakref);
        }
        freed
    }

    /// Breaks the cycle: what the object holds is released, the object itself stays until its last reference goes.
    fn empty_object(&mut self, object: Ref) {
        if matches!(self.heap.layout(object), Layout::Tuple) {
            // Immutable: it goes when the others let it go.
            return;
        }
        match self.heap.layout(object) {
            Layout::Generator => self.orphan_frame(object),
            // While it still knows its bases.
            Layout::Type => self.forget_class(object),
            _ => {}
        }
        self.slots_by_class(object);
        let mut held = Vec::new();
        self.heap.clear_edges(object, &mut held);
        self.release_all(held);
    }
}
