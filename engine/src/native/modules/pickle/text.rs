//! The texts of protocol 0: raw unicode escapes, and the escapes of Python 2's string literals.

use crate::object::text::{Text, TextBuilder};

/// A text in one line: Latin-1 where that does, else `\uXXXX` or `\UXXXXXXXX`.
pub(super) fn raw_escaped(text: &Text) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for point in text.points() {
        match point {
            0x10000.. => out.extend_from_slice(format!("\\U{point:08x}").as_bytes()),
            0x100.. | 0 | 0x0a | 0x0d | 0x1a | 0x5c => out.extend_from_slice(format!("\\u{point:04x}").as_bytes()),
            _ => out.push(point as u8),
        }
    }
    out
}

/// What is wrong with raw unicode escapes: from where to where, and why.
pub(super) struct Wrong {
    pub start: usize,
    pub end: usize,
    pub reason: &'static str,
}

/// The text of a line with raw unicode escapes.
pub(super) fn raw_unescaped(data: &[u8]) -> Result<Text, Wrong> {
    let mut out = TextBuilder::new();
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        let digits = match (byte, data.get(at + 1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            (b'\\', Some(&next)) => {
                out.push(u32::from(byte));
                out.push(u32::from(next));
                at += 2;
                continue;
            }
            _ => {
                out.push(u32::from(byte));
                at += 1;
                continue;
            }
        };
        let start = at;
        at += 2;
        let mut point = 0u32;
        for _ in 0..digits {
            match data.get(at).and_then(|&digit| char::from(digit).to_digit(16)) {
                Some(digit) => point = (point << 4) | digit,
                None => {
                    let reason = if digits == 4 { "truncated \\uXXXX escape" } else { "truncated \\UXXXXXXXX escape" };
                    return Err(Wrong { start, end: at, reason });
                }
            }
            at += 1;
        }
        if point > 0x10ffff {
            return Err(Wrong { start, end: at, reason: "\\Uxxxxxxxx out of range" });
        }
        out.push(point);
    }
    Ok(out.finish())
}

/// The bytes of what stands between the quotes of a string literal.
pub(super) fn literal_unescaped(data: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&escape) = data.get(at) else { return Err("Trailing \\ in string".to_string()) };
        at += 1;
        match escape {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(escape),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b'v' => out.push(11),
            b'a' => out.push(7),
            b'0'..=b'7' => {
                let mut value = u32::from(escape - b'0');
                for _ in 0..2 {
                    match data.get(at) {
                        Some(&digit @ b'0'..=b'7') => value = value * 8 + u32::from(digit - b'0'),
                        _ => break,
                    }
                    at += 1;
                }
                out.push(value as u8);
            }
            b'x' => {
                let digit = |at: usize| data.get(at).and_then(|&digit| char::from(digit).to_digit(16));
                match (digit(at), digit(at + 1)) {
                    (Some(high), Some(low)) => out.push((high * 16 + low) as u8),
                    _ => return Err(format!("invalid \\x escape at position {}", at - 2)),
                }
                at += 2;
            }
            other => out.extend_from_slice(&[b'\\', other]),
        }
    }
    Ok(out)
}
