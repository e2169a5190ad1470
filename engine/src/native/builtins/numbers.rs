//! Numbers: `abs`, `divmod`, `pow`, `round`, `sum`, `min`, `max`, and the functions that show an int.

use crate::code::{BinOp, CmpOp};
use crate::heap::{Layout, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::object::number::Int;
use crate::object::text::Text;
use crate::vm::{Res, Stop, Ty, Vm};

/// The functions.
pub static FUNCTIONS: &[NativeDef] = &[
    function("abs", 1, 1, abs),
    function("bin", 1, 1, |vm, args| prefixed(vm, args, 2)),
    function("chr", 1, 1, chr),
    function("divmod", 2, 2, divmod),
    function("hex", 1, 1, |vm, args| prefixed(vm, args, 16)),
    function("max", 0, 0, |vm, args| extreme(vm, args, "max", CmpOp::Gt)).any(),
    function("min", 0, 0, |vm, args| extreme(vm, args, "min", CmpOp::Lt)).any(),
    function("oct", 1, 1, |vm, args| prefixed(vm, args, 8)),
    function("ord", 1, 1, ord),
    function("pow", 0, 0, power).named(&["base", "exp", "mod"], 0, 3, 2),
    function("round", 0, 0, round).named(&["number", "ndigits"], 0, 2, 1),
    function("sum", 0, 0, sum).any(),
];

fn abs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 0);
    let class = vm.heap.class_of(value);
    match vm.lookup(class, vm.names.abs) {
        Some(method) => vm.call_special(method, value, &[]),
        None => {
            let text = format!("bad operand type for abs(): '{}'", vm.type_name(class));
            Err(vm.type_error(text))
        }
    }
}

fn prefixed(vm: &mut Vm, args: Args, base: u32) -> Res<Owned> {
    let value = vm.index(args.get(vm, 0))?;
    Ok(vm.new_str(&value.to_prefixed(base)))
}

fn chr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 0);
    let outside = "chr() arg not in range(0x110000)";
    let point = if vm.profile.chr_refuses_large_plainly {
        vm.index(value)?.to_i64().unwrap_or(-1)
    } else {
        vm.c_int_argument(value)?
    };
    match u32::try_from(point) {
        Ok(point @ 0..=0x10_ffff) => Ok(vm.new_text(Text::from_point(point))),
        _ => Err(vm.value_error(outside)),
    }
}

fn ord(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = args.get(vm, 0);
    let (len, first) = match vm.heap.layout(value) {
        Layout::Str => {
            let text = vm.text_of(value);
            (text.len(), text.get(0))
        }
        Layout::Bytes | Layout::ByteArray => {
            let bytes = match vm.heap.get::<crate::heap::ByteArrayBody>(value) {
                Some(body) => body.data.as_slice(),
                None => vm.as_bytes(value).unwrap_or_default(),
            };
            (bytes.len(), bytes.first().map(|&byte| u32::from(byte)))
        }
        _ => {
            let text = format!("ord() expected string of length 1, but {} found", vm.class_name(value));
            return Err(vm.type_error(text));
        }
    };
    match first {
        Some(point) if len == 1 => Ok(vm.new_int(i64::from(point))),
        _ => Err(vm.type_error(format!("ord() expected a character, but string of length {len} found"))),
    }
}

/// The value of a two-sided operation by `__name__` and `__rname__`; `None` when neither side knows.
fn two_sided(vm: &mut Vm, left: Ref, right: Ref, name: Ref, reflected: Ref) -> Res<Option<Owned>> {
    let (left_class, right_class) = (vm.heap.class_of(left), vm.heap.class_of(right));
    let left_method = vm.lookup(left_class, name);
    let right_method = if left_class == right_class { None } else { vm.lookup(right_class, reflected) };
    let mut tries = [(left_method, left, right), (right_method, right, left)];
    if vm.is_subclass(right_class, left_class) && right_method.is_some() {
        tries.reverse();
    }
    for (method, this, other) in tries {
        if let Some(method) = method {
            let result = vm.call_special(method, this, &[other])?;
            if result.get() != vm.single.not_implemented {
                return Ok(Some(result));
            }
            vm.release(result);
        }
    }
    Ok(None)
}

fn divmod(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (left, right) = (args.get(vm, 0), args.get(vm, 1));
    let (name, reflected) = (vm.names.divmod, vm.names.rdivmod);
    match two_sided(vm, left, right, name, reflected)? {
        Some(value) => Ok(value),
        None => {
            let (a, b) = (vm.class_name(left), vm.class_name(right));
            Err(vm.type_error(format!("unsupported operand type(s) for divmod(): '{a}' and '{b}'")))
        }
    }
}

