//! An engine in process that can do no more than run a text and say what it printed and how it ended.

use super::super::answer::Exit;
use super::super::{Engine, EngineInfo, Limits, live};
use super::output::{self, Ran};
use super::program::{Form, program};
use crate::case::Job;
use crate::judge::Observation;
use crate::profile::Uncaught;

/// How a text ended.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Script {
    /// What it printed.
    pub stdout: String,
    /// The exception that ended it.
    pub raised: Option<ScriptError>,
}

/// An exception that ended a text, at its compilation too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    /// The class, as a traceback names it.
    pub class: String,
    /// `str(exception)`
    pub text: String,
    /// The 1-based line of the text's own statement that was being run or compiled.
    pub line: Option<u32>,
}

/// An [`Engine`] made of a function that runs a text.
///
/// The program's values are printed behind a secret word, as with engines that run files: the function needs to know
/// nothing of probes.
pub struct ScriptEngine<F> {
    info: EngineInfo,
    uncaught: Uncaught,
    run: F,
}

impl<F: FnMut(&str, &Limits) -> Script + Send> ScriptEngine<F> {
    /// An engine that runs the texts of mode `module`. `lacks` says by which exceptions, `Class: text`, it refuses what
    /// it does not have.
    pub fn new(info: EngineInfo, lacks: Option<regex::Regex>, run: F) -> ScriptEngine<F> {
        ScriptEngine { info, uncaught: Uncaught { lacks, ..Uncaught::default() }, run }
    }
}

impl<F: FnMut(&str, &Limits) -> Script + Send> Engine for ScriptEngine<F> {
    fn describe(&self) -> EngineInfo {
        self.info.clone()
    }

    fn observe(&mut self, job: &Job, limits: &Limits) -> Observation {
        let secret = live::token();
        let form = Form { names: super::Names::Globals, modules: false, exec: false };
        let program = program(job, &secret, form);
        let Script { stdout, raised } = (self.run)(&program.text, limits);
        let shown = raised.as_ref().map(|error| {
            let place = error.line.map(|line| format!("  File \"case.py\", line {line}\n")).unwrap_or_default();
            // The last line is the one that is read.
            format!("{place}{}: {}\n", error.class, error.text.replace('\n', "\\n"))
        });
        let exit = Exit::Status(i32::from(raised.is_some()));
        let err = shown.unwrap_or_default();
        let ran = Ran { job, program: &program, secret: &secret, out: stdout.as_bytes(), err: err.as_bytes(), exit };
        output::read(&ran, &self.uncaught)
    }
}
