//! `verysame bless`: what an engine showed, written into the marks that expected something else.

use super::common::{EngineArgs, Engines, SelectArgs, SuiteArgs};
use super::{Status, complain};
use crate::bless::{Change, Options, Refusal, Spot, apply, edits, in_ci};
use crate::engine::Limits;
use crate::run::execute::{Settings, execute};
use crate::run::pool::processors;

/// Writes observed values into marks that failed
///
/// Only the value of a mark changes, byte by byte; the diff is printed for review. Marks of level `language` are left
/// alone, for they follow from a rule and not from an engine. Nothing is written after TIMEOUT, CRASH or INFRA, nor in CI.
///
/// A filter of the form FILE:LINE chooses the marks of that line alone.
///
/// Exit status: 0 every failed mark was written, 1 one was left alone, 2 wrong usage, 3 an engine could not be asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame bless --exact caching.int-range-counted --engine python3.13\n  verysame bless cases/caching/integers.toml:40 --engine python3.13"
)]
pub struct Args {
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    engines: EngineArgs,
    #[command(flatten)]
    suite: SuiteArgs,
    /// Marks of level `language` too
    #[arg(long)]
    language: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub fn main(args: &Args) -> Status {
    let (loaded, broken) = args.suite.load();
    let spots: Vec<Spot> = args.select.filters().iter().filter_map(|filter| Spot::parse(filter)).collect();
    if broken != Status::Fine || (spots.is_empty() && !args.select.finds(&loaded)) {
        return Status::Usage;
    }
    let mut selection = args.select.selection();
    if !spots.is_empty() {
        let held = loaded.cases.iter().filter(|case| spots.iter().any(|spot| spot.is_in(case)));
        selection.filters = held.map(|case| case.id.clone()).collect();
        selection.exact = true;
        if let Some(spot) = spots.iter().find(|spot| loaded.cases.iter().all(|case| !spot.is_in(case))) {
            complain(format_args!("no mark stands at {spot}"));
            return Status::Usage;
        }
    }
    let Engines { opened, failed, note } = args.engines.open();
    if let Some(note) = note {
        eprintln!("note: {note}");
    }
    for (name, words) in &failed {
        complain(format_args!("{name}: {words}"));
    }
    if !failed.is_empty() {
        return Status::Infra;
    }
    let settings = Settings { selection, threads: processors(), limits: Limits::default() };
    let (mut wanted, mut refusals) = (Vec::new(), Vec::<Refusal>::new());
    for engine in execute(&loaded, &opened, &settings, |_| {}) {
        for result in engine.results.iter().flatten() {
            let Some(case) = loaded.cases.iter().find(|case| case.id == result.verdict.case) else { continue };
            let (own, refused) = edits(case, &result.verdict, Options { language: args.language });
            let chosen = |edit: &crate::bless::Edit| spots.is_empty() || spots.iter().any(|spot| spot.edits(edit));
            wanted.extend(own.into_iter().filter(chosen));
            let elsewhere =
                |refusal: &Refusal| !spots.is_empty() && spots.iter().all(|spot| spot.is_elsewhere(refusal));
            let refused = refused.into_iter().filter(|refusal| !elsewhere(refusal));
            // Both modes refuse a mark with the same words.
            refusals.extend(refused.filter(|refusal| !refusals.contains(refusal)).collect::<Vec<_>>());
        }
    }
    for refusal in &refusals {
        eprintln!("left alone: {refusal}");
    }
    if args.dry_run {
        for edit in &wanted {
            let (line, column) = edit.file.line_column(edit.range.start);
            let old = edit.file.text.get(edit.range.clone()).unwrap_or_default();
            println!("{}:{line}:{column}: {old} -> {}", edit.file.path, edit.value);
        }
    } else {
        match apply(wanted, in_ci()) {
            Ok(changes) => changes.iter().for_each(show),
            Err(refusal) => {
                complain(&refusal);
                return match refusal {
                    Refusal::Ci | Refusal::Changed { .. } => Status::Usage,
                    Refusal::NoAnswer { .. }
                    | Refusal::Language { .. }
                    | Refusal::Mark { .. }
                    | Refusal::Conflict { .. }
                    | Refusal::Broken { .. }
                    | Refusal::Io { .. } => Status::Failed,
                };
            }
        }
    }
    if refusals.is_empty() { Status::Fine } else { Status::Failed }
}

fn show(change: &Change) {
    println!("{}", change.diff.trim_end());
}
