//! What is checked of cases beside each other and beside their rules: that no two do the same, that titles are sentences,
//! that a rule's level and a mark's versions agree with what the rule is.
//!
//! Invariant: all of these are warnings. They keep no case from being run.

use super::file::FileContent;
use super::guard::VersionSet;
use super::model::{Case, Level, Rule};
use super::problem::Problem;
use super::reference::anchors;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use verysame_engine::syntax;

/// Checks all files together.
pub fn check(files: &[FileContent], rules: &HashMap<&str, &Rule>, problems: &mut Vec<Problem>) {
    for rule in files.iter().flat_map(|file| &file.rules) {
        level_of(rule, problems);
    }
    let mut seen: HashMap<String, &Case> = HashMap::new();
    let mut titled = HashSet::new();
    for case in files.iter().flat_map(|file| &file.cases) {
        twice(case, &mut seen, problems);
        if titled.insert(&case.base) {
            title(case, problems);
        }
        versions(case, rules, problems);
    }
}

/// What the language promises stands in one of its documents, not in CPython's source alone.
fn level_of(rule: &Rule, problems: &mut Vec<Problem>) {
    let Ok(anchors) = anchors(&rule.reference) else { return };
    let source = |text: &str| text.starts_with("CPython: ") || text.contains("implementation detail");
    if rule.level == Level::Language && anchors.iter().all(|anchor| source(&anchor.text)) {
        let message = format!("the rule `{}` is of level `language`, and its reference is about CPython only", rule.id);
        let help = "name the document that promises it, or write guarantee = \"cpython\"";
        problems.push(Problem::at(&rule.place.file, rule.place.range.clone(), message).help(help).warning());
    }
}

/// Two cases that run the same program with the same expectations.
fn twice<'a>(case: &'a Case, seen: &mut HashMap<String, &'a Case>, problems: &mut Vec<Problem>) {
    match seen.get(&normal(case)) {
        // The forms of one case that differ in nothing are its author's, one report is enough.
        Some(first) if first.id != case.id => {
            let message = format!("the case {} does what {} does", case.id, first.id);
            let help = format!("the first one is {}; keep one of the two, or show something else", first.place);
            let problem = Problem::at(&case.place.file, case.place.range.clone(), message);
            problems.push(problem.help(help).warning());
        }
        Some(_) => {}
        None => {
            seen.insert(normal(case), case);
        }
    }
}

/// The program and what is expected, without blank lines, remarks and the room before comments.
fn normal(case: &Case) -> String {
    let mut out = format!("{:?} {} {:?} {:?}\n", case.modes, case.python, case.scope, case.level);
    let text = &case.source.text;
    let mut code = String::new();
    let mut at = 0;
    for comment in syntax::comments(text) {
        code.push_str(text.get(at..comment.range.start).unwrap_or(""));
        at = comment.range.end;
        if let Some(mark) = case.marks.iter().find(|mark| mark.comment.start == comment.range.start) {
            // Writing to a String cannot fail.
            let _ = write!(code, " {}[{}] {}", mark.expect.sign(), mark.guard, mark.expect);
        }
    }
    code.push_str(text.get(at..).unwrap_or(""));
    for line in code.lines().filter(|line| !line.trim().is_empty()) {
        let (program, mark) = line.split_at(line.find(" #").unwrap_or(line.len()));
        let _ = writeln!(out, "{} {}", program.trim_end(), mark.trim_start());
    }
    case.heap.iter().for_each(|heap| out.push_str(&format!("{} = {}\n", heap.name, heap.graph)));
    case.files.iter().for_each(|(name, text)| out.push_str(&format!("{name}:\n{text}\n")));
    out.extend(case.stdout.iter().map(|output| output.text.as_str()));
    out
}

/// A title says something: it begins like a sentence or with code, and has a few words.
fn title(case: &Case, problems: &mut Vec<Problem>) {
    let title = case.title.trim();
    let begins = title.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "`\"'-+".contains(c));
    let what = match () {
        () if title.split_whitespace().count() < 3 => "says too little",
        () if title.ends_with('.') => "ends with a full stop",
        () if !begins => "does not begin like a sentence",
        () => return,
    };
    let message = format!("the title of {} {what}: {title}", case.base);
    let help = "say what the case shows, as in \"A shallow copy holds the same items\"; code stands between ` and `";
    problems.push(Problem::at(&case.place.file, case.place.range.clone(), message).help(help).warning());
}

/// A mark that speaks only for versions in which none of the case's rules holds.
fn versions(case: &Case, rules: &HashMap<&str, &Rule>, problems: &mut Vec<Problem>) {
    let ranges: Vec<&VersionSet> = case.rules.iter().filter_map(|id| Some(&rules.get(id.as_str())?.python)).collect();
    if ranges.is_empty() {
        return;
    }
    for mark in case.marks.iter().filter(|mark| mark.guard.python != VersionSet::all()) {
        let own = mark.guard.python.and(&case.python);
        // Where the same statement is seen on the other side too, the two show a border.
        let border = case.marks.iter().any(|other| {
            let other_side = other.guard.python.and(&case.python);
            other.target == mark.target && ranges.iter().any(|range| !range.and(&other_side).is_empty())
        });
        if !border && !own.is_empty() && ranges.iter().all(|range| range.and(&own).is_empty()) {
            let known: Vec<String> = ranges.iter().map(ToString::to_string).collect();
            let message = format!("the mark speaks for python {own}, and its rules are about {}", known.join(", "));
            let help = "narrow the case with `python`, or mend the rule's range";
            problems.push(case.source.problem(mark.comment.clone(), message).help(help).warning());
        }
    }
    if ranges.iter().all(|range| range.and(&case.python).is_empty()) {
        let known: Vec<String> = ranges.iter().map(ToString::to_string).collect();
        let message = format!("the case is about python {}, and its rules are about {}", case.python, known.join(", "));
        let problem = Problem::at(&case.place.file, case.place.range.clone(), message);
        problems.push(problem.help("mend the range of the case or of the rule").warning());
    }
}
