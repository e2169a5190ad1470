"""Values as bytes by a format."""

from _rules import struct_range_texts as _range_texts
from _struct import bytes_float as _bytes_float, float_bytes as _float_bytes

__all__ = ["calcsize", "pack", "pack_into", "unpack", "unpack_from", "iter_unpack", "Struct", "error"]


class error(Exception):
    pass


# Code: size in standard formats, native size, signed (None: no int), word for messages.
_ints = {
    "b": (1, 1, True), "B": (1, 1, False), "h": (2, 2, True), "H": (2, 2, False), "i": (4, 4, True), "I": (4, 4, False),
    "l": (4, 8, True), "L": (4, 8, False), "q": (8, 8, True), "Q": (8, 8, False), "n": (0, 8, True), "N": (0, 8, False),
    "P": (0, 8, False),
}
_words = {"b": "byte", "B": "ubyte", "h": "short", "H": "ushort"}
_floats = {"e": 2, "f": 4, "d": 8}
_cache = {}


def _parse(format):
    if isinstance(format, (bytes, bytearray)):
        format = bytes(format).decode("ascii", "replace")
    elif not isinstance(format, str):
        raise TypeError("Struct() argument 1 must be a str or bytes object, not %s" % type(format).__name__)
    known = _cache.get(format)
    if known is not None:
        return known
    if "\0" in format:
        raise error("embedded null character")
    order = format[:1] if format[:1] in ("@", "=", "<", ">", "!") and format else ""
    native = order in ("", "@")
    items = []
    size = count = 0
    number = None
    for c in format[len(order):]:
        if c in " \t\n\r\f\v":
            if number is not None:
                raise error("bad char in struct format")
            continue
        if "0" <= c <= "9":
            number = (number or 0) * 10 + int(c)
            if number > 0x7FFFFFFFFFFFFFFF:
                raise error("total struct size too long")
            continue
        times = 1 if number is None else number
        number = None
        if c in _ints:
            width = _ints[c][1 if native else 0]
            if not width:
                raise error("bad char in struct format")
        elif c in _floats:
            width = _floats[c]
        elif c in "xcs?p":
            width = 1
        else:
            raise error("bad char in struct format")
        if native and width > 1:
            size += -size % width
        if c in "sp":
            items.append((c, size, times))
            count += 1
            size += times
        elif c == "x":
            size += times
        else:
            if times > 100000000:
                raise error("total struct size too long")
            for _ in range(times):
                items.append((c, size, width))
                size += width
            count += times
        if size > 0x7FFFFFFFFFFFFFFF:
            raise error("total struct size too long")
    if number is not None:
        raise error("repeat count given without format specifier")
    found = (format, "big" if order in (">", "!") else "little", native, items, size, count)
    _cache[format] = found
    return found


def _pack_int(c, width, order, native, value):
    if not isinstance(value, int):
        try:
            value = type(value).__index__(value)
        except AttributeError:
            raise error("required argument is not an integer") from None
    signed = _ints[c][2]
    low, high = (-(1 << 8 * width - 1), (1 << 8 * width - 1) - 1) if signed else (0, (1 << 8 * width) - 1)
    if low <= value <= high:
        return value.to_bytes(width, order, signed=signed)
    if _range_texts < 2:
        least, most = (0, 1 << 64) if c in "ILQNP" else (-(1 << 63), 1 << 63)
        if order == "big" and width > 1:
            # The general routines: by the width alone.
            if width == 8:
                raise error("int too large to convert")
            least, most = (-(1 << 63), 1 << 63) if signed else (0, 1 << 64)
            if not least <= value < most:
                raise error("argument out of range")
            raise error("'%s' format requires %d <= number <= %d" % (c, low, high))
        if not least <= value < most or c in "qQnNP" or (native and c in "lL"):
            raise error("argument out of range")
        if c in "hH" and _range_texts == 0:
            raise error("short format requires (-0x7fff - 1) <= number <= 0x7fff" if signed
                        else "ushort format requires 0 <= number <= (0x7fff * 2 + 1)")
        if c in "bBhH":
            raise error("%s format requires %d <= number <= %d" % (_words[c], low, high))
    raise error("'%s' format requires %d <= number <= %d" % (c, low, high))


