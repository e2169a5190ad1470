//! Programs as texts: their words, their margins, and literals that hold them.

use std::ops::Range;

/// The words of a text, as byte ranges.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || c == '_';
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                start = None;
                found.push(from..at);
            }
            _ => {}
        }
    }
    found
}

/// How far to the right a line begins.
pub(super) fn margin(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// A text as a Python literal on one line, between these quotes.
pub(super) fn quoted(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            c if c == quote || c == '\\' => {
                out.push('\\');
                out.push(c);
            }
            other => out.push(other),
        }
    }
    out.push(quote);
    out
}
