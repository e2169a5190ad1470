//! Programs about objects that are shared and changed: aliases, mutation, slices, default arguments, closures, copies,
//! keys, augmented assignment, attributes, generators, exceptions.
//!
//! Invariant: the program ends, an exception is caught where it may come, and what is printed depends on no address and
//! no order of hashes. A step names nothing: it holds [`Pick`]s that are resolved where it is printed, so every tree is
//! a valid program, and so is every tree with steps taken out.

mod tables;

use super::draw::Draw;
use std::fmt::Write as _;
use tables::Kind;

/// A choice among as many things as there turn out to be.
type Pick = u8;

/// Names of one program.
const WIDTH: usize = 6;

/// The keys that are used.
const KEYS: [&str; 3] = ["'a'", "'b'", "'x'"];

/// One step; what it does not need is not used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    action: Action,
    /// Which of the texts that suit.
    text: Pick,
    /// Which object.
    target: Pick,
    /// Which others.
    others: [Pick; 2],
    numbers: [Pick; 2],
    key: Pick,
    /// Which name is bound.
    to: Pick,
}

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Action {
    /// Binds a name to a new object.
    Make(Kind),
    /// Binds a name to the object of another.
    Alias,
    /// A statement about an object.
    Change,
    /// Binds a name to the value of an expression.
    Bind,
    /// Prints the value of an expression.
    Show,
    /// Prints an object.
    Look,
    /// Unbinds a name.
    Forget,
}

/// A program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    steps: Vec<Step>,
    /// Its names are variables of a function.
    in_function: bool,
}

impl Program {
    /// The program of these choices.
    pub fn draw(draw: &mut Draw) -> Program {
        let kinds = draw.some(&Kind::MADE, 2, 4);
        let count = draw.between(4, 10);
        let in_function = draw.percent(30);
        let mut steps = Vec::with_capacity(count);
        for at in 0..count {
            let chance = if at < 2 { 0 } else { draw.below(100) };
            let action = match chance {
                0..25 => Action::Make(draw.of(&kinds).unwrap_or(Kind::List)),
                25..35 => Action::Alias,
                35..65 => Action::Change,
                65..80 => Action::Bind,
                80..93 => Action::Show,
                93..97 => Action::Look,
                _ => Action::Forget,
            };
            let mut pick = || u8::try_from(draw.below(256)).unwrap_or(0);
            let step = Step {
                action,
                text: pick(),
                target: pick(),
                others: [pick(), pick()],
                numbers: [pick(), pick()],
                key: pick(),
                to: pick(),
            };
            steps.push(step);
        }
        Program { steps, in_function }
    }

    /// Every way to make it smaller at one place, the boldest first.
    pub fn smaller(&self) -> Vec<Program> {
        let mut found = Vec::new();
        let with = |steps: Vec<Step>| Program { steps, in_function: self.in_function };
        let mut run = self.steps.len();
        while run > 0 {
            found.extend(
                (0..=self.steps.len() - run).step_by(run).map(|at| {
                    with(self.steps.iter().take(at).chain(self.steps.iter().skip(at + run)).cloned().collect())
                }),
            );
            run /= 2;
        }
        if self.in_function {
            found.push(Program { steps: self.steps.clone(), in_function: false });
        }
        for (at, step) in self.steps.iter().enumerate() {
            for plain in step.plainer() {
                let mut steps = self.steps.clone();
                if let Some(slot) = steps.get_mut(at) {
                    *slot = plain;
                }
                found.push(with(steps));
            }
        }
        found
    }

