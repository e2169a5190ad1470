//! How fast the reference engine runs programs, against python3 in the same run: the ratio of the CPU times.
//!
//! `cargo bench --bench speed`, with `-- NAME…` for some of the programs. Each program runs several times on both, in
//! turns; the fastest run counts. No test depends on it: the machine decides.

use rustix::time::{ClockId, clock_gettime};
use std::process::{Command, ExitCode};
use std::time::Duration;
use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session};

const PROGRAMS: &[(&str, &str)] = &[
    ("attributes", include_str!("programs/attributes.py")),
    ("bodies", include_str!("programs/bodies.py")),
    ("calls", include_str!("programs/calls.py")),
    ("comprehensions", include_str!("programs/comprehensions.py")),
    ("dict_counts", include_str!("programs/dict_counts.py")),
    ("exceptions", include_str!("programs/exceptions.py")),
    ("floats", include_str!("programs/floats.py")),
    ("for_range", include_str!("programs/for_range.py")),
    ("objects", include_str!("programs/objects.py")),
    ("sieve", include_str!("programs/sieve.py")),
    ("strings", include_str!("programs/strings.py")),
    ("while_loop", include_str!("programs/while_loop.py")),
];

/// Runs of each program on each engine.
const TURNS: usize = 5;

/// Reads a program, runs it, and tells the CPU seconds of the run alone.
const DRIVER: &str = "import sys, time
code = compile(sys.argv[1], 'bench.py', 'exec')
begin = time.process_time()
exec(code, {'__name__': '__main__'})
print(time.process_time() - begin)
";

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let Some(version) = version_of_python() else {
        eprintln!("no python3 of a known version on the PATH to compare with");
        return ExitCode::FAILURE;
    };
    println!("{:<16}{:>12}{:>12}{:>8}", format!("rules of {version}"), "engine, ms", "python3, ms", "ratio");
    let mut logs = Vec::new();
    for (name, source) in PROGRAMS {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| name.contains(wanted.as_str())) {
            continue;
        }
        let mut best: Option<(Duration, Duration)> = None;
        for _ in 0..TURNS {
            let (ours, theirs) = match (on_engine(version, source), on_python(source)) {
                (Ok(ours), Ok(theirs)) => (ours, theirs),
                (Err(words), _) | (_, Err(words)) => {
                    eprintln!("{name}: {words}");
                    return ExitCode::FAILURE;
                }
            };
            best = Some(best.map_or((ours, theirs), |(a, b)| (a.min(ours), b.min(theirs))));
        }
        let Some((ours, theirs)) = best else { continue };
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        logs.push(ratio.ln());
        println!("{name:<16}{:>12.1}{:>12.1}{ratio:>8.2}", millis(ours), millis(theirs));
    }
    if !logs.is_empty() {
        let mean = (logs.iter().sum::<f64>() / logs.len() as f64).exp();
        println!("{:<40}{mean:>8.2}", "geometric mean");
    }
    ExitCode::SUCCESS
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// CPU time of this thread.
fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

fn on_engine(version: PyVersion, source: &str) -> Result<Duration, String> {
    let mut session = Session::new(&Profile::of(version), Limits::default());
    let begin = cpu();
    match session.run_module(source.as_bytes(), "bench.py") {
        Ended::Completed => Ok(cpu() - begin),
        other => Err(format!("the engine ended with {other:?}")),
    }
}

fn on_python(source: &str) -> Result<Duration, String> {
    let output = Command::new("python3").args(["-I", "-S", "-c", DRIVER, source]).output();
    let output = output.map_err(|error| format!("python3 does not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    match text.trim().parse() {
        Ok(seconds) => Ok(Duration::from_secs_f64(seconds)),
        Err(_) => Err(format!("python3 says {}", String::from_utf8_lossy(&output.stderr))),
    }
}

fn version_of_python() -> Option<PyVersion> {
    let ask = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
    let output = Command::new("python3").args(["-I", "-S", "-c", ask]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
