//! A command that runs files, as an engine: a process for each program, or one that takes them as they come.

use super::super::patience::Patience;
use super::super::process::{Launch, Process};
use super::super::python::write_modules;
use super::super::reference::FILENAME;
use super::super::{Engine, EngineInfo, Isolation, Limits, OpenError, live};
use super::output::{self, Ran};
use super::program::{Form, Program, program};
use super::server::Server;
use crate::case::{Chunk, Job, Mode, Probe, ProbeKind};
use crate::judge::{ChunkEnd, Event, EventSource, Observation, ProcessEnd, Seen};
use crate::profile::{DriverKind, EngineProfile, Uncaught};
use std::io;
use std::time::Duration;
use verysame_engine::rules::PyVersion;

/// After so many programs in a row that could not be put to it the engine is not asked again.
const GIVE_UP: u32 = 6;

/// How long the first programs may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// An engine that runs files.
pub struct PlainEngine {
    launch: Launch,
    uncaught: Uncaught,
    info: EngineInfo,
    form: Form,
    breakdowns: u32,
    server: Option<Server>,
    patience: Patience,
}

impl PlainEngine {
    /// Puts the first programs to the command: what it can be given, which Python it is, which release.
    ///
    /// # Errors
    /// It does not even print.
    pub fn open(given: &str, command: &[String], profile: &EngineProfile) -> Result<PlainEngine, OpenError> {
        let launch = Launch {
            command: command.to_vec(),
            environment: profile.environment.clone().into_iter().collect(),
            memory: profile.limits.memory,
            ..Launch::default()
        };
        let exec = profile.driver == DriverKind::Exec;
        let served = profile.driver == DriverKind::Server;
        let modes = if exec { Mode::ALL.to_vec() } else { vec![Mode::Module] };
        let info = EngineInfo {
            name: given.to_string(),
            implementation: profile.name.clone(),
            version: PyVersion::NEWEST,
            release: None,
            program: None,
            claims_cpython: false,
            isolation: if served { Isolation::Reset } else { Isolation::Spawn },
            modes: profile.modes.clone().unwrap_or(modes),
        };
        let form = Form { names: super::Names::Globals, modules: false, exec };
        let mut engine = PlainEngine {
            launch,
            uncaught: profile.uncaught.clone(),
            info,
            form,
            breakdowns: 0,
            server: served.then(Server::new),
            patience: Patience::default(),
        };
        engine.form = engine.find_form(given)?;
        let (python, release) = engine.ask_version(profile);
        engine.info.release = release;
        engine.info.version = match (profile.python, python) {
            (Some(version), _) => version,
            (None, Some(python)) => python.parse().map_err(|error| OpenError::Version {
                command: given.to_string(),
                implementation: profile.name.clone(),
                python,
                error,
            })?,
            (None, None) => PyVersion::NEWEST,
        };
        Ok(engine)
    }

    /// The best form in which a program that uses everything is seen as it should be.
    fn find_form(&mut self, given: &str) -> Result<Form, OpenError> {
        let source = "x = __probe_1__((1 + 1))\ntry: y\nexcept BaseException: __raised_2__()\nprint('three')\n";
        let mut job = job("smoke", source);
        for (name, kind) in [("__probe_1__", ProbeKind::Value), ("__raised_2__", ProbeKind::Raised)] {
            job.probes.push(Probe { name: name.to_string(), kind });
        }
        let limits = Limits { time: PATIENCE, ..Limits::default() };
        let mut words = String::new();
        for form in Form::all(self.form.exec) {
            // Each is heard out: what is said of the last is said of the engine.
            self.patience = Patience::default();
            let (observed, said) = match self.run(&job, form, &limits) {
                Ok(ran) => ran,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(OpenError::NotFound(given.into())),
                Err(error) => return Err(OpenError::Start(given.into(), error)),
            };
            match smoke(&observed) {
                Ok(()) => return Ok(form),
                // The simplest form says best what is wrong.
                Err(why) if said.is_empty() => words = why,
                Err(why) => words = format!("{why}; it said: {said}"),
            }
        }
        Err(OpenError::NoFile { command: given.to_string(), words })
    }

    /// `sys.version_info` and the release, as far as they can be had.
    fn ask_version(&mut self, profile: &EngineProfile) -> (Option<String>, Option<String>) {
        let limits = Limits { time: PATIENCE, ..Limits::default() };
        let source = "import sys\nprint('%d.%d.%d' % (sys.version_info[0], sys.version_info[1], sys.version_info[2]))\nprint(sys.version)\n";
        let printed = match self.run(&job("version", source), self.form, &limits) {
            Ok((seen, _)) if seen.chunks == [ChunkEnd::Completed] => seen.stdout,
            Ok(_) | Err(_) => String::new(),
        };
        let (python, version) = printed.split_once('\n').unwrap_or_default();
        let python = Some(python.to_string()).filter(|python| !python.is_empty());
        let Some(probe) = &profile.release else { return (python, None) };
        let said = match &probe.arguments {
            None => version.to_string(),
            Some(arguments) => {
                let mut launch = self.launch.clone();
                launch.command.extend(arguments.iter().cloned());
                said(&launch, &limits).unwrap_or_default()
            }
        };
        let release = probe.pattern.captures(&said).and_then(|found| Some(found.get(1)?.as_str().to_string()));
        (python, release)
    }

