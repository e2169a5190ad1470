//! `verysame faults`: how many of the reference engine's deliberate faults the suite notices.

use super::common::{SuiteArgs, counted, progress};
use super::{Status, complain};
use crate::case::{Loaded, Rule};
use crate::run::faults::{Fate, Fault, Killer, all, measure, never_fail, without_fault};
use crate::run::pool::processors;

/// Switches each fault of the reference engine on and reports whether a case notices
///
/// A fault is one rule got wrong on purpose. It is killed if a case that is right without it goes wrong with it, in any
/// CPython version whose rules it changes; else it has survived, and the suite says too little about its rule.
///
/// Exit status: 0 every fault is killed, 1 one has survived, or --lint found a case that never fails.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame faults --list\n  verysame faults caching.int\n  verysame faults --sample 40 --seed 3\n  verysame faults --sole scoping."
)]
pub struct Args {
    /// Parts of `RULE:FAULT`
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Only list them
    #[arg(long)]
    list: bool,
    /// Look for two killing cases of each fault, and say which faults have only one
    #[arg(long, conflicts_with_all = ["list", "lint"])]
    sole: bool,
    /// Only list the rules that no fault gets wrong, except those that the language leaves open
    #[arg(long, conflicts_with = "list")]
    missing: bool,
    /// Look for cases that no fault makes fail instead
    #[arg(long, conflicts_with_all = ["list", "missing"])]
    lint: bool,
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
    let missing = without_fault(&loaded);
    if args.missing {
        missing.iter().for_each(|rule: &&Rule| println!("{}  {}", rule.id, rule.statement));
        println!("{} without a fault of its own", counted(missing.len(), "rule"));
        return broken;
    }
    let threads = args.jobs.unwrap_or_else(processors);
    if args.lint {
        return broken.max(lint(&loaded, &faults, threads));
    }
    let bar = progress(faults.len());
    let fates = measure(&loaded, &faults, threads, if args.sole { 2 } else { 1 }, || bar.inc(1));
    bar.finish_and_clear();
    let (mut killed, mut sole) = (0, Vec::new());
    for (fault, fate) in faults.iter().zip(&fates) {
        match fate {
            Fate::Killed(killers) => {
                killed += 1;
                let only = args.sole && killers.len() == 1;
                sole.extend(killers.iter().filter(|_| only).map(|killer| killer.base.as_str()));
                println!("killed    {fault}  {}by {}", if only { "only " } else { "" }, shown(killers));
            }
            Fate::Survived => println!("SURVIVED  {fault}  {}", fault.versions_shown()),
        }
    }
    if args.sole {
        let faults = counted(sole.len(), "fault");
        sole.sort_unstable();
        sole.dedup();
        println!("only one killer: {faults}, {}", counted(sole.len(), "case"));
    }
    if !missing.is_empty() {
        println!("without a fault of its own: {} (`verysame faults --missing`)", counted(missing.len(), "rule"));
    }
    println!("killed: {killed} of {} of {}", counted(faults.len(), "fault"), counted(rules(&faults), "rule"));
    let status = if killed == faults.len() { Status::Fine } else { Status::Failed };
    status.max(broken)
}

fn shown(killers: &[Killer]) -> String {
    let one = |killer: &Killer| format!("{} ({}, {})", killer.case, killer.mode, killer.version);
    killers.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// Names the cases that no fault makes fail.
fn lint(loaded: &Loaded, faults: &[Fault], threads: usize) -> Status {
    let bar = progress(2 * faults.len());
    let cases = never_fail(loaded, faults, threads, || bar.inc(1));
    bar.finish_and_clear();
    for case in &cases {
        println!("never fails  {}  {}\n             {}", case.base, case.rules.join(", "), case.place);
    }
    println!("{} that no fault makes fail", counted(cases.len(), "case"));
    if cases.is_empty() { Status::Fine } else { Status::Failed }
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
