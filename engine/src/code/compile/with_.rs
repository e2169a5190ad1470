//! `with` and `async with`.

use super::frames::Frame;
use super::{Compiler, Done, nowhere};
use crate::code::instr::{Awaited, ExitForm, Instr};
use crate::code::pool::Value;
use crate::syntax::ast;
use crate::syntax::{Ranged, TextRange, deeper};

impl<'a> Compiler<'a> {
    pub(super) fn with(&mut self, with: &'a ast::StmtWith) -> Done {
        self.here().conditional += 1;
        let done = self.with_item(with, 0);
        self.here().conditional -= 1;
        done
    }

    /// The items from `index` on, each inside those before it.
    fn with_item(&mut self, with: &'a ast::StmtWith, index: usize) -> Done {
        let Some(item) = with.items.get(index) else { return self.body(&with.body) };
        let at = item.context_expr.range();
        let (on_exception, exit) = (self.label(), self.label());
        self.expr(&item.context_expr)?;
        if with.is_async {
            self.emit(at, Instr::BeforeAsyncWith(self.exit_form()));
            self.await_of(at, Awaited::Entered);
        } else {
            self.emit(at, Instr::BeforeWith(self.exit_form()));
        }
        self.enter_with(on_exception);
        self.push_frame(Frame::With { at, is_async: with.is_async }, with.range())?;
        match &item.optional_vars {
            Some(target) => self.store(target)?,
            None => self.emit(at, Instr::Pop),
        }
        deeper(|| self.with_item(with, index + 1))?;
        self.pop_frame();
        self.here().asm.end_handler();
        self.exit_with_none(at, with.is_async)?;
        self.emit(at, Instr::Jump(exit));

        self.place(on_exception);
        let (cleanup, suppressed) = (self.label(), self.label());
        self.here().asm.begin_handler(cleanup);
        self.emit(at, Instr::PushExcInfo);
        self.emit(at, Instr::WithExceptStart(self.exit_form()));
        if with.is_async {
            self.await_of(at, Awaited::Exited);
        }
        self.emit(at, Instr::PopJumpIfTrue(suppressed));
        self.emit(at, Instr::Reraise);
        self.place(suppressed);
        self.emit(at, Instr::Pop);
        self.here().asm.end_handler();
        self.emit(nowhere(), Instr::PopExcept);
        for _ in 0..self.exit_form().width() {
            self.emit(nowhere(), Instr::Pop);
        }
        self.emit(nowhere(), Instr::Jump(exit));
        self.pop_except_and_reraise(cleanup);
        self.place(exit);
        Ok(())
    }

    /// The handler of a `with` keeps the exit function, but not the value that was entered.
    fn enter_with(&mut self, on_exception: u32) {
        self.here().asm.begin_handler_below(on_exception, 1);
    }

    /// The exit function moves above the value on top of the stack.
    pub(super) fn exit_over(&mut self, at: TextRange) {
        for depth in (2..=self.exit_form().width() + 1).rev() {
            self.emit(at, Instr::Swap(depth));
        }
    }

    fn exit_form(&self) -> ExitForm {
        if self.profile.with_methods_bound { ExitForm::Bound } else { ExitForm::WithReceiver }
    }

    /// Calls the exit function on top of the stack with three times None and drops the answer.
    pub(super) fn exit_with_none(&mut self, at: TextRange, is_async: bool) -> Done {
        for _ in 0..3 {
            self.load_const(at, &Value::None);
        }
        // A bound method is called as it is; the first None takes the place of a receiver.
        self.emit(at, Instr::Call(self.exit_form().width() + 1));
        if is_async {
            self.await_of(at, Awaited::Exited);
        }
        self.emit(at, Instr::Pop);
        Ok(())
    }
}
