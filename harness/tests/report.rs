//! Golden tests of the reports.

use std::time::Duration;
use verysame::case::{Level, Mode};
use verysame::judge::{About, CaseVerdict, MarkVerdict, Verdict};
use verysame::report::model::{CaseRun, EngineRun, Identity, Run};
use verysame::report::text::{Options, render};

fn case(id: &str, verdict: Verdict, marks: Vec<MarkVerdict>) -> CaseRun {
    CaseRun {
        title: "Each evaluation of a list display makes a new object".into(),
        rules: vec!["identity.display.fresh".into()],
        place: "cases/identity/fresh.toml:40:6".into(),
        lines: marks.iter().map(|_| "a is b          #=> False".into()).collect(),
        verdict: CaseVerdict { case: id.into(), mode: Mode::Module, verdict, marks, note: None },
        time: Duration::from_micros(1200),
    }
}

fn mark(expected: &str, observed: Option<&str>) -> MarkVerdict {
    MarkVerdict {
        about: About::Mark(0),
        verdict: Verdict::Fail,
        level: Level::Language,
        path: "cases/identity/fresh.toml".into(),
        line: 47,
        column: 21,
        statement: "a is b".into(),
        sign: "#=>".into(),
        expected: expected.into(),
        observed: observed.map(str::to_string),
        note: if observed.is_none() {
            Some("not reached: NameError: name 'c' is not defined came before".into())
        } else {
            None
        },
    }
}

fn run(results: Vec<CaseRun>) -> Run {
    Run {
        engines: vec![
            EngineRun {
                name: "reference 3.11.7".into(),
                detail: String::new(),
                arguments: "--engine reference --profile 3.11.7".into(),
                identity: Identity::default(),
                results: Ok(vec![case("identity.list-display-is-fresh", Verdict::Pass, vec![])]),
                stale: vec![],
            },
            EngineRun {
                name: "python3".into(),
                detail: "cpython 3.11.7, fork".into(),
                arguments: "--engine python3".into(),
                identity: Identity::default(),
                results: Ok(results),
                stale: vec!["the deviation of `a.b` names no case".into()],
            },
            EngineRun {
                name: "pypy3".into(),
                detail: String::new(),
                arguments: "--engine pypy3".into(),
                identity: Identity::default(),
                results: Err("no command `pypy3`: it is no file and not on the PATH".into()),
                stale: vec![],
            },
        ],
        time: Duration::from_secs(2),
        command: "verysame".into(),
        ..Run::default()
    }
}

fn golden(name: &str, report: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/report");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, report));
}

fn plain(report: &str) -> String {
    anstream::adapter::strip_str(report).to_string()
}

#[test]
fn a_failure_has_all_that_is_needed_to_mend_it() {
    let right = MarkVerdict { verdict: Verdict::Pass, ..mark("1", Some("1")) };
    let marks = vec![
        mark("False", Some("True")),
        right,
        mark("[[1, 2, 3], [1, 0], [0, 0]]", Some("[[1, 2, 3], [1, 1], [0, 0]]")),
        mark("one\ntwo\nthree\n", Some("one\n2\nthree\n")),
        mark("None", None),
        mark("5", Some("6")),
        mark("6", Some("7")),
    ];
    let wrong = case("identity.list-display-is-fresh", Verdict::Fail, marks);
    golden("failure", &plain(&render(&run(vec![wrong]), Options::default())));
}

#[test]
fn what_is_no_failure_of_the_case_says_what_it_is() {
    let mut results = Vec::new();
    for (verdict, note) in [
        (Verdict::Crash, "signal 11 (SIGSEGV)"),
        (Verdict::Timeout, "no answer in time"),
        (Verdict::Infra, "it answered job 7 when asked job 2"),
        (Verdict::Xpass, "the deviation is gone"),
        (Verdict::Xfail, "PEP 709 breaks it"),
        (Verdict::Skip, "the case is about python >=3.12"),
        (Verdict::Differs, "not claimed"),
    ] {
        let mut result = case("scoping.comp/a b", verdict, vec![]);
        result.verdict.note = Some(note.into());
        results.push(result);
    }
    golden("verdicts", &plain(&render(&run(results), Options { differs: true, slowest: 2, shown: Some(4) })));
}

#[test]
fn colours_are_styles_and_nothing_else() {
    let wrong = case("identity.shared", Verdict::Fail, vec![mark("[&1 [1, 0], *1]", Some("[&1 [1, 0], [1, 0]]"))]);
    let report = render(&run(vec![wrong]), Options::default());
    golden("colours", &report.replace('\u{1b}', "ESC"));
}
