//! The rule book: every version-dependent rule as a typed value per CPython version, with its named faults.
//!
//! Invariant: engine code never tests a version or a fault. It reads `profile.<rule>`; the rooms of this
//! folder are the only place where a version number stands.
//!
//! A room is a file: the rules about one subject and the types of their values. `py(13, 0) => value` means "from 3.13.0
//! on". A fault is another value of the same type: the wrong way of doing it has to be coded too, which is the price of
//! a measurable suite.

mod book;
mod caching;
mod constants;
mod containers;
mod finalisation;
mod formats;
mod gc;
mod language;
mod library;
mod machinery;
mod members;
mod numbers;
mod opcodes;
mod protocols;
mod refcount;
mod scope;
mod sizes;
mod syntax;
mod texts;
mod tracebacks;
mod types;
mod version;

pub use book::*;
pub use caching::*;
pub use constants::*;
pub use containers::*;
pub use finalisation::*;
pub use formats::*;
pub use gc::*;
pub use language::*;
pub use library::*;
pub use machinery::*;
pub use numbers::*;
pub use opcodes::*;
use protocols::protocols;
pub use refcount::*;
pub use scope::*;
pub use sizes::*;
pub use syntax::*;
pub use texts::*;
pub use tracebacks::*;
use types::types;
pub use version::{PyVersion, VersionError, py};

/// One rule of the book, for documentation, `verysame explain` and the fault run.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// The rule's id, the same as in the case files.
    pub id: &'static str,
    /// What the rule says, one sentence.
    pub statement: &'static str,
    /// The named ways of getting it wrong.
    pub faults: &'static [&'static str],
}

/// A fault that no rule has.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no fault `{fault}` of rule `{rule}`: `verysame faults --list` names them all")]
pub struct UnknownFault {
    /// The rule that was named.
    pub rule: String,
    /// The fault that was named.
    pub fault: String,
}

/// Declares the rules once. Generates [`Profile`] with one public field a rule, [`RULES`] for documentation,
/// and the switch that puts a fault's value in place of the rule's.
macro_rules! rules {
    ($( $(#[doc = $doc:literal])+ $field:ident $id:literal : $ty:ty {
        $( $since:expr => $value:expr ),+ $(,)? ;
        faults { $( $fname:literal : $fvalue:expr ),* $(,)? }
    } )+) => {
        /// All rule values of one CPython version: data, no behaviour.
        #[derive(Clone, PartialEq, Debug)]
        pub struct Profile {
            /// The version whose rules these are (for display; engine code never tests it).
            pub version: $crate::rules::PyVersion,
            $( $(#[doc = $doc])+ pub $field: $ty, )+
        }

        /// Every rule of the book, in its order.
        pub const RULES: &[$crate::rules::RuleInfo] = &[ $( $crate::rules::RuleInfo {
            id: $id,
            statement: concat!($($doc),+),
            faults: &[$($fname),*],
        }, )+ ];

        impl Profile {
            /// The rules of `version`: of each rule the newest value that is not younger than it.
            pub fn of(version: $crate::rules::PyVersion) -> Profile {
                // A version before the first entry gets the first entry.
                Profile { version, $( $field: {
                    let entries: &[($crate::rules::PyVersion, fn() -> $ty)] = &[$( ($since, || $value) ),+];
                    let at = entries.iter().rposition(|(since, _)| version >= *since).unwrap_or(0);
                    (entries[at].1)()
                }, )+ }
            }

            /// The same profile with one rule got wrong in a named way.
            ///
            /// # Errors
            /// [`UnknownFault`]($crate::rules::UnknownFault) when the rule has no fault of that name.
            pub fn with_fault(mut self, rule: &str, fault: &str) -> Result<Profile, $crate::rules::UnknownFault> {
                match (rule, fault) {
                    $( $( ($id, $fname) => self.$field = $fvalue, )* )+
                    _ => return Err($crate::rules::UnknownFault { rule: rule.into(), fault: fault.into() }),
                }
                Ok(self)
            }
        }
    };
}
use rules;

/// Declares the rules of one room: a macro of that name, which hands them to the next room of a list.
macro_rules! room {
    ($name:ident $($rule:tt)+) => { $crate::rules::room_with! { ($) $name $($rule)+ } };
}
use room;

/// [`room`], with the `$` that the macro it makes is written with.
macro_rules! room_with {
    (($d:tt) $name:ident $($rule:tt)+) => {
        macro_rules! $name {
            ([$d($d next:ident)*] $d($d before:tt)*) => {
                $crate::rules::rooms! { @ [$d($d next)*] $d($d before)* $($rule)+ }
            };
        }
        pub(super) use $name;
    };
}
use room_with;

/// Puts the rules of all rooms together, room by room, and declares them.
macro_rules! rooms {
    (@ [] $($rule:tt)+) => { $crate::rules::rules! { $($rule)+ } };
    (@ [$first:ident $($next:ident)*] $($rule:tt)*) => { $first! { [$($next)*] $($rule)* } };
    ($($room:ident)+) => { $crate::rules::rooms! { @ [$($room)+] } };
}
use rooms;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_changes_some_profile() {
        for rule in RULES {
            for fault in rule.faults {
                let changed = PyVersion::minors().filter_map(PyVersion::of_minor).any(|version| {
                    let plain = Profile::of(version);
                    plain.clone().with_fault(rule.id, fault).expect("listed") != plain
                });
                assert!(changed, "{} {fault} is the rule itself in every version", rule.id);
            }
        }
    }

    #[test]
    fn ids_are_unique_and_statements_are_sentences() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for rule in RULES {
            assert!(rule.statement.trim().ends_with('.'), "{}", rule.id);
        }
    }
}
