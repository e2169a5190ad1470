//! What the operators and conversions do with `bytes` and `bytearray`.

use super::{exact, made};
use crate::code::CmpOp;
use crate::heap::{BytesBody, Layout, Owned, Ref};
use crate::native::Args;
use crate::object::{hash, repr};
use crate::vm::{Res, Ty, Vm};

/// `repr(b)`, which `str(b)` is too
pub fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let data = vm.bytes_of(this);
    let text = if vm.heap.layout(this) == Layout::ByteArray {
        let name = vm.class_name(this);
        repr::bytearray_repr(&name, data)
    } else {
        repr::bytes_repr(data)
    };
    Ok(vm.new_str(&text))
}

/// `hash(b)`
pub fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(body) = vm.heap.get::<BytesBody>(this) else { return Ok(vm.new_int(0)) };
    let hash = match body.hash.get() {
        Some(hash) => hash,
        None => {
            let hash = hash::of_bytes(&body.data, vm.secret, &vm.profile);
            body.hash.set(Some(hash));
            hash
        }
    };
    Ok(vm.new_int(hash))
}

/// `b < c` and so on
pub fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    // `bytes` leaves every other type to that one.
    if vm.heap.layout(this) == Layout::Bytes && vm.heap.layout(other) != Layout::Bytes {
        return Ok(vm.not_implemented());
    }
    let answer = match vm.buffer_of(other) {
        Some(other) => op.holds(vm.bytes_of(this).cmp(&*other)),
        None => return Ok(vm.not_implemented()),
    };
    Ok(vm.bool(answer))
}

/// `len(b)`
pub fn len(vm: &mut Vm, args: Args) -> Res<Owned> {
    let len = vm.bytes_of(args.get(vm, 0)).len();
    Ok(vm.new_size(len))
}

/// The place that an index names.
///
/// # Errors
/// TypeError for what is no integer, IndexError outside the sequence.
pub fn place(vm: &mut Vm, this: Ref, index: Ref) -> Res<usize> {
    let array = vm.heap.layout(this) == Layout::ByteArray;
    if !vm.has_index(index) {
        let name = if array { "bytearray" } else { "byte" };
        let text = format!("{name} indices must be integers or slices, not {}", vm.class_name(index));
        return Err(vm.type_error(text));
    }
    let at = vm.index_sized(index, Ty::IndexError)?;
    let len = vm.bytes_of(this).len();
    let at = if at < 0 { at + len as i64 } else { at };
    match usize::try_from(at) {
        Ok(at) if at < len => Ok(at),
        _ => {
            let text = if array { "bytearray index out of range" } else { "index out of range" };
            Err(vm.raise(Ty::IndexError, text))
        }
    }
}

/// `b[index]`
pub fn getitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(index) == Layout::Slice {
        let indices = vm.slice_indices(index, |vm| Ok(vm.bytes_of(this).len()))?;
        let data = vm.bytes_of(this);
        if indices.step == 1 && indices.count == data.len() {
            return Ok(exact(vm, this));
        }
        let data: Vec<u8> = indices.iter().filter_map(|at| data.get(at).copied()).collect();
        return Ok(if indices.step == 1 { made(vm, this, data) } else { super::filled(vm, this, data) });
    }
    let at = place(vm, this, index)?;
    let byte = vm.bytes_of(this).get(at).copied().unwrap_or(0);
    Ok(vm.new_int(i64::from(byte)))
}

/// `b + c`
pub fn add(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let Some(right) = vm.buffer_of(other) else {
        return vm.foreign_operand(args, |vm| {
            let this = if vm.heap.layout(this) == Layout::ByteArray { "bytearray" } else { "bytes" };
            format!("can't concat {} to {this}", vm.class_name(other))
        });
    };
    let left = vm.bytes_of(this);
    if right.is_empty() && vm.is_exact(this, Ty::Bytes) {
        return Ok(vm.share(this));
    }
    if left.is_empty() && vm.is_exact(this, Ty::Bytes) && vm.is_exact(other, Ty::Bytes) {
        return Ok(vm.share(other));
    }
    let room = left.len() as u128 + right.len() as u128;
    let data = [left, &*right].concat();
    vm.check_room(room)?;
    Ok(super::filled(vm, this, data))
}

/// `b * n`
pub fn mul(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(count) = vm.repetitions(args)? else { return Ok(vm.not_implemented()) };
    let len = vm.bytes_of(this).len();
    let room = len as u128 * count as u128;
    if room > i64::MAX as u128 && vm.heap.layout(this) == Layout::Bytes {
        return Err(vm.overflow("repeated bytes are too long"));
    }
    vm.check_room(room)?;
    if room == len as u128 && vm.is_exact(this, Ty::Bytes) {
        return Ok(vm.share(this));
    }
    if room == 0 && vm.heap.layout(this) == Layout::Bytes {
        // CPython makes an object before it sees that nothing goes in.
        return Ok(vm.heap.alloc(Ty::Bytes.kind(), BytesBody::default()));
    }
    let data = vm.bytes_of(this).repeat(if len == 0 { 0 } else { count });
    Ok(super::filled(vm, this, data))
}

/// `b.decode(encoding='utf-8', errors='strict')`
pub fn decode(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, encoding, errors) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    if !encoding.is_null() {
        vm.expect_str(encoding, "decode", "argument 'encoding'")?;
    }
    if !errors.is_null() {
        vm.expect_str(errors, "decode", "argument 'errors'")?;
    }
    vm.decode(this, encoding, errors)
}

impl Vm {
    /// `bytes_like.decode(encoding, errors)`; both may be NULL.
    ///
    /// # Errors
    /// LookupError for an unknown codec, UnicodeDecodeError.
    pub fn decode(&mut self, object: Ref, encoding: Ref, errors: Ref) -> Res<Owned> {
        let codec = self.codec(encoding)?;
        let handler = self.codec_handler(errors);
        let data = self.buffer(object)?;
        match codec.decode(&data, &handler) {
            Ok(text) => Ok(self.new_text(text)),
            Err(error) => {
                let copy;
                let bytes = if self.heap.layout(object) == Layout::Bytes {
                    object
                } else {
                    copy = self.new_bytes(data);
                    self.hold(copy)
                };
                Err(self.codec_error(error, Ty::UnicodeDecodeError, bytes))
            }
        }
    }
}

/// `b.__getnewargs__()`
pub fn getnewargs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let data = vm.bytes_of(args.get(vm, 0)).to_vec();
    let copy = vm.new_bytes(data);
    Ok(vm.new_tuple(vec![copy]))
}

/// `b % values`
pub fn percent(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, values) = (args.get(vm, 0), args.get(vm, 1));
    let data = vm.percent_bytes(this, values)?;
    Ok(made(vm, this, data))
}

/// `value % b`: only for a value of the same type.
pub fn percent_reflected(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(this) != vm.heap.layout(other) {
        return Ok(vm.not_implemented());
    }
    let data = vm.percent_bytes(other, this)?;
    Ok(made(vm, other, data))
}
