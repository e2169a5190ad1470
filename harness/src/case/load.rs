//! All case files of a folder.
//!
//! Invariant: a file that cannot be read, or is broken, is a problem; it never costs a case of another file.

use super::file::{self, FileContent};
use super::lint;
use super::model::{Case, Rule};
use super::problem::{Problem, Severity, SourceFile};
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The cases without errors, expanded, in the order of files and of each file.
    pub cases: Vec<Case>,
    /// The rules, in the same order.
    pub rules: Vec<Rule>,
    /// Everything that is wrong, in the order of files and lines.
    pub problems: Vec<Problem>,
}

impl Loaded {
    /// Whether anything keeps a case from being run.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// Reads every `*.toml` below a folder, sorted by path. `root` may also be one file.
///
/// A part of a folder `cases` may name rules of the other parts, so where something seems to be wrong the whole folder
/// is asked; problems of files outside of `root` are not reported.
pub fn load_dir(root: &Path) -> Loaded {
    let mut loaded = load_below(root);
    let suite = root.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == "cases"));
    if let Some(suite) = suite.filter(|_| !loaded.problems.is_empty() && root.exists()) {
        let prefix = shown(root);
        let below =
            |path: &str| path.strip_prefix(&prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        loaded.problems = load_below(suite).problems;
        loaded.problems.retain(|problem| below(&problem.path));
    }
    loaded
}

fn load_below(root: &Path) -> Loaded {
    let mut paths = Vec::new();
    let mut problems = Vec::new();
    find(root, &mut paths, &mut problems);
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        let shown = shown(&path);
        match std::fs::read(&path).map(String::from_utf8) {
            Ok(Ok(text)) => texts.push((shown, text)),
            Ok(Err(error)) => {
                let at = error.utf8_error().valid_up_to();
                let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
                problems.push(
                    Problem::unreadable(shown, format!("the file is not UTF-8 (line {line})"))
                        .help("save it as UTF-8; bytes of a program are written as escapes"),
                );
            }
            Err(error) => problems.push(Problem::unreadable(shown, format!("the file cannot be read: {error}"))),
        }
    }
    let mut loaded = load_texts(texts);
    problems.append(&mut loaded.problems);
    loaded.problems = problems;
    loaded
}

fn shown(path: &Path) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/").replace("//", "/")
}

fn find(path: &Path, paths: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) {
    if path.is_file() {
        paths.push(path.to_path_buf());
        return;
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => {
            problems.push(Problem::unreadable(shown(path), format!("the folder cannot be read: {error}")));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link to a folder is not followed: it may lead back.
        let kind = entry.file_type();
        if !hidden && kind.as_ref().is_ok_and(std::fs::FileType::is_dir) {
            find(&path, paths, problems);
        } else if !hidden && path.extension().is_some_and(|end| end == "toml") {
            paths.push(path);
        }
    }
}

/// Reads case files that are given as path and text.
pub fn load_texts(texts: impl IntoIterator<Item = (String, String)>) -> Loaded {
    let files: Vec<FileContent> = texts
        .into_iter()
        .map(|(path, text)| {
            let area = area_of(&path);
            file::read(&SourceFile::new(path, text), &area)
        })
        .collect();
    let mut loaded = Loaded::default();
    let mut across = Vec::new();
    lint::across(&files, &mut across);
    for file in files {
        loaded.cases.extend(file.cases);
        loaded.rules.extend(file.rules);
        loaded.problems.extend(file.problems);
    }
    loaded.problems.extend(across);
    loaded.problems.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    let mut ids = std::collections::HashSet::new();
    loaded.cases.retain(|case| ids.insert(case.id.clone()));
    loaded
}

/// The area of a file: the folder that stands in `cases/`. Files elsewhere belong to no area.
fn area_of(path: &str) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    match parts.iter().rposition(|part| *part == "cases").and_then(|at| parts.get(at + 1..)) {
        Some([area, .., _]) => area.to_string(),
        _ => String::new(),
    }
}
