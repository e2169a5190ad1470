//! References and slots.
//!
//! A [`Ref`] is the name of an object and owns nothing. An [`Owned`] is one counted reference: it is moved into a
//! container, handed on, or given to `Vm::release`. Debug builds panic where one is lost, so a leak has a place.

use std::fmt;

/// The name of an object: its slot's number. Zero is the empty reference, `NULL`.
///
/// An entry of the machine's stack may carry a mark: CPython would have borrowed this reference there (3.14), so
/// `sys.getrefcount` does not show it, though it is counted like any other. The mark is no part of the name.
#[derive(Clone, Copy, Default)]
pub struct Ref(pub(super) u32);

/// The mark of a stack entry that CPython would have borrowed.
const BORROWED: u32 = 1 << 31;

impl PartialEq for Ref {
    #[inline]
    fn eq(&self, other: &Ref) -> bool {
        (self.0 ^ other.0) & !BORROWED == 0
    }
}

impl Eq for Ref {}

impl std::hash::Hash for Ref {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u32(self.0 & !BORROWED);
    }
}

impl PartialOrd for Ref {
    fn partial_cmp(&self, other: &Ref) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ref {
    fn cmp(&self, other: &Ref) -> std::cmp::Ordering {
        (self.0 & !BORROWED).cmp(&(other.0 & !BORROWED))
    }
}

impl Ref {
    /// The empty reference: an unbound local, a missing default, the place of `self` in a plain call.
    pub const NULL: Ref = Ref(0);

    /// Whether this names no object.
    #[inline]
    pub fn is_null(self) -> bool {
        self.0 == 0
    }

    /// This reference, or `None` if it names no object.
    #[inline]
    pub fn some(self) -> Option<Ref> {
        (self.0 != 0).then_some(self)
    }

    /// The object that was allocated so many places after this one.
    #[inline]
    pub fn offset(self, by: usize) -> Ref {
        Ref(self.0 + by as u32)
    }

    /// The slot's number.
    #[inline]
    pub fn index(self) -> usize {
        (self.0 & !BORROWED) as usize
    }

    /// The same name with the mark of a borrowed stack entry.
    #[inline]
    pub fn borrowed(self) -> Ref {
        Ref(self.0 | BORROWED)
    }

    /// Whether it carries the mark of a borrowed stack entry.
    #[inline]
    pub fn is_borrowed(self) -> bool {
        self.0 & BORROWED != 0
    }

    /// The same name without the mark.
    #[inline]
    pub fn plain(self) -> Ref {
        Ref(self.0 & !BORROWED)
    }
}

impl fmt::Debug for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index())
    }
}

/// One counted reference.
#[must_use = "a counted reference is moved on or released"]
#[derive(Debug, PartialEq, Eq)]
pub struct Owned(Ref);

impl Owned {
    /// Takes over a reference that is already counted.
    #[inline]
    pub fn adopt(counted: Ref) -> Owned {
        Owned(counted.plain())
    }

    /// The object's name.
    #[inline]
    pub fn get(&self) -> Ref {
        self.0
    }

    /// Gives up ownership: the caller stores the counted reference somewhere that `edges` knows.
    #[inline]
    pub fn into_ref(self) -> Ref {
        let name = self.0;
        std::mem::forget(self);
        name
    }
}

#[cfg(debug_assertions)]
impl Drop for Owned {
    fn drop(&mut self) {
        if !self.0.is_null() && !std::thread::panicking() {
            panic!("a counted reference to {:?} was lost", self.0);
        }
    }
}

/// The count of an object that is never counted and never dies.
pub const IMMORTAL: u32 = u32::MAX;

/// What every object has: its count, its kind with some flags, and one word that is the value of small things and the
/// place in a slab of all others.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub(super) count: u32,
    pub(super) kind: u32,
    pub(super) word: u64,
}

const _: () =
    assert!(size_of::<Slot>() == 16, "a warmed heap is copied slot by slot, and most work touches slots only");

/// Flags of a slot, kept in the upper bits of its kind.
pub mod flag {
    /// Some weak reference names the object.
    pub const WEAKLY_REFERENCED: u32 = 1 << 31;
    /// `__del__` has run.
    pub const FINALIZED: u32 = 1 << 30;
    /// The collector looks at the object.
    pub const TRACKED: u32 = 1 << 29;
    /// The object is being torn down.
    pub const DYING: u32 = 1 << 28;
    /// Where the size of the object's block stands; 0 where all objects of the layout are of one size.
    pub const SIZE_SHIFT: u32 = 23;
    /// The largest size that is told apart.
    pub const SIZE_MOST: u32 = 31;
    /// The bits that are the size.
    pub const SIZE: u32 = SIZE_MOST << SIZE_SHIFT;
    /// The bits that are the kind.
    pub const KIND: u32 = (1 << SIZE_SHIFT) - 1;
}

/// Index into the table of kinds: a layout together with a class.
#[derive(Default, Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct KindId(pub u32);
