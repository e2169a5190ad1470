//! `try` with `except*`: each clause takes its part of the group, what is left or newly raised is raised together.

use super::frames::Frame;
use super::{Compiler, Done, nowhere};
use crate::code::instr::{Instr, Intrinsic};
use crate::syntax::Ranged;
use crate::syntax::ast::{self, ExceptHandler};

impl<'a> Compiler<'a> {
    pub(super) fn try_star(&mut self, try_: &'a ast::StmtTry) -> Done {
        let (on_exception, cleanup, orelse, end) = (self.label(), self.label(), self.label(), self.label());
        self.here().asm.begin_handler(on_exception);
        self.push_frame(Frame::TryExcept, try_.range())?;
        self.body(&try_.body)?;
        self.pop_frame();
        self.here().asm.end_handler();
        self.emit(nowhere(), Instr::Jump(orelse));

        self.place(on_exception);
        self.here().asm.begin_handler(cleanup);
        self.emit(nowhere(), Instr::PushExcInfo);
        self.push_frame(Frame::GroupHandler, try_.range())?;
        // previous group -- previous group raised rest
        self.emit(nowhere(), Instr::BuildList(0));
        self.emit(nowhere(), Instr::Copy(2));
        for ExceptHandler::ExceptHandler(handler) in &try_.handlers {
            self.star_clause(handler)?;
        }
        self.pop_frame();
        self.emit(nowhere(), Instr::ListAppend(1));
        let reraise = self.label();
        self.emit(nowhere(), Instr::Intrinsic(Intrinsic::PrepReraiseStar));
        self.emit(nowhere(), Instr::Copy(1));
        self.emit(nowhere(), Instr::PopJumpIfNotNone(reraise));
        self.emit(nowhere(), Instr::Pop);
        self.here().asm.end_handler();
        self.emit(nowhere(), Instr::PopExcept);
        self.emit(nowhere(), Instr::Jump(end));
        self.place(reraise);
        self.emit(nowhere(), Instr::Nop);
        self.emit(nowhere(), Instr::Swap(2));
        self.emit(nowhere(), Instr::PopExcept);
        self.emit(nowhere(), Instr::Reraise);
        self.pop_except_and_reraise(cleanup);

        self.place(orelse);
        self.body(&try_.orelse)?;
        self.place(end);
        Ok(())
    }

    /// `… raised rest -- … raised rest`: takes the matching part of the rest; what the body raises joins the raised ones.
    fn star_clause(&mut self, handler: &'a ast::ExceptHandlerExceptHandler) -> Done {
        let at = handler.range();
        let (unbind, next, no_match) = (self.label(), self.label(), self.label());
        if let Some(type_) = &handler.type_ {
            self.expr(type_)?;
            self.emit(type_.range(), Instr::CheckEgMatch);
            self.emit(type_.range(), Instr::Copy(1));
            self.emit(type_.range(), Instr::PopJumpIfNone(no_match));
        }
        let name = handler.name.as_ref().map(|name| name.as_str());
        match name {
            Some(name) => self.store_name(name, at),
            None => self.emit(at, Instr::Pop),
        }
        self.here().asm.begin_handler(unbind);
        self.push_frame(Frame::HandlerCleanup(name), at)?;
        self.body(&handler.body)?;
        self.pop_frame();
        self.here().asm.end_handler();
        if let Some(name) = name {
            self.unbind(name);
        }
        self.emit(nowhere(), Instr::Jump(next));
        self.place(unbind);
        if let Some(name) = name {
            self.unbind(name);
        }
        self.emit(nowhere(), Instr::ListAppend(2));
        self.emit(nowhere(), Instr::Jump(next));
        self.place(no_match);
        self.emit(at, Instr::Pop);
        self.place(next);
        Ok(())
    }
}
