//! The alias graph as text: which objects a value reaches, and which of them are one object.
//!
//! | object | text |
//! |---|---|
//! | list, tuple, dict | `[a, b]`, `(a,)`, `{k: v}` |
//! | set, frozenset | `{a, b}`, `frozenset({a, b})`, items sorted by their text without labels; `set()`, `frozenset()` |
//! | bytearray | `bytearray(b'ab')` |
//! | instance of a Python class | `C(x=1, y=[])`: the attributes of `__dict__` in their order, then the slots in theirs |
//! | `None`, bool, number, str, bytes, range, slice | its repr |
//! | type, module, builtin function | `<class C>`, `<module m>`, `<builtin f>` |
//! | Python function, any other object | `<function f>`, `<T>` |
//!
//! Functions and other objects are not entered. A mutable object (list, dict, set, bytearray, instance, function,
//! other object) that is reached more than once is written `&n` at its first visit and `*n` afterwards, `n` counting
//! the labelled objects in the order of their first visits over all roots. Tuples, frozensets and atoms carry no
//! label: whether two equal ones are one object is not the graph's business.
//!
//! Invariant: [`canonical`] gives one text for one graph, so graphs are compared as strings.

use super::graph_text::{self, Item, Node, Wrong};
use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

/// Why a text is no alias graph.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct GraphError {
    /// Which of the roots, counted from 0.
    pub root: usize,
    /// The bytes of that root's text.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// The canonical texts of several roots that are numbered together.
///
/// # Errors
/// The first thing that is no graph.
pub fn canonical(roots: &[&str]) -> Result<Vec<String>, GraphError> {
    let mut nodes = Vec::new();
    for (root, text) in roots.iter().enumerate() {
        nodes.push(graph_text::parse(text).map_err(|(range, message, help)| GraphError {
            root,
            range,
            message,
            help,
        })?);
    }
    let mut labels = Labels::default();
    for (root, node) in nodes.iter().enumerate() {
        labels.define(node).map_err(|(range, message, help)| GraphError { root, range, message, help })?;
    }
    for (root, node) in nodes.iter().enumerate() {
        labels.check(node).map_err(|(range, message, help)| GraphError { root, range, message, help })?;
    }
    let mut numbers = Numbers::default();
    Ok(nodes.iter().map(|node| numbers.print(node)).collect())
}

/// The author's labels.
#[derive(Default)]
struct Labels {
    defined: HashMap<u32, bool>,
}

impl Labels {
    fn define(&mut self, node: &Node) -> Result<(), Wrong> {
        match node {
            Node::Atom(_) => Ok(()),
            Node::Back(number, range) => match self.defined.get_mut(number) {
                Some(used) => {
                    *used = true;
                    Ok(())
                }
                None => Err((
                    range.clone(),
                    format!("`*{number}` comes before any `&{number}`"),
                    "label the object where it is reached first: `[&1 [], *1]`",
                )),
            },
            Node::Thing { label, items, .. } => {
                if let Some((number, range)) = label
                    && self.defined.insert(*number, false).is_some()
                {
                    return Err((
                        range.clone(),
                        format!("`&{number}` labels two objects"),
                        "give each object its own number; `*1` refers back",
                    ));
                }
                for item in items {
                    if let Some(key) = &item.key {
                        self.define(key)?;
                    }
                    self.define(&item.value)?;
                }
                Ok(())
            }
        }
    }

    /// Every label is referred to.
    fn check(&self, node: &Node) -> Result<(), Wrong> {
        if let Node::Thing { label, items, .. } = node {
            if let Some((number, range)) = label
                && self.defined.get(number) == Some(&false)
            {
                return Err((
                    range.clone(),
                    format!("nothing refers back to `&{number}`"),
                    "only objects that are reached more than once carry a label",
                ));
            }
            for item in items {
                if let Some(key) = &item.key {
                    self.check(key)?;
                }
                self.check(&item.value)?;
            }
        }
        Ok(())
    }
}

/// The text of a node that holds no labels.
pub(super) fn text_of(node: &Node) -> String {
    Numbers::default().print(node)
}

/// The canonical numbers, given in the order of first visits.
#[derive(Default)]
struct Numbers {
    given: HashMap<u32, usize>,
}

impl Numbers {
    fn print(&mut self, node: &Node) -> String {
        let mut out = String::new();
        self.write(node, &mut out);
        out
    }

