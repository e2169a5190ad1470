//! The page of an area: its rules topic by topic, below each the cases that show it; and the list of all rules.
//!
//! Invariant: a rule and a case stand in one place each, on the page of their area; everything else links there.

use super::frame::Frame;
use super::places::{Places, anchor, area_of_case, area_of_rule};
use super::program::program;
use crate::book::{Book, Entry};
use crate::case::{Case, Level, Loaded, Mode, Place, VersionSet};
use crate::report::html::document::{outward, prose, seen};
use crate::report::text::counted;
use maud::{Markup, html};
use std::collections::{BTreeMap, HashSet};

/// What an engine is known to get wrong of a rule: its name, the address of that, in how many cases.
pub type Broken<'a> = (&'a str, String, usize);

/// What all pages are made of.
pub struct Sources<'a> {
    /// The rules with their cases.
    pub book: &'a Book<'a>,
    /// The suite.
    pub loaded: &'a Loaded,
    /// Where everything stands.
    pub places: &'a Places,
    /// By rule, the engines that break it.
    pub broken: &'a BTreeMap<&'a str, Vec<Broken<'a>>>,
}

/// A case with its forms: one a combination of its parameters and scopes.
struct Written<'a> {
    forms: Vec<&'a Case>,
}

/// The rules of a case file, and the cases of the area whose rules stand elsewhere.
#[derive(Default)]
struct Topic<'a> {
    rules: Vec<(&'a Entry<'a>, Vec<Written<'a>>)>,
    cases: Vec<Written<'a>>,
}

/// An area.
pub struct Area<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its page.
    pub file: &'a str,
    topics: Vec<(&'a str, Topic<'a>)>,
}

impl<'a> Area<'a> {
    /// The rules and cases of an area.
    pub fn of(name: &'a str, file: &'a str, sources: &Sources<'a>) -> Area<'a> {
        let mut area = Area { name, file, topics: Vec::new() };
        let mut ids = HashSet::new();
        for entry in &sources.book.entries {
            if let Some(rule) = entry.written
                && area_of_rule(entry.id) == name
                && ids.insert(entry.id)
            {
                area.topic(stem(&rule.place)).rules.push((entry, Vec::new()));
            }
        }
        for case in sources.loaded.cases.iter().filter(|case| area_of_case(case) == name) {
            area.add(case);
        }
        area
    }

    fn topic(&mut self, name: &'a str) -> &mut Topic<'a> {
        let at = self.topics.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            self.topics.push((name, Topic::default()));
            self.topics.len() - 1
        });
        &mut self.topics[at].1
    }

    /// Puts a case below the first of its rules that stands here.
    fn add(&mut self, case: &'a Case) {
        let mut rules = self.topics.iter_mut().flat_map(|(_, topic)| &mut topic.rules);
        let home = case.rules.iter().find_map(|id| rules.by_ref().find(|(entry, _)| entry.id == id));
        let cases = match home {
            Some((_, cases)) => cases,
            None => &mut self.topic(stem(&case.place)).cases,
        };
        match cases.iter_mut().find(|other| other.forms.first().is_some_and(|form| form.base == case.base)) {
            Some(written) => written.forms.push(case),
            None => cases.push(Written { forms: vec![case] }),
        }
    }

    fn entries(&self) -> impl Iterator<Item = &'a Entry<'a>> {
        self.topics.iter().flat_map(|(_, topic)| topic.rules.iter().map(|(entry, _)| *entry))
    }

