//! References: where a rule is promised or done, as parts joined by `; `, each of which leads to a place on the web.
//!
//! | part | leads to |
//! |---|---|
//! | `Language Reference: Data model, Custom classes` | a chapter's section |
//! | `Language Reference: Data model, object.__del__` | what a chapter documents |
//! | `Library: gc.collect`, `Library: pickle, Persistence of external objects` | what a module documents, a section of its page |
//! | `Built-in functions: id`, also `types`, `constants`, `exceptions` | the same for the builtins |
//! | `What's New 3.12: Deprecated` | a section |
//! | `Tutorial:`, `HOWTO:`, `FAQ:` and `C API:`, then `page, section` | a section |
//! | `Glossary: hashable` | a term |
//! | `NumPy: numpy.asarray`, `pandas: user_guide/indexing, Setting values` | what these packages document, a section of a page; also `attrs` |
//! | `PEP 709` | a PEP |
//! | `CPython: Objects/listobject.c, list_resize` | a source file, and what to look for in it |
//! | `python/cpython#156664`, `bpo-38379` | an issue |
//!
//! A remark may stand in parentheses at the end of a part.
//!
//! Invariant: a reference that passes has an address for each of its parts; whether a section of that title exists is
//! for the reader to find out, since nothing here asks the network.

use super::problem::did_you_mean;

/// A part of a reference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// As it is written.
    pub text: String,
    /// Where it leads.
    pub address: String,
}

/// Why a text is no reference, and what to do.
pub type Wrong = (String, String);

const DOCS: &str = "https://docs.python.org/3/";
const FORM: &str = "name the document and the place in it: \"Language Reference: Data model, Custom classes\", \"Library: gc.collect\", \"PEP 709\", \"CPython: Objects/listobject.c, list_resize\"";

/// The documents that are named before a colon.
const DOCUMENTS: &[&str] = &[
    "Language Reference",
    "Library",
    "Built-in functions",
    "Built-in types",
    "Built-in constants",
    "Built-in exceptions",
    "What's New 3.N",
    "Tutorial",
    "HOWTO",
    "FAQ",
    "C API",
    "Glossary",
    "NumPy",
    "pandas",
    "attrs",
    "CPython",
];

/// The chapters of the Language Reference, and their pages.
const CHAPTERS: &[(&str, &str)] = &[
    ("Lexical analysis", "lexical_analysis"),
    ("Data model", "datamodel"),
    ("Execution model", "executionmodel"),
    ("The import system", "import"),
    ("Expressions", "expressions"),
    ("Simple statements", "simple_stmts"),
    ("Compound statements", "compound_stmts"),
    ("Top-level components", "toplevel_components"),
    ("Full Grammar specification", "grammar"),
];

/// The parts of a reference.
///
/// # Errors
/// The first part that leads nowhere.
pub fn anchors(reference: &str) -> Result<Vec<Anchor>, Wrong> {
    reference.split(';').map(|part| part.trim()).map(anchor).collect()
}

fn anchor(part: &str) -> Result<Anchor, Wrong> {
    let bare = match part.rfind(" (") {
        // A title may end in parentheses too, and a question mark behind them.
        Some(at) if part.ends_with(')') => part.get(..at).unwrap_or(part),
        _ => part,
    };
    let address = address(bare)?;
    Ok(Anchor { text: part.to_string(), address })
}

