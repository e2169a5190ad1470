//! `sys.getsizeof` as pure functions: what an object of each built-in class takes, on 64-bit CPython.
//!
//! Everything here is `__sizeof__`; `getsizeof` adds [`header`]. What differs between versions is the rule
//! `memory.sizes`.

use super::table::dict::{Keys, usable_fraction};
use super::text::{Text, TextKind};
use crate::rules::{InstanceLayout, Profile};

/// What the collector puts before an object.
const COLLECTED: usize = 16;
/// What stands there too where `__dict__` or weak references are ahead of the instance.
const AHEAD: usize = 16;
/// A pointer.
const WORD: usize = 8;

/// `int`, by its number of 30-bit digits (0 for zero); an instance of a subclass counts no more.
pub fn int(digits: u64, rules: &Profile) -> usize {
    let digits = usize::try_from(digits).unwrap_or(usize::MAX / 8);
    24 + 4 * if rules.sizes.zero_has_digit { digits.max(1) } else { digits }
}

/// `str`, exactly.
pub fn text(text: &Text, rules: &Profile) -> usize {
    let (header, width) = match text.kind() {
        TextKind::Ascii => (rules.sizes.str_ascii, 1),
        TextKind::Latin1 => (rules.sizes.str_compact, 1),
        TextKind::Ucs2 => (rules.sizes.str_compact, 2),
        TextKind::Ucs4 => (rules.sizes.str_compact, 4),
    };
    header + (text.len() + 1) * width
}

/// An instance of a subclass of `str`.
pub fn text_of_subclass(text: &Text, rules: &Profile) -> usize {
    let width = match text.kind() {
        TextKind::Ascii | TextKind::Latin1 => 1,
        TextKind::Ucs2 => 2,
        TextKind::Ucs4 => 4,
    };
    rules.sizes.str_split + (text.len() + 1) * width
}

/// `bytes`
pub fn bytes(len: usize) -> usize {
    33 + len
}

/// `bytearray`, by the room of its block: the bytes and a null, 0 for none.
pub fn bytearray(allocated: usize, rules: &Profile) -> usize {
    rules.sizes.bytearray + if allocated == 0 { 0 } else { rules.sizes.bytearray_bytes + allocated }
}

/// The room of a bytearray that becomes `new` bytes long, from the room that it has (0 for no block), of which it has
/// given up `skipped` bytes at the front.
pub fn bytearray_room(allocated: usize, skipped: usize, new: usize, rules: &Profile) -> usize {
    // Where the bytes are a bytes object, that has the place for the null.
    let needed = new + usize::from(rules.sizes.bytearray_bytes == 0);
    if needed == 0 {
        return 0;
    }
    if needed + skipped <= allocated {
        return if new >= allocated / 2 { allocated } else { needed };
    }
    // Growth by a little takes an eighth more; growth by a lot and shrinking take what is needed.
    let grows_a_little = new <= allocated + allocated / 8;
    if grows_a_little { new + (new >> 3) + if new < 9 { 3 } else { 6 } } else { needed }
}

/// `tuple`
pub fn tuple(len: usize, rules: &Profile) -> usize {
    rules.sizes.tuple + WORD * len
}

/// `list`, by the room of its block.
pub fn list(allocated: usize) -> usize {
    40 + WORD * allocated
}

/// `dict` without a table.
pub const fn dict_header() -> usize {
    48
}

/// `dict`, by the slots of its table and what its keys are.
pub fn dict(slots: usize, keys: Keys, rules: &Profile) -> usize {
    if slots == 0 {
        return 48;
    }
    let index = match slots {
        0..=128 => 1,
        129..=32_768 => 2,
        _ => 4,
    };
    let entry = match keys {
        Keys::Text if rules.dict_text_keys => 16,
        Keys::Text | Keys::General => 24,
    };
    48 + rules.sizes.dict_keys + slots * index + usable_fraction(slots) * entry
}

/// The `__dict__` of an instance that has its values by the keys of its class in places of its own.
pub fn values_by_shared_keys(places: usize) -> usize {
    48 + WORD * places
}

/// The block of the values of an instance that has no dict: its places and what is kept before them.
pub fn values(places: usize, rules: &Profile) -> usize {
    match (places, rules.sizes.values_inside) {
        (0, _) => 0,
        (_, false) => WORD * places + (places + 2).next_multiple_of(WORD),
        (_, true) => WORD * (places + 1) + places.next_multiple_of(WORD),
    }
}

