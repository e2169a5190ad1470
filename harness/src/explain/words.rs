//! Lists in sentences.

/// The ending of a noun.
pub(super) fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The first few, and how many more there are.
pub(super) fn cut(texts: &[impl AsRef<str>], most: usize) -> Vec<String> {
    let mut shown: Vec<String> = texts.iter().take(most).map(|text| text.as_ref().to_string()).collect();
    if texts.len() > most {
        shown.push(format!("{} more", texts.len() - most));
    }
    shown
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(texts: &[impl AsRef<str>]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.as_ref().to_string(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}
