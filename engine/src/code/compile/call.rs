//! Calls: `callable self|null args`, methods without a bound method in between, and the forms with stars.

use super::expr::Display;
use super::{Compiler, Done, Keywords};
use crate::code::instr::{Instr, SuperName};
use crate::code::pool::Value;
use crate::scope::{Access, BlockId, BlockKind, Place};
use crate::syntax::ast::{self, Expr};
use crate::syntax::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    pub(super) fn call(&mut self, call: &'a ast::ExprCall) -> Done {
        self.warn_call(call);
        let at = call.range();
        if self.method_call(call)? {
            return Ok(());
        }
        self.expr(&call.func)?;
        self.emit(call.func.range(), Instr::PushNull);
        self.arguments(&call.arguments.args, &call.arguments.keywords, 0, at)
    }

    /// `object.method(…)`: the function and the object go on the stack. False if the call is not of that form.
    fn method_call(&mut self, call: &'a ast::ExprCall) -> Result<bool, super::SyntaxIssue> {
        let Expr::Attribute(attribute) = &*call.func else { return Ok(false) };
        let arguments = &call.arguments;
        let unpacks = arguments.args.iter().any(Expr::is_starred_expr)
            || arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
        let named = arguments.keywords.len();
        let count = arguments.args.len() + named + usize::from(named > 0);
        let crowded = self.profile.stack_guideline.is_some_and(|most| count >= most / 2);
        if unpacks || crowded || (named > 0 && !self.profile.method_call_keywords) {
            return Ok(false);
        }
        let at = call.range();
        if let Some(inner) = self.optimizable_super(&attribute.value) {
            self.super_operands(inner)?;
            let name = self.attr_index(&attribute.attr);
            self.emit(
                attribute.range(),
                Instr::LoadSuperMethod(SuperName::new(name, !inner.arguments.args.is_empty())),
            );
        } else {
            self.expr(&attribute.value)?;
            let name = self.attr_index(&attribute.attr);
            self.emit(attribute.range(), Instr::LoadMethod(name));
        }
        self.arguments(&arguments.args, &arguments.keywords, 0, at)?;
        Ok(true)
    }

    /// The arguments and the call. `callable null` and `pushed` positional arguments are on the stack.
    pub(super) fn arguments(&mut self, args: &'a [Expr], keywords: Keywords<'a>, pushed: u32, at: TextRange) -> Done {
        let unpacks = args.iter().any(Expr::is_starred_expr) || keywords.iter().any(|keyword| keyword.arg.is_none());
        if unpacks || self.crowded(args.len() + pushed as usize + keywords.len() * 2) {
            return self.unpacking_call(args, keywords, pushed, at);
        }
        args.iter().try_for_each(|arg| self.expr(arg))?;
        let positional = args.len() as u32 + pushed;
        if keywords.is_empty() {
            self.emit(at, Instr::Call(positional));
            return Ok(());
        }
        keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))?;
        let names = Self::keyword_names(keywords);
        self.load_const(at, &names);
        self.emit(at, Instr::CallKw(positional + keywords.len() as u32));
        Ok(())
    }

    /// Keywords of a call are not mangled.
    fn keyword_names(keywords: Keywords<'a>) -> Value {
        let names = keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
        Value::Tuple(names.map(|name| Value::text(name)).collect())
    }

    /// `f(*a, **b)`: one tuple and one dict.
    fn unpacking_call(&mut self, args: &'a [Expr], keywords: Keywords<'a>, pushed: u32, at: TextRange) -> Done {
        match args {
            // The one iterable is handed over as it is.
            [Expr::Starred(starred)] if pushed == 0 => self.expr(&starred.value)?,
            _ => self.display_after(args, Display::Tuple, pushed, at)?,
        }
        self.keywords_and_call(keywords, at)
    }

    /// The keywords as one dict, and the call: `callable null args_tuple -- result`.
    pub(super) fn keywords_and_call(&mut self, keywords: Keywords<'a>, at: TextRange) -> Done {
        let mut have = false;
        let mut from = 0;
        for (index, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                continue;
            }
            have = self.sub_kwargs(keywords.get(from..index).unwrap_or(&[]), have, at)?;
            from = index + 1;
            if !have {
                self.emit(at, Instr::BuildMap(0));
                have = true;
            }
            self.expr(&keyword.value)?;
            self.emit(at, Instr::DictMerge(1));
        }
        have = self.sub_kwargs(keywords.get(from..).unwrap_or(&[]), have, at)?;
        self.emit(at, Instr::CallEx(have));
        Ok(())
    }

    /// A run of `name=value`, merged into the dict below if there is one.
    fn sub_kwargs(&mut self, run: Keywords<'a>, have: bool, at: TextRange) -> Result<bool, super::SyntaxIssue> {
        if run.is_empty() {
            return Ok(have);
        }
        if run.len() > 1 && self.profile.constant_key_maps && !self.crowded(run.len() * 2) {
            run.iter().try_for_each(|keyword| self.expr(&keyword.value))?;
            let names = Self::keyword_names(run);
            self.load_const(at, &names);
            self.emit(at, Instr::BuildConstKeyMap(run.len() as u32));
        } else {
            let crowded = self.crowded(run.len() * 2);
            if crowded {
                self.emit(at, Instr::BuildMap(0));
            }
            for keyword in run {
                let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
                self.load_text(at, name);
                self.expr(&keyword.value)?;
                if crowded {
                    self.emit(at, Instr::MapAdd(1));
                }
            }
            if !crowded {
                self.emit(at, Instr::BuildMap(run.len() as u32));
            }
        }
        if have {
            self.emit(at, Instr::DictMerge(1));
        }
        Ok(true)
    }

    // ---- super -------------------------------------------------------------------------------------------------

    /// The call `super(…)`, where its attribute can be read without making the super object.
    pub(super) fn optimizable_super(&self, value: &'a Expr) -> Option<&'a ast::ExprCall> {
        if !self.profile.super_attributes {
            return None;
        }
        let Expr::Call(call) = value else { return None };
        let Expr::Name(name) = &*call.func else { return None };
        if name.id.as_str() != "super" || !call.arguments.keywords.is_empty() {
            return None;
        }
        let body = self.this();
        let plain = self.table.place(body.scope(), "super") == Place::Global;
        let module = self.block(BlockId(0)).symbol("super").is_none_or(|symbol| !symbol.bound);
        if !plain || !module {
            return None;
        }
        match call.arguments.args.as_ref() {
            [class, object] => (!class.is_starred_expr() && !object.is_starred_expr()).then_some(call),
            [] => {
                let method = body.block.kind == BlockKind::Function && body.parameters.positional > 0;
                let class = body.block.symbol("__class__").is_some_and(|symbol| symbol.access == Access::Free);
                (method && class && body.inlined.is_empty()).then_some(call)
            }
            _ => None,
        }
    }

    /// `super class self`
    pub(super) fn super_operands(&mut self, call: &'a ast::ExprCall) -> Done {
        let at = call.func.range();
        self.load_name("super", at);
        if call.arguments.args.is_empty() {
            self.load_name("__class__", at);
            let first = self.this().block.varnames.first().cloned().unwrap_or_default();
            self.load_name(&first, at);
            return Ok(());
        }
        call.arguments.args.iter().try_for_each(|arg| self.expr(arg))
    }
}
