//! One case file: TOML in, rules and cases out, with every problem of it.
//!
//! Invariant: what is wrong in one case costs that case only. Where the TOML itself is broken, the cases before and
//! after the broken place are still read if the parser can find them.

use super::build::{self, Draft};
use super::expand::{Param, Template, Value};
use super::fields::{Fields, Text, in_order, template};
use super::guard::VersionSet;
use super::model::{Case, Level, Output, Place, Rule};
use super::need::CAPABILITIES;
use super::plan::Mode;
use super::problem::{Problem, SourceFile, did_you_mean};
use super::scope::Scope;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The keys at the top of a file. `rule` and `case` are lists of tables, the others defaults for the file's cases.
pub const FILE_KEYS: &[&str] = &["guarantee", "modes", "python", "needs", "rule", "case"];
/// The keys of a `[[rule]]`.
pub const RULE_KEYS: &[&str] = &["id", "statement", "guarantee", "python", "reference", "quote", "formerly"];
/// The keys of a `[[case]]`.
pub const CASE_KEYS: &[&str] = &[
    "id",
    "rules",
    "title",
    "guarantee",
    "needs",
    "modes",
    "scopes",
    "python",
    "source",
    "each",
    "heap",
    "files",
    "stdout",
    "formerly",
    "quote",
    "reference",
    "note",
];

/// What one file holds.
#[derive(Debug, Default)]
pub struct FileContent {
    /// Its rules.
    pub rules: Vec<Rule>,
    /// Its cases, expanded, without those that have an error.
    pub cases: Vec<Case>,
    /// Every id that a `[[case]]` claims, broken ones included, with its former ones.
    pub ids: Vec<ClaimedId>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

/// An id that a case has or had.
#[derive(Clone, Debug)]
pub struct ClaimedId {
    /// The id.
    pub id: String,
    /// It is one that the case had before.
    pub former: bool,
    /// Where it stands.
    pub place: Place,
    /// The rules that the case names, with their places.
    pub rules: Vec<(String, Place)>,
}

/// What the top of a file says for all its cases.
struct Defaults {
    level: Option<Level>,
    modes: Vec<Mode>,
    python: VersionSet,
    needs: Vec<String>,
}

/// Reads a file.
pub fn read(file: &Arc<SourceFile>, area: &str) -> FileContent {
    let mut content = FileContent::default();
    let (root, errors) = DeTable::parse_recoverable(&file.text);
    let mut broken = Vec::new();
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        broken.push(range.start);
        content.problems.push(toml_problem(file, range, error.message()));
    }
    let mut fields = Fields::new(file, root.get_ref(), 0..0, "a case file", FILE_KEYS);
    let defaults = Defaults {
        level: level(&mut fields),
        modes: modes(&mut fields).unwrap_or_else(|| Mode::ALL.to_vec()),
        python: versions(&mut fields).unwrap_or_else(VersionSet::all),
        needs: needs(&mut fields).unwrap_or_default(),
    };
    let rules = list_of_tables(&mut fields, "rule");
    let cases = list_of_tables(&mut fields, "case");
    content.problems.append(&mut fields.problems);

    // A table reaches to the next header, which may itself be broken; where the TOML is broken inside, what the table
    // lacks is not its fault.
    let header = |line: &str| line.starts_with("[[case") || line.starts_with("[[rule");
    let mut at = 0;
    let mut heads = Vec::new();
    for line in file.text.split_inclusive('\n') {
        if header(line) {
            heads.push(at);
        }
        at += line.len();
    }
    let is_broken = |range: &Range<usize>| {
        let end = heads.iter().find(|head| **head > range.start).copied().unwrap_or(usize::MAX);
        broken.iter().any(|at| (range.start..end).contains(at))
    };
    for (table, head) in rules {
        let mut fields = Fields::new(file, table, head.clone(), "a rule", RULE_KEYS);
        let rule = rule(&mut fields, file, area, &defaults);
        if !is_broken(&head) {
            content.problems.append(&mut fields.problems);
            content.rules.extend(rule);
        }
    }
    for (table, head) in cases {
        let mut fields = Fields::new(file, table, head.clone(), "a case", CASE_KEYS);
        let (draft, ids) = case(&mut fields, file, area, &defaults);
        content.ids.extend(ids);
        if is_broken(&head) {
            continue;
        }
        let fine = fields.problems.is_empty();
        content.problems.append(&mut fields.problems);
        if let Some(draft) = draft {
            let mut problems = Vec::new();
            let cases = build::cases(draft, &mut problems);
            if fine && problems.iter().all(|problem| problem.severity != super::Severity::Error) {
                content.cases.extend(cases);
            }
            content.problems.extend(problems);
        }
    }
    content
}

