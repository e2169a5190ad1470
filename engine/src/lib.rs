//! The reference engine: an executable specification of CPython's identity, mutability, caching, scoping and lifetime
//! rules, per version from 3.8 to 3.15.

#[allow(dead_code)]
mod code;
#[allow(dead_code)]
mod heap;
pub mod inspect;
#[allow(dead_code)]
mod native;
#[allow(dead_code)]
mod object;
pub mod rules;
#[allow(dead_code)]
mod scope;
mod session;
pub mod syntax;
#[allow(dead_code)]
mod vm;

pub use session::*;
