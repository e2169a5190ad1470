//! The instruction set: CPython's stack machine at the level of stack effects and ownership, one set for all versions.
//!
//! Version differences are choices of the compiler and rule values read by the machine, never other instructions.
//! Stack pictures read `before -- after`, the top on the right. `null` is the empty reference.

use super::fuse::Fused;

/// A binary operator, shared by `BinaryOp` and `InplaceOp`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
}

/// A unary operator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum UnOp {
    Pos,
    Neg,
    Not,
    Invert,
}

/// A rich comparison.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum CmpOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

/// The conversion of a replacement field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}

/// What is awaited, for the error when it cannot be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum Awaited {
    Value,
    /// What `__aenter__` gave.
    Entered,
    /// What `__aexit__` gave.
    Exited,
}

/// How a `with` statement keeps what it calls at its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ExitForm {
    /// One entry of the stack: the bound method.
    Bound,
    /// Two: the function and its receiver, or what is called as it is and nothing.
    WithReceiver,
}

impl ExitForm {
    /// How many entries of the stack it takes.
    pub(crate) fn width(self) -> u32 {
        match self {
            ExitForm::Bound => 1,
            ExitForm::WithReceiver => 2,
        }
    }
}

/// Which optional parts `MakeFunction` finds on the stack, below the code object, in this order:
/// defaults tuple, keyword defaults dict, annotations (tuple of name, value, … up to 3.13; a function from 3.14),
/// closure tuple of cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs)]
pub struct FunctionParts {
    pub defaults: bool,
    pub kwdefaults: bool,
    pub annotations: bool,
    pub annotate: bool,
    pub closure: bool,
}

/// The name of an attribute of `super(…)`, and whether the arguments are written: one word, as an instruction is small.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SuperName(u32);

impl SuperName {
    const GIVEN: u32 = 1 << 31;

    /// The name with this index.
    pub fn new(name: u32, given: bool) -> SuperName {
        SuperName(if given { name | SuperName::GIVEN } else { name })
    }

    /// The index of the name.
    pub fn name(self) -> u32 {
        self.0 & !SuperName::GIVEN
    }

    /// Whether the arguments of `super` are written.
    pub fn given(self) -> bool {
        self.0 & SuperName::GIVEN != 0
    }
}

/// Operations that only the compiler asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)]
pub enum Intrinsic {
    /// `value --`: hands the value to `sys.displayhook` (interactive mode).
    Print,
    /// `module -- `: binds the module's public names in the current namespace.
    ImportStar,
    /// `list -- tuple`
    ListToTuple,
    /// `exc -- exc`: StopIteration that leaves a generator becomes RuntimeError.
    StopIterationError,
    /// `name -- typevar`
    TypeVar,
    /// `name bound_fn -- typevar`
    TypeVarWithBound,
    /// `name constraints_fn -- typevar`
    TypeVarWithConstraints,
    /// `typevar default_fn -- typevar`
    SetTypeParamDefault,
    /// `name -- paramspec`
    ParamSpec,
    /// `name -- typevartuple`
    TypeVarTuple,
    /// `typeparams -- generic_base`: `typing.Generic[*typeparams]`.
    SubscriptGeneric,
    /// `(name, typeparams, value_fn) -- alias`
    TypeAlias,
    /// `function typeparams -- function`
    SetFunctionTypeParams,
    /// `origexc excs -- exc`: what `except*` reraises.
    PrepReraiseStar,
    /// `value -- wrapped`: async generator's yielded value.
    AsyncGenWrap,
}

/// A jump target: the index of an instruction.
pub type Label = u32;

