//! The tables: one entry a rule, grouped by subject. `py(13, 0) => value` means "from 3.13.0 on".
//!
//! A fault is another value of the same type: the wrong way of doing it has to be coded too, which is the price of
//! a measurable suite.

use super::containers::{DictTableSize, ListDelItem, ListGrowth, SplitRoom};
use super::formats::{FormatSpec, PrintfTexts};
use super::numbers::{ConcatInPlace, IntUncached, NanHash, NotImplementedTruth, StrHash, ZeroDivision};

use super::lifetime::*;
use super::rules;
use super::sizes::Sizes;
use super::texts::*;
use super::version::py;
use std::ops::RangeInclusive;

/// How argument references reach a Python function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgPassing {
    /// The caller's stack keeps its own references during the call.
    Copied,
    /// The caller's references become the callee's locals.
    Moved,
}

/// The order in which the blocks of a `try` statement are compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TryOrder {
    /// `finally`, body, handlers, `else`.
    FinallyFirst,
    /// Body, handlers, `else`, `finally`.
    HandlersFirst,
    /// Body, `else`, handlers, `finally`.
    ElseFirst,
}

/// The wording of CPython's parser, by what it added to its own messages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SyntaxTexts {
    /// Little more than "invalid syntax" (the old parser).
    Classic,
    /// The new parser, little more said.
    Peg,
    /// "expected ':'", "'(' was never closed", "Perhaps you forgot a comma?".
    Detailed,
    /// Parameter lists too.
    Parameters,
    /// F-strings are part of the grammar.
    FStrings,
    /// Type parameter lists too.
    TypeParameters,
}

/// How source text with a null character is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum NullBytes {
    ValueError,
    SyntaxError,
}

/// What `locals()` shows inside a comprehension that runs in the frame of a module or class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ComprehensionLocals {
    /// A copy of the namespace with the comprehension's own names.
    Added,
    /// The comprehension's own names.
    Alone,
}

/// Where CPython puts the errors of its symbol table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeErrorPlace {
    /// At the block for parameters, star imports and yields; one column to the left for `:=`.
    Block,
    /// At the node.
    Node,
}

/// What `from __future__ import annotations` does to an annotation's names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FutureAnnotations {
    /// They are names of the scope around.
    SameScope,
    /// The annotation is a scope; `:=`, `yield` and `await` in it are refused, the word in quotes.
    OwnScopeQuoted,
    /// The annotation is a scope; `:=`, `yield` and `await` in it are refused.
    OwnScope,
}

/// How big the result of a constant expression may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FoldLimits {
    /// Characters or bytes of a repetition.
    pub characters: usize,
    /// Items of a repeated tuple.
    pub tuple_items: usize,
    /// Items of a repeated tuple, those of its items included.
    pub nested_items: usize,
    /// Bits of a product, power or shift of ints.
    pub bits: u64,
}

/// Whether a load of a local makes a reference of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LocalLoads {
    /// Always.
    Owned,
    /// Not if the local surely outlives the value.
    Borrowed,
    /// As `Borrowed`, but what is iterated over stays on the stack and is owned.
    BorrowedUnlessIterated,
}

/// Constants that have no place in `co_consts`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InlineConstants {
    /// None of them.
    None,
    /// The ints from 0 to 255.
    SmallInts,
    /// Those, -1, None, True, False and the empty str.
    Common,
}

/// How tuples of constants are folded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TupleFolding {
    /// Every tuple is one more item of `co_consts`, and the empty one is built.
    Peephole,
    /// Equal ones are one item of `co_consts`.
    FlowGraph,
}

/// Constants of code that never runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeadConstants {
    /// All of them stay.
    All,
    /// Those after a `return` stay, those under `if 0` do not.
    AfterReturn,
    /// Those stay that come before a constant which is used.
    BeforeLive,
    /// None stays.
    None,
}

