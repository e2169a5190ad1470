"""Enumerations: classes whose instances are their named constants, one object for each value.

The metaclass makes the members. Until 3.10 it does so when the class exists, and its own `__getattr__` finds them; from
3.11 on each member takes the place of its value while the class is made, so that `__init_subclass__` sees it.
"""

import builtins as bltns
import sys
from types import DynamicClassAttribute, MappingProxyType
from _enum_names import (
    EnumDict as _EnumDict, auto, is_sunder as _is_sunder, member as _member, nonmember as _nonmember,
    no_value as _no_value,
)
from warnings import warn as _warn
from _rules import members as _version

_new = _version >= 11

__all__ = ["EnumMeta", "Enum", "IntEnum", "Flag", "IntFlag", "auto", "unique"]
if _new:
    member, nonmember = _member, _nonmember
    __all__ += [
        "EnumType", "StrEnum", "ReprEnum", "member", "nonmember", "property", "verify", "UNIQUE", "CONTINUOUS",
        "NAMED_FLAGS", "EnumCheck", "FlagBoundary", "STRICT", "CONFORM", "EJECT", "KEEP", "global_enum",
        "global_enum_repr", "global_flag_repr", "global_str",
    ]
    __all__ += ["pickle_by_global_name", "pickle_by_enum_name"]
    if _version >= 13:
        __all__.append("EnumDict")
        EnumDict = _EnumDict
    if _version >= 15:
        __all__ += ["show_flag_values", "bin"]

# Bound below: the metaclass makes them before they exist.
Enum = Flag = ReprEnum = None


class _Attribute(DynamicClassAttribute):
    """An attribute of members which leaves its name on the class to a member of that name."""

    def __set_name__(self, owner, name):
        self.name = name
        self.clsname = owner.__name__

    def __get__(self, instance, ownerclass=None):
        if instance is None:
            found = ownerclass._member_map_.get(self.name)
            if found is not None:
                return found
            raise AttributeError("%r has no attribute %r" % (ownerclass, self.name))
        if self.fget is None:
            found = ownerclass._member_map_.get(self.name)
            if found is not None:
                return found
            raise AttributeError("%r has no attribute %r" % (ownerclass, self.name))
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("<enum %r> cannot set attribute %r" % (self.clsname, self.name))
        return self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError("<enum %r> cannot delete attribute %r" % (self.clsname, self.name))
        return self.fdel(instance)


_attribute = _Attribute if _new else DynamicClassAttribute


class _Pending:
    """Stands in a class body for a member until the class exists."""

    def __init__(self, value):
        self.value = value

    def __set_name__(self, cls, name):
        delattr(cls, name)
        found = _make_member(cls, name, self.value)
        inherited = None
        for base in cls.__mro__[1:]:
            inherited = base.__dict__.get(name)
            if inherited is not None:
                break
        if isinstance(inherited, _Attribute):
            redirect = _Attribute(inherited.fget, inherited.fset, inherited.fdel)
            redirect.__set_name__(cls, name)
            type.__setattr__(cls, name, redirect)
        else:
            type.__setattr__(cls, name, found)


def _bits(value):
    """The single bits of a number that is not negative, lowest first."""
    while value:
        bit = value & -value
        yield bit
        value ^= bit


def _single_bit(value):
    return value > 0 and value & (value - 1) == 0


