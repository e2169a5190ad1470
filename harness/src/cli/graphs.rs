//! `verysame graphs`: the objects that cases leave behind, on the reference engine and on a Python.

use super::common::{SuiteArgs, counted};
use super::{Status, complain, put};
use crate::case::{Case, Expect, Mode, plan};
use crate::engine::graph::{Program, all_of_python, of_python, of_reference};
use std::time::Duration;
use verysame_engine::Limits;
use verysame_engine::inspect::Bounds;
use verysame_engine::rules::{Profile, PyVersion};

/// Compares the graphs of objects that cases leave behind on the reference engine and on a Python
///
/// Takes the cases that state an alias graph, by a mark `#&>` or at their end, runs each on both, and says for each that
/// differs where it differs first. The reference engine follows the other one's version.
///
/// Exit status: 1 when a graph differs or could not be had, 2 for wrong usage, 3 when the Python could not be asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame graphs --against python3.13\n  verysame graphs --against python3 --all identity."
)]
pub struct Args {
    /// Parts of case ids; a case with any of them is taken
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// The Python, a command
    #[arg(long, value_name = "COMMAND", default_value = "python3")]
    against: String,
    /// Take cases that state no graph too; what depends on addresses or hashes differs then
    #[arg(long)]
    all: bool,
    /// Say of each case that its graphs are the same, too
    #[arg(long)]
    verbose: bool,
    /// The most seconds that a program may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, status) = args.suite.load();
    let time = Duration::from_secs(args.timeout);
    let version = match of_python(&args.against, &Program::default(), Bounds::default(), time) {
        Ok(seen) => seen.version,
        Err(error) => {
            complain(error);
            return Status::Infra;
        }
    };
    let wanted = |case: &&Case| {
        let named = args.filters.is_empty() || args.filters.iter().any(|filter| case.id.contains(filter));
        named && (args.all || states_graph(case))
    };
    let programs: Vec<Program> = loaded.cases.iter().filter(wanted).filter_map(|case| program(case, version)).collect();
    if programs.is_empty() {
        complain("no case is chosen");
        return Status::Usage;
    }
    match compare(&args.against, version, &programs, time, args.verbose) {
        Ok((text, same)) => {
            put(&text);
            status.max(if same { Status::Fine } else { Status::Failed })
        }
        Err(error) => {
            complain(error);
            Status::Infra
        }
    }
}

/// Whether a case says which objects are shared.
fn states_graph(case: &Case) -> bool {
    !case.heap.is_empty() || case.marks.iter().any(|mark| matches!(mark.expect, Expect::Graph(_)))
}

/// The program of a case as a module, if it runs in that version.
fn program(case: &Case, version: PyVersion) -> Option<Program> {
    let planned = plan(case, Mode::Module, version).ok()?;
    let source: String = planned.job.chunks.iter().map(|chunk| chunk.source.as_str()).collect();
    let probes = planned.job.probes.into_iter().map(|probe| probe.name).collect();
    Some(Program { source: source.into(), filename: case.id.clone(), files: planned.job.files, probes })
}

/// What there is to say, and whether all graphs are the same.
fn compare(
    command: &str,
    version: PyVersion,
    programs: &[Program],
    time: Duration,
    verbose: bool,
) -> Result<(String, bool), crate::engine::graph::GraphError> {
    let (mut text, mut same, mut objects) = (String::new(), 0, 0);
    let answers = all_of_python(command, programs, Bounds::default(), time)?;
    for (program, theirs) in programs.iter().zip(answers) {
        let ours = of_reference(&Profile::of(version), Limits::default(), program, Bounds::default(), false)?;
        let said = match theirs {
            Err(error) => Some(error.to_string()),
            Ok(theirs) if theirs.status != ours.status => Some(format!(
                "ends with {} in {} and with {} in {}",
                ours.status, ours.engine, theirs.status, theirs.engine
            )),
            Ok(theirs) => match ours.graph.isomorphic(&theirs.graph) {
                Ok(()) => None,
                Err(difference) => Some(difference.describe(&ours.engine, &theirs.engine)),
            },
        };
        match said {
            Some(words) => text.push_str(&format!("{}: {words}\n", program.filename)),
            None => {
                same += 1;
                objects += ours.graph.objects.len();
                if verbose {
                    text.push_str(&format!(
                        "{}: the same graph of {}\n",
                        program.filename,
                        counted(ours.graph.objects.len(), "object")
                    ));
                }
            }
        }
    }
    let different = programs.len() - same;
    text.push_str(&format!(
        "{} on the reference engine and {command} {version}: {same} leave the same graph ({objects} objects), {different} another\n",
        counted(programs.len(), "case")
    ));
    Ok((text, different == 0))
}
