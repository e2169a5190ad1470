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

/// What is said beneath the lines of a program: line, `note` or `warning`, words, rule.
fn said(source: &str) -> Vec<(u32, String, String)> {
    let explained = explained(source);
    let notes = explained.notes.into_iter();
    let notes = notes.map(|note| (note.line, note.text, note.rule.map(|rule| rule.id).unwrap_or_default()));
    let warnings = explained.warnings.into_iter().map(|one| (one.line, format!("! {}", one.text), one.rule.id));
    notes.chain(warnings).collect()
}

fn says(source: &str, line: u32, words: &str, rule: &str) {
    let said = said(source);
    let found = said.iter().any(|(at, text, id)| *at == line && text.contains(words) && id == rule);
    assert!(found, "line {line} does not say `{words}` [{rule}]:\n{source}\n{said:#?}");
}

#[test]
fn what_a_failing_statement_had_done_is_told() {
    let famous = "t = ([],)\nt[0] += [1]\nprint(t)\n";
    says(famous, 2, "t[0] is now #1 [1]; so it stays, though the statement raises", "mutability.augmented.in-place");
    says(famous, 2, "raises TypeError: 'tuple' object does not support item assignment", "");
    says(famous, 3, "from here on nothing runs", "");
    let handled = "t = ([],)\ntry:\n    t[0] += [1]\nexcept TypeError as e:\n    pass\nprint(t)\n";
    says(handled, 3, "t[0] is now #2 [1]; so it stays, though the statement raises", "mutability.augmented.in-place");
    says("d = {'n': 1, 'l': []}\nd['n'] += 1\n", 2, "d is now #1 {'n': 2, 'l': []}", "");
    says("d = {'l': []}\nd[\"l\"] += [1]\n", 2, "d['l'] is now #2 [1]", "mutability.augmented.in-place");
    says(handled, 3, "raises, and the program goes on at line 5", "");
    assert!(said(handled).iter().all(|(_, text, _)| !text.contains("nothing runs")));
    // In a function, and where the exception comes from further inside.
    let inside = "log = []\ndef f(x):\n    log.append(x)\n    log.extend(1)\ndef g():\n    f(1)\ntry:\n    g()\nexcept TypeError:\n    log.append(2)\n";
    says(inside, 3, "log is now #1 [1]", "");
    says(inside, 4, "raises, and the program goes on at line 10", "");
    says(inside, 10, "log is now #1 [1, 2]", "");
    // Half of an assignment to several targets is done.
    let half = "d = {}\nd['a'], d.b = 1, 2\n";
    says(half, 2, "d is now #1 {'a': 1}; so it stays, though the statement raises", "");
    // What only waits has not failed.
    let waits = "def g():\n    x = yield 1\n    yield 2\nfor n in g():\n    m = n\n";
    assert!(said(waits).iter().all(|(_, text, _)| !text.contains("raises")), "{:?}", said(waits));
}

#[test]
fn a_copy_is_told_from_what_it_was_made_of() {
    for copy in ["a[:]", "a.copy()", "list(a)", "[*a][:]", "a + []"] {
        let source = format!("a = [[1], 2]\nb = {copy}\nb.append(3)\nb.append(4)\nb[0].append(5)\n");
        says(&source, 2, "a copy of a: another list that holds the same objects", "mutability.copy.shallow");
        says(&source, 3, "; a, of which it is a copy, stays as it was", "");
        says(&source, 5, "seen as a[0] and b[0]", "mutability.mutable.in-place");
        let told = said(&source).iter().filter(|(_, text, _)| text.contains("stays as it was")).count();
        assert_eq!(told, 1, "{source}");
    }
    let other = "a = [1]\nb = [1]\nc = a\nd = a[:]\na.append(2)\nd.append(3)\n";
    says(other, 2, "equal to a and yet another object", "identity.display.fresh");
    says(other, 3, "the same list as a", "mutability.assign.no-copy");
    assert!(said(other).iter().all(|(line, text, _)| *line != 6 || text.contains("d is now")));
}

