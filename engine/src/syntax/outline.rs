//! The outline of a source text: where its statements and comments lie. It is what a harness needs to find marks and to
//! rewrite statements by byte range, with no tree of the parser in sight.
//!
//! Unless a profile is named, the newest grammar is read and nothing that an older version lacks is an error.

use super::lines::LineIndex;
use super::{Ranged, SyntaxIssue, TextRange, TextSize, ast, deeper, depth, errors};
use crate::rules::{Profile, PyVersion};
use ruff_python_ast::PythonVersion;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_parser::{Mode, ParseOptions};
use std::ops::Range;

/// What a statement is, as far as rewriting it matters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StatementKind {
    /// An expression statement.
    Expression {
        /// The expression, with its parentheses if it stands in some.
        value: Range<usize>,
    },
    /// Any other statement without a body.
    Simple,
    /// `if`, `for`, `while`, `with`, `try`, `match`.
    Compound,
    /// `def` or `async def`.
    Function,
    /// `class`.
    Class,
}

/// A statement and the statements inside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Its bytes, decorators included, without the comment behind it.
    pub range: Range<usize>,
    /// 1-based line of its first byte.
    pub first_line: u32,
    /// 1-based line of its last byte.
    pub last_line: u32,
    /// Column of its first byte, in bytes from 0.
    pub indent: usize,
    /// What it is.
    pub kind: StatementKind,
    /// The statements of all its bodies (else, except, finally and cases too), in source order.
    pub body: Vec<Statement>,
    /// It shares a physical line with something before or after it: `a; b`, or the body of `if x: y`.
    pub simple_line_shared: bool,
}

/// A comment, from its `#` to the end of the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Its bytes, `#` included, line end excluded.
    pub range: Range<usize>,
    /// 1-based line.
    pub line: u32,
    /// Column of the `#`, in bytes from 0.
    pub col: usize,
    /// The text, `#` included.
    pub text: String,
    /// Nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// The statements and comments of a source text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outline {
    /// The statements of the outermost level.
    pub statements: Vec<Statement>,
    /// All comments, in source order.
    pub comments: Vec<Comment>,
}

/// The outline by the newest grammar; what an older version lacks is no error.
///
/// # Errors
/// The first error of the newest grammar, in CPython's words.
pub fn outline(source: &str) -> Result<Outline, SyntaxIssue> {
    build(source, &Profile::of(PyVersion::NEWEST))
}

/// The outline by the grammar of `profile`.
///
/// # Errors
/// The first error by that grammar, in CPython's words.
pub fn outline_for(source: &str, profile: &Profile) -> Result<Outline, SyntaxIssue> {
    build(source, profile)
}

/// The comments of a source text that need not parse. Brackets and strings that never close swallow what follows.
pub fn comments(source: &str) -> Vec<Comment> {
    let lines = LineIndex::new(source);
    if depth::check(source, &lines).is_err() {
        return Vec::new();
    }
    let parsed = ruff_python_parser::parse_unchecked(source, ParseOptions::from(Mode::Module));
    find_comments(source, &lines, parsed.tokens())
}

/// The string literals of several lines, f-strings and template strings too, of a source text that need not parse.
pub fn long_strings(source: &str) -> Vec<Range<usize>> {
    let lines = LineIndex::new(source);
    if depth::check(source, &lines).is_err() {
        return Vec::new();
    }
    let parsed = ruff_python_parser::parse_unchecked(source, ParseOptions::from(Mode::Module));
    let mut found = Vec::new();
    // Where f-strings that are still open begin.
    let mut open = Vec::new();
    for token in parsed.tokens().iter() {
        let range = bytes(token.range());
        match token.kind() {
            TokenKind::String => found.push(range),
            TokenKind::FStringStart | TokenKind::TStringStart => open.push(range.start),
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                found.extend(open.pop().filter(|_| open.is_empty()).map(|start| start..range.end));
            }
            _ => {}
        }
    }
    found.retain(|range| source.get(range.clone()).is_some_and(|text| text.contains('\n')));
    found
}

