//! Results as data: JSON lines there and back, their schema, and the faces for machines.

use std::process::{Command, Output};
use std::time::Duration;
use verysame::case::{Level, Mode};
use verysame::judge::{About, CaseVerdict, MarkVerdict, Verdict};
use verysame::report::model::{CasePart, CaseRun, EngineRun, Identity, RulePart, Run, RunOptions, SuitePart};
use verysame::report::record::{ReadError, read, write};
use verysame::report::{badge, compare, github, html, junit};

/// Everything that could become markup, end a line or break a document.
const HOSTILE: &str =
    "</td><script>alert('&')</script> | `x` %0A ::error::\u{1b}[31m\u{0}\u{ffff}]]> \"q\"\nsecond: line, 1";

fn case(id: &str, verdict: Verdict, seen: Option<&str>) -> CaseRun {
    let mark = MarkVerdict {
        about: About::Mark(0),
        verdict,
        level: Level::Language,
        path: "cases/identity/fresh.toml".into(),
        line: 47,
        column: 21,
        statement: "a is b".into(),
        sign: "#=>".into(),
        expected: "False".into(),
        observed: seen.map(str::to_string),
        note: None,
    };
    CaseRun {
        title: "Each evaluation of a list display makes a new object".into(),
        rules: vec!["identity.display.fresh".into()],
        place: "cases/identity/fresh.toml:40:6".into(),
        lines: vec!["a is b          #=> False".into()],
        verdict: CaseVerdict { case: id.into(), mode: Mode::Module, verdict, marks: vec![mark], note: None },
        time: Duration::from_micros(1250),
    }
}

fn engine(name: &str, results: Result<Vec<CaseRun>, String>) -> EngineRun {
    EngineRun {
        name: name.into(),
        detail: "cpython 3.11.7, fork".into(),
        arguments: format!("--engine {name}"),
        identity: Identity::default(),
        results,
        stale: vec![],
    }
}

fn run(results: Vec<CaseRun>) -> Run {
    let mut gone = engine("gone", Err("no command `gone`".into()));
    gone.stale.push("the deviation of `a.b` names no case".into());
    let engines = vec![engine("python3", Ok(results)), gone];
    Run { engines, time: Duration::from_millis(1500), command: "verysame".into(), ..Run::default() }
}

fn all_verdicts() -> Run {
    let mut cases: Vec<CaseRun> = Verdict::ALL
        .iter()
        .map(|&verdict| case(&format!("identity.{}", verdict.word().to_lowercase()), verdict, Some("True")))
        .collect();
    cases.push(case("identity.hostile", Verdict::Fail, Some(HOSTILE)));
    cases[0].verdict.marks[0].about = About::Heap("a".into());
    cases[1].verdict.marks[0].about = About::Uncaught;
    cases[2].verdict.note = Some("killed by SIGSEGV".into());
    let mut run = run(cases);
    run.options = RunOptions {
        filters: vec!["identity.".into()],
        exact: true,
        areas: vec!["identity".into()],
        levels: vec![Level::Language],
        modes: vec![Mode::Module],
        timeout: Some(10.0),
    };
    run.engines[0].identity = Identity {
        implementation: "cpython".into(),
        version: "3.11.7".into(),
        release: Some("7.3".into()),
        capabilities: [("del".to_string(), true), ("numpy".to_string(), false)].into(),
    };
    run.suite = SuitePart {
        rules: vec![RulePart {
            id: "identity.display.fresh".into(),
            statement: "Each evaluation of a list display makes a new object.".into(),
            level: Level::Language,
            python: "*".into(),
            reference: "Language Reference: Expressions, List displays; PEP 709".into(),
            quote: Some("yields a new list object".into()),
        }],
        cases: Verdict::ALL
            .iter()
            .map(|verdict| CasePart {
                id: format!("identity.{}", verdict.word().to_lowercase()),
                area: "identity".into(),
                level: Level::Language,
                source: "a = []\nb = []\na is b          #=> False\n".into(),
                lines: vec![45, 46, 47],
            })
            .collect(),
    };
    run
}

fn pin(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/report");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_run_is_read_as_it_was_written() {
    let run = all_verdicts();
    assert_eq!(read(&write(&run)), Ok(run));
}

#[test]
fn every_line_is_what_the_schema_says() {
    let mut compiler = boon::Compiler::new();
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../results.schema.json")).expect("the schema is JSON");
    compiler.add_resource("results.schema.json", schema).expect("a resource");
    let mut schemas = boon::Schemas::new();
    let schema = compiler.compile("results.schema.json", &mut schemas).expect("a schema");
    for line in write(&all_verdicts()).lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if let Err(error) = schemas.validate(&line, schema) {
            panic!("{line}\n{error:#}");
        }
    }
    for wrong in [r#"{"type":"header"}"#, r#"{"type":"other"}"#, r#"{"type":"footer","results":-1,"seconds":0}"#] {
        let line: serde_json::Value = serde_json::from_str(wrong).expect("JSON");
        assert!(schemas.validate(&line, schema).is_err(), "{wrong}");
    }
}

