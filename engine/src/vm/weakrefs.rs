//! Weak references as the machine sees them: making them, and the proxies that stand for their target.

use super::{Res, Stop, Ty, Vm};
use crate::heap::{Layout, Owned, Ref, TypeBody, WeakRefBody};
use std::cell::Cell;

impl Vm {
    /// Whether weak references can name the object.
    pub fn weakly_referenceable(&self, object: Ref) -> bool {
        self.heap.get::<TypeBody>(self.heap.class_of(object)).is_some_and(|body| body.has_weakref)
    }

    /// A weak reference (or proxy) of this kind. One without a callback is shared.
    ///
    /// # Errors
    /// TypeError for objects that cannot be named.
    pub fn new_weakref(&mut self, class: Ref, target: Ref, callback: Ref) -> Res<Owned> {
        if !self.weakly_referenceable(target) {
            let text = format!("cannot create weak reference to '{}' object", self.class_name(target));
            return Err(self.type_error(text));
        }
        let kind = self.instance_kind_of(class);
        let callback = if callback == self.single.none { Ref::NULL } else { callback };
        let shareable = self.profile.weakrefs_shared && callback.is_null() && kind.0 <= Ty::UserWarning as u32;
        if shareable {
            let known = self.heap.weakrefs(target).iter().copied().find(|&known| {
                self.heap.kind_of(known) == kind
                    && self.heap.get::<WeakRefBody>(known).is_some_and(|body| body.callback.is_null())
            });
            if let Some(known) = known {
                return Ok(self.share(known));
            }
        }
        let callback = if callback.is_null() { callback } else { self.share(callback).into_ref() };
        let made = self.heap.alloc(kind, WeakRefBody { target, callback, hash: Cell::new(None) });
        self.heap.add_weakref(target, made.get());
        Ok(made)
    }

    /// The target of a weak reference, while it lives.
    pub fn weakref_target(&self, weakref: Ref) -> Option<Ref> {
        self.heap.get::<WeakRefBody>(weakref)?.target.some()
    }

    /// Whether the object is a proxy.
    pub fn is_proxy(&self, object: Ref) -> bool {
        self.heap.layout(object) == Layout::WeakRef
            && (self.is_exact(object, Ty::WeakProxy) || self.is_exact(object, Ty::WeakCallableProxy))
    }

    /// What a proxy stands for.
    ///
    /// # Errors
    /// ReferenceError when that is dead.
    pub fn proxy_target(&mut self, proxy: Ref) -> Res<Owned> {
        match self.weakref_target(proxy) {
            Some(target) => Ok(self.share(target)),
            None => Err(self.dead_proxy()),
        }
    }

    #[cold]
    fn dead_proxy(&mut self) -> Stop {
        self.raise(Ty::ReferenceError, "weakly-referenced object no longer exists")
    }
}
