//! A run for GitHub Actions: annotations at the lines of the case files, and a summary in Markdown.
//!
//! Invariant: nothing that an engine wrote can end an annotation or begin another command.

use super::markdown::{cell, code};
use super::model::{EngineRun, Run};
use crate::judge::Verdict;
use std::fmt::Write;

/// How many annotations GitHub shows of one step.
const MOST: usize = 10;

/// Workflow commands, one a line: an error for each failure as far as GitHub shows them, then one that says how many more
/// there are.
pub fn annotations(run: &Run) -> String {
    let mut out = String::new();
    let bad: Vec<_> = run.results().filter(|(_, result)| result.verdict.verdict.is_bad()).collect();
    for (engine, result) in bad.iter().take(MOST) {
        let verdict = &result.verdict;
        let mark = verdict.marks.iter().find(|mark| mark.verdict.is_bad());
        let place = match mark {
            Some(mark) => format!("file={},line={},col={},", property(&mark.path), mark.line, mark.column),
            None => String::new(),
        };
        let title = property(&format!("{} {} on {}", verdict.verdict, verdict.case, engine.name));
        let words = match mark {
            Some(mark) => format!(
                "{}\nexpected {}\nseen     {}",
                result.title,
                mark.expected,
                mark.observed.as_deref().unwrap_or("nothing")
            ),
            None => format!("{}\n{}", result.title, verdict.note.as_deref().unwrap_or_default()),
        };
        let _ = writeln!(out, "::error {place}title={title}::{}", data(&words));
    }
    if bad.len() > MOST {
        let _ = writeln!(out, "::error title=verysame::{} more are in the summary of this step", bad.len() - MOST);
    }
    for engine in &run.engines {
        if let Err(words) = &engine.results {
            let _ = writeln!(out, "::error title={}::{}", property(&engine.name), data(words));
        }
        for words in &engine.stale {
            let _ = writeln!(out, "::error title={}::{}", property(&engine.name), data(words));
        }
    }
    out
}

/// What a message of a command may hold.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What a property of a command may hold.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The run in Markdown: a table of engines and verdicts, then all that is wrong.
pub fn summary(run: &Run) -> String {
    let used: Vec<Verdict> = Verdict::ALL
        .into_iter()
        .filter(|&verdict| run.engines.iter().any(|engine| engine.count(verdict) > 0))
        .collect();
    let heads: String = used.iter().map(|verdict| format!(" {verdict} |")).collect();
    let mut out = format!("## verysame\n\n| engine |{heads}\n|---|{}\n", "---:|".repeat(used.len()));
    for engine in &run.engines {
        let counts: String = match &engine.results {
            Ok(_) => used.iter().map(|&verdict| format!(" {} |", engine.count(verdict))).collect(),
            Err(words) => format!(" {} |{}", cell(words), " |".repeat(used.len().saturating_sub(1))),
        };
        let _ = writeln!(out, "| {} |{counts}", cell(&format!("{} {}", engine.name, engine.detail)));
    }
    let wrong = |engine: &EngineRun| {
        engine.results.iter().flatten().filter(|result| result.verdict.verdict.is_bad()).cloned().collect::<Vec<_>>()
    };
    for engine in &run.engines {
        let wrong = wrong(engine);
        if wrong.is_empty() {
            continue;
        }
        let _ = write!(
            out,
            "\n### {}\n\n| verdict | case | mode | expected | seen |\n|---|---|---|---|---|\n",
            cell(&engine.name)
        );
        for result in wrong {
            let verdict = &result.verdict;
            let mark = verdict.marks.iter().find(|mark| mark.verdict.is_bad());
            let note = verdict.note.as_deref().unwrap_or_default();
            let expected = mark.map_or(String::new(), |mark| code(&mark.expected));
            let seen = mark.and_then(|mark| mark.observed.as_deref()).map_or(cell(note), code);
            let _ = writeln!(
                out,
                "| {} | {} | {} | {expected} | {seen} |",
                verdict.verdict,
                code(&verdict.case),
                verdict.mode
            );
        }
    }
    out
}
