//! The pages of engines: what a profile says of its engine, and by rule what it gets wrong and why.

use super::area::{case_link, level_pill, rule_link};
use super::frame::Frame;
use super::guide::BUGS;
use super::markdown::Heading;
use super::places::{Places, anchor};
use crate::case::{Case, Level, Loaded};
use crate::judge::Deviation;
use crate::profile::{Claim, EngineProfile};
use crate::report::html::document::{outward, prose, seen};
use crate::report::page::{Difference, causes, differences, heading};
use crate::report::text::counted;
use maud::{Markup, html};

/// An engine with what it gets wrong.
pub struct EngineSide<'a> {
    /// What its author says.
    pub profile: &'a EngineProfile,
    /// Its page.
    pub file: &'a str,
    /// By level and rule.
    pub differences: Vec<Difference<'a>>,
    /// How many deviations speak of no case of the suite.
    lost: usize,
}

impl<'a> EngineSide<'a> {
    /// An engine against a suite.
    pub fn of(profile: &'a EngineProfile, file: &'a str, loaded: &'a Loaded) -> EngineSide<'a> {
        let (differences, lost) = differences(profile, loaded);
        EngineSide { profile, file, differences, lost }
    }

    /// How many rules of a level it breaks.
    fn rules(&self, level: Level) -> usize {
        self.differences.iter().filter(|difference| difference.level == level).count()
    }

    /// The page.
    pub fn page(&self, loaded: &Loaded, places: &Places, bugs: &[Heading]) -> String {
        let name = &self.profile.name;
        let count: usize = self.differences.iter().map(|difference| difference.found.len()).sum();
        let bugs: Vec<&Heading> = bugs.iter().filter(|heading| is_about(heading, name)).collect();
        let levels = Level::ALL.into_iter().filter(|level| self.rules(*level) > 0);
        let frame = Frame {
            title: &format!("Differences of {name} from Python"),
            file: self.file,
            contents: self.contents(&bugs),
            main: html! {
                h1 { "Differences of " (seen(name)) " from Python" }
                @if !self.profile.about.is_empty() { p { (prose(&self.profile.about)) "." } }
                p { (counted(count, "known difference")) " from " (counted(self.differences.len(), "rule")) "." }
                @if self.lost > 0 { p .quiet { (self.lost) " more speak of cases that are not in this suite." } }
                h2 #profile { "Its profile" }
                (profile(self.profile))
                @if !bugs.is_empty() {
                    h2 #bugs { "Reported" }
                    ul { @for bug in &bugs { li { a href={ (BUGS.file) "#" (bug.anchor) } { (seen(&bug.words)) } } } }
                }
                @for level in levels {
                    section aria-labelledby=(anchor("level", level.word())) {
                        h2 id=(anchor("level", level.word())) { (heading(level)) }
                        @for difference in self.differences.iter().filter(|difference| difference.level == level) {
                            (self.difference(difference, loaded, places))
                        }
                    }
                }
            },
        };
        frame.into_file()
    }

    fn contents(&self, bugs: &[&Heading]) -> Markup {
        html! {
            ul {
                li { a href="#profile" { "Its profile" } }
                @if !bugs.is_empty() { li { a href="#bugs" { "Reported" } } }
                @for level in Level::ALL.into_iter().filter(|level| self.rules(*level) > 0) {
                    li {
                        a href={ "#" (anchor("level", level.word())) } { (heading(level)) }
                        ul {
                            @for difference in self.differences.iter().filter(|difference| difference.level == level) {
                                li { a href={ "#" (anchor("rule", difference.rule)) } { (seen(difference.rule)) } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn difference(&self, difference: &Difference, loaded: &Loaded, places: &Places) -> Markup {
        let place = anchor("rule", difference.rule);
        html! {
            article .rule id=(place) aria-labelledby={ (place) "~" } {
                h3 id={ (place) "~" } { (rule_link(difference.rule, places)) " " (level_pill(difference.level)) }
                @if let Some(rule) = loaded.rule(difference.rule) { p .statement { (prose(&rule.statement)) } }
                @for (reason, issue) in causes(&difference.found) {
                    p .reason { (prose(reason)) @if let Some(issue) = issue { " (" (outward(issue, issue)) ")" } }
                }
                @for (case, found) in by_case(&difference.found) { (self.case(case, &found, places)) }
            }
        }
    }

    /// What it does in one case, each answer once.
    fn case(&self, case: &Case, found: &[&Deviation], places: &Places) -> Markup {
        let mut told: Vec<(Option<&str>, &str, String)> = Vec::new();
        for deviation in found {
            let answer = (deviation.mark.as_deref(), deviation.observed.as_str(), scope(deviation));
            if !told.contains(&answer) {
                told.push(answer);
            }
        }
        html! {
            div .differs {
                p { (case_link(&case.id, places)) " " (prose(&case.title)) }
                ul {
                    @for (mark, observed, scope) in told {
                        li {
                            @if let Some(mark) = mark { code { (seen(mark)) } " gives " } @else { "gives " }
                            code .observed { (seen(observed)) }
                            @if !scope.is_empty() { span .quiet { " — " (scope) } }
                        }
                    }
                }
            }
        }
    }
}

/// The cases, each with what is wrong in it.
fn by_case<'a>(found: &[(&'a Deviation, &'a Case)]) -> Vec<(&'a Case, Vec<&'a Deviation>)> {
    let mut cases: Vec<(&Case, Vec<&Deviation>)> = Vec::new();
    for (deviation, case) in found {
        match cases.iter_mut().find(|(known, _)| known.id == case.id) {
            Some((_, deviations)) => deviations.push(deviation),
            None => cases.push((case, vec![deviation])),
        }
    }
    cases
}

/// For which versions and modes a deviation holds, if not for all.
fn scope(deviation: &Deviation) -> String {
    let python = deviation.python.as_ref().map(|set| format!("Python {set}"));
    let mode = deviation.mode.map(|mode| format!("{mode} mode"));
    [python, mode].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Whether a report is about an engine: its heading begins with the name, `micropython` for `micropython-unix`.
fn is_about(heading: &Heading, engine: &str) -> bool {
    let family = engine.split('-').next().unwrap_or(engine);
    let first = heading.words.split_whitespace().next().unwrap_or_default();
    heading.level == 2 && first.to_lowercase() == family.to_lowercase()
}

fn profile(profile: &EngineProfile) -> Markup {
    let claims = profile.claims.map(|claims| match claims {
        Claim::Cpython => "to do as CPython does, habits included",
        Claim::Language => "what the language promises",
    });
    let listed = |has: bool| -> Vec<&str> {
        profile.capabilities.iter().filter(|(_, own)| **own == has).map(|(name, _)| name.as_str()).collect()
    };
    let (has, lacks) = (listed(true), listed(false));
    html! {
        dl {
            dt { "Claims" } dd { (claims.unwrap_or("what it says when it is asked")) }
            dt { "Started by" }
            dd { @for (index, command) in profile.commands.iter().enumerate() {
                @if index > 0 { ", or else " } code { (seen(command)) }
            } }
            dt { "Driver" } dd { code { (profile.driver.word()) } }
            @if let Some(isolation) = profile.isolation { dt { "Isolation" } dd { code { (isolation.word()) } } }
            @if let Some(python) = profile.python { dt { "Python" } dd { "asked the cases of " (python) " unless it says otherwise" } }
            @if let Some(modes) = &profile.modes {
                dt { "Modes" } dd { (modes.iter().map(|mode| mode.word()).collect::<Vec<_>>().join(", ")) }
            }
            @if !has.is_empty() { dt { "Has" } dd .id { (seen(&has.join(", "))) } }
            @if !lacks.is_empty() { dt { "Lacks" } dd .id { (seen(&lacks.join(", "))) } }
        }
        p .quiet { "Other capabilities are found out by small programs when it is asked: " code { "verysame engine check " (seen(&profile.name)) } "." }
    }
}

/// The rows of the table of engines.
pub fn table(engines: &[EngineSide]) -> Markup {
    html! {
        div .scroll {
            table {
                thead { tr {
                    th scope="col" { "engine" } th scope="col" { "what it is" }
                    @for level in Level::ALL { th .number scope="col" { (level.word()) } }
                } }
                tbody { @for engine in engines { tr {
                    th scope="row" { a href=(engine.file) { (seen(&engine.profile.name)) } }
                    td { (prose(&engine.profile.about)) }
                    @for level in Level::ALL { td .number { (engine.rules(level)) } }
                } } }
            }
        }
        p .quiet { "Rules of each level that it is known to break." }
    }
}

/// The page that lists the engines.
pub fn index(engines: &[EngineSide]) -> String {
    let frame = Frame {
        title: "Engines",
        file: "engines.html",
        contents: html! {},
        main: html! {
            h1 { "Engines" }
            p { "What these engines are known to get wrong, with the reason, is kept in their profiles. A result that a profile does not explain fails." }
            (table(engines))
            h2 { "Reports" }
            ul {
                li { a href=(BUGS.file) { (BUGS.words) } }
                li { a href="your-engine.html" { "Your own engine under test" } }
            }
        },
    };
    frame.into_file()
}
