//! Writing an observed value into a mark.
//!
//! One mark's value is replaced by byte range; nothing else of a person's file is touched. Expectations of level
//! `language` come from the rule and not from an engine, so they are left alone unless that is asked for. Nothing is
//! written after TIMEOUT, CRASH or INFRA, where a file was changed since it was read, or in CI. The new text goes to a
//! temporary file beside the old one, which it then replaces.
//!
//! Invariant: an edited file still loads, with the same cases.

use crate::case::{Case, Expect, Level, Mark, Mode, SourceFile, load_texts};
use crate::files::write_whole;
use crate::judge::{About, CaseVerdict, MarkVerdict, Verdict};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A replacement of some bytes of a case file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The file as it was read.
    pub file: Arc<SourceFile>,
    /// The bytes of the old value.
    pub range: Range<usize>,
    /// The new value.
    pub value: String,
    /// The mode in which it was observed.
    pub mode: Mode,
}

/// Why a mark, a file or a whole run is not blessed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum Refusal {
    #[error("in CI nothing is blessed: expectations are changed by people, in a commit")]
    Ci,
    #[error("{case} in {mode} mode ended in {verdict}: there is no value to write")]
    NoAnswer { case: String, mode: Mode, verdict: Verdict },
    #[error(
        "{place}: the mark is of level `language`, its value follows from the rule: read the rule again, or say --language"
    )]
    Language { place: String },
    #[error("{place}: {why}")]
    Mark { place: String, why: String },
    #[error("{place}: {mode} mode gives {value}, another run gives {other}: write one mark for each, with guards")]
    Conflict { place: String, mode: Mode, value: String, other: String },
    #[error("{path} was changed since it was read: run again")]
    Changed { path: String },
    #[error("{path} would not load any more: {why}")]
    Broken { path: String, why: String },
    #[error("{path} cannot be written: {why}")]
    Io { path: String, why: String },
}

/// What may be blessed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Marks of level `language` too.
    pub language: bool,
}

/// A file that was changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Its path.
    pub path: String,
    /// How many values were written.
    pub values: usize,
    /// The unified diff.
    pub diff: String,
}

/// Whether the environment is a CI's: `CI` is set, and not to `false`, `0` or nothing.
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !["", "0", "false"].contains(&value.to_lowercase().as_str()))
}

/// The edits that would make one case's failed marks right, and why others are left alone.
pub fn edits(case: &Case, verdict: &CaseVerdict, options: Options) -> (Vec<Edit>, Vec<Refusal>) {
    let mut edits = Vec::new();
    let mut refusals = Vec::new();
    if matches!(verdict.verdict, Verdict::Timeout | Verdict::Crash | Verdict::Infra) {
        let (case, mode) = (verdict.case.clone(), verdict.mode);
        refusals.push(Refusal::NoAnswer { case, mode, verdict: verdict.verdict });
        return (edits, refusals);
    }
    for mark in verdict.marks.iter().filter(|mark| mark.verdict == Verdict::Fail) {
        match edit(case, verdict.mode, mark, options) {
            Ok(edit) => edits.push(edit),
            Err(refusal) => refusals.push(refusal),
        }
    }
    (edits, refusals)
}

fn edit(case: &Case, mode: Mode, verdict: &MarkVerdict, options: Options) -> Result<Edit, Refusal> {
    let place = format!("{}:{}:{}", verdict.path, verdict.line, verdict.column);
    let refuse = |why: &str| Refusal::Mark { place: place.clone(), why: why.to_string() };
    if verdict.level == Level::Language && !options.language {
        return Err(Refusal::Language { place });
    }
    let Some(observed) = &verdict.observed else {
        return Err(refuse("the statement was not reached, so nothing was observed"));
    };
    let (file, range, value) = match &verdict.about {
        About::Mark(index) => {
            let mark = case.marks.get(*index).ok_or_else(|| refuse("the mark is not the case's"))?;
            let range = case.source.editable(mark.value.clone()).map_err(refuse)?;
            (case.place.file.clone(), range, new_value(mark, observed).map_err(refuse)?)
        }
        About::Heap(name) => {
            let heap = case.heap.iter().find(|heap| heap.name == *name).ok_or_else(|| refuse("no such name"))?;
            let old = heap.place.file.text.get(heap.place.range.clone()).unwrap_or("\\");
            if old.contains(['\\', '$']) || observed.contains(['\\', '"', '\n']) || observed == "unbound" {
                return Err(refuse("the graph cannot be replaced byte by byte: edit it by hand"));
            }
            (heap.place.file.clone(), heap.place.range.clone(), observed.clone())
        }
        About::Stdout => return Err(refuse("output is not blessed: edit the `#|` lines or `stdout` by hand")),
        About::Uncaught => {
            return Err(refuse("an exception that no mark expects: write `#!> …` at the statement if it is right"));
        }
        About::Deviation => return Err(refuse("a deviation stands in the engine's own file")),
    };
    if value.contains('\n') || value.contains("'''") {
        return Err(refuse("the observed value does not fit into a mark: it has several lines, or holds '''"));
    }
    Ok(Edit { file, range, value, mode })
}

