//! Snapshots of the heap graph: what is in them, and when two of them show the same graph.

use proptest::prelude::*;
use verysame_engine::inspect::{Bounds, Label, Object, Snapshot, What};
use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session};

fn run(version: PyVersion, source: &str) -> Session {
    let mut session = Session::new(&Profile::of(version), Limits::default());
    let ended = session.run_module(source.as_bytes(), "program.py");
    assert_eq!(ended, Ended::Completed, "{version}\n{source}");
    session
}

fn graph(source: &str) -> Snapshot {
    run(PyVersion::NEWEST, source).snapshot(Bounds::default())
}

fn named<'a>(graph: &'a Snapshot, name: &str) -> &'a Object {
    let id = graph.names.iter().find(|bound| bound.name == name).expect("a name").object;
    graph.object(id).expect("an object")
}

/// The first difference of two programs' graphs: its path, and what it is.
fn differ(first: &str, second: &str) -> (String, What) {
    let (first, second) = (graph(first), graph(second));
    let difference = first.isomorphic(&second).expect_err("they differ");
    // It is found from both sides.
    second.isomorphic(&first).expect_err("they differ");
    (difference.path, difference.what)
}

fn objects(first: &str, second: &str) -> What {
    What::Objects { first: first.into(), second: second.into() }
}

#[test]
fn the_first_difference_is_a_path() {
    let class = "class C:\n    pass\n";
    let with = |rest: &str| format!("{class}{rest}");
    assert_eq!(
        differ(&with("a = [C()]; a[0].x = 1"), &with("a = [C()]; a[0].x = 2")),
        ("a[0].x".into(), objects("int 1", "int 2"))
    );
    assert_eq!(differ("a = {'k': [1]}", "a = {'k': (1,)}"), ("a['k']".into(), objects("a list", "a tuple")));
    assert_eq!(differ("a = [1, 2]", "a = [1]"), ("a[1]".into(), What::OnlyFirst));
    assert_eq!(differ("a = 1", "a = 1; b = a"), ("b".into(), What::OnlySecond));
    assert_eq!(differ("a = []; b = [a, a]", "a = []; b = [a, []]"), ("b[1]".into(), What::SharedInFirst("a".into())));
    assert_eq!(
        differ("b = [[], []]", "a = []; b = [a, a]; del a"),
        ("b[1]".into(), What::SharedInSecond("b[0]".into()))
    );
    assert_eq!(
        differ("a = [0]; a[0] = a", "a = [0]; b = [a]; a[0] = b; del b"),
        ("a[0]".into(), What::SharedInFirst("a".into()))
    );
    let counter =
        "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    return g\ng = f()\ndel f\n";
    assert_eq!(
        differ(&format!("{counter}g()"), counter),
        ("g.cell(n).cell_contents".into(), objects("int 1", "int 0"))
    );
}

#[test]
fn values_may_be_one_object_or_several() {
    let same = |first: &str, second: &str| graph(first).isomorphic(&graph(second));
    assert_eq!(same("a = int('1000'); b = a", "a = int('1000'); b = int('1000')"), Ok(()));
    assert_eq!(same("t = (1, 2); a = [t, t]", "t = (1, 2); a = [(1, 2), tuple([1, 2])]"), Ok(()));
    // But what is in them may have an identity.
    assert_eq!(differ("a = ([],); b = a", "a = ([],); b = ([],)").0, "b[0]");
    assert_eq!(same("a = {3, 'x', (1,)}", "a = {(1,), 'x', 3}"), Ok(()));
    assert_eq!(differ("a = object(); b = a", "a = object(); b = object()").0, "b");
}

#[test]
fn numbers_follow_first_visits_and_nodes_say_what_they_are() {
    let graph = graph("a = [1, [2]]; b = a[1]; t = (a,); n = None; t2 = (1,); b.append(t2)");
    let ids: Vec<u32> = graph.objects.iter().map(|object| object.id).collect();
    assert_eq!(ids, (1..=graph.objects.len() as u32).collect::<Vec<_>>());
    let (a, b) = (named(&graph, "a"), named(&graph, "b"));
    assert_eq!((a.id, b.id), (1, 2));
    assert_eq!((a.count, b.count), (Some(2), Some(2)));
    assert!(a.mutable && !a.value && a.tracked && !a.immortal && a.text.is_none());
    let none = named(&graph, "n");
    assert!(none.immortal && none.value && none.count.is_none() && none.text.as_deref() == Some("None"));
    assert_eq!(graph.clone().canonical(), graph);
    assert_eq!(a.size, Some(72));
    let labels: Vec<&Label> = graph.edges.iter().filter(|edge| edge.from == 1).map(|edge| &edge.label).collect();
    assert_eq!(labels, [&Label::Item(0), &Label::Item(1)]);
}

#[test]
fn deep_graphs_are_walked_without_recursion() {
    let graph =
        graph("a = []\nfor i in range(30000):\n    a = [a]\nb = None\nfor i in range(30000):\n    b = (b,)\ndel i");
    assert_eq!(graph.objects.len(), Bounds::default().objects);
    assert_eq!(graph.isomorphic(&graph), Ok(()));
    let session = run(PyVersion::NEWEST, "a = []\nfor i in range(30000):\n    a = [a]");
    let whole = session.snapshot(Bounds { objects: usize::MAX, ..Bounds::default() });
    assert!(whole.objects.len() > 30_000 && whole.objects.iter().all(|object| object.cut == 0));
    assert_eq!(session.leaks(Bounds::default()).collectable, 0);
}