fn build(source: &str, profile: &Profile) -> Result<Outline, SyntaxIssue> {
    let lines = LineIndex::new(source);
    depth::check(source, &lines)?;
    let version = PythonVersion { major: 3, minor: profile.grammar };
    let options = ParseOptions::from(Mode::Module).with_target_version(version);
    let parsed = ruff_python_parser::parse_unchecked(source, options);
    errors::report(source, &lines, profile, parsed.errors(), parsed.unsupported_syntax_errors(), parsed.tokens())?;
    let comments = find_comments(source, &lines, parsed.tokens());
    let suite = match parsed.into_syntax() {
        ast::Mod::Module(module) => module.body,
        ast::Mod::Expression(_) => ast::Suite::new(),
    };
    let builder = Builder { source, lines: &lines };
    let statements = builder.statements(&suite);
    // A deep tree is taken apart recursively.
    stacker::maybe_grow(8 * 1024 * 1024, 16 * 1024 * 1024, || drop(suite));
    Ok(Outline { statements, comments })
}

fn find_comments(source: &str, lines: &LineIndex, tokens: &Tokens) -> Vec<Comment> {
    let of_comments = tokens.iter().filter(|token| token.kind() == TokenKind::Comment);
    of_comments
        .map(|token| {
            let range = bytes(token.range());
            let (line, col) = lines.position(token.start());
            let before = source.get(lines.start(line)..range.start).unwrap_or("");
            Comment {
                text: source.get(range.clone()).unwrap_or("").to_string(),
                own_line: before.trim_matches([' ', '\t', '\x0c', '\u{feff}']).is_empty(),
                range,
                line,
                col: col as usize,
            }
        })
        .collect()
}

fn bytes(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}

struct Builder<'src> {
    source: &'src str,
    lines: &'src LineIndex,
}

impl Builder<'_> {
    fn statements(&self, suite: &[ast::Stmt]) -> Vec<Statement> {
        suite.iter().map(|statement| deeper(|| self.statement(statement))).collect()
    }

    fn statement(&self, statement: &ast::Stmt) -> Statement {
        let mut body = Vec::new();
        for suite in suites(statement) {
            body.extend(self.statements(suite));
        }
        let range = bytes(statement.range());
        let (first_line, indent) = self.lines.position(statement.range().start());
        let last = statement.range().end().to_usize().saturating_sub(1).max(range.start);
        let (last_line, _) = self.lines.position(TextSize::new(last as u32));
        let kind = match statement {
            ast::Stmt::Expr(_) => StatementKind::Expression { value: range.clone() },
            ast::Stmt::FunctionDef(_) => StatementKind::Function,
            ast::Stmt::ClassDef(_) => StatementKind::Class,
            ast::Stmt::For(_)
            | ast::Stmt::While(_)
            | ast::Stmt::If(_)
            | ast::Stmt::With(_)
            | ast::Stmt::Match(_)
            | ast::Stmt::Try(_) => StatementKind::Compound,
            _ => StatementKind::Simple,
        };
        let simple_line_shared = self.shares_line(first_line, &range);
        Statement { range, first_line, last_line, indent: indent as usize, kind, body, simple_line_shared }
    }

    /// Whether anything but blanks and a comment stands beside the statement on its first or last line.
    fn shares_line(&self, first_line: u32, range: &Range<usize>) -> bool {
        let before = self.source.get(self.lines.start(first_line)..range.start).unwrap_or("");
        let after = self.source.get(range.end..).unwrap_or("");
        let after = after.split(['\n', '\r']).next().unwrap_or("");
        let blank = [' ', '\t', '\x0c', '\u{feff}'];
        let rest = after.trim_start_matches(blank);
        !before.trim_matches(blank).is_empty() || !(rest.is_empty() || rest.starts_with('#'))
    }
}

