//! Whether two snapshots show the same graph: a parallel walk over equal labels from equal names.
//!
//! Two objects correspond if they are reached by the same path. Corresponding objects have the same class, text and
//! labels; and objects whose identity Python promises correspond one to one, so that what is shared on one side is
//! shared on the other. Counts and sizes are not compared.

use super::snapshot::{Edge, Label, Object, ObjectId, Snapshot};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;
use std::fmt;

/// The first difference of two snapshots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Where: `a[0].x`.
    pub path: String,
    /// What differs there.
    pub what: What,
}

/// What differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Only the first snapshot has something there.
    OnlyFirst,
    /// Only the second snapshot has something there.
    OnlySecond,
    /// Two objects that are not alike.
    Objects {
        /// The first snapshot's.
        first: String,
        /// The second snapshot's.
        second: String,
    },
    /// In the first snapshot it is the object of this other path too, in the second it is not.
    SharedInFirst(String),
    /// In the second snapshot it is the object of this other path too, in the first it is not.
    SharedInSecond(String),
}

impl Difference {
    /// The difference in words, the two sides being called so.
    pub fn describe(&self, first: &str, second: &str) -> String {
        let path = &self.path;
        match &self.what {
            What::OnlyFirst => format!("{path}: only in {first}"),
            What::OnlySecond => format!("{path}: only in {second}"),
            What::Objects { first: one, second: other } => format!("{path}: {one} in {first}, {other} in {second}"),
            What::SharedInFirst(other) => format!("{path}: the object of {other} in {first}, another in {second}"),
            What::SharedInSecond(other) => {
                format!("{path}: another object than {other} in {first}, that of {other} in {second}")
            }
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe("the first", "the second"))
    }
}

impl std::error::Error for Difference {}

impl Snapshot {
    /// Whether the other snapshot shows the same graph.
    ///
    /// # Errors
    /// The difference with the shortest path; of several the one that the names and edges of `self` reach first.
    pub fn isomorphic(&self, other: &Snapshot) -> Result<(), Difference> {
        let mut walk = Walk {
            sides: [self, other],
            edges: [self.edges_by_object(), other.edges_by_object()],
            partner: FxHashMap::default(),
            partner_back: FxHashMap::default(),
            seen: FxHashSet::default(),
            places: Vec::new(),
            queue: VecDeque::new(),
        };
        let mut names: FxHashMap<&str, ObjectId> =
            other.names.iter().map(|name| (name.name.as_str(), name.object)).collect();
        for name in &self.names {
            let Some(second) = names.remove(name.name.as_str()) else {
                return Err(Difference { path: name.name.clone(), what: What::OnlyFirst });
            };
            walk.meet(Place { parent: None, step: name.name.clone() }, name.object, second)?;
        }
        if let Some(extra) = other.names.iter().find(|name| names.contains_key(name.name.as_str())) {
            return Err(Difference { path: extra.name.clone(), what: What::OnlySecond });
        }
        while let Some((place, first, second)) = walk.queue.pop_front() {
            walk.enter(place, first, second)?;
        }
        Ok(())
    }
}

/// A step of a path: what it follows, and its text.
struct Place {
    parent: Option<usize>,
    step: String,
}

struct Walk<'a> {
    sides: [&'a Snapshot; 2],
    edges: [Vec<Vec<&'a Edge>>; 2],
    /// Objects with an identity: their partner on the other side, and where they met.
    partner: FxHashMap<ObjectId, (ObjectId, usize)>,
    partner_back: FxHashMap<ObjectId, (ObjectId, usize)>,
    seen: FxHashSet<(ObjectId, ObjectId)>,
    places: Vec<Place>,
    queue: VecDeque<(usize, ObjectId, ObjectId)>,
}

impl Walk<'_> {
    /// Two objects stand at the same place.
    fn meet(&mut self, place: Place, first: ObjectId, second: ObjectId) -> Result<(), Difference> {
        let at = self.places.len();
        self.places.push(place);
        let (Some(one), Some(other)) = (self.sides[0].object(first), self.sides[1].object(second)) else {
            return Ok(());
        };
        if !one.value {
            let (known, back) = (self.partner.get(&first), self.partner_back.get(&second));
            match (known, back) {
                (Some(&(partner, _)), _) if partner == second => return Ok(()),
                (Some(&(_, met)), _) => return Err(self.difference(at, What::SharedInFirst(self.path(met)))),
                (None, Some(&(_, met))) => return Err(self.difference(at, What::SharedInSecond(self.path(met)))),
                (None, None) => {}
            }
        } else if !self.seen.insert((first, second)) {
            return Ok(());
        }
        if (&one.type_name, &one.text, one.value) != (&other.type_name, &other.text, other.value) {
            let what = What::Objects { first: say(one), second: say(other) };
            return Err(self.difference(at, what));
        }
        if !one.value {
            self.partner.insert(first, (second, at));
            self.partner_back.insert(second, (first, at));
        }
        self.queue.push_back((at, first, second));
        Ok(())
    }

    /// Compares what two objects refer to.
    fn enter(&mut self, at: usize, first: ObjectId, second: ObjectId) -> Result<(), Difference> {
        let (ours, theirs) = (self.edges[0][first as usize - 1].clone(), self.edges[1][second as usize - 1].clone());
        let mut left: FxHashMap<&Label, ObjectId> = theirs.iter().map(|edge| (&edge.label, edge.to)).collect();
        for edge in &ours {
            let step = self.sides[0].step(edge, &ours);
            match left.remove(&edge.label) {
                Some(to) => self.meet(Place { parent: Some(at), step }, edge.to, to)?,
                None => return Err(Difference { path: self.path(at) + &step, what: What::OnlyFirst }),
            }
        }
        if let Some(extra) = theirs.iter().find(|edge| left.contains_key(&edge.label)) {
            let step = self.sides[1].step(extra, &theirs);
            return Err(Difference { path: self.path(at) + &step, what: What::OnlySecond });
        }
        Ok(())
    }

    fn difference(&self, at: usize, what: What) -> Difference {
        Difference { path: self.path(at), what }
    }

    fn path(&self, at: usize) -> String {
        let mut steps = Vec::new();
        let mut next = Some(at);
        while let Some(place) = next.and_then(|at| self.places.get(at)) {
            steps.push(place.step.as_str());
            next = place.parent;
        }
        steps.into_iter().rev().collect()
    }
}

impl Snapshot {
    /// The text of a step along one of these edges: `[0]`, `.x`, `['key']`.
    pub fn step(&self, edge: &Edge, siblings: &[&Edge]) -> String {
        if let Label::Value(at) = edge.label {
            let key = siblings.iter().find(|sibling| sibling.label == Label::Key(at));
            let text =
                key.and_then(|key| self.object(key.to)).filter(|key| key.value).and_then(|key| key.text.as_ref());
            if let Some(text) = text {
                return format!("[{text}]");
            }
        }
        edge.label.to_string()
    }
}

fn say(object: &Object) -> String {
    match &object.text {
        Some(text) if text.starts_with('<') => text.clone(),
        Some(text) => format!("{} {text}", object.type_name),
        None => format!("a {}", object.type_name),
    }
}
