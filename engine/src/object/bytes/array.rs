//! What changes a `bytearray`.

use super::BYTE_RANGE;
use super::basic::place;
use crate::heap::{ByteArrayBody, Layout, Owned, Ref, Touched};
use crate::native::Args;
use crate::object::size;
use crate::object::table::slice::Indices;
use crate::vm::{Res, Ty, Vm};

const EXPORTED: &str = "Existing exports of data: object cannot be re-sized";

impl Vm {
    /// A bytearray that somebody looks at keeps its length.
    ///
    /// # Errors
    /// BufferError if it is looked at and the length would change.
    pub fn check_resizable(&mut self, this: Ref, len: usize) -> Res<()> {
        let locked = self.heap.get::<ByteArrayBody>(this).is_some_and(|b| b.exports > 0 && b.data.len() != len);
        if locked {
            return Err(self.raise(Ty::BufferError, EXPORTED));
        }
        Ok(())
    }

    /// Changes the bytes of a bytearray to others.
    fn change(&mut self, this: Ref, len: usize, change: impl FnOnce(&mut Vec<u8>)) -> Res<()> {
        self.check_resizable(this, len)?;
        self.check_room(len as u128)?;
        let old = self.heap.get::<ByteArrayBody>(this).map_or(0, |body| body.data.len());
        if let Some(body) = self.heap.get_mut::<ByteArrayBody>(this) {
            change(&mut body.data);
        }
        self.fit_block(this, old);
        Ok(())
    }

    /// The block of a bytearray that has become this long.
    pub(super) fn fit_block(&mut self, this: Ref, old: usize) {
        if let Some(body) = self.heap.get_mut::<ByteArrayBody>(this)
            && body.data.len() != old
        {
            let room = size::bytearray_room(body.room, body.skipped, body.data.len(), &self.profile);
            if room != body.room {
                (body.room, body.skipped) = (room, 0);
                self.heap.tell(Touched::Grown(this));
            }
        }
    }
}

fn len(vm: &Vm, this: Ref) -> usize {
    vm.bytes_of(this).len()
}

/// `b += c`
pub fn iadd(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, other) = (args.get(vm, 0), args.get(vm, 1));
    let Some(data) = vm.buffer_of(other).map(|data| data.into_owned()) else {
        return vm.foreign_operand(args, |vm| format!("can't concat {} to bytearray", vm.class_name(other)));
    };
    let new = len(vm, this) + data.len();
    // While a bytearray is added to itself it is looked at.
    if other == this && !data.is_empty() {
        return Err(vm.raise(Ty::BufferError, EXPORTED));
    }
    vm.change(this, new, |bytes| bytes.extend_from_slice(&data))?;
    Ok(vm.share(this))
}

/// `b *= n`
pub fn imul(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(count) = vm.repetitions(args)? else { return Ok(vm.not_implemented()) };
    let room = len(vm, this) as u128 * count as u128;
    vm.check_room(room)?;
    vm.change(this, room as usize, |bytes| *bytes = bytes.repeat(if bytes.is_empty() { 0 } else { count }))?;
    Ok(vm.share(this))
}

/// `b[index] = value`
pub fn setitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index, value) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    if vm.heap.layout(index) != Layout::Slice {
        let early = vm.profile.bytearray_value_first && vm.has_index(index);
        let early = if early { Some(vm.byte_argument(value, BYTE_RANGE)?) } else { None };
        let at = place(vm, this, index)?;
        let byte = match early {
            Some(byte) => byte,
            None => vm.byte_argument(value, BYTE_RANGE)?,
        };
        if let Some(place) = vm.heap.get_mut::<ByteArrayBody>(this).and_then(|body| body.data.get_mut(at)) {
            *place = byte;
        }
        return Ok(vm.none());
    }
    let given = vm.buffer_of(value).map(|data| data.into_owned());
    let data = match given {
        Some(data) => data,
        None if vm.heap.layout(value) == Layout::Str || vm.has_index(value) => {
            let text = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
            return Err(vm.type_error(text));
        }
        None => vm.bytes_from(value, "bytearray", BYTE_RANGE)?,
    };
    let indices = vm.slice_indices(index, |vm| Ok(len(vm, this)))?;
    set_slice(vm, this, indices, &data)?;
    Ok(vm.none())
}

