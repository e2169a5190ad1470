//! Cutting `bytes` and `bytearray` up, putting pieces together, padding, translating.

use super::case::is_space;
use super::{exact, filled, made};
use crate::heap::{Layout, Owned, Ref};
use crate::native::Args;
use crate::object::text::units;
use crate::vm::{Res, Ty, Vm};
use std::ops::Range;

/// The objects for parts of the receiver; an exact `bytes` that is its own only piece is itself.
fn pieces(vm: &mut Vm, this: Ref, ranges: Vec<Range<usize>>) -> Vec<Owned> {
    let len = vm.bytes_of(this).len();
    let mut items = Vec::with_capacity(ranges.len());
    for range in ranges {
        let item = if range == (0..len) && vm.is_exact(this, Ty::Bytes) {
            vm.share(this)
        } else {
            let data = vm.bytes_of(this).get(range).unwrap_or_default().to_vec();
            made(vm, this, data)
        };
        items.push(item);
    }
    items
}

/// `b.split(sep=None, maxsplit=-1)` and `rsplit`
pub fn split(vm: &mut Vm, args: Args, from_right: bool) -> Res<Owned> {
    let (this, sep, most) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let most = if most.is_null() { -1 } else { vm.size_argument(most)? };
    let most = usize::try_from(most).ok();
    let limit = most.unwrap_or(usize::MAX);
    let (ranges, sep_len) = if vm.is_none_or_missing(sep) {
        let data = vm.bytes_of(this);
        let ranges = if from_right {
            units::rsplit_space(data, is_space, limit)
        } else {
            units::split_space(data, is_space, limit)
        };
        (ranges, None)
    } else {
        let sep = vm.buffer(sep)?;
        if sep.is_empty() {
            return Err(vm.value_error("empty separator"));
        }
        let data = vm.bytes_of(this);
        let ranges = if from_right { units::rsplit(data, &sep, limit) } else { units::split(data, &sep, limit) };
        (ranges, Some(sep.len()))
    };
    let len = vm.bytes_of(this).len();
    let items = if sep_len.is_none() && most == Some(0) {
        // Without a cut the rest is copied.
        let rest = |range: Range<usize>| vm.bytes_of(this).get(range).unwrap_or_default().to_vec();
        let parts: Vec<Vec<u8>> = ranges.into_iter().map(rest).collect();
        parts.into_iter().map(|data| made(vm, this, data)).collect()
    } else {
        pieces(vm, this, ranges)
    };
    Ok(vm.list_of_split(items, len, sep_len, most))
}

/// `b.splitlines(keepends=False)`
pub fn splitlines(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, keep) = (args.get(vm, 0), args.get(vm, 1));
    let keep = if keep.is_null() { false } else { vm.keepends(keep)? };
    let ranges = units::split_lines(vm.bytes_of(this), |byte| matches!(byte, b'\n' | b'\r'), keep);
    let items = pieces(vm, this, ranges);
    Ok(vm.list_by_appending(items))
}

/// `sep.join(iterable)`
pub fn join(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (sep, iterable) = (args.get(vm, 0), args.get(vm, 1));
    let list = vm.fast_sequence(iterable, "can only join an iterable")?;
    let list = vm.hold(list);
    let items = vm.sequence_items(list);
    if let [only] = items[..]
        && vm.is_exact(only, Ty::Bytes)
        && vm.heap.layout(sep) == Layout::Bytes
    {
        return Ok(vm.share(only));
    }
    let mut parts = Vec::with_capacity(items.len());
    let mut room = 0u128;
    for (at, &item) in items.iter().enumerate() {
        match vm.buffer_of(item) {
            Some(data) => {
                room += data.len() as u128;
                parts.push(data.into_owned());
            }
            None => {
                let name = vm.class_name(item);
                let text = format!("sequence item {at}: expected a bytes-like object, {name} found");
                return Err(vm.type_error(text));
            }
        }
    }
    room += vm.bytes_of(sep).len() as u128 * items.len() as u128;
    vm.check_room(room)?;
    let data = parts.join(vm.bytes_of(sep));
    Ok(filled(vm, sep, data))
}

/// `b.partition(sep)` and `rpartition`
pub fn partition(vm: &mut Vm, args: Args, from_right: bool) -> Res<Owned> {
    let (this, sep) = (args.get(vm, 0), args.get(vm, 1));
    let needle = vm.buffer(sep)?;
    if needle.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let data = vm.bytes_of(this);
    let at = if from_right { units::rfind(data, &needle) } else { units::find(data, &needle) };
    let items = match at {
        Some(at) => {
            let before = data.get(..at).unwrap_or_default().to_vec();
            let after = data.get(at + needle.len()..).unwrap_or_default().to_vec();
            let before = made(vm, this, before);
            let middle = if vm.heap.layout(this) == Layout::Bytes { vm.share(sep) } else { made(vm, this, needle) };
            vec![before, middle, made(vm, this, after)]
        }
        None => {
            let whole = if vm.heap.layout(this) == Layout::Bytes { vm.share(this) } else { exact(vm, this) };
            let (a, b) = (made(vm, this, Vec::new()), made(vm, this, Vec::new()));
            if from_right { vec![a, b, whole] } else { vec![whole, a, b] }
        }
    };
    Ok(vm.new_tuple(items))
}

