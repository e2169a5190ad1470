//! The suite measured: each fault of the reference engine switched on, until a case notices.
//!
//! Invariant: a fault counts as killed only by a case that is right in the same mode and version without it.

use super::pool;
use crate::case::{Case, Level, Loaded, Mode, Plan, Rule, plan};
use crate::engine::{Engine, Limits, ReferenceEngine};
use crate::judge::{Claims, judge};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
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
    /// These cases noticed: the first of each written case, as many as were wanted.
    Killed(Vec<Killer>),
    /// No case noticed.
    Survived,
}

/// A case that goes wrong under a fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Killer {
    /// Its id.
    pub case: String,
    /// Its id as it is written.
    pub base: String,
    /// In this mode.
    pub mode: Mode,
    /// Under the rules of this version.
    pub version: PyVersion,
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

fn under_all<'a>() -> Vec<Under<'a>> {
    let versions = PyVersion::minors().filter_map(PyVersion::of_minor);
    versions.map(|version| Under { version, plans: OnceLock::new() }).collect()
}

/// Switches every fault on in turn until `wanted` written cases have noticed; `done` is told when one is through.
pub fn measure(loaded: &Loaded, faults: &[Fault], threads: usize, wanted: usize, done: impl Fn() + Sync) -> Vec<Fate> {
    let under = under_all();
    pool::run(faults, threads, || (), |(), fault| fate(&loaded.cases, fault, &under, wanted), |_, _| done())
}

fn fate<'a>(cases: &'a [Case], fault: &Fault, under: &[Under<'a>], wanted: usize) -> Fate {
    let mut killers: Vec<Killer> = Vec::new();
    let about = |case: &Case| case.rules.iter().any(|rule| rule == fault.rule);
    // The cases about the rule in every version that it changes; all others only where it matters most, in the newest
    // and the oldest of them.
    for (near, versions) in [(true, fault.versions.clone()), (false, ends(&fault.versions))] {
        for version in versions {
            let Some(under) = under.iter().find(|under| under.version == version) else { continue };
            let Ok(profile) = Profile::of(version).with_fault(fault.rule, fault.name) else { continue };
            let mut engine = ReferenceEngine::new(profile, None).unaudited();
            for planned in under.plans(cases).iter().filter(|planned| about(planned.case) == near) {
                if killers.iter().any(|killer| killer.base == planned.case.base) {
                    continue;
                }
                if goes_wrong(planned, version, &mut engine) && !planned.is_wrong(version) {
                    let (case, base) = (planned.case.id.clone(), planned.case.base.clone());
                    killers.push(Killer { case, base, mode: planned.plan.job.mode, version });
                    if killers.len() >= wanted {
                        return Fate::Killed(killers);
                    }
                }
            }
        }
    }
    if killers.is_empty() { Fate::Survived } else { Fate::Killed(killers) }
}

/// The written cases that no fault makes fail, by id: they would pass whatever an engine did, or speak of something that
/// no fault gets wrong. Cases all of whose expectations leave a choice are not asked.
pub fn never_fail<'a>(loaded: &'a Loaded, faults: &[Fault], threads: usize, done: impl Fn() + Sync) -> Vec<&'a Case> {
    let chooses = |case: &&Case| {
        let levels = case.marks.iter().map(|mark| case.level_of(mark));
        case.level == Level::Unspecified || (!case.marks.is_empty() && levels.clone().all(|l| l == Level::Unspecified))
    };
    let mut left: BTreeMap<&str, (&Case, AtomicBool)> = BTreeMap::new();
    for case in loaded.cases.iter().filter(|case| !chooses(case)) {
        left.entry(&case.base).or_insert((case, AtomicBool::new(false)));
    }
    let under = under_all();
    let failed =
        |planned: &Planned| left.get(planned.case.base.as_str()).is_none_or(|(_, failed)| failed.load(Relaxed));
    // First each fault on the cases about its rule, then all faults on those that are left.
    for near in [true, false] {
        let work = |(): &mut (), fault: &Fault| {
            let versions = if near { fault.versions.clone() } else { ends(&fault.versions) };
            for version in versions {
                let Some(under) = under.iter().find(|under| under.version == version) else { continue };
                let Ok(profile) = Profile::of(version).with_fault(fault.rule, fault.name) else { continue };
                let mut engine = ReferenceEngine::new(profile, None).unaudited();
                let about = |planned: &&Planned| {
                    planned.case.rules.iter().any(|rule| rule == fault.rule) == near && !failed(planned)
                };
                for planned in under.plans(&loaded.cases).iter().filter(about) {
                    if goes_wrong(planned, version, &mut engine)
                        && !planned.is_wrong(version)
                        && let Some((_, failed)) = left.get(planned.case.base.as_str())
                    {
                        failed.store(true, Relaxed);
                    }
                }
            }
        };
        pool::run(faults, threads, || (), work, |_, _| done());
    }
    let never = left.into_values().filter(|(_, failed)| !failed.load(Relaxed));
    let mut cases: Vec<&Case> = never.map(|(case, _)| case).collect();
    cases.sort_by_key(|case| (case.place.file.path.clone(), case.place.range.start));
    cases
}

/// The rules that an engine can get wrong and no fault does: those that are not left open.
pub fn without_fault(loaded: &Loaded) -> Vec<&Rule> {
    let has = |rule: &Rule| RULES.iter().any(|info| info.id == rule.id && !info.faults.is_empty());
    loaded.rules.iter().filter(|rule| rule.level != Level::Unspecified && !has(rule)).collect()
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
