//! The suite measured: each fault of the reference engine switched on, until a case notices.
//!
//! Invariant: a fault counts as killed only by a case that is right in the same mode and version without it.

use super::pool;
use crate::case::{Case, Loaded, Mode, Plan, plan};
use crate::engine::{Engine, Limits, ReferenceEngine};
use crate::judge::{Claims, judge};
use std::fmt;
use std::sync::OnceLock;
use verysame_engine::rules::{Profile, PyVersion, RULES};

/// A rule, got wrong in a named way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The rule's id.
    pub rule: &'static str,
    /// The fault's name.
    pub name: &'static str,
    /// The versions whose rules it changes, newest first.
    pub versions: Vec<PyVersion>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.rule, self.name)
    }
}

impl Fault {
    /// `3.8 3.9`, the minor versions that it changes, oldest first.
    pub fn versions_shown(&self) -> String {
        let minors: Vec<String> = self.versions.iter().rev().map(|version| format!("3.{}", version.minor)).collect();
        minors.join(" ")
    }
}

/// Every fault of the book, in its order.
pub fn all() -> Vec<Fault> {
    let mut versions: Vec<PyVersion> = PyVersion::minors().filter_map(PyVersion::of_minor).collect();
    versions.reverse();
    let changes = |version: &PyVersion, rule: &str, name: &str| {
        let plain = Profile::of(*version);
        plain.clone().with_fault(rule, name).is_ok_and(|wrong| wrong != plain)
    };
    let faults = RULES.iter().flat_map(|rule| rule.faults.iter().map(move |name| (rule.id, *name)));
    faults
        .map(|(rule, name)| {
            let versions = versions.iter().copied().filter(|version| changes(version, rule, name)).collect();
            Fault { rule, name, versions }
        })
        .collect()
}

/// What became of a fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// This case noticed.
    Killed {
        /// Its id.
        case: String,
        /// In this mode.
        mode: Mode,
        /// Under the rules of this version.
        version: PyVersion,
    },
    /// No case noticed.
    Survived,
}

/// The suite under one version's rules.
struct Under<'a> {
    version: PyVersion,
    plans: OnceLock<Vec<Planned<'a>>>,
}

/// A case in a mode.
struct Planned<'a> {
    case: &'a Case,
    plan: Plan,
    /// It is wrong already without a fault.
    wrong: OnceLock<bool>,
}

impl<'a> Under<'a> {
    fn plans(&self, cases: &'a [Case]) -> &[Planned<'a>] {
        self.plans.get_or_init(|| {
            let in_modes = cases.iter().flat_map(|case| case.modes.iter().map(move |mode| (case, *mode)));
            let planned = |(case, mode)| {
                Some(Planned { case, plan: plan(case, mode, self.version).ok()?, wrong: OnceLock::new() })
            };
            in_modes.filter_map(planned).collect()
        })
    }
}

impl Planned<'_> {
    fn is_wrong(&self, version: PyVersion) -> bool {
        let plain = || ReferenceEngine::new(Profile::of(version), None).unaudited();
        *self.wrong.get_or_init(|| goes_wrong(self, version, &mut plain()))
    }
}

/// Switches every fault on in turn; `done` is told when one is through.
pub fn measure(loaded: &Loaded, faults: &[Fault], threads: usize, done: impl Fn() + Sync) -> Vec<Fate> {
    let under: Vec<Under> = PyVersion::minors()
        .filter_map(PyVersion::of_minor)
        .map(|version| Under { version, plans: OnceLock::new() })
        .collect();
    pool::run(faults, threads, || (), |(), fault| fate(&loaded.cases, fault, &under), |_, _| done())
}

fn fate<'a>(cases: &'a [Case], fault: &Fault, under: &[Under<'a>]) -> Fate {
    let about = |case: &Case| case.rules.iter().any(|rule| rule == fault.rule);
    // The cases about the rule in every version that it changes; all others only where it matters most, in the newest
    // and the oldest of them.
    for (near, versions) in [(true, fault.versions.clone()), (false, ends(&fault.versions))] {
        for version in versions {
            let Some(under) = under.iter().find(|under| under.version == version) else { continue };
            let Ok(profile) = Profile::of(version).with_fault(fault.rule, fault.name) else { continue };
            let mut engine = ReferenceEngine::new(profile, None).unaudited();
            for planned in under.plans(cases).iter().filter(|planned| about(planned.case) == near) {
                if goes_wrong(planned, version, &mut engine) && !planned.is_wrong(version) {
                    let (case, mode) = (planned.case.id.clone(), planned.plan.job.mode);
                    return Fate::Killed { case, mode, version };
                }
            }
        }
    }
    Fate::Survived
}

fn ends(versions: &[PyVersion]) -> Vec<PyVersion> {
    let mut ends: Vec<PyVersion> = versions.first().into_iter().chain(versions.last()).copied().collect();
    ends.dedup();
    ends
}

fn goes_wrong(planned: &Planned, version: PyVersion, engine: &mut ReferenceEngine) -> bool {
    let seen = engine.observe(&planned.plan.job, &Limits::default());
    judge(planned.case, &planned.plan, &Claims { version, cpython: true }, &seen, &[]).verdict.is_bad()
}
