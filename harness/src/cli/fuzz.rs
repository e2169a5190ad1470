//! `verysame fuzz`: generated programs on the reference engine and on another.

use super::common::{counted, named, parse_fault};
use super::{Status, complain};
use crate::engine::{EngineSpec, Limits};
use crate::fuzz::case::{self, NoCase, Origin};
use crate::fuzz::log::{Header, Log, Sum, finished};
use crate::fuzz::report::{Bucket, Divergence, buckets, by_rule};
use crate::fuzz::rule::rules_of;
use crate::fuzz::search::{Plan, Span, search};
use crate::fuzz::verdict::{self, Evidence};
use crate::fuzz::{Growth, Kind};
use crate::run::execute::Opened;
use crate::run::pool::processors;
use crate::run::suite::Suite;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use similar::TextDiff;
use std::collections::HashSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use verysame_engine::rules::PyVersion;

/// Runs generated programs on the reference engine and on another, and shows where they differ
///
/// Each program has exactly one legal output under the rules of the other engine's version. The reference engine follows
/// that version. Programs run in batches, and alone where a batch differs. What a known deviation of the engine explains
/// is counted; the rest is shrunk and put into buckets. Kind, seed and number make a program again, on every machine.
///
/// Exit status: 0 they agree, 1 they differ, 2 wrong usage, 3 the engine could not be asked.
#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  verysame fuzz --engine python3.12 --programs 20000 --seed 1\n  verysame fuzz --kind skeletons --seed 1 --first 417 --programs 1 --print\n  verysame fuzz --time 3600 --shard 2/8 --log part-2.jsonl    (again: it goes on where it was killed)\n  verysame fuzz merge part-*.jsonl"
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// A command that runs Python, a profile's file, or the name of a shipped profile; given several times, the others
    /// vote where the first one differs [default: python3]
    #[arg(long, value_name = "ENGINE", conflicts_with = "fault")]
    engine: Vec<String>,
    /// The folder that holds installed engines, for the shipped profiles [default: $VERYSAME_ENGINES]
    #[arg(long, value_name = "DIR", env = "VERYSAME_ENGINES", hide_env = true)]
    engines: Option<PathBuf>,
    /// The reference engine with a rule got wrong on purpose is the other engine: see `verysame faults --list`
    #[arg(long, value_name = "RULE:FAULT", value_parser = parse_fault)]
    fault: Option<(String, String)>,
    /// The version of the engine with the fault [default: the newest]
    #[arg(long, value_name = "VERSION", requires = "fault")]
    profile: Option<PyVersion>,
    /// What the programs are about: `skeletons` (nested scopes and names), `heap` (sharing and mutation), `caching`
    /// (constants), `lifetime` (counts, finalisers, cycles), `all` of these; `seeds` (the cases of the suite, changed); may
    /// be given several times
    #[arg(long, value_name = "KIND", default_value = "all", value_parser = parse_kinds)]
    kind: Vec<Kinds>,
    /// How many programs, divided among the kinds [default: 1000, or without end if there is a --time]
    #[arg(long, value_name = "N")]
    programs: Option<u64>,
    /// The seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The number of the first program of each kind
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u64,
    /// Begin no more programs after so many seconds
    #[arg(long, value_name = "SECONDS")]
    time: Option<u64>,
    /// Do part I of N: for many machines, or many processes
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    shard: Option<(u64, u64)>,
    /// Write what is done into this file, and pass over what is done according to it
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Report what known deviations explain as well
    #[arg(long, visible_alias = "no-deviations")]
    all: bool,
    /// Every program in a process of its own: slow, to measure what batches save
    #[arg(long)]
    alone: bool,
    /// Measure the programs: switch each fault of the reference engine on that has one of these parts in its name, or
    /// each one, against the plain engine, until a program tells them apart
    #[arg(long, value_name = "PART", num_args = 0.., conflicts_with_all = ["engine", "fault"])]
    faults: Option<Vec<String>>,
    /// Write the smallest programs that tell these faults apart into this file
    #[arg(long, value_name = "FILE", requires = "faults")]
    corpus: Option<PathBuf>,
    /// Only print the programs
    #[arg(long)]
    print: bool,
    /// Write each bucket as a case into this folder, if it is one: `cases/fuzz`
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, default_missing_value = "cases/fuzz")]
    cases: Option<PathBuf>,
    /// Write each bucket's program into this folder, as KIND-SEED-NUMBER.py
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The most buckets that are shown in full
    #[arg(long, value_name = "N", default_value_t = 10)]
    shown: usize,
    /// How many threads [default: one a processor]
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Puts the logs of many machines together and says what they found
    Merge {
        /// Logs of searches of one engine with one seed
        #[arg(required = true, value_name = "LOG")]
        logs: Vec<PathBuf>,
        /// Write one log with all of it, to be shown by `verysame fuzz --log`
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,
    },
}

