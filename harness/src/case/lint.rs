//! What is checked without any engine.
//!
//! Of one case: it has an expectation; the guards on one statement cover the case's modes and versions exactly once;
//! the source parses unless a mark says that it must not; no mark speaks where nothing runs. Of all cases together:
//! ids are unique and living, every rule that a case names exists and every rule has a case, and no case promises more
//! than its rules.

use super::attach::Code;
use super::file::FileContent;
use super::guard::{VersionSet, short};
use super::model::{Case, Expect, Level, Mark, Rule};
use super::plan::Mode;
use super::problem::{Problem, nearest};
use super::rewrite;
use super::scope::Scope;
use super::suite_lint as suite;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// Checks one case. With broken marks it may expect more than can be seen.
pub fn case(case: &Case, code: &Code, broken_marks: bool, problems: &mut Vec<Problem>) {
    if !broken_marks && case.marks.is_empty() && case.heap.is_empty() && case.stdout.is_none() {
        problems.push(
            Problem::at(&case.place.file, case.place.range.clone(), format!("the case {} expects nothing", case.base))
                .help("write at least one mark, `expression  #=> value`, or a [case.heap], or stdout"),
        );
    }
    parses(case, code, problems);
    if let Some(output) = &case.stdout
        && case.marks.iter().any(|mark| matches!(mark.expect, Expect::Output(_)))
    {
        problems.push(
            Problem::at(
                &output.place.file,
                output.place.range.clone(),
                "both `stdout` and `#|` lines say what is written",
            )
            .help("keep one of the two"),
        );
    }
    for mark in &case.marks {
        if reach(case, mark).is_empty() {
            let message = format!("`{}[{}]` never speaks in this case", mark.expect.sign(), mark.guard);
            let help = format!("the case runs on python {} in {} mode", case.python, modes(&case.modes));
            problems.push(case.source.problem(mark.comment.clone(), message).help(help));
        }
        if let (Expect::Raises { at_compile: false, .. }, Some(target)) = (&mark.expect, &mark.target)
            && let Err((message, help)) = rewrite::can_watch(&case.source.text, code, &target.range)
        {
            problems.push(case.source.problem(mark.comment.clone(), message).help(help));
        }
    }
    scoped(case, problems);
    covered(case, problems);
    rejected(case, problems);
}

/// What cannot be seen from outside of a scope.
fn scoped(case: &Case, problems: &mut Vec<Problem>) {
    let Some(scope) = case.scope else { return };
    if let Some(heap) = case.heap.first().filter(|_| !scope.binds_globals()) {
        let message = format!("`{}` is no name of the module in the scope `{scope}`", heap.name);
        let help = format!("write `{}  #&> …` in the source, or take `{scope}` off the scopes", heap.name);
        problems.push(Problem::at(&heap.place.file, heap.place.range.clone(), message).help(help));
    }
    for mark in rejecting(case).filter(|_| scope == Scope::Exec) {
        let message = "in the scope `exec` the program runs before its text is rejected";
        let help = "take `exec` off the scopes, or write a case that calls exec: `exec(\"…\")  #!> SyntaxError`";
        problems.push(case.source.problem(mark.comment.clone(), message).help(help));
    }
}

fn parses(case: &Case, code: &Code, problems: &mut Vec<Problem>) {
    let must_fail = case.marks.iter().any(|mark| matches!(mark.expect, Expect::Raises { at_compile: true, .. }));
    if let Some(issue) = code.issue.as_ref().filter(|_| !must_fail) {
        let text = &case.source.text;
        let line_start = text.split_inclusive('\n').take((issue.line as usize).saturating_sub(1)).map(str::len).sum();
        let line = text.get(line_start..).unwrap_or("").lines().next().unwrap_or("");
        let column = (issue.column as usize).saturating_sub(1);
        let at = line_start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        let scope = case.scope.map(|scope| format!(" in the scope `{scope}`")).unwrap_or_default();
        let message = format!("the source does not parse{scope}: {}: {}", issue.class, issue.message);
        let help = "if that is the point, say so at the statement: `#!> SyntaxError @compile`";
        problems.push(case.source.problem(at..at, message).help(help));
    }
}

/// The modes and versions in which a mark speaks.
fn reach(case: &Case, mark: &Mark) -> Vec<(Mode, VersionSet)> {
    let modes = case.modes.iter().filter(|mode| mark.guard.mode.is_none_or(|own| own == **mode));
    let reach = modes.map(|mode| (*mode, mark.guard.python.and(&case.python)));
    reach.filter(|(_, versions)| !versions.is_empty()).collect()
}

