//! The bugs that are to be reported: the rule is kept by the reference engine, and each program has its report.

use std::path::Path;
use std::process::Command;
use verysame::run::suite::Suite;

#[test]
fn what_is_reported_is_a_promise_that_can_be_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bugs");
    let output = Command::new(env!("CARGO_BIN_EXE_verysame"))
        .args(["run", "--engine", "reference", "--cases"])
        .arg(&folder)
        .output()
        .expect("it can be started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("PASS") && !said.contains("SKIP"), "{said}");
    let page = include_str!("../engines/bugs.md");
    let loaded = Suite::Folder(folder).load();
    assert!(loaded.cases.len() >= 5);
    for case in &loaded.cases {
        let heading = format!(": {}\n", case.id);
        let at = page.find(&heading).unwrap_or_else(|| panic!("{} has no report", case.id));
        let report = page[at..].split("\n## ").next().unwrap_or_default();
        for part in [case.source.text.trim_end(), "What is promised: ", "| engine | mode | answer |", "| reference "] {
            assert!(report.contains(part), "the report of {} lacks {part}", case.id);
        }
    }
}
