//! Iteration: `iter(x)`, one step of any iterator, and loops over them for native code.
//!
//! Invariant: an iterator that has come to its end lets go of what it iterates over before that is released, and stays
//! at its end whatever happens to that object afterwards.

use super::generator::Resumed;
use super::{Res, Stop, Ty, Vm};
use crate::heap::{
    ByteArrayBody, BytesBody, IterBody, Layout, ListBody, Owned, RangeBody, Ref, TupleBody, View, ViewBody, flag,
};
use crate::object::number::Int;
use crate::object::text::Text;

/// `iter.len` of a dict or set iterator that has seen a change of size.
const CHANGED: usize = usize::MAX;

impl Vm {
    // ---- making iterators -------------------------------------------------------------------------------------

    /// `iter(object)`
    ///
    /// # Errors
    /// TypeError for what is not iterable; whatever `__iter__` raises.
    pub fn iter(&mut self, object: Ref) -> Res<Owned> {
        if self.is_builtin_instance(object)
            && let Some(iterator) = self.iter_native(object)
        {
            return Ok(iterator);
        }
        let class = self.heap.class_of(object);
        match self.lookup(class, self.names.iter) {
            Some(method) if method != self.single.none => {
                let iterator = self.call_special(method, object, &[])?;
                let iterator_class = self.heap.class_of(iterator.get());
                if self.is_builtin_iterator(iterator.get()) || self.lookup(iterator_class, self.names.next).is_some() {
                    return Ok(iterator);
                }
                let text = format!("iter() returned non-iterator of type '{}'", self.type_name(iterator_class));
                self.release(iterator);
                Err(self.type_error(text))
            }
            None if self.heap.layout(object) != Layout::Dict
                && self.profile.indexed_iterable
                && self.lookup(class, self.names.getitem).is_some() =>
            {
                Ok(self.iter_sequence(object))
            }
            Some(_) | None => {
                let text = format!("'{}' object is not iterable", self.type_name(class));
                Err(self.type_error(text))
            }
        }
    }

    /// An iterator that asks `object[0]`, `object[1]`, ….
    pub fn iter_sequence(&mut self, object: Ref) -> Owned {
        let seq = self.share(object).into_ref();
        self.new_iter(Ty::SequenceIterator, IterBody::Sequence { seq, at: 0 })
    }

    fn is_builtin_iterator(&self, object: Ref) -> bool {
        self.is_builtin_instance(object) && self.heap.layout(object) == Layout::Iter
    }

    /// The iterator that the built-in `__iter__` of an object's layout gives; nothing if it has none.
    pub fn iter_native(&mut self, object: Ref) -> Option<Owned> {
        let sequence = match self.heap.layout(object) {
            Layout::List => Ty::ListIterator,
            Layout::Tuple => Ty::TupleIterator,
            Layout::Str => {
                let ascii = self.is_exact(object, Ty::Str) && self.heap.text(object).is_some_and(Text::is_ascii);
                if ascii && self.profile.ascii_iterator { Ty::StrAsciiIterator } else { Ty::StrIterator }
            }
            Layout::Bytes => Ty::BytesIterator,
            Layout::ByteArray => Ty::ByteArrayIterator,
            Layout::MemoryView if self.profile.memory_iterator => Ty::MemoryIterator,
            Layout::MemoryView => Ty::SequenceIterator,
            Layout::Range => return Some(self.iter_range(object)),
            Layout::Dict => return Some(self.iter_dict(object, View::Keys)),
            Layout::View => {
                let (dict, what) = self.heap.get::<ViewBody>(object).map(|body| (body.dict, body.what))?;
                return Some(self.iter_dict(dict, what));
            }
            Layout::Set => {
                let len = self.set_len(object);
                let set = self.share(object).into_ref();
                return Some(self.new_iter(Ty::SetIterator, IterBody::Set { set, at: 0, len }));
            }
            Layout::Iter => return Some(self.share(object)),
            Layout::Generator if self.is_exact(object, Ty::Generator) => return Some(self.share(object)),
            _ => return None,
        };
        let seq = if self.profile.list_iterators_live { self.share(object) } else { self.copied_if_list(object) };
        let seq = seq.into_ref();
        Some(self.new_iter(sequence, IterBody::Sequence { seq, at: 0 }))
    }

