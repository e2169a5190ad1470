//! Release: the order in which references go, finalisers, and what an ended or suspended frame keeps.

use super::room;

/// In which order a dying list or tuple lets its items go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum ItemOrder {
    LastToFirst,
    FirstToLast,
}

/// In which order a returning function lets its locals go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum LocalsRelease {
    /// Variables first, then the cells, those of parameters among them.
    CellsLast,
    InOrder,
    Reversed,
}

/// Which frame objects the collector looks at: others are reached through whoever runs them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum FramesTracked {
    Ended,
    EndedAndGenerators,
    All,
}

/// Which operations let their right operand go before the left one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OperandRelease {
    /// Comparisons, `in` and `is`.
    pub comparisons: bool,
    /// Arithmetic and subscripts.
    pub operations: bool,
}

impl OperandRelease {
    /// 3.8
    pub const LEFT_FIRST: OperandRelease = OperandRelease { comparisons: false, operations: false };
    /// 3.14
    pub const COMPARISONS: OperandRelease = OperandRelease { comparisons: true, operations: false };
    /// 3.15
    pub const RIGHT_FIRST: OperandRelease = OperandRelease { comparisons: true, operations: true };
}

room! { finalisation

    /// Values that are swapped and then stored into locals are stored in the other order instead.
    stores_swapped "lifetime.assignment.stores-swapped": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A dying list or tuple lets its items go from the last to the first.
    item_release "lifetime.release.items": ItemOrder {
        py(8, 0) => ItemOrder::LastToFirst; faults { "forward": ItemOrder::FirstToLast } }

    /// In which order an operation lets its two operands go.
    operand_release "lifetime.release.operands": OperandRelease {
        py(8, 0) => OperandRelease::LEFT_FIRST, py(14, 0) => OperandRelease::COMPARISONS, py(15, 0) => OperandRelease::RIGHT_FIRST;
        faults { "left-first": OperandRelease::LEFT_FIRST, "comparisons": OperandRelease::COMPARISONS,
            "right-first": OperandRelease::RIGHT_FIRST } }

    /// A returning function lets its locals go in the order of the frame until 3.13, in reverse from 3.14.
    locals_release "lifetime.release.locals": LocalsRelease {
        py(8, 0) => LocalsRelease::CellsLast, py(11, 0) => LocalsRelease::InOrder,
        py(14, 0) => LocalsRelease::Reversed;
        faults { "in-order": LocalsRelease::InOrder, "reversed": LocalsRelease::Reversed } }

    /// A finaliser runs once at most, even if the object comes back to life.
    finalize_once "lifetime.del.once": bool { py(8, 0) => true; faults { "again": false } }

    /// `sys.unraisablehook` is told in words what was being done; until 3.13 it gets the object instead.
    unraisable_in_words "lifetime.del.unraisable-text": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }

    /// `close()` of what `__anext__()` and its like give throws GeneratorExit into the asynchronous generator, and
    /// throwing into one that was not begun begins it.
    asyncgen_awaitable_closes "lifetime.asyncgen.close-throws": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// `throw` with a class, a value and a traceback gives a DeprecationWarning.
    throw_signature_warns "lifetime.generator.throw-warns": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// `generator.close()` gives back what the generator returned.
    close_returns_value "lifetime.generator.close-returns": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// What the finaliser of an object that dies by its count brings back is among the youngest objects from then on.
    resurrected_young "lifetime.gc.resurrected-young": bool {
        py(8, 0) => true; faults { "stays": false } }

    /// Closing a generator that was never begun lets go of what it holds; otherwise it keeps that until it dies.
    close_clears_unstarted "lifetime.generator.close-unstarted": bool {
        py(8, 0) => true, py(12, 0) => false, py(13, 12) => true, py(14, 0) => false, py(14, 3) => true;
        faults { "always": true, "never": false } }

    /// Which frame objects the collector looks at.
    frames_tracked "lifetime.frame.tracked": FramesTracked {
        py(8, 0) => FramesTracked::EndedAndGenerators, py(11, 0) => FramesTracked::Ended;
        faults { "all": FramesTracked::All, "ended": FramesTracked::Ended,
            "ended-and-generators": FramesTracked::EndedAndGenerators } }

    /// The frame object of a generator that has ended keeps the frame that called it last.
    ended_generator_back "lifetime.frame.ended-generator-back": bool {
        py(8, 0) => false, py(12, 0) => true, py(14, 0) => false; faults { "always": true, "never": false } }

    /// The frame of a suspended generator cannot be cleared, with this text.
    suspended_frame_text "lifetime.frame.clear-suspended": Option<&'static str> {
        py(8, 0) => None, py(13, 0) => Some("cannot clear a suspended frame"),
        py(15, 0) => Some("cannot clear an suspended frame");
        faults { "cleared": None, "refused": Some("cannot clear a suspended frame") } }
}
