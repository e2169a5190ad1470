//! A picture as plain shapes, for whoever writes them down: as SVG in a file, or as data that a page draws.
//!
//! Invariant: every text has its width, and no shape depends on fonts or the machine.

use super::layout::{Area, Arrow, Layout, Piece};
use super::measure::{APART, DOT, HEAD, NOTE, PAD, ROW, label_width, note_width, pill_width, shared_note, text_width};
use super::scene::{Card, Scene, Value};

/// Something that is drawn; its class says how it looks.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// Shapes that belong together.
    Group {
        /// What they are.
        class: &'static str,
        /// The shapes.
        inside: Vec<Shape>,
    },
    /// A rectangle.
    Rectangle {
        /// What it is.
        class: &'static str,
        /// Where it is.
        area: Area,
        /// The radius of its corners.
        radius: f64,
    },
    /// A line between two rows.
    Rule {
        /// Its left end.
        from: f64,
        /// Its right end.
        to: f64,
        /// Its height.
        y: f64,
    },
    /// A text that is not empty.
    Text {
        /// What it is; may be empty.
        class: &'static str,
        /// Its left end.
        x: f64,
        /// Its base line.
        y: f64,
        /// The room that it takes.
        width: f64,
        /// The text.
        text: String,
    },
    /// The point that an arrow leaves from.
    Dot {
        /// What it is.
        class: &'static str,
        /// Its middle.
        x: f64,
        /// Its middle.
        y: f64,
        /// Its radius.
        radius: f64,
    },
    /// An arrow, or its tip.
    Path {
        /// What it is.
        class: &'static str,
        /// As SVG writes ways.
        way: String,
    },
}

/// The shapes of a picture: the names, the cards, the arrows.
pub fn shapes(scene: &Scene, layout: &Layout) -> Vec<Shape> {
    let mut out = Vec::new();
    if let Some(area) = layout.names {
        names(&mut out, scene, area);
    }
    out.extend(scene.cards.iter().zip(&layout.cards).map(|(card, area)| draw_card(card, *area)));
    for arrow in &layout.arrows {
        draw_arrow(&mut out, arrow);
    }
    out
}

fn names(out: &mut Vec<Shape>, scene: &Scene, area: Area) {
    out.push(Shape::Rectangle { class: "panel", area, radius: 10.0 });
    text(out, "note", area.x + PAD, area.y + 16.0, "names", note_width("names"));
    for (at, name) in scene.names.iter().enumerate() {
        let y = area.y + HEAD + at as f64 * ROW;
        let class = if name.marked { "kind marked" } else { "kind" };
        text(out, class, area.x + PAD, y + 14.0, &name.name, text_width(&name.name));
        value(out, &name.value, area, y);
    }
}

fn draw_card(card: &Card, area: Area) -> Shape {
    let mut out = Vec::new();
    let radius = if card.mutable { 1.0 } else { 9.0 };
    let class = if card.mutable { "card mutable" } else { "card fixed" };
    out.push(Shape::Rectangle { class, area, radius });
    out.push(Shape::Rectangle { class: "bar", area: Area { height: HEAD, ..area }, radius });
    if !card.mutable {
        let inner = Area { x: area.x + 3.0, y: area.y + 3.0, width: area.width - 6.0, height: area.height - 6.0 };
        out.push(Shape::Rectangle { class: "inner", area: inner, radius: radius - 3.0 });
    }
    text(&mut out, "kind", area.x + PAD, area.y + 16.0, &card.head, text_width(&card.head));
    let tag_x = area.x + PAD + text_width(&card.head) + APART;
    text(&mut out, "note", tag_x, area.y + 16.0, &card.tag, note_width(&card.tag));
    if let Some((count, _)) = &card.shared {
        let width = pill_width(card);
        let pill = Area { x: area.right() - PAD - width, y: area.y + 5.0, width, height: 14.0 };
        let words = format!("×{count}");
        out.push(Shape::Rectangle { class: "pill", area: pill, radius: 7.0 });
        text(&mut out, "pill-text", pill.x + 6.0, pill.y + 11.0, &words, note_width(&words));
    }
    let labels = label_width(card);
    for (at, row) in card.rows.iter().enumerate() {
        let y = area.y + HEAD + at as f64 * ROW;
        if at > 0 {
            out.push(Shape::Rule { from: area.x, to: area.right(), y });
        }
        let class = if row.marked { "marked" } else { "" };
        text(&mut out, class, area.x + PAD, y + 14.0, &row.label, text_width(&row.label));
        match &row.value {
            Value::Text(words) if labels == 0.0 => {
                text(&mut out, class, area.x + PAD, y + 14.0, words, text_width(words));
            }
            held => value(&mut out, held, area, y),
        }
    }
    let below = area.y + HEAD + card.rows.len() as f64 * ROW;
    let note = shared_note(card);
    let notes = [note.as_deref(), Some(card.facts.as_str()).filter(|facts| !facts.is_empty())];
    for (at, note) in notes.iter().flatten().enumerate() {
        text(&mut out, "note", area.x + PAD, below + 12.0 + at as f64 * NOTE, note, note_width(note));
    }
    Shape::Group { class: if card.shared.is_some() { "object shared" } else { "object" }, inside: out }
}

/// What stands at the right edge of a row; the point that an arrow leaves from is the arrow's.
fn value(out: &mut Vec<Shape>, value: &Value, area: Area, y: f64) {
    if let Value::Text(words) = value {
        text(out, "", area.right() - PAD - text_width(words), y + 14.0, words, text_width(words));
    }
}

fn draw_arrow(out: &mut Vec<Shape>, arrow: &Arrow) {
    let (mut x, mut y) = arrow.start;
    let mut way = format!("M{} {}", number(x), number(y));
    for piece in &arrow.way {
        let (to_x, to_y) = match *piece {
            Piece::Line(to_x, to_y) => {
                way += &format!("L{} {}", number(to_x), number(to_y));
                (to_x, to_y)
            }
            Piece::Curve(to_x, to_y) => {
                let half = (x + to_x) / 2.0;
                way += &curve((half, y), (half, to_y), (to_x, to_y));
                (to_x, to_y)
            }
            Piece::Turn(to_x, to_y, bulge) => {
                way += &curve((x + bulge, y), (to_x + bulge, to_y), (to_x, to_y));
                (to_x, to_y)
            }
        };
        (x, y) = (to_x, to_y);
    }
    let [dot, line, tip] = match (arrow.weak, arrow.marked) {
        (true, true) => ["dot weak marked", "arrow weak marked", "tip weak marked"],
        (true, false) => ["dot weak", "arrow weak", "tip weak"],
        (false, true) => ["dot marked", "arrow marked", "tip marked"],
        (false, false) => ["dot", "arrow", "tip"],
    };
    out.push(Shape::Dot { class: dot, x: arrow.start.0, y: arrow.start.1, radius: DOT / 4.0 });
    out.push(Shape::Path { class: line, way });
    out.push(Shape::Path { class: tip, way: format!("M{0} {1}l-9 -4.5v9z", number(x), number(y)) });
}

fn curve(first: (f64, f64), second: (f64, f64), end: (f64, f64)) -> String {
    let point = |(x, y): (f64, f64)| format!("{} {}", number(x), number(y));
    format!("C{} {} {}", point(first), point(second), point(end))
}

fn text(out: &mut Vec<Shape>, class: &'static str, x: f64, y: f64, words: &str, width: f64) {
    if !words.is_empty() {
        out.push(Shape::Text { class, x, y, width, text: words.to_string() });
    }
}

/// A number with at most two decimals.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