def _make_member(cls, name, value):
    """The member of this name: a new object, or the one that has this value already."""
    args = value if isinstance(value, tuple) else (value,)
    if cls._member_type_ is tuple:
        args = (args,)
    if cls._use_args_:
        obj = cls._new_member_(cls, *args)
    else:
        obj = cls._new_member_(cls)
    if not hasattr(obj, "_value_"):
        if cls._member_type_ is object:
            obj._value_ = value
        else:
            try:
                obj._value_ = cls._member_type_(*args)
            except Exception as exc:
                if not _new:
                    raise
                raise TypeError("_value_ not set in __new__, unable to create it") from exc
    value = obj._value_
    obj._name_ = name
    obj.__objclass__ = cls
    obj.__init__(*args)
    # What is the same value is the same member under another name.
    same = None
    if _version >= 11:
        try:
            same = cls._value2member_map_.get(value)
        except TypeError:
            pass
    if same is None:
        for known in cls._member_map_.values():
            if known._value_ == value:
                same = known
                break
    if same is not None:
        obj = same
    else:
        obj._sort_order_ = len(cls._member_names_)
        if not _new or Flag is None or not issubclass(cls, Flag) or _single_bit(value):
            cls._member_names_.append(name)
    if _new and Flag is not None and issubclass(cls, Flag) and isinstance(value, int):
        cls._flag_mask_ |= value
        if _single_bit(value):
            cls._singles_mask_ |= value
        cls._all_bits_ = 2 ** cls._flag_mask_.bit_length() - 1
    cls._member_map_[name] = obj
    try:
        cls._value2member_map_.setdefault(value, obj)
    except TypeError:
        pass
    return obj


def _broken(self, proto):
    raise TypeError("%r cannot be pickled" % self)


