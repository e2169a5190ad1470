//! A program step by step: a picture after each statement, with what the statement changed marked.
//!
//! Invariant: an object keeps its label from picture to picture as long as it lives.

use super::scene::{Options, Scene, own_cards};
use super::svg::Panel;
use crate::engine::steps::Step;
use crate::report::heap::{View, at};
use std::collections::HashMap;
use verysame_engine::inspect::{Label, Object};

/// The longest line of a caption.
const LONGEST: usize = 72;
/// How many lines of a statement are shown.
const MOST_LINES: usize = 6;

/// Which object: what tells it from others, and what has to stay the same for it to be the same.
type Who<'a> = (usize, &'a str);

/// What a moment is compared by.
#[derive(Default)]
struct State<'a> {
    /// What the names are bound to.
    names: HashMap<&'a str, What<'a>>,
    /// What the objects hold.
    parts: HashMap<(Who<'a>, &'a Label), What<'a>>,
    /// The labels of the objects that have a card.
    tags: HashMap<Who<'a>, usize>,
}

/// What is referred to: an object with a card, or the text of one without.
#[derive(Clone, PartialEq, Eq)]
enum What<'a> {
    Object(Who<'a>),
    Text(Option<&'a str>, &'a str),
}

/// A panel for each step.
pub fn panels(steps: &[Step], options: &Options) -> Vec<Panel> {
    let mut last = State::default();
    let mut labels = 0;
    let mut panels = Vec::new();
    for step in steps {
        let (state, panel) = panel(step, &last, &mut labels, options);
        panels.push(panel);
        last = state;
    }
    panels
}

fn panel<'a>(step: &'a Step, last: &State<'a>, labels: &mut usize, options: &Options) -> (State<'a>, Panel) {
    let graph = &step.moment.graph;
    let cards = own_cards(graph, options.boxes);
    let identity = |object: &Object| step.moment.identities.get(at(object.id)).copied().unwrap_or_default();
    let who: Vec<Who> = graph.objects.iter().map(|object| (identity(object), object.type_name.as_str())).collect();
    let what = |id| match (cards[at(id)], graph.object(id)) {
        (false, Some(object)) if object.text.is_some() => What::Text(object.text.as_deref(), &object.type_name),
        _ => What::Object(who[at(id)]),
    };
    let mut state = State::default();
    let mut tags = vec![String::new(); graph.objects.len()];
    for object in graph.objects.iter().filter(|object| cards[at(object.id)]) {
        let who = who[at(object.id)];
        let tag = last.tags.get(&who).copied().unwrap_or_else(|| {
            *labels += 1;
            *labels
        });
        state.tags.insert(who, tag);
        tags[at(object.id)] = format!("#{tag}");
    }
    let mut options = Options { tags, ..options.clone() };
    let view = View::with(graph, cards.clone());
    for name in &graph.names {
        let bound = what(name.object);
        if last.names.get(name.name.as_str()) != Some(&bound) {
            options.marked.insert(name.name.clone());
        }
        state.names.insert(&name.name, bound);
    }
    for edge in &graph.edges {
        let key = (who[at(edge.from)], &edge.label);
        let held = what(edge.to);
        // All of a new object is new, which its own arrow tells.
        if last.tags.contains_key(&key.0) && last.parts.get(&key) != Some(&held) {
            options.marked.insert(view.paths[at(edge.from)].clone() + &view.step(edge));
        }
        state.parts.insert(key, held);
    }
    let mut caption = String::new();
    for (number, line) in step.source.lines().take(MOST_LINES).enumerate() {
        let place = if number == 0 { format!("{:>3}  ", step.line) } else { "     ".to_string() };
        caption += &format!("{place}{}\n", crate::report::heap::shorten(line, LONGEST));
    }
    if step.source.lines().count() > MOST_LINES {
        caption += "     …\n";
    }
    let mut gone: Vec<String> =
        last.names.keys().filter(|name| !state.names.contains_key(*name)).map(ToString::to_string).collect();
    gone.sort();
    let mut dead: Vec<usize> =
        last.tags.iter().filter(|(who, _)| !state.tags.contains_key(*who)).map(|(_, &tag)| tag).collect();
    dead.sort_unstable();
    gone.extend(dead.iter().map(|tag| format!("#{tag}")));
    if !gone.is_empty() {
        caption += &format!("     gone: {}\n", crate::report::heap::shorten(&gone.join(", "), LONGEST));
    }
    (state, Panel { caption, scene: Scene::of(graph, &options) })
}
