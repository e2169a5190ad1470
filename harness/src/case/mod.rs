//! Cases as data: the files, their marks, their expansion, and the texts that an engine is given for each.
//!
//! ```text
//! file ─▶ fields ─▶ draft ─▶ expand, scope ─▶ marks (mark, guard, graph, attach) ─▶ lint ─▶ Case ─▶ plan (rewrite) ─▶ Job
//! ```
//!
//! Invariant: no engine is known here, and nothing here runs a program.

mod attach;
mod build;
mod expand;
mod fields;
mod file;
pub mod graph;
pub mod graph_heap;
mod graph_text;
pub mod guard;
mod lint;
mod load;
pub mod mark;
mod model;
mod need;
pub mod plan;
mod problem;
pub mod reference;
mod rewrite;
pub mod schema;
mod scope;
mod suite_lint;

pub use expand::Expanded;
pub use file::{CASE_KEYS, FILE_KEYS, RULE_KEYS};
pub use guard::{Guard, VersionSet};
pub use load::{Loaded, load_dir, load_texts};
pub use model::{Case, Choice, Expect, HeapMark, Level, Mark, Output, Place, Rule, Target};
pub use need::{CAPABILITIES, is_installed, is_module, is_package};
pub use plan::{Chunk, Job, Mode, Plan, Probe, ProbeKind, Skip, Watch, WatchBy, plan};
pub use problem::{Problem, Severity, SourceFile, nearest};
pub use scope::Scope;

#[cfg(test)]
mod tests;
