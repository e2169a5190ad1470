//! `match` statements and their patterns.

use super::{Checked, Checker};
use crate::syntax::{Ranged, TextRange, ast, deeper};
use std::collections::BTreeSet;

/// Names bound so far by a pattern.
type Captures = BTreeSet<String>;

impl Checker<'_> {
    pub(super) fn match_statement(&mut self, match_: &ast::StmtMatch) -> Checked {
        self.expression(&match_.subject)?;
        let last = match_.cases.len().saturating_sub(1);
        for (at, case) in match_.cases.iter().enumerate() {
            let may_match_all = case.guard.is_some() || at == last;
            self.pattern(&case.pattern, may_match_all, &mut Captures::new())?;
            self.optional(case.guard.as_deref())?;
            self.suite(&case.body)?;
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &ast::Pattern, may_match_all: bool, captures: &mut Captures) -> Checked {
        deeper(|| self.pattern_step(pattern, may_match_all, captures))
    }

    fn pattern_step(&mut self, pattern: &ast::Pattern, may_match_all: bool, captures: &mut Captures) -> Checked {
        match pattern {
            ast::Pattern::MatchValue(value) if value.value.is_f_string_expr() => {
                self.error("patterns may only match literals and attribute lookups", value.range())
            }
            ast::Pattern::MatchValue(value) => self.expression(&value.value),
            ast::Pattern::MatchSingleton(_) => Ok(()),
            ast::Pattern::MatchSequence(sequence) => {
                let starred = sequence.patterns.iter().filter(|pattern| pattern.is_match_star()).count();
                if starred > 1 {
                    return self.error("multiple starred names in sequence pattern", sequence.range());
                }
                sequence.patterns.iter().try_for_each(|pattern| self.pattern(pattern, true, captures))
            }
            ast::Pattern::MatchMapping(mapping) => {
                let mut seen = Vec::new();
                for key in &mapping.keys {
                    if let Some(text) = self.literal_key(key) {
                        if seen.contains(&text) {
                            let text = format!("mapping pattern checks duplicate key ({text})");
                            return self.error(text, mapping.range());
                        }
                        seen.push(text);
                    }
                    self.expression(key)?;
                }
                mapping.patterns.iter().try_for_each(|pattern| self.pattern(pattern, true, captures))?;
                self.capture(mapping.rest.as_ref(), mapping.range(), captures)
            }
            ast::Pattern::MatchClass(class) => {
                for (at, keyword) in class.arguments.keywords.iter().enumerate() {
                    let before = class.arguments.keywords.iter().take(at);
                    if before.into_iter().any(|other| other.attr.as_str() == keyword.attr.as_str()) {
                        let text = format!("attribute name repeated in class pattern: {}", keyword.attr);
                        return self.error(text, keyword.pattern.range());
                    }
                }
                self.expression(&class.cls)?;
                let keywords = class.arguments.keywords.iter().map(|keyword| &keyword.pattern);
                let mut inner = class.arguments.patterns.iter().chain(keywords);
                inner.try_for_each(|pattern| self.pattern(pattern, true, captures))
            }
            ast::Pattern::MatchStar(star) => self.capture(star.name.as_ref(), star.range(), captures),
            ast::Pattern::MatchAs(as_) => {
                let Some(inner) = &as_.pattern else {
                    return match &as_.name {
                        None if may_match_all => Ok(()),
                        None => self.error("wildcard makes remaining patterns unreachable", as_.range()),
                        Some(name) if !may_match_all => {
                            let text = format!("name capture '{name}' makes remaining patterns unreachable");
                            self.error(text, as_.range())
                        }
                        Some(name) => self.capture(Some(name), as_.range(), captures),
                    };
                };
                self.capture(as_.name.as_ref(), as_.range(), captures)?;
                self.pattern(inner, may_match_all, captures)
            }
            ast::Pattern::MatchOr(or) => self.alternatives(or, may_match_all, captures),
        }
    }

    fn alternatives(&mut self, or: &ast::PatternMatchOr, may_match_all: bool, captures: &mut Captures) -> Checked {
        let mut first: Option<Captures> = None;
        let last = or.patterns.len().saturating_sub(1);
        for (at, pattern) in or.patterns.iter().enumerate() {
            let mut own = Captures::new();
            self.pattern(pattern, at == last && may_match_all, &mut own)?;
            match &first {
                None => first = Some(own),
                Some(names) if *names == own => {}
                Some(_) => return self.error("alternative patterns bind different names", or.range()),
            }
        }
        for name in first.into_iter().flatten() {
            self.captured(&name, or.range(), captures)?;
        }
        Ok(())
    }

    fn capture(&self, name: Option<&ast::Identifier>, range: TextRange, captures: &mut Captures) -> Checked {
        name.map_or(Ok(()), |name| self.captured(name, range, captures))
    }

    fn captured(&self, name: &str, range: TextRange, captures: &mut Captures) -> Checked {
        self.not_debug(name, range)?;
        if captures.insert(name.to_string()) {
            return Ok(());
        }
        self.error(format!("multiple assignments to name '{name}' in pattern"), range)
    }

    /// A literal key as CPython shows it; the few forms whose text is not their value are left out.
    fn literal_key(&self, key: &ast::Expr) -> Option<String> {
        let simple = match key {
            ast::Expr::NumberLiteral(_) | ast::Expr::BooleanLiteral(_) | ast::Expr::NoneLiteral(_) => true,
            ast::Expr::StringLiteral(string) => !string.value.is_implicit_concatenated(),
            ast::Expr::BytesLiteral(bytes) => !bytes.value.is_implicit_concatenated(),
            _ => false,
        };
        simple.then(|| self.parsed.slice(key.range()).replace('"', "'"))
    }
}
