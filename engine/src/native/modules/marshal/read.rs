//! Bytes to objects.
//!
//! Invariant: every object that is being made is held on the machine's stack until the value is ready.

use super::{Parts, code_of, refuse_code};
use crate::heap::{Owned, Ref};
use crate::object::table::set::Set as SetTable;
use crate::object::text::Text;
use crate::object::text::codec::Codec;
use crate::object::text::codec_error::Handler;
use crate::vm::{Res, Stop, Ty, Vm};
use num_bigint::BigInt;
use std::rc::Rc;

/// Objects nest no deeper.
const DEEPEST: u32 = 2000;

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    /// The objects by number; NULL while one is being made that cannot be named yet.
    known: Vec<Ref>,
    depth: u32,
    code: bool,
}

/// The object that bytes begin with, and how many of them are its.
///
/// # Errors
/// EOFError, ValueError and TypeError for bytes that are no such object.
pub(super) fn read(vm: &mut Vm, data: &[u8], code: bool) -> Res<(Owned, usize)> {
    let mut reader = Reader { data, at: 0, known: Vec::new(), depth: 0, code };
    let value = vm.scoped(|vm| {
        let value = reader.object(vm)?;
        match value {
            Some(value) => Ok(vm.share(value)),
            None => Err(vm.type_error("NULL object in marshal data for object")),
        }
    })?;
    Ok((value, reader.at))
}

fn bad(vm: &mut Vm, what: &str) -> Stop {
    vm.value_error(format!("bad marshal data ({what})"))
}

