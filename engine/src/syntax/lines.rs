//! From byte offsets to lines and columns. A line ends at `\n`, `\r\n` or a lone `\r`, as in CPython's tokenizer.

use super::{SyntaxIssue, TextRange, TextSize};

/// Where each line of a text begins.
#[derive(Clone, Debug)]
pub(super) struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes a text of less than 4 GiB.
    pub(super) fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let after_ends = (0..bytes.len()).filter(|&at| ends_line(at)).map(|at| at as u32 + 1);
        LineIndex { starts: std::iter::once(0).chain(after_ends).collect() }
    }

    /// 1-based line and 0-based column in UTF-8 bytes.
    pub(super) fn position(&self, offset: TextSize) -> (u32, u32) {
        let offset = u32::from(offset);
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        (line as u32, offset - self.starts.get(line - 1).copied().unwrap_or(0))
    }

    /// The offset at which a 1-based line begins; past the last line, that of the last.
    pub(super) fn start(&self, line: u32) -> usize {
        let at = (line.max(1) as usize - 1).min(self.starts.len().saturating_sub(1));
        self.starts.get(at).map_or(0, |&start| start as usize)
    }

    /// 1-based line and 1-based column in characters.
    fn character_position(&self, text: &str, offset: TextSize) -> (u32, u32) {
        let (line, column) = self.position(offset);
        let start = self.start(line);
        let characters =
            text.get(start..start + column as usize).map_or(column as usize, |before| before.chars().count());
        (line, characters as u32 + 1)
    }

    /// An issue about this range.
    pub(super) fn issue(&self, text: &str, class: &'static str, message: String, range: TextRange) -> SyntaxIssue {
        let (line, column) = self.character_position(text, range.start());
        let (end_line, end_column) = self.character_position(text, range.end());
        SyntaxIssue { class, message, line, column, end_line, end_column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_cpython() {
        let index = LineIndex::new("a\nb\r\nc\rd\n");
        let at = |offset: u32| index.position(TextSize::new(offset));
        assert_eq!(at(0), (1, 0));
        assert_eq!(at(1), (1, 1));
        assert_eq!(at(2), (2, 0));
        assert_eq!(at(5), (3, 0));
        assert_eq!(at(7), (4, 0));
        assert_eq!(at(9), (5, 0));
        assert_eq!(LineIndex::new("").position(TextSize::new(0)), (1, 0));
    }

    #[test]
    fn issues_count_characters() {
        let text = "é = 1\néé = 2";
        let range = TextRange::new(TextSize::new(11), TextSize::new(12));
        let issue = LineIndex::new(text).issue(text, "SyntaxError", String::new(), range);
        assert_eq!((issue.line, issue.column, issue.end_line, issue.end_column), (2, 3, 2, 4));
    }
}