/// `b.strip(bytes=None)` and its one-sided forms
pub fn strip(vm: &mut Vm, args: Args, left: bool, right: bool) -> Res<Owned> {
    let (this, chars) = (args.get(vm, 0), args.get(vm, 1));
    let range = if vm.is_none_or_missing(chars) {
        units::strip(vm.bytes_of(this), is_space, left, right)
    } else {
        let chars = vm.buffer(chars)?;
        units::strip(vm.bytes_of(this), |byte| chars.contains(&byte), left, right)
    };
    let data = vm.bytes_of(this);
    if range == (0..data.len()) {
        return Ok(exact(vm, this));
    }
    let data = data.get(range).unwrap_or_default().to_vec();
    Ok(made(vm, this, data))
}

/// `b.center(width, fillbyte=b' ')`, `ljust`, `rjust`
pub fn pad(vm: &mut Vm, args: Args, func: &str) -> Res<Owned> {
    let (this, fill) = (args.get(vm, 0), args.get(vm, 2));
    let width = vm.size_argument(args.get(vm, 1))?;
    let fill = if fill.is_null() {
        b' '
    } else {
        match (vm.heap.layout(fill), vm.bytes_of(fill)) {
            (Layout::Bytes | Layout::ByteArray, &[byte]) => byte,
            (Layout::Bytes | Layout::ByteArray, data) if vm.profile.container_texts_reworded => {
                let kind = if vm.heap.layout(fill) == Layout::Bytes { "bytes" } else { "bytearray" };
                let text = format!(
                    "{func}(): argument 2 must be a byte string of length 1, not a {kind} object of length {}",
                    data.len()
                );
                return Err(vm.type_error(text));
            }
            _ => return Err(vm.bad_argument(func, "argument 2", "a byte string of length 1", fill)),
        }
    };
    let len = vm.bytes_of(this).len();
    let width = usize::try_from(width).unwrap_or(0);
    vm.check_room(width as u128)?;
    let more = width.saturating_sub(len);
    if more == 0 {
        return Ok(exact(vm, this));
    }
    let left = match func {
        "center" => more / 2 + (more & width & 1),
        "rjust" => more,
        _ => 0,
    };
    let mut data = vec![fill; left];
    data.extend_from_slice(vm.bytes_of(this));
    data.resize(width, fill);
    Ok(filled(vm, this, data))
}

/// `b.zfill(width)`
pub fn zfill(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let width = vm.size_argument(args.get(vm, 1))?;
    let width = usize::try_from(width).unwrap_or(0);
    vm.check_room(width as u128)?;
    let data = vm.bytes_of(this);
    let more = width.saturating_sub(data.len());
    if more == 0 {
        return Ok(exact(vm, this));
    }
    let (sign, digits) = match data {
        [sign @ (b'+' | b'-'), digits @ ..] => (Some(*sign), digits),
        digits => (None, digits),
    };
    let mut out: Vec<u8> = sign.into_iter().collect();
    out.resize(out.len() + more, b'0');
    out.extend_from_slice(digits);
    Ok(filled(vm, this, out))
}

/// `b.expandtabs(tabsize=8)`
pub fn expandtabs(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, size) = (args.get(vm, 0), args.get(vm, 1));
    let size = if size.is_null() { 8 } else { vm.c_int_argument(size)? };
    let size = usize::try_from(size).unwrap_or(0);
    let tabs = vm.bytes_of(this).iter().filter(|&&byte| byte == b'\t').count();
    let room = vm.bytes_of(this).len() as u128 + tabs as u128 * size as u128;
    vm.check_room(room)?;
    let mut out = Vec::new();
    let mut column = 0;
    for &byte in vm.bytes_of(this) {
        match byte {
            b'\t' => {
                let spaces = if size == 0 { 0 } else { size - column % size };
                out.resize(out.len() + spaces, b' ');
                column += spaces;
            }
            b'\n' | b'\r' => {
                out.push(byte);
                column = 0;
            }
            _ => {
                out.push(byte);
                column += 1;
            }
        }
    }
    Ok(filled(vm, this, out))
}

/// `b.translate(table, delete=b'')`
pub fn translate(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (this, table, delete) = (args.get(vm, 0), args.get(vm, 1), args.get(vm, 2));
    let table = if table == vm.single.none { None } else { Some(vm.buffer(table)?) };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let delete = if delete.is_null() { Vec::new() } else { vm.buffer(delete)? };
    let data = vm.bytes_of(this);
    let mapped = |byte: u8| table.as_ref().and_then(|table| table.get(usize::from(byte)).copied()).unwrap_or(byte);
    let out: Vec<u8> = data.iter().filter(|byte| !delete.contains(byte)).map(|&byte| mapped(byte)).collect();
    if out == data {
        return Ok(exact(vm, this));
    }
    Ok(filled(vm, this, out))
}

/// `bytes.maketrans(frm, to)`
pub fn maketrans(vm: &mut Vm, args: Args) -> Res<Owned> {
    let from = vm.buffer(args.get(vm, 0))?;
    let to = vm.buffer(args.get(vm, 1))?;
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (&from, &to) in from.iter().zip(&to) {
        if let Some(place) = table.get_mut(usize::from(from)) {
            *place = to;
        }
    }
    Ok(vm.new_bytes(table))
}