/// One instruction. Names index `Proto::names`, constants `Proto::consts`, locals the frame's local array
/// (parameters and locals, then cells that are no parameters, then free variables).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Instr {
    /// `--`
    Nop,
    /// `-- null`
    PushNull,
    /// `value --`
    Pop,
    /// `a … -- a … a`: the n-th from the top (1 = top) is pushed again.
    Copy(u32),
    /// `a … b -- b … a`: top and n-th from the top change places.
    Swap(u32),

    /// `-- const`
    LoadConst(u32),
    /// `-- local`; the local is known to be bound.
    LoadFast(u32),
    /// `-- local`, borrowed: consumed in this basic block before its local dies.
    LoadFastBorrow(u32),
    /// `-- local`, or UnboundLocalError.
    LoadFastCheck(u32),
    /// `-- local|null`; the local becomes unbound (inlined comprehensions).
    LoadFastAndClear(u32),
    /// `value --`; null unbinds.
    StoreFast(u32),
    /// `--`, or UnboundLocalError.
    DeleteFast(u32),
    /// Local i becomes a new cell that holds what the local held.
    MakeCell(u32),
    /// `-- cell`: the cell itself, for a closure.
    LoadClosure(u32),
    /// `-- value`, or NameError / UnboundLocalError.
    LoadDeref(u32),
    /// `value --`
    StoreDeref(u32),
    /// `--`
    DeleteDeref(u32),
    /// `mapping -- value`: the name of cell i from the mapping, else from the cell (class bodies).
    LoadFromDictOrDeref(u32),
    /// `mapping -- value`: from the mapping, else global, else builtin (annotation scopes in classes).
    LoadFromDictOrGlobals(u32),
    /// `-- value`: namespace of the frame, globals, builtins.
    LoadName(u32),
    /// `value --`
    StoreName(u32),
    /// `--`
    DeleteName(u32),
    /// `-- value`: globals, builtins.
    LoadGlobal(u32),
    /// `value --`
    StoreGlobal(u32),
    /// `--`
    DeleteGlobal(u32),
    /// `-- mapping`: the namespace of the frame (class body, module).
    LoadLocals,
    /// `-- __build_class__`
    LoadBuildClass,
    /// `-- AssertionError`
    LoadAssertionError,
    /// `-- NotImplementedError`
    LoadNotImplementedError,

    /// `object -- value`
    LoadAttr(u32),
    /// `object -- function self | value null`
    LoadMethod(u32),
    /// `super class self -- value`
    LoadSuperAttr(SuperName),
    /// `super class self -- function self | value null`
    LoadSuperMethod(SuperName),
    /// `value object --`
    StoreAttr(u32),
    /// `object --`
    DeleteAttr(u32),
    /// `container key -- value`
    BinarySubscr,
    /// `value container key --`
    StoreSubscr,
    /// `container key --`
    DeleteSubscr,
    /// `start stop -- slice`, or with step (3).
    BuildSlice(u32),

    /// `left right -- value`
    BinaryOp(BinOp),
    /// `left right -- value`, tries the in-place form first.
    InplaceOp(BinOp),
    /// `value -- value`
    UnaryOp(UnOp),
    /// `left right -- value`
    Compare(CmpOp),
    /// `left right -- bool`; true: `is not`.
    IsOp(bool),
    /// `left container -- bool`; true: `not in`.
    ContainsOp(bool),

    /// `items… -- tuple`
    BuildTuple(u32),
    /// `items… -- list`
    BuildList(u32),
    /// `items… -- set`
    BuildSet(u32),
    /// `key value … -- dict` (n pairs).
    BuildMap(u32),
    /// `values… keys_tuple -- dict`
    BuildConstKeyMap(u32),
    /// `strings… -- string`
    BuildString(u32),
    /// `list … item -- list …`; the list is the n-th from the top after the item is popped.
    ListAppend(u32),
    /// `set … item -- set …`
    SetAdd(u32),
    /// `dict … key value -- dict …`
    MapAdd(u32),
    /// `list … iterable -- list …`
    ListExtend(u32),
    /// `set … iterable -- set …`
    SetUpdate(u32),
    /// `dict … mapping -- dict …` (later keys win).
    DictUpdate(u32),
    /// `callable null args dict … mapping -- …`: as above, a duplicate key is TypeError (`f(**a, **b)`).
    DictMerge(u32),
    /// `value [spec] -- string`
    FormatValue {
        /// `!s`, `!r`, `!a`.
        conversion: Conversion,
        /// Whether a format specification lies on top.
        spec: bool,
    },
    /// `value text [spec] -- interpolation` (t-strings).
    BuildInterpolation {
        /// `!s`, `!r`, `!a`.
        conversion: Conversion,
        /// Whether a format specification lies on top.
        spec: bool,
    },
    /// `strings_tuple interpolations_tuple -- template`
    BuildTemplate,

    /// `sequence -- items…`, first item on top.
    UnpackSequence(u32),
    /// `sequence -- items…`, first item on top: `before` items, a list, `after` items.
    UnpackEx {
        /// Targets before the star.
        before: u8,
        /// Targets after the star.
        after: u8,
    },

    /// To the label; a backward jump counts a step of the budget.
    Jump(Label),
    /// `value --`
    PopJumpIfFalse(Label),
    /// `value --`
    PopJumpIfTrue(Label),
    /// `value --`
    PopJumpIfNone(Label),
    /// `value --`
    PopJumpIfNotNone(Label),
    /// `value -- value` when jumping, else `value --`.
    JumpIfFalseOrPop(Label),
    /// `value -- value` when jumping, else `value --`.
    JumpIfTrueOrPop(Label),

    /// `iterable -- iterator`
    GetIter,
    /// `iterable -- iterator`, generators pass (yield from).
    GetYieldFromIter,
    /// `iterator -- iterator item`; at the end `iterator --` and to the label.
    ForIter(Label),

    /// `callable self|null args… -- result`
    Call(u32),
    /// `callable self|null args… names -- result`: the last len(names) args are keywords, names is a tuple constant.
    CallKw(u32),
    /// `callable null args_tuple [kwargs_dict] -- result`; true: with the dict.
    CallEx(bool),
    /// `[defaults] [kwdefaults] [annotations] [closure] code -- function`
    MakeFunction(FunctionParts),
    /// `value --` and leave the frame.
    Return,
    /// `value -- sent`
    Yield,
    /// `receiver value -- receiver value`; when the receiver is done, `receiver value -- receiver result` and to the label.
    Send(Label),
    /// Generator entry: `--`. The call returns a generator that holds the frame.
    ReturnGenerator,
    /// `value -- awaitable iterator`
    GetAwaitable(Awaited),
    /// `value -- async iterator`
    GetAiter,
    /// `aiter -- aiter awaitable`
    GetAnext,
    /// `aiter exc --`: StopAsyncIteration ends the loop, anything else is raised again.
    EndAsyncFor,
    /// `receiver value exc -- receiver value`: an exception thrown into a sub-iterator.
    CleanupThrow,

    /// `[exc [cause]] --`: raise with 0 (the handled exception again), 1 or 2 operands.
    Raise(u32),
    /// `exc --`: raises the exception again, its traceback kept as it is.
    Reraise,
    /// `exc -- previous exc`: exc becomes the handled exception.
    PushExcInfo,
    /// `previous --`: previous becomes the handled exception.
    PopExcept,
    /// `exc type -- exc bool`
    CheckExcMatch,
    /// `exc type -- rest match` (except*).
    CheckEgMatch,
    /// `manager -- exit entered`
    BeforeWith(ExitForm),
    /// `manager -- aexit awaitable`
    BeforeAsyncWith(ExitForm),
    /// `exit previous exc -- exit previous exc result`: `exit(type, exc, traceback)`. The exit takes what its form says.
    WithExceptStart(ExitForm),

    /// `level fromlist -- module`
    ImportName(u32),
    /// `level what -- lazy`: an import that is done when the name is read. `what` is None for the outermost package, an
    /// empty tuple for the module itself, else a tuple with the name of the attribute.
    ImportLazy(u32),
    /// `module -- module attribute`
    ImportFrom(u32),
    /// Makes `__annotations__` in the frame's namespace if it is not there.
    SetupAnnotations,

    /// `subject -- subject bool`
    MatchSequence,
    /// `subject -- subject bool`
    MatchMapping,
    /// `subject keys -- subject keys values|None`
    MatchKeys,
    /// `subject class names -- values|None`; n positional sub-patterns.
    MatchClass(u32),
    /// `sequence -- sequence length`
    GetLen,

    /// See [`Intrinsic`].
    Intrinsic(Intrinsic),

    /// What the plain instructions from here on do, see [`Fused`]. The compiler never makes it.
    Fused(Fused),
}

const _: () = assert!(size_of::<Instr>() <= 8, "an instruction is one 8-byte word: the loop reads them all the time");
