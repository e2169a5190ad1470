//! Python's `int`: a machine word where it fits, else as many digits as it takes.
//!
//! Invariant: [`Int::Big`] holds no value that fits `i64`, so equality is structural.

use super::NumberError;
use crate::rules::Profile;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};
use std::borrow::Cow;
use std::cmp::Ordering;

/// The value of an `int`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Int {
    /// It fits a machine word.
    Small(i64),
    /// It does not.
    Big(BigInt),
}

impl From<i64> for Int {
    fn from(value: i64) -> Int {
        Int::Small(value)
    }
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Int {
        match value.to_i64() {
            Some(small) => Int::Small(small),
            None => Int::Big(value),
        }
    }
}

impl From<usize> for Int {
    fn from(value: usize) -> Int {
        i64::try_from(value).map_or_else(|_| Int::Big(BigInt::from(value)), Int::Small)
    }
}

impl From<u64> for Int {
    fn from(value: u64) -> Int {
        i64::try_from(value).map_or_else(|_| Int::Big(BigInt::from(value)), Int::Small)
    }
}

impl From<i128> for Int {
    fn from(value: i128) -> Int {
        i64::try_from(value).map_or_else(|_| Int::Big(BigInt::from(value)), Int::Small)
    }
}

impl PartialOrd for Int {
    fn partial_cmp(&self, other: &Int) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Int {
    fn cmp(&self, other: &Int) -> Ordering {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => a.cmp(b),
            _ => self.big().cmp(&other.big()),
        }
    }
}

