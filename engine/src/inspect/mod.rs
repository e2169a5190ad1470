//! What a session shows of its objects: alias graphs as canonical text, and snapshots of the heap graph as data.

mod graph;
mod isomorphism;
mod leaks;
mod parts;
mod snapshot;
mod walk;

pub use isomorphism::{Difference, What};
pub use leaks::{Held, Leaks};
pub use snapshot::{Edge, Label, Name, Object, ObjectId, Snapshot};
pub use walk::Bounds;
