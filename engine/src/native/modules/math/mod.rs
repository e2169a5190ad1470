//! `math`: functions of floats by the C library's names, and of ints.

mod ints;

use crate::heap::{Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::object::number::Int;
use crate::object::number::int_float::scale;
use crate::vm::{Res, Stop, Ty, Vm};
use num_traits::ToPrimitive;

/// What the newer versions say of an input outside of a function's domain.
const RANGE: &str = "expected a number in range from -1 up to 1, got ";
const FINITE: &str = "expected a finite input, got ";
const POSITIVE: &str = "expected a positive input";
const GAMMA: &str = "expected a noninteger or positive integer, got ";

macro_rules! of_one {
    ($name:literal, $run:expr, $domain:expr) => {
        function($name, 1, 1, |vm, args| one(vm, args, $run, $domain))
    };
}

static FUNCTIONS: &[NativeDef] = &[
    of_one!("acos", f64::acos, RANGE),
    of_one!("acosh", libm::acosh, "expected argument value not less than 1, got "),
    of_one!("asin", f64::asin, RANGE),
    of_one!("asinh", libm::asinh, ""),
    of_one!("atan", f64::atan, ""),
    of_one!("atanh", libm::atanh, "expected a number between -1 and 1, got "),
    of_one!("cbrt", libm::cbrt, ""),
    of_one!("cos", f64::cos, FINITE),
    of_one!("cosh", f64::cosh, ""),
    function("degrees", 1, 1, |vm, args| {
        let x = real(vm, args.get(vm, 0))?;
        Ok(vm.new_float(x * (180.0 / std::f64::consts::PI)))
    }),
    of_one!("erf", libm::erf, ""),
    of_one!("erfc", libm::erfc, ""),
    of_one!("exp", f64::exp, ""),
    of_one!("exp2", f64::exp2, ""),
    of_one!("expm1", f64::exp_m1, ""),
    of_one!("fabs", f64::abs, ""),
    of_one!(
        "gamma",
        |x| if x == f64::NEG_INFINITY || (x < 0.0 && x == x.floor()) { f64::NAN } else { libm::tgamma(x) },
        GAMMA
    ),
    of_one!("lgamma", libm::lgamma, GAMMA),
    of_one!("log1p", f64::ln_1p, "expected argument value > -1, got "),
    of_one!("radians", |x| x * (std::f64::consts::PI / 180.0), ""),
    of_one!("sin", f64::sin, FINITE),
    of_one!("sinh", f64::sinh, ""),
    of_one!("sqrt", f64::sqrt, "expected a nonnegative input, got "),
    of_one!("tan", f64::tan, FINITE),
    of_one!("tanh", f64::tanh, ""),
    of_one!("ulp", ulp, ""),
    function("log", 1, 2, log),
    function("log2", 1, 1, |vm, args| {
        let value = logarithm(vm, args.get(vm, 0), f64::log2)?;
        Ok(vm.new_float(value))
    }),
    function("log10", 1, 1, |vm, args| {
        let value = logarithm(vm, args.get(vm, 0), f64::log10)?;
        Ok(vm.new_float(value))
    }),
    function("isnan", 1, 1, |vm, args| asked(vm, args, f64::is_nan)),
    function("isinf", 1, 1, |vm, args| asked(vm, args, f64::is_infinite)),
    function("isfinite", 1, 1, |vm, args| asked(vm, args, f64::is_finite)),
    function("isnormal", 1, 1, |vm, args| asked(vm, args, f64::is_normal)),
    function("issubnormal", 1, 1, |vm, args| asked(vm, args, f64::is_subnormal)),
    function("signbit", 1, 1, |vm, args| asked(vm, args, f64::is_sign_negative)),
    function("atan2", 2, 2, |vm, args| two(vm, args, f64::atan2)),
    function("copysign", 2, 2, |vm, args| two(vm, args, f64::copysign)),
    function("fmax", 2, 2, |vm, args| two(vm, args, f64::max)),
    function("fmin", 2, 2, |vm, args| two(vm, args, f64::min)),
    function("fmod", 2, 2, |vm, args| two(vm, args, |x, y| if y.is_infinite() && x.is_finite() { x } else { x % y })),
    function("remainder", 2, 2, |vm, args| two(vm, args, remainder)),
    function("pow", 2, 2, |vm, args| two(vm, args, f64::powf)),
    function("nextafter", 2, 3, nextafter).named(&["x", "y", "steps"], 2, 2, 2),
    function("fma", 3, 3, |vm, args| {
        let [x, y, z] = [0, 1, 2].map(|at| args.get(vm, at));
        let (x, y, z) = (real(vm, x)?, real(vm, y)?, real(vm, z)?);
        let value = x.mul_add(y, z);
        if value.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
            return Err(vm.value_error("invalid operation in fma"));
        }
        if value.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
            return Err(vm.overflow("overflow in fma"));
        }
        Ok(vm.new_float(value))
    }),
    function("frexp", 1, 1, |vm, args| {
        let value = real(vm, args.get(vm, 0))?;
        let (mantissa, exponent) = libm::frexp(value);
        let exponent = if value.is_finite() { exponent } else { 0 };
        let parts = vec![vm.new_float(mantissa), vm.new_int(i64::from(exponent))];
        Ok(vm.new_filled_tuple(parts))
    }),
    function("modf", 1, 1, |vm, args| {
        let value = real(vm, args.get(vm, 0))?;
        let whole = value.trunc();
        let rest = if value.is_infinite() { 0.0 } else { value - whole };
        let parts = vec![vm.new_float(rest.copysign(value)), vm.new_float(whole)];
        Ok(vm.new_filled_tuple(parts))
    }),
    function("ldexp", 2, 2, ldexp),
    function("hypot", 0, 0, |vm, args| {
        let mut values = Vec::new();
        for value in args.rest(vm, 0) {
            values.push(real(vm, value)?);
        }
        let length = norm(&values);
        Ok(vm.new_float(length))
    })
    .any(),
    function("dist", 2, 2, dist),
    function("fsum", 1, 1, fsum),
    function("isclose", 2, 4, isclose).named(&["a", "b", "rel_tol", "abs_tol"], 0, 2, 2),
    function("floor", 1, 1, |vm, args| rounded(vm, args.get(vm, 0), "__floor__", f64::floor)),
    function("ceil", 1, 1, |vm, args| rounded(vm, args.get(vm, 0), "__ceil__", f64::ceil)),
    function("trunc", 1, 1, trunc),
    function("factorial", 1, 1, ints::factorial),
    function("comb", 2, 2, ints::comb),
    function("perm", 1, 2, ints::perm),
    function("gcd", 0, 0, ints::gcd).any(),
    function("lcm", 0, 0, ints::lcm).any(),
    function("isqrt", 1, 1, ints::isqrt),
    function("prod", 1, 2, ints::prod).named(&["iterable", "start"], 1, 1, 1),
    function("sumprod", 2, 2, ints::sumprod),
];

