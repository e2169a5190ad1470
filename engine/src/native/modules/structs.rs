//! `_struct`: floats as bytes. The formats of `struct` are the Python source `lib/struct.py`.

use crate::heap::Ref;
use crate::native::{NativeDef, function};
use crate::vm::{Res, Vm};

static FUNCTIONS: &[NativeDef] = &[
    // The most significant byte first; the size is 2, 4 or 8.
    function("float_bytes", 2, 2, |vm, args| {
        let value = super::math::real(vm, args.get(vm, 0))?;
        let data = match vm.index_of(args.get(vm, 1))? {
            2 => match to_half(value) {
                Some(bits) => bits.to_be_bytes().to_vec(),
                None => return Err(vm.overflow("float too large to pack with e format")),
            },
            4 => {
                let narrow = value as f32;
                if narrow.is_infinite() && value.is_finite() {
                    return Err(vm.overflow("float too large to pack with f format"));
                }
                narrow.to_be_bytes().to_vec()
            }
            _ => value.to_be_bytes().to_vec(),
        };
        Ok(vm.new_bytes(data))
    }),
    function("bytes_float", 1, 1, |vm, args| {
        let data = vm.buffer(args.get(vm, 0))?;
        let value = match data[..] {
            [a, b] => from_half(u16::from_be_bytes([a, b])),
            [a, b, c, d] => f64::from(f32::from_be_bytes([a, b, c, d])),
            _ => f64::from_be_bytes(data.try_into().unwrap_or([0; 8])),
        };
        Ok(vm.new_float(value))
    }),
];

/// Fills the module's namespace.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_struct", def);
    }
    Ok(())
}

/// The nearest half-precision float, ties to even; `None` beyond the largest.
fn to_half(value: f64) -> Option<u16> {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let value = value.abs();
    if value.is_nan() {
        return Some(sign | 0x7e00);
    }
    if value.is_infinite() {
        return Some(sign | 0x7c00);
    }
    // The first value that rounds beyond the largest.
    if value >= 65520.0 {
        return None;
    }
    // Below 2**-14 the step stays 2**-24; above it grows with the exponent.
    let exponent = if value == 0.0 { -14 } else { libm::ilogb(value).max(-14) };
    let steps = libm::rint(libm::scalbn(value, 10 - exponent)) as u16;
    // A carry out of the mantissa moves into the exponent by itself.
    Some(sign | (((exponent + 14) as u16) * 0x400 + steps))
}

fn from_half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, mantissa) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let value = match exponent {
        0 => libm::scalbn(mantissa, -24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => libm::scalbn(mantissa + 1024.0, exponent - 25),
    };
    value.copysign(sign)
}
