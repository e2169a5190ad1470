"""Decimal numbers: comparison, and the numbers next to one."""

from _decimal_context import *
from _decimal_values import _comparable, _nan_of, _new, _operand


def _extreme(a, b, context, wanted, magnitude):
    if a.is_nan() or b.is_nan():
        if a.is_snan() or b.is_snan() or a.is_nan() and b.is_nan():
            return _nan_of(context, a, b)
        return (b if a.is_nan() else a)._fix(context)
    order = a.copy_abs()._cmp(b.copy_abs()) if magnitude else a._cmp(b)
    if not order:
        order = int(a.compare_total(b))
    return (a if order * wanted >= 0 else b)._fix(context)


def _next(value, context, direction):
    nan = _nan_of(context, value)
    if nan is not None:
        return nan
    if value.is_infinite():
        if value._sign == int(direction < 0):
            return value
        return _new(value._sign, 10 ** context.prec - 1, context.Etop())
    quiet = context.copy()
    quiet.clear_traps()
    quiet.rounding = ROUND_CEILING if direction > 0 else ROUND_FLOOR
    made = value._fix(quiet)
    if made._cmp(value) != 0:
        return made
    return value.__add__(_new(int(direction < 0), 1, context.Etiny() - 1), quiet)


class Comparison:
    """Methods of Decimal."""

    __slots__ = ()

    # ---- comparison

    def _cmp(self, other):
        if self.is_infinite() or other.is_infinite():
            a, b = [(-1 if x._sign else 1) if x.is_infinite() else 0 for x in (self, other)]
            return (a > b) - (a < b)
        if not self._int or not other._int:
            a, b = [0 if not x._int else -1 if x._sign else 1 for x in (self, other)]
            return (a > b) - (a < b)
        if self._sign != other._sign:
            return -1 if self._sign else 1
        a, b = self.adjusted(), other.adjusted()
        if a == b:
            low = min(self._exp, other._exp)
            a, b = self._int * 10 ** (self._exp - low), other._int * 10 ** (other._exp - low)
        result = (a > b) - (a < b)
        return -result if self._sign else result

    def __eq__(self, other):
        pair = _comparable(self, other, True)
        if pair is None:
            return NotImplemented
        a, b = pair
        context = getcontext()
        if a.is_snan() or b.is_snan():
            context._raise(InvalidOperation)
        if a.is_nan() or b.is_nan():
            return False
        return a._cmp(b) == 0

    def _ordered(self, other, how):
        pair = _comparable(self, other, False)
        if pair is None:
            return NotImplemented
        a, b = pair
        if a.is_nan() or b.is_nan():
            getcontext()._raise(InvalidOperation)
            return False
        return how(a._cmp(b))

    def __lt__(self, other):
        return self._ordered(other, lambda order: order < 0)

    def __le__(self, other):
        return self._ordered(other, lambda order: order <= 0)

    def __gt__(self, other):
        return self._ordered(other, lambda order: order > 0)

    def __ge__(self, other):
        return self._ordered(other, lambda order: order >= 0)

    def compare(self, other, context=None):
        context = context or getcontext()
        other = _operand(other, True)
        nan = _nan_of(context, self, other)
        return _operand(self._cmp(other)) if nan is None else nan

    def compare_signal(self, other, context=None):
        context = context or getcontext()
        other = _operand(other, True)
        if self.is_nan() or other.is_nan():
            context._raise(InvalidOperation)
        return self.compare(other, context)

    def _total(self):
        order = {"n": 2, "N": 1}.get(self._exp, 0)
        return order, self._int if order else 0

    def compare_total(self, other, context=None):
        other = _operand(other, True)
        if self._sign != other._sign:
            return _operand(-1 if self._sign else 1)
        a, b = self._total(), other._total()
        result = (a > b) - (a < b)
        if not result and not a[0]:
            result = _new(0, self._int, self._exp)._cmp(_new(0, other._int, other._exp))
            if not result and self.is_finite():
                result = (self._exp > other._exp) - (self._exp < other._exp)
        return _operand(-result if self._sign else result)

    def compare_total_mag(self, other, context=None):
        return self.copy_abs().compare_total(_operand(other, True).copy_abs())

    def max(self, other, context=None):
        return _extreme(self, _operand(other, True), context or getcontext(), 1, False)

    def min(self, other, context=None):
        return _extreme(self, _operand(other, True), context or getcontext(), -1, False)

    def max_mag(self, other, context=None):
        return _extreme(self, _operand(other, True), context or getcontext(), 1, True)

    def min_mag(self, other, context=None):
        return _extreme(self, _operand(other, True), context or getcontext(), -1, True)

    def next_plus(self, context=None):
        return _next(self, context or getcontext(), 1)

    def next_minus(self, context=None):
        return _next(self, context or getcontext(), -1)

    def next_toward(self, other, context=None):
        context = context or getcontext()
        other = _operand(other, True)
        nan = _nan_of(context, self, other)
        if nan is not None:
            return nan
        order = self._cmp(other)
        if not order:
            return self.copy_sign(other)
        made = _next(self, context, -order)
        if made.is_infinite():
            context._raise(Overflow, Inexact, Rounded)
        elif made.is_subnormal(context) or not made:
            context._raise(Underflow, Subnormal, Inexact, Rounded, *([] if made else [Clamped]))
        return made
