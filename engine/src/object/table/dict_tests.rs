//! The sizes here were read from the real interpreters, as slots: 5 items fit 8 slots, 10 fit 16, and so on.

use super::*;
use crate::rules::PyVersion;
use proptest::prelude::*;

fn rules(minor: u8) -> Profile {
    Profile::of(PyVersion::of_minor(minor).unwrap())
}

/// The hash of an int.
fn hash(key: i64) -> i64 {
    if key == -1 { -2 } else { key }
}

/// `d[key] = value` for int keys.
fn set(rules: &Profile, dict: &mut Dict<i64>, key: i64, value: i64, text: bool) {
    dict.admit(rules, text);
    match find(dict, key) {
        Some(at) => {
            dict.replace_value(at, value);
        }
        None => {
            dict.insert(rules, hash(key), key, value, text);
        }
    }
}

fn find(dict: &Dict<i64>, key: i64) -> Option<usize> {
    let mut probe = dict.probe(hash(key));
    loop {
        match probe.next(dict, key)? {
            Candidate::Identical(at) => return Some(at),
            Candidate::SameHash(_) => {}
        }
    }
}

fn text_dict(rules: &Profile, count: i64) -> Dict<i64> {
    let mut dict = Dict::new();
    (0..count).for_each(|key| set(rules, &mut dict, key, key, true));
    dict
}

fn remove(dict: &mut Dict<i64>, key: i64) {
    if let Some(at) = find(dict, key) {
        dict.remove(at);
    }
}

/// A dict of `count` items of which only the first `left` are left.
fn thinned(rules: &Profile, count: i64, left: i64) -> Dict<i64> {
    let mut dict = text_dict(rules, count);
    (left..count).for_each(|key| remove(&mut dict, key));
    dict
}

/// `dict(d)`
fn called(rules: &Profile, other: &Dict<i64>) -> Dict<i64> {
    let mut dict = Dict::called(rules);
    update(rules, &mut dict, other);
    dict
}

fn update(rules: &Profile, dict: &mut Dict<i64>, other: &Dict<i64>) {
    if !dict.begin_update(rules, other, false) {
        other.iter().for_each(|e| set(rules, dict, e.key, e.value, other.keys() == Keys::Text));
    }
}

/// `d.copy()`
fn copy(rules: &Profile, dict: &Dict<i64>) -> Dict<i64> {
    dict.copied().unwrap_or_else(|| {
        let mut fresh = Dict::new();
        update(rules, &mut fresh, dict);
        fresh
    })
}

#[test]
fn tables_grow_at_two_thirds() {
    let slots = |n| text_dict(&rules(13), n).slots();
    assert_eq!([0, 1, 5, 6, 10, 11, 21, 22, 42, 43].map(slots), [0, 8, 8, 16, 16, 32, 32, 64, 64, 128]);
    assert_eq!(Dict::<i64>::called(&rules(9)).slots(), 8);
    assert_eq!(Dict::<i64>::called(&rules(10)).slots(), 0);
    assert_eq!([0, 5, 6, 11].map(|n| Dict::<i64>::presized(&rules(12), n, true).slots()), [0, 0, 16, 32]);
}

#[test]
fn copies_have_the_measured_sizes() {
    let sizes = |minor, count, left| {
        let r = rules(minor);
        let dict = thinned(&r, count, left);
        (copy(&r, &dict).slots(), called(&r, &dict).slots())
    };
    assert_eq!([0, 1, 4].map(|left| sizes(8, 5, left)), [(0, 8), (8, 8), (8, 8)]);
    assert_eq!([0, 1, 2, 3, 4].map(|left| sizes(12, 5, left)), [(0, 0), (16, 16), (16, 16), (8, 16), (8, 16)]);
    assert_eq!([1, 5, 11, 14, 21].map(|left| sizes(8, 22, left)), [(8, 8), (8, 8), (32, 32), (64, 32), (64, 32)]);
    assert_eq!([1, 5, 11, 14, 21].map(|left| sizes(13, 22, left)), [(16, 16), (8, 8), (32, 32), (64, 32), (64, 64)]);
    assert_eq!([3, 50, 66, 99].map(|left| sizes(9, 100, left)), [(8, 8), (128, 128), (256, 128), (256, 256)]);
    assert_eq!([3, 50, 66, 99].map(|left| sizes(11, 100, left)), [(16, 16), (128, 128), (256, 128), (256, 256)]);
    assert_eq!(sizes(14, 100, 3), (8, 8));
}

#[test]
fn updating_makes_room_at_once() {
    let updated = |minor, count| {
        let r = rules(minor);
        let mut dict = Dict::new();
        set(&r, &mut dict, -7, 0, true);
        update(&r, &mut dict, &text_dict(&r, count));
        dict.slots()
    };
    assert_eq!([4, 5, 9, 10, 20, 21].map(|n| updated(9, n)), [8, 16, 16, 32, 32, 64]);
    assert_eq!([4, 5, 9, 10, 19, 20].map(|n| updated(10, n)), [8, 16, 16, 32, 32, 64]);
    let keyed = |minor, count| {
        let mut dict = Dict::<i64>::new();
        dict.reserve_for_keys(&rules(minor), count, false);
        dict.slots()
    };
    assert_eq!([0, 1, 4, 5, 20, 21].map(|n| keyed(12, n)), [8, 16, 16, 8, 32, 64]);
    assert_eq!([0, 1, 4, 5, 20, 21].map(|n| keyed(14, n)), [8, 8, 8, 8, 32, 32]);
}

