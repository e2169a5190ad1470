//! What a traceback marks under a source line: the operator, the subscript or the call in the text of an instruction.
//!
//! Positions are lines and columns in characters, from 0, within the segment.

use super::ast::{self, Expr, Stmt};
use super::{Ranged, TextSize};
use ruff_python_parser::{Mode, ParseOptions};

/// From where to where the secondary mark goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Anchors {
    /// Line and column of its beginning.
    pub left: (usize, usize),
    /// Line and column of its end.
    pub right: (usize, usize),
}

/// A segment as lines of characters, with a place that moves over them.
struct Walk {
    lines: Vec<Vec<char>>,
}

impl Walk {
    /// The place, or the first character of the next line that has any.
    fn valid(&self, (mut line, mut col): (usize, usize)) -> Option<(usize, usize)> {
        while line < self.lines.len() && col >= self.lines[line].len() {
            col = 0;
            line += 1;
        }
        (line < self.lines.len()).then_some((line, col))
    }

    /// The next place whose character is wanted; comments and continuations are jumped over.
    fn until(&self, place: (usize, usize), wanted: impl Fn(char) -> bool) -> Option<(usize, usize)> {
        let (mut line, mut col) = self.valid(place)?;
        loop {
            let found = self.lines[line][col];
            (line, col) = match found {
                '\\' | '#' => self.valid((line + 1, 0))?,
                _ if wanted(found) => return Some((line, col)),
                _ => self.valid((line, col + 1))?,
            };
        }
    }
}

/// The anchors of a segment that is one expression; `calls` says whether calls have any.
pub(crate) fn anchors(segment: &str, calls: bool) -> Option<Anchors> {
    let wrapped = format!("(\n{segment}\n)");
    let parsed = ruff_python_parser::parse_unchecked(&wrapped, ParseOptions::from(Mode::Module));
    if !parsed.errors().is_empty() {
        return None;
    }
    let ast::Mod::Module(module) = parsed.into_syntax() else { return None };
    let [Stmt::Expr(statement)] = &module.body[..] else { return None };
    let walk = Walk { lines: segment.split('\n').map(|line| line.chars().collect()).collect() };
    let place = |offset: TextSize| {
        let before = wrapped.get(2..offset.to_usize()).unwrap_or_default();
        let line = before.matches('\n').count();
        (line, before.rsplit('\n').next().unwrap_or_default().chars().count())
    };
    match &*statement.value {
        Expr::BinOp(operation) => {
            let (line, col) = walk.until(place(operation.left.end()), |c| !c.is_whitespace() && c != ')')?;
            let text = walk.lines.get(line)?;
            let right = place(operation.right.start());
            let second = text.get(col + 1).filter(|c| !c.is_whitespace() && **c != '\\' && **c != '#');
            let long = second.is_some() && (right.0 > line || col + 1 < right.1);
            Some(Anchors { left: (line, col), right: (line, col + if long { 2 } else { 1 }) })
        }
        Expr::Subscript(subscript) => {
            let left = walk.until(place(subscript.value.end()), |c| c == '[')?;
            Some(Anchors { left, right: place(subscript.end()) })
        }
        Expr::Call(call) if calls => {
            let left = walk.until(place(call.func.end()), |c| c == '(')?;
            Some(Anchors { left, right: place(call.end()) })
        }
        _ => None,
    }
}

/// Whether these lines are a statement that is nothing but a call, returned or assigned to a name, from `start` to `end`
/// (columns in bytes of the first and the last line): marks would say nothing.
pub(crate) fn is_only_a_call(lines: &[&str], start: usize, end: usize) -> bool {
    let text = lines.join("\n");
    let parsed = ruff_python_parser::parse_unchecked(&text, ParseOptions::from(Mode::Module));
    if !parsed.errors().is_empty() {
        return false;
    }
    let ast::Mod::Module(module) = parsed.into_syntax() else { return false };
    let value = match module.body.first() {
        Some(Stmt::Return(statement)) => match statement.value.as_deref() {
            Some(value @ Expr::Call(call)) if matches!(*call.func, Expr::Name(_)) => value,
            _ => return false,
        },
        Some(Stmt::Assign(statement)) if matches!(*statement.value, Expr::Call(_)) => match &statement.targets[..] {
            [Expr::Name(_)] => &*statement.value,
            _ => return false,
        },
        _ => return false,
    };
    let last = text.len() - lines.last().map_or(0, |line| line.len());
    value.start().to_usize() == start && value.end().to_usize() == last + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_subscripts_and_calls_have_anchors() {
        let at = |segment| anchors(segment, true).map(|found| (found.left, found.right));
        assert_eq!(at("a + b"), Some(((0, 2), (0, 3))));
        assert_eq!(at("(a) // (b)"), Some(((0, 4), (0, 6))));
        assert_eq!(at("é[1]"), Some(((0, 1), (0, 4))));
        assert_eq!(at("f(\n  1\n)"), Some(((0, 1), (2, 1))));
        assert_eq!(at("f.x"), None);
        assert_eq!(at("a +"), None);
        assert_eq!(anchors("f()", false), None);
    }

    #[test]
    fn a_call_alone_needs_no_marks() {
        assert!(is_only_a_call(&["x = f(1)"], 4, 8));
        assert!(is_only_a_call(&["return f(1,", "  2)"], 7, 4));
        assert!(!is_only_a_call(&["return a.f(1)"], 7, 13));
        assert!(!is_only_a_call(&["x = f(1) + 2"], 4, 8));
    }
}