class EnumMeta(type):
    """The metaclass of enumerations."""

    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        if Enum is None:
            return {}
        metacls._check_bases(cls, bases)
        names = _EnumDict(cls)
        member_type, first_enum = metacls._get_mixins_(cls, bases)
        if first_enum is not None:
            names["_generate_next_value_"] = getattr(first_enum, "_generate_next_value_", None)
            names.given = False
        return names

    def __new__(metacls, cls, bases, classdict, boundary=None, **kwds):
        if not _new and boundary is not None:
            kwds["boundary"] = boundary
        if Enum is None:
            return type.__new__(metacls, cls, bases, classdict, **kwds)
        if not isinstance(classdict, _EnumDict):
            plain, classdict = classdict, metacls.__prepare__(cls, bases)
            for key, value in plain.items():
                classdict[key] = value
        ignored = classdict.setdefault("_ignore_", [])
        ignored.append("_ignore_")
        for key in ignored:
            classdict.pop(key, None)
        names = list(classdict._member_names)
        values = {name: dict.pop(classdict, name) for name in names}
        wrong = set(names) & {"mro", ""}
        if wrong:
            if _new:
                raise ValueError("invalid enum member name(s) %s" % ",".join(repr(name) for name in wrong))
            raise ValueError("Invalid enum member name: {0}".format(",".join(wrong)))
        order = classdict.pop("_order_", None)
        member_type, first_enum = metacls._get_mixins_(cls, bases)
        new_member, save, use_args = metacls._find_new_(classdict, member_type, first_enum)
        space = dict(classdict)
        generate = space.get("_generate_next_value_")
        if generate is not None and not isinstance(generate, staticmethod):
            space["_generate_next_value_"] = staticmethod(generate)
        space["_new_member_"] = new_member
        space["_use_args_"] = use_args
        space["_member_type_"] = member_type
        space["_member_names_"] = []
        space["_member_map_"] = {}
        space["_value2member_map_"] = {}
        if _new:
            space["_unhashable_values_"] = []
            flag = Flag is not None and issubclass(first_enum, Flag)
            space["_boundary_"] = boundary or getattr(first_enum, "_boundary_", None)
            space["_flag_mask_"] = space["_all_bits_"] = space["_singles_mask_"] = 0
            space["_inverted_"] = None
            for name in names:
                value = values[name]
                space[name] = _Pending(value.value if isinstance(value, _member) else value)
            failure = None
            try:
                made = type.__new__(metacls, cls, bases, space, **kwds)
            except RuntimeError as exc:
                if exc.__cause__ is None:
                    raise
                failure = exc.__cause__
            if failure is not None:
                raise failure
            if flag:
                metacls._settle_flags(made)
        else:
            made = type.__new__(metacls, cls, bases, space, **kwds)
            for name in names:
                _make_member(made, name, values[name])
        metacls._settle_methods(made, bases, classdict, member_type, first_enum)
        if save:
            made.__new_member__ = new_member
        type.__setattr__(made, "__new__", Enum.__new__)
        if order is not None:
            if isinstance(order, str):
                order = order.replace(",", " ").split()
            if _new:
                order = [o for o in order if o not in made._member_map_ or o in made._member_names_]
            if order != made._member_names_:
                text = "member order does not match _order_"
                if _new:
                    text += ":\n  %r\n  %r" % (made._member_names_, order)
                raise TypeError(text)
        return made

    def _settle_flags(made):
        """Bits are listed in the order of the members."""
        values = [made._member_map_[name]._value_ for name in made._member_names_]
        if values != sorted(values):
            made._iter_member_ = made._iter_member_by_def_

    def _settle_methods(made, bases, classdict, member_type, first_enum):
        """A data type mixed in must not decide how members look, unless the enumeration wants that."""
        if _new and ReprEnum is not None and ReprEnum in bases:
            if member_type is object:
                raise TypeError("ReprEnum subclasses must be mixed with a data type (i.e. int, str, float, etc.)")
            if "__format__" not in classdict:
                made.__format__ = member_type.__format__
                classdict["__format__"] = made.__format__
            if "__str__" not in classdict:
                text = member_type.__str__
                made.__str__ = member_type.__repr__ if text is object.__str__ else text
                classdict["__str__"] = made.__str__
        if not _new and "__reduce_ex__" not in classdict and member_type is not object:
            ways = ("__getnewargs_ex__", "__getnewargs__", "__reduce_ex__", "__reduce__")
            if not any(way in member_type.__dict__ for way in ways):
                if "__new__" in classdict or _version < 10:
                    made.__reduce_ex__ = _broken
        for name in ("__repr__", "__str__", "__format__", "__reduce_ex__"):
            if name in classdict:
                continue
            if _new:
                found = getattr(made, name)
                if found in (getattr(member_type, name), getattr(object, name)):
                    setattr(made, name, getattr(first_enum, name))
            else:
                found = getattr(member_type, name, None)
                if found is not None and found is getattr(made, name):
                    setattr(made, name, getattr(first_enum, name))
        if _new and Flag is not None and issubclass(made, Flag):
            for name in (
                "__or__", "__and__", "__xor__", "__ror__", "__rand__", "__rxor__", "__invert__",
            ):
                if name not in classdict:
                    setattr(made, name, getattr(Flag, name))

    def __bool__(cls):
        return True

    def __call__(cls, value=_no_value, names=_no_value, *rest, module=None, qualname=None, type=None, start=1,
                 boundary=None):
        if value is _no_value:
            if _version >= 13 or _version == 12 and cls._member_map_:
                raise TypeError("%s.__call__() missing 1 required positional argument: 'value'" % __class__.__name__)
            raise TypeError("__call__() missing 1 required positional argument: 'value'" if _version < 10 else
                            "%s.__call__() missing 1 required positional argument: 'value'" % __class__.__name__)
        if _version >= 12:
            if cls._member_map_:
                if names is not _no_value:
                    value = (value, names) + rest
                return cls.__new__(cls, value)
            if names is _no_value and type is None:
                raise TypeError(
                    "%r has no members; specify `names=()` if you meant to create a new, empty, enum" % (cls,))
        elif names is _no_value or names is None:
            return cls.__new__(cls, value)
        return cls._create_(value, names if names is not _no_value else None, module=module, qualname=qualname,
                            type=type, start=start, **({"boundary": boundary} if _new else {}))

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True if _version >= 12 else value._name_ in cls._member_map_
        if _version >= 12:
            try:
                cls(value)
                return True
            except ValueError:
                pass
            return value in cls._unhashable_values_ or any(value == m._value_ for m in cls._member_map_.values())
        if not isinstance(value, Enum):
            if _version >= 10:
                _warn("in 3.12 __contains__ will no longer raise TypeError, but will return True %s" % (
                    "if\nobj is a member or a member's value" if _version < 11 else
                    "or\nFalse depending on whether the value is a member or the value of a member"),
                    DeprecationWarning, stacklevel=2)
            raise TypeError("unsupported operand type(s) for 'in': '%s' and '%s'" % (
                type(value).__qualname__, cls.__class__.__qualname__))
        return False

    def __delattr__(cls, attr):
        if attr in cls._member_map_:
            if _new:
                raise AttributeError("%r cannot delete member %r." % (cls.__name__, attr))
            raise AttributeError("%s: cannot delete Enum member." % cls.__name__)
        super().__delattr__(attr)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError("cannot reassign member %r" % (name,) if _new else "Cannot reassign members.")
        super().__setattr__(name, value)

    def __dir__(cls):
        if not _new:
            return ["__class__", "__doc__", "__members__", "__module__"] + cls._member_names_
        shown = set(
            ["__class__", "__contains__", "__doc__", "__getitem__", "__iter__", "__len__", "__members__",
             "__module__", "__name__", "__qualname__"] + cls._member_names_)
        if cls._new_member_ is not object.__new__:
            shown.add("__new__")
        if cls.__init_subclass__ is not object.__init_subclass__:
            shown.add("__init_subclass__")
        if cls._member_type_ is object:
            return sorted(shown)
        return sorted(set(dir(cls._member_type_)) | shown)

    if not _new or _version == 11:
        def __getattr__(cls, name):
            if name[:2] == "__" and name[-2:] == "__":
                raise AttributeError(name)
            try:
                return cls._member_map_[name]
            except KeyError:
                raise AttributeError(name) from None

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return (cls._member_map_[name] for name in cls._member_names_)

    def __len__(cls):
        return len(cls._member_names_)

    def __reversed__(cls):
        return (cls._member_map_[name] for name in reversed(cls._member_names_))

    @property
    def __members__(cls):
        return MappingProxyType(cls._member_map_)

    def __repr__(cls):
        if _new and Flag is not None and issubclass(cls, Flag):
            return "<flag %r>" % cls.__name__
        return "<enum %r>" % cls.__name__

    def _create_(cls, class_name, names, *, module=None, qualname=None, type=None, start=1, boundary=None):
        """An enumeration from names, pairs or a mapping."""
        metacls = cls.__class__
        bases = (cls,) if type is None else (type, cls)
        space = metacls.__prepare__(class_name, bases)
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
            pairs, last = [], []
            for count, name in enumerate(names):
                value = cls._generate_next_value_(name, start, count, last[:])
                last.append(value)
                pairs.append((name, value))
            names = pairs
        for item in names or ():
            if isinstance(item, str):
                space[item] = names[item]
            else:
                space[item[0]] = item[1]
        # The caller of the caller: where the enumeration is asked for.
        if module is None:
            module = sys._getframe(2).f_globals.get("__name__")
        if module is None:
            if not _new:
                space["__reduce_ex__"] = _broken
        else:
            space["__module__"] = module
        if qualname is not None:
            space["__qualname__"] = qualname
        return metacls.__new__(metacls, class_name, bases, space, **({"boundary": boundary} if boundary else {}))

    def _convert_(cls, name, module, filter, source=None, *, boundary=None, as_global=False):
        """Makes constants of a module members of a new enumeration, and puts these in their places."""
        module_globals = sys.modules[module].__dict__
        source = source.__dict__ if source else module_globals
        found = [(key, source[key]) for key in source.keys() if filter(key)]
        try:
            found.sort(key=lambda item: (item[1], item[0]))
        except TypeError:
            found.sort(key=lambda item: item[0])
        made = cls._create_(name, found, module=module, boundary=boundary)
        if as_global:
            global_enum(made)
        else:
            module_globals.update(made.__members__)
        module_globals[name] = made
        return made

    @staticmethod
    def _check_bases(class_name, bases):
        for chain in bases:
            for base in chain.__mro__:
                if isinstance(base, EnumMeta) and base._member_names_:
                    if _new:
                        raise TypeError("<enum %r> cannot extend %r" % (class_name, base))
                    raise TypeError("%s: cannot extend enumeration %r" % (class_name, base.__name__))

    @staticmethod
    def _get_mixins_(class_name, bases):
        """The type of the members' values, and the enumeration that is built on."""
        if not bases or Enum is None:
            return object, Enum
        first_enum = bases[-1]
        if not isinstance(first_enum, EnumMeta):
            raise TypeError("new enumerations should be created as `EnumName([mixin_type, ...] [data_type,] enum_type)`")
        member_type = EnumMeta._find_data_type_(class_name, bases) or object
        return member_type, first_enum

    @staticmethod
    def _find_data_type_(class_name, bases):
        types = []
        for chain in bases:
            candidate = None
            for base in chain.__mro__:
                if base is object:
                    continue
                if isinstance(base, EnumMeta):
                    if base._member_type_ is not object:
                        if base._member_type_ not in types:
                            types.append(base._member_type_)
                        break
                elif "__new__" in base.__dict__ or "__dataclass_fields__" in base.__dict__:
                    found = candidate or base
                    if found not in types:
                        types.append(found)
                    break
                else:
                    candidate = candidate or base
        if len(types) > 1:
            if _new:
                raise TypeError("too many data types for %r: %r" % (class_name, set(types)))
            raise TypeError("%r: too many data types: %r" % (class_name, types if _version < 10 else set(types)))
        return types[0] if types else None

    @staticmethod
    def _find_new_(classdict, member_type, first_enum):
        """What makes members: the function, whether to keep it, and whether it gets the value."""
        made = classdict.get("__new__")
        save = first_enum is not None and made is not None
        if made is None:
            for method in ("__new_member__", "__new__"):
                for place in (member_type, first_enum):
                    found = getattr(place, method, None)
                    if found not in (None, None.__new__, object.__new__, Enum.__new__ if Enum else None):
                        made = found
                        break
                if made is not None:
                    break
            else:
                made = object.__new__
        return made, save, made is not object.__new__


