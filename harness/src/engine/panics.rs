//! Catches a panic of the engine under test and keeps its words, without a backtrace on the harness's stderr.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Some: this thread is watched, and holds the words of its last panic.
    static WORDS: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; the error is what a panic of it said, with its place.
///
/// # Errors
/// The words of the panic.
pub fn watched<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |info| {
            if !keep(info) {
                previous(info);
            }
        }));
    });
    WORDS.with(|words| *words.borrow_mut() = Some(String::new()));
    // What the closure leaves behind is dropped with it: nothing half-changed is looked at.
    let result = catch_unwind(AssertUnwindSafe(work));
    let words = WORDS.with(|words| words.borrow_mut().take());
    result.map_err(|_| words.unwrap_or_default())
}

/// Keeps the words of a panic if this thread is watched.
fn keep(info: &PanicHookInfo<'_>) -> bool {
    let message = info
        .payload()
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| info.payload().downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no words".to_string());
    let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
    WORDS.with(|words| match words.try_borrow_mut() {
        Ok(mut words) if words.is_some() => {
            *words = Some(format!("panic{place}: {message}"));
            true
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::watched;

    #[test]
    fn a_panic_becomes_words() {
        assert_eq!(watched(|| 1), Ok(1));
        let words = watched(|| panic!("{} apples", 3)).expect_err("it panics");
        assert!(words.starts_with("panic at ") && words.ends_with(": 3 apples"), "{words}");
        assert_eq!(watched(|| 2), Ok(2));
    }
}