#[test]
fn damaged_files_are_known() {
    let whole = write(&all_verdicts());
    assert_eq!(read(""), Err(ReadError::Empty));
    let footer = whole.trim_end().rfind('\n').expect("lines") + 1;
    let lines = whole.lines().count();
    assert_eq!(read(&whole[..footer]), Err(ReadError::CutOff(lines - 1)));
    assert_eq!(read(&whole[..footer - 20]), Err(ReadError::CutOff(lines - 2)));
    assert_eq!(read(&whole.replacen("\"schema\":2", "\"schema\":9", 1)), Err(ReadError::Newer(9)));
    assert_eq!(read(&whole[whole.find('\n').expect("lines") + 1..]), Err(ReadError::NoHeader));
    assert_eq!(
        read(&(whole.clone() + &whole)),
        Err(ReadError::Order(lines + 1, "nothing may stand behind the footer"))
    );
    let second = whole.find('\n').expect("lines") + 1;
    let half = whole.replace("\"observed\":\"True\"", "\"observed\":\"\\ud800\"");
    assert!(matches!(read(&half), Err(ReadError::Garbage { line: 13, .. })), "{:?}", read(&half));
    let garbled = format!("{}{{\"type\": what}}\n{}", &whole[..second], &whole[second..]);
    assert!(matches!(read(&garbled), Err(ReadError::Garbage { line: 2, column: 10, .. })), "{:?}", read(&garbled));
    let fewer = format!("{}{}", &whole[..second], &whole[footer..]);
    assert!(matches!(read(&fewer), Err(ReadError::Count { told: 11, found: 0 })), "{:?}", read(&fewer));
    assert!(matches!(read("\u{0}\u{1}garbage"), Err(ReadError::Garbage { line: 1, column: 1, .. })));
}

#[test]
fn faces_for_machines() {
    let run = all_verdicts();
    let xml = junit::render(&run).expect("XML");
    assert!(!xml.contains("<script"), "{xml}");
    pin("junit", &xml);
    let annotations = github::annotations(&run);
    for line in annotations.lines() {
        assert!(line.starts_with("::error "), "{line}");
    }
    pin("annotations", &annotations);
    let summary = github::summary(&run);
    assert!(!summary.contains("<script"), "{summary}");
    pin("summary", &summary);
}

