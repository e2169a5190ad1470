//! `BaseExceptionGroup` and `ExceptionGroup`: splitting a tree of exceptions without losing its shape.

use super::{allocate, init_args, part, set_part};
use crate::heap::{ExceptionBody, Layout, ListBody, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, method, new, slot};
use crate::object::text::TextBuilder;
use crate::vm::{Res, Ty, Vm};

/// The methods of `BaseExceptionGroup`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__init__", 0, init).any(),
    slot("__str__", 0, show),
    method("derive", 1, 1, derive),
    method("split", 1, 1, split),
    method("subgroup", 1, 1, subgroup),
];

/// The attributes of `BaseExceptionGroup`.
pub static GETSETS: &[GetSetDef] = &[
    crate::native::member("message", |vm, this| super::part_or_none(vm, this, "message")),
    crate::native::member("exceptions", |vm, this| super::part_or_none(vm, this, "exceptions")),
];

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let mut class = vm.class_argument(args, Ty::BaseExceptionGroup)?;
    let given = args.rest(vm, 1);
    let &[message, excs] = &given[..] else {
        let text = format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", given.len());
        return Err(vm.type_error(text));
    };
    if vm.heap.layout(message) != Layout::Str {
        let text = format!("BaseExceptionGroup.__new__() argument 1 must be str, not {}", vm.argument_type(message));
        return Err(vm.type_error(text));
    }
    let excs_class = vm.heap.class_of(excs);
    if vm.heap.layout(excs) == Layout::Dict || vm.lookup(excs_class, vm.names.getitem).is_none() {
        return Err(vm.type_error("second argument (exceptions) must be a sequence"));
    }
    let items = vm.collect(excs)?;
    let tuple = vm.new_tuple(items);
    let tuple = vm.hold(tuple);
    let items = vm.tuple_items(tuple).to_vec();
    if items.is_empty() {
        return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    let (base, plain) = (vm.class(Ty::BaseException), vm.class(Ty::Exception));
    let mut all_plain = true;
    for (at, &item) in items.iter().enumerate() {
        if !vm.is_instance_of(item, base) {
            let text = format!("Item {at} of second argument (exceptions) is not an exception");
            return Err(vm.value_error(text));
        }
        all_plain &= vm.is_instance_of(item, plain);
    }
    let group = vm.class(Ty::ExceptionGroup);
    if class == vm.class(Ty::BaseExceptionGroup) {
        if all_plain {
            class = group;
        }
    } else if !all_plain && vm.is_subclass(class, plain) {
        let text = if class == group {
            "Cannot nest BaseExceptions in an ExceptionGroup".to_string()
        } else {
            format!("Cannot nest BaseExceptions in '{}'", vm.type_name(class))
        };
        return Err(vm.type_error(text));
    }
    let made = allocate(vm, class, &given);
    set_part(vm, made.get(), "message", message);
    set_part(vm, made.get(), "exceptions", tuple);
    Ok(made)
}

fn init(vm: &mut Vm, args: Args) -> Res<Owned> {
    init_args(vm, args)?;
    Ok(vm.none())
}

fn members(vm: &Vm, group: Ref) -> Vec<Ref> {
    part(vm, group, "exceptions").map_or_else(Vec::new, |tuple| vm.tuple_items(tuple).to_vec())
}

fn show(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let message = part(vm, this, "message").unwrap_or(vm.single.none);
    let count = members(vm, this).len();
    let mut out = TextBuilder::new();
    out.push_text(&vm.str(message)?);
    out.push_str(&format!(" ({count} sub-exception{})", if count == 1 { "" } else { "s" }));
    Ok(vm.new_text(out.finish()))
}

fn derive(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, excs) = (args.get(vm, 0), args.get(vm, 1));
    let message = part(vm, this, "message").unwrap_or(vm.single.none);
    let class = vm.class(Ty::BaseExceptionGroup);
    vm.call(class, &[message, excs])
}

/// What chooses exceptions: a class, several classes, or a function.
fn matches(vm: &mut Vm, exception: Ref, condition: Ref) -> Res<bool> {
    match vm.heap.layout(condition) {
        Layout::Type => Ok(vm.is_instance_of(exception, condition)),
        Layout::Tuple => {
            let classes = vm.tuple_items(condition).to_vec();
            Ok(classes.into_iter().any(|class| vm.is_instance_of(exception, class)))
        }
        _ => {
            let answer = vm.call(condition, &[exception])?;
            vm.truth_owned(answer)
        }
    }
}

fn check_condition(vm: &mut Vm, condition: Ref) -> Res<()> {
    let base = vm.class(Ty::BaseException);
    let exception_class = |vm: &Vm, r: Ref| vm.heap.layout(r) == Layout::Type && vm.is_subclass(r, base);
    let fits = match vm.heap.layout(condition) {
        Layout::Type => exception_class(vm, condition),
        Layout::Tuple => vm.tuple_items(condition).to_vec().into_iter().all(|class| exception_class(vm, class)),
        _ => vm.is_callable(condition),
    };
    if fits { Ok(()) } else { Err(vm.type_error("expected a function, exception type or tuple of exception types")) }
}

