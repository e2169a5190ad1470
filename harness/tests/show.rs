//! `verysame show`: heap graphs as text, and the reference engine's against a real Python's.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use verysame::engine::graph::{GraphError, Program, Seen, of_python, of_reference};
use verysame::report::heap::{render, render_leaks};
use verysame_engine::Limits;
use verysame_engine::inspect::{Bounds, Snapshot};
use verysame_engine::rules::{Profile, PyVersion};

const TIME: Duration = Duration::from_secs(20);

fn reference(version: PyVersion, program: &Program, leaks: bool) -> Seen {
    let seen = of_reference(&Profile::of(version), Limits::default(), program, Bounds::default(), leaks);
    seen.expect("the engine runs")
}

fn program(source: &str) -> Program {
    Program { source: source.into(), filename: "program.py".into(), ..Program::default() }
}

/// The version of the golden tests.
fn version() -> PyVersion {
    "3.13.0".parse().expect("a version")
}

fn golden(name: &str, source: &str) {
    let seen = reference(version(), &program(source), false);
    assert_eq!((seen.status, seen.stderr.as_slice()), (0, &b""[..]), "{source}");
    pin(name, source, &render(&seen.graph));
}

fn pin(name: &str, source: &str, text: &str) {
    let plain = anstream::adapter::strip_str(text).to_string();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/show");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(source);
    settings.bind(|| insta::assert_snapshot!(name, plain));
}

#[test]
fn what_is_shared_is_marked_and_cycles_are_visible() {
    golden("shared", "a = [1]; b = a; c = [a, a]; c.append(c)");
    golden("grid", "grid = [[0] * 2] * 2");
}

#[test]
fn closures_and_defaults_are_parts_of_functions() {
    golden(
        "closure",
        "def counter():\n    n = 0\n    def count():\n        nonlocal n\n        n += 1\n        return n\n    return count\n\n\
         one, other = counter(), counter()\nagain = one\none(); one()",
    );
    golden(
        "default",
        "def collect(x, into=[], *, seen={}):\n    into.append(x)\n    return into\n\nfirst = collect(1)\ncollect(2)",
    );
}

#[test]
fn a_shallow_copy_shares_what_a_deep_copy_copies() {
    golden(
        "copies",
        "from copy import copy, deepcopy\ninner = [1]\nwhole = [inner, inner]\nshallow = copy(whole)\ndeep = deepcopy(whole)\ndel copy, deepcopy",
    );
}

#[test]
fn attributes_stand_in_a_dict_or_in_slots() {
    golden(
        "instances",
        "class Dict:\n    shared = []\n\nclass Slots:\n    __slots__ = ('x', 'unset')\n\nd = Dict(); d.x = d.y = [1]\n\
         s = Slots(); s.x = d\nspace = d.__dict__",
    );
}

#[test]
fn bounds_are_shown_where_they_cut() {
    let nested = program("x = [[[[1]]]]\nlong = list(range(300, 400))\ntail = {'a': {}}");
    let bounds = Bounds { depth: 2, parts: 5, ..Bounds::default() };
    let seen = of_reference(&Profile::of(version()), Limits::default(), &nested, bounds, false).expect("it runs");
    pin(
        "bounds",
        "x = [[[[1]]]]; long = list(range(300, 400)); tail = {'a': {}}, depth 2, parts 5",
        &render(&seen.graph),
    );
    let bounds = Bounds { objects: 2, ..Bounds::default() };
    let seen = of_reference(&Profile::of(version()), Limits::default(), &nested, bounds, false).expect("it runs");
    assert_eq!((seen.graph.objects.len(), seen.graph.names.len()), (2, 2));
    assert!(seen.graph.objects.iter().all(|object| object.cut > 0));
}

const LEAKS: &str = "import builtins\n\nclass Node:\n    def __init__(self, other=None):\n        self.other = other\n\n\
                     def leak():\n    a = Node()\n    a.other = Node(a)\n\nleak()\nring = Node()\nring.other = Node([ring])\n\
                     plain = [1]\nbuiltins.hidden = {'k': plain}\n";

#[test]
fn leaks_are_garbage_cycles_and_what_modules_hold() {
    let seen = reference(version(), &program(LEAKS), true);
    let leaks = seen.leaks.expect("asked for");
    pin("leaks", LEAKS, &render_leaks(&leaks));
    // What it says of the collector is what the collector does.
    let collect = format!("{LEAKS}import gc\nprint(gc.collect())\n");
    let seen = reference(version(), &program(&collect), true);
    assert_eq!(String::from_utf8_lossy(&seen.stdout), format!("{}\n", leaks.collectable));
    assert_eq!(seen.leaks.map(|leaks| leaks.collectable), Some(0));
    let seen = reference(version(), &program("x = [1]\ndef f(): return x\nclass C:\n    y = f\nc = C()"), true);
    let text = render_leaks(&seen.leaks.expect("asked for"));
    assert_eq!(text, "nothing outlives the names of the program\n");
}

