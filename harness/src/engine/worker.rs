//! The conversation with a worker: a hello, then one line for every line.
//!
//! Every answer is checked: it is a line of JSON, not longer than it may be, about the job that was asked.

use super::answer::{Exit, with_last_words};
use super::process::{Launch, Next, Process};
use serde::Deserialize;
use std::io;
use std::time::{Duration, Instant};

/// How long a command may take to say hello: PyPy on a busy machine takes a second.
const HELLO: Duration = Duration::from_secs(20);

/// How much longer than the job's own limit the harness waits for the worker, which ends the program itself.
const GRACE: Duration = Duration::from_secs(5);

/// What a worker says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Hello {
    /// The version of the conversation.
    pub hello: u32,
    /// `sys.version_info` as text.
    pub python: String,
    /// `sys.implementation.name`
    pub implementation: String,
    /// The implementation's own release, or nothing.
    pub release: String,
    /// `sys.executable`, or nothing.
    #[serde(default)]
    pub program: String,
    /// It can fork.
    pub fork: bool,
}

/// The job that a line is about.
#[derive(Debug, Deserialize)]
struct About {
    job: u64,
}

/// What a worker answers to a job.
#[derive(Debug, Deserialize)]
struct Line {
    status: i32,
    late: bool,
    over: bool,
    out: String,
    err: String,
}

/// What came of a job.
#[derive(Debug)]
pub struct Reply {
    /// How the child ended.
    pub exit: Exit,
    /// What it wrote to stdout, with the records.
    pub out: Vec<u8>,
    /// What it wrote to stderr.
    pub err: Vec<u8>,
}

/// How the conversation broke down.
#[derive(Debug)]
pub enum Fault {
    /// The worker ended; the words say how.
    Died(String),
    /// It said nothing for too long.
    Silent,
    /// What it said is no answer; the words say why.
    Garbage(String),
}

impl Fault {
    /// The fault as a sentence.
    pub fn words(&self) -> String {
        match self {
            Fault::Died(words) => words.clone(),
            Fault::Silent => "it said nothing".to_string(),
            Fault::Garbage(words) => words.clone(),
        }
    }
}

/// A running worker.
pub struct Worker {
    process: Process,
    held: Vec<u8>,
}

impl Worker {
    /// Starts a worker and hears its hello.
    ///
    /// # Errors
    /// Outer: the command cannot be started. Inner: what was started is no worker.
    pub fn start(launch: &Launch) -> io::Result<Result<(Worker, Hello), Fault>> {
        Ok(Worker::greet(launch)?.and_then(|(worker, line)| match serde_json::from_slice::<Hello>(&line) {
            Ok(hello) if hello.hello == 1 => Ok((worker, hello)),
            _ => Err(Fault::Garbage(format!("its first line is {}", quoted(&line)))),
        }))
    }

    /// Starts a worker and hears its first line.
    ///
    /// # Errors
    /// Outer: the command cannot be started. Inner: it said nothing.
    pub fn greet(launch: &Launch) -> io::Result<Result<(Worker, Vec<u8>), Fault>> {
        let mut worker = Worker { process: Process::start(launch)?, held: Vec::new() };
        Ok(worker.line(Instant::now() + HELLO, 1 << 16).map(|line| (worker, line)))
    }

    /// Puts a job, one line of JSON, and waits for the answer.
    ///
    /// # Errors
    /// The worker is of no more use.
    pub fn ask(&mut self, number: u64, job: Vec<u8>, limit: Duration, cap: usize) -> Result<Reply, Fault> {
        // In JSON a byte becomes six at most, and there are two texts.
        let line = self.ask_line(number, job, limit + GRACE, cap.saturating_mul(12) + 4096)?;
        let line: Line = serde_json::from_slice(&line)
            .map_err(|error| Fault::Garbage(format!("its answer is no answer ({error}): {}", quoted(&line))))?;
        let exit = match (line.late, line.over) {
            (true, _) => Exit::Late,
            (false, true) => Exit::TooMuch,
            (false, false) => Exit::from_wait_status(line.status),
        };
        Ok(Reply { exit, out: bytes(&line.out)?, err: bytes(&line.err)? })
    }

