//! What a picture shows: names, cards and what each row of a card holds. No geometry.
//!
//! Invariant: whatever refers to a card is a card or a name itself, so that every reference to it has an arrow.

use crate::report::heap::{View, at, count, name_of, shorten, size};
use std::collections::BTreeSet;
use verysame_engine::inspect::{Edge, Label, Object, ObjectId, Snapshot};

/// How many rows a card shows.
const MOST_ROWS: usize = 12;
/// The longest text of a row.
const LONGEST: usize = 30;
/// The longest list of those that share an object.
const LONGEST_NOTE: usize = 44;

/// What is shown of the objects.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Immutable leaves get boxes of their own too.
    pub boxes: bool,
    /// What else is shown of each object.
    pub columns: Vec<Column>,
    /// What the objects are called, in their order; empty for their numbers.
    pub tags: Vec<String>,
    /// Paths such as `a[0].x` whose references are marked.
    pub marked: BTreeSet<String>,
}

/// What can be shown of an object beside its content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, clap::ValueEnum)]
pub enum Column {
    /// How many references there are to it
    Count,
    /// Its size in bytes
    Size,
    /// Whether the cycle collector looks at it
    Tracked,
    /// Whether it is never freed
    Immortal,
}

/// A whole picture.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scene {
    /// The names, in the order of their first assignment.
    pub names: Vec<NameRow>,
    /// The objects that have a box.
    pub cards: Vec<Card>,
}

/// A name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameRow {
    /// The name.
    pub name: String,
    /// What it is bound to.
    pub value: Value,
    /// It is to be seen at once.
    pub marked: bool,
}

/// What a name or a row holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// An object that is written where it is referred to.
    Text(String),
    /// A reference to the card with this index.
    Arrow {
        /// The index in [`Scene::cards`].
        card: usize,
        /// It does not keep the object alive.
        weak: bool,
    },
}

/// An object with a box of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    /// What it is: `list`, `function f`.
    pub head: String,
    /// What it is called: `#1`.
    pub tag: String,
    /// The columns that were asked for, in words.
    pub facts: String,
    /// Its content can be changed.
    pub mutable: bool,
    /// Its parts.
    pub rows: Vec<Row>,
    /// Those who refer to it if there are several, `a, b, c[0]`, and how many they are.
    pub shared: Option<(usize, String)>,
}

/// A part of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// As what it is held: an index, a key, an attribute; empty if that says nothing.
    pub label: String,
    /// What is held.
    pub value: Value,
    /// It is to be seen at once.
    pub marked: bool,
}

impl Scene {
    /// What is to be drawn of a graph.
    pub fn of(graph: &Snapshot, options: &Options) -> Scene {
        let view = View::with(graph, own_cards(graph, options.boxes));
        let cards: Vec<ObjectId> =
            graph.objects.iter().map(|object| object.id).filter(|&id| view.alone[at(id)]).collect();
        let mut index = vec![None; graph.objects.len()];
        for (card, &id) in cards.iter().enumerate() {
            index[at(id)] = Some(card);
        }
        let maker = Maker { view, index, options };
        let names = graph.names.iter().filter(|name| !name.name.starts_with('#')).map(|name| NameRow {
            name: name.name.clone(),
            value: maker.value(name.object, false),
            marked: options.marked.contains(&name.name),
        });
        let names = names.collect();
        let cards = cards.iter().filter_map(|&id| maker.view.graph.object(id)).map(|object| maker.card(object));
        Scene { names, cards: cards.collect() }
    }
}

/// `function outer.<locals>.f` is `function f` here: the arrows say which one it is.
fn without_scopes(text: &str) -> String {
    match (text.split_once(' '), text.rsplit_once("<locals>.")) {
        (Some((kind, _)), Some((_, name))) => format!("{kind} {name}"),
        _ => text.to_string(),
    }
}

