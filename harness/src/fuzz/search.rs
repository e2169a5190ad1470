//! Many programs on the reference engine and one other: where they differ.
//!
//! Programs go to both sides in batches, which work at the same time; a difference is believed once the program was run
//! alone on both. What a known deviation explains is counted and not reported.
//!
//! Invariant: what is found in a block of numbers depends on nothing but the engines and the block.

use super::draw::mix;
use super::needs::needs;
use super::outcome::{Outcome, without_names};
use super::{Growth, Kind};
use crate::engine::{BatchReference, BatchWorker, Engine, EngineSpec, Limits, ReferenceEngine, STACK};
use crate::judge::Deviation;
use crate::run::execute::Opened;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use verysame_engine::rules::Profile;

/// How many numbers are one block, which is done as a whole or not at all.
pub const BLOCK: u64 = 128;

/// What is searched, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What programs are about; the numbers are divided among the kinds.
    pub kinds: Vec<Kind>,
    /// The seed.
    pub seed: u64,
    /// The number of the first program of each kind.
    pub first: u64,
    /// How many programs; without end if it is not said.
    pub programs: Option<u64>,
    /// Do this part of so many.
    pub shard: (u64, u64),
    /// For how long new blocks are begun.
    pub time: Option<Duration>,
    /// On how many threads.
    pub threads: usize,
    /// Report what known deviations explain as well.
    pub all: bool,
    /// Every program alone, which is slow.
    pub alone: bool,
    /// Bounds of one program alone, and of a batch.
    pub limits: Limits,
}

/// Some numbers of one kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Span {
    /// What they are about.
    pub kind: Kind,
    /// The first number.
    pub first: u64,
    /// How many.
    pub count: u64,
}

impl Plan {
    /// The block with this index, if there is one.
    pub(super) fn block(&self, index: u64) -> Option<Span> {
        let kinds = self.kinds.len() as u64;
        let kind = *self.kinds.get(usize::try_from(index.checked_rem(kinds)?).ok()?)?;
        let from = (index / kinds).checked_mul(BLOCK)?;
        let count = match self.programs {
            None => BLOCK,
            Some(programs) if from > programs / kinds => return None,
            Some(programs) => {
                // The first kinds get one more where the division leaves a rest.
                let own = programs / kinds + u64::from(index % kinds < programs % kinds);
                own.saturating_sub(from).min(BLOCK)
            }
        };
        Some(Span { kind, first: self.first.checked_add(from)?, count })
    }

    /// Whether this number is in the shard; the same in every release.
    pub fn is_ours(&self, kind: Kind, number: u64) -> bool {
        let (part, parts) = self.shard;
        parts <= 1 || mix(mix(number) ^ kind.salt()) % parts == part % parts
    }
}

/// A program on which two engines differ, as generated.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// What it is about.
    pub kind: Kind,
    /// Its number.
    pub number: u64,
    /// What the reference engine did with it.
    pub reference: Outcome,
    /// What the other engine did with it.
    pub other: Outcome,
}

/// What came of a block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Done {
    /// Which numbers.
    pub span: Span,
    /// Which part of them, of how many.
    pub shard: (u64, u64),
    /// How many of them were run: of this shard, and with nothing that the other engine lacks.
    pub ran: u64,
    /// How many were run alone because the batch said that they differ, or said nothing.
    pub alone: u64,
    /// How many each deviation explains.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub explained: BTreeMap<String, u64>,
    /// Where the engines differ, in the order of numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<Finding>,
}

/// What both engines are asked through, on one thread.
pub(super) struct Desk<'a> {
    plan: &'a Plan,
    opened: &'a Opened,
    with_texts: bool,
    reference: BatchReference,
    other: Other,
    alone: Option<(ReferenceEngine, Box<dyn Engine>)>,
    /// Which capabilities the other engine was found to have.
    has: BTreeMap<&'static str, bool>,
    profile: Profile,
}

/// The other side in batches.
enum Other {
    Worker(Box<BatchWorker>),
    Reference(Box<BatchReference>),
    /// It takes no batches: every program is run alone.
    Alone,
}

