//! From what an engine wrote about a file to an [`Observation`].
//!
//! Nothing in the output is trusted: what does not begin with the job's secret is the program's own.

use super::super::answer::{Exit, signal_words, with_last_words};
use super::program::Program;
use crate::case::{Job, Mode};
use crate::judge::{ChunkEnd, Event, EventSource, Observation, ProcessEnd, Raised, Seen};
use crate::profile::{Stream, Uncaught};

/// The classes of exceptions that a compiler raises at a text for `exec`.
const COMPILER: [&str; 3] = ["SyntaxError", "IndentationError", "TabError"];

/// Everything that came of a file.
pub struct Ran<'a> {
    /// The job.
    pub job: &'a Job,
    /// Its file.
    pub program: &'a Program,
    /// The job's secret.
    pub secret: &'a str,
    /// What was written to stdout.
    pub out: &'a [u8],
    /// What was written to stderr: its end.
    pub err: &'a [u8],
    /// How the process ended.
    pub exit: Exit,
}

/// What the marked lines said.
#[derive(Default)]
struct Marked {
    started: bool,
    done: bool,
    cut: bool,
    events: Vec<Event>,
    chunks: Vec<ChunkEnd>,
    wrong: Option<String>,
}

/// Reads it.
pub fn read(ran: &Ran, uncaught: &Uncaught) -> Observation {
    let (mut stdout, marked) = split(ran);
    let ended = |end| Observation { end, ..Observation::default() };
    let mut seen = Observation { events: marked.events, chunks: marked.chunks, ..Observation::default() };
    if let Some(words) = marked.wrong {
        return ended(ProcessEnd::Infra(words));
    }
    match ran.exit {
        Exit::Late => seen.end = ProcessEnd::Timeout,
        Exit::TooMuch => seen.end = ProcessEnd::Limit("output".to_string()),
        Exit::Signal(signal) => seen.end = ProcessEnd::Crash(with_last_words(signal_words(signal), ran.err)),
        Exit::Status(_) if marked.cut => return ended(ProcessEnd::Infra("a marked line is cut off".to_string())),
        Exit::Status(_) if marked.done => {
            if ran.job.mode == Mode::Module && seen.chunks.is_empty() {
                seen.chunks.push(ChunkEnd::Completed);
            }
        }
        Exit::Status(status) => {
            let shown = match uncaught.stream {
                Stream::Stderr => String::from_utf8_lossy(ran.err).into_owned(),
                Stream::Stdout => cut_traceback(&mut stdout),
            };
            match (exception(&shown, uncaught, ran.program), marked.started) {
                (Some(raised), _) if uncaught.lacks.as_ref().is_some_and(|lacks| lacks.is_match(&raised.words())) => {
                    return ended(ProcessEnd::Lacks(raised.words()));
                }
                (Some(raised), true) => seen.chunks.push(ChunkEnd::Raised(raised)),
                (Some(raised), false) if raised.class.ends_with("Error") => {
                    seen.chunks.push(ChunkEnd::Raised(Raised { at_compile: true, ..raised }));
                }
                (None, true) if shown.trim().is_empty() => seen.chunks.push(ChunkEnd::Exit(status)),
                (None, true) => {
                    seen.end = ProcessEnd::Crash(with_last_words(format!("exit status {status}"), shown.as_bytes()));
                }
                (_, false) => {
                    let words = format!("exit status {status} before the program began");
                    let said = if shown.trim().is_empty() { stdout.as_slice() } else { shown.as_bytes() };
                    let words = with_last_words(words, said);
                    // It ran a program before, so what it cannot get over is this one.
                    return ended(if status == 0 { ProcessEnd::Infra(words) } else { ProcessEnd::Crash(words) });
                }
            }
        }
    }
    if seen.chunks.len() > ran.job.chunks.len() {
        return ended(ProcessEnd::Infra("more chunks ended than there are".to_string()));
    }
    seen.stdout = String::from_utf8_lossy(&stdout).replace("\r\n", "\n");
    seen
}

