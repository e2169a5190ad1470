//! A child process that is talked to with deadlines: it is never waited for longer than it was given, and it ends with
//! everything that it started.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How much of what a process writes to stderr is kept: its end.
const LAST_WORDS: usize = 8 << 10;

/// A running process.
pub struct Process {
    child: Child,
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
    /// Starts a command in a process group of its own.
    ///
    /// # Errors
    /// As [`Command::spawn`].
    pub fn start(program: &str, args: &[String]) -> io::Result<Process> {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
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
        Ok(Process { child, input: Some(input), output, errors, listening })
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
        #[cfg(unix)]
        {
            let group = rustix::process::Pid::from_child(&self.child);
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