/// Arguments and a program on stdin: status, stdout and stderr of `show`.
fn show(arguments: &[&str], program: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    command.arg("show").args(arguments).arg("-").env_remove("CARGO_MANIFEST_DIR");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("piped").write_all(program.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_ends_as_the_program_and_shows_what_is_there() {
    let (status, out, errors) = show(&["--profile", "3.13.0"], "print('out')\nx = []\ny = x\n1/0\nz = 1");
    assert_eq!(status, 1);
    assert!(
        errors.starts_with("out\nTraceback") && errors.ends_with("ZeroDivisionError: division by zero\n"),
        "{errors}"
    );
    assert_eq!(out, "names     objects  count  size\nx, y   -> #1 []        2    56  shared by x, y\n");
    assert_eq!(show(&[], "raise SystemExit(3)"), (3, "no names are bound\n".into(), String::new()));
    assert_eq!(show(&[], "def f(:").0, 1);
    let (status, out, errors) = show(&["--max-memory", "2000000"], "x = [1]\nwhile True: x = [x]");
    assert_eq!(status, 70, "{errors}");
    assert!(out.starts_with("names") && out.contains("x      -> #1"), "{out}");
    assert_eq!(show(&["--engine", "no-such-python"], "").0, 3);
    assert_eq!(show(&["--against", "no-such-python"], "").0, 3);
    assert_eq!(show(&["--leaks", "--engine", "python3"], "").0, 2);
}

#[test]
fn json_is_the_snapshot() {
    let (status, out, _) = show(&["--json", "--profile", "3.13.0"], "a = [1]; b = a");
    let graph: Snapshot = serde_json::from_str(&out).expect("a snapshot");
    assert_eq!((status, &graph), (0, &reference(version(), &program("a = [1]; b = a"), false).graph));
    assert_eq!(graph.names.len(), 2);
}

/// The python3 on the PATH, if it is one whose version has rules.
fn python() -> Option<PyVersion> {
    match of_python("python3", &program(""), Bounds::default(), TIME) {
        Ok(seen) => Some(seen.version),
        Err(GraphError::NotFound(_) | GraphError::Version(..)) => None,
        Err(error) => panic!("{error}"),
    }
}

fn same(version: PyVersion, program: &Program) {
    let ours = reference(version, program, false);
    let theirs = of_python("python3", program, Bounds::default(), TIME).expect("it answers");
    let name = &program.filename;
    assert_eq!(ours.status, theirs.status, "{name}: {}", String::from_utf8_lossy(&ours.stderr));
    if let Err(difference) = ours.graph.isomorphic(&theirs.graph) {
        panic!("{name}: {}", difference.describe(&ours.engine, &theirs.engine));
    }
}

/// `graphs` with these arguments: status, stdout and stderr.
fn graphs(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases");
    command.arg("graphs").args(arguments).arg("--cases").arg(cases);
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn cases_that_state_a_graph_leave_the_same_one_in_python3() {
    if python().is_none() {
        return;
    }
    let (status, out, errors) = graphs(&["--against", "python3"]);
    assert_eq!(status, 0, "{out}{errors}");
    let summary = out.lines().last().unwrap_or("");
    let count: usize = summary.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0);
    assert!(count > 10 && summary.ends_with(", 0 another"), "{out}");
    let (status, out, _) = graphs(&["--against", "python3", "--all", "--verbose", "identity.repeat-shares-items"]);
    assert_eq!((status, out.lines().count()), (0, 2), "{out}");
    assert_eq!(graphs(&["--against", "no-such-python"]).0, 3);
    assert_eq!(graphs(&["--against", "python3", "no.such.case"]).0, 2);
}

#[test]
fn all_kinds_of_objects_look_the_same_in_python3() {
    let Some(version) = python() else { return };
    let source = include_str!("show/kinds.py");
    same(version, &program(source));
    let (status, out, errors) = show(&["--against", "python3"], "a = [1]; b = a");
    assert_eq!(status, 0, "{errors}");
    assert!(out.starts_with("the same graph of 2 objects in reference "), "{out}");
    // Sets are ordered by what they hold: the order of strings differs from run to run.
    assert_eq!(show(&["--against", "python3"], "s = {'a', 'b', 'c', ('d', 1)}").0, 0);
    let arguments = ["--engine", "python3", "--against", "python3"];
    let (status, out, _) = show(&arguments, "a = [1, [hash('differs from run to run')]]");
    assert_eq!(status, 1, "{out}");
    assert!(out.starts_with("a[1][0]: int "), "{out}");
}
