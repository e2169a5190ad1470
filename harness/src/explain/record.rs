//! Runs a program with a probe before and behind each statement, and once as it is.
//!
//! Behind a program that an exception ends one more probe is passed: nobody else sees what the failing statement had done.
//! Probes on the same line stand between semicolons, others on lines of their own, so line numbers move; what the program
//! writes and how it ends is asked of the program as it is. All of it is compiled as one text, so that what it shares it
//! shares here too.

use super::End;
use crate::engine::graph::Program;
use crate::engine::limit_word;
use std::collections::BTreeMap;
use verysame_engine::inspect::Bounds;
use verysame_engine::reading::{Reading, Shape};
use verysame_engine::rules::Profile;
use verysame_engine::{Ended, Limits, Moment, ProbeKind, Session, Started};

/// What a program may use when it is explained.
pub const LIMITS: Limits = Limits { steps: 5_000_000, memory: 256 << 20, recursion: 1000, output: 1 << 20 };
/// The most moments that are looked at.
const MOST: usize = 600;
/// How much of the heap a moment takes in.
const BOUNDS: Bounds = Bounds { objects: 400, parts: 60, depth: usize::MAX };

/// The probe behind a program that an exception ended.
const LAST: &str = "__step_last__";

/// What was seen of a run.
pub(super) struct Recording {
    /// Where probes were passed: the statement, and whether behind it.
    pub passed: Vec<Passed>,
    /// There were more.
    pub cut: bool,
    /// What was there when an exception had ended the run with probes.
    pub last: Option<Moment>,
    /// The output of the run with probes.
    pub stdout: Vec<u8>,
    /// How the program ended.
    pub end: End,
    /// The names of the reading that are built in.
    pub builtins: Vec<String>,
}

/// A probe that was passed.
pub(super) struct Passed {
    /// The statement.
    pub statement: usize,
    /// It stands behind the statement.
    pub behind: bool,
    /// What was there.
    pub moment: Moment,
}

pub(super) fn record(program: &Program, reading: &Reading, profile: &Profile, limits: Limits) -> Recording {
    let started = Started::new(profile, limits);
    let session = || {
        let mut session = Session::copy_of(&started);
        for (name, source) in &program.files {
            session.add_module(name, source);
        }
        session
    };
    let mut plain = session();
    let ended = plain.run_module(&program.source, &program.filename);
    let mut probed = session();
    for number in 0..reading.statements.len() {
        for behind in [false, true] {
            probed.add_probe(&probe(number, behind), ProbeKind::Frames(BOUNDS, MOST));
        }
    }
    let broken_off = matches!(probed.run_module(with_probes(reading).as_bytes(), &program.filename), Ended::Raised(_));
    if broken_off {
        // The names are still there, and what the statement that failed had done to their objects.
        probed.add_probe(LAST, ProbeKind::Frames(BOUNDS, MOST));
        probed.run_module(format!("{LAST}()\n").as_bytes(), "<last>");
    }
    let passed = probed.moments().iter().filter_map(|moment| {
        let (statement, behind) = number(&moment.by)?;
        Some(Passed { statement, behind, moment: moment.clone() })
    });
    let builtins = reading.names.iter().filter(|one| plain.is_builtin(&one.name)).map(|one| one.name.clone());
    Recording {
        passed: passed.collect(),
        cut: probed.moments().len() >= MOST,
        last: probed.moments().last().filter(|moment| moment.by == LAST).cloned(),
        stdout: probed.stdout().to_vec(),
        end: end(ended, &program.filename),
        builtins: builtins.collect(),
    }
}

fn end(ended: Ended, filename: &str) -> End {
    match ended {
        Ended::Completed => End::Completed,
        Ended::Exit(status) => End::Exit { status },
        Ended::Limit(kind) => End::Limit { limit: limit_word(kind).to_string() },
        Ended::Raised(uncaught) => {
            let place = format!("File \"{filename}\", line ");
            let line = uncaught.traceback.rmatch_indices(&place).next().and_then(|(at, _)| {
                let rest = uncaught.traceback.get(at + place.len()..)?;
                rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
            });
            let colon = if uncaught.text.is_empty() { "" } else { ": " };
            End::Raised { line, text: format!("{}{colon}{}", uncaught.class, uncaught.text) }
        }
    }
}

fn probe(statement: usize, behind: bool) -> String {
    format!("__step_{statement}_{}__", if behind { "behind" } else { "before" })
}

fn number(probe: &str) -> Option<(usize, bool)> {
    let (number, side) = probe.strip_prefix("__step_")?.strip_suffix("__")?.split_once('_')?;
    Some((number.parse().ok()?, side == "behind"))
}

/// The text with probes.
fn with_probes(reading: &Reading) -> String {
    let text = &reading.text;
    // What is put in at a place; at one place what belongs to the inner statement comes first.
    let mut put: BTreeMap<usize, String> = BTreeMap::new();
    for (number, statement) in reading.statements.iter().enumerate().rev() {
        let (before, behind) = (probe(number, false), probe(number, true));
        let (start, end) = (statement.range.start, statement.range.end);
        let begins = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let indent = text.get(begins..start).unwrap_or("");
        match statement.shape {
            Shape::Fixed => {}
            Shape::Simple => {
                put.entry(start).or_default().insert_str(0, &format!("{before}(); "));
                put.entry(end).or_default().push_str(&format!("; {behind}()"));
            }
            Shape::Leaving => put.entry(start).or_default().insert_str(0, &format!("{before}(); ")),
            Shape::Compound | Shape::Function(..) | Shape::Class(_) => {
                put.entry(start).or_default().insert_str(0, &format!("{before}()\n{indent}"));
                let rest = text.get(end..).unwrap_or("");
                let line_end = end + rest.find('\n').unwrap_or(rest.len());
                put.entry(line_end).or_default().push_str(&format!("\n{indent}{behind}()"));
            }
        }
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut last = 0;
    for (at, piece) in put {
        out.push_str(text.get(last..at).unwrap_or(""));
        out.push_str(&piece);
        last = at;
    }
    out.push_str(text.get(last..).unwrap_or(""));
    out
}
