//! What an `int` turns into: text, bytes, float, ratio, rounded values.

use crate::heap::{Layout, Owned, Ref};
use crate::native::Args;
use crate::object::hash;
use crate::object::number::Int;
use crate::object::text::codec::Order;
use crate::vm::{Res, Ty, Vm};

impl Vm {
    /// The decimal text of an int.
    ///
    /// # Errors
    /// ValueError for more digits than allowed.
    pub fn int_text(&mut self, value: &Int) -> Res<String> {
        let limit = self.max_int_digits();
        match value.to_decimal(limit, &self.profile) {
            Ok(text) => Ok(text),
            Err(error) => Err(self.number_error(error)),
        }
    }

    /// `sys.get_int_max_str_digits()`
    pub fn max_int_digits(&self) -> usize {
        self.profile.int_literal_digits.unwrap_or(0)
    }
}

/// `repr(a)`
pub fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = vm.int_of(args.get(vm, 0));
    let text = vm.int_text(&value)?;
    Ok(super::super::str::unshared(vm, text.into()))
}

/// `hash(a)`
pub fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let hash = hash::of_int(&vm.int_of(args.get(vm, 0)));
    Ok(vm.new_int(hash))
}

/// `float(a)`
pub fn float(vm: &mut Vm, args: Args) -> Res<Owned> {
    let result = vm.int_of(args.get(vm, 0)).to_f64();
    vm.float_result(result)
}

/// `a.bit_length()`
pub fn bit_length(vm: &mut Vm, args: Args) -> Res<Owned> {
    let bits = vm.int_of(args.get(vm, 0)).bit_length();
    Ok(vm.new_int(bits as i64))
}

/// `a.bit_count()`
pub fn bit_count(vm: &mut Vm, args: Args) -> Res<Owned> {
    let bits = vm.int_of(args.get(vm, 0)).bit_count();
    Ok(vm.new_int(bits as i64))
}

/// The `byteorder` argument.
fn byte_order(vm: &mut Vm, order: Ref, func: &str, at: usize) -> Res<Order> {
    if order.is_null() {
        if vm.profile.byteorder_default {
            return Ok(Order::Big);
        }
        return Err(vm.type_error(format!("{func}() missing required argument 'byteorder' (pos {at})")));
    }
    vm.expect_str(order, func, "argument 'byteorder'")?;
    match vm.show(order).as_str() {
        "little" => Ok(Order::Little),
        "big" => Ok(Order::Big),
        _ => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
    }
}

/// `a.to_bytes(length=1, byteorder='big', *, signed=False)`
pub fn to_bytes(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, length, order, signed) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2), args.get(vm, 3));
    let length = if !length.is_null() {
        vm.size_argument(length)?
    } else if vm.profile.byteorder_default {
        1
    } else {
        return Err(vm.type_error("to_bytes() missing required argument 'length' (pos 1)"));
    };
    let order = byte_order(vm, order, "to_bytes", 2)?;
    let signed = if signed.is_null() { false } else { vm.truth(signed)? };
    vm.check_room(length.max(0) as u128)?;
    match vm.int_of(this).to_bytes(length, order, signed, &vm.profile) {
        Ok(data) => Ok(super::super::bytes::unshared(vm, data)),
        Err(error) => Err(vm.number_error(error)),
    }
}

/// `int.from_bytes(bytes, byteorder='big', *, signed=False)`, for subclasses by calling them
pub fn from_bytes(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, source) = (args.get(vm, 0), args.get(vm, 1));
    let order = byte_order(vm, args.get(vm, 2), "from_bytes", 2)?;
    let signed = args.get(vm, 3);
    let signed = if signed.is_null() { false } else { vm.truth(signed)? };
    let data = source_bytes(vm, source)?;
    let value = Int::from_bytes(&data, order, signed);
    let made = if vm.profile.int_uncached.from_bytes { vm.fresh_int(value) } else { vm.int_object(value) };
    if class == vm.class(Ty::Int) {
        return Ok(made);
    }
    let made = vm.hold(made);
    vm.call(class, &[made])
}

/// The bytes as `bytes(source)` would have them, but a number or a str is none.
fn source_bytes(vm: &mut Vm, source: Ref) -> Res<Vec<u8>> {
    if let Some(data) = vm.buffer_of(source) {
        return Ok(data.into_owned());
    }
    let class = vm.heap.class_of(source);
    if let Some(method) = vm.lookup(class, vm.names.bytes) {
        let made = vm.call_special(method, source, &[])?;
        let made = vm.hold(made);
        if vm.heap.layout(made) == Layout::Bytes {
            return Ok(vm.bytes_of(made).to_vec());
        }
        let text = format!("__bytes__ returned non-bytes (type {})", vm.class_name(made));
        return Err(vm.type_error(text));
    }
    vm.bytes_from(source, "bytes", "bytes must be in range(0, 256)")
}

/// `a.as_integer_ratio()`
pub fn as_integer_ratio(vm: &mut Vm, args: Args) -> Res<Owned> {
    let items = vec![vm.exact_int(args.get(vm, 0)), vm.new_int(1)];
    Ok(vm.new_tuple(items))
}

/// `round(a, ndigits)`
pub fn round(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, digits) = (args.get(vm, 0), args.get(vm, 1));
    if digits.is_null() {
        return Ok(vm.exact_int(this));
    }
    let digits = vm.index(digits)?;
    if !digits.is_negative() {
        return Ok(vm.exact_int(this));
    }
    let zeros = digits.clamped().unsigned_abs();
    let value = vm.int_of(this).round_to_power(zeros);
    Ok(vm.int_object(value))
}

/// `a.__getnewargs__()`
pub fn getnewargs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let value = vm.int_of(args.get(vm, 0));
    let copy = vm.int_object(value);
    Ok(vm.new_tuple(vec![copy]))
}
