//! In which constructs each rule is seen: a number for the marks of its cases that stand in a construct, `+` where only
//! the program of a case has it.
//!
//! A mark stands in everything around its statement, and in what its statement holds: `[f(x) for x in y]  #=> …` stands in
//! a comprehension. What stands in no function and no class stands in the module.

use super::Book;
use crate::case::{Case, Mode, Scope};
use std::collections::HashMap;
use verysame_engine::syntax::{self, Construct};

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// The module's own body.
    Module,
    /// The prompt, one statement at a time.
    Prompt,
    /// A text that `exec` runs.
    Exec,
    /// What the program's text shows.
    In(Construct),
}

impl Column {
    /// Every column, in the order of the table.
    pub const ALL: [Column; 14] = [
        Column::Module,
        Column::Prompt,
        Column::Exec,
        Column::In(Construct::Function),
        Column::In(Construct::Method),
        Column::In(Construct::Class),
        Column::In(Construct::Async),
        Column::In(Construct::Lambda),
        Column::In(Construct::Comprehension),
        Column::In(Construct::Generator),
        Column::In(Construct::Branch),
        Column::In(Construct::Loop),
        Column::In(Construct::Try),
        Column::In(Construct::With),
    ];

    /// Its head.
    pub const fn word(self) -> &'static str {
        match self {
            Column::Module => "module",
            Column::Prompt => "prompt",
            Column::Exec => "exec",
            Column::In(construct) => match construct {
                Construct::Function => "function",
                Construct::Method => "method",
                Construct::Class => "class",
                Construct::Async => "async",
                Construct::Lambda => "lambda",
                Construct::Comprehension => "comprehension",
                Construct::Generator => "generator",
                Construct::Branch => "branch",
                Construct::Loop => "loop",
                Construct::Try => "try",
                Construct::With => "with",
            },
        }
    }
}

/// What the cases of one rule show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Seen {
    /// Marks, by column.
    pub marks: [usize; Column::ALL.len()],
    /// Whether the program of some case has the construct, by column.
    pub programs: [bool; Column::ALL.len()],
    /// All marks.
    pub total: usize,
}

impl Seen {
    fn add(&mut self, other: &Seen) {
        for (at, marks) in other.marks.iter().enumerate() {
            if let (Some(own), Some(has)) = (self.marks.get_mut(at), self.programs.get_mut(at)) {
                *own += marks;
                *has |= other.programs.get(at).copied().unwrap_or(false);
            }
        }
        self.total += other.total;
    }

    fn count(&mut self, column: Column, marks: usize) {
        let at = Column::ALL.iter().position(|own| *own == column);
        if let Some(own) = at.and_then(|at| self.marks.get_mut(at)) {
            *own += marks;
        }
        self.has(column);
    }

    fn has(&mut self, column: Column) {
        let at = Column::ALL.iter().position(|own| *own == column);
        if let Some(own) = at.and_then(|at| self.programs.get_mut(at)) {
            *own = true;
        }
    }
}

/// The table: each rule with what its cases show.
pub fn coverage<'a>(book: &Book<'a>) -> Vec<(&'a str, Seen)> {
    let mut known: HashMap<&str, Seen> = HashMap::new();
    let mut rows = Vec::new();
    for entry in &book.entries {
        let mut row = Seen::default();
        for case in &entry.cases {
            row.add(known.entry(&case.id).or_insert_with(|| of_case(case)));
        }
        rows.push((entry.id, row));
    }
    rows
}

