//! A profile's file to a profile, with every problem of it.

use super::{Claim, DriverKind, EngineProfile, ProfileLimits, ReleaseProbe, Stream, UNCAUGHT, Uncaught, Why};
use crate::case::{CAPABILITIES, Mode, Problem, SourceFile, VersionSet, nearest};
use crate::engine::Isolation;
use crate::judge::Deviation;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use toml::Spanned;

/// The keys at the top of a profile.
const KEYS: &[&str] = &[
    "name",
    "about",
    "command",
    "driver",
    "isolation",
    "environment",
    "claims",
    "python",
    "release",
    "modes",
    "capabilities",
    "limits",
    "uncaught",
    "rules",
    "deviation",
    "case",
    "mode",
    "mark",
    "observed",
    "rule",
    "reason",
    "issue",
    "inlining",
    "instead_of",
    "time",
    "memory",
    "output",
    "stream",
    "pattern",
    "arguments",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    #[serde(default)]
    about: String,
    command: Option<OneOrMany>,
    #[serde(default)]
    driver: DriverKind,
    isolation: Option<Spanned<String>>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    claims: Option<Claim>,
    python: Option<Spanned<String>>,
    release: Option<Release>,
    modes: Option<Vec<Mode>>,
    #[serde(default)]
    capabilities: BTreeMap<Spanned<String>, bool>,
    #[serde(default)]
    limits: Bounds,
    #[serde(default)]
    uncaught: Shown,
    #[serde(default)]
    rules: BTreeMap<String, Why>,
    #[serde(default)]
    deviation: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    arguments: Option<Vec<String>>,
    pattern: Spanned<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Bounds {
    time: Option<Spanned<f64>>,
    memory: Option<u64>,
    output: Option<usize>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Shown {
    #[serde(default)]
    stream: Stream,
    pattern: Option<Spanned<String>>,
    lacks: Option<Spanned<String>>,
}

/// A `[[deviation]]` as it is written: its reason may stand with its rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    case: String,
    rule: Option<String>,
    mode: Option<Mode>,
    python: Option<VersionSet>,
    mark: Option<String>,
    probe: Option<String>,
    observed: String,
    reason: Option<String>,
    issue: Option<String>,
    #[serde(default)]
    inlining: bool,
    instead_of: Option<String>,
}

struct Reading {
    file: Arc<SourceFile>,
    problems: Vec<Problem>,
}

/// Reads a profile; `path` is what messages call it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_profile(path: &str, text: &str) -> Result<EngineProfile, Vec<Problem>> {
    let source = SourceFile::new(path, text);
    let file: File = toml::from_str(text).map_err(|error| vec![broken(&source, &error)])?;
    let mut reading = Reading { file: source, problems: Vec::new() };
    let stem = Path::new(path).file_stem().map_or_else(|| path.to_string(), |stem| stem.to_string_lossy().into_owned());
    let name = file.name.unwrap_or(stem);
    let commands = match file.command {
        Some(OneOrMany::One(command)) => vec![command],
        Some(OneOrMany::Many(commands)) => commands,
        None => Vec::new(),
    };
    if commands.iter().all(|command| command.trim().is_empty()) {
        reading.wrong(0..0, "the profile has no `command`", "write command = \"./my-python\"");
    }
    for name in file.capabilities.keys() {
        if !CAPABILITIES.iter().any(|(known, _)| known == name.get_ref()) {
            let near = nearest(name.get_ref(), CAPABILITIES.iter().map(|(known, _)| *known));
            let help =
                near.map_or("`verysame engine check` lists them".to_string(), |n| format!("did you mean `{n}`?"));
            reading.wrong(name.span(), format!("unknown capability `{}`", name.get_ref()), help);
        }
    }
    let limits = ProfileLimits {
        time: reading.seconds(file.limits.time),
        memory: file.limits.memory,
        output: file.limits.output,
    };
    let pattern = file.uncaught.pattern.map(|pattern| reading.pattern(&pattern, "class"));
    let uncaught = Uncaught {
        stream: file.uncaught.stream,
        lacks: file.uncaught.lacks.and_then(|pattern| reading.regex(&pattern)),
        pattern: pattern.unwrap_or_else(|| Regex::new(UNCAUGHT).ok()).unwrap_or_else(|| Uncaught::default().pattern),
    };
    let release = file.release.and_then(|release| {
        let pattern = reading.pattern(&release.pattern, "")?;
        Some(ReleaseProbe { arguments: release.arguments, pattern })
    });
    let deviations = reading.deviations(&file.deviation, &file.rules);
    let profile = EngineProfile {
        name,
        path: path.to_string(),
        folder: None,
        about: file.about,
        commands,
        driver: file.driver,
        isolation: file.isolation.and_then(|word| reading.isolation(&word)),
        environment: file.environment,
        claims: file.claims,
        python: file.python.and_then(|text| reading.version(&text)),
        release,
        modes: file.modes,
        capabilities: file.capabilities.into_iter().map(|(name, has)| (name.into_inner(), has)).collect(),
        limits,
        uncaught,
        rules: file.rules,
        deviations,
    };
    if reading.problems.is_empty() { Ok(profile) } else { Err(reading.problems) }
}