    /// An iterator over a dict's keys, values or items.
    pub fn iter_dict(&mut self, dict: Ref, what: View) -> Owned {
        let ty = match what {
            View::Keys => Ty::DictKeyIterator,
            View::Values => Ty::DictValueIterator,
            View::Items => Ty::DictItemIterator,
        };
        let len = self.dict_len(dict);
        let result = self.first_pair(what);
        let dict = self.share(dict).into_ref();
        self.new_iter(ty, IterBody::Dict { dict, at: 0, len, what, left: len, result })
    }

    /// The same from the end.
    pub fn iter_dict_reversed(&mut self, dict: Ref, what: View) -> Owned {
        let ty = match what {
            View::Keys => Ty::DictReverseKeyIterator,
            View::Values => Ty::DictReverseValueIterator,
            View::Items => Ty::DictReverseItemIterator,
        };
        let (len, at) = self.dict_table(dict).map_or((0, 0), |table| (table.len(), table.entry_count()));
        let result = self.first_pair(what);
        let dict = self.share(dict).into_ref();
        self.new_iter(ty, IterBody::DictReversed { dict, at, len, what, left: len, result })
    }

    /// The pair that an iterator over items fills first.
    fn first_pair(&mut self, what: View) -> Ref {
        match what {
            View::Items => self.none_tuple(2),
            View::Keys | View::Values => Ref::NULL,
        }
    }

    /// A tuple of so many None, to be filled.
    pub fn none_tuple(&mut self, count: usize) -> Ref {
        let none = self.single.none;
        self.tuple_of(&vec![none; count]).into_ref()
    }

    /// An iterator over a range.
    pub fn iter_range(&mut self, range: Ref) -> Owned {
        let Some(body) = self.heap.get::<RangeBody>(range) else {
            return self.new_iter(Ty::RangeIterator, IterBody::Range { next: 0, step: 1, left: 0 });
        };
        let (start, step, length) = (body.start, body.step, body.length);
        let fits = |vm: &Vm, r: Ref| match vm.as_int(r) {
            Some(Int::Small(value)) => Some(value),
            _ => None,
        };
        if let (Some(next), Some(step), Some(left)) = (fits(self, start), fits(self, step), fits(self, length)) {
            // Beyond the last item the next one may not fit any more.
            let last = step.checked_mul(left).and_then(|way| next.checked_add(way));
            if last.is_some() {
                let body = IterBody::Range { next, step, left: left.unsigned_abs() };
                return self.new_iter(Ty::RangeIterator, body);
            }
        }
        let index = self.new_int(0).into_ref();
        let [start, step, length] = [start, step, length].map(|part| self.share(part).into_ref());
        self.new_iter(Ty::LongRangeIterator, IterBody::LongRange { index, start, step, length })
    }

    // ---- one step ---------------------------------------------------------------------------------------------

    /// The next item, or nothing at the end.
    ///
    /// # Errors
    /// TypeError for what is no iterator; whatever the step raises but StopIteration.
    #[inline]
    pub fn next(&mut self, iterator: Ref) -> Res<Option<Owned>> {
        if self.is_builtin_instance(iterator) {
            match self.heap.layout(iterator) {
                Layout::Iter => return self.next_native(iterator),
                Layout::Generator if self.is_exact(iterator, Ty::Generator) => {
                    let none = self.none().into_ref();
                    return match self.resume_generator(iterator, none)? {
                        Resumed::Yielded(value) => Ok(Some(value)),
                        Resumed::Returned(value) => {
                            self.release(value);
                            Ok(None)
                        }
                    };
                }
                _ => {}
            }
        }
        self.next_slow(iterator)
    }

    fn next_slow(&mut self, iterator: Ref) -> Res<Option<Owned>> {
        let class = self.heap.class_of(iterator);
        let Some(method) = self.lookup(class, self.names.next) else {
            let text = format!("'{}' object is not an iterator", self.type_name(class));
            return Err(self.type_error(text));
        };
        match self.call_special(method, iterator, &[]) {
            Ok(value) => Ok(Some(value)),
            Err(stop) => {
                self.catch(stop, Ty::StopIteration)?;
                Ok(None)
            }
        }
    }

