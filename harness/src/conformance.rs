//! The suite as the test of a Rust crate that is an engine: the whole of `tests/conformance.rs` is
//!
//! ```text
//! verysame::main!(MyEngine::new);
//! ```
//!
//! with `harness = false` for that test in the crate's `Cargo.toml`. The cases are those that this crate carries. What the
//! engine gets wrong today stands in `tests/deviations.toml`, which `VERYSAME_ACCEPT=1 cargo test --test conformance`
//! writes; a new wrong answer, a deviation that is gone and an entry of no case fail.

use crate::case::{Case, Loaded, Mode};
use crate::engine::{Engine, EngineSpec, Limits, Maker};
use crate::judge::{Verdict, stale};
use crate::profile::{DriverKind, EngineProfile, edited, read_profile};
use crate::report::model::{CaseRun, Run};
use crate::report::text::render_case;
use crate::run::accept::accept;
use crate::run::execute::{Opened, Settings, execute, one};
use crate::run::pool::processors;
use crate::run::select::Selection;
use crate::run::suite::Suite;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// The suite as the test of an engine in process: `verysame::main!(MyEngine::new)`, or with the file of its deviations,
/// `verysame::main!(MyEngine::new, "tests/deviations.toml")`.
#[macro_export]
macro_rules! main {
    ($make:expr) => {
        $crate::main!($make, "tests/deviations.toml");
    };
    ($make:expr, $deviations:expr) => {
        fn main() -> std::process::ExitCode {
            $crate::conformance::main($make, &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join($deviations))
        }
    };
}

/// What a profile in process says beyond its deviations.
const HEAD: &str = "command = \"in-process\"\n";

/// Runs the cases as tests.
pub fn main<E: Engine + 'static>(make: impl Fn() -> E + Send + Sync + 'static, file: &Path) -> ExitCode {
    let arguments = Arguments::from_args();
    let (text, profile) = match profile(file) {
        Ok(read) => read,
        Err(words) => {
            eprintln!("{words}");
            return ExitCode::from(2);
        }
    };
    let deviations = profile.deviations.clone();
    let opened = match Opened::open(EngineSpec::Own { maker: Maker::new(make), profile: Arc::new(profile) }) {
        Ok(opened) => opened,
        Err(words) => {
            eprintln!("{words}");
            return ExitCode::from(3);
        }
    };
    let loaded = Suite::Embedded.load();
    if std::env::var_os("VERYSAME_ACCEPT").is_some_and(|value| !value.is_empty() && value != "0") {
        return record(&text, file, opened, &loaded);
    }
    let gone: Vec<String> = stale(&deviations, &loaded.cases).iter().map(|(old, _)| old.case.clone()).collect();
    let (loaded, opened) = (Arc::new(loaded), Arc::new(opened));
    let spare: Arc<Mutex<Vec<Box<dyn Engine>>>> = Arc::default();
    let mut trials = vec![Trial::test("deviations::stale", move || match gone.is_empty() {
        true => Ok(()),
        false => Err(Failed::from(format!("deviations of cases that are gone: {}", gone.join(", ")))),
    })];
    for (at, case) in loaded.cases.iter().enumerate() {
        for &mode in &case.modes {
            let (loaded, opened, spare) = (Arc::clone(&loaded), Arc::clone(&opened), Arc::clone(&spare));
            let run = move || {
                let mut engine = spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let result = loaded.cases.get(at).map(|case| judged(case, mode, &opened, &mut engine));
                spare.lock().unwrap_or_else(PoisonError::into_inner).extend(engine);
                result.unwrap_or(Ok(Completion::Completed))
            };
            trials.push(Trial::ignorable_test(format!("{}::{mode}", case.id), run));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn profile(file: &Path) -> Result<(String, EngineProfile), String> {
    let shown = file.to_string_lossy();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((HEAD.to_string(), EngineProfile::bare("in-process", "in-process", DriverKind::Worker)));
        }
        Err(error) => return Err(format!("{shown} cannot be read: {error}")),
    };
    let profile = read_profile(&shown, &text)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))?;
    Ok((text, profile))
}

fn judged(
    case: &Case,
    mode: Mode,
    opened: &Opened,
    engine: &mut Option<Box<dyn Engine>>,
) -> Result<Completion, Failed> {
    let result: CaseRun = one(case, mode, opened, engine, &Limits::default());
    let verdict = &result.verdict;
    match verdict.verdict {
        Verdict::Pass | Verdict::Differs | Verdict::Xfail => Ok(Completion::Completed),
        Verdict::Skip | Verdict::Lacks => Ok(Completion::ignored_with(verdict.note.clone().unwrap_or_default())),
        Verdict::Xpass | Verdict::Fail | Verdict::Timeout | Verdict::Crash | Verdict::Infra => {
            let run = Run { command: "verysame".to_string(), ..Run::default() };
            Err(Failed::from(render_case(&run, &opened.run(Vec::new()), &result)))
        }
    }
}

/// Writes today's wrong answers down.
fn record(text: &str, file: &Path, opened: Opened, loaded: &Loaded) -> ExitCode {
    let settings = Settings { selection: Selection::default(), threads: processors(), limits: Limits::default() };
    let engines = [opened];
    let runs = execute(loaded, &engines, &settings, |_| {});
    let results = runs.into_iter().next().and_then(|run| run.results.ok()).unwrap_or_default();
    let Some(opened) = engines.first() else { return ExitCode::from(3) };
    let accepted = accept(&results, &loaded.cases, &opened.deviations, opened.info().version);
    let written = edited(text, &accepted.change)
        .and_then(|text| crate::files::write_whole(file, text.as_bytes()).map_err(|error| error.to_string()));
    match written {
        Ok(()) => {
            let (add, remove) = (accepted.change.add.len(), accepted.change.remove.len());
            println!("{}: {add} deviations added, {remove} removed", file.display());
            ExitCode::SUCCESS
        }
        Err(words) => {
            eprintln!("{}: {words}", file.display());
            ExitCode::from(2)
        }
    }
}
