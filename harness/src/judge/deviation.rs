//! Deviations: wrong answers of an engine that are known, kept in the engine's own file with a reason.
//!
//! The wrong value is pinned. The same wrong value is XFAIL; another one stays a FAIL; a right one is XPASS, which
//! fails the run until the entry is removed. An entry for a case that is gone is stale.

use super::verdict::{About, CaseVerdict, MarkVerdict, Verdict};
use crate::case::{Case, Level, Mode, VersionSet};
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::LazyLock;
use verysame_engine::rules::PyVersion;

/// One `[[deviation]]`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The case's full id.
    pub case: String,
    /// The rule that is broken, where the engine's file gives the reason by rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The mode, if it is not wrong in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// The versions of the engine's Python for which it holds: `">=3.13"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub python: Option<VersionSet>,
    /// The statement (its first line), `heap.NAME` or `stdout`, if the case has several expectations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// The rule of a rule book whose probe meets it too: see `verysame facts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<String>,
    /// What is observed, as reports show it: `(True, 2)`, `NameError: …`, `no exception`, `CRASH`, `TIMEOUT`.
    pub observed: String,
    /// Why.
    pub reason: String,
    /// It comes of comprehensions that are compiled into the function around them: a generated program that ends like
    /// this, and does not with generator expressions in their place, shows the same mistake.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inlining: bool,
    /// How a generated program should end, names left out as `_`, that shows the same mistake however it ends here:
    /// `SyntaxError: nonlocal binding not allowed for type parameter '_'`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// Where it is discussed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
}

impl Deviation {
    /// Whether it speaks of this run.
    pub fn applies(&self, case: &str, mode: Mode, version: PyVersion) -> bool {
        self.case == case && self.mode.is_none_or(|own| own == mode) && self.holds_for(version)
    }

    /// Whether it speaks of this version of Python.
    pub fn holds_for(&self, version: PyVersion) -> bool {
        self.python.as_ref().is_none_or(|set| set.contains(version))
    }

    fn speaks_of(&self, mark: &MarkVerdict) -> bool {
        self.mark.as_ref().is_none_or(|statement| *statement == mark.statement)
    }

    fn pins(&self, mark: &MarkVerdict) -> bool {
        let Some(seen) = mark.observed.as_deref() else { return false };
        let known = without_addresses(&self.observed);
        [Some(seen), seen.strip_prefix("!> ")].into_iter().flatten().any(|seen| without_addresses(seen) == known)
    }

    /// Whether a result has the wrong answer that it names.
    pub fn explains(&self, verdict: &CaseVerdict) -> bool {
        let known = |mark: &MarkVerdict| {
            matches!(mark.verdict, Verdict::Xfail | Verdict::Differs) && self.speaks_of(mark) && self.pins(mark)
        };
        let died = ["CRASH", "TIMEOUT"].contains(&self.observed.as_str());
        verdict.marks.iter().any(known) || (died && verdict.verdict == Verdict::Xfail && verdict.marks.is_empty())
    }

    fn because(&self) -> String {
        match &self.issue {
            Some(issue) => format!("{} ({issue})", self.reason),
            None => self.reason.clone(),
        }
    }
}

/// A text without what is another in every run: addresses (MicroPython writes them without `0x`), and the folder that a
/// program runs in.
fn without_addresses(text: &str) -> Cow<'_, str> {
    static CHANGING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new("(?<hex>0x)[0-9A-Fa-f]+|(?<at> at )[0-9a-f]+>|(?<folder>/verysame-)[0-9A-Za-z]+").ok()
    });
    CHANGING.as_ref().map_or(Cow::Borrowed(text), |changing| changing.replace_all(text, "$hex$at$folder"))
}

