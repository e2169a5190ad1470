"""Decimal numbers: what they are, how they are made, their texts and their conversions."""

import math as _math
import numbers as _numbers
import re as _re
import sys as _sys
from collections import namedtuple as _namedtuple
from _decimal_context import *
from _decimal_context import ConversionSyntax
from _decimal_math import length as _length, rounded as _rounded

DecimalTuple = _namedtuple("DecimalTuple", "sign digits exponent", module="decimal")
_modulus = _sys.hash_info.modulus
_infinity = _sys.hash_info.inf
_text = _re.compile(
    r"(?i)(?P<sign>[-+])?(?:(?=\d|\.\d)(?P<int>\d*)(?:\.(?P<frac>\d*))?(?:e(?P<exp>[-+]?\d+))?"
    r"|inf(?P<inf>inity)?|(?P<signal>s)?nan(?P<diag>\d*))\Z"
)

# The class `Decimal`, once it is made.
_known = []


def _new(sign, coefficient, exponent, cls=None):
    self = object.__new__(cls or _known[0])
    self._sign = sign
    self._int = coefficient
    self._exp = exponent
    return self


# ---- making

def _of_float(f):
    if _math.isnan(f):
        return _new(int(_math.copysign(1, f) < 0), 0, "n")
    if _math.isinf(f):
        return _new(int(f < 0), 0, "F")
    sign = int(_math.copysign(1, f) < 0)
    numerator, denominator = abs(f).as_integer_ratio()
    twos = denominator.bit_length() - 1
    return _new(sign, numerator * 5 ** twos, -twos)


def _exactly(value, context):
    """A value as a Decimal, without rounding."""
    if isinstance(value, _known[0]):
        return value if type(value) is _known[0] else _new(value._sign, value._int, value._exp)
    if isinstance(value, str):
        found = _text.match(value.strip().replace("_", ""))
        if found is None:
            return _invalid(context, ConversionSyntax)
        sign = int(found.group("sign") == "-")
        whole = found.group("int")
        if whole is not None:
            fraction = found.group("frac") or ""
            return _new(sign, int(whole + fraction), int(found.group("exp") or "0") - len(fraction))
        diagnosis = found.group("diag")
        if diagnosis is None:
            return _new(sign, 0, "F")
        return _new(sign, int(diagnosis or "0"), "N" if found.group("signal") else "n")
    if isinstance(value, int):
        return _new(int(value < 0), abs(int(value)), 0)
    if isinstance(value, float):
        context._raise(FloatOperation)
        return _of_float(value)
    if isinstance(value, (list, tuple)):
        return _of_tuple(value)
    raise TypeError("conversion from %s to Decimal is not supported" % type(value).__name__)


def _of_tuple(value):
    if len(value) != 3:
        raise ValueError("argument must be a sequence of length 3")
    sign, digits, exponent = value
    if sign not in (0, 1):
        raise ValueError("sign must be an integer with the value 0 or 1")
    if exponent == "F":
        return _new(int(sign), 0, "F")
    if not isinstance(digits, (tuple, list)) or not all(isinstance(d, int) and 0 <= d <= 9 for d in digits):
        raise ValueError("coefficient must be a tuple of digits")
    coefficient = int("".join(map(str, digits)) or "0")
    if exponent not in ("n", "N") and not isinstance(exponent, int):
        raise ValueError("string argument in the third position must be 'F', 'n' or 'N'")
    return _new(int(sign), coefficient, exponent)


def _operand(value, must=False):
    if isinstance(value, _known[0]):
        return value
    if isinstance(value, int):
        return _new(int(value < 0), abs(int(value)), 0)
    if must:
        raise TypeError("conversion from %s to Decimal is not supported" % type(value).__name__)
    return NotImplemented


def _comparable(a, b, equality):
    if isinstance(b, _known[0]):
        return a, b
    if isinstance(b, int):
        return a, _operand(b)
    if isinstance(b, _numbers.Rational):
        if not a.is_finite():
            return a, _operand(b.numerator)
        return _new(a._sign, a._int * b.denominator, a._exp), _operand(b.numerator)
    if equality and isinstance(b, complex) and b.imag == 0:
        b = b.real
    if isinstance(b, float):
        context = getcontext()
        context.flags[FloatOperation] = True
        if not equality and context.traps[FloatOperation]:
            raise FloatOperation([FloatOperation])
        return a, _of_float(b)
    return None


def _invalid(context, condition=InvalidOperation):
    context._raise(condition)
    return _new(0, 0, "n")


def _nan_of(context, *operands):
    """The NaN that an operation on these gives, if one of them is NaN."""
    for operand in operands:
        if operand.is_snan():
            context._raise(InvalidOperation)
            return _new(operand._sign, operand._int, "n")._fix(context)
    for operand in operands:
        if operand.is_nan():
            return operand._fix(context)
    return None


def _overflow(sign, context):
    context._raise(Overflow, Inexact, Rounded)
    away = {ROUND_UP: True, ROUND_HALF_UP: True, ROUND_HALF_EVEN: True, ROUND_HALF_DOWN: True, ROUND_05UP: False,
            ROUND_DOWN: False, ROUND_CEILING: not sign, ROUND_FLOOR: bool(sign)}[context.rounding]
    return _new(sign, 0, "F") if away else _new(sign, 10 ** context.prec - 1, context.Etop())


