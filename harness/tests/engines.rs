//! Engines that misbehave, and the real python3: the right end for exactly the jobs concerned.

#![cfg(unix)]

use std::time::Duration;
use verysame::case::{Chunk, Job, Mode, Probe, ProbeKind};
use verysame::engine::{Engine, EngineSpec, Isolation, Limits, OpenError};
use verysame::judge::{ChunkEnd, Observation, ProcessEnd, Raised, Seen};

fn job(mode: Mode, chunks: &[&str]) -> Job {
    let chunks = chunks.iter().enumerate();
    Job {
        case: "a.case".into(),
        mode,
        files: vec![],
        chunks: chunks
            .map(|(i, source)| Chunk { source: format!("{source}\n"), first_line: i as u32 + 1, graph: false })
            .collect(),
        probes: vec![],
        packages: false,
        heap: vec![],
    }
}

fn module(source: &str) -> Job {
    job(Mode::Module, &[source])
}

fn limits(seconds: f64) -> Limits {
    Limits { time: Duration::from_secs_f64(seconds), output: 100_000, ..Limits::default() }
}

/// A shell script in a folder of its own, as an engine's command.
struct Fake {
    folder: tempfile::TempDir,
}

impl Fake {
    fn new(script: &str) -> Fake {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("engine"), script).expect("a script");
        Fake { folder }
    }

    fn open(&self) -> Result<Box<dyn Engine>, OpenError> {
        EngineSpec::python(&format!("sh {}", self.folder.path().join("engine").display()), None)?.open()
    }

    /// The end of one job on a worker that says hello and then runs `script`.
    fn after_hello(script: &str) -> ProcessEnd {
        let fake = Fake::new(&format!("{HELLO}\n{script}"));
        fake.open().expect("it says hello").observe(&module("1"), &limits(0.3)).end
    }
}

const HELLO: &str = r#"echo '{"hello":1,"python":"3.12.1","implementation":"cpython","release":"","fork":true}'"#;

const REPLY: &str = r#"{"job":1,"status":0,"late":false,"over":false,"out":"","err":""}"#;

