//! `verysame rules`: the rule book, listed, searched, exported, and measured by where it is seen.

use super::common::{SuiteArgs, counted, parse_level};
use super::{Status, complain, put};
use crate::book::against::{Reached, reached, read};
use crate::book::coverage::{Column, coverage, render};
use crate::book::{Book, Entry, json, markdown, table};
use crate::case::Level;
use std::path::PathBuf;

/// Lists, searches and exports the rules
///
/// WORDS choose rules in whose id, statement, reference or former ids all of them stand.
///
/// Exit status: 0 fine; 1 a rule has no case (--coverage), or one of the other list is not reached (--against); 2 no rule
/// is chosen, or a file is broken.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame rules comprehension\n  verysame rules --level unspecified --markdown\n  verysame rules --coverage scoping."
)]
pub struct Args {
    /// Words that a rule has to hold
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Only rules of this level: `language`, `cpython`, `unspecified`
    #[arg(long, value_name = "LEVEL", value_parser = parse_level)]
    level: Vec<Level>,
    /// As data
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// As tables in Markdown, with links
    #[arg(long)]
    markdown: bool,
    /// How many marks of each rule stand in which constructs; `+`: only the program of a case has it
    #[arg(long, conflicts_with_all = ["markdown", "against"])]
    coverage: bool,
    /// Another list of rules, as --json writes it: which of its ids no rule here has or had?
    #[arg(long, value_name = "FILE", conflicts_with_all = ["markdown", "json"])]
    against: Option<PathBuf>,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, broken) = args.suite.load();
    let mut book = match Book::of(&loaded) {
        Ok(book) => book,
        Err(error) => {
            complain(&error);
            return Status::Usage;
        }
    };
    if let Some(path) = &args.against {
        return broken.max(compare(&book, path));
    }
    // What only the reference engine has is no rule of this suite.
    book.entries.retain(|entry| entry.written.is_some());
    let chosen =
        |entry: &Entry| (args.level.is_empty() || args.level.contains(&entry.level())) && entry.holds(&args.words);
    book.entries.retain(chosen);
    if book.entries.is_empty() {
        complain("no rule is chosen: every word has to stand in it");
        return Status::Usage;
    }
    if args.coverage {
        return broken.max(show_coverage(&book, args.json));
    }
    let entries: Vec<&Entry> = book.entries.iter().collect();
    match (args.json, args.markdown) {
        (true, _) => put(&format!("{:#}\n", json(&entries))),
        (_, true) => put(&markdown(&entries)),
        (false, false) => {
            let of = |level: Level| entries.iter().filter(|entry| entry.level() == level).count();
            let levels = Level::ALL.map(|level| format!("{} {level}", of(level)));
            put(&format!("{}{}: {}\n", table(&entries), counted(entries.len(), "rule"), levels.join(", ")));
        }
    }
    broken
}

fn show_coverage(book: &Book, as_data: bool) -> Status {
    let rows = coverage(book);
    if as_data {
        let row = |(id, seen): &(&str, crate::book::coverage::Seen)| {
            let cells =
                Column::ALL.iter().zip(seen.marks).map(|(column, marks)| (column.word().to_string(), marks.into()));
            let cells: serde_json::Map<String, serde_json::Value> = cells.collect();
            serde_json::json!({ "id": id, "marks": seen.total, "constructs": cells })
        };
        put(&format!("{:#}\n", serde_json::Value::Array(rows.iter().map(row).collect())));
    } else {
        put(&render(&rows));
    }
    let empty: Vec<&str> = rows.iter().filter(|(_, seen)| seen.total == 0).map(|(id, _)| *id).collect();
    if empty.is_empty() {
        return Status::Fine;
    }
    complain(format_args!("{} without a case: {}", counted(empty.len(), "rule"), empty.join(", ")));
    Status::Failed
}

fn compare(book: &Book, path: &std::path::Path) -> Status {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string());
    let others = match text.and_then(|text| read(&text)) {
        Ok(others) => others,
        Err(words) => {
            complain(format_args!("{}: {words}", path.display()));
            return Status::Usage;
        }
    };
    let mut left = 0;
    for other in &others {
        match reached(book, other) {
            Reached::By(_) => continue,
            Reached::Unshown(id) => println!("no case   {}  is {id}, which no case shows", other.id),
            Reached::Missing => println!("missing   {}  {}  {}", other.id, other.level, other.statement),
        }
        left += 1;
    }
    println!("{} of {} reached", others.len() - left, counted(others.len(), "rule"));
    if left == 0 { Status::Fine } else { Status::Failed }
}
