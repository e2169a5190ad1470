//! From a command as it is written to a program and its arguments.
//!
//! Programs run in a folder of their own, so every word that names a file is made absolute here.

use std::fmt;
use std::path::{Path, PathBuf};

/// None of the commands is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing(pub Vec<String>);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0[..] {
            [] => f.write_str("the engine's command is empty"),
            [one] => write!(f, "no command `{one}`: it is no file and not on the PATH"),
            many => write!(f, "none of these commands is there: {}", many.join(", ")),
        }
    }
}

/// The words of the first command that is there. `{engines}` stands for the folder that holds installed engines;
/// a command that needs it, or something in it that is missing, is not there. Relative files are looked for from `folder`.
///
/// # Errors
/// There is none.
pub fn resolve(commands: &[String], folder: Option<&Path>, engines: Option<&Path>) -> Result<Vec<String>, Missing> {
    let from = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let mut tried = Vec::new();
    for command in commands {
        let command = match (command.contains("{engines}"), engines) {
            (true, None) => {
                tried.push(command.replace("{engines}", "ENGINES"));
                continue;
            }
            (_, Some(engines)) => command.replace("{engines}", &absolute(engines)),
            (false, None) => command.clone(),
        };
        let words = words(&command, &from);
        let within = engines.map(absolute);
        let missing = |word: &String| {
            within.as_ref().is_some_and(|within| word.starts_with(within.as_str())) && !Path::new(word).exists()
        };
        if words.first().is_some_and(|program| is_there(program)) && !words.iter().any(missing) {
            return Ok(words);
        }
        if !command.trim().is_empty() {
            tried.push(command);
        }
    }
    Err(Missing(tried))
}

/// The words of a command: separated by blanks, or the one path of a file.
pub fn words(command: &str, from: &Path) -> Vec<String> {
    let command = command.trim();
    if !command.is_empty() && from.join(command).is_file() && command.contains(['/', '\\']) {
        return vec![absolute(&from.join(command))];
    }
    let word = |(at, word): (usize, &str)| {
        let path = from.join(word);
        // A program without a slash is looked for on the PATH, as in a shell.
        let named = if at == 0 { word.contains(['/', '\\']) } else { !word.starts_with('-') };
        if named && path.exists() { absolute(&path) } else { word.to_string() }
    };
    command.split_whitespace().enumerate().map(word).collect()
}

fn absolute(path: &Path) -> String {
    // Links stay: a launcher may look at its own name.
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    absolute.to_string_lossy().replace("/./", "/")
}

/// Whether a program is a file or on the PATH.
pub fn is_there(program: &str) -> bool {
    if program.contains(['/', '\\']) {
        return Path::new(program).is_file();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
