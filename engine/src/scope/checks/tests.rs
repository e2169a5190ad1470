//! Errors as the CPythons report them: text, line and column, measured (FACTS G.1 and the probes behind it).

use super::super::SymbolTable;
use crate::rules::{Profile, py};
use crate::syntax::parse_module;

/// `text @line:column` of the first error, or `ok`.
fn verdict(minor: u8, source: &str) -> String {
    let profile = Profile::of(py(minor, 0));
    let found =
        parse_module(source.as_bytes(), &profile).and_then(|parsed| SymbolTable::build(&parsed, &profile).map(|_| ()));
    match found {
        Ok(()) => "ok".into(),
        Err(issue) => format!("{}: {} @{}:{}", issue.class, issue.message, issue.line, issue.column),
    }
}

#[track_caller]
fn all(source: &str, expected: &str) {
    for minor in 8..=15 {
        assert_eq!(verdict(minor, source), format!("SyntaxError: {expected}"), "3.{minor} {source:?}");
    }
}

#[track_caller]
fn split(source: &str, since: u8, before: &str, after: &str) {
    for minor in 8..=15 {
        let expected = if minor < since { before } else { after };
        assert_eq!(verdict(minor, source), format!("SyntaxError: {expected}"), "3.{minor} {source:?}");
    }
}

#[test]
fn declarations() {
    all("nonlocal x\n", "nonlocal declaration not allowed at module level @1:1");
    all("def f():\n    nonlocal x\n", "no binding for nonlocal 'x' found @2:5");
    all("x = 1\ndef f():\n    nonlocal x\n", "no binding for nonlocal 'x' found @3:5");
    all("class A:\n    x = 1\n    def f(self):\n        nonlocal x\n", "no binding for nonlocal 'x' found @4:9");
    all("def f():\n    x = 1\n    def g(x):\n        nonlocal x\n", "name 'x' is parameter and nonlocal @4:9");
    all("def f(x):\n    global x\n", "name 'x' is parameter and global @2:5");
    all("def f():\n    print(x)\n    global x\n", "name 'x' is used prior to global declaration @3:5");
    all("def f():\n    x = 1\n    global x\n", "name 'x' is assigned to before global declaration @3:5");
    all("x = 1\nglobal x\n", "name 'x' is assigned to before global declaration @2:1");
    all("def f():\n    for x in y: pass\n    global x\n", "name 'x' is assigned to before global declaration @3:5");
    all("def f():\n    x: int\n    global x\n", "annotated name 'x' can't be global @3:5");
    all("def f():\n    global x\n    x: int = 1\n", "annotated name 'x' can't be global @3:5");
    all(
        "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x: int = 1\n",
        "annotated name 'x' can't be nonlocal @5:9",
    );
    all(
        "def f():\n    x = 1\n    def g():\n        print(x)\n        nonlocal x\n",
        "name 'x' is used prior to nonlocal declaration @5:9",
    );
    all(
        "def f():\n    x = 1\n    def g():\n        x = 2\n        nonlocal x\n",
        "name 'x' is assigned to before nonlocal declaration @5:9",
    );
    all(
        "def f():\n    x = 1\n    def g():\n        global x\n        nonlocal x\n",
        "name 'x' is nonlocal and global @4:9",
    );
}

#[test]
fn parameters_and_arguments() {
    for (source, column) in [("def f(x, x): pass\n", 10), ("lambda x, x: 0\n", 11)] {
        let text =
            |word: &str, column: u32| format!("SyntaxError: duplicate {word} 'x' in function definition @1:{column}");
        assert_eq!(verdict(8, source), text("argument", 1));
        assert_eq!(verdict(13, source), text("argument", column));
        assert_eq!(verdict(15, source), text("parameter", column));
    }
    split("f(a=1, a=2)\n", 9, "keyword argument repeated @1:8", "keyword argument repeated: a @1:8");
    split(
        "def f():\n    from os import *\n",
        10,
        "import * only allowed at module level @1:1",
        "import * only allowed at module level @2:20",
    );
}

