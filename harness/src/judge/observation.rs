//! What an engine did with a [`Job`](crate::case::Job).
//!
//! Invariant: facts only. Whether they are right is said elsewhere, by [`judge`](crate::judge).

use serde::{Deserialize, Serialize};
use std::fmt;

/// Everything that was seen of one run of one job.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Observation {
    /// What probes and the display hook saw, in order.
    #[serde(default)]
    pub events: Vec<Event>,
    /// How each chunk ended, by the chunk's index. Chunks that are missing at the end were not run.
    #[serde(default)]
    pub chunks: Vec<ChunkEnd>,
    /// What the program wrote to stdout. The display hook writes nothing: its values are events.
    #[serde(default)]
    pub stdout: String,
    /// The alias graphs that the job asked for, in its order; `None` for an unbound name.
    #[serde(default)]
    pub heap: Vec<Option<String>>,
    /// How the engine itself fared.
    #[serde(default)]
    pub end: ProcessEnd,
}

/// Something seen while the program ran.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Who saw it.
    pub by: EventSource,
    /// What was seen.
    pub seen: Seen,
}

/// Who saw an event.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventSource {
    /// The probe function with this name.
    Probe(String),
    /// `sys.displayhook`, called with any value (`None` too) by the chunk with this index.
    Display(usize),
}

impl EventSource {
    /// Whether it is the probe with this name.
    pub fn is_probe(&self, name: &str) -> bool {
        match self {
            EventSource::Probe(own) => own == name,
            EventSource::Display(_) => false,
        }
    }
}

/// The observed fact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seen {
    /// A value.
    Value {
        /// `repr(value)`
        repr: String,
        /// Canonical text of its alias graph, if it was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        graph: Option<String>,
    },
    /// An exception that a probe was called to look at. `at_compile` is false.
    Raised(Raised),
}

/// An exception.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Raised {
    /// The class's name, with its module unless that is `builtins` or `__main__`, as a traceback shows it.
    pub class: String,
    /// `str(exception)`; of a SyntaxError the bare message.
    pub text: String,
    /// The compiler raised it: nothing of the chunk ran.
    #[serde(default)]
    pub at_compile: bool,
    /// The 1-based line of the chunk's own text that was being run or compiled, if the engine says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl Raised {
    /// `NameError: name 'x' is not defined`
    pub fn words(&self) -> String {
        if self.text.is_empty() { self.class.clone() } else { format!("{}: {}", self.class, self.text) }
    }
}

impl fmt::Display for Raised {
    /// As a mark would say it: `!> NameError: name 'x' is not defined`, with `@compile` where it belongs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "!> {}{}", self.words(), if self.at_compile { " @compile" } else { "" })
    }
}

/// How a chunk ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChunkEnd {
    /// It ran to its end.
    Completed,
    /// An exception reached the top.
    Raised(Raised),
    /// `SystemExit`, with the exit status.
    Exit(i32),
    /// An earlier end of the session kept it from running.
    NotRun,
}

/// How the engine fared with the job as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessEnd {
    /// It answered.
    #[default]
    Ok,
    /// It did not answer in time.
    Timeout,
    /// It died; the words say how ("signal 11 (SIGSEGV)", "exit status 134").
    Crash(String),
    /// It could not be asked, or its answer is no answer; the words say why.
    Infra(String),
    /// The engine says that it lacks what the program uses; the words are its own.
    Lacks(String),
    /// The program exceeded a limit of the engine; the words name it ("steps").
    Limit(String),
}
