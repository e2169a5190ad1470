//! The page "differences from Python" of an engine. Pure.

use crate::case::{Case, Level, Loaded};
use crate::judge::Deviation;
use crate::profile::EngineProfile;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// The page as Markdown: by level and rule what Python does, what the engine does, an example, the cause.
pub fn page(profile: &EngineProfile, loaded: &Loaded) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, profile, loaded);
    out
}

/// What an engine gets wrong of one rule.
pub struct Difference<'a> {
    /// The rule's level.
    pub level: Level,
    /// The rule's id.
    pub rule: &'a str,
    /// Each deviation with its case, in the order of the profile.
    pub found: Vec<(&'a Deviation, &'a Case)>,
}

/// What an engine gets wrong, by level and rule, and how many deviations speak of cases that are not in this suite.
pub fn differences<'a>(profile: &'a EngineProfile, loaded: &'a Loaded) -> (Vec<Difference<'a>>, usize) {
    let cases: HashMap<&str, &Case> = loaded.cases.iter().map(|case| (case.id.as_str(), case)).collect();
    let mut rules: BTreeMap<(Level, &str), Vec<(&Deviation, &Case)>> = BTreeMap::new();
    let mut lost = 0;
    for deviation in &profile.deviations {
        let Some(case) = cases.get(deviation.case.as_str()) else {
            lost += 1;
            continue;
        };
        let rule = deviation.rule.as_deref().or(case.rules.first().map(String::as_str)).unwrap_or_default();
        let level = loaded.rule(rule).map_or(case.level, |rule| rule.level);
        rules.entry((level, rule)).or_default().push((deviation, case));
    }
    let differences = rules.into_iter().map(|((level, rule), found)| Difference { level, rule, found });
    (differences.collect(), lost)
}

/// What a page calls the differences from rules of a level.
pub const fn heading(level: Level) -> &'static str {
    match level {
        Level::Language => "What the language promises",
        Level::Cpython => "What CPython does",
        Level::Unspecified => "What the language leaves open, within limits",
    }
}

/// The reasons that deviations give, each with its issue.
pub fn causes<'a>(found: &[(&'a Deviation, &Case)]) -> Vec<(&'a str, Option<&'a str>)> {
    let mut causes: Vec<_> =
        found.iter().map(|(deviation, _)| (deviation.reason.as_str(), deviation.issue.as_deref())).collect();
    causes.dedup();
    causes
}

fn write(out: &mut String, profile: &EngineProfile, loaded: &Loaded) -> std::fmt::Result {
    writeln!(out, "# Differences of {} from Python\n", profile.name)?;
    if !profile.about.is_empty() {
        writeln!(out, "{}.\n", profile.about)?;
    }
    let (differences, lost) = differences(profile, loaded);
    let count: usize = differences.iter().map(|difference| difference.found.len()).sum();
    writeln!(out, "{count} known differences from {} rules.\n", differences.len())?;
    let mut level = None;
    for Difference { level: of, rule, found: deviations } in &differences {
        if level != Some(*of) {
            level = Some(*of);
            writeln!(out, "## {}\n", heading(*of))?;
        }
        writeln!(out, "### {rule}\n")?;
        if let Some(rule) = loaded.rule(rule) {
            writeln!(out, "Python: {}  \nReference: {}; level `{}`.\n", rule.statement, rule.reference, rule.level)?;
        }
        for (cause, issue) in causes(deviations) {
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
