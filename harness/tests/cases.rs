//! The suite as tests: one for each case, mode and engine, `scoping.local::module::reference`.
//!
//! The engines are the reference engine, under the rules of the python3 on the PATH (else the newest), and that python3.
//! `cargo test --test cases -- small_int` runs what is named so.

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};
use verysame::case::{Case, Loaded, Mode};
use verysame::engine::{EngineSpec, Limits};
use verysame::judge::Verdict;
use verysame::report::model::Run;
use verysame::report::text::render_case;
use verysame::run::execute::{Opened, one};
use verysame::run::suite::Suite;
use verysame_engine::rules::PyVersion;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Reference,
    Python,
}

impl Which {
    const fn word(self) -> &'static str {
        match self {
            Which::Reference => "reference",
            Which::Python => PYTHON,
        }
    }
}

const PYTHON: &str = "python3";

/// Started when the first test needs it.
static PYTHON3: LazyLock<Result<Opened, String>> = LazyLock::new(|| {
    let spec = EngineSpec::python(PYTHON, None).map_err(|error| error.to_string())?;
    let known = known().and_then(|known| Opened::open(spec.clone().started_by(&known.program)).ok());
    let opened = known.map_or_else(|| Opened::open(spec), Ok)?;
    remember(&opened);
    Ok(opened)
});

static REFERENCE: LazyLock<Result<Opened, String>> = LazyLock::new(|| {
    let version = match known() {
        Some(known) => known.version,
        None => PYTHON3.as_ref().map_or(PyVersion::NEWEST, |python| python.info().version),
    };
    Opened::open(EngineSpec::Reference { version, fault: None })
});

/// What the first test of a run found out about python3. Under a runner that gives each test a process, the others need
/// not start it to learn its version, nor go through a launcher that takes longer than the test.
struct Known {
    version: PyVersion,
    program: String,
}

const MEMORY: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/python3-of-this-run");

fn run_id() -> Option<String> {
    std::env::var("NEXTEST_RUN_ID").ok()
}

fn known() -> Option<Known> {
    let text = std::fs::read_to_string(MEMORY).ok()?;
    let mut lines = text.lines();
    (lines.next()? == run_id()?).then_some(())?;
    Some(Known { version: lines.next()?.parse().ok()?, program: lines.next()?.to_string() })
}

fn remember(opened: &Opened) {
    let info = opened.info();
    if let (Some(run), Some(program), None) = (run_id(), &info.program, known()) {
        let own = format!("{MEMORY}.{}", std::process::id());
        // Without it the next test finds out by itself.
        let _ = std::fs::write(&own, format!("{run}\n{}\n{program}\n", info.version));
        let _ = std::fs::rename(&own, MEMORY);
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let suite = Suite::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases"));
    let python = on_path(PYTHON);
    if !python && !arguments.list {
        eprintln!("no {PYTHON} on the PATH: the suite runs on the reference engine alone");
    }
    let engines = if python { vec![Which::Reference, Which::Python] } else { vec![Which::Reference] };
    // A test that is named in full is found without reading the other cases: so does a runner that gives each test a
    // process of its own.
    let exact = arguments.filter.as_deref().filter(|_| arguments.exact);
    let loaded = match exact.and_then(|name| name.split_once("::")) {
        Some((id, _)) if id != LINT => suite.load_case(id),
        Some(_) | None => suite.load(),
    };
    let loaded = Arc::new(loaded);
    let mut trials = vec![lint(&loaded)];
    for (at, case) in loaded.cases.iter().enumerate() {
        for &mode in &case.modes {
            for &which in &engines {
                let loaded = Arc::clone(&loaded);
                let run =
                    move || loaded.cases.get(at).map_or(Ok(Completion::Completed), |case| judge(case, mode, which));
                trials.push(Trial::ignorable_test(format!("{}::{mode}::{}", case.id, which.word()), run));
            }
        }
    }
    // Ids are written with hyphens; `small_int` finds them too.
    if let Some(filter) = &mut arguments.filter
        && !trials.iter().any(|trial| trial.name().contains(filter.as_str()))
    {
        *filter = filter.replace('_', "-");
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

const LINT: &str = "lint";

fn lint(loaded: &Arc<Loaded>) -> Trial {
    let loaded = Arc::clone(loaded);
    Trial::test(format!("{LINT}::cases"), move || {
        let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
        if problems.is_empty() { Ok(()) } else { Err(Failed::from(problems.join("\n\n"))) }
    })
}

fn judge(case: &Case, mode: Mode, which: Which) -> Result<Completion, Failed> {
    let opened = match which {
        Which::Reference => &*REFERENCE,
        Which::Python => &*PYTHON3,
    };
    let opened = match opened {
        Ok(opened) => opened,
        // Nobody asked for this python3.
        Err(words) => return Ok(Completion::ignored_with(words.clone())),
    };
    let mut engine = None;
    let result = one(case, mode, opened, &mut engine, &Limits::default());
    engine.into_iter().for_each(|engine| opened.give_back(engine));
    let verdict = &result.verdict;
    match verdict.verdict {
        Verdict::Pass | Verdict::Differs | Verdict::Xfail => Ok(Completion::Completed),
        Verdict::Skip | Verdict::Lacks => Ok(Completion::ignored_with(verdict.note.clone().unwrap_or_default())),
        Verdict::Xpass | Verdict::Fail | Verdict::Timeout | Verdict::Crash | Verdict::Infra => {
            let run = Run { command: "cargo run --release --".to_string(), ..Run::default() };
            Err(Failed::from(render_case(&run, &opened.run(Vec::new()), &result)))
        }
    }
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
