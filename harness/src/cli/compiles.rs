//! `verysame compiles`: does the reference engine accept and reject the texts that a CPython does, with its words?

use super::common::{counted, progress};
use super::{Status, complain};
use crate::engine::{Notice, Opinion, PythonCompiler, STACK, watched};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use verysame_engine::check_module;
use verysame_engine::rules::{Profile, PyVersion};

/// Compares what compiles with what compiles in CPython
///
/// Every `.py` file under the paths is compiled as a module, by the reference engine and by the Python named, and nothing
/// is run. A difference is a file that only one of the two accepts, an error of another class, text or line, or other
/// warnings.
///
/// Exit status: 0 there is no difference, 1 there is one, 2 a path cannot be read or holds no `.py` file, 3 the Python could
/// not be asked.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame compiles --against python3.12 /usr/lib/python3.12/asyncio")]
pub struct Args {
    /// Files, or folders with `.py` files at any depth
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The CPython version whose rules hold [default: that of the other Python]
    #[arg(long, value_name = "VERSION")]
    profile: Option<PyVersion>,
    /// The other Python
    #[arg(long, value_name = "PYTHON", default_value = "python3")]
    against: String,
    /// Only whether a file is accepted; not the texts of errors, nor warnings
    #[arg(long)]
    verdict_only: bool,
}

pub fn main(args: &Args) -> Status {
    let mut python = match PythonCompiler::open(&args.against) {
        Ok(python) => python,
        Err(error) => {
            complain(error);
            return Status::Infra;
        }
    };
    let mut status = Status::Fine;
    let mut files = Vec::new();
    for path in &args.paths {
        let before = files.len();
        if let Err(error) = sources_under(path, true, &mut files) {
            complain(error);
            status = Status::Usage;
        } else if files.len() == before {
            complain(format_args!("there is no .py file under {}", path.display()));
            status = Status::Usage;
        }
    }
    let version = args.profile.unwrap_or(python.version);
    let profile = Profile::of(version);
    let bar = progress(files.len());
    let mut tally = Tally::default();
    for path in &files {
        bar.inc(1);
        let name = path.display().to_string();
        let source = match std::fs::read(path) {
            Ok(source) => source,
            Err(error) => {
                complain(format_args!("{name}: {error}"));
                status = Status::Usage;
                continue;
            }
        };
        let theirs = python.compile(&name, &source);
        let ours = compiled_here(source, &profile);
        let difference = tally.count(&ours, &theirs, args.verdict_only);
        if let Some(kind) = difference {
            let (ours, theirs) = (shown(&ours, kind), shown(&theirs, kind));
            bar.suspend(|| {
                println!("{name}: {}\n  {}: {theirs}\n  reference {version}: {ours}", kind.words(), args.against)
            });
        }
    }
    bar.finish_and_clear();
    println!("{}", tally.summary());
    if tally.broken > 0 {
        status = status.max(Status::Infra);
    }
    if status == Status::Fine && tally.differences() > 0 { Status::Failed } else { status }
}

/// Adds the `.py` files under a path in the order of their names. A file that is named itself need not end in `.py`.
pub(super) fn sources_under(path: &Path, named: bool, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let fail = |error: io::Error| format!("{}: {error}", path.display());
    // Links inside a folder are not followed: they may lead around in circles.
    let about = if named { path.metadata() } else { path.symlink_metadata() }.map_err(fail)?;
    if about.is_dir() {
        let entries: Result<Vec<_>, _> = path.read_dir().map_err(fail)?.collect();
        let mut inside: Vec<PathBuf> = entries.map_err(fail)?.into_iter().map(|entry| entry.path()).collect();
        inside.sort();
        for path in inside {
            sources_under(&path, false, found)?;
        }
    } else if named || path.extension() == Some(OsStr::new("py")) && about.is_file() {
        found.push(path.to_path_buf());
    }
    Ok(())
}

