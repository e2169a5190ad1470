"""Decimal numbers: rounding, signs and the exact and rounded operations."""

import math as _math
from _decimal_context import *
from _decimal_context import DivisionImpossible, DivisionUndefined
from _decimal_functions import _exp_of, _inexact, _ln_of, _log10_of, _logarithm, _power, _power_modulo
from _decimal_math import length as _length
from _decimal_math import rounded as _rounded
from _decimal_values import _invalid, _nan_of, _new, _operand, _overflow


class Arithmetic:
    """Methods of Decimal."""

    __slots__ = ()

    # ---- rounding

    def _rescaled(self, exponent, rounding):
        """The same value with another exponent, and whether that is another value after all."""
        if self._exp >= exponent:
            return _new(self._sign, self._int * 10 ** (self._exp - exponent), exponent), False
        drop = exponent - self._exp
        if drop > _length(self._int) + 1:
            coefficient, changed = _rounded(1 if self._int else 0, 2, self._sign, rounding)
        else:
            coefficient, changed = _rounded(self._int, drop, self._sign, rounding)
        return _new(self._sign, coefficient, exponent), changed

    def _fix(self, context):
        """The value as a result of this context, with its signals."""
        if not self.is_finite():
            if self.is_nan():
                most = context.prec - context.clamp
                if _length(self._int) > most:
                    return _new(self._sign, self._int % 10 ** most, self._exp)
            return self
        etiny, etop = context.Etiny(), context.Etop()
        if not self._int:
            exponent = min(max(self._exp, etiny), etop if context.clamp else context.Emax)
            if exponent == self._exp:
                return self
            context._raise(Clamped)
            return _new(self._sign, 0, exponent)
        least = _length(self._int) + self._exp - context.prec
        if least > etop:
            return _overflow(self._sign, context)
        subnormal = least < etiny
        if subnormal:
            least = etiny
        if self._exp < least:
            made, changed = self._rescaled(least, context.rounding)
            if _length(made._int) > context.prec:
                made._int //= 10
                made._exp += 1
            if made._exp > etop:
                return _overflow(self._sign, context)
            conditions = []
            if changed and subnormal:
                conditions.append(Underflow)
            if subnormal:
                conditions.append(Subnormal)
            if changed:
                conditions.append(Inexact)
            conditions.append(Rounded)
            if not made._int:
                conditions.append(Clamped)
            context._raise(*conditions)
            return made
        if subnormal:
            context._raise(Subnormal)
        if context.clamp and self._exp > etop:
            context._raise(Clamped)
            return _new(self._sign, self._int * 10 ** (self._exp - etop), etop)
        return self

    def quantize(self, exp, rounding=None, context=None):
        context = context or getcontext()
        exp = _operand(exp, True)
        nan = _nan_of(context, self, exp)
        if nan is not None:
            return nan
        if self.is_infinite() or exp.is_infinite():
            if self.is_infinite() and exp.is_infinite():
                return self
            return _invalid(context)
        if not context.Etiny() <= exp._exp <= context.Emax:
            return _invalid(context)
        if not self._int:
            return _new(self._sign, 0, exp._exp)._fix(context)
        if self.adjusted() > context.Emax or self.adjusted() - exp._exp + 1 > context.prec:
            return _invalid(context)
        made, changed = self._rescaled(exp._exp, rounding or context.rounding)
        if made.adjusted() > context.Emax or _length(made._int) > context.prec:
            return _invalid(context)
        if made._int and made.adjusted() < context.Emin:
            context._raise(Subnormal)
        if made._exp > self._exp:
            context._raise(*([Inexact, Rounded] if changed else [Rounded]))
        return made._fix(context)

    def same_quantum(self, other, context=None):
        other = _operand(other, True)
        if not self.is_finite() or not other.is_finite():
            return self.is_nan() and other.is_nan() or self.is_infinite() and other.is_infinite()
        return self._exp == other._exp

    def normalize(self, context=None):
        context = context or getcontext()
        nan = _nan_of(context, self)
        if nan is not None:
            return nan
        made = self._fix(context)
        if not made.is_finite():
            return made
        if not made._int:
            return _new(made._sign, 0, 0)
        most = context.Etop() if context.clamp else context.Emax
        coefficient, exponent = made._int, made._exp
        while exponent < most and coefficient % 10 == 0:
            coefficient //= 10
            exponent += 1
        return _new(made._sign, coefficient, exponent)

    def to_integral_value(self, rounding=None, context=None):
        context = context or getcontext()
        nan = _nan_of(context, self)
        if nan is not None:
            return nan
        if self.is_infinite() or self._exp >= 0:
            return self
        return self._rescaled(0, rounding or context.rounding)[0]

    to_integral = to_integral_value

    def to_integral_exact(self, rounding=None, context=None):
        context = context or getcontext()
        nan = _nan_of(context, self)
        if nan is not None:
            return nan
        if self.is_infinite() or self._exp >= 0:
            return self
        made, changed = self._rescaled(0, rounding or context.rounding)
        context._raise(*([Inexact, Rounded] if changed else [Rounded]))
        return made

    # ---- signs

    def copy_abs(self):
        return _new(0, self._int, self._exp)

    def copy_negate(self):
        return _new(1 - self._sign, self._int, self._exp)

    def copy_sign(self, other, context=None):
        return _new(_operand(other, True)._sign, self._int, self._exp)

    def __neg__(self, context=None):
        context = context or getcontext()
        nan = _nan_of(context, self)
        if nan is not None:
            return nan
        if self.is_zero() and context.rounding != ROUND_FLOOR:
            return self.copy_abs()._fix(context)
        return self.copy_negate()._fix(context)

    def __pos__(self, context=None):
        context = context or getcontext()
        nan = _nan_of(context, self)
        if nan is not None:
            return nan
        if self.is_zero() and context.rounding != ROUND_FLOOR:
            return self.copy_abs()._fix(context)
        return self._fix(context)

    def __abs__(self, context=None):
        return self.__neg__(context) if self._sign else self.__pos__(context)

    # ---- arithmetic

    def __add__(self, other, context=None):
        other = _operand(other)
        if other is NotImplemented:
            return other
        context = context or getcontext()
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan
        if self.is_infinite() or other.is_infinite():
            if self.is_infinite() and other.is_infinite() and self._sign != other._sign:
                return _invalid(context)
            return self if self.is_infinite() else other
        exponent = min(self._exp, other._exp)
        if not self._int and not other._int:
            sign = self._sign & other._sign
            if context.rounding == ROUND_FLOOR and self._sign != other._sign:
                sign = 1
            return _new(sign, 0, exponent)._fix(context)
        if not self._int or not other._int:
            full = other if not self._int else self
            exponent = max(exponent, full._exp - context.prec - 1)
            return full._rescaled(exponent, context.rounding)[0]._fix(context)
        a, b = (self, other) if self._exp >= other._exp else (other, self)
        # A number that is far too small only decides how the other is rounded.
        lowest = a._exp + min(-1, _length(a._int) - context.prec - 2)
        if _length(b._int) + b._exp - 1 < lowest:
            b = _new(b._sign, 1, lowest)
        exponent = b._exp
        total = (-a._int if a._sign else a._int) * 10 ** (a._exp - exponent) + (-b._int if b._sign else b._int)
        if not total:
            return _new(int(context.rounding == ROUND_FLOOR), 0, min(self._exp, other._exp))._fix(context)
        return _new(int(total < 0), abs(total), exponent)._fix(context)

    __radd__ = __add__

    def __sub__(self, other, context=None):
        other = _operand(other)
        if other is NotImplemented:
            return other
        if other.is_nan():
            return self.__add__(other, context)
        return self.__add__(other.copy_negate(), context)

    def __rsub__(self, other, context=None):
        other = _operand(other)
        return other if other is NotImplemented else other.__sub__(self, context)

    def __mul__(self, other, context=None):
        other = _operand(other)
        if other is NotImplemented:
            return other
        context = context or getcontext()
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan
        sign = self._sign ^ other._sign
        if self.is_infinite() or other.is_infinite():
            if not self or not other:
                return _invalid(context)
            return _new(sign, 0, "F")
        return _new(sign, self._int * other._int, self._exp + other._exp)._fix(context)

    __rmul__ = __mul__

    def __truediv__(self, other, context=None):
        other = _operand(other)
        if other is NotImplemented:
            return other
        context = context or getcontext()
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan
        sign = self._sign ^ other._sign
        if self.is_infinite():
            return _invalid(context) if other.is_infinite() else _new(sign, 0, "F")
        if other.is_infinite():
            context._raise(Clamped)
            return _new(sign, 0, context.Etiny())
        if not other._int:
            if not self._int:
                return _invalid(context, DivisionUndefined)
            context._raise(DivisionByZero)
            return _new(sign, 0, "F")
        ideal = self._exp - other._exp
        if not self._int:
            return _new(sign, 0, ideal)._fix(context)
        shift = _length(other._int) - _length(self._int) + context.prec + 1
        if shift >= 0:
            quotient, rest = divmod(self._int * 10 ** shift, other._int)
        else:
            quotient, rest = divmod(self._int, other._int * 10 ** -shift)
        exponent = ideal - shift
        if rest:
            quotient += quotient % 5 == 0
        else:
            while exponent < ideal and quotient % 10 == 0:
                quotient //= 10
                exponent += 1
        return _new(sign, quotient, exponent)._fix(context)

    def __rtruediv__(self, other, context=None):
        other = _operand(other)
        return other if other is NotImplemented else other.__truediv__(self, context)

    def _divided(self, other, context):
        """The whole quotient and the rest, of finite numbers, the second not zero; nothing if the quotient is too long."""
        sign = self._sign ^ other._sign
        ideal = min(self._exp, other._exp)
        distance = self.adjusted() - other.adjusted()
        if not self._int or distance <= -2:
            return _new(sign, 0, 0), self._rescaled(ideal, context.rounding)[0]
        if distance <= context.prec:
            a = self._int * 10 ** (self._exp - ideal)
            b = other._int * 10 ** (other._exp - ideal)
            quotient, rest = divmod(a, b)
            if _length(quotient) <= context.prec:
                return _new(sign, quotient, 0), _new(self._sign, rest, ideal)
        return None

    def __floordiv__(self, other, context=None):
        other = _operand(other)
        if other is NotImplemented:
            return other
        context = context or getcontext()
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan
        sign = self._sign ^ other._sign
        if self.is_infinite():
            return _invalid(context) if other.is_infinite() else _new(sign, 0, "F")
        if other.is_infinite():
            return _new(sign, 0, 0)
        if not other._int:
            if not self._int:
                return _invalid(context, DivisionUndefined)
            context._raise(DivisionByZero)
            return _new(sign, 0, "F")
        pair = self._divided(other, context)
        return _invalid(context, DivisionImpossible) if pair is None else pair[0]

    def __rfloordiv__(self, other, context=None):
        other = _operand(other)
        return other if other is NotImplemented else other.__floordiv__(self, context)

    def __mod__(self, other, context=None):
        other = _operand(other)
        if other is NotImplemented:
            return other
        context = context or getcontext()
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan
        if self.is_infinite():
            return _invalid(context)
        if other.is_infinite():
            return self._fix(context)
        if not other._int:
            return _invalid(context, InvalidOperation if self._int else DivisionUndefined)
        pair = self._divided(other, context)
        return _invalid(context, DivisionImpossible) if pair is None else pair[1]._fix(context)

    def __rmod__(self, other, context=None):
        other = _operand(other)
        return other if other is NotImplemented else other.__mod__(self, context)

    def __divmod__(self, other, context=None):
        other = _operand(other)
        if other is NotImplemented:
            return other
        context = context or getcontext()
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan, nan
        if not other.is_finite() or not self.is_finite() or not other._int:
            if not other and not self and self.is_finite():
                invalid = _invalid(context, DivisionUndefined)
                return invalid, invalid
            if self.is_infinite() and other.is_infinite():
                invalid = _invalid(context)
                return invalid, invalid
            if not other and self.is_finite():
                context._raise(InvalidOperation, DivisionByZero)
                return _new(self._sign ^ other._sign, 0, "F"), _new(0, 0, "n")
            return self.__floordiv__(other, context), self.__mod__(other, context)
        pair = self._divided(other, context)
        if pair is None:
            invalid = _invalid(context, DivisionImpossible)
            return invalid, invalid
        return pair[0], pair[1]._fix(context)

    def __rdivmod__(self, other, context=None):
        other = _operand(other)
        return other if other is NotImplemented else other.__divmod__(self, context)

    def remainder_near(self, other, context=None):
        context = context or getcontext()
        other = _operand(other, True)
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan
        if self.is_infinite() or not other:
            return _invalid(context, InvalidOperation if self else DivisionUndefined)
        if other.is_infinite():
            return self._fix(context)
        ideal = min(self._exp, other._exp)
        if self.adjusted() - other.adjusted() >= context.prec + 1:
            return _invalid(context, DivisionImpossible)
        a, b = self._int * 10 ** (self._exp - ideal), other._int * 10 ** (other._exp - ideal)
        quotient, rest = divmod(a, b)
        sign = self._sign
        if 2 * rest + (quotient & 1) > b:
            rest -= b
            quotient += 1
        if _length(quotient) > context.prec:
            return _invalid(context, DivisionImpossible)
        return _new(sign ^ int(rest < 0), abs(rest), ideal)._fix(context)

    def fma(self, other, third, context=None):
        other, third = _operand(other, True), _operand(third, True)
        context = context or getcontext()
        nan = _nan_of(context, self, other, third)
        if nan is not None:
            return nan
        if not self.is_finite() or not other.is_finite():
            product = self.__mul__(other, context)
        else:
            product = _new(self._sign ^ other._sign, self._int * other._int, self._exp + other._exp)
        return product.__add__(third, context)

    def __pow__(self, other, modulo=None, context=None):
        other = _operand(other)
        if other is NotImplemented:
            return other
        context = context or getcontext()
        if modulo is not None:
            return _power_modulo(self, other, modulo, context)
        return _power(self, other, context)

    def __rpow__(self, other, modulo=None, context=None):
        other = _operand(other)
        return other if other is NotImplemented else other.__pow__(self, modulo, context)

    def sqrt(self, context=None):
        context = context or getcontext()
        nan = _nan_of(context, self)
        if nan is not None:
            return nan
        if self.is_infinite() and not self._sign:
            return self
        if self.is_zero():
            return _new(self._sign, 0, self._exp >> 1)._fix(context)
        if self._sign:
            return _invalid(context)
        digits = context.prec + 1
        coefficient, half = self._int, self._exp >> 1
        if self._exp & 1:
            coefficient *= 10
        size = (_length(coefficient) + 1) // 2
        shift = digits - size
        exact = True
        if shift >= 0:
            coefficient *= 100 ** shift
        else:
            coefficient, rest = divmod(coefficient, 100 ** -shift)
            exact = not rest
        exponent = half - shift
        root = _math.isqrt(coefficient)
        exact = exact and root * root == coefficient
        if exact:
            if shift >= 0:
                root //= 10 ** shift
            else:
                root *= 10 ** -shift
            exponent += shift
        else:
            root += root % 5 == 0
        saved = context.rounding
        context.rounding = ROUND_HALF_EVEN
        try:
            return _new(0, root, exponent)._fix(context)
        finally:
            context.rounding = saved

    def exp(self, context=None):
        context = context or getcontext()
        nan = _nan_of(context, self)
        if nan is not None:
            return nan
        if self.is_infinite():
            return _new(0, 0, 0) if self._sign else self
        if not self._int:
            return _new(0, 1, 0)
        if self.adjusted() > _length(context.Emax) + 2:
            if self._sign:
                return _new(0, 1, context.Etiny() - 2)._fix_even(context)
            return _overflow(0, context)
        return _inexact(lambda places: _exp_of(self, places), context)

    def ln(self, context=None):
        return _logarithm(self, context or getcontext(), _ln_of)

    def log10(self, context=None):
        context = context or getcontext()
        if self.is_finite() and self._int and not self._sign:
            digits = str(self._int)
            if digits == "1" + "0" * (len(digits) - 1):
                return _operand(self._exp + len(digits) - 1)._fix(context)
        return _logarithm(self, context, _log10_of)

    def logb(self, context=None):
        context = context or getcontext()
        nan = _nan_of(context, self)
        if nan is not None:
            return nan
        if self.is_infinite():
            return _new(0, 0, "F")
        if not self._int:
            context._raise(DivisionByZero)
            return _new(1, 0, "F")
        return _operand(self.adjusted())._fix(context)

    def scaleb(self, other, context=None):
        context = context or getcontext()
        other = _operand(other, True)
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan
        if not other.is_finite() or other._exp != 0 or abs(int(other)) > 2 * (context.Emax + context.prec):
            return _invalid(context)
        if self.is_infinite():
            return self
        return _new(self._sign, self._int, self._exp + int(other))._fix(context)

    def _fix_even(self, context):
        saved = context.rounding
        context.rounding = ROUND_HALF_EVEN
        try:
            return self._fix(context)
        finally:
            context.rounding = saved
