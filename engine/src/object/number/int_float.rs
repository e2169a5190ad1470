//! Where `int` meets `float`: conversions, exact comparison, and the true division of ints.

use super::NumberError;
use super::int::Int;
use crate::rules::Profile;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};
use std::cmp::Ordering;

/// `value * 2**exponent`, rounded once if at all; the caller keeps the significand to what the result can hold.
pub fn scale(value: f64, exponent: i64) -> f64 {
    let mut left = exponent.clamp(-4000, 4000);
    let mut value = value;
    while left != 0 {
        let step = left.clamp(-1000, 1000);
        value *= 2f64.powi(i32::try_from(step).unwrap_or(0));
        left -= step;
    }
    value
}

/// A finite float as `significand * 2**exponent` with a whole significand.
pub fn decompose(value: f64) -> (i64, i64) {
    let bits = value.to_bits();
    let fraction = i64::try_from(bits & ((1 << 52) - 1)).unwrap_or(0);
    let exponent = i64::try_from((bits >> 52) & 0x7FF).unwrap_or(0);
    let (significand, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    (if value.is_sign_negative() { -significand } else { significand }, exponent)
}

/// Rounds `significand * 2**exponent`, of which a lost part may be missing (`sticky`), to the nearest float.
fn round_to_float(significand: u128, exponent: i64, sticky: bool) -> f64 {
    let bits = 128 - i64::from(significand.leading_zeros());
    // Below the normal range there are fewer bits to keep; below half of the least float there is none.
    let kept = (bits + exponent + 1074).min(53);
    if kept < 0 {
        return 0.0;
    }
    let dropped = bits - kept;
    if dropped <= 0 {
        return scale(significand as f64, exponent);
    }
    let dropped_bits = u32::try_from(dropped).unwrap_or(127).min(127);
    let mut kept_part = significand >> dropped_bits;
    let half = 1u128 << (dropped_bits - 1);
    let rest = significand & ((1u128 << dropped_bits) - 1);
    let up = match rest.cmp(&half) {
        Ordering::Less => false,
        Ordering::Equal => sticky || kept_part & 1 == 1,
        Ordering::Greater => true,
    };
    kept_part += u128::from(up);
    scale(kept_part as f64, exponent + dropped)
}

impl Int {
    /// `float(a)`
    ///
    /// # Errors
    /// `OverflowError`
    pub fn to_f64(&self) -> Result<f64, NumberError> {
        const TOO_LARGE: NumberError = NumberError::overflow("int too large to convert to float");
        let value = match self {
            // Conversion of a word rounds to nearest even.
            Int::Small(value) => return Ok(*value as f64),
            Int::Big(value) => value,
        };
        if value.bits() > 1024 {
            return Err(TOO_LARGE);
        }
        let shift = value.bits().saturating_sub(100);
        let magnitude = value.magnitude();
        let top = (magnitude >> shift).to_u128().unwrap_or(u128::MAX);
        let sticky = magnitude.trailing_zeros().unwrap_or(0) < shift;
        let result = round_to_float(top, i64::try_from(shift).unwrap_or(0), sticky);
        if !result.is_finite() {
            return Err(TOO_LARGE);
        }
        Ok(if value.is_negative() { -result } else { result })
    }

    /// `int(f)`: towards zero.
    ///
    /// # Errors
    /// `OverflowError` for an infinity, `ValueError` for NaN.
    pub fn from_f64(value: f64) -> Result<Int, NumberError> {
        if value.is_nan() {
            return Err(NumberError::value("cannot convert float NaN to integer"));
        }
        if value.is_infinite() {
            return Err(NumberError::overflow("cannot convert float infinity to integer"));
        }
        if value.abs() < 9.2e18 {
            return Ok(Int::Small(value as i64));
        }
        let (significand, exponent) = decompose(value);
        Ok(Int::from(BigInt::from(significand) << u64::try_from(exponent).unwrap_or(0)))
    }

    /// Compares with a float by value; nothing for NaN.
    pub fn compare_f64(&self, other: f64) -> Option<Ordering> {
        if other.is_nan() {
            return None;
        }
        let Ok(whole) = Int::from_f64(other) else {
            return Some(if other > 0.0 { Ordering::Less } else { Ordering::Greater });
        };
        let order = self.cmp(&whole);
        // The cut-off fraction decides between equal whole parts.
        if order == Ordering::Equal { 0.0f64.partial_cmp(&other.fract()) } else { Some(order) }
    }

    /// `a / b`, correctly rounded.
    ///
    /// # Errors
    /// `ZeroDivisionError`, `OverflowError`
    pub fn true_div(&self, other: &Int, rules: &Profile) -> Result<f64, NumberError> {
        const TOO_LARGE: NumberError = NumberError::overflow("integer division result too large for a float");
        const MOST: i64 = 1 << 53;
        const LEAST: i64 = -MOST;
        if other.is_zero() {
            return Err(NumberError::ZeroDivision(rules.zero_division.int_true));
        }
        if let (Int::Small(a @ LEAST..=MOST), Int::Small(b @ LEAST..=MOST)) = (self, other) {
            return Ok(*a as f64 / *b as f64);
        }
        let negative = self.is_negative() != other.is_negative();
        let signed = |value: f64| if negative { -value } else { value };
        let (bits, other_bits) = (self.bit_length().cast_signed(), other.bit_length().cast_signed());
        match bits.saturating_sub(other_bits) {
            _ if self.is_zero() => return Ok(signed(0.0)),
            1025.. => return Err(TOO_LARGE),
            i64::MIN..-1080 => return Ok(signed(0.0)),
            _ => {}
        }
        // Shift so that the quotient has 66 or 67 bits: more than a float keeps, less than a wide word.
        let shift = 66 - (bits - other_bits);
        let up = |value: &BigInt, count: i64| value.abs() << u64::try_from(count).unwrap_or(0);
        let (dividend, divisor) = (up(&self.big(), shift.max(0)), up(&other.big(), (-shift).max(0)));
        let quotient = &dividend / &divisor;
        let sticky = !(dividend - &quotient * divisor).is_zero();
        let result = round_to_float(quotient.to_u128().unwrap_or(u128::MAX), -shift, sticky);
        if result.is_finite() { Ok(signed(result)) } else { Err(TOO_LARGE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PyVersion;
    use proptest::prelude::*;

    fn rules() -> Profile {
        Profile::of(PyVersion::of_minor(13).unwrap())
    }

    fn power(base: i64, exponent: i64) -> Int {
        Int::Small(base).pow(&Int::Small(exponent)).unwrap()
    }

    fn one() -> Int {
        Int::Small(1)
    }

    #[test]
    fn conversions_round_to_even() {
        assert_eq!(Int::Small(9007199254740993).to_f64(), Ok(9007199254740992.0));
        assert_eq!(power(10, 22).to_f64(), Ok(1e22));
        let largest = power(2, 1024).sub(&power(2, 970));
        assert_eq!(largest.to_f64(), Err(NumberError::overflow("int too large to convert to float")));
        assert_eq!(largest.sub(&one()).to_f64(), Ok(f64::MAX));
        assert_eq!(largest.sub(&one()).neg().to_f64(), Ok(f64::MIN));
        assert!(power(10, 400).to_f64().is_err());
    }

    #[test]
    fn floats_become_ints() {
        assert_eq!(Int::from_f64(1e20), Ok(power(10, 20)));
        assert_eq!(Int::from_f64(-1.9), Ok(Int::Small(-1)));
        assert_eq!(Int::from_f64(-9223372036854775808.0), Ok(Int::Small(i64::MIN)));
        assert_eq!(Int::from_f64(f64::NAN).unwrap_err().to_string(), "cannot convert float NaN to integer");
        assert_eq!(Int::from_f64(f64::INFINITY).unwrap_err().to_string(), "cannot convert float infinity to integer");
    }

    #[test]
    fn comparison_is_exact() {
        use Ordering::{Equal, Greater, Less};
        let past = Int::Small((1 << 53) + 1);
        assert_eq!(past.compare_f64(2f64.powi(53)), Some(Greater));
        assert_eq!(power(2, 63).compare_f64(2f64.powi(63)), Some(Equal));
        assert_eq!(Int::Small(-1).compare_f64(-1.5), Some(Greater));
        assert_eq!(Int::Small(1).compare_f64(1.5), Some(Less));
        assert_eq!(Int::Small(0).compare_f64(-0.0), Some(Equal));
        assert_eq!(Int::Small(0).compare_f64(-0.5), Some(Greater));
        assert_eq!(power(10, 400).compare_f64(f64::INFINITY), Some(Less));
        assert_eq!(one().compare_f64(f64::NAN), None);
    }

    #[test]
    fn true_division_is_correctly_rounded() {
        let r = rules();
        let div = |a: &Int, b: &Int| a.true_div(b, &r).map_err(|e| e.to_string());
        assert_eq!(div(&power(2, 1000), &power(3, 600)), Ok(571798263596268.4));
        assert_eq!(div(&power(2, 54).add(&one()), &one()), Ok(1.8014398509481984e16));
        assert_eq!(div(&power(2, 70).add(&one()), &Int::Small(3)), Ok(3.935305402391371e20));
        assert_eq!(div(&Int::Small(7), &power(2, 1076)), Ok(1e-323));
        assert_eq!(div(&Int::Small(-1), &power(10, 400)).map(f64::to_bits), Ok((-0.0f64).to_bits()));
        assert_eq!(div(&power(10, 400), &power(10, 399)), Ok(10.0));
        assert_eq!(div(&power(10, 400), &one()), Err("integer division result too large for a float".into()));
        assert_eq!(div(&one(), &Int::Small(0)), Err("division by zero".into()));
        assert_eq!(div(&Int::Small(0), &power(10, 40)), Ok(0.0));
    }

    proptest! {
        #[test]
        fn floats_survive_the_way_through_ratios(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            let (significand, exponent) = decompose(value);
            prop_assert_eq!(scale(significand as f64, exponent).abs(), value.abs());
            let (top, bottom) = match u64::try_from(exponent) {
                Ok(up) => (Int::from(BigInt::from(significand) << up), one()),
                Err(_) => (Int::Small(significand), Int::from(BigInt::from(1) << exponent.unsigned_abs())),
            };
            prop_assert_eq!(top.true_div(&bottom, &rules()).unwrap().abs(), value.abs());
            prop_assert_eq!(Int::from_f64(value).unwrap().to_f64().unwrap(), value.trunc());
        }
    }
}
