//! Reports: pure functions of the result of a run.

pub mod badge;
pub mod bug;
pub mod compare;
pub mod github;
pub mod heap;
pub mod html;
pub mod junit;
mod markdown;
pub mod matrix;
pub mod model;
pub mod page;
pub mod record;
pub mod text;
