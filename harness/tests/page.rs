//! The matrix page: what stands in the file, and, in a real browser, what a person can do with it.

mod browser;

use browser::{Browser, say};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;
use verysame::case::{Level, Mode};
use verysame::judge::{About, CaseVerdict, MarkVerdict, Verdict};
use verysame::report::html::render;
use verysame::report::model::{CasePart, CaseRun, EngineRun, Identity, RulePart, Run, SuitePart};

/// Everything that could become markup, end the data or run.
const HOSTILE: &str = "</script><script>window.ran=1</script><img src=x onerror=window.ran=1>\"'`&amp;<!--\u{1b}[31m\u{0}\u{7f}\u{ffff}\u{2028}\u{202e}'\\ud800' javascript:window.ran=1";

fn mark(number: usize, sign: &str, expected: &str, verdict: Verdict, observed: Option<&str>) -> MarkVerdict {
    MarkVerdict {
        about: About::Mark(number),
        verdict,
        level: Level::Language,
        path: "cases/identity/repeat.toml".into(),
        line: 12 + number as u32,
        column: 7,
        statement: "grid".into(),
        sign: sign.into(),
        expected: expected.into(),
        observed: observed.map(str::to_string),
        note: None,
    }
}

fn result(case: &str, rule: &str, mode: Mode, marks: Vec<MarkVerdict>) -> CaseRun {
    CaseRun {
        title: format!("What {case} shows"),
        rules: vec![rule.into()],
        place: "cases/identity/repeat.toml:8:1".into(),
        lines: marks.iter().map(|mark| format!("{}   {} {}", mark.statement, mark.sign, mark.expected)).collect(),
        verdict: CaseVerdict {
            case: case.into(),
            mode,
            verdict: marks.iter().map(|mark| mark.verdict).max().unwrap_or(Verdict::Lacks),
            note: marks.is_empty().then(|| "the engine lacks `numpy`".to_string()),
            marks,
        },
        time: Duration::from_millis(1),
    }
}

fn engine(name: &str, results: Result<Vec<CaseRun>, String>) -> EngineRun {
    EngineRun {
        name: name.into(),
        detail: "cpython 3.11.7, fork".into(),
        arguments: format!("--engine {name}"),
        identity: Identity { capabilities: [("numpy".to_string(), false)].into(), ..Identity::default() },
        results,
        stale: vec![],
    }
}

fn case_part(id: &str, source: &str) -> CasePart {
    let lines = (11..).take(source.lines().count()).collect();
    CasePart { id: id.into(), area: "identity".into(), level: Level::Language, source: source.into(), lines }
}

fn rule_part(id: &str, level: Level, statement: &str) -> RulePart {
    RulePart {
        id: id.into(),
        statement: statement.into(),
        level,
        python: "*".into(),
        reference: "Language Reference: Data model, Custom classes; PEP 709".into(),
        quote: None,
    }
}

/// Three engines of which one shares what it should not, in two cases and two modes.
fn sample(hostile: &str) -> Run {
    let graph = "[&1 [1, 0], *1]";
    let right = |mode| {
        let marks = vec![
            mark(0, "#=>", "[[1, 0], [1, 0]]", Verdict::Pass, Some("[[1, 0], [1, 0]]")),
            mark(1, "#&>", graph, Verdict::Pass, Some(graph)),
        ];
        result("identity.grid-of-one-row", "identity.repeat.shares", mode, marks)
    };
    let wrong = |mode| {
        let mut marks = vec![
            mark(0, "#=>", "[[1, 0], [1, 0]]", Verdict::Fail, Some("[[1, 0], [0, 0]]")),
            mark(1, "#&>", graph, Verdict::Xfail, Some("[[1, 0], [0, 0]]")),
        ];
        marks[1].note = Some("rows are copied (python/cpython#121377)".into());
        result("identity.grid-of-one-row", "identity.repeat.shares", mode, marks)
    };
    let other = |verdict, seen: &str| {
        let mut one = result(
            &format!("caching.odd {hostile}"),
            "caching.odd",
            Mode::Module,
            vec![mark(0, "#=>", hostile, verdict, Some(seen))],
        );
        one.title = format!("Odd: {hostile}");
        one.verdict.marks[0].note = Some(hostile.into());
        one
    };
    let long = format!("{}\n{hostile}", "x".repeat(1 << 20));
    let engines = vec![
        engine(
            "reference 3.13.0",
            Ok(vec![right(Mode::Module), right(Mode::Interactive), other(Verdict::Pass, hostile)]),
        ),
        engine("mine", Ok(vec![wrong(Mode::Module), right(Mode::Interactive), other(Verdict::Fail, &long)])),
        engine(
            &format!("/bin/other {hostile}"),
            Ok(vec![result("identity.grid-of-one-row", "identity.repeat.shares", Mode::Module, vec![])]),
        ),
        engine("gone", Err(format!("no command `gone` {hostile}"))),
    ];
    let suite = SuitePart {
        rules: vec![
            rule_part("caching.odd", Level::Cpython, hostile),
            rule_part("identity.repeat.shares", Level::Language, "Repetition repeats references and copies no item."),
        ],
        cases: vec![
            case_part(&format!("caching.odd {hostile}"), &format!("x = 1\nprint({hostile})  #=> {hostile}\n")),
            case_part(
                "identity.grid-of-one-row",
                "grid = [[1, 0]] * 2\ngrid   #=> [[1, 0], [1, 0]]\ngrid   #&> [&1 [1, 0], *1]\n",
            ),
        ],
    };
    Run { engines, time: Duration::from_millis(1500), command: "verysame".into(), suite, ..Run::default() }
}

