//! What the reference engine does where it may choose: one snapshot a case, in `snapshots/observations/<area>/`.
//!
//! A change of a snapshot is no failure of a rule. It says that the engine chose otherwise than before: look at the diff,
//! then accept it (`cargo insta review`) or mend the engine.

use std::collections::BTreeMap;
use std::fmt::Write;
use verysame::case::{Case, Choice, Expect, Mark, Mode, WatchBy, plan};
use verysame::engine::{Engine, Limits, ReferenceEngine};
use verysame::judge::{ChunkEnd, EventSource, Observation, Seen};
use verysame::run::pool;
use verysame::run::suite::Suite;
use verysame_engine::rules::{Profile, PyVersion};

#[test]
fn choices_are_as_recorded() {
    let loaded = Suite::find(None).load();
    let choosing: Vec<&Case> =
        loaded.cases.iter().filter(|case| case.marks.iter().any(|mark| chooses(&mark.expect))).collect();
    let seen = pool::run(&choosing, pool::processors(), || (), |(), case| choices(case), |_, _| {});
    // All forms of a case with parameters are one snapshot.
    let mut snapshots: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for (case, text) in choosing.iter().zip(seen) {
        snapshots.entry((&case.area, &case.base)).or_default().push_str(&text);
    }
    let wrong: Vec<&str> = snapshots
        .iter()
        .filter(|((area, base), text)| std::panic::catch_unwind(|| recorded(area, base, text)).is_err())
        .map(|((_, base), _)| *base)
        .collect();
    assert!(wrong.is_empty(), "the engine chose otherwise in {wrong:?}");
}

/// A pattern stands where the value means nothing: an address, a count of an immortal's holders.
const fn chooses(expect: &Expect) -> bool {
    match expect {
        Expect::OneOf(Choice::Listed(_)) => true,
        Expect::OneOf(Choice::Pattern(..))
        | Expect::Value(_)
        | Expect::Graph(_)
        | Expect::Raises { .. }
        | Expect::Output(_) => false,
    }
}

fn recorded(area: &str, base: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../snapshots/observations/{area}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(base, text));
}

/// For each mark that leaves a choice, mode by mode, what is chosen in which versions.
fn choices(case: &Case) -> String {
    // Mark, mode, then runs of versions with one value.
    let mut table: BTreeMap<(&str, Mode), Vec<(PyVersion, PyVersion, String)>> = BTreeMap::new();
    for &mode in &case.modes {
        for version in PyVersion::minors().filter_map(PyVersion::of_minor) {
            let Ok(plan) = plan(case, mode, version) else { continue };
            let seen = ReferenceEngine::new(Profile::of(version), None).observe(&plan.job, &Limits::default());
            for watch in &plan.watches {
                let Some(mark) = case.marks.get(watch.mark).filter(|mark| chooses(&mark.expect)) else { continue };
                let value = value(&seen, &watch.by);
                let runs = table.entry((statement(case, mark), mode)).or_default();
                match runs.last_mut() {
                    Some((_, last, same)) if *same == value => *last = version,
                    _ => runs.push((version, version, value)),
                }
            }
        }
    }
    let mut out = format!("{}\n", case.id);
    let mut shown = None;
    for ((statement, mode), runs) in table {
        if shown != Some(statement) {
            let _ = writeln!(out, "  {statement}");
            shown = Some(statement);
        }
        for (first, last, value) in runs {
            let versions = if first == last { minor(first) } else { format!("{} to {}", minor(first), minor(last)) };
            let _ = writeln!(out, "    {:11} {versions:12} {value}", mode.word());
        }
    }
    out
}

/// The first line of the statement that a mark speaks of.
fn statement<'a>(case: &'a Case, mark: &Mark) -> &'a str {
    let range = mark.target.as_ref().map_or(mark.comment.clone(), |target| target.range.clone());
    case.source.text.get(range).and_then(|text| text.lines().next()).unwrap_or("")
}

fn minor(version: PyVersion) -> String {
    format!("3.{}", version.minor)
}

/// What was seen last at the place that a mark watches.
fn value(seen: &Observation, by: &WatchBy) -> String {
    let source = match by {
        WatchBy::Probe(name) => EventSource::Probe(name.clone()),
        WatchBy::Display(chunk) => EventSource::Display(*chunk),
        WatchBy::Chunk(chunk) => {
            return match seen.chunks.get(*chunk) {
                Some(ChunkEnd::Raised(raised)) => raised.to_string(),
                other => format!("{other:?}"),
            };
        }
        WatchBy::Stdout => return seen.stdout.clone(),
    };
    match seen.events.iter().rfind(|event| event.by == source).map(|event| &event.seen) {
        Some(Seen::Value { repr, .. }) => repr.clone(),
        Some(Seen::Raised(raised)) => raised.to_string(),
        None => format!("nothing ({:?})", seen.end),
    }
}
