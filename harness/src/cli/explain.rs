//! `verysame explain`: a rule, where it is promised, and the cases that hold engines to it.

use super::common::SuiteArgs;
use super::{Status, complain};
use crate::case::{Case, Loaded, Rule, nearest};
use std::fmt::Write;
use verysame_engine::rules::{Profile, PyVersion, RULES, RuleInfo};

/// Says what a rule is, where it is promised and which cases are about it
///
/// RULE is a rule's id, a case's id (its rules are explained), or the beginning of ids.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame explain caching.int.small")]
pub struct Args {
    /// The rule
    rule: String,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, _) = args.suite.load();
    let ids = meant(&args.rule, &loaded);
    if ids.is_empty() {
        let all = loaded.rules.iter().map(|rule| rule.id.as_str()).chain(RULES.iter().map(|rule| rule.id));
        let near = nearest(&args.rule, all).map(|id| format!(": did you mean `{id}`?")).unwrap_or_default();
        complain(format_args!("there is no rule `{}`{near}", args.rule));
        return Status::Usage;
    }
    let mut out = String::new();
    for id in ids {
        // Writing to a String cannot fail.
        let _ = explain(&mut out, &id, &loaded);
    }
    anstream::print!("{out}");
    Status::Fine
}

/// The ids of the rules that are meant: the rule of that id, the rules of the case of that id, or all that begin so.
fn meant(word: &str, loaded: &Loaded) -> Vec<String> {
    let mut all: Vec<&str> =
        loaded.rules.iter().map(|rule| rule.id.as_str()).chain(RULES.iter().map(|r| r.id)).collect();
    all.sort_unstable();
    all.dedup();
    if all.contains(&word) {
        return vec![word.to_string()];
    }
    if let Some(case) = loaded.cases.iter().find(|case| case.id == word || case.base == word) {
        return case.rules.clone();
    }
    all.into_iter().filter(|id| id.starts_with(word)).map(str::to_string).collect()
}

fn explain(out: &mut String, id: &str, loaded: &Loaded) -> std::fmt::Result {
    const STRONG: anstyle::Style = anstyle::Style::new().bold();
    writeln!(out, "{STRONG}{id}{STRONG:#}")?;
    if let Some(rule) = loaded.rule(id) {
        written(out, rule)?;
    }
    if let Some(rule) = RULES.iter().find(|rule| rule.id == id) {
        modelled(out, rule, loaded.rule(id).is_none())?;
    }
    let cases: Vec<&Case> = loaded.cases.iter().filter(|case| case.rules.iter().any(|rule| rule == id)).collect();
    if cases.is_empty() {
        writeln!(out, "  no case is about it")?;
    }
    for case in cases {
        writeln!(out, "  case       {}  {}\n             {}", case.id, case.title, case.place)?;
    }
    writeln!(out)
}

fn written(out: &mut String, rule: &Rule) -> std::fmt::Result {
    writeln!(out, "  {}", rule.statement)?;
    writeln!(out, "  level      {}", rule.level)?;
    writeln!(out, "  python     {}", rule.python)?;
    writeln!(out, "  reference  {}", rule.reference)?;
    writeln!(out, "  declared   {}", rule.place)
}

/// What the reference engine's book says of it.
fn modelled(out: &mut String, rule: &RuleInfo, alone: bool) -> std::fmt::Result {
    if alone {
        writeln!(out, "  {}", rule.statement.trim())?;
        writeln!(out, "  declared   in the reference engine's rule book only")?;
    }
    for fault in rule.faults {
        let versions: Vec<String> = PyVersion::minors()
            .filter_map(PyVersion::of_minor)
            .filter(|version| {
                let plain = Profile::of(*version);
                plain.clone().with_fault(rule.id, fault).is_ok_and(|wrong| wrong != plain)
            })
            .map(|version| format!("3.{}", version.minor))
            .collect();
        writeln!(out, "  fault      {fault} (changes {})", versions.join(", "))?;
    }
    Ok(())
}
