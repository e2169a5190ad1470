//! What of a list of the collector nothing outside of the list reaches.
//!
//! From each object's count the references that lie inside the list are subtracted. What keeps some is reachable from
//! outside, and so is all that it refers to. An object met before anything that reaches it is set aside and brought
//! back behind the others, so a collection changes the order of what survives it, as CPython's does.

use super::gc_list::{List, Mark};
use super::{Heap, Ref};

impl Heap {
    /// Moves what nothing outside of `base` reaches from `base` to `unreachable`, which is empty, in the order of the
    /// list. What is there keeps a mark until the marks of the list are cleared.
    pub fn deduce_unreachable(&mut self, base: List, unreachable: List) {
        let members = self.gc.members(base);
        for &object in &members {
            let count = self.count(object);
            self.gc.set_mark(object, Mark::Outside(count));
        }
        let mut targets = Vec::new();
        for &object in &members {
            self.targets(object, &mut targets);
            for &to in &targets {
                if let Mark::Outside(count) = self.gc.mark(to) {
                    self.gc.set_mark(to, Mark::Outside(count.saturating_sub(1)));
                }
            }
        }
        let mut at = self.gc.first(base);
        while let Some(object) = at {
            if self.gc.mark(object) == Mark::Outside(0) {
                at = self.gc.next_in(base, Some(object));
                self.gc.set_mark(object, Mark::Tentative);
                self.gc.move_to(object, unreachable);
                continue;
            }
            self.gc.set_mark(object, Mark::None);
            self.targets(object, &mut targets);
            for &to in &targets {
                match self.gc.mark(to) {
                    Mark::Outside(0) => self.gc.set_mark(to, Mark::Outside(1)),
                    Mark::Tentative => {
                        self.gc.set_mark(to, Mark::Outside(1));
                        self.gc.move_to(to, base);
                    }
                    Mark::Outside(_) | Mark::None => {}
                }
            }
            // What was brought back stands behind this one.
            at = self.gc.next_in(base, Some(object));
        }
    }

    fn targets(&self, object: Ref, into: &mut Vec<Ref>) {
        into.clear();
        self.edges(object, &mut |_, to| into.push(to));
    }
}