fn set_slice(vm: &mut Vm, this: Ref, indices: Indices, data: &[u8]) -> Res<()> {
    let old = len(vm, this);
    if indices.step != 1 && !(data.is_empty() && indices.count > 0) {
        if data.len() != indices.count {
            let text =
                format!("attempt to assign bytes of size {} to extended slice of size {}", data.len(), indices.count);
            return Err(vm.value_error(text));
        }
        return vm.change(this, old, |bytes| {
            for (at, &byte) in indices.iter().zip(data) {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
        });
    }
    let new = old + data.len() - indices.count;
    // What is taken off the front leaves its place there.
    if indices.step == 1
        && indices.start <= 0
        && new < old
        && let Some(body) = vm.heap.get_mut::<ByteArrayBody>(this).filter(|body| body.exports == 0)
    {
        body.skipped += old - new;
    }
    vm.change(this, new, |bytes| {
        if indices.step == 1 {
            let start = usize::try_from(indices.start).unwrap_or(0).min(bytes.len());
            let end = (start + indices.count).min(bytes.len());
            bytes.splice(start..end, data.iter().copied());
        } else {
            let mut gone: Vec<usize> = indices.iter().collect();
            gone.sort_unstable();
            let mut at = 0;
            bytes.retain(|_| {
                at += 1;
                gone.binary_search(&(at - 1)).is_err()
            });
        }
    })
}

/// `del b[index]`
pub fn delitem(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    if vm.heap.layout(index) == Layout::Slice {
        let indices = vm.slice_indices(index, |vm| Ok(len(vm, this)))?;
        set_slice(vm, this, indices, &[])?;
    } else {
        let at = place(vm, this, index)?;
        let new = len(vm, this).saturating_sub(1);
        vm.check_resizable(this, new)?;
        if at == 0
            && let Some(body) = vm.heap.get_mut::<ByteArrayBody>(this)
        {
            body.skipped += 1;
        }
        vm.change(this, new, |bytes| drop(bytes.splice(at..=at, [])))?;
    }
    Ok(vm.none())
}

/// `b.__alloc__()`
pub fn alloc(vm: &mut Vm, args: Args) -> Res<Owned> {
    let room = vm.heap.get::<ByteArrayBody>(args.get(vm, 0)).map_or(0, |body| body.room);
    Ok(vm.new_size(if room == 0 { 0 } else { room + vm.profile.sizes.bytearray_bytes }))
}

/// `b.__reduce__()`: the text of the bytes as Latin-1, as old pickles have it.
pub fn reduce(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, protocol) = (args.get(vm, 0), args.get(vm, 1));
    let protocol = if protocol.is_null() { 2 } else { vm.c_int_argument(protocol)? };
    let class = vm.share(vm.heap.class_of(this));
    let data = vm.bytes_of(this).to_vec();
    let arguments = if data.is_empty() && (vm.profile.bytearray_reduces_empty || protocol >= 3) {
        Vec::new()
    } else if protocol < 3 {
        let text = vm.new_text(crate::object::text::Text::from_units(&data));
        vec![text, vm.new_str("latin-1")]
    } else {
        vec![vm.new_bytes(data)]
    };
    let arguments = vm.new_tuple(arguments);
    let state = match vm.reduced_state(this) {
        Ok(state) => state,
        Err(stop) => {
            vm.release(arguments);
            vm.release(class);
            return Err(stop);
        }
    };
    Ok(vm.new_tuple(vec![class, arguments, state]))
}

