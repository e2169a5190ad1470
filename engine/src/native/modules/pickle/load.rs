//! Loading: the stack machine that a pickle is a program of.
//!
//! Invariant: `stack` and `memo` hold counted references, which [`Loader::finish`] gives up on every way out. Nothing
//! recurses here: a pickle nests by the stack.

use super::input::{Input, truncated};
use super::opcode as op;
use super::{compat, error, global, text};
use crate::heap::{Layout, MemoryViewBody, Owned, Ref};
use crate::object::number::Int;
use crate::object::table::set::Set as SetTable;
use crate::object::text::Text;
use crate::object::text::codec::{Codec, Order};
use crate::object::text::codec_error::{CodecError, CodecFault, Handler};
use crate::rules::PickleTexts;
use crate::vm::{Res, Stop, Ty, Vm};
use rustc_hash::FxHashMap;

/// An unpickler at work.
#[derive(Default)]
pub(super) struct Loader {
    /// Where it reads.
    pub input: Input,
    /// Names of protocols 0 to 2 are those of Python 2.
    pub fix_imports: bool,
    /// How strings of Python 2 are decoded; `bytes` leaves them bytes.
    pub encoding: String,
    /// The error handler for that.
    pub errors: String,
    /// `find_class` of a subclass, or NULL.
    pub find: Ref,
    /// `persistent_load`, or NULL.
    pub persistent: Ref,
    /// An iterator over buffers, or NULL.
    pub buffers: Ref,
    /// Objects by number, counted.
    pub memo: FxHashMap<u64, Ref>,
    /// The `Unpickler`, or NULL.
    pub this: Ref,
    /// The objects that are not yet part of another, counted.
    pub stack: Vec<Ref>,
    /// Where the marks lie in it.
    pub marks: Vec<usize>,
    /// The protocol that the pickle has named.
    pub proto: u8,
}

impl Loader {
    /// The object of the next pickle.
    ///
    /// # Errors
    /// UnpicklingError and others; whatever making the objects raises.
    pub fn load(&mut self, vm: &mut Vm) -> Res<Owned> {
        loop {
            vm.step()?;
            let code = self.input.opcode(vm)?;
            if code == op::STOP {
                return self.pop(vm);
            }
            vm.scoped(|vm| self.run(vm, code))?;
        }
    }

    /// Gives up what is left.
    pub fn finish(&mut self, vm: &mut Vm) {
        vm.release_all(std::mem::take(&mut self.stack));
        let mut memo: Vec<(u64, Ref)> = self.memo.drain().collect();
        memo.sort_unstable_by_key(|(at, _)| *at);
        vm.release_all(memo.into_iter().map(|(_, object)| object));
    }

    // ---- the stack --------------------------------------------------------------------------------------------

    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    #[cold]
    fn underflow(&self, vm: &mut Vm) -> Stop {
        let text = if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" };
        error(vm, "UnpicklingError", text)
    }

    fn push(&mut self, value: Owned) {
        self.stack.push(value.into_ref());
    }

    fn pop(&mut self, vm: &mut Vm) -> Res<Owned> {
        if self.stack.len() <= self.fence() {
            return Err(self.underflow(vm));
        }
        match self.stack.pop() {
            Some(top) => Ok(Owned::adopt(top)),
            None => Err(self.underflow(vm)),
        }
    }

    /// Takes the top under the machine's care.
    fn take(&mut self, vm: &mut Vm) -> Res<Ref> {
        let top = self.pop(vm)?;
        Ok(vm.hold(top))
    }

    fn top(&self, vm: &mut Vm) -> Res<Ref> {
        match self.stack.last() {
            Some(&top) if self.stack.len() > self.fence() => Ok(top),
            _ => Err(self.underflow(vm)),
        }
    }

    fn mark(&mut self, vm: &mut Vm) -> Res<usize> {
        self.marks.pop().ok_or_else(|| error(vm, "UnpicklingError", "could not find MARK"))
    }

    /// What lies above `from`, taken under the machine's care.
    fn above(&mut self, vm: &mut Vm, from: usize) -> Vec<Ref> {
        let items = self.stack.split_off(from.min(self.stack.len()));
        vm.stack.extend_from_slice(&items);
        items
    }

