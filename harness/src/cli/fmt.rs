//! `verysame fmt`: the layout of case files.

use super::common::{SuiteArgs, counted};
use super::{Status, complain, put};
use crate::files::{case_files, replace};
use crate::layout::laid_out;
use crate::run::suite::Suite;
use std::path::PathBuf;

/// Lays case files out: blanks and blank lines, never a string or a comment
///
/// Exit status: 0 all is laid out; 1 a file is not (--check); 2 a file is no TOML, cannot be read or written.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  verysame fmt\n  verysame fmt --check cases/scoping")]
pub struct Args {
    /// Folders or files [default: the suite]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only say which files are not laid out
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let roots = match (args.paths.is_empty(), Suite::find(args.suite.cases.as_deref())) {
        (false, _) => args.paths.clone(),
        (true, Suite::Folder(folder)) => vec![folder],
        (true, Suite::Embedded) => {
            complain("there is no folder `cases` here or above");
            return Status::Usage;
        }
    };
    let mut status = Status::Fine;
    let (mut files, mut changed) = (0, 0);
    for path in roots.iter().flat_map(|root| case_files(root)) {
        files += 1;
        let done = std::fs::read_to_string(&path).map_err(|error| error.to_string()).and_then(|text| {
            let out = laid_out(&text).map_err(|error| error.to_string())?;
            if out == text {
                return Ok(false);
            }
            if !args.check {
                replace(&path, &text, &out)?;
            }
            Ok(true)
        });
        match done {
            Ok(false) => {}
            Ok(true) => {
                changed += 1;
                put(&format!("{}{}\n", if args.check { "not laid out: " } else { "" }, path.display()));
            }
            Err(words) => {
                complain(format_args!("{}: {words}", path.display()));
                status = Status::Usage;
            }
        }
    }
    let verb = if args.check { "not laid out" } else { "changed" };
    put(&format!("{}, {changed} {verb}\n", counted(files, "file")));
    if args.check && changed > 0 { status.max(Status::Failed) } else { status }
}
