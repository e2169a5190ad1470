//! The result of a run as data. Every report is a pure function of it.

use crate::case::{Level, Mode};
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
}

/// One case in one mode.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseRun {
    /// The full id.
    pub id: String,
    /// Its one line.
    pub title: String,
    /// The rules that it is about.
    pub rules: Vec<String>,
    /// The mode.
    pub mode: Mode,
    /// What the harness says of it.
    pub verdict: Verdict,
    /// Where the case stands, `cases/x.toml:47:12`.
    pub place: String,
    /// How the engine fared, why the case was skipped, or the deviation's reason.
    pub note: Option<String>,
    /// The marks that have something to tell.
    pub findings: Vec<Finding>,
    /// How long it took.
    pub time: Duration,
}

/// A mark and what was seen instead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Where the mark stands.
    pub place: String,
    /// The number of its line.
    pub line: u32,
    /// The line itself.
    pub text: String,
    /// How binding it is.
    pub level: Level,
    /// What the harness says of it.
    pub verdict: Verdict,
    /// What was expected.
    pub expected: String,
    /// What was seen.
    pub seen: String,
}

impl EngineRun {
    /// How many results have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.results.iter().flatten().filter(|result| result.verdict == verdict).count()
    }
}

impl Run {
    /// Every result with its engine.
    pub fn results(&self) -> impl Iterator<Item = (&EngineRun, &CaseRun)> {
        self.engines.iter().flat_map(|engine| engine.results.iter().flatten().map(move |result| (engine, result)))
    }
}

/// What the harness says of a case on an engine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs)]
pub enum Verdict {
    Pass,
    Fail,
    Xfail,
    Xpass,
    Differs,
    Lacks,
    Skip,
    Timeout,
    Crash,
    Infra,
}

impl Verdict {
    /// Every verdict, in the order of reports.
    pub const ALL: [Verdict; 10] = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Xfail,
        Verdict::Xpass,
        Verdict::Differs,
        Verdict::Lacks,
        Verdict::Skip,
        Verdict::Timeout,
        Verdict::Crash,
        Verdict::Infra,
    ];

    /// Whether a run with it has failed.
    pub const fn is_bad(self) -> bool {
        matches!(self, Verdict::Fail | Verdict::Xpass | Verdict::Timeout | Verdict::Crash | Verdict::Infra)
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Verdict::Pass => "PASS",
            Verdict::Fail => "FAIL",
            Verdict::Xfail => "XFAIL",
            Verdict::Xpass => "XPASS",
            Verdict::Differs => "DIFFERS",
            Verdict::Lacks => "LACKS",
            Verdict::Skip => "SKIP",
            Verdict::Timeout => "TIMEOUT",
            Verdict::Crash => "CRASH",
            Verdict::Infra => "INFRA",
        })
    }
}
