//! `memoryview`: a window on the bytes of another object, which must keep its length meanwhile.
//!
//! Invariant: a view that is not released counts once in the `exports` of its bytearray. Views have one dimension.

use super::text::Text;
use crate::code::CmpOp;
use crate::heap::{ByteArrayBody, Layout, MemoryViewBody, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, Role, getter, method, new, slot};
use crate::object::arg::native_iter;
use crate::vm::{Res, Ty, Vm};

/// The computed attributes of `memoryview`.
pub static GETSETS: &[GetSetDef] = &[
    getter("obj", |vm, this| {
        let body = view(vm, this)?;
        Ok(vm.share(if body.owner.is_null() { body.base } else { body.owner }))
    }),
    getter("nbytes", |vm, this| {
        let body = view(vm, this)?;
        Ok(vm.new_size(body.length * body.itemsize))
    }),
    getter("readonly", |vm, this| {
        let readonly = view(vm, this)?.readonly;
        Ok(vm.bool(readonly))
    }),
    getter("itemsize", |vm, this| {
        let size = view(vm, this)?.itemsize;
        Ok(vm.new_size(size))
    }),
    getter("format", |vm, this| {
        let format = view(vm, this)?.format;
        Ok(vm.new_str(&format))
    }),
    getter("ndim", |vm, this| {
        view(vm, this)?;
        Ok(vm.new_int(1))
    }),
    getter("shape", |vm, this| {
        let length = view(vm, this)?.length;
        let item = vm.new_size(length);
        Ok(vm.new_tuple(vec![item]))
    }),
    getter("strides", |vm, this| {
        let stride = view(vm, this)?.stride;
        let item = vm.new_int(stride);
        Ok(vm.new_tuple(vec![item]))
    }),
    getter("suboffsets", |vm, this| {
        view(vm, this)?;
        Ok(vm.new_tuple(Vec::new()))
    }),
    getter("c_contiguous", contiguous),
    getter("f_contiguous", contiguous),
    getter("contiguous", contiguous),
];

/// The methods of `memoryview`.
pub static METHODS: &[NativeDef] = &[
    new(make),
    slot("__repr__", 0, repr),
    slot("__hash__", 0, hash),
    slot("__lt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__le__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__eq__", 1, |vm, args| compare(vm, args, CmpOp::Eq)),
    slot("__ne__", 1, |vm, args| compare(vm, args, CmpOp::Ne)),
    slot("__gt__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__ge__", 1, |vm, _| Ok(vm.not_implemented())),
    slot("__iter__", 0, native_iter),
    slot("__len__", 0, |vm, args| {
        let length = view(vm, args.get(vm, 0))?.length;
        Ok(vm.new_size(length))
    }),
    slot("__getitem__", 1, getitem),
    slot("__setitem__", 2, setitem),
    slot("__delitem__", 1, |vm, _| Err(vm.type_error("cannot delete memory"))),
    method("__enter__", 0, 0, |vm, args| {
        let this = args.get(vm, 0);
        view(vm, this)?;
        Ok(vm.share(this))
    }),
    NativeDef { role: Role::Method, ..method("__exit__", 0, 3, release) },
    method("release", 0, 0, release),
    method("tobytes", 0, 1, tobytes).named(&["order"], 0, 1, 0),
    method("tolist", 0, 0, tolist),
    method("hex", 0, 2, hex).named(&["sep", "bytes_per_sep"], 0, 2, 0),
    method("cast", 1, 2, cast).named(&["format", "shape"], 0, 2, 1),
    method("toreadonly", 0, 0, toreadonly),
];

/// The bytes that a view shows, in its order.
pub fn bytes_in(vm: &Vm, body: &MemoryViewBody) -> Vec<u8> {
    let data = vm.bytes_of(body.base);
    let mut out = Vec::with_capacity(body.length * body.itemsize);
    for at in 0..body.length {
        let start = place(body, at);
        out.extend_from_slice(data.get(start..start + body.itemsize).unwrap_or_default());
    }
    out
}

