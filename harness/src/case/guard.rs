//! Guards: for which versions, modes and level a mark speaks. `#=>[module,py>=3.12.1,py<3.14] …`
//!
//! A guard is a comma-separated conjunction of words. A word is a comparison of the version (`py<3.13`,
//! `py>=3.12.1`; also `<=`, `>`, `==`, `!=`), a mode (`module`, `interactive`) or a level (`language`, `cpython`,
//! `unspecified`), which overrides the case's level for this mark. A minor version without a patch number stands for
//! all of its releases: `py<=3.12` includes 3.12.7, `py>3.12` begins with 3.13.0.
//!
//! Invariant: a [`VersionSet`] holds sorted, disjoint, non-empty half-open intervals.

use super::model::Level;
use super::plan::Mode;
use super::problem::did_you_mean;
use serde::{Deserialize, Serialize};
use std::fmt;
use verysame_engine::rules::{PyVersion, py};

/// A set of CPython versions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionSet {
    /// Half-open intervals of [`key`]s.
    spans: Vec<(u16, u16)>,
}

const fn key(version: PyVersion) -> u16 {
    version.minor as u16 * 256 + version.patch as u16
}

const fn version_of(key: u16) -> PyVersion {
    py((key / 256) as u8, (key % 256) as u8)
}

/// Keys of the versions that have a profile.
fn universe() -> (u16, u16) {
    let minors = PyVersion::minors();
    (u16::from(*minors.start()) * 256, (u16::from(*minors.end()) + 1) * 256)
}

impl VersionSet {
    /// Every version that has a profile.
    pub fn all() -> VersionSet {
        VersionSet { spans: vec![universe()] }
    }

    fn none() -> VersionSet {
        VersionSet { spans: Vec::new() }
    }

    fn between(from: u16, to: u16) -> VersionSet {
        let (low, high) = universe();
        let (from, to) = (from.max(low), to.min(high));
        if from < to { VersionSet { spans: vec![(from, to)] } } else { VersionSet::none() }
    }

    /// The versions of both sets.
    #[must_use]
    pub fn and(&self, other: &VersionSet) -> VersionSet {
        let mut spans = Vec::new();
        for &(a, b) in &self.spans {
            for &(c, d) in &other.spans {
                let (from, to) = (a.max(c), b.min(d));
                if from < to {
                    spans.push((from, to));
                }
            }
        }
        VersionSet { spans }
    }

    /// The versions of this set that the other lacks.
    #[must_use]
    pub fn minus(&self, other: &VersionSet) -> VersionSet {
        other.spans.iter().fold(self.clone(), |rest, &(from, to)| {
            let spans = rest.spans.iter().flat_map(|&(a, b)| [(a, b.min(from)), (a.max(to), b)]);
            VersionSet { spans: spans.filter(|(a, b)| a < b).collect() }
        })
    }

    /// Whether the version is in the set.
    pub fn contains(&self, version: PyVersion) -> bool {
        let key = key(version);
        self.spans.iter().any(|&(from, to)| from <= key && key < to)
    }

    /// Whether no version is in it.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The oldest version in it.
    pub fn first(&self) -> Option<PyVersion> {
        self.spans.first().map(|&(from, _)| version_of(from))
    }

    /// Reads `>=3.9,<3.12.1`: comparisons joined by commas. The error says what is wrong.
    ///
    /// # Errors
    /// A sentence for the author of the text.
    pub fn parse(text: &str) -> Result<VersionSet, String> {
        text.split(',').try_fold(VersionSet::all(), |set, part| Ok(set.and(&comparison(part.trim())?)))
    }
}

/// A short name for a version in a sentence: `3.12` for the first of a minor version.
pub fn short(version: PyVersion) -> String {
    if version.patch == 0 { format!("3.{}", version.minor) } else { version.to_string() }
}

