//! Warnings and errors as the Language Server Protocol has them: the parameters of `textDocument/publishDiagnostics`.
//!
//! Invariant: positions count lines from 0 and UTF-16 units, and lie within the text.

use super::{End, Explanation, Lines, Severity};
use serde_json::{Value, json};
use std::ops::Range;

const ERROR: u32 = 1;
const WARNING: u32 = 2;
const INFORMATION: u32 = 3;

/// The parameters of the notification, for a document at this address.
pub fn diagnostics(explanation: &Explanation, uri: &str) -> Value {
    let lines = Lines::of(&explanation.text);
    let range = |range: &Range<usize>| {
        json!({
            "start": position(&explanation.text, &lines, range.start),
            "end": position(&explanation.text, &lines, range.end),
        })
    };
    let mut found: Vec<Value> = Vec::new();
    for warning in &explanation.warnings {
        let severity = match warning.severity {
            Severity::Warning => WARNING,
            Severity::Hint => INFORMATION,
        };
        let mut one = json!({
            "range": range(&warning.range),
            "severity": severity,
            "code": warning.rule.id,
            "source": "verysame",
            "message": warning.text,
        });
        if let (Some(address), Some(one)) = (&warning.rule.address, one.as_object_mut()) {
            one.insert("codeDescription".to_string(), json!({ "href": address }));
        }
        found.push(one);
    }
    let error = match &explanation.end {
        End::Rejected { line, column, text } => Some((*line, Some(*column), text.clone())),
        End::Raised { line, text } => Some((line.unwrap_or(1), None, text.clone())),
        End::Limit { limit } => Some((1, None, format!("the run was stopped by the limit on {limit}"))),
        End::Completed | End::Exit { .. } => None,
    };
    if let Some((line, column, text)) = error {
        let place = line_range(&explanation.text, &lines, line, column);
        found.push(json!({ "range": range(&place), "severity": ERROR, "source": "verysame", "message": text }));
    }
    json!({ "uri": uri, "diagnostics": found })
}

/// A line without its indentation, or what follows a column of it.
fn line_range(text: &str, lines: &Lines, line: u32, column: Option<u32>) -> Range<usize> {
    let start = lines.starts.get(line.saturating_sub(1) as usize).copied().unwrap_or(text.len());
    let content = text.get(start..).unwrap_or("").split('\n').next().unwrap_or("");
    let before = match column {
        Some(column) => content.chars().take(column.saturating_sub(1) as usize).map(char::len_utf8).sum(),
        None => content.len() - content.trim_start().len(),
    };
    start + before..start + content.trim_end().len().max(before)
}

fn position(text: &str, lines: &Lines, at: usize) -> Value {
    let (line, start) = lines.line(at.min(text.len()));
    let units = text.get(start..at.min(text.len())).map_or(0, |before| before.encode_utf16().count());
    json!({ "line": line, "character": units })
}
