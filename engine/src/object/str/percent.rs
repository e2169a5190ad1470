//! `%` of `str`, `bytes` and `bytearray`.

use super::writer::Writer;
use crate::heap::{Layout, Owned, Ref};
use crate::native::Args;
use crate::object::format::printf::{Amount, Conversion, Directive, Field, Piece, Pieces};
use crate::object::format::printf_error::{
    Argument, Defect, Wanted, no_character, no_mapping, not_all_converted, not_enough, star_wants_int, unsupported,
    wrong_type,
};
use crate::object::number::{Int, NumberError};
use crate::object::repr::escape_non_ascii;
use crate::object::text::Text;
use crate::rules::PrintfTexts;
use crate::vm::{Res, Stop, Ty, Vm};

/// `s % values`
pub fn percent(vm: &mut Vm, args: Args) -> Res<Owned> {
    run(vm, args.get(vm, 0), args.get(vm, 1))
}

/// `value % s`: only for a str on the left.
pub fn percent_reflected(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Str {
        return Ok(vm.not_implemented());
    }
    run(vm, other, this)
}

fn run(vm: &mut Vm, format: Ref, values: Ref) -> Res<Owned> {
    let text = vm.text_of(format).clone();
    let mut job = Job::new(vm, values, false);
    let writer = job.write(vm, &text, Some(format))?;
    Ok(writer.finish(vm))
}

impl Vm {
    /// `format % values` of bytes.
    ///
    /// # Errors
    /// What is wrong with format or values; whatever their methods raise.
    pub fn percent_bytes(&mut self, format: Ref, values: Ref) -> Res<Vec<u8>> {
        let text = Text::from_units(self.bytes_of(format));
        let mut job = Job::new(self, values, true);
        let text = job.write(self, &text, None)?.into_text(self);
        // Every piece is Latin-1.
        Ok(text.points().map(|point| point as u8).collect())
    }
}

/// The values of one formatting, and how far they are used up.
struct Job {
    bytes: bool,
    /// The values as they were given.
    values: Ref,
    /// The only value, or the items of the tuple.
    items: Vec<Ref>,
    tuple: bool,
    used: usize,
    /// The values are a mapping.
    mapping: bool,
    /// A key has been used: the value behind it is the only one from then on.
    keyed: Option<String>,
}

impl Job {
    fn new(vm: &mut Vm, values: Ref, bytes: bool) -> Job {
        let layout = vm.heap.layout(values);
        let tuple = layout == Layout::Tuple;
        let text = match layout {
            Layout::Str => true,
            Layout::Bytes | Layout::ByteArray => bytes,
            _ => false,
        };
        let class = vm.heap.class_of(values);
        let mapping = !tuple && !text && vm.lookup(class, vm.names.getitem).is_some();
        let items = if tuple { vm.tuple_items(values).to_vec() } else { vec![values] };
        Job { bytes, values, items, tuple, used: 0, mapping, keyed: None }
    }

    fn write(&mut self, vm: &mut Vm, text: &Text, whole: Option<Ref>) -> Res<Writer> {
        let mut writer = Writer::default();
        let mut pieces = Pieces::new(text);
        loop {
            let piece = match pieces.next_piece() {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(defect) => {
                    let error = match defect {
                        Defect::IncompleteKey { .. } if !self.mapping => {
                            no_mapping(&vm.class_name(self.values), &vm.profile)
                        }
                        defect => defect.error(&vm.profile),
                    };
                    return Err(vm.number_error(error));
                }
            };
            match piece {
                Piece::Literal(range) => match whole {
                    Some(whole) if range == (0..text.len()) => writer.object(vm, whole, true),
                    _ => writer.text(&text.sub(range.start, range.end)),
                },
                Piece::Percent => writer.text(&Text::from("%")),
                Piece::Directive(directive) => {
                    let last = directive.at + 1 == text.len();
                    self.directive(vm, text, &directive, &mut writer, last)?;
                }
            }
            vm.check_room(writer.len() as u128)?;
        }
        if self.used < self.items.len() && !self.mapping {
            let kind = if self.bytes { "bytes" } else { "string" };
            let error = not_all_converted(self.used, self.items.len(), kind, &vm.profile);
            return Err(vm.number_error(error));
        }
        Ok(writer)
    }

    /// How errors speak of the value that was fetched last.
    fn argument(&self) -> Argument {
        match &self.keyed {
            Some(key) => Argument::Key(key.clone()),
            None if self.tuple => Argument::Number(self.used),
            None => Argument::Only,
        }
    }

