//! Facts that the reference engine does not promise, each with the reason: `unpromised.toml`.
//!
//! Invariant: the list hides nothing. A fact that is listed and equal in fact is reported as stale, and fails.

use super::section;
use serde::Deserialize;
use verysame_engine::rules::PyVersion;

/// The list of this program.
const TEXT: &str = include_str!("unpromised.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fact: Vec<Unpromised>,
}

/// One fact that is not promised.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpromised {
    /// Its key.
    pub key: String,
    /// The minor versions for which it is not promised, `3.8`; all, if none is named.
    #[serde(default)]
    versions: Vec<String>,
    /// Why, a sentence.
    pub reason: String,
}

impl Unpromised {
    /// Whether this entry is about a fact of this version.
    pub fn covers(&self, key: &str, version: PyVersion) -> bool {
        self.key == key && (self.versions.is_empty() || self.versions.iter().any(|one| is_minor(one, version)))
    }
}

fn is_minor(text: &str, version: PyVersion) -> bool {
    text.parse().is_ok_and(|listed: PyVersion| listed.minor == version.minor)
}

/// Reads a list.
///
/// # Errors
/// It is broken, in words.
pub fn read(text: &str) -> Result<Vec<Unpromised>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let listed = file.fact;
    for (at, entry) in listed.iter().enumerate() {
        if let Some(version) = entry.versions.iter().find(|text| text.parse::<PyVersion>().is_err()) {
            return Err(format!("{}: `{version}` is no version", entry.key));
        }
        if section(&entry.key) == entry.key || !entry.reason.ends_with('.') {
            return Err(format!("{}: an entry has the whole key of a fact, and a sentence why", entry.key));
        }
        if listed[..at].iter().any(|other| other.key == entry.key) {
            return Err(format!("{}: it is listed twice", entry.key));
        }
    }
    Ok(listed)
}

/// The list that belongs to this program.
///
/// # Errors
/// It is broken, in words; a test sees to it that it is not.
pub fn own_list() -> Result<Vec<Unpromised>, String> {
    read(TEXT).map_err(|words| format!("unpromised.toml: {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use verysame_engine::rules::py;

    #[test]
    fn the_own_list_is_sound() {
        assert!(!own_list().expect("it can be read").is_empty());
    }

    #[test]
    fn an_entry_is_about_its_key_and_versions() {
        let text = "[[fact]]\nkey = 'id.x'\nversions = ['3.8', '3.14']\nreason = 'The place is chance.'\n\n\
                    [[fact]]\nkey = 'id.y'\nreason = 'So is this.'\n";
        let [some, all] = &read(text).expect("it can be read")[..] else { panic!("two entries") };
        assert!(some.covers("id.x", py(8, 18)) && some.covers("id.x", py(14, 2)));
        assert!(!some.covers("id.x", py(9, 0)) && !some.covers("id.xy", py(8, 0)) && !some.covers("id", py(8, 0)));
        assert!(all.covers("id.y", py(15, 0)));
    }

    #[test]
    fn a_broken_list_is_refused_with_its_key() {
        let wrong = |text: &str| read(text).expect_err("it is broken");
        let entry = |key: &str, rest: &str| format!("[[fact]]\nkey = '{key}'\n{rest}\n");
        let twice = entry("id.x", "reason = 'It is so.'").repeat(2);
        assert_eq!(wrong(&twice), "id.x: it is listed twice");
        assert_eq!(
            wrong(&entry("id", "reason = 'It is so.'")),
            "id: an entry has the whole key of a fact, and a sentence why"
        );
        assert_eq!(wrong(&entry("id.x", "versions = ['x']\nreason = 'It is so.'")), "id.x: `x` is no version");
        assert!(wrong(&entry("id.x", "reason = ''")).contains("a sentence why"));
        assert!(wrong(&entry("id.x", "why = 'It is so.'")).contains("unknown field `why`"));
    }
}