/// For each object whether it has a card: it is worth a line of its own and no immutable leaf, or it refers to a card.
pub(super) fn own_cards(graph: &Snapshot, boxes: bool) -> Vec<bool> {
    if boxes {
        return vec![true; graph.objects.len()];
    }
    let edges = graph.edges_by_object();
    let mut own = graph.stands_alone();
    for object in &graph.objects {
        let leaf = edges[at(object.id)].is_empty() && object.cut == 0;
        own[at(object.id)] &= !(object.value && leaf);
    }
    let mut held_by = vec![Vec::new(); graph.objects.len()];
    for edge in &graph.edges {
        held_by[at(edge.to)].push(at(edge.from));
    }
    let mut waiting: Vec<usize> = (0..own.len()).filter(|&object| own[object]).collect();
    while let Some(object) = waiting.pop() {
        for &holder in &held_by[object] {
            if !std::mem::replace(&mut own[holder], true) {
                waiting.push(holder);
            }
        }
    }
    own
}

struct Maker<'a> {
    view: View<'a>,
    index: Vec<Option<usize>>,
    options: &'a Options,
}

impl Maker<'_> {
    fn value(&self, id: ObjectId, weak: bool) -> Value {
        match self.index[at(id)] {
            Some(card) => Value::Arrow { card, weak },
            None => Value::Text(shorten(&self.view.reference(id, 0), LONGEST)),
        }
    }

    fn card(&self, object: &Object) -> Card {
        let edges = &self.view.edges[at(object.id)];
        let mut rows = Vec::new();
        let text = object.text.as_deref().unwrap_or_default();
        let head = match text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
            Some(inside) => without_scopes(inside),
            None => {
                if object.text.is_some() {
                    rows.push(Row { label: String::new(), value: Value::Text(shorten(text, LONGEST)), marked: false });
                }
                object.type_name.clone()
            }
        };
        rows.extend(edges.iter().flat_map(|edge| self.rows_of(edge, edges)));
        let more = rows.len().saturating_sub(MOST_ROWS) + object.cut;
        rows.truncate(MOST_ROWS);
        if more > 0 {
            rows.push(Row { label: "…".into(), value: Value::Text(format!("{more} more")), marked: false });
        }
        Card {
            head: shorten(&head, LONGEST),
            tag: self.options.tags.get(at(object.id)).cloned().unwrap_or_else(|| format!("#{}", object.id)),
            facts: self.facts(object),
            mutable: object.mutable,
            rows,
            shared: self.shared(object.id),
        }
    }

    /// The rows of a reference: none for a key that stands as the label of its value.
    fn rows_of(&self, edge: &Edge, edges: &[&Edge]) -> Vec<Row> {
        let marked = self.options.marked.contains(&(self.view.paths[at(edge.from)].clone() + &self.view.step(edge)));
        let row = |label: String| Row { label, value: self.value(edge.to, edge.label == Label::Weak), marked };
        match &edge.label {
            Label::Item(index) => vec![row(index.to_string())],
            Label::Member(_) => vec![row(String::new())],
            Label::Key(_) if self.index[at(edge.to)].is_some() => vec![row("key".to_string())],
            Label::Key(_) => Vec::new(),
            Label::Value(index) => {
                let key = edges.iter().find(|key| key.label == Label::Key(*index)).map(|key| key.to);
                vec![row(match key {
                    Some(key) if self.index[at(key)].is_none() => shorten(&self.view.reference(key, 0), LONGEST),
                    _ => "value".to_string(),
                })]
            }
            label => vec![row(name_of(label).unwrap_or_default())],
        }
    }

    fn facts(&self, object: &Object) -> String {
        let fact = |column: &Column| match column {
            Column::Count => format!("count {}", count(object)),
            Column::Size => format!("{} bytes", size(object)),
            Column::Tracked => if object.tracked { "tracked" } else { "untracked" }.to_string(),
            Column::Immortal => if object.immortal { "immortal" } else { "mortal" }.to_string(),
        };
        self.options.columns.iter().map(fact).collect::<Vec<_>>().join(" · ")
    }

    fn shared(&self, id: ObjectId) -> Option<(usize, String)> {
        let sharing = self.view.sharing(id);
        (sharing.len() > 1).then(|| (sharing.len(), shorten(&sharing.join(", "), LONGEST_NOTE)))
    }
}
