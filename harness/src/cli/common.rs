//! What several subcommands share: reading the suite, choosing engines, showing progress.

use super::{Status, complain};
use crate::case::{Level, Loaded, Mode, Problem, Severity, nearest};
use crate::engine::{EngineSpec, Isolation};
use crate::profile::{read_profile, shipped};
pub use crate::report::text::counted;
use crate::run::execute::{Opened, version_of};
use crate::run::select::Selection;
use crate::run::suite::Suite;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use verysame_engine::rules::{Profile, PyVersion};

/// A program's bytes and what it is called; `-` is stdin. What cannot be read is said.
pub fn read_program(file: &Path) -> Result<(Vec<u8>, String), Status> {
    if file == Path::new("-") {
        let mut source = Vec::new();
        return match io::stdin().lock().read_to_end(&mut source) {
            Ok(_) => Ok((source, "<stdin>".to_string())),
            Err(error) => Err(unread(file, &error)),
        };
    }
    let source = std::fs::read(file).map_err(|error| unread(file, &error))?;
    Ok((source, file.display().to_string()))
}

fn unread(file: &Path, error: &io::Error) -> Status {
    complain(format_args!("can't open file '{}': {error}", file.display()));
    Status::Usage
}

/// Where the cases are.
#[derive(clap::Args)]
pub struct SuiteArgs {
    /// The folder or file of cases [default: `cases` here or above, else the built-in suite]
    #[arg(long, value_name = "PATH")]
    pub cases: Option<PathBuf>,
}

impl SuiteArgs {
    /// Reads the suite and says on stderr all that is wrong with it; warnings are left to `lint`.
    pub fn load(&self) -> (Loaded, Status) {
        let suite = Suite::find(self.cases.as_deref());
        let loaded = suite.load();
        for problem in loaded.problems.iter().filter(|problem| problem.severity == Severity::Error) {
            eprintln!("{problem}\n");
        }
        let status = if loaded.has_errors() { Status::Usage } else { Status::Fine };
        if loaded.cases.is_empty() && status == Status::Fine {
            complain(format_args!("there is no case in {}", self.shown()));
            return (loaded, Status::Usage);
        }
        (loaded, status)
    }

    fn shown(&self) -> String {
        self.cases.as_ref().map_or_else(|| "the suite".to_string(), |path| path.display().to_string())
    }

    /// The argument again, for a line that reruns a case.
    pub fn argument(&self) -> String {
        let quoted = |path: &PathBuf| format!(" --cases {}", crate::report::text::quoted(&path.to_string_lossy()));
        self.cases.as_ref().map(quoted).unwrap_or_default()
    }
}

/// Which cases.
#[derive(clap::Args)]
pub struct SelectArgs {
    /// Parts of case ids; a case with any of them is chosen
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// The filters are whole ids
    #[arg(long)]
    exact: bool,
    /// Only cases of this area: `scoping`
    #[arg(long, value_name = "AREA")]
    area: Vec<String>,
    /// Only cases with expectations of this level: `language`, `cpython`, `unspecified`
    #[arg(long, value_name = "LEVEL", value_parser = parse_level)]
    level: Vec<Level>,
    /// Only this mode: `module`, `interactive`
    #[arg(long, value_name = "MODE", value_parser = parse_mode)]
    mode: Vec<Mode>,
}

impl SelectArgs {
    /// The choice.
    pub fn selection(&self) -> Selection {
        Selection {
            filters: self.filters.clone(),
            exact: self.exact,
            areas: self.area.clone(),
            levels: self.level.clone(),
            modes: self.mode.clone(),
        }
    }

    /// The filters, as they were given.
    pub fn filters(&self) -> &[String] {
        &self.filters
    }

    /// Whether anything is chosen; if not, says so.
    pub fn finds(&self, loaded: &Loaded) -> bool {
        let selection = self.selection();
        if loaded.cases.iter().any(|case| selection.case(case)) {
            return true;
        }
        let near = self.filters.iter().find_map(|filter| {
            let ids = loaded.cases.iter().flat_map(|case| [case.id.as_str(), case.base.as_str()]);
            nearest(filter, ids).map(|id| format!(": did you mean `{id}`?"))
        });
        complain(format_args!("no case is chosen{}", near.unwrap_or_default()));
        false
    }
}

/// A level by its word.
pub fn parse_level(word: &str) -> Result<Level, String> {
    Level::from_word(word).ok_or_else(|| format!("the levels are {}", Level::ALL.map(Level::word).join(", ")))
}

/// A mode by its word.
pub fn parse_mode(word: &str) -> Result<Mode, String> {
    Mode::from_word(word).ok_or_else(|| format!("the modes are {}", Mode::ALL.map(Mode::word).join(", ")))
}

/// `RULE:FAULT`.
pub fn parse_fault(text: &str) -> Result<(String, String), String> {
    let (rule, fault) = text.split_once(':').ok_or("a fault is written RULE:FAULT")?;
    Profile::of(PyVersion::NEWEST).with_fault(rule, fault).map_err(|error| error.to_string())?;
    Ok((rule.to_string(), fault.to_string()))
}

/// `fork` or `spawn`.
fn parse_isolation(word: &str) -> Result<Isolation, String> {
    Isolation::from_word(word).ok_or_else(|| "programs are kept apart by fork, reset or spawn".to_string())
}

