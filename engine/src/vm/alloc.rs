//! Making objects of the built-in types. The caching rules stand here: small ints, one-character strings, empty
//! containers come back as the objects that exist already.

use super::{Ty, Vm};
use crate::heap::{
    BigIntBody, ByteArrayBody, BytesBody, CellBody, ComplexBody, DictBody, IterBody, KindId, Layout, ListBody, Owned,
    Ref, SetBody, SliceBody, StrBody, TupleBody,
};
use crate::object::size;
use crate::object::table::dict::Dict as DictTable;
use crate::object::table::set::Set as SetTable;
use crate::object::text::Text;
use crate::rules::TupleTracking;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use std::cell::Cell;

/// The counted references of a list of owned ones.
pub fn refs(items: Vec<Owned>) -> Vec<Ref> {
    items.into_iter().map(Owned::into_ref).collect()
}

impl Vm {
    /// An int.
    #[inline]
    pub fn new_int(&mut self, value: i64) -> Owned {
        let range = &self.profile.small_ints;
        if range.contains(&value) {
            let at = (value - range.start()) as usize;
            return self.heap.share(self.single.small_int.offset(at));
        }
        self.heap.alloc_plain(Ty::Int.kind(), Layout::Int, value as u64)
    }

    /// An int of any size.
    pub fn new_bigint(&mut self, value: BigInt) -> Owned {
        match value.to_i64() {
            Some(small) => self.new_int(small),
            None => self.heap.alloc(Ty::BigInt.kind(), BigIntBody { value }),
        }
    }

    /// An int that counts things.
    pub fn new_size(&mut self, value: usize) -> Owned {
        self.new_int(value as i64)
    }

    /// A float.
    #[inline]
    pub fn new_float(&mut self, value: f64) -> Owned {
        self.heap.alloc_plain(Ty::Float.kind(), Layout::Float, value.to_bits())
    }

    /// A complex.
    pub fn new_complex(&mut self, re: f64, im: f64) -> Owned {
        self.heap.alloc(Ty::Complex.kind(), ComplexBody { re, im })
    }

    /// A str: the shared object if it is empty or one character below U+0100.
    pub fn new_text(&mut self, text: Text) -> Owned {
        match text.len() {
            0 => return self.share(self.single.empty_str),
            1 => {
                if let Some(point @ 0..=0xff) = text.get(0) {
                    return self.share(self.single.latin1.offset(point as usize));
                }
            }
            _ => {}
        }
        self.alloc_text(Ty::Str.kind(), text)
    }

    /// A new str object, whatever its text.
    pub fn alloc_text(&mut self, kind: KindId, text: Text) -> Owned {
        self.heap.alloc(kind, StrBody { text, ..StrBody::default() })
    }

    /// A str.
    pub fn new_str(&mut self, text: &str) -> Owned {
        self.new_text(Text::from(text))
    }

    /// The interned str with this text.
    pub fn intern(&mut self, text: Text) -> Owned {
        if text.len() <= 1 {
            // The shared ones are the representatives of their text, but for letters that constants do not share.
            if let Some(&letter) = text.get(0).and_then(|point| self.letters.get(&point)) {
                return self.share(letter);
            }
            let shared = self.new_text(text);
            if self.heap.get::<StrBody>(shared.get()).is_some_and(|body| !body.interned) {
                self.heap.add_interned(shared.get());
            }
            return shared;
        }
        let kind = Ty::Str.kind();
        let made = self.heap.intern_with(text, |heap, text| heap.alloc(kind, StrBody { text, ..StrBody::default() }));
        if self.profile.interned_immortal {
            self.heap.make_immortal(made.get());
        }
        made
    }

    /// The interned str with this text.
    pub fn intern_str(&mut self, text: &str) -> Owned {
        self.intern(Text::from(text))
    }