    fn remember(&mut self, vm: &mut Vm, at: u64) -> Res<()> {
        let top = self.top(vm)?;
        let old = self.memo.insert(at, vm.share(top).into_ref());
        vm.release_all(old);
        Ok(())
    }

    fn recall(&mut self, vm: &mut Vm, at: i128) -> Res<()> {
        let known = u64::try_from(at).ok().and_then(|at| self.memo.get(&at).copied());
        let Some(known) = known else {
            if vm.profile.pickle_texts < PickleTexts::MemoNamed {
                let key = vm.new_int(i64::try_from(at).unwrap_or(i64::MAX));
                let key = vm.hold(key);
                return Err(vm.key_error(key));
            }
            return Err(error(vm, "UnpicklingError", format!("Memo value not found at index {at}")));
        };
        self.push(vm.share(known));
        Ok(())
    }

    // ---- the opcodes ------------------------------------------------------------------------------------------

    fn run(&mut self, vm: &mut Vm, code: u8) -> Res<()> {
        match code {
            op::MARK => self.marks.push(self.stack.len()),
            op::POP => return self.pop_any(vm),
            op::POP_MARK => {
                let from = self.mark(vm)?;
                self.above(vm, from);
            }
            op::DUP => {
                let top = self.top(vm)?;
                self.push(vm.share(top));
            }
            op::NONE => self.push(vm.none()),
            op::NEWTRUE => self.push(vm.bool(true)),
            op::NEWFALSE => self.push(vm.bool(false)),
            op::INT | op::LONG | op::BININT | op::BININT1 | op::BININT2 | op::LONG1 | op::LONG4 => {
                let value = self.int(vm, code)?;
                self.push(value);
            }
            op::FLOAT => {
                let line = self.line(vm)?;
                let shown = String::from_utf8_lossy(&line).into_owned();
                match crate::object::number::float_text::parse_bytes(&line) {
                    Ok(value) => self.push(vm.new_float(value)),
                    Err(_) => return Err(vm.value_error(format!("could not convert string to float: '{shown}\n'"))),
                }
            }
            op::BINFLOAT => {
                let bits = u64::from_be_bytes(self.input.array(vm)?);
                self.push(vm.new_float(f64::from_bits(bits)));
            }
            op::STRING => self.string_line(vm)?,
            op::BINSTRING | op::SHORT_BINSTRING => {
                let length = self.length(vm, if code == op::BINSTRING { 4 } else { 1 })?;
                if length > i32::MAX as u64 && vm.profile.pickle_texts.detailed() {
                    return Err(error(vm, "UnpicklingError", "BINSTRING pickle has negative byte count"));
                }
                let data = self.sized(vm, length, "BINSTRING")?;
                let value = self.old_string(vm, data)?;
                self.push(value);
            }
            op::UNICODE => self.unicode_line(vm)?,
            op::SHORT_BINUNICODE | op::BINUNICODE | op::BINUNICODE8 => self.unicode(vm, code)?,
            op::SHORT_BINBYTES | op::BINBYTES | op::BINBYTES8 => {
                let size = if code == op::SHORT_BINBYTES {
                    1
                } else if code == op::BINBYTES {
                    4
                } else {
                    8
                };
                let length = self.length(vm, size)?;
                let data = self.sized(vm, length, "BINBYTES")?;
                self.push(vm.new_bytes(data));
            }
            op::BYTEARRAY8 => {
                let length = self.length(vm, 8)?;
                let data = self.sized(vm, length, "BYTEARRAY8")?;
                self.push(vm.new_bytearray(data));
            }
            op::NEXT_BUFFER => self.next_buffer(vm)?,
            op::READONLY_BUFFER => self.readonly_buffer(vm)?,
            op::EMPTY_TUPLE => self.push(vm.new_tuple(Vec::new())),
            op::TUPLE1 | op::TUPLE2 | op::TUPLE3 => {
                let count = usize::from(code - op::TUPLE1) + 1;
                if self.stack.len() < self.fence() + count {
                    return Err(self.underflow(vm));
                }
                let from = self.stack.len() - count;
                self.tuple(vm, from);
            }
            op::TUPLE => {
                let from = self.mark(vm)?;
                self.tuple(vm, from);
            }
            op::EMPTY_LIST => self.push(vm.new_list(Vec::new())),
            op::LIST => {
                let from = self.mark(vm)?;
                let items = self.owned_above(from);
                self.push(vm.new_list(items));
            }
            op::EMPTY_DICT => self.push(vm.new_dict()),
            op::DICT => self.dict(vm)?,
            op::EMPTY_SET => self.push(vm.new_set()),
            op::FROZENSET => {
                let from = self.mark(vm)?;
                let items = self.above(vm, from);
                let made = vm.new_set_of(Ty::FrozenSet.kind(), SetTable::new());
                let made = vm.hold(made);
                for item in items {
                    vm.set_add(made, item)?;
                }
                self.push(vm.share(made));
            }
            op::APPEND => {
                if self.stack.len() <= self.fence() + 1 {
                    return Err(self.underflow(vm));
                }
                self.append_from(vm, self.stack.len() - 1)?;
            }
            op::APPENDS => {
                let from = self.mark(vm)?;
                self.append_from(vm, from)?;
            }
            op::SETITEM => {
                if self.stack.len() < self.fence() + 3 {
                    return Err(self.underflow(vm));
                }
                self.set_from(vm, self.stack.len() - 2)?;
            }
            op::SETITEMS => {
                let from = self.mark(vm)?;
                self.set_from(vm, from)?;
            }
            op::ADDITEMS => self.add_items(vm)?,
            op::GLOBAL => {
                let module = self.line(vm)?;
                let name = self.line(vm)?;
                let (module, name) = (utf8(vm, &module)?, utf8(vm, &name)?);
                let found = self.find_class(vm, &module, &name)?;
                self.push(found);
            }
            op::STACK_GLOBAL => self.stack_global(vm)?,
            op::EXT1 => self.extension(vm, 1)?,
            op::EXT2 => self.extension(vm, 2)?,
            op::EXT4 => self.extension(vm, 4)?,
            op::INST => {
                let from = self.mark(vm)?;
                let items = self.above(vm, from);
                let module = self.line(vm)?;
                let name = self.line(vm)?;
                let (module, name) = (utf8(vm, &module)?, utf8(vm, &name)?);
                let class = self.find_class(vm, &module, &name)?;
                let class = vm.hold(class);
                self.instantiate(vm, class, &items)?;
            }
            op::OBJ => {
                let from = self.mark(vm)?;
                if self.stack.len() <= from {
                    return Err(self.underflow(vm));
                }
                let items = self.above(vm, from);
                if let Some((&class, items)) = items.split_first() {
                    self.instantiate(vm, class, items)?;
                }
            }
            op::REDUCE => {
                let arguments = self.take(vm)?;
                let callable = self.take(vm)?;
                if vm.heap.layout(arguments) != Layout::Tuple {
                    return Err(vm.type_error("argument list must be a tuple"));
                }
                let items = vm.tuple_items(arguments).to_vec();
                let made = vm.call(callable, &items)?;
                self.push(made);
            }
            op::NEWOBJ => self.new_object(vm, false)?,
            op::NEWOBJ_EX => self.new_object(vm, true)?,
            op::BUILD => self.build(vm)?,
            op::PUT => {
                let at = self.line_int(vm)?;
                self.top(vm)?;
                match u64::try_from(at) {
                    Ok(at) => self.remember(vm, at)?,
                    Err(_) => return Err(vm.value_error("negative PUT argument")),
                }
            }
            op::BINPUT | op::LONG_BINPUT => {
                let at = self.length(vm, if code == op::BINPUT { 1 } else { 4 })?;
                self.remember(vm, at)?;
            }
            op::MEMOIZE => {
                let at = self.memo.len() as u64;
                self.remember(vm, at)?;
            }
            op::GET => {
                let at = self.line_int(vm)?;
                self.recall(vm, at)?;
            }
            op::BINGET | op::LONG_BINGET => {
                let at = self.length(vm, if code == op::BINGET { 1 } else { 4 })?;
                self.recall(vm, i128::from(at))?;
            }
            op::PERSID | op::BINPERSID => self.persistent(vm, code)?,
            op::PROTO => {
                let [proto] = self.input.array(vm)?;
                if proto > super::HIGHEST {
                    return Err(vm.value_error(format!("unsupported pickle protocol: {proto}")));
                }
                self.proto = proto;
                super::loading(vm, self.this, proto);
            }
            op::FRAME => {
                let length = u64::from_le_bytes(self.input.array(vm)?);
                match usize::try_from(length) {
                    Ok(length) if length <= isize::MAX as usize => self.input.frame(vm, length)?,
                    _ => {
                        let text = format!("FRAME length exceeds system's maximum of {} bytes", i64::MAX);
                        return Err(vm.overflow(&text));
                    }
                }
            }
            other => {
                let shown = match other {
                    b' '..=b'~' if other != b'\'' && other != b'\\' => char::from(other).to_string(),
                    _ => format!("\\x{other:02x}"),
                };
                return Err(error(vm, "UnpicklingError", format!("invalid load key, '{shown}'.")));
            }
        }
        Ok(())
    }

