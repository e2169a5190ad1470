//! The public face of the engine: a session compiles and runs programs, and answers questions about what it holds.

use crate::code::{CompileMode, WarningCategory, compile_source};
use crate::inspect::{Bounds, Leaks, Snapshot};
use crate::rules::Profile;
use crate::syntax::SyntaxIssue;
use crate::vm::Vm;

/// Bounds of one session. Exceeding one ends the run with [`Ended::Limit`], which no program can catch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Calls, backward jumps and turns of native loops.
    pub steps: u64,
    /// Bytes, as `sys.getsizeof` counts them.
    pub memory: usize,
    /// `sys.getrecursionlimit()` at the start.
    pub recursion: u32,
    /// Bytes written to stdout and stderr together.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 2_000_000_000, memory: 1 << 30, recursion: 1000, output: 64 << 20 }
    }
}

/// Which limit a program exceeded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum LimitKind {
    Steps,
    Memory,
    Recursion,
    Output,
}

/// An exception that reached the top.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Uncaught {
    /// The class's name, with its module unless that is builtins or `__main__`, as a traceback shows it.
    pub class: String,
    /// `str(exception)`; the bare message for a SyntaxError.
    pub text: String,
    /// It was raised by the compiler: nothing of the chunk ran.
    pub at_compile: bool,
    /// What python3 writes to stderr for it.
    pub traceback: String,
}

/// How a chunk of a session ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// It ran to its end.
    Completed,
    /// An exception reached the top.
    Raised(Uncaught),
    /// `SystemExit`, with the exit status.
    Exit(i32),
    /// A limit ended it; the session takes no further chunk.
    Limit(LimitKind),
}

/// What a probe function of the harness records when a program calls it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProbeKind {
    /// `probe(value)`: its `repr`.
    Value,
    /// `probe(value)`: its alias graph.
    Graph,
    /// `probe()`: the exception being handled.
    Raised,
    /// `probe()`: the graph below the names of `__main__`, kept as a [`Moment`].
    Objects(Bounds),
    /// `probe()`: the graph below the names of `__main__` and the variables of its functions that run, kept as a
    /// [`Moment`] as long as there are fewer than so many.
    Frames(Bounds, usize),
}

/// The objects of a program while it runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The name of the probe function that was called.
    pub by: String,
    /// The graph. The variable `x` of a function `f` that runs has the name `f().x`; of several calls of one function
    /// the innermost has its variables here.
    pub graph: Snapshot,
    /// For each object of the graph a number that tells it from all that live at the same time. An object keeps its number
    /// for its life; another may get it afterwards.
    pub identities: Vec<usize>,
    /// The function or class whose body called the probe; empty in the module.
    pub scope: String,
    /// How many calls are running.
    pub depth: usize,
    /// How many bytes the program had written to stdout by then.
    pub stdout_at: usize,
    /// Objects of the moment before, and those that waited then, by what told them from others, that are gone. One whose
    /// place another object of its type has taken is not among them.
    pub dead: Vec<usize>,
    /// Objects seen before that nothing reaches any more and that wait for the collector.
    pub waiting: Vec<usize>,
}

/// Something observed while a program ran.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Who saw it: the name of a probe function, or `sys.displayhook` in interactive mode.
    pub by: EventSource,
    /// What was seen.
    pub seen: Seen,
    /// How many bytes the program had written to stdout by then.
    pub stdout_at: usize,
}

/// Where an event comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EventSource {
    /// The probe function with this name.
    Probe(String),
    /// The interactive loop showed a value of the chunk with this index.
    Display(usize),
}

/// The observed fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// `repr(value)`, and the alias graph if it was asked for.
    Value {
        /// `repr(value)`
        repr: String,
        /// Canonical text of the alias graph.
        graph: Option<String>,
    },
    /// An exception's class and `str()`.
    Raised {
        /// As [`Uncaught::class`].
        class: String,
        /// As [`Uncaught::text`].
        text: String,
    },
}

