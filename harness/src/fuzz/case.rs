//! A difference as a case file: the program, what the rule says of it, and in comments where it comes from.
//!
//! Invariant: a file is written only if it is free of problems, the reference engine passes it and the other engine
//! does not, and it is written whole or not at all.

use super::draw::mix;
use super::job;
use super::report::Divergence;
use super::verdict::{Evidence, name_of};
use crate::case::{Loaded, Mode, load_texts};
use crate::engine::{Engine, EngineSpec, Limits, ReferenceEngine};
use crate::judge::{ChunkEnd, Observation, Verdict};
use crate::run::execute::{Opened, one};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use verysame_engine::rules::{Profile, PyVersion};

/// Why a difference is no case.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoCase {
    /// The suite has no rule for it.
    #[error("no rule of the suite is about it")]
    NoRule,
    /// What was written has problems.
    #[error("the case would have a problem: {0}")]
    Problem(String),
    /// The engines do not judge it as they should.
    #[error("as a case it is {reference} on the reference engine and {other} on the other")]
    NotShown {
        /// The verdict on the reference engine.
        reference: Verdict,
        /// The verdict on the other engine.
        other: Verdict,
    },
    /// The folder or the file cannot be written.
    #[error("{0}")]
    Io(String),
}

/// Where a difference comes from.
pub struct Origin<'a> {
    /// The arguments that find it again.
    pub command: String,
    /// The engine that differs.
    pub opened: &'a Opened,
    /// Who is wrong.
    pub evidence: &'a Evidence,
}

/// Writes a difference into this folder, as a case of its own file.
///
/// # Errors
/// See [`NoCase`].
pub fn write(
    folder: &Path,
    divergence: &Divergence,
    origin: &Origin,
    rules: &[String],
    suite: &Loaded,
    limits: &Limits,
) -> Result<PathBuf, NoCase> {
    let version = origin.opened.info().version;
    if rules.is_empty() {
        return Err(NoCase::NoRule);
    }
    let id = id_of(divergence);
    let path = folder.join(format!("{id}.toml"));
    let text = text(&id, divergence, origin, rules, version, limits);
    checked(&path, &text, rules, origin, suite, limits)?;
    let io = |error: std::io::Error| NoCase::Io(format!("{}: {error}", path.display()));
    std::fs::create_dir_all(folder).map_err(io)?;
    crate::files::write_whole(&path, text.as_bytes()).map_err(io)?;
    Ok(path)
}

/// The same for the same program.
fn id_of(divergence: &Divergence) -> String {
    let print = divergence.growth.source().bytes().fold(0, |print, byte| mix(print ^ u64::from(byte)));
    format!("{}-{:08x}", divergence.kind, print >> 32)
}

fn observed(version: PyVersion, source: &str, limits: &Limits) -> Observation {
    ReferenceEngine::new(Profile::of(version), None).observe(&job("fuzz.case", source), limits)
}

fn text(
    id: &str,
    divergence: &Divergence,
    origin: &Origin,
    rules: &[String],
    version: PyVersion,
    limits: &Limits,
) -> String {
    let whole = divergence.growth.source();
    let seen = observed(version, &whole, limits);
    let (source, marks) = match seen.chunks.first() {
        Some(ChunkEnd::Raised(raised)) => {
            let line = raised.line.map_or(0, |line| line.saturating_sub(1) as usize);
            let source = until(&whole, line);
            let compile = if raised.at_compile { " @compile" } else { "" };
            let mut marked = String::new();
            for (at, text) in source.lines().enumerate() {
                marked.push_str(text);
                if at == line {
                    let _ = write!(marked, "  #!> {}{compile}", raised.class);
                }
                marked.push('\n');
            }
            (marked, true)
        }
        _ => (whole.clone(), false),
    };
    let level = if divergence.growth.is_language() { "language" } else { "cpython" };
    let (manner, theirs) = (origin.evidence.verdict(), divergence.other.text());
    let mut out = String::from("#:schema ../case.schema.json\n");
    let _ = writeln!(out, "# {}: {manner}; found by `verysame fuzz {}`.", name_of(origin.opened), origin.command);
    for vote in &origin.evidence.votes {
        let _ = writeln!(
            out,
            "# {}: {}",
            vote.engine,
            if vote.agrees { "as the rule says" } else { "not as the rule says" }
        );
    }
    let _ = writeln!(out, "# {} answers:", name_of(origin.opened));
    for line in theirs.lines() {
        let _ = writeln!(out, "#   {line}");
    }
    let quoted: Vec<String> = rules.iter().map(|rule| format!("{rule:?}")).collect();
    let _ = writeln!(out, "guarantee = \"{level}\"\n\n[[case]]\nid = \"fuzz.{id}\"\nrules = [{}]", quoted.join(", "));
    let _ = writeln!(out, "title = \"A generated program about {}\"", about(divergence));
    out.push_str("modes = [\"module\"]\n");
    if let Some(range) = range(divergence, &whole, &seen, version, limits) {
        let _ = writeln!(out, "python = \"{range}\"");
    }
    let _ = writeln!(out, "source = '''\n{source}'''");
    // A mark may end the program's only output; else the whole of it is expected.
    if !marks || !seen.stdout.is_empty() {
        let _ = writeln!(out, "stdout = {}", toml::Value::String(seen.stdout));
    }
    out
}