fn of_case(case: &Case) -> Seen {
    let mut seen = Seen::default();
    let constructs = syntax::constructs(&case.source.text);
    constructs.iter().for_each(|(construct, _)| seen.has(Column::In(*construct)));
    let outermost = if case.scope == Some(Scope::Exec) { Column::Exec } else { Column::Module };
    // What the whole program leaves behind is seen from the module.
    let whole = case.heap.len() + usize::from(case.stdout.is_some());
    seen.count(outermost, whole);
    seen.total = whole + case.marks.len();
    for mark in &case.marks {
        let range = mark.target.as_ref().map_or(mark.comment.clone(), |target| target.range.clone());
        let around = |own: &std::ops::Range<usize>| own.start <= range.start && range.end <= own.end;
        let within = |own: &std::ops::Range<usize>| range.start <= own.start && own.end <= range.end;
        let mut columns: Vec<Construct> = Vec::new();
        for (construct, own) in &constructs {
            if (around(own) || within(own)) && !columns.contains(construct) {
                columns.push(*construct);
            }
        }
        let body = |(construct, own): &(Construct, std::ops::Range<usize>)| {
            let bodies = [Construct::Function, Construct::Method, Construct::Async, Construct::Class];
            bodies.contains(construct) && around(own) && *own != range
        };
        if !constructs.iter().any(body) {
            seen.count(outermost, 1);
        }
        columns.into_iter().for_each(|construct| seen.count(Column::In(construct), 1));
    }
    if case.modes.contains(&Mode::Interactive) {
        seen.count(Column::Prompt, case.marks.iter().filter(|mark| mark.guard.mode != Some(Mode::Module)).count());
    }
    seen
}

/// The table as text, with a last line of sums.
pub fn render(rows: &[(&str, Seen)]) -> String {
    let width = rows.iter().map(|(id, _)| id.len()).max().unwrap_or(4);
    let heads: Vec<&str> = Column::ALL.iter().map(|column| column.word()).collect();
    let mut out = format!("{:width$}", "rule");
    for head in &heads {
        out.push_str(&format!(" {:>5}", head.get(..5).unwrap_or(head)));
    }
    out.push_str(" marks\n");
    for (id, seen) in rows {
        out.push_str(&format!("{id:width$}"));
        for (marks, has) in seen.marks.iter().zip(seen.programs) {
            let cell = match (marks, has) {
                (0, false) => ".".to_string(),
                (0, true) => "+".to_string(),
                _ => marks.to_string(),
            };
            out.push_str(&format!(" {cell:>5}"));
        }
        out.push_str(&format!(" {:>5}\n", seen.total));
    }
    out.push_str(&format!("{:width$}", "rules seen"));
    for at in 0..heads.len() {
        let rules = rows.iter().filter(|(_, seen)| seen.marks.get(at).is_some_and(|marks| *marks > 0)).count();
        out.push_str(&format!(" {rules:>5}"));
    }
    out.push_str(&format!(" {:>5}\n", rows.iter().filter(|(_, seen)| seen.total > 0).count()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::load_texts;

    #[test]
    fn marks_are_counted_where_they_stand() {
        let text = "guarantee = \"language\"\n[[rule]]\nid = \"area.r\"\nstatement = \"It is so.\"\nreference = \"PEP 8\"\n\
             [[case]]\nid = \"area.one\"\nrules = [\"area.r\"]\ntitle = \"One\"\nmodes = [\"module\"]\nsource = '''\n\
             class C:\n    def m(self):\n        with a:\n            x  #=> 1\n[y for y in z]  #=> []\nclass D(C):  #!> E\n    pass\n\
             try:\n    lambda: 1\nexcept E: pass\nw  #=> 1\n'''\n\
             [[case]]\nid = \"area.two\"\nrules = [\"area.r\"]\ntitle = \"Two\"\nscopes = [\"exec\", \"generator\"]\nsource = '''\n2  #=> 2\n'''\n";
        let loaded = load_texts([("cases/area/f.toml".to_string(), text.to_string())]);
        assert_eq!(loaded.cases.len(), 3, "{:?}", loaded.problems);
        let book = Book::of(&loaded).expect("a book");
        let rows = coverage(&book);
        let (_, seen) = rows.iter().find(|(id, _)| *id == "area.r").expect("the rule");
        let cells: Vec<String> = Column::ALL
            .iter()
            .enumerate()
            .filter(|(at, _)| seen.programs[*at])
            .map(|(at, column)| format!("{} {}", column.word(), seen.marks[at]))
            .collect();
        assert_eq!(
            cells,
            [
                "module 4",
                "prompt 2",
                "exec 1",
                "method 1",
                "class 2",
                "lambda 0",
                "comprehension 1",
                "generator 1",
                "try 0",
                "with 1"
            ]
        );
        assert_eq!(seen.total, 6);
        let table = render(&rows);
        assert!(table.lines().next().is_some_and(|head| head.starts_with("rule ")), "{table}");
        assert!(table.contains("\narea.r "), "{table}");
    }
}
