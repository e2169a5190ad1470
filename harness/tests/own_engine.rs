//! An engine author's way with the command: check, accept, run, page, diff, report-bug, matrix.
//!
//! The engine is `python3` behind a shell script that gets one thing wrong; without `sh` and `python3` there is nothing
//! to test, and that is said.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

const CASES: &str = r#"
guarantee = "language"
[[rule]]
id = "area.sum"
statement = "A sum is the sum of its parts."
reference = "Library Reference: Built-in Functions"
quote = "sums"
[[rule]]
id = "area.other"
statement = "Another thing."
reference = "Library Reference: Built-in Functions"
[[case]]
id = "area.one"
rules = ["area.sum"]
title = "One and one"
source = '''
value = 1
value + 1       #=> 2
[value]         #=> [1]
'''
[[case]]
id = "area.fine"
rules = ["area.other"]
title = "Nothing special"
modes = ["module"]
source = '''
print("fine")   #| fine
'''
"#;

struct Project {
    folder: tempfile::TempDir,
}

/// The interpreter behind `python3`, without a launcher that takes longer than the test.
fn python() -> Option<String> {
    let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    let path = String::from_utf8_lossy(&output.stdout).trim().to_string();
    Path::new(&path).is_file().then_some(path)
}

impl Project {
    /// A project with an engine that takes 1 for this number; none without python3.
    fn new(number: u32) -> Option<Project> {
        let python = python();
        if python.is_none() {
            eprintln!("skipped: the engine is written in sh and python3, and there is no python3 on the PATH");
            return None;
        }
        let project = Project { folder: tempfile::tempdir().expect("a folder") };
        project.write("cases/area/f.toml", &CASES.replace("quote = \"sums\"\n", ""));
        project.write("own.toml", "# mine\ncommand = \"sh ./engine\"\ndriver = \"file\"\npython = \"3.12\"\n");
        project.engine(number);
        Some(project)
    }

    fn engine(&self, number: u32) {
        let script = "sed 's/^value = 1$/value = NUMBER/' \"$1\" >changed.py\nexec PYTHON -I -S changed.py\n";
        let script = script.replace("PYTHON", &python().unwrap_or_default());
        self.write("engine", &script.replace("NUMBER", &number.to_string()));
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(path)).expect("a file")
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_verysame"))
            .current_dir(self.folder.path())
            .args(arguments)
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("VERYSAME_ENGINES")
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .output()
            .expect("started");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap_or(-1), text)
    }

    /// Runs the suite and finds these words.
    #[track_caller]
    fn runs(&self, status: i32, words: &str) {
        let (code, said) = self.run(&["run", "--engine", "own.toml"]);
        assert_eq!(code, status, "{said}");
        assert!(said.contains(words), "`{words}` is not in {said}");
    }
}

#[test]
fn wrong_answers_are_accepted_once_and_whatever_is_new_fails() {
    let Some(project) = Project::new(5) else { return };
    project.runs(1, "FAIL area.one");
    let (status, said) = project.run(&["accept", "--engine", "own.toml", "--dry-run"]);
    assert_eq!((status, said.contains("2 deviations by 1 rule added")), (0, true), "{said}");
    assert!(!project.read("own.toml").contains("deviation"));
    let (status, said) = project.run(&["accept", "--engine", "own.toml"]);
    assert_eq!((status, said.contains("2 without a reason yet")), (0, true), "{said}");
    let text = project.read("own.toml");
    assert!(
        text.starts_with("# mine\n") && text.contains("[rules.\"area.sum\"]\nreason = \"not explained yet\""),
        "{text}"
    );
    project.runs(0, "1 XFAIL");
    // The same again changes nothing.
    let (status, said) = project.run(&["accept", "--engine", "own.toml"]);
    assert_eq!((status, said.contains("nothing new")), (0, true), "{said}");
    assert_eq!(project.read("own.toml"), text);
    // Another wrong value.
    project.engine(6);
    project.runs(1, "another wrong value than the known one, 6");
    // Right after all.
    project.engine(1);
    project.runs(1, "XPASS area.one");
    let (status, said) = project.run(&["accept", "--engine", "own.toml"]);
    assert_eq!((status, said.contains("0 deviations by 0 rules added, 2 removed")), (0, true), "{said}");
    project.runs(0, "2 PASS");
    // An entry of no case.
    project.write("own.toml", &text.replace("case = \"area.one\"", "case = \"area.gone\""));
    project.runs(1, "STALE the deviation of `area.gone` names no case");
    let (status, _) = project.run(&["accept", "--engine", "own.toml"]);
    assert_eq!(status, 0);
    project.runs(0, "2 PASS");
}

