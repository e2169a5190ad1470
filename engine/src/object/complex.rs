//! `complex`: its methods as native functions over [`Complex`].

use super::arg::readonly;
use super::hash;
use super::number::complex::{self, Complex, Operand};
use super::number::{NumberError, complex_text};
use super::repr::complex_repr;
use crate::code::{BinOp, CmpOp};
use crate::heap::{ComplexBody, Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, Params, Role, getset, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The computed attributes of `complex`.
pub static GETSETS: &[GetSetDef] = &[
    getset("real", |vm, this| Ok(part_object(vm, this, |value| value.real)), readonly),
    getset("imag", |vm, this| Ok(part_object(vm, this, |value| value.imag)), readonly),
];

/// The methods of `complex`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, repr),
    slot("__hash__", 0, complex_hash),
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
    slot("__truediv__", 1, |vm, args| binary(vm, args, BinOp::Div, false)),
    slot("__rtruediv__", 1, |vm, args| binary(vm, args, BinOp::Div, true)),
    slot("__mod__", 1, |vm, _| Err(vm.type_error("can't mod complex numbers."))),
    slot("__rmod__", 1, |vm, _| Err(vm.type_error("can't mod complex numbers."))),
    slot("__divmod__", 1, |vm, _| Err(vm.type_error("can't take floor or mod of complex number."))),
    slot("__rdivmod__", 1, |vm, _| Err(vm.type_error("can't take floor or mod of complex number."))),
    slot("__floordiv__", 1, |vm, _| Err(vm.type_error("can't take floor of complex number."))),
    slot("__rfloordiv__", 1, |vm, _| Err(vm.type_error("can't take floor of complex number."))),
    slot("__int__", 0, |vm, _| Err(vm.type_error("can't convert complex to int"))),
    slot("__float__", 0, |vm, _| Err(vm.type_error("can't convert complex to float"))),
    NativeDef { name: "__pow__", role: Role::Slot, params: Params::Pos(1, 2), run: |vm, args| pow(vm, args, false) },
    NativeDef { name: "__rpow__", role: Role::Slot, params: Params::Pos(1, 2), run: |vm, args| pow(vm, args, true) },
    slot("__neg__", 0, |vm, args| {
        let value = vm.complex_of(args.get(vm, 0)).neg();
        Ok(vm.complex_object(value))
    }),
    slot("__pos__", 0, |vm, args| Ok(exact(vm, args.get(vm, 0)))),
    slot("__abs__", 0, |vm, args| {
        let result = vm.complex_of(args.get(vm, 0)).abs();
        vm.float_result(result)
    }),
    slot("__bool__", 0, |vm, args| {
        let zero = vm.complex_of(args.get(vm, 0)).is_zero();
        Ok(vm.bool(!zero))
    }),
    method("conjugate", 0, 0, |vm, args| {
        let value = vm.complex_of(args.get(vm, 0)).conjugate();
        Ok(vm.complex_object(value))
    }),
    method("__complex__", 0, 0, |vm, args| Ok(exact(vm, args.get(vm, 0)))),
    method("from_number", 1, 1, from_number).class_method(),
    method("__getnewargs__", 0, 0, getnewargs),
    method("__format__", 1, 1, super::str::format::format_complex),
];

impl Vm {
    /// The value of a complex object; zero for anything else.
    pub fn complex_of(&self, r: Ref) -> Complex {
        self.heap.get::<ComplexBody>(r).map_or(Complex::from(0.0), |body| Complex { real: body.re, imag: body.im })
    }

    /// A complex object.
    pub fn complex_object(&mut self, value: Complex) -> Owned {
        self.new_complex(value.real, value.imag)
    }
}

fn part_object(vm: &mut Vm, this: Ref, which: fn(Complex) -> f64) -> Owned {
    let value = which(vm.complex_of(this));
    vm.new_float(value)
}

