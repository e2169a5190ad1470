//! Every chosen program under every chosen version, its answer beside the measured one.

use super::{Asked, Folder, Measured, Program, ask, section};
use crate::run::pool;
use serde_json::Value;
use std::collections::HashMap;
use verysame_engine::rules::{Profile, PyVersion};

/// What came of one fact.
#[derive(Clone, PartialEq, Debug)]
pub enum Fate {
    /// The engine answers what was measured.
    Equal,
    /// It answers something else, or nothing.
    Different {
        /// What was measured.
        expected: Value,
        /// What the engine answers.
        seen: Asked,
    },
    /// The fact cannot be asked for here; why.
    NotComparable(&'static str),
}

/// A fact of one version.
#[derive(Debug)]
pub struct Compared<'a> {
    /// The version whose rules hold.
    pub version: PyVersion,
    /// The fact's key.
    pub key: &'a str,
    /// The program that asks for it, if there is one.
    pub program: Option<&'a Program>,
    /// What came of it.
    pub fate: Fate,
}

struct Task<'a> {
    measured: &'a Measured,
    key: &'a str,
    expected: &'a Value,
    program: Option<&'a Program>,
}

/// Asks for all facts of the sections (all, if none is named) under the versions that are chosen, on so many threads;
/// `done` is called after each. The results are in the order of the versions and of the files.
pub fn compare<'a>(
    folder: &'a Folder,
    chosen: impl Fn(PyVersion) -> bool,
    sections: &[String],
    threads: usize,
    done: impl Fn() + Sync,
) -> Vec<Compared<'a>> {
    let programs: HashMap<&str, &Program> =
        folder.programs.iter().map(|(key, program)| (key.as_str(), program)).collect();
    let wanted = |key: &str| sections.is_empty() || sections.iter().any(|word| is_in(key, word));
    let mut tasks = Vec::new();
    for measured in folder.measured.iter().filter(|measured| chosen(measured.version)) {
        for (key, expected) in measured.facts.iter().filter(|(key, _)| wanted(key)) {
            tasks.push(Task { measured, key, expected, program: programs.get(key.as_str()).copied() });
        }
    }
    let fates = pool::run(&tasks, threads, || (), |(), task| fate(task), |_, _| done());
    let compared = |(task, fate): (&Task<'a>, Fate)| Compared {
        version: task.measured.version,
        key: task.key,
        program: task.program,
        fate,
    };
    tasks.iter().zip(fates).map(compared).collect()
}

/// Whether a key belongs to `scope`, or to a part of it, `scope.comprehension`.
pub fn is_in(key: &str, word: &str) -> bool {
    section(key) == word || key.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn fate(task: &Task) -> Fate {
    let Some(program) = task.program else { return Fate::NotComparable("no program asks for it") };
    if task.measured.bits != 64 {
        return Fate::NotComparable("measured on pointers of another size");
    }
    if was_left_out(task.expected) {
        return Fate::NotComparable("it was not measured there");
    }
    match ask(program, &Profile::of(task.measured.version)) {
        Asked::Answer(seen) if seen == *task.expected => Fate::Equal,
        seen => Fate::Different { expected: task.expected.clone(), seen },
    }
}

/// A program that an interpreter could not run is recorded as a line that begins with `#not run here`.
fn was_left_out(expected: &Value) -> bool {
    matches!(expected, Value::Array(lines) if matches!(&lines[..], [Value::String(line)] if line.starts_with("#not run here")))
}

#[cfg(test)]
mod tests {
    use super::is_in;

    #[test]
    fn sections_are_whole_words_of_keys() {
        assert!(is_in("scope.comp.leak", "scope") && is_in("scope.comp.leak", "scope.comp"));
        assert!(is_in("scope.comp.leak", "scope.comp.leak"));
        assert!(!is_in("scope.comp.leak", "scope.co") && !is_in("scopes.x", "scope"));
    }
}
