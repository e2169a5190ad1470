//! The result of a run as data. Every report is a pure function of it.

use crate::judge::{CaseVerdict, Verdict};
use std::time::Duration;

/// A whole run.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Run {
    /// The engines, in the order in which they were named.
    pub engines: Vec<EngineRun>,
    /// How long it took.
    pub time: Duration,
    /// What stands before the arguments in a line that reruns a case: `verysame` or `cargo run --release --`.
    pub command: String,
}

/// What one engine did.
#[derive(Clone, PartialEq, Debug)]
pub struct EngineRun {
    /// `reference 3.12.1`, `python3`.
    pub name: String,
    /// `cpython 3.11.7, fork`; empty if there is nothing to add.
    pub detail: String,
    /// The arguments that choose it: `--engine python3`.
    pub arguments: String,
    /// The results in the order of the cases, or why the engine could not be asked.
    pub results: Result<Vec<CaseRun>, String>,
    /// Its deviations that speak of no case.
    pub stale: Vec<String>,
}

/// One case in one mode.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseRun {
    /// Its one line.
    pub title: String,
    /// The rules that it is about.
    pub rules: Vec<String>,
    /// Where the case stands, `cases/x.toml:47:6`.
    pub place: String,
    /// What the judge says.
    pub verdict: CaseVerdict,
    /// For each mark of the verdict the line of the file that it points to.
    pub lines: Vec<String>,
    /// How long it took.
    pub time: Duration,
}

impl EngineRun {
    /// How many results have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.results.iter().flatten().filter(|result| result.verdict.verdict == verdict).count()
    }
}

impl Run {
    /// Every result with its engine.
    pub fn results(&self) -> impl Iterator<Item = (&EngineRun, &CaseRun)> {
        self.engines.iter().flat_map(|engine| engine.results.iter().flatten().map(move |result| (engine, result)))
    }
}
