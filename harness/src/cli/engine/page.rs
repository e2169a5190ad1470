//! `verysame engine page`: "differences from Python", from an engine's deviations.

use super::super::common::SuiteArgs;
use super::super::{Status, complain};
use crate::profile::{EngineProfile, read_profile, shipped};
use crate::report::page::page;
use std::path::Path;

/// Writes the page of an engine's differences from Python, as Markdown
///
/// It is made from the deviations of the profile and from the suite: by rule the level, an example that can be run, the
/// cause and the issue. Nothing is run.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame engine page micropython.toml > differences.md")]
pub struct Args {
    /// A profile's file, or the name of a shipped profile
    #[arg(value_name = "ENGINE")]
    engine: String,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, broken) = args.suite.load();
    match profile(&args.engine) {
        Ok(profile) => {
            print!("{}", page(&profile, &loaded));
            broken
        }
        Err(words) => {
            complain(words);
            Status::Usage
        }
    }
}

/// The profile that somebody names.
///
/// # Errors
/// There is none, or it is wrong.
pub fn profile(given: &str) -> Result<EngineProfile, String> {
    let said =
        |problems: Vec<crate::case::Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    if Path::new(given).extension().is_some_and(|end| end == "toml") {
        let text = std::fs::read_to_string(given).map_err(|error| format!("{given} cannot be read: {error}"))?;
        return read_profile(given, &text).map_err(said);
    }
    let none = || format!("there is no profile `{given}`: there are {}", crate::profile::shipped_names().join(", "));
    shipped(given).ok_or_else(none)?.map_err(said)
}
