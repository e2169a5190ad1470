//! Case files on disk: finding them, and writing one so that it is the old or the new one at any time.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The case files below a folder, sorted; of a file, that file.
pub fn case_files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(root, &mut found);
    found.sort();
    found
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        found.push(path.to_path_buf());
        return;
    }
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link to a folder is not followed: it may lead back.
        if !hidden && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&path, found);
        } else if !hidden && path.extension().is_some_and(|end| end == "toml") {
            found.push(path);
        }
    }
}

/// Writes a file anew if it is still what it was when it was read.
///
/// # Errors
/// It was changed meanwhile, or cannot be written.
pub fn replace(path: &Path, old: &str, new: &str) -> Result<(), String> {
    let now = std::fs::read(path).map_err(|error| error.to_string())?;
    if now != old.as_bytes() {
        return Err("it was changed since it was read: run again".to_string());
    }
    write(path, new)
}

/// The same for a file of cases or a page, whose folder is made if it is not there.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    let words = |error: std::io::Error| error.to_string();
    std::fs::create_dir_all(folder_of(path)).map_err(words)?;
    write_whole(path, text.as_bytes()).map_err(words)
}

/// Writes a file whole or not at all, by way of another one that takes its place. It keeps its permissions; a new one
/// has those that the umask leaves.
///
/// # Errors
/// It cannot be written.
pub fn write_whole(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder_of(path))?;
    file.write_all(content)?;
    if let Ok(known) = std::fs::metadata(path) {
        file.as_file().set_permissions(known.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The folder that a file stands in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
