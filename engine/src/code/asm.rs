//! The assembler: the compiler emits instructions and labels in order; protected ranges follow the order of emission.
//!
//! Invariant: every instruction knows the innermost handler that protects it, so later passes may move, copy and drop
//! instructions without looking at where a protected range began or ended.

use super::Location;
use super::instr::{Instr, Label};

/// The index of a handler among those of one code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct HandlerId(pub u32);

/// An instruction with what the later passes need to know about it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Ins {
    /// The instruction; its target is a label, later a block.
    pub op: Instr,
    /// Where it comes from; line 0 means: as the instruction before.
    pub at: Location,
    /// The innermost handler that protects it.
    pub handler: Option<HandlerId>,
    /// This is the `Nop` at which that handler's range begins: the stack there is what the handler keeps.
    pub setup: Option<HandlerId>,
    /// This `StoreFast` may unbind: it puts back what an inlined comprehension found.
    pub restores: bool,
}

impl Ins {
    /// It does nothing and begins nothing.
    pub(crate) fn is_idle(&self) -> bool {
        self.op == Instr::Nop && self.setup.is_none()
    }
}

/// Where an exception goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HandlerDef {
    /// The code that handles it.
    pub target: Label,
    /// The handler in force outside.
    pub outer: Option<HandlerId>,
    /// So many entries of the stack at the beginning of the range are not kept.
    pub below: u32,
}

/// A step of the emitted code.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Item {
    /// An instruction.
    Ins(Ins),
    /// The place of a label.
    Label(Label),
}

/// The code of one body while it is emitted.
#[derive(Default, Debug)]
pub(crate) struct Asm {
    /// Instructions and labels in order.
    pub items: Vec<Item>,
    /// Every handler.
    pub handlers: Vec<HandlerDef>,
    labels: u32,
    current: Option<HandlerId>,
}

/// How much code there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsmMark {
    items: usize,
    handlers: usize,
    current: Option<HandlerId>,
}

impl Asm {
    /// Where the code is now.
    pub(crate) fn mark(&self) -> AsmMark {
        AsmMark { items: self.items.len(), handlers: self.handlers.len(), current: self.current }
    }

    /// Takes the code back that came after a mark.
    pub(crate) fn forget(&mut self, mark: AsmMark) {
        self.items.truncate(mark.items);
        self.handlers.truncate(mark.handlers);
        self.current = mark.current;
    }

    /// A label that has no place yet.
    pub(crate) fn label(&mut self) -> Label {
        self.labels += 1;
        self.labels - 1
    }

    /// How many labels there are.
    pub(crate) fn label_count(&self) -> usize {
        self.labels as usize
    }

    /// The label stands here.
    pub(crate) fn place(&mut self, label: Label) {
        self.items.push(Item::Label(label));
    }

    /// Emits an instruction.
    pub(crate) fn emit(&mut self, op: Instr, at: Location) {
        self.items.push(Item::Ins(Ins { op, at, handler: self.current, setup: None, restores: false }));
    }

    /// Puts back what `LoadFastAndClear` took, which may be nothing.
    pub(crate) fn emit_restore(&mut self, slot: u32, at: Location) {
        let op = Instr::StoreFast(slot);
        self.items.push(Item::Ins(Ins { op, at, handler: self.current, setup: None, restores: true }));
    }

    /// From here on exceptions go to `target`, with the stack as it is here.
    pub(crate) fn begin_handler(&mut self, target: Label) {
        self.begin_handler_below(target, 0);
    }

    /// As [`Asm::begin_handler`], without the topmost `below` entries of the stack.
    pub(crate) fn begin_handler_below(&mut self, target: Label, below: u32) {
        let id = HandlerId(self.handlers.len() as u32);
        let at = Location::default();
        self.items.push(Item::Ins(Ins { op: Instr::Nop, at, handler: self.current, setup: Some(id), restores: false }));
        self.handlers.push(HandlerDef { target, outer: self.current, below });
        self.current = Some(id);
    }

    /// The innermost handler is no longer in force. The `Nop` is what CPython's `POP_BLOCK` leaves: it keeps jumps from
    /// being threaded over it.
    pub(crate) fn end_handler(&mut self) {
        self.drop_handler();
        self.emit(Instr::Nop, Location::default());
    }

    /// As [`Asm::end_handler`], where no control goes on.
    pub(crate) fn drop_handler(&mut self) {
        self.current = self.current.and_then(|id| self.handlers.get(id.0 as usize)).and_then(|def| def.outer);
    }

    /// The handler in force, to be put back after code that leaves it early.
    pub(crate) fn handler(&self) -> Option<HandlerId> {
        self.current
    }

    /// Puts back what [`Asm::handler`] gave.
    pub(crate) fn set_handler(&mut self, handler: Option<HandlerId>) {
        self.current = handler;
    }

    /// Whether the last step leaves the code.
    pub(crate) fn ends_with_return(&self) -> bool {
        matches!(self.items.last(), Some(Item::Ins(ins)) if ins.op == Instr::Return)
    }
}
