//! What an engine is given: one case, in one mode, as texts to run; and where each mark will be observed.
//!
//! Invariant: a [`Job`] is plain data. It holds no expectation, no level and no guard, so an engine cannot tell what
//! is hoped for, and it can be sent to another process as it is.

use super::attach::Code;
use super::model::{Case, Expect, Mark};
use super::need;
use super::rewrite::{self, Wrap, WrapKind};
use super::scope::{Scope, exec_of};
use serde::{Deserialize, Serialize};
use std::fmt;
use verysame_engine::rules::PyVersion;

/// How the program of a case is compiled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The whole source at once, as `python3 FILE.py` does.
    Module,
    /// One statement at a time, as at the prompt.
    Interactive,
}

impl Mode {
    /// Every mode, in the order of reports. A case runs in all of them unless it says otherwise.
    pub const ALL: [Mode; 2] = [Mode::Module, Mode::Interactive];

    /// The word used in case files, guards and reports.
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Module => "module",
            Mode::Interactive => "interactive",
        }
    }

    /// The mode with this word.
    pub fn from_word(word: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What an engine runs for one case in one mode, in a fresh `__main__`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The case's full id, `scoping.unbound-local/assign`.
    pub case: String,
    /// How the chunks are compiled: one chunk in module mode, one a statement in interactive mode.
    pub mode: Mode,
    /// Modules that the program can import: dotted name and source. A name with submodules here is a package.
    pub files: Vec<(String, String)>,
    /// The texts to compile and run, in order. An exception ends its chunk only, `SystemExit` too: marks go on after
    /// it in both modes.
    pub chunks: Vec<Chunk>,
    /// The functions that have to be in `builtins` before the first chunk runs.
    pub probes: Vec<Probe>,
    /// Whether the program needs packages that are installed beside the standard library.
    pub packages: bool,
    /// The names of `__main__` whose alias graphs are wanted after the last chunk, numbered together in this order.
    pub heap: Vec<String>,
}

/// A text that is compiled and run at once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chunk {
    /// The text, ending in a newline.
    pub source: String,
    /// The 1-based line of the case's source at which it starts.
    pub first_line: u32,
    /// In interactive mode: displayed values are wanted with their alias graph.
    pub graph: bool,
}

/// A function that the rewritten program calls.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// Its name in `builtins`: `__probe_7__`, `__raised_7__`. The number is the mark's.
    pub name: String,
    /// What it records.
    pub kind: ProbeKind,
}

/// What a probe function records. Each returns `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProbeKind {
    /// `probe(value)`: its `repr`.
    Value,
    /// `probe(value)`: its `repr` and its alias graph.
    Graph,
    /// `probe()`: the exception being handled.
    Raised,
}

/// A job, and where each mark that speaks in it is observed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// What the engine is given.
    pub job: Job,
    /// One for each mark that speaks, in the order of the program.
    pub watches: Vec<Watch>,
    /// For each chunk and each of its lines the 1-based line of the case's source.
    pub lines: Vec<Vec<u32>>,
}

/// Where a mark is observed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watch {
    /// The index of the mark in the case.
    pub mark: usize,
    /// Where to look.
    pub by: WatchBy,
}

/// Where to look for what a mark speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WatchBy {
    /// The events of this probe.
    Probe(String),
    /// The value that this chunk displays last.
    Display(usize),
    /// The end of this chunk.
    Chunk(usize),
    /// The output.
    Stdout,
}

/// Why a case does not run in a mode and version.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Skip {
    /// The case does not name the mode.
    #[error("the case does not run in {0} mode")]
    Mode(Mode),
    /// The version is outside of its range.
    #[error("the case is about python {0}")]
    Version(super::guard::VersionSet),
}

