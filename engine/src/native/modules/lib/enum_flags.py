"""Flags: enumerations whose members combine bit by bit; what 3.11 added for checking enumerations."""

import enum as _enum
from enum import Enum, EnumMeta, IntEnum, _bits, _single_bit
from _rules import members as _version

_new = _version >= 11
__all__ = ["Flag", "IntFlag"]


def _highest(last_values):
    for last in reversed(last_values):
        try:
            return last.bit_length() - 1
        except Exception:
            raise TypeError("Invalid Flag value: %r" % last) from None


def _next_flag(name, start, count, last_values):
    if not last_values:
        return start if start is not None else 1
    if _new:
        top = max(last_values)
        try:
            return 2 ** top.bit_length()
        except Exception:
            raise TypeError("invalid flag value %r" % top) from None
    return 2 ** (_highest(last_values) + 1)


if not _new:
    class Flag(Enum):
        """Support for flags"""

        _generate_next_value_ = staticmethod(_next_flag)

        @classmethod
        def _missing_(cls, value):
            original = value
            if value < 0:
                value = ~value
            found = cls._create_pseudo_member_(value)
            return ~found if original < 0 else found

        @classmethod
        def _create_pseudo_member_(cls, value):
            found = cls._value2member_map_.get(value)
            if found is None:
                _, extra = _decompose(cls, value)
                if extra:
                    raise ValueError("%r is not a valid %s" % (value, cls.__name__ if _version < 9 else cls.__qualname__))
                found = object.__new__(cls)
                found._name_ = None
                found._value_ = value
                found = cls._value2member_map_.setdefault(value, found)
            return found

        def __contains__(self, other):
            if not isinstance(other, self.__class__):
                raise TypeError("unsupported operand type(s) for 'in': '%s' and '%s'" % (
                    type(other).__qualname__, self.__class__.__qualname__))
            return other._value_ & self._value_ == other._value_

        def __repr__(self):
            cls = self.__class__
            if self._name_ is not None:
                return "<%s.%s: %r>" % (cls.__name__, self._name_, self._value_)
            return "<%s.%s: %r>" % (cls.__name__, _parts_shown(cls, self._value_), self._value_)

        def __str__(self):
            cls = self.__class__
            if self._name_ is not None:
                return "%s.%s" % (cls.__name__, self._name_)
            return "%s.%s" % (cls.__name__, _parts_shown(cls, self._value_))

        def __bool__(self):
            return bool(self._value_)

        def __or__(self, other):
            if not isinstance(other, self.__class__):
                return NotImplemented
            return self.__class__(self._value_ | other._value_)

        def __and__(self, other):
            if not isinstance(other, self.__class__):
                return NotImplemented
            return self.__class__(self._value_ & other._value_)

        def __xor__(self, other):
            if not isinstance(other, self.__class__):
                return NotImplemented
            return self.__class__(self._value_ ^ other._value_)

        def __invert__(self):
            members, _ = _decompose(self.__class__, self._value_)
            inverted = self.__class__(0)
            for found in self.__class__:
                if found not in members and not (found._value_ & self._value_):
                    inverted = inverted | found
            return self.__class__(inverted)

    class IntFlag(int, Flag):
        """Support for integer-based Flags"""

        @classmethod
        def _missing_(cls, value):
            if not isinstance(value, int):
                raise ValueError("%r is not a valid %s" % (value, cls.__name__ if _version < 9 else cls.__qualname__))
            return cls._create_pseudo_member_(value)

        @classmethod
        def _create_pseudo_member_(cls, value):
            found = cls._value2member_map_.get(value)
            if found is not None:
                return found
            wanted = [value]
            _, extra = _decompose(cls, value)
            while extra:
                bit = extra.bit_length() - 1
                flag = 2 ** bit
                if flag not in cls._value2member_map_ and flag not in wanted:
                    wanted.append(flag)
                if extra == -flag:
                    extra = 0
                else:
                    extra ^= flag
            for value in reversed(wanted):
                found = int.__new__(cls, value)
                found._name_ = None
                found._value_ = value
                found = cls._value2member_map_.setdefault(value, found)
            return found

        def __or__(self, other):
            if not isinstance(other, (self.__class__, int)):
                return NotImplemented
            return self.__class__(self._value_ | self.__class__(other)._value_)

        def __and__(self, other):
            if not isinstance(other, (self.__class__, int)):
                return NotImplemented
            return self.__class__(self._value_ & self.__class__(other)._value_)

        def __xor__(self, other):
            if not isinstance(other, (self.__class__, int)):
                return NotImplemented
            return self.__class__(self._value_ ^ self.__class__(other)._value_)

        __ror__ = __or__
        __rand__ = __and__
        __rxor__ = __xor__

        def __invert__(self):
            return self.__class__(~self._value_)

    def _parts_shown(cls, value):
        members, extra = _decompose(cls, value)
        return "|".join([str(found._name_ or found._value_) for found in members])

    def _decompose(flag, value):
        """The members that make up a value, highest first, and the bits that no member has."""
        rest = value
        negative = value < 0
        members = []
        for found in flag:
            bits = found._value_
            if bits and bits & value == bits:
                members.append(found)
                rest &= ~bits
        if not negative:
            left = rest
            while left:
                bit = 2 ** (left.bit_length() - 1)
                known = flag._value2member_map_.get(bit)
                if known is not None and known not in members:
                    members.append(known)
                    rest &= ~bit
                left ^= bit
        if not members and value in flag._value2member_map_:
            members.append(flag._value2member_map_[value])
        members.sort(key=lambda found: found._value_, reverse=True)
        if len(members) > 1 and members[0]._value_ == value:
            members.pop(0)
        return members, rest