    fn written(&self) -> impl Iterator<Item = &Written<'a>> {
        self.topics.iter().flat_map(|(_, topic)| topic.rules.iter().flat_map(|(_, cases)| cases).chain(&topic.cases))
    }

    /// Its row in the table of areas.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { cases: self.written().count(), ..Counts::default() };
        for entry in self.entries() {
            counts.rules[level_index(entry.level())] += 1;
        }
        for written in self.written() {
            counts.forms += written.forms.len();
        }
        counts
    }

    /// The page.
    pub fn page(&self, sources: &Sources) -> String {
        let counts = self.counts();
        let frame = Frame {
            title: self.name,
            file: self.file,
            contents: self.contents(),
            main: html! {
                h1 { (seen(self.name)) }
                p .quiet { (counts.words()) }
                @for (name, topic) in &self.topics {
                    section aria-labelledby=(anchor("topic", name)) {
                        h2 id=(anchor("topic", name)) { (seen(name)) }
                        @for (entry, cases) in &topic.rules { (rule(entry, cases, sources)) }
                        @if !topic.cases.is_empty() {
                            @if !topic.rules.is_empty() { h3 { "Cases about rules of other areas" } }
                            @for written in &topic.cases { (case(written, None, sources)) }
                        }
                    }
                }
            },
        };
        frame.into_file()
    }

    fn contents(&self) -> Markup {
        let short = |id: &'a str| id.strip_prefix(self.name).and_then(|rest| rest.strip_prefix('.')).unwrap_or(id);
        html! {
            ul {
                @for (name, topic) in &self.topics {
                    li {
                        a href={ "#" (anchor("topic", name)) } { (seen(name)) }
                        ul {
                            @for (entry, _) in &topic.rules {
                                li { a href={ "#" (anchor("rule", entry.id)) } { (seen(short(entry.id))) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How many rules of each level, cases, and forms of cases.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    /// By level, in the order of [`Level::ALL`].
    pub rules: [usize; Level::ALL.len()],
    /// Cases as they are written.
    pub cases: usize,
    /// Cases with each combination of parameters and scopes.
    pub forms: usize,
}

impl std::ops::Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        let mut rules = self.rules;
        for (sum, count) in rules.iter_mut().zip(other.rules) {
            *sum += count;
        }
        Counts { rules, cases: self.cases + other.cases, forms: self.forms + other.forms }
    }
}

impl Counts {
    /// All rules.
    pub fn all(&self) -> usize {
        self.rules.iter().sum()
    }

    fn words(&self) -> String {
        let levels: Vec<String> = Level::ALL
            .into_iter()
            .zip(self.rules)
            .filter(|(_, count)| *count > 0)
            .map(|(level, count)| format!("{count} {level}"))
            .collect();
        let levels = if levels.is_empty() { String::new() } else { format!(" ({})", levels.join(", ")) };
        let forms = if self.forms > self.cases { format!(" in {} forms", self.forms) } else { String::new() };
        format!("{}{levels}, {}{forms}", counted(self.all(), "rule"), counted(self.cases, "case"))
    }
}

fn level_index(level: Level) -> usize {
    Level::ALL.iter().position(|other| *other == level).unwrap_or_default()
}

/// The topic of what stands in a file: the file's name.
fn stem(place: &Place) -> &str {
    let file = place.file.path.rsplit(['/', '\\']).next().unwrap_or_default();
    file.strip_suffix(".toml").unwrap_or(file)
}

/// A level as a word that stands out.
pub fn level_pill(level: Level) -> Markup {
    html! { span class={ "pill level-" (level.word()) } { (level.word()) } }
}

/// A rule's id as a link to the rule.
pub fn rule_link(id: &str, places: &Places) -> Markup {
    html! {
        @match places.rule(id) {
            Some(address) => a .id href=(address) { (seen(id)) },
            None => span .id { (seen(id)) },
        }
    }
}

/// A case's id as a link to the case.
pub fn case_link(id: &str, places: &Places) -> Markup {
    html! {
        @match places.case(id) {
            Some(address) => a .id href=(address) { (seen(id)) },
            None => span .id { (seen(id)) },
        }
    }
}

fn rule(entry: &Entry, cases: &[Written], sources: &Sources) -> Markup {
    let place = anchor("rule", entry.id);
    let here: Vec<&str> = cases.iter().filter_map(|case| Some(case.forms.first()?.base.as_str())).collect();
    let elsewhere: Vec<&Case> =
        entry.written_cases().into_iter().filter(|case| !here.contains(&case.base.as_str())).collect();
    let broken = sources.broken.get(entry.id).map_or(&[][..], Vec::as_slice);
    html! {
        article .rule id=(place) aria-labelledby={ (place) "~" } {
            h3 id={ (place) "~" } { a .id href={ "#" (place) } { (seen(entry.id)) } " " (level_pill(entry.level())) }
            p .statement { (prose(entry.statement())) }
            (about_rule(entry, broken))
            @for written in cases { (case(written, Some(entry.id), sources)) }
            @if !elsewhere.is_empty() {
                p .also { "Shown also by "
                    @for (index, case) in elsewhere.iter().enumerate() {
                        @if index > 0 { ", " } (case_link(&case.base, sources.places))
                    }
                }
            }
        }
    }
}

fn about_rule(entry: &Entry, broken: &[Broken]) -> Markup {
    let anchors = entry.anchors();
    html! {
        dl {
            dt { "Level" } dd { (prose(&entry.why())) }
            @if !anchors.is_empty() {
                dt { "Reference" }
                dd { @for (index, anchor) in anchors.iter().enumerate() {
                    @if index > 0 { "; " } (outward(&anchor.address, &anchor.text))
                } }
            }
            @if let Some(rule) = entry.written {
                @if let Some(quote) = &rule.quote { dt { "Quote" } dd { q { (seen(quote.trim())) } } }
                @if rule.python != VersionSet::all() { dt { "Python" } dd { (rule.python.to_string()) } }
                @if !rule.formerly.is_empty() { dt { "Formerly" } dd .id { (seen(&rule.formerly.join(", "))) } }
            }
            @if !entry.faults().is_empty() {
                dt { "Faults" }
                dd { @for (index, fault) in entry.faults().iter().enumerate() { @if index > 0 { ", " } code { (fault) } } }
            }
            @if !broken.is_empty() {
                dt { "Broken by" }
                dd { @for (index, (engine, address, cases)) in broken.iter().enumerate() {
                    @if index > 0 { ", " }
                    a href=(address) { (seen(engine)) } " in " (counted(*cases, "case"))
                } }
            }
        }
    }
}

/// A case; `below` is the rule that it stands under.
fn case(written: &Written, below: Option<&str>, sources: &Sources) -> Markup {
    let Some(first) = written.forms.first() else { return html! {} };
    let place = anchor("case", &first.base);
    let others: Vec<&String> = first.rules.iter().filter(|id| below != Some(id.as_str())).collect();
    let heading = html! { a href={ "#" (place) } { (prose(&first.title)) } };
    html! {
        article .case id=(place) aria-labelledby={ (place) "~" } {
            @if below.is_some() { h4 id={ (place) "~" } { (heading) } } @else { h3 id={ (place) "~" } { (heading) } }
            ul .tags {
                li .id { (seen(&first.base)) }
                (tags(first, below.and_then(|_| sources.loaded.rule(below?)).map(|rule| rule.level)))
            }
            @if !others.is_empty() {
                p .also { @if below.is_some() { "Shows also " } @else { "Shows " }
                    @for (index, id) in others.iter().enumerate() { @if index > 0 { ", " } (rule_link(id, sources.places)) }
                }
            }
            @if written.forms.len() == 1 && first.id == first.base {
                (program(first))
            } @else {
                @for (index, form) in written.forms.iter().enumerate() {
                    details .form id=(anchor("case", &form.id)) open[index == 0] {
                        summary { code { (seen(form.id.strip_prefix(&form.base).unwrap_or(&form.id).trim_start_matches('/'))) } }
                        (program(form))
                    }
                }
            }
        }
    }
}

/// What is particular about a case: level, versions, modes, what it needs.
fn tags(case: &Case, expected: Option<Level>) -> Markup {
    html! {
        @if expected != Some(case.level) { li { (level_pill(case.level)) } }
        @if case.python != VersionSet::all() { li { "Python " (case.python.to_string()) } }
        @if case.modes.len() < Mode::ALL.len() {
            @for mode in &case.modes { li { "only " (mode.word()) " mode" } }
        }
        @for need in &case.needs { li { "needs " (seen(need)) } }
    }
}

/// The list of all rules: one line each, to be searched by the browser.
pub fn all_rules(areas: &[Area], sources: &Sources) -> String {
    let frame = Frame {
        title: "All rules",
        file: "rules.html",
        contents: html! {
            ul {
                @for area in areas.iter().filter(|area| area.entries().next().is_some()) {
                    li { a href={ "#" (anchor("area", area.name)) } { (seen(area.name)) } }
                }
            }
        },
        main: html! {
            h1 { "All rules" }
            p .quiet { (counted(areas.iter().map(|area| area.entries().count()).sum(), "rule")) ". Each links to its cases." }
            @for area in areas {
                @if area.entries().next().is_some() {
                    h2 id=(anchor("area", area.name)) { (seen(area.name)) }
                    ul .rules {
                        @for entry in area.entries() {
                            li { (rule_link(entry.id, sources.places)) " " (level_pill(entry.level())) p { (prose(entry.statement())) } }
                        }
                    }
                }
            }
        },
    };
    frame.into_file()
}
