//! `hex` and `fromhex`.

use crate::heap::{Layout, Owned, Ref};
use crate::native::Args;
use crate::vm::{Res, Ty, Vm};
use std::fmt::Write;

/// The hexadecimal text of bytes, with a separator between groups: counted from the right if `group` is positive.
pub fn hex_text(data: &[u8], sep: Option<char>, group: i64) -> String {
    let mut out = String::with_capacity(data.len() * 2);
    let size = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    for (at, byte) in data.iter().enumerate() {
        if let Some(sep) = sep
            && size > 0
            && at > 0
        {
            let border = if group > 0 { (data.len() - at).is_multiple_of(size) } else { at.is_multiple_of(size) };
            if border {
                out.push(sep);
            }
        }
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

impl Vm {
    /// The arguments of `hex`: separator and size of the groups.
    ///
    /// # Errors
    /// TypeError and ValueError for separators that are not one ASCII character.
    pub fn hex_arguments(&mut self, sep: Ref, group: Ref) -> Res<(Option<char>, i64)> {
        let group = if group.is_null() { 1 } else { self.c_int_argument(group)? };
        if sep.is_null() {
            return Ok((None, group));
        }
        let point = match self.heap.layout(sep) {
            Layout::Str => {
                let text = self.text_of(sep);
                (text.len() == 1).then(|| text.get(0)).flatten()
            }
            Layout::Bytes => match self.bytes_of(sep) {
                &[byte] => Some(u32::from(byte)),
                _ => None,
            },
            _ => match self.length(sep)? {
                1 => return Err(self.type_error("sep must be str or bytes.")),
                _ => None,
            },
        };
        match point {
            None => Err(self.value_error("sep must be length 1.")),
            Some(point @ 0..0x80) => Ok((char::from_u32(point), group)),
            Some(_) => Err(self.value_error("sep must be ASCII.")),
        }
    }
}

/// `b.hex(sep, bytes_per_sep=1)`
pub fn hex(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (sep, group) = vm.hex_arguments(args.get(vm, 1), args.get(vm, 2))?;
    let text = hex_text(vm.bytes_of(args.get(vm, 0)), sep, group);
    Ok(vm.new_str(&text))
}

/// `bytes.fromhex(text)`, for subclasses by calling them
pub fn fromhex(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (class, text) = (args.get(vm, 0), args.get(vm, 1));
    let given = if vm.profile.fromhex_takes_bytes && vm.heap.layout(text) != Layout::Str {
        match vm.buffer_of(text) {
            Some(data) => Some(data.iter().map(|&byte| u32::from(byte)).collect::<Vec<u32>>()),
            None => {
                let text = format!("fromhex() argument must be str or bytes-like, not {}", vm.class_name(text));
                return Err(vm.type_error(text));
            }
        }
    } else {
        None
    };
    let points: Vec<u32> = match given {
        Some(points) => points,
        None => {
            vm.expect_str(text, "fromhex", "argument")?;
            vm.text_of(text).points().collect()
        }
    };
    let data = match parse(&points) {
        Ok(data) => data,
        Err(at) if at == points.len() && vm.profile.fromhex_takes_bytes => {
            return Err(vm.value_error("fromhex() arg must contain an even number of hexadecimal digits"));
        }
        Err(at) => {
            let text = format!("non-hexadecimal number found in fromhex() arg at position {at}");
            return Err(vm.value_error(text));
        }
    };
    let array = vm.is_subclass(class, vm.class(Ty::ByteArray));
    let exact = class == vm.class(if array { Ty::ByteArray } else { Ty::Bytes });
    let made = if array { vm.new_bytearray(data) } else { vm.new_bytes(data) };
    if exact {
        return Ok(made);
    }
    let made = vm.hold(made);
    vm.call(class, &[made])
}

/// The bytes, or where the first wrong character stands.
fn parse(points: &[u32]) -> Result<Vec<u8>, usize> {
    let digit = |at: usize| points.get(at).and_then(|&point| char::from_u32(point)).and_then(|c| c.to_digit(16));
    let mut out = Vec::new();
    let mut at = 0;
    while at < points.len() {
        if points.get(at).is_some_and(|&point| matches!(point, 0x20 | 0x09..=0x0D)) {
            at += 1;
            continue;
        }
        let high = digit(at).ok_or(at)?;
        let low = digit(at + 1).ok_or(at + 1)?;
        out.push((high << 4 | low) as u8);
        at += 2;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_counted_from_the_named_end() {
        assert_eq!(hex_text(&[1, 2, 3], Some(':'), 2), "01:0203");
        assert_eq!(hex_text(&[1, 2, 3], Some(':'), -2), "0102:03");
        assert_eq!(hex_text(&[1, 2, 3], Some(':'), 0), "010203");
        assert_eq!(hex_text(&[255, 0], None, 1), "ff00");
    }

    #[test]
    fn the_first_wrong_character_is_named() {
        let parse = |text: &str| super::parse(&text.chars().map(u32::from).collect::<Vec<_>>());
        assert_eq!(parse("0a FF"), Ok(vec![10, 255]));
        assert_eq!(parse("0a F"), Err(4));
        assert_eq!(parse("g0"), Err(0));
        assert_eq!(parse("0 a"), Err(1));
    }
}
