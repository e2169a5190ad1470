//! Lists as the machine fills them. What a list has room for follows CPython's over-allocation, which `getsizeof` shows.
//!
//! Invariant: an item leaves the list before it is released, because its finaliser may look at the list.

use super::{Res, Ty, Vm};
use crate::heap::{Layout, ListBody, Owned, Ref, Touched};
use crate::object::table::list::{Room, Source};
use crate::rules::Profile;

impl Vm {
    /// Length and room of a list.
    pub fn list_room(&self, list: Ref) -> Room {
        let body = self.heap.get::<ListBody>(list);
        body.map_or_else(Room::default, Room::of)
    }

    /// Lets the room of a list follow a change of its length.
    pub fn list_make_room(&mut self, list: Ref, change: impl FnOnce(&mut Room, &Profile)) {
        let mut room = self.list_room(list);
        change(&mut room, &self.profile);
        if let Some(body) = self.heap.get_mut::<ListBody>(list)
            && (body.allocated, body.emptied) != (room.allocated, room.emptied)
        {
            room.store(body);
            // `list.sort` finds out that way that its list was touched.
            body.sorting = false;
            self.heap.tell(Touched::Grown(list));
        }
    }

    /// `list.append(item)`
    #[inline]
    pub fn list_append(&mut self, list: Ref, item: Owned) {
        let item = item.into_ref();
        match self.heap.get_mut::<ListBody>(list) {
            Some(body) => {
                let len = body.items.len();
                let grown = len >= body.allocated;
                if grown {
                    let mut room = Room::of(body);
                    room.add_one(&self.profile);
                    room.store(body);
                    body.sorting = false;
                }
                body.items.push(item);
                if grown {
                    self.heap.tell(Touched::Grown(list));
                }
            }
            None => self.release_ref(item),
        }
    }

    /// `list[len(list):] = items`
    pub fn list_append_all(&mut self, list: Ref, items: Vec<Owned>) {
        let count = items.len();
        self.list_make_room(list, |room, rules| room.replace_slice(rules, 0, count));
        match self.heap.get_mut::<ListBody>(list) {
            Some(body) => body.items.extend(items.into_iter().map(Owned::into_ref)),
            None => self.release_list(items),
        }
    }

    /// Appends within the room that was made, or makes more as appending does.
    fn list_push(&mut self, list: Ref, item: Owned) {
        self.list_make_room(list, Room::push_hinted);
        match self.heap.get_mut::<ListBody>(list) {
            Some(body) => body.items.push(item.into_ref()),
            None => self.release(item),
        }
    }

    /// `list.extend(iterable)`
    ///
    /// # Errors
    /// Whatever iteration raises; what came before stays in the list.
    pub fn list_extend(&mut self, list: Ref, iterable: Ref) -> Res<()> {
        if list == iterable || self.is_exact(iterable, Ty::List) || self.is_exact(iterable, Ty::Tuple) {
            let items = self.sequence_items(iterable);
            let items: Vec<Owned> = items.into_iter().map(|item| self.share(item)).collect();
            let source = Source::Sequence(items.len());
            self.list_add_all(list, items, source);
            return Ok(());
        }
        let table = self.is_exact(iterable, Ty::Dict)
            || self.is_exact(iterable, Ty::Set)
            || self.is_exact(iterable, Ty::FrozenSet)
            || (self.is_builtin_instance(iterable) && self.heap.layout(iterable) == Layout::View);
        if table && self.profile.list_table_grows {
            let items = self.collect(iterable)?;
            let source = Source::Table(items.len());
            self.list_add_all(list, items, source);
            return Ok(());
        }
        let iterator = self.iter(iterable)?;
        let result = match self.length_hint(iterable) {
            Ok(Some(count)) if table => self.list_drain(list, iterator.get(), Source::Table(count)),
            Ok(hint) => self.list_drain(list, iterator.get(), Source::Iterable(hint.unwrap_or(8))),
            Err(stop) => Err(stop),
        };
        self.release(iterator);
        result
    }

    fn list_drain(&mut self, list: Ref, iterator: Ref, source: Source) -> Res<()> {
        self.list_make_room(list, |room, rules| {
            room.begin_extend(rules, source);
        });
        self.drain(iterator, |vm, item| {
            vm.list_push(list, item);
            Ok(true)
        })?;
        self.list_make_room(list, Room::finish_extend);
        Ok(())
    }

    fn list_add_all(&mut self, list: Ref, items: Vec<Owned>, source: Source) {
        self.list_make_room(list, |room, rules| {
            room.begin_extend(rules, source);
        });
        let items = super::alloc::refs(items);
        match self.heap.get_mut::<ListBody>(list) {
            Some(body) => body.items.extend(items),
            None => self.release_all(items),
        }
    }

    /// Replaces the items from `start` to `end` by others, and releases the old ones as CPython does: last to first.
    pub fn list_splice(&mut self, list: Ref, start: usize, end: usize, items: Vec<Owned>) {
        let (old, new) = (end.saturating_sub(start), items.len());
        self.list_make_room(list, |room, rules| room.replace_slice(rules, old, new));
        let items = super::alloc::refs(items);
        let gone: Vec<Ref> = match self.heap.get_mut::<ListBody>(list) {
            Some(body) => {
                let len = body.items.len();
                let (start, end) = (start.min(len), end.min(len));
                body.items.splice(start..end.max(start), items).collect()
            }
            None => items,
        };
        self.release_all(gone.into_iter().rev());
    }

    /// Empties a list: the block first, then its items, last to first.
    pub fn list_clear(&mut self, list: Ref) {
        let items = match self.heap.get_mut::<ListBody>(list) {
            Some(body) => {
                Room::default().store(body);
                std::mem::take(&mut body.items)
            }
            None => Vec::new(),
        };
        self.release_all(items.into_iter().rev());
    }
}
