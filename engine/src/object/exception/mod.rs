//! Exceptions: what all of them have, and the named parts of some classes.
//!
//! Invariant: a part that was never set is not in `ExceptionBody::parts`; exceptions that the machine raises itself
//! have their arguments only, and the getters find the parts there.

pub mod group;
pub mod known;
pub mod os;
pub mod syntax;
pub mod unicode;

use super::text::TextBuilder;
use crate::heap::{ExceptionBody, Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of `BaseException`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__init__", 0, init).any(),
    slot("__repr__", 0, repr),
    slot("__str__", 0, |vm, args| text(vm, args.get(vm, 0))),
    method("__reduce__", 0, 0, reduce),
    method("__setstate__", 1, 1, set_state),
    method("add_note", 1, 1, add_note),
    method("with_traceback", 1, 1, with_traceback),
];

/// The attributes of `BaseException`.
pub static GETSETS: &[GetSetDef] = &[
    getset("__dict__", super::dict_get, super::dict_set),
    getset("args", get_args, set_args),
    getset("__traceback__", get_traceback, set_traceback),
    getset("__context__", get_context, set_context),
    getset("__cause__", get_cause, set_cause),
    getset("__suppress_context__", get_suppress, set_suppress),
];

// ---- parts ----------------------------------------------------------------------------------------------------

/// A named part, borrowed, if it was set.
pub fn part(vm: &Vm, this: Ref, name: &str) -> Option<Ref> {
    let body = vm.heap.get::<ExceptionBody>(this)?;
    body.parts.iter().find(|(known, _)| *known == name).and_then(|&(_, value)| value.some())
}

/// Sets a named part, or removes it when the value is NULL.
pub fn set_part(vm: &mut Vm, this: Ref, name: &'static str, value: Ref) {
    if !value.is_null() {
        vm.heap.inc(value);
    }
    let Some(body) = vm.heap.get_mut::<ExceptionBody>(this) else { return vm.release_maybe(value) };
    let old = match body.parts.iter().position(|(known, _)| *known == name) {
        Some(at) if value.is_null() => body.parts.remove(at).1,
        Some(at) => std::mem::replace(&mut body.parts[at].1, value),
        None if value.is_null() => Ref::NULL,
        None => {
            body.parts.push((name, value));
            Ref::NULL
        }
    };
    vm.release_maybe(old);
}

/// A part as an attribute: None if it was not set.
pub fn part_or_none(vm: &mut Vm, this: Ref, name: &str) -> Res<Owned> {
    match part(vm, this, name) {
        Some(value) => Ok(vm.share(value)),
        None => Ok(vm.none()),
    }
}

/// The arguments of an exception; borrowed.
pub fn args_of(vm: &Vm, this: Ref) -> Vec<Ref> {
    let args = vm.heap.get::<ExceptionBody>(this).map_or(Ref::NULL, |body| body.args);
    if args.is_null() { Vec::new() } else { vm.tuple_items(args).to_vec() }
}

/// `this.args`, borrowed.
fn args_tuple(vm: &Vm, this: Ref) -> Ref {
    let args = vm.heap.get::<ExceptionBody>(this).and_then(|body| body.args.some());
    args.unwrap_or(vm.single.empty_tuple)
}

/// `this.args = (…)`
pub fn put_args(vm: &mut Vm, this: Ref, args: &[Ref]) {
    let new = vm.tuple_of(args).into_ref();
    let old = match vm.heap.get_mut::<ExceptionBody>(this) {
        Some(body) => std::mem::replace(&mut body.args, new),
        None => new,
    };
    vm.release_maybe(old);
}

// ---- making ---------------------------------------------------------------------------------------------------

/// Whether a class with this `__new__` and this `__init__` does no more than keep its arguments.
pub fn is_plain(new: &'static NativeDef, init: &'static NativeDef) -> bool {
    std::ptr::eq(new, &raw const METHODS[0]) && std::ptr::eq(init, &raw const METHODS[1])
}

