//! The rule book as a whole: what the case files say of a rule, what the reference engine has of it, which cases show it
//! and which engines break it.
//!
//! Invariant: an entry is built of what is loaded and nothing else; whoever shows it reads no file.

pub mod against;
pub mod coverage;
mod show;

pub use show::{explain, json, markdown, table};

use crate::case::Problem;
use crate::case::reference::{Anchor, anchors};
use crate::case::{Case, Level, Loaded, Rule};
use crate::profile::{KnownDeviation, all_known};
use verysame_engine::rules::{Profile, PyVersion, RULES, RuleInfo};

/// One rule with all that is known of it.
pub struct Entry<'a> {
    /// Its id.
    pub id: &'a str,
    /// What the case files say.
    pub written: Option<&'a Rule>,
    /// What the reference engine has of it.
    pub modelled: Option<&'static RuleInfo>,
    /// The cases that name it, expanded.
    pub cases: Vec<&'a Case>,
    /// What engines are known to get wrong in these cases.
    pub broken: Vec<KnownDeviation>,
}

/// Every rule: those of the case files in their order, then those that only the reference engine has.
pub struct Book<'a> {
    /// The rules.
    pub entries: Vec<Entry<'a>>,
}

impl<'a> Book<'a> {
    /// The book of a suite.
    ///
    /// # Errors
    /// A file of deviations that is wrong.
    pub fn of(loaded: &'a Loaded) -> Result<Book<'a>, Problem> {
        let known = all_known()?;
        let written = loaded.rules.iter().map(|rule| (rule.id.as_str(), Some(rule)));
        let alone = RULES.iter().filter(|info| loaded.rule(info.id).is_none()).map(|info| (info.id, None));
        let entry = |(id, written): (&'a str, Option<&'a Rule>)| {
            let cases: Vec<&Case> =
                loaded.cases.iter().filter(|case| case.rules.iter().any(|rule| rule == id)).collect();
            let about = |known: &&KnownDeviation| {
                let wrong = &known.deviation.case;
                cases.iter().any(|case| case.id == *wrong || case.base == *wrong)
            };
            let broken = known.iter().filter(about).cloned().collect();
            Entry { id, written, modelled: RULES.iter().find(|info| info.id == id), cases, broken }
        };
        Ok(Book { entries: written.chain(alone).map(entry).collect() })
    }

    /// The rule with this id, or that had it.
    pub fn find(&self, id: &str) -> Option<&Entry<'a>> {
        let had = |entry: &&Entry| entry.formerly().iter().any(|former| former == id);
        self.entries.iter().find(|entry| entry.id == id).or_else(|| self.entries.iter().find(had))
    }
}

impl<'a> Entry<'a> {
    /// The sentence.
    pub fn statement(&self) -> &'a str {
        self.written
            .map(|rule| rule.statement.as_str())
            .or(self.modelled.map(|info| info.statement))
            .unwrap_or("")
            .trim()
    }

    /// Its level; a rule that only the reference engine has is a habit of CPython.
    pub fn level(&self) -> Level {
        self.written.map_or(Level::Cpython, |rule| rule.level)
    }

    /// Where it is promised or done.
    pub fn anchors(&self) -> Vec<Anchor> {
        // What is no reference was reported when it was read.
        self.written.and_then(|rule| anchors(&rule.reference).ok()).unwrap_or_default()
    }

    /// The ids that it had.
    pub fn formerly(&self) -> &'a [String] {
        self.written.map_or(&[], |rule| rule.formerly.as_slice())
    }

    /// The names of its faults.
    pub fn faults(&self) -> &'static [&'static str] {
        self.modelled.map_or(&[], |info| info.faults)
    }

    /// The cases as they are written, without their parameters and scopes.
    pub fn written_cases(&self) -> Vec<&'a Case> {
        let mut cases: Vec<&Case> = Vec::new();
        for case in &self.cases {
            if cases.iter().all(|other| other.base != case.base) {
                cases.push(case);
            }
        }
        cases
    }

    /// Whether all these words stand in what it says; capitals are not told from small letters.
    pub fn holds(&self, words: &[String]) -> bool {
        let reference = self.written.map_or("", |rule| rule.reference.as_str());
        let text =
            format!("{}\n{}\n{reference}\n{}", self.id, self.statement(), self.formerly().join("\n")).to_lowercase();
        words.iter().all(|word| text.contains(&word.to_lowercase()))
    }

    /// Why it has its level.
    pub fn why(&self) -> String {
        let anchors = self.anchors();
        let source = |anchor: &&Anchor| anchor.text.starts_with("CPython: ") || anchor.text.contains("python/cpython#");
        let detail = |anchor: &&Anchor| anchor.text.contains("implementation detail");
        let names = |wanted: &dyn Fn(&&Anchor) -> bool| -> String {
            anchors.iter().filter(wanted).map(|anchor| anchor.text.as_str()).collect::<Vec<_>>().join("; ")
        };
        let promises = names(&|anchor| !source(anchor) && !detail(anchor));
        match self.level() {
            Level::Language => format!("promised in {promises}, so every engine must"),
            Level::Unspecified => {
                let left = if promises.is_empty() { names(&|_| true) } else { promises };
                format!("left open by {left}: an engine may do any of what the cases allow")
            }
            Level::Cpython if anchors.is_empty() => "a habit of CPython that the reference engine models".to_string(),
            Level::Cpython if anchors.iter().any(|anchor| detail(&anchor)) => {
                format!("{} calls it a detail of CPython: other engines may differ", names(&detail))
            }
            Level::Cpython if anchors.iter().any(|anchor| source(&anchor)) => {
                format!("CPython does so, see {}; no document asks it of other engines", names(&source))
            }
            Level::Cpython => format!("CPython does so; {promises} does not ask it of other engines"),
        }
    }
}

/// The versions that a fault of a rule changes, shortly: `3.8, 3.9`.
pub fn changed_by(rule: &str, fault: &str) -> Vec<String> {
    let changes = |version: &PyVersion| {
        let plain = Profile::of(*version);
        plain.clone().with_fault(rule, fault).is_ok_and(|wrong| wrong != plain)
    };
    let versions = PyVersion::minors().filter_map(PyVersion::of_minor).filter(changes);
    versions.map(|version| format!("3.{}", version.minor)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::suite::Suite;

    #[test]
    fn every_rule_of_the_engine_is_written_in_the_suite() {
        let loaded = Suite::find(None).load();
        let book = Book::of(&loaded).expect("a book");
        let alone: Vec<&str> = book.entries.iter().filter(|e| e.written.is_none()).map(|entry| entry.id).collect();
        assert!(alone.is_empty(), "no case file declares {alone:?}");
    }
}
