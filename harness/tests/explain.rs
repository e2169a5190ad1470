//! `verysame explain-source` on the tutorial's snippets and on programs that go wrong.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use verysame::case::{Case, Loaded, Mode, plan};
use verysame::engine::graph::Program;
use verysame::explain::{CITED, End, Explanation, LIMITS, explain, lsp, text};
use verysame::run::suite::Suite;
use verysame_engine::Limits;
use verysame_engine::rules::{Profile, PyVersion};

fn suite() -> &'static Loaded {
    static SUITE: OnceLock<Loaded> = OnceLock::new();
    SUITE.get_or_init(|| Suite::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases")).load())
}

/// The version of the golden tests: the last one whose prompt shows what the tutorial says of 257.
fn version() -> PyVersion {
    "3.13.0".parse().expect("a version")
}

fn explained(source: &str) -> Explanation {
    let program = Program { source: source.into(), filename: "program.py".into(), ..Program::default() };
    explain(&program, &Profile::of(version()), LIMITS, suite()).expect("the engine runs")
}

fn shown(source: &str) -> String {
    anstream::adapter::strip_str(&text::render(&explained(source))).to_string()
}

fn pin(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/explain");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The program of a case without its marks.
fn bare(case: &Case) -> String {
    let mut source = case.source.text.clone();
    for mark in case.marks.iter().rev() {
        source.replace_range(mark.comment.clone(), "");
    }
    source.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn the_tutorial_is_explained() {
    let mut text = String::new();
    for case in suite().cases.iter().filter(|case| case.id.starts_with("tutorial.")) {
        // What packages do that are not there is no matter, nor how much is traced.
        let apart = ["pandas", "attrs", "tracemalloc"].iter().any(|need| case.needs.iter().any(|own| own == need));
        if apart || plan(case, Mode::Module, version()).is_err() {
            continue;
        }
        let source = bare(case);
        text.push_str(&format!("== {}\n{}\n", case.id, shown(&source)));
    }
    let addresses = regex::Regex::new(r"\b\d{12,}\b").expect("a pattern");
    pin("tutorial", &addresses.replace_all(&text, "ADDRESS"));
}

const SURPRISES: &str = "\
def counter():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc

one = counter()
print(one(), one())
fs = []
for i in range(3):
    fs.append(lambda: i)
print([f() for f in fs])
grid = [[0] * 2] * 2
grid[0][0] = 1
class Cart:
    items = []
    def add(self, x):
        self.items.append(x)
cart = Cart()
cart.add(1)
import copy
a = [[1], [2]]
b = copy.copy(a)
b[0].append(9)
del a
s = 'some'
t = s
s += ' words'
node = [1]
node.append(node)
del node
if t is 'some': pass
rows = dict.fromkeys('ab', [])
";

#[test]
fn what_surprises_is_explained_and_warned_of() {
    pin("surprises", &shown(SURPRISES));
    let warned: Vec<(u32, String)> =
        explained(SURPRISES).warnings.into_iter().map(|one| (one.line, one.rule.id)).collect();
    let expected = [
        (13, "scoping.closure.late"),
        (15, "identity.repeat.shares"),
        (18, "mutability.class-attribute.shared"),
        (33, "lifetime.cycle.not-prompt"),
        (34, "caching.str.may-share"),
        (35, "mutability.assign.no-copy"),
    ];
    assert_eq!(warned, expected.map(|(line, rule)| (line, rule.to_string())));
}

#[test]
fn no_warning_is_given_where_nothing_is_wrong() {
    for source in [
        "def f(x, to=None):\n    if to is None:\n        to = []\n    to.append(x)\n    return to\nf(1); f(2)\n",
        "def f(x, options={}):\n    return options.get(x)\nf(1)\n",
        "a = 257\nb = a\nprint(a is b)\n",
        "def same(a, b):\n    return a is b\nsame(257, 257)\n",
        "a, b = [], []\nprint(a is b, a is None, a is not b)\n",
        "fs = []\nfor i in range(3):\n    fs.append(lambda i=i: i)\n",
        "for i in range(3):\n    print(sorted([2, 1], key=lambda x: x * i))\n",
        "grid = [[0] * 2 for _ in range(2)]\nrow = [0] * 3\n",
        "a = [1]\na.append([a[0]])\ndel a\n",
        "class C:\n    names = ('a',)\n    def __init__(self):\n        self.items = []\n    def add(self, x):\n        self.items.append(x)\nC().add(1)\n",
    ] {
        let explained = explained(source);
        assert_eq!(
            (explained.warnings.len(), &explained.end),
            (0, &End::Completed),
            "{source}{:?}",
            explained.warnings
        );
    }
}

#[test]
fn every_rule_that_is_cited_is_in_the_suite() {
    for id in CITED {
        assert!(suite().rule(id).is_some(), "{id}");
    }
}

#[test]
fn programs_that_go_wrong_are_told_so() {
    assert!(matches!(explained("x = = 1").end, End::Rejected { line: 1, column: 5, .. }));
    assert!(shown("def f(:\n").contains("^ SyntaxError: invalid syntax"));
    let raised = explained("x = 1\ndef f():\n    print(x)\n    x = 2\nf()\n");
    assert!(matches!(&raised.end, End::Raised { line: Some(3), text } if text.starts_with("UnboundLocalError")));
    assert!(raised.notes.iter().any(|note| note.rule.as_ref().is_some_and(|rule| rule.id == "scoping.local.unbound")));
    assert_eq!(explained("raise SystemExit(3)").end, End::Exit { status: 3 });
    let few = Limits { steps: 10_000, ..LIMITS };
    let endless =
        Program { source: b"x = 0\nwhile True:\n    x += 1\n".to_vec(), filename: "p.py".into(), ..Program::default() };
    let endless = explain(&endless, &Profile::of(version()), few, suite()).expect("the engine runs");
    assert_eq!(endless.end, End::Limit { limit: "steps".into() });
    assert!(endless.notes.iter().any(|note| note.text.contains("x → 1, 2")), "{endless:?}");
    assert_eq!(explained("while True: print('x' * 1000)").end, End::Limit { limit: "output".into() });
    assert_eq!(explained("").end, End::Completed);
    // Nothing that a program writes reaches the terminal as it is.
    assert!(!shown("print('\\x1b[31m')\nx = '\u{1}'\n").contains(['\x1b', '\x01']));
}

#[test]
fn diagnostics_count_utf16_units_and_name_the_rule() {
    let explained = explained("x = '\u{1d54f}'; y = [[]] * 2\nz = (\n");
    let none = lsp::diagnostics(&explained, "file:///p.py");
    assert_eq!(none["diagnostics"][0]["severity"], 1);
    let explained = self::explained("x = '\u{1d54f}'; y = [[]] * 2\n");
    let found = lsp::diagnostics(&explained, "file:///p.py");
    assert_eq!(found["uri"], "file:///p.py");
    let one = &found["diagnostics"][0];
    assert_eq!(one["code"], "identity.repeat.shares");
    assert_eq!((&one["severity"], &one["source"]), (&2.into(), &"verysame".into()));
    assert_eq!(one["range"]["start"], serde_json::json!({ "line": 0, "character": 14 }));
    assert_eq!(one["range"]["end"], serde_json::json!({ "line": 0, "character": 22 }));
    assert!(one["codeDescription"]["href"].as_str().is_some_and(|address| address.starts_with("https://")), "{one}");
}

#[test]
fn the_command_has_its_faces() {
    let run = |arguments: &[&str], program: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
        command.arg("explain-source").args(arguments).arg("-").env_remove("CARGO_MANIFEST_DIR");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("piped").write_all(program.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (status, out) = run(&["--warnings"], "g = [[]] * 2\n1/0\n");
    assert_eq!((status, out.lines().count()), (1, 2), "{out}");
    assert!(out.starts_with("<stdin>:1:5: warning: repetition copies no item"), "{out}");
    let (status, out) = run(&["--json"], "a = [1]\nb = a\n");
    let data: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((status, &data["notes"][1]["text"]), (0, &"b → #1, the same list as a".into()));
    assert_eq!(data["notes"][1]["rule"]["level"], "language");
}
