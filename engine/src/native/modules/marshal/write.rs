//! Objects to bytes.

use super::{body_of, refuse_code};
use crate::heap::{IMMORTAL, Layout, ListBody, Ref, SliceBody};
use crate::object::format::double::{Layout::General, Options, format_double};
use crate::object::number::Int;
use crate::object::text::Text;
use crate::object::text::codec::Codec;
use crate::object::text::codec_error::Handler;
use crate::vm::{Res, Ty, Vm};
use num_bigint::{BigInt, Sign};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Objects nest no deeper.
const DEEPEST: u32 = 2000;
/// Before a type's letter: the object is remembered.
const REMEMBERED: u8 = 0x80;

struct Writer {
    out: Vec<u8>,
    version: i64,
    known: FxHashMap<Ref, u32>,
    depth: u32,
    code: bool,
}

/// An object's bytes.
///
/// # Errors
/// ValueError for what has none.
pub(super) fn written(vm: &mut Vm, object: Ref, version: i64, code: bool) -> Res<Vec<u8>> {
    let mut writer = Writer { out: Vec::new(), version, known: FxHashMap::default(), depth: 0, code };
    writer.object(vm, object)?;
    Ok(writer.out)
}

impl Writer {
    fn long(&mut self, value: usize) {
        self.out.extend((value as u32).to_le_bytes());
    }

    /// Writes the number of an object that is known, or else its letter; whether its value is to follow.
    fn begin(&mut self, vm: &Vm, object: Ref, letter: u8) -> bool {
        if self.version < 3 {
            self.out.push(letter);
            return true;
        }
        let count = vm.heap.count(object);
        if count != IMMORTAL && count <= 1 {
            self.out.push(letter);
            return true;
        }
        if let Some(&number) = self.known.get(&object) {
            self.out.push(b'r');
            self.long(number as usize);
            return false;
        }
        self.known.insert(object, self.known.len() as u32);
        self.out.push(letter | REMEMBERED);
        true
    }

