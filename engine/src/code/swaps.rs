//! Swaps that need not happen: when the two values are stored or dropped right after, the stores change places instead
//! (CPython's `apply_static_swaps`). It shows in the order in which old values of variables go away.

use super::asm::Ins;
use super::flow::Graph;
use super::instr::Instr;

/// Settles every swap of the graph that can be.
pub(crate) fn settle_swaps(graph: &mut Graph) {
    for block in &mut graph.blocks {
        for at in 0..block.ins.len() {
            if matches!(block.ins.get(at).map(|ins| ins.op), Some(Instr::Swap(_))) {
                settle_from(&mut block.ins, at);
            }
        }
    }
}

/// A store into a local, or the dropping of a value.
fn is_swappable(ins: &Ins) -> bool {
    matches!(ins.op, Instr::StoreFast(_) | Instr::Pop)
}

fn stores_to(ins: &Ins) -> Option<u32> {
    match ins.op {
        Instr::StoreFast(slot) => Some(slot),
        _ => None,
    }
}

/// Settles the swap at `last` and those directly before it.
fn settle_from(code: &mut [Ins], last: usize) {
    for at in (0..=last).rev() {
        let Some(ins) = code.get(at) else { return };
        let Instr::Swap(count) = ins.op else {
            if ins.is_idle() || is_swappable(ins) {
                continue;
            }
            return;
        };
        let Some((first, second)) = partners(code, at, count) else { return };
        code.swap(first, second);
        if let Some(ins) = code.get_mut(at) {
            ins.op = Instr::Nop;
        }
    }
}

/// The instructions behind the swap that take the two values, if they may change places.
fn partners(code: &[Ins], at: usize, count: u32) -> Option<(usize, usize)> {
    let first = next_swappable(code, at, None)?;
    let line = code.get(first)?.at.line;
    let mut second = first;
    for _ in 1..count {
        second = next_swappable(code, second, Some(line))?;
    }
    let (one, other) = (stores_to(code.get(first)?), stores_to(code.get(second)?));
    if one.is_some() || other.is_some() {
        let between = code.get(first + 1..second).unwrap_or(&[]);
        let disturbs = |slot: Option<u32>| slot.is_some() && (slot == one || slot == other);
        if one == other || between.iter().any(|ins| disturbs(stores_to(ins))) {
            return None;
        }
    }
    Some((first, second))
}

fn next_swappable(code: &[Ins], after: usize, line: Option<u32>) -> Option<usize> {
    for (at, ins) in code.iter().enumerate().skip(after + 1) {
        if line.is_some_and(|line| ins.at.line != line) {
            return None;
        }
        if !ins.is_idle() {
            return is_swappable(ins).then_some(at);
        }
    }
    None
}