/// A new exception of a class with these arguments.
pub fn allocate(vm: &mut Vm, class: Ref, args: &[Ref]) -> Owned {
    let kind = vm.instance_kind_of(class);
    let args = vm.tuple_of(args).into_ref();
    vm.heap.alloc(kind, ExceptionBody { args, ..ExceptionBody::default() })
}

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::BaseException)?;
    let given = args.rest(vm, 1);
    Ok(allocate(vm, class, &given))
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    init_args(vm, args)?;
    Ok(vm.none())
}

/// The part of every `__init__`: positional arguments become `args`, keyword arguments are refused.
pub fn init_args(vm: &mut Vm, args: Args) -> Res<Vec<Ref>> {
    let this = args.get(vm, 0);
    let name = vm.class_name(this);
    vm.no_keywords(args, &name)?;
    let given = args.rest(vm, 1);
    put_args(vm, this, &given);
    Ok(given)
}

// ---- text -----------------------------------------------------------------------------------------------------

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let mut out = TextBuilder::new();
    out.push_str(&vm.class_name(this));
    let given = args_of(vm, this);
    if let [only] = given[..] {
        out.push_str("(");
        out.push_text(&vm.repr(only)?);
        out.push_str(")");
    } else {
        let tuple = vm.tuple_of(&given);
        let text = vm.repr(tuple.get());
        vm.release(tuple);
        out.push_text(&text?);
    }
    Ok(vm.new_text(out.finish()))
}

/// `str(exception)` by `BaseException`.
pub fn text(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let given = args_of(vm, this);
    match given[..] {
        [] => Ok(vm.share(vm.single.empty_str)),
        [only] => vm.str_object(only),
        _ => {
            let tuple = vm.tuple_of(&given);
            let text = vm.str_object(tuple.get());
            vm.release(tuple);
            text
        }
    }
}

// ---- methods --------------------------------------------------------------------------------------------------

fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let state = vm.own_dict(this);
    Ok(reduced(vm, this, Ref::NULL, state))
}

/// The class, what it is called with (`args` of the exception if that is NULL), and the state if there is one.
fn reduced(vm: &mut Vm, this: Ref, args: Ref, state: Ref) -> Owned {
    let class = vm.share(vm.heap.class_of(this));
    let args = args.some().unwrap_or_else(|| args_tuple(vm, this));
    let args = vm.share(args);
    let mut items = vec![class, args];
    if !state.is_null() {
        items.push(vm.share(state));
    }
    vm.new_tuple(items)
}

/// The exception's dict with these parts in it, as far as they are set; held, NULL if there is nothing.
fn state_with(vm: &mut Vm, this: Ref, names: &[&'static str], always: bool) -> Res<Ref> {
    let found: Vec<(&str, Ref)> =
        names.iter().filter_map(|&name| part(vm, this, name).map(|value| (name, value))).collect();
    let dict = vm.own_dict(this);
    if found.is_empty() && !always {
        return Ok(dict);
    }
    let state = if dict.is_null() { vm.new_dict() } else { vm.dict_copy(dict)? };
    let state = vm.hold(state);
    for (name, value) in found {
        let name = vm.intern_str(name);
        let result = vm.dict_set(state, name.get(), value);
        vm.release(name);
        result?;
    }
    Ok(state)
}

fn set_state(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, state) = (args.get(vm, 0), args.get(vm, 1));
    if state != vm.single.none {
        if vm.heap.layout(state) != Layout::Dict {
            return Err(vm.type_error("state is not a dictionary"));
        }
        for (name, value) in vm.dict_items(state) {
            vm.set_attr(this, name, value)?;
        }
    }
    Ok(vm.none())
}

fn add_note(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, note) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(note) != Layout::Str {
        let text = format!("note must be a str, not '{}'", vm.class_name(note));
        return Err(vm.type_error(text));
    }
    add_note_to(vm, this, note)?;
    Ok(vm.none())
}

