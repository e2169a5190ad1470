//! What of a list of the collector nothing outside of the list reaches.
//!
//! From each object's count the references that lie inside the list are subtracted. What keeps some is reachable from
//! outside, and so is all that it refers to. An object met before anything that reaches it is set aside and brought
//! back behind the others, so a collection changes the order of what survives it, as CPython's does.

use super::gc_list::{List, Mark};
use super::{DictBody, Heap, InstanceBody, KindId, Label, Layout, Ref, TypeBody};
use crate::object::table::dict::Keys;

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
        self.traverse(object, &mut |to| into.push(to));
    }

    /// What the collector sees an object refer to, in its order.
    pub fn traverse(&self, object: Ref, visit: &mut dyn FnMut(Ref)) {
        let kind = self.kind(self.kind_of(object));
        if !kind.gc {
            return;
        }
        match kind.layout {
            Layout::List | Layout::Tuple => {
                let mut found = Vec::new();
                self.edges(object, &mut |_, to| found.push(to));
                found.into_iter().rev().for_each(visit);
            }
            Layout::Dict => self.traverse_dict(object, visit),
            Layout::Type => {
                if let Some(body) = self.get::<TypeBody>(object) {
                    let parts = [body.dict, body.mro, body.bases, body.base];
                    parts.into_iter().filter_map(Ref::some).for_each(&mut *visit);
                }
                if kind.counts_class {
                    visit(kind.class);
                }
            }
            Layout::Instance if self.hides_inline_dicts => {
                let dict = self.get::<InstanceBody>(object).map_or(Ref::NULL, |body| body.dict);
                self.edges(object, &mut |_, to| match self.get::<DictBody>(to) {
                    Some(body) if to == dict && self.is_hidden(to) => {
                        body.table.iter().for_each(|entry| visit(entry.value));
                    }
                    _ => visit(to),
                });
            }
            Layout::Function if self.builtins_by_globals => self.edges(object, &mut |label, to| {
                if label != Label::Part("__builtins__") {
                    visit(to);
                }
            }),
            _ => self.edges(object, &mut |_, to| visit(to)),
        }
    }

    /// A dict that takes no keys but strings shows its values only.
    fn traverse_dict(&self, object: Ref, visit: &mut dyn FnMut(Ref)) {
        if self.is_hidden(object) {
            return;
        }
        if let Some(body) = self.get::<DictBody>(object) {
            let plain = body.table.keys() == Keys::Text;
            for entry in body.table.iter() {
                visit(entry.value);
                if !plain {
                    visit(entry.key);
                }
            }
        }
        self.edges(object, &mut |label, to| {
            if !matches!(label, Label::Key(_) | Label::Value(_)) {
                visit(to);
            }
        });
    }

    /// Whether the collector passes a dict by: that of an instance which holds its attributes in itself, by rule.
    pub(crate) fn is_hidden(&self, dict: Ref) -> bool {
        /// More attributes than these never lie in an instance.
        const MOST_INLINE: usize = 30;
        self.hides_inline_dicts
            && self.get::<DictBody>(dict).is_some_and(|body| {
                body.of_instance != KindId::default()
                    && body.table.len() <= MOST_INLINE
                    && self.holds_attributes_inline(body.of_instance)
            })
    }

    /// Instances with nothing but attributes: no slots, no layout of a built-in type.
    fn holds_attributes_inline(&self, kind: KindId) -> bool {
        let kind = self.kind(kind);
        let slots = self.get::<TypeBody>(kind.class).map(|class| class.slot_count);
        kind.layout == Layout::Instance && slots == Some(0)
    }
}