/// What a word of `--kind` stands for.
#[derive(Clone, Debug)]
struct Kinds(Vec<Kind>);

fn parse_kinds(word: &str) -> Result<Kinds, String> {
    if word == "all" {
        return Ok(Kinds(Kind::GENERATED.to_vec()));
    }
    let words = Kind::ALL.map(Kind::word).join(", ");
    let found = Kind::ALL.into_iter().find(|kind| kind.word() == word);
    found.map(|kind| Kinds(vec![kind])).ok_or_else(|| format!("the kinds are {words} and all"))
}

fn parse_shard(text: &str) -> Result<(u64, u64), String> {
    let wrong = || "a shard is written I/N, with I from 1 to N".to_string();
    let (part, parts) = text.split_once('/').ok_or_else(wrong)?;
    let (part, parts): (u64, u64) = (part.parse().map_err(|_| wrong())?, parts.parse().map_err(|_| wrong())?);
    if part == 0 || part > parts { Err(wrong()) } else { Ok((part, parts)) }
}

impl Args {
    fn plan(&self) -> Plan {
        let mut kinds: Vec<Kind> = self.kind.iter().flat_map(|kinds| kinds.0.clone()).collect();
        kinds.sort();
        kinds.dedup();
        let without_end = self.programs.is_none() && self.time.is_some();
        Plan {
            kinds,
            seed: self.seed,
            first: self.first,
            programs: if without_end { None } else { Some(self.programs.unwrap_or(1000)) },
            shard: self.shard.unwrap_or((1, 1)),
            time: self.time.map(Duration::from_secs),
            threads: self.jobs.unwrap_or_else(processors),
            all: self.all,
            alone: self.alone,
            limits: Limits::default(),
        }
    }

    fn spec(&self) -> Result<EngineSpec, String> {
        match &self.fault {
            None => named(self.first_engine(), None, self.engines.as_deref()),
            Some(fault) => Ok(EngineSpec::Reference {
                version: self.profile.unwrap_or(PyVersion::NEWEST),
                fault: Some(fault.clone()),
            }),
        }
    }

    fn first_engine(&self) -> &str {
        self.engine.first().map_or("python3", String::as_str)
    }

    /// The arguments that find this again.
    fn rerun(&self, one: &Divergence) -> String {
        let all = if self.all { " --all" } else { "" };
        format!("{} --kind {} --seed {} --first {} --programs 1{all}", self.engine(), one.kind, self.seed, one.number)
    }

    /// The engines that vote.
    fn voters(&self) -> Result<Vec<Opened>, String> {
        let open = |given: &String| named(given, None, self.engines.as_deref()).and_then(Opened::open);
        self.engine.iter().skip(1).map(open).collect()
    }

    /// The arguments that choose the other engine.
    fn engine(&self) -> String {
        match (&self.fault, self.profile) {
            (None, _) => format!("--engine {}", crate::report::text::quoted(self.first_engine())),
            (Some((rule, fault)), None) => format!("--fault {rule}:{fault}"),
            (Some((rule, fault)), Some(version)) => format!("--fault {rule}:{fault} --profile {version}"),
        }
    }
}