fn toml_problem(file: &SourceFile, range: Range<usize>, message: &str) -> Problem {
    let before = file.text.get(..range.start).unwrap_or("");
    let quotes = if message.contains("multi-line literal string") { "'''" } else { "\"\"\"" };
    if message.contains("multi-line")
        && range.start + 1 >= file.text.len()
        && let Some(open) = before.trim_end().rfind(quotes)
    {
        let problem = Problem::at(file, open..open + 3, format!("TOML: this {quotes} is never closed"));
        return problem.help(format!("close it with {quotes} on a line of its own"));
    }
    let help = if message.contains("duplicate key") {
        "each key stands once in a table; a further case begins with [[case]]"
    } else if message.contains("string") {
        "sources stand between ''' and '''; a string in one line between \" and \""
    } else if message.contains("table") {
        "tables are [[rule]], [[case]], [case.each.NAME], [case.heap] and [case.files]"
    } else {
        "a line is KEY = VALUE; a text stands in quotes"
    };
    Problem::at(file, range, format!("TOML: {message}")).help(help)
}

fn list_of_tables<'a>(fields: &mut Fields<'a>, key: &str) -> Vec<(&'a DeTable<'a>, Range<usize>)> {
    let Some(value) = fields.get(key) else { return Vec::new() };
    let mut tables = Vec::new();
    match value.get_ref() {
        DeValue::Array(items) => {
            for item in items.iter() {
                match item.get_ref() {
                    DeValue::Table(table) => tables.push((table, header_of(fields, item.span()))),
                    _ => fields.wrong(item.span(), format!("`{key}` has to be a table"), format!("write [[{key}]]")),
                }
            }
        }
        _ => fields.wrong(
            value.span(),
            format!("`{key}` is a list of tables"),
            format!("write [[{key}]], with two brackets"),
        ),
    }
    tables
}

/// Behind a broken header the parser takes all up to the next one for that.
fn header_of(fields: &Fields, span: Range<usize>) -> Range<usize> {
    let last = fields.raw(span.clone()).rfind("[[").unwrap_or(0);
    span.start + last..span.end
}

fn level(fields: &mut Fields) -> Option<Level> {
    let text = fields.text("guarantee")?;
    let level = Level::from_word(&text.text);
    if level.is_none() {
        let words = Level::ALL.map(Level::word);
        fields.wrong(
            text.range,
            format!("unknown level `{}`", text.text),
            did_you_mean(&text.text, &words, "the levels are"),
        );
    }
    level
}

fn modes(fields: &mut Fields) -> Option<Vec<Mode>> {
    let texts = fields.texts("modes")?;
    let mut modes = Vec::new();
    for text in texts {
        match Mode::from_word(&text.text) {
            Some(mode) if modes.contains(&mode) => {
                fields.wrong(text.range, format!("the mode `{mode}` is named twice"), "name it once");
            }
            Some(mode) => modes.push(mode),
            None => {
                let words = Mode::ALL.map(Mode::word);
                let help = did_you_mean(&text.text, &words, "the modes are");
                fields.wrong(text.range, format!("unknown mode `{}`", text.text), help);
            }
        }
    }
    if modes.is_empty() {
        let range = fields.get("modes").map_or(0..0, Spanned::span);
        fields.wrong(range, "no mode is left", "without `modes` a case runs in module and interactive mode");
    }
    Some(modes)
}

fn scopes(fields: &mut Fields) -> Vec<Scope> {
    let Some(texts) = fields.texts("scopes") else { return Vec::new() };
    let mut scopes = Vec::new();
    for text in texts {
        match Scope::from_word(&text.text) {
            Some(scope) if scopes.contains(&scope) => {
                fields.wrong(text.range, format!("the scope `{scope}` is named twice"), "name it once");
            }
            Some(scope) => scopes.push(scope),
            None => {
                let help = did_you_mean(&text.text, &Scope::ALL.map(Scope::word), "the scopes are");
                fields.wrong(text.range, format!("unknown scope `{}`", text.text), help);
            }
        }
    }
    if scopes.is_empty() {
        let range = fields.get("scopes").map_or(0..0, Spanned::span);
        fields.wrong(range, "no scope is left", "without `scopes` the source stands as it is written");
    }
    scopes
}

