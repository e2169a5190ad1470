//! A picture as SVG: needs nothing from the network, follows light and dark, and says in words what it shows.
//!
//! Invariant: text is never markup; what XML cannot hold is shown as a replacement character.

use super::layout::{Area, Layout, layout};
use super::measure::{MARGIN, NOTE, note_width, text_width};
use super::scene::{Scene, Value};
use super::shapes::{Shape, number, shapes};
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

/// The style of the shapes, below a root of class `heap`: rules without variables, which many viewers of SVG do not know.
pub fn style() -> String {
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
                        (words("caption", MARGIN, MARGIN + 12.0 + at as f64 * CAPTION, line, text_width(line)))
                    }
                    g transform={ "translate(0 " (number(*above)) ")" } {
                        @for shape in shapes(&panel.scene, layout) { (draw(&shape)) }
                    }
                }
            }
            @if !legend.is_empty() {
                (words("note", MARGIN, legend_y + NOTE, &legend, note_width(&legend)))
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

fn draw(shape: &Shape) -> Markup {
    html! {
        @match shape {
            Shape::Group { class, inside } => g class=(class) { @for shape in inside { (draw(shape)) } },
            Shape::Rectangle { class, area: Area { x, y, width, height }, radius } => {
                rect class=(class) x=(number(*x)) y=(number(*y)) width=(number(*width)) height=(number(*height))
                    rx=(number(*radius)) {}
            }
            Shape::Rule { from, to, y } => {
                line class="rule" x1=(number(*from)) x2=(number(*to)) y1=(number(*y)) y2=(number(*y)) {}
            }
            Shape::Text { class, x, y, width, text } => { (words(class, *x, *y, text, *width)) }
            Shape::Dot { class, x, y, radius } => {
                circle class=(class) cx=(number(*x)) cy=(number(*y)) r=(number(*radius)) {}
            }
            Shape::Path { class, way } => path class=(class) d=(way) {},
        }
    }
}

/// A text that takes the room reserved for it, whatever the font.
fn words(class: &str, x: f64, y: f64, words: &str, width: f64) -> Markup {
    html! {
        @if !words.is_empty() {
            text class=[Some(class).filter(|class| !class.is_empty())] x=(number(x)) y=(number(y))
                textLength=(number(width)) lengthAdjust="spacingAndGlyphs" xml:space="preserve" { (clean(words)) }
        }
    }
}

/// The text without what XML 1.0 cannot hold, not even escaped.
pub fn clean(text: &str) -> String {
    let allowed = |c: char| !(c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{fffe}' | '\u{ffff}'));
    text.chars().map(|c| if allowed(c) { c } else { '\u{fffd}' }).collect()
}
