//! `verysame watch`: whenever a case file is saved, the cases that changed in it are run again.

use super::common::{EngineArgs, Engines, SuiteArgs, own_command};
use super::{Status, complain, put};
use crate::case::{Case, Loaded, Severity, load_dir};
use crate::engine::Limits;
use crate::report::model::Run;
use crate::report::text::{Options, render};
use crate::run::execute::{Opened, Settings, execute};
use crate::run::pool::processors;
use crate::run::select::Selection;
use crate::run::suite::Suite;
use notify::{EventKind, RecursiveMode, Watcher};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Reruns the cases that a saved file changes
///
/// Runs until it is interrupted. The reference engine alone is asked unless --engine names others, so that an answer comes
/// at once.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame watch")]
pub struct Args {
    /// Stop after so many reruns
    #[arg(long, value_name = "N", hide = true)]
    reruns: Option<usize>,
    #[command(flatten)]
    engines: EngineArgs,
    #[command(flatten)]
    suite: SuiteArgs,
}

/// An editor writes a file in several steps; what comes within this time belongs together.
const TOGETHER: Duration = Duration::from_millis(20);

pub fn main(args: &Args) -> Status {
    let Suite::Folder(folder) = Suite::find(args.suite.cases.as_deref()) else {
        complain("there is no folder `cases` here or above");
        return Status::Usage;
    };
    let Engines { opened, failed, .. } = args.engines.open_or_reference();
    for (name, words) in &failed {
        complain(format_args!("{name}: {words}"));
    }
    if opened.is_empty() {
        return Status::Infra;
    }
    let (sender, events) = channel();
    let notice = move |event: notify::Result<notify::Event>| {
        // Nobody listens any more once the command ends.
        let _ = sender.send(event);
    };
    let watching = notify::recommended_watcher(notice).and_then(|mut watcher| {
        watcher.watch(&folder, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    // Kept alive until the end.
    let _watcher = match watching {
        Ok(watcher) => watcher,
        Err(error) => {
            complain(format_args!("{} cannot be watched: {error}", folder.display()));
            return Status::Infra;
        }
    };
    let mut known = HashMap::new();
    let loaded = load_dir(&folder);
    loaded.cases.iter().for_each(|case| drop(known.insert(case.id.clone(), fingerprint(case))));
    // The first run of an engine starts it; nobody should wait for that after a save.
    let first: Vec<String> = loaded.cases.first().map(|case| case.id.clone()).into_iter().collect();
    run(&loaded, &opened, first);
    put(&format!("watching {}: {} cases\n", folder.display(), loaded.cases.len()));
    let mut reruns = 0;
    while args.reruns.is_none_or(|most| reruns < most) {
        let Some(paths) = saved(&events) else { break };
        for path in paths {
            let begun = Instant::now();
            let loaded = load_dir(&path);
            let report = rerun(&path, &loaded, &opened, &mut known);
            put(&format!("{report}{} in {} ms\n", path.display(), begun.elapsed().as_millis()));
            reruns += 1;
        }
    }
    Status::Fine
}

/// The case files that were saved, once nothing more comes.
fn saved(events: &Receiver<notify::Result<notify::Event>>) -> Option<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    loop {
        let event = match paths.is_empty() {
            true => events.recv().ok()?,
            false => match events.recv_timeout(TOGETHER) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Some(paths),
            },
        };
        let Ok(event) = event else { continue };
        if matches!(event.kind, EventKind::Access(_) | EventKind::Remove(_)) {
            continue;
        }
        let files = event.paths.into_iter().filter(|path| {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            !hidden && path.extension().is_some_and(|end| end == "toml") && path.is_file()
        });
        for file in files {
            let file = std::env::current_dir()
                .ok()
                .and_then(|here| Some(file.strip_prefix(here).ok()?.to_path_buf()))
                .unwrap_or(file);
            if !paths.contains(&file) {
                paths.push(file);
            }
        }
    }
}

/// What decides how a case ends.
fn fingerprint(case: &Case) -> String {
    let marks: Vec<_> =
        case.marks.iter().map(|mark| (&mark.guard, mark.expect.to_string(), mark.comment.start)).collect();
    let rest = (&case.modes, &case.python, &case.level, &case.needs, &case.files, case.scope);
    let heap: Vec<_> = case.heap.iter().map(|heap| (&heap.name, &heap.graph)).collect();
    let stdout = case.stdout.as_ref().map(|output| &output.text);
    format!("{}\n{marks:?}{rest:?}{heap:?}{stdout:?}", case.source.text)
}

fn rerun(path: &Path, loaded: &Loaded, opened: &[Opened], known: &mut HashMap<String, String>) -> String {
    let mut report = String::new();
    for problem in loaded.problems.iter().filter(|problem| problem.severity == Severity::Error) {
        report.push_str(&format!("{problem}\n\n"));
    }
    let mut changed = Vec::new();
    for case in &loaded.cases {
        let now = fingerprint(case);
        if known.insert(case.id.clone(), now.clone()).is_none_or(|before| before != now) {
            changed.push(case.id.clone());
        }
    }
    if changed.is_empty() {
        report.push_str(&format!("{}: no case changed\n", path.display()));
        return report;
    }
    report.push_str(&run(loaded, opened, changed));
    report
}

fn run(loaded: &Loaded, opened: &[Opened], ids: Vec<String>) -> String {
    let selection = Selection { filters: ids, exact: true, ..Selection::default() };
    let settings = Settings { selection, threads: processors(), limits: Limits::default() };
    let begun = Instant::now();
    let engines = execute(loaded, opened, &settings, |_| {});
    let run = Run { engines, time: begun.elapsed(), command: own_command(), ..Run::default() };
    render(&run, Options { shown: Some(5), ..Options::default() })
}
