//! The command line: one subcommand a file.
//!
//! Exit status: 0 all is well, 1 something failed, 2 wrong usage or broken case files, 3 an engine could not be asked.
//! `exec` ends as the program ended.

mod exec;

use crate::case::Mode;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use verysame_engine::rules::{Profile, PyVersion};

/// How a command ended, as an exit status.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// All is well.
    Fine,
    /// Something failed.
    Failed,
    /// Wrong usage, or broken case files.
    Usage,
    /// An engine could not be asked.
    Infra,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Fine => 0,
            Status::Failed => 1,
            Status::Usage => 2,
            Status::Infra => 3,
        })
    }
}

/// Asks a Python engine, rule by rule, whether it treats identity, mutability, caching, scoping and object lifetime as
/// Python does.
#[derive(Parser)]
#[command(name = "verysame", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Exec(exec::Args),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Exec(args) => exec::main(&args),
    }
}

/// Says on stderr what went wrong.
fn complain(words: impl std::fmt::Display) {
    anstream::eprintln!("{}error:{} {words}", ERROR.render(), ERROR.render_reset());
}

const ERROR: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();

/// A mode by its word.
fn parse_mode(word: &str) -> Result<Mode, String> {
    Mode::from_word(word).ok_or_else(|| format!("the modes are {}", Mode::ALL.map(Mode::word).join(", ")))
}

/// `RULE:FAULT`.
fn parse_fault(text: &str) -> Result<(String, String), String> {
    let (rule, fault) = text.split_once(':').ok_or("a fault is written RULE:FAULT")?;
    Profile::of(PyVersion::NEWEST).with_fault(rule, fault).map_err(|error| error.to_string())?;
    Ok((rule.to_string(), fault.to_string()))
}
