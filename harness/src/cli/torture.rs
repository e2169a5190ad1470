//! `verysame torture`: arbitrary bytes and mangled programs for the reference engine, in processes that may die.

use super::common::{SuiteArgs, counted, parse_mode};
use super::compiles::sources_under;
use super::{Status, complain};
use crate::case::Mode;
use crate::engine::process::{Launch, Next, Process};
use crate::run::pool::{self, processors};
use crate::torture::{Corpus, LIMITS, Program, survive};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use verysame_engine::rules::PyVersion;

/// A program that takes longer than this has passed its limit of steps, or hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// The address space of a worker, far above what the limit on memory and the engine's stack need.
#[cfg(unix)]
const SPACE: u64 = 4 << 30;

/// Feeds arbitrary and mangled programs to the reference engine: it has to survive them
///
/// The programs are the suite's and those of the paths, with tokens, lines and bytes exchanged, spliced and repeated, under
/// the rules of all versions. A finding is a panic, a run that does not end, that exceeds a limit, after which the heap's
/// audit fails, or that kills the process. It is written to a file, and a line to rerun it is shown.
///
/// Exit status: 0 there was no finding, 1 there was one, 2 a path cannot be read, 3 no worker could be started.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame torture --time 60 --seed 7\n  verysame torture --seed 7 --number 4711\n  verysame torture --program torture-7-4711.py --profile 3.12"
)]
pub struct Args {
    /// Files, or folders with `.py` files at any depth, that are mangled too
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    time: u64,
    /// The seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The number of the first program
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u64,
    /// Only the program of this number, in this process
    #[arg(long, value_name = "N")]
    number: Option<u64>,
    /// Only this program, in this process
    #[arg(long, value_name = "FILE", conflicts_with = "number")]
    program: Option<PathBuf>,
    /// The version whose rules hold for that program
    #[arg(long, value_name = "VERSION", requires = "program", default_value_t = PyVersion::NEWEST)]
    profile: PyVersion,
    /// The mode of that program
    #[arg(long, value_name = "MODE", requires = "program", default_value = "module", value_parser = parse_mode)]
    mode: Mode,
    /// Where findings are written
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    out: PathBuf,
    /// How many processes [default: one a processor]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
    /// Be a worker: run every so many programs, and say so
    #[arg(long, value_name = "STRIDE", hide = true)]
    worker: Option<u64>,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    if let Some(path) = &args.program {
        return match std::fs::read(path) {
            Ok(source) => one(&Program { source, version: args.profile, mode: args.mode }),
            Err(error) => {
                complain(format_args!("{}: {error}", path.display()));
                Status::Usage
            }
        };
    }
    let (corpus, status) = match corpus(args) {
        Ok(corpus) => corpus,
        Err(words) => {
            complain(words);
            return Status::Usage;
        }
    };
    if let Some(number) = args.number {
        let program = Program::new(&corpus, args.seed, number);
        let _ = io::stdout().write_all(&program.source);
        return one(&program);
    }
    match args.worker {
        Some(stride) => work(&corpus, args, stride),
        None => status.max(watch(&corpus, args)),
    }
}

fn corpus(args: &Args) -> Result<(Corpus, Status), String> {
    let (loaded, status) = args.suite.load();
    let mut files = Vec::new();
    args.paths.iter().try_for_each(|path| sources_under(path, true, &mut files))?;
    // What is not text is left to the mutations.
    let texts = files.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    Ok((Corpus::new(&loaded, texts), status))
}

fn one(program: &Program) -> Status {
    match survive(program, &LIMITS) {
        Ok(end) => {
            println!("{} {}: {end}", program.version, program.mode);
            Status::Fine
        }
        Err(trouble) => {
            println!("{} {}: {trouble}", program.version, program.mode);
            Status::Failed
        }
    }
}

/// A worker: a line before each program with its number, and one after it with its end.
fn work(corpus: &Corpus, args: &Args, stride: u64) -> Status {
    #[cfg(unix)]
    {
        let space = rustix::process::Rlimit { current: Some(SPACE), maximum: None };
        let _ = rustix::process::setrlimit(rustix::process::Resource::As, space);
    }
    let mut out = io::stdout().lock();
    let mut say = |line: String| writeln!(out, "{line}").and_then(|()| out.flush()).is_ok();
    let mut number = args.first;
    // A harness that has gone away ends the worker.
    while say(number.to_string()) {
        let end = match survive(&Program::new(corpus, args.seed, number), &LIMITS) {
            Ok(end) => end.to_string(),
            Err(trouble) => format!("!{}", trouble.to_string().replace('\n', " ")),
        };
        if !say(end) {
            break;
        }
        number = number.saturating_add(stride);
    }
    Status::Fine
}

/// What a worker's programs came to.
#[derive(Default)]
struct Tally {
    ends: BTreeMap<String, u64>,
    findings: Vec<(u64, String)>,
    broken: Option<String>,
}

