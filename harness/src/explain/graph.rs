//! A moment of the run with what is looked up in it, and the short texts of its objects.
//!
//! Invariant: an object keeps its number, `#1`, as long as it lives.

use crate::report::heap::{at, shorten};
use std::collections::{HashMap, HashSet};
use verysame_engine::Moment;
use verysame_engine::inspect::{Edge, Label, Object, ObjectId};

/// Which object: what tells it from others, and what has to stay the same for it to be the same.
pub(super) type Who = (usize, String);

/// The longest text of an object.
const LONGEST: usize = 48;
/// The longest text of a value inside another object.
const INSIDE: usize = 20;
/// How deep objects are written out inside each other.
const DEEPEST: usize = 3;
/// How many parts of an object are written out.
const MOST_PARTS: usize = 8;

/// A moment.
pub(super) struct State<'m> {
    pub moment: &'m Moment,
    pub edges: Vec<Vec<&'m Edge>>,
    pub referrers: Vec<Vec<&'m Edge>>,
    by_who: HashMap<Who, ObjectId>,
}

impl<'m> State<'m> {
    pub fn of(moment: &'m Moment) -> State<'m> {
        let graph = &moment.graph;
        let mut referrers = vec![Vec::new(); graph.objects.len()];
        for edge in graph.edges.iter().filter(|edge| edge.label.is_counted()) {
            referrers[at(edge.to)].push(edge);
        }
        let mut state = State { moment, edges: graph.edges_by_object(), referrers, by_who: HashMap::new() };
        state.by_who = graph.objects.iter().map(|object| (state.who(object.id), object.id)).collect();
        state
    }

    pub fn object(&self, id: ObjectId) -> Option<&'m Object> {
        self.moment.graph.object(id)
    }

    pub fn who(&self, id: ObjectId) -> Who {
        let identity = self.moment.identities.get(at(id)).copied().unwrap_or_default();
        (identity, self.object(id).map_or(String::new(), |object| object.type_name.clone()))
    }

    pub fn find(&self, who: &Who) -> Option<ObjectId> {
        self.by_who.get(who).copied()
    }

    /// The object of this identity, whatever its type.
    pub fn of_identity(&self, identity: usize) -> Option<ObjectId> {
        let place = self.moment.identities.iter().position(|one| *one == identity)?;
        Some(place as ObjectId + 1)
    }

    /// What this name of a scope is bound to.
    pub fn bound(&self, key: &str) -> Option<ObjectId> {
        self.moment.graph.names.iter().find(|name| name.name == key).map(|name| name.object)
    }

    /// The names of a scope, without those of functions that run elsewhere.
    pub fn names_of(&self, scope: &str) -> Vec<(&'m str, &'m str, ObjectId)> {
        let names = self.moment.graph.names.iter();
        let own = names.filter_map(|name| {
            let (owner, variable) = split(&name.name);
            (owner == scope).then_some((name.name.as_str(), variable, name.object))
        });
        own.collect()
    }

    /// Whether it is an object whose identity and content are worth telling: mutable, and no function, class or module.
    pub fn is_thing(&self, id: ObjectId) -> bool {
        self.object(id).is_some_and(|object| {
            let opaque = object.text.as_ref().is_some_and(|text| text.starts_with('<') && text != "<object>");
            !object.value && !opaque && object.type_name != "cell"
        })
    }

    pub fn text(&self, id: ObjectId) -> &'m str {
        self.object(id).and_then(|object| object.text.as_deref()).unwrap_or("")
    }

    pub fn type_of(&self, id: ObjectId) -> &'m str {
        self.object(id).map_or("object", |object| object.type_name.as_str())
    }
}

/// The function that a name belongs to, and the name: `f().x`.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once("().").unwrap_or(("", name))
}

/// The numbers that objects are called by.
#[derive(Default)]
pub(super) struct Numbers {
    known: HashMap<Who, usize>,
    last: usize,
}

impl Numbers {
    pub fn known(&self, who: &Who) -> Option<usize> {
        self.known.get(who).copied()
    }

    pub fn of(&mut self, who: Who) -> usize {
        *self.known.entry(who).or_insert_with(|| {
            self.last += 1;
            self.last
        })
    }

    pub fn forget(&mut self, who: &Who) -> Option<usize> {
        self.known.remove(who)
    }

    pub fn by_identity(&self, identity: usize) -> Option<(Who, usize)> {
        self.known.iter().find(|(who, _)| who.0 == identity).map(|(who, number)| (who.clone(), *number))
    }

    /// `#1 [1, 2]`, or the text of a value.
    pub fn describe(&mut self, state: &State, id: ObjectId) -> String {
        if !state.is_thing(id) {
            return shorten(&self.content(state, id, 0, &mut HashSet::new()), LONGEST);
        }
        let number = self.of(state.who(id));
        let mut open = HashSet::from([id]);
        format!("#{number} {}", shorten(&self.content(state, id, 0, &mut open), LONGEST))
    }

    /// The content without the number.
    pub fn bare(&mut self, state: &State, id: ObjectId) -> String {
        shorten(&self.content(state, id, 0, &mut HashSet::from([id])), LONGEST)
    }

    fn inside(&mut self, state: &State, id: ObjectId, depth: usize, open: &mut HashSet<ObjectId>) -> String {
        if !state.is_thing(id) {
            return shorten(&self.content(state, id, depth, open), INSIDE);
        }
        let who = state.who(id);
        if let Some(number) = self.known(&who) {
            return format!("#{number}");
        }
        let shared = state.referrers[at(id)].len() > 1;
        let number = if shared { format!("#{} ", self.of(who)) } else { String::new() };
        if depth > DEEPEST || !open.insert(id) {
            return if number.is_empty() { "…".to_string() } else { number.trim_end().to_string() };
        }
        let content = self.content(state, id, depth, open);
        open.remove(&id);
        number + &content
    }

    fn content(&mut self, state: &State, id: ObjectId, depth: usize, open: &mut HashSet<ObjectId>) -> String {
        let Some(object) = state.object(id) else { return "?".to_string() };
        if let Some(text) = &object.text {
            return text.clone();
        }
        let edges = &state.edges[at(id)];
        let mut parts: Vec<String> = Vec::new();
        for edge in edges.iter().filter(|edge| edge.label.is_counted()) {
            let text = match &edge.label {
                Label::Value(_) => {
                    let value = self.inside(state, edge.to, depth + 1, open);
                    if let Some(key) = parts.last_mut() {
                        key.push_str(&format!(": {value}"));
                    }
                    continue;
                }
                Label::Attr(name) => format!("{name}={}", self.inside(state, edge.to, depth + 1, open)),
                Label::Item(_) | Label::Key(_) | Label::Member(_) => self.inside(state, edge.to, depth + 1, open),
                _ => continue,
            };
            if parts.len() >= MOST_PARTS {
                parts.push("…".to_string());
                break;
            }
            parts.push(text);
        }
        let parts = parts.join(", ");
        match object.type_name.as_str() {
            "list" => format!("[{parts}]"),
            "tuple" if edges.len() == 1 => format!("({parts},)"),
            "tuple" => format!("({parts})"),
            "set" if parts.is_empty() => "set()".to_string(),
            "frozenset" if parts.is_empty() => "frozenset()".to_string(),
            "frozenset" => format!("frozenset({{{parts}}})"),
            "dict" | "set" => format!("{{{parts}}}"),
            kind => format!("{}({parts})", short(kind)),
        }
    }
}

/// The name of a class without its module.
pub(super) fn short(kind: &str) -> &str {
    kind.rsplit('.').next().unwrap_or(kind)
}
