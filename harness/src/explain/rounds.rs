//! What is said of a statement that runs more than once.

use super::Kind;
use super::story::Told;
use crate::report::heap::shorten;

/// A sentence about one run of a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said {
    pub kind: Kind,
    pub text: String,
    pub rule: Option<&'static str>,
    /// For a name that gets a value: the name and the value.
    pub value: Option<(String, String)>,
}

/// A sentence that gives no name a value.
pub(super) fn plain(kind: Kind, text: String, rule: Option<&'static str>) -> Said {
    Said { kind, text, rule, value: None }
}

/// How many runs are told of.
const SHOWN: usize = 2;
/// How many values of a variable are shown.
const VALUES: usize = 6;

/// The sentences of all runs: those that are the same each time once, otherwise the first few runs.
pub(super) fn told(line: u32, rounds: &[Vec<Said>], calls: bool) -> Vec<Told> {
    let Some(first) = rounds.first() else { return Vec::new() };
    let note = |said: &Said, when: Option<String>| Told {
        line,
        kind: said.kind,
        when,
        text: said.text.clone(),
        rule: said.rule,
    };
    let calling = |number: usize| match (calls, rounds.len()) {
        (true, 1) => Some("called".to_string()),
        (true, _) => Some(format!("{} call", ordinal(number + 1))),
        (false, 1) => None,
        (false, _) => Some(ordinal(number + 1)),
    };
    if rounds.len() > 1 && rounds.iter().all(|round| round == first) {
        let when = if calls { "each call" } else { "each time" };
        return first.iter().map(|said| note(said, Some(when.to_string()))).collect();
    }
    if let Some(series) = series(rounds).filter(|_| !calls) {
        return vec![Told { line, kind: Kind::Bind, when: None, text: series, rule: None }];
    }
    let mut notes = Vec::new();
    let telling: Vec<usize> = (0..rounds.len()).filter(|&at| !rounds[at].is_empty()).collect();
    for &at in telling.iter().take(SHOWN) {
        // The values that a call gets are one sentence.
        let (values, others): (Vec<&Said>, Vec<&Said>) =
            rounds[at].iter().partition(|said| calls && said.kind == Kind::Bind);
        if !values.is_empty() {
            let texts: Vec<&str> = values.iter().map(|said| said.text.as_str()).collect();
            notes.push(Told { line, kind: Kind::Bind, when: calling(at), text: texts.join(", "), rule: None });
        }
        notes.extend(others.into_iter().map(|said| note(said, calling(at))));
    }
    if telling.len() > SHOWN {
        let what = if calls { "calls" } else { "times" };
        let text = format!("and so on, {} {what} in all", rounds.len());
        notes.push(Told { line, kind: Kind::Bind, when: None, text, rule: None });
    }
    notes
}

/// The values of the one variable that gets a value in each run: `n → 0, 1, 2`.
fn series(rounds: &[Vec<Said>]) -> Option<String> {
    if rounds.len() < 2 {
        return None;
    }
    let mut name = None;
    let mut values = Vec::new();
    for round in rounds.iter().filter(|round| !round.is_empty()) {
        let [Said { value: Some((own, value)), rule: None, .. }] = &round[..] else { return None };
        if name.get_or_insert(own) != &own {
            return None;
        }
        values.push(value.as_str());
    }
    let more = if values.len() > VALUES { ", …" } else { "" };
    values.truncate(VALUES);
    Some(shorten(&format!("{} → {}{more}", name?, values.join(", ")), 80))
}

fn ordinal(number: usize) -> String {
    let end = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}
