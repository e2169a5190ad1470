"""Decimal functions whose values are not exact: exponentials, logarithms, powers."""

from _decimal_context import *
from _decimal_math import exp_fixed as _exp_fixed, length as _length, ln10_fixed as _ln10_fixed, ln_fixed as _ln_fixed
from _decimal_values import _invalid, _nan_of, _new, _operand, _overflow


# ---- functions whose values are not exact

def _inexact(compute, context):
    """The rounded value of a function that gives coefficient and exponent with so many digits, none of them exact."""
    more = 5
    while True:
        sign, coefficient, exponent = compute(context.prec + more)
        drop = _length(coefficient) - context.prec
        # Near a half the digits do not decide how to round.
        tail = coefficient % 10 ** max(drop, 1)
        unit = 10 ** max(drop, 1)
        if drop > 1 and abs(tail - unit // 2) > 20 and 20 < tail < unit - 20 or more > 200:
            break
        more += 10
    coefficient += coefficient % 5 == 0
    return _new(sign, coefficient, exponent)._fix_even(context)


def _fixed(value, places):
    """A finite value times 10**places, cut off."""
    shift = value._exp + places
    number = value._int * 10 ** shift if shift >= 0 else value._int // 10 ** -shift
    return -number if value._sign else number


def _exp_of(value, places):
    places += 5
    extra = max(value.adjusted() + 1, 0)
    x = _fixed(value, places + extra)
    tens, rest = divmod(x, _ln10_fixed(places + extra))
    return 0, _exp_fixed(rest // 10 ** extra, places), tens - places


def _ln_of(value, places):
    places += 5
    if -2 <= value.adjusted() <= 1:
        # Close to 1 the first digits of the logarithm are zeros.
        places += max(0, -(_new(0, value._int, value._exp).__sub__(_operand(1), Context(prec=_length(value._int) + 5, traps=[])).adjusted()))
    exponent = value.adjusted()
    mantissa = _fixed(_new(0, value._int, value._exp - exponent), places)
    result = _ln_fixed(mantissa, places) + exponent * _ln10_fixed(places)
    return int(result < 0), abs(result), -places


def _log10_of(value, places):
    places += 5
    sign, coefficient, exponent = _ln_of(value, places)
    return sign, coefficient * 10 ** places // _ln10_fixed(places), exponent


def _logarithm(value, context, compute):
    nan = _nan_of(context, value)
    if nan is not None:
        return nan
    if value.is_zero():
        return _new(1, 0, "F")
    if value._sign:
        return _invalid(context)
    if value.is_infinite():
        return value
    if value._cmp(_operand(1)) == 0:
        return _new(0, 0, 0)
    return _inexact(lambda places: compute(value, places), context)


def _power(base, exponent, context):
    nan = _nan_of(context, base, exponent)
    if nan is not None:
        return nan
    if exponent.is_zero():
        return _invalid(context) if base.is_zero() else _new(0, 1, 0)
    whole = exponent.is_finite() and (exponent._exp >= 0 or exponent._int % 10 ** -exponent._exp == 0)
    sign = 0
    if base._sign:
        if whole:
            sign = int(exponent) & 1
        elif base:
            return _invalid(context)
        base = base.copy_negate()
    if base.is_zero():
        return _new(sign, 0, "F") if exponent._sign else _new(sign, 0, 0)
    if base.is_infinite():
        return _new(sign, 0, 0) if exponent._sign else _new(sign, 0, "F")
    if base._cmp(_operand(1)) == 0:
        if whole and exponent._exp >= 0 and not exponent._sign:
            return _new(sign, 10 ** min(-base._exp * int(exponent), context.prec - 1),
                        -min(-base._exp * int(exponent), context.prec - 1)) if base._exp else _new(sign, 1, 0)
        context._raise(Inexact, Rounded)
        return _new(sign, 10 ** (context.prec - 1), 1 - context.prec)
    if exponent.is_infinite():
        return _new(0, 0, 0) if (exponent._sign == 0) == (base.adjusted() < 0) else _new(0, 0, "F")
    if whole and base._int == 1:
        return _new(sign, 1, base._exp * int(exponent))._fix(context)
    if whole and abs(int(exponent)) * _length(base._int) <= 20000:
        power = int(exponent)
        exact = _new(sign, base._int ** abs(power), base._exp * abs(power))
        if power > 0:
            return exact._fix(context)
        return _operand(1).__truediv__(exact, context)
    if not exponent._sign and exponent._cmp(_new(0, 5, -1)) == 0:
        root = base.sqrt(context)
        if root.__mul__(root, Context(prec=2 * context.prec, traps=[])) == base:
            return root
    def compute(places):
        wide = places + 10 + abs(exponent.adjusted())
        logarithm = _new(*_ln_of(base, wide))
        product = _new(logarithm._sign ^ exponent._sign, logarithm._int * exponent._int, logarithm._exp + exponent._exp)
        if product.adjusted() > _length(context.Emax) + 3:
            return sign, 1, (context.Etiny() - 5 if product._sign else context.Emax + 1)
        return (sign,) + _exp_of(product, places)[1:]
    return _inexact(compute, context)


def _power_modulo(base, exponent, modulo, context):
    modulo = _operand(modulo)
    if modulo is NotImplemented:
        return modulo
    nan = _nan_of(context, base, exponent, modulo)
    if nan is not None:
        return nan
    parts = base, exponent, modulo
    if not all(part.is_finite() and part == part.to_integral_value() for part in parts) or exponent < 0 or not modulo:
        return _invalid(context)
    if not base and not exponent:
        return _invalid(context)
    result = pow(abs(int(base)), int(exponent), abs(int(modulo)))
    return _new(base._sign & int(exponent) & 1, result, 0)
