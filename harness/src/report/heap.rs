//! A heap graph for a terminal: names left, objects right, one line for each object that stands alone.
//!
//! Text with ANSI styles; whoever prints it takes them out where they are not wanted. Objects are called by their
//! numbers in the snapshot, never by addresses, so the text is the same on every run.

use anstyle::{AnsiColor, Style};
use std::collections::VecDeque;
use std::fmt::Write;
use verysame_engine::inspect::{Edge, Label, Leaks, Object, ObjectId, Snapshot};

const LABEL: Style = AnsiColor::Cyan.on_default();
const NOTE: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();

/// The longest content of a line.
const WIDEST: usize = 60;
/// The longest text of an object inside another.
const INSIDE: usize = 24;
/// How many parts of an object a line shows.
const MOST_PARTS: usize = 10;
/// How many of those that share an object are named.
const MOST_SHARING: usize = 4;
/// How deep tuples are written out inside each other.
const DEEPEST: usize = 4;

/// The graph as text, with a head line.
pub fn render(graph: &Snapshot) -> String {
    let lines = View::of(graph).lines(|_| true);
    if lines.is_empty() { "no names are bound\n".to_string() } else { table(&lines) }
}

/// What outlives a program as text.
pub fn render_leaks(leaks: &Leaks) -> String {
    let mut out = String::new();
    let mut section = |title: String, body: String| {
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = write!(out, "{gap}{STRONG}{title}{STRONG:#}\n{body}");
    };
    let alone = |graph: &Snapshot| graph.stands_alone().iter().filter(|alone| **alone).count();
    if leaks.collectable > 0 {
        let title = format!(
            "unreachable: gc.collect() would free {}, {} of them shown",
            counted(leaks.collectable),
            alone(&leaks.unreachable).min(leaks.collectable)
        );
        section(title, table(&View::of(&leaks.unreachable).lines(|_| true)));
    }
    if !leaks.cyclic.is_empty() {
        let title = "held by cycles alone once the names are gone, until gc.collect()".to_string();
        section(title, table(&View::of(&leaks.named).lines(|id| leaks.cyclic.contains(&id))));
    }
    if !leaks.held.is_empty() {
        let lines = leaks.held.iter().map(|held| Line {
            names: held.path.clone(),
            head: String::new(),
            content: shorten(
                &held.object.text.clone().unwrap_or_else(|| format!("a {}", held.object.type_name)),
                WIDEST,
            ),
            count: count(&held.object),
            size: size(&held.object),
            notes: String::new(),
        });
        section("held by modules".to_string(), table(&lines.collect::<Vec<_>>()));
    }
    if out.is_empty() { "nothing outlives the names of the program\n".to_string() } else { out }
}

fn counted(count: usize) -> String {
    format!("{count} object{}", if count == 1 { "" } else { "s" })
}

/// A line of the table.
struct Line {
    names: String,
    head: String,
    content: String,
    count: String,
    size: String,
    notes: String,
}

fn table(lines: &[Line]) -> String {
    let widest = |part: fn(&Line) -> &str, least: &str| {
        lines.iter().map(|line| width(part(line))).chain([width(least)]).max().unwrap_or_default()
    };
    let arrow = "-> ";
    let names = widest(|line| &line.names, "names");
    let head = widest(|line| &line.head, "");
    let (counts, sizes) = (widest(|line| &line.count, "count"), widest(|line| &line.size, "size"));
    let gap = usize::from(head > 0);
    let content = widest(|line| &line.content, "").max(width("objects").saturating_sub(head + gap));
    let mut out = String::new();
    let first = pad("objects", head + gap + content);
    let _ =
        writeln!(out, "{QUIET}{}     {first}  {:>counts$}  {:>sizes$}{QUIET:#}", pad("names", names), "count", "size");
    for line in lines {
        let arrow = if line.names.is_empty() { "   " } else { arrow };
        let _ = write!(out, "{STRONG}{}{STRONG:#}  {arrow}", pad(&line.names, names));
        let _ =
            write!(out, "{LABEL}{}{LABEL:#}{}{}", pad(&line.head, head), " ".repeat(gap), pad(&line.content, content));
        let _ = write!(out, "  {:>counts$}  {:>sizes$}", line.count, line.size);
        if !line.notes.is_empty() {
            let _ = write!(out, "  {NOTE}{}{NOTE:#}", line.notes);
        }
        out.push('\n');
    }
    out
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

pub(crate) fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

pub(crate) fn count(object: &Object) -> String {
    match object.count {
        _ if object.immortal => "immortal".to_string(),
        Some(count) => count.to_string(),
        None => "-".to_string(),
    }
}

pub(crate) fn size(object: &Object) -> String {
    object.size.map_or("-".to_string(), |size| size.to_string())
}

/// A graph with what is derived from it once.
pub(crate) struct View<'a> {
    pub graph: &'a Snapshot,
    /// The references of each object.
    pub edges: Vec<Vec<&'a Edge>>,
    referrers: Vec<Vec<&'a Edge>>,
    /// Which objects are not written where they are referred to.
    pub alone: Vec<bool>,
    /// The shortest path to each object.
    pub paths: Vec<String>,
}

