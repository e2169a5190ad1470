//! Markdown as HTML: the repository's own pages, with headings that can be linked to and links that lead on.
//!
//! Invariant: markup in a Markdown text is text here, an image is its description, and a link leads to a page of the site,
//! to the web, or nowhere.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::collections::HashMap;

/// Where a relative link leads.
pub enum Way {
    /// To a file of the site.
    File(String),
    /// To a file of the repository that the site does not have: its path there.
    Elsewhere(String),
}

/// A heading.
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its anchor.
    pub anchor: String,
    /// Its words.
    pub words: String,
}

/// A page.
pub struct Rendered {
    /// Its elements.
    pub html: String,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
}

/// The page that a Markdown text describes; `way` tells where its relative links lead.
pub fn render(text: &str, way: &dyn Fn(&str) -> Way) -> Rendered {
    let events: Vec<Event> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let headings = headings(&events);
    let mut anchors = headings.iter().map(|heading| heading.anchor.clone());
    // What each open link or image ends with.
    let mut open: Vec<Option<Event>> = Vec::new();
    let mut out: Vec<Event> = Vec::new();
    for event in events {
        match event {
            Event::Html(words) | Event::InlineHtml(words) => out.push(Event::Text(words)),
            Event::Start(Tag::HtmlBlock) => out.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => out.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                let id = anchors.next().map(CowStr::from);
                out.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
            }
            // What is wide is moved to and fro in its place; browsers give it the focus by themselves.
            Event::Start(Tag::Table(columns)) => {
                out.push(Event::Html("<div class=\"scroll\">".into()));
                out.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => out.extend([Event::End(TagEnd::Table), Event::Html("</div>\n".into())]),
            Event::Start(Tag::CodeBlock(kind)) => {
                out.push(Event::Html("<div class=\"scroll\">".into()));
                out.push(Event::Start(Tag::CodeBlock(kind)));
            }
            Event::End(TagEnd::CodeBlock) => {
                out.extend([Event::End(TagEnd::CodeBlock), Event::Html("</div>\n".into())])
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let (start, end) = link(&dest_url, way);
                match start {
                    Some(Opening::Address(address)) => {
                        out.push(Event::Start(Tag::Link { link_type, dest_url: address.into(), title, id }));
                    }
                    Some(Opening::Words(html)) => out.push(Event::Html(html.into())),
                    None => {}
                }
                open.push(end);
            }
            // Nothing is fetched: the description stands for the picture.
            Event::Start(Tag::Image { .. }) => open.push(None),
            Event::End(TagEnd::Link | TagEnd::Image) => out.extend(open.pop().flatten()),
            other => out.push(other),
        }
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, out.into_iter());
    Rendered { html, headings }
}

/// The elements of the first paragraph, without headings before it.
pub fn first_paragraph(text: &str, way: &dyn Fn(&str) -> Way) -> String {
    let paragraph = text.split("\n\n").find(|part| !part.trim_start().starts_with('#')).unwrap_or_default();
    render(paragraph, way).html
}

enum Opening {
    Address(String),
    Words(String),
}

/// How a link begins and ends.
fn link(address: &str, way: &dyn Fn(&str) -> Way) -> (Option<Opening>, Option<Event<'static>>) {
    let closed = Some(Event::End(TagEnd::Link));
    if address.starts_with("https://") || address.starts_with("http://") || address.starts_with('#') {
        return (Some(Opening::Address(address.to_string())), closed);
    }
    // Another scheme is none of ours, whatever it does.
    if address.split('/').next().is_some_and(|first| first.contains(':')) {
        return (None, None);
    }
    match way(address) {
        Way::File(file) => (Some(Opening::Address(file)), closed),
        Way::Elsewhere(path) => {
            let words = maud::html! { "In the repository: " (path) }.into_string();
            (
                Some(Opening::Words(format!("<span class=\"elsewhere\" title=\"{words}\">"))),
                Some(Event::Html("</span>".into())),
            )
        }
    }
}

fn headings(events: &[Event]) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut open: Option<(HeadingLevel, String)> = None;
    for event in events {
        match event {
            Event::Start(Tag::Heading { level, .. }) => open = Some((*level, String::new())),
            Event::Text(words) | Event::Code(words) | Event::InlineHtml(words) => {
                if let Some((_, text)) = &mut open {
                    text.push_str(words);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, text)) = &mut open {
                    text.push(' ');
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, words)) = open.take() {
                    let plain = slug(&words);
                    let count = taken.entry(plain.clone()).and_modify(|count| *count += 1).or_insert(0);
                    let anchor = if *count == 0 { plain } else { format!("{plain}-{count}") };
                    headings.push(Heading { level: level as u8, anchor, words });
                }
            }
            _ => {}
        }
    }
    headings
}

/// The anchor that the places where Markdown is shown give a heading, so that links between the files hold there and here.
fn slug(words: &str) -> String {
    let kept = |sign: char| match sign {
        ' ' => Some('-'),
        '-' | '_' => Some(sign),
        _ => sign.is_alphanumeric().then_some(sign),
    };
    words.to_lowercase().chars().filter_map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let way = |address: &str| match address {
            "a.md" => Way::File("a.html".into()),
            other => Way::Elsewhere(other.into()),
        };
        render(text, &way).html
    }

    #[test]
    fn markup_is_text() {
        let out = html("<script>x</script>\n\na <img src=x onerror=y> `<b>`\n\n![pic](http://x/y.png)\n");
        assert!(!out.contains("<script") && !out.contains("<img") && !out.contains("<b>"), "{out}");
        assert!(out.contains("&lt;script&gt;") && out.contains("pic"), "{out}");
    }

    #[test]
    fn links_lead_on_or_nowhere() {
        assert_eq!(html("[a](a.md)"), "<p><a href=\"a.html\">a</a></p>\n");
        assert_eq!(
            html("[b](b\"<.rs)"),
            "<p><span class=\"elsewhere\" title=\"In the repository: b&quot;&lt;.rs\">b</span></p>\n"
        );
        assert_eq!(html("[c](javascript:alert(1)) [d](<data:text/html,x>)"), "<p>c d</p>\n");
        assert_eq!(html("<https://a.b/>"), "<p><a href=\"https://a.b/\">https://a.b/</a></p>\n");
    }

    #[test]
    fn headings_have_anchors_of_their_own() {
        let page = render("# One `two`!\n## Same\n## Same\n", &|_| Way::Elsewhere(String::new()));
        let anchors: Vec<&str> = page.headings.iter().map(|heading| heading.anchor.as_str()).collect();
        assert_eq!(anchors, ["one-two", "same", "same-1"]);
        assert_eq!(page.headings[0].words, "One two!");
        assert!(page.html.contains("<h2 id=\"same-1\">Same</h2>"), "{}", page.html);
    }
}
