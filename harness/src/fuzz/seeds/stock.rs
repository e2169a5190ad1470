//! The cases of the suite as programs that print what their marks speak of.
//!
//! Invariant: a statement that a mark lets the engine choose a value for is run and not printed, so that whatever is
//! printed is a promise, or a habit of CPython's.

use super::Part;
use crate::case::{Case, Expect, Level, is_installed};
use crate::run::suite::Suite;
use std::ops::Range;
use std::sync::LazyLock;
use verysame_engine::syntax::{Statement, StatementKind, long_strings, outline};

/// A case as statements.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seed {
    pub parts: Vec<Part>,
    /// The first minor version for which it is written.
    pub since: u8,
    /// It is about a promise of the language.
    pub is_language: bool,
}

static STOCK: LazyLock<Vec<Seed>> = LazyLock::new(|| Suite::Embedded.load().cases.iter().filter_map(seed).collect());

/// All of them, in the order of the suite as it was when the harness was built.
pub fn stock() -> &'static [Seed] {
    &STOCK
}

fn seed(case: &Case) -> Option<Seed> {
    // The clock, other modules and packages are no part of the program.
    if !case.files.is_empty() || case.needs.iter().any(|need| is_installed(need)) || case.level == Level::Unspecified {
        return None;
    }
    let text = &case.source.text;
    let since = case.python.first().map_or(8, |version| version.minor);
    let is_language = case.level == Level::Language;
    let Ok(outline) = outline(text) else {
        // The compiler's answer is all there is to it; what marks say stands behind a `#`.
        let part = Part { text: text.trim_end().to_string(), raises: false, fixed: true };
        return Some(Seed { parts: vec![part], since, is_language });
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for comment in &outline.comments {
        edits.push((comment.range.clone(), String::new()));
    }
    let mut values = Vec::new();
    for statement in &outline.statements {
        collect(statement, &mut values);
    }
    let marks = || case.marks.iter().filter_map(|mark| Some((mark, mark.target.as_ref()?)));
    for (range, value) in &values {
        let own = || marks().filter(|(_, target)| target.range == *range).map(|(mark, _)| &mark.expect);
        let shown = own().any(|expect| matches!(expect, Expect::Value(_) | Expect::Graph(_)));
        let free = own().any(|expect| matches!(expect, Expect::OneOf(_)));
        if let Some(value) = text.get(value.clone()).filter(|_| shown && !free) {
            edits.push((range.clone(), format!("print(repr(({value})))")));
        }
    }
    let raising: Vec<Range<usize>> = marks()
        .filter(|(mark, _)| matches!(mark.expect, Expect::Raises { at_compile: false, .. }))
        .map(|(_, target)| target.range.clone())
        .collect();
    let mut parts: Vec<(Range<usize>, bool)> = Vec::new();
    for statement in &outline.statements {
        let range = statement.range.clone();
        let raises = raising.iter().any(|inner| range.start <= inner.start && inner.end <= range.end);
        match parts.last_mut() {
            // Statements of one line stay together.
            Some((last, also)) if !text.get(last.end..range.start).is_some_and(|between| between.contains('\n')) => {
                last.end = range.end;
                *also |= raises;
            }
            _ => parts.push((range, raises)),
        }
    }
    let parts = parts.into_iter().filter_map(|(range, raises)| {
        let written = edited(text, &range, &edits)?;
        let fixed = !long_strings(&written).is_empty() || written.contains("import *");
        Some(Part { text: written, raises, fixed })
    });
    Some(Seed { parts: parts.collect(), since, is_language })
}

/// The expression statements in and under this one, each with its expression.
fn collect(statement: &Statement, values: &mut Vec<(Range<usize>, Range<usize>)>) {
    if let StatementKind::Expression { value } = &statement.kind {
        values.push((statement.range.clone(), value.clone()));
    }
    for inner in &statement.body {
        collect(inner, values);
    }
}

/// These bytes of the text, with the edits that lie in them; lines that are left empty are left out.
fn edited(text: &str, range: &Range<usize>, edits: &[(Range<usize>, String)]) -> Option<String> {
    let mut out = text.get(range.clone())?.to_string();
    let mut own: Vec<_> = edits.iter().filter(|(edit, _)| range.start <= edit.start && edit.end <= range.end).collect();
    own.sort_by_key(|(edit, _)| std::cmp::Reverse(edit.start));
    for (edit, with) in own {
        let at = edit.start - range.start..edit.end - range.start;
        if out.is_char_boundary(at.start) && out.is_char_boundary(at.end) {
            out.replace_range(at, with);
        }
    }
    if !long_strings(&out).is_empty() {
        return Some(out);
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    Some(lines.join("\n"))
}
