//! `int.to_bytes` and `int.from_bytes`.

use super::NumberError;
use super::int::Int;
use crate::object::text::codec::Order;
use crate::rules::Profile;
use num_bigint::{BigInt, Sign};

impl Int {
    /// `a.to_bytes(length, order, signed=signed)`
    ///
    /// # Errors
    /// `OverflowError`, and `ValueError` for a negative length.
    pub fn to_bytes(&self, length: i64, order: Order, signed: bool, rules: &Profile) -> Result<Vec<u8>, NumberError> {
        let length = usize::try_from(length).map_err(|_| NumberError::value(rules.to_bytes_negative_length))?;
        if self.is_negative() && !signed {
            return Err(NumberError::overflow("can't convert negative int to unsigned"));
        }
        let mut bytes = if signed { self.big().to_signed_bytes_le() } else { self.big().to_bytes_le().1 };
        // Zero has one byte in this form and none in Python's.
        let fill = if self.is_negative() { 0xFF } else { 0 };
        let fits = bytes.len() <= length
            || (length == 0 && (self.is_zero() || (*self == Int::Small(-1) && rules.to_bytes_empty_minus_one)));
        if !fits {
            return Err(NumberError::overflow("int too big to convert"));
        }
        bytes.resize(length, fill);
        if order == Order::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    /// `int.from_bytes(bytes, order, signed=signed)`
    pub fn from_bytes(bytes: &[u8], order: Order, signed: bool) -> Int {
        Int::from(match (order, signed) {
            (Order::Little, false) => BigInt::from_bytes_le(Sign::Plus, bytes),
            (Order::Big, false) => BigInt::from_bytes_be(Sign::Plus, bytes),
            (Order::Little, true) => BigInt::from_signed_bytes_le(bytes),
            (Order::Big, true) => BigInt::from_signed_bytes_be(bytes),
        })
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

    fn bytes(value: i64, length: i64, order: Order, signed: bool) -> Result<Vec<u8>, String> {
        Int::Small(value).to_bytes(length, order, signed, &rules(13)).map_err(|e| e.to_string())
    }

    #[test]
    fn bytes_like_python() {
        let big = Err("int too big to convert".to_string());
        assert_eq!(bytes(255, 1, Order::Big, false), Ok(vec![255]));
        assert_eq!(bytes(256, 1, Order::Big, false), big);
        assert_eq!(bytes(-1, 1, Order::Big, false), Err("can't convert negative int to unsigned".into()));
        assert_eq!(bytes(-128, 1, Order::Little, true), Ok(vec![0x80]));
        assert_eq!(bytes(-129, 1, Order::Little, true), big);
        assert_eq!(bytes(128, 1, Order::Big, true), big);
        assert_eq!(bytes(0, 0, Order::Big, false), Ok(vec![]));
        assert_eq!(bytes(1, 0, Order::Big, false), big);
        assert_eq!(bytes(1, 3, Order::Little, false), Ok(vec![1, 0, 0]));
        assert_eq!(bytes(1, -1, Order::Big, false), Err("length argument must be non-negative".into()));
        assert_eq!(bytes(-1, 0, Order::Big, true), Ok(vec![]));
        assert!(Int::Small(-1).to_bytes(0, Order::Big, true, &rules(14)).is_err());
        assert_eq!(Int::from_bytes(b"", Order::Big, true), Int::Small(0));
        assert_eq!(Int::from_bytes(b"\xff\x00", Order::Big, true), Int::Small(-256));
    }

    proptest! {
        #[test]
        fn the_way_back_is_the_way(value in any::<i128>(), big in any::<bool>()) {
            let order = if big { Order::Big } else { Order::Little };
            let int = Int::from(value);
            let bytes = int.to_bytes(17, order, true, &rules(13)).unwrap();
            prop_assert_eq!(Int::from_bytes(&bytes, order, true), int);
        }
    }
}
