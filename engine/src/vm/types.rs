//! The table of built-in types: name, base, layout and what instances can do. The kind of a built-in type's
//! instances has the number of its entry.

use crate::heap::{KindId, Layout};

/// What a built-in type allows, beside its layout.
#[derive(Clone, Copy, Debug)]
pub struct TypeSpec {
    /// Which type.
    pub ty: Ty,
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// The base.
    pub base: Ty,
    /// The layout of its instances.
    pub layout: Layout,
    /// The collector looks at instances.
    pub tracked: bool,
    /// It may be a base.
    pub subclassable: bool,
    /// Instances have a `__dict__`.
    pub has_dict: bool,
    /// Instances can be named by weak references.
    pub has_weakref: bool,
}

impl Ty {
    /// The kind of its instances.
    #[inline]
    pub const fn kind(self) -> KindId {
        KindId(self as u32)
    }
}

macro_rules! types {
    (types { $( $ty:ident $name:literal $module:literal $base:ident $layout:ident [$($flag:ident)*]; )+ }
     exceptions { $( $exc:ident $ebase:ident; )+ }) => {
        /// A built-in type.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u32)]
        #[allow(missing_docs)]
        pub enum Ty { Nothing = 0, $($ty,)+ $($exc,)+ }

        /// All built-in types; a base stands before its subclasses.
        pub const TYPES: &[TypeSpec] = &[
            $( TypeSpec {
                ty: Ty::$ty, name: $name, module: $module, base: Ty::$base, layout: Layout::$layout,
                tracked: false $(|| flag!(gc $flag))*,
                subclassable: false $(|| flag!(sub $flag))*,
                has_dict: false $(|| flag!(dict $flag))*,
                has_weakref: false $(|| flag!(weak $flag))*,
            }, )+
            $( TypeSpec {
                ty: Ty::$exc, name: stringify!($exc), module: "builtins", base: Ty::$ebase, layout: Layout::Exception,
                tracked: true, subclassable: true, has_dict: true, has_weakref: false,
            }, )+
        ];
    };
}

macro_rules! flag {
    (gc gc) => {
        true
    };
    (sub sub) => {
        true
    };
    (dict dict) => {
        true
    };
    (weak weak) => {
        true
    };
    ($a:ident $b:ident) => {
        false
    };
}

