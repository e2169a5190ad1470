//! The generators against themselves, and the reference engine against python3 where there is one.

use super::log::{Header, Log, Sum};
use super::outcome::Outcome;
use super::search::{BLOCK, Plan, search};
use super::*;
use crate::engine::{EngineSpec, Limits, ReferenceEngine};
use crate::run::execute::Opened;
use std::collections::HashSet;
use verysame_engine::rules::{Profile, PyVersion};

fn source(kind: Kind, seed: u64, number: u64) -> String {
    Growth::new(kind, seed, number).expect("a program").source()
}

fn plan(kinds: &[Kind], seed: u64, programs: u64) -> Plan {
    Plan {
        kinds: kinds.to_vec(),
        seed,
        first: 0,
        programs: Some(programs),
        shard: (1, 1),
        time: None,
        threads: 2,
        all: false,
        alone: false,
        limits: Limits::default(),
    }
}

fn all_of(plan: &Plan, opened: &Opened) -> Sum {
    let sum = std::sync::Mutex::new(Sum::default());
    search(plan, opened, &HashSet::new(), |done| {
        sum.lock().expect("no panic").add(done);
        Ok(())
    })
    .expect("it answers");
    let mut sum = sum.into_inner().expect("no panic");
    sum.sort();
    sum
}

fn with_fault(rule: &str, fault: &str) -> Opened {
    let version = PyVersion::of_minor(13).expect("a profile");
    Opened::open(EngineSpec::Reference { version, fault: Some((rule.into(), fault.into())) }).expect("a fault")
}

#[test]
fn a_number_is_one_program() {
    for kind in Kind::ALL {
        let mut same = 0;
        // The first seeds are the cases as they stand.
        let first = if kind == Kind::Seeds { 50_000 } else { 0 };
        for number in first..first + 40 {
            assert_eq!(source(kind, 1, number), source(kind, 1, number));
            same += usize::from(source(kind, 1, number) == source(kind, 2, number));
        }
        assert!(same < 20, "{kind}: {same}");
    }
}

/// A program is the same in every release: what a log or a report names can be made again.
#[test]
fn programs_stay_what_they_are() {
    let text: String = Kind::GENERATED
        .into_iter()
        .flat_map(|kind| (0..12).map(move |number| format!("# {kind} {number}\n{}", source(kind, 1, number))))
        .collect();
    insta::assert_snapshot!(text);
}

#[test]
fn every_program_ends_in_every_version() {
    for kind in Kind::GENERATED {
        let mut fine = 0;
        for (number, minor) in (0..160).zip(PyVersion::minors().cycle()) {
            let version = PyVersion::of_minor(minor).expect("a profile");
            let growth = Growth::new(kind, 7, number).expect("a program");
            if growth.since() > minor {
                continue;
            }
            let mut engine = ReferenceEngine::new(Profile::of(version), None);
            let seen = Outcome::alone(&mut engine, "fuzz.test", &growth.source(), &Limits::default());
            fine += usize::from(seen.is_fine());
            let legal = seen.is_fine() || (kind == Kind::Skeletons && seen.raised().is_some());
            assert!(legal, "{version}\n{}\n{}", growth.source(), seen.text());
        }
        assert!(fine > 30, "{kind}: {fine}");
    }
}

#[test]
fn shrinking_keeps_what_is_wanted_and_little_else() {
    for (kind, wanted, lines) in [
        (Kind::Lifetime, "print(gc.is_tracked(", 1),
        (Kind::Heap, ".append(", 1),
        (Kind::Caching, "1.5", 1),
        (Kind::Skeletons, "nonlocal", 4),
    ] {
        let growths = (0..120).map(|number| Growth::new(kind, 3, number).expect("a program"));
        let mut tried = 0;
        for growth in growths.filter(|growth| growth.source().contains(wanted)).take(8) {
            let small = growth.shrink(1000, |smaller| smaller.source().contains(wanted)).source();
            assert!(small.contains(wanted) && small.lines().count() <= lines, "{small}");
            tried += 1;
        }
        assert!(tried > 2, "{kind}: {tried}");
    }
}

#[test]
fn seeds_are_the_cases_and_what_becomes_of_them() {
    let plain = source(Kind::Seeds, 1, 3);
    assert_eq!(plain, source(Kind::Seeds, 2, 3));
    assert!(!plain.contains("#=>") && !plain.is_empty(), "{plain}");
    let changed: HashSet<String> = (20_000..20_040).map(|number| source(Kind::Seeds, 1, number)).collect();
    assert!(changed.len() > 30, "{}", changed.len());
    let (newest, mut printing) = (PyVersion::NEWEST, 0);
    let mut engine = ReferenceEngine::new(Profile::of(newest), None);
    for program in changed {
        // The heap is audited, and nothing that the change made may bring the engine down.
        let seen = Outcome::alone(&mut engine, "fuzz.test", &program, &Limits::default());
        assert!(!seen.end.contains("crash") && !seen.end.contains("asked"), "{program}\n{}", seen.text());
        printing += usize::from(!seen.stdout.is_empty());
    }
    assert!(printing > 15, "{printing}");
}

