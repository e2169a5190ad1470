//! The command line: one subcommand a file.
//!
//! Exit status: 0 all is well, 1 something failed, 2 wrong usage or broken case files, 3 an engine could not be asked.
//! `exec` and `show` end as the program ended.

mod accept;
mod bless;
mod common;
mod compiles;
mod engine;
mod exec;
mod explain;
mod explain_source;
mod facts;
mod faults;
mod fmt;
mod fuzz;
mod fuzz_faults;
mod graphs;
mod lint;
mod matrix;
mod new;
mod report;
mod report_bug;
mod rules;
mod run;
mod schema;
mod show;
mod site;
mod torture;
mod watch;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

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
    Run(run::Args),
    Matrix(matrix::Args),
    Accept(accept::Args),
    Engine(engine::Args),
    ReportBug(report_bug::Args),
    Report(report::Args),
    Compare(report::CompareArgs),
    Exec(exec::Args),
    Compiles(compiles::Args),
    Show(show::Args),
    Site(site::Args),
    Lint(lint::Args),
    New(new::Args),
    Watch(watch::Args),
    Fmt(fmt::Args),
    Bless(bless::Args),
    Explain(explain::Args),
    ExplainSource(explain_source::Args),
    Rules(rules::Args),
    Facts(facts::Args),
    Faults(faults::Args),
    Fuzz(fuzz::Args),
    Graphs(graphs::Args),
    Torture(torture::Args),
    Schema(schema::Args),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    crate::engine::clear_up_when_interrupted();
    match cli.command {
        Command::Run(args) => run::main(&args).into(),
        Command::Matrix(args) => matrix::main(args).into(),
        Command::Accept(args) => accept::main(&args).into(),
        Command::Engine(args) => engine::main(&args).into(),
        Command::ReportBug(args) => report_bug::main(&args).into(),
        Command::Report(args) => report::main(&args).into(),
        Command::Compare(args) => report::compare_main(&args).into(),
        Command::Exec(args) => exec::main(&args),
        Command::Compiles(args) => compiles::main(&args).into(),
        Command::Show(args) => show::main(&args),
        Command::Site(args) => site::main(&args).into(),
        Command::Lint(args) => lint::main(&args).into(),
        Command::New(args) => new::main(&args).into(),
        Command::Watch(args) => watch::main(&args).into(),
        Command::Fmt(args) => fmt::main(&args).into(),
        Command::Bless(args) => bless::main(&args).into(),
        Command::Explain(args) => explain::main(&args).into(),
        Command::ExplainSource(args) => explain_source::main(&args),
        Command::Rules(args) => rules::main(&args).into(),
        Command::Facts(args) => facts::main(&args).into(),
        Command::Faults(args) => faults::main(&args).into(),
        Command::Fuzz(args) => fuzz::main(&args).into(),
        Command::Graphs(args) => graphs::main(&args).into(),
        Command::Torture(args) => torture::main(&args).into(),
        Command::Schema(args) => schema::main(&args).into(),
    }
}

/// Prints to stdout; who reads only the beginning may close it.
fn put(text: &str) {
    let mut out = anstream::stdout();
    let _ = std::io::Write::write_all(&mut out, text.as_bytes());
    let _ = std::io::Write::flush(&mut out);
}

/// Says on stderr what went wrong.
fn complain(words: impl std::fmt::Display) {
    anstream::eprintln!("{}error:{} {words}", ERROR.render(), ERROR.render_reset());
}

const ERROR: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();
