//! Expressions and targets.

use super::super::BlockKind;
use super::{Body, Checked, Checker};
use crate::rules::ScopeErrorPlace;
use crate::syntax::{Ranged, TextRange, ast, deeper, try_parts};

impl Checker<'_> {
    pub(super) fn optional(&mut self, expression: Option<&ast::Expr>) -> Checked {
        expression.map_or(Ok(()), |expression| self.expression(expression))
    }

    pub(super) fn expression(&mut self, expression: &ast::Expr) -> Checked {
        deeper(|| self.expression_step(expression))
    }

    fn expression_step(&mut self, expression: &ast::Expr) -> Checked {
        match expression {
            ast::Expr::Starred(starred) => self.error("can't use starred expression here", starred.range()),
            ast::Expr::List(list) => self.elements(&list.elts),
            ast::Expr::Tuple(tuple) => self.elements(&tuple.elts),
            ast::Expr::Set(set) => self.elements(&set.elts),
            ast::Expr::Named(named) => {
                // Only parentheses can stand between the beginnings of both.
                if self.profile.bare_named_target && named.range().start() < named.target.range().start() {
                    return self.error("cannot use assignment expressions with name", named.target.range());
                }
                self.expression(&named.value)?;
                self.target(&named.target)
            }
            ast::Expr::Subscript(subscript) if !self.profile.named_expression_in_index => {
                let in_tuple = match subscript.slice.as_ref() {
                    ast::Expr::Tuple(tuple) if !tuple.parenthesized => &tuple.elts[..],
                    other => std::slice::from_ref(other),
                };
                let named = in_tuple.iter().filter(|index| index.is_named_expr());
                if let Some(bare) = named.into_iter().find(|index| !self.parsed.is_parenthesized(index.range())) {
                    return self.error("invalid syntax", bare.range());
                }
                self.expression(&subscript.value)?;
                self.expression(&subscript.slice)
            }
            ast::Expr::Call(call) => {
                self.no_repeated_keywords(&call.arguments)?;
                self.expression(&call.func)?;
                self.arguments(&call.arguments)
            }
            ast::Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.parameters(parameters)?;
                }
                self.inside(Body::Function, false, |checker| checker.expression(&lambda.body))
            }
            ast::Expr::ListComp(comp) => {
                self.comprehension(BlockKind::ListComp, comp.range(), &comp.generators, &[&comp.elt])
            }
            ast::Expr::SetComp(comp) => {
                self.comprehension(BlockKind::SetComp, comp.range(), &comp.generators, &[&comp.elt])
            }
            ast::Expr::DictComp(comp) => {
                let parts: Vec<&ast::Expr> = comp.key.as_deref().into_iter().chain([comp.value.as_ref()]).collect();
                self.comprehension(BlockKind::DictComp, comp.range(), &comp.generators, &parts)
            }
            ast::Expr::Generator(comp) => {
                self.comprehension(BlockKind::GenExpr, comp.range(), &comp.generators, &[&comp.elt])
            }
            ast::Expr::Yield(yield_) => {
                self.may_yield(yield_.range())?;
                self.optional(yield_.value.as_deref())
            }
            ast::Expr::YieldFrom(yield_) => {
                self.may_yield(yield_.range())?;
                if self.body() == Body::AsyncFunction {
                    return self.error("'yield from' inside async function", yield_.range());
                }
                self.expression(&yield_.value)
            }
            ast::Expr::Await(await_) => {
                match self.body() {
                    Body::AsyncFunction | Body::Comprehension { .. } => {}
                    Body::Module | Body::Class => return self.error("'await' outside function", await_.range()),
                    Body::Function => return self.error("'await' outside async function", await_.range()),
                }
                self.expression(&await_.value)
            }
            other => try_parts(other, &mut |part| self.expression(part)),
        }
    }

    fn may_yield(&self, range: TextRange) -> Checked {
        match self.body() {
            Body::Module | Body::Class => self.error("'yield' outside function", range),
            Body::Function | Body::AsyncFunction | Body::Comprehension { .. } => Ok(()),
        }
    }

    /// Elements of a display or positional arguments, which may be starred.
    fn elements(&mut self, elements: &[ast::Expr]) -> Checked {
        elements.iter().try_for_each(|element| match element {
            ast::Expr::Starred(starred) => self.expression(&starred.value),
            other => self.expression(other),
        })
    }

    fn no_repeated_keywords(&self, arguments: &ast::Arguments) -> Checked {
        let mut seen = rustc_hash::FxHashSet::default();
        for keyword in &arguments.keywords {
            let Some(name) = &keyword.arg else { continue };
            self.not_debug(name, keyword.range())?;
            if !seen.insert(name.as_str()) {
                let named = if self.profile.repeated_keyword_named { format!(": {name}") } else { String::new() };
                return self.error(format!("keyword argument repeated{named}"), keyword.range());
            }
        }
        Ok(())
    }

    pub(super) fn arguments(&mut self, arguments: &ast::Arguments) -> Checked {
        self.no_repeated_keywords(arguments)?;
        self.elements(&arguments.args)?;
        arguments.keywords.iter().try_for_each(|keyword| self.expression(&keyword.value))
    }

    /// The names of parameters and their defaults.
    pub(super) fn parameters(&mut self, parameters: &ast::Parameters) -> Checked {
        for parameter in parameters.iter() {
            self.not_debug(parameter.name(), parameter.range())?;
        }
        let plain = parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
        plain.into_iter().try_for_each(|parameter| self.optional(parameter.default()))
    }

    fn comprehension(
        &mut self,
        kind: BlockKind,
        range: TextRange,
        generators: &[ast::Comprehension],
        parts: &[&ast::Expr],
    ) -> Checked {
        let waits = self.table.find(range, kind).is_some_and(|id| self.table.block(id).is_coroutine);
        let around_may_wait = match self.body() {
            Body::AsyncFunction => true,
            Body::Comprehension { may_wait } => may_wait,
            Body::Module | Body::Class | Body::Function => false,
        };
        if waits && kind != BlockKind::GenExpr && !around_may_wait {
            let text = "asynchronous comprehension outside of an asynchronous function";
            let mut issue = self.parsed.issue(text, range);
            if self.profile.scope_error_place == ScopeErrorPlace::Block {
                // These versions have no place for it.
                (issue.line, issue.column) = (0, 1);
            }
            return Err(issue);
        }
        if let Some(first) = generators.first() {
            self.expression(&first.iter)?;
        }
        let nests = self.profile.async_comprehensions_nest && (around_may_wait || kind == BlockKind::GenExpr);
        self.inside(Body::Comprehension { may_wait: waits || nests }, false, |checker| {
            for (at, generator) in generators.iter().enumerate() {
                if at > 0 {
                    checker.expression(&generator.iter)?;
                }
                checker.target(&generator.target)?;
                generator.ifs.iter().try_for_each(|condition| checker.expression(condition))?;
            }
            // From 3.15 on an element may be starred.
            parts.iter().try_for_each(|part| match part {
                ast::Expr::Starred(starred) => checker.expression(&starred.value),
                other => checker.expression(other),
            })
        })
    }

    /// Something that is assigned to.
    pub(super) fn target(&mut self, target: &ast::Expr) -> Checked {
        match target {
            ast::Expr::Name(name) => self.not_debug(&name.id, name.range()),
            ast::Expr::Attribute(attribute) => {
                self.expression(&attribute.value)?;
                self.not_debug(&attribute.attr, attribute.range())
            }
            ast::Expr::Starred(starred) => {
                self.error("starred assignment target must be in a list or tuple", starred.range())
            }
            ast::Expr::Tuple(tuple) => self.unpacked(&tuple.elts, tuple.range()),
            ast::Expr::List(list) => self.unpacked(&list.elts, list.range()),
            other => self.expression(other),
        }
    }

    fn unpacked(&mut self, targets: &[ast::Expr], range: TextRange) -> Checked {
        let starred: Vec<usize> = (0..targets.len()).filter(|&at| targets[at].is_starred_expr()).collect();
        if starred.len() > 1 {
            let word = self.profile.starred_targets_word;
            return self.error(format!("{word} starred expressions in assignment"), range);
        }
        // One byte of the instruction counts the targets before the star.
        if starred.first().is_some_and(|&before| before >= 1 << 8) {
            return self.error("too many expressions in star-unpacking assignment", range);
        }
        deeper(|| {
            targets.iter().try_for_each(|target| match target {
                ast::Expr::Starred(starred) => self.target(&starred.value),
                other => self.target(other),
            })
        })
    }

    /// Something that is deleted.
    pub(super) fn deleted(&mut self, target: &ast::Expr) -> Checked {
        match target {
            ast::Expr::Name(name) if name.id.as_str() == "__debug__" && self.profile.debug_not_deletable => {
                self.error("cannot delete __debug__", name.range())
            }
            ast::Expr::Tuple(tuple) => deeper(|| tuple.elts.iter().try_for_each(|target| self.deleted(target))),
            ast::Expr::List(list) => deeper(|| list.elts.iter().try_for_each(|target| self.deleted(target))),
            other => self.expression(other),
        }
    }
}
