//! A child process that is talked to with deadlines: it is never waited for longer than it was given, and it ends with
//! everything that it started.
//!
//! It runs in an empty folder of its own, with an environment of which only what a program needs to be found is the
//! harness's, and with no descriptor but its three pipes.

use super::Limits;
use super::answer::Exit;
use super::live::{self, Living};
use std::ffi::OsString;
use std::io::{self, Read, Write};

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How much of what a process writes to stderr is kept: its end.
const LAST_WORDS: usize = 8 << 10;

/// What is to be started, and how.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Variables of its environment beyond the usual ones.
    pub environment: Vec<(String, String)>,
    /// The most bytes of memory of its own that the process may have.
    pub memory: Option<u64>,
    /// It runs in the harness's own folder and environment: it is a tool of the user, no engine under test.
    pub here: bool,
}

impl Launch {
    /// A command that runs in the harness's own folder and environment.
    pub fn here(command: Vec<String>) -> Launch {
        Launch { command, here: true, ..Launch::default() }
    }
}

/// The variables that a process keeps: what finds programs, and what an interpreter's launcher needs.
const KEPT: [&str; 7] = ["PATH", "HOME", "SystemRoot", "PYENV_ROOT", "PYENV_VERSION", "RUSTUP_HOME", "VIRTUAL_ENV"];

/// How long a process that has ended is listened to while something else holds its stdout.
const AFTER_THE_END: Duration = Duration::from_secs(1);

/// A running process.
pub struct Process {
    child: Child,
    living: Living,
    /// Dropped last: the folder that it runs in.
    _folder: tempfile::TempDir,
    input: Option<Sender<Vec<u8>>>,
    output: Receiver<Vec<u8>>,
    errors: Arc<Mutex<Vec<u8>>>,
    listening: Option<JoinHandle<()>>,
}

/// What came next from a process's stdout.
#[derive(PartialEq, Eq, Debug)]
pub enum Next {
    /// Some bytes.
    Bytes(Vec<u8>),
    /// Its end.
    End,
    /// Nothing until the deadline.
    Nothing,
}

impl Process {
    /// Starts a command in a process group and a folder of its own.
    ///
    /// # Errors
    /// As [`Command::spawn`]; or there is no temporary folder.
    pub fn start(launch: &Launch) -> io::Result<Process> {
        Process::start_in(launch, tempfile::Builder::new().prefix("verysame-").tempdir()?)
    }

    /// Starts a command in a process group of its own, in this folder, which goes with it.
    ///
    /// # Errors
    /// As [`Command::spawn`].
    pub fn start_in(launch: &Launch, folder: tempfile::TempDir) -> io::Result<Process> {
        let none = || io::Error::new(io::ErrorKind::NotFound, "an empty command");
        let (program, arguments) = launch.command.split_first().ok_or_else(none)?;
        let token = live::token();
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let kept = KEPT.iter().filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
        if !launch.here {
            command.current_dir(folder.path()).env_clear().envs(kept);
            command.env("TMPDIR", folder.path()).env("LC_ALL", "C.UTF-8");
        }
        command.env(live::MARK, &token);
        command.envs(launch.environment.iter().map(|(name, value)| (name, value)));
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        live::keep_descriptors_to_ourselves();
        let mut child = live::born(|| command.spawn())?;
        let living = Living::new(child.id(), token, folder.path());
        limit_memory(&child, launch.memory);
        let (input, written) = channel();
        // Bounded: a process that floods its stdout is held up instead of filling the memory.
        let (read, output) = sync_channel(16);
        let errors = Arc::new(Mutex::new(Vec::new()));
        if let Some(stdin) = child.stdin.take() {
            thread::spawn(move || write(stdin, &written));
        }
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || pump(stdout, &read));
        }
        let kept = Arc::clone(&errors);
        let listening = child.stderr.take().map(|stderr| thread::spawn(move || keep_end(stderr, &kept)));
        Ok(Process { child, living, _folder: folder, input: Some(input), output, errors, listening })
    }

    /// Sends bytes to its stdin, without waiting for them to be read.
    pub fn send(&self, bytes: Vec<u8>) {
        if let Some(input) = &self.input {
            // A process that is gone shows itself by the end of its output.
            let _ = input.send(bytes);
        }
    }

    /// Closes its stdin once everything sent is read.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// What comes next from its stdout.
    pub fn next(&self, deadline: Instant) -> Next {
        match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(bytes) => Next::Bytes(bytes),
            Err(RecvTimeoutError::Disconnected) => Next::End,
            Err(RecvTimeoutError::Timeout) => Next::Nothing,
        }
    }

    /// Reads its output until it ends, takes too long or writes too much.
    pub fn drain(&mut self, limits: &Limits) -> (Vec<u8>, Exit) {
        let deadline = Instant::now() + limits.time;
        let mut out = Vec::new();
        // Something that the program started may hold its stdout open after its end.
        let mut ended: Option<(Exit, Instant)> = None;
        loop {
            let now = Instant::now();
            match ended {
                Some((exit, until)) if now >= until => return (out, exit),
                Some(_) => {}
                None if now >= deadline => return (out, Exit::Late),
                None => ended = self.try_status().map(|status| (Exit::from_process(status), now + AFTER_THE_END)),
            }
            match self.next(deadline.max(now).min(now + Duration::from_millis(50))) {
                Next::Bytes(bytes) => out.extend_from_slice(&bytes),
                Next::End => {
                    return match ended {
                        Some((exit, _)) => (out, exit),
                        None => (out, self.wait(deadline).map_or(Exit::Late, Exit::from_process)),
                    };
                }
                Next::Nothing => {}
            }
            if out.len() > limits.output {
                return (out, Exit::TooMuch);
            }
        }
    }

    /// The end of what it wrote to stderr, all of it if the process has ended.
    pub fn last_words(&self) -> Vec<u8> {
        // Its stderr may still be on the way when its stdout has ended.
        let patience = Instant::now() + Duration::from_millis(200);
        while self.listening.as_ref().is_some_and(|thread| !thread.is_finished()) && Instant::now() < patience {
            thread::sleep(Duration::from_millis(1));
        }
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How it ended, if it has.
    pub fn try_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits until the deadline for its end.
    pub fn wait(&mut self, deadline: Instant) -> Option<ExitStatus> {
        let mut pause = Duration::from_micros(200);
        loop {
            if let Some(status) = self.try_status() {
                return Some(status);
            }
            if Instant::now() >= deadline {
                return None;
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    /// Ends it and everything that it started.
    pub fn kill(&mut self) {
        self.living.kill();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bounds the memory of a process that was just started, and of what it starts.
fn limit_memory(child: &Child, memory: Option<u64>) {
    #[cfg(target_os = "linux")]
    if let Some(memory) = memory {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};
        let limit = Rlimit { current: Some(memory), maximum: Some(memory) };
        // A process that is already gone needs no limit.
        let _ = prlimit(Some(Pid::from_child(child)), Resource::Data, limit);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (child, memory);
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn write(mut stdin: impl Write, written: &Receiver<Vec<u8>>) {
    while let Ok(bytes) = written.recv() {
        if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

fn pump(mut stdout: impl Read, read: &SyncSender<Vec<u8>>) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match stdout.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                if read.send(buffer.get(..count).unwrap_or_default().to_vec()).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// Keeps what a process wrote to stderr last.
fn keep_end(mut stderr: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut buffer = vec![0; 1 << 12];
    while let Ok(count) = stderr.read(&mut buffer) {
        if count == 0 {
            return;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let excess = kept.len().saturating_sub(LAST_WORDS);
        kept.drain(..excess);
    }
}
