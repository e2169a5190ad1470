//! Where everything stands: columns of cards by their distance from the names, lanes for arrows that pass a column.
//!
//! The method of Sugiyama, small: cycles are cut at the references that close them, a card stands one column right of
//! the last one that refers to it, each column is ordered by the barycentre of its neighbours, and cards are moved as
//! little as possible from the height of what refers to them. Invariants: items of a column do not overlap; an arrow is
//! a list of points whose curves stay in the gaps between columns and in lanes.

use super::measure::{APART, DOT, HEAD, MARGIN, PAD, ROW, size_of, text_width, value_width};
use super::scene::{Scene, Value};

const GAP: f64 = 64.0;
const BETWEEN: f64 = 18.0;
const LANE: f64 = 8.0;
const SWEEPS: usize = 6;

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Area {
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

impl Area {
    /// The right edge.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }
}

/// A piece of an arrow's way.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Piece {
    /// Straight to here.
    Line(f64, f64),
    /// In a curve that leaves and arrives level, through a gap.
    Curve(f64, f64),
    /// In a curve that turns back, bulging this far to the right (or, negative, to the left).
    Turn(f64, f64, f64),
}

/// An arrow.
#[derive(Clone, PartialEq, Debug)]
pub struct Arrow {
    /// Where it begins.
    pub start: (f64, f64),
    /// Its way.
    pub way: Vec<Piece>,
    /// It does not keep alive.
    pub weak: bool,
    /// It is to be seen at once.
    pub marked: bool,
}

/// A picture with its geometry.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Layout {
    /// The panel of the names, if there are any.
    pub names: Option<Area>,
    /// The card with the same index in [`Scene::cards`].
    pub cards: Vec<Area>,
    /// The arrows.
    pub arrows: Vec<Arrow>,
    /// The width of the whole.
    pub width: f64,
    /// The height of the whole.
    pub height: f64,
}

/// Who refers: a name, or a row of a card; and where in its column the reference leaves.
#[derive(Clone, Copy, Debug)]
struct Reference {
    from: Option<usize>,
    row: usize,
    to: usize,
    weak: bool,
    marked: bool,
}

/// What stands in a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Item {
    Card(usize),
    /// Arrows to a card pass here, to the right or back to the left.
    Lane {
        to: usize,
        back: bool,
    },
}

#[derive(Clone, Copy, Debug)]
struct Placed {
    item: Item,
    /// The upper edge.
    y: f64,
    height: f64,
}

impl Placed {
    /// The height at which arrows arrive.
    fn port(&self) -> f64 {
        match self.item {
            Item::Card(_) => self.y + HEAD / 2.0,
            Item::Lane { .. } => self.y + self.height / 2.0,
        }
    }
}

/// Places everything.
pub fn layout(scene: &Scene) -> Layout {
    let references = references(scene);
    let sizes: Vec<(f64, f64)> = scene.cards.iter().map(size_of).collect();
    let (layers, backward) = layers(scene.cards.len(), &references);
    let mut plan = Plan {
        columns: columns(&layers, &references, &backward, &sizes),
        layers,
        backward,
        references,
        names: names_area(scene),
    };
    plan.order();
    plan.place();
    plan.finish(&sizes)
}

fn references(scene: &Scene) -> Vec<Reference> {
    let arrow = |value: &Value| match *value {
        Value::Arrow { card, weak } => Some((card, weak)),
        Value::Text(_) => None,
    };
    let names = scene.names.iter().enumerate().filter_map(|(row, name)| {
        let (to, weak) = arrow(&name.value)?;
        Some(Reference { from: None, row, to, weak, marked: name.marked })
    });
    let parts = scene.cards.iter().enumerate().flat_map(|(from, card)| {
        card.rows.iter().enumerate().filter_map(move |(row, part)| {
            let (to, weak) = arrow(&part.value)?;
            Some(Reference { from: Some(from), row, to, weak, marked: part.marked })
        })
    });
    names.chain(parts).collect()
}

