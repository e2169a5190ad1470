//! A picture as SVG: needs nothing from the network, follows light and dark, and says in words what it shows.
//!
//! Invariant: text is never markup; what XML cannot hold is shown as a replacement character.

use super::layout::{
    APART, Area, Arrow, DOT, HEAD, Layout, MARGIN, NOTE, PAD, Piece, ROW, label_width, layout, note_width, pill_width,
    shared_note, text_width,
};
use super::scene::{Card, Scene, Value};
use maud::{Markup, PreEscaped, html};

/// A picture with what is said about it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Panel {
    /// The words above it; may have several lines.
    pub caption: String,
    /// What it shows.
    pub scene: Scene,
}

/// Pictures on one sheet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheet {
    /// What the whole is called.
    pub title: String,
    /// The same in words, for those who do not see it.
    pub words: String,
    /// The pictures.
    pub panels: Vec<Panel>,
    /// They stand side by side, not one below the other.
    pub beside: bool,
}

const SHAPES: &str = "\
.heap text{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:13px;white-space:pre}\
.heap .note{font-size:10.5px}.heap .caption,.heap .kind,.heap text.marked{font-weight:bold}\
.heap .card{stroke-width:1.2}.heap .inner{fill:none;stroke-width:.7}.heap .shared .card{stroke-width:2.6}\
.heap .pill-text{font-size:10.5px;font-weight:bold}.heap .rule{stroke-width:.5;opacity:.5}\
.heap .arrow{fill:none;stroke-width:1.3}.heap .weak.arrow{stroke-dasharray:5 4}.heap .marked.arrow{stroke-width:2.4}";

/// The colours of a picture, in light or dark surroundings.
struct Colours {
    paper: &'static str,
    ink: &'static str,
    quiet: &'static str,
    line: &'static str,
    mutable: &'static str,
    fixed: &'static str,
    bar: &'static str,
    panel: &'static str,
    shared: &'static str,
    mark: &'static str,
}

const LIGHT: Colours = Colours {
    paper: "#ffffff",
    ink: "#1c2430",
    quiet: "#566172",
    line: "#8391a3",
    mutable: "#fff4e0",
    fixed: "#e9f1fb",
    bar: "#000000",
    panel: "#f3f5f8",
    shared: "#a8480a",
    mark: "#c0143c",
};

const DARK: Colours = Colours {
    paper: "#14181f",
    ink: "#e8edf4",
    quiet: "#a3b0c0",
    line: "#7a889b",
    mutable: "#3a2d14",
    fixed: "#16283f",
    bar: "#ffffff",
    panel: "#1d232d",
    shared: "#f0a35e",
    mark: "#ff7b98",
};

/// Rules without variables, which many viewers of SVG do not know.
fn style() -> String {
    let rules = |colours: &Colours| {
        let Colours { paper, ink, quiet, line, mutable, fixed, bar, panel, shared, mark } = colours;
        format!(
            ".heap .paper,.heap .pill-text{{fill:{paper}}}.heap text,.heap .dot,.heap .tip{{fill:{ink}}}\
             .heap .note{{fill:{quiet}}}.heap .card,.heap .inner,.heap .rule,.heap .panel{{stroke:{line}}}\
             .heap .panel{{fill:{panel}}}.heap .mutable{{fill:{mutable}}}.heap .fixed{{fill:{fixed}}}\
             .heap .bar{{fill:{bar};fill-opacity:.07}}.heap .arrow{{stroke:{ink}}}.heap .shared .card{{stroke:{shared}}}\
             .heap .pill{{fill:{shared}}}.heap .pill-text{{fill:{paper}}}.heap .marked.arrow{{stroke:{mark}}}\
             .heap .marked.dot,.heap .marked.tip,.heap text.marked{{fill:{mark}}}"
        )
    };
    format!("{}{SHAPES}@media(prefers-color-scheme:dark){{{}}}", rules(&LIGHT), rules(&DARK))
}

/// The height of a line of a caption.
const CAPTION: f64 = 18.0;
/// What two pictures keep between them.
const APART_PANELS: f64 = 24.0;

