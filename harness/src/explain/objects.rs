//! What becomes of objects: changes and by whom they are seen, deaths, what is written, returned and compared.

use super::graph::{State, Who};
use super::paths::paths;
use super::rounds::{Said, plain};
use super::sharing::{self, Given};
use super::story::Teller;
use super::words::{cut, listed};
use super::{Kind, rules};
use crate::report::heap::{at, shorten};
use verysame_engine::inspect::{Label, ObjectId};
use verysame_engine::reading::Statement;

impl Teller<'_> {
    pub(super) fn changes(&mut self, last: &State, state: &State, statement: Option<&Statement>, said: &mut Vec<Said>) {
        for object in &state.moment.graph.objects {
            let id = object.id;
            let Some(old) = last.find(&state.who(id)).filter(|_| state.is_thing(id)) else { continue };
            if held(last, old) == held(state, id) && last.text(old) == state.text(id) {
                continue;
            }
            let scope = &state.moment.scope;
            let ways = paths(state, id, scope, &self.defaults);
            let number = self.numbers.of(state.who(id));
            let now = self.numbers.bare(state, id);
            let mut text = match &ways[..] {
                [way] => format!("{way} is now #{number} {now}"),
                _ => format!("#{number} is now {now}"),
            };
            if ways.len() > 1 {
                text.push_str(&format!(", seen as {}", listed(&cut(&ways, 4))));
            }
            if let Some(copied) = self.copies.remove(&state.who(id))
                && let (Some(then), Some(now)) = (last.find(&copied.source), state.bound(&copied.key))
                && state.who(now) == copied.source
                && held(last, then) == held(state, now)
            {
                text.push_str(&format!("; {}, of which it is a copy, stays as it was", copied.name));
            }
            // `d['n'] += 1` puts another object into `d`; `d['l'] += [1]` changes the one that is there.
            let target = statement.and_then(|one| one.augments.as_ref()).map(|target| target.replace('"', "'"));
            let augmented = target.is_some_and(|target| ways.contains(&target));
            let rule = match augmented {
                true => Some(rules::AUGMENTED_IN_PLACE),
                false => (ways.len() > 1).then_some(rules::IN_PLACE),
            };
            said.push(plain(Kind::Change, text, rule));
            for way in &ways {
                if let Some((function, parameter)) = way.split_once("'s default ") {
                    let pair = (function.to_string(), parameter.to_string());
                    self.story.changed_defaults.insert(pair);
                }
            }
        }
    }

    pub(super) fn deaths(&mut self, last: &State, state: &State, statement: usize, said: &mut Vec<Said>) {
        let dead: Vec<Who> =
            state.moment.dead.iter().filter_map(|&one| Some(self.numbers.by_identity(one)?.0)).collect();
        let mut freed = Vec::new();
        let mut gone = Vec::new();
        for who in &dead {
            let Some(number) = self.numbers.known(who) else { continue };
            if self.waiting.remove(&who.0) {
                freed.push(format!("#{number}"));
            } else if let Some(id) = last.find(who) {
                gone.push(format!("#{number} {}", self.numbers.bare(last, id)));
            }
        }
        let waits: Vec<usize> =
            state.moment.waiting.iter().copied().filter(|one| !self.waiting.contains(one)).collect();
        let waits: Vec<(usize, ObjectId)> = waits
            .into_iter()
            .filter_map(|one| Some((one, last.of_identity(one)?)))
            .filter(|(_, id)| last.is_thing(*id))
            .collect();
        let names: Vec<String> = waits.iter().map(|(_, id)| self.numbers.describe(last, *id)).collect();
        self.waiting.extend(waits.iter().map(|(one, _)| *one));
        if !names.is_empty() {
            let verb = if names.len() == 1 { "is" } else { "are" };
            let text = format!("{} {verb} out of reach, but in a cycle: no count falls to 0", listed(&cut(&names, 3)));
            said.push(plain(Kind::Death, text.clone(), Some(rules::CYCLE)));
            self.story.cycles.push((statement, listed(&cut(&names, 3))));
        }
        if !gone.is_empty() {
            let verb = if gone.len() == 1 { "dies" } else { "die" };
            said.push(plain(
                Kind::Death,
                format!("{} {verb}: nothing refers to it any more", listed(&cut(&gone, 3))),
                Some(rules::PROMPT),
            ));
        }
        if !freed.is_empty() {
            said.push(plain(
                Kind::Death,
                format!("the collector frees {}", listed(&cut(&freed, 4))),
                Some(rules::COLLECTED),
            ));
        }
        for who in dead {
            self.numbers.forget(&who);
            self.copies.retain(|copy, copied| *copy != who && copied.source != who);
        }
    }

    pub(super) fn output(&self, last: &State, state: &State, said: &mut Vec<Said>) {
        let written = self.stdout.get(last.moment.stdout_at..state.moment.stdout_at).unwrap_or(&[]);
        if !written.is_empty() {
            let text = String::from_utf8_lossy(written);
            let lines: Vec<String> = text.trim_end_matches('\n').split('\n').map(|line| shorten(line, 60)).collect();
            let shown = cut(&lines, 3).join(" ⏎ ");
            said.push(plain(
                Kind::Output,
                format!("prints {}", shown.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"")),
                None,
            ));
        }
    }

    pub(super) fn returns(&mut self, statement: &Statement, number: usize, state: &State) {
        let Some(name) = &statement.returns else { return };
        let scope = &state.moment.scope;
        let key = if scope.is_empty() { name.clone() } else { format!("{scope}().{name}") };
        let Some(id) = state.bound(&key).filter(|&id| state.is_thing(id)) else { return };
        let mut ways = paths(state, id, scope, &self.defaults);
        // What other variables of this call hold goes with the call.
        ways.retain(|way| way != name && !state.names_of(scope).iter().any(|(_, own, _)| way == own));
        let mut said = Vec::new();
        if !ways.is_empty() {
            let object = self.numbers.of(state.who(id));
            said.push(plain(
                Kind::Return,
                format!("returns #{object} itself, which is {} too", listed(&cut(&ways, 3))),
                Some(rules::NO_COPY),
            ));
        }
        self.rounds.entry((number, false)).or_default().push(said);
    }

    pub(super) fn tests(&mut self, statement: &Statement, state: &State) {
        for test in &statement.tests {
            let key = |name: &str| {
                let local = format!("{}().{name}", state.moment.scope);
                if state.bound(&local).is_some() { local } else { name.to_string() }
            };
            let (left, right) = (key(&test.left), key(&test.right));
            let (Some(one), Some(other)) = (state.bound(&left), state.bound(&right)) else { continue };
            let pair = [&left, &right].map(|key| self.given.get(key).cloned().unwrap_or(Given::Unknown));
            let known = self.story.tests.iter().any(|(range, ..)| *range == test.range);
            let equal = state.type_of(one) == state.type_of(other) && state.text(one) == state.text(other);
            if known || !equal || state.is_thing(one) || state.text(one).is_empty() {
                continue;
            }
            let test_of = sharing::Test { kind: state.type_of(one), text: state.text(one), same: one == other };
            if let Some((words, rule)) = sharing::doubt(&test_of, [&pair[0], &pair[1]], self.profile) {
                self.story.tests.push((test.range.clone(), words, rule));
            }
        }
    }
}

/// What an object holds, as it is compared.
pub(super) fn held(state: &State, id: ObjectId) -> Vec<(Label, Who, String)> {
    let edges = state.edges[at(id)].iter();
    edges
        .map(|edge| {
            (
                edge.label.clone(),
                state.who(edge.to),
                if state.is_thing(edge.to) { String::new() } else { state.text(edge.to).to_string() },
            )
        })
        .collect()
}
