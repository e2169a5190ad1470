//! What each instruction takes from and leaves on the evaluation stack, as data for the depth computation, the borrow
//! analysis and the verifier.
//!
//! Invariant: the numbers here say the same as the stack pictures in `instr.rs`.

use super::instr::{Instr, Intrinsic, Label};

/// Stack use of one instruction: `pops` then `pushes` when control goes on, and the same for the jump.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Effect {
    /// Entries taken.
    pub pops: u32,
    /// Entries left when control goes on to the next instruction.
    pub pushes: u32,
    /// Entries left when control goes to the label.
    pub jump_pushes: u32,
}

const fn effect(pops: u32, pushes: u32) -> Effect {
    Effect { pops, pushes, jump_pushes: pushes }
}

impl Instr {
    /// The stack use of this instruction.
    pub(crate) fn effect(self) -> Effect {
        match self {
            Instr::Nop | Instr::Fused(_) | Instr::ReturnGenerator | Instr::SetupAnnotations | Instr::MakeCell(_) => {
                effect(0, 0)
            }
            Instr::DeleteFast(_) | Instr::DeleteDeref(_) | Instr::DeleteName(_) | Instr::DeleteGlobal(_) => {
                effect(0, 0)
            }
            Instr::PushNull | Instr::LoadLocals | Instr::LoadBuildClass => effect(0, 1),
            Instr::LoadAssertionError | Instr::LoadNotImplementedError => effect(0, 1),
            Instr::LoadConst(_)
            | Instr::LoadFast(_)
            | Instr::LoadFastBorrow(_)
            | Instr::LoadFastCheck(_)
            | Instr::LoadFastAndClear(_)
            | Instr::LoadClosure(_)
            | Instr::LoadDeref(_)
            | Instr::LoadName(_)
            | Instr::LoadGlobal(_) => effect(0, 1),
            Instr::Pop
            | Instr::StoreFast(_)
            | Instr::StoreDeref(_)
            | Instr::StoreName(_)
            | Instr::StoreGlobal(_)
            | Instr::DeleteAttr(_)
            | Instr::PopExcept
            | Instr::Return
            | Instr::Reraise => effect(1, 0),
            Instr::Copy(n) => effect(n, n + 1),
            Instr::Swap(n) => effect(n, n),
            Instr::LoadFromDictOrDeref(_) | Instr::LoadFromDictOrGlobals(_) => effect(1, 1),
            Instr::LoadAttr(_) | Instr::UnaryOp(_) | Instr::GetIter | Instr::GetYieldFromIter => effect(1, 1),
            Instr::GetAwaitable(_) | Instr::GetAiter | Instr::Yield => effect(1, 1),
            Instr::LoadMethod(_) => effect(1, 2),
            Instr::LoadSuperAttr(..) => effect(3, 1),
            Instr::LoadSuperMethod(..) => effect(3, 2),
            Instr::StoreAttr(_) | Instr::DeleteSubscr => effect(2, 0),
            Instr::StoreSubscr => effect(3, 0),
            Instr::BinarySubscr
            | Instr::BinaryOp(_)
            | Instr::InplaceOp(_)
            | Instr::Compare(_)
            | Instr::IsOp(_)
            | Instr::ContainsOp(_)
            | Instr::BuildTemplate => effect(2, 1),
            Instr::BuildSlice(n)
            | Instr::BuildTuple(n)
            | Instr::BuildList(n)
            | Instr::BuildSet(n)
            | Instr::BuildString(n) => effect(n, 1),
            Instr::BuildMap(n) => effect(2 * n, 1),
            Instr::BuildConstKeyMap(n) => effect(n + 1, 1),
            // The collection stays where it is, n entries down.
            Instr::ListAppend(n) | Instr::SetAdd(n) | Instr::ListExtend(n) | Instr::SetUpdate(n) => effect(n + 1, n),
            Instr::DictUpdate(n) => effect(n + 1, n),
            Instr::MapAdd(n) => effect(n + 2, n),
            // callable, null and args lie under the dict and are named in the error.
            Instr::DictMerge(n) => effect(n + 4, n + 3),
            Instr::FormatValue { spec, .. } => effect(1 + u32::from(spec), 1),
            Instr::BuildInterpolation { spec, .. } => effect(2 + u32::from(spec), 1),
            Instr::UnpackSequence(n) => effect(1, n),
            Instr::UnpackEx { before, after } => effect(1, u32::from(before) + 1 + u32::from(after)),
            Instr::Jump(_) => effect(0, 0),
            Instr::PopJumpIfFalse(_)
            | Instr::PopJumpIfTrue(_)
            | Instr::PopJumpIfNone(_)
            | Instr::PopJumpIfNotNone(_) => effect(1, 0),
            Instr::JumpIfFalseOrPop(_) | Instr::JumpIfTrueOrPop(_) => Effect { pops: 1, pushes: 0, jump_pushes: 1 },
            Instr::ForIter(_) => Effect { pops: 1, pushes: 2, jump_pushes: 0 },
            Instr::Send(_) => effect(2, 2),
            Instr::Call(n) => effect(n + 2, 1),
            Instr::CallKw(n) => effect(n + 3, 1),
            Instr::CallEx(kwargs) => effect(3 + u32::from(kwargs), 1),
            Instr::MakeFunction(parts) => {
                let count = [parts.defaults, parts.kwdefaults, parts.annotations, parts.annotate, parts.closure];
                effect(1 + count.iter().map(|&part| u32::from(part)).sum::<u32>(), 1)
            }
            Instr::GetAnext => effect(1, 2),
            Instr::EndAsyncFor => effect(2, 0),
            Instr::CleanupThrow => effect(3, 2),
            Instr::Raise(n) => effect(n, 0),
            Instr::PushExcInfo => effect(1, 2),
            Instr::CheckExcMatch | Instr::CheckEgMatch => effect(2, 2),
            Instr::BeforeWith(exit) | Instr::BeforeAsyncWith(exit) => effect(1, exit.width() + 1),
            Instr::WithExceptStart(exit) => effect(exit.width() + 2, exit.width() + 3),
            Instr::ImportName(_) | Instr::ImportLazy(_) => effect(2, 1),
            Instr::ImportFrom(_) => effect(1, 2),
            Instr::MatchSequence | Instr::MatchMapping | Instr::GetLen => effect(1, 2),
            Instr::MatchKeys => effect(2, 3),
            Instr::MatchClass(_) => effect(3, 1),
            Instr::Intrinsic(intrinsic) => intrinsic.effect(),
        }
    }

