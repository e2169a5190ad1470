//! Programs made of the cases of the suite: each case as it stands, and then changed: statements taken out, doubled,
//! moved or taken from another case, numbers, names and operators put in the place of others, bodies around the whole.
//!
//! Invariant: a number is one program for as long as the suite stays the same. What it prints has one legal answer,
//! whatever the change made of it, an error of the compiler included.

mod stock;

use super::draw::Draw;
use super::text::{margin, quoted, words};
use std::fmt::Write as _;
use stock::{Seed, stock};

/// A statement of the top level, with the lines it stands on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    text: String,
    /// It is expected to raise: what it raises is printed and the program goes on.
    raises: bool,
    /// Its lines cannot be moved to the right: a string of several lines is in them.
    fixed: bool,
}

/// What stands around a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Around {
    Nothing,
    Function,
    Class,
    Exec,
}

/// A program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    parts: Vec<Part>,
    around: Around,
    /// The first minor version for which the case is written.
    since: u8,
    /// All of it is of cases about promises of the language.
    is_language: bool,
}

/// Texts that are put in the place of others.
const SWAPS: [(&str, &str); 18] = [
    (" is not ", " is "),
    (" is ", " == "),
    (" == ", " is "),
    (" += ", " = "),
    (" + ", " * "),
    ("[]", "()"),
    ("{}", "[]"),
    ("()", "(1)"),
    ("'a'", "'b'"),
    ("list(", "tuple("),
    ("tuple(", "list("),
    ("True", "1"),
    ("None", "0"),
    ("nonlocal ", "global "),
    ("def ", "async def "),
    ("(list)", "(dict)"),
    ("return ", "yield "),
    ("self.", "type(self)."),
];

/// Numbers that are put in the place of others.
const NUMBERS: [&str; 8] = ["0", "1", "2", "3", "-1", "256", "257", "1.5"];

impl Program {
    /// The program of this number. The first ones are the cases as they stand.
    pub fn draw(seed: u64, number: u64, salt: u64) -> Program {
        let stock = stock();
        let plain = |seed: &Seed| Program {
            parts: seed.parts.clone(),
            around: Around::Nothing,
            since: seed.since,
            is_language: seed.is_language,
        };
        let mut draw = Draw::new(seed, number, salt);
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        if let Some(seed) = stock.get(at) {
            return plain(seed);
        }
        let Some(mut program) = stock.get(draw.below(stock.len())).map(plain) else {
            return Program { parts: Vec::new(), around: Around::Nothing, since: 8, is_language: true };
        };
        for _ in 0..draw.between(1, 3) {
            program.change(stock, &mut draw);
        }
        program
    }

    /// The first minor version for which it is written.
    pub fn since(&self) -> u8 {
        self.since
    }

    /// All of it is of cases about promises of the language.
    pub fn is_language(&self) -> bool {
        self.is_language
    }

    fn change(&mut self, stock: &[Seed], draw: &mut Draw) {
        let count = self.parts.len();
        let at = draw.below(count);
        match draw.below(12) {
            0 if count > 1 => {
                self.parts.remove(at);
            }
            1 => {
                if let Some(part) = self.parts.get(at).cloned() {
                    self.parts.insert(at, part);
                }
            }
            2 if count > 1 => {
                let other = draw.below(count);
                self.parts.swap(at, other);
            }
            3 => {
                if let Some(other) = stock.get(draw.below(stock.len())) {
                    self.parts.extend(other.parts.iter().cloned());
                    self.since = self.since.max(other.since);
                    self.is_language &= other.is_language;
                }
            }
            4 => {
                self.around = draw.of(&[Around::Function, Around::Class, Around::Exec]).unwrap_or(Around::Function);
            }
            5..=7 => self.change_text(at, draw, number_changed),
            8..=9 => self.change_text(at, draw, name_changed),
            _ => self.change_text(at, draw, swapped),
        }
    }

    /// Changes one statement, unless its loop might then never end.
    fn change_text(&mut self, at: usize, draw: &mut Draw, change: fn(&str, &mut Draw) -> Option<String>) {
        if let Some(part) = self.parts.get_mut(at)
            && !part.text.contains("while")
            && let Some(text) = change(&part.text, draw)
        {
            part.text = text;
            // What was sure to raise may do otherwise, and the other way round.
            part.raises = !part.fixed;
        }
    }