rules! {
    // ---- caching -------------------------------------------------------------------------------------------

    /// An int in this range is one shared object however it is produced.
    small_ints "caching.int.small": RangeInclusive<i64> {
        py(8, 0) => -5..=256, py(15, 0) => -5..=1024;
        faults { "none": RangeInclusive::new(1, 0), "upper-border-missing": -5..=255, "lower-border-missing": -4..=256 }
    }

    // ---- tables and lists ----------------------------------------------------------------------------------

    /// A rebuilt dict has the number of slots that this computation gives for three times its items.
    dict_table_size "memory.dict.table-size": DictTableSize {
        py(8, 0) => DictTableSize::SmallestPower, py(10, 0) => DictTableSize::CarelessBits,
        py(13, 1) => DictTableSize::SmallestPower;
        faults { "smallest-power": DictTableSize::SmallestPower, "careless-bits": DictTableSize::CarelessBits }
    }

    /// Updating an empty dict from a dict without gaps copies its whole table.
    dict_update_clones "memory.dict.update-clones": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "inserts": false, "clones": true }
    }

    /// Calling `dict()` makes a table at once.
    dict_call_allocates "memory.dict.call-allocates": bool {
        py(8, 0) => true, py(10, 0) => false;
        faults { "never": false, "always": true }
    }

    /// A dict whose keys are all strings has smaller entries, which are given up for good at the first other key.
    dict_text_keys "memory.dict.text-keys": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// An item added to a set takes the last place of a removed one that was met on its way.
    set_reuses_dummies "memory.set.reuses-removed": bool {
        py(8, 0) => true, py(9, 0) => false, py(10, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A list that must grow takes this much room, so that appending is cheap.
    list_growth "memory.list.growth": ListGrowth {
        py(8, 0) => ListGrowth::Eighth, py(9, 0) => ListGrowth::EighthInFours;
        faults { "eighth": ListGrowth::Eighth, "exact": ListGrowth::Exact, "double": ListGrowth::Double }
    }

    /// An empty list without a block that is extended takes exactly the room it needs, rounded up to an even number.
    list_even_start "memory.list.even-start": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Calling `list(x)` with an `x` that has a length takes exactly that room.
    list_call_exact "memory.list.call-exact": bool {
        py(8, 0) => true, py(10, 0) => false;
        faults { "never": false, "always": true }
    }

    /// A list made from a dict, a set or a dict view grows as by appending all at once.
    list_table_grows "memory.list.from-table-grows": bool {
        py(8, 0) => false, py(13, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A list's block of at most this many items is never made smaller.
    list_small_kept "memory.list.small-kept": usize {
        py(8, 0) => 0, py(14, 0) => 32;
        faults { "none": 0, "all": usize::MAX }
    }

    /// Popping the last item of a list frees its block.
    list_last_pop_frees "memory.list.last-pop-frees": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Deleting one item of a list by its index does this to its block.
    list_del_item "memory.list.del-item": ListDelItem {
        py(8, 0) => ListDelItem::AsSlice, py(13, 0) => ListDelItem::KeepsBlock, py(14, 0) => ListDelItem::Resizes;
        faults { "as-slice": ListDelItem::AsSlice, "keeps-block": ListDelItem::KeepsBlock, "resizes": ListDelItem::Resizes }
    }

    /// Splitting a text makes this much room for the pieces before it looks for them.
    split_room "memory.list.split-room": SplitRoom {
        py(8, 0) => SplitRoom::Twelve, py(12, 0) => SplitRoom::ByLength;
        faults { "twelve": SplitRoom::Twelve, "by-length": SplitRoom::ByLength }
    }

    /// Replacing the empty string in the empty string a bounded number of times puts the new one in.
    replace_fills_empty "identity.str.replace-fills-empty": bool {
        py(8, 0) => false, py(9, 0) => true;
        faults { "never": false, "always": true }
    }

    // ---- numbers and hashes --------------------------------------------------------------------------------

    /// Division by zero raises with these texts.
    zero_division "error.zero-division": ZeroDivision {
        py(8, 0) => ZeroDivision::OLD, py(9, 0) => ZeroDivision::FLOOR, py(11, 0) => ZeroDivision::MODULO,
        py(13, 0) => ZeroDivision::FLOAT_MODULO, py(14, 0) => ZeroDivision::UNIFORM;
        faults { "old": ZeroDivision::OLD, "uniform": ZeroDivision::UNIFORM }
    }

    /// The text about too many digits names its limit with this unit.
    digit_limit_unit "error.digit-limit-unit": &'static str {
        py(8, 0) => "", py(11, 0) => " digits";
        faults { "none": "", "digits": " digits" }
    }

    /// A negative length given to `int.to_bytes` raises with this text.
    to_bytes_negative_length "error.to-bytes-negative-length": &'static str {
        py(8, 0) => "length argument must be non-negative", py(15, 0) => "length cannot be negative";
        faults { "old": "length argument must be non-negative", "new": "length cannot be negative" }
    }

    /// Minus one, signed, is written into no bytes at all.
    to_bytes_empty_minus_one "value.int.to-bytes-empty-minus-one": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "always": true, "never": false }
    }

    /// Arithmetic of a real and a complex number leaves the other part alone, and products recover infinities, as C has it.
    complex_mixed "value.complex.mixed-arithmetic": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The hash of a string or of bytes is this keyed hash of its buffer, and 0 for an empty one.
    hash_str "value.hash.str": StrHash {
        py(8, 0) => StrHash::SipHash24, py(11, 0) => StrHash::SipHash13;
        faults { "siphash24": StrHash::SipHash24, "siphash13": StrHash::SipHash13 }
    }

    /// The hash of a NaN is this.
    hash_nan "value.hash.nan": NanHash {
        py(8, 0) => NanHash::Zero, py(10, 0) => NanHash::Address;
        faults { "zero": NanHash::Zero, "address": NanHash::Address }
    }

    /// The hash of None is this number, or that of its address.
    hash_none "value.hash.none": Option<i64> {
        py(8, 0) => None, py(12, 0) => Some(0xFCA8_6420);
        faults { "address": None, "zero": Some(0) }
    }

    // ---- formatting ----------------------------------------------------------------------------------------

    /// A format spec is read by this grammar.
    format_spec "value.format-spec": FormatSpec {
        py(8, 0) => FormatSpec::OLD, py(9, 0) => FormatSpec::NAMED_SPACE, py(10, 0) => FormatSpec::ZERO_FILLS,
        py(11, 0) => FormatSpec::NAMED_INVALID, py(14, 0) => FormatSpec::GROUPED_FRACTION;
        faults { "oldest": FormatSpec::OLD, "newest": FormatSpec::GROUPED_FRACTION }
    }

    /// `%`-formatting raises with these texts.
    printf_texts "error.printf": PrintfTexts {
        py(8, 0) => PrintfTexts::Number, py(10, 0) => PrintfTexts::RealNumber, py(14, 0) => PrintfTexts::NamedCharacter,
        py(15, 0) => PrintfTexts::Positions;
        faults { "oldest": PrintfTexts::Number, "newest": PrintfTexts::Positions }
    }

    // ---- sizes ---------------------------------------------------------------------------------------------

    /// `sys.getsizeof` counts these sizes, and 16 bytes more for what the collector tracks.
    sizes "memory.sizes": Sizes {
        py(8, 0) => Sizes::V8, py(9, 0) => Sizes::V9, py(10, 0) => Sizes::V10, py(11, 0) => Sizes::V11,
        py(12, 0) => Sizes::V12, py(13, 0) => Sizes::V13, py(14, 0) => Sizes::V14, py(15, 0) => Sizes::V15;
        faults { "of-3.8": Sizes::V8, "of-3.11": Sizes::V11, "of-3.15": Sizes::V15 }
    }

    // ---- counts --------------------------------------------------------------------------------------------

    /// The references of a call's arguments move from the caller's stack into the callee's locals.
    arg_passing "memory.refcount.arg-passing": ArgPassing {
        py(8, 0) => ArgPassing::Copied, py(11, 0) => ArgPassing::Moved;
        faults { "copied": ArgPassing::Copied, "moved": ArgPassing::Moved }
    }

    // ---- syntax --------------------------------------------------------------------------------------------

    /// The grammar that source text follows, named by the minor version that brought it.
    grammar "syntax.grammar": u8 {
        py(8, 0) => 8, py(9, 0) => 9, py(10, 0) => 10, py(11, 0) => 11, py(12, 0) => 12, py(13, 0) => 13, py(14, 0) => 14, py(15, 0) => 15;
        faults { "oldest": 8, "newest": 15 }
    }

    /// A decimal integer literal has at most this many digits.
    int_literal_digits "syntax.int-literal-digits": Option<usize> {
        py(8, 0) => None, py(8, 14) => Some(4300), py(9, 0) => None, py(9, 14) => Some(4300),
        py(10, 0) => None, py(10, 7) => Some(4300);
        faults { "unlimited": None }
    }

    /// Source text that holds a null character is refused with an exception of this class.
    null_bytes "syntax.null-bytes": NullBytes {
        py(8, 0) => NullBytes::ValueError, py(11, 4) => NullBytes::SyntaxError;
        faults { "value-error": NullBytes::ValueError, "syntax-error": NullBytes::SyntaxError }
    }

    /// Syntax errors are worded as this parser words them.
    syntax_texts "syntax.error.texts": SyntaxTexts {
        py(8, 0) => SyntaxTexts::Classic, py(9, 0) => SyntaxTexts::Peg, py(10, 0) => SyntaxTexts::Detailed,
        py(11, 0) => SyntaxTexts::Parameters, py(12, 0) => SyntaxTexts::FStrings, py(13, 0) => SyntaxTexts::TypeParameters;
        faults { "classic": SyntaxTexts::Classic, "detailed": SyntaxTexts::Detailed }
    }

    /// There is a `match` statement.
    match_statement "syntax.match": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "missing": false }
    }

    /// `:=` may stand in an index without parentheses.
    named_expression_in_index "syntax.named-expression.in-index": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "never": false }
    }

    /// The target of `:=` must not stand in parentheses.
    bare_named_target "syntax.named-expression.bare-target": bool {
        py(8, 0) => false, py(9, 0) => true;
        faults { "parentheses": false }
    }

    // ---- scopes --------------------------------------------------------------------------------------------

    /// A list, set or dict comprehension runs in the frame of the code around it.
    comprehensions_inlined "scoping.comprehension.inlined": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Annotations are not evaluated when a function, class or module is defined.
    annotations_lazy "scoping.annotation.lazy": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Under the future import an annotation is a scope of its own, in which nothing can be bound.
    future_annotations "scoping.annotation.future": FutureAnnotations {
        py(8, 0) => FutureAnnotations::SameScope, py(10, 0) => FutureAnnotations::OwnScopeQuoted,
        py(12, 0) => FutureAnnotations::OwnScope;
        faults { "same-scope": FutureAnnotations::SameScope }
    }

    /// Errors about scopes point at the node that is wrong.
    scope_error_place "scoping.error.place": ScopeErrorPlace {
        py(8, 0) => ScopeErrorPlace::Block, py(10, 0) => ScopeErrorPlace::Node;
        faults { "block": ScopeErrorPlace::Block }
    }

    /// An unknown future feature is reported at its own name.
    future_error_at_name "scoping.error.future-place": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "statement": false, "name": true }
    }

    /// What a name in a function's parameter list is called when it occurs twice.
    duplicate_parameter_word "scoping.error.duplicate-parameter": &'static str {
        py(8, 0) => "argument", py(15, 0) => "parameter";
        faults { "argument": "argument", "parameter": "parameter" }
    }

    /// The blocks of a `try` are compiled in this order, which is the order of `co_varnames`.
    try_order "scoping.varnames.try-order": TryOrder {
        py(8, 0) => TryOrder::FinallyFirst, py(9, 0) => TryOrder::HandlersFirst, py(11, 0) => TryOrder::ElseFirst;
        faults { "handlers-first": TryOrder::HandlersFirst, "else-first": TryOrder::ElseFirst }
    }

    /// A declaration in the `else` of a `try` counts as standing before its handlers.
    else_declared_first "scoping.declaration.else-first": bool {
        py(8, 0) => true, py(13, 0) => false;
        faults { "never": false, "always": true }
    }

    /// An asynchronous comprehension may stand in a plain comprehension of an asynchronous function.
    async_comprehensions_nest "syntax.async-comprehension-nested": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Loops, `try` and `with` can be nested this deep.
    nested_blocks "syntax.nested-blocks": usize {
        py(8, 0) => 20, py(13, 0) => 21;
        faults { "20": 20, "21": 21 }
    }

    /// The error about a repeated keyword argument names it.
    repeated_keyword_named "syntax.error.repeated-keyword": bool {
        py(8, 0) => false, py(9, 0) => true;
        faults { "unnamed": false, "named": true }
    }

    /// How CPython calls more than one starred target of an assignment.
    starred_targets_word "syntax.error.starred-targets": &'static str {
        py(8, 0) => "two", py(9, 0) => "multiple";
        faults { "two": "two", "multiple": "multiple" }
    }

    /// `del __debug__` is a SyntaxError.
    debug_not_deletable "syntax.debug-not-deletable": bool {
        py(8, 0) => false, py(10, 0) => true;
        faults { "never": false, "always": true }
    }

    /// In `co_cellvars` the cells that have a place among the variables come first, in their order there.
    cells_in_frame_order "scoping.cells.frame-order": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "sorted": false, "frame-order": true }
    }

    // ---- code ----------------------------------------------------------------------------------------------

    /// A constant expression is folded only if its result stays within these limits.
    fold_limits "caching.constants.fold-limits": FoldLimits {
        py(8, 0) => FoldLimits { characters: 4096, tuple_items: 256, nested_items: 1024, bits: 128 };
        faults {
            "none": FoldLimits { characters: 0, tuple_items: 0, nested_items: 0, bits: 0 },
            "short-text": FoldLimits { characters: 20, tuple_items: 256, nested_items: 1024, bits: 128 },
            "64-bit": FoldLimits { characters: 4096, tuple_items: 256, nested_items: 1024, bits: 64 }
        }
    }

    /// A slice of a constant by constants is folded, and a slice of constants is itself a constant.
    fold_slices "caching.constants.fold-slices": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// `~True` is folded.
    fold_invert_bool "caching.constants.fold-invert-bool": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// `not` before a constant tuple is folded.
    fold_not_tuple "caching.constants.fold-not-tuple": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// An f-string without anything in it is a constant.
    fold_empty_fstring "caching.constants.fold-empty-fstring": bool {
        py(8, 0) => false, py(13, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The text that `f'{x = }'` shows ends its line at a `#`, even one inside a string.
    debug_text_cut_at_hash "memory.fstring.debug-text-cut": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// `'%s' % (x,)` with simple conversions is compiled as an f-string.
    percent_format_joined "memory.refcount.percent-format": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A list or set display of so many constants is filled from one constant.
    constant_displays "caching.constants.displays": Option<RangeInclusive<usize>> {
        py(8, 0) => None, py(9, 0) => Some(3..=usize::MAX), py(14, 0) => Some(3..=30);
        faults { "never": None, "any-length": Some(0..=usize::MAX) }
    }

    /// Several constant keys of a dict display are one constant tuple.
    constant_key_maps "caching.constants.key-maps": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// More values than this are not collected on the stack: a longer display grows item by item.
    stack_guideline "memory.display.stack-guideline": Option<usize> {
        py(8, 0) => None, py(10, 0) => Some(30);
        faults { "none": None, "one": Some(1) }
    }

    /// Which constants of code that never runs stay in `co_consts`.
    dead_constants "caching.constants.dead": DeadConstants {
        py(8, 0) => DeadConstants::AfterReturn, py(10, 0) => DeadConstants::BeforeLive, py(12, 0) => DeadConstants::None;
        faults { "all": DeadConstants::All, "none": DeadConstants::None }
    }

    /// How a tuple of constants, such as defaults, becomes a constant.
    tuple_folding "caching.constants.tuple-folding": TupleFolding {
        py(8, 0) => TupleFolding::Peephole, py(10, 0) => TupleFolding::FlowGraph;
        faults { "peephole": TupleFolding::Peephole, "flow-graph": TupleFolding::FlowGraph }
    }

    /// A folded expression becomes a constant after those that are written down, of which it is made.
    folded_constants_last "caching.constants.folded-last": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A load of a local borrows its reference if the value is used up in the same basic block before the local changes.
    local_loads "memory.refcount.local-loads": LocalLoads {
        py(8, 0) => LocalLoads::Owned, py(14, 0) => LocalLoads::Borrowed, py(15, 0) => LocalLoads::BorrowedUnlessIterated;
        faults { "owned": LocalLoads::Owned, "borrowed": LocalLoads::Borrowed }
    }

    /// Values that are swapped and then stored into locals are stored in the other order instead.
    stores_swapped "lifetime.assignment.stores-swapped": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Every function and module mentions the None that it would return at its end, reached or not.
    implicit_return_kept "caching.constants.implicit-return": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// Which constants are loaded without a place in `co_consts`, unless they come first there.
    inline_constants "caching.constants.inline": InlineConstants {
        py(8, 0) => InlineConstants::None, py(14, 0) => InlineConstants::SmallInts,
        py(15, 0) => InlineConstants::Common;
        faults { "none": InlineConstants::None, "common": InlineConstants::Common }
    }

    /// Every class with a function in it makes the cell through which annotations see the class.
    class_namespace_cell "scoping.class.namespace-cell": bool {
        py(8, 0) => false, py(14, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A jump tests for None without loading it.
    none_tests_jump "caching.constants.none-tests": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The first line of a module's code is that of its first statement, and else 1.
    module_line_of_statement "scoping.code.module-line": bool {
        py(8, 0) => true, py(10, 0) => false;
        faults { "never": false, "always": true }
    }

    /// The qualified name of a function is a constant of the code that makes it.
    qualname_constants "caching.constants.qualname": bool {
        py(8, 0) => true, py(11, 0) => false;
        faults { "never": false, "always": true }
    }

    /// `assert` finds AssertionError by its name.
    assertion_error_by_name "scoping.assert.by-name": bool {
        py(8, 0) => true, py(9, 0) => false;
        faults { "never": false, "always": true }
    }

    /// The first constant of a function is None if it has no docstring.
    docstring_slot "caching.constants.docstring-slot": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    /// Two code objects are one constant only if their positions in the source are equal too.
    code_equality_positions "identity.code.positions": bool {
        py(8, 0) => false, py(11, 0) => true, py(12, 0) => false, py(13, 0) => true;
        faults { "ignored": false, "compared": true }
    }

    /// A docstring keeps its indentation.
    docstring_indentation "memory.docstring.indentation": bool {
        py(8, 0) => true, py(13, 0) => false;
        faults { "kept": true, "removed": false }
    }

    /// A method call with keyword arguments makes no bound method.
    method_call_keywords "memory.refcount.method-keywords": bool {
        py(8, 0) => false, py(11, 0) => true;
        faults { "never": false, "always": true }
    }

    /// An attribute of `super()` is read without making a super object.
    super_attributes "memory.refcount.super-attributes": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// In a comprehension `for y in [x]` binds y without a list.
    comprehension_assignment "memory.comprehension.assignment": bool {
        py(8, 0) => false, py(9, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A class has `__firstlineno__`.
    class_first_line "scoping.class.first-line": bool {
        py(8, 0) => false, py(13, 0) => true;
        faults { "never": false, "always": true }
    }

    /// A class has `__static_attributes__`.
    static_attributes "scoping.class.static-attributes": bool {
        py(8, 0) => false, py(13, 0) => true;
        faults { "never": false, "always": true }
    }

    /// `co_flags` says that a code has neither cells nor free variables.
    code_flag_no_free "scoping.code.flag-no-free": bool {
        py(8, 0) => true, py(11, 0) => false;
        faults { "never": false, "always": true }
    }

    /// The flag in `co_flags` for `from __future__ import annotations`.
    code_flag_future_annotations "scoping.code.flag-annotations": u32 {
        py(8, 0) => 0x10_0000, py(8, 3) => 0x100_0000;
        faults { "old": 0x10_0000 }
    }

    /// The flag in `co_flags` for a docstring.
    code_flag_docstring "scoping.code.flag-docstring": u32 {
        py(8, 0) => 0, py(14, 0) => 0x400_0000;
        faults { "none": 0, "always": 0x400_0000 }
    }

    /// The flag in `co_flags` for a function written in a class.
    code_flag_method "scoping.code.flag-method": u32 {
        py(8, 0) => 0, py(14, 0) => 0x800_0000;
        faults { "none": 0, "always": 0x800_0000 }
    }

    /// The warning about `is` with a literal names the literal's type.
    identity_warning_names_type "identity.is.warning-names-type": bool {
        py(8, 0) => false, py(12, 0) => true;
        faults { "never": false, "always": true }
    }

    /// The warning about `is` with a literal sees folded constants such as `-1`.
    identity_warning_folds "identity.is.warning-folds": bool {
        py(8, 0) => true, py(14, 0) => false;
        faults { "never": false, "always": true }
    }

    // ---- the machine ---------------------------------------------------------------------------------------

    /// Strings that look like identifiers are interned when they are constants.
    intern_identifier_constants "caching.str.identifier-constants": bool {
        py(8, 0) => true; faults { "not-interned": false } }
    /// Interned strings never die.
    interned_immortal "memory.immortal.interned": bool {
        py(8, 0) => false, py(12, 0) => true, py(12, 7) => false; faults { "always": true, "never": false } }
    /// Some objects are never counted and show one huge count.
    immortals "memory.immortal.singletons": Immortals {
        py(8, 0) => Immortals::Nothing, py(12, 0) => Immortals::Singletons;
        faults { "none": Immortals::Nothing, "always": Immortals::Singletons } }
    /// The number that `sys.getrefcount` shows for an immortal object.
    immortal_count "memory.immortal.count": u32 {
        py(8, 0) => 4294967295, py(14, 0) => 3221225472; faults { "billion": 999_999_999 } }
    /// The empty frozenset is one object.
    empty_frozenset_shared "caching.frozenset.empty": bool {
        py(8, 0) => true, py(10, 0) => false; faults { "never": false, "always": true } }
    /// Running a program directly from its text keeps its constants alive until it ends.
    arena "memory.refcount.arena": Arena {
        py(8, 0) => Arena::WithTuples, py(14, 0) => Arena::WithoutTuples; faults { "nothing": Arena::Nothing } }
    /// A dying list or tuple lets its items go from the last to the first.
    item_release "lifetime.release.items": ItemOrder {
        py(8, 0) => ItemOrder::LastToFirst; faults { "forward": ItemOrder::FirstToLast } }
    /// A returning function lets its locals go in the order of the frame until 3.13, in reverse from 3.14.
    locals_release "lifetime.release.locals": LocalsRelease {
        py(8, 0) => LocalsRelease::InOrder, py(14, 0) => LocalsRelease::Reversed;
        faults { "in-order": LocalsRelease::InOrder, "reversed": LocalsRelease::Reversed } }
    /// A finaliser runs once at most, even if the object comes back to life.
    finalize_once "lifetime.del.once": bool { py(8, 0) => true; faults { "again": false } }
    /// The collector looks at a dict once something is in it that may be part of a cycle, from 3.14 on always.
    dict_tracking "lifetime.gc.dict-tracking": DictTracking {
        py(8, 0) => DictTracking::WhenNeeded, py(14, 0) => DictTracking::FromBirth;
        faults { "when-needed": DictTracking::WhenNeeded, "from-birth": DictTracking::FromBirth } }
    /// `dataclass()` takes `slots`, `kw_only` and `match_args`.
    dataclass_slots "memory.dataclass.slots": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Every unhashable default of a dataclass field is refused, until 3.10 only lists, dicts and sets.
    dataclass_unhashable_defaults "memory.dataclass.mutable-default": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// A constant that is loaded counts as a reference, from 3.15 on not.
    const_load "memory.refcount.const-load": ConstLoad {
        py(8, 0) => ConstLoad::Owned, py(15, 0) => ConstLoad::Borrowed;
        faults { "owned": ConstLoad::Owned, "borrowed": ConstLoad::Borrowed } }
    /// Each class has descriptors of its own for `__dict__` and `__weakref__`.
    class_own_descriptors "memory.refcount.class-descriptors": bool {
        py(8, 0) => true, py(15, 0) => false; faults { "always": true, "never": false } }
    /// The collector looks at every new tuple, from 3.14 on only at those whose items may be part of a cycle.
    tuple_tracking "lifetime.gc.tuple-tracking": TupleTracking {
        py(8, 0) => TupleTracking::FromBirth, py(14, 0) => TupleTracking::ByItems;
        faults { "from-birth": TupleTracking::FromBirth, "by-items": TupleTracking::ByItems } }
    /// An instance and its attributes are two objects to the collector.
    instance_dict_object "lifetime.gc.instance-dict": bool {
        py(8, 0) => true, py(11, 0) => false; faults { "always": true, "never": false } }
    /// The arguments of a call with a star are kept until the call is over.
    call_ex_keeps_tuple "memory.refcount.star-call": bool {
        py(8, 0) => true, py(12, 0) => false; faults { "always": true, "never": false } }
    /// A tuple made of an iterator that gives nothing, and did not say so, is the shared empty tuple.
    tuple_of_nothing_shared "caching.tuple.empty-of-iterator": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// These letters, as constants, are other objects than the shared characters.
    static_letters "caching.str.static-letters": &'static str {
        py(8, 0) => "", py(11, 0) => "BCLST_abcdefhijklmnopqrstvwxy", py(12, 0) => "_abcdenprsx", py(12, 7) => "";
        faults { "none": "", "all": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_" } }
    /// Which cycle collector runs, and when.
    collector "lifetime.gc.collector": CollectorRule {
        py(8, 0) => CollectorRule::Generational { thresholds: [700, 10, 10] },
        py(13, 0) => CollectorRule::Generational { thresholds: [2000, 10, 10] },
        py(14, 0) => CollectorRule::Incremental { young: 2000 },
        py(14, 5) => CollectorRule::Generational { thresholds: [2000, 10, 10] };
        faults { "other-thresholds": CollectorRule::Generational { thresholds: [0, 0, 0] } } }
    /// Membership and container equality try identity before `==`.
    containers_try_identity "identity.containers.identity-first": bool {
        py(8, 0) => true; faults { "equality-only": false } }
    /// An augmented assignment changes a mutable operand in place.
    augmented_in_place "mutability.augmented.in-place": bool { py(8, 0) => true; faults { "rebinds": false } }
    /// A class that defines `__eq__` without `__hash__` is unhashable.
    eq_removes_hash "mutability.hash.eq-removes": bool { py(8, 0) => true; faults { "kept": false } }
    /// `generator.close()` gives back what the generator returned.
    close_returns_value "lifetime.generator.close-returns": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// A `classmethod` around another descriptor binds it.
    classmethod_chains "identity.classmethod.chains": bool {
        py(8, 0) => false, py(9, 0) => true, py(13, 0) => false; faults { "always": true, "never": false } }
    /// A `staticmethod` object can be called.
    staticmethod_callable "identity.staticmethod.callable": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Built-in classes can be subscripted.
    builtin_generics "identity.generic.builtin": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }
    /// Classes can be joined by `|`.
    type_unions "identity.generic.union": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// A class without annotations has an empty `__annotations__` of its own.
    class_annotations_on_demand "scoping.annotation.class-own": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Exception groups exist.
    exception_groups "syntax.exception-groups": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// EncodingWarning exists.
    encoding_warning "syntax.encoding-warning": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// AttributeError carries the name and the object.
    attribute_error_parts "scoping.error.attribute-parts": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// NameError carries the name.
    name_error_name "scoping.error.name-part": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }

    // ---- texts of the machine -------------------------------------------------------------------------------

    /// The text of UnboundLocalError.
    unbound_local "scoping.error.unbound-local": UnboundLocalText {
        py(8, 0) => UnboundLocalText::Referenced, py(11, 0) => UnboundLocalText::Associated;
        faults { "referenced": UnboundLocalText::Referenced, "associated": UnboundLocalText::Associated } }
    /// The text of NameError for an unbound variable of an enclosing function.
    unbound_free "scoping.error.unbound-free": UnboundFreeText {
        py(8, 0) => UnboundFreeText::Referenced, py(11, 0) => UnboundFreeText::Associated;
        faults { "referenced": UnboundFreeText::Referenced, "associated": UnboundFreeText::Associated } }
    /// The text for a property that cannot be read, set or deleted.
    property_error "mutability.error.property": PropertyErrorText {
        py(8, 0) => PropertyErrorText::Short, py(10, 0) => PropertyErrorText::Named, py(11, 0) => PropertyErrorText::Full;
        faults { "short": PropertyErrorText::Short, "full": PropertyErrorText::Full } }
    /// The text for an instance of an abstract class.
    abstract_error "identity.error.abstract": AbstractErrorText {
        py(8, 0) => AbstractErrorText::With, py(9, 0) => AbstractErrorText::WithNumber,
        py(12, 0) => AbstractErrorText::Without;
        faults { "with": AbstractErrorText::With, "without": AbstractErrorText::Without } }
    /// The text for a keyword that a built-in function does not take.
    native_keyword_error "scoping.error.native-keyword": NativeKeywordText {
        py(8, 0) => NativeKeywordText::Invalid, py(13, 0) => NativeKeywordText::Unexpected;
        faults { "invalid": NativeKeywordText::Invalid, "unexpected": NativeKeywordText::Unexpected } }
    /// The text for awaiting something else.
    not_awaitable "lifetime.error.await": AwaitErrorText {
        py(8, 0) => AwaitErrorText::Object, py(14, 0) => AwaitErrorText::Quoted;
        faults { "object": AwaitErrorText::Object, "quoted": AwaitErrorText::Quoted } }
    /// The text for a second `__weakref__` slot.
    weakref_slot_error "mutability.error.weakref-slot": WeakrefSlotText {
        py(8, 0) => WeakrefSlotText::Either, py(12, 0) => WeakrefSlotText::GotOne;
        faults { "either": WeakrefSlotText::Either, "got-one": WeakrefSlotText::GotOne } }
    /// The text for `super` with an object of another class.
    super_error "scoping.error.super": SuperErrorText {
        py(8, 0) => SuperErrorText::Plain, py(13, 0) => SuperErrorText::Named;
        faults { "plain": SuperErrorText::Plain, "named": SuperErrorText::Named } }
    /// Messages about calls name the function by its qualified name.
    messages_use_qualname "scoping.error.qualname": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Built-in classes are called immutable when one of their attributes is set.
    immutable_type_text "mutability.error.immutable-type": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Setting an unknown attribute of an object without a dict says so.
    no_dict_for_setting "mutability.error.no-dict": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// Reading an empty slot names the class.
    slot_error_names_class "mutability.error.empty-slot": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// `with` on something else is a TypeError.
    with_error_is_type_error "scoping.error.with": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// A class body that loses its `__classcell__` is a RuntimeError.
    classcell_missing_is_runtime_error "scoping.error.classcell": bool {
        py(8, 0) => true; faults { "type-error": false } }
    /// An exception of `__set_name__` leaves the class statement as it is.
    set_name_errors_pass "scoping.error.set-name": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }
    /// Taking too many values apart says how many there were, where that is known.
    unpack_error_counts "scoping.error.unpack-count": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }
    /// Deleting an item where none can be deleted: `doesn't` or `does not`.
    item_deletion_text "mutability.error.item-deletion": bool {
        py(8, 0) => true; faults { "does-not": false } }
    /// `zip` and `enumerate` use their result tuple again when nobody holds it.
    iterators_reuse_tuples "lifetime.iterator.reuses-tuple": bool {
        py(8, 0) => true; faults { "fresh": false } }
    /// The TypeError of an unhashable key says what it was used for.
    unhashable_names_use "mutability.error.unhashable-use": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }
    /// A memoryview has an iterator type of its own.
    memory_iterator "identity.type.memory-iterator": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// An ASCII string has an iterator type of its own.
    ascii_iterator "identity.type.ascii-iterator": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// A wrong argument of a built-in function is called by its name where it has one.
    arguments_by_name "syntax.error.argument-name": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }
    /// Dicts can be joined by `|`.
    dict_union "mutability.dict.union": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }
    /// Subscripting a class that is not generic names the class.
    class_subscript_names_class "identity.error.class-subscript": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }

    // ---- methods of the scalar types ------------------------------------------------------------------------

    /// The built-in types have the attributes of this minor version.
    members "identity.types.members": u8 {
        py(8, 0) => 8, py(9, 0) => 9, py(10, 0) => 10, py(11, 0) => 11, py(12, 0) => 12, py(13, 0) => 13, py(14, 0) => 14, py(15, 0) => 15;
        faults { "oldest": 8, "newest": 15 } }
    /// `s += t` extends a string that only its variable refers to.
    concat_in_place "identity.str.concat-in-place": ConcatInPlace {
        py(8, 0) => ConcatInPlace::ALWAYS, py(11, 0) => ConcatInPlace::LATE, py(12, 0) => ConcatInPlace::SOON,
        py(13, 0) => ConcatInPlace::UNFUSED;
        faults { "never": ConcatInPlace::NEVER, "always": ConcatInPlace::ALWAYS } }
    /// Some operations give a new object for a small int.
    int_uncached "caching.int.uncached": IntUncached {
        py(8, 0) => IntUncached::MANY, py(9, 0) => IntUncached::SOME, py(11, 0) => IntUncached::NONE;
        faults { "many": IntUncached::MANY, "none": IntUncached::NONE } }
    /// One byte is the shared object even where a fresh one is filled.
    single_bytes_always_shared "caching.bytes.single-filled": bool {
        py(8, 0) => false, py(15, 0) => true; faults { "always": true, "never": false } }
    /// `operator.index` of an instance of a subclass of int gives an exact int.
    index_exact "identity.int.index-exact": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Slices can be hashed.
    slice_hashable "mutability.slice.hashable": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }
    /// What `bool(NotImplemented)` does.
    not_implemented_truth "identity.not-implemented.truth": NotImplementedTruth {
        py(8, 0) => NotImplementedTruth::True, py(9, 0) => NotImplementedTruth::Warns, py(14, 0) => NotImplementedTruth::Error;
        faults { "true": NotImplementedTruth::True, "error": NotImplementedTruth::Error } }
    /// What the warning for `~True` says, if there is one.
    bool_invert_warning "identity.bool.invert-warning": &'static str {
        py(8, 0) => "",
        py(12, 0) => "Bitwise inversion '~' on bool is deprecated. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.",
        py(12, 2) => "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.";
        faults { "none": "" } }
    /// `int(x)` asks `x.__trunc__()` last.
    int_uses_trunc "identity.int.from-trunc": bool {
        py(8, 0) => true, py(14, 0) => false; faults { "always": true, "never": false } }
    /// `int(x)` by `x.__trunc__()` gives a DeprecationWarning.
    int_trunc_warns "identity.int.trunc-warning": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// `int.to_bytes` and `int.from_bytes` take the big end first if they are not told.
    byteorder_default "identity.int.byteorder-default": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// The truth of `keepends` decides, it need not be an int.
    keepends_is_int "identity.str.keepends-int": bool {
        py(8, 0) => true, py(12, 0) => false; faults { "always": true, "never": false } }
    /// A float where an int is wanted is refused with a text of its own.
    float_argument_text "identity.error.float-argument": bool {
        py(8, 0) => true, py(10, 0) => false; faults { "always": true, "never": false } }
    /// What `int` and `float` want is called a real number.
    argument_real "identity.error.real-number": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Errors about the arguments of `bytes` and `bytearray` name the parameter.
    bytes_arguments_named "identity.error.bytes-arguments": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Errors about the arguments of `str`, `int` and `find` are those of the newer argument parser.
    newer_argument_errors "identity.error.newer-arguments": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// A wrong index of a str names its type.
    str_index_names_type "identity.error.str-index": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// An empty bytearray is pickled without arguments.
    bytearray_reduces_empty "identity.bytearray.reduce-empty": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// `range()` wants at least one argument, not just one.
    range_at_least "identity.error.range-count": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }
    // ---- containers, iterators, functions and builtins -----------------------------------------------------

    /// In a search by `in` the item of the container stands on the left of `==`.
    contains_item_left "identity.containers.item-left": bool {
        py(8, 0) => false, py(9, 0) => true; faults { "always": true, "never": false } }
    /// `list.sort` merges its runs in the order of a balanced tree.
    sort_balanced_merges "caching.list.sort-merges": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// Equal items may stand in a descending run of `list.sort`.
    sort_equal_in_runs "caching.list.sort-runs": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// The argument `reverse` of a sort may be any object.
    sort_reverse_any "mutability.list.sort-reverse": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }
    /// Assigning something that is not iterable to a slice has one text for all steps.
    slice_assignment_one_text "mutability.error.slice-assignment": bool {
        py(8, 0) => false, py(12, 5) => true; faults { "always": true, "never": false } }
    /// `list.index` of an absent item does not show it.
    list_index_plain_text "mutability.error.list-index": bool {
        py(8, 0) => false, py(14, 0) => true; faults { "always": true, "never": false } }
    /// `zip` takes `strict`.
    zip_strict "mutability.iterator.zip-strict": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// The text for `enumerate()` without arguments counts the missing one.
    enumerate_missing_position "scoping.error.enumerate": bool {
        py(8, 0) => true, py(11, 0) => false; faults { "always": true, "never": false } }
    /// SyntaxError tells where the fault ends.
    syntax_error_ends "scoping.error.syntax-ends": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// The text for a bound method of None calls it `instance`.
    method_of_none_text "identity.error.method-none": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// `locals()` in a function is a new dict each time.
    locals_are_snapshots "scoping.locals.snapshot": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// `exec` takes a closure.
    exec_closure "scoping.exec.closure": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// `eval` and `exec` take their namespaces by keyword.
    exec_keywords "scoping.exec.keywords": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// `chr` calls every int that is no character out of range.
    chr_refuses_large_plainly "identity.error.chr-large": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// The text for operands of `pow` with a modulus names the operator.
    pow_names_operator "identity.error.pow": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// `sum` of floats keeps the error of each step.
    sum_keeps_error "identity.float.sum-error": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }
    /// The text of `min` and `max` of nothing speaks of an iterable.
    empty_iterable_text "identity.error.empty-extreme": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }
    /// The text for an attribute name that is no string names its class.
    attribute_name_text "identity.error.attribute-name": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// The text of `iter` for two arguments of which the first is not callable.
    iter_callable_text "identity.error.iter-callable": &'static str {
        py(8, 0) => "iter(v, w): v must be callable", py(12, 0) => "iter(object, sentinel): object must be callable",
        py(13, 0) => "iter(v, w): v must be callable";
        faults { "words": "iter(object, sentinel): object must be callable" } }

    // ---- modules of the library ----------------------------------------------------------------------------

    /// The types of weak references and proxies are named as in the module `weakref`.
    weakref_type_names "identity.weakref.type-names": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// The repr of a weak proxy reads like that of a weak reference.
    proxy_repr_like_ref "identity.weakref.proxy-repr": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }
    /// `copy.deepcopy` gives a range back as it is.
    range_is_atomic "mutability.copy.range": bool {
        py(8, 0) => false, py(10, 0) => true; faults { "always": true, "never": false } }
    /// Every object has `__getstate__`.
    object_getstate "mutability.copy.getstate": bool {
        py(8, 0) => false, py(11, 0) => true; faults { "always": true, "never": false } }
    /// `deque.remove` of a value that is not in it names the value.
    deque_remove_names_value "mutability.error.deque-remove": bool {
        py(8, 0) => false, py(10, 0) => true, py(14, 0) => false; faults { "always": true, "never": false } }
    /// The repr of an OrderedDict shows a dict.
    ordered_dict_as_dict "identity.ordered-dict.repr": bool {
        py(8, 0) => false, py(12, 0) => true; faults { "always": true, "never": false } }
    /// A SimpleNamespace can be made from a mapping.
    namespace_takes_mapping "mutability.namespace.mapping": bool {
        py(8, 0) => false, py(13, 0) => true; faults { "always": true, "never": false } }

    // ---- frames --------------------------------------------------------------------------------------------

    /// `locals()` of a function names its cells after its other variables.
    locals_cells_last "scoping.locals.cells-last": bool {
        py(8, 0) => true, py(11, 0) => false; faults { "always": true, "never": false } }
    /// What `locals()` is inside a comprehension that runs in the frame of a module or class.
    comprehension_locals "scoping.locals.comprehension": ComprehensionLocals {
        py(8, 0) => ComprehensionLocals::Added, py(13, 0) => ComprehensionLocals::Alone;
        faults { "added": ComprehensionLocals::Added, "alone": ComprehensionLocals::Alone } }
    /// The frame object of a generator that has ended keeps the frame that called it last.
    ended_generator_back "lifetime.frame.ended-generator-back": bool {
        py(8, 0) => false, py(12, 0) => true, py(14, 0) => false; faults { "always": true, "never": false } }
    /// The frame of a suspended generator cannot be cleared, with this text.
    suspended_frame_text "lifetime.frame.clear-suspended": Option<&'static str> {
        py(8, 0) => None, py(13, 0) => Some("cannot clear a suspended frame"),
        py(15, 0) => Some("cannot clear an suspended frame");
        faults { "cleared": None, "refused": Some("cannot clear a suspended frame") } }
    /// Names that a program has added to `f_locals` can be removed again.
    frame_names_removable "scoping.frame.remove-added": bool {
        py(8, 0) => false, py(13, 1) => true; faults { "always": true, "never": false } }
}
