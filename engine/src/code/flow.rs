//! The flow graph: basic blocks, the shaping passes that CPython's `flowgraph.c` does, the depth of the stack, and the
//! way back to one sequence.
//!
//! Invariant: a block is entered at its first instruction only and left at its last; jumps name blocks.

use super::asm::{Asm, HandlerDef, HandlerId, Ins, Item};
use super::instr::{Instr, Label};
use super::{Handler, Location};
use rustc_hash::FxHashSet;

/// A basic block.
#[derive(Clone, Debug, Default)]
pub(crate) struct BasicBlock {
    /// Its instructions.
    pub ins: Vec<Ins>,
    /// The block that control goes on to when the last instruction does not leave.
    pub next: Option<usize>,
    /// The depth of the stack on entry, for blocks that can be reached.
    pub depth: Option<u32>,
}

/// The flow graph of one body. Block 0 is the entry; the order is that of the source.
#[derive(Debug)]
pub(crate) struct Graph {
    /// All blocks.
    pub blocks: Vec<BasicBlock>,
    /// Handlers; targets are blocks.
    pub handlers: Vec<HandlerDef>,
    /// The depth that each handler keeps.
    pub handler_depths: Vec<u32>,
    /// The largest depth of the stack.
    pub stack_size: u32,
}

/// Code that contradicts itself: a mistake of the compiler, never of the program.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("internal error of the compiler: {0}")]
pub(crate) struct FlowError(pub String);

/// One sequence of instructions, ready for a `Proto`.
#[derive(Debug, Default)]
pub(crate) struct Linear {
    /// The instructions; targets are indices.
    pub instrs: Vec<Instr>,
    /// Where each comes from.
    pub locations: Vec<Location>,
    /// Protected ranges.
    pub handlers: Vec<Handler>,
}

impl Graph {
    /// Cuts emitted code into basic blocks.
    pub(crate) fn new(asm: Asm) -> Result<Graph, FlowError> {
        let used = used_labels(&asm);
        let mut places: Vec<Option<usize>> = vec![None; asm.label_count()];
        let mut blocks = vec![BasicBlock::default()];
        let mut open = true;
        for item in &asm.items {
            match item {
                Item::Label(label) => {
                    let label = *label as usize;
                    if !used.get(label).copied().unwrap_or(false) {
                        continue;
                    }
                    if blocks.last().is_none_or(|block| !block.ins.is_empty()) || !open {
                        blocks.push(BasicBlock::default());
                    }
                    open = true;
                    places[label] = Some(blocks.len() - 1);
                }
                Item::Ins(ins) => {
                    if !open {
                        blocks.push(BasicBlock::default());
                    }
                    if let Some(block) = blocks.last_mut() {
                        block.ins.push(*ins);
                    }
                    open = ins.op.target().is_none() && !ins.op.is_terminator();
                }
            }
        }
        let place = |label: Label| {
            let found = places.get(label as usize).copied().flatten();
            found.map(|block| block as u32).ok_or_else(|| FlowError(format!("label {label} has no place")))
        };
        let count = blocks.len();
        for (index, block) in blocks.iter_mut().enumerate() {
            for ins in &mut block.ins {
                if let Some(label) = ins.op.target() {
                    ins.op = ins.op.with_target(place(label)?);
                }
            }
            let leaves = block.ins.last().is_some_and(|ins| ins.op.is_terminator());
            block.next = (!leaves && index + 1 < count).then_some(index + 1);
        }
        let mut handlers = asm.handlers;
        for handler in &mut handlers {
            // A handler whose range was never closed by its code is in dead code only.
            handler.target = place(handler.target)?;
        }
        let handler_depths = vec![0; handlers.len()];
        Ok(Graph { blocks, handlers, handler_depths, stack_size: 0 })
    }

    /// The shaping passes. `truth` tells whether a constant of this code counts as true; with `keeps_values` a value that
    /// `and` and `or` test stays on the stack when control jumps on.
    pub(crate) fn shape(&mut self, keeps_values: bool, truth: impl Fn(u32) -> Option<bool>) {
        self.inline_small_exits();
        self.drop_unreachable();
        self.settle_constant_tests(truth);
        self.drop_unused_loads();
        self.thread_jumps(keeps_values);
        self.inline_small_exits();
        self.drop_unreachable();
    }

