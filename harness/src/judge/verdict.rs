//! What the harness says of an observation.
//!
//! Invariant: the verdict of a case is the gravest of its marks; TIMEOUT, CRASH and INFRA are never folded into FAIL.

use crate::case::{Level, Mode};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The verdicts, from the lightest to the gravest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// As expected.
    Pass,
    /// The case says nothing about this mode or version.
    Skip,
    /// Otherwise than CPython, by an engine that does not claim to be like it. Shown, not counted.
    Differs,
    /// Wrong, and a deviation says so.
    Xfail,
    /// The engine lacks a capability that the case needs.
    Lacks,
    /// Right, though a deviation says that it is wrong.
    Xpass,
    /// Wrong.
    Fail,
    /// No answer in time, or a limit of the engine was exceeded.
    Timeout,
    /// The engine died.
    Crash,
    /// The engine could not be asked, or its answer is none.
    Infra,
}

impl Verdict {
    /// Every verdict, from the lightest to the gravest.
    pub const ALL: [Verdict; 10] = [
        Verdict::Pass,
        Verdict::Skip,
        Verdict::Differs,
        Verdict::Xfail,
        Verdict::Lacks,
        Verdict::Xpass,
        Verdict::Fail,
        Verdict::Timeout,
        Verdict::Crash,
        Verdict::Infra,
    ];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "PASS",
            Verdict::Skip => "SKIP",
            Verdict::Differs => "DIFFERS",
            Verdict::Xfail => "XFAIL",
            Verdict::Lacks => "LACKS",
            Verdict::Xpass => "XPASS",
            Verdict::Fail => "FAIL",
            Verdict::Timeout => "TIMEOUT",
            Verdict::Crash => "CRASH",
            Verdict::Infra => "INFRA",
        }
    }

    /// Whether a run with it does not succeed.
    pub const fn is_bad(self) -> bool {
        match self {
            Verdict::Xpass | Verdict::Fail | Verdict::Timeout | Verdict::Crash | Verdict::Infra => true,
            Verdict::Pass | Verdict::Skip | Verdict::Differs | Verdict::Xfail | Verdict::Lacks => false,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The verdict on one case in one mode.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CaseVerdict {
    /// The case's full id.
    pub case: String,
    /// The mode.
    pub mode: Mode,
    /// The gravest of what follows.
    pub verdict: Verdict,
    /// One for each expectation, and one for each exception that nothing expected.
    pub marks: Vec<MarkVerdict>,
    /// What there is to say of the case as a whole: why it was skipped, how the engine died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl CaseVerdict {
    /// A verdict on the case as a whole.
    pub fn whole(case: &str, mode: Mode, verdict: Verdict, note: impl Into<String>) -> CaseVerdict {
        CaseVerdict { case: case.to_string(), mode, verdict, marks: Vec::new(), note: Some(note.into()) }
    }
}

/// What a verdict is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// The mark with this index in the case.
    Mark(usize),
    /// The alias graph of this name at the end.
    Heap(String),
    /// The output.
    Stdout,
    /// An exception that no mark expects.
    Uncaught,
    /// A deviation of the engine that was not seen.
    Deviation,
}

/// The verdict on one expectation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MarkVerdict {
    /// What it is about.
    pub about: About,
    /// The verdict.
    pub verdict: Verdict,
    /// How binding the expectation is.
    pub level: Level,
    /// The case file.
    pub path: String,
    /// 1-based line in it.
    pub line: u32,
    /// 1-based column in it.
    pub column: u32,
    /// The first line of the statement, `heap.NAME` or `stdout`: the name that deviations use.
    pub statement: String,
    /// The sign of the mark, or nothing.
    pub sign: String,
    /// What was expected.
    pub expected: String,
    /// What was seen, if anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<String>,
    /// What else there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