pub fn main(args: &Args) -> Status {
    if let Some(Command::Merge { logs, into }) = &args.command {
        return merge(logs, into.as_deref());
    }
    let plan = args.plan();
    if args.print {
        return print_programs(&plan);
    }
    if let Some(parts) = &args.faults {
        return super::fuzz_faults::main(&plan, parts, args.corpus.as_deref());
    }
    let (opened, voters) = match args.spec().and_then(Opened::open).and_then(|opened| Ok((opened, args.voters()?))) {
        Ok(opened) => opened,
        Err(words) => return infra(words),
    };
    let name = verdict::name_of(&opened);
    let mut sum = Sum::default();
    let mut skip = HashSet::new();
    let log = match &args.log {
        None => None,
        Some(path) => match Log::open(path, &Header::new(&plan, name.clone())) {
            Ok((log, blocks)) => {
                for done in &blocks {
                    sum.add(done);
                }
                skip = finished(&blocks, plan.shard);
                Some(log)
            }
            Err(words) => {
                complain(words);
                return Status::Usage;
            }
        },
    };
    let resumed = sum.ran;
    let begun = Instant::now();
    let sum = match run(&plan, &opened, &skip, log.as_ref(), sum) {
        Ok(sum) => sum,
        Err(words) => return infra(words),
    };
    let took = begun.elapsed();
    let bar = bar(None);
    let found = buckets(&plan, &opened, &sum.found, || bar.set_message("shrinking"));
    bar.finish_and_clear();
    let found = match found {
        Ok(found) => found,
        Err(words) => return infra(words),
    };
    let suite = Suite::find(None).load();
    let known = verdict::gather(&plan, &opened, &voters, &found, |one| {
        rules_of(&one.first, opened.info().version, &suite, &plan.limits)
    });
    let found = match known {
        Ok(known) => by_rule(found, known),
        Err(words) => return infra(words),
    };
    for (one, evidence, rules) in found.iter().take(args.shown) {
        show(one, evidence, rules, args);
    }
    if found.len() > args.shown {
        println!("{} more: say --shown N, or --cases FOLDER", counted(found.len() - args.shown, "bucket"));
    }
    if let Some(folder) = &args.cases {
        for (one, evidence, rules) in &found {
            let origin = Origin { command: args.rerun(&one.first), opened: &opened, evidence };
            match case::write(folder, &one.first, &origin, rules, &suite, &plan.limits) {
                Ok(path) => println!("wrote {}", path.display()),
                Err(NoCase::Io(words)) => {
                    complain(words);
                    return Status::Usage;
                }
                Err(why) => println!("{} {} is no case: {why}", one.first.kind, one.first.number),
            }
        }
    }
    if let Some(folder) = &args.out
        && let Err(error) = write(folder, args, &found)
    {
        complain(format_args!("{}: {error}", folder.display()));
        return Status::Usage;
    }
    summary(&plan, &name, &sum, found.len(), resumed, took);
    if sum.found.is_empty() { Status::Fine } else { Status::Failed }
}

fn infra(words: String) -> Status {
    complain(words);
    Status::Infra
}

/// The search with its bar and its log.
fn run(plan: &Plan, opened: &Opened, skip: &HashSet<Span>, log: Option<&Log>, sum: Sum) -> Result<Sum, String> {
    let bar = bar(plan.programs.map(|programs| programs.div_ceil(plan.shard.1.max(1))));
    bar.inc(sum.ran);
    let begun = Instant::now();
    let (resumed, sum) = (sum.ran, Mutex::new(sum));
    search(plan, opened, skip, |done| {
        if let Some(log) = log {
            log.add(done)?;
        }
        let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
        sum.add(done);
        bar.inc(done.ran);
        let rate = (sum.ran - resumed) as f64 / begun.elapsed().as_secs_f64().max(1e-3);
        bar.set_message(format!("{rate:.0} programs/s, {}", counted(sum.found.len(), "divergence")));
        Ok(())
    })?;
    bar.finish_and_clear();
    let mut sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    sum.sort();
    Ok(sum)
}