    /// Its text.
    pub fn source(&self) -> String {
        let mut printer = Printer { names: [None; WIDTH], body: String::new(), used: Vec::new(), copies: false };
        for step in &self.steps {
            // A step for which nothing fits is left out.
            let _ = printer.step(step);
        }
        printer.finish();
        let mut text = String::new();
        if printer.copies {
            text.push_str("import copy\n");
        }
        for kind in &printer.used {
            text.push_str(kind.needs());
        }
        if self.in_function {
            text.push_str("def main():\n");
            for line in printer.body.lines() {
                text.push_str("    ");
                text.push_str(line);
                text.push('\n');
            }
            if printer.body.is_empty() {
                text.push_str("    pass\n");
            }
            text.push_str("main()\n");
        } else {
            text.push_str(&printer.body);
        }
        text
    }
}

impl Step {
    fn plainer(&self) -> Vec<Step> {
        let mut found = Vec::new();
        let zero = |change: fn(&mut Step) -> &mut Pick, found: &mut Vec<Step>| {
            let mut plain = self.clone();
            let slot = change(&mut plain);
            if *slot != 0 {
                *slot = 0;
                found.push(plain);
            }
        };
        zero(|step| &mut step.to, &mut found);
        zero(|step| &mut step.others[0], &mut found);
        zero(|step| &mut step.others[1], &mut found);
        zero(|step| &mut step.numbers[0], &mut found);
        zero(|step| &mut step.numbers[1], &mut found);
        zero(|step| &mut step.key, &mut found);
        if let Action::Make(_) = self.action {
            zero(|step| &mut step.text, &mut found);
        }
        found
    }
}

fn of<T: Copy>(things: &[T], pick: Pick) -> Option<T> {
    things.get(usize::from(pick).checked_rem(things.len())?).copied()
}

struct Printer {
    names: [Option<Kind>; WIDTH],
    body: String,
    /// The kinds whose definitions are needed.
    used: Vec<Kind>,
    copies: bool,
}

impl Printer {
    fn bound(&self, wanted: impl Fn(Kind) -> bool) -> Vec<(usize, Kind)> {
        let all = self.names.iter().enumerate();
        all.filter_map(|(at, kind)| kind.filter(|kind| wanted(*kind)).map(|kind| (at, kind))).collect()
    }