/// A warning that the compiler gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileWarning {
    /// `SyntaxWarning` or `DeprecationWarning`.
    pub class: &'static str,
    /// CPython's text.
    pub text: String,
    /// 1-based line.
    pub line: u32,
}

/// Compiles a module's text and runs nothing; what the compiler warns of.
///
/// # Errors
/// What CPython would raise before it runs anything.
pub fn check_module(source: &[u8], profile: &Profile) -> Result<Vec<CompileWarning>, SyntaxIssue> {
    let compiled = compile_source(source, CompileMode::Exec, profile)?;
    let class = |category| match category {
        WarningCategory::Syntax => "SyntaxWarning",
        WarningCategory::Deprecation => "DeprecationWarning",
    };
    let warnings = compiled.warnings.into_iter();
    Ok(warnings.map(|w| CompileWarning { class: class(w.category), text: w.message, line: w.line }).collect())
}

/// An interpreter that has been started and has run nothing yet. Sessions begin as copies of it, which share with it
/// what they do not change: a copy is made much faster than an interpreter is started.
pub struct Started {
    vm: Vm,
}

impl Started {
    /// Starts an interpreter.
    pub fn new(profile: &Profile, limits: Limits) -> Started {
        Started { vm: Vm::new(profile, limits) }
    }

    /// Imports a module ahead, so that copies find it imported. Gives back whether there is such a module.
    pub fn import(&mut self, name: &str) -> bool {
        self.vm.import_ahead(name)
    }

    /// Sets aside what there is now: no collection looks at it, as after `gc.freeze()`. Collections of small programs
    /// take a fraction of the time, and see no garbage among what the start has made.
    pub fn freeze(&mut self) {
        self.vm.freeze();
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;

/// A module that a [`ModuleFinder`] has found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundModule {
    /// Its source text.
    pub source: Vec<u8>,
    /// What its `__file__` says and tracebacks show.
    pub filename: String,
    /// It may have submodules.
    pub is_package: bool,
}

/// Where imports look for modules that are not built in: the engine itself reads no files.
pub trait ModuleFinder {
    /// The module with this dotted name, if there is one.
    fn find(&self, name: &str) -> Option<FoundModule>;
}

/// An interpreter with one `__main__`.
pub struct Session {
    vm: Vm,
    chunks: usize,
    ended: Option<LimitKind>,
}

impl Session {
    /// A fresh interpreter. `sys.argv` is `['']`.
    pub fn new(profile: &Profile, limits: Limits) -> Session {
        Session { vm: Vm::new(profile, limits), chunks: 0, ended: None }
    }

    /// A fresh interpreter as a copy of one that has been started already.
    pub fn copy_of(started: &Started) -> Session {
        Session { vm: started.vm.clone(), chunks: 0, ended: None }
    }

    /// The rules in force.
    pub fn profile(&self) -> &Profile {
        &self.vm.profile
    }

    /// Whether code that is loaded from now on gets fused instructions. It does unless told otherwise; nothing that a
    /// program can see depends on it.
    pub fn set_fusion(&mut self, on: bool) {
        self.vm.fusion = on;
    }

    /// A module that programs can import, by dotted name.
    pub fn add_module(&mut self, name: &str, source: &str) {
        self.vm.sources.insert(name.to_string(), source.to_string());
    }

    /// Where imports look for modules; what it finds is taken before the engine's own Python sources.
    pub fn set_finder(&mut self, finder: std::rc::Rc<dyn ModuleFinder>) {
        self.vm.finder = Some(finder);
    }

    /// Puts a probe function of this name into `builtins`.
    pub fn add_probe(&mut self, name: &str, kind: ProbeKind) {
        self.vm.add_probe(name, kind);
    }

    /// Compiles and runs a whole source text in `__main__`.
    pub fn run_module(&mut self, source: &[u8], filename: &str) -> Ended {
        self.run(source, filename, CompileMode::Exec, 1)
    }

