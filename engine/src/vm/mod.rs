//! The machine: frames over one stack, and everything that may run Python code.
//!
//! Invariants. Every counted reference that is in no object's body lies on `stack`, in a frame, or in one of the
//! fields that [`Vm::roots`] lists. A finaliser runs inside the instruction that took the last reference away. A
//! call of a Python function does not recurse on the host's stack; a native function that calls back does.

mod alloc;
mod attr;
mod awaiting;
mod bind;
mod boot;
mod build;
mod caches;
mod call;
mod class_build;
mod classes;
mod collect;
mod concat;
mod dicts;
mod errors;
mod frame;
mod frame_locals;
mod fuse;
mod generator;
mod import;
mod iterate;
mod lazy;
mod lists;
mod load;
mod names;
mod namespace;
mod ops;
mod protocol;
mod release;
mod run;
mod session;
mod sets;
mod sizes;
mod source_lines;
mod statements;
mod suggest;
mod traceback;
pub mod tracing;
mod type_params;
mod types;
mod unwind;
mod warn;
mod weakrefs;

pub use caches::Caches;
pub use call::{Called, Caller};
pub use errors::{Res, Stop};
pub use frame::{Frame, FrameRole};
pub(crate) use frame_locals::proxied_frame;
pub use generator::Resumed;
pub use lazy::LAZY_IMPORT;
pub use names::Names;
pub use sets::Found;
pub use traceback::{Doing, TracedFrame};
pub use types::{TYPES, Ty};

use crate::code::Unit;
use crate::heap::{Heap, Owned, Ref};
use crate::rules::Profile;
use crate::session::{Event, Limits};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// An interpreter. A copy is an interpreter of its own in the same state.
#[derive(Clone)]
pub struct Vm {
    /// The rules in force.
    pub profile: Profile,
    /// All objects.
    pub heap: Heap,
    /// Locals and evaluation stacks of all running frames, and what native functions hold.
    pub stack: Vec<Ref>,
    /// The frame that is running.
    pub frame: Frame,
    /// The frames that wait for it, outermost first.
    pub frames: Vec<Frame>,
    /// Names that the machine looks up.
    pub names: Names,
    /// `None`, `True`, …
    pub single: Singletons,
    /// `sys.modules`, a dict.
    pub modules: Ref,
    /// The namespace of `builtins`.
    pub builtins: Ref,
    /// The exception on its way, owned; NULL if none.
    pub raised: Ref,
    /// The exceptions being handled, one entry for the main stack and one for each running generator; owned.
    pub handled: Vec<Ref>,
    /// Changes whenever a class changes: what caches of class attributes depend on.
    pub epoch: u32,
    /// What lookups have found, by class or kind and name.
    pub caches: Caches,
    /// Whether code that is loaded gets fused instructions.
    pub fusion: bool,
    /// Sources of modules that programs can import.
    pub sources: FxHashMap<String, String>,
    /// The engine's own Python sources that were imported, compiled; shared with the copies of this interpreter.
    pub(super) library: Rc<RefCell<FxHashMap<String, Rc<Unit>>>>,
    /// Compiled regular expressions.
    pub patterns: crate::native::modules::re::Patterns,
    /// Where else imports look for modules.
    pub finder: Option<std::rc::Rc<dyn crate::session::ModuleFinder>>,
    /// The texts that tracebacks show lines of, by file name.
    pub texts: FxHashMap<String, std::rc::Rc<str>>,
    /// References that live until the interpreter ends.
    pub kept: Vec<Ref>,
    /// Letters that are objects of their own as constants, by code point.
    pub letters: FxHashMap<u32, Ref>,
    /// What code objects run that `marshal` has written, by number.
    pub marshalled: Vec<std::rc::Rc<crate::native::modules::marshal::Body>>,
    /// Constants of units that are being run directly (the parser's arena holds them).
    pub arena: Vec<Ref>,
    /// What was written.
    pub out: Output,
    /// What probes saw.
    pub events: Vec<Event>,
    /// The graphs that probes of objects kept.
    pub moments: Vec<crate::session::Moment>,
    /// The objects of the last moment with their classes. They are not kept alive.
    pub last_seen: Vec<(Ref, Ref)>,
    /// The probes, by the number in their native function.
    pub probes: Vec<(String, crate::session::ProbeKind)>,
    /// In interactive mode: the chunk that is running, and whether its values want an alias graph.
    pub display: Option<(usize, bool)>,
    /// Where on the stack the operands begin of the operator that is asking a method, if one is.
    pub operands: Option<usize>,
    /// There are imports that are done when their name is read.
    pub lazies: bool,
    /// The future features that the statements at the prompt have asked for.
    pub prompt: crate::scope::Inherited,
    /// Where memory was asked for, while that is traced.
    pub tracing: Option<Box<tracing::Tracing>>,
    /// How many frames are kept of each such place.
    pub trace_limit: usize,
    /// What is left of the limits.
    pub budget: Budget,
    /// Objects whose teardown waits, because tearing down is too deep (the trashcan).
    pub trash: Vec<Ref>,
    /// What the objects that are being torn down held, the innermost one's last.
    pub dying: Vec<Ref>,
    /// How deep teardown is nested.
    pub teardown: u32,
    /// State of the collector.
    pub collector: CollectorState,
    /// What `repr` is at work on.
    pub repr_active: Vec<Ref>,
    /// How often an addition of strings ran, by code object and position.
    pub warm: FxHashMap<(usize, u32), u32>,
    /// Native calls nested in each other.
    pub native_depth: u32,
    /// The key of string hashes.
    pub secret: crate::object::hash::Secret,
}