impl<'a> Reader<'a> {
    fn take(&mut self, vm: &mut Vm, count: usize) -> Res<&'a [u8]> {
        let Some(piece) = self.at.checked_add(count).and_then(|end| self.data.get(self.at..end)) else {
            return Err(vm.raise(Ty::EOFError, "marshal data too short"));
        };
        self.at += count;
        Ok(piece)
    }

    fn byte(&mut self, vm: &mut Vm) -> Res<u8> {
        Ok(self.take(vm, 1)?.first().copied().unwrap_or(0))
    }

    fn long(&mut self, vm: &mut Vm) -> Res<i32> {
        let piece = self.take(vm, 4)?;
        Ok(i32::from_le_bytes(piece.try_into().unwrap_or([0; 4])))
    }

    fn size(&mut self, vm: &mut Vm, what: &str) -> Res<usize> {
        let size = self.long(vm)?;
        usize::try_from(size).map_err(|_| bad(vm, &format!("{what} size out of range")))
    }

    fn number(&mut self, vm: &mut Vm, binary: bool) -> Res<f64> {
        if binary {
            let piece = self.take(vm, 8)?;
            return Ok(f64::from_le_bytes(piece.try_into().unwrap_or([0; 8])));
        }
        let size = usize::from(self.byte(vm)?);
        let text = std::str::from_utf8(self.take(vm, size)?).unwrap_or_default();
        text.parse().map_err(|_| bad(vm, "unknown float"))
    }

    /// The next object; nothing at the end of a dict.
    fn object(&mut self, vm: &mut Vm) -> Res<Option<Ref>> {
        if self.at >= self.data.len() {
            return Err(vm.raise(Ty::EOFError, "EOF read where object expected"));
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(vm.value_error("recursion limit exceeded"));
        }
        vm.step()?;
        let letter = self.byte(vm)?;
        let remembered = letter & 0x80 != 0;
        let result = self.value(vm, letter & 0x7f, remembered);
        self.depth -= 1;
        result
    }

    fn some(&mut self, vm: &mut Vm, part_of: &str) -> Res<Ref> {
        match self.object(vm)? {
            Some(object) => Ok(object),
            None => Err(vm.type_error(format!("NULL object in marshal data for {part_of}"))),
        }
    }

    /// Takes a place among the objects that are named by number.
    fn reserve(&mut self, remembered: bool) -> Option<usize> {
        remembered.then(|| {
            self.known.push(Ref::NULL);
            self.known.len() - 1
        })
    }

    fn keep(&mut self, place: Option<usize>, object: Ref) {
        if let Some(known) = place.and_then(|place| self.known.get_mut(place)) {
            *known = object;
        }
    }

    fn value(&mut self, vm: &mut Vm, letter: u8, remembered: bool) -> Res<Option<Ref>> {
        let single = vm.single;
        let made = match letter {
            b'0' => return Ok(None),
            b'N' => return Ok(Some(single.none)),
            b'.' => return Ok(Some(single.ellipsis)),
            b'F' => return Ok(Some(single.false_)),
            b'T' => return Ok(Some(single.true_)),
            b'S' => return Ok(Some(vm.class(Ty::StopIteration))),
            b'r' => {
                let number = self.long(vm)?;
                let known = usize::try_from(number).ok().and_then(|at| self.known.get(at)).and_then(|r| r.some());
                return known.map(Some).ok_or_else(|| bad(vm, "invalid reference"));
            }
            b'i' => {
                let value = self.long(vm)?;
                vm.new_int(i64::from(value))
            }
            b'l' => self.big(vm)?,
            b'g' | b'f' => {
                let value = self.number(vm, letter == b'g')?;
                vm.new_float(value)
            }
            b'y' | b'x' => {
                let real = self.number(vm, letter == b'y')?;
                let imag = self.number(vm, letter == b'y')?;
                vm.new_complex(real, imag)
            }
            b's' => {
                let size = self.size(vm, "bytes object")?;
                let data = self.take(vm, size)?.to_vec();
                vm.new_bytes(data)
            }
            b'z' | b'Z' | b'a' | b'A' => {
                let size = match letter {
                    b'z' | b'Z' => usize::from(self.byte(vm)?),
                    _ => self.size(vm, "string")?,
                };
                let text = Text::from_units(self.take(vm, size)?);
                if letter == b'Z' || letter == b'A' { vm.intern(text) } else { vm.new_text(text) }
            }
            b'u' | b't' => {
                let size = self.size(vm, "string")?;
                let data = self.take(vm, size)?;
                match Codec::Utf8.decode(data, &Handler::SurrogatePass) {
                    Ok(text) if letter == b't' => vm.intern(text),
                    Ok(text) => vm.new_text(text),
                    Err(error) => {
                        let bytes = vm.new_bytes(data.to_vec());
                        let bytes = vm.hold(bytes);
                        return Err(vm.codec_error(error, Ty::UnicodeDecodeError, bytes));
                    }
                }
            }
            _ => return self.container(vm, letter, remembered),
        };
        let place = self.reserve(remembered);
        let made = vm.hold(made);
        self.keep(place, made);
        Ok(Some(made))
    }

    fn container(&mut self, vm: &mut Vm, letter: u8, remembered: bool) -> Res<Option<Ref>> {
        let place = self.reserve(remembered);
        let made = match letter {
            b'(' | b')' => {
                let size = if letter == b')' { usize::from(self.byte(vm)?) } else { self.size(vm, "tuple")? };
                let items = self.several(vm, size, "tuple")?;
                vm.tuple_of(&items)
            }
            b'[' => {
                let size = self.size(vm, "list")?;
                let list = vm.new_list(Vec::new());
                let list = vm.hold(list);
                self.keep(place, list);
                for _ in 0..size {
                    let item = self.some(vm, "list")?;
                    let item = vm.share(item);
                    vm.list_append(list, item);
                }
                return Ok(Some(list));
            }
            b'<' | b'>' => {
                let size = self.size(vm, "set")?;
                let set =
                    if letter == b'<' { vm.new_set() } else { vm.new_set_of(Ty::FrozenSet.kind(), SetTable::new()) };
                let set = vm.hold(set);
                if letter == b'<' {
                    self.keep(place, set);
                }
                for _ in 0..size {
                    let item = self.some(vm, "set")?;
                    vm.set_add(set, item)?;
                }
                self.keep(place, set);
                return Ok(Some(set));
            }
            b'{' => {
                let dict = vm.new_dict();
                let dict = vm.hold(dict);
                self.keep(place, dict);
                while let Some(key) = self.object(vm)? {
                    let Some(value) = self.object(vm)? else { break };
                    vm.dict_set(dict, key, value)?;
                }
                return Ok(Some(dict));
            }
            b'}' => {
                let dict = vm.new_dict();
                let dict = vm.hold(dict);
                while let Some(key) = self.object(vm)? {
                    let Some(value) = self.object(vm)? else { break };
                    vm.dict_set(dict, key, value)?;
                }
                let class = vm.class(Ty::FrozenDict);
                vm.call(class, &[dict])?
            }
            b':' => {
                let parts = self.several(vm, 3, "slice")?;
                let [start, stop, step] = [0, 1, 2].map(|at| vm.share(parts[at]));
                vm.new_slice(start, stop, step)
            }
            b'c' => self.code_object(vm)?,
            _ => return Err(bad(vm, "unknown type code")),
        };
        let made = vm.hold(made);
        self.keep(place, made);
        Ok(Some(made))
    }

    fn several(&mut self, vm: &mut Vm, count: usize, part_of: &str) -> Res<Vec<Ref>> {
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.some(vm, part_of)?);
        }
        Ok(items)
    }

    fn big(&mut self, vm: &mut Vm) -> Res<Owned> {
        let count = self.long(vm)?;
        let mut value = BigInt::ZERO;
        let mut last = 1;
        let piece = self.take(vm, 2 * count.unsigned_abs() as usize)?;
        for pair in piece.as_chunks::<2>().0.iter().rev() {
            let digit = u16::from_le_bytes(*pair);
            if digit > 0x7fff {
                return Err(bad(vm, "digit out of range in long"));
            }
            value = (value << 15) + digit;
        }
        if let Some(&[low, high]) = piece.as_chunks::<2>().0.last() {
            last = u16::from_le_bytes([low, high]);
        }
        if last == 0 {
            return Err(bad(vm, "unnormalized long data"));
        }
        Ok(vm.new_bigint(if count < 0 { -value } else { value }))
    }

    fn code_object(&mut self, vm: &mut Vm) -> Res<Owned> {
        if !self.code {
            return Err(refuse_code(vm, "unmarshalling"));
        }
        let number = self.long(vm)?;
        let body = usize::try_from(number).ok().and_then(|at| vm.marshalled.get(at)).map(Rc::clone);
        let Some(body) = body else { return Err(bad(vm, "code of another interpreter")) };
        let consts = self.some(vm, "code object")?;
        if !vm.is_exact(consts, Ty::Tuple) || vm.tuple_items(consts).len() != body.numbers[6] as usize {
            return Err(bad(vm, "constants of other code"));
        }
        let size = self.size(vm, "constants")?;
        let hidden = self.several(vm, size, "code object")?;
        let mut names: [Vec<Ref>; 5] = Default::default();
        for list in &mut names {
            let size = self.size(vm, "names")?;
            *list = self.several(vm, size, "code object")?;
        }
        let mut texts = [Ref::NULL; 4];
        for text in &mut texts {
            let object = self.some(vm, "code object")?;
            *text = if object == vm.single.none { Ref::NULL } else { object };
        }
        let all_texts = names.iter().flatten().chain(&texts[..3]).all(|&name| vm.is_exact(name, Ty::Str));
        if !all_texts || !body.fits(hidden.len(), &names) {
            return Err(bad(vm, "names of other code"));
        }
        Ok(code_of(vm, &body, Parts { consts, hidden, names, texts }))
    }
}