/// What stands between two texts.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let from = text.find(start).map_or(0, |at| at + start.len());
    let rest = &text[from..];
    &rest[..rest.find(end).unwrap_or(rest.len())]
}

const DATA: &str = "<script type=\"application/json\" id=\"data\">";

#[test]
fn the_page_is_what_it_was() {
    let page = render(&sample("odd"));
    let data: Value = serde_json::from_str(between(&page, DATA, "</script>")).expect("JSON");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/report");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    // The script and the style are read where they stand, and not here.
    let mut plain = page.clone();
    for (start, end) in [
        ("<style>", "</style>"),
        (DATA, "</script>"),
        ("<script>", "</script>"),
        ("script-src", ";"),
        ("style-src", ";"),
    ] {
        plain = plain.replacen(&format!("{start}{}{end}", between(&plain, start, end)), &format!("{start}…{end}"), 1);
    }
    let plain = plain.replace("><", ">\n<");
    settings.bind(|| {
        insta::assert_snapshot!("page", plain);
        insta::assert_snapshot!("page-data", serde_json::to_string_pretty(&data).expect("JSON"));
    });
}

#[test]
fn no_text_ends_the_data_or_begins_a_script() {
    let page = render(&sample(HOSTILE));
    assert_eq!(page.matches("<script").count(), 2, "the data and the page's own");
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<img") && !page.contains("\u{0}"));
    let data: Value = serde_json::from_str(between(&page, DATA, "</script>")).expect("JSON");
    assert_eq!(data["rules"][0]["t"], HOSTILE);
    // The megabyte is cut off, which is said.
    assert!(page.len() < 400_000, "{}", page.len());
    assert!(page.contains("more characters are in the results"));
    // Nothing is asked of a network.
    for source in ["src=\"http", "href=\"http", "url(", "@import"] {
        assert!(!page.contains(source), "{source}");
    }
}

/// A page in a folder that goes away.
struct File(tempfile::TempDir);

impl File {
    fn of(run: &Run) -> (File, usize) {
        let folder = tempfile::tempdir().expect("a folder");
        let page = render(run);
        std::fs::write(folder.path().join("report.html"), &page).expect("a file");
        (File(folder), page.len())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("report.html")
    }
}

const SHOWN: &str =
    "[...document.querySelectorAll('.rules:not([hidden]) .row.rule:not([hidden])')].map(row => row.rule.id).join()";
const FOCUS: &str = "(document.activeElement.closest('.row')?.querySelector('.id')?.textContent ?? document.activeElement.name ?? document.activeElement.id)";

