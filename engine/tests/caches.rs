//! What the machine remembers and what it fuses is never older than the program: each program changes something after it
//! was used, with fused instructions and without.

use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session, Started};

fn run(mut session: Session, source: &str) -> String {
    let ended = session.run_module(source.as_bytes(), "caches.py");
    assert_eq!(ended, Ended::Completed, "{source}");
    let out = String::from_utf8_lossy(session.stdout()).into_owned();
    session.audit().unwrap_or_else(|words| panic!("{words}\n{source}"));
    session.finish();
    session.audit().unwrap_or_else(|words| panic!("at the end: {words}\n{source}"));
    out
}

/// The program writes this under the oldest rules and the newest, in copies of one interpreter.
fn writes(source: &str, expected: &str) {
    for minor in [8, 13, 15] {
        let version = PyVersion::of_minor(minor).expect("a version with a profile");
        let started = Started::new(&Profile::of(version), Limits::default());
        for fusion in [true, false, true] {
            let mut session = Session::copy_of(&started);
            session.set_fusion(fusion);
            assert_eq!(run(session, source), expected, "3.{minor}, fusion {fusion}:\n{source}");
        }
    }
}

#[test]
fn an_attribute_that_a_class_takes_over() {
    let source = "
class A:
    pass
a = A()
a.x = 1
def read():
    return a.x
seen = [read(), read()]
A.x = property(lambda self: 'property')
seen.append(read())
del A.x
seen.append(read())
A.__getattribute__ = lambda self, name: 'all'
seen.append(read())
print(seen)
";
    writes(source, "[1, 1, 'property', 1, 'all']\n");
}

#[test]
fn a_store_that_a_class_takes_over() {
    let source = "
class A:
    pass
log = []
def store(a):
    a.x = 1
    a.y = 2
    return a
store(A()), store(A())
A.x = property(lambda self: 0, lambda self, value: log.append(value))
print(log, store(A()).__dict__, log)
A.__setattr__ = lambda self, name, value: log.append(name)
print(store(A()).__dict__, log)
";
    writes(source, "[1] {'y': 2} [1]\n{} [1, 'x', 'y']\n");
}

#[test]
fn a_method_that_is_shadowed_or_replaced() {
    let source = "
class A:
    def f(self):
        return 'class'
class B(A):
    pass
b = B()
def call(x):
    return x.f()
seen = [call(b), call(b)]
B.f = lambda self: 'subclass'
seen.append(call(b))
b.f = lambda: 'instance'
seen.append(call(b))
del b.f
seen.append(call(b))
del B.f
seen.append(call(b))
b.__dict__['f'] = lambda: 'dict'
seen.append(call(b))
print(seen)
";
    writes(source, "['class', 'class', 'subclass', 'instance', 'subclass', 'class', 'dict']\n");
}

#[test]
fn a_global_that_comes_and_goes() {
    let source = "
import builtins
def read():
    return len
seen = [read() is builtins.len, read() is builtins.len]
len = 1
seen += [read(), read()]
len = 2
seen.append(read())
del len
seen.append(read() is builtins.len)
old = builtins.len
builtins.len = 3
seen.append(read())
builtins.len = old
exec('seen.append(read() is old)', {'read': read, 'old': old, 'seen': seen})
print(seen)
";
    writes(source, "[True, True, 1, 1, 2, True, 3, True]\n");
}

#[test]
fn a_number_of_a_dead_name_that_is_used_again() {
    let source = "
import sys
C = type('C', (), {'b' + str(0): 'found'})
c = C()
name = sys.intern('a' + str(0))
print(hasattr(c, name))
del name
name = sys.intern('b' + str(0))
print(getattr(c, name))
";
    writes(source, "False\nfound\n");
}

#[test]
fn finalisers_in_the_midst_of_fused_instructions() {
    let source = "
log = []
class D:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        log.append((self.name, i, items[0] if type(items[0]) is int else 'D', box.get('k')))
i = 0
items = [0]
box = {'k': 0}
def f():
    global i
    x = D('local')
    x = items[0]
    i = 1
    items[0] = D('item')
    items[0] = 5
    box['k'] = D('value')
    box['k'] = 6
    for x in [D('first'), 2]:
        pass
    i = 2
f()
print([(name, at) for name, at, *_ in log])
print([rest[1] for _, *rest in log])
";
    writes(source, "[('local', 0), ('item', 1), ('value', 1), ('first', 1)]\n[0, 5, 5, 5]\n");
}

#[test]
fn keys_that_are_asked_whether_they_are_equal() {
    let source = "
class K:
    def __hash__(self):
        return hash('k')
    def __eq__(self, other):
        log.append(other)
        return True
log = []
d = {K(): 1}
def touch(key):
    if key in d:
        d[key] += 1
    return d[key]
print(touch('k'), log)
class M(dict):
    def __missing__(self, key):
        return 40
d = M()
def add(key):
    d[key] += 2
    return d[key]
print(add('k'), add('k'))
";
    writes(source, "2 ['k', 'k', 'k', 'k']\n42 44\n");
}

#[test]
fn copies_know_nothing_of_each_other() {
    let started = Started::new(&Profile::of(PyVersion::NEWEST), Limits::default());
    let first = "
import builtins
class A:
    x = 1
    def f(self):
        return 'first'
a = A()
print(a.f(), a.x)
builtins.extra = [1]
name = 'only here'
";
    let second = "
class A:
    def f(self):
        return 'second'
a = A()
a.x = 2
print(a.f(), a.x, 'name' in globals())
try:
    extra
except NameError:
    print('no extra')
";
    for _ in 0..2 {
        assert_eq!(run(Session::copy_of(&started), first), "first 1\n");
        assert_eq!(run(Session::copy_of(&started), second), "second 2 False\nno extra\n");
    }
}
