//! The values of the rules about tables and lists, each with the decision that it stands for.

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

/// The room that `str.split` makes for its pieces before it looks for them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SplitRoom {
    /// Twelve pieces.
    Twelve,
    /// As many as the text could have by its length, twelve at most.
    ByLength,
}
