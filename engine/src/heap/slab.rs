//! Growable arrays of bodies of one layout, with a free list.

use std::rc::Rc;

/// Bodies of one layout by index.
pub trait Store<T>: Clone + Default {
    /// Puts a body into the place that was given back last, or a new one.
    fn insert(&mut self, body: T) -> u64;
    /// The body, left empty in its place.
    fn take(&mut self, at: u64) -> T;
    /// Gives the place back.
    fn remove(&mut self, at: u64);
    /// The body at a place.
    fn get(&self, at: u64) -> &T;
    /// The same, to be changed.
    fn get_mut(&mut self, at: u64) -> &mut T;
}

/// Bodies that change often, in one array.
#[derive(Clone, Debug)]
pub struct Slab<T> {
    items: Vec<T>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {
        Slab { items: Vec::new(), free: Vec::new() }
    }
}

impl<T: Default + Clone> Store<T> for Slab<T> {
    #[inline]
    fn insert(&mut self, body: T) -> u64 {
        match self.free.pop() {
            Some(at) => {
                self.items[at as usize] = body;
                u64::from(at)
            }
            None => {
                self.items.push(body);
                self.items.len() as u64 - 1
            }
        }
    }

    #[inline]
    fn take(&mut self, at: u64) -> T {
        std::mem::take(&mut self.items[at as usize])
    }

    #[inline]
    fn remove(&mut self, at: u64) {
        self.free.push(at as u32);
    }

    #[inline]
    fn get(&self, at: u64) -> &T {
        &self.items[at as usize]
    }

    #[inline]
    fn get_mut(&mut self, at: u64) -> &mut T {
        &mut self.items[at as usize]
    }
}

/// Bodies a block.
const BLOCK: usize = 16;

/// Bodies that a new interpreter has many of and that seldom change: in blocks that copies of the heap share until one
/// of them changes something there.
#[derive(Clone, Debug)]
pub struct SharedSlab<T> {
    blocks: Vec<Rc<[T; BLOCK]>>,
    len: usize,
    free: Vec<u32>,
}

impl<T> Default for SharedSlab<T> {
    fn default() -> SharedSlab<T> {
        SharedSlab { blocks: Vec::new(), len: 0, free: Vec::new() }
    }
}

impl<T: Default + Clone> Store<T> for SharedSlab<T> {
    #[inline]
    fn insert(&mut self, body: T) -> u64 {
        let at = match self.free.pop() {
            Some(at) => u64::from(at),
            None => {
                if self.len == self.blocks.len() * BLOCK {
                    self.blocks.push(Rc::new(std::array::from_fn(|_| T::default())));
                }
                self.len += 1;
                self.len as u64 - 1
            }
        };
        *self.get_mut(at) = body;
        at
    }

    #[inline]
    fn take(&mut self, at: u64) -> T {
        std::mem::take(self.get_mut(at))
    }

    #[inline]
    fn remove(&mut self, at: u64) {
        self.free.push(at as u32);
    }

    #[inline]
    fn get(&self, at: u64) -> &T {
        &self.blocks[at as usize / BLOCK][at as usize % BLOCK]
    }

    #[inline]
    fn get_mut(&mut self, at: u64) -> &mut T {
        &mut Rc::make_mut(&mut self.blocks[at as usize / BLOCK])[at as usize % BLOCK]
    }
}
