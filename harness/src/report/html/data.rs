//! What the page shows, as data: each text once, each outcome of a case once with the engines that had it.
//!
//! Invariant: the size follows from what differs. An engine that does as expected adds an index to a case, and an output
//! of a megabyte is cut off, with words that say so.

use super::pictures::Pictures;
use crate::case::reference::anchors;
use crate::case::{Level, Mode};
use crate::judge::{About, CaseVerdict, MarkVerdict, Verdict};
use crate::report::model::{CasePart, CaseRun, EngineRun, RulePart, Run};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The longest text that is shown whole.
const LONGEST: usize = 4_000;
/// How much of a longer one is shown.
const SHOWN: usize = 3_000;

/// The run for the page's script; `page.js` says what stands where.
pub fn data(run: &Run) -> Value {
    let mut maker = Maker { texts: Texts::default(), pictures: Pictures::default(), rules: Vec::new() };
    let cases = maker.cases(run);
    let rules: Vec<Value> = std::mem::take(&mut maker.rules).iter().map(|rule| maker.rule(rule)).collect();
    json!({
        "suite": env!("CARGO_PKG_VERSION"),
        "command": run.command,
        "seconds": (run.time.as_secs_f64() * 10.0).round() / 10.0,
        "options": run.options,
        "verdicts": Verdict::ALL.map(Verdict::word),
        "levels": Level::ALL.map(Level::word),
        "modes": Mode::ALL.map(Mode::word),
        "engines": engines(run),
        "rules": rules,
        "cases": cases,
        "texts": maker.texts.all,
        "pictures": maker.pictures.all,
    })
}

fn engines(run: &Run) -> Vec<Value> {
    let labels = labels(&run.engines);
    let engine = |(engine, label): (&EngineRun, String)| {
        let capabilities = &engine.identity.capabilities;
        let with = |wanted: bool| -> Vec<&str> {
            capabilities.iter().filter(|(_, has)| **has == wanted).map(|(name, _)| name.as_str()).collect()
        };
        json!({
            "label": label,
            "name": cut(&engine.name),
            "detail": cut(&engine.detail),
            "arguments": cut(&engine.arguments),
            "error": engine.results.as_ref().err().map(|words| cut(words)),
            "stale": engine.stale.iter().map(|words| cut(words)).collect::<Vec<_>>(),
            "has": with(true),
            "lacks": with(false),
        })
    };
    run.engines.iter().zip(labels).map(engine).collect()
}

/// What a column is called: the name, or what it is where the name is a path; never the same twice.
fn labels(engines: &[EngineRun]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for engine in engines {
        let identity = &engine.identity;
        let path = engine.name.contains(['/', '\\']);
        let plain = match path && !identity.implementation.is_empty() {
            true => format!("{} {}", identity.implementation, identity.version),
            false if path => engine.name.rsplit(['/', '\\']).next().unwrap_or(&engine.name).to_string(),
            false => engine.name.clone(),
        };
        let mut label = cut(&plain);
        for number in 2.. {
            if !labels.contains(&label) {
                break;
            }
            label = format!("{} #{number}", cut(&plain));
        }
        labels.push(label);
    }
    labels
}

/// A long text without its end, and words that say so.
fn cut(text: &str) -> String {
    let long = text.len() > LONGEST && text.chars().nth(LONGEST).is_some();
    let Some((end, _)) = text.char_indices().nth(SHOWN).filter(|_| long) else { return text.to_string() };
    let more = text.chars().count() - SHOWN;
    format!("{}\n… {more} more characters are in the results and not shown here", &text[..end])
}

#[derive(Default)]
struct Texts {
    all: Vec<String>,
    index: HashMap<String, usize>,
}

impl Texts {
    fn index(&mut self, text: &str) -> usize {
        let text = cut(text);
        if let Some(&index) = self.index.get(&text) {
            return index;
        }
        self.all.push(text.clone());
        self.index.insert(text, self.all.len() - 1);
        self.all.len() - 1
    }