/// Objects that exist once.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct Singletons {
    pub none: Ref,
    pub not_implemented: Ref,
    pub ellipsis: Ref,
    /// `typing.NoDefault`
    pub no_default: Ref,
    pub true_: Ref,
    pub false_: Ref,
    pub empty_tuple: Ref,
    pub empty_str: Ref,
    pub empty_bytes: Ref,
    /// The texts of False and True, where these are no constants' texts.
    pub bool_texts: [Ref; 2],
    /// The shared empty frozenset, where the version has one.
    pub empty_frozenset: Ref,
    /// The first of the small ints, which follow each other.
    pub small_int: Ref,
    /// The first of the one-character strings U+0000 to U+00FF.
    pub latin1: Ref,
    /// The first of the one-byte bytes.
    pub byte: Ref,
}

/// What the program wrote.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// stdout.
    pub stdout: Vec<u8>,
    /// stderr.
    pub stderr: Vec<u8>,
}

/// What is left of the limits.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Steps left.
    pub steps: u64,
    /// The limits as given.
    pub limits: Limits,
    /// `sys.getrecursionlimit()`
    pub recursion: u32,
    /// Python calls nested in each other.
    pub depth: u32,
}

/// State of the collector that programs can change.
#[derive(Clone, Copy, Debug, Default)]
pub struct CollectorState {
    /// `gc.isenabled()`
    pub enabled: bool,
    /// `gc.get_threshold()`
    pub thresholds: [u32; 3],
    /// A collection is running.
    pub running: bool,
    /// Objects that survived the last full collection.
    pub long_lived: usize,
    /// Objects that have come into the oldest generation since.
    pub pending: usize,
    /// `gc.get_debug()`
    pub debug: i64,
    /// `gc.get_stats()`
    pub stats: [CollectorStats; 3],
}

/// What the collector has done in a generation.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct CollectorStats {
    pub collections: usize,
    pub collected: usize,
    pub candidates: usize,
}

impl Vm {
    /// The class of a built-in type.
    #[inline]
    pub fn class(&self, ty: Ty) -> Ref {
        self.heap.kind(ty.kind()).class
    }

    /// Whether the object is an exact instance of a built-in type.
    #[inline]
    pub fn is_exact(&self, r: Ref, ty: Ty) -> bool {
        self.heap.kind_of(r) == ty.kind()
    }

    /// A counted reference more to an object.
    #[inline]
    pub fn share(&mut self, r: Ref) -> Owned {
        self.heap.share(r)
    }

    /// `None`, counted.
    #[inline]
    pub fn none(&mut self) -> Owned {
        self.share(self.single.none)
    }

    /// `True` or `False`, counted.
    #[inline]
    pub fn bool(&mut self, value: bool) -> Owned {
        self.share(if value { self.single.true_ } else { self.single.false_ })
    }

    /// Puts a reference under the machine's care until the running native function returns.
    #[inline]
    pub fn hold(&mut self, value: Owned) -> Ref {
        let name = value.get();
        self.stack.push(value.into_ref());
        name
    }

    /// Runs something; what it puts under the machine's care is released at its end.
    ///
    /// # Errors
    /// What `body` raises.
    pub fn scoped<T>(&mut self, body: impl FnOnce(&mut Vm) -> Res<T>) -> Res<T> {
        let floor = self.stack.len();
        let result = body(self);
        self.release_held(floor);
        result
    }

    /// Releases what has been put under the machine's care above `floor`.
    pub(super) fn release_held(&mut self, floor: usize) {
        if self.stack.len() > floor {
            let held = self.stack.split_off(floor);
            self.release_all(held);
        }
    }

    /// The items of a tuple (or of an instance of a subclass); empty for anything else.
    pub fn tuple_items(&self, r: Ref) -> &[Ref] {
        self.heap.get::<crate::heap::TupleBody>(r).map_or(&[], |body| &body.items)
    }

    /// One step of the budget.
    ///
    /// # Errors
    /// [`Stop::Limit`] when the budget is used up.
    #[inline]
    pub fn step(&mut self) -> Res<()> {
        if self.budget.steps == 0 {
            return Err(Stop::Limit(crate::session::LimitKind::Steps));
        }
        self.budget.steps -= 1;
        if self.heap.exhausted() {
            return Err(Stop::Limit(crate::session::LimitKind::Memory));
        }
        Ok(())
    }

    /// Takes several steps at once, for native work that grows with the heap.
    ///
    /// # Errors
    /// The budget does not cover them.
    pub fn charge(&mut self, count: u64) -> Res<()> {
        self.budget.steps = self.budget.steps.saturating_sub(count);
        self.step()
    }

    /// Every counted reference that no object holds.
    pub fn roots(&self) -> Vec<Ref> {
        let mut roots: Vec<Ref> = self.stack.iter().copied().filter(|r| !r.is_null()).collect();
        let frames = self.frames.iter().chain(std::iter::once(&self.frame));
        roots.extend(frames.flat_map(Frame::references).filter(|r| !r.is_null()));
        roots.extend(self.handled.iter().copied().filter(|r| !r.is_null()));
        roots.extend(self.raised.some());
        roots.extend(self.modules.some());
        roots.extend(self.builtins.some());
        roots.extend(self.kept.iter().copied());
        roots.extend(self.arena.iter().copied());
        roots.extend(self.trash.iter().copied());
        roots
    }

    /// Compares every count with the references that a walk finds.
    ///
    /// # Errors
    /// A description of the first object whose count is wrong.
    pub fn audit(&self) -> Result<(), String> {
        self.heap.audit(self.roots()).map_err(|wrong| {
            format!(
                "{} object {:?} has count {} but {} references",
                self.type_name(self.heap.class_of(wrong.object)),
                wrong.object,
                wrong.stored,
                wrong.found
            )
        })
    }
}
