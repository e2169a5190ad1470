//! The heap: objects as slots and bodies, their counts, and the registry of what the collector looks at.
//!
//! Nothing here runs Python code: `&Heap` and `&mut Heap` in a signature say that no finaliser can run. Taking an
//! object's last reference away is the machine's business (`Vm::release`), because that may run anything.

mod audit;
mod body;
mod gc_list;
mod intern;
mod reach;
mod shape;
mod slab;
mod slot;

pub use body::*;
pub use gc_list::{List, Mark, PERMANENT};
pub use shape::Shapes;
pub use slot::{IMMORTAL, KindId, Owned, Ref, Slot, flag};

use crate::object::text::Text;
use gc_list::{FreeList, GcLists};
use rustc_hash::FxHashMap;
use slab::Store;

/// A layout together with a class: what `type(x)` is and how `x` is to be read.
#[derive(Clone, Debug)]
pub struct Kind {
    /// `type(x)`
    pub class: Ref,
    /// How its word is read.
    pub layout: Layout,
    /// The collector can look at such objects: they count as allocations of containers.
    pub gc: bool,
    /// It looks at them from the start.
    pub tracked: bool,
    /// Instances hold a counted reference to their class.
    pub counts_class: bool,
    /// Instances of a Python class over a built-in layout: dict and slots stand in `extras`.
    pub has_extra: bool,
    /// What the class defines of the methods that the machine asks for all the time.
    pub traits: Traits,
}

/// Methods of a class that the machine asks for all the time, as of one class epoch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traits {
    /// The epoch in which this was found out; 0: never.
    pub epoch: u32,
    /// `__del__` of a Python class, or NULL.
    pub finalizer: Ref,
    /// `__getattribute__` if it is not a built-in one, or NULL.
    pub getattribute: Ref,
    /// `__getattr__`, or NULL.
    pub getattr: Ref,
    /// `__setattr__` if it is not a built-in one, or NULL.
    pub setattr: Ref,
    /// `__delattr__` if it is not a built-in one, or NULL.
    pub delattr: Ref,
}

/// Dict and slots of an instance whose layout has no place for them (subclasses of `int`, `list`, …).
#[derive(Clone, Debug, Default)]
pub struct Extra {
    /// The dict, once there is one.
    pub dict: Ref,
    /// Values of the slots.
    pub slots: Vec<Ref>,
}

/// What became of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Touched {
    /// It is new.
    Made(Ref),
    /// It has a larger or smaller block for what it holds.
    Grown(Ref),
    /// Its place is free.
    Gone(Ref),
}

/// All objects of one interpreter.
#[derive(Clone)]
pub struct Heap {
    slots: Vec<Slot>,
    /// The slot freed last, by allocation class (layout and size); its word names the one before it. Zero ends the chain.
    free: [u32; ALLOCATION_CLASSES],
    kinds: Vec<Kind>,
    /// The bodies.
    pub slabs: Slabs,
    extras: FxHashMap<Ref, Extra>,
    weak: FxHashMap<Ref, Vec<Ref>>,
    interned: intern::Interned,
    /// The attribute names of instances.
    pub shapes: Shapes,
    /// What the collector looks at.
    pub gc: GcLists,
    /// The collector does not see the dict of an instance that holds its attributes in itself.
    pub hides_inline_dicts: bool,
    /// What became of objects since it was last looked at, if that is to be written down.
    pub touched: Option<Vec<Touched>>,
    /// A function has its builtins from its globals, and no reference to them.
    pub builtins_by_globals: bool,
    /// The values of an instance are part of its block.
    pub values_inside: bool,
    live: usize,
    live_limit: usize,
    /// A fault for the audit to find.
    #[cfg(test)]
    pub(crate) losses: Losses,
}

/// Which decrement does not happen: the audit has to find that.
#[cfg(test)]
#[derive(Clone, Debug, Default)]
pub(crate) struct Losses {
    /// How many there were, of objects that are counted.
    pub decrements: u64,
    /// The number of the one that is lost.
    pub lost: Option<u64>,
}

#[cfg(test)]
impl Losses {
    fn takes(&mut self, count: u32) -> bool {
        if count == IMMORTAL {
            return false;
        }
        self.decrements += 1;
        self.lost == Some(self.decrements)
    }
}

/// More than there are layouts.
const LAYOUTS: usize = 64;
/// A class a layout, and one a size for tuples, large ints and instances.
const ALLOCATION_CLASSES: usize = LAYOUTS + 3 * (flag::SIZE_MOST as usize + 1);