    /// The label this instruction may jump to.
    pub(crate) fn target(self) -> Option<Label> {
        match self {
            Instr::Jump(label)
            | Instr::PopJumpIfFalse(label)
            | Instr::PopJumpIfTrue(label)
            | Instr::PopJumpIfNone(label)
            | Instr::PopJumpIfNotNone(label)
            | Instr::JumpIfFalseOrPop(label)
            | Instr::JumpIfTrueOrPop(label)
            | Instr::ForIter(label)
            | Instr::Send(label) => Some(label),
            _ => None,
        }
    }

    /// The same instruction with another label.
    pub(crate) fn with_target(self, to: Label) -> Instr {
        match self {
            Instr::Jump(_) => Instr::Jump(to),
            Instr::PopJumpIfFalse(_) => Instr::PopJumpIfFalse(to),
            Instr::PopJumpIfTrue(_) => Instr::PopJumpIfTrue(to),
            Instr::PopJumpIfNone(_) => Instr::PopJumpIfNone(to),
            Instr::PopJumpIfNotNone(_) => Instr::PopJumpIfNotNone(to),
            Instr::JumpIfFalseOrPop(_) => Instr::JumpIfFalseOrPop(to),
            Instr::JumpIfTrueOrPop(_) => Instr::JumpIfTrueOrPop(to),
            Instr::ForIter(_) => Instr::ForIter(to),
            Instr::Send(_) => Instr::Send(to),
            other => other,
        }
    }

    /// Control never goes on to the next instruction.
    pub(crate) fn is_terminator(self) -> bool {
        matches!(self, Instr::Jump(_) | Instr::Return | Instr::Raise(_) | Instr::Reraise)
    }

    /// The slot of the local array that the instruction names.
    pub(crate) fn slot_mut(&mut self) -> Option<&mut u32> {
        match self {
            Instr::LoadFast(slot)
            | Instr::LoadFastBorrow(slot)
            | Instr::LoadFastCheck(slot)
            | Instr::LoadFastAndClear(slot)
            | Instr::StoreFast(slot)
            | Instr::DeleteFast(slot)
            | Instr::MakeCell(slot)
            | Instr::LoadClosure(slot)
            | Instr::LoadDeref(slot)
            | Instr::StoreDeref(slot)
            | Instr::DeleteDeref(slot)
            | Instr::LoadFromDictOrDeref(slot) => Some(slot),
            _ => None,
        }
    }
}

impl Intrinsic {
    fn effect(self) -> Effect {
        match self {
            Intrinsic::Print | Intrinsic::ImportStar => effect(1, 0),
            Intrinsic::ListToTuple
            | Intrinsic::StopIterationError
            | Intrinsic::TypeVar
            | Intrinsic::ParamSpec
            | Intrinsic::TypeVarTuple
            | Intrinsic::SubscriptGeneric
            | Intrinsic::TypeAlias
            | Intrinsic::AsyncGenWrap => effect(1, 1),
            Intrinsic::TypeVarWithBound
            | Intrinsic::TypeVarWithConstraints
            | Intrinsic::SetTypeParamDefault
            | Intrinsic::SetFunctionTypeParams
            | Intrinsic::PrepReraiseStar => effect(2, 1),
        }
    }
}
