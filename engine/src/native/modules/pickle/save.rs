//! Saving: which opcodes an object becomes, with the memo that keeps sharing and recursion.
//!
//! Invariant: every object in the memo is also in `kept`, counted, so that no other object can get its place while the
//! pickler lives. `kept` in order is the memo by number.

use super::opcode as op;
use super::output::Output;
use crate::heap::{Layout, ListBody, Owned, Ref};
use crate::object::number::Int;
use crate::object::text::Text;
use crate::vm::{Res, Stop, Ty, Vm};
use rustc_hash::FxHashMap;

/// How many items one opcode takes at most.
pub(super) const BATCH: usize = 1000;
const NESTED: &str = " while pickling an object";

/// A pickler at work.
#[derive(Default)]
pub struct Saver {
    /// What it writes.
    pub out: Output,
    /// The protocol.
    pub proto: u8,
    /// Names of protocols 0 to 2 are those of Python 2.
    pub fix_imports: bool,
    /// Nothing is memoized.
    pub fast: bool,
    /// Numbers of the objects seen.
    pub memo: FxHashMap<Ref, u32>,
    /// The objects seen, counted.
    pub kept: Vec<Ref>,
    /// `persistent_id`, or NULL.
    pub persistent: Ref,
    /// `reducer_override`, or NULL.
    pub reducer: Ref,
    /// `dispatch_table`, or NULL for that of `copyreg`.
    pub table: Ref,
    /// `buffer_callback`, or NULL.
    pub callback: Ref,
}

impl Saver {
    pub(super) fn binary(&self) -> bool {
        self.proto > 0
    }

    /// A whole pickle of one object.
    ///
    /// # Errors
    /// Whatever saving raises.
    pub fn dump(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if self.proto >= 2 {
            let proto = self.proto;
            self.out.put(&[op::PROTO, proto]);
            self.out.framing = proto >= 4;
        }
        self.save(vm, object)?;
        self.out.op(op::STOP);
        self.out.close_frame();
        self.out.framing = false;
        self.out.flush(vm)
    }

    // ---- memo -------------------------------------------------------------------------------------------------

    /// Remembers the object on top of the unpickler's stack.
    pub(super) fn memoize(&mut self, vm: &mut Vm, object: Ref) {
        if self.fast {
            return;
        }
        let at = self.kept.len() as u32;
        self.memo.insert(object, at);
        self.kept.push(vm.share(object).into_ref());
        if self.proto >= 4 {
            self.out.op(op::MEMOIZE);
        } else if !self.binary() {
            self.out.put(format!("p{at}\n").as_bytes());
        } else if let Ok(at) = u8::try_from(at) {
            self.out.put(&[op::BINPUT, at]);
        } else {
            self.sized(op::LONG_BINPUT, at);
        }
    }

    /// Fetches an object seen before; false if it was not.
    pub(super) fn recall(&mut self, object: Ref) -> bool {
        let Some(&at) = self.memo.get(&object) else { return false };
        if !self.binary() {
            self.out.put(format!("g{at}\n").as_bytes());
        } else if let Ok(at) = u8::try_from(at) {
            self.out.put(&[op::BINGET, at]);
        } else {
            self.sized(op::LONG_BINGET, at);
        }
        true
    }

    pub(super) fn sized(&mut self, code: u8, number: u32) {
        let mut bytes = vec![code];
        bytes.extend_from_slice(&number.to_le_bytes());
        self.out.put(&bytes);
    }

    // ---- the choice -------------------------------------------------------------------------------------------

    /// Saves an object.
    ///
    /// # Errors
    /// PicklingError and others; whatever methods of the object raise.
    pub fn save(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        vm.step()?;
        self.out.boundary(vm)?;
        if !self.persistent.is_null() && self.save_persistent(vm, object)? {
            return Ok(());
        }
        self.save_plain(vm, object)
    }

    /// Saves an object that is no persistent one.
    fn save_plain(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if self.save_atom(vm, object)? || self.recall(object) {
            return Ok(());
        }
        if vm.is_exact(object, Ty::Bytes) {
            return self.save_bytes(vm, object);
        }
        if vm.is_exact(object, Ty::Str) {
            return self.save_str(vm, object);
        }
        vm.nested_host(NESTED, |vm| self.save_object(vm, object))
    }

