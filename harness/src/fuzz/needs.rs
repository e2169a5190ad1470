//! What a generated program needs that not every engine has, read off its text.
//!
//! Invariant: a word stands for a capability only if no program with the word could do without it.

/// Words of programs, and the capability that each needs.
const WORDS: &[(&str, &str)] = &[
    (":=", "walrus"),
    ("@", "decorators"),
    ("__annotations__", "annotations"),
    ("__closure__", "introspection"),
    ("__code__", "introspection"),
    ("__del__", "finalizer"),
    ("__dict__", "instance-dict"),
    ("__slots__", "slots"),
    ("__traceback__", "traceback"),
    ("bytearray", "bytearray"),
    ("bytes", "bytes"),
    ("class A(", "class-inheritance"),
    ("class B(", "class-inheritance"),
    ("complex", "complex"),
    ("del", "del"),
    ("exec", "exec"),
    ("f'", "f-strings"),
    ("f\"", "f-strings"),
    ("frozenset", "frozenset"),
    ("getrefcount", "getrefcount"),
    ("getsizeof", "getsizeof"),
    ("globals", "globals"),
    ("import copy", "copy"),
    ("import functools", "functools"),
    ("import gc", "gc"),
    ("import itertools", "itertools"),
    ("import weakref", "weakref"),
    ("locals", "locals"),
    ("match", "match"),
    ("memoryview", "memoryview"),
    ("nonlocal", "nonlocal"),
    ("super", "super"),
    ("vars", "instance-dict"),
    ("yield", "generators"),
];

/// The capabilities that a program needs, each once.
pub fn needs(source: &str) -> impl Iterator<Item = &'static str> {
    let mut needs: Vec<&str> =
        WORDS.iter().filter(|(word, _)| has_word(source, word)).map(|(_, capability)| *capability).collect();
    needs.sort_unstable();
    needs.dedup();
    needs.into_iter()
}

/// Whether a text has these characters where no longer name has them.
fn has_word(source: &str, word: &str) -> bool {
    let name = |c: char| c.is_alphanumeric() || c == '_';
    let apart = |one: Option<char>, other: Option<char>| !(one.is_some_and(name) && other.is_some_and(name));
    source.match_indices(word).any(|(at, _)| {
        let before = source.get(..at).and_then(|text| text.chars().next_back());
        let after = source.get(at + word.len()..).and_then(|text| text.chars().next());
        apart(before, word.chars().next()) && apart(word.chars().next_back(), after)
    })
}

#[cfg(test)]
mod tests {
    use super::{WORDS, needs};
    use crate::case::CAPABILITIES;

    #[test]
    fn whole_words_are_needs() {
        let needs = |source| needs(source).collect::<Vec<_>>();
        assert_eq!(needs("x = 1\nmodel = delta\nclass A: pass\n"), [""; 0]);
        assert_eq!(needs("def f():\n    nonlocal x\n    del x, (y := 1)\n"), ["del", "nonlocal", "walrus"]);
        assert_eq!(
            needs("class A(B):\n    __slots__ = ()\nprint(f'{1}')\n"),
            ["class-inheritance", "f-strings", "slots"]
        );
        assert_eq!(needs("print(vars(a), a.__dict__)\n"), ["instance-dict"]);
    }

    #[test]
    fn every_need_is_a_capability() {
        for (word, need) in WORDS {
            assert!(CAPABILITIES.iter().any(|(name, _)| name == need), "{word}: {need}");
        }
    }
}
