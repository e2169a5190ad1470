//! Marks: expectations written as comments at their statements.
//!
//! | mark | says |
//! |---|---|
//! | `#=> repr` | the value of this expression statement |
//! | `#~> A or B`, `#~> /regex/` | one of these: the engine may choose; a regex has to match the whole repr |
//! | `#&> graph` | its alias graph, as [`graph`](mod@super::graph) writes it |
//! | `#!> Class`, `#!> Class: text` | it raises exactly this class; `@compile` at the end: before anything of it runs |
//! | `#\| text` | the program writes this line to stdout; all such lines together are the whole output |
//!
//! A [guard](super::guard) may follow the sign: `#=>[py<3.13] 2`. A mark stands behind its statement, or on a line of
//! its own after it, at the same indentation; so several guarded marks can speak of one statement. A statement that
//! runs several times has to do what the mark says every time.
//!
//! Invariant: a comment is a mark, or plainly no mark, or an error: nothing that looks like a mark is skipped.

use super::graph;
use super::guard::Guard;
use super::model::{Choice, Expect};
use super::problem::nearest;
use std::ops::Range;

/// What a comment is.
#[derive(Debug)]
pub enum Reading {
    /// No mark.
    Plain,
    /// A mark.
    Mark(RawMark),
    /// It was meant as a mark.
    Wrong(WrongMark),
}

/// A mark as read from its comment alone.
#[derive(Debug)]
pub struct RawMark {
    /// For which versions and modes it speaks.
    pub guard: Guard,
    /// What it says.
    pub expect: Expect,
    /// The bytes of what is expected, within the comment.
    pub value: Range<usize>,
}

/// What is wrong with a mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrongMark {
    /// The bytes, within the comment.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

const SIGNS: [&str; 5] = ["=>", "~>", "&>", "!>", "|"];

/// Reads a comment, `#` included.
pub fn read(comment: &str) -> Reading {
    let after = comment.strip_prefix('#').unwrap_or(comment);
    let trimmed = after.trim_start();
    let spaced = trimmed.len() != after.len();
    let run_length = trimmed.find(|c: char| !"=~&!|?<>-+".contains(c)).unwrap_or(trimmed.len());
    let (run, rest) = trimmed.split_at(run_length);
    if !spaced && SIGNS.contains(&run) {
        return match sign(comment, run) {
            Ok(mark) => Reading::Mark(mark),
            Err(wrong) => Reading::Wrong(wrong),
        };
    }
    let glued = SIGNS.iter().take(4).find(|sign| run.strip_prefix(**sign).is_some_and(|more| more.starts_with('-')));
    if let Some(sign) = glued.filter(|_| !spaced) {
        return wrong(0..1 + run.len(), format!("`#{run}` is no mark"), format!("put a space after it: `#{sign} -…`"));
    }
    let near = if spaced {
        SIGNS.iter().take(4).any(|sign| run == *sign)
    } else {
        (run.contains('>') && run.len() <= 3)
            || (["=", "~", "&", "!"].contains(&run) && rest.starts_with([' ', '[']))
            || (run.len() == 2 && run.starts_with(['=', '~', '&', '!']))
            || (run.starts_with('|') && run.len() <= 3)
    };
    if !near {
        return Reading::Plain;
    }
    let end = comment.len() - rest.len();
    let written = comment.get(..end).unwrap_or(comment);
    let meant = if spaced { Some(run) } else { nearest(run, SIGNS) };
    let meant = meant.filter(|_| run != "?>" && run != "->");
    let help = match meant {
        Some(sign) => format!("did you mean `#{sign}`?"),
        None => "the marks are #=> (value), #~> (one of), #&> (alias graph), #!> (raises), #| (output)".to_string(),
    };
    wrong(0..end, format!("`{written}` is no mark"), help)
}

fn wrong(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Reading {
    Reading::Wrong(WrongMark { range, message: message.into(), help: help.into() })
}

/// Reads a comment that begins with a sign.
fn sign(comment: &str, sign: &str) -> Result<RawMark, WrongMark> {
    let mut at = 1 + sign.len();
    let error = |range: Range<usize>, message: String, help: String| WrongMark { range, message, help };
    let mut guard = Guard::always();
    let rest = comment.get(at..).unwrap_or("");
    if let Some(inside) = rest.strip_prefix('[') {
        let Some(length) = inside.find(']') else {
            return Err(error(
                at..comment.len(),
                "the guard is never closed".into(),
                format!("write `#{sign}[py<3.13] …`, or put a space before a list: `#{sign} [1, 2]`"),
            ));
        };
        guard = Guard::parse(inside.get(..length).unwrap_or("")).map_err(|why| {
            let space = format!("(a list as the value has a space before it: `#{sign} [1, 2]`)");
            error(at..at + length + 2, why.message, format!("{}\n{space}", why.help))
        })?;
        at += length + 2;
    }
    if sign == "|" {
        let text = comment.get(at..).unwrap_or("");
        let text = text.strip_prefix(' ').unwrap_or(text);
        let value = comment.len() - text.len()..comment.len();
        return Ok(RawMark { guard, expect: Expect::Output(text.to_string()), value });
    }
    let body = comment.get(at..).unwrap_or("");
    let start = at + (body.len() - body.trim_start().len());
    let value = start..start + body.trim().len();
    let text = body.trim();
    if text.is_empty() {
        return Err(error(0..comment.len(), format!("`#{sign}` without a value"), example(sign).into()));
    }
    if let Some(second) = second_mark(text) {
        return Err(error(
            start + second..comment.len(),
            "a second mark in one comment".into(),
            "put it on a line of its own after the statement".into(),
        ));
    }
    let expect = match sign {
        "=>" => Expect::Value(text.to_string()),
        "~>" => Expect::OneOf(choice(text).map_err(|(message, help)| error(value.clone(), message, help))?),
        "&>" => match graph::canonical(&[text]) {
            Ok(texts) => Expect::Graph(texts.concat()),
            Err(why) => {
                let range = start + why.range.start..start + why.range.end;
                return Err(error(range, why.message, why.help.to_string()));
            }
        },
        _ => raises(text).map_err(|(message, help)| error(value.clone(), message, help))?,
    };
    Ok(RawMark { guard, expect, value })
}

fn example(sign: &str) -> &'static str {
    match sign {
        "=>" => "for example `#=> True`",
        "~>" => "for example `#~> True or False`",
        "&>" => "for example `#&> [&1 [], *1]`",
        _ => "for example `#!> NameError`",
    }
}

