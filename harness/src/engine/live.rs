//! The processes that run now, so that none outlives the harness: whatever ends them ends what they started too.
//!
//! Every process carries a word of its own in its environment, which what it starts inherits; by that word a child that
//! made a process group or a session of its own is found (on Linux, in `/proc`).
//!
//! Invariant: after [`Living::kill`] no process with that word is left, but for one that became another user.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// The variable that holds the word.
pub const MARK: &str = "VERYSAME_PROCESS";

/// What runs now.
#[derive(Clone, Debug)]
struct Entry {
    id: u32,
    token: String,
    folder: PathBuf,
}

static LIVE: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// Temporary folders that are no process's own.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A word that no other process has.
pub fn token() -> String {
    let state = RandomState::new();
    format!("{:016x}{:016x}", state.hash_one(0), state.hash_one(1))
}

/// Starts a process while nobody clears up, so that it cannot be missed.
pub fn born<T>(start: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let _guard = lock(&LIVE);
    start()
}

/// Descriptors that the harness was given by whoever started it are not handed on.
pub fn keep_descriptors_to_ourselves() {
    static ONCE: Once = Once::new();
    #[cfg(unix)]
    ONCE.call_once(|| close_fds::set_fds_cloexec(3, &[]));
    #[cfg(not(unix))]
    ONCE.call_once(|| ());
}

/// A folder that goes if the harness is interrupted.
pub fn remember(folder: &Path) {
    lock(&FOLDERS).push(folder.to_path_buf());
}

/// A process that runs now.
#[derive(Debug)]
pub struct Living {
    entry: Entry,
}

impl Living {
    /// The process with this number, word and folder.
    pub fn new(id: u32, token: String, folder: &Path) -> Living {
        let entry = Entry { id, token, folder: folder.to_path_buf() };
        lock(&LIVE).push(entry.clone());
        Living { entry }
    }

    /// Ends it and everything that it started.
    pub fn kill(&self) {
        self.entry.kill();
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        lock(&LIVE).retain(|entry| entry.token != self.entry.token);
    }
}

impl Entry {
    fn kill(&self) {
        kill_group(self.id);
        // What it starts while it is being ended is found in another round.
        for _ in 0..20 {
            if !kill_marked(&self.token) {
                return;
            }
        }
    }
}

#[cfg(unix)]
fn kill_group(id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_: u32) {}

/// Ends the processes with this word; whether there was one.
#[cfg(target_os = "linux")]
fn kill_marked(token: &str) -> bool {
    use rustix::process::{Pid, Signal, kill_process};
    let mark = format!("{MARK}={token}");
    let Ok(entries) = std::fs::read_dir("/proc") else { return false };
    let mut found = false;
    for entry in entries.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        // A process that has ended has no environment.
        let Ok(environment) = std::fs::read(entry.path().join("environ")) else { continue };
        if environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
            && let Some(id) = Pid::from_raw(id)
        {
            found |= kill_process(id, Signal::KILL).is_ok();
        }
    }
    if found {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    found
}

#[cfg(not(target_os = "linux"))]
fn kill_marked(_: &str) -> bool {
    false
}

/// Ends everything and removes every temporary folder: the harness is about to end.
pub fn end_all() {
    // The lock is kept: nothing is started any more.
    let live = lock(&LIVE);
    for entry in live.iter() {
        entry.kill();
    }
    for folder in live.iter().map(|entry| &entry.folder).chain(lock(&FOLDERS).iter()) {
        let _ = std::fs::remove_dir_all(folder);
    }
    std::mem::forget(live);
}

/// From now on Ctrl-C, a hang-up and a request to end leave no process and no folder behind. The exit status is 130.
pub fn clear_up_when_interrupted() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without a handler the signal ends the harness alone, as it would have before.
        let _ = ctrlc::set_handler(|| {
            end_all();
            std::process::exit(130);
        });
    });
}
