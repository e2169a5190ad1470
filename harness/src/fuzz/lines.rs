//! A program as nothing but its lines, for what is left when its tree cannot be made smaller: blocks go, bodies take the
//! place of what holds them, and items of brackets, names and numbers become fewer and plainer.
//!
//! Invariant: what is smaller comes before in the order of (lines, bytes, text), so making smaller ends. It need not be a
//! valid program: who asks whether it still shows what is wanted sees to that.

use super::text::{margin, words};

/// A program as lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lines {
    lines: Vec<String>,
    /// The first minor version whose syntax has all of it.
    pub since: u8,
    /// It is about promises of the language.
    pub is_language: bool,
}

impl Lines {
    /// The lines of this program.
    pub fn new(source: &str, since: u8, is_language: bool) -> Lines {
        Lines { lines: source.lines().map(str::to_string).collect(), since, is_language }
    }

    /// Its text.
    pub fn source(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }

    fn with(&self, lines: Vec<String>) -> Lines {
        Lines { lines, since: self.since, is_language: self.is_language }
    }

    /// Every way to make it smaller at one place, the boldest first.
    pub fn smaller(&self) -> Vec<Lines> {
        let mut found = self.without_runs();
        for at in 0..self.lines.len() {
            found.extend(self.without_block(at));
            found.extend(self.unwrapped(at));
        }
        for (at, line) in self.lines.iter().enumerate() {
            found.extend(plainer(line).into_iter().map(|line| {
                let mut lines = self.lines.clone();
                if let Some(slot) = lines.get_mut(at) {
                    *slot = line;
                }
                self.with(lines)
            }));
        }
        found.extend(self.inlined());
        let own = self.order();
        found.retain(|smaller| smaller.order() < own);
        found
    }

    fn order(&self) -> (usize, usize, &[String]) {
        (self.lines.len(), self.lines.iter().map(String::len).sum(), &self.lines)
    }

    /// Where the block ends that this line opens: the first line that is not further to the right.
    fn end(&self, at: usize) -> usize {
        let own = self.lines.get(at).map_or(0, |line| margin(line));
        let mut rest = self.lines.iter().enumerate().skip(at + 1);
        rest.find(|(_, line)| margin(line) <= own).map_or(self.lines.len(), |(at, _)| at)
    }

    /// Without halves, quarters … of the blocks of the top level.
    fn without_runs(&self) -> Vec<Lines> {
        let starts: Vec<usize> =
            (0..self.lines.len()).filter(|at| self.lines.get(*at).is_some_and(|line| margin(line) == 0)).collect();
        let mut found = Vec::new();
        let mut run = starts.len() / 2;
        while run > 1 {
            for from in (0..=starts.len() - run).step_by(run) {
                let (Some(begin), end) = (starts.get(from), starts.get(from + run)) else { continue };
                let end = end.copied().unwrap_or(self.lines.len());
                found.push(
                    self.with(self.lines.iter().take(*begin).chain(self.lines.iter().skip(end)).cloned().collect()),
                );
            }
            run /= 2;
        }
        found
    }

    /// Without the block that begins here; with `pass` in its place as well, for a body that would be empty.
    fn without_block(&self, at: usize) -> Vec<Lines> {
        let Some(line) = self.lines.get(at) else { return Vec::new() };
        // What belongs to a `try` or an `if` goes with it, or alone.
        let mut ends = vec![self.end(at)];
        while let Some(next) = ends.last().and_then(|end| self.lines.get(*end))
            && margin(next) == margin(line)
            && ["except", "finally", "else", "elif"].iter().any(|word| next.trim_start().starts_with(word))
        {
            ends.push(self.end(ends.last().copied().unwrap_or(at)));
        }
        let mut found = Vec::new();
        for end in ends.into_iter().rev() {
            for middle in [None, Some(format!("{}pass", " ".repeat(margin(line))))] {
                let before = self.lines.iter().take(at).cloned();
                found.push(self.with(before.chain(middle).chain(self.lines.iter().skip(end).cloned()).collect()));
            }
        }
        found
    }

