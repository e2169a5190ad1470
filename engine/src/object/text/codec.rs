//! `str.encode` and `bytes.decode`: the choice of the codec, and UTF-8, ASCII and Latin-1.

use super::codec_error::{CodecError, CodecFault, Handler, Substitute, handle_decode, handle_encode};
use super::{Text, TextBuilder, codec_wide};

/// A codec that the engine has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Codec {
    /// UTF-8
    Utf8,
    /// ASCII
    Ascii,
    /// Latin-1
    Latin1,
    /// UTF-16 or UTF-32.
    Wide(Wide),
}

/// A codec of wide units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wide {
    /// UTF-32 rather than UTF-16.
    pub four: bool,
    /// The byte order; none: written in the machine's with a mark, read as the mark says.
    pub order: Option<Order>,
}

/// The order of the bytes of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The least significant byte first.
    Little,
    /// The most significant byte first.
    Big,
}

impl Codec {
    /// The codec of this name, in any of its usual spellings.
    pub fn named(name: &str) -> Option<Codec> {
        let wide = |four, order| Some(Codec::Wide(Wide { four, order }));
        let normal: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        match normal.as_str() {
            "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => Some(Codec::Utf8),
            "ascii" | "us_ascii" | "646" | "ansi_x3.4_1968" | "iso646_us" => Some(Codec::Ascii),
            "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "8859" | "cp819" | "iso8859"
            | "iso_ir_100" => Some(Codec::Latin1),
            "utf_16" | "utf16" | "u16" => wide(false, None),
            "utf_16_le" | "utf_16le" | "utf16_le" | "unicodelittleunmarked" => wide(false, Some(Order::Little)),
            "utf_16_be" | "utf_16be" | "utf16_be" | "unicodebigunmarked" => wide(false, Some(Order::Big)),
            "utf_32" | "utf32" | "u32" => wide(true, None),
            "utf_32_le" | "utf_32le" | "utf32_le" => wide(true, Some(Order::Little)),
            "utf_32_be" | "utf_32be" | "utf32_be" => wide(true, Some(Order::Big)),
            _ => None,
        }
    }

    /// `text.encode(self, handler)`
    ///
    /// # Errors
    /// What the handler does not put right.
    pub fn encode(self, text: &Text, handler: &Handler) -> Result<Vec<u8>, CodecError> {
        match self {
            Codec::Utf8 => encode_utf8(text, handler),
            Codec::Ascii => encode_narrow(text, handler, "ascii", 0x80, "ordinal not in range(128)"),
            Codec::Latin1 => encode_narrow(text, handler, "latin-1", 0x100, "ordinal not in range(256)"),
            Codec::Wide(wide) => codec_wide::encode(wide, text, handler),
        }
    }

    /// `bytes.decode(self, handler)`
    ///
    /// # Errors
    /// What the handler does not put right.
    pub fn decode(self, bytes: &[u8], handler: &Handler) -> Result<Text, CodecError> {
        match self {
            Codec::Utf8 => decode_utf8(bytes, handler),
            Codec::Ascii => decode_ascii(bytes, handler),
            Codec::Latin1 => Ok(Text::from_units(bytes)),
            Codec::Wide(wide) => codec_wide::decode(wide, bytes, handler),
        }
    }
}

