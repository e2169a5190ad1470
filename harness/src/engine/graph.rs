//! The heap graph that a program leaves behind, from the reference engine and from any Python, in one form.

use super::process::{Launch, Next, Process};
use super::{STACK, limit_word, panics};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use verysame_engine as engine;
use verysame_engine::inspect::{Bounds, Leaks, Snapshot};
use verysame_engine::rules::{Profile, PyVersion, VersionError};

/// The program that runs inside a Python.
const SCRIPT: &str = include_str!("graph.py");

/// The exit status when a limit ended the program.
pub const LIMIT: u8 = 70;

/// A program whose graph is wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Program {
    /// Its text.
    pub source: Vec<u8>,
    /// What tracebacks call it.
    pub filename: String,
    /// Modules that it can import: dotted name and source.
    pub files: Vec<(String, String)>,
    /// Names of functions of `builtins` that take anything and do nothing.
    pub probes: Vec<String>,
}

/// What a program left behind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Which engine it ran on: `reference 3.13.0`.
    pub engine: String,
    /// The version of the language that it runs.
    pub version: PyVersion,
    /// Its stdout.
    pub stdout: Vec<u8>,
    /// Its stderr with the traceback of an uncaught exception; of a Python its end.
    pub stderr: Vec<u8>,
    /// Its exit status.
    pub status: u8,
    /// The graph below the names of `__main__`.
    pub graph: Snapshot,
    /// What would outlive those names, if that was asked for.
    pub leaks: Option<Leaks>,
}

/// Why there is no graph.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The engine panicked.
    #[error("the engine broke down: {0}")]
    Broken(String),
    /// A temporary file could not be written.
    #[error("cannot write to a temporary folder: {0}")]
    Folder(io::Error),
    /// No such command.
    #[error("no command `{0}`: it is no file and not on the PATH")]
    NotFound(String),
    /// It cannot be started.
    #[error("`{0}` cannot be started: {1}")]
    Start(String, io::Error),
    /// It took too long.
    #[error("`{0}` did not end in time")]
    Late(String),
    /// It ended without a graph.
    #[error("`{command}` ended without a graph{}{words}", if words.is_empty() { "" } else { ": " })]
    Silent {
        /// The command.
        command: String,
        /// The end of its stderr.
        words: String,
    },
    /// Its version has no rules.
    #[error("`{0}` is Python of another version: {1}")]
    Version(String, VersionError),
    /// A picture of it could not be written.
    #[error("{0}: {1}")]
    Picture(String, io::Error),
    /// What it wrote is no graph.
    #[error("`{0}` wrote no graph: {1}")]
    Garbage(String, serde_json::Error),
}

/// Runs a program on the reference engine.
///
/// # Errors
/// The engine broke down.
pub fn of_reference(
    profile: &Profile,
    limits: engine::Limits,
    program: &Program,
    bounds: Bounds,
    leaks: bool,
) -> Result<Seen, GraphError> {
    thread::scope(|scope| {
        let run = || panics::watched(|| run(profile, limits, program, bounds, leaks));
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let ended = thread.map_err(|error| GraphError::Broken(error.to_string()))?.join();
        ended.map_err(|_| GraphError::Broken("its thread died".into()))?.map_err(GraphError::Broken)
    })
}

fn run(profile: &Profile, limits: engine::Limits, program: &Program, bounds: Bounds, leaks: bool) -> Seen {
    let mut session = engine::Session::new(profile, limits);
    for (name, source) in &program.files {
        session.add_module(name, source);
    }
    for probe in &program.probes {
        session.add_probe(probe, engine::ProbeKind::Raised);
    }
    let end = session.run_module(&program.source, &program.filename);
    let mut stderr = session.stderr().to_vec();
    let status = match end {
        engine::Ended::Completed => 0,
        engine::Ended::Exit(code) => (code & 0xff) as u8,
        engine::Ended::Raised(uncaught) => {
            stderr.extend_from_slice(uncaught.traceback.as_bytes());
            1
        }
        engine::Ended::Limit(kind) => {
            let words = format!("verysame: stopped by the limit on {}\n", limit_word(kind));
            stderr.extend_from_slice(words.as_bytes());
            LIMIT
        }
    };
    Seen {
        engine: format!("reference {}", profile.version),
        version: profile.version,
        stdout: session.stdout().to_vec(),
        stderr,
        status,
        graph: session.snapshot(bounds),
        leaks: leaks.then(|| session.leaks(bounds)),
    }
}

/// What the script is asked.
#[derive(Serialize)]
struct Request<'a> {
    program: String,
    filename: &'a str,
    path: String,
    probes: &'a [String],
    bounds: Limits,
    /// Where the answer goes when there are many.
    result: String,
}

#[derive(Serialize)]
struct Limits {
    objects: usize,
    parts: usize,
    depth: usize,
}

/// What the script answers.
#[derive(Deserialize)]
struct Answer {
    python: String,
    status: u8,
    snapshot: Snapshot,
}

