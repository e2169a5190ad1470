//! The command `verysame`.

use std::process::ExitCode;

/// Each program gets a copy of a started interpreter, a few hundred kilobytes in large blocks. An allocator that keeps such
/// blocks makes a copy five times as fast as one that asks the system for each and gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    verysame::cli::main()
}
