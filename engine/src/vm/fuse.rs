//! Fused instructions at run time: what several plain instructions do, without the traffic on the stack in between.
//!
//! Invariant: nobody can tell. A fused instruction runs no Python code, raises nothing and takes no last reference to
//! anything that Python code could hear of. Where that is not certain it gives up before it has changed anything, and
//! the plain instructions run; or it leaves its result on the stack for the plain store.

use super::{Ty, Vm};
use crate::code::{At, CmpOp, Fused, Place};
use crate::heap::{Code, DictBody, IterBody, ListBody, Owned, Ref, TupleBody};
use crate::object::table::Candidate;
use crate::rules::ConstLoad;

impl Vm {
    /// Runs the fused instruction at `ip`; gives the position to go on at, or nothing if it gave up.
    #[inline]
    pub(super) fn run_fused(&mut self, fused: Fused, code: &Code, base: usize, ip: usize) -> Option<usize> {
        let next = ip + fused.len();
        match fused {
            Fused::Trace => {
                self.trace_point(ip);
                None
            }
            Fused::Binary { op, left, right, to } => {
                let (a, b) = self.two_operands(left, right, code, base);
                let value = self.arithmetic_fast(op, a, b)?;
                self.drop_numbers(left, right);
                Some(self.settle(value, to, base, next))
            }
            Fused::JumpUnless { op, left, right, target } => {
                let answer = self.compare_places(op, left, right, code, base)?;
                self.jump_fused(!answer, [left, right], target as usize, next)
            }
            Fused::JumpIf { op, left, right, target } => {
                let answer = self.compare_places(op, left, right, code, base)?;
                self.jump_fused(answer, [left, right], target as usize, next)
            }
            Fused::Item { container, key, to } => {
                let (sequence, index) = self.two_operands(container, key, code, base);
                let item = self.item_known(sequence, index)?;
                if container == Place::STACK && !self.is_quiet(sequence) {
                    return None;
                }
                let item = self.share(item);
                self.drop_numbers(container, key);
                Some(self.settle(item, to, base, next))
            }
            Fused::StoreItem { value, container, key } => {
                let (list, index) = self.two_operands(container, key, code, base);
                let value = self.operand(value, code, base, 0);
                if value.is_null() || !self.is_exact(list, Ty::List) {
                    return None;
                }
                let at = self.index_in(index, self.heap.get::<ListBody>(list)?.items.len())?;
                let old = *self.heap.get::<ListBody>(list)?.items.get(at)?;
                if !self.is_quiet(old) {
                    return None;
                }
                self.heap.inc(value);
                *self.heap.get_mut::<ListBody>(list)?.items.get_mut(at)? = value.plain();
                self.release_maybe(old);
                Some(next)
            }
            Fused::JumpIn { item, container, when, target } => {
                let (key, dict) = self.two_operands(item, container, code, base);
                let found = self.place_of_text(dict, key)?.is_some();
                if container == Place::STACK && !self.is_quiet(dict) {
                    return None;
                }
                self.drop_numbers(item, container);
                Some(if found == when { target as usize } else { next })
            }
            Fused::ItemAbove => {
                let item = self.item_known(self.peek(1), self.peek(0))?;
                let item = self.share(item);
                self.push(item);
                Some(next)
            }
            Fused::StoreItemBelow => {
                self.store_below()?;
                Some(next)
            }
            Fused::Callable { name } => {
                let value = self.global_known(*code.names.get(name as usize)?)?;
                if self.lazies && self.is_exact(value, Ty::LazyImport) {
                    return None;
                }
                self.heap.inc(value);
                self.stack.push(value);
                self.stack.push(Ref::NULL);
                Some(next)
            }
            Fused::Method { object, name, borrowed } => {
                let object = self.operand(object, code, base, 0).plain();
                let function = self.method_known(object, *code.names.get(name as usize)?)?;
                self.heap.inc(function);
                self.heap.inc(object);
                self.stack.push(function);
                self.stack.push(if borrowed { object.borrowed() } else { object });
                Some(next)
            }
            Fused::Attr { object, name, to } => {
                let object = self.operand(object, code, base, 0);
                let value = self.own_attr_known(object, *code.names.get(name as usize)?)?;
                let value = self.share(value);
                Some(self.settle(value, to, base, next))
            }
            Fused::Next { to } => {
                let item = self.next_quietly(self.peek(0))?;
                Some(self.settle(item, to, base, next))
            }
            Fused::Move { from, to } => {
                let value = self.operand(from, code, base, 0);
                if value.is_null() {
                    return None;
                }
                let constant = matches!(from.at(), At::Const(_)) && self.profile.const_load == ConstLoad::Borrowed;
                let borrowed = value.is_borrowed() || constant;
                let value = self.share(value);
                let end = self.settle(value, to, base, next);
                if borrowed {
                    let at = match to.at() {
                        At::Local(at) if end == next => base + at,
                        At::Local(_) | At::Const(_) | At::Stack => self.stack.len() - 1,
                    };
                    self.stack[at] = self.stack[at].borrowed();
                }
                Some(end)
            }
            Fused::JumpTruth { value, when, target } => {
                let value = self.operand(value, code, base, 0);
                let truth = if value == self.single.true_ {
                    true
                } else if value == self.single.false_ || value == self.single.none {
                    false
                } else if self.is_exact(value, Ty::Int) {
                    self.heap.int_word(value) != 0
                } else {
                    return None;
                };
                Some(if truth == when { target as usize } else { next })
            }
        }
    }

