//! Every chosen program under every chosen version, its answer beside the measured one.

use super::{Asked, Folder, Measured, Probe, Probed, Program, Unpromised, ask, section};
use crate::run::pool;
use serde_json::Value;
use std::collections::HashMap;
use verysame_engine::rules::{Profile, PyVersion};

/// What came of one fact.
#[derive(Clone, PartialEq, Debug)]
pub enum Fate {
    /// The engine answers what was measured.
    Equal,
    /// The engine follows the rule, the measured interpreter did not, which is a listed deviation: its issue.
    Deviation(String),
    /// It answers something else, or nothing.
    Different {
        /// What was measured.
        expected: Value,
        /// What the engine answers.
        seen: Asked,
    },
    /// It answers something else, which is listed as not promised: the reason.
    NotPromised(String),
    /// The engine answers what was measured, and yet the fact is listed as not promised: the list is wrong.
    Stale(String),
    /// The fact cannot be asked for here; why.
    NotComparable(&'static str),
}

impl Fate {
    /// Something must be done about it.
    pub fn is_bad(&self) -> bool {
        matches!(self, Fate::Different { .. } | Fate::Stale(_))
    }

    /// The same, where the list says that the fact is not promised.
    fn unpromised(self, reason: &str) -> Fate {
        match self {
            Fate::Equal => Fate::Stale(reason.into()),
            Fate::Different { .. } => Fate::NotPromised(reason.into()),
            other => other,
        }
    }
}

/// A fact of one version.
#[derive(Debug)]
pub struct Compared<'a> {
    /// The version whose rules hold.
    pub version: PyVersion,
    /// The fact's key.
    pub key: &'a str,
    /// What asks for it, if anything does.
    pub question: Question<'a>,
    /// What came of it.
    pub fate: Fate,
}

/// What asks for a fact.
#[derive(Clone, Copy, Debug)]
pub enum Question<'a> {
    /// A program of its own.
    Program(&'a Program),
    /// A statement of the probe.
    Probe(&'a Probe),
    /// Nothing; why.
    Nothing(&'static str),
}

struct Task<'a> {
    measured: &'a Measured,
    key: &'a str,
    expected: &'a Value,
    question: Question<'a>,
}

/// What is asked, and how.
pub struct Chosen<'a> {
    /// The versions.
    pub versions: &'a dyn Fn(PyVersion) -> bool,
    /// The sections; all, if none is named.
    pub sections: &'a [String],
    /// With fused instructions.
    pub fused: bool,
    /// What is not promised.
    pub unpromised: &'a [Unpromised],
}

/// Asks for all chosen facts on so many threads; `done` is called after each. The results are in the order of the versions
/// and of the files.
pub fn compare<'a>(folder: &'a Folder, chosen: &Chosen, threads: usize, done: impl Fn() + Sync) -> Vec<Compared<'a>> {
    let Chosen { versions, sections, fused, unpromised } = *chosen;
    let programs: HashMap<&str, &Program> =
        folder.programs.iter().map(|(key, program)| (key.as_str(), program)).collect();
    let wanted = |key: &str| sections.is_empty() || sections.iter().any(|word| is_in(key, word));
    let mut tasks = Vec::new();
    for measured in folder.measured.iter().filter(|measured| versions(measured.version)) {
        for (key, expected) in measured.facts.iter().filter(|(key, _)| wanted(key)) {
            tasks.push(Task { measured, key, expected, question: question(key, measured, &programs, folder) });
        }
    }
    let probed = probed(&tasks, threads, fused);
    let fates = pool::run(&tasks, threads, || (), |(), task| fate(task, &probed, fused), |_, _| done());
    let compared = |(task, fate): (&Task<'a>, Fate)| Compared {
        version: task.measured.version,
        key: task.key,
        question: task.question,
        fate: match unpromised.iter().find(|entry| entry.covers(task.key, task.measured.version)) {
            Some(entry) => fate.unpromised(&entry.reason),
            None => fate,
        },
    };
    tasks.iter().zip(fates).map(compared).collect()
}