#[test]
fn growing_after_removals_is_as_measured() {
    // How many items go in until the table changes, and its new size.
    let grown = |minor, count, left| {
        let r = rules(minor);
        let mut dict = thinned(&r, count, left);
        let (before, mut added) = (dict.usable(), 0);
        let table = dict.table_id;
        while dict.table_id == table {
            set(&r, &mut dict, 1000 + added, 0, true);
            added += 1;
        }
        (before, added, dict.slots())
    };
    assert_eq!([0, 1, 4].map(|left| grown(10, 5, left)), [(0, 1, 8), (0, 1, 16), (0, 1, 16)]);
    assert_eq!([0, 1, 2, 3].map(|left| grown(9, 10, left)), [(0, 1, 8), (0, 1, 8), (0, 1, 8), (0, 1, 16)]);
    assert_eq!([1, 5, 6].map(|left| grown(13, 21, left)), [(0, 1, 16), (0, 1, 16), (0, 1, 32)]);
}

#[test]
fn a_key_that_is_no_string_changes_the_entries() {
    let mixed = |minor, count| {
        let r = rules(minor);
        let mut dict = text_dict(&r, count);
        set(&r, &mut dict, 99, 0, false);
        (dict.slots(), dict.keys())
    };
    assert_eq!(mixed(13, 0), (8, Keys::General));
    assert_eq!(mixed(13, 1), (16, Keys::General));
    assert_eq!(mixed(14, 1), (8, Keys::General));
    assert_eq!(mixed(13, 6), (32, Keys::General));
    assert_eq!(mixed(10, 5), (16, Keys::General));
    assert_eq!(text_dict(&rules(13), 3).keys(), Keys::Text);
    assert_eq!(text_dict(&rules(10), 3).keys(), Keys::Text);
}

#[test]
fn a_key_makes_a_table_general_by_rule() {
    let general = |minor| {
        let r = rules(minor);
        let mut dict = text_dict(&r, 3);
        dict.admit(&r, false);
        let admitted = dict.keys();
        dict.take_in(&r);
        (admitted, dict.keys())
    };
    assert_eq!([8, 10, 14].map(general), [(Keys::Text, Keys::General); 3]);
    assert_eq!([11, 13].map(general), [(Keys::General, Keys::General); 2]);
}

#[test]
fn candidates_come_in_probe_order() {
    let r = rules(13);
    let mut dict: Dict<u32> = Dict::new();
    (0..4).for_each(|key| {
        dict.insert(&r, 5, key, 0, false);
    });
    let mut probe = dict.probe(5);
    let seen: Vec<_> = std::iter::from_fn(|| probe.next(&dict, 9)).collect();
    assert_eq!(seen, [0, 1, 2, 3].map(Candidate::SameHash));
    let mut probe = dict.probe(5);
    assert_eq!(probe.next(&dict, 0), Some(Candidate::Identical(0)));
    // An object is found by identity even if its hash has changed, when it lies on the way.
    assert_eq!(dict.probe(13).next(&dict, 0), Some(Candidate::Identical(0)));
    assert!(!dict.disturbed(&probe, 0, 0));
    dict.remove(0);
    assert!(dict.disturbed(&probe, 0, 0));
    assert_eq!(dict.iter().map(|e| e.key).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(dict.pop_last().map(|e| e.key), Some(3));
    assert_eq!(dict.entry_count(), 3);
    assert_eq!(dict.clear().len(), 2);
    assert_eq!((dict.slots(), dict.len(), dict.entry_count()), (0, 0, 0));
    assert_eq!(dict.probe(5).next(&dict, 1), None);
}

proptest! {
    #[test]
    fn a_dict_behaves_as_an_ordered_map(ops in proptest::collection::vec((0..4u8, -20..20i64), 0..80), minor in 8..16u8) {
        let r = rules(minor);
        let mut dict = Dict::new();
        let mut model: Vec<(i64, i64)> = Vec::new();
        for (step, (op, key)) in ops.into_iter().enumerate() {
            let value = i64::try_from(step).unwrap();
            match op {
                0 | 1 => {
                    set(&r, &mut dict, key, value, false);
                    match model.iter_mut().find(|(k, _)| *k == key) {
                        Some(item) => item.1 = value,
                        None => model.push((key, value)),
                    }
                }
                2 => {
                    remove(&mut dict, key);
                    model.retain(|(k, _)| *k != key);
                }
                _ => {
                    prop_assert_eq!(dict.pop_last().map(|e| (e.key, e.value)), model.pop());
                }
            }
            prop_assert_eq!(dict.iter().map(|e| (e.key, e.value)).collect::<Vec<_>>(), model.clone());
            prop_assert_eq!(dict.len(), model.len());
            for key in -20..20 {
                prop_assert_eq!(find(&dict, key).is_some(), model.iter().any(|(k, _)| *k == key));
            }
        }
    }
}
