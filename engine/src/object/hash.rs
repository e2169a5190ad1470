//! The hashes of the built-in immutable values.
//!
//! Invariant: no hash is -1, which C code takes for an error; where a computation gives -1, the hash is -2 (or a fixed
//! number). Equal numbers of all types hash alike: each is taken modulo the prime 2**61 - 1.

use super::number::complex::Complex;
use super::number::int::Int;
use super::number::int_float::decompose;
use super::text::Text;
use crate::rules::{NanHash, Profile, StrHash};
use num_traits::ToPrimitive;
use siphasher::sip::{SipHasher13, SipHasher24};
use std::hash::Hasher;

const PRIME: u64 = (1 << 61) - 1;
const INFINITY: i64 = 314_159;
/// The weight of the imaginary part.
const IMAGINARY: u64 = 1_000_003;

/// -1 is not a hash.
fn no_error(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

fn with_sign(magnitude: u64, negative: bool) -> i64 {
    let hash = magnitude.cast_signed();
    no_error(if negative { -hash } else { hash })
}

/// `hash(int)`
pub fn of_int(value: &Int) -> i64 {
    match value {
        Int::Small(small) => of_i64(*small),
        Int::Big(big) => with_sign((big.magnitude() % PRIME).to_u64().unwrap_or(0), value.is_negative()),
    }
}

/// `hash(int)` of a word.
pub fn of_i64(value: i64) -> i64 {
    with_sign(value.unsigned_abs() % PRIME, value < 0)
}

/// The hash that Python code returned from `__hash__`: it is taken as it is if it fits, else hashed.
pub fn of_dunder(value: &Int) -> i64 {
    match value {
        Int::Small(small) => no_error(*small),
        Int::Big(_) => of_int(value),
    }
}

/// `hash(float)`; the address counts for NaN where the rule says so.
pub fn of_float(value: f64, address: u64, rules: &Profile) -> i64 {
    if value.is_nan() {
        return match rules.hash_nan {
            NanHash::Zero => 0,
            NanHash::Address => of_address(address),
        };
    }
    if value.is_infinite() {
        return if value > 0.0 { INFINITY } else { -INFINITY };
    }
    let (significand, exponent) = decompose(value);
    let magnitude = significand.unsigned_abs() % PRIME;
    // Multiplying by a power of two modulo this prime turns the 61 bits round.
    let turn = exponent.rem_euclid(61);
    let turned = (magnitude << turn & PRIME) | (magnitude >> (61 - turn));
    with_sign(turned, significand < 0)
}

/// `hash(complex)`
pub fn of_complex(value: Complex, address: u64, rules: &Profile) -> i64 {
    let real = of_float(value.real, address, rules).cast_unsigned();
    let imag = of_float(value.imag, address, rules).cast_unsigned();
    no_error(real.wrapping_add(imag.wrapping_mul(IMAGINARY)).cast_signed())
}

/// The secret of the hashes of `str` and `bytes`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Secret {
    key0: u64,
    key1: u64,
}

impl Secret {
    /// The secret of `PYTHONHASHSEED=seed`.
    pub fn of_seed(seed: u32) -> Secret {
        if seed == 0 {
            return Secret::default();
        }
        // The linear congruential generator of `Python/bootstrap_hash.c`.
        let mut state = seed;
        let mut byte = || {
            state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
            u64::from(state >> 16 & 0xFF)
        };
        let mut word = || (0..8).fold(0, |word, i| word | byte() << (8 * i));
        Secret { key0: word(), key1: word() }
    }
}

/// `hash(bytes)`
pub fn of_bytes(bytes: &[u8], secret: Secret, rules: &Profile) -> i64 {
    if bytes.is_empty() && rules.hash_str != StrHash::SipHash13OfAll {
        return 0;
    }
    let hash = match rules.hash_str {
        StrHash::SipHash13 | StrHash::SipHash13OfAll => {
            let mut hasher = SipHasher13::new_with_keys(secret.key0, secret.key1);
            hasher.write(bytes);
            hasher.finish()
        }
        StrHash::SipHash24 => {
            let mut hasher = SipHasher24::new_with_keys(secret.key0, secret.key1);
            hasher.write(bytes);
            hasher.finish()
        }
    };
    no_error(hash.cast_signed())
}

/// `hash(str)`: that of its buffer.
pub fn of_text(text: &Text, secret: Secret, rules: &Profile) -> i64 {
    of_bytes(&text.raw_bytes(), secret, rules)
}

/// The hash of an object without `__eq__`: from its address, of which the last bits are always 0.
pub fn of_address(address: u64) -> i64 {
    no_error(address.rotate_right(4).cast_signed())
}

/// `hash(None)`
pub fn of_none(address: u64, rules: &Profile) -> i64 {
    rules.hash_none.unwrap_or_else(|| of_address(address))
}

/// The hash of a bound method: of its `self` by identity and of its function.
pub fn of_method(self_address: u64, function: i64) -> i64 {
    no_error(of_address(self_address) ^ function)
}

const XX_1: u64 = 11_400_714_785_074_694_791;
const XX_2: u64 = 14_029_467_366_897_019_727;
const XX_5: u64 = 2_870_177_450_012_600_261;
/// What stands for -1 among the hashes of tuples and slices.
const NOT_MINUS_ONE: i64 = 1_546_275_796;

/// One round of xxHash, of which CPython's tuple hash is made.
fn xx_round(sum: u64, lane: i64) -> u64 {
    sum.wrapping_add(lane.cast_unsigned().wrapping_mul(XX_2)).rotate_left(31).wrapping_mul(XX_1)
}

