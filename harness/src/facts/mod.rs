//! The reference engine against facts that were measured on real interpreters.
//!
//! A folder of facts holds `cases.json`, the programs, and a file `cpython-*.json` for each interpreter, with its full
//! version and what it answered to each program. Every program is asked again, of the engine under the profile of that
//! version. Facts that are tables (sizes, growth curves, caches) have no program of their own: `probe.py`, the program
//! that measured them, is run on the engine.
//! A rule book is one file with a program a rule and what interpreters printed.
//!
//! Invariant: nothing here knows an answer; the measured value and the seen value are compared as they are. What the engine
//! does not promise is listed with reasons in `unpromised.toml`.

mod ask;
mod compare;
mod load;
mod probe;
mod rulebook;
mod text;
mod unpromised;

pub use ask::{Asked, ask};
pub use compare::{Chosen, Compared, Fate, Question, compare};
pub use load::{Folder, LoadError, Measured, load};
pub use probe::{Probe, Probed};
pub use rulebook::{AskError, load_rules};
pub use text::render;
pub use unpromised::{Unpromised, own_list};

/// A program of `cases.json`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Program {
    /// The whole text is one unit, run as `__main__`.
    Script(String),
    /// Inputs of a prompt, each a unit.
    Interactive(Vec<String>),
    /// The text is compiled and not run.
    Compile(String),
    /// A text or inputs where `@` stands for a literal; the answer is a table of `R` by the literals' names.
    Template {
        /// How it is run.
        how: TemplateMode,
        /// One text, or the inputs.
        units: Vec<String>,
        /// Name and source of each literal.
        literals: Vec<(String, String)>,
    },
    /// The program of a rule: what it prints, or how it ends.
    Probe(String),
    /// Expressions with a string constant each: is it interned?
    Interned(Vec<(String, String)>),
}

/// How a template is run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TemplateMode {
    /// As one unit.
    Script,
    /// As one unit that went through `marshal`.
    Marshalled,
    /// Each unit as an input of the prompt.
    Interactive,
}

impl Program {
    /// The mode's word in `cases.json`.
    pub fn mode(&self) -> &'static str {
        match self {
            Program::Script(_) => "script",
            Program::Interactive(_) => "repl",
            Program::Compile(_) => "syntax",
            Program::Template { how: TemplateMode::Script, .. } => "script template",
            Program::Template { how: TemplateMode::Marshalled, .. } => "pyc template",
            Program::Template { how: TemplateMode::Interactive, .. } => "repl template",
            Program::Probe(_) => "probe",
            Program::Interned(_) => "const_is_interned",
        }
    }

    /// The text, for a reader.
    pub fn shown(&self) -> String {
        match self {
            Program::Script(text) | Program::Compile(text) | Program::Probe(text) => text.clone(),
            Program::Interactive(units) | Program::Template { units, .. } => units.join("\n"),
            Program::Interned(sources) => {
                sources.iter().map(|(name, source)| format!("{name}: {source}")).collect::<Vec<_>>().join("\n")
            }
        }
    }
}

/// The section of a key: what stands before its first dot.
pub fn section(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}
