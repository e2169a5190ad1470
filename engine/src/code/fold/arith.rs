//! Arithmetic on constants, with CPython's limits (`safe_multiply`, `safe_power`, `safe_lshift`).

use super::{may_repeat, points};
use crate::code::pool::Value;
use crate::object::text::Text;
use crate::rules::FoldLimits;
use crate::syntax::ast::{Operator, UnaryOp};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

/// A number in the tower int, float, complex.
enum Number {
    Int(BigInt),
    Float(f64),
    Complex(f64, f64),
}

fn number(value: &Value) -> Option<Number> {
    Some(match value {
        Value::Bool(value) => Number::Int(BigInt::from(u8::from(*value))),
        Value::Int(value) => Number::Int(value.clone()),
        Value::Float(value) => Number::Float(*value),
        Value::Complex(real, imag) => Number::Complex(*real, *imag),
        _ => return None,
    })
}

/// `+x`, `-x`, `~x`
pub(super) fn unary(op: UnaryOp, operand: Value) -> Option<Value> {
    Some(match (op, number(&operand)?) {
        (UnaryOp::UAdd, Number::Int(value)) => Value::Int(value),
        (UnaryOp::USub, Number::Int(value)) => Value::Int(-value),
        (UnaryOp::Invert, Number::Int(value)) => Value::Int(-value - 1),
        (UnaryOp::UAdd, Number::Float(value)) => Value::Float(value),
        (UnaryOp::USub, Number::Float(value)) => Value::Float(-value),
        (UnaryOp::UAdd, Number::Complex(real, imag)) => Value::Complex(real, imag),
        (UnaryOp::USub, Number::Complex(real, imag)) => Value::Complex(-real, -imag),
        (UnaryOp::Invert | UnaryOp::Not, _) => return None,
    })
}

/// `left op right`
pub(super) fn binary(op: Operator, left: &Value, right: &Value, limits: &FoldLimits) -> Option<Value> {
    if let (Value::Bool(left), Value::Bool(right)) = (left, right) {
        match op {
            Operator::BitAnd => return Some(Value::Bool(left & right)),
            Operator::BitOr => return Some(Value::Bool(left | right)),
            Operator::BitXor => return Some(Value::Bool(left ^ right)),
            _ => {}
        }
    }
    match (number(left), number(right)) {
        (Some(Number::Int(left)), Some(Number::Int(right))) => ints(op, &left, &right, limits),
        (Some(left), Some(right)) => floats_or_complex(op, left, right),
        (None, Some(Number::Int(count))) if op == Operator::Mult => repeat(left, &count, limits),
        (Some(Number::Int(count)), None) if op == Operator::Mult => repeat(right, &count, limits),
        (None, None) if op == Operator::Add => concat(left, right),
        _ => None,
    }
}

fn ints(op: Operator, left: &BigInt, right: &BigInt, limits: &FoldLimits) -> Option<Value> {
    let both = !left.is_zero() && !right.is_zero();
    Some(Value::Int(match op {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mult => {
            if both && left.bits() + right.bits() > limits.bits {
                return None;
            }
            left * right
        }
        Operator::Div => return true_divide(left, right).map(Value::Float),
        Operator::FloorDiv if !right.is_zero() => left.div_floor(right),
        Operator::Mod if !right.is_zero() => left.mod_floor(right),
        Operator::Pow if right.is_negative() => {
            return power(left.to_f64()?, right.to_f64()?);
        }
        Operator::Pow => {
            let exponent = right.to_u32();
            if both && left.bits() > limits.bits / u64::from(exponent?) {
                return None;
            }
            match exponent {
                Some(exponent) => left.pow(exponent),
                None if left.is_zero() => BigInt::ZERO,
                None => return None,
            }
        }
        Operator::LShift if !right.is_negative() => {
            if !both {
                return Some(Value::Int(left.clone()));
            }
            let by = right.to_u64().filter(|&by| by <= limits.bits && left.bits() <= limits.bits - by)?;
            left << by
        }
        Operator::RShift if !right.is_negative() => match right.to_u64() {
            Some(by) => left >> by,
            None => BigInt::from(if left.is_negative() { -1 } else { 0 }),
        },
        Operator::BitAnd => left & right,
        Operator::BitOr => left | right,
        Operator::BitXor => left ^ right,
        Operator::FloorDiv | Operator::Mod | Operator::LShift | Operator::RShift | Operator::MatMult => return None,
    }))
}

/// `int / int` where both have an exact float: anything else is left to run time.
fn true_divide(left: &BigInt, right: &BigInt) -> Option<f64> {
    let exact = |value: &BigInt| (value.bits() <= 53).then(|| value.to_f64()).flatten();
    let (left, right) = (exact(left)?, exact(right)?);
    (right != 0.0).then(|| left / right)
}

