//! Differential fuzzing: generated programs with exactly one legal output, run on the reference engine and on others.
//!
//! Invariant: kind, seed and number say which program it is, byte for byte, on every run and machine; of seeds, as long as
//! the suite stays the same.

mod caching;
pub mod case;
pub mod corpus;
mod draw;
pub mod faults;
mod heap;
mod lifetime;
mod lines;
pub mod log;
mod needs;
pub mod outcome;
pub mod report;
pub mod rule;
pub mod search;
mod seeds;
mod skeletons;
mod text;
pub mod verdict;

use crate::case::{Chunk, Job, Mode};
use draw::Draw;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What programs are about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Nested scopes and what happens to names in them: all small ones, and large ones.
    Skeletons,
    /// Objects that are shared and changed.
    Heap,
    /// Constants: which are one object.
    Caching,
    /// Counts, finalisers, weak references, cycles, sizes.
    Lifetime,
    /// The cases of the suite, as they stand and changed.
    Seeds,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Kind::Skeletons, Kind::Heap, Kind::Caching, Kind::Lifetime, Kind::Seeds];

    /// Those that are generated from nothing: the same programs in every release.
    pub const GENERATED: [Kind; 4] = [Kind::Skeletons, Kind::Heap, Kind::Caching, Kind::Lifetime];

    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Skeletons => "skeletons",
            Kind::Heap => "heap",
            Kind::Caching => "caching",
            Kind::Lifetime => "lifetime",
            Kind::Seeds => "seeds",
        }
    }

    /// A number that never changes, for what is drawn.
    const fn salt(self) -> u64 {
        match self {
            Kind::Lifetime => 0,
            Kind::Skeletons => 1,
            Kind::Heap => 2,
            Kind::Caching => 3,
            Kind::Seeds => 4,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The most steps of a lifetime program's own body.
const LONGEST: usize = 14;

/// A program as a tree.
#[derive(Clone, PartialEq, Debug)]
enum Tree {
    Skeleton(Vec<skeletons::Node>),
    Heap(heap::Program),
    Caching(caching::Program),
    Lifetime(Vec<lifetime::Step>),
    Seed(seeds::Program),
    /// What is left of any of them.
    Lines(lines::Lines),
}

impl Tree {
    fn source(&self) -> String {
        match self {
            Tree::Skeleton(nodes) => skeletons::program(nodes, false),
            Tree::Heap(program) => program.source(),
            Tree::Caching(program) => program.source(),
            Tree::Lifetime(steps) => lifetime::program(steps),
            Tree::Seed(program) => program.source(),
            Tree::Lines(lines) => lines.source(),
        }
    }

    fn smaller(&self) -> Vec<Tree> {
        match self {
            Tree::Skeleton(nodes) => skeletons::smaller(nodes).into_iter().map(Tree::Skeleton).collect(),
            Tree::Heap(program) => program.smaller().into_iter().map(Tree::Heap).collect(),
            Tree::Caching(program) => program.smaller().into_iter().map(Tree::Caching).collect(),
            Tree::Lifetime(steps) => lifetime::smaller(steps).into_iter().map(Tree::Lifetime).collect(),
            Tree::Seed(program) => program.smaller().into_iter().map(Tree::Seed).collect(),
            Tree::Lines(lines) => lines.smaller().into_iter().map(Tree::Lines).collect(),
        }
    }
}

/// A program that can be made smaller.
#[derive(Clone, PartialEq, Debug)]
pub struct Growth {
    tree: Tree,
}

impl Growth {
    /// The program of this kind with this number.
    ///
    /// # Errors
    /// The words of the generator, which rejects nothing and so has none.
    pub fn new(kind: Kind, seed: u64, number: u64) -> Result<Growth, String> {
        let tree = match kind {
            Kind::Skeletons => Tree::Skeleton(skeletons::skeleton(seed, number)),
            Kind::Heap => Tree::Heap(heap::Program::draw(&mut Draw::new(seed, number, kind.salt()))),
            Kind::Caching => Tree::Caching(caching::Program::draw(&mut Draw::new(seed, number, kind.salt()))),
            Kind::Seeds => Tree::Seed(seeds::Program::draw(seed, number, kind.salt())),
            Kind::Lifetime => {
                let mut bytes = [0; 32];
                for (to, from) in bytes.chunks_exact_mut(8).zip([seed, number, kind.salt(), 1]) {
                    to.copy_from_slice(&from.to_le_bytes());
                }
                let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
                let mut runner = TestRunner::new_with_rng(Config::default(), rng);
                let tree = lifetime::steps(LONGEST).new_tree(&mut runner).map_err(|reason| reason.to_string())?;
                Tree::Lifetime(tree.current())
            }
        };
        Ok(Growth { tree })
    }

    /// Its text.
    pub fn source(&self) -> String {
        self.tree.source()
    }

    /// The first minor version of Python whose syntax has all of it.
    pub fn since(&self) -> u8 {
        match &self.tree {
            Tree::Skeleton(nodes) => skeletons::since(nodes),
            Tree::Heap(_) | Tree::Caching(_) | Tree::Lifetime(_) => 8,
            Tree::Seed(program) => program.since(),
            Tree::Lines(lines) => lines.since,
        }
    }

    /// What it shows is promised by the language, not by CPython alone.
    pub fn is_language(&self) -> bool {
        match &self.tree {
            Tree::Skeleton(_) | Tree::Heap(_) => true,
            Tree::Caching(_) | Tree::Lifetime(_) => false,
            Tree::Seed(program) => program.is_language(),
            Tree::Lines(lines) => lines.is_language,
        }
    }

    /// The same program with calls of generator expressions in the place of comprehensions, if it has any that an
    /// engine may compile into the function around it.
    pub fn without_inlining(&self) -> Option<String> {
        match &self.tree {
            Tree::Skeleton(nodes) => skeletons::has_inlined(nodes).then(|| skeletons::program(nodes, true)),
            Tree::Heap(_) | Tree::Caching(_) | Tree::Lifetime(_) | Tree::Seed(_) | Tree::Lines(_) => None,
        }
    }

    /// Makes it smaller for as long as `wanted` holds of what is left, asking at most `most` times.
    #[must_use]
    pub fn shrink(mut self, most: usize, mut wanted: impl FnMut(&Growth) -> bool) -> Growth {
        let mut asked = 0;
        let mut source = self.source();
        'smaller: loop {
            for tree in self.tree.smaller() {
                let candidate = Growth { tree };
                let text = candidate.source();
                // Steps that print nothing change nothing.
                let holds = text == source
                    || (asked < most && {
                        asked += 1;
                        wanted(&candidate)
                    });
                if holds {
                    (self, source) = (candidate, text);
                    continue 'smaller;
                }
            }
            // A skeleton stays one: it can be written without comprehensions.
            if matches!(self.tree, Tree::Skeleton(_) | Tree::Lines(_)) {
                return self;
            }
            self.tree = Tree::Lines(lines::Lines::new(&source, self.since(), self.is_language()));
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
