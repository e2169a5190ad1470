//! `verysame facts`: the reference engine against facts that were measured on real interpreters.

use super::common::progress;
use super::{Status, complain};
use crate::facts::{Fate, compare, load, render};
use crate::run::pool::processors;
use std::path::PathBuf;
use verysame_engine::rules::PyVersion;

/// Compares the reference engine with facts measured on real interpreters
///
/// DIR holds `cases.json`, small programs by key, and a file `cpython-*.json` for each measured interpreter, with its full
/// version and its answers by key. Each program is run on the reference engine under the rules of each of these versions
/// and its answer compared. Tables (sizes, growth curves, caches) have no program of their own: they come from `probe.py`
/// of DIR, which measured them, run on the reference engine statement by statement. A fact that neither asks for is not
/// comparable.
///
/// Exit status: 0 all that can be compared is equal, 1 something is different, 2 DIR has no facts or a broken file.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame facts measured/\n  verysame facts measured/ --version 3.13 --section scope --list"
)]
pub struct Args {
    /// The folder of facts
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Only this version, `3.13` or `3.13.0`; may be given several times
    #[arg(long, value_name = "V", value_parser = parse_version)]
    version: Vec<Wanted>,
    /// Only keys of this section, `scope`, or part of one, `scope.comprehension`; may be given several times
    #[arg(long, value_name = "S")]
    section: Vec<String>,
    /// Show each difference: the program, what is expected and what was seen
    #[arg(long)]
    list: bool,
    /// How many threads [default: one a processor]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
}

/// A version of the command line.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    version: PyVersion,
    /// Only the minor version was given.
    any_patch: bool,
}

fn parse_version(text: &str) -> Result<Wanted, String> {
    let version = text.parse().map_err(|error: verysame_engine::rules::VersionError| error.to_string())?;
    Ok(Wanted { version, any_patch: text.matches('.').count() < 2 })
}

impl Wanted {
    fn is(self, version: PyVersion) -> bool {
        self.version.minor == version.minor && (self.any_patch || self.version == version)
    }
}

pub fn main(args: &Args) -> Status {
    let folder = match load(&args.folder) {
        Ok(folder) => folder,
        Err(error) => {
            complain(error);
            return Status::Usage;
        }
    };
    let has = |wanted: Wanted| folder.measured.iter().any(|measured| wanted.is(measured.version));
    if let Some(missing) = args.version.iter().find(|wanted| !has(**wanted)) {
        let known: Vec<String> = folder.measured.iter().map(|measured| measured.version.to_string()).collect();
        complain(format_args!("there are no facts of {}: there are {}", missing.version, known.join(", ")));
        return Status::Usage;
    }
    let chosen = |version| args.version.is_empty() || args.version.iter().any(|wanted| wanted.is(version));
    let total = folder.measured.iter().filter(|measured| chosen(measured.version)).map(|m| m.facts.len()).sum();
    let bar = progress(total);
    let compared = compare(&folder, chosen, &args.section, args.jobs.unwrap_or_else(processors), || bar.inc(1));
    bar.finish_and_clear();
    if compared.is_empty() {
        complain("no fact is chosen");
        return Status::Usage;
    }
    anstream::print!("{}", render(&compared, args.list));
    let differs = compared.iter().any(|fact| matches!(fact.fate, Fate::Different { .. }));
    if differs { Status::Failed } else { Status::Fine }
}
