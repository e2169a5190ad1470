//! `float`: its methods as native functions over `f64`.
//!
//! No float is ever shared: only `+x`, `float(x)` and the like give an exact float back itself.

use super::hash;
use super::number::complex::Complex;
use super::number::float::{self, Power};
use super::number::{Int, NumberError, float_text, hex_float};
use super::text::Text;
use crate::code::{BinOp, CmpOp};
use crate::heap::{Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, Params, Role, getter, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The computed attributes of `float`.
pub static GETSETS: &[GetSetDef] =
    &[getter("real", |vm, this| Ok(vm.exact_float(this))), getter("imag", |vm, _| Ok(vm.new_float(0.0)))];

/// The methods of `float`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, repr),
    slot("__hash__", 0, float_hash),
    slot("__lt__", 1, |vm, args| compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| compare(vm, args, CmpOp::Ge)),
    slot("__add__", 1, |vm, args| binary(vm, args, BinOp::Add, false)),
    slot("__radd__", 1, |vm, args| binary(vm, args, BinOp::Add, true)),
    slot("__sub__", 1, |vm, args| binary(vm, args, BinOp::Sub, false)),
    slot("__rsub__", 1, |vm, args| binary(vm, args, BinOp::Sub, true)),
    slot("__mul__", 1, |vm, args| binary(vm, args, BinOp::Mul, false)),
    slot("__rmul__", 1, |vm, args| binary(vm, args, BinOp::Mul, true)),
    slot("__mod__", 1, |vm, args| binary(vm, args, BinOp::Mod, false)),
    slot("__rmod__", 1, |vm, args| binary(vm, args, BinOp::Mod, true)),
    slot("__divmod__", 1, |vm, args| divmod(vm, args, false)),
    slot("__rdivmod__", 1, |vm, args| divmod(vm, args, true)),
    NativeDef { name: "__pow__", role: Role::Slot, params: Params::Pos(1, 2), run: |vm, args| pow(vm, args, false) },
    NativeDef { name: "__rpow__", role: Role::Slot, params: Params::Pos(1, 2), run: |vm, args| pow(vm, args, true) },
    slot("__neg__", 0, |vm, args| Ok(unary(vm, args, |x| -x))),
    slot("__pos__", 0, |vm, args| Ok(vm.exact_float(args.get(vm, 0)))),
    slot("__abs__", 0, |vm, args| Ok(unary(vm, args, f64::abs))),
    slot("__bool__", 0, bool),
    slot("__int__", 0, |vm, args| whole(vm, args, f64::trunc)),
    slot("__float__", 0, |vm, args| Ok(vm.exact_float(args.get(vm, 0)))),
    slot("__floordiv__", 1, |vm, args| binary(vm, args, BinOp::FloorDiv, false)),
    slot("__rfloordiv__", 1, |vm, args| binary(vm, args, BinOp::FloorDiv, true)),
    slot("__truediv__", 1, |vm, args| binary(vm, args, BinOp::Div, false)),
    slot("__rtruediv__", 1, |vm, args| binary(vm, args, BinOp::Div, true)),
    method("conjugate", 0, 0, |vm, args| Ok(vm.exact_float(args.get(vm, 0)))),
    method("__trunc__", 0, 0, |vm, args| whole(vm, args, f64::trunc)),
    method("__floor__", 0, 0, |vm, args| whole(vm, args, f64::floor)),
    method("__ceil__", 0, 0, |vm, args| whole(vm, args, f64::ceil)),
    method("__round__", 0, 1, round),
    method("as_integer_ratio", 0, 0, as_integer_ratio),
    method("fromhex", 1, 1, fromhex).class_method(),
    method("from_number", 1, 1, from_number).class_method(),
    method("hex", 0, 0, hex),
    method("is_integer", 0, 0, is_integer),
    method("__getnewargs__", 0, 0, getnewargs),
    method("__getformat__", 1, 1, getformat).class_method(),
    method("__format__", 1, 1, super::str::format::format_float),
];

impl Vm {
    /// The object itself if it is an exact float, else an exact float of its value.
    pub fn exact_float(&mut self, this: Ref) -> Owned {
        if self.is_exact(this, Ty::Float) {
            return self.share(this);
        }
        let value = self.as_float(this).unwrap_or(0.0);
        self.new_float(value)
    }

    /// `float(x)`
    ///
    /// # Errors
    /// TypeError for what is no number, ValueError for text that spells none; whatever the methods raise.
    pub fn number_to_float(&mut self, x: Ref) -> Res<Owned> {
        if self.is_exact(x, Ty::Float) {
            return Ok(self.share(x));
        }
        if let Some(made) = self.real_to_float(x)? {
            return Ok(made);
        }
        let parsed = match self.heap.layout(x) {
            Layout::Str => Some(float_text::parse(self.text_of(x))),
            Layout::Bytes | Layout::ByteArray | Layout::MemoryView => {
                self.buffer_of(x).map(|data| float_text::parse_bytes(&data))
            }
            _ => None,
        };
        match parsed {
            // The object itself is shown, not what was read of it.
            Some(Err(NumberError::Literal(_))) if !matches!(self.heap.layout(x), Layout::Str | Layout::Bytes) => {
                let text = format!("could not convert string to float: {}", self.repr(x)?.to_string_lossy());
                Err(self.value_error(text))
            }
            Some(result) => self.float_result(result),
            None => {
                let number = if self.profile.argument_real { "real number" } else { "number" };
                let text = format!("float() argument must be a string or a {number}, not '{}'", self.class_name(x));
                Err(self.type_error(text))
            }
        }
    }

