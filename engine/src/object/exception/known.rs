//! Exceptions with one or two parts: `StopIteration.value`, `SystemExit.code`, `KeyError`, `NameError.name`, …

use super::{args_of, args_tuple, init_args, part, put_args, reduced, set_part, state_with, text};
use crate::heap::{Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, method, slot};
use crate::vm::{Res, Vm};

/// Attributes that are nothing but parts: each reads None while it is not set.
macro_rules! parts {
    ($($name:literal),+) => { &[$($crate::object::exception::known::plain_part!($name)),+] };
}
pub(super) use parts;

/// One such attribute.
macro_rules! plain_part {
    ($name:literal) => {
        $crate::native::getset(
            $name,
            |vm, this| $crate::object::exception::part_or_none(vm, this, $name),
            |vm, this, value| {
                $crate::object::exception::set_part(vm, this, $name, value);
                Ok(())
            },
        )
    };
}
pub(super) use plain_part;

/// `StopIteration.__init__`
pub static STOP_ITERATION: &[NativeDef] = &[slot("__init__", 0, init_stop_iteration).any()];

/// `StopIteration.value`
pub static STOP_ITERATION_ATTRS: &[GetSetDef] = &[getset(
    "value",
    |vm, this| match part(vm, this, "value").or_else(|| args_of(vm, this).first().copied()) {
        Some(value) => Ok(vm.share(value)),
        None => Ok(vm.none()),
    },
    |vm, this, value| {
        set_part(vm, this, "value", value);
        Ok(())
    },
)];

fn init_stop_iteration(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let given = init_args(vm, args)?;
    let value = given.first().copied().unwrap_or(vm.single.none);
    set_part(vm, this, "value", value);
    Ok(vm.none())
}

/// `SystemExit.__init__`
pub static SYSTEM_EXIT: &[NativeDef] = &[slot("__init__", 0, init_system_exit).any()];

/// `SystemExit.code`
pub static SYSTEM_EXIT_ATTRS: &[GetSetDef] = parts!("code");

fn init_system_exit(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let given = init_args(vm, args)?;
    match given[..] {
        [] => {}
        [code] => set_part(vm, this, "code", code),
        _ => {
            let codes = vm.tuple_of(&given);
            set_part(vm, this, "code", codes.get());
            vm.release(codes);
        }
    }
    Ok(vm.none())
}

/// `KeyError.__str__`: the repr of its only argument.
pub static KEY_ERROR: &[NativeDef] = &[slot("__str__", 0, |vm, args| {
    let this = args.get(vm, 0);
    match args_of(vm, this)[..] {
        [key] => vm.repr_object(key),
        _ => text(vm, this),
    }
})];

/// `NameError.__init__`
pub static NAME_ERROR: &[NativeDef] =
    &[slot("__init__", 0, |vm, args| init_named(vm, args, "NameError", &["name"], vm.profile.name_error_name)).any()];

/// `NameError.name`
pub static NAME_ERROR_ATTRS: &[GetSetDef] = parts!("name");

/// `AttributeError.__init__`
pub static ATTRIBUTE_ERROR: &[NativeDef] = &[
    slot("__init__", 0, |vm, args| {
        init_named(vm, args, "AttributeError", &["name", "obj"], vm.profile.attribute_error_parts)
    })
    .any(),
    method("__reduce__", 0, 0, |vm, args| {
        let this = args.get(vm, 0);
        let state = attribute_error_state(vm, this)?;
        Ok(reduced(vm, this, Ref::NULL, state))
    }),
    method("__getstate__", 0, 0, |vm, args| {
        let this = args.get(vm, 0);
        let state = attribute_error_state(vm, this)?;
        Ok(vm.share(state))
    }),
];

/// The name and the arguments, but not the object, which may be anything.
fn attribute_error_state(vm: &mut Vm, this: Ref) -> Res<Ref> {
    let state = state_with(vm, this, &["name"], true)?;
    let given = args_tuple(vm, this);
    let key = vm.names.args;
    vm.dict_set(state, key, given)?;
    Ok(state)
}

/// `AttributeError.name` and `.obj`
pub static ATTRIBUTE_ERROR_ATTRS: &[GetSetDef] = parts!("name", "obj");

/// Positional arguments become `args`, these keyword arguments parts.
fn init_named(vm: &mut Vm, args: Args, name: &str, parts: &[&'static str], takes_keywords: bool) -> Res<Owned> {
    let this = args.get(vm, 0);
    if !takes_keywords {
        init_args(vm, args)?;
        return Ok(vm.none());
    }
    let given = args.rest(vm, 1);
    put_args(vm, this, &given);
    for (keyword, value) in args.keyword_pairs(vm) {
        let keyword = vm.show(keyword);
        match parts.iter().find(|part| **part == keyword) {
            Some(part) => set_part(vm, this, part, value),
            None => {
                let text = vm.profile.native_keyword_error.text(name, &keyword);
                return Err(vm.type_error(text));
            }
        }
    }
    Ok(vm.none())
}

/// The methods of `ImportError`.
pub static IMPORT_ERROR: &[NativeDef] = &[
    slot("__init__", 0, init_import).any(),
    slot("__str__", 0, |vm, args| import_text(vm, args.get(vm, 0))),
    method("__reduce__", 0, 0, |vm, args| {
        let this = args.get(vm, 0);
        let known = vm.profile.has_member("ImportError", "name_from");
        let names = &["name", "path", "name_from"];
        let state = state_with(vm, this, if known { names } else { &names[..2] }, false)?;
        Ok(reduced(vm, this, Ref::NULL, state))
    }),
];

/// The attributes of `ImportError`.
pub static IMPORT_ERROR_ATTRS: &[GetSetDef] = parts!("msg", "name", "path", "name_from");

fn init_import(vm: &mut Vm, args: Args) -> Res<Owned> {
    let done = init_named(vm, args, "ImportError", &["name", "path", "name_from"], true)?;
    let this = args.get(vm, 0);
    if let [message] = args_of(vm, this)[..] {
        set_part(vm, this, "msg", message);
    }
    Ok(done)
}

fn import_text(vm: &mut Vm, this: Ref) -> Res<Owned> {
    match part(vm, this, "msg") {
        Some(message) if vm.heap.layout(message) == Layout::Str => Ok(vm.share(message)),
        _ => text(vm, this),
    }
}
