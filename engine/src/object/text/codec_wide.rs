//! UTF-16 and UTF-32, with and without a byte order mark.

use super::codec::{Order, Wide};
use super::codec_error::{CodecError, CodecFault, Handler, Substitute, handle_decode, handle_encode};
use super::{Text, TextBuilder};

/// The name of the codec as messages show it.
fn encoding(four: bool, order: Option<Order>) -> &'static str {
    match (four, order) {
        (false, None) => "utf-16",
        (false, Some(Order::Little)) => "utf-16-le",
        (false, Some(Order::Big)) => "utf-16-be",
        (true, None) => "utf-32",
        (true, Some(Order::Little)) => "utf-32-le",
        (true, Some(Order::Big)) => "utf-32-be",
    }
}

fn push_short(out: &mut Vec<u8>, order: Order, unit: u16) {
    match order {
        Order::Little => out.extend(unit.to_le_bytes()),
        Order::Big => out.extend(unit.to_be_bytes()),
    }
}

fn push_point(out: &mut Vec<u8>, four: bool, order: Order, point: u32) {
    if four {
        match order {
            Order::Little => out.extend(point.to_le_bytes()),
            Order::Big => out.extend(point.to_be_bytes()),
        }
    } else if let Ok(unit) = u16::try_from(point) {
        push_short(out, order, unit);
    } else {
        let high = point - 0x1_0000;
        push_short(out, order, 0xD800 | (high >> 10) as u16);
        push_short(out, order, 0xDC00 | (high & 0x3FF) as u16);
    }
}

pub(super) fn encode(codec: Wide, text: &Text, handler: &Handler) -> Result<Vec<u8>, CodecError> {
    let Wide { four, order } = codec;
    let mut out = Vec::with_capacity(text.len() * 4);
    // Without an order the machine's is used, behind a mark.
    let written = order.unwrap_or(Order::Little);
    if order.is_none() {
        push_point(&mut out, four, written, 0xFEFF);
    }
    for (at, point) in text.points().enumerate() {
        if !(0xD800..0xE000).contains(&point) {
            push_point(&mut out, four, written, point);
            continue;
        }
        let fault =
            CodecFault { encoding: encoding(four, order), start: at, end: at + 1, reason: "surrogates not allowed" };
        match handle_encode(handler, text, fault.clone())? {
            Substitute::Text(text) => text.points().for_each(|point| push_point(&mut out, four, written, point)),
            // A single escaped byte does not fill a unit.
            Substitute::Bytes(bytes) if bytes.len() % (if four { 4 } else { 2 }) != 0 => {
                return Err(CodecError::Fault(fault));
            }
            Substitute::Bytes(bytes) => out.extend(bytes),
        }
    }
    Ok(out)
}

pub(super) fn decode(codec: Wide, bytes: &[u8], handler: &Handler) -> Result<Text, CodecError> {
    let width = if codec.four { 4 } else { 2 };
    let (order, from) = match (codec.order, bytes) {
        (Some(order), _) => (order, 0),
        (None, [0xFF, 0xFE, 0, 0, ..]) if codec.four => (Order::Little, width),
        (None, [0, 0, 0xFE, 0xFF, ..]) if codec.four => (Order::Big, width),
        (None, [0xFF, 0xFE, ..]) if !codec.four => (Order::Little, width),
        (None, [0xFE, 0xFF, ..]) if !codec.four => (Order::Big, width),
        (None, _) => (Order::Little, 0),
    };
    let name = encoding(codec.four, Some(order));
    let mut out = TextBuilder::new();
    let mut at = from;
    while at < bytes.len() {
        let read = if codec.four { read_four(bytes, at, order) } else { read_two(bytes, at, order) };
        match read {
            Ok((point, next)) => {
                out.push(point);
                at = next;
            }
            Err((end, reason)) => {
                let fault = CodecFault { encoding: name, start: at, end, reason };
                at = handle_decode(handler, bytes, fault, &mut out)?;
            }
        }
    }
    Ok(out.finish())
}

