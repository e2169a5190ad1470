//! Reports: pure functions of the result of a run.

pub mod heap;
pub mod model;
pub mod text;