    /// The index, or -1 for no text.
    fn maybe(&mut self, text: Option<&str>) -> i64 {
        text.map_or(-1, |text| self.index(text) as i64)
    }
}

struct Maker {
    texts: Texts,
    pictures: Pictures,
    rules: Vec<RulePart>,
}

/// The results of one case: mode, engine, result.
type Results<'a> = BTreeMap<Mode, BTreeMap<usize, &'a CaseRun>>;

impl Maker {
    fn cases(&mut self, run: &Run) -> Vec<Value> {
        let parts: HashMap<&str, &CasePart> = run.suite.cases.iter().map(|case| (case.id.as_str(), case)).collect();
        let mut order: Vec<&str> = run.suite.cases.iter().map(|case| case.id.as_str()).collect();
        let mut by_case: HashMap<&str, Results> = order.iter().map(|id| (*id, Results::new())).collect();
        for (number, engine) in run.engines.iter().enumerate() {
            for result in engine.results.iter().flatten() {
                let verdict = &result.verdict;
                let results = by_case.entry(&verdict.case).or_insert_with(|| {
                    order.push(&verdict.case);
                    Results::new()
                });
                results.entry(verdict.mode).or_default().insert(number, result);
            }
        }
        self.rules = run.suite.rules.clone();
        let mut known: HashMap<String, usize> =
            self.rules.iter().enumerate().map(|(at, rule)| (rule.id.clone(), at)).collect();
        let engines = run.engines.len();
        let case = |id: &&str| {
            let results = by_case.get(id)?;
            self.case(id, parts.get(id).copied(), results, engines, &mut known)
        };
        order.iter().filter_map(case).collect()
    }

    fn case(
        &mut self,
        id: &str,
        part: Option<&CasePart>,
        results: &Results,
        engines: usize,
        known: &mut HashMap<String, usize>,
    ) -> Option<Value> {
        let first = results.values().flat_map(BTreeMap::values).next()?;
        let all = || results.values().flat_map(BTreeMap::values).flat_map(|result| &result.verdict.marks);
        // What a file without the suite leaves to be guessed.
        let guessed = all().map(|mark| mark.level).next().unwrap_or(Level::Language);
        let level = part.map_or(guessed, |part| part.level);
        let named = if first.rules.is_empty() { vec!["no rule".to_string()] } else { first.rules.clone() };
        let rules: Vec<usize> = named.into_iter().map(|rule| self.rule_index(rule, level, known)).collect();
        let mut marks: Vec<&MarkVerdict> = Vec::new();
        for mark in all() {
            if !marks.iter().any(|other| same(other, mark)) {
                marks.push(mark);
            }
        }
        marks.sort_by_key(|mark| (mark.line, mark.column));
        let modes: Vec<Value> =
            results.iter().map(|(mode, results)| self.mode(*mode, results, &marks, engines)).collect();
        let area = part.map_or_else(|| id.split('.').next().unwrap_or(id), |part| part.area.as_str());
        let sign = |mark: &MarkVerdict| match mark.about {
            About::Uncaught => "uncaught".to_string(),
            About::Deviation => "deviation".to_string(),
            About::Mark(_) | About::Heap(_) | About::Stdout => mark.sign.clone(),
        };
        let marks: Vec<Value> = marks
            .iter()
            .map(|mark| {
                let (expected, statement) = (self.texts.index(&mark.expected), self.texts.index(&mark.statement));
                json!([sign(mark), expected, place_in(&Level::ALL, &mark.level), mark.line, mark.column, statement])
            })
            .collect();
        Some(json!({
            "i": id,
            "t": self.texts.index(&first.title),
            "a": area,
            "l": place_in(&Level::ALL, &level),
            "r": rules,
            "p": first.place,
            "s": self.texts.maybe(part.map(|part| part.source.as_str())),
            "n": part.map_or(json!(0), |part| lines(&part.lines)),
            "m": marks,
            "o": modes,
        }))
    }