fn exact(vm: &mut Vm, this: Ref) -> Owned {
    if vm.is_exact(this, Ty::Complex) {
        return vm.share(this);
    }
    let value = vm.complex_of(this);
    vm.complex_object(value)
}

/// An operand of complex arithmetic; nothing for what is no number.
fn operand(vm: &mut Vm, r: Ref) -> Res<Option<Operand>> {
    if vm.heap.layout(r) == Layout::Complex {
        return Ok(Some(Operand::Complex(vm.complex_of(r))));
    }
    Ok(vm.float_operand(r)?.map(Operand::Real))
}

fn operands(vm: &mut Vm, args: Args, reflected: bool) -> Res<Option<(Operand, Operand)>> {
    let a = operand(vm, args.get(vm, 0))?;
    let b = operand(vm, args.get(vm, 1))?;
    Ok(a.zip(b).map(|(a, b)| if reflected { (b, a) } else { (a, b) }))
}

fn result(vm: &mut Vm, result: Result<Complex, NumberError>) -> Res<Owned> {
    match result {
        Ok(value) => Ok(vm.complex_object(value)),
        Err(error) => Err(vm.number_error(error)),
    }
}

fn binary(vm: &mut Vm, args: Args, op: BinOp, reflected: bool) -> Res<Owned> {
    let Some((a, b)) = operands(vm, args, reflected)? else { return Ok(vm.not_implemented()) };
    let rules = &vm.profile;
    let value = match op {
        BinOp::Add => Ok(complex::add(a, b, rules)),
        BinOp::Sub => Ok(complex::sub(a, b, rules)),
        BinOp::Mul => Ok(complex::mul(a, b, rules)),
        BinOp::Div => complex::div(a, b, rules),
        BinOp::MatMul
        | BinOp::FloorDiv
        | BinOp::Mod
        | BinOp::Pow
        | BinOp::LShift
        | BinOp::RShift
        | BinOp::And
        | BinOp::Or
        | BinOp::Xor => return Ok(vm.not_implemented()),
    };
    result(vm, value)
}

fn pow(vm: &mut Vm, args: Args, reflected: bool) -> Res<Owned> {
    let Some((a, b)) = operands(vm, args, reflected)? else { return Ok(vm.not_implemented()) };
    let modulus = args.get(vm, 2);
    if !vm.is_none_or_missing(modulus) {
        return Err(vm.value_error("complex modulo"));
    }
    let plain = |operand: Operand| match operand {
        Operand::Real(value) => Complex::from(value),
        Operand::Complex(value) => value,
    };
    let value = plain(a).pow(plain(b), &vm.profile);
    result(vm, value)
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let a = vm.complex_of(this);
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(vm.not_implemented());
    }
    let equal = if vm.heap.layout(other) == Layout::Complex {
        let b = vm.complex_of(other);
        a.real == b.real && a.imag == b.imag
    } else if let Some(b) = vm.as_float(other) {
        a.imag == 0.0 && a.real == b
    } else if let Some(b) = vm.as_int(other) {
        a.imag == 0.0 && b.compare_f64(a.real) == Some(std::cmp::Ordering::Equal)
    } else {
        return Ok(vm.not_implemented());
    };
    Ok(vm.bool(equal == (op == CmpOp::Eq)))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = vm.complex_of(args.get(vm, 0));
    Ok(vm.new_str(&complex_repr(value.real, value.imag)))
}

fn complex_hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let value = vm.complex_of(this);
    let hash = hash::of_complex(value, vm.address(this) as u64, &vm.profile);
    Ok(vm.new_int(hash))
}

fn getnewargs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = vm.complex_of(args.get(vm, 0));
    let items = vec![vm.new_float(value.real), vm.new_float(value.imag)];
    Ok(vm.new_tuple(items))
}

