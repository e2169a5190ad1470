//! How classes, descriptors and the methods of built-in types are made, changed and refused.

use super::room;

/// Deleting an attribute that every class must have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeDeletionText {
    /// `can't delete C.__name__`
    Short,
    /// Calls the class immutable.
    Immutable,
    /// Names attribute and class.
    Plain,
}

impl TypeDeletionText {
    /// The message for the class and the attribute.
    pub fn text(self, class: &str, name: &str) -> String {
        match self {
            TypeDeletionText::Short => format!("can't delete {class}.{name}"),
            TypeDeletionText::Immutable => format!("cannot delete '{name}' attribute of immutable type '{class}'"),
            TypeDeletionText::Plain => format!("cannot delete '{name}' attribute of type '{class}'"),
        }
    }
}

/// Which slots a class may have whose base has instances of different sizes: ints, bytes, tuples and classes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VariableSizeSlots {
    /// None.
    Never,
    /// Those of subclasses of tuple, and a dict and a place for weak references everywhere.
    InTuples,
}

impl VariableSizeSlots {
    /// The message for a base that takes none.
    pub fn text(self, base: &str) -> String {
        let word = match self {
            VariableSizeSlots::Never => "nonempty",
            VariableSizeSlots::InTuples => "arbitrary",
        };
        format!("{word} __slots__ not supported for subtype of '{base}'")
    }
}

room! { machinery

    /// Deleting an attribute that is not there says whose it would be.
    deletion_error_names_object "identity.error.attribute-deletion": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    /// The text for deleting an attribute that every class must have.
    type_deletion_error "identity.error.type-deletion": TypeDeletionText {
        py(8, 0) => TypeDeletionText::Short, py(10, 0) => TypeDeletionText::Immutable, py(15, 0) => TypeDeletionText::Plain;
        faults { "short": TypeDeletionText::Short, "plain": TypeDeletionText::Plain } }

    /// What stands between "resolution" and "order" in the text for bases that contradict each other.
    mro_error_break "identity.error.base-order": &'static str {
        py(8, 0) => "\n", py(13, 0) => " "; faults { "line": "\n", "space": " " } }

    /// The text for what a metaclass's `mro` must not give names the class.
    mro_error_names_class "identity.error.custom-order": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }

    /// Which slots a class may have whose base has instances of different sizes.
    variable_size_slots "identity.slots.variable-size-text": VariableSizeSlots {
        py(8, 0) => VariableSizeSlots::Never, py(15, 0) => VariableSizeSlots::InTuples;
        faults { "never": VariableSizeSlots::Never, "in-tuples": VariableSizeSlots::InTuples } }

    /// A new `__bases__` must not change between built-in and Python classes.
    bases_keep_deallocator "identity.class.bases-deallocator": bool {
        py(8, 0) => true, py(15, 0) => false; faults { "always": true, "never": false } }

    /// `classmethod` and `staticmethod` objects have the name, module and docstring of their functions.
    wrappers_look_like_functions "identity.classmethod.looks-like-function": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    /// Messages about the arguments of a built-in method name its class.
    native_errors_name_class "identity.error.method-class": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }

    /// Texts about members, items and indexes of containers as they were reworded.
    container_texts_reworded "identity.error.container-texts": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }

    /// `bytes.fromhex` takes bytes too.
    fromhex_takes_bytes "identity.bytes.fromhex": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }

    /// The text for a border of a search that is no int.
    search_border_text "identity.error.search-border": &'static str {
        py(8, 0) => "slice indices must be integers or None or have an __index__ method",
        py(15, 0) => "slice indices must be integers or have an __index__ method";
        faults { "old": "slice indices must be integers or None or have an __index__ method",
            "new": "slice indices must be integers or have an __index__ method" } }

    /// The class of an int, a tuple or bytes with a dict can be assigned.
    variable_size_class_assignment "identity.class.variable-size": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }

    /// `super` checks its arguments by their count and class alone.
    super_takes_exact_texts "identity.error.super-arguments": bool {
        py(8, 0) => true, py(11, 0) => false; faults { "always": true, "never": false } }

    /// There is `frozendict`.
    frozen_dicts "mutability.frozendict.immutable": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }

    /// There is `sentinel`.
    sentinels "mutability.sentinel.unique": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }

    /// A property that no class has named has the name of its getter.
    property_named_by_getter "identity.property.name": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
}