impl<'a> View<'a> {
    fn of(graph: &'a Snapshot) -> View<'a> {
        View::with(graph, graph.stands_alone())
    }

    /// The same with other objects that stand alone.
    pub fn with(graph: &'a Snapshot, alone: Vec<bool>) -> View<'a> {
        let edges = graph.edges_by_object();
        let mut referrers = vec![Vec::new(); graph.objects.len()];
        for edge in graph.edges.iter().filter(|edge| edge.label.is_counted()) {
            referrers[at(edge.to)].push(edge);
        }
        let mut view = View { graph, edges, referrers, alone, paths: Vec::new() };
        view.paths = view.paths_from_names();
        view
    }

    /// The shortest path to each object.
    fn paths_from_names(&self) -> Vec<String> {
        let mut paths: Vec<Option<String>> = vec![None; self.graph.objects.len()];
        let mut queue = VecDeque::new();
        for name in &self.graph.names {
            let path = &mut paths[at(name.object)];
            if path.is_none() {
                *path = Some(name.name.clone());
                queue.push_back(name.object);
            }
        }
        while let Some(id) = queue.pop_front() {
            let base = paths[at(id)].clone().unwrap_or_default();
            for edge in &self.edges[at(id)] {
                if paths[at(edge.to)].is_none() {
                    paths[at(edge.to)] = Some(base.clone() + &self.step(edge));
                    queue.push_back(edge.to);
                }
            }
        }
        paths.into_iter().map(Option::unwrap_or_default).collect()
    }

    pub fn step(&self, edge: &Edge) -> String {
        self.graph.step(edge, &self.edges[at(edge.from)])
    }

    fn lines(&self, wanted: impl Fn(ObjectId) -> bool) -> Vec<Line> {
        let cycles = self.cycles();
        let shown = self.graph.objects.iter().filter(|object| self.alone[at(object.id)] && wanted(object.id));
        let line = |object: &Object| Line {
            names: self.names(object.id).join(", "),
            head: format!("#{}", object.id),
            content: shorten(&self.content(object.id, 0), WIDEST),
            count: count(object),
            size: size(object),
            notes: self.notes(object, cycles[at(object.id)].as_deref()),
        };
        shown.map(line).collect()
    }

    /// The variables of this name; a name with a number sign stands for no variable.
    fn names(&self, id: ObjectId) -> Vec<&str> {
        let names = self.graph.names.iter().filter(|name| name.object == id && !name.name.starts_with('#'));
        names.map(|name| name.name.as_str()).collect()
    }

    /// Who refers to an object: names first, then the paths of what holds it.
    pub fn sharing(&self, id: ObjectId) -> Vec<String> {
        let held = self.referrers[at(id)].iter().map(|edge| self.paths[at(edge.from)].clone() + &self.step(edge));
        self.names(id).iter().map(ToString::to_string).chain(held).collect()
    }

    fn notes(&self, object: &Object, cycle: Option<&str>) -> String {
        let mut notes = Vec::new();
        let sharing = self.sharing(object.id);
        if sharing.len() > 1 {
            let more = sharing.len().saturating_sub(MOST_SHARING);
            let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
            notes.push(format!("shared by {}{tail}", sharing[..sharing.len() - more].join(", ")));
        }
        notes.extend(cycle.map(|cycle| format!("cycle {cycle}")));
        if object.cut > 0 {
            notes.push(format!(
                "{} not followed",
                if object.cut == 1 { "1 reference".into() } else { format!("{} references", object.cut) }
            ));
        }
        notes.join("; ")
    }

    /// For the first object of each cycle the shortest way from it back to itself.
    fn cycles(&self) -> Vec<Option<String>> {
        let mut cycles = vec![None; self.graph.objects.len()];
        let mut known = vec![false; self.graph.objects.len()];
        let groups = components(self.graph, &self.edges);
        for object in self.graph.objects.iter().filter(|object| self.alone[at(object.id)]) {
            let group = groups[at(object.id)];
            if std::mem::replace(&mut known[group], true) {
                continue;
            }
            cycles[at(object.id)] = self.way_back(object.id, &groups);
        }
        cycles
    }

    fn way_back(&self, start: ObjectId, groups: &[usize]) -> Option<String> {
        let mut paths: Vec<Option<String>> = vec![None; self.graph.objects.len()];
        let mut queue = VecDeque::from([(start, self.paths[at(start)].clone())]);
        while let Some((id, path)) = queue.pop_front() {
            for edge in self.edges[at(id)].iter().filter(|edge| edge.label.is_counted()) {
                let path = path.clone() + &self.step(edge);
                if edge.to == start {
                    return Some(path);
                }
                if groups[at(edge.to)] == groups[at(start)] && paths[at(edge.to)].is_none() {
                    paths[at(edge.to)] = Some(path.clone());
                    queue.push_back((edge.to, path));
                }
            }
        }
        None
    }

    /// An object as it stands in its own line.
    fn content(&self, id: ObjectId, depth: usize) -> String {
        let Some(object) = self.graph.object(id) else { return String::new() };
        let edges = &self.edges[at(id)];
        let positional = |edge: &&&Edge| matches!(edge.label, Label::Item(_) | Label::Member(_) | Label::Value(_));
        let mut inside: Vec<String> = Vec::new();
        for edge in edges.iter().filter(positional).take(MOST_PARTS) {
            let value = self.reference(edge.to, depth);
            let key = edges
                .iter()
                .find(|key| matches!((&key.label, &edge.label), (Label::Key(k), Label::Value(v)) if k == v));
            inside.push(match key {
                Some(key) => format!("{}: {value}", self.reference(key.to, depth)),
                None => value,
            });
        }
        let more = edges.iter().filter(positional).count().saturating_sub(MOST_PARTS);
        if more > 0 {
            inside.push(format!("… {more} more"));
        }
        if object.cut > 0 {
            inside.push("…".to_string());
        }
        let named: Vec<String> = edges
            .iter()
            .filter_map(|edge| Some(format!("{}={}", name_of(&edge.label)?, self.reference(edge.to, depth))))
            .collect();
        let inside = inside.join(", ");
        let base = match object.type_name.as_str() {
            _ if object.text.is_some() => object.text.clone().unwrap_or_default(),
            "list" => return format!("[{inside}]"),
            "tuple" if edges.len() == 1 => return format!("({inside},)"),
            "tuple" => return format!("({inside})"),
            "dict" => return format!("{{{inside}}}"),
            "set" if !inside.is_empty() => return format!("{{{inside}}}"),
            "frozenset" if !inside.is_empty() => return format!("frozenset({{{inside}}})"),
            name => name.to_string(),
        };
        let parts =
            [inside].into_iter().filter(|inside| !inside.is_empty()).chain(named).collect::<Vec<_>>().join(", ");
        if base.starts_with('<') {
            return if parts.is_empty() { base } else { format!("{base} {parts}") };
        }
        match (&object.text, object.value) {
            (Some(text), true) => text.clone(),
            (Some(text), false) if object.type_name == "bytearray" => text.clone(),
            (Some(text), false) if parts.is_empty() => format!("{}({text})", object.type_name),
            (Some(text), false) => format!("{}({text}, {parts})", object.type_name),
            (None, _) => format!("{base}({parts})"),
        }
    }

    /// An object as it stands inside another.
    pub fn reference(&self, id: ObjectId, depth: usize) -> String {
        if self.alone[at(id)] {
            format!("#{id}")
        } else if depth >= DEEPEST {
            "…".to_string()
        } else {
            let text = self.content(id, depth + 1);
            let leaf = self.edges[at(id)].is_empty();
            if leaf { shorten(&text, INSIDE) } else { text }
        }
    }
}

pub(crate) fn at(id: ObjectId) -> usize {
    (id as usize).saturating_sub(1)
}

/// What a part is called in its object's line; items, keys and members are not called anything.
pub(crate) fn name_of(label: &Label) -> Option<String> {
    Some(match label {
        Label::Item(_) | Label::Key(_) | Label::Value(_) | Label::Member(_) => return None,
        Label::Attr(name) | Label::Part(name) => name.clone(),
        Label::Cell(name) => format!("cell {name}"),
        Label::Default(at) => format!("default {at}"),
        Label::KwDefault(name) => format!("default {name}"),
        Label::Local(name) => format!("local {name}"),
        Label::Base(_) => "base".to_string(),
        Label::Weak => "weakly".to_string(),
    })
}

/// The number of the strongly connected component of each object: Kosaraju's algorithm without recursion.
fn components(graph: &Snapshot, edges: &[Vec<&Edge>]) -> Vec<usize> {
    let size = graph.objects.len();
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); size];
    let mut forth: Vec<Vec<usize>> = vec![Vec::new(); size];
    for edge in edges.iter().flatten().filter(|edge| edge.label.is_counted()) {
        forth[at(edge.from)].push(at(edge.to));
        back[at(edge.to)].push(at(edge.from));
    }
    let mut left = vec![false; size];
    let mut finished = Vec::with_capacity(size);
    for start in 0..size {
        let mut path = if std::mem::replace(&mut left[start], true) { Vec::new() } else { vec![(start, 0)] };
        while let Some((node, next)) = path.pop() {
            match forth[node].get(next) {
                None => finished.push(node),
                Some(&to) => {
                    path.push((node, next + 1));
                    if !std::mem::replace(&mut left[to], true) {
                        path.push((to, 0));
                    }
                }
            }
        }
    }
    let mut group = vec![usize::MAX; size];
    for (number, &start) in finished.iter().rev().enumerate() {
        let mut waiting = vec![start];
        while let Some(node) = waiting.pop() {
            if group[node] == usize::MAX {
                group[node] = number;
                waiting.extend(back[node].iter().copied().filter(|&from| group[from] == usize::MAX));
            }
        }
    }
    group
}
