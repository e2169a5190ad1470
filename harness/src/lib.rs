//! The harness: cases in, verdicts out.

pub mod case;
pub mod engine;
pub mod judge;
