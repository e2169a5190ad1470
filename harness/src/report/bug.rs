//! A report of a wrong answer, as Markdown for a tracker. Pure.

use super::model::{CaseRun, EngineRun};
use crate::case::{Case, Rule};
use crate::judge::{MarkVerdict, Verdict};
use std::fmt::Write;

/// What an engine said about the case in one mode.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// Which engine.
    pub engine: EngineRun,
    /// What it said.
    pub run: CaseRun,
}

fn is_wrong(mark: &&MarkVerdict) -> bool {
    matches!(mark.verdict, Verdict::Fail | Verdict::Xfail)
}

/// The report about the first engine's answer, if it is wrong.
pub fn bug(case: &Case, rule: Option<&Rule>, answers: &[Answer]) -> Option<String> {
    let first = answers.first()?;
    let own = answers.iter().filter(|answer| answer.engine.name == first.engine.name);
    let (answer, mark) = own
        .clone()
        .find_map(|answer| Some((answer, Some(answer.run.verdict.marks.iter().find(is_wrong)?))))
        .or_else(|| {
            let died = |answer: &&Answer| {
                matches!(answer.run.verdict.verdict, Verdict::Crash | Verdict::Timeout)
                    || (answer.run.verdict.verdict == Verdict::Xfail && answer.run.verdict.marks.is_empty())
            };
            own.clone().find(died).map(|answer| (answer, None))
        })?;
    let mut out = String::new();
    let died = || answer.run.verdict.note.clone().unwrap_or_else(|| answer.run.verdict.verdict.to_string());
    let seen = |mark: &MarkVerdict| mark.observed.clone().or_else(|| mark.note.clone()).unwrap_or_default();
    let what = mark.map_or_else(died, |mark| format!("`{}` gives `{}`", mark.statement, line(&seen(mark))));
    // Writing to a String cannot fail.
    let _ = writeln!(out, "**{}**: {what}\n", emphasised(&case.title));
    let _ = writeln!(out, "```python\n{}\n```\n", case.source.text.trim_end());
    let _ = writeln!(
        out,
        "(The comments are expectations: `#=>` the repr of the value, `#!>` an exception, `#|` output.)\n"
    );
    if let Some(mark) = mark {
        let _ = writeln!(out, "| | at `{}` |\n|---|---|", mark.statement);
        let _ = writeln!(
            out,
            "| expected | `{}` |\n| {} | `{}` |\n",
            line(&mark.expected),
            name(&answer.engine),
            line(&seen(mark))
        );
    }
    if let Some(rule) = rule {
        let _ = writeln!(out, "What is promised: {} ({}; level `{}`)\n", rule.statement, rule.reference, rule.level);
    }
    let _ = writeln!(out, "| engine | mode | answer |\n|---|---|---|");
    for other in answers {
        let verdict = &other.run.verdict;
        let wrong = verdict.marks.iter().find(is_wrong);
        let said = match (verdict.verdict, wrong) {
            (_, Some(mark)) => format!("`{}` at `{}`", line(&seen(mark)), mark.statement),
            (Verdict::Pass | Verdict::Differs, None) => "as expected".to_string(),
            (verdict_word, None) => {
                let note = verdict.note.as_ref().map(|note| format!(": {}", line(note))).unwrap_or_default();
                format!("{verdict_word}{note}")
            }
        };
        let _ = writeln!(out, "| {} | {} | {said} |", name(&other.engine), verdict.mode);
    }
    Some(out)
}

fn name(engine: &EngineRun) -> String {
    let short = engine.name.rsplit('/').next().unwrap_or(&engine.name);
    if engine.detail.is_empty() { short.to_string() } else { format!("{short} ({})", engine.detail) }
}

/// A title between asterisks: its own asterisks and underscores are signs, but not in code, where a backslash would be seen.
fn emphasised(title: &str) -> String {
    let parts = title.split('`').enumerate();
    let parts = parts
        .map(|(at, part)| if at % 2 == 0 { part.replace('*', "\\*").replace('_', "\\_") } else { part.to_string() });
    parts.collect::<Vec<_>>().join("`")
}

fn line(text: &str) -> String {
    text.trim_end().replace('\n', "⏎").replace('|', "\\|")
}
