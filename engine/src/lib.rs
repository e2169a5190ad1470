//! The reference engine: an executable specification of CPython's identity, mutability, caching, scoping and lifetime
//! rules, per version from 3.8 to 3.15.

mod code;
mod heap;
pub mod inspect;
mod native;
mod object;
pub mod reading;
pub mod rules;
mod scope;
mod session;
pub mod syntax;
mod vm;

pub use session::*;