    /// The interned representative of a str object: itself, unless there was another.
    pub fn intern_object(&mut self, name: Ref) -> Owned {
        let Some(body) = self.heap.get::<StrBody>(name) else { return self.share(name) };
        if body.interned {
            return self.share(name);
        }
        if let Some(found) = self.heap.find_interned(&body.text) {
            return self.share(found);
        }
        self.heap.add_interned(name);
        if self.profile.interned_immortal {
            self.heap.make_immortal(name);
        }
        self.share(name)
    }

    /// A bytes object: the shared one if it is empty or one byte.
    pub fn new_bytes(&mut self, data: Vec<u8>) -> Owned {
        match data[..] {
            [] => self.share(self.single.empty_bytes),
            [one] => self.share(self.single.byte.offset(one as usize)),
            _ => self.heap.alloc(Ty::Bytes.kind(), BytesBody { data, hash: Cell::new(None) }),
        }
    }

    /// A bytearray.
    pub fn new_bytearray(&mut self, data: Vec<u8>) -> Owned {
        let room = if data.is_empty() { 0 } else { size::bytearray_room(0, 0, data.len(), &self.profile) };
        self.heap.alloc(Ty::ByteArray.kind(), ByteArrayBody { data, room, ..ByteArrayBody::default() })
    }

    /// A tuple: the shared one if it is empty.
    pub fn new_tuple(&mut self, items: Vec<Owned>) -> Owned {
        if items.is_empty() {
            return self.share(self.single.empty_tuple);
        }
        let items = refs(items);
        let lazy = self.profile.tuple_tracking == TupleTracking::ByItems
            && !items.iter().any(|&item| self.heap.kind(self.heap.kind_of(item)).gc);
        let tuple = self.heap.alloc(Ty::Tuple.kind(), TupleBody { items });
        if lazy {
            self.heap.untrack(tuple.get());
        }
        tuple
    }

    /// A tuple that is made empty and then filled: the collector looks at it whatever is in it.
    pub fn new_filled_tuple(&mut self, items: Vec<Owned>) -> Owned {
        let tuple = self.new_tuple(items);
        if tuple.get() != self.single.empty_tuple {
            self.heap.track(tuple.get());
        }
        tuple
    }

    /// A tuple of objects that are shared into it.
    pub fn tuple_of(&mut self, items: &[Ref]) -> Owned {
        let items = items.iter().map(|&item| self.share(item)).collect();
        self.new_tuple(items)
    }

    /// A list with room for just its items.
    pub fn new_list(&mut self, items: Vec<Owned>) -> Owned {
        let items = refs(items);
        let allocated = items.len();
        self.heap.alloc(Ty::List.kind(), ListBody { items, allocated, ..ListBody::default() })
    }

    /// A list of objects that are shared into it.
    pub fn list_of(&mut self, items: &[Ref]) -> Owned {
        let items = items.iter().map(|&item| self.share(item)).collect();
        self.new_list(items)
    }

    /// An empty dict.
    pub fn new_dict(&mut self) -> Owned {
        self.heap.alloc(Ty::Dict.kind(), DictBody { table: DictTable::new(), ..DictBody::default() })
    }

    /// An empty set.
    pub fn new_set(&mut self) -> Owned {
        self.heap.alloc(Ty::Set.kind(), SetBody { table: SetTable::new(), hash: Cell::new(None) })
    }

    /// A slice.
    pub fn new_slice(&mut self, start: Owned, stop: Owned, step: Owned) -> Owned {
        let body = SliceBody { start: start.into_ref(), stop: stop.into_ref(), step: step.into_ref() };
        self.heap.alloc(Ty::Slice.kind(), body)
    }

    /// A cell that holds a value, or nothing if that is NULL.
    pub fn new_cell(&mut self, value: Ref) -> Owned {
        self.heap.alloc(Ty::Cell.kind(), CellBody { value })
    }

    /// An iterator of a built-in kind.
    pub fn new_iter(&mut self, ty: Ty, body: IterBody) -> Owned {
        self.heap.alloc(ty.kind(), body)
    }
}
