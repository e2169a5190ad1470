//! `verysame lint`: what is wrong with the case files, found without any engine.

use super::Status;
use super::common::{SuiteArgs, counted};
use crate::case::{Severity, load_dir};
use crate::run::suite::Suite;
use std::path::PathBuf;

/// Checks case files without running anything
///
/// Every problem of every file is named with file, line and column, the line itself and what to do.
///
/// Exit status: 0 nothing is wrong (there may be warnings, unless --strict), 2 something is.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame lint cases/scoping")]
pub struct Args {
    /// Folders or files [default: the suite]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let loaded: Vec<_> = match args.paths.is_empty() {
        true => vec![Suite::find(args.suite.cases.as_deref()).load()],
        false => args.paths.iter().map(|path| load_dir(path)).collect(),
    };
    let problems = || loaded.iter().flat_map(|loaded| &loaded.problems);
    for problem in problems() {
        println!("{problem}\n");
    }
    let errors = problems().filter(|problem| problem.severity == Severity::Error).count();
    let warnings = problems().count() - errors;
    let cases: usize = loaded.iter().map(|loaded| loaded.cases.len()).sum();
    let rules: usize = loaded.iter().map(|loaded| loaded.rules.len()).sum();
    println!(
        "{} about {}: {}, {}",
        counted(cases, "case"),
        counted(rules, "rule"),
        counted(errors, "error"),
        counted(warnings, "warning")
    );
    if errors > 0 || (args.strict && warnings > 0) { Status::Usage } else { Status::Fine }
}
