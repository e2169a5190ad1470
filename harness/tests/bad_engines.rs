//! Engines that misbehave on purpose: the right verdict for exactly the cases concerned, in bounded time, and no process
//! left.
//!
//! They are small programs in `tests/bad`: workers that speak the protocol, and a shell script that runs files. Both
//! need `sh` and `python3`; without them there is nothing to test, and that is said.

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A project with six cases and a bad engine's profile.
struct Bad {
    folder: tempfile::TempDir,
    mark: String,
}

fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success());
    if !found {
        eprintln!("skipped: the bad engines are written in python3, and there is none on the PATH");
    }
    found
}

impl Bad {
    fn new(name: &str) -> Bad {
        let folder = tempfile::tempdir().expect("a folder");
        let bad = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
        let mark = format!("{name}-{}-{:?}", std::process::id(), Instant::now()).replace(' ', "");
        let (driver, command) = match name.starts_with("file-") {
            true => ("file", format!("sh {} {name}", bad.join("file.sh").display())),
            false => ("worker", format!("python3 -S {} {name}", bad.join("worker.py").display())),
        };
        let profile = format!(
            "command = {command:?}\ndriver = {driver:?}\npython = \"3.12\"\n[limits]\ntime = 1.5\nmemory = 400000000\n\
             [environment]\nBAD = {mark:?}\n"
        );
        let profile = match name == "old-python" {
            true => profile.replace("python = \"3.12\"\n", ""),
            false => profile,
        };
        let cases: String = (1..=6)
            .map(|n| {
                format!(
                    "[[case]]\nid = \"area.c{n}\"\nrules = [\"area.r\"]\ntitle = \"Case {n}\"\nmodes = [\"module\"]\n\
                     source = '''\nvalue = {n}\nvalue  #=> {n}\nprint(value)  #| {n}\n'''\n"
                )
            })
            .collect();
        let rule =
            "guarantee = \"language\"\n[[rule]]\nid = \"area.r\"\nstatement = \"It is so.\"\nreference = \"x\"\n";
        std::fs::create_dir_all(folder.path().join("cases/area")).expect("a folder");
        std::fs::create_dir(folder.path().join("tmp")).expect("a folder");
        std::fs::write(folder.path().join("cases/area/f.toml"), format!("{rule}{cases}")).expect("a file");
        std::fs::write(folder.path().join("bad.toml"), profile).expect("a file");
        Bad { folder, mark }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
        command.current_dir(self.folder.path()).args(arguments).env_remove("CARGO_MANIFEST_DIR");
        command.env("TMPDIR", self.folder.path().join("tmp")).env("XDG_CACHE_HOME", self.folder.path().join("cache"));
        command
    }

