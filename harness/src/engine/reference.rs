//! The reference engine, in process: every job in a session of its own, a copy of an interpreter that was started once.
//!
//! The jobs run on a thread of the engine's own, for its stack has to be deep and a started interpreter stays on one
//! thread. A job that takes too long keeps that thread; the next one gets another.
//!
//! A panic of the engine is a crash of that job. After each program the heap is audited, before and after the
//! interpreter ends; a wrong count is an error of the engine and no crash of the program: it cannot be asked.

use super::spec::Isolation;
use super::{Engine, EngineInfo, Limits, panics};
use crate::case::{self, Job, Mode};
use crate::judge::{ChunkEnd, Event, EventSource, Observation, ProcessEnd, Raised, Seen};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use verysame_engine as engine;
use verysame_engine::rules::Profile;

/// Deep recursion of the program is recursion of the engine; the limit on depth has to strike first.
pub const STACK: usize = 256 << 20;

/// The engine of `verysame_engine`, under one profile.
pub struct ReferenceEngine {
    profile: Profile,
    fault: Option<(String, String)>,
    audits: bool,
    fusion: bool,
    thread: Option<Sender<Work>>,
}

/// A job for the engine's thread, and who waits for what is seen.
struct Work {
    job: Job,
    limits: Limits,
    reply: Sender<Observation>,
}

impl ReferenceEngine {
    /// The engine under these rules; `fault` names the rule that they get wrong, for display.
    pub fn new(profile: Profile, fault: Option<(String, String)>) -> ReferenceEngine {
        ReferenceEngine { profile, fault, audits: true, fusion: true, thread: None }
    }

    /// The same without audits of the heap, for what is run many times.
    #[must_use]
    pub fn unaudited(mut self) -> ReferenceEngine {
        self.audits = false;
        self
    }

    /// The same without fused instructions, which nothing may depend on.
    #[must_use]
    pub fn unfused(mut self) -> ReferenceEngine {
        self.fusion = false;
        self
    }

    /// Starts the engine's thread.
    fn start(&self) -> std::io::Result<Sender<Work>> {
        let (sender, receiver) = mpsc::channel();
        let (profile, audits, fusion) = (self.profile.clone(), self.audits, self.fusion);
        let serve = move || serve(&profile, audits, fusion, &receiver);
        thread::Builder::new().name("engine".to_string()).stack_size(STACK).spawn(serve)?;
        Ok(sender)
    }
}

/// Does the jobs that come, until nobody can send one any more.
fn serve(profile: &Profile, audits: bool, fusion: bool, jobs: &Receiver<Work>) {
    let mut started: Option<(engine::Limits, engine::Started)> = None;
    for Work { job, limits, reply } in jobs {
        let bounds = engine::Limits {
            steps: limits.steps,
            memory: limits.memory,
            output: limits.output,
            ..engine::Limits::default()
        };
        let seen = panics::watched(|| {
            if started.as_ref().is_none_or(|(known, _)| *known != bounds) {
                started = Some((bounds, engine::Started::new(profile, bounds)));
            }
            let session = started.as_ref().map(|(_, started)| engine::Session::copy_of(started));
            let mut session = session.unwrap_or_else(|| engine::Session::new(profile, bounds));
            session.set_fusion(fusion);
            run(session, &job, audits)
        });
        // Whoever asked may have given up.
        let _ = reply.send(seen.unwrap_or_else(|words| ended(ProcessEnd::Crash(words))));
    }
}

impl Engine for ReferenceEngine {
    fn describe(&self) -> EngineInfo {
        let name = match &self.fault {
            None => format!("reference {}", self.profile.version),
            Some((rule, fault)) => format!("reference {} with {rule}:{fault}", self.profile.version),
        };
        EngineInfo {
            name,
            implementation: "verysame".to_string(),
            version: self.profile.version,
            release: None,
            program: None,
            claims_cpython: true,
            isolation: Isolation::InProcess,
            modes: Mode::ALL.to_vec(),
        }
    }

    fn observe(&mut self, job: &Job, limits: &Limits) -> Observation {
        let thread = match self.thread.take() {
            Some(thread) => thread,
            None => match self.start() {
                Ok(thread) => thread,
                Err(error) => return ended(ProcessEnd::Infra(format!("no thread for the engine: {error}"))),
            },
        };
        let (reply, receiver) = mpsc::channel();
        if thread.send(Work { job: job.clone(), limits: *limits, reply }).is_err() {
            return ended(ProcessEnd::Crash("the engine's thread died".into()));
        }
        // The engine counts its steps, so this strikes only when it hangs itself; its thread is then left behind.
        match receiver.recv_timeout(limits.time) {
            Ok(seen) => {
                self.thread = Some(thread);
                seen
            }
            Err(mpsc::RecvTimeoutError::Timeout) => ended(ProcessEnd::Timeout),
            Err(mpsc::RecvTimeoutError::Disconnected) => ended(ProcessEnd::Crash("the engine's thread died".into())),
        }
    }
}

