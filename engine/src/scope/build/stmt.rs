//! Statements and definitions.

use super::super::flags::{Flags, Site};
use super::super::{BlockId, BlockKind};
use super::{Builder, Checked};
use crate::rules::{FutureAnnotations, TryOrder};
use crate::syntax::{Ranged, TextRange, ast, deeper};
use rustc_hash::FxHashSet;

impl Builder<'_> {
    pub(super) fn suite(&mut self, suite: &[ast::Stmt]) -> Checked {
        for statement in suite {
            deeper(|| self.statement(statement))?;
        }
        Ok(())
    }

    /// A suite that may not run.
    fn conditional_suite(&mut self, suite: &[ast::Stmt]) -> Checked {
        self.current().conditional += 1;
        // After an error nobody asks any more.
        self.suite(suite)?;
        self.current().conditional -= 1;
        Ok(())
    }

    fn statement(&mut self, statement: &ast::Stmt) -> Checked {
        match statement {
            ast::Stmt::FunctionDef(def) => self.function_def(def),
            ast::Stmt::ClassDef(def) => self.class_def(def),
            ast::Stmt::Return(return_) => self.optional(return_.value.as_deref()),
            ast::Stmt::Delete(delete) => self.expressions(&delete.targets),
            ast::Stmt::TypeAlias(alias) => self.type_alias(alias),
            ast::Stmt::Assign(assign) => {
                self.expression(&assign.value)?;
                self.expressions(&assign.targets)
            }
            ast::Stmt::AugAssign(assign) => {
                match assign.target.as_ref() {
                    ast::Expr::Name(name) if !self.profile.augmented_assignments_bind => {
                        self.add(&name.id, Flags::USE, name.range())?;
                    }
                    target => self.expression(target)?,
                }
                self.expression(&assign.value)
            }
            ast::Stmt::AnnAssign(assign) => self.annotated(assign),
            ast::Stmt::For(for_) => {
                self.expression(&for_.iter)?;
                self.expression(&for_.target)?;
                self.conditional_suite(&for_.body)?;
                self.conditional_suite(&for_.orelse)
            }
            ast::Stmt::While(while_) => {
                self.expression(&while_.test)?;
                self.conditional_suite(&while_.body)?;
                self.conditional_suite(&while_.orelse)
            }
            ast::Stmt::If(if_) => {
                self.expression(&if_.test)?;
                let unseen = usize::from(!self.profile.dead_code_binds && is_false(&if_.test));
                self.unseen += unseen;
                self.conditional_suite(&if_.body)?;
                self.unseen -= unseen;
                for clause in &if_.elif_else_clauses {
                    self.optional(clause.test.as_ref())?;
                    self.conditional_suite(&clause.body)?;
                }
                Ok(())
            }
            ast::Stmt::With(with) => {
                for item in &with.items {
                    self.expression(&item.context_expr)?;
                    self.optional(item.optional_vars.as_deref())?;
                }
                self.conditional_suite(&with.body)
            }
            ast::Stmt::Match(match_) => {
                self.expression(&match_.subject)?;
                for case in &match_.cases {
                    self.pattern(&case.pattern)?;
                    self.optional(case.guard.as_deref())?;
                    self.conditional_suite(&case.body)?;
                }
                Ok(())
            }
            ast::Stmt::Raise(raise) => {
                self.optional(raise.exc.as_deref())?;
                self.optional(raise.cause.as_deref())
            }
            ast::Stmt::Try(try_) => self.try_statement(try_),
            ast::Stmt::Assert(assert) => {
                self.expression(&assert.test)?;
                self.optional(assert.msg.as_deref())
            }
            ast::Stmt::Import(import) => self.import(&import.names),
            ast::Stmt::ImportFrom(import) => self.import(&import.names),
            ast::Stmt::Global(global) => self.declare(Flags::GLOBAL, "global", &global.names, global.range()),
            ast::Stmt::Nonlocal(nonlocal) => {
                self.declare(Flags::NONLOCAL, "nonlocal", &nonlocal.names, nonlocal.range())
            }
            ast::Stmt::Expr(expression) => self.expression(&expression.value),
            ast::Stmt::Pass(_) | ast::Stmt::Break(_) | ast::Stmt::Continue(_) | ast::Stmt::IpyEscapeCommand(_) => {
                Ok(())
            }
        }
    }

    /// The blocks are declared in one order and compiled in another, which moves what code mentions.
    fn try_statement(&mut self, try_: &ast::StmtTry) -> Checked {
        let start = self.current().sites.len();
        self.conditional_suite(&try_.body)?;
        let body = self.current().sites.split_off(start);
        let (orelse, handlers) = if self.profile.else_declared_first {
            self.conditional_suite(&try_.orelse)?;
            let orelse = self.current().sites.split_off(start);
            self.handlers(&try_.handlers)?;
            (orelse, self.current().sites.split_off(start))
        } else {
            self.handlers(&try_.handlers)?;
            let handlers = self.current().sites.split_off(start);
            self.conditional_suite(&try_.orelse)?;
            (self.current().sites.split_off(start), handlers)
        };
        self.conditional_suite(&try_.finalbody)?;
        let finalbody = self.current().sites.split_off(start);
        let compiled = match self.profile.try_order {
            TryOrder::FinallyFirst => [finalbody, body, handlers, orelse],
            TryOrder::HandlersFirst => [body, handlers, orelse, finalbody],
            TryOrder::ElseFirst => [body, orelse, handlers, finalbody],
        };
        self.current().sites.extend(compiled.into_iter().flatten());
        Ok(())
    }

    fn handlers(&mut self, handlers: &[ast::ExceptHandler]) -> Checked {
        for handler in handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            self.optional(handler.type_.as_deref())?;
            if let Some(name) = &handler.name {
                self.bind(name, handler.range())?;
            }
            self.conditional_suite(&handler.body)?;
        }
        Ok(())
    }

    fn import(&mut self, names: &[ast::Alias]) -> Checked {
        for alias in names {
            if alias.name.as_str() == "*" {
                let (kind, place) = (self.current().kind, self.current().place);
                if kind != BlockKind::Module {
                    return self.error_at_block("import * only allowed at module level", place, alias.range());
                }
                continue;
            }
            let bound = match &alias.asname {
                Some(name) => name.as_str(),
                None => alias.name.as_str().split('.').next().unwrap_or_default(),
            };
            self.add(bound, Flags::IMPORT, alias.range())?;
            self.mention(bound);
        }
        Ok(())
    }

    fn declare(&mut self, flag: Flags, word: &str, names: &[ast::Identifier], range: TextRange) -> Checked {
        for name in names {
            let present = self.lookup(name);
            let refuse = self.profile.late_declarations;
            let wrong = if present.any(Flags::PARAM) && refuse.of_parameters_refused {
                Some(format!("name '{name}' is parameter and {word}"))
            } else if present.any(Flags::PARAM) || !refuse.after_uses_refused {
                None
            } else if present.any(Flags::USE) {
                Some(format!("name '{name}' is used prior to {word} declaration"))
            } else if present.any(Flags::ANNOT) {
                Some(format!("annotated name '{name}' can't be {word}"))
            } else if present.any(Flags::LOCAL) {
                Some(format!("name '{name}' is assigned to before {word} declaration"))
            } else {
                None
            };
            if let Some(text) = wrong {
                return self.error(text, range);
            }
            self.add(name, flag, range)?;
            self.record_directive(self.current_id(), name, range);
        }
        Ok(())
    }

    fn annotated(&mut self, assign: &ast::StmtAnnAssign) -> Checked {
        if let ast::Expr::Name(target) = assign.target.as_ref() {
            let present = self.lookup(&target.id);
            if assign.simple && self.current_id() != BlockId(0) && present.any(Flags::GLOBAL | Flags::NONLOCAL) {
                let word = if present.any(Flags::GLOBAL) { "global" } else { "nonlocal" };
                return self.error(format!("annotated name '{}' can't be {word}", target.id), assign.range());
            }
            self.optional(assign.value.as_deref())?;
            if assign.simple {
                self.add(&target.id, Flags::ANNOT | Flags::LOCAL, target.range())?;
            } else if assign.value.is_some() {
                self.add(&target.id, Flags::LOCAL, target.range())?;
            }
            if assign.value.is_some() {
                self.mention(&target.id);
            }
        } else {
            self.optional(assign.value.as_deref())?;
            self.expression(&assign.target)?;
        }
        self.variable_annotation(&assign.annotation)
    }

    /// The annotation of a variable.
    fn variable_annotation(&mut self, annotation: &ast::Expr) -> Checked {
        if self.profile.annotations_lazy && !self.future {
            let around = self.current_id();
            let (kind, range, conditional) = {
                let entry = self.current();
                // A module may be used before all of it has run.
                (entry.kind, entry.range, entry.conditional > 0 || entry.kind == BlockKind::Module)
            };
            if kind.is_function_like() {
                self.enter_annotation(annotation.range());
                self.current().unevaluated = true;
            } else if let Some(present) = self.current().annotations {
                self.stack.push(present);
            } else {
                let id = self.enter_annotation(range);
                self.entry(around).annotations = Some(id);
            }
            if !kind.is_function_like() && conditional {
                self.entry(around).conditional_annotations = true;
                self.add("__conditional_annotations__", Flags::USE, annotation.range())?;
            }
            self.expression(annotation)?;
            self.leave();
            return Ok(());
        }
        let (kind, mentioned) = (self.current().kind, self.current().sites.len());
        self.eager_annotation(annotation)?;
        if kind.is_function_like() {
            // Its names are known, but nothing evaluates it.
            self.current().sites.truncate(mentioned);
        }
        Ok(())
    }

    /// An annotation of a version that evaluates them, or makes text of them under the future import.
    fn eager_annotation(&mut self, annotation: &ast::Expr) -> Checked {
        match (self.future, self.profile.future_annotations) {
            (false, _) | (true, FutureAnnotations::SameScope) => self.expression(annotation),
            (true, FutureAnnotations::OwnScopeQuoted | FutureAnnotations::OwnScope) => {
                self.enter(BlockKind::Annotation, "_annotation", annotation.range(), annotation.range());
                self.current().within = "an annotation";
                // It becomes text, so its names have no effect on the scopes around.
                self.current().unevaluated = true;
                self.expression(annotation)?;
                self.leave();
                Ok(())
            }
        }
    }

    /// Enters the scope of annotations, which sees the names of a class directly around it.
    fn enter_annotation(&mut self, range: TextRange) -> BlockId {
        self.enter_class_viewer(BlockKind::Annotation, "__annotate__", range, "an annotation")
    }

    /// Enters a scope that sees the names of a class directly around it.
    fn enter_class_viewer(&mut self, kind: BlockKind, name: &str, range: TextRange, within: &'static str) -> BlockId {
        let sees_class = self.current().kind == BlockKind::Class || self.current().sees_class;
        let id = self.enter(kind, name, range, range);
        let entry = self.current();
        entry.within = within;
        entry.sees_class = sees_class;
        if sees_class {
            entry.names.add("__classdict__", Flags::USE);
        }
        id
    }

    fn function_def(&mut self, def: &ast::StmtFunctionDef) -> Checked {
        let start = self.parsed.definition_start(&def.decorator_list, def.range());
        let place = TextRange::new(start, def.range().end());
        for decorator in &def.decorator_list {
            self.expression(&decorator.expression)?;
        }
        self.defaults(&def.parameters)?;
        if let Some(parameters) = &def.type_params {
            self.type_parameters(parameters, &def.name, def.range(), false)?;
            let entry = self.current();
            for (has, name) in [
                (def.parameters.iter_non_variadic_params().any(|p| p.default.is_some()), ".defaults"),
                (def.parameters.kwonlyargs.iter().any(|p| p.default.is_some()), ".kwdefaults"),
            ] {
                if has {
                    entry.names.add(name, Flags::PARAM);
                    entry.parameters.push(name.to_string());
                }
            }
        }
        self.signature_annotations(def)?;
        self.enter(BlockKind::Function, &def.name, def.range(), place);
        self.current().is_coroutine = def.is_async;
        self.parameters(&def.parameters)?;
        self.suite(&def.body)?;
        self.leave();
        if def.type_params.is_some() {
            self.leave();
        }
        self.bind(&def.name, place)
    }

    fn signature_annotations(&mut self, def: &ast::StmtFunctionDef) -> Checked {
        let parameters = &def.parameters;
        let plain = parameters.posonlyargs.iter().chain(&parameters.args).map(|p| &p.parameter);
        let starred = parameters.vararg.iter().map(AsRef::as_ref);
        let keyword = parameters.kwonlyargs.iter().map(|p| &p.parameter);
        let double = parameters.kwarg.iter().map(AsRef::as_ref);
        let all = plain.chain(starred).chain(keyword).chain(double).filter_map(ast::Parameter::annotation);
        let all: Vec<&ast::Expr> = all.chain(def.returns.as_deref()).collect();
        if !self.profile.annotations_lazy {
            return all.into_iter().try_for_each(|annotation| self.eager_annotation(annotation));
        }
        let makes_cell = self.profile.class_namespace_cell && !self.future && self.current().kind == BlockKind::Class;
        if all.is_empty() && !makes_cell {
            return Ok(());
        }
        if self.future {
            // The function that is asked for the annotations gives their texts.
            self.enter(BlockKind::Annotation, "__annotate__", def.range(), def.range());
            self.current().within = "an annotation";
            self.current().unevaluated = true;
        } else {
            self.enter_annotation(def.range());
        }
        for annotation in all {
            self.expression(annotation)?;
        }
        self.leave();
        Ok(())
    }

    fn class_def(&mut self, def: &ast::StmtClassDef) -> Checked {
        let start = self.parsed.definition_start(&def.decorator_list, def.range());
        let place = TextRange::new(start, def.range().end());
        for decorator in &def.decorator_list {
            self.expression(&decorator.expression)?;
        }
        let outer = self.private.clone();
        if let Some(parameters) = &def.type_params {
            self.private = Some(def.name.to_string());
            self.type_parameters(parameters, &def.name, def.range(), true)?;
            let entry = self.current();
            for name in [".type_params", ".generic_base"] {
                entry.names.add(name, Flags::LOCAL | Flags::USE);
                entry.sites.push(Site::Name(name.to_string()));
            }
        }
        if let Some(arguments) = &def.arguments {
            self.arguments(arguments)?;
        }
        self.private = Some(def.name.to_string());
        self.enter(BlockKind::Class, &def.name, def.range(), place);
        if def.type_params.is_some() {
            let entry = self.current();
            entry.names.add("__type_params__", Flags::LOCAL);
            entry.names.add(".type_params", Flags::USE);
        }
        self.suite(&def.body)?;
        self.leave();
        if def.type_params.is_some() {
            self.leave();
        }
        self.private = outer;
        self.bind(&def.name, place)
    }

    fn type_alias(&mut self, alias: &ast::StmtTypeAlias) -> Checked {
        let name = match alias.name.as_ref() {
            ast::Expr::Name(name) => name.id.to_string(),
            _ => String::new(),
        };
        if let Some(parameters) = &alias.type_params {
            self.type_parameters(parameters, &name, alias.range(), false)?;
        }
        self.enter_class_viewer(BlockKind::Annotation, &name, alias.value.range(), "a type alias");
        self.expression(&alias.value)?;
        self.leave();
        if alias.type_params.is_some() {
            self.leave();
        }
        self.bind(&name, alias.name.range())
    }

    /// Enters the scope of type parameters and binds them.
    fn type_parameters(
        &mut self,
        parameters: &ast::TypeParams,
        name: &str,
        range: TextRange,
        of_class: bool,
    ) -> Checked {
        let name = format!("<generic parameters of {name}>");
        self.enter_class_viewer(BlockKind::TypeParams, &name, range, "the definition of a generic");
        if of_class {
            // Bases are written outside the class: only the parameters themselves are private to it.
            let own: FxHashSet<String> = parameters.iter().map(|p| type_parameter_name(p).to_string()).collect();
            self.current().mangled = Some(own);
        }
        for parameter in &parameters.type_params {
            let name = type_parameter_name(parameter);
            self.add(name, Flags::TYPE_PARAM | Flags::LOCAL, parameter.range())?;
            self.mention(name);
            match parameter {
                ast::TypeParam::TypeVar(variable) => {
                    if let Some(bound) = &variable.bound {
                        let within = if bound.is_tuple_expr() { "a TypeVar constraint" } else { "a TypeVar bound" };
                        self.type_parameter_value(name, bound, within)?;
                    }
                    if let Some(default) = &variable.default {
                        self.type_parameter_value(name, default, "a TypeVar default")?;
                    }
                }
                ast::TypeParam::TypeVarTuple(tuple) => {
                    if let Some(default) = &tuple.default {
                        self.type_parameter_value(name, default, "a TypeVarTuple default")?;
                    }
                }
                ast::TypeParam::ParamSpec(spec) => {
                    if let Some(default) = &spec.default {
                        self.type_parameter_value(name, default, "a ParamSpec default")?;
                    }
                }
            }
        }
        Ok(())
    }

    fn type_parameter_value(&mut self, name: &str, value: &ast::Expr, within: &'static str) -> Checked {
        self.enter_class_viewer(BlockKind::Annotation, name, value.range(), within);
        self.expression(value)?;
        self.leave();
        Ok(())
    }
}

fn type_parameter_name(parameter: &ast::TypeParam) -> &str {
    match parameter {
        ast::TypeParam::TypeVar(variable) => &variable.name,
        ast::TypeParam::TypeVarTuple(tuple) => &tuple.name,
        ast::TypeParam::ParamSpec(spec) => &spec.name,
    }
}

/// A test that is written to fail.
fn is_false(test: &ast::Expr) -> bool {
    matches!(test, ast::Expr::BooleanLiteral(literal) if !literal.value)
}
