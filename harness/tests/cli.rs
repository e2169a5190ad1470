//! The command as people run it.

#![cfg(unix)]

mod project;

use project::{Project, case, text, verysame};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use verysame_engine::rules::PyVersion;

fn has_python() -> bool {
    Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn every_subcommand_helps_with_an_example() {
    let here = Path::new(".");
    let help = text(&verysame(here, &["--help"]).stdout);
    let section = help.split("Commands:").nth(1).expect("a list of commands");
    let commands: Vec<&str> = section
        .lines()
        .skip(1)
        .take_while(|line| !line.is_empty())
        // Further lines of a description stand deeper.
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.contains(&"run") && commands.contains(&"exec"), "{commands:?}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let output = verysame(here, &[command, "--help"]);
        assert!(output.status.success());
        assert!(text(&output.stdout).contains("verysame "), "{command}");
        assert!(text(&output.stdout).contains("Example"), "{command} has no example");
    }
    assert_eq!(verysame(here, &["no-such-command"]).status.code(), Some(2));
    assert_eq!(verysame(here, &["run", "--level", "none"]).status.code(), Some(2));
}

#[test]
fn a_wrong_expectation_fails_with_place_difference_and_a_line_that_reruns_it() {
    if !has_python() {
        return;
    }
    let project = Project::new(&(case("right", "1 + 1  #=> 2") + &case("wrong", "[1, 2]  #=> [1, 3]")));
    let (status, out, _) = project.run(&["run", "--engine", "python3"]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("FAIL area.wrong · module · python3"), "{out}");
    assert!(!out.contains("area.right"), "{out}");
    assert!(out.contains("--> cases/area/topic.toml:18:13"), "{out}");
    assert!(out.contains("expected [1, 3]\n  seen     [1, 2]"), "{out}");
    assert!(out.contains("4 results, 2 PASS, 2 FAIL"), "{out}");
    assert!(!out.contains('\u{1b}'), "colours in a pipe: {out:?}");
    let line = out.lines().find_map(|line| line.trim().strip_prefix("rerun")).expect("a line").trim().to_string();
    let words: Vec<&str> = line.split(' ').collect();
    assert_eq!(words[0], "verysame");
    let (status, again, _) = project.run(&words[1..]);
    assert_eq!(status, 1);
    assert!(again.contains("1 result, 1 FAIL"), "{line}: {again}");
}

#[test]
fn a_broken_case_file_costs_no_case_of_another() {
    let project = Project::new(&case("whole", "1  #=> 1"));
    project.write("cases/area/broken.toml", "[[case]]\nid = \"area.x\"\ntitel = \"x\"\n");
    project.write("cases/other/broken.toml", "[[case\n");
    let (status, out, errors) = project.run(&["run", "--engine", "no-such-python"]);
    assert_eq!(status, 3, "{errors}");
    assert!(errors.contains("cases/area/broken.toml:3:1") && errors.contains("did you mean `title`?"), "{errors}");
    assert!(errors.contains("cases/other/broken.toml:1:"), "{errors}");
    assert!(out.contains("no-such-python: INFRA no command `no-such-python`"), "{out}");
    let (status, out, _) = project.run(&["lint"]);
    assert_eq!(status, 2);
    assert!(out.contains("1 case about 1 rule:"), "{out}");
    if has_python() {
        let (status, out, _) = project.run(&["run", "--engine", "python3"]);
        assert_eq!(status, 2);
        assert!(out.contains("2 results, 2 PASS"), "{out}");
    }
}

