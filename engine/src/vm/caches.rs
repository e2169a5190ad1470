//! What lookups have found, so that they need not look again: class attributes, and where instances keep theirs.
//!
//! Invariants. An answer holds for one stamp: the stamp changes whenever a class changes and whenever an interned string
//! dies, whose number may then become that of another name. An answer about a kind is about instances of one shape
//! that have no dict of their own. A place in a namespace is a guess that its reader checks.

use super::Vm;
use crate::heap::{InstanceBody, KindId, Layout, Ref};

/// How many answers of a sort are kept; a newer one takes the place of an older one.
const ANSWERS: usize = 1024;
/// How many answers about kinds.
const KIND_ANSWERS: usize = 256;

#[derive(Clone, Copy, Default)]
struct ClassAttr {
    stamp: u32,
    class: Ref,
    name: Ref,
    found: Ref,
}

#[derive(Clone, Copy, Default)]
struct KindAttr {
    stamp: u32,
    kind: KindId,
    name: Ref,
    shape: u32,
    /// Where the value stands.
    at: u32,
    /// The shape after a store.
    after: u32,
    found: Ref,
}

/// The answers.
#[derive(Clone)]
pub struct Caches {
    stamp: u32,
    class_attrs: Box<[ClassAttr; ANSWERS]>,
    /// Where values stand that are read.
    own: Box<[KindAttr; KIND_ANSWERS]>,
    /// Where values stand that are written, and the shape that comes of it.
    stores: Box<[KindAttr; KIND_ANSWERS]>,
    /// Functions of classes that are called as methods.
    methods: Box<[KindAttr; KIND_ANSWERS]>,
    /// Where namespaces have names.
    places: Box<[u32; ANSWERS]>,
}

impl Default for Caches {
    fn default() -> Caches {
        Caches {
            stamp: 1,
            class_attrs: Box::new([ClassAttr::default(); ANSWERS]),
            own: Box::new([KindAttr::default(); KIND_ANSWERS]),
            stores: Box::new([KindAttr::default(); KIND_ANSWERS]),
            methods: Box::new([KindAttr::default(); KIND_ANSWERS]),
            places: Box::new([0; ANSWERS]),
        }
    }
}

/// Where the answer for two numbers is kept.
#[inline]
fn place(a: Ref, b: Ref) -> usize {
    (a.index().wrapping_mul(37) ^ b.index()) % ANSWERS
}

#[inline]
fn kind_place(kind: KindId, name: Ref) -> usize {
    ((kind.0 as usize).wrapping_mul(37) ^ name.index()) % KIND_ANSWERS
}

impl Caches {
    /// What was found of a class attribute: NULL if there is none, nothing if that is not known.
    #[inline]
    pub fn class_attr(&self, class: Ref, name: Ref) -> Option<Ref> {
        let known = &self.class_attrs[place(class, name)];
        (known.class == class && known.name == name && known.stamp == self.stamp).then_some(known.found)
    }

    /// Remembers it.
    pub fn keep_class_attr(&mut self, class: Ref, name: Ref, found: Ref) {
        self.class_attrs[place(class, name)] = ClassAttr { stamp: self.stamp, class, name, found };
    }

    /// Which answers hold.
    pub fn stamp(&self) -> u32 {
        self.stamp
    }

    /// All answers are void.
    pub fn forget(&mut self) {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            *self = Caches::default();
        }
    }

    /// Where a namespace may have a name.
    #[inline]
    pub fn guess(&self, space: Ref, name: Ref) -> usize {
        self.places[place(space, name)] as usize
    }

    /// Where it has it.
    pub fn keep_guess(&mut self, space: Ref, name: Ref, at: usize) {
        self.places[place(space, name)] = at as u32;
    }

    #[inline]
    fn known(&self, table: &[KindAttr; KIND_ANSWERS], kind: KindId, name: Ref, shape: u32) -> Option<KindAttr> {
        let known = table[kind_place(kind, name)];
        (known.name == name && known.kind == kind && known.shape == shape && known.stamp == self.stamp).then_some(known)
    }
}

impl Vm {
    /// The shape of an instance whose values stand by shape.
    #[inline]
    fn shape_of(&self, object: Ref) -> Option<u32> {
        let body = self.heap.get::<InstanceBody>(object)?;
        body.dict.is_null().then_some(body.shape)
    }

