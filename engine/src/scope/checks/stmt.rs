//! Statements.

use super::super::BlockKind;
use super::super::future::is_future;
use super::{Body, Checked, Checker, Surround};
use crate::rules::ScopeErrorPlace;
use crate::syntax::{Ranged, TextRange, ast, deeper};

const LEAVES_EXCEPT_STAR: &str = "'break', 'continue' and 'return' cannot appear in an except* block";

impl Checker<'_> {
    pub(super) fn suite(&mut self, suite: &[ast::Stmt]) -> Checked {
        for statement in suite {
            self.last_statement = statement.range();
            deeper(|| self.statement(statement))?;
        }
        Ok(())
    }

    fn statement(&mut self, statement: &ast::Stmt) -> Checked {
        match statement {
            ast::Stmt::FunctionDef(def) => self.function_def(def),
            ast::Stmt::ClassDef(def) => self.class_def(def),
            ast::Stmt::Return(return_) => self.return_statement(return_),
            ast::Stmt::Delete(delete) => delete.targets.iter().try_for_each(|target| self.deleted(target)),
            ast::Stmt::TypeAlias(alias) => self.expression(&alias.value),
            ast::Stmt::Assign(assign) => {
                self.expression(&assign.value)?;
                assign.targets.iter().try_for_each(|target| self.target(target))
            }
            ast::Stmt::AugAssign(assign) => {
                self.target(&assign.target)?;
                self.expression(&assign.value)
            }
            ast::Stmt::AnnAssign(assign) => {
                self.optional(assign.value.as_deref())?;
                self.target(&assign.target)?;
                let evaluated = matches!(self.body(), Body::Module | Body::Class);
                if evaluated && !self.table.future_annotations { self.expression(&assign.annotation) } else { Ok(()) }
            }
            ast::Stmt::For(for_) => {
                if for_.is_async {
                    self.only_async("async for", for_.range())?;
                }
                self.expression(&for_.iter)?;
                self.within(Surround::Loop, for_.range(), |checker| {
                    checker.target(&for_.target)?;
                    checker.suite(&for_.body)
                })?;
                self.suite(&for_.orelse)
            }
            ast::Stmt::While(while_) => {
                self.expression(&while_.test)?;
                self.within(Surround::Loop, while_.range(), |checker| checker.suite(&while_.body))?;
                self.suite(&while_.orelse)
            }
            ast::Stmt::If(if_) => {
                self.expression(&if_.test)?;
                self.suite(&if_.body)?;
                for clause in &if_.elif_else_clauses {
                    self.optional(clause.test.as_ref())?;
                    self.suite(&clause.body)?;
                }
                Ok(())
            }
            ast::Stmt::With(with) => {
                if with.is_async {
                    self.only_async("async with", with.range())?;
                }
                self.with_items(&with.items, with)
            }
            ast::Stmt::Match(match_) => self.match_statement(match_),
            ast::Stmt::Raise(raise) => {
                self.optional(raise.exc.as_deref())?;
                self.optional(raise.cause.as_deref())
            }
            ast::Stmt::Try(try_) => self.try_statement(try_),
            ast::Stmt::Assert(assert) => {
                self.expression(&assert.test)?;
                self.optional(assert.msg.as_deref())
            }
            ast::Stmt::Import(import) => self.imported(&import.names),
            ast::Stmt::ImportFrom(import) => {
                if is_future(import) && import.range().start() >= self.last_future {
                    let text = "from __future__ imports must occur at the beginning of the file";
                    return self.error(text, import.range());
                }
                self.imported(&import.names)
            }
            ast::Stmt::Expr(expression) => self.expression(&expression.value),
            ast::Stmt::Break(statement) => self.jump("'break' outside loop", statement.range()),
            ast::Stmt::Continue(statement) => self.jump("'continue' not properly in loop", statement.range()),
            ast::Stmt::Global(_) | ast::Stmt::Nonlocal(_) | ast::Stmt::Pass(_) | ast::Stmt::IpyEscapeCommand(_) => {
                Ok(())
            }
        }
    }

    fn jump(&self, outside: &str, range: TextRange) -> Checked {
        let blocks = self.frames.last().map_or(&[][..], |frame| &frame.blocks);
        match blocks.iter().rev().find(|block| **block != Surround::Other) {
            Some(Surround::Loop) => Ok(()),
            Some(Surround::ExceptStar) => self.error(LEAVES_EXCEPT_STAR, range),
            Some(Surround::Other) | None => self.error(outside, range),
        }
    }

    fn return_statement(&mut self, return_: &ast::StmtReturn) -> Checked {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        if matches!(frame.body, Body::Module | Body::Class) {
            return self.error("'return' outside function", return_.range());
        }
        if return_.value.is_some() && frame.async_generator {
            return self.error("'return' with value in async generator", return_.range());
        }
        let leaves = frame.blocks.contains(&Surround::ExceptStar);
        self.optional(return_.value.as_deref())?;
        if leaves { self.error(LEAVES_EXCEPT_STAR, return_.range()) } else { Ok(()) }
    }

    fn only_async(&self, what: &str, range: TextRange) -> Checked {
        match self.body() {
            Body::AsyncFunction => Ok(()),
            Body::Module | Body::Class | Body::Function | Body::Comprehension { .. } => {
                self.error(format!("'{what}' outside async function"), range)
            }
        }
    }

    fn with_items(&mut self, items: &[ast::WithItem], with: &ast::StmtWith) -> Checked {
        let Some((first, rest)) = items.split_first() else { return self.suite(&with.body) };
        self.expression(&first.context_expr)?;
        self.within(Surround::Other, first.range(), |checker| {
            if let Some(target) = &first.optional_vars {
                checker.target(target)?;
            }
            checker.with_items(rest, with)
        })
    }

    fn try_statement(&mut self, try_: &ast::StmtTry) -> Checked {
        if try_.finalbody.is_empty() {
            return self.try_handlers(try_);
        }
        self.within(Surround::Other, try_.range(), |checker| {
            if try_.handlers.is_empty() { checker.suite(&try_.body) } else { checker.try_handlers(try_) }
        })?;
        self.within(Surround::Other, try_.range(), |checker| checker.suite(&try_.finalbody))
    }

    fn try_handlers(&mut self, try_: &ast::StmtTry) -> Checked {
        self.within(Surround::Other, try_.range(), |checker| checker.suite(&try_.body))?;
        self.suite(&try_.orelse)?;
        let surround = if try_.is_star { Surround::ExceptStar } else { Surround::Other };
        let last = try_.handlers.len().saturating_sub(1);
        for (at, handler) in try_.handlers.iter().enumerate() {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            if handler.type_.is_none() && at < last {
                let place = match self.profile.scope_error_place {
                    ScopeErrorPlace::Block => self.last_statement,
                    ScopeErrorPlace::Node => handler.range(),
                };
                return self.error("default 'except:' must be last", place);
            }
            self.optional(handler.type_.as_deref())?;
            if let Some(name) = &handler.name {
                self.not_debug(name, handler.range())?;
            }
            self.within(surround, handler.range(), |checker| checker.suite(&handler.body))?;
        }
        Ok(())
    }

    fn imported(&mut self, names: &[ast::Alias]) -> Checked {
        names.iter().try_for_each(|alias| self.not_debug(alias.asname.as_ref().unwrap_or(&alias.name), alias.range()))
    }

    fn function_def(&mut self, def: &ast::StmtFunctionDef) -> Checked {
        def.decorator_list.iter().try_for_each(|decorator| self.expression(&decorator.expression))?;
        let start = self.parsed.definition_start(&def.decorator_list, def.range());
        self.not_debug(&def.name, TextRange::new(start, def.range().end()))?;
        self.parameters(&def.parameters)?;
        self.type_parameters(def.type_params.as_deref())?;
        if !self.table.future_annotations {
            let annotations = def.parameters.iter().filter_map(|parameter| parameter.annotation());
            for annotation in annotations.chain(def.returns.as_deref()) {
                self.annotation(annotation)?;
            }
        }
        let block = self.table.find(def.range(), BlockKind::Function).map(|id| self.table.block(id));
        let async_generator = def.is_async && block.is_some_and(|block| block.is_generator);
        let body = if def.is_async { Body::AsyncFunction } else { Body::Function };
        self.inside(body, async_generator, |checker| checker.suite(&def.body))
    }

    /// `*args: *Ts` is the one place where an annotation may be starred.
    fn annotation(&mut self, annotation: &ast::Expr) -> Checked {
        match annotation {
            ast::Expr::Starred(starred) => self.expression(&starred.value),
            other => self.expression(other),
        }
    }

    fn class_def(&mut self, def: &ast::StmtClassDef) -> Checked {
        def.decorator_list.iter().try_for_each(|decorator| self.expression(&decorator.expression))?;
        let start = self.parsed.definition_start(&def.decorator_list, def.range());
        self.not_debug(&def.name, TextRange::new(start, def.range().end()))?;
        self.type_parameters(def.type_params.as_deref())?;
        self.inside(Body::Class, false, |checker| checker.suite(&def.body))?;
        def.arguments.as_ref().map_or(Ok(()), |arguments| self.arguments(arguments))
    }

    fn type_parameters(&mut self, parameters: Option<&ast::TypeParams>) -> Checked {
        let Some(parameters) = parameters else { return Ok(()) };
        let mut with_default = false;
        for parameter in &parameters.type_params {
            let (name, bound, default) = match parameter {
                ast::TypeParam::TypeVar(variable) => (&variable.name, variable.bound.as_deref(), &variable.default),
                ast::TypeParam::TypeVarTuple(tuple) => (&tuple.name, None, &tuple.default),
                ast::TypeParam::ParamSpec(spec) => (&spec.name, None, &spec.default),
            };
            self.not_debug(name, parameter.range())?;
            self.optional(bound)?;
            match default {
                Some(default) => self.annotation(default)?,
                None if with_default => {
                    let text = format!("non-default type parameter '{name}' follows default type parameter");
                    return self.error(text, parameter.range());
                }
                None => {}
            }
            with_default |= default.is_some();
        }
        Ok(())
    }
}
