//! The numbers are those that `sys.getsizeof` gave on the real interpreters.

use super::*;
use crate::object::number::int::Int;
use crate::rules::PyVersion;

fn rules(minor: u8) -> Profile {
    Profile::of(PyVersion::of_minor(minor).unwrap())
}

const COLLECTED: usize = 16;

#[test]
fn ints_and_texts() {
    let int_size = |minor, value: i128| int(Int::from(value).digits30(), &rules(minor));
    assert_eq!([8, 11].map(|v| [0, 1, 1 << 30, 1 << 60].map(|n| int_size(v, n))), [[24, 28, 32, 36], [28, 28, 32, 36]]);
    let of = |minor| ["abc", "é", "€", "😀", ""].map(|t| text(&Text::from(t), &rules(minor)));
    assert_eq!(of(11), [52, 74, 76, 80, 49]);
    assert_eq!(of(12), [44, 58, 60, 64, 41]);
    let sub = |minor| {
        let r = rules(minor);
        let added = Added { dict: true, weakrefs: true, ..Added::default() };
        ["", "é", "€", "😀"].map(|t| text_of_subclass(&Text::from(t), &r) + added.header(&r))
    };
    assert_eq!(sub(8), [97, 98, 100, 104]);
    assert_eq!(sub(11), [113, 114, 116, 120]);
    assert_eq!(sub(12), [97, 98, 100, 104]);
}

#[test]
fn containers() {
    assert_eq!([13, 14].map(|v| tuple(2, &rules(v)) + COLLECTED), [56, 64]);
    assert_eq!([list(0), list(4)].map(|s| s + COLLECTED), [56, 88]);
    assert_eq!([8, 32, 128].map(|slots| set(slots) + COLLECTED), [216, 728, 2264]);
    let dicts = |minor, keys| [0, 8, 16, 32, 256, 65_536].map(|slots| dict(slots, keys, &rules(minor)) + COLLECTED);
    assert_eq!(dicts(8, Keys::General)[..5], [64, 232, 360, 640, 4696]);
    assert_eq!(dicts(13, Keys::General)[..5], [64, 224, 352, 632, 4688]);
    assert_eq!(dicts(13, Keys::Text)[..5], [64, 184, 272, 464, 3328]);
    assert_eq!(dicts(10, Keys::Text), dicts(10, Keys::General));
    assert_eq!([1, 2, 3].map(|blocks| deque(blocks, &rules(8)) + COLLECTED), [624, 1152, 1680]);
    assert_eq!(deque(1, &rules(11)) + COLLECTED, 760);
}

#[test]
fn bytearrays_grow_as_measured() {
    let mut room = 0;
    let mut seen = vec![];
    for len in 1..=40 {
        let next = bytearray_room(room, 0, len, &rules(13));
        if next != room {
            seen.push((len, bytearray(next, &rules(13))));
        }
        room = next;
    }
    assert_eq!(seen[..6], [(1, 58), (2, 61), (5, 64), (8, 68), (12, 75), (19, 83)]);
    assert_eq!([14, 15].map(|v| bytearray(0, &rules(v))), [56, 64]);
}

#[test]
fn instances() {
    let size = |minor, added: Added, base: usize| base + added.inside(&rules(minor)) + added.header(&rules(minor));
    let plain = Added { dict: true, weakrefs: true, ..Added::default() };
    assert_eq!([10, 11, 12].map(|v| size(v, plain, 16)), [48, 56, 48]);
    let slots = |n| Added { slots: n, ..Added::default() };
    assert_eq!([0, 1, 2, 5].map(|n| size(13, slots(n), 16)), [32, 40, 48, 72]);
    assert_eq!([10, 11, 12].map(|v| size(v, Added { slots: 1, dict: true, ..Added::default() }, 16)), [48, 56, 56]);
    assert_eq!([10, 11, 12].map(|v| size(v, Added { slots: 1, weakrefs: true, ..Added::default() }, 16)), [48, 48, 56]);
    assert_eq!([10, 11, 12].map(|v| size(v, Added { slots: 1, ..plain }, 16)), [56, 64, 56]);
    // Subclasses of built-in classes.
    let of_int = Added { variable: true, ..plain };
    assert_eq!([10, 11, 12].map(|v| int(1, &rules(v)) + of_int.header(&rules(v))), [44, 44, 60]);
    assert_eq!([8, 11, 12, 14].map(|v| size(v, of_int, basic("tuple", &rules(v)))), [48, 48, 56, 64]);
    assert_eq!([8, 11, 12].map(|v| size(v, of_int, bytes(0))), [57, 57, 65]);
    assert_eq!([8, 11, 12].map(|v| size(v, plain, list(0))), [72, 80, 72]);
    assert_eq!([8, 11, 12].map(|v| size(v, plain, 24)), [56, 64, 56]);
    let of_set = Added { dict: true, ..Added::default() };
    assert_eq!([8, 11, 12].map(|v| size(v, of_set, set(8))), [224, 232, 232]);
    let of_exception = Added { weakrefs: true, ..Added::default() };
    assert_eq!([8, 11, 12].map(|v| size(v, of_exception, basic("Exception", &rules(v)))), [88, 96, 104]);
}

