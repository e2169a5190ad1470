//! The self-check: every stored count equals the references that a full walk finds.

use super::{Heap, IMMORTAL, Ref};

/// An object whose stored count is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Miscount {
    /// The object.
    pub object: Ref,
    /// The stored count.
    pub stored: u32,
    /// The references found.
    pub found: u32,
}

impl Heap {
    /// Recomputes every count from the edges of all objects and the given roots.
    ///
    /// # Errors
    /// The first object, in slot order, whose stored count differs.
    pub fn audit(&self, roots: impl IntoIterator<Item = Ref>) -> Result<(), Miscount> {
        let mut found = vec![0u32; self.slot_count()];
        for root in roots.into_iter().chain(self.shapes.roots()) {
            found[root.index()] += 1;
        }
        for object in self.objects() {
            self.edges(object, &mut |_, to| found[to.index()] += 1);
        }
        for object in self.objects() {
            let stored = self.count(object);
            if stored != IMMORTAL && stored != found[object.index()] {
                return Err(Miscount { object, stored, found: found[object.index()] });
            }
        }
        Ok(())
    }
}
