//! Programs about containers, iterators, exceptions and built-in functions. Each ends with the audit.

use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session};

/// Runs a program under these minor versions and compares its output; the audit must be clean.
fn prints_on(minors: impl IntoIterator<Item = u8>, source: &str, expected: &str) {
    for minor in minors {
        let version = PyVersion::of_minor(minor).expect("a known minor version");
        let mut session = Session::new(&Profile::of(version), Limits::default());
        let ended = session.run_module(source.as_bytes(), "program.py");
        let printed = String::from_utf8_lossy(session.stdout()).into_owned();
        assert_eq!(printed, expected, "3.{minor}: {ended:?}");
        assert_eq!(ended, Ended::Completed, "3.{minor}");
        session.audit().unwrap_or_else(|problem| panic!("3.{minor}: {problem}"));
        session.finish();
        session.audit().unwrap_or_else(|problem| panic!("3.{minor} after the end: {problem}"));
    }
}

fn prints(source: &str, expected: &str) {
    prints_on([8, 10, 13, 15], source, expected);
}

/// A class that shows when it is compared and when it dies.
const LOUD: &str = "class K:\n    def __init__(s, n): s.n = n\n    def __hash__(s): return 1\n    \
    def __eq__(s, o): print('eq', s.n, o.n); return True\n    def __del__(s): print('del', s.n)\n";

#[test]
fn lists_change_in_place() {
    prints(
        "l = [3, 1, 2]\nl.append(4); l.insert(0, 9); l.extend('ab'); l += (5,)\nprint(l, l.pop(), l.pop(0), l)\n\
         l[1:3] = 'xyz'; del l[0]; l.remove('z'); print(l, l.index(4), l.count('a'))\nl[::2] = [0] * 3; del l[::2]; print(l)\n\
         l *= 2; l.reverse(); print(l, l * 2, l[::-1]); l.clear(); print(l)\n",
        "[3, 1, 2, 4, 'a', 'b'] 5 9 [3, 1, 2, 4, 'a', 'b']\n['x', 'y', 4, 'a', 'b'] 2 1\n['y', 'a']\n\
         ['a', 'y', 'a', 'y'] ['a', 'y', 'a', 'y', 'a', 'y', 'a', 'y'] ['y', 'a', 'y', 'a']\n[]\n",
    );
}

#[test]
fn an_operator_method_called_by_name_says_what_it_misses() {
    prints(
        "class L(list): pass\nclass R:\n    def __radd__(s, o): return 'radd'\n    __rmul__ = __radd__\n\
         for f in (lambda: [].__add__(0), lambda: list.__add__([], 0), lambda: L().__add__(0), lambda: ().__add__(0),\n\
         \x20         lambda: ''.__add__(0), lambda: b''.__add__(0), lambda: bytearray().__add__(0), lambda: [].__mul__('a')):\n\
         \x20   try: print(f())\n    except TypeError as e: print(e)\nprint([] + R(), [] * R(), () + R(), L() + R())\n",
        "can only concatenate list (not \"int\") to list\ncan only concatenate list (not \"int\") to list\n\
         can only concatenate list (not \"int\") to list\ncan only concatenate tuple (not \"int\") to tuple\n\
         can only concatenate str (not \"int\") to str\ncan't concat int to bytes\ncan't concat int to bytearray\n\
         'str' object cannot be interpreted as an integer\nradd radd radd radd\n",
    );
}

#[test]
fn a_list_is_empty_while_it_is_sorted() {
    prints(
        "l = [3, 1, 2]\nl.sort(key=lambda x: print(l) or x); print(l)\n\
         try: l.sort(key=lambda x: l.append(x) or x)\nexcept ValueError as e: print(e, l)\n\
         def bad(x):\n    if x == 2: raise KeyError(x)\n    return -x\n\
         try: l.sort(key=bad)\nexcept KeyError as e: print(e, l)\n\
         print(sorted('cab', reverse=True), sorted([(1, 'b'), (0, 'z'), (1, 'a')], key=lambda p: p[0], reverse=True))\n",
        "[]\n[]\n[]\n[1, 2, 3]\nlist modified during sort [1, 2, 3]\n2 [1, 2, 3]\n\
         ['c', 'b', 'a'] [(1, 'b'), (1, 'a'), (0, 'z')]\n",
    );
}