fn power(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (base, exponent, modulus) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    if vm.is_none_or_missing(modulus) {
        return vm.binary_op(BinOp::Pow, base, exponent);
    }
    let class = vm.heap.class_of(base);
    if let Some(method) = vm.lookup(class, vm.names.pow) {
        let result = vm.call_special(method, base, &[exponent, modulus])?;
        if result.get() != vm.single.not_implemented {
            return Ok(result);
        }
        vm.release(result);
    }
    let operator = if vm.profile.pow_names_operator { "** or pow()" } else { "pow()" };
    let [a, b, c] = [base, exponent, modulus].map(|r| vm.class_name(r));
    Err(vm.type_error(format!("unsupported operand type(s) for {operator}: '{a}', '{b}', '{c}'")))
}

fn round(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (number, digits) = (args.get(vm, 0), args.get(vm, 1));
    let class = vm.heap.class_of(number);
    let Some(method) = vm.lookup(class, vm.names.round) else {
        let text = format!("type {} doesn't define __round__ method", vm.type_name(class));
        return Err(vm.type_error(text));
    };
    if vm.is_none_or_missing(digits) {
        vm.call_special(method, number, &[])
    } else {
        vm.call_special(method, number, &[digits])
    }
}

// ---- sum ------------------------------------------------------------------------------------------------------

/// `sum(iterable, /, start=0)`
fn sum(vm: &mut Vm, args: Args) -> Res<Owned> {
    let given = args.rest(vm, 0);
    let mut start = given.get(1).copied().unwrap_or(Ref::NULL);
    for (name, value) in args.keyword_pairs(vm) {
        let name = vm.show(name);
        if name != "start" || !start.is_null() {
            let text = vm.profile.native_keyword_error.text("sum", &name);
            return Err(vm.type_error(text));
        }
        start = value;
    }
    let Some(&iterable) = given.first() else {
        return Err(vm.type_error("sum() takes at least 1 positional argument (0 given)"));
    };
    if given.len() > 2 {
        let text = format!("sum() takes at most 2 arguments ({} given)", given.len());
        return Err(vm.type_error(text));
    }
    let iterator = vm.iter(iterable)?;
    let iterator = vm.hold(iterator);
    let total = if start.is_null() {
        vm.new_int(0)
    } else {
        let joined = match vm.heap.layout(start) {
            Layout::Str => Some("strings [use ''.join(seq) instead]"),
            Layout::Bytes => Some("bytes [use b''.join(seq) instead]"),
            Layout::ByteArray => Some("bytearray [use b''.join(seq) instead]"),
            _ => None,
        };
        if let Some(what) = joined {
            return Err(vm.type_error(format!("sum() can't sum {what}")));
        }
        vm.share(start)
    };
    add_up(vm, iterator, total)
}

/// Adds floats with the error of each step kept, where the version does.
#[derive(Clone, Copy, Debug)]
struct Compensated {
    sum: f64,
    error: f64,
}

impl Compensated {
    fn add(&mut self, value: f64, keeps_error: bool) {
        let next = self.sum + value;
        if keeps_error {
            self.error +=
                if self.sum.abs() >= value.abs() { (self.sum - next) + value } else { (value - next) + self.sum };
        }
        self.sum = next;
    }

    fn value(self) -> f64 {
        if self.error != 0.0 && self.error.is_finite() { self.sum + self.error } else { self.sum }
    }
}

/// Adds everything up: ints and floats as numbers as long as all are such, else by `+`.
fn add_up(vm: &mut Vm, iterator: Ref, mut total: Owned) -> Res<Owned> {
    loop {
        let next = match vm.next(iterator) {
            Ok(next) => next,
            Err(stop) => {
                vm.release(total);
                return Err(stop);
            }
        };
        let Some(item) = next else { return Ok(total) };
        if vm.is_exact(total.get(), Ty::Float)
            && let Some(value) = float_of(vm, item.get())
        {
            let mut sum = Compensated { sum: vm.heap.float_word(total.get()), error: 0.0 };
            sum.add(value, vm.profile.sum_keeps_error);
            vm.release(item);
            vm.release(total);
            match add_floats(vm, iterator, sum)? {
                (made, None) => return Ok(made),
                (made, Some(item)) => total = add(vm, made, item)?,
            }
            continue;
        }
        total = add(vm, total, item)?;
        vm.step()?;
    }
}

