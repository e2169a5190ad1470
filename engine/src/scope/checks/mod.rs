//! The third pass: what CPython's code generator refuses, in the order in which it generates code.

mod expr;
mod lazy;
mod pattern;
mod stmt;

use super::SymbolTable;
use crate::rules::Profile;
use crate::syntax::{Parsed, SyntaxIssue, TextRange, TextSize};

type Checked = Result<(), SyntaxIssue>;

/// The first error that CPython's code generator would report. `last_future` is where the last future statement at
/// the head of the text ends.
pub(super) fn check(parsed: &Parsed, profile: &Profile, table: &SymbolTable, last_future: TextSize) -> Checked {
    lazy::check(parsed)?;
    let frames = vec![Frame { body: Body::Module, blocks: Vec::new(), async_generator: false }];
    Checker { parsed, profile, table, last_future, frames, last_statement: TextRange::default() }.suite(&parsed.suite)
}

/// What kind of code is being generated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Body {
    Module,
    Class,
    Function,
    AsyncFunction,
    Comprehension {
        /// It waits, or runs in something that may.
        may_wait: bool,
    },
}

/// A statement that a jump leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Surround {
    Loop,
    Other,
    /// The handlers of `except*` cannot be left by a jump.
    ExceptStar,
}

struct Frame {
    body: Body,
    blocks: Vec<Surround>,
    async_generator: bool,
}

struct Checker<'a> {
    parsed: &'a Parsed,
    profile: &'a Profile,
    table: &'a SymbolTable,
    last_future: TextSize,
    frames: Vec<Frame>,
    /// Older versions report some errors at the statement before.
    last_statement: TextRange,
}

impl Checker<'_> {
    fn error<T>(&self, message: impl Into<String>, range: TextRange) -> Result<T, SyntaxIssue> {
        Err(self.parsed.issue(message, range))
    }

    fn body(&self) -> Body {
        self.frames.last().map_or(Body::Module, |frame| frame.body)
    }

    fn inside(&mut self, body: Body, async_generator: bool, check: impl FnOnce(&mut Self) -> Checked) -> Checked {
        self.frames.push(Frame { body, blocks: Vec::new(), async_generator });
        let done = check(self);
        self.frames.pop();
        done
    }

    fn within(&mut self, surround: Surround, range: TextRange, check: impl FnOnce(&mut Self) -> Checked) -> Checked {
        let limit = self.profile.nested_blocks;
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        if frame.blocks.len() >= limit {
            return self.error("too many statically nested blocks", range);
        }
        frame.blocks.push(surround);
        let done = check(self);
        if let Some(frame) = self.frames.last_mut() {
            frame.blocks.pop();
        }
        done
    }

    /// `__debug__` cannot be bound.
    fn not_debug(&self, name: &str, range: TextRange) -> Checked {
        if name == "__debug__" { self.error("cannot assign to __debug__", range) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
