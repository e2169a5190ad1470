//! Where the cases come from: a folder `cases` of the project around the current folder, else the embedded copy.

use crate::case::{Loaded, load_dir, load_texts};
use std::path::{Path, PathBuf};

/// The suite as it stood when the harness was built. A debug build reads it from where it was built.
#[derive(rust_embed::Embed)]
#[folder = "../cases"]
struct Embedded;

/// Where the cases are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Suite {
    /// In this folder or file.
    Folder(PathBuf),
    /// In the harness itself.
    Embedded,
}

impl Suite {
    /// The wanted folder; else `cases` here or in the nearest folder above that has one with case files; else the
    /// embedded copy.
    pub fn find(wanted: Option<&Path>) -> Suite {
        if let Some(folder) = wanted {
            return Suite::Folder(folder.to_path_buf());
        }
        let mut above = PathBuf::new();
        let depth = std::env::current_dir().map_or(0, |here| here.ancestors().count());
        for _ in 0..depth {
            let folder = above.join("cases");
            if holds_cases(&folder) {
                return Suite::Folder(folder);
            }
            above.push("..");
        }
        Suite::Embedded
    }

    /// Reads all cases.
    pub fn load(&self) -> Loaded {
        match self {
            Suite::Folder(folder) => load_dir(folder),
            Suite::Embedded => load_texts(texts()),
        }
    }

    /// Reads the case with this id and the others of its file. Files in the folder that the id names are looked at
    /// first, and a file is parsed only if the id stands in it.
    pub fn load_case(&self, id: &str) -> Loaded {
        let base = id.split('/').next().unwrap_or(id);
        let area = base.split('.').next().unwrap_or(base);
        let written = [format!("\"{base}\""), format!("'{base}'")];
        let has = |text: &str| written.iter().any(|id| text.contains(id.as_str()));
        let in_area = |path: &str| path.rsplit(['/', '\\']).nth(1) == Some(area);
        let found = match self {
            Suite::Embedded => {
                let mut texts = texts();
                texts.sort_by_key(|(path, _)| !in_area(path));
                texts.into_iter().find(|(_, text)| has(text)).map(|text| load_texts([text]))
            }
            Suite::Folder(folder) => {
                let mut files = Vec::new();
                collect(folder, &mut files);
                files.sort_by_key(|path| !in_area(&path.to_string_lossy()));
                let read = |path: &PathBuf| std::fs::read_to_string(path).is_ok_and(|text| has(&text));
                files.iter().find(|path| read(path)).map(|path| load_dir(path))
            }
        };
        found.unwrap_or_default()
    }
}

fn texts() -> Vec<(String, String)> {
    let mut paths: Vec<_> = Embedded::iter().filter(|path| path.ends_with(".toml")).collect();
    paths.sort_unstable();
    let text = |path: &str| Embedded::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    paths.iter().filter_map(|path| Some((format!("cases/{path}"), text(path)?))).collect()
}

/// Whether a folder is one of case files: it has an area with one.
fn holds_cases(folder: &Path) -> bool {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.iter().any(|path| path.parent() != Some(folder))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "toml") {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_is_found_and_embedded() {
        let found = Suite::find(None);
        assert!(matches!(&found, Suite::Folder(_)), "{found:?}");
        let (here, carried) = (found.load(), Suite::Embedded.load());
        let ids = |loaded: &Loaded| loaded.cases.iter().map(|case| case.id.clone()).collect::<Vec<_>>();
        assert!(!here.cases.is_empty());
        assert_eq!(ids(&here), ids(&carried));
    }

    #[test]
    fn one_case_is_found_without_the_others() {
        let suite = Suite::find(None);
        let all = suite.load();
        for case in all.cases.iter().step_by(41) {
            for suite in [&suite, &Suite::Embedded] {
                let one = suite.load_case(&case.id);
                assert!(one.cases.iter().any(|found| found.id == case.id), "{}", case.id);
            }
        }
        assert!(suite.load_case("no.such.case").cases.is_empty());
    }
}
