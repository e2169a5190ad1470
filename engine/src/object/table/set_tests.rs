//! The orders here were read from the real interpreters.

use super::*;
use crate::rules::PyVersion;

fn rules(minor: u8) -> Profile {
    Profile::of(PyVersion::of_minor(minor).unwrap())
}

/// Adds an int as Python does: its hash is itself, equality is identity.
fn add(rules: &Profile, set: &mut Set<i64>, n: i64) {
    let mut probe = set.probe(n);
    if probe.next(set, n).is_none() {
        set.insert(rules, &probe, n);
    }
}

fn discard(set: &mut Set<i64>, n: i64) {
    if let Some(Candidate::Identical(slot)) = set.probe(n).next(set, n) {
        set.remove(slot);
    }
}

fn made(rules: &Profile, items: impl IntoIterator<Item = i64>) -> Set<i64> {
    let mut set = Set::new();
    items.into_iter().for_each(|n| add(rules, &mut set, n));
    set
}

fn order(set: &Set<i64>) -> Vec<i64> {
    set.iter().map(|(_, n)| n).collect()
}

#[test]
fn ints_stand_where_cpython_puts_them() {
    let r = rules(13);
    assert_eq!(order(&made(&r, [3, 1, 2, 0])), [0, 1, 2, 3]);
    assert_eq!(order(&made(&r, [0, 8, 16, 24])), [0, 8, 16, 24]);
    assert_eq!(order(&made(&r, [100, 7, 8, -5, 33])), [33, 100, 7, 8, -5]);
    assert_eq!(order(&made(&r, (0..5).map(|n| n * 32))), [0, 32, 64, 96, 128]);
}

#[test]
fn the_table_grows_as_measured() {
    let r = rules(13);
    let slots = |n: i64| made(&r, 0..n).slots();
    assert_eq!([4, 5, 18, 19, 76, 77, 306, 307].map(slots), [8, 32, 32, 128, 128, 512, 512, 2048]);
    let merged = |n: i64| {
        let mut set = Set::new();
        assert!(set.begin_merge(&made(&r, 0..n)));
        set.slots()
    };
    assert_eq!([4, 5, 7, 8, 15, 16, 31, 32].map(merged), [8, 16, 16, 32, 32, 64, 64, 128]);
}

#[test]
fn places_of_removed_items_are_taken_again_by_version() {
    let run = |minor: u8, items: &[i64], gone: &[i64], new: i64| {
        let r = rules(minor);
        let mut set = made(&r, items.iter().copied());
        gone.iter().for_each(|n| discard(&mut set, *n));
        add(&r, &mut set, new);
        order(&set)
    };
    assert_eq!(run(8, &[0, 8, 16], &[8], 24), [0, 24, 16]);
    assert_eq!(run(9, &[0, 8, 16], &[8], 24), [0, 16, 24]);
    assert_eq!(run(13, &[0, 8, 16], &[8], 24), [0, 24, 16]);
    assert_eq!(run(9, &[0, 8, 16, 24], &[0], 32), [32, 8, 16, 24]);
    assert_eq!(run(8, &[0, 32, 64, 96, 128], &[0, 64], 160), [32, 160, 96, 128]);
    assert_eq!(run(9, &[0, 32, 64, 96, 128], &[0, 64], 160), [32, 96, 128, 160]);
}

#[test]
fn pop_walks_round_the_table() {
    let r = rules(13);
    let mut set = made(&r, [1, 2, 3]);
    assert_eq!(set.pop(), Some((1, 1)));
    add(&r, &mut set, 0);
    assert_eq!([set.pop(), set.pop(), set.pop(), set.pop()], [Some((2, 2)), Some((3, 3)), Some((0, 0)), None]);
}

#[test]
fn equal_hashes_are_candidates_in_order() {
    let r = rules(13);
    let mut set: Set<u32> = Set::new();
    for key in 0..3 {
        set.add_new(&r, 5, key);
    }
    let mut probe = set.probe(5);
    let first = probe.next(&set, 9);
    assert_eq!(first, Some(Candidate::SameHash(5)));
    assert!(!set.disturbed(&probe, 5, 0));
    assert!(probe.next(&set, 1).is_some_and(|c| matches!(c, Candidate::Identical(_))));
    set.remove(5);
    assert!(set.disturbed(&probe, 5, 0));
    let mut cleared = set.clone();
    assert_eq!(cleared.clear().len(), 2);
    assert!(cleared.disturbed(&probe, 5, 0));
}
