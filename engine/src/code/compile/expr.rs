//! Expressions: each leaves one value on the stack.

use super::{Compiler, Done, nowhere};
use crate::code::instr::{Awaited, BinOp, Instr, SuperName, UnOp};
use crate::code::pool::Value;
use crate::syntax::ast::{self, Expr};
use crate::syntax::literal::int_value;
use crate::syntax::{Ranged, TextRange, deeper};

/// The instruction operand of an operator.
pub(super) fn bin_op(op: ast::Operator) -> BinOp {
    match op {
        ast::Operator::Add => BinOp::Add,
        ast::Operator::Sub => BinOp::Sub,
        ast::Operator::Mult => BinOp::Mul,
        ast::Operator::MatMult => BinOp::MatMul,
        ast::Operator::Div => BinOp::Div,
        ast::Operator::Mod => BinOp::Mod,
        ast::Operator::Pow => BinOp::Pow,
        ast::Operator::LShift => BinOp::LShift,
        ast::Operator::RShift => BinOp::RShift,
        ast::Operator::BitOr => BinOp::Or,
        ast::Operator::BitXor => BinOp::Xor,
        ast::Operator::BitAnd => BinOp::And,
        ast::Operator::FloorDiv => BinOp::FloorDiv,
    }
}

/// What a display builds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Display {
    List,
    Set,
    Tuple,
}

impl<'a> Compiler<'a> {
    pub(super) fn expr(&mut self, expr: &'a Expr) -> Done {
        if let Some(value) = self.fold.constant(expr) {
            self.load_folded(expr, &value);
            return Ok(());
        }
        match expr {
            Expr::Name(name) => {
                self.load_name(&name.id, name.range());
                Ok(())
            }
            Expr::NumberLiteral(literal) => {
                // Only an int with too many digits gets here.
                let error = int_value(self.parsed, literal.range(), self.profile).err();
                Err(self.issue(error.map(|error| error.to_string()).unwrap_or_default(), literal.range()))
            }
            _ => deeper(|| self.compound(expr)),
        }
    }

    fn compound(&mut self, expr: &'a Expr) -> Done {
        let at = expr.range();
        match expr {
            Expr::BoolOp(operation) => self.bool_op(operation),
            Expr::Named(named) => {
                let around = self.fold.literals_only;
                self.fold.literals_only |= !self.profile.fold_in_walrus;
                self.expr(&named.value)?;
                self.fold.literals_only = around;
                self.emit(at, Instr::Copy(1));
                self.store(&named.target)
            }
            Expr::BinOp(operation) => self.bin_op(operation),
            Expr::UnaryOp(operation) => self.unary_op(operation),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::If(conditional) => self.conditional(conditional),
            Expr::Dict(dict) => self.dict(dict),
            Expr::Set(set) => self.display(&set.elts, Display::Set, at),
            Expr::List(list) => self.display(&list.elts, Display::List, at),
            Expr::Tuple(tuple) => self.display(&tuple.elts, Display::Tuple, at),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => self.comprehension(expr),
            Expr::Await(awaited) => {
                self.expr(&awaited.value)?;
                self.await_value(at);
                Ok(())
            }
            Expr::Yield(yielded) => self.yield_(yielded),
            Expr::YieldFrom(yielded) => {
                self.expr(&yielded.value)?;
                self.emit(at, Instr::GetYieldFromIter);
                self.load_const(at, &Value::None);
                self.delegate(at);
                Ok(())
            }
            Expr::Compare(compare) => self.compare(compare),
            Expr::Call(call) => self.call(call),
            Expr::FString(fstring) => self.fstring(fstring),
            Expr::TString(tstring) => self.tstring(tstring),
            Expr::Attribute(attribute) => self.attribute(attribute),
            Expr::Subscript(subscript) => {
                self.warn_subscript(subscript);
                self.expr(&subscript.value)?;
                self.expr(&subscript.slice)?;
                self.emit(at, Instr::BinarySubscr);
                Ok(())
            }
            Expr::Starred(starred) => Err(self.issue("can't use starred expression here", starred.range())),
            Expr::Slice(slice) => self.slice(slice),
            Expr::IpyEscapeCommand(_) => Err(self.issue("invalid syntax", at)),
            // Constants and names were taken care of above.
            Expr::Name(_)
            | Expr::NumberLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => Ok(()),
        }
    }