    fn pop_any(&mut self, vm: &mut Vm) -> Res<()> {
        if self.marks.last() == Some(&self.stack.len()) {
            self.marks.pop();
            return Ok(());
        }
        let top = self.pop(vm)?;
        vm.release(top);
        Ok(())
    }

    // ---- numbers and texts ------------------------------------------------------------------------------------

    /// A line that may not be empty.
    fn line(&mut self, vm: &mut Vm) -> Res<Vec<u8>> {
        let line = self.input.line(vm)?;
        if line.is_empty() { Err(truncated(vm)) } else { Ok(line) }
    }

    fn line_int(&mut self, vm: &mut Vm) -> Res<i128> {
        let line = self.line(vm)?;
        match self.decimal(vm, &line)? {
            Int::Small(value) => Ok(i128::from(value)),
            Int::Big(_) => Err(vm.raise(Ty::OverflowError, "Python int too large to convert to C ssize_t")),
        }
    }

    fn decimal(&self, vm: &mut Vm, line: &[u8]) -> Res<Int> {
        let shown = Text::from(format!("{}\n", String::from_utf8_lossy(line)));
        let limit = vm.max_int_digits();
        Int::parse(&shown, 10, limit, &vm.profile.clone()).map_err(|error| vm.number_error(error))
    }

