//! Patterns with parts: sequences, mappings and classes.

use super::pattern::{Attempt, is_wildcard};
use super::{Compiler, Done};
use crate::code::instr::{BinOp, CmpOp, Instr};
use crate::code::pool::Value;
use crate::syntax::ast::{self, Pattern};
use crate::syntax::{Ranged, TextRange};

/// `*_`
fn is_star_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchStar(star) if star.name.is_none())
}

impl<'a> Compiler<'a> {
    /// A part of a pattern may always match.
    fn part(&mut self, pattern: &'a Pattern, attempt: &mut Attempt) -> Done {
        let before = std::mem::replace(&mut attempt.allow_irrefutable, true);
        let done = self.pattern(pattern, attempt);
        attempt.allow_irrefutable = before;
        done
    }

    fn load_count(&mut self, count: usize, at: TextRange) {
        self.load_const(at, &Value::Int(count.into()));
    }

    /// Fails unless the length of the top of the stack compares so with `count`.
    fn check_length(&mut self, count: usize, op: CmpOp, attempt: &mut Attempt, at: TextRange) {
        self.emit(at, Instr::GetLen);
        self.load_count(count, at);
        self.emit(at, Instr::Compare(op));
        self.fail_if(Instr::PopJumpIfFalse, attempt, at);
    }

    // ---- sequences -------------------------------------------------------------------------------------------------

    pub(super) fn sequence_pattern(&mut self, sequence: &'a ast::PatternMatchSequence, attempt: &mut Attempt) -> Done {
        let at = sequence.range();
        let patterns = sequence.patterns.as_slice();
        let star = patterns.iter().position(|pattern| matches!(pattern, Pattern::MatchStar(_)));
        let star_wildcard = patterns.iter().any(is_star_wildcard);
        let only_wildcards = patterns.iter().all(|pattern| is_wildcard(pattern) || is_star_wildcard(pattern));
        attempt.on_top += 1;
        self.emit(at, Instr::MatchSequence);
        self.fail_if(Instr::PopJumpIfFalse, attempt, at);
        match star {
            None => self.check_length(patterns.len(), CmpOp::Eq, attempt, at),
            Some(_) if patterns.len() > 1 => self.check_length(patterns.len() - 1, CmpOp::Ge, attempt, at),
            Some(_) => {}
        }
        attempt.on_top -= 1;
        match star {
            _ if only_wildcards => {
                self.emit(at, Instr::Pop);
                Ok(())
            }
            Some(star) if star_wildcard => self.items_by_index(patterns, star, attempt, at),
            _ => self.items_by_unpacking(patterns, attempt, at),
        }
    }

    fn items_by_unpacking(&mut self, patterns: &'a [Pattern], attempt: &mut Attempt, at: TextRange) -> Done {
        self.emit_unpack(patterns, |pattern| matches!(pattern, Pattern::MatchStar(_)), at)?;
        attempt.on_top += patterns.len();
        for pattern in patterns {
            attempt.on_top -= 1;
            self.part(pattern, attempt)?;
        }
        Ok(())
    }

    /// With `*_` the items in the middle need not be looked at.
    fn items_by_index(&mut self, patterns: &'a [Pattern], star: usize, attempt: &mut Attempt, at: TextRange) -> Done {
        attempt.on_top += 1;
        for (index, pattern) in patterns.iter().enumerate() {
            if index == star || is_wildcard(pattern) {
                continue;
            }
            self.emit(at, Instr::Copy(1));
            if index < star {
                self.load_count(index, at);
            } else {
                self.emit(at, Instr::GetLen);
                self.load_count(patterns.len() - index, at);
                self.emit(at, Instr::BinaryOp(BinOp::Sub));
            }
            self.emit(at, Instr::BinarySubscr);
            self.part(pattern, attempt)?;
        }
        attempt.on_top -= 1;
        self.emit(at, Instr::Pop);
        Ok(())
    }

    // ---- classes ---------------------------------------------------------------------------------------------------