/// A bar on a terminal, nothing elsewhere.
pub(super) fn bar(total: Option<u64>) -> ProgressBar {
    let shown = std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let template = if total.is_some() { "{bar:40} {pos}/{len} {msg}" } else { "{spinner} {pos} {msg}" };
    let bar = ProgressBar::with_draw_target(total, target);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn print_programs(plan: &Plan) -> Status {
    let kinds = plan.kinds.len() as u64;
    for kind in &plan.kinds {
        let count = plan.programs.unwrap_or(1000).div_ceil(kinds);
        for number in (plan.first..plan.first.saturating_add(count)).filter(|number| plan.is_ours(*kind, *number)) {
            match Growth::new(*kind, plan.seed, number) {
                Ok(growth) => print!("# {kind} {} {number}\n{}", plan.seed, growth.source()),
                Err(words) => return infra(words),
            }
        }
    }
    Status::Fine
}

fn show(bucket: &Bucket, evidence: &Evidence, rules: &[String], args: &Args) {
    let one = &bucket.first;
    println!("{} {}: {}, {}", one.kind, one.number, counted(bucket.count, "program"), evidence.verdict());
    if !rules.is_empty() {
        println!("  about {}", rules.join(", "));
    }
    for line in one.growth.source().lines() {
        println!("  | {line}");
    }
    let (ours, theirs) = (one.reference.text(), one.other.text());
    let diff = TextDiff::from_lines(&ours, &theirs);
    print!("{}", diff.unified_diff().context_radius(2).header("reference", &evidence.engine));
    for vote in &evidence.votes {
        println!("  {}: {}", vote.engine, if vote.agrees { "as the reference engine" } else { "otherwise" });
    }
    println!("rerun: {} fuzz {}\n", super::common::own_command(), args.rerun(one));
}

fn merge(logs: &[PathBuf], into: Option<&Path>) -> Status {
    let merged = match crate::fuzz::log::merge(logs) {
        Ok(merged) => merged,
        Err(words) => {
            complain(words);
            return Status::Usage;
        }
    };
    if let Some(path) = into
        && let Err(words) = crate::fuzz::log::write(path, &merged.header, &merged.blocks)
    {
        complain(words);
        return Status::Usage;
    }
    let mut sum = Sum::default();
    for done in &merged.blocks {
        sum.add(done);
    }
    sum.sort();
    for finding in &sum.found {
        let (ours, theirs) = (finding.reference.manner(), finding.other.manner());
        println!("{} {}: {ours} | {theirs}", finding.kind, finding.number);
    }
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let explained = count(sum.explained.values().sum());
    println!(
        "{} of {} with seed {}: {}, {} explained by deviations",
        counted(count(sum.ran), "program"),
        merged.header.engine,
        merged.header.seed,
        counted(sum.found.len(), "difference"),
        explained
    );
    if sum.found.is_empty() { Status::Fine } else { Status::Failed }
}

fn write(folder: &Path, args: &Args, found: &[(Bucket, Evidence, Vec<String>)]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (Bucket { first, .. }, ..) in found {
        let path = folder.join(format!("{}-{}-{}.py", first.kind, args.seed, first.number));
        crate::files::write_whole(&path, first.growth.source().as_bytes())?;
    }
    Ok(())
}

fn summary(plan: &Plan, name: &str, sum: &Sum, found: usize, resumed: u64, took: Duration) {
    for (why, count) in &sum.explained {
        println!("{} explained by {why}", counted(usize::try_from(*count).unwrap_or(usize::MAX), "difference"));
    }
    let kinds: Vec<&str> = plan.kinds.iter().map(|kind| kind.word()).collect();
    let count = |count: u64| counted(usize::try_from(count).unwrap_or(usize::MAX), "program");
    let before = if resumed > 0 { format!(", {} of them before", count(resumed)) } else { String::new() };
    println!(
        "{} ({}) against {name}{before}: {} in {}, {:.0} programs/s, {} run alone",
        count(sum.ran),
        kinds.join(", "),
        counted(sum.found.len(), "difference"),
        counted(found, "bucket"),
        (sum.ran - resumed) as f64 / took.as_secs_f64().max(1e-3),
        sum.alone
    );
}
