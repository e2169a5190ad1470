//! Fused instructions: one that does what several plain ones after each other do, as long as nothing can tell.
//!
//! Invariant: fusing changes no position. The fused instruction stands in the place of the first of those that it
//! stands for; the others stay where they are, for jumps into their midst and for the rest of the way when the fused
//! one gives up. What it means is what the plain ones say; `vm::fuse` runs it.

use super::{BinOp, CmpOp, Instr};

/// Where a fused instruction finds an operand or puts its result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(u16);

/// What a [`Place`] says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    /// The local with this number.
    Local(usize),
    /// The constant with this number.
    Const(usize),
    /// The top of the evaluation stack.
    Stack,
}

const CONST: u16 = 1 << 15;

impl Place {
    /// The top of the evaluation stack.
    pub const STACK: Place = Place(u16::MAX);

    /// What is meant.
    #[inline]
    pub fn at(self) -> At {
        if self.0 & CONST == 0 {
            At::Local(self.0 as usize)
        } else if self == Place::STACK {
            At::Stack
        } else {
            At::Const((self.0 & !CONST) as usize)
        }
    }

    /// How many plain instructions it stands for: a load or a store, or none.
    #[inline]
    pub fn len(self) -> usize {
        usize::from(self != Place::STACK)
    }

    fn local(at: u32) -> Option<Place> {
        u16::try_from(at).ok().filter(|at| *at < CONST).map(Place)
    }

    /// The operand that an instruction loads, if it does nothing else.
    fn loaded(instr: Option<&Instr>) -> Option<Place> {
        match *instr? {
            Instr::LoadFast(at) | Instr::LoadFastBorrow(at) | Instr::LoadFastCheck(at) => Place::local(at),
            Instr::LoadConst(at) => Place::local(at).map(|Place(at)| Place(at | CONST)).filter(|p| *p != Place::STACK),
            _ => None,
        }
    }

    /// The local that an instruction stores into; else the result stays on the stack.
    fn stored(instr: Option<&Instr>) -> Place {
        match instr {
            Some(Instr::StoreFast(at)) => Place::local(*at).unwrap_or(Place::STACK),
            _ => Place::STACK,
        }
    }
}

/// A fused instruction, by the plain ones that it stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fused {
    /// Any plain instruction, once it is noted what was allocated until now.
    Trace,
    /// `[load] [load] BinaryOp|InplaceOp [store]`
    Binary {
        /// The operator.
        op: BinOp,
        /// Its left operand.
        left: Place,
        /// Its right operand.
        right: Place,
        /// The result.
        to: Place,
    },
    /// `[load] [load] Compare PopJumpIfFalse`
    JumpUnless {
        /// The comparison.
        op: CmpOp,
        /// Its left operand.
        left: Place,
        /// Its right operand.
        right: Place,
        /// Where to.
        target: u16,
    },
    /// `[load] [load] Compare PopJumpIfTrue`
    JumpIf {
        /// The comparison.
        op: CmpOp,
        /// Its left operand.
        left: Place,
        /// Its right operand.
        right: Place,
        /// Where to.
        target: u16,
    },
    /// `[load] load BinarySubscr [store]`
    Item {
        /// A list or tuple.
        container: Place,
        /// An index.
        key: Place,
        /// The result.
        to: Place,
    },
    /// `load load load StoreSubscr`
    StoreItem {
        /// The new item.
        value: Place,
        /// A list.
        container: Place,
        /// An index.
        key: Place,
    },
    /// `load LoadAttr [store]`
    Attr {
        /// An instance.
        object: Place,
        /// The name's number.
        name: u16,
        /// The result.
        to: Place,
    },
    /// `ForIter StoreFast`
    Next {
        /// The variable of the loop.
        to: Place,
    },
    /// `[load] load ContainsOp PopJumpIfFalse|PopJumpIfTrue`, forward.
    JumpIn {
        /// A string.
        item: Place,
        /// A dict.
        container: Place,
        /// Whether being in it jumps.
        when: bool,
        /// Where to.
        target: u16,
    },
    /// `Copy(2) Copy(2) BinarySubscr`: the item of an augmented assignment, its container and key still below.
    ItemAbove,
    /// `Swap(3) Swap(2) StoreSubscr`: the value back into that place.
    StoreItemBelow,
    /// `LoadGlobal PushNull`: a function that is to be called.
    Callable {
        /// The name's number.
        name: u16,
    },
    /// `LoadFast LoadMethod`
    Method {
        /// The receiver.
        object: Place,
        /// The name's number.
        name: u16,
        /// Whether the receiver is borrowed.
        borrowed: bool,
    },
    /// `load StoreFast`
    Move {
        /// What is loaded.
        from: Place,
        /// Where it goes.
        to: Place,
    },
    /// `load PopJumpIfFalse|PopJumpIfTrue`, forward.
    JumpTruth {
        /// The value asked for its truth.
        value: Place,
        /// The truth that jumps.
        when: bool,
        /// Where to.
        target: u16,
    },
}

/// The instructions with as many fused as can be.
pub fn fuse(plain: &[Instr]) -> Vec<Instr> {
    (0..plain.len()).map(|at| fused(plain, at).map_or(plain[at], Instr::Fused)).collect()
}

