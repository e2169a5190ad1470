//! What a Python's own compiler says of a source text: one worker process, asked text by text.
//!
//! A text that ends the worker is reported as such, and the next one is put to a fresh worker.

use super::python::Driver;
use super::worker::{Fault, Hello, Worker};
use super::{OpenError, spec};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::time::Duration;
use verysame_engine::rules::PyVersion;

/// The program that compiles.
const DRIVER: &str = include_str!("compiler.py");

/// How long one text may take.
const LIMIT: Duration = Duration::from_secs(60);

/// The longest answer: a text may have many warnings.
const LONGEST: usize = 16 << 20;

/// An error or a warning of a compiler.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
pub struct Notice {
    /// The name of its class.
    pub class: String,
    /// Its text; of a SyntaxError the message.
    pub text: String,
    /// 1-based line; 0 if it has none.
    pub line: u32,
}

/// What came of compiling a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opinion {
    /// Why it is rejected.
    pub error: Option<Notice>,
    /// What was warned of.
    pub warnings: Vec<Notice>,
}

#[derive(Serialize)]
struct Ask<'a> {
    job: u64,
    name: &'a str,
    source: String,
}

#[derive(Deserialize)]
struct Answer {
    job: u64,
    error: Option<Notice>,
    warnings: Vec<Notice>,
}

/// A Python whose compiler is asked.
pub struct PythonCompiler {
    command: Vec<String>,
    driver: Driver,
    /// The language that it compiles.
    pub version: PyVersion,
    worker: Option<Worker>,
    jobs: u64,
}

impl PythonCompiler {
    /// Starts the Python behind a command: a program with arguments, or the path of a program.
    ///
    /// # Errors
    /// It cannot be started, or what was started is no Python with a profile.
    pub fn open(given: &str) -> Result<PythonCompiler, OpenError> {
        let command = spec::words_of(given)?;
        let driver = Driver::write(DRIVER).map_err(OpenError::Driver)?;
        let (worker, hello) = match start(&command, &driver) {
            Ok(Ok(started)) => started,
            Ok(Err(fault)) => return Err(OpenError::NoHello { command: given.into(), words: fault.words() }),
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(OpenError::NotFound(given.into())),
            Err(error) => return Err(OpenError::Start(given.into(), error)),
        };
        let version = hello.python.parse().map_err(|error| OpenError::Version {
            command: given.to_string(),
            implementation: hello.implementation,
            python: hello.python,
            error,
        })?;
        Ok(PythonCompiler { command, driver, version, worker: Some(worker), jobs: 0 })
    }

    /// What it says of a text.
    ///
    /// # Errors
    /// The words for a worker that broke down.
    pub fn compile(&mut self, name: &str, source: &[u8]) -> Result<Opinion, String> {
        self.ask(name, source).map_err(|fault| fault.words())
    }

    fn ask(&mut self, name: &str, source: &[u8]) -> Result<Opinion, Fault> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => match start(&self.command, &self.driver) {
                Ok(started) => started?.0,
                Err(error) => return Err(Fault::Garbage(format!("it cannot be started again: {error}"))),
            },
        };
        self.jobs += 1;
        let ask = Ask { job: self.jobs, name, source: source.iter().map(|&byte| char::from(byte)).collect() };
        // Numbers and strings: there is nothing that could not be written.
        let line = escaped(&serde_json::to_string(&ask).unwrap_or_default());
        let line = worker.exchange(line, LIMIT, LONGEST)?;
        let answer: Answer = serde_json::from_slice(&line)
            .map_err(|error| Fault::Garbage(format!("its answer is no answer: {error}")))?;
        if answer.job != self.jobs {
            return Err(Fault::Garbage(format!("it answered job {} when asked job {}", answer.job, self.jobs)));
        }
        self.worker = Some(worker);
        Ok(Opinion { error: answer.error, warnings: answer.warnings })
    }
}

fn start(command: &[String], driver: &Driver) -> std::io::Result<Result<(Worker, Hello), Fault>> {
    Worker::start(&driver.launch(command, "compile"))
}

/// The line as ASCII, which is read alike under every locale, with its end.
fn escaped(json: &str) -> Vec<u8> {
    let mut line = Vec::with_capacity(json.len() + 1);
    for unit in json.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => line.push(byte),
            _ => line.extend_from_slice(format!("\\u{unit:04x}").as_bytes()),
        }
    }
    line.push(b'\n');
    line
}