/// The `__dict__` of an instance of a class that shares its keys, where these are laid out for so many attributes.
pub fn instance_dict_inline(attributes: usize) -> usize {
    let mut slots = 8;
    while usable_fraction(slots) < attributes {
        slots *= 2;
    }
    values_by_shared_keys(usable_fraction(slots))
}

/// `set` and `frozenset`, by the slots of the table; the smallest is part of the object.
pub fn set(slots: usize) -> usize {
    200 + if slots > 8 { 16 * slots } else { 0 }
}

/// What `collections.OrderedDict` adds to a dict: fields of its own, by the pointers for the slots of the table, and the nodes
/// of its items.
pub fn ordered_dict(slots: usize, len: usize) -> usize {
    64 + WORD * slots + 32 * len
}

/// `collections.deque`, by the number of its blocks of 64 items; there is always one.
pub fn deque(blocks: usize, rules: &Profile) -> usize {
    rules.sizes.deque + 528 * blocks.max(1)
}

/// The places of a function's frame: its locals, cells, free variables and stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FramePlaces {
    /// Arguments and other locals.
    pub locals: usize,
    /// Variables that inner functions use.
    pub cells: usize,
    /// How many of the cells are arguments too.
    pub argument_cells: usize,
    /// Variables of outer functions.
    pub free: usize,
    /// The deepest stack.
    pub stack: usize,
}

impl FramePlaces {
    fn bytes(self, rules: &Profile) -> usize {
        let shared = if rules.sizes.frame_inside { self.argument_cells } else { 0 };
        WORD * (self.locals + self.cells + self.free + self.stack).saturating_sub(shared)
    }
}

/// A frame object.
pub fn frame(places: FramePlaces, rules: &Profile) -> usize {
    rules.sizes.frame + places.bytes(rules)
}

/// A generator, coroutine or asynchronous generator by its class; nothing for another class.
pub fn generator(class: &str, places: FramePlaces, rules: &Profile) -> Option<usize> {
    let base = match class {
        "generator" => rules.sizes.generator,
        "coroutine" => rules.sizes.coroutine,
        "async_generator" => rules.sizes.async_generator,
        _ => return None,
    };
    Some(base + if rules.sizes.frame_inside { places.bytes(rules) } else { 0 })
}

/// A class: a built-in one, or one of Python code whose instances share keys or do not.
pub fn class(of_python: bool, shares_keys: bool, rules: &Profile) -> usize {
    match (of_python, shares_keys) {
        (false, _) => rules.sizes.static_type,
        (true, false) => rules.sizes.heap_type,
        (true, true) => rules.sizes.heap_type + rules.sizes.shared_keys,
    }
}

/// What a class of Python code adds to the instances of its built-in base.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Added {
    /// Names in `__slots__`, of all classes.
    pub slots: usize,
    /// `__dict__`, which the base has not.
    pub dict: bool,
    /// Weak references, which the base does not take.
    pub weakrefs: bool,
    /// The base is of variable size: int, tuple, bytes, type.
    pub variable: bool,
}

impl Added {
    /// Whether the `__dict__` stands ahead of the instance: then the class keeps shared keys.
    pub fn dict_ahead(self, rules: &Profile) -> bool {
        match rules.sizes.instance {
            InstanceLayout::Inline => false,
            InstanceLayout::DictAhead => self.dict && !self.variable,
            InstanceLayout::BothAhead => self.dict,
        }
    }

    /// The bytes inside the instance. `int` and `str` do not count them.
    pub fn inside(self, rules: &Profile) -> usize {
        // An object of variable size has no place for weak references.
        let weakrefs = self.weakrefs && !self.variable && rules.sizes.instance != InstanceLayout::BothAhead;
        let dict = self.dict && rules.sizes.instance != InstanceLayout::BothAhead && !self.dict_ahead(rules);
        WORD * (self.slots + usize::from(dict) + usize::from(weakrefs))
    }

    /// What `getsizeof` adds for an instance.
    pub fn header(self, rules: &Profile) -> usize {
        let weakrefs_ahead = self.weakrefs && !self.variable && rules.sizes.instance == InstanceLayout::BothAhead;
        COLLECTED + if self.dict_ahead(rules) || weakrefs_ahead { AHEAD } else { 0 }
    }
}

/// What `getsizeof` adds to `__sizeof__` for an object of a built-in class.
pub fn header(collected: bool) -> usize {
    if collected { COLLECTED } else { 0 }
}

