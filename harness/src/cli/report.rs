//! `verysame report` and `verysame compare`: the faces of results that `verysame run --results` wrote.

use super::common::write_file;
use super::{Status, complain};
use crate::report::model::Run;
use crate::report::text::{Options, render};
use crate::report::{badge, compare, github, html, junit, record};
use std::path::{Path, PathBuf};

/// Shows results that `verysame run --results FILE` wrote, in other forms too
///
/// Exit status: 0 it was written, 2 FILE is no complete file of results, 3 a report cannot be written.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  verysame run --results results.jsonl; verysame report results.jsonl --junit junit.xml --html report.html"
)]
pub struct Args {
    /// The results
    file: PathBuf,
    #[command(flatten)]
    faces: FaceArgs,
    /// How many failures are shown in full
    #[arg(long, value_name = "N", default_value_t = 30)]
    failures: usize,
    /// Show also where an engine differs from CPython and may
    #[arg(long)]
    differs: bool,
}

/// The forms in which results are written.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct FaceArgs {
    /// Write JUnit's XML into this file; `-` is stdout
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a summary in Markdown into this file; `-` is stdout
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Write annotations for GitHub Actions to stdout, and the summary to where GITHUB_STEP_SUMMARY says
    #[arg(long)]
    github: bool,
    /// Write one page into this file, which a browser opens from disk: engines by rules, every case with what each engine
    /// did; `-` is stdout
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write badges for a README into this folder: one SVG an engine and level
    #[arg(long, value_name = "DIR")]
    badges: Option<PathBuf>,
}

impl FaceArgs {
    /// Writes what is asked for; the words say what could not be written.
    pub fn write(&self, run: &Run) -> Result<(), String> {
        let words = |file: &Path, error: std::io::Error| format!("{}: {error}", file.display());
        if let Some(file) = &self.junit {
            write_file(file, &junit::render(run)?).map_err(|error| words(file, error))?;
        }
        if let Some(file) = &self.markdown {
            write_file(file, &github::summary(run)).map_err(|error| words(file, error))?;
        }
        if let Some(file) = &self.html {
            write_file(file, &html::render(run)).map_err(|error| words(file, error))?;
        }
        if let Some(folder) = &self.badges {
            std::fs::create_dir_all(folder).map_err(|error| words(folder, error))?;
            for badge in badge::badges(run) {
                let file = folder.join(&badge.file);
                write_file(&file, &badge.svg).map_err(|error| words(&file, error))?;
            }
        }
        if self.github {
            print!("{}", github::annotations(run));
            if let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) {
                use std::io::Write;
                let open = std::fs::OpenOptions::new().create(true).append(true).open(&file);
                let written = open.and_then(|mut file| file.write_all(github::summary(run).as_bytes()));
                written.map_err(|error| words(Path::new(&file), error))?;
            }
        }
        Ok(())
    }
}

/// The results as data, and the forms in which they are written.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct ResultArgs {
    /// Write the results as JSON lines into this file, for `verysame report` and `verysame compare`
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    #[command(flatten)]
    faces: FaceArgs,
}

impl ResultArgs {
    /// Writes what is asked for, and says what could not be written.
    pub fn write_all(&self, run: &Run) -> Status {
        let results = match &self.results {
            Some(file) => write_file(file, &record::write(run)).map_err(|error| format!("{}: {error}", file.display())),
            None => Ok(()),
        };
        told(results.and_then(|()| self.faces.write(run)))
    }
}

fn told(written: Result<(), String>) -> Status {
    match written {
        Ok(()) => Status::Fine,
        Err(words) => {
            complain(words);
            Status::Infra
        }
    }
}

pub fn main(args: &Args) -> Status {
    let run = match read(&args.file) {
        Ok(run) => run,
        Err(status) => return status,
    };
    let options = Options { differs: args.differs, slowest: 0, shown: Some(args.failures) };
    anstream::print!("{}", render(&run, options));
    told(args.faces.write(&run))
}

fn read(file: &Path) -> Result<Run, Status> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        complain(format_args!("{}: {error}", file.display()));
        Status::Usage
    })?;
    record::read(&text).map_err(|error| {
        complain(format_args!("{}: {error}", file.display()));
        Status::Usage
    })
}

/// Says what has changed from one file of results to another
///
/// Results correspond if they are of the same case, mode and engine; if each file has one engine, of any name.
///
/// Exit status: 0 nothing became worse, 1 something did, 2 a file is no complete file of results.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  verysame compare main.jsonl branch.jsonl --markdown > comment.md")]
pub struct CompareArgs {
    /// The results before
    old: PathBuf,
    /// The results after
    new: PathBuf,
    /// As Markdown, for a comment on a pull request
    #[arg(long)]
    markdown: bool,
}

pub fn compare_main(args: &CompareArgs) -> Status {
    let (old, new) = match (read(&args.old), read(&args.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(status), _) | (_, Err(status)) => return status,
    };
    let comparison = compare::compare(&old, &new);
    if args.markdown {
        print!("{}", compare::markdown(&comparison));
    } else {
        anstream::print!("{}", compare::render(&comparison));
    }
    if comparison.is_worse() { Status::Failed } else { Status::Fine }
}
