//! From the bytes that a child of the driver wrote to an [`Observation`].
//!
//! The bytes are the program's output with records between: `\x1e`, the job's secret, JSON, a newline. Nothing in them
//! is trusted: what is no record is output, and a record that makes no sense ends in [`ProcessEnd::Infra`].

use crate::case::Job;
use crate::judge::{ChunkEnd, Event, Observation, ProcessEnd, Raised};
use serde::Deserialize;

/// How the process that ran a program ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// With this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
    /// The harness ended it: it took too long.
    Late,
    /// The harness ended it: it wrote too much.
    TooMuch,
}

impl Exit {
    /// From the number that `waitpid` gives.
    pub fn from_wait_status(status: i32) -> Exit {
        match status & 0x7f {
            0 => Exit::Status((status >> 8) & 0xff),
            signal => Exit::Signal(signal),
        }
    }

    /// From what the standard library gives.
    pub fn from_process(status: std::process::ExitStatus) -> Exit {
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            if let Some(signal) = status.signal() {
                return Exit::Signal(signal);
            }
        }
        Exit::Status(status.code().unwrap_or(-1))
    }
}

/// The name of a signal as people know it.
pub fn signal_words(signal: i32) -> String {
    let name = match signal {
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => return format!("signal {signal}"),
    };
    format!("signal {signal} ({name})")
}

/// One record of the driver.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Record {
    Started,
    Event(Event),
    Chunk(usize, ChunkEnd),
    Heap(Vec<Option<String>>),
    HeapFailed(Raised),
    Failed(Raised),
    Done,
}

/// Reads what a child wrote and how it ended.
pub fn read(job: &Job, secret: &str, out: &[u8], err: &[u8], exit: Exit) -> Observation {
    let mut seen = Observation::default();
    let mut reading = Reading { job, seen: &mut seen, started: false, done: false };
    let stdout = match reading.split(out, secret) {
        Ok(stdout) => stdout,
        // The last record was cut off with its process; what came before it holds.
        Err(_) if !matches!(exit, Exit::Status(_)) => Vec::new(),
        Err(words) => return Observation { end: ProcessEnd::Infra(words), ..Observation::default() },
    };
    let (started, done) = (reading.started, reading.done);
    seen.stdout = String::from_utf8_lossy(&stdout).into_owned();
    seen.end = match exit {
        Exit::Late => ProcessEnd::Timeout,
        Exit::TooMuch => ProcessEnd::Limit("output".to_string()),
        Exit::Signal(signal) => ProcessEnd::Crash(with_last_words(signal_words(signal), err)),
        Exit::Status(_) if done => ProcessEnd::Ok,
        Exit::Status(status) if started => {
            // The program ended its process by itself (`os._exit`).
            seen.chunks.push(ChunkEnd::Exit(status));
            ProcessEnd::Ok
        }
        Exit::Status(status) => {
            let words = format!("exit status {status} before the program began");
            ProcessEnd::Infra(with_last_words(words, if err.is_empty() { &stdout } else { err }))
        }
    };
    if seen.chunks.len() > job.chunks.len() {
        seen.end = ProcessEnd::Infra("more chunks ended than there are".to_string());
    }
    seen
}

/// A sentence, and what a process said about it: the last line of a traceback, else its first line.
pub fn with_last_words(words: String, said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = if said.contains("Traceback") { lines.next_back() } else { lines.next() };
    match line {
        Some(line) => {
            let line: String = line.chars().take(300).collect();
            format!("{words}: {line}")
        }
        None => words,
    }
}

struct Reading<'a> {
    job: &'a Job,
    seen: &'a mut Observation,
    started: bool,
    done: bool,
}