fn names_area(scene: &Scene) -> Option<Area> {
    let width = |row: &super::scene::NameRow| text_width(&row.name) + APART + value_width(&row.value);
    let widest = scene.names.iter().map(width).fold(text_width("names"), f64::max);
    let height = HEAD + scene.names.len() as f64 * ROW;
    (!scene.names.is_empty()).then_some(Area { x: MARGIN, y: MARGIN, width: widest + 2.0 * PAD, height })
}

/// The column of each card, the names being column 0; and which references close a cycle.
fn layers(cards: usize, references: &[Reference]) -> (Vec<usize>, Vec<bool>) {
    let mut from: Vec<Vec<usize>> = vec![Vec::new(); cards];
    let mut starts: Vec<usize> = Vec::new();
    for (at, reference) in references.iter().enumerate() {
        match reference.from {
            Some(card) => from[card].push(at),
            None => starts.push(reference.to),
        }
    }
    let mut backward = vec![false; references.len()];
    // 0 not seen, 1 on the way, 2 done
    let mut seen = vec![0u8; cards];
    let mut finished = Vec::with_capacity(cards);
    for start in starts.into_iter().chain(0..cards) {
        if seen[start] != 0 {
            continue;
        }
        seen[start] = 1;
        let mut path = vec![(start, 0)];
        while let Some((card, next)) = path.pop() {
            let Some(&reference) = from[card].get(next) else {
                seen[card] = 2;
                finished.push(card);
                continue;
            };
            path.push((card, next + 1));
            let to = references[reference].to;
            match seen[to] {
                0 => {
                    seen[to] = 1;
                    path.push((to, 0));
                }
                1 => backward[reference] = true,
                _ => {}
            }
        }
    }
    let mut layers = vec![1; cards];
    for &card in finished.iter().rev() {
        for &reference in from[card].iter().filter(|&&reference| !backward[reference]) {
            let to = references[reference].to;
            layers[to] = layers[to].max(layers[card] + 1);
        }
    }
    (layers, backward)
}

/// The lanes that a reference takes, from its beginning on: column and item.
fn lanes(reference: &Reference, layers: &[usize], back: bool) -> Vec<(usize, Item)> {
    let from = reference.from.map_or(0, |card| layers[card]);
    let to = layers[reference.to];
    let item = Item::Lane { to: reference.to, back };
    if back {
        (to..=from).rev().map(|column| (column, item)).collect()
    } else {
        (from + 1..to).map(|column| (column, item)).collect()
    }
}

/// Cards and lanes of each column; column 0 is empty, the names stand there.
fn columns(layers: &[usize], references: &[Reference], backward: &[bool], sizes: &[(f64, f64)]) -> Vec<Vec<Placed>> {
    let last = layers.iter().copied().max().unwrap_or(0);
    let mut columns: Vec<Vec<Placed>> = vec![Vec::new(); last + 1];
    for (card, &column) in layers.iter().enumerate() {
        columns[column].push(Placed { item: Item::Card(card), y: 0.0, height: sizes[card].1 });
    }
    for (reference, &back) in references.iter().zip(backward) {
        for (column, item) in lanes(reference, layers, back) {
            if !columns[column].iter().any(|placed| placed.item == item) {
                columns[column].push(Placed { item, y: 0.0, height: LANE });
            }
        }
    }
    columns
}

struct Plan {
    columns: Vec<Vec<Placed>>,
    layers: Vec<usize>,
    backward: Vec<bool>,
    references: Vec<Reference>,
    names: Option<Area>,
}

impl Plan {
    fn placed(&self, column: usize, item: Item) -> Placed {
        let found = self.columns[column].iter().find(|placed| placed.item == item);
        found.copied().unwrap_or(Placed { item, y: 0.0, height: 0.0 })
    }

