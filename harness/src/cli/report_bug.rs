//! `verysame report-bug`: what to paste into an engine's tracker.

use super::common::{SuiteArgs, named, open_reference};
use super::matrix::found;
use super::{Status, complain};
use crate::case::nearest;
use crate::engine::Limits;
use crate::report::bug::{Answer, bug};
use crate::run::execute::{Opened, one};
use std::path::PathBuf;

/// Writes a report of one wrong answer, ready to paste into the engine's tracker
///
/// It holds the program, what is promised and where, the level, what the engine does, and what the others do that are
/// here.
///
/// Exit status: 0 written; 1 the engine does not get this case wrong; 2 wrong usage; 3 the engine could not be asked.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame report-bug scoping.except-name-unbound --engine brython")]
pub struct Args {
    /// The case's full id
    #[arg(value_name = "CASE")]
    case: String,
    /// The engine: a profile's file, the name of a shipped profile, or a command
    #[arg(long, value_name = "ENGINE")]
    engine: String,
    /// Other engines to ask; may be given several times [default: all that are here]
    #[arg(long, value_name = "ENGINE")]
    others: Vec<String>,
    /// Ask no other engine than the reference
    #[arg(long)]
    alone: bool,
    /// The folder that holds installed engines, for the shipped profiles [default: $VERYSAME_ENGINES]
    #[arg(long, value_name = "DIR", env = "VERYSAME_ENGINES", hide_env = true)]
    engines: Option<PathBuf>,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, broken) = args.suite.load();
    let Some(case) = loaded.cases.iter().find(|case| case.id == args.case) else {
        let near = nearest(&args.case, loaded.cases.iter().map(|case| case.id.as_str()));
        let near = near.map(|id| format!(": did you mean `{id}`?")).unwrap_or_default();
        complain(format_args!("no case `{}`{near}", args.case));
        return Status::Usage;
    };
    let engines = args.engines.as_deref();
    let mut names = vec![args.engine.clone(), "reference".to_string()];
    names.extend(match (args.alone, args.others.is_empty()) {
        (true, _) => Vec::new(),
        (false, true) => found(engines),
        (false, false) => args.others.clone(),
    });
    names.dedup();
    let mut answers = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 && *name == args.engine {
            continue;
        }
        let spec = open_reference(name).unwrap_or_else(|| named(name, None, engines));
        let opened = match spec.and_then(Opened::open) {
            Ok(opened) => opened,
            Err(words) if index == 0 => {
                complain(words);
                return Status::Infra;
            }
            // Another engine that cannot be asked has no vote.
            Err(_) => continue,
        };
        let mut handle = None;
        for mode in case.modes.iter().copied() {
            let run = one(case, mode, &opened, &mut handle, &Limits::default());
            answers.push(Answer { engine: opened.run(Vec::new()), run });
        }
    }
    match bug(case, loaded.rule(case.rules.first().map_or("", String::as_str)), &answers) {
        Some(text) => {
            print!("{text}");
            broken
        }
        None => {
            complain(format_args!("{} does not get {} wrong", args.engine, case.id));
            Status::Failed
        }
    }
}
