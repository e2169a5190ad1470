//! A run as JSON lines: a header, a line for each rule and case, a line for each result, a footer. `results.schema.json`
//! describes it. Files of format 1 have no lines of rules and cases, and their engines no identity.
//!
//! Invariants: reading what was written gives the same run; a file whose end is missing is known by its missing footer
//! and never taken for a run with fewer results.

use super::model::{CasePart, CaseRun, EngineRun, Identity, RulePart, Run, RunOptions, SuitePart};
use crate::judge::CaseVerdict;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The version of the format. What is added without harm for readers does not change it.
pub const SCHEMA: u32 = 2;

/// A line of the file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Line {
    /// The first one.
    Header(Header),
    /// One for each rule that a case names.
    Rule(RulePart),
    /// One for each case.
    Case(CasePart),
    /// One for each case, mode and engine.
    Result(Box<Record>),
    /// The last one.
    Footer(Footer),
}

/// What was run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// [`SCHEMA`]
    pub schema: u32,
    /// The version of the suite.
    pub suite: String,
    /// What stands before the arguments in a line that reruns a case.
    pub command: String,
    /// What was chosen.
    #[serde(default)]
    pub options: RunOptions,
    /// The engines; results name them by their index.
    pub engines: Vec<EngineHead>,
}

/// An engine of a run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EngineHead {
    /// What reports call it.
    pub name: String,
    /// Implementation, version and isolation.
    pub detail: String,
    /// The arguments that choose it.
    pub arguments: String,
    /// What it says it is.
    #[serde(default)]
    pub identity: Identity,
    /// Why it could not be asked, if it could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Its deviations that speak of no case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<String>,
}

/// One case in one mode on one engine.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The index of the engine in the header.
    pub engine: usize,
    /// The case's one line.
    pub title: String,
    /// The rules that it is about.
    pub rules: Vec<String>,
    /// Where it stands.
    pub place: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What the judge says.
    #[serde(flatten)]
    pub verdict: CaseVerdict,
    /// For each mark the line of the file that it points to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// The end of a complete file.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Footer {
    /// How many results there are.
    pub results: usize,
    /// How long the run took, in seconds.
    pub seconds: f64,
}

/// Why a file is not read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ReadError {
    /// A line is none of the three.
    #[error("line {line}, column {column}: {words}")]
    Garbage {
        /// The number of the line, from 1.
        line: usize,
        /// The column in it, from 1.
        column: usize,
        /// What is wrong.
        words: String,
    },
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The first line is no header.
    #[error("line 1: results begin with a header, `{{\"type\":\"header\", …}}`")]
    NoHeader,
    /// It was written by a later version.
    #[error("the file has the format {0}, and this verysame reads up to {SCHEMA}: use a later one")]
    Newer(u32),
    /// It has no footer.
    #[error("the file is cut off after line {0}: it has no footer, so results are missing")]
    CutOff(usize),
    /// The footer counts otherwise.
    #[error("the footer counts {told} results and there are {found}")]
    Count {
        /// What the footer says.
        told: usize,
        /// What there is.
        found: usize,
    },
    /// Something stands where it may not.
    #[error("line {0}: {1}")]
    Order(usize, &'static str),
    /// A result of an engine that the header does not name.
    #[error("line {0}: a result of engine {1}, and the header names {2}")]
    NoEngine(usize, usize, usize),
}