/// The sheet as one SVG document.
pub fn svg(sheet: &Sheet) -> String {
    let layouts: Vec<Layout> = sheet.panels.iter().map(|panel| layout(&panel.scene)).collect();
    let mut places = Vec::new();
    let (mut x, mut y, mut width, mut height) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for (panel, layout) in sheet.panels.iter().zip(&layouts) {
        let lines: Vec<&str> = panel.caption.lines().collect();
        let above = if lines.is_empty() { 0.0 } else { lines.len() as f64 * CAPTION + MARGIN };
        let widest = lines.iter().map(|line| text_width(line)).fold(0.0, f64::max) + 2.0 * MARGIN;
        let size = (layout.width.max(widest).max(120.0), layout.height + above);
        places.push((x, y, above));
        (width, height) = (width.max(x + size.0), height.max(y + size.1));
        if sheet.beside { x += size.0 + APART_PANELS } else { y += size.1 + APART_PANELS }
    }
    let legend = legend(&sheet.panels);
    let legend_y = height;
    if !legend.is_empty() {
        height += NOTE + MARGIN;
        width = width.max(2.0 * MARGIN + note_width(&legend));
    }
    let drawing = html! {
        svg xmlns="http://www.w3.org/2000/svg" class="heap" role="img" aria-label=(clean(&sheet.title))
            width=(number(width)) height=(number(height)) viewBox={ "0 0 " (number(width)) " " (number(height)) } {
            title { (clean(&sheet.title)) }
            desc { (clean(&sheet.words)) }
            style { (PreEscaped(style())) }
            rect class="paper" width="100%" height="100%" {}
            @for ((panel, layout), (x, y, above)) in sheet.panels.iter().zip(&layouts).zip(&places) {
                g transform={ "translate(" (number(*x)) " " (number(*y)) ")" } {
                    @for (at, line) in panel.caption.lines().enumerate() {
                        (text("caption", MARGIN, MARGIN + 12.0 + at as f64 * CAPTION, line, text_width(line)))
                    }
                    g transform={ "translate(0 " (number(*above)) ")" } { (picture(&panel.scene, layout)) }
                }
            }
            @if !legend.is_empty() {
                (text("note", MARGIN, legend_y + NOTE, &legend, note_width(&legend)))
            }
        }
    };
    drawing.into_string() + "\n"
}

/// What the signs in use mean.
fn legend(panels: &[Panel]) -> String {
    let cards = || panels.iter().flat_map(|panel| &panel.scene.cards);
    let rows = || cards().flat_map(|card| &card.rows);
    let weak = rows().any(|row| matches!(row.value, Value::Arrow { weak: true, .. }));
    let marked =
        rows().any(|row| row.marked) || panels.iter().flat_map(|panel| &panel.scene.names).any(|name| name.marked);
    let signs = [
        (cards().any(|card| card.mutable), "square: can be changed"),
        (cards().any(|card| !card.mutable), "round, double line: cannot"),
        (cards().any(|card| card.shared.is_some()), "thick, ×n: n references"),
        (weak, "dashed: weak reference"),
        (marked, "red: what is different"),
    ];
    let shown: Vec<&str> = signs.iter().filter(|(used, _)| *used).map(|(_, words)| *words).collect();
    shown.join(" · ")
}

fn picture(scene: &Scene, layout: &Layout) -> Markup {
    html! {
        @if let Some(area) = layout.names { (names(scene, area)) }
        @for (card, area) in scene.cards.iter().zip(&layout.cards) { (draw_card(card, *area)) }
        @for arrow in &layout.arrows { (draw_arrow(arrow)) }
    }
}

fn names(scene: &Scene, area: Area) -> Markup {
    html! {
        (rectangle("panel", area, 10.0))
        (text("note", area.x + PAD, area.y + 16.0, "names", note_width("names")))
        @for (at, name) in scene.names.iter().enumerate() {
            @let y = area.y + HEAD + at as f64 * ROW;
            (text(if name.marked { "kind marked" } else { "kind" }, area.x + PAD, y + 14.0, &name.name, text_width(&name.name)))
            (value(&name.value, area, y))
        }
    }
}

