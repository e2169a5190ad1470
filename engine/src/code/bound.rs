//! Which locals are bound at each load: a load of a local that may be unbound keeps its check.
//!
//! Invariant: a local counts as bound only if every way to the load binds it, exceptions included.

use super::flow::Graph;
use super::instr::Instr;

/// One bit a slot: the slot may be unbound.
#[derive(Clone, PartialEq, Eq)]
struct Slots(Vec<u64>);

impl Slots {
    fn new(count: usize) -> Slots {
        Slots(vec![0; count.div_ceil(64)])
    }

    fn set(&mut self, slot: u32, value: bool) {
        if let Some(word) = self.0.get_mut(slot as usize / 64) {
            let bit = 1 << (slot % 64);
            *word = if value { *word | bit } else { *word & !bit };
        }
    }

    fn get(&self, slot: u32) -> bool {
        self.0.get(slot as usize / 64).is_some_and(|word| word & (1 << (slot % 64)) != 0)
    }

    /// Adds the bits of the other; whether that changed anything.
    fn merge(&mut self, other: &Slots) -> bool {
        let mut changed = false;
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            changed |= *word | other != *word;
            *word |= other;
        }
        changed
    }
}

/// Turns `LoadFastCheck` into `LoadFast` where the local is known to be bound. `places` tells where each slot lies in the
/// local array, whose first `bound_at_entry` places are parameters.
pub(crate) fn check_unbound(graph: &mut Graph, places: &[u32], bound_at_entry: u32) {
    let mut entry = Slots::new(places.len());
    for (slot, &place) in places.iter().enumerate() {
        entry.set(slot as u32, place >= bound_at_entry);
    }
    let mut states: Vec<Option<Slots>> = vec![None; graph.blocks.len()];
    let mut work = Vec::new();
    arrive(&mut states, &mut work, 0, &entry);
    while let Some(index) = work.pop() {
        let Some(mut state) = states.get(index).cloned().flatten() else { continue };
        let Some(block) = graph.blocks.get(index) else { continue };
        for ins in &block.ins {
            let handler = ins.handler.and_then(|id| graph.handlers.get(id.0 as usize));
            let target = handler.map(|def| def.target as usize);
            if let Some(target) = target {
                arrive(&mut states, &mut work, target, &state);
            }
            step(ins.op, ins.restores, &mut state);
            if let Some(target) = target {
                arrive(&mut states, &mut work, target, &state);
            }
            if let Some(target) = ins.op.target() {
                arrive(&mut states, &mut work, target as usize, &state);
            }
        }
        if let Some(next) = block.next {
            arrive(&mut states, &mut work, next, &state);
        }
    }
    for (block, state) in graph.blocks.iter_mut().zip(states) {
        let Some(mut state) = state else { continue };
        for ins in &mut block.ins {
            if let Instr::LoadFastCheck(slot) = ins.op
                && !state.get(slot)
            {
                ins.op = Instr::LoadFast(slot);
            }
            step(ins.op, ins.restores, &mut state);
        }
    }
}

fn arrive(states: &mut [Option<Slots>], work: &mut Vec<usize>, block: usize, state: &Slots) {
    let Some(known) = states.get_mut(block) else { return };
    let changed = match known {
        Some(known) => known.merge(state),
        None => {
            *known = Some(state.clone());
            true
        }
    };
    if changed {
        work.push(block);
    }
}

fn step(op: Instr, restores: bool, state: &mut Slots) {
    match op {
        Instr::StoreFast(slot) => state.set(slot, restores),
        Instr::DeleteFast(slot) | Instr::LoadFastAndClear(slot) => state.set(slot, true),
        // A load that did not raise found the local bound.
        Instr::LoadFastCheck(slot) | Instr::MakeCell(slot) => state.set(slot, false),
        _ => {}
    }
}
