//! Scopes: one written snippet stands once in each body that `scopes` names.
//!
//! | scope | the snippet becomes |
//! |---|---|
//! | `module` | itself |
//! | `function` | the body of a function that is called |
//! | `class` | the body of a class |
//! | `method` | the body of a method that is called |
//! | `exec` | the text that `exec` runs in the module's namespace |
//! | `lambda` | itself, each marked expression evaluated in a lambda |
//! | `comprehension` | itself, each marked expression evaluated in a list comprehension |
//! | `generator` | itself, each marked expression evaluated in a generator expression |
//!
//! Invariant: a scope only adds bytes. What a person wrote leads back to where it was written, so that marks, errors and
//! `bless` do not notice the scope.

use super::attach::Code;
use super::expand::{Expanded, Insert};
use super::mark::{self, Reading};
use super::model::Expect;
use super::problem::Problem;
use serde::{Deserialize, Serialize};
use std::fmt;
use verysame_engine::syntax;

/// A body in which a snippet stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The module's own body.
    Module,
    /// A function's.
    Function,
    /// A class's.
    Class,
    /// A method's.
    Method,
    /// The expression of a lambda.
    Lambda,
    /// The element of a list comprehension.
    Comprehension,
    /// The element of a generator expression.
    Generator,
    /// A text that `exec` runs.
    Exec,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 8] = [
        Scope::Module,
        Scope::Function,
        Scope::Class,
        Scope::Method,
        Scope::Lambda,
        Scope::Comprehension,
        Scope::Generator,
        Scope::Exec,
    ];

    /// The word used in case files and ids.
    pub const fn word(self) -> &'static str {
        match self {
            Scope::Module => "module",
            Scope::Function => "function",
            Scope::Class => "class",
            Scope::Method => "method",
            Scope::Lambda => "lambda",
            Scope::Comprehension => "comprehension",
            Scope::Generator => "generator",
            Scope::Exec => "exec",
        }
    }

    /// The scope with this word.
    pub fn from_word(word: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// Whether names that the snippet binds are still the module's.
    pub const fn binds_globals(self) -> bool {
        match self {
            Scope::Module | Scope::Lambda | Scope::Comprehension | Scope::Generator | Scope::Exec => true,
            Scope::Function | Scope::Class | Scope::Method => false,
        }
    }

    fn shape(self) -> Shape {
        match self {
            // The text for `exec` is made when everything in it has been rewritten.
            Scope::Module | Scope::Exec => Shape::Plain,
            Scope::Function => Shape::Block { head: "def _scope():\n", indent: "    ", foot: "_scope()\n" },
            Scope::Class => Shape::Block { head: "class _Scope:\n", indent: "    ", foot: "" },
            Scope::Method => Shape::Block {
                head: "class _Scope:\n    def _method(self):\n",
                indent: "        ",
                foot: "_Scope()._method()\n",
            },
            Scope::Lambda => Shape::Around { open: "(lambda: (", close: "))()" },
            Scope::Comprehension => Shape::Around { open: "[(", close: ") for _scope in (0,)][0]" },
            Scope::Generator => Shape::Around { open: "next((", close: ") for _scope in (0,))" },
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How a snippet is put into a body.
enum Shape {
    Plain,
    /// Between two lines, further to the right.
    Block {
        head: &'static str,
        indent: &'static str,
        foot: &'static str,
    },
    /// Each marked expression between these.
    Around {
        open: &'static str,
        close: &'static str,
    },
}

/// Puts a snippet into a body.
///
/// # Errors
/// What cannot stand there.
pub fn place(snippet: Expanded, scope: Scope) -> Result<Expanded, Vec<Problem>> {
    match scope.shape() {
        Shape::Plain => Ok(snippet),
        Shape::Block { head, indent, foot } => Ok(block(&snippet, head, indent, foot)),
        Shape::Around { open, close } => around(&snippet, scope, open, close),
    }
}

fn block(snippet: &Expanded, head: &str, indent: &str, foot: &str) -> Expanded {
    let text = &snippet.text;
    // A line that begins inside a string belongs to the string's value.
    let strings = syntax::long_strings(text);
    let inside = |at: usize| strings.iter().any(|string| string.start < at && at < string.end);
    let mut inserts = vec![Insert { at: 0, text: head.to_string() }];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() && !inside(at) {
            inserts.push(Insert { at, text: indent.to_string() });
        }
        at += line.len();
    }
    inserts.push(Insert { at: text.len(), text: foot.to_string() });
    snippet.with(&inserts)
}

fn around(snippet: &Expanded, scope: Scope, open: &str, close: &str) -> Result<Expanded, Vec<Problem>> {
    let code = Code::of(&snippet.text);
    if code.issue.is_some() {
        // That is said of the text as it was written.
        return Ok(snippet.clone());
    }
    let help = format!("keep to expressions at the top of the snippet, or take `{scope}` off the scopes");
    let mut problems = Vec::new();
    let mut ranges = Vec::new();
    for comment in &code.comments {
        // What is wrong with a mark is said where marks are read.
        let Reading::Mark(raw) = mark::read(&comment.text) else { continue };
        if matches!(raw.expect, Expect::Output(_)) {
            continue;
        }
        match code.target(&snippet.text, comment, &raw.expect) {
            Ok(target) if target.expression && !target.nested => ranges.push(target.range),
            Ok(_) => {
                let message = format!("the scope `{scope}` has room for expressions only, and this is a statement");
                problems.push(snippet.problem(comment.range.clone(), message).help(help.clone()));
            }
            // A misplaced mark is reported with the plain snippet's.
            Err(_) => {}
        }
    }
    ranges.sort_by_key(|range| range.start);
    ranges.dedup();
    if ranges.is_empty() && problems.is_empty() {
        let message = format!("no expression with a mark could stand in the scope `{scope}`");
        problems.push(snippet.problem(0..0, message).help(help));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let inserts: Vec<Insert> = ranges
        .iter()
        .flat_map(|range| {
            let opening = Insert { at: range.start, text: open.to_string() };
            [opening, Insert { at: range.end, text: close.to_string() }]
        })
        .collect();
    Ok(snippet.with(&inserts))
}

/// The program that runs a text by `exec`, in one line.
pub fn exec_of(text: &str) -> String {
    let mut out = String::from("exec('");
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push_str("')\n");
    out
}

#[cfg(test)]
mod tests {
    use super::super::expand::{Binding, Template};
    use super::super::problem::SourceFile;
    use super::*;

    fn snippet(text: &str) -> Expanded {
        let template = Template {
            text: text.into(),
            file: SourceFile::new("a.toml", text),
            content: 0..text.len(),
            exact: true,
            literal: true,
        };
        Binding::default().fill(&template).expect("no placeholder")
    }

    fn placed(text: &str, scope: Scope) -> String {
        place(snippet(text), scope).expect("fits").text
    }

    #[test]
    fn statements_stand_in_bodies() {
        let text = "x = '''a\n b'''\n\nif x:\n    x  #=> 'a\\n b'\n# end\n";
        assert_eq!(placed(text, Scope::Module), text);
        assert_eq!(placed(text, Scope::Exec), text);
        assert_eq!(
            placed(text, Scope::Function),
            "def _scope():\n    x = '''a\n b'''\n\n    if x:\n        x  #=> 'a\\n b'\n    # end\n_scope()\n"
        );
        assert_eq!(placed("x = 1\nx  #=> 1\n", Scope::Class), "class _Scope:\n    x = 1\n    x  #=> 1\n");
        assert_eq!(
            placed("x  #=> 1\n", Scope::Method),
            "class _Scope:\n    def _method(self):\n        x  #=> 1\n_Scope()._method()\n"
        );
    }

    #[test]
    fn expressions_stand_in_expressions() {
        let text = "x = []\nx is x  #=> True\n#&> True\nx.y  #!> AttributeError\nprint(1)\n#| 1\n";
        assert_eq!(
            placed(text, Scope::Lambda),
            "x = []\n(lambda: (x is x))()  #=> True\n#&> True\n(lambda: (x.y))()  #!> AttributeError\nprint(1)\n#| 1\n"
        );
        assert_eq!(placed("x  #=> 1\n", Scope::Comprehension), "[(x) for _scope in (0,)][0]  #=> 1\n");
        assert_eq!(placed("x  #=> 1\n", Scope::Generator), "next((x) for _scope in (0,))  #=> 1\n");
        let said = |text: &str| {
            let problems = place(snippet(text), Scope::Lambda).expect_err("does not fit");
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        let words = said("del x  #!> NameError\nif 1:\n    x  #=> 1\n");
        assert!(words.contains("a.toml:1:8") && words.contains("a.toml:3:8"), "{words}");
        assert!(words.contains("the scope `lambda` has room for expressions only"), "{words}");
        assert!(said("x = 1\n").contains("no expression with a mark"));
    }

    #[test]
    fn every_byte_leads_back_to_its_place() {
        let text = "x = '''a\n b'''\nif x:\n    x  #=> 'a\\n b'\ny  #=> 2\n";
        for scope in [Scope::Function, Scope::Class, Scope::Method] {
            let placed = place(snippet(text), scope).expect("fits");
            for word in ["x = '''", "if x", "x  #=>", "y  #=> 2"] {
                let (was, is) = (text.find(word).expect("written"), placed.text.find(word).expect("kept"));
                assert_eq!(placed.place(is..is + word.len()).range, was..was + word.len(), "{scope} {word}");
                assert_eq!(placed.editable(is..is + word.len()), Ok(was..was + word.len()), "{scope} {word}");
            }
        }
        let placed = place(snippet("x  #=> 1\n"), Scope::Lambda).expect("fits");
        let at = placed.text.find('1').expect("kept");
        assert_eq!(placed.editable(at..at + 1), Ok(7..8));
    }

    #[test]
    fn a_text_for_exec_is_one_line() {
        assert_eq!(exec_of("x = 'a\\n'\n\ty\r\x01é\n"), "exec('x = \\'a\\\\n\\'\\n\\ty\\r\\u0001é\\n')\n");
    }
}