/// The entries whose case is gone or was renamed, with the new id if it is known.
pub fn stale<'d>(deviations: &'d [Deviation], cases: &[Case]) -> Vec<(&'d Deviation, Option<String>)> {
    let known = |deviation: &&Deviation| cases.iter().all(|case| case.id != deviation.case);
    let renamed = |deviation: &Deviation| {
        let (base, rest) =
            deviation.case.split_once('/').map_or((deviation.case.as_str(), None), |(b, r)| (b, Some(r)));
        let found = cases.iter().find(|case| case.formerly.iter().any(|id| id == base || *id == deviation.case))?;
        Some(rest.map_or_else(|| found.base.clone(), |rest| format!("{}/{rest}", found.base)))
    };
    deviations.iter().filter(known).map(|deviation| (deviation, renamed(deviation))).collect()
}

/// Applies the deviations that speak of this run.
pub(super) fn apply(verdict: &mut CaseVerdict, case: &Case, deviations: &[&Deviation]) {
    for deviation in deviations {
        let mut matched = false;
        let mut wrong = false;
        for mark in verdict.marks.iter_mut().filter(|mark| deviation.speaks_of(mark)) {
            match mark.verdict {
                Verdict::Fail if deviation.pins(mark) => {
                    mark.verdict = Verdict::Xfail;
                    mark.note = Some(deviation.because());
                    matched = true;
                }
                Verdict::Differs | Verdict::Xfail if deviation.pins(mark) => {
                    matched = true;
                }
                Verdict::Fail => {
                    let note = format!("another wrong value than the known one, {}", deviation.observed);
                    mark.note.get_or_insert(note);
                    wrong = true;
                }
                Verdict::Differs | Verdict::Lacks => wrong = true,
                Verdict::Pass
                | Verdict::Skip
                | Verdict::Xfail
                | Verdict::Xpass
                | Verdict::Timeout
                | Verdict::Crash
                | Verdict::Infra => {}
            }
        }
        if matched {
            unreached(verdict, deviation);
        }
        if verdict.verdict == Verdict::Crash || verdict.verdict == Verdict::Timeout {
            if deviation.observed == verdict.verdict.word() {
                verdict.verdict = Verdict::Xfail;
                verdict.note = Some(deviation.because());
            }
        } else if !matched && !wrong && !matches!(verdict.verdict, Verdict::Infra | Verdict::Lacks) {
            verdict.marks.push(unseen(deviation, case));
        }
    }
}

/// Where the known wrong answer is an exception that ended the program, the marks behind it are part of it.
fn unreached(verdict: &mut CaseVerdict, deviation: &Deviation) {
    let known = |mark: &MarkVerdict| mark.about == About::Uncaught && mark.verdict == Verdict::Xfail;
    if verdict.marks.iter().any(known) {
        let silent = |mark: &&mut MarkVerdict| mark.verdict == Verdict::Fail && mark.observed.is_none();
        for mark in verdict.marks.iter_mut().filter(silent) {
            mark.verdict = Verdict::Xfail;
            mark.note = Some(deviation.because());
        }
    }
}

/// The deviation was not seen: what it says is wrong is right.
fn unseen(deviation: &Deviation, case: &Case) -> MarkVerdict {
    let (line, column) = case.place.line_column();
    MarkVerdict {
        about: About::Deviation,
        verdict: Verdict::Xpass,
        level: Level::Language,
        path: case.place.file.path.clone(),
        line,
        column,
        statement: deviation.mark.clone().unwrap_or_default(),
        sign: String::new(),
        expected: deviation.observed.clone(),
        observed: None,
        note: Some(format!("the deviation is gone, remove its entry: {}", deviation.because())),
    }
}

#[cfg(test)]
mod tests {
    use super::without_addresses;

    #[test]
    fn what_is_another_in_every_run_is_left_out() {
        let same = |left: &str, right: &str| without_addresses(left) == without_addresses(right);
        assert!(same("<D object at 0x7f9e>", "<D object at 0x12>"));
        assert!(same("(<D object at 7f9e64405980>, 1)", "(<D object at 5eeb0>, 1)"));
        assert!(same("/tmp/verysame-abc1/x.py", "/tmp/verysame-Z/x.py"));
        assert!(!same("<D object at 0x12>", "<E object at 0x12>"));
        assert!(!same("stopped at 12", "stopped at 13"));
        assert!(!same("0x12 and 1", "0x12 and 2"));
    }
}
