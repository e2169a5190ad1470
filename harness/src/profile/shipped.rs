//! The profiles of the engines that are measured here, `harness/engines/<name>.toml`, carried in the program.

use super::{EngineProfile, read_profile};
use crate::case::Problem;
use crate::judge::Deviation;

#[derive(rust_embed::Embed)]
#[folder = "engines"]
struct Embedded;

/// The names of the shipped profiles, sorted.
pub fn shipped_names() -> Vec<String> {
    let mut names: Vec<String> =
        Embedded::iter().filter_map(|file| file.strip_suffix(".toml").map(str::to_string)).collect();
    names.sort();
    names
}

/// The text of a shipped profile, and what messages call it.
pub fn text_of(name: &str) -> Option<(String, String)> {
    let file = format!("{name}.toml");
    let found = Embedded::get(&file)?;
    Some((format!("harness/engines/{file}"), String::from_utf8_lossy(&found.data).into_owned()))
}

/// The shipped profile with this name.
///
/// # Errors
/// What is wrong with it.
pub fn shipped(name: &str) -> Option<Result<EngineProfile, Vec<Problem>>> {
    let (path, text) = text_of(name)?;
    Some(read_profile(&path, &text))
}

/// What is known here of some engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownDeviation {
    /// The engine: the name of its profile.
    pub engine: String,
    /// What it gets wrong.
    pub deviation: Deviation,
}

/// What is known here of all engines.
///
/// # Errors
/// What is wrong with the first profile that is.
pub fn all_known() -> Result<Vec<KnownDeviation>, Problem> {
    let mut all = Vec::new();
    for name in shipped_names() {
        match shipped(&name) {
            Some(Ok(profile)) => {
                let known = |deviation| KnownDeviation { engine: name.clone(), deviation };
                all.extend(profile.deviations.into_iter().map(known));
            }
            Some(Err(problems)) => return problems.into_iter().next().map_or(Ok(all), Err),
            None => {}
        }
    }
    Ok(all)
}
