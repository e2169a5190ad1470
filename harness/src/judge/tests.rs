//! Verdicts of made-up observations.

use super::*;
use crate::case::{VersionSet, load_texts, plan};
use verysame_engine::rules::py;

const FILE: &str = r##"
guarantee = "language"
[[rule]]
id = "r.one"
statement = "One."
reference = "PEP 8"
[[case]]
id = "c.one"
rules = ["r.one"]
title = "A value is as it is expected"
source = '''
x = []
x               #=> []
def f():
    x           #=> []
    missing     #!> NameError: name 'missing' is not defined
f()
x               #~> [] or [1]
x               #=>[cpython] []
x               #&> []
'''
[case.heap]
x = "[]"
"##;

const OUTPUT: &str = r##"
guarantee = "language"
[[rule]]
id = "r.one"
statement = "One."
reference = "PEP 8"
[[case]]
id = "c.two"
rules = ["r.one"]
title = "A value is as it is expected"
source = '''
print("a")      #| a
print("b")      #|[py<3.13] b
1 / 0           #!> ZeroDivisionError
'''
[[case]]
id = "c.three"
rules = ["r.one"]
title = "A value is as it is expected"
stdout = ""
modes = ["module"]
source = '''
print("ran")
nonlocal x      #!> SyntaxError @compile
'''
"##;

fn case(text: &str, id: &str) -> Case {
    let loaded = load_texts([("a.toml".to_string(), text.to_string())]);
    let said: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    loaded.cases.into_iter().find(|case| case.id == id).expect("the case")
}

fn value(by: EventSource, repr: &str) -> Event {
    Event { by, seen: Seen::Value { repr: repr.into(), graph: Some(repr.into()) } }
}

fn raised(class: &str, text: &str) -> Raised {
    Raised { class: class.into(), text: text.into(), at_compile: false, line: None }
}

fn probe(name: &str, repr: &str) -> Event {
    value(EventSource::Probe(name.into()), repr)
}

/// What a right engine sees of `c.one` in module mode.
fn right() -> Observation {
    let error = Seen::Raised(raised("NameError", "name 'missing' is not defined"));
    Observation {
        events: vec![
            probe("__probe_1__", "[]"),
            probe("__probe_2__", "[]"),
            Event { by: EventSource::Probe("__raised_3__".into()), seen: error },
            probe("__probe_4__", "[]"),
            probe("__probe_5__", "[]"),
            probe("__probe_6__", "[]"),
        ],
        chunks: vec![ChunkEnd::Completed],
        heap: vec![Some("[]".into())],
        ..Observation::default()
    }
}

fn verdict(case: &Case, mode: Mode, cpython: bool, seen: &Observation, deviations: &[Deviation]) -> CaseVerdict {
    let claims = Claims { version: py(12, 1), cpython };
    let plan = plan(case, mode, claims.version).expect("a plan");
    judge(case, &plan, &claims, seen, deviations)
}

fn shown(verdict: &CaseVerdict) -> String {
    let mut text = format!("{} {}\n", verdict.verdict, verdict.note.as_deref().unwrap_or(""));
    for mark in &verdict.marks {
        let MarkVerdict { verdict, level, line, column, statement, sign, expected, observed, note, .. } = mark;
        let seen = observed.as_ref().map_or(String::new(), |seen| format!(" seen {seen:?}"));
        let seen = if *verdict == Verdict::Pass { String::new() } else { seen };
        let note = note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        text += &format!("  {verdict} {line}:{column} {level} `{statement}` {sign} {expected:?}{seen}{note}\n");
    }
    text
}

fn deviation(case: &str, mark: Option<&str>, observed: &str) -> Deviation {
    Deviation {
        rule: None,
        case: case.into(),
        mode: None,
        python: None,
        mark: mark.map(str::to_string),
        probe: None,
        observed: observed.into(),
        reason: "known".into(),
        inlining: false,
        instead_of: None,
        issue: Some("#1".into()),
    }
}

#[test]
fn everything_right_passes() {
    let case = case(FILE, "c.one");
    insta::assert_snapshot!(shown(&verdict(&case, Mode::Module, true, &right(), &[])));
}

