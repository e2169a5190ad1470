//! The site: every rule and case has its place, every link leads somewhere, no text becomes markup; and, in a real
//! browser, that it is good to look at.

mod browser;
mod project;

use browser::Browser;
use project::{Project, RULE, case};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use verysame::book::Book;
use verysame::case::{Loaded, load_texts};
use verysame::profile::{DriverKind, EngineProfile, shipped, shipped_names};
use verysame::run::suite::Suite;
use verysame::site::{SiteFile, site};

/// Everything that could become markup or run, or lead a reader astray.
const HOSTILE: &str = "</pre><script>window.ran=1</script><img src=x onerror=window.ran=1>\"'&amp;<!--\u{1b}[31m\u{7f}\u{2028}\u{202e} javascript:window.ran=1";

fn of(loaded: &Loaded, profiles: &[EngineProfile]) -> Vec<SiteFile> {
    site(&Book::of(loaded).expect("a book"), loaded, profiles)
}

fn profiles() -> Vec<EngineProfile> {
    shipped_names().iter().map(|name| shipped(name).expect("it is there").expect("it is right")).collect()
}

/// The site of the suite as it stands.
fn ours() -> &'static (Loaded, Vec<SiteFile>) {
    static OURS: OnceLock<(Loaded, Vec<SiteFile>)> = OnceLock::new();
    OURS.get_or_init(|| {
        let loaded = Suite::find(None).load();
        let files = of(&loaded, &profiles());
        (loaded, files)
    })
}

/// What stands on a page.
#[derive(Default)]
struct Page {
    /// Every anchor with how often it is there.
    anchors: BTreeMap<String, usize>,
    links: Vec<String>,
    /// The texts, without markup.
    text: String,
    elements: BTreeSet<String>,
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// Elements that have no end.
const VOID: [&str; 7] = ["meta", "link", "br", "hr", "img", "input", "wbr"];
/// What a paragraph cannot hold: a browser would end it before.
const BLOCKS: [&str; 15] = [
    "p",
    "div",
    "ul",
    "ol",
    "dl",
    "table",
    "pre",
    "section",
    "article",
    "details",
    "h1",
    "h2",
    "h3",
    "h4",
    "blockquote",
];

/// Reads a page and says where it is not well formed.
fn read(file: &SiteFile) -> Page {
    let name = &file.name;
    let mut page = Page::default();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = file.text.strip_prefix("<!DOCTYPE html>").unwrap_or_else(|| panic!("{name} has no doctype"));
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "{name}: a loose `>` in {text:?}");
        page.text.push_str(&plain(text));
        let mut quoted = false;
        let end = rest[at..].find(|sign| {
            quoted ^= sign == '"';
            sign == '>' && !quoted
        });
        let tag = &rest[at + 1..at + end.unwrap_or_else(|| panic!("{name}: a tag without an end"))];
        rest = &rest[at + tag.len() + 2..];
        if let Some(element) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(element), "{name}: before {:?}", &rest[..rest.len().min(80)]);
            continue;
        }
        let tag = tag.trim_end_matches([' ', '/']);
        let (element, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(element.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit()), "{name}: <{tag}>");
        page.elements.insert(element.to_string());
        assert!(!BLOCKS.contains(&element) || !open.contains(&"p"), "{name}: <{tag}> in a paragraph");
        assert!(element != "a" || !open.contains(&"a"), "{name}: <{tag}> in a link");
        for part in attributes.split("\" ") {
            let (key, value) = part.split_once("=\"").unwrap_or((part, ""));
            let value = plain(value.trim_end_matches('"'));
            match key {
                "id" => *page.anchors.entry(value).or_default() += 1,
                "href" => page.links.push(value),
                _ => assert!(!key.starts_with("on") && !["src", "style"].contains(&key), "{name}: <{tag}>"),
            }
        }
        if !VOID.contains(&element) {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{name}: {open:?} are not ended");
    page
}

