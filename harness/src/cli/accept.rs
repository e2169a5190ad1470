//! `verysame accept`: today's wrong answers of an engine become deviations in its profile.

use super::common::{SelectArgs, SuiteArgs, counted, named, progress};
use super::{Status, complain};
use crate::engine::Limits;
use crate::files::write_whole;
use crate::judge::Deviation;
use crate::profile::{self, Change, DriverKind, STUB, read_profile};
use crate::run::accept::{Accepted, accept};
use crate::run::execute::{Opened, Settings, count, execute};
use crate::run::pool::processors;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Records what an engine gets wrong today in its profile, by rule
///
/// Each wrong answer becomes a [[deviation]] with its value, and each rule a place for the reason. From then on `verysame
/// run` fails on anything new: another wrong answer, another case, or an answer that is right after all. What is no longer
/// so goes; what a person wrote stays.
///
/// Exit status: 0 written, or nothing to write; 2 wrong usage; 3 the engine could not be asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame accept --engine ./my-python.toml\n  verysame accept --engine micropython --to mine.toml scoping."
)]
pub struct Args {
    #[command(flatten)]
    select: SelectArgs,
    /// A profile's file, or the name of a shipped profile, or a command
    #[arg(long, value_name = "ENGINE")]
    engine: String,
    /// The folder that holds installed engines, for the shipped profiles [default: $VERYSAME_ENGINES]
    #[arg(long, value_name = "DIR", env = "VERYSAME_ENGINES", hide_env = true)]
    engines: Option<PathBuf>,
    /// The file to write [default: the profile's own, else NAME.toml here]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How many threads [default: one a processor]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    suite: SuiteArgs,
}

pub fn main(args: &Args) -> Status {
    let (loaded, broken) = args.suite.load();
    if broken != Status::Fine {
        complain("the suite has errors: what it says about an engine cannot be relied on");
        return broken;
    }
    if !args.select.finds(&loaded) {
        return Status::Usage;
    }
    let opened = match named(&args.engine, None, args.engines.as_deref()).and_then(Opened::open) {
        Ok(opened) => opened,
        Err(words) => {
            complain(words);
            return Status::Infra;
        }
    };
    let (text, file) = match target(args, &opened) {
        Ok(target) => target,
        Err(words) => {
            complain(words);
            return Status::Usage;
        }
    };
    let settings = Settings {
        selection: args.select.selection(),
        threads: args.jobs.unwrap_or_else(processors),
        limits: Limits::default(),
    };
    let opened = vec![opened];
    let bar = progress(count(&loaded, &opened, &settings.selection));
    let runs = execute(&loaded, &opened, &settings, |_| bar.inc(1));
    bar.finish_and_clear();
    let results = runs.into_iter().next().and_then(|run| run.results.ok()).unwrap_or_default();
    let (deviations, version) = opened.first().map_or((&[][..], None), |o| (&o.deviations[..], Some(o.info().version)));
    let Some(version) = version else { return Status::Infra };
    let Accepted { change, unasked } = accept(&results, &loaded.cases, deviations, version);
    let status = write(&text, &file, &change, args.dry_run);
    if unasked.is_empty() {
        return status;
    }
    complain(format_args!("{} could not be asked, and nothing is said of: {}", args.engine, unasked.join(", ")));
    status.max(Status::Infra)
}

/// The text that is to be changed and the file that it belongs to.
fn target(args: &Args, opened: &Opened) -> Result<(String, PathBuf), String> {
    let given = Path::new(&args.engine);
    let own = given.extension().is_some_and(|end| end == "toml");
    let text = match (own, profile::text_of(&args.engine)) {
        (true, _) => std::fs::read_to_string(given).map_err(|error| format!("{}: {error}", args.engine))?,
        (false, Some((_, text))) => text,
        (false, None) => bare(&args.engine, DriverKind::Python),
    };
    let name = if profile::shipped(&args.engine).is_some() { &args.engine } else { &opened.info().implementation };
    let file = args.to.clone().unwrap_or_else(|| if own { given.to_path_buf() } else { format!("{name}.toml").into() });
    if !own && args.to.is_none() && file.exists() {
        let file = file.display();
        return Err(format!("{file} is there already: name it (--engine {file}), or another one (--to FILE)"));
    }
    Ok((text, file))
}

/// The text of a profile of which nothing is known but the command.
pub fn bare(command: &str, driver: DriverKind) -> String {
    let command = toml::Value::String(command.to_string());
    format!("command = {command}\ndriver = \"{}\"\n", driver.word())
}

fn write(text: &str, file: &Path, change: &Change, dry_run: bool) -> Status {
    let shown = file.display();
    if change.add.is_empty() && change.remove.is_empty() && file.exists() {
        println!("{shown}: nothing new");
        return Status::Fine;
    }
    let path = file.to_string_lossy();
    let written = match profile::edited(text, change) {
        Ok(written) => written,
        Err(words) => {
            complain(format_args!("{shown}: {words}"));
            return Status::Usage;
        }
    };
    let profile = match read_profile(&path, &written) {
        Ok(profile) => profile,
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}\n"));
            return Status::Usage;
        }
    };
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for deviation in &change.add {
        *by_rule.entry(deviation.rule.as_deref().unwrap_or("no rule")).or_default() += 1;
    }
    for (rule, count) in &by_rule {
        println!("  {count:>4}  {rule}");
    }
    let unexplained = profile.deviations.iter().filter(|deviation: &&Deviation| deviation.reason == STUB).count();
    println!(
        "{shown}: {} by {} added, {} removed; {unexplained} without a reason yet",
        counted(change.add.len(), "deviation"),
        counted(by_rule.len(), "rule"),
        change.remove.len()
    );
    if dry_run {
        return Status::Fine;
    }
    match write_whole(file, written.as_bytes()) {
        Ok(()) => Status::Fine,
        Err(error) => {
            complain(format_args!("{shown} cannot be written: {error}"));
            Status::Usage
        }
    }
}
