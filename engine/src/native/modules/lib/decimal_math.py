"""Integer arithmetic below decimal numbers: digits, rounding, exponentials and logarithms in fixed point."""

from math import isqrt


def length(number):
    """How many decimal digits a number has that is not negative; 1 for zero."""
    if number < 10:
        return 1
    guess = (number.bit_length() - 1) * 30103 // 100000
    while 10 ** guess <= number:
        guess += 1
    while 10 ** (guess - 1) > number:
        guess -= 1
    return guess


def rounded(coefficient, drop, sign, rounding):
    """A coefficient without its last digits, and whether they were not all zero."""
    unit = 10 ** drop
    kept, rest = divmod(coefficient, unit)
    if not rest:
        return kept, False
    if rounding == "ROUND_HALF_EVEN":
        up = 2 * rest > unit or 2 * rest == unit and kept & 1
    elif rounding == "ROUND_HALF_UP":
        up = 2 * rest >= unit
    elif rounding == "ROUND_HALF_DOWN":
        up = 2 * rest > unit
    elif rounding == "ROUND_UP":
        up = True
    elif rounding == "ROUND_DOWN":
        up = False
    elif rounding == "ROUND_CEILING":
        up = not sign
    elif rounding == "ROUND_FLOOR":
        up = sign
    else:
        up = kept % 5 == 0
    return kept + bool(up), True


def exp_fixed(x, places):
    """The exponential of x / 10**places, times 10**places."""
    more = 12 + places // 8
    halvings = 8 + places // 16
    scale = 10 ** (places + more)
    rest = (x * 10 ** more) >> halvings
    total = term = scale
    number = 1
    while term:
        term = term * rest // (scale * number)
        total += term
        number += 1
    for _ in range(halvings):
        total = total * total // scale
    return total // 10 ** more


def ln_fixed(x, places):
    """The natural logarithm of x / 10**places, which is positive, times 10**places."""
    more = 12 + places // 8
    scale = 10 ** (places + more)
    value = x * 10 ** more
    doubled = 0
    while not 0.999 * 1000 < value * 1000 // scale <= 1001:
        value = isqrt(value * scale)
        doubled += 1
    ratio = (value - scale) * scale // (value + scale)
    square = ratio * ratio // scale
    total, term, number = 0, ratio, 1
    while term not in (0, -1):
        total += term // number
        term = term * square // scale
        number += 2
    return (2 * total << doubled) // 10 ** more


def ln10_fixed(places):
    """The natural logarithm of 10, times 10**places."""
    known = _ln10[0]
    if known < places:
        _ln10[:] = [places + 20, ln_fixed(10 * 10 ** (places + 20), places + 20)]
        known = places + 20
    return _ln10[1] // 10 ** (known - places)


_ln10 = [0, 2]
