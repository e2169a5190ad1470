//! From an observation to verdicts. Pure: no file, no clock, no process.
//!
//! | level | an engine that claims `cpython` | any other engine |
//! |---|---|---|
//! | `language` | FAIL | FAIL |
//! | `cpython` | FAIL | DIFFERS |
//! | `unspecified` (outside what is allowed) | FAIL | FAIL |
//!
//! The class of an exception has the mark's level; its text is CPython's own, so a wrong text is judged as level
//! `cpython` whatever the mark's level is. The class has to be the very one: a subclass is another class.
//!
//! A statement that runs several times has to do what its mark says every time. The output is judged if the case says
//! anything of it (`#|` or `stdout`), and then as a whole. An exception that reaches the top of a chunk and that no
//! mark expects is wrong.
//!
//! Invariant: every mark that speaks in the run gets a verdict, unless the engine gave no answer at all.

mod deviation;
pub mod observation;
mod verdict;

pub use deviation::{Deviation, stale};
pub use observation::{ChunkEnd, Event, EventSource, Observation, ProcessEnd, Raised, Seen};
pub use verdict::{About, CaseVerdict, MarkVerdict, Verdict};

use crate::case::{Case, Expect, Level, Mark, Mode, Place, Plan, Skip, Watch, WatchBy};
use verysame_engine::rules::PyVersion;

/// What the judge has to know of an engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claims {
    /// The version of its Python.
    pub version: PyVersion,
    /// It claims to be like CPython, so that marks of that level count.
    pub cpython: bool,
}

/// The verdict on a case that says nothing about a mode or version.
pub fn skipped(case: &Case, mode: Mode, why: &Skip) -> CaseVerdict {
    CaseVerdict::whole(&case.id, mode, Verdict::Skip, why.to_string())
}

/// The verdict on a case that needs what the engine lacks; `None` if it lacks nothing.
pub fn lacking(case: &Case, mode: Mode, lacks: &[String]) -> Option<CaseVerdict> {
    let note = format!("the engine lacks {}", lacks.join(", "));
    (!lacks.is_empty()).then(|| CaseVerdict::whole(&case.id, mode, Verdict::Lacks, note))
}

/// The verdict on one observation of one plan of a case.
pub fn judge(case: &Case, plan: &Plan, claims: &Claims, seen: &Observation, deviations: &[Deviation]) -> CaseVerdict {
    let mode = plan.job.mode;
    let mut verdict = match &seen.end {
        ProcessEnd::Ok => {
            let judge = Judge { case, plan, claims, seen };
            let marks = judge.marks();
            CaseVerdict { case: case.id.clone(), mode, verdict: Verdict::Pass, marks, note: None }
        }
        ProcessEnd::Timeout => CaseVerdict::whole(&case.id, mode, Verdict::Timeout, "no answer in time"),
        ProcessEnd::Limit(what) => {
            CaseVerdict::whole(&case.id, mode, Verdict::Timeout, format!("a limit of the engine was exceeded: {what}"))
        }
        ProcessEnd::Lacks(words) => {
            let note = format!("the engine says that it lacks this: {words}");
            CaseVerdict::whole(&case.id, mode, Verdict::Lacks, note)
        }
        ProcessEnd::Crash(how) => CaseVerdict::whole(&case.id, mode, Verdict::Crash, how.as_str()),
        ProcessEnd::Infra(why) => CaseVerdict::whole(&case.id, mode, Verdict::Infra, why.as_str()),
    };
    let applying: Vec<&Deviation> =
        deviations.iter().filter(|deviation| deviation.applies(&case.id, mode, claims.version)).collect();
    deviation::apply(&mut verdict, case, &applying);
    if let Some(gravest) = verdict.marks.iter().map(|mark| mark.verdict).max() {
        verdict.verdict = verdict.verdict.max(gravest);
    }
    verdict
}

struct Judge<'a> {
    case: &'a Case,
    plan: &'a Plan,
    claims: &'a Claims,
    seen: &'a Observation,
}

