//! `range`: borders of any size, compared and hashed as the sequence that it stands for.
//!
//! Invariant: start, stop and step are the very int objects that were given; the length is computed once.

use super::arg::{big, native_iter, readonly};
use super::number::Int;
use crate::code::CmpOp;
use crate::heap::{IterBody, Layout, Owned, RangeBody, Ref};
use crate::native::{Args, GetSetDef, NativeDef, getset, method, new, slot};
use crate::vm::{Res, Ty, Vm};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

/// The attributes of `range`.
pub static GETSETS: &[GetSetDef] = &[
    getset("start", |vm, this| part(vm, this, |body| body.start), readonly),
    getset("stop", |vm, this| part(vm, this, |body| body.stop), readonly),
    getset("step", |vm, this| part(vm, this, |body| body.step), readonly),
];

/// The methods of `range`.
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
    slot("__iter__", 0, native_iter),
    slot("__bool__", 0, bool),
    slot("__len__", 0, len),
    slot("__getitem__", 1, getitem),
    slot("__contains__", 1, contains),
    method("__reversed__", 0, 0, reversed),
    method("__reduce__", 0, 0, reduce),
    method("count", 1, 1, count),
    method("index", 1, 1, index),
];

/// The numbers of a range.
struct Numbers {
    start: BigInt,
    step: BigInt,
    length: BigInt,
}

impl Vm {
    fn range_numbers(&self, this: Ref) -> Numbers {
        let whole = |r: Ref| self.as_int(r).map_or(BigInt::ZERO, big);
        match self.heap.get::<RangeBody>(this) {
            Some(body) => Numbers { start: whole(body.start), step: whole(body.step), length: whole(body.length) },
            None => Numbers { start: BigInt::ZERO, step: BigInt::from(1), length: BigInt::ZERO },
        }
    }

    /// Last item, step back and length where CPython walks back over machine words: they and one step more fit.
    fn range_words_back(&self, this: Ref) -> Option<(i64, i64, u64)> {
        let word = |r: Ref| match self.as_int(r) {
            Some(Int::Small(value)) => Some(value),
            _ => None,
        };
        let body = self.heap.get::<RangeBody>(this)?;
        let (start, step, length) = (word(body.start)?, word(body.step)?, word(body.length)?);
        word(body.stop)?;
        let beyond = start.checked_sub(step)?;
        let last = i128::from(beyond) + i128::from(step) * i128::from(length);
        Some((i64::try_from(last).ok()?, step.checked_neg()?, length.unsigned_abs()))
    }

    /// A range of these int objects; the step is not zero.
    fn new_range(&mut self, start: Owned, stop: Owned, step: Owned) -> Owned {
        let whole = |vm: &Vm, r: Ref| vm.as_int(r).map_or(BigInt::ZERO, big);
        let (a, b, s) = (whole(self, start.get()), whole(self, stop.get()), whole(self, step.get()));
        let length = length_of(&a, &b, &s);
        let length = self.new_bigint(length);
        let body = RangeBody {
            start: start.into_ref(),
            stop: stop.into_ref(),
            step: step.into_ref(),
            length: length.into_ref(),
        };
        self.heap.alloc(Ty::Range.kind(), body)
    }
}

fn length_of(start: &BigInt, stop: &BigInt, step: &BigInt) -> BigInt {
    let distance = if step.is_negative() { start - stop } else { stop - start };
    if !distance.is_positive() {
        return BigInt::ZERO;
    }
    (distance - 1u8).div_floor(&step.abs()) + 1u8
}

fn part(vm: &mut Vm, this: Ref, which: fn(&RangeBody) -> Ref) -> Res<Owned> {
    let value = vm.heap.get::<RangeBody>(this).map_or(vm.single.none, which);
    Ok(vm.share(value))
}

