//! Arbitrary input for the reference engine: it must neither panic, nor hang, nor exceed a limit, nor lose count.
//!
//! Invariant: a program is a function of the corpus, the seed and its number, so a finding is made again from these.

mod mutate;
mod ordeal;
mod tokens;

pub use ordeal::{LIMITS, Trouble, survive};

use crate::case::{Loaded, Mode};
use fastrand::Rng;
use verysame_engine::rules::PyVersion;

/// The programs that are changed and mixed.
#[derive(Clone, Default, Debug)]
pub struct Corpus {
    programs: Vec<String>,
}

impl Corpus {
    /// The programs of these cases, and these texts.
    pub fn new(loaded: &Loaded, texts: impl IntoIterator<Item = String>) -> Corpus {
        let cases = loaded.cases.iter().map(|case| case.source.text.clone());
        Corpus { programs: cases.chain(texts).filter(|text| !text.trim().is_empty()).collect() }
    }

    /// How many programs it holds.
    pub fn len(&self) -> usize {
        self.programs.len()
    }

    /// Whether it holds no program.
    pub fn is_empty(&self) -> bool {
        self.programs.is_empty()
    }

    fn pick(&self, rng: &mut Rng) -> &str {
        rng.choice(&self.programs).map_or("", String::as_str)
    }
}

/// A program to be survived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// The bytes.
    pub source: Vec<u8>,
    /// The rules that hold.
    pub version: PyVersion,
    /// How it is run.
    pub mode: Mode,
}

impl Program {
    /// The program of this number.
    pub fn new(corpus: &Corpus, seed: u64, number: u64) -> Program {
        // Neighbouring seeds must not give neighbouring programs.
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32) ^ number);
        let minor = rng.u8(PyVersion::minors());
        let version = PyVersion::of_minor(minor).unwrap_or(PyVersion::NEWEST);
        let mode = if rng.u8(..4) == 0 { Mode::Interactive } else { Mode::Module };
        Program { source: mutate::program(corpus, &mut rng), version, mode }
    }
}

#[cfg(test)]
mod tests {
    use super::{Corpus, LIMITS, Program, survive};
    use crate::case::Mode;
    use crate::run::suite::Suite;
    use std::collections::BTreeSet;

    fn corpus() -> Corpus {
        Corpus::new(&Suite::Embedded.load(), [])
    }

    #[test]
    fn a_seed_and_a_number_make_a_program() {
        let corpus = corpus();
        let programs = |seed| (0..40).map(|number| Program::new(&corpus, seed, number)).collect::<Vec<_>>();
        assert_eq!(programs(1), programs(1));
        assert_ne!(programs(1), programs(2));
        let programs = programs(3);
        assert!(programs.iter().any(|program| program.mode == Mode::Interactive));
        assert!(programs.iter().map(|program| program.version).collect::<BTreeSet<_>>().len() > 4);
    }

    /// A short run of `verysame torture`.
    #[test]
    fn the_engine_survives() {
        let corpus = corpus();
        for number in 0..150 {
            let program = Program::new(&corpus, 20_261_130, number);
            if let Err(trouble) = survive(&program, &LIMITS) {
                let source = String::from_utf8_lossy(&program.source);
                panic!("number {number}, {} {}: {trouble}\n{source}", program.version, program.mode);
            }
        }
    }
}