fn floats_or_complex(op: Operator, left: Number, right: Number) -> Option<Value> {
    let real = |number: &Number| match number {
        // An int beyond the floats raises OverflowError.
        Number::Int(value) => value.to_f64().filter(|value| value.is_finite()),
        Number::Float(value) => Some(*value),
        Number::Complex(..) => None,
    };
    if let (Some(left), Some(right)) = (real(&left), real(&right)) {
        return floats(op, left, right);
    }
    let parts = |number: &Number| match number {
        Number::Complex(real, imag) => Some((*real, *imag)),
        other => real(other).map(|value| (value, 0.0)),
    };
    let mixed = !matches!((&left, &right), (Number::Complex(..), Number::Complex(..)));
    let ((a, b), (c, d)) = (parts(&left)?, parts(&right)?);
    // How a real and a complex number mix decides the sign of zeros and NaNs: only plain sums are taken here.
    let plain = [a, b, c, d].iter().all(|part| part.is_finite());
    match op {
        Operator::Add if plain => {
            let imag = match (&left, &right) {
                (Number::Complex(..), Number::Complex(..)) => b + d,
                (Number::Complex(..), _) if b != 0.0 => b,
                (_, Number::Complex(..)) if d != 0.0 => d,
                _ => return None,
            };
            Some(Value::Complex(a + c, imag))
        }
        Operator::Sub if plain => {
            let imag = match (&left, &right) {
                (Number::Complex(..), Number::Complex(..)) => b - d,
                (Number::Complex(..), _) if b != 0.0 => b,
                (_, Number::Complex(..)) if d != 0.0 => -d,
                _ => return None,
            };
            Some(Value::Complex(a - c, imag))
        }
        Operator::Mult if plain && !mixed => Some(Value::Complex(a * c - b * d, a * d + b * c)),
        _ => None,
    }
}

fn floats(op: Operator, left: f64, right: f64) -> Option<Value> {
    Some(Value::Float(match op {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mult => left * right,
        Operator::Div if right != 0.0 => left / right,
        Operator::FloorDiv if right != 0.0 => floor_divide(left, right),
        Operator::Mod if right != 0.0 => modulo(left, right),
        Operator::Pow => return power(left, right),
        _ => return None,
    }))
}

/// Python's float `%`: the sign of the divisor.
fn modulo(left: f64, right: f64) -> f64 {
    let rest = left % right;
    if rest == 0.0 {
        return 0.0_f64.copysign(right);
    }
    if (right < 0.0) != (rest < 0.0) { rest + right } else { rest }
}

/// Python's float `//`, by way of the remainder as in `float_floor_div`.
fn floor_divide(left: f64, right: f64) -> f64 {
    let rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest != 0.0 && (right < 0.0) != (rest < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0.0_f64.copysign(left / right);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

/// `**` of floats where the result is a finite float.
fn power(left: f64, right: f64) -> Option<Value> {
    let raises = left == 0.0 && right < 0.0;
    let complex = left < 0.0 && left.is_finite() && right.is_finite() && right != right.floor();
    if raises || complex {
        return None;
    }
    let result = left.powf(right);
    let overflow = !result.is_finite() && left.is_finite() && right.is_finite();
    (!overflow).then_some(Value::Float(result))
}

fn repeat(sequence: &Value, count: &BigInt, limits: &FoldLimits) -> Option<Value> {
    let count = count.to_i64()?;
    if !may_repeat(sequence, count, limits) {
        return None;
    }
    let count = usize::try_from(count).unwrap_or(0);
    Some(match sequence {
        Value::Tuple(items) => {
            let all = items.iter().cycle().take(items.len() * count);
            Value::Tuple(all.cloned().collect())
        }
        Value::Str(text) => {
            let points = points(text);
            Value::Str(Text::from_points(points.repeat(if points.is_empty() { 0 } else { count })))
        }
        Value::Bytes(bytes) => Value::Bytes(bytes.repeat(if bytes.is_empty() { 0 } else { count })),
        _ => return None,
    })
}

fn concat(left: &Value, right: &Value) -> Option<Value> {
    Some(match (left, right) {
        (Value::Str(left), Value::Str(right)) => {
            Value::Str(Text::from_points(points(left).into_iter().chain(points(right))))
        }
        (Value::Bytes(left), Value::Bytes(right)) => Value::Bytes([left.as_slice(), right].concat()),
        (Value::Tuple(left), Value::Tuple(right)) => Value::Tuple([left.as_slice(), right].concat()),
        _ => return None,
    })
}