/// Reads all pages, each well formed and with anchors of its own.
fn read_all(files: &[SiteFile]) -> BTreeMap<&str, Page> {
    let pages: BTreeMap<&str, Page> =
        files.iter().filter(|file| file.name.ends_with(".html")).map(|file| (file.name.as_str(), read(file))).collect();
    for (name, page) in &pages {
        let twice: Vec<&String> = page.anchors.iter().filter(|(_, count)| **count > 1).map(|(id, _)| id).collect();
        assert!(twice.is_empty(), "{name}: {twice:?}");
    }
    pages
}

/// Every link leads to the web, to a file, or to an anchor that is there.
fn links_lead_somewhere(files: &[SiteFile]) {
    let pages = read_all(files);
    let mut within = 0;
    for (name, page) in &pages {
        for link in &page.links {
            if link.starts_with("https://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').map_or((link.as_str(), None), |(file, at)| (file, Some(at)));
            let file = if file.is_empty() { name } else { file };
            assert!(files.iter().any(|known| known.name == file), "{name}: {link}");
            if let Some(anchor) = anchor {
                within += 1;
                let there = pages.get(file).is_some_and(|page| page.anchors.contains_key(anchor));
                assert!(there, "{name}: there is no {link}");
            }
        }
    }
    assert!(within > 10);
}

#[test]
fn every_link_leads_somewhere() {
    let (_, files) = ours();
    links_lead_somewhere(files);
    let names: BTreeSet<String> = files.iter().map(|file| file.name.to_lowercase()).collect();
    assert_eq!(names.len(), files.len());
}

#[test]
fn every_rule_and_every_case_has_its_place() {
    let (loaded, files) = ours();
    let pages = read_all(files);
    let place = |anchor: &str| -> Vec<&str> {
        let has = |(name, page): (&&'static str, &Page)| {
            (name.starts_with("area-") && page.anchors.contains_key(anchor)).then_some(*name)
        };
        pages.iter().filter_map(has).collect()
    };
    for rule in &loaded.rules {
        let found = place(&format!("rule={}", rule.id));
        assert_eq!(found.len(), 1, "{}: {found:?}", rule.id);
        assert!(pages["rules.html"].links.contains(&format!("{}#rule={}", found[0], rule.id)), "{}", rule.id);
        assert!(pages[found[0]].text.contains(&rule.statement.trim().replace('`', "")), "{}", rule.id);
    }
    for case in &loaded.cases {
        let found = place(&format!("case={}", case.id));
        assert_eq!(found, [format!("area-{}.html", case.area)], "{}", case.id);
        assert_eq!(place(&format!("case={}", case.base)), found, "{}", case.base);
        // The program stands there, with its marks as words.
        let text = &pages[found[0]].text;
        let mut start = 0;
        for line in case.source.text.trim_end().split_inclusive('\n') {
            let mark = case.marks.iter().find(|mark| (start..start + line.len()).contains(&mark.comment.start));
            let code = mark.map_or(line, |mark| &line[..mark.comment.start - start]).trim_end();
            start += line.len();
            assert!(code.contains(|sign: char| sign.is_control()) || text.contains(code), "{}: {code}", case.id);
        }
        for mark in &case.marks {
            assert!(text.contains(&mark.expect.to_string().replace(" @compile", "")), "{}: {}", case.id, mark.expect);
        }
    }
}

#[test]
fn every_engine_says_what_it_gets_wrong() {
    let (loaded, files) = ours();
    let pages = read_all(files);
    for profile in profiles() {
        let page = &pages[format!("engine-{}.html", profile.name).as_str()];
        for deviation in profile.deviations.iter().filter(|known| loaded.cases.iter().any(|case| case.id == known.case))
        {
            let shown = |wanted: &str| page.text.contains(wanted.replace('`', "").as_str());
            assert!(shown(&deviation.reason), "{}: {}", profile.name, deviation.reason);
            let base = deviation.case.split('/').next().unwrap_or_default();
            assert!(shown(base), "{}: {base}", profile.name);
        }
    }
    // A rule names who breaks it, and a report stands on the pages of the engines that it is about.
    let brokens =
        pages["area-scoping.html"].links.iter().filter(|link| link.starts_with("engine-pypy.html#rule=scoping."));
    assert!(brokens.count() > 1);
    for engine in ["brython", "micropython", "micropython-unix", "monty", "pypy", "skulpt"] {
        let page = &pages[format!("engine-{engine}.html").as_str()];
        assert!(page.links.iter().any(|link| link.starts_with("bugs.html#") && link.contains("bug")), "{engine}");
    }
}

/// A suite and an engine in which every text that somebody writes is hostile.
fn hostile() -> (Loaded, Vec<EngineProfile>) {
    let file = "guarantee = \"language\"\n[[rule]]\nid = \"area.rule\"\nstatement = \"It is so.\"\nreference = \"PEP 8\"\n\
         [[case]]\nid = \"area.case\"\nrules = [\"area.rule\"]\ntitle = \"About it, and more\"\nsource = '''\n\
         x = 'text'\nx   #=> 'text'\nx   #~> 'text' or 'b'\n${y}   #!> NameError\n'''\n[case.each.y]\none = \"z\"\n[case.heap]\nx = \"'text'\"\n";
    let mut loaded = load_texts([("cases/area/topic.toml".to_string(), file.to_string())]);
    assert!(!loaded.has_errors(), "{:?}", loaded.problems);
    let rule = &mut loaded.rules[0];
    rule.id = format!("area.{HOSTILE}");
    rule.statement = format!("{HOSTILE} `{HOSTILE}`");
    rule.reference = HOSTILE.to_string();
    rule.quote = Some(HOSTILE.to_string());
    rule.formerly = vec![HOSTILE.to_string()];
    let case = &mut loaded.cases[0];
    case.rules = vec![rule.id.clone()];
    (case.base, case.id, case.area) = (format!("c {HOSTILE}"), format!("c {HOSTILE}/one"), HOSTILE.to_string());
    case.title = HOSTILE.to_string();
    case.needs = vec![HOSTILE.to_string()];
    case.files = vec![(HOSTILE.to_string(), HOSTILE.to_string())];
    case.source.text = case.source.text.replacen("text", "<b>", 1);
    case.heap[0].graph = HOSTILE.to_string();
    let mut profile = EngineProfile::bare(HOSTILE, HOSTILE, DriverKind::File);
    profile.about = HOSTILE.to_string();
    profile.capabilities.insert(HOSTILE.to_string(), false);
    for (issue, mark) in [("javascript:window.ran=1", None), ("https://example.org/\"><b>", Some(HOSTILE))] {
        profile.deviations.push(verysame::judge::Deviation {
            case: case.id.clone(),
            rule: Some(rule.id.clone()),
            mark: mark.map(str::to_string),
            observed: HOSTILE.to_string(),
            reason: HOSTILE.to_string(),
            issue: Some(issue.to_string()),
            ..Default::default()
        });
    }
    (loaded, vec![profile.clone(), profile])
}

#[test]
fn no_text_becomes_markup() {
    let (loaded, profiles) = hostile();
    let files = of(&loaded, &profiles);
    links_lead_somewhere(&files);
    for (name, page) in read_all(&files) {
        for element in ["script", "img", "b", "iframe"] {
            // What a mark expects is set in bold; nothing else is.
            let own = element == "b" && name.starts_with("area-");
            assert!(own || !page.elements.contains(element), "{name}: <{element}>");
        }
        assert!(page.links.iter().all(|link| !link.contains("javascript:") || !link.starts_with('j')), "{name}");
        assert!(!page.text.contains(['\u{1b}', '\u{202e}', '\u{2028}', '\u{7f}']), "{name}");
    }
    for file in &files {
        assert!(!file.name.contains(['/', '<', '"', ' ']), "{}", file.name);
    }
}

#[test]
fn the_command_writes_a_folder_of_its_own() {
    let project = Project::new(&case("one", "x = 1\nx  #=> 1"));
    let (status, said, wrong) = project.run(&["site", "out/site"]);
    assert_eq!((status, wrong.as_str()), (0, ""), "{said}");
    assert!(said.ends_with("pages: open out/site/index.html\n"), "{said}");
    let out = project.folder.path().join("out/site");
    let page = std::fs::read_to_string(out.join("area-area.html")).expect("a page");
    assert!(page.contains("About one here"), "{page}");
    // Once more, of another suite: what is gone is gone.
    std::fs::rename(project.folder.path().join("cases/area"), project.folder.path().join("cases/other"))
        .expect("moved");
    let other = format!("{RULE}{}", case("one", "x = 1\nx  #=> 1")).replace("area.", "other.");
    project.write("cases/other/topic.toml", &other);
    assert_eq!(project.run(&["site", "out/site"]).0, 0);
    assert!(out.join("area-other.html").exists() && !out.join("area-area.html").exists());
    // Other people's files are left alone.
    project.write("mine/notes.txt", "mine");
    let (status, _, wrong) = project.run(&["site", "mine"]);
    assert_eq!(status, 2, "{wrong}");
    assert!(wrong.contains("mine is not empty and was not written by `verysame site`"), "{wrong}");
    assert_eq!(std::fs::read_dir(project.folder.path().join("mine")).expect("a folder").count(), 1);
    // A broken file costs its own cases only.
    project.write("cases/other/broken.toml", "[[case]]\nid = 1\n");
    let (status, said, wrong) = project.run(&["site", "out/site"]);
    assert_eq!(status, 2, "{wrong}");
    assert!(said.contains("pages"), "{said}");
}

/// Writes the files into a folder that goes away.
fn written(files: &[SiteFile]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in files {
        std::fs::write(folder.path().join(&file.name), &file.text).expect("a file");
    }
    folder
}

#[test]
fn a_browser_shows_it_from_disk() {
    let Some(mut browser) = Browser::start("a_browser_shows_it_from_disk") else { return };
    let (_, files) = ours();
    let folder = written(files);
    let at = |name: &str| folder.path().join(name);
    let width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    for (pixels, dark, size) in [(1280, false, "wide"), (390, true, "narrow")] {
        browser.window(pixels, 1000, dark);
        for file in files.iter().filter(|file| file.name.ends_with(".html")) {
            browser.open(&at(&file.name), "");
            assert_eq!(browser.text(width), "true", "{} is wider than {pixels}", file.name);
            let stem = file.name.trim_end_matches(".html");
            if ["index", "area-identity", "area-caching", "engine-pypy", "bugs", "readme", "rules"].contains(&stem) {
                browser.picture(&format!("site-{stem}-{size}"));
            }
        }
        // A permalink opens at its rule, with the style that all pages share.
        browser.open(&at("area-caching.html"), "#rule=caching.int.small");
        browser.until("Math.abs(document.querySelector(':target').getBoundingClientRect().top) < 40", "true");
        assert_eq!(browser.text("document.querySelector(':target h3 a').textContent"), "caching.int.small");
        assert_eq!(browser.text("getComputedStyle(document.querySelector('.skip')).position"), "absolute");
        let paper = browser.text("getComputedStyle(document.body).backgroundColor");
        assert_eq!(paper, if dark { "rgb(20, 24, 31)" } else { "rgb(255, 255, 255)" });
        browser.picture(&format!("site-permalink-{size}"));
    }
    // By keyboard: past the navigation, and along a link.
    browser.open(&at("index.html"), "");
    browser.press("Tab");
    assert_eq!(browser.text("document.activeElement.textContent"), "To the content");
    browser.press("Enter");
    browser.until("document.activeElement.id", "content");
    browser.press("Tab");
    browser.press("Enter");
    browser.until("location.pathname.split('/').at(-1)", "area-caching.html");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn a_browser_takes_hostile_text_for_text() {
    let Some(mut browser) = Browser::start("a_browser_takes_hostile_text_for_text") else { return };
    let (loaded, profiles) = hostile();
    let files = of(&loaded, &profiles);
    let folder = written(&files);
    browser.window(390, 800, false);
    for file in files.iter().filter(|file| file.name.ends_with(".html")) {
        browser.open(&folder.path().join(&file.name), "");
        assert_eq!(browser.text("typeof window.ran + document.querySelectorAll('script, img').length"), "undefined0");
        let odd = "[...document.links].filter(link => !/^(file|https):/.test(link.href)).length";
        assert_eq!(browser.text(odd), "0", "{}", file.name);
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
