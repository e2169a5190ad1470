//! `verysame exec`: one program on the reference engine, as `python3 -I FILE.py` would run it.

use super::{Status, complain};
use crate::case::Mode;
use crate::engine::{STACK, limit_word, watched};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, EventSource, Limits, Seen, Session, syntax};

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
    /// Get a rule wrong on purpose: see `verysame faults --list`
    #[arg(long, value_name = "RULE:FAULT", value_parser = super::common::parse_fault)]
    fault: Option<(String, String)>,
}

pub fn main(args: &Args) -> ExitCode {
    let source = match read(&args.file) {
        Ok(source) => source,
        Err(error) => {
            complain(format_args!("can't open file '{}': {error}", args.file.display()));
            return Status::Usage.into();
        }
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
    let name = if args.file.as_os_str() == "-" { "<stdin>".to_string() } else { args.file.display().to_string() };
    let mode = args.mode;
    let run = move || watched(|| run(&profile, limits, &source, &name, mode));
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

fn read(file: &PathBuf) -> io::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut source = Vec::new();
        io::stdin().lock().read_to_end(&mut source)?;
        return Ok(source);
    }
    std::fs::read(file)
}

/// What a run left behind.
struct Outcome {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    status: u8,
}

fn run(profile: &Profile, limits: Limits, source: &[u8], name: &str, mode: Mode) -> Outcome {
    let mut session = Session::new(profile, limits);
    let mut tracebacks = String::new();
    let mut status = 0;
    let mut note = |end: &Ended, tracebacks: &mut String| -> bool {
        match end {
            Ended::Completed => return true,
            Ended::Raised(uncaught) => {
                tracebacks.push_str(&uncaught.traceback);
                status = if mode == Mode::Module { 1 } else { 0 };
                return true;
            }
            Ended::Exit(code) => status = (*code & 0xff) as u8,
            Ended::Limit(kind) => {
                tracebacks.push_str(&format!("verysame: stopped by the limit on {}\n", limit_word(*kind)));
                status = LIMIT;
            }
        }
        false
    };
    match mode {
        Mode::Module => {
            note(&session.run_module(source, name), &mut tracebacks);
        }
        Mode::Interactive => {
            let text = String::from_utf8_lossy(source);
            // What does not parse as a whole is given whole: its error is the session's.
            let pieces = syntax::split_interactive(&text).unwrap_or_else(|_| std::iter::once(0..text.len()).collect());
            for piece in pieces {
                let line = text.get(..piece.start).unwrap_or_default().matches('\n').count() as u32 + 1;
                let chunk = text.get(piece).unwrap_or_default();
                let end = session.run_interactive(chunk.as_bytes(), line, false);
                if !note(&end, &mut tracebacks) {
                    break;
                }
            }
        }
    }
    let last = session.finish();
    if matches!(last, Ended::Limit(_)) {
        note(&last, &mut tracebacks);
    }
    let mut stderr = session.stderr().to_vec();
    stderr.extend_from_slice(tracebacks.as_bytes());
    Outcome { stdout: shown(&session), stderr, status }
}

/// The program's output with the values that the interactive loop showed, in order.
fn shown(session: &Session) -> Vec<u8> {
    let stdout = session.stdout();
    let mut out = Vec::with_capacity(stdout.len());
    let mut from = 0;
    for event in session.events() {
        let (EventSource::Display(_), Seen::Value { repr, .. }) = (&event.by, &event.seen) else { continue };
        if repr != "None" {
            out.extend_from_slice(stdout.get(from..event.stdout_at).unwrap_or_default());
            from = event.stdout_at.max(from);
            out.extend_from_slice(repr.as_bytes());
            out.push(b'\n');
        }
    }
    out.extend_from_slice(stdout.get(from..).unwrap_or_default());
    out
}

fn show(outcome: &Outcome) -> ExitCode {
    // A reader that has gone away is no error of the program.
    let _ = io::stdout().lock().write_all(&outcome.stdout);
    let _ = io::stdout().lock().flush();
    let _ = io::stderr().lock().write_all(&outcome.stderr);
    ExitCode::from(outcome.status)
}
