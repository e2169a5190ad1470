//! Comparisons, single and chained.

use super::{Compiler, Done, SyntaxIssue};
use crate::code::instr::{CmpOp, Instr};
use crate::syntax::ast::{self, Expr};
use crate::syntax::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    pub(super) fn compare(&mut self, compare: &'a ast::ExprCompare) -> Done {
        self.warn_compare(compare);
        let at = compare.range();
        let mut steps = compare.ops.iter().zip(compare.comparators.iter()).peekable();
        let (cleanup, end) = (self.label(), self.label());
        let chained = compare.ops.len() > 1;
        self.expr(&compare.left)?;
        while let Some((&op, right)) = steps.next() {
            let last = steps.peek().is_none();
            self.right_side(op, right, last)?;
            if last {
                self.emit_compare(op, at);
                break;
            }
            self.emit(at, Instr::Swap(2));
            self.emit(at, Instr::Copy(2));
            self.emit_compare(op, at);
            self.emit(at, Instr::JumpIfFalseOrPop(cleanup));
            if !self.profile.chained_operands_once {
                self.emit(at, Instr::Pop);
                self.expr(right)?;
            }
        }
        if chained {
            self.emit(super::nowhere(), Instr::Jump(end));
            self.place(cleanup);
            self.emit(at, Instr::Swap(2));
            self.emit(at, Instr::Pop);
            self.place(end);
        }
        Ok(())
    }

    /// The right operand; a display after the last `in` becomes a constant.
    pub(super) fn right_side(&mut self, op: ast::CmpOp, right: &'a Expr, last: bool) -> Done {
        let membership = matches!(op, ast::CmpOp::In | ast::CmpOp::NotIn);
        if membership && last { self.iterable(right) } else { self.expr(right) }
    }

    pub(super) fn emit_compare(&mut self, op: ast::CmpOp, at: TextRange) {
        self.emit(
            at,
            match op {
                ast::CmpOp::Eq => Instr::Compare(CmpOp::Eq),
                ast::CmpOp::NotEq => Instr::Compare(CmpOp::Ne),
                ast::CmpOp::Lt => Instr::Compare(CmpOp::Lt),
                ast::CmpOp::LtE => Instr::Compare(CmpOp::Le),
                ast::CmpOp::Gt => Instr::Compare(CmpOp::Gt),
                ast::CmpOp::GtE => Instr::Compare(CmpOp::Ge),
                ast::CmpOp::Is => Instr::IsOp(false),
                ast::CmpOp::IsNot => Instr::IsOp(true),
                ast::CmpOp::In => Instr::ContainsOp(false),
                ast::CmpOp::NotIn => Instr::ContainsOp(true),
            },
        );
    }

    /// `not a is b` and `not a in b` as one test; false if the comparison is of another kind.
    pub(super) fn negated_test(&mut self, compare: &'a ast::ExprCompare, at: TextRange) -> Result<bool, SyntaxIssue> {
        let ([op], [right]) = (compare.ops.as_ref(), compare.comparators.as_ref()) else { return Ok(false) };
        let negated = match op {
            ast::CmpOp::Is => ast::CmpOp::IsNot,
            ast::CmpOp::IsNot => ast::CmpOp::Is,
            ast::CmpOp::In => ast::CmpOp::NotIn,
            ast::CmpOp::NotIn => ast::CmpOp::In,
            ast::CmpOp::Eq
            | ast::CmpOp::NotEq
            | ast::CmpOp::Lt
            | ast::CmpOp::LtE
            | ast::CmpOp::Gt
            | ast::CmpOp::GtE => return Ok(false),
        };
        self.warn_compare(compare);
        self.expr(&compare.left)?;
        self.right_side(*op, right, true)?;
        self.emit_compare(negated, at);
        Ok(true)
    }
}