    fn next_value(&mut self, vm: &mut Vm, directive: &Directive) -> Res<Ref> {
        match self.items.get(self.used) {
            Some(&value) => {
                self.used += 1;
                Ok(value)
            }
            None => {
                let got = if self.tuple { self.items.len() } else { 1 };
                let error = not_enough(got, self.keyed.is_some(), directive, &vm.profile);
                Err(vm.number_error(error))
            }
        }
    }

    fn star(&mut self, vm: &mut Vm, amount: Amount, directive: &Directive, precision: bool) -> Res<Option<i64>> {
        if amount != Amount::Argument {
            return Ok(None);
        }
        let value = self.next_value(vm, directive)?;
        match vm.as_int(value) {
            Some(Int::Small(value)) if !precision || i32::try_from(value).is_ok() => Ok(Some(value)),
            Some(_) if precision => Err(vm.overflow("Python int too large to convert to C int")),
            Some(_) => Err(vm.overflow("Python int too large to convert to C ssize_t")),
            None => {
                let class = vm.class_name(value);
                let error = star_wants_int(&class, &self.argument(), &vm.profile);
                Err(vm.number_error(error))
            }
        }
    }

    fn directive(&mut self, vm: &mut Vm, text: &Text, directive: &Directive, out: &mut Writer, last: bool) -> Res<()> {
        if let Some(key) = &directive.key {
            if !self.mapping {
                let error = no_mapping(&vm.class_name(self.values), &vm.profile);
                return Err(vm.number_error(error));
            }
            let key = text.sub(key.start, key.end);
            let key = if self.bytes {
                let data = key.points().map(|point| point as u8).collect();
                vm.new_bytes(data)
            } else {
                vm.new_text(key)
            };
            let key = vm.hold(key);
            self.keyed = Some(vm.repr(key)?.to_string_lossy().into_owned());
            let value = vm.get_item(self.values, key)?;
            self.items = vec![vm.hold(value)];
            (self.tuple, self.used) = (false, 0);
        }
        let width = self.star(vm, directive.width, directive, false)?;
        let precision = self.star(vm, directive.precision, directive, true)?;
        let value = self.next_value(vm, directive)?;
        let Some(conversion) = self.conversion(directive) else {
            let error = unsupported(directive, &vm.profile);
            return Err(vm.number_error(error));
        };
        let field = directive.field(width, precision);
        let shown = match conversion {
            Conversion::Str if self.bytes => field.text(&bytes_text(vm, value)?),
            Conversion::Repr | Conversion::Ascii if self.bytes => field.text(&escape_non_ascii(&vm.repr(value)?)),
            Conversion::Str | Conversion::Repr | Conversion::Ascii => {
                let object = match conversion {
                    Conversion::Str => vm.str_object(value)?,
                    Conversion::Repr => vm.repr_object(value)?,
                    _ => {
                        let text = escape_non_ascii(&vm.repr(value)?);
                        vm.new_text(text)
                    }
                };
                let object = vm.hold(object);
                let shown = field.text(vm.text_of(object));
                if shown.as_ref().is_ok_and(|shown| shown == vm.text_of(object)) {
                    out.object(vm, object, last);
                    return Ok(());
                }
                shown
            }
            Conversion::Character => field.character(self.character(vm, value, directive)?),
            Conversion::Decimal | Conversion::Integer => self.integer(vm, value, conversion, directive, &field)?,
            Conversion::Real => match self.real(vm, value)? {
                Some(value) => field.real(value),
                None => return Err(self.wrong(vm, Wanted::Real, directive, value)),
            },
        };
        match shown {
            Ok(shown) => {
                out.text(&shown);
                Ok(())
            }
            Err(error) => Err(vm.number_error(error)),
        }
    }

    /// `%b` is what bytes call `%s`.
    fn conversion(&self, directive: &Directive) -> Option<Conversion> {
        if self.bytes && directive.conversion == u32::from('b') {
            return Some(Conversion::Str);
        }
        directive.conversion()
    }

    fn wrong(&self, vm: &mut Vm, wanted: Wanted, directive: &Directive, value: Ref) -> Stop {
        let class = vm.class_name(value);
        let error = wrong_type(wanted, directive, &class, &self.argument(), &vm.profile);
        vm.number_error(error)
    }

