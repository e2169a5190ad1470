//! From bytes to text: byte order mark, PEP 263 coding line, line ends.
//!
//! A text that is decoded never holds `\r` or a null character.

use super::lines::LineIndex;
use super::{Ranged, SyntaxIssue, TextRange, TextSize, depth};
use crate::rules::{NullBytes, Profile};
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The encodings that source text may declare here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Encoding {
    Utf8,
    Latin1,
    Ascii,
    /// One of the many others.
    Other(&'static encoding_rs::Encoding),
}

/// The text of a program, with `\n` at every line's end. In a source that is a str (`is_text`) a coding line means
/// nothing.
pub(super) fn decode(source: &[u8], profile: &Profile, is_text: bool) -> Result<String, SyntaxIssue> {
    if source.len() >= u32::MAX as usize / 2 {
        return Err(unplaced("MemoryError", String::new()));
    }
    if source.contains(&0) {
        return Err(match profile.null_bytes {
            NullBytes::ValueError => unplaced("ValueError", "source code string cannot contain null bytes".into()),
            NullBytes::SyntaxError => unplaced("SyntaxError", "source code string cannot contain null bytes".into()),
        });
    }
    let (marked, body) = match source.strip_prefix(BOM) {
        Some(body) => (true, body),
        None => (false, source),
    };
    let declared = declared_encoding(body).filter(|_| !is_text);
    let encoding = match declared.as_deref().map(|name| (name, known_encoding(name))) {
        None => Encoding::Utf8,
        Some((name, Some(encoding))) if !marked || canonical(name) == "utf-8" => encoding,
        Some((name, _)) if marked => {
            return Err(unplaced("SyntaxError", format!("encoding problem: {} with BOM", canonical(name))));
        }
        Some((name, _)) => return Err(unplaced("SyntaxError", format!("unknown encoding: {name}"))),
    };
    let text = match encoding {
        Encoding::Utf8 => match std::str::from_utf8(body) {
            Ok(text) => text.to_string(),
            Err(error) => not_utf8(body, error, profile)?,
        },
        Encoding::Other(encoding) => match encoding.decode_without_bom_handling_and_without_replacement(body) {
            Some(text) => text.into_owned(),
            None => {
                let name = declared.unwrap_or_default();
                return Err(unplaced("SyntaxError", format!("encoding problem: {name}")));
            }
        },
        Encoding::Latin1 => body.iter().map(|&byte| char::from(byte)).collect(),
        Encoding::Ascii => match body.iter().position(|byte| !byte.is_ascii()) {
            None => body.iter().map(|&byte| char::from(byte)).collect(),
            Some(at) => {
                let byte = body.get(at).copied().unwrap_or_default();
                let text =
                    format!("'ascii' codec can't decode byte 0x{byte:02x} in position {at}: ordinal not in range(128)");
                return Err(unplaced("SyntaxError", text));
            }
        },
    };
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

/// An error that CPython reports before it has read a line.
fn unplaced(class: &'static str, message: String) -> SyntaxIssue {
    SyntaxIssue { class, message, line: 0, column: 0, end_line: 0, end_column: 0 }
}

/// The encoding named in a comment on one of the first two lines; the second counts only if the first holds no code.
fn declared_encoding(source: &[u8]) -> Option<String> {
    for line in source.split(|&byte| byte == b'\n' || byte == b'\r').take(2) {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\x0c');
        let code = line.iter().position(|byte| !blank(byte)).map_or(&line[..0], |at| &line[at..]);
        if !code.is_empty() && !code.starts_with(b"#") {
            return None;
        }
        if let Some(name) = coding_comment(code) {
            return Some(name);
        }
    }
    None
}

/// `coding[:=]\s*([-\w.]+)` anywhere in a comment.
fn coding_comment(comment: &[u8]) -> Option<String> {
    let word = b"coding";
    (0..comment.len()).find_map(|at| {
        let rest = comment.get(at..)?.strip_prefix(word)?;
        let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
        let start = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
        let name: String = rest
            .get(start..)?
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .map(|&byte| char::from(byte))
            .collect();
        (!name.is_empty()).then_some(name)
    })
}

/// CPython's own short spellings: `utf-8` and `latin-1` in all their variants have one name.
fn canonical(name: &str) -> String {
    let folded: String = name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let is = |short: &str| folded == short || folded.strip_prefix(short).is_some_and(|rest| rest.starts_with('-'));
    if is("utf-8") {
        "utf-8".into()
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1".into()
    } else {
        name.into()
    }
}

fn known_encoding(name: &str) -> Option<Encoding> {
    match canonical(name).as_str() {
        "utf-8" => return Some(Encoding::Utf8),
        "iso-8859-1" => return Some(Encoding::Latin1),
        _ => {}
    }
    let folded: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    match folded.as_str() {
        "utf8" | "u8" | "utf" | "cp65001" => Some(Encoding::Utf8),
        "latin1" | "latin" | "l1" | "iso88591" | "88591" | "cp819" => Some(Encoding::Latin1),
        "ascii" | "usascii" | "646" | "ansix341968" => Some(Encoding::Ascii),
        _ => other_encoding(name),
    }
}

/// An encoding by one of the names that Python and the web share; those of more than one byte a character that are no
/// superset of ASCII cannot be declared.
fn other_encoding(name: &str) -> Option<Encoding> {
    let dashed = name.to_ascii_lowercase().replace('_', "-");
    let page = dashed.strip_prefix("cp").or_else(|| dashed.strip_prefix("windows-")).map(|page| match page {
        "932" => "shift_jis".to_string(),
        "936" => "gbk".to_string(),
        "949" => "euc-kr".to_string(),
        "950" => "big5".to_string(),
        page => format!("windows-{page}"),
    });
    let labels = [page, Some(dashed.clone()), Some(name.to_ascii_lowercase())];
    let found = labels.into_iter().flatten().find_map(|label| encoding_rs::Encoding::for_label(label.as_bytes()))?;
    (found.is_ascii_compatible() && found != encoding_rs::X_USER_DEFINED).then_some(Encoding::Other(found))
}

/// Bytes that are no UTF-8 though nothing else is declared. In a comment nobody looks at them, in some versions.
fn not_utf8(body: &[u8], error: std::str::Utf8Error, profile: &Profile) -> Result<String, SyntaxIssue> {
    if profile.bytes_must_be_utf8 {
        let at = error.valid_up_to();
        let valid = body.get(..at).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or("");
        let line = LineIndex::new(valid).position(TextSize::new(at as u32)).0;
        let byte = body.get(at).copied().unwrap_or_default();
        let message = format!(
            "Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details"
        );
        return Err(SyntaxIssue { class: "SyntaxError", message, line, column: 1, end_line: line, end_column: 1 });
    }
    // The same text with `?` for every byte that is wrong: offsets stay as they are.
    let mut patched = body.to_vec();
    let mut wrong = Vec::new();
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(patched.get(from..).unwrap_or_default()) {
        let at = from + error.valid_up_to();
        match patched.get_mut(at) {
            Some(byte) => *byte = b'?',
            None => break,
        }
        wrong.push(at);
        from = at;
    }
    let patched = String::from_utf8(patched).map_err(|_| invalid_utf8(body, error, 0))?;
    depth::check(&patched, &LineIndex::new(&patched))?;
    let parsed = ruff_python_parser::parse_unchecked(&patched, ParseOptions::from(Mode::Module));
    let token_at = |at: usize| {
        let at = TextSize::new(at as u32);
        parsed.tokens().iter().find(|token| token.start() <= at && at < token.end())
    };
    for at in wrong {
        let (kind, start) = match token_at(at) {
            Some(token) if token.kind() == TokenKind::Comment => continue,
            Some(token) => (token.kind(), token.start().to_usize()),
            None => (TokenKind::Unknown, at),
        };
        // Positions count from the string's first character.
        let literal = patched.get(start..at).unwrap_or("");
        let quote = literal.find(['"', '\'']).map_or(0, |quote| {
            let triple = literal.get(quote..quote + 3).is_some_and(|q| q == "\"\"\"" || q == "\'\'\'");
            quote + if triple { 3 } else { 1 }
        });
        let position = if kind == TokenKind::String { at - start - quote } else { 0 };
        return Err(invalid_utf8(body, error, position));
    }
    Ok(patched)
}

/// CPython's text for bytes that are no UTF-8; `position` is where they stand in their string.
fn invalid_utf8(body: &[u8], error: std::str::Utf8Error, position: usize) -> SyntaxIssue {
    let at = error.valid_up_to();
    let valid = body.get(..at).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or("");
    let lines = LineIndex::new(valid);
    let place = TextRange::empty(TextSize::new(at as u32));
    let byte = body.get(at).copied().unwrap_or_default();
    let (reason, width) = match (byte, error.error_len()) {
        (0x80..=0xC1 | 0xF5..=0xFF, _) => ("invalid start byte", 1),
        (_, Some(width)) => match body.get(at + width) {
            Some(next) if next.is_ascii() && width > 1 => ("unexpected end of data", width),
            _ => ("invalid continuation byte", width),
        },
        (_, None) => ("unexpected end of data", body.len() - at),
    };
    let message = if width == 1 {
        format!("(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {position}: {reason}")
    } else {
        format!(
            "(unicode error) 'utf-8' codec can't decode bytes in position {position}-{}: {reason}",
            position + width - 1
        )
    };
    lines.issue(valid, "SyntaxError", message, place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::py;

    fn text(source: &[u8]) -> Result<String, String> {
        decode(source, &Profile::of(py(13, 0)), false).map_err(|issue| issue.message)
    }

    #[test]
    fn coding_lines() {
        assert_eq!(text(b"# coding: latin-1\n\xe9"), Ok("# coding: latin-1\né".into()));
        assert_eq!(text(b"\n# -*- coding: UTF_8 -*-\n\xc3\xa9"), Ok("\n# -*- coding: UTF_8 -*-\né".into()));
        assert_eq!(text(b"# coding: foo\n"), Err("unknown encoding: foo".into()));
        assert_eq!(text(b"#\n#\n# coding: foo\n"), Ok("#\n#\n# coding: foo\n".into()));
        assert_eq!(text(b"x=1 # coding: foo\n"), Ok("x=1 # coding: foo\n".into()));
        assert_eq!(text(b"\xef\xbb\xbf# coding: latin-1\n"), Err("encoding problem: iso-8859-1 with BOM".into()));
        assert_eq!(text(b"\xef\xbb\xbfx"), Ok("x".into()));
        let ascii = "'ascii' codec can't decode byte 0xff in position 19: ordinal not in range(128)";
        assert_eq!(text(b"# coding: ascii\nx=\"\xff\"\n"), Err(ascii.into()));
    }

    #[test]
    fn bad_bytes() {
        let issue = decode(b"x = 1\ny = \"\xff\"\n", &Profile::of(py(13, 0)), false).expect_err("bad byte");
        assert_eq!(
            issue.message,
            "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
        );
        assert_eq!(issue.line, 2);
        let surrogate = "(unicode error) 'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte";
        assert_eq!(text(b"\"\xed\xa0\x80\""), Err(surrogate.into()));
        let cut = "(unicode error) 'utf-8' codec can't decode bytes in position 0-1: unexpected end of data";
        assert_eq!(text(b"\"\xe2\x82\""), Err(cut.into()));
    }

    #[test]
    fn null_bytes_have_a_class_of_their_own_until_3_11() {
        let class = |minor| decode(b"x\0", &Profile::of(py(minor, 9)), false).expect_err("null").class;
        assert_eq!((class(10), class(11)), ("ValueError", "SyntaxError"));
    }

    #[test]
    fn line_ends_become_newlines() {
        assert_eq!(text(b"a\r\nb\rc\n"), Ok("a\nb\nc\n".into()));
    }
}
