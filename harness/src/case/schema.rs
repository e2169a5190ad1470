//! The JSON Schema of case files, for editors: the keys and words of the loader, in the terms that taplo understands
//! (draft 7, references into `$defs`).
//!
//! Invariant: every list of words is the loader's own, so that the schema cannot allow what the loader refuses.

use super::model::Level;
use super::need::CAPABILITIES;
use super::plan::Mode;
use super::scope::Scope;
use serde_json::{Map, Value, json};

/// A key: its name, and what stands there.
type Key = (&'static str, Value);

/// The schema.
pub fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A case file of verysame",
        "description": "Rules and the cases that show them. The defaults at the top hold for every case of the file.",
        "type": "object",
        "additionalProperties": false,
        "properties": keys(vec![
            ("guarantee", definition("level")),
            ("modes", definition("modes")),
            ("python", definition("python")),
            ("needs", definition("needs")),
            ("rule", json!({ "type": "array", "items": definition("rule") })),
            ("case", json!({ "type": "array", "items": definition("case") })),
        ]),
        "$defs": keys(definitions()),
    })
}

/// The text of the schema's file.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

fn keys(keys: Vec<Key>) -> Value {
    Value::Object(keys.into_iter().map(|(name, value)| (name.to_string(), value)).collect::<Map<String, Value>>())
}

fn definition(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn described(name: &str, description: &str) -> Value {
    json!({ "description": description, "$ref": format!("#/$defs/{name}") })
}

fn string(description: &str) -> Value {
    json!({ "description": description, "type": "string" })
}

/// A list of words without repetition, at least one.
fn words(description: &str, words: &[&str]) -> Value {
    json!({ "description": description, "type": "array", "minItems": 1, "uniqueItems": true, "items": { "enum": words } })
}

fn ids(description: &str) -> Value {
    json!({ "description": description, "type": "array", "items": definition("id") })
}

fn definitions() -> Vec<Key> {
    let capabilities: Vec<&str> = CAPABILITIES.iter().map(|(name, _)| *name).collect();
    let comparison = "(<|<=|>|>=|==|!=)\\s*3\\.[0-9]+(\\.[0-9]+)?";
    vec![
        (
            "level",
            json!({
                "description": "How binding: promised by the Language Reference, done by CPython, or left open.",
                "enum": Level::ALL.map(Level::word),
            }),
        ),
        ("modes", words("How the program is compiled; without it in every mode.", &Mode::ALL.map(Mode::word))),
        (
            "python",
            json!({
                "description": "The versions it is about: \">=3.9,<3.13\".",
                "type": "string",
                "pattern": format!("^\\s*{comparison}(\\s*,\\s*{comparison})*\\s*$"),
            }),
        ),
        (
            "needs",
            json!({
                "description": "Capabilities without which an engine cannot run it.",
                "type": "array",
                "items": { "enum": capabilities },
            }),
        ),
        (
            "id",
            json!({
                "description": "Area, a dot, and words joined with -; unique and never changed.",
                "type": "string",
                "pattern": "^[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+(-[a-z0-9]+)*)+$",
            }),
        ),
        ("texts", json!({ "type": "object", "additionalProperties": { "type": "string" } })),
        ("rule", rule()),
        ("case", case()),
    ]
}

fn rule() -> Value {
    json!({
        "description": "One sentence that programs can rely on.",
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "statement", "reference"],
        "properties": keys(vec![
            ("id", definition("id")),
            (
                "statement",
                json!({ "description": "The sentence, with its full stop.", "type": "string", "pattern": "\\.\\s*$" }),
            ),
            ("guarantee", definition("level")),
            ("python", definition("python")),
            ("reference", string("Where it is promised or done: the document and the place in it, several joined by `; `.")),
            ("quote", string("The words of the reference.")),
            ("formerly", ids("Ids by which the rule was known.")),
        ]),
    })
}

fn case() -> Value {
    json!({
        "description": "A small program with expectations, about one rule or a few.",
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "rules", "title", "source"],
        "properties": keys(vec![
            ("id", definition("id")),
            (
                "rules",
                json!({ "description": "The rules that it shows.", "type": "array", "minItems": 1, "items": definition("id") }),
            ),
            ("title", string("What it shows, in one line.")),
            ("guarantee", definition("level")),
            ("needs", definition("needs")),
            ("modes", definition("modes")),
            (
                "scopes",
                words(
                    "The bodies in which the source stands, once in each; lambda, comprehension and generator hold its marked expressions.",
                    &Scope::ALL.map(Scope::word),
                ),
            ),
            ("python", definition("python")),
            (
                "source",
                string("The program, between ''' and ''', with marks: #=> value, #~> A or B, #&> graph, #!> Class, #| output."),
            ),
            (
                "each",
                json!({
                    "description": "Parameters: ${NAME} stands for each of the texts, ${NAME.FIELD} for a field of each of the tables.",
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": { "anyOf": [{ "type": "string" }, definition("texts")] },
                    },
                }),
            ),
            ("heap", described("texts", "The alias graphs of names at the end, numbered together.")),
            ("files", described("texts", "Other modules: dotted name and source.")),
            ("stdout", string("The whole output.")),
            ("formerly", ids("Ids that it had before.")),
            ("quote", string("The words of the reference.")),
            ("reference", string("Where it is promised or done, beyond its rules.")),
            ("note", string("What a reader should know.")),
        ]),
    })
}
