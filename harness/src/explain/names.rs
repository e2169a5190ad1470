//! What names are bound to: new objects, objects that have other names, copies, values. And where names are found.

use super::graph::{State, short};
use super::objects::held;
use super::paths::paths;
use super::rounds::{Said, plain};
use super::sharing::{self, Given};
use super::story::{Copied, Teller, Told};
use super::words::{cut, listed, plural};
use super::{Kind, rules};
use crate::report::heap::at;
use std::collections::{BTreeMap, HashSet};
use verysame_engine::inspect::{Label, ObjectId};
use verysame_engine::reading::{Found, Hidden, Origin, Statement};

impl Teller<'_> {
    pub(super) fn names(
        &mut self,
        before: Option<&State>,
        state: &State,
        statement: Option<&Statement>,
        said: &mut Vec<Said>,
    ) {
        let scope = &state.moment.scope;
        for (key, name, id) in state.names_of(scope) {
            let old = before.and_then(|before| Some((before, before.bound(key)?)));
            if let Some((before, old)) = old
                && before.who(old) == state.who(id)
                && (state.is_thing(id) || before.text(old) == state.text(id))
            {
                continue;
            }
            // Variables of the functions around are no arguments.
            let around = |one: &&verysame_engine::reading::NameUse| {
                one.name == name && one.scope == *scope && matches!(one.found, Found::Enclosing(_))
            };
            if before.is_none() && self.reading.names.iter().any(|one| around(&one)) {
                continue;
            }
            let origin = statement.and_then(|one| one.origins.iter().rev().find(|(bound, _)| bound == name));
            let origin = origin.map_or(&Origin::Other, |(_, origin)| origin);
            let given = Teller::given_by(origin);
            self.given.insert(key.to_string(), given);
            let one = self.bound(before, state, (key, name, id), old, origin, statement.is_none());
            said.extend(one);
        }
        let gone = before.into_iter().flat_map(|before| before.names_of(scope));
        let gone: Vec<&str> = gone.filter(|(key, ..)| state.bound(key).is_none()).map(|(_, name, _)| name).collect();
        if before.is_some_and(|before| before.moment.scope == *scope) && !gone.is_empty() {
            let verb = if gone.len() == 1 { "is" } else { "are" };
            said.push(plain(Kind::Bind, format!("{} {verb} unbound", listed(&gone)), Some(rules::DEL)));
        }
    }

    fn given_by(origin: &Origin) -> Given {
        match origin {
            Origin::Constant => Given::Constant,
            // It may be the very object that it is compared with.
            Origin::Name(_) => Given::Unknown,
            Origin::Augmented | Origin::New => Given::Computed,
            Origin::Call(_) | Origin::Other => Given::Unknown,
        }
    }

    fn bound(
        &mut self,
        before: Option<&State>,
        state: &State,
        (key, name, id): (&str, &str, ObjectId),
        old: Option<(&State, ObjectId)>,
        origin: &Origin,
        entering: bool,
    ) -> Option<Said> {
        let scope = &state.moment.scope;
        let text = state.text(id).to_string();
        if text.starts_with("<function") || text.starts_with("<class") {
            return self.definition(before, state, (name, id), origin);
        }
        if text.starts_with("<module") {
            return Some(plain(Kind::Bind, format!("{name} → the module {}", text[8..].trim_end_matches('>')), None));
        }
        let mut others = paths(state, id, scope, &self.defaults);
        others.retain(|path| path != name);
        if !state.is_thing(id) {
            return self.value(state, (key, name, id), old, origin, entering);
        }
        let kind = state.type_of(id);
        let makes = matches!(origin, Origin::New) || matches!(origin, Origin::Call(class) if class == short(kind));
        // The first name of `a = b = []` gets what is new.
        let numbered = self.numbers.known(&state.who(id)).is_some();
        let known = numbered || before.is_some_and(|before| before.find(&state.who(id)).is_some());
        if (known || !makes) && !others.is_empty() {
            let number = self.numbers.of(state.who(id));
            let text = format!("{name} → #{number}, the same {} as {}", short(kind), listed(&cut(&others, 3)));
            return Some(plain(Kind::Bind, text, Some(rules::NO_COPY)));
        }
        let made = !known && makes;
        let what = self.numbers.describe(state, id);
        let copied = (!known && *origin != Origin::New).then(|| copied(state, id, name)).flatten();
        let equal = self.equal_to(state, id, name).filter(|_| !known);
        let new = if made { "new " } else { "" };
        let mut text = format!("{name} → {new}{} {what}", short(kind));
        let mut rule = None;
        if let Some((of, other, source)) = copied {
            text.push_str(&format!(", a copy of {other}: another {} that holds the same objects", short(kind)));
            rule = Some(rules::SHALLOW);
            let copied = Copied { source: state.who(source), key: of.to_string(), name: other.to_string() };
            self.copies.insert(state.who(id), copied);
        } else if let Some(equal) = equal {
            text.push_str(&format!(", equal to {equal} and yet another object"));
            rule = made.then_some(rules::FRESH);
        }
        if let Some((_, old)) = old.filter(|_| *origin == Origin::Augmented)
            && before.is_some_and(|before| before.is_thing(old))
        {
            rule = Some(rules::AUGMENTED_REBINDS);
        }
        if let Some((before, old)) = old.filter(|(before, old)| before.is_thing(*old))
            && let Some(still) = state.find(&before.who(old))
            && let Some(number) = self.numbers.known(&before.who(old))
        {
            let holders = paths(state, still, scope, &self.defaults);
            if !holders.is_empty() {
                let verb = if holders.len() == 1 { "stays" } else { "stay" };
                text.push_str(&format!("; {} {verb} #{number}", listed(&cut(&holders, 3))));
                rule = rule.or(Some(rules::OTHERS_KEEP));
            }
        }
        Some(plain(Kind::Bind, text, rule))
    }

    /// The name of another object of the same type and content.
    fn equal_to(&mut self, state: &State, id: ObjectId, name: &str) -> Option<String> {
        let own = self.numbers.bare(state, id);
        if !matches!(state.type_of(id), "list" | "dict" | "set") || state.edges[at(id)].is_empty() {
            return None;
        }
        let scope = state.moment.scope.clone();
        let mut others = state.names_of(&scope).into_iter().filter(|(_, other, to)| {
            *other != name && *to != id && state.type_of(*to) == state.type_of(id) && state.is_thing(*to)
        });
        others.find(|(.., to)| self.numbers.bare(state, *to) == own).map(|(_, other, _)| other.to_string())
    }

    fn definition(
        &mut self,
        before: Option<&State>,
        state: &State,
        (name, id): (&str, ObjectId),
        origin: &Origin,
    ) -> Option<Said> {
        let kind = if state.text(id).starts_with("<class") { "class" } else { "function" };
        let mut others = paths(state, id, &state.moment.scope, &self.defaults);
        others.retain(|path| path != name);
        let known = before.is_some_and(|before| before.find(&state.who(id)).is_some());
        if known || *origin != Origin::New && !others.is_empty() {
            return (!others.is_empty())
                .then(|| plain(Kind::Bind, format!("{name} → the {kind} that {} is", listed(&cut(&others, 2))), None));
        }
        let mut details = Vec::new();
        let mut rule = None;
        let mut variables = Vec::new();
        for edge in &state.edges[at(id)] {
            match &edge.label {
                Label::Default(_) | Label::KwDefault(_) if state.is_thing(edge.to) => {
                    let path = paths(state, edge.to, &state.moment.scope, &self.defaults);
                    let path = path.into_iter().find(|path| path.contains("default")).unwrap_or_default();
                    let parameter = path.rsplit(' ').next().unwrap_or("").to_string();
                    let what = self.numbers.describe(state, edge.to);
                    details.push(format!("the default of {parameter} is made now, once: {what}"));
                    rule = Some(rules::DEFAULT_ONCE);
                }
                Label::Cell(variable) => variables.push(variable.as_str()),
                Label::Attr(attribute) if kind == "class" && state.is_thing(edge.to) => {
                    let what = self.numbers.describe(state, edge.to);
                    details.push(format!("{attribute} is {what}, one for the class and all its instances"));
                    rule = Some(rules::CLASS_ATTRIBUTE);
                }
                _ => {}
            }
        }
        if !variables.is_empty() && kind == "function" {
            details.push(format!("it keeps the variable{} {}", plural(variables.len()), listed(&variables)));
            rule = rule.or(Some(rules::PER_CALL));
        }
        let details = if details.is_empty() { String::new() } else { format!("; {}", details.join("; ")) };
        // That a def makes a function says the text; what there is beside it is worth a line.
        let worth = !details.is_empty();
        let new = if *origin == Origin::New { "new " } else { "" };
        worth.then(|| plain(Kind::Bind, format!("{name} → {new}{kind}{details}"), rule))
    }

    fn value(
        &mut self,
        state: &State,
        (key, name, id): (&str, &str, ObjectId),
        old: Option<(&State, ObjectId)>,
        origin: &Origin,
        entering: bool,
    ) -> Option<Said> {
        let what = self.numbers.describe(state, id);
        let mut said = Said {
            kind: Kind::Bind,
            text: format!("{name} → {what}"),
            rule: None,
            value: Some((name.to_string(), what.clone())),
        };
        if entering {
            return Some(said);
        }
        if *origin == Origin::Augmented
            && let Some((before, old)) = old
        {
            if !matches!(before.type_of(old), "str" | "tuple" | "bytes") {
                return Some(said);
            }
            let names = state.moment.graph.names.iter();
            let names = names.filter(|one| before.who(old) == state.who(one.object)).map(|one| one.name.as_str());
            let kept: Vec<&str> =
                names.filter(|other| state.bound(other).is_some_and(|to| state.text(to) == before.text(old))).collect();
            said.text.push_str(&format!(", another object: the {} it was does not change", short(before.type_of(old))));
            if !kept.is_empty() {
                said.text.push_str(&format!(", and {} still has it", listed(&cut(&kept, 2))));
            }
            said.rule = Some(rules::AUGMENTED_REBINDS);
            return Some(said);
        }
        if let Origin::Name(other) = origin {
            said.text = format!("{name} → {what}, the object that {other} is");
            said.rule = Some(rules::NO_COPY);
            return Some(said);
        }
        let given = self.given.get(key).cloned().unwrap_or(Given::Unknown);
        let mine = state.names_of(&state.moment.scope);
        let twin = mine.into_iter().find(|(other, _, to)| *other != key && *to == id);
        if let Some((other_key, other, _)) = twin {
            let both = [&given, self.given.get(other_key).unwrap_or(&Given::Unknown)];
            if let Some(shared) = sharing::why(state.type_of(id), state.text(id), both, self.profile) {
                said.text = format!("{name} → {what}, the same object as {other}: {}", shared.words);
                said.rule = Some(shared.rule);
                return Some(said);
            }
        }
        (*origin != Origin::Constant).then_some(said)
    }

    // ---- what needs no run ------------------------------------------------------------------------------------

    /// Where names are found that are not the scope's own.
    pub(super) fn scopes(&mut self, builtins: &[String]) {
        let mut told = HashSet::new();
        let mut lines: BTreeMap<u32, Vec<(String, &'static str)>> = BTreeMap::new();
        let places = super::Lines::of(&self.reading.text);
        for one in &self.reading.names {
            let name = &one.name;
            let built_in = builtins.contains(name);
            let (words, rule) = match &one.found {
                Found::Own { hides: Some(Hidden::Function(other)) } => {
                    (format!("{name} is {}'s own, not {other}'s {name}", one.scope), rules::LEGB)
                }
                Found::Own { hides: Some(Hidden::Module) } => {
                    (format!("{name} is {}'s own, not the global {name}", one.scope), rules::LEGB)
                }
                Found::Own { hides: None } if one.scope == "<module>" && built_in => {
                    (format!("{name} hides the built-in {name}"), rules::BUILTINS_LAST)
                }
                Found::Own { hides: None } => continue,
                Found::Enclosing(owner) => (format!("{name} is {owner}'s variable"), rules::LEGB),
                Found::Global => (format!("{name} is the global {name}"), rules::LEGB),
                Found::Outside if built_in && told.insert(name) => (format!("{name} is built in"), rules::LEGB),
                Found::Outside => continue,
            };
            lines.entry(places.line(one.range.start).0 as u32 + 1).or_default().push((words, rule));
        }
        for (line, words) in lines {
            let rule = words.iter().map(|(_, rule)| *rule).next();
            let text = words.into_iter().map(|(words, _)| words).collect::<Vec<_>>().join("; ");
            self.story.notes.push(Told { line, kind: Kind::Scope, when: None, text, rule });
        }
    }
}

/// A name of this scope whose object is of the same type and holds the same objects: its key, the name, its object.
fn copied<'s>(state: &State<'s>, id: ObjectId, name: &str) -> Option<(&'s str, &'s str, ObjectId)> {
    let own = held(state, id);
    let mut others = state.names_of(&state.moment.scope).into_iter();
    let alike = |other: &str, to: ObjectId| {
        other != name && to != id && state.is_thing(to) && state.type_of(to) == state.type_of(id)
    };
    others.find(|(_, other, to)| !own.is_empty() && alike(other, *to) && held(state, *to) == own)
}