class Values:
    """Methods of Decimal."""

    __slots__ = ()

    # ---- what it is

    def is_nan(self):
        return self._exp in ("n", "N")

    def is_qnan(self):
        return self._exp == "n"

    def is_snan(self):
        return self._exp == "N"

    def is_infinite(self):
        return self._exp == "F"

    def is_finite(self):
        return self._exp not in ("F", "n", "N")

    def is_signed(self):
        return bool(self._sign)

    def is_zero(self):
        return self.is_finite() and not self._int

    def is_normal(self, context=None):
        context = context or getcontext()
        return self.is_finite() and bool(self._int) and self.adjusted() >= context.Emin

    def is_subnormal(self, context=None):
        context = context or getcontext()
        return self.is_finite() and bool(self._int) and self.adjusted() < context.Emin

    def is_canonical(self):
        return True

    def canonical(self):
        return self

    def number_class(self, context=None):
        if self.is_snan():
            return "sNaN"
        if self.is_qnan():
            return "NaN"
        sign = "-" if self._sign else "+"
        if self.is_infinite():
            return sign + "Infinity"
        if self.is_zero():
            return sign + "Zero"
        return sign + ("Subnormal" if self.is_subnormal(context) else "Normal")

    def adjusted(self):
        return self._exp + _length(self._int) - 1 if self.is_finite() else 0

    def as_tuple(self):
        if self.is_infinite():
            return DecimalTuple(self._sign, (0,), "F")
        digits = tuple(map(int, str(self._int))) if self.is_finite() or self._int else ()
        return DecimalTuple(self._sign, digits, self._exp)

    def as_integer_ratio(self):
        if self.is_infinite():
            raise OverflowError("cannot convert Infinity to integer ratio")
        if self.is_nan():
            raise ValueError("cannot convert NaN to integer ratio")
        value = -self._int if self._sign else self._int
        if self._exp >= 0:
            return value * 10 ** self._exp, 1
        unit = 10 ** -self._exp
        common = _math.gcd(value, unit)
        return value // common, unit // common

    def radix(self):
        return _operand(10)

    def __bool__(self):
        return not self.is_finite() or bool(self._int)

    def __hash__(self):
        if self.is_snan():
            raise TypeError("Cannot hash a signaling NaN value")
        if self.is_nan():
            return object.__hash__(self)
        if self.is_infinite():
            return -_infinity if self._sign else _infinity
        power = pow(10, self._exp, _modulus) if self._exp >= 0 else pow(pow(10, _modulus - 2, _modulus), -self._exp, _modulus)
        value = self._int * power % _modulus
        if self._sign:
            value = -value
        return -2 if value == -1 else value

    # ---- texts

    def __repr__(self):
        return "Decimal('%s')" % str(self)

    def _shown(self, engineering, context):
        sign = "-" if self._sign else ""
        if not self.is_finite():
            if self.is_infinite():
                return sign + "Infinity"
            return sign + ("NaN" if self.is_qnan() else "sNaN") + (str(self._int) if self._int else "")
        digits = str(self._int)
        left = self._exp + len(digits)
        if self._exp <= 0 and left > -6:
            point = left
        elif not engineering:
            point = 1
        elif digits == "0":
            point = (left + 1) % 3 - 1
        else:
            point = (left - 1) % 3 + 1
        if point <= 0:
            whole, fraction = "0", "." + "0" * -point + digits
        elif point >= len(digits):
            whole, fraction = digits + "0" * (point - len(digits)), ""
        else:
            whole, fraction = digits[:point], "." + digits[point:]
        exponent = ""
        if left != point:
            exponent = ("e" if context is not None and not context.capitals else "E") + "%+d" % (left - point)
        return sign + whole + fraction + exponent

    def __str__(self):
        return self._shown(False, getcontext())

    def to_eng_string(self, context=None):
        return self._shown(True, context or getcontext())

    def __format__(self, spec, context=None):
        from _decimal_format import _formatted

        return _formatted(self, spec, context or getcontext())

    # ---- conversions

    def __int__(self):
        if self.is_nan():
            raise ValueError("cannot convert NaN to integer")
        if self.is_infinite():
            raise OverflowError("cannot convert Infinity to integer")
        value = self._int * 10 ** self._exp if self._exp >= 0 else self._int // 10 ** -self._exp
        return -value if self._sign else value

    __trunc__ = __int__

    def __float__(self):
        if self.is_snan():
            raise ValueError("cannot convert signaling NaN to float")
        if self.is_nan():
            return -_math.nan if self._sign else _math.nan
        return float(self._shown(False, None))

    def __complex__(self):
        return complex(float(self))

    @property
    def real(self):
        return self

    @property
    def imag(self):
        return _operand(0)

    def conjugate(self):
        return self

    def __floor__(self):
        return int(self._whole("ROUND_FLOOR"))

    def __ceil__(self):
        return int(self._whole("ROUND_CEILING"))

    def _whole(self, rounding):
        if not self.is_finite():
            int(self)
        return self._rescaled(0, rounding)[0] if self._exp < 0 else self

    def __round__(self, n=None):
        if n is None:
            return int(self._whole("ROUND_HALF_EVEN"))
        if not isinstance(n, int):
            raise TypeError("optional arg must be an integer")
        return self.quantize(_new(0, 1, -n), rounding="ROUND_HALF_EVEN")

    def __reduce__(self):
        return type(self), (str(self),)

    def __copy__(self):
        return self if type(self) is _known[0] else type(self)(self)

    def __deepcopy__(self, memo):
        return self.__copy__()