    /// An operand; the n-th from the top if it lies on the stack. NULL if it is an unbound local.
    #[inline]
    fn operand(&self, place: Place, code: &Code, base: usize, n: usize) -> Ref {
        match place.at() {
            At::Local(at) => self.stack[base + at],
            At::Const(at) => code.consts[at],
            At::Stack => self.peek(n),
        }
    }

    #[inline]
    fn two_operands(&self, left: Place, right: Place, code: &Code, base: usize) -> (Ref, Ref) {
        let above = usize::from(right == Place::STACK);
        (self.operand(left, code, base, above), self.operand(right, code, base, 0))
    }

    /// Pops those operands that lie on the stack.
    #[inline]
    fn drop_numbers(&mut self, left: Place, right: Place) {
        match usize::from(left == Place::STACK) + usize::from(right == Place::STACK) {
            0 => {}
            1 => {
                let value = self.pop();
                self.release_maybe(value);
            }
            _ => self.drop_operands(2),
        }
    }

    /// Puts a result into its place. A local whose old value somebody could hear dying is left to the plain store.
    #[inline]
    fn settle(&mut self, value: Owned, to: Place, base: usize, next: usize) -> usize {
        if let At::Local(at) = to.at() {
            let old = self.stack[base + at];
            if !self.is_quiet(old) {
                self.push(value);
                return next - 1;
            }
            self.stack[base + at] = value.into_ref();
            self.release_maybe(old);
        } else {
            self.push(value);
        }
        next
    }

    /// Whether nobody hears of it when one reference to the object is taken away.
    #[inline]
    fn is_quiet(&self, object: Ref) -> bool {
        if object.is_null() || self.heap.count(object) != 1 {
            return true;
        }
        let kind = self.heap.kind_of(object);
        kind == Ty::Int.kind() || kind == Ty::Float.kind() || kind == Ty::Str.kind()
    }

    #[inline]
    fn compare_places(&mut self, op: CmpOp, left: Place, right: Place, code: &Code, base: usize) -> Option<bool> {
        let (a, b) = self.two_operands(left, right, code, base);
        self.compare_fast(a, b, op)
    }

    /// Drops two numbers that were compared and goes where the answer leads; a way back is a step.
    #[inline]
    fn jump_fused(&mut self, jumps: bool, [left, right]: [Place; 2], target: usize, next: usize) -> Option<usize> {
        if jumps && target < next && !self.quiet_step() {
            return None;
        }
        self.drop_numbers(left, right);
        Some(if jumps { target } else { next })
    }

    /// A backward jump, if it is nothing but a step.
    #[inline]
    fn quiet_step(&mut self) -> bool {
        if self.budget.steps == 0 || self.heap.exhausted() || self.collection_due() {
            return false;
        }
        self.budget.steps -= 1;
        true
    }