fn float_of(vm: &Vm, item: Ref) -> Option<f64> {
    if vm.is_exact(item, Ty::Float) {
        return Some(vm.heap.float_word(item));
    }
    match vm.as_int(item) {
        Some(Int::Small(value)) => Some(value as f64),
        _ => None,
    }
}

/// Goes on with floats until the end or until an item that is no number.
fn add_floats(vm: &mut Vm, iterator: Ref, mut sum: Compensated) -> Res<(Owned, Option<Owned>)> {
    while let Some(item) = vm.next(iterator)? {
        match float_of(vm, item.get()) {
            Some(value) => {
                sum.add(value, vm.profile.sum_keeps_error && vm.is_exact(item.get(), Ty::Float));
                vm.release(item);
            }
            None => return Ok((vm.new_float(sum.value()), Some(item))),
        }
    }
    Ok((vm.new_float(sum.value()), None))
}

fn add(vm: &mut Vm, total: Owned, item: Owned) -> Res<Owned> {
    let sum = vm.binary_op(BinOp::Add, total.get(), item.get());
    vm.release(total);
    vm.release(item);
    sum
}

// ---- min and max ----------------------------------------------------------------------------------------------

fn extreme(vm: &mut Vm, args: Args, name: &str, op: CmpOp) -> Res<Owned> {
    let given = args.rest(vm, 0);
    let (mut key, mut default) = (Ref::NULL, Ref::NULL);
    if given.is_empty() {
        let least = if vm.profile.range_at_least { "at least 1 argument" } else { "1 argument" };
        return Err(vm.type_error(format!("{name} expected {least}, got 0")));
    }
    for (keyword, value) in args.keyword_pairs(vm) {
        match vm.show(keyword).as_str() {
            "key" => key = value,
            "default" => default = value,
            other => {
                let text = vm.profile.native_keyword_error.text(name, other);
                return Err(vm.type_error(text));
            }
        }
    }
    if key == vm.single.none {
        key = Ref::NULL;
    }
    let iterable = if let [only] = given[..] {
        only
    } else {
        if !default.is_null() {
            let text = format!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(vm.type_error(text));
        }
        let tuple = vm.tuple_of(&given);
        vm.hold(tuple)
    };
    let op = match op {
        CmpOp::Gt if !vm.profile.extremes_first => CmpOp::Ge,
        CmpOp::Lt if !vm.profile.extremes_first => CmpOp::Le,
        op => op,
    };
    let mut best: Option<(Owned, Owned)> = None;
    let result = vm.for_each(iterable, |vm, item| better(vm, &mut best, item, key, op));
    match (best, result) {
        (best, Err(stop)) => {
            if let Some((item, value)) = best {
                vm.release(value);
                vm.release(item);
            }
            Err(stop)
        }
        (Some((item, value)), Ok(())) => {
            vm.release(value);
            Ok(item)
        }
        (None, Ok(())) if !default.is_null() => Ok(vm.share(default)),
        (None, Ok(())) => {
            let text = if vm.profile.empty_iterable_text {
                format!("{name}() iterable argument is empty")
            } else {
                format!("{name}() arg is an empty sequence")
            };
            Err(vm.value_error(text))
        }
    }
}

/// Puts an item in the place of the best one so far if it is better.
fn better(vm: &mut Vm, best: &mut Option<(Owned, Owned)>, item: Owned, key: Ref, op: CmpOp) -> Res<bool> {
    let value = if key.is_null() {
        vm.share(item.get())
    } else {
        match vm.call(key, &[item.get()]) {
            Ok(value) => value,
            Err(stop) => {
                vm.release(item);
                return Err(stop);
            }
        }
    };
    let wins = match best {
        None => Ok(true),
        Some((_, top)) => compare(vm, value.get(), top.get(), op),
    };
    match wins {
        Ok(true) => {
            if let Some((old_item, old_value)) = best.replace((item, value)) {
                vm.release(old_value);
                vm.release(old_item);
            }
            Ok(true)
        }
        other => {
            vm.release(value);
            vm.release(item);
            other.map(|_| true)
        }
    }
}

fn compare(vm: &mut Vm, value: Ref, top: Ref, op: CmpOp) -> Result<bool, Stop> {
    let answer = vm.compare(value, top, op)?;
    vm.truth_owned(answer)
}