    /// The value of an attribute of an instance of a Python class, if it is known where that stands and that no class
    /// has a say in it; borrowed.
    #[inline]
    pub(super) fn own_attr_known(&self, object: Ref, name: Ref) -> Option<Ref> {
        let body = self.heap.get::<InstanceBody>(object)?;
        if !body.dict.is_null() {
            return None;
        }
        let known = self.caches.known(&self.caches.own, self.heap.kind_of(object), name, body.shape)?;
        body.values.get(known.at as usize)?.some()
    }

    /// Finds out for [`Vm::own_attr_known`] where an attribute stands that was just read. No class
    /// has a data descriptor of that name, nor a `__getattribute__` of its own.
    pub(super) fn learn_own_attr(&mut self, object: Ref, name: Ref) {
        let Some(shape) = self.shape_of(object) else { return };
        let Some(at) = self.heap.shapes.find(shape, name) else { return };
        let kind = self.heap.kind_of(object);
        let stamp = self.caches.stamp;
        self.caches.own[kind_place(kind, name)] =
            KindAttr { stamp, kind, name, shape, at: at as u32, after: shape, found: Ref::NULL };
    }

    /// The function that a call `object.name(…)` means, if that is known; borrowed.
    #[inline]
    pub(super) fn method_known(&self, object: Ref, name: Ref) -> Option<Ref> {
        let kind = self.heap.kind_of(object);
        let shape = match self.heap.get::<InstanceBody>(object) {
            Some(body) if body.dict.is_null() => body.shape,
            Some(_) => return None,
            None => 0,
        };
        self.caches.known(&self.caches.methods, kind, name, shape).map(|known| known.found)
    }

    /// Remembers the function that was found for such a call. An interned name.
    pub(super) fn learn_method(&mut self, object: Ref, name: Ref, found: Ref) {
        let kind = self.heap.kind_of(object);
        let shape = match self.heap.kind(kind).layout {
            Layout::Instance => match self.shape_of(object) {
                Some(shape) => shape,
                None => return,
            },
            // Without a dict only the class has a say.
            Layout::Str | Layout::List | Layout::Dict | Layout::Tuple | Layout::Set | Layout::Int | Layout::Float
                if self.is_builtin_instance(object) =>
            {
                0
            }
            _ => return,
        };
        let stamp = self.caches.stamp;
        self.caches.methods[kind_place(kind, name)] = KindAttr { stamp, kind, name, shape, at: 0, after: shape, found };
    }

    /// Stores an attribute of an instance of a Python class, if it is known where it stands and that no class has a
    /// say in it. Gives back the old value, to be released; nothing if it is not known.
    #[inline]
    pub(super) fn store_known(&mut self, object: Ref, name: Ref, value: Ref) -> Option<Ref> {
        let shape = self.shape_of(object)?;
        let known = self.caches.known(&self.caches.stores, self.heap.kind_of(object), name, shape)?;
        self.heap.inc(value);
        let body = self.heap.get_mut::<InstanceBody>(object)?;
        match body.values.get_mut(known.at as usize) {
            Some(place) => Some(std::mem::replace(place, value.plain())),
            None => {
                body.shape = known.after;
                body.values.push(value.plain());
                Some(Ref::NULL)
            }
        }
    }

    /// Finds out for [`Vm::store_known`] where an attribute stands that was just stored in an instance that had this
    /// shape before, or nothing if it had a dict.
    pub(super) fn learn_store(&mut self, object: Ref, name: Ref, before: Option<u32>) {
        let (Some(shape), Some(after)) = (before, self.shape_of(object)) else { return };
        let Some(at) = self.heap.shapes.find(after, name) else { return };
        // Either the name stood there already, or it is the one that came last.
        if shape != after && at != self.heap.shapes.names(shape).len() {
            return;
        }
        let kind = self.heap.kind_of(object);
        let stamp = self.caches.stamp;
        self.caches.stores[kind_place(kind, name)] =
            KindAttr { stamp, kind, name, shape, at: at as u32, after, found: Ref::NULL };
    }

    /// The shape that [`Vm::learn_store`] is to be told.
    pub(super) fn shape_before(&self, object: Ref) -> Option<u32> {
        self.shape_of(object)
    }
}