/// What stands behind the sign once the observed value is right.
fn new_value(mark: &Mark, observed: &str) -> Result<String, &'static str> {
    let raised = observed.strip_prefix("!> ");
    let unseen = ["no exception", "no value", "not reached", "not run"].contains(&observed);
    match (&mark.expect, raised) {
        (Expect::Raises { text, .. }, Some(raised)) => {
            let (words, compile) = match raised.strip_suffix(" @compile") {
                Some(words) => (words, " @compile"),
                None => (raised, ""),
            };
            let class = words.split(':').next().unwrap_or(words);
            Ok(format!("{}{compile}", if text.is_some() { words } else { class }))
        }
        (Expect::Raises { .. }, None) => Err("it did not raise: a mark of another kind has to be written by hand"),
        (_, Some(_)) => Err("it raised: write `#!> …` by hand if that is right"),
        (_, None) if unseen => Err("nothing was observed"),
        (Expect::OneOf(crate::case::Choice::Listed(texts)), None) => {
            Ok(format!("{} or {observed}", texts.join(" or ")))
        }
        (Expect::OneOf(crate::case::Choice::Pattern(..)), None) => Err("a pattern is changed by hand"),
        (Expect::Value(_) | Expect::Graph(_), None) => Ok(observed.to_string()),
        (Expect::Output(_), None) => Err("output is changed by hand"),
    }
}

/// A line of a case file, to bless the marks of that line alone: `cases/caching/integers.toml:17`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    path: String,
    line: u32,
}

impl Spot {
    /// Reads `FILE:LINE`, with or without a column behind it.
    pub fn parse(text: &str) -> Option<Spot> {
        let at = text.rfind(".toml:")? + ".toml".len();
        let line = text.get(at + 1..)?.split(':').next()?.parse().ok()?;
        Some(Spot { path: text.get(..at)?.trim_start_matches("./").to_string(), line })
    }

    /// Whether a place as messages show it, `FILE:LINE:COLUMN`, is on this line.
    pub fn holds(&self, place: &str) -> bool {
        let Some(other) = Spot::parse(place) else { return false };
        let ends = |long: &str, short: &str| long == short || long.ends_with(&format!("/{short}"));
        self.line == other.line && (ends(&other.path, &self.path) || ends(&self.path, &other.path))
    }

    /// Whether an expectation of the case stands here.
    pub fn is_in(&self, case: &Case) -> bool {
        let marks = case.marks.iter().map(|mark| case.source.place(mark.value.clone()).to_string());
        let heap = case.heap.iter().map(|heap| heap.place.to_string());
        marks.chain(heap).any(|place| self.holds(&place))
    }

    /// Whether an edit is made here.
    pub fn edits(&self, edit: &Edit) -> bool {
        let (line, column) = edit.file.line_column(edit.range.start);
        self.holds(&format!("{}:{line}:{column}", edit.file.path))
    }

