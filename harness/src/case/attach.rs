//! Which statement a mark speaks of.
//!
//! A mark behind code speaks of the innermost statement on that line; `#!>` behind a compound statement written on one
//! line (`if x: y`) of the whole of it. A mark on a line of its own speaks of the last statement before it in the
//! block that has its indentation.
//!
//! Invariant: only expression statements get marks about values.

use super::model::{Expect, Target};
use std::ops::Range;
use verysame_engine::syntax::{self, Comment, Statement, StatementKind, SyntaxIssue};

/// A program as far as marks need it.
#[derive(Debug)]
pub struct Code {
    statements: Vec<Statement>,
    /// All comments.
    pub comments: Vec<Comment>,
    /// The pieces that an interactive prompt compiles one by one.
    pub pieces: Vec<Range<usize>>,
    /// Why it does not parse as a whole.
    pub issue: Option<SyntaxIssue>,
}

impl Code {
    /// Takes a program apart. Of one that does not parse, the pieces that do.
    pub fn of(source: &str) -> Code {
        let (pieces, too_deep) = match syntax::split_interactive(source) {
            Ok(pieces) => (pieces, None),
            Err(issue) => (Vec::new(), Some(issue)),
        };
        match syntax::outline(source) {
            Ok(outline) => Code { statements: outline.statements, comments: outline.comments, pieces, issue: too_deep },
            Err(issue) => {
                let parsed = pieces.iter().filter_map(|piece| {
                    let text = source.get(piece.clone())?;
                    Some((piece.start, syntax::outline(text).ok()?.statements))
                });
                let statements = parsed
                    .flat_map(|(start, statements)| statements.into_iter().map(move |s| shifted(s, start)))
                    .collect();
                Code { statements, comments: syntax::comments(source), pieces, issue: Some(issue) }
            }
        }
    }

    /// The index of the interactive piece that holds this byte.
    pub fn piece_at(&self, offset: usize) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.contains(&offset))
    }

    /// The piece that a mark speaks of, known even where its statement does not parse: the one of the statement's line,
    /// or for a mark on a line of its own the one before it.
    pub fn piece_of(&self, comment: &Comment, target: Option<&Target>) -> Option<usize> {
        match target {
            Some(target) => self.piece_at(target.range.start),
            None if comment.own_line => self.pieces.iter().rposition(|piece| piece.end <= comment.range.start),
            None => self.piece_at(comment.range.start).or_else(|| self.pieces.len().checked_sub(1)),
        }
    }

    /// The statement that a mark speaks of.
    ///
    /// # Errors
    /// What is wrong with its place, and what to do.
    pub fn target(&self, source: &str, comment: &Comment, expect: &Expect) -> Result<Target, (String, String)> {
        let raises = matches!(expect, Expect::Raises { .. });
        let found = if comment.own_line {
            before(&self.statements, comment, false)
        } else {
            let line_start = source.get(..comment.range.start).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1);
            beside(&self.statements, comment, line_start, raises, false)
        };
        let Some((statement, nested)) = found else {
            return Err((
                format!("`{}` has no statement to speak of", expect.sign()),
                "write it behind a statement, or on the line after it at the same indentation".into(),
            ));
        };
        let expression = matches!(statement.kind, StatementKind::Expression { .. });
        if !raises && !expression {
            let text = source.get(statement.range.clone()).unwrap_or("");
            return Err((
                format!("`{}` speaks of {}, which has no value", expect.sign(), kind_of(statement, text)),
                help_for(statement, text),
            ));
        }
        Ok(Target { range: statement.range.clone(), nested, expression })
    }

    /// The outermost statement that begins at this byte.
    pub fn starting_at(&self, offset: usize) -> Option<&Statement> {
        fn find(statements: &[Statement], offset: usize) -> Option<&Statement> {
            let holder = statements.iter().find(|s| s.range.contains(&offset))?;
            if holder.range.start == offset { Some(holder) } else { find(&holder.body, offset) }
        }
        find(&self.statements, offset)
    }

    /// The statement with these bytes.
    pub fn statement(&self, range: &Range<usize>) -> Option<&Statement> {
        fn find<'a>(statements: &'a [Statement], range: &Range<usize>) -> Option<&'a Statement> {
            let holder = statements.iter().find(|s| s.range.start <= range.start && range.end <= s.range.end)?;
            if holder.range == *range { Some(holder) } else { find(&holder.body, range) }
        }
        find(&self.statements, range)
    }
}

