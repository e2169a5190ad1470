//! The matrix as one page: engines by rules, each case with its program, its marks and what each engine did.
//!
//! The file needs nothing else, neither a network nor a server. Its data stands in it as JSON, and `*.js` builds what is
//! shown of it. Invariants: a program's text and an engine's output are never markup, for the script makes elements and
//! sets texts and no more; only the script and the style of this file are obeyed, by their hashes.

mod data;
pub mod document;
mod pictures;

use super::model::Run;
use crate::judge::Verdict;
use base64::Engine;
use document::{BASE, Document};
use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page.css");
/// In the order in which they stand in one function.
const SCRIPTS: [&str; 5] = [
    include_str!("elements.js"),
    include_str!("model.js"),
    include_str!("matrix.js"),
    include_str!("case.js"),
    include_str!("page.js"),
];

/// The run as a page.
pub fn render(run: &Run) -> String {
    // What ends a script, or begins a comment in it, begins with `<`.
    let data = data::data(run).to_string().replace('<', "\\u003c");
    let style = format!("{BASE}{STYLE}\n{}", crate::picture::style());
    let script = format!("(() => {{\n'use strict';\n{}\n}})();", SCRIPTS.join("\n"));
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        hash(&script),
        hash(&style)
    );
    let page = Document {
        title: "verysame: engines and rules",
        policy: &policy,
        style: html! { style { (PreEscaped(style)) } },
        body: html! {
            (body())
            script type="application/json" id="data" { (PreEscaped(data)) }
            script { (PreEscaped(script)) }
        },
    };
    page.into_file()
}

/// How a policy names a script or a style by its text.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn body() -> Markup {
    html! {
        a .skip #skip href="#" { "To the matrix" }
        header {
            h1 { "Which promises hold?" }
            p #about {}
        }
        noscript { p .notice { "This page needs JavaScript. " code { "verysame report FILE" } " shows the same results in a terminal." } }
        main {
            section aria-labelledby="engines-title" {
                h2 #engines-title { "Engines and areas" }
                div .scroll #summary tabindex="0" role="region" aria-label="Summary by engine and area" {}
                ul #legend .legend aria-label="What the signs mean" {}
            }
            section aria-labelledby="rules-title" {
                h2 #rules-title { "Rules" }
                (filters())
                p #count role="status" {}
                div #matrix role="treegrid" aria-label="Rules and their cases, by engine" {}
            }
        }
        dialog #case aria-labelledby="case-title" {}
    }
}

fn filters() -> Markup {
    html! {
        form #filters role="search" aria-label="Which rules are shown" {
            label .wide { "Search" input type="search" name="q" autocomplete="off" spellcheck="false" placeholder="rule, case or words"; }
            label { "Area" select name="area" { option value="" { "all" } } }
            label { "Level" select name="level" { option value="" { "all" } } }
            div .pair {
                label { "Verdict"
                    select name="verdict" {
                        option value="" { "any" }
                        option value="wrong" { "wrong, known or not" }
                        option value="other" { "anything but PASS" }
                        option value="split" { "engines disagree" }
                        @for verdict in Verdict::ALL { option value=(verdict.word()) { (verdict.word()) } }
                    }
                }
                label { "on" select name="on" { option value="" { "any engine" } } }
            }
            div .pair {
                label { "Passes on" select name="pass" { option value="" { "–" } } }
                label { "fails on" select name="fail" { option value="" { "–" } } }
            }
            details #shown {
                summary { "Engines shown" }
                div .checks {}
            }
            button type="reset" { "Show all" }
        }
    }
}