#[test]
fn a_profile_that_is_wrong_is_said_with_its_place() {
    let Some(project) = Project::new(1) else { return };
    project.write("own.toml", "command = \"sh ./engine\"\ndriver = \"file\"\nclaim = \"language\"\n");
    let (status, said) = project.run(&["run", "--engine", "own.toml"]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("own.toml:3:1") && said.contains("did you mean `claims`?"), "{said}");
    let (status, said) = project.run(&["accept", "--engine", "nowhere.toml"]);
    assert_eq!((status, said.contains("nowhere.toml cannot be read")), (3, true), "{said}");
}

#[test]
fn an_engine_is_checked_and_gets_a_profile() {
    let Some(project) = Project::new(5) else { return };
    let (status, said) = project.run(&["engine", "check", "sh ./engine", "--write", "new.toml"]);
    assert_eq!(status, 0, "{said}");
    for words in ["runs a simple program", "driver file, spawn", "0 of 10 ways", "spawn is safe", "new.toml is written"]
    {
        assert!(said.contains(words), "`{words}` is not in {said}");
    }
    let (status, said) = project.run(&["run", "--engine", "new.toml", "area.fine"]);
    assert_eq!((status, said.contains("1 PASS")), (0, true), "{said}");
    let (status, said) = project.run(&["engine", "check", "sh ./nothing"]);
    assert_eq!((status, said.contains("cannot be asked by any driver")), (3, true), "{said}");
}

#[test]
fn a_worker_that_does_not_keep_programs_apart_is_found_out() {
    let Some(project) = Project::new(1) else { return };
    let worker = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/worker.py");
    let command = format!("{} -S {}", python().unwrap_or_default(), worker.display());
    let (status, said) = project.run(&["engine", "check", &format!("{command} shares-all"), "--driver", "worker"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("10 of 10 ways of poisoning"), "{said}");
    assert!(said.contains("a global name, a builtin, a module, sys.path, the recursion limit"), "{said}");
    assert!(said.contains("reset is not safe: say isolation = \"spawn\""), "{said}");
    // In a fresh namespace for each program only the names are safe.
    let (status, said) = project.run(&["engine", "check", &format!("{command} fine"), "--driver", "worker"]);
    assert_eq!((status, said.contains("9 of 10 ways of poisoning")), (1, true), "{said}");
    let spawn = ["engine", "check", &format!("{command} shares-all"), "--driver", "worker", "--isolation", "spawn"];
    let (_, said) = project.run(&spawn);
    assert!(said.contains("0 of 10 ways") && said.contains("spawn is safe"), "{said}");
    let (status, said) = project.run(&["engine", "check", &format!("{command} lies"), "--driver", "worker"]);
    assert_eq!((status, said.contains("it is not what it says")), (1, true), "{said}");
}

#[test]
fn differences_are_told_to_people() {
    let Some(project) = Project::new(5) else { return };
    let (_, said) = project.run(&["accept", "--engine", "own.toml"]);
    let text = project.read("own.toml").replace("not explained yet", "It counts wrongly");
    project.write("own.toml", &text);
    let (status, page) = project.run(&["engine", "page", "own.toml"]);
    assert_eq!(status, 0, "{said} {page}");
    for words in [
        "# Differences of own from Python",
        "### area.sum",
        "A sum is the sum of its parts.",
        "It counts wrongly",
        "value + 1       #=> 2",
    ] {
        assert!(page.contains(words), "`{words}` is not in {page}");
    }
    let (status, said) = project.run(&["engine", "diff", "own.toml", "reference:3.12", "--both"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("language: 1 of 3 results differ") && said.contains("value + 1"), "{said}");
    let (status, _) = project.run(&["engine", "diff", "reference:3.12", "reference:3.13"]);
    assert_eq!(status, 0);
    let report = ["report-bug", "area.one", "--engine", "own.toml", "--alone"];
    let (status, said) = project.run(&report);
    assert_eq!(status, 0, "{said}");
    for words in ["**One and one**: `value + 1", "```python", "What is promised: A sum is", "| own.toml", "as expected"]
    {
        assert!(said.contains(words), "`{words}` is not in {said}");
    }
    let (status, said) = project.run(&["report-bug", "area.fine", "--engine", "own.toml", "--alone"]);
    assert_eq!((status, said.contains("does not get area.fine wrong")), (1, true), "{said}");
    let (status, said) = project.run(&["report-bug", "area.fin", "--engine", "own.toml"]);
    assert_eq!((status, said.contains("did you mean `area.fine`?")), (2, true), "{said}");
    let matrix = ["matrix", "--engine", "own.toml", "--engine", "python3", "--engine", "reference"];
    let (status, said) = project.run(&matrix);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("1 rules of the language on which engines disagree"), "{said}");
    assert!(said.contains("area.sum: A sum is") && said.contains("the minority: own.toml"), "{said}");
}
