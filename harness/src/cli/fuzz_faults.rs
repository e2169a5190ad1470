//! `verysame fuzz --faults`: how many of the reference engine's deliberate faults generated programs tell apart.

use super::common::counted;
use super::fuzz::bar;
use super::{Status, complain};
use crate::fuzz::corpus::Corpus;
use crate::fuzz::faults::{Fate, measure};
use crate::fuzz::search::Plan;
use crate::run::faults::{Fault, all};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Measures the programs of the plan with the faults that have one of these parts in their names.
pub(super) fn main(plan: &Plan, parts: &[String], corpus: Option<&Path>) -> Status {
    let chosen = |fault: &Fault| {
        let name = fault.to_string();
        parts.is_empty() || parts.iter().any(|part| name.contains(part.as_str()))
    };
    let faults: Vec<Fault> = all().into_iter().filter(chosen).collect();
    if faults.is_empty() {
        complain("no fault is chosen: see `verysame faults --list`");
        return Status::Usage;
    }
    let begun = Instant::now();
    let progress = bar(Some(faults.len() as u64));
    let fates = match measure(plan, &faults, |_, _| progress.inc(1)) {
        Ok(fates) => fates,
        Err(words) => {
            complain(words);
            return Status::Infra;
        }
    };
    progress.finish_and_clear();
    let (mut found, mut by_kind) = (0, BTreeMap::<&str, usize>::new());
    for (fault, fate) in faults.iter().zip(&fates) {
        match fate {
            Fate::Found(first) => {
                found += 1;
                *by_kind.entry(first.kind.word()).or_default() += 1;
            }
            Fate::Survived => println!("SURVIVED  {fault}  {}", fault.versions_shown()),
        }
    }
    if let Some(path) = corpus {
        let corpus = Corpus::of(plan, &faults, &fates);
        if let Err(error) = crate::files::write_whole(path, corpus.text().as_bytes()) {
            complain(format_args!("{}: {error}", path.display()));
            return Status::Usage;
        }
        println!("wrote {} into {}", counted(corpus.programs.len(), "program"), path.display());
    }
    for (kind, count) in &by_kind {
        println!("first found by {kind}: {count}");
    }
    let programs = plan.programs.unwrap_or_default();
    println!(
        "found: {found} of {} ({:.1} %) within {} each, in {:.0} s",
        counted(faults.len(), "fault"),
        100.0 * found as f64 / faults.len() as f64,
        counted(usize::try_from(programs).unwrap_or(usize::MAX), "program"),
        begun.elapsed().as_secs_f64()
    );
    if found == faults.len() { Status::Fine } else { Status::Failed }
}
