//! The `match` statement and the patterns that stand alone; sub-patterns of sequences, mappings and classes are in
//! `subpattern`.
//!
//! Invariant: while a pattern is tried, the stack holds the captured values, then `on_top` values that a failure has to
//! drop. Captures are bound only when the whole pattern has matched.

use super::{Compiler, Done, nowhere};
use crate::code::instr::{CmpOp, Instr, Label};
use crate::code::pool::Value;
use crate::syntax::ast::{self, Expr, Pattern, Singleton};
use crate::syntax::{Ranged, TextRange, deeper};

/// The state of one case while its pattern is compiled.
#[derive(Default, Debug)]
pub(super) struct Attempt {
    /// Captured names, in the order in which they are stored.
    pub stores: Vec<String>,
    /// A pattern that always matches may stand here.
    pub allow_irrefutable: bool,
    /// `fail_pop[n]` drops n values and goes on with the next case.
    pub fail_pop: Vec<Label>,
    /// Values above the captured ones.
    pub on_top: usize,
}

/// `_`
pub(super) fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchAs(as_) if as_.pattern.is_none() && as_.name.is_none())
}

impl<'a> Compiler<'a> {
    pub(super) fn match_(&mut self, match_: &'a ast::StmtMatch) -> Done {
        let end = self.label();
        self.expr(&match_.subject)?;
        let cases = match_.cases.len();
        let default = match_.cases.last().filter(|case| cases > 1 && is_wildcard(&case.pattern));
        let tried = cases - usize::from(default.is_some());
        for (index, case) in match_.cases.iter().take(tried).enumerate() {
            let last = index + 1 == tried;
            if !last {
                self.emit(case.pattern.range(), Instr::Copy(1));
            }
            let allow_irrefutable = case.guard.is_some() || index + 1 == cases;
            let mut attempt = Attempt { allow_irrefutable, ..Attempt::default() };
            self.pattern(&case.pattern, &mut attempt)?;
            for name in std::mem::take(&mut attempt.stores) {
                self.store_name(&name, case.pattern.range());
            }
            if let Some(guard) = &case.guard {
                let fail = self.fail_label(&mut attempt, 0);
                self.jump_if(guard, fail, false)?;
            }
            if !last {
                self.emit(case.pattern.range(), Instr::Pop);
            }
            self.inner_body(&case.body)?;
            self.emit(nowhere(), Instr::Jump(end));
            self.place_fail_pop(&mut attempt, case.pattern.range());
        }
        if let Some(case) = default {
            if let Some(guard) = &case.guard {
                self.jump_if(guard, end, false)?;
            }
            self.inner_body(&case.body)?;
        }
        self.place(end);
        Ok(())
    }

    /// `subject --`, or a jump to the failure of the attempt.
    pub(super) fn pattern(&mut self, pattern: &'a Pattern, attempt: &mut Attempt) -> Done {
        deeper(|| self.pattern_inner(pattern, attempt))
    }

    fn pattern_inner(&mut self, pattern: &'a Pattern, attempt: &mut Attempt) -> Done {
        let at = pattern.range();
        match pattern {
            Pattern::MatchValue(value) => {
                self.pattern_value(&value.value)?;
                self.emit(at, Instr::Compare(CmpOp::Eq));
                self.fail_if(Instr::PopJumpIfFalse, attempt, at);
                Ok(())
            }
            Pattern::MatchSingleton(singleton) => {
                self.load_const(
                    at,
                    &match singleton.value {
                        Singleton::None => Value::None,
                        Singleton::True => Value::Bool(true),
                        Singleton::False => Value::Bool(false),
                    },
                );
                let by_identity = self.profile.singletons_matched_by_identity;
                self.emit(at, if by_identity { Instr::IsOp(false) } else { Instr::Compare(CmpOp::Eq) });
                self.fail_if(Instr::PopJumpIfFalse, attempt, at);
                Ok(())
            }
            Pattern::MatchSequence(sequence) => self.sequence_pattern(sequence, attempt),
            Pattern::MatchMapping(mapping) => self.mapping_pattern(mapping, attempt),
            Pattern::MatchClass(class) => self.class_pattern(class, attempt),
            Pattern::MatchStar(star) => self.capture(star.name.as_ref().map(|name| name.as_str()), attempt, at),
            Pattern::MatchAs(as_) => self.as_pattern(as_, attempt),
            Pattern::MatchOr(or) => self.or_pattern(or, attempt),
        }
    }

    /// A value to compare with: a constant such as `-1` is folded before anything else in every version.
    pub(super) fn pattern_value(&mut self, value: &'a Expr) -> Done {
        match self.fold.constant(value) {
            Some(constant) => {
                self.load_const(value.range(), &constant);
                Ok(())
            }
            None => self.expr(value),
        }
    }

    // ---- failure ---------------------------------------------------------------------------------------------------

