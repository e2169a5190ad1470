//! The generators measured: each single fault of the reference engine switched on, against the plain engine, until a
//! program tells them apart.
//!
//! Invariant: a fault is found only by a program that, run alone, ends otherwise with the fault than without; the answer
//! depends on the plan and the rule book alone. What the plain engine says of a program is asked once for all faults.

use super::outcome::Outcome;
use super::search::{Plan, Span, on_threads};
use super::{Growth, Kind};
use crate::engine::{BatchReference, Engine, ReferenceEngine};
use crate::run::faults::Fault;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use verysame_engine::rules::{Profile, PyVersion};

/// What became of a fault.
#[derive(Clone, PartialEq, Debug)]
pub enum Fate {
    /// This program tells it apart.
    Found(Box<Found>),
    /// No program does.
    Survived,
}

/// A program that tells a fault apart.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Its kind.
    pub kind: Kind,
    /// Its number.
    pub number: u64,
    /// How many programs were run until then, this one included.
    pub ran: u64,
    /// The version whose rules are followed.
    pub version: PyVersion,
    /// The program.
    pub growth: Growth,
}

/// Programs of a block with the plain engine's answers.
struct Block {
    programs: Vec<(u64, Growth)>,
    sources: Vec<String>,
    plain: Vec<Outcome>,
}

/// Blocks of one version, made when they are first wanted.
type Blocks = Vec<OnceLock<Arc<Block>>>;

/// Switches each fault on in turn, under the newest rules that it changes; `done` is told of each as it comes.
///
/// # Errors
/// No thread can be started.
pub fn measure(plan: &Plan, faults: &[Fault], done: impl Fn(&Fault, &Fate) + Sync) -> Result<Vec<Fate>, String> {
    let spans: Vec<Span> = (0..).map_while(|index| plan.block(index)).filter(|span| span.count > 0).collect();
    let mut under: BTreeMap<u8, Blocks> = BTreeMap::new();
    for version in faults.iter().filter_map(|fault| fault.versions.first()) {
        under.entry(version.minor).or_insert_with(|| spans.iter().map(|_| OnceLock::new()).collect());
    }
    let next = AtomicUsize::new(0);
    let fates = Mutex::new(Vec::new());
    on_threads(plan.threads.min(faults.len()), || {
        while let Some((at, fault)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, faults.get(at)?)))
        {
            let fate = match fault.versions.first().and_then(|version| Some((*version, under.get(&version.minor)?))) {
                Some((version, blocks)) => fate(plan, fault, version, &spans, blocks)?,
                None => Fate::Survived,
            };
            done(fault, &fate);
            fates.lock().unwrap_or_else(PoisonError::into_inner).push((at, fate));
        }
        Ok(())
    })?;
    let mut fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    fates.sort_by_key(|(at, _)| *at);
    Ok(fates.into_iter().map(|(_, fate)| fate).collect())
}

fn fate(plan: &Plan, fault: &Fault, version: PyVersion, spans: &[Span], blocks: &Blocks) -> Result<Fate, String> {
    let plain = Profile::of(version);
    let wrong = plain.clone().with_fault(fault.rule, fault.name).map_err(|error| error.to_string())?;
    let faulty = BatchReference::new(&wrong, &plan.limits);
    // Most faults find the answers of the plain engine made.
    let mut reference = None;
    let mut ran = 0;
    for (span, slot) in spans.iter().zip(blocks) {
        let block = match slot.get() {
            Some(block) => Arc::clone(block),
            None => {
                let reference = reference.get_or_insert_with(|| BatchReference::new(&plain, &plan.limits));
                let made = Arc::new(block(plan, *span, version, reference)?);
                Arc::clone(slot.get_or_init(|| made))
            }
        };
        let answers = faulty.run(&block.sources);
        let pairs = block.plain.iter().zip(answers.into_iter().map(|answer| answer.map(Outcome::from)));
        for (((number, growth), source), (ours, theirs)) in block.programs.iter().zip(&block.sources).zip(pairs) {
            ran += 1;
            if theirs.as_ref() == Some(ours) {
                continue;
            }
            if tells_apart(plan, &plain, &wrong, source) {
                let found = Found { kind: span.kind, number: *number, ran, version, growth: growth.clone() };
                return Ok(Fate::Found(Box::new(found)));
            }
        }
    }
    Ok(Fate::Survived)
}

/// Whether a program that runs alone ends otherwise under the other rules.
pub fn tells_apart(plan: &Plan, plain: &Profile, wrong: &Profile, source: &str) -> bool {
    let alone = |profile: &Profile| {
        let mut engine = ReferenceEngine::new(profile.clone(), None).unaudited();
        Outcome::of(&engine.observe(&super::job("fuzz.fault", source), &plan.limits))
    };
    alone(plain) != alone(wrong)
}

fn block(plan: &Plan, span: Span, version: PyVersion, reference: &BatchReference) -> Result<Block, String> {
    let mut programs = Vec::new();
    for number in span.first..span.first.saturating_add(span.count) {
        let growth = Growth::new(span.kind, plan.seed, number)?;
        if plan.is_ours(span.kind, number) && growth.since() <= version.minor {
            programs.push((number, growth));
        }
    }
    let sources: Vec<String> = programs.iter().map(|(_, growth)| growth.source()).collect();
    let mut answers = reference.run(&sources);
    for (answer, source) in answers.iter_mut().zip(&sources).filter(|(answer, _)| answer.is_none()) {
        // One before it may have used up what all share. What ends the interpreter has no answer in batches.
        *answer = reference.run(std::slice::from_ref(source)).into_iter().next().flatten();
    }
    let mut block = Block { programs: Vec::new(), sources: Vec::new(), plain: Vec::new() };
    for ((program, source), answer) in programs.into_iter().zip(sources).zip(answers) {
        if let Some(answer) = answer {
            block.programs.push(program);
            block.sources.push(source);
            block.plain.push(Outcome::from(answer));
        }
    }
    Ok(block)
}
