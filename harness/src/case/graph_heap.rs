//! An alias graph in canonical text as a heap graph, so that it can be drawn and compared.
//!
//! The text tells no counts and no sizes, and says of tuples and atoms nothing about which of them are one object: each
//! mention of one is an object of its own here. Invariant: what the text labels is one object.

use super::graph::{GraphError, text_of as graph_text_of};
use super::graph_text::{self, Item, Node};
use std::collections::HashMap;
use verysame_engine::inspect::{Edge, Label, Name, Object, ObjectId, Snapshot};

/// The heap graph of several names whose graphs are numbered together.
///
/// # Errors
/// The first text that is no graph.
pub fn heap(roots: &[(&str, &str)]) -> Result<Snapshot, GraphError> {
    let mut nodes = Vec::new();
    for (root, (name, text)) in roots.iter().enumerate() {
        let node = graph_text::parse(text);
        let node = node.map_err(|(range, message, help)| GraphError { root, range, message, help })?;
        nodes.push((*name, node));
    }
    let mut heap = Heap::default();
    for (name, node) in &nodes {
        let object = heap.object(node);
        heap.graph.names.push(Name { name: (*name).to_string(), object });
    }
    Ok(heap.graph.canonical())
}

#[derive(Default)]
struct Heap {
    graph: Snapshot,
    labelled: HashMap<u32, ObjectId>,
}

/// What a thing is: its class, its text if that does not follow from its parts, whether it is immutable.
fn kind(open: &str, items: &[Item]) -> (String, Option<String>, bool) {
    let known = |name: &str, value| (name.to_string(), None, value);
    match open {
        "[" => known("list", false),
        "(" => known("tuple", true),
        "{" if items.iter().all(|item| item.key.is_some()) => known("dict", false),
        "{" | "set(" => known("set", false),
        "frozenset({" | "frozenset(" => known("frozenset", true),
        _ if open.starts_with('<') => (opaque(open), Some(open.to_string()), false),
        _ => known(open.trim_end_matches('('), false),
    }
}

/// `function` of `<function f>`.
fn opaque(text: &str) -> String {
    let inside = text.trim_start_matches('<').trim_end_matches('>');
    inside.split(' ').next().unwrap_or(inside).to_string()
}

impl Heap {
    fn object(&mut self, node: &Node) -> ObjectId {
        match node {
            // A label may stand in a later root; then the reference is to an object of which nothing else is known.
            Node::Back(number, _) => match self.labelled.get(number) {
                Some(&id) => id,
                None => self.add(format!("&{number}"), None, false, false),
            },
            Node::Atom(text) => {
                let opaque_text = text.starts_with('<');
                let name = if opaque_text { opaque(text) } else { atom_class(text).to_string() };
                self.add(name, Some(text.clone()), !opaque_text, false)
            }
            Node::Thing { label, open, items, .. } => {
                let (name, text, value) = kind(open, items);
                if name == "bytearray" {
                    let inside: Vec<String> = items.iter().map(|item| graph_text_of(&item.value)).collect();
                    let id = self.add(name, Some(format!("bytearray({})", inside.join(", "))), false, true);
                    if let Some((number, _)) = label {
                        self.labelled.insert(*number, id);
                    }
                    return id;
                }
                let id = self.add(name, text, value, !value);
                if let Some((number, _)) = label {
                    self.labelled.insert(*number, id);
                }
                for (at, item) in items.iter().enumerate() {
                    self.part(id, at, item, open);
                }
                id
            }
        }
    }

    fn part(&mut self, from: ObjectId, at: usize, item: &Item, open: &str) {
        if let Some(key) = &item.key {
            let key = self.object(key);
            self.graph.edges.push(Edge { from, to: key, label: Label::Key(at) });
        }
        let to = self.object(&item.value);
        let label = match (&item.name, &item.key, open) {
            (Some(name), _, _) => Label::Attr(name.clone()),
            (None, Some(_), _) => Label::Value(at),
            (None, None, "[" | "(") => Label::Item(at),
            (None, None, _) => Label::Member(at),
        };
        self.graph.edges.push(Edge { from, to, label });
    }

    fn add(&mut self, type_name: String, text: Option<String>, value: bool, mutable: bool) -> ObjectId {
        let id = self.graph.objects.len() as ObjectId + 1;
        self.graph.objects.push(Object {
            id,
            type_name,
            text,
            value,
            mutable,
            count: None,
            size: None,
            immortal: false,
            tracked: false,
            cut: 0,
        });
        id
    }
}

/// The class of what is written as its repr.
fn atom_class(text: &str) -> &'static str {
    match text {
        "None" => "NoneType",
        "True" | "False" => "bool",
        _ if text.starts_with("b'") || text.starts_with("b\"") => "bytes",
        _ if text.starts_with(['\'', '"']) => "str",
        _ if text.starts_with("range(") => "range",
        _ if text.starts_with("slice(") => "slice",
        _ if text.ends_with("j)") || text.ends_with('j') => "complex",
        _ if text.contains(['.', 'e', 'n']) => "float",
        _ => "int",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_labelled_is_one_object() {
        let graph = heap(&[("a", "&1 [1, 0]"), ("b", "[*1, (*1, 'x')]"), ("c", "C(x=&2 {'k': *2})")]).expect("a graph");
        let named = |name: &str| graph.names.iter().find(|known| known.name == name).expect("a name").object;
        let held = |from: ObjectId| graph.edges.iter().filter(move |edge| edge.from == from).map(|edge| edge.to);
        assert_eq!(held(named("b")).next(), Some(named("a")));
        let classes: Vec<&str> = graph.objects.iter().map(|object| object.type_name.as_str()).collect();
        assert_eq!(classes.iter().filter(|class| **class == "list").count(), 2, "{classes:?}");
        let dict = held(named("c")).next().expect("an attribute");
        assert!(held(dict).any(|to| to == dict), "{:?}", graph.edges);
        assert!(heap(&[("a", "no graph")]).is_err());
        assert!(heap(&[("a", &"[".repeat(100_000))]).is_err());
    }

    #[test]
    fn shared_and_equal_are_told_apart() {
        let shared = heap(&[("a", "[&1 [1], *1]")]).expect("a graph");
        let equal = heap(&[("a", "[[1], [1]]")]).expect("a graph");
        let difference = shared.isomorphic(&equal).expect_err("they differ");
        assert_eq!(difference.path, "a[1]");
        assert_eq!(shared.isomorphic(&shared), Ok(()));
    }
}
