use super::*;
use crate::rules::PyVersion;

/// Takes references away in as many places of the machine as will go into a few lines.
const PROGRAM: &str = "
import gc, weakref
class Node:
    def __init__(self, name):
        self.name = name
        self.next = None
    def __del__(self):
        seen.append(self.name)
    @property
    def both(self):
        return self.name, self.next
class Slotted:
    __slots__ = ('x', '__weakref__')
seen = []
def turns(n):
    held = [n]
    try:
        yield from ([each] for each in range(n))
    finally:
        seen.append(held)
def fail(argument, *rest, key=None, **named):
    local = [argument]
    raise ValueError(local, rest, named)
def closure():
    cell = [1]
    def inner():
        nonlocal cell
        cell = cell + [2]
        return cell
    return inner
for i in range(3):
    a = Node(str(i) + '!')
    a.next = a
    b = Node(i)
    b.next = [a, {'k': (a, b.name)}, {1.5, i}, b.both]
    try:
        fail(a, b, key=[], other={})
    except ValueError as error:
        kept = error
    del kept
    g = turns(2)
    next(g)
    f = closure()
    f(), f()
    s = Slotted()
    s.x = [s]
    w = weakref.ref(s, lambda weak: seen.append('gone'))
    text = 'a%s' % i + f'{i}b' * 2
    first, *others = [[1], [2], [3]]
    others[0] += [4]
    others.sort(key=lambda each: -each[0])
    d = {each[0]: each for each in others}
    d.update(k=d.pop(2))
    del d['k'], a, b, s
    with open_manager() if i > 5 else memoryview(b'abc') as view:
        view = bytes(view)
unused = gc.collect()
seen.clear()
";

fn after_losing(started: &Started, lost: Option<u64>) -> (u64, Result<(), String>) {
    let mut session = Session::copy_of(started);
    let before = session.vm.heap.losses.decrements;
    session.vm.heap.losses.lost = lost.map(|number| before + number);
    let _ = session.run_module(PROGRAM.as_bytes(), "program.py");
    (session.vm.heap.losses.decrements - before, session.audit())
}

#[test]
fn the_audit_finds_any_decrement_that_is_lost() {
    let started = Started::new(&Profile::of(PyVersion::NEWEST), Limits::default());
    let (all, audit) = after_losing(&started, None);
    assert_eq!(audit, Ok(()));
    assert!(all > 2000, "{all} decrements");
    for number in (1..=all).step_by(usize::try_from(all / 40).unwrap_or(1)) {
        let (_, audit) = after_losing(&started, Some(number));
        assert!(audit.is_err(), "nobody misses decrement {number} of {all}");
    }
}

#[test]
fn copies_of_a_frozen_start_find_modules_imported_and_collect_their_own_objects_only() {
    let mut started = Started::new(&Profile::of(PyVersion::NEWEST), Limits::default());
    assert!(started.import("copy") && !started.import("no_such_module"));
    started.freeze();
    let mut session = Session::copy_of(&started);
    let program = "import gc, sys\nprint('copy' in sys.modules, len(gc.get_objects()) < 100, gc.get_freeze_count() > 500)\n\
                   a = []\na.append(a)\ndel a\nprint(gc.collect())\n";
    let (ended, stdout) = session.run_apart(program.as_bytes(), "program.py");
    assert_eq!((ended, String::from_utf8_lossy(&stdout).as_ref()), (Ended::Completed, "True True True\n1\n"));
    assert_eq!(session.audit(), Ok(()));
}
