"""Classes whose methods follow from their annotated fields."""

import sys as _sys
import types as _types
import _dataclass_fields
from _dataclass_fields import (
    _FACTORY, _FIELD, _FIELD_CLASSVAR, _FIELD_INITVAR, _FIELDS, _PARAMS, _DataclassParams, _collect, Field,
    FrozenInstanceError, InitVar, MISSING, field,
)
from _rules import frozen_enforced as _frozen_enforced
from _rules import dataclass_replace_type_error as _replace_type_error, dataclass_slots as _slots, members as _members

__all__ = [
    "dataclass", "field", "Field", "FrozenInstanceError", "InitVar", "MISSING", "fields", "asdict", "astuple",
    "make_dataclass", "replace", "is_dataclass",
]

if _slots:
    KW_ONLY = _dataclass_fields.KW_ONLY
    __all__.append("KW_ONLY")


# ---- methods ---------------------------------------------------------------------------------------------------


def _make_function(cls, name, params, body, names):
    """A function from its text; `names` are what the text refers to."""
    text = "def {}({}):\n{}".format(name, ", ".join(params), "".join("    {}\n".format(line) for line in body))
    module = _sys.modules.get(cls.__module__)
    space = dict(names)
    space["__name__"] = cls.__module__ if module is None else module.__name__
    exec(text, space)
    made = space.pop(name)
    made.__qualname__ = "{}.{}".format(cls.__qualname__, name)
    return made


def _init_function(cls, known, frozen, has_post_init, slots):
    std = [f for f in known if f.init and not f.kw_only]
    only = [f for f in known if f.init and f.kw_only]
    seen_default = None
    for f in std:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen_default = f
        elif seen_default is not None:
            text = "non-default argument {!r} follows default argument".format(f.name)
            raise TypeError(text if _members < 12 else text + " {!r}".format(seen_default.name))
    names = {"_MISSING": MISSING, "_FACTORY": _FACTORY, "_object": object}
    params = ["self"]
    for group, fields_ in (("", std), ("*", only)):
        if group and fields_:
            params.append(group)
        for f in fields_:
            if f.default is not MISSING:
                names["_default_" + f.name] = f.default
                params.append("{0}=_default_{0}".format(f.name))
            elif f.default_factory is not MISSING:
                params.append("{}=_FACTORY".format(f.name))
            else:
                params.append(f.name)
    body = []
    for f in known:
        if f.default_factory is not MISSING:
            names["_factory_" + f.name] = f.default_factory
            value = "_factory_{}()".format(f.name)
            if f.init:
                value = "{0} if {1} is _FACTORY else {1}".format(value, f.name)
        elif f.init:
            value = f.name
        elif slots and f.default is not MISSING:
            names["_default_" + f.name] = f.default
            value = "_default_" + f.name
        else:
            continue
        if f._field_type is _FIELD_INITVAR:
            continue
        if frozen:
            body.append("_object.__setattr__(self, {!r}, {})".format(f.name, value))
        else:
            body.append("self.{} = {}".format(f.name, value))
    if has_post_init:
        given = [f.name for f in known if f._field_type is _FIELD_INITVAR]
        body.append("self.__post_init__({})".format(", ".join(given)))
    made = _make_function(cls, "__init__", params, body or ["pass"], names)
    made.__annotations__ = {f.name: f.type for f in std + only}
    made.__annotations__["return"] = None
    return made


_repr_running = set()


def _repr_function(cls, known):
    names = [f.name for f in known if f.repr]

    def __repr__(self):
        key = id(self)
        if key in _repr_running:
            return "..."
        _repr_running.add(key)
        try:
            parts = ["{}={!r}".format(name, getattr(self, name)) for name in names]
            return "{}({})".format(self.__class__.__qualname__, ", ".join(parts))
        finally:
            _repr_running.discard(key)

    __repr__.__qualname__ = cls.__qualname__ + ".__repr__"
    return __repr__


def _tuple_text(who, known):
    return "({})".format("".join("{}.{},".format(who, f.name) for f in known))


def _comparison(cls, name, op, known):
    if op == "==" and _members >= 13:
        terms = ["self.{0}==other.{0}".format(f.name) for f in known]
        answer = " and ".join(terms) or "True"
        body = ["if self is other:", "    return True"]
    else:
        answer = "{}{}{}".format(_tuple_text("self", known), op, _tuple_text("other", known))
        body = []
    body += ["if other.__class__ is self.__class__:", "    return " + answer, "return NotImplemented"]
    return _make_function(cls, name, ["self", "other"], body, {})


