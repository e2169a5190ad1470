"""Names for annotations, and what of them matters at run time."""

import collections
import collections.abc
import contextlib
import functools
import operator
import sys
import types
from abc import ABCMeta
from _typing import (
    Generic, NoDefault, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeAliasType, TypeVar, TypeVarTuple,
)
from _typing_alias import (
    Alias as _GenericAlias, AnnotatedAlias as _AnnotatedAlias, CallableAlias as _CallableAlias, ForwardRef, Form as
    _SpecialForm, LiteralAlias as _LiteralAlias, Special as _SpecialGenericAlias, UnionAlias as _UnionAlias,
    converted as _converted, join_union as _join_union, shown as _type_repr,
)
from _rules import members as _members
from _typing_classes import (
    NamedTuple, NewType, Protocol, TypedDict, get_protocol_members, is_protocol, is_typeddict, runtime_checkable,
)

TYPE_CHECKING = False

# ---- forms ------------------------------------------------------------------------------------------------------


def _one(name):
    def build(form, parameters):
        if isinstance(parameters, tuple):
            raise TypeError("{} accepts only single type. Got {!r:.100}.".format("typing." + name, parameters))
        return _GenericAlias(form, (_converted(parameters, "{} accepts only single type.".format("typing." + name)),))

    return _SpecialForm(name, build)


if _members >= 11:
    class _AnyMeta(type):
        def __instancecheck__(self, obj):
            if self is Any:
                raise TypeError("typing.Any cannot be used with isinstance()")
            return super().__instancecheck__(obj)

        def __repr__(self):
            return "typing.Any" if self is Any else super().__repr__()

    class Any(metaclass=_AnyMeta):
        """Any type at all."""

        def __new__(cls, *args, **kwargs):
            if cls is Any:
                raise TypeError("Any cannot be instantiated")
            return super().__new__(cls)
else:
    Any = _SpecialForm("Any")

NoReturn = _SpecialForm("NoReturn")
ClassVar = _one("ClassVar")
Final = _one("Final")


def _union(form, parameters):
    if parameters == ():
        raise TypeError("Cannot take a Union of no types.")
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    text = "Union[arg, ...]: each arg must be a type."
    return _join_union([_converted(p, text) for p in parameters])


def _optional(form, parameter):
    if isinstance(parameter, tuple):
        raise TypeError("typing.Optional requires a single type. Got {!r:.100}.".format(parameter))
    return _join_union([_converted(parameter, "typing.Optional requires a single type."), type(None)])


Union = _SpecialForm("Union", _union)
Optional = _SpecialForm("Optional", _optional)


def _literal(form, parameters):
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    flat = []
    for p in parameters:
        flat += p.__args__ if isinstance(p, _LiteralAlias) else [p]
    if _members >= 9:
        kept, seen = [], []
        for p in flat:
            key = p, type(p)
            if key not in seen:
                seen.append(key)
                kept.append(p)
        flat = kept
    return _LiteralAlias(form, tuple(flat))


Literal = _SpecialForm("Literal", _literal)

if _members >= 9:
    class _AnnotatedForm(_SpecialForm):
        pass

    def _annotated(form, parameters):
        if not isinstance(parameters, tuple) or len(parameters) < 2:
            raise TypeError("Annotated[...] should be used with at least two arguments (a type and an annotation).")
        return _AnnotatedAlias(_converted(parameters[0], "Annotated[t, ...]: t must be a type."), parameters[1:])

    Annotated = _AnnotatedForm("Annotated", _annotated)
    from _typing_alias import note_annotated as _note

    _note(Annotated)

if _members >= 10:
    TypeAlias = _SpecialForm("TypeAlias")
    TypeGuard = _one("TypeGuard")

    def _concatenate(form, parameters):
        if not isinstance(parameters, tuple):
            parameters = (parameters,)
        return _GenericAlias(form, parameters)

    Concatenate = _SpecialForm("Concatenate", _concatenate)
if _members >= 11:
    Self = _SpecialForm("Self")
    Never = _SpecialForm("Never")
    LiteralString = _SpecialForm("LiteralString")
    Required = _one("Required")
    NotRequired = _one("NotRequired")

    def _unpack(form, parameter):
        if isinstance(parameter, TypeVarTuple):
            return next(iter(parameter))
        return _GenericAlias(form, (parameter,))

    Unpack = _SpecialForm("Unpack", _unpack)
if _members >= 13:
    ReadOnly = _one("ReadOnly")
    TypeIs = _one("TypeIs")

# ---- generic names of classes --------------------------------------------------------------------------------------

_special = _SpecialGenericAlias
List, Dict, Set, FrozenSet = _special("List", list, 1), _special("Dict", dict, 2), _special("Set", set, 1), _special(
    "FrozenSet", frozenset, 1)
