//! Warnings: the constructs of the text that are known to surprise, and what the run showed.
//!
//! Invariant: a warning is true of the program as it stands. A default that is only read is none, and a comparison by `is`
//! of values is one only where both came about apart.

use super::story::Story;
use super::{Severity, rules};
use std::ops::Range;
use verysame_engine::reading::{Kept, Pitfall, Reading, Trap};

/// A warning.
pub(super) struct Trapped {
    pub range: Range<usize>,
    pub severity: Severity,
    pub text: String,
    pub rule: &'static str,
}

pub(super) fn warnings(reading: &Reading, story: &Story) -> Vec<Trapped> {
    let mut found: Vec<Trapped> = Vec::new();
    for pitfall in &reading.pitfalls {
        if !is_so(pitfall, story) {
            continue;
        }
        if let Some((severity, text, rule)) = words(&pitfall.trap, story) {
            found.push(Trapped { range: pitfall.range.clone(), severity, text, rule });
        }
    }
    for (range, text, rule) in &story.tests {
        let text = format!("`is` asks for one object: {text}");
        found.push(Trapped { range: range.clone(), severity: Severity::Warning, text, rule });
    }
    for (statement, what) in &story.cycles {
        let range = reading.statements.get(*statement).map_or(0..0, |one| one.range.clone());
        let text = format!("a cycle keeps {what} in memory until the collector runs: break it, or use weakref");
        found.push(Trapped { range, severity: Severity::Warning, text, rule: rules::CYCLE });
    }
    found.sort_by_key(|one| (one.range.start, one.range.end));
    found.dedup_by(|one, other| one.range == other.range && one.text == other.text);
    found
}

/// Whether the run bears out what depends on it.
fn is_so(pitfall: &Pitfall, story: &Story) -> bool {
    match pitfall.trap {
        Trap::LostWrite { view: true } => story.silent.contains(&pitfall.range.start),
        Trap::LostItem { augmented: true, .. } => story.rebinding.contains(&pitfall.range.start),
        _ => true,
    }
}

fn words(trap: &Trap, story: &Story) -> Option<(Severity, String, &'static str)> {
    let sure = |text: String, rule| Some((Severity::Warning, text, rule));
    let hint = |text: String, rule| Some((Severity::Hint, text, rule));
    match trap {
        Trap::MutableDefault { function, parameter, kind, kept } => {
            let changed = story.changed_defaults.contains(&(function.clone(), parameter.clone()));
            match kept {
                _ if changed || *kept == Kept::Changed => sure(
                    format!(
                        "all calls that leave out {parameter} share this {kind}, and {} changes it: use None and make \
                         the {kind} inside",
                        if function == "<lambda>" { "the lambda" } else { function }
                    ),
                    rules::DEFAULT_ONCE,
                ),
                Kept::Given => hint(
                    format!(
                        "all calls that leave out {parameter} share this {kind}, and it is given away: whoever gets it \
                         can change it for all"
                    ),
                    rules::DEFAULT_ONCE,
                ),
                Kept::Changed | Kept::Read => None,
            }
        }
        Trap::LateBinding { names } => {
            let first = names.first().map_or("", String::as_str);
            sure(
                format!(
                    "this function reads {} when it is called, not when it is made: after the loop all of them see the \
                     last value (`{first}={first}` as a parameter keeps today's)",
                    names.join(" and ")
                ),
                rules::LATE,
            )
        }
        Trap::IsConstant { kind } => {
            let rule = match *kind {
                "int" => rules::INT_MAY,
                "str" => rules::STR_MAY,
                _ => rules::VALUE_MAY,
            };
            let article = if *kind == "int" { "an" } else { "a" };
            sure(
                format!("`is` with {article} {kind}: whether an equal {kind} is this object is left open; use =="),
                rule,
            )
        }
        Trap::IsNew { kind } => sure(
            format!("`is` with a new {kind}: no other object is it, so the answer is always the same"),
            rules::FRESH,
        ),
        Trap::SharedRepeat { kind } => sure(
            format!(
                "repetition copies no item: every place holds the same {kind} (use a comprehension for separate ones)"
            ),
            rules::REPEAT,
        ),
        Trap::SharedValue { kind } => {
            sure(format!("all keys get the same {kind} (use a dict comprehension for separate ones)"), rules::NO_COPY)
        }
        Trap::EqualsNone => hint(
            "`== None` asks `__eq__`, which may say anything; `is None` cannot be fooled".to_string(),
            rules::IS_FIXED,
        ),
        Trap::SharedAttribute { class, attribute, kind } => sure(
            format!(
                "{attribute} is one {kind} for {class} and all its instances, and a method changes it through self"
            ),
            rules::CLASS_ATTRIBUTE,
        ),
        Trap::LostWrite { .. } => sure(
            "this changes an object that nothing else has: it is gone behind the statement, and what it was made from does \
             not change"
                .to_string(),
            rules::SHALLOW,
        ),
        Trap::LostItem { name, items, augmented } => sure(
            format!(
                "this gives {name} another object and leaves {} as {}: nothing reads it before the next turn (store it by \
                 index, or build a new list)",
                items.as_deref().unwrap_or("the items"),
                if items.is_some() { "it is" } else { "they are" },
            ),
            if *augmented { rules::AUGMENTED_REBINDS } else { rules::OTHERS_KEEP },
        ),
    }
}