/// Fills the module's namespace.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        if vm.profile.has_member("math", def.name) {
            vm.add_function(dict, "math", def);
        }
    }
    for (name, value) in [
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        let value = vm.new_float(value);
        vm.put(dict, name, value);
    }
    Ok(())
}

/// A real number as a float.
///
/// # Errors
/// TypeError for anything else, OverflowError for an int that is too large.
pub(super) fn real(vm: &mut Vm, x: Ref) -> Res<f64> {
    if let Some(value) = vm.as_float(x) {
        return Ok(value);
    }
    match vm.real_to_float(x)? {
        Some(made) => {
            let value = vm.as_float(made.get()).unwrap_or(f64::NAN);
            vm.release(made);
            Ok(value)
        }
        None => Err(vm.type_error(format!("must be real number, not {}", vm.class_name(x)))),
    }
}

/// The error for an input that the function is not defined for.
#[cold]
fn domain(vm: &mut Vm, text: &str, value: f64) -> Stop {
    if !vm.profile.math_domain_texts || text.is_empty() {
        return vm.value_error("math domain error");
    }
    let shown = vm.new_float(value);
    let shown = vm.hold(shown);
    match vm.repr(shown) {
        Ok(shown) => vm.value_error(format!("{text}{}", shown.to_string_lossy())),
        Err(stop) => stop,
    }
}

fn one(vm: &mut Vm, args: Args, run: fn(f64) -> f64, text: &str) -> Res<Owned> {
    let x = real(vm, args.get(vm, 0))?;
    let value = run(x);
    if value.is_nan() && !x.is_nan() {
        return Err(domain(vm, text, x));
    }
    if value.is_infinite() && x.is_finite() {
        // A pole is outside of the domain, a value beyond all floats is not.
        let pole = matches!(text, GAMMA) && x <= 0.0 || text.starts_with("expected a number between");
        if pole || text.starts_with("expected argument value >") {
            return Err(domain(vm, text, x));
        }
        return Err(vm.overflow("math range error"));
    }
    Ok(vm.new_float(value))
}

