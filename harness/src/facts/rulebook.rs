//! A rule book: one small program a rule, its probe, with what interpreters printed.
//!
//! What is expected of the engine is what the CPython of that version printed, unless a listed deviation of CPython says
//! that its answer breaks the rule: then it is what a CPython without the deviation printed.

use super::load::{LoadError, read};
use super::{Folder, Measured, Program};
use crate::case::Problem;
use crate::engine::process::{Launch, Next, Process};
use crate::engine::{EngineSpec, OpenError};
use crate::profile::all_known;
use crate::run::pool;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};
use verysame_engine::rules::PyVersion;

/// An entry of the file; it says more than is asked here.
#[derive(Deserialize)]
struct Rule {
    id: String,
    probe: String,
    /// By interpreter, `cpython-3.12`, what it printed.
    #[serde(default)]
    seen: BTreeMap<String, String>,
}

/// How long a real interpreter may take for one probe.
const LIMIT: Duration = Duration::from_secs(30);

/// Reads a rule book.
///
/// # Errors
/// The file cannot be read, or it is no rule book.
pub fn load_rules(path: &Path) -> Result<Folder, LoadError> {
    let rules: Vec<Rule> = read(path)?;
    let mut measured: Vec<Measured> = Vec::new();
    for rule in &rules {
        for (interpreter, answer) in &rule.seen {
            let Some((version, bits)) = cpython(interpreter) else { continue };
            let at = measured.iter().position(|m| m.file == *interpreter).unwrap_or_else(|| {
                measured.push(Measured::new(interpreter.clone(), version, bits, Map::new()));
                measured.len() - 1
            });
            if let Some(measured) = measured.get_mut(at) {
                measured.facts.insert(rule.id.clone(), Value::from(answer.as_str()));
            }
        }
    }
    measured.sort_by_key(|measured| measured.version);
    let programs = rules.into_iter().map(|rule| (rule.id, Program::Probe(rule.probe))).collect();
    Ok(Folder { programs, probe: None, measured })
}

/// The version and the bits of a pointer behind `cpython-3.12` or `cpython-3.14-wasm32`; nothing of other interpreters.
fn cpython(interpreter: &str) -> Option<(PyVersion, u64)> {
    let rest = interpreter.strip_prefix("cpython-")?;
    let (version, bits) = rest.strip_suffix("-wasm32").map_or((rest, 64), |version| (version, 32));
    Some((version.parse().ok()?, bits))
}

/// Why a Python could not be asked for its answers.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It is no Python, or there is none.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// One probe had no end.
    #[error("`{command}` gives no answer to the probe of `{rule}`: {words}")]
    Silent {
        /// The command.
        command: String,
        /// The rule.
        rule: String,
        /// What happened.
        words: String,
    },
}

impl Folder {
    /// Puts every probe to the Python behind a command, each in a process of its own; its answers replace those that were
    /// recorded of its version.
    ///
    /// # Errors
    /// The command is no Python, or a probe has no end.
    pub fn measure(&mut self, given: &str, threads: usize, done: impl Fn() + Sync) -> Result<(), AskError> {
        let spec = EngineSpec::python(given, None)?;
        let info = spec.open()?.describe();
        let command = crate::engine::words_of(given)?;
        let ask = |(): &mut (), (_, program): &(String, Program)| match program {
            Program::Probe(text) => Some(printed(&command, text)),
            _ => None,
        };
        let answers = pool::run(&self.programs, threads, || (), |state, task| ask(state, task), |_, _| done());
        let mut facts = Map::new();
        for ((rule, _), answer) in self.programs.iter().zip(answers) {
            match answer {
                Some(Ok(text)) => facts.insert(rule.clone(), Value::from(text)),
                Some(Err(words)) => {
                    return Err(AskError::Silent { command: given.to_string(), rule: rule.clone(), words });
                }
                None => None,
            };
        }
        self.measured.retain(|measured| measured.version.minor != info.version.minor);
        self.measured.push(Measured::new(given.to_string(), info.version, 64, facts));
        self.measured.sort_by_key(|measured| measured.version);
        Ok(())
    }