if _new:
    EnumMeta.__name__ = EnumMeta.__qualname__ = "EnumType"
EnumType = EnumMeta


class Enum(metaclass=EnumMeta):
    """The base of enumerations."""

    _member_names_ = []
    _member_map_ = {}
    _value2member_map_ = {}
    _member_type_ = object
    _new_member_ = object.__new__
    _use_args_ = False

    def __new__(cls, value):
        if type(value) is cls:
            return value
        try:
            return cls._value2member_map_[value]
        except KeyError:
            pass
        except TypeError:
            for found in cls._member_map_.values():
                if found._value_ == value:
                    return found
        if _new and not cls._member_map_:
            raise TypeError("%r has no members defined" % cls)
        failure = None
        try:
            result = cls._missing_(value)
        except Exception as exc:
            failure, result = exc, None
        try:
            if isinstance(result, cls):
                return result
            if _new and Flag is not None and issubclass(cls, Flag) and cls._boundary_ is EJECT:
                if isinstance(result, int):
                    return result
            invalid = ValueError("%r is not a valid %s" % (value, cls.__qualname__ if _version >= 9 else cls.__name__))
            if result is None and failure is None:
                raise invalid
            if failure is None:
                failure = TypeError("error in %s._missing_: returned %r instead of None or a valid member" % (
                    cls.__name__, result))
            if not isinstance(failure, ValueError) or not _new:
                failure.__context__ = invalid
            raise failure
        finally:
            failure = invalid = None

    def __init__(self, *args, **kwds):
        pass

    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        if _new:
            ordered = None
            try:
                ordered = sorted(last_values)
                if _version >= 13 or ordered[-1] == last_values[-1]:
                    return ordered[-1] + 1
                _warn(
                    "In 3.13 the default `auto()`/`_generate_next_value_` will require all values to be sortable and "
                    "support adding +1\nand the value returned will be the largest value in the enum incremented by 1",
                    DeprecationWarning, stacklevel=5)
                return ordered[-1] + 1
            except TypeError:
                if _version >= 13:
                    raise TypeError("unable to sort non-numeric values") from None
        for last in reversed(last_values):
            try:
                return last + 1
            except TypeError:
                pass
        return start

    @classmethod
    def _missing_(cls, value):
        return None

    if _version >= 13:
        def _add_alias_(self, name):
            cls = self.__class__
            if name in cls._member_map_:
                if cls._member_map_[name] is not self:
                    raise NameError("%r is already bound: %r" % (name, cls._member_map_[name]))
                return
            type.__setattr__(cls, name, self)
            cls._member_map_[name] = self

        def _add_value_alias_(self, value):
            cls = self.__class__
            known = cls._value2member_map_.get(value)
            if known is not None and known is not self:
                raise ValueError("%r is already bound: %r" % (value, known))
            cls._value2member_map_[value] = self

    def __repr__(self):
        return "<%s.%s: %s>" % (self.__class__.__name__, self._name_, self._shown_value())

    def _shown_value(self):
        shown = self.__class__._member_type_.__repr__ if _new and self._member_type_ is not object else repr
        return shown(self._value_)

    def __str__(self):
        return "%s.%s" % (self.__class__.__name__, self._name_)

    def __format__(self, format_spec):
        if _new:
            return str.__format__(str(self), format_spec)
        own = type(self).__str__ not in (Enum.__str__, Flag.__str__)
        if self._member_type_ is object or own:
            return str.__format__(str(self), format_spec)
        return self._member_type_.__format__(self._value_, format_spec)

    def __dir__(self):
        added = set()
        if _new and self.__class__._member_type_ is not object:
            added.update(object.__dir__(self))
        for cls in self.__class__.mro():
            for name, found in cls.__dict__.items():
                if name[0] == "_":
                    continue
                if name not in self._member_map_:
                    added.add(name)
                elif _new and isinstance(found, _Attribute) and found.fget is not None:
                    added.add(name)
                elif isinstance(found, DynamicClassAttribute):
                    added.discard(name)
        own = getattr(self, "__dict__", ())
        added.update(name for name in own if name[0] != "_" and name not in self._member_map_)
        if _new:
            return sorted(added | {"__class__", "__doc__", "__eq__", "__hash__", "__module__"})
        return ["__class__", "__doc__", "__module__"] + list(added)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    if not _new:
        def __getattribute__(self, name):
            try:
                return object.__getattribute__(self, name)
            except AttributeError:
                found = self.__class__._member_map_.get(name)
                if found is None:
                    raise
                return found

    if _new:
        def __copy__(self):
            return self

        def __deepcopy__(self, memo):
            return self

    @_attribute
    def name(self):
        """The name of the member."""
        return self._name_

    @_attribute
    def value(self):
        """The value of the member."""
        return self._value_