fn fused(plain: &[Instr], at: usize) -> Option<Fused> {
    let get = |n: usize| plain.get(at + n);
    let Some(first) = Place::loaded(get(0)) else {
        // Both operands lie on the stack.
        return match plain[at] {
            Instr::Copy(2) if matches!((get(1), get(2)), (Some(Instr::Copy(2)), Some(Instr::BinarySubscr))) => {
                Some(Fused::ItemAbove)
            }
            Instr::Swap(3) if matches!((get(1), get(2)), (Some(Instr::Swap(2)), Some(Instr::StoreSubscr))) => {
                Some(Fused::StoreItemBelow)
            }
            Instr::LoadGlobal(name) if get(1) == Some(&Instr::PushNull) => {
                Some(Fused::Callable { name: u16::try_from(name).ok()? })
            }
            Instr::ForIter(_) => Some(Place::stored(get(1))).filter(|to| to.len() == 1).map(|to| Fused::Next { to }),
            _ => operation(plain, at, Place::STACK, Place::STACK).filter(|fused| !fused.is_alone()),
        };
    };
    if let Some(second) = Place::loaded(get(1)) {
        if let (Some(third), Some(Instr::StoreSubscr)) = (Place::loaded(get(2)), get(3)) {
            return Some(Fused::StoreItem { value: first, container: second, key: third });
        }
        if let Some(fused) = operation(plain, at + 2, first, second) {
            return Some(fused);
        }
    }
    match *get(1)? {
        Instr::LoadAttr(name) => {
            let name = u16::try_from(name).ok()?;
            Some(Fused::Attr { object: first, name, to: Place::stored(get(2)) })
        }
        Instr::LoadMethod(name) => {
            let borrowed = match plain[at] {
                Instr::LoadFastBorrow(_) => true,
                Instr::LoadFast(_) | Instr::LoadFastCheck(_) => false,
                _ => return None,
            };
            Some(Fused::Method { object: first, name: u16::try_from(name).ok()?, borrowed })
        }
        Instr::PopJumpIfFalse(target) => jump_truth(first, false, target, at),
        Instr::PopJumpIfTrue(target) => jump_truth(first, true, target, at),
        Instr::StoreFast(_) => Some(Fused::Move { from: first, to: Place::stored(get(1)) }).filter(|f| !f.is_alone()),
        _ => operation(plain, at + 1, Place::STACK, first),
    }
}

fn jump_truth(value: Place, when: bool, target: u32, at: usize) -> Option<Fused> {
    // A jump back is a step, which the plain instruction takes.
    if target as usize <= at {
        return None;
    }
    Some(Fused::JumpTruth { value, when, target: u16::try_from(target).ok()? })
}

/// The operation at a position with operands from these places.
fn operation(plain: &[Instr], at: usize, left: Place, right: Place) -> Option<Fused> {
    let next = plain.get(at + 1);
    match *plain.get(at)? {
        Instr::BinaryOp(op) | Instr::InplaceOp(op) => Some(Fused::Binary { op, left, right, to: Place::stored(next) }),
        Instr::BinarySubscr => Some(Fused::Item { container: left, key: right, to: Place::stored(next) }),
        Instr::ContainsOp(negated) => {
            let (jumps_if, target) = match *next? {
                Instr::PopJumpIfFalse(target) => (false, target),
                Instr::PopJumpIfTrue(target) => (true, target),
                _ => return None,
            };
            let when = jumps_if != negated;
            let target = u16::try_from(target).ok().filter(|target| *target as usize > at)?;
            Some(Fused::JumpIn { item: left, container: right, when, target })
        }
        Instr::Compare(op) => match *next? {
            Instr::PopJumpIfFalse(target) => {
                Some(Fused::JumpUnless { op, left, right, target: u16::try_from(target).ok()? })
            }
            Instr::PopJumpIfTrue(target) => {
                Some(Fused::JumpIf { op, left, right, target: u16::try_from(target).ok()? })
            }
            _ => None,
        },
        _ => None,
    }
}

impl Fused {
    /// How many plain instructions it stands for.
    #[inline]
    pub fn len(self) -> usize {
        match self {
            Fused::Binary { left, right, to, .. } => left.len() + right.len() + 1 + to.len(),
            Fused::JumpUnless { left, right, .. } | Fused::JumpIf { left, right, .. } => left.len() + right.len() + 2,
            Fused::Item { container, key, to } => container.len() + key.len() + 1 + to.len(),
            Fused::JumpIn { item, container, .. } => item.len() + container.len() + 2,
            Fused::StoreItem { .. } => 4,
            Fused::ItemAbove | Fused::StoreItemBelow => 3,
            Fused::Callable { .. } | Fused::Method { .. } => 2,
            Fused::Attr { to, .. } => 2 + to.len(),
            Fused::Next { .. } | Fused::JumpTruth { .. } => 2,
            Fused::Move { from, to } => from.len() + to.len(),
            Fused::Trace => 1,
        }
    }

    /// It stands for one plain instruction only: there is nothing to gain.
    fn is_alone(self) -> bool {
        self.len() == 1
    }
}
