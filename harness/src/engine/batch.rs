//! Programs in batches, each in a fresh namespace of one interpreter: many times as quick as a process or a session for
//! each, and not as well kept apart, so that what is seen here is a hint and no proof.
//!
//! Invariant: an answer is `None` or what the engine did with that very program, never with another one.

use super::process::Launch;
use super::python::Driver;
use super::reference::FILENAME;
use super::spec::EngineSpec;
use super::worker::{Fault, Worker};
use super::{Limits, panics};
use crate::profile::DriverKind;
use std::sync::Arc;
use verysame_engine as engine;
use verysame_engine::rules::Profile;

/// The program that runs inside the engine.
const BATCH: &str = include_str!("batch.py");

/// Modules that many programs import: compiled once, not in every batch.
const IMPORTED: [&str; 3] = ["copy", "gc", "weakref"];

/// What a program did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ran {
    /// What it wrote to stdout.
    pub stdout: String,
    /// The exception that ended it, as words; empty if it ran to its end.
    pub end: String,
}

/// One answer a program; `None` for one that has to be asked alone.
pub type Answers = Vec<Option<Ran>>;

/// Another engine's worker for batches.
pub struct BatchWorker {
    launch: Launch,
    /// The file lives as long as this.
    _driver: Arc<Driver>,
    worker: Option<Worker>,
    asked: u64,
    count: usize,
}

impl BatchWorker {
    /// A worker of this engine; one that does not run our driver has none.
    ///
    /// # Errors
    /// The driver cannot be written.
    pub fn new(spec: &EngineSpec) -> std::io::Result<Option<BatchWorker>> {
        let (command, environment) = match spec {
            EngineSpec::Reference { .. } | EngineSpec::Own { .. } => return Ok(None),
            EngineSpec::Python { command, .. } => (command, Vec::new()),
            EngineSpec::Profiled { command, profile, .. } => match profile.driver {
                DriverKind::Python => (command, profile.environment.clone().into_iter().collect()),
                DriverKind::File | DriverKind::Exec | DriverKind::Server | DriverKind::Worker => return Ok(None),
            },
        };
        let driver = Arc::new(Driver::write(BATCH)?);
        let launch = Launch { environment, ..driver.launch(command, "batch") };
        Ok(Some(BatchWorker { launch, _driver: driver, worker: None, asked: 0, count: 0 }))
    }

    /// Puts programs to it, without waiting for the answer.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn send(&mut self, programs: &[String]) -> Result<(), String> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => {
                let started = Worker::start(&self.launch);
                started.map_err(|error| error.to_string())?.map_err(|fault| fault.words())?.0
            }
        };
        self.asked += 1;
        self.count = programs.len();
        let mut line = self.asked.to_string();
        for program in programs {
            line.push('\x1e');
            // Who has these characters in the text is asked alone.
            if !has_separator(program) {
                line.extend(program.chars().map(|c| if c == '\n' { '\x1f' } else { c }));
            }
        }
        line.push('\n');
        worker.put(line.into_bytes());
        self.worker = Some(worker);
        Ok(())
    }

    /// Puts programs to it and waits.
    fn ask(&mut self, programs: &[String], limits: &Limits) -> Answers {
        match self.send(programs) {
            Ok(()) => self.receive(programs, limits),
            Err(_) => unanswered(programs),
        }
    }

    /// Waits for the answer. Where it does not come, or is none, every program has to be asked alone; if the worker died
    /// of it, the halves are asked again, until the program that kills it stands alone.
    pub fn receive(&mut self, programs: &[String], limits: &Limits) -> Answers {
        let Some(mut worker) = self.worker.take() else { return unanswered(programs) };
        let line = match worker.hear(limits.time, limits.output) {
            Ok(line) => line,
            Err(Fault::Died(_)) if programs.len() > 1 => {
                let (first, second) = programs.split_at(programs.len() / 2);
                let mut answers = self.ask(first, limits);
                answers.extend(self.ask(second, limits));
                return answers;
            }
            Err(Fault::Died(_) | Fault::Silent | Fault::Garbage(_)) => return unanswered(programs),
        };
        let Ok(text) = String::from_utf8(line) else { return unanswered(programs) };
        let mut parts = text.split('\x1e');
        let number = parts.next().and_then(|number| number.parse().ok());
        let parts: Vec<&str> = parts.collect();
        if number != Some(self.asked) || parts.len() != 2 * self.count || self.count != programs.len() {
            return unanswered(programs);
        }
        self.worker = Some(worker);
        let plain = |text: &str| text.replace('\x1f', "\n");
        let answers = parts.chunks_exact(2).zip(programs).map(|(pair, program)| match pair {
            [_, "\x15"] => None,
            [stdout, end] if !has_separator(program) => Some(Ran { stdout: plain(stdout), end: plain(end) }),
            _ => None,
        });
        answers.collect()
    }
}

/// Every one of these has to be asked alone.
fn unanswered(programs: &[String]) -> Answers {
    vec![None; programs.len()]
}

