//! Rewriting marked statements into probes, by byte range, before an engine sees the program.
//!
//! | written | becomes |
//! |---|---|
//! | `expr  #=> v` | `__probe_7__((expr))` |
//! | `stmt  #!> E` | `try: stmt` and, on the next line, `except BaseException: __raised_7__()` |
//!
//! The number stands in the name, so `co_consts` stays what it was; the functions are builtins, so `globals()` and
//! `dir()` do too. The `except` takes the place of a following comment or blank line if there is one; else the lines
//! after it move down by one. A compound statement is moved into the `try` with one more column of indentation.
//!
//! Invariant: without wraps the text is returned as it is, and every output line knows its line in the source.

use super::attach::Code;
use std::ops::Range;
use verysame_engine::syntax::Statement;

/// What is done to one statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrap {
    /// The statement's bytes.
    pub range: Range<usize>,
    /// What it becomes.
    pub kind: WrapKind,
}

/// What a statement becomes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WrapKind {
    /// A call of the probe with this name.
    Value(String),
    /// The body of a `try` whose handler calls the probe with this name.
    Raised(String),
}

/// A rewritten text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rewritten {
    /// The text.
    pub text: String,
    /// For each of its lines the 1-based line of the source.
    pub lines: Vec<u32>,
}

struct Edit {
    at: usize,
    remove: usize,
    text: String,
    /// Of edits at one place the smaller comes first.
    order: i64,
}

/// Why a statement cannot be wrapped.
pub const NO_ROOM: (&str, &str) = (
    "`#!>` cannot watch a statement that shares its line with the clause it belongs to",
    "write the statement on a line of its own",
);
/// Why a compound statement cannot be wrapped.
pub const HOLDS_TEXT: (&str, &str) = (
    "`#!>` cannot watch a compound statement that holds a string of several lines",
    "its lines would be indented further; name the string before the statement",
);

/// Whether a statement can be put into a `try`.
///
/// # Errors
/// Why not, and what to do.
pub fn can_watch(source: &str, code: &Code, range: &Range<usize>) -> Result<(), (&'static str, &'static str)> {
    let Some(statement) = code.statement(range) else { return Ok(()) };
    let text = source.get(range.clone()).unwrap_or("");
    if !statement.body.is_empty() && (text.contains("\"\"\"") || text.contains("'''") || text.contains("\\\n")) {
        return Err(HOLDS_TEXT);
    }
    let margin = Margin::of(source, statement);
    let alone = margin.indent_end == range.start;
    let behind_simple = code
        .starting_at(margin.indent_end)
        .is_some_and(|first| first.body.is_empty() && first.range.end <= range.start);
    if alone || behind_simple { Ok(()) } else { Err(NO_ROOM) }
}

/// Where the line of a statement begins, and where its indentation ends.
struct Margin {
    line_start: usize,
    indent_end: usize,
}