fn ended(end: ProcessEnd) -> Observation {
    Observation { end, ..Observation::default() }
}

fn run(mut session: engine::Session, job: &Job, audits: bool) -> Observation {
    for (name, source) in &job.files {
        session.add_module(name, source);
    }
    for probe in &job.probes {
        session.add_probe(&probe.name, probe_kind(probe.kind));
    }
    let mut seen = Observation::default();
    let mut limit = None;
    for chunk in &job.chunks {
        let source = chunk.source.as_bytes();
        let end = match job.mode {
            Mode::Module => session.run_module(source, FILENAME),
            // At the prompt every statement begins with line 1.
            Mode::Interactive => session.run_interactive(source, 1, chunk.graph),
        };
        match end {
            engine::Ended::Completed => seen.chunks.push(ChunkEnd::Completed),
            engine::Ended::Raised(uncaught) => seen.chunks.push(ChunkEnd::Raised(raised(uncaught))),
            engine::Ended::Exit(status) => seen.chunks.push(ChunkEnd::Exit(status)),
            engine::Ended::Limit(kind) => {
                limit = Some(kind);
                break;
            }
        }
    }
    if limit.is_none() && !job.heap.is_empty() {
        let names: Vec<&str> = job.heap.iter().map(String::as_str).collect();
        seen.heap = session.graph_of(&names);
    }
    let audit = |session: &engine::Session| if audits { session.audit() } else { Ok(()) };
    let running = audit(&session);
    if limit.is_none()
        && let engine::Ended::Limit(kind) = session.finish()
    {
        limit = Some(kind);
    }
    let audit = running.and_then(|()| audit(&session));
    seen.events = session.events().iter().map(event).collect();
    seen.stdout = String::from_utf8_lossy(session.stdout()).into_owned();
    seen.end = match (audit, limit) {
        (Err(words), _) => {
            ProcessEnd::Infra(format!("the reference engine has lost count, its answers are worth nothing: {words}"))
        }
        (Ok(()), Some(kind)) => ProcessEnd::Limit(limit_word(kind).to_string()),
        (Ok(()), None) => ProcessEnd::Ok,
    };
    seen
}

/// The name that a case's program has in module mode.
pub const FILENAME: &str = "case.py";

/// The word for a limit, in reports.
pub const fn limit_word(kind: engine::LimitKind) -> &'static str {
    match kind {
        engine::LimitKind::Steps => "steps",
        engine::LimitKind::Memory => "memory",
        engine::LimitKind::Recursion => "recursion",
        engine::LimitKind::Output => "output",
    }
}

/// The program's output with the values that the interactive loop showed, in order.
pub fn prompt_output(session: &engine::Session) -> Vec<u8> {
    let stdout = session.stdout();
    let mut out = Vec::with_capacity(stdout.len());
    let mut from = 0;
    for event in session.events() {
        let (engine::EventSource::Display(_), engine::Seen::Value { repr, .. }) = (&event.by, &event.seen) else {
            continue;
        };
        if repr != "None" {
            out.extend_from_slice(stdout.get(from..event.stdout_at).unwrap_or_default());
            from = event.stdout_at.max(from);
            out.extend_from_slice(repr.as_bytes());
            out.push(b'\n');
        }
    }
    out.extend_from_slice(stdout.get(from..).unwrap_or_default());
    out
}

fn probe_kind(kind: case::ProbeKind) -> engine::ProbeKind {
    match kind {
        case::ProbeKind::Value => engine::ProbeKind::Value,
        case::ProbeKind::Graph => engine::ProbeKind::Graph,
        case::ProbeKind::Raised => engine::ProbeKind::Raised,
    }
}

fn raised(uncaught: engine::Uncaught) -> Raised {
    let line = line_in(&uncaught.traceback);
    Raised { class: uncaught.class, text: uncaught.text, at_compile: uncaught.at_compile, line }
}

/// The line of the chunk's own text that a traceback names first: the statement of the top level.
fn line_in(traceback: &str) -> Option<u32> {
    let mut places = [FILENAME, "<stdin>"].into_iter().filter_map(|name| {
        let (_, rest) = traceback.split_once(&format!("File \"{name}\", line "))?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    });
    places.next()
}

fn event(event: &engine::Event) -> Event {
    let by = match &event.by {
        engine::EventSource::Probe(name) => EventSource::Probe(name.clone()),
        engine::EventSource::Display(chunk) => EventSource::Display(*chunk),
    };
    let seen = match &event.seen {
        engine::Seen::Value { repr, graph } => Seen::Value { repr: repr.clone(), graph: graph.clone() },
        engine::Seen::Raised { class, text } => {
            Seen::Raised(Raised { class: class.clone(), text: text.clone(), at_compile: false, line: None })
        }
    };
    Event { by, seen }
}