    /// A constant that is loaded and dropped at once.
    fn drop_unused_loads(&mut self) {
        for block in &mut self.blocks {
            for at in 1..block.ins.len() {
                if let [Instr::LoadConst(_), Instr::Pop] = [block.ins[at - 1].op, block.ins[at].op] {
                    block.ins[at - 1].op = Instr::Nop;
                    block.ins[at].op = Instr::Nop;
                }
            }
        }
    }

    /// A test of a constant always goes the same way.
    fn settle_constant_tests(&mut self, truth: impl Fn(u32) -> Option<bool>) {
        for block in &mut self.blocks {
            let [.., load, test] = block.ins.as_mut_slice() else { continue };
            let Instr::LoadConst(constant) = load.op else { continue };
            let Some(value) = truth(constant) else { continue };
            let (jumps, keeps) = match test.op {
                Instr::PopJumpIfFalse(_) => (!value, false),
                Instr::PopJumpIfTrue(_) => (value, false),
                Instr::JumpIfFalseOrPop(_) => (!value, true),
                Instr::JumpIfTrueOrPop(_) => (value, true),
                _ => continue,
            };
            let Some(target) = test.op.target() else { continue };
            if !(jumps && keeps) {
                load.op = Instr::Nop;
            }
            if jumps {
                test.op = Instr::Jump(target);
                block.next = None;
            } else {
                test.op = Instr::Nop;
            }
        }
    }

    /// The first instruction of a block, if it is a jump.
    fn leading_jump(&self, block: usize) -> Option<Instr> {
        self.blocks.get(block)?.ins.first().map(|first| first.op).filter(|op| op.target().is_some())
    }

    /// A jump to a jump goes straight to the end of the chain.
    fn thread_jumps(&mut self, keeps_values: bool) {
        for index in 0..self.blocks.len() {
            // Each step can uncover another; chains are short, and the bound makes loops of jumps harmless.
            for _ in 0..16 {
                let Some(last) = self.blocks[index].ins.last().copied() else { break };
                let Some(target) = last.op.target() else { break };
                let landing = self.skip_empty(target as usize);
                let Some(then) = self.leading_jump(landing) else { break };
                let after = self.blocks[landing].next;
                let Some(op) = threaded(last.op, then, after, keeps_values) else { break };
                if op == last.op {
                    break;
                }
                if let Some(ins) = self.blocks[index].ins.last_mut() {
                    ins.op = op;
                }
            }
        }
    }

    /// The block where control that enters `block` first finds an instruction.
    fn skip_empty(&self, mut block: usize) -> usize {
        while let Some(found) = self.blocks.get(block) {
            match found.next {
                Some(next) if found.ins.is_empty() => block = next,
                _ => break,
            }
        }
        block
    }

    /// A jump to a short block that leaves the code is replaced by that block (CPython's `inline_small_exit_blocks`).
    fn inline_small_exits(&mut self) {
        while self.inline_some_exits() {}
    }

    /// One round of that. A block that has got an exit jumps no more, so the rounds end.
    fn inline_some_exits(&mut self) -> bool {
        const SMALL: usize = 4;
        let mut changed = false;
        for index in 0..self.blocks.len() {
            let Some(Instr::Jump(target)) = self.blocks[index].ins.last().map(|ins| ins.op) else { continue };
            let Some(exit) = self.blocks.get(target as usize) else { continue };
            let leaves = exit.ins.last().is_some_and(|ins| ins.op.is_terminator() && ins.op.target().is_none());
            if !leaves || exit.ins.len() > SMALL || exit.ins.iter().any(|ins| ins.setup.is_some()) {
                continue;
            }
            let copied = exit.ins.clone();
            let jump = self.blocks[index].ins.pop();
            self.blocks[index].ins.extend(copied.into_iter().map(|mut ins| {
                if ins.at == Location::default() {
                    ins.at = jump.map(|jump| jump.at).unwrap_or_default();
                }
                ins
            }));
            changed = true;
        }
        changed
    }

