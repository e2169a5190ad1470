//! The page "differences from Python" of an engine. Pure.

use crate::case::{Case, Loaded};
use crate::judge::Deviation;
use crate::profile::EngineProfile;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The page as Markdown: by level and rule what Python does, what the engine does, an example, the cause.
pub fn page(profile: &EngineProfile, loaded: &Loaded) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, profile, loaded);
    out
}

fn write(out: &mut String, profile: &EngineProfile, loaded: &Loaded) -> std::fmt::Result {
    writeln!(out, "# Differences of {} from Python\n", profile.name)?;
    if !profile.about.is_empty() {
        writeln!(out, "{}.\n", profile.about)?;
    }
    let mut rules: BTreeMap<(crate::case::Level, &str), Vec<(&Deviation, &Case)>> = BTreeMap::new();
    let mut lost = 0;
    for deviation in &profile.deviations {
        let Some(case) = loaded.cases.iter().find(|case| case.id == deviation.case) else {
            lost += 1;
            continue;
        };
        let rule = deviation.rule.as_deref().or(case.rules.first().map(String::as_str)).unwrap_or_default();
        let level = loaded.rule(rule).map_or(case.level, |rule| rule.level);
        rules.entry((level, rule)).or_default().push((deviation, case));
    }
    let count: usize = rules.values().map(Vec::len).sum();
    writeln!(out, "{count} known differences from {} rules.\n", rules.len())?;
    let mut level = None;
    for ((of, rule), deviations) in &rules {
        if level != Some(*of) {
            level = Some(*of);
            let heading = match of {
                crate::case::Level::Language => "What the language promises",
                crate::case::Level::Cpython => "What CPython does",
                crate::case::Level::Unspecified => "What the language leaves open, within limits",
            };
            writeln!(out, "## {heading}\n")?;
        }
        writeln!(out, "### {rule}\n")?;
        if let Some(rule) = loaded.rule(rule) {
            writeln!(out, "Python: {}  \nReference: {}; level `{}`.\n", rule.statement, rule.reference, rule.level)?;
        }
        let mut causes: Vec<(&str, Option<&str>)> =
            deviations.iter().map(|(deviation, _)| (deviation.reason.as_str(), deviation.issue.as_deref())).collect();
        causes.dedup();
        for (cause, issue) in causes {
            let issue = issue.map(|issue| format!(" ({issue})")).unwrap_or_default();
            writeln!(out, "Cause: {cause}{issue}\n")?;
        }
        let mut told = Vec::new();
        for (deviation, case) in deviations {
            if !told.contains(&&case.base) {
                told.push(&case.base);
                if told.len() > 1 {
                    continue;
                }
                writeln!(out, "{}\n\n```python\n{}\n```\n", case.title, case.source.text.trim_end())?;
            }
            if told.len() == 1 {
                let at = deviation.mark.as_deref().map(|mark| format!("`{mark}` gives ")).unwrap_or_default();
                writeln!(out, "{} {at}`{}`\n", profile.name, deviation.observed.replace('\n', "⏎"))?;
            }
        }
        if told.len() > 1 {
            let others: Vec<String> = told.iter().skip(1).map(|id| format!("`{id}`")).collect();
            writeln!(out, "Also in {}.\n", others.join(", "))?;
        }
    }
    if lost > 0 {
        writeln!(out, "{lost} more speak of cases that are not in this suite.")?;
    }
    Ok(())
}