fn versions(fields: &mut Fields) -> Option<VersionSet> {
    let text = fields.text("python")?;
    match VersionSet::parse(&text.text) {
        Ok(set) if set.is_empty() => {
            fields.wrong(text.range, format!("no version satisfies `{}`", text.text), "profiles are 3.8 to 3.15");
            None
        }
        Ok(set) => Some(set),
        Err(why) => {
            fields.wrong(text.range, why, "for example python = \">=3.9,<3.13\"");
            None
        }
    }
}

fn needs(fields: &mut Fields) -> Option<Vec<String>> {
    let texts = fields.texts("needs")?;
    let mut words = Vec::new();
    for text in texts {
        if !CAPABILITIES.iter().any(|(name, _)| *name == text.text) {
            let names: Vec<&str> = CAPABILITIES.iter().map(|(name, _)| *name).collect();
            let help = did_you_mean(&text.text, &names, "capabilities");
            fields.wrong(text.range.clone(), format!("`{}` is no capability", text.text), help);
        }
        words.push(text.text);
    }
    Some(words)
}

/// Lower-case words and digits joined with `-`.
fn is_kebab(word: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    word.split('-').all(part)
}

/// Reads an id and checks its shape.
fn id(fields: &mut Fields, area: &str) -> Option<Text> {
    let text = fields.required("id", &format!("give it a name that never changes: id = \"{area}.what-it-shows\""))?;
    let parts: Vec<&str> = text.text.split('.').collect();
    if parts.len() < 2 || !parts.iter().all(|part| is_kebab(part)) {
        let message = format!("`{}` is no id", text.text);
        let help = format!("an id is lower-case words joined with - and dots: \"{area}.what-it-shows\"");
        fields.wrong(text.range.clone(), message, help);
    } else if !area.is_empty() && parts.first() != Some(&area) {
        let message = format!("the id `{}` does not begin with its area", text.text);
        let rest = parts.get(1..).unwrap_or_default().join(".");
        fields.wrong(
            text.range.clone(),
            message,
            format!("the file stands in {area}/: write \"{area}.{rest}\", or move it"),
        );
    }
    Some(text)
}

fn rule(fields: &mut Fields, file: &Arc<SourceFile>, area: &str, defaults: &Defaults) -> Option<Rule> {
    let id = id(fields, area);
    let statement = fields.required("statement", "say the rule in one sentence");
    if let Some(text) = &statement
        && !text.text.trim_end().ends_with('.')
    {
        fields.wrong(text.range.clone(), "the statement is no sentence", "one sentence, ending in a full stop");
    }
    let own = level(fields);
    let python = versions(fields).unwrap_or_else(VersionSet::all);
    let reference = fields.required("reference", "name where it is promised or done: a section, a PEP, a C file");
    if let Some(text) = &reference
        && let Err((message, help)) = super::reference::anchors(&text.text)
    {
        fields.problems.push(Problem::at(file, text.range.clone(), message).help(help).warning());
    }
    let quote = fields.text("quote");
    let formerly = fields.texts("formerly").unwrap_or_default();
    let level = own.or(defaults.level);
    if level.is_none() && fields.get("guarantee").is_none() {
        fields.wrong(
            fields.head.clone(),
            "the rule has no level",
            "write guarantee = \"language\" (or cpython, unspecified) here or at the top of the file",
        );
    }
    let (id, statement) = (id?, statement?);
    Some(Rule {
        place: Place { file: file.clone(), range: id.range },
        id: id.text,
        statement: statement.text,
        level: level?,
        python,
        reference: reference?.text,
        quote: quote.map(|text| text.text),
        formerly: formerly.into_iter().map(|text| text.text).collect(),
    })
}

