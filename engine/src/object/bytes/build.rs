//! Calling `bytes` and `bytearray`.

use crate::heap::{ByteArrayBody, BytesBody, Layout, Owned, Ref};
use crate::native::Args;
use crate::vm::{Res, Ty, Vm};
use std::cell::Cell;

const NAMES: [&str; 3] = ["source", "encoding", "errors"];

/// `bytes(source=b'', encoding='utf-8', errors='strict')`
pub fn new_bytes(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Bytes)?;
    let [source, encoding, errors] = vm.new_arguments(args, "bytes", NAMES, 0)?;
    let made = from_source(vm, source, encoding, errors)?;
    if class == vm.class(Ty::Bytes) {
        return Ok(made);
    }
    let data = vm.bytes_of(made.get()).to_vec();
    vm.release(made);
    let kind = vm.kind_of_instances(class);
    Ok(vm.heap.alloc(kind, BytesBody { data, hash: Cell::new(None) }))
}

fn from_source(vm: &mut Vm, source: Ref, encoding: Ref, errors: Ref) -> Res<Owned> {
    if source.is_null() {
        no_codec(vm, encoding, errors)?;
        return Ok(vm.new_bytes(Vec::new()));
    }
    if let Some(made) = encoded(vm, source, encoding, errors)? {
        return Ok(made);
    }
    let class = vm.heap.class_of(source);
    let builtin = vm.is_exact(source, Ty::Bytes);
    if !builtin && let Some(method) = vm.lookup(class, vm.names.bytes) {
        let made = vm.call_special(method, source, &[])?;
        if vm.heap.layout(made.get()) == Layout::Bytes {
            return Ok(made);
        }
        let text = format!("__bytes__ returned non-bytes (type {})", vm.class_name(made.get()));
        vm.release(made);
        return Err(vm.type_error(text));
    }
    if vm.heap.layout(source) == Layout::Str {
        return Err(vm.type_error("string argument without an encoding"));
    }
    if let Some(size) = size(vm, source)? {
        return Ok(super::unshared(vm, vec![0; size]));
    }
    if vm.is_exact(source, Ty::Bytes) {
        return Ok(vm.share(source));
    }
    let data = vm.bytes_from(source, "bytes", "bytes must be in range(0, 256)")?;
    let filled = vm.is_bytes_like(source) || vm.is_exact(source, Ty::Tuple);
    Ok(if filled { super::unshared(vm, data) } else { vm.new_bytes(data) })
}

/// Encoding and error handler go with a str only.
fn no_codec(vm: &mut Vm, encoding: Ref, errors: Ref) -> Res<()> {
    for (name, value) in [("encoding", encoding), ("errors", errors)] {
        if !value.is_null() {
            return Err(vm.type_error(format!("{name} without a string argument")));
        }
    }
    Ok(())
}

/// The bytes of a str, if an encoding is given.
fn encoded(vm: &mut Vm, source: Ref, encoding: Ref, errors: Ref) -> Res<Option<Owned>> {
    for (at, name, value) in [(2, "encoding", encoding), (3, "errors", errors)] {
        if !value.is_null() {
            let named = vm.profile.bytes_arguments_named;
            let which = if named { format!("argument '{name}'") } else { format!("argument {at}") };
            vm.expect_str(value, "bytes", &which)?;
        }
    }
    if encoding.is_null() && errors.is_null() {
        return Ok(None);
    }
    if vm.heap.layout(source) != Layout::Str {
        let name = if encoding.is_null() { "errors" } else { "encoding" };
        return Err(vm.type_error(format!("{name} without a string argument")));
    }
    if encoding.is_null() {
        return Err(vm.type_error("string argument without an encoding"));
    }
    vm.encode(source, encoding, errors).map(Some)
}

/// The number of zero bytes that an integer source asks for.
fn size(vm: &mut Vm, source: Ref) -> Res<Option<usize>> {
    if !vm.has_index(source) {
        return Ok(None);
    }
    let size = match vm.index_sized(source, Ty::OverflowError) {
        Ok(size) => size,
        Err(stop) => {
            // A broken `__index__` leaves the other ways of reading the source.
            vm.catch(stop, Ty::TypeError)?;
            return Ok(None);
        }
    };
    let Ok(size) = usize::try_from(size) else { return Err(vm.value_error("negative count")) };
    vm.check_room(size as u128)?;
    Ok(Some(size))
}

impl Vm {
    /// The bytes of a bytes-like object or of an iterable of ints.
    ///
    /// # Errors
    /// TypeError for anything else, ValueError for ints that are no bytes; whatever iterating raises.
    pub fn bytes_from(&mut self, source: Ref, ty: &str, range_text: &str) -> Res<Vec<u8>> {
        if let Some(data) = self.buffer_of(source) {
            return Ok(data.into_owned());
        }
        let iter = if self.heap.layout(source) == Layout::Str { None } else { self.iter_or_none(source)? };
        let Some(iter) = iter else {
            let text = format!("cannot convert '{}' object to {ty}", self.class_name(source));
            return Err(self.type_error(text));
        };
        let iter = self.hold(iter);
        let mut data = Vec::new();
        while let Some(item) = self.next(iter)? {
            let item = self.hold(item);
            data.push(self.byte_argument(item, range_text)?);
            if let Some(top) = self.stack.pop() {
                self.release_ref(top);
            }
            self.step()?;
        }
        Ok(data)
    }

    /// An iterator over the object, or nothing if it is not iterable.
    ///
    /// # Errors
    /// Any exception of `__iter__` but TypeError.
    pub fn iter_or_none(&mut self, source: Ref) -> Res<Option<Owned>> {
        match self.iter(source) {
            Ok(iter) => Ok(Some(iter)),
            Err(stop) => {
                self.catch(stop, Ty::TypeError)?;
                Ok(None)
            }
        }
    }
}

/// `bytearray.__new__`: empty, `__init__` fills it.
pub fn new_bytearray(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::ByteArray)?;
    let kind = vm.kind_of_instances(class);
    Ok(vm.heap.alloc(kind, ByteArrayBody::default()))
}

/// `bytearray.__init__(source=b'', encoding='utf-8', errors='strict')`
pub fn init_bytearray(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let [source, encoding, errors] = vm.new_arguments(args, "bytearray", NAMES, 0)?;
    let data = if source.is_null() {
        no_codec(vm, encoding, errors)?;
        Vec::new()
    } else if let Some(made) = encoded(vm, source, encoding, errors)? {
        let data = vm.bytes_of(made.get()).to_vec();
        vm.release(made);
        data
    } else if vm.heap.layout(source) == Layout::Str {
        return Err(vm.type_error("string argument without an encoding"));
    } else if let Some(size) = size(vm, source)? {
        vec![0; size]
    } else {
        vm.bytes_from(source, "bytearray", super::BYTE_RANGE)?
    };
    vm.check_resizable(this, data.len())?;
    let old = vm.bytes_of(this).len();
    if let Some(body) = vm.heap.get_mut::<ByteArrayBody>(this) {
        body.data = data;
    }
    vm.fit_block(this, old);
    Ok(vm.none())
}