impl fmt::Display for VersionSet {
    /// As it would be written: `>=3.9,<3.12`. Sets with gaps are joined with ` or `.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = universe();
        if self.spans.is_empty() {
            return f.write_str("none");
        }
        for (index, &(from, to)) in self.spans.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            match (from > low, to < high) {
                (false, false) => write!(f, ">={}", short(version_of(low)))?,
                (true, false) => write!(f, ">={}", short(version_of(from)))?,
                (false, true) => write!(f, "<{}", short(version_of(to)))?,
                (true, true) => write!(f, ">={},<{}", short(version_of(from)), short(version_of(to)))?,
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for VersionSet {
    type Error = String;
    fn try_from(text: String) -> Result<VersionSet, String> {
        VersionSet::parse(&text)
    }
}

impl From<VersionSet> for String {
    fn from(set: VersionSet) -> String {
        set.to_string()
    }
}

fn comparison(text: &str) -> Result<VersionSet, String> {
    let split = text.find(|c: char| !"<>=!".contains(c)).unwrap_or(text.len());
    let (operator, number) = text.split_at(split);
    let number = number.trim();
    let (first, after) = version_keys(number)?;
    let (low, high) = universe();
    Ok(match operator {
        "<" => VersionSet::between(low, first),
        "<=" => VersionSet::between(low, after),
        ">" => VersionSet::between(after, high),
        ">=" => VersionSet::between(first, high),
        "==" => VersionSet::between(first, after),
        "!=" => VersionSet::all().minus(&VersionSet::between(first, after)),
        "" => return Err(format!("`{text}` names a version without comparing: write `=={text}`, `>={text}` …")),
        _ => return Err(format!("`{operator}` compares nothing: the comparisons are < <= > >= == !=")),
    })
}

/// The key of the first release that a version text stands for, and the key after the last one.
fn version_keys(text: &str) -> Result<(u16, u16), String> {
    let error = || format!("`{text}` is not a version: write 3.13, or 3.12.1 if the patch number matters");
    let numbers: Vec<u8> = text.split('.').map(|part| part.parse().map_err(|_| error())).collect::<Result<_, _>>()?;
    match numbers[..] {
        [3, minor] if (8..=16).contains(&minor) => {
            let first = u16::from(minor) * 256;
            Ok((first, first + 256))
        }
        [3, minor, patch] if (8..=16).contains(&minor) => {
            let first = u16::from(minor) * 256 + u16::from(patch);
            Ok((first, first + 1))
        }
        [3, _] | [3, _, _] => Err(format!("`{text}` is out of range: profiles are 3.8 to 3.15")),
        _ => Err(error()),
    }
}

/// For which versions and modes a mark speaks, and at which level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guard {
    /// The mode, if only one is meant.
    pub mode: Option<Mode>,
    /// The versions.
    pub python: VersionSet,
    /// A level other than the case's.
    pub level: Option<Level>,
}

impl Guard {
    /// The guard of a mark that has none.
    pub fn always() -> Guard {
        Guard { mode: None, python: VersionSet::all(), level: None }
    }

    /// Whether the mark speaks in this mode and version.
    pub fn holds(&self, mode: Mode, version: PyVersion) -> bool {
        self.mode.is_none_or(|own| own == mode) && self.python.contains(version)
    }

    /// Reads the text between the brackets.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn parse(text: &str) -> Result<Guard, GuardError> {
        let mut guard = Guard::always();
        for word in text.split(',').map(str::trim) {
            guard.add(word)?;
        }
        if guard.python.is_empty() {
            return Err(GuardError::new(
                format!("no version satisfies the guard `[{text}]`"),
                "profiles are 3.8 to 3.15",
            ));
        }
        Ok(guard)
    }

