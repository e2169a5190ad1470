//! One program put to the engine, and what must not come of it.

use super::Program;
use crate::case::Mode;
use crate::engine::{STACK, watched};
use std::fmt;
use std::thread;
use verysame_engine::rules::Profile;
use verysame_engine::{Ended, Limits, Session, syntax};

/// Small bounds: most programs reach one of them at once or never.
pub const LIMITS: Limits = Limits { steps: 200_000, memory: 32 << 20, recursion: 1000, output: 1 << 16 };

/// What must not happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The engine panicked: its words and place.
    Panic(String),
    /// The audit found a wrong count: its words.
    Audit(String),
    /// The program wrote this many bytes.
    Output(usize),
    /// The engine could not be started.
    Start(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Panic(words) => f.write_str(words),
            Trouble::Audit(words) => write!(f, "audit: {words}"),
            Trouble::Output(bytes) => write!(f, "output: {bytes} bytes, more than its limit"),
            Trouble::Start(words) => write!(f, "the engine cannot be started: {words}"),
        }
    }
}

/// Runs a program to its end, of which the word is given.
///
/// # Errors
/// What must not happen happened.
pub fn survive(program: &Program, limits: &Limits) -> Result<&'static str, Trouble> {
    let (program, limits) = (program.clone(), *limits);
    let work = move || watched(|| run(&program, limits));
    let started = thread::Builder::new().stack_size(STACK).spawn(work);
    match started.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(result))) => result,
        Ok(Ok(Err(words))) => Err(Trouble::Panic(words)),
        Ok(Err(_)) => Err(Trouble::Panic("the engine's thread died".to_string())),
        Err(error) => Err(Trouble::Start(error.to_string())),
    }
}

fn run(program: &Program, limits: Limits) -> Result<&'static str, Trouble> {
    let mut session = Session::new(&Profile::of(program.version), limits);
    let end = match program.mode {
        Mode::Module => session.run_module(&program.source, "torture.py"),
        Mode::Interactive => run_pieces(&mut session, &program.source),
    };
    session.audit().map_err(Trouble::Audit)?;
    let last = session.finish();
    session.audit().map_err(Trouble::Audit)?;
    let written = session.stdout().len() + session.stderr().len();
    if written > limits.output {
        return Err(Trouble::Output(written));
    }
    Ok(match (&end, &last) {
        (Ended::Limit(_), _) | (_, Ended::Limit(_)) => "limit",
        (Ended::Raised(uncaught), _) if uncaught.at_compile => "rejected",
        (Ended::Raised(_), _) => "raised",
        (Ended::Exit(_), _) => "exited",
        (Ended::Completed, _) => "completed",
    })
}

fn run_pieces(session: &mut Session, source: &[u8]) -> Ended {
    let text = String::from_utf8_lossy(source);
    // What does not parse as a whole is given whole: its error is the session's.
    let pieces = syntax::split_interactive(&text).unwrap_or_else(|_| std::iter::once(0..text.len()).collect());
    let mut end = Ended::Completed;
    for piece in pieces {
        let chunk = text.get(piece).unwrap_or_default();
        // Alias graphs walk whatever the program left behind.
        end = session.run_interactive(chunk.as_bytes(), 1, true);
        if matches!(end, Ended::Exit(_) | Ended::Limit(_)) {
            break;
        }
    }
    end
}
