//! How large things are: characters, rows, notes, and the cards that are made of them.
//!
//! Invariant: a width is counted in characters and asked of no font, so it is the same on every machine.

use super::scene::{Card, Value};
use unicode_width::UnicodeWidthStr;

/// The width of a character, in units of the picture.
pub const CHAR: f64 = 7.8;
/// The width of a character of notes.
pub const SMALL: f64 = 6.3;
/// The height of a row.
pub const ROW: f64 = 20.0;
/// The height of the head of a card.
pub const HEAD: f64 = 24.0;
/// The height of a line of notes.
pub const NOTE: f64 = 16.0;
/// What is left free inside a card on both sides.
pub const PAD: f64 = 8.0;
/// What the label of a row and its value keep between them.
pub const APART: f64 = 12.0;
/// What is left free around everything.
pub const MARGIN: f64 = 16.0;
/// The room of the point that an arrow leaves from.
pub const DOT: f64 = 14.0;

/// The width of a text.
pub fn text_width(text: &str) -> f64 {
    text.width() as f64 * CHAR
}

/// The width of a note.
pub fn note_width(text: &str) -> f64 {
    text.width() as f64 * SMALL
}

/// The room of what a name or a row holds.
pub fn value_width(value: &Value) -> f64 {
    match value {
        Value::Text(text) => text_width(text),
        Value::Arrow { .. } => DOT,
    }
}

/// The width of the labels of a card.
pub fn label_width(card: &Card) -> f64 {
    card.rows.iter().map(|row| text_width(&row.label)).fold(0.0, f64::max)
}

/// The words under a card that is shared.
pub fn shared_note(card: &Card) -> Option<String> {
    card.shared.as_ref().map(|(_, by)| format!("shared by {by}"))
}

/// The room of the pill that says how many share a card.
pub fn pill_width(card: &Card) -> f64 {
    card.shared.as_ref().map_or(0.0, |(count, _)| note_width(&format!("×{count}")) + 12.0)
}

/// The width and height of a card.
pub fn size_of(card: &Card) -> (f64, f64) {
    let labels = label_width(card);
    let apart = if labels > 0.0 { APART } else { 0.0 };
    let rows = card.rows.iter().map(|row| labels + apart + value_width(&row.value)).fold(0.0, f64::max);
    let pill = pill_width(card);
    let head = text_width(&card.head) + APART + note_width(&card.tag) + if pill > 0.0 { APART + pill } else { 0.0 };
    let note = shared_note(card);
    let notes = [note.as_deref(), Some(card.facts.as_str()).filter(|facts| !facts.is_empty())];
    let widest = notes.iter().flatten().map(|note| note_width(note)).fold(0.0, f64::max);
    let lines = notes.iter().flatten().count() as f64;
    let height = HEAD + card.rows.len() as f64 * ROW + lines * NOTE + if lines > 0.0 { 4.0 } else { 0.0 };
    (rows.max(head).max(widest) + 2.0 * PAD, height)
}