/// Where another mark begins inside a mark's text.
fn second_mark(text: &str) -> Option<usize> {
    SIGNS.iter().take(4).filter_map(|sign| text.find(&format!(" #{sign}"))).min().map(|at| at + 1)
}

fn choice(text: &str) -> Result<Choice, (String, String)> {
    if let Some(pattern) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        return match regex::Regex::new(&format!("^(?:{pattern})$")) {
            Ok(regex) => Ok(Choice::Pattern(regex, pattern.to_string())),
            Err(why) => {
                let why = why.to_string();
                let last = why.lines().last().unwrap_or("").trim_start_matches("error: ").to_string();
                Err((format!("the pattern is no regular expression: {last}"), "it has to match the whole repr".into()))
            }
        };
    }
    let texts: Vec<String> = text.split(" or ").map(|part| part.trim().to_string()).collect();
    match texts.len() {
        1 => Err((
            "`#~>` names one value only".into(),
            "write `#=>` if there is no choice, `#~> A or B`, or `#~> /regex/`".into(),
        )),
        _ => Ok(Choice::Listed(texts)),
    }
}

fn raises(text: &str) -> Result<Expect, (String, String)> {
    let (text, at_compile) = match text.rsplit_once('@') {
        Some((before, "compile")) if before.is_empty() || before.ends_with(' ') => (before.trim_end(), true),
        Some((before, word)) if before.ends_with(' ') && nearest(word, ["compile"]).is_some() => {
            return Err((format!("unknown word `@{word}`"), "did you mean `@compile`?".into()));
        }
        _ => (text, false),
    };
    let (class, message) = match text.split_once(':') {
        Some((class, message)) => (class.trim_end(), Some(message.trim().to_string())),
        None => (text, None),
    };
    let identifier = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    if !class.split('.').all(identifier) {
        return Err((
            format!("`{class}` is no exception class"),
            "write `#!> NameError`, or `#!> NameError: its text`".into(),
        ));
    }
    Ok(Expect::Raises { class: class.to_string(), text: message, at_compile })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(comment: &str) -> String {
        match read(comment) {
            Reading::Plain => format!("{comment}  -- no mark"),
            Reading::Mark(mark) => {
                let value = comment.get(mark.value.clone()).unwrap_or("?");
                format!("{comment}  -- {} [{}] {} <{value}>", mark.expect.sign(), mark.guard, mark.expect)
            }
            Reading::Wrong(wrong) => {
                let part = comment.get(wrong.range.clone()).unwrap_or("?");
                format!("{comment}  -- ERROR at <{part}> {} / {}", wrong.message, wrong.help)
            }
        }
    }

    #[test]
    fn marks_are_read() {
        let said: Vec<String> = [
            "#=> True",
            "#=> [1, 2]",
            "#=>[py<3.13] 2",
            "#=>[module,py>=3.12.1] 'a'",
            "#~> True or False",
            "#~>[py<3.13]  (True, 2) or (False, 1)",
            "#~> /<f at 0x[0-9a-f]+>/",
            "#&> [&3 [], *3]",
            "#!> NameError",
            "#!>[py<3.11]  UnboundLocalError: local variable 'x' referenced before assignment",
            "#!> SyntaxError @compile",
            "#!> SyntaxError: bad @compile",
            "#!> copy.Error",
            "#| a line",
            "#|",
            "#|  two",
            "#=>True",
            "#|[interactive] x",
        ]
        .map(say)
        .into();
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn near_misses_are_errors() {
        let said: Vec<String> = [
            "#=>> True",
            "#?> True",
            "# => True",
            "#->  True",
            "#= True",
            "#> True",
            "#=>-1",
            "#! NameError",
            "#||x",
            "#~>",
            "#~> True",
            "#~> /(/",
            "#&> [&1 [], 2]",
            "#!> name error",
            "#!> SyntaxError @compil",
            "#=>[1, 2]",
            "#=>[py<3.13 2",
            "#=>[pypy] 2",
            "#=> 1  #&> [1]",
            "#!>",
            "#=< 2",
        ]
        .map(say)
        .into();
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn prose_is_no_mark() {
        for comment in [
            "# a comment",
            "#",
            "#!/usr/bin/env python",
            "# -> see below",
            "#: doc",
            "#======",
            "# | a",
            "# > 3",
            "# x => y",
        ] {
            assert!(matches!(read(comment), Reading::Plain), "{comment}");
        }
    }
}
