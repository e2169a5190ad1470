//! What isolation costs: starting an interpreter, copying a started one, and small programs each in one of its own.
//!
//! `cargo bench --bench isolated`. No test depends on it.

use divan::{Bencher, black_box};
use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session, Started};

const PROGRAMS: &[(&str, &str)] = &[
    ("three lines", "x = [1, 2]\ny = x\nprint(x is y)\n"),
    (
        "closure",
        "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n        return n\n    return g\nprint(f()())\n",
    ),
    ("class", "class A:\n    def __init__(self):\n        self.x = 1\na = A()\nb = a\nb.x += 1\nprint(a.x)\n"),
    ("exception", "try:\n    {}['k']\nexcept KeyError as error:\n    print(error.args)\n"),
    ("cycle", "import gc\na = []\na.append(a)\ndel a\nprint(gc.collect())\n"),
];

/// The one of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn started() -> Started {
    Started::new(&Profile::of(PyVersion::NEWEST), Limits::default())
}

/// Starting an interpreter from nothing.
#[divan::bench]
fn start() -> Started {
    started()
}

/// A copy of a started one.
#[divan::bench]
fn copy(bencher: Bencher) {
    let started = started();
    bencher.bench_local(|| Session::copy_of(&started));
}

/// A small program in a copy of its own.
#[divan::bench(args = PROGRAMS.iter().map(|(name, _)| name))]
fn program(bencher: Bencher, name: &str) {
    let started = started();
    let source = PROGRAMS.iter().find(|(known, _)| *known == name).map_or("", |(_, source)| source);
    bencher.bench_local(|| {
        let mut session = Session::copy_of(&started);
        assert_eq!(session.run_module(black_box(source.as_bytes()), "bench.py"), Ended::Completed);
        session
    });
}
