//! Facts that are tables, computed by the very program that measured them.
//!
//! A probe is a Python program with functions `@section(…)`, whose statements call `fact(key, value)`, and `case` or
//! `table` for what is a program by itself. It wants more of a library than the engine has, and a statement that fails
//! would end its function, so each statement of a section is run by itself, in the namespace of the whole probe: what
//! one of them cannot do is missing, and said, for its own facts only.

use super::ask::{in_session, literal, script};
use crate::engine::Limits;
use serde_json::{Map, Value};
use std::fmt::Write;
use std::time::Duration;
use verysame_engine::rules::Profile;
use verysame_engine::syntax::{StatementKind, SyntaxIssue, outline};

/// A probe, taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Probe {
    /// What stands outside of the sections.
    common: Vec<Piece>,
    sections: Vec<Vec<Piece>>,
}

/// A statement.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Piece {
    line: u32,
    text: String,
}

/// What an engine computed.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Probed {
    /// The facts.
    pub answers: Map<String, Value>,
    /// What failed: the line in the probe, and how.
    failures: Vec<(u32, String)>,
}

/// The largest tables take many steps.
const TIME: Duration = Duration::from_secs(30);
/// See [`TIME`].
const STEPS: u64 = 500_000_000;

/// What is said of a fact that no statement came to.
const NOT_REACHED: &str = "no statement of the probe gave it";

impl Probe {
    /// Takes a probe's text apart.
    ///
    /// # Errors
    /// It is not Python.
    pub fn new(text: &str) -> Result<Probe, SyntaxIssue> {
        let mut probe = Probe { common: Vec::new(), sections: Vec::new() };
        let piece = |line: u32, range: std::ops::Range<usize>, indent: usize| {
            let text = text.get(range).unwrap_or_default();
            let text = if indent == 0 { text.to_string() } else { format!("if 1:\n{:indent$}{text}", "") };
            Piece { line, text }
        };
        for statement in outline(text)?.statements {
            let own = text.get(statement.range.clone()).unwrap_or_default();
            if statement.kind == StatementKind::Function && own.starts_with("@section(") {
                let body = statement.body.iter();
                probe.sections.push(body.map(|one| piece(one.first_line, one.range.clone(), one.indent)).collect());
            }
            probe.common.push(piece(statement.first_line, statement.range, 0));
        }
        Ok(probe)
    }

    /// How many sections it has.
    pub fn sections(&self) -> usize {
        self.sections.len()
    }

    /// The statement that names this fact, with its line.
    pub fn statement(&self, key: &str) -> Option<(u32, &str)> {
        let quoted = format!("\"{key}\"");
        let found = self.sections.iter().flatten().find(|piece| piece.text.contains(&quoted))?;
        Some((found.line, found.text.strip_prefix("if 1:\n").unwrap_or(&found.text)))
    }

    /// Runs one section on the engine under these rules.
    ///
    /// # Errors
    /// It came to no end at all, in words.
    pub fn run(&self, section: usize, profile: &Profile, fused: bool) -> Result<Probed, String> {
        let text = self.program(self.sections.get(section).map_or(&[], Vec::as_slice));
        let limits = Limits { time: TIME, steps: STEPS, output: 16 << 20, memory: 1 << 30, ..Limits::default() };
        let out = in_session(profile, &limits, fused, move |session| script(session, &text))?;
        let mut probed = Probed::default();
        for line in out.lines() {
            let mut parts = line.splitn(3, '\t');
            match (parts.next(), parts.next(), parts.next()) {
                (Some("="), Some(key), Some(value)) => {
                    let value = serde_json::from_str(value).map_err(|error| format!("{key}: {error}"))?;
                    probed.answers.insert(key.to_string(), value);
                }
                (Some("!"), Some(at), Some(words)) => {
                    probed.failures.push((at.parse().unwrap_or_default(), words.to_string()));
                }
                // What a statement of the probe prints is no fact.
                _ => {}
            }
        }
        Ok(probed)
    }

    /// Why a fact is missing.
    pub fn why(&self, key: &str, probed: &Probed) -> String {
        let at = self.statement(key).map(|(line, _)| line);
        let failed = probed.failures.iter().find(|(line, _)| Some(*line) == at).or(probed.failures.first());
        failed.map_or_else(|| NOT_REACHED.to_string(), |(line, words)| format!("probe.py:{line}: {words}"))
    }

    fn program(&self, section: &[Piece]) -> String {
        let mut out = String::from(BEFORE);
        // Writing to a String cannot fail.
        for piece in &self.common {
            let _ = writeln!(out, "attempt({}, {})", piece.line, literal(&piece.text));
        }
        out.push_str(BETWEEN);
        for piece in section {
            let _ = writeln!(out, "attempt({}, {})", piece.line, literal(&piece.text));
        }
        out
    }
}

impl Probed {
    /// Adds what a section gave. One that came to no end concerns its own facts only: they are missing.
    pub(super) fn add(&mut self, section: Result<Probed, String>) {
        match section {
            Ok(section) => {
                self.answers.extend(section.answers);
                self.failures.extend(section.failures);
            }
            Err(words) => self.failures.push((0, words)),
        }
    }
}

/// A module that the engine lacks is empty: what asks something of it fails.
const BEFORE: &str = "import sys
space = {'__name__': 'probe'}
def attempt(line, text):
    lacking = set()
    while True:
        try:
            exec(compile(text, 'probe.py', 'exec'), space)
        except ModuleNotFoundError as e:
            if not text.startswith('import ') or e.name in lacking:
                print('!', line, e, sep='\\t')
                return
            lacking.add(e.name)
            sys.modules[e.name] = type(sys)(e.name)
        except BaseException as e:
            print('!', line, '%s: %s' % (type(e).__name__, str(e).replace('\\n', ' ')), sep='\\t')
            return
        else:
            return
";

const BETWEEN: &str = "def fact(key, value):
    import json
    print('=', key, json.dumps(space['jsonable'](value)), sep='\\t')
space['fact'] = fact
space['case'] = space['table'] = lambda *given, **named: None
";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use verysame_engine::rules::PyVersion;

    const TEXT: &str = "import sys, no_such_module
def section(letter, title): return lambda f: f
def jsonable(v): return v
@section('E', 'sizes')
def section_e():
    n = 3
    fact(\"size.list\", [[i, sys.getsizeof([0] * i)] for i in range(n)])
    fact(\"size.lost\", no_such_module.name)
    for k in 'ab':
        fact(\"size.\" + k, n)
    case('size.program', 'pass')
";

    #[test]
    fn each_statement_of_a_section_speaks_for_itself() {
        let probe = Probe::new(TEXT).expect("it is Python");
        assert_eq!(probe.sections(), 1);
        let probed = probe.run(0, &Profile::of(PyVersion::NEWEST), true).expect("it runs");
        let wanted = json!({"size.list": [[0, 56], [1, 64], [2, 72]], "size.a": 3, "size.b": 3});
        assert_eq!(Value::Object(probed.answers.clone()), wanted);
        let why = probe.why("size.lost", &probed);
        assert_eq!(why, "probe.py:8: AttributeError: module 'no_such_module' has no attribute 'name'");
        assert_eq!(probe.statement("size.lost").map(|(line, _)| line), Some(8));
    }

    #[test]
    fn a_probe_that_is_not_python_says_where() {
        assert_eq!(Probe::new("x = 1\nif x\n").expect_err("it is broken").line, 2);
    }
}