    fn save_object(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let kind = vm.heap.kind_of(object);
        let is = |ty: Ty| kind == ty.kind();
        if is(Ty::Dict) {
            self.save_dict(vm, object)
        } else if is(Ty::Set) {
            self.save_set(vm, object)
        } else if is(Ty::FrozenSet) {
            self.save_frozenset(vm, object)
        } else if is(Ty::List) {
            self.save_list(vm, object)
        } else if is(Ty::Tuple) {
            self.save_tuple(vm, object)
        } else if is(Ty::ByteArray) {
            self.save_bytearray(vm, object)
        } else if is(Ty::PickleBuffer) {
            self.save_buffer(vm, object)
        } else {
            self.save_by_reducing(vm, object)
        }
    }

    /// The value of `persistent_id` in the place of the object; false if it is None.
    fn save_persistent(&mut self, vm: &mut Vm, object: Ref) -> Res<bool> {
        let id = vm.call(self.persistent, &[object])?;
        if id.get() == vm.single.none {
            vm.release(id);
            return Ok(false);
        }
        let result = self.save_persistent_id(vm, id.get());
        vm.release(id);
        result.map(|()| true)
    }

    fn save_persistent_id(&mut self, vm: &mut Vm, id: Ref) -> Res<()> {
        if self.binary() {
            self.out.boundary(vm)?;
            self.save_plain(vm, id)?;
            self.out.op(op::BINPERSID);
            return Ok(());
        }
        let text = vm.str(id)?;
        match text.as_str() {
            Some(text) => {
                self.out.put(format!("P{text}\n").as_bytes());
                Ok(())
            }
            None => Err(super::error(vm, "PicklingError", "persistent IDs in protocol 0 must be ASCII strings")),
        }
    }

    // ---- atoms ------------------------------------------------------------------------------------------------

