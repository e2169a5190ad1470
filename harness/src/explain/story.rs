//! From the moments of a run to what happens at each statement.
//!
//! A statement's own names are compared before and behind it; what changes in objects is told at the innermost statement
//! that ran. A loop or call has what it binds on entering told at its head.

use super::graph::{Numbers, State, Who};
use super::paths::Defaults;
use super::record::{Passed, Recording};
use super::rounds::{self, Said, plain};
use super::sharing::Given;
use super::{End, Kind, rules};
use crate::report::heap::shorten;
use std::collections::{BTreeMap, HashMap, HashSet};
use verysame_engine::reading::{Reading, Shape, Statement};
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
    /// Where statements begin that ran and of which nothing is to be told.
    pub silent: HashSet<usize>,
    /// Where statements begin that bound a name to another object.
    pub rebinding: HashSet<usize>,
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
        copies: HashMap::new(),
        waiting: HashSet::new(),
        story: Story::default(),
    };
    let states: Vec<State> = recording.passed.iter().map(|passed| State::of(&passed.moment)).collect();
    let last = recording.last.as_ref().map(State::of);
    teller.run(&recording.passed, &states, last.as_ref());
    teller.scopes(&recording.builtins);
    teller.put_together();
    teller.ending(recording);
    teller.story
}

/// What a copy was made from.
pub(super) struct Copied {
    pub source: Who,
    /// The name that it had then, with its function.
    pub key: String,
    /// The same, as it is shown.
    pub name: String,
}

/// What is known while the moments of a run are gone through: `names` and `objects` say what is seen.
pub(super) struct Teller<'r> {
    pub reading: &'r Reading,
    pub profile: &'r Profile,
    pub defaults: Defaults,
    pub stdout: &'r [u8],
    pub numbers: Numbers,
    /// How each name came by its object.
    pub given: HashMap<String, Given>,
    /// What was said in each run of each place.
    pub rounds: BTreeMap<Place, Vec<Vec<Said>>>,
    /// Copies that are as they were made.
    pub copies: HashMap<Who, Copied>,
    /// What waits for the collector.
    pub waiting: HashSet<usize>,
    pub story: Story,
}

impl<'r> Teller<'r> {
    pub fn statement(&self, number: usize) -> &'r Statement {
        &self.reading.statements[number]
    }

    /// `end`: what is there after the exception that ended the run.
    fn run(&mut self, passed: &[Passed], states: &[State], end: Option<&State>) {
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
            let failed = index.checked_sub(1).and_then(|at| self.failed(&passed[at], &states[at], probe, state));
            if let (Some(last), Some(failed)) = (last, failed) {
                let mut left = self.left(failed, last, state);
                let takes = statement.line;
                let block = if probe.behind { "behind the block of line" } else { "at line" };
                left.push(plain(Kind::Raise, format!("raises, and the program goes on {block} {takes}"), None));
                self.rounds.entry((failed, false)).or_default().push(left);
                self.deaths(last, state, probe.statement, &mut said);
            } else if let Some(last) = last.filter(|_| !called) {
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
        if let (Some(end), Some((probe, last))) = (end, passed.last().zip(states.last()))
            && self.began(probe)
        {
            let mut said = Vec::new();
            if end.moment.depth == last.moment.depth {
                self.names(Some(last), end, Some(self.statement(probe.statement)), &mut said);
            }
            said.extend(self.left(probe.statement, last, end));
            self.rounds.entry((probe.statement, false)).or_default().push(said);
        }
    }

    /// Whether a probe stands before a statement that is followed by another probe unless it raises.
    fn began(&self, probe: &Passed) -> bool {
        let statement = self.statement(probe.statement);
        !probe.behind && statement.shape == Shape::Simple && !statement.waits
    }

    /// The statement that an exception has left between two moments, if that is the reason why the second is not behind
    /// it.
    fn failed(&self, last: &Passed, before: &State, probe: &Passed, state: &State) -> Option<usize> {
        let goes_on = probe.behind && probe.statement == last.statement;
        let called = state.moment.depth > before.moment.depth;
        (self.began(last) && !goes_on && !called).then_some(last.statement)
    }

    /// What a statement has done that then raises.
    fn left(&mut self, number: usize, last: &State, state: &State) -> Vec<Said> {
        let mut said = Vec::new();
        self.changes(last, state, Some(self.statement(number)), &mut said);
        for one in &mut said {
            one.text.push_str("; so it stays, though the statement raises");
        }
        self.output(last, state, &mut said);
        said
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

    fn put_together(&mut self) {
        let entered: HashSet<usize> =
            self.rounds.keys().filter(|(_, inside)| *inside).map(|(number, _)| *number).collect();
        for (&(number, inside), rounds) in &self.rounds {
            let statement = self.statement(number);
            let calls = inside && matches!(statement.shape, Shape::Function(..));
            if !inside && statement.shape == Shape::Simple {
                let start = statement.range.start;
                if rounds.iter().all(Vec::is_empty) {
                    self.story.silent.insert(start);
                }
                if rounds.iter().flatten().any(|said| said.kind == Kind::Bind) {
                    self.story.rebinding.insert(start);
                }
            }
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
        self.not_reached(recording);
        if recording.cut {
            let line = self.reading.statements.iter().map(|one| one.line).max().unwrap_or(1);
            let text = "the run is longer than what is told here".to_string();
            self.story.notes.push(Told { line, kind: Kind::Skipped, when: None, text, rule: None });
        }
    }

    /// Says where a program that was ended before its end has its first statement that did not run.
    fn not_reached(&mut self, recording: &Recording) {
        if recording.cut || matches!(recording.end, End::Completed | End::Rejected { .. }) {
            return;
        }
        let top = |number: &usize| self.statement(*number).parent.is_none();
        let Some(last) = recording.passed.iter().map(|passed| passed.statement).filter(top).max() else { return };
        let mut rest = (last + 1..self.reading.statements.len()).filter(top);
        if let Some(next) = rest.next() {
            let line = self.statement(next).line;
            let text = "from here on nothing runs: what is told is what the text alone shows".to_string();
            self.story.notes.push(Told { line, kind: Kind::Skipped, when: None, text, rule: None });
        }
    }
}
