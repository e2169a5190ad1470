//! What an engine did with a program, as far as it is compared.

use super::job;
use crate::engine::{Engine, Limits, Ran};
use crate::judge::{ChunkEnd, Observation, ProcessEnd};
use serde::{Deserialize, Serialize};

/// How a program ends that raises nothing.
const FINE: &str = "it ran to its end";

/// What one engine did with a program.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What it wrote to stdout.
    pub stdout: String,
    /// How it ended, in words.
    pub end: String,
}

impl From<Ran> for Outcome {
    fn from(ran: Ran) -> Outcome {
        Outcome { stdout: ran.stdout, end: if ran.end.is_empty() { FINE.to_string() } else { ran.end } }
    }
}

impl Outcome {
    /// What this was seen to do.
    pub fn of(seen: &Observation) -> Outcome {
        let end = match (&seen.end, seen.chunks.first()) {
            (ProcessEnd::Ok, Some(ChunkEnd::Completed)) => FINE.to_string(),
            (ProcessEnd::Ok, Some(ChunkEnd::Raised(raised))) => raised.words(),
            (ProcessEnd::Ok, Some(ChunkEnd::Exit(status))) => format!("exit status {status}"),
            (ProcessEnd::Ok, Some(ChunkEnd::NotRun) | None) => "it did not run".to_string(),
            (ProcessEnd::Timeout, _) => "no answer in time".to_string(),
            (ProcessEnd::Crash(words), _) => format!("crash: {words}"),
            (ProcessEnd::Infra(words), _) => format!("could not be asked: {words}"),
            (ProcessEnd::Limit(words), _) => format!("limit: {words}"),
            (ProcessEnd::Lacks(words), _) => format!("lacks: {words}"),
        };
        Outcome { stdout: seen.stdout.clone(), end }
    }

    /// What this engine does with a program that it runs alone.
    pub fn alone(engine: &mut dyn Engine, name: &str, source: &str, limits: &Limits) -> Outcome {
        Outcome::of(&engine.observe(&job(name, source), limits))
    }

    /// Both as one text, the end last.
    pub fn text(&self) -> String {
        format!("{}-- {}\n", self.stdout, self.end)
    }

    /// It ended without an exception.
    pub fn is_fine(&self) -> bool {
        self.end == FINE
    }

    /// The exception that ended it, if one did and the engine itself fared well.
    pub fn raised(&self) -> Option<&str> {
        let odd = ["crash: ", "lacks: ", "limit: ", "could not be asked", "no answer", "it did not run", "exit status"];
        (!self.is_fine() && !odd.iter().any(|odd| self.end.starts_with(odd))).then_some(self.end.as_str())
    }

    /// Whether another outcome is the same, with the texts of exceptions or without: only CPython's are CPython's.
    pub fn agrees(&self, other: &Outcome, with_texts: bool) -> bool {
        self == other || (!with_texts && self.without_texts() == other.without_texts())
    }

    fn without_texts(&self) -> (String, &str) {
        let mut lines = String::with_capacity(self.stdout.len());
        for line in self.stdout.lines() {
            // Programs print a caught exception behind this sign.
            let told = line.strip_prefix("! ").and_then(|line| line.split(' ').next());
            lines.push_str(told.unwrap_or(line));
            lines.push('\n');
        }
        (lines, self.end.split(": ").next().unwrap_or_default())
    }

    /// How it ended, with the names of the program left out: what is the same for one cause.
    pub fn manner(&self) -> String {
        without_names(&self.end)
    }
}

/// A text with `_` for everything between quotation marks.
pub fn without_names(text: &str) -> String {
    let parts = text.split('\'').enumerate();
    let parts: Vec<&str> = parts.map(|(at, part)| if at % 2 == 1 { "_" } else { part }).collect();
    parts.join("'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(stdout: &str, end: &str) -> Outcome {
        Outcome { stdout: stdout.into(), end: end.into() }
    }

    #[test]
    fn texts_of_exceptions_count_where_they_are_promised() {
        let one = outcome("1\n! TypeError can't\n", "NameError: name 'x' is not defined");
        let other = outcome("1\n! TypeError cannot\n", "NameError: no x");
        assert!(!one.agrees(&other, true) && one.agrees(&other, false));
        assert!(!one.agrees(&outcome("1\n! KeyError can't\n", "NameError"), false));
        assert!(!one.agrees(&outcome("2\n! TypeError can't\n", "NameError"), false));
    }

    #[test]
    fn names_are_left_out() {
        assert_eq!(without_names("name 'x' is 'y z'"), "name '_' is '_'");
        assert_eq!(without_names("plain"), "plain");
        let fine = Outcome::from(Ran { stdout: String::new(), end: String::new() });
        assert_eq!((fine.raised(), outcome("", "KeyError").raised()), (None, Some("KeyError")));
        assert_eq!(outcome("", "crash: signal 11").raised(), None);
    }
}
