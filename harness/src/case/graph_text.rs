//! The parser of alias graphs as people write them; the notation is [`graph`](super::graph)'s.
//!
//! Invariant: recursion is bounded, and every error names the bytes it is about.

use super::graph::text_of;
use std::ops::Range;

/// Nesting beyond which a text is refused.
const DEEPEST: usize = 200;

/// A graph as written.
pub(super) enum Node {
    /// `*n`
    Back(u32, Range<usize>),
    /// What carries no label and has no parts.
    Atom(String),
    /// `&n thing`, or a thing without a label.
    Thing { label: Option<(u32, Range<usize>)>, open: String, items: Vec<Item>, close: &'static str, sorted: bool },
}

/// A part of a thing.
pub(super) struct Item {
    /// `x=` of an instance.
    pub(super) name: Option<String>,
    /// The key of a dict's pair.
    pub(super) key: Option<Node>,
    /// The item, the value, the attribute.
    pub(super) value: Node,
}

/// The bytes, what is wrong, and what to do.
pub(super) type Wrong = (Range<usize>, String, &'static str);

/// Reads one graph.
pub(super) fn parse(text: &str) -> Result<Node, Wrong> {
    let mut parser = Parser { text, at: 0 };
    let node = parser.node(0)?;
    parser.end()?;
    Ok(node)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn wrong<T>(&self, message: impl Into<String>, help: &'static str) -> Result<T, Wrong> {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        Err((self.at..self.at + width, message.into(), help))
    }

    fn end(&mut self) -> Result<(), Wrong> {
        self.blanks();
        if self.rest().is_empty() {
            return Ok(());
        }
        Err((self.at..self.text.len(), format!("`{}` follows a complete graph", self.rest()), "a mark holds one graph"))
    }

    fn number(&mut self) -> Option<u32> {
        let digits = self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = self.rest().get(..digits)?.parse().ok()?;
        self.at += digits;
        Some(number)
    }

    fn node(&mut self, depth: usize) -> Result<Node, Wrong> {
        self.blanks();
        if depth > DEEPEST {
            return self.wrong("the graph is nested too deeply", "two hundred levels are the limit");
        }
        let start = self.at;
        if self.eat("*") {
            return match self.number() {
                Some(number) => Ok(Node::Back(number, start..self.at)),
                None => self.wrong("`*` without a number", "`*1` refers back to the object labelled `&1`"),
            };
        }
        if !self.eat("&") {
            return self.unlabelled(depth);
        }
        let Some(number) = self.number() else {
            return self.wrong("`&` without a number", "`&1 [..]` labels an object that `*1` refers back to");
        };
        let range = start..self.at;
        self.blanks();
        let kind = self.rest().chars().next();
        match self.unlabelled(depth)? {
            Node::Thing { label: None, open, .. } if open == "(" || open == "frozenset({" || open == "frozenset(" => {
                Err((
                    range,
                    "only mutable objects carry labels".to_string(),
                    "whether two equal tuples are one object is left open; label what they hold",
                ))
            }
            Node::Thing { open, items, close, sorted, .. } => {
                Ok(Node::Thing { label: Some((number, range)), open, items, close, sorted })
            }
            Node::Atom(text) if kind == Some('<') && !is_static(&text) => Ok(Node::Thing {
                label: Some((number, range)),
                open: text,
                items: Vec::new(),
                close: "",
                sorted: false,
            }),
            Node::Atom(text) => Err((
                range,
                format!("`{text}` carries no label: only mutable objects do"),
                "the identity of numbers, strings, types and None is not the graph's business",
            )),
            Node::Back(_, back) => Err((back, "a label before a reference back".to_string(), "write one of the two")),
        }
    }

    fn unlabelled(&mut self, depth: usize) -> Result<Node, Wrong> {
        if self.eat("[") {
            let items = self.items("]", depth, false)?.0;
            return Ok(Node::Thing { label: None, open: "[".into(), items, close: "]", sorted: false });
        }
        if let Some(complex) = complex_prefix(self.rest()) {
            self.at += complex.len();
            return Ok(Node::Atom(complex.to_string()));
        }
        if self.eat("(") {
            let (items, comma) = self.items(")", depth, false)?;
            if items.len() == 1 && !comma {
                return self.wrong("a tuple of one item ends in `,)`", "write `(a,)`");
            }
            let close = if items.len() == 1 { ",)" } else { ")" };
            return Ok(Node::Thing { label: None, open: "(".into(), items, close, sorted: false });
        }
        if self.eat("{") {
            return self.braces(depth);
        }
        for (open, close) in [("frozenset({", "})"), ("frozenset(", ")"), ("set(", ")")] {
            if self.eat(open) {
                let items = self.items(close, depth, false)?.0;
                if open != "frozenset({" && !items.is_empty() {
                    return self
                        .wrong("a set with items is written in braces", "write `{a, b}` or `frozenset({a, b})`");
                }
                return Ok(Node::Thing { label: None, open: open.into(), items, close, sorted: true });
            }
        }
        self.atom(depth)
    }

    fn braces(&mut self, depth: usize) -> Result<Node, Wrong> {
        let items = self.items("}", depth, true)?.0;
        let pairs = items.iter().filter(|item| item.key.is_some()).count();
        if pairs != 0 && pairs != items.len() {
            return self.wrong("braces hold either `key: value` pairs or items", "write a dict or a set");
        }
        // Empty braces are a dict.
        let sorted = pairs == 0 && !items.is_empty();
        Ok(Node::Thing { label: None, open: "{".into(), items, close: "}", sorted })
    }

    /// The items up to `close`, and whether a comma stands before it.
    fn items(&mut self, close: &str, depth: usize, pairs: bool) -> Result<(Vec<Item>, bool), Wrong> {
        let mut items = Vec::new();
        let mut comma = false;
        loop {
            self.blanks();
            if self.eat(close) {
                return Ok((items, comma));
            }
            if !items.is_empty() && !comma {
                return self.wrong(format!("`,` or `{close}` expected"), "items are separated by commas");
            }
            let value = self.node(depth + 1)?;
            self.blanks();
            if pairs && self.eat(":") {
                items.push(Item { name: None, key: Some(value), value: self.node(depth + 1)? });
            } else {
                items.push(Item { name: None, key: None, value });
            }
            self.blanks();
            comma = self.eat(",");
        }
    }

    fn atom(&mut self, depth: usize) -> Result<Node, Wrong> {
        let rest = self.rest();
        if let Some(length) = string_length(rest) {
            self.at += length;
            return Ok(Node::Atom(rest.get(..length).unwrap_or("").to_string()));
        }
        if rest.starts_with('<') {
            let Some(length) = angle_length(rest) else {
                return self.wrong("`<` is never closed", "write `<function f>`");
            };
            self.at += length;
            return Ok(Node::Atom(rest.get(..length).unwrap_or("").to_string()));
        }
        let length = rest
            .char_indices()
            .find(|(at, c)| !(c.is_alphanumeric() || "_.".contains(*c) || signed(rest, *at, *c)))
            .map_or(rest.len(), |(at, _)| at);
        let word = rest.get(..length).unwrap_or("");
        if word.is_empty() {
            return self.wrong(
                "an object is expected here",
                "for example `[&1 [], *1]`, `{'k': 1}`, `C(x=1)`, `<function f>`, `&1 [*1]`",
            );
        }
        self.at += length;
        if self.eat("(") {
            return self.call(word, depth);
        }
        let numeric = word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
        if numeric || ["None", "True", "False", "Ellipsis", "NotImplemented", "inf", "-inf", "nan"].contains(&word) {
            return Ok(Node::Atom(word.to_string()));
        }
        self.at -= length;
        let range = self.at..self.at + length;
        Err((range, format!("`{word}` is no object"), "strings are quoted, instances are `C(x=1)`, types `<class C>`"))
    }

    /// What follows `Name(`: an instance's attributes, or the repr of a range, slice or bytearray.
    fn call(&mut self, name: &str, depth: usize) -> Result<Node, Wrong> {
        let mut items = Vec::new();
        let mut comma = true;
        loop {
            self.blanks();
            if self.eat(")") {
                break;
            }
            if !comma {
                return self.wrong("`,` or `)` expected", "attributes are separated by commas");
            }
            let rest = self.rest();
            let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let attribute = match rest.get(length..) {
                Some(after) if length > 0 && after.starts_with('=') => {
                    self.at += length + 1;
                    rest.get(..length).map(str::to_string)
                }
                _ => None,
            };
            items.push(Item { name: attribute, key: None, value: self.node(depth + 1)? });
            self.blanks();
            comma = self.eat(",");
        }
        let reprs = ["range", "slice", "bytearray"].contains(&name);
        if !reprs && items.iter().any(|item| item.name.is_none()) {
            return self.wrong(
                format!("`{name}(…)` holds something without an attribute's name"),
                "an instance is written with its attributes: `C(x=1, y=[])`",
            );
        }
        let open = format!("{name}(");
        if name == "range" || name == "slice" {
            let thing = Node::Thing { label: None, open, items, close: ")", sorted: false };
            return Ok(Node::Atom(text_of(&thing)));
        }
        Ok(Node::Thing { label: None, open, items, close: ")", sorted: false })
    }
}

/// Types, modules and builtin functions are atoms.
fn is_static(text: &str) -> bool {
    ["<class ", "<module ", "<builtin "].iter().any(|prefix| text.starts_with(prefix))
}

/// A sign inside a number: `-1`, `1e-05`.
fn signed(text: &str, at: usize, c: char) -> bool {
    (c == '-' && at == 0)
        || ((c == '-' || c == '+')
            && text.starts_with(|first: char| first.is_ascii_digit() || first == '-')
            && text.get(..at).is_some_and(|before| before.ends_with('e')))
}

/// The leading `(1+2j)`, if the text begins with one.
fn complex_prefix(text: &str) -> Option<&str> {
    let end = text.find(')')?;
    let inside = text.get(1..end).filter(|_| text.starts_with('('))?.strip_suffix('j')?;
    inside.chars().all(|c| c.is_ascii_digit() || "+-.einfa".contains(c)).then(|| text.get(..=end))?
}

/// The length of a leading str or bytes literal.
fn string_length(text: &str) -> Option<usize> {
    let start = usize::from(text.starts_with('b'));
    let quote = text.get(start..)?.chars().next().filter(|c| *c == '\'' || *c == '"')?;
    let mut escaped = false;
    for (at, c) in text.get(start + 1..)?.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(start + 1 + at + 1),
            _ => {}
        }
    }
    None
}

/// The length of a leading `<…>`, in which `<…>` may nest.
fn angle_length(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