def _frozen_functions(cls, known):
    names = {f.name for f in known}

    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError("cannot assign to field {!r}".format(name))
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError("cannot delete field {!r}".format(name))
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__


def _set_new(cls, name, value):
    if name in cls.__dict__:
        return True
    value.__qualname__ = "{}.{}".format(cls.__qualname__, name)
    setattr(cls, name, value)
    return False


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
    known = _collect(cls, frozen, kw_only)
    setattr(cls, _FIELDS, known)
    params = _DataclassParams(
        init=init, repr=repr, eq=eq, order=order, unsafe_hash=unsafe_hash, frozen=frozen, match_args=match_args,
        kw_only=kw_only, slots=slots, weakref_slot=weakref_slot,
    )
    setattr(cls, _PARAMS, params)
    own_hash = cls.__dict__.get("__hash__", MISSING)
    has_own_hash = not (own_hash is MISSING or (own_hash is None and "__eq__" in cls.__dict__))
    if order and not eq:
        raise ValueError("eq must be true if order is true")
    instance_fields = [f for f in known.values() if f._field_type is _FIELD]
    if init:
        with_vars = [f for f in known.values() if f._field_type is not _FIELD_CLASSVAR]
        has_post_init = hasattr(cls, "__post_init__")
        _set_new(cls, "__init__", _init_function(cls, with_vars, frozen, has_post_init, slots))
    if repr:
        _set_new(cls, "__repr__", _repr_function(cls, instance_fields))
    compared = [f for f in instance_fields if f.compare]
    if eq:
        _set_new(cls, "__eq__", _comparison(cls, "__eq__", "==", compared))
    if order:
        for name, op in (("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">=")):
            if _set_new(cls, name, _comparison(cls, name, op, compared)):
                raise TypeError(
                    "Cannot overwrite attribute {} in class {}{} Consider using functools.total_ordering".format(
                        name, cls.__name__, "." if _members < 13 else ""
                    )
                )
    if frozen and _frozen_enforced:
        for made in _frozen_functions(cls, instance_fields):
            if _set_new(cls, made.__name__, made):
                raise TypeError("Cannot overwrite attribute {} in class {}".format(made.__name__, cls.__name__))
    if unsafe_hash or (eq and frozen):
        if unsafe_hash and has_own_hash:
            raise TypeError("Cannot overwrite attribute __hash__ in class {}".format(cls.__name__))
        if not has_own_hash:
            hashed = [f for f in instance_fields if (f.compare if f.hash is None else f.hash)]
            body = ["return hash({})".format(_tuple_text("self", hashed))]
            cls.__hash__ = _make_function(cls, "__hash__", ["self"], body, {})
    elif eq and not has_own_hash:
        cls.__hash__ = None
    if not getattr(cls, "__doc__"):
        cls.__doc__ = cls.__name__ + _signature(known.values())
    if match_args and _slots and "__match_args__" not in cls.__dict__:
        cls.__match_args__ = tuple([f.name for f in instance_fields if f.init and not f.kw_only])
    if _members >= 13:
        _set_new(cls, "__replace__", _replace)
    if slots:
        cls = _add_slots(cls, frozen, weakref_slot)
    elif weakref_slot:
        raise TypeError("weakref_slot is True but slots is False")
    if hasattr(cls, "__abstractmethods__"):
        from abc import update_abstractmethods

        update_abstractmethods(cls)
    return cls


def _signature(known):
    shown = []
    for f in known:
        if f._field_type is _FIELD_CLASSVAR or not f.init:
            continue
        annotation = f.type.__qualname__ if isinstance(f.type, type) else repr(f.type)
        default = "" if f.default is MISSING else " = {!r}".format(f.default)
        if f.default_factory is not MISSING:
            default = " = <factory>"
        shown.append("{}: {}{}".format(f.name, annotation, default))
    return "({})".format(", ".join(shown)) if _members < 13 or shown else "()"


def _getstate(self):
    return [getattr(self, f.name) for f in fields(self)]


def _setstate(self, state):
    for f, value in zip(fields(self), state):
        object.__setattr__(self, f.name, value)


def _slot_names(cls):
    slots = cls.__dict__.get("__slots__", ())
    return [slots] if isinstance(slots, str) else list(slots or ())


def _add_slots(cls, frozen, weakref_slot):
    if "__slots__" in cls.__dict__:
        raise TypeError("{} already specifies __slots__".format(cls.__name__))
    namespace = dict(cls.__dict__)
    field_names = tuple([f.name for f in fields(cls)])
    inherited = {name for base in cls.__mro__[1:-1] for name in _slot_names(base)}
    wanted = field_names + (("__weakref__",) if weakref_slot else ())
    namespace["__slots__"] = tuple([n for n in wanted if n not in inherited]) if _members >= 11 else field_names
    for name in field_names:
        namespace.pop(name, None)
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    qualname = getattr(cls, "__qualname__", None)
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    if qualname is not None:
        made.__qualname__ = qualname
    if frozen:
        if "__getstate__" not in namespace:
            made.__getstate__ = _getstate
        if "__setstate__" not in namespace:
            made.__setstate__ = _setstate
    return made


if _slots and _members >= 11:

    def dataclass(
        cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True,
        kw_only=False, slots=False, weakref_slot=False
    ):
        """Adds methods to a class by its fields."""

        def wrap(cls):
            return _process(
                cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot
            )

        return wrap if cls is None else wrap(cls)

elif _slots:

    def dataclass(
        cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True,
        kw_only=False, slots=False
    ):
        """Adds methods to a class by its fields."""

        def wrap(cls):
            return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, False)

        return wrap if cls is None else wrap(cls)

else:

    def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False):
        """Adds methods to a class by its fields."""

        def wrap(cls):
            return _process(cls, init, repr, eq, order, unsafe_hash, frozen, False, False, False, False)

        return wrap if cls is None else wrap(cls)


