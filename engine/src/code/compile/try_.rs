//! `try` with `except`, `else` and `finally`. A `finally` body is compiled once for each way of leaving.

use super::frames::Frame;
use super::{Compiler, Done, nowhere};
use crate::code::instr::{Instr, Label};
use crate::rules::TryOrder;
use crate::syntax::Ranged;
use crate::syntax::ast::{self, ExceptHandler};

impl<'a> Compiler<'a> {
    pub(super) fn try_(&mut self, try_: &'a ast::StmtTry) -> Done {
        if self.profile.finally_jump_warns {
            self.warn_finally(&try_.finalbody, false);
        }
        self.here().conditional += 1;
        let done = if try_.finalbody.is_empty() { self.try_except(try_) } else { self.try_finally(try_) };
        self.here().conditional -= 1;
        done
    }

    fn try_finally(&mut self, try_: &'a ast::StmtTry) -> Done {
        let (start, on_exception, exit) = (self.label(), self.label(), self.label());
        let finally_first = self.profile.try_order == TryOrder::FinallyFirst;
        if finally_first {
            self.emit(nowhere(), Instr::Jump(start));
            self.finally_on_exception(try_, on_exception, exit)?;
        }
        self.place(start);
        self.here().asm.begin_handler(on_exception);
        self.push_frame(Frame::FinallyTry(&try_.finalbody), try_.range())?;
        if try_.handlers.is_empty() {
            self.body(&try_.body)?;
        } else {
            self.try_except(try_)?;
        }
        self.pop_frame();
        self.here().asm.end_handler();
        self.body(&try_.finalbody)?;
        self.emit(nowhere(), Instr::Jump(exit));
        if !finally_first {
            self.finally_on_exception(try_, on_exception, exit)?;
        }
        self.place(exit);
        Ok(())
    }

    /// The `finally` body for exceptions, which go on when it ends.
    fn finally_on_exception(&mut self, try_: &'a ast::StmtTry, on_exception: Label, exit: Label) -> Done {
        self.place(on_exception);
        let cleanup = self.label();
        self.here().asm.begin_handler(cleanup);
        self.emit(nowhere(), Instr::PushExcInfo);
        self.push_frame(Frame::FinallyEnd, try_.range())?;
        self.body(&try_.finalbody)?;
        self.pop_frame();
        if self.profile.finally_passes_on {
            self.emit(nowhere(), Instr::Reraise);
        } else {
            self.emit(nowhere(), Instr::Pop);
            self.emit(nowhere(), Instr::PopExcept);
            self.emit(nowhere(), Instr::Jump(exit));
        }
        self.here().asm.drop_handler();
        self.pop_except_and_reraise(cleanup);
        Ok(())
    }

    /// What an exception inside a handler goes to: `previous exc --`.
    pub(super) fn pop_except_and_reraise(&mut self, cleanup: Label) {
        self.place(cleanup);
        self.emit(nowhere(), Instr::Copy(2));
        self.emit(nowhere(), Instr::PopExcept);
        self.emit(nowhere(), Instr::Reraise);
    }

    fn try_except(&mut self, try_: &'a ast::StmtTry) -> Done {
        if try_.is_star {
            return self.try_star(try_);
        }
        let (on_exception, cleanup, orelse, end) = (self.label(), self.label(), self.label(), self.label());
        self.here().asm.begin_handler(on_exception);
        self.push_frame(Frame::TryExcept, try_.range())?;
        self.body(&try_.body)?;
        self.pop_frame();
        self.here().asm.end_handler();
        if self.profile.try_order == TryOrder::ElseFirst {
            self.body(&try_.orelse)?;
            self.emit(nowhere(), Instr::Jump(end));
        } else {
            self.emit(nowhere(), Instr::Jump(orelse));
        }

        self.place(on_exception);
        self.here().asm.begin_handler(cleanup);
        self.emit(nowhere(), Instr::PushExcInfo);
        self.push_frame(Frame::ExceptionHandler, try_.range())?;
        let last = try_.handlers.len().saturating_sub(1);
        for (index, ExceptHandler::ExceptHandler(handler)) in try_.handlers.iter().enumerate() {
            let next = self.label();
            match &handler.type_ {
                Some(type_) => {
                    self.expr(type_)?;
                    self.emit(type_.range(), Instr::CheckExcMatch);
                    self.emit(type_.range(), Instr::PopJumpIfFalse(next));
                }
                None if index < last => return Err(self.issue("default 'except:' must be last", handler.range())),
                None => {}
            }
            self.handler_body(handler, end)?;
            self.place(next);
        }
        self.pop_frame();
        self.emit(nowhere(), Instr::Reraise);
        self.here().asm.drop_handler();
        self.pop_except_and_reraise(cleanup);
        self.place(orelse);
        if self.profile.try_order != TryOrder::ElseFirst {
            self.body(&try_.orelse)?;
        }
        self.place(end);
        Ok(())
    }

    /// The body of an `except` clause: `previous exc --`, then to `end`.
    fn handler_body(&mut self, handler: &'a ast::ExceptHandlerExceptHandler, end: Label) -> Done {
        let at = handler.range();
        let Some(name) = &handler.name else {
            self.emit(at, Instr::Pop);
            self.push_frame(Frame::HandlerCleanup(None), at)?;
            self.body(&handler.body)?;
            self.pop_frame();
            let inside = self.here().asm.handler();
            self.here().asm.end_handler();
            self.emit(nowhere(), Instr::PopExcept);
            self.emit(nowhere(), Instr::Jump(end));
            self.here().asm.set_handler(inside);
            return Ok(());
        };
        self.store_name(name, at);
        let unbind = self.label();
        let outside = self.here().asm.handler();
        self.here().asm.begin_handler(unbind);
        self.push_frame(Frame::HandlerCleanup(Some(name.as_str())), at)?;
        self.body(&handler.body)?;
        self.pop_frame();
        self.here().asm.end_handler();
        self.here().asm.end_handler();
        self.emit(nowhere(), Instr::PopExcept);
        self.unbind(name);
        self.emit(nowhere(), Instr::Jump(end));
        self.here().asm.set_handler(outside);

        self.place(unbind);
        self.unbind(name);
        self.emit(nowhere(), Instr::Reraise);
        Ok(())
    }
}