/// Where an item starts in the base.
fn place(body: &MemoryViewBody, at: usize) -> usize {
    let offset = body.offset as i64 + body.stride * at as i64;
    usize::try_from(offset).unwrap_or(usize::MAX / 2)
}

/// The view's parts, unless it is released.
fn view(vm: &mut Vm, this: Ref) -> Res<MemoryViewBody> {
    match vm.heap.get::<MemoryViewBody>(this) {
        Some(body) if !body.released => Ok(body.clone()),
        _ => Err(vm.value_error("operation forbidden on released memoryview object")),
    }
}

impl Vm {
    /// A new view: the base and the owner are counted, and the base is locked if it is a bytearray.
    fn new_view(&mut self, body: MemoryViewBody) -> Owned {
        let base = body.base;
        self.heap.inc(base);
        if !body.owner.is_null() {
            self.heap.inc(body.owner);
        }
        if self.profile.views_lock
            && let Some(array) = self.heap.get_mut::<ByteArrayBody>(base)
        {
            array.exports += 1;
        }
        self.heap.alloc(Ty::MemoryView.kind(), body)
    }

    /// A view lets go of its bytearray: it was released or dies.
    pub fn unlock_view(&mut self, this: Ref) {
        let base = match self.heap.get_mut::<MemoryViewBody>(this) {
            Some(body) if !body.released => {
                body.released = true;
                body.base
            }
            _ => return,
        };
        if let Some(array) = self.heap.get_mut::<ByteArrayBody>(base) {
            array.exports = array.exports.saturating_sub(1);
        }
    }
}

fn make(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.class_argument(args, Ty::MemoryView)?;
    let [object] = vm.new_arguments(args, "memoryview", ["object"], 0)?;
    if object.is_null() {
        return Err(vm.type_error("memoryview() missing required argument 'object' (pos 1)"));
    }
    let body = match vm.heap.layout(object) {
        Layout::Bytes | Layout::ByteArray => MemoryViewBody {
            base: object,
            owner: Ref::NULL,
            format: "B".to_string(),
            itemsize: 1,
            offset: 0,
            length: vm.bytes_of(object).len(),
            stride: 1,
            readonly: vm.heap.layout(object) == Layout::Bytes,
            released: false,
        },
        Layout::MemoryView => view(vm, object)?,
        _ => match array_view(vm, object) {
            Some(body) => body,
            None => {
                let text = format!("memoryview: a bytes-like object is required, not '{}'", vm.class_name(object));
                return Err(vm.type_error(text));
            }
        },
    };
    Ok(vm.new_view(body))
}

/// The view of an `array`: the library's class keeps its numbers in a bytearray, which it marks.
fn array_view(vm: &mut Vm, object: Ref) -> Option<MemoryViewBody> {
    let [mark, data, code] = ["_typed_buffer", "_data", "_code"].map(|name| vm.intern_str(name));
    let class = vm.heap.class_of(object);
    let found = vm.lookup(class, mark.get()).and_then(|_| {
        let base = vm.slot_value(object, data.get())?;
        let format = vm.slot_value(object, code.get()).map(|code| vm.show(code))?;
        let itemsize = size_of(&format)?;
        let length = vm.heap.get::<ByteArrayBody>(base)?.data.len() / itemsize;
        let stride = itemsize as i64;
        Some(MemoryViewBody { base, owner: object, format, itemsize, length, stride, ..MemoryViewBody::default() })
    });
    vm.release_owned(vec![mark, data, code]);
    found
}

fn contiguous(vm: &mut Vm, this: Ref) -> Res<Owned> {
    let body = view(vm, this)?;
    Ok(vm.bool(body.length <= 1 || body.stride == body.itemsize as i64))
}

fn repr(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let released = vm.heap.get::<MemoryViewBody>(this).is_none_or(|body| body.released);
    let text = format!("<{}memory at {:#x}>", if released { "released " } else { "" }, vm.address(this));
    Ok(vm.new_str(&text))
}

