//! `int(x)`, `int(text, base)`.

use crate::heap::{BigIntBody, Layout, Owned, Ref};
use crate::native::Args;
use crate::object::arg::big;
use crate::object::number::Int;
use crate::vm::{Res, Ty, Vm};

/// `int(x=0)`, `int(x, base=10)`
pub fn new(vm: &mut Vm, args: Args) -> Res<Owned> {
    let class = vm.class_argument(args, Ty::Int)?;
    let [x, base] = vm.new_arguments(args, "int", ["x", "base"], 1)?;
    let made = if x.is_null() {
        if !base.is_null() {
            return Err(vm.type_error("int() missing string argument"));
        }
        vm.new_int(0)
    } else if base.is_null() {
        vm.number_to_int(x)?
    } else {
        with_base(vm, x, base)?
    };
    if class == vm.class(Ty::Int) {
        return Ok(made);
    }
    let value = big(vm.as_int(made.get()).unwrap_or(Int::Small(0)));
    vm.release(made);
    let kind = vm.kind_of_instances(class);
    Ok(vm.heap.alloc(kind, BigIntBody { value }))
}

fn with_base(vm: &mut Vm, x: Ref, base: Ref) -> Res<Owned> {
    let base = vm.index_clamped(base)?;
    if base != 0 && !(2..=36).contains(&base) {
        return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
    }
    match parse(vm, x, base) {
        Some(result) => vm.int_result(result),
        None => Err(vm.type_error("int() can't convert non-string with explicit base")),
    }
}

/// The number that a str, bytes or bytearray spells; nothing for other types.
fn parse(vm: &Vm, x: Ref, base: i64) -> Option<Result<Int, crate::object::number::NumberError>> {
    let limit = vm.max_int_digits();
    match vm.heap.layout(x) {
        Layout::Str => Some(Int::parse(vm.text_of(x), base, limit, &vm.profile)),
        Layout::Bytes | Layout::ByteArray => Some(Int::parse_bytes(vm.bytes_of(x), base, limit, &vm.profile)),
        _ => None,
    }
}

impl Vm {
    /// `int(x)`
    ///
    /// # Errors
    /// TypeError for what is no number, ValueError for text that spells none; whatever the methods raise.
    pub fn number_to_int(&mut self, x: Ref) -> Res<Owned> {
        if self.is_exact_int(x) {
            return Ok(self.share(x));
        }
        let class = self.heap.class_of(x);
        if let Some(method) = self.lookup(class, self.names.int) {
            let made = self.call_special(method, x, &[])?;
            return self.checked_int(made, "__int__");
        }
        if self.lookup(class, self.names.index).is_some() {
            let int = self.index(x)?;
            return Ok(self.int_object(int));
        }
        if self.profile.int_uses_trunc
            && let Some(method) = self.lookup(class, self.names.trunc)
        {
            if self.profile.int_trunc_warns {
                self.warn(Ty::DeprecationWarning, "The delegation of int() to __trunc__ is deprecated.")?;
            }
            let made = self.call_special(method, x, &[])?;
            let made = self.hold(made);
            if self.as_int(made).is_some() {
                return Ok(self.exact_int(made));
            }
            if !self.has_index(made) {
                let text = format!("__trunc__ returned non-Integral (type {})", self.class_name(made));
                return Err(self.type_error(text));
            }
            let int = self.index(made)?;
            return Ok(self.int_object(int));
        }
        if let Some(result) = parse(self, x, 10) {
            return self.int_result(result);
        }
        if let Some(data) = self.buffer_of(x).map(|data| data.into_owned()) {
            let result = Int::parse_bytes(&data, 10, self.max_int_digits(), &self.profile);
            return self.int_result(result);
        }
        let number = if self.profile.argument_real { "real number" } else { "number" };
        let text =
            format!("int() argument must be a string, a bytes-like object or a {number}, not '{}'", self.class_name(x));
        Err(self.type_error(text))
    }

    /// What a conversion method gave, as an exact int.
    fn checked_int(&mut self, made: Owned, method: &str) -> Res<Owned> {
        if self.is_exact_int(made.get()) {
            return Ok(made);
        }
        let made = self.hold(made);
        let name = self.class_name(made);
        if self.as_int(made).is_none() {
            return Err(self.type_error(format!("{method} returned non-int (type {name})")));
        }
        let text = format!(
            "{method} returned non-int (type {name}).  The ability to return an instance of a strict subclass of int \
             is deprecated, and may not be supported in a future version of Python."
        );
        self.warn(Ty::DeprecationWarning, &text)?;
        Ok(self.exact_int(made))
    }
}
