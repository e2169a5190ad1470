"""Decimal numbers by a format specification."""

import re as _re
from _decimal_math import length as _length
from _decimal_values import _new


_spec = _re.compile(
    r"(?s)(?:(?P<fill>.)?(?P<align>[<>=^]))?(?P<sign>[-+ ])?(?P<z>z)?(?P<alt>\#)?(?P<zero>0)?(?P<width>\d+)?"
    r"(?P<comma>[,_])?(?:\.(?P<prec>\d+))?(?P<type>[eEfFgGn%])?\Z"
)


def _formatted(value, spec, context):
    found = _spec.match(spec)
    if found is None or found.group("alt"):
        raise ValueError("invalid format string")
    kind, precision = found.group("type"), found.group("prec")
    sign = "-" if value._sign else found.group("sign") if found.group("sign") in ("+", " ") else ""
    if not value.is_finite():
        body = value.copy_abs()._shown(False, None) + ("%" if kind == "%" else "")
    else:
        body, sign = _digits_of(value, kind, precision and int(precision), sign, context, found)
    fill, align, width = found.group("fill") or " ", found.group("align") or ">", int(found.group("width") or 0)
    if found.group("zero") and not found.group("align") and value.is_finite():
        fill, align = "0", "="
    if align == "=":
        missing = width - len(sign) - len(body)
        if fill == "0" and found.group("comma") and value.is_finite():
            head, tail = _split_head(body)
            while len(sign) + len(body) < width:
                head = "0" + head
                body = _grouped(head, found.group("comma")) + tail
            return sign + body
        return sign + fill * missing + body
    body = sign + body
    missing = max(width - len(body), 0)
    if align == "<":
        return body + fill * missing
    if align == ">":
        return fill * missing + body
    return fill * (missing // 2) + body + fill * (missing - missing // 2)


def _split_head(body):
    at = 0
    while at < len(body) and (body[at].isdigit() or body[at] in ",_"):
        at += 1
    return body[:at].replace(",", "").replace("_", ""), body[at:]


def _grouped(digits, mark):
    pieces = []
    while len(digits) > 3:
        pieces.append(digits[-3:])
        digits = digits[:-3]
    return mark.join([digits] + pieces[::-1])


def _digits_of(value, kind, precision, sign, context, found):
    rounding = context.rounding
    value = _new(value._sign, value._int, value._exp)
    if kind == "%":
        value._exp += 2
    if precision is not None:
        if kind in ("e", "E"):
            value = _to_length(value, precision + 1, rounding)
        elif kind in ("f", "F", "%"):
            value = value._rescaled(-precision, rounding)[0]
        elif _length(value._int) > max(precision, 1):
            value = _to_length(value, max(precision, 1), rounding)
    if not value._int and value._exp > 0 and kind in ("f", "F", "%"):
        value = value._rescaled(0, rounding)[0]
    if found.group("z") and not value._int and sign == "-":
        sign = ""
    digits = str(value._int)
    left = value._exp + len(digits)
    if kind in ("e", "E"):
        point = 1 - precision if not value._int and precision is not None else 1
    elif kind in ("f", "F", "%"):
        point = left
    else:
        point = left if value._exp <= 0 and left > -6 else 1
    if point < 0:
        whole, fraction = "0", "0" * -point + digits
    elif point > len(digits):
        whole, fraction = digits + "0" * (point - len(digits)), ""
    else:
        whole, fraction = digits[:point] or "0", digits[point:]
    exponent = left - point
    if found.group("comma"):
        whole = _grouped(whole, found.group("comma"))
    body = whole + ("." + fraction if fraction else "")
    if exponent or kind in ("e", "E"):
        letter = "e" if kind in ("e", "g") or kind in (None, "n") and not context.capitals else "E"
        body += "%s%+d" % (letter, exponent)
    return body + ("%" if kind == "%" else ""), sign


def _to_length(value, places, rounding):
    if not value._int:
        return _new(value._sign, 0, value.adjusted() + 1 - places)
    exponent = value.adjusted() + 1 - places
    made = value._rescaled(exponent, rounding)[0]
    if _length(made._int) > places:
        made = made._rescaled(exponent + 1, rounding)[0]
    return made