#[test]
fn the_first_key_stays_and_the_last_value_wins() {
    let program = format!(
        "{LOUD}d = {{K('k'): K('v')}}\nd[K('q')] = K('w')\nprint('|')\nd.setdefault(K('r'), 1)\nprint('|')\n\
         d.pop(K('s'))\nprint('|')\ns = {{K('a')}}\ns.add(K('b'))\nprint('|')\ns.discard(K('c'))\nprint('|')\n"
    );
    prints_on(
        [11, 13],
        &program,
        "eq k q\ndel v\ndel q\n|\neq k r\ndel r\n|\neq k s\ndel k\ndel s\ndel w\n|\neq a b\ndel b\n|\neq a c\ndel a\ndel c\n|\n",
    );
}

#[test]
fn an_item_leaves_before_it_dies() {
    prints(
        "class D:\n    def __init__(s, n): s.n = n\n    def __del__(s): print(s.n, len(box))\n\
         box = [D(0), D(1), D(2)]\nbox.pop()\ndel box[0]\nbox[:] = []\nbox.extend([D(3), D(4)])\nbox.clear()\n\
         box = {1: D(5), 2: D(6)}\ndel box[1]\nbox.clear()\n",
        "2 2\n0 1\n1 0\n4 0\n3 0\n5 1\n6 0\n",
    );
}

#[test]
fn iterators_notice_changes() {
    prints(
        "d = {1: 1, 2: 2}\ni = iter(d)\nnext(i)\nd[3] = 3\nfor _ in 'ab':\n    try: next(i)\n    except RuntimeError as e: print(e)\n\
         s = {1}\ni = iter(s)\ns.add(2)\ntry: next(i)\nexcept RuntimeError as e: print(e)\n\
         l = [1, 2]\ni = iter(l)\nprint(list(i)); l.append(3); print(list(i), list(reversed(l)))\n\
         z = zip('ab', iter([1]))\nprint(list(z), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1])))\n\
         print(list(enumerate('ab', 10**20)), list(iter([1, 2, 0, 3].pop, 0)), dict(zip('ab', range(2))))\n",
        "dictionary changed size during iteration\ndictionary changed size during iteration\n\
         Set changed size during iteration\n[1, 2]\n[] [3, 2, 1]\n[('a', 1)] [4, 6] [1]\n\
         [(100000000000000000000, 'a'), (100000000000000000001, 'b')] [3] {'a': 0, 'b': 1}\n",
    );
}

#[test]
fn an_iterator_fills_its_tuple_again() {
    prints(
        "class D:\n    def __init__(s, n): s.n = n\n    def __del__(s): print('del', s.n)\n\
         for i, d in enumerate(map(D, range(2))):\n    del d\n    print('body', i)\nprint('end')\n",
        "body 0\ndel 0\nbody 1\ndel 1\nend\n",
    );
}

#[test]
fn sets_and_views_combine() {
    prints(
        "a, b = {1, 2, 3}, {2, 3, 4}\nprint(a & b, a | b, a - b, a ^ b, a <= b, {2} < a, a.isdisjoint({9}))\n\
         a &= b; print(a); a |= {7}; a -= {2}; a ^= {3, 8}; print(sorted(a))\n\
         d, e = dict(x=1, y=2), dict(y=2, z=3)\nprint(sorted(d.keys() & e), sorted(d.items() & e.items()), sorted(d.keys() - e.keys()))\n\
         print(frozenset([1]) == {1}, hash(frozenset([1, 2])) == hash(frozenset([2, 1])), {frozenset([1]): 5}[frozenset([1])])\n\
         print({1, 2}.union([3], (4,)), {1, 2}.intersection([2, 3]), set('aa'), frozenset(), {1} in {frozenset([1])})\n",
        "{2, 3} {1, 2, 3, 4} {1} {1, 4} False True True\n{2, 3}\n[7, 8]\n['y'] [('y', 2)] ['x']\n\
         True True 5\n{1, 2, 3, 4} {2} {'a'} frozenset() True\n",
    );
}

#[test]
fn exceptions_have_their_parts() {
    prints(
        "print(repr(KeyError('a')), str(KeyError('a')), str(ValueError()), str(ValueError(1, 2)))\n\
         try: next(iter(()))\nexcept StopIteration as e: print(e.value, e.args)\n\
         print(StopIteration(5).value, SystemExit().code, SystemExit(3).code)\n\
         e = OSError(2, 'No such file', 'f')\nprint(type(e).__name__, e, e.errno, e.filename, e.args)\n\
         try:\n    try: 1 / 0\n    except ZeroDivisionError as z: raise KeyError('k') from z\n\
         except KeyError as k: print(repr(k.__cause__), k.__suppress_context__, k.__context__ is k.__cause__, k.__traceback__ is not None)\n\
         print(str(UnicodeDecodeError('utf-8', b'\\xff', 0, 1, 'bad')), str(ImportError('m', name='n')), ImportError('m', name='n').name)\n\
         class E(Exception):\n    def __init__(self, a): self.a = a\nprint(repr(E(1)), E(2).a, E(3).args)\n",
        "KeyError('a') 'a'  (1, 2)\nNone ()\n5 None 3\n\
         FileNotFoundError [Errno 2] No such file: 'f' 2 f (2, 'No such file')\nZeroDivisionError('division by zero') True True True\n\
         'utf-8' codec can't decode byte 0xff in position 0: bad m n\nE(1) 2 (3,)\n",
    );
}