    fn object(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(vm.value_error("object too deeply nested to marshal"));
        }
        vm.step()?;
        let result = self.any(vm, object);
        self.depth -= 1;
        result
    }

    fn any(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let single = vm.single;
        let letter = match object {
            _ if object == single.none => b'N',
            _ if object == single.ellipsis => b'.',
            _ if object == single.false_ => b'F',
            _ if object == single.true_ => b'T',
            _ if object == vm.class(Ty::StopIteration) => b'S',
            _ => 0,
        };
        if letter != 0 {
            self.out.push(letter);
            return Ok(());
        }
        let is = |vm: &Vm, ty| vm.is_exact(object, ty);
        if vm.heap.class_of(object) == vm.class(Ty::Int) {
            self.int(vm, object);
        } else if is(vm, Ty::Float) {
            self.float(vm, object);
        } else if is(vm, Ty::Complex) {
            self.complex(vm, object);
        } else if is(vm, Ty::Bytes) {
            if self.begin(vm, object, b's') {
                let data = vm.bytes_of(object).to_vec();
                self.sized(&data);
            }
        } else if is(vm, Ty::Str) {
            return self.text(vm, object);
        } else if is(vm, Ty::Tuple) {
            let items = vm.tuple_items(object).to_vec();
            let short = self.version >= 4 && items.len() < 256;
            if self.begin(vm, object, if short { b')' } else { b'(' }) {
                if short {
                    self.out.push(items.len() as u8);
                } else {
                    self.long(items.len());
                }
                return self.all(vm, &items);
            }
        } else if is(vm, Ty::List) {
            let items = vm.heap.get::<ListBody>(object).map(|body| body.items.clone()).unwrap_or_default();
            return self.items(vm, object, b'[', &items);
        } else if is(vm, Ty::Set) || is(vm, Ty::FrozenSet) {
            let letter = if is(vm, Ty::Set) { b'<' } else { b'>' };
            let items = vm.set_items(object);
            return self.items(vm, object, letter, &items);
        } else if is(vm, Ty::Dict) || is(vm, Ty::FrozenDict) && self.version >= 6 {
            if self.begin(vm, object, if is(vm, Ty::Dict) { b'{' } else { b'}' }) {
                for (key, value) in vm.dict_items(object) {
                    self.object(vm, key)?;
                    self.object(vm, value)?;
                }
                self.out.push(b'0');
            }
        } else if is(vm, Ty::Slice) && self.version >= 5 {
            if self.begin(vm, object, b':')
                && let Some(SliceBody { start, stop, step }) = vm.heap.get::<SliceBody>(object).cloned()
            {
                return self.all(vm, &[start, stop, step]);
            }
        } else if is(vm, Ty::Code) {
            return self.code(vm, object);
        } else if matches!(vm.heap.layout(object), Layout::ByteArray | Layout::MemoryView | Layout::Bytes) {
            let data = vm.buffer(object)?;
            if self.begin(vm, object, b's') {
                self.sized(&data);
            }
        } else {
            return Err(vm.value_error("unmarshallable object"));
        }
        Ok(())
    }

    fn all(&mut self, vm: &mut Vm, items: &[Ref]) -> Res<()> {
        items.iter().try_for_each(|&item| self.object(vm, item))
    }

    fn items(&mut self, vm: &mut Vm, object: Ref, letter: u8, items: &[Ref]) -> Res<()> {
        if !self.begin(vm, object, letter) {
            return Ok(());
        }
        self.long(items.len());
        self.all(vm, items)
    }

    fn sized(&mut self, data: &[u8]) {
        self.long(data.len());
        self.out.extend_from_slice(data);
    }

    fn int(&mut self, vm: &Vm, object: Ref) {
        let value = vm.as_int(object).unwrap_or(Int::Small(0));
        if let Int::Small(small) = value
            && let Ok(word) = i32::try_from(small)
        {
            if self.begin(vm, object, b'i') {
                self.out.extend(word.to_le_bytes());
            }
            return;
        }
        if !self.begin(vm, object, b'l') {
            return;
        }
        let big = match value {
            Int::Small(small) => BigInt::from(small),
            Int::Big(big) => big,
        };
        // Digits of 15 bits, the lowest first; the sign is that of their number.
        let digits = big.magnitude().to_radix_le(1 << 7);
        let pairs: Vec<u16> = fifteen_bits(&digits);
        let count = pairs.len() as i32;
        self.out.extend((if big.sign() == Sign::Minus { -count } else { count }).to_le_bytes());
        pairs.into_iter().for_each(|digit| self.out.extend(digit.to_le_bytes()));
    }

    fn float(&mut self, vm: &Vm, object: Ref) {
        let binary = self.version > 1;
        if self.begin(vm, object, if binary { b'g' } else { b'f' }) {
            self.number(vm.heap.float_word(object));
        }
    }

    fn complex(&mut self, vm: &Vm, object: Ref) {
        let binary = self.version > 1;
        if self.begin(vm, object, if binary { b'y' } else { b'x' }) {
            let value = vm.complex_of(object);
            self.number(value.real);
            self.number(value.imag);
        }
    }

    fn number(&mut self, value: f64) {
        if self.version > 1 {
            self.out.extend(value.to_le_bytes());
        } else {
            let (text, negative) = format_double(value, General(17), Options::default());
            let sign = if negative { "-" } else { "" };
            self.out.push((sign.len() + text.len()) as u8);
            self.out.extend_from_slice(sign.as_bytes());
            self.out.extend_from_slice(text.as_bytes());
        }
    }

    fn text(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        let mut interned = vm.str_body(object).is_some_and(|body| body.interned);
        let Some(text) = vm.as_text(object) else { return Ok(()) };
        if text.len() == 1 && !matches!(text, Text::Ascii(_)) {
            interned &= vm.profile.latin1_interned;
        }
        if self.version >= 4
            && let Text::Ascii(ascii) = &text
        {
            let short = ascii.len() < 256;
            let letter = match (short, interned) {
                (true, true) => b'Z',
                (true, false) => b'z',
                (false, true) => b'A',
                (false, false) => b'a',
            };
            if self.begin(vm, object, letter) {
                if short {
                    self.out.push(ascii.len() as u8);
                    self.out.extend_from_slice(ascii.as_bytes());
                } else {
                    self.sized(ascii.as_bytes());
                }
            }
            return Ok(());
        }
        let letter = if self.version >= 3 && interned { b't' } else { b'u' };
        if self.begin(vm, object, letter) {
            match Codec::Utf8.encode(&text, &Handler::SurrogatePass) {
                Ok(data) => self.sized(&data),
                Err(error) => return Err(vm.codec_error(error, Ty::UnicodeEncodeError, object)),
            }
        }
        Ok(())
    }

    fn code(&mut self, vm: &mut Vm, object: Ref) -> Res<()> {
        if !self.code {
            return Err(refuse_code(vm, "marshalling"));
        }
        if !self.begin(vm, object, b'c') {
            return Ok(());
        }
        let code = vm.code(object);
        self.long(vm.marshalled.len());
        vm.marshalled.push(Rc::new(body_of(&code)));
        let shown = code.shown_consts as usize;
        let tuple =
            vm.heap.get::<crate::heap::CodeBody>(object).map_or(vm.single.empty_tuple, |body| body.consts_tuple);
        self.object(vm, tuple)?;
        let hidden = code.consts.get(shown..).unwrap_or_default();
        self.long(hidden.len());
        self.all(vm, hidden)?;
        for names in [&code.names, &code.varnames, &code.cellvars, &code.freevars, &code.local_names] {
            self.long(names.len());
            self.all(vm, names)?;
        }
        for text in [code.name, code.qualname, code.filename, code.doc] {
            let text = text.some().unwrap_or(vm.single.none);
            self.object(vm, text)?;
        }
        Ok(())
    }
}

/// Digits of 15 bits of digits of 7 bits, the lowest first.
fn fifteen_bits(sevens: &[u8]) -> Vec<u16> {
    let mut out = Vec::new();
    let (mut word, mut bits) = (0u32, 0);
    for &digit in sevens {
        word |= u32::from(digit) << bits;
        bits += 7;
        if bits >= 15 {
            out.push((word & 0x7fff) as u16);
            word >>= 15;
            bits -= 15;
        }
    }
    if word != 0 {
        out.push(word as u16);
    }
    out
}
