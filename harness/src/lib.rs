//! The harness: cases in, verdicts out.

pub mod case;
pub mod judge;
