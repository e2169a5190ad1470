//! The values of the rules about tables and lists, each with the decision that it stands for.

use super::room;

/// How many slots a dict's table gets when it is rebuilt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DictTableSize {
    /// The smallest power of two that is not below what is asked for.
    SmallestPower,
    /// Computed from the bits of the number, which doubles the table for 1 to 7 and for powers of two.
    CarelessBits,
}

impl DictTableSize {
    /// The number of slots when at least `wanted` are asked for.
    pub fn slots_for(self, wanted: usize) -> usize {
        const SMALLEST: usize = 8;
        match self {
            DictTableSize::SmallestPower => wanted.max(SMALLEST).next_power_of_two(),
            DictTableSize::CarelessBits => {
                let bits = ((wanted | SMALLEST) - 1) | (SMALLEST - 1);
                (bits + 1).next_power_of_two()
            }
        }
    }
}

/// How much room a growing list takes beyond what it needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListGrowth {
    /// An eighth and 3, or 6 from 9 items on.
    Eighth,
    /// An eighth and 6, rounded down to a multiple of 4; nothing of it when the list grows by more than that.
    EighthInFours,
    /// No more than it needs.
    Exact,
    /// Twice as much.
    Double,
}

impl ListGrowth {
    /// The room for `new` items in a list that had `old`.
    pub fn allocation(self, new: usize, old: usize) -> usize {
        match self {
            _ if new == 0 => 0,
            ListGrowth::Eighth => new + (new >> 3) + if new < 9 { 3 } else { 6 },
            ListGrowth::EighthInFours => {
                let room = (new + (new >> 3) + 6) & !3;
                // Overflow of the growth means that the list grows by a lot at once.
                if new > old && new - old > room - new { (new + 3) & !3 } else { room }
            }
            ListGrowth::Exact => new,
            ListGrowth::Double => new * 2,
        }
    }
}

/// What `del l[i]` does to the list's block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListDelItem {
    /// The same as deleting a slice of one: it shrinks, and is freed with the last item.
    AsSlice,
    /// Nothing.
    KeepsBlock,
    /// It shrinks, but is not freed with the last item.
    Resizes,
}

/// What a key that is no string must do to a dict, so that its table is one for all keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GeneralKeys {
    /// It is looked up, for whatever reason.
    LookedUp,
    /// It is looked up in order to be stored, also in place of an equal string.
    Stored,
    /// It becomes a key.
    Added,
}

/// The room that `str.split` makes for its pieces before it looks for them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SplitRoom {
    /// Twelve pieces.
    Twelve,
    /// As many as the text could have by its length, twelve at most.
    ByLength,
}

