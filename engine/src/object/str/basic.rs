//! What the operators and conversions do with a `str`.

use super::{changed, exact, unshared};
use crate::code::CmpOp;
use crate::heap::{Layout, Owned, Ref};
use crate::native::Args;
use crate::object::repr;
use crate::object::text::codec::Codec;
use crate::object::text::codec_error::{CodecError, Handler};
use crate::object::text::{Changed, Text};
use crate::vm::{Res, Stop, Ty, Vm};

/// `str(object='', encoding='utf-8', errors='strict')`
pub fn new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Str)?;
    let [object, encoding, errors] = vm.new_arguments(args, "str", ["object", "encoding", "errors"], 0)?;
    let made = if object.is_null() {
        vm.share(vm.single.empty_str)
    } else if encoding.is_null() && errors.is_null() {
        vm.str_object(object)?
    } else {
        decode_object(vm, object, encoding, errors)?
    };
    if class == vm.class(Ty::Str) {
        return Ok(made);
    }
    let text = vm.text_of(made.get()).clone();
    vm.release(made);
    let kind = vm.kind_of_instances(class);
    Ok(vm.alloc_text(kind, text))
}

fn decode_object(vm: &mut Vm, object: Ref, encoding: Ref, errors: Ref) -> Res<Owned> {
    for (at, name, value) in [(2, "encoding", encoding), (3, "errors", errors)] {
        if !value.is_null() {
            let named = vm.profile.newer_argument_errors;
            let which = if named { format!("argument '{name}'") } else { format!("argument {at}") };
            vm.expect_str(value, "str", &which)?;
        }
    }
    if vm.heap.layout(object) == Layout::Str {
        return Err(vm.type_error("decoding str is not supported"));
    }
    if !vm.is_bytes_like(object) {
        let text = format!("decoding to str: need a bytes-like object, {} found", vm.class_name(object));
        return Err(vm.type_error(text));
    }
    vm.decode(object, encoding, errors)
}

/// `repr(s)`
pub fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = repr::text_repr(vm.text_of(args.get(vm, 0)));
    Ok(vm.new_text(text))
}

/// `hash(s)`
pub fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let hash = vm.text_hash(args.get(vm, 0));
    Ok(vm.new_int(hash))
}

/// `str(s)`
pub fn str(vm: &mut Vm, args: Args) -> Res<Owned> {
    Ok(exact(vm, args.get(vm, 0)))
}

/// `s < t` and so on
pub fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let answer = match (vm.heap.text(this), vm.heap.text(other)) {
        (Some(a), Some(b)) => match op {
            CmpOp::Eq => a == b,
            CmpOp::Ne => a != b,
            CmpOp::Lt | CmpOp::Le | CmpOp::Gt | CmpOp::Ge => op.holds(a.cmp(b)),
        },
        _ => return Ok(vm.not_implemented()),
    };
    Ok(vm.bool(answer))
}

/// `len(s)`
pub fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let len = vm.text_of(args.get(vm, 0)).len();
    Ok(vm.new_size(len))
}

/// `s[index]`
pub fn getitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(index) == Layout::Slice {
        let len = vm.text_of(this).len();
        let (start, _, step, count) = vm.slice_bounds(index, len)?;
        let result = vm.text_of(this).slice(start, step, count);
        return Ok(match result {
            Changed::New(text) if step != 1 => unshared(vm, text),
            result => changed(vm, this, result),
        });
    }
    if !vm.has_index(index) {
        let mut text = "string indices must be integers".to_string();
        if vm.profile.str_index_names_type {
            text.push_str(&format!(", not '{}'", vm.class_name(index)));
        }
        return Err(vm.type_error(text));
    }
    let at = vm.index_sized(index, Ty::IndexError)?;
    let text = vm.text_of(this);
    let at = if at < 0 { at + text.len() as i64 } else { at };
    match usize::try_from(at).ok().and_then(|at| text.get(at)) {
        Some(point) => Ok(vm.new_text(Text::from_point(point))),
        None => Err(vm.raise(Ty::IndexError, "string index out of range")),
    }
}