    /// One step of a built-in iterator.
    ///
    /// # Errors
    /// Whatever Python code that it runs raises; RuntimeError when a dict or set has changed.
    pub fn next_native(&mut self, iterator: Ref) -> Res<Option<Owned>> {
        let Some(body) = self.heap.get_mut::<IterBody>(iterator) else { return Ok(None) };
        match body {
            IterBody::Done => Ok(None),
            IterBody::Range { next, step, left } => {
                if *left == 0 {
                    return Ok(None);
                }
                let value = *next;
                *next = value.wrapping_add(*step);
                *left -= 1;
                Ok(Some(self.new_int(value)))
            }
            IterBody::Sequence { seq, at } => {
                if seq.is_null() {
                    return Ok(None);
                }
                let (seq, at) = (*seq, *at);
                self.next_in_sequence(iterator, seq, at)
            }
            IterBody::Reversed { seq, at } => {
                let (seq, at) = (*seq, *at);
                self.next_reversed(iterator, seq, at)
            }
            IterBody::LongRange { index, start, step, length } => {
                let parts = [*index, *start, *step, *length];
                Ok(self.next_in_long_range(iterator, parts))
            }
            IterBody::Dict { .. } => self.next_in_dict(iterator),
            IterBody::DictReversed { .. } => self.next_in_dict_reversed(iterator),
            IterBody::Set { set, at, len } => {
                let (set, at, len) = (*set, *at, *len);
                self.next_in_set(iterator, set, at, len)
            }
            IterBody::Callable { func, sentinel } => {
                let (func, sentinel) = (*func, *sentinel);
                self.next_of_callable(iterator, func, sentinel)
            }
            IterBody::Enumerate { iter, .. } => {
                let iter = *iter;
                self.next_of_enumerate(iterator, iter)
            }
            IterBody::Zip { iters, strict, .. } => {
                let (iters, strict) = (iters.clone(), *strict);
                self.next_of_zip(iterator, &iters, strict)
            }
            IterBody::Map { func, iters, strict } => {
                let (func, iters, strict) = (*func, iters.clone(), *strict);
                self.next_of_map(func, &iters, strict)
            }
            IterBody::Filter { func, iter } => {
                let (func, iter) = (*func, *iter);
                self.next_of_filter(func, iter)
            }
        }
    }

    #[inline]
    fn next_in_sequence(&mut self, iterator: Ref, seq: Ref, at: usize) -> Res<Option<Owned>> {
        let item = match self.heap.layout(seq) {
            Layout::List if !self.is_exact(iterator, Ty::SequenceIterator) => {
                self.heap.get::<ListBody>(seq).and_then(|body| body.items.get(at).copied()).map(|item| self.share(item))
            }
            Layout::Tuple if !self.is_exact(iterator, Ty::SequenceIterator) => {
                self.tuple_items(seq).get(at).copied().map(|item| self.share(item))
            }
            Layout::Str if !self.is_exact(iterator, Ty::SequenceIterator) => {
                let point = self.heap.text(seq).and_then(|text| text.get(at));
                point.map(|point| self.new_text(Text::from_point(point)))
            }
            Layout::Bytes if !self.is_exact(iterator, Ty::SequenceIterator) => {
                let byte = self.heap.get::<BytesBody>(seq).and_then(|body| body.data.get(at).copied());
                byte.map(|byte| self.new_int(i64::from(byte)))
            }
            Layout::ByteArray if !self.is_exact(iterator, Ty::SequenceIterator) => {
                let byte = self.heap.get::<ByteArrayBody>(seq).and_then(|body| body.data.get(at).copied());
                byte.map(|byte| self.new_int(i64::from(byte)))
            }
            _ => self.item_by_index(iterator, seq, at as i64)?,
        };
        match self.heap.get_mut::<IterBody>(iterator) {
            // The item's `__getitem__` may have exhausted the iterator.
            Some(IterBody::Sequence { seq, at }) if item.is_some() && !seq.is_null() => *at += 1,
            Some(IterBody::Sequence { seq, .. }) if self.profile.exhausted_iterators_stay => {
                let seq = std::mem::take(seq);
                self.release_maybe(seq);
            }
            _ => {}
        }
        Ok(item)
    }