#[test]
fn files_of_the_first_format_are_read() {
    let old = concat!(
        r#"{"type":"header","schema":1,"suite":"0.1.0","command":"verysame","engines":[{"name":"python3","detail":"","arguments":""}]}"#,
        "\n",
        r#"{"type":"result","engine":0,"title":"A sum","rules":["a.rule"],"place":"cases/a.toml:1:1","seconds":0.1,"case":"a.case","mode":"module","verdict":"PASS","marks":[]}"#,
        "\n",
        r#"{"type":"footer","results":1,"seconds":0.1}"#,
        "\n"
    );
    let run = read(old).expect("a run");
    assert_eq!(run.suite, SuitePart::default());
    // Every face does with what is there.
    assert!(html::render(&run).contains(r#""i":"a.case""#));
    assert_eq!(badge::badges(&run).len(), 1);
}

#[test]
fn the_badges_of_a_run() {
    let mut run = all_verdicts();
    run.engines.push(EngineRun {
        name: "../<b>\u{202e} &".into(),
        identity: Identity::default(),
        ..run.engines[0].clone()
    });
    let badges = badge::badges(&run);
    let files: Vec<&str> = badges.iter().map(|badge| badge.file.as_str()).collect();
    assert_eq!(files, ["cpython-3.11.7-language.svg", "b-language.svg"]);
    pin("badges", &badges.iter().map(|badge| format!("{}\n{}", badge.file, badge.svg)).collect::<String>());
}

#[test]
fn what_changed_is_told_by_its_kind() {
    let old = run(vec![
        case("a.same", Verdict::Pass, None),
        case("a.broken", Verdict::Pass, None),
        case("a.fixed", Verdict::Fail, Some("1")),
        case("a.crash", Verdict::Fail, Some("1")),
        case("a.allowed", Verdict::Fail, Some("1")),
        case("a.changed", Verdict::Fail, Some("1")),
        case("a.gone", Verdict::Pass, None),
        case("a.skipped", Verdict::Pass, None),
    ]);
    let new = run(vec![
        case("a.same", Verdict::Pass, None),
        case("a.broken", Verdict::Fail, Some(HOSTILE)),
        case("a.fixed", Verdict::Pass, None),
        case("a.crash", Verdict::Crash, None),
        case("a.allowed", Verdict::Xfail, Some("1")),
        case("a.changed", Verdict::Fail, Some("2")),
        case("a.added", Verdict::Pass, None),
        case("a.skipped", Verdict::Skip, None),
    ]);
    let comparison = compare::compare(&old, &new);
    let kinds: Vec<(&str, &str)> = comparison
        .changes
        .iter()
        .flat_map(|(kind, changes)| changes.iter().map(|change| (kind.words(), change.case.as_str())))
        .collect();
    assert_eq!(
        kinds,
        [
            ("broken", "a.broken · module"),
            ("new crash", "a.crash · module"),
            ("fixed", "a.fixed · module"),
            ("newly allowed", "a.allowed · module"),
            ("changed observation", "a.changed · module"),
            ("other verdict", "a.skipped · module"),
            ("added", "a.added · module"),
            ("gone", "a.gone · module"),
        ]
    );
    assert_eq!(comparison.unchanged, 1);
    assert!(comparison.is_worse());
    assert!(!compare::compare(&old, &old).is_worse());
    let markdown = compare::markdown(&comparison);
    assert!(!markdown.contains("<script"), "{markdown}");
    pin("compare-markdown", &markdown);
    pin("compare", &anstream::adapter::strip_str(&compare::render(&comparison)).to_string());
}

fn verysame(folder: &std::path::Path, arguments: &[&str]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_verysame")).current_dir(folder).args(arguments).output();
    command.expect("it runs")
}

#[test]
fn the_commands_write_read_and_compare() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = |value: &str| {
        format!(
            "guarantee = \"language\"\n[[rule]]\nid = \"a.rule\"\nstatement = \"One and one are two.\"\n\
             reference = \"Language Reference: Expressions, Binary arithmetic operations\"\n\
             [[case]]\nid = \"a.case\"\nrules = [\"a.rule\"]\ntitle = \"A sum is what it is\"\n\
             source = '''\n1 + 1   #=> {value}\n'''\n"
        )
    };
    let write_case = |value: &str| std::fs::write(folder.path().join("c.toml"), case(value)).expect("a file");
    let run = |results: &str| {
        verysame(folder.path(), &["run", "--cases", "c.toml", "--engine", "reference", "--results", results])
    };
    write_case("2");
    assert_eq!(run("old.jsonl").status.code(), Some(0));
    write_case("3");
    assert_eq!(run("new.jsonl").status.code(), Some(1));
    let ended = verysame(folder.path(), &["compare", "old.jsonl", "new.jsonl"]);
    let out = String::from_utf8_lossy(&ended.stdout);
    assert_eq!(ended.status.code(), Some(1), "{out}");
    assert!(out.contains("2 broken") && out.contains("PASS → FAIL 2"), "{out}");
    assert_eq!(verysame(folder.path(), &["compare", "old.jsonl", "old.jsonl"]).status.code(), Some(0));
    let ended = verysame(folder.path(), &["report", "new.jsonl", "--junit", "-"]);
    assert!(String::from_utf8_lossy(&ended.stdout).contains("<testsuites "), "{ended:?}");
    std::fs::write(folder.path().join("torn.jsonl"), "{\"type\":\"hea").expect("a file");
    std::fs::write(folder.path().join("newer.jsonl"), "{\"type\":\"header\",\"schema\":9}\n").expect("a file");
    for file in ["torn.jsonl", "missing.jsonl", "newer.jsonl"] {
        let ended = verysame(folder.path(), &["report", file, "--html", "page.html", "--badges", "badges"]);
        assert_eq!(ended.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&ended.stderr).contains(file), "{ended:?}");
        assert!(!folder.path().join("page.html").exists() && !folder.path().join("badges").exists());
    }
    let faces = ["report", "new.jsonl", "--html", "page.html", "--badges", "badges"];
    assert_eq!(verysame(folder.path(), &faces).status.code(), Some(0));
    let page = std::fs::read_to_string(folder.path().join("page.html")).expect("a page");
    assert!(page.contains("One and one are two.") && page.contains("1 + 1   #=\u{3e} 3"), "{page}");
    let badges = std::fs::read_dir(folder.path().join("badges")).expect("a folder").count();
    assert_eq!(badges, 1);
    let matrix = ["matrix", "--cases", "c.toml", "--engine", "reference", "--html", "-", "--results", "matrix.jsonl"];
    let ended = verysame(folder.path(), &matrix);
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stdout).contains("<!DOCTYPE html>"), "{ended:?}");
    assert_eq!(verysame(folder.path(), &["compare", "new.jsonl", "matrix.jsonl"]).status.code(), Some(0));
}