/// `range(stop)`, `range(start, stop, step=1)`
fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.class_argument(args, Ty::Range)?;
    vm.no_keywords(args, "range")?;
    let given = args.rest(vm, 1);
    let mut parts = Vec::new();
    match given.len() {
        1..=3 => {}
        0 => {
            let least = if vm.profile.range_at_least { "at least " } else { "" };
            let text = format!("range expected {least}1 argument, got 0");
            return Err(vm.type_error(text));
        }
        more => {
            let text = format!("range expected at most 3 arguments, got {more}");
            return Err(vm.type_error(text));
        }
    }
    for &value in &given {
        let int = vm.index_object(value)?;
        parts.push(vm.hold(int));
    }
    let (start, stop, step) = match parts[..] {
        [stop] => (vm.new_int(0), vm.share(stop), vm.new_int(1)),
        [start, stop] => (vm.share(start), vm.share(stop), vm.new_int(1)),
        [start, stop, step] => {
            if vm.as_int(step).is_some_and(|step| big(step).is_zero()) {
                return Err(vm.value_error("range() arg 3 must not be zero"));
            }
            (vm.share(start), vm.share(stop), vm.share(step))
        }
        _ => return Err(vm.type_error("range expected at most 3 arguments")),
    };
    Ok(vm.new_range(start, stop, step))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some((start, stop, step)) = vm.heap.get::<RangeBody>(this).map(|body| (body.start, body.stop, body.step))
    else {
        return Ok(vm.new_str("range()"));
    };
    let plain = matches!(vm.as_int(step), Some(Int::Small(1)));
    let (start, stop) = (vm.repr(start)?, vm.repr(stop)?);
    let mut text = format!("range({}, {}", start.to_string_lossy(), stop.to_string_lossy());
    if !plain {
        let step = vm.repr(step)?;
        text.push_str(&format!(", {}", step.to_string_lossy()));
    }
    text.push(')');
    Ok(vm.new_str(&text))
}

/// The hash of the tuple (length, first item, step), with `None` for what does not count.
fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let key = sequence_key(vm, this);
    let tuple = vm.tuple_of(&key);
    let tuple = vm.hold(tuple);
    let hash = vm.hash(tuple)?;
    Ok(vm.new_int(hash))
}

/// What makes two ranges equal: length, first item, step.
fn sequence_key(vm: &Vm, this: Ref) -> [Ref; 3] {
    let none = vm.single.none;
    let Some(body) = vm.heap.get::<RangeBody>(this) else { return [none; 3] };
    match vm.as_int(body.length) {
        Some(Int::Small(0)) => [body.length, none, none],
        Some(Int::Small(1)) => [body.length, body.start, none],
        _ => [body.length, body.start, body.step],
    }
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if !vm.is_exact(other, Ty::Range) || !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(vm.not_implemented());
    }
    let number = |r: Ref| vm.as_int(r).map(big);
    let (a, b) = (sequence_key(vm, this), sequence_key(vm, other));
    let equal = a.iter().zip(&b).all(|(&a, &b)| number(a) == number(b));
    Ok(vm.bool(equal == (op == CmpOp::Eq)))
}

fn reversed(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    if let Some((next, back, left)) = vm.range_words_back(this) {
        return Ok(vm.new_iter(Ty::RangeIterator, IterBody::Range { next, step: back, left }));
    }
    let Numbers { start, step, length } = vm.range_numbers(this);
    let last = start + (&length - 1u8) * &step;
    let index = vm.new_int(0).into_ref();
    let start = vm.new_bigint(last).into_ref();
    let step = vm.new_bigint(-step).into_ref();
    let length = vm.new_bigint(length).into_ref();
    Ok(vm.new_iter(Ty::LongRangeIterator, IterBody::LongRange { index, start, step, length }))
}

fn bool(vm: &mut Vm, args: Args) -> Res<Owned> {
    let length = vm.range_numbers(args.get(vm, 0)).length;
    Ok(vm.bool(!length.is_zero()))
}

fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let length = vm.range_numbers(args.get(vm, 0)).length;
    match length.to_i64() {
        Some(length) => Ok(vm.new_int(length)),
        None => Err(vm.overflow("Python int too large to convert to C ssize_t")),
    }
}

