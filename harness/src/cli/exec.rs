//! `verysame exec`: one program on the reference engine, as `python3 -I FILE.py` would run it.

use super::common::read_program;
use super::{Status, complain};
use crate::case::Mode;
use crate::engine::{STACK, limit_word, prompt_output, watched};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::thread;
use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, FoundModule, Limits, ModuleFinder, Session, syntax};

/// The status when a limit ended the program.
const LIMIT: u8 = 70;
/// The status when the engine itself broke down.
const BROKEN: u8 = 71;

/// Runs a Python program on the reference engine
///
/// Does what `python3 -I FILE.py` does: the program's stdout and stderr, a traceback for an uncaught exception, its exit
/// status. In interactive mode the statements are run one at a time and values are shown, as with `python3 -i < FILE.py`.
///
/// Exit status: the program's own; 70 when a limit ended it, 71 when the engine broke down, 2 when FILE cannot be read.
#[derive(clap::Args)]
#[command(after_help = "Example: echo 'print(257 is int(\"257\"))' | verysame exec --profile 3.12 -")]
pub struct Args {
    /// The program; `-` reads it from stdin
    file: PathBuf,
    /// The CPython version whose rules hold, `3.11` or `3.12.7` [default: the newest]
    #[arg(long, value_name = "VERSION")]
    profile: Option<PyVersion>,
    /// `module`, or `interactive`: one statement at a time
    #[arg(long, value_name = "MODE", default_value = "module", value_parser = super::common::parse_mode)]
    mode: Mode,
    /// The most steps (calls, backward jumps, turns of native loops)
    #[arg(long, value_name = "N")]
    max_steps: Option<u64>,
    /// The most bytes of the program's heap
    #[arg(long, value_name = "BYTES")]
    max_memory: Option<usize>,
    /// The most bytes of output
    #[arg(long, value_name = "BYTES")]
    max_output: Option<usize>,
    /// Import Python's own modules from this directory, such as `/usr/lib/python3.13`
    #[arg(long, value_name = "DIR")]
    stdlib: Option<PathBuf>,
    /// Get a rule wrong on purpose: see `verysame faults --list`
    #[arg(long, value_name = "RULE:FAULT", value_parser = super::common::parse_fault)]
    fault: Option<(String, String)>,
    /// Run plain instructions only: slower, and nothing else
    #[arg(long)]
    no_fuse: bool,
}

pub fn main(args: &Args) -> ExitCode {
    let (source, name) = match read_program(&args.file) {
        Ok(program) => program,
        Err(status) => return status.into(),
    };
    let mut profile = Profile::of(args.profile.unwrap_or(PyVersion::NEWEST));
    if let Some((rule, fault)) = &args.fault {
        profile = match profile.with_fault(rule, fault) {
            Ok(profile) => profile,
            Err(error) => {
                complain(error);
                return Status::Usage.into();
            }
        };
    }
    let standard = Limits::default();
    let limits = Limits {
        steps: args.max_steps.unwrap_or(standard.steps),
        memory: args.max_memory.unwrap_or(standard.memory),
        output: args.max_output.unwrap_or(standard.output),
        ..standard
    };
    let (mode, fusion) = (args.mode, !args.no_fuse);
    if let Some(dir) = args.stdlib.as_deref().filter(|dir| !dir.is_dir()) {
        complain(format_args!("--stdlib: '{}' is no directory", dir.display()));
        return Status::Usage.into();
    }
    let library = args.stdlib.clone().map(Library);
    let run = move || watched(move || run(&profile, limits, fusion, &source, &name, mode, library));
    let result = thread::Builder::new().stack_size(STACK).spawn(run).map(thread::JoinHandle::join);
    match result {
        Ok(Ok(Ok(outcome))) => show(&outcome),
        Ok(Ok(Err(words))) => {
            complain(format_args!("the engine broke down: {words}"));
            ExitCode::from(BROKEN)
        }
        Ok(Err(_)) => ExitCode::from(BROKEN),
        Err(error) => {
            complain(format_args!("no thread for the engine: {error}"));
            ExitCode::from(BROKEN)
        }
    }
}

