//! `sys.getsizeof`: what an object takes in CPython, by its layout and the version's sizes.

use super::{Res, Vm};
use crate::heap::{BigIntBody, BytesBody, DictBody, Layout, ListBody, Ref, SetBody, TupleBody};

impl Vm {
    /// `object.__sizeof__()` of a built-in layout, in bytes.
    pub fn basic_size(&self, r: Ref) -> usize {
        let heap = &self.heap;
        match heap.layout(r) {
            Layout::Int => 24 + if heap.int_word(r) == 0 { 0 } else { 4 },
            Layout::BigInt => {
                let bits = heap.get::<BigIntBody>(r).map_or(0, |body| body.value.bits() as usize);
                24 + 4 * bits.div_ceil(30)
            }
            Layout::Float => 24,
            Layout::Complex => 32,
            Layout::Bytes => 33 + heap.get::<BytesBody>(r).map_or(0, |body| body.data.len()),
            Layout::Tuple => 24 + 8 * heap.get::<TupleBody>(r).map_or(0, |body| body.items.len()),
            Layout::List => 40 + 8 * heap.get::<ListBody>(r).map_or(0, |body| body.allocated),
            Layout::Dict => 48 + heap.get::<DictBody>(r).map_or(0, |body| body.table.slots()),
            Layout::Set => 200 + heap.get::<SetBody>(r).map_or(0, |body| body.table.slots()),
            _ => 16,
        }
    }

    /// `sys.getsizeof(object)`
    ///
    /// # Errors
    /// What `__sizeof__` raises.
    pub fn size_of(&mut self, r: Ref) -> Res<usize> {
        let header = if self.heap.kind(self.heap.kind_of(r)).gc { 16 } else { 0 };
        Ok(self.basic_size(r) + header)
    }
}