    fn save_atom(&mut self, vm: &mut Vm, object: Ref) -> Res<bool> {
        if object == vm.single.none {
            self.out.op(op::NONE);
        } else if object == vm.single.true_ || object == vm.single.false_ {
            let value = object == vm.single.true_;
            match (self.proto >= 2, value) {
                (true, true) => self.out.op(op::NEWTRUE),
                (true, false) => self.out.op(op::NEWFALSE),
                (false, true) => self.out.put(b"I01\n"),
                (false, false) => self.out.put(b"I00\n"),
            }
        } else if vm.is_exact_int(object) {
            let Some(int) = vm.as_int(object) else { return Ok(false) };
            self.save_int(vm, &int)?;
        } else if vm.is_exact(object, Ty::Float) {
            let value = vm.heap.float_word(object);
            if self.binary() {
                let mut bytes = vec![op::BINFLOAT];
                bytes.extend_from_slice(&value.to_be_bytes());
                self.out.put(&bytes);
            } else {
                let text = vm.repr(object)?;
                self.out.put(format!("F{}\n", text.to_string_lossy()).as_bytes());
            }
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn save_int(&mut self, vm: &mut Vm, int: &Int) -> Res<()> {
        if let Int::Small(value) = int
            && let Ok(value) = i32::try_from(*value)
        {
            match (self.binary(), u8::try_from(value), u16::try_from(value)) {
                (false, ..) => self.out.put(format!("I{value}\n").as_bytes()),
                (true, Ok(value), _) => self.out.put(&[op::BININT1, value]),
                (true, _, Ok(value)) => {
                    let [low, high] = value.to_le_bytes();
                    self.out.put(&[op::BININT2, low, high]);
                }
                (true, ..) => self.sized(op::BININT, value.cast_unsigned()),
            }
            return Ok(());
        }
        if self.proto < 2 {
            let text = vm.int_text(int)?;
            self.out.put(format!("L{text}L\n").as_bytes());
            return Ok(());
        }
        let bytes = crate::object::arg::big(int.clone()).to_signed_bytes_le();
        let mut whole = match u8::try_from(bytes.len()) {
            Ok(length) => vec![op::LONG1, length],
            Err(_) => {
                let mut header = vec![op::LONG4];
                header.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
                header
            }
        };
        whole.extend_from_slice(&bytes);
        self.out.put(&whole);
        Ok(())
    }

    // ---- strings of bytes and characters ------------------------------------------------------------------------

    fn save_bytes(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if self.proto >= 3 {
            return self.put_bytes(vm, object);
        }
        // Protocols before 3 have no bytes: they are made from text.
        let data = vm.bytes_of(object).to_vec();
        let value = if data.is_empty() {
            let (class, nothing) = (vm.class(Ty::Bytes), vm.single.empty_tuple);
            vm.tuple_of(&[class, nothing])
        } else {
            let encode = super::attribute_of(vm, "_codecs", "encode")?;
            let text = vm.new_text(Text::from_units(&data));
            let name = vm.intern_str("latin1");
            let arguments = vm.new_tuple(vec![text, name]);
            vm.new_tuple(vec![encode, arguments])
        };
        self.save_reduced(vm, value, object)
    }

    /// What stands for an object in `save_reduce`, released afterwards.
    pub(super) fn save_reduced(&mut self, vm: &mut Vm, value: Owned, object: Ref) -> Res<()> {
        let result = self.save_reduce(vm, value.get(), object);
        vm.release(value);
        result
    }

    /// The content of a bytes object by an opcode of its own.
    pub(super) fn put_bytes(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let data = vm.buffer(object)?;
        let header = if let Ok(length) = u8::try_from(data.len()) {
            vec![op::SHORT_BINBYTES, length]
        } else if let Ok(length) = u32::try_from(data.len()) {
            [&[op::BINBYTES][..], &length.to_le_bytes()].concat()
        } else if self.proto >= 4 {
            [&[op::BINBYTES8][..], &(data.len() as u64).to_le_bytes()].concat()
        } else {
            return Err(
                vm.overflow("serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher")
            );
        };
        let payload = if vm.is_exact(object, Ty::Bytes) { object } else { Ref::NULL };
        self.out.put_sized(vm, &header, &data, payload)?;
        self.memoize(vm, object);
        Ok(())
    }

    fn save_bytearray(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let data = vm.bytes_of(object).to_vec();
        if self.proto >= 5 {
            return self.put_bytearray(vm, object, &data);
        }
        let class = vm.class(Ty::ByteArray);
        let value = if data.is_empty() {
            let nothing = vm.single.empty_tuple;
            vm.tuple_of(&[class, nothing])
        } else {
            let bytes = vm.new_bytes(data);
            let arguments = vm.new_tuple(vec![bytes]);
            let class = vm.share(class);
            vm.new_tuple(vec![class, arguments])
        };
        self.save_reduced(vm, value, object)
    }

    pub(super) fn put_bytearray(&mut self, vm: &mut Vm, object: Ref, data: &[u8]) -> Res<()> {
        let header = [&[op::BYTEARRAY8][..], &(data.len() as u64).to_le_bytes()].concat();
        self.out.put_sized(vm, &header, data, Ref::NULL)?;
        self.memoize(vm, object);
        Ok(())
    }

    fn save_str(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let text = vm.text_of(object);
        if !self.binary() {
            let line = [&[op::UNICODE][..], &super::text::raw_escaped(text), b"\n"].concat();
            self.out.put(&line);
            self.memoize(vm, object);
            return Ok(());
        }
        let data = text.to_utf8_lossless().into_owned();
        let header = match (u8::try_from(data.len()), u32::try_from(data.len())) {
            (Ok(length), _) if self.proto >= 4 => vec![op::SHORT_BINUNICODE, length],
            (_, Ok(length)) => [&[op::BINUNICODE][..], &length.to_le_bytes()].concat(),
            _ if self.proto >= 4 => [&[op::BINUNICODE8][..], &(data.len() as u64).to_le_bytes()].concat(),
            _ => {
                return Err(vm.overflow("serializing a string larger than 4 GiB requires pickle protocol 4 or higher"));
            }
        };
        self.out.put_sized(vm, &header, &data, Ref::NULL)?;
        self.memoize(vm, object);
        Ok(())
    }

    // ---- containers -------------------------------------------------------------------------------------------

    fn save_tuple(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let items = vm.tuple_items(object).to_vec();
        if items.is_empty() {
            if self.binary() {
                self.out.op(op::EMPTY_TUPLE);
            } else {
                self.out.put(&[op::MARK, op::TUPLE]);
            }
            return Ok(());
        }
        let short = items.len() <= 3 && self.proto >= 2;
        if !short {
            self.out.op(op::MARK);
        }
        for (at, &item) in items.iter().enumerate() {
            if let Err(stop) = self.save(vm, item) {
                return Err(super::note(vm, stop, object, &format!("item {at}")));
            }
        }
        // A tuple that is in the memo by now holds itself through something else: what was put down is thrown away.
        if self.memo.contains_key(&object) {
            if short {
                self.pop(items.len());
            } else if self.binary() {
                self.out.op(op::POP_MARK);
            } else {
                self.pop(items.len() + 1);
            }
            self.recall(object);
            return Ok(());
        }
        self.out.op(match items.len() {
            1 if short => op::TUPLE1,
            2 if short => op::TUPLE2,
            _ if short => op::TUPLE3,
            _ => op::TUPLE,
        });
        self.memoize(vm, object);
        Ok(())
    }

    fn pop(&mut self, times: usize) {
        for _ in 0..times {
            self.out.op(op::POP);
        }
    }

    fn save_list(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if self.binary() {
            self.out.op(op::EMPTY_LIST);
        } else {
            self.out.put(&[op::MARK, op::LIST]);
        }
        self.memoize(vm, object);
        let item = |vm: &mut Vm, at: usize| {
            let found = vm.heap.get::<ListBody>(object).and_then(|body| body.items.get(at).copied());
            found.map(|item| vm.share(item))
        };
        if item(vm, 0).map(|item| vm.release(item)).is_none() {
            return Ok(());
        }
        vm.nested_host(NESTED, |vm| {
            let mut at = 0;
            let single = vm.heap.get::<ListBody>(object).is_some_and(|body| body.items.len() == 1);
            loop {
                let batched = self.binary() && !single;
                if batched {
                    self.out.op(op::MARK);
                }
                let batch = if batched { BATCH } else { 1 };
                let mut done = 0;
                while done < batch
                    && let Some(found) = item(vm, at)
                {
                    let saved = self.save(vm, found.get());
                    vm.release(found);
                    if let Err(stop) = saved {
                        return Err(super::note(vm, stop, object, &format!("item {at}")));
                    }
                    at += 1;
                    done += 1;
                }
                self.out.op(if batched { op::APPENDS } else { op::APPEND });
                match item(vm, at) {
                    Some(more) => vm.release(more),
                    None => return Ok(()),
                }
            }
        })
    }

    fn save_dict(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if self.binary() {
            self.out.op(op::EMPTY_DICT);
        } else {
            self.out.put(&[op::MARK, op::DICT]);
        }
        self.memoize(vm, object);
        let items: Vec<Ref> = vm.dict_items(object).into_iter().flat_map(|(key, value)| [key, value]).collect();
        if items.is_empty() {
            return Ok(());
        }
        vm.nested_host(NESTED, |vm| {
            vm.scoped(|vm| {
                for &item in &items {
                    let item = vm.share(item);
                    vm.hold(item);
                }
                self.save_dict_items(vm, object, &items)
            })
        })
    }

    fn save_dict_items(&mut self, vm: &mut Vm, object: Ref, items: &[Ref]) -> Res<()> {
        let length = items.len() / 2;
        let single = length == 1 || !self.binary();
        let mut pairs = items.chunks_exact(2);
        loop {
            let mut done = 0;
            if !single {
                self.out.op(op::MARK);
            }
            for pair in pairs.by_ref() {
                let &[key, value] = pair else { continue };
                self.save_pair(vm, object, key, value)?;
                done += 1;
                if single {
                    self.out.op(op::SETITEM);
                } else if done == BATCH {
                    break;
                }
            }
            if single {
                return Ok(());
            }
            self.out.op(op::SETITEMS);
            if vm.dict_len(object) != length {
                return Err(vm.raise(Ty::RuntimeError, "dictionary changed size during iteration"));
            }
            if done < BATCH {
                return Ok(());
            }
        }
    }

    pub(super) fn save_pair(&mut self, vm: &mut Vm, object: Ref, key: Ref, value: Ref) -> Res<()> {
        self.save(vm, key)?;
        match self.save(vm, value) {
            Err(stop) if vm.profile.pickle_texts.detailed() => {
                let shown = super::shown_in_note(vm, key)?;
                Err(super::note(vm, stop, object, &format!("item {shown}")))
            }
            other => other,
        }
    }

    /// Protocols before 4 have no sets: they are made from a list.
    fn save_set_as_list(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let items = vm.set_items(object);
        let list = vm.list_of(&items);
        let arguments = vm.new_tuple(vec![list]);
        let class = vm.heap.class_of(object);
        let class = vm.share(class);
        let value = vm.new_tuple(vec![class, arguments]);
        self.save_reduced(vm, value, object)
    }

    fn save_set(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if self.proto < 4 {
            return self.save_set_as_list(vm, object);
        }
        self.out.op(op::EMPTY_SET);
        self.memoize(vm, object);
        let items = vm.set_items(object);
        if items.is_empty() {
            return Ok(());
        }
        vm.scoped(|vm| {
            for &item in &items {
                let item = vm.share(item);
                vm.hold(item);
            }
            let mut left = &items[..];
            loop {
                let (batch, rest) = left.split_at(left.len().min(BATCH));
                self.out.op(op::MARK);
                for &item in batch {
                    if let Err(stop) = self.save(vm, item) {
                        return Err(super::note(vm, stop, object, "element"));
                    }
                }
                self.out.op(op::ADDITEMS);
                if vm.set_len(object) != items.len() {
                    return Err(vm.raise(Ty::RuntimeError, "set changed size during iteration"));
                }
                if batch.len() < BATCH {
                    return Ok(());
                }
                left = rest;
            }
        })
    }

    fn save_frozenset(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if self.proto < 4 {
            return self.save_set_as_list(vm, object);
        }
        self.out.op(op::MARK);
        for item in vm.set_items(object) {
            if let Err(stop) = self.save(vm, item) {
                return Err(super::note(vm, stop, object, "element"));
            }
        }
        if self.memo.contains_key(&object) {
            self.out.op(op::POP_MARK);
            self.recall(object);
            return Ok(());
        }
        self.out.op(op::FROZENSET);
        self.memoize(vm, object);
        Ok(())
    }

    // ---- everything else --------------------------------------------------------------------------------------

    fn save_by_reducing(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if !self.reducer.is_null() {
            let value = vm.call(self.reducer, &[object])?;
            if value.get() != vm.single.not_implemented {
                return self.save_value(vm, value, object);
            }
            vm.release(value);
        }
        let class = vm.heap.class_of(object);
        if class == vm.class(Ty::Type) {
            return self.save_class(vm, object);
        }
        if vm.is_exact(object, Ty::Function) {
            return self.save_global(vm, object, Ref::NULL);
        }
        if let Some(reducer) = self.registered(vm, class)? {
            let value = vm.call(reducer.get(), &[object]);
            vm.release(reducer);
            return self.save_value(vm, value?, object);
        }
        if vm.heap.layout(object) == Layout::Type {
            return self.save_global(vm, object, Ref::NULL);
        }
        let (reduce_ex, reduce) = (vm.names.reduce_ex, vm.names.reduce);
        let value = if let Some(method) = vm.find_attr(object, reduce_ex)? {
            let proto = vm.new_int(i64::from(self.proto));
            let value = vm.call(method.get(), &[proto.get()]);
            vm.release(proto);
            vm.release(method);
            value?
        } else if let Some(method) = vm.find_attr(object, reduce)? {
            let value = vm.call(method.get(), &[]);
            vm.release(method);
            value?
        } else {
            let shown = vm.repr(object)?.to_string_lossy().into_owned();
            let text = format!("can't pickle '{}' object: {shown}", vm.class_name(object));
            return Err(super::error(vm, "PicklingError", text));
        };
        self.save_value(vm, value, object)
    }

    /// The function that is registered for objects of a class.
    fn registered(&self, vm: &mut Vm, class: Ref) -> Res<Option<Owned>> {
        if self.table.is_null() {
            let table = super::attribute_of(vm, "copyreg", "dispatch_table")?;
            let found = vm.dict_get(table.get(), class);
            let found = found.map(|found| found.map(|found| vm.share(found)));
            vm.release(table);
            return found;
        }
        match vm.get_item(self.table, class) {
            Ok(found) => Ok(Some(found)),
            Err(stop) => {
                vm.catch(stop, Ty::KeyError)?;
                Ok(None)
            }
        }
    }

    /// Saves what an object was reduced to.
    fn save_value(&mut self, vm: &mut Vm, value: Owned, object: Ref) -> Res<()> {
        let result = match vm.heap.layout(value.get()) {
            Layout::Str => self.save_global(vm, object, value.get()),
            Layout::Tuple => match self.save_reduce(vm, value.get(), object) {
                Err(stop) => Err(super::note(vm, stop, object, "object")),
                done => done,
            },
            _ => Err(self.no_reduction(vm, value.get(), object)),
        };
        vm.release(value);
        result
    }

    fn no_reduction(&self, vm: &mut Vm, value: Ref, object: Ref) -> Stop {
        let mut text = "__reduce__ must return a string or tuple".to_string();
        if vm.profile.pickle_texts.detailed() {
            text = format!("{text}, not {}", super::full_name(vm, value));
        }
        let stop = super::error(vm, "PicklingError", text);
        super::note(vm, stop, object, "object")
    }

    /// A class: those of the singletons have no name of their own.
    fn save_class(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let single = [
            (Ty::NoneType, vm.single.none),
            (Ty::EllipsisType, vm.single.ellipsis),
            (Ty::NotImplementedType, vm.single.not_implemented),
        ];
        let Some(&(_, value)) = single.iter().find(|(ty, _)| vm.class(*ty) == object) else {
            return self.save_global(vm, object, Ref::NULL);
        };
        let class = vm.share(vm.class(Ty::Type));
        let arguments = vm.tuple_of(&[value]);
        let value = vm.new_tuple(vec![class, arguments]);
        self.save_reduced(vm, value, object)
    }

    fn save_buffer(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if self.proto < 5 {
            return Err(super::error(vm, "PicklingError", "PickleBuffer can only be pickled with protocol >= 5"));
        }
        let base = super::buffer::base(vm, object)?;
        if !self.callback.is_null() {
            let answer = vm.call(self.callback, &[object])?;
            if !vm.truth_owned(answer)? {
                self.out.op(op::NEXT_BUFFER);
                if super::buffer::is_readonly(vm, base) {
                    self.out.op(op::READONLY_BUFFER);
                }
                return Ok(());
            }
        }
        let data = vm.buffer(base)?;
        if super::buffer::is_readonly(vm, base) {
            return self.put_bytes_of(vm, object, &data);
        }
        self.put_bytearray(vm, object, &data)
    }

    fn put_bytes_of(&mut self, vm: &mut Vm, object: Ref, data: &[u8]) -> Res<()> {
        let bytes = vm.new_bytes(data.to_vec());
        let header = match (u8::try_from(data.len()), u32::try_from(data.len())) {
            (Ok(length), _) => vec![op::SHORT_BINBYTES, length],
            (_, Ok(length)) => [&[op::BINBYTES][..], &length.to_le_bytes()].concat(),
            _ => [&[op::BINBYTES8][..], &(data.len() as u64).to_le_bytes()].concat(),
        };
        let result = self.out.put_sized(vm, &header, data, bytes.get());
        vm.release(bytes);
        result?;
        self.memoize(vm, object);
        Ok(())
    }
}