def _pack(name, parsed, values):
    format, order, native, items, size, count = parsed
    if len(values) != count:
        raise error("%s expected %d items for packing (got %d)" % (name, count, len(values)))
    out = bytearray(size)
    for (c, at, width), value in zip(items, values):
        if c == "c":
            if not isinstance(value, bytes) or len(value) != 1:
                raise error("char format requires a bytes object of length 1")
            data = value
        elif c == "?":
            data = b"\1" if value else b"\0"
        elif c == "s" or c == "p":
            if not isinstance(value, (bytes, bytearray)):
                raise error("argument for '%s' must be a bytes object" % c)
            if c == "s":
                data = bytes(value[:width])
            else:
                data = bytes(value[:min(max(width - 1, 0), 255)])
                data = bytes([len(data)]) + data if width else b""
        elif c in _floats:
            try:
                data = _float_bytes(value, width)
            except TypeError:
                raise error("required argument is not a float") from None
            except OverflowError:
                if native and c == "f":
                    data = b"\x7f\x80\0\0" if value > 0 else b"\xff\x80\0\0"
                elif c == "e" and abs(value) < 65536:
                    raise error("int too large to convert") from None
                else:
                    raise
            if order == "little":
                data = data[::-1]
        else:
            data = _pack_int(c, width, order, native, value)
        out[at:at + len(data)] = data
    return out


def _unpack(parsed, data, base=0):
    format, order, native, items, size, count = parsed
    values = []
    for c, at, width in items:
        piece = data[base + at:base + at + width]
        if c == "c" or c == "s":
            values.append(piece)
        elif c == "p":
            values.append(piece[1:1 + piece[0]] if piece else b"")
        elif c == "?":
            values.append(piece != b"\0")
        elif c in _floats:
            values.append(_bytes_float(piece[::-1] if order == "little" else piece))
        else:
            # An int that is made by adding is the shared one if there is one.
            values.append(int.from_bytes(piece, order, signed=_ints[c][2]) + 0)
    return tuple(values)


def _bytes(buffer):
    try:
        return bytes(memoryview(buffer))
    except TypeError:
        raise TypeError("a bytes-like object is required, not '%s'" % type(buffer).__name__) from None


def _checked(size, buffer, offset):
    length = len(_bytes(buffer))
    if offset < 0:
        if offset + size > 0:
            raise error("not enough data to unpack %d bytes at offset %d" % (size, offset))
        if offset + length < 0:
            raise error("offset %d out of range for %d-byte buffer" % (offset, length))
        offset += length
    if length - offset < size:
        raise error("unpack_from requires a buffer of at least %d bytes for unpacking %d bytes at offset %d "
                    "(actual buffer size is %d)" % (size + offset, size, offset, length))
    return offset


def calcsize(format):
    """The size of what the format packs."""
    return _parse(format)[4]


def pack(format, *values):
    """The values as bytes."""
    return bytes(_pack("pack", _parse(format), values))


def pack_into(format, buffer, offset, *values):
    """The values as bytes, written into a buffer."""
    Struct(format).pack_into(buffer, offset, *values)


def unpack(format, buffer):
    """The values that the bytes hold."""
    return Struct(format).unpack(buffer)


def unpack_from(format, buffer, offset=0):
    """The values that the bytes from `offset` on hold."""
    return Struct(format).unpack_from(buffer, offset)


def iter_unpack(format, buffer):
    """An iterator over the values of one packed thing after the other."""
    return Struct(format).iter_unpack(buffer)


class Struct:
    """A format that was read once."""

    def __init__(self, format):
        self._parsed = _parse(format)

    @property
    def format(self):
        return self._parsed[0]

    @property
    def size(self):
        return self._parsed[4]

    def __repr__(self):
        return "%s(%r)" % (type(self).__name__, self.format)

    def pack(self, *values):
        return bytes(_pack("pack", self._parsed, values))

    def pack_into(self, buffer, offset, *values):
        data = _pack("pack_into", self._parsed, values)
        length = len(_bytes(buffer))
        if offset < 0:
            if offset + self.size > 0:
                raise error("no space to pack %d bytes at offset %d" % (self.size, offset))
            if offset + length < 0:
                raise error("offset %d out of range for %d-byte buffer" % (offset, length))
            offset += length
        if length - offset < self.size:
            raise error("pack_into requires a buffer of at least %d bytes for packing %d bytes at offset %d "
                        "(actual buffer size is %d)" % (self.size + offset, self.size, offset, length))
        memoryview(buffer)[offset:offset + self.size] = data

    def unpack(self, buffer):
        data = _bytes(buffer)
        if len(data) != self.size:
            raise error("unpack requires a buffer of %d bytes" % self.size)
        return _unpack(self._parsed, data)

    def unpack_from(self, buffer, offset=0):
        offset = _checked(self.size, buffer, offset)
        return _unpack(self._parsed, _bytes(buffer), offset)

    def iter_unpack(self, buffer):
        data = _bytes(buffer)
        if not self.size:
            raise error("cannot iteratively unpack with a struct of length 0")
        if len(data) % self.size:
            raise error("iterative unpacking requires a buffer of a multiple of %d bytes" % self.size)
        return iter([_unpack(self._parsed, data, at) for at in range(0, len(data), self.size)])