    /// Empties every block that control cannot reach.
    fn drop_unreachable(&mut self) {
        for (block, reached) in self.reachable().into_iter().enumerate() {
            if let Some(block) = self.blocks.get_mut(block).filter(|_| !reached) {
                block.ins.clear();
                block.next = None;
            }
        }
    }

    /// Which blocks control can reach.
    fn reachable(&self) -> Vec<bool> {
        let mut reached = vec![false; self.blocks.len()];
        let mut work = vec![0];
        while let Some(index) = work.pop() {
            let (Some(seen), Some(block)) = (reached.get_mut(index), self.blocks.get(index)) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            for ins in &block.ins {
                work.extend(ins.op.target().map(|target| target as usize));
                let handler = ins.setup.and_then(|id| self.handlers.get(id.0 as usize));
                work.extend(handler.map(|handler| handler.target as usize));
            }
            work.extend(block.next);
        }
        reached
    }

    /// The constants that reachable code loads.
    pub(crate) fn loaded_constants(&self) -> FxHashSet<u32> {
        let reachable = self.reachable();
        let blocks = self.blocks.iter().zip(reachable).filter(|(_, reached)| *reached);
        blocks
            .flat_map(|(block, _)| &block.ins)
            .filter_map(|ins| match ins.op {
                Instr::LoadConst(index) => Some(index),
                _ => None,
            })
            .collect()
    }

    /// Computes the depth of the stack on entry to each block, and checks that all ways in agree.
    pub(crate) fn measure(&mut self) -> Result<(), FlowError> {
        let mut work = vec![(0_usize, 0_u32)];
        while let Some((index, depth)) = work.pop() {
            let Some(block) = self.blocks.get_mut(index) else { continue };
            match block.depth {
                Some(known) if known == depth => continue,
                Some(known) => return Err(FlowError(format!("block {index} is entered with {known} and {depth}"))),
                None => block.depth = Some(depth),
            }
            let mut depth = depth;
            for ins in &block.ins {
                if let Some(HandlerId(id)) = ins.setup {
                    let (Some(slot), Some(handler)) =
                        (self.handler_depths.get_mut(id as usize), self.handlers.get(id as usize))
                    else {
                        continue;
                    };
                    let kept = depth.saturating_sub(handler.below);
                    *slot = kept;
                    self.stack_size = self.stack_size.max(kept + 1);
                    work.push((handler.target as usize, kept + 1));
                }
                let effect = ins.op.effect();
                let rest = depth
                    .checked_sub(effect.pops)
                    .ok_or_else(|| FlowError(format!("{:?} finds {depth} entries in block {index}", ins.op)))?;
                if let Some(target) = ins.op.target() {
                    work.push((target as usize, rest + effect.jump_pushes));
                    self.stack_size = self.stack_size.max(rest + effect.jump_pushes);
                }
                depth = rest + effect.pushes;
                self.stack_size = self.stack_size.max(depth);
            }
            match block.next {
                Some(next) => work.push((next, depth)),
                None if block.ins.last().is_some_and(|ins| ins.op.is_terminator()) => {}
                None => return Err(FlowError(format!("control runs out of block {index}"))),
            }
        }
        Ok(())
    }

