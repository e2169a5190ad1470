//! The functions of `builtins`.

mod core;

use super::NativeDef;

/// All of them.
pub fn functions() -> impl Iterator<Item = &'static NativeDef> {
    [core::FUNCTIONS].into_iter().flatten()
}