impl Reading<'_> {
    /// Takes the records in and gives back the rest, the program's own output.
    fn split(&mut self, out: &[u8], secret: &str) -> Result<Vec<u8>, String> {
        let opening = [b"\x1e", secret.as_bytes()].concat();
        let mut stdout = Vec::with_capacity(out.len());
        let mut rest = out;
        while let Some(at) = find(rest, &opening) {
            let (before, after) = rest.split_at(at);
            stdout.extend_from_slice(before);
            let body = after.get(opening.len()..).unwrap_or_default();
            let Some(end) = body.iter().position(|&byte| byte == b'\n') else {
                return Err("a record is cut off".to_string());
            };
            let (record, following) = body.split_at(end);
            self.take(record)?;
            rest = following.get(1..).unwrap_or_default();
        }
        stdout.extend_from_slice(rest);
        Ok(stdout)
    }

    fn take(&mut self, record: &[u8]) -> Result<(), String> {
        let record: Record = serde_json::from_slice(record).map_err(|error| format!("a record is not one: {error}"))?;
        match record {
            Record::Started => self.started = true,
            Record::Event(event) => self.seen.events.push(event),
            Record::Chunk(index, end) if index == self.seen.chunks.len() => self.seen.chunks.push(end),
            Record::Chunk(index, _) => {
                return Err(format!("chunk {index} ended where chunk {} was running", self.seen.chunks.len()));
            }
            Record::Heap(texts) if texts.len() == self.job.heap.len() => self.seen.heap = texts,
            Record::Heap(texts) => {
                return Err(format!("{} graphs came back for {} names", texts.len(), self.job.heap.len()));
            }
            // The graph cannot be shown, which is itself what was seen of every name.
            Record::HeapFailed(raised) => {
                let words = format!("<{}: {}>", raised.class, raised.text);
                self.seen.heap = vec![Some(words); self.job.heap.len()];
            }
            Record::Failed(raised) => return Err(format!("the driver failed: {}: {}", raised.class, raised.text)),
            Record::Done => self.done = true,
        }
        Ok(())
    }
}

/// Where some bytes stand in others.
pub fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.iter().position(|&byte| byte == first)?;
        if text.get(at..)?.starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Chunk, Mode};
    use crate::judge::{EventSource, Seen};

    fn job() -> Job {
        let chunk = Chunk { source: "print(1)\n".into(), first_line: 1, graph: false };
        Job {
            case: "a.b".into(),
            mode: Mode::Module,
            files: vec![],
            chunks: vec![chunk],
            probes: vec![],
            packages: false,
            heap: vec!["a".into()],
        }
    }

    fn observed(out: &str, exit: Exit) -> Observation {
        read(&job(), "KEY", out.replace('@', "\x1eKEY").as_bytes(), b"Traceback\nlast line\n", exit)
    }

    #[test]
    fn output_and_records_come_apart() {
        let seen = observed(
            "@\"started\"\nprinted@{\"event\":{\"by\":{\"probe\":\"p\"},\"seen\":{\"value\":{\"repr\":\"1\"}}}}\n more\n\
             @{\"chunk\":[0,\"completed\"]}\n@{\"heap\":[\"[]\"]}\n@\"done\"\nat exit\n",
            Exit::Status(0),
        );
        assert_eq!(seen.stdout, "printed more\nat exit\n");
        assert_eq!(
            seen.events,
            [Event { by: EventSource::Probe("p".into()), seen: Seen::Value { repr: "1".into(), graph: None } }]
        );
        assert_eq!(seen.chunks, [ChunkEnd::Completed]);
        assert_eq!(seen.heap, [Some("[]".to_string())]);
        assert_eq!(seen.end, ProcessEnd::Ok);
    }

    #[test]
    fn a_program_may_end_its_process_itself() {
        let seen = observed("@\"started\"\nend\n", Exit::Status(4));
        assert_eq!((seen.chunks, seen.end), (vec![ChunkEnd::Exit(4)], ProcessEnd::Ok));
    }

    #[test]
    fn what_is_no_answer_is_named() {
        let end = |out: &str, exit| observed(out, exit).end;
        assert_eq!(end("", Exit::Signal(11)), ProcessEnd::Crash("signal 11 (SIGSEGV): last line".into()));
        assert_eq!(end("@\"started\"\n@{\"chu", Exit::Late), ProcessEnd::Timeout);
        assert_eq!(end("x", Exit::TooMuch), ProcessEnd::Limit("output".into()));
        let infra = ProcessEnd::Infra("exit status 2 before the program began: last line".into());
        assert_eq!(end("hello?", Exit::Status(2)), infra);
        for garbage in ["@{\"chu", "@{\"chunk\":[3,\"completed\"]}\n", "@nonsense\n", "@{\"heap\":[]}\n"] {
            assert!(matches!(end(garbage, Exit::Status(0)), ProcessEnd::Infra(_)), "{garbage}");
        }
    }

    #[test]
    fn too_many_chunks_are_refused() {
        let out = "@\"started\"\n@{\"chunk\":[0,\"completed\"]}\n@{\"chunk\":[1,\"completed\"]}\n@\"done\"\n";
        assert!(matches!(observed(out, Exit::Status(0)).end, ProcessEnd::Infra(_)));
    }

    #[test]
    fn any_bytes_end_in_an_observation() {
        let seen = read(&job(), "KEY", b"\xff\x1eKEY\xff\n\x1e", b"\xff", Exit::Status(0));
        assert!(matches!(seen.end, ProcessEnd::Infra(_)));
    }
}
