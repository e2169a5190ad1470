//! Constant folding: which expressions become constants when the code is compiled (FACTS B.3).
//!
//! Invariant: a folded expression has the value that evaluating it would give; whatever could raise, or would make a
//! big constant, is left to run time.

mod arith;

use super::pool::Value;
use crate::object::text::Text;
use crate::rules::{FoldLimits, Profile};
use crate::syntax::ast::{self, Expr};
use crate::syntax::literal::{bytes_value, fstring_text, int_value, literal_text, string_value};
use crate::syntax::{Parsed, Ranged, deeper};
use num_traits::ToPrimitive;

/// Folds the expressions of one source text by the rules of one version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folder<'a> {
    /// The source and its tree.
    pub parsed: &'a Parsed,
    /// The rules.
    pub profile: &'a Profile,
    /// Operations stay what they are: only literals are constants. A tuple of literals is built, and becomes a constant
    /// where built tuples do.
    pub literals_only: bool,
    /// What `__debug__` is.
    pub debug: bool,
}

/// The characters of a text.
pub(super) fn points(text: &Text) -> Vec<u32> {
    text.points().collect()
}

impl Folder<'_> {
    /// The value of an expression that is a constant.
    pub(crate) fn constant(&self, expr: &Expr) -> Option<Value> {
        match expr {
            Expr::BinOp(_)
            | Expr::UnaryOp(_)
            | Expr::Subscript(_)
            | Expr::Slice(_)
            | Expr::Name(_)
            | Expr::Tuple(_)
                if self.literals_only =>
            {
                None
            }
            Expr::BinOp(operation) => deeper(|| self.binary(operation)),
            Expr::UnaryOp(operation) => deeper(|| self.unary(operation)),
            Expr::Tuple(tuple) => deeper(|| self.items(&tuple.elts)).map(Value::Tuple),
            Expr::Subscript(subscript) => deeper(|| self.subscript(subscript)),
            Expr::FString(fstring) => self.fstring(fstring),
            Expr::Slice(slice) if self.profile.fold_slices => {
                self.slice(slice).map(|parts| Value::Slice(Box::new(parts)))
            }
            Expr::Name(name) => (name.id.as_str() == "__debug__").then_some(Value::Bool(self.debug)),
            literal => self.literal(literal),
        }
    }

    /// The value of a literal.
    pub(crate) fn literal(&self, expr: &Expr) -> Option<Value> {
        Some(match expr {
            Expr::NoneLiteral(_) => Value::None,
            Expr::EllipsisLiteral(_) => Value::Ellipsis,
            Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
            Expr::StringLiteral(literal) => Value::Str(string_value(self.parsed, literal)),
            Expr::BytesLiteral(literal) => Value::Bytes(bytes_value(literal)),
            Expr::NumberLiteral(literal) => match &literal.value {
                ast::Number::Int(_) => Value::Int(int_value(self.parsed, literal.range(), self.profile).ok()?),
                ast::Number::Float(float) => Value::Float(*float),
                ast::Number::Complex { real, imag } => Value::Complex(*real, *imag),
            },
            _ => return None,
        })
    }

    /// The values of expressions that are all constants.
    pub(crate) fn items(&self, items: &[Expr]) -> Option<Vec<Value>> {
        items.iter().map(|item| self.constant(item)).collect()
    }

    fn fstring(&self, fstring: &ast::ExprFString) -> Option<Value> {
        let mut text = Vec::new();
        for part in fstring.value.iter() {
            match part {
                ast::FStringPart::Literal(literal) => text.extend(points(&literal_text(self.parsed, literal))),
                ast::FStringPart::FString(fstring) => {
                    let raw = fstring.flags.prefix().is_raw();
                    for element in &fstring.elements {
                        let ast::InterpolatedStringElement::Literal(literal) = element else { return None };
                        text.extend(points(&fstring_text(self.parsed, literal, raw)));
                    }
                }
            }
        }
        (!text.is_empty() || self.profile.fold_empty_fstring).then(|| Value::Str(Text::from_points(text)))
    }

    fn unary(&self, operation: &ast::ExprUnaryOp) -> Option<Value> {
        let operand = self.constant(&operation.operand)?;
        match (operation.op, operand) {
            (ast::UnaryOp::Not, Value::Tuple(_)) if !self.profile.fold_not_tuple => None,
            (ast::UnaryOp::Not, operand) => Some(Value::Bool(!operand.is_true())),
            (ast::UnaryOp::Invert, Value::Bool(_)) if !self.profile.fold_invert_bool => None,
            (op, operand) => arith::unary(op, operand),
        }
    }

    fn binary(&self, operation: &ast::ExprBinOp) -> Option<Value> {
        // The chain `x + 1 + 2 + …` is tried at every level: its start decides cheaply.
        let mut start = &*operation.left;
        while let Expr::BinOp(inner) = start {
            start = &inner.left;
        }
        let variable = matches!(start, Expr::Name(name) if name.id.as_str() != "__debug__");
        if variable || matches!(start, Expr::Call(_) | Expr::Attribute(_) | Expr::Await(_)) {
            return None;
        }
        let right = self.constant(&operation.right)?;
        let left = self.constant(&operation.left)?;
        arith::binary(operation.op, &left, &right, self.profile)
    }

    fn subscript(&self, subscript: &ast::ExprSubscript) -> Option<Value> {
        if !matches!(subscript.ctx, ast::ExprContext::Load) {
            return None;
        }
        let container = self.constant(&subscript.value)?;
        if let Expr::Slice(slice) = &*subscript.slice {
            return if self.profile.fold_slices { sliced(&container, &self.slice(slice)?) } else { None };
        }
        let index = match self.constant(&subscript.slice)? {
            Value::Int(index) => index.to_i64()?,
            Value::Bool(index) => i64::from(index),
            _ => return None,
        };
        let at = |len: usize| usize::try_from(if index < 0 { index.checked_add(len as i64)? } else { index }).ok();
        match container {
            Value::Tuple(items) => items.get(at(items.len())?).cloned(),
            Value::Bytes(bytes) => bytes.get(at(bytes.len())?).map(|&byte| Value::Int(byte.into())),
            Value::Str(text) => {
                let points = points(&text);
                points.get(at(points.len())?).map(|&point| Value::Str(Text::from_points([point])))
            }
            _ => None,
        }
    }

    /// The parts of a slice, if all are literals.
    pub(crate) fn slice(&self, slice: &ast::ExprSlice) -> Option<[Value; 3]> {
        let part = |part: &Option<Box<Expr>>| match part {
            Some(part) => self.literal(part),
            None => Some(Value::None),
        };
        Some([part(&slice.lower)?, part(&slice.upper)?, part(&slice.step)?])
    }
}