/// Runs a program on a Python, a command with arguments separated by blanks.
///
/// # Errors
/// It cannot be started, takes too long, or does not answer.
pub fn of_python(command: &str, program: &Program, bounds: Bounds, time: Duration) -> Result<Seen, GraphError> {
    let folder = tempfile::Builder::new().prefix("verysame-").tempdir().map_err(GraphError::Folder)?;
    let inside = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (request, result) = (inside("request"), inside("result"));
    let asked = ask(program, bounds, folder.path())?;
    let asked = serde_json::to_vec(&asked).map_err(|error| GraphError::Garbage(command.to_string(), error))?;
    std::fs::write(&request, asked).map_err(GraphError::Folder)?;
    let mut process = start(command, folder.path(), &[&request, &result])?;
    process.close_input();
    let stdout = listen(&mut process, command, Instant::now() + time)?;
    let stderr = process.last_words();
    let answer = match std::fs::read(&result) {
        Ok(answer) => answer,
        Err(_) => {
            let words = String::from_utf8_lossy(&stderr).trim_end().to_string();
            return Err(GraphError::Silent { command: command.to_string(), words });
        }
    };
    seen_by(command, &answer, stdout, stderr)
}

/// Writes a program into a folder; what the script is asked about it.
fn ask<'p>(program: &'p Program, bounds: Bounds, folder: &Path) -> Result<Request<'p>, GraphError> {
    let inside = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let source = inside("program.py");
    std::fs::write(&source, &program.source).map_err(GraphError::Folder)?;
    super::python::write_modules(&program.files, &folder.join("modules")).map_err(GraphError::Folder)?;
    Ok(Request {
        program: source,
        filename: &program.filename,
        path: if program.files.is_empty() { String::new() } else { inside("modules") },
        probes: &program.probes,
        bounds: Limits { objects: bounds.objects, parts: bounds.parts, depth: bounds.depth },
        result: inside("result"),
    })
}

/// Starts the script of this folder.
fn start(command: &str, folder: &Path, arguments: &[&str]) -> Result<Process, GraphError> {
    let script = folder.join("graph.py").to_string_lossy().into_owned();
    std::fs::write(&script, SCRIPT).map_err(GraphError::Folder)?;
    let mut words = crate::profile::words(command, Path::new("."));
    words.extend(["-I", "-S", "-B", "-u", &script].map(str::to_string));
    words.extend(arguments.iter().map(ToString::to_string));
    Process::start(&Launch::here(words)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => GraphError::NotFound(command.to_string()),
        _ => GraphError::Start(command.to_string(), error),
    })
}

/// Reads what the script has written.
fn seen_by(command: &str, answer: &[u8], stdout: Vec<u8>, stderr: Vec<u8>) -> Result<Seen, GraphError> {
    let answer: Answer =
        serde_json::from_slice(answer).map_err(|error| GraphError::Garbage(command.to_string(), error))?;
    let version = answer.python.parse().map_err(|error| GraphError::Version(command.to_string(), error))?;
    Ok(Seen {
        engine: format!("{command} ({})", answer.python),
        version,
        stdout,
        stderr,
        status: answer.status,
        graph: answer.snapshot.canonical(),
        leaks: None,
    })
}

/// What the script is asked about many programs.
#[derive(Serialize)]
struct Requests<'a> {
    all: Vec<Request<'a>>,
    seconds: u64,
}

/// Runs many programs on a Python that can fork, each in a process of its own within a time limit, by starting it once.
/// What they write is not kept. The answers are in the order of the programs.
///
/// # Errors
/// It cannot be started. What is wrong with one program is its own answer.
pub fn all_of_python(
    command: &str,
    programs: &[Program],
    bounds: Bounds,
    time: Duration,
) -> Result<Vec<Result<Seen, GraphError>>, GraphError> {
    let folder = tempfile::Builder::new().prefix("verysame-").tempdir().map_err(GraphError::Folder)?;
    let mut requests = Requests { all: Vec::new(), seconds: time.as_secs().max(1) };
    for (number, program) in programs.iter().enumerate() {
        let own = folder.path().join(number.to_string());
        std::fs::create_dir(&own).map_err(GraphError::Folder)?;
        requests.all.push(ask(program, bounds, &own)?);
    }
    let asked = serde_json::to_vec(&requests).map_err(|error| GraphError::Garbage(command.to_string(), error))?;
    let request = folder.path().join("requests").to_string_lossy().into_owned();
    std::fs::write(&request, asked).map_err(GraphError::Folder)?;
    let mut process = start(command, folder.path(), &[&request, ""])?;
    process.close_input();
    let count = u32::try_from(programs.len()).unwrap_or(u32::MAX);
    listen(&mut process, command, Instant::now() + time.saturating_mul(count.saturating_add(1)))?;
    let stderr = process.last_words();
    let answers = requests.all.iter().map(|request| match std::fs::read(&request.result) {
        Ok(answer) => seen_by(command, &answer, Vec::new(), Vec::new()),
        Err(_) => {
            let words = String::from_utf8_lossy(&stderr).trim_end().to_string();
            Err(GraphError::Silent { command: command.to_string(), words })
        }
    });
    Ok(answers.collect())
}

/// All that a process writes to stdout until it ends.
fn listen(process: &mut Process, command: &str, deadline: Instant) -> Result<Vec<u8>, GraphError> {
    let mut out = Vec::new();
    loop {
        // Short waits: something that the program started may hold its stdout open after its end.
        match process.next(deadline.min(Instant::now() + Duration::from_millis(50))) {
            Next::Bytes(bytes) => out.extend_from_slice(&bytes),
            Next::End => break,
            Next::Nothing if Instant::now() >= deadline => return Err(GraphError::Late(command.to_string())),
            Next::Nothing if process.try_status().is_some() => return Ok(out),
            Next::Nothing => {}
        }
    }
    match process.wait(deadline) {
        Some(_) => Ok(out),
        None => Err(GraphError::Late(command.to_string())),
    }
}
