//! The constant pool of a unit: equal constants are one entry, to any depth (FACTS B.1).
//!
//! Invariant: two values share an entry exactly when they have the same type, are equal and agree in the sign of every
//! zero. A NaN equals nothing, so each NaN has its own entry.

use super::{Const, ConstId, Proto};
use crate::object::text::Text;
use num_bigint::BigInt;
use num_traits::Zero;
use rustc_hash::{FxHashMap, FxHashSet};

/// A constant before it enters a pool.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// `...`
    Ellipsis,
    /// An int.
    Int(BigInt),
    /// A float.
    Float(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
    /// A str.
    Str(Text),
    /// A bytes.
    Bytes(Vec<u8>),
    /// A tuple of constants.
    Tuple(Vec<Value>),
    /// The items in the order of the source, duplicates included.
    FrozenSet(Vec<Value>),
    /// start, stop, step
    Slice(Box<[Value; 3]>),
}

impl Value {
    /// The str with this text.
    pub(crate) fn text(text: &str) -> Value {
        Value::Str(Text::from(text))
    }

    /// The value as a condition.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Value::None => false,
            Value::Bool(value) => *value,
            Value::Ellipsis | Value::Slice(_) => true,
            Value::Int(value) => !value.is_zero(),
            Value::Float(value) => *value != 0.0,
            Value::Complex(real, imag) => *real != 0.0 || *imag != 0.0,
            Value::Str(text) => *text != Text::from(""),
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::Tuple(items) | Value::FrozenSet(items) => !items.is_empty(),
        }
    }
}

/// What makes two constants the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Key {
    None,
    Bool(bool),
    Ellipsis,
    Int(BigInt),
    Float(u64),
    Complex(u64, u64),
    Str(Text),
    Bytes(Vec<u8>),
    Tuple(Vec<ConstId>),
    FrozenSet(Vec<ConstId>),
    Slice([ConstId; 3]),
}

/// The constants of a unit while it is compiled.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    entries: Vec<Const>,
    index: FxHashMap<Key, ConstId>,
    codes: Vec<ConstId>,
    folded: FxHashSet<ConstId>,
}

impl Pool {
    /// The entry of a value, made if it is new.
    pub(crate) fn add(&mut self, value: &Value) -> ConstId {
        match value {
            Value::None => self.enter(Some(Key::None), Const::None),
            Value::Bool(true) => self.enter(Some(Key::Bool(true)), Const::True),
            Value::Bool(false) => self.enter(Some(Key::Bool(false)), Const::False),
            Value::Ellipsis => self.enter(Some(Key::Ellipsis), Const::Ellipsis),
            Value::Int(int) => self.enter(Some(Key::Int(int.clone())), Const::Int(int.clone())),
            Value::Float(float) => {
                let key = (!float.is_nan()).then_some(Key::Float(float.to_bits()));
                self.enter(key, Const::Float(*float))
            }
            Value::Complex(real, imag) => {
                let number = !real.is_nan() && !imag.is_nan();
                let key = number.then_some(Key::Complex(real.to_bits(), imag.to_bits()));
                self.enter(key, Const::Complex(*real, *imag))
            }
            Value::Str(text) => self.enter(Some(Key::Str(text.clone())), Const::Str(text.clone())),
            Value::Bytes(bytes) => {
                self.enter(Some(Key::Bytes(bytes.clone())), Const::Bytes(bytes.clone().into_boxed_slice()))
            }
            Value::Tuple(items) => {
                let items: Vec<ConstId> = items.iter().map(|item| self.add(item)).collect();
                self.enter(Some(Key::Tuple(items.clone())), Const::Tuple(items))
            }
            Value::FrozenSet(items) => {
                let items: Vec<ConstId> = items.iter().map(|item| self.add(item)).collect();
                let mut members = items.clone();
                members.sort_unstable_by_key(|id| id.0);
                members.dedup();
                self.enter(Some(Key::FrozenSet(members)), Const::FrozenSet(items))
            }
            Value::Slice(parts) => {
                let [start, stop, step] = parts.as_ref();
                let parts = [self.add(start), self.add(stop), self.add(step)];
                self.enter(Some(Key::Slice(parts)), Const::Slice(parts))
            }
        }
    }

