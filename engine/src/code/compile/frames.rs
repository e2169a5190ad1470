//! The statements around the one being compiled that must be undone when `return`, `break` or `continue` leaves them.
//!
//! Invariant: `unwind` emits what the frame owes and leaves `frames` and the handler in force as they were, so the
//! code after it is compiled as if nothing had happened.

use super::{Compiler, Done, nowhere};
use crate::code::instr::{Instr, Label};
use crate::code::pool::Value;
use crate::syntax::TextRange;
use crate::syntax::ast::Stmt;

/// A statement that is open at this point of the code.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frame<'a> {
    /// `while`: where `continue` and `break` go.
    While { start: Label, end: Label },
    /// `for`, with the iterator on the stack.
    For { start: Label, end: Label },
    /// `async for`, with the asynchronous iterator on the stack.
    AsyncFor { start: Label, end: Label },
    /// The body of `try` with `except` clauses.
    TryExcept,
    /// The body of `try` with this `finally`.
    FinallyTry(&'a [Stmt]),
    /// A `finally` that an exception has entered: the previous exception and the current one are on the stack.
    FinallyEnd,
    /// `with`, with the exit function on the stack.
    With { at: TextRange, is_async: bool },
    /// An `except` clause, with the name it binds.
    HandlerCleanup(Option<&'a str>),
    /// The part of `try` that looks for the right clause.
    ExceptionHandler,
    /// As above for `except*`: `return` and friends may not leave it.
    GroupHandler,
    /// A value that has to be dropped.
    Value,
}

impl<'a> Compiler<'a> {
    /// Opens a statement.
    pub(super) fn push_frame(&mut self, frame: Frame<'a>, at: TextRange) -> Done {
        if self.this().frames.len() >= self.profile.nested_blocks {
            return Err(self.issue("too many statically nested blocks", at));
        }
        self.here().frames.push(frame);
        Ok(())
    }

    pub(super) fn pop_frame(&mut self) {
        self.here().frames.pop();
    }

    /// Emits what leaving the innermost `count` open statements takes, then the instruction that leaves. With `keep` the
    /// top of the stack is a value that must survive.
    fn unwind(&mut self, count: usize, keep: bool, at: TextRange, leave: impl FnOnce(&mut Self)) -> Done {
        let handler = self.here().asm.handler();
        let mut left = Vec::with_capacity(count);
        for _ in 0..count {
            let Some(frame) = self.here().frames.pop() else { break };
            left.push(frame);
            self.unwind_one(frame, keep, at)?;
        }
        leave(self);
        self.here().frames.extend(left.into_iter().rev());
        self.here().asm.set_handler(handler);
        Ok(())
    }

    fn unwind_one(&mut self, frame: Frame<'a>, keep: bool, at: TextRange) -> Done {
        match frame {
            Frame::While { .. } | Frame::ExceptionHandler | Frame::GroupHandler => {}
            Frame::For { .. } | Frame::AsyncFor { .. } | Frame::Value => self.pop_under(keep, at),
            Frame::TryExcept => self.here().asm.end_handler(),
            Frame::FinallyTry(body) => {
                self.here().asm.end_handler();
                if keep {
                    self.push_frame(Frame::Value, at)?;
                }
                self.body(body)?;
                if keep {
                    self.pop_frame();
                }
            }
            Frame::FinallyEnd => {
                self.pop_under(keep, at);
                self.swap_under(keep, at);
                self.here().asm.end_handler();
                self.emit(at, Instr::PopExcept);
            }
            Frame::With { at: with, is_async } => {
                self.here().asm.end_handler();
                if keep {
                    self.exit_over(with);
                }
                self.exit_with_none(with, is_async)?;
            }
            Frame::HandlerCleanup(name) => {
                if name.is_some() {
                    self.here().asm.end_handler();
                }
                self.swap_under(keep, at);
                self.here().asm.end_handler();
                self.emit(at, Instr::PopExcept);
                if let Some(name) = name {
                    self.unbind(name);
                }
            }
        }
        Ok(())
    }

    fn swap_under(&mut self, keep: bool, at: TextRange) {
        if keep {
            self.emit(at, Instr::Swap(2));
        }
    }

    fn pop_under(&mut self, keep: bool, at: TextRange) {
        self.swap_under(keep, at);
        self.emit(at, Instr::Pop);
    }

    /// `name = None; del name`, at the end of an `except … as name`.
    pub(super) fn unbind(&mut self, name: &str) {
        if !self.profile.except_name_unbound {
            return;
        }
        self.load_const(nowhere(), &Value::None);
        self.store_name(name, nowhere());
        self.delete_name(name, nowhere());
    }

    /// Leaves every open statement of the body, and then the body.
    pub(super) fn unwind_all(&mut self, keep: bool, at: TextRange, leave: impl FnOnce(&mut Self)) -> Done {
        self.forbid_in_group(at, self.this().frames.len())?;
        self.unwind(self.this().frames.len(), keep, at, leave)
    }

    /// `break` and `continue`.
    pub(super) fn leave_loop(&mut self, is_break: bool, at: TextRange) -> Done {
        let loops = self.this().frames.iter().rev().enumerate().find_map(|(depth, frame)| match *frame {
            Frame::While { start, end } => Some((depth, start, end, false)),
            Frame::For { start, end } | Frame::AsyncFor { start, end } => Some((depth, start, end, true)),
            _ => None,
        });
        let Some((depth, start, end, iterates)) = loops else {
            let text = if is_break { "'break' outside loop" } else { "'continue' not properly in loop" };
            return Err(self.issue(text, at));
        };
        self.forbid_in_group(at, depth)?;
        let target = if is_break { end } else { start };
        self.unwind(depth + usize::from(is_break && iterates), false, at, |compiler| {
            compiler.emit(at, Instr::Jump(target));
        })
    }

    fn forbid_in_group(&self, at: TextRange, depth: usize) -> Done {
        let frames = &self.this().frames;
        let inner = frames.len().saturating_sub(depth);
        let group = frames.iter().skip(inner).any(|frame| matches!(frame, Frame::GroupHandler));
        if group {
            let text = "'break', 'continue' and 'return' cannot appear in an except* block";
            return Err(self.issue(text, at));
        }
        Ok(())
    }
}
