"""Tuples whose items have names."""

import sys as _sys
from _rules import members as _members

# The functions made here belong to `collections`.
__name__ = "collections"


# The item of a tuple at a place, as an attribute.
class _tuplegetter:
    __slots__ = ("_index", "__doc__")

    def __init__(self, index, doc):
        self._index = index
        self.__doc__ = doc

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if not isinstance(instance, tuple):
            raise TypeError(
                "descriptor for index '{}' for tuple subclasses doesn't apply to '{}' object".format(
                    self._index, type(instance).__name__
                )
            )
        return tuple.__getitem__(instance, self._index)

    def __set__(self, instance, value):
        raise AttributeError("can't set attribute")

    def __delete__(self, instance):
        raise AttributeError("can't delete attribute")

    def __reduce__(self):
        return _tuplegetter, (self._index, self.__doc__)

    def __repr__(self):
        return "_tuplegetter({}, {!r})".format(self._index, self.__doc__)


def _checked(typename, field_names, rename):
    from keyword import iskeyword

    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    field_names = list(map(str, field_names))
    if rename:
        seen = set()
        for index, name in enumerate(field_names):
            if not name.isidentifier() or iskeyword(name) or name.startswith("_") or name in seen:
                field_names[index] = "_{}".format(index)
            seen.add(name)
    for name in [typename] + field_names:
        if type(name) is not str:
            raise TypeError("Type names and field names must be strings")
        if not name.isidentifier():
            raise ValueError("Type names and field names must be valid identifiers: {!r}".format(name))
        if iskeyword(name):
            raise ValueError("Type names and field names cannot be a keyword: {!r}".format(name))
    seen = set()
    for name in field_names:
        if name.startswith("_") and not rename:
            raise ValueError("Field names cannot start with an underscore: {!r}".format(name))
        if name in seen:
            raise ValueError("Encountered duplicate field name: {!r}".format(name))
        seen.add(name)
    return tuple(map(_sys.intern, field_names))


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    """A new subclass of tuple with named items."""
    typename = _sys.intern(str(typename))
    field_names = _checked(typename, field_names, rename)
    field_defaults = {}
    if defaults is not None:
        defaults = tuple(defaults)
        if len(defaults) > len(field_names):
            raise TypeError("Got more default values than field names")
        field_defaults = dict(reversed(list(zip(reversed(field_names), reversed(defaults)))))
    num_fields = len(field_names)
    arg_list = ", ".join(field_names)
    if num_fields == 1:
        arg_list += ","
    namespace = {
        "_tuple_new": tuple.__new__,
        "__builtins__": {},
        "__name__": "namedtuple_{}".format(typename),
    }
    __new__ = eval("lambda _cls, {}: _tuple_new(_cls, ({}))".format(arg_list, arg_list), namespace)
    __new__.__name__ = "__new__"
    __new__.__doc__ = "Create new instance of {}({})".format(typename, arg_list)
    if defaults is not None:
        __new__.__defaults__ = defaults
    repr_fmt = "(" + ", ".join("{}=%r".format(name) for name in field_names) + ")"

    def _make(cls, iterable):
        result = tuple.__new__(cls, iterable)
        if len(result) != num_fields:
            raise TypeError("Expected {} arguments, got {}".format(num_fields, len(result)))
        return result

    def _replace(self, /, **kwds):
        result = self._make(map(kwds.pop, field_names, self))
        if kwds:
            error = TypeError if _members >= 13 else ValueError
            raise error("Got unexpected field names: {!r}".format(list(kwds)))
        return result

    def __repr__(self):
        return self.__class__.__name__ + repr_fmt % tuple.__getitem__(self, slice(None))

    def _asdict(self):
        return dict(zip(self._fields, self))

    def __getnewargs__(self):
        return tuple(self)

    for method in (__new__, _make, _replace, __repr__, _asdict, __getnewargs__):
        method.__qualname__ = "{}.{}".format(typename, method.__name__)
    class_namespace = {
        "__doc__": "{}({})".format(typename, arg_list),
        "__slots__": (),
        "_fields": field_names,
        "_field_defaults": field_defaults,
        "__new__": __new__,
        "_make": classmethod(_make),
        "_replace": _replace,
        "__repr__": __repr__,
        "_asdict": _asdict,
        "__getnewargs__": __getnewargs__,
        "__match_args__": field_names,
    }
    if _members >= 13:
        class_namespace["__replace__"] = _replace
    for index, name in enumerate(field_names):
        class_namespace[name] = _tuplegetter(index, _sys.intern("Alias for field number {}".format(index)))
    result = type(typename, (tuple,), class_namespace)
    if module is None:
        module = _sys._getframe(1).f_globals.get("__name__", "__main__")
    result.__module__ = module
    return result
