//! `verysame engine diff`: where two engines, or two versions of one, answer differently.

use super::super::common::{SelectArgs, SuiteArgs, named, open_reference, progress};
use super::super::{Status, complain};
use crate::case::Level;
use crate::engine::Limits;
use crate::run::execute::{Opened, Settings, count, execute};
use crate::run::pool::processors;
use crate::run::votes::differences;
use std::path::PathBuf;

/// Shows where two engines, or two versions of one, answer differently
///
/// Differences are listed by level: those at level `language` matter to every program.
///
/// Exit status: 0 no difference; 1 some; 2 wrong usage; 3 an engine could not be asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame engine diff python3.12 python3.13\n  verysame engine diff micropython.toml micropython-unix scoping."
)]
pub struct Args {
    /// An engine: a profile's file, the name of a shipped profile, a command, `reference` or `reference:3.12`
    #[arg(value_name = "A")]
    a: String,
    /// Another engine
    #[arg(value_name = "B")]
    b: String,
    #[command(flatten)]
    select: SelectArgs,
    /// Only cases that ran on both, without what one of them lacks
    #[arg(long)]
    both: bool,
    /// The folder that holds installed engines, for the shipped profiles [default: $VERYSAME_ENGINES]
    #[arg(long, value_name = "DIR", env = "VERYSAME_ENGINES", hide_env = true)]
    engines: Option<PathBuf>,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, broken) = args.suite.load();
    if !args.select.finds(&loaded) {
        return Status::Usage;
    }
    let mut opened = Vec::new();
    for given in [&args.a, &args.b] {
        let spec = open_reference(given).unwrap_or_else(|| named(given, None, args.engines.as_deref()));
        match spec.and_then(Opened::open) {
            Ok(engine) => opened.push(engine),
            Err(words) => {
                complain(format_args!("{given}: {words}"));
                return Status::Infra;
            }
        }
    }
    let settings = Settings { selection: args.select.selection(), threads: processors(), limits: Limits::default() };
    let bar = progress(count(&loaded, &opened, &settings.selection));
    let runs = execute(&loaded, &opened, &settings, |_| bar.inc(1));
    bar.finish_and_clear();
    let [a, b] = &runs[..] else { return Status::Infra };
    let differences: Vec<_> = differences(a, b).into_iter().filter(|d| !args.both || d.both).collect();
    for level in Level::ALL {
        let here: Vec<_> = differences.iter().filter(|difference| difference.level == level).collect();
        println!("{level}: {} of {} results differ", here.len(), a.results.iter().flatten().count());
        for difference in here {
            println!("  {} · {}  {}", difference.case, difference.mode, difference.statement);
            println!("    {:<20} {}", a.name, difference.a);
            println!("    {:<20} {}", b.name, difference.b);
        }
    }
    broken.max(if differences.is_empty() { Status::Fine } else { Status::Failed })
}
