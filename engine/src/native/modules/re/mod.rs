//! `_re`: compiled patterns, for the Python source `lib/re.py`. The matching itself is the engine `fancy_regex`.
//!
//! Invariant: positions that Python sees count characters; those of the engine count bytes.

mod translate;

use crate::heap::{Layout, Owned, Ref};
use crate::native::{Args, NativeDef, function};
use crate::object::text::Text;
use crate::session::LimitKind;
use crate::vm::{Res, Stop, Vm};
use fancy_regex::{Captures, Regex};
use rustc_hash::FxHashMap;
use std::rc::Rc;
use translate::{Dialect, NOWHERE, Refusal, scalar, translate};

/// The patterns that a session has compiled.
#[derive(Clone, Default)]
pub struct Patterns {
    made: Vec<Rc<Pattern>>,
    known: FxHashMap<(String, u32, bool), usize>,
}

struct Pattern {
    search: Regex,
    /// At the given place.
    here: Regex,
    /// From the given place to the end.
    whole: Regex,
    /// At the given place, but not nothing.
    more: Regex,
    parents: Vec<usize>,
    names: Vec<(String, usize)>,
    flags: u32,
}

static FUNCTIONS: &[NativeDef] =
    &[function("compile", 2, 2, compile), function("find", 5, 5, find), function("find_all", 5, 5, find_all)];

/// Fills the module's namespace.
///
/// # Errors
/// None at present; kept for the table of modules.
pub fn fill(vm: &mut Vm, dict: Ref) -> Res<()> {
    for def in FUNCTIONS {
        vm.add_function(dict, "_re", def);
    }
    Ok(())
}

/// The characters of a str or of something with bytes, each as one that the engine knows.
fn characters(vm: &mut Vm, subject: Ref) -> Res<(Vec<char>, bool)> {
    let letter = |point: u32| char::from_u32(scalar(point)).unwrap_or('\u{fffd}');
    if vm.heap.layout(subject) == Layout::Str {
        let text: Text = vm.as_text(subject).unwrap_or_else(|| Text::from(""));
        return Ok(((0..text.len()).map(|at| letter(text.get(at).unwrap_or(0))).collect(), false));
    }
    let bytes = vm.buffer(subject)?;
    Ok((bytes.iter().map(|&byte| char::from(byte)).collect(), true))
}

fn build(text: &str) -> Result<Regex, Refusal> {
    Regex::new(text).map_err(|error| Refusal { message: format!("the pattern is too much: {error}"), at: NOWHERE })
}

fn make(chars: &[char], flags: u32, dialect: Dialect) -> Result<Pattern, Refusal> {
    let found = translate(chars, flags, dialect)?;
    let text = found.text;
    Ok(Pattern {
        search: build(&text)?,
        here: build(&format!("\\G(?:{text})"))?,
        whole: build(&format!("\\G(?:{text})\\z"))?,
        more: build(&format!("\\G(?:{text})(?!\\G)"))?,
        parents: found.parents,
        names: found.names,
        flags: found.flags,
    })
}

/// `compile(pattern, flags)`: (number, flags, groups, names) or (message, position).
fn compile(vm: &mut Vm, args: Args) -> Res<Owned> {
    let (chars, bytes) = characters(vm, args.get(vm, 0))?;
    let flags = vm.index_of(args.get(vm, 1))? as u32;
    let key = (chars.iter().collect::<String>(), flags, bytes);
    let number = match vm.patterns.known.get(&key) {
        Some(&number) => number,
        None => {
            let dialect = Dialect { possessive: vm.profile.regex_possessive, bytes };
            match make(&chars, flags, dialect) {
                Ok(pattern) => {
                    let number = vm.patterns.made.len();
                    vm.patterns.made.push(Rc::new(pattern));
                    vm.patterns.known.insert(key, number);
                    number
                }
                Err(refusal) => {
                    let message = vm.new_str(&refusal.message);
                    let at = if refusal.at == NOWHERE { vm.none() } else { vm.new_int(refusal.at as i64) };
                    return Ok(vm.new_tuple(vec![message, at]));
                }
            }
        }
    };
    let pattern = Rc::clone(&vm.patterns.made[number]);
    let names = vm.new_dict();
    for (name, group) in &pattern.names {
        let group = vm.new_int(*group as i64);
        vm.put(names.get(), name, group);
    }
    let parts = vec![
        vm.new_int(number as i64),
        vm.new_int(i64::from(pattern.flags)),
        vm.new_int(pattern.parents.len() as i64 - 1),
        names,
    ];
    Ok(vm.new_tuple(parts))
}

/// The text of a subject up to an end, with the byte at which each character begins.
struct Subject {
    text: String,
    starts: Vec<usize>,
}

impl Subject {
    fn new(chars: &[char]) -> Subject {
        let mut text = String::with_capacity(chars.len());
        let mut starts = Vec::with_capacity(chars.len() + 1);
        for &c in chars {
            starts.push(text.len());
            text.push(c);
        }
        starts.push(text.len());
        Subject { text, starts }
    }