fn hash(vm: &mut Vm, args: Args) -> Res<Owned> {
    let body = view(vm, args.get(vm, 0))?;
    if !body.readonly {
        return Err(vm.value_error("cannot hash writable memoryview object"));
    }
    if !matches!(body.format.as_str(), "B" | "b" | "c") {
        return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    if vm.heap.layout(body.base) != Layout::Bytes {
        vm.hash(body.base)?;
    }
    let data = bytes_in(vm, &body);
    let data = vm.new_bytes(data);
    let data = vm.hold(data);
    let hash = vm.hash(data)?;
    Ok(vm.new_int(hash))
}

fn compare(vm: &mut Vm, args: Args, op: CmpOp) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let released = |vm: &Vm, r: Ref| vm.heap.get::<MemoryViewBody>(r).is_some_and(|body| body.released);
    let equal = if released(vm, this) || released(vm, other) {
        this == other
    } else {
        let format = |vm: &Vm, r: Ref| {
            vm.heap.get::<MemoryViewBody>(r).map_or_else(|| "B".to_string(), |body| body.format.clone())
        };
        if format(vm, this) == format(vm, other) {
            match (vm.buffer_of(this), vm.buffer_of(other)) {
                (Some(a), Some(b)) => a == b,
                _ => return Ok(vm.not_implemented()),
            }
        } else {
            match (items(vm, this)?, items(vm, other)?) {
                (Some(a), Some(b)) => a == b,
                _ => return Ok(vm.not_implemented()),
            }
        }
    };
    Ok(vm.bool(equal == (op == CmpOp::Eq)))
}

/// The items of a bytes-like object as numbers.
fn items(vm: &mut Vm, r: Ref) -> Res<Option<Vec<f64>>> {
    if vm.heap.layout(r) != Layout::MemoryView {
        return Ok(vm.buffer_of(r).map(|data| data.iter().map(|&byte| f64::from(byte)).collect()));
    }
    let body = view(vm, r)?;
    let data = bytes_in(vm, &body);
    let number = |chunk: &[u8]| match decode(&body.format, chunk) {
        Some(Item::Int(value)) => Some(value as f64),
        Some(Item::Float(value)) => Some(value),
        Some(Item::Bool(value)) => Some(f64::from(u8::from(value))),
        Some(Item::Byte(_)) | None => None,
    };
    Ok(data.chunks(body.itemsize.max(1)).map(number).collect())
}

/// An item of a view.
enum Item {
    Int(i128),
    Float(f64),
    Bool(bool),
    Byte(u8),
}

/// The size of a native format's items.
fn size_of(format: &str) -> Option<usize> {
    Some(match format.strip_prefix('@').unwrap_or(format) {
        "c" | "b" | "B" | "?" => 1,
        "h" | "H" => 2,
        "i" | "I" | "f" => 4,
        "l" | "L" | "q" | "Q" | "n" | "N" | "d" | "P" => 8,
        _ => return None,
    })
}

fn decode(format: &str, data: &[u8]) -> Option<Item> {
    let unsigned = || data.iter().rev().fold(0i128, |sum, &byte| sum << 8 | i128::from(byte));
    let signed = || {
        let value = unsigned();
        let bits = 8 * data.len();
        if value >> (bits.max(1) - 1) & 1 == 1 { value - (1 << bits) } else { value }
    };
    Some(match format.strip_prefix('@').unwrap_or(format) {
        "c" => Item::Byte(*data.first()?),
        "?" => Item::Bool(*data.first()? != 0),
        "B" | "H" | "I" | "L" | "Q" | "N" | "P" => Item::Int(unsigned()),
        "b" | "h" | "i" | "l" | "q" | "n" => Item::Int(signed()),
        "f" => Item::Float(f64::from(f32::from_le_bytes(data.try_into().ok()?))),
        "d" => Item::Float(f64::from_le_bytes(data.try_into().ok()?)),
        _ => return None,
    })
}

