//! What several engines say about one thing. Pure: runs in, disagreements out.
//!
//! The rule is a voter of its own: the majority of engines may break it.

use crate::case::{Level, Loaded, Mode};
use crate::judge::{CaseVerdict, Verdict};
use crate::report::model::EngineRun;
use std::collections::BTreeMap;

/// A result in which two engines differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The case.
    pub case: String,
    /// The mode.
    pub mode: Mode,
    /// The gravest level at which they differ.
    pub level: Level,
    /// The first statement at which they do.
    pub statement: String,
    /// What the first says.
    pub a: String,
    /// What the second says.
    pub b: String,
    /// Both ran it.
    pub both: bool,
}

/// Verdicts of which nothing has to be explained.
pub const PASSING: [Verdict; 5] = [Verdict::Pass, Verdict::Skip, Verdict::Differs, Verdict::Xfail, Verdict::Lacks];

fn ran(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Skip | Verdict::Lacks | Verdict::Infra)
}

/// Where two runs differ, in the order of the first.
pub fn differences(a: &EngineRun, b: &EngineRun) -> Vec<Difference> {
    let others: BTreeMap<(&str, Mode), &CaseVerdict> =
        b.results.iter().flatten().map(|r| ((r.verdict.case.as_str(), r.verdict.mode), &r.verdict)).collect();
    let mut found = Vec::new();
    for result in a.results.iter().flatten() {
        let mine = &result.verdict;
        let Some(other) = others.get(&(mine.case.as_str(), mine.mode)) else { continue };
        let both = ran(mine.verdict) && ran(other.verdict);
        let difference = |level, statement: &str, a: String, b: String| Difference {
            case: mine.case.clone(),
            mode: mine.mode,
            level,
            statement: statement.to_string(),
            a,
            b,
            both,
        };
        if mine.marks.is_empty() || other.marks.is_empty() {
            if mine.verdict != other.verdict {
                let words = |verdict: &CaseVerdict| match &verdict.note {
                    Some(note) => format!("{} {note}", verdict.verdict),
                    None => verdict.verdict.to_string(),
                };
                let level = mine.marks.iter().chain(&other.marks).map(|mark| mark.level).min();
                found.push(difference(level.unwrap_or(Level::Language), "", words(mine), words(other)));
            }
            continue;
        }
        let value = |verdict: &CaseVerdict, about: &crate::judge::MarkVerdict| {
            let same =
                verdict.marks.iter().find(|m| (&m.about, m.line, m.column) == (&about.about, about.line, about.column));
            same.and_then(|mark| mark.observed.clone().or_else(|| mark.note.clone()))
                .unwrap_or_else(|| "nothing".into())
        };
        let marks = mine.marks.iter().chain(&other.marks);
        let differing = marks.filter(|mark| value(mine, mark) != value(other, mark)).min_by_key(|mark| mark.level);
        if let Some(mark) = differing {
            found.push(difference(mark.level, &mark.statement, value(mine, mark), value(other, mark)));
        }
    }
    found
}

/// Engines that disagree about a case whose rule the language promises.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disagreement {
    /// The rule.
    pub rule: String,
    /// What it says.
    pub statement: String,
    /// The case.
    pub case: String,
    /// The mode.
    pub mode: Mode,
    /// The engines that do as the rule says.
    pub right: Vec<String>,
    /// Those that do not, each with what it does.
    pub wrong: Vec<(String, String)>,
}

impl Disagreement {
    /// Whether most engines break the rule.
    pub fn most_are_wrong(&self) -> bool {
        self.wrong.len() > self.right.len()
    }
}

/// Where engines disagree at level `language`, in the order of the suite.
pub fn disagreements(runs: &[EngineRun], loaded: &Loaded) -> Vec<Disagreement> {
    let mut votes: BTreeMap<(usize, Mode), (Vec<String>, Vec<(String, String)>)> = BTreeMap::new();
    let order: BTreeMap<&str, usize> =
        loaded.cases.iter().enumerate().map(|(at, case)| (case.id.as_str(), at)).collect();
    for run in runs {
        for result in run.results.iter().flatten() {
            let verdict = &result.verdict;
            let Some(at) = order.get(verdict.case.as_str()) else { continue };
            let (right, wrong) = votes.entry((*at, verdict.mode)).or_default();
            let broken = verdict
                .marks
                .iter()
                .find(|mark| mark.level == Level::Language && matches!(mark.verdict, Verdict::Fail | Verdict::Xfail));
            match (broken, verdict.verdict) {
                (Some(mark), _) => {
                    let seen = mark.observed.clone().or_else(|| mark.note.clone()).unwrap_or_default();
                    wrong.push((run.name.clone(), seen));
                }
                (None, Verdict::Pass | Verdict::Differs | Verdict::Xpass) => right.push(run.name.clone()),
                (None, _) => {}
            }
        }
    }
    let disagreement = |((at, mode), (right, wrong)): ((usize, Mode), (Vec<String>, Vec<(String, String)>))| {
        let case = loaded.cases.get(at).filter(|case| case.level == Level::Language)?;
        let rule = case.rules.first()?;
        let statement = loaded.rule(rule).map(|rule| rule.statement.clone()).unwrap_or_default();
        let found = Disagreement { rule: rule.clone(), statement, case: case.id.clone(), mode, right, wrong };
        (!found.right.is_empty() && !found.wrong.is_empty()).then_some(found)
    };
    votes.into_iter().filter_map(disagreement).collect()
}
