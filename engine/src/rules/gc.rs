//! The cycle collector: which objects it looks at, and when it runs.

use super::room;

/// From when on the collector looks at a dict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DictTracking {
    /// Once something is put in that may be part of a cycle.
    WhenNeeded,
    /// From the start.
    FromBirth,
}

/// From when on the collector looks at a tuple.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TupleTracking {
    /// From the start.
    FromBirth,
    /// If one of its items may be part of a cycle.
    ByItems,
}

/// Which cycle collector runs, and its thresholds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CollectorRule {
    /// Three generations.
    Generational {
        /// `gc.get_threshold()`
        thresholds: [u32; 3],
    },
    /// The incremental collector of 3.14.0 to 3.14.4.
    Incremental {
        /// The threshold of the young generation.
        young: u32,
    },
}

room! { gc

    /// The collector looks at a dict once something is in it that may be part of a cycle, from 3.14 on always.
    dict_tracking "lifetime.gc.dict-tracking": DictTracking {
        py(8, 0) => DictTracking::WhenNeeded, py(14, 0) => DictTracking::FromBirth;
        faults { "when-needed": DictTracking::WhenNeeded, "from-birth": DictTracking::FromBirth } }

    /// The collector looks at every new tuple, from 3.14 on only at those whose items may be part of a cycle.
    tuple_tracking "lifetime.gc.tuple-tracking": TupleTracking {
        py(8, 0) => TupleTracking::FromBirth, py(14, 0) => TupleTracking::ByItems;
        faults { "from-birth": TupleTracking::FromBirth, "by-items": TupleTracking::ByItems } }

    /// The collector looks at the tuple that `divmod` of ints makes.
    divmod_tuple_tracked "lifetime.gc.divmod-tuple": bool {
        py(8, 0) => true, py(15, 0) => false; faults { "always": true, "never": false } }

    /// A frozenset whose items cannot be part of a cycle is not looked at.
    frozenset_untracked "lifetime.gc.frozenset-tracking": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }

    /// `gc.get_stats` and the callbacks tell how many objects the collector looked at.
    collector_tells_candidates "lifetime.gc.candidates": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }

    /// From its first attribute on an instance has a dict, an object of its own that the collector looks at.
    instance_dict_object "lifetime.gc.instance-dict": bool {
        py(8, 0) => true, py(11, 0) => false; faults { "always": true, "never": false } }

    /// A function holds the namespace of the built-in names beside its globals.
    function_holds_builtins "lifetime.gc.function-builtins": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// If a finaliser brings any garbage back to life, all garbage of that collection lives on.
    resurrection_stops_collection "lifetime.gc.resurrection": bool {
        py(8, 0) => true, py(9, 0) => false; faults { "always": true, "never": false } }

    /// A weak reference without a callback to garbage is emptied after the finalisers have run, until 3.14 before.
    weakrefs_outlive_finalizers "lifetime.gc.weakrefs-last": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }

    /// The test of a `while` is compiled a second time behind the body, where the loop jumps back.
    while_test_repeated "lifetime.gc.while-test": bool {
        py(8, 0) => false, py(10, 0) => true, py(14, 0) => false; faults { "never": false, "always": true } }

    /// A collection that is due is not run after `list.append`.
    append_skips_collector "lifetime.gc.append": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// Lists and dicts that died are kept for the next ones, up to so many each: neither their making nor their dying is
    /// counted for the collector.
    free_lists "lifetime.gc.free-lists": u32 { py(8, 0) => 80; faults { "none": 0, "small": 20 } }

    /// So many objects are set aside from the collector before a program begins.
    frozen_at_start "lifetime.gc.frozen-at-start": usize {
        py(8, 0) => 0, py(12, 0) => 375, py(13, 0) => 0; faults { "none": 0, "some": 375 } }

    /// The collector does not see the dict of an instance that holds its attributes in itself.
    inline_dict_hidden "lifetime.gc.inline-dict": bool {
        py(8, 0) => false, py(13, 0) => true, py(13, 1) => false; faults { "always": true, "never": false } }

    /// Which cycle collector runs, and when.
    collector "lifetime.gc.collector": CollectorRule {
        py(8, 0) => CollectorRule::Generational { thresholds: [700, 10, 10] },
        py(13, 0) => CollectorRule::Generational { thresholds: [2000, 10, 10] },
        py(14, 0) => CollectorRule::Incremental { young: 2000 },
        py(14, 5) => CollectorRule::Generational { thresholds: [2000, 10, 10] };
        faults { "other-thresholds": CollectorRule::Generational { thresholds: [0, 0, 0] } } }
}