#[test]
fn every_mark_is_judged() {
    let case = case(FILE, "c.one");
    let mut seen = right();
    seen.events[0] = probe("__probe_1__", "[0]");
    seen.events.insert(2, probe("__probe_2__", "[9]"));
    seen.events[3] = Event {
        by: EventSource::Probe("__raised_3__".into()),
        seen: Seen::Raised(raised("UnboundLocalError", "other")),
    };
    seen.events[4] = probe("__probe_4__", "[2]");
    seen.events[5] = probe("__probe_5__", "[3]");
    seen.events[6] =
        Event { by: EventSource::Probe("__probe_6__".into()), seen: Seen::Value { repr: "[]".into(), graph: None } };
    seen.heap = vec![None];
    insta::assert_snapshot!(shown(&verdict(&case, Mode::Module, false, &seen, &[])));
}

#[test]
fn the_text_of_an_exception_is_cpythons_own() {
    let case = case(FILE, "c.one");
    let mut seen = right();
    seen.events[2].seen = Seen::Raised(raised("NameError", "missing?"));
    assert_eq!(verdict(&case, Mode::Module, false, &seen, &[]).verdict, Verdict::Differs);
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &[]).verdict, Verdict::Fail);
}

#[test]
fn an_uncaught_exception_names_its_line_and_what_was_not_reached() {
    let case = case(FILE, "c.one");
    let mut seen = right();
    seen.events.truncate(1);
    seen.chunks = vec![ChunkEnd::Raised(Raised { line: Some(5), ..raised("TypeError", "no") })];
    seen.heap = vec![];
    insta::assert_snapshot!(shown(&verdict(&case, Mode::Module, true, &seen, &[])));
}

#[test]
fn at_the_prompt_a_chunk_shows_its_value() {
    let case = case(FILE, "c.one");
    let plan = plan(&case, Mode::Interactive, py(12, 1)).expect("a plan");
    let sources: Vec<String> = plan
        .job
        .chunks
        .iter()
        .map(|chunk| format!("{} {} {:?}", chunk.first_line, chunk.graph, chunk.source))
        .collect();
    insta::assert_snapshot!(sources.join("\n"));
    let mut seen = right();
    seen.chunks = vec![ChunkEnd::Completed; 7];
    seen.events = vec![
        value(EventSource::Display(1), "[]"),
        probe("__probe_2__", "[]"),
        Event {
            by: EventSource::Probe("__raised_3__".into()),
            seen: Seen::Raised(raised("NameError", "name 'missing' is not defined")),
        },
        value(EventSource::Display(4), "[]"),
        value(EventSource::Display(5), "[]"),
        value(EventSource::Display(6), "[]"),
    ];
    assert_eq!(verdict(&case, Mode::Interactive, true, &seen, &[]).verdict, Verdict::Pass);
    seen.chunks[0] = ChunkEnd::Raised(raised("TypeError", ""));
    seen.chunks[4] = ChunkEnd::Raised(raised("NameError", "x"));
    seen.chunks[6] = ChunkEnd::Exit(3);
    insta::assert_snapshot!("prompt_failures", shown(&verdict(&case, Mode::Interactive, true, &seen, &[])));
}

#[test]
fn output_is_judged_as_a_whole() {
    let case = case(OUTPUT, "c.two");
    let mut seen = Observation {
        events: vec![Event {
            by: EventSource::Probe("__raised_3__".into()),
            seen: Seen::Raised(raised("ZeroDivisionError", "")),
        }],
        chunks: vec![ChunkEnd::Completed],
        stdout: "a\nb\n".into(),
        ..Observation::default()
    };
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &[]).verdict, Verdict::Pass);
    seen.stdout = "a\nc\n".into();
    insta::assert_snapshot!(shown(&verdict(&case, Mode::Module, true, &seen, &[])));
    seen.stdout = "a\n".into();
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &[]).verdict, Verdict::Fail);
    let claims = Claims { version: py(13, 0), cpython: true };
    let plan = plan(&case, Mode::Module, claims.version).expect("a plan");
    assert_eq!(judge(&case, &plan, &claims, &seen, &[]).verdict, Verdict::Pass);
}

#[test]
fn a_rejected_program_runs_nothing() {
    let case = case(OUTPUT, "c.three");
    let plan = plan(&case, Mode::Module, py(12, 1)).expect("a plan");
    assert_eq!(plan.job.chunks[0].source, case.source.text);
    let mut error = raised("SyntaxError", "x");
    error.at_compile = true;
    let mut seen = Observation { chunks: vec![ChunkEnd::Raised(error.clone())], ..Observation::default() };
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &[]).verdict, Verdict::Pass);
    error.at_compile = false;
    seen.chunks = vec![ChunkEnd::Raised(error)];
    seen.stdout = "ran\n".into();
    insta::assert_snapshot!(shown(&verdict(&case, Mode::Module, true, &seen, &[])));
    seen.chunks = vec![ChunkEnd::Completed];
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &[]).verdict, Verdict::Fail);
}

