//! Arithmetic on constants, with CPython's limits (`safe_multiply`, `safe_power`, `safe_lshift`).

use super::{may_repeat, points};
use crate::code::pool::Value;
use crate::object::number::complex::{self, Complex, Operand};
use crate::object::number::{Int, float};
use crate::object::text::Text;
use crate::rules::{FoldLimits, Profile};
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
pub(super) fn binary(op: Operator, left: &Value, right: &Value, profile: &Profile) -> Option<Value> {
    let limits = &profile.fold_limits;
    if let (Value::Bool(left), Value::Bool(right)) = (left, right) {
        match op {
            Operator::BitAnd => return Some(Value::Bool(left & right)),
            Operator::BitOr => return Some(Value::Bool(left | right)),
            Operator::BitXor => return Some(Value::Bool(left ^ right)),
            _ => {}
        }
    }
    match (number(left), number(right)) {
        (Some(Number::Int(left)), Some(Number::Int(right))) => ints(op, &left, &right, profile),
        (Some(left), Some(right)) => floats_or_complex(op, left, right, profile),
        (None, Some(Number::Int(count))) if op == Operator::Mult => repeat(left, &count, limits),
        (Some(Number::Int(count)), None) if op == Operator::Mult => repeat(right, &count, limits),
        (None, None) if op == Operator::Add => concat(left, right),
        _ => None,
    }
}

fn ints(op: Operator, left: &BigInt, right: &BigInt, profile: &Profile) -> Option<Value> {
    let limits = &profile.fold_limits;
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
        Operator::Div => {
            let quotient = Int::from(left.clone()).true_div(&Int::from(right.clone()), profile);
            return quotient.ok().map(Value::Float);
        }
        Operator::FloorDiv if !right.is_zero() => left.div_floor(right),
        Operator::Mod if !right.is_zero() => left.mod_floor(right),
        Operator::Pow if right.is_negative() => {
            let number = |value: &BigInt| Number::Int(value.clone());
            return floats_or_complex(op, number(left), number(right), profile);
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

fn floats_or_complex(op: Operator, left: Number, right: Number, profile: &Profile) -> Option<Value> {
    let operand = |number: Number| {
        Some(match number {
            // An int beyond the floats raises OverflowError.
            Number::Int(value) => Operand::Real(Int::from(value).to_f64().ok()?),
            Number::Float(value) => Operand::Real(value),
            Number::Complex(real, imag) => Operand::Complex(Complex { real, imag }),
        })
    };
    let (left, right) = (operand(left)?, operand(right)?);
    if let (Operand::Real(left), Operand::Real(right)) = (left, right) {
        return floats(op, left, right, profile);
    }
    let whole = |operand: Operand| match operand {
        Operand::Real(value) => Complex::from(value),
        Operand::Complex(value) => value,
    };
    let result = match op {
        Operator::Add => complex::add(left, right, profile),
        Operator::Sub => complex::sub(left, right, profile),
        Operator::Mult => complex::mul(left, right, profile),
        Operator::Div => complex::div(left, right, profile).ok()?,
        Operator::Pow => whole(left).pow(whole(right), profile).ok()?,
        _ => return None,
    };
    Some(Value::Complex(result.real, result.imag))
}

fn floats(op: Operator, left: f64, right: f64, profile: &Profile) -> Option<Value> {
    let result = match op {
        Operator::Add => Ok(left + right),
        Operator::Sub => Ok(left - right),
        Operator::Mult => Ok(left * right),
        Operator::Div => float::true_div(left, right, profile),
        Operator::FloorDiv => float::floor_div(left, right, profile),
        Operator::Mod => float::modulo(left, right, profile),
        Operator::Pow => {
            return Some(match float::pow(left, right, profile).ok()? {
                float::Power::Real(value) => Value::Float(value),
                float::Power::Complex(value) => Value::Complex(value.real, value.imag),
            });
        }
        _ => return None,
    };
    result.ok().map(Value::Float)
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
