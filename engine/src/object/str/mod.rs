//! `str`: its methods as native functions over [`Text`].
//!
//! Which operations return the very operand is the point: an exact `str` comes back itself where nothing changes, an
//! instance of a subclass never does (but for `partition` without a match).

mod basic;
pub mod format;
mod percent;
mod pieces;
mod search;
mod template;
mod translate;
mod writer;

use super::arg::native_iter;
use super::text::{Changed, Text};
use crate::code::CmpOp;
use crate::heap::{Owned, Ref};
use crate::native::{Args, NativeDef, method, new, slot};
use crate::vm::{Res, Ty, Vm};

/// The methods of `str`.
pub static METHODS: &[NativeDef] = &[
    new(basic::new),
    slot("__repr__", 0, basic::repr),
    slot("__hash__", 0, basic::hash),
    slot("__str__", 0, basic::str),
    slot("__lt__", 1, |vm, args| basic::compare(vm, args, CmpOp::Lt)),
    slot("__le__", 1, |vm, args| basic::compare(vm, args, CmpOp::Le)),
    slot("__eq__", 1, |vm, args| basic::compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| basic::compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, args| basic::compare(vm, args, CmpOp::Gt)),
    slot("__ge__", 1, |vm, args| basic::compare(vm, args, CmpOp::Ge)),
    slot("__iter__", 0, native_iter),
    slot("__mod__", 1, percent::percent),
    slot("__rmod__", 1, percent::percent_reflected),
    slot("__len__", 0, basic::len),
    slot("__getitem__", 1, basic::getitem),
    slot("__add__", 1, basic::add),
    slot("__mul__", 1, basic::mul),
    slot("__rmul__", 1, basic::mul),
    slot("__contains__", 1, search::contains),
    method("encode", 0, 2, basic::encode).named(&["encoding", "errors"], 0, 2, 0),
    method("replace", 2, 3, search::replace),
    method("split", 0, 2, |vm, args| pieces::split(vm, args, false)).named(&["sep", "maxsplit"], 0, 2, 0),
    method("rsplit", 0, 2, |vm, args| pieces::split(vm, args, true)).named(&["sep", "maxsplit"], 0, 2, 0),
    method("join", 1, 1, pieces::join),
    method("capitalize", 0, 0, |vm, args| rebuilt(vm, args, Text::capitalize)),
    method("casefold", 0, 0, |vm, args| rebuilt(vm, args, Text::casefold)),
    method("title", 0, 0, |vm, args| rebuilt(vm, args, Text::title)),
    method("center", 1, 2, |vm, args| pieces::pad(vm, args, "center", Text::center)),
    method("count", 1, 3, search::count),
    method("expandtabs", 0, 1, pieces::expandtabs).named(&["tabsize"], 0, 1, 0),
    method("find", 1, 3, |vm, args| search::find(vm, args, "find", Text::find)),
    method("partition", 1, 1, |vm, args| pieces::partition(vm, args, false)),
    method("index", 1, 3, |vm, args| search::index(vm, args, "index", Text::find)),
    method("ljust", 1, 2, |vm, args| pieces::pad(vm, args, "ljust", Text::ljust)),
    method("lower", 0, 0, |vm, args| rebuilt(vm, args, Text::lower)),
    method("lstrip", 0, 1, |vm, args| pieces::strip(vm, args, "lstrip")),
    method("rfind", 1, 3, |vm, args| search::find(vm, args, "rfind", Text::rfind)),
    method("rindex", 1, 3, |vm, args| search::index(vm, args, "rindex", Text::rfind)),
    method("rjust", 1, 2, |vm, args| pieces::pad(vm, args, "rjust", Text::rjust)),
    method("rstrip", 0, 1, |vm, args| pieces::strip(vm, args, "rstrip")),
    method("rpartition", 1, 1, |vm, args| pieces::partition(vm, args, true)),
    method("splitlines", 0, 1, pieces::splitlines).named(&["keepends"], 0, 1, 0),
    method("strip", 0, 1, |vm, args| pieces::strip(vm, args, "strip")),
    method("swapcase", 0, 0, |vm, args| rebuilt(vm, args, Text::swapcase)),
    method("translate", 1, 1, translate::translate),
    method("upper", 0, 0, |vm, args| rebuilt(vm, args, Text::upper)),
    method("startswith", 1, 3, |vm, args| search::affix(vm, args, "startswith", Text::starts_with)),
    method("endswith", 1, 3, |vm, args| search::affix(vm, args, "endswith", Text::ends_with)),
    method("removeprefix", 1, 1, |vm, args| search::remove(vm, args, "removeprefix", Text::remove_prefix)),
    method("removesuffix", 1, 1, |vm, args| search::remove(vm, args, "removesuffix", Text::remove_suffix)),
    method("isascii", 0, 0, |vm, args| asked(vm, args, Text::is_ascii)),
    method("islower", 0, 0, |vm, args| asked(vm, args, Text::is_lower)),
    method("isupper", 0, 0, |vm, args| asked(vm, args, Text::is_upper)),
    method("istitle", 0, 0, |vm, args| asked(vm, args, Text::is_titled)),
    method("isspace", 0, 0, |vm, args| asked(vm, args, Text::is_space)),
    method("isdecimal", 0, 0, |vm, args| asked(vm, args, Text::is_decimal)),
    method("isdigit", 0, 0, |vm, args| asked(vm, args, Text::is_digit)),
    method("isnumeric", 0, 0, |vm, args| asked(vm, args, Text::is_numeric)),
    method("isalpha", 0, 0, |vm, args| asked(vm, args, Text::is_alpha)),
    method("isalnum", 0, 0, |vm, args| asked(vm, args, Text::is_alnum)),
    method("isidentifier", 0, 0, |vm, args| asked(vm, args, Text::is_identifier)),
    method("isprintable", 0, 0, |vm, args| asked(vm, args, Text::is_printable)),
    method("zfill", 1, 1, pieces::zfill),
    method("format", 0, 0, template::format).any(),
    method("format_map", 1, 1, template::format_map),
    method("__format__", 1, 1, format::dunder_format),
    method("maketrans", 1, 3, translate::maketrans).static_method(),
    method("__getnewargs__", 0, 0, basic::getnewargs),
];

/// A str that CPython builds without looking whether one of its shared characters would do.
pub(crate) fn unshared(vm: &mut Vm, text: Text) -> Owned {
    if text.is_empty() { vm.share(vm.single.empty_str) } else { vm.alloc_text(Ty::Str.kind(), text) }
}

/// The receiver itself if it is an exact `str`, else a copy of its text.
pub(super) fn exact(vm: &mut Vm, this: Ref) -> Owned {
    if vm.is_exact(this, Ty::Str) {
        return vm.share(this);
    }
    let text = vm.text_of(this).clone();
    unshared(vm, text)
}

/// The object for the result of an operation that may return its operand.
fn changed(vm: &mut Vm, this: Ref, result: Changed) -> Owned {
    match result {
        Changed::Same => exact(vm, this),
        Changed::New(text) => vm.new_text(text),
    }
}

/// A method that builds a new text of the receiver's.
fn rebuilt(vm: &mut Vm, args: Args, build: fn(&Text) -> Text) -> Res<Owned> {
    let text = build(vm.text_of(args.get(vm, 0)));
    Ok(unshared(vm, text))
}

/// A method that asks something about the receiver's text.
fn asked(vm: &mut Vm, args: Args, ask: fn(&Text) -> bool) -> Res<Owned> {
    let answer = ask(vm.text_of(args.get(vm, 0)));
    Ok(vm.bool(answer))
}