/// The run as JSON lines.
pub fn write(run: &Run) -> String {
    let head = |engine: &EngineRun| EngineHead {
        name: engine.name.clone(),
        detail: engine.detail.clone(),
        arguments: engine.arguments.clone(),
        identity: engine.identity.clone(),
        error: engine.results.as_ref().err().cloned(),
        stale: engine.stale.clone(),
    };
    let header = Header {
        schema: SCHEMA,
        suite: env!("CARGO_PKG_VERSION").to_string(),
        command: run.command.clone(),
        options: run.options.clone(),
        engines: run.engines.iter().map(head).collect(),
    };
    let mut lines = vec![Line::Header(header)];
    lines.extend(run.suite.rules.iter().cloned().map(Line::Rule));
    lines.extend(run.suite.cases.iter().cloned().map(Line::Case));
    let before = lines.len();
    for (number, engine) in run.engines.iter().enumerate() {
        for result in engine.results.iter().flatten() {
            lines.push(Line::Result(Box::new(Record {
                engine: number,
                title: result.title.clone(),
                rules: result.rules.clone(),
                place: result.place.clone(),
                seconds: result.time.as_secs_f64(),
                verdict: result.verdict.clone(),
                lines: result.lines.clone(),
            })));
        }
    }
    let footer = Footer { results: lines.len() - before, seconds: run.time.as_secs_f64() };
    lines.push(Line::Footer(footer));
    // Plain data: there is nothing that could not be written.
    lines.iter().map(|line| serde_json::to_string(line).unwrap_or_default() + "\n").collect()
}

/// The run that a file tells of.
///
/// # Errors
/// The file is damaged, incomplete, or of a later format.
pub fn read(text: &str) -> Result<Run, ReadError> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, first)) = lines.next() else { return Err(ReadError::Empty) };
    // The number comes first: what else a later header holds need not be readable here.
    #[derive(Deserialize)]
    struct Format {
        #[serde(rename = "type")]
        kind: String,
        schema: u32,
    }
    let garbage = |line: usize, error: serde_json::Error| ReadError::Garbage {
        line: line + 1,
        column: error.column(),
        words: error.to_string(),
    };
    let format: Format = serde_json::from_str(first).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => ReadError::NoHeader,
        _ => garbage(0, error),
    })?;
    if format.kind != "header" {
        return Err(ReadError::NoHeader);
    }
    if format.schema > SCHEMA {
        return Err(ReadError::Newer(format.schema));
    }
    let header = match serde_json::from_str(first).map_err(|error| garbage(0, error))? {
        Line::Header(header) => header,
        Line::Rule(_) | Line::Case(_) | Line::Result(_) | Line::Footer(_) => return Err(ReadError::NoHeader),
    };
    let mut results: Vec<Vec<CaseRun>> = vec![Vec::new(); header.engines.len()];
    let mut suite = SuitePart::default();
    let mut footer = None;
    let mut last = 1;
    for (number, line) in lines {
        last = number + 1;
        if footer.is_some() {
            return Err(ReadError::Order(last, "nothing may stand behind the footer"));
        }
        match serde_json::from_str(line).map_err(|error| match error.classify() {
            // A torn last line.
            serde_json::error::Category::Eof => ReadError::CutOff(number),
            _ => garbage(number, error),
        })? {
            Line::Header(_) => return Err(ReadError::Order(last, "a second header")),
            Line::Footer(end) => footer = Some(end),
            Line::Rule(rule) => suite.rules.push(rule),
            Line::Case(case) => suite.cases.push(case),
            Line::Result(record) => {
                let engines = results.len();
                let own = results.get_mut(record.engine);
                let own = own.ok_or(ReadError::NoEngine(last, record.engine, engines))?;
                own.push(CaseRun {
                    title: record.title,
                    rules: record.rules,
                    place: record.place,
                    verdict: record.verdict,
                    lines: record.lines,
                    time: Duration::try_from_secs_f64(record.seconds).unwrap_or_default(),
                });
            }
        }
    }
    let footer: Footer = footer.ok_or(ReadError::CutOff(last))?;
    let found = results.iter().map(Vec::len).sum();
    if footer.results != found {
        return Err(ReadError::Count { told: footer.results, found });
    }
    let engines = header.engines.into_iter().zip(results).map(|(head, results)| EngineRun {
        name: head.name,
        detail: head.detail,
        arguments: head.arguments,
        identity: head.identity,
        results: match head.error {
            Some(words) => Err(words),
            None => Ok(results),
        },
        stale: head.stale,
    });
    Ok(Run {
        engines: engines.collect(),
        time: Duration::try_from_secs_f64(footer.seconds).unwrap_or_default(),
        command: header.command,
        options: header.options,
        suite,
    })
}