/// `b.append(byte)`
pub fn append(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let byte = vm.byte_argument(args.get(vm, 1), BYTE_RANGE)?;
    let new = len(vm, this) + 1;
    vm.change(this, new, |bytes| bytes.push(byte))?;
    Ok(vm.none())
}

/// `b.clear()`
pub fn clear(vm: &mut Vm, args: Args) -> Res<Owned> {
    vm.change(args.get(vm, 0), 0, Vec::clear)?;
    Ok(vm.none())
}

/// `b.copy()`
pub fn copy(vm: &mut Vm, args: Args) -> Res<Owned> {
    let data = vm.bytes_of(args.get(vm, 0)).to_vec();
    Ok(vm.new_bytearray(data))
}

/// `b.extend(iterable)`
pub fn extend(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, source) = (args.get(vm, 0), args.get(vm, 1));
    let data = match vm.buffer_of(source) {
        Some(data) => data.into_owned(),
        None => {
            let Some(iter) = vm.iter_or_none(source)? else {
                let text = format!("can't extend bytearray with {}", vm.class_name(source));
                return Err(vm.type_error(text));
            };
            let iter = vm.hold(iter);
            let text = vm.heap.layout(source) == Layout::Str && !vm.text_of(source).is_empty();
            if text && vm.profile.newer_argument_errors {
                let text = "expected iterable of integers; got: 'str'";
                return Err(vm.type_error(text));
            }
            vm.bytes_from(iter, "bytearray", BYTE_RANGE)?
        }
    };
    let new = len(vm, this) + data.len();
    vm.change(this, new, |bytes| bytes.extend_from_slice(&data))?;
    Ok(vm.none())
}

/// `b.insert(index, byte)`
pub fn insert(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let at = vm.size_argument(args.get(vm, 1))?;
    let byte = vm.byte_argument(args.get(vm, 2), BYTE_RANGE)?;
    let old = len(vm, this);
    let at = if at < 0 { at.saturating_add(old as i64).max(0) } else { at };
    let at = usize::try_from(at).unwrap_or(0).min(old);
    vm.change(this, old + 1, |bytes| bytes.insert(at.min(bytes.len()), byte))?;
    Ok(vm.none())
}

/// `b.pop(index=-1)`
pub fn pop(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, index) = (args.get(vm, 0), args.get(vm, 1));
    let at = if index.is_null() { -1 } else { vm.size_argument(index)? };
    let old = len(vm, this);
    if old == 0 {
        return Err(vm.raise(Ty::IndexError, "pop from empty bytearray"));
    }
    let at = if at < 0 { at.saturating_add(old as i64) } else { at };
    let at = match usize::try_from(at) {
        Ok(at) if at < old => at,
        _ => return Err(vm.raise(Ty::IndexError, "pop index out of range")),
    };
    let mut byte = 0;
    vm.change(this, old - 1, |bytes| {
        if at < bytes.len() {
            byte = bytes.remove(at);
        }
    })?;
    Ok(vm.new_int(i64::from(byte)))
}

/// `b.remove(byte)`
pub fn remove(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let byte = vm.byte_argument(args.get(vm, 1), BYTE_RANGE)?;
    let Some(at) = vm.bytes_of(this).iter().position(|&b| b == byte) else {
        return Err(vm.value_error("value not found in bytearray"));
    };
    let new = len(vm, this).saturating_sub(1);
    vm.change(this, new, |bytes| drop(bytes.splice(at..=at, [])))?;
    Ok(vm.none())
}

/// `b.resize(size)`
pub fn resize(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let size = vm.size_argument(args.get(vm, 1))?;
    let Ok(new) = usize::try_from(size) else {
        let text = format!("Can only resize to positive sizes, got {size}");
        return Err(vm.value_error(text));
    };
    vm.change(this, new, |bytes| bytes.resize(new, 0))?;
    Ok(vm.none())
}

/// `b.reverse()`
pub fn reverse(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let same = len(vm, this);
    vm.change(this, same, |bytes| bytes.reverse())?;
    Ok(vm.none())
}