/// Puts a note behind the others of an exception.
pub fn add_note_to(vm: &mut Vm, this: Ref, note: Ref) -> Res<()> {
    let name = vm.names.notes;
    let notes = match vm.find_attr(this, name)? {
        Some(notes) => vm.hold(notes),
        None => {
            let notes = vm.new_list(Vec::new());
            let notes = vm.hold(notes);
            vm.set_attr(this, name, notes)?;
            notes
        }
    };
    if vm.heap.layout(notes) != Layout::List {
        return Err(vm.type_error("Cannot add note: __notes__ is not a list"));
    }
    let note = vm.share(note);
    vm.list_append(notes, note);
    Ok(())
}

fn with_traceback(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, traceback) = (args.get(vm, 0), args.get(vm, 1));
    set_traceback(vm, this, traceback)?;
    Ok(vm.share(this))
}

// ---- attributes -----------------------------------------------------------------------------------------------

type Field = fn(&mut ExceptionBody) -> &mut Ref;

fn read(vm: &mut Vm, this: Ref, field: fn(&ExceptionBody) -> Ref) -> Res<Owned> {
    match vm.heap.get::<ExceptionBody>(this).and_then(|body| field(body).some()) {
        Some(value) => Ok(vm.share(value)),
        None => Ok(vm.none()),
    }
}

fn write(vm: &mut Vm, this: Ref, field: Field, value: Ref) {
    let new = if value == vm.single.none { Ref::NULL } else { vm.share(value).into_ref() };
    let old = match vm.heap.get_mut::<ExceptionBody>(this) {
        Some(body) => std::mem::replace(field(body), new),
        None => new,
    };
    vm.release_maybe(old);
}

fn get_args(vm: &mut Vm, this: Ref) -> Res<Owned> {
    read(vm, this, |body| body.args)
}

fn set_args(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() {
        return Err(vm.type_error("args may not be deleted"));
    }
    let items = vm.collect(value)?;
    let names: Vec<Ref> = items.iter().map(Owned::get).collect();
    put_args(vm, this, &names);
    vm.release_owned(items);
    Ok(())
}

fn get_traceback(vm: &mut Vm, this: Ref) -> Res<Owned> {
    read(vm, this, |body| body.traceback)
}

fn set_traceback(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() {
        return Err(vm.type_error("__traceback__ may not be deleted"));
    }
    if value != vm.single.none && vm.heap.layout(value) != Layout::Traceback {
        return Err(vm.type_error("__traceback__ must be a traceback or None"));
    }
    write(vm, this, |body| &mut body.traceback, value);
    Ok(())
}

fn check_exception(vm: &mut Vm, value: Ref, what: &str) -> Res<()> {
    if value.is_null() {
        return Err(vm.type_error(format!("__{what}__ may not be deleted")));
    }
    let base = vm.class(Ty::BaseException);
    if value != vm.single.none && !vm.is_instance_of(value, base) {
        return Err(vm.type_error(format!("exception {what} must be None or derive from BaseException")));
    }
    Ok(())
}

fn get_context(vm: &mut Vm, this: Ref) -> Res<Owned> {
    read(vm, this, |body| body.context)
}

fn set_context(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    check_exception(vm, value, "context")?;
    write(vm, this, |body| &mut body.context, value);
    Ok(())
}

fn get_cause(vm: &mut Vm, this: Ref) -> Res<Owned> {
    read(vm, this, |body| body.cause)
}

fn set_cause(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    check_exception(vm, value, "cause")?;
    if let Some(body) = vm.heap.get_mut::<ExceptionBody>(this) {
        body.suppress_context = true;
    }
    write(vm, this, |body| &mut body.cause, value);
    Ok(())
}

fn get_suppress(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let suppress = vm.heap.get::<ExceptionBody>(this).is_some_and(|body| body.suppress_context);
    Ok(vm.bool(suppress))
}

fn set_suppress(vm: &mut Vm, this: Ref, value: Ref) -> Res<()> {
    if value.is_null() {
        return Err(vm.type_error("can't delete numeric/char attribute"));
    }
    if value != vm.single.true_ && value != vm.single.false_ {
        return Err(vm.type_error("attribute value type must be bool"));
    }
    let suppress = value == vm.single.true_;
    if let Some(body) = vm.heap.get_mut::<ExceptionBody>(this) {
        body.suppress_context = suppress;
    }
    Ok(())
}