/// What the reference engine says of a text; the error is what a panic of it said.
fn compiled_here(source: Vec<u8>, profile: &Profile) -> Result<Opinion, String> {
    let compile = |source: &[u8]| match check_module(source, profile) {
        Ok(warnings) => Opinion {
            error: None,
            warnings: warnings
                .into_iter()
                .map(|w| Notice { class: w.class.to_string(), text: w.text, line: w.line })
                .collect(),
        },
        Err(issue) => {
            // ValueError, MemoryError and RecursionError have no line.
            let placed = matches!(issue.class, "SyntaxError" | "IndentationError" | "TabError");
            let line = if placed { issue.line } else { 0 };
            let error = Notice { class: issue.class.to_string(), text: issue.message, line };
            Opinion { error: Some(error), warnings: Vec::new() }
        }
    };
    thread::scope(|scope| {
        let work = move || watched(|| compile(&source));
        match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
            Ok(handle) => handle.join().unwrap_or_else(|_| Err("it panicked".to_string())),
            Err(error) => Err(format!("no thread for it: {error}")),
        }
    })
}

/// How the two differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    OnlyHere,
    OnlyThere,
    Error,
    Warnings,
    Broken,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::OnlyHere, Kind::OnlyThere, Kind::Error, Kind::Warnings, Kind::Broken];

    fn words(self) -> &'static str {
        match self {
            Kind::OnlyHere => "accepted by the reference engine only",
            Kind::OnlyThere => "rejected by the reference engine only",
            Kind::Error => "another error",
            Kind::Warnings => "other warnings",
            Kind::Broken => "a compiler broke down",
        }
    }
}

/// How often what was seen.
#[derive(Default, Debug)]
struct Tally {
    files: usize,
    accepted: usize,
    rejected: usize,
    by_kind: [usize; Kind::ALL.len()],
    /// The other Python could not say.
    broken: usize,
}

impl Tally {
    fn count(
        &mut self,
        ours: &Result<Opinion, String>,
        theirs: &Result<Opinion, String>,
        verdict_only: bool,
    ) -> Option<Kind> {
        self.files += 1;
        let kind = match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => match (&ours.error, &theirs.error) {
                (None, Some(_)) => Some(Kind::OnlyHere),
                (Some(_), None) => Some(Kind::OnlyThere),
                (Some(our), Some(their)) => {
                    self.rejected += 1;
                    Some(Kind::Error).filter(|_| our != their && !verdict_only)
                }
                (None, None) => {
                    self.accepted += 1;
                    Some(Kind::Warnings).filter(|_| sorted(ours) != sorted(theirs) && !verdict_only)
                }
            },
            (_, theirs) => {
                self.broken += usize::from(theirs.is_err());
                Some(Kind::Broken)
            }
        };
        if let Some(place) = kind.and_then(|kind| self.by_kind.get_mut(kind as usize)) {
            *place += 1;
        }
        kind
    }

    fn differences(&self) -> usize {
        self.by_kind.iter().sum()
    }

    fn summary(&self) -> String {
        let kinds = Kind::ALL.iter().zip(self.by_kind).filter(|(_, count)| *count > 0);
        let kinds: Vec<String> = kinds.map(|(kind, count)| format!("{count} {}", kind.words())).collect();
        let kinds = if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
        format!(
            "{}: {} accepted by both, {} rejected by both; {}{kinds}",
            counted(self.files, "file"),
            self.accepted,
            self.rejected,
            counted(self.differences(), "difference"),
        )
    }
}

/// The warnings by line: compilers find them in passes of their own.
fn sorted(opinion: &Opinion) -> Vec<&Notice> {
    let mut warnings: Vec<&Notice> = opinion.warnings.iter().collect();
    warnings.sort_by_key(|notice| (notice.line, &notice.class, &notice.text));
    warnings
}

fn shown(opinion: &Result<Opinion, String>, kind: Kind) -> String {
    let notice = |notice: &Notice| match notice.line {
        0 => format!("{}: {}", notice.class, notice.text),
        line => format!("{}: {} (line {line})", notice.class, notice.text),
    };
    match opinion {
        Err(words) => words.clone(),
        Ok(opinion) => match (&opinion.error, kind) {
            (Some(error), _) => notice(error),
            (None, Kind::Warnings) if opinion.warnings.is_empty() => "no warnings".to_string(),
            (None, Kind::Warnings) => sorted(opinion).into_iter().map(notice).collect::<Vec<_>>().join("; "),
            (None, _) => "accepts".to_string(),
        },
    }
}
