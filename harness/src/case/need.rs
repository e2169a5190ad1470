//! What a case may need that not every Python has, and the program that finds out: it ends without an exception where
//! the capability is there.
//!
//! Invariant: a program asks only whether a thing exists and can be used, never whether it behaves.

/// The capabilities that are packages, installed beside the standard library.
const PACKAGES: [&str; 5] = ["attrs", "numpy", "pandas", "pandas-2", "pandas-3"];

/// The capabilities that are modules of the library which an engine for the language alone may lack.
const MODULES: [&str; 4] = ["multiprocessing", "pickle", "threading", "tracemalloc"];

/// Whether a capability is a package that has to be installed.
pub fn is_package(need: &str) -> bool {
    PACKAGES.contains(&need)
}

/// Whether it depends on how an engine is installed that a capability is there, and not on the engine alone: a package,
/// or whether its processes can be started by the path that it names.
pub fn is_installed(need: &str) -> bool {
    is_package(need) || need == "multiprocessing"
}

/// Whether a capability is a module of the library that the language does not need.
pub fn is_module(need: &str) -> bool {
    MODULES.contains(&need)
}

/// Names and programs, sorted by name.
pub const CAPABILITIES: &[(&str, &str)] = &[
    ("abc", "import abc\nabc.ABC"),
    ("annotations", "def f(a: int) -> str: pass\nf.__annotations__['a']"),
    ("array", "import array\narray.array('i', [1])[0]"),
    ("async", "import asyncio\nasync def f(): return 1\nassert asyncio.run(f()) == 1"),
    ("atexit", "import atexit\natexit.register(len, [])"),
    ("attrs", "import attr"),
    ("builtins", "import builtins\nbuiltins.len"),
    ("bytearray", "bytearray(b'a')[0]"),
    ("bytes", "b'ab'[0]"),
    ("class-inheritance", "class A: pass\nclass B(A): pass\nassert issubclass(B, A)"),
    ("collections", "import collections\ncollections.deque()\ncollections.OrderedDict()"),
    ("complex", "complex(1, 2).imag"),
    ("contextlib", "import contextlib\ncontextlib.suppress"),
    ("copy", "import copy\ncopy.copy([])\ncopy.deepcopy([])"),
    ("dataclasses", "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int\nA(1)"),
    ("decimal", "import decimal\ndecimal.Decimal(1)"),
    ("decorators", "@str\ndef f(): pass\nassert isinstance(f, str)"),
    ("del", "x = [1]\ndel x[0]\ndel x"),
    ("enum", "import enum"),
    ("exec", "exec('x = 1', {})"),
    ("f-strings", "assert f'{1}' == '1'"),
    ("finalizer", "class A:\n    def __del__(self): pass\nA()"),
    ("fractions", "import fractions\nfractions.Fraction(1, 2)"),
    ("frozenset", "frozenset([1])"),
    ("functools", "import functools\nfunctools.lru_cache(None)(len)"),
    ("future-annotations", "from __future__ import annotations\ndef f(a: b): pass"),
    ("gc", "import gc\ngc.collect()"),
    ("generators", "def f(): yield 1\nassert list(f()) == [1]"),
    ("getframe", "import sys\nsys._getframe().f_locals"),
    ("getrefcount", "import sys\nsys.getrefcount([])"),
    ("getsizeof", "import sys\nsys.getsizeof([])"),
    ("globals", "globals()['x'] = 1\nx"),
    ("inspect", "import inspect\ninspect.signature(lambda: 0)"),
    ("instance-dict", "class A: pass\nA().__dict__"),
    ("intern", "import sys\nsys.intern('a b')"),
    ("introspection", "def f(): pass\nf.__code__.co_consts\nf.__closure__"),
    ("io", "import io\nio.StringIO('a').read()"),
    ("itertools", "import itertools\nlist(itertools.repeat(1, 2))"),
    ("json", "import json\njson.loads(json.dumps([1]))"),
    ("locals", "locals()['__name__']"),
    ("marshal", "import marshal\nmarshal.loads(marshal.dumps([1]))"),
    ("match", "exec('match 1:\\n    case 1: pass')"),
    ("math", "import math\nmath.floor(1.5)"),
    ("memoryview", "memoryview(b'a')[0]"),
    (
        "multiprocessing",
        "import multiprocessing
globals().pop('__file__', None)
\
         task = multiprocessing.get_context('spawn').Process(target=len, args=('a',))
\
         task.start()
task.join()
assert task.exitcode == 0",
    ),
    ("nonlocal", "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    g()\nf()"),
    ("numpy", "import numpy"),
    ("operator", "import operator\nassert operator.index(1) == 1"),
    ("pandas", "import pandas"),
    ("pandas-2", "import pandas\nassert pandas.__version__.startswith('2.')"),
    ("pandas-3", "import pandas\nassert pandas.__version__.startswith('3.')"),
    ("pickle", "import pickle\npickle.loads(pickle.dumps([1]))"),
    ("random", "import random\nrandom.seed(1)\nrandom.random()"),
    ("re", "import re"),
    ("slots", "class A:\n    __slots__ = ('x',)\nA().x = 1"),
    ("struct", "import struct\nstruct.unpack('<h', struct.pack('<h', 1))"),
    ("super", "class A:\n    def f(self): return super().__init__()\nA().f()"),
    ("threading", "import threading\nt = threading.Thread(target=len, args=([],))\nt.start()\nt.join()"),
    ("traceback", "try: 1 / 0\nexcept ZeroDivisionError as e: e.__traceback__.tb_frame"),
    ("tracemalloc", "import tracemalloc\ntracemalloc.start()\ntracemalloc.get_traced_memory()"),
    ("type-call", "type('A', (), {})()"),
    ("type-params", "exec('def f[T](x: T): pass')"),
    ("types", "import types\ntypes.SimpleNamespace()"),
    ("typing", "import typing\ntyping.List"),
    ("unbound-local-error", "UnboundLocalError"),
    ("walrus", "exec('(x := 1)')"),
    ("warnings", "import warnings\nwarnings.simplefilter('always')\nwarnings.catch_warnings"),
    ("weakref", "import weakref\nclass A: pass\na = A()\nassert weakref.ref(a)() is a"),
];

#[cfg(test)]
mod tests {
    use super::CAPABILITIES;

    #[test]
    fn names_are_sorted() {
        assert!(CAPABILITIES.is_sorted_by_key(|(name, _)| *name));
    }
}
