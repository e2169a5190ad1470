//! An external Python: a worker that forks for each job, or a process for each job where it cannot.
//!
//! After a crash, of the program's process or of the worker, the job is put once more to a fresh worker and blamed only
//! if it crashes again.

use super::answer;
use super::patience::{Patience, ended};
use super::process::{Launch, Process};
use super::reference::FILENAME;
use super::spec::{Isolation, OpenError};
use super::worker::{Fault, Hello, Worker};
use super::{Engine, EngineInfo, Limits};
use crate::case::{Chunk, Job, Mode, Probe};
use crate::judge::{Observation, ProcessEnd};
use crate::profile::{Claim, EngineProfile};
use serde::Serialize;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use verysame_engine::rules::PyVersion;

/// The program that runs inside the engine.
pub const DRIVER: &str = include_str!("driver.py");

/// A driver on disk, in a temporary folder that lives as long as this.
#[derive(Debug)]
pub struct Driver {
    folder: tempfile::TempDir,
}

impl Driver {
    /// Writes this program.
    ///
    /// # Errors
    /// The temporary folder cannot be written.
    pub fn write(program: &str) -> io::Result<Driver> {
        let folder = tempfile::Builder::new().prefix("verysame-").tempdir()?;
        super::live::remember(folder.path());
        std::fs::write(folder.path().join("driver.py"), program)?;
        Ok(Driver { folder })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The command that starts it in a role.
    pub fn launch(&self, command: &[String], role: &str) -> Launch {
        let path = self.folder.path().join("driver.py").to_string_lossy().into_owned();
        let fixed = ["-I", "-S", "-B", "-u", &path, role].map(str::to_string);
        Launch { command: command.iter().cloned().chain(fixed).collect(), ..Launch::default() }
    }
}

/// A job as the driver reads it.
#[derive(Serialize)]
struct Ask<'a> {
    job: u64,
    secret: &'a str,
    filename: &'a str,
    path: String,
    mode: Mode,
    chunks: &'a [Chunk],
    probes: &'a [Probe],
    heap: &'a [String],
    packages: bool,
    limit: f64,
    cap: usize,
}

/// A command that runs Python.
pub struct PythonEngine {
    command: Vec<String>,
    environment: Vec<(String, String)>,
    driver: Arc<Driver>,
    info: EngineInfo,
    worker: Option<Worker>,
    jobs: u64,
    patience: Patience,
}

impl PythonEngine {
    /// Starts the command and hears which Python it is.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(
        given: &str,
        command: &[String],
        isolation: Option<Isolation>,
        driver: &Arc<Driver>,
        environment: &[(String, String)],
    ) -> Result<PythonEngine, OpenError> {
        if command.is_empty() {
            return Err(OpenError::Empty);
        }
        let environment = environment.to_vec();
        let launch = Launch { environment: environment.clone(), ..driver.launch(command, "worker") };
        let started = Worker::start(&launch);
        let (worker, hello) = match started {
            Ok(Ok(started)) => started,
            Ok(Err(fault)) => return Err(OpenError::NoHello { command: given.into(), words: fault.words() }),
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(OpenError::NotFound(given.into())),
            Err(error) => return Err(OpenError::Start(given.into(), error)),
        };
        let info = info(given, &hello, isolation)?;
        let worker = (info.isolation == Isolation::Fork).then_some(worker);
        let driver = Arc::clone(driver);
        Ok(PythonEngine {
            command: command.to_vec(),
            environment,
            driver,
            info,
            worker,
            jobs: 0,
            patience: Patience::default(),
        })
    }

    /// Takes over what its author says of it.
    pub fn adopt(&mut self, profile: &EngineProfile) {
        if let Some(claim) = profile.claims {
            self.info.claims_cpython = claim == Claim::Cpython;
        }
        if let Some(version) = profile.python {
            self.info.version = version;
        }
        if let Some(modes) = &profile.modes {
            self.info.modes.clone_from(modes);
        }
    }

    fn launch(&self, role: &str, limits: &Limits) -> Launch {
        let memory = Some(limits.process_memory);
        Launch { environment: self.environment.clone(), memory, ..self.driver.launch(&self.command, role) }
    }

    fn ask_worker(&mut self, job: &Job, path: &str, limits: &Limits) -> Result<Observation, Fault> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => match Worker::start(&self.launch("worker", limits)) {
                Ok(started) => started?.0,
                Err(error) => return Err(Fault::Garbage(format!("it cannot be started again: {error}"))),
            },
        };
        self.jobs += 1;
        let secret = secret();
        let line = ask(self.jobs, &secret, job, path, limits);
        let reply = worker.ask(self.jobs, line, limits.time, limits.output)?;
        self.worker = Some(worker);
        Ok(answer::read(job, &secret, &reply.out, &reply.err, reply.exit))
    }

    fn ask_process(&mut self, job: &Job, path: &str, limits: &Limits) -> Observation {
        let mut process = match Process::start(&self.launch("once", limits)) {
            Ok(process) => process,
            Err(error) => return infra(format!("it cannot be started: {error}")),
        };
        self.jobs += 1;
        let secret = secret();
        process.send(ask(self.jobs, &secret, job, path, limits));
        process.close_input();
        let (out, exit) = process.drain(limits);
        process.kill();
        answer::read(job, &secret, &out, &process.last_words(), exit)
    }

    fn observe_in(&mut self, job: &Job, path: &str, limits: &Limits) -> Observation {
        if self.info.isolation == Isolation::Spawn {
            return self.ask_process(job, path, limits);
        }
        let mut patience = std::mem::take(&mut self.patience);
        let seen = patience.observe(|afresh| {
            if afresh {
                self.worker = None;
            }
            self.ask_worker(job, path, limits)
        });
        self.patience = patience;
        seen
    }
}