# ---- functions of instances ------------------------------------------------------------------------------------


def fields(class_or_instance):
    """The fields of a dataclass or an instance."""
    try:
        known = getattr(class_or_instance, _FIELDS)
    except AttributeError:
        raise TypeError("must be called with a dataclass type or instance") from None
    return tuple([f for f in known.values() if f._field_type is _FIELD])


def is_dataclass(obj):
    """Whether something is a dataclass or an instance of one."""
    return hasattr(obj if isinstance(obj, type) else type(obj), _FIELDS)


def _is_instance(obj):
    return hasattr(type(obj), _FIELDS)


def _convert(obj, make, tuple_factory):
    import copy

    if _is_instance(obj):
        return make([(f.name, _convert(getattr(obj, f.name), make, tuple_factory)) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[_convert(v, make, tuple_factory) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_convert(v, make, tuple_factory) for v in obj])
    if isinstance(obj, dict):
        pairs = [(_convert(k, make, tuple_factory), _convert(v, make, tuple_factory)) for k, v in obj.items()]
        if hasattr(type(obj), "default_factory"):
            made = type(obj)(obj.default_factory)
            made.update(pairs)
            return made
        return type(obj)(pairs)
    return copy.deepcopy(obj)


def asdict(obj, *, dict_factory=dict):
    """The fields as a dict, dataclasses inside too; everything is copied."""
    if not _is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return _convert(obj, dict_factory, None)


def astuple(obj, *, tuple_factory=tuple):
    """The fields as a tuple, dataclasses inside too; everything is copied."""
    if not _is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return _convert(obj, lambda pairs: tuple_factory([value for _, value in pairs]), tuple_factory)


def _replace(self, /, **changes):
    for f in getattr(self, _FIELDS).values():
        if f._field_type is _FIELD_CLASSVAR:
            continue
        if not f.init:
            if f.name in changes:
                raise (TypeError if _replace_type_error else ValueError)(
                    "field {} is declared with init=False, it cannot be specified with replace()".format(f.name)
                )
            continue
        if f.name not in changes:
            if f._field_type is _FIELD_INITVAR and f.default is MISSING:
                raise (TypeError if _replace_type_error else ValueError)("InitVar {!r} must be specified with replace()".format(f.name))
            changes[f.name] = getattr(self, f.name)
    return self.__class__(**changes)


def replace(obj, /, **changes):
    """A new instance with some fields changed."""
    if not _is_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    return _replace(obj, **changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **params):
    """A dataclass from its name and its fields."""
    space = {} if namespace is None else dict(namespace)
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            item = (item, "typing.Any")
        name, annotations[name] = item[0], item[1]
        if len(item) == 3:
            space[name] = item[2]
    space["__annotations__"] = annotations
    cls = _types.new_class(cls_name, bases, {}, lambda ns: ns.update(space))
    if _members >= 12:
        cls.__module__ = _sys._getframe(1).f_globals.get("__name__", "__main__")
    return dataclass(cls, **params)