    /// Whether a refusal speaks of something elsewhere.
    pub fn is_elsewhere(&self, refusal: &Refusal) -> bool {
        match refusal {
            Refusal::Language { place } | Refusal::Mark { place, .. } | Refusal::Conflict { place, .. } => {
                !self.holds(place)
            }
            Refusal::Ci
            | Refusal::NoAnswer { .. }
            | Refusal::Changed { .. }
            | Refusal::Broken { .. }
            | Refusal::Io { .. } => false,
        }
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

/// Writes edits, file by file.
///
/// # Errors
/// The first thing that forbids it; the files before it have been written.
pub fn apply(edits: Vec<Edit>, ci: bool) -> Result<Vec<Change>, Refusal> {
    if ci {
        return Err(Refusal::Ci);
    }
    let mut files: BTreeMap<String, (Arc<SourceFile>, BTreeMap<usize, Edit>)> = BTreeMap::new();
    for edit in edits {
        let (_, own) = files.entry(edit.file.path.clone()).or_insert_with(|| (edit.file.clone(), BTreeMap::new()));
        match own.get(&edit.range.start) {
            Some(other) if other.value != edit.value => {
                let (line, column) = edit.file.line_column(edit.range.start);
                return Err(Refusal::Conflict {
                    place: format!("{}:{line}:{column}", edit.file.path),
                    mode: edit.mode,
                    value: edit.value,
                    other: other.value.clone(),
                });
            }
            _ => own.insert(edit.range.start, edit),
        };
    }
    let edited: Vec<(Arc<SourceFile>, String, usize)> =
        files.into_values().map(|(file, edits)| checked(&file, edits)).collect::<Result<_, _>>()?;
    edited.into_iter().map(|(file, text, values)| write(&file, &text, values)).collect()
}

/// The new text of a file, if it still loads.
fn checked(file: &Arc<SourceFile>, edits: BTreeMap<usize, Edit>) -> Result<(Arc<SourceFile>, String, usize), Refusal> {
    let mut text = String::new();
    let mut at = 0;
    let values = edits.len();
    for (start, edit) in edits {
        text.push_str(file.text.get(at..start).unwrap_or(""));
        text.push_str(&edit.value);
        at = edit.range.end;
    }
    text.push_str(file.text.get(at..).unwrap_or(""));
    let load = |text: &str| load_texts([(file.path.clone(), text.to_string())]);
    let (before, after) = (load(&file.text), load(&text));
    let ids = |cases: &[Case]| cases.iter().map(|case| case.id.clone()).collect::<Vec<_>>();
    if ids(&before.cases) != ids(&after.cases) {
        let new =
            after.problems.iter().find(|problem| before.problems.iter().all(|old| old.message != problem.message));
        let why = new.map_or("its cases would be other ones".to_string(), |problem| problem.message.clone());
        return Err(Refusal::Broken { path: file.path.clone(), why });
    }
    Ok((file.clone(), text, values))
}

fn write(file: &SourceFile, text: &str, values: usize) -> Result<Change, Refusal> {
    let path = Path::new(&file.path);
    let failed = |why: std::io::Error| Refusal::Io { path: file.path.clone(), why: why.to_string() };
    if std::fs::read(path).map_err(failed)? != file.text.as_bytes() {
        return Err(Refusal::Changed { path: file.path.clone() });
    }
    write_whole(path, text.as_bytes()).map_err(failed)?;
    Ok(Change { path: file.path.clone(), values, diff: diff(file, text) })
}

/// The unified diff between a file and its new text.
fn diff(file: &SourceFile, text: &str) -> String {
    let (old, new) = (format!("a/{}", file.path), format!("b/{}", file.path));
    similar::TextDiff::from_lines(file.text.as_str(), text)
        .unified_diff()
        .context_radius(1)
        .header(&old, &new)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{load_dir, plan};
    use crate::judge::{ChunkEnd, Claims, Event, EventSource, Observation, ProcessEnd, Raised, Seen, judge};
    use verysame_engine::rules::py;

    const TEXT: &str = r##"# A person's own layout stays.
guarantee   = "cpython"
[[rule]]
id = "r.one"
statement = "One."
reference = "PEP 8"

[[case]]
id = "c.one"
rules = ["r.one"]
title = "t"
modes = ["module"]
source = '''
a   #=>   [1,   2]
b   #~> 1 or 2
c   #&> [&1 [], *1]
d   #!> NameError
e   #!> NameError: old
f   #=>[language] 1
'''
heap = { x = "[]" }
"##;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.toml"), TEXT).expect("written");
        folder
    }

    fn value(number: usize, repr: &str) -> Event {
        let by = EventSource::Probe(format!("__probe_{number}__"));
        Event { by, seen: Seen::Value { repr: repr.into(), graph: Some(repr.into()) } }
    }

    fn raise(number: usize) -> Event {
        let raised = Raised { class: "TypeError".into(), text: "new".into(), at_compile: false, line: None };
        Event { by: EventSource::Probe(format!("__raised_{number}__")), seen: Seen::Raised(raised) }
    }

    fn seen() -> Observation {
        Observation {
            events: vec![value(1, "[3]"), value(2, "3"), value(3, "[[], []]"), raise(4), raise(5), value(6, "2")],
            chunks: vec![ChunkEnd::Completed],
            heap: vec![Some("[1]".into())],
            ..Observation::default()
        }
    }

    fn judged(folder: &Path, seen: &Observation, options: Options) -> (Vec<Edit>, Vec<Refusal>) {
        let loaded = load_dir(folder);
        let case = loaded.cases.first().expect("a case");
        let plan = plan(case, Mode::Module, py(12, 1)).expect("a plan");
        let claims = Claims { version: py(12, 1), cpython: true };
        edits(case, &judge(case, &plan, &claims, seen, &[]), options)
    }

    #[test]
    fn only_values_change() {
        let folder = folder();
        let (edits, refusals) = judged(folder.path(), &seen(), Options { language: true });
        assert_eq!(refusals, []);
        let changes = apply(edits, false).expect("written");
        assert_eq!(changes.len(), 1);
        let text = std::fs::read_to_string(folder.path().join("a.toml")).expect("read");
        let expected = TEXT
            .replace("[1,   2]", "[3]")
            .replace("1 or 2", "1 or 2 or 3")
            .replace("[&1 [], *1]", "[[], []]")
            .replace("#!> NameError\n", "#!> TypeError\n")
            .replace("NameError: old", "TypeError: new")
            .replace("#=>[language] 1", "#=>[language] 2")
            .replace("x = \"[]\"", "x = \"[1]\"");
        assert_eq!(text, expected);
        assert!(changes[0].diff.contains("\n+a   #=>   [3]\n"), "{}", changes[0].diff);
        assert_eq!(std::fs::read_dir(folder.path()).expect("read").count(), 1);
    }

    #[test]
    fn what_the_rule_says_is_left_alone() {
        let folder = folder();
        let (edits, refusals) = judged(folder.path(), &seen(), Options::default());
        assert_eq!(edits.len(), 6);
        assert!(matches!(&refusals[..], [Refusal::Language { .. }]), "{refusals:?}");
    }

    #[test]
    fn nothing_is_written_without_an_answer_or_in_ci() {
        let folder = folder();
        for end in [ProcessEnd::Timeout, ProcessEnd::Crash("x".into()), ProcessEnd::Infra("x".into())] {
            let (edits, refusals) = judged(folder.path(), &Observation { end, ..seen() }, Options { language: true });
            assert!(edits.is_empty() && matches!(&refusals[..], [Refusal::NoAnswer { .. }]));
        }
        let (edits, _) = judged(folder.path(), &seen(), Options::default());
        assert_eq!(apply(edits, true), Err(Refusal::Ci));
    }

    #[test]
    fn other_kinds_of_outcome_are_refused() {
        let folder = folder();
        let mut seen = seen();
        seen.events = vec![value(1, "a\nb"), value(2, "3"), value(3, "[]")];
        let (_, refusals) = judged(folder.path(), &seen, Options { language: true });
        let said: Vec<String> =
            refusals.iter().map(|r| r.to_string().rsplit("toml:").next().unwrap_or("").into()).collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        14:11: the observed value does not fit into a mark: it has several lines, or holds '''
        17:9: it did not raise: a mark of another kind has to be written by hand
        18:9: it did not raise: a mark of another kind has to be written by hand
        19:19: nothing was observed
        ");
    }

    #[test]
    fn runs_that_disagree_and_changed_files_are_refused() {
        let folder = folder();
        let (mut edits, _) = judged(folder.path(), &seen(), Options::default());
        let mut other = edits[0].clone();
        other.value = "[4]".into();
        other.mode = Mode::Interactive;
        edits.push(other);
        assert!(matches!(apply(edits.clone(), false), Err(Refusal::Conflict { .. })));
        edits.pop();
        std::fs::write(folder.path().join("a.toml"), format!("{TEXT}\n")).expect("written");
        assert!(matches!(apply(edits.clone(), false), Err(Refusal::Changed { .. })));
        edits[0].value = "[1\n]".into();
        assert!(matches!(apply(edits, false), Err(Refusal::Broken { .. })));
    }

    #[test]
    fn other_quotes_are_refused() {
        let folder = folder();
        std::fs::write(folder.path().join("a.toml"), TEXT.replace("'''", "\"\"\"")).expect("written");
        let (edits, refusals) = judged(folder.path(), &seen(), Options { language: true });
        assert_eq!(edits.len(), 1);
        assert!(refusals.iter().all(|refusal| refusal.to_string().contains("does not stand between '''")));
    }
}