impl Int {
    /// The value as a big number.
    pub fn big(&self) -> Cow<'_, BigInt> {
        match self {
            Int::Small(value) => Cow::Owned(BigInt::from(*value)),
            Int::Big(value) => Cow::Borrowed(value),
        }
    }

    /// The value if it fits a machine word.
    pub fn to_i64(&self) -> Option<i64> {
        match self {
            Int::Small(value) => Some(*value),
            Int::Big(_) => None,
        }
    }

    /// The value clamped to a machine word, as indices are.
    pub fn clamped(&self) -> i64 {
        match self {
            Int::Small(value) => *value,
            Int::Big(value) if value.is_negative() => i64::MIN,
            Int::Big(_) => i64::MAX,
        }
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        *self == Int::Small(0)
    }

    /// Whether it is below 0.
    pub fn is_negative(&self) -> bool {
        match self {
            Int::Small(value) => *value < 0,
            Int::Big(value) => value.is_negative(),
        }
    }

    /// Whether the last bit is set.
    pub fn is_odd(&self) -> bool {
        match self {
            Int::Small(value) => value & 1 == 1,
            Int::Big(value) => value.is_odd(),
        }
    }

    /// `a + b`
    pub fn add(&self, other: &Int) -> Int {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => match a.checked_add(*b) {
                Some(sum) => Int::Small(sum),
                None => Int::from(i128::from(*a) + i128::from(*b)),
            },
            _ => Int::from(&*self.big() + &*other.big()),
        }
    }

    /// `a - b`
    pub fn sub(&self, other: &Int) -> Int {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => match a.checked_sub(*b) {
                Some(difference) => Int::Small(difference),
                None => Int::from(i128::from(*a) - i128::from(*b)),
            },
            _ => Int::from(&*self.big() - &*other.big()),
        }
    }

    /// `a * b`
    pub fn mul(&self, other: &Int) -> Int {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => match a.checked_mul(*b) {
                Some(product) => Int::Small(product),
                None => Int::from(i128::from(*a) * i128::from(*b)),
            },
            _ => Int::from(&*self.big() * &*other.big()),
        }
    }

    /// `-a`
    pub fn neg(&self) -> Int {
        Int::Small(0).sub(self)
    }

    /// `~a`
    pub fn invert(&self) -> Int {
        Int::Small(-1).sub(self)
    }

    /// Quotient and remainder rounded towards minus infinity, for a divisor that is not 0.
    fn div_mod_floor(&self, other: &Int) -> (Int, Int) {
        match (self, other) {
            // The one pair of words whose quotient does not fit is left to the big numbers.
            (Int::Small(a), Int::Small(b)) if *b != -1 || *a != i64::MIN => {
                let (quotient, remainder) = a.div_mod_floor(b);
                (Int::Small(quotient), Int::Small(remainder))
            }
            _ => {
                let (quotient, remainder) = self.big().div_mod_floor(&other.big());
                (Int::from(quotient), Int::from(remainder))
            }
        }
    }

    /// `a // b`
    ///
    /// # Errors
    /// `ZeroDivisionError`
    pub fn floor_div(&self, other: &Int, rules: &Profile) -> Result<Int, NumberError> {
        if other.is_zero() {
            return Err(NumberError::ZeroDivision(rules.zero_division.int_floordiv));
        }
        Ok(self.div_mod_floor(other).0)
    }

    /// `a % b`
    ///
    /// # Errors
    /// `ZeroDivisionError`
    pub fn modulo(&self, other: &Int, rules: &Profile) -> Result<Int, NumberError> {
        if other.is_zero() {
            return Err(NumberError::ZeroDivision(rules.zero_division.int_modulo));
        }
        Ok(self.div_mod_floor(other).1)
    }

    /// `divmod(a, b)`
    ///
    /// # Errors
    /// `ZeroDivisionError`
    pub fn div_mod(&self, other: &Int, rules: &Profile) -> Result<(Int, Int), NumberError> {
        if other.is_zero() {
            return Err(NumberError::ZeroDivision(rules.zero_division.int_floordiv));
        }
        Ok(self.div_mod_floor(other))
    }

    /// `a & b`
    pub fn and(&self, other: &Int) -> Int {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => Int::Small(a & b),
            _ => Int::from(&*self.big() & &*other.big()),
        }
    }

    /// `a | b`
    pub fn or(&self, other: &Int) -> Int {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => Int::Small(a | b),
            _ => Int::from(&*self.big() | &*other.big()),
        }
    }

    /// `a ^ b`
    pub fn xor(&self, other: &Int) -> Int {
        match (self, other) {
            (Int::Small(a), Int::Small(b)) => Int::Small(a ^ b),
            _ => Int::from(&*self.big() ^ &*other.big()),
        }
    }

    /// `a.bit_length()`
    pub fn bit_length(&self) -> u64 {
        match self {
            Int::Small(value) => u64::from(64 - value.unsigned_abs().leading_zeros()),
            Int::Big(value) => value.bits(),
        }
    }

    /// `a.bit_count()`: the ones of the absolute value.
    pub fn bit_count(&self) -> u64 {
        match self {
            Int::Small(value) => u64::from(value.unsigned_abs().count_ones()),
            Int::Big(value) => value.magnitude().count_ones(),
        }
    }

    /// The number of 30-bit digits that CPython keeps, which decides the size; 0 has none.
    pub fn digits30(&self) -> u64 {
        self.bit_length().div_ceil(30)
    }

    /// `round(a, ndigits)` for `ndigits` below 0: to a multiple of a power of ten, halves to the even one.
    pub fn round_to_power(&self, zeros: u64) -> Int {
        // A power beyond twice the number rounds it to 0; no need to compute such a power. (log2 10 > 3.32)
        if zeros > self.bit_length().saturating_add(2) {
            return Int::Small(0);
        }
        let Ok(exponent) = u32::try_from(zeros) else { return Int::Small(0) };
        let power = BigInt::from(10).pow(exponent);
        let (quotient, remainder) = self.big().div_mod_floor(&power);
        let up = match (&remainder * 2u8).cmp(&power) {
            Ordering::Less => false,
            Ordering::Equal => quotient.is_odd(),
            Ordering::Greater => true,
        };
        Int::from((quotient + u8::from(up)) * power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PyVersion;
    use proptest::prelude::*;

    fn rules(minor: u8) -> Profile {
        Profile::of(PyVersion::of_minor(minor).unwrap())
    }

    fn int(value: i128) -> Int {
        Int::from(value)
    }

    #[test]
    fn division_rounds_down() {
        let r = rules(13);
        assert_eq!(int(-7).div_mod(&int(2), &r), Ok((int(-4), int(1))));
        assert_eq!(int(7).div_mod(&int(-2), &r), Ok((int(-4), int(-1))));
        assert_eq!(int(i128::from(i64::MIN)).div_mod(&int(-1), &r), Ok((int(1 << 63), int(0))));
        assert_eq!(int(-(10i128.pow(30))).modulo(&int(7), &r), Ok(int((-(10i128.pow(30))).rem_euclid(7))));
    }

    #[test]
    fn texts_of_division_by_zero_move() {
        let text = |minor, f: fn(&Int, &Int, &Profile) -> Option<NumberError>| {
            f(&Int::Small(1), &Int::Small(0), &rules(minor)).map(|e| e.to_string())
        };
        let modulo = |minor| text(minor, |a, b, r| a.modulo(b, r).err()).unwrap();
        assert_eq!(
            [10, 11, 14].map(modulo),
            ["integer division or modulo by zero", "integer modulo by zero", "division by zero"]
        );
        let floor = |minor| text(minor, |a, b, r| a.floor_div(b, r).err()).unwrap();
        assert_eq!([13, 14].map(floor), ["integer division or modulo by zero", "division by zero"]);
    }

    #[test]
    fn rounding_to_tens_is_to_even() {
        let round = |value, zeros| int(value).round_to_power(zeros);
        assert_eq!([1250, 1350, -1250, 1234].map(|v| round(v, 2)), [1200, 1400, -1200, 1200].map(int));
        assert_eq!(
            [round(5, 1), round(15, 1), round(5, u64::MAX), round(51, 2), round(50, 2)],
            [0, 20, 0, 100, 0].map(int)
        );
        assert_eq!(round(10i128.pow(30) + 5, 1), int(10i128.pow(30)));
    }

    #[test]
    fn bits() {
        assert_eq!([0, 1, -1, 255, -256].map(|v| int(v).bit_length()), [0, 1, 1, 8, 9]);
        assert_eq!((int(i128::from(i64::MIN)).bit_length(), int(1 << 100).bit_length()), (64, 101));
        assert_eq!([0, 1, (1 << 30) - 1, 1 << 30, 1 << 60].map(|v| int(v).digits30()), [0, 1, 1, 2, 3]);
    }

    proptest! {
        #[test]
        fn agrees_with_wide_words(a in any::<i64>(), b in any::<i64>(), s in 0..3u32) {
            // Mix words of all sizes, so that results cross the border between the two forms.
            let (a, b) = (i128::from(a >> (s * 20)), i128::from(b >> ((2 - s) * 20)));
            let (x, y) = (int(a), int(b));
            prop_assert_eq!(x.add(&y), int(a + b));
            prop_assert_eq!(x.sub(&y), int(a - b));
            prop_assert_eq!(x.mul(&y), int(a * b));
            prop_assert_eq!(x.mul(&y).sub(&x.mul(&y)), int(0));
            prop_assert_eq!(x.and(&y), int(a & b));
            prop_assert_eq!(x.xor(&y).or(&y), int((a ^ b) | b));
            prop_assert_eq!(x.invert().neg(), int(a + 1));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            if b != 0 {
                let (q, m) = x.div_mod(&y, &rules(13)).unwrap();
                prop_assert_eq!(q.mul(&y).add(&m), x.clone());
                prop_assert!(m.is_zero() || m.is_negative() == y.is_negative());
            }
        }
    }
}
