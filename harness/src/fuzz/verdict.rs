//! Who is wrong where two engines differ: the rule, the engine's own contradictions, and the votes of others.
//!
//! Invariant: the verdict is a function of what was observed; a majority never overrules the rule of a level that
//! the engine does not claim.

use super::outcome::Outcome;
use super::report::{Bucket, Divergence};
use super::search::{Desk, Plan, on_desks};
use crate::engine::{Engine, Limits, ReferenceEngine};
use crate::run::execute::Opened;
use std::fmt;
use verysame_engine::rules::{Profile, PyVersion};

/// What a difference means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// This engine breaks a rule.
    BugOf(String),
    /// CPython alone does so: the engine may do otherwise.
    Allowed,
    /// It answers as the rules of another version say.
    VersionDetail(PyVersion),
    /// The reference engine is wrong.
    ReferenceWrong,
    /// Nothing decides.
    Unknown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::BugOf(engine) => write!(f, "bug of {engine}"),
            Verdict::Allowed => f.write_str("allowed"),
            Verdict::VersionDetail(version) => write!(f, "version detail: as {version}"),
            Verdict::ReferenceWrong => f.write_str("reference engine wrong"),
            Verdict::Unknown => f.write_str("unknown"),
        }
    }
}

/// What another engine says of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vote {
    /// Its name and version.
    pub engine: String,
    /// It does as the reference engine under the rules of its version.
    pub agrees: bool,
}

/// What is known of a difference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// The engine.
    pub engine: String,
    /// It claims what CPython does.
    pub claims_cpython: bool,
    /// The language promises what the program shows.
    pub is_language: bool,
    /// The engine died.
    pub crashed: bool,
    /// The engine contradicts itself: it answers otherwise to a program that means the same.
    pub contradicts_itself: bool,
    /// The version whose rules give the engine's answer.
    pub as_version: Option<PyVersion>,
    /// The others.
    pub votes: Vec<Vote>,
}

impl Evidence {
    /// What follows.
    pub fn verdict(&self) -> Verdict {
        let bug = || Verdict::BugOf(self.engine.clone());
        let agree = self.votes.iter().filter(|vote| vote.agrees).count();
        let against = self.votes.len() - agree;
        if self.crashed || (self.contradicts_itself && self.is_language) {
            return bug();
        }
        if !self.is_language && !self.claims_cpython {
            return Verdict::Allowed;
        }
        if let Some(version) = self.as_version.filter(|_| self.claims_cpython) {
            return Verdict::VersionDetail(version);
        }
        match (self.is_language, agree, against) {
            // What CPython does is what the rule says.
            (false, _, _) => Verdict::ReferenceWrong,
            (true, agree, against) if against > agree => Verdict::ReferenceWrong,
            (true, agree, against) if agree > against => bug(),
            (true, _, _) => Verdict::Unknown,
        }
    }
}

/// `cpython 3.12.1`
pub fn name_of(opened: &Opened) -> String {
    let info = opened.info();
    // The reference engine is called by its version and fault already.
    if info.implementation == "verysame" {
        info.name.clone()
    } else {
        format!("{} {}", info.implementation, info.version)
    }
}

/// Gathers what is known of each bucket, with what `more` says of it, on the threads of the plan.
///
/// # Errors
/// An engine cannot be asked.
pub fn gather<R: Send>(
    plan: &Plan,
    opened: &Opened,
    voters: &[Opened],
    found: &[Bucket],
    more: impl Fn(&Bucket) -> R + Sync,
) -> Result<Vec<(Evidence, R)>, String> {
    on_desks(plan, opened, found, |desk, bucket| {
        Ok((evidence(&bucket.first, opened, voters, desk, &plan.limits)?, more(bucket)))
    })
}

/// Gathers what is known of a difference; `voters` are asked too, as far as they know the syntax.
///
/// # Errors
/// An engine cannot be asked.
fn evidence(
    divergence: &Divergence,
    subject: &Opened,
    voters: &[Opened],
    desk: &mut Desk,
    limits: &Limits,
) -> Result<Evidence, String> {
    let source = divergence.growth.source();
    let contradicts_itself = match divergence.growth.without_inlining() {
        None => false,
        Some(same) => {
            let (ours, theirs) = desk.both("fuzz.same", &same)?;
            desk.agree(&ours, &divergence.reference) && !desk.agree(&theirs, &divergence.other)
        }
    };
    let under = |version: PyVersion| {
        let mut engine = ReferenceEngine::new(Profile::of(version), None).unaudited();
        Outcome::alone(&mut engine, "fuzz.version", &source, limits)
    };
    let own = subject.info().version;
    let versions = PyVersion::minors().filter_map(PyVersion::of_minor);
    let others = versions.filter(|version| version.minor != own.minor && version.minor >= divergence.growth.since());
    let as_version = others.into_iter().find(|version| desk.agree(&under(*version), &divergence.other));
    let mut votes = Vec::new();
    for voter in voters {
        let info = voter.info();
        if info.version.minor < divergence.growth.since() {
            continue;
        }
        let mut engine: Box<dyn Engine> = voter.take().map_err(|error| error.to_string())?;
        let theirs = Outcome::alone(&mut *engine, "fuzz.vote", &source, limits);
        voter.give_back(engine);
        let agrees = under(info.version).agrees(&theirs, info.claims_cpython);
        votes.push(Vote { engine: name_of(voter), agrees });
    }
    Ok(Evidence {
        engine: name_of(subject),
        claims_cpython: subject.info().claims_cpython,
        is_language: divergence.growth.is_language(),
        crashed: divergence.other.end.starts_with("crash: "),
        contradicts_itself,
        as_version,
        votes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence() -> Evidence {
        Evidence {
            engine: "pypy 3.11.11".into(),
            claims_cpython: false,
            is_language: true,
            crashed: false,
            contradicts_itself: false,
            as_version: None,
            votes: Vec::new(),
        }
    }

    fn votes(agree: &[bool]) -> Vec<Vote> {
        agree.iter().map(|agrees| Vote { engine: "e".into(), agrees: *agrees }).collect()
    }

    #[test]
    fn levels_come_before_votes() {
        let said = |evidence: Evidence| evidence.verdict().to_string();
        assert_eq!(said(evidence()), "unknown");
        assert_eq!(said(Evidence { votes: votes(&[true, true, false]), ..evidence() }), "bug of pypy 3.11.11");
        assert_eq!(said(Evidence { votes: votes(&[false, false, true]), ..evidence() }), "reference engine wrong");
        assert_eq!(said(Evidence { votes: votes(&[true, false]), ..evidence() }), "unknown");
        assert_eq!(said(Evidence { contradicts_itself: true, ..evidence() }), "bug of pypy 3.11.11");
        let detail = Evidence { is_language: false, votes: votes(&[true]), ..evidence() };
        assert_eq!(said(detail.clone()), "allowed");
        assert_eq!(said(Evidence { crashed: true, ..detail.clone() }), "bug of pypy 3.11.11");
        assert_eq!(said(Evidence { claims_cpython: true, ..detail.clone() }), "reference engine wrong");
        let version = PyVersion::of_minor(12);
        let as_older = Evidence { claims_cpython: true, as_version: version, ..detail };
        assert_eq!(said(as_older), format!("version detail: as {}", version.expect("a version")));
    }
}
