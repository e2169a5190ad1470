//! What an engine did with a program, as far as it is compared.

use super::job;
use crate::engine::{Engine, Limits, Ran};
use crate::judge::{ChunkEnd, Observation, ProcessEnd};
use serde::{Deserialize, Serialize};

/// How a program ends that raises nothing.
const FINE: &str = "it ran to its end";

/// How one is said to end that was stopped because it took too long.
const LATE: &str = "no answer in time";

/// Before the words of an engine that says that it has no such feature.
const LACKS: &str = "lacks: ";

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
            (ProcessEnd::Timeout, _) => LATE.to_string(),
            (ProcessEnd::Crash(words), _) => format!("crash: {words}"),
            (ProcessEnd::Infra(words), _) => format!("could not be asked: {words}"),
            (ProcessEnd::Limit(words), _) => format!("limit: {words}"),
            (ProcessEnd::Lacks(words), _) => format!("{LACKS}{words}"),
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

    /// It was stopped because it took too long, which may be the machine's doing.
    pub fn is_late(&self) -> bool {
        self.end == LATE
    }

    /// The engine says that it has no such feature.
    pub fn is_lacking(&self) -> bool {
        self.end.starts_with(LACKS)
    }

    /// The exception that ended it, if one did and the engine itself fared well.
    pub fn raised(&self) -> Option<&str> {
        let odd = ["crash: ", LACKS, "limit: ", "could not be asked", LATE, "it did not run", "exit status"];
        (!self.is_fine() && !odd.iter().any(|odd| self.end.starts_with(odd))).then_some(self.end.as_str())
    }

    /// Whether another outcome is the same, with the texts of exceptions or without: only CPython's are CPython's.
    pub fn agrees(&self, other: &Outcome, with_texts: bool) -> bool {
        self == other
            || self.without_places() == other.without_places()
            || (!with_texts && self.without_texts() == other.without_texts())
    }

    /// The same without what no rule says: addresses, and how much of the host's stack was used.
    fn without_places(&self) -> (String, String) {
        (without_places(&self.stdout), without_places(&self.end))
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

/// A text with `_` for the digits of addresses and of the size of the host's stack.
fn without_places(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, sign)) =
        ["0x", "(used "].iter().filter_map(|sign| Some((rest.find(sign)?, *sign))).min_by_key(|(at, _)| *at)
    {
        let (before, after) = rest.split_at(at + sign.len());
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_hexdigit()).len();
        out.push_str(before);
        // A small number is a value.
        out.push_str(if digits > 7 || sign != "0x" { "_" } else { after.get(..digits).unwrap_or_default() });
        rest = after.get(digits..).unwrap_or_default();
    }
    out.push_str(rest);
    out
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
    fn what_no_rule_says_is_not_compared() {
        let one = outcome("<A object at 0x7f00deadbeef>\n0x10\n", "RecursionError: Stack overflow (used 8156 kB) in f");
        let other =
            outcome("<A object at 0x7f11deadbeef>\n0x10\n", "RecursionError: Stack overflow (used 8160 kB) in f");
        assert!(one.agrees(&other, true));
        assert!(!one.agrees(&outcome("<A object at 0x7f00deadbeef>\n0x11\n", &one.end), true));
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
