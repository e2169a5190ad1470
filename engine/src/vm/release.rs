//! Taking references away. At zero an object is torn down at once, inside the running instruction: its finaliser, the
//! callbacks of its weak references, then what it holds, in the order that the rules give.

use super::{Doing, Res, Ty, Vm};
use crate::heap::{FrameBody, GenState, GeneratorBody, Layout, Owned, Ref, Traits, TypeBody, WeakRefBody, flag};
use crate::rules::{ItemOrder, LocalsRelease};

/// Objects nested deeper than this are torn down after the outermost one.
const TRASHCAN_DEPTH: u32 = 50;

impl Vm {
    /// Takes one reference away.
    #[inline]
    pub fn release(&mut self, owned: Owned) {
        self.release_ref(owned.into_ref());
    }

    /// Takes a counted reference away that was stored as a plain one.
    #[inline]
    pub fn release_ref(&mut self, counted: Ref) {
        if self.heap.dec(counted) {
            self.dispose(counted);
        }
    }

    /// Takes away a counted reference that may be NULL.
    #[inline]
    pub fn release_maybe(&mut self, counted: Ref) {
        if !counted.is_null() {
            self.release_ref(counted);
        }
    }

    /// Takes several references away, in order.
    pub fn release_all(&mut self, counted: impl IntoIterator<Item = Ref>) {
        for r in counted {
            self.release_maybe(r);
        }
    }

    /// Tears an object down whose count has come to zero.
    #[inline]
    fn dispose(&mut self, r: Ref) {
        let id = self.heap.kind_of(r);
        if id == Ty::Int.kind() {
            return self.heap.free_plain(r, Layout::Int);
        }
        if id == Ty::Float.kind() {
            return self.heap.free_plain(r, Layout::Float);
        }
        let kind = self.heap.kind(id);
        if !kind.counts_class {
            match kind.layout {
                Layout::Int | Layout::Float | Layout::BigInt | Layout::Complex | Layout::Bytes => {
                    return self.heap.free(r);
                }
                Layout::Str => {
                    self.forget_text(r);
                    return self.heap.free(r);
                }
                Layout::Unit => return self.heap.free(r),
                _ => {}
            }
        }
        if self.teardown >= TRASHCAN_DEPTH {
            self.trash.push(r);
            return;
        }
        self.teardown += 1;
        self.tear_down(r);
        self.teardown -= 1;
        while self.teardown == 0
            && let Some(next) = self.trash.pop()
        {
            self.teardown += 1;
            self.tear_down(next);
            self.teardown -= 1;
        }
    }

    fn tear_down(&mut self, r: Ref) {
        if self.finalize(r) {
            return;
        }
        self.drop_weakrefs(r);
        // An iterator of the collector must not meet a half-dead object.
        self.heap.untrack(r);
        self.heap.set(r, flag::DYING);
        let kind = self.heap.kind(self.heap.kind_of(r));
        let (layout, counts_class) = (kind.layout, kind.counts_class);
        match layout {
            Layout::WeakRef => self.forget_weakref(r),
            Layout::MemoryView => self.unlock_view(r),
            Layout::Generator => self.orphan_frame(r),
            Layout::Frame if self.profile.locals_release == LocalsRelease::Reversed => {
                if let Some(body) = self.heap.get_mut::<FrameBody>(r) {
                    body.locals.reverse();
                }
            }
            Layout::Str => self.forget_text(r),
            Layout::Type => self.forget_class(r),
            _ => {}
        }
        self.slots_by_class(r);
        // What it held is released from a list that all objects share that are being torn down.
        let first = self.dying.len();
        self.heap.strip(r, &mut self.dying);
        let class = if counts_class { self.dying.pop() } else { None };
        let end = self.dying.len();
        if matches!(layout, Layout::List | Layout::Tuple) && self.profile.item_release == ItemOrder::LastToFirst {
            self.dying[first..].reverse();
        }
        for at in first..end {
            let held = self.dying[at];
            self.release_maybe(held);
        }
        self.dying.truncate(first);
        self.heap.free(r);
        self.release_all(class);
    }