fn reach_in(case: &Case, mark: &Mark, mode: Mode) -> VersionSet {
    let found = reach(case, mark).into_iter().find(|(own, _)| *own == mode);
    found.map_or_else(|| VersionSet::all().minus(&VersionSet::all()), |(_, versions)| versions)
}

fn modes(modes: &[Mode]) -> String {
    modes.iter().map(|mode| mode.word()).collect::<Vec<_>>().join(" and ")
}

/// Whether two marks on one statement cannot both speak: a statement has one outcome and one graph.
fn exclude(one: &Mark, other: &Mark) -> bool {
    let graph = |mark: &Mark| matches!(mark.expect, Expect::Graph(_));
    let raises = |mark: &Mark| matches!(mark.expect, Expect::Raises { .. });
    graph(one) == graph(other) || raises(one) || raises(other)
}

/// Guards on one statement cover the case's range exactly once.
fn covered(case: &Case, problems: &mut Vec<Problem>) {
    let mut statements: BTreeMap<(usize, usize), Vec<&Mark>> = BTreeMap::new();
    for mark in &case.marks {
        if let Some(target) = &mark.target {
            statements.entry((target.range.start, target.range.end)).or_default().push(mark);
        }
    }
    for marks in statements.values() {
        overlap(case, marks, problems);
        gap(case, marks, problems);
    }
}

fn overlap(case: &Case, marks: &[&Mark], problems: &mut Vec<Problem>) {
    for (index, later) in marks.iter().enumerate() {
        let clash = marks.iter().take(index).filter(|earlier| exclude(earlier, later)).find_map(|earlier| {
            let both = case
                .modes
                .iter()
                .map(|mode| (*mode, reach_in(case, earlier, *mode).and(&reach_in(case, later, *mode))));
            let (mode, versions) = both.into_iter().find(|(_, versions)| !versions.is_empty())?;
            Some((earlier, mode, versions.first()?))
        });
        if let Some((earlier, mode, version)) = clash {
            let (line, _) = case.source.place(earlier.comment.clone()).line_column();
            let message = format!(
                "two marks speak of one statement: this one and line {line}, for example in {mode} mode on {}",
                short(version)
            );
            let help = "give them guards that exclude each other: `[py<3.13]` and `[py>=3.13]`, `[module]` and `[interactive]`";
            problems.push(case.source.problem(later.comment.clone(), message).help(help));
        }
    }
}

fn gap(case: &Case, marks: &[&Mark], problems: &mut Vec<Problem>) {
    let Some(last) = marks.last() else { return };
    let missing = |mode: Mode| {
        let rejecting = rejecting(case).filter(|mark| rejects(mark, last, mode));
        let speaking = marks.iter().copied().chain(rejecting);
        speaking.fold(case.python.clone(), |rest, mark| rest.minus(&reach_in(case, mark, mode)))
    };
    let gaps: Vec<(Mode, VersionSet)> =
        case.modes.iter().map(|mode| (*mode, missing(*mode))).filter(|(_, gap)| !gap.is_empty()).collect();
    let Some((mode, versions)) = gaps.first() else { return };
    let Some(example) = versions.first() else { return };
    let everywhere = gaps.len() == case.modes.len() && gaps.iter().all(|(_, other)| other == versions);
    let place = if everywhere && case.modes.len() > 1 { String::new() } else { format!(" in {mode} mode") };
    let message = format!(
        "the guards leave a gap: no mark speaks{place} on python {versions}, for example on {}",
        short(example)
    );
    let word = match (everywhere, *versions == case.python) {
        (false, true) => mode.to_string(),
        _ => versions
            .to_string()
            .split(" or ")
            .next()
            .unwrap_or("")
            .split(',')
            .map(|part| format!("py{part}"))
            .collect::<Vec<_>>()
            .join(","),
    };
    let help = format!("add `{}[{word}] …`, or narrow the case with `python` or `modes`", last.expect.sign());
    problems.push(case.source.problem(last.comment.clone(), message).help(help));
}

/// The marks that say that the compiler rejects a chunk.
fn rejecting(case: &Case) -> impl Iterator<Item = &Mark> {
    case.marks.iter().filter(|mark| matches!(mark.expect, Expect::Raises { at_compile: true, .. }))
}

/// Whether the chunk of another mark does not run where this one is right.
fn rejects(rejecting: &Mark, other: &Mark, mode: Mode) -> bool {
    match mode {
        Mode::Module => true,
        Mode::Interactive => !matches!(other.expect, Expect::Output(_)) && other.piece == rejecting.piece,
    }
}

