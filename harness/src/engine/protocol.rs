//! Engines that speak the worker protocol themselves: one line of JSON for every line of JSON.
//!
//! ```text
//! worker   {"verysame": 1, "name": "my-python", "python": "3.12.1", "isolation": "reset"}
//! harness  {"job": 1, "mode": "module", "chunks": […], "probes": […], "files": […], "heap": […], …}
//! worker   {"job": 1, "events": […], "chunks": […], "stdout": "…", "heap": […], "end": "ok"}
//! ```
//!
//! `harness/engines/PROTOCOL.md` is the page about it, `worker.schema.json` beside it the schema. Nothing that a worker
//! says is trusted: an answer is about the job that was asked, tells of no more chunks than there are, of no probe that
//! is not the job's and of as many graphs as were wanted.

use super::patience::Patience;
use super::process::Launch;
use super::reference::FILENAME;
use super::worker::{Fault, Worker, quoted};
use super::{Engine, EngineInfo, Isolation, Limits, OpenError};
use crate::case::{Chunk, Job, Mode, Probe};
use crate::judge::{EventSource, Observation};
use crate::profile::{Claim, EngineProfile};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::time::Duration;

/// How much longer than the job's own limit the harness waits: the worker may end a program and say so.
const GRACE: Duration = Duration::from_millis(500);

/// The first line of a worker.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The version of the protocol: 1.
    pub verysame: u32,
    /// What the engine calls itself.
    pub name: String,
    /// The version of the language, as `sys.version_info` has it.
    pub python: String,
    /// The engine's own release.
    #[serde(default)]
    pub release: Option<String>,
    /// `fork`, `reset` or `spawn`: how one program is kept from another.
    pub isolation: String,
    /// The modes that it has; both if nothing is said.
    #[serde(default)]
    pub modes: Option<Vec<Mode>>,
    /// It wants to be measured by CPython's habits too.
    #[serde(default)]
    pub cpython: bool,
}

/// A job, as it is put to a worker.
#[derive(Serialize)]
struct Ask<'a> {
    job: u64,
    case: &'a str,
    mode: Mode,
    filename: &'a str,
    files: &'a [(String, String)],
    chunks: &'a [Chunk],
    probes: &'a [Probe],
    heap: &'a [String],
    limit: f64,
    output: usize,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "job")]
    _job: u64,
    #[serde(flatten)]
    seen: Observation,
}

/// A worker of the engine's own.
pub struct WorkerEngine {
    launch: Launch,
    info: EngineInfo,
    worker: Option<Worker>,
    jobs: u64,
    patience: Patience,
}

/// Starts a worker and hears its hello.
///
/// # Errors
/// It cannot be started, or what it says first is no hello.
pub fn greet(given: &str, launch: &Launch) -> Result<(Worker, Hello), OpenError> {
    let no_hello = |words| OpenError::NoHello { command: given.to_string(), words };
    match Worker::greet(launch) {
        Ok(Ok((worker, line))) => match serde_json::from_slice::<Hello>(&line) {
            Ok(hello) if hello.verysame == 1 => Ok((worker, hello)),
            Ok(hello) => Err(no_hello(format!("it speaks version {} of the protocol, and this is 1", hello.verysame))),
            Err(error) => Err(no_hello(format!("its first line is {}: {error}", quoted(&line)))),
        },
        Ok(Err(fault)) => Err(no_hello(fault.words())),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(OpenError::NotFound(given.to_string())),
        Err(error) => Err(OpenError::Start(given.to_string(), error)),
    }
}

