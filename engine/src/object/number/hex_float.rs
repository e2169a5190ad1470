//! `float.hex` and `float.fromhex`.

use super::NumberError;
use super::int_float::{decompose, scale};
use super::int_text::is_c_space;

/// `x.hex()`
pub fn hex(value: f64) -> String {
    if !value.is_finite() {
        return crate::object::format::double::float_repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let (significand, exponent) = decompose(value.abs());
    let lead = significand >> 52;
    let fraction = significand & ((1 << 52) - 1);
    format!("{sign}0x{lead}.{fraction:013x}p{:+}", exponent + 52)
}

/// `float.fromhex(text)`
///
/// # Errors
/// `ValueError`, `OverflowError`
pub fn from_hex(text: &str) -> Result<f64, NumberError> {
    let malformed = || NumberError::value("invalid hexadecimal floating-point string");
    let trimmed = text.trim_matches(is_c_space);
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let signed = |value: f64| if trimmed.starts_with('-') { -value } else { value };
    match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => return Ok(signed(f64::INFINITY)),
        "nan" => return Ok(signed(f64::NAN)),
        _ => {}
    }
    let digits = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")).unwrap_or(unsigned);
    let (mantissa, exponent) = match digits.split_once(['p', 'P']) {
        None => (digits, 0),
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent).ok_or_else(malformed)?),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_hexdigit()) {
        return Err(malformed());
    }
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let value = nearest(whole.chars().chain(fraction.chars()), exponent.saturating_sub(places.saturating_mul(4)));
    if value.is_infinite() {
        return Err(NumberError::overflow("hexadecimal value too large to represent as a float"));
    }
    Ok(signed(value))
}

/// A decimal exponent with an optional sign; one beyond all floats is cut to a still greater one than they have.
fn read_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size: i64 = digits.parse().unwrap_or(i64::MAX / 8);
    Some(if text.starts_with('-') { -size } else { size })
}

/// The float nearest to these hexadecimal digits times `2**exponent`, halves to even.
fn nearest(digits: impl Iterator<Item = char>, exponent: i64) -> f64 {
    // Sixty bits are more than a float has; of the rest it only matters whether something is there.
    let (mut significand, mut exponent, mut sticky) = (0u64, exponent, false);
    for digit in digits.filter_map(|c| c.to_digit(16)) {
        if significand < 1 << 56 {
            significand = significand << 4 | u64::from(digit);
        } else {
            exponent = exponent.saturating_add(4);
            sticky |= digit != 0;
        }
    }
    if significand == 0 {
        return 0.0;
    }
    let bits = i64::from(64 - significand.leading_zeros());
    let top = bits.saturating_add(exponent);
    if top > 1100 {
        return f64::INFINITY;
    }
    let kept = (top + 1074).min(53);
    if kept < 0 {
        return 0.0;
    }
    let dropped = bits - kept;
    if dropped <= 0 {
        return scale(significand as f64, exponent);
    }
    let dropped_bits = u32::try_from(dropped).unwrap_or(63);
    let rest = significand & ((1u64 << dropped_bits) - 1);
    let half = 1u64 << (dropped_bits - 1);
    let mut kept_part = significand >> dropped_bits;
    if rest > half || (rest == half && (sticky || kept_part & 1 == 1)) {
        kept_part += 1;
    }
    scale(kept_part as f64, exponent + dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hex_like_cpython() {
        let texts = [
            (1.5, "0x1.8000000000000p+0"),
            (0.0, "0x0.0p+0"),
            (-0.0, "-0x0.0p+0"),
            (5e-324, "0x0.0000000000001p-1022"),
            (1e300, "0x1.7e43c8800759cp+996"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "nan"),
        ];
        for (value, text) in texts {
            assert_eq!(hex(value), text);
        }
    }

    #[test]
    fn from_hex_like_cpython() {
        let read = |text| from_hex(text).map(f64::to_bits).map_err(|e| e.to_string());
        let ok = |value: f64| Ok(value.to_bits());
        assert_eq!(read("0x1.8p3"), ok(12.0));
        assert_eq!(read("1.8"), ok(1.5));
        assert_eq!(read(" -0X1P+3 "), ok(-8.0));
        assert_eq!(read("0x1p-1075"), ok(0.0));
        assert_eq!(read("0x1.8p-1075"), ok(5e-324));
        assert_eq!(read("0x1.0000000000000800001p0"), ok(1.0000000000000002));
        assert_eq!(read("0x1.00000000000008p0"), ok(1.0));
        assert_eq!(read("-inf"), ok(f64::NEG_INFINITY));
        assert_eq!(read("0x1p-99999999999999999999"), ok(0.0));
        for text in ["", "x", "0x", "0x1p", ".", "0x1.g", "1p+", "0x1 p1"] {
            assert_eq!(read(text), Err("invalid hexadecimal floating-point string".into()), "{text}");
        }
        for text in ["0x1p1024", "0x1.fffffffffffff8p1023", "0x1p99999999999999999999"] {
            assert_eq!(read(text), Err("hexadecimal value too large to represent as a float".into()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            prop_assert_eq!(from_hex(&hex(value)).map(f64::to_bits), Ok(bits));
        }
    }
}
