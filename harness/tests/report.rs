//! Golden tests of the reports.

use std::time::Duration;
use verysame::case::{Level, Mode};
use verysame::report::model::{CaseRun, EngineRun, Finding, Run, Verdict};
use verysame::report::text::{Options, render};

fn case(id: &str, verdict: Verdict) -> CaseRun {
    CaseRun {
        id: id.into(),
        title: "Each evaluation of a list display makes a new object".into(),
        rules: vec!["identity.display.fresh".into()],
        mode: Mode::Module,
        verdict,
        place: "cases/identity/fresh.toml:40:1".into(),
        note: None,
        findings: vec![],
        time: Duration::from_micros(1200),
    }
}

fn finding(expected: &str, seen: &str) -> Finding {
    Finding {
        place: "cases/identity/fresh.toml:47:17".into(),
        line: 47,
        text: "a is b          #=> False".into(),
        level: Level::Language,
        verdict: Verdict::Fail,
        expected: expected.into(),
        seen: seen.into(),
    }
}

fn run(results: Vec<CaseRun>) -> Run {
    Run {
        engines: vec![
            EngineRun {
                name: "reference 3.11.7".into(),
                detail: String::new(),
                arguments: "--engine reference --profile 3.11.7".into(),
                results: Ok(vec![case("identity.list-display-is-fresh", Verdict::Pass)]),
            },
            EngineRun {
                name: "python3".into(),
                detail: "cpython 3.11.7, fork".into(),
                arguments: "--engine python3".into(),
                results: Ok(results),
            },
            EngineRun {
                name: "pypy3".into(),
                detail: String::new(),
                arguments: "--engine pypy3".into(),
                results: Err("no command `pypy3`: it is no file and not on the PATH".into()),
            },
        ],
        time: Duration::from_secs(2),
        command: "verysame".into(),
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
    let mut wrong = case("identity.list-display-is-fresh", Verdict::Fail);
    wrong.findings = vec![
        finding("False", "True"),
        finding("[[1, 2, 3], [1, 0], [0, 0]]", "[[1, 2, 3], [1, 1], [0, 0]]"),
        finding("one\ntwo\nthree\n", "one\n2\nthree\n"),
    ];
    golden("failure", &plain(&render(&run(vec![wrong]), Options::default())));
}

#[test]
fn what_is_no_failure_of_the_case_says_what_it_is() {
    let mut results = Vec::new();
    for (verdict, note) in [
        (Verdict::Crash, "signal 11 (SIGSEGV)"),
        (Verdict::Timeout, "no answer within 10 s"),
        (Verdict::Infra, "it answered job 7 when asked job 2"),
        (Verdict::Xpass, "the deviation does not show any more: remove it"),
        (Verdict::Xfail, "PEP 709 breaks it"),
        (Verdict::Skip, "the case is about python >=3.12"),
        (Verdict::Differs, "not claimed"),
    ] {
        let mut result = case("scoping.comp/a b", verdict);
        result.note = Some(note.into());
        results.push(result);
    }
    golden("verdicts", &plain(&render(&run(results), Options { differs: true, slowest: 2 })));
}

#[test]
fn colours_are_styles_and_nothing_else() {
    let mut wrong = case("identity.list-display-is-fresh", Verdict::Fail);
    wrong.findings = vec![finding("[[1, 0], *1]", "[[1, 0], *2]")];
    let report = render(&run(vec![wrong]), Options::default());
    assert!(report.contains("\u{1b}[1m\u{1b}[31mFAIL\u{1b}[0m"), "{report:?}");
    golden("colours", &report.replace('\u{1b}', "ESC"));
}
