//! Frames: one running call each. Locals and evaluation stack lie on the machine's stack.

use crate::heap::{Code, Ref};
use std::rc::Rc;

/// What happens when a frame returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FrameRole {
    /// Its value is pushed in the frame below.
    #[default]
    Call,
    /// `__init__`: its value must be None, and the new object, which lies at `floor + 1`, is pushed.
    Init,
    /// It belongs to a generator, and was entered by a native function.
    Generator,
}

/// A running call.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// What it runs.
    pub code: Rc<Code>,
    /// The code object, counted.
    pub code_ref: Ref,
    /// The function, counted; NULL for modules and classes run by `exec`.
    pub func: Ref,
    /// The globals; counted if there is no function to keep them.
    pub globals: Ref,
    /// The builtins; counted if there is no function to keep them.
    pub builtins: Ref,
    /// The namespace of a module or class body, counted; NULL in functions.
    pub namespace: Ref,
    /// The frame object, if a program or a traceback has one, counted.
    pub object: Ref,
    /// What is kept until the call is over, counted.
    pub kept: Ref,
    /// The generator that is running, counted by whoever resumed it.
    pub generator: Ref,
    /// The instruction being run.
    pub ip: u32,
    /// Where on the stack the locals begin.
    pub base: u32,
    /// Where the evaluation stack begins.
    pub stack_base: u32,
    /// Where the stack is cut when the frame ends.
    pub floor: u32,
    /// What happens then.
    pub role: FrameRole,
}

/// What is left of a frame that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// What happens now.
    pub role: FrameRole,
    /// Where the stack was cut.
    pub floor: u32,
    /// The generator that was running.
    pub generator: Ref,
}

impl Frame {
    /// Whether it is a function's and holds nothing but that and its code.
    #[inline]
    pub fn is_plain_call(&self) -> bool {
        !self.func.is_null() && self.object.is_null() && self.namespace.is_null() && self.kept.is_null()
    }

    /// The counted references that a frame itself holds.
    pub fn references(&self) -> impl Iterator<Item = Ref> {
        std::iter::once(self.object).chain(self.references_without_object())
    }

    /// The same without the frame object. A function keeps its globals and builtins alive itself.
    pub fn references_without_object(&self) -> impl Iterator<Item = Ref> + use<> {
        let spaces = if self.func.is_null() { [self.globals, self.builtins] } else { [Ref::NULL; 2] };
        [self.namespace, spaces[0], spaces[1], self.func, self.code_ref, self.kept].into_iter()
    }
}
