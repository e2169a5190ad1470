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
