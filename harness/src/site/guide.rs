//! The pages that people wrote: the repository's Markdown, carried in the program, and the files that it speaks of.
//!
//! Invariant: what one of these texts links to is a page here, a file that is carried here, or shown as a path of the
//! repository.

use super::frame::Frame;
use super::markdown::{Rendered, Way, render};
use maud::{Markup, PreEscaped, html};

/// A Markdown text that is a page.
pub struct Guide {
    /// Its path in the repository.
    pub path: &'static str,
    /// Its file in the site.
    pub file: &'static str,
    /// What lists call it.
    pub words: &'static str,
    text: &'static str,
}

const README: Guide = Guide {
    path: "README.md",
    file: "readme.html",
    words: "What you can do with it, command by command",
    text: include_str!("../../../README.md"),
};

/// The reports of bugs that were found.
pub const BUGS: Guide = Guide {
    path: "harness/engines/bugs.md",
    file: "bugs.html",
    words: "Bugs of engines, as reports",
    text: include_str!("../../engines/bugs.md"),
};

/// All of them.
pub const GUIDES: [Guide; 6] = [
    README,
    Guide {
        path: "CONTRIBUTING.md",
        file: "contributing.html",
        words: "A new case, step by step",
        text: include_str!("../../../CONTRIBUTING.md"),
    },
    Guide {
        path: "harness/engines/README.md",
        file: "your-engine.html",
        words: "Your own engine under test",
        text: include_str!("../../engines/README.md"),
    },
    Guide {
        path: "harness/engines/PROTOCOL.md",
        file: "protocol.html",
        words: "The worker protocol",
        text: include_str!("../../engines/PROTOCOL.md"),
    },
    BUGS,
    Guide {
        path: "ARCHITECTURE.md",
        file: "architecture.html",
        words: "How the code is laid out",
        text: include_str!("../../../ARCHITECTURE.md"),
    },
];

/// Where the levels, the verdicts and the exit codes are told.
pub const LEVELS: &str = "readme.html#levels-and-verdicts";

/// Files that the pages link to: the path in the repository, the file in the site, the text.
pub const CARRIED: [(&str, &str, &str); 4] = [
    ("LICENSE", "LICENSE.txt", include_str!("../../../LICENSE")),
    ("cases/case.schema.json", "case.schema.json", include_str!("../../../cases/case.schema.json")),
    ("harness/results.schema.json", "results.schema.json", include_str!("../../results.schema.json")),
    ("harness/engines/worker.schema.json", "worker.schema.json", include_str!("../../engines/worker.schema.json")),
];

impl Guide {
    /// The text as HTML.
    pub fn rendered(&self) -> Rendered {
        render(self.text, &|address| way(self.path, address))
    }

    /// The page.
    pub fn page(&self) -> String {
        let rendered = self.rendered();
        let contents = rendered.headings.iter().filter(|heading| heading.level == 2);
        let frame = Frame {
            title: self.words,
            file: self.file,
            contents: html! {
                ul {
                    @for heading in contents { li { a href={ "#" (heading.anchor) } { (heading.words) } } }
                }
            },
            main: html! {
                article .guide { (PreEscaped(&rendered.html)) }
                p .source { "From " code { (self.path) } " of the repository." }
            },
        };
        frame.into_file()
    }
}

/// What verysame is, in the words of its README.
pub fn what_it_is() -> Markup {
    let way = |address: &str| way(README.path, address);
    html! { (PreEscaped(super::markdown::first_paragraph(README.text, &way))) }
}

/// Where a relative link of a file leads.
fn way(from: &str, address: &str) -> Way {
    let (path, place) = address.split_once('#').map_or((address, None), |(path, place)| (path, Some(place)));
    let path = joined(from, path);
    let guide = GUIDES.iter().find(|guide| guide.path == path).map(|guide| guide.file);
    let carried = CARRIED.iter().find(|(known, ..)| *known == path).map(|(_, file, _)| *file);
    match (guide.or(carried), place) {
        (Some(file), Some(place)) => Way::File(format!("{file}#{place}")),
        (Some(file), None) => Way::File(file.to_string()),
        (None, _) => Way::Elsewhere(path),
    }
}

/// A path as seen from a file, from the top of the repository.
fn joined(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Level;
    use crate::judge::Verdict;
    use std::path::Path;

    #[test]
    fn every_link_leads_to_a_page_or_a_file_of_the_repository() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for guide in GUIDES {
            assert_eq!(std::fs::read_to_string(root.join(guide.path)).expect("the file"), guide.text);
            let check = |address: &str| {
                let way = way(guide.path, address);
                if let Way::Elsewhere(path) = &way {
                    assert!(root.join(path).exists(), "{} links to {address}, which is nowhere", guide.path);
                }
                way
            };
            render(guide.text, &check);
        }
        assert!(
            matches!(way("harness/engines/README.md", "PROTOCOL.md#a"), Way::File(file) if file == "protocol.html#a")
        );
        assert!(
            matches!(way("harness/engines/README.md", "../examples/monty"), Way::Elsewhere(path) if path == "harness/examples/monty")
        );
    }

    #[test]
    fn levels_and_verdicts_are_all_told() {
        let (_, rest) = README.text.split_once("\n## Levels and verdicts\n").expect("the section");
        let section = rest.split("\n## ").next().unwrap_or(rest);
        for word in Level::ALL.map(|level| format!("`{level}`")) {
            assert!(section.contains(&word), "{word}");
        }
        for verdict in Verdict::ALL {
            assert!(section.contains(verdict.word()), "{verdict}");
        }
    }
}
