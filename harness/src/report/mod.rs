//! Reports: pure functions of the result of a run.

pub mod bug;
pub mod heap;
pub mod matrix;
pub mod model;
pub mod page;
pub mod text;
