//! The result of a run as data. Every report is a pure function of it.

use crate::case::{Case, Level, Loaded, Mode};
use crate::judge::{CaseVerdict, Verdict};
use crate::run::select::Selection;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
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
    /// What was chosen.
    pub options: RunOptions,
    /// The cases that have results, and their rules.
    pub suite: SuitePart,
}

/// What the command line chose; what is empty chose all.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RunOptions {
    /// Parts of ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<String>,
    /// The filters are whole ids.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
    /// Areas.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<String>,
    /// Levels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// Modes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modes: Vec<Mode>,
    /// The most seconds that a case might take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<f64>,
}

impl RunOptions {
    /// The options of this choice.
    pub fn of(selection: &Selection, time: Duration) -> RunOptions {
        RunOptions {
            filters: selection.filters.clone(),
            exact: selection.exact,
            areas: selection.areas.clone(),
            levels: selection.levels.clone(),
            modes: selection.modes.clone(),
            timeout: Some(time.as_secs_f64()),
        }
    }
}

/// What a reader of the results has to know of the suite.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SuitePart {
    /// The rules, in the order of the suite.
    pub rules: Vec<RulePart>,
    /// The cases, in the order of the suite.
    pub cases: Vec<CasePart>,
}

/// A rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RulePart {
    /// Its id.
    pub id: String,
    /// The sentence.
    pub statement: String,
    /// How binding it is.
    pub level: Level,
    /// The versions that have it.
    pub python: String,
    /// Where it is promised or done, as the case file says it.
    pub reference: String,
    /// The words of the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
}

/// A case, its parameters filled in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CasePart {
    /// The full id.
    pub id: String,
    /// The folder it stands in.
    pub area: String,
    /// The level of marks that name none.
    pub level: Level,
    /// The program with its marks.
    pub source: String,
    /// For each line of the program the line of the case file that it comes from.
    pub lines: Vec<u32>,
}

impl SuitePart {
    /// The cases that these engines have results of, and their rules.
    pub fn of(loaded: &Loaded, engines: &[EngineRun]) -> SuitePart {
        let results = || engines.iter().flat_map(|engine| engine.results.iter().flatten());
        let ran: BTreeSet<&str> = results().map(|result| result.verdict.case.as_str()).collect();
        let named: BTreeSet<&str> = results().flat_map(|result| result.rules.iter().map(String::as_str)).collect();
        let cases = loaded.cases.iter().filter(|case| ran.contains(case.id.as_str())).map(CasePart::of);
        let rules = loaded.rules.iter().filter(|rule| named.contains(rule.id.as_str())).map(|rule| RulePart {
            id: rule.id.clone(),
            statement: rule.statement.trim().to_string(),
            level: rule.level,
            python: rule.python.to_string(),
            reference: rule.reference.clone(),
            quote: rule.quote.clone(),
        });
        SuitePart { rules: rules.collect(), cases: cases.collect() }
    }
}

impl CasePart {
    fn of(case: &Case) -> CasePart {
        let source = &case.source;
        let mut start = 0;
        let lines = source.text.split_inclusive('\n').map(|line| {
            let place = source.place(start..start);
            start += line.len();
            place.line_column().0
        });
        let lines = lines.collect();
        CasePart { id: case.id.clone(), area: case.area.clone(), level: case.level, source: source.text.clone(), lines }
    }
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
    /// What it says it is.
    pub identity: Identity,
    /// The results in the order of the cases, or why the engine could not be asked.
    pub results: Result<Vec<CaseRun>, String>,
    /// Its deviations that speak of no case.
    pub stale: Vec<String>,
}

/// What an engine says it is, and which capabilities it was asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// `verysame`, or what it calls itself; empty if it could not be asked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub implementation: String,
    /// The version of the language that it runs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Its own release, where that is another number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The capabilities that cases of the run need, and whether it has them; what nothing asked for is not there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub capabilities: BTreeMap<String, bool>,
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
    /// An engine that could not be asked.
    pub fn failed(name: String, words: String) -> EngineRun {
        EngineRun {
            name,
            detail: String::new(),
            arguments: String::new(),
            identity: Identity::default(),
            results: Err(words),
            stale: Vec::new(),
        }
    }

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