impl WorkerEngine {
    /// Starts the worker and hears which engine it is.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(
        given: &str,
        command: &[String],
        isolation: Option<Isolation>,
        profile: &EngineProfile,
    ) -> Result<WorkerEngine, OpenError> {
        let launch = Launch {
            command: command.to_vec(),
            environment: profile.environment.clone().into_iter().collect(),
            memory: profile.limits.memory,
            ..Launch::default()
        };
        let (worker, hello) = greet(given, &launch)?;
        let version = match profile.python {
            Some(version) => version,
            None => hello.python.parse().map_err(|error| OpenError::Version {
                command: given.to_string(),
                implementation: hello.name.clone(),
                python: hello.python.clone(),
                error,
            })?,
        };
        let own = Isolation::from_word(&hello.isolation).ok_or_else(|| OpenError::NoHello {
            command: given.to_string(),
            words: format!("its isolation is `{}`, and there are fork, reset and spawn", hello.isolation),
        })?;
        let isolation = isolation.unwrap_or(own);
        let info = EngineInfo {
            name: given.to_string(),
            implementation: hello.name,
            version,
            release: hello.release.filter(|release| !release.is_empty()),
            program: None,
            claims_cpython: profile.claims.map_or(hello.cpython, |claim| claim == Claim::Cpython),
            isolation,
            modes: profile.modes.clone().or(hello.modes).unwrap_or_else(|| Mode::ALL.to_vec()),
        };
        let worker = (isolation != Isolation::Spawn).then_some(worker);
        Ok(WorkerEngine { launch, info, worker, jobs: 0, patience: Patience::default() })
    }

    fn ask(&mut self, job: &Job, limits: &Limits, afresh: bool) -> Result<Observation, Fault> {
        if afresh || self.info.isolation == Isolation::Spawn {
            self.worker = None;
        }
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => {
                let launch =
                    Launch { memory: self.launch.memory.or(Some(limits.process_memory)), ..self.launch.clone() };
                match greet("", &launch) {
                    Ok((worker, _)) => worker,
                    Err(OpenError::NoHello { words, .. }) => return Err(Fault::Died(words)),
                    Err(error) => return Err(Fault::Garbage(format!("it cannot be started again: {error}"))),
                }
            }
        };
        self.jobs += 1;
        let line = ask(self.jobs, job, limits);
        // In JSON a byte becomes six at most; values and graphs come on top of the output.
        let line =
            worker.ask_line(self.jobs, line, limits.time + GRACE, limits.output.saturating_mul(12) + (1 << 20))?;
        let seen = checked(job, limits, &line)?;
        self.worker = Some(worker);
        Ok(seen)
    }
}

fn ask(number: u64, job: &Job, limits: &Limits) -> Vec<u8> {
    let ask = Ask {
        job: number,
        case: &job.case,
        mode: job.mode,
        filename: FILENAME,
        files: &job.files,
        chunks: &job.chunks,
        probes: &job.probes,
        heap: &job.heap,
        limit: limits.time.as_secs_f64(),
        output: limits.output,
    };
    // Strings, numbers and lists: there is nothing that could not be written.
    let mut line = serde_json::to_vec(&ask).unwrap_or_default();
    line.push(b'\n');
    line
}

/// The observation in an answer, if it is one.
fn checked(job: &Job, limits: &Limits, line: &[u8]) -> Result<Observation, Fault> {
    let no_answer = |words: String| Fault::Garbage(format!("its answer is no answer ({words}): {}", quoted(line)));
    let answer: Answer = serde_json::from_slice(line).map_err(|error| no_answer(error.to_string()))?;
    let seen = answer.seen;
    if seen.chunks.len() > job.chunks.len() {
        return Err(no_answer(format!("{} chunks ended and there are {}", seen.chunks.len(), job.chunks.len())));
    }
    if !seen.heap.is_empty() && seen.heap.len() != job.heap.len() {
        return Err(no_answer(format!("{} graphs for {} names", seen.heap.len(), job.heap.len())));
    }
    if seen.stdout.len() > limits.output {
        return Err(no_answer("more output than is allowed".to_string()));
    }
    for event in &seen.events {
        let known = match &event.by {
            EventSource::Probe(name) => job.probes.iter().any(|probe| probe.name == *name),
            EventSource::Display(chunk) => *chunk < job.chunks.len(),
        };
        if !known {
            return Err(no_answer(format!("{:?} is not of this job", event.by)));
        }
    }
    Ok(seen)
}

impl Engine for WorkerEngine {
    fn describe(&self) -> EngineInfo {
        self.info.clone()
    }

    fn observe(&mut self, job: &Job, limits: &Limits) -> Observation {
        let mut patience = std::mem::take(&mut self.patience);
        let seen = patience.observe(|afresh| self.ask(job, limits, afresh));
        self.patience = patience;
        seen
    }
}
