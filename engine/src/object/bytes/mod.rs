//! `bytes` and `bytearray`: one set of methods over `[u8]` for both, and what each has for itself.
//!
//! An exact `bytes` comes back itself where nothing changes; a `bytearray` never does.

pub mod array;
mod basic;
mod build;
mod case;
mod hex;
mod pieces;
mod search;

pub use hex::hex_text;

use super::arg::native_iter;
use crate::code::CmpOp;
use crate::heap::{ByteArrayBody, BytesBody, Layout, MemoryViewBody, Owned, Ref};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Res, Ty, Vm};
use std::borrow::Cow;
use std::cell::Cell;

/// The methods that `bytes` and `bytearray` share, behind those of one type alone.
macro_rules! methods {
    ($($own:expr),* $(,)?) => {
        &[
            $($own,)*
            slot("__repr__", 0, basic::repr),
            slot("__str__", 0, basic::repr),
            slot("__lt__", 1, |vm, args| basic::compare(vm, args, CmpOp::Lt)),
            slot("__le__", 1, |vm, args| basic::compare(vm, args, CmpOp::Le)),
            slot("__eq__", 1, |vm, args| basic::compare(vm, args, CmpOp::Eq)),
            slot("__ne__", 1, |vm, args| basic::compare(vm, args, CmpOp::Ne)),
            slot("__gt__", 1, |vm, args| basic::compare(vm, args, CmpOp::Gt)),
            slot("__ge__", 1, |vm, args| basic::compare(vm, args, CmpOp::Ge)),
            slot("__iter__", 0, native_iter),
            slot("__mod__", 1, basic::percent),
            slot("__rmod__", 1, basic::percent_reflected),
            slot("__len__", 0, basic::len),
            slot("__getitem__", 1, basic::getitem),
            slot("__add__", 1, basic::add),
            slot("__mul__", 1, basic::mul),
            slot("__rmul__", 1, basic::mul),
            slot("__contains__", 1, search::contains),
            method("capitalize", 0, 0, |vm, args| rebuilt(vm, args, case::capitalize)),
            method("center", 1, 2, |vm, args| pieces::pad(vm, args, "center")),
            method("count", 1, 3, search::count),
            method("decode", 0, 2, basic::decode).named(&["encoding", "errors"], 0, 2, 0),
            method("endswith", 1, 3, |vm, args| search::affix(vm, args, "endswith")),
            method("expandtabs", 0, 1, pieces::expandtabs).named(&["tabsize"], 0, 1, 0),
            method("find", 1, 3, |vm, args| search::find(vm, args, false)),
            method("fromhex", 1, 1, hex::fromhex).class_method(),
            method("hex", 0, 2, hex::hex).named(&["sep", "bytes_per_sep"], 0, 2, 0),
            method("index", 1, 3, |vm, args| search::index(vm, args, false)),
            method("isalnum", 0, 0, |vm, args| asked(vm, args, |data| case::all(data, |b| b.is_ascii_alphanumeric()))),
            method("isalpha", 0, 0, |vm, args| asked(vm, args, |data| case::all(data, |b| b.is_ascii_alphabetic()))),
            method("isascii", 0, 0, |vm, args| asked(vm, args, <[u8]>::is_ascii)),
            method("isdigit", 0, 0, |vm, args| asked(vm, args, |data| case::all(data, |b| b.is_ascii_digit()))),
            method("islower", 0, 0, |vm, args| asked(vm, args, case::is_lower)),
            method("isspace", 0, 0, |vm, args| asked(vm, args, |data| case::all(data, case::is_space))),
            method("istitle", 0, 0, |vm, args| asked(vm, args, case::is_title)),
            method("isupper", 0, 0, |vm, args| asked(vm, args, case::is_upper)),
            method("join", 1, 1, pieces::join),
            method("ljust", 1, 2, |vm, args| pieces::pad(vm, args, "ljust")),
            method("lower", 0, 0, |vm, args| rebuilt(vm, args, |data| data.to_ascii_lowercase())),
            method("lstrip", 0, 1, |vm, args| pieces::strip(vm, args, true, false)),
            method("maketrans", 2, 2, pieces::maketrans).static_method(),
            method("partition", 1, 1, |vm, args| pieces::partition(vm, args, false)),
            method("removeprefix", 1, 1, |vm, args| search::remove(vm, args, true)),
            method("removesuffix", 1, 1, |vm, args| search::remove(vm, args, false)),
            method("replace", 2, 3, search::replace),
            method("rfind", 1, 3, |vm, args| search::find(vm, args, true)),
            method("rindex", 1, 3, |vm, args| search::index(vm, args, true)),
            method("rjust", 1, 2, |vm, args| pieces::pad(vm, args, "rjust")),
            method("rpartition", 1, 1, |vm, args| pieces::partition(vm, args, true)),
            method("rsplit", 0, 2, |vm, args| pieces::split(vm, args, true)).named(&["sep", "maxsplit"], 0, 2, 0),
            method("rstrip", 0, 1, |vm, args| pieces::strip(vm, args, false, true)),
            method("split", 0, 2, |vm, args| pieces::split(vm, args, false)).named(&["sep", "maxsplit"], 0, 2, 0),
            method("splitlines", 0, 1, pieces::splitlines).named(&["keepends"], 0, 1, 0),
            method("startswith", 1, 3, |vm, args| search::affix(vm, args, "startswith")),
            method("strip", 0, 1, |vm, args| pieces::strip(vm, args, true, true)),
            method("swapcase", 0, 0, |vm, args| rebuilt(vm, args, case::swapcase)),
            method("title", 0, 0, |vm, args| rebuilt(vm, args, case::title)),
            method("translate", 1, 2, pieces::translate).named(&["table", "delete"], 1, 2, 1),
            method("upper", 0, 0, |vm, args| rebuilt(vm, args, |data| data.to_ascii_uppercase())),
            method("zfill", 1, 1, pieces::zfill),
        ]
    };
}

