//! Why two values are one object, and when that is no promise.

use super::rules;
use verysame_engine::rules::Profile;

/// How a name came by its object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Given {
    /// By a constant in the text.
    Constant,
    /// By an operation that the statement shows.
    Computed,
    /// Otherwise: it may be any object that there is.
    Unknown,
}

/// Why values are shared.
pub(super) struct Shared {
    pub words: String,
    pub rule: &'static str,
}

/// Why two values are one object; `None` where it is one that was passed along, or nobody knows.
pub(super) fn why(kind: &str, text: &str, given: [&Given; 2], profile: &Profile) -> Option<Shared> {
    let constants = given.iter().all(|one| **one == Given::Constant);
    let shared = |words: &str, rule| Some(Shared { words: words.to_string(), rule });
    if given.contains(&&Given::Unknown) {
        return None;
    }
    match kind {
        "int" if is_small(text, profile) => {
            let range = &profile.small_ints;
            let words = format!("ints from {} to {} are shared in {}", range.start(), range.end(), profile.version);
            Some(Shared { words, rule: rules::SMALL_INT })
        }
        "str" if is_letter(text) => shared("one-character strings are shared", rules::LATIN1),
        "bytes" if text.len() <= 4 => shared("short bytes are shared", rules::SMALL_BYTES),
        "tuple" if text == "()" => shared("there is one empty tuple", rules::EMPTY_TUPLE),
        "str" if constants && is_identifier(text) => {
            shared("constants that look like names are interned", rules::IDENTIFIER)
        }
        "int" | "str" | "float" | "complex" | "bytes" | "tuple" if constants => {
            shared("equal constants of one file are one object", rules::ONE_PER_UNIT)
        }
        _ => None,
    }
}

/// Two equal values that are compared by `is`.
pub(super) struct Test<'t> {
    pub kind: &'t str,
    pub text: &'t str,
    /// They are one object.
    pub same: bool,
}

/// What makes the outcome of the comparison no promise, and the rule that leaves it open; `None` if it is promised, or may
/// be.
pub(super) fn doubt(test: &Test, given: [&Given; 2], profile: &Profile) -> Option<(String, &'static str)> {
    let rule = match test.kind {
        "int" => rules::INT_MAY,
        "str" => rules::STR_MAY,
        "float" | "complex" | "bytes" | "tuple" => rules::VALUE_MAY,
        _ => return None,
    };
    if given.contains(&&Given::Unknown) {
        return None;
    }
    let outcome = if test.same { "one object" } else { "two objects" };
    let mut words = format!("these equal {}s are {outcome} here", test.kind);
    if let Some(shared) = why(test.kind, test.text, given, profile).filter(|_| test.same) {
        words.push_str(&format!(" because {}", shared.words));
        if shared.rule == rules::ONE_PER_UNIT {
            words.push_str("; typed at the prompt, line by line, they are two");
        }
    }
    words.push_str(". No rule promises it: compare values with ==");
    Some((words, rule))
}

fn is_small(text: &str, profile: &Profile) -> bool {
    text.parse::<i64>().is_ok_and(|value| profile.small_ints.contains(&value))
}

/// Whether the repr of a string is that of none or one character below U+0100.
fn is_letter(text: &str) -> bool {
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
    inside.is_empty() || inside.chars().count() == 1 && inside.chars().all(|c| (c as u32) < 0x100)
}

fn is_identifier(text: &str) -> bool {
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
    inside.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
