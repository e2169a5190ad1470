//! `verysame compiles` as people run it, against a Python that a shell script plays.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const HELLO: &str =
    r#"{"hello": 1, "python": "3.13.0", "implementation": "cpython", "release": "", "program": "", "fork": false}"#;

/// A program that says hello and answers the first job so, and each further one by accepting it.
fn python(folder: &Path, answer: &str) -> String {
    let path = folder.join("python");
    let accept = r#"{"job": '$n', "error": null, "warnings": []}"#;
    let script = format!(
        "#!/bin/sh\necho '{HELLO}'\nread line\necho '{answer}'\nn=2\nwhile read line; do echo '{accept}'; n=$((n + 1)); done\n"
    );
    std::fs::write(&path, script).expect("a script");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    path.display().to_string()
}

fn compiles(folder: &Path, answer: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let python = python(folder, answer);
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    command.current_dir(folder).args(["compiles", "--against", &python]).args(arguments);
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&python, "PYTHON");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

const ACCEPTED: &str = r#"{"job": 1, "error": null, "warnings": []}"#;

fn project(sources: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, source) in sources {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a folder");
        std::fs::write(path, source).expect("a file");
    }
    folder
}

#[test]
fn agreement_is_counted() {
    let folder = project(&[("lib/a.py", "x = 1\n"), ("lib/inner/b.py", "y = 2\n"), ("lib/c.txt", "not Python\n")]);
    let (status, out, errors) = compiles(folder.path(), ACCEPTED, &["lib"]);
    assert_eq!(out, "2 files: 2 accepted by both, 0 rejected by both; 0 differences\n", "{errors}");
    assert_eq!(status, Some(0));
}

#[test]
fn every_kind_of_difference_is_shown_with_both_words() {
    let folder = project(&[("a.py", "return\n"), ("b.py", "x is 1\n")]);
    let (status, out, _) = compiles(folder.path(), ACCEPTED, &["a.py"]);
    assert_eq!(
        out,
        "a.py: rejected by the reference engine only\n  PYTHON: accepts\n  \
         reference 3.13.0: SyntaxError: 'return' outside function (line 1)\n\
         1 file: 0 accepted by both, 0 rejected by both; 1 difference: 1 rejected by the reference engine only\n"
    );
    assert_eq!(status, Some(1));
    let other = r#"{"job": 1, "error": ["SyntaxError", "no", 1], "warnings": []}"#;
    let (status, out, _) = compiles(folder.path(), other, &["a.py", "b.py"]);
    assert!(out.contains("a.py: another error\n  PYTHON: SyntaxError: no (line 1)\n"), "{out}");
    let warning = r#"SyntaxWarning: "is" with 'int' literal. Did you mean "=="? (line 1)"#;
    assert!(
        out.contains(&format!("b.py: other warnings\n  PYTHON: no warnings\n  reference 3.13.0: {warning}\n")),
        "{out}"
    );
    assert_eq!(status, Some(1));
    let (status, out, _) = compiles(folder.path(), other, &["--verdict-only", "a.py", "b.py"]);
    assert_eq!(out, "2 files: 1 accepted by both, 1 rejected by both; 0 differences\n");
    assert_eq!(status, Some(0));
    let (_, out, _) = compiles(folder.path(), other, &["b.py", "--profile", "3.7.0"]);
    assert_eq!(out, "", "a profile that does not exist is an error of usage");
    let (_, out, _) = compiles(folder.path(), other, &["b.py", "--profile", "3.9"]);
    assert!(out.contains("b.py: accepted by the reference engine only\n"), "{out}");
}

#[test]
fn what_cannot_be_asked_is_no_difference() {
    let folder = project(&[("a.py", "x = 1\n")]);
    let (status, _, errors) = compiles(folder.path(), ACCEPTED, &["no-such-path"]);
    assert!(errors.contains("no-such-path: No such file"), "{errors}");
    assert_eq!(status, Some(2));
    let (status, _, errors) = compiles(folder.path(), ACCEPTED, &["a.py", "--against", "no-such-python"]);
    assert!(errors.contains("cannot be used multiple times"), "{errors}");
    assert_eq!(status, Some(2));
    let (status, out, _) = compiles(folder.path(), "no answer", &["a.py"]);
    assert!(out.contains("a.py: a compiler broke down\n  PYTHON: its answer is no answer"), "{out}");
    assert_eq!(status, Some(3));
}

#[test]
fn a_real_python_agrees() {
    let Ok(output) = Command::new("python3").arg("--version").output() else { return };
    if !output.status.success() {
        return;
    }
    let folder = project(&[
        ("a.py", "def f(x):\n    return [y for y in x]\n"),
        ("b.py", "def f():\n    x = 1\n    global x\n"),
        ("c.py", "# coding: latin-1\nx = '\u{e9}'\nassert (x, 'y')\n"),
    ]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    let output = command.args(["compiles"]).arg(folder.path()).output().expect("it runs");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(out, "3 files: 2 accepted by both, 1 rejected by both; 0 differences\n");
    assert_eq!(output.status.code(), Some(0));
}
