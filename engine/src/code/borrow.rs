//! Which loads of locals may be borrowed: those whose value is used up in the same basic block, before the local is
//! stored or deleted (CPython's `optimize_load_fast`, from 3.14).
//!
//! Invariant: the analysis follows CPython's, its caution included. It walks the blocks that are reached without an
//! exception, so code that handles one loads owned references, and two loads that CPython fuses share one answer.

use super::asm::Ins;
use super::flow::Graph;
use super::instr::{Conversion, ExitForm, Instr};
use crate::rules::LocalLoads;
use rustc_hash::FxHashSet;

/// A value on the simulated stack: the load that made it, and the local that it came from.
#[derive(Clone, Copy)]
struct Value {
    /// The instruction of this block, if it is a load that could be borrowed.
    load: Option<usize>,
    /// The local whose value it is.
    local: Option<u32>,
}

const OTHER: Value = Value { load: None, local: None };

/// Turns `LoadFast` into `LoadFastBorrow` where the rule allows. `places` tells where a slot lies in the local array.
pub(crate) fn borrow_loads(graph: &mut Graph, places: &[u32], rule: LocalLoads) {
    if rule == LocalLoads::Owned {
        return;
    }
    for index in reached_without_exception(graph) {
        let Some(block) = graph.blocks.get_mut(index) else { continue };
        let mut walk = Walk {
            stack: vec![OTHER; block.depth.unwrap_or(0) as usize],
            owned: vec![false; block.ins.len()],
            keeps_iterable: rule == LocalLoads::BorrowedUnlessIterated,
        };
        for (at, ins) in block.ins.iter().enumerate() {
            walk.step(at, ins.op);
        }
        let left = std::mem::take(&mut walk.stack);
        left.into_iter().for_each(|value| walk.own(value));
        share_answers(&block.ins, places, &mut walk.owned);
        for (ins, owned) in block.ins.iter_mut().zip(&walk.owned) {
            if let (Instr::LoadFast(slot), false) = (ins.op, owned) {
                ins.op = Instr::LoadFastBorrow(slot);
            }
        }
    }
}

/// The blocks that CPython's analysis visits: those that control reaches from the entry when nothing raises, unless dead
/// code stands in the way. CPython moves the handling of exceptions to the end of the code; a jump over it becomes a
/// fall-through, and a block that was emptied because nothing reaches it stops the walk.
fn reached_without_exception(graph: &Graph) -> Vec<usize> {
    let warm = walk(graph, |index| {
        let block = &graph.blocks[index];
        block.ins.iter().filter_map(|ins| ins.op.target()).map(|target| target as usize).chain(block.next).collect()
    });
    let handles = |index: &usize| graph.blocks[*index].depth.is_some() && !warm.contains(index);
    let order: Vec<usize> = (0..graph.blocks.len()).filter(|index| !handles(index)).collect();
    let place = |index: usize| order.partition_point(|&other| other < index);
    let visited = walk(graph, |index| {
        let block = &graph.blocks[index];
        let behind = order.get(place(index) + 1..).unwrap_or(&[]);
        let next = behind.iter().copied().find(|&other| !is_empty(graph, other));
        let mut successors: Vec<usize> = Vec::new();
        for ins in &block.ins {
            match ins.op {
                Instr::Jump(target) if next == Some(target as usize) => successors.extend(behind.first()),
                op => successors.extend(op.target().map(|target| target as usize)),
            }
        }
        successors.extend(block.next);
        successors
    });
    visited.into_iter().collect()
}

/// Nothing is left of a block when idle instructions have gone. One of them stays if it is all that its line has.
fn is_empty(graph: &Graph, index: usize) -> bool {
    let Some(block) = graph.blocks.get(index) else { return true };
    if !block.ins.iter().all(Ins::is_idle) {
        return false;
    }
    let line = block.ins.iter().map(|ins| ins.at.line).find(|&line| line > 0);
    let behind = graph.blocks.get(index + 1..).unwrap_or(&[]).iter().flat_map(|block| &block.ins);
    line.is_none_or(|line| behind.map(|ins| ins.at.line).find(|&next| next > 0) == Some(line))
}

/// Everything that `successors` leads to from the entry.
fn walk(graph: &Graph, successors: impl Fn(usize) -> Vec<usize>) -> FxHashSet<usize> {
    let mut seen = FxHashSet::default();
    let mut work = vec![0];
    while let Some(index) = work.pop() {
        if !is_empty(graph, index) && seen.insert(index) {
            work.extend(successors(index));
        }
    }
    seen
}

struct Walk {
    stack: Vec<Value>,
    /// Loads that must own their reference.
    owned: Vec<bool>,
    /// The iterable stays on the stack beside its iterator.
    keeps_iterable: bool,
}