fn draw_card(card: &Card, area: Area) -> Markup {
    let radius = if card.mutable { 1.0 } else { 9.0 };
    let class = if card.mutable { "card mutable" } else { "card fixed" };
    let inner = Area { x: area.x + 3.0, y: area.y + 3.0, width: area.width - 6.0, height: area.height - 6.0 };
    let labels = label_width(card);
    let below = area.y + HEAD + card.rows.len() as f64 * ROW;
    let note = shared_note(card);
    let notes = [note.as_deref(), Some(card.facts.as_str()).filter(|facts| !facts.is_empty())];
    let tag_x = area.x + PAD + text_width(&card.head) + APART;
    html! {
        g class=(if card.shared.is_some() { "object shared" } else { "object" }) {
            (rectangle(class, area, radius))
            (rectangle("bar", Area { height: HEAD, ..area }, radius))
            @if !card.mutable { (rectangle("inner", inner, radius - 3.0)) }
            (text("kind", area.x + PAD, area.y + 16.0, &card.head, text_width(&card.head)))
            (text("note", tag_x, area.y + 16.0, &card.tag, note_width(&card.tag)))
            @if let Some((count, _)) = &card.shared {
                @let width = pill_width(card);
                @let pill = Area { x: area.right() - PAD - width, y: area.y + 5.0, width, height: 14.0 };
                @let words = format!("×{count}");
                (rectangle("pill", pill, 7.0))
                (text("pill-text", pill.x + 6.0, pill.y + 11.0, &words, note_width(&words)))
            }
            @for (at, row) in card.rows.iter().enumerate() {
                @let y = area.y + HEAD + at as f64 * ROW;
                @if at > 0 { line class="rule" x1=(number(area.x)) x2=(number(area.right())) y1=(number(y)) y2=(number(y)) {} }
                @let class = if row.marked { "marked" } else { "" };
                (text(class, area.x + PAD, y + 14.0, &row.label, text_width(&row.label)))
                @if labels > 0.0 || matches!(row.value, Value::Arrow { .. }) {
                    (value(&row.value, area, y))
                } @else if let Value::Text(words) = &row.value {
                    (text(class, area.x + PAD, y + 14.0, words, text_width(words)))
                }
            }
            @for (at, note) in notes.iter().flatten().enumerate() {
                (text("note", area.x + PAD, below + 12.0 + at as f64 * NOTE, note, note_width(note)))
            }
        }
    }
}

/// What stands at the right edge of a row; the point that an arrow leaves from is the arrow's.
fn value(value: &Value, area: Area, y: f64) -> Markup {
    match value {
        Value::Text(words) => text("", area.right() - PAD - text_width(words), y + 14.0, words, text_width(words)),
        Value::Arrow { .. } => html! {},
    }
}

fn draw_arrow(arrow: &Arrow) -> Markup {
    let (mut x, mut y) = arrow.start;
    let mut path = format!("M{} {}", number(x), number(y));
    for piece in &arrow.way {
        let (to_x, to_y) = match *piece {
            Piece::Line(to_x, to_y) => {
                path += &format!("L{} {}", number(to_x), number(to_y));
                (to_x, to_y)
            }
            Piece::Curve(to_x, to_y) => {
                let half = (x + to_x) / 2.0;
                path += &curve((half, y), (half, to_y), (to_x, to_y));
                (to_x, to_y)
            }
            Piece::Turn(to_x, to_y, bulge) => {
                path += &curve((x + bulge, y), (to_x + bulge, to_y), (to_x, to_y));
                (to_x, to_y)
            }
        };
        (x, y) = (to_x, to_y);
    }
    let more = match (arrow.weak, arrow.marked) {
        (true, true) => " weak marked",
        (true, false) => " weak",
        (false, true) => " marked",
        (false, false) => "",
    };
    let (start_x, start_y) = arrow.start;
    let tip = format!("M{0} {1}l-9 -4.5v9z", number(x), number(y));
    html! {
        circle class={ "dot" (more) } cx=(number(start_x)) cy=(number(start_y)) r=(number(DOT / 4.0)) {}
        path class={ "arrow" (more) } d=(path) {}
        path class={ "tip" (more) } d=(tip) {}
    }
}

fn curve(first: (f64, f64), second: (f64, f64), end: (f64, f64)) -> String {
    let point = |(x, y): (f64, f64)| format!("{} {}", number(x), number(y));
    format!("C{} {} {}", point(first), point(second), point(end))
}

fn rectangle(class: &str, area: Area, radius: f64) -> Markup {
    html! {
        rect class=(class) x=(number(area.x)) y=(number(area.y)) width=(number(area.width)) height=(number(area.height))
            rx=(number(radius)) {}
    }
}

/// A text that takes the room reserved for it, whatever the font.
fn text(class: &str, x: f64, y: f64, words: &str, width: f64) -> Markup {
    html! {
        @if !words.is_empty() {
            text class=[Some(class).filter(|class| !class.is_empty())] x=(number(x)) y=(number(y))
                textLength=(number(width)) lengthAdjust="spacingAndGlyphs" xml:space="preserve" { (clean(words)) }
        }
    }
}

/// A number with at most two decimals.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// The text without what XML 1.0 cannot hold, not even escaped.
pub(super) fn clean(text: &str) -> String {
    let allowed = |c: char| !(c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{fffe}' | '\u{ffff}'));
    text.chars().map(|c| if allowed(c) { c } else { '\u{fffd}' }).collect()
}
