//! The comparison for a terminal: the differences if they are wanted, then a table for each version.

use super::{Asked, Compared, Fate, Question, section};
use anstyle::{AnsiColor, Style};
use serde_json::Value;
use std::fmt::{self, Write};

const BAD: Style = AnsiColor::Red.on_default().bold();
const STRONG: Style = Style::new().bold();

#[derive(Clone, Copy, Default)]
struct Counts {
    equal: usize,
    deviations: usize,
    different: usize,
    not_promised: usize,
    not_comparable: usize,
}

impl Counts {
    fn add(&mut self, fate: &Fate) {
        match fate {
            Fate::Equal => self.equal += 1,
            Fate::Deviation(_) => self.deviations += 1,
            Fate::Different { .. } | Fate::Stale(_) => self.different += 1,
            Fate::NotPromised(_) => self.not_promised += 1,
            Fate::NotComparable(_) => self.not_comparable += 1,
        }
    }
}

/// The tables; before them what is wrong with the list of facts that are not promised, and each difference, if `list` says so;
/// after them what is not promised and why. With ANSI styles.
pub fn render(compared: &[Compared], list: bool) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, compared, list);
    out
}

fn write(out: &mut String, compared: &[Compared], list: bool) -> fmt::Result {
    for fact in compared {
        if let Fate::Stale(reason) = &fact.fate {
            writeln!(out, "{BAD}STALE{BAD:#} {STRONG}{}{STRONG:#} · {}", fact.key, fact.version)?;
            writeln!(out, "  It is equal, but listed as not promised: {reason}\n")?;
        }
        if list {
            difference(out, fact)?;
        }
    }
    let mut all = Counts::default();
    let mut versions = 0;
    for group in compared.chunk_by(|a, b| a.version == b.version) {
        let mut sections: Vec<(&str, Counts)> = Vec::new();
        let mut total = Counts::default();
        for fact in group {
            let name = section(fact.key);
            let at = sections.iter().position(|(other, _)| *other == name).unwrap_or_else(|| {
                sections.push((name, Counts::default()));
                sections.len() - 1
            });
            sections[at].1.add(&fact.fate);
            total.add(&fact.fate);
            all.add(&fact.fate);
        }
        sections.sort_by_key(|(name, _)| *name);
        let version = group.first().map(|fact| fact.version.to_string()).unwrap_or_default();
        writeln!(out, "{STRONG}{version:<16}{STRONG:#}     equal  different  not promised  not comparable")?;
        for (name, counts) in sections {
            row(out, name, counts)?;
        }
        row(out, "all", total)?;
        writeln!(out)?;
        versions += 1;
    }
    reasons(out, compared)?;
    let plural = if versions == 1 { "" } else { "s" };
    let Counts { equal, deviations, different, not_promised, not_comparable } = all;
    let listed = listed(deviations);
    writeln!(
        out,
        "{versions} version{plural}: {equal} equal, {different} different, {not_promised} not promised, \
         {not_comparable} not comparable{listed}"
    )
}

/// What is not promised, in which versions, and why.
fn reasons(out: &mut String, compared: &[Compared]) -> fmt::Result {
    let mut known: Vec<(&str, Vec<String>, &str)> = Vec::new();
    for fact in compared {
        let Fate::NotPromised(reason) = &fact.fate else { continue };
        match known.iter_mut().find(|(key, ..)| *key == fact.key) {
            Some((_, versions, _)) => versions.push(fact.version.to_string()),
            None => known.push((fact.key, vec![fact.version.to_string()], reason)),
        }
    }
    for (key, versions, reason) in &known {
        writeln!(out, "not promised: {STRONG}{key}{STRONG:#} · {}", versions.join(", "))?;
        writeln!(out, "  {reason}")?;
    }
    if known.is_empty() { Ok(()) } else { writeln!(out) }
}

fn row(out: &mut String, name: &str, counts: Counts) -> fmt::Result {
    let Counts { equal, deviations, different, not_promised, not_comparable } = counts;
    let style = if different > 0 { BAD } else { Style::new() };
    let rest = listed(deviations);
    writeln!(out, "  {name:<16}{equal:>8}{style}{different:>11}{style:#}{not_promised:>14}{not_comparable:>16}{rest}")
}

fn listed(deviations: usize) -> String {
    if deviations == 0 { String::new() } else { format!("  + {deviations} listed deviations of CPython") }
}

fn difference(out: &mut String, fact: &Compared) -> fmt::Result {
    let (expected, seen) = match &fact.fate {
        Fate::Different { expected, seen } => (expected, seen),
        Fate::Deviation(issue) => {
            return writeln!(out, "deviation of CPython {}: {} ({issue})\n", fact.version, fact.key);
        }
        Fate::Equal | Fate::NotPromised(_) | Fate::Stale(_) | Fate::NotComparable(_) => return Ok(()),
    };
    let (how, text) = match fact.question {
        Question::Program(program) => (program.mode(), program.shown()),
        Question::Probe(probe) => ("probe", probe.statement(fact.key).map(|(_, text)| text.into()).unwrap_or_default()),
        Question::Nothing(_) => return Ok(()),
    };
    writeln!(out, "{BAD}DIFFERENT{BAD:#} {STRONG}{}{STRONG:#} · {} · {how}", fact.key, fact.version)?;
    for line in text.trim_end().lines() {
        writeln!(out, "  | {line}")?;
    }
    match (expected, seen) {
        (_, Asked::Broken(words)) => {
            writeln!(out, "  expected {}", inline(expected))?;
            writeln!(out, "  seen     nothing: {words}")?;
        }
        (Value::Array(expected), Asked::Answer(Value::Array(seen))) if curve(expected) && curve(seen) => {
            let only = |these: &[Value], others: &[Value]| -> Vec<Value> {
                these.iter().filter(|point| !others.contains(point)).cloned().collect()
            };
            writeln!(out, "  expected {}", Value::Array(only(expected, seen)))?;
            writeln!(out, "  seen     {}", Value::Array(only(seen, expected)))?;
        }
        (Value::Array(expected), Asked::Answer(Value::Array(seen))) => {
            lines(out, "expected", expected)?;
            lines(out, "seen    ", seen)?;
        }
        (Value::Object(expected), Asked::Answer(Value::Object(seen))) => {
            let missing = Value::from("nothing");
            for (name, value) in expected {
                let got = seen.get(name).unwrap_or(&missing);
                if got != value {
                    writeln!(out, "  {name}: expected {}, seen {}", inline(value), inline(got))?;
                }
            }
            for (name, value) in seen.iter().filter(|(name, _)| !expected.contains_key(*name)) {
                writeln!(out, "  {name}: expected nothing, seen {}", inline(value))?;
            }
        }
        (_, Asked::Answer(seen)) => {
            writeln!(out, "  expected {}", inline(expected))?;
            writeln!(out, "  seen     {}", inline(seen))?;
        }
    }
    writeln!(out)
}

/// Points of a curve: of two such, only the points that one has and the other lacks are worth showing.
fn curve(points: &[Value]) -> bool {
    !points.is_empty() && points.iter().all(Value::is_array)
}

fn lines(out: &mut String, word: &str, lines: &[Value]) -> fmt::Result {
    let mut head = word;
    for line in lines {
        writeln!(out, "  {head} {}", inline(line))?;
        head = "        ";
    }
    if lines.is_empty() {
        writeln!(out, "  {word} no line")?;
    }
    Ok(())
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