    /// A chain `a + b + c …` is as deep as it is long: it is walked down its left side without recursion.
    fn bin_op(&mut self, operation: &'a ast::ExprBinOp) -> Done {
        if let Some(done) = self.percent_format(operation) {
            return done;
        }
        let mut chain = vec![operation];
        let mut start = &*operation.left;
        while let Expr::BinOp(inner) = start {
            if self.fold.constant(start).is_some() || self.is_percent_format(inner) {
                break;
            }
            chain.push(inner);
            start = &inner.left;
        }
        self.expr(start)?;
        for step in chain.into_iter().rev() {
            self.expr(&step.right)?;
            self.emit(step.range(), Instr::BinaryOp(bin_op(step.op)));
        }
        Ok(())
    }

    fn bool_op(&mut self, operation: &'a ast::ExprBoolOp) -> Done {
        let end = self.label();
        let Some((last, others)) = operation.values.split_last() else { return Ok(()) };
        for value in others {
            self.expr(value)?;
            let jump = match operation.op {
                ast::BoolOp::And => Instr::JumpIfFalseOrPop(end),
                ast::BoolOp::Or => Instr::JumpIfTrueOrPop(end),
            };
            self.emit(operation.range(), jump);
        }
        self.expr(last)?;
        self.place(end);
        Ok(())
    }

    fn unary_op(&mut self, operation: &'a ast::ExprUnaryOp) -> Done {
        let op = match operation.op {
            // `not a is b` is `a is not b`, the same for `in`.
            ast::UnaryOp::Not => {
                if let Expr::Compare(compare) = &*operation.operand
                    && self.negated_test(compare, operation.range())?
                {
                    return Ok(());
                }
                UnOp::Not
            }
            ast::UnaryOp::Invert => UnOp::Invert,
            ast::UnaryOp::UAdd => UnOp::Pos,
            ast::UnaryOp::USub => UnOp::Neg,
        };
        self.expr(&operation.operand)?;
        self.emit(operation.range(), Instr::UnaryOp(op));
        Ok(())
    }

    fn conditional(&mut self, conditional: &'a ast::ExprIf) -> Done {
        let (next, end) = (self.label(), self.label());
        self.jump_if(&conditional.test, next, false)?;
        self.expr(&conditional.body)?;
        self.emit(nowhere(), Instr::Jump(end));
        self.place(next);
        self.expr(&conditional.orelse)?;
        self.place(end);
        Ok(())
    }

    fn attribute(&mut self, attribute: &'a ast::ExprAttribute) -> Done {
        let at = attribute.range();
        if let Some(call) = self.optimizable_super(&attribute.value) {
            self.super_operands(call)?;
            let name = self.attr_index(&attribute.attr);
            self.emit(at, Instr::LoadSuperAttr(SuperName::new(name, !call.arguments.args.is_empty())));
            return Ok(());
        }
        self.expr(&attribute.value)?;
        let name = self.attr_index(&attribute.attr);
        self.emit(at, Instr::LoadAttr(name));
        Ok(())
    }

    fn slice(&mut self, slice: &'a ast::ExprSlice) -> Done {
        let at = slice.range();
        self.slice_part(slice.lower.as_deref(), at)?;
        self.slice_part(slice.upper.as_deref(), at)?;
        if let Some(step) = &slice.step {
            self.expr(step)?;
        }
        self.emit(at, Instr::BuildSlice(if slice.step.is_some() { 3 } else { 2 }));
        Ok(())
    }

    fn slice_part(&mut self, part: Option<&'a Expr>, at: TextRange) -> Done {
        match part {
            Some(part) => self.expr(part),
            None => {
                self.load_const(at, &Value::None);
                Ok(())
            }
        }
    }

    // ---- displays ----------------------------------------------------------------------------------------------

    /// More values than this are not collected on the stack.
    pub(super) fn crowded(&self, count: usize) -> bool {
        self.profile.stack_guideline.is_some_and(|most| count > most)
    }

    /// `[…]`, `{…}`, `(…)`
    pub(super) fn display(&mut self, items: &'a [Expr], kind: Display, at: TextRange) -> Done {
        self.display_after(items, kind, 0, at)
    }