/// Whether a key belongs to `scope`, or to a part of it, `scope.comprehension`.
pub fn is_in(key: &str, word: &str) -> bool {
    section(key) == word || key.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A fact about whole processes.
const OF_PROCESSES: &str = "process";

fn question<'a>(
    key: &str,
    measured: &Measured,
    programs: &HashMap<&str, &'a Program>,
    folder: &'a Folder,
) -> Question<'a> {
    match (programs.get(key), &folder.probe) {
        _ if measured.bits != 64 => Question::Nothing("measured on pointers of another size"),
        (Some(program), _) => Question::Program(program),
        (None, _) if section(key) == OF_PROCESSES => Question::Nothing("it is about whole processes"),
        (None, Some(probe)) => Question::Probe(probe),
        (None, None) => Question::Nothing("no program asks for it"),
    }
}

/// What the probe says under each version that needs it.
fn probed(tasks: &[Task], threads: usize, fused: bool) -> HashMap<PyVersion, Probed> {
    let mut runs: Vec<(PyVersion, &Probe, usize)> = Vec::new();
    for task in tasks {
        let version = task.measured.version;
        if let Question::Probe(probe) = task.question
            && !runs.iter().any(|(other, ..)| *other == version)
        {
            runs.extend((0..probe.sections()).map(|section| (version, probe, section)));
        }
    }
    let run =
        |(): &mut (), (version, probe, at): &(PyVersion, &Probe, usize)| probe.run(*at, &Profile::of(*version), fused);
    let results = pool::run(&runs, threads, || (), run, |_, _| {});
    let mut found: HashMap<PyVersion, Probed> = HashMap::new();
    for ((version, ..), result) in runs.iter().zip(results) {
        found.entry(*version).or_default().add(result);
    }
    found
}

fn fate(task: &Task, probed: &HashMap<PyVersion, Probed>, fused: bool) -> Fate {
    if was_left_out(task.expected) {
        return Fate::NotComparable("it was not measured there");
    }
    let seen = match task.question {
        Question::Nothing(why) => return Fate::NotComparable(why),
        Question::Program(program) => ask(program, &Profile::of(task.measured.version), fused),
        Question::Probe(probe) => match probed.get(&task.measured.version) {
            Some(found) => match found.answers.get(task.key) {
                Some(value) => Asked::Answer(value.clone()),
                None => Asked::Broken(probe.why(task.key, found)),
            },
            None => return Fate::NotComparable("the probe was not run"),
        },
    };
    match seen {
        Asked::Answer(seen) if seen == *task.expected => {
            task.measured.deviations.get(task.key).map_or(Fate::Equal, |issue| Fate::Deviation(issue.clone()))
        }
        seen => Fate::Different { expected: task.expected.clone(), seen },
    }
}

/// A program that an interpreter could not run is recorded as a line that begins with `#not run here`.
fn was_left_out(expected: &Value) -> bool {
    matches!(expected, Value::Array(lines) if matches!(&lines[..], [Value::String(line)] if line.starts_with("#not run here")))
}

#[cfg(test)]
mod tests {
    use super::{Fate, is_in};

    #[test]
    fn what_is_listed_and_equal_is_stale() {
        assert_eq!(Fate::Equal.unpromised("why"), Fate::Stale("why".into()));
        assert_eq!(Fate::NotComparable("so").unpromised("why"), Fate::NotComparable("so"));
        assert!(Fate::Stale(String::new()).is_bad() && !Fate::NotPromised(String::new()).is_bad());
    }

    #[test]
    fn sections_are_whole_words_of_keys() {
        assert!(is_in("scope.comp.leak", "scope") && is_in("scope.comp.leak", "scope.comp"));
        assert!(is_in("scope.comp.leak", "scope.comp.leak"));
        assert!(!is_in("scope.comp.leak", "scope.co") && !is_in("scopes.x", "scope"));
    }
}
