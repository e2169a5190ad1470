//! Powers and shifts of `int`: where results grow without bound.

use super::NumberError;
use super::int::Int;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

/// A power of more bits than this is refused: it would take minutes to compute.
const MOST_POWER_BITS: u64 = 1 << 27;
/// A shift to more bits than this is refused.
const MOST_SHIFT_BITS: u64 = 1 << 33;

impl Int {
    /// `a ** b` for `b` not below 0.
    ///
    /// # Errors
    /// `MemoryError`
    pub fn pow(&self, exponent: &Int) -> Result<Int, NumberError> {
        match (self, exponent) {
            (_, Int::Small(0)) | (Int::Small(1), _) => return Ok(Int::Small(1)),
            (Int::Small(0), _) => return Ok(Int::Small(0)),
            (Int::Small(-1), exponent) => return Ok(Int::Small(if exponent.is_odd() { -1 } else { 1 })),
            _ => {}
        }
        let power = exponent.to_i64().and_then(|e| u32::try_from(e).ok()).ok_or(NumberError::Memory)?;
        // The result has at least (bits - 1) * power bits.
        if (self.bit_length() - 1).saturating_mul(u64::from(power)) > MOST_POWER_BITS {
            return Err(NumberError::Memory);
        }
        if let Int::Small(base) = self
            && let Some(result) = base.checked_pow(power)
        {
            return Ok(Int::Small(result));
        }
        Ok(Int::from(self.big().pow(power)))
    }

    /// `pow(a, b, m)`, where a `b` below 0 stands for a power of the inverse.
    ///
    /// # Errors
    /// `ValueError` for a modulus of 0 and a base without inverse.
    pub fn mod_pow(&self, exponent: &Int, modulus: &Int) -> Result<Int, NumberError> {
        if modulus.is_zero() {
            return Err(NumberError::value("pow() 3rd argument cannot be 0"));
        }
        let modulus = modulus.big();
        if !exponent.is_negative() {
            return Ok(Int::from(self.big().modpow(&exponent.big(), &modulus)));
        }
        // The inverse is found for the absolute value of the modulus; the sign only says where the result lies.
        let positive = modulus.abs();
        let inverse = if positive == BigInt::from(1) { Some(BigInt::zero()) } else { self.big().modinv(&positive) };
        let inverse = inverse.ok_or(NumberError::value("base is not invertible for the given modulus"))?;
        Ok(Int::from(inverse.modpow(&exponent.neg().big(), &modulus)))
    }

    /// `a << b`
    ///
    /// # Errors
    /// `ValueError`, `OverflowError`, `MemoryError`
    pub fn shift_left(&self, count: &Int) -> Result<Int, NumberError> {
        if count.is_negative() {
            return Err(NumberError::value("negative shift count"));
        }
        if self.is_zero() {
            return Ok(Int::Small(0));
        }
        let count = count.to_i64().ok_or(NumberError::overflow("too many digits in integer"))?;
        let count = u64::try_from(count).unwrap_or(0);
        if let (Int::Small(value), 0..62) = (self, count)
            && self.bit_length() + count < 63
        {
            return Ok(Int::Small(value << count));
        }
        if self.bit_length().saturating_add(count) > MOST_SHIFT_BITS {
            return Err(NumberError::Memory);
        }
        Ok(Int::from(&*self.big() << count))
    }

    /// `a >> b`
    ///
    /// # Errors
    /// `ValueError`
    pub fn shift_right(&self, count: &Int) -> Result<Int, NumberError> {
        if count.is_negative() {
            return Err(NumberError::value("negative shift count"));
        }
        let all = Int::Small(if self.is_negative() { -1 } else { 0 });
        let Some(count) = count.to_i64().and_then(|count| u64::try_from(count).ok()) else { return Ok(all) };
        Ok(match self {
            _ if count > self.bit_length() => all,
            Int::Small(value) => Int::Small(value >> count.to_u32().unwrap_or(63).min(63)),
            Int::Big(value) => Int::from(value >> count),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(value: i128) -> Int {
        Int::from(value)
    }

    #[test]
    fn powers() {
        assert_eq!(int(3).pow(&int(40)), Ok(int(3i128.pow(40))));
        assert_eq!(int(-2).pow(&int(63)), Ok(int(i128::from(i64::MIN))));
        assert_eq!(int(-1).pow(&int(10i128.pow(30) + 1)), Ok(int(-1)));
        assert_eq!(int(0).pow(&int(0)), Ok(int(1)));
        assert_eq!(int(10).pow(&int(10i128.pow(30))), Err(NumberError::Memory));
        assert_eq!(int(10).pow(&int(1 << 31)), Err(NumberError::Memory));
    }

    #[test]
    fn modular_powers() {
        let run = |a, b, m| int(a).mod_pow(&int(b), &int(m)).map_err(|e| e.to_string());
        assert_eq!(run(2, 3, -5), Ok(int(-2)));
        assert_eq!(run(-2, 3, 5), Ok(int(2)));
        assert_eq!(run(3, -2, 7), Ok(int(4)));
        assert_eq!(run(3, -2, -7), Ok(int(-3)));
        assert_eq!(run(2, -1, 1), Ok(int(0)));
        assert_eq!(run(2, 0, 1), Ok(int(0)));
        assert_eq!(run(2, -1, 4), Err("base is not invertible for the given modulus".into()));
        assert_eq!(run(2, -1, 0), Err("pow() 3rd argument cannot be 0".into()));
    }

    #[test]
    fn shifts() {
        let left = |a, b| int(a).shift_left(&int(b)).map_err(|e| e.to_string());
        assert_eq!(left(1, 62), Ok(int(1 << 62)));
        assert_eq!(left(-1, 63), Ok(int(i128::from(i64::MIN))));
        assert_eq!(left(3, 100), Ok(int(3 << 100)));
        assert_eq!(left(0, 10i128.pow(30)), Ok(int(0)));
        assert_eq!(left(0, -1), Err("negative shift count".into()));
        assert_eq!(left(1, 10i128.pow(30)), Err("too many digits in integer".into()));
        let right = |a, b| int(a).shift_right(&int(b));
        assert_eq!(right(-5, 1), Ok(int(-3)));
        assert_eq!(right(i128::from(i64::MIN), 64), Ok(int(-1)));
        assert_eq!(right(1, 10i128.pow(30)), Ok(int(0)));
        assert_eq!(right(-(1 << 100) - 1, 100), Ok(int(-2)));
        assert_eq!(right(1 << 100, 99), Ok(int(2)));
    }
}
