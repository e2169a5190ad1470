//! Programs that use the machine alone: calls, closures, classes, generators, exceptions. Each ends with the audit.

use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, LimitKind, Limits, Session};

/// Runs a program under every minor version and compares its output; the audit must be clean.
fn prints(source: &str, expected: &str) {
    for minor in PyVersion::minors() {
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

#[test]
fn calls_bind_arguments() {
    prints(
        "def f(a, b='b', *args, c='c', **kw):\n    print(a, b, c)\n    for x in args: print(x)\n    for k in kw: print(k, kw[k])\n\
         f('1'); f('1', '2', '3', c='4', d='5')\nf(*('x', 'y'), **{'z': 'w'})\n",
        "1 b c\n1 2 4\n3\nd 5\nx y c\nz w\n",
    );
}

#[test]
fn closures_share_cells() {
    prints(
        "def outer():\n    x = 'a'\n    def get(): return x\n    def set(v):\n        nonlocal x\n        x = v\n    return get, set\n\
         get, set = outer()\nset('b')\nprint(get())\n",
        "b\n",
    );
}

#[test]
fn classes_inherit_and_initialise() {
    prints(
        "class A:\n    kind = 'A'\n    def __init__(self, name):\n        self.name = name\n    def show(self):\n        print(self.kind, self.name)\n\
         class B(A):\n    kind = 'B'\n    def show(self):\n        super().show()\n        print('more')\n\
         A('x').show()\nB('y').show()\nb = B('z')\nm = b.show\nm()\nprint(b.__class__.__name__, B.__mro__[1].__name__)\n",
        "A x\nB y\nmore\nB z\nmore\nB A\n",
    );
}

#[test]
fn exceptions_unwind_and_chain() {
    prints(
        "def f():\n    try:\n        raise ValueError('v')\n    except ValueError as e:\n        try:\n            raise KeyError\n        finally:\n            print('inner')\n\
         try:\n    f()\nexcept KeyError as k:\n    print(type(k.__context__).__name__)\nelse:\n    print('no')\nfinally:\n    print('end')\n\
         try: e\nexcept NameError: print('unbound')\n\
         try: k\nexcept NameError: print('unbound')\n",
        "inner\nValueError\nend\nunbound\nunbound\n",
    );
}

#[test]
fn finalisers_run_at_once() {
    prints(
        "class D:\n    def __init__(self, n): self.n = n\n    def __del__(self): print('del', self.n)\n\
         D('a')\nd = D('b')\nd = D('c')\nprint('now')\ndel d\ndef f():\n    x = D('x')\n    print('in')\nf()\nprint('out')\n",
        "del a\ndel b\nnow\ndel c\nin\ndel x\nout\n",
    );
}

#[test]
fn generators_suspend_and_close() {
    prints(
        "def g():\n    try:\n        got = yield 'one'\n        print(got)\n        yield 'two'\n    finally:\n        print('closed')\n\
         it = g()\nprint(next(it))\nprint(it.send('sent'))\nit.close()\n\
         def h():\n    yield from ('a', 'b')\n    return 'r'\n\
         def k():\n    r = yield from h()\n    print(r)\n\
         for x in k(): print(x)\n",
        "one\nsent\ntwo\nclosed\na\nb\nr\n",
    );
}

#[test]
fn with_enters_and_exits() {
    prints(
        "class C:\n    def __enter__(self):\n        print('enter')\n        return 'v'\n    def __exit__(self, t, v, tb):\n        print('exit', t is None)\n        return True\n\
         with C() as v:\n    print(v)\nwith C():\n    raise ValueError\nprint('after')\n",
        "enter\nv\nexit True\nenter\nexit False\nafter\n",
    );
}

#[test]
fn collections_take_steps() {
    let limits = Limits { steps: 20_000, ..Limits::default() };
    let mut session = Session::new(&Profile::of(PyVersion::NEWEST), limits);
    let source = format!("import gc\n{}", "gc.collect()\n".repeat(40));
    let ended = session.run_module(source.as_bytes(), "program.py");
    assert_eq!(ended, Ended::Limit(LimitKind::Steps));
    session.audit().unwrap_or_else(|problem| panic!("{problem}"));
}

#[test]
fn every_way_back_in_a_loop_is_a_step() {
    let endless = [
        "l = [0]\nx = 1\nwhile l:\n    if x != 1:\n        y = 1\n",
        "x = 1\nwhile x == 1:\n    if x == 2:\n        y = 1\n",
        "x = None\nwhile x is None:\n    if x is not None:\n        y = 1\n",
        "l = [0]\nwhile 0 in l:\n    if 1 in l or 2 in l:\n        y = 1\n",
        "l = [0]\nwhile True:\n    if not l:\n        continue\n    if l: continue\n",
        "def f(x):\n    while x:\n        match x:\n            case 2: pass\n            case None: pass\nf(1)\n",
    ];
    for minor in [8, 10, 11, 13, 15] {
        for (source, fusion) in endless.iter().flat_map(|source| [(source, true), (source, false)]) {
            if minor < 10 && source.contains("match") {
                continue;
            }
            let limits = Limits { steps: 20_000, ..Limits::default() };
            let version = PyVersion::of_minor(minor).expect("a known minor version");
            let mut session = Session::new(&Profile::of(version), limits);
            session.set_fusion(fusion);
            let ended = session.run_module(source.as_bytes(), "program.py");
            assert_eq!(ended, Ended::Limit(LimitKind::Steps), "3.{minor}: {source}");
        }
    }
}

#[test]
fn a_generator_that_is_closed_at_a_limit_leaves_nothing_behind() {
    let source = "[f() for f in (lambda: i for i in range(1000000))]\n";
    for minor in PyVersion::minors() {
        for steps in [100, 5_000, 5_001, 5_002, 20_000] {
            let version = PyVersion::of_minor(minor).expect("a known minor version");
            let mut session = Session::new(&Profile::of(version), Limits { steps, ..Limits::default() });
            assert_eq!(session.run_module(source.as_bytes(), "program.py"), Ended::Limit(LimitKind::Steps));
            session.audit().unwrap_or_else(|problem| panic!("3.{minor}: {problem}"));
        }
    }
}
