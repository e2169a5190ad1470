//! Which engine is meant, before it is started: what a command line names and what every thread of a run opens anew.

use super::plain::{RUN, write_launchers};
use super::python::{DRIVER, Driver};
use super::{Engine, Maker, PlainEngine, PythonEngine, ReferenceEngine, WorkerEngine};
use crate::profile::{self, DriverKind, EngineProfile};
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
    /// The engine itself forgets one program before the next.
    Reset,
    /// A process for each program.
    Spawn,
}

impl Isolation {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Isolation::InProcess => "in process",
            Isolation::Fork => "fork",
            Isolation::Reset => "reset",
            Isolation::Spawn => "spawn",
        }
    }

    /// How an engine outside of the harness may keep programs apart, by its word.
    pub fn from_word(word: &str) -> Option<Isolation> {
        [Isolation::Fork, Isolation::Reset, Isolation::Spawn].into_iter().find(|isolation| isolation.word() == word)
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
    /// An engine in this process.
    Own {
        /// Makes it.
        maker: Maker,
        /// What its author says of it.
        profile: Arc<EngineProfile>,
    },
    /// An engine with a profile.
    Profiled {
        /// How it was named.
        given: String,
        /// Program and arguments.
        command: Vec<String>,
        /// Wanted isolation, where the profile leaves it open.
        isolation: Option<Isolation>,
        /// What its author says of it.
        profile: Arc<EngineProfile>,
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
    /// None of a profile's commands is there.
    #[error("{0}")]
    Missing(profile::Missing),
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
    /// It does not run a file and show what it prints.
    #[error("`{command}` does not run a simple program: {words}")]
    NoFile {
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
    let command = profile::words(given, std::path::Path::new("."));
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

    /// An engine with a profile. `engines` is the folder that holds installed engines.
    ///
    /// # Errors
    /// None of its commands is there, or the driver cannot be written.
    pub fn profiled(
        given: &str,
        profile: EngineProfile,
        isolation: Option<Isolation>,
        engines: Option<&std::path::Path>,
    ) -> Result<EngineSpec, OpenError> {
        let command =
            profile::resolve(&profile.commands, profile.folder.as_deref(), engines).map_err(OpenError::Missing)?;
        let mut profile = profile;
        if let Some(engines) = engines {
            let engines = std::path::absolute(engines).unwrap_or_else(|_| engines.to_path_buf());
            for value in profile.environment.values_mut() {
                *value = value.replace("{engines}", &engines.to_string_lossy());
            }
        }
        let driver = Arc::new(Driver::write(DRIVER).map_err(OpenError::Driver)?);
        Ok(EngineSpec::Profiled { given: given.to_string(), command, isolation, profile: Arc::new(profile), driver })
    }

    /// The same engine, started by this program without arguments: what a launcher would end in anyway.
    #[must_use]
    pub fn started_by(mut self, program: &str) -> EngineSpec {
        match &mut self {
            EngineSpec::Reference { .. } | EngineSpec::Own { .. } | EngineSpec::Profiled { .. } => {}
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
                Ok(Box::new(PythonEngine::open(given, command, *isolation, driver, &[])?))
            }
            EngineSpec::Own { maker, .. } => Ok(Box::new(maker.make())),
            EngineSpec::Profiled { given, command, isolation, profile, driver } => {
                let isolation = isolation.or(profile.isolation);
                // Replaced here, so that the engine is known under a command that is the same in every run.
                let command = &match command.iter().any(|word| word.contains(RUN)) {
                    true => with_launchers(command, driver).map_err(OpenError::Driver)?,
                    false => command.clone(),
                };
                let environment: Vec<(String, String)> = profile.environment.clone().into_iter().collect();
                Ok(match profile.driver {
                    DriverKind::Python => {
                        let mut engine = PythonEngine::open(given, command, isolation, driver, &environment)?;
                        engine.adopt(profile);
                        Box::new(engine)
                    }
                    DriverKind::File | DriverKind::Exec | DriverKind::Server => {
                        Box::new(PlainEngine::open(given, command, profile)?)
                    }
                    DriverKind::Worker => Box::new(WorkerEngine::open(given, command, isolation, profile)?),
                })
            }
        }
    }
}

/// The command with the folder of our own launchers, which are written there.
fn with_launchers(command: &[String], driver: &Driver) -> std::io::Result<Vec<String>> {
    write_launchers(driver.folder())?;
    let folder = driver.folder().to_string_lossy();
    Ok(command.iter().map(|word| word.replace(RUN, &folder)).collect())
}

impl fmt::Display for EngineSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EngineSpec::Reference { version, .. } => write!(f, "reference {version}"),
            EngineSpec::Own { profile, .. } => f.write_str(&profile.name),
            EngineSpec::Python { given, .. } | EngineSpec::Profiled { given, .. } => f.write_str(given),
        }
    }
}