types! { types {
    Object "object" "builtins" Nothing Unit [sub];
    Type "type" "builtins" Object Type [gc sub dict weak];
    NoneType "NoneType" "builtins" Object Unit [];
    NotImplementedType "NotImplementedType" "builtins" Object Unit [];
    EllipsisType "ellipsis" "builtins" Object Unit [];
    Int "int" "builtins" Object Int [sub];
    Bool "bool" "builtins" Int Int [];
    BigInt "int" "builtins" Object BigInt [];
    Float "float" "builtins" Object Float [sub];
    Complex "complex" "builtins" Object Complex [sub];
    Str "str" "builtins" Object Str [sub];
    Bytes "bytes" "builtins" Object Bytes [sub];
    ByteArray "bytearray" "builtins" Object ByteArray [sub];
    Tuple "tuple" "builtins" Object Tuple [gc sub];
    VersionInfo "version_info" "sys" Tuple Tuple [gc];
    HashInfo "hash_info" "sys" Tuple Tuple [gc];
    FloatInfo "float_info" "sys" Tuple Tuple [gc];
    IntInfo "int_info" "sys" Tuple Tuple [gc];
    List "list" "builtins" Object List [gc sub];
    Dict "dict" "builtins" Object Dict [gc sub];
    FrozenDict "frozendict" "builtins" Object Dict [gc sub];
    Set "set" "builtins" Object Set [gc sub weak];
    FrozenSet "frozenset" "builtins" Object Set [gc sub weak];
    Range "range" "builtins" Object Range [];
    Slice "slice" "builtins" Object Slice [gc];
    MemoryView "memoryview" "builtins" Object MemoryView [gc weak];
    Sentinel "sentinel" "builtins" Object Record [gc];
    Cell "cell" "builtins" Object Cell [gc];
    Function "function" "builtins" Object Function [gc dict weak];
    BuiltinFunction "builtin_function_or_method" "builtins" Object Native [gc weak];
    MethodDescriptor "method_descriptor" "builtins" Object Native [gc];
    ClassMethodDescriptor "classmethod_descriptor" "builtins" Object Native [gc];
    SlotWrapper "wrapper_descriptor" "builtins" Object Native [gc];
    MethodWrapper "method-wrapper" "builtins" Object Native [gc];
    Method "method" "builtins" Object Method [gc weak];
    Code "code" "builtins" Object Code [weak];
    Module "module" "builtins" Object Module [gc sub dict weak];
    Property "property" "builtins" Object Property [gc sub];
    ClassMethod "classmethod" "builtins" Object Wrapper [gc sub dict];
    StaticMethod "staticmethod" "builtins" Object Wrapper [gc sub dict];
    Super "super" "builtins" Object Super [gc sub];
    Member "member_descriptor" "builtins" Object Member [gc];
    GetSet "getset_descriptor" "builtins" Object GetSet [gc];
    MappingProxy "mappingproxy" "builtins" Object Proxy [gc];
    GenericAlias "GenericAlias" "types" Object Alias [gc sub weak];
    Union "UnionType" "types" Object Alias [gc weak];
    SimpleNamespace "SimpleNamespace" "types" Object Record [gc sub dict];
    Generator "generator" "builtins" Object Generator [gc weak];
    Coroutine "coroutine" "builtins" Object Generator [gc weak];
    AsyncGenerator "async_generator" "builtins" Object Generator [gc weak];
    CoroutineWrapper "coroutine_wrapper" "builtins" Object Record [gc];
    AsyncGenSend "async_generator_asend" "builtins" Object Record [gc];
    AsyncGenThrow "async_generator_athrow" "builtins" Object Record [gc];
    AnextAwaitable "anext_awaitable" "builtins" Object Record [gc];
    AsyncGenWrapped "async_generator_wrapped_value" "builtins" Object Record [gc];
    Frame "frame" "builtins" Object Frame [gc];
    Traceback "traceback" "builtins" Object Traceback [gc];
    FrameLocalsProxy "FrameLocalsProxy" "builtins" Object Record [gc];
    WeakRef "ReferenceType" "weakref" Object WeakRef [gc sub];
    WeakProxy "ProxyType" "weakref" Object WeakRef [gc];
    WeakCallableProxy "CallableProxyType" "weakref" Object WeakRef [gc];
    DictKeys "dict_keys" "builtins" Object View [gc];
    DictValues "dict_values" "builtins" Object View [gc];
    DictItems "dict_items" "builtins" Object View [gc];
    ListIterator "list_iterator" "builtins" Object Iter [gc];
    ListReverseIterator "list_reverseiterator" "builtins" Object Iter [gc];
    TupleIterator "tuple_iterator" "builtins" Object Iter [gc];
    StrIterator "str_iterator" "builtins" Object Iter [gc];
    StrAsciiIterator "str_ascii_iterator" "builtins" Object Iter [gc];
    BytesIterator "bytes_iterator" "builtins" Object Iter [gc];
    ByteArrayIterator "bytearray_iterator" "builtins" Object Iter [gc];
    RangeIterator "range_iterator" "builtins" Object Iter [];
    LongRangeIterator "longrange_iterator" "builtins" Object Iter [];
    DictKeyIterator "dict_keyiterator" "builtins" Object Iter [gc];
    DictValueIterator "dict_valueiterator" "builtins" Object Iter [gc];
    DictItemIterator "dict_itemiterator" "builtins" Object Iter [gc];
    DictReverseKeyIterator "dict_reversekeyiterator" "builtins" Object Iter [gc];
    DictReverseValueIterator "dict_reversevalueiterator" "builtins" Object Iter [gc];
    DictReverseItemIterator "dict_reverseitemiterator" "builtins" Object Iter [gc];
    SetIterator "set_iterator" "builtins" Object Iter [gc];
    SequenceIterator "iterator" "builtins" Object Iter [gc];
    MemoryIterator "memory_iterator" "builtins" Object Iter [gc];
    CallableIterator "callable_iterator" "builtins" Object Iter [gc];
    Reversed "reversed" "builtins" Object Iter [gc sub];
    Enumerate "enumerate" "builtins" Object Iter [gc sub];
    Zip "zip" "builtins" Object Iter [gc sub];
    Map "map" "builtins" Object Iter [gc sub];
    Filter "filter" "builtins" Object Iter [gc sub];
    TextIo "TextIOWrapper" "_io" Object Record [gc dict];
    TypeVar "TypeVar" "typing" Object Record [gc dict];
    ParamSpec "ParamSpec" "typing" Object Record [gc dict];
    TypeVarTuple "TypeVarTuple" "typing" Object Record [gc dict];
    TypeAliasType "TypeAliasType" "typing" Object Record [gc];
    ParamSpecArgs "ParamSpecArgs" "typing" Object Record [gc];
    ParamSpecKwargs "ParamSpecKwargs" "typing" Object Record [gc];
    Unpacked "_UnpackGenericAlias" "typing" Object Record [gc];
    NoDefaultType "NoDefaultType" "typing" Object Unit [];
    Generic "Generic" "typing" Object Unit [sub];
    Partial "partial" "functools" Object Record [gc sub dict weak];
    Deque "deque" "collections" Object Record [gc sub weak];
    DequeIterator "_deque_iterator" "_collections" Object Record [gc];
    DequeReverseIterator "_deque_reverse_iterator" "_collections" Object Record [gc];
    LazyImport "lazy_import" "builtins" Object Record [gc];
    Template "Template" "string.templatelib" Object Record [gc];
    Interpolation "Interpolation" "string.templatelib" Object Record [gc];
    TemplateIterator "TemplateIter" "string.templatelib" Object Record [gc];
    ItemGetter "itemgetter" "operator" Object Record [gc];
    AttrGetter "attrgetter" "operator" Object Record [gc];
    MethodCaller "methodcaller" "operator" Object Record [gc];
    Pickler "Pickler" "_pickle" Object Record [gc sub dict];
    Unpickler "Unpickler" "_pickle" Object Record [gc sub dict];
    PickleBuffer "PickleBuffer" "pickle" Object Record [gc weak];
} exceptions {
    BaseException Object;
    Exception BaseException;
    BaseExceptionGroup BaseException;
    ExceptionGroup BaseExceptionGroup;
    GeneratorExit BaseException;
    KeyboardInterrupt BaseException;
    SystemExit BaseException;
    ArithmeticError Exception;
    FloatingPointError ArithmeticError;
    OverflowError ArithmeticError;
    ZeroDivisionError ArithmeticError;
    AssertionError Exception;
    AttributeError Exception;
    BufferError Exception;
    EOFError Exception;
    ImportError Exception;
    ModuleNotFoundError ImportError;
    LookupError Exception;
    IndexError LookupError;
    KeyError LookupError;
    MemoryError Exception;
    NameError Exception;
    UnboundLocalError NameError;
    OSError Exception;
    BlockingIOError OSError;
    ChildProcessError OSError;
    ConnectionError OSError;
    BrokenPipeError ConnectionError;
    ConnectionAbortedError ConnectionError;
    ConnectionRefusedError ConnectionError;
    ConnectionResetError ConnectionError;
    FileExistsError OSError;
    FileNotFoundError OSError;
    InterruptedError OSError;
    IsADirectoryError OSError;
    NotADirectoryError OSError;
    PermissionError OSError;
    ProcessLookupError OSError;
    TimeoutError OSError;
    ReferenceError Exception;
    RuntimeError Exception;
    NotImplementedError RuntimeError;
    RecursionError RuntimeError;
    StopAsyncIteration Exception;
    StopIteration Exception;
    SyntaxError Exception;
    IndentationError SyntaxError;
    TabError IndentationError;
    SystemError Exception;
    TypeError Exception;
    ValueError Exception;
    UnicodeError ValueError;
    UnicodeDecodeError UnicodeError;
    UnicodeEncodeError UnicodeError;
    UnicodeTranslateError UnicodeError;
    Warning Exception;
    BytesWarning Warning;
    DeprecationWarning Warning;
    EncodingWarning Warning;
    FutureWarning Warning;
    ImportWarning Warning;
    PendingDeprecationWarning Warning;
    ResourceWarning Warning;
    RuntimeWarning Warning;
    SyntaxWarning Warning;
    UnicodeWarning Warning;
    UserWarning Warning;
} }