fn about(divergence: &Divergence) -> &'static str {
    match divergence.kind {
        super::Kind::Skeletons => "names in nested scopes",
        super::Kind::Heap => "objects that are shared and changed",
        super::Kind::Caching => "constants that are one object",
        super::Kind::Lifetime => "the lifetime of objects",
        super::Kind::Seeds => "what a case of the suite became",
    }
}

/// The program up to the end of the statement of the top level that holds this line.
fn until(source: &str, line: usize) -> String {
    let continues =
        |text: &str| text.starts_with([' ', '\t']) || text.starts_with("except") || text.starts_with("finally");
    let lines: Vec<&str> = source.lines().collect();
    let end = (line + 1..lines.len()).find(|at| lines.get(*at).is_some_and(|text| !continues(text)));
    let mut kept = lines.get(..end.unwrap_or(lines.len())).unwrap_or_default().join("\n");
    kept.push('\n');
    kept
}

/// The versions around this one whose rules say the same, unless all do.
fn range(
    divergence: &Divergence,
    source: &str,
    seen: &Observation,
    version: PyVersion,
    limits: &Limits,
) -> Option<String> {
    let minors: Vec<u8> = PyVersion::minors().collect();
    let same = |minor: &u8| {
        *minor == version.minor
            || (*minor >= divergence.growth.since()
                && PyVersion::of_minor(*minor).is_some_and(|version| observed(version, source, limits) == *seen))
    };
    let at = minors.iter().position(|minor| *minor == version.minor)?;
    let low = minors.get(..at)?.iter().rev().take_while(|minor| same(minor)).last().copied().unwrap_or(version.minor);
    let high = minors.get(at..)?.iter().take_while(|minor| same(minor)).last().copied().unwrap_or(version.minor);
    let mut parts = Vec::new();
    if Some(&low) != minors.first() {
        parts.push(format!(">=3.{low}"));
    }
    if Some(&high) != minors.last() {
        parts.push(format!("<3.{}", high + 1));
    }
    if parts.is_empty() { None } else { Some(parts.join(",")) }
}

/// Whether the file says what it should.
fn checked(
    path: &Path,
    text: &str,
    rules: &[String],
    origin: &Origin,
    suite: &Loaded,
    limits: &Limits,
) -> Result<(), NoCase> {
    // The rules stand elsewhere in the suite; here they are put beside the case.
    let mut others = String::new();
    for rule in rules.iter().filter_map(|id| suite.rule(id)) {
        let _ = writeln!(
            others,
            "[[rule]]\nid = {:?}\nstatement = {}\nguarantee = \"{}\"\nreference = {}\n",
            rule.id,
            toml::Value::String(rule.statement.clone()),
            rule.level.word(),
            toml::Value::String(rule.reference.clone())
        );
    }
    let shown = path.display().to_string();
    let loaded = load_texts([("rules.toml".to_string(), others), (shown.clone(), text.to_string())]);
    if let Some(problem) = loaded.problems.iter().find(|problem| problem.path == shown) {
        return Err(NoCase::Problem(problem.message.clone()));
    }
    let Some(case) = loaded.cases.first() else { return Err(NoCase::Problem("it is empty".to_string())) };
    let version = origin.opened.info().version;
    let reference = Opened::open(EngineSpec::Reference { version, fault: None }).map_err(NoCase::Problem)?;
    let verdict = |opened: &Opened| one(case, Mode::Module, opened, &mut None, limits).verdict.verdict;
    let (reference, other) = (verdict(&reference), verdict(origin.opened));
    let wrong = other.is_bad() || other == Verdict::Differs;
    if reference == Verdict::Pass && wrong { Ok(()) } else { Err(NoCase::NotShown { reference, other }) }
}
