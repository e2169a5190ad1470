//! What stands around the content of each page: the site's navigation, what is on this page, the way past both.

use super::guide::{GUIDES, LEVELS};
use crate::report::html::document::Document;
use maud::{Markup, html};

/// The one style of all pages.
pub const STYLE: &str = "style.css";
/// Only that style is loaded, and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'self' file:; base-uri 'none'; form-action 'none'";

/// A page before it is one.
pub struct Frame<'a> {
    /// What it is called.
    pub title: &'a str,
    /// Its own file.
    pub file: &'a str,
    /// Links to its parts; nothing on a short page.
    pub contents: Markup,
    /// What it says.
    pub main: Markup,
}

impl Frame<'_> {
    /// The page as a file.
    pub fn into_file(self) -> String {
        let title =
            if self.file == "index.html" { self.title.to_string() } else { format!("{} · verysame", self.title) };
        let contents = self.contents.into_string();
        let here = |file: &str| (file == self.file).then_some("page");
        let guides = GUIDES.iter().any(|guide| guide.file == self.file);
        let main = [("index.html", "Areas"), ("rules.html", "All rules"), ("engines.html", "Engines")];
        let body = html! {
            a .skip href="#content" { "To the content" }
            header .top {
                nav aria-label="Site" {
                    a .home href="index.html" { "verysame" }
                    ul {
                        @for (file, words) in main { li { a href=(file) aria-current=[here(file)] { (words) } } }
                        li { a href="index.html#how-to" aria-current=[guides.then_some("true")] { "How to" } }
                        li { a href=(LEVELS) { "Levels and verdicts" } }
                    }
                }
            }
            div .page {
                @if !contents.is_empty() {
                    nav .contents aria-labelledby="contents-title" {
                        h2 #contents-title { "On this page" }
                        (maud::PreEscaped(contents))
                    }
                }
                main #content tabindex="-1" { (self.main) }
            }
            footer { "verysame " (env!("CARGO_PKG_VERSION")) ". Written by " code { "verysame site" } "." }
        };
        Document { title: &title, policy: POLICY, style: html! { link rel="stylesheet" href=(STYLE); }, body }
            .into_file()
    }
}
