//! A picture in the language of Graphviz, for those who lay it out themselves.

use super::scene::{Scene, Value};
use std::fmt::Write;

/// The scene as a directed graph: records with a port a row.
pub fn dot(scene: &Scene) -> String {
    let mut out = String::from("digraph heap {\n  rankdir=LR;\n  node [shape=record, fontname=monospace];\n");
    let rows = scene.names.iter().enumerate().map(|(at, name)| field(at, &name.name, &name.value));
    if !scene.names.is_empty() {
        let _ = writeln!(out, "  names [label=\"{}\"];", rows.collect::<Vec<_>>().join("|"));
    }
    for (number, card) in scene.cards.iter().enumerate() {
        let rows = card.rows.iter().enumerate().map(|(at, row)| field(at, &row.label, &row.value));
        let head = format!("<head> {} {}", escape(&card.head), escape(&card.tag));
        let label = std::iter::once(head).chain(rows).collect::<Vec<_>>().join("|");
        let style = match (card.mutable, card.shared.is_some()) {
            (true, true) => "bold",
            (true, false) => "solid",
            (false, true) => "\"rounded,bold\"",
            (false, false) => "rounded",
        };
        let shape = if card.mutable { "record" } else { "Mrecord" };
        let _ = writeln!(out, "  o{number} [label=\"{label}\", shape={shape}, style={style}];");
    }
    let names =
        scene.names.iter().map(|name| &name.value).enumerate().map(|(at, value)| ("names".to_string(), at, value));
    let parts = scene.cards.iter().enumerate().flat_map(|(number, card)| {
        card.rows.iter().enumerate().map(move |(at, row)| (format!("o{number}"), at, &row.value))
    });
    for (from, at, value) in names.chain(parts) {
        if let Value::Arrow { card, weak } = value {
            let style = if *weak { " [style=dashed]" } else { "" };
            let _ = writeln!(out, "  {from}:p{at} -> o{card}:head{style};");
        }
    }
    out + "}\n"
}

fn field(at: usize, label: &str, value: &Value) -> String {
    let words = match value {
        Value::Text(text) if label.is_empty() => text.clone(),
        Value::Text(text) => format!("{label}: {text}"),
        Value::Arrow { .. } => label.to_string(),
    };
    format!("<p{at}> {}", escape(&words))
}

/// What means something inside a record is escaped.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' | '}' | '|' | '<' | '>' | ' ' => out.extend(['\\', c]),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