fn infra_of(end: ProcessEnd) -> String {
    match end {
        ProcessEnd::Infra(words) => words,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_python_is_named_in_its_own_words() {
    let words = |script: &str| Fake::new(script).open().err().expect("no hello").to_string();
    assert!(words("echo 'shim: no such version' >&2; exit 127").contains("exit status 127: shim: no such version"));
    assert!(words("echo Python 2.7; cat >/dev/null").contains("Python 2.7"));
    assert!(words("kill -9 $$").contains("signal 9 (SIGKILL)"));
    let old = HELLO.replace("3.12.1", "3.7.2");
    assert!(words(&format!("{old}; cat >/dev/null")).contains("is cpython 3.7.2: `3.7.2` is not a CPython version"));
    let missing = EngineSpec::python("no-such-python-anywhere", None).and_then(|spec| spec.open());
    assert!(matches!(missing.err(), Some(OpenError::NotFound(_))));
    assert!(matches!(EngineSpec::python("  ", None).err(), Some(OpenError::Empty)));
}

#[test]
fn a_worker_that_breaks_down_costs_its_job_only() {
    assert_eq!(Fake::after_hello("exit 3"), ProcessEnd::Crash("exit status 3".into()));
    assert_eq!(Fake::after_hello("read job; kill -11 $$"), ProcessEnd::Crash("signal 11 (SIGSEGV)".into()));
    let words = infra_of(Fake::after_hello("read job; echo garbage; cat >/dev/null"));
    assert!(words.contains("garbage"), "{words}");
    let other = REPLY.replace("\"job\":1", "\"job\":7");
    let words = infra_of(Fake::after_hello(&format!("read job; echo '{other}'; cat >/dev/null")));
    assert_eq!(words, "it answered job 7 when asked job 2");
    let words = infra_of(Fake::after_hello("read job; yes babble | tr -d '\\n'"));
    assert!(words.contains("longer than"), "{words}");
    let words = infra_of(Fake::after_hello(&format!("read job; echo '{REPLY}'; read job; echo '{REPLY}'")));
    assert!(words.contains("before the program began") || words.contains("answered job 1"), "{words}");
}

#[test]
fn a_worker_that_hangs_is_ended() {
    let fake = Fake::new(&format!("{HELLO}\nread job; sleep 600"));
    let mut engine = fake.open().expect("hello");
    let begun = std::time::Instant::now();
    assert_eq!(engine.observe(&module("1"), &limits(0.1)).end, ProcessEnd::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(15));
}

#[test]
fn an_engine_that_always_breaks_down_is_given_up() {
    let fake = Fake::new(&format!("{HELLO}\nexit 1"));
    let mut engine = fake.open().expect("hello");
    let ends: Vec<ProcessEnd> = (0..5).map(|_| engine.observe(&module("1"), &limits(1.0)).end).collect();
    assert!(matches!(ends[0], ProcessEnd::Crash(_)));
    assert!(matches!(&ends[4], ProcessEnd::Infra(words) if words.contains("not asked again")), "{ends:?}");
}

/// The python3 on the PATH under both isolations; nothing if there is none.
fn pythons() -> Vec<Box<dyn Engine>> {
    [Isolation::Fork, Isolation::Spawn]
        .into_iter()
        .filter_map(|isolation| EngineSpec::python("python3", Some(isolation)).ok()?.open().ok())
        .collect()
}

#[test]
fn a_program_that_breaks_down_costs_its_job_only() {
    for mut engine in pythons() {
        let mut end = |source: &str| engine.observe(&module(source), &limits(1.5)).end;
        assert_eq!(end("while True: pass"), ProcessEnd::Timeout);
        assert_eq!(end("x = 1"), ProcessEnd::Ok);
        assert_eq!(end("while True: print('x' * 1000)"), ProcessEnd::Limit("output".into()));
        assert_eq!(end("import os; os.kill(os.getpid(), 11)"), ProcessEnd::Crash("signal 11 (SIGSEGV)".into()));
        assert_eq!(end("import os; os.kill(os.getpid(), 9)"), ProcessEnd::Crash("signal 9 (SIGKILL)".into()));
        assert_eq!(end("import os; os.close(0); os.close(1); os.close(2)"), ProcessEnd::Ok);
        assert_eq!(end("import sys; sys.stdout = sys.stderr = None; del sys.modules['sys']"), ProcessEnd::Ok);
        assert_eq!(end("x = 2"), ProcessEnd::Ok);
    }
}

#[test]
fn a_worker_that_its_program_kills_is_blamed_on_that_job() {
    let Some(mut engine) = pythons().into_iter().next() else { return };
    let kill = engine.observe(&module("import os; os.kill(os.getppid(), 9)"), &limits(3.0));
    assert_eq!(kill.end, ProcessEnd::Crash("signal 9 (SIGKILL)".into()));
    assert_eq!(engine.observe(&module("x = 1"), &limits(3.0)).end, ProcessEnd::Ok);
}

#[test]
fn a_module_is_seen_as_a_script() {
    for mut engine in pythons() {
        let mut job = module(
            "import helper.inner\nclass D:\n    def __del__(self): print('del')\nd = D()\n__p__(__name__)\n__p__(sorted(globals()))\n\
             l = [[]] * 2\n__g__(l)\ntry: 1/0\nexcept BaseException: __r__()\nprint('caf\\xe9', helper.inner.x)\nimport gc\n__p__(gc.collect())\nraise KeyError('k')",
        );
        job.files = vec![("helper".into(), "".into()), ("helper.inner".into(), "x = 5\n".into())];
        job.heap = vec!["l".into(), "d".into(), "none".into()];
        for (name, kind) in [("__p__", ProbeKind::Value), ("__g__", ProbeKind::Graph), ("__r__", ProbeKind::Raised)] {
            job.probes.push(Probe { name: name.into(), kind });
        }
        let seen = engine.observe(&job, &limits(5.0));
        assert_eq!(seen.end, ProcessEnd::Ok);
        assert_eq!(seen.stdout, "café 5\ndel\n");
        assert_eq!(seen.heap, [Some("[&1 [], *1]".to_string()), Some("D()".to_string()), None]);
        assert_eq!(seen.chunks, [ended("KeyError", "'k'", 14)]);
        let shown: Vec<String> = texts(&seen);
        assert_eq!(shown[0], "'__main__'");
        let names = &shown[1];
        assert!(names.contains("'__file__'") && !names.contains("driver") && !names.contains("'sys'"), "{names}");
        assert_eq!(shown[2..], ["[[], []] [&1 [], *1]", "ZeroDivisionError: division by zero", "0"]);
    }
}

#[test]
fn a_session_goes_on_after_an_exception() {
    for mut engine in pythons() {
        let chunks = [
            "x = 5",
            "x",
            "_",
            "1/0",
            "None",
            "def f(:",
            "class B:\n    def __repr__(s): 1/0\n",
            "B()",
            "raise SystemExit(3)",
            "4",
        ];
        let seen = engine.observe(&job(Mode::Interactive, &chunks), &limits(5.0));
        assert_eq!(texts(&seen), ["5", "5", "None", "ZeroDivisionError: division by zero", "4"]);
        assert_eq!(seen.chunks.len(), 10);
        assert_eq!(seen.chunks[3], ended("ZeroDivisionError", "division by zero", 1));
        assert!(
            matches!(&seen.chunks[5], ChunkEnd::Raised(raised) if raised.at_compile && raised.class == "SyntaxError")
        );
        assert_eq!(seen.chunks[8], ChunkEnd::Exit(3));
        assert_eq!((seen.stdout.as_str(), seen.end), ("", ProcessEnd::Ok));
    }
}

#[test]
fn a_process_may_end_itself() {
    for mut engine in pythons() {
        let seen = engine.observe(&module("print('end')\nimport os\nos._exit(4)"), &limits(5.0));
        assert_eq!((seen.stdout.as_str(), seen.end), ("end\n", ProcessEnd::Ok));
        assert_eq!(seen.chunks, [ChunkEnd::Exit(4)]);
    }
}

fn ended(class: &str, text: &str, line: u32) -> ChunkEnd {
    ChunkEnd::Raised(Raised { class: class.into(), text: text.into(), at_compile: false, line: Some(line) })
}

fn texts(seen: &Observation) -> Vec<String> {
    let text = |seen: &Seen| match seen {
        Seen::Value { repr, graph: None } => repr.clone(),
        Seen::Value { repr, graph: Some(graph) } => format!("{repr} {graph}"),
        Seen::Raised(raised) => format!("{}: {}", raised.class, raised.text),
    };
    seen.events.iter().map(|event| text(&event.seen)).collect()
}
