//! The heap graph as data: names, objects, and what refers to what, under which label.
//!
//! Plain values without a type of the engine, so that other engines' graphs can be given in the same form. Invariant of
//! a canonical snapshot: numbers follow the order of first visits along the edges from the names, beginning at 1, first
//! of the objects that stand alone (see [`Snapshot::stands_alone`]), then of the others; members of sets are ordered by
//! what they are.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of an object in its snapshot.
pub type ObjectId = u32;

/// Names, objects and edges of one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// The names of `__main__` in the order of their first assignment, those like `__this__` excepted.
    pub names: Vec<Name>,
    /// What they reach.
    pub objects: Vec<Object>,
    /// Which object refers to which.
    pub edges: Vec<Edge>,
}

/// A name that is bound.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Name {
    /// The name.
    pub name: String,
    /// What it is bound to.
    pub object: ObjectId,
}

/// An object.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Object {
    /// Its number.
    pub id: ObjectId,
    /// The name of its class, with the module unless that is builtins or `__main__`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// What it is, unless that follows from its edges: a literal, or a name like `<function f>`.
    pub text: Option<String>,
    /// It is of an immutable built-in class, so that equal ones may be one object or several as the engine likes.
    pub value: bool,
    /// Its content can be changed.
    pub mutable: bool,
    /// How many references there are to it, as `sys.getrefcount` counts; unknown where an engine does not count.
    pub count: Option<u64>,
    /// `sys.getsizeof`
    pub size: Option<u64>,
    /// It is not counted and never dies.
    pub immortal: bool,
    /// The cycle collector looks at it.
    pub tracked: bool,
    /// How many of its references were not followed, because of a bound.
    pub cut: usize,
}

/// A reference from one object to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Edge {
    /// Who refers.
    pub from: ObjectId,
    /// To whom.
    pub to: ObjectId,
    /// As what.
    pub label: Label,
}

/// What a reference is in the object that holds it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// `x[3]`
    Item(usize),
    /// The n-th key of a dict.
    Key(usize),
    /// The value of the n-th key of a dict.
    Value(usize),
    /// A member of a set.
    Member(usize),
    /// An attribute: in the `__dict__`, or a slot.
    Attr(String),
    /// The cell of a free variable.
    Cell(String),
    /// The default of the n-th of the parameters that have one.
    Default(usize),
    /// The default of a keyword-only parameter.
    KwDefault(String),
    /// A local variable of a suspended generator or of the frame of a traceback.
    Local(String),
    /// The n-th base of a class.
    Base(usize),
    /// An attribute with a fixed name: `cell_contents`, `__self__`.
    Part(String),
    /// What a weak reference names without keeping it alive.
    Weak,
}

impl Label {
    /// Whether the reference keeps what it refers to alive.
    pub fn is_counted(&self) -> bool {
        *self != Label::Weak
    }
}

/// The step in a path, as Python would write it where it can.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Label::Item(at) => write!(f, "[{at}]"),
            Label::Key(at) => write!(f, ".keys()[{at}]"),
            Label::Value(at) => write!(f, ".values()[{at}]"),
            Label::Member(at) => write!(f, ".member({at})"),
            Label::Attr(name) | Label::Part(name) => write!(f, ".{name}"),
            Label::Cell(name) => write!(f, ".cell({name})"),
            Label::Default(at) => write!(f, ".__defaults__[{at}]"),
            Label::KwDefault(name) => write!(f, ".__kwdefaults__['{name}']"),
            Label::Local(name) => write!(f, ".local({name})"),
            Label::Base(at) => write!(f, ".__bases__[{at}]"),
            Label::Weak => f.write_str("()"),
        }
    }
}

/// How deep members of a set are looked into to put them in order.
const ORDER_DEPTH: usize = 4;
/// The longest text that they are ordered by.
const ORDER_TEXT: usize = 2_000;

