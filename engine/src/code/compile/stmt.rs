//! Statements other than those with files of their own.

use super::expr::bin_op;
use super::{Compiler, Done, nowhere};
use crate::code::CompileMode;
use crate::code::instr::{Instr, Intrinsic};
use crate::code::pool::Value;
use crate::scope::BlockKind;
use crate::syntax::ast::{self, Expr, Stmt};
use crate::syntax::{Ranged, TextRange, deeper};

impl<'a> Compiler<'a> {
    /// A sequence of statements.
    pub(super) fn body(&mut self, suite: &'a [Stmt]) -> Done {
        suite.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    /// A sequence of statements that may run never or more than once.
    pub(super) fn inner_body(&mut self, suite: &'a [Stmt]) -> Done {
        self.here().conditional += 1;
        let done = self.body(suite);
        self.here().conditional -= 1;
        done
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Done {
        match stmt {
            Stmt::Expr(statement) => self.expr_stmt(statement),
            Stmt::Assign(assign) => self.assign(assign),
            Stmt::Return(return_) => self.return_(return_),
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::Break(statement) => self.leave_loop(true, statement.range()),
            Stmt::Continue(statement) => self.leave_loop(false, statement.range()),
            _ => deeper(|| self.compound_stmt(stmt)),
        }
    }

    fn compound_stmt(&mut self, stmt: &'a Stmt) -> Done {
        match stmt {
            Stmt::FunctionDef(def) => self.function_def(def),
            Stmt::ClassDef(class) => self.class_def(class),
            Stmt::Delete(delete) => delete.targets.iter().try_for_each(|target| self.delete(target)),
            Stmt::TypeAlias(alias) => self.type_alias(alias),
            Stmt::AugAssign(assign) => self.aug_assign(assign),
            Stmt::AnnAssign(assign) => self.ann_assign(assign),
            Stmt::For(for_) => self.for_(for_),
            Stmt::While(while_) => self.while_(while_),
            Stmt::If(if_) => self.if_(if_),
            Stmt::With(with) => self.with(with),
            Stmt::Match(match_) => self.match_(match_),
            Stmt::Raise(raise) => self.raise(raise),
            Stmt::Try(try_) => self.try_(try_),
            Stmt::Assert(assert) => self.assert(assert),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::IpyEscapeCommand(command) => Err(self.issue("invalid syntax", command.range())),
            // The others were taken care of by `stmt`.
            Stmt::Expr(_)
            | Stmt::Assign(_)
            | Stmt::Return(_)
            | Stmt::Pass(_)
            | Stmt::Global(_)
            | Stmt::Nonlocal(_)
            | Stmt::Break(_)
            | Stmt::Continue(_) => Ok(()),
        }
    }

    fn expr_stmt(&mut self, statement: &'a ast::StmtExpr) -> Done {
        let at = statement.range();
        if self.mode == CompileMode::Single && self.bodies.len() == 1 {
            self.expr(&statement.value)?;
            self.emit(at, Instr::Intrinsic(Intrinsic::Print));
            return Ok(());
        }
        if self.fold.constant(&statement.value).is_some() {
            // A constant that nobody takes leaves no code.
            if self.profile.folded_constants_last && self.fold.literal(&statement.value).is_none() {
                self.mention_parts(&statement.value);
            }
            return Ok(());
        }
        self.expr(&statement.value)?;
        self.emit(nowhere(), Instr::Pop);
        Ok(())
    }

    fn assign(&mut self, assign: &'a ast::StmtAssign) -> Done {
        if let [target] = assign.targets.as_slice()
            && let Some((targets, values)) = self.exchange(target, &assign.value)
        {
            values.iter().try_for_each(|value| self.expr(value))?;
            if values.len() > 1 {
                self.emit(target.range(), Instr::Swap(values.len() as u32));
            }
            return targets.iter().try_for_each(|target| self.store(target));
        }
        self.expr(&assign.value)?;
        let Some((last, others)) = assign.targets.split_last() else { return Ok(()) };
        for target in others {
            self.emit(assign.range(), Instr::Copy(1));
            self.store(target)?;
        }
        self.store(last)
    }

    /// `a, b = b, a` makes no tuple; the targets and values, if the assignment is of that form.
    fn exchange(&self, target: &'a Expr, value: &'a Expr) -> Option<(&'a [Expr], &'a [Expr])> {
        let targets = match target {
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::List(list) => &list.elts,
            _ => return None,
        };
        let Expr::Tuple(values) = value else { return None };
        let starred = targets.iter().chain(&values.elts).any(Expr::is_starred_expr);
        let few = (1..=3).contains(&targets.len()) && targets.len() == values.elts.len();
        let constant = !self.profile.folded_constants_last && self.fold.constant(value).is_some();
        (few && !starred && !constant).then_some((targets, &values.elts))
    }

    fn return_(&mut self, return_: &'a ast::StmtReturn) -> Done {
        let at = return_.range();
        let constant = match &return_.value {
            None => Some(Value::None),
            Some(value) => self.fold.constant(value),
        };
        if let Some(value) = constant {
            return self.unwind_all(false, at, |compiler| {
                match &return_.value {
                    Some(expr) => compiler.load_folded(expr, &value),
                    None => compiler.load_const(at, &value),
                }
                compiler.emit(at, Instr::Return);
            });
        }
        if let Some(value) = &return_.value {
            self.expr(value)?;
        }
        self.unwind_all(true, at, |compiler| compiler.emit(at, Instr::Return))
    }

    fn raise(&mut self, raise: &'a ast::StmtRaise) -> Done {
        let operands = [raise.exc.as_deref(), raise.cause.as_deref()];
        let mut count = 0;
        for operand in operands.into_iter().flatten() {
            self.expr(operand)?;
            count += 1;
        }
        self.emit(raise.range(), Instr::Raise(count));
        Ok(())
    }

    fn assert(&mut self, assert: &'a ast::StmtAssert) -> Done {
        let left_out = self.optimize >= 1;
        if !left_out || self.profile.left_out_assert_warns {
            self.warn_assert(assert);
        }
        if left_out {
            return Ok(());
        }
        let end = self.label();
        let at = assert.range();
        self.jump_if(&assert.test, end, true)?;
        if self.profile.assertion_error_by_name {
            let name = self.name_index("AssertionError");
            self.emit(at, Instr::LoadGlobal(name));
        } else {
            self.emit(at, Instr::LoadAssertionError);
        }
        if let Some(message) = &assert.msg {
            self.emit(at, Instr::PushNull);
            self.expr(message)?;
            self.emit(at, Instr::Call(1));
        }
        self.emit(assert.test.range(), Instr::Raise(1));
        self.place(end);
        Ok(())
    }

    /// The object and the index of the target are evaluated once.
    fn aug_assign(&mut self, assign: &'a ast::StmtAugAssign) -> Done {
        let at = assign.range();
        let op = Instr::InplaceOp(bin_op(assign.op));
        match &*assign.target {
            Expr::Attribute(target) => {
                self.expr(&target.value)?;
                self.emit(target.range(), Instr::Copy(1));
                let name = self.attr_index(&target.attr);
                self.emit(target.range(), Instr::LoadAttr(name));
                self.expr(&assign.value)?;
                self.emit(at, op);
                self.emit(target.range(), Instr::Swap(2));
                if !self.profile.augmented_target_once {
                    self.emit(target.range(), Instr::Pop);
                    self.expr(&target.value)?;
                }
                self.emit(target.range(), Instr::StoreAttr(name));
            }
            Expr::Subscript(target) => {
                self.expr(&target.value)?;
                self.expr(&target.slice)?;
                self.emit(target.range(), Instr::Copy(2));
                self.emit(target.range(), Instr::Copy(2));
                self.emit(target.range(), Instr::BinarySubscr);
                self.expr(&assign.value)?;
                self.emit(at, op);
                self.emit(target.range(), Instr::Swap(3));
                self.emit(target.range(), Instr::Swap(2));
                self.emit(target.range(), Instr::StoreSubscr);
            }
            Expr::Name(target) => {
                self.load_name(&target.id, target.range());
                self.expr(&assign.value)?;
                self.emit(at, op);
                self.store_name(&target.id, target.range());
            }
            other => return Err(self.issue("illegal expression for augmented assignment", other.range())),
        }
        Ok(())
    }

    fn delete(&mut self, target: &'a Expr) -> Done {
        let at = target.range();
        match target {
            Expr::Name(name) => {
                self.delete_name(&name.id, at);
                Ok(())
            }
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value)?;
                let name = self.attr_index(&attribute.attr);
                self.emit(at, Instr::DeleteAttr(name));
                Ok(())
            }
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value)?;
                self.expr(&subscript.slice)?;
                self.emit(at, Instr::DeleteSubscr);
                Ok(())
            }
            Expr::Tuple(tuple) => deeper(|| tuple.elts.iter().try_for_each(|item| self.delete(item))),
            Expr::List(list) => deeper(|| list.elts.iter().try_for_each(|item| self.delete(item))),
            other => Err(self.issue("cannot delete expression", other.range())),
        }
    }

    /// Whether annotations of names of this body are kept.
    pub(super) fn keeps_annotations(&self) -> bool {
        matches!(self.this().block.kind, BlockKind::Module | BlockKind::Class)
    }

    /// The place of a statement's keyword, after decorators.
    pub(super) fn after_decorators(&self, range: TextRange, decorators: &[ast::Decorator]) -> TextRange {
        let Some(last) = decorators.last() else { return range };
        let rest = TextRange::new(last.range().end(), range.end());
        let text = self.parsed.slice(rest);
        let mut skipped = 0;
        for line in text.split_inclusive('\n') {
            let code = line.trim_start();
            if !code.is_empty() && !code.starts_with('#') {
                skipped += line.len() - code.len();
                break;
            }
            skipped += line.len();
        }
        let start = rest.start() + crate::syntax::TextSize::new(skipped as u32);
        if start < range.end() { TextRange::new(start, range.end()) } else { range }
    }
}
