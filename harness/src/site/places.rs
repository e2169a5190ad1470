//! Where things stand in the site: the file of an area or engine, the anchor of a rule or case.
//!
//! Invariant: file names are made of few signs and differ also where capitals do not count; an anchor needs no escape in an
//! address.

use crate::case::{Case, Loaded};
use crate::profile::EngineProfile;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where everything is.
pub struct Places {
    /// The file of each area.
    pub areas: BTreeMap<String, String>,
    /// The file of each engine, in the order of the engines.
    pub engines: Vec<String>,
    rules: HashMap<String, String>,
    cases: HashMap<String, String>,
}

impl Places {
    /// The places of a suite and of engines.
    pub fn of(loaded: &Loaded, engines: &[EngineProfile]) -> Places {
        let mut taken = HashSet::new();
        let names = loaded.rules.iter().map(|rule| area_of_rule(&rule.id));
        let names: std::collections::BTreeSet<&str> = names.chain(loaded.cases.iter().map(area_of_case)).collect();
        let areas: BTreeMap<String, String> =
            names.into_iter().map(|area| (area.to_string(), file("area", area, &mut taken))).collect();
        let engines = engines.iter().map(|engine| file("engine", &engine.name, &mut taken)).collect();
        let in_area = |area: &str, kind, id: &str| {
            let file = areas.get(area).map_or("", String::as_str);
            (id.to_string(), format!("{file}#{}", anchor(kind, id)))
        };
        let rules = loaded.rules.iter().map(|rule| in_area(area_of_rule(&rule.id), "rule", &rule.id)).collect();
        let mut cases: HashMap<String, String> =
            loaded.cases.iter().map(|case| in_area(area_of_case(case), "case", &case.id)).collect();
        cases.extend(loaded.cases.iter().map(|case| in_area(area_of_case(case), "case", &case.base)));
        Places { areas, engines, rules, cases }
    }

    /// The address of a rule, if the suite has it.
    pub fn rule(&self, id: &str) -> Option<&str> {
        self.rules.get(id).map(String::as_str)
    }

    /// The address of a case, by its id or that under which it is written.
    pub fn case(&self, id: &str) -> Option<&str> {
        self.cases.get(id).map(String::as_str)
    }
}

/// The area of a rule is what its id begins with.
pub fn area_of_rule(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

/// The area of a case is its folder; a file outside of `cases` has none.
pub fn area_of_case(case: &Case) -> &str {
    if case.area.is_empty() { area_of_rule(&case.base) } else { &case.area }
}

/// What an element is called: as in the address of the matrix page, `rule=…` and `case=…`.
pub fn anchor(kind: &str, id: &str) -> String {
    format!("{kind}={}", plain(id, '~'))
}

/// A file name that no other has.
fn file(kind: &str, name: &str, taken: &mut HashSet<String>) -> String {
    let stem = format!("{kind}-{}", plain(name, '_'));
    let mut file = format!("{stem}.html");
    for number in 2.. {
        if taken.insert(file.to_lowercase()) {
            break;
        }
        file = format!("{stem}_{number}.html");
    }
    file
}

/// The text with every sign but a few written as its number behind the escape.
fn plain(text: &str, escape: char) -> String {
    let kept = |sign: char| {
        sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-') || (sign == '_' || sign == '/') && escape != '_'
    };
    let mut out = String::new();
    for sign in text.chars() {
        match kept(sign) {
            true => out.push(sign),
            false => out.push_str(&format!("{escape}{:x}{escape}", u32::from(sign))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_differ() {
        let mut taken = HashSet::new();
        let names = ["a b", "../x", "A", "a", "a"].map(|name| file("area", name, &mut taken));
        assert_eq!(names, ["area-a_20_b.html", "area-.._2f_x.html", "area-A.html", "area-a_2.html", "area-a_3.html"]);
        assert_eq!(anchor("case", "identity.x/a_b c"), "case=identity.x/a_b~20~c");
    }
}