    /// Lays the reachable blocks out in order.
    pub(crate) fn linear(&self) -> Linear {
        let order: Vec<usize> = (0..self.blocks.len()).filter(|&index| self.blocks[index].depth.is_some()).collect();
        let mut work: Vec<(usize, Vec<Ins>)> = Vec::with_capacity(order.len());
        for (at, &index) in order.iter().enumerate() {
            let block = &self.blocks[index];
            let follower = order.get(at + 1).copied();
            let mut ins: Vec<Ins> = block.ins.iter().filter(|ins| ins.op != Instr::Nop).copied().collect();
            match (ins.last().map(|last| last.op), block.next) {
                (Some(Instr::Jump(target)), _) if follower == Some(target as usize) => {
                    ins.pop();
                }
                (_, Some(next)) if follower != Some(next) => {
                    let last = block.ins.last();
                    let (at, handler) = last.map(|last| (last.at, last.handler)).unwrap_or_default();
                    ins.push(Ins { op: Instr::Jump(next as u32), at, handler, setup: None, restores: false });
                }
                _ => {}
            }
            work.push((index, ins));
        }
        let mut starts = vec![0_u32; self.blocks.len()];
        let mut position = 0;
        for (index, ins) in &work {
            starts[*index] = position;
            position += ins.len() as u32;
        }
        let mut linear = Linear::default();
        for ins in work.iter().flat_map(|(_, ins)| ins) {
            let op = match ins.op.target() {
                Some(target) => ins.op.with_target(starts.get(target as usize).copied().unwrap_or(0)),
                None => ins.op,
            };
            let before = linear.locations.last().copied().unwrap_or_default();
            linear.instrs.push(op);
            linear.locations.push(if ins.at == Location::default() { before } else { ins.at });
            self.protect(&mut linear, ins.handler, &starts);
        }
        linear
    }

    /// Notes the handler of the instruction just laid out.
    fn protect(&self, linear: &mut Linear, handler: Option<HandlerId>, starts: &[u32]) {
        let Some(HandlerId(id)) = handler else { return };
        let (Some(def), Some(&depth)) = (self.handlers.get(id as usize), self.handler_depths.get(id as usize)) else {
            return;
        };
        let at = linear.instrs.len() as u32 - 1;
        let target = starts.get(def.target as usize).copied().unwrap_or(0);
        match linear.handlers.last_mut() {
            Some(last) if last.end == at && last.target == target && last.depth == depth => last.end = at + 1,
            _ => linear.handlers.push(Handler { start: at, end: at + 1, target, depth }),
        }
    }
}

/// Which labels something goes to.
fn used_labels(asm: &Asm) -> Vec<bool> {
    let mut used = vec![false; asm.label_count()];
    let targets = asm.items.iter().filter_map(|item| match item {
        Item::Ins(ins) => ins.op.target(),
        Item::Label(_) => None,
    });
    for label in targets.chain(asm.handlers.iter().map(|handler| handler.target)) {
        if let Some(used) = used.get_mut(label as usize) {
            *used = true;
        }
    }
    used
}

/// What a jump becomes whose target is the jump `then`, with `after` following that one.
fn threaded(jump: Instr, then: Instr, after: Option<usize>, keeps_values: bool) -> Option<Instr> {
    let next = after.map(|block| block as u32).filter(|_| !keeps_values);
    match (jump, then) {
        (
            Instr::Jump(_)
            | Instr::PopJumpIfFalse(_)
            | Instr::PopJumpIfTrue(_)
            | Instr::PopJumpIfNone(_)
            | Instr::PopJumpIfNotNone(_)
            | Instr::JumpIfFalseOrPop(_)
            | Instr::JumpIfTrueOrPop(_),
            Instr::Jump(to),
        ) => Some(jump.with_target(to)),
        (Instr::JumpIfFalseOrPop(_), Instr::JumpIfFalseOrPop(to))
        | (Instr::JumpIfTrueOrPop(_), Instr::JumpIfTrueOrPop(to)) => Some(jump.with_target(to)),
        (Instr::JumpIfFalseOrPop(_), Instr::PopJumpIfFalse(to)) if !keeps_values => Some(Instr::PopJumpIfFalse(to)),
        (Instr::JumpIfTrueOrPop(_), Instr::PopJumpIfTrue(to)) if !keeps_values => Some(Instr::PopJumpIfTrue(to)),
        (Instr::JumpIfFalseOrPop(_), Instr::JumpIfTrueOrPop(_) | Instr::PopJumpIfTrue(_)) => {
            next.map(Instr::PopJumpIfFalse)
        }
        (Instr::JumpIfTrueOrPop(_), Instr::JumpIfFalseOrPop(_) | Instr::PopJumpIfFalse(_)) => {
            next.map(Instr::PopJumpIfTrue)
        }
        _ => None,
    }
}