fn watch(corpus: &Corpus, args: &Args) -> Status {
    let jobs = args.jobs.unwrap_or_else(processors).max(1) as u64;
    let until = Instant::now() + Duration::from_secs(args.time);
    let lanes: Vec<u64> = (0..jobs).collect();
    let found = |number: u64, words: &str| report(corpus, args, number, words);
    let tallies = pool::run(
        &lanes,
        lanes.len(),
        || (),
        |(), lane| {
            let mut tally = Tally::default();
            let mut next = args.first + lane;
            while tally.broken.is_none() && Instant::now() < until {
                next = lane_from(args, next, jobs, until, &mut tally, &found);
            }
            tally
        },
        |_, _| {},
    );
    let mut ends: BTreeMap<String, u64> = BTreeMap::new();
    let mut findings = 0;
    let mut status = Status::Fine;
    for tally in tallies {
        for (end, count) in tally.ends {
            *ends.entry(end).or_default() += count;
        }
        findings += tally.findings.len();
        if let Some(words) = tally.broken {
            complain(words);
            status = Status::Infra;
        }
    }
    let total: u64 = ends.values().sum::<u64>() + findings as u64;
    let shown: Vec<String> = ends.iter().map(|(end, count)| format!("{count} {end}")).collect();
    println!(
        "seed {}: {} of a corpus of {} in {} s: {}; {}",
        args.seed,
        counted(usize::try_from(total).unwrap_or(usize::MAX), "program"),
        corpus.len(),
        args.time,
        shown.join(", "),
        counted(findings, "finding")
    );
    status.max(if findings > 0 { Status::Failed } else { Status::Fine })
}

/// Runs a worker from this number on until it dies, hangs, or the time is over; the number after its last program.
fn lane_from(
    args: &Args,
    first: u64,
    stride: u64,
    until: Instant,
    tally: &mut Tally,
    found: &dyn Fn(u64, &str),
) -> u64 {
    let mut worker = match start(args, first, stride) {
        Ok(worker) => worker,
        Err(error) => {
            tally.broken = Some(format!("no worker can be started: {error}"));
            return first;
        }
    };
    let mut current = None;
    let mut held = Vec::new();
    let mut begun = Instant::now();
    loop {
        let deadline = (begun + PATIENCE).min(until.max(begun + Duration::from_secs(5)));
        let next = worker.next(deadline);
        let words = match next {
            Next::Bytes(bytes) => {
                held.extend_from_slice(&bytes);
                while let Some(at) = held.iter().position(|&byte| byte == b'\n') {
                    let line = String::from_utf8_lossy(&held[..at]).into_owned();
                    held.drain(..=at);
                    begun = Instant::now();
                    match (current, line.strip_prefix('!')) {
                        (None, _) => current = line.parse::<u64>().ok(),
                        (Some(number), Some(words)) => {
                            found(number, words);
                            tally.findings.push((number, words.to_string()));
                            current = None;
                        }
                        (Some(_), None) => {
                            *tally.ends.entry(line).or_default() += 1;
                            current = None;
                        }
                    }
                }
                if Instant::now() >= until {
                    return first;
                }
                continue;
            }
            // Cut off by the end of the time, not by patience.
            Next::Nothing if begun.elapsed() < PATIENCE => return first,
            Next::Nothing => format!("it does not end within {} s", PATIENCE.as_secs()),
            Next::End => {
                let status = worker.wait(Instant::now() + Duration::from_secs(2));
                let said = String::from_utf8_lossy(&worker.last_words()).trim().replace('\n', " ");
                format!("the process died ({}): {said}", status.map_or("?".to_string(), |s| s.to_string()))
            }
        };
        let Some(number) = current else {
            tally.broken = Some(format!("a worker is of no use: {words}"));
            return first;
        };
        found(number, &words);
        tally.findings.push((number, words));
        return number.saturating_add(stride);
    }
}

fn start(args: &Args, first: u64, stride: u64) -> io::Result<Process> {
    let program = std::env::current_exe()?.to_string_lossy().into_owned();
    let mut words = vec![program, "torture".to_string(), "--worker".to_string()];
    words.extend([stride.to_string(), "--seed".into(), args.seed.to_string(), "--first".into(), first.to_string()]);
    if let Some(cases) = &args.suite.cases {
        words.extend(["--cases".into(), cases.to_string_lossy().into_owned()]);
    }
    words.push("--".into());
    words.extend(args.paths.iter().map(|path| path.to_string_lossy().into_owned()));
    Process::start(&Launch::here(words))
}

/// Says what was found, and writes the program down.
fn report(corpus: &Corpus, args: &Args, number: u64, words: &str) {
    let program = Program::new(corpus, args.seed, number);
    let path = args.out.join(format!("torture-{}-{number}.py", args.seed));
    println!("number {number}, {} {}: {words}", program.version, program.mode);
    match write(&path, &program.source) {
        Ok(()) => println!(
            "  rerun    verysame torture --program {} --profile {} --mode {}",
            path.display(),
            program.version,
            program.mode
        ),
        Err(error) => complain(format_args!("{}: {error}", path.display())),
    }
}

fn write(path: &Path, source: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, source)
}
