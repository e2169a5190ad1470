//! The harness: cases in, verdicts out.

pub mod bless;
pub mod book;
pub mod case;
pub mod cli;
pub mod conformance;
pub mod engine;
pub mod explain;
pub mod facts;
mod files;
pub mod fuzz;
pub mod judge;

mod layout;
pub mod picture;
pub mod profile;
pub mod report;
pub mod run;
pub mod site;
pub mod torture;
