//! `UnicodeDecodeError`, `UnicodeEncodeError` and `UnicodeTranslateError`.

use super::known::parts;
use super::{init_args, part, set_part};
use crate::heap::{BytesBody, Layout, Owned, Ref};
use crate::native::{Args, GetSetDef, NativeDef, slot};
use crate::object::number::Int;
use crate::object::text::{Text, codec_error};
use crate::vm::{Res, Vm};

/// The methods of `UnicodeDecodeError`.
pub static DECODE: &[NativeDef] = &[slot("__init__", 0, init_decode).any(), slot("__str__", 0, show_decode)];

/// The methods of `UnicodeEncodeError`.
pub static ENCODE: &[NativeDef] = &[slot("__init__", 0, init_encode).any(), slot("__str__", 0, show_encode)];

/// The methods of `UnicodeTranslateError`.
pub static TRANSLATE: &[NativeDef] = &[slot("__init__", 0, init_translate).any(), slot("__str__", 0, show_translate)];

/// The attributes of all three.
pub static GETSETS: &[GetSetDef] = parts!("encoding", "object", "start", "end", "reason");

/// The parts that the arguments give, and what each has to be.
const CODEC: [&str; 5] = ["encoding", "object", "start", "end", "reason"];

fn init_decode(vm: &mut Vm, args: Args) -> Res<Owned> {
    init(vm, args, "UnicodeDecodeError", &CODEC, Layout::Bytes)
}

fn init_encode(vm: &mut Vm, args: Args) -> Res<Owned> {
    init(vm, args, "UnicodeEncodeError", &CODEC, Layout::Str)
}

fn init_translate(vm: &mut Vm, args: Args) -> Res<Owned> {
    init(vm, args, "UnicodeTranslateError", &CODEC[1..], Layout::Str)
}

fn init(vm: &mut Vm, args: Args, name: &str, names: &[&'static str], object: Layout) -> Res<Owned> {
    let this = args.get(vm, 0);
    let given = init_args(vm, args)?;
    if given.len() != names.len() {
        let text = format!("function takes exactly {} arguments ({} given)", names.len(), given.len());
        return Err(vm.type_error(text));
    }
    for (at, (&part, &value)) in names.iter().zip(&given).enumerate() {
        let layout = vm.heap.layout(value);
        let (fits, expected) = match part {
            "start" | "end" => (vm.has_index(value), "int"),
            "object" => (layout == object || (object == Layout::Bytes && layout == Layout::ByteArray), "bytes-like"),
            _ => (layout == Layout::Str, "str"),
        };
        if !fits {
            let text = match part {
                "start" | "end" => {
                    format!("'{}' object cannot be interpreted as an integer", vm.class_name(value))
                }
                "object" if object == Layout::Bytes => {
                    format!("a bytes-like object is required, not '{}'", vm.class_name(value))
                }
                _ => format!(
                    "argument {} must be {}, not {}",
                    at + 1,
                    if expected == "int" { "int" } else { "str" },
                    vm.argument_type(value)
                ),
            };
            return Err(vm.type_error(text));
        }
        set_part(vm, this, part, value);
    }
    let _ = name;
    Ok(vm.none())
}

struct Fault {
    encoding: String,
    start: usize,
    end: usize,
    reason: String,
}

fn fault(vm: &mut Vm, this: Ref, len: usize) -> Fault {
    let number = |vm: &Vm, name: &str| match part(vm, this, name).and_then(|value| vm.as_int(value)) {
        Some(Int::Small(value)) => usize::try_from(value).unwrap_or(0),
        _ => 0,
    };
    let string = |vm: &Vm, name: &str| part(vm, this, name).map_or_else(String::new, |value| vm.show(value));
    let start = number(vm, "start").min(len.saturating_sub(1));
    let end = number(vm, "end").clamp(1.min(len), len.max(1));
    Fault { encoding: string(vm, "encoding"), start, end, reason: string(vm, "reason") }
}

fn show_decode(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(object) = part(vm, this, "object") else { return Ok(vm.share(vm.single.empty_str)) };
    let data = vm.heap.get::<BytesBody>(object).map_or_else(Vec::new, |body| body.data.clone());
    let fault = fault(vm, this, data.len());
    let text = codec_error::decode_message(&fault.encoding, &data, fault.start, fault.end, &fault.reason);
    Ok(vm.new_str(&text))
}

fn show_encode(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(object) = part(vm, this, "object") else { return Ok(vm.share(vm.single.empty_str)) };
    let data = vm.as_text(object).unwrap_or_else(|| Text::from(""));
    let fault = fault(vm, this, data.len());
    let text = codec_error::encode_message(&fault.encoding, &data, fault.start, fault.end, &fault.reason);
    Ok(vm.new_str(&text))
}

fn show_translate(vm: &mut Vm, args: Args) -> Res<Owned> {
    let this = args.get(vm, 0);
    let Some(object) = part(vm, this, "object") else { return Ok(vm.share(vm.single.empty_str)) };
    let data = vm.as_text(object).unwrap_or_else(|| Text::from(""));
    let fault = fault(vm, this, data.len());
    let text = match data.get(fault.start) {
        Some(point) if fault.end == fault.start + 1 => {
            let shown = codec_error::escape_point(point);
            format!("can't translate character '{shown}' in position {}: {}", fault.start, fault.reason)
        }
        _ => format!(
            "can't translate characters in position {}-{}: {}",
            fault.start,
            fault.end.saturating_sub(1),
            fault.reason
        ),
    };
    Ok(vm.new_str(&text))
}