    /// As [`Compiler::display`], with `pushed` items already on the stack.
    pub(super) fn display_after(&mut self, items: &'a [Expr], kind: Display, pushed: u32, at: TextRange) -> Done {
        if let Some(constants) = self.constant_display(items, kind) {
            let build = if kind == Display::Set { Instr::BuildSet(pushed) } else { Instr::BuildList(pushed) };
            self.emit(at, build);
            if self.profile.folded_constants_last {
                items.iter().for_each(|item| self.mention_parts(item));
                self.load_late(at, &constants);
            } else {
                self.load_const(at, &constants);
            }
            self.emit(at, if kind == Display::Set { Instr::SetUpdate(1) } else { Instr::ListExtend(1) });
            return Ok(());
        }
        if kind == Display::Tuple && self.constant_tuple(items, pushed, at) {
            return Ok(());
        }
        let starred = items.iter().any(Expr::is_starred_expr);
        let crowded = self.crowded(items.len());
        if !starred && !crowded {
            items.iter().try_for_each(|item| self.expr(item))?;
            let count = items.len() as u32 + pushed;
            self.emit(
                at,
                match kind {
                    Display::List => Instr::BuildList(count),
                    Display::Set => Instr::BuildSet(count),
                    Display::Tuple => Instr::BuildTuple(count),
                },
            );
            return Ok(());
        }
        let build = |count| if kind == Display::Set { Instr::BuildSet(count) } else { Instr::BuildList(count) };
        let mut built = crowded;
        if crowded {
            self.emit(at, build(pushed));
        }
        for (index, item) in items.iter().enumerate() {
            if let Expr::Starred(starred) = item {
                if !built {
                    self.emit(at, build(index as u32 + pushed));
                    built = true;
                }
                self.expr(&starred.value)?;
                self.emit(at, if kind == Display::Set { Instr::SetUpdate(1) } else { Instr::ListExtend(1) });
            } else {
                self.expr(item)?;
                if built {
                    self.emit(at, if kind == Display::Set { Instr::SetAdd(1) } else { Instr::ListAppend(1) });
                }
            }
        }
        if kind == Display::Tuple {
            self.emit(at, Instr::Intrinsic(crate::code::instr::Intrinsic::ListToTuple));
        }
        Ok(())
    }

    /// Positional arguments that are all constants, of a call that needs a tuple of them. False if they are not.
    fn constant_tuple(&mut self, items: &'a [Expr], pushed: u32, at: TextRange) -> bool {
        let Some(values) = self.fold.items(items) else { return false };
        let lengths = self.profile.constant_displays.as_ref();
        let several = lengths.is_some_and(|lengths| lengths.contains(&items.len()));
        match pushed {
            0 if several && !self.profile.folded_constants_last => self.load_const(at, &Value::Tuple(values)),
            0 => {
                let parts: Vec<&Expr> = items.iter().collect();
                self.load_folded_tuple(at, values, &parts);
            }
            _ if !several || self.profile.folded_constants_last => return false,
            _ => {
                self.emit(at, Instr::BuildList(pushed));
                self.load_const(at, &Value::Tuple(values));
                self.emit(at, Instr::ListExtend(1));
                self.emit(at, Instr::Intrinsic(crate::code::instr::Intrinsic::ListToTuple));
            }
        }
        true
    }

    /// A list or set of several constants is filled from one constant.
    fn constant_display(&self, items: &[Expr], kind: Display) -> Option<Value> {
        let lengths = self.profile.constant_displays.as_ref()?;
        if !lengths.contains(&items.len()) || kind == Display::Tuple {
            return None;
        }
        let values = self.fold.items(items)?;
        Some(if kind == Display::Set { Value::FrozenSet(values) } else { Value::Tuple(values) })
    }

    fn dict(&mut self, dict: &'a ast::ExprDict) -> Done {
        let at = dict.range();
        let mut have = false;
        let mut from = 0;
        for (index, item) in dict.items.iter().enumerate() {
            if item.key.is_none() {
                have = self.sub_dict(dict.items.get(from..index).unwrap_or(&[]), have, at)?;
                from = index + 1;
                if !have {
                    self.emit(at, Instr::BuildMap(0));
                    have = true;
                }
                self.expr(&item.value)?;
                self.emit(at, Instr::DictUpdate(1));
            } else if self.crowded((index - from) * 2) {
                have = self.sub_dict(dict.items.get(from..=index).unwrap_or(&[]), have, at)?;
                from = index + 1;
            }
        }
        have = self.sub_dict(dict.items.get(from..).unwrap_or(&[]), have, at)?;
        if !have {
            self.emit(at, Instr::BuildMap(0));
        }
        Ok(())
    }

