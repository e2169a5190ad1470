//! What goes wrong in `str.encode` and `bytes.decode`, and the error handlers that put it right.

use super::codec::push_utf8;
use super::{Text, TextBuilder};

/// What `UnicodeDecodeError` and `UnicodeEncodeError` hold besides the object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodecFault {
    /// The codec as the message names it: `utf-8`, `utf-16-le` …
    pub encoding: &'static str,
    /// The first byte or character that cannot be handled.
    pub start: usize,
    /// The end of what cannot be handled.
    pub end: usize,
    /// Why.
    pub reason: &'static str,
}

/// Why encoding or decoding failed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CodecError {
    /// `UnicodeEncodeError` or `UnicodeDecodeError` of these arguments.
    #[error("{}", .0.reason)]
    Fault(CodecFault),
    /// `LookupError`: the name of the error handler, which is looked up only when something goes wrong.
    #[error("unknown error handler name '{0}'")]
    UnknownHandler(String),
    /// `TypeError`: the handler works in the other direction only.
    #[error("don't know how to handle {0} in error callback")]
    WrongDirection(&'static str),
}

/// An error handler of `errors=`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Handler {
    /// `strict`
    Strict,
    /// `ignore`
    Ignore,
    /// `replace`
    Replace,
    /// `backslashreplace`
    BackslashReplace,
    /// `xmlcharrefreplace`
    XmlCharRefReplace,
    /// `namereplace`
    NameReplace,
    /// `surrogateescape`
    SurrogateEscape,
    /// `surrogatepass`
    SurrogatePass,
    /// Any other name.
    Unknown(String),
}

impl Handler {
    /// The handler of this name. It is an error only when it is needed.
    pub fn named(name: &str) -> Handler {
        match name {
            "strict" => Handler::Strict,
            "ignore" => Handler::Ignore,
            "replace" => Handler::Replace,
            "backslashreplace" => Handler::BackslashReplace,
            "xmlcharrefreplace" => Handler::XmlCharRefReplace,
            "namereplace" => Handler::NameReplace,
            "surrogateescape" => Handler::SurrogateEscape,
            "surrogatepass" => Handler::SurrogatePass,
            other => Handler::Unknown(other.into()),
        }
    }
}

/// The form of a wide codec's units, for `surrogatepass`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Utf8,
    Utf16 { big: bool },
    Utf32 { big: bool },
    Other,
}

impl Form {
    fn of(encoding: &str) -> Form {
        match encoding {
            "utf-8" => Form::Utf8,
            "utf-16" | "utf-16-le" => Form::Utf16 { big: false },
            "utf-16-be" => Form::Utf16 { big: true },
            "utf-32" | "utf-32-le" => Form::Utf32 { big: false },
            "utf-32-be" => Form::Utf32 { big: true },
            _ => Form::Other,
        }
    }

    /// The surrogate that stands at the start of `bytes`, and its length.
    fn read_surrogate(self, bytes: &[u8]) -> Option<(u32, usize)> {
        let (point, len) = match (self, bytes) {
            (Form::Utf8, [0xED, b @ 0xA0..=0xBF, c @ 0x80..=0xBF, ..]) => {
                (0xD000 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F), 3)
            }
            (Form::Utf16 { big: false }, [a, b, ..]) => (u32::from(u16::from_le_bytes([*a, *b])), 2),
            (Form::Utf16 { big: true }, [a, b, ..]) => (u32::from(u16::from_be_bytes([*a, *b])), 2),
            (Form::Utf32 { big: false }, [a, b, c, d, ..]) => (u32::from_le_bytes([*a, *b, *c, *d]), 4),
            (Form::Utf32 { big: true }, [a, b, c, d, ..]) => (u32::from_be_bytes([*a, *b, *c, *d]), 4),
            _ => return None,
        };
        (0xD800..0xE000).contains(&point).then_some((point, len))
    }

    fn write_surrogate(self, point: u32) -> Option<Vec<u8>> {
        let short = u16::try_from(point).ok()?;
        Some(match self {
            Form::Utf8 => {
                let mut out = Vec::new();
                push_utf8(&mut out, point);
                out
            }
            Form::Utf16 { big: false } => short.to_le_bytes().into(),
            Form::Utf16 { big: true } => short.to_be_bytes().into(),
            Form::Utf32 { big: false } => point.to_le_bytes().into(),
            Form::Utf32 { big: true } => point.to_be_bytes().into(),
            Form::Other => return None,
        })
    }
}