Tuple = _special("Tuple", tuple, -1)
Type = _special("Type", type, 1)
Callable = _special("Callable", collections.abc.Callable, 2)
for _name, _count in (
    ("Hashable", 0), ("Sized", 0), ("Iterable", 1), ("Iterator", 1), ("Reversible", 1), ("Collection", 1),
    ("Container", 1), ("Sequence", 1), ("MutableSequence", 1), ("Mapping", 2), ("MutableMapping", 2), ("MappingView", 1),
    ("KeysView", 1), ("ItemsView", 2), ("ValuesView", 1), ("Awaitable", 1), ("Coroutine", 3), ("AsyncIterable", 1),
    ("AsyncIterator", 1), ("Generator", 3), ("AsyncGenerator", 2), ("MutableSet", 1), ("ByteString", 0),
):
    _found = getattr(collections.abc, _name, None)
    if _found is not None:
        globals()[_name] = _special(_name, _found, _count)
AbstractSet = _special("AbstractSet", collections.abc.Set, 1)
Deque, DefaultDict = _special("Deque", collections.deque, 1), _special("DefaultDict", collections.defaultdict, 2)
OrderedDict, Counter = _special("OrderedDict", collections.OrderedDict, 2), _special("Counter", collections.Counter, 1)
ChainMap = _special("ChainMap", collections.ChainMap, 2)
ContextManager = _special("ContextManager", contextlib.AbstractContextManager, 1 if _members < 13 else -2)
if hasattr(contextlib, "AbstractAsyncContextManager"):
    AsyncContextManager = _special(
        "AsyncContextManager", contextlib.AbstractAsyncContextManager, 1 if _members < 13 else -2)

Text = str
AnyStr = TypeVar("AnyStr", bytes, str)
T = TypeVar("T")
KT = TypeVar("KT")
VT = TypeVar("VT")
T_co = TypeVar("T_co", covariant=True)


def __getattr__(name):
    """The names that need `re` are made when they are asked for."""
    if name in ("Pattern", "Match"):
        import re

        found = _special(name, getattr(re, name), 1)
        globals()[name] = found
        return found
    raise AttributeError("module {!r} has no attribute {!r}".format(__name__, name))


class IO(Generic[AnyStr]):
    """A file."""

    __slots__ = ()


class BinaryIO(IO[bytes]):
    __slots__ = ()


class TextIO(IO[str]):
    __slots__ = ()


def _supports(name, method):
    space = {"__slots__": (), method: lambda self: None, "__module__": "typing", "__qualname__": name}
    return runtime_checkable(types.new_class(name, (Protocol,), {}, lambda ns: ns.update(space)))


SupportsInt, SupportsFloat = _supports("SupportsInt", "__int__"), _supports("SupportsFloat", "__float__")
SupportsComplex, SupportsBytes = _supports("SupportsComplex", "__complex__"), _supports("SupportsBytes", "__bytes__")
SupportsIndex, SupportsAbs = _supports("SupportsIndex", "__index__"), _supports("SupportsAbs", "__abs__")
SupportsRound = _supports("SupportsRound", "__round__")

# ---- functions --------------------------------------------------------------------------------------------------


def cast(typ, val):
    """The value itself: only a type checker sees the type."""
    return val


def overload(func):
    """Describes one way of calling a function; it is not to be called."""
    f = getattr(func, "__func__", func)
    key = getattr(f, "__module__", None), getattr(f, "__qualname__", None)
    _overloads.setdefault(key, []).append(func)
    return _overload_dummy


_overloads = {}


def _overload_dummy(*args, **kwds):
    raise NotImplementedError(
        "You should not call an overloaded function. A series of @overload-decorated functions outside a stub module "
        "should always be followed by an implementation that is not @overload-ed.")


if _members >= 11:
    def get_overloads(func):
        f = getattr(func, "__func__", func)
        return list(_overloads.get((f.__module__, f.__qualname__), ()))

    def clear_overloads():
        _overloads.clear()

    def reveal_type(obj, /):
        print("Runtime type is {!r}".format(type(obj).__name__), file=sys.stderr)
        return obj

    def assert_never(arg, /):
        raise AssertionError("Expected code to be unreachable, but got: {}".format(repr(arg)))

    def assert_type(val, typ, /):
        return val

    def dataclass_transform(**kwargs):
        def decorator(cls_or_fn):
            cls_or_fn.__dataclass_transform__ = kwargs
            return cls_or_fn

        return decorator


def final(f):
    """Says that a class is not to be extended, or a method not to be overridden."""
    if _members >= 11:
        try:
            f.__final__ = True
        except (AttributeError, TypeError):
            pass
    return f


if _members >= 12:
    def override(method, /):
        try:
            method.__override__ = True
        except (AttributeError, TypeError):
            pass
        return method


def no_type_check(arg):
    """Says that annotations are no types."""
    if isinstance(arg, type):
        for found in arg.__dict__.values():
            if isinstance(found, types.FunctionType):
                found.__no_type_check__ = True
    try:
        arg.__no_type_check__ = True
    except TypeError:
        pass
    return arg


