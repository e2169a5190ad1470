//! A command that runs files as they come, in an interpreter that is new for each, and stays: a line of JSON for every
//! line of JSON.
//!
//! ```text
//! server   {"serves": 1}
//! harness  {"job": 1, "source": "print(1)\n", "files": [], "limit": 10.0, "output": 4194304}
//! server   {"job": 1, "stdout": "1\n", "stderr": "", "status": 0}
//! ```
//!
//! It knows nothing of probes: what is in the output is read as if a process had written it. The launchers of the
//! engines under node are carried along, in `harness/engines/run`.

use super::super::Limits;
use super::super::answer::Exit;
use super::super::process::Launch;
use super::super::worker::{Fault, Worker, quoted};
use crate::case::Job;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The launchers, which a command names as `{run}/NAME`.
#[derive(rust_embed::Embed)]
#[folder = "engines/run"]
struct Launchers;

/// What stands in a command for the folder of the launchers.
pub const RUN: &str = "{run}";

/// Writes the launchers into a folder.
///
/// # Errors
/// It cannot be written.
pub fn write_launchers(folder: &Path) -> io::Result<()> {
    for name in Launchers::iter() {
        if let Some(file) = Launchers::get(&name) {
            std::fs::write(folder.join(name.as_ref()), &file.data)?;
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Hello {
    serves: u32,
}

#[derive(Serialize)]
struct Ask<'a> {
    job: u64,
    source: &'a str,
    files: &'a [(String, String)],
    limit: f64,
    output: usize,
}

#[derive(Deserialize)]
struct Answer {
    stdout: String,
    stderr: String,
    status: i32,
    #[serde(default)]
    over: bool,
}

/// A server, started when it is needed.
pub struct Server {
    worker: Option<Worker>,
    jobs: u64,
}

impl Server {
    /// None yet.
    pub const fn new() -> Server {
        Server { worker: None, jobs: 0 }
    }

    /// Runs a text: its stdout, its stderr, how it ended.
    ///
    /// # Errors
    /// The server broke down, and the next text gets another one.
    pub fn run(
        &mut self,
        launch: &Launch,
        text: &str,
        job: &Job,
        limits: &Limits,
    ) -> Result<(Vec<u8>, Vec<u8>, Exit), Fault> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => start(launch)?,
        };
        self.jobs += 1;
        let ask = Ask {
            job: self.jobs,
            source: text,
            files: &job.files,
            limit: limits.time.as_secs_f64(),
            output: limits.output,
        };
        // Strings, numbers and lists: there is nothing that could not be written.
        let mut line = serde_json::to_vec(&ask).unwrap_or_default();
        line.push(b'\n');
        // In JSON a byte becomes six at most.
        let longest = limits.output.saturating_mul(6) + (1 << 16);
        let line = worker.ask_line(self.jobs, line, limits.time, longest)?;
        let answer: Answer = serde_json::from_slice(&line)
            .map_err(|error| Fault::Garbage(format!("its answer is no answer ({error}): {}", quoted(&line))))?;
        if answer.over || answer.stdout.len().saturating_add(answer.stderr.len()) > limits.output {
            return Ok((Vec::new(), Vec::new(), Exit::TooMuch));
        }
        self.worker = Some(worker);
        Ok((answer.stdout.into_bytes(), answer.stderr.into_bytes(), Exit::Status(answer.status)))
    }

    /// The next text gets a server of its own.
    pub fn restart(&mut self) {
        self.worker = None;
    }
}

fn start(launch: &Launch) -> Result<Worker, Fault> {
    let started = Worker::greet(launch).map_err(|error| Fault::Garbage(format!("it cannot be started: {error}")))?;
    let (worker, line) = started?;
    match serde_json::from_slice::<Hello>(&line) {
        Ok(hello) if hello.serves == 1 => Ok(worker),
        _ => Err(Fault::Garbage(format!("its first line is {}", quoted(&line)))),
    }
}
