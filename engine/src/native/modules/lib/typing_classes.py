"""Classes that `typing` makes in its own way: TypedDict, NamedTuple, Protocol, NewType."""

import collections
import sys
from abc import ABCMeta
from _typing import Generic
from _typing_alias import Alias, ForwardRef, converted, join_union
from _rules import members as _members


def _caller():
    return sys._getframe(2).f_globals.get("__name__", "__main__")


def _own_annotations(space):
    """The annotations of a class body, evaluated where the version defers them."""
    found = space.get("__annotations__")
    if found is None:
        annotate = space.get("__annotate__") or space.get("__annotate_func__")
        found = annotate(1) if annotate is not None else {}
    text = "TypedDict('Name', {f0: t0, f1: t1, ...}); each t must be a type"
    return {name: converted(value, text) for name, value in found.items()}


# ---- TypedDict ---------------------------------------------------------------------------------------------------


class _TypedDictMeta(type):
    def __new__(cls, name, bases, ns, total=True, **kwds):
        for base in bases:
            if type(base) is not _TypedDictMeta and base is not Generic:
                raise TypeError("cannot inherit from both a TypedDict type and a non-TypedDict base class")
        generic = (Generic,) if any(issubclass(base, Generic) for base in bases) else ()
        own = _own_annotations(ns)
        ns = {key: value for key, value in ns.items() if key not in ("__annotate__", "__annotate_func__")}
        ns.pop("__annotations__", None)
        made = type.__new__(_TypedDictMeta, name, generic + (dict,), ns)
        fields, required, optional = {}, set(), set()
        for base in bases:
            fields.update(base.__dict__.get("__annotations__", {}))
            required |= base.__dict__.get("__required_keys__", set())
            optional |= base.__dict__.get("__optional_keys__", set())
        for key, value in own.items():
            plain = value
            while isinstance(plain, Alias) and getattr(plain.__origin__, "_name", None) in ("Annotated", "ReadOnly"):
                plain = plain.__args__[0]
            mark = getattr(getattr(plain, "__origin__", None), "_name", None)
            needed = {"Required": True, "NotRequired": False}.get(mark, total)
            (required if needed else optional).add(key)
            (optional if needed else required).discard(key)
        fields.update(own)
        made.__annotations__ = fields
        made.__required_keys__ = frozenset(required)
        made.__optional_keys__ = frozenset(optional)
        made.__total__ = total
        made.__orig_bases__ = ns.get("__orig_bases__", bases or (TypedDict,))
        return made

    __call__ = dict

    def __subclasscheck__(cls, other):
        raise TypeError("TypedDict does not support instance and class checks")

    __instancecheck__ = __subclasscheck__


def TypedDict(typename, fields=None, /, *, total=True, **kwargs):
    """A dict with these keys, each with its type."""
    if fields is None:
        fields = kwargs
    ns = {"__annotations__": dict(fields), "__module__": _caller()}
    made = _TypedDictMeta(typename, (), ns, total=total)
    made.__orig_bases__ = (TypedDict,)
    return made


_TypedDict = type.__new__(_TypedDictMeta, "TypedDict", (), {"__module__": "typing"})
TypedDict.__mro_entries__ = lambda bases: (_TypedDict,)


def is_typeddict(tp):
    return isinstance(tp, _TypedDictMeta) and tp is not _TypedDict


# ---- NamedTuple --------------------------------------------------------------------------------------------------

_forbidden = {"__new__", "__init__", "__slots__", "__getnewargs__", "_fields", "_field_defaults", "_field_types", "_make",
              "_replace", "_asdict", "_source"}
_special = {"__module__", "__name__", "__annotations__", "__annotate__", "__annotate_func__", "__orig_bases__",
            "__firstlineno__", "__static_attributes__", "__classdictcell__", "__qualname__", "__doc__"}


def _named_tuple(name, types, defaults, module):
    made = collections.namedtuple(name, [field for field, _ in types], defaults=defaults, module=module)
    text = "field {} annotation must be a type"
    notes = {field: converted(value, text.format(field)) for field, value in types}
    made.__annotations__ = notes
    made.__new__.__annotations__ = notes
    return made


class _NamedTupleMeta(type):
    def __new__(cls, typename, bases, ns):
        generic = tuple([base for base in bases if base is Generic])
        types = list(_own_annotations(ns).items())
        defaults = []
        for field, _ in types:
            if field in ns:
                defaults.append(field)
            elif defaults:
                raise TypeError("Non-default namedtuple field {} cannot follow default field{} {}".format(
                    field, "s" if len(defaults) > 1 else "", ", ".join(defaults)))
        made = _named_tuple(typename, types, [ns[field] for field in defaults], ns["__module__"])
        if generic:
            made = type(typename, (made,) + generic, {"__slots__": (), "__module__": ns["__module__"]})
        for key, value in ns.items():
            if key in _forbidden:
                raise AttributeError("Cannot overwrite NamedTuple attribute " + key)
            if key not in _special and key not in made._fields:
                setattr(made, key, value)
        if ns.get("__doc__") is not None:
            made.__doc__ = ns["__doc__"]
        if "__qualname__" in ns:
            made.__qualname__ = ns["__qualname__"]
        if _members >= 9:
            made.__orig_bases__ = ns.get("__orig_bases__", (NamedTuple,))
        return made


def NamedTuple(typename, fields=None, /, **kwargs):
    """A tuple whose items have names and types."""
    if fields is None:
        fields = kwargs.items()
    made = _named_tuple(typename, list(fields), (), _caller())
    made.__orig_bases__ = (NamedTuple,)
    return made


