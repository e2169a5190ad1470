//! Reading a folder of facts. An error names the file and, inside it, the key.

use super::{Probe, Program, TemplateMode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use verysame_engine::rules::PyVersion;

/// A folder of facts.
#[derive(Debug)]
pub struct Folder {
    /// The programs by key, in the file's order.
    pub programs: Vec<(String, Program)>,
    /// The program that computed the other facts, if the folder has it.
    pub probe: Option<Probe>,
    /// What was measured, oldest version first.
    pub measured: Vec<Measured>,
}

/// What one interpreter answered.
#[derive(Debug)]
pub struct Measured {
    /// The file's name.
    pub file: String,
    /// The interpreter's full version.
    pub version: PyVersion,
    /// The bits of a pointer.
    pub bits: u64,
    /// The answer to each key.
    pub facts: Map<String, Value>,
    /// Where the interpreter itself is known to be wrong, and another answer is expected: the issue, by key.
    pub deviations: HashMap<String, String>,
}

impl Measured {
    /// Answers, none of which is known to be wrong.
    pub(super) fn new(file: String, version: PyVersion, bits: u64, facts: Map<String, Value>) -> Measured {
        Measured { file, version, bits, facts, deviations: HashMap::new() }
    }
}

/// Why a folder of facts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or the folder cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// What was read.
        path: PathBuf,
        /// Why it could not be.
        #[source]
        error: io::Error,
    },
    /// A file is not JSON, or not of the form that is wanted.
    #[error("{}: {error}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        #[source]
        error: serde_json::Error,
    },
    /// A value is missing or of the wrong kind.
    #[error("{}: key `{key}`: {words}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Where in the file.
        key: String,
        /// What is wrong there.
        words: String,
    },
    /// The probe is not Python.
    #[error("{}:{line}: not Python: {words}", path.display())]
    Probe {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u32,
        /// What is wrong there.
        words: String,
    },
    /// There is no file with answers.
    #[error("{}: there is no file `cpython-*.json`", .0.display())]
    NoAnswers(PathBuf),
}

const PROGRAMS: &str = "cases.json";
const PROBE: &str = "probe.py";

/// Reads a folder of facts.
///
/// # Errors
/// A file cannot be read, is not JSON, or has a key whose value makes no sense.
pub fn load(folder: &Path) -> Result<Folder, LoadError> {
    let programs = programs(&folder.join(PROGRAMS))?;
    let unreadable = |error| LoadError::Read { path: folder.to_path_buf(), error };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if name.starts_with("cpython-") && Path::new(&name).extension().is_some_and(|end| end == "json") {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(LoadError::NoAnswers(folder.to_path_buf()));
    }
    let mut measured = names.into_iter().map(|name| answers(folder, name)).collect::<Result<Vec<_>, _>>()?;
    measured.sort_by(|a, b| (a.version, &a.file).cmp(&(b.version, &b.file)));
    Ok(Folder { programs, probe: probe(folder.join(PROBE))?, measured })
}

fn probe(path: PathBuf) -> Result<Option<Probe>, LoadError> {
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LoadError::Read { path, error }),
    };
    match Probe::new(&text) {
        Ok(probe) => Ok(Some(probe)),
        Err(issue) => Err(LoadError::Probe { path, line: issue.line, words: issue.message }),
    }
}

/// Reads a file of JSON.
///
/// # Errors
/// It cannot be read, or is no JSON of that form.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, LoadError> {
    let text = std::fs::read_to_string(path).map_err(|error| LoadError::Read { path: path.to_path_buf(), error })?;
    serde_json::from_str(&text).map_err(|error| LoadError::Json { path: path.to_path_buf(), error })
}

fn answers(folder: &Path, file: String) -> Result<Measured, LoadError> {
    let path = folder.join(&file);
    let wrong =
        |key: &str, words: &str| LoadError::Key { path: path.clone(), key: key.to_string(), words: words.to_string() };
    let mut document: Map<String, Value> = read(&path)?;
    let meta = document.get("meta").and_then(Value::as_object).ok_or_else(|| wrong("meta", "an object is wanted"))?;
    let numbers: Vec<u64> = meta
        .get("version_info")
        .and_then(Value::as_array)
        .map(|parts| parts.iter().map_while(Value::as_u64).collect())
        .unwrap_or_default();
    let version = match numbers[..] {
        [major, minor, patch, ..] => format!("{major}.{minor}.{patch}").parse::<PyVersion>(),
        _ => return Err(wrong("meta.version_info", "a list is wanted that begins with three numbers")),
    };
    let version = version.map_err(|error| wrong("meta.version_info", &error.to_string()))?;
    let bits = match meta.get("bits") {
        None => 64,
        Some(bits) => bits.as_u64().ok_or_else(|| wrong("meta.bits", "a number is wanted"))?,
    };
    let facts = match document.remove("facts") {
        Some(Value::Object(facts)) => facts,
        _ => return Err(wrong("facts", "an object is wanted")),
    };
    Ok(Measured::new(file, version, bits, facts))
}