/// A slice of a constant sequence.
fn sliced(container: &Value, [start, stop, step]: &[Value; 3]) -> Option<Value> {
    let number = |value: &Value| match value {
        Value::None => Some(None),
        Value::Bool(value) => Some(Some(i64::from(*value))),
        Value::Int(value) => value.to_i64().map(Some),
        _ => None,
    };
    let (start, stop, step) = (number(start)?, number(stop)?, number(step)?.unwrap_or(1));
    Some(match container {
        Value::Str(text) => Value::Str(Text::from_points(pick(&points(text), start, stop, step)?)),
        Value::Bytes(bytes) => Value::Bytes(pick(bytes, start, stop, step)?),
        Value::Tuple(items) => Value::Tuple(pick(items, start, stop, step)?),
        _ => return None,
    })
}

fn pick<T: Clone>(items: &[T], start: Option<i64>, stop: Option<i64>, step: i64) -> Option<Vec<T>> {
    if step == 0 {
        return None;
    }
    let len = items.len() as i64;
    // The bounds of PySlice_AdjustIndices: an end may lie one before the first item when going down.
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |bound: Option<i64>, absent: i64| match bound {
        None => absent,
        Some(bound) if bound < 0 => bound.saturating_add(len).max(low),
        Some(bound) => bound.min(high),
    };
    let (first, last) = if step > 0 { (low, high) } else { (high, low) };
    let (mut at, stop) = (clamp(start, first), clamp(stop, last));
    let mut picked = Vec::new();
    while if step > 0 { at < stop } else { at > stop } {
        picked.push(items.get(usize::try_from(at).ok()?)?.clone());
        at = at.saturating_add(step);
    }
    Some(picked)
}

/// How many values a constant counts as in the limit for repeated tuples.
fn complexity(value: &Value, limit: i64) -> i64 {
    match value {
        Value::Tuple(items) => {
            let mut rest = limit - items.len() as i64;
            for item in items {
                if rest < 0 {
                    return rest;
                }
                rest = complexity(item, rest);
            }
            rest
        }
        _ => limit,
    }
}

/// Whether repeating `sequence` may be folded.
pub(super) fn may_repeat(sequence: &Value, count: i64, limits: &FoldLimits) -> bool {
    let fits = |size: usize, most: usize| size == 0 || (count >= 0 && count as u64 <= (most / size) as u64);
    match sequence {
        Value::Tuple(items) => {
            let size = items.len();
            fits(size, limits.tuple_items)
                && (size == 0 || count == 0 || complexity(sequence, limits.nested_items as i64 / count) >= 0)
        }
        Value::Str(text) => fits(points(text).len(), limits.characters),
        Value::Bytes(bytes) => fits(bytes.len(), limits.characters),
        _ => false,
    }
}
