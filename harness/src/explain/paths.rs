//! The ways by which a program reaches an object, as it would write them where it stands.

use super::graph::{State, split};
use crate::report::heap::at;
use std::collections::{HashMap, HashSet};
use verysame_engine::inspect::{Edge, Label, ObjectId};

/// How many references a way may have.
const LONGEST: usize = 3;
/// The most ways that are looked for.
const MOST: usize = 12;

/// Parameters with defaults, by the name of the function.
pub(super) type Defaults = HashMap<String, Vec<String>>;

/// The ways to an object, names first, the shortest first. `scope` is where they are written.
pub(super) fn paths(state: &State, id: ObjectId, scope: &str, defaults: &Defaults) -> Vec<String> {
    let mut finder = Finder { state, defaults, open: HashSet::new(), found: 0 };
    let mut found = finder.ways(id, LONGEST);
    found.sort_by_key(|way| (way.steps.matches(['[', '.', '\'']).count(), way.owner.is_empty() != scope.is_empty()));
    let mut texts = Vec::new();
    for way in found {
        let text = way.show(scope);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

struct Way {
    owner: String,
    name: String,
    steps: String,
}

impl Way {
    fn show(&self, scope: &str) -> String {
        let Way { owner, name, steps } = self;
        let place = if owner.is_empty() || owner == scope { String::new() } else { format!(" in {owner}") };
        format!("{name}{steps}{place}")
    }
}

struct Finder<'s> {
    state: &'s State<'s>,
    defaults: &'s Defaults,
    open: HashSet<ObjectId>,
    found: usize,
}

impl Finder<'_> {
    fn ways(&mut self, id: ObjectId, left: usize) -> Vec<Way> {
        // A way that comes back to an object says no more than the one before.
        if !self.open.insert(id) {
            return Vec::new();
        }
        let names = self.state.moment.graph.names.iter().filter(|name| name.object == id);
        let mut found: Vec<Way> = names
            .map(|name| {
                let (owner, name) = split(&name.name);
                Way { owner: owner.to_string(), name: name.to_string(), steps: String::new() }
            })
            .collect();
        self.found += found.len();
        if left == 0 || self.found > MOST {
            self.open.remove(&id);
            return found;
        }
        for edge in self.state.referrers[at(id)].clone() {
            // A variable in a cell is found by its name in the functions that share it.
            if matches!(&edge.label, Label::Part(part) if part == "cell_contents") {
                found.extend(self.in_cell(edge, left));
                continue;
            }
            let step = self.step(edge);
            found.extend(self.ways(edge.from, left - 1).into_iter().map(|mut way| {
                way.steps.push_str(&step);
                way
            }));
        }
        self.open.remove(&id);
        found
    }

    fn in_cell(&mut self, edge: &Edge, left: usize) -> Vec<Way> {
        let mut found = Vec::new();
        for holder in self.state.referrers[at(edge.from)].clone() {
            let Label::Cell(name) = &holder.label else { continue };
            found.extend(self.ways(holder.from, left - 1).into_iter().map(|mut way| {
                way.steps.push_str(&format!("'s variable {name}"));
                way
            }));
        }
        found
    }

    fn step(&self, edge: &Edge) -> String {
        let function = || self.state.text(edge.from).strip_prefix("<function ")?.strip_suffix('>');
        match &edge.label {
            Label::Default(number) => {
                let name = function().and_then(|name| name.rsplit('.').next()).unwrap_or("");
                match self.defaults.get(name).and_then(|parameters| parameters.get(*number)) {
                    Some(parameter) => format!("'s default {parameter}"),
                    None => format!(".__defaults__[{number}]"),
                }
            }
            Label::KwDefault(name) => format!("'s default {name}"),
            _ => self.state.moment.graph.step(edge, &self.state.edges[at(edge.from)]),
        }
    }
}
