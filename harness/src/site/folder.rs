//! The site on disk: which folder may be written, and what is taken away.
//!
//! Invariant: a folder with other people's files is not touched. A list of what was written stands in the folder, and only
//! what is on it is ever replaced or removed.

use super::SiteFile;
use crate::files::write;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The list of what was written.
pub const LIST: &str = "verysame-site.json";

#[derive(Serialize, Deserialize)]
struct List {
    verysame: String,
    files: Vec<String>,
}

/// Why a site is not written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The folder is somebody else's.
    #[error("{0}")]
    NotOurs(String),
    /// The disk does not do it.
    #[error("{0}")]
    Disk(String),
}

/// Writes all files into a folder that is new, empty, or a site of an earlier time; what that one had and this has not
/// is removed.
///
/// # Errors
/// The folder is none of these, or cannot be written.
pub fn write_all(folder: &Path, files: &[SiteFile]) -> Result<(), Refused> {
    let known = known(folder)?;
    let shown = |path: &Path, words: String| Refused::Disk(format!("{}: {words}", path.display()));
    for name in known.iter().filter(|name| files.iter().all(|file| file.name != **name)) {
        let path = folder.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(shown(&path, error.to_string())),
            _ => {}
        }
    }
    // The list is first: a folder that is half written is known again.
    let list = List {
        verysame: env!("CARGO_PKG_VERSION").to_string(),
        files: files.iter().map(|file| file.name.clone()).collect(),
    };
    let list = serde_json::to_string_pretty(&list).map_err(|error| Refused::Disk(error.to_string()))?;
    let list = (folder.join(LIST), list + "\n");
    let pages = files.iter().map(|file| (folder.join(&file.name), file.text.clone()));
    for (path, text) in std::iter::once(list).chain(pages) {
        write(&path, &text).map_err(|words| shown(&path, words))?;
    }
    Ok(())
}

/// The files of the site that stands in a folder; none if the folder is not there or empty.
fn known(folder: &Path) -> Result<Vec<String>, Refused> {
    let shown = folder.display();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            return Err(Refused::NotOurs(format!("{shown} is no folder")));
        }
        Err(error) => return Err(Refused::Disk(format!("{shown}: {error}"))),
    };
    if entries.count() == 0 {
        return Ok(Vec::new());
    }
    let not_ours = |why: String| {
        Refused::NotOurs(format!(
            "{shown} is not empty and {why}: name a folder that is new, empty, or a site written before"
        ))
    };
    let path = folder.join(LIST);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(not_ours("was not written by `verysame site`".to_string()));
        }
        Err(error) => return Err(Refused::Disk(format!("{}: {error}", path.display()))),
    };
    let list: List =
        serde_json::from_str(&text).map_err(|error| not_ours(format!("its {LIST} cannot be read ({error})")))?;
    // A list that somebody has changed shall not lead out of the folder, nor to what no site has.
    let plain = |name: &String| {
        let page = [".html", ".css", ".json", ".txt"].iter().any(|end| name.ends_with(end));
        page && !name.contains(['/', '\\', ':'])
    };
    match list.files.iter().find(|name| !plain(name)) {
        Some(name) => Err(not_ours(format!("its {LIST} names `{}`", name.escape_debug()))),
        None => Ok(list.files),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<SiteFile> {
        names.iter().map(|name| SiteFile { name: (*name).to_string(), text: format!("this is {name}") }).collect()
    }

    fn there(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_site_takes_the_place_of_an_older_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("new/site");
        write_all(&site, &files(&["a.html", "b.html"])).expect("a new folder");
        std::fs::write(site.join("mine.txt"), "mine").expect("a file");
        write_all(&site, &files(&["b.html", "c.html"])).expect("the same again");
        assert_eq!(there(&site), ["b.html", "c.html", "mine.txt", LIST]);
        assert_eq!(std::fs::read_to_string(site.join("c.html")).expect("a page"), "this is c.html");
    }

    #[test]
    fn a_folder_of_other_files_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        write_all(folder.path(), &files(&["a.html"])).expect("an empty folder");
        let outside = folder.path().join("outside");
        std::fs::create_dir(&outside).expect("a folder");
        std::fs::write(outside.join("b.html"), "mine").expect("a file");
        let refused = |result: Result<(), Refused>| match result {
            Err(Refused::NotOurs(words)) => words,
            other => panic!("{other:?}"),
        };
        let words = refused(write_all(&outside, &files(&["a.html"])));
        assert!(words.ends_with("outside is not empty and was not written by `verysame site`: name a folder that is new, empty, or a site written before"), "{words}");
        assert_eq!(there(&outside), ["b.html"]);
        let words = refused(write_all(&outside.join("b.html"), &files(&["a.html"])));
        assert!(words.ends_with("b.html is no folder"), "{words}");

        let list = folder.path().join(LIST);
        for (text, why) in [
            ("{\"verysame\":\"0\",\"files\":[\"../outside/b.html\"]}", "names `../outside/b.html`"),
            ("{\"verysame\":\"0\",\"files\":[\"key.pem\"]}", "names `key.pem`"),
            ("garbage", "cannot be read"),
        ] {
            std::fs::write(&list, text).expect("a file");
            let words = refused(write_all(folder.path(), &files(&["c.html"])));
            assert!(words.contains(why), "{words}");
        }
        assert_eq!(there(&outside), ["b.html"]);
        assert_eq!(there(folder.path()), ["a.html", "outside", LIST]);
    }
}
