//! The generator against itself, and the reference engine against python3 where there is one.

use super::search::{Range, search};
use super::*;
use crate::engine::{Engine, EngineSpec, Limits, ReferenceEngine};
use crate::judge::{ChunkEnd, ProcessEnd};
use crate::run::execute::Opened;
use verysame_engine::rules::{Profile, PyVersion};

#[test]
fn a_number_is_one_program() {
    let source = |seed, number| Growth::new(Kind::Lifetime, seed, number).expect("a program").source();
    for number in 0..20 {
        assert_eq!(source(1, number), source(1, number));
        assert_ne!(source(1, number), source(2, number));
    }
}

#[test]
fn every_program_runs_to_its_end_in_every_version() {
    for (number, minor) in (0..160).zip(PyVersion::minors().cycle()) {
        let version = PyVersion::of_minor(minor).expect("a profile");
        let source = Growth::new(Kind::Lifetime, 7, number).expect("a program").source();
        let seen =
            ReferenceEngine::new(Profile::of(version), None).observe(&job("fuzz.test", &source), &Limits::default());
        assert_eq!((&seen.end, &seen.chunks[..]), (&ProcessEnd::Ok, &[ChunkEnd::Completed][..]), "{version}\n{source}");
    }
}

#[test]
fn shrinking_keeps_what_is_wanted_and_little_else() {
    let wanted = "print(gc.is_tracked(";
    let growths = (0..60).map(|number| Growth::new(Kind::Lifetime, 3, number).expect("a program"));
    let mut tried = 0;
    for growth in growths.filter(|growth| growth.source().contains(wanted)) {
        let small = growth.shrink(1000, |source| source.contains(wanted)).source();
        assert_eq!(small.matches(wanted).count(), 1, "{small}");
        // Up to eleven lines set the collector up and define a class, and three end the program.
        assert!(small.lines().count() <= 16, "{small}");
        tried += 1;
    }
    assert!(tried > 5, "{tried}");
}

#[test]
fn the_reference_engine_agrees_with_python3() {
    let Ok(opened) = EngineSpec::python("python3", None).map_err(|error| error.to_string()).and_then(Opened::open)
    else {
        return;
    };
    let range = Range { kind: Kind::Lifetime, seed: 5, first: 0, count: 150 };
    let found = search(range, &opened, 2, &Limits::default(), |_| ()).expect("python3 answers");
    let shown: Vec<String> = found
        .iter()
        .map(|one| format!("{}\n{}\n{}\n{}", one.number, one.source, one.reference.text(), one.other.text()))
        .collect();
    assert!(found.is_empty(), "{}", shown.join("\n====\n"));
}
