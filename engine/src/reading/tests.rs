use super::*;
use crate::rules::PyVersion;

fn of(source: &str) -> Reading {
    read(source.as_bytes(), &Profile::of(PyVersion::NEWEST)).expect("it is Python")
}

fn traps(source: &str) -> Vec<String> {
    let reading = of(source);
    let shown = |pitfall: &Pitfall| format!("{} | {:?}", &reading.text[pitfall.range.clone()], pitfall.trap);
    reading.pitfalls.iter().map(shown).collect()
}

#[test]
fn names_are_found_where_the_symbol_table_says() {
    let source = "\
x = list = 1
def outer(a):
    x = a
    def inner():
        nonlocal a
        a = x
        print(y)
    return [x for x in inner]
class C:
    x = x
    def m(self): return x
y = 2
";
    let reading = of(source);
    let shown: Vec<String> =
        reading.names.iter().map(|one| format!("{}.{} {:?}", one.scope, one.name, one.found)).collect();
    assert_eq!(
        shown,
        [
            "<module>.x Own { hides: None }",
            "<module>.list Own { hides: None }",
            "<module>.outer Own { hides: None }",
            "outer.a Own { hides: None }",
            "outer.x Own { hides: Some(Module) }",
            "outer.inner Own { hides: None }",
            "inner.a Enclosing(\"outer\")",
            "inner.x Enclosing(\"outer\")",
            "inner.print Outside",
            "inner.y Global",
            "<listcomp>.x Own { hides: Some(Function(\"outer\")) }",
            "<module>.C Own { hides: None }",
            "C.x Own { hides: Some(Module) }",
            "C.m Own { hides: None }",
            "m.self Own { hides: None }",
            "m.x Global",
            "<module>.y Own { hides: None }",
        ]
    );
}

#[test]
fn pitfalls_are_found() {
    let source = "\
def f(a, b=[], *, c={}, d=set(), e=()):
    b.append(a)
    c[a] = 1
    return d
for i in range(3):
    fs.append(lambda: i)
    def g(): return i
    table[i] = g
gs = [lambda: k for k in range(3)]
a is 5; a is (1, 'b'); [] is a; a == None
[[0] * 2] * 2
dict.fromkeys(a, [])
class C:
    items = []
    def add(self, x): self.items.append(x)
";
    assert_eq!(
        traps(source),
        [
            "[] | MutableDefault { function: \"f\", parameter: \"b\", kind: \"list\", kept: Changed }",
            "{} | MutableDefault { function: \"f\", parameter: \"c\", kind: \"dict\", kept: Changed }",
            "set() | MutableDefault { function: \"f\", parameter: \"d\", kind: \"set\", kept: Given }",
            "lambda: i | LateBinding { names: [\"i\"] }",
            "g | LateBinding { names: [\"i\"] }",
            "lambda: k | LateBinding { names: [\"k\"] }",
            "a is 5 | IsConstant { kind: \"int\" }",
            "a is (1, 'b') | IsConstant { kind: \"tuple\" }",
            "[] is a | IsNew { kind: \"list\" }",
            "a == None | EqualsNone",
            "[[0] * 2] * 2 | SharedRepeat { kind: \"list\" }",
            "dict.fromkeys(a, []) | SharedValue { kind: \"list\" }",
            "items = [] | SharedAttribute { class: \"C\", attribute: \"items\", kind: \"list\" }",
        ]
    );
}

