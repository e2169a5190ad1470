//! What a case may need that not every Python has, and the program that finds out: it ends without an exception where
//! the capability is there.
//!
//! Invariant: a probe asks only whether a thing exists and can be used, never whether it behaves.

use super::{Engine, Limits};
use crate::case::{Chunk, Job, Mode};
use crate::judge::{ChunkEnd, ProcessEnd};

/// Names and probes, by name.
pub const CAPABILITIES: &[(&str, &str)] = &[
    ("annotations", "def f(a: int) -> str: pass\nf.__annotations__['a']"),
    ("async", "import asyncio\nasync def f(): return 1\nassert asyncio.run(f()) == 1"),
    ("atexit", "import atexit\natexit.register(len, [])"),
    ("builtins", "import builtins\nbuiltins.len"),
    ("bytearray", "bytearray(b'a')[0]"),
    ("bytes", "b'ab'[0]"),
    ("class-inheritance", "class A: pass\nclass B(A): pass\nassert issubclass(B, A)"),
    ("complex", "complex(1, 2).imag"),
    ("copy", "import copy\ncopy.copy([])\ncopy.deepcopy([])"),
    ("dataclasses", "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int\nA(1)"),
    ("decorators", "@str\ndef f(): pass\nassert isinstance(f, str)"),
    ("del", "x = [1]\ndel x[0]\ndel x"),
    ("exec", "exec('x = 1', {})"),
    ("f-strings", "assert f'{1}' == '1'"),
    ("finalizer", "class A:\n    def __del__(self): pass\nA()"),
    ("frozenset", "frozenset([1])"),
    ("functools", "import functools\nfunctools.lru_cache(None)(len)"),
    ("gc", "import gc\ngc.collect()"),
    ("generators", "def f(): yield 1\nassert list(f()) == [1]"),
    ("getframe", "import sys\nsys._getframe().f_locals"),
    ("getrefcount", "import sys\nsys.getrefcount([])"),
    ("getsizeof", "import sys\nsys.getsizeof([])"),
    ("globals", "globals()['x'] = 1\nx"),
    ("instance-dict", "class A: pass\nA().__dict__"),
    ("intern", "import sys\nsys.intern('a b')"),
    ("introspection", "def f(): pass\nf.__code__.co_consts\nf.__closure__"),
    ("locals", "locals()['__name__']"),
    ("match", "exec('match 1:\\n    case 1: pass')"),
    ("memoryview", "memoryview(b'a')[0]"),
    ("nonlocal", "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    g()\nf()"),
    ("pickle", "import pickle\npickle.loads(pickle.dumps([1]))"),
    ("slots", "class A:\n    __slots__ = ('x',)\nA().x = 1"),
    ("super", "class A:\n    def f(self): return super().__init__()\nA().f()"),
    ("traceback", "try: 1 / 0\nexcept ZeroDivisionError as e: e.__traceback__.tb_frame"),
    ("tracemalloc", "import tracemalloc\ntracemalloc.start()\ntracemalloc.get_traced_memory()"),
    ("type-call", "type('A', (), {})()"),
    ("type-params", "exec('def f[T](x: T): pass')"),
    ("types", "import types\ntypes.SimpleNamespace()"),
    ("typing", "import typing\ntyping.List"),
    ("unbound-local-error", "UnboundLocalError"),
    ("walrus", "exec('(x := 1)')"),
    ("weakref", "import weakref\nclass A: pass\na = A()\nassert weakref.ref(a)() is a"),
];

/// Whether an engine has a capability; `None` if there is no capability of that name.
pub fn has(engine: &mut dyn Engine, name: &str, limits: &Limits) -> Option<bool> {
    let (_, source) = CAPABILITIES.iter().find(|(own, _)| *own == name)?;
    let chunk = Chunk { source: format!("{source}\n"), first_line: 1, graph: false };
    let job = Job {
        case: format!("capability.{name}"),
        mode: Mode::Module,
        files: Vec::new(),
        chunks: vec![chunk],
        probes: Vec::new(),
        heap: Vec::new(),
    };
    let seen = engine.observe(&job, limits);
    Some(seen.end == ProcessEnd::Ok && seen.chunks == [ChunkEnd::Completed])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::EngineSpec;
    use crate::run::suite::Suite;
    use verysame_engine::rules::py;

    #[test]
    fn every_need_of_a_case_can_be_probed() {
        for case in Suite::find(None).load().cases {
            for need in &case.needs {
                assert!(CAPABILITIES.iter().any(|(name, _)| name == need), "{}: no probe for `{need}`", case.id);
            }
        }
        assert!(CAPABILITIES.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn cpython_has_them_all() {
        let Ok(mut engine) = EngineSpec::python("python3", None).and_then(|spec| spec.open()) else { return };
        for (name, _) in CAPABILITIES {
            let newer = ["match", "type-params"].contains(name) && engine.describe().version < py(12, 0);
            assert!(newer || has(&mut *engine, name, &Limits::default()) == Some(true), "{name}");
        }
        assert_eq!(has(&mut *engine, "no-such", &Limits::default()), None);
    }
}
