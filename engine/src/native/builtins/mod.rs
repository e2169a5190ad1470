//! The functions of `builtins`.

mod core;
mod namespaces;
mod numbers;
mod objects;
pub mod order;

use super::NativeDef;

/// All of them.
pub fn functions() -> impl Iterator<Item = &'static NativeDef> {
    [core::FUNCTIONS, numbers::FUNCTIONS, objects::FUNCTIONS, namespaces::FUNCTIONS].into_iter().flatten()
}