    /// A run of `key: value` pairs, merged into the dict below if there is one.
    fn sub_dict(&mut self, items: &'a [ast::DictItem], have: bool, at: TextRange) -> Result<bool, super::SyntaxIssue> {
        if items.is_empty() {
            return Ok(have);
        }
        let count = items.len();
        let keys: Option<Vec<Value>> =
            items.iter().map(|item| item.key.as_ref().and_then(|key| self.fold.constant(key))).collect();
        match keys {
            Some(keys) if count > 1 && self.profile.constant_key_maps && !self.crowded(count * 2) => {
                items.iter().try_for_each(|item| self.expr(&item.value))?;
                self.load_const(at, &Value::Tuple(keys));
                self.emit(at, Instr::BuildConstKeyMap(count as u32));
            }
            _ => {
                let crowded = self.crowded(count * 2);
                if crowded {
                    self.emit(at, Instr::BuildMap(0));
                }
                for item in items {
                    let value_first = !self.profile.display_key_first;
                    if value_first {
                        self.expr(&item.value)?;
                    }
                    if let Some(key) = &item.key {
                        self.expr(key)?;
                    }
                    if value_first {
                        self.emit(at, Instr::Swap(2));
                    } else {
                        self.expr(&item.value)?;
                    }
                    if crowded {
                        self.emit(at, Instr::MapAdd(1));
                    }
                }
                if !crowded {
                    self.emit(at, Instr::BuildMap(count as u32));
                }
            }
        }
        if have {
            self.emit(at, Instr::DictUpdate(1));
        }
        Ok(true)
    }

    /// The iterable of `for` and the right side of `in`: a list or set display is never changed, so a tuple does.
    pub(super) fn iterable(&mut self, expr: &'a Expr) -> Done {
        match expr {
            Expr::List(list) if !list.elts.iter().any(Expr::is_starred_expr) => match self.fold.items(&list.elts) {
                Some(items) => self.load_folded(expr, &Value::Tuple(items)),
                None => return self.display(&list.elts, Display::Tuple, list.range()),
            },
            Expr::Set(set) => match self.fold.items(&set.elts) {
                Some(items) => self.load_folded(expr, &Value::FrozenSet(items)),
                None => return self.expr(expr),
            },
            _ => return self.expr(expr),
        }
        Ok(())
    }

    // ---- generators and coroutines -----------------------------------------------------------------------------

    fn yield_(&mut self, yielded: &'a ast::ExprYield) -> Done {
        let at = yielded.range();
        match &yielded.value {
            Some(value) => self.expr(value)?,
            None => self.load_const(at, &Value::None),
        }
        self.emit_yield(at);
        Ok(())
    }

    /// Yields the top of the stack.
    pub(super) fn emit_yield(&mut self, at: TextRange) {
        if self.this().kind() == crate::code::BodyKind::AsyncGenerator {
            self.emit(at, Instr::Intrinsic(crate::code::instr::Intrinsic::AsyncGenWrap));
        }
        self.emit(at, Instr::Yield);
    }

    /// `await`: the awaitable is on the stack.
    pub(super) fn await_value(&mut self, at: TextRange) {
        self.await_of(at, Awaited::Value);
    }

    /// The same for what a method of an asynchronous context manager gave.
    pub(super) fn await_of(&mut self, at: TextRange, of: Awaited) {
        self.emit(at, Instr::GetAwaitable(of));
        self.load_const(at, &Value::None);
        self.delegate(at);
    }

    /// Passes values between the caller and a sub-iterator: `receiver None -- result`.
    pub(super) fn delegate(&mut self, at: TextRange) {
        let (send, fail, exit) = (self.label(), self.label(), self.label());
        self.place(send);
        self.emit(at, Instr::Send(exit));
        self.here().asm.begin_handler(fail);
        self.emit(at, Instr::Yield);
        self.here().asm.end_handler();
        self.emit(at, Instr::Jump(send));
        self.place(fail);
        self.emit(at, Instr::CleanupThrow);
        self.place(exit);
        self.emit(at, Instr::Swap(2));
        self.emit(at, Instr::Pop);
    }
}