/// What one look at one mark found.
enum Found {
    /// As expected; what was seen, where there is a value.
    Right(Option<String>),
    /// Something else, at the level of the mark or at another one.
    Wrong { observed: String, level: Option<Level>, note: Option<String> },
    /// Nothing was seen, because the program had ended before.
    Unreached(String),
    /// The engine does not say.
    Unknown(&'static str),
}

impl Judge<'_> {
    fn marks(&self) -> Vec<MarkVerdict> {
        let mut verdicts = Vec::new();
        for watch in &self.plan.watches {
            let Some(mark) = self.case.marks.get(watch.mark) else { continue };
            if watch.by != WatchBy::Stdout {
                verdicts.push(self.mark(mark, watch));
            }
        }
        verdicts.extend(self.uncaught());
        verdicts.extend(self.heap());
        verdicts.extend(self.stdout());
        verdicts
    }

    fn mark(&self, mark: &Mark, watch: &Watch) -> MarkVerdict {
        let found = match &watch.by {
            WatchBy::Probe(name) => self.probed(mark, name),
            WatchBy::Display(chunk) => self.displayed(mark, *chunk),
            WatchBy::Chunk(chunk) => self.ended(mark, *chunk),
            WatchBy::Stdout => Found::Right(None),
        };
        let statement = mark.target.as_ref().map_or(mark.comment.clone(), |target| target.range.clone());
        let statement = self.case.source.text.get(statement).unwrap_or("").lines().next().unwrap_or("").to_string();
        self.verdict(
            About::Mark(watch.mark),
            self.case.level_of(mark),
            &self.case.source.place(mark.value.clone()),
            statement,
            mark.expect.sign(),
            mark.expect.to_string(),
            found,
        )
    }

    fn verdict(
        &self,
        about: About,
        level: Level,
        place: &Place,
        statement: String,
        sign: &str,
        expected: String,
        found: Found,
    ) -> MarkVerdict {
        let (line, column) = place.line_column();
        let (verdict, observed, note, level) = match found {
            Found::Right(observed) => (Verdict::Pass, observed, None, level),
            Found::Wrong { observed, level: own, note } => {
                let level = own.unwrap_or(level);
                (self.wrong(level), Some(observed), note, level)
            }
            Found::Unreached(note) => (self.wrong(level), None, Some(note), level),
            Found::Unknown(note) => (Verdict::Lacks, None, Some(note.to_string()), level),
        };
        MarkVerdict {
            about,
            verdict,
            level,
            path: place.file.path.clone(),
            line,
            column,
            statement,
            sign: sign.to_string(),
            expected,
            observed,
            note,
        }
    }

    fn wrong(&self, level: Level) -> Verdict {
        match level {
            Level::Language | Level::Unspecified => Verdict::Fail,
            Level::Cpython if self.claims.cpython => Verdict::Fail,
            Level::Cpython => Verdict::Differs,
        }
    }

    /// What a probe saw, every time that it was called.
    fn probed(&self, mark: &Mark, name: &str) -> Found {
        let runs: Vec<&Seen> =
            self.seen.events.iter().filter(|event| event.by.is_probe(name)).map(|e| &e.seen).collect();
        let mut found = Found::Right(None);
        for (index, seen) in runs.iter().enumerate() {
            found = compare(&mark.expect, seen);
            if let Found::Wrong { note, .. } = &mut found {
                if runs.len() > 1 {
                    *note = Some(format!("run {} of {}", index + 1, runs.len()));
                }
                break;
            }
        }
        if !runs.is_empty() {
            return found;
        }
        let chunk = match self.plan.job.mode {
            Mode::Module => Some(0),
            Mode::Interactive => mark.piece,
        };
        let stopped = chunk.and_then(|chunk| self.stop(chunk));
        match (stopped, &mark.expect) {
            (Some(raised), _) => Found::Unreached(format!("not reached: {} came before", raised.words())),
            (None, Expect::Raises { .. }) => wrong(NO_EXCEPTION),
            (None, _) => wrong("not reached"),
        }
    }

