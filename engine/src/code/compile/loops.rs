//! `if`, `while`, `for` and `async for`.

use super::frames::Frame;
use super::{Compiler, Done, nowhere};
use crate::code::instr::{Instr, Label};
use crate::code::pool::Value;
use crate::syntax::Ranged;
use crate::syntax::ast::{self, Expr};

impl<'a> Compiler<'a> {
    pub(super) fn if_(&mut self, if_: &'a ast::StmtIf) -> Done {
        let end = self.label();
        let clauses = if_.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body));
        let mut clauses = std::iter::once((Some(&*if_.test), &if_.body)).chain(clauses).peekable();
        let mut decided = false;
        while let Some((test, body)) = clauses.next() {
            let truth = test.and_then(|test| self.known_truth(test));
            if decided || truth == Some(false) {
                self.left_out(body)?;
                continue;
            }
            if truth == Some(true) {
                decided = true;
                self.inner_body(body)?;
                continue;
            }
            let next = self.label();
            if let Some(test) = test {
                self.jump_if(test, next, false)?;
            }
            self.inner_body(body)?;
            if clauses.peek().is_some() {
                self.emit(nowhere(), Instr::Jump(end));
            }
            self.place(next);
        }
        self.place(end);
        Ok(())
    }

    /// The truth of a test that is known, where branches are left out for it.
    fn known_truth(&self, test: &Expr) -> Option<bool> {
        if self.profile.dead_branches_left_out { self.fold.constant(test).map(|value| value.is_true()) } else { None }
    }

    /// A branch that never runs: it is looked at for its errors, and leaves nothing but names.
    fn left_out(&mut self, body: &'a [ast::Stmt]) -> Done {
        let mark = self.here().mark();
        self.inner_body(body)?;
        self.here().forget(mark);
        Ok(())
    }

    pub(super) fn while_(&mut self, while_: &'a ast::StmtWhile) -> Done {
        let (start, body, orelse, end) = (self.label(), self.label(), self.label(), self.label());
        self.place(start);
        self.push_frame(Frame::While { start, end }, while_.range())?;
        let truth = self.known_truth(&while_.test);
        if truth.is_none() {
            self.jump_if(&while_.test, orelse, false)?;
        }
        self.place(body);
        if truth == Some(false) {
            self.left_out(&while_.body)?;
        } else {
            self.inner_body(&while_.body)?;
            if self.profile.while_test_repeated {
                self.jump_if(&while_.test, body, true)?;
            } else {
                self.emit(nowhere(), Instr::Jump(start));
            }
        }
        self.pop_frame();
        self.place(orelse);
        self.loop_else(&while_.orelse, end)
    }

    /// The else clause of a loop, which a break skips by going to `end`.
    fn loop_else(&mut self, body: &'a [ast::Stmt], end: Label) -> Done {
        if !self.profile.loop_else_skipped_by_break {
            self.place(end);
            return self.inner_body(body);
        }
        self.inner_body(body)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn for_(&mut self, for_: &'a ast::StmtFor) -> Done {
        if for_.is_async {
            return self.async_for(for_);
        }
        let (start, cleanup, end) = (self.label(), self.label(), self.label());
        let at = for_.iter.range();
        self.push_frame(Frame::For { start, end }, for_.range())?;
        self.iterable(&for_.iter)?;
        self.emit(at, Instr::GetIter);
        self.place(start);
        self.emit(at, Instr::ForIter(cleanup));
        self.store(&for_.target)?;
        self.inner_body(&for_.body)?;
        self.emit(nowhere(), Instr::Jump(start));
        self.place(cleanup);
        self.pop_frame();
        self.loop_else(&for_.orelse, end)?;
        Ok(())
    }

    fn async_for(&mut self, for_: &'a ast::StmtFor) -> Done {
        let (start, except, end) = (self.label(), self.label(), self.label());
        let at = for_.iter.range();
        self.expr(&for_.iter)?;
        self.emit(at, Instr::GetAiter);
        self.place(start);
        self.push_frame(Frame::AsyncFor { start, end }, for_.range())?;
        self.here().asm.begin_handler(except);
        self.emit(at, Instr::GetAnext);
        self.load_const(at, &Value::None);
        self.delegate(at);
        self.here().asm.end_handler();
        self.store(&for_.target)?;
        self.inner_body(&for_.body)?;
        self.emit(nowhere(), Instr::Jump(start));
        self.pop_frame();
        self.place(except);
        self.emit(at, Instr::EndAsyncFor);
        self.inner_body(&for_.orelse)?;
        self.place(end);
        Ok(())
    }
}