    /// Brings the slots of an object that will be emptied into the order in which they are let go: those of its class
    /// first, those of the oldest base last.
    pub(super) fn slots_by_class(&mut self, r: Ref) {
        if self.slots(r).len() < 2 {
            return;
        }
        let mut bounds = Vec::new();
        let mut class = self.heap.class_of(r);
        while let Some(body) = self.heap.get::<TypeBody>(class) {
            bounds.push(body.slot_count as usize);
            if body.slot_count == 0 || body.base.is_null() {
                break;
            }
            class = body.base;
        }
        bounds.push(0);
        let old = self.slots(r).to_vec();
        let groups = bounds.windows(2).filter_map(|bound| old.get(bound[1]..bound[0]));
        let sorted: Vec<Ref> = groups.flatten().copied().collect();
        if sorted.len() != old.len() {
            return;
        }
        for (at, value) in sorted.into_iter().enumerate() {
            self.set_slot(r, at, value);
        }
    }

    /// Runs the finaliser of a dying object, once. True if the object lives on.
    pub(super) fn finalize(&mut self, r: Ref) -> bool {
        let Some(finalizer) = self.finalizer(r) else { return false };
        self.heap.set_count(r, 1);
        if self.profile.resurrected_young {
            self.heap.make_young(r);
        }
        self.run_finalizer(r, finalizer);
        !self.heap.dec(r)
    }

    /// Runs the finaliser of an object of a dead cycle, once. Somebody holds the object meanwhile.
    pub(super) fn finalize_in_cycle(&mut self, r: Ref) {
        if let Some(finalizer) = self.finalizer(r) {
            self.run_finalizer(r, finalizer);
        } else if self.is_unstarted(r) && !self.never_awaited(r) {
            // Nothing runs, but what it holds may die of it.
            self.run_finalizer(r, Ref::NULL);
        }
    }

    /// What is still to be run when an object dies: a function, or NULL for a generator that must be closed.
    fn finalizer(&mut self, r: Ref) -> Option<Ref> {
        if self.heap.has(r, flag::FINALIZED) && self.profile.finalize_once {
            return None;
        }
        let kind = self.heap.kind_of(r);
        if self.heap.kind(kind).layout == Layout::Generator {
            return (self.generator_needs_close(r) || self.never_awaited(r)).then_some(Ref::NULL);
        }
        if !self.heap.kind(kind).counts_class {
            return None;
        }
        self.traits(kind).finalizer.some()
    }

    /// A coroutine that dies before it has begun.
    fn never_awaited(&self, r: Ref) -> bool {
        self.heap.kind_of(r) == Ty::Coroutine.kind() && self.is_unstarted(r)
    }

    /// A generator of any sort that has not begun.
    fn is_unstarted(&self, r: Ref) -> bool {
        let body = self.heap.get::<GeneratorBody>(r);
        body.is_some_and(|body| body.state == GenState::Created && !body.code.is_null())
    }

    fn run_finalizer(&mut self, r: Ref, finalizer: Ref) {
        self.heap.set(r, flag::FINALIZED);
        let saved = std::mem::take(&mut self.raised);
        // Whoever releases the last reference may be cutting the stack: nothing is left on it.
        let floor = self.stack.len();
        if finalizer.is_null() && self.never_awaited(r) {
            let name = self.heap.get::<GeneratorBody>(r).map_or(Ref::NULL, |body| body.qualname);
            let text = format!("coroutine '{}' was never awaited", self.show(name));
            if let Err(stop) = self.warn(Ty::RuntimeWarning, &text) {
                self.unraisable(stop, Doing::Finalizing, r);
            }
        } else if finalizer.is_null() {
            match self.close_generator(r) {
                Ok(value) => self.release(value),
                Err(stop) => self.unraisable(stop, Doing::Closing, r),
            }
        } else {
            let func = self.share(finalizer);
            match self.call(func.get(), &[r]) {
                Ok(value) => self.release(value),
                Err(stop) => self.unraisable(stop, Doing::Deallocating, func.get()),
            }
            self.release(func);
        }
        self.release_held(floor);
        self.restore_raised(saved);
    }

    /// An exception that nobody can catch: `sys.unraisablehook` shows it.
    pub fn unraisable(&mut self, stop: super::Stop, doing: Doing, object: Ref) {
        if stop != super::Stop::Raised {
            return;
        }
        let exception = self.take_raised();
        let saved = std::mem::take(&mut self.handled);
        if let Err(stop) = self.show_unraisable(exception.get(), doing, object)
            && stop == super::Stop::Raised
        {
            let second = self.take_raised();
            self.release(second);
        }
        self.handled = saved;
        self.release(exception);
    }