/// What a run left behind.
struct Outcome {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    status: u8,
}

/// A directory with Python's own modules.
struct Library(PathBuf);

impl ModuleFinder for Library {
    fn find(&self, name: &str) -> Option<FoundModule> {
        let mut path = self.0.clone();
        for part in name.split('.') {
            if part.is_empty() || !part.chars().all(|c| c == '_' || c.is_alphanumeric()) {
                return None;
            }
            path.push(part);
        }
        let file = path.with_extension("py");
        [(path.join("__init__.py"), true), (file, false)].into_iter().find_map(|(path, is_package)| {
            let source = std::fs::read(&path).ok()?;
            Some(FoundModule { source, filename: path.display().to_string(), is_package })
        })
    }
}

fn run(
    profile: &Profile,
    limits: Limits,
    fusion: bool,
    source: &[u8],
    name: &str,
    mode: Mode,
    library: Option<Library>,
) -> Outcome {
    let mut session = Session::new(profile, limits);
    session.set_fusion(fusion);
    if let Some(library) = library {
        session.set_finder(Rc::new(library));
    }
    let mut errors = Errors::default();
    let mut status = 0;
    match mode {
        Mode::Module => {
            let end = session.run_module(source, name);
            errors.note(&session, &end);
            status = exit_status(&end).unwrap_or(0);
        }
        Mode::Interactive => {
            let text = String::from_utf8_lossy(source);
            // What does not parse as a whole is given whole: its error is the session's.
            let pieces = syntax::split_interactive(&text).unwrap_or_else(|_| std::iter::once(0..text.len()).collect());
            for piece in pieces {
                let chunk = text.get(piece).unwrap_or_default();
                let end = session.run_interactive(chunk.as_bytes(), 1, false);
                errors.note(&session, &end);
                match end {
                    // The prompt goes on after an exception.
                    Ended::Completed | Ended::Raised(_) => {}
                    Ended::Exit(_) | Ended::Limit(_) => {
                        status = exit_status(&end).unwrap_or(0);
                        break;
                    }
                }
            }
        }
    }
    let last = session.finish();
    errors.note(&session, if status == LIMIT { &Ended::Completed } else { &last });
    if matches!(last, Ended::Limit(_)) {
        status = LIMIT;
    }
    Outcome { stdout: prompt_output(&session), stderr: errors.text, status }
}

/// The exit status that an end asks for.
fn exit_status(end: &Ended) -> Option<u8> {
    match end {
        Ended::Completed => None,
        Ended::Raised(_) => Some(1),
        Ended::Exit(code) => Some((*code & 0xff) as u8),
        Ended::Limit(_) => Some(LIMIT),
    }
}

/// What goes to stderr: what the program wrote there, with the tracebacks in their places.
#[derive(Default)]
struct Errors {
    text: Vec<u8>,
    taken: usize,
}

impl Errors {
    fn note(&mut self, session: &Session, end: &Ended) {
        let written = session.stderr();
        self.text.extend_from_slice(written.get(self.taken..).unwrap_or_default());
        self.taken = written.len();
        match end {
            Ended::Completed | Ended::Exit(_) => {}
            Ended::Raised(uncaught) => self.text.extend_from_slice(uncaught.traceback.as_bytes()),
            Ended::Limit(kind) => {
                let words = format!("verysame: stopped by the limit on {}\n", limit_word(*kind));
                self.text.extend_from_slice(words.as_bytes());
            }
        }
    }
}

fn show(outcome: &Outcome) -> ExitCode {
    // A reader that has gone away is no error of the program.
    let _ = io::stdout().lock().write_all(&outcome.stdout);
    let _ = io::stdout().lock().flush();
    let _ = io::stderr().lock().write_all(&outcome.stderr);
    ExitCode::from(outcome.status)
}