fn case(
    fields: &mut Fields,
    file: &Arc<SourceFile>,
    area: &str,
    defaults: &Defaults,
) -> (Option<Draft>, Vec<ClaimedId>) {
    let id = id(fields, area);
    let place = |text: &Text| Place { file: file.clone(), range: text.range.clone() };
    let rules = fields.texts("rules").unwrap_or_default();
    let given = fields.get("rules");
    if rules.is_empty() && given.is_none_or(|value| value.get_ref().is_array()) {
        let range = given.map_or(fields.head.clone(), Spanned::span);
        fields.wrong(range, "the case names no rule", "rules = [\"…\"]: the ids of the rules that it shows");
    }
    let title = fields.required("title", "say in one line what the case shows");
    let own = level(fields);
    let level = own.or(defaults.level);
    if level.is_none() && fields.get("guarantee").is_none() {
        fields.wrong(
            fields.head.clone(),
            "the case has no level",
            "write guarantee = \"language\" (or cpython, unspecified) here or at the top of the file",
        );
    }
    let needs = needs(fields).unwrap_or_else(|| defaults.needs.clone());
    let modes = modes(fields).unwrap_or_else(|| defaults.modes.clone());
    let python = versions(fields).unwrap_or_else(|| defaults.python.clone());
    let scopes = scopes(fields);
    let source = fields.required("source", "the program, between ''' and '''");
    let params = params(fields);
    let heap = fields.entries("heap", "write [case.heap], then NAME = \"&1 [..]\"");
    let heap = named_texts(fields, heap, "an alias graph");
    let files = fields.entries("files", "write [case.files], then NAME = '''source'''");
    let files = named_texts(fields, files, "a module's source");
    for (name, _) in &files {
        if name.text.ends_with(".py") {
            let module = name.text.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".");
            fields.wrong(
                name.range.clone(),
                format!("`{}` is a file, not a module", name.text),
                format!("name the module: \"{module}\""),
            );
        }
    }
    let stdout = fields.text("stdout");
    let formerly = fields.texts("formerly").unwrap_or_default();
    for key in ["quote", "reference", "note"] {
        fields.text(key);
    }
    let mut ids = Vec::new();
    if let Some(id) = &id {
        let rules = rules.iter().map(|rule| (rule.text.clone(), place(rule))).collect();
        ids.push(ClaimedId { id: id.text.clone(), former: false, place: place(id), rules });
        let former =
            |text: &Text| ClaimedId { id: text.text.clone(), former: true, place: place(text), rules: Vec::new() };
        ids.extend(formerly.iter().map(former));
    }
    let draft = || {
        let (id, title, source) = (id?, title?, source?);
        Some(Draft {
            place: place(&id),
            id: id.text,
            area: area.to_string(),
            rules: rules.into_iter().map(|rule| rule.text).collect(),
            title: fields.template(title),
            level: level?,
            needs,
            modes,
            scopes,
            python,
            source: fields.template(source),
            params,
            heap: templates(file, heap),
            files: templates(file, files),
            stdout: stdout.map(|text| Output { place: place(&text), text: text.text }),
            formerly: formerly.into_iter().map(|text| text.text).collect(),
        })
    };
    (draft(), ids)
}

fn templates(file: &Arc<SourceFile>, texts: Vec<(Text, Text)>) -> Vec<(String, Template)> {
    texts.into_iter().map(|(name, text)| (name.text, template(file, text))).collect()
}

/// Entries of a table whose values have to be strings.
fn named_texts(fields: &mut Fields, entries: Vec<(Text, &Spanned<DeValue>)>, what: &str) -> Vec<(Text, Text)> {
    let mut texts = Vec::new();
    for (name, value) in entries {
        match value.get_ref() {
            DeValue::String(text) => texts.push((name, Text { text: text.to_string(), range: value.span() })),
            _ => {
                fields.wrong(value.span(), format!("`{}` has to be a string", name.text), format!("{what}, in quotes"))
            }
        }
    }
    texts
}

fn params(fields: &mut Fields) -> Vec<Param> {
    let help = "write [case.each.NAME], then KEY = \"text for ${NAME}\"";
    let mut params = Vec::new();
    for (name, value) in fields.entries("each", help) {
        let DeValue::Table(table) = value.get_ref() else {
            fields.wrong(value.span(), format!("the parameter `{}` has to be a table", name.text), help);
            continue;
        };
        let mut values: Vec<(String, Value)> = Vec::new();
        for (key, value) in in_order(table) {
            let text: &str = key.get_ref();
            if text.is_empty() || text.contains(|c: char| !(c.is_alphanumeric() || "-_.+".contains(c))) {
                let message = format!("`{text}` cannot be part of an id");
                fields.wrong(key.span(), message, "the key of a value is letters, digits and - _ . +");
            }
            match value.get_ref() {
                DeValue::String(value) => values.push((text.to_string(), Value::Text(value.to_string()))),
                DeValue::Table(table) => {
                    let entries = in_order(table)
                        .into_iter()
                        .map(|(key, value)| (Text { text: key.get_ref().to_string(), range: key.span() }, value));
                    let texts = named_texts(fields, entries.collect(), "a text for ${NAME.FIELD}");
                    let texts = texts.into_iter().map(|(field, text)| (field.text, text.text)).collect();
                    values.push((text.to_string(), Value::Fields(texts)));
                }
                _ => fields.wrong(value.span(), format!("`{text}` has to be a string, or a table of strings"), help),
            }
        }
        if values.is_empty() {
            fields.wrong(name.range.clone(), format!("the parameter `{}` has no values", name.text), help);
        }
        params.push(Param { name: name.text, range: name.range, values });
    }
    params
}
