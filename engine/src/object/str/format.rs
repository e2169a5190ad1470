//! Formatting: `__format__` of the built-in types, `%`, `str.format`.
//!
//! What is formatted is text and numbers; the layouts stand in `object::format`.

use super::exact;
use crate::heap::{Layout, Owned, Ref};
use crate::native::Args;
use crate::object::format::value;
use crate::object::number::NumberError;
use crate::object::text::Text;
use crate::vm::{Res, Vm};

/// The spec of a `__format__`.
fn spec_argument(vm: &mut Vm, args: Args) -> Res<Text> {
    let spec = args.get(vm, 1);
    if vm.heap.layout(spec) != Layout::Str {
        return Err(vm.bad_argument("__format__", "argument", "str", spec));
    }
    Ok(vm.text_of(spec).clone())
}

fn result(vm: &mut Vm, result: Result<Text, NumberError>) -> Res<Owned> {
    match result {
        Ok(text) => Ok(vm.new_text(text)),
        Err(error) => Err(vm.number_error(error)),
    }
}

/// The text of a value without a spec: `str(value)`.
fn plain(vm: &mut Vm, this: Ref) -> Res<Owned> {
    vm.str_object(this)
}

/// `str.__format__(spec)`
pub fn dunder_format(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let spec = spec_argument(vm, args)?;
    if spec.is_empty() {
        return if vm.is_exact(this, crate::vm::Ty::Str) { Ok(exact(vm, this)) } else { plain(vm, this) };
    }
    let class = vm.class_name(this);
    let text = value::format_text(vm.text_of(this), &spec, &class, &vm.profile);
    match text {
        // Nothing was cut off or added: CPython hands the operand on, even one of a subclass.
        Ok(text) if text == *vm.text_of(this) => Ok(vm.share(this)),
        text => result(vm, text),
    }
}

/// `int.__format__(spec)`
pub fn format_int(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let spec = spec_argument(vm, args)?;
    if spec.is_empty() {
        return plain(vm, this);
    }
    let class = vm.class_name(this);
    let limit = vm.max_int_digits();
    let text = match vm.as_int(this) {
        Some(int) => value::format_int(&int, &spec, &class, limit, &vm.profile),
        None => Ok(Text::default()),
    };
    result(vm, text)
}

/// `float.__format__(spec)`
pub fn format_float(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let spec = spec_argument(vm, args)?;
    if spec.is_empty() {
        return plain(vm, this);
    }
    let class = vm.class_name(this);
    let text = value::format_float(vm.as_float(this).unwrap_or(0.0), &spec, &class, &vm.profile);
    result(vm, text)
}

/// `complex.__format__(spec)`
pub fn format_complex(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let spec = spec_argument(vm, args)?;
    if spec.is_empty() {
        return plain(vm, this);
    }
    let class = vm.class_name(this);
    let text = value::format_complex(vm.complex_of(this), &spec, &class, &vm.profile);
    result(vm, text)
}