fn item_object(vm: &mut Vm, format: &str, data: &[u8]) -> Res<Owned> {
    Ok(match decode(format, data) {
        Some(Item::Int(value)) => vm.int_object(super::number::Int::from(value)),
        Some(Item::Float(value)) => vm.new_float(value),
        Some(Item::Bool(value)) => vm.bool(value),
        Some(Item::Byte(value)) => vm.new_bytes(vec![value]),
        None => {
            let text = format!("memoryview: format {format} not supported");
            return Err(vm.raise(Ty::NotImplementedError, text));
        }
    })
}

/// The item that an index names.
fn index_in(vm: &mut Vm, body: &MemoryViewBody, index: Ref) -> Res<usize> {
    let mut index = index;
    if vm.is_exact(index, Ty::Tuple) {
        let items = vm.tuple_items(index).to_vec();
        let mut whole = true;
        for &item in &items {
            whole &= vm.has_index(item);
        }
        match items[..] {
            [only] if whole => index = only,
            [] => return Err(vm.raise(Ty::NotImplementedError, "sub-views are not implemented")),
            _ if whole => {
                let text = format!("cannot index 1-dimension view with {}-element tuple", items.len());
                return Err(vm.type_error(text));
            }
            _ => {}
        }
    }
    if !vm.has_index(index) {
        return Err(vm.type_error("memoryview: invalid slice key"));
    }
    let at = vm.index_sized(index, Ty::IndexError)?;
    let at = if at < 0 { at + body.length as i64 } else { at };
    match usize::try_from(at) {
        Ok(at) if at < body.length => Ok(at),
        _ => Err(vm.raise(Ty::IndexError, "index out of bounds on dimension 1")),
    }
}

/// The part of a view that a slice names.
fn part(vm: &mut Vm, this: Ref, slice: Ref) -> Res<MemoryViewBody> {
    let body = view(vm, this)?;
    let (start, _, step, count) = vm.slice_bounds(slice, body.length)?;
    let offset = body.offset as i64 + start * body.stride;
    Ok(MemoryViewBody {
        offset: usize::try_from(offset).unwrap_or(0),
        length: count,
        stride: body.stride.saturating_mul(step),
        ..body
    })
}

fn getitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(index) == Layout::Slice {
        let mut body = part(vm, this, index)?;
        if vm.profile.view_slices_share {
            return Ok(vm.new_view(body));
        }
        let data = bytes_in(vm, &body);
        let copied = vm.new_bytearray(data);
        (body.base, body.owner, body.offset, body.stride) = (copied.get(), Ref::NULL, 0, body.itemsize as i64);
        let view = vm.new_view(body);
        vm.release(copied);
        return Ok(view);
    }
    let body = view(vm, this)?;
    let at = index_in(vm, &body, index)?;
    let start = place(&body, at);
    let data = vm.bytes_of(body.base).get(start..start + body.itemsize).unwrap_or_default().to_vec();
    item_object(vm, &body.format, &data)
}

fn setitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let body = view(vm, this)?;
    if body.readonly {
        return Err(vm.type_error("cannot modify read-only memory"));
    }
    let (body, data) = if vm.heap.layout(index) == Layout::Slice {
        let target = part(vm, this, index)?;
        let data = vm.buffer(value)?;
        if data.len() != target.length * target.itemsize {
            let text = "memoryview assignment: lvalue and rvalue have different structures";
            return Err(vm.value_error(text));
        }
        (target, data)
    } else {
        let at = index_in(vm, &body, index)?;
        let data = encode(vm, &body.format, body.itemsize, value)?;
        (MemoryViewBody { offset: place(&body, at), length: 1, ..body }, data)
    };
    let places: Vec<usize> = (0..body.length).map(|at| place(&body, at)).collect();
    if let Some(array) = vm.heap.get_mut::<ByteArrayBody>(body.base) {
        for (start, chunk) in places.into_iter().zip(data.chunks(body.itemsize.max(1))) {
            if let Some(target) = array.data.get_mut(start..start + chunk.len()) {
                target.copy_from_slice(chunk);
            }
        }
    }
    Ok(vm.none())
}