    fn length(&mut self, vm: &mut Vm, size: usize) -> Res<u64> {
        let mut bytes = self.input.take(vm, size)?;
        bytes.resize(8, 0);
        Ok(u64::from_le_bytes(bytes.try_into().unwrap_or([0; 8])))
    }

    fn sized(&mut self, vm: &mut Vm, length: u64, what: &str) -> Res<Vec<u8>> {
        match usize::try_from(length) {
            Ok(length) if length <= isize::MAX as usize => self.input.take(vm, length),
            _ => Err(vm.overflow(&format!("{what} exceeds system's maximum size of {} bytes", i64::MAX))),
        }
    }

    fn int(&mut self, vm: &mut Vm, code: u8) -> Res<Owned> {
        Ok(match code {
            op::BININT1 => {
                let [value] = self.input.array(vm)?;
                vm.new_int(i64::from(value))
            }
            op::BININT2 => {
                let value = u16::from_le_bytes(self.input.array(vm)?);
                vm.new_int(i64::from(value))
            }
            op::BININT => {
                let value = i32::from_le_bytes(self.input.array(vm)?);
                vm.new_int(i64::from(value))
            }
            op::LONG1 | op::LONG4 => {
                let length = self.length(vm, if code == op::LONG1 { 1 } else { 4 })?;
                if length > i32::MAX as u64 {
                    return Err(error(vm, "UnpicklingError", "LONG pickle has negative byte count"));
                }
                let data = self.sized(vm, length, "LONG")?;
                vm.int_object(Int::from_bytes(&data, Order::Little, true))
            }
            op::LONG => {
                let mut line = self.line(vm)?;
                if line.last() == Some(&b'L') {
                    line.pop();
                }
                let value = self.decimal(vm, &line)?;
                vm.int_object(value)
            }
            _ => {
                let line = self.line(vm)?;
                if line == b"00" || line == b"01" {
                    return Ok(vm.bool(line == b"01"));
                }
                let octal = line.len() > 1 && line[0] == b'0' && !vm.profile.pickle_texts.detailed();
                let shown = Text::from(String::from_utf8_lossy(&line).into_owned());
                let limit = vm.max_int_digits();
                let base = if octal { 8 } else { 10 };
                match Int::parse(&shown, base, limit, &vm.profile) {
                    Ok(value) => vm.int_object(value),
                    Err(_) => return Err(vm.value_error("could not convert string to int")),
                }
            }
        })
    }

