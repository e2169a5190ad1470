//! `verysame site`: rules, cases, engines and guides as pages.

use super::common::{SuiteArgs, counted};
use super::{Status, complain, put};
use crate::book::Book;
use crate::profile::{EngineProfile, shipped, shipped_names};
use crate::site::folder::{Refused, write_all};
use crate::site::site;
use std::path::PathBuf;

/// Writes the rules, the cases, the engines and the guides as linked pages that a browser reads from disk
///
/// DIR is made if it is not there. If it has files in it that no earlier `verysame site` wrote, nothing is written;
/// pages of an earlier one are replaced, or removed if there are no such pages any more. Nothing is run.
///
/// Exit status: 0 it was written; 2 DIR has other files, or a case file is broken (the other cases are written); 3 DIR
/// cannot be written.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame site site; then open site/index.html")]
pub struct Args {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, broken) = args.suite.load();
    if loaded.cases.is_empty() {
        return broken;
    }
    let book = match Book::of(&loaded) {
        Ok(book) => book,
        Err(error) => {
            complain(&error);
            return Status::Usage;
        }
    };
    // The book has read them all, so none is wrong.
    let profiles: Vec<EngineProfile> =
        shipped_names().iter().filter_map(|name| shipped(name)).filter_map(Result::ok).collect();
    let files = site(&book, &loaded, &profiles);
    match write_all(&args.folder, &files) {
        Ok(()) => {
            let pages = files.iter().filter(|file| file.name.ends_with(".html")).count();
            put(&format!("{}: open {}\n", counted(pages, "page"), args.folder.join("index.html").display()));
            broken
        }
        Err(refused) => {
            complain(&refused);
            match refused {
                Refused::NotOurs(_) => Status::Usage,
                Refused::Disk(_) => Status::Infra,
            }
        }
    }
}
