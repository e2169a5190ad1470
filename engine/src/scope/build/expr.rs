//! Expressions, parameters, comprehensions and patterns.

use super::super::BlockKind;
use super::super::flags::{Flags, Site};
use super::{Builder, Checked};
use crate::syntax::{Ranged, TextRange, ast, deeper, try_parts};

impl Builder<'_> {
    pub(super) fn optional(&mut self, expression: Option<&ast::Expr>) -> Checked {
        expression.map_or(Ok(()), |expression| self.expression(expression))
    }

    pub(super) fn expressions(&mut self, expressions: &[ast::Expr]) -> Checked {
        expressions.iter().try_for_each(|expression| self.expression(expression))
    }

    pub(super) fn expression(&mut self, expression: &ast::Expr) -> Checked {
        deeper(|| self.expression_step(expression))
    }

    fn expression_step(&mut self, expression: &ast::Expr) -> Checked {
        match expression {
            ast::Expr::Name(name) => match name.ctx {
                ast::ExprContext::Store | ast::ExprContext::Del => self.bind(&name.id, name.range()),
                ast::ExprContext::Load | ast::ExprContext::Invalid => self.read(&name.id, name.range()),
            },
            ast::Expr::Named(named) => self.named(named),
            ast::Expr::Lambda(lambda) => self.lambda(lambda),
            ast::Expr::ListComp(comp) => {
                self.comprehension(BlockKind::ListComp, comp.range(), comp.range(), &comp.generators, &[&comp.elt])
            }
            ast::Expr::SetComp(comp) => {
                self.comprehension(BlockKind::SetComp, comp.range(), comp.range(), &comp.generators, &[&comp.elt])
            }
            ast::Expr::DictComp(comp) => {
                let parts: Vec<&ast::Expr> = comp.key.as_deref().into_iter().chain([comp.value.as_ref()]).collect();
                self.comprehension(BlockKind::DictComp, comp.range(), comp.range(), &comp.generators, &parts)
            }
            ast::Expr::Generator(comp) => {
                let place = self.parsed.generator_range(comp);
                self.comprehension(BlockKind::GenExpr, comp.range(), place, &comp.generators, &[&comp.elt])
            }
            ast::Expr::Yield(yield_) => {
                self.refuse_in_annotation("yield expression", yield_.range())?;
                self.optional(yield_.value.as_deref())?;
                self.yields(yield_.range())
            }
            ast::Expr::YieldFrom(yield_) => {
                self.refuse_in_annotation("yield expression", yield_.range())?;
                self.expression(&yield_.value)?;
                self.yields(yield_.range())
            }
            ast::Expr::Await(await_) => {
                self.refuse_in_annotation("await expression", await_.range())?;
                self.expression(&await_.value)?;
                self.current().is_coroutine = true;
                Ok(())
            }
            other => try_parts(other, &mut |part| self.expression(part)),
        }
    }

    pub(super) fn arguments(&mut self, arguments: &ast::Arguments) -> Checked {
        self.expressions(&arguments.args)?;
        arguments.keywords.iter().try_for_each(|keyword| self.expression(&keyword.value))
    }

    fn named(&mut self, named: &ast::ExprNamed) -> Checked {
        self.refuse_in_annotation("named expression", named.range())?;
        let (in_iterable, kind) = (self.current().in_iterable, self.current().kind);
        if in_iterable > 0 {
            let text = "assignment expression cannot be used in a comprehension iterable expression";
            return self.error_at_named(text, named.range());
        }
        if kind.is_comprehension()
            && self.profile.named_targets_outside
            && let ast::Expr::Name(target) = named.target.as_ref()
        {
            self.bind_outside_comprehensions(&target.id, named.range(), target.range())?;
        }
        self.expression(&named.value)?;
        self.expression(&named.target)
    }

    fn yields(&mut self, range: TextRange) -> Checked {
        let entry = self.current();
        entry.is_generator = true;
        let (kind, place) = (entry.kind, entry.place);
        let within = match kind {
            BlockKind::ListComp => "list comprehension",
            BlockKind::SetComp => "set comprehension",
            BlockKind::DictComp => "dict comprehension",
            BlockKind::GenExpr => "generator expression",
            BlockKind::Module
            | BlockKind::Class
            | BlockKind::Function
            | BlockKind::Lambda
            | BlockKind::Annotation
            | BlockKind::TypeParams => return Ok(()),
        };
        self.error_at_block(format!("'yield' inside {within}"), place, range)
    }

    fn lambda(&mut self, lambda: &ast::ExprLambda) -> Checked {
        if let Some(parameters) = &lambda.parameters {
            self.defaults(parameters)?;
        }
        self.enter(BlockKind::Lambda, "<lambda>", lambda.range(), lambda.range());
        if let Some(parameters) = &lambda.parameters {
            self.parameters(parameters)?;
        }
        self.expression(&lambda.body)?;
        self.leave();
        Ok(())
    }

    /// Defaults are evaluated in the scope around.
    pub(super) fn defaults(&mut self, parameters: &ast::Parameters) -> Checked {
        let plain = parameters.posonlyargs.iter().chain(&parameters.args);
        let defaults = plain.chain(&parameters.kwonlyargs).filter_map(ast::ParameterWithDefault::default);
        defaults.into_iter().try_for_each(|default| self.expression(default))
    }

    pub(super) fn parameters(&mut self, parameters: &ast::Parameters) -> Checked {
        let plain = parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
        let plain = plain.map(|parameter| &parameter.parameter);
        let starred = parameters.vararg.iter().chain(&parameters.kwarg).map(AsRef::as_ref);
        for parameter in plain.chain(starred) {
            // The star is not part of the parameter.
            let range = TextRange::new(parameter.name.range().start(), parameter.range().end());
            self.add(&parameter.name, Flags::PARAM, range)?;
        }
        Ok(())
    }

    fn comprehension(
        &mut self,
        kind: BlockKind,
        range: TextRange,
        place: TextRange,
        generators: &[ast::Comprehension],
        parts: &[&ast::Expr],
    ) -> Checked {
        let Some((first, rest)) = generators.split_first() else { return Ok(()) };
        let name = match kind {
            BlockKind::ListComp => "<listcomp>",
            BlockKind::SetComp => "<setcomp>",
            BlockKind::DictComp => "<dictcomp>",
            _ => "<genexpr>",
        };
        self.iterable(&first.iter)?;
        let around = self.current_id();
        let id = self.enter(kind, name, range, place);
        self.entry(around).sites.push(Site::Comprehension(id));
        let entry = self.current();
        entry.names.add(".0", Flags::PARAM);
        entry.parameters.push(".0".to_string());
        entry.is_coroutine = first.is_async;
        self.target(&first.target)?;
        self.expressions(&first.ifs)?;
        for generator in rest {
            self.iterable(&generator.iter)?;
            self.target(&generator.target)?;
            self.expressions(&generator.ifs)?;
            if generator.is_async {
                self.current().is_coroutine = true;
            }
        }
        // The value of a dict comprehension is declared before its key and evaluated after it.
        let start = self.current().sites.len();
        for part in parts.iter().rev() {
            let later = self.current().sites.split_off(start);
            self.expression(part)?;
            self.current().sites.extend(later);
        }
        let waits = self.current().is_coroutine && kind != BlockKind::GenExpr;
        self.current().is_generator = kind == BlockKind::GenExpr;
        self.leave();
        if waits && self.profile.async_comprehensions_nest {
            self.current().is_coroutine = true;
        }
        Ok(())
    }

    fn iterable(&mut self, iterable: &ast::Expr) -> Checked {
        self.current().in_iterable += 1;
        self.expression(iterable)?;
        self.current().in_iterable -= 1;
        Ok(())
    }

    fn target(&mut self, target: &ast::Expr) -> Checked {
        self.current().in_target = true;
        self.expression(target)?;
        self.current().in_target = false;
        Ok(())
    }

    pub(super) fn pattern(&mut self, pattern: &ast::Pattern) -> Checked {
        deeper(|| self.pattern_step(pattern))
    }

    fn patterns(&mut self, patterns: &[ast::Pattern]) -> Checked {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern))
    }

    fn capture(&mut self, name: Option<&ast::Identifier>) -> Checked {
        name.map_or(Ok(()), |name| self.bind(name, name.range()))
    }

    fn pattern_step(&mut self, pattern: &ast::Pattern) -> Checked {
        match pattern {
            ast::Pattern::MatchValue(value) => self.expression(&value.value),
            ast::Pattern::MatchSingleton(_) => Ok(()),
            ast::Pattern::MatchSequence(sequence) => self.patterns(&sequence.patterns),
            ast::Pattern::MatchMapping(mapping) => {
                self.expressions(&mapping.keys)?;
                self.patterns(&mapping.patterns)?;
                self.capture(mapping.rest.as_ref())
            }
            ast::Pattern::MatchClass(class) => {
                self.expression(&class.cls)?;
                self.patterns(&class.arguments.patterns)?;
                class.arguments.keywords.iter().try_for_each(|keyword| self.pattern(&keyword.pattern))
            }
            ast::Pattern::MatchStar(star) => self.capture(star.name.as_ref()),
            ast::Pattern::MatchAs(as_) => {
                if let Some(pattern) = &as_.pattern {
                    self.pattern(pattern)?;
                }
                self.capture(as_.name.as_ref())
            }
            ast::Pattern::MatchOr(or) => self.patterns(&or.patterns),
        }
    }
}
