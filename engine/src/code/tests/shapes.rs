//! Key shapes of code.

use super::*;

#[test]
fn a_return_inside_try_leaves_the_handlers() {
    let code = dis(13, "def f():\n    try:\n        return g()\n    finally:\n        h()\n");
    assert!(code.contains("LoadGlobal h"), "{code}");
    // The `finally` body stands twice: for the return and for exceptions; nothing falls through.
    assert_eq!(code.matches("LoadGlobal h").count(), 2, "{code}");
}

#[test]
fn comprehensions_are_functions_or_inlined() {
    assert!(dis(11, "def f(): return [i for i in x]\n").contains("MakeFunction"));
    let inlined = dis(12, "def f(): return [i for i in x]\n");
    assert!(inlined.contains("LoadFastAndClear i") && inlined.contains("ListAppend 2"), "{inlined}");
}

#[test]
fn equal_constants_of_a_unit_are_one_entry() {
    let pool = constants(13, "a = 1000\ndef f():\n    return (1000, 500 + 500, (1000,))\nb = [1000.0, True, 1]\n");
    let thousands = pool.iter().filter(|constant| **constant == Const::Int(1000.into())).count();
    assert_eq!(thousands, 1, "{pool:?}");
}

#[test]
fn every_mode_compiles_everything_small() {
    for minor in PyVersion::minors() {
        for source in ["", "1", "x", "x if y else z", "lambda a, *b, c=1, **d: (yield)", "f(*a, b=1, **c)"] {
            unit_of(minor, CompileMode::Exec, source);
            // Neither of these takes nothing.
            if !source.is_empty() {
                unit_of(minor, CompileMode::Eval, source);
                unit_of(minor, CompileMode::Single, &format!("{source}\n"));
            }
        }
    }
}

#[test]
fn locals_are_borrowed_where_nothing_can_outlive_them() {
    let code = "def f(a, b):\n    g(a)\n    c = a\n    return a or b\n";
    assert!(!dis(13, code).contains("Borrow"));
    let borrowed = dis(14, code);
    assert!(borrowed.contains("LoadFastBorrow a\nCall 1"), "{borrowed}");
    assert!(borrowed.contains("LoadFast a\nStoreFast c"), "{borrowed}");
    assert!(borrowed.contains("LoadFast a\nJumpIfTrueOrPop"), "{borrowed}");
    // The return is a block of its own.
    assert!(borrowed.contains("LoadFast b"), "{borrowed}");
}

#[test]
fn code_that_handles_an_exception_borrows_nothing() {
    let code = dis(14, "def f(a):\n    try:\n        g(a)\n    except E:\n        h(a)\n");
    assert_eq!((code.matches("LoadFastBorrow a").count(), code.matches("LoadFast a").count()), (1, 1), "{code}");
}

#[test]
fn an_exchange_makes_no_tuple() {
    assert!(dis(8, "def f(a, b): a, b = b, a\n").contains("Swap 2"));
    let settled = dis(11, "def f(a, b): a, b = b, a\n");
    assert!(!settled.contains("Swap") && !settled.contains("BuildTuple"), "{settled}");
}

#[test]
fn what_is_folded_depends_on_the_version() {
    let folds = |minor, source: &str| !dis(minor, source).contains("Op") && !dis(minor, source).contains("Subscr");
    for minor in PyVersion::minors() {
        for source in ["x = 2**64", "x = 'a' * 4096", "x = (1,) * 256", "x = 1 << 127", "x = -1", "x = (1, 2)[0]"] {
            assert!(folds(minor, source), "3.{minor} {source}");
        }
        for source in ["x = 2**65", "x = 'a' * 4097", "x = (1,) * 257", "x = 1 << 128", "x = 1 / 0", "x = 'a'[1]"] {
            assert!(!folds(minor, source), "3.{minor} {source}");
        }
        assert_eq!(folds(minor, "x = ~True"), minor < 14);
        assert_eq!(folds(minor, "x = not ()"), minor < 14);
        assert_eq!(folds(minor, "x = 'abc'[0:2]"), minor >= 14);
    }
}

#[test]
fn unbound_locals_keep_their_check() {
    let code = dis(13, "def f(a, c):\n    if c: x = 1\n    print(a, x, x)\n    del a\n    a\n");
    assert_eq!(code.matches("LoadFastCheck x").count(), 1, "{code}");
    assert_eq!(code.matches("LoadFastCheck a").count(), 1, "{code}");
}

#[test]
fn small_constants_of_new_versions_are_not_shown() {
    let shown = |minor, source: &str| unit_of(minor, CompileMode::Exec, source).root.shown_consts;
    assert_eq!((shown(13, "x = 'a'; y = 2"), shown(14, "x = 'a'; y = 2"), shown(15, "x = 'a'; y = 2")), (3, 2, 1));
}

#[test]
fn finally_runs_on_every_way_out() {
    let code = "def f():\n    for x in y:\n        try:\n            if a: continue\n            if b: break\n            return c\n        finally:\n            d()\n";
    for minor in PyVersion::minors() {
        let text = dis(minor, code);
        // On continue, break, return and exceptions; the end of the body is never reached.
        assert_eq!(text.matches("LoadGlobal d").count(), 4, "3.{minor}\n{text}");
    }
}
