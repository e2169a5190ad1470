//! From the moments of a run to what happens at each statement.
//!
//! A statement's own names are compared before and behind it; what changes in objects is told at the innermost statement
//! that ran. A loop or call has what it binds on entering told at its head.

use super::graph::{Numbers, State, Who, short};
use super::paths::{Defaults, paths};
use super::record::{Passed, Recording};
use super::rounds::{self, Said};
use super::sharing::{self, Given};
use super::{End, Kind, rules};
use crate::report::heap::{at, shorten};
use std::collections::{BTreeMap, HashMap, HashSet};
use verysame_engine::inspect::{Label, ObjectId};
use verysame_engine::reading::{Found, Hidden, Origin, Reading, Shape, Statement};
use verysame_engine::rules::Profile;

/// A sentence about a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Told {
    pub line: u32,
    pub kind: Kind,
    pub when: Option<String>,
    pub text: String,
    pub rule: Option<&'static str>,
}

/// What was told, and what the warnings need to know of the run.
#[derive(Default)]
pub(super) struct Story {
    pub notes: Vec<Told>,
    /// Defaults of functions that changed: function and parameter.
    pub changed_defaults: HashSet<(String, String)>,
    /// Statements that left a cycle behind: the number of the statement, and what waits.
    pub cycles: Vec<(usize, String)>,
    /// Comparisons by `is` of equal values that came about apart: their place, a sentence, the rule.
    pub tests: Vec<(std::ops::Range<usize>, String, &'static str)>,
}

/// Which runs of a statement a sentence belongs to: its own, or entering its body.
type Place = (usize, bool);

pub(super) fn tell(reading: &Reading, recording: &Recording, profile: &Profile) -> Story {
    let mut defaults = Defaults::new();
    for statement in &reading.statements {
        if let Shape::Function(name, parameters) = &statement.shape {
            defaults.insert(name.clone(), parameters.clone());
        }
    }
    let mut teller = Teller {
        reading,
        profile,
        defaults,
        stdout: &recording.stdout,
        numbers: Numbers::default(),
        given: HashMap::new(),
        rounds: BTreeMap::new(),
        waiting: HashSet::new(),
        story: Story::default(),
    };
    let states: Vec<State> = recording.passed.iter().map(|passed| State::of(&passed.moment)).collect();
    teller.run(&recording.passed, &states);
    teller.scopes(&recording.builtins);
    teller.put_together();
    teller.ending(recording);
    teller.story
}

struct Teller<'r> {
    reading: &'r Reading,
    profile: &'r Profile,
    defaults: Defaults,
    stdout: &'r [u8],
    numbers: Numbers,
    /// How each name came by its object.
    given: HashMap<String, Given>,
    /// What was said in each run of each place.
    rounds: BTreeMap<Place, Vec<Vec<Said>>>,
    waiting: HashSet<usize>,
    story: Story,
}

