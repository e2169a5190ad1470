//! Modules of the library: what they say and write, version by version.

use super::room;

/// The wording of pickle's errors, by what each version added.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PickleTexts {
    /// A number that is not in the memo is a KeyError.
    Classic,
    /// It is an UnpicklingError.
    MemoNamed,
    /// A wrong argument of NEWOBJ is named by its type.
    Typed,
    /// A missing `persistent_load` is said in one line.
    OneLine,
    /// A local object cannot be "got".
    GetLocal,
    /// Wrong parts of a reduction are named by their type, and notes tell which part of which object it was.
    Detailed,
}

impl PickleTexts {
    /// Whether the errors say what was wrong with which part.
    pub fn detailed(self) -> bool {
        self >= PickleTexts::Detailed
    }
}

room! { library
    /// The shared one-character strings beyond ASCII are interned from the start.
    latin1_interned "caching.str.latin1-interned": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// The newest version of `marshal`'s format.
    marshal_version "identity.marshal.version": i64 {
        py(8, 0) => 4, py(14, 0) => 5, py(15, 0) => 6; faults { "older": 3, "newer": 6 } }
    /// `math` says for which inputs a function is defined.
    math_domain_texts "value.math.domain": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }
    /// `math.factorial` takes floats with integral values.
    factorial_of_floats "value.math.factorial": bool {
        py(8, 0) => true, py(10, 0) => false; faults { "always": true, "never": false } }
    /// `math.gcd` takes any number of arguments.
    gcd_takes_many "value.math.gcd": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }
    /// How `struct` tells the range of a format: in hexadecimal, in decimal by a word, or by the format's letter.
    struct_range_texts "value.struct.range": u8 {
        py(8, 0) => 0, py(11, 0) => 1, py(12, 0) => 2; faults { "hexadecimal": 0, "letters": 2 } }
    /// The protocol that pickles have if none is named.
    pickle_default_protocol "identity.pickle.default-protocol": u8 {
        py(8, 0) => 4, py(14, 0) => 5; faults { "four": 4, "five": 5 } }
    /// Before protocol 4 the objects on the way to a nested name get no numbers.
    pickle_nested_flat "identity.pickle.nested-names": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// What errors of pickling say, and what notes they carry.
    pickle_texts "identity.pickle.errors": PickleTexts {
        py(8, 0) => PickleTexts::Classic, py(9, 0) => PickleTexts::MemoNamed, py(10, 0) => PickleTexts::Typed,
        py(12, 0) => PickleTexts::OneLine, py(13, 0) => PickleTexts::GetLocal, py(14, 0) => PickleTexts::Detailed;
        faults { "classic": PickleTexts::Classic, "typed": PickleTexts::Typed, "detailed": PickleTexts::Detailed } }
}
