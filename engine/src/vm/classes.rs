//! Questions about classes: names, subclass and instance tests.

use super::Vm;
use crate::heap::{Ref, TypeBody};

impl Vm {
    /// What messages call a class: `__name__`, after the module for built-in classes of other modules than builtins, and for those that stand for such.
    pub fn type_name(&self, class: Ref) -> String {
        match self.heap.get::<TypeBody>(class) {
            // Classes of the engine's own sources that CPython has in C say so.
            Some(body) if body.heap && self.dict_get_str(body.dict, "_named_with_module").is_none() => {
                self.show(body.name)
            }
            Some(_) => self.qualified_type_name(class),
            None => "?".to_string(),
        }
    }

    /// `cls.__name__`
    pub fn type_short_name(&self, class: Ref) -> String {
        self.heap.get::<TypeBody>(class).map_or_else(|| "?".to_string(), |body| self.show(body.name))
    }

    /// The name of an object's class.
    pub fn class_name(&self, object: Ref) -> String {
        self.type_name(self.heap.class_of(object))
    }

    /// The text of a str object for messages; surrogates become U+FFFD.
    pub fn show(&self, name: Ref) -> String {
        if name.is_null() {
            return "?".to_string();
        }
        self.heap.text(name).map_or_else(|| "?".to_string(), |text| text.to_string_lossy().into_owned())
    }

    /// Whether `class` is `base` or has it in its method resolution order.
    #[inline]
    pub fn is_subclass(&self, class: Ref, base: Ref) -> bool {
        if class == base {
            return true;
        }
        let Some(body) = self.heap.get::<TypeBody>(class) else { return false };
        self.tuple_items(body.mro).contains(&base)
    }

    /// Whether the object's class is `class` or a subclass.
    #[inline]
    pub fn is_instance_of(&self, object: Ref, class: Ref) -> bool {
        !object.is_null() && self.is_subclass(self.heap.class_of(object), class)
    }

    /// Takes a dying class off its bases' lists of subclasses.
    pub(super) fn forget_class(&mut self, class: Ref) {
        let bases = self.heap.get::<TypeBody>(class).map_or(Ref::NULL, |body| body.bases);
        if !bases.is_null() {
            for base in self.tuple_items(bases).to_vec() {
                if let Some(body) = self.heap.get_mut::<TypeBody>(base) {
                    body.subclasses.retain(|&sub| sub != class);
                }
            }
        }
        self.classes_changed();
    }
}
