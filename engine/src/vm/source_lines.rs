//! Source lines in tracebacks, and the marks under them.
//!
//! Columns of positions are UTF-8 bytes from 0; marks are counted in characters.

use super::Vm;
use crate::code::Location;
use crate::rules::TracebackMarks;
use crate::syntax::carets::{Anchors, anchors, is_only_a_call};

impl Vm {
    /// A line of a source text, without its end; `None` where the engine has no such text or line.
    pub fn source_line(&self, filename: &str, line: u32) -> Option<String> {
        if let Some(text) = self.texts.get(filename) {
            return line_of(text, line);
        }
        // Texts that a program has put into `linecache.cache`: (size, time, lines, name).
        let module = self.dict_get_str(self.modules, "linecache")?;
        let cache = self.dict_get_str(self.own_dict(module), "cache")?;
        let entry = self.dict_get_str(cache, filename)?;
        let lines = *self.tuple_items(entry).get(2)?;
        let lines = &self.heap.get::<crate::heap::ListBody>(lines)?.items;
        let text = self.heap.text(*lines.get(line.checked_sub(1)? as usize)?)?.to_string_lossy().into_owned();
        Some(text.trim_end_matches(['\r', '\n']).to_string())
    }

    /// What a traceback shows below the line `File …`: the source line or lines, with marks. Empty without a source.
    pub fn source_block(&self, filename: &str, place: Location) -> String {
        let Some(first) = self.source_line(filename, place.line) else { return String::new() };
        if first.trim().is_empty() {
            return String::new();
        }
        // An instruction that comes from nowhere has no columns.
        let marked = place.end_col != 0 && place.end_line >= place.line;
        match self.profile.traceback_marks {
            TracebackMarks::FirstLine if marked => marked_line(&first, place),
            TracebackMarks::AllLines if marked => {
                let more = (place.line + 1..=place.end_line).map_while(|line| self.source_line(filename, line));
                let lines: Vec<String> =
                    std::iter::once(first).chain(more).map(|line| line.trim_end().to_string()).collect();
                marked_lines(&lines, place)
            }
            TracebackMarks::Never | TracebackMarks::FirstLine | TracebackMarks::AllLines => {
                format!("    {}\n", first.trim())
            }
        }
    }
}

fn line_of(text: &str, line: u32) -> Option<String> {
    let at = line.checked_sub(1)? as usize;
    text.split('\n').nth(at).map(|line| line.trim_end_matches('\r').to_string())
}

/// How many characters begin before this byte.
fn characters(line: &str, bytes: u32) -> usize {
    line.char_indices().take_while(|(at, _)| *at < bytes as usize).count()
}

fn part(line: &str, from: usize, to: usize) -> String {
    line.chars().skip(from).take(to.saturating_sub(from)).collect()
}

/// 3.11 and 3.12: one line; what lies on further lines is marked to the end of the first.
fn marked_line(line: &str, place: Location) -> String {
    let shown = line.trim();
    let mut out = format!("    {shown}\n");
    let indent = line.trim_end().chars().count() - shown.chars().count();
    let start = characters(line, place.col);
    let (end, found) = if place.line == place.end_line {
        let end = characters(line, place.end_col);
        (end, anchors(&part(line, start, end), false))
    } else {
        (line.trim_end().chars().count(), None)
    };
    if end.saturating_sub(start) >= shown.chars().count() && found.is_none() {
        return out;
    }
    out.push_str("    ");
    out.push_str(&" ".repeat(start.saturating_sub(indent)));
    for at in 0..end.saturating_sub(start) {
        let primary = found.is_some_and(|found| !(found.left.1..found.right.1).contains(&at));
        out.push(if primary { '~' } else { '^' });
    }
    out.push('\n');
    out
}

