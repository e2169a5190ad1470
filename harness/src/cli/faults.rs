//! `verysame faults`: how many of the reference engine's deliberate faults the suite notices.

use super::common::{SuiteArgs, counted, progress};
use super::{Status, complain};
use crate::run::faults::{Fate, Fault, all, measure};
use crate::run::pool::processors;

/// Switches each fault of the reference engine on and reports whether a case notices
///
/// A fault is one rule got wrong on purpose. It is killed if a case that is right without it goes wrong with it, in any
/// CPython version whose rules it changes; else it has survived, and the suite says too little about its rule.
///
/// Exit status: 0 every fault is killed, 1 one has survived.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame faults --list\n  verysame faults caching.int\n  verysame faults --sample 40 --seed 3"
)]
pub struct Args {
    /// Parts of `RULE:FAULT`
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Only list them
    #[arg(long)]
    list: bool,
    /// Only so many of them, drawn by lot
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// The seed of the lot
    #[arg(long, value_name = "N", default_value_t = 1, requires = "sample")]
    seed: u64,
    /// How many threads [default: one a processor]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let chosen = |fault: &Fault| {
        let name = fault.to_string();
        args.filters.is_empty() || args.filters.iter().any(|filter| name.contains(filter.as_str()))
    };
    let mut faults: Vec<Fault> = all().into_iter().filter(chosen).collect();
    if let Some(size) = args.sample {
        faults = drawn(faults, size, args.seed);
    }
    if faults.is_empty() {
        complain("no fault is chosen: see `verysame faults --list`");
        return Status::Usage;
    }
    if args.list {
        for fault in &faults {
            println!("{fault}  {}", fault.versions_shown());
        }
        println!("{} of {}", counted(faults.len(), "fault"), counted(rules(&faults), "rule"));
        return Status::Fine;
    }
    let (loaded, broken) = args.suite.load();
    let bar = progress(faults.len());
    let fates = measure(&loaded, &faults, args.jobs.unwrap_or_else(processors), || bar.inc(1));
    bar.finish_and_clear();
    let mut killed = 0;
    for (fault, fate) in faults.iter().zip(&fates) {
        match fate {
            Fate::Killed { case, mode, version } => {
                killed += 1;
                println!("killed    {fault}  by {case} ({mode}, {version})");
            }
            Fate::Survived => println!("SURVIVED  {fault}  {}", fault.versions_shown()),
        }
    }
    println!("killed: {killed} of {} of {}", counted(faults.len(), "fault"), counted(rules(&faults), "rule"));
    let status = if killed == faults.len() { Status::Fine } else { Status::Failed };
    status.max(broken)
}

/// A sample in the order of the book; the same seed draws the same faults from the same book.
fn drawn(faults: Vec<Fault>, size: usize, seed: u64) -> Vec<Fault> {
    let mut numbered: Vec<(usize, Fault)> = faults.into_iter().enumerate().collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut numbered);
    numbered.truncate(size);
    numbered.sort_by_key(|(at, _)| *at);
    numbered.into_iter().map(|(_, fault)| fault).collect()
}

fn rules(faults: &[Fault]) -> usize {
    let mut rules: Vec<&str> = faults.iter().map(|fault| fault.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules.len()
}

#[cfg(test)]
mod tests {
    use super::{all, drawn};

    #[test]
    fn a_seed_draws_a_sample_in_order() {
        let book = all();
        let sample = drawn(book.clone(), 20, 7);
        assert_eq!(sample.len(), 20);
        assert_eq!(sample, drawn(book.clone(), 20, 7));
        assert_ne!(sample, drawn(book.clone(), 20, 8));
        let places: Vec<_> = sample.iter().map(|fault| book.iter().position(|other| other == fault)).collect();
        assert!(places.is_sorted());
        assert_eq!(drawn(book.clone(), usize::MAX, 7), book);
    }
}
