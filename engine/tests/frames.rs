//! Frame objects and tracebacks: their variables wherever they lie. Each program ends with the audit.

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
fn variables_are_found_on_the_stack_in_generators_and_in_ended_frames() {
    let source = "import sys\n\
        def f(a):\n    b = lambda: a\n    return sys._getframe()\n\
        frame = f(1)\nprint(sorted(frame.f_locals), frame.f_locals['a'])\n\
        def g():\n    x = 2\n    yield\n\
        it = g()\nnext(it)\nframe = it.gi_frame\nprint(dict(frame.f_locals), frame.f_lineno)\n\
        del it\nprint(dict(frame.f_locals), frame.f_lineno)\n";
    for minor in [8, 11, 13, 14] {
        assert_eq!(run(minor, source), "['a', 'b'] 1\n{'x': 2} 9\n{'x': 2} 9\n", "3.{minor}");
    }
}

#[test]
fn the_frame_of_the_caller_is_kept() {
    let source = "import sys\n\
        def inner(): raise ValueError\n\
        def outer():\n    local = [1]\n    inner()\n\
        try: outer()\nexcept ValueError as e: kept = e.__traceback__.tb_next.tb_next.tb_frame\n\
        print(kept.f_code.co_name, kept.f_back.f_locals['local'], kept.f_back.f_back is sys._getframe())\n\
        kept.f_back.clear()\nprint(len(kept.f_back.f_locals))\n";
    for minor in [8, 11, 13, 14] {
        assert_eq!(run(minor, source), "inner [1] True\n0\n", "3.{minor}");
    }
}

#[test]
fn writing_through_f_locals_reaches_variables_and_cells() {
    let source = "import sys\n\
        def f():\n    x = 1\n    y = 1\n    get = lambda: y\n    names = sys._getframe().f_locals\n    names['x'] = 2\n    \
        names['y'] = 3\n    names['new'] = 4\n    return x, y, get(), 'new' in locals(), len(names)\n\
        print(f())\n";
    assert_eq!(run(12, source), "(1, 1, 1, True, 5)\n");
    assert_eq!(run(13, source), "(2, 3, 3, True, 5)\n");
}

#[test]
fn a_finaliser_that_runs_while_a_frame_is_left_finds_it_as_its_caller() {
    let source = "import sys\n\
        class N:\n    def __del__(self):\n        print(sys._getframe(1).f_code.co_name)\n        kept.append(sys._getframe())\n        1 / 0\n\
        def f():\n    missing.attribute = N()\n\
        kept = []\nsys.unraisablehook = lambda seen: print(seen.exc_type.__name__)\n\
        try: f()\nexcept NameError as error: print(error)\n\
        print(kept[0].f_back.f_code.co_name)\n";
    for minor in 8..=15 {
        assert_eq!(run(minor, source), "f\nZeroDivisionError\nname 'missing' is not defined\nf\n", "3.{minor}");
    }
}

#[test]
fn a_generator_that_is_closed_while_locals_are_released_leaves_nothing_behind() {
    let source = "class It:\n    def __iter__(self): return self\n    def __next__(self): return 1\n\
        def gen():\n    try:\n        yield from It()\n    finally:\n        print('closed')\n\
        def outer():\n    g = gen()\n    next(g)\n\
        outer()\n";
    for minor in 8..=15 {
        assert_eq!(run(minor, source), "closed\n", "3.{minor}");
    }
}