/// The bytes of a value in a format.
fn encode(vm: &mut Vm, format: &str, size: usize, value: Ref) -> Res<Vec<u8>> {
    let plain = format.strip_prefix('@').unwrap_or(format).to_string();
    let wrong_type = format!("memoryview: invalid type for format '{format}'");
    let wrong_value = format!("memoryview: invalid value for format '{format}'");
    match plain.as_str() {
        "f" | "d" => match vm.float_operand(value)? {
            Some(value) if plain == "f" => Ok((value as f32).to_le_bytes().to_vec()),
            Some(value) => Ok(value.to_le_bytes().to_vec()),
            None => Err(vm.type_error(wrong_type)),
        },
        "?" => Ok(vec![u8::from(vm.truth(value)?)]),
        "c" => match vm.bytes_of(value) {
            &[byte] => Ok(vec![byte]),
            _ => Err(vm.type_error(wrong_type)),
        },
        _ => {
            if !vm.has_index(value) {
                return Err(vm.type_error(wrong_type));
            }
            let int = vm.index(value)?;
            let signed = matches!(plain.as_str(), "b" | "h" | "i" | "l" | "q" | "n");
            match int.to_bytes(size as i64, super::text::codec::Order::Little, signed, &vm.profile) {
                Ok(data) => Ok(data),
                Err(_) => Err(vm.value_error(wrong_value)),
            }
        }
    }
}

fn release(vm: &mut Vm, args: Args) -> Res<Owned> {
    if !vm.profile.views_released {
        return Ok(vm.none());
    }
    let this = args.get(vm, 0);
    vm.unlock_view(this);
    if let Some(body) = vm.heap.get_mut::<MemoryViewBody>(this) {
        let held = [&mut body.base, &mut body.owner].map(|r| std::mem::replace(r, Ref::NULL));
        vm.release_all(held);
    }
    Ok(vm.none())
}

fn tobytes(vm: &mut Vm, args: Args) -> Res<Owned> {
    let body = view(vm, args.get(vm, 0))?;
    let data = bytes_in(vm, &body);
    Ok(super::bytes::unshared(vm, data))
}

fn tolist(vm: &mut Vm, args: Args) -> Res<Owned> {
    let body = view(vm, args.get(vm, 0))?;
    let data = bytes_in(vm, &body);
    let mut items = Vec::new();
    for chunk in data.chunks(body.itemsize.max(1)) {
        match item_object(vm, &body.format, chunk) {
            Ok(item) => items.push(item),
            Err(stop) => {
                vm.release_owned(items);
                return Err(stop);
            }
        }
    }
    Ok(vm.new_list(items))
}

fn hex(vm: &mut Vm, args: Args) -> Res<Owned> {
    let body = view(vm, args.get(vm, 0))?;
    let (sep, group) = vm.hex_arguments(args.get(vm, 1), args.get(vm, 2))?;
    let text = super::bytes::hex_text(&bytes_in(vm, &body), sep, group);
    Ok(vm.new_text(Text::from(text)))
}

fn cast(vm: &mut Vm, args: Args) -> Res<Owned> {
    let body = view(vm, args.get(vm, 0))?;
    let format = args.get(vm, 1);
    vm.expect_str(format, "cast", "argument 'format'")?;
    let format = vm.show(format);
    if body.stride != body.itemsize as i64 && body.length > 1 {
        return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let Some(size) = size_of(&format) else {
        let text =
            "memoryview: destination format must be a native single character format prefixed with an optional '@'";
        return Err(vm.value_error(text));
    };
    let is_byte = |format: &str| matches!(format.trim_start_matches('@'), "B" | "b" | "c");
    if !is_byte(&format) && !is_byte(&body.format) {
        return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let bytes = body.length * body.itemsize;
    if !bytes.is_multiple_of(size) {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let body = MemoryViewBody { format, itemsize: size, length: bytes / size, stride: size as i64, ..body };
    Ok(vm.new_view(body))
}

fn toreadonly(vm: &mut Vm, args: Args) -> Res<Owned> {
    let body = view(vm, args.get(vm, 0))?;
    let readonly = body.readonly || vm.profile.read_only_views;
    Ok(vm.new_view(MemoryViewBody { readonly, ..body }))
}
