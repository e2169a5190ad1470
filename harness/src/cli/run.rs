//! `verysame run`: the cases on the engines, and the report.

use super::common::{EngineArgs, Engines, SelectArgs, SuiteArgs, own_command, progress};
use super::report::ResultArgs;
use super::{Status, complain};
use crate::engine::Limits;
use crate::judge::{Verdict, stale};
use crate::report::model::{EngineRun, Run, RunOptions, SuitePart};
use crate::report::text::{Options, render};
use crate::run::execute::{Settings, count, execute};
use crate::run::pool::processors;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Runs cases on engines and reports what they get wrong
///
/// Without arguments all cases run in all their modes, on the reference engine and on python3 if there is one.
///
/// Exit status: 0 nothing is wrong; 1 a case failed, or a deviation is out of date; 2 wrong usage or broken case files
/// (all others run); 3 an engine could not be asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame run scoping. --mode module\n  verysame run --engine ./my-python --engine python3.12"
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
    /// How many of the slowest cases are listed
    #[arg(long, value_name = "N", default_value_t = 0)]
    slowest: usize,
    /// How many failures are shown in full
    #[arg(long, value_name = "N", default_value_t = 30)]
    failures: usize,
    /// The most seconds that a case may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    timeout: f64,
    /// Show also where an engine differs from CPython and may
    #[arg(long)]
    differs: bool,
    #[command(flatten)]
    faces: ResultArgs,
}

pub fn main(args: &Args) -> Status {
    let begun = Instant::now();
    let (loaded, broken) = args.suite.load();
    if !args.select.finds(&loaded) {
        return Status::Usage;
    }
    let Ok(time) = Duration::try_from_secs_f64(args.timeout) else {
        complain("--timeout takes a number of seconds");
        return Status::Usage;
    };
    let Engines { opened, failed, note } = args.engines.open();
    if let Some(note) = note {
        eprintln!("note: {note}");
    }
    let selection = args.select.selection();
    let everything = selection.is_everything();
    let settings = Settings {
        threads: args.jobs.unwrap_or_else(processors),
        limits: Limits { time, ..Limits::default() },
        selection,
    };
    let bar = progress(count(&loaded, &opened, &settings.selection));
    let bad = AtomicUsize::new(0);
    let mut engines = execute(&loaded, &opened, &settings, |result| {
        if result.verdict.verdict.is_bad() {
            let bad = bad.fetch_add(1, Ordering::Relaxed) + 1;
            bar.set_message(format!("{bad} wrong"));
        }
        bar.inc(1);
    });
    bar.finish_and_clear();
    for (engine, opened) in engines.iter_mut().zip(&opened) {
        engine.arguments.push_str(&args.suite.argument());
        if everything && broken == Status::Fine {
            engine.stale = stale(&opened.deviations, &loaded.cases).into_iter().map(stale_words).collect();
        }
    }
    engines.extend(failed.into_iter().map(|(name, words)| EngineRun::failed(name, words)));
    let run = Run {
        suite: SuitePart::of(&loaded, &engines),
        options: RunOptions::of(&settings.selection, time),
        engines,
        time: begun.elapsed(),
        command: own_command(),
    };
    let options = Options { differs: args.differs, slowest: args.slowest, shown: Some(args.failures) };
    anstream::print!("{}", render(&run, options));
    broken.max(status(&run)).max(args.faces.write_all(&run))
}

fn stale_words((deviation, renamed): (&crate::judge::Deviation, Option<String>)) -> String {
    match renamed {
        Some(id) => format!("the deviation of `{}` names a case that is now `{id}`", deviation.case),
        None => format!("the deviation of `{}` names no case", deviation.case),
    }
}

/// What a run comes to.
fn status(run: &Run) -> Status {
    let of_engine = |engine: &EngineRun| match &engine.results {
        Err(_) => Status::Infra,
        Ok(_) if engine.count(Verdict::Infra) > 0 => Status::Infra,
        Ok(results) if !engine.stale.is_empty() || results.iter().any(|result| result.verdict.verdict.is_bad()) => {
            Status::Failed
        }
        Ok(_) => Status::Fine,
    };
    run.engines.iter().map(of_engine).max().unwrap_or(Status::Infra)
}
