//! The language: what every version does. The faults are mistakes that real engines make.

use super::room;

room! { language

    /// Inside a class a name with two leading underscores stands for one with the class's name in front.
    private_names_mangled "scoping.class.mangling": bool {
        py(8, 0) => true;
        faults { "plain": false }
    }

    /// The name of `except … as` is unbound at the end of its clause.
    except_name_unbound "scoping.except.name-deleted": bool {
        py(8, 0) => true;
        faults { "stays": false }
    }

    /// An iterator that has come to its end stays there, even if the list grows.
    exhausted_iterators_stay "mutability.iterate.exhausted-stays": bool {
        py(8, 0) => true;
        faults { "restarts": false }
    }

    /// A dict keeps the key that came first when an equal one is stored.
    dict_keeps_first_key "identity.dict.first-key-kept": bool {
        py(8, 0) => true;
        faults { "replaced": false }
    }

    /// `tuple` of a tuple is the same tuple.
    tuple_of_tuple_same "identity.constructor.tuple-of-tuple": bool {
        py(8, 0) => true;
        faults { "copied": false }
    }
}