    /// The float of a real number by `__float__` or `__index__`; nothing for other types.
    ///
    /// # Errors
    /// TypeError for a method that gives no float, OverflowError; whatever the method raises.
    pub fn real_to_float(&mut self, x: Ref) -> Res<Option<Owned>> {
        let class = self.heap.class_of(x);
        if let Some(method) = self.lookup(class, self.names.float) {
            let made = self.call_special(method, x, &[])?;
            if self.is_exact(made.get(), Ty::Float) {
                return Ok(Some(made));
            }
            let made = self.hold(made);
            let (source, name) = (self.type_name(class), self.class_name(made));
            let Some(value) = self.as_float(made) else {
                return Err(self.type_error(format!("{source}.__float__ returned non-float (type {name})")));
            };
            let text = format!(
                "{source}.__float__ returned non-float (type {name}).  The ability to return an instance of a strict \
                 subclass of float is deprecated, and may not be supported in a future version of Python."
            );
            self.warn(Ty::DeprecationWarning, &text)?;
            return Ok(Some(self.new_float(value)));
        }
        if self.lookup(class, self.names.index).is_some() {
            let result = self.index(x)?.to_f64();
            return self.float_result(result).map(Some);
        }
        Ok(None)
    }

    /// The value of an operand of float arithmetic: a float or an int; nothing for other types.
    ///
    /// # Errors
    /// OverflowError for an int beyond all floats.
    pub fn float_operand(&mut self, r: Ref) -> Res<Option<f64>> {
        if let Some(value) = self.as_float(r) {
            return Ok(Some(value));
        }
        match self.as_int(r).map(|int| int.to_f64()) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(error)) => Err(self.number_error(error)),
        }
    }
}

/// `float(x=0.0)`
fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Float)?;
    vm.no_keywords(args, "float")?;
    let made = match args.rest(vm, 1)[..] {
        [] => vm.new_float(0.0),
        [x] => vm.number_to_float(x)?,
        ref more => {
            let text = format!("float expected at most 1 argument, got {}", more.len());
            return Err(vm.type_error(text));
        }
    };
    instance(vm, class, made)
}

/// The float as an instance of `class`.
fn instance(vm: &mut Vm, class: Ref, made: Owned) -> Res<Owned> {
    if class == vm.class(Ty::Float) {
        return Ok(made);
    }
    let value = vm.heap.float_word(made.get());
    vm.release(made);
    let kind = vm.kind_of_instances(class);
    Ok(vm.heap.alloc_float(kind, value))
}

fn value_of(vm: &Vm, args: Args) -> f64 {
    vm.as_float(args.get(vm, 0)).unwrap_or(0.0)
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = super::format::double::float_repr(value_of(vm, args));
    Ok(vm.new_str(&text))
}

fn float_hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let value = value_of(vm, args);
    let hash = hash::of_float(value, vm.address(this) as u64, &vm.profile);
    Ok(vm.new_int(hash))
}

fn operands(vm: &mut Vm, args: Args, reflected: bool) -> Res<Option<(f64, f64)>> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let a = vm.float_operand(this)?;
    let b = vm.float_operand(other)?;
    Ok(a.zip(b).map(|(a, b)| if reflected { (b, a) } else { (a, b) }))
}

fn binary(vm: &mut Vm, args: Args, op: BinOp, reflected: bool) -> Res<Owned> {
    let Some((a, b)) = operands(vm, args, reflected)? else { return Ok(vm.not_implemented()) };
    let result = match op {
        BinOp::Add => Ok(a + b),
        BinOp::Sub => Ok(a - b),
        BinOp::Mul => Ok(a * b),
        BinOp::Div => float::true_div(a, b, &vm.profile),
        BinOp::FloorDiv => float::floor_div(a, b, &vm.profile),
        BinOp::Mod => float::modulo(a, b, &vm.profile),
        BinOp::MatMul | BinOp::Pow | BinOp::LShift | BinOp::RShift | BinOp::And | BinOp::Or | BinOp::Xor => {
            return Ok(vm.not_implemented());
        }
    };
    vm.float_result(result)
}

fn divmod(vm: &mut Vm, args: Args, reflected: bool) -> Res<Owned> {
    let Some((a, b)) = operands(vm, args, reflected)? else { return Ok(vm.not_implemented()) };
    match float::div_mod(a, b, &vm.profile) {
        Ok((quotient, remainder)) => {
            let items = vec![vm.new_float(quotient), vm.new_float(remainder)];
            Ok(vm.new_filled_tuple(items))
        }
        Err(error) => Err(vm.number_error(error)),
    }
}

