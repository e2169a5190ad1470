//! Reading one TOML table field by field, collecting every problem instead of stopping at the first.
//!
//! Invariant: a key that no caller knows is an error with a suggestion.

use super::expand::Template;
use super::problem::{Problem, SourceFile, did_you_mean, nearest};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A string with its place in the file, quotes included.
#[derive(Clone, Debug)]
pub struct Text {
    /// The string.
    pub text: String,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// Words that people write for ours.
const SYNONYMS: &[(&str, &str)] = &[
    ("level", "guarantee"),
    ("levels", "guarantee"),
    ("version", "python"),
    ("versions", "python"),
    ("requires", "needs"),
    ("name", "id"),
    ("description", "title"),
    ("code", "source"),
    ("program", "source"),
    ("output", "stdout"),
    ("params", "each"),
    ("modules", "files"),
    ("spec", "reference"),
    ("text", "statement"),
];

/// A table of a case file.
pub struct Fields<'a> {
    file: &'a Arc<SourceFile>,
    table: &'a DeTable<'a>,
    /// The bytes of its header, for problems with what is missing.
    pub head: Range<usize>,
    what: &'static str,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    /// A table that `what` names in messages, and the keys it may have.
    pub fn new(
        file: &'a Arc<SourceFile>,
        table: &'a DeTable<'a>,
        head: Range<usize>,
        what: &'static str,
        known: &[&'static str],
    ) -> Fields<'a> {
        let mut fields = Fields { file, table, head, what, problems: Vec::new() };
        for (key, _) in in_order(table) {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let synonym = SYNONYMS.iter().find(|(word, ours)| *word == name && known.contains(ours));
                let help = match synonym {
                    Some((_, ours)) if nearest(name, known.iter().copied()).is_none() => {
                        format!("did you mean `{ours}`?")
                    }
                    _ => did_you_mean(name, known, &format!("the keys of {what} are")),
                };
                let problem = Problem::at(file, key.span(), format!("unknown key `{name}` in {what}"));
                fields.problems.push(problem.help(help));
            }
        }
        fields
    }

    /// These bytes of the file.
    pub fn raw(&self, range: Range<usize>) -> &'a str {
        self.file.text.get(range).unwrap_or("")
    }

    /// Reports a problem with bytes of the file.
    pub fn wrong(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::at(self.file, range, message).help(help));
    }

    /// The raw value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    fn expected(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str, help: &str) {
        let found = value.get_ref().type_str();
        self.wrong(value.span(), format!("`{key}` has to be {wanted}, and this is a value of type {found}"), help);
    }

    /// A string.
    pub fn text(&mut self, key: &str) -> Option<Text> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Text { text: text.to_string(), range: value.span() }),
            _ => {
                self.expected(key, value, "a string", &format!("write {key} = \"…\""));
                None
            }
        }
    }

    /// A string that has to be there and to say something.
    pub fn required(&mut self, key: &str, help: &str) -> Option<Text> {
        if self.get(key).is_none() {
            let what = self.what;
            self.wrong(self.head.clone(), format!("{what} has no `{key}`"), help);
            return None;
        }
        let text = self.text(key)?;
        if text.text.trim().is_empty() {
            self.wrong(text.range, format!("`{key}` is empty"), help);
            return None;
        }
        Some(text)
    }

    /// A list of strings.
    pub fn texts(&mut self, key: &str) -> Option<Vec<Text>> {
        let value = self.get(key)?;
        let help = format!("write {key} = [\"…\"]");
        let DeValue::Array(items) = value.get_ref() else {
            self.expected(key, value, "a list of strings", &help);
            return None;
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => texts.push(Text { text: text.to_string(), range: item.span() }),
                _ => self.expected(key, item, "a list of strings", &help),
            }
        }
        Some(texts)
    }

    /// A table's entries, in the order of the file.
    pub fn entries(&mut self, key: &str, help: &str) -> Vec<(Text, &'a Spanned<DeValue<'a>>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Table(table) => in_order(table)
                .into_iter()
                .map(|(key, value)| (Text { text: key.get_ref().to_string(), range: key.span() }, value))
                .collect(),
            _ => {
                self.expected(key, value, "a table", help);
                Vec::new()
            }
        }
    }

    /// A string as a template that leads back to the bytes of the file.
    pub fn template(&self, text: Text) -> Template {
        template(self.file, text)
    }
}

/// A string as a template that leads back to the bytes of the file.
pub fn template(file: &Arc<SourceFile>, text: Text) -> Template {
    let raw = file.text.get(text.range.clone()).unwrap_or("");
    let literal = raw.starts_with("'''");
    let quote = if literal || raw.starts_with("\"\"\"") { 3 } else { 1 };
    let mut start = text.range.start + quote;
    let end = text.range.end.saturating_sub(quote).max(start);
    if quote == 3 {
        // TOML drops a line end right behind the opening quotes.
        let first = file.text.get(start..end).unwrap_or("");
        start += if first.starts_with("\r\n") { 2 } else { usize::from(first.starts_with('\n')) };
    }
    let exact = file.text.get(start..end) == Some(text.text.as_str());
    Template { text: text.text, file: file.clone(), content: start..end, exact, literal }
}

/// A table's entries in the order of the file.
pub fn in_order<'a>(table: &'a DeTable<'a>) -> Vec<(&'a Spanned<toml::de::DeString<'a>>, &'a Spanned<DeValue<'a>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
