//! `verysame facts`: the reference engine against facts that were measured on real interpreters.

use super::common::progress;
use super::{Status, complain};
use crate::facts::{Chosen, Folder, compare, load, load_rules, own_list, render};
use crate::run::pool::processors;
use std::path::PathBuf;
use verysame_engine::rules::PyVersion;

/// Compares the reference engine with facts measured on real interpreters
///
/// DIR holds `cases.json`, small programs by key, and a file `cpython-*.json` for each measured interpreter, with its full
/// version and its answers by key. Each program is run on the reference engine under the rules of each of these versions
/// and its answer compared. Tables (sizes, growth curves, caches) have no program of their own: they come from `probe.py`
/// of DIR, which measured them, run on the reference engine statement by statement. A fact that neither asks for is not
/// comparable. Some facts are not promised: the list with the reasons is part of this program, and an entry of it that is
/// equal after all is an error.
///
/// PATH may also be a rule book, one JSON file: a list of rules with `id`, `probe`, the rule's program, and `seen`, what
/// interpreters printed, by `cpython-3.12`. With `--engine` a Python is asked now, and its answers replace the recorded ones of
/// its version. Where CPython breaks the rule and `harness/engines` lists that, the answer of a CPython that does not is
/// expected, and the difference counted apart.
///
/// Exit status: 0 all that is promised and can be compared is equal, 1 something is different or listed wrongly, 2 PATH has no facts or a broken file, 3 a Python
/// could not be asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame facts measured/\n  verysame facts measured/ --version 3.13 --section scope --list\n  verysame facts rules.json --engine python3.14"
)]
pub struct Args {
    /// The folder of facts, or the file of a rule book
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// A Python that is asked for the answers to a rule book; may be given several times
    #[arg(long, value_name = "COMMAND")]
    engine: Vec<String>,
    /// Only this version, `3.13` or `3.13.0`; may be given several times
    #[arg(long, value_name = "V", value_parser = parse_version)]
    version: Vec<Wanted>,
    /// Only keys of this section, `scope`, or part of one, `scope.comprehension`; may be given several times
    #[arg(long, value_name = "S")]
    section: Vec<String>,
    /// Show each difference: the program, what is expected and what was seen
    #[arg(long)]
    list: bool,
    /// Without fused instructions, which may not change any answer
    #[arg(long)]
    no_fuse: bool,
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
    let threads = args.jobs.unwrap_or_else(processors);
    let folder = if args.path.is_file() { rules(args, threads) } else { facts(args) };
    let folder = match folder {
        Ok(folder) => folder,
        Err(status) => return status,
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
    let unpromised = match own_list() {
        Ok(listed) => listed,
        Err(error) => return refuse(error, Status::Usage),
    };
    let wanted = Chosen { versions: &chosen, sections: &args.section, fused: !args.no_fuse, unpromised: &unpromised };
    let compared = compare(&folder, &wanted, threads, || bar.inc(1));
    bar.finish_and_clear();
    if compared.is_empty() {
        complain("no fact is chosen");
        return Status::Usage;
    }
    anstream::print!("{}", render(&compared, args.list));
    if compared.iter().any(|fact| fact.fate.is_bad()) { Status::Failed } else { Status::Fine }
}

fn facts(args: &Args) -> Result<Folder, Status> {
    if !args.engine.is_empty() {
        complain("`--engine` belongs to a rule book: a folder of facts was measured");
        return Err(Status::Usage);
    }
    load(&args.path).map_err(|error| refuse(error, Status::Usage))
}

fn rules(args: &Args, threads: usize) -> Result<Folder, Status> {
    let mut folder = load_rules(&args.path).map_err(|error| refuse(error, Status::Usage))?;
    let bar = progress(folder.programs.len() * args.engine.len());
    for engine in &args.engine {
        folder.measure(engine, threads, || bar.inc(1)).map_err(|error| refuse(error, Status::Infra))?;
    }
    bar.finish_and_clear();
    folder.correct().map_err(|error| refuse(error, Status::Usage))?;
    Ok(folder)
}

fn refuse(error: impl std::fmt::Display, status: Status) -> Status {
    complain(error);
    status
}