#[test]
fn looking_changes_nothing() {
    let session = run(
        PyVersion::NEWEST,
        "class C:\n    def __repr__(self): print('repr')\n    def __sizeof__(self): print('sizeof')\n    \
         def __getattr__(self, name): print(name)\n    def __eq__(self, other): print('eq')\n    __hash__ = None\n\
         c = C(); c.c = c; d = [c, (c,)]\nclass L(list):\n    def __iter__(self): print('iter')\nl = L([1])\n",
    );
    let first = session.snapshot(Bounds::default());
    session.leaks(Bounds::default());
    assert_eq!(session.snapshot(Bounds::default()), first);
    assert_eq!(session.stdout(), b"");
    assert_eq!(session.audit(), Ok(()));
}

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

/// Something that a name can be made part of.
fn fresh() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("[]".to_string()),
        Just("{}".to_string()),
        Just("C()".to_string()),
        Just("S()".to_string()),
        Just("L()".to_string()),
        Just("bytearray(b'xy')".to_string()),
        Just("{1, 'x'}".to_string()),
        (-9i64..2000).prop_map(|n| n.to_string()),
        (name(), name()).prop_map(|(x, y)| format!("[{x}, {y}, {x}]")),
        (name(), name()).prop_map(|(x, y)| format!("({x}, {y})")),
        (name(), name()).prop_map(|(x, y)| format!("{{'x': {x}, 2: {y}}}")),
    ]
}

/// Statements that build graphs: bindings of names, items, keys, attributes and slots.
fn assignment() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (name(), fresh()).prop_map(|(x, value)| format!("{x} = {value}")),
        1 => (name(), name()).prop_map(|(x, y)| format!("{x} = {y}")),
        3 => (name(), name()).prop_map(|(x, y)| format!("put({x}, {y})")),
    ]
}

const HEAD: &str = "\
class C:
    pass

class S:
    __slots__ = ('one', 'two')

class L(list):
    pass

def put(into, value):
    kind = type(into)
    if kind is list or kind is L:
        into.append(value)
    if kind is dict:
        into[len(into)] = value
    if kind is C or kind is L:
        setattr(into, 'x%d' % len(vars(into)), value)
    if kind is S:
        if hasattr(into, 'one'):
            into.two = value
        else:
            into.one = value

a = b = c = d = e = None
";

fn program() -> impl Strategy<Value = String> {
    prop::collection::vec(assignment(), 1..25).prop_map(|lines| format!("{HEAD}{}\n", lines.join("\n")))
}

fn version() -> impl Strategy<Value = PyVersion> {
    PyVersion::minors().prop_map(|minor| PyVersion::of_minor(minor).unwrap_or(PyVersion::NEWEST))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn deepcopy_keeps_the_graph_and_shares_no_mutable_object(version in version(), source in program()) {
        let copy = "import copy\nold = [a, b, c, d, e]\nnew = copy.deepcopy(old)\n\
                    shallow = [old[0]] + copy.deepcopy(old[1:])\n";
        let session = run(version, &format!("{source}{copy}"));
        let whole = session.snapshot(Bounds::default());
        let (old, new) = (whole.below(&[("it", "old")]), whole.below(&[("it", "new")]));
        prop_assert_eq!(old.isomorphic(&new), Ok(()), "{}", source);
        let copied = whole.below(&[("old", "old"), ("new", "new")]);
        let mutable = |graph: &Snapshot| graph.objects.iter().filter(|o| o.mutable && o.type_name != "type").count();
        prop_assert_eq!(mutable(&copied), mutable(&old) + mutable(&new), "{}", source);
        // A copy in two parts loses what the parts share, and only that.
        let shallow = whole.below(&[("it", "shallow")]);
        if let Err(difference) = old.isomorphic(&shallow) {
            prop_assert!(matches!(difference.what, What::SharedInFirst(_)), "{difference}\n{source}");
        }
        prop_assert_eq!(session.audit(), Ok(()));
    }

    #[test]
    fn a_program_leaves_the_same_graph_under_every_version(version in version(), source in program()) {
        let newest = run(PyVersion::NEWEST, &source).snapshot(Bounds::default());
        prop_assert_eq!(run(version, &source).snapshot(Bounds::default()).isomorphic(&newest), Ok(()), "{}", source);
    }

    #[test]
    fn what_is_said_to_be_collectable_is_collected(version in version(), source in program()) {
        let mut session = run(version, &format!("{source}a = b = c = None\n"));
        let leaks = session.leaks(Bounds::default());
        session.run_module(b"import gc\nprint(gc.collect())", "collect.py");
        prop_assert_eq!(String::from_utf8_lossy(session.stdout()), format!("{}\n", leaks.collectable), "{}", source);
        prop_assert_eq!(session.leaks(Bounds::default()).collectable, 0);
    }
}