    fn integer(
        &self,
        vm: &mut Vm,
        value: Ref,
        conversion: Conversion,
        directive: &Directive,
        field: &Field,
    ) -> Res<Result<Text, NumberError>> {
        let wanted = if conversion == Conversion::Integer { Wanted::Integer } else { Wanted::Number };
        let int = match vm.as_int(value) {
            Some(int) => int,
            None => {
                if !is_number(vm, value) {
                    return Err(self.wrong(vm, wanted, directive, value));
                }
                let made =
                    if conversion == Conversion::Integer { vm.index_object(value) } else { vm.number_to_int(value) };
                match made {
                    Ok(made) => {
                        let int = vm.as_int(made.get());
                        vm.release(made);
                        int.unwrap_or(Int::Small(0))
                    }
                    Err(stop) => {
                        vm.catch(stop, Ty::TypeError)?;
                        return Err(self.wrong(vm, wanted, directive, value));
                    }
                }
            }
        };
        let limit = vm.max_int_digits();
        Ok(field.integer(&int, limit, &vm.profile))
    }

    fn real(&self, vm: &mut Vm, value: Ref) -> Res<Option<f64>> {
        if let Some(value) = vm.as_float(value) {
            return Ok(Some(value));
        }
        let made = if self.bytes {
            let made = match vm.real_to_float(value) {
                Ok(made) => made,
                Err(stop) => {
                    vm.catch(stop, Ty::TypeError)?;
                    None
                }
            };
            if made.is_none() {
                return Err(vm.type_error(format!("float argument required, not {}", vm.class_name(value))));
            }
            made
        } else {
            vm.real_to_float(value)?
        };
        Ok(made.map(|made| {
            let value = vm.as_float(made.get()).unwrap_or(0.0);
            vm.release(made);
            value
        }))
    }

    fn character(&self, vm: &mut Vm, value: Ref, directive: &Directive) -> Res<u32> {
        if self.bytes {
            return byte_character(vm, value);
        }
        if vm.heap.layout(value) == Layout::Str {
            let text = vm.text_of(value);
            return match (text.len(), text.get(0)) {
                (1, Some(point)) => Ok(point),
                (len, _) => Err(self.wrong(vm, Wanted::Character { string_len: Some(len) }, directive, value)),
            };
        }
        if !vm.has_index(value) {
            return Err(self.wrong(vm, Wanted::Character { string_len: None }, directive, value));
        }
        match vm.index(value)? {
            Int::Small(point @ 0..0x11_0000) => Ok(point as u32),
            other => {
                let error = no_character(matches!(other, Int::Small(_)), &self.argument(), &vm.profile);
                Err(vm.number_error(error))
            }
        }
    }
}

/// Whether the object can be turned into a number.
fn is_number(vm: &mut Vm, value: Ref) -> bool {
    let class = vm.heap.class_of(value);
    let names = [vm.names.index, vm.names.int, vm.names.float];
    vm.heap.layout(value) == Layout::Complex || names.into_iter().any(|name| vm.lookup(class, name).is_some())
}

/// What `%c` of bytes shows.
fn byte_character(vm: &mut Vm, value: Ref) -> Res<u32> {
    if let (Layout::Bytes | Layout::ByteArray, &[byte]) = (vm.heap.layout(value), vm.bytes_of(value)) {
        return Ok(u32::from(byte));
    }
    if vm.has_index(value) {
        return match vm.index(value)? {
            Int::Small(byte @ 0..256) => Ok(byte as u32),
            _ => Err(vm.overflow("%c arg not in range(256)")),
        };
    }
    let mut text = "%c requires an integer in range(256) or a single byte".to_string();
    if vm.profile.printf_texts >= PrintfTexts::NamedCharacter {
        text.push_str(&format!(", not {}", vm.class_name(value)));
    }
    Err(vm.type_error(text))
}

/// What `%b` shows: the bytes of an object, as Latin-1 text.
fn bytes_text(vm: &mut Vm, value: Ref) -> Res<Text> {
    if let Some(data) = vm.buffer_of(value) {
        return Ok(Text::from_units(&data));
    }
    let class = vm.heap.class_of(value);
    if let Some(method) = vm.lookup(class, vm.names.bytes) {
        let made = vm.call_special(method, value, &[])?;
        let made = vm.hold(made);
        if vm.heap.layout(made) == Layout::Bytes {
            return Ok(Text::from_units(vm.bytes_of(made)));
        }
        let text = format!("__bytes__ returned non-bytes (type {})", vm.class_name(made));
        return Err(vm.type_error(text));
    }
    let text = format!(
        "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
        vm.class_name(value)
    );
    Err(vm.type_error(text))
}