    /// The weak references to a dying object are emptied and their callbacks called, newest first.
    pub(super) fn drop_weakrefs(&mut self, r: Ref) {
        if !self.heap.has(r, flag::WEAKLY_REFERENCED) {
            return;
        }
        let list = self.heap.take_weakrefs(r);
        // Hold those with a callback: one callback may drop another reference.
        let mut calls = Vec::new();
        for &weakref in list.iter().rev() {
            let has_callback = self.heap.get::<WeakRefBody>(weakref).is_some_and(|body| !body.callback.is_null());
            if has_callback && self.heap.count(weakref) > 0 {
                calls.push(self.share(weakref));
            }
        }
        if !self.profile.weakref_callbacks_newest_first {
            calls.reverse();
        }
        let saved = std::mem::take(&mut self.raised);
        let floor = self.stack.len();
        for weakref in calls {
            self.call_weakref_callback(weakref.get());
            self.release(weakref);
        }
        self.release_held(floor);
        self.restore_raised(saved);
    }

    /// Calls and drops the callback of an emptied weak reference.
    pub(super) fn call_weakref_callback(&mut self, weakref: Ref) {
        let callback = match self.heap.get_mut::<WeakRefBody>(weakref) {
            Some(body) => std::mem::take(&mut body.callback),
            None => Ref::NULL,
        };
        if !callback.is_null() {
            self.call_back(weakref, Owned::adopt(callback));
        }
    }

    /// Tells what a weak reference calls back that its target is gone.
    pub(super) fn call_back(&mut self, weakref: Ref, callback: Owned) {
        match self.call(callback.get(), &[weakref]) {
            Ok(value) => self.release(value),
            Err(stop) => self.unraisable(stop, Doing::CallingBack, callback.get()),
        }
        self.release(callback);
    }

    /// A dying string is no longer the representative of its text, and its number may become another name's.
    fn forget_text(&mut self, r: Ref) {
        if self.heap.remove_interned(r) {
            self.caches.forget();
        }
    }

    fn forget_weakref(&mut self, weakref: Ref) {
        let target = self.heap.get::<WeakRefBody>(weakref).map_or(Ref::NULL, |body| body.target);
        if !target.is_null() {
            self.heap.remove_weakref(target, weakref);
        }
    }

    /// What the machine asks for all the time of a class, found out anew when classes have changed.
    #[inline]
    pub fn traits(&mut self, kind: crate::heap::KindId) -> Traits {
        let known = self.heap.kind(kind).traits;
        if known.epoch == self.epoch {
            return known;
        }
        let class = self.heap.kind(kind).class;
        let custom = |vm: &mut Vm, name: Ref| -> Ref {
            match vm.lookup(class, name) {
                Some(found) if vm.heap.layout(found) != Layout::Native => found,
                _ => Ref::NULL,
            }
        };
        let names = self.names;
        let traits = Traits {
            epoch: self.epoch,
            finalizer: custom(self, names.del),
            getattribute: custom(self, names.getattribute),
            getattr: self.lookup(class, names.getattr).unwrap_or(Ref::NULL),
            setattr: custom(self, names.setattr),
            delattr: custom(self, names.delattr),
        };
        self.heap.kind_mut(kind).traits = traits;
        traits
    }

    /// Puts back what was on its way. What was thrown meanwhile and never ran, because a limit was reached, is let go.
    pub(super) fn restore_raised(&mut self, saved: Ref) {
        let left = std::mem::replace(&mut self.raised, saved);
        self.release_maybe(left);
    }

    /// Runs something that may raise while an exception may be on its way already.
    pub fn shielded<T>(&mut self, run: impl FnOnce(&mut Vm) -> Res<T>) -> Res<T> {
        let saved = std::mem::take(&mut self.raised);
        let result = run(self);
        if result.is_ok() {
            self.raised = saved;
        } else {
            self.release_maybe(saved);
        }
        result
    }

    /// Whether the class of an object is one of the built-in ones.
    pub fn is_builtin_instance(&self, r: Ref) -> bool {
        self.heap.kind_of(r).0 <= Ty::UserWarning as u32
    }
}