#[test]
fn writes_that_nothing_sees_are_warned_of() {
    let item = "xs = [1, 2]\nfor x in xs:\n    x += 1\n";
    says(item, 3, "! this gives x another object and leaves xs as it is", "mutability.augmented.rebinds");
    says(
        "xs = ['a ']\nfor x in xs:\n    x = x.strip()\n",
        3,
        "! this gives x another",
        "mutability.rebind.other-names-keep",
    );
    says("a = [1]\na[:][0] = 2\n", 2, "! this changes an object that nothing else has", "mutability.copy.shallow");
    says("a = [1]\nsorted(a).append(2)\n", 2, "! this changes an object", "mutability.copy.shallow");
    for fine in [
        // `+=` changes a list in place, so the rows are other ones.
        "rows = [[1], [2]]\nfor row in rows:\n    row += [3]\n",
        "for x in [1, 2]:\n    x += 1\n    print(x)\n",
        "for x in [1, 2]:\n    x += 1\nprint(x)\n",
        "for x in [3]:\n    while x:\n        x -= 1\n",
        "m = memoryview(bytearray(b'ab'))\nm[:1][0] = 9\n",
        "class Own(list):\n    def copy(self):\n        return self\nown = Own()\nown.copy().append(1)\n",
    ] {
        let warnings = explained(fine).warnings;
        assert_eq!(warnings.len(), 0, "{fine}{warnings:?}");
    }
}

/// What the tutorial claims, by case: the line, what is said of it, the rule. Where it is too simple the truth is said.
const CLAIMS: [(&str, u32, &str, &str); 22] = [
    (
        "2-string-reassigned",
        4,
        "another object: the str it was does not change, and kept still has it",
        "mutability.augmented.rebinds",
    ),
    ("2-immutable-type/tuple", 3, "raises AttributeError", ""),
    ("2-immutable-type/tuple", 4, "from here on nothing runs", ""),
    ("2-mutable-type/list", 5, "#1 is now [1, 2], seen as x and alias", "mutability.mutable.in-place"),
    // A tuple is immutable, what it holds need not be.
    ("2-immutable-that-holds-mutable", 3, "x[1] is now #1 [2]", ""),
    ("3-names-are-no-containers", 2, "the same list as a", "mutability.assign.no-copy"),
    ("3-names-are-no-containers", 5, "a stays #1", "mutability.rebind.other-names-keep"),
    ("3-legb-rule", 6, "x is inner's own, not outer's x", "scoping.lookup.legb"),
    // Scopes are those of the text, not of the caller; a class is no scope for its methods.
    ("3-dynamic-scoping", 3, "x is the global x", "scoping.lookup.legb"),
    ("3-class-scope-is-no-letter", 7, "x is outer's variable", "scoping.lookup.legb"),
    ("4-small-integer-caching", 2, "ints from -5 to 256 are shared", "caching.int.small"),
    // In a file it is True, whatever the tutorial's comment says.
    ("4-small-integer-caching", 7, "typed at the prompt, line by line, they are two", "caching.int.may-share"),
    ("4-reference-counting", 4, "the same list as a", "mutability.assign.no-copy"),
    ("4-garbage-collection", 8, "in a cycle: no count falls to 0", "lifetime.cycle.not-prompt"),
    ("4-garbage-collection", 10, "the collector frees #1", "lifetime.cycle.collected"),
    ("5-identity-vs-equality", 2, "equal to a and yet another object", "identity.display.fresh"),
    // A slice of a list is a copy: what is written into it is gone.
    ("7-views-and-copies", 3, "this changes an object that nothing else has", "mutability.copy.shallow"),
    ("best-practices-is-none", 4, "`is None` cannot be fooled", "identity.is.not-overridable"),
    ("best-practices-circular-references", 9, "out of reach, but in a cycle", "lifetime.cycle.not-prompt"),
    ("example-mutable-default", 1, "the default of lst is made now, once", "mutability.default.evaluated-once"),
    ("example-mutable-default", 2, "seen as lst and append_val's default lst", "mutability.mutable.in-place"),
    ("example-fix", 3, "lst → new list", ""),
];

#[test]
fn what_the_tutorial_says_is_said() {
    for (id, line, words, rule) in CLAIMS {
        let id = format!("tutorial.{id}");
        let case = suite().cases.iter().find(|case| case.id == id).unwrap_or_else(|| panic!("there is no {id}"));
        says(&bare(case), line, words, rule);
    }
}