impl Margin {
    fn of(source: &str, statement: &Statement) -> Margin {
        let before = source.get(..statement.range.start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = source.get(line_start..).unwrap_or("");
        let blanks = line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len();
        Margin { line_start, indent_end: line_start + blanks }
    }
}

/// Rewrites the part of a program that `within` names.
pub fn rewrite(source: &str, code: &Code, within: Range<usize>, wraps: &[Wrap]) -> Rewritten {
    let wraps: Vec<&Wrap> = wraps.iter().filter(|wrap| holds(&within, &wrap.range)).collect();
    let mut edits = Vec::new();
    let compound = wraps.iter().any(|wrap| {
        matches!(wrap.kind, WrapKind::Raised(_)) && code.statement(&wrap.range).is_some_and(|s| !s.body.is_empty())
    });
    for wrap in &wraps {
        match &wrap.kind {
            WrapKind::Value(name) => {
                edits.push(Edit { at: wrap.range.start, remove: 0, text: format!("{name}(("), order: 1 });
                edits.push(Edit { at: wrap.range.end, remove: 0, text: "))".into(), order: 0 });
            }
            WrapKind::Raised(name) => {
                // Every moved statement around this one has moved it one column to the right.
                let around = |other: &&&Wrap| {
                    matches!(other.kind, WrapKind::Raised(_))
                        && other.range != wrap.range
                        && holds(&other.range, &wrap.range)
                };
                let moved = " ".repeat(wraps.iter().filter(around).count());
                if let Some(statement) = code.statement(&wrap.range) {
                    watch(source, statement, name, within.end, !compound, &moved, &mut edits);
                }
            }
        }
    }
    edits.sort_by_key(|edit| (edit.at, edit.order));
    apply(source, within, &edits)
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn watch(
    source: &str,
    statement: &Statement,
    name: &str,
    limit: usize,
    reuse: bool,
    moved: &str,
    edits: &mut Vec<Edit>,
) {
    let Range { start, end } = statement.range.clone();
    let margin = Margin::of(source, statement);
    let indent = source.get(margin.line_start..margin.indent_end).unwrap_or("");
    let depth = indent.len() as i64;
    let behind = if margin.indent_end == start { String::new() } else { format!("\n{indent}{moved}") };
    if statement.body.is_empty() {
        edits.push(Edit { at: start, remove: 0, text: format!("{behind}try: "), order: 0 });
    } else {
        edits.push(Edit { at: start, remove: 0, text: format!("{behind}try:\n{indent}{moved} "), order: 0 });
        let text = source.get(start..end).unwrap_or("");
        for (at, _) in text.match_indices('\n') {
            let line = source.get(start + at + 1..).unwrap_or("");
            // Lines of a bracket or blank lines may be indented less; their indentation means nothing.
            let shared = line.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count();
            let blank = line.trim_start_matches([' ', '\t']).starts_with('\n');
            if !blank {
                edits.push(Edit { at: start + at + 1 + shared, remove: 0, text: " ".into(), order: depth });
            }
        }
    }
    let line_end = source.get(end..).and_then(|rest| rest.find('\n')).map_or(source.len(), |at| end + at);
    let handler = format!("{indent}{moved}except BaseException: {name}()");
    let next = source.get(line_end + 1..).unwrap_or("");
    let next_end = line_end + 1 + next.find('\n').unwrap_or(next.len());
    let next_line = source.get(line_end + 1..next_end).unwrap_or("").trim();
    let free = reuse && next_end < limit && (next_line.is_empty() || next_line.starts_with('#'));
    if free {
        edits.push(Edit { at: line_end + 1, remove: next_end - line_end - 1, text: handler, order: 0 });
    } else {
        // Of handlers at one place the inner comes first.
        edits.push(Edit { at: line_end, remove: 0, text: format!("\n{handler}"), order: 1000 - depth });
    }
}

fn apply(source: &str, within: Range<usize>, edits: &[Edit]) -> Rewritten {
    let mut out = Rewritten { text: String::new(), lines: Vec::new() };
    let mut line = 1 + source.get(..within.start).unwrap_or("").matches('\n').count() as u32;
    out.lines.push(line);
    let mut at = within.start;
    let mut copy = |out: &mut Rewritten, from: usize, to: usize| {
        for part in source.get(from..to).unwrap_or("").split_inclusive('\n') {
            out.text.push_str(part);
            if part.ends_with('\n') {
                line += 1;
                out.lines.push(line);
            }
        }
        line
    };
    for edit in edits {
        let line = copy(&mut out, at, edit.at);
        out.text.push_str(&edit.text);
        out.lines.extend(edit.text.matches('\n').map(|_| line));
        at = edit.at + edit.remove;
    }
    copy(&mut out, at, within.end);
    if out.text.ends_with('\n') {
        out.lines.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::mark::{self, Reading};
    use super::super::model::Expect;
    use super::*;

    /// The program with every mark watched.
    fn rewritten(source: &str) -> Rewritten {
        let code = Code::of(source);
        let mut wraps = Vec::new();
        for comment in &code.comments {
            let Reading::Mark(mark) = mark::read(&comment.text) else { continue };
            let target = code.target(source, comment, &mark.expect).expect("a target");
            let number = wraps.len() + 1;
            let kind = match mark.expect {
                Expect::Raises { .. } => WrapKind::Raised(format!("__raised_{number}__")),
                _ => WrapKind::Value(format!("__probe_{number}__")),
            };
            if matches!(kind, WrapKind::Raised(_)) {
                can_watch(source, &code, &target.range).expect("can be watched");
            }
            wraps.push(Wrap { range: target.range, kind });
        }
        rewrite(source, &code, 0..source.len(), &wraps)
    }

    fn shown(source: &str) -> String {
        let rewritten = rewritten(source);
        let lines = rewritten.text.lines().zip(&rewritten.lines);
        let text: String = lines.map(|(line, number)| format!("{number:2} {line}\n")).collect();
        assert_eq!(rewritten.lines.len(), rewritten.text.lines().count());
        assert!(Code::of(&rewritten.text).issue.is_none(), "does not parse:\n{text}");
        text
    }

    #[test]
    fn values_become_calls() {
        insta::assert_snapshot!(shown(
            "a, b  #=> (1, 2)\ndef f():\n    yield 1  #=> None\n    (x := 2); x  #&> 2\nif a: b  #=> 1\nf(\n  1,\n)  #=> 3\n\"x\" # y\n"
        ));
    }

    #[test]
    fn raising_statements_are_watched() {
        insta::assert_snapshot!(shown(
            "\
a  #!> E
b
c()
#!> E

x = 1; y()  #!> E
def f():
    del z  #!> E
    return 1
    # done
#!>[py<3.9] F
last(1,
  2)  #!> E
"
        ));
    }

    #[test]
    fn compound_statements_are_moved_in() {
        insta::assert_snapshot!(shown(
            "\
class C(A, B):  #!> TypeError

    x = [1,
2]
    def f(self):
        self.y  #!> E
if a: b  #!> E
def g():
    for x in y:
        z  #!> E
    #!> F
end  #=> 1
"
        ));
    }

    #[test]
    fn a_piece_has_its_own_wraps_only() {
        let source = "def f():\n    x  #!> E\n# about y\ny\n";
        let code = Code::of(source);
        let at = source.find("x  ").expect("there");
        let wraps = [Wrap { range: at..at + 1, kind: WrapKind::Raised("__raised_1__".into()) }];
        let texts: Vec<Rewritten> =
            code.pieces.iter().map(|piece| rewrite(source, &code, piece.clone(), &wraps)).collect();
        assert_eq!(texts[0].text, "def f():\n    try: x  #!> E\n    except BaseException: __raised_1__()\n");
        assert_eq!(texts[0].lines, [1, 2, 2]);
        assert_eq!((texts[1].text.as_str(), &texts[1].lines[..]), ("# about y\ny\n", &[3, 4][..]));
    }

    #[test]
    fn a_comment_makes_room_for_the_handler() {
        let rewritten = rewritten("x\nf()\n#!> E\n\ng()  #!> E\n# more\nh\n");
        assert_eq!(
            rewritten.text,
            "x\ntry: f()\nexcept BaseException: __raised_1__()\n\ntry: g()  #!> E\nexcept BaseException: __raised_2__()\nh\n"
        );
        assert_eq!(rewritten.lines, [1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn what_cannot_be_watched_is_said() {
        let source = "if a:\n    b\nelse: c\n";
        let code = Code::of(source);
        let at = source.find("c\n").expect("there");
        assert_eq!(can_watch(source, &code, &(at..at + 1)), Err(NO_ROOM));
        let source = "class C:\n    x = \"\"\"a\n  b\"\"\"\n";
        assert_eq!(can_watch(source, &Code::of(source), &(0..source.len() - 1)), Err(HOLDS_TEXT));
    }
}