    /// A string of Python 2: decoded, or left as bytes.
    fn old_string(&self, vm: &mut Vm, data: Vec<u8>) -> Res<Owned> {
        let bytes = vm.new_bytes(data);
        if self.encoding == "bytes" {
            return Ok(bytes);
        }
        let bytes = vm.hold(bytes);
        let (encoding, errors) = (vm.new_str(&self.encoding), vm.new_str(&self.errors));
        let (encoding, errors) = (vm.hold(encoding), vm.hold(errors));
        vm.decode(bytes, encoding, errors)
    }

    fn string_line(&mut self, vm: &mut Vm) -> Res<()> {
        let line = self.input.line(vm)?;
        let inner = match &line[..] {
            [open @ (b'\'' | b'"'), inner @ .., close] if open == close => inner,
            _ => return Err(error(vm, "UnpicklingError", "the STRING opcode argument must be quoted")),
        };
        match text::literal_unescaped(inner) {
            Ok(data) => {
                let value = self.old_string(vm, data)?;
                self.push(value);
                Ok(())
            }
            Err(text) => Err(vm.value_error(text)),
        }
    }

    fn unicode_line(&mut self, vm: &mut Vm) -> Res<()> {
        let line = self.input.line(vm)?;
        match text::raw_unescaped(&line) {
            Ok(text) => {
                self.push(vm.new_text(text));
                Ok(())
            }
            Err(wrong) => {
                let bytes = vm.new_bytes(line);
                let bytes = vm.hold(bytes);
                let fault = CodecFault {
                    encoding: "rawunicodeescape",
                    start: wrong.start,
                    end: wrong.end,
                    reason: wrong.reason,
                };
                Err(vm.codec_error(CodecError::Fault(fault), Ty::UnicodeDecodeError, bytes))
            }
        }
    }

    fn unicode(&mut self, vm: &mut Vm, code: u8) -> Res<()> {
        let size = if code == op::SHORT_BINUNICODE {
            1
        } else if code == op::BINUNICODE {
            4
        } else {
            8
        };
        let length = self.length(vm, size)?;
        let data = self.sized(vm, length, "BINUNICODE")?;
        match Codec::Utf8.decode(&data, &Handler::SurrogatePass) {
            Ok(text) => {
                self.push(vm.new_text(text));
                Ok(())
            }
            Err(error) => {
                let bytes = vm.new_bytes(data);
                let bytes = vm.hold(bytes);
                Err(vm.codec_error(error, Ty::UnicodeDecodeError, bytes))
            }
        }
    }

    // ---- containers -------------------------------------------------------------------------------------------

    fn owned_above(&mut self, from: usize) -> Vec<Owned> {
        self.stack.split_off(from.min(self.stack.len())).into_iter().map(Owned::adopt).collect()
    }

    fn tuple(&mut self, vm: &mut Vm, from: usize) {
        let items = self.owned_above(from);
        let made = vm.new_tuple(items);
        self.push(made);
    }

    fn dict(&mut self, vm: &mut Vm) -> Res<()> {
        let from = self.mark(vm)?;
        let items = self.above(vm, from);
        if !items.len().is_multiple_of(2) {
            return Err(error(vm, "UnpicklingError", "odd number of items for DICT"));
        }
        let dict = vm.new_dict();
        let dict = vm.hold(dict);
        for pair in items.chunks_exact(2) {
            vm.dict_set(dict, pair[0], pair[1])?;
        }
        self.push(vm.share(dict));
        Ok(())
    }

    /// The object below `from`, which must be above the last mark.
    fn below(&self, vm: &mut Vm, from: usize) -> Res<Ref> {
        match from.checked_sub(1).and_then(|at| self.stack.get(at)) {
            Some(&below) if from > self.fence() => Ok(below),
            _ => Err(self.underflow(vm)),
        }
    }

