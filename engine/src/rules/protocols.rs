//! The protocols of the language and of buffers: what every version does. The faults are ways of getting them wrong.

use super::room;

room! { protocols

    /// A new class tells the attributes of its namespace their names.
    set_names_called "mutability.descriptor.set-name": bool {
        py(8, 0) => true;
        faults { "not-called": false }
    }

    /// A class hears of its new subclasses.
    init_subclass_called "mutability.class.init-subclass": bool {
        py(8, 0) => true;
        faults { "not-called": false }
    }

    /// A data descriptor of the class comes before the instance's own attribute.
    data_descriptors_first "mutability.attribute.order": bool {
        py(8, 0) => true;
        faults { "own-first": false }
    }

    /// A module's own `__getattr__` is asked for what it has not.
    module_getattr_asked "mutability.module.getattr": bool {
        py(8, 0) => true;
        faults { "not-asked": false }
    }

    /// A true result of `__exit__` ends the exception.
    exit_swallows "scoping.with.exit-decides": bool {
        py(8, 0) => true;
        faults { "never-swallows": false }
    }

    /// An exception raised while another is handled gets that one as its context.
    contexts_set "scoping.raise.context": bool {
        py(8, 0) => true;
        faults { "not-set": false }
    }

    /// A StopIteration that would leave a generator becomes a RuntimeError.
    stop_iteration_converted "scoping.generator.stop-iteration": bool {
        py(8, 0) => true;
        faults { "passes": false }
    }

    /// None, True and False are matched by identity.
    singletons_matched_by_identity "scoping.match.literal": bool {
        py(8, 0) => true;
        faults { "by-equality": false }
    }

    /// A text matches no sequence pattern.
    text_matches_no_sequence "scoping.match.containers": bool {
        py(8, 0) => true;
        faults { "text-matches": false }
    }

    /// A break skips the else clause of its loop.
    loop_else_skipped_by_break "scoping.loop.else": bool {
        py(8, 0) => true;
        faults { "runs-after-break": false }
    }

    /// `popitem` takes the pair that was stored last.
    popitem_newest "mutability.dict.last-in-first-out": bool {
        py(8, 0) => true;
        faults { "oldest": false }
    }

    /// `__init__` must return None.
    init_result_checked "identity.creation.init-result": bool {
        py(8, 0) => true;
        faults { "ignored": false }
    }

    /// What `__new__` gives of another class is not initialised.
    other_class_not_initialised "identity.creation.new-then-init": bool {
        py(8, 0) => true;
        faults { "initialised": false }
    }

    /// A generator that yields when it is closed makes `close` fail.
    yield_on_close_refused "lifetime.generator.close-must-end": bool {
        py(8, 0) => true;
        faults { "ignored": false }
    }

    /// `min` and `max` give the first of equal items.
    extremes_first "data-engineering.first-of-equals": bool {
        py(8, 0) => true;
        faults { "last": false }
    }

    /// A positional-only parameter is not taken by name.
    positional_only_by_place "scoping.call.positional-only": bool {
        py(8, 0) => true;
        faults { "by-name-too": false }
    }

    /// A module whose code raises is taken out of the cache.
    failed_modules_removed "scoping.import.failed": bool {
        py(8, 0) => true;
        faults { "kept": false }
    }

    /// A star import without `__all__` skips names with a leading underscore.
    star_skips_private "scoping.import.star-names": bool {
        py(8, 0) => true;
        faults { "private-too": false }
    }

    /// An object without `__iter__` is walked by its `__getitem__`.
    indexed_iterable "lifetime.iterator.protocol": bool {
        py(8, 0) => true;
        faults { "iter-only": false }
    }

    /// A slice of a memoryview shows the bytes of its owner.
    view_slices_share "data-engineering.buffer.view-shares": bool {
        py(8, 0) => true;
        faults { "slices-copied": false }
    }

    /// A view keeps the size of its owner.
    views_lock "data-engineering.buffer.view-locks-size": bool {
        py(8, 0) => true;
        faults { "unlocked": false }
    }

    /// A view made by `toreadonly` refuses writes.
    read_only_views "data-engineering.buffer.read-only": bool {
        py(8, 0) => true;
        faults { "writable": false }
    }

    /// A released view refuses everything.
    views_released "data-engineering.buffer.released": bool {
        py(8, 0) => true;
        faults { "stays": false }
    }

    /// A defaultdict stores what its factory gives.
    defaults_stored "data-engineering.group.default-per-key": bool {
        py(8, 0) => true;
        faults { "not-stored": false }
    }

    /// A typed cache keeps arguments of different types apart.
    lru_types_apart "caching.lru-cache.key": bool {
        py(8, 0) => true;
        faults { "types-ignored": false }
    }

    /// A full cache forgets the result that was used longest ago.
    lru_bounded "caching.lru-cache.maxsize": bool {
        py(8, 0) => true;
        faults { "unbounded": false }
    }

    /// A cached property is computed once.
    cached_property_kept "caching.cached-property.once": bool {
        py(8, 0) => true;
        faults { "computed-each-time": false }
    }

    /// The reflected method of a subclass comes first.
    subclass_operand_first "identity.operator.subclass-first": bool {
        py(8, 0) => true;
        faults { "left-first": false }
    }

    /// An object without `__bool__` is true if its length is not zero.
    length_is_truth "identity.operator.truth": bool {
        py(8, 0) => true;
        faults { "length-ignored": false }
    }

    /// A module that was imported is not run again.
    modules_cached "scoping.import.cached-and-bound": bool {
        py(8, 0) => true;
        faults { "run-again": false }
    }

    /// `suppress` ends the exceptions of its classes.
    suppress_swallows "lifetime.suppress": bool {
        py(8, 0) => true;
        faults { "passes": false }
    }

    /// An ExitStack leaves in the reverse order.
    exit_stack_reversed "lifetime.exit-stack.order": bool {
        py(8, 0) => true;
        faults { "in-order": false }
    }

    /// An exception is raised at the yield of a context manager.
    errors_thrown_in "lifetime.context-manager.generator": bool {
        py(8, 0) => true;
        faults { "not-thrown": false }
    }

    /// A frozen dataclass refuses assignments.
    frozen_enforced "data-engineering.dataclass.frozen": bool {
        py(8, 0) => true;
        faults { "not-enforced": false }
    }

    /// A ChainMap writes to its first dict.
    chain_map_writes_first "data-engineering.chainmap.writes-first": bool {
        py(8, 0) => true;
        faults { "where-found": false }
    }

    /// A deep copy copies each object once.
    deep_copies_once "mutability.copy.deep-keeps-shape": bool {
        py(8, 0) => true;
        faults { "each-time": false }
    }

    /// A deep copy copies the parts too.
    deep_copies_parts "mutability.copy.deep": bool {
        py(8, 0) => true;
        faults { "shallow": false }
    }
}
