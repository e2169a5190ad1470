//! Programs that are worth being kept: each tells a fault of a rule apart that no other one does.
//!
//! Invariant: every program of a corpus ends otherwise under each fault that it names than under the plain rules of its
//! version. The one that is kept with the harness, `corpus.toml`, is replayed by a test.

use super::faults::{Fate, tells_apart};
use super::search::Plan;
use crate::run::faults::Fault;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use verysame_engine::rules::{Profile, PyVersion};

/// How often a program is tried smaller.
const SHRINKS: usize = 150;

/// The corpus that is kept.
const KEPT: &str = include_str!("corpus.toml");

/// A program and what it tells apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The minor version whose rules are followed.
    pub minor: u8,
    /// Faults, as `rule:fault`.
    pub faults: Vec<String>,
    /// The program.
    pub source: String,
}

/// Programs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Corpus {
    /// In the order in which they were found.
    #[serde(default, rename = "program")]
    pub programs: Vec<Kept>,
}

impl Corpus {
    /// The corpus that is kept with the harness.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn kept() -> Result<Corpus, String> {
        toml::from_str(KEPT).map_err(|error| error.to_string())
    }

    /// The smallest programs that tell apart what was told apart: a fault that one of them tells already gets none.
    pub fn of(plan: &Plan, faults: &[Fault], fates: &[Fate]) -> Corpus {
        let mut corpus = Corpus::default();
        for (fault, fate) in faults.iter().zip(fates) {
            let Fate::Found(found) = fate else { continue };
            let plain = Profile::of(found.version);
            let Ok(wrong) = plain.clone().with_fault(fault.rule, fault.name) else { continue };
            let tells = |source: &str| tells_apart(plan, &plain, &wrong, source);
            let minor = found.version.minor;
            let about = |kept: &Kept| kept.faults.iter().any(|name| name.starts_with(fault.rule));
            let mut near = corpus.programs.iter_mut().filter(|kept| kept.minor == minor && about(kept));
            if let Some(kept) = near.find(|kept| tells(&kept.source)) {
                kept.faults.push(fault.to_string());
                continue;
            }
            let small = found.growth.clone().shrink(SHRINKS, |growth| tells(&growth.source()));
            corpus.programs.push(Kept { minor, faults: vec![fault.to_string()], source: small.source() });
        }
        corpus
    }

    /// The corpus as a file.
    pub fn text(&self) -> String {
        let mut out = String::from("# Written by `verysame fuzz --faults --corpus FILE`: see corpus.rs.\n");
        for kept in &self.programs {
            let names: Vec<String> = kept.faults.iter().map(|name| format!("{name:?}")).collect();
            let _ = write!(out, "\n[[program]]\nminor = {}\nfaults = [{}]\n", kept.minor, names.join(", "));
            let literal = !kept.source.contains("'''")
                && !kept.source.ends_with('\'')
                && !kept.source.chars().any(|c| c.is_control() && c != '\n');
            let _ = if literal {
                writeln!(out, "source = '''\n{}'''", kept.source)
            } else {
                writeln!(out, "source = {}", toml::Value::String(kept.source.clone()))
            };
        }
        out
    }
}

impl Kept {
    /// The faults that it does not tell apart, though it should.
    pub fn missed(&self, plan: &Plan) -> Vec<&str> {
        let Some(version) = PyVersion::of_minor(self.minor) else { return Vec::new() };
        let plain = Profile::of(version);
        let missed = |name: &&String| {
            let wrong = name.split_once(':').and_then(|(rule, fault)| plain.clone().with_fault(rule, fault).ok());
            !wrong.is_some_and(|wrong| tells_apart(plan, &plain, &wrong, &self.source))
        };
        self.faults.iter().filter(missed).map(String::as_str).collect()
    }
}