/// The class of an object by its layout and size: a block that died serves the next object of its class, so ids are
/// those of CPython, whose allocator keeps free blocks by their size.
#[inline]
fn allocation_class(layout: Layout, size: u32) -> usize {
    if size == 0 {
        return layout as usize;
    }
    let row = match layout {
        Layout::Tuple => 0,
        Layout::BigInt => 1,
        _ => 2,
    };
    LAYOUTS + row * (flag::SIZE_MOST as usize + 1) + size as usize
}

/// The first slots are the heads of the collector's lists.
const FIRST_OBJECT: u32 = 1 + gc_list::LISTS;

impl Heap {
    /// A heap without objects.
    pub fn new() -> Heap {
        let empty = Slot { count: IMMORTAL, kind: 0, word: 0 };
        let mut heap = Heap {
            slots: vec![empty; FIRST_OBJECT as usize],
            free: [0; ALLOCATION_CLASSES],
            kinds: Vec::new(),
            slabs: Slabs::default(),
            extras: FxHashMap::default(),
            weak: FxHashMap::default(),
            interned: intern::Interned::default(),
            shapes: Shapes::new(),
            gc: GcLists::new(),
            hides_inline_dicts: false,
            touched: None,
            builtins_by_globals: false,
            values_inside: false,
            live: 0,
            live_limit: usize::MAX,
            #[cfg(test)]
            losses: Losses::default(),
        };
        heap.add_kind(Kind {
            class: Ref::NULL,
            layout: Layout::Free,
            gc: false,
            tracked: false,
            counts_class: false,
            has_extra: false,
            traits: Traits::default(),
        });
        heap
    }

    // ---- kinds ------------------------------------------------------------------------------------------------

    /// A new kind of object.
    pub fn add_kind(&mut self, kind: Kind) -> KindId {
        self.kinds.push(kind);
        KindId(self.kinds.len() as u32 - 1)
    }