/// `complex(real=0, imag=0)`, `complex(text)`
fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Complex)?;
    let [real, imag] = vm.new_arguments(args, "complex", ["real", "imag"], 0)?;
    let exact_class = class == vm.class(Ty::Complex);
    if !real.is_null() && imag.is_null() && exact_class && vm.is_exact(real, Ty::Complex) {
        return Ok(vm.share(real));
    }
    if !real.is_null() && vm.heap.layout(real) == Layout::Str {
        if !imag.is_null() {
            return Err(vm.type_error("complex() can't take second arg if first is a string"));
        }
        return match complex_text::parse(vm.text_of(real)) {
            Ok(value) => Ok(instance(vm, class, value)),
            Err(error) => Err(vm.number_error(error)),
        };
    }
    if !imag.is_null() && vm.heap.layout(imag) == Layout::Str {
        return Err(vm.type_error("complex() second arg can't be a string"));
    }
    let (first, first_complex) = if real.is_null() { (Complex::from(0.0), false) } else { part(vm, real, "first")? };
    if imag.is_null() {
        return Ok(instance(vm, class, first));
    }
    let (second, second_complex) = part(vm, imag, "second")?;
    // A zero is added to nothing that is there by itself, so signs of zeros stay.
    let value = Complex {
        real: if second_complex { first.real - second.imag } else { first.real },
        imag: if first_complex { second.real + first.imag } else { second.real },
    };
    Ok(instance(vm, class, value))
}

fn instance(vm: &mut Vm, class: Ref, value: Complex) -> Owned {
    let kind = vm.kind_of_instances(class);
    vm.heap.alloc(kind, ComplexBody { re: value.real, im: value.imag })
}

/// What `__complex__` gives; nothing without that method.
fn by_method(vm: &mut Vm, x: Ref) -> Res<Option<Complex>> {
    let class = vm.heap.class_of(x);
    let Some(method) = vm.lookup(class, vm.names.complex) else { return Ok(None) };
    let made = vm.call_special(method, x, &[])?;
    let made = vm.hold(made);
    if vm.heap.layout(made) == Layout::Complex {
        return Ok(Some(vm.complex_of(made)));
    }
    let text = format!("__complex__ returned non-complex (type {})", vm.class_name(made));
    Err(vm.type_error(text))
}

/// An argument of `complex` as a number, and whether it is a complex one.
fn part(vm: &mut Vm, x: Ref, which: &str) -> Res<(Complex, bool)> {
    if vm.heap.layout(x) == Layout::Complex {
        return Ok((vm.complex_of(x), true));
    }
    if which == "first"
        && let Some(value) = by_method(vm, x)?
    {
        return Ok((value, true));
    }
    match vm.real_to_float(x)? {
        Some(made) => {
            let value = vm.as_float(made.get()).unwrap_or(0.0);
            vm.release(made);
            Ok((Complex::from(value), false))
        }
        None => {
            let name = vm.class_name(x);
            let text = if which == "first" {
                format!("complex() first argument must be a string or a number, not '{name}'")
            } else {
                format!("complex() second argument must be a number, not '{name}'")
            };
            Err(vm.type_error(text))
        }
    }
}

/// `complex.from_number(x)`
fn from_number(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, x) = (args.get(vm, 0), args.get(vm, 1));
    let exact_class = class == vm.class(Ty::Complex);
    if exact_class && vm.is_exact(x, Ty::Complex) {
        return Ok(vm.share(x));
    }
    let value = if vm.heap.layout(x) == Layout::Complex {
        vm.complex_of(x)
    } else if let Some(value) = by_method(vm, x)? {
        value
    } else {
        match vm.real_to_float(x)? {
            Some(made) => {
                let value = vm.as_float(made.get()).unwrap_or(0.0);
                vm.release(made);
                Complex::from(value)
            }
            None => {
                let text = format!("must be real number, not {}", vm.class_name(x));
                return Err(vm.type_error(text));
            }
        }
    };
    let made = vm.complex_object(value);
    if exact_class {
        return Ok(made);
    }
    let made = vm.hold(made);
    vm.call(class, &[made])
}
