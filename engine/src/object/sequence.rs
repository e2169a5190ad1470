//! What lists and tuples have in common: comparison, search, text.
//!
//! Invariant: a list may change whenever Python code runs, so items are fetched one by one and lengths asked for anew.

use super::text::{Text, TextBuilder};
use crate::code::CmpOp;
use crate::heap::{ListBody, Owned, Ref, TupleBody};
use crate::native::Args;
use crate::vm::{Res, Vm};

/// The items of a list or tuple.
pub fn items(vm: &Vm, this: Ref) -> &[Ref] {
    match vm.heap.get::<ListBody>(this) {
        Some(body) => &body.items,
        None => vm.heap.get::<TupleBody>(this).map_or(&[], |body| &body.items),
    }
}

fn item(vm: &mut Vm, this: Ref, at: usize) -> Option<Owned> {
    let item = items(vm, this).get(at).copied()?;
    Some(vm.share(item))
}

/// `left op right` for two lists or two tuples.
pub fn compare(vm: &mut Vm, left: Ref, right: Ref, op: CmpOp) -> Res<Owned> {
    let (left_len, right_len) = (items(vm, left).len(), items(vm, right).len());
    let list = vm.heap.get::<ListBody>(left).is_some();
    if list && left_len != right_len && matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(vm.bool(op == CmpOp::Ne));
    }
    let mut at = 0;
    loop {
        let (Some(a), Some(b)) = (items(vm, left).get(at).copied(), items(vm, right).get(at).copied()) else {
            let ordering = items(vm, left).len().cmp(&items(vm, right).len());
            return Ok(vm.bool(op.holds(ordering)));
        };
        if a == b && vm.profile.containers_try_identity {
            at += 1;
            continue;
        }
        let (a, b) = (vm.share(a), vm.share(b));
        let same = vm.same_or_equal(a.get(), b.get());
        let result = match same {
            Ok(true) => None,
            Ok(false) => Some(match op {
                CmpOp::Eq => Ok(vm.bool(false)),
                CmpOp::Ne => Ok(vm.bool(true)),
                CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge => vm.compare(a.get(), b.get(), op),
            }),
            Err(stop) => Some(Err(stop)),
        };
        vm.release(a);
        vm.release(b);
        if let Some(result) = result {
            return result;
        }
        at += 1;
        vm.step()?;
    }
}

/// Whether an item of a container is what is looked for; which side of `==` it stands on depends on the version.
pub fn matches(vm: &mut Vm, item: Ref, wanted: Ref) -> Res<bool> {
    if vm.profile.contains_item_left { vm.same_or_equal(item, wanted) } else { vm.same_or_equal(wanted, item) }
}

/// `wanted in this`
pub fn contains(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, wanted) = (args.get(vm, 0), args.get(vm, 1));
    let mut at = 0;
    while let Some(item) = item(vm, this, at) {
        let same = matches(vm, item.get(), wanted);
        vm.release(item);
        if same? {
            return Ok(vm.bool(true));
        }
        at += 1;
    }
    Ok(vm.bool(false))
}

/// `this.count(wanted)`
pub fn count(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, wanted) = (args.get(vm, 0), args.get(vm, 1));
    let mut count = 0;
    let mut at = 0;
    while let Some(item) = item(vm, this, at) {
        let same = vm.same_or_equal(item.get(), wanted);
        vm.release(item);
        if same? {
            count += 1;
        }
        at += 1;
    }
    Ok(vm.new_size(count))
}

/// The position of the first item that equals `wanted`, between the borders that `index` takes.
pub fn find(vm: &mut Vm, this: Ref, wanted: Ref, start: Ref, stop: Ref) -> Res<Option<usize>> {
    let start = border(vm, start, 0)?;
    let stop = border(vm, stop, i64::MAX)?;
    let len = items(vm, this).len() as i64;
    let from_end = |index: i64| if index < 0 { (index + len).max(0) } else { index };
    let (start, stop) = (from_end(start), from_end(stop));
    let mut at = start;
    while at < stop {
        let Some(item) = usize::try_from(at).ok().and_then(|at| item(vm, this, at)) else { break };
        let same = vm.same_or_equal(item.get(), wanted);
        vm.release(item);
        if same? {
            return Ok(usize::try_from(at).ok());
        }
        at += 1;
    }
    Ok(None)
}

fn border(vm: &mut Vm, index: Ref, default: i64) -> Res<i64> {
    if index.is_null() {
        return Ok(default);
    }
    if !vm.has_index(index) {
        return Err(vm.type_error("slice indices must be integers or have an __index__ method"));
    }
    vm.index_clamped(index)
}

/// The position that an index names among `len` items.
pub fn position(index: i64, len: usize) -> Option<usize> {
    let index = if index < 0 { index.checked_add(i64::try_from(len).ok()?)? } else { index };
    usize::try_from(index).ok().filter(|&at| at < len)
}

/// `repr` of the items between brackets; `...` where the container holds itself.
pub fn repr(vm: &mut Vm, this: Ref, open: &str, close: &str) -> Res<Owned> {
    if items(vm, this).is_empty() {
        return Ok(vm.new_str(&format!("{open}{close}")));
    }
    let text = vm.repr_guarded(this, |vm| {
        let mut out = TextBuilder::new();
        out.push_str(open);
        let mut at = 0;
        while let Some(item) = item(vm, this, at) {
            if at > 0 {
                out.push_str(", ");
            }
            let text = vm.repr(item.get());
            vm.release(item);
            out.push_text(&text?);
            at += 1;
        }
        if open == "(" && at == 1 {
            out.push_str(",");
        }
        out.push_str(close);
        Ok(out.finish())
    })?;
    let text = text.unwrap_or_else(|| Text::from(format!("{open}...{close}").as_str()));
    Ok(vm.new_text(text))
}

/// `this * count`: the references of the new items, counted.
pub fn repeated(vm: &mut Vm, this: Ref, count: usize) -> Res<Vec<Ref>> {
    let items = items(vm, this).to_vec();
    vm.check_room((items.len() as u128) * (count as u128) * 8)?;
    let mut repeated = items.repeat(count);
    if !vm.profile.repetition_shares {
        for item in &mut repeated {
            *item = vm.copied_if_list(*item).into_ref();
        }
        return Ok(repeated);
    }
    for &item in &repeated {
        vm.heap.inc(item);
    }
    Ok(repeated)
}