    fn append_from(&mut self, vm: &mut Vm, from: usize) -> Res<()> {
        let list = self.below(vm, from)?;
        let items = self.above(vm, from);
        if items.is_empty() {
            return Ok(());
        }
        if vm.is_exact(list, Ty::List) {
            let items: Vec<Owned> = items.into_iter().map(|item| vm.share(item)).collect();
            vm.list_append_all(list, items);
            return Ok(());
        }
        let name = vm.intern_str("extend");
        let name = vm.hold(name);
        if let Some(extend) = vm.find_attr(list, name)? {
            let extend = vm.hold(extend);
            let items = vm.list_of(&items);
            let items = vm.hold(items);
            let nothing = vm.call(extend, &[items])?;
            vm.release(nothing);
            return Ok(());
        }
        let append = vm.get_attr_str(list, "append")?;
        let append = vm.hold(append);
        for item in items {
            let nothing = vm.call(append, &[item])?;
            vm.release(nothing);
        }
        Ok(())
    }

    fn set_from(&mut self, vm: &mut Vm, from: usize) -> Res<()> {
        let dict = self.below(vm, from)?;
        let items = self.above(vm, from);
        if !items.len().is_multiple_of(2) {
            return Err(error(vm, "UnpicklingError", "odd number of items for SETITEMS"));
        }
        for pair in items.chunks_exact(2) {
            if vm.is_exact(dict, Ty::Dict) {
                vm.dict_set(dict, pair[0], pair[1])?;
            } else {
                vm.set_item(dict, pair[0], pair[1])?;
            }
        }
        Ok(())
    }

    fn add_items(&mut self, vm: &mut Vm) -> Res<()> {
        let from = self.mark(vm)?;
        let set = self.below(vm, from)?;
        let items = self.above(vm, from);
        if items.is_empty() {
            return Ok(());
        }
        if vm.heap.layout(set) == Layout::Set {
            for item in items {
                vm.set_add(set, item)?;
            }
            return Ok(());
        }
        let add = vm.get_attr_str(set, "add")?;
        let add = vm.hold(add);
        for item in items {
            let nothing = vm.call(add, &[item])?;
            vm.release(nothing);
        }
        Ok(())
    }

    // ---- names ------------------------------------------------------------------------------------------------

    fn find_class(&mut self, vm: &mut Vm, module: &Text, name: &Text) -> Res<Owned> {
        if !self.find.is_null() {
            let (module, name) = (vm.new_text(module.clone()), vm.new_text(name.clone()));
            let (module, name) = (vm.hold(module), vm.hold(name));
            return vm.call(self.find, &[module, name]);
        }
        let (module, name) = (module.to_string_lossy(), name.to_string_lossy());
        find(vm, &module, &name, self.proto, self.fix_imports)
    }

    fn stack_global(&mut self, vm: &mut Vm) -> Res<()> {
        let name = self.take(vm)?;
        let module = self.take(vm)?;
        if !vm.is_exact(name, Ty::Str) || !vm.is_exact(module, Ty::Str) {
            return Err(error(vm, "UnpicklingError", "STACK_GLOBAL requires str"));
        }
        let (module, name) = (vm.text_of(module).clone(), vm.text_of(name).clone());
        let found = self.find_class(vm, &module, &name)?;
        self.push(found);
        Ok(())
    }

    fn extension(&mut self, vm: &mut Vm, size: usize) -> Res<()> {
        let code = self.length(vm, size)?;
        let code = if size == 4 { i64::from(code as u32 as i32) } else { code as i64 };
        if code <= 0 {
            return Err(error(vm, "UnpicklingError", "EXT specifies code <= 0"));
        }
        let key = vm.new_int(code);
        let key = vm.hold(key);
        let cache = super::attribute_of(vm, "copyreg", "_extension_cache")?;
        let cache = vm.hold(cache);
        if let Some(known) = vm.dict_get(cache, key)? {
            self.push(vm.share(known));
            return Ok(());
        }
        let registry = super::attribute_of(vm, "copyreg", "_inverted_registry")?;
        let registry = vm.hold(registry);
        let Some(pair) = vm.dict_get(registry, key)? else {
            return Err(vm.value_error(format!("unregistered extension code {code}")));
        };
        let &[module, name] = vm.tuple_items(pair) else {
            return Err(vm.value_error(format!("_inverted_registry[{code}] isn't a 2-tuple of strings")));
        };
        let (module, name) = (vm.text_of(module).clone(), vm.text_of(name).clone());
        let found = self.find_class(vm, &module, &name)?;
        let found = vm.hold(found);
        vm.dict_set(cache, key, found)?;
        self.push(vm.share(found));
        Ok(())
    }