    fn add(&mut self, word: &str) -> Result<(), GuardError> {
        if let Some(rest) = word.strip_prefix("py").filter(|rest| rest.trim_start().starts_with(['<', '>', '=', '!'])) {
            let set = comparison(rest.trim_start())
                .map_err(|why| GuardError::new(format!("in the guard word `{word}`: {why}"), "for example py<3.13"))?;
            self.python = self.python.and(&set);
        } else if let Some(mode) = Mode::from_word(word) {
            if self.mode.replace(mode).is_some_and(|other| other != mode) {
                return Err(GuardError::new(
                    "the guard names two modes, and a run has one",
                    "write one mark for each mode; a mark without a mode speaks for all of them",
                ));
            }
        } else if let Some(level) = Level::from_word(word) {
            if self.level.replace(level).is_some_and(|other| other != level) {
                return Err(GuardError::new("the guard names two levels", "a mark has one level"));
            }
        } else {
            let words = ["module", "interactive", "language", "cpython", "unspecified", "py<3.13", "py>=3.13"];
            return Err(GuardError::new(
                format!("unknown guard word `{word}`"),
                match word {
                    "" => "a guard is [py<3.13], [interactive], [module,py>=3.12.1] …".to_string(),
                    _ => did_you_mean(word, &words, "guard words are modes, levels and comparisons"),
                },
            ));
        }
        Ok(())
    }
}

impl fmt::Display for Guard {
    /// The words between the brackets; empty for a guard that always holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = self.mode.iter().map(ToString::to_string).collect();
        words.extend(self.level.iter().map(ToString::to_string));
        if self.python != VersionSet::all() {
            words.extend(self.python.to_string().split(',').map(|part| format!("py{part}")));
        }
        f.write_str(&words.join(","))
    }
}

/// Why a text is no guard.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct GuardError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl GuardError {
    fn new(message: impl Into<String>, help: impl Into<String>) -> GuardError {
        GuardError { message: message.into(), help: help.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> VersionSet {
        VersionSet::parse(text).expect(text)
    }

    #[test]
    fn a_minor_version_stands_for_its_releases() {
        assert!(set("<=3.12").contains(py(12, 7)));
        assert!(!set("<3.12").contains(py(12, 0)));
        assert!(!set(">3.12").contains(py(12, 7)));
        assert!(set(">3.12").contains(py(13, 0)));
        assert!(set("==3.12").contains(py(12, 1)));
        assert!(!set("!=3.12.1").contains(py(12, 1)));
        assert!(set("!=3.12.1").contains(py(12, 2)));
        assert!(set(">=3.12.1").contains(py(12, 1)));
        assert!(!set(">=3.12.1").contains(py(12, 0)));
    }

    #[test]
    fn differences_and_display() {
        assert_eq!(set(">=3.8").minus(&set("<3.11")).to_string(), ">=3.11");
        assert_eq!(VersionSet::all().minus(&set("==3.12")).to_string(), "<3.12 or >=3.13");
        assert_eq!(set(">=3.9,<3.12.4").to_string(), ">=3.9,<3.12.4");
        assert_eq!(set("<3.11").and(&set(">=3.11")).to_string(), "none");
    }

    #[test]
    fn guards_are_conjunctions() {
        let guard = Guard::parse("module, py>=3.9,py<3.12,cpython").expect("a guard");
        assert!(guard.holds(Mode::Module, py(9, 0)));
        assert!(!guard.holds(Mode::Interactive, py(9, 0)));
        assert!(!guard.holds(Mode::Module, py(12, 0)));
        assert_eq!(guard.level, Some(Level::Cpython));
        assert_eq!(guard.to_string(), "module,cpython,py>=3.9,py<3.12");
    }

    #[test]
    fn bad_guards_say_what_to_do() {
        let said: Vec<String> =
            ["", "py<3", "py<3.7", "py=>3.9", "3.12", "interactiv", "module,interactive", "py<3.9,py>3.9", "pypy"]
                .iter()
                .map(|text| match Guard::parse(text) {
                    Ok(guard) => format!("[{text}] is read as {guard}"),
                    Err(error) => format!("[{text}] {} / {}", error.message, error.help),
                })
                .collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
