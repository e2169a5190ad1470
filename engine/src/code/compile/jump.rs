//! Conditions: an expression that decides where control goes, without a bool in between where possible.

use super::{Compiler, Done, nowhere};
use crate::code::instr::{Instr, Label};
use crate::syntax::ast::{self, Expr};
use crate::syntax::{Ranged, deeper};

impl<'a> Compiler<'a> {
    /// Jumps to `target` if the expression is as true as `when`, else goes on.
    pub(super) fn jump_if(&mut self, expr: &'a Expr, target: Label, when: bool) -> Done {
        deeper(|| self.jump_if_inner(expr, target, when))
    }

    fn jump_if_inner(&mut self, expr: &'a Expr, target: Label, when: bool) -> Done {
        match expr {
            Expr::UnaryOp(operation) if operation.op == ast::UnaryOp::Not && self.fold.constant(expr).is_none() => {
                return self.jump_if(&operation.operand, target, !when);
            }
            Expr::BoolOp(operation) => return self.jump_if_bool_op(operation, target, when),
            Expr::If(conditional) => {
                let (orelse, end) = (self.label(), self.label());
                self.jump_if(&conditional.test, orelse, false)?;
                self.jump_if(&conditional.body, target, when)?;
                self.emit(nowhere(), Instr::Jump(end));
                self.place(orelse);
                self.jump_if(&conditional.orelse, target, when)?;
                self.place(end);
                return Ok(());
            }
            Expr::Compare(compare) if compare.ops.len() > 1 => return self.jump_if_chain(compare, target, when),
            Expr::Compare(compare) => {
                if self.profile.none_tests_jump
                    && let ([op @ (ast::CmpOp::Is | ast::CmpOp::IsNot)], [Expr::NoneLiteral(_)]) =
                        (compare.ops.as_ref(), compare.comparators.as_ref())
                {
                    self.warn_compare(compare);
                    self.expr(&compare.left)?;
                    self.mention_none();
                    let none = (*op == ast::CmpOp::Is) == when;
                    let jump = if none { Instr::PopJumpIfNone(target) } else { Instr::PopJumpIfNotNone(target) };
                    self.emit(compare.range(), jump);
                    return Ok(());
                }
            }
            _ => {}
        }
        self.expr(expr)?;
        let jump = if when { Instr::PopJumpIfTrue(target) } else { Instr::PopJumpIfFalse(target) };
        self.emit(expr.range(), jump);
        Ok(())
    }

    fn jump_if_bool_op(&mut self, operation: &'a ast::ExprBoolOp, target: Label, when: bool) -> Done {
        let Some((last, others)) = operation.values.split_last() else { return Ok(()) };
        let is_or = operation.op == ast::BoolOp::Or;
        let end = self.label();
        let short = if is_or == when { target } else { end };
        for value in others {
            self.jump_if(value, short, is_or)?;
        }
        self.jump_if(last, target, when)?;
        self.place(end);
        Ok(())
    }

    fn jump_if_chain(&mut self, compare: &'a ast::ExprCompare, target: Label, when: bool) -> Done {
        self.warn_compare(compare);
        let at = compare.range();
        let (cleanup, end) = (self.label(), self.label());
        let mut steps = compare.ops.iter().zip(compare.comparators.iter()).peekable();
        self.expr(&compare.left)?;
        while let Some((&op, right)) = steps.next() {
            let last = steps.peek().is_none();
            self.right_side(op, right, last)?;
            if last {
                self.emit_compare(op, at);
                let jump = if when { Instr::PopJumpIfTrue(target) } else { Instr::PopJumpIfFalse(target) };
                self.emit(at, jump);
                break;
            }
            self.emit(at, Instr::Swap(2));
            self.emit(at, Instr::Copy(2));
            self.emit_compare(op, at);
            self.emit(at, Instr::PopJumpIfFalse(cleanup));
        }
        self.emit(nowhere(), Instr::Jump(end));
        self.place(cleanup);
        self.emit(at, Instr::Pop);
        if !when {
            self.emit(nowhere(), Instr::Jump(target));
        }
        self.place(end);
        Ok(())
    }
}
