//! `verysame engine`: what is to be known of one engine, or of two.

mod check;
mod diff;
mod page;

use super::Status;

/// Checks an engine, compares two, writes the page of its differences
#[derive(clap::Args)]
#[command(after_help = "Example: verysame engine check 'node my-python.mjs' --write my-python.toml")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Check(check::Args),
    Diff(diff::Args),
    Page(page::Args),
    List(ListArgs),
}

/// Lists the shipped profiles and whether their engines are here
#[derive(clap::Args)]
#[command(after_help = "Example: verysame engine list --engines ./engines")]
struct ListArgs {
    /// The folder that holds installed engines [default: $VERYSAME_ENGINES]
    #[arg(long, value_name = "DIR", env = "VERYSAME_ENGINES", hide_env = true)]
    engines: Option<std::path::PathBuf>,
}

pub fn main(args: &Args) -> Status {
    match &args.command {
        Command::Check(args) => check::main(args),
        Command::Diff(args) => diff::main(args),
        Command::Page(args) => page::main(args),
        Command::List(args) => list(args),
    }
}

fn list(args: &ListArgs) -> Status {
    for name in crate::profile::shipped_names() {
        match crate::profile::shipped(&name) {
            Some(Ok(profile)) => {
                let command = crate::profile::resolve(&profile.commands, None, args.engines.as_deref());
                let state = command.map_or_else(|_| "not here".to_string(), |words| words.join(" "));
                println!("{name:<18} {:<9} {:>4} deviations  {state}", profile.driver.word(), profile.deviations.len());
            }
            Some(Err(problems)) => {
                problems.iter().for_each(|problem| eprintln!("{problem}\n"));
                return Status::Usage;
            }
            None => {}
        }
    }
    Status::Fine
}
