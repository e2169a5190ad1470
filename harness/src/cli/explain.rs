//! `verysame explain`: a rule, where it is promised, and the cases that hold engines to it.

use super::common::SuiteArgs;
use super::{Status, complain, put};
use crate::book::{Book, Entry, explain};
use crate::case::{Loaded, nearest};

/// Says what a rule is, why it has its level, what shows it and who breaks it
///
/// RULE is a rule's id, one that it had before, a case's id (its rules are explained), or the beginning of ids.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame explain caching.int.small")]
pub struct Args {
    /// The rule
    rule: String,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, _) = args.suite.load();
    let book = match Book::of(&loaded) {
        Ok(book) => book,
        Err(error) => {
            complain(&error);
            return Status::Usage;
        }
    };
    let entries = meant(&args.rule, &book, &loaded);
    if entries.is_empty() {
        let all = book.entries.iter().map(|entry| entry.id);
        let near = nearest(&args.rule, all).map(|id| format!(": did you mean `{id}`?")).unwrap_or_default();
        complain(format_args!("there is no rule `{}`{near}", args.rule));
        return Status::Usage;
    }
    put(&entries.into_iter().map(explain).collect::<String>());
    Status::Fine
}

/// The rules that are meant: the rule that has or had that id, the rules of the case of that id, or all that begin so.
fn meant<'b>(word: &str, book: &'b Book, loaded: &Loaded) -> Vec<&'b Entry<'b>> {
    if let Some(entry) = book.entries.iter().find(|entry| entry.id == word) {
        return vec![entry];
    }
    let had: Vec<&Entry> = book.entries.iter().filter(|entry| entry.formerly().iter().any(|id| id == word)).collect();
    if !had.is_empty() {
        return had;
    }
    if let Some(case) = loaded.cases.iter().find(|case| case.id == word || case.base == word) {
        return case.rules.iter().filter_map(|id| book.find(id)).collect();
    }
    book.entries.iter().filter(|entry| entry.id.starts_with(word)).collect()
}