/// Deals with a fault of decoding `bytes`: puts a substitute into `out` and tells where to go on.
pub(super) fn handle_decode(
    handler: &Handler,
    bytes: &[u8],
    fault: CodecFault,
    out: &mut TextBuilder,
) -> Result<usize, CodecError> {
    let bad = bytes.get(fault.start..fault.end).unwrap_or_default();
    match handler {
        Handler::Strict => Err(CodecError::Fault(fault)),
        Handler::Ignore => Ok(fault.end),
        Handler::Replace => {
            out.push(0xFFFD);
            Ok(fault.end)
        }
        Handler::BackslashReplace => {
            bad.iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
            Ok(fault.end)
        }
        Handler::SurrogateEscape => {
            let escaped = bad.iter().take(4).take_while(|byte| **byte >= 0x80).count();
            if escaped == 0 {
                return Err(CodecError::Fault(fault));
            }
            bad.iter().take(escaped).for_each(|byte| out.push(0xDC00 + u32::from(*byte)));
            Ok(fault.start + escaped)
        }
        Handler::SurrogatePass => {
            let rest = bytes.get(fault.start..).unwrap_or_default();
            match Form::of(fault.encoding).read_surrogate(rest) {
                Some((point, len)) => {
                    out.push(point);
                    Ok(fault.start + len)
                }
                None => Err(CodecError::Fault(fault)),
            }
        }
        Handler::XmlCharRefReplace | Handler::NameReplace => Err(CodecError::WrongDirection("UnicodeDecodeError")),
        Handler::Unknown(name) => Err(CodecError::UnknownHandler(name.clone())),
    }
}

/// What stands for characters that a codec cannot encode.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Substitute {
    /// Characters, encoded in their turn.
    Text(Text),
    /// Bytes, taken as they are.
    Bytes(Vec<u8>),
}

/// Deals with a fault of encoding `text`: what stands for the characters of the fault.
pub(super) fn handle_encode(handler: &Handler, text: &Text, fault: CodecFault) -> Result<Substitute, CodecError> {
    let bad: Vec<u32> = (fault.start..fault.end).filter_map(|i| text.get(i)).collect();
    let escaped = |escape: &dyn Fn(u32) -> String| {
        Ok(Substitute::Text(Text::from(bad.iter().map(|point| escape(*point)).collect::<String>())))
    };
    match handler {
        Handler::Strict => Err(CodecError::Fault(fault)),
        Handler::Ignore => escaped(&|_| String::new()),
        Handler::Replace => escaped(&|_| "?".into()),
        Handler::BackslashReplace => escaped(&escape_point),
        Handler::XmlCharRefReplace => escaped(&|point| format!("&#{point};")),
        Handler::NameReplace => escaped(&|point| {
            let name = char::from_u32(point).and_then(unicode_names2::name);
            name.map_or_else(|| escape_point(point), |name| format!("\\N{{{name}}}"))
        }),
        Handler::SurrogateEscape => {
            let byte = |point: &u32| match point {
                0xDC80..=0xDCFF => Some((point - 0xDC00) as u8),
                _ => None,
            };
            match bad.iter().map(byte).collect() {
                Some(bytes) => Ok(Substitute::Bytes(bytes)),
                None => Err(CodecError::Fault(fault)),
            }
        }
        Handler::SurrogatePass => {
            let form = Form::of(fault.encoding);
            let surrogate = |point: &u32| {
                if (0xD800..0xE000).contains(point) { form.write_surrogate(*point) } else { None }
            };
            match bad.iter().map(surrogate).collect::<Option<Vec<_>>>() {
                Some(parts) => Ok(Substitute::Bytes(parts.concat())),
                None => Err(CodecError::Fault(fault)),
            }
        }
        Handler::Unknown(name) => Err(CodecError::UnknownHandler(name.clone())),
    }
}

/// A code point as a Python escape: `\xe9`, `\u20ac`, `\U0001f600`.
pub fn escape_point(point: u32) -> String {
    match point {
        0..0x100 => format!("\\x{point:02x}"),
        0x100..0x1_0000 => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    }
}

/// `str(UnicodeDecodeError(…))`
pub fn decode_message(encoding: &str, object: &[u8], start: usize, end: usize, reason: &str) -> String {
    match object.get(start) {
        Some(byte) if end == start + 1 => {
            format!("'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}")
        }
        _ => format!("'{encoding}' codec can't decode bytes in position {start}-{}: {reason}", last(end)),
    }
}

/// `str(UnicodeEncodeError(…))`
pub fn encode_message(encoding: &str, object: &Text, start: usize, end: usize, reason: &str) -> String {
    match object.get(start) {
        Some(point) if end == start + 1 => {
            let escape = escape_point(point);
            format!("'{encoding}' codec can't encode character '{escape}' in position {start}: {reason}")
        }
        _ => format!("'{encoding}' codec can't encode characters in position {start}-{}: {reason}", last(end)),
    }
}

/// The last position of a range that ends at `end`, as a C program prints it.
fn last(end: usize) -> i64 {
    i64::try_from(end).unwrap_or(i64::MAX).saturating_sub(1)
}