/// `s + t`
pub fn add(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(other) != Layout::Str {
        return vm
            .foreign_operand(args, |vm| format!("can only concatenate str (not \"{}\") to str", vm.class_name(other)));
    }
    vm.concat_text(this, other)
}

impl Vm {
    /// `a + b` of two str objects: the other operand itself where one is empty.
    ///
    /// # Errors
    /// The memory limit.
    pub fn concat_text(&mut self, a: Ref, b: Ref) -> Res<Owned> {
        let (left, right) = (self.text_of(a), self.text_of(b));
        if left.is_empty() {
            return Ok(exact(self, b));
        }
        if right.is_empty() {
            return Ok(exact(self, a));
        }
        let width = if left.as_str().is_some() && right.as_str().is_some() { 1 } else { 4 };
        let room = (left.len() + right.len()) * width;
        self.check_room(room as u128)?;
        let text = self.text_of(a).concat(self.text_of(b));
        Ok(self.new_text(text))
    }
}

/// `s * n`
pub fn mul(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(count) = vm.repetitions(args)? else { return Ok(vm.not_implemented()) };
    let len = vm.text_of(this).len();
    if len as u128 * count as u128 > i64::MAX as u128 {
        return Err(vm.overflow("repeated string is too long"));
    }
    vm.check_room(len as u128 * count as u128)?;
    let result = match (len, count) {
        (0, _) | (_, 0) => Changed::New(Text::default()),
        _ => vm.text_of(this).repeat(count),
    };
    Ok(changed(vm, this, result))
}

/// `s.encode(encoding='utf-8', errors='strict')`
pub fn encode(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, encoding, errors) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    if !encoding.is_null() {
        vm.expect_str(encoding, "encode", "argument 'encoding'")?;
    }
    if !errors.is_null() {
        vm.expect_str(errors, "encode", "argument 'errors'")?;
    }
    vm.encode(this, encoding, errors)
}

impl Vm {
    /// `text.encode(encoding, errors)`; both may be NULL.
    ///
    /// # Errors
    /// LookupError for an unknown codec, UnicodeEncodeError.
    pub fn encode(&mut self, text: Ref, encoding: Ref, errors: Ref) -> Res<Owned> {
        let codec = self.codec(encoding)?;
        let handler = self.codec_handler(errors);
        match codec.encode(self.text_of(text), &handler) {
            Ok(bytes) => Ok(self.new_bytes(bytes)),
            Err(error) => Err(self.codec_error(error, Ty::UnicodeEncodeError, text)),
        }
    }

    /// The codec of this name, UTF-8 if there is none.
    ///
    /// # Errors
    /// LookupError for a name that no codec has.
    pub fn codec(&mut self, name: Ref) -> Res<Codec> {
        if name.is_null() {
            return Ok(Codec::Utf8);
        }
        let shown = self.show(name);
        match Codec::named(&shown) {
            Some(codec) => Ok(codec),
            None => Err(self.raise(Ty::LookupError, format!("unknown encoding: {shown}"))),
        }
    }

    /// The error handler of this name, `strict` if there is none.
    pub fn codec_handler(&self, name: Ref) -> Handler {
        if name.is_null() { Handler::Strict } else { Handler::named(&self.show(name)) }
    }

    /// Raises what went wrong in a codec.
    #[cold]
    pub fn codec_error(&mut self, error: CodecError, ty: Ty, object: Ref) -> Stop {
        match error {
            CodecError::Fault(fault) => {
                let encoding = self.new_str(fault.encoding);
                let object = self.share(object);
                let start = self.new_size(fault.start);
                let end = self.new_size(fault.end);
                let reason = self.new_str(fault.reason);
                self.raise_called(ty, vec![encoding, object, start, end, reason])
            }
            CodecError::UnknownHandler(_) => self.raise(Ty::LookupError, error.to_string()),
            CodecError::WrongDirection(_) => self.type_error(error.to_string()),
        }
    }
}

/// `s.__getnewargs__()`
pub fn getnewargs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let text = vm.text_of(args.get(vm, 0)).clone();
    let copy = unshared(vm, text);
    Ok(vm.new_tuple(vec![copy]))
}
