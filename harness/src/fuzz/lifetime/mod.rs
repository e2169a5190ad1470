//! Programs about the lifetime of objects: counts, finalisers, weak references, cycles, sizes.

mod print;
mod tree;

pub use print::program;
pub use tree::{Step, smaller, steps};
