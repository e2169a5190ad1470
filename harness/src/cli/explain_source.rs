//! `verysame explain-source`: a program, line by line.

use super::common::{SuiteArgs, read_program};
use super::{Status, complain};
use crate::engine::graph::Program;
use crate::explain::{End, LIMITS, explain, lsp, text};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verysame_engine::Limits;
use verysame_engine::rules::{Profile, PyVersion};

/// Says line by line what a program does to names and objects
///
/// Runs the program on the reference engine and writes beneath each line what it does: which object is new, which is
/// shared and with whom, through which other names a change is seen, what is cached and by which rule, in which scope a
/// name is found, what dies. Constructs that are known to surprise get a warning with their rule. `#1` is the same object
/// wherever it stands. `verysame explain RULE` says more of a rule.
///
/// Exit status: 0, 1 when the program is refused or ends by an exception or a limit, 2 when FILE cannot be read, 3 when
/// the engine broke down.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
                        printf 'def f(x, to=[]):\\n    to.append(x)\\n    return to\\nprint(f(1), f(2))\\n' | verysame explain-source -\n  \
                        verysame explain-source --lsp program.py")]
pub struct Args {
    /// The program; `-` reads it from stdin
    file: PathBuf,
    /// The CPython version whose rules hold, `3.11` or `3.12.7` [default: the newest]
    #[arg(long, value_name = "VERSION")]
    profile: Option<PyVersion>,
    /// Write everything as JSON
    #[arg(long, conflicts_with = "lsp")]
    json: bool,
    /// Write warnings and errors as the parameters of the Language Server Protocol's `publishDiagnostics`
    #[arg(long)]
    lsp: bool,
    /// Only the lines with a warning or an error, one each: FILE:LINE:COLUMN
    #[arg(long, conflicts_with_all = ["json", "lsp"])]
    warnings: bool,
    /// The most steps (calls, backward jumps, turns of native loops)
    #[arg(long, value_name = "N", default_value_t = LIMITS.steps)]
    max_steps: u64,
    /// The most bytes of the program's heap
    #[arg(long, value_name = "BYTES", default_value_t = LIMITS.memory)]
    max_memory: usize,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> ExitCode {
    let (source, filename) = match read_program(&args.file) {
        Ok(program) => program,
        Err(status) => return status.into(),
    };
    let program = Program { source, filename, ..Program::default() };
    let profile = Profile::of(args.profile.unwrap_or(PyVersion::NEWEST));
    let limits = Limits { steps: args.max_steps, memory: args.max_memory, ..LIMITS };
    let (suite, _) = args.suite.load();
    let explanation = match explain(&program, &profile, limits, &suite) {
        Ok(explanation) => explanation,
        Err(error) => {
            complain(error);
            return Status::Infra.into();
        }
    };
    let shown = if args.json {
        serde_json::to_string_pretty(&explanation).unwrap_or_default() + "\n"
    } else if args.lsp {
        serde_json::to_string_pretty(&lsp::diagnostics(&explanation, &address(&args.file))).unwrap_or_default() + "\n"
    } else if args.warnings {
        text::warnings(&explanation)
    } else {
        text::render(&explanation)
    };
    // A reader that has gone away is no error of the program.
    let _ = anstream::stdout().lock().write_all(shown.as_bytes());
    match explanation.end {
        End::Completed | End::Exit { .. } => Status::Fine.into(),
        End::Rejected { .. } | End::Raised { .. } | End::Limit { .. } => Status::Failed.into(),
    }
}

/// `file:///…`, with what an address cannot hold written as its bytes.
fn address(file: &Path) -> String {
    if file == Path::new("-") {
        return "untitled:stdin".to_string();
    }
    let path = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    let path = path.to_string_lossy().replace('\\', "/");
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "file:///" });
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            _ if byte.is_ascii_alphanumeric() => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
