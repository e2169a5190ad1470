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

    /// `is` compares the objects and not their values.
    is_by_identity "identity.is.same-object": bool {
        py(8, 0) => true;
        faults { "numbers-by-value": false }
    }

    /// Each execution of a definition makes a new function.
    functions_fresh "identity.def.fresh-function": bool {
        py(8, 0) => true;
        faults { "one-for-each-code": false }
    }

    /// Repetition of a list repeats its references and copies no item.
    repetition_shares "identity.repeat.shares": bool {
        py(8, 0) => true;
        faults { "lists-copied": false }
    }

    /// All keys of `dict.fromkeys` get the same object.
    fromkeys_shares "identity.container.holds-object": bool {
        py(8, 0) => true;
        faults { "lists-copied": false }
    }

    /// `list()` of a list, a full slice of it and its `copy()` are new lists.
    list_copies_fresh "identity.constructor.fresh": bool {
        py(8, 0) => true;
        faults { "same-list": false }
    }

    /// When both sides give NotImplemented, `==` compares the identities.
    equality_falls_back "identity.singleton.not-implemented": bool {
        py(8, 0) => true;
        faults { "unequal": false }
    }

    /// A default serves all calls as one object.
    defaults_shared "mutability.default.evaluated-once": bool {
        py(8, 0) => true;
        faults { "list-for-each-call": false }
    }

    /// The target of an augmented assignment is evaluated once.
    augmented_target_once "mutability.augmented.target-once": bool {
        py(8, 0) => true;
        faults { "twice": false }
    }

    /// An augmented assignment changes a list, dict, set or bytearray itself.
    augmented_in_place "mutability.augmented.in-place": InPlace {
        py(8, 0) => InPlace { operators: true, list_repeat: true, set_operators: true };
        faults {
            "rebinds": InPlace { operators: false, list_repeat: true, set_operators: true },
            "list-repeat-rebinds": InPlace { operators: true, list_repeat: false, set_operators: true },
            "set-operators-rebind": InPlace { operators: true, list_repeat: true, set_operators: false },
        }
    }

    /// A list iterator walks the list itself.
    list_iterators_live "mutability.iterate.list-by-index": bool {
        py(8, 0) => true;
        faults { "over-a-copy": false }
    }

    /// The views of a dict show it as it is now.
    dict_views_live "mutability.view.dict-live": bool {
        py(8, 0) => true;
        faults { "of-a-copy": false }
    }

    /// An inner function reads a variable of the function around it when it runs.
    closures_late "scoping.closure.late": bool {
        py(8, 0) => true;
        faults { "bound-when-made": false }
    }

    /// The items of a generator expression are made when they are asked for.
    genexps_lazy "scoping.generator.lazy": bool {
        py(8, 0) => true;
        faults { "list-at-once": false }
    }

    /// Inlined comprehensions of a class body do not see the class's names.
    comprehensions_skip_class "scoping.comprehension.class-skipped": bool {
        py(8, 0) => true;
        faults { "inlined-see-class": false }
    }

    /// A binding that can never run makes its name local all the same.
    dead_code_binds "scoping.local.whole-block": bool {
        py(8, 0) => true;
        faults { "dead-code-unseen": false }
    }

    /// An augmented assignment binds its target, so the name is the function's own.
    augmented_assignments_bind "scoping.local.binding-forms": bool {
        py(8, 0) => true;
        faults { "augmented-not": false }
    }

    /// The target of `:=` in a comprehension belongs to the function around all comprehensions.
    named_targets_outside "scoping.comprehension.walrus": bool {
        py(8, 0) => true;
        faults { "inside": false }
    }

    /// A nonlocal name may belong to a function further out than the next one.
    nonlocal_skips "scoping.nonlocal.nearest": bool {
        py(8, 0) => true;
        faults { "next-only": false }
    }

    /// Reading a variable of an enclosing function that has no value raises.
    unbound_cells_raise "scoping.closure.unbound": bool {
        py(8, 0) => true;
        faults { "none-instead": false }
    }

    /// `del` of a variable that inner functions use takes its value from them too.
    del_empties_cells "scoping.del.unbinds": bool {
        py(8, 0) => true;
        faults { "inner-functions-keep": false }
    }

    /// Iterating a dict notices that the dict has grown or shrunk.
    dict_iterators_watch_size "mutability.iterate.dict-size": bool {
        py(8, 0) => true;
        faults { "dict-unwatched": false }
    }

    /// An inlined comprehension keeps its targets to itself: to another one the name means what it means in the function.
    inlined_targets_apart "scoping.comprehension.siblings": bool {
        py(8, 0) => true;
        faults { "merged-into-function": false }
    }

    /// A declaration that comes after a use of the name, or that names a parameter, is refused.
    late_declarations "scoping.declaration.first": Declarations {
        py(8, 0) => Declarations { of_parameters_refused: true, after_uses_refused: true };
        faults {
            "of-parameters-accepted": Declarations { of_parameters_refused: false, after_uses_refused: true },
            "after-uses-accepted": Declarations { of_parameters_refused: true, after_uses_refused: false },
        }
    }

    /// The callbacks of an object's weak references are called from the newest to the oldest.
    weakref_callbacks_newest_first "lifetime.weakref.callback": bool {
        py(8, 0) => true;
        faults { "oldest-first": false }
    }

    /// Weak references without a callback to one object are one object.
    weakrefs_shared "lifetime.weakref.shared": bool {
        py(8, 0) => true;
        faults { "fresh": false }
    }

    /// A dict display evaluates each key before its value.
    display_key_first "scoping.order.left-to-right": bool {
        py(8, 0) => true;
        faults { "value-before-key": false }
    }

    /// A chain of comparisons evaluates the operands in its middle once.
    chained_operands_once "scoping.order.short-circuit": bool {
        py(8, 0) => true;
        faults { "middle-twice": false }
    }

    /// An exception goes on when the `finally` that it ran into ends.
    finally_passes_on "scoping.order.finally": bool {
        py(8, 0) => true;
        faults { "swallows": false }
    }

    /// Method resolution is the C3 order, not the depth-first one.
    method_order_merged "identity.class.resolution-order": bool {
        py(8, 0) => true;
        faults { "depth-first": false }
    }
}

/// Which `global` and `nonlocal` declarations the compiler refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Declarations {
    /// Those that name a parameter.
    pub of_parameters_refused: bool,
    /// Those of a name that was read or bound before in the block.
    pub after_uses_refused: bool,
}

/// Which operators change their left operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InPlace {
    /// Those of any type that has in-place methods.
    pub operators: bool,
    /// `*=` of lists.
    pub list_repeat: bool,
    /// `|=`, `&=`, `-=` and `^=` of sets.
    pub set_operators: bool,
}