    /// Every way to make it smaller at one place, the boldest first.
    pub fn smaller(&self) -> Vec<Program> {
        let mut found = Vec::new();
        let with = |parts: Vec<Part>| Program { parts, ..self.clone() };
        let mut run = self.parts.len();
        while run > 0 {
            found.extend(
                (0..=self.parts.len() - run).step_by(run).map(|at| {
                    with(self.parts.iter().take(at).chain(self.parts.iter().skip(at + run)).cloned().collect())
                }),
            );
            run /= 2;
        }
        if self.around != Around::Nothing {
            found.push(Program { around: Around::Nothing, ..self.clone() });
        }
        for (at, part) in self.parts.iter().enumerate() {
            let mut smaller: Vec<Part> =
                without_a_line(&part.text).into_iter().map(|text| Part { text, ..part.clone() }).collect();
            if part.raises {
                smaller.push(Part { raises: false, ..part.clone() });
            }
            for part in smaller {
                let mut parts = self.parts.clone();
                if let Some(slot) = parts.get_mut(at) {
                    *slot = part;
                }
                found.push(with(parts));
            }
        }
        found
    }

    /// Its text.
    pub fn source(&self) -> String {
        let mut body = String::new();
        for part in &self.parts {
            if part.raises && !part.fixed {
                body.push_str("try:\n");
                indented(&part.text, &mut body);
                body.push_str("except BaseException as caught: print('!', type(caught).__name__, caught)\n");
            } else {
                body.push_str(&part.text);
                body.push('\n');
            }
        }
        // What has to stand first in a file, or at its top, stays there.
        let movable = !self.parts.iter().any(|part| part.fixed) && !body.contains("__future__") && !body.is_empty();
        let head = match self.around {
            Around::Function if movable => "def main():\n",
            Around::Class if movable => "class Main:\n",
            Around::Exec if movable => return format!("exec({})\n", quoted(&body, '\'')),
            _ => return body,
        };
        let mut text = String::from(head);
        indented(&body, &mut text);
        if self.around == Around::Function {
            text.push_str("main()\n");
        }
        text
    }
}

fn indented(text: &str, out: &mut String) {
    for line in text.lines() {
        let blanks = if line.is_empty() { "" } else { "    " };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{blanks}{line}");
    }
}

/// The text without one of its lines, for each line that is indented; a body that would be empty gets a `pass`.
fn without_a_line(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| margin(line) > 0) {
        let rest = || lines.iter().take(at).chain(lines.iter().skip(at + 1));
        found.push(rest().copied().collect::<Vec<_>>().join("\n"));
        let opens = at.checked_sub(1).and_then(|before| lines.get(before)).is_some_and(|line| line.ends_with(':'));
        if opens && line.trim_start() != "pass" {
            let mut with_pass = lines.clone();
            let pass = format!("{}pass", " ".repeat(margin(line)));
            if let Some(slot) = with_pass.get_mut(at) {
                *slot = &pass;
            }
            found.push(with_pass.join("\n"));
        }
    }
    found
}

/// The places of words for which this holds, as byte ranges.
fn places(text: &str, wanted: impl Fn(&str) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut places = words(text);
    places.retain(|range| text.get(range.clone()).is_some_and(&wanted));
    places
}

fn replaced(text: &str, range: std::ops::Range<usize>, with: &str) -> Option<String> {
    let mut out = text.to_string();
    (text.is_char_boundary(range.start) && text.is_char_boundary(range.end)).then(|| out.replace_range(range, with))?;
    Some(out)
}

fn number_changed(text: &str, draw: &mut Draw) -> Option<String> {
    let places = places(text, |word| word.len() < 5 && word.bytes().all(|c| c.is_ascii_digit()));
    let place = places.get(draw.below(places.len()))?.clone();
    replaced(text, place, draw.of(&NUMBERS)?)
}

fn name_changed(text: &str, draw: &mut Draw) -> Option<String> {
    let is_name = |word: &str| word.len() <= 2 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    let keywords = ["as", "if", "in", "is", "or"];
    let places = places(text, |word| is_name(word) && !keywords.contains(&word));
    let place = places.get(draw.below(places.len()))?.clone();
    let other = places.get(draw.below(places.len())).and_then(|range| text.get(range.clone()))?.to_string();
    replaced(text, place, &other)
}

fn swapped(text: &str, draw: &mut Draw) -> Option<String> {
    let fitting: Vec<(&str, &str)> = SWAPS.into_iter().filter(|(from, _)| text.contains(from)).collect();
    let (from, to) = draw.of(&fitting)?;
    let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
    let at = draw.of(&places)?;
    replaced(text, at..at + from.len(), to)
}
