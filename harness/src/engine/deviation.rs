//! The files of what engines are known to get wrong: `harness/engines/<name>.toml`, one `[[deviation]]` each.

use super::EngineInfo;
use crate::judge::Deviation;
use serde::Deserialize;

/// The files of the engines that are measured here.
#[derive(rust_embed::Embed)]
#[folder = "engines"]
struct Embedded;

/// Why a file of deviations is no such file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{place}: {words}")]
pub struct DeviationError {
    /// `harness/engines/cpython.toml:12`
    pub place: String,
    /// What is wrong.
    pub words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    deviation: Vec<Deviation>,
}

/// Reads a file of deviations; `path` is how it is called in messages.
///
/// # Errors
/// It is no TOML, a key is unknown or missing, or a reason is empty.
pub fn parse_deviations(path: &str, text: &str) -> Result<Vec<Deviation>, DeviationError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
        DeviationError { place: format!("{path}:{line}"), words: error.message().to_string() }
    })?;
    match file.deviation.iter().find(|deviation| deviation.reason.trim().is_empty()) {
        Some(empty) => Err(DeviationError {
            place: path.to_string(),
            words: format!("the deviation of `{}` gives no reason", empty.case),
        }),
        None => Ok(file.deviation),
    }
}

/// What is known here of an engine: `cpython.toml`, `cpython-3.12.toml` and `cpython-3.12.1.toml` together.
///
/// # Errors
/// The first file that is wrong.
pub fn known(info: &EngineInfo) -> Result<Vec<Deviation>, DeviationError> {
    let (name, version) = (&info.implementation, info.version);
    let mut deviations = Vec::new();
    for file in [format!("{name}.toml"), format!("{name}-3.{}.toml", version.minor), format!("{name}-{version}.toml")] {
        if let Some(found) = Embedded::get(&file) {
            let text = String::from_utf8_lossy(&found.data);
            deviations.extend(parse_deviations(&format!("harness/engines/{file}"), &text)?);
        }
    }
    Ok(deviations)
}

/// What is known here of some engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownDeviation {
    /// The engine, with the version that its file is about: `cpython`, `cpython-3.12`.
    pub engine: String,
    /// What it gets wrong.
    pub deviation: Deviation,
}

/// What is known here of all engines.
///
/// # Errors
/// The first file that is wrong.
pub fn all_known() -> Result<Vec<KnownDeviation>, DeviationError> {
    let mut all = Vec::new();
    let mut files: Vec<_> = Embedded::iter().filter(|file| file.ends_with(".toml")).collect();
    files.sort_unstable();
    for file in files {
        let Some(found) = Embedded::get(&file) else { continue };
        let text = String::from_utf8_lossy(&found.data);
        let engine = file.trim_end_matches(".toml").to_string();
        let deviations = parse_deviations(&format!("harness/engines/{file}"), &text)?;
        all.extend(deviations.into_iter().map(|deviation| KnownDeviation { engine: engine.clone(), deviation }));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "[[deviation]]\ncase = \"scoping.comp\"\npython = \">=3.12\"\nobserved = \"1\"\nreason = \"PEP 709\"\n";

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert_eq!(parse_deviations("x.toml", GOOD).expect("good").len(), 1);
        let words = |text: &str| parse_deviations("x.toml", text).expect_err("wrong").to_string();
        assert!(words("[[deviation]]\ncase = 1\n").starts_with("x.toml:2: "));
        assert!(words(&GOOD.replace("observed", "observes")).contains("observe"));
        assert_eq!(words(&GOOD.replace("PEP 709", " ")), "x.toml: the deviation of `scoping.comp` gives no reason");
    }

    #[test]
    fn every_file_here_can_be_read() {
        for file in Embedded::iter().filter(|file| file.ends_with(".toml")) {
            let found = Embedded::get(&file).expect("listed");
            parse_deviations(&file, &String::from_utf8_lossy(&found.data)).expect("a file of deviations");
        }
    }
}
