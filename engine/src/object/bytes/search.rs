//! Finding and replacing in `bytes` and `bytearray`. What is looked for is bytes-like, or a byte's number.

use super::{BYTE_RANGE, exact, made};
use crate::heap::{Layout, Owned, Ref};
use crate::native::Args;
use crate::object::text::search::bounds;
use crate::object::text::units;
use crate::vm::{Res, Vm};
use std::ops::Range;

/// What to look for, and in which part of the receiver.
fn search_arguments(vm: &mut Vm, args: Args) -> Res<(Vec<u8>, Option<Range<usize>>)> {
    let what = args.get(vm, 1);
    let start = vm.border(args.get(vm, 2))?;
    let end = vm.border(args.get(vm, 3))?;
    let given = vm.buffer_of(what).map(|data| data.into_owned());
    let needle = match given {
        Some(data) => data,
        None if vm.has_index(what) => vec![vm.byte_argument(what, BYTE_RANGE)?],
        None => {
            let text = format!("argument should be integer or bytes-like object, not '{}'", vm.class_name(what));
            return Err(vm.type_error(text));
        }
    };
    let range = bounds(vm.bytes_of(args.get(vm, 0)).len(), start, end);
    Ok((needle, range))
}

fn found(vm: &mut Vm, args: Args, from_right: bool) -> Res<Option<usize>> {
    let (needle, range) = search_arguments(vm, args)?;
    let Some(range) = range else { return Ok(None) };
    let start = range.start;
    let Some(part) = vm.bytes_of(args.get(vm, 0)).get(range) else { return Ok(None) };
    let at = if from_right { units::rfind(part, &needle) } else { units::find(part, &needle) };
    Ok(at.map(|at| at + start))
}

/// `b.find(sub, start, end)` and `rfind`
pub fn find(vm: &mut Vm, args: Args, from_right: bool) -> Res<Owned> {
    let at = found(vm, args, from_right)?;
    Ok(vm.new_int(at.map_or(-1, |at| at as i64)))
}

/// `b.index(sub, start, end)` and `rindex`
pub fn index(vm: &mut Vm, args: Args, from_right: bool) -> Res<Owned> {
    match found(vm, args, from_right)? {
        Some(at) => Ok(vm.new_size(at)),
        None => Err(vm.value_error("subsection not found")),
    }
}

/// `b.count(sub, start, end)`
pub fn count(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (needle, range) = search_arguments(vm, args)?;
    let part = range.and_then(|range| vm.bytes_of(args.get(vm, 0)).get(range));
    let count = part.map_or(0, |part| units::count(part, &needle, usize::MAX));
    Ok(vm.new_size(count))
}

/// `sub in b`
pub fn contains(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, what) = (args.get(vm, 0), args.get(vm, 1));
    let answer = if vm.has_index(what) {
        let byte = vm.byte_argument(what, BYTE_RANGE)?;
        vm.bytes_of(this).contains(&byte)
    } else {
        let needle = vm.buffer(what)?;
        units::find(vm.bytes_of(this), &needle).is_some()
    };
    Ok(vm.bool(answer))
}

/// `b.startswith(prefix, start, end)` and `endswith`
pub fn affix(vm: &mut Vm, args: Args, func: &str) -> Res<Owned> {
    let (this, what) = (args.get(vm, 0), args.get(vm, 1));
    let start = vm.border(args.get(vm, 2))?;
    let end = vm.border(args.get(vm, 3))?;
    let range = bounds(vm.bytes_of(this).len(), start, end);
    let test = |vm: &Vm, affix: &[u8]| {
        let part = range.clone().and_then(|range| vm.bytes_of(this).get(range));
        part.is_some_and(|part| if func == "endswith" { part.ends_with(affix) } else { part.starts_with(affix) })
    };
    if vm.heap.layout(what) == Layout::Tuple {
        for item in vm.tuple_items(what).to_vec() {
            let affix = vm.buffer(item)?;
            if test(vm, &affix) {
                return Ok(vm.bool(true));
            }
        }
        return Ok(vm.bool(false));
    }
    let Some(affix) = vm.buffer_of(what).map(|data| data.into_owned()) else {
        let text = format!("{func} first arg must be bytes or a tuple of bytes, not {}", vm.class_name(what));
        return Err(vm.type_error(text));
    };
    let answer = test(vm, &affix);
    Ok(vm.bool(answer))
}

/// `b.removeprefix(prefix)` and `removesuffix`
pub fn remove(vm: &mut Vm, args: Args, prefix: bool) -> Res<Owned> {
    let this = args.get(vm, 0);
    let affix = vm.buffer(args.get(vm, 1))?;
    let data = vm.bytes_of(this);
    let rest = if prefix { data.strip_prefix(&affix[..]) } else { data.strip_suffix(&affix[..]) };
    match rest {
        Some(rest) if !affix.is_empty() => {
            let rest = rest.to_vec();
            Ok(made(vm, this, rest))
        }
        _ => Ok(exact(vm, this)),
    }
}

/// `b.replace(old, new, count=-1)`
pub fn replace(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this: Ref = args.get(vm, 0);
    let old = vm.buffer(args.get(vm, 1))?;
    let new = vm.buffer(args.get(vm, 2))?;
    let count = args.get(vm, 3);
    let most = if count.is_null() { -1 } else { vm.size_argument(count)? };
    let data = vm.bytes_of(this);
    if data.is_empty() && most >= 0 && !vm.profile.replace_fills_empty {
        return Ok(exact(vm, this));
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let matches = if new.len() > old.len() { units::count(data, &old, most) } else { 0 };
    let room = data.len() as u128 + matches as u128 * new.len() as u128;
    vm.check_room(room)?;
    // Equal bytes are put in the place of those found: the result is a copy.
    if old == new && most > 0 && units::find(vm.bytes_of(this), &old).is_some() {
        let data = vm.bytes_of(this).to_vec();
        return Ok(super::filled(vm, this, data));
    }
    match units::replace(vm.bytes_of(this), &old, &new, most) {
        Some(data) => Ok(super::filled(vm, this, data)),
        None => Ok(exact(vm, this)),
    }
}