    /// Where a listed deviation of CPython speaks of a probe, expects what a CPython without it printed.
    ///
    /// # Errors
    /// A profile of an engine is wrong.
    pub fn correct(&mut self) -> Result<(), Problem> {
        let mut listed = Vec::new();
        for known in all_known()?.into_iter().filter(|known| known.engine == "cpython") {
            let Some(rule) = &known.deviation.probe else { continue };
            let issue = known.deviation.issue.as_ref().unwrap_or(&known.deviation.reason);
            for measured in &self.measured {
                if known.deviation.holds_for(measured.version) {
                    listed.push((measured.version, rule.clone(), issue.clone()));
                }
            }
        }
        for (version, rule, issue) in &listed {
            let free =
                |measured: &&Measured| listed.iter().all(|(other, same, _)| (*other, same) != (measured.version, rule));
            let right = self.measured.iter().rev().filter(free).find_map(|measured| measured.facts.get(rule).cloned());
            for measured in self.measured.iter_mut().filter(|measured| measured.version == *version) {
                if let (Some(right), Some(fact)) = (&right, measured.facts.get_mut(rule))
                    && fact != right
                {
                    *fact = right.clone();
                    measured.deviations.insert(rule.clone(), issue.clone());
                }
            }
        }
        Ok(())
    }
}

/// What a Python prints for a program: its stdout, or, if an exception ends it, `EXC ` and the last line of the traceback.
fn printed(command: &[String], text: &str) -> Result<String, String> {
    let mut words = command.to_vec();
    words.extend(["-I", "-c", text].map(str::to_string));
    let mut process = Process::start(&Launch::here(words)).map_err(|error| error.to_string())?;
    process.close_input();
    let deadline = Instant::now() + LIMIT;
    let mut out = Vec::new();
    loop {
        match process.next(deadline) {
            Next::Bytes(bytes) => out.extend(bytes),
            Next::End => break,
            Next::Nothing => return Err(format!("nothing within {} s", LIMIT.as_secs())),
        }
    }
    let status = process.wait(deadline).ok_or("it does not end")?;
    let errors = process.last_words();
    if !status.success() && status.code() != Some(1) {
        return Err(status.to_string());
    }
    let raised = (status.code() == Some(1)).then(|| String::from_utf8_lossy(&errors).into_owned());
    Ok(answer(&String::from_utf8_lossy(&out), raised.as_deref()))
}

/// The answer of a probe by what it wrote to stdout and the traceback of the exception that ended it.
pub(super) fn answer(stdout: &str, traceback: Option<&str>) -> String {
    match traceback {
        None => stdout.trim().to_string(),
        Some(traceback) => format!("EXC {}", traceback.trim_end().lines().next_back().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(text: &str) -> Folder {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("rules.json");
        std::fs::write(&path, text).expect("a file");
        load_rules(&path).expect("a rule book")
    }

    #[test]
    fn answers_are_kept_by_interpreter_and_others_than_cpython_left_out() {
        let seen = r#"{"cpython-3.9": "True", "cpython-3.12": "1", "cpython-3.14-wasm32": "2", "pypy-3.9": "3"}"#;
        let book = book(&format!(r#"[{{"id": "a.b", "level": "language", "probe": "print(1)", "seen": {seen}}}]"#));
        let versions: Vec<(String, u64)> = book.measured.iter().map(|m| (m.version.to_string(), m.bits)).collect();
        assert_eq!(versions, [("3.9.18".into(), 64), ("3.12.1".into(), 64), ("3.14.10".into(), 32)]);
        assert_eq!(book.programs, [("a.b".to_string(), Program::Probe("print(1)".to_string()))]);
    }

    #[test]
    fn a_listed_deviation_is_not_expected() {
        let seen = r#"{"cpython-3.11": "True", "cpython-3.12": "UnboundLocalError"}"#;
        let mut book = book(&format!(
            r#"[{{"id": "scope.comp.siblings-free", "probe": "", "seen": {seen}}}, {{"id": "other", "probe": "", "seen": {seen}}}]"#
        ));
        book.correct().expect("the files of deviations are right");
        let newest = book.measured.last().expect("two versions");
        assert_eq!(newest.facts["scope.comp.siblings-free"], "True");
        assert_eq!(newest.facts["other"], "UnboundLocalError");
        assert!(newest.deviations["scope.comp.siblings-free"].contains("156664"));
        assert_eq!(newest.deviations.len(), 1);
    }

    #[test]
    fn an_exception_is_the_last_line_of_its_traceback() {
        assert_eq!(answer("True\n", None), "True");
        assert_eq!(answer("1\n", Some("Traceback…\n  File\nNameError: x\n")), "EXC NameError: x");
    }
}