    fn rule_index(&mut self, id: String, level: Level, known: &mut HashMap<String, usize>) -> usize {
        *known.entry(id).or_insert_with_key(|id| {
            self.rules.push(RulePart {
                id: id.clone(),
                level,
                statement: String::new(),
                reference: String::new(),
                quote: None,
                python: String::new(),
            });
            self.rules.len() - 1
        })
    }

    fn rule(&mut self, rule: &RulePart) -> Value {
        let reference =
            if rule.reference.is_empty() { Vec::new() } else { anchors(&rule.reference).unwrap_or_default() };
        let references: Vec<Value> =
            reference.iter().map(|anchor| json!([cut(&anchor.text), cut(&anchor.address)])).collect();
        json!({
            "i": rule.id,
            "l": place_in(&Level::ALL, &rule.level),
            "t": cut(&rule.statement),
            "r": references,
            "q": rule.quote.as_deref().map(|quote| cut(quote.trim())),
            "p": rule.python,
        })
    }

    /// The distinct outcomes of one mode, and for each engine which one it had.
    fn mode(
        &mut self,
        mode: Mode,
        results: &BTreeMap<usize, &CaseRun>,
        marks: &[&MarkVerdict],
        engines: usize,
    ) -> Value {
        let mut outcomes: Vec<Value> = Vec::new();
        let mut by: Vec<i64> = vec![-1; engines];
        for (&engine, result) in results {
            let outcome = self.outcome(&result.verdict, marks);
            let index = outcomes.iter().position(|other| *other == outcome).unwrap_or_else(|| {
                outcomes.push(outcome);
                outcomes.len() - 1
            });
            if let Some(slot) = by.get_mut(engine) {
                *slot = index as i64;
            }
        }
        let same = by.windows(2).all(|pair| pair[0] == pair[1]);
        let by = if same { json!(by.first().copied().unwrap_or(-1)) } else { json!(by) };
        json!([place_in(&Mode::ALL, &mode), outcomes, by])
    }

    fn outcome(&mut self, verdict: &CaseVerdict, marks: &[&MarkVerdict]) -> Value {
        let seen: Vec<Value> = verdict
            .marks
            .iter()
            .map(|mark| {
                let index = marks.iter().position(|other| same(other, mark)).unwrap_or_default();
                let as_expected = mark.observed.as_deref().is_none_or(|seen| seen == mark.expected);
                if mark.verdict == Verdict::Pass && mark.note.is_none() && as_expected {
                    return json!(index);
                }
                let (observed, note) =
                    (self.texts.maybe(mark.observed.as_deref()), self.texts.maybe(mark.note.as_deref()));
                json!([index, place_in(&Verdict::ALL, &mark.verdict), observed, note])
            })
            .collect();
        let pictures = self.pictures.of(verdict, &mut |text| self.texts.index(text));
        let note = self.texts.maybe(verdict.note.as_deref());
        let number = place_in(&Verdict::ALL, &verdict.verdict);
        match pictures.is_empty() {
            true => json!([number, note, seen]),
            false => json!([number, note, seen, pictures]),
        }
    }
}

/// Whether two verdicts are about the same expectation.
fn same(one: &MarkVerdict, other: &MarkVerdict) -> bool {
    (&one.about, one.line, one.column, one.level) == (&other.about, other.line, other.column, other.level)
        && (&one.sign, &one.expected, &one.statement) == (&other.sign, &other.expected, &other.statement)
}

/// The line of the file where a program begins if the others follow it, else all of them.
fn lines(lines: &[u32]) -> Value {
    match lines.first() {
        Some(&first) if lines.iter().zip(first..).all(|(line, follows)| *line == follows) => json!(first),
        Some(_) => json!(lines),
        None => json!(0),
    }
}

fn place_in<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|other| other == one).unwrap_or_default()
}
