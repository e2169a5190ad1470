//! What a run says about an engine's deviations: which entries come, which go. Pure.
//!
//! Invariant: after the change is written, a run of the same cases with the same answers has neither FAIL nor XPASS.

use crate::case::{Case, Mode};
use crate::judge::{About, CaseVerdict, Deviation, Verdict};
use crate::profile::Change;
use crate::report::model::CaseRun;
use std::collections::BTreeMap;
use verysame_engine::rules::PyVersion;

/// What a run comes to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Accepted {
    /// For the profile's file.
    pub change: Change,
    /// Results that nothing can be said of: `case · mode`.
    pub unasked: Vec<String>,
}

/// A wrong answer, and the modes in which it was given.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Wrong {
    case: String,
    mark: Option<String>,
    observed: String,
}

/// What the results of one engine mean for its deviations.
pub fn accept(results: &[CaseRun], cases: &[Case], deviations: &[Deviation], version: PyVersion) -> Accepted {
    let mut accepted = Accepted::default();
    let mut wrong: BTreeMap<Wrong, Vec<Mode>> = BTreeMap::new();
    let mut ran: BTreeMap<&str, Vec<Mode>> = BTreeMap::new();
    for result in results {
        let verdict = &result.verdict;
        match verdict.verdict {
            Verdict::Skip | Verdict::Lacks => continue,
            Verdict::Infra => {
                accepted.unasked.push(format!("{} · {}", verdict.case, verdict.mode));
                continue;
            }
            _ => ran.entry(&verdict.case).or_default().push(verdict.mode),
        }
        for answer in wrong_answers(verdict) {
            wrong.entry(answer).or_default().push(verdict.mode);
        }
    }
    accepted.change.remove = gone(results, cases, deviations, version);
    for (answer, modes) in wrong {
        let everywhere = ran.get(answer.case.as_str()).is_some_and(|ran| ran.iter().all(|mode| modes.contains(mode)));
        let rule = cases.iter().find(|case| case.id == answer.case).and_then(|case| case.rules.first().cloned());
        let modes: Vec<Option<Mode>> = if everywhere { vec![None] } else { modes.into_iter().map(Some).collect() };
        for mode in modes {
            accepted.change.add.push(Deviation {
                probe: None,
                inlining: false,
                instead_of: None,
                case: answer.case.clone(),
                rule: rule.clone(),
                mode,
                mark: answer.mark.clone(),
                observed: answer.observed.clone(),
                ..Deviation::default()
            });
        }
    }
    accepted
}

/// The answers of one result that are wrong and not known.
fn wrong_answers(verdict: &CaseVerdict) -> Vec<Wrong> {
    let wrong = |mark, observed: &str| Wrong { case: verdict.case.clone(), mark, observed: observed.to_string() };
    if matches!(verdict.verdict, Verdict::Crash | Verdict::Timeout) {
        return vec![wrong(None, verdict.verdict.word())];
    }
    let failed = verdict.marks.iter().filter(|mark| mark.verdict == Verdict::Fail);
    let mut answers: Vec<Wrong> = failed
        .filter_map(|mark| {
            let observed = mark.observed.as_deref()?;
            Some(wrong(Some(mark.statement.clone()), observed.strip_prefix("!> ").unwrap_or(observed)))
        })
        .collect();
    answers.sort();
    answers.dedup();
    answers
}

/// The entries that are out of date, by their index: their case is gone, or was run and gave another answer.
fn gone(results: &[CaseRun], cases: &[Case], deviations: &[Deviation], version: PyVersion) -> Vec<usize> {
    let out_of_date = |deviation: &Deviation| {
        if cases.iter().all(|case| case.id != deviation.case) {
            return true;
        }
        let mut answered = results.iter().map(|result| &result.verdict).filter(|verdict| {
            deviation.applies(&verdict.case, verdict.mode, version)
                && !matches!(verdict.verdict, Verdict::Skip | Verdict::Lacks | Verdict::Infra)
        });
        let first = answered.next();
        first.is_some_and(|first| !deviation.explains(first) && !answered.any(|verdict| deviation.explains(verdict)))
            // One mode gives the answer and the other does not: each mode gets an entry of its own.
            || results.iter().any(|result| xpass(&result.verdict, deviation))
    };
    deviations.iter().enumerate().filter(|(_, deviation)| out_of_date(deviation)).map(|(index, _)| index).collect()
}

/// Whether a result says that the entry is no longer needed.
fn xpass(verdict: &CaseVerdict, deviation: &Deviation) -> bool {
    let about = |mark: &&crate::judge::MarkVerdict| mark.about == About::Deviation && mark.verdict == Verdict::Xpass;
    verdict.case == deviation.case
        && deviation.mode.is_none_or(|mode| mode == verdict.mode)
        && verdict.marks.iter().filter(about).any(|mark| {
            mark.expected == deviation.observed && mark.statement == deviation.mark.clone().unwrap_or_default()
        })
}
