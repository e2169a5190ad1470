//! `list.sort` and `sorted`.
//!
//! Invariant: while Python code compares, the list is empty; whatever happens, it has all its items again afterwards.

use super::timsort;
use crate::code::CmpOp;
use crate::heap::{ListBody, Owned, Ref};
use crate::native::Args;
use crate::vm::{Res, Stop, Vm};

/// `list.sort(*, key=None, reverse=False)`
pub fn sort(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, key, reverse) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let reverse = sort_direction(vm, reverse)?;
    sort_list(vm, this, key, reverse)?;
    Ok(vm.none())
}

/// The value of `reverse=`.
pub fn sort_direction(vm: &mut Vm, reverse: Ref) -> Res<bool> {
    if reverse.is_null() {
        return Ok(false);
    }
    if vm.profile.sort_reverse_any {
        return vm.truth(reverse);
    }
    Ok(vm.c_int_argument(reverse)? != 0)
}

/// Sorts a list in place by a key function (None or NULL: by the items).
pub fn sort_list(vm: &mut Vm, list: Ref, key: Ref, reverse: bool) -> Res<()> {
    let Some(body) = vm.heap.get_mut::<ListBody>(list) else { return Ok(()) };
    // From here on the list is empty for everybody else.
    let items = std::mem::take(&mut body.items);
    let allocated = std::mem::take(&mut body.allocated);
    body.sorting = true;
    let by_key = !key.is_null() && key != vm.single.none;
    let mut pairs: Vec<(Ref, Ref)> = Vec::with_capacity(items.len());
    let mut result = Ok(());
    if by_key {
        for &item in &items {
            match vm.call(key, &[item]) {
                Ok(made) => pairs.push((made.into_ref(), item)),
                Err(stop) => {
                    result = Err(stop);
                    break;
                }
            }
        }
    } else {
        pairs.extend(items.iter().map(|&item| (item, item)));
    }
    if result.is_ok() {
        if reverse {
            pairs.reverse();
        }
        let rules = vm.profile.clone();
        result = timsort::sort(&mut pairs, &rules, |a, b| less(vm, a.0, b.0));
    }
    if by_key {
        vm.release_all(pairs.iter().map(|pair| pair.0).collect::<Vec<_>>());
    }
    let touched = vm.heap.get::<ListBody>(list).is_some_and(|body| !body.sorting);
    if result.is_ok() && touched {
        result = Err(vm.value_error("list modified during sort"));
    }
    let sorted = if pairs.len() < items.len() {
        // A key function failed: nothing has moved.
        items
    } else {
        if reverse {
            pairs.reverse();
        }
        pairs.iter().map(|pair| pair.1).collect()
    };
    restore(vm, list, sorted, allocated);
    result
}

fn less(vm: &mut Vm, a: Ref, b: Ref) -> Result<bool, Stop> {
    vm.step()?;
    let answer = vm.compare(a, b, CmpOp::Lt)?;
    vm.truth_owned(answer)
}

/// Gives the list its items back; what the program put in meanwhile is released.
fn restore(vm: &mut Vm, list: Ref, items: Vec<Ref>, allocated: usize) {
    let strangers = match vm.heap.get_mut::<ListBody>(list) {
        Some(body) => {
            body.allocated = allocated;
            body.sorting = false;
            std::mem::replace(&mut body.items, items)
        }
        None => items,
    };
    vm.release_all(strangers.into_iter().rev());
}