#[test]
fn exception_groups_split() {
    prints_on(
        [11, 13],
        "g = ExceptionGroup('g', [ValueError(1), ExceptionGroup('h', [TypeError(2), ValueError(3)])])\n\
         a, b = g.split(ValueError)\nprint(g, repr(a), repr(b), sep='\\n')\nprint(g.subgroup(KeyError), len(g.exceptions))\n\
         try: raise g\nexcept* TypeError as t: print(repr(t))\nexcept* ValueError as v: print(len(v.exceptions))\n\
         e = ValueError(); e.add_note('n'); print(e.__notes__)\n",
        "g (2 sub-exceptions)\nExceptionGroup('g', [ValueError(1), ExceptionGroup('h', [ValueError(3)])])\n\
         ExceptionGroup('g', [ExceptionGroup('h', [TypeError(2)])])\nNone 2\n\
         ExceptionGroup('g', [ExceptionGroup('h', [TypeError(2)])])\n2\n['n']\n",
    );
}

#[test]
fn functions_and_methods_show_themselves() {
    prints(
        "def f(a, b=2, *c, d=3, **e):\n    'doc'\n    x = 1\n    return lambda: x\n\
         print(f.__name__, f.__defaults__, f.__kwdefaults__, f.__doc__, f.__code__.co_varnames, f(1).__closure__[0].cell_contents)\n\
         class A:\n    def m(self): pass\na = A()\nprint(a.m == a.m, a.m is a.m, a.m.__func__ is A.m, a.m.__name__, hash(a.m) == hash(a.m))\n\
         f.x = 5; f.__defaults__ = None; print(f.__dict__, f.__defaults__)\n\
         print([].append == [].append, [].append.__qualname__, len.__name__, repr(len))\n",
        "f (2,) {'d': 3} doc ('a', 'b', 'd', 'c', 'e') 1\nTrue False True m True\n{'x': 5} None\n\
         False list.append len <built-in function len>\n",
    );
}

#[test]
fn code_runs_in_given_namespaces() {
    prints(
        "x = 1\nd = {'x': 2}\nexec('y = x + 1', d)\nprint(d['y'], eval('x', d), eval('x'), eval('x + z', {'x': 3}, {'z': 4}))\n\
         c = compile('x * 10', '<s>', 'eval')\nprint(eval(c), c.co_filename)\n\
         def f(a):\n    b = a\n    return sorted(locals())\nprint(f(1), 'x' in globals(), 'x' in dir())\n\
         try: exec('a b')\nexcept SyntaxError as e: print(type(e).__name__, e.lineno)\n",
        "3 2 1 7\n10 <s>\n['a', 'b'] True True\nSyntaxError 1\n",
    );
}

#[test]
fn a_finaliser_may_break_its_cycle() {
    prints(
        "import gc\nclass A:\n    def __del__(s):\n        print('del')\n        s.me = None\n\
         a = A(); a.me = a\ndel a\nprint(gc.collect() < 2)\n\
         def g():\n    me = yield\n    try: yield\n    finally: print('closed')\n\
         i = g(); next(i); i.send(i)\ndel i\nprint(gc.collect())\n",
        "del\nTrue\nclosed\n0\n",
    );
}

#[test]
fn a_tuple_of_nothing_is_the_shared_one_if_that_was_known() {
    let program = "e = ()\nprint(tuple(x for x in []) is e, tuple(iter([])) is e, tuple({}) is e, tuple(zip()) is e)\n";
    prints_on([8, 10], program, "False True True False\n");
    prints_on([11, 13], program, "True True True True\n");
}

#[test]
fn locals_follow_the_version() {
    let program = "x = 1\nprint([sorted(k for k in locals() if k[0] != '_') for q in [1]])\n\
                   def f():\n    l = locals(); a = 1\n    return locals() is l, 'a' in l\nprint(f())\n";
    prints_on([8, 11], program, "[['.0', 'q']]\n(True, True)\n");
    prints_on([12], program, "[['q', 'x']]\n(True, True)\n");
    prints_on([13, 14], program, "[['q']]\n(False, False)\n");
}
