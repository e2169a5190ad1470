//! `verysame engine check`: can it be asked, how, what has it, and what keeps its programs apart?

use super::super::accept::bare;
use super::super::{Status, complain};
use crate::case::CAPABILITIES;
use crate::engine::poison::{Leak, leaks};
use crate::engine::{Engine, EngineInfo, EngineSpec, Isolation, Limits, OpenError, capability, rates};
use crate::files::write_whole;
use crate::profile::{DriverKind, EngineProfile, read_profile};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use verysame_engine::rules::PyVersion;

/// Finds out how a command can be put under test, and says what it can do
///
/// The driver is found by trying: a Python with `exec` and file descriptors, a worker that speaks the protocol, anything
/// that runs a file. Then the engine is asked for its version and its capabilities, and programs try to leave something
/// behind for the next one, in ten ways.
///
/// Exit status: 0 it can be tested; 1 its programs are not kept apart, or it is not what it says; 3 it cannot be asked.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  verysame engine check ./my-python\n  verysame engine check 'node my-python.mjs' --write my-python.toml"
)]
pub struct Args {
    /// A command, a profile's file, or the name of a shipped profile
    #[arg(value_name = "COMMAND")]
    command: String,
    /// How it is asked: `python`, `worker`, `server`, `file`, `exec` [default: the first that works]
    #[arg(long, value_name = "DRIVER", value_parser = parse_driver)]
    driver: Option<DriverKind>,
    /// How its programs are kept apart: `fork`, `reset`, `spawn` [default: as the driver does]
    #[arg(long, value_name = "HOW", value_parser = parse_isolation)]
    isolation: Option<Isolation>,
    /// Measure how many small programs a second it takes, too: kept apart, and in batches for `verysame fuzz`
    #[arg(long)]
    rates: bool,
    /// Write a profile
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// The folder that holds installed engines, for the shipped profiles [default: $VERYSAME_ENGINES]
    #[arg(long, value_name = "DIR", env = "VERYSAME_ENGINES", hide_env = true)]
    engines: Option<PathBuf>,
}

const DRIVERS: [DriverKind; 5] =
    [DriverKind::Python, DriverKind::Worker, DriverKind::File, DriverKind::Exec, DriverKind::Server];

fn parse_driver(word: &str) -> Result<DriverKind, String> {
    let found = DRIVERS.into_iter().find(|driver| driver.word() == word);
    found.ok_or_else(|| "the drivers are python, worker, server, file and exec".to_string())
}

fn parse_isolation(word: &str) -> Result<Isolation, String> {
    Isolation::from_word(word).ok_or_else(|| "programs are kept apart by fork, reset or spawn".to_string())
}

/// An engine that answered.
struct Answering {
    engine: Box<dyn Engine>,
    spec: EngineSpec,
    driver: DriverKind,
    profile: EngineProfile,
}

pub fn main(args: &Args) -> Status {
    let Answering { mut engine, spec, driver, profile } = match open(args) {
        Ok(answering) => answering,
        Err(words) => {
            complain(words);
            return Status::Infra;
        }
    };
    let info = engine.describe();
    let limits = Limits::default();
    let begun = Instant::now();
    let smoke = capability::runs(&mut *engine, "x = [1, 2]\nassert x[1] == 2", &limits);
    let time = crate::report::text::shown(begun.elapsed());
    if smoke != Some(true) {
        complain(format_args!("`{}` does not run a simple program", args.command));
        return Status::Infra;
    }
    println!("smoke         runs a simple program in {time}, driver {}, {}", driver.word(), info.isolation.word());
    let honest = version(&mut *engine, &info, profile.python.is_some(), &limits);
    let modes: Vec<&str> = info.modes.iter().map(|mode| mode.word()).collect();
    println!("modes         {}", modes.join(", "));
    let names = || CAPABILITIES.iter().map(|(name, _)| *name).chain([capability::FILES]);
    let mut lacks = Vec::new();
    for name in names() {
        let has = profile.capabilities.get(name).copied();
        if !has.unwrap_or_else(|| capability::has(&mut *engine, name, &limits).unwrap_or(true)) {
            lacks.push(name);
        }
    }
    println!("capabilities  {} of {}", names().count() - lacks.len(), names().count());
    if !lacks.is_empty() {
        println!("lacks         {}", lacks.join(", "));
    }
    let leaks = leaks(&mut *engine, &limits);
    let leaking: Vec<&str> = leaks.iter().filter(|leak| leak.leaks == Some(true)).map(|leak| leak.name).collect();
    let asked = leaks.iter().filter(|leak| leak.leaks.is_some()).count();
    println!("leaks         {} of {asked} ways of poisoning the next program{}", leaking.len(), told(&leaks));
    let safe = leaking.is_empty();
    let advice = match (safe, info.isolation) {
        (true, isolation) => format!("{} is safe: nothing leaks", isolation.word()),
        (false, Isolation::Spawn) => "not even spawn is safe: programs leave something on disk".to_string(),
        (false, isolation) => format!("{} is not safe: say isolation = \"spawn\"", isolation.word()),
    };
    println!("isolation     {advice}");
    if args.rates {
        rates(&spec, &info, &limits);
    }
    if let Some(file) = &args.write
        && let Err(words) = write(args, driver, &info, safe, file)
    {
        complain(words);
        return Status::Usage;
    }
    if safe && honest { Status::Fine } else { Status::Failed }
}

