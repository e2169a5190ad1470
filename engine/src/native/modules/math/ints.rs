//! The functions of ints: exact, of any size.

use crate::code::BinOp;
use crate::heap::{Owned, Ref};
use crate::native::Args;
use crate::object::arg::big;
use crate::object::number::Int;
use crate::vm::{Res, Ty, Vm};
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Zero};

fn int(vm: &mut Vm, x: Ref) -> Res<BigInt> {
    vm.index(x).map(big)
}

/// A number of factors: an int that fits a word.
fn count(vm: &mut Vm, value: &BigInt, text: &str) -> Res<u64> {
    match u64::try_from(value) {
        Ok(value) if value <= i64::MAX as u64 => Ok(value),
        _ => Err(vm.overflow(text)),
    }
}

/// The product of the numbers from one to another, in halves so that factors stay of a size.
fn product(vm: &mut Vm, from: &BigInt, to: &BigInt) -> Res<BigInt> {
    vm.step()?;
    let length: BigInt = to - from;
    if length < BigInt::from(8) {
        let mut value = from.clone();
        let mut at = from.clone();
        while &at < to {
            at += 1;
            value *= &at;
        }
        return Ok(value);
    }
    let middle: BigInt = (from + to) / 2;
    let (left, right) = (product(vm, from, &middle)?, product(vm, &(&middle + 1), to)?);
    vm.check_room(u128::from(left.bits() + right.bits()) / 8)?;
    Ok(left * right)
}

/// `math.factorial(n)`
pub(super) fn factorial(vm: &mut Vm, args: Args) -> Res<Owned> {
    let x = args.get(vm, 0);
    let n = match vm.as_float(x) {
        Some(value) if vm.profile.factorial_of_floats => {
            if !value.is_finite() || value != value.trunc() {
                return Err(vm.value_error("factorial() only accepts integral values"));
            }
            match Int::from_f64(value) {
                Ok(value) => big(value),
                Err(error) => return Err(vm.number_error(error)),
            }
        }
        _ => int(vm, x)?,
    };
    if n.sign() == Sign::Minus {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    let n = count(vm, &n, &format!("factorial() argument should not exceed {}", i64::MAX))?;
    if n < 2 {
        return Ok(vm.new_int(1));
    }
    let value = product(vm, &BigInt::one(), &BigInt::from(n))?;
    Ok(vm.new_bigint(value))
}

/// `math.comb(n, k)`
pub(super) fn comb(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (n, k) = (int(vm, args.get(vm, 0))?, int(vm, args.get(vm, 1))?);
    if n.sign() == Sign::Minus {
        return Err(vm.value_error("n must be a non-negative integer"));
    }
    if k.sign() == Sign::Minus {
        return Err(vm.value_error("k must be a non-negative integer"));
    }
    if k > n {
        return Ok(vm.new_int(0));
    }
    let k = k.clone().min(&n - &k);
    let k = count(vm, &k, &format!("min(n - k, k) must not exceed {}", i64::MAX))?;
    let mut value = BigInt::one();
    for at in 0..k {
        vm.step()?;
        value = value * (&n - at) / (at + 1);
    }
    Ok(vm.new_bigint(value))
}

/// `math.perm(n, k=None)`
pub(super) fn perm(vm: &mut Vm, args: Args) -> Res<Owned> {
    let k = args.get(vm, 1);
    if vm.is_none_or_missing(k) {
        return factorial(vm, args);
    }
    let (n, k) = (int(vm, args.get(vm, 0))?, int(vm, k)?);
    if n.sign() == Sign::Minus {
        return Err(vm.value_error("n must be a non-negative integer"));
    }
    if k.sign() == Sign::Minus {
        return Err(vm.value_error("k must be a non-negative integer"));
    }
    if k > n {
        return Ok(vm.new_int(0));
    }
    let k = count(vm, &k, &format!("k must not exceed {}", i64::MAX))?;
    let value = if k == 0 { BigInt::one() } else { product(vm, &(&n - k + 1u8), &n)? };
    Ok(vm.new_bigint(value))
}

fn folded(vm: &mut Vm, args: Args, name: &str, start: u8, step: fn(&BigInt, &BigInt) -> BigInt) -> Res<Owned> {
    vm.no_keywords(args, &format!("math.{name}"))?;
    let given = args.rest(vm, 0);
    if !vm.profile.gcd_takes_many && given.len() != 2 {
        return Err(vm.type_error(format!("{name} expected 2 arguments, got {}", given.len())));
    }
    let mut value = BigInt::from(start);
    // A large int that is its own result is given back itself.
    let mut same = Ref::NULL;
    for x in given {
        let digits = int(vm, x)?;
        value = step(&value, &digits);
        if value == digits && value.bits() > 60 && vm.is_exact(x, Ty::BigInt) {
            same = x;
        }
    }
    if !same.is_null() && vm.as_int(same).is_some_and(|same| same == Int::from(value.clone())) {
        return Ok(vm.share(same));
    }
    Ok(vm.new_bigint(value))
}

/// `math.gcd(*integers)`
pub(super) fn gcd(vm: &mut Vm, args: Args) -> Res<Owned> {
    folded(vm, args, "gcd", 0, |a, b| a.gcd(b))
}

/// `math.lcm(*integers)`
pub(super) fn lcm(vm: &mut Vm, args: Args) -> Res<Owned> {
    folded(vm, args, "lcm", 1, |a, b| if a.is_zero() || b.is_zero() { BigInt::zero() } else { a.lcm(b) })
}

/// `math.isqrt(n)`
pub(super) fn isqrt(vm: &mut Vm, args: Args) -> Res<Owned> {
    let n = int(vm, args.get(vm, 0))?;
    if n.sign() == Sign::Minus {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    Ok(vm.new_bigint(n.sqrt()))
}

/// `math.prod(iterable, start=1)`
pub(super) fn prod(vm: &mut Vm, args: Args) -> Res<Owned> {
    let start = args.get(vm, 1);
    let mut value = if start.is_null() { vm.new_int(1) } else { vm.share(start) };
    let items = match vm.collect(args.get(vm, 0)) {
        Ok(items) => items,
        Err(stop) => {
            vm.release(value);
            return Err(stop);
        }
    };
    let items: Vec<Ref> = items.into_iter().map(|item| vm.hold(item)).collect();
    for item in items {
        let factor = vm.hold(value);
        value = vm.binary_op(BinOp::Mul, factor, item)?;
    }
    Ok(value)
}

/// `math.sumprod(p, q)`
pub(super) fn sumprod(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (p, q) = (vm.collect(args.get(vm, 0))?, vm.collect(args.get(vm, 1))?);
    let (p, q): (Vec<Ref>, Vec<Ref>) =
        (p.into_iter().map(|x| vm.hold(x)).collect(), q.into_iter().map(|x| vm.hold(x)).collect());
    if p.len() != q.len() {
        return Err(vm.value_error("Inputs are not the same length"));
    }
    let mut sum = vm.new_int(0);
    for (&a, &b) in p.iter().zip(&q) {
        let before = vm.hold(sum);
        let term = vm.binary_op(BinOp::Mul, a, b)?;
        let term = vm.hold(term);
        sum = vm.binary_op(BinOp::Add, before, term)?;
    }
    Ok(sum)
}