    /// Puts a job and waits for the line that is about it. Whatever is about an earlier job is not listened to: its
    /// first answer counted.
    ///
    /// # Errors
    /// The worker is of no more use.
    pub fn ask_line(&mut self, number: u64, job: Vec<u8>, limit: Duration, longest: usize) -> Result<Vec<u8>, Fault> {
        let deadline = Instant::now() + limit;
        self.process.send(job);
        let mut earlier = None;
        let other = |job: u64| Fault::Garbage(format!("it answered job {job} when asked job {number}"));
        loop {
            let line = match (self.line(deadline, longest), earlier) {
                (Ok(line), _) => line,
                (Err(_), Some(job)) => return Err(other(job)),
                (Err(fault), None) => return Err(fault),
            };
            let about: About = serde_json::from_slice(&line)
                .map_err(|error| Fault::Garbage(format!("its answer is no answer ({error}): {}", quoted(&line))))?;
            match about.job {
                job if job == number => return Ok(line),
                job if job < number => earlier = Some(job),
                job => return Err(other(job)),
            }
        }
    }

    /// Sends a line and waits for the line that answers it.
    ///
    /// # Errors
    /// The worker is of no more use.
    pub fn exchange(&mut self, line: Vec<u8>, limit: Duration, longest: usize) -> Result<Vec<u8>, Fault> {
        self.put(line);
        self.hear(limit, longest)
    }

    /// Sends a line.
    pub fn put(&self, line: Vec<u8>) {
        self.process.send(line);
    }

    /// Waits for a line.
    ///
    /// # Errors
    /// The worker is of no more use.
    pub fn hear(&mut self, limit: Duration, longest: usize) -> Result<Vec<u8>, Fault> {
        self.line(Instant::now() + limit, longest)
    }

    /// The next line of its stdout.
    fn line(&mut self, deadline: Instant, longest: usize) -> Result<Vec<u8>, Fault> {
        let mut searched = 0;
        loop {
            let fresh = self.held.get(searched..).unwrap_or_default();
            if let Some(at) = fresh.iter().position(|&byte| byte == b'\n') {
                let rest = self.held.split_off(searched + at + 1);
                let mut line = std::mem::replace(&mut self.held, rest);
                line.pop();
                return Ok(line);
            }
            if Instant::now() >= deadline {
                return Err(Fault::Silent);
            }
            searched = self.held.len();
            if searched > longest {
                return Err(Fault::Garbage(format!("its answer is longer than {longest} bytes")));
            }
            match self.process.next(deadline) {
                Next::Bytes(bytes) => self.held.extend_from_slice(&bytes),
                Next::Nothing => return Err(Fault::Silent),
                Next::End => return Err(Fault::Died(self.how_it_ended())),
            }
        }
    }

    fn how_it_ended(&mut self) -> String {
        let status = self.process.wait(Instant::now() + Duration::from_millis(500));
        let words = match status.map(Exit::from_process) {
            Some(Exit::Status(status)) => format!("exit status {status}"),
            Some(Exit::Signal(signal)) => super::answer::signal_words(signal),
            Some(Exit::Late | Exit::TooMuch) | None => "it closed its stdout".to_string(),
        };
        let said = self.process.last_words();
        with_last_words(words, if said.is_empty() { &self.held } else { &said })
    }
}

/// The bytes that a text of Latin-1 characters stands for.
fn bytes(text: &str) -> Result<Vec<u8>, Fault> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)))
        .collect::<Result<_, _>>()
        .map_err(|_| Fault::Garbage("its answer holds characters that are no bytes".to_string()))
}

/// The beginning of some bytes, to be shown.
pub fn quoted(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(bytes).chars().take(80).collect();
    format!("{text:?}")
}
