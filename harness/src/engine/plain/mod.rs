//! The plain way: a program is a file, the engine runs it, and its output tells what was seen.
//!
//! The engine needs `def`, `try` and `print`. What stands before the program in the file ([`program`]) gives the probes;
//! what they print lies between what the program prints, behind a secret word ([`output`]).

mod engine;
mod output;
mod program;
mod script;
mod server;

pub use engine::PlainEngine;
pub use program::Names;
pub use script::{Script, ScriptEngine, ScriptError};
pub use server::{RUN, write_launchers};
