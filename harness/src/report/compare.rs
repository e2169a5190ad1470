//! Two runs side by side: what has changed, by the kind of change.
//!
//! Results correspond if they are of the same case and mode, and of engines of the same name, or of the only engine of
//! both runs. Invariant: every result of either run is counted once: unchanged, in one transition, added or gone.

use super::markdown::{cell, code};
use super::model::{CaseRun, EngineRun, Run};
use crate::judge::{CaseVerdict, Verdict};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A kind of change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Transition {
    /// It was right, or allowed, and is wrong.
    Broken,
    /// It ended, and now it does not: a crash, a timeout, no answer.
    NewCrash,
    /// It was wrong and is right.
    Fixed,
    /// It was wrong and is now allowed, by a deviation or by level.
    NewlyAllowed,
    /// The verdict is the same, and another value was seen.
    Changed,
    /// Another verdict, both of them fine.
    Other,
    /// Only the new run has it.
    Added,
    /// Only the old run has it.
    Gone,
}

impl Transition {
    /// All, the most urgent first.
    pub const ALL: [Transition; 8] = [
        Transition::Broken,
        Transition::NewCrash,
        Transition::Fixed,
        Transition::NewlyAllowed,
        Transition::Changed,
        Transition::Other,
        Transition::Added,
        Transition::Gone,
    ];

    /// What reports call it.
    pub const fn words(self) -> &'static str {
        match self {
            Transition::Broken => "broken",
            Transition::NewCrash => "new crash",
            Transition::Fixed => "fixed",
            Transition::NewlyAllowed => "newly allowed",
            Transition::Changed => "changed observation",
            Transition::Other => "other verdict",
            Transition::Added => "added",
            Transition::Gone => "gone",
        }
    }

    /// Whether a pull request should not do that.
    pub const fn is_bad(self) -> bool {
        matches!(self, Transition::Broken | Transition::NewCrash)
    }
}

/// A result that is not what it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The engine's name in the new run, or in the old one if it is gone.
    pub engine: String,
    /// The case and mode.
    pub case: String,
    /// Its one line.
    pub title: String,
    /// What it was.
    pub old: Option<State>,
    /// What it is.
    pub new: Option<State>,
}

/// A verdict and what was seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// The verdict.
    pub verdict: Verdict,
    /// The first value that is not as expected.
    pub seen: Option<String>,
}

/// All that has changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Comparison {
    /// By kind.
    pub changes: BTreeMap<Transition, Vec<Change>>,
    /// How many results are as they were.
    pub unchanged: usize,
}

impl Comparison {
    /// Whether something became worse.
    pub fn is_worse(&self) -> bool {
        self.changes.keys().any(|transition| transition.is_bad())
    }
}

type Key = (String, String);

/// What has changed from one run to another.
pub fn compare(old: &Run, new: &Run) -> Comparison {
    let single = old.engines.len() == 1 && new.engines.len() == 1;
    let results = |run: &Run| -> BTreeMap<Key, (String, CaseRun)> {
        let key = |engine: &EngineRun, result: &CaseRun| {
            let name = if single { String::new() } else { engine.name.clone() };
            (name, format!("{} · {}", result.verdict.case, result.verdict.mode))
        };
        run.results().map(|(engine, result)| (key(engine, result), (engine.name.clone(), result.clone()))).collect()
    };
    let (mut before, after) = (results(old), results(new));
    let mut comparison = Comparison::default();
    let mut add = |transition, change| comparison.changes.entry(transition).or_default().push(change);
    let mut unchanged = 0;
    for (key, (engine, result)) in after {
        let was = before.remove(&key).map(|(_, old)| state(&old.verdict));
        let is = state(&result.verdict);
        let change = Change { engine, case: key.1, title: result.title, old: was.clone(), new: Some(is.clone()) };
        match was {
            None => add(Transition::Added, change),
            Some(was) if was == is => unchanged += 1,
            Some(was) => add(transition(&was, &is), change),
        }
    }
    for (key, (engine, result)) in before {
        let old = Some(state(&result.verdict));
        add(Transition::Gone, Change { engine, case: key.1, title: result.title, old, new: None });
    }
    comparison.unchanged = unchanged;
    comparison
}

fn state(verdict: &CaseVerdict) -> State {
    let seen = verdict.marks.iter().filter(|mark| mark.verdict != Verdict::Pass).find_map(|mark| mark.observed.clone());
    State { verdict: verdict.verdict, seen }
}

fn transition(was: &State, is: &State) -> Transition {
    let died = |verdict| matches!(verdict, Verdict::Timeout | Verdict::Crash | Verdict::Infra);
    match (was.verdict, is.verdict) {
        (was, is) if was == is => Transition::Changed,
        (was, is) if died(is) && !died(was) => Transition::NewCrash,
        (was, is) if is.is_bad() && !was.is_bad() => Transition::Broken,
        (was, Verdict::Pass) if was != Verdict::Skip => Transition::Fixed,
        (was, Verdict::Xfail | Verdict::Differs | Verdict::Lacks) if was.is_bad() => Transition::NewlyAllowed,
        _ => Transition::Other,
    }
}

/// For a terminal, with styles.
pub fn render(comparison: &Comparison) -> String {
    let mut out = String::new();
    for transition in Transition::ALL {
        let Some(changes) = comparison.changes.get(&transition) else { continue };
        let style = match transition {
            Transition::Broken | Transition::NewCrash => AnsiColor::Red.on_default().bold(),
            Transition::Fixed => AnsiColor::Green.on_default().bold(),
            _ => AnsiColor::Yellow.on_default().bold(),
        };
        let _ = writeln!(out, "{style}{} {}{style:#}", changes.len(), transition.words());
        for change in changes {
            let quiet = Style::new().dimmed();
            let _ = writeln!(out, "  {} {quiet}{}{quiet:#}\n    {}", change.case, change.engine, went(change));
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{} unchanged", comparison.unchanged);
    out
}

fn went(change: &Change) -> String {
    let say = |state: &Option<State>| match state {
        None => "-".to_string(),
        Some(State { verdict, seen: None }) => verdict.to_string(),
        Some(State { verdict, seen: Some(seen) }) => format!("{verdict} {seen}"),
    };
    format!("{} → {}", say(&change.old), say(&change.new))
}

/// The same for a comment on a pull request.
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = String::from("## verysame\n\n");
    if comparison.changes.is_empty() {
        let _ = writeln!(out, "Nothing has changed: {} results.", comparison.unchanged);
        return out;
    }
    let counts = Transition::ALL
        .iter()
        .filter_map(|transition| Some(format!("{} {}", comparison.changes.get(transition)?.len(), transition.words())));
    let _ = writeln!(out, "{}, {} unchanged.", counts.collect::<Vec<_>>().join(", "), comparison.unchanged);
    for transition in Transition::ALL {
        let Some(changes) = comparison.changes.get(&transition) else { continue };
        let open = if transition.is_bad() { " open" } else { "" };
        let _ = write!(
            out,
            "\n<details{open}><summary>{} {}</summary>\n\n| case | engine | was | is |\n|---|---|---|---|\n",
            changes.len(),
            transition.words()
        );
        for change in changes {
            let say = |state: &Option<State>| match state {
                None => String::new(),
                Some(State { verdict, seen }) => {
                    format!("{verdict} {}", seen.as_deref().map(code).unwrap_or_default())
                }
            };
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                code(&change.case),
                cell(&change.engine),
                say(&change.old),
                say(&change.new)
            );
        }
        out.push_str("\n</details>\n");
    }
    out
}
