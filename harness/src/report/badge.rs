//! Badges: for an engine and a level, how many of the cases it does as the rules say, as a small picture for a README.
//!
//! Invariant: a badge claims no more than what ran. A case that was skipped does not count; one that the engine lacks
//! the means for, that it died in or that it gets wrong, known or not, is no case that passed.

use super::model::{EngineRun, Run};
use crate::case::Level;
use crate::judge::Verdict;
use maud::html;
use std::collections::{BTreeMap, HashMap};
use unicode_width::UnicodeWidthStr;

/// A badge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Badge {
    /// The name of its file: `cpython-3.12.1-language.svg`.
    pub file: String,
    /// The picture.
    pub svg: String,
}

/// Green, yellow, orange and red, dark enough for white letters.
const COLOURS: [&str; 4] = ["#2b7a45", "#7c6a00", "#a35200", "#b3262e"];
const GREY: &str = "#5b6573";
const HEIGHT: usize = 20;
/// The width of a letter, and what stands before and behind a text.
const LETTER: usize = 7;
const PAD: usize = 6;

/// The badges of every engine that ran, one a level that has cases.
pub fn badges(run: &Run) -> Vec<Badge> {
    let levels: HashMap<&str, Level> = run.suite.cases.iter().map(|case| (case.id.as_str(), case.level)).collect();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut badges = Vec::new();
    for engine in &run.engines {
        let name = match engine.identity.implementation.is_empty() {
            true => engine.name.clone(),
            false => format!("{} {}", engine.identity.implementation, engine.identity.version),
        };
        let stem = stem(&name);
        let number = taken.entry(stem.clone()).or_insert(0);
        *number += 1;
        let stem = if *number > 1 { format!("{stem}-{number}") } else { stem };
        for level in Level::ALL {
            if let Some((passed, ran)) = share(engine, level, &levels) {
                let svg = badge(&format!("{name} · {level}"), &format!("{passed} of {ran}"), colour(passed, ran));
                badges.push(Badge { file: format!("{stem}-{level}.svg"), svg });
            }
        }
    }
    badges
}

/// How many results of a level passed, and how many there are; none if there are none.
fn share(engine: &EngineRun, level: Level, levels: &HashMap<&str, Level>) -> Option<(usize, usize)> {
    let of_level = engine.results.iter().flatten().filter(|result| {
        let verdict = &result.verdict;
        // Files without the suite tell the level of a case by its marks alone.
        let guessed = || verdict.marks.first().map_or(Level::Language, |mark| mark.level);
        levels.get(verdict.case.as_str()).copied().unwrap_or_else(guessed) == level
    });
    let (mut passed, mut ran) = (0, 0);
    for result in of_level {
        ran += usize::from(result.verdict.verdict != Verdict::Skip);
        passed += usize::from(result.verdict.verdict == Verdict::Pass);
    }
    (ran > 0).then_some((passed, ran))
}

fn colour(passed: usize, ran: usize) -> &'static str {
    let [green, yellow, orange, red] = COLOURS;
    match passed * 100 / ran.max(1) {
        _ if passed == ran => green,
        95.. => yellow,
        75.. => orange,
        _ => red,
    }
}

/// What a file may be called everywhere.
fn stem(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '-' };
    let stem: String = name.chars().map(plain).take(80).collect();
    let stem = stem.trim_matches(['-', '.']);
    if stem.is_empty() { "engine".to_string() } else { stem.to_string() }
}

/// One badge: what it is about in grey, the value in a colour.
fn badge(about: &str, value: &str, colour: &str) -> String {
    let clean = |text: &str| crate::report::heap::shorten(&crate::picture::clean(text), 60);
    let (about, value) = (clean(about), clean(value));
    let width = |text: &str| text.width() * LETTER + 2 * PAD;
    let (left, right) = (width(&about), width(&value));
    let words = format!("{about}: {value}");
    let letters = |x: usize, text: &str| {
        html! {
            text x=(x + PAD) y="14" textLength=(text.width() * LETTER) lengthAdjust="spacingAndGlyphs" { (text) }
        }
    };
    let drawing = html! {
        svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label=(words) width=(left + right) height=(HEIGHT)
            viewBox=(format!("0 0 {} {HEIGHT}", left + right)) {
            title { (words) }
            clipPath id="round" { rect width=(left + right) height=(HEIGHT) rx="3" {} }
            g clip-path="url(#round)" {
                rect width=(left) height=(HEIGHT) fill=(GREY) {}
                rect x=(left) width=(right) height=(HEIGHT) fill=(colour) {}
            }
            g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" { (letters(0, &about)) (letters(left, &value)) }
        }
    };
    drawing.into_string() + "\n"
}