/// `r[index]`: an item, or a range for a slice.
fn getitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(index) == Layout::Slice {
        return slice(vm, this, index);
    }
    if !vm.has_index(index) {
        let text = format!("range indices must be integers or slices, not {}", vm.class_name(index));
        return Err(vm.type_error(text));
    }
    let at = big(vm.index(index)?);
    let Numbers { start, step, length } = vm.range_numbers(this);
    let at = if at.is_negative() { at + &length } else { at };
    if at.is_negative() || at >= length {
        return Err(vm.raise(Ty::IndexError, "range object index out of range"));
    }
    let value = start + at * step;
    Ok(vm.new_bigint(value))
}

fn slice(vm: &mut Vm, this: Ref, slice: Ref) -> Res<Owned> {
    let Numbers { start, step, length } = vm.range_numbers(this);
    let length = vm.new_bigint(length);
    let length = vm.hold(length);
    let indices = super::slice::adjusted(vm, slice, length)?;
    let [first, end, stride] = indices;
    let (new_start, new_stop) = (&start + first * &step, &start + end * &step);
    let new_step = stride * &step;
    let new_start = vm.new_bigint(new_start);
    let new_stop = vm.new_bigint(new_stop);
    let new_step = vm.new_bigint(new_step);
    Ok(vm.new_range(new_start, new_stop, new_step))
}

/// Where an int stands in the range.
fn position(vm: &Vm, this: Ref, value: &BigInt) -> Option<BigInt> {
    let Numbers { start, step, length } = vm.range_numbers(this);
    let (at, rest) = (value - start).div_mod_floor(&step);
    (rest.is_zero() && !at.is_negative() && at < length).then_some(at)
}

/// Whether an object is compared as a number: an exact int or bool.
fn plain_int(vm: &Vm, value: Ref) -> Option<BigInt> {
    if vm.is_exact_int(value) || vm.is_exact(value, Ty::Bool) { vm.as_int(value).map(big) } else { None }
}

fn contains(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, value) = (args.get(vm, 0), args.get(vm, 1));
    if let Some(value) = plain_int(vm, value) {
        let found = position(vm, this, &value).is_some();
        return Ok(vm.bool(found));
    }
    let found = search(vm, this, value, false)?;
    Ok(vm.bool(!found.is_empty()))
}

/// The places of an object among the items, found by comparing; only the first unless `all`.
fn search(vm: &mut Vm, this: Ref, value: Ref, all: bool) -> Res<Vec<usize>> {
    let iter = vm.iter(this)?;
    let iter = vm.hold(iter);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(item) = vm.next(iter)? {
        let same = vm.same_or_equal(item.get(), value);
        vm.release(item);
        if same? {
            found.push(at);
            if !all {
                break;
            }
        }
        vm.step()?;
        at += 1;
    }
    Ok(found)
}

fn count(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, value) = (args.get(vm, 0), args.get(vm, 1));
    if let Some(value) = plain_int(vm, value) {
        let found = position(vm, this, &value).is_some();
        return Ok(vm.new_int(i64::from(found)));
    }
    let count = search(vm, this, value, true)?.len();
    Ok(vm.new_size(count))
}

fn index(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, value) = (args.get(vm, 0), args.get(vm, 1));
    if let Some(number) = plain_int(vm, value) {
        if let Some(at) = position(vm, this, &number) {
            return Ok(vm.new_bigint(at));
        }
        let text = if vm.profile.list_index_plain_text {
            "range.index(x): x not in range".to_string()
        } else {
            format!("{} is not in range", vm.repr(value)?.to_string_lossy())
        };
        return Err(vm.value_error(text));
    }
    match search(vm, this, value, false)?.first() {
        Some(&at) => Ok(vm.new_size(at)),
        None => Err(vm.value_error("sequence.index(x): x not in sequence")),
    }
}

fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let parts = match vm.heap.get::<RangeBody>(this) {
        Some(body) => [body.start, body.stop, body.step],
        None => [vm.single.none; 3],
    };
    let parts = vm.tuple_of(&parts);
    let class = vm.share(vm.class(Ty::Range));
    Ok(vm.new_tuple(vec![class, parts]))
}