    /// `seq[at]` by the sequence protocol; IndexError and StopIteration mean the end.
    fn item_by_index(&mut self, iterator: Ref, seq: Ref, at: i64) -> Res<Option<Owned>> {
        let iterator = self.share(iterator);
        let seq = self.share(seq);
        let index = self.new_int(at);
        let result = self.get_item(seq.get(), index.get());
        self.release(index);
        self.release(seq);
        let result = match result {
            Ok(item) => Ok(Some(item)),
            Err(stop) if self.is_raised(stop, Ty::IndexError) || self.is_raised(stop, Ty::StopIteration) => {
                let raised = self.take_raised();
                self.release(raised);
                Ok(None)
            }
            Err(stop) => Err(stop),
        };
        self.release(iterator);
        result
    }

    fn next_reversed(&mut self, iterator: Ref, seq: Ref, at: i64) -> Res<Option<Owned>> {
        if seq.is_null() {
            return Ok(None);
        }
        let item = if self.is_exact(iterator, Ty::ListReverseIterator) {
            let items = self.heap.get::<ListBody>(seq).map(|body| body.items.as_slice()).unwrap_or_default();
            let item = usize::try_from(at).ok().and_then(|at| items.get(at).copied());
            item.map(|item| self.share(item))
        } else if at >= 0 {
            self.item_by_index(iterator, seq, at)?
        } else {
            None
        };
        let Some(IterBody::Reversed { seq, at }) = self.heap.get_mut::<IterBody>(iterator) else { return Ok(item) };
        if item.is_some() {
            *at -= 1;
        } else {
            *at = -1;
            let seq = std::mem::take(seq);
            self.release_maybe(seq);
        }
        Ok(item)
    }

    fn next_in_long_range(&mut self, iterator: Ref, parts: [Ref; 4]) -> Option<Owned> {
        let first = parts[1];
        let [index, start, step, length] = parts.map(|part| self.as_int(part));
        let (index, start, step, length) = (index?, start?, step?, length?);
        if index >= length {
            return None;
        }
        let keeps_start = self.profile.long_range_keeps_start && index == Int::Small(0);
        let value = start.add(&index.mul(&step));
        let next = self.int_object(index.add(&Int::Small(1))).into_ref();
        let old = match self.heap.get_mut::<IterBody>(iterator) {
            Some(IterBody::LongRange { index, .. }) => std::mem::replace(index, next),
            _ => next,
        };
        if keeps_start {
            let first = self.share(first);
            self.release_ref(old);
            return Some(first);
        }
        self.release_ref(old);
        Some(self.int_object(value))
    }

    fn next_in_dict(&mut self, iterator: Ref) -> Res<Option<Owned>> {
        let Some(&IterBody::Dict { dict, at, len, what, left, result }) = self.heap.get::<IterBody>(iterator) else {
            return Ok(None);
        };
        if dict.is_null() {
            return Ok(None);
        }
        let watched = self.profile.dict_iterators_watch_size;
        if watched && self.dict_len(dict) != len {
            return Err(self.dict_changed(iterator));
        }
        let found = self.dict_table(dict).and_then(|table| table.next_entry(at));
        let found = found.map(|(at, entry)| (at, entry.key, entry.value));
        let Some((found_at, key, value)) = found else {
            self.end_dict_iterator(iterator);
            return Ok(None);
        };
        // An entry more than the dict had: its keys were changed, though not their number.
        if watched && left == 0 {
            let text = self.changed_text(dict, "dictionary keys changed during iteration");
            self.end_dict_iterator(iterator);
            return Err(self.raise(Ty::RuntimeError, text));
        }
        if let Some(IterBody::Dict { at, left, .. }) = self.heap.get_mut::<IterBody>(iterator) {
            *at = found_at + 1;
            *left = left.saturating_sub(1);
        }
        Ok(Some(self.dict_part(what, key, value, result)))
    }

    fn next_in_dict_reversed(&mut self, iterator: Ref) -> Res<Option<Owned>> {
        let Some(&IterBody::DictReversed { dict, at, len, what, result, .. }) = self.heap.get::<IterBody>(iterator)
        else {
            return Ok(None);
        };
        if dict.is_null() {
            return Ok(None);
        }
        if self.dict_len(dict) != len {
            return Err(self.dict_changed(iterator));
        }
        let found = self.dict_table(dict).and_then(|table| table.previous_entry(at));
        let found = found.map(|(at, entry)| (at, entry.key, entry.value));
        let Some((found_at, key, value)) = found else {
            self.end_dict_iterator(iterator);
            return Ok(None);
        };
        if let Some(IterBody::DictReversed { at, left, .. }) = self.heap.get_mut::<IterBody>(iterator) {
            *at = found_at;
            *left = left.saturating_sub(1);
        }
        Ok(Some(self.dict_part(what, key, value, result)))
    }