/// Which engines.
#[derive(clap::Args)]
pub struct EngineArgs {
    /// A profile's file, the name of a shipped profile, a command that runs Python, or `reference`; may be given
    /// several times [default: reference and python3]
    #[arg(long, value_name = "ENGINE")]
    pub engine: Vec<String>,
    /// The folder that holds installed engines, for the shipped profiles [default: $VERYSAME_ENGINES]
    #[arg(long, value_name = "DIR", env = "VERYSAME_ENGINES", hide_env = true)]
    pub engines: Option<PathBuf>,
    /// The CPython version whose rules the reference engine follows [default: that of the first other engine, else the
    /// newest]
    #[arg(long, value_name = "VERSION")]
    profile: Option<PyVersion>,
    /// Get a rule of the reference engine wrong on purpose: see `verysame faults --list`
    #[arg(long, value_name = "RULE:FAULT", value_parser = parse_fault)]
    fault: Option<(String, String)>,
    /// How programs are kept apart in other engines: `fork` (a worker forks), `reset` (a worker forgets), `spawn` (a
    /// process each)
    #[arg(long, value_name = "HOW", value_parser = parse_isolation)]
    isolation: Option<Isolation>,
}

/// The engines of a run.
#[derive(Default)]
pub struct Engines {
    /// Those that answered, in the order in which they were named.
    pub opened: Vec<Opened>,
    /// Those that did not, with the reason.
    pub failed: Vec<(String, String)>,
    /// What there is to say of the choice.
    pub note: Option<String>,
}

/// The engine that somebody names: a profile's file, a shipped profile, a command.
///
/// # Errors
/// The file is wrong, or there is no such command.
pub fn named(given: &str, isolation: Option<Isolation>, engines: Option<&Path>) -> Result<EngineSpec, String> {
    let said = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let path = Path::new(given);
    let profile = if path.extension().is_some_and(|end| end == "toml") {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{given} cannot be read: {error}"))?;
        let mut profile = read_profile(given, &text).map_err(said)?;
        profile.folder = Some(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).into());
        profile
    } else if let Some(profile) = shipped(given) {
        profile.map_err(said)?
    } else {
        return EngineSpec::python(given, isolation).map_err(|error| error.to_string());
    };
    EngineSpec::profiled(given, profile, isolation, engines).map_err(|error| error.to_string())
}

/// `reference` or `reference:3.12`, if that is meant.
pub fn open_reference(given: &str) -> Option<Result<EngineSpec, String>> {
    let rest = given.strip_prefix(REFERENCE)?;
    let version = match rest.strip_prefix(':') {
        Some(version) => version.parse().map_err(|error| format!("{error}")),
        None if rest.is_empty() => Ok(PyVersion::NEWEST),
        None => return None,
    };
    Some(version.map(|version| EngineSpec::Reference { version, fault: None }))
}

/// What stands for the reference engine among engines.
pub const REFERENCE: &str = "reference";
const DEFAULT: &str = "python3";

impl EngineArgs {
    /// Starts the engines that are named, else the reference engine alone.
    pub fn open_or_reference(&self) -> Engines {
        match self.engine.is_empty() {
            true => self.open_these(vec![REFERENCE.to_string()], true),
            false => self.open(),
        }
    }

    /// Starts the engines.
    pub fn open(&self) -> Engines {
        let chosen = !self.engine.is_empty();
        let commands = if chosen { self.engine.clone() } else { vec![REFERENCE.to_string(), DEFAULT.to_string()] };
        self.open_these(commands, chosen)
    }

    fn open_these(&self, commands: Vec<String>, chosen: bool) -> Engines {
        let mut engines = Engines::default();
        for command in commands.iter().filter(|command| *command != REFERENCE) {
            match named(command, self.isolation, self.engines.as_deref()).and_then(Opened::open) {
                Ok(opened) => engines.opened.push(opened),
                Err(words) => engines.failed.push((command.clone(), words)),
            }
        }
        if !chosen && engines.opened.is_empty() {
            // Nobody asked for python3, so that it cannot be used is no failure.
            let words = engines.failed.pop().map(|(_, words)| words).unwrap_or_default();
            engines.note = Some(format!("the reference engine runs alone: {words}"));
        }
        if commands.iter().any(|command| command == REFERENCE) {
            let version = self.profile.unwrap_or_else(|| version_of(&engines.opened));
            match Opened::open(EngineSpec::Reference { version, fault: self.fault.clone() }) {
                Ok(opened) => engines.opened.insert(0, opened),
                Err(words) => engines.failed.push((REFERENCE.to_string(), words)),
            }
        }
        engines
    }
}

/// A progress bar on a terminal, nothing elsewhere.
pub fn progress(total: usize) -> ProgressBar {
    let shown = std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(total as u64), target);
    match ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// What stands before the arguments in a line that reruns a case.
pub fn own_command() -> String {
    let by_cargo = std::env::var_os("CARGO_MANIFEST_DIR").is_some();
    let path = std::env::current_exe().unwrap_or_default();
    let profile = path.parent().and_then(|folder| folder.file_name()).map(|name| name.to_string_lossy().into_owned());
    match (by_cargo, profile.as_deref()) {
        (true, Some("debug")) => "cargo run --".to_string(),
        (true, Some(_)) => "cargo run --release --".to_string(),
        (true, None) | (false, _) => "verysame".to_string(),
    }
}

/// Writes a file whole or not at all; `-` is stdout.
///
/// # Errors
/// It cannot be written.
pub fn write_file(file: &Path, text: &str) -> io::Result<()> {
    if file == Path::new("-") {
        return io::stdout().lock().write_all(text.as_bytes());
    }
    crate::files::write_whole(file, text.as_bytes())
}