fn two(vm: &mut Vm, args: Args, run: fn(f64, f64) -> f64) -> Res<Owned> {
    let (x, y) = (real(vm, args.get(vm, 0))?, real(vm, args.get(vm, 1))?);
    let value = run(x, y);
    if value.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(vm.value_error("math domain error"));
    }
    if value.is_infinite() && x.is_finite() && y.is_finite() {
        if x == 0.0 {
            return Err(vm.value_error("math domain error"));
        }
        return Err(vm.overflow("math range error"));
    }
    Ok(vm.new_float(value))
}

fn asked(vm: &mut Vm, args: Args, ask: fn(f64) -> bool) -> Res<Owned> {
    let x = real(vm, args.get(vm, 0))?;
    Ok(vm.bool(ask(x)))
}

fn ulp(x: f64) -> f64 {
    let x = x.abs();
    if !x.is_finite() {
        return x;
    }
    let next = x.next_up();
    if next.is_infinite() { x - x.next_down() } else { next - x }
}

/// A logarithm of a float, or of an int of any size by its digits.
fn logarithm(vm: &mut Vm, x: Ref, run: fn(f64) -> f64) -> Res<f64> {
    if let Some(int) = vm.as_int(x) {
        let big = crate::object::arg::big(int);
        if big.sign() != num_bigint::Sign::Plus {
            return Err(if vm.profile.math_domain_texts { vm.value_error(POSITIVE) } else { domain(vm, "", 0.0) });
        }
        if let Some(value) = big.to_f64().filter(|value| value.is_finite()) {
            return Ok(run(value));
        }
        let bits = big.bits();
        let head = (&big >> (bits - 64)).to_f64().unwrap_or(1.0);
        return Ok(run(libm::scalbn(head, -64)) + run(2.0) * bits as f64);
    }
    let value = real(vm, x)?;
    if value <= 0.0 {
        let text = format!("{POSITIVE}, got ");
        return Err(domain(vm, &text, value));
    }
    Ok(run(value))
}

fn log(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = logarithm(vm, args.get(vm, 0), f64::ln)?;
    let base = args.get(vm, 1);
    if base.is_null() {
        return Ok(vm.new_float(value));
    }
    let base = logarithm(vm, base, f64::ln)?;
    let (value, base) = (vm.new_float(value), vm.new_float(base));
    let (value, base) = (vm.hold(value), vm.hold(base));
    vm.binary_op(crate::code::BinOp::Div, value, base)
}

/// The IEEE remainder: to the nearest multiple, ties to the even one.
fn remainder(x: f64, y: f64) -> f64 {
    if y.is_infinite() && x.is_finite() {
        return x;
    }
    if !x.is_finite() || y == 0.0 || y.is_nan() {
        return f64::NAN;
    }
    let (ax, ay) = (x.abs(), y.abs());
    let m = ax % ay;
    let c = ay - m;
    let r = match m.partial_cmp(&c) {
        Some(std::cmp::Ordering::Less) => m,
        Some(std::cmp::Ordering::Greater) => -c,
        _ => m - 2.0 * ((0.5 * (ax - m)) % ay),
    };
    r * 1f64.copysign(x)
}

fn nextafter(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (mut x, y) = (real(vm, args.get(vm, 0))?, real(vm, args.get(vm, 1))?);
    let steps = args.get(vm, 2);
    let steps = if vm.is_none_or_missing(steps) { 1 } else { vm.index_of(steps)? };
    if steps < 0 {
        return Err(vm.value_error("steps must be a non-negative integer"));
    }
    if x.is_nan() || y.is_nan() {
        return Ok(vm.new_float(x + y));
    }
    for _ in 0..steps {
        if x == y {
            x = y;
            break;
        }
        vm.step()?;
        x = if x < y { x.next_up() } else { x.next_down() };
    }
    Ok(vm.new_float(x))
}

fn ldexp(vm: &mut Vm, args: Args) -> Res<Owned> {
    let x = real(vm, args.get(vm, 0))?;
    let exponent = match vm.as_int(args.get(vm, 1)) {
        Some(Int::Small(value)) => value,
        Some(Int::Big(value)) => {
            if value.sign() == num_bigint::Sign::Minus {
                i64::MIN / 2
            } else {
                i64::MAX / 2
            }
        }
        None => return Err(vm.type_error("Expected an int as second argument to ldexp.")),
    };
    if x == 0.0 || !x.is_finite() {
        return Ok(vm.new_float(x));
    }
    let value = scale(x, exponent.clamp(-5000, 5000));
    if value.is_infinite() {
        return Err(vm.overflow("math range error"));
    }
    Ok(vm.new_float(value))
}

