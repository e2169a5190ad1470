//! Built-in types: bodies and behaviour.

pub mod format;
pub mod hash;
pub mod number;
pub mod repr;
pub mod table;
pub mod text;
