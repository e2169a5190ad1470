//! Profiles: what the author of an engine says about it, in a file `<name>.toml`.
//!
//! ```toml
//! command = "./my-python"      # how it is started, a list: the first that is there
//! driver = "file"              # how programs are put to it
//! python = "3.12"              # whose cases it is asked, if it does not say so itself
//!
//! [rules."scoping.except.unbinds"]
//! reason = "The name of an except clause is not unbound"
//!
//! [[deviation]]
//! case = "scoping.except-name-unbound"
//! rule = "scoping.except.unbinds"
//! observed = "ValueError()"
//! ```
//!
//! Invariant: a profile that was read is consistent; whatever is wrong with a file is said with line and column.

mod command;
mod edit;
mod read;
mod shipped;

pub use command::{Missing, is_there, resolve, words};
pub use edit::{Change, STUB, edited};
pub use read::read_profile;
pub use shipped::{KnownDeviation, all_known, shipped, shipped_names, text_of};

use crate::case::Mode;
use crate::judge::Deviation;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use verysame_engine::rules::PyVersion;

/// How programs are put to an engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DriverKind {
    /// `COMMAND -I -S -B -u driver.py`: the harness's own worker runs inside the engine and forks for each program.
    #[default]
    Python,
    /// `COMMAND case.py`, a process for each program, which prints what was seen.
    File,
    /// As `file`, but the program is handed to the engine's own `exec`, piece by piece.
    Exec,
    /// The command stays and runs the files that it is given as lines of JSON, each in an interpreter that is new.
    Server,
    /// The command speaks the worker protocol itself.
    Worker,
}

impl DriverKind {
    /// The word in profiles.
    pub const fn word(self) -> &'static str {
        match self {
            DriverKind::Python => "python",
            DriverKind::File => "file",
            DriverKind::Exec => "exec",
            DriverKind::Server => "server",
            DriverKind::Worker => "worker",
        }
    }
}

/// What an engine wants to be measured by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    /// CPython's habits too.
    Cpython,
    /// The language only.
    Language,
}

/// How the engine tells its release.
#[derive(Clone, Debug)]
pub struct ReleaseProbe {
    /// The arguments that make it tell; without them it runs a program that prints `sys.version`.
    pub arguments: Option<Vec<String>>,
    /// Where in the output the release stands: the first group.
    pub pattern: Regex,
}

/// Where an uncaught exception is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// On stderr.
    #[default]
    Stderr,
    /// On stdout, from the line `Traceback (most recent call last):` on.
    Stdout,
}

/// How an uncaught exception is shown.
#[derive(Clone, Debug)]
pub struct Uncaught {
    /// Where.
    pub stream: Stream,
    /// The last line: groups `class`, `text` and `line`.
    pub pattern: Regex,
    /// An exception, `Class: text`, by which the engine says that it lacks what the program uses.
    pub lacks: Option<Regex>,
}

/// What CPython and most others end a traceback with.
pub const UNCAUGHT: &str = r"^(?P<class>(?:\w+\.)*[A-Z_]\w*)(?:: (?P<text>.*)|:)?$";

impl Default for Uncaught {
    fn default() -> Uncaught {
        Uncaught {
            stream: Stream::Stderr,
            lacks: None,
            // The pattern is a constant that a test compiles; a pattern without groups would find no exception.
            pattern: Regex::new(UNCAUGHT).unwrap_or_else(|_| empty()),
        }
    }
}

fn empty() -> Regex {
    Regex::new("").unwrap_or_else(|_| empty())
}

/// Bounds of a program that the profile sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ProfileLimits {
    /// The longest time.
    pub time: Option<Duration>,
    /// The most bytes of memory of its own that a process may have.
    pub memory: Option<u64>,
    /// The most bytes that a program may write.
    pub output: Option<usize>,
}

/// Why an engine gets a rule wrong.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// The cause.
    pub reason: String,
    /// Where it is discussed.
    pub issue: Option<String>,
}

/// A profile.
#[derive(Clone, Debug)]
pub struct EngineProfile {
    /// What reports call the engine: the file's name unless it says otherwise.
    pub name: String,
    /// The file, as it is shown in messages.
    pub path: String,
    /// The folder that a relative command starts from; none for a shipped profile.
    pub folder: Option<PathBuf>,
    /// What it is, in one line.
    pub about: String,
    /// Commands, the first of which that is there is used.
    pub commands: Vec<String>,
    /// How programs are put to it.
    pub driver: DriverKind,
    /// How programs are kept apart, if it is not left to the driver.
    pub isolation: Option<crate::engine::Isolation>,
    /// Variables of its environment.
    pub environment: BTreeMap<String, String>,
    /// What it wants to be measured by; by default what it is.
    pub claims: Option<Claim>,
    /// The version whose cases it is asked, if it does not say so itself.
    pub python: Option<PyVersion>,
    /// How it tells its release.
    pub release: Option<ReleaseProbe>,
    /// The modes that it has; by default those of the driver.
    pub modes: Option<Vec<Mode>>,
    /// What it has or lacks whatever the probes say.
    pub capabilities: BTreeMap<String, bool>,
    /// Bounds.
    pub limits: ProfileLimits,
    /// How an uncaught exception is shown.
    pub uncaught: Uncaught,
    /// Why it gets a rule wrong, by rule.
    pub rules: BTreeMap<String, Why>,
    /// What it gets wrong, each with its reason.
    pub deviations: Vec<Deviation>,
}

impl EngineProfile {
    /// The profile of an engine of which nothing is known but its command.
    pub fn bare(name: &str, command: &str, driver: DriverKind) -> EngineProfile {
        EngineProfile {
            name: name.to_string(),
            path: format!("{name}.toml"),
            folder: None,
            about: String::new(),
            commands: vec![command.to_string()],
            driver,
            isolation: None,
            environment: BTreeMap::new(),
            claims: None,
            python: None,
            release: None,
            modes: None,
            capabilities: BTreeMap::new(),
            limits: ProfileLimits::default(),
            uncaught: Uncaught::default(),
            rules: BTreeMap::new(),
            deviations: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