    /// The exception that ended a chunk.
    fn stop(&self, chunk: usize) -> Option<Raised> {
        match self.seen.chunks.get(chunk) {
            Some(ChunkEnd::Raised(raised)) => Some(raised.clone()),
            Some(ChunkEnd::Exit(status)) => Some(system_exit(*status)),
            Some(ChunkEnd::Completed | ChunkEnd::NotRun) | None => None,
        }
    }

    /// What the prompt showed last.
    fn displayed(&self, mark: &Mark, chunk: usize) -> Found {
        if let Some(raised) = self.stop(chunk) {
            return wrong(&raised.to_string());
        }
        let event = self.seen.events.iter().rev().find(|event| event.by == EventSource::Display(chunk));
        match (event, self.seen.chunks.get(chunk)) {
            (Some(event), _) => compare(&mark.expect, &event.seen),
            (None, Some(ChunkEnd::Completed)) => wrong("no value"),
            (None, _) => wrong("not run"),
        }
    }

    /// How a chunk ended.
    fn ended(&self, mark: &Mark, chunk: usize) -> Found {
        match (&mark.expect, self.stop(chunk)) {
            (Expect::Raises { .. }, Some(raised)) => compare_raised(&mark.expect, &raised),
            (Expect::Raises { .. }, None) => match self.seen.chunks.get(chunk) {
                Some(ChunkEnd::Completed) => wrong(NO_EXCEPTION),
                Some(ChunkEnd::Raised(_) | ChunkEnd::Exit(_) | ChunkEnd::NotRun) | None => wrong("not run"),
            },
            (_, _) => wrong("not run"),
        }
    }

    /// The exceptions that reached the top of a chunk and that no mark on that chunk speaks of.
    fn uncaught(&self) -> Vec<MarkVerdict> {
        let mut verdicts = Vec::new();
        for chunk in 0..self.seen.chunks.len() {
            let Some(raised) = self.stop(chunk) else { continue };
            let watched = |watch: &Watch| match &watch.by {
                WatchBy::Chunk(own) | WatchBy::Display(own) => *own == chunk,
                WatchBy::Probe(_) | WatchBy::Stdout => false,
            };
            if self.plan.watches.iter().any(watched) {
                continue;
            }
            let line = self.line_of(chunk, &raised);
            let place = self.place_of(line);
            let text = self.case.source.text.lines().nth(line.saturating_sub(1) as usize).unwrap_or("");
            // Without the mark behind it.
            let statement = text.split(" #").next().unwrap_or(text).trim();
            let found =
                Found::Wrong { observed: raised.to_string(), level: None, note: Some("no mark expects it".into()) };
            let about = About::Uncaught;
            verdicts.push(self.verdict(
                about,
                self.case.level,
                &place,
                statement.into(),
                "",
                "no exception".into(),
                found,
            ));
        }
        verdicts
    }

    /// The line of the case's source on which an exception left a chunk, or on which the chunk's code begins.
    fn line_of(&self, chunk: usize, raised: &Raised) -> u32 {
        let lines = self.plan.lines.get(chunk).map_or(&[][..], Vec::as_slice);
        let text = self.plan.job.chunks.get(chunk).map_or("", |chunk| chunk.source.as_str());
        let code = |line: &str| !(line.trim().is_empty() || line.trim_start().starts_with('#'));
        let first = text.lines().position(code).unwrap_or(0);
        let at = raised.line.and_then(|line| (line as usize).checked_sub(1)).filter(|at| *at < lines.len());
        lines.get(at.unwrap_or(first)).copied().unwrap_or(1)
    }

    fn place_of(&self, line: u32) -> Place {
        let text = &self.case.source.text;
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
        let rest = text.get(start..).unwrap_or("");
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.case.source.place(start + indent..start + indent)
    }

    fn heap(&self) -> Vec<MarkVerdict> {
        let judged = self.case.heap.iter().enumerate().map(|(index, mark)| {
            let found = match self.seen.heap.get(index) {
                Some(Some(graph)) if *graph == mark.graph => Found::Right(Some(graph.clone())),
                Some(Some(graph)) => wrong(graph),
                Some(None) => wrong("unbound"),
                None => Found::Unknown("the engine gives no alias graphs"),
            };
            let about = About::Heap(mark.name.clone());
            let statement = format!("heap.{}", mark.name);
            self.verdict(about, self.case.level, &mark.place, statement, "heap", mark.graph.clone(), found)
        });
        judged.collect()
    }