impl Walk {
    fn push(&mut self, value: Value) {
        self.stack.push(value);
    }

    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or(OTHER)
    }

    /// The load that made this value must own it.
    fn own(&mut self, value: Value) {
        if let Some(owned) = value.load.and_then(|load| self.owned.get_mut(load)) {
            *owned = true;
        }
    }

    /// The local changes: values on the stack that came from it must not depend on it.
    fn kill(&mut self, slot: u32) {
        for at in 0..self.stack.len() {
            let value = self.stack[at];
            if value.local == Some(slot) {
                self.own(value);
            }
        }
    }

    fn step(&mut self, at: usize, op: Instr) {
        match op {
            Instr::LoadFast(slot) => self.push(Value { load: Some(at), local: Some(slot) }),
            Instr::LoadFastAndClear(slot) => {
                self.kill(slot);
                self.push(Value { load: Some(at), local: Some(slot) });
            }
            Instr::DeleteFast(slot) => self.kill(slot),
            Instr::StoreFast(slot) => {
                let value = self.pop();
                self.kill(slot);
                self.own(value);
            }
            Instr::Copy(depth) => {
                let from = self.stack.len().checked_sub(depth as usize);
                let value = from.and_then(|from| self.stack.get(from)).copied().unwrap_or(OTHER);
                self.push(value);
            }
            Instr::Swap(depth) => {
                let len = self.stack.len();
                if let (Some(top), Some(other)) = (len.checked_sub(1), len.checked_sub(depth as usize)) {
                    self.stack.swap(top, other);
                }
            }
            // The operand stays.
            Instr::FormatValue { conversion: Conversion::None, spec: false } | Instr::GetYieldFromIter => {}
            Instr::GetAnext
            | Instr::GetLen
            | Instr::ImportFrom(_)
            | Instr::MatchKeys
            | Instr::MatchMapping
            | Instr::MatchSequence
            | Instr::WithExceptStart(_)
            | Instr::ForIter(_) => self.push(OTHER),
            // One operand goes, or a pair; the collection stays.
            Instr::ListAppend(_)
            | Instr::SetAdd(_)
            | Instr::ListExtend(_)
            | Instr::SetUpdate(_)
            | Instr::DictUpdate(_)
            | Instr::DictMerge(_)
            | Instr::Reraise => {
                self.pop();
            }
            Instr::MapAdd(_) => {
                self.pop();
                self.pop();
            }
            Instr::CheckExcMatch | Instr::Send(_) => {
                self.pop();
                self.push(OTHER);
            }
            // The receiver may go back onto the stack.
            Instr::LoadMethod(_) => {
                let receiver = self.pop();
                self.push(OTHER);
                self.push(receiver);
            }
            Instr::LoadSuperMethod(..) => {
                let receiver = self.pop();
                self.pop();
                self.pop();
                self.push(OTHER);
                self.push(receiver);
            }
            Instr::PushExcInfo => {
                let exception = self.pop();
                self.push(OTHER);
                self.push(exception);
            }
            // The manager stays on the stack as the receiver of its exit method.
            Instr::BeforeWith(exit) | Instr::BeforeAsyncWith(exit) => {
                let manager = self.pop();
                self.push(OTHER);
                match exit {
                    ExitForm::Bound => self.own(manager),
                    ExitForm::WithReceiver => self.push(manager),
                }
                self.push(OTHER);
            }
            Instr::GetIter if self.keeps_iterable => {
                let iterable = self.pop();
                self.own(iterable);
                self.push(OTHER);
            }
            // On one of the two ways the value is still there.
            Instr::JumpIfFalseOrPop(_) | Instr::JumpIfTrueOrPop(_) => {
                let value = self.pop();
                self.own(value);
            }
            other => {
                let effect = other.effect();
                (0..effect.pops).for_each(|_| {
                    self.pop();
                });
                (0..effect.pushes).for_each(|_| self.push(OTHER));
            }
        }
    }
}

/// CPython fuses two loads, and a store with the load after it, if they stand on one line and name low locals. Of two
/// fused loads neither is borrowed unless both can be; a load fused with a store never is.
fn share_answers(code: &[Ins], places: &[u32], owned: &mut [bool]) {
    const LOW: u32 = 16;
    let low = |slot: u32| places.get(slot as usize).is_some_and(|&place| place < LOW);
    let mut at = 0;
    while let (Some(first), Some(second)) = (code.get(at), code.get(at + 1)) {
        let together = first.at.line == second.at.line;
        match (first.op, second.op) {
            (Instr::LoadFast(one), Instr::LoadFast(other)) if together && low(one) && low(other) => {
                let either = owned.get(at) == Some(&true) || owned.get(at + 1) == Some(&true);
                owned.iter_mut().skip(at).take(2).for_each(|owned| *owned = either);
                at += 2;
            }
            (Instr::StoreFast(one), Instr::LoadFast(other)) if together && low(one) && low(other) => {
                owned.iter_mut().skip(at + 1).take(1).for_each(|owned| *owned = true);
                at += 2;
            }
            (Instr::StoreFast(one), Instr::StoreFast(other)) if together && low(one) && low(other) => at += 2,
            _ => at += 1,
        }
    }
}
