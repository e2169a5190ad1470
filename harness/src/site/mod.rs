//! The suite and the engines as a folder of pages that a browser reads from disk: areas with rules and cases, engines with
//! what they get wrong, and what the repository's Markdown says.
//!
//! Invariant: the pages are a function of what is loaded and carried; the same suite gives the same bytes. Nothing in them
//! runs or is fetched, every text stays text, every link leads somewhere. Only `folder` knows the disk.

mod area;
mod engines;
pub mod folder;
mod frame;
mod guide;
mod markdown;
mod places;
mod program;

use crate::book::Book;
use crate::case::{Level, Loaded};
use crate::profile::EngineProfile;
use crate::report::html::document::{BASE, seen};
use area::{Area, Broken, Counts, Sources};
use engines::EngineSide;
use frame::Frame;
use maud::{Markup, html};
use places::Places;
use std::collections::BTreeMap;

/// A file of the site.
pub struct SiteFile {
    /// Its name; there are no folders.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// All files.
pub fn site(book: &Book, loaded: &Loaded, profiles: &[EngineProfile]) -> Vec<SiteFile> {
    let places = Places::of(loaded, profiles);
    let engines: Vec<EngineSide> =
        profiles.iter().zip(&places.engines).map(|(profile, file)| EngineSide::of(profile, file, loaded)).collect();
    let broken = broken(&engines);
    let sources = Sources { book, loaded, places: &places, broken: &broken };
    let areas: Vec<Area> = places.areas.iter().map(|(name, file)| Area::of(name, file, &sources)).collect();
    let bugs = guide::BUGS.rendered();

    let file = |name: &str, text: String| SiteFile { name: name.to_string(), text };
    let mut files = vec![
        file(frame::STYLE, format!("{BASE}{}", include_str!("site.css"))),
        file("index.html", index(&areas, &engines)),
        file("rules.html", area::all_rules(&areas, &sources)),
        file("engines.html", engines::index(&engines)),
    ];
    files.extend(areas.iter().map(|area| file(area.file, area.page(&sources))));
    files.extend(engines.iter().map(|engine| file(engine.file, engine.page(loaded, &places, &bugs.headings))));
    files.extend(guide::GUIDES.iter().map(|guide| file(guide.file, guide.page())));
    files.extend(guide::CARRIED.iter().map(|(_, name, text)| file(name, (*text).to_string())));
    files
}

/// By rule, the engines that break it.
fn broken<'a>(engines: &[EngineSide<'a>]) -> BTreeMap<&'a str, Vec<Broken<'a>>> {
    let mut broken: BTreeMap<&str, Vec<Broken>> = BTreeMap::new();
    for engine in engines {
        for difference in &engine.differences {
            let address = format!("{}#{}", engine.file, places::anchor("rule", difference.rule));
            let cases: std::collections::BTreeSet<&str> =
                difference.found.iter().map(|(_, case)| case.id.as_str()).collect();
            broken.entry(difference.rule).or_default().push((&engine.profile.name, address, cases.len()));
        }
    }
    broken
}

fn index(areas: &[Area], engines: &[EngineSide]) -> String {
    let frame = Frame {
        title: "verysame",
        file: "index.html",
        contents: html! {},
        main: html! {
            h1 { "verysame" }
            div .lead { (guide::what_it_is()) }
            h2 #areas { "Areas" }
            (area_table(areas))
            h2 #engines { "Engines" }
            (engines::table(engines))
            h2 #how-to { "How to" }
            ul .guides {
                @for guide in guide::GUIDES { li { a href=(guide.file) { (guide.words) } } }
                li { a href=(guide::LEVELS) { "Levels, verdicts and exit codes" } }
            }
            h2 #schemas { "Schemas" }
            ul {
                @for (path, file, _) in guide::CARRIED.iter().filter(|(_, file, _)| file.ends_with(".json")) {
                    li { a href=(file) { (file) } " " span .quiet { (path) } }
                }
            }
        },
    };
    frame.into_file()
}

fn area_table(areas: &[Area]) -> Markup {
    let counts: Vec<Counts> = areas.iter().map(Area::counts).collect();
    let cells = |counts: &Counts| {
        html! {
            @for count in counts.rules { td .number { (count) } }
            td .number { (counts.all()) }
            td .number { (counts.cases) }
            td .number { (counts.forms) }
        }
    };
    let sum = counts.iter().fold(Counts::default(), |sum, counts| sum + *counts);
    html! {
        div .scroll {
            table {
                thead {
                    tr {
                        th scope="col" { "area" }
                        @for level in Level::ALL { th .number scope="col" { (level.word()) } }
                        th .number scope="col" { "rules" }
                        th .number scope="col" { "cases" }
                        th .number scope="col" { "with parameters" }
                    }
                }
                tbody {
                    @for (area, counts) in areas.iter().zip(&counts) {
                        tr { th scope="row" { a href=(area.file) { (seen(area.name)) } } (cells(counts)) }
                    }
                }
                tfoot { tr { th scope="row" { "all" } (cells(&sum)) } }
            }
        }
    }
}
