"""Template strings: their types, and the conversions of replacement fields."""

from _templatelib import Interpolation, Template

__all__ = ["Interpolation", "Template", "convert"]


def convert(obj, /, conversion):
    """The object under the conversion of a replacement field."""
    if conversion is None:
        return obj
    if conversion == "r":
        return repr(obj)
    if conversion == "s":
        return str(obj)
    if conversion == "a":
        return ascii(obj)
    raise ValueError("invalid conversion specifier: {!r}".format(conversion))