    /// The kind with this number.
    #[inline]
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[id.0 as usize]
    }

    /// The kind with this number, to be changed.
    #[inline]
    pub fn kind_mut(&mut self, id: KindId) -> &mut Kind {
        &mut self.kinds[id.0 as usize]
    }

    /// What kind an object is.
    #[inline]
    pub fn kind_of(&self, r: Ref) -> KindId {
        KindId(self.slots[r.index()].kind & flag::KIND)
    }

    /// `type(x)`
    #[inline]
    pub fn class_of(&self, r: Ref) -> Ref {
        self.kinds[(self.slots[r.index()].kind & flag::KIND) as usize].class
    }

    /// How the object's word is read.
    #[inline]
    pub fn layout(&self, r: Ref) -> Layout {
        self.kinds[(self.slots[r.index()].kind & flag::KIND) as usize].layout
    }

    /// Makes an object one of another kind with the same layout (`x.__class__ = …`). Counts of the classes are the
    /// caller's business.
    pub fn set_kind(&mut self, r: Ref, kind: KindId) {
        let slot = &mut self.slots[r.index()];
        slot.kind = (slot.kind & !flag::KIND) | kind.0;
    }

    // ---- allocation -------------------------------------------------------------------------------------------

    /// A slot from the free ones of an allocation class, or a new one.
    #[inline]
    fn take_slot(&mut self, class: usize, slot: Slot) -> Ref {
        let at = self.free[class];
        self.live += 1;
        if self.touched.is_some() {
            return self.take_slot_told(class, slot);
        }
        if at == 0 {
            self.slots.push(slot);
            return Ref(self.slots.len() as u32 - 1);
        }
        let place = &mut self.slots[at as usize];
        self.free[class] = place.word as u32;
        *place = slot;
        Ref(at)
    }

    /// The same where it is written down.
    #[cold]
    fn take_slot_told(&mut self, class: usize, slot: Slot) -> Ref {
        let touched = self.touched.take();
        self.live -= 1;
        let made = self.take_slot(class, slot);
        self.touched = touched;
        self.tell(Touched::Made(made));
        made
    }

    /// Writes down what became of an object, if that is asked for.
    #[inline]
    pub fn tell(&mut self, touch: Touched) {
        if let Some(touched) = &mut self.touched {
            touched.push(touch);
        }
    }

    #[inline]
    fn alloc_word(&mut self, kind: KindId, word: u64, size: u32) -> Owned {
        let &Kind { layout, counts_class, class, gc, tracked, .. } = &self.kinds[kind.0 as usize];
        let slot = Slot { count: 1, kind: kind.0 | size << flag::SIZE_SHIFT, word };
        let object = self.take_slot(allocation_class(layout, size), slot);
        let free_list = free_list(layout, counts_class);
        if counts_class {
            self.inc(class);
        }
        if gc {
            self.gc.count_made(free_list);
            if tracked {
                self.track(object);
            }
        }
        Owned::adopt(object)
    }

    /// A new object of a kind that has no body, no counted class, and that the collector never looks at.
    #[inline]
    pub fn alloc_plain(&mut self, kind: KindId, layout: Layout, word: u64) -> Owned {
        debug_assert!(self.kinds[kind.0 as usize].layout == layout && !self.kinds[kind.0 as usize].gc);
        Owned::adopt(self.take_slot(layout as usize, Slot { count: 1, kind: kind.0, word }))
    }

    /// Gives the slot of such an object back.
    #[inline]
    pub fn free_plain(&mut self, r: Ref, layout: Layout) {
        debug_assert!(self.layout(r) == layout && self.slots[r.index()].kind & !flag::KIND == 0);
        self.give_slot(r, layout as usize);
    }

    #[inline]
    fn give_slot(&mut self, r: Ref, class: usize) {
        self.tell(Touched::Gone(r));
        let before = self.free[class];
        self.slots[r.index()] = Slot { count: 0, kind: 0, word: u64::from(before) };
        self.free[class] = r.index() as u32;
        self.live -= 1;
    }

    /// A new object with a body.
    pub fn alloc<B: Body>(&mut self, kind: KindId, body: B) -> Owned {
        debug_assert_eq!(self.kinds[kind.0 as usize].layout, B::LAYOUT);
        let word = B::slab_mut(&mut self.slabs).insert(body);
        let size = self.block_size(B::LAYOUT, word);
        self.alloc_word(kind, word, size)
    }

    /// The size of a new object's block, as far as objects of its layout differ: in steps of 16 bytes, of a tuple its items.
    #[inline]
    fn block_size(&self, layout: Layout, word: u64) -> u32 {
        let size = match layout {
            Layout::Tuple => self.slabs.tuples.get(word).items.len(),
            Layout::BigInt => (24 + 4 * self.slabs.bigints.get(word).value.bits().div_ceil(30) as usize).div_ceil(16),
            Layout::Instance if self.values_inside => {
                let body = self.slabs.instances.get(word);
                let places = usize::from(body.room);
                let values = if places == 0 { 0 } else { 8 * (places + 1) + places.next_multiple_of(8) };
                (48 + 8 * body.slots.len() + values).div_ceil(16)
            }
            _ => return 0,
        };
        size.min(flag::SIZE_MOST as usize) as u32
    }

    /// A new int that fits a word.
    #[inline]
    pub fn alloc_int(&mut self, kind: KindId, value: i64) -> Owned {
        self.alloc_word(kind, value as u64, 0)
    }

    /// A new float.
    #[inline]
    pub fn alloc_float(&mut self, kind: KindId, value: f64) -> Owned {
        self.alloc_word(kind, value.to_bits(), 0)
    }

    /// A new object without content.
    pub fn alloc_unit(&mut self, kind: KindId) -> Owned {
        self.alloc_word(kind, 0, 0)
    }

    /// How many slots there are, free ones included.
    pub fn slot_count(&self) -> usize {
        self.slots.len()
    }

    /// Objects beyond this number are too many.
    pub fn set_live_limit(&mut self, limit: usize) {
        self.live_limit = limit;
    }

    /// Whether there are too many objects.
    #[inline]
    pub fn exhausted(&self) -> bool {
        self.live > self.live_limit
    }

    /// Every object, in the order of the slots.
    pub fn objects(&self) -> impl Iterator<Item = Ref> + '_ {
        (FIRST_OBJECT..self.slots.len() as u32).map(Ref).filter(|r| self.is_live(*r))
    }

    /// Whether the slot holds an object.
    pub fn is_live(&self, r: Ref) -> bool {
        r.index() >= FIRST_OBJECT as usize && self.slots[r.index()].kind & flag::KIND != 0
    }

    // ---- counts -----------------------------------------------------------------------------------------------

    /// The stored count; [`IMMORTAL`] for objects that are not counted.
    #[inline]
    pub fn count(&self, r: Ref) -> u32 {
        self.slots[r.index()].count
    }

    /// One reference more.
    #[inline]
    pub fn inc(&mut self, r: Ref) {
        let slot = &mut self.slots[r.index()];
        if slot.count != IMMORTAL {
            slot.count += 1;
        }
    }

    /// One reference less; true when that was the last one.
    #[inline]
    pub fn dec(&mut self, r: Ref) -> bool {
        #[cfg(test)]
        if self.losses.takes(self.slots[r.index()].count) {
            return false;
        }
        let slot = &mut self.slots[r.index()];
        if slot.count == IMMORTAL {
            return false;
        }
        slot.count -= 1;
        slot.count == 0
    }

    /// A counted reference more to an object.
    #[inline]
    pub fn share(&mut self, r: Ref) -> Owned {
        self.inc(r);
        Owned::adopt(r.plain())
    }

    /// From now on the object is not counted and never dies.
    pub fn make_immortal(&mut self, r: Ref) {
        self.slots[r.index()].count = IMMORTAL;
    }

    /// Sets the count: for an object that comes back to life for its finaliser.
    #[inline]
    pub fn set_count(&mut self, r: Ref, count: u32) {
        self.slots[r.index()].count = count;
    }

    // ---- flags ------------------------------------------------------------------------------------------------

    /// Whether a flag of [`flag`] is set.
    #[inline]
    pub fn has(&self, r: Ref, bit: u32) -> bool {
        self.slots[r.index()].kind & bit != 0
    }

    /// Sets a flag of [`flag`].
    #[inline]
    pub fn set(&mut self, r: Ref, bit: u32) {
        self.slots[r.index()].kind |= bit;
    }

    /// Clears a flag of [`flag`].
    #[inline]
    pub fn clear(&mut self, r: Ref, bit: u32) {
        self.slots[r.index()].kind &= !bit;
    }

    /// The collector looks at the object from now on.
    #[inline]
    pub fn track(&mut self, r: Ref) {
        if !self.has(r, flag::TRACKED) {
            self.set(r, flag::TRACKED);
            self.gc.add(r);
        }
    }

    /// The collector looks at the object no longer.
    #[inline]
    pub fn untrack(&mut self, r: Ref) {
        if self.has(r, flag::TRACKED) {
            self.clear(r, flag::TRACKED);
            self.gc.remove(r);
        }
    }

    /// The object is the last of the youngest generation, if the collector looks at it.
    pub fn make_young(&mut self, r: Ref) {
        if self.has(r, flag::TRACKED) {
            self.gc.remove(r);
            self.gc.add(r);
        }
    }

    /// Whether the object may be part of a cycle, as far as that can be told without looking into it.
    #[inline]
    pub fn may_be_tracked(&self, r: Ref) -> bool {
        let kind = &self.kinds[(self.slots[r.index()].kind & flag::KIND) as usize];
        kind.gc && (kind.layout != Layout::Tuple || kind.counts_class || self.has(r, flag::TRACKED))
    }

    // ---- content ----------------------------------------------------------------------------------------------

    /// The word of an object: the value of an int.
    #[inline]
    pub fn int_word(&self, r: Ref) -> i64 {
        self.slots[r.index()].word as i64
    }

    /// The value of a float.
    #[inline]
    pub fn float_word(&self, r: Ref) -> f64 {
        f64::from_bits(self.slots[r.index()].word)
    }

    /// The body, if the object has that layout.
    #[inline]
    pub fn get<B: Body>(&self, r: Ref) -> Option<&B> {
        let slot = &self.slots[r.index()];
        (self.kinds[(slot.kind & flag::KIND) as usize].layout == B::LAYOUT).then(|| B::slab(&self.slabs).get(slot.word))
    }

    /// The body to be changed, if the object has that layout. Changing references in it must keep counts true.
    #[inline]
    pub fn get_mut<B: Body>(&mut self, r: Ref) -> Option<&mut B> {
        let slot = &self.slots[r.index()];
        let (kind, word) = (slot.kind & flag::KIND, slot.word);
        if self.kinds[kind as usize].layout == B::LAYOUT {
            Some(B::slab_mut(&mut self.slabs).get_mut(word))
        } else {
            None
        }
    }

    /// The text of a str (or an instance of a subclass).
    #[inline]
    pub fn text(&self, r: Ref) -> Option<&Text> {
        self.get::<StrBody>(r).map(|body| &body.text)
    }

    /// Dict and slots of an instance over a built-in layout.
    pub fn extra(&self, r: Ref) -> Option<&Extra> {
        self.extras.get(&r)
    }

    /// The same, made if it is not there.
    pub fn extra_mut(&mut self, r: Ref) -> &mut Extra {
        self.extras.entry(r).or_default()
    }

    // ---- edges ------------------------------------------------------------------------------------------------

    /// Visits every counted reference that the object holds, its class last.
    pub fn edges(&self, r: Ref, visit: &mut dyn FnMut(Label, Ref)) {
        let slot = self.slots[r.index()];
        let kind = &self.kinds[(slot.kind & flag::KIND) as usize];
        if kind.has_extra
            && let Some(extra) = self.extras.get(&r)
        {
            for (at, &value) in extra.slots.iter().enumerate() {
                if !value.is_null() {
                    visit(Label::Local(at), value);
                }
            }
            if !extra.dict.is_null() {
                visit(Label::Part("__dict__"), extra.dict);
            }
        }
        self.slabs.edges(kind.layout, slot.word, visit);
        if kind.counts_class {
            visit(Label::Class, kind.class);
        }
    }

    /// Empties an object: what it held goes to `out` in the order of release, its class last.
    pub fn strip(&mut self, r: Ref, out: &mut Vec<Ref>) {
        let slot = self.slots[r.index()];
        let kind = &self.kinds[(slot.kind & flag::KIND) as usize];
        if kind.has_extra
            && let Some(extra) = self.extras.remove(&r)
        {
            out.extend(extra.slots.into_iter().filter(|value| !value.is_null()));
            out.extend(extra.dict.some());
        }
        self.slabs.strip(kind.layout, slot.word, out);
        if kind.counts_class {
            out.push(kind.class);
        }
    }

    /// Empties an object that stays: what it held goes to `out`, its class excepted.
    pub fn clear_edges(&mut self, r: Ref, out: &mut Vec<Ref>) {
        let counts_class = self.kinds[(self.slots[r.index()].kind & flag::KIND) as usize].counts_class;
        self.strip(r, out);
        if counts_class {
            out.pop();
        }
    }

    /// Gives an emptied object's slot back. Its weak references must be gone.
    #[inline]
    pub fn free(&mut self, r: Ref) {
        self.untrack(r);
        let slot = self.slots[r.index()];
        let &Kind { layout, counts_class, gc, .. } = &self.kinds[(slot.kind & flag::KIND) as usize];
        if gc {
            self.gc.count_gone(free_list(layout, counts_class));
        }
        self.slabs.remove(layout, slot.word);
        self.give_slot(r, allocation_class(layout, (slot.kind & flag::SIZE) >> flag::SIZE_SHIFT));
    }

    // ---- weak references --------------------------------------------------------------------------------------

    /// The weak references to an object, oldest first.
    pub fn weakrefs(&self, r: Ref) -> &[Ref] {
        self.weak.get(&r).map_or(&[], Vec::as_slice)
    }

    /// A weak reference more.
    pub fn add_weakref(&mut self, target: Ref, weakref: Ref) {
        self.set(target, flag::WEAKLY_REFERENCED);
        self.weak.entry(target).or_default().push(weakref);
    }

    /// A weak reference less.
    pub fn remove_weakref(&mut self, target: Ref, weakref: Ref) {
        if let Some(list) = self.weak.get_mut(&target) {
            list.retain(|&r| r != weakref);
            if list.is_empty() {
                self.weak.remove(&target);
                self.clear(target, flag::WEAKLY_REFERENCED);
            }
        }
    }

    /// All weak references to a dying object, oldest first; it has none afterwards and they are empty.
    pub fn take_weakrefs(&mut self, target: Ref) -> Vec<Ref> {
        self.clear(target, flag::WEAKLY_REFERENCED);
        let list = self.weak.remove(&target).unwrap_or_default();
        for &weakref in &list {
            if let Some(body) = self.get_mut::<WeakRefBody>(weakref) {
                body.target = Ref::NULL;
            }
        }
        list
    }

    /// The same of those weak references that have a callback; the others stay.
    pub fn take_weakrefs_with_callback(&mut self, target: Ref) -> Vec<Ref> {
        let plain = |heap: &Heap, r: Ref| heap.get::<WeakRefBody>(r).is_none_or(|body| body.callback.is_null());
        let (stay, list): (Vec<Ref>, Vec<Ref>) =
            self.weakrefs(target).iter().copied().partition(|&weakref| plain(self, weakref));
        for &weakref in &list {
            if let Some(body) = self.get_mut::<WeakRefBody>(weakref) {
                body.target = Ref::NULL;
            }
        }
        if stay.is_empty() {
            self.weak.remove(&target);
            self.clear(target, flag::WEAKLY_REFERENCED);
        } else {
            self.weak.insert(target, stay);
        }
        list
    }
}

/// The free list that objects of a built-in type go to; those of subclasses go to none.
#[inline]
fn free_list(layout: Layout, of_subclass: bool) -> Option<FreeList> {
    match layout {
        Layout::List if !of_subclass => Some(FreeList::List),
        Layout::Dict if !of_subclass => Some(FreeList::Dict),
        _ => None,
    }
}
