//! Finding and replacing in a `str`.

use super::{changed, exact, unshared};
use crate::heap::{Layout, Owned, Ref};
use crate::native::Args;
use crate::object::text::{Changed, Text};
use crate::vm::{Res, Ty, Vm};

type Finder = fn(&Text, &Text, Option<i64>, Option<i64>) -> Option<usize>;

/// The substring argument of `find` and its kin, and the borders.
fn search_arguments(vm: &mut Vm, args: Args, func: &str) -> Res<(Ref, Option<i64>, Option<i64>)> {
    let needle = args.get(vm, 1);
    if !vm.profile.newer_argument_errors {
        // The borders are looked at first, and only once.
        let start = vm.border(args.get(vm, 2))?;
        let end = vm.border(args.get(vm, 3))?;
        if vm.heap.layout(needle) == Layout::Str {
            return Ok((needle, start, end));
        }
    }
    if vm.heap.layout(needle) != Layout::Str {
        if vm.profile.newer_argument_errors {
            return Err(vm.bad_argument(func, "argument 1", "str", needle));
        }
        let text = format!("must be str, not {}", vm.class_name(needle));
        return Err(vm.type_error(text));
    }
    let start = vm.border(args.get(vm, 2))?;
    let end = vm.border(args.get(vm, 3))?;
    Ok((needle, start, end))
}

/// `s.find(sub, start, end)` and `rfind`
pub fn find(vm: &mut Vm, args: Args, func: &str, finder: Finder) -> Res<Owned> {
    let (needle, start, end) = search_arguments(vm, args, func)?;
    let found = finder(vm.text_of(args.get(vm, 0)), vm.text_of(needle), start, end);
    Ok(vm.new_int(found.map_or(-1, |at| at as i64)))
}

/// `s.index(sub, start, end)` and `rindex`
pub fn index(vm: &mut Vm, args: Args, func: &str, finder: Finder) -> Res<Owned> {
    let (needle, start, end) = search_arguments(vm, args, func)?;
    match finder(vm.text_of(args.get(vm, 0)), vm.text_of(needle), start, end) {
        Some(at) => Ok(vm.new_size(at)),
        None => Err(vm.value_error("substring not found")),
    }
}

/// `s.count(sub, start, end)`
pub fn count(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (needle, start, end) = search_arguments(vm, args, "count")?;
    let count = vm.text_of(args.get(vm, 0)).count(vm.text_of(needle), start, end);
    Ok(vm.new_size(count))
}

/// `sub in s`
pub fn contains(vm: &mut Vm, args: Args) -> Res<Owned> {
    let needle = args.get(vm, 1);
    if vm.heap.layout(needle) != Layout::Str {
        let text = format!("'in <string>' requires string as left operand, not {}", vm.class_name(needle));
        return Err(vm.type_error(text));
    }
    let found = vm.text_of(args.get(vm, 0)).contains(vm.text_of(needle));
    Ok(vm.bool(found))
}

/// `s.startswith(prefix, start, end)` and `endswith`
pub fn affix(
    vm: &mut Vm,
    args: Args,
    func: &str,
    test: fn(&Text, &Text, Option<i64>, Option<i64>) -> bool,
) -> Res<Owned> {
    let (this, what) = (args.get(vm, 0), args.get(vm, 1));
    let start = vm.border(args.get(vm, 2))?;
    let end = vm.border(args.get(vm, 3))?;
    if vm.heap.layout(what) == Layout::Tuple {
        for item in vm.tuple_items(what).to_vec() {
            if vm.heap.layout(item) != Layout::Str {
                let text = format!("tuple for {func} must only contain str, not {}", vm.class_name(item));
                return Err(vm.type_error(text));
            }
            if test(vm.text_of(this), vm.text_of(item), start, end) {
                return Ok(vm.bool(true));
            }
        }
        return Ok(vm.bool(false));
    }
    if vm.heap.layout(what) != Layout::Str {
        let text = format!("{func} first arg must be str or a tuple of str, not {}", vm.class_name(what));
        return Err(vm.type_error(text));
    }
    let answer = test(vm.text_of(this), vm.text_of(what), start, end);
    Ok(vm.bool(answer))
}

/// `s.removeprefix(prefix)` and `removesuffix`
pub fn remove(vm: &mut Vm, args: Args, func: &str, cut: fn(&Text, &Text) -> Changed) -> Res<Owned> {
    let (this, affix) = (args.get(vm, 0), args.get(vm, 1));
    vm.expect_str(affix, func, "argument")?;
    let result = cut(vm.text_of(this), vm.text_of(affix));
    Ok(changed(vm, this, result))
}

/// `s.replace(old, new, count=-1)`
pub fn replace(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, old, new) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    vm.expect_str(old, "replace", "argument 1")?;
    vm.expect_str(new, "replace", "argument 2")?;
    let count = args.get(vm, 3);
    let most = if count.is_null() { -1 } else { vm.size_argument(count)? };
    let most = usize::try_from(most).ok();
    let (text, old, new) = (vm.text_of(this), vm.text_of(old), vm.text_of(new));
    // The result can be longer than any of the three: bound it first.
    let matches = if new.len() > old.len() { text.count(old, None, None).min(most.unwrap_or(usize::MAX)) } else { 0 };
    let room = text.len() as u128 + matches as u128 * new.len() as u128;
    if room > i64::MAX as u128 {
        return Err(vm.raise(Ty::OverflowError, "replace string is too long"));
    }
    let fills_empty = vm.profile.replace_fills_empty;
    vm.check_room(room)?;
    let result = vm.text_of(this).replace(vm.text_of(args.get(vm, 1)), vm.text_of(args.get(vm, 2)), most, fills_empty);
    Ok(match result {
        Changed::New(text) => unshared(vm, text),
        Changed::Same => exact(vm, this),
    })
}