    #[cold]
    fn dict_changed(&mut self, iterator: Ref) -> Stop {
        let mut changed = Ref::NULL;
        if let Some(IterBody::Dict { dict, len, .. } | IterBody::DictReversed { dict, len, .. }) =
            self.heap.get_mut::<IterBody>(iterator)
        {
            *len = CHANGED;
            changed = *dict;
        }
        let text = self.changed_text(changed, "dictionary changed size during iteration");
        self.raise(Ty::RuntimeError, text)
    }

    /// What is said of a dict that was changed while it was iterated over: a class of the engine's own sources may have
    /// another text.
    #[cold]
    fn changed_text(&mut self, dict: Ref, plain: &str) -> String {
        let class = self.heap.class_of(dict);
        if class == self.class(Ty::Dict) {
            return plain.to_string();
        }
        let name = self.intern_str("_changed_while_iterated");
        let own = self.lookup(class, name.get());
        self.release(name);
        own.map_or_else(|| plain.to_string(), |text| self.show(text))
    }

    fn end_dict_iterator(&mut self, iterator: Ref) {
        let dict = match self.heap.get_mut::<IterBody>(iterator) {
            Some(IterBody::Dict { dict, .. } | IterBody::DictReversed { dict, .. }) => std::mem::take(dict),
            _ => Ref::NULL,
        };
        self.release_maybe(dict);
    }

    fn dict_part(&mut self, what: View, key: Ref, value: Ref, result: Ref) -> Owned {
        match what {
            View::Keys => self.share(key),
            View::Values => self.share(value),
            View::Items => {
                let pair = vec![self.share(key), self.share(value)];
                self.fill_or_make(result, pair)
            }
        }
    }

    /// The collector looks at a tuple that was made before its items were known.
    fn track_made(&mut self, tuple: &Owned) {
        if !self.heap.has(tuple.get(), flag::TRACKED) {
            self.heap.track(tuple.get());
        }
    }

    /// The tuple of these items: `result` itself if nobody else holds it, else a new one.
    fn fill_or_make(&mut self, result: Ref, items: Vec<Owned>) -> Owned {
        if result.is_null() || self.heap.count(result) != 1 || !self.profile.iterators_reuse_tuples {
            return self.new_tuple(items);
        }
        let new = super::alloc::refs(items);
        let old = match self.heap.get_mut::<TupleBody>(result) {
            Some(body) => std::mem::replace(&mut body.items, new),
            None => new,
        };
        let result = self.share(result);
        self.release_all(old);
        result
    }

    fn next_in_set(&mut self, iterator: Ref, set: Ref, at: usize, len: usize) -> Res<Option<Owned>> {
        if set.is_null() {
            return Ok(None);
        }
        if self.set_len(set) != len {
            if let Some(IterBody::Set { len, .. }) = self.heap.get_mut::<IterBody>(iterator) {
                *len = CHANGED;
            }
            return Err(self.raise(Ty::RuntimeError, "Set changed size during iteration"));
        }
        match self.set_table(set).and_then(|table| table.next_key(at)) {
            Some((slot, _, item)) => {
                if let Some(IterBody::Set { at, .. }) = self.heap.get_mut::<IterBody>(iterator) {
                    *at = slot + 1;
                }
                Ok(Some(self.share(item)))
            }
            None => {
                if let Some(IterBody::Set { set, .. }) = self.heap.get_mut::<IterBody>(iterator) {
                    *set = Ref::NULL;
                }
                self.release_ref(set);
                Ok(None)
            }
        }
    }

    fn next_of_callable(&mut self, iterator: Ref, func: Ref, sentinel: Ref) -> Res<Option<Owned>> {
        if func.is_null() {
            return Ok(None);
        }
        let held = self.share(iterator);
        let result = match self.call(func, &[]) {
            Ok(value) => match self.same_or_equal(sentinel, value.get()) {
                Ok(false) => Ok(Some(value)),
                Ok(true) => {
                    self.release(value);
                    Ok(None)
                }
                Err(stop) => {
                    self.release(value);
                    Err(stop)
                }
            },
            Err(stop) => self.catch(stop, Ty::StopIteration).map(|()| None),
        };
        if let Ok(None) = result
            && let Some(IterBody::Callable { func, sentinel }) = self.heap.get_mut::<IterBody>(iterator)
        {
            let parts = [std::mem::take(func), std::mem::take(sentinel)];
            self.release_all(parts);
        }
        self.release(held);
        result
    }

