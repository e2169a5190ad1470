//! `OSError`: its parts, and the subclass that an error number chooses.

use super::known::plain_part;
use super::{allocate, args_of, init_args, part, put_args, reduced, set_part, text};
use crate::heap::{Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, method, new, slot};
use crate::object::number::Int;
use crate::object::text::TextBuilder;
use crate::vm::{Res, Ty, Vm};

/// The methods of `OSError`.
pub static METHODS: &[NativeDef] =
    &[new(make), slot("__init__", 0, init).any(), slot("__str__", 0, show), method("__reduce__", 0, 0, reduce)];

/// The attributes of `OSError`.
pub static GETSETS: &[GetSetDef] = &[
    plain_part!("errno"),
    plain_part!("strerror"),
    plain_part!("filename"),
    plain_part!("filename2"),
    crate::native::getset(
        "characters_written",
        |vm, this| match part(vm, this, "characters_written") {
            Some(count) => Ok(vm.share(count)),
            None => Err(vm.raise(Ty::AttributeError, "characters_written")),
        },
        |vm, this, value| {
            set_part(vm, this, "characters_written", value);
            Ok(())
        },
    ),
];

/// The class for an error number of Linux.
fn class_for(errno: i64) -> Option<Ty> {
    Some(match errno {
        1 | 13 => Ty::PermissionError,
        2 => Ty::FileNotFoundError,
        3 => Ty::ProcessLookupError,
        4 => Ty::InterruptedError,
        10 => Ty::ChildProcessError,
        11 | 114 | 115 => Ty::BlockingIOError,
        17 => Ty::FileExistsError,
        20 => Ty::NotADirectoryError,
        21 => Ty::IsADirectoryError,
        32 | 108 => Ty::BrokenPipeError,
        103 => Ty::ConnectionAbortedError,
        104 => Ty::ConnectionResetError,
        110 => Ty::TimeoutError,
        111 => Ty::ConnectionRefusedError,
        _ => return None,
    })
}

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let mut class = vm.class_argument(args, Ty::OSError)?;
    let given = args.rest(vm, 1);
    if class == vm.class(Ty::OSError)
        && (2..=5).contains(&given.len())
        && let Some(Int::Small(errno)) = vm.as_int(given[0])
        && let Some(ty) = class_for(errno)
    {
        class = vm.class(ty);
    }
    let made = allocate(vm, class, &given);
    set_parts(vm, made.get(), &given);
    Ok(made)
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let given = init_args(vm, args)?;
    set_parts(vm, this, &given);
    Ok(vm.none())
}

/// `OSError(errno, strerror, filename, winerror, filename2)`: the file names are no part of `args`.
fn set_parts(vm: &mut Vm, this: Ref, given: &[Ref]) {
    if !(2..=5).contains(&given.len()) {
        return;
    }
    set_part(vm, this, "errno", given[0]);
    set_part(vm, this, "strerror", given[1]);
    let none = vm.single.none;
    let blocking = vm.class(Ty::BlockingIOError);
    if vm.is_instance_of(this, blocking)
        && let Some(&count) = given.get(2)
        && vm.as_int(count).is_some()
    {
        set_part(vm, this, "characters_written", count);
        return;
    }
    if let Some(&filename) = given.get(2).filter(|&&name| name != none) {
        set_part(vm, this, "filename", filename);
        if let Some(&second) = given.get(4).filter(|&&name| name != none) {
            set_part(vm, this, "filename2", second);
        }
        put_args(vm, this, &given[..2]);
    }
}

/// The file names are arguments again.
fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let state = vm.own_dict(this);
    let mut given = args_of(vm, this);
    let Some(filename) = part(vm, this, "filename").filter(|_| given.len() == 2) else {
        return Ok(reduced(vm, this, Ref::NULL, state));
    };
    given.push(filename);
    if let Some(second) = part(vm, this, "filename2") {
        given.extend([vm.single.none, second]);
    }
    let given = vm.tuple_of(&given);
    let given = vm.hold(given);
    Ok(reduced(vm, this, given, state))
}

fn show(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let (Some(errno), Some(strerror)) = (part(vm, this, "errno"), part(vm, this, "strerror")) else {
        return text(vm, this);
    };
    let mut out = TextBuilder::new();
    out.push_str("[Errno ");
    out.push_text(&vm.str(errno)?);
    out.push_str("] ");
    out.push_text(&vm.str(strerror)?);
    if let Some(filename) = part(vm, this, "filename") {
        out.push_str(": ");
        out.push_text(&vm.repr(filename)?);
        if let Some(second) = part(vm, this, "filename2") {
            out.push_str(" -> ");
            out.push_text(&vm.repr(second)?);
        }
    }
    Ok(vm.new_text(out.finish()))
}
