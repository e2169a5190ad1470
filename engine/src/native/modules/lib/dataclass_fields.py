"""The fields of dataclasses: what a class says of them."""

import sys as _sys
import types as _types
from _rules import dataclass_slots as _slots, dataclass_unhashable_defaults as _unhashable, members as _members
from _types import GenericAlias as _GenericAlias

# The classes made here belong to `dataclasses`.
__name__ = "dataclasses"


class FrozenInstanceError(AttributeError):
    pass


class _MISSING_TYPE:
    pass


MISSING = _MISSING_TYPE()


class _HAS_DEFAULT_FACTORY_CLASS:
    def __repr__(self):
        return "<factory>"


_FACTORY = _HAS_DEFAULT_FACTORY_CLASS()


class _KW_ONLY_TYPE:
    pass


if _slots:
    KW_ONLY = _KW_ONLY_TYPE()
_FIELDS = "__dataclass_fields__"
_PARAMS = "__dataclass_params__"


class _Kind:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


_FIELD = _Kind("_FIELD")
_FIELD_CLASSVAR = _Kind("_FIELD_CLASSVAR")
_FIELD_INITVAR = _Kind("_FIELD_INITVAR")


class InitVar:
    """A parameter of `__init__` that is no attribute."""

    __slots__ = ("type",)

    def __init__(self, type):
        self.type = type

    def __repr__(self):
        name = self.type.__name__ if isinstance(self.type, type) else repr(self.type)
        return "dataclasses.InitVar[{}]".format(name)

    def __class_getitem__(cls, type):
        return InitVar(type)


class Field:
    """What a dataclass knows of one of its fields."""

    __slots__ = (
        "name", "type", "default", "default_factory", "repr", "hash", "init", "compare", "metadata", "kw_only",
        "_field_type",
    )

    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only=False):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = _types.MappingProxyType({} if metadata is None else metadata)
        self.kw_only = kw_only
        self._field_type = None

    def __repr__(self):
        shown = "name type default default_factory init repr hash compare metadata"
        if _slots:
            shown += " kw_only"
        parts = ["{}={!r}".format(name, getattr(self, name)) for name in shown.split()]
        return "Field({},_field_type={})".format(",".join(parts), self._field_type)

    def __set_name__(self, owner, name):
        func = getattr(type(self.default), "__set_name__", None)
        if func:
            func(self.default, owner, name)

    if _GenericAlias is not None:
        __class_getitem__ = classmethod(_GenericAlias)


class _DataclassParams:
    __slots__ = ("init", "repr", "eq", "order", "unsafe_hash", "frozen", "match_args", "kw_only", "slots", "weakref_slot")

    def __init__(self, **params):
        for name, value in params.items():
            setattr(self, name, value)

    def __repr__(self):
        names = self.__slots__[: 6 if _members < 12 else 10]
        return "_DataclassParams({})".format(",".join("{}={!r}".format(name, getattr(self, name)) for name in names))


def _field(default, default_factory, init, repr, hash, compare, metadata, kw_only):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


if _slots:

    def field(
        *, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None,
        kw_only=MISSING
    ):
        """Says more of a field than its annotation does."""
        return _field(default, default_factory, init, repr, hash, compare, metadata, kw_only)

else:

    def field(
        *, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None
    ):
        """Says more of a field than its annotation does."""
        return _field(default, default_factory, init, repr, hash, compare, metadata, False)


# ---- what a class says of its fields ---------------------------------------------------------------------------


def _own_annotations(cls):
    namespace = cls.__dict__
    if "__annotations__" in namespace:
        return namespace["__annotations__"]
    if "__annotate_func__" in namespace or "__annotate__" in namespace:
        return cls.__annotations__
    return {}


def _is_marker(annotation, name):
    """Whether an annotation is `ClassVar`, `InitVar` or the like, maybe as text."""
    if isinstance(annotation, str):
        head = annotation.split("[")[0].strip()
        return head.rsplit(".", 1)[-1] == name
    typing = _sys.modules.get("typing")
    marker = getattr(typing, name, None) if typing else None
    return marker is not None and (annotation is marker or getattr(annotation, "__origin__", None) is marker)


def _get_field(cls, name, annotation, kw_only):
    default = getattr(cls, name, MISSING)
    if isinstance(default, Field):
        made = default
    else:
        if isinstance(default, _types.MemberDescriptorType):
            # A slot's descriptor is no default.
            default = MISSING
        made = field(default=default)
    made.name = name
    made.type = annotation
    made._field_type = _FIELD
    if _is_marker(annotation, "ClassVar"):
        made._field_type = _FIELD_CLASSVAR
    elif annotation is InitVar or type(annotation) is InitVar or _is_marker(annotation, "InitVar"):
        made._field_type = _FIELD_INITVAR
    if made._field_type is not _FIELD and made.default_factory is not MISSING:
        raise TypeError("field {} cannot have a default factory".format(name))
    if made._field_type is _FIELD_CLASSVAR:
        if made.kw_only is not MISSING and _slots:
            raise TypeError("field {} is a ClassVar but specifies kw_only".format(name))
    elif made.kw_only is MISSING:
        made.kw_only = kw_only
    if made._field_type is _FIELD:
        kind = type(made.default)
        mutable = kind.__hash__ is None if _unhashable else isinstance(made.default, (list, dict, set))
        if mutable:
            raise ValueError("mutable default {} for field {} is not allowed: use default_factory".format(kind, name))
    return made


def _collect(cls, frozen, kw_only):
    known = {}
    any_frozen = None
    has_bases = False
    for base in cls.__mro__[-1:0:-1]:
        inherited = base.__dict__.get(_FIELDS) if _slots else getattr(base, _FIELDS, None)
        if inherited is not None:
            has_bases = True
            known.update(inherited)
            was_frozen = getattr(base, _PARAMS).frozen
            any_frozen = was_frozen if any_frozen is None else any_frozen and was_frozen
    own = []
    only = kw_only
    for name, annotation in _own_annotations(cls).items():
        if _slots and (annotation is KW_ONLY or _is_text_kw_only(annotation)):
            if only is True and not kw_only:
                raise TypeError("{!r} is KW_ONLY, but KW_ONLY has already been specified".format(name))
            only = True
        else:
            own.append(_get_field(cls, name, annotation, only))
    for made in own:
        known[made.name] = made
        if isinstance(getattr(cls, made.name, None), Field):
            if made.default is MISSING:
                delattr(cls, made.name)
            else:
                setattr(cls, made.name, made.default)
    for name, value in cls.__dict__.items():
        if isinstance(value, Field) and name not in _own_annotations(cls):
            raise TypeError("{!r} is a field but has no type annotation".format(name))
    if has_bases:
        if any_frozen and not frozen:
            raise TypeError("cannot inherit non-frozen dataclass from a frozen one")
        if not any_frozen and frozen:
            raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
    return known


def _is_text_kw_only(annotation):
    return isinstance(annotation, str) and annotation.rsplit(".", 1)[-1] == "KW_ONLY"