    /// The text with names and numbers in the places of the letters.
    fn filled(&mut self, text: &str, target: Option<usize>, step: &Step) -> String {
        // Only what can be shown goes into other objects.
        let others = self.bound(Kind::can_be_shown);
        let mut out = String::with_capacity(text.len() + 8);
        let bytes = text.as_bytes();
        for (at, c) in text.char_indices() {
            let word = |near: Option<usize>| {
                let near = near.and_then(|near| bytes.get(near));
                near.is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'_')
            };
            let alone = !word(at.checked_sub(1)) && !word(Some(at + 1));
            let number = |pick: Pick| char::from(b'0' + pick % 4);
            match c {
                'T' if alone => match target {
                    Some(target) => {
                        let _ = write!(out, "v{target}");
                    }
                    None => out.push('0'),
                },
                'X' | 'Y' if alone => match of(&others, step.others[usize::from(c == 'Y')]) {
                    Some((other, _)) => {
                        let _ = write!(out, "v{other}");
                    }
                    None => out.push(number(step.numbers[0])),
                },
                'I' if alone => out.push(number(step.numbers[0])),
                'J' if alone => out.push(number(step.numbers[1])),
                'K' if alone => out.push_str(of(&KEYS, step.key).unwrap_or("'a'")),
                other => out.push(other),
            }
        }
        self.copies |= text.contains("copy.") && !text.contains("T.copy");
        out
    }

    fn lines(&mut self, text: &str, caught: bool) {
        if caught {
            self.body.push_str("try:\n");
            for line in text.lines() {
                let _ = writeln!(self.body, "    {line}");
            }
            self.body.push_str("except Exception as e: print('!', type(e).__name__, e)\n");
        } else {
            self.body.push_str(text);
            self.body.push('\n');
        }
    }

    fn step(&mut self, step: &Step) -> Option<()> {
        let to = usize::from(step.to) % WIDTH;
        match step.action {
            Action::Make(kind) => {
                let text = self.filled(of(kind.makers(), step.text)?, None, step);
                if !kind.needs().is_empty() && !self.used.contains(&kind) {
                    self.used.push(kind);
                }
                self.lines(&format!("v{to} = {text}"), false);
                self.bind(to, kind);
            }
            Action::Alias => {
                let (from, kind) = of(&self.bound(|_| true), step.target)?;
                if from != to {
                    self.lines(&format!("v{to} = v{from}"), false);
                    self.bind(to, kind);
                }
            }
            Action::Change => {
                let (target, kind) = of(&self.bound(|_| true), step.target)?;
                let text = of(kind.statements(), step.text)?;
                let filled = self.filled(text.trim_start_matches('!'), Some(target), step);
                self.lines(&filled, text.starts_with('!'));
                // What comes of an addition depends on what is added.
                let unsure = text.starts_with("!T +=") || text.starts_with("!T *=") || text.starts_with("!T //");
                if unsure || (kind == Kind::Sub && text.starts_with("T += ")) {
                    self.bind(target, if kind.can_be_shown() { Kind::Any } else { kind });
                }
            }
            Action::Bind => {
                let (target, kind) = of(&self.bound(|_| true), step.target)?;
                let (text, result) = of(kind.expressions(), step.text)?;
                let filled = self.filled(text.trim_start_matches('!'), Some(target), step);
                if text.starts_with('!') {
                    // Bound to something even where the expression raises.
                    self.lines(&format!("v{to} = 0"), false);
                    if to == target || filled.contains(&format!("v{to}")) {
                        self.bind(to, Kind::Int);
                        return Some(());
                    }
                }
                self.lines(&format!("v{to} = {filled}"), text.starts_with('!'));
                self.bind(to, if text.starts_with('!') && result != Kind::Any { Kind::Any } else { result });
            }
            Action::Show => {
                let (target, kind) = of(&self.bound(|_| true), step.target)?;
                let (text, result) = of(kind.expressions(), step.text)?;
                let filled = self.filled(text.trim_start_matches('!'), Some(target), step);
                let shown = match result {
                    Kind::Set => format!("print(sorted({filled}))"),
                    kind if kind.can_be_shown() => format!("print({filled})"),
                    _ => return None,
                };
                self.lines(&shown, text.starts_with('!'));
            }
            Action::Look => {
                let (target, kind) = of(&self.bound(|_| true), step.target)?;
                match kind {
                    Kind::Set => self.lines(&format!("print(sorted(v{target}))"), false),
                    kind if kind.can_be_shown() => self.lines(&format!("print(v{target})"), false),
                    _ => {}
                }
            }
            Action::Forget => {
                let (target, _) = of(&self.bound(|_| true), step.target)?;
                self.lines(&format!("del v{target}"), false);
                if let Some(slot) = self.names.get_mut(target) {
                    *slot = None;
                }
            }
        }
        Some(())
    }

    fn bind(&mut self, at: usize, kind: Kind) {
        if let Some(slot) = self.names.get_mut(at) {
            *slot = Some(kind);
        }
    }

    /// What all names hold at the end, and which are one object.
    fn finish(&mut self) {
        let shown: Vec<String> = self
            .bound(|kind| kind.can_be_shown() || kind == Kind::Set)
            .into_iter()
            .map(|(at, kind)| if kind == Kind::Set { format!("sorted(v{at})") } else { format!("v{at}") })
            .collect();
        if !shown.is_empty() {
            self.lines(&format!("print({})", shown.join(", ")), false);
        }
        let same = self.bound(Kind::has_identity);
        let mut pairs = Vec::new();
        for (at, (one, _)) in same.iter().enumerate() {
            pairs.extend(same.iter().skip(at + 1).map(|(other, _)| format!("v{one} is v{other}")));
        }
        if !pairs.is_empty() {
            self.lines(&format!("print({})", pairs.join(", ")), false);
        }
    }
}
