//! From an observation to verdicts. Pure: no file, no clock, no process.

pub mod observation;

pub use observation::{ChunkEnd, Event, EventSource, Observation, ProcessEnd, Raised, Seen};