fn programs(path: &Path) -> Result<Vec<(String, Program)>, LoadError> {
    let document: Map<String, Value> = read(path)?;
    document
        .into_iter()
        .map(|(key, value)| match program(&value) {
            Ok(program) => Ok((key, program)),
            Err((inner, words)) => {
                let key = if inner.is_empty() { key } else { format!("{key}.{inner}") };
                Err(LoadError::Key { path: path.to_path_buf(), key, words })
            }
        })
        .collect()
}

/// Where in a program something is wrong, and what.
type Wrong = (&'static str, String);

fn program(value: &Value) -> Result<Program, Wrong> {
    let value = value.as_object().ok_or_else(|| ("", "an object is wanted".to_string()))?;
    let mode = match value.get("mode") {
        Some(Value::String(mode)) => mode.as_str(),
        _ => return Err(("mode", "a text is wanted".to_string())),
    };
    if value.contains_key("template") {
        let how = match mode {
            "script" => TemplateMode::Script,
            "pyc" => TemplateMode::Marshalled,
            "repl" => TemplateMode::Interactive,
            _ => return Err(("mode", format!("a template is `script`, `pyc` or `repl`, not `{mode}`"))),
        };
        let units = match how {
            TemplateMode::Script | TemplateMode::Marshalled => vec![text(value, "template")?],
            TemplateMode::Interactive => texts(value, "template")?,
        };
        return Ok(Program::Template { how, units, literals: table(value, "literals")? });
    }
    match mode {
        "script" => Ok(Program::Script(text(value, "src")?)),
        "syntax" => Ok(Program::Compile(text(value, "src")?)),
        "repl" => Ok(Program::Interactive(texts(value, "src")?)),
        "const_is_interned" => {
            let sources = table(value, "sources")?;
            Ok(Program::Interned(sources.into_iter().map(|(name, source)| (name, whole(source))).collect()))
        }
        _ => Err(("mode", format!("`{mode}` is none of `script`, `repl`, `syntax`, `pyc`, `const_is_interned`"))),
    }
}

fn text(value: &Map<String, Value>, key: &'static str) -> Result<String, Wrong> {
    value.get(key).and_then(Value::as_str).map(str::to_string).ok_or_else(|| (key, "a text is wanted".to_string()))
}

fn texts(value: &Map<String, Value>, key: &'static str) -> Result<Vec<String>, Wrong> {
    let list = value.get(key).and_then(Value::as_array);
    list.and_then(|list| list.iter().map(|text| text.as_str().map(str::to_string)).collect())
        .ok_or_else(|| (key, "a list of texts is wanted".to_string()))
}

fn table(value: &Map<String, Value>, key: &'static str) -> Result<Vec<(String, String)>, Wrong> {
    let table = value.get(key).and_then(Value::as_object);
    let pair = |(name, text): (&String, &Value)| Some((name.clone(), text.as_str()?.to_string()));
    table
        .and_then(|table| table.iter().map(pair).collect())
        .ok_or_else(|| (key, "an object of texts is wanted".to_string()))
}

/// A long literal of one character is abbreviated: `'sssss...len 4096`.
fn whole(source: String) -> String {
    let Some((head, length)) = source.split_once("...len ") else { return source };
    match (head.strip_prefix('\'').and_then(|head| head.chars().next()), length.parse()) {
        (Some(character), Ok(length)) => format!("'{}'", character.to_string().repeat(length)),
        _ => source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn programs_of_each_mode_are_read() {
        let read = |value: Value| program(&value);
        assert_eq!(read(json!({"mode": "script", "src": "1"})), Ok(Program::Script("1".into())));
        assert_eq!(read(json!({"mode": "syntax", "src": "("})), Ok(Program::Compile("(".into())));
        assert_eq!(
            read(json!({"mode": "repl", "src": ["1", "2"]})),
            Ok(Program::Interactive(vec!["1".into(), "2".into()]))
        );
        let template = Program::Template {
            how: TemplateMode::Marshalled,
            units: vec!["R = @".into()],
            literals: vec![("one".into(), "1".into())],
        };
        assert_eq!(read(json!({"mode": "pyc", "template": "R = @", "literals": {"one": "1"}})), Ok(template));
        let interned = Program::Interned(vec![("s".into(), "'aaaaaaaa'".into()), ("e".into(), "''".into())]);
        assert_eq!(
            read(json!({"mode": "const_is_interned", "sources": {"s": "'aaaaa...len 8", "e": "''"}})),
            Ok(interned)
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_key() {
        let wrong = |value: Value| program(&value).expect_err("it is broken").0;
        assert_eq!(wrong(json!([])), "");
        assert_eq!(wrong(json!({"src": "1"})), "mode");
        assert_eq!(wrong(json!({"mode": "file", "src": "1"})), "mode");
        assert_eq!(wrong(json!({"mode": "script", "src": ["1"]})), "src");
        assert_eq!(wrong(json!({"mode": "repl", "src": [1]})), "src");
        assert_eq!(wrong(json!({"mode": "syntax", "template": "@", "literals": {}})), "mode");
        assert_eq!(wrong(json!({"mode": "script", "template": "@", "literals": {"a": 1}})), "literals");
    }
}