fn address(part: &str) -> Result<String, Wrong> {
    if let Some(number) = part.strip_prefix("PEP ") {
        let number: u16 = number.parse().map_err(|_| no_place(part, "a PEP has a number: \"PEP 709\""))?;
        return Ok(format!("https://peps.python.org/pep-{number:04}/"));
    }
    if let Some(number) = part.strip_prefix("python/cpython#").filter(|number| is_number(number)) {
        return Ok(format!("https://github.com/python/cpython/issues/{number}"));
    }
    if let Some(number) = part.strip_prefix("bpo-").filter(|number| is_number(number)) {
        return Ok(format!("https://bugs.python.org/issue{number}"));
    }
    let Some((document, place)) = part.split_once(": ").map(|(document, place)| (document.trim(), place.trim())) else {
        return Err((format!("the reference `{part}` leads to no place in a document"), FORM.to_string()));
    };
    if let Some(version) = document.strip_prefix("What's New ") {
        let minor = version.strip_prefix("3.").filter(|minor| is_number(minor));
        let minor = minor.ok_or_else(|| no_place(part, "write \"What's New 3.12: Deprecated\""))?;
        return Ok(format!("{DOCS}whatsnew/3.{minor}.html#{}", slug(place)));
    }
    match document {
        "Language Reference" => chapter(part, place),
        "Library" => library(part, place),
        "Built-in functions" => Ok(format!("{DOCS}library/functions.html#{place}")),
        "Built-in constants" => Ok(format!("{DOCS}library/constants.html#{place}")),
        "Built-in exceptions" => Ok(format!("{DOCS}library/exceptions.html#{place}")),
        "Built-in types" => Ok(format!("{DOCS}library/stdtypes.html#{}", entry_or_section(place))),
        "Tutorial" => page(part, "tutorial", place),
        "HOWTO" => page(part, "howto", place),
        "FAQ" => page(part, "faq", place),
        "C API" => {
            let (page, name) =
                place.split_once(", ").ok_or_else(|| no_place(part, "write \"C API: long, PyLong_FromLong\""))?;
            Ok(format!("{DOCS}c-api/{page}.html#c.{name}"))
        }
        "NumPy" => package(place, "https://numpy.org/doc/stable/", "reference/generated/"),
        "pandas" => package(place, "https://pandas.pydata.org/docs/", "reference/api/"),
        "attrs" => package(place, "https://www.attrs.org/en/stable/", ""),
        "Glossary" => Ok(format!("{DOCS}glossary.html#term-{}", place.replace(' ', "-"))),
        "CPython" => source(part, place),
        _ => Err((
            format!("`{document}` is no document that rules are taken from"),
            did_you_mean(document, DOCUMENTS, "the documents are"),
        )),
    }
}

