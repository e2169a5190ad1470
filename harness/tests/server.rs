//! An engine that stays and runs texts as they come: what a program does to it is the end of that program alone.

#![cfg(unix)]

use std::time::Duration;
use verysame::case::{Chunk, Job, Mode, Probe, ProbeKind};
use verysame::engine::{Engine, EngineSpec, Isolation, Limits};
use verysame::judge::{ChunkEnd, ProcessEnd, Seen};
use verysame::profile::{DriverKind, EngineProfile};

/// A server in Python that keeps nothing apart but global names.
const SERVER: &str = r#"
import io, json, os, sys, traceback
os.write(1, os.environ.get("HELLO", '{"serves": 1}').encode() + b"\n")
for line in sys.stdin:
    ask = json.loads(line)
    sys.stdout, sys.stderr, status = io.StringIO(), io.StringIO(), 0
    try:
        exec(compile(ask["source"], "case.py", "exec"), {"__name__": "__main__"})
    except Exception as error:
        # Its own frame is no frame of the program.
        traceback.print_exception(type(error), error, error.__traceback__.tb_next)
        status = 1
    out, err = sys.stdout.getvalue(), sys.stderr.getvalue()
    answer = {"job": ask["job"], "stdout": out, "stderr": err, "status": status}
    os.write(1, json.dumps(answer).encode() + b"\n")
"#;

struct Server {
    folder: tempfile::TempDir,
}

impl Server {
    fn new() -> Server {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("server.py"), SERVER).expect("a file");
        Server { folder }
    }

    fn open(&self, hello: Option<&str>) -> Result<Box<dyn Engine>, String> {
        let command = format!("python3 -I -S -B {}", self.folder.path().join("server.py").display());
        let mut profile = EngineProfile::bare("own", &command, DriverKind::Server);
        profile.environment.extend(hello.map(|hello| ("HELLO".to_string(), hello.to_string())));
        EngineSpec::profiled("own", profile, None, None).and_then(|spec| spec.open()).map_err(|error| error.to_string())
    }
}

fn job(source: &str) -> Job {
    Job {
        case: "a.case".into(),
        mode: Mode::Module,
        files: vec![],
        chunks: vec![Chunk { source: format!("{source}\n"), first_line: 1, graph: false }],
        probes: vec![Probe { name: "__probe_1__".into(), kind: ProbeKind::Value }],
        packages: false,
        heap: vec![],
    }
}

fn has_python() -> bool {
    std::process::Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn what_a_program_does_to_a_server_is_its_own_end() {
    if !has_python() {
        return;
    }
    let server = Server::new();
    let mut engine = server.open(None).expect("it serves");
    assert_eq!(engine.describe().isolation, Isolation::Reset);
    let limits = Limits { time: Duration::from_secs(2), output: 100_000, ..Limits::default() };
    let fine = |engine: &mut Box<dyn Engine>| {
        let seen = engine.observe(&job("x = 'one'\n__probe_1__(x)\nprint('two')"), &limits);
        assert_eq!((seen.end, seen.stdout.as_str()), (ProcessEnd::Ok, "two\n"));
        assert_eq!(seen.chunks, [ChunkEnd::Completed]);
        let values: Vec<&Seen> = seen.events.iter().map(|event| &event.seen).collect();
        assert_eq!(values, [&Seen::Value { repr: "'one'".into(), graph: None }]);
    };
    fine(&mut engine);
    let seen = engine.observe(&job("1\n\n1 / 0"), &limits);
    match &seen.chunks[..] {
        [ChunkEnd::Raised(raised)] => {
            assert_eq!((raised.class.as_str(), raised.at_compile, raised.line), ("ZeroDivisionError", false, Some(3)));
        }
        other => panic!("{other:?}"),
    }
    for (source, end) in [
        ("import os\nos._exit(3)", ProcessEnd::Crash("exit status 3".into())),
        ("import os\nos.kill(os.getpid(), 11)", ProcessEnd::Crash("signal 11 (SIGSEGV)".into())),
        ("while True: pass", ProcessEnd::Timeout),
        ("print('x' * 200_000)", ProcessEnd::Limit("output".into())),
    ] {
        assert_eq!(engine.observe(&job(source), &limits).end, end, "{source}");
        fine(&mut engine);
    }
    let babble = "import os\nos.write(1, b'babble\\n')";
    assert!(matches!(engine.observe(&job(babble), &limits).end, ProcessEnd::Infra(words) if words.contains("babble")));
    fine(&mut engine);
}

#[test]
fn what_is_no_server_is_named() {
    if !has_python() {
        return;
    }
    let words = Server::new().open(Some("{\"serves\": 2}")).err().expect("another protocol");
    assert!(words.contains("its first line is") && words.contains("serves"), "{words}");
}