    /// The entry of a value that was folded from the code, not read from the source.
    pub(crate) fn add_folded(&mut self, value: &Value) -> ConstId {
        let known = self.entries.len();
        let id = self.add(value);
        if id.0 as usize >= known {
            self.folded.insert(id);
        }
        id
    }

    /// The entry of a folded tuple that is no other constant, whatever is equal to it.
    pub(crate) fn add_own_tuple(&mut self, items: &[Value]) -> ConstId {
        let items = items.iter().map(|item| self.add(item)).collect();
        let id = self.enter(None, Const::Tuple(items));
        self.folded.insert(id);
        id
    }

    /// The entry of a code. Equal codes are one constant; `same` says when two are equal.
    pub(crate) fn add_code(&mut self, code: Proto, same: impl Fn(&Proto, &Proto) -> bool) -> ConstId {
        let found = self.codes.iter().copied().find(|id| match self.entries.get(id.0 as usize) {
            Some(Const::Code(known)) => same(known, &code),
            _ => false,
        });
        found.unwrap_or_else(|| {
            let id = self.enter(None, Const::Code(Box::new(code)));
            self.codes.push(id);
            id
        })
    }

    /// A constant of the pool.
    pub(crate) fn get(&self, id: ConstId) -> Option<&Const> {
        self.entries.get(id.0 as usize)
    }

    /// The constant as a condition.
    pub(crate) fn truth(&self, id: ConstId) -> Option<bool> {
        Some(match self.get(id)? {
            Const::None | Const::False => false,
            Const::True | Const::Ellipsis | Const::Slice(_) | Const::Code(_) => true,
            Const::Int(value) => !value.is_zero(),
            Const::Float(value) => *value != 0.0,
            Const::Complex(real, imag) => *real != 0.0 || *imag != 0.0,
            Const::Str(text) => *text != Text::from(""),
            Const::Bytes(bytes) => !bytes.is_empty(),
            Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        })
    }

    /// All entries, and for each whether it was folded from the code.
    pub(crate) fn into_entries(self) -> (Vec<Const>, Vec<bool>) {
        let folded = (0..self.entries.len() as u32).map(|at| self.folded.contains(&ConstId(at))).collect();
        (self.entries, folded)
    }

    fn enter(&mut self, key: Option<Key>, value: Const) -> ConstId {
        if let Some(known) = key.as_ref().and_then(|key| self.index.get(key)) {
            return *known;
        }
        let id = ConstId(self.entries.len() as u32);
        self.entries.push(value);
        if let Some(key) = key {
            self.index.insert(key, id);
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_type_value_and_sign_of_zero() {
        let mut pool = Pool::default();
        let apart = [
            Value::Int(1.into()),
            Value::Float(1.0),
            Value::Bool(true),
            Value::Complex(1.0, 0.0),
            Value::Float(0.0),
            Value::Float(-0.0),
            Value::Complex(0.0, -0.0),
            Value::text("ab"),
            Value::Bytes(b"ab".to_vec()),
            Value::Tuple(vec![Value::Int(1.into())]),
            Value::Tuple(vec![Value::Float(1.0)]),
            Value::Tuple(vec![Value::Float(0.0)]),
            Value::Tuple(vec![Value::Float(-0.0)]),
        ];
        let mut ids: Vec<u32> = apart.iter().map(|value| pool.add(value).0).collect();
        let again: Vec<u32> = apart.iter().map(|value| pool.add(value).0).collect();
        assert_eq!(ids, again);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), apart.len());
    }

    #[test]
    fn sets_are_the_same_in_any_order_and_nan_never_is() {
        let mut pool = Pool::default();
        let set = |items: &[i32]| Value::FrozenSet(items.iter().map(|&item| Value::Int(item.into())).collect());
        assert_eq!(pool.add(&set(&[1, 2])), pool.add(&set(&[2, 1, 1])));
        assert_ne!(pool.add(&Value::Float(f64::NAN)), pool.add(&Value::Float(f64::NAN)));
    }
}