_NamedTuple = type.__new__(_NamedTupleMeta, "NamedTuple", (), {})
NamedTuple.__mro_entries__ = lambda bases: (_NamedTuple,)

# ---- Protocol ----------------------------------------------------------------------------------------------------

_not_members = {
    "__abstractmethods__", "__annotations__", "__dict__", "__doc__", "__init__", "__module__", "__new__", "__slots__",
    "__subclasshook__", "__weakref__", "__class_getitem__", "__match_args__", "__static_attributes__", "__firstlineno__",
    "__parameters__", "__orig_bases__", "__orig_class__", "_is_protocol", "_is_runtime_protocol", "__protocol_attrs__",
    "__non_callable_proto_members__", "__type_params__", "__annotate__", "__annotate_func__", "__annotations_cache__",
    "__qualname__", "__classdictcell__", "_abc_impl",
}


def _protocol_members(cls):
    names = set()
    for base in cls.__mro__[:-1]:
        if base.__name__ in ("Protocol", "Generic") and base.__module__ in ("typing",):
            continue
        own = dict(base.__dict__)
        for key in list(own) + list(_own_annotations(base.__dict__)):
            if key not in _not_members:
                names.add(key)
    return names


class _ProtocolMeta(ABCMeta):
    def __instancecheck__(cls, instance):
        if not getattr(cls, "_is_protocol", False) or cls is Protocol:
            return super().__instancecheck__(instance)
        if not getattr(cls, "_is_runtime_protocol", False):
            if cls in type(instance).__mro__ and _members < 12:
                return True
            raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
        if super().__instancecheck__(instance):
            return True
        for name in _protocol_members(cls):
            try:
                value = getattr(instance, name)
            except AttributeError:
                return False
            if value is None and callable(getattr(cls, name, None)):
                return False
        return True

    def __subclasscheck__(cls, other):
        if cls is Protocol or not getattr(cls, "_is_protocol", False):
            return super().__subclasscheck__(other)
        if not isinstance(other, type):
            raise TypeError("issubclass() arg 1 must be a class")
        if not getattr(cls, "_is_runtime_protocol", False):
            raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
        names = _protocol_members(cls)
        data = sorted([name for name in names if not callable(getattr(cls, name, None))])
        if data:
            text = "Protocols with non-method members don't support issubclass()"
            if _members >= 13:
                text += ". Non-method members: {}.".format(str(data)[1:-1])
            raise TypeError(text)
        for name in names:
            for base in other.__mro__:
                if name in base.__dict__:
                    if base.__dict__[name] is None:
                        return False
                    break
            else:
                return False
        return True


def _no_init(self, *args, **kwargs):
    if type(self)._is_protocol:
        raise TypeError("Protocols cannot be instantiated")


class Protocol(Generic, metaclass=_ProtocolMeta):
    """What an object must have, whatever its class."""

    __slots__ = ()
    _is_protocol = True
    _is_runtime_protocol = False

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        if "_is_protocol" not in cls.__dict__:
            cls._is_protocol = any(base is Protocol for base in cls.__bases__)
        if not cls._is_protocol:
            return
        for base in cls.__bases__:
            allowed = base in (object, Generic) or getattr(base, "_is_protocol", False) or (
                base.__module__ in ("collections.abc", "typing", "contextlib"))
            if not allowed:
                raise TypeError("Protocols can only inherit from other protocols, got {!r}".format(base))
        if cls.__init__ is object.__init__ or cls.__init__ is Protocol.__init__:
            cls.__init__ = _no_init


def runtime_checkable(cls):
    """Lets a protocol be asked with `isinstance`."""
    if not (isinstance(cls, type) and getattr(cls, "_is_protocol", False)):
        raise TypeError("@runtime_checkable can be only applied to protocol classes, got {!r}".format(cls))
    cls._is_runtime_protocol = True
    return cls


def is_protocol(tp, /):
    return isinstance(tp, type) and getattr(tp, "_is_protocol", False) and tp is not Protocol


def get_protocol_members(tp, /):
    if not is_protocol(tp):
        raise TypeError("{!r} is not a Protocol".format(tp))
    return frozenset(_protocol_members(tp))


# ---- NewType -----------------------------------------------------------------------------------------------------

if _members >= 10:
    class NewType:
        """A name for a type that is another one to a type checker."""

        def __init__(self, name, tp):
            self.__qualname__ = name
            self.__name__ = name.rpartition(".")[-1]
            self.__supertype__ = tp
            self.__module__ = _caller()

        def __call__(self, x):
            return x

        def __mro_entries__(self, bases):
            raise TypeError("Cannot subclass an instance of NewType. Perhaps you were looking for: `{0} = NewType("
                            "{0!r}, {1})`".format("Sub", self.__name__))

        def __repr__(self):
            return "{}.{}".format(self.__module__, self.__qualname__)

        def __reduce__(self):
            return self.__qualname__

        def __or__(self, other):
            return join_union([self, converted(other, "")])

        def __ror__(self, other):
            return join_union([converted(other, ""), self])
else:
    def NewType(name, tp):
        """A function that gives back what it gets."""
        def new_type(x):
            return x

        new_type.__name__ = name
        new_type.__supertype__ = tp
        return new_type


for _cls in (TypedDict, NamedTuple, Protocol, NewType, runtime_checkable):
    _cls.__module__ = "typing"
