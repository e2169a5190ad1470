//! `verysame schema`: the JSON Schema of case files.

use super::{Status, put};
use crate::case::schema;

/// Prints the JSON Schema of case files, which gives editors completion
///
/// Exit status: 0.
#[derive(clap::Args)]
#[command(after_help = "Example: verysame schema > cases/case.schema.json")]
pub struct Args {}

pub fn main(_: &Args) -> Status {
    put(&schema::text());
    Status::Fine
}
