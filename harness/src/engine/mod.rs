//! Engines: anything that runs a [`Job`] and says what it saw.
//!
//! Invariant: an engine knows nothing of expectations, and whatever an engine does — hang, die, babble — ends in an
//! [`Observation`] of the job that it was given, never in an error of another job or of the harness.

mod answer;
mod batch;
pub mod capability;
mod compiler;
pub mod graph;
mod guarded;
mod live;
mod panics;
mod patience;
mod plain;
pub mod poison;
pub(crate) mod process;
pub mod protocol;
mod python;
pub mod rates;
mod reference;
mod spec;
pub mod steps;
mod worker;

pub use batch::{Answers, BatchReference, BatchWorker, Ran};
pub use compiler::{Notice, Opinion, PythonCompiler};
pub use guarded::{GuardedEngine, Maker};
pub use live::clear_up_when_interrupted;
pub use panics::watched;
pub use plain::{PlainEngine, Script, ScriptEngine, ScriptError};
pub use protocol::WorkerEngine;
pub use python::PythonEngine;
pub use reference::{ReferenceEngine, STACK, limit_word, prompt_output};
pub use spec::{EngineSpec, Isolation, OpenError, words_of};

use crate::case::{Job, Mode};
use crate::judge::Observation;
use std::time::Duration;
use verysame_engine::rules::PyVersion;

/// What is known of an engine before it runs anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EngineInfo {
    /// What reports call it: `reference 3.12.1`, `python3`.
    pub name: String,
    /// `verysame`, or what the engine calls itself in `sys.implementation.name`.
    pub implementation: String,
    /// The version of the language that it runs, `sys.version_info`.
    pub version: PyVersion,
    /// The engine's own release where that is another number (PyPy 7.3.11).
    pub release: Option<String>,
    /// The program behind the command, `sys.executable`.
    pub program: Option<String>,
    /// Cases of level `cpython` count for it.
    pub claims_cpython: bool,
    /// How programs are kept apart.
    pub isolation: Isolation,
    /// The modes that it has.
    pub modes: Vec<Mode>,
}

/// Bounds of one job.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The longest time that a job may take.
    pub time: Duration,
    /// The most bytes that a program may write.
    pub output: usize,
    /// Steps of the reference engine.
    pub steps: u64,
    /// Bytes of the reference engine's heap.
    pub memory: usize,
    /// Bytes of memory of its own that another engine's process may have.
    pub process_memory: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            time: Duration::from_secs(10),
            output: 4 << 20,
            steps: 50_000_000,
            memory: 256 << 20,
            process_memory: 4 << 30,
        }
    }
}

/// Something that runs Python.
pub trait Engine: Send {
    /// Who it is.
    fn describe(&self) -> EngineInfo;
    /// Runs one job in a fresh interpreter and says what was seen.
    fn observe(&mut self, job: &Job, limits: &Limits) -> Observation;
}