#[test]
fn statements_in_the_wrong_place() {
    all("return 5\n", "'return' outside function @1:1");
    all("class A:\n    return 5\n", "'return' outside function @2:5");
    all("yield 5\n", "'yield' outside function @1:1");
    all("class A:\n    yield 5\n", "'yield' outside function @2:5");
    all("await x\n", "'await' outside function @1:1");
    all("def f(): await x\n", "'await' outside async function @1:10");
    all("async def f():\n class A: await x", "'await' outside function @2:11");
    all("break\n", "'break' outside loop @1:1");
    all("continue\n", "'continue' not properly in loop @1:1");
    all("while 1:\n def f(): break\n", "'break' outside loop @2:11");
    all("async def f():\n yield 1\n return 2", "'return' with value in async generator @3:2");
    all("async def f():\n yield from x", "'yield from' inside async function @2:2");
    all("def f():\n async for x in y: pass", "'async for' outside async function @2:2");
    all("class A:\n async with x: pass", "'async with' outside async function @2:2");
    split(
        "try:\n    pass\nexcept: pass\nexcept ValueError: pass\n",
        10,
        "default 'except:' must be last @2:5",
        "default 'except:' must be last @3:1",
    );
    assert_eq!(verdict(13, "while 1:\n try: pass\n finally: continue\nelse:\n pass\n"), "ok");
    let text = "SyntaxError: 'break', 'continue' and 'return' cannot appear in an except* block @5:3";
    assert_eq!(verdict(12, "while 1:\n try:\n  pass\n except* A:\n  break"), text);
}

#[test]
fn futures() {
    split(
        "from __future__ import nope\n",
        14,
        "future feature nope is not defined @1:1",
        "future feature nope is not defined @1:24",
    );
    all(
        "x = 1\nfrom __future__ import annotations\n",
        "from __future__ imports must occur at the beginning of the file @2:1",
    );
    assert_eq!(verdict(13, "'doc'\nfrom __future__ import annotations, division\n"), "ok");
}

#[test]
fn comprehensions() {
    split(
        "def f(): return [(yield i) for i in range(3)]\n",
        10,
        "'yield' inside list comprehension @1:17",
        "'yield' inside list comprehension @1:19",
    );
    let rebind = |name: &str, column: u32| {
        format!("assignment expression cannot rebind comprehension iteration variable '{name}' @1:{column}")
    };
    split("[(i := 0) for i in range(3)]\n", 10, &rebind("i", 2), &rebind("i", 3));
    split("[[(j := 0) for i in range(3)] for j in range(3)]\n", 10, &rebind("j", 3), &rebind("j", 4));
    let iterable = |column: u32| {
        format!("assignment expression cannot be used in a comprehension iterable expression @1:{column}")
    };
    split("[i for i in (y := [1])]\n", 10, &iterable(13), &iterable(14));
    split("[i for i in x for j in (y := [1])]\n", 10, &iterable(24), &iterable(25));
    let class = |column: u32| {
        format!("assignment expression within a comprehension cannot be used in a class body @2:{column}")
    };
    split("class A:\n    l = [(y := i) for i in range(3)]\n", 10, &class(10), &class(11));
    let rebound = "comprehension inner loop cannot rebind assignment expression target 'j'";
    assert_eq!(verdict(13, "[i for i in x if (j := 1) for j in y]"), format!("SyntaxError: {rebound} @1:31"));
    let waits = "SyntaxError: asynchronous comprehension outside of an asynchronous function";
    assert_eq!(verdict(11, "def f(): return [i async for i in x]\n"), format!("{waits} @1:17"));
    let nested = "async def f():\n return [[x async for x in y] for z in w]";
    assert_eq!((verdict(10, nested), verdict(11, nested)), (format!("{waits} @2:10"), "ok".into()));
    assert_eq!(verdict(13, "(await x for x in y)"), "ok");
}