#[test]
fn the_corpus_tells_its_faults_apart() {
    let corpus = super::corpus::Corpus::kept().expect("a corpus");
    assert!(!corpus.programs.is_empty());
    let plan = plan(&[Kind::Heap], 1, 1);
    for kept in &corpus.programs {
        assert!(kept.missed(&plan).is_empty(), "{:?}\n{}", kept.missed(&plan), kept.source);
    }
    let again: super::corpus::Corpus = toml::from_str(&corpus.text()).expect("its own text");
    assert_eq!(again, corpus);
}

#[test]
fn faults_are_found_by_programs_that_tell_them_apart() {
    let faults: Vec<_> = crate::run::faults::all()
        .into_iter()
        .filter(|fault| {
            ["scoping.except.name-deleted:stays", "mutability.augmented.in-place:rebinds"]
                .contains(&fault.to_string().as_str())
        })
        .collect();
    let plan = plan(&[Kind::Skeletons, Kind::Heap], 1, 6 * BLOCK);
    let fates = super::faults::measure(&plan, &faults, |_, _| {}).expect("threads");
    assert_eq!(fates.len(), 2);
    let corpus = super::corpus::Corpus::of(&plan, &faults, &fates);
    assert_eq!(corpus.programs.len(), 2, "{fates:?}");
    assert!(corpus.programs.iter().all(|kept| kept.missed(&plan).is_empty() && kept.source.lines().count() < 9));
    // The same on one thread.
    assert_eq!(super::faults::measure(&Plan { threads: 1, ..plan }, &faults, |_, _| {}), Ok(fates));
}

#[test]
fn shards_divide_the_numbers() {
    let part = |at| Plan { shard: (at, 3), ..plan(&[Kind::Heap], 1, 900) };
    let mut counts = [0; 3];
    for number in 0..900 {
        let holders: Vec<u64> = (1..=3).filter(|at| part(*at).is_ours(Kind::Heap, number)).collect();
        assert_eq!(holders.len(), 1);
        for at in holders {
            counts[usize::try_from(at - 1).expect("small")] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count > 240), "{counts:?}");
}

#[test]
fn what_is_found_does_not_depend_on_jobs_or_shards() {
    let opened = with_fault("scoping.except.name-deleted", "stays");
    let whole = plan(&[Kind::Skeletons, Kind::Heap], 1, 3 * BLOCK + 10);
    let found = all_of(&whole, &opened);
    assert_eq!(found.ran, 3 * BLOCK + 10);
    assert!(found.found.len() > 1, "{}", found.found.len());
    assert_eq!(all_of(&Plan { threads: 1, ..whole.clone() }, &opened).found, found.found);
    let mut parts = Sum::default();
    for part in 1..=3 {
        let some = all_of(&Plan { shard: (part, 3), ..whole.clone() }, &opened);
        parts.ran += some.ran;
        parts.found.extend(some.found);
    }
    parts.sort();
    assert_eq!((parts.ran, &parts.found), (found.ran, &found.found));
}

#[test]
fn a_log_that_was_cut_off_is_gone_on_with() {
    let opened = with_fault("scoping.except.name-deleted", "stays");
    let plan = plan(&[Kind::Skeletons], 1, 4 * BLOCK);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.jsonl");
    let header = Header::new(&plan, opened.info().name.clone());
    let run = |skip: &HashSet<_>, log: &Log| {
        search(&plan, &opened, skip, |done| log.add(done)).expect("it answers");
    };
    let (log, before) = Log::open(&path, &header).expect("a new log");
    assert!(before.is_empty());
    run(&HashSet::new(), &log);
    let whole = super::log::read(&path).expect("a log").expect("a header").blocks;
    let bytes = std::fs::read(&path).expect("there");
    let sum = |blocks: &[search::Done]| {
        let mut sum = Sum::default();
        blocks.iter().for_each(|done| sum.add(done));
        sum.sort();
        (sum.ran, sum.found)
    };
    for cut in [0, 1, 20, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1, bytes.len()] {
        std::fs::write(&path, &bytes[..cut]).expect("written");
        let (log, before) = Log::open(&path, &header).expect("it goes on");
        run(&before.iter().map(|done| done.span).collect(), &log);
        let again = super::log::read(&path).expect("a log").expect("a header").blocks;
        assert_eq!(sum(&again), sum(&whole), "{cut}");
        assert_eq!(again.len(), whole.len(), "{cut}");
    }
    std::fs::write(&path, "{}\nnonsense\n").expect("written");
    assert!(Log::open(&path, &header).err().expect("no log").contains("log.jsonl:1: "));
    let other = Header { seed: 9, ..header };
    std::fs::write(&path, &bytes).expect("written");
    assert!(Log::open(&path, &other).err().expect("another").contains("another search"));
}

#[test]
fn the_reference_engine_agrees_with_python3() {
    let Ok(opened) = EngineSpec::python("python3", None).map_err(|error| error.to_string()).and_then(Opened::open)
    else {
        return;
    };
    for kind in Kind::GENERATED {
        let found = all_of(&plan(&[kind], 5, if kind == Kind::Lifetime { 150 } else { 400 }), &opened).found;
        let shown: Vec<String> = found
            .iter()
            .take(5)
            .map(|one| {
                let source = source(kind, 5, one.number);
                format!("{}\n{source}\n{}\n{}", one.number, one.reference.text(), one.other.text())
            })
            .collect();
        assert!(found.is_empty(), "{kind}: {}\n{}", found.len(), shown.join("\n====\n"));
    }
}