    fn character(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| start < byte)
    }

    fn byte(&self, character: usize) -> usize {
        self.starts.get(character).copied().unwrap_or(self.text.len())
    }
}

/// The arguments `(number, …, subject, pos, endpos)`.
fn subject(vm: &mut Vm, args: Args, at: usize) -> Res<(Rc<Pattern>, Subject, usize)> {
    let number = vm.index_of(args.get(vm, 0))?;
    let Some(pattern) = usize::try_from(number).ok().and_then(|number| vm.patterns.made.get(number)).cloned() else {
        return Err(vm.value_error("no such pattern"));
    };
    let (mut chars, _) = characters(vm, args.get(vm, at))?;
    let end = vm.index_of(args.get(vm, at + 2))?.clamp(0, chars.len() as i64) as usize;
    let start = vm.index_of(args.get(vm, at + 1))?.clamp(0, chars.len() as i64) as usize;
    chars.truncate(end);
    let cost = chars.len() as u64 / 16;
    if vm.budget.steps <= cost {
        return Err(Stop::Limit(LimitKind::Steps));
    }
    vm.budget.steps -= cost;
    Ok((pattern, Subject::new(&chars), start))
}

/// A match as spans in bytes, one a group.
type Spans = Vec<Option<(usize, usize)>>;

fn spans(found: &Captures<'_, str>) -> Spans {
    found.iter().map(|group| group.map(|group| (group.start(), group.end()))).collect()
}

/// Too much backtracking counts as too many steps.
fn run(regex: &Regex, text: &str, byte: usize) -> Res<Option<Spans>> {
    match regex.captures_from_pos(text, byte) {
        Ok(found) => Ok(found.map(|found| spans(&found))),
        Err(_) => Err(Stop::Limit(LimitKind::Steps)),
    }
}

/// The spans in characters, then the number of the group that was closed last (-1 if none).
fn report(vm: &mut Vm, pattern: &Pattern, subject: &Subject, found: &Spans) -> Owned {
    let mut parts = Vec::with_capacity(found.len() * 2 + 1);
    for group in found {
        let (start, end) = match group {
            Some((start, end)) => (subject.character(*start) as i64, subject.character(*end) as i64),
            None => (-1, -1),
        };
        parts.push(vm.new_int(start));
        parts.push(vm.new_int(end));
    }
    let mut last: Option<(usize, usize)> = None;
    for (group, span) in found.iter().enumerate().skip(1) {
        let Some((_, end)) = *span else { continue };
        let inside = |outer: usize| {
            let mut at = group;
            while at != 0 && at != outer {
                at = pattern.parents.get(at).copied().unwrap_or(0);
            }
            at == outer
        };
        if last.is_none_or(|(outer, before)| end > before || end == before && !inside(outer)) {
            last = Some((group, end));
        }
    }
    let last = last.map_or(-1, |(group, _)| group as i64);
    parts.push(vm.new_int(last));
    vm.new_tuple(parts)
}

/// `find(number, how, subject, pos, endpos)`: how is 0 to search, 1 to match, 2 to match all.
fn find(vm: &mut Vm, args: Args) -> Res<Owned> {
    let how = vm.index_of(args.get(vm, 1))?;
    let (pattern, subject, start) = subject(vm, args, 2)?;
    if start >= subject.starts.len() {
        return Ok(vm.none());
    }
    let regex = match how {
        0 => &pattern.search,
        1 => &pattern.here,
        _ => &pattern.whole,
    };
    match run(regex, &subject.text, subject.byte(start))? {
        Some(found) => Ok(report(vm, &pattern, &subject, &found)),
        None => Ok(vm.none()),
    }
}

/// `find_all(number, most, subject, pos, endpos)`: the matches one after the other, at most so many if that is not 0. An
/// empty match may follow any other, but not stand where an empty one was.
fn find_all(vm: &mut Vm, args: Args) -> Res<Owned> {
    let most = vm.index_of(args.get(vm, 1))?;
    let (pattern, subject, start) = subject(vm, args, 2)?;
    let list = vm.new_list(Vec::new());
    let list_ref = vm.hold(list);
    let mut items = Vec::new();
    let mut at = start;
    let mut was_empty = false;
    while at < subject.starts.len() && (most == 0 || (items.len() as i64) < most) {
        let mut found = None;
        let mut from = at;
        if was_empty {
            found = run(&pattern.more, &subject.text, subject.byte(at))?;
            from += 1;
        }
        if found.is_none() {
            if from >= subject.starts.len() {
                break;
            }
            found = run(&pattern.search, &subject.text, subject.byte(from))?;
        }
        let Some(found) = found else { break };
        vm.step()?;
        let (first, last) = found.first().copied().flatten().unwrap_or_default();
        was_empty = first == last;
        at = subject.character(last);
        items.push(report(vm, &pattern, &subject, &found));
    }
    for item in items {
        vm.list_append(list_ref, item);
    }
    Ok(vm.share(list_ref))
}