    fn persistent(&mut self, vm: &mut Vm, code: u8) -> Res<()> {
        if self.persistent.is_null() {
            let joint = if vm.profile.pickle_texts >= PickleTexts::OneLine { ' ' } else { '\n' };
            let text = format!(
                "A load persistent id instruction was encountered,{joint}but no persistent_load function was specified."
            );
            return Err(error(vm, "UnpicklingError", text));
        }
        let id = if code == op::BINPERSID {
            self.take(vm)?
        } else {
            let line = self.input.line(vm)?;
            if !line.is_ascii() {
                return Err(error(vm, "UnpicklingError", "persistent IDs in protocol 0 must be ASCII strings"));
            }
            let id = vm.new_str(&String::from_utf8_lossy(&line));
            vm.hold(id)
        };
        let found = vm.call(self.persistent, &[id])?;
        self.push(found);
        Ok(())
    }

    // ---- objects ----------------------------------------------------------------------------------------------

    /// An instance by the class alone or by calling it, as Python 2 had it.
    fn instantiate(&mut self, vm: &mut Vm, class: Ref, arguments: &[Ref]) -> Res<()> {
        let name = vm.intern_str("__getinitargs__");
        let name = vm.hold(name);
        let bare = arguments.is_empty() && vm.heap.layout(class) == Layout::Type;
        let bare = bare
            && match vm.find_attr(class, name)? {
                Some(found) => {
                    vm.release(found);
                    false
                }
                None => true,
            };
        let made = if bare {
            let new = vm.get_attr_str(class, "__new__")?;
            let new = vm.hold(new);
            vm.call(new, &[class])?
        } else {
            vm.call(class, arguments)?
        };
        self.push(made);
        Ok(())
    }

    fn new_object(&mut self, vm: &mut Vm, keywords: bool) -> Res<()> {
        let named = if keywords { self.take(vm)? } else { Ref::NULL };
        let arguments = self.take(vm)?;
        let class = self.take(vm)?;
        let code = if keywords { "NEWOBJ_EX" } else { "NEWOBJ" };
        if vm.heap.layout(class) != Layout::Type {
            let text = if keywords || vm.profile.pickle_texts >= PickleTexts::Typed {
                format!("{code} class argument must be a type, not {}", vm.class_name(class))
            } else {
                "NEWOBJ class argument isn't a type object".to_string()
            };
            return Err(error(vm, "UnpicklingError", text));
        }
        if vm.heap.layout(arguments) != Layout::Tuple {
            let text = if keywords || vm.profile.pickle_texts >= PickleTexts::Typed {
                format!("{code} args argument must be a tuple, not {}", vm.class_name(arguments))
            } else {
                "NEWOBJ expected an arg tuple.".to_string()
            };
            return Err(error(vm, "UnpicklingError", text));
        }
        let mut given = vec![class];
        given.extend_from_slice(vm.tuple_items(arguments));
        let new = vm.get_attr_str(class, "__new__")?;
        let new = vm.hold(new);
        let made = if !keywords {
            vm.call(new, &given)?
        } else if vm.heap.layout(named) == Layout::Dict {
            let (names, values): (Vec<Ref>, Vec<Ref>) = vm.dict_items(named).into_iter().unzip();
            if names.is_empty() {
                vm.call(new, &given)?
            } else {
                given.extend(values);
                let names = vm.tuple_of(&names);
                let names = vm.hold(names);
                vm.call_keywords(new, Ref::NULL, &given, names)?
            }
        } else {
            let text = format!("NEWOBJ_EX kwargs argument must be a dict, not {}", vm.class_name(named));
            return Err(error(vm, "UnpicklingError", text));
        };
        self.push(made);
        Ok(())
    }