    /// The exit status and everything said.
    fn run(&self) -> (i32, String) {
        let output = self.command(&["run", "--engine", "bad.toml", "--jobs", "1"]).output().expect("started");
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap_or(-1), said)
    }

    /// The processes of this engine that are still there.
    fn left(&self) -> Vec<PathBuf> {
        let mark = format!("BAD={}", self.mark);
        let marked = |path: &PathBuf| {
            let environment = std::fs::read(path.join("environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
        };
        let entries = std::fs::read_dir("/proc").expect("/proc");
        entries.flatten().map(|entry| entry.path()).filter(marked).collect()
    }

    /// Nothing is left: no process, no temporary file.
    fn is_clean(&self, name: &str) {
        assert!(self.left().is_empty(), "{name} left {:?}", self.left());
        let files: Vec<_> = std::fs::read_dir(self.folder.path().join("tmp")).expect("a folder").flatten().collect();
        assert!(files.is_empty(), "{name} left {files:?}");
    }
}

/// Runs a bad engine; every case that is not named passes.
fn check(name: &str, status: i32, verdict: &str, cases: &[u32], words: &str) {
    if !has_python() {
        return;
    }
    let bad = Bad::new(name);
    let begun = Instant::now();
    let (code, said) = bad.run();
    assert!(begun.elapsed() < Duration::from_secs(90), "{name} took {:?}", begun.elapsed());
    assert_eq!(code, status, "{name}: {said}");
    assert!(said.contains(words), "{name}: `{words}` is not in {said}");
    for n in 1..=6 {
        let line = format!("{verdict} area.c{n} ");
        assert_eq!(said.contains(&line), cases.contains(&n), "{name}, case {n}: {said}");
    }
    if status == 3 && cases.is_empty() {
        assert!(said.contains("bad.toml: INFRA"), "{name}: {said}");
    } else {
        let passed = if words.contains("LACKS") { 5 } else { 6 - cases.len() };
        assert!(said.contains(&format!("{passed} PASS")) || cases.len() == 6, "{name}: {said}");
    }
    bad.is_clean(name);
}

macro_rules! bad {
    ($($test:ident: $name:literal, $status:literal, $verdict:literal, $cases:expr, $words:literal;)*) => {
        $(#[test] fn $test() { check($name, $status, $verdict, &$cases, $words); })*
    };
}

bad! {
    one_that_hangs: "hangs", 1, "TIMEOUT", [3], "no answer in time";
    one_that_is_busy: "busy", 1, "TIMEOUT", [3], "no answer in time";
    one_that_ignores_sigterm: "ignores-sigterm", 1, "TIMEOUT", [3], "no answer in time";
    one_that_stops_itself: "stops-itself", 1, "TIMEOUT", [3], "no answer in time";
    one_that_trickles: "trickles", 1, "TIMEOUT", [3], "no answer in time";
    one_that_ends_no_line: "no-newline", 1, "TIMEOUT", [3], "no answer in time";
    one_that_says_that_it_took_too_long: "says-timeout", 1, "TIMEOUT", [3], "no answer in time";
    one_that_floods_its_stdout: "floods", 3, "INFRA", [3], "longer than";
    one_that_floods_its_stderr: "stderr-flood", 0, "FAIL", [], "6 PASS";
    one_that_writes_no_utf8: "invalid-utf8", 3, "INFRA", [3], "is no answer";
    one_that_answers_something_else: "no-object", 3, "INFRA", [3], "is no answer";
    one_that_answers_an_earlier_job: "earlier-job", 3, "INFRA", [3], "when asked job";
    one_that_answers_a_later_job: "later-job", 3, "INFRA", [3], "when asked job";
    one_that_answers_twice: "answers-twice", 0, "FAIL", [], "6 PASS";
    one_that_knows_other_probes: "unknown-probe", 3, "INFRA", [3], "is not of this job";
    one_that_ends_more_chunks: "many-chunks", 3, "INFRA", [3], "9 chunks ended and there are 1";
    one_that_outputs_too_much: "much-output", 3, "INFRA", [3], "more output than is allowed";
    one_that_exits: "exits", 1, "CRASH", [3], "exit status 0";
    one_that_segfaults: "segfaults", 1, "CRASH", [3], "signal 11 (SIGSEGV)";
    one_that_aborts: "aborts", 1, "CRASH", [3], "signal 6 (SIGABRT)";
    one_that_exits_in_a_line: "half-a-line", 1, "CRASH", [3], "exit status 0";
    one_that_closes_its_stdout: "closes-stdout", 1, "CRASH", [3], "closed its stdout";
    one_that_eats_memory: "memory", 1, "CRASH", [3], "MemoryError";
    one_that_dies_now_and_then_is_asked_again: "dies-every-third", 0, "CRASH", [], "6 PASS";
    one_that_closes_its_stdin_is_started_again: "closes-stdin", 1, "TIMEOUT", [4], "no answer in time";
    one_that_leaves_children: "leaves-children", 0, "FAIL", [], "6 PASS";
    one_that_starts_slowly: "slow-start", 0, "FAIL", [], "6 PASS";
    one_that_lacks_something: "says-lacks", 0, "LACKS", [], "5 PASS, 1 LACKS";
    one_that_is_wrong: "wrong", 1, "FAIL", [3], "seen     42";
    one_that_says_nothing_and_ends: "silent-exit", 3, "INFRA", [], "exit status 0";
    one_that_greets_otherwise: "garbage-hello", 3, "INFRA", [], "Welcome to Python!";
    one_that_greets_too_long: "long-hello", 3, "INFRA", [], "longer than";
    one_of_another_protocol: "other-protocol", 3, "INFRA", [], "version 2 of the protocol";
    one_of_an_old_python: "old-python", 3, "INFRA", [], "`3.7.2` is not a CPython version";
    one_of_unknown_isolation: "no-such-isolation", 3, "INFRA", [], "its isolation is `hope`";
    a_file_that_hangs: "file-hangs", 1, "TIMEOUT", [3], "no answer in time";
    a_file_that_floods: "file-floods", 1, "TIMEOUT", [3], "a limit of the engine was exceeded: output";
    a_file_that_segfaults: "file-segfaults", 1, "CRASH", [3], "signal 11 (SIGSEGV)";
    a_file_that_leaves_children: "file-leaves-children", 0, "FAIL", [], "6 PASS";
    a_file_that_is_not_run: "file-exits", 3, "INFRA", [3], "exit status 0 before the program began";
    a_file_that_dies_midway: "file-dies-midway", 1, "CRASH", [3], "exit status 9: out of cheese";
    a_file_with_binary_output: "file-binary", 1, "FAIL", [3], "expected";
    a_command_that_runs_nothing: "file-silent", 3, "INFRA", [], "does not run a simple program";
    a_command_that_refuses: "file-refuses", 3, "INFRA", [], "cannot do that";
}

#[test]
fn one_that_always_dies_is_given_up() {
    if !has_python() {
        return;
    }
    let bad = Bad::new("always-dies");
    let (code, said) = bad.run();
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("3 CRASH, 3 INFRA") && said.contains("is not asked again"), "{said}");
    bad.is_clean("always-dies");
}

#[test]
fn an_engine_gets_nothing_that_is_not_its_own() {
    if !has_python() {
        return;
    }
    let bad = Bad::new("file-fine");
    let look =
        "import os, sys\nprint(sorted(os.listdir('.')), 'SECRET' in os.environ, os.path.exists('/proc/self/fd/9'))\n";
    let case = format!(
        "guarantee = \"language\"\n[[rule]]\nid = \"area.r\"\nstatement = \"It is so.\"\nreference = \"x\"\n[[case]]\nid = \"area.look\"\n\
         rules = [\"area.r\"]\ntitle = \"Look\"\nmodes = [\"module\"]\nsource = '''\n{look}'''\nstdout = '''\n['case.py'] False False\n'''\n"
    );
    std::fs::write(bad.folder.path().join("cases/area/f.toml"), case).expect("a file");
    let line = format!("exec {} run --engine bad.toml 9</dev/null", env!("CARGO_BIN_EXE_verysame"));
    let shell = Command::new("sh").args(["-c", &line]).current_dir(bad.folder.path()).env("SECRET", "1").output();
    let output = shell.expect("started");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn ctrl_c_leaves_no_process() {
    if !has_python() {
        return;
    }
    for (name, signal) in [("ignores-sigterm", "INT"), ("hangs", "TERM"), ("file-hangs", "INT")] {
        let bad = Bad::new(name);
        let profile = bad.folder.path().join("bad.toml");
        let text = std::fs::read_to_string(&profile).expect("a profile").replace("time = 1.5", "time = 60.0");
        std::fs::write(&profile, text).expect("a file");
        let mut command = bad.command(&["run", "--engine", "bad.toml", "--jobs", "1", "area.c3"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
        let begun = Instant::now();
        while bad.left().is_empty() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(700));
        let kill = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status();
        assert!(kill.is_ok_and(|status| status.success()));
        assert_eq!(child.wait().expect("it ends").code(), Some(130), "{name}");
        bad.is_clean(name);
    }
}
