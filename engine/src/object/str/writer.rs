//! Putting the result of formatting together.
//!
//! Invariant: a result that consists of one whole str object, written by the last piece of the format, is that object.

use crate::heap::{Owned, Ref};
use crate::object::text::{Text, TextBuilder};
use crate::vm::Vm;

/// The text written so far.
#[derive(Default)]
pub struct Writer {
    out: TextBuilder,
    /// The str object that is all of the text.
    only: Option<Ref>,
}

impl Writer {
    /// Adds the text of a str object, which the caller holds. `last`: nothing comes behind it.
    pub fn object(&mut self, vm: &Vm, object: Ref, last: bool) {
        let text = vm.text_of(object);
        if text.is_empty() {
            return;
        }
        if last && self.out.is_empty() {
            self.only = Some(object);
        } else {
            self.out.push_text(text);
        }
    }

    /// Adds a text.
    pub fn text(&mut self, text: &Text) {
        self.out.push_text(text);
    }

    /// How long the text is.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// The text alone.
    pub fn into_text(self, vm: &Vm) -> Text {
        match self.only {
            Some(object) => vm.text_of(object).clone(),
            None => self.out.finish(),
        }
    }

    /// The str object.
    pub fn finish(self, vm: &mut Vm) -> Owned {
        match self.only {
            Some(object) => vm.share(object),
            None => vm.new_text(self.out.finish()),
        }
    }
}
