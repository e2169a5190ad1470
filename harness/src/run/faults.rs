//! The suite measured: each fault of the reference engine switched on, until a case notices.
//!
//! Invariant: a fault counts as killed only by a case that is right in the same mode and version without it.

use super::pool;
use crate::case::{Case, Loaded, Mode, plan};
use crate::engine::{Engine, Limits, ReferenceEngine};
use crate::judge::{Claims, judge};
use std::collections::HashSet;
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

/// A case that is judged wrong, by its index and mode.
type Wrong = HashSet<(usize, Mode)>;

/// Switches every fault on in turn; `done` is told when one is through.
pub fn measure(loaded: &Loaded, faults: &[Fault], threads: usize, done: impl Fn() + Sync) -> Vec<Fate> {
    let baselines: Vec<(PyVersion, OnceLock<Wrong>)> =
        PyVersion::minors().filter_map(PyVersion::of_minor).map(|version| (version, OnceLock::new())).collect();
    let already_wrong = |version: PyVersion, at: usize, mode: Mode| {
        let Some((_, baseline)) = baselines.iter().find(|(own, _)| *own == version) else { return true };
        baseline.get_or_init(|| baseline_of(&loaded.cases, version)).contains(&(at, mode))
    };
    pool::run(faults, threads, || (), |(), fault| fate(&loaded.cases, fault, &already_wrong), |_, _| done())
}

fn fate(cases: &[Case], fault: &Fault, already_wrong: &dyn Fn(PyVersion, usize, Mode) -> bool) -> Fate {
    let mut order: Vec<usize> = (0..cases.len()).collect();
    // The cases that are about the rule are the likeliest to notice, then those of its area.
    let area = fault.rule.split('.').next().unwrap_or_default();
    order.sort_by_key(|&at| {
        let Some(case) = cases.get(at) else { return 2 };
        match case.rules.iter().any(|rule| rule == fault.rule) {
            true => 0,
            false if case.area == area => 1,
            false => 2,
        }
    });
    for version in &fault.versions {
        let Ok(profile) = Profile::of(*version).with_fault(fault.rule, fault.name) else { continue };
        let mut engine = ReferenceEngine::new(profile, Some((fault.rule.to_string(), fault.name.to_string())));
        for &at in &order {
            let Some(case) = cases.get(at) else { continue };
            for &mode in &case.modes {
                if goes_wrong(case, mode, *version, &mut engine) && !already_wrong(*version, at, mode) {
                    return Fate::Killed { case: case.id.clone(), mode, version: *version };
                }
            }
        }
    }
    Fate::Survived
}

fn baseline_of(cases: &[Case], version: PyVersion) -> Wrong {
    let mut engine = ReferenceEngine::new(Profile::of(version), None);
    let mut wrong = Wrong::new();
    for (at, case) in cases.iter().enumerate() {
        wrong.extend(
            case.modes.iter().filter(|mode| goes_wrong(case, **mode, version, &mut engine)).map(|mode| (at, *mode)),
        );
    }
    wrong
}

fn goes_wrong(case: &Case, mode: Mode, version: PyVersion, engine: &mut ReferenceEngine) -> bool {
    let Ok(plan) = plan(case, mode, version) else { return false };
    let seen = engine.observe(&plan.job, &Limits::default());
    judge(case, &plan, &Claims { version, cpython: true }, &seen, &[]).verdict.is_bad()
}