/// The lines without the indentation that they share.
fn dedented(lines: &[String]) -> Vec<String> {
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let indents = filled.map(|line| &line[..line.len() - line.trim_start().len()]);
    let shared = indents.reduce(|one, other| {
        let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        &one[..same]
    });
    let shared = shared.unwrap_or_default();
    lines.iter().map(|line| line.strip_prefix(shared).unwrap_or(line.trim()).to_string()).collect()
}

/// From 3.13 on: all lines that matter, marks under each.
fn marked_lines(original: &[String], place: Location) -> String {
    let count = (place.end_line - place.line) as usize + 1;
    if original.len() < count {
        return format!("    {}\n", original[0].trim());
    }
    let lines = dedented(original);
    let removed = original[0].chars().count() - lines[0].chars().count();
    let last = lines.len() - 1;
    let start = characters(&original[0], place.col).saturating_sub(removed);
    let end = characters(&original[last], place.end_col).saturating_sub(removed);
    let segment = if last == 0 {
        part(&lines[0], start, end)
    } else {
        let mut pieces = vec![part(&lines[0], start, usize::MAX)];
        pieces.extend_from_slice(&lines[1..last]);
        pieces.push(part(&lines[last], 0, end));
        pieces.join("\n")
    };
    let found = anchors(&segment, true).map(|found| {
        let moved = |(line, col): (usize, usize)| if line == 0 { (line, col + start) } else { (line, col) };
        Anchors { left: moved(found.left), right: moved(found.right) }
    });
    let shown: Vec<&str> = lines.iter().map(String::as_str).collect();
    let bytes = |line: &str, chars: usize| line.chars().take(chars).map(char::len_utf8).sum();
    let alone = is_only_a_call(&shown, bytes(shown[0], start), bytes(shown[last], end));
    let around = !part(shown[0], 0, start).trim().is_empty() || !part(shown[last], end, usize::MAX).trim().is_empty();
    let marks = !alone && (found.is_some() || around);
    let mut wanted = vec![0, last];
    for line in found.iter().flat_map(|found| [found.left.0, found.right.0]) {
        wanted.extend(line.saturating_sub(1)..=(line + 1).min(last));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let mut out = Vec::new();
    for (at, &line) in wanted.iter().enumerate() {
        let skipped = if at == 0 { 0 } else { line - wanted[at - 1] - 1 };
        match skipped {
            0 => {}
            1 => mark(&shown, line - 1, start, end, found, marks, &mut out),
            _ => out.push(format!("...<{skipped} lines>...")),
        }
        mark(&shown, line, start, end, found, marks, &mut out);
    }
    dedented(&out).iter().map(|line| format!("    {line}\n")).collect()
}

/// One line with its marks.
fn mark(
    lines: &[&str],
    line: usize,
    start: usize,
    end: usize,
    found: Option<Anchors>,
    marks: bool,
    out: &mut Vec<String>,
) {
    let text = lines[line];
    out.push(text.to_string());
    if !marks {
        return;
    }
    let blank = text.chars().take_while(|c| c.is_whitespace()).count();
    let width = if line == lines.len() - 1 { end } else { text.chars().count() };
    let marked = (0..width).map(|col| {
        if col < blank || (line == 0 && col < start) {
            return ' ';
        }
        match found {
            Some(found) if !(found.left..found.right).contains(&(line, col)) => '~',
            Some(_) | None => '^',
        }
    });
    out.push(marked.collect());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u32, col: u32, end_line: u32, end_col: u32) -> Location {
        Location { line, end_line, col, end_col }
    }

    #[test]
    fn marks_under_one_line() {
        assert_eq!(marked_line("  x = 1 / 0", place(1, 6, 1, 11)), "    x = 1 / 0\n        ~~^~~\n");
        assert_eq!(marked_line("  raise E", place(1, 2, 1, 9)), "    raise E\n");
        let lines = ["    return (a[", "        0])"].map(str::to_string);
        assert_eq!(
            marked_lines(&lines, place(1, 12, 2, 10)),
            "    return (a[\n            ~^\n        0])\n        ^^\n"
        );
    }
}
