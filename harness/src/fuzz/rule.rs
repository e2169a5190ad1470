//! Which rules a program is about: those whose faults change what the reference engine does with it, and else those
//! that its constructs suggest.

use super::Kind;
use super::outcome::Outcome;
use super::report::Divergence;
use crate::case::{Level, Loaded};
use crate::engine::{BatchReference, Limits};
use std::collections::BTreeSet;
use verysame_engine::rules::{Profile, PyVersion, RULES};

/// The most rules that a case is said to be about.
const MOST: usize = 3;

/// Texts of a program, and the rule that they are about: the first that fits speaks.
const SUGGESTIONS: &[(Kind, &str, &str, &str)] = &[
    (Kind::Skeletons, " for ", "cannot access local variable", "scoping.comprehension.siblings"),
    (Kind::Skeletons, " for ", "cannot access free variable", "scoping.comprehension.pass-through"),
    (Kind::Skeletons, "nonlocal ", "", "scoping.nonlocal.nearest"),
    (Kind::Skeletons, "global ", "", "scoping.global.rebinds-module"),
    (Kind::Skeletons, "[a]():", "", "scoping.type-parameter.local"),
    (Kind::Skeletons, "exec(", "", "scoping.exec.namespaces"),
    (Kind::Skeletons, "locals()", "", "scoping.locals.content"),
    (Kind::Skeletons, ":=", "", "scoping.walrus.binds"),
    (Kind::Skeletons, " for ", "", "scoping.comprehension.isolated"),
    (Kind::Skeletons, "del ", "", "scoping.del.unbinds"),
    (Kind::Skeletons, "except ", "", "scoping.except.name-deleted"),
    (Kind::Skeletons, "class ", "", "scoping.class.lookup"),
    (Kind::Skeletons, "", "", "scoping.lookup.legb"),
    (Kind::Heap, "copy.", "", "mutability.copy.shallow"),
    (Kind::Heap, "keeper", "", "mutability.default.evaluated-once"),
    (Kind::Heap, "class A", "", "mutability.class-attribute.shared"),
    (Kind::Heap, "+=", "", "mutability.augmented.in-place"),
    (Kind::Heap, "", "", "mutability.mutable.in-place"),
    (Kind::Caching, "", "", "caching.constants"),
    (Kind::Lifetime, "", "", "lifetime"),
];

/// The rules of the suite that this is about, the likeliest first; none only where the suite has no such rules.
pub fn rules_of(divergence: &Divergence, version: PyVersion, suite: &Loaded, limits: &Limits) -> Vec<String> {
    let language = divergence.growth.is_language();
    let fits = |id: &str| suite.rule(id).is_some_and(|rule| !language || rule.level == Level::Language);
    let source = divergence.growth.source();
    let mut rules = Vec::new();
    for (kind, text, end, rule) in SUGGESTIONS {
        if *kind == divergence.kind && source.contains(text) && divergence.other.end.contains(end) {
            let of_suite = suite.rules.iter().map(|own| own.id.as_str());
            rules.extend(of_suite.filter(|id| *id == *rule || id.starts_with(&format!("{rule}."))).find(|id| fits(id)));
            if !rules.is_empty() {
                break;
            }
        }
    }
    let rules: Vec<String> = rules.into_iter().map(str::to_string).collect();
    if language && !rules.is_empty() {
        return rules;
    }
    let mut found = by_faults(divergence, version, limits).into_iter().filter(|id| fits(id)).take(MOST).peekable();
    if found.peek().is_some() { found.collect() } else { rules }
}

/// The rules a fault of which changes the reference engine's answer; those that give the other engine's come first.
fn by_faults(divergence: &Divergence, version: PyVersion, limits: &Limits) -> Vec<String> {
    let plain = Profile::of(version);
    let programs = [divergence.growth.source()];
    let (mut same, mut changed) = (BTreeSet::new(), BTreeSet::new());
    for rule in RULES {
        for fault in rule.faults {
            let Ok(wrong) = plain.clone().with_fault(rule.id, fault) else { continue };
            if wrong == plain {
                continue;
            }
            let answer = BatchReference::new(&wrong, limits).run(&programs).into_iter().next().flatten();
            let Some(answer) = answer.map(Outcome::from) else { continue };
            if answer == divergence.other {
                same.insert(rule.id);
            } else if answer != divergence.reference {
                changed.insert(rule.id);
            }
        }
    }
    changed.retain(|id| !same.contains(id));
    same.into_iter().chain(changed).map(str::to_string).collect()
}