fn shifted(mut statement: Statement, by: usize) -> Statement {
    statement.range = statement.range.start + by..statement.range.end + by;
    if let StatementKind::Expression { value } = &mut statement.kind {
        *value = value.start + by..value.end + by;
    }
    statement.body = statement.body.into_iter().map(|inner| shifted(inner, by)).collect();
    statement
}

/// The innermost statement on the comment's line, and whether it stands inside another.
fn beside<'a>(
    statements: &'a [Statement],
    comment: &Comment,
    line_start: usize,
    raises: bool,
    nested: bool,
) -> Option<(&'a Statement, bool)> {
    let found = statements.iter().rev().find(|s| s.range.start < comment.range.start && s.range.end > line_start)?;
    let whole = raises && found.first_line == found.last_line && !found.body.is_empty();
    let inner = if whole { None } else { beside(&found.body, comment, line_start, raises, true) };
    Some(inner.unwrap_or((found, nested)))
}

/// The last statement before a comment on a line of its own, in the block that has its indentation.
fn before<'a>(statements: &'a [Statement], comment: &Comment, nested: bool) -> Option<(&'a Statement, bool)> {
    let found = statements.iter().rev().find(|s| s.range.start < comment.range.start)?;
    let inner = before(&found.body, comment, true);
    // The body of `if x: y` has no indentation of its own.
    let deeper = inner.filter(|(statement, _)| {
        comment.col > found.indent && comment.col >= statement.indent && statement.first_line > found.first_line
    });
    Some(deeper.unwrap_or((found, nested)))
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

fn kind_of(statement: &Statement, text: &str) -> &'static str {
    match &statement.kind {
        StatementKind::Expression { .. } => "an expression",
        StatementKind::Function => "a function definition",
        StatementKind::Class => "a class definition",
        StatementKind::Compound => "a compound statement",
        StatementKind::Simple => match first_word(text) {
            "return" => "a return statement",
            "del" => "a del statement",
            "import" | "from" => "an import",
            "raise" => "a raise statement",
            "assert" => "an assert statement",
            "global" | "nonlocal" => "a declaration",
            "pass" | "break" | "continue" => "a statement",
            _ => "an assignment",
        },
    }
}

fn help_for(statement: &Statement, text: &str) -> String {
    let name = first_word(text);
    match kind_of(statement, text) {
        "an assignment" if !name.is_empty() => {
            format!("name the value on a line of its own: `{name}  #=> …`")
        }
        "a return statement" => "put the mark at the call, or name the value on a line of its own before it".into(),
        _ => "only expression statements have a value; name it on a line of its own".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::mark::{self, Reading};
    use super::*;

    /// Each mark with the statement that it speaks of.
    fn targets(source: &str) -> Vec<String> {
        let code = Code::of(source);
        let mut said = Vec::new();
        for comment in &code.comments {
            if let Reading::Mark(mark) = mark::read(&comment.text) {
                let target = code.target(source, comment, &mark.expect);
                said.push(match target {
                    Ok(target) => format!(
                        "{} {} -> {:?}{}",
                        mark.expect.sign(),
                        mark.expect,
                        &source[target.range.clone()],
                        if target.nested { " (nested)" } else { "" }
                    ),
                    Err((message, help)) => format!("{message} / {help}"),
                });
            }
        }
        said
    }

    #[test]
    fn marks_find_their_statements() {
        let source = "\
a  #=> 1
x = 1; b  #=> 2
def f():
    c  #=> 3
    if c: d  #=> 4
    e
    #=> 5
#!> 6
if g: h  #!> E
f(1,  #=> 7
  2)  #=> 8
class C(A):  #!> F
    pass
f(3)
#=>[py<3.9] 9
# and

#=>[py>=3.9] 10
";
        let source = source.replace("#!> 6", "#!> Six");
        insta::assert_snapshot!(targets(&source).join("\n"));
    }

    #[test]
    fn marks_about_values_need_expressions() {
        let source = "#=> 0\nx = 1  #=> 1\ndef f(): return 1  #=> 1\nimport a  #&> []\nfor x in y:\n    pass\n#=> 2\n";
        insta::assert_snapshot!(targets(source).join("\n"));
    }

    #[test]
    fn pieces_of_a_broken_program() {
        let source = "x  #=> 1\ny = = 2  #!> SyntaxError @compile\nz  #=> 3\n";
        let code = Code::of(source);
        assert!(code.issue.is_some());
        let pieces: Vec<_> = code.comments.iter().map(|comment| code.piece_of(comment, None)).collect();
        assert_eq!(pieces, [Some(0), Some(1), Some(2)]);
        assert_eq!(targets(source).len(), 3);
    }
}
