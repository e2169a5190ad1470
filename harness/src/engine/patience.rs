//! How often a worker that breaks down is started again.
//!
//! A job whose worker died, or said what is no answer, is put once more to a fresh worker, alone, before it is blamed.
//! After too many breakdowns in a row the engine is not asked again: a run ends in bounded time.

use super::worker::Fault;
use crate::judge::{Observation, ProcessEnd};

/// After so many breakdowns in a row the engine is not asked again.
const GIVE_UP: u32 = 6;

/// The patience that is left with one engine.
#[derive(Debug, Default)]
pub struct Patience {
    breakdowns: u32,
}

impl Patience {
    /// Asks until there is an answer or the job is to blame; `ask` is told whether the worker has to be a fresh one.
    pub fn observe(&mut self, mut ask: impl FnMut(bool) -> Result<Observation, Fault>) -> Observation {
        if self.breakdowns >= GIVE_UP {
            let words = format!("it broke down {GIVE_UP} times in a row and is not asked again");
            return ended(ProcessEnd::Infra(words));
        }
        let mut again = false;
        loop {
            let (seen, broken) = match ask(again) {
                Ok(seen) => (seen, false),
                Err(Fault::Silent) => (ended(ProcessEnd::Timeout), true),
                Err(Fault::Died(words)) => (ended(ProcessEnd::Crash(words)), true),
                Err(Fault::Garbage(words)) => (ended(ProcessEnd::Infra(words)), true),
            };
            self.breakdowns = if broken { self.breakdowns + 1 } else { 0 };
            if again || !matches!(seen.end, ProcessEnd::Crash(_) | ProcessEnd::Infra(_)) {
                return seen;
            }
            again = true;
        }
    }
}

/// An observation of nothing but how it ended.
pub fn ended(end: ProcessEnd) -> Observation {
    Observation { end, ..Observation::default() }
}
