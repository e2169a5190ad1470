//! A growable array of bodies of one layout, with a free list.

/// Bodies of one layout by index.
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

impl<T: Default> Slab<T> {
    #[inline]
    pub fn insert(&mut self, body: T) -> u64 {
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

    /// The body, left empty in its place.
    #[inline]
    pub fn take(&mut self, at: u64) -> T {
        std::mem::take(&mut self.items[at as usize])
    }

    /// Gives the place back.
    #[inline]
    pub fn remove(&mut self, at: u64) {
        self.free.push(at as u32);
    }

    #[inline]
    pub fn get(&self, at: u64) -> &T {
        &self.items[at as usize]
    }

    #[inline]
    pub fn get_mut(&mut self, at: u64) -> &mut T {
        &mut self.items[at as usize]
    }
}
