//! The check that code is consistent: the depth of the stack agrees on every path, and every index is in range.
//!
//! The compiler's tests run it over everything they compile; it knows nothing of how the code was made.

use super::instr::Instr;
use super::{Const, ConstId, Proto, Unit};

/// A contradiction in a unit.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{code}, instruction {at}: {what}")]
pub struct Defect {
    /// The qualified name of the code.
    pub code: String,
    /// The index of the instruction.
    pub at: usize,
    /// What is wrong.
    pub what: String,
}

/// Checks every code of a unit.
///
/// # Errors
/// The first contradiction found.
pub fn verify(unit: &Unit) -> Result<(), Defect> {
    verify_proto(&unit.root, unit)?;
    for (index, constant) in unit.pool.iter().enumerate() {
        match constant {
            Const::Code(code) => verify_proto(code, unit)?,
            Const::Tuple(items) | Const::FrozenSet(items) => verify_items(items, index)?,
            Const::Slice(items) => verify_items(items, index)?,
            _ => {}
        }
    }
    Ok(())
}

/// The items of a container come before it in the pool, so a loader can go through the pool once.
fn verify_items(items: &[ConstId], container: usize) -> Result<(), Defect> {
    match items.iter().find(|item| item.0 as usize >= container) {
        Some(item) => Err(Defect { code: "pool".into(), at: container, what: format!("item {} comes later", item.0) }),
        None => Ok(()),
    }
}

fn verify_proto(code: &Proto, unit: &Unit) -> Result<(), Defect> {
    let defect = |at: usize, what: String| Defect { code: code.qualname.clone(), at, what };
    if code.locations.len() != code.instrs.len() {
        return Err(defect(0, "instructions and locations differ in number".into()));
    }
    if let Some(id) = code.consts.iter().find(|id| id.0 as usize >= unit.pool.len()) {
        return Err(defect(0, format!("no constant {}", id.0)));
    }
    let parameters = code.arg_count + code.kwonly_count + u32::from(code.varargs) + u32::from(code.varkw);
    if parameters as usize > code.varnames.len() || code.posonly_count > code.arg_count {
        return Err(defect(0, "more parameters than variables".into()));
    }
    for (at, instr) in code.instrs.iter().enumerate() {
        verify_operand(*instr, code).map_err(|what| defect(at, what))?;
    }
    let count = code.instrs.len() as u32;
    for handler in &code.handlers {
        if handler.start >= handler.end || handler.end > count || handler.target >= count {
            return Err(defect(handler.start as usize, format!("{handler:?} is out of range")));
        }
    }
    verify_depths(code)
}

fn verify_operand(mut instr: Instr, code: &Proto) -> Result<(), String> {
    let within = |what: &str, index: u32, len: usize| {
        if (index as usize) < len { Ok(()) } else { Err(format!("{what} {index} of {len}")) }
    };
    if let Some(slot) = instr.slot_mut() {
        return within("local", *slot, code.local_names.len());
    }
    match instr {
        Instr::LoadConst(index) => within("constant", index, code.consts.len()),
        Instr::LoadName(index)
        | Instr::StoreName(index)
        | Instr::DeleteName(index)
        | Instr::LoadGlobal(index)
        | Instr::StoreGlobal(index)
        | Instr::DeleteGlobal(index)
        | Instr::LoadAttr(index)
        | Instr::StoreAttr(index)
        | Instr::DeleteAttr(index)
        | Instr::LoadMethod(index)
        | Instr::ImportName(index)
        | Instr::ImportFrom(index)
        | Instr::LoadFromDictOrGlobals(index) => within("name", index, code.names.len()),
        Instr::LoadSuperAttr(of) | Instr::LoadSuperMethod(of) => within("name", of.name(), code.names.len()),
        Instr::Copy(0) | Instr::Swap(0) => Err("depth 0".into()),
        _ => match instr.target() {
            Some(target) => within("target", target, code.instrs.len()),
            None => Ok(()),
        },
    }
}

fn verify_depths(code: &Proto) -> Result<(), Defect> {
    let mut depths: Vec<Option<u32>> = vec![None; code.instrs.len()];
    let mut work = vec![(0_usize, 0_u32)];
    while let Some((at, depth)) = work.pop() {
        let defect = |what: String| Defect { code: code.qualname.clone(), at, what };
        let (Some(known), Some(instr)) = (depths.get_mut(at), code.instrs.get(at)) else {
            return Err(defect("control runs out of the code".into()));
        };
        match known {
            Some(known) if *known == depth => continue,
            Some(known) => return Err(defect(format!("entered with {known} and {depth} entries"))),
            None => *known = Some(depth),
        }
        let effect = instr.effect();
        let rest = depth.checked_sub(effect.pops).ok_or_else(|| defect(format!("{instr:?} with {depth} entries")))?;
        if rest + effect.pushes.max(effect.jump_pushes) > code.stack_size || depth > code.stack_size {
            return Err(defect(format!("more than {} entries", code.stack_size)));
        }
        let here = at as u32;
        for handler in code.handlers.iter().filter(|handler| (handler.start..handler.end).contains(&here)) {
            // What an instruction has taken from the stack is gone when it raises.
            if handler.depth > rest.max(depth.saturating_sub(effect.pops)) && handler.depth > depth {
                return Err(defect(format!("the handler keeps {} of {depth} entries", handler.depth)));
            }
            work.push((handler.target as usize, handler.depth + 1));
        }
        if let Some(target) = instr.target() {
            work.push((target as usize, rest + effect.jump_pushes));
        }
        if !instr.is_terminator() {
            work.push((at + 1, rest + effect.pushes));
        }
    }
    Ok(())
}
