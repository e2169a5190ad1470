//! The harness: cases in, verdicts out.