#[test]
fn no_answer_is_no_failure() {
    let case = case(FILE, "c.one");
    for (end, expected) in [
        (ProcessEnd::Timeout, Verdict::Timeout),
        (ProcessEnd::Crash("signal 11".into()), Verdict::Crash),
        (ProcessEnd::Infra("no python3".into()), Verdict::Infra),
        (ProcessEnd::Limit("steps".into()), Verdict::Timeout),
    ] {
        let seen = Observation { end, ..Observation::default() };
        let verdict = verdict(&case, Mode::Module, true, &seen, &[]);
        assert_eq!(verdict.verdict, expected);
        assert!(verdict.marks.is_empty() && verdict.note.is_some());
    }
}

#[test]
fn a_deviation_pins_the_wrong_value() {
    let case = case(FILE, "c.one");
    let mut seen = right();
    let pins = |mark| [deviation("c.one", mark, "[7]")];
    seen.events[0] = probe("__probe_1__", "[7]");
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &pins(Some("x"))).verdict, Verdict::Xfail);
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &pins(None)).verdict, Verdict::Xfail);
    seen.events[0] = probe("__probe_1__", "[8]");
    insta::assert_snapshot!("another_wrong_value", shown(&verdict(&case, Mode::Module, true, &seen, &pins(Some("x")))));
    insta::assert_snapshot!("right_after_all", shown(&verdict(&case, Mode::Module, true, &right(), &pins(Some("x")))));
    let mut other = pins(None);
    other[0].mode = Some(Mode::Interactive);
    assert_eq!(verdict(&case, Mode::Module, true, &right(), &other).verdict, Verdict::Pass);
    let mut newer = pins(None);
    newer[0].python = VersionSet::parse(">=3.13").ok();
    assert_eq!(verdict(&case, Mode::Module, true, &right(), &newer).verdict, Verdict::Pass);
}

#[test]
fn a_known_crash_is_a_deviation_too() {
    let case = case(FILE, "c.one");
    let seen = Observation { end: ProcessEnd::Crash("signal 11".into()), ..Observation::default() };
    let known = [deviation("c.one", None, "CRASH")];
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &known).verdict, Verdict::Xfail);
    assert_eq!(verdict(&case, Mode::Module, true, &right(), &known).verdict, Verdict::Xpass);
}

#[test]
fn a_known_exception_explains_what_was_not_reached() {
    let case = case(FILE, "c.one");
    let mut seen = right();
    seen.events.truncate(1);
    seen.chunks = vec![ChunkEnd::Raised(raised("TypeError", "no"))];
    let known = [deviation("c.one", None, "TypeError: no")];
    assert_eq!(verdict(&case, Mode::Module, true, &seen, &known).verdict, Verdict::Xfail);
}

#[test]
fn deviations_of_cases_that_are_gone_are_stale() {
    let mut case = case(FILE, "c.one");
    case.formerly = vec!["c.zero".into()];
    let entries = [deviation("c.one", None, "1"), deviation("c.zero", None, "1"), deviation("c.gone", None, "1")];
    let found: Vec<_> = stale(&entries, &[case]).into_iter().map(|(entry, new)| (entry.case.clone(), new)).collect();
    assert_eq!(found, [("c.zero".to_string(), Some("c.one".to_string())), ("c.gone".to_string(), None)]);
}

#[test]
fn deviations_are_read_from_toml() {
    #[derive(serde::Deserialize)]
    struct File {
        deviation: Vec<Deviation>,
    }
    let text =
        "[[deviation]]\ncase = \"a.b\"\nmode = \"module\"\npython = \">=3.13\"\nobserved = \"1\"\nreason = \"r\"\n";
    let file: File = toml::from_str(text).expect("reads");
    assert_eq!(file.deviation[0].mode, Some(Mode::Module));
    assert!(file.deviation[0].applies("a.b", Mode::Module, py(13, 0)));
    assert!(!file.deviation[0].applies("a.b", Mode::Module, py(12, 0)));
    assert!(toml::from_str::<File>("[[deviation]]\ncase = \"a.b\"\nobserved = \"1\"\n").is_err());
}

#[test]
fn what_an_engine_lacks_is_said() {
    let case = case(FILE, "c.one");
    assert_eq!(lacking(&case, Mode::Module, &[]), None);
    let verdict = lacking(&case, Mode::Module, &["refcount".into()]).expect("a verdict");
    assert_eq!((verdict.verdict, verdict.note.as_deref()), (Verdict::Lacks, Some("the engine lacks refcount")));
}