/// The profile of the reference engine under a fault, or plain.
///
/// # Errors
/// The rule book has no such fault.
fn profile_of(spec: &EngineSpec) -> Result<Option<Profile>, String> {
    match spec {
        EngineSpec::Python { .. } | EngineSpec::Profiled { .. } | EngineSpec::Own { .. } => Ok(None),
        EngineSpec::Reference { version, fault } => {
            let plain = Profile::of(*version);
            let profile = match fault {
                Some((rule, fault)) => plain.with_fault(rule, fault).map_err(|error| error.to_string())?,
                None => plain,
            };
            Ok(Some(profile))
        }
    }
}

/// Does `work` for every task on desks of this plan, on several threads; the results come in the order of the tasks.
///
/// # Errors
/// The other engine cannot be asked.
pub(super) fn on_desks<T: Sync, R: Send>(
    plan: &Plan,
    opened: &Opened,
    tasks: &[T],
    work: impl Fn(&mut Desk, &T) -> Result<R, String> + Sync,
) -> Result<Vec<R>, String> {
    let next = AtomicU64::new(0);
    let results = Mutex::new(Vec::new());
    on_threads(plan.threads.min(tasks.len()), || {
        let mut desk = Desk::open(plan, opened)?;
        while let Some((at, task)) =
            usize::try_from(next.fetch_add(1, Ordering::Relaxed)).ok().and_then(|at| Some((at, tasks.get(at)?)))
        {
            let result = work(&mut desk, task)?;
            results.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
        Ok(())
    })?;
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Does this on so many threads with deep stacks.
pub(super) fn on_threads(threads: usize, labour: impl Fn() -> Result<(), String> + Sync) -> Result<(), String> {
    let failed = Mutex::new(None);
    let fail = |words: String| {
        failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(words);
    };
    let work = || {
        if let Err(words) = labour() {
            fail(words);
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let builder = thread::Builder::new().name("fuzz".to_string()).stack_size(STACK);
            if let Err(error) = builder.spawn_scoped(scope, work) {
                fail(error.to_string());
            }
        }
    });
    failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

/// Runs the programs on the reference engine, under the profile of the other's version, and on the other. Blocks of
/// which `skip` holds are passed over. `done` is told of each block as it comes; an error of it ends the search.
///
/// # Errors
/// The other engine cannot be asked; what `done` said.
pub fn search(
    plan: &Plan,
    opened: &Opened,
    skip: &HashSet<Span>,
    done: impl Fn(&Done) -> Result<(), String> + Sync,
) -> Result<(), String> {
    let next = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let one = |desk: &mut Desk| {
        while !stop.load(Ordering::Relaxed) && plan.time.is_none_or(|time| begun.elapsed() < time) {
            let Some(span) = plan.block(next.fetch_add(1, Ordering::Relaxed)) else { break };
            if span.count > 0 && !skip.contains(&span) {
                done(&desk.block(span)?)?;
            }
        }
        Ok(())
    };
    on_threads(plan.threads, || {
        let result = Desk::open(plan, opened).and_then(|mut desk| one(&mut desk));
        if result.is_err() {
            stop.store(true, Ordering::Relaxed);
        }
        result
    })
}

impl<'a> Desk<'a> {
    fn open(plan: &'a Plan, opened: &'a Opened) -> Result<Desk<'a>, String> {
        let profile = Profile::of(opened.info().version);
        let other = match (profile_of(opened.spec())?, BatchWorker::new(opened.spec())) {
            (Some(faulty), _) => Other::Reference(Box::new(BatchReference::new(&faulty, &plan.limits))),
            (None, Ok(Some(worker))) => Other::Worker(Box::new(worker)),
            (None, Ok(None)) => Other::Alone,
            (None, Err(error)) => return Err(error.to_string()),
        };
        Ok(Desk {
            plan,
            opened,
            with_texts: opened.info().claims_cpython,
            reference: BatchReference::new(&profile, &plan.limits),
            other,
            alone: None,
            has: BTreeMap::new(),
            profile,
        })
    }

    fn block(&mut self, span: Span) -> Result<Done, String> {
        let mut numbers = Vec::new();
        let mut programs = Vec::new();
        for number in span.first..span.first.saturating_add(span.count) {
            if self.plan.is_ours(span.kind, number) {
                let growth = Growth::new(span.kind, self.plan.seed, number)?;
                let source = growth.source();
                if growth.since() <= self.profile.version.minor && !self.lacks(&source)? {
                    numbers.push(number);
                    programs.push(source);
                }
            }
        }
        let mut done = Done {
            span,
            shard: self.plan.shard,
            ran: numbers.len() as u64,
            alone: 0,
            explained: BTreeMap::new(),
            found: Vec::new(),
        };
        let (ours, theirs) = self.batch(&programs)?;
        for (at, (number, source)) in numbers.iter().zip(&programs).enumerate() {
            let pair = ours.get(at).cloned().flatten().zip(theirs.get(at).cloned().flatten());
            let same = |(ours, theirs): (Outcome, Outcome)| ours.agrees(&theirs, self.with_texts);
            if pair.is_some_and(same) {
                continue;
            }
            done.alone += 1;
            let Some(finding) = self.confirmed(span.kind, *number, source)? else { continue };
            if finding.other.is_lacking() {
                done.ran -= 1;
                continue;
            }
            match self.explanation(&finding)? {
                Some(why) if !self.plan.all => *done.explained.entry(why).or_default() += 1,
                _ => done.found.push(finding),
            }
        }
        Ok(done)
    }

    /// What both sides say of the programs, working at the same time.
    fn batch(&mut self, programs: &[String]) -> Result<(Vec<Option<Outcome>>, Vec<Option<Outcome>>), String> {
        if self.plan.alone {
            return Ok((Vec::new(), Vec::new()));
        }
        let outcomes =
            |answers: crate::engine::Answers| answers.into_iter().map(|ran| ran.map(Outcome::from)).collect();
        match &mut self.other {
            Other::Worker(worker) => {
                worker.send(programs)?;
                let ours = self.reference.run(programs);
                Ok((outcomes(ours), outcomes(worker.receive(programs, &self.plan.limits))))
            }
            Other::Alone => Ok((Vec::new(), Vec::new())),
            Other::Reference(other) => Ok((outcomes(self.reference.run(programs)), outcomes(other.run(programs)))),
        }
    }

    /// Both outcomes of a program, quickly where that is possible.
    pub(super) fn quick(&mut self, source: &str) -> Result<(Outcome, Outcome), String> {
        let (ours, theirs) = self.batch(&[source.to_string()])?;
        match (ours.into_iter().next().flatten(), theirs.into_iter().next().flatten()) {
            (Some(ours), Some(theirs)) => Ok((ours, theirs)),
            _ => self.both("fuzz.shrinking", source),
        }
    }

    /// Whether these are the same, as far as this engine has to answer alike.
    pub(super) fn agree(&self, reference: &Outcome, other: &Outcome) -> bool {
        reference.agrees(other, self.with_texts)
    }

    /// Both engines, for a program alone.
    fn pair(&mut self) -> Result<&mut (ReferenceEngine, Box<dyn Engine>), String> {
        if self.alone.is_none() {
            let other = self.opened.take().map_err(|error| error.to_string())?;
            self.alone = Some((ReferenceEngine::new(self.profile.clone(), None), other));
        }
        self.alone.as_mut().ok_or_else(|| "there is no other engine".to_string())
    }

    /// Both outcomes of a program that is run alone. Who is late is asked again: the machine may have been busy.
    pub(super) fn both(&mut self, name: &str, source: &str) -> Result<(Outcome, Outcome), String> {
        let limits = self.opened.limits(&self.plan.limits);
        let (reference, other) = self.pair()?;
        let ours = Outcome::alone(reference, name, source, &limits);
        let mut theirs = Outcome::alone(&mut **other, name, source, &limits);
        if theirs.is_late() && !ours.is_late() {
            theirs = Outcome::alone(&mut **other, name, source, &limits);
        }
        Ok((ours, theirs))
    }

    /// Whether the program needs what the other engine does not have. CPython has everything.
    fn lacks(&mut self, source: &str) -> Result<bool, String> {
        if self.with_texts {
            return Ok(false);
        }
        for need in needs(source) {
            let has = match self.has.get(need) {
                Some(has) => *has,
                None => {
                    let (opened, limits) = (self.opened, self.opened.limits(&self.plan.limits));
                    let (_, other) = self.pair()?;
                    let has = opened.has(need, &mut **other, &limits);
                    *self.has.entry(need).or_insert(has)
                }
            };
            if !has {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn confirmed(&mut self, kind: Kind, number: u64, source: &str) -> Result<Option<Finding>, String> {
        let name = format!("fuzz.{kind}-{}-{number}", self.plan.seed);
        let (reference, other) = self.both(&name, source)?;
        let same = reference.agrees(&other, self.with_texts);
        Ok((!same).then_some(Finding { kind, number, reference, other }))
    }

    /// The deviation that explains a difference: the program should end as it says, or ends as it says where the program
    /// has comprehensions, and with generator expressions in their place the engine is right.
    fn explanation(&mut self, finding: &Finding) -> Result<Option<String>, String> {
        let opened = self.opened;
        let known = || opened.deviations.iter().filter(|deviation| deviation.holds_for(opened.info().version));
        let why = |deviation: &Deviation| deviation.issue.clone().unwrap_or_else(|| deviation.case.clone());
        if let Some(deviation) = known().find(|deviation| is_instead_of(deviation, finding)) {
            return Ok(Some(why(deviation)));
        }
        let Some(deviation) = known().find(|deviation| speaks_of(deviation, finding)) else { return Ok(None) };
        let growth = Growth::new(finding.kind, self.plan.seed, finding.number)?;
        let Some(source) = growth.without_inlining() else { return Ok(None) };
        let (reference, other) = self.both("fuzz.without-inlining", &source)?;
        Ok(reference.agrees(&other, self.with_texts).then(|| why(deviation)))
    }
}

/// Whether what was observed is an exception, not a value.
fn is_exception(observed: &str) -> bool {
    let class = observed.split(": ").next().unwrap_or(observed);
    class.ends_with("Error") && class.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether a deviation is about programs that should end like this one, and this engine lets it run.
fn is_instead_of(deviation: &Deviation, finding: &Finding) -> bool {
    deviation
        .instead_of
        .as_ref()
        .is_some_and(|end| *end == finding.reference.manner() && *end != finding.other.manner())
}

/// Whether a deviation that is about inlining has this end.
fn speaks_of(deviation: &Deviation, finding: &Finding) -> bool {
    /// How a variable is missed that the engine takes for another one.
    const UNBOUND: [&str; 2] = ["NameError: ", "UnboundLocalError: "];
    let (ours, theirs) = (&finding.reference, &finding.other);
    deviation.inlining
        && match deviation.observed.as_str() {
            "CRASH" => theirs.end.starts_with("crash: "),
            observed if is_exception(observed) => without_names(observed) == theirs.manner(),
            // A wrong value: the program goes on, also where it should have missed a variable.
            _ => theirs.end == ours.end || UNBOUND.iter().any(|class| ours.end.starts_with(class)),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviation(more: &str) -> Deviation {
        toml::from_str(&format!("case = 'scoping.x'\nreason = 'r'\n{more}")).expect("a deviation")
    }

    fn finding(reference: &str, other: &str) -> Finding {
        let outcome = |end: &str| Outcome { stdout: String::new(), end: end.to_string() };
        Finding { kind: Kind::Skeletons, number: 0, reference: outcome(reference), other: outcome(other) }
    }

    #[test]
    fn a_deviation_names_the_end_that_is_missed() {
        let known = deviation("observed = 'no exception'\ninstead_of = \"SyntaxError: no '_' here\"");
        let missed = finding("SyntaxError: no 'a' here", "NameError: name 'a' is not defined");
        assert!(is_instead_of(&known, &missed));
        assert!(!is_instead_of(&known, &finding("SyntaxError: no 'a' there", "it ran to its end")));
        assert!(!is_instead_of(&known, &finding("SyntaxError: no 'a' here", "SyntaxError: no 'b' here")));
        assert!(!is_instead_of(&deviation("observed = 'no exception'"), &missed));
    }

    #[test]
    fn a_wrong_value_shows_in_what_goes_on() {
        let known = deviation("observed = '([1], 1)'\ninlining = true");
        let fine = "it ran to its end";
        assert!(speaks_of(&known, &finding(fine, fine)));
        assert!(speaks_of(&known, &finding("NameError: cannot access free variable 'a'", fine)));
        assert!(!speaks_of(&known, &finding(fine, "TypeError: x")));
        let crash = deviation("observed = 'CRASH'\ninlining = true");
        assert!(speaks_of(&crash, &finding(fine, "crash: signal 11")) && !speaks_of(&crash, &finding(fine, fine)));
        assert!(!speaks_of(&deviation("observed = 'CRASH'"), &finding(fine, "crash: signal 11")));
    }
}
