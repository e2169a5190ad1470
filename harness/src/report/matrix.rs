//! The matrix: engines by levels, and where they disagree. Pure.

use super::model::EngineRun;
use crate::case::{Level, Loaded};
use crate::judge::Verdict;
use crate::profile::STUB;
use crate::run::votes::{Disagreement, disagreements};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// The columns of verdicts.
const COLUMNS: [Verdict; 9] = [
    Verdict::Pass,
    Verdict::Differs,
    Verdict::Xfail,
    Verdict::Lacks,
    Verdict::Fail,
    Verdict::Xpass,
    Verdict::Timeout,
    Verdict::Crash,
    Verdict::Infra,
];

/// The matrix and at most `shown` rules about which the engines disagree.
pub fn matrix(runs: &[EngineRun], loaded: &Loaded, shown: usize) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, runs, loaded, shown);
    out
}

fn write(out: &mut String, runs: &[EngineRun], loaded: &Loaded, shown: usize) -> fmt::Result {
    let width = runs.iter().map(|run| title(run).chars().count()).max().unwrap_or(6).max(6);
    let levels: BTreeMap<&str, Level> = loaded.cases.iter().map(|case| (case.id.as_str(), case.level)).collect();
    for level in Level::ALL {
        writeln!(out, "{level}")?;
        write!(out, "  {:<width$}", "engine")?;
        for column in COLUMNS {
            write!(out, " {:>8}", column.word())?;
        }
        writeln!(out, " {:>11}", "unexplained")?;
        for run in runs {
            write!(out, "  {:<width$}", title(run))?;
            let results = match &run.results {
                Ok(results) => results,
                Err(words) => {
                    writeln!(out, " {words}")?;
                    continue;
                }
            };
            let here: Vec<_> = results.iter().filter(|r| levels.get(r.verdict.case.as_str()) == Some(&level)).collect();
            for column in COLUMNS {
                let count = here.iter().filter(|result| result.verdict.verdict == column).count();
                write!(out, " {:>8}", if count == 0 { ".".to_string() } else { count.to_string() })?;
            }
            let stub = |note: &Option<String>| note.as_deref().is_some_and(|note| note.starts_with(STUB));
            let unexplained = here.iter().filter(|result| {
                let verdict = &result.verdict;
                verdict.verdict.is_bad()
                    || stub(&verdict.note)
                    || verdict.marks.iter().any(|mark| mark.verdict == Verdict::Xfail && stub(&mark.note))
            });
            writeln!(out, " {:>11}", unexplained.count())?;
        }
        writeln!(out)?;
    }
    let found = disagreements(runs, loaded);
    let mut by_rule: BTreeMap<&str, Vec<&Disagreement>> = BTreeMap::new();
    for disagreement in &found {
        by_rule.entry(&disagreement.rule).or_default().push(disagreement);
    }
    writeln!(out, "{} rules of the language on which engines disagree", by_rule.len())?;
    for (rule, disagreements) in by_rule.iter().take(shown) {
        let Some(first) = disagreements.first() else { continue };
        writeln!(out, "  {rule}: {}", first.statement)?;
        let names: Vec<&str> = first.wrong.iter().map(|(name, _)| name.as_str()).collect();
        if first.most_are_wrong() {
            let right = first.right.join(", ");
            writeln!(out, "    the minority is right: {right} as the rule says, {} not", names.join(", "))?;
        } else {
            writeln!(out, "    the minority: {}; {} as the rule says", names.join(", "), first.right.len())?;
        }
        for (name, seen) in &first.wrong {
            let seen: String = seen.lines().next().unwrap_or_default().chars().take(100).collect();
            writeln!(out, "      {name}: {seen}")?;
        }
        writeln!(out, "    verysame explain {rule}; case {} · {}", first.case, first.mode)?;
    }
    if by_rule.len() > shown {
        writeln!(out, "  {} more: say --rules N", by_rule.len() - shown)?;
    }
    Ok(())
}

fn title(run: &EngineRun) -> String {
    if run.detail.is_empty() { run.name.clone() } else { format!("{} ({})", short(&run.name), run.detail) }
}

/// The end of a long command.
fn short(name: &str) -> &str {
    name.rsplit('/').next().filter(|_| name.starts_with('/')).unwrap_or(name)
}
