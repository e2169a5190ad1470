//! `SyntaxError`: where it is and what the line reads.

use super::known::parts;
use super::{init_args, part, set_part};
use crate::heap::{Layout, Owned};
use crate::native::{Args, GetSetDef, NativeDef, slot};
use crate::object::number::Int;
use crate::object::text::TextBuilder;
use crate::vm::{Res, Ty, Vm};

/// The methods of `SyntaxError`.
pub static METHODS: &[NativeDef] = &[slot("__init__", 0, init).any(), slot("__str__", 0, show)];

/// The attributes of `SyntaxError`.
pub static GETSETS: &[GetSetDef] =
    parts!("msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line");

/// The parts that the second argument gives, in order.
const PLACE: [&str; 6] = ["filename", "lineno", "offset", "text", "end_lineno", "end_offset"];

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let given = init_args(vm, args)?;
    if let Some(&message) = given.first() {
        set_part(vm, this, "msg", message);
    }
    if let [_, place] = given[..] {
        let items = vm.collect(place)?;
        let count = items.len();
        let accepted = count == 4 || (count == 6 && vm.profile.syntax_error_ends);
        if accepted {
            for (name, item) in PLACE.into_iter().zip(&items) {
                set_part(vm, this, name, item.get());
            }
        }
        vm.release_owned(items);
        if !accepted {
            if !vm.profile.syntax_error_ends {
                return Err(vm.raise(Ty::IndexError, "tuple index out of range"));
            }
            let text = if count == 5 {
                "end_offset must be provided when end_lineno is provided".to_string()
            } else if count < 4 {
                format!("function missing required argument '{}' (pos {})", PLACE[count.min(3)], count + 1)
            } else {
                format!("function takes at most 7 arguments ({count} given)")
            };
            return Err(vm.type_error(text));
        }
    }
    Ok(vm.none())
}

fn show(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let message = part(vm, this, "msg").unwrap_or(vm.single.none);
    let file = part(vm, this, "filename").filter(|&name| vm.heap.layout(name) == Layout::Str);
    let line = part(vm, this, "lineno").and_then(|line| vm.as_int(line));
    let mut out = TextBuilder::new();
    out.push_text(&vm.str(message)?);
    let file = file.map(|name| {
        let name = vm.show(name);
        name.rsplit('/').next().unwrap_or_default().to_string()
    });
    let line = line.map(|line| match line {
        Int::Small(line) => line.to_string(),
        Int::Big(line) => line.to_string(),
    });
    match (file, line) {
        (Some(file), Some(line)) => out.push_str(&format!(" ({file}, line {line})")),
        (Some(file), None) => out.push_str(&format!(" ({file})")),
        (None, Some(line)) => out.push_str(&format!(" (line {line})")),
        (None, None) => {}
    }
    Ok(vm.new_text(out.finish()))
}
