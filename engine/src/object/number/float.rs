//! Arithmetic of `float` where Python's differs from the machine's.

use super::NumberError;
use super::complex::Complex;
use super::int::Int;
use super::int_float::decompose;
use crate::rules::Profile;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Zero;

/// `a / b`
///
/// # Errors
/// `ZeroDivisionError`
pub fn true_div(a: f64, b: f64, rules: &Profile) -> Result<f64, NumberError> {
    if b == 0.0 { Err(NumberError::ZeroDivision(rules.zero_division.float_true)) } else { Ok(a / b) }
}

/// `a // b`
///
/// # Errors
/// `ZeroDivisionError`
pub fn floor_div(a: f64, b: f64, rules: &Profile) -> Result<f64, NumberError> {
    if b == 0.0 { Err(NumberError::ZeroDivision(rules.zero_division.float_floordiv)) } else { Ok(quotient(a, b).0) }
}

/// `a % b`
///
/// # Errors
/// `ZeroDivisionError`
pub fn modulo(a: f64, b: f64, rules: &Profile) -> Result<f64, NumberError> {
    if b == 0.0 { Err(NumberError::ZeroDivision(rules.zero_division.float_modulo)) } else { Ok(quotient(a, b).1) }
}

/// `divmod(a, b)`
///
/// # Errors
/// `ZeroDivisionError`
pub fn div_mod(a: f64, b: f64, rules: &Profile) -> Result<(f64, f64), NumberError> {
    if b == 0.0 { Err(NumberError::ZeroDivision(rules.zero_division.float_divmod)) } else { Ok(quotient(a, b)) }
}

/// Floor quotient and remainder with the divisor's sign, as `_float_div_mod` computes them.
fn quotient(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0.0f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    let floor = if quotient == 0.0 {
        0.0f64.copysign(a / b)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    };
    (floor, remainder)
}

/// What `**` of two floats gives.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Power {
    /// A float.
    Real(f64),
    /// A negative base with a fractional exponent gives a complex number.
    Complex(Complex),
}

/// `a ** b`
///
/// # Errors
/// `ZeroDivisionError`, `OverflowError`
pub fn pow(a: f64, b: f64, rules: &Profile) -> Result<Power, NumberError> {
    if a == 0.0 && b < 0.0 {
        return Err(NumberError::ZeroDivision(rules.zero_division.float_power));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return Complex::from(a).pow(Complex::from(b), rules).map(Power::Complex);
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(NumberError::OutOfRange);
    }
    Ok(Power::Real(result))
}

/// `round(x)`: the nearest int, halves to the even one.
///
/// # Errors
/// `OverflowError` for an infinity, `ValueError` for NaN.
pub fn round(value: f64) -> Result<Int, NumberError> {
    Int::from_f64(value.round_ties_even())
}

/// `round(x, digits)`
///
/// # Errors
/// `OverflowError`
pub fn round_digits(value: f64, digits: i64) -> Result<f64, NumberError> {
    // Beyond these there is nothing to round, and nothing left.
    const MOST: i64 = 323;
    const LEAST: i64 = -308;
    if !value.is_finite() || value == 0.0 || digits > MOST {
        return Ok(value);
    }
    if digits < LEAST {
        return Ok(0.0f64.copysign(value));
    }
    let rounded = match usize::try_from(digits) {
        // Formatting rounds the exact decimal value, halves to even.
        Ok(places) => format!("{value:.places$}").parse().unwrap_or(value),
        Err(_) => {
            let zeros = u32::try_from(digits.unsigned_abs()).unwrap_or(308);
            round_to_power(value, zeros).copysign(value)
        }
    };
    if rounded.is_infinite() { Err(NumberError::overflow("rounded value too large to represent")) } else { Ok(rounded) }
}

/// Rounds the absolute value to a multiple of `10**zeros`.
fn round_to_power(value: f64, zeros: u32) -> f64 {
    let (significand, exponent) = decompose(value.abs());
    let (whole, sticky) = match u64::try_from(exponent) {
        Ok(up) => (BigInt::from(significand) << up, false),
        Err(_) => {
            let down = exponent.unsigned_abs();
            let whole = BigInt::from(significand) >> down;
            let exact = (&whole << down) == BigInt::from(significand);
            (whole, !exact)
        }
    };
    let power = BigInt::from(10).pow(zeros);
    let (mut quotient, rest) = whole.div_rem(&power);
    let up = match (&rest * 2u8).cmp(&power) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => sticky || quotient.is_odd(),
        std::cmp::Ordering::Greater => true,
    };
    quotient += u8::from(up);
    if quotient.is_zero() {
        return 0.0;
    }
    format!("{quotient}e{zeros}").parse().unwrap_or(f64::INFINITY)
}

