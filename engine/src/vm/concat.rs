//! `s += t` that extends the old string, when nobody else refers to it.
//!
//! The language knows nothing of it: a string never changes. But its place in memory can stay, so `id(s)` can.

use super::{Ty, Vm};
use crate::code::Instr;
use crate::heap::{Code, Ref, StrBody};
use crate::object::size;
use std::rc::Rc;

/// Memory comes in blocks of this many bytes …
const BLOCK: usize = 16;
/// … up to this size; a larger piece is left where it is.
const LARGEST_BLOCK: usize = 512;

impl Vm {
    /// Whether the two operands on the stack are strings and the sum goes back into the variable of the left one; then
    /// the sum is on the stack in their place if it could be made without a new object. `next` is the position of the
    /// next instruction.
    #[inline]
    pub(super) fn concat_in_place(&mut self, code: &Rc<Code>, next: usize) -> bool {
        let left = self.peek(1);
        self.is_exact(left, Ty::Str) && self.extend_text(code, next, left, self.peek(0))
    }

    fn extend_text(&mut self, code: &Rc<Code>, next: usize, left: Ref, right: Ref) -> bool {
        let rule = self.profile.concat_in_place;
        let Some(warm) = rule.after else { return false };
        if !self.is_exact(right, Ty::Str) {
            return false;
        }
        let variable = match code.instrs.get(next) {
            Some(Instr::StoreFast(at)) => self.stack.get(self.frame.base as usize + *at as usize).copied(),
            Some(Instr::StoreName(at)) if rule.names => {
                code.names.get(*at as usize).and_then(|&name| self.dict_get_text(self.frame.namespace, name))
            }
            _ => None,
        };
        if variable != Some(left) || (rule.fused_stores && is_fused(code, next)) {
            return false;
        }
        if warm > 0 {
            let runs = self.warm.entry((Rc::as_ptr(code).addr(), next as u32)).or_default();
            *runs += 1;
            if *runs <= warm {
                return false;
            }
        }
        // One reference is the variable's, one lies on the stack.
        if self.heap.count(left) != 2 {
            return false;
        }
        let (Some(old), Some(more)) = (self.heap.get::<StrBody>(left), self.heap.text(right)) else { return false };
        if old.interned || old.hash.get().is_some() || old.text.is_empty() || more.is_empty() {
            return false;
        }
        if more.kind() > old.text.kind() {
            return false;
        }
        let new = old.text.concat(more);
        let (before, after) = (size::text(&old.text, &self.profile), size::text(&new, &self.profile));
        if before.div_ceil(BLOCK) != after.div_ceil(BLOCK) && after <= LARGEST_BLOCK {
            return false;
        }
        if let Some(body) = self.heap.get_mut::<StrBody>(left) {
            body.text = new;
        }
        let right = self.pop();
        self.release_maybe(right);
        true
    }
}

/// Whether CPython makes one instruction of a store into a local and what follows it.
fn is_fused(code: &Code, store: usize) -> bool {
    let follows =
        matches!(code.instrs.get(store + 1), Some(Instr::LoadFast(_) | Instr::LoadFastBorrow(_) | Instr::StoreFast(_)));
    let line = |at: usize| code.locations.get(at).map(|location| location.line);
    follows && line(store) == line(store + 1)
}