/// The length of a vector, scaled so that no square leaves the floats.
fn norm(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0f64, |most, value| most.max(value.abs()));
    if values.iter().any(|value| value.is_infinite()) {
        return f64::INFINITY;
    }
    if values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 {
        return 0.0;
    }
    // Scaled by a power of two nothing is lost; the sum of squares keeps its error, and the root is put right by it.
    let exponent = libm::ilogb(largest);
    let (mut sum, mut error) = (0.0f64, 0.0f64);
    for &value in values {
        let scaled = libm::scalbn(value, -exponent);
        let square = scaled * scaled;
        let low = scaled.mul_add(scaled, -square);
        let next = sum + square;
        error += if sum >= square { (sum - next) + square } else { (square - next) + sum };
        error += low;
        sum = next;
    }
    let root = (sum + error).sqrt();
    let rest = (-root).mul_add(root, sum) + error;
    libm::scalbn(root + rest / (2.0 * root), exponent)
}

fn dist(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (p, q) = (vm.collect(args.get(vm, 0))?, vm.collect(args.get(vm, 1))?);
    let (p, q): (Vec<Ref>, Vec<Ref>) =
        (p.into_iter().map(|x| vm.hold(x)).collect(), q.into_iter().map(|x| vm.hold(x)).collect());
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    let mut values = Vec::new();
    for (&a, &b) in p.iter().zip(&q) {
        values.push(real(vm, a)? - real(vm, b)?);
    }
    let length = norm(&values);
    Ok(vm.new_float(length))
}

/// The exact sum, rounded once: partial sums that do not overlap.
fn fsum(vm: &mut Vm, args: Args) -> Res<Owned> {
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinite) = (0.0f64, 0.0f64);
    for item in vm.collect(args.get(vm, 0))? {
        let item = vm.hold(item);
        let given = real(vm, item)?;
        let mut x = given;
        let mut kept = 0;
        for at in 0..partials.len() {
            let mut y = partials[at];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x == 0.0 {
            continue;
        }
        if x.is_finite() {
            partials.push(x);
        } else if given.is_finite() {
            return Err(vm.overflow("intermediate overflow in fsum"));
        } else {
            if given.is_infinite() {
                infinite += given;
            }
            special += given;
            partials.clear();
        }
    }
    if special != 0.0 {
        if infinite.is_nan() {
            return Err(vm.value_error("-inf + inf in fsum"));
        }
        return Ok(vm.new_float(special));
    }
    let mut high = 0.0;
    if let Some(top) = partials.pop() {
        high = top;
        let mut low = 0.0;
        while let Some(y) = partials.pop() {
            let x = high;
            high = x + y;
            low = y - (high - x);
            if low != 0.0 {
                break;
            }
        }
        // Half an even rounding is put right if what is left lies on the same side.
        if let Some(&rest) = partials.last()
            && ((low < 0.0 && rest < 0.0) || (low > 0.0 && rest > 0.0))
        {
            let y = low * 2.0;
            let x = high + y;
            if y == x - high {
                high = x;
            }
        }
    }
    Ok(vm.new_float(high))
}

fn isclose(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (a, b) = (real(vm, args.get(vm, 0))?, real(vm, args.get(vm, 1))?);
    let (relative, absolute) = (args.get(vm, 2), args.get(vm, 3));
    let relative = if relative.is_null() { 1e-9 } else { real(vm, relative)? };
    let absolute = if absolute.is_null() { 0.0 } else { real(vm, absolute)? };
    if relative < 0.0 || absolute < 0.0 {
        return Err(vm.value_error("tolerances must be non-negative"));
    }
    let difference = (a - b).abs();
    let close = a == b
        || (a.is_finite() && b.is_finite())
            && (difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute);
    Ok(vm.bool(close))
}

fn rounded(vm: &mut Vm, x: Ref, method: &str, round: fn(f64) -> f64) -> Res<Owned> {
    if !vm.is_exact(x, Ty::Float) {
        let class = vm.heap.class_of(x);
        let name = vm.intern_str(method);
        let name = vm.hold(name);
        if let Some(method) = vm.lookup(class, name) {
            return vm.call_special(method, x, &[]);
        }
    }
    let value = real(vm, x)?;
    match Int::from_f64(round(value)) {
        Ok(int) if vm.profile.int_uncached.rounded && int != Int::Small(0) => Ok(vm.uncached_int(int)),
        result => vm.int_result(result),
    }
}

fn trunc(vm: &mut Vm, args: Args) -> Res<Owned> {
    let x = args.get(vm, 0);
    let class = vm.heap.class_of(x);
    let name = vm.intern_str("__trunc__");
    let name = vm.hold(name);
    match vm.lookup(class, name) {
        Some(method) => vm.call_special(method, x, &[]),
        None => Err(vm.type_error(format!("type {} doesn't define __trunc__ method", vm.type_name(class)))),
    }
}
