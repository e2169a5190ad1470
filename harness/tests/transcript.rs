//! The transcript in `engines/README.md`, run as it stands where MicroPython for node is installed.
//!
//! `VERYSAME_ENGINES` names the folder of installed engines; nothing is downloaded: the first command is replaced by a
//! link to what is there. Without it there is nothing to test, and that is said.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn installed() -> Option<PathBuf> {
    let engines = PathBuf::from(std::env::var_os("VERYSAME_ENGINES")?);
    let modules = engines.join("micropython/node_modules");
    let node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    (modules.is_dir() && node).then_some(modules)
}

/// The text of the first block with this language.
fn block(page: &str, language: &str) -> String {
    let (_, rest) = page.split_once(&format!("```{language}\n")).expect("a block");
    rest.split("```").next().expect("its end").to_string()
}

#[test]
fn a_new_engine_is_under_test_in_ten_commands() {
    let Some(modules) = installed() else {
        eprintln!("skipped: VERYSAME_ENGINES names no folder with MicroPython for node");
        return;
    };
    let page = include_str!("../engines/README.md");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("my-python.mjs"), block(page, "js")).expect("a file");
    let bin = Path::new(env!("CARGO_BIN_EXE_verysame")).parent().expect("a folder");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let transcript = block(page, "console");
    let mut commands = 0;
    for part in transcript.split("$ ").skip(1) {
        let (line, shown) = part.split_once('\n').expect("a line");
        commands += 1;
        let (command, status) = line.split_once("# exit status").unwrap_or((line, "0"));
        let command = match command.starts_with("npm install") {
            true => format!("ln -s {} node_modules", modules.display()),
            false => command.to_string(),
        };
        let output = Command::new("sh")
            .args(["-c", &command])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .env_remove("CARGO_MANIFEST_DIR")
            .output()
            .expect("started");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code().map(|code| code.to_string()).as_deref(), Some(status.trim()), "{line}: {said}");
        for words in shown.lines() {
            assert!(said.contains(words), "{line}: `{words}` is not in {said}");
        }
    }
    assert!(commands <= 10, "{commands} commands");
    let page = std::fs::read_to_string(folder.path().join("differences.md")).expect("a page");
    assert!(page.contains("# Differences of micropython from Python"), "{page}");
}