fn pow(vm: &mut Vm, args: Args, reflected: bool) -> Res<Owned> {
    let modulus = args.get(vm, 2);
    if !vm.is_none_or_missing(modulus) {
        return Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    let Some((a, b)) = operands(vm, args, reflected)? else { return Ok(vm.not_implemented()) };
    let result = float::pow(a, b, &vm.profile);
    vm.power_result(result)
}

impl Vm {
    /// The object for a power of floats.
    ///
    /// # Errors
    /// What went wrong in it.
    pub fn power_result(&mut self, result: Result<Power, NumberError>) -> Res<Owned> {
        match result {
            Ok(Power::Real(value)) => Ok(self.new_float(value)),
            Ok(Power::Complex(Complex { real, imag })) => Ok(self.new_complex(real, imag)),
            Err(error) => Err(self.number_error(error)),
        }
    }
}

fn unary(vm: &mut Vm, args: Args, op: fn(f64) -> f64) -> Owned {
    let value = op(value_of(vm, args));
    vm.new_float(value)
}

fn bool(vm: &mut Vm, args: Args) -> Res<Owned> {
    let answer = value_of(vm, args) != 0.0;
    Ok(vm.bool(answer))
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let a = vm.as_float(this).unwrap_or(0.0);
    let ordering = if let Some(b) = vm.as_float(other) {
        a.partial_cmp(&b)
    } else if let Some(b) = vm.as_int(other) {
        b.compare_f64(a).map(std::cmp::Ordering::reverse)
    } else {
        return Ok(vm.not_implemented());
    };
    let answer = ordering.map_or(op == CmpOp::Ne, |ordering| op.holds(ordering));
    Ok(vm.bool(answer))
}

/// `int(x)`, `math.floor(x)`, `math.ceil(x)`
fn whole(vm: &mut Vm, args: Args, round: fn(f64) -> f64) -> Res<Owned> {
    let result = Int::from_f64(round(value_of(vm, args)));
    vm.int_result(result)
}

fn round(vm: &mut Vm, args: Args) -> Res<Owned> {
    let digits = args.get(vm, 1);
    let value = value_of(vm, args);
    if vm.is_none_or_missing(digits) {
        return match float::round(value) {
            Ok(int) if vm.profile.int_uncached.rounded => Ok(vm.uncached_int(int)),
            result => vm.int_result(result),
        };
    }
    let digits = vm.index_clamped(digits)?;
    let result = float::round_digits(value, digits);
    vm.float_result(result)
}

fn as_integer_ratio(vm: &mut Vm, args: Args) -> Res<Owned> {
    match float::integer_ratio(value_of(vm, args)) {
        Ok((above, below)) => {
            // An even one was shifted, which gives the shared object.
            let fresh =
                vm.profile.int_uncached.rounded && above.modulo(&Int::Small(2), &vm.profile) == Ok(Int::Small(1));
            let above = if fresh { vm.uncached_int(above) } else { vm.int_object(above) };
            let items = vec![above, vm.int_object(below)];
            Ok(vm.new_tuple(items))
        }
        Err(error) => Err(vm.number_error(error)),
    }
}

/// A float for a class method: the class is called for subclasses.
fn for_class(vm: &mut Vm, class: Ref, made: Owned) -> Res<Owned> {
    if class == vm.class(Ty::Float) {
        return Ok(made);
    }
    let made = vm.hold(made);
    vm.call(class, &[made])
}

fn fromhex(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, text) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(text) != Layout::Str {
        return Err(vm.type_error("bad argument type for built-in operation"));
    }
    let result = match vm.text_of(text).as_str() {
        Some(text) => hex_float::from_hex(text),
        None => Err(NumberError::value("invalid hexadecimal floating-point string")),
    };
    let made = vm.float_result(result)?;
    for_class(vm, class, made)
}

fn from_number(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, x) = (args.get(vm, 0), args.get(vm, 1));
    if vm.is_exact(x, Ty::Float) && class == vm.class(Ty::Float) {
        return Ok(vm.share(x));
    }
    match vm.real_to_float(x)? {
        Some(made) => for_class(vm, class, made),
        None => {
            let text = format!("must be real number, not {}", vm.class_name(x));
            Err(vm.type_error(text))
        }
    }
}

fn hex(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = hex_float::hex(value_of(vm, args));
    Ok(vm.new_str(&text))
}

fn is_integer(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = value_of(vm, args);
    Ok(vm.bool(value.is_finite() && value == value.floor()))
}

fn getnewargs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let copy = value_of(vm, args);
    let copy = vm.new_float(copy);
    Ok(vm.new_tuple(vec![copy]))
}

fn getformat(vm: &mut Vm, args: Args) -> Res<Owned> {
    let kind = args.get(vm, 1);
    vm.expect_str(kind, "__getformat__", "argument")?;
    if matches!(vm.show(kind).as_str(), "double" | "float") {
        return Ok(vm.new_text(Text::from("IEEE, little-endian")));
    }
    Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'"))
}
