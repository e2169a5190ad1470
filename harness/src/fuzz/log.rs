//! The log of a search: one line of JSON a block, appended and flushed to the disk before the next.
//!
//! Invariant: a block is in the log as a whole or not at all, with everything found in it. A line that was cut off by a
//! kill is taken away when the log is opened again, and its block is done once more.

use super::search::{Done, Finding, Plan, Span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The first line: what the log is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// The form of the log.
    pub fuzz: u32,
    /// The engine: `cpython 3.12.1`.
    pub engine: String,
    /// The seed.
    pub seed: u64,
    /// Whether what deviations explain was reported.
    #[serde(default)]
    pub all: bool,
}

impl Header {
    /// The form of the logs that this release writes.
    pub const FORM: u32 = 1;

    /// The header of this search.
    pub fn new(plan: &Plan, engine: String) -> Header {
        Header { fuzz: Header::FORM, engine, seed: plan.seed, all: plan.all }
    }
}

/// One log as read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Logged {
    /// Its first line.
    pub header: Header,
    /// Its blocks, in the order in which they were done.
    pub blocks: Vec<Done>,
    /// How many bytes of it are whole lines.
    whole: u64,
}

/// Reads a log.
///
/// # Errors
/// It cannot be read, or a line of it that is not its last is no line of a log: file, line and why.
pub fn read(path: &Path) -> Result<Option<Logged>, String> {
    let shown = path.display();
    let mut text = Vec::new();
    let mut file = File::open(path).map_err(|error| format!("{shown}: {error}"))?;
    file.read_to_end(&mut text).map_err(|error| format!("{shown}: {error}"))?;
    // What stands behind the last end of a line was cut off.
    let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    text.truncate(end);
    let mut lines = text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    let wrong = |at: usize, error: serde_json::Error| format!("{shown}:{}: this is no line of a log: {error}", at + 1);
    let Some((at, first)) = lines.next() else { return Ok(None) };
    let header: Header = serde_json::from_slice(first).map_err(|error| wrong(at, error))?;
    if header.fuzz != Header::FORM {
        return Err(format!("{shown}:1: the log has the form {}, this release reads {}", header.fuzz, Header::FORM));
    }
    let blocks = lines.map(|(at, line)| serde_json::from_slice(line).map_err(|error| wrong(at, error)));
    let blocks: Vec<Done> = blocks.collect::<Result<_, _>>()?;
    Ok(Some(Logged { header, blocks, whole: end as u64 }))
}

/// A log that is written.
pub struct Log {
    file: Mutex<File>,
}

impl Log {
    /// Begins a log, or goes on with the one that is there; the blocks are those that it has.
    ///
    /// # Errors
    /// It cannot be read or written, or it is the log of another search.
    pub fn open(path: &Path, header: &Header) -> Result<(Log, Vec<Done>), String> {
        let shown = path.display();
        let wrong = |error: std::io::Error| format!("{shown}: {error}");
        let logged = if path.exists() { read(path)? } else { None };
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path).map_err(wrong)?;
        let blocks = match logged {
            Some(logged) if logged.header != *header => {
                return Err(format!(
                    "{shown} is the log of another search ({} with seed {}); name another file",
                    logged.header.engine, logged.header.seed
                ));
            }
            Some(logged) => {
                file.set_len(logged.whole).map_err(wrong)?;
                file.seek(SeekFrom::End(0)).map_err(wrong)?;
                logged.blocks
            }
            None => {
                file.set_len(0).map_err(wrong)?;
                append(&mut file, header).map_err(wrong)?;
                Vec::new()
            }
        };
        Ok((Log { file: Mutex::new(file) }, blocks))
    }

    /// Writes a block down; it is on the disk when this returns.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&self, done: &Done) -> Result<(), String> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        append(&mut file, done).map_err(|error| format!("the log cannot be written: {error}"))
    }
}

fn append(file: &mut File, line: &impl Serialize) -> std::io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)?;
    file.sync_data()
}

/// The blocks of which this shard is done: by itself, or by all the shards of some division.
pub fn finished(blocks: &[Done], shard: (u64, u64)) -> HashSet<Span> {
    let mut parts: BTreeMap<(Span, u64), HashSet<u64>> = BTreeMap::new();
    for done in blocks {
        parts.entry((done.span, done.shard.1)).or_default().insert(done.shard.0);
    }
    let whole = |of: u64, parts: &HashSet<u64>| parts.len() as u64 == of || (of == shard.1 && parts.contains(&shard.0));
    parts.into_iter().filter(|((_, of), parts)| whole(*of, parts)).map(|((span, _), _)| span).collect()
}

/// The logs of many machines as one.
///
/// # Errors
/// One cannot be read, or they are logs of different searches.
pub fn merge(paths: &[std::path::PathBuf]) -> Result<Logged, String> {
    let mut merged: Option<Logged> = None;
    let mut seen = HashSet::new();
    for path in paths {
        let Some(logged) = read(path)? else { continue };
        let merged = merged.get_or_insert_with(|| Logged { blocks: Vec::new(), ..logged.clone() });
        if merged.header != logged.header {
            return Err(format!(
                "{}: this is a search of {} with seed {}, the first log is of {} with seed {}",
                path.display(),
                logged.header.engine,
                logged.header.seed,
                merged.header.engine,
                merged.header.seed
            ));
        }
        merged.blocks.extend(logged.blocks.into_iter().filter(|done| seen.insert((done.span, done.shard))));
    }
    merged.ok_or_else(|| "the logs are empty".to_string())
}

/// Writes a whole log, or nothing.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, header: &Header, blocks: &[Done]) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut text = serde_json::to_vec(header).map_err(|error| wrong(error.into()))?;
    for done in blocks {
        text.push(b'\n');
        serde_json::to_writer(&mut text, done).map_err(|error| wrong(error.into()))?;
    }
    text.push(b'\n');
    crate::files::write_whole(path, &text).map_err(wrong)
}

/// What several blocks came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sum {
    /// Programs that were run.
    pub ran: u64,
    /// Those that were run alone.
    pub alone: u64,
    /// How many each deviation explains.
    pub explained: BTreeMap<String, u64>,
    /// Where the engines differ, by kind and number.
    pub found: Vec<Finding>,
    /// The blocks.
    seen: HashSet<(Span, (u64, u64))>,
}

impl Sum {
    /// Counts a block, unless it was counted already. The parts of a block in two shards are two.
    pub fn add(&mut self, done: &Done) {
        if !self.seen.insert((done.span, done.shard)) {
            return;
        }
        self.ran += done.ran;
        self.alone += done.alone;
        for (why, count) in &done.explained {
            *self.explained.entry(why.clone()).or_default() += count;
        }
        self.found.extend(done.found.iter().cloned());
    }

    /// Puts the findings in order.
    pub fn sort(&mut self) {
        self.found.sort_by(|a, b| (a.kind, a.number, &a.other.end).cmp(&(b.kind, b.number, &b.other.end)));
        self.found.dedup();
    }
}