room! { containers

    /// Where an item of a bytearray is assigned, the value is looked at before the length.
    bytearray_value_first "mutability.bytearray.value-first": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "length-first": false, "value-first": true }
    }

    /// A rebuilt dict has the number of slots that this computation gives for three times its items.
    dict_table_size "memory.dict.table-size": DictTableSize {
        py(8, 0) => DictTableSize::SmallestPower, py(10, 0) => DictTableSize::CarelessBits,
        py(13, 1) => DictTableSize::SmallestPower;
        faults { "smallest-power": DictTableSize::SmallestPower, "careless-bits": DictTableSize::CarelessBits }
    }

    /// Updating an empty dict from a dict without gaps copies its whole table.
    dict_update_clones "memory.dict.update-clones": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "inserts": false, "clones": true }
    }

    /// Calling `dict()` makes a table at once.
    dict_call_allocates "memory.dict.call-allocates": bool {
        py(8, 0) => true, py(10, 0) => false;
        faults { "never": false, "always": true }
    }

    /// A dict whose keys are all strings has smaller entries, which are given up for good at the first other key.
    dict_text_keys "memory.dict.text-keys": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// What makes a dict's table one that may have other keys than strings, for good: the collector then asks keys too.
    dict_general_keys "memory.dict.general-keys": GeneralKeys {
        py(8, 0) => GeneralKeys::LookedUp, py(10, 0) => GeneralKeys::Added, py(11, 0) => GeneralKeys::Stored,
        py(14, 0) => GeneralKeys::Added;
        faults { "looked-up": GeneralKeys::LookedUp, "added": GeneralKeys::Added, "stored": GeneralKeys::Stored }
    }

    /// An item added to a set takes the last place of a removed one that was met on its way.
    set_reuses_dummies "memory.set.reuses-removed": bool {
        py(8, 0) => true, py(9, 0) => false, py(10, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A list that must grow takes this much room, so that appending is cheap.
    list_growth "memory.list.growth": ListGrowth {
        py(8, 0) => ListGrowth::Eighth, py(9, 0) => ListGrowth::EighthInFours;
        faults { "eighth": ListGrowth::Eighth, "exact": ListGrowth::Exact, "double": ListGrowth::Double }
    }

    /// An empty list without a block that is extended takes exactly the room it needs, rounded up to an even number.
    list_even_start "memory.list.even-start": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A list that shrinks to nothing keeps a block, of no items, and is not extended like one without.
    list_emptied_block "memory.list.emptied-block": bool {
        py(8, 0) => true; faults { "never": false }
    }

    /// Calling `list(x)` with an `x` that has a length takes exactly that room.
    list_call_exact "memory.list.call-exact": bool {
        py(8, 0) => true, py(10, 0) => false;
        faults { "never": false, "always": true }
    }

    /// A list made from a dict, a set or a dict view grows as by appending all at once.
    list_table_grows "memory.list.from-table-grows": bool {
        py(8, 0) => false, py(13, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A list's block of at most this many items is never made smaller.
    list_small_kept "memory.list.small-kept": usize {
        py(8, 0) => 0, py(14, 0) => 32;
        faults { "none": 0, "all": usize::MAX }
    }

    /// Popping the last item of a list frees its block.
    list_last_pop_frees "memory.list.last-pop-frees": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Deleting one item of a list by its index does this to its block.
    list_del_item "memory.list.del-item": ListDelItem {
        py(8, 0) => ListDelItem::AsSlice, py(13, 0) => ListDelItem::KeepsBlock, py(14, 0) => ListDelItem::Resizes;
        faults { "as-slice": ListDelItem::AsSlice, "keeps-block": ListDelItem::KeepsBlock, "resizes": ListDelItem::Resizes }
    }

    /// Splitting a text makes this much room for the pieces before it looks for them.
    split_room "memory.list.split-room": SplitRoom {
        py(8, 0) => SplitRoom::Twelve, py(12, 0) => SplitRoom::ByLength;
        faults { "twelve": SplitRoom::Twelve, "by-length": SplitRoom::ByLength }
    }

    /// More values than this are not collected on the stack: a longer display grows item by item.
    stack_guideline "memory.display.stack-guideline": Option<usize> {
        py(8, 0) => None, py(10, 0) => Some(30);
        faults { "none": None, "one": Some(1) }
    }

    /// In a comprehension `for y in [x]` binds y without a list.
    comprehension_assignment "memory.comprehension.assignment": bool {
        py(8, 0) => false, py(9, 0) => true;
        faults { "never": false, "always": true }
    }

    /// `zip` and `enumerate` use their result tuple again when nobody holds it.
    iterators_reuse_tuples "lifetime.iterator.reuses-tuple": bool {
        py(8, 0) => true; faults { "fresh": false } }

    /// Dicts can be joined by `|`.
    dict_union "mutability.dict.union": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }

    /// An empty bytearray is pickled without arguments.
    bytearray_reduces_empty "identity.bytearray.reduce-empty": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// In a search by `in` the item of the container stands on the left of `==`.
    contains_item_left "identity.containers.item-left": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }

    /// `list.sort` merges its runs in the order of a balanced tree.
    sort_balanced_merges "caching.list.sort-merges": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// The short runs of `list.sort` share out the list's length evenly.
    sort_spread_runs "caching.list.sort-short-runs": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }

    /// Equal items may stand in a descending run of `list.sort`.
    sort_equal_in_runs "caching.list.sort-runs": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    /// The argument `reverse` of a sort may be any object.
    sort_reverse_any "mutability.list.sort-reverse": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// `zip` takes `strict`.
    zip_strict "mutability.iterator.zip-strict": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// `map` takes `strict`.
    map_strict "mutability.iterator.map-strict": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }

    /// `copy.deepcopy` gives a range back as it is.
    range_is_atomic "mutability.copy.range": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Every object has `__getstate__`.
    object_getstate "mutability.copy.getstate": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// The repr of an OrderedDict shows a dict.
    ordered_dict_as_dict "identity.ordered-dict.repr": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// A SimpleNamespace can be made from a mapping.
    namespace_takes_mapping "mutability.namespace.mapping": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
}