/// All bodies of a statement, in source order.
pub(crate) fn suites(statement: &ast::Stmt) -> Vec<&[ast::Stmt]> {
    match statement {
        ast::Stmt::FunctionDef(def) => vec![&def.body],
        ast::Stmt::ClassDef(def) => vec![&def.body],
        ast::Stmt::For(for_) => vec![&for_.body, &for_.orelse],
        ast::Stmt::While(while_) => vec![&while_.body, &while_.orelse],
        ast::Stmt::If(if_) => {
            let clauses = if_.elif_else_clauses.iter().map(|clause| &clause.body[..]);
            std::iter::once(&if_.body[..]).chain(clauses).collect()
        }
        ast::Stmt::With(with) => vec![&with.body],
        ast::Stmt::Match(match_) => match_.cases.iter().map(|case| &case.body[..]).collect(),
        ast::Stmt::Try(try_) => {
            let handlers = try_.handlers.iter().map(|handler| match handler {
                ast::ExceptHandler::ExceptHandler(handler) => &handler.body[..],
            });
            let tail = [&try_.orelse[..], &try_.finalbody[..]];
            std::iter::once(&try_.body[..]).chain(handlers).chain(tail).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::py;

    fn of(source: &str) -> Outline {
        outline(source).expect("parses")
    }

    #[test]
    fn statements_with_ranges() {
        let source = "x = 1\n(x)  # one\n@d\ndef f():\n    y; z\n    return y\n";
        let outline = of(source);
        let texts: Vec<&str> = outline.statements.iter().map(|s| &source[s.range.clone()]).collect();
        assert_eq!(texts, ["x = 1", "(x)", "@d\ndef f():\n    y; z\n    return y"]);
        let def = &outline.statements[2];
        assert_eq!((def.first_line, def.last_line, def.indent, &def.kind), (3, 6, 0, &StatementKind::Function));
        let body: Vec<_> =
            def.body.iter().map(|s| (&source[s.range.clone()], s.indent, s.simple_line_shared)).collect();
        assert_eq!(body, [("y", 4, true), ("z", 7, true), ("return y", 4, false)]);
        assert_eq!(outline.statements[1].kind, StatementKind::Expression { value: 6..9 });
    }

    #[test]
    fn every_body_is_found() {
        let source = "\
try:
    a
except A: b
except B:
    c
else:
    d
finally:
    e
match x:
    case 1:
        f
    case _: g
if a: pass
elif b:
    h
else:
    i
";
        let outline = of(source);
        let names =
            |at: usize| -> Vec<&str> { outline.statements[at].body.iter().map(|s| &source[s.range.clone()]).collect() };
        assert_eq!(names(0), ["a", "b", "c", "d", "e"]);
        assert_eq!(names(1), ["f", "g"]);
        assert_eq!(names(2), ["pass", "h", "i"]);
        assert!(outline.statements[0].body[1].simple_line_shared);
        assert!(!outline.statements[0].body[2].simple_line_shared);
    }

    #[test]
    fn comments_are_not_found_in_strings() {
        let source = "x = '#no'  #=> 1\n  # alone\nf\"\"\"\n# no {x  # yes\n}\"\"\"\n";
        let found: Vec<_> = of(source).comments.iter().map(|c| (c.text.clone(), c.line, c.col, c.own_line)).collect();
        let expected = [("#=> 1", 1, 11, false), ("# alone", 2, 2, true), ("# yes", 4, 9, false)];
        assert_eq!(found, expected.map(|(text, line, col, own)| (text.to_string(), line, col, own)));
    }

    #[test]
    fn comments_of_broken_source() {
        let found = comments("x = = 1  #!> SyntaxError\nreturn )  # b\n");
        assert_eq!(found.iter().map(|c| &c.text[..]).collect::<Vec<_>>(), ["#!> SyntaxError", "# b"]);
    }

    #[test]
    fn strings_of_several_lines() {
        let source = "a = 'x'\nb = \"\"\"1\n2\"\"\"\nf'''{c\n} {f'{d}'}\n''' + 'y' \\\n 'z'\n";
        let texts: Vec<&str> = long_strings(source).into_iter().map(|range| &source[range]).collect();
        assert_eq!(texts, ["\"\"\"1\n2\"\"\"", "f'''{c\n} {f'{d}'}\n'''"]);
    }

    #[test]
    fn newest_grammar_unless_told() {
        let source = "match x:\n    case 1: pass\n";
        assert!(outline(source).is_ok());
        assert!(outline_for(source, &Profile::of(py(9, 0))).is_err());
        assert!(outline("x = [*y for y in z]\n").is_ok());
        assert!(outline("x = = 1").is_err());
    }

    #[test]
    fn deep_source_is_refused_or_outlined() {
        assert!(outline(&"(".repeat(100_000)).is_err());
        let nested: String = (0..99).map(|i| format!("{}if 1:\n", " ".repeat(i))).collect();
        assert!(outline(&format!("{nested}{}{}1\n", " ".repeat(99), "-".repeat(2500))).is_ok());
    }
}