/// Adds the UTF-8 form of a code point, surrogates included.
pub fn push_utf8(out: &mut Vec<u8>, point: u32) {
    let tail = |shift: u32| 0x80 | (point >> shift & 0x3F) as u8;
    match point {
        0..0x80 => out.push(point as u8),
        0x80..0x800 => out.extend([0xC0 | (point >> 6) as u8, tail(0)]),
        0x800..0x1_0000 => out.extend([0xE0 | (point >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend([0xF0 | (point >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

fn encode_utf8(text: &Text, handler: &Handler) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(point) = text.get(at) {
        if !(0xD800..0xE000).contains(&point) {
            push_utf8(&mut out, point);
            at += 1;
            continue;
        }
        // All surrogates in a row are one fault.
        let start = at;
        while text.get(at).is_some_and(|point| (0xD800..0xE000).contains(&point)) {
            at += 1;
        }
        let fault = CodecFault { encoding: "utf-8", start, end: at, reason: "surrogates not allowed" };
        match handle_encode(handler, text, fault)? {
            Substitute::Text(text) => text.points().for_each(|point| push_utf8(&mut out, point)),
            Substitute::Bytes(bytes) => out.extend(bytes),
        }
    }
    Ok(out)
}

/// Encodes into a codec of one byte a character that has the characters below `limit`.
fn encode_narrow(
    text: &Text,
    handler: &Handler,
    encoding: &'static str,
    limit: u32,
    reason: &'static str,
) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(point) = text.get(at) {
        if point < limit {
            out.push(point as u8);
            at += 1;
            continue;
        }
        let start = at;
        while text.get(at).is_some_and(|point| point >= limit) {
            at += 1;
        }
        let fault = CodecFault { encoding, start, end: at, reason };
        match handle_encode(handler, text, fault)? {
            // Every substitute of a built-in handler is ASCII.
            Substitute::Text(text) => out.extend(text.points().filter_map(|point| u8::try_from(point).ok())),
            Substitute::Bytes(bytes) => out.extend(bytes),
        }
    }
    Ok(out)
}

fn decode_ascii(bytes: &[u8], handler: &Handler) -> Result<Text, CodecError> {
    let mut out = TextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii() {
            out.push(u32::from(*byte));
            at += 1;
        } else {
            let fault = CodecFault { encoding: "ascii", start: at, end: at + 1, reason: "ordinal not in range(128)" };
            at = handle_decode(handler, bytes, fault, &mut out)?;
        }
    }
    Ok(out.finish())
}

fn decode_utf8(bytes: &[u8], handler: &Handler) -> Result<Text, CodecError> {
    let mut out = TextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let error = match std::str::from_utf8(rest) {
            Ok(text) => {
                out.push_str(text);
                break;
            }
            Err(error) => error,
        };
        let good = rest.get(..error.valid_up_to()).unwrap_or_default();
        out.push_str(std::str::from_utf8(good).unwrap_or_default());
        let start = at + good.len();
        // Rust and CPython agree on the longest prefix that could begin a character.
        let (end, reason) = match error.error_len() {
            None => (bytes.len(), "unexpected end of data"),
            Some(len) => {
                let starts = bytes.get(start).is_some_and(|byte| matches!(byte, 0xC2..=0xF4));
                (start + len, if starts { "invalid continuation byte" } else { "invalid start byte" })
            }
        };
        at = handle_decode(handler, bytes, CodecFault { encoding: "utf-8", start, end, reason }, &mut out)?;
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::super::codec_error::{decode_message, encode_message};
    use super::*;
    use proptest::prelude::*;

    fn decode(bytes: &[u8], codec: &str, handler: &str) -> Result<Text, String> {
        let codec = Codec::named(codec).unwrap();
        codec.decode(bytes, &Handler::named(handler)).map_err(|error| match error {
            CodecError::Fault(f) => decode_message(f.encoding, bytes, f.start, f.end, f.reason),
            other => other.to_string(),
        })
    }

    fn encode(text: &Text, codec: &str, handler: &str) -> Result<Vec<u8>, String> {
        let codec = Codec::named(codec).unwrap();
        codec.encode(text, &Handler::named(handler)).map_err(|error| match error {
            CodecError::Fault(f) => encode_message(f.encoding, text, f.start, f.end, f.reason),
            other => other.to_string(),
        })
    }

    #[test]
    fn utf8_faults_are_those_of_cpython() {
        let fault = |bytes: &[u8]| decode(bytes, "utf8", "strict").unwrap_err();
        let text = |what: &str| format!("'utf-8' codec can't decode {what}");
        assert_eq!(fault(b"\xff"), text("byte 0xff in position 0: invalid start byte"));
        assert_eq!(fault(b"a\xc3"), text("byte 0xc3 in position 1: unexpected end of data"));
        assert_eq!(fault(b"\xc3("), text("byte 0xc3 in position 0: invalid continuation byte"));
        assert_eq!(fault(b"\xe2\x82("), text("bytes in position 0-1: invalid continuation byte"));
        assert_eq!(fault(b"\xed\xa0\x80"), text("byte 0xed in position 0: invalid continuation byte"));
        assert_eq!(fault(b"\xf0\x9f\x98"), text("bytes in position 0-2: unexpected end of data"));
        assert_eq!(fault(b"\xed\xa0"), text("byte 0xed in position 0: invalid continuation byte"));
        assert_eq!(fault(b"\xf4\x90"), text("byte 0xf4 in position 0: invalid continuation byte"));
        assert_eq!(fault(b"\xc0\x80"), text("byte 0xc0 in position 0: invalid start byte"));
    }

    #[test]
    fn handlers_decode_like_cpython() {
        let points =
            |bytes: &[u8], handler: &str| decode(bytes, "utf-8", handler).map(|t| t.points().collect::<Vec<_>>());
        assert_eq!(points(b"\xe2(\xa1", "replace"), Ok(vec![0xFFFD, 0x28, 0xFFFD]));
        assert_eq!(points(b"\xe2\x82(", "surrogateescape"), Ok(vec![0xDCE2, 0xDC82, 0x28]));
        assert_eq!(points(b"\xed\xa0\x80\xed\xb0\x80", "surrogatepass"), Ok(vec![0xD800, 0xDC00]));
        assert_eq!(decode(b"\xe2\x82", "utf-8", "backslashreplace"), Ok("\\xe2\\x82".into()));
        assert_eq!(decode(b"a\xff", "ascii", "ignore"), Ok("a".into()));
        assert_eq!(decode(b"\xff", "ascii", "nope").unwrap_err(), "unknown error handler name 'nope'");
        assert_eq!(decode(b"a", "ascii", "nope"), Ok("a".into()));
        let wrong = "don't know how to handle UnicodeDecodeError in error callback";
        assert_eq!(decode(b"\xff", "utf-8", "xmlcharrefreplace").unwrap_err(), wrong);
    }

    #[test]
    fn handlers_encode_like_cpython() {
        let bad = Text::from_points([0x61, 0xDCFF, 0xD800]);
        let all = "'utf-8' codec can't encode characters in position 1-2: surrogates not allowed";
        assert_eq!(encode(&bad, "utf-8", "strict").unwrap_err(), all);
        assert_eq!(encode(&bad, "utf-8", "surrogateescape").unwrap_err(), all);
        assert_eq!(encode(&bad, "utf-8", "surrogatepass").unwrap(), b"a\xed\xb3\xbf\xed\xa0\x80");
        assert_eq!(encode(&bad.sub(0, 2), "utf-8", "surrogateescape").unwrap(), b"a\xff");
        let euro = Text::from("é€😀");
        assert_eq!(encode(&euro, "ascii", "xmlcharrefreplace").unwrap(), b"&#233;&#8364;&#128512;");
        assert_eq!(encode(&euro, "latin1", "backslashreplace").unwrap(), b"\xe9\\u20ac\\U0001f600");
        assert_eq!(
            encode(&euro, "ascii", "namereplace").unwrap(),
            b"\\N{LATIN SMALL LETTER E WITH ACUTE}\\N{EURO SIGN}\\N{GRINNING FACE}"
        );
        let one = "'latin-1' codec can't encode characters in position 1-2: ordinal not in range(256)";
        assert_eq!(encode(&euro, "L1", "strict").unwrap_err(), one);
        assert_eq!(encode(&euro, "ascii", "replace").unwrap(), b"???");
        let single = "'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)";
        assert_eq!(encode(&euro.sub(0, 1), "ascii", "strict").unwrap_err(), single);
    }

    proptest! {
        #[test]
        fn every_codec_reads_what_it_wrote(text in ".{0,8}") {
            let text = Text::from(text.as_str());
            for codec in ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"] {
                prop_assert_eq!(decode(&encode(&text, codec, "strict").unwrap(), codec, "strict"), Ok(text.clone()));
            }
        }

        #[test]
        fn no_bytes_break_a_codec(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            for codec in ["utf-8", "ascii", "utf-16", "utf-32-be"] {
                for handler in ["strict", "ignore", "replace", "surrogateescape", "surrogatepass", "backslashreplace"] {
                    let _ = decode(&bytes, codec, handler);
                }
            }
            // What surrogateescape reads, it writes back.
            let text = decode(&bytes, "utf-8", "surrogateescape").unwrap();
            prop_assert_eq!(encode(&text, "utf-8", "surrogateescape").unwrap(), bytes);
        }
    }
}
