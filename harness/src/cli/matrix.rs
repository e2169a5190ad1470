//! `verysame matrix`: all engines that are here, side by side.

use super::common::{EngineArgs, Engines, SelectArgs, SuiteArgs, own_command, progress};
use super::report::ResultArgs;
use super::{Status, complain};
use crate::engine::Limits;
use crate::judge::Verdict;
use crate::profile::{resolve, shipped, shipped_names};
use crate::report::matrix::matrix;
use crate::report::model::{EngineRun, Run, RunOptions, SuitePart};
use crate::run::execute::{Settings, count, execute};
use crate::run::pool::processors;
use crate::run::votes::PASSING;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Runs the suite on every engine that is here and shows them side by side
///
/// The engines are those of the shipped profiles that are found on the PATH or in --engines, and every CPython: on the
/// PATH as python3.N, in --engines, and under pyenv. Where engines disagree about a rule of the language, the minority is
/// named and what the rule says: the rule is a voter too.
///
/// Exit status: 0 every result is as it should be or explained; 1 some are not; 2 wrong usage; 3 an engine could not be
/// asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame matrix --engines ./engines --html report.html\n  verysame matrix --engine python3.12 --engine pypy scoping."
)]
pub struct Args {
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    engines: EngineArgs,
    #[command(flatten)]
    suite: SuiteArgs,
    /// How many threads [default: one a processor]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
    /// How many rules on which engines disagree are shown
    #[arg(long, value_name = "N", default_value_t = 20)]
    rules: usize,
    #[command(flatten)]
    faces: ResultArgs,
}

pub fn main(mut args: Args) -> Status {
    let begun = Instant::now();
    let (loaded, broken) = args.suite.load();
    if !args.select.finds(&loaded) {
        return Status::Usage;
    }
    if args.engines.engine.is_empty() {
        args.engines.engine = found(args.engines.engines.as_deref());
    }
    let Engines { opened, failed, .. } = args.engines.open();
    for (name, words) in &failed {
        complain(format_args!("{name}: {words}"));
    }
    if opened.is_empty() {
        complain("there is no engine");
        return Status::Infra;
    }
    let settings = Settings {
        selection: args.select.selection(),
        threads: args.jobs.unwrap_or_else(processors),
        limits: Limits::default(),
    };
    let bar = progress(count(&loaded, &opened, &settings.selection));
    let mut runs = execute(&loaded, &opened, &settings, |_| bar.inc(1));
    bar.finish_and_clear();
    print!("{}", matrix(&runs, &loaded, args.rules));
    let of_run = |run: &EngineRun| match () {
        () if run.count(Verdict::Infra) > 0 => Status::Infra,
        () if run.results.iter().flatten().all(|result| PASSING.contains(&result.verdict.verdict)) => Status::Fine,
        () => Status::Failed,
    };
    let status = runs.iter().map(of_run).max().unwrap_or(Status::Fine);
    let failures = if failed.is_empty() { Status::Fine } else { Status::Infra };
    for run in &mut runs {
        run.arguments.push_str(&args.suite.argument());
    }
    runs.extend(failed.into_iter().map(|(name, words)| EngineRun::failed(name, words)));
    let run = Run {
        suite: SuitePart::of(&loaded, &runs),
        options: RunOptions::of(&settings.selection, settings.limits.time),
        engines: runs,
        time: begun.elapsed(),
        command: own_command(),
    };
    broken.max(status).max(failures).max(args.faces.write_all(&run))
}

/// The engines that are here: CPythons by version, then the shipped profiles.
pub fn found(engines: Option<&Path>) -> Vec<String> {
    let mut found: Vec<String> = (8..=15).filter_map(|minor| cpython(minor, engines)).collect();
    for name in shipped_names().into_iter().filter(|name| name != "cpython") {
        if let Some(Ok(profile)) = shipped(&name)
            && resolve(&profile.commands, None, engines).is_ok()
        {
            found.push(name);
        }
    }
    if found.is_empty() { vec!["python3".to_string()] } else { found }
}

/// A command for CPython 3.`minor`: among the installed engines, under pyenv, on the PATH.
fn cpython(minor: u8, engines: Option<&Path>) -> Option<String> {
    let own = engines.map(|folder| folder.join(format!("bin/cpython-3.{minor}"))).filter(|path| path.is_file());
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    let versions = root.into_iter().flat_map(|root| std::fs::read_dir(root.join("versions")).into_iter().flatten());
    let prefix = format!("3.{minor}.");
    let mut pyenv: Vec<PathBuf> = versions
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path().join("bin/python3"))
        .filter(|path| path.is_file())
        .collect();
    pyenv.sort();
    let on_path = format!("python3.{minor}");
    let folders = std::env::var_os("PATH").unwrap_or_default();
    // A launcher of pyenv stands on the PATH for versions that are not active: those are found above.
    let real = std::env::split_paths(&folders)
        .filter(|folder| !folder.ends_with("shims"))
        .any(|folder| folder.join(&on_path).is_file());
    let path = own.map(|path| std::path::absolute(&path).unwrap_or(path)).or_else(|| pyenv.pop());
    path.map(|path| path.to_string_lossy().into_owned()).or_else(|| real.then_some(on_path))
}