#[test]
fn what_only_looks_alike_is_none() {
    let source = "\
def f(a, b=None, c=(), d=frozenset(), e={}):
    e = dict(e)
    e[a] = b
for i in range(3):
    fs.append(lambda i=i: i)
    rows.sort(key=lambda row: row[i])
    def g(): return i
    g()
    fs.append(lambda: [i for i in a])
gs = (lambda: k for k in range(3))
a is None; a is True; a is ...; a is b; a is not NotImplemented; a == 5
[0] * 2; [[]] * 1; [()] * 2; [x] * 2; 2 * 3
dict.fromkeys(a, 0)
class C:
    items = []
    def __init__(self): self.items = []
    def add(self, x): self.items.append(x)
class D:
    known = ()
    def add(self, x): self.other.append(x)
";
    let found: Vec<String> = traps(source).into_iter().filter(|trap| !trap.contains("kept: Read")).collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn statements_say_what_they_bind() {
    let source = "\
'doc'
from __future__ import annotations
a = b = 1
c, (d, e) = a, ([], f())
a += 1
@d
def f(x, y=1, *, z=2):
    return x
if a is b and c is not d: g = lambda: a is a
";
    let reading = of(source);
    let shown: Vec<String> = reading
        .statements
        .iter()
        .map(|one| format!("{} {:?} {:?} {:?} {:?}", one.line, one.parent, one.shape, one.origins, one.tests.len()))
        .collect();
    assert_eq!(
        shown,
        [
            "1 None Fixed [] 0",
            "2 None Fixed [] 0",
            "3 None Simple [(\"a\", Constant), (\"b\", Constant)] 0",
            "4 None Simple [(\"c\", Name(\"a\")), (\"d\", New), (\"e\", Call(\"f\"))] 0",
            "5 None Simple [(\"a\", Augmented)] 0",
            "7 None Function(\"f\", [\"y\", \"z\"]) [(\"f\", Other)] 0",
            "8 Some(5) Leaving [] 0",
            "9 None Compound [] 2",
            "9 Some(7) Simple [(\"g\", New)] 0",
        ]
    );
}

#[test]
fn bad_and_deep_texts_are_no_trouble() {
    assert!(read(b"x = = 1", &Profile::of(PyVersion::NEWEST)).is_err());
    assert!(read(&b"(".repeat(100_000), &Profile::of(PyVersion::NEWEST)).is_err());
    of(&format!("x = {}1\n", "-".repeat(2500)));
    of(&format!("x = {}1{}\n", "[".repeat(150), "]".repeat(150)));
}

#[test]
fn writes_that_nothing_sees_are_found() {
    let source = "\
a[:][0] = 1
a[:].append(1)
sorted(a).append(1)
a.copy().update(b)
list(a)[0] += 1
copy.copy(a).x = 1
[1].append(2)
a[0][1] = 2
a[:][0][1] = 2
f(a)[0] = 1
a[:] = [1]
b = a[:]
super().add(1)
sorted(a).index(1)
";
    assert_eq!(
        traps(source),
        [
            "a[:][0] = 1 | LostWrite { view: true }",
            "a[:].append(1) | LostWrite { view: true }",
            "sorted(a).append(1) | LostWrite { view: false }",
            "a.copy().update(b) | LostWrite { view: true }",
            "list(a)[0] += 1 | LostWrite { view: false }",
            "copy.copy(a).x = 1 | LostWrite { view: false }",
            "[1].append(2) | LostWrite { view: false }",
        ]
    );
}

#[test]
fn loop_variables_that_are_bound_for_nothing_are_found() {
    let source = "\
for x in xs:
    print(x)
    x += 1
for i, line in enumerate(f):
    if i:
        line = line.strip()
def g(rows):
    for row in rows:
        row = row + 1
    for y in rows:
        y = 2
        print(y)
    for z in rows:
        z = 2
    return z
    for n in rows:
        while n:
            n -= 1
def h(rows):
    global k
    for k in rows:
        k = 1
class C:
    for c in xs:
        c = 1
";
    assert_eq!(
        traps(source),
        [
            "x += 1 | LostItem { name: \"x\", items: Some(\"xs\"), augmented: true }",
            "line = line.strip() | LostItem { name: \"line\", items: None, augmented: false }",
            "row = row + 1 | LostItem { name: \"row\", items: Some(\"rows\"), augmented: false }",
        ]
    );
}
