//! What every page has: its head, the style that all share, and texts in which nothing is hidden.
//!
//! Invariant: a text is never markup, and a character that cannot be seen, or that turns the direction of a text, is shown
//! by its number.

use maud::{DOCTYPE, Markup, html};

/// The palette and what headings, links, code and focus look like.
pub const BASE: &str = include_str!("base.css");

/// A page.
pub struct Document<'a> {
    /// What the window is called.
    pub title: &'a str,
    /// What the browser may load, as a Content-Security-Policy.
    pub policy: &'a str,
    /// The element that brings the style.
    pub style: Markup,
    /// What stands in the body.
    pub body: Markup,
}

impl Document<'_> {
    /// The page as a file.
    pub fn into_file(self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(self.policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    title { (plainly(self.title)) }
                    (self.style)
                }
                body { (self.body) }
            }
        };
        page.into_string() + "\n"
    }
}

/// A text in which what cannot be seen is shown by its number, as `elements.js` does it.
pub fn seen(text: &str) -> Markup {
    let mut parts: Vec<Result<&str, char>> = Vec::new();
    let mut from = 0;
    for (at, sign) in text.char_indices().filter(|(_, sign)| unseen(*sign)) {
        parts.extend([Ok(&text[from..at]), Err(sign)]);
        from = at + sign.len_utf8();
    }
    parts.push(Ok(&text[from..]));
    html! {
        @for part in parts {
            @match part {
                Ok(words) => (words),
                Err(sign) => span .unseen title=(number(sign)) { (shown(sign)) },
            }
        }
    }
}

/// The same where no element may stand.
fn plainly(text: &str) -> String {
    text.chars().map(|sign| if unseen(sign) { shown(sign) } else { sign.to_string() }).collect()
}

fn unseen(sign: char) -> bool {
    let control = sign.is_control() && !matches!(sign, '\n' | '\t');
    control
        || matches!(
            sign,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        )
}

fn number(sign: char) -> String {
    format!("U+{:04X}", u32::from(sign))
}

fn shown(sign: char) -> String {
    // Unicode has pictures of the first 32.
    let picture = (sign < ' ').then(|| char::from_u32(0x2400 + u32::from(sign))).flatten();
    picture.map_or_else(|| number(sign), String::from)
}

/// Words in which what stands between backticks is code.
pub fn prose(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    // Without its partner the last backtick is a sign like any other.
    let closed = parts.len() % 2 == 1;
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @match (index % 2 == 1, closed || index + 1 < parts.len()) {
                (true, true) => code { (seen(part)) },
                (true, false) => { "`" (seen(part)) },
                (false, _) => (seen(part)),
            }
        }
    }
}

/// A link to a place on the web; what is no address of the web stays words.
pub fn outward(address: &str, words: &str) -> Markup {
    html! {
        @if address.starts_with("https://") {
            a href=(crate::picture::clean(address)) rel="noopener noreferrer" { (seen(words)) }
        } @else {
            (seen(words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        let hidden = seen("a\u{202e}b\u{0}\n<i>").into_string();
        assert_eq!(plainly("a\u{202e}b\u{0}"), "aU+202Eb\u{2400}");
        assert_eq!(
            hidden,
            "a<span class=\"unseen\" title=\"U+202E\">U+202E</span>b\
             <span class=\"unseen\" title=\"U+0000\">\u{2400}</span>\n&lt;i&gt;"
        );
    }

    #[test]
    fn backticks_are_code_in_pairs() {
        assert_eq!(prose("a `b<` c").into_string(), "a <code>b&lt;</code> c");
        assert_eq!(prose("a `b").into_string(), "a `b");
        assert_eq!(prose("`a``b`").into_string(), "<code>a</code><code>b</code>");
        assert_eq!(prose("`a` `b").into_string(), "<code>a</code> `b");
    }

    #[test]
    fn only_the_web_is_linked() {
        assert_eq!(outward("javascript:alert(1)", "x").into_string(), "x");
        assert_eq!(
            outward("https://a/?b&c\"", "x").into_string(),
            "<a href=\"https://a/?b&amp;c&quot;\" rel=\"noopener noreferrer\">x</a>"
        );
    }
}
