//! The suite that the harness carries, on Monty.

verysame::main!(verysame_example_monty::engine);