#[test]
fn the_keyboard_is_enough() {
    let Some(mut browser) = Browser::start("the_keyboard_is_enough") else { return };
    let (file, _) = File::of(&sample("odd"));
    browser.window(1400, 900, false);
    browser.open(&file.path(), "");
    assert_eq!(browser.text(SHOWN), "caching.odd,identity.repeat.shares");
    // To the search, and from there by the tabulator to the matrix, which is one stop.
    browser.press("/");
    assert_eq!(browser.text(FOCUS), "q");
    browser.write("references");
    assert_eq!(browser.text(SHOWN), "identity.repeat.shares");
    assert_eq!(browser.text("document.getElementById('count').textContent"), "1 of 2 rules, 1 of 2 cases");
    browser.until("location.hash", "#q=references");
    for _ in 0..20 {
        if browser.value("document.getElementById('matrix').contains(document.activeElement)") == true {
            break;
        }
        browser.press("Tab");
    }
    browser.press("ArrowDown");
    assert_eq!(browser.text(FOCUS), "identity.repeat.shares");
    browser.press("Enter");
    assert_eq!(browser.text("document.activeElement.closest('.row').ariaExpanded"), "true");
    // The words of the rule, then its case; there to the second engine.
    browser.press("ArrowDown");
    browser.press("ArrowDown");
    assert_eq!(browser.text(FOCUS), "identity.grid-of-one-row");
    browser.press("ArrowRight");
    browser.press("ArrowRight");
    let label = browser.text("document.activeElement.ariaLabel");
    assert_eq!(label, "mine: FAIL, [[1, 0], [0, 0]]");
    browser.press("Enter");
    browser.until("document.getElementById('case').open", "true");
    browser.until("location.hash", "#case=identity.grid-of-one-row&engine=mine&q=references");
    assert_eq!(browser.text("document.querySelector('.outcome.chosen .engine').textContent"), "mine");
    // All that is said of it.
    let words = browser.text("document.getElementById('case').innerText");
    for wanted in [
        "Repetition repeats references and copies no item.",
        "Language Reference: Data model, Custom classes",
        "grid = [[1, 0]] * 2",
        "rows are copied",
        "the engine lacks `numpy`",
        "verysame run --exact identity.grid-of-one-row --mode module --engine mine",
    ] {
        assert!(words.contains(wanted), "{wanted}\n{words}");
    }
    assert_eq!(
        browser.text("[...document.querySelectorAll('#case ins')].map(e => e.textContent).join()"),
        "0,[1, 0], [0, 0]"
    );
    assert_eq!(browser.text("document.querySelectorAll('#case svg.heap').length"), "2");
    let issue = browser.text("document.querySelector('#case .note a').href");
    assert_eq!(issue, "https://github.com/python/cpython/issues/121377");
    browser.press("Escape");
    browser.until("document.getElementById('case').open", "false");
    browser.until("location.hash", "#q=references");
    // The focus is where it was.
    browser.until("document.activeElement.ariaLabel", &label);
    // Back up and closed.
    browser.press("Home");
    browser.press("ArrowLeft");
    assert_eq!(browser.text(FOCUS), "identity.repeat.shares");
    browser.press("ArrowLeft");
    assert_eq!(browser.text("document.activeElement.closest('.row').ariaExpanded"), "false");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn addresses_lead_to_rules_cases_and_views() {
    let Some(mut browser) = Browser::start("addresses_lead_to_rules_cases_and_views") else { return };
    let (file, _) = File::of(&sample("odd"));
    browser.open(&file.path(), "#rule=identity.repeat.shares");
    assert_eq!(browser.text(FOCUS), "identity.repeat.shares");
    assert_eq!(browser.text("document.activeElement.closest('.row').ariaExpanded"), "true");
    browser.open(&file.path(), "#case=caching.odd%20odd");
    assert_eq!(browser.text("document.getElementById('case-title').textContent"), "Odd: odd");
    // What the script can do, a person can: from one case to the next.
    browser.press("j");
    browser.until("location.hash", "#case=identity.grid-of-one-row");
    browser.value("history.back()");
    browser.until("document.getElementById('case-title').textContent", "Odd: odd");
    for (view, shown) in [
        ("#pass=0&fail=1", "caching.odd,identity.repeat.shares"),
        ("#pass=1&fail=0", ""),
        ("#level=cpython", "caching.odd"),
        ("#area=identity", "identity.repeat.shares"),
        ("#verdict=LACKS", "identity.repeat.shares"),
        ("#verdict=FAIL&on=0", ""),
        ("#verdict=split&hide=1", ""),
        ("#q=%E0%A4%A", "caching.odd,identity.repeat.shares"),
    ] {
        browser.open(&file.path(), view);
        assert_eq!(browser.text(SHOWN), shown, "{view}");
    }
    browser.open(&file.path(), "#case=no.such-case");
    assert_eq!(browser.text("document.getElementById('case-title').textContent"), "There is no such case");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn what_is_lacked_for_one_mode_hides_no_answer_of_the_other() {
    let Some(mut browser) = Browser::start("what_is_lacked_for_one_mode_hides_no_answer_of_the_other") else { return };
    let lacking = |mode| result("identity.grid-of-one-row", "identity.repeat.shares", mode, vec![]);
    let right = vec![mark(0, "#=>", "1", Verdict::Pass, Some("1"))];
    let right = result("identity.grid-of-one-row", "identity.repeat.shares", Mode::Module, right);
    let mut run = sample("odd");
    run.engines = vec![
        engine("half", Ok(vec![right, lacking(Mode::Interactive)])),
        engine("none", Ok(vec![lacking(Mode::Module), lacking(Mode::Interactive)])),
    ];
    let (file, _) = File::of(&run);
    browser.window(1400, 900, false);
    browser.open(&file.path(), "");
    for (row, passed) in [(1, "1 of 1"), (2, "0 of 1")] {
        let number = format!("document.querySelector('#summary tbody tr:nth-child({row}) .number').textContent");
        assert_eq!(browser.text(&number), passed);
    }
    for (view, shown) in [("#pass=0", "identity.repeat.shares"), ("#pass=1", ""), ("#verdict=LACKS&on=0", "")] {
        browser.open(&file.path(), view);
        assert_eq!(browser.text(SHOWN), shown, "{view}");
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let Some(mut browser) = Browser::start("hostile_texts_stay_texts") else { return };
    let (file, _) = File::of(&sample(HOSTILE));
    browser.open(&file.path(), "");
    browser.value("document.querySelectorAll('.row.rule .name').forEach(name => name.click())");
    browser.value("document.querySelector('.row.case .cell').click()");
    browser.value("new Promise(done => setTimeout(done, 300))");
    browser.until("document.getElementById('case').open", "true");
    let words = browser.text("document.getElementById('case').textContent");
    for wanted in [
        "</script><script>window.ran=1</script>",
        "<img src=x onerror=window.ran=1>",
        "␛[31m␀U+007F",
        "U+202E",
        "'\\ud800'",
    ] {
        assert!(words.contains(wanted), "{wanted}");
    }
    assert_eq!(browser.text("window.ran"), "undefined");
    assert_eq!(browser.text("document.scripts.length"), "2");
    assert_eq!(browser.text("document.querySelectorAll('img, iframe, object, embed, base, link').length"), "0");
    assert_eq!(browser.text("[...document.links].every(link => /^(https:|file:)/.test(link.protocol))"), "true");
    // The policy holds even if something were to write markup.
    browser.value("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran=2\"><svg onload=\"window.ran=2\">')");
    browser.value("new Promise(done => setTimeout(done, 200))");
    assert_eq!(browser.text("window.ran"), "undefined");
    let refused = browser.complaints();
    assert!(
        refused.iter().all(|words| words.contains("Content Security Policy")) && !refused.is_empty(),
        "{refused:#?}"
    );
}

#[test]
fn it_fits_small_and_large_windows_and_has_names_for_who_hears_it() {
    let Some(mut browser) = Browser::start("it_fits_small_and_large_windows") else { return };
    let (file, _) = File::of(&sample(HOSTILE));
    for (width, dark) in [(390, false), (390, true), (1400, false), (1400, true)] {
        browser.window(width, 844, dark);
        for (name, view) in
            [("page", ""), ("rule", "#rule=identity.repeat.shares"), ("case", "#case=identity.grid-of-one-row")]
        {
            browser.open(&file.path(), view);
            browser.picture(&format!("{name}-{width}-{}", if dark { "dark" } else { "light" }));
            for part in ["document.documentElement", "document.getElementById('case')"] {
                let wide = browser.value(&format!("{part}.scrollWidth")).as_u64().unwrap_or_default();
                assert!(wide <= u64::from(width), "{part} is {wide} wide in {width} at {view:?}");
            }
            let paper = browser.text("getComputedStyle(document.body).backgroundColor");
            assert_eq!(paper, if dark { "rgb(20, 24, 31)" } else { "rgb(255, 255, 255)" });
        }
    }
    browser.open(&file.path(), "#rule=identity.repeat.shares");
    let tree = browser.ask("Accessibility.getFullAXTree", serde_json::json!({}));
    let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
    let named = |role: &str| -> Vec<String> {
        let own = nodes.iter().filter(|node| node["role"]["value"] == role && node["ignored"] != true);
        own.map(|node| node["name"]["value"].as_str().unwrap_or_default().to_string()).collect()
    };
    assert!(named("treegrid").contains(&"Rules and their cases, by engine".to_string()), "{:?}", named("treegrid"));
    let cells = named("gridcell");
    assert!(
        cells.contains(&"mine: FAIL, 1 of 1 cases".to_string()) || cells.contains(&"mine: FAIL".to_string()),
        "{cells:?}"
    );
    for role in ["gridcell", "rowheader", "columnheader", "combobox", "searchbox", "button", "link", "img"] {
        assert!(named(role).iter().all(|name| !name.is_empty()), "{role}: {:?}", named(role));
    }
    assert!(!named("combobox").is_empty() && !named("searchbox").is_empty());
}

/// Results of the size that a large suite on many engines has.
fn large(cases: usize, engines: usize) -> Run {
    let areas = ["identity", "mutability", "caching", "scoping", "lifetime", "memory"];
    let name = |number: usize| format!("{}.topic-{}.case-{number}", areas[number % 6], number / 60);
    let rule = |number: usize| format!("{}.topic-{}.rule-{}", areas[number % 6], number / 60, number % 60 / 18);
    let source = |number: usize| {
        let body = "def outer(argument):\n    held = [argument, [argument]]\n    def inner():\n        return held[0]\n    return inner\n";
        format!(
            "{body}made = outer({number})\nmade()          #=> {number}\nmade() is made()  #=> True\nmade.__closure__[0].cell_contents   #&> [{number}, [{number}]]\n"
        )
    };
    let one = |engine: usize, number: usize, mode: Mode| {
        let graph = format!("[{number}, [{number}]]");
        let wrong = (number * 31 + engine * 17).is_multiple_of(23);
        let seen = if wrong { format!("{} of {engine}", number + 1) } else { number.to_string() };
        let verdict = if wrong { [Verdict::Fail, Verdict::Xfail, Verdict::Differs][number % 3] } else { Verdict::Pass };
        let marks = vec![
            mark(0, "#=>", &number.to_string(), verdict, Some(&seen)),
            mark(1, "#=>", "True", Verdict::Pass, Some("True")),
            mark(2, if number.is_multiple_of(10) { "#&>" } else { "#=>" }, &graph, Verdict::Pass, Some(&graph)),
        ];
        result(&name(number), &rule(number), mode, marks)
    };
    let runs = (0..engines).map(|number| {
        let results = (0..cases).flat_map(|case| Mode::ALL.map(|mode| one(number, case, mode)));
        engine(&format!("cpython 3.{number}.1"), Ok(results.collect()))
    });
    let statement = "A sentence about what Python programs can rely on, of about the length that such sentences have.";
    let mut rules: Vec<RulePart> = Vec::new();
    for number in 0..cases {
        let level = Level::ALL[number % 3];
        if rules.iter().all(|known| known.id != rule(number)) {
            rules.push(rule_part(&rule(number), level, statement));
        }
    }
    let suite =
        SuitePart { rules, cases: (0..cases).map(|number| case_part(&name(number), &source(number))).collect() };
    Run { engines: runs.collect(), command: "verysame".into(), suite, ..Run::default() }
}

#[test]
fn a_large_suite_on_many_engines_is_small_and_opens_soon() {
    let (file, size) = File::of(&large(3_000, 15));
    assert!(size < 5_000_000, "{size} bytes");
    let Some(mut browser) = Browser::start("a_large_suite_on_many_engines_is_small_and_opens_soon") else { return };
    browser.window(1400, 900, false);
    browser.ask("Performance.enable", serde_json::json!({ "timeDomain": "threadTicks" }));
    let time = browser.open(&file.path(), "");
    let metrics = browser.ask("Performance.getMetrics", serde_json::json!({}));
    let busy = metrics["metrics"].as_array().into_iter().flatten().find(|metric| metric["name"] == "TaskDuration");
    let busy = busy.and_then(|metric| metric["value"].as_f64()).expect("the time that its tasks took");
    let opened = time.as_millis();
    say(&format!("3,000 cases on 15 engines: {size} bytes, opened in {opened} ms, {busy:.2} s of them at work"));
    // It shall open within two seconds. Another process may have the machine meanwhile, so only the work is bounded.
    assert!(busy < 4.0, "{busy} s");
    assert_eq!(browser.text("document.querySelectorAll('.row.rule').length > 900"), "true");
    let begun = std::time::Instant::now();
    browser.press("/");
    browser.write("topic-7");
    say(&format!("seven letters of a search in it: {} ms", begun.elapsed().as_millis()));
    assert!(browser.text(SHOWN).contains("topic-7."));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
