//! How many small programs a second an engine takes: kept apart from each other, and in batches as the fuzzer puts them.
//!
//! Invariant: the processor's time is that of everything that the engine started, also on a machine that others use.

use super::{BatchWorker, EngineSpec, Limits};
use crate::case::{Chunk, Job, Mode, Probe, ProbeKind};
use crate::judge::ProcessEnd;
use std::fmt;
use std::time::{Duration, Instant};

/// How many programs go into a batch. `verysame fuzz` has a size of its own, a block of its plan.
const BATCH: usize = 256;

/// What was measured.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
    /// So many programs,
    pub programs: usize,
    /// in this time,
    pub wall: Duration,
    /// of which the engine's processes had so much of a processor, if that can be known.
    pub processor: Option<Duration>,
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} programs a second", per_second(self.programs, self.wall))?;
        match self.processor.filter(|time| !time.is_zero()) {
            Some(time) => write!(f, ", {:.0} a second of a processor", per_second(self.programs, time)),
            None => Ok(()),
        }
    }
}

fn per_second(programs: usize, time: Duration) -> f64 {
    programs as f64 / time.as_secs_f64().max(1e-9)
}

/// Programs each kept apart from the next, for about this long.
///
/// # Errors
/// The engine cannot be asked.
pub fn isolated(spec: &EngineSpec, limits: &Limits, time: Duration) -> Result<Rate, String> {
    let before = of_children();
    let mut engine = spec.open().map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let mut programs = 0;
    while begun.elapsed() < time {
        let seen = engine.observe(&job(programs), limits);
        if seen.end != ProcessEnd::Ok || seen.events.len() != 1 {
            return Err(format!("a small program ended with {:?}", seen.end));
        }
        programs += 1;
    }
    let wall = begun.elapsed();
    // What ended is counted with its children.
    drop(engine);
    Ok(Rate { programs, wall, processor: since(before) })
}

/// Programs in batches, each in a fresh namespace of one process; nothing if the engine takes no batches.
///
/// # Errors
/// The engine cannot be asked.
pub fn in_batches(spec: &EngineSpec, limits: &Limits, time: Duration) -> Result<Option<Rate>, String> {
    let before = of_children();
    let Some(mut worker) = BatchWorker::new(spec).map_err(|error| error.to_string())? else { return Ok(None) };
    let begun = Instant::now();
    let mut programs = 0;
    while begun.elapsed() < time {
        let batch: Vec<String> = (programs..programs + BATCH).map(|number| source(number, "print")).collect();
        worker.send(&batch)?;
        let answers = worker.receive(&batch, limits);
        if answers.iter().any(|answer| answer.as_ref().is_none_or(|ran| ran.stdout.is_empty())) {
            return Err("a program of a batch was not answered".to_string());
        }
        programs += BATCH;
    }
    let wall = begun.elapsed();
    drop(worker);
    Ok(Some(Rate { programs, wall, processor: since(before) }))
}

/// A program that is not the one before.
fn source(number: usize, shows: &str) -> String {
    format!("x = [{number}]\ny = x\ndef f():\n    y.append(x is y)\n    return y\n{shows}(f())\n")
}

fn job(number: usize) -> Job {
    Job {
        case: "harness.rate".to_string(),
        mode: Mode::Module,
        files: Vec::new(),
        chunks: vec![Chunk { source: source(number, "__probe_1__"), first_line: 1, graph: false }],
        probes: vec![Probe { name: "__probe_1__".to_string(), kind: ProbeKind::Value }],
        packages: false,
        heap: Vec::new(),
    }
}

fn since(before: Option<Duration>) -> Option<Duration> {
    of_children()?.checked_sub(before?)
}

/// The processor's time of all processes that this one has seen end.
fn of_children() -> Option<Duration> {
    // proc(5): behind the name in parentheses the fields `cutime` and `cstime` are the 14th and 15th, in hundredths.
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(13).map_while(|field| field.parse::<u64>().ok());
    Some(Duration::from_millis(10 * (fields.next()? + fields.next()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python3_has_both_rates_and_batches_are_quicker() {
        let Ok(spec) = EngineSpec::python("python3", None) else { return };
        if spec.open().is_err() {
            return;
        }
        let (limits, time) = (Limits::default(), Duration::from_millis(100));
        let apart = isolated(&spec, &limits, time).expect("it runs");
        let batches = in_batches(&spec, &limits, time).expect("it runs").expect("it takes batches");
        assert!(apart.programs > 0 && batches.programs >= BATCH, "{apart} {batches}");
        let rate = |rate: Rate| per_second(rate.programs, rate.wall);
        assert!(rate(batches) > rate(apart), "{apart}; {batches}");
        let reference = EngineSpec::Reference { version: verysame_engine::rules::py(12, 1), fault: None };
        assert_eq!(in_batches(&reference, &limits, time), Ok(None));
    }

    #[test]
    fn a_rate_is_told_by_both_clocks() {
        let rate = Rate { programs: 300, wall: Duration::from_secs(2), processor: Some(Duration::from_millis(1000)) };
        assert_eq!(rate.to_string(), "150 programs a second, 300 a second of a processor");
    }
}