impl Engine for PythonEngine {
    fn describe(&self) -> EngineInfo {
        self.info.clone()
    }

    fn observe(&mut self, job: &Job, limits: &Limits) -> Observation {
        match write_files(job) {
            Ok(None) => self.observe_in(job, "", limits),
            Ok(Some(folder)) => self.observe_in(job, &folder.path().to_string_lossy(), limits),
            Err(error) => infra(format!("the case's files cannot be written: {error}")),
        }
    }
}

fn infra(words: String) -> Observation {
    ended(ProcessEnd::Infra(words))
}

fn info(given: &str, hello: &Hello, wanted: Option<Isolation>) -> Result<EngineInfo, OpenError> {
    let version: PyVersion = hello.python.parse().map_err(|error| OpenError::Version {
        command: given.to_string(),
        implementation: hello.implementation.clone(),
        python: hello.python.clone(),
        error,
    })?;
    let isolation = match wanted {
        Some(Isolation::Spawn) => Isolation::Spawn,
        Some(Isolation::Fork | Isolation::Reset | Isolation::InProcess) | None if hello.fork => Isolation::Fork,
        Some(Isolation::Fork | Isolation::Reset | Isolation::InProcess) | None => Isolation::Spawn,
    };
    Ok(EngineInfo {
        name: given.to_string(),
        implementation: hello.implementation.clone(),
        version,
        release: Some(hello.release.clone()).filter(|release| !release.is_empty()),
        program: Some(hello.program.clone()).filter(|program| !program.is_empty()),
        claims_cpython: hello.implementation == "cpython",
        isolation,
        modes: Mode::ALL.to_vec(),
    })
}

fn ask(number: u64, secret: &str, job: &Job, path: &str, limits: &Limits) -> Vec<u8> {
    let ask = Ask {
        job: number,
        secret,
        filename: FILENAME,
        path: path.to_string(),
        mode: job.mode,
        chunks: &job.chunks,
        probes: &job.probes,
        heap: &job.heap,
        packages: job.packages,
        limit: limits.time.as_secs_f64(),
        cap: limits.output,
    };
    // Strings, numbers and lists: there is nothing that could not be written.
    let mut line = serde_json::to_vec(&ask).unwrap_or_default();
    line.push(b'\n');
    line
}

/// A word that a program does not know.
fn secret() -> String {
    super::live::token()
}

/// The modules of a job as files in a folder that goes when it is dropped.
fn write_files(job: &Job) -> io::Result<Option<tempfile::TempDir>> {
    if job.files.is_empty() {
        return Ok(None);
    }
    let folder = tempfile::Builder::new().prefix("verysame-").tempdir()?;
    write_modules(&job.files, folder.path())?;
    Ok(Some(folder))
}

/// Modules, dotted names and sources, as files in a folder.
///
/// # Errors
/// A name is no dotted name, or a file cannot be written.
pub fn write_modules(files: &[(String, String)], folder: &Path) -> io::Result<()> {
    for (name, source) in files {
        let mut parts: Vec<&str> = name.split('.').collect();
        let plain = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !parts.iter().all(plain) {
            return Err(io::Error::new(ErrorKind::InvalidInput, format!("`{name}` is no dotted name")));
        }
        let inner = format!("{name}.");
        if files.iter().any(|(other, _)| other.starts_with(&inner)) {
            parts.push("__init__");
        }
        let mut path: PathBuf = parts.iter().fold(folder.to_path_buf(), |path, part| path.join(part));
        path.set_extension("py");
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, source)?;
    }
    Ok(())
}