    fn next_of_enumerate(&mut self, iterator: Ref, iter: Ref) -> Res<Option<Owned>> {
        let Some(item) = self.next(iter)? else { return Ok(None) };
        let Some(&IterBody::Enumerate { index, long, result, .. }) = self.heap.get::<IterBody>(iterator) else {
            return Ok(Some(item));
        };
        let count = if long.is_null() { self.new_int(index) } else { Owned::adopt(long) };
        let after = self.as_int(count.get()).unwrap_or(Int::Small(index)).add(&Int::Small(1));
        let (next, next_long) = match after {
            Int::Small(next) => (next, Ref::NULL),
            big @ Int::Big(_) => (i64::MAX, self.int_object(big).into_ref()),
        };
        if let Some(IterBody::Enumerate { index, long, .. }) = self.heap.get_mut::<IterBody>(iterator) {
            *index = next;
            *long = next_long;
        }
        let pair = self.fill_or_make(result, vec![count, item]);
        self.track_made(&pair);
        Ok(Some(pair))
    }

    fn next_of_zip(&mut self, iterator: Ref, iters: &[Ref], strict: bool) -> Res<Option<Owned>> {
        if iters.is_empty() {
            return Ok(None);
        }
        let result = match self.heap.get::<IterBody>(iterator) {
            Some(IterBody::Zip { result, .. }) => *result,
            _ => Ref::NULL,
        };
        let reuse = !result.is_null() && self.heap.count(result) == 1 && self.profile.iterators_reuse_tuples;
        let tuple = if reuse { self.share(result) } else { Owned::adopt(self.none_tuple(iters.len())) };
        for (at, &iter) in iters.iter().enumerate() {
            match self.next(iter) {
                Ok(Some(item)) => {
                    let new = item.into_ref();
                    let place = self.heap.get_mut::<TupleBody>(tuple.get()).and_then(|body| body.items.get_mut(at));
                    let old = match place {
                        Some(place) => std::mem::replace(place, new),
                        None => new,
                    };
                    self.release_ref(old);
                }
                Ok(None) => {
                    self.release(tuple);
                    return if strict { self.check_ends("zip", iters, at) } else { Ok(None) };
                }
                Err(stop) => {
                    self.release(tuple);
                    return Err(stop);
                }
            }
        }
        self.track_made(&tuple);
        Ok(Some(tuple))
    }

    /// `zip` and `map` with `strict=True`: the iterator at `ended` was the first to end.
    fn check_ends(&mut self, name: &str, iters: &[Ref], ended: usize) -> Res<Option<Owned>> {
        let others = |count: usize| if count == 1 { "argument 1".to_string() } else { format!("arguments 1-{count}") };
        if ended > 0 {
            let text = format!("{name}() argument {} is shorter than {}", ended + 1, others(ended));
            return Err(self.value_error(text));
        }
        for (at, &iter) in iters.iter().enumerate().skip(1) {
            if let Some(item) = self.next(iter)? {
                self.release(item);
                let text = format!("{name}() argument {} is longer than {}", at + 1, others(at));
                return Err(self.value_error(text));
            }
        }
        Ok(None)
    }

    fn next_of_map(&mut self, func: Ref, iters: &[Ref], strict: bool) -> Res<Option<Owned>> {
        let mut items: Vec<Owned> = Vec::with_capacity(iters.len());
        for (at, &iter) in iters.iter().enumerate() {
            let next = self.next(iter);
            match next {
                Ok(Some(item)) => items.push(item),
                Ok(None) | Err(_) => {
                    self.release_owned(items);
                    return if strict && next.is_ok() { self.check_ends("map", iters, at) } else { next };
                }
            }
        }
        if self.heap.layout(func) == Layout::Native {
            // A native function borrows the items from the iterator, which holds them once.
            let at = self.stack.len();
            self.heap.inc(func);
            self.stack.push(func);
            self.stack.push(Ref::NULL);
            self.stack.extend(items.into_iter().map(Owned::into_ref));
            return self.run_call(at, Ref::NULL).map(Some);
        }
        let names: Vec<Ref> = items.iter().map(Owned::get).collect();
        let result = self.call(func, &names);
        self.release_owned(items);
        result.map(Some)
    }