#[test]
fn stars() {
    all("x = *a", "can't use starred expression here @1:5");
    all("*a", "can't use starred expression here @1:1");
    all("*a = c\n", "starred assignment target must be in a list or tuple @1:1");
    all("for *a in b: pass", "starred assignment target must be in a list or tuple @1:5");
    split(
        "*a, *b = c\n",
        9,
        "two starred expressions in assignment @1:1",
        "multiple starred expressions in assignment @1:1",
    );
    split(
        "[*a, [*b, *c]] = d",
        9,
        "two starred expressions in assignment @1:6",
        "multiple starred expressions in assignment @1:6",
    );
    assert_eq!(verdict(13, "print(*a, [*b], *c)\nx, *y = {*z}\n"), "ok");
}

#[test]
fn annotations_and_type_parameters() {
    let walrus = "def f(x: (y := int)): pass\n";
    assert_eq!(verdict(13, walrus), "ok");
    assert_eq!(verdict(14, walrus), "SyntaxError: named expression cannot be used within an annotation @1:11");
    let future = format!("from __future__ import annotations\n{walrus}");
    assert_eq!(verdict(9, &future), "ok");
    assert_eq!(verdict(11, &future), "SyntaxError: 'named expression' can not be used within an annotation @2:11");
    assert_eq!(verdict(12, &future), "SyntaxError: named expression cannot be used within an annotation @2:11");
    let local = "def f():\n    x: (yield) = 1\n";
    assert_eq!(verdict(13, local), "ok");
    assert_eq!(verdict(14, local), "SyntaxError: yield expression cannot be used within an annotation @2:9");
    assert_eq!(verdict(12, "def f[T, T](): pass\n"), "SyntaxError: duplicate type parameter 'T' @1:10");
    let bound = "SyntaxError: named expression cannot be used within a TypeVar bound @1:13";
    assert_eq!(verdict(12, "class A[T: (y := 1)]: pass\n"), bound);
    let nonlocal = "SyntaxError: nonlocal binding not allowed for type parameter 'T' @3:9";
    assert_eq!(verdict(12, "def f[T]():\n    def g():\n        nonlocal T\n        T = 1\n"), nonlocal);
}

#[test]
fn debug_is_constant() {
    for (source, place) in [
        ("__debug__ = 1", "1:1"),
        ("a.__debug__ = 1", "1:1"),
        ("for __debug__ in x: pass", "1:5"),
        ("(__debug__ := 1)", "1:2"),
        ("def __debug__(): pass", "1:1"),
    ] {
        assert_eq!(verdict(13, source), format!("SyntaxError: cannot assign to __debug__ @{place}"));
    }
    assert_eq!(
        (verdict(9, "del __debug__"), verdict(10, "del __debug__")),
        ("ok".into(), "SyntaxError: cannot delete __debug__ @1:5".into())
    );
}

#[test]
fn patterns() {
    for (case, text) in [
        ("_: pass\n case 1", "wildcard makes remaining patterns unreachable @2:7"),
        ("y: pass\n case 1", "name capture 'y' makes remaining patterns unreachable @2:7"),
        ("1 | _ | 2", "wildcard makes remaining patterns unreachable @2:11"),
        ("(a, a)", "multiple assignments to name 'a' in pattern @2:11"),
        ("[*a, *b]", "multiple starred names in sequence pattern @2:7"),
        ("{1: a, 1: b}", "mapping pattern checks duplicate key (1) @2:7"),
        ("A(b=1, b=2)", "attribute name repeated in class pattern: b @2:16"),
        ("1 | [a]", "alternative patterns bind different names @2:7"),
    ] {
        assert_eq!(verdict(13, &format!("match x:\n case {case}: pass")), format!("SyntaxError: {text}"));
    }
    assert_eq!(
        verdict(13, "match x:\n case [a, *_] | {'k': a} | A(b=a): pass\n case _ if y: pass\n case _: pass"),
        "ok"
    );
}

#[test]
fn nested_blocks() {
    let nest = |n: usize| {
        (0..n).map(|i| format!("{}while 1:\n", " ".repeat(i))).collect::<String>() + &" ".repeat(n) + "pass\n"
    };
    let text = "SyntaxError: too many statically nested blocks @21:21";
    assert_eq!((verdict(12, &nest(20)), verdict(12, &nest(21))), ("ok".into(), text.into()));
    assert_eq!(verdict(13, &nest(21)), "ok");
}