/// Takes the marked lines out.
fn split(ran: &Ran) -> (Vec<u8>, Marked) {
    let opening = [b"\x1e", ran.secret.as_bytes()].concat();
    let mut marked = Marked::default();
    let mut stdout = Vec::new();
    let mut rest = ran.out;
    while let Some(at) = super::super::answer::find(rest, &opening) {
        let (before, after) = rest.split_at(at);
        stdout.extend_from_slice(before);
        let body = after.get(opening.len()..).unwrap_or_default();
        let Some(end) = body.iter().position(|&byte| byte == b'\x1f') else {
            marked.cut = true;
            return (stdout, marked);
        };
        let (line, following) = body.split_at(end);
        if let Err(words) = take(ran.job, &mut marked, &String::from_utf8_lossy(line)) {
            marked.wrong.get_or_insert(words);
        }
        rest = following.get(1..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    stdout.extend_from_slice(rest);
    (stdout, marked)
}

fn take(job: &Job, marked: &mut Marked, line: &str) -> Result<(), String> {
    let unknown = || format!("a marked line says nothing known: {line:?}");
    let (head, text) = line.split_once(' ').ok_or_else(unknown)?;
    let number: usize = head.get(1..).and_then(|number| number.parse().ok()).ok_or_else(unknown)?;
    let value = || Seen::Value { repr: text.to_string(), graph: None };
    let (probe, handler) = (format!("__probe_{number}__"), format!("__raised_{number}__"));
    match head.get(..1).unwrap_or_default() {
        "s" => marked.started = true,
        "d" => marked.done = true,
        "v" => marked.events.push(Event { by: EventSource::Probe(probe), seen: value() }),
        "x" => {
            // A value's `repr` may raise: then the probe of a value tells of an exception.
            let name = if job.probes.iter().any(|own| own.name == probe) { probe } else { handler };
            marked.events.push(Event { by: EventSource::Probe(name), seen: Seen::Raised(raised(text)) });
        }
        "w" => marked.events.push(Event { by: EventSource::Display(number), seen: value() }),
        "y" => {
            marked.events.push(Event { by: EventSource::Display(number), seen: Seen::Raised(raised(text)) });
        }
        "c" | "r" | "q" => {
            if number != marked.chunks.len() {
                return Err(format!("chunk {number} ended where chunk {} was running", marked.chunks.len()));
            }
            marked.chunks.push(match head.get(..1).unwrap_or_default() {
                "c" => ChunkEnd::Completed,
                "q" => ChunkEnd::Exit(text.trim().parse().unwrap_or(i32::from(!matches!(text, "" | "None")))),
                _ => {
                    let own = raised(text.get(1..).unwrap_or_default());
                    let compiler = text.starts_with('c') || COMPILER.contains(&own.class.as_str());
                    ChunkEnd::Raised(Raised { at_compile: compiler, ..own })
                }
            });
        }
        _ => return Err(unknown()),
    }
    Ok(())
}

/// `Class: text`
fn raised(words: &str) -> Raised {
    let (class, text) = words.split_once(": ").unwrap_or((words.trim_end_matches(':'), ""));
    Raised { class: class.to_string(), text: text.to_string(), at_compile: false, line: None }
}

/// Takes the last traceback off the end of the output.
fn cut_traceback(stdout: &mut Vec<u8>) -> String {
    let text = String::from_utf8_lossy(stdout).into_owned();
    let Some(at) = text.rfind("Traceback (most recent call last):") else { return String::new() };
    let (before, shown) = text.split_at(at);
    let shown = shown.to_string();
    *stdout = before.as_bytes().to_vec();
    shown
}

/// The exception that the last line names.
fn exception(shown: &str, uncaught: &Uncaught, program: &Program) -> Option<Raised> {
    let last = shown.lines().map(str::trim_end).rfind(|line| !line.trim().is_empty())?;
    let found = uncaught.pattern.captures(last)?;
    let group = |name: &str| found.name(name).map(|group| group.as_str().to_string());
    let number = |text: &str| text.parse().ok().and_then(|line| program.line(line));
    let traced = || {
        let (_, rest) = shown.split_once("\", line ")?;
        number(rest.split(|c: char| !c.is_ascii_digit()).next()?)
    };
    let line = group("line").and_then(|text| number(&text)).or_else(traced);
    Some(Raised { class: group("class")?, text: group("text").unwrap_or_default(), at_compile: false, line })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Chunk;

    fn observed(out: &str, err: &str, exit: Exit, stream: Stream) -> Observation {
        let chunk = Chunk { source: "print(1)\n".into(), first_line: 1, graph: false };
        let job = Job {
            case: "a.b".into(),
            mode: Mode::Module,
            files: vec![],
            chunks: vec![chunk],
            probes: vec![],
            packages: false,
            heap: vec![],
        };
        let program = Program { text: String::new(), before: 10, from: 1 };
        let out = out.replace('@', "\x1eKEY").replace('$', "\x1f\n");
        let ran = Ran { job: &job, program: &program, secret: "KEY", out: out.as_bytes(), err: err.as_bytes(), exit };
        read(&ran, &Uncaught { stream, ..Uncaught::default() })
    }

    fn raised(seen: &Observation) -> String {
        match &seen.chunks[..] {
            [ChunkEnd::Raised(raised)] => format!("{raised} line {:?}", raised.line),
            other => panic!("{other:?} {:?}", seen.end),
        }
    }

    #[test]
    fn marked_lines_and_output_come_apart() {
        let seen = observed("@s0 $a@v7 [1]$b\n@x8 KeyError: 'k'$@d0 $\nend\n", "", Exit::Status(0), Stream::Stderr);
        assert_eq!((seen.stdout.as_str(), &seen.end), ("ab\n\nend\n", &ProcessEnd::Ok));
        assert_eq!(seen.chunks, [ChunkEnd::Completed]);
        assert_eq!(seen.events.len(), 2);
        assert!(seen.events[0].by.is_probe("__probe_7__"));
    }

    #[test]
    fn uncaught_exceptions_are_read_where_they_are_shown() {
        let trace = "Traceback (most recent call last):\n  File \"case.py\", line 12, in <module>\nIndexError: no\n";
        let seen = observed("@s0 $hi\n", trace, Exit::Status(1), Stream::Stderr);
        assert_eq!((raised(&seen).as_str(), seen.stdout.as_str()), ("!> IndexError: no line Some(2)", "hi\n"));
        let seen = observed(&format!("@s0 $hi\n{trace}"), "", Exit::Status(1), Stream::Stdout);
        assert_eq!((raised(&seen).as_str(), seen.stdout.as_str()), ("!> IndexError: no line Some(2)", "hi\n"));
        let seen = observed("", "  File \"x\", line 11\nSyntaxError: bad\n", Exit::Status(1), Stream::Stderr);
        assert_eq!(raised(&seen), "!> SyntaxError: bad @compile line Some(1)");
        let seen = observed("@s0 $", "", Exit::Status(3), Stream::Stderr);
        assert_eq!(seen.chunks, [ChunkEnd::Exit(3)]);
    }

    #[test]
    fn what_is_no_answer_is_named() {
        let end = |out: &str, err: &str, exit| observed(out, err, exit, Stream::Stderr).end;
        assert_eq!(end("", "", Exit::Late), ProcessEnd::Timeout);
        assert_eq!(end("@s0 $", "boom\n", Exit::Signal(11)), ProcessEnd::Crash("signal 11 (SIGSEGV): boom".into()));
        let crash = end("@s0 $", "thread panicked at x\nnote: y\n", Exit::Status(101));
        assert_eq!(crash, ProcessEnd::Crash("exit status 101: thread panicked at x".into()));
        for (out, status) in [("", 0), ("@v1", 1), ("@zz $", 1), ("@c4 $", 1)] {
            assert!(matches!(end(out, "", Exit::Status(status)), ProcessEnd::Infra(_)), "{out}");
        }
        for err in ["no such file\n", "sh: not found\n"] {
            assert!(matches!(end("", err, Exit::Status(1)), ProcessEnd::Crash(_)), "{err}");
        }
        assert_eq!(end("x", "", Exit::TooMuch), ProcessEnd::Limit("output".into()));
    }
}