    /// The label that drops `count` values and fails.
    fn fail_label(&mut self, attempt: &mut Attempt, count: usize) -> Label {
        while attempt.fail_pop.len() <= count {
            let label = self.label();
            attempt.fail_pop.push(label);
        }
        attempt.fail_pop.get(count).copied().unwrap_or(0)
    }

    /// A jump to where everything the attempt has on the stack is dropped.
    pub(super) fn fail_if(&mut self, jump: fn(Label) -> Instr, attempt: &mut Attempt, at: TextRange) {
        let count = attempt.on_top + attempt.stores.len();
        let label = self.fail_label(attempt, count);
        self.emit(at, jump(label));
    }

    /// The code that the failure labels name.
    fn place_fail_pop(&mut self, attempt: &mut Attempt, at: TextRange) {
        while let Some(label) = attempt.fail_pop.pop() {
            self.place(label);
            if !attempt.fail_pop.is_empty() {
                self.emit(at, Instr::Pop);
            }
        }
    }

    // ---- captures --------------------------------------------------------------------------------------------------

    /// The top of the stack goes below `count - 1` others.
    fn rotate(&mut self, count: usize, at: TextRange) {
        for depth in (2..=count).rev() {
            self.emit(at, Instr::Swap(depth as u32));
        }
    }

    /// Keeps the top of the stack under this name, or drops it.
    pub(super) fn capture(&mut self, name: Option<&str>, attempt: &mut Attempt, at: TextRange) -> Done {
        let Some(name) = name else {
            self.emit(at, Instr::Pop);
            return Ok(());
        };
        self.forbid_duplicate(name, attempt, at)?;
        self.rotate(attempt.on_top + attempt.stores.len() + 1, at);
        attempt.stores.push(name.into());
        Ok(())
    }

    fn forbid_duplicate(&self, name: &str, attempt: &Attempt, at: TextRange) -> Done {
        if attempt.stores.iter().any(|stored| stored == name) {
            return Err(self.issue(format!("multiple assignments to name '{name}' in pattern"), at));
        }
        Ok(())
    }

    fn as_pattern(&mut self, as_: &'a ast::PatternMatchAs, attempt: &mut Attempt) -> Done {
        let at = as_.range();
        let name = as_.name.as_ref().map(|name| name.as_str());
        let Some(pattern) = &as_.pattern else {
            if !attempt.allow_irrefutable {
                return Err(self.issue(
                    match name {
                        Some(name) => format!("name capture '{name}' makes remaining patterns unreachable"),
                        None => "wildcard makes remaining patterns unreachable".into(),
                    },
                    at,
                ));
            }
            return self.capture(name, attempt, at);
        };
        attempt.on_top += 1;
        self.emit(at, Instr::Copy(1));
        self.pattern(pattern, attempt)?;
        attempt.on_top -= 1;
        self.capture(name, attempt, at)
    }

    // ---- alternatives ----------------------------------------------------------------------------------------------

    fn or_pattern(&mut self, or: &'a ast::PatternMatchOr, attempt: &mut Attempt) -> Done {
        let at = or.range();
        let end = self.label();
        let count = or.patterns.len();
        let mut control: Vec<String> = Vec::new();
        for (index, alternative) in or.patterns.iter().enumerate() {
            let allow_irrefutable = index + 1 == count && attempt.allow_irrefutable;
            let mut own = Attempt { allow_irrefutable, ..Attempt::default() };
            let at = alternative.range();
            self.emit(at, Instr::Copy(1));
            self.pattern(alternative, &mut own)?;
            if index == 0 {
                control = std::mem::take(&mut own.stores);
            } else {
                self.reorder(&control, &mut own, at)
                    .ok_or_else(|| self.issue("alternative patterns bind different names", or.range()))?;
            }
            self.emit(at, Instr::Jump(end));
            self.place_fail_pop(&mut own, at);
        }
        self.emit(at, Instr::Pop);
        self.fail_if(Instr::Jump, attempt, at);
        self.place(end);
        let rotations = control.len() + 1 + attempt.on_top + attempt.stores.len();
        for name in control {
            self.rotate(rotations, at);
            self.forbid_duplicate(&name, attempt, at)?;
            attempt.stores.push(name);
        }
        self.emit(at, Instr::Pop);
        Ok(())
    }

    /// Brings the captures of an alternative into the order of the first one's; None if the names differ.
    fn reorder(&mut self, control: &[String], own: &mut Attempt, at: TextRange) -> Option<()> {
        if control.len() != own.stores.len() {
            return None;
        }
        for (wanted, name) in control.iter().enumerate().rev() {
            let found = own.stores.iter().position(|stored| stored == name)?;
            if found == wanted {
                continue;
            }
            let rotated: Vec<String> = own.stores.drain(..=found).collect();
            let to = wanted.checked_sub(found)?;
            own.stores.splice(to..to, rotated);
            for _ in 0..=found {
                self.rotate(wanted + 1, at);
            }
        }
        Some(())
    }
}