impl Snapshot {
    /// The object with this number. Numbers are those of [`Snapshot::canonical`].
    pub fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get((id as usize).checked_sub(1)?)
    }

    /// The edges of each object: the n-th list is that of the object with number n + 1.
    pub fn edges_by_object(&self) -> Vec<Vec<&Edge>> {
        let mut lists = vec![Vec::new(); self.objects.len()];
        for edge in &self.edges {
            if let Some(list) = (edge.from as usize).checked_sub(1).and_then(|at| lists.get_mut(at)) {
                list.push(edge);
            }
        }
        lists
    }

    /// For each object whether it is worth a line of its own, rather than being shown where it is referred to: it has
    /// a name, or which object it is matters.
    pub fn stands_alone(&self) -> Vec<bool> {
        let (mut leaf, mut referrers) = (vec![true; self.objects.len()], vec![0usize; self.objects.len()]);
        for edge in &self.edges {
            leaf[edge.from as usize - 1] = false;
            referrers[edge.to as usize - 1] += 1;
        }
        let mut alone: Vec<bool> = std::iter::zip(&self.objects, std::iter::zip(leaf, referrers))
            .map(|(object, (leaf, referrers))| {
                let leaf = leaf && object.cut == 0;
                let opaque = object.text.as_ref().is_some_and(|text| text.starts_with('<'));
                let inside = object.value && leaf || referrers <= 1 && (object.value || leaf && opaque);
                !inside
            })
            .collect();
        for name in &self.names {
            alone[name.object as usize - 1] = true;
        }
        alone
    }

    /// The same graph below some of its names, each under the name that stands first in its pair.
    #[must_use]
    pub fn below(&self, names: &[(&str, &str)]) -> Snapshot {
        let bound = |(new, old): &(&str, &str)| {
            let known = self.names.iter().find(|name| name.name == *old)?;
            Some(Name { name: (*new).to_string(), object: known.object })
        };
        let names = names.iter().filter_map(bound).collect();
        Snapshot { names, objects: self.objects.clone(), edges: self.edges.clone() }.canonical()
    }

    /// The same graph in its one canonical order, without what no name reaches. Edges to or from numbers that name no
    /// object are left out.
    #[must_use]
    pub fn canonical(self) -> Snapshot {
        self.canonical_with_numbers().0
    }

    /// The same, with the former number of each object.
    pub(super) fn canonical_with_numbers(mut self) -> (Snapshot, Vec<ObjectId>) {
        let mut former: Vec<ObjectId> = self.objects.iter().map(|object| object.id).collect();
        self.put_in_order(&former.clone());
        self.order_members();
        for order in [Snapshot::first_visits, Snapshot::alone_first] {
            let order = order(&self);
            self.put_in_order(&order);
            former = order.iter().map(|&id| former[id as usize - 1]).collect();
        }
        (self, former)
    }

    /// The objects with these numbers get the numbers 1, 2, … in this order.
    fn put_in_order(&mut self, order: &[ObjectId]) {
        self.renumber(&order.iter().copied().zip(1..).collect());
    }

    fn alone_first(&self) -> Vec<ObjectId> {
        let alone = self.stands_alone();
        let mut order: Vec<ObjectId> = self.objects.iter().map(|object| object.id).collect();
        order.sort_by_key(|&id| !alone[id as usize - 1]);
        order
    }

    /// Gives every object its new number and puts everything in the order of numbers; what has none is dropped.
    fn renumber(&mut self, numbers: &FxHashMap<ObjectId, ObjectId>) {
        let new = |id: &mut ObjectId| numbers.get(id).map(|&number| *id = number).is_some();
        self.names.retain_mut(|name| new(&mut name.object));
        self.objects.retain_mut(|object| new(&mut object.id));
        self.edges.retain_mut(|edge| new(&mut edge.from) && new(&mut edge.to));
        self.objects.sort_by_key(|object| object.id);
        self.edges.sort_by_key(|edge| edge.from);
    }

    /// Numbers in the order of a depth-first walk from the names.
    fn first_visits(&self) -> Vec<ObjectId> {
        let edges = self.edges_by_object();
        let mut seen = vec![false; self.objects.len()];
        let mut order = Vec::new();
        let mut waiting: Vec<ObjectId> = self.names.iter().rev().map(|name| name.object).collect();
        while let Some(id) = waiting.pop() {
            let at = id as usize - 1;
            if !std::mem::replace(&mut seen[at], true) {
                order.push(id);
                waiting.extend(edges[at].iter().rev().map(|edge| edge.to));
            }
        }
        order
    }

    /// Orders the members of each set by what they are: the order of a set differs between engines and runs.
    fn order_members(&mut self) {
        let by_object = self.edges_by_object();
        let mut placed: Vec<(ObjectId, String, ObjectId)> = Vec::new();
        for edge in self.edges.iter().filter(|edge| matches!(edge.label, Label::Member(_))) {
            let mut text = String::new();
            self.spell(edge.to, &by_object, ORDER_DEPTH, &mut text);
            placed.push((edge.from, text, edge.to));
        }
        placed.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        let mut last = (0, 0);
        self.edges.retain(|edge| !matches!(edge.label, Label::Member(_)));
        let members = placed.into_iter().map(|(from, _, to)| {
            last = if last.0 == from { (from, last.1 + 1) } else { (from, 0) };
            Edge { from, to, label: Label::Member(last.1) }
        });
        // Members come before attributes, as items do.
        let others = std::mem::take(&mut self.edges);
        self.edges = members.chain(others).collect();
        self.edges.sort_by_key(|edge| edge.from);
    }

    fn spell(&self, id: ObjectId, edges: &[Vec<&Edge>], depth: usize, out: &mut String) {
        let Some(object) = self.object(id) else { return };
        out.push_str(&object.type_name);
        out.push(' ');
        out.push_str(object.text.as_deref().unwrap_or_default());
        if depth == 0 {
            return;
        }
        for edge in &edges[id as usize - 1] {
            if out.len() > ORDER_TEXT {
                return;
            }
            out.push_str(&edge.label.to_string());
            self.spell(edge.to, edges, depth - 1, out);
        }
    }
}