def get_origin(tp):
    """What a generic alias was made of."""
    if _members >= 9 and isinstance(tp, _AnnotatedAlias):
        return Annotated
    if tp is Generic:
        return Generic
    if isinstance(tp, getattr(types, "UnionType", ())):
        return Union if _members >= 14 else types.UnionType
    if isinstance(tp, (_GenericAlias, _SpecialGenericAlias, ParamSpecArgs, ParamSpecKwargs)):
        return tp.__origin__
    if isinstance(tp, type(Generic)) and not hasattr(tp, "__args__"):
        return None
    return getattr(tp, "__origin__", None) if hasattr(tp, "__args__") else None


def get_args(tp):
    """The arguments of a generic alias."""
    if _members >= 9 and isinstance(tp, _AnnotatedAlias):
        return (tp.__origin__,) + tp.__metadata__
    args = getattr(tp, "__args__", None)
    if not isinstance(args, tuple) or isinstance(tp, type) and not hasattr(tp, "__origin__"):
        return ()
    if get_origin(tp) is collections.abc.Callable and not (
            len(args) == 2 and (args[0] is Ellipsis or isinstance(args[0], ParamSpec))) and args:
        return list(args[:-1]), args[-1]
    return args



def _evaluated(value, globalns, localns):
    if value is None:
        return type(None)
    if isinstance(value, str):
        value = ForwardRef(value)
    if isinstance(value, ForwardRef):
        value = eval(value.__forward_arg__, globalns, localns)
        return _evaluated(value, globalns, localns)
    if isinstance(value, (_GenericAlias, getattr(types, "GenericAlias", _GenericAlias))):
        args = tuple([
            _evaluated(arg, globalns, localns) if isinstance(arg, (ForwardRef, _GenericAlias)) else arg
            for arg in value.__args__])
        if isinstance(value, _AnnotatedAlias):
            return _AnnotatedAlias(_evaluated(value.__origin__, globalns, localns), value.__metadata__)
        if args != value.__args__ and isinstance(value, _UnionAlias):
            return _join_union(args)
        if args != value.__args__ and isinstance(value, _GenericAlias):
            return value.copy_with(args)
    return value


def _plain(value):
    """Without `Annotated`, `Required` and the like."""
    if isinstance(value, _AnnotatedAlias):
        return _plain(value.__origin__)
    if isinstance(value, _GenericAlias) and getattr(value.__origin__, "_name", None) in ("Required", "NotRequired", "ReadOnly"):
        return _plain(value.__args__[0])
    if isinstance(value, _GenericAlias) and not isinstance(value, _LiteralAlias):
        args = tuple([_plain(arg) for arg in value.__args__])
        if args != value.__args__:
            return _join_union(args) if isinstance(value, _UnionAlias) else value.copy_with(args)
    return value


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    """The annotations with all names found."""
    if getattr(obj, "__no_type_check__", None):
        return {}
    hints = {}
    if isinstance(obj, type):
        for base in reversed(obj.__mro__):
            space = getattr(sys.modules.get(base.__module__), "__dict__", {}) if globalns is None else globalns
            names = dict(base.__dict__) if localns is None else localns
            found = base.__dict__.get("__annotations__") if _members < 14 else getattr(base, "__annotations__", None)
            if isinstance(found, types.GetSetDescriptorType) or found is None:
                continue
            for name, value in found.items():
                hints[name] = _evaluated(value, space, names)
    else:
        if isinstance(obj, types.ModuleType):
            space = obj.__dict__
        else:
            inner = obj
            while hasattr(inner, "__wrapped__"):
                inner = inner.__wrapped__
            space = getattr(inner, "__globals__", {})
        if globalns is None:
            globalns = space
            if localns is None:
                localns = globalns
        elif localns is None:
            localns = globalns
        found = getattr(obj, "__annotations__", None)
        if found is None:
            if isinstance(obj, (types.BuiltinFunctionType, types.MethodType, types.ModuleType)):
                return {}
            raise TypeError("{!r} is not a module, class, method, or function.".format(obj))
        defaults = {}
        if _members < 11 and isinstance(obj, types.FunctionType):
            code = obj.__code__
            names = code.co_varnames[:code.co_argcount]
            values = obj.__defaults__ or ()
            defaults = dict(zip(names[len(names) - len(values):], values))
            defaults.update(obj.__kwdefaults__ or {})
        for name, value in found.items():
            value = _evaluated(value, globalns, localns)
            if name in defaults and defaults[name] is None:
                value = _join_union([value, type(None)])
            hints[name] = value
    return hints if include_extras else {name: _plain(value) for name, value in hints.items()}


if _members < 10:
    del is_typeddict
if _members < 13:
    del get_protocol_members, is_protocol
del _name, _count, _found

__all__ = [
    _name for _name, _found in list(globals().items())
    if _name[0] != "_" and not isinstance(_found, types.ModuleType) and _name not in (
        "ABCMeta", "T", "KT", "VT", "T_co", "ForwardRef" if _members < 9 else "")
] + ["Pattern", "Match"]