else:
    from enum import StrEnum, _attribute

    __all__ += [
        "FlagBoundary", "STRICT", "CONFORM", "EJECT", "KEEP", "EnumCheck", "CONTINUOUS", "NAMED_FLAGS", "UNIQUE",
        "verify", "global_enum", "global_enum_repr", "global_flag_repr", "global_str",
        "pickle_by_global_name", "pickle_by_enum_name",
    ]

    def bin(num, max_bits=None):
        """Like the built-in function, with the sign as a digit before the others."""
        ceiling = 2 ** num.bit_length()
        if num >= 0:
            text = format(num + ceiling, "b")
            sign = "0b0"
            digits = text[1:]
        else:
            text = format(~num ^ (ceiling - 1) + ceiling, "b")
            sign = "0b1"
            digits = text[1:]
        if max_bits is not None and len(digits) < max_bits:
            digits = (sign[-1] * max_bits + digits)[-max_bits:]
        return "%s %s" % (sign, digits)

    def show_flag_values(value):
        return list(_bits(value))

    class FlagBoundary(StrEnum):
        """What flags do with bits that no member has."""

        STRICT = "strict"
        CONFORM = "conform"
        EJECT = "eject"
        KEEP = "keep"

    STRICT, CONFORM, EJECT, KEEP = FlagBoundary
    _enum.STRICT, _enum.CONFORM, _enum.EJECT, _enum.KEEP = FlagBoundary

    class Flag(Enum, boundary=STRICT):
        """Support for flags"""

        _numeric_repr_ = repr
        _generate_next_value_ = staticmethod(_next_flag)

        @classmethod
        def _iter_member_by_value_(cls, value):
            for bit in _bits(value & cls._flag_mask_):
                yield cls._value2member_map_.get(bit)

        _iter_member_ = _iter_member_by_value_

        @classmethod
        def _iter_member_by_def_(cls, value):
            yield from sorted(cls._iter_member_by_value_(value), key=lambda found: found._sort_order_)

        @classmethod
        def _missing_(cls, value):
            if not isinstance(value, int):
                raise ValueError("%r is not a valid %s" % (value, cls.__qualname__))
            mask, bits = cls._flag_mask_, cls._all_bits_
            within = ~bits <= value <= bits
            unknown = value & (bits ^ mask)
            if not within or unknown:
                how = cls._boundary_
                if how is STRICT:
                    most = max(value.bit_length(), mask.bit_length())
                    raise ValueError("%r invalid value %r\n    given %s\n  allowed %s" % (
                        cls, value, bin(value, most), bin(mask, most)))
                if how is CONFORM:
                    value &= mask
                elif how is EJECT:
                    return value
                elif how is KEEP:
                    if value < 0:
                        value = max(bits + 1, 2 ** value.bit_length()) + value
                else:
                    raise ValueError("%r unknown flag boundary %r" % (cls, how))
            if value < 0:
                value += bits + 1
                if cls._boundary_ is not KEEP and _version >= 12:
                    value &= mask
            known = cls._value2member_map_.get(value)
            if known is not None:
                return known
            unknown = value & ~mask
            aliases = value & ~cls._singles_mask_
            if cls._member_type_ is object:
                found = object.__new__(cls)
            else:
                found = cls._member_type_.__new__(cls, value)
            if not hasattr(found, "_value_"):
                found._value_ = value
            if unknown and cls._boundary_ is not KEEP:
                raise ValueError("%s(%r) -->  unknown values %r [%s]" % (cls.__name__, value, unknown, bin(unknown)))
            members = list(cls._iter_member_(value & cls._singles_mask_))
            if _version >= 12 and aliases:
                rest = value & ~cls._singles_mask_ & mask
                for part in cls._member_map_.values():
                    wide = part._value_
                    if part not in members and wide and wide & value == wide and wide & aliases & rest:
                        members.append(part)
                        rest &= ~wide
                unknown |= rest
            if value:
                found._name_ = "|".join([part._name_ for part in members])
                if not found._name_:
                    found._name_ = None
                elif unknown:
                    found._name_ += "|%s" % cls._numeric_repr_(unknown)
            else:
                found._name_ = None
            return cls._value2member_map_.setdefault(value, found)

        def __contains__(self, other):
            if not isinstance(other, self.__class__):
                raise TypeError("unsupported operand type(s) for 'in': %r and %r" % (
                    type(other).__qualname__, self.__class__.__qualname__))
            return other._value_ & self._value_ == other._value_

        def __iter__(self):
            yield from self._iter_member_(self._value_)

        def __len__(self):
            return format(self._value_, "b").count("1")

        def __repr__(self):
            shown = self._shown_value()
            if self._name_ is None:
                return "<%s: %s>" % (self.__class__.__name__, shown)
            return "<%s.%s: %s>" % (self.__class__.__name__, self._name_, shown)

        def __str__(self):
            if self._name_ is None:
                return "%s(%r)" % (self.__class__.__name__, self._value_)
            return "%s.%s" % (self.__class__.__name__, self._name_)

        def __bool__(self):
            return bool(self._value_)

        def _number(self, other):
            if isinstance(other, self.__class__):
                return other._value_
            if self._member_type_ is not object and isinstance(other, self._member_type_):
                return other
            return NotImplemented

        def __or__(self, other):
            number = self._number(other)
            return NotImplemented if number is NotImplemented else self.__class__(self._value_ | number)

        def __and__(self, other):
            number = self._number(other)
            return NotImplemented if number is NotImplemented else self.__class__(self._value_ & number)

        def __xor__(self, other):
            number = self._number(other)
            return NotImplemented if number is NotImplemented else self.__class__(self._value_ ^ number)

        def __invert__(self):
            if self._inverted_ is None:
                if self._boundary_ in (EJECT, KEEP):
                    self._inverted_ = self.__class__(~self._value_)
                else:
                    self._inverted_ = self.__class__(self._singles_mask_ & ~self._value_)
            return self._inverted_

        __ror__ = __or__
        __rand__ = __and__
        __rxor__ = __xor__

    _enum.Flag = Flag

    class IntFlag(int, _enum.ReprEnum, Flag, boundary=KEEP):
        """Support for integer-based Flags"""

    class EnumCheck(StrEnum):
        """What `verify` can check."""

        CONTINUOUS = "no skipped integer values"
        NAMED_FLAGS = "multi-flag aliases may not contain unnamed flags"
        UNIQUE = "one name per value"

    CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck

    class verify:
        """Checks an enumeration when it is made."""

        def __init__(self, *checks):
            self.checks = checks

        def __call__(self, enumeration):
            name = enumeration.__name__
            flag = issubclass(enumeration, Flag)
            for check in self.checks:
                if check is UNIQUE:
                    doubles = [(n, m.name) for n, m in enumeration.__members__.items() if n != m.name]
                    if doubles:
                        shown = ", ".join("%s -> %s" % pair for pair in doubles)
                        raise ValueError("aliases found in %r: %s" % (enumeration, shown))
                elif check is CONTINUOUS:
                    values = set(found.value for found in enumeration)
                    if len(values) < 2:
                        continue
                    low, high = min(values), max(values)
                    if flag:
                        missing = [2 ** n for n in range(low.bit_length(), high.bit_length() - 1)]
                    else:
                        missing = range(low + 1, high)
                    missing = [n for n in missing if n not in values]
                    if missing:
                        raise ValueError(("invalid %s %r: missing values %s" % (
                            "flag" if flag else "enum", name, ", ".join(map(str, missing))))[:256])
                elif check is NAMED_FLAGS:
                    known = [m._value_ for m in enumeration._member_map_.values() if _single_bit(m._value_)]
                    names, union = [], 0
                    for alias, found in enumeration._member_map_.items():
                        if found.value < 0 or _single_bit(found.value):
                            continue
                        missing = [bit for bit in _bits(found.value) if bit not in known]
                        if missing:
                            names.append(alias)
                            for bit in missing:
                                union |= bit
                    if names:
                        if len(names) == 1:
                            words = "alias %s is missing" % names[0]
                        else:
                            words = "aliases %s and %s are missing" % (", ".join(names[:-1]), names[-1])
                        value = "value 0x%x" % union if _single_bit(union) else "combined values of 0x%x" % union
                        raise ValueError("invalid Flag %r: %s %s [use enum.show_flag_values(value) for details]" % (
                            name, words, value))
            return enumeration

    def _module_name(member):
        return member.__class__.__module__.split(".")[-1]

    def global_enum_repr(self):
        """The repr of a member whose enumeration's names are global."""
        return "%s.%s" % (_module_name(self), self._name_)

    def global_flag_repr(self):
        module, cls = _module_name(self), self.__class__.__name__
        if self._name_ is None:
            return "%s.%s(%r)" % (module, cls, self._value_)
        if _single_bit(self._value_):
            return "%s.%s" % (module, self._name_)
        if self._boundary_ is not KEEP:
            return "|".join(["%s.%s" % (module, name) for name in self._name_.split("|")])
        return "|".join([
            name if name[0].isdigit() else "%s.%s" % (module, name) for name in self._name_.split("|")])

    def global_str(self):
        if self._name_ is None:
            return "%s(%r)" % (self.__class__.__name__, self._value_)
        return self._name_

    def global_enum(cls, update_str=False):
        """Puts the members into the module's namespace, and shows them so."""
        import sys

        cls.__repr__ = global_flag_repr if issubclass(cls, Flag) else global_enum_repr
        if not issubclass(cls, _enum.ReprEnum) or update_str:
            cls.__str__ = global_str
        sys.modules[cls.__module__].__dict__.update(cls.__members__)
        return cls

    def pickle_by_global_name(self, proto):
        return self._name_

    def pickle_by_enum_name(self, proto):
        return getattr, (self.__class__, self._name_)


_enum.Flag = Flag
