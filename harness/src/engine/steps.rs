//! The objects of a program after each of its statements, on the reference engine.
//!
//! The statements at the margin are told apart, and behind each stands a call of a probe that keeps the graph. The program
//! is compiled as one text, so what it shares it shares here too. Its line numbers move, so what it writes and how it
//! ends is asked of the program as it is.

use super::graph::{GraphError, Program};
use super::{STACK, panics};
use std::thread;
use verysame_engine as engine;
use verysame_engine::inspect::Bounds;
use verysame_engine::rules::Profile;

/// The most statements.
const MOST: usize = 200;

/// A statement and what is there after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The number of its first line, from 1.
    pub line: usize,
    /// Its text.
    pub source: String,
    /// The objects after it.
    pub moment: engine::Moment,
}

/// What is there after each statement of a program that has been run; statements that it did not reach are left out, and
/// so are all after the first 200.
///
/// # Errors
/// The engine broke down.
pub fn steps(
    profile: &Profile,
    limits: engine::Limits,
    program: &Program,
    bounds: Bounds,
) -> Result<Vec<Step>, GraphError> {
    thread::scope(|scope| {
        let run = || panics::watched(|| run(profile, limits, program, bounds));
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let ended = thread.map_err(|error| GraphError::Broken(error.to_string()))?.join();
        ended.map_err(|_| GraphError::Broken("its thread died".into()))?.map_err(GraphError::Broken)
    })
}

fn run(profile: &Profile, limits: engine::Limits, program: &Program, bounds: Bounds) -> Vec<Step> {
    let text = String::from_utf8_lossy(&program.source);
    let Ok(pieces) = engine::syntax::split_interactive(&text) else { return Vec::new() };
    let pieces: Vec<&str> = pieces.into_iter().filter_map(|piece| text.get(piece)).take(MOST).collect();
    let mut session = engine::Session::new(profile, limits);
    for (name, source) in &program.files {
        session.add_module(name, source);
    }
    let mut source = String::new();
    for (number, piece) in pieces.iter().enumerate() {
        let probe = probe(number);
        session.add_probe(&probe, engine::ProbeKind::Objects(bounds));
        source.push_str(piece);
        if !piece.ends_with('\n') {
            source.push('\n');
        }
        source.push_str(&format!("{probe}()\n"));
    }
    session.run_module(source.as_bytes(), &program.filename);
    let mut line = 1;
    let mut moments = session.moments().iter().peekable();
    let mut steps = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        let blank = piece.len() - piece.trim_start_matches(['\n', '\r']).len();
        let first = line + piece[..blank].matches('\n').count();
        line += piece.matches('\n').count();
        if let Some(moment) = moments.next_if(|moment| moment.by == probe(number)) {
            steps.push(Step { line: first, source: piece.trim().to_string(), moment: moment.clone() });
        }
    }
    steps
}

fn probe(number: usize) -> String {
    format!("__step_{number}__")
}