    /// The position that an exact int means in a sequence of this length.
    #[inline]
    fn index_in(&self, index: Ref, len: usize) -> Option<usize> {
        if !self.is_exact(index, Ty::Int) {
            return None;
        }
        let at = self.heap.int_word(index);
        usize::try_from(if at < 0 { at + len as i64 } else { at }).ok()
    }

    /// Where a dict has an exact str; `Some(None)` if it has not, nothing if a method of some key would be asked.
    #[inline]
    fn place_of_text(&self, dict: Ref, key: Ref) -> Option<Option<usize>> {
        if !self.is_exact(dict, Ty::Dict) || !self.is_exact(key, Ty::Str) {
            return None;
        }
        let table = self.dict_table(dict)?;
        let mut probe = table.probe(self.text_hash(key));
        loop {
            match probe.next(table, key) {
                None => return Some(None),
                Some(Candidate::Identical(at)) => return Some(Some(at)),
                Some(Candidate::SameHash(at)) => {
                    let stored = table.entry(at)?.key;
                    if !self.is_exact(stored, Ty::Str) {
                        return None;
                    }
                    if self.heap.text(stored) == self.heap.text(key) {
                        return Some(Some(at));
                    }
                }
            }
        }
    }

    /// `container key value --`: puts the value into a place of a list or dict that is there already.
    #[inline]
    fn store_below(&mut self) -> Option<()> {
        let (container, key, value) = (self.peek(2), self.peek(1), self.peek(0).plain());
        if value.is_null() || !self.is_quiet(container) {
            return None;
        }
        let old = if self.is_exact(container, Ty::List) {
            let at = self.index_in(key, self.heap.get::<ListBody>(container)?.items.len())?;
            let old = *self.heap.get::<ListBody>(container)?.items.get(at)?;
            if !self.is_quiet(old) {
                return None;
            }
            *self.heap.get_mut::<ListBody>(container)?.items.get_mut(at)? = value;
            old
        } else {
            let at = self.place_of_text(container, key)??;
            let old = self.dict_table(container)?.entry(at)?.value;
            // A dict that takes in what may be part of a cycle is a matter for the collector.
            if !self.is_quiet(old) || self.heap.may_be_tracked(value) {
                return None;
            }
            self.heap.get_mut::<DictBody>(container)?.table.replace_value(at, value);
            old
        };
        // The value has moved from the stack into its place.
        self.pop();
        self.release_maybe(old);
        self.drop_operands(2);
        Some(())
    }

    /// The item of a list or tuple at an index, or of a dict under a str; borrowed.
    #[inline]
    fn item_known(&self, container: Ref, key: Ref) -> Option<Ref> {
        if self.is_exact(key, Ty::Int) {
            return self.item_of_sequence(container, key);
        }
        let at = self.place_of_text(container, key)??;
        self.dict_table(container)?.entry(at).map(|entry| entry.value)
    }

    #[inline]
    fn item_of_sequence(&self, sequence: Ref, index: Ref) -> Option<Ref> {
        let items = if self.is_exact(sequence, Ty::List) {
            &self.heap.get::<ListBody>(sequence)?.items
        } else if self.is_exact(sequence, Ty::Tuple) {
            &self.heap.get::<TupleBody>(sequence)?.items
        } else {
            return None;
        };
        items.get(self.index_in(index, items.len())?).copied()
    }

    /// The next item of an iterator over a range or list that is not at its end.
    #[inline]
    fn next_quietly(&mut self, iterator: Ref) -> Option<Owned> {
        if self.is_exact(iterator, Ty::RangeIterator) {
            let Some(IterBody::Range { next, step, left }) = self.heap.get_mut::<IterBody>(iterator) else {
                return None;
            };
            if *left == 0 {
                return None;
            }
            let value = *next;
            *next = value.wrapping_add(*step);
            *left -= 1;
            return Some(self.new_int(value));
        }
        if self.is_exact(iterator, Ty::ListIterator) {
            let &IterBody::Sequence { seq, at } = self.heap.get::<IterBody>(iterator)? else { return None };
            let item = *self.heap.get::<ListBody>(seq)?.items.get(at)?;
            if let Some(IterBody::Sequence { at, .. }) = self.heap.get_mut::<IterBody>(iterator) {
                *at += 1;
            }
            return Some(self.share(item));
        }
        None
    }
}