impl<'r> Teller<'r> {
    fn statement(&self, number: usize) -> &'r Statement {
        &self.reading.statements[number]
    }

    fn run(&mut self, passed: &[Passed], states: &[State]) {
        // The last moment of each running frame.
        let mut frames: Vec<Option<usize>> = Vec::new();
        for (index, (probe, state)) in passed.iter().zip(states).enumerate() {
            let statement = self.statement(probe.statement);
            let depth = state.moment.depth;
            frames.truncate(depth + 1);
            let starts = !probe.behind && self.starts_function(probe.statement);
            let entered = starts || frames.len() <= depth;
            frames.resize(depth + 1, None);
            if starts {
                // The call before may have ended without a moment between.
                frames[depth] = None;
            }
            let before = frames[depth].map(|at| &states[at]);
            let last = index.checked_sub(1).map(|at| &states[at]);
            let mut said = Vec::new();
            let place = match statement.parent {
                _ if probe.behind => Some((probe.statement, false)),
                Some(parent) => Some((parent, true)),
                None => None,
            };
            let called = entered && !state.moment.scope.is_empty();
            // Entered without being called: a class body, or a generator that goes on.
            if !called || self.is_in_function(probe.statement) {
                self.names(before, state, probe.behind.then_some(statement), &mut said);
            }
            if let Some(last) = last.filter(|_| !called) {
                self.changes(last, state, probe.behind.then_some(statement), &mut said);
                self.deaths(last, state, probe.statement, &mut said);
                self.output(last, state, &mut said);
            }
            if let Some(place) = place {
                let opens = probe.behind || called || self.is_first(probe.statement);
                let rounds = self.rounds.entry(place).or_default();
                match rounds.last_mut() {
                    Some(round) if !opens => round.extend(said),
                    _ => rounds.push(said),
                }
            }
            if !probe.behind {
                self.tests(statement, state);
                self.returns(statement, probe.statement, state);
            }
            frames[depth] = Some(index);
        }
    }

    /// Whether a statement stands in a function's body, at its top.
    fn is_in_function(&self, number: usize) -> bool {
        let parent = self.statement(number).parent.map(|parent| &self.statement(parent).shape);
        matches!(parent, Some(Shape::Function(..)))
    }

    /// Whether a statement is the first of a function's body.
    fn starts_function(&self, number: usize) -> bool {
        self.is_in_function(number) && self.is_first(number)
    }

    /// Whether a statement is the first of a body.
    fn is_first(&self, number: usize) -> bool {
        let parent = self.statement(number).parent;
        let mut before = self.reading.statements[..number].iter().enumerate().rev();
        let sibling = before.find(|(_, other)| other.parent == parent && other.shape != Shape::Fixed);
        parent.is_some() && sibling.is_none()
    }

    // ---- names ------------------------------------------------------------------------------------------------

    fn names(&mut self, before: Option<&State>, state: &State, statement: Option<&Statement>, said: &mut Vec<Said>) {
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
        let equal = self.equal_to(state, id, name);
        let new = if made { "new " } else { "" };
        let mut text = format!("{name} → {new}{} {what}", short(kind));
        let mut rule = None;
        if let Some(equal) = equal.filter(|_| made) {
            text.push_str(&format!(", equal to {equal} and yet another object"));
            rule = Some(rules::FRESH);
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

    // ---- objects ----------------------------------------------------------------------------------------------

    fn changes(&mut self, last: &State, state: &State, statement: Option<&Statement>, said: &mut Vec<Said>) {
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
            let augmented =
                statement.is_some_and(|one| one.origins.iter().any(|(_, origin)| *origin == Origin::Augmented));
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

    fn deaths(&mut self, last: &State, state: &State, statement: usize, said: &mut Vec<Said>) {
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
        }
    }

    fn output(&self, last: &State, state: &State, said: &mut Vec<Said>) {
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

    fn returns(&mut self, statement: &Statement, number: usize, state: &State) {
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

    // ---- comparisons ------------------------------------------------------------------------------------------

    fn tests(&mut self, statement: &Statement, state: &State) {
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

    // ---- what needs no run ------------------------------------------------------------------------------------

    fn scopes(&mut self, builtins: &[String]) {
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

    fn put_together(&mut self) {
        let entered: HashSet<usize> =
            self.rounds.keys().filter(|(_, inside)| *inside).map(|(number, _)| *number).collect();
        for (&(number, inside), rounds) in &self.rounds {
            let statement = self.statement(number);
            let calls = inside && matches!(statement.shape, Shape::Function(..));
            self.story.notes.extend(rounds::told(statement.line, rounds, calls));
        }
        let ran = |number: usize| self.rounds.contains_key(&(number, false));
        for (number, statement) in self.reading.statements.iter().enumerate() {
            let Shape::Function(name, _) = &statement.shape else { continue };
            let has_body =
                self.reading.statements.iter().any(|one| one.parent == Some(number) && one.shape != Shape::Fixed);
            if ran(number) && has_body && !entered.contains(&number) {
                let text = format!("{name} is not called: its body does not run");
                self.story.notes.push(Told { line: statement.line, kind: Kind::Skipped, when: None, text, rule: None });
            }
        }
    }

    fn ending(&mut self, recording: &Recording) {
        if let End::Raised { line: Some(line), text } = &recording.end {
            let rule = text.starts_with("UnboundLocalError").then_some(rules::UNBOUND);
            let text = format!("raises {}", shorten(text, 100));
            self.story.notes.push(Told { line: *line, kind: Kind::Raise, when: None, text, rule });
        }
        if recording.cut {
            let line = self.reading.statements.iter().map(|one| one.line).max().unwrap_or(1);
            let text = "the run is longer than what is told here".to_string();
            self.story.notes.push(Told { line, kind: Kind::Skipped, when: None, text, rule: None });
        }
    }
}

/// What an object holds, as it is compared.
fn held(state: &State, id: ObjectId) -> Vec<(Label, Who, String)> {
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

fn plain(kind: Kind, text: String, rule: Option<&'static str>) -> Said {
    Said { kind, text, rule, value: None }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The first few, and how many more there are.
fn cut(texts: &[impl AsRef<str>], most: usize) -> Vec<String> {
    let mut shown: Vec<String> = texts.iter().take(most).map(|text| text.as_ref().to_string()).collect();
    if texts.len() > most {
        shown.push(format!("{} more", texts.len() - most));
    }
    shown
}

/// `a`, `a and b`, `a, b and c`.
fn listed(texts: &[impl AsRef<str>]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.as_ref().to_string(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}