fn has_separator(program: &str) -> bool {
    program.contains(['\x1e', '\x1f', '\0', '\r'])
}

/// The reference engine for batches. It runs on the thread that asks, which has to have a deep stack: see
/// [`super::STACK`].
pub struct BatchReference {
    started: engine::Started,
}

impl BatchReference {
    /// The engine under these rules.
    pub fn new(profile: &Profile, limits: &Limits) -> BatchReference {
        let limits = engine::Limits {
            steps: limits.steps,
            memory: limits.memory,
            output: limits.output,
            ..engine::Limits::default()
        };
        let mut started = engine::Started::new(profile, limits);
        for module in IMPORTED {
            // One that it does not have fails in the program that wants it.
            let _ = started.import(module);
        }
        started.freeze();
        BatchReference { started }
    }

    /// Runs programs in one session. Where that panics or loses count of its references, every program has to be
    /// asked alone.
    pub fn run(&self, programs: &[String]) -> Answers {
        let all = panics::watched(|| {
            let mut session = engine::Session::copy_of(&self.started);
            let answers: Answers =
                programs.iter().map(|program| ran(session.run_apart(program.as_bytes(), FILENAME))).collect();
            session.audit().map(|()| answers)
        });
        match all {
            Ok(Ok(answers)) => answers,
            Ok(Err(_)) | Err(_) => unanswered(programs),
        }
    }
}

fn ran((ended, stdout): (engine::Ended, Vec<u8>)) -> Option<Ran> {
    let stdout = String::from_utf8(stdout).ok()?;
    let end = match ended {
        engine::Ended::Completed => String::new(),
        engine::Ended::Raised(raised) if raised.text.is_empty() => raised.class,
        engine::Ended::Raised(raised) => format!("{}: {}", raised.class, raised.text),
        engine::Ended::Exit(_) | engine::Ended::Limit(_) => return None,
    };
    Some(Ran { stdout, end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use verysame_engine::rules::PyVersion;

    const PROGRAMS: [&str; 6] = [
        "x = 1\nprint(x)\n",
        "print('x' in globals(), __name__)\n",
        "1 / 0\n",
        "x = = 1\n",
        "print('\\x1e')",
        "import sys\nsys.exit(3)",
    ];

    fn programs() -> Vec<String> {
        PROGRAMS.map(str::to_string).to_vec()
    }

    fn expected(answers: &Answers) {
        let seen: Vec<(&str, &str)> =
            answers.iter().take(4).flatten().map(|ran| (ran.stdout.as_str(), ran.end.as_str())).collect();
        let syntax = seen.get(3).map(|(_, end)| *end).unwrap_or_default();
        assert!(syntax.starts_with("SyntaxError: "), "{answers:?}");
        let first = [("1\n", ""), ("False __main__\n", ""), ("", "ZeroDivisionError: division by zero")];
        assert_eq!(seen.get(..3), Some(&first[..]));
    }

    #[test]
    fn the_reference_engine_keeps_namespaces_apart() {
        let reference = BatchReference::new(&Profile::of(PyVersion::NEWEST), &Limits::default());
        let answers = reference.run(&programs());
        expected(&answers);
        assert_eq!(answers.get(5), Some(&None));
    }

    #[test]
    fn a_limit_ends_the_programs_after_it_too() {
        let limits = Limits { steps: 1000, ..Limits::default() };
        let reference = BatchReference::new(&Profile::of(PyVersion::NEWEST), &limits);
        let answers = reference.run(&["print(1)\n", "while True: pass\n", "print(2)\n"].map(str::to_string));
        assert_eq!(answers.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false]);
    }

    #[test]
    fn python3_answers_in_batches() {
        let Ok(spec) = EngineSpec::python("python3", None) else { return };
        if spec.open().is_err() {
            return;
        }
        let mut worker = BatchWorker::new(&spec).expect("a driver").expect("a worker");
        for _ in 0..2 {
            worker.send(&programs()).expect("it starts");
            let answers = worker.receive(&programs(), &Limits::default());
            expected(&answers);
            assert_eq!(answers.get(4), Some(&None));
        }
        let killed = ["print(1)\n", "import os\nos._exit(3)\n", "print(2)\n"].map(str::to_string);
        worker.send(&killed).expect("it runs");
        let answers = worker.receive(&killed, &Limits::default());
        let seen: Vec<Option<&str>> = answers.iter().map(|ran| ran.as_ref().map(|ran| ran.stdout.as_str())).collect();
        assert_eq!(seen, [Some("1\n"), None, Some("2\n")]);
        let endless = ["while True: pass\n".to_string()];
        worker.send(&endless).expect("it runs");
        let limits = Limits { time: std::time::Duration::from_millis(300), ..Limits::default() };
        assert_eq!(worker.receive(&endless, &limits), [None]);
        worker.send(&programs()).expect("it is started again");
        expected(&worker.receive(&programs(), &Limits::default()));
    }
}
