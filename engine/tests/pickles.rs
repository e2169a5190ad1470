//! Pickles of the engine and of the real python3: each loads what the other dumps, and both write the same bytes.

use std::process::Command;
use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session};

/// Objects whose pickles have no order of their own: no sets.
const OBJECTS: &str = r#"
import pickle
from collections import OrderedDict, deque
class A:
    def __init__(self, *args): self.args = args
    class B: pass
    def method(self): pass
class S:
    __slots__ = ("x", "y")
    def __getstate__(self): return None, {"x": self.x}
class L(list): pass
class D(dict): pass
class N:
    def __new__(cls, a, *, b): return object.__new__(cls)
    def __getnewargs_ex__(self): return (1,), {"b": 2}
shared = [1, "text"]
ring = [shared]; ring.append(ring)
knot = ([],); knot[0].append(knot)
slots = S(); slots.x = shared
sub = L([1, 2]); sub.name = "n"
table = D(a=shared); table.name = "n"
OBJECTS = [
    None, True, 0, 255, 256, 65536, -1, 2**31, -2**31 - 1, 10**40, -10**40, 0.1, -0.0, 1e300, 1 + 2j, "", "a", "\xe9\u20ac\U0001f600",
    "line\nback\\slash\r\x1a\0", b"", b"abc\xff", bytearray(b"xyz"), (), (1,), (1, 2, 3, 4), [], shared, {}, {"k": shared},
    ring, knot, [shared, shared, (shared,)], A(1, [2]), A.B(), slots, sub, table, N(1, b=2), A, A.B, A.method, len, int, type(None), ...,
    range(1, 9, 2), ValueError("x", 1), OSError(2, "no", "file"), OrderedDict(a=1), deque([1, 2], 5), list(range(2001)),
    {i: str(i) for i in range(1001)}, "y" * 70000, [b"z" * 40000] * 2, [[i] for i in range(300)], [].append, A(1).method.__func__,
]
"#;

const DUMP: &str = "print([[pickle.dumps(x, p).hex() for x in OBJECTS] for p in range(6)])\n";

/// Loads each pickle and dumps it again.
const AGAIN: &str =
    "print([[pickle.dumps(pickle.loads(bytes.fromhex(x)), p).hex() for x in row] for p, row in enumerate(PICKLES)])\n";

fn engine(version: PyVersion, source: &str) -> String {
    let mut session = Session::new(&Profile::of(version), Limits::default());
    let ended = session.run_module(source.as_bytes(), "program.py");
    let errors = String::from_utf8_lossy(session.stderr()).into_owned();
    assert_eq!(ended, Ended::Completed, "{version}: {errors}");
    session.audit().unwrap_or_else(|problem| panic!("{version}: {problem}"));
    String::from_utf8_lossy(session.stdout()).into_owned()
}

fn python(source: &str) -> Option<String> {
    let folder = std::env::temp_dir().join(format!("verysame-pickles-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("program.py");
    std::fs::write(&file, source).expect("a program");
    let output = Command::new("python3").args(["-I", "-B"]).arg(&file).output();
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    let output = output.ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn python_version() -> Option<PyVersion> {
    let shown = python("import sys\nprint('%d.%d.%d' % sys.version_info[:3])\n")?;
    shown.trim().parse().ok()
}

fn again(pickles: &str) -> String {
    format!("{OBJECTS}PICKLES = {pickles}{AGAIN}")
}

#[test]
fn what_is_dumped_loads_and_dumps_to_the_same_bytes() {
    for minor in [8, 14] {
        let version = PyVersion::of_minor(minor).expect("a known minor version");
        let dumped = engine(version, &format!("{OBJECTS}{DUMP}"));
        let again = engine(version, &again(&dumped));
        assert!(dumped == again, "3.{minor}");
    }
}

#[test]
fn python_and_the_engine_load_each_others_pickles() {
    let Some(version) = python_version() else {
        eprintln!("not run: there is no command `python3`, or it is of no version that the engine knows");
        return;
    };
    let ours = engine(version, &format!("{OBJECTS}{DUMP}"));
    let theirs = python(&format!("{OBJECTS}{DUMP}")).expect("it ran before");
    for (protocol, (ours, theirs)) in ours.split("],").zip(theirs.split("],")).enumerate() {
        for (at, (ours, theirs)) in ours.split(',').zip(theirs.split(',')).enumerate() {
            assert!(ours == theirs, "protocol {protocol}, object {at}: {ours:.300} is not {theirs:.300}");
        }
    }
    assert!(ours == theirs);
    assert!(python(&again(&ours)).expect("it ran before") == ours, "python3 loads the engine's pickles");
    assert!(engine(version, &again(&theirs)) == theirs, "the engine loads python3's pickles");
}
