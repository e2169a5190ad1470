//! The faces of the rule book: a list for a terminal, Markdown, JSON, and all there is to say of one rule.

use super::{Entry, changed_by};
use crate::profile::KnownDeviation;
use serde_json::{Value, json};
use std::fmt::Write;

const STRONG: anstyle::Style = anstyle::Style::new().bold();

/// One line a rule.
pub fn table(entries: &[&Entry]) -> String {
    let width = entries.iter().map(|entry| entry.id.len()).max().unwrap_or(0);
    let line = |entry: &&Entry| {
        let id = entry.id;
        format!("{STRONG}{id:width$}{STRONG:#}  {:11}  {}\n", entry.level().word(), entry.statement())
    };
    entries.iter().map(line).collect()
}

/// A table for each area.
pub fn markdown(entries: &[&Entry]) -> String {
    let mut out = String::from("# Rules\n");
    let mut area = "";
    for entry in entries {
        let own = entry.id.split('.').next().unwrap_or(entry.id);
        if own != area {
            area = own;
            // Writing to a String cannot fail.
            let _ = write!(
                out,
                "\n## {area}\n\n| rule | level | python | statement | reference | cases | faults |\n|---|---|---|---|---|---|---|\n"
            );
        }
        let links: Vec<String> =
            entry.anchors().iter().map(|anchor| format!("[{}]({})", cell(&anchor.text), anchor.address)).collect();
        let python = entry.written.map_or_else(String::new, |rule| rule.python.to_string());
        let _ = writeln!(
            out,
            "| `{}` | {} | {python} | {} | {} | {} | {} |",
            entry.id,
            entry.level(),
            cell(entry.statement()),
            links.join("; "),
            entry.written_cases().len(),
            entry.faults().len(),
        );
    }
    out
}

/// What stands in a cell may not end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The rules as data: an array of objects.
pub fn json(entries: &[&Entry]) -> Value {
    let rule = |entry: &&Entry| {
        let anchors: Vec<Value> =
            entry.anchors().iter().map(|anchor| json!({ "text": anchor.text, "address": anchor.address })).collect();
        let cases: Vec<&str> = entry.written_cases().iter().map(|case| case.base.as_str()).collect();
        let broken: Vec<Value> = entry
            .broken
            .iter()
            .map(|known| {
                let deviation = &known.deviation;
                json!({ "engine": known.engine, "case": deviation.case, "python": deviation.python,
                        "observed": deviation.observed, "reason": deviation.reason, "issue": deviation.issue })
            })
            .collect();
        json!({
            "id": entry.id,
            "statement": entry.statement(),
            "level": entry.level().word(),
            "python": entry.written.map(|rule| rule.python.to_string()),
            "references": anchors,
            "formerly": entry.formerly(),
            "cases": cases,
            "faults": entry.faults(),
            "broken_by": broken,
            "place": entry.written.map(|rule| rule.place.to_string()),
        })
    };
    Value::Array(entries.iter().map(rule).collect())
}

/// All there is to say of one rule.
pub fn explain(entry: &Entry) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_rule(&mut out, entry);
    out
}

fn write_rule(out: &mut String, entry: &Entry) -> std::fmt::Result {
    writeln!(out, "{STRONG}{}{STRONG:#}\n  {}", entry.id, entry.statement())?;
    writeln!(out, "  level      {}: {}", entry.level(), entry.why())?;
    if let Some(rule) = entry.written {
        writeln!(out, "  python     {}", rule.python)?;
        for anchor in entry.anchors() {
            writeln!(out, "  reference  {}\n             {}", anchor.text, anchor.address)?;
        }
        if let Some(quote) = &rule.quote {
            writeln!(out, "  quote      {}", quote.trim().replace('\n', " "))?;
        }
        if !rule.formerly.is_empty() {
            writeln!(out, "  formerly   {}", rule.formerly.join(", "))?;
        }
        writeln!(out, "  declared   {}", rule.place)?;
    } else {
        writeln!(out, "  declared   in the reference engine's rule book only")?;
    }
    for fault in entry.faults() {
        writeln!(out, "  fault      {fault} (changes {})", changed_by(entry.id, fault).join(", "))?;
    }
    if entry.faults().is_empty() {
        writeln!(out, "  no fault gets it wrong on purpose")?;
    }
    for known in &entry.broken {
        write_broken(out, known)?;
    }
    if entry.broken.is_empty() {
        writeln!(out, "  no engine is known here to break it")?;
    }
    let cases = entry.written_cases();
    if cases.is_empty() {
        writeln!(out, "  no case is about it")?;
    }
    for case in cases {
        let forms = entry.cases.iter().filter(|other| other.base == case.base).count();
        let forms = if forms > 1 { format!(" ({forms} forms)") } else { String::new() };
        writeln!(out, "  case       {}{forms}  {}\n             {}", case.base, case.title, case.place)?;
    }
    writeln!(out)
}

fn write_broken(out: &mut String, known: &KnownDeviation) -> std::fmt::Result {
    let deviation = &known.deviation;
    let python = deviation.python.as_ref().map(|set| format!(" {set}")).unwrap_or_default();
    writeln!(out, "  broken by  {}{python} in {}: {}", known.engine, deviation.case, deviation.observed)?;
    writeln!(out, "             {}", deviation.reason)?;
    match &deviation.issue {
        Some(issue) => writeln!(out, "             {issue}"),
        None => Ok(()),
    }
}
