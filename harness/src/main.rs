//! The command `verysame`.

use std::process::ExitCode;

fn main() -> ExitCode {
    verysame::cli::main()
}
