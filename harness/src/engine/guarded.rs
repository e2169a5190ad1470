//! An engine in the harness's own process, kept from hurting it: it works on a thread of its own with a deep stack; a
//! panic is a crash of its job; a job that takes too long keeps the thread, and the next one gets another engine.

use super::{Engine, EngineInfo, Limits, STACK, panics, patience};
use crate::case::Job;
use crate::judge::{Observation, ProcessEnd};
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;

/// Makes engines: each thread of a run works with one of its own.
#[derive(Clone)]
pub struct Maker(Arc<dyn Fn() -> Box<dyn Engine> + Send + Sync>);

impl fmt::Debug for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Maker")
    }
}

impl Maker {
    /// From what makes one engine.
    pub fn new<E: Engine + 'static>(make: impl Fn() -> E + Send + Sync + 'static) -> Maker {
        Maker(Arc::new(move || Box::new(make())))
    }

    /// An engine, guarded.
    pub fn make(&self) -> GuardedEngine {
        GuardedEngine { maker: self.clone(), info: (self.0)().describe(), thread: None }
    }
}

/// A job for the engine's thread, and who waits for what is seen.
struct Work {
    job: Job,
    limits: Limits,
    reply: Sender<Observation>,
}

/// An engine behind a thread.
pub struct GuardedEngine {
    maker: Maker,
    info: EngineInfo,
    thread: Option<Sender<Work>>,
}

fn serve(maker: &Maker, jobs: &Receiver<Work>) {
    let mut engine: Option<Box<dyn Engine>> = None;
    for Work { job, limits, reply } in jobs {
        let seen = panics::watched(|| engine.get_or_insert_with(|| (maker.0)()).observe(&job, &limits));
        let seen = seen.unwrap_or_else(|words| {
            // What a panic leaves behind is not looked at.
            engine = None;
            patience::ended(ProcessEnd::Crash(words))
        });
        // Whoever asked may have given up.
        let _ = reply.send(seen);
    }
}

impl Engine for GuardedEngine {
    fn describe(&self) -> EngineInfo {
        self.info.clone()
    }

    fn observe(&mut self, job: &Job, limits: &Limits) -> Observation {
        let thread = match self.thread.take() {
            Some(thread) => thread,
            None => {
                let (sender, receiver) = mpsc::channel();
                let maker = self.maker.clone();
                let builder = thread::Builder::new().name("engine".to_string()).stack_size(STACK);
                match builder.spawn(move || serve(&maker, &receiver)) {
                    Ok(_) => sender,
                    Err(error) => {
                        return patience::ended(ProcessEnd::Infra(format!("no thread for the engine: {error}")));
                    }
                }
            }
        };
        let (reply, receiver) = mpsc::channel();
        if thread.send(Work { job: job.clone(), limits: *limits, reply }).is_err() {
            return patience::ended(ProcessEnd::Crash("the engine's thread died".into()));
        }
        match receiver.recv_timeout(limits.time) {
            Ok(seen) => {
                self.thread = Some(thread);
                seen
            }
            Err(RecvTimeoutError::Timeout) => patience::ended(ProcessEnd::Timeout),
            Err(RecvTimeoutError::Disconnected) => {
                patience::ended(ProcessEnd::Crash("the engine's thread died".into()))
            }
        }
    }
}
