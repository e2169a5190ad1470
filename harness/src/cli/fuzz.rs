//! `verysame fuzz`: generated programs on the reference engine and on another.

use super::common::{counted, progress};
use super::{Status, complain};
use crate::engine::{EngineSpec, Limits};
use crate::fuzz::search::{Divergence, Range, search};
use crate::fuzz::{Growth, Kind};
use crate::run::execute::Opened;
use crate::run::pool::processors;
use similar::TextDiff;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Runs generated programs on the reference engine and on another, and shows where they differ
///
/// Each program has exactly one legal output under the rules of the other engine's version. The reference engine follows
/// that version. A program on which they differ is shrunk before it is shown; kind, seed and number make it again.
///
/// Exit status: 0 they agree, 1 they differ, 3 the engine could not be asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame fuzz --engine python3.12 --programs 20000 --seed 1\n  verysame fuzz --seed 1 --first 417 --programs 1 --print"
)]
pub struct Args {
    /// A command that runs Python
    #[arg(long, value_name = "COMMAND", default_value = "python3")]
    engine: String,
    /// What the programs are about: `lifetime`
    #[arg(long, value_name = "KIND", default_value = "lifetime", value_parser = parse_kind)]
    kind: Kind,
    /// How many programs
    #[arg(long, value_name = "N", default_value_t = 1000)]
    programs: u64,
    /// The seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The number of the first program
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u64,
    /// Only print the programs
    #[arg(long)]
    print: bool,
    /// Write each shrunk program into this folder, as KIND-SEED-NUMBER.py
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The most differences that are shown in full
    #[arg(long, value_name = "N", default_value_t = 10)]
    shown: usize,
    /// How many threads [default: one a processor]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
}

fn parse_kind(word: &str) -> Result<Kind, String> {
    let words = Kind::ALL.map(Kind::word).join(", ");
    Kind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| format!("the kinds are {words}"))
}

pub fn main(args: &Args) -> Status {
    let range = Range { kind: args.kind, seed: args.seed, first: args.first, count: args.programs };
    if args.print {
        return print_programs(range);
    }
    let opened = EngineSpec::python(&args.engine, None).map_err(|error| error.to_string()).and_then(Opened::open);
    let opened = match opened {
        Ok(opened) => opened,
        Err(words) => {
            complain(words);
            return Status::Infra;
        }
    };
    let begun = Instant::now();
    let bar = progress(usize::try_from(args.programs).unwrap_or(usize::MAX));
    let found = search(range, &opened, args.jobs.unwrap_or_else(processors), &Limits::default(), |differs| {
        if differs {
            bar.set_message("they differ");
        }
        bar.inc(1);
    });
    bar.finish_and_clear();
    let found = match found {
        Ok(found) => found,
        Err(words) => {
            complain(words);
            return Status::Infra;
        }
    };
    for one in found.iter().take(args.shown) {
        show(one, args);
    }
    if found.len() > args.shown {
        println!("{} more: say --shown N, or --out FOLDER", found.len() - args.shown);
    }
    if let Some(folder) = &args.out
        && let Err(error) = write(folder, args, &found)
    {
        complain(format_args!("{}: {error}", folder.display()));
        return Status::Usage;
    }
    println!(
        "{} {} of {} against {} {}: {} in {:.1} s",
        counted(usize::try_from(args.programs).unwrap_or(usize::MAX), "program"),
        match found.len() {
            0 => "agree".to_string(),
            _ => "run".to_string(),
        },
        args.kind,
        opened.info().implementation,
        opened.info().version,
        counted(found.len(), "difference"),
        begun.elapsed().as_secs_f64()
    );
    if found.is_empty() { Status::Fine } else { Status::Failed }
}

fn print_programs(range: Range) -> Status {
    for number in range.first..range.first.saturating_add(range.count) {
        match Growth::new(range.kind, range.seed, number) {
            Ok(growth) => print!("# {} {} {number}\n{}", range.kind, range.seed, growth.source()),
            Err(words) => {
                complain(words);
                return Status::Infra;
            }
        }
    }
    Status::Fine
}

fn show(one: &Divergence, args: &Args) {
    println!("# {} {} {}", args.kind, args.seed, one.number);
    print!("{}", one.source);
    let (ours, theirs) = (one.reference.text(), one.other.text());
    let diff = TextDiff::from_lines(&ours, &theirs);
    println!("{}", diff.unified_diff().context_radius(2).header("reference", &args.engine));
}

fn write(folder: &Path, args: &Args, found: &[Divergence]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for one in found {
        let path = folder.join(format!("{}-{}-{}.py", args.kind, args.seed, one.number));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut file, one.source.as_bytes())?;
        file.persist(path).map_err(|error| error.error)?;
    }
    Ok(())
}
