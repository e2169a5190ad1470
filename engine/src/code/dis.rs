//! Code as text, for tests and for people.

use super::instr::Instr;
use super::{Const, ConstId, Proto, Unit};
use std::fmt::Write as _;

/// The code of a unit as text, inner code after outer.
pub fn disassemble(unit: &Unit) -> String {
    let mut text = String::new();
    let mut waiting = vec![&unit.root];
    let mut shown: Vec<&Proto> = Vec::new();
    while let Some(code) = waiting.pop() {
        if shown.iter().any(|known| std::ptr::eq(*known, code)) {
            continue;
        }
        shown.push(code);
        write_code(&mut text, code, unit);
        let inner = code.consts.iter().rev().filter_map(|id| match unit.pool.get(id.0 as usize) {
            Some(Const::Code(inner)) => Some(&**inner),
            _ => None,
        });
        waiting.extend(inner);
    }
    text
}

fn write_code(text: &mut String, code: &Proto, unit: &Unit) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}:", code.qualname);
    let mut line = 0;
    for (at, (instr, location)) in code.instrs.iter().zip(&code.locations).enumerate() {
        let shown = if location.line == line { String::new() } else { location.line.to_string() };
        line = location.line;
        let target = code.instrs.iter().any(|other| other.target() == Some(at as u32))
            || code.handlers.iter().any(|handler| handler.target == at as u32);
        let mark = if target { ">>" } else { "" };
        let _ = writeln!(text, "{shown:>4} {mark:>2} {at:>3} {}", instr_text(*instr, code, unit));
    }
    for handler in &code.handlers {
        let (start, end) = (handler.start, handler.end - 1);
        let _ = writeln!(text, "         {start} to {end} -> {} [{}]", handler.target, handler.depth);
    }
}

/// One instruction with its operand spelt out.
fn instr_text(instr: Instr, code: &Proto, unit: &Unit) -> String {
    let plain = format!("{instr:?}");
    let name = plain.split(['(', ' ']).next().unwrap_or("").to_string();
    let mut copy = instr;
    if let Some(slot) = copy.slot_mut() {
        return format!("{name} {}", code.local_names.get(*slot as usize).map_or("?", String::as_str));
    }
    match instr {
        Instr::LoadConst(index) => match code.consts.get(index as usize) {
            Some(id) => format!("{name} {}", const_text(*id, unit)),
            None => plain,
        },
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
        | Instr::LoadFromDictOrGlobals(index) => {
            format!("{name} {}", code.names.get(index as usize).map_or("?", String::as_str))
        }
        Instr::LoadSuperAttr(of) | Instr::LoadSuperMethod(of) => {
            format!("{name} {}", code.names.get(of.name() as usize).map_or("?", String::as_str))
        }
        Instr::MakeFunction(parts) => {
            let flags = [
                (parts.defaults, "defaults"),
                (parts.kwdefaults, "kwdefaults"),
                (parts.annotations, "annotations"),
                (parts.annotate, "annotate"),
                (parts.closure, "closure"),
            ];
            let words: Vec<&str> = flags.iter().filter(|(present, _)| *present).map(|(_, word)| *word).collect();
            format!("{name} {}", words.join(" ")).trim_end().to_string()
        }
        _ => match instr.target() {
            Some(target) => format!("{name} {target}"),
            None => plain.replace('(', " ").replace(')', ""),
        },
    }
}

/// A constant, roughly as its repr.
fn const_text(id: ConstId, unit: &Unit) -> String {
    let list = |items: &[ConstId]| items.iter().map(|item| const_text(*item, unit)).collect::<Vec<_>>().join(", ");
    match unit.pool.get(id.0 as usize) {
        None => "?".into(),
        Some(Const::None) => "None".into(),
        Some(Const::True) => "True".into(),
        Some(Const::False) => "False".into(),
        Some(Const::Ellipsis) => "...".into(),
        Some(Const::Int(value)) => value.to_string(),
        Some(Const::Float(value)) => format!("{value:?}"),
        Some(Const::Complex(real, imag)) => format!("({real:?}+{imag:?}j)"),
        Some(Const::Str(text)) => crate::object::repr::text_repr(text).to_string_lossy().into_owned(),
        Some(Const::Bytes(bytes)) => crate::object::repr::bytes_repr(bytes),
        Some(Const::Tuple(items)) if items.len() == 1 => format!("({},)", list(items)),
        Some(Const::Tuple(items)) => format!("({})", list(items)),
        Some(Const::FrozenSet(items)) => format!("frozenset({{{}}})", list(items)),
        Some(Const::Slice(items)) => format!("slice({})", list(items)),
        Some(Const::Code(code)) => format!("<code {}>", code.qualname),
    }
}
