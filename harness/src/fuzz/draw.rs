//! Choices drawn from a seed.
//!
//! Invariant: the sequence is fixed for ever, so that a seed means the same programs in every release: it is
//! splitmix64, written out here instead of taken from a crate that may change it.

/// A source of choices.
#[derive(Clone, Debug)]
pub struct Draw {
    state: u64,
}

/// One step of splitmix64: a number that looks like chance, the same for the same input.
pub const fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Draw {
    /// The choices of one program.
    pub const fn new(seed: u64, number: u64, salt: u64) -> Draw {
        Draw { state: mix(mix(mix(seed) ^ number) ^ salt) }
    }

    /// Any number.
    pub const fn any(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number below this one; 0 if there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let end = end as u64;
        usize::try_from(self.any().checked_rem(end).unwrap_or(0)).unwrap_or(0)
    }

    /// A number from here to there, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True so many times of a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, things: &[T]) -> Option<T> {
        let at = self.below(things.len());
        things.get(at).copied()
    }

    /// Some of these, in their order, so many at least if there are.
    pub fn some<T: Copy>(&mut self, things: &[T], least: usize, most: usize) -> Vec<T> {
        let wanted = self.between(least, most).min(things.len());
        let mut left = things.len();
        let mut missing = wanted;
        let mut chosen = Vec::with_capacity(wanted);
        for thing in things {
            if self.below(left) < missing {
                chosen.push(*thing);
                missing -= 1;
            }
            left -= 1;
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_fixed() {
        let mut draw = Draw::new(1, 2, 3);
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        let (first, second) = (draw.any(), draw.any());
        assert_ne!(first, second);
        let mut again = Draw::new(1, 2, 3);
        assert_eq!([again.any(), again.any()], [first, second]);
    }

    #[test]
    fn choices_stay_in_their_bounds() {
        let mut draw = Draw::new(5, 0, 0);
        for _ in 0..200 {
            assert!((3..=7).contains(&draw.between(3, 7)));
            let some = draw.some(&[1, 2, 3, 4], 2, 3);
            assert!((2..=3).contains(&some.len()) && some.is_sorted(), "{some:?}");
        }
        assert_eq!((draw.below(0), draw.of(&[] as &[u8])), (0, None));
    }
}
