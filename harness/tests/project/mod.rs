//! The command as people run it, in a folder of their own.

use std::path::Path;
use std::process::{Command, Output};

pub fn verysame(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verysame"));
    // As an installed command, not under cargo.
    command.current_dir(folder).args(arguments).env_remove("CARGO_MANIFEST_DIR").env_remove("CI");
    command.output().expect("it can be started")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with `cases/area/topic.toml` and an engine, a shell script, that answers nothing.
pub struct Project {
    pub folder: tempfile::TempDir,
}

pub const RULE: &str =
    "guarantee = \"language\"\n[[rule]]\nid = \"area.rule\"\nstatement = \"It is so.\"\nreference = \"PEP 8\"\n";

pub fn case(id: &str, source: &str) -> String {
    format!(
        "[[case]]\nid = \"area.{id}\"\nrules = [\"area.rule\"]\ntitle = \"About {id} here\"\nsource = '''\n{source}\n'''\n"
    )
}

impl Project {
    pub fn new(cases: &str) -> Project {
        let folder = tempfile::tempdir().expect("a folder");
        let project = Project { folder };
        project.write("cases/area/topic.toml", &format!("{RULE}{cases}"));
        project
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = verysame(self.folder.path(), arguments);
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }
}
