//! Monty, a subset of Python written in Rust, as an engine in process.

#![forbid(unsafe_code)]

use monty::MontyRun;
use monty_types::{CompileOptions, MontyException, PrintWriter, ResourceLimits, ResourceTracker};
use verysame::case::Mode;
use verysame::engine::{Engine, EngineInfo, Isolation, Limits, Script, ScriptEngine, ScriptError};
use verysame_engine::rules::py;

/// Monty: every program gets an interpreter of its own.
pub fn engine() -> impl Engine {
    let info = EngineInfo {
        name: "monty".to_string(),
        implementation: "monty".to_string(),
        version: py(14, 0),
        release: Some("0.0.23".to_string()),
        program: None,
        claims_cpython: false,
        isolation: Isolation::Reset,
        modes: vec![Mode::Module],
    };
    ScriptEngine::new(info, regex::Regex::new("does not (yet )?support|not supported|ModuleNotFoundError").ok(), run)
}

/// Runs a text and says what it printed and how it ended.
fn run(source: &str, limits: &Limits) -> Script {
    let runner = match MontyRun::new(source.to_string(), "case.py", Vec::new(), CompileOptions::default()) {
        Ok(runner) => runner,
        Err(error) => return Script { stdout: String::new(), raised: Some(raised(&error)) },
    };
    let bounds = ResourceLimits::default().max_duration(limits.time / 2);
    let mut stdout = String::new();
    let printed = PrintWriter::CollectString(&mut stdout, Some(limits.output));
    let end = runner.run(Vec::new(), ResourceTracker::new(bounds), printed);
    Script { stdout, raised: end.err().as_ref().map(raised) }
}

fn raised(error: &MontyException) -> ScriptError {
    ScriptError {
        class: error.exc_type().to_string(),
        text: error.message().unwrap_or_default().to_string(),
        line: error.traceback().first().map(|frame| frame.start.line),
    }
}
