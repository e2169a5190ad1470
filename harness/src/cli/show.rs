//! `verysame show`: the heap graph that a program leaves behind.

use super::common::{read_program, write_file};
use super::{Status, complain};
use crate::engine::graph::{GraphError, Program, Seen, of_python, of_reference};
use crate::engine::steps::{Step, steps};
use crate::picture::{Column, Options, Panel, Scene, Sheet, dot, page, panels, svg};
use crate::report::heap::{render, render_leaks};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use verysame_engine::Limits;
use verysame_engine::inspect::Bounds;
use verysame_engine::rules::{Profile, PyVersion};

/// Runs a program and shows the objects that it leaves behind
///
/// Names stand left, objects right, each object with its number of references and its size. An object that several
/// names or objects refer to is marked, and so is a cycle. Names like `__this__` are left out. What the program writes
/// goes to stderr, so that stdout is the graph.
///
/// Exit status: that of the program, 1 after an uncaught exception, 70 when a limit ended it; the graph of what is there
/// is shown all the same. With --against, 1 when the graphs differ. 2 when FILE cannot be read, 3 when an engine could
/// not be asked.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  echo 'a = [1]; b = a; c = [a, a]; c.append(c)' | verysame show -\n  \
                        verysame show --against python3.13 program.py\n  \
                        verysame show --svg heap.svg --columns count,size program.py\n  \
                        verysame show --html steps.html --steps program.py")]
pub struct Args {
    /// The program; `-` reads it from stdin
    file: PathBuf,
    /// The CPython version whose rules hold on the reference engine, `3.11` or `3.12.7` [default: the newest]
    #[arg(long, value_name = "VERSION")]
    profile: Option<PyVersion>,
    /// Show the graph in another engine, a command that runs Python
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["profile", "leaks"])]
    engine: Option<String>,
    /// Compare the graph with that in another engine and say the first difference; without --profile the reference
    /// engine follows the other one's version
    #[arg(long, value_name = "COMMAND", conflicts_with = "leaks")]
    against: Option<String>,
    /// Show what outlives the program's names: what gc.collect() would free, what only cycles hold, what modules hold
    #[arg(long)]
    leaks: bool,
    /// Write the graph as JSON
    #[arg(long, conflicts_with = "against")]
    json: bool,
    /// Draw the graph, with --against both graphs side by side, as an SVG picture into this file; `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["leaks", "json"])]
    svg: Option<PathBuf>,
    /// The same as a page of HTML
    #[arg(long, value_name = "FILE", conflicts_with_all = ["leaks", "json"])]
    html: Option<PathBuf>,
    /// The same in the language of Graphviz
    #[arg(long, value_name = "FILE", conflicts_with_all = ["leaks", "json", "against"])]
    dot: Option<PathBuf>,
    /// Show the objects after each statement; in a picture what the statement changed is red
    #[arg(long, conflicts_with_all = ["engine", "against", "dot", "json", "leaks"])]
    steps: bool,
    /// Draw immutable values such as ints as boxes too
    #[arg(long)]
    boxes: bool,
    /// What the boxes of a picture say beside their content, separated by commas
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    columns: Vec<Column>,
    /// The most references to follow from a name
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    /// The most objects
    #[arg(long, value_name = "N", default_value_t = Bounds::default().objects)]
    objects: usize,
    /// The most references of one object
    #[arg(long, value_name = "N", default_value_t = Bounds::default().parts)]
    parts: usize,
    /// The most steps on the reference engine (calls, backward jumps, turns of native loops)
    #[arg(long, value_name = "N")]
    max_steps: Option<u64>,
    /// The most bytes of the heap of the reference engine
    #[arg(long, value_name = "BYTES")]
    max_memory: Option<usize>,
    /// The most seconds that another engine may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    timeout: f64,
}

pub fn main(args: &Args) -> ExitCode {
    let (source, filename) = match read_program(&args.file) {
        Ok(program) => program,
        Err(status) => return status.into(),
    };
    let Ok(time) = Duration::try_from_secs_f64(args.timeout) else {
        complain("--timeout takes a number of seconds");
        return Status::Usage.into();
    };
    let program = Program { source, filename, ..Program::default() };
    let asked = Asked { args, program, time };
    let ended = match &args.against {
        Some(other) => asked.compare(other),
        None => asked.show(),
    };
    ended.unwrap_or_else(|error| {
        complain(error);
        Status::Infra.into()
    })
}

struct Asked<'a> {
    args: &'a Args,
    program: Program,
    time: Duration,
}

