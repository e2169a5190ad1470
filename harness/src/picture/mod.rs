//! Pictures of a heap graph: names left, objects right, one box an object, an arrow for each reference.
//!
//! `scene` says what is drawn, `measure` how large it is, `layout` where it stands, `shapes` as what, and `svg`, `dot` and
//! `page` write it down. Invariants: nothing depends on addresses, fonts or the machine, so that the same graph gives the
//! same bytes; every text has room reserved for its width; arrows run in the gaps between columns and in lanes of their
//! own, so that none crosses a box.

mod dot;
mod layout;
mod measure;
mod page;
mod scene;
mod shapes;
mod steps;
mod svg;

pub use dot::dot;
pub use layout::{Area, Arrow, Layout, Piece, layout};
pub use page::page;
pub use scene::{Card, Column, NameRow, Options, Row, Scene, Value};
pub use shapes::{Shape, shapes};
pub use steps::panels;
pub use svg::{Panel, Sheet, clean, style, svg};