    /// The height at which a reference leaves.
    fn source(&self, reference: &Reference) -> f64 {
        let down = HEAD + (reference.row as f64 + 0.5) * ROW;
        match reference.from {
            Some(card) => self.placed(self.layers[card], Item::Card(card)).y + down,
            None => self.names.map_or(0.0, |names| names.y) + down,
        }
    }

    /// For each item of a column the heights of what leads to it from the left, or, looking back, where it leads to.
    fn pulls(&self, column: usize, rightward: bool) -> Vec<Vec<f64>> {
        let mut pulls = vec![Vec::new(); self.columns[column].len()];
        for (reference, &back) in self.references.iter().zip(&self.backward) {
            let mut stops = vec![(reference.from.map_or(0, |card| self.layers[card]), None, self.source(reference))];
            for (at, item) in lanes(reference, &self.layers, back) {
                stops.push((at, Some(item), self.placed(at, item).port()));
            }
            let target = Item::Card(reference.to);
            let to = self.layers[reference.to];
            stops.push((to, Some(target), self.placed(to, target).port()));
            for pair in stops.windows(2) {
                let (pulled, puller) = if rightward { (&pair[1], &pair[0]) } else { (&pair[0], &pair[1]) };
                // A lane back is pulled by what it comes from, a card not by what comes back to it.
                if pulled.0 != column || (back && matches!(pulled.1, Some(Item::Card(_)))) {
                    continue;
                }
                let item = pulled.1.or(reference.from.map(Item::Card));
                let place = self.columns[column].iter().position(|placed| Some(placed.item) == item);
                if let Some(place) = place {
                    pulls[place].push(puller.2);
                }
            }
        }
        pulls
    }

    /// Orders the columns, so that arrows cross rarely.
    fn order(&mut self) {
        for column in &mut self.columns {
            stack(column);
        }
        for sweep in 0..SWEEPS {
            let rightward = sweep % 2 == 0;
            let numbers: Vec<usize> =
                if rightward { (1..self.columns.len()).collect() } else { (1..self.columns.len()).rev().collect() };
            for number in numbers {
                let pulls = self.pulls(number, rightward);
                let column = &mut self.columns[number];
                let mut order: Vec<(f64, Placed)> = column
                    .iter()
                    .zip(pulls)
                    .map(|(placed, pulls)| (mean(&pulls).unwrap_or(placed.port()), *placed))
                    .collect();
                order.sort_by(|one, other| one.0.total_cmp(&other.0));
                *column = order.into_iter().map(|(_, placed)| placed).collect();
                stack(column);
            }
        }
    }

    /// Gives every item its height.
    fn place(&mut self) {
        for _ in 0..2 {
            for number in 1..self.columns.len() {
                let pulls = self.pulls(number, true);
                let column = &mut self.columns[number];
                let wanted = column
                    .iter()
                    .zip(pulls)
                    .map(|(placed, pulls)| match mean(&pulls) {
                        Some(pull) => pull - (placed.port() - placed.y),
                        None => placed.y,
                    })
                    .collect::<Vec<_>>();
                settle(column, &wanted);
            }
        }
        let top = self.columns.iter().flatten().map(|placed| placed.y).fold(f64::INFINITY, f64::min);
        let down = MARGIN - top.min(MARGIN);
        if down > 0.0 {
            self.columns.iter_mut().flatten().for_each(|placed| placed.y += down);
            if let Some(names) = &mut self.names {
                names.y += down;
            }
        }
    }