#[test]
fn what_is_not_found_is_said_with_a_suggestion() {
    let project = Project::new(&case("whole", "1  #=> 1"));
    let (status, _, errors) = project.run(&["run", "area.whol3"]);
    assert_eq!(status, 2);
    assert!(errors.contains("did you mean `area.whole`?"), "{errors}");
    let (status, _, errors) = project.run(&["explain", "area.rul"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    let (status, _, errors) = project.run(&["explain", "area.ruel"]);
    assert_eq!(status, 2);
    assert!(errors.contains("did you mean `area.rule`?"), "{errors}");
    let (status, _, errors) = project.run(&["run", "--fault", "caching.int.small:no-such"]);
    assert_eq!(status, 2);
    assert!(errors.contains("no fault `no-such`"), "{errors}");
    let (status, _, errors) = project.run(&["run", "--cases", "nowhere"]);
    assert_eq!(status, 2, "{errors}");
}

#[test]
fn bless_writes_one_value_and_leaves_the_language_alone() {
    if !has_python() {
        return;
    }
    let habit = case("habit", "len([1])     #=> 7   ").replace("source", "guarantee = \"cpython\"\nsource");
    let project = Project::new(&(habit + &case("promise", "len([])  #=> 7")));
    let path = project.folder.path().join("cases/area/topic.toml");
    let before = std::fs::read_to_string(&path).expect("the file");
    let (status, out, errors) = project.run(&["bless", "--engine", "python3"]);
    assert_eq!(status, 1, "{errors}");
    assert!(errors.contains("cases/area/topic.toml:19:14: the mark is of level `language`"), "{errors}");
    assert!(out.contains("+len([1])     #=> 1"), "{out}");
    let after = std::fs::read_to_string(&path).expect("the file");
    assert_eq!(after, before.replacen("#=> 7", "#=> 1", 1));
    let (status, _, errors) = project.run(&["bless", "--engine", "python3", "habit"]);
    assert_eq!((status, errors.as_str()), (0, ""));
}

#[test]
fn engines_that_misbehave_get_verdicts_of_their_own() {
    let project = Project::new(&case("whole", "1  #=> 1"));
    let hello = r#"echo '{"hello":1,"python":"3.12.1","implementation":"odd","release":"","fork":true}'"#;
    project.write("dies", &format!("{hello}; read job; exit 9"));
    project.write("babbles", &format!("{hello}; while read job; do echo no; done"));
    let run = |engine: &str, verdict: &str, expected: i32| {
        let (status, out, _) = project.run(&["run", "--engine", engine, "--jobs", "1"]);
        assert_eq!(status, expected, "{out}");
        assert!(out.contains(&format!("2 results, 2 {verdict}")), "{out}");
        assert!(out.contains(&format!("--engine '{engine}'")), "{out}");
    };
    run("sh dies", "CRASH", 1);
    run("sh babbles", "INFRA", 3);
}

#[test]
fn without_python3_the_reference_engine_runs_alone_and_says_so() {
    let project = Project::new(&case("whole", "1  #=> 1"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    let output = command.current_dir(project.folder.path()).arg("run").env("PATH", "/nonexistent").output();
    let output = output.expect("it can be started");
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("the reference engine runs alone: no command `python3`"));
    assert_eq!(text(&output.stdout).lines().count(), 1, "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains(&format!("reference {}: 2 results, 2 PASS", PyVersion::NEWEST)));
}

/// A program on stdin: status, stdout and stderr of `exec`.
fn exec(arguments: &[&str], program: &[u8]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    command.arg("exec").args(arguments).arg("-");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("piped").write_all(program).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn exec_ends_as_the_program_ends() {
    assert_eq!(exec(&[], b"print(1)"), (0, "1\n".into(), String::new()));
    assert_eq!(exec(&[], b"raise SystemExit(3)"), (3, String::new(), String::new()));
    assert_eq!(exec(&[], b"raise SystemExit('words')"), (1, String::new(), "words\n".into()));
    let program = b"import atexit\natexit.register(print, 'last')\nprint(1)";
    assert_eq!(exec(&[], program), (0, "1\nlast\n".into(), String::new()));
    let (status, out, errors) = exec(&[], b"import sys\nsys.stderr.write('first\\n')\nprint(1)\n1/0");
    assert_eq!((status, out.as_str()), (1, "1\n"));
    assert!(errors.starts_with("first\nTraceback (most recent call last):\n"), "{errors}");
    assert!(errors.ends_with("ZeroDivisionError: division by zero\n"), "{errors}");
    let (status, out, errors) = exec(&["--mode", "interactive"], b"x = 5\nx\n1/0\n_ + 1\nprint('a')\nNone\n");
    assert_eq!((status, out.as_str()), (0, "5\n6\na\n"));
    assert!(errors.contains("ZeroDivisionError"), "{errors}");
}

#[test]
fn exec_imports_from_a_directory() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("package")).expect("a folder in it");
    let write = |name: &str, source: &str| std::fs::write(folder.path().join(name), source).expect("a module");
    write("package/__init__.py", "from . import inner\n");
    write("package/inner.py", "def broken():\n    return 1 / 0\n");
    // The directory's modules come before the engine's own in Python, not before those in Rust.
    write("keyword.py", "kwlist = ['ours']\n");
    write("gc.py", "raise SystemError\n");
    let folder = folder.path().display().to_string();
    let program = b"import gc, keyword, package\nprint(keyword.kwlist, package.inner.__name__)\npackage.inner.broken()";
    let (status, out, errors) = exec(&["--profile", "3.12", "--stdlib", &folder], program);
    assert_eq!((status, out.as_str()), (1, "['ours'] package.inner\n"));
    let place =
        format!("  File \"{folder}/package/inner.py\", line 2, in broken\n    return 1 / 0\n           ~~^~~\n");
    assert!(errors.contains(&place), "{errors}");
    assert_eq!(exec(&["--stdlib", "/nowhere"], b"").0, 2);
}

#[test]
fn exec_bounds_every_program() {
    let (status, _, errors) = exec(&["--max-steps", "1000"], b"while True: pass");
    assert_eq!((status, errors.as_str()), (70, "verysame: stopped by the limit on steps\n"));
    assert_eq!(exec(&["--max-output", "1000"], b"while True: print('x' * 100)").0, 70);
    assert_eq!(exec(&["--max-memory", "3000000"], b"l = []\nwhile True: l.append([0] * 100)").0, 70);
    for bytes in [&b"\xff\xfe"[..], b"def f(:", b"\0", b"(((((", b"'\\ud800'"] {
        assert!((0..=1).contains(&exec(&[], bytes).0), "{bytes:?}");
    }
}

#[test]
fn exec_follows_the_profile_and_its_fault() {
    let program = b"print(frozenset() is frozenset(), int('256') is int('256'))";
    assert_eq!(exec(&["--profile", "3.9"], program).1, "True True\n");
    assert_eq!(exec(&["--profile", "3.10"], program).1, "False True\n");
    assert_eq!(exec(&["--profile", "3.10", "--fault", "caching.int.small:none"], program).1, "False False\n");
    assert_eq!(exec(&["--profile", "3.7"], program).0, 2);
}

#[test]
fn a_missing_file_is_wrong_usage_of_exec() {
    let output = verysame(Path::new("."), &["exec", "no/such/file.py"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("can't open file 'no/such/file.py'"));
}

#[test]
fn faults_are_listed() {
    let output = verysame(Path::new("."), &["faults", "--list", "caching.int.small"]);
    assert!(text(&output.stdout).starts_with("caching.int.small:none  3.8 3.9 "));
    assert_eq!(verysame(Path::new("."), &["faults", "no.such.rule"]).status.code(), Some(2));
}

/// A folder of facts about one program and one fact that no program asks for.
fn facts(answer: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("cases.json", r#"{"int.same": {"mode": "script", "src": "print(int('256') is 256)\nint('x')\n"}}"#);
    let facts = format!(r#"{{"int.same": {answer}, "size.list": 56}}"#);
    write("cpython-3.12.json", &format!(r#"{{"meta": {{"version_info": [3, 12, 1]}}, "facts": {facts}}}"#));
    write("cpython-wasm.json", &format!(r#"{{"meta": {{"version_info": [3, 14, 2], "bits": 32}}, "facts": {facts}}}"#));
    folder
}

#[test]
fn facts_are_compared_and_differences_listed() {
    let right = r#"["True", "!ValueError: invalid literal for int() with base 10: 'x'"]"#;
    let folder = facts(right);
    let run = |arguments: &[&str]| {
        let output = verysame(folder.path(), arguments);
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    };
    let (status, out, _) = run(&["facts", "."]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("2 versions: 1 equal, 0 different, 0 not promised, 3 not comparable"), "{out}");
    let (status, out, _) = run(&["facts", ".", "--version", "3.12", "--section", "int"]);
    assert_eq!(
        (status, out.contains("1 version: 1 equal, 0 different, 0 not promised, 0 not comparable")),
        (0, true),
        "{out}"
    );
    let (status, _, errors) = run(&["facts", ".", "--version", "3.12.7"]);
    assert_eq!((status, errors.contains("no facts of 3.12.7: there are 3.12.1, 3.14.2")), (2, true), "{errors}");
    let (status, _, errors) = run(&["facts", ".", "--section", "in"]);
    assert_eq!((status, errors.contains("no fact is chosen")), (2, true), "{errors}");

    let folder = facts(r#"["False"]"#);
    let output = verysame(folder.path(), &["facts", ".", "--list", "--jobs", "1"]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(
        out.contains("DIFFERENT int.same · 3.12.1 · script\n  | print(int('256') is 256)\n  | int('x')\n"),
        "{out}"
    );
    assert!(out.contains("  expected False\n  seen     True\n           !ValueError: invalid literal"), "{out}");
    assert!(out.contains("2 versions: 0 equal, 1 different, 0 not promised, 3 not comparable"), "{out}");
}

#[test]
fn facts_that_are_not_promised_are_counted_apart_unless_they_are_equal() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("cases.json", r#"{"id.is_address_ctypes": {"mode": "script", "src": "print(1)"}}"#);
    let compared = |answer: &str, arguments: &[&str]| {
        let facts = format!(r#"{{"id.is_address_ctypes": ["{answer}"]}}"#);
        write("cpython-3.12.json", &format!(r#"{{"meta": {{"version_info": [3, 12, 1]}}, "facts": {facts}}}"#));
        let output = verysame(folder.path(), &[&["facts", "."], arguments].concat());
        (output.status.code().unwrap_or(-1), text(&output.stdout))
    };
    for arguments in [&[][..], &["--no-fuse"]] {
        let (status, out) = compared("True", arguments);
        assert_eq!(status, 0, "{out}");
        assert!(out.contains("not promised: id.is_address_ctypes · 3.12.1\n  The program reads memory"), "{out}");
        assert!(out.contains("1 version: 0 equal, 0 different, 1 not promised, 0 not comparable"), "{out}");
        let (status, out) = compared("1", arguments);
        assert_eq!(status, 1, "{out}");
        assert!(out.contains("STALE id.is_address_ctypes · 3.12.1\n  It is equal, but listed"), "{out}");
    }
}

#[test]
fn a_broken_folder_of_facts_is_named_by_file_and_key() {
    let folder = facts("[]");
    let broken = |name: &str, content: &str| {
        std::fs::write(folder.path().join(name), content).expect("a file");
        let output = verysame(folder.path(), &["facts", "."]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
        text(&output.stderr)
    };
    let errors = broken("cpython-3.12.json", r#"{"meta": {"version_info": [3]}, "facts": {}}"#);
    assert!(errors.contains("cpython-3.12.json: key `meta.version_info`: a list is wanted"), "{errors}");
    let errors = broken("cpython-3.12.json", r#"{"meta": {"version_info": [3, 7, 0]}, "facts": {}}"#);
    assert!(errors.contains("`3.7.0` is not a CPython version with a profile"), "{errors}");
    let errors = broken("cases.json", r#"{"a.b": {"mode": "script"}}"#);
    assert!(errors.contains("cases.json: key `a.b.src`: a text is wanted"), "{errors}");
    let errors = broken("cases.json", "{\n  \"a\": ]");
    assert!(errors.contains("cases.json: expected value at line 2 column 8"), "{errors}");
    let output = verysame(folder.path(), &["facts", "nowhere"]);
    assert_eq!((output.status.code(), text(&output.stderr).contains("nowhere/cases.json: ")), (Some(2), true));
}