    pub(super) fn class_pattern(&mut self, class: &'a ast::PatternMatchClass, attempt: &mut Attempt) -> Done {
        let at = class.range();
        let positional = class.arguments.patterns.as_slice();
        let named = class.arguments.keywords.as_slice();
        self.expr(&class.cls)?;
        let names = named.iter().map(|keyword| Value::text(keyword.attr.as_str())).collect();
        self.load_const(at, &Value::Tuple(names));
        self.emit(at, Instr::MatchClass(positional.len() as u32));
        self.unless_none(attempt, 1, at);
        let count = positional.len() + named.len();
        self.emit(at, Instr::UnpackSequence(count as u32));
        attempt.on_top += count;
        attempt.on_top -= 1;
        let patterns = positional.iter().chain(named.iter().map(|keyword| &keyword.pattern));
        for pattern in patterns {
            attempt.on_top -= 1;
            if is_wildcard(pattern) {
                self.emit(at, Instr::Pop);
            } else {
                self.part(pattern, attempt)?;
            }
        }
        Ok(())
    }

    /// Fails if the top of the stack, one of `new` values that the step pushed, is None.
    fn unless_none(&mut self, attempt: &mut Attempt, new: usize, at: TextRange) {
        self.emit(at, Instr::Copy(1));
        attempt.on_top += new;
        if self.profile.none_tests_jump {
            self.mention_none();
            self.fail_if(Instr::PopJumpIfNone, attempt, at);
        } else {
            self.load_const(at, &Value::None);
            self.emit(at, Instr::IsOp(true));
            self.fail_if(Instr::PopJumpIfFalse, attempt, at);
        }
    }

    // ---- mappings --------------------------------------------------------------------------------------------------

    pub(super) fn mapping_pattern(&mut self, mapping: &'a ast::PatternMatchMapping, attempt: &mut Attempt) -> Done {
        let at = mapping.range();
        let count = mapping.keys.len();
        attempt.on_top += 1;
        self.emit(at, Instr::MatchMapping);
        self.fail_if(Instr::PopJumpIfFalse, attempt, at);
        if count == 0 && mapping.rest.is_none() {
            attempt.on_top -= 1;
            self.emit(at, Instr::Pop);
            return Ok(());
        }
        if count > 0 {
            self.check_length(count, CmpOp::Ge, attempt, at);
        }
        self.mapping_keys(mapping)?;
        // subject keys values
        self.emit(at, Instr::MatchKeys);
        self.unless_none(attempt, 2, at);
        self.emit(at, Instr::UnpackSequence(count as u32));
        attempt.on_top += count;
        attempt.on_top -= 1;
        for pattern in &mapping.patterns {
            attempt.on_top -= 1;
            self.part(pattern, attempt)?;
        }
        attempt.on_top -= 2;
        let Some(rest) = &mapping.rest else {
            self.emit(at, Instr::Pop);
            self.emit(at, Instr::Pop);
            return Ok(());
        };
        // A copy of the subject without the keys.
        self.emit(at, Instr::BuildMap(0));
        self.emit(at, Instr::Swap(3));
        self.emit(at, Instr::DictUpdate(2));
        self.emit(at, Instr::UnpackSequence(count as u32));
        for left in (1..=count).rev() {
            self.emit(at, Instr::Copy(left as u32 + 1));
            self.emit(at, Instr::Swap(2));
            self.emit(at, Instr::DeleteSubscr);
        }
        self.capture(Some(rest.as_str()), attempt, at)
    }

    /// `-- tuple` of the keys.
    fn mapping_keys(&mut self, mapping: &'a ast::PatternMatchMapping) -> Done {
        let at = mapping.range();
        if let Some(keys) = self.fold.items(&mapping.keys) {
            let parts: Vec<_> = mapping.keys.iter().collect();
            self.load_folded_tuple(at, keys, &parts);
            return Ok(());
        }
        mapping.keys.iter().try_for_each(|key| self.pattern_value(key))?;
        self.emit(at, Instr::BuildTuple(mapping.keys.len() as u32));
        Ok(())
    }
}
