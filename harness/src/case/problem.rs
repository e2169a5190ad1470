//! What is wrong with a case file, said so that it can be mended without reading this program: the file, line and
//! column, the line itself with a caret, and a line of help.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A case file's text, with the places of its lines.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as it is shown, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
    line_starts: Vec<usize>,
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceFile({})", self.path)
    }
}

impl SourceFile {
    /// A file with this path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<SourceFile> {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Arc::new(SourceFile { path: path.into(), text, line_starts })
    }

    /// The 1-based line and column (in characters) of a byte offset. An offset past the end is the end.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|&start| start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(offset - start, |text| text.chars().count());
        (line as u32, column as u32 + 1)
    }

    /// The text of a 1-based line, without its line ending.
    pub fn line(&self, line: u32) -> &str {
        let at = (line as usize).saturating_sub(1);
        let start = self.line_starts.get(at).copied().unwrap_or(self.text.len());
        let end = self.line_starts.get(at + 1).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }
}

/// Whether a problem keeps cases from being run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// It does: what is said cannot be judged.
    Error,
    /// It does not, but the suite says less than it seems to.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The file's path.
    pub path: String,
    /// 1-based; 0 if the file could not be read at all.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// The line itself.
    pub text: String,
    /// How many characters the caret marks, at least one.
    pub width: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem with these bytes of a file.
    pub fn at(file: &SourceFile, range: Range<usize>, message: impl Into<String>) -> Problem {
        let (line, column) = file.line_column(range.start);
        let text = file.line(line).to_string();
        let room = (text.chars().count() as u32 + 1).saturating_sub(column);
        let wanted = file.text.get(range).map_or(1, |part| part.lines().next().unwrap_or("").chars().count() as u32);
        Problem {
            severity: Severity::Error,
            path: file.path.clone(),
            line,
            column,
            text,
            width: wanted.min(room).max(1),
            message: message.into(),
            help: None,
        }
    }

    /// A problem with a file as a whole, which could not even be read.
    pub fn unreadable(path: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem {
            severity: Severity::Error,
            path: path.into(),
            line: 0,
            column: 0,
            text: String::new(),
            width: 1,
            message: message.into(),
            help: None,
        }
    }

    /// The same with a line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    /// The same with a line of help, if there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Problem {
        self.help = help;
        self
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Problem {
        self.severity = Severity::Warning;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{word}: {}", self.message)?;
        if self.line == 0 {
            write!(f, "  --> {}", self.path)?;
        } else {
            let number = self.line.to_string();
            let pad = " ".repeat(number.len());
            // Tabs are kept before the caret, so that it stands under its text whatever a tab's width is.
            let lead: String = self
                .text
                .chars()
                .take((self.column as usize).saturating_sub(1))
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            writeln!(f, "{pad}--> {}:{}:{}", self.path, self.line, self.column)?;
            writeln!(f, "{pad} |")?;
            writeln!(f, "{number} | {}", self.text)?;
            write!(f, "{pad} | {lead}{}", "^".repeat(self.width as usize))?;
        }
        if let Some(help) = &self.help {
            for (index, line) in help.lines().enumerate() {
                write!(f, "\n  {} {line}", if index == 0 { "= help:" } else { "       " })?;
            }
        }
        Ok(())
    }
}

/// The candidate that a misspelt word was meant to be, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count().max(word.chars().count()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean …?", or the list of all candidates where none is near.
pub fn did_you_mean(word: &str, candidates: &[&str], noun: &str) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("{noun}: {}", candidates.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_never_fail() {
        let file = SourceFile::new("a.toml", "é = 1\nüb = 2\n");
        assert_eq!(file.line_column(0), (1, 1));
        assert_eq!(file.line_column(2), (1, 2));
        assert_eq!(file.line_column(7), (2, 1));
        assert_eq!(file.line_column(9), (2, 2));
        assert_eq!(file.line_column(999), (3, 1));
        assert_eq!(file.line(2), "üb = 2");
        assert_eq!(file.line(77), "");
    }

    #[test]
    fn a_problem_shows_its_line() {
        let file = SourceFile::new("cases/a.toml", "x = 1\n\tguarante = \"cpython\"\n");
        let problem = Problem::at(&file, 7..15, "unknown key `guarante`").help("did you mean `guarantee`?");
        insta::assert_snapshot!(problem.to_string());
    }

    #[test]
    fn suggestions_are_near() {
        assert_eq!(nearest("guarante", ["level", "guarantee"]), Some("guarantee"));
        assert_eq!(nearest("quite-different", ["level", "guarantee"]), None);
    }
}
