//! Shapes: the names of an instance's attributes in the order of their first assignment, shared by all instances
//! that were filled in the same order (CPython: key-sharing dictionaries).
//!
//! Invariant: a shape owns a counted reference to each of its names, once in the whole tree of shapes (the name that
//! its parent lacks), until the interpreter ends.

use super::Ref;
use rustc_hash::FxHashMap;

/// Number of a shape. Zero is the empty one.
pub type ShapeId = u32;

#[derive(Clone, Debug, Default)]
struct Shape {
    names: Vec<Ref>,
    index: FxHashMap<Ref, u32>,
    next: FxHashMap<Ref, ShapeId>,
}

/// All shapes.
#[derive(Clone, Debug)]
pub struct Shapes {
    all: Vec<Shape>,
}

/// Instances with more attributes keep them in a dict of their own.
pub const MOST_SHARED: usize = 30;

impl Shapes {
    pub fn new() -> Shapes {
        Shapes { all: vec![Shape::default()] }
    }

    /// Where an attribute's value stands.
    #[inline]
    pub fn find(&self, shape: ShapeId, name: Ref) -> Option<usize> {
        self.all[shape as usize].index.get(&name).map(|&at| at as usize)
    }

    /// The names, in the order of assignment.
    pub fn names(&self, shape: ShapeId) -> &[Ref] {
        &self.all[shape as usize].names
    }

    /// The shape with one name more, and whether it is new: the caller then counts the name.
    pub fn extend(&mut self, shape: ShapeId, name: Ref) -> Option<(ShapeId, bool)> {
        if let Some(&next) = self.all[shape as usize].next.get(&name) {
            return Some((next, false));
        }
        if self.all[shape as usize].names.len() >= MOST_SHARED || self.all.len() >= 1 << 20 {
            return None;
        }
        let mut names = self.all[shape as usize].names.clone();
        let mut index = self.all[shape as usize].index.clone();
        index.insert(name, names.len() as u32);
        names.push(name);
        let id = self.all.len() as ShapeId;
        self.all.push(Shape { names, index, next: FxHashMap::default() });
        self.all[shape as usize].next.insert(name, id);
        Some((id, true))
    }

    /// The references that shapes hold: the last name of each.
    pub fn roots(&self) -> impl Iterator<Item = Ref> + '_ {
        self.all.iter().filter_map(|shape| shape.names.last().copied())
    }
}
