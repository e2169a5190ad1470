//! What a search found, made small and put into buckets.
//!
//! Invariant: every finding is in exactly one bucket, and a bucket's representative was run alone on both engines.

use super::outcome::{Outcome, without_names};
use super::search::{Desk, Finding, Plan, on_desks};
use super::{Growth, Kind};
use crate::run::execute::Opened;
use std::collections::BTreeMap;

/// How often a program is tried smaller.
const SHRINKS: usize = 600;

/// How many findings that look alike are made small, at most.
const SAMPLES: usize = 6;

/// How many findings are made small in all, at least one of each look.
const SMALL: usize = 60;

/// A program on which two engines differ, made small.
#[derive(Clone, PartialEq, Debug)]
pub struct Divergence {
    /// What it is about.
    pub kind: Kind,
    /// The number of the program that it was made of.
    pub number: u64,
    /// The program.
    pub growth: Growth,
    /// What the reference engine did with it.
    pub reference: Outcome,
    /// What the other engine did with it.
    pub other: Outcome,
}

impl Divergence {
    /// What is the same for one cause: how both end, and of what the program consists.
    fn key(&self) -> String {
        let source = self.growth.source();
        format!("{}\n{}\n{}", self.reference.manner(), self.other.manner(), without_names(&plain(&source)))
    }
}

/// A program without its numbers, and with its names of one letter in the order in which they come.
fn plain(source: &str) -> String {
    let mut names: Vec<char> = Vec::new();
    let mut out = String::with_capacity(source.len());
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut before = None;
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        let alone = matches!(c, 'a'..='c') && !word(before) && !word(chars.peek().copied());
        before = Some(c);
        if alone {
            let at = names.iter().position(|name| *name == c).unwrap_or(names.len());
            if at == names.len() {
                names.push(c);
            }
            out.push(['a', 'b', 'c'].get(at).copied().unwrap_or(c));
        } else if !c.is_ascii_digit() {
            out.push(c);
        }
    }
    out
}

/// Findings of one cause, as far as can be seen.
#[derive(Clone, PartialEq, Debug)]
pub struct Bucket {
    /// The smallest of them.
    pub first: Divergence,
    /// How many there are.
    pub count: usize,
}

/// Puts buckets together that are about the same rules and end alike, with what is known of the smallest.
pub fn by_rule<T>(found: Vec<Bucket>, known: Vec<(T, Vec<String>)>) -> Vec<(Bucket, T, Vec<String>)> {
    let mut merged: Vec<(Bucket, T, Vec<String>)> = Vec::new();
    for (bucket, (evidence, rules)) in found.into_iter().zip(known) {
        let same = |(own, _, about): &&mut (Bucket, T, Vec<String>)| {
            let (own, first) = (&own.first, &bucket.first);
            own.kind == first.kind && own.other.manner() == first.other.manner() && !rules.is_empty() && *about == rules
        };
        let size = |bucket: &Bucket| (bucket.first.growth.source().lines().count(), bucket.first.growth.source().len());
        match merged.iter_mut().find(same) {
            None => merged.push((bucket, evidence, rules)),
            Some((own, known, _)) => {
                let count = own.count + bucket.count;
                if size(&bucket) < size(own) {
                    (*own, *known) = (bucket, evidence);
                }
                own.count = count;
            }
        }
    }
    merged.sort_by_key(|(bucket, ..)| (std::cmp::Reverse(bucket.count), bucket.first.kind, bucket.first.number));
    merged
}

/// What is the same for findings that may have one cause, before they are made small.
fn look(finding: &Finding) -> (Kind, String, String) {
    let (mut ours, mut theirs) = (finding.reference.manner(), finding.other.manner());
    if ours == theirs {
        // The line in which they differ, without its numbers.
        let lines = finding.reference.stdout.lines().zip(finding.other.stdout.lines());
        let differs = lines.into_iter().find(|(a, b)| a != b);
        let plain = |line: &str| line.chars().filter(|c| !c.is_ascii_digit()).take(30).collect::<String>();
        // Which of many names are one object is no look.
        if let Some((a, b)) = differs.filter(|_| finding.kind != Kind::Caching) {
            ours.push_str(&plain(a));
            theirs.push_str(&plain(b));
        }
    }
    (finding.kind, ours, theirs)
}

