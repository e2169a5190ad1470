//! Another list of rules against ours: which of its ids no rule of ours has or had.

use super::Book;
use serde::Deserialize;

/// A rule of another list, as far as it is compared.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Foreign {
    /// Its id there.
    pub id: String,
    /// What it says.
    #[serde(default)]
    pub statement: String,
    /// Its level there.
    #[serde(default)]
    pub level: String,
}

/// What became of a rule of the other list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reached<'a> {
    /// These rules state it, each with a case.
    By(Vec<&'a str>),
    /// This rule states it and no case shows it.
    Unshown(&'a str),
    /// No rule states it.
    Missing,
}

/// Reads a list of rules: a JSON array of objects with an `id`, as `verysame rules --json` writes it.
///
/// # Errors
/// Why it is none.
pub fn read(text: &str) -> Result<Vec<Foreign>, String> {
    serde_json::from_str(text).map_err(|error| format!("no list of rules: {error}"))
}

/// Looks for a rule of another list.
pub fn reached<'a>(book: &Book<'a>, foreign: &Foreign) -> Reached<'a> {
    let same = book.entries.iter().filter(|entry| entry.id == foreign.id || entry.formerly().contains(&foreign.id));
    let (shown, unshown): (Vec<_>, Vec<_>) = same.partition(|entry| !entry.cases.is_empty());
    match (shown.is_empty(), unshown.first()) {
        (false, _) => Reached::By(shown.into_iter().map(|entry| entry.id).collect()),
        (true, Some(entry)) => Reached::Unshown(entry.id),
        (true, None) => Reached::Missing,
    }
}
