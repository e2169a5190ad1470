//! Built-in types: bodies and behaviour.

pub mod text;