/// What the TOML reader says, with the place and, for a misspelt key, the one that was meant.
fn broken(source: &SourceFile, error: &toml::de::Error) -> Problem {
    let message = error.message().to_string();
    let problem = Problem::at(source, error.span().unwrap_or(0..0), message.clone());
    let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    match unknown.and_then(|key| nearest(key, KEYS.iter().copied())) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    }
}

impl Reading {
    fn wrong(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::at(&self.file, range, message).help(help));
    }

    fn seconds(&mut self, seconds: Option<Spanned<f64>>) -> Option<Duration> {
        let seconds = seconds?;
        let time = Duration::try_from_secs_f64(*seconds.get_ref()).ok().filter(|time| !time.is_zero());
        if time.is_none() {
            self.wrong(seconds.span(), "`time` has to be a number of seconds above 0", "write time = 10.0");
        }
        time
    }

    fn pattern(&mut self, pattern: &Spanned<String>, group: &str) -> Option<Regex> {
        let regex = self.regex(pattern)?;
        let named = group.is_empty() || regex.capture_names().flatten().any(|name| name == group);
        if !named || regex.captures_len() < 2 {
            let (what, help) = match group {
                "" => ("the pattern has no group".to_string(), "put what is wanted in parentheses"),
                group => (format!("the pattern has no group `{group}`"), "write (?P<class>…) and (?P<text>…)"),
            };
            self.wrong(pattern.span(), what, help);
            return None;
        }
        Some(regex)
    }

    fn regex(&mut self, pattern: &Spanned<String>) -> Option<Regex> {
        match Regex::new(pattern.get_ref()) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let words = error.to_string();
                let last = words.lines().last().unwrap_or_default().trim_start_matches("error: ").to_string();
                self.wrong(pattern.span(), format!("the pattern cannot be read: {last}"), "write it between '…'");
                None
            }
        }
    }

    fn isolation(&mut self, word: &Spanned<String>) -> Option<Isolation> {
        let found = Isolation::from_word(word.get_ref());
        if found.is_none() {
            let message = format!("`{}` is no isolation", word.get_ref());
            self.wrong(word.span(), message, "programs are kept apart by fork, reset or spawn");
        }
        found
    }

    fn version(&mut self, text: &Spanned<String>) -> Option<verysame_engine::rules::PyVersion> {
        match text.get_ref().parse() {
            Ok(version) => Some(version),
            Err(error) => {
                self.wrong(text.span(), format!("{error}"), "name the version whose cases fit best: python = \"3.12\"");
                None
            }
        }
    }

    fn deviations(&mut self, entries: &[Spanned<Entry>], rules: &BTreeMap<String, Why>) -> Vec<Deviation> {
        let mut deviations = Vec::new();
        for spanned in entries {
            let entry = spanned.get_ref();
            let why = entry.rule.as_ref().and_then(|rule| rules.get(rule));
            let reason = entry.reason.clone().or_else(|| why.map(|why| why.reason.clone()));
            let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) else {
                let help = match &entry.rule {
                    Some(rule) => format!("write reason = \"…\" here or under [rules.\"{rule}\"]"),
                    None => "write reason = \"…\"".to_string(),
                };
                self.wrong(spanned.span(), format!("the deviation of `{}` gives no reason", entry.case), help);
                continue;
            };
            deviations.push(Deviation {
                case: entry.case.clone(),
                rule: entry.rule.clone(),
                mode: entry.mode,
                python: entry.python.clone(),
                mark: entry.mark.clone(),
                probe: entry.probe.clone(),
                observed: entry.observed.clone(),
                reason,
                inlining: entry.inlining,
                instead_of: entry.instead_of.clone(),
                issue: entry.issue.clone().or_else(|| why.and_then(|why| why.issue.clone())),
            });
        }
        deviations
    }
}