/// The methods of `bytes`.
pub static METHODS: &[NativeDef] = methods![
    new(build::new_bytes),
    slot("__hash__", 0, basic::hash),
    method("__bytes__", 0, 0, |vm, args| Ok(exact(vm, args.get(vm, 0)))),
    method("__getnewargs__", 0, 0, basic::getnewargs),
];

/// The methods of `bytearray`.
pub static ARRAY_METHODS: &[NativeDef] = methods![
    new(build::new_bytearray),
    NativeDef { role: crate::native::Role::Slot, ..method("__init__", 0, 0, build::init_bytearray).any() },
    slot("__iadd__", 1, array::iadd),
    slot("__imul__", 1, array::imul),
    slot("__setitem__", 2, array::setitem),
    slot("__delitem__", 1, array::delitem),
    method("__alloc__", 0, 0, array::alloc),
    method("__reduce__", 0, 0, array::reduce),
    method("__reduce_ex__", 0, 1, array::reduce),
    method("append", 1, 1, array::append),
    method("clear", 0, 0, array::clear),
    method("copy", 0, 0, array::copy),
    method("extend", 1, 1, array::extend),
    method("insert", 2, 2, array::insert),
    method("pop", 0, 1, array::pop),
    method("remove", 1, 1, array::remove),
    method("resize", 1, 1, array::resize),
    method("reverse", 0, 0, array::reverse),
];

impl Vm {
    /// The bytes of a bytes or bytearray object, borrowed; none for anything else.
    pub fn bytes_of(&self, r: Ref) -> &[u8] {
        match self.heap.layout(r) {
            Layout::ByteArray => self.heap.get::<ByteArrayBody>(r).map_or(&[], |body| &body.data),
            _ => self.heap.get::<BytesBody>(r).map_or(&[], |body| &body.data),
        }
    }

    /// Whether the object gives its bytes to whoever asks.
    pub fn is_bytes_like(&self, r: Ref) -> bool {
        matches!(self.heap.layout(r), Layout::Bytes | Layout::ByteArray | Layout::MemoryView)
    }

    /// The bytes of a bytes-like object.
    pub fn buffer_of(&self, r: Ref) -> Option<Cow<'_, [u8]>> {
        match self.heap.layout(r) {
            Layout::Bytes | Layout::ByteArray => Some(Cow::Borrowed(self.bytes_of(r))),
            Layout::MemoryView => {
                let body = self.heap.get::<MemoryViewBody>(r).filter(|body| !body.released)?;
                Some(Cow::Owned(super::memoryview::bytes_in(self, body)))
            }
            _ => None,
        }
    }

    /// The bytes of a bytes-like argument.
    ///
    /// # Errors
    /// TypeError for anything else.
    pub fn buffer(&mut self, r: Ref) -> Res<Vec<u8>> {
        match self.buffer_of(r) {
            Some(data) => Ok(data.into_owned()),
            None if self.heap.layout(r) == Layout::MemoryView => {
                Err(self.value_error("operation forbidden on released memoryview object"))
            }
            None => {
                let text = format!("a bytes-like object is required, not '{}'", self.class_name(r));
                Err(self.type_error(text))
            }
        }
    }

    /// The value of a byte.
    ///
    /// # Errors
    /// TypeError for anything that is no integer, ValueError beyond 0 to 255.
    pub fn byte_argument(&mut self, r: Ref, text: &str) -> Res<u8> {
        let value = self.index_clamped(r)?;
        u8::try_from(value).map_err(|_| self.value_error(text))
    }
}

/// What `byte_argument` says for one byte.
pub(super) const BYTE_RANGE: &str = "byte must be in range(0, 256)";

/// A new object of the receiver's type (bytes or bytearray, never a subclass).
fn made(vm: &mut Vm, this: Ref, data: Vec<u8>) -> Owned {
    if vm.heap.layout(this) == Layout::ByteArray { vm.new_bytearray(data) } else { vm.new_bytes(data) }
}

/// The same where CPython fills a fresh object: a single byte is then not the shared one.
fn filled(vm: &mut Vm, this: Ref, data: Vec<u8>) -> Owned {
    if vm.heap.layout(this) == Layout::ByteArray {
        return vm.new_bytearray(data);
    }
    unshared(vm, data)
}

/// A bytes object that CPython fills after making it.
pub(super) fn unshared(vm: &mut Vm, data: Vec<u8>) -> Owned {
    if data.len() != 1 || vm.profile.single_bytes_always_shared {
        return vm.new_bytes(data);
    }
    vm.heap.alloc(Ty::Bytes.kind(), BytesBody { data, hash: Cell::new(None) })
}

/// The receiver itself if it is an exact `bytes`, else a copy.
fn exact(vm: &mut Vm, this: Ref) -> Owned {
    if vm.is_exact(this, Ty::Bytes) {
        return vm.share(this);
    }
    let data = vm.bytes_of(this).to_vec();
    made(vm, this, data)
}

/// A method that builds new bytes of the receiver's.
fn rebuilt(vm: &mut Vm, args: Args, build: fn(&[u8]) -> Vec<u8>) -> Res<Owned> {
    let this = args.get(vm, 0);
    let data = build(vm.bytes_of(this));
    Ok(filled(vm, this, data))
}

/// A method that asks something about the receiver's bytes.
fn asked(vm: &mut Vm, args: Args, ask: fn(&[u8]) -> bool) -> Res<Owned> {
    let answer = ask(vm.bytes_of(args.get(vm, 0)));
    Ok(vm.bool(answer))
}
