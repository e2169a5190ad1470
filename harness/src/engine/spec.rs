//! Which engine is meant, before it is started: what a command line names and what every thread of a run opens anew.

use super::python::{DRIVER, Driver};
use super::{Engine, PythonEngine, ReferenceEngine};
use std::fmt;
use std::sync::Arc;
use verysame_engine::rules::{Profile, PyVersion};

/// How programs are kept apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isolation {
    /// A fresh session of the reference engine.
    InProcess,
    /// A worker forks a child for each program.
    Fork,
    /// A process for each program.
    Spawn,
}

impl Isolation {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Isolation::InProcess => "in process",
            Isolation::Fork => "fork",
            Isolation::Spawn => "spawn",
        }
    }
}

/// An engine to be opened.
#[derive(Clone, Debug)]
pub enum EngineSpec {
    /// The reference engine.
    Reference {
        /// The version whose rules it follows.
        version: PyVersion,
        /// The rule that it gets wrong on purpose, and how.
        fault: Option<(String, String)>,
    },
    /// A command that runs Python.
    Python {
        /// The command as it was given.
        given: String,
        /// Program and arguments.
        command: Vec<String>,
        /// Wanted isolation; by default fork where the engine can.
        isolation: Option<Isolation>,
        /// The driver on disk.
        driver: Arc<Driver>,
    },
}

/// Why an engine cannot be asked anything.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The rule book has no such fault.
    #[error(transparent)]
    Fault(#[from] verysame_engine::rules::UnknownFault),
    /// An empty `--engine`.
    #[error("the engine's command is empty")]
    Empty,
    /// The driver could not be written to a temporary folder.
    #[error("cannot write the driver to a temporary folder: {0}")]
    Driver(std::io::Error),
    /// No such program.
    #[error("no command `{0}`: it is no file and not on the PATH")]
    NotFound(String),
    /// The program cannot be started.
    #[error("`{0}` cannot be started: {1}")]
    Start(String, std::io::Error),
    /// It started and said no hello.
    #[error("`{command}` is no Python that the driver can talk to: {words}")]
    NoHello {
        /// The command.
        command: String,
        /// What happened, in the command's own words if it had any.
        words: String,
    },
    /// Its version has no rules.
    #[error("`{command}` is {implementation} {python}: {error}")]
    Version {
        /// The command.
        command: String,
        /// What it calls itself.
        implementation: String,
        /// Its version.
        python: String,
        /// Why the version is not taken.
        error: verysame_engine::rules::VersionError,
    },
}

/// The program and its arguments in a command: words separated by blanks, or the path of a program.
///
/// # Errors
/// There is no word.
pub fn words_of(given: &str) -> Result<Vec<String>, OpenError> {
    let given = given.trim();
    let command: Vec<String> = if std::path::Path::new(given).is_file() {
        vec![given.to_string()]
    } else {
        given.split_whitespace().map(str::to_string).collect()
    };
    if command.is_empty() { Err(OpenError::Empty) } else { Ok(command) }
}

impl EngineSpec {
    /// The engine behind a command: a program with arguments, separated by blanks, or the path of a program.
    ///
    /// # Errors
    /// The command is empty, or the driver cannot be written.
    pub fn python(given: &str, isolation: Option<Isolation>) -> Result<EngineSpec, OpenError> {
        let given = given.trim();
        let command = words_of(given)?;
        let driver = Arc::new(Driver::write(DRIVER).map_err(OpenError::Driver)?);
        Ok(EngineSpec::Python { given: given.to_string(), command, isolation, driver })
    }

    /// The same engine, started by this program without arguments: what a launcher would end in anyway.
    #[must_use]
    pub fn started_by(mut self, program: &str) -> EngineSpec {
        match &mut self {
            EngineSpec::Reference { .. } => {}
            EngineSpec::Python { command, .. } => *command = vec![program.to_string()],
        }
        self
    }

    /// Starts the engine.
    ///
    /// # Errors
    /// It cannot be started, or what was started is no Python with a profile.
    pub fn open(&self) -> Result<Box<dyn Engine>, OpenError> {
        match self {
            EngineSpec::Reference { version, fault } => {
                let mut profile = Profile::of(*version);
                if let Some((rule, fault)) = fault {
                    profile = profile.with_fault(rule, fault)?;
                }
                Ok(Box::new(ReferenceEngine::new(profile, fault.clone())))
            }
            EngineSpec::Python { given, command, isolation, driver } => {
                Ok(Box::new(PythonEngine::open(given, command, *isolation, driver)?))
            }
        }
    }
}

impl fmt::Display for EngineSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EngineSpec::Reference { version, .. } => write!(f, "reference {version}"),
            EngineSpec::Python { given, .. } => f.write_str(given),
        }
    }
}
