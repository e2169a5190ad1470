//! A program explained line by line: what happens to names and objects, which name is found where, what is cached and by
//! which rule, what dies where, and which of its constructs are known to surprise.
//!
//! Invariant: what is said of a run was seen on the reference engine, what is said of the text holds for every run, and a
//! sentence that rests on a rule names it.

mod graph;
pub mod lsp;
mod names;
mod objects;
mod paths;
mod record;
mod rounds;
mod rules;
mod sharing;
mod story;
pub mod text;
mod traps;
mod words;

pub use record::LIMITS;
pub use rules::CITED;

use crate::case::reference::anchors;
use crate::case::{Loaded, Rule};
use crate::engine::graph::{GraphError, Program};
use crate::engine::{STACK, watched};
use serde::Serialize;
use std::ops::Range;
use std::thread;
use verysame_engine::Limits;
use verysame_engine::reading::read;
use verysame_engine::rules::Profile;
use verysame_engine::syntax::SyntaxIssue;

/// What there is to say of a program.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Explanation {
    /// What the program is called.
    pub file: String,
    /// The version of CPython whose rules hold.
    pub python: String,
    /// Its text.
    #[serde(skip)]
    pub text: String,
    /// What happens, in the order of the lines.
    pub notes: Vec<Note>,
    /// What may surprise, in the order of the text.
    pub warnings: Vec<Warning>,
    /// How it ended.
    pub end: End,
}

/// Something that happens at a line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Note {
    /// 1-based.
    pub line: u32,
    /// What kind of thing it is.
    pub kind: Kind,
    /// In which of several runs of the line: `1st`, `each time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The sentence.
    pub text: String,
    /// The rule that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Cited>,
}

/// What a note tells of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Where names are found.
    Scope,
    /// What names are bound to.
    Bind,
    /// Which objects change.
    Change,
    /// What is returned.
    Return,
    /// What dies.
    Death,
    /// What is printed.
    Output,
    /// What is raised.
    Raise,
    /// What does not run.
    Skipped,
}

/// A rule of the suite.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cited {
    /// Its id.
    pub id: String,
    /// Who promises it: `language`, `cpython`, `unspecified`.
    pub level: String,
    /// Where it can be read, if the suite tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// A construct that may surprise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Warning {
    /// How much it matters.
    pub severity: Severity,
    /// 1-based line of its beginning.
    pub line: u32,
    /// 1-based column of its beginning, in characters.
    pub column: u32,
    /// Its bytes in the text.
    #[serde(skip)]
    pub range: Range<usize>,
    /// The sentence.
    pub text: String,
    /// The rule that it rests on.
    pub rule: Cited,
}

/// How much a warning matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It is hardly what was meant.
    Warning,
    /// It is worth knowing.
    Hint,
}

/// How the program ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum End {
    /// It ran to its end.
    Completed,
    /// The compiler refuses it: nothing ran.
    Rejected {
        /// 1-based line.
        line: u32,
        /// 1-based column, in characters.
        column: u32,
        /// The class and the text.
        text: String,
    },
    /// An exception reached the top.
    Raised {
        /// 1-based line where it was raised, if that is in the program.
        line: Option<u32>,
        /// The class and the text.
        text: String,
    },
    /// It exited.
    Exit {
        /// With this status.
        status: i32,
    },
    /// A limit ended it.
    Limit {
        /// `steps`, `memory`, …
        limit: String,
    },
}

/// Runs and explains a program.
///
/// # Errors
/// The engine broke down.
pub fn explain(
    program: &Program,
    profile: &Profile,
    limits: Limits,
    suite: &Loaded,
) -> Result<Explanation, GraphError> {
    thread::scope(|scope| {
        let run = || watched(|| told(program, profile, limits, suite));
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let ended = thread.map_err(|error| GraphError::Broken(error.to_string()))?.join();
        ended.map_err(|_| GraphError::Broken("its thread died".into()))?.map_err(GraphError::Broken)
    })
}

fn told(program: &Program, profile: &Profile, limits: Limits, suite: &Loaded) -> Explanation {
    let mut explanation = Explanation {
        file: program.filename.clone(),
        python: profile.version.to_string(),
        text: String::from_utf8_lossy(&program.source).into_owned(),
        notes: Vec::new(),
        warnings: Vec::new(),
        end: End::Completed,
    };
    let reading = match read(&program.source, profile) {
        Ok(reading) => reading,
        Err(issue) => {
            explanation.end = rejected(&issue);
            return explanation;
        }
    };
    let recording = record::record(program, &reading, profile, limits);
    let story = story::tell(&reading, &recording, profile);
    let cited = |id: &'static str| cite(suite, id);
    let mut notes: Vec<&story::Told> = story.notes.iter().collect();
    notes.sort_by_key(|note| note.line);
    explanation.notes = notes
        .into_iter()
        .map(|note| Note {
            line: note.line,
            kind: note.kind,
            when: note.when.clone(),
            text: note.text.clone(),
            rule: note.rule.map(cited),
        })
        .collect();
    let lines = Lines::of(&reading.text);
    explanation.warnings = traps::warnings(&reading, &story)
        .into_iter()
        .map(|trap| {
            let (line, column) = lines.position(&reading.text, trap.range.start);
            let rule = cite(suite, trap.rule);
            Warning { severity: trap.severity, line, column, range: trap.range, text: trap.text, rule }
        })
        .collect();
    explanation.end = recording.end;
    explanation.text = reading.text;
    explanation
}

fn rejected(issue: &SyntaxIssue) -> End {
    End::Rejected { line: issue.line, column: issue.column, text: format!("{}: {}", issue.class, issue.message) }
}

fn cite(suite: &Loaded, id: &str) -> Cited {
    let rule = suite.rule(id);
    let address = |rule: &Rule| anchors(&rule.reference).ok()?.into_iter().next().map(|anchor| anchor.address);
    Cited {
        id: id.to_string(),
        level: rule.map_or("unknown", |rule| rule.level.word()).to_string(),
        address: rule.and_then(address),
    }
}

/// Where the lines of a text begin.
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Lines {
        Lines { starts: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect() }
    }

    /// The 0-based line of a byte, and where it begins.
    pub(super) fn line(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|&start| start <= at).saturating_sub(1);
        (line, self.starts.get(line).copied().unwrap_or(0))
    }

    /// 1-based line and column in characters.
    fn position(&self, text: &str, at: usize) -> (u32, u32) {
        let (line, start) = self.line(at);
        let column = text.get(start..at).map_or(0, |before| before.chars().count());
        (line as u32 + 1, column as u32 + 1)
    }
}
