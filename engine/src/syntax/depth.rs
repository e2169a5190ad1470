//! Bounds on nesting, checked on the token stream before anything recursive runs.
//!
//! CPython bounds brackets (200) and indents (100) in its tokenizer, and the depth of trees in its parser and compiler.
//! The depth of a tree is estimated here from above: every token that can put one node under another counts.

use super::lines::LineIndex;
use super::{SyntaxIssue, TextRange, TextSize};
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;

/// CPython's `MAXLEVEL`.
const BRACKETS: usize = 200;
/// CPython's `MAXINDENT`, the outermost level included.
const INDENTS: usize = 100;
/// CPython gives up near three times its recursion limit of 1000.
const TREE: usize = 2900;
/// Trees below this depth need no care.
pub(super) const SHALLOW: usize = 150;

/// What a scan of the tokens found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Found {
    Depth(usize),
    TooManyBrackets,
    TooManyIndents,
    TooDeep,
}

/// An upper bound of the depth of the tree of this text, or CPython's error for exceeding a limit.
pub(super) fn check(text: &str, lines: &LineIndex) -> Result<usize, SyntaxIssue> {
    let (class, message, found) = match scan(text) {
        Found::Depth(depth) => return Ok(depth),
        found @ Found::TooManyBrackets => ("SyntaxError", "too many nested parentheses", found),
        found @ Found::TooManyIndents => ("IndentationError", "too many levels of indentation", found),
        found @ Found::TooDeep => ("RecursionError", "maximum recursion depth exceeded during compilation", found),
    };
    // The lexer tells no positions: the error lies at the end of the shortest prefix that has it.
    let (mut without, mut with) = (0, text.len());
    while with - without > 1 {
        let middle = without + (with - without) / 2;
        let middle = (middle..with).find(|&at| text.is_char_boundary(at)).unwrap_or(with);
        if middle >= with {
            break;
        }
        if text.get(..middle).is_some_and(|prefix| scan(prefix) == found) {
            with = middle;
        } else {
            without = middle;
        }
    }
    let place = TextRange::empty(TextSize::new(with.saturating_sub(1) as u32));
    let mut issue = lines.issue(text, class, message.to_string(), place);
    if found == Found::TooManyIndents {
        issue.column = 1;
    }
    Err(issue)
}

/// The brackets that are open, each with the depth around it.
struct Level {
    /// Nodes that lie over the current position inside this bracket.
    chain: usize,
    /// The greatest depth seen inside.
    deepest: usize,
}

fn scan(text: &str) -> Found {
    let mut lexer = ruff_python_parser::lexer::lex(text, Mode::Module);
    let mut levels = vec![Level { chain: 0, deepest: 0 }];
    let (mut indents, mut deepest) = (0usize, 0usize);
    loop {
        let kind = lexer.next_token();
        let Some(level) = levels.last_mut() else { return Found::Depth(deepest) };
        match kind {
            TokenKind::EndOfFile => break,
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                level.chain += 1;
                level.deepest = level.deepest.max(level.chain);
                if levels.len() > BRACKETS {
                    return Found::TooManyBrackets;
                }
                levels.push(Level { chain: 0, deepest: 0 });
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                if levels.len() > 1
                    && let Some(inner) = levels.pop()
                    && let Some(outer) = levels.last_mut()
                {
                    outer.deepest = outer.deepest.max(outer.chain + inner.deepest);
                }
            }
            TokenKind::Indent => {
                indents += 1;
                if indents >= INDENTS {
                    return Found::TooManyIndents;
                }
            }
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Newline => {
                deepest = deepest.max(indents + level.deepest);
                levels.clear();
                levels.push(Level { chain: 0, deepest: 0 });
            }
            TokenKind::Comma | TokenKind::Semi => level.chain = 0,
            _ if deepens(kind) => {
                level.chain += 1;
                level.deepest = level.deepest.max(level.chain);
            }
            _ => {}
        }
        let total: usize = levels.iter().map(|level| level.chain).sum();
        if total > TREE || levels.last().is_some_and(|level| level.deepest > TREE) {
            return Found::TooDeep;
        }
    }
    let open: usize = levels.iter().map(|level| level.deepest).sum();
    Found::Depth(deepest.max(indents + open))
}

/// Whether this token can put one node under another.
fn deepens(kind: TokenKind) -> bool {
    kind.as_binary_operator().is_some()
        || kind.as_unary_operator().is_some()
        || matches!(
            kind,
            TokenKind::Dot
                | TokenKind::Lambda
                | TokenKind::If
                | TokenKind::Else
                | TokenKind::Await
                | TokenKind::Yield
                | TokenKind::Async
                | TokenKind::ColonEqual
                | TokenKind::Colon
                | TokenKind::Exclamation
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<usize, (String, u32, u32)> {
        check(text, &LineIndex::new(text)).map_err(|issue| (issue.message, issue.line, issue.column))
    }

    #[test]
    fn brackets_are_bounded() {
        let nested = |n: usize| format!("\n{}{}", "(".repeat(n), ")".repeat(n));
        assert!(checked(&nested(200)).is_ok());
        assert_eq!(checked(&nested(201)), Err(("too many nested parentheses".into(), 2, 201)));
        assert!(checked(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn indents_are_bounded() {
        let nested = |n: usize| (0..n).map(|i| format!("{}if 1:\n", " ".repeat(i))).collect::<String>();
        assert!(checked(&nested(100)).is_ok());
        assert_eq!(checked(&nested(101)), Err(("too many levels of indentation".into(), 101, 1)));
    }

    #[test]
    fn chains_are_bounded_and_lists_are_not() {
        for piece in ["-", "not ", "lambda: ", "1 if 1 else ", "1 + ", "1 ** ", "await ", "a."] {
            assert!(checked(&format!("{}1", piece.repeat(5000))).is_err(), "{piece}");
            assert!(checked(&format!("{}1", piece.repeat(200))).is_ok(), "{piece}");
        }
        assert!(checked(&format!("a{}", "()".repeat(5000))).is_err());
        assert!(checked(&format!("[{}]", "1 + f(2), ".repeat(50_000))).is_ok());
        assert!(checked(&"x = -1 + f(2)\n".repeat(50_000)).is_ok());
        assert!(checked(&format!("if 1: pass\n{}", "elif 1: pass\n".repeat(20_000))).is_ok());
    }
}