    fn finish(self, sizes: &[(f64, f64)]) -> Layout {
        // Where each column begins and ends; the names are column 0.
        let mut spans = Vec::with_capacity(self.columns.len());
        let mut x = MARGIN;
        for (number, column) in self.columns.iter().enumerate() {
            let widths = column.iter().map(|placed| match placed.item {
                Item::Card(card) => sizes[card].0,
                Item::Lane { .. } => 0.0,
            });
            let width =
                if number == 0 { self.names.map_or(0.0, |names| names.width) } else { widths.fold(0.0, f64::max) };
            spans.push((x, x + width));
            x += width + if number == 0 && self.names.is_none() { 0.0 } else { GAP };
        }
        let mut cards = vec![Area::default(); sizes.len()];
        for (card, area) in cards.iter_mut().enumerate() {
            let column = self.layers[card];
            let placed = self.placed(column, Item::Card(card));
            *area = Area { x: spans[column].0, y: placed.y, width: sizes[card].0, height: placed.height };
        }
        let arrows: Vec<Arrow> = self
            .references
            .iter()
            .zip(&self.backward)
            .map(|(reference, &back)| self.arrow(reference, back, &spans, &cards))
            .collect();
        let lanes = self.columns.iter().flatten().map(|placed| placed.y + placed.height);
        let bottom = lanes.chain(self.names.map(|names| names.y + names.height)).fold(0.0, f64::max);
        let right = spans.last().map_or(MARGIN, |span| span.1);
        // An arrow that turns back at the last column bulges into the margin.
        let bulge = if self.backward.iter().any(|&back| back) { GAP / 2.0 } else { 0.0 };
        Layout { names: self.names, cards, arrows, width: right + MARGIN + bulge, height: bottom + MARGIN }
    }

    fn arrow(&self, reference: &Reference, back: bool, spans: &[(f64, f64)], cards: &[Area]) -> Arrow {
        let y = self.source(reference);
        let from = reference.from.map_or(0, |card| self.layers[card]);
        let edge = match reference.from {
            Some(card) => cards[card].right(),
            None => spans[0].1,
        };
        let start = (edge - PAD - DOT / 2.0 + 3.0, y);
        let mut way = vec![Piece::Line(spans[from].1, y)];
        let lanes = lanes(reference, &self.layers, back);
        for (at, &(column, item)) in lanes.iter().enumerate() {
            let (left, right) = spans[column];
            let level = self.placed(column, item).port();
            match (back, at) {
                (false, _) => way.extend([Piece::Curve(left, level), Piece::Line(right, level)]),
                (true, 0) => way.extend([Piece::Turn(right, level, GAP * 0.6), Piece::Line(left, level)]),
                (true, _) => way.extend([Piece::Curve(right, level), Piece::Line(left, level)]),
            }
        }
        let target = cards[reference.to];
        let port = target.y + HEAD / 2.0;
        way.push(if back { Piece::Turn(target.x, port, -GAP * 0.6) } else { Piece::Curve(target.x, port) });
        Arrow { start, way, weak: reference.weak, marked: reference.marked }
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// One below the other.
fn stack(column: &mut [Placed]) {
    let mut y = MARGIN;
    for placed in column {
        placed.y = y;
        y += placed.height + BETWEEN;
    }
}

/// Moves the items of a column to where they are wanted, as near as their order and size allow: neighbours that would
/// overlap form a block, which lies at the mean of what its members want.
fn settle(column: &mut [Placed], wanted: &[f64]) {
    struct Block {
        members: usize,
        height: f64,
        /// The sum of where its beginning is wanted.
        sum: f64,
    }
    impl Block {
        fn top(&self) -> f64 {
            self.sum / self.members as f64
        }
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (placed, &wanted) in column.iter().zip(wanted) {
        let mut block = Block { members: 1, height: placed.height, sum: wanted };
        while let Some(above) = blocks.pop_if(|above| above.top() + above.height + BETWEEN > block.top()) {
            let down = above.height + BETWEEN;
            block = Block {
                members: above.members + block.members,
                height: down + block.height,
                sum: above.sum + block.sum - down * block.members as f64,
            };
        }
        blocks.push(block);
    }
    let mut items = column.iter_mut();
    for block in blocks {
        let mut y = block.top();
        for placed in items.by_ref().take(block.members) {
            placed.y = y;
            y += placed.height + BETWEEN;
        }
    }
}
