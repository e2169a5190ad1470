"""Decimal numbers of fixed and chosen precision, by the General Decimal Arithmetic Specification."""

import numbers as _numbers
from _decimal_arithmetic import Arithmetic as _Arithmetic
from _decimal_compare import Comparison as _Comparison
from _decimal_context import *
from _decimal_context import (MAX_EMAX, MAX_PREC, MIN_EMIN, MIN_ETINY, ConversionSyntax, DivisionImpossible,
                              DivisionUndefined, InvalidContext)
from _decimal_context import make as _make, method as _method
from _decimal_math import length as _length
from _decimal_values import DecimalTuple, Values as _Values
from _decimal_values import _exactly, _invalid, _known, _new, _of_float, _operand

__all__ = [
    "Decimal", "Context", "DecimalTuple", "DefaultContext", "BasicContext", "ExtendedContext", "DecimalException",
    "Clamped", "InvalidOperation", "DivisionByZero", "Inexact", "Rounded", "Subnormal", "Overflow", "Underflow",
    "FloatOperation", "DivisionImpossible", "InvalidContext", "ConversionSyntax", "DivisionUndefined", "ROUND_DOWN",
    "ROUND_HALF_UP", "ROUND_HALF_EVEN", "ROUND_CEILING", "ROUND_FLOOR", "ROUND_UP", "ROUND_HALF_DOWN", "ROUND_05UP",
    "setcontext", "getcontext", "localcontext", "MAX_PREC", "MAX_EMAX", "MIN_EMIN", "MIN_ETINY", "HAVE_THREADS",
    "HAVE_CONTEXTVAR",
]
HAVE_THREADS = HAVE_CONTEXTVAR = True


class Decimal:
    """A decimal number: a sign, a coefficient and an exponent, or an infinity or NaN."""

    __slots__ = ("_sign", "_int", "_exp")
    _named_with_module = True

    def __new__(cls, value="0", context=None):
        if type(value) is cls:
            return value
        made = _exactly(value, context or getcontext())
        return made if cls is Decimal else _new(made._sign, made._int, made._exp, cls)

    @classmethod
    def from_float(cls, f):
        if isinstance(f, int):
            made = _new(int(f < 0), abs(int(f)), 0)
        elif isinstance(f, float):
            made = _of_float(f)
        else:
            raise TypeError("argument must be int or float")
        return made if cls is Decimal else cls(made)


def _take(part):
    for name, value in vars(part).items():
        if callable(value):
            value.__qualname__ = "Decimal." + name
            value.__module__ = "decimal"
        elif not isinstance(value, property):
            continue
        setattr(Decimal, name, value)


for _part in (_Values, _Arithmetic, _Comparison):
    _take(_part)
_known.append(Decimal)


# ---- contexts as the place of operations

def _create(context, value):
    made = _exactly(value, context)
    if made.is_nan() and _length(made._int) > context.prec - context.clamp:
        return _invalid(context, ConversionSyntax)
    return made._fix(context)


_make("create", _create)
_make("create_from_float", lambda context, f: Decimal.from_float(f)._fix(context))


def _operation(name, special=None):
    function = getattr(Decimal, special or name)

    def operation(self, a, *others):
        return function(_operand(a, True), *[_operand(other, True) for other in others], context=self)

    _method(name, operation)


def _question(name):
    function = getattr(Decimal, name)
    _method(name, lambda self, a, *others: function(_operand(a, True), *others))


for _name, _special in [
    ("add", "__add__"), ("subtract", "__sub__"), ("multiply", "__mul__"), ("divide", "__truediv__"),
    ("divide_int", "__floordiv__"), ("remainder", "__mod__"), ("divmod", "__divmod__"), ("minus", "__neg__"),
    ("plus", "__pos__"), ("abs", "__abs__"),
] + [(_name, None) for _name in (
    "compare", "compare_signal", "compare_total", "compare_total_mag", "copy_sign", "exp", "fma", "is_normal",
    "is_subnormal", "ln", "log10", "logb", "max", "max_mag", "min", "min_mag", "next_minus", "next_plus", "next_toward",
    "normalize", "number_class", "quantize", "remainder_near", "same_quantum", "scaleb", "sqrt", "to_eng_string",
    "to_integral", "to_integral_exact", "to_integral_value",
)]:
    if _special is None and _name in ("quantize", "to_integral", "to_integral_exact", "to_integral_value"):
        _place = getattr(Decimal, _name)
        _method(_name, (lambda function: lambda self, a, *others: function(
            _operand(a, True), *[_operand(other, True) for other in others], rounding=None, context=self))(_place))
    else:
        _operation(_name, _special)
for _name in ("canonical", "copy_abs", "copy_negate", "is_canonical", "is_finite", "is_infinite", "is_nan", "is_qnan",
              "is_signed", "is_snan", "is_zero"):
    _question(_name)
_method("to_sci_string", lambda self, a: _operand(a, True)._shown(False, self))
_method("copy_decimal", lambda self, a: _operand(a, True))
_method("radix", lambda self: Decimal(10))


def _context_power(self, a, b, modulo=None):
    return _operand(a, True).__pow__(b, modulo, self)


_method("power", _context_power)
_numbers.Number.register(Decimal)
Decimal.__module__ = "decimal"
__version__ = "1.70"
__libmpdec_version__ = "2.5.1"
