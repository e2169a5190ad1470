//! The third pass: what CPython's code generator refuses.
use crate::rules::Profile;
use crate::syntax::{Parsed, SyntaxIssue};

/// The first error that CPython's code generator would report, in the order in which it generates code.
pub(super) fn check(_parsed: &Parsed, _profile: &Profile, _last_future: u32) -> Result<(), SyntaxIssue> {
    Ok(())
}