/// How long each rate is measured.
const MEASURED: Duration = Duration::from_secs(2);

fn rates(spec: &EngineSpec, info: &EngineInfo, limits: &Limits) {
    match rates::isolated(spec, limits, MEASURED) {
        Ok(rate) => println!("rate          {}: {rate}", info.isolation.word()),
        Err(words) => println!("rate          {}: {words}", info.isolation.word()),
    }
    match rates::in_batches(spec, limits, MEASURED) {
        Ok(Some(rate)) => println!("              batches of fuzz: {rate}"),
        Ok(None) => println!("              it takes no batches"),
        Err(words) => println!("              batches of fuzz: {words}"),
    }
}

fn told(leaks: &[Leak]) -> String {
    let names: Vec<&str> = leaks.iter().filter(|leak| leak.leaks == Some(true)).map(|leak| leak.name).collect();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

/// Opens the engine by the driver that was named, or by the first that works.
fn open(args: &Args) -> Result<Answering, String> {
    let path = Path::new(&args.command);
    let known = if path.extension().is_some_and(|end| end == "toml") {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", args.command))?;
        Some(read_profile(&args.command, &text).map(|mut profile| {
            profile.folder = path.parent().map(Path::to_path_buf);
            profile
        }))
    } else {
        crate::profile::shipped(&args.command)
    };
    if let Some(profile) = known {
        let profile = profile.map_err(|p| p.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        return start(args, profile);
    }
    let mut failures = Vec::new();
    // A server is written for this harness: its author names it.
    let tried = DRIVERS.into_iter().filter(|driver| *driver != DriverKind::Server);
    let drivers = args.driver.map_or_else(|| tried.collect(), |driver| vec![driver]);
    for driver in drivers {
        match start(args, EngineProfile::bare(&args.command, &args.command, driver)) {
            Ok(answering) => return Ok(answering),
            Err(words) => failures.push(format!("  {:<7} {words}", driver.word())),
        }
    }
    Err(format!("`{}` cannot be asked by any driver:\n{}", args.command, failures.join("\n")))
}

fn start(args: &Args, profile: EngineProfile) -> Result<Answering, String> {
    let driver = profile.driver;
    let open = |profile: &EngineProfile| {
        let spec = EngineSpec::profiled(&args.command, profile.clone(), args.isolation, args.engines.as_deref())?;
        spec.open().map(|engine| (spec, engine))
    };
    match open(&profile) {
        Ok((spec, engine)) => Ok(Answering { engine, spec, driver, profile }),
        // What calls itself 3.4 is asked what fits the oldest version with rules.
        Err(OpenError::Version { .. }) if profile.python.is_none() => {
            let profile = EngineProfile { python: PyVersion::of_minor(8), ..profile };
            let (spec, engine) = open(&profile).map_err(|error| error.to_string())?;
            Ok(Answering { engine, spec, driver, profile })
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Says which version it is, and whether `sys.version_info` says the same.
fn version(engine: &mut dyn Engine, info: &EngineInfo, chosen: bool, limits: &Limits) -> bool {
    let release = info.release.as_ref().map(|release| format!(", release {release}")).unwrap_or_default();
    println!("version       {} {}{release}", info.implementation, info.version);
    let Some(own) = capability::prints(engine, VERSION, limits).filter(|text| text.contains('.')) else { return true };
    let same = own.trim() == info.version.to_string();
    match (same, chosen) {
        (true, _) => true,
        (false, true) => {
            println!("              asked as {}; sys.version_info is {}", info.version, own.trim());
            true
        }
        (false, false) => {
            println!("              it is not what it says: sys.version_info is {}", own.trim());
            false
        }
    }
}

const VERSION: &str = "import sys\nprint('%d.%d.%d' % (sys.version_info[0], sys.version_info[1], sys.version_info[2]))";

fn write(args: &Args, driver: DriverKind, info: &EngineInfo, safe: bool, file: &Path) -> Result<(), String> {
    if file.exists() {
        return Err(format!("{} is there already", file.display()));
    }
    // A command that names files is understood from the profile's folder: there they have to be absolute or its own.
    let words = crate::profile::words(&args.command, Path::new("."));
    let mut text = bare(&words.join(" "), driver);
    if matches!(driver, DriverKind::File | DriverKind::Exec | DriverKind::Server) {
        text.push_str(&format!("python = \"3.{}\"\n", info.version.minor));
    }
    if !safe && info.isolation != Isolation::Spawn {
        text.push_str("isolation = \"spawn\"\n");
    }
    text.push_str(
        "# measured by the language alone; \"cpython\" counts CPython's own habits too\nclaims = \"language\"\n",
    );
    write_whole(file, text.as_bytes()).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    println!("profile       {} is written; next: verysame accept --engine {}", file.display(), file.display());
    Ok(())
}
