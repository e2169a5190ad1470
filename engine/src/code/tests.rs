//! The compiler seen from outside: shapes of code by version, and the verifier over everything.

use super::dis::disassemble;
use super::verify::verify;
use super::{CompileMode, Const, Unit, compile_source};
use crate::rules::{Profile, PyVersion};
use std::path::{Path, PathBuf};

mod shapes;

/// The profile of 3.`minor`.
fn profile(minor: u8) -> Profile {
    Profile::of(PyVersion::of_minor(minor).expect("a version with a profile"))
}

/// The verified unit of a source text.
fn unit_of(minor: u8, mode: CompileMode, source: &str) -> Unit {
    let compiled = compile_source(source.as_bytes(), mode, &profile(minor));
    let unit = compiled.unwrap_or_else(|issue| panic!("3.{minor}: {issue:?} in\n{source}")).unit;
    if let Err(defect) = verify(&unit) {
        panic!("3.{minor}: {defect} in\n{source}\n{}", disassemble(&unit));
    }
    unit
}

/// The instructions of a module on one line each, without lines and indices.
fn dis(minor: u8, source: &str) -> String {
    let text = disassemble(&unit_of(minor, CompileMode::Exec, source));
    text.lines()
        .map(|line| line.trim_start_matches(|c: char| !c.is_alphabetic()).trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The constant pool of a module, without code.
fn constants(minor: u8, source: &str) -> Vec<Const> {
    let unit = unit_of(minor, CompileMode::Exec, source);
    unit.pool.into_iter().filter(|constant| !matches!(constant, Const::Code(_))).collect()
}

/// With VERYSAME_SOURCES=DIR every file of the folder is compiled and verified; a single file is shown.
#[test]
fn sources_named_by_the_environment_are_consistent() {
    let Ok(root) = std::env::var("VERYSAME_SOURCES") else { return };
    let minors = std::env::var("VERYSAME_MINORS").unwrap_or("8,13".into());
    let minors: Vec<u8> = minors.split(',').filter_map(|minor| minor.parse().ok()).collect();
    let mut waiting = vec![PathBuf::from(&root)];
    let mut defects = Vec::new();
    while let Some(path) = waiting.pop() {
        if let Ok(entries) = std::fs::read_dir(&path) {
            waiting.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        } else if path.extension().is_some_and(|extension| extension == "py") {
            minors.iter().for_each(|&minor| defects.extend(defect_of(&path, minor, path == Path::new(&root))));
        }
    }
    assert!(defects.is_empty(), "{}", defects.join("\n"));
}

fn defect_of(path: &Path, minor: u8, show: bool) -> Option<String> {
    let source = std::fs::read(path).ok()?;
    match compile_source(&source, CompileMode::Exec, &profile(minor)) {
        Ok(compiled) => {
            if show {
                println!("3.{minor}\n{}", disassemble(&compiled.unit));
            }
            verify(&compiled.unit).err().map(|defect| format!("{path:?} 3.{minor}: {defect}"))
        }
        // Test suites hold wrong programs too.
        Err(issue) => (show || issue.class == "SystemError").then(|| format!("{path:?} 3.{minor}: {issue:?}")),
    }
}