type.__setattr__(Enum, "_generate_next_value_", staticmethod(Enum.__dict__["_generate_next_value_"]))

if _new:
    class ReprEnum(Enum):
        """Only changes the repr(), leaving str() and format() to the mixed-in type."""

    class IntEnum(int, ReprEnum):
        """Enum where members are also (and must be) ints"""

    class StrEnum(str, ReprEnum):
        """Enum where members are also (and must be) strings"""

        def __new__(cls, *values):
            if len(values) > 3:
                raise TypeError("too many arguments for str(): %r" % (values,))
            if len(values) == 1 and not isinstance(values[0], str):
                raise TypeError("%r is not a string" % (values[0],))
            if len(values) >= 2 and not isinstance(values[1], str):
                raise TypeError("encoding must be a string, not %r" % (values[1],))
            if len(values) == 3 and not isinstance(values[2], str):
                raise TypeError("errors must be a string, not %r" % (values[2]))
            value = str(*values)
            made = str.__new__(cls, value)
            made._value_ = value
            return made

        @staticmethod
        def _generate_next_value_(name, start, count, last_values):
            return name.lower()

    property = _Attribute
else:
    class IntEnum(int, Enum):
        """Enum where members are also (and must be) ints"""


def unique(enumeration):
    """Checks that no member has a second name."""
    doubles = [(name, found.name) for name, found in enumeration.__members__.items() if name != found.name]
    if doubles:
        shown = ", ".join("%s -> %s" % pair for pair in doubles)
        raise ValueError("duplicate values found in %r: %s" % (enumeration, shown))
    return enumeration


import _enum_flags
from _enum_flags import *

if _new:
    bin, show_flag_values = _enum_flags.bin, _enum_flags.show_flag_values
    if _version < 13:
        from functools import reduce
else:
    del ReprEnum, EnumType, bltns