impl Asked<'_> {
    fn bounds(&self) -> Bounds {
        let Args { objects, parts, depth, .. } = *self.args;
        Bounds { objects, parts, depth: depth.unwrap_or(usize::MAX) }
    }

    fn limits(&self) -> Limits {
        let standard = Limits::default();
        Limits {
            steps: self.args.max_steps.unwrap_or(standard.steps),
            memory: self.args.max_memory.unwrap_or(standard.memory),
            ..standard
        }
    }

    fn reference(&self, version: PyVersion) -> Result<Seen, GraphError> {
        of_reference(&Profile::of(version), self.limits(), &self.program, self.bounds(), self.args.leaks)
    }

    fn steps(&self, version: PyVersion) -> Result<Vec<Step>, GraphError> {
        steps(&Profile::of(version), self.limits(), &self.program, self.bounds())
    }

    /// Each statement with the objects after it.
    fn in_words(&self, steps: &[Step]) -> String {
        let captions = panels(steps, &self.options()).into_iter().map(|panel| panel.caption);
        let parts = captions.zip(steps).map(|(caption, step)| format!("{caption}{}", render(&step.moment.graph)));
        parts.collect::<Vec<_>>().join("\n")
    }

    fn python(&self, command: &str) -> Result<Seen, GraphError> {
        of_python(command, &self.program, self.bounds(), self.time)
    }

    fn show(&self) -> Result<ExitCode, GraphError> {
        let seen = match &self.args.engine {
            Some(command) => self.python(command)?,
            None => self.reference(self.args.profile.unwrap_or(PyVersion::NEWEST))?,
        };
        pass_on(&seen);
        let options = self.options();
        if self.draws() {
            let panels = if self.args.steps {
                panels(&self.steps(seen.version)?, &options)
            } else {
                vec![Panel { caption: String::new(), scene: Scene::of(&seen.graph, &options) }]
            };
            let title = format!("The objects of {} in {}", self.program.filename, seen.engine);
            self.draw(&Sheet { title, words: plain(&render(&seen.graph)), panels, beside: false })?;
            return Ok(ExitCode::from(seen.status));
        }
        let text = match (&seen.leaks, self.args.json) {
            _ if self.args.steps => self.in_words(&self.steps(seen.version)?),
            (Some(leaks), true) => json(leaks),
            (None, true) => json(&seen.graph),
            (Some(leaks), false) => render_leaks(leaks),
            (None, false) => render(&seen.graph),
        };
        // A reader that has gone away is no error of the program.
        let _ = anstream::stdout().lock().write_all(text.as_bytes());
        Ok(ExitCode::from(seen.status))
    }

    fn options(&self) -> Options {
        let Args { boxes, columns, .. } = self.args;
        Options { boxes: *boxes, columns: columns.clone(), ..Options::default() }
    }

    fn draws(&self) -> bool {
        self.args.svg.is_some() || self.args.html.is_some() || self.args.dot.is_some()
    }

    /// Writes the pictures that are asked for.
    fn draw(&self, sheet: &Sheet) -> Result<(), GraphError> {
        type Draw = fn(&Sheet) -> String;
        let first: Draw = |sheet| sheet.panels.first().map_or(String::new(), |panel| dot(&panel.scene));
        let pictures = [(&self.args.svg, svg as Draw), (&self.args.html, page), (&self.args.dot, first)];
        for (file, draw) in pictures.iter().filter_map(|(file, draw)| Some((file.as_ref()?, draw))) {
            write_file(file, &draw(sheet)).map_err(|error| GraphError::Picture(file.display().to_string(), error))?;
        }
        Ok(())
    }

    /// The first difference between two engines.
    fn compare(&self, other: &str) -> Result<ExitCode, GraphError> {
        let second = self.python(other)?;
        let first = match &self.args.engine {
            Some(command) => self.python(command)?,
            None => self.reference(self.args.profile.unwrap_or(second.version))?,
        };
        pass_on(&first);
        let difference = first.graph.isomorphic(&second.graph);
        if self.draws() {
            let mut options = self.options();
            options.marked.extend(difference.as_ref().err().map(|difference| difference.path.clone()));
            let words = match &difference {
                Ok(()) => "the same graph".to_string(),
                Err(difference) => difference.describe("the left one", "the right one"),
            };
            let panel = |seen: &Seen| Panel {
                caption: format!("{}\n{words}", seen.engine),
                scene: Scene::of(&seen.graph, &options),
            };
            let both = format!("{words}\n\n{}\n{}", plain(&render(&first.graph)), plain(&render(&second.graph)));
            let panels = vec![panel(&first), panel(&second)];
            let title = format!("The objects of {} in {} and {}", self.program.filename, first.engine, second.engine);
            self.draw(&Sheet { title, words: both, panels, beside: true })?;
        }
        let (text, status) = match difference {
            Ok(()) => {
                let objects = first.graph.objects.len();
                (
                    format!("the same graph of {objects} objects in {} and {}\n", first.engine, second.engine),
                    Status::Fine,
                )
            }
            Err(difference) => (difference.describe(&first.engine, &second.engine) + "\n", Status::Failed),
        };
        let _ = anstream::stdout().lock().write_all(text.as_bytes());
        Ok(status.into())
    }
}

/// What the program wrote.
fn pass_on(seen: &Seen) {
    let mut errors = io::stderr().lock();
    let _ = errors.write_all(&seen.stdout);
    let _ = errors.write_all(&seen.stderr);
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn json(data: &impl serde::Serialize) -> String {
    // Plain data: there is nothing that could not be written.
    serde_json::to_string_pretty(data).unwrap_or_default() + "\n"
}
