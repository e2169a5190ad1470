//! The transcript in `engines/README.md`, run as it stands with MicroPython for node.
//!
//! `VERYSAME_ENGINES` may name the folder of installed engines; then its first command is replaced by a link to what is
//! there, else npm installs it as the page says. Without node, or where npm reaches no registry, there is nothing to test,
//! and that is said so loudly that no captured output hides it.

#![cfg(unix)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What is installed already.
fn installed() -> Option<PathBuf> {
    let engines = PathBuf::from(std::env::var_os("VERYSAME_ENGINES")?);
    let modules = engines.join("micropython/node_modules");
    modules.is_dir().then_some(modules)
}

fn has(command: &str) -> bool {
    Command::new(command).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Says why there is nothing to test, past the capture of the test's output.
fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "\nSKIPPED: the transcript of harness/engines/README.md was not run: {why}\n");
}

/// The text of the first block with this language.
fn block(page: &str, language: &str) -> String {
    let (_, rest) = page.split_once(&format!("```{language}\n")).expect("a block");
    rest.split("```").next().expect("its end").to_string()
}

fn run(command: &str, folder: &Path) -> Output {
    let bin = Path::new(env!("CARGO_BIN_EXE_verysame")).parent().expect("a folder");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", &path)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("npm_config_fetch_retries", "0")
        .env("npm_config_fetch_timeout", "30000")
        .env_remove("CARGO_MANIFEST_DIR")
        .output()
        .expect("started")
}

#[test]
fn a_new_engine_is_under_test_in_ten_commands() {
    let modules = installed();
    if !has("node") {
        return skipped("there is no node");
    }
    if modules.is_none() && !has("npm") {
        return skipped("there is no npm, and VERYSAME_ENGINES names no folder with MicroPython for node");
    }
    let page = include_str!("../engines/README.md");
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    std::fs::write(folder.join("my-python.mjs"), block(page, "js")).expect("a file");
    let transcript = block(page, "console");
    let mut commands = 0;
    for part in transcript.split("$ ").skip(1) {
        let (line, shown) = part.split_once('\n').expect("a line");
        commands += 1;
        let (command, status) = line.split_once("# exit status").unwrap_or((line, "0"));
        let installs = command.starts_with("npm install");
        let output = match (&modules, installs) {
            (Some(modules), true) => run(&format!("ln -s '{}' node_modules", modules.display()), folder),
            _ => run(command, folder),
        };
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        if installs && !output.status.success() {
            return skipped(&format!("npm installs nothing here: {}", said.lines().next().unwrap_or_default()));
        }
        assert_eq!(output.status.code().map(|code| code.to_string()).as_deref(), Some(status.trim()), "{line}: {said}");
        for words in shown.lines() {
            assert!(said.contains(words), "{line}: `{words}` is not in {said}");
        }
    }
    assert!(commands <= 10, "{commands} commands");
    let page = std::fs::read_to_string(folder.join("differences.md")).expect("a page");
    assert!(page.contains("# Differences of micropython from Python"), "{page}");
}
