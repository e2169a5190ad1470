//! `verysame new`: a file to fill in, or one more case of a file that is there.

use super::common::SuiteArgs;
use super::{Status, complain, put};
use crate::case::load_texts;
use crate::files::{replace, write};
use crate::run::suite::Suite;
use std::path::{Path, PathBuf};

/// Begins a file of cases, or adds a case to one
///
/// What is written runs as it stands; `verysame lint` names what has to be filled in.
///
/// Exit status: 0 it was written, 2 it was not.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame new scoping/match-guards\n  verysame new identity/containers --id identity.list-in-itself"
)]
pub struct Args {
    /// The file, without `.toml`: its area and its topic
    #[arg(value_name = "AREA/TOPIC")]
    topic: String,
    /// The id of the case [default: one that is not taken]
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    match written(args) {
        Ok((path, line, id)) => {
            let shown = path.display();
            put(&format!(
                "{shown}:{line}: {id}\nfill it in, then: verysame lint --strict {shown} && verysame run {id}\n"
            ));
            Status::Fine
        }
        Err(words) => {
            complain(words);
            Status::Usage
        }
    }
}

fn is_kebab(word: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    word.split('-').all(part)
}

fn written(args: &Args) -> Result<(PathBuf, usize, String), String> {
    let topic = args.topic.trim_end_matches(".toml").trim_start_matches("cases/");
    let (area, name) =
        topic.split_once('/').filter(|(area, name)| is_kebab(area) && is_kebab(name)).ok_or_else(|| {
            format!("`{}` is no AREA/TOPIC: two names of lower-case words, as in scoping/match-guards", args.topic)
        })?;
    if let Some(id) = args.id.as_ref().filter(|id| !id.starts_with(&format!("{area}."))) {
        return Err(format!("the id `{id}` does not begin with its area: {area}.…"));
    }
    let suite = Suite::find(args.suite.cases.as_deref());
    let Suite::Folder(folder) = &suite else { return Err("there is no folder `cases` here or above".to_string()) };
    let loaded = suite.load();
    let taken = |id: &str| loaded.cases.iter().any(|case| case.base == id);
    let id = match &args.id {
        Some(id) if taken(id) => return Err(format!("the id `{id}` is taken")),
        Some(id) => id.clone(),
        None => (1..)
            .map(|n| if n == 1 { format!("{area}.{name}-shows") } else { format!("{area}.{name}-shows-{n}") })
            .find(|id| !taken(id))
            .unwrap_or_default(),
    };
    let path = folder.join(area).join(format!("{name}.toml"));
    let old = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let (text, line) = match &old {
        Some(old) => {
            let rule = rule_of(&path, old).unwrap_or_else(|| format!("{area}.{name}.rule"));
            let text = format!("{}\n\n{}", old.trim_end(), case(&id, &rule));
            (text, old.trim_end().lines().count() + 2)
        }
        None => (file(area, name, &id), 1),
    };
    match &old {
        Some(old) => replace(&path, old, &text),
        None => write(&path, &text),
    }
    .map_err(|words| format!("{}: {words}", path.display()))?;
    Ok((path, line, id))
}

/// The first rule that a file declares, or that one of its cases names.
fn rule_of(path: &Path, text: &str) -> Option<String> {
    let loaded = load_texts([(path.to_string_lossy().into_owned(), text.to_string())]);
    let named = || loaded.cases.first().and_then(|case| case.rules.first()).cloned();
    loaded.rules.first().map(|rule| rule.id.clone()).or_else(named)
}

fn file(area: &str, name: &str, id: &str) -> String {
    let rule = format!("{area}.{name}.rule");
    let case = case(id, &rule);
    format!(
        "#:schema ../case.schema.json\nguarantee = \"language\"\n\n[[rule]]\nid = \"{rule}\"\nstatement = \"TODO say the rule in one sentence.\"\n\
         reference = \"TODO the document and the place in it\"\n\n{case}"
    )
}

fn case(id: &str, rule: &str) -> String {
    let quotes = "\x27\x27\x27";
    format!(
        "[[case]]\nid = \"{id}\"\nrules = [\"{rule}\"]\ntitle = \"TODO\"\nsource = {quotes}\nx = []\nx is x                          #=> True\n{quotes}\n"
    )
}