/// The size of an object of a built-in class without variable part, by the name of the class: also what a subclass
/// starts from. 16 for a class that adds nothing to `object`.
pub fn basic(class: &str, rules: &Profile) -> usize {
    let sizes = &rules.sizes;
    match class {
        "float" => 24,
        "complex" => 32,
        "int" | "bool" => 24,
        "bytes" => 33,
        "str" => sizes.str_split,
        "tuple" => sizes.tuple,
        "list" => 40,
        "dict" => 48,
        "set" | "frozenset" => 200,
        "bytearray" => sizes.bytearray,
        "range" => 48,
        "slice" => 40,
        "memoryview" => 168,
        "function" => sizes.function,
        "builtin_function_or_method" | "method_descriptor" | "wrapper_descriptor" | "classmethod_descriptor" => 56,
        "method" | "getset_descriptor" | "member_descriptor" | "set_iterator" => 48,
        "method-wrapper" | "classmethod" | "staticmethod" | "filter" | "callable_iterator" => 32,
        "property" => sizes.property,
        "super" | "traceback" | "itertools.count" | "sentinel" => 40,
        "cell" | "mappingproxy" | "types.SimpleNamespace" | "SimpleNamespace" => 24,
        "dict_keys" | "dict_values" | "dict_items" => 24,
        "list_iterator"
        | "list_reverseiterator"
        | "tuple_iterator"
        | "str_iterator"
        | "str_ascii_iterator"
        | "bytes_iterator"
        | "bytearray_iterator"
        | "reversed"
        | "itertools.chain"
        | "itertools.compress"
        | "itertools.filterfalse"
        | "itertools.repeat"
        | "itertools.starmap" => 32,
        "itertools.dropwhile" | "itertools.takewhile" => 40,
        "itertools.islice" | "itertools.zip_longest" => 56,
        "itertools.accumulate" => 48 + sizes.itertools_state,
        "itertools.groupby" => 64 + sizes.itertools_state,
        "dict_keyiterator" | "dict_valueiterator" | "dict_itemiterator" | "dict_reversekeyiterator" => 56,
        "range_iterator" | "longrange_iterator" => sizes.range_iterator,
        "generator" => sizes.generator,
        "coroutine" => sizes.coroutine,
        "async_generator" => sizes.async_generator,
        "frame" => sizes.frame,
        "module" => sizes.module,
        "enumerate" => sizes.enumerate,
        "zip" => sizes.zip,
        "map" => sizes.map,
        "weakref" | "weakref.ReferenceType" | "ReferenceType" | "ProxyType" | "CallableProxyType" => sizes.weakref,
        "types.GenericAlias" | "GenericAlias" => sizes.generic_alias,
        "types.UnionType" | "UnionType" | "Union" => sizes.union,
        "type" => sizes.heap_type,
        "functools.partial" | "partial" => sizes.partial,
        "_lru_cache_wrapper" | "functools._lru_cache_wrapper" => sizes.lru_cache,
        "itertools.cycle" => sizes.cycle,
        "collections.deque" | "deque" => sizes.deque,
        "array.array" | "array" => sizes.array,
        other => exception(other, rules).unwrap_or(16),
    }
}

/// The size of an exception of a built-in class.
fn exception(class: &str, rules: &Profile) -> Option<usize> {
    let sizes = &rules.sizes;
    Some(match class {
        "OSError"
        | "BlockingIOError"
        | "ChildProcessError"
        | "ConnectionError"
        | "BrokenPipeError"
        | "ConnectionAbortedError"
        | "ConnectionRefusedError"
        | "ConnectionResetError"
        | "FileExistsError"
        | "FileNotFoundError"
        | "InterruptedError"
        | "IsADirectoryError"
        | "NotADirectoryError"
        | "PermissionError"
        | "ProcessLookupError"
        | "TimeoutError"
        | "UnicodeDecodeError"
        | "UnicodeEncodeError"
        | "UnicodeTranslateError" => sizes.exception + 40,
        "SyntaxError" | "IndentationError" | "TabError" => sizes.syntax_error,
        "StopIteration" | "SystemExit" => sizes.exception + 8,
        "ImportError" | "ModuleNotFoundError" => sizes.import_error,
        "AttributeError" => sizes.attribute_error,
        "NameError" | "UnboundLocalError" => sizes.name_error,
        "BaseExceptionGroup" | "ExceptionGroup" => sizes.exception_group,
        "BaseException" | "GeneratorExit" | "KeyboardInterrupt" => sizes.exception,
        other if other.ends_with("Error") || other.ends_with("Exception") || other.ends_with("Warning") => {
            sizes.exception
        }
        "StopAsyncIteration" | "Warning" => sizes.exception,
        _ => return None,
    })
}

#[cfg(test)]
#[path = "size_tests.rs"]
mod tests;
