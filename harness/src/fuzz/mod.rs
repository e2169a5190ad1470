//! Differential fuzzing: generated programs with exactly one legal output, run on the reference engine and on others.
//!
//! Invariant: kind, seed and number say which program it is, byte for byte, on every run and machine.

mod lifetime;
pub mod search;

use crate::case::{Chunk, Job, Mode};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::fmt;

/// What programs are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Counts, finalisers, weak references, cycles, sizes.
    Lifetime,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 1] = [Kind::Lifetime];

    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Lifetime => "lifetime",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The most steps of a program's own body.
const LONGEST: usize = 14;

/// A program that can be made smaller.
#[derive(Clone, Debug)]
pub struct Growth {
    steps: Vec<lifetime::Step>,
}

impl Growth {
    /// The program of this kind with this number.
    ///
    /// # Errors
    /// The words of the generator, which rejects nothing and so has none.
    pub fn new(kind: Kind, seed: u64, number: u64) -> Result<Growth, String> {
        let mut bytes = [0; 32];
        for (to, from) in bytes.chunks_exact_mut(8).zip([seed, number, kind as u64, 1]) {
            to.copy_from_slice(&from.to_le_bytes());
        }
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        match kind {
            Kind::Lifetime => {
                let tree = lifetime::steps(LONGEST).new_tree(&mut runner).map_err(|reason| reason.to_string())?;
                Ok(Growth { steps: tree.current() })
            }
        }
    }

    /// Its text.
    pub fn source(&self) -> String {
        lifetime::program(&self.steps)
    }

    /// Makes it smaller for as long as `wanted` holds of what is left, asking at most `most` times.
    #[must_use]
    pub fn shrink(mut self, most: usize, mut wanted: impl FnMut(&str) -> bool) -> Growth {
        let mut asked = 0;
        let mut source = self.source();
        'smaller: loop {
            for steps in lifetime::smaller(&self.steps) {
                let candidate = Growth { steps };
                let text = candidate.source();
                // Steps that print nothing change nothing.
                let holds = text == source
                    || (asked < most && {
                        asked += 1;
                        wanted(&text)
                    });
                if holds {
                    (self, source) = (candidate, text);
                    continue 'smaller;
                }
            }
            return self;
        }
    }
}

/// A program as what an engine runs.
pub fn job(name: &str, source: &str) -> Job {
    Job {
        case: name.to_string(),
        mode: Mode::Module,
        files: Vec::new(),
        chunks: vec![Chunk { source: source.to_string(), first_line: 1, graph: false }],
        probes: Vec::new(),
        packages: false,
        heap: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
