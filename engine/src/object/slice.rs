//! `slice`, and the adjustment of slices to a length.

use super::arg::{big, readonly};
use super::table::slice::{Indices, adjust};
use crate::code::CmpOp;
use crate::heap::{Owned, Ref, SliceBody};
use crate::native::{Args, GetSetDef, NativeDef, getset, method, new, slot};
use crate::vm::{Res, Ty, Vm};
use num_bigint::BigInt;

/// The attributes of `slice`.
pub static GETSETS: &[GetSetDef] = &[
    getset("start", |vm, this| part(vm, this, |body| body.start), readonly),
    getset("stop", |vm, this| part(vm, this, |body| body.stop), readonly),
    getset("step", |vm, this| part(vm, this, |body| body.step), readonly),
];

/// The methods of `slice`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, repr),
    slot("__hash__", 0, hash),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
    method("indices", 1, 1, indices),
    method("__reduce__", 0, 0, reduce),
];

impl Vm {
    /// Start, stop and step of a slice object.
    pub fn slice_parts(&self, slice: Ref) -> [Ref; 3] {
        match self.heap.get::<SliceBody>(slice) {
            Some(body) => [body.start, body.stop, body.step],
            None => [self.single.none; 3],
        }
    }

    /// A slice adjusted to a sequence of `len` items: start, stop, step, and how many items it names.
    ///
    /// # Errors
    /// TypeError for borders that are no integers, ValueError for a step of zero; whatever `__index__` raises.
    pub fn slice_bounds(&mut self, slice: Ref, len: usize) -> Res<(i64, i64, i64, usize)> {
        let indices = self.slice_indices(slice, |_| Ok(len))?;
        Ok((indices.start, indices.stop, indices.step, indices.count))
    }

    /// The same where the length can change while the borders are computed: it is asked for after that.
    ///
    /// # Errors
    /// As [`Vm::slice_bounds`]; what `len` raises.
    pub fn slice_indices(&mut self, slice: Ref, len: impl FnOnce(&mut Vm) -> Res<usize>) -> Res<Indices> {
        let [start, stop, step] = self.slice_parts(slice);
        let step = match self.border(step)? {
            Some(0) => return Err(self.value_error("slice step cannot be zero")),
            // The most negative step cannot be negated: CPython takes the next one.
            Some(step) => step.max(-i64::MAX),
            None => 1,
        };
        let start = self.border(start)?;
        let stop = self.border(stop)?;
        let len = len(self)?;
        Ok(adjust(len, start, stop, step))
    }
}

fn part(vm: &mut Vm, this: Ref, which: fn(&SliceBody) -> Ref) -> Res<Owned> {
    let value = vm.heap.get::<SliceBody>(this).map_or(vm.single.none, which);
    Ok(vm.share(value))
}

/// `slice(stop)`, `slice(start, stop, step=None)`
fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.class_argument(args, Ty::Slice)?;
    vm.no_keywords(args, "slice")?;
    let given = args.rest(vm, 1);
    let none = vm.single.none;
    let (start, stop, step) = match given[..] {
        [stop] => (none, stop, none),
        [start, stop] => (start, stop, none),
        [start, stop, step] => (start, stop, step),
        [] => return Err(vm.type_error("slice expected at least 1 argument, got 0")),
        _ => {
            let text = format!("slice expected at most 3 arguments, got {}", given.len());
            return Err(vm.type_error(text));
        }
    };
    let (start, stop, step) = (vm.share(start), vm.share(stop), vm.share(step));
    Ok(vm.new_slice(start, stop, step))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let mut texts = Vec::new();
    for part in vm.slice_parts(this) {
        texts.push(vm.repr(part)?);
    }
    let mut out = super::text::TextBuilder::new();
    out.push_str("slice(");
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        out.push_text(text);
    }
    out.push_str(")");
    Ok(vm.new_text(out.finish()))
}

fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if !vm.profile.slice_hashable {
        return Err(vm.type_error("unhashable type: 'slice'"));
    }
    let [start, stop, step] = vm.slice_parts(this);
    let hash = super::hash::of_slice([vm.hash(start)?, vm.hash(stop)?, vm.hash(step)?]);
    Ok(vm.new_int(hash))
}

/// Slices compare as the tuples of their parts.
fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if !vm.is_exact(other, Ty::Slice) {
        return Ok(vm.not_implemented());
    }
    if this == other {
        return Ok(vm.bool(matches!(op, CmpOp::Eq | CmpOp::Le | CmpOp::Ge)));
    }
    let (a, b) = (vm.slice_parts(this), vm.slice_parts(other));
    let left = vm.tuple_of(&a);
    let left = vm.hold(left);
    let right = vm.tuple_of(&b);
    let right = vm.hold(right);
    vm.compare(left, right, op)
}

/// `slice.indices(len)`: borders of any size.
fn indices(vm: &mut Vm, args: Args) -> Res<Owned> {
    let [start, stop, step] = adjusted(vm, args.get(vm, 0), args.get(vm, 1))?;
    let items = vec![vm.new_bigint(start), vm.new_bigint(stop), vm.new_bigint(step)];
    Ok(vm.new_tuple(items))
}

/// Start, stop and step of a slice adjusted to a length of any size.
///
/// # Errors
/// As [`Vm::slice_bounds`]; ValueError for a negative length.
pub fn adjusted(vm: &mut Vm, slice: Ref, len: Ref) -> Res<[BigInt; 3]> {
    let len = big(vm.index(len)?);
    let zero = BigInt::ZERO;
    if len < zero {
        return Err(vm.value_error("length should not be negative"));
    }
    let [start, stop, step] = vm.slice_parts(slice);
    let step = whole_border(vm, step)?.unwrap_or_else(|| BigInt::from(1));
    if step == zero {
        return Err(vm.value_error("slice step cannot be zero"));
    }
    let backward = step < zero;
    let (lower, upper) = if backward { (BigInt::from(-1), &len - 1) } else { (zero.clone(), len.clone()) };
    let clamp = |border: BigInt| {
        let border = if border < zero { border + &len } else { border };
        border.max(lower.clone()).min(upper.clone())
    };
    let (first, last) = if backward { (&upper, &lower) } else { (&lower, &upper) };
    let start = whole_border(vm, start)?.map_or_else(|| first.clone(), clamp);
    let stop = whole_border(vm, stop)?.map_or_else(|| last.clone(), clamp);
    Ok([start, stop, step])
}

/// A border of any size, or nothing for `None`.
fn whole_border(vm: &mut Vm, border: Ref) -> Res<Option<BigInt>> {
    if border == vm.single.none {
        return Ok(None);
    }
    if !vm.has_index(border) {
        return Err(vm.type_error("slice indices must be integers or None or have an __index__ method"));
    }
    vm.index(border).map(|int| Some(big(int)))
}

fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let parts = vm.slice_parts(args.get(vm, 0));
    let parts = vm.tuple_of(&parts);
    let class = vm.share(vm.class(Ty::Slice));
    Ok(vm.new_tuple(vec![class, parts]))
}
