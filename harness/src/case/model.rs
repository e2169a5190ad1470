//! Cases and rules as the rest of the harness sees them: read, expanded, checked.
//!
//! Invariant: everything a person wrote keeps its [`Place`], so that every report can name file, line and column.

use super::expand::Expanded;
use super::guard::{Guard, VersionSet};
use super::plan::Mode;
use super::problem::SourceFile;
use super::scope::Scope;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// How binding a rule or a mark is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The Language Reference promises it: every engine must.
    Language,
    /// CPython does it: CPython must, and an engine that claims to be like it.
    Cpython,
    /// The language leaves it open: every engine stays within what is allowed.
    Unspecified,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 3] = [Level::Language, Level::Cpython, Level::Unspecified];

    /// The word used in case files, guards and reports.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Language => "language",
            Level::Cpython => "cpython",
            Level::Unspecified => "unspecified",
        }
    }

    /// The level with this word.
    pub fn from_word(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.word() == word)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where something stands in a case file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The bytes.
    pub range: Range<usize>,
}

impl Place {
    /// 1-based line and column.
    pub fn line_column(&self) -> (u32, u32) {
        self.file.line_column(self.range.start)
    }
}

impl fmt::Display for Place {
    /// `cases/scoping/local.toml:12:17`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.file.path)
    }
}

/// One sentence that Python programs can rely on, or that CPython keeps.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `scoping.local.whole-block`
    pub id: String,
    /// The sentence.
    pub statement: String,
    /// How binding it is.
    pub level: Level,
    /// The versions that have it.
    pub python: VersionSet,
    /// Where it is promised or done.
    pub reference: String,
    /// The words of the reference.
    pub quote: Option<String>,
    /// Ids by which it was known; a rule that was split or merged shares them.
    pub formerly: Vec<String>,
    /// Where it is declared.
    pub place: Place,
}

/// A small program with expectations. One that has parameters or scopes stands once for each of their combinations.
#[derive(Clone, Debug)]
pub struct Case {
    /// The full id, with the keys of its parameters and its scope: `scoping.unbound-local/assign/class`.
    pub id: String,
    /// The id as it is written in the file.
    pub base: String,
    /// The area: the folder it stands in.
    pub area: String,
    /// The ids of the rules that it is about.
    pub rules: Vec<String>,
    /// What it shows, in one line.
    pub title: String,
    /// The level of marks that name none.
    pub level: Level,
    /// Capabilities without which an engine cannot run it.
    pub needs: Vec<String>,
    /// The modes in which it runs.
    pub modes: Vec<Mode>,
    /// The versions in which it runs.
    pub python: VersionSet,
    /// The body in which the program stands, if it is written for several.
    pub scope: Option<Scope>,
    /// The program, parameters filled in and put into its scope, with the way back to the file.
    pub source: Expanded,
    /// The marks, in the order of the program.
    pub marks: Vec<Mark>,
    /// The alias graphs of names at the end, numbered together.
    pub heap: Vec<HeapMark>,
    /// Other modules: dotted name and source.
    pub files: Vec<(String, String)>,
    /// The whole output, where it is given as one text.
    pub stdout: Option<Output>,
    /// Ids that it had before.
    pub formerly: Vec<String>,
    /// Where its `[[case]]` stands.
    pub place: Place,
}

impl Case {
    /// The level of one of its marks.
    ///
    /// `#~>` lets the engine choose, so it is never a promise of the language; in a case about CPython's own habits
    /// it is a set of such habits.
    pub fn level_of(&self, mark: &Mark) -> Level {
        let plain = match mark.expect {
            Expect::OneOf(_) if self.level == Level::Language => Level::Unspecified,
            _ => self.level,
        };
        mark.guard.level.unwrap_or(plain)
    }
}

/// An expectation written as a comment at its statement.
#[derive(Clone, Debug)]
pub struct Mark {
    /// 1-based, in the order of the program. The probe's name carries it.
    pub number: usize,
    /// For which versions and modes it speaks.
    pub guard: Guard,
    /// What it says.
    pub expect: Expect,
    /// The statement it speaks of, in the expanded source; none for output, and where the source does not parse.
    pub target: Option<Target>,
    /// The index of the interactive piece it speaks of.
    pub piece: Option<usize>,
    /// The bytes of the comment in the expanded source.
    pub comment: Range<usize>,
    /// The bytes of what is expected, in the expanded source.
    pub value: Range<usize>,
}

/// The statement that a mark speaks of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Its bytes in the expanded source.
    pub range: Range<usize>,
    /// It stands inside another statement.
    pub nested: bool,
    /// It is an expression statement.
    pub expression: bool,
}

/// What a mark says.
#[derive(Clone, Debug)]
pub enum Expect {
    /// `#=> repr`: the value's repr is this text.
    Value(String),
    /// `#~> A or B`, `#~> /regex/`: the value's repr is one of these.
    OneOf(Choice),
    /// `#&> graph`: the value's alias graph, in canonical text.
    Graph(String),
    /// `#!> Class`, `#!> Class: text`: it raises.
    Raises {
        /// The class, as a traceback shows it.
        class: String,
        /// `str(exception)`, where it matters.
        text: Option<String>,
        /// The compiler rejects the chunk before anything of it runs.
        at_compile: bool,
    },
    /// `#| text`: a line of stdout.
    Output(String),
}

impl Expect {
    /// The mark's sign.
    pub const fn sign(&self) -> &'static str {
        match self {
            Expect::Value(_) => "#=>",
            Expect::OneOf(_) => "#~>",
            Expect::Graph(_) => "#&>",
            Expect::Raises { .. } => "#!>",
            Expect::Output(_) => "#|",
        }
    }
}

impl fmt::Display for Expect {
    /// What is expected, without the sign.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expect::Value(text) | Expect::Graph(text) | Expect::Output(text) => f.write_str(text),
            Expect::OneOf(choice) => choice.fmt(f),
            Expect::Raises { class, text, at_compile } => {
                f.write_str(class)?;
                if let Some(text) = text {
                    write!(f, ": {text}")?;
                }
                f.write_str(if *at_compile { " @compile" } else { "" })
            }
        }
    }
}

/// What an engine may choose from.
#[derive(Clone, Debug)]
pub enum Choice {
    /// One of these reprs.
    Listed(Vec<String>),
    /// A repr that the whole pattern matches.
    Pattern(regex::Regex, String),
}

impl Choice {
    /// Whether this repr is allowed.
    pub fn allows(&self, repr: &str) -> bool {
        match self {
            Choice::Listed(texts) => texts.iter().any(|text| text == repr),
            Choice::Pattern(regex, _) => regex.is_match(repr),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Listed(texts) => f.write_str(&texts.join(" or ")),
            Choice::Pattern(_, text) => write!(f, "/{text}/"),
        }
    }
}

/// The expected alias graph of one name at the end of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeapMark {
    /// The name in `__main__`.
    pub name: String,
    /// Canonical text; labels run on from the names before it.
    pub graph: String,
    /// Where it is written.
    pub place: Place,
}

/// The expected output as one text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Output {
    /// The text.
    pub text: String,
    /// Where it is written.
    pub place: Place,
}
