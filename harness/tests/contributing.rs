//! CONTRIBUTING.md, tried: every command of it is run, in order, on a copy of the suite.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A fenced block: its language and its lines.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some((language.to_string(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((_, body))) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a file")),
        }
    }
}

#[test]
fn every_step_works() {
    let page = std::fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).expect("the page");
    let folder = tempfile::tempdir().expect("a folder");
    copy(&Path::new(ROOT).join("cases"), &folder.path().join("cases"));
    let topic = folder.path().join("cases/identity/tutorial.toml");
    let mut tried = 0;
    for (language, body) in blocks(&page) {
        match language.as_str() {
            "toml" => {
                assert!(topic.exists(), "step 2 makes the file that step 3 fills");
                std::fs::write(&topic, body).expect("written");
            }
            "sh" => {
                for line in body.lines() {
                    let words: Vec<&str> = line.split(' ').collect();
                    assert_eq!(words[0], "verysame", "{line}");
                    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
                    command
                        .current_dir(folder.path())
                        .args(&words[1..])
                        .env_remove("CARGO_MANIFEST_DIR")
                        .env_remove("CI");
                    let output = command.output().expect("it starts");
                    let said = String::from_utf8_lossy(&output.stdout).into_owned();
                    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
                    assert!(output.status.success(), "{line}\n{said}\n{wrong}");
                    if words.contains(&"run") {
                        // Five scopes in two modes.
                        assert!(said.contains("10 results, 10 PASS"), "{said}");
                    }
                    tried += 1;
                }
            }
            other => panic!("a block of {other} is not tried"),
        }
    }
    assert!(tried >= 8, "{tried}");
    // The page is laid out as the command lays it out, and `lint` had nothing to say of it.
    let filled = blocks(&page).into_iter().find(|(language, _)| language == "toml").expect("a case").1;
    assert_eq!(std::fs::read_to_string(&topic).expect("the file"), filled);
}
