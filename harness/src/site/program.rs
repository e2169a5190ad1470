//! A case's program, with its marks as notes that can be read without knowing their signs.
//!
//! Invariant: what is copied from the page is the program: a note is a comment, as the mark is.

use crate::case::{Case, Choice, Expect, Mark, VersionSet};
use crate::report::html::document::seen;
use maud::{Markup, html};

/// The program, the modules that it imports, what it writes and what it leaves.
pub fn program(case: &Case) -> Markup {
    html! {
        @for (name, source) in &case.files {
            div .listing {
                p .file { "module " code { (seen(name)) } }
                pre { code { (seen(source.trim_end())) } }
            }
        }
        div .listing {
            @if !case.files.is_empty() { p .file { "the program" } }
            pre { code {
                @for line in lines(case) { (line) }
            } }
        }
        @if let Some(output) = &case.stdout {
            div .listing {
                p .file { "writes" }
                pre { code { (seen(&output.text)) } }
            }
        }
        @if !case.heap.is_empty() {
            dl .heap {
                @for mark in &case.heap {
                    dt { code { (seen(&mark.name)) } " at the end" }
                    dd { code { (seen(&mark.graph)) } }
                }
            }
        }
    }
}

fn lines(case: &Case) -> Vec<Markup> {
    let text = case.source.text.trim_end();
    let mut start = 0;
    let line = |line: &str| {
        let range = start..start + line.len();
        start = range.end;
        // A mark's comment runs to the end of its line, so there is one.
        let own = case.marks.iter().find(|mark| range.contains(&mark.comment.start));
        let code = own.and_then(|mark| line.get(..mark.comment.start - range.start)).unwrap_or(line);
        let (code, blank) = match own {
            Some(_) => code.split_at(code.trim_end_matches([' ', '\t']).len()),
            None => (code.trim_end_matches('\n'), ""),
        };
        html! {
            (seen(code))
            @match own {
                // The line ends inside: where a note stands on a line of its own no other follows that is empty.
                Some(mark) => { span .gap { (blank) } span .note { "# " (note(mark)) "\n" } },
                None => { "\n" },
            }
        }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// What a mark says, in words, and for whom.
fn note(mark: &Mark) -> Markup {
    html! {
        (says(&mark.expect))
        @if let Some(words) = guard(mark) { span .when { " — " (words) } }
    }
}

fn says(expect: &Expect) -> Markup {
    let value = |text: &str| html! { b { (seen(text)) } };
    html! {
        @match expect {
            Expect::Value(text) => { "is " (value(text)) },
            Expect::OneOf(Choice::Listed(texts)) => {
                "is "
                @for (index, text) in texts.iter().enumerate() { @if index > 0 { " or " } (value(text)) }
            },
            Expect::OneOf(choice @ Choice::Pattern(..)) => { "is like " (value(&choice.to_string())) },
            Expect::Graph(text) => { "is, with what it shares, " (value(text)) },
            Expect::Raises { class, text, at_compile } => {
                @if *at_compile { "does not compile: " } @else { "raises " }
                (value(class))
                @if let Some(text) = text { ": " (value(text)) }
            },
            Expect::Output(text) => { "writes " (value(text)) },
        }
    }
}

/// For which versions and modes a mark speaks, if not for all of the case.
fn guard(mark: &Mark) -> Option<String> {
    let guard = &mark.guard;
    let versions = (guard.python != VersionSet::all()).then(|| format!("Python {}", guard.python));
    let mode = guard.mode.map(|mode| format!("{mode} mode"));
    let level = guard.level.map(|level| format!("level {level}"));
    let words: Vec<String> = [versions, mode, level].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::load_texts;

    fn text(source: &str) -> String {
        let file = format!(
            "guarantee = \"cpython\"\n[[rule]]\nid = \"a.b\"\nstatement = \"It is so.\"\nreference = \"PEP 8\"\n\
             [[case]]\nid = \"a.c\"\nrules = [\"a.b\"]\ntitle = \"About it, and more\"\nsource = '''\n{source}\n'''\n"
        );
        let loaded = load_texts([("cases/a/b.toml".to_string(), file)]);
        assert!(!loaded.has_errors(), "{:?}", loaded.problems);
        let html = program(&loaded.cases[0]).into_string();
        let mut out = String::new();
        let mut inside = false;
        for sign in html.chars() {
            match sign {
                '<' => inside = true,
                '>' => inside = false,
                sign if !inside => out.push(sign),
                _ => {}
            }
        }
        out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&quot;", "\"")
    }

    #[test]
    fn marks_become_words() {
        let source = "x = [1]  # a remark\nx  #=>[py<3.10] [1]\n   #=>[py>=3.10] [2]\nx.a   #!> AttributeError\n\
                      print('<b>')\n#| <b>\nid(x)  #~> /\\d+/\n[x, x]  #&> [&1 [1], *1]\nx  #=>[interactive] [1]\n   #=>[module] [1]";
        assert_eq!(
            text(source),
            "x = [1]  # a remark\nx  # is [1] — Python <3.10\n   # is [2] — Python >=3.10\n\
             x.a   # raises AttributeError\nprint('<b>')\n# writes <b>\nid(x)  # is like /\\d+/\n\
             [x, x]  # is, with what it shares, [&1 [1], *1]\nx  # is [1] — interactive mode\n   # is [1] — module mode\n"
        );
    }
}
