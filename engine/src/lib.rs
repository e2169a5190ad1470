//! The reference engine: an executable specification of CPython's identity, mutability, caching, scoping and lifetime
//! rules, per version from 3.8 to 3.15.

#[allow(dead_code)]
mod code;
#[allow(dead_code)]
mod object;
pub mod rules;
mod session;
pub use session::*;
#[allow(dead_code)]
mod scope;
#[allow(dead_code)]
pub mod syntax;