    /// Runs a job; what was seen, and what was said on the side.
    fn run(&mut self, job: &Job, form: Form, limits: &Limits) -> io::Result<(Observation, String)> {
        let secret = live::token();
        let file = program(job, &secret, form);
        if let Some(server) = &mut self.server {
            let mut said = String::new();
            let seen = self.patience.observe(|afresh| {
                if afresh {
                    server.restart();
                }
                let launch =
                    Launch { memory: self.launch.memory.or(Some(limits.process_memory)), ..self.launch.clone() };
                let (out, err, exit) = server.run(&launch, &file.text, job, limits)?;
                said = words_of(&out, &err);
                let ran = Ran { job, program: &file, secret: &secret, out: &out, err: &err, exit };
                Ok(output::read(&ran, &self.uncaught))
            });
            return Ok((seen, said));
        }
        let folder = tempfile::Builder::new().prefix("verysame-").tempdir()?;
        std::fs::write(folder.path().join(FILENAME), &file.text)?;
        write_modules(&job.files, folder.path())?;
        let mut launch = self.launch.clone();
        launch.command.push(FILENAME.to_string());
        launch.memory = launch.memory.or(Some(limits.process_memory));
        let mut process = Process::start_in(&launch, folder)?;
        process.close_input();
        let (out, exit) = process.drain(limits);
        process.kill();
        let err = process.last_words();
        let seen =
            output::read(&Ran { job, program: &file, secret: &secret, out: &out, err: &err, exit }, &self.uncaught);
        Ok((seen, words_of(&out, &err)))
    }

    /// The file that this engine would be given, for a person to look at.
    pub fn file_for(&self, job: &Job) -> Program {
        program(job, "", self.form)
    }
}

impl Engine for PlainEngine {
    fn describe(&self) -> EngineInfo {
        self.info.clone()
    }

    fn observe(&mut self, job: &Job, limits: &Limits) -> Observation {
        if self.breakdowns >= GIVE_UP {
            return infra(format!("it could not be asked {GIVE_UP} times in a row and is not asked again"));
        }
        if !self.info.modes.contains(&job.mode) {
            return infra(format!("it has no {} mode", job.mode));
        }
        let seen = match self.run(job, self.form, limits) {
            Ok((seen, _)) => seen,
            Err(error) => infra(format!("it cannot be started: {error}")),
        };
        let broken = matches!(seen.end, ProcessEnd::Infra(_));
        self.breakdowns = if broken { self.breakdowns + 1 } else { 0 };
        seen
    }
}

fn infra(words: String) -> Observation {
    Observation { end: ProcessEnd::Infra(words), ..Observation::default() }
}

fn job(name: &str, source: &str) -> Job {
    Job {
        case: format!("harness.{name}"),
        mode: Mode::Module,
        files: Vec::new(),
        chunks: vec![Chunk { source: source.to_string(), first_line: 1, graph: false }],
        probes: Vec::new(),
        packages: false,
        heap: Vec::new(),
    }
}

/// Whether the program that uses everything was seen as it should be.
fn smoke(seen: &Observation) -> Result<(), String> {
    if seen.end != ProcessEnd::Ok || seen.chunks != [ChunkEnd::Completed] {
        return Err(match (&seen.end, seen.chunks.first()) {
            (ProcessEnd::Infra(words) | ProcessEnd::Crash(words), _) => words.clone(),
            (ProcessEnd::Timeout, _) => "it did not end".to_string(),
            (_, Some(ChunkEnd::Raised(raised))) => format!("a simple program ends with {}", raised.words()),
            (end, chunk) => format!("a simple program does not run to its end: {end:?} {chunk:?}"),
        });
    }
    let value = Event {
        by: EventSource::Probe("__probe_1__".to_string()),
        seen: Seen::Value { repr: "2".to_string(), graph: None },
    };
    let raised = |event: &Event| matches!(&event.seen, Seen::Raised(raised) if raised.class == "NameError");
    match &seen.events[..] {
        [first, second] if *first == value && raised(second) && seen.stdout.trim() == "three" => Ok(()),
        events => Err(format!("a simple program shows {events:?} and prints {:?}", seen.stdout)),
    }
}

/// What a command says when it is asked for its version.
fn said(launch: &Launch, limits: &Limits) -> io::Result<String> {
    let mut process = Process::start(launch)?;
    process.close_input();
    let (out, _) = process.drain(limits);
    process.kill();
    Ok(format!("{}\n{}", String::from_utf8_lossy(&out), String::from_utf8_lossy(&process.last_words())))
}

/// The last line that was said on the side.
fn words_of(out: &[u8], err: &[u8]) -> String {
    let text = String::from_utf8_lossy(if err.is_empty() { out } else { err }).into_owned();
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}