    /// Gives the object below the top its state.
    fn build(&mut self, vm: &mut Vm) -> Res<()> {
        if self.stack.len() < self.fence() + 2 {
            return Err(self.underflow(vm));
        }
        let state = self.take(vm)?;
        let object = self.top(vm)?;
        let name = vm.intern_str("__setstate__");
        let name = vm.hold(name);
        if let Some(set) = vm.find_attr(object, name)? {
            let set = vm.hold(set);
            let nothing = vm.call(set, &[state])?;
            vm.release(nothing);
            return Ok(());
        }
        let pair = if vm.heap.layout(state) == Layout::Tuple { vm.tuple_items(state).to_vec() } else { Vec::new() };
        let (state, slots) = match pair[..] {
            [state, slots] => (state, slots),
            _ => (state, vm.single.none),
        };
        if state != vm.single.none {
            if vm.heap.layout(state) != Layout::Dict {
                return Err(error(vm, "UnpicklingError", "state is not a dictionary"));
            }
            let dict = vm.names.dict;
            let dict = vm.get_attr(object, dict)?;
            let dict = vm.hold(dict);
            for (key, value) in vm.dict_items(state) {
                // Names of attributes are interned, as those in the program are.
                let key = if vm.is_exact(key, Ty::Str) { vm.intern_object(key) } else { vm.share(key) };
                let key = vm.hold(key);
                vm.set_item(dict, key, value)?;
            }
        }
        if slots != vm.single.none {
            if vm.heap.layout(slots) != Layout::Dict {
                return Err(error(vm, "UnpicklingError", "slot state is not a dictionary"));
            }
            for (key, value) in vm.dict_items(slots) {
                vm.set_attr(object, key, value)?;
            }
        }
        Ok(())
    }

    // ---- buffers ----------------------------------------------------------------------------------------------

    fn next_buffer(&mut self, vm: &mut Vm) -> Res<()> {
        if self.buffers.is_null() {
            let text = "pickle stream refers to out-of-band data but no *buffers* argument was given";
            return Err(error(vm, "UnpicklingError", text));
        }
        match vm.next(self.buffers)? {
            Some(buffer) => {
                self.push(buffer);
                Ok(())
            }
            None => Err(error(vm, "UnpicklingError", "not enough out-of-band buffers")),
        }
    }

    fn readonly_buffer(&mut self, vm: &mut Vm) -> Res<()> {
        let top = self.top(vm)?;
        if super::buffer::is_readonly(vm, top) && vm.heap.layout(top) != Layout::MemoryView {
            return Ok(());
        }
        let class = vm.class(Ty::MemoryView);
        let view = vm.call(class, &[top])?;
        let top = self.take(vm)?;
        let _ = top;
        if let Some(body) = vm.heap.get_mut::<MemoryViewBody>(view.get()) {
            body.readonly = true;
        }
        self.push(view);
        Ok(())
    }
}

fn utf8(vm: &mut Vm, data: &[u8]) -> Res<Text> {
    match Codec::Utf8.decode(data, &Handler::Strict) {
        Ok(text) => Ok(text),
        Err(error) => {
            let bytes = vm.new_bytes(data.to_vec());
            let bytes = vm.hold(bytes);
            Err(vm.codec_error(error, Ty::UnicodeDecodeError, bytes))
        }
    }
}

/// What a module's name and a name in it stand for in a pickle of a protocol.
///
/// # Errors
/// ImportError, AttributeError.
pub(super) fn find(vm: &mut Vm, module: &str, name: &str, proto: u8, fix_imports: bool) -> Res<Owned> {
    let (module, name) = if proto < 3 && fix_imports { compat::to_new(module, name) } else { (module, name) };
    let found = global::import(vm, module)?;
    let found = vm.hold(found);
    let path: Vec<&str> = if proto >= 4 { name.split('.').collect() } else { vec![name] };
    let detailed = vm.profile.pickle_texts.detailed();
    let stop = match global::deep_attribute(vm, found, &path) {
        Ok(deep) => {
            vm.release(deep.parent);
            return Ok(deep.value);
        }
        Err(stop) => stop,
    };
    if detailed {
        return Err(stop);
    }
    vm.catch(stop, Ty::AttributeError)?;
    let shown = vm.repr(found)?.to_string_lossy().into_owned();
    let what = if path.contains(&"<locals>") { "local attribute" } else { "attribute" };
    Err(vm.raise(Ty::AttributeError, format!("Can't get {what} '{name}' on {shown}")))
}