    /// Compiles and runs a whole source text in a fresh namespace, as if it were the only program: with its own
    /// `__main__` names, with the limits as given, and with what it wrote to stdout. What programs change beyond their
    /// names, such as modules and the collector's settings, stays changed, and an uncaught exception has no traceback.
    pub fn run_apart(&mut self, source: &[u8], filename: &str) -> (Ended, Vec<u8>) {
        if let Some(kind) = self.ended {
            return (Ended::Limit(kind), Vec::new());
        }
        let (ended, stdout) = self.vm.run_apart(source, filename);
        if let Ended::Limit(kind) = ended {
            self.ended = Some(kind);
        }
        (ended, stdout)
    }

    /// Compiles and runs one interactive statement whose first line has this 1-based number. With `graph`, displayed
    /// values carry their alias graph. The index of the chunk in events counts the calls of this function.
    pub fn run_interactive(&mut self, source: &[u8], first_line: u32, graph: bool) -> Ended {
        self.vm.display = Some((self.chunks, graph));
        self.chunks += 1;
        let ended = self.run(source, "<stdin>", CompileMode::Single, first_line);
        self.vm.display = None;
        ended
    }

    fn run(&mut self, source: &[u8], filename: &str, mode: CompileMode, first_line: u32) -> Ended {
        if let Some(kind) = self.ended {
            return Ended::Limit(kind);
        }
        let result = self.vm.run_main(source, filename, mode, first_line);
        let ended = self.vm.report_end(result);
        if let Ended::Limit(kind) = ended {
            self.ended = Some(kind);
        }
        ended
    }

    /// Everything observed so far, in order.
    pub fn events(&self) -> &[Event] {
        &self.vm.events
    }

    /// What probes of objects have kept so far, in order.
    pub fn moments(&self) -> &[Moment] {
        &self.vm.moments
    }

    /// Whether a name is among the built-in ones.
    pub fn is_builtin(&self, name: &str) -> bool {
        self.vm.dict_get_str(self.vm.builtins, name).is_some()
    }

    /// What was written to stdout so far.
    pub fn stdout(&self) -> &[u8] {
        &self.vm.out.stdout
    }

    /// What was written to stderr so far.
    pub fn stderr(&self) -> &[u8] {
        &self.vm.out.stderr
    }

    /// The alias graphs of these names of `__main__`, one numbering over all of them; `None` for an unbound name.
    pub fn graph_of(&mut self, names: &[&str]) -> Vec<Option<String>> {
        self.vm.graph_of_names(names)
    }

    /// The graph of objects below the names of `__main__`, as data.
    pub fn snapshot(&self, bounds: Bounds) -> Snapshot {
        self.vm.snapshot(bounds)
    }

    /// What would outlive the names of `__main__`, and why. Imports of the program's modules run once more, in a session
    /// of their own, to tell what they keep from what the program left with them.
    pub fn leaks(&self, bounds: Bounds) -> Leaks {
        let mut fresh = Session::new(&self.vm.profile, self.vm.budget.limits);
        fresh.vm.sources.clone_from(&self.vm.sources);
        fresh.vm.import_same_modules(&self.vm);
        self.vm.leaks(&fresh.vm, bounds)
    }

    /// Ends the interpreter as python3 does: `__main__` is emptied, then what is left is finalised.
    pub fn finish(&mut self) -> Ended {
        if let Some(kind) = self.ended {
            return Ended::Limit(kind);
        }
        match self.vm.shut_down() {
            Ok(()) => Ended::Completed,
            Err(stop) => self.vm.report_end(Err(stop)),
        }
    }

    /// Recomputes every reference count from a full walk; the error names the first object whose count is wrong.
    ///
    /// # Errors
    /// A description of the object, its stored count and the number of references found.
    pub fn audit(&self) -> Result<(), String> {
        self.vm.audit()
    }
}