#[test]
fn instance_dicts_have_places_for_shared_keys() {
    assert_eq!([0, 5, 6, 11, 22].map(|n| instance_dict_inline(n) + COLLECTED), [104, 104, 144, 232, 400]);
    assert_eq!([1, 3, 29].map(|places| values_by_shared_keys(places) + COLLECTED), [72, 88, 296]);
}

#[test]
fn frames_and_generators() {
    let places = |locals, stack| FramePlaces { locals, stack, ..FramePlaces::default() };
    let generator = |minor, p| generator("generator", p, &rules(minor)).unwrap() + COLLECTED;
    assert_eq!([8, 10].map(|v| generator(v, places(5, 5))), [112, 104]);
    assert_eq!([(11, 1), (12, 2), (14, 2)].map(|(v, s)| generator(v, places(0, s))), [176, 176, 184]);
    assert_eq!([11, 12, 14].map(|v| generator(v, places(5, 5))), [248, 240, 248]);
    let frame = |minor, p| frame(p, &rules(minor)) + COLLECTED;
    assert_eq!([8, 10, 11, 13, 14].map(|v| frame(v, places(5, 2))), [432, 424, 192, 208, 224]);
    let cells = FramePlaces { locals: 3, cells: 2, argument_cells: 2, free: 0, stack: 3 };
    assert_eq!([frame(8, cells), frame(12, FramePlaces { stack: 2, ..cells })], [440, 176]);
}

#[test]
fn classes_and_the_rest() {
    let classes = |minor| [(true, true), (true, false), (false, false)].map(|(p, k)| class(p, k, &rules(minor)));
    let heap = |minor| [classes(minor)[0] + COLLECTED, classes(minor)[1] + COLLECTED, classes(minor)[2]];
    assert_eq!(heap(8), [1064, 896, 416]);
    assert_eq!(heap(11), [1688, 920, 424]);
    assert_eq!(heap(15), [1728, 960, 424]);
    let names = |minor, names: [&str; 8]| names.map(|name| basic(name, &rules(minor)) + COLLECTED);
    let common = ["function", "property", "module", "enumerate", "zip", "map", "weakref", "generator"];
    assert_eq!(names(8, common), [136, 72, 72, 64, 56, 48, 72, 112]);
    assert_eq!(names(15, common)[..7], [168, 80, 120, 72, 64, 56, 80]);
    let errors = [
        "ValueError",
        "OSError",
        "SyntaxError",
        "StopIteration",
        "ImportError",
        "AttributeError",
        "NameError",
        "ExceptionGroup",
    ];
    assert_eq!(names(8, errors)[..7], [80, 120, 128, 88, 104, 80, 80]);
    assert_eq!(names(14, errors), [88, 128, 160, 96, 120, 104, 96, 128]);
    let fixed = [
        "cell",
        "slice",
        "builtin_function_or_method",
        "method",
        "classmethod",
        "dict_keyiterator",
        "dict_keys",
        "memoryview",
    ];
    assert_eq!(names(13, fixed), [40, 56, 72, 64, 48, 72, 40, 184]);
    assert_eq!(basic("object", &rules(13)), 16);
    assert_eq!([11, 12].map(|v| basic("range_iterator", &rules(v))), [48, 40]);
}
