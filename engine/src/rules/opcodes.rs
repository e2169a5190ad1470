//! The instructions of CPython's code as `dis` names them, and what code objects take for them.

use super::room;

/// How a call is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum CallNames {
    /// `CALL_FUNCTION` and `CALL_METHOD`.
    ByKind,
    /// `PRECALL`, then `CALL`.
    InTwo,
    /// `CALL`.
    One,
}

/// Which instructions there are.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Opcodes {
    /// Operators are one instruction, `BINARY_OP`.
    pub binary_op: bool,
    /// `is` and `in` are no comparisons.
    pub is_op: bool,
    /// How a call is written.
    pub calls: CallNames,
    /// The empty place of a call lies under what is called.
    pub null_first: bool,
    /// The stack is turned by `COPY` and `SWAP`.
    pub swap: bool,
    /// A truth value is made before it is tested.
    pub to_bool: bool,
    /// A jump may keep the value that it tests.
    pub or_pop: bool,
    /// Jumps say in which direction.
    pub directions: bool,
    /// Methods are loaded by an instruction of their own.
    pub load_method: bool,
    /// A slice of two borders is taken without an object.
    pub binary_slice: bool,
    /// `a[b]` is a `BINARY_OP`.
    pub subscript_op: bool,
    /// Values are converted and formatted in steps.
    pub format_steps: bool,
    /// Displays with stars are built of all their parts at once.
    pub unpack_builds: bool,
    /// A list becomes a tuple by an instruction of its own.
    pub list_to_tuple: bool,
    /// A function is made of its code and its name.
    pub function_names: bool,
    /// A call with stars has an empty place where it has no keywords.
    pub star_null: bool,
    /// What follows a loop over an iterator that is exhausted.
    pub end_for: &'static [&'static str],
    /// A constant is returned by one instruction.
    pub return_const: bool,
    /// Two loads or stores of locals may be one instruction.
    pub pairs: bool,
    /// Code begins with `RESUME`, and holds its instructions.
    pub resume: bool,
    /// A code object without its instructions.
    pub code: usize,
    /// The places for caches that follow an instruction: what each version since says of them, the newest first.
    pub caches: &'static [Caches],
}

/// Instructions and the places for caches that follow them.
pub type Caches = &'static [(&'static str, usize)];

const CACHES_11: Caches = &[
    ("BINARY_OP", 1),
    ("BINARY_SUBSCR", 4),
    ("CALL", 4),
    ("COMPARE_OP", 2),
    ("LOAD_ATTR", 4),
    ("LOAD_GLOBAL", 5),
    ("LOAD_METHOD", 10),
    ("PRECALL", 1),
    ("STORE_ATTR", 4),
    ("STORE_SUBSCR", 1),
    ("UNPACK_SEQUENCE", 1),
];
const CACHES_12: Caches = &[
    ("BINARY_SUBSCR", 1),
    ("CALL", 3),
    ("COMPARE_OP", 1),
    ("FOR_ITER", 1),
    ("LOAD_ATTR", 9),
    ("LOAD_GLOBAL", 4),
    ("LOAD_SUPER_ATTR", 1),
    ("SEND", 1),
];
const CACHES_13: Caches = &[
    ("CONTAINS_OP", 1),
    ("JUMP_BACKWARD", 1),
    ("POP_JUMP_IF_FALSE", 1),
    ("POP_JUMP_IF_NONE", 1),
    ("POP_JUMP_IF_NOT_NONE", 1),
    ("POP_JUMP_IF_TRUE", 1),
    ("TO_BOOL", 3),
];
const CACHES_14: Caches = &[("BINARY_OP", 5), ("CALL_KW", 3)];
const CACHES_15: Caches = &[("CALL_FUNCTION_EX", 1), ("GET_ITER", 1), ("RESUME", 1)];

impl Opcodes {
    /// 3.8
    pub const V8: Opcodes = Opcodes {
        binary_op: false,
        is_op: false,
        calls: CallNames::ByKind,
        null_first: false,
        swap: false,
        to_bool: false,
        or_pop: true,
        directions: false,
        load_method: true,
        binary_slice: false,
        subscript_op: false,
        format_steps: false,
        unpack_builds: true,
        list_to_tuple: true,
        function_names: true,
        star_null: false,
        end_for: &[],
        return_const: false,
        pairs: false,
        resume: false,
        code: 176,
        caches: &[],
    };
    /// 3.9
    pub const V9: Opcodes = Opcodes { is_op: true, unpack_builds: false, ..Opcodes::V8 };
    /// 3.11
    pub const V11: Opcodes = Opcodes {
        binary_op: true,
        calls: CallNames::InTwo,
        null_first: true,
        swap: true,
        directions: true,
        function_names: false,
        resume: true,
        code: 184,
        caches: &[CACHES_11],
        ..Opcodes::V9
    };
    /// 3.12
    pub const V12: Opcodes = Opcodes {
        calls: CallNames::One,
        or_pop: false,
        directions: false,
        load_method: false,
        binary_slice: true,
        list_to_tuple: false,
        end_for: &["END_FOR"],
        return_const: true,
        code: 192,
        caches: &[CACHES_12, CACHES_11],
        ..Opcodes::V11
    };
    /// 3.13
    pub const V13: Opcodes = Opcodes {
        null_first: false,
        to_bool: true,
        format_steps: true,
        pairs: true,
        end_for: &["END_FOR", "POP_TOP"],
        code: 200,
        caches: &[CACHES_13, CACHES_12, CACHES_11],
        ..Opcodes::V12
    };
    /// 3.14
    pub const V14: Opcodes = Opcodes {
        subscript_op: true,
        star_null: true,
        end_for: &["END_FOR", "POP_ITER"],
        return_const: false,
        code: 208,
        caches: &[CACHES_14, CACHES_13, CACHES_12, CACHES_11],
        ..Opcodes::V13
    };
    /// 3.15
    pub const V15: Opcodes =
        Opcodes { caches: &[CACHES_15, CACHES_14, CACHES_13, CACHES_12, CACHES_11], ..Opcodes::V14 };
}

room! { opcodes

    /// `dis` names the instructions of the version, and a code object takes the bytes that they have.
    opcodes "memory.code.instructions": Opcodes {
        py(8, 0) => Opcodes::V8, py(9, 0) => Opcodes::V9, py(11, 0) => Opcodes::V11, py(12, 0) => Opcodes::V12,
        py(13, 0) => Opcodes::V13, py(14, 0) => Opcodes::V14, py(15, 0) => Opcodes::V15;
        faults { "of-3.8": Opcodes::V8, "of-3.12": Opcodes::V12, "of-3.14": Opcodes::V14 }
    }
}
