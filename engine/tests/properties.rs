//! Properties of the engine against its own rules, on generated programs.
//!
//! The programs assign, share, mutate and delete; they are valid and terminate by construction. Every run ends with
//! the audit: the stored counts equal the references that a walk finds.

use proptest::prelude::*;
use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

/// An expression over the names, all of which are bound.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        name().prop_map(str::to_string),
        (-7i64..300).prop_map(|n| n.to_string()),
        Just("'text'".to_string()),
        Just("None".to_string()),
        Just("[]".to_string()),
        Just("{}".to_string()),
        Just("()".to_string()),
        Just("C()".to_string()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(inner.clone(), 2..3).prop_map(|items| format!("({})", items.join(", "))),
            inner.clone().prop_map(|value| format!("{{'k': {value}}}")),
            (inner.clone(), 0usize..3).prop_map(|(item, n)| format!("[{item}] * {n}")),
            inner.clone().prop_map(|value| format!("(lambda x: [x, x])({value})")),
            inner.prop_map(|value| format!("list(y for y in [{value}])")),
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (name(), expression()).prop_map(|(target, value)| format!("{target} = {value}")),
        1 => (name(), name(), expression()).prop_map(|(x, y, value)| format!("{x} = {y} = {value}")),
        1 => (name(), name()).prop_map(|(x, y)| format!("{x}, {y} = {y}, {x}")),
        2 => (name(), expression())
            .prop_map(|(target, value)| format!("if type({target}) is list: {target}.append({value})")),
        1 => (name(), expression())
            .prop_map(|(target, value)| format!("if type({target}) is dict: {target}['n'] = {value}")),
        1 => (name(), expression())
            .prop_map(|(target, value)| format!("if type({target}) is C: {target}.attr = {value}")),
        1 => (name(), expression()).prop_map(|(target, value)| format!("{target} = make({value})")),
        1 => (name(), expression()).prop_map(|(target, value)| format!("del {target}; {target} = None; {target} = {value}")),
        1 => name().prop_map(|target| format!("try:\n    {target}.nothing\nexcept AttributeError as err: {target} = [err.args]")),
        1 => name().prop_map(|target| format!("for {target} in [{target}, [1]]: pass")),
    ]
}

fn program() -> impl Strategy<Value = String> {
    prop::collection::vec(statement(), 1..14).prop_map(|statements| {
        let head = "class C:\n    pass\n\ndef make(x):\n    def inner():\n        return x\n    return [inner(), inner]\n\n\
                    a = b = c = d = e = None\n";
        format!("{head}{}\n", statements.join("\n"))
    })
}

fn version() -> impl Strategy<Value = PyVersion> {
    PyVersion::minors().prop_map(|minor| PyVersion::of_minor(minor).unwrap_or(PyVersion::NEWEST))
}

/// Runs a program that must complete, and audits the heap.
fn run(version: PyVersion, source: &str) -> Session {
    let mut session = Session::new(&Profile::of(version), Limits::default());
    let ended = session.run_module(source.as_bytes(), "program.py");
    assert_eq!(ended, Ended::Completed, "{version}\n{source}");
    session.audit().unwrap_or_else(|problem| panic!("{version}: {problem}\n{source}"));
    session
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_are_what_a_walk_finds(version in version(), source in program()) {
        let mut session = run(version, &source);
        session.finish();
        prop_assert_eq!(session.audit(), Ok(()));
    }

    #[test]
    fn is_is_reflexive_and_agrees_with_id(version in version(), source in program()) {
        let check = "for x in (a, b, c, d, e):\n    for y in (a, b, c, d, e):\n        \
                     if (x is y) != (id(x) == id(y)) or x is not x: print('wrong')\n";
        let session = run(version, &format!("{source}{check}"));
        prop_assert_eq!(session.stdout(), b"");
    }

    #[test]
    fn deepcopy_keeps_the_alias_graph(version in version(), source in program()) {
        let copy = "import copy\nold = [a, b, c, d, e]\nnew = copy.deepcopy(old)\n";
        let mut session = run(version, &format!("{source}{copy}"));
        let (old, new) = (session.graph_of(&["old"]), session.graph_of(&["new"]));
        prop_assert_eq!(old, new);
    }

    #[test]
    fn any_bytes_end_in_an_outcome(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut session = Session::new(&Profile::of(PyVersion::NEWEST), Limits::default());
        session.run_module(&bytes, "bytes.py");
        prop_assert_eq!(session.audit(), Ok(()));
    }
}
