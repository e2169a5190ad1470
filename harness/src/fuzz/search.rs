//! Many programs on the reference engine and one other: where they differ, shrunk.

use super::{Growth, Kind, job};
use crate::engine::{Engine, Limits, ReferenceEngine};
use crate::judge::{ChunkEnd, Observation, ProcessEnd};
use crate::run::execute::Opened;
use crate::run::pool;
use verysame_engine::rules::Profile;

/// Which programs.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// What they are about.
    pub kind: Kind,
    /// The seed.
    pub seed: u64,
    /// The number of the first.
    pub first: u64,
    /// How many.
    pub count: u64,
}

/// How often a program is tried smaller.
const SHRINKS: usize = 400;

/// What one engine did with a program, as far as it is compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What it wrote to stdout.
    pub stdout: String,
    /// How it ended, in words.
    pub end: String,
}

impl Outcome {
    fn of(seen: &Observation) -> Outcome {
        let end = match (&seen.end, seen.chunks.first()) {
            (ProcessEnd::Ok, Some(ChunkEnd::Completed)) => "it ran to its end".to_string(),
            (ProcessEnd::Ok, Some(ChunkEnd::Raised(raised))) => raised.words(),
            (ProcessEnd::Ok, Some(ChunkEnd::Exit(status))) => format!("exit status {status}"),
            (ProcessEnd::Ok, Some(ChunkEnd::NotRun) | None) => "it did not run".to_string(),
            (ProcessEnd::Timeout, _) => "no answer in time".to_string(),
            (ProcessEnd::Crash(words), _) => format!("crash: {words}"),
            (ProcessEnd::Infra(words), _) => format!("could not be asked: {words}"),
            (ProcessEnd::Limit(words), _) => format!("limit: {words}"),
            (ProcessEnd::Lacks(words), _) => format!("lacks: {words}"),
        };
        Outcome { stdout: seen.stdout.clone(), end }
    }

    /// Both as one text, the end last.
    pub fn text(&self) -> String {
        format!("{}-- {}\n", self.stdout, self.end)
    }
}

/// A program on which two engines differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Divergence {
    /// Its number.
    pub number: u64,
    /// Its text, shrunk.
    pub source: String,
    /// What the reference engine did with it.
    pub reference: Outcome,
    /// What the other engine did with it.
    pub other: Outcome,
}

/// What came of one number.
type Found = Result<Option<Divergence>, String>;

/// Runs the programs on the reference engine, under the profile of the other's version, and on the other; `done` is
/// told of each. The divergences come in the order of their numbers.
///
/// # Errors
/// The other engine cannot be asked.
pub fn search(
    range: Range,
    opened: &Opened,
    threads: usize,
    limits: &Limits,
    done: impl Fn(bool) + Sync,
) -> Result<Vec<Divergence>, String> {
    let numbers: Vec<u64> = (range.first..range.first.saturating_add(range.count)).collect();
    let profile = Profile::of(opened.info().version);
    let open = || {
        let other = opened.take().map_err(|error| error.to_string());
        other.map(|other| (ReferenceEngine::new(profile.clone(), None), other))
    };
    let work = |pair: &mut Result<(ReferenceEngine, Box<dyn Engine>), String>, number: &u64| -> Found {
        match pair {
            Ok((reference, other)) => compare(range, *number, reference, &mut **other, limits),
            Err(words) => Err(words.clone()),
        }
    };
    let found = pool::run(&numbers, threads, open, work, |_, found| done(matches!(found, Ok(Some(_)))));
    found.into_iter().filter_map(Result::transpose).collect()
}

fn compare(
    range: Range,
    number: u64,
    reference: &mut ReferenceEngine,
    other: &mut dyn Engine,
    limits: &Limits,
) -> Found {
    let growth = Growth::new(range.kind, range.seed, number)?;
    let name = format!("fuzz.{}-{}-{number}", range.kind, range.seed);
    let mut both = |source: &str| {
        let job = job(&name, source);
        (Outcome::of(&reference.observe(&job, limits)), Outcome::of(&other.observe(&job, limits)))
    };
    let (ours, theirs) = both(&growth.source());
    if ours == theirs {
        return Ok(None);
    }
    // What differs for another reason than the whole program does is another finding.
    let manner = |ours: &Outcome, theirs: &Outcome| {
        (ours.end == theirs.end, ours.end.starts_with("crash"), theirs.end.starts_with("crash"))
    };
    let whole = manner(&ours, &theirs);
    let source = growth
        .shrink(SHRINKS, |source| {
            let (ours, theirs) = both(source);
            ours != theirs && manner(&ours, &theirs) == whole
        })
        .source();
    let (reference, other) = both(&source);
    Ok(Some(Divergence { number, source, reference, other }))
}
