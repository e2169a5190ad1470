//! What an engine is given: one case, in one mode, as texts to run.
//!
//! Invariant: a [`Job`] is plain data. It holds no expectation, no level and no guard, so an engine cannot tell what
//! is hoped for, and it can be sent to another process as it is.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How the program of a case is compiled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The whole source at once, as `python3 FILE.py` does.
    Module,
    /// One statement at a time, as at the prompt.
    Interactive,
}

impl Mode {
    /// Every mode, in the order of reports. A case runs in all of them unless it says otherwise.
    pub const ALL: [Mode; 2] = [Mode::Module, Mode::Interactive];

    /// The word used in case files, guards and reports.
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Module => "module",
            Mode::Interactive => "interactive",
        }
    }

    /// The mode with this word.
    pub fn from_word(word: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What an engine runs for one case in one mode, in a fresh `__main__`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The case's full id, `scoping.unbound-local/assign`.
    pub case: String,
    /// How the chunks are compiled: one chunk in module mode, one a statement in interactive mode.
    pub mode: Mode,
    /// Modules that the program can import: dotted name and source. A name with submodules here is a package.
    pub files: Vec<(String, String)>,
    /// The texts to compile and run, in order. In interactive mode an exception ends its chunk only; `SystemExit`
    /// ends the session, and the chunks after it are not run.
    pub chunks: Vec<Chunk>,
    /// The functions that have to be in `builtins` before the first chunk runs.
    pub probes: Vec<Probe>,
    /// The names of `__main__` whose alias graphs are wanted after the last chunk, numbered together in this order.
    pub heap: Vec<String>,
}

/// A text that is compiled and run at once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chunk {
    /// The text, ending in a newline.
    pub source: String,
    /// The 1-based line of the case's source at which it starts.
    pub first_line: u32,
    /// In interactive mode: displayed values are wanted with their alias graph.
    pub graph: bool,
}

/// A function that the rewritten program calls.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// Its name in `builtins`: `__probe_7__`, `__raised_7__`. The number is the mark's.
    pub name: String,
    /// What it records.
    pub kind: ProbeKind,
}

/// What a probe function records. Each returns `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProbeKind {
    /// `probe(value)`: its `repr`.
    Value,
    /// `probe(value)`: its `repr` and its alias graph.
    Graph,
    /// `probe()`: the exception being handled.
    Raised,
}