/// The plan for one case in one mode and version.
///
/// # Errors
/// Why the case says nothing about that mode or version.
pub fn plan(case: &Case, mode: Mode, version: PyVersion) -> Result<Plan, Skip> {
    if !case.modes.contains(&mode) {
        return Err(Skip::Mode(mode));
    }
    if !case.python.contains(version) {
        return Err(Skip::Version(case.python.clone()));
    }
    let source = &case.source.text;
    let code = Code::of(source);
    // What `exec` runs is one text at the prompt too.
    let exec = case.scope == Some(Scope::Exec);
    let pieces: Vec<std::ops::Range<usize>> = match mode {
        Mode::Interactive if exec => std::iter::once(0..source.len()).collect(),
        Mode::Module => std::iter::once(0..source.len()).collect(),
        Mode::Interactive => code.pieces.clone(),
    };
    let active: Vec<(usize, &Mark)> =
        case.marks.iter().enumerate().filter(|(_, mark)| mark.guard.holds(mode, version)).collect();
    let chunk_of = |mark: &Mark| match mode {
        Mode::Interactive if exec => Some(0),
        Mode::Module => Some(0),
        Mode::Interactive => mark.piece,
    };
    // A chunk that is to be rejected is handed over as it is.
    let rejected: Vec<usize> = active
        .iter()
        .filter(|(_, mark)| matches!(mark.expect, Expect::Raises { at_compile: true, .. }))
        .filter_map(|(_, mark)| chunk_of(mark))
        .collect();
    let mut builder = Builder { probes: Vec::new(), wraps: Vec::new(), graph_chunks: Vec::new() };
    let mut watches = Vec::new();
    for (index, mark) in active {
        let by = match (&mark.expect, &mark.target, chunk_of(mark)) {
            (Expect::Output(_), _, _) => Some(WatchBy::Stdout),
            (Expect::Raises { at_compile: true, .. }, _, chunk) => chunk.map(WatchBy::Chunk),
            (_, _, Some(chunk)) if rejected.contains(&chunk) => Some(WatchBy::Chunk(chunk)),
            (_, Some(target), Some(chunk)) if mode == Mode::Interactive && !target.nested && !exec => {
                Some(builder.prompt(mark, chunk))
            }
            (_, Some(target), Some(_)) => Some(builder.probe(mark, &target.range)),
            _ => None,
        };
        watches.extend(by.map(|by| Watch { mark: index, by }));
    }
    let mut chunks = Vec::new();
    let mut lines = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        let wraps: &[Wrap] = if rejected.contains(&index) { &[] } else { &builder.wraps };
        let mut rewritten = rewrite::rewrite(source, &code, piece, wraps);
        if exec {
            rewritten.text = exec_of(&rewritten.text);
            rewritten.lines.truncate(1);
        }
        chunks.push(Chunk {
            source: rewritten.text,
            first_line: rewritten.lines.first().copied().unwrap_or(1),
            graph: builder.graph_chunks.contains(&index),
        });
        lines.push(rewritten.lines);
    }
    let job = Job {
        case: case.id.clone(),
        mode,
        files: case.files.clone(),
        chunks,
        probes: builder.probes,
        packages: case.needs.iter().any(|need| need::is_package(need)),
        heap: case.heap.iter().map(|mark| mark.name.clone()).collect(),
    };
    Ok(Plan { job, watches, lines })
}

struct Builder {
    probes: Vec<Probe>,
    wraps: Vec<Wrap>,
    graph_chunks: Vec<usize>,
}

impl Builder {
    /// A statement at the prompt is observed by what the prompt does.
    fn prompt(&mut self, mark: &Mark, chunk: usize) -> WatchBy {
        match mark.expect {
            Expect::Raises { .. } => return WatchBy::Chunk(chunk),
            Expect::Graph(_) => self.graph_chunks.push(chunk),
            Expect::Value(_) | Expect::OneOf(_) | Expect::Output(_) => {}
        }
        WatchBy::Display(chunk)
    }

    /// Any other statement by a probe; two marks about values of one statement share it.
    fn probe(&mut self, mark: &Mark, range: &std::ops::Range<usize>) -> WatchBy {
        let kind = match mark.expect {
            Expect::Raises { .. } => ProbeKind::Raised,
            Expect::Graph(_) => ProbeKind::Graph,
            Expect::Value(_) | Expect::OneOf(_) | Expect::Output(_) => ProbeKind::Value,
        };
        if kind != ProbeKind::Raised {
            let shared = self.wraps.iter().find_map(|wrap| match &wrap.kind {
                WrapKind::Value(name) if wrap.range == *range => Some(name.clone()),
                WrapKind::Value(_) | WrapKind::Raised(_) => None,
            });
            if let Some(name) = shared {
                for probe in self.probes.iter_mut().filter(|probe| probe.name == name && kind == ProbeKind::Graph) {
                    probe.kind = kind;
                }
                return WatchBy::Probe(name);
            }
        }
        let number = mark.number;
        let (name, wrap) = match kind {
            ProbeKind::Raised => {
                let name = format!("__raised_{number}__");
                (name.clone(), WrapKind::Raised(name))
            }
            ProbeKind::Value | ProbeKind::Graph => {
                let name = format!("__probe_{number}__");
                (name.clone(), WrapKind::Value(name))
            }
        };
        self.wraps.push(Wrap { range: range.clone(), kind: wrap });
        self.probes.push(Probe { name: name.clone(), kind });
        WatchBy::Probe(name)
    }
}
