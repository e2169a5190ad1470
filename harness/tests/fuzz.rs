//! `verysame fuzz` as a user meets it: killed and gone on with, divided among machines, and ending in cases.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn fuzz(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    command.arg("fuzz").args(args).current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    fuzz(folder, args).output().expect("it starts")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// What a log says was found, in order.
fn found(folder: &Path, logs: &[&str]) -> String {
    let output = run(folder, &[&["merge"], logs].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    text(&output)
}

const FAULT: &[&str] =
    &["--fault", "scoping.except.name-deleted:stays", "--kind", "skeletons", "--shown", "0", "--jobs", "2"];

#[test]
fn a_search_that_is_killed_loses_nothing_and_counts_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = |log: &'static str| [FAULT, &["--programs", "900", "--log", log]].concat();
    let whole = run(folder.path(), &args("whole.jsonl"));
    assert_eq!(whole.status.code(), Some(1), "{}", text(&whole));
    let wanted = found(folder.path(), &["whole.jsonl"]);
    assert!(wanted.contains("900 programs"), "{wanted}");
    for turn in 0..6_u64 {
        let mut child = fuzz(folder.path(), &args("killed.jsonl"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_millis(60 + 137 * turn % 400));
        // SIGKILL where there are signals.
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }
    let last = run(folder.path(), &args("killed.jsonl"));
    assert_eq!(last.status.code(), Some(1), "{}", text(&last));
    assert_eq!(found(folder.path(), &["killed.jsonl"]), wanted);
}

#[test]
fn shards_find_together_what_one_machine_finds() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = |log: &'static str, shard: &'static str| {
        [FAULT, &["--programs", "500", "--log", log, "--shard", shard]].concat()
    };
    run(folder.path(), &args("whole.jsonl", "1/1"));
    run(folder.path(), &args("1.jsonl", "1/2"));
    run(folder.path(), &args("2.jsonl", "2/2"));
    let wanted = found(folder.path(), &["whole.jsonl"]);
    assert_eq!(found(folder.path(), &["1.jsonl", "2.jsonl", "1.jsonl"]), wanted);
    run(folder.path(), &["merge", "1.jsonl", "2.jsonl", "--into", "both.jsonl"]);
    assert_eq!(found(folder.path(), &["both.jsonl"]), wanted);
    // Nothing is left to be done.
    let again = text(&run(folder.path(), &args("both.jsonl", "1/1")));
    assert!(again.contains("500 programs of them before"), "{again}");
    let other = run(folder.path(), &[&args("both.jsonl", "1/1")[..], &["--seed", "2"]].concat());
    assert_eq!(other.status.code(), Some(2), "{}", text(&other));
}

#[test]
fn what_is_found_becomes_a_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let cases = folder.path().join("cases").join("fuzz");
    let args = ["--fault", "scoping.except.name-deleted:stays", "--kind", "skeletons", "--programs", "900"];
    let output = run(folder.path(), &[&args[..], &["--cases"]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let files: Vec<_> = std::fs::read_dir(&cases).expect("cases").flatten().map(|entry| entry.path()).collect();
    assert!(!files.is_empty(), "{}", text(&output));
    for file in &files {
        let case = std::fs::read_to_string(file).expect("a file");
        let source = case.split("'''").nth(1).expect("a source");
        assert!(source.trim().lines().count() <= 8, "{case}");
        assert!(
            case.contains("reference 3.")
                && case.contains("except ValueError as")
                && case.contains("scoping.except.name-deleted"),
            "{case}"
        );
    }
}

/// Two mistakes of CPython's inlined comprehensions, where there is a CPython that has them.
#[test]
fn known_mistakes_of_cpython_are_found_without_being_known() {
    let inlines = |command: &&&str| {
        let program =
            "import sys; sys.exit(not (sys.implementation.name == 'cpython' and sys.version_info >= (3, 12)))";
        Command::new(command).args(["-I", "-c", program]).output().is_ok_and(|output| output.status.success())
    };
    let Some(engine) = ["python3.12", "python3.13", "python3.14", "python3"].iter().find(inlines) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["--engine", engine, "--kind", "skeletons", "--programs", "5000", "--seed", "1"];
    let output = text(&run(folder.path(), &[&args[..], &["--all", "--shown", "99"]].concat()));
    for (rule, end) in [
        ("scoping.comprehension.siblings", "UnboundLocalError: cannot access local variable"),
        ("scoping.comprehension.pass-through", "NameError: cannot access free variable"),
    ] {
        assert!(output.contains(rule) && output.contains(end) && output.contains("bug of cpython"), "{output}");
    }
    let quiet = run(folder.path(), &args);
    assert!(text(&quiet).contains("explained by https://github.com/python/cpython/issues/"), "{}", text(&quiet));
}

/// An engine that is a profile's file: a Python that takes `nonlocal` for `global`.
#[test]
fn an_engine_under_a_profile_gets_what_it_can_run() {
    let python = Command::new("python3").args(["-I", "-c", "import sys; sys.exit(sys.version_info < (3, 8))"]).output();
    if !python.is_ok_and(|output| output.status.success()) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let engine = "import sys\n\
                  source = open(sys.argv[1]).read().replace('nonlocal ', 'global ')\n\
                  exec(compile(source, sys.argv[1], 'exec'), {'__name__': '__main__'})\n";
    std::fs::write(folder.path().join("engine.py"), engine).expect("it is written");
    let command = format!("command = [\"python3 {}\"]\ndriver = \"file\"\n", folder.path().join("engine.py").display());
    std::fs::write(folder.path().join("wrong.toml"), &command).expect("it is written");
    std::fs::write(folder.path().join("lacking.toml"), format!("{command}[capabilities]\nnonlocal = false\n"))
        .expect("it is written");
    let args = ["--kind", "skeletons", "--first", "20000", "--programs", "60", "--seed", "3", "--engine"];
    let wrong = text(&run(folder.path(), &[&args[..], &["wrong.toml"]].concat()));
    assert!(wrong.contains("scoping.nonlocal.nearest") && wrong.contains("    nonlocal "), "{wrong}");
    assert!(wrong.contains("fuzz --engine wrong.toml --kind skeletons --seed 3"), "{wrong}");
    let lacking = run(folder.path(), &[&args[..], &["lacking.toml"]].concat());
    assert_eq!(lacking.status.code(), Some(0), "{}", text(&lacking));
    assert!(!text(&lacking).contains("\n0 programs"), "{}", text(&lacking));
}

#[test]
fn wrong_usage_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    for (args, words) in [
        (&["--kind", "names"][..], "the kinds are"),
        (&["--shard", "3/2"], "a shard is written I/N"),
        (&["merge", "no.jsonl"], "no.jsonl"),
        (&["--engine", "no-such-python"], "no command `no-such-python`"),
    ] {
        let output = run(folder.path(), args);
        assert!(matches!(output.status.code(), Some(2 | 3)), "{args:?}");
        assert!(text(&output).contains(words), "{}", text(&output));
    }
}
