//! Pictures of the alias graphs that cases expect and engines have, as shapes that the page's script draws.
//!
//! Invariant: each picture is there once; what an engine has instead of a graph is shown as text, not drawn.

use crate::case::graph_heap::heap;
use crate::judge::{About, CaseVerdict, MarkVerdict};
use crate::picture::{Options, Scene, Shape, layout, shapes};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use verysame_engine::inspect::Snapshot;

/// The most characters of graphs that are drawn: a picture of more is none to look at.
const LONGEST: usize = 2_000;

/// All pictures of a page.
#[derive(Default)]
pub struct Pictures {
    /// Width, height, the graph in words, shapes.
    pub all: Vec<Value>,
    index: HashMap<(String, String), usize>,
}

/// A name and the graph that it has, in canonical text.
type Root<'a> = (&'a str, &'a str);

impl Pictures {
    /// For each graph that a result speaks of: what it is called, the picture of what is expected, and of what is seen
    /// (-1 if that is no graph).
    pub fn of(&mut self, verdict: &CaseVerdict, text: &mut impl FnMut(&str) -> usize) -> Vec<Value> {
        let mut found = Vec::new();
        let at_end: Vec<(&str, &MarkVerdict)> = verdict
            .marks
            .iter()
            .filter_map(|mark| match &mark.about {
                About::Heap(name) => Some((name.as_str(), mark)),
                About::Mark(_) | About::Stdout | About::Uncaught | About::Deviation => None,
            })
            .collect();
        if !at_end.is_empty() {
            found.extend(self.pair(&at_end).map(|pair| json!([text("at the end"), pair.0, pair.1])));
        }
        for mark in verdict.marks.iter().filter(|mark| mark.sign == "#&>") {
            let pair = self.pair(&[(&mark.statement, mark)]);
            found.extend(pair.map(|pair| json!([text(&mark.statement), pair.0, pair.1])));
        }
        found
    }

    fn pair(&mut self, marks: &[(&str, &MarkVerdict)]) -> Option<(usize, i64)> {
        let expected: Vec<Root> = marks.iter().map(|(name, mark)| (*name, mark.expected.as_str())).collect();
        let seen: Option<Vec<Root>> =
            marks.iter().map(|(name, mark)| Some((*name, mark.observed.as_deref()?))).collect();
        let wanted = graph(&expected)?;
        let Some((seen, graph)) = seen.and_then(|seen| graph(&seen).map(|graph| (seen, graph))) else {
            return Some((self.index(&expected, &wanted, ""), -1));
        };
        let difference = wanted.isomorphic(&graph).err().map(|difference| difference.path).unwrap_or_default();
        let seen = self.index(&seen, &graph, &difference);
        Some((self.index(&expected, &wanted, &difference), seen as i64))
    }

    fn index(&mut self, roots: &[Root], graph: &Snapshot, marked: &str) -> usize {
        let words = roots.iter().map(|(name, graph)| format!("{name}: {graph}")).collect::<Vec<_>>().join("\n");
        let key = (words, marked.to_string());
        if let Some(&index) = self.index.get(&key) {
            return index;
        }
        let marked: BTreeSet<String> =
            Some(marked).filter(|path| !path.is_empty()).map(str::to_string).into_iter().collect();
        let scene = Scene::of(graph, &Options { marked, ..Options::default() });
        let place = layout(&scene);
        let drawn: Vec<Value> = shapes(&scene, &place).iter().map(shape).collect();
        self.all.push(json!([round(place.width), round(place.height), key.0, drawn]));
        self.index.insert(key, self.all.len() - 1);
        self.all.len() - 1
    }
}

/// The heap graph of some names, if it is one and small enough to be looked at.
fn graph(roots: &[Root]) -> Option<Snapshot> {
    let length: usize = roots.iter().map(|(_, text)| text.len()).sum();
    heap(roots).ok().filter(|_| length <= LONGEST)
}

/// A shape as a list whose first item says which one it is.
fn shape(shape: &Shape) -> Value {
    match shape {
        Shape::Group { class, inside } => json!(["g", class, inside.iter().map(self::shape).collect::<Vec<_>>()]),
        Shape::Rectangle { class, area, radius } => {
            let sides = [area.x, area.y, area.width, area.height, *radius].map(round);
            json!(["r", class, sides])
        }
        Shape::Rule { from, to, y } => json!(["l", "rule", [round(*from), round(*to), round(*y)]]),
        Shape::Text { class, x, y, width, text } => {
            json!(["t", class, [round(*x), round(*y), round(*width)], crate::picture::clean(text)])
        }
        Shape::Dot { class, x, y, radius } => json!(["c", class, [round(*x), round(*y), round(*radius)]]),
        Shape::Path { class, way } => json!(["p", class, way]),
    }
}

/// With at most two decimals, and none where there is none.
fn round(value: f64) -> Value {
    let value = (value * 100.0).round() / 100.0;
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}