fn no_place(part: &str, help: &str) -> Wrong {
    (format!("the reference `{part}` leads to no place in a document"), help.to_string())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

fn chapter(part: &str, place: &str) -> Result<String, Wrong> {
    // The grammar is one section.
    let (chapter, section) = place.split_once(", ").unwrap_or((place, ""));
    let Some((_, page)) = CHAPTERS.iter().find(|(name, _)| *name == chapter) else {
        let names: Vec<&str> = CHAPTERS.iter().map(|(name, _)| *name).collect();
        return Err((
            format!("`{chapter}` is no chapter of the Language Reference"),
            did_you_mean(chapter, &names, "the chapters are"),
        ));
    };
    match section {
        "" if *page == "grammar" => Ok(format!("{DOCS}reference/grammar.html")),
        "" => Err(no_place(part, &format!("name the section: \"Language Reference: {chapter}, …\""))),
        _ => Ok(format!("{DOCS}reference/{page}.html#{}", entry_or_section(section))),
    }
}

fn library(part: &str, place: &str) -> Result<String, Wrong> {
    if let Some((module, section)) = place.split_once(", ") {
        return Ok(format!("{DOCS}library/{module}.html#{}", slug(section)));
    }
    match place.split_once('.') {
        // A module inside a package has a page of its own.
        Some(("collections", rest)) if rest.starts_with("abc.") => {
            Ok(format!("{DOCS}library/collections.abc.html#{place}"))
        }
        // The methods that pickle asks for are documented as those of any object.
        Some((module, entry)) if entry.starts_with("object.") => Ok(format!("{DOCS}library/{module}.html#{entry}")),
        Some((module, _)) => Ok(format!("{DOCS}library/{module}.html#{place}")),
        None => Err(no_place(
            part,
            &format!("name what the page documents: \"Library: {place}.NAME\", or a section: \"Library: {place}, …\""),
        )),
    }
}

fn page(part: &str, folder: &str, place: &str) -> Result<String, Wrong> {
    let (page, section) = place.split_once(", ").ok_or_else(|| no_place(part, "name the page, then the section"))?;
    Ok(format!("{DOCS}{folder}/{page}.html#{}", slug(section)))
}

/// `page, section`, or something with a page of its own.
fn package(place: &str, site: &str, entries: &str) -> Result<String, Wrong> {
    Ok(match place.split_once(", ") {
        Some((page, section)) => format!("{site}{page}.html#{}", entry_or_section(section)),
        None => format!("{site}{entries}{place}.html"),
    })
}

fn source(part: &str, place: &str) -> Result<String, Wrong> {
    let mut items = place.split(", ");
    let path = items.next().unwrap_or(place);
    if !path.contains('/') || path.contains(' ') {
        return Err(no_place(part, "name the file: \"CPython: Objects/listobject.c\", then what to look for in it"));
    }
    match items.find(|name| name.is_empty() || name.contains([' ', '/', '.'])) {
        None => Ok(format!("https://github.com/python/cpython/blob/main/{path}")),
        Some(name) => Err((
            format!("`{name}` is no name in {path}"),
            format!("a part names one file; write the next as a part of its own: \"CPython: {path}; CPython: …\""),
        )),
    }
}

/// `object.__del__` and `dict` are anchors themselves, other titles become words joined with `-`.
fn entry_or_section(place: &str) -> String {
    let dotted = place.contains('.') || ["dict", "tuple", "list", "memoryview", "str", "set", "range"].contains(&place);
    if dotted && !place.contains(' ') { place.to_string() } else { slug(place) }
}

/// The anchor of a section, as the documentation's tools make it of the title.
fn slug(title: &str) -> String {
    let spelled = title.to_lowercase().replace('*', "-star");
    let words = spelled.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_leads_somewhere() {
        let address = |reference: &str| {
            let found = anchors(reference).expect(reference);
            found.into_iter().map(|anchor| anchor.address.replace(DOCS, "")).collect::<Vec<_>>().join(" ")
        };
        for (reference, wanted) in [
            (
                "Language Reference: Data model, Objects, values and types (footnote)",
                "reference/datamodel.html#objects-values-and-types",
            ),
            ("Language Reference: Data model, object.__del__ (note)", "reference/datamodel.html#object.__del__"),
            ("Language Reference: Data model, __slots__", "reference/datamodel.html#slots"),
            ("Language Reference: Compound statements, except*", "reference/compound_stmts.html#except-star"),
            ("Language Reference: Full Grammar specification", "reference/grammar.html"),
            (
                "Library: gc.collect; Library: re, Regular Expression Syntax",
                "library/gc.html#gc.collect library/re.html#regular-expression-syntax",
            ),
            ("Built-in functions: id", "library/functions.html#id"),
            ("Built-in types: dict", "library/stdtypes.html#dict"),
            ("Built-in types: Set Types — set, frozenset", "library/stdtypes.html#set-types-set-frozenset"),
            ("What's New 3.12: Deprecated", "whatsnew/3.12.html#deprecated"),
            ("FAQ: programming, Why is it so (really)?", "faq/programming.html#why-is-it-so-really"),
            ("C API: long, PyLong_FromLong", "c-api/long.html#c.PyLong_FromLong"),
            ("Glossary: hashable", "glossary.html#term-hashable"),
            ("NumPy: numpy.array", "https://numpy.org/doc/stable/reference/generated/numpy.array.html"),
            ("pandas: user_guide/indexing, A view", "https://pandas.pydata.org/docs/user_guide/indexing.html#a-view"),
            ("attrs: api, attrs.define", "https://www.attrs.org/en/stable/api.html#attrs.define"),
            ("PEP 709; bpo-38379", "https://peps.python.org/pep-0709/ https://bugs.python.org/issue38379"),
            ("CPython: Objects/call.c, f, g", "https://github.com/python/cpython/blob/main/Objects/call.c"),
            ("python/cpython#156664", "https://github.com/python/cpython/issues/156664"),
        ] {
            assert_eq!(address(reference), wanted, "{reference}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_said() {
        let said: Vec<String> = [
            "Language Reference",
            "Language Reference: Data modell, Custom classes",
            "Language Reference: Data model",
            "Library: gc",
            "Standard library: gc.collect",
            "PEP seven",
            "What's New: Deprecated",
            "CPython: listobject.c",
            "CPython: Objects/a.c, Objects/b.c",
            "PEP 709; the source",
            "Tutorial: classes",
            "",
        ]
        .iter()
        .map(|reference| match anchors(reference) {
            Ok(found) => format!("[{reference}] leads to {found:?}"),
            Err((message, help)) => format!("[{reference}] {message} / {help}"),
        })
        .collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}
