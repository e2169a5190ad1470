//! Cases as data: the files, their marks, their expansion, and the texts that an engine is given for each.
//!
//! Invariant: no engine is known here, and nothing here runs a program.

pub mod plan;

pub use plan::{Chunk, Job, Mode, Probe, ProbeKind};
