//! The command `verysame`.
fn main() {}
