//! The book itself: the rooms in their order, put together into one [`Profile`].
//!
//! Invariant: a rule stands in exactly one room, and a room is a list of rules with the types of their values.

use super::*;
use std::ops::RangeInclusive;

rooms! { language protocols caching constants containers numbers formats sizes opcodes refcount gc finalisation syntax scope types machinery texts library tracebacks }