    /// With the body in the place of the block that begins here, and without its `except` and `finally`.
    fn unwrapped(&self, at: usize) -> Vec<Lines> {
        let (Some(line), end) = (self.lines.get(at), self.end(at)) else { return Vec::new() };
        let Some(first) = self.lines.get(at + 1).filter(|_| end > at + 1) else { return Vec::new() };
        let less = margin(first).saturating_sub(margin(line));
        let mut after = end;
        while self.lines.get(after).is_some_and(|next| {
            margin(next) == margin(line) && ["except", "finally"].iter().any(|word| next.trim_start().starts_with(word))
        }) {
            after = self.end(after);
        }
        let body = self.lines.get(at + 1..end).unwrap_or_default();
        let body = body.iter().map(|line| line.get(less..).unwrap_or(line.trim_start()).to_string());
        let before = self.lines.iter().take(at).cloned();
        vec![self.with(before.chain(body).chain(self.lines.iter().skip(after).cloned()).collect())]
    }

    /// With the value of `name = value` in the place of the name, where it is used once more.
    fn inlined(&self) -> Vec<Lines> {
        let mut found = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let Some((name, value)) = line.trim_start().split_once(" = ") else { continue };
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            for user in at + 1..self.lines.len() {
                let Some(text) = self.lines.get(user) else { continue };
                let Some(place) = words(text).into_iter().find(|range| text.get(range.clone()) == Some(name)) else {
                    continue;
                };
                let mut lines = self.lines.clone();
                if let Some(slot) = lines.get_mut(user) {
                    slot.replace_range(place, value);
                }
                lines.remove(at);
                found.push(self.with(lines));
                break;
            }
        }
        found
    }
}

/// Plainer texts for one line: without an item between commas, without what is in brackets, and with plainer numbers.
fn plainer(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let replaced = |range: std::ops::Range<usize>, with: &str| {
        let mut text = line.to_string();
        text.replace_range(range, with);
        text
    };
    // Where brackets are open, with the beginnings of the items in them.
    let mut open: Vec<(usize, Vec<usize>)> = vec![(0, vec![margin(line)])];
    for (at, c) in line.char_indices() {
        match c {
            '(' | '[' | '{' => open.push((at, vec![at + 1])),
            ',' => {
                if let Some((_, items)) = open.last_mut() {
                    items.push(at + 1);
                }
            }
            ')' | ']' | '}' if open.len() > 1 => {
                let Some((from, items)) = open.pop() else { continue };
                if at > from + 1 {
                    found.push(replaced(from + 1..at, ""));
                }
                let ends: Vec<usize> = items.iter().skip(1).copied().chain([at + 1]).collect();
                if items.len() > 1 {
                    for (item, (begin, end)) in items.iter().zip(&ends).enumerate() {
                        // With the comma behind it, or before it if it is the last.
                        let last = item + 1 == items.len();
                        let blanks = line.get(*end..).map_or(0, |rest| rest.len() - rest.trim_start().len());
                        let first = if item == 0 { blanks } else { 0 };
                        let gone = if last { begin - 1..end - 1 } else { *begin..end + first };
                        found.push(replaced(gone, ""));
                    }
                }
            }
            _ => {}
        }
    }
    for range in words(line) {
        let word = line.get(range.clone()).unwrap_or_default();
        if word.bytes().all(|c| c.is_ascii_digit()) {
            found.extend(
                ["0", "1"].into_iter().filter(|plain| *plain < word).map(|plain| replaced(range.clone(), plain)),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shrunk(source: &str, wanted: impl Fn(&str) -> bool) -> String {
        let mut lines = Lines::new(source, 8, true);
        while let Some(smaller) = lines.smaller().into_iter().find(|smaller| wanted(&smaller.source())) {
            lines = smaller;
        }
        lines.source()
    }

    #[test]
    fn bodies_take_the_place_of_blocks() {
        let source =
            "a = 1\ndef f(x, y):\n    try:\n        b = [x, y, 25]\n    except KeyError:\n        pass\nf(1, 2)\n";
        assert_eq!(shrunk(source, |text| text.contains("[x")), "b = [x]\n");
        assert_eq!(shrunk(source, |text| text.contains("25")), "b = [25]\n");
        assert_eq!(shrunk(source, |text| text.contains("def f") && text.contains('b')), "def f():\n    b = []\n");
        let named = Lines::new("c = [7]\nprint(c)\n", 8, true);
        assert!(named.smaller().iter().any(|smaller| smaller.source() == "print([7])\n"));
    }

    #[test]
    fn making_smaller_ends() {
        let source = "if x:\n    y\nelif z:\n    w\nelse:\n    v\n(a, (b, [c], {d: 10}))\n";
        assert_eq!(shrunk(source, |_| true), "\n");
        let lines = Lines::new(source, 8, true);
        assert!(lines.smaller().iter().all(|smaller| smaller.order() < lines.order()));
    }
}