/// Makes findings small and puts them into buckets, those with the most findings first.
///
/// # Errors
/// The other engine cannot be asked.
pub fn buckets(
    plan: &Plan,
    opened: &Opened,
    findings: &[Finding],
    done: impl Fn() + Sync,
) -> Result<Vec<Bucket>, String> {
    let mut groups: BTreeMap<(Kind, String, String), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        groups.entry(look(finding)).or_default().push(finding);
    }
    let samples = (SMALL / groups.len().max(1)).clamp(1, SAMPLES);
    let mut tasks = Vec::new();
    for (group, findings) in groups.values().enumerate() {
        tasks.extend(findings.iter().take(samples).map(|finding| (group, *finding)));
    }
    let small = on_desks(plan, opened, &tasks, |desk, (group, finding)| {
        let small = shrink(plan, desk, finding)?;
        done();
        Ok((*group, small))
    })?;
    let mut buckets: BTreeMap<String, (usize, Bucket)> = BTreeMap::new();
    for (group, divergence) in small {
        let lines = divergence.growth.source().lines().count();
        match buckets.get_mut(&divergence.key()) {
            Some((_, bucket)) => {
                bucket.count += 1;
                if lines < bucket.first.growth.source().lines().count() {
                    bucket.first = divergence;
                }
            }
            None => {
                buckets.insert(divergence.key(), (group, Bucket { first: divergence, count: 1 }));
            }
        }
    }
    // Those that were not made small count for the first bucket of those that look like them.
    for (group, findings) in groups.values().enumerate() {
        let rest = findings.len().saturating_sub(samples);
        if let Some((_, bucket)) =
            buckets.values_mut().filter(|(own, _)| *own == group).max_by_key(|(_, bucket)| bucket.count)
        {
            bucket.count += rest;
        }
    }
    let mut buckets: Vec<Bucket> = buckets.into_values().map(|(_, bucket)| bucket).collect();
    buckets.sort_by_key(|bucket| (std::cmp::Reverse(bucket.count), bucket.first.kind, bucket.first.number));
    Ok(buckets)
}

fn shrink(plan: &Plan, desk: &mut Desk, finding: &Finding) -> Result<Divergence, String> {
    let growth = Growth::new(finding.kind, plan.seed, finding.number)?;
    // What differs for another reason than the whole program does is another finding.
    let manner = |ours: &Outcome, theirs: &Outcome| (ours.manner(), theirs.manner());
    let whole = manner(&finding.reference, &finding.other);
    let mut failed = None;
    let small = growth.clone().shrink(SHRINKS, |smaller| match desk.quick(&smaller.source()) {
        Ok((ours, theirs)) => !desk.agree(&ours, &theirs) && manner(&ours, &theirs) == whole,
        Err(words) => {
            failed.get_or_insert(words);
            false
        }
    });
    if let Some(words) = failed {
        return Err(words);
    }
    let name = format!("fuzz.{}-{}-{}", finding.kind, plan.seed, finding.number);
    let (reference, other) = desk.both(&name, &small.source())?;
    let Finding { kind, number, .. } = *finding;
    if !desk.agree(&reference, &other) {
        return Ok(Divergence { kind, number, growth: small, reference, other });
    }
    // The batch was poisoned: alone it takes longer.
    let small = growth.shrink(SHRINKS / 4, |smaller| {
        let both = desk.both(&name, &smaller.source());
        both.is_ok_and(|(ours, theirs)| !desk.agree(&ours, &theirs) && manner(&ours, &theirs) == whole)
    });
    let (reference, other) = desk.both(&name, &small.source())?;
    Ok(Divergence { kind, number, growth: small, reference, other })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn programs_that_differ_in_names_and_numbers_are_one() {
        assert_eq!(plain("b = 1\nprint(b, a)\nabc = 2"), plain("a = 23\nprint(a, c)\nabc = 1"));
        assert_ne!(plain("b = 1\nprint(b)"), plain("b = 1\nprint(a)"));
    }
}
