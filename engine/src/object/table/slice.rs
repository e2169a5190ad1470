//! The indices of `x[start:stop:step]`, adjusted to a length as `slice.indices` does.

/// A slice of a sequence of known length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Indices {
    /// The first index.
    pub start: i64,
    /// The index where it stops, -1 for "before the first".
    pub stop: i64,
    /// The step, never 0.
    pub step: i64,
    /// How many items there are.
    pub count: usize,
}

/// Adjusts a slice to a sequence of `len` items. The borders are what the program wrote, clamped to `i64`; the step
/// is not 0.
pub fn adjust(len: usize, start: Option<i64>, stop: Option<i64>, step: i64) -> Indices {
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let (lowest, highest) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let clamp = |index: i64| {
        let index = if index < 0 { index.saturating_add(len) } else { index };
        index.clamp(lowest, highest)
    };
    let start = start.map_or(if step < 0 { highest } else { lowest }, clamp);
    let stop = stop.map_or(if step < 0 { lowest } else { highest }, clamp);
    let distance = if step < 0 { start - stop } else { stop - start };
    let count = match (u64::try_from(distance), step.unsigned_abs()) {
        (Ok(distance @ 1..), step @ 1..) => usize::try_from((distance - 1) / step + 1).unwrap_or(usize::MAX),
        _ => 0,
    };
    Indices { start, stop, step, count }
}

impl Indices {
    /// The indices in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        (0..self.count).map(move |i| {
            let offset = i64::try_from(i).unwrap_or(i64::MAX).saturating_mul(self.step);
            usize::try_from(self.start.saturating_add(offset)).unwrap_or(0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_those_of_python() {
        let of = |start, stop, step| adjust(5, start, stop, step).iter().collect::<Vec<_>>();
        assert_eq!(of(None, None, 1), [0, 1, 2, 3, 4]);
        assert_eq!(of(None, None, -1), [4, 3, 2, 1, 0]);
        assert_eq!(of(Some(-2), None, 1), [3, 4]);
        assert_eq!(of(Some(3), Some(-9), -2), [3, 1]);
        assert_eq!(of(Some(9), Some(0), -1), [4, 3, 2, 1]);
        assert_eq!(of(Some(2), Some(1), 1), [0usize; 0]);
        assert_eq!(of(None, None, i64::MIN), [4]);
        assert_eq!(of(Some(i64::MIN), Some(i64::MAX), i64::MAX), [0]);
        assert_eq!(adjust(5, Some(9), None, 1), Indices { start: 5, stop: 5, step: 1, count: 0 });
        assert_eq!(adjust(5, None, None, -1).stop, -1);
    }
}
