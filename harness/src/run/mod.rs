//! Running cases on engines: what is chosen, in which order, on how many threads.

pub mod accept;
pub mod execute;
pub mod faults;
pub mod pool;
pub mod select;
pub mod suite;
pub mod votes;