/// Matching and other part of an exception, None where there is nothing.
fn divide(vm: &mut Vm, this: Ref, condition: Ref, with_rest: bool) -> Res<(Owned, Owned)> {
    if matches(vm, this, condition)? {
        return Ok((vm.share(this), vm.none()));
    }
    let group = vm.class(Ty::BaseExceptionGroup);
    if !vm.is_instance_of(this, group) {
        return Ok((vm.none(), vm.share(this)));
    }
    let matching = vm.new_list(Vec::new());
    let other = vm.new_list(Vec::new());
    let mut result = Ok(());
    for member in members(vm, this) {
        match vm.nested(|vm| divide(vm, member, condition, with_rest)) {
            Ok((yes, no)) => {
                put(vm, matching.get(), yes);
                put(vm, other.get(), no);
            }
            Err(stop) => {
                result = Err(stop);
                break;
            }
        }
    }
    let pair = match result {
        Ok(()) => subset(vm, this, matching.get()).and_then(|yes| {
            let no = if with_rest { subset(vm, this, other.get()) } else { Ok(vm.none()) };
            match no {
                Ok(no) => Ok((yes, no)),
                Err(stop) => {
                    vm.release(yes);
                    Err(stop)
                }
            }
        }),
        Err(stop) => Err(stop),
    };
    vm.release(matching);
    vm.release(other);
    pair
}

fn put(vm: &mut Vm, list: Ref, item: Owned) {
    if item.get() == vm.single.none { vm.release(item) } else { vm.list_append(list, item) }
}

/// A group like `this` of some of its members, with the same traceback, context, cause and notes.
fn subset(vm: &mut Vm, this: Ref, excs: Ref) -> Res<Owned> {
    if vm.heap.get::<ListBody>(excs).is_none_or(|body| body.items.is_empty()) {
        return Ok(vm.none());
    }
    let made = vm.get_attr_str(this, "derive")?;
    let derived = vm.call(made.get(), &[excs]);
    vm.release(made);
    let derived = derived?;
    let group = vm.class(Ty::BaseExceptionGroup);
    if !vm.is_instance_of(derived.get(), group) {
        vm.release(derived);
        return Err(vm.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    let derived = vm.hold(derived);
    let Some((traceback, context, cause)) =
        vm.heap.get::<ExceptionBody>(this).map(|body| (body.traceback, body.context, body.cause))
    else {
        return Ok(vm.share(derived));
    };
    for part in [traceback, context, cause] {
        if !part.is_null() {
            vm.heap.inc(part);
        }
    }
    let suppress = vm.heap.get::<ExceptionBody>(this).is_some_and(|body| body.suppress_context);
    let old = match vm.heap.get_mut::<ExceptionBody>(derived) {
        Some(body) => {
            body.suppress_context = suppress;
            [
                std::mem::replace(&mut body.traceback, traceback),
                std::mem::replace(&mut body.context, context),
                std::mem::replace(&mut body.cause, cause),
            ]
        }
        None => [traceback, context, cause],
    };
    vm.release_all(old);
    let notes = vm.names.notes;
    if let Some(found) = vm.find_attr(this, notes)? {
        let items = vm.sequence_items(found.get());
        let copy = vm.list_of(&items);
        vm.release(found);
        let copy = vm.hold(copy);
        vm.set_attr(derived, notes, copy)?;
    }
    Ok(vm.share(derived))
}

/// The leaves of exceptions, in order.
fn leaves(vm: &mut Vm, exceptions: &[Ref], found: &mut Vec<Ref>) {
    let group = vm.class(Ty::BaseExceptionGroup);
    let mut waiting: Vec<Ref> = exceptions.iter().rev().copied().collect();
    while let Some(exception) = waiting.pop() {
        if vm.is_instance_of(exception, group) {
            waiting.extend(members(vm, exception).into_iter().rev());
        } else {
            found.push(exception);
        }
    }
}

/// The part of a group that has the leaves of these exceptions; None if there are none.
///
/// # Errors
/// Whatever `derive` raises.
pub fn project(vm: &mut Vm, group: Ref, keep: &[Ref]) -> Res<Owned> {
    let mut found = Vec::new();
    leaves(vm, keep, &mut found);
    project_leaves(vm, group, &found)
}

fn project_leaves(vm: &mut Vm, this: Ref, keep: &[Ref]) -> Res<Owned> {
    let group = vm.class(Ty::BaseExceptionGroup);
    if !vm.is_instance_of(this, group) {
        return Ok(if keep.contains(&this) { vm.share(this) } else { vm.none() });
    }
    let kept = vm.new_list(Vec::new());
    for member in members(vm, this) {
        match vm.nested(|vm| project_leaves(vm, member, keep)) {
            Ok(part) => put(vm, kept.get(), part),
            Err(stop) => {
                vm.release(kept);
                return Err(stop);
            }
        }
    }
    let made = subset(vm, this, kept.get());
    vm.release(kept);
    made
}

/// Whether an exception is part of a group as it was raised: with the same traceback, cause, context and notes.
pub fn is_unchanged_part(vm: &mut Vm, exception: Ref, original: Ref) -> Res<bool> {
    let parts =
        |vm: &Vm, r: Ref| vm.heap.get::<ExceptionBody>(r).map(|body| (body.traceback, body.context, body.cause));
    if parts(vm, exception) != parts(vm, original) {
        return Ok(false);
    }
    let name = vm.names.notes;
    let (mine, its) = (vm.find_attr(exception, name)?, vm.find_attr(original, name)?);
    let same = match (&mine, &its) {
        (None, None) => Ok(true),
        (Some(mine), Some(its)) => vm.equal(mine.get(), its.get()),
        _ => Ok(false),
    };
    for notes in [mine, its].into_iter().flatten() {
        vm.release(notes);
    }
    same
}

fn split(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, condition) = (args.get(vm, 0), args.get(vm, 1));
    check_condition(vm, condition)?;
    let (matching, rest) = divide(vm, this, condition, true)?;
    Ok(vm.new_tuple(vec![matching, rest]))
}

fn subgroup(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, condition) = (args.get(vm, 0), args.get(vm, 1));
    check_condition(vm, condition)?;
    let (matching, rest) = divide(vm, this, condition, false)?;
    vm.release(rest);
    Ok(matching)
}