/// `x.as_integer_ratio()`
///
/// # Errors
/// `OverflowError` for an infinity, `ValueError` for NaN.
pub fn integer_ratio(value: f64) -> Result<(Int, Int), NumberError> {
    if value.is_nan() {
        return Err(NumberError::value("cannot convert NaN to integer ratio"));
    }
    if value.is_infinite() {
        return Err(NumberError::overflow("cannot convert Infinity to integer ratio"));
    }
    let (significand, exponent) = decompose(value);
    if significand == 0 {
        return Ok((Int::Small(0), Int::Small(1)));
    }
    let common = i64::from(significand.trailing_zeros());
    let (significand, exponent) = (BigInt::from(significand >> common), exponent + common);
    Ok(match u64::try_from(exponent) {
        Ok(up) => (Int::from(significand << up), Int::Small(1)),
        Err(_) => (Int::from(significand), Int::from(BigInt::from(1) << exponent.unsigned_abs())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::repr::complex_repr;
    use crate::rules::PyVersion;

    fn rules(minor: u8) -> Profile {
        Profile::of(PyVersion::of_minor(minor).unwrap())
    }

    fn same(a: f64, b: f64) -> bool {
        a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
    }

    #[test]
    fn division_has_the_signs_of_python() {
        let r = rules(13);
        let check = |a, b, floor, rest| {
            let (q, m) = div_mod(a, b, &r).unwrap();
            assert!(same(q, floor) && same(m, rest), "{a} {b}: {q} {m}");
        };
        check(5.0, 0.3, 16.0, 5.0 % 0.3);
        check(-5.0, 0.3, -17.0, 0.09999999999999981);
        check(5.0, -0.3, -17.0, -0.09999999999999981);
        check(-1e-20, 1.0, -1.0, 1.0);
        check(-1.0, f64::INFINITY, -1.0, f64::INFINITY);
        check(-0.0, 1.0, -0.0, 0.0);
        check(0.0, -1.0, -0.0, -0.0);
        check(f64::INFINITY, 1.0, f64::NAN, f64::NAN);
        let text = |minor| floor_div(1.0, 0.0, &rules(minor)).unwrap_err().to_string();
        assert_eq!([8, 9, 14].map(text), ["float divmod()", "float floor division by zero", "division by zero"]);
        let text = |minor| modulo(1.0, 0.0, &rules(minor)).unwrap_err().to_string();
        assert_eq!([12, 13, 14].map(text), ["float modulo", "float modulo by zero", "division by zero"]);
    }

    #[test]
    fn powers_follow_c99_and_python() {
        let r = rules(13);
        let real = |a, b| match pow(a, b, &r) {
            Ok(Power::Real(value)) => value,
            other => panic!("{other:?}"),
        };
        assert_eq!(real(2.0, 0.5), std::f64::consts::SQRT_2);
        assert_eq!((real(0.0, 0.0), real(f64::NAN, 0.0), real(1.0, f64::NAN)), (1.0, 1.0, 1.0));
        assert_eq!(real(-1.0, f64::INFINITY), 1.0);
        assert_eq!(real(f64::NEG_INFINITY, 3.0), f64::NEG_INFINITY);
        assert!(same(real(f64::NEG_INFINITY, -3.0), -0.0) && same(real(-0.0, 3.0), -0.0) && same(real(-0.0, 0.5), 0.0));
        assert_eq!(real(f64::NEG_INFINITY, 0.5), f64::INFINITY);
        assert_eq!(pow(1e200, 2.0, &r), Err(NumberError::OutOfRange));
        assert_eq!(NumberError::OutOfRange.to_string(), "(34, 'Numerical result out of range')");
        assert_eq!(pow(0.0, -1.0, &r).unwrap_err().to_string(), "0.0 cannot be raised to a negative power");
        assert_eq!(pow(-0.0, -0.5, &rules(14)).unwrap_err().to_string(), "zero to a negative power");
        let Ok(Power::Complex(c)) = pow(-8.0, 1.0 / 3.0, &r) else { panic!("complex") };
        assert_eq!(complex_repr(c.real, c.imag), "(1.0000000000000002+1.7320508075688772j)");
    }

    #[test]
    fn rounding_is_that_of_the_exact_decimal_value() {
        let ok = |value, digits| round_digits(value, digits).unwrap();
        assert_eq!(
            [(2.675, 2), (0.15, 1), (0.25, 1), (0.35, 1), (2.5, 0)].map(|(v, d)| ok(v, d)),
            [2.67, 0.1, 0.2, 0.3, 2.0]
        );
        assert_eq!(
            [(1234.5678, -2), (567.0, -3), (-567.0, -3), (123.456, -3)].map(|(v, d)| ok(v, d)),
            [1200.0, 1000.0, -1000.0, 0.0]
        );
        assert_eq!(
            [(1e300, -300), (1e17 + 2.0, -1), (5e-324, 323), (5e-324, 324)].map(|(v, d)| ok(v, d)),
            [1e300, 1e17, 0.0, 5e-324]
        );
        assert_eq!([(50.0, -2), (50.5, -2), (150.0, -2), (1e22, 2)].map(|(v, d)| ok(v, d)), [0.0, 100.0, 200.0, 1e22]);
        assert!(same(ok(-1.0, i64::MIN), -0.0) && ok(f64::NAN, 2).is_nan());
        let error = round_digits(f64::MAX, -308).unwrap_err();
        assert_eq!(error.to_string(), "rounded value too large to represent");
        assert_eq!([2.5, 0.5, -0.5, 1.5].map(|v| round(v).unwrap()), [2, 0, 0, 2].map(Int::Small));
    }

    #[test]
    fn ratios() {
        let (top, bottom) = integer_ratio(0.1).unwrap();
        assert_eq!((top.to_i64(), bottom.to_i64()), (Some(3602879701896397), Some(36028797018963968)));
        assert_eq!(integer_ratio(-2.0), Ok((Int::Small(-2), Int::Small(1))));
        assert_eq!(integer_ratio(-0.0), Ok((Int::Small(0), Int::Small(1))));
        assert_eq!(integer_ratio(f64::NAN).unwrap_err().to_string(), "cannot convert NaN to integer ratio");
        assert_eq!(integer_ratio(f64::INFINITY).unwrap_err().to_string(), "cannot convert Infinity to integer ratio");
    }
}