    fn stdout(&self) -> Option<MarkVerdict> {
        let outputs = || self.case.marks.iter().filter(|mark| matches!(mark.expect, Expect::Output(_)));
        let written = &self.seen.stdout;
        let found = |right: bool| match right {
            true => Found::Right(Some(written.clone())),
            false => wrong(written),
        };
        if let Some(output) = &self.case.stdout {
            let found = found(output.text == *written);
            let text = output.text.clone();
            return Some(self.verdict(
                About::Stdout,
                self.case.level,
                &output.place,
                "stdout".into(),
                "stdout",
                text,
                found,
            ));
        }
        let first = outputs().next()?;
        let speaking = outputs().filter(|mark| mark.guard.holds(self.plan.job.mode, self.claims.version));
        let lines: Vec<(&Mark, String)> = speaking.map(|mark| (mark, mark.expect.to_string())).collect();
        let expected: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        // The first line that differs, or the last one.
        let differing =
            lines.iter().zip(written.lines()).find(|((_, line), seen)| line != seen).map(|((mark, _), _)| *mark);
        let at = differing.or(lines.last().map(|(mark, _)| *mark)).unwrap_or(first);
        let right = expected == *written || expected.strip_suffix('\n') == Some(written);
        let place = self.case.source.place(at.value.start..at.value.end);
        let level = self.case.level_of(at);
        Some(self.verdict(About::Stdout, level, &place, "stdout".into(), "#|", expected, found(right)))
    }
}

fn system_exit(status: i32) -> Raised {
    Raised { class: "SystemExit".into(), text: status.to_string(), at_compile: false, line: None }
}

/// How the absence of an exception is shown.
const NO_EXCEPTION: &str = "no exception";

fn wrong(observed: &str) -> Found {
    Found::Wrong { observed: observed.to_string(), level: None, note: None }
}

fn compare(expect: &Expect, seen: &Seen) -> Found {
    let right = |observed: &str| Found::Right(Some(observed.to_string()));
    match (expect, seen) {
        (Expect::Raises { .. }, Seen::Raised(raised)) => compare_raised(expect, raised),
        (_, Seen::Raised(raised)) => wrong(&raised.to_string()),
        (Expect::Raises { .. }, Seen::Value { repr, .. }) => wrong(repr),
        (Expect::Value(text), Seen::Value { repr, .. }) if text == repr => right(repr),
        (Expect::OneOf(choice), Seen::Value { repr, .. }) if choice.allows(repr) => right(repr),
        (Expect::Value(_) | Expect::OneOf(_) | Expect::Output(_), Seen::Value { repr, .. }) => wrong(repr),
        (Expect::Graph(text), Seen::Value { graph: Some(graph), .. }) if text == graph => right(graph),
        (Expect::Graph(_), Seen::Value { graph: Some(graph), .. }) => wrong(graph),
        (Expect::Graph(_), Seen::Value { graph: None, .. }) => Found::Unknown("the engine gives no alias graphs"),
    }
}

fn compare_raised(expect: &Expect, raised: &Raised) -> Found {
    let Expect::Raises { class, text, at_compile } = expect else { return Found::Right(None) };
    let wrong = |level: Option<Level>, note: Option<&str>| Found::Wrong {
        observed: raised.to_string(),
        level,
        note: note.map(str::to_string),
    };
    if *class != raised.class {
        return wrong(None, None);
    }
    match (at_compile, raised.at_compile) {
        (true, false) => return wrong(None, Some("it was raised while the program ran, not before")),
        (false, true) => return wrong(None, Some("the compiler rejected it before anything ran")),
        (true, true) | (false, false) => {}
    }
    match text {
        Some(text) if *text != raised.text => wrong(Some(Level::Cpython), Some("the class is right, the text is not")),
        _ => Found::Right(Some(raised.to_string())),
    }
}

#[cfg(test)]
mod suite_tests;
#[cfg(test)]
mod tests;