/// Where a chunk is rejected by the compiler nothing of it runs, so no other mark can speak there.
fn rejected(case: &Case, problems: &mut Vec<Problem>) {
    for rejecting in rejecting(case) {
        for silent in &case.marks {
            if silent.number == rejecting.number || (silent.target.is_some() && silent.target == rejecting.target) {
                continue;
            }
            let clash = reach(case, rejecting).into_iter().find(|(mode, versions)| {
                rejects(rejecting, silent, *mode) && !versions.and(&reach_in(case, silent, *mode)).is_empty()
            });
            if let Some((mode, _)) = clash {
                let (line, _) = case.source.place(rejecting.comment.clone()).line_column();
                let message =
                    format!("in {mode} mode nothing of this runs: line {line} says that the compiler rejects it");
                let help =
                    "guard this mark with `[interactive]`, or move the rejected statement into a case of its own";
                problems.push(case.source.problem(silent.comment.clone(), message).help(help));
            }
        }
    }
}

/// Checks all files together.
pub fn across(files: &[FileContent], problems: &mut Vec<Problem>) {
    let mut rules: HashMap<&str, &Rule> = HashMap::new();
    for rule in files.iter().flat_map(|file| &file.rules) {
        if let Some(first) = rules.get(rule.id.as_str()) {
            let message = format!("the rule `{}` is declared twice", rule.id);
            let help = format!("the first one is {}", first.place);
            problems.push(at(rule.place.range.clone(), rule, message).help(help));
        } else {
            rules.insert(&rule.id, rule);
        }
    }
    let mut living = HashMap::new();
    for claim in files.iter().flat_map(|file| &file.ids).filter(|claim| !claim.former) {
        if let Some(first) = living.insert(claim.id.as_str(), &claim.place) {
            let problem =
                Problem::at(&claim.place.file, claim.place.range.clone(), format!("the id `{}` is taken", claim.id));
            problems.push(problem.help(format!("the first case with it is {first}; ids are unique and never change")));
            living.insert(claim.id.as_str(), first);
        }
    }
    let mut former = HashMap::new();
    for claim in files.iter().flat_map(|file| &file.ids).filter(|claim| claim.former) {
        let taken = living.get(claim.id.as_str()).copied().or_else(|| former.insert(claim.id.as_str(), &claim.place));
        if let Some(other) = taken {
            let message = format!("the former id `{}` belongs to another case", claim.id);
            let problem = Problem::at(&claim.place.file, claim.place.range.clone(), message);
            problems.push(problem.help(format!("it is used at {other}; an id is never used again")));
        }
    }
    named_rules(files, &rules, problems);
    promises(files, &rules, problems);
    suite::check(files, &rules, problems);
}

/// A case cannot promise in the language's name what its rules only say of CPython.
fn promises(files: &[FileContent], rules: &HashMap<&str, &Rule>, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for case in files.iter().flat_map(|file| &file.cases).filter(|case| case.level == Level::Language) {
        let levels: Option<Vec<Level>> = case.rules.iter().map(|id| Some(rules.get(id.as_str())?.level)).collect();
        let weaker = levels.is_some_and(|levels| !levels.contains(&Level::Language));
        if weaker && seen.insert(&case.base) {
            let message = format!("the case is of level `language`, and no rule of `{}` is", case.rules.join("`, `"));
            let problem = Problem::at(&case.place.file, case.place.range.clone(), message);
            problems.push(problem.help("write guarantee = \"cpython\", or name the rule that promises it").warning());
        }
    }
}

fn named_rules(files: &[FileContent], rules: &HashMap<&str, &Rule>, problems: &mut Vec<Problem>) {
    let mut used: HashSet<&str> = HashSet::new();
    for (name, place) in files.iter().flat_map(|file| &file.ids).flat_map(|claim| &claim.rules) {
        used.insert(name);
        if !rules.contains_key(name.as_str()) {
            let help = match nearest(name, rules.keys().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("declare it: [[rule]] with id = \"{name}\""),
            };
            let message = format!("no rule has the id `{name}`");
            problems.push(Problem::at(&place.file, place.range.clone(), message).help(help));
        }
    }
    for rule in files.iter().flat_map(|file| &file.rules).filter(|rule| !used.contains(rule.id.as_str())) {
        let message = format!("no case shows the rule `{}`", rule.id);
        problems.push(at(rule.place.range.clone(), rule, message).help("write a case that names it").warning());
    }
}

fn at(range: Range<usize>, rule: &Rule, message: String) -> Problem {
    Problem::at(&rule.place.file, range, message)
}
