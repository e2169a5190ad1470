//! Arithmetic of `int`, `float` and `complex`, with CPython's results and error texts, over plain values.

pub mod complex;
pub mod complex_text;
pub mod float;
pub mod float_text;
pub mod hex_float;
pub mod int;
pub use int::Int;
pub mod int_bytes;
pub mod int_float;
pub mod int_power;
pub mod int_text;

use std::borrow::Cow;

/// What an operation on numbers raises: the class of the exception and its text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NumberError {
    /// `ZeroDivisionError`
    #[error("{0}")]
    ZeroDivision(&'static str),
    /// `OverflowError`
    #[error("{0}")]
    Overflow(Cow<'static, str>),
    /// `OverflowError(34, 'Numerical result out of range')`: its text is that of the pair.
    #[error("(34, 'Numerical result out of range')")]
    OutOfRange,
    /// `ValueError`
    #[error("{0}")]
    Value(Cow<'static, str>),
    /// `ValueError` whose text ends in the `repr` of what was given, cut to 200 characters where CPython cuts it.
    #[error("{}", .0.to_string_lossy())]
    Literal(super::text::Text),
    /// `TypeError`
    #[error("{0}")]
    Type(Cow<'static, str>),
    /// `MemoryError`: the result would not fit into memory.
    #[error("")]
    Memory,
}

impl NumberError {
    /// A `ValueError` with a fixed text.
    pub(crate) const fn value(text: &'static str) -> NumberError {
        NumberError::Value(Cow::Borrowed(text))
    }

    /// An `OverflowError` with a fixed text.
    pub(crate) const fn overflow(text: &'static str) -> NumberError {
        NumberError::Overflow(Cow::Borrowed(text))
    }

    /// The name of the exception's class.
    #[cfg(test)]
    pub fn class(&self) -> &'static str {
        match self {
            NumberError::ZeroDivision(_) => "ZeroDivisionError",
            NumberError::Overflow(_) | NumberError::OutOfRange => "OverflowError",
            NumberError::Value(_) | NumberError::Literal(_) => "ValueError",
            NumberError::Type(_) => "TypeError",
            NumberError::Memory => "MemoryError",
        }
    }
}