    fn write(&mut self, node: &Node, out: &mut String) {
        match node {
            Node::Atom(text) => out.push_str(text),
            Node::Back(number, _) => {
                let next = self.given.len() + 1;
                let number = *self.given.entry(*number).or_insert(next);
                // Writing to a String cannot fail.
                let _ = write!(out, "*{number}");
            }
            Node::Thing { label, open, items, close, sorted } => {
                if let Some((number, _)) = label {
                    let number = self.number(*number);
                    let _ = write!(out, "&{number} ");
                }
                out.push_str(open);
                let mut order: Vec<&Item> = items.iter().collect();
                if *sorted {
                    order.sort_by_cached_key(|item| plain(&item.value));
                }
                for (index, item) in order.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    if let Some(name) = &item.name {
                        out.push_str(name);
                        out.push('=');
                    }
                    if let Some(key) = &item.key {
                        self.write(key, out);
                        out.push_str(": ");
                    }
                    self.write(&item.value, out);
                }
                out.push_str(close);
            }
        }
    }

    fn number(&mut self, own: u32) -> usize {
        let next = self.given.len() + 1;
        *self.given.entry(own).or_insert(next)
    }
}

/// The text without labels, by which the items of sets are sorted.
fn plain(node: &Node) -> String {
    match node {
        Node::Atom(text) => text.clone(),
        Node::Back(..) => "*".to_string(),
        Node::Thing { open, items, close, sorted, .. } => {
            let mut parts: Vec<String> = items
                .iter()
                .map(|item| {
                    let name = item.name.as_ref().map_or(String::new(), |name| format!("{name}="));
                    let key = item.key.as_ref().map_or(String::new(), |key| plain(key) + ": ");
                    name + &key + &plain(&item.value)
                })
                .collect();
            if *sorted {
                parts.sort();
            }
            format!("{open}{}{close}", parts.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> String {
        match canonical(&[text]) {
            Ok(texts) => texts.join(" ; "),
            Err(error) => format!("{} at {:?}: {}", error.message, error.range, error.help),
        }
    }

    #[test]
    fn canonical_texts_stay() {
        for text in [
            "[&1 [1, 0], *1]",
            "&1 [*1]",
            "{'a': &1 [1], 'b': *1}",
            "(1,)",
            "()",
            "(1, 2)",
            "{1, 2}",
            "set()",
            "{}",
            "frozenset()",
            "frozenset({1})",
            "bytearray(b'ab')",
            "[&1 bytearray(b''), *1]",
            "C(x=1, y=&1 [], z=*1)",
            "C()",
            "&1 C(me=*1)",
            "[None, True, -1, 1.5, 1e-05, (1+2j), -0.0, inf]",
            "range(0, 3)",
            "slice(None, 1, None)",
            "[<class C>, <function f>, &1 <function g>, *1, <builtin len>, <module sys>]",
            "'it\\'s'",
            "b\"x'\"",
            "[&1 <object>, *1]",
            "{(1, 2): &1 {}, 'k': *1}",
            "[1j, ((1+2j), 3)]",
            "<function <lambda>>",
            "[1e+20]",
        ] {
            assert_eq!(one(text), text);
        }
    }

    #[test]
    fn texts_are_normalised() {
        assert_eq!(one("[&7[ 1,0 ],*7]"), "[&1 [1, 0], *1]");
        assert_eq!(one("[&2 [], &1 [], *1, *2]"), "[&1 [], &2 [], *2, *1]");
        assert_eq!(one("{3, 1, 2}"), "{1, 2, 3}");
        assert_eq!(one("[1, 2,]"), "[1, 2]");
        assert_eq!(one("C( x=1 ,y=2 )"), "C(x=1, y=2)");
    }

    #[test]
    fn roots_are_numbered_together() {
        let texts = canonical(&["&1 [&2 [1, 0], *2]", "*1"]);
        assert_eq!(texts, Ok(vec!["&1 [&2 [1, 0], *2]".to_string(), "*1".to_string()]));
    }

    #[test]
    fn typing_errors_are_found() {
        let said: Vec<String> = [
            "[&1 [1, 0], *2]",
            "[&1 [], 1]",
            "[&1 [], &1 [], *1]",
            "[&1 (1,), *1]",
            "&1 5",
            "[1 2]",
            "(1)",
            "[1",
            "abc",
            "[*]",
            "[& []]",
            "{1: 2, 3}",
            "C(1)",
            "[] []",
            "",
            "'open",
            "<function f",
            "set([1])",
            "&1 <class C>",
        ]
        .iter()
        .map(|text| format!("{text:20} {}", one(text)))
        .collect();
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn deep_texts_are_refused() {
        assert!(canonical(&[&"[".repeat(100_000)]).is_err());
    }
}
