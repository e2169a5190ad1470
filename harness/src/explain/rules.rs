//! The rules that explanations cite, by what they say.

/// Assignment binds and never copies.
pub const NO_COPY: &str = "mutability.assign.no-copy";
/// A change is seen through every name.
pub const IN_PLACE: &str = "mutability.mutable.in-place";
/// `+=` changes a list itself.
pub const AUGMENTED_IN_PLACE: &str = "mutability.augmented.in-place";
/// `+=` makes a new string.
pub const AUGMENTED_REBINDS: &str = "mutability.augmented.rebinds";
/// Other names keep the object.
pub const OTHERS_KEEP: &str = "mutability.rebind.other-names-keep";
/// A shallow copy has the same items.
pub const SHALLOW: &str = "mutability.copy.shallow";
/// A display makes a new object.
pub const FRESH: &str = "identity.display.fresh";
/// A default is evaluated once.
pub const DEFAULT_ONCE: &str = "mutability.default.evaluated-once";
/// A class attribute is shared by the instances.
pub const CLASS_ATTRIBUTE: &str = "mutability.class-attribute.shared";
/// Repetition repeats references.
pub const REPEAT: &str = "identity.repeat.shares";
/// `is` asks for one object.
pub const IS: &str = "identity.is.same-object";
/// `is` cannot be overridden.
pub const IS_FIXED: &str = "identity.is.not-overridable";
/// The first of local, enclosing, global, builtin.
pub const LEGB: &str = "scoping.lookup.legb";
/// A built-in name is hidden by a global one.
pub const BUILTINS_LAST: &str = "scoping.lookup.builtins-last";
/// A free variable is read when the function runs.
pub const LATE: &str = "scoping.closure.late";
/// The variables of a call live as long as a function uses them.
pub const PER_CALL: &str = "scoping.closure.per-call";
/// A local name without a value.
pub const UNBOUND: &str = "scoping.local.unbound";
/// `del` unbinds.
pub const DEL: &str = "scoping.del.unbinds";
/// The last reference is gone.
pub const PROMPT: &str = "lifetime.refcount.prompt";
/// A cycle waits for the collector.
pub const CYCLE: &str = "lifetime.cycle.not-prompt";
/// The collector destroys cycles.
pub const COLLECTED: &str = "lifetime.cycle.collected";
/// Small ints are shared.
pub const SMALL_INT: &str = "caching.int.small";
/// Constants that look like names are interned.
pub const IDENTIFIER: &str = "caching.str.identifier-constants";
/// One-character strings are shared.
pub const LATIN1: &str = "caching.str.latin1";
/// The empty bytes and single bytes are shared.
pub const SMALL_BYTES: &str = "caching.bytes.small";
/// One empty tuple.
pub const EMPTY_TUPLE: &str = "caching.tuple.empty";
/// Equal constants of one unit are one.
pub const ONE_PER_UNIT: &str = "caching.constants.one-per-unit";
/// Left open for ints.
pub const INT_MAY: &str = "caching.int.may-share";
/// Left open for strings.
pub const STR_MAY: &str = "caching.str.may-share";
/// Left open for every immutable type.
pub const VALUE_MAY: &str = "caching.value.may-share";

/// All of them.
pub const CITED: [&str; 30] = [
    NO_COPY,
    IN_PLACE,
    AUGMENTED_IN_PLACE,
    AUGMENTED_REBINDS,
    OTHERS_KEEP,
    SHALLOW,
    FRESH,
    DEFAULT_ONCE,
    CLASS_ATTRIBUTE,
    REPEAT,
    IS,
    IS_FIXED,
    LEGB,
    BUILTINS_LAST,
    LATE,
    PER_CALL,
    UNBOUND,
    DEL,
    PROMPT,
    CYCLE,
    COLLECTED,
    SMALL_INT,
    IDENTIFIER,
    LATIN1,
    SMALL_BYTES,
    EMPTY_TUPLE,
    ONE_PER_UNIT,
    INT_MAY,
    STR_MAY,
    VALUE_MAY,
];