/// A code point and the position behind it, or the end of the fault and its reason.
type Read = Result<(u32, usize), (usize, &'static str)>;

fn read_four(bytes: &[u8], at: usize, order: Order) -> Read {
    let Some(&[a, b, c, d]) = bytes.get(at..at + 4) else { return Err((bytes.len(), "truncated data")) };
    let point = match order {
        Order::Little => u32::from_le_bytes([a, b, c, d]),
        Order::Big => u32::from_be_bytes([a, b, c, d]),
    };
    match point {
        0xD800..0xE000 => Err((at + 4, "code point in surrogate code point range(0xd800, 0xe000)")),
        0x11_0000.. => Err((at + 4, "code point not in range(0x110000)")),
        _ => Ok((point, at + 4)),
    }
}

fn read_two(bytes: &[u8], at: usize, order: Order) -> Read {
    let unit = |at: usize| match (order, bytes.get(at..at + 2)) {
        (Order::Little, Some(&[a, b])) => Some(u32::from(u16::from_le_bytes([a, b]))),
        (Order::Big, Some(&[a, b])) => Some(u32::from(u16::from_be_bytes([a, b]))),
        _ => None,
    };
    match (unit(at), unit(at + 2)) {
        (None, _) => Err((bytes.len(), "truncated data")),
        (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
            Ok((0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00), at + 4))
        }
        (Some(0xD800..0xDC00), None) => Err((bytes.len(), "unexpected end of data")),
        (Some(0xD800..0xDC00), Some(_)) => Err((at + 2, "illegal UTF-16 surrogate")),
        (Some(0xDC00..0xE000), _) => Err((at + 2, "illegal encoding")),
        (Some(point), _) => Ok((point, at + 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::codec::Codec;
    use super::super::codec_error::{decode_message, encode_message};
    use super::*;

    fn decoded(bytes: &[u8], codec: &str, handler: &str) -> Result<Vec<u32>, String> {
        let codec = Codec::named(codec).unwrap();
        match codec.decode(bytes, &Handler::named(handler)) {
            Ok(text) => Ok(text.points().collect()),
            Err(CodecError::Fault(f)) => Err(decode_message(f.encoding, bytes, f.start, f.end, f.reason)),
            Err(other) => Err(other.to_string()),
        }
    }

    #[test]
    fn marks_decide_the_order() {
        assert_eq!(decoded(b"\xfe\xff\0a", "utf-16", "strict"), Ok(vec![0x61]));
        assert_eq!(decoded(b"\xfe\xff\0a", "utf-16-be", "strict"), Ok(vec![0xFEFF, 0x61]));
        assert_eq!(decoded(b"a\0", "utf-16", "strict"), Ok(vec![0x61]));
        assert_eq!(decoded(b"\0\0\xfe\xff\0\0\0a", "utf-32", "strict"), Ok(vec![0x61]));
    }

    #[test]
    fn faults_are_those_of_cpython() {
        let fault = |bytes: &[u8], codec| decoded(bytes, codec, "strict").unwrap_err();
        let le = |what: &str| format!("'utf-16-le' codec can't decode {what}");
        assert_eq!(fault(b"\xff\xfea", "utf-16"), le("byte 0x61 in position 2: truncated data"));
        assert_eq!(fault(b"\0\xd8a\0", "utf-16"), le("bytes in position 0-1: illegal UTF-16 surrogate"));
        assert_eq!(fault(b"\0\xdca\0", "utf-16"), le("bytes in position 0-1: illegal encoding"));
        assert_eq!(fault(b"\0\xd8a", "utf-16"), le("bytes in position 0-2: unexpected end of data"));
        let be = "'utf-32-be' codec can't decode bytes in position 0-3: code point not in range(0x110000)";
        assert_eq!(fault(b"\xff\xfe\0\0", "utf-32-be"), be);
        assert_eq!(decoded(b"\0\xd8a\0", "utf-16-le", "surrogatepass"), Ok(vec![0xD800, 0x61]));
        assert_eq!(decoded(b"\0\xd8\0\0", "utf-32-le", "surrogatepass"), Ok(vec![0xD800]));
        assert_eq!(
            decoded(b"\xff\xff\xff\xffa\0\0\0", "utf-32-le", "surrogateescape"),
            Ok(vec![0xDCFF, 0xDCFF, 0xDCFF, 0xDCFF, 0x61])
        );
    }

    #[test]
    fn surrogates_are_faults_one_by_one() {
        let text = Text::from_points([0xD83D, 0xDE00]);
        let codec = Codec::named("utf-16").unwrap();
        let Err(CodecError::Fault(f)) = codec.encode(&text, &Handler::Strict) else { panic!("a fault") };
        let message = encode_message(f.encoding, &text, f.start, f.end, f.reason);
        assert_eq!(message, "'utf-16' codec can't encode character '\\ud83d' in position 0: surrogates not allowed");
        assert_eq!(codec.encode(&text, &Handler::SurrogatePass).unwrap(), b"\xff\xfe=\xd8\x00\xde");
        assert_eq!(codec.encode(&text, &Handler::Replace).unwrap(), b"\xff\xfe?\0?\0");
        assert!(codec.encode(&Text::from_point(0xDCFF), &Handler::SurrogateEscape).is_err());
    }
}
