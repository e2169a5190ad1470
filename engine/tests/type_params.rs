//! Type parameters and type aliases. Each program ends with the audit.

use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session};

fn run(minor: u8, source: &str) -> String {
    let version = PyVersion::of_minor(minor).expect("a known minor version");
    let mut session = Session::new(&Profile::of(version), Limits::default());
    let ended = session.run_module(source.as_bytes(), "program.py");
    let printed = String::from_utf8_lossy(session.stdout()).into_owned();
    assert_eq!(ended, Ended::Completed, "3.{minor}: {printed}");
    session.audit().unwrap_or_else(|problem| panic!("3.{minor}: {problem}"));
    session.finish();
    session.audit().unwrap_or_else(|problem| panic!("3.{minor} after the end: {problem}"));
    printed
}

#[test]
fn parameters_are_objects_and_bounds_are_lazy() {
    let source = "def f[T: later, *Ts, **P](): return T, Ts, P\n\
        T, Ts, P = f()\nprint(T, Ts, P, P.args, f.__type_params__)\n\
        try: T.__bound__\nexcept NameError as e: print(e)\n\
        later = int\nprint(T.__bound__, T.__constraints__, dict[T, list[T]][str])\n";
    for minor in [12, 14] {
        let expected = "T Ts P P.args (T, Ts, P)\nname 'later' is not defined\n<class 'int'> () dict[str, list[str]]\n";
        assert_eq!(run(minor, source), expected, "3.{minor}");
    }
}

#[test]
fn generic_classes_have_generic_as_last_base() {
    let source = "class K[T](list):\n    own = T\n\
        print(K.__bases__, K.__orig_bases__, K.own is K.__parameters__[0], K[int], K[int]([1]))\n\
        class L[X](K[X]): pass\nprint([c.__name__ for c in L.__mro__], L.__parameters__)\n\
        class M[A]: pass\ntry: M[int, str]\nexcept TypeError as e: print(e)\n";
    let expected = "(<class 'list'>, <class 'typing.Generic'>) (<class 'list'>, typing.Generic[T]) True __main__.K[int] [1]\n\
        ['L', 'K', 'list', 'Generic', 'object'] (X,)\n\
        Too many arguments for <class '__main__.M'>; actual 2, expected 1\n";
    assert_eq!(run(12, source), expected);
    assert_eq!(run(15, source), expected);
}

#[test]
fn aliases_and_defaults_are_evaluated_once() {
    let source = "type A[T] = list[T]\nprint(A, A.__value__ is A.__value__, A.__type_params__)\n\
        def f[T = int, *Ts = *tuple[int]](): return T, Ts\n\
        T, Ts = f()\nprint(T.__default__, Ts.__default__, T.has_default())\n\
        def g[T](): return T\nprint(g().__default__, g().has_default())\n";
    let expected = "A True (T,)\n<class 'int'> *tuple[int] True\ntyping.NoDefault False\n";
    assert_eq!(run(13, source), expected);
    assert_eq!(run(14, source), expected);
}