/// `hash(tuple)` from the hashes of its items.
pub fn of_tuple(items: &[i64]) -> i64 {
    let sum = items.iter().fold(XX_5, |sum, lane| xx_round(sum, *lane));
    let hash = sum.wrapping_add(items.len() as u64 ^ (XX_5 ^ 3_527_539)).cast_signed();
    if hash == -1 { NOT_MINUS_ONE } else { hash }
}

/// `hash(slice)` from the hashes of start, stop and step.
pub fn of_slice(parts: [i64; 3]) -> i64 {
    let hash = parts.iter().fold(XX_5, |sum, lane| xx_round(sum, *lane)).cast_signed();
    if hash == -1 { NOT_MINUS_ONE } else { hash }
}

/// `hash(range)` from its length and the hashes of length, start, step and None: ranges of equal items hash alike.
#[cfg(test)]
pub fn of_range(length: &Int, start: i64, step: i64, none: i64) -> i64 {
    let count = of_int(length);
    match length {
        Int::Small(0) => of_tuple(&[count, none, none]),
        Int::Small(1) => of_tuple(&[count, start, none]),
        _ => of_tuple(&[count, start, step]),
    }
}

/// `hash(frozenset)` from the hashes of its items, in any order.
pub fn of_frozenset(items: impl IntoIterator<Item = i64>) -> i64 {
    let (mut hash, mut count) = (0u64, 0u64);
    for item in items {
        let bits = item.cast_unsigned();
        hash ^= ((bits ^ 89_869_747) ^ (bits << 16)).wrapping_mul(3_644_798_167);
        count += 1;
    }
    hash ^= count.wrapping_add(1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    let hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923).cast_signed();
    if hash == -1 { 590_923_713 } else { hash }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::PyVersion;
    use proptest::prelude::*;

    fn rules(minor: u8) -> Profile {
        Profile::of(PyVersion::of_minor(minor).unwrap())
    }

    fn text(minor: u8, seed: u32) -> Vec<i64> {
        let long = "a".repeat(100);
        let hash = |t: &str| of_text(&Text::from(t), Secret::of_seed(seed), &rules(minor));
        ["abc", "é", "€x", "😀", &long, ""].map(hash).to_vec()
    }

    #[test]
    fn text_hashes_of_known_seeds() {
        assert_eq!(
            text(8, 0),
            [
                4596069200710135518,
                4954367630624915103,
                -3982534550712167977,
                2694534307785527896,
                -4128516180846769298,
                0
            ]
        );
        assert_eq!(
            text(12, 0),
            [
                -4594863902769663758,
                6047309291227476195,
                -483395623852268653,
                -3536540696076613844,
                -2643860352045292050,
                0
            ]
        );
        assert_eq!(
            text(8, 42),
            [
                -4501618152524544106,
                4818623295594621633,
                2423832484050267822,
                -906987714113553107,
                -1618861251556048348,
                0
            ]
        );
        assert_eq!(
            text(12, 42),
            [
                3869580338025362921,
                5653850369683463245,
                5570975265233553142,
                6601963133753205906,
                -1938564947279488581,
                0
            ]
        );
        assert_eq!(of_bytes(b"abc", Secret::of_seed(0), &rules(12)), -4594863902769663758);
    }

    #[test]
    fn numbers_hash_modulo_the_prime() {
        let r = rules(13);
        let float = |v| of_float(v, 0, &r);
        let expected = [1152921504606846977, -230584300921369408, 1224995262755759164, 16777216, 1];
        assert_eq!([1.5, -0.1, 1e300, 5e-324, 2f64.powi(61)].map(float), expected);
        assert_eq!([f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, -0.0].map(float), [314159, -314159, -2, 0, 0]);
        let big = Int::from(10i128.pow(38)).mul(&Int::Small(100));
        assert_eq!((of_int(&big), of_int(&big.neg())), (1388497483929617590, -1388497483929617590));
        assert_eq!([(1 << 61) - 1, (1 << 61) - 2, -(1 << 61), -1].map(of_i64), [0, 2305843009213693950, -2, -2]);
        let complex = |real, imag| of_complex(Complex { real, imag }, 0, &r);
        assert_eq!([complex(1.0, 2.0), complex(0.0, 1.0), complex(3.0, 0.0)], [2000007, 1000003, 3]);
        assert_eq!(of_float(f64::NAN, 0x50, &rules(9)), 0);
        assert_eq!(of_float(f64::NAN, 0x50, &r), 5);
        assert_eq!(of_dunder(&Int::Small((1 << 61) - 1)), (1 << 61) - 1);
    }

    #[test]
    fn containers() {
        assert_eq!(of_tuple(&[]), 5740354900026072187);
        assert_eq!(
            [of_tuple(&[1, 2]), of_tuple(&[1, 2, 3]), of_tuple(&[1])],
            [-3550055125485641917, 529344067295497451, -6644214454873602895]
        );
        assert_eq!(of_frozenset([]), 133146708735736);
        assert_eq!((of_frozenset([1, 2, 3]), of_frozenset([-2])), (-272375401224217160, 6776983852052281967));
        assert_eq!(of_slice([1, 2, 3]), -2340833382717974474);
        let none = of_none(0, &rules(12));
        assert_eq!(none, 0xFCA8_6420);
        assert_eq!(of_range(&Int::Small(5), 0, 1, none), 5795932985296280846);
        assert_eq!(of_range(&Int::Small(1), 3, 1, none), 3985224588053030672);
        assert_eq!(of_none(0x7f00_0000_0010, &rules(11)), 0x07f0_0000_0001);
    }

    proptest! {
        #[test]
        fn equal_numbers_hash_alike(value in any::<i64>()) {
            let float = value as f64;
            let whole = Int::from_f64(float).unwrap();
            prop_assert_eq!(of_int(&whole), of_float(float, 0, &rules(13)));
        }
    }
}