    fn next_of_filter(&mut self, func: Ref, iter: Ref) -> Res<Option<Owned>> {
        while let Some(item) = self.next(iter)? {
            let keep = if func == self.single.none || func == self.class(Ty::Bool) {
                self.truth(item.get())
            } else {
                self.call(func, &[item.get()]).and_then(|answer| self.truth_owned(answer))
            };
            match keep {
                Ok(true) => return Ok(Some(item)),
                Ok(false) => {
                    self.release(item);
                    self.step()?;
                }
                Err(stop) => {
                    self.release(item);
                    return Err(stop);
                }
            }
        }
        Ok(None)
    }

    // ---- loops for native code --------------------------------------------------------------------------------

    /// Takes several owned references away, in order.
    pub fn release_owned(&mut self, items: Vec<Owned>) {
        for item in items {
            self.release(item);
        }
    }

    /// Runs `body` for each item of an iterable until it says false.
    ///
    /// # Errors
    /// Whatever iteration or `body` raise.
    pub fn for_each(&mut self, iterable: Ref, body: impl FnMut(&mut Vm, Owned) -> Res<bool>) -> Res<()> {
        let iterator = self.iter(iterable)?;
        let result = self.drain(iterator.get(), body);
        self.release(iterator);
        result
    }

    /// The same for an iterator.
    ///
    /// # Errors
    /// Whatever iteration or `body` raise.
    pub fn drain(&mut self, iterator: Ref, mut body: impl FnMut(&mut Vm, Owned) -> Res<bool>) -> Res<()> {
        while let Some(item) = self.next(iterator)? {
            if let Err(stop) = self.step() {
                self.release(item);
                return Err(stop);
            }
            if !body(self, item)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// All items of an iterable.
    ///
    /// # Errors
    /// Whatever iteration raises; what was gathered is released then.
    pub fn collect(&mut self, iterable: Ref) -> Res<Vec<Owned>> {
        if self.is_exact(iterable, Ty::List) || self.is_exact(iterable, Ty::Tuple) {
            let items = self.sequence_items(iterable);
            return Ok(items.into_iter().map(|item| self.share(item)).collect());
        }
        let mut items: Vec<Owned> = Vec::new();
        let result = self.for_each(iterable, |_, item| {
            items.push(item);
            Ok(true)
        });
        match result {
            Ok(()) => Ok(items),
            Err(stop) => {
                self.release_owned(items);
                Err(stop)
            }
        }
    }

    /// The items of a list or tuple (or of an instance of a subclass); borrowed.
    pub fn sequence_items(&self, sequence: Ref) -> Vec<Ref> {
        match self.heap.get::<ListBody>(sequence) {
            Some(body) => body.items.clone(),
            None => self.tuple_items(sequence).to_vec(),
        }
    }

    /// What `len(x)` or `x.__length_hint__()` promise, if either does.
    ///
    /// # Errors
    /// Any exception but TypeError; TypeError and ValueError for a hint that is no length.
    pub fn length_hint(&mut self, iterable: Ref) -> Res<Option<usize>> {
        let class = self.heap.class_of(iterable);
        if self.lookup(class, self.names.len).is_some() {
            match self.length(iterable) {
                Ok(len) => return Ok(Some(len)),
                Err(stop) => self.catch(stop, Ty::TypeError)?,
            }
        }
        let Some(method) = self.lookup(class, self.names.length_hint) else { return Ok(None) };
        let hint = match self.call_special(method, iterable, &[]) {
            Ok(hint) => hint,
            Err(stop) => {
                self.catch(stop, Ty::TypeError)?;
                return Ok(None);
            }
        };
        if hint.get() == self.single.not_implemented {
            self.release(hint);
            return Ok(None);
        }
        let (int, name) = (self.as_int(hint.get()), self.class_name(hint.get()));
        self.release(hint);
        match int {
            Some(Int::Small(hint)) if hint >= 0 => Ok(Some(hint as usize)),
            Some(Int::Small(_)) => Err(self.value_error("__length_hint__() should return >= 0")),
            Some(Int::Big(_)) => Err(self.raise(Ty::OverflowError, "Python int too large to convert to C ssize_t")),
            None => Err(self.type_error(format!("__length_hint__ must be an integer, not {name}"))),
        }
    }
}
