"""Arrays of numbers of one type, kept as bytes."""

import struct as _struct

from _rules import array_collected as _array_collected

__all__ = ["array", "ArrayType", "typecodes"]

typecodes = "bBuhHiIlLqQfd"
_sizes = {"b": 1, "B": 1, "u": 4, "h": 2, "H": 2, "i": 4, "I": 4, "l": 8, "L": 8, "q": 8, "Q": 8, "f": 4, "d": 8}
_limits = {
    "b": "signed char", "B": "unsigned byte integer", "h": "signed short integer", "H": "unsigned short",
}


def _remake(cls, typecode, values):
    return cls(typecode, values)


class array:
    """Numbers of one type."""

    _named_with_module = True

    # Views of it are made of `_data` and `_code`.
    _typed_buffer = True
    _sized_as = "array.array"
    _collected = _array_collected

    # `_room` is the number of items that CPython's block has place for.
    __slots__ = ("_code", "_size", "_data", "_room", "__weakref__")

    def __new__(cls, typecode, initializer=()):
        if not isinstance(typecode, str):
            raise TypeError("array() argument 1 must be a unicode character, not %s" % type(typecode).__name__)
        if len(typecode) != 1:
            raise TypeError("array() argument 1 must be a unicode character, not str")
        if typecode not in _sizes:
            raise ValueError("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)")
        self = object.__new__(cls)
        self._code = typecode
        self._size = _sizes[typecode]
        self._data = bytearray()
        self._room = 0
        if isinstance(initializer, str) and typecode != "u":
            raise TypeError("cannot use a str to initialize an array with typecode '%s'" % typecode)
        if isinstance(initializer, (bytes, bytearray)):
            self.frombytes(initializer)
        elif isinstance(initializer, (list, tuple, str, array)):
            for value in initializer:
                self._data += self._packed(value)
            self._room = len(self)
        else:
            self.extend(initializer)
        return self

    @property
    def typecode(self):
        return self._code

    @property
    def itemsize(self):
        return self._size

    def _packed(self, value):
        code = self._code
        if code == "u":
            if not isinstance(value, str) or len(value) != 1:
                raise TypeError("array item must be a unicode character, not %s" % type(value).__name__)
            return ord(value).to_bytes(4, "little")
        if code in "fd":
            try:
                return _struct.pack("<" + code if code == "d" else "f", value)
            except _struct.error:
                raise TypeError("must be real number, not %s" % type(value).__name__) from None
        if isinstance(value, float):
            raise TypeError("'float' object cannot be interpreted as an integer")
        if not isinstance(value, int):
            index = getattr(type(value), "__index__", None)
            if index is None:
                raise TypeError("'%s' object cannot be interpreted as an integer" % type(value).__name__)
            value = index(value)
        signed = code in "bhilq"
        bits = 8 * self._size
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        if not low <= value <= high:
            name = _limits.get(code)
            if name is None:
                name = "signed integer" if signed else "unsigned integer"
            raise OverflowError("%s is %s than %s" % (name, "greater" if value > high else "less",
                                                      "maximum" if value > high else "minimum"))
        return value.to_bytes(self._size, "little", signed=signed)

    def _at(self, place):
        code = self._code
        piece = bytes(self._data[place * self._size:(place + 1) * self._size])
        if code in "fd":
            return _struct.unpack("<" + code, piece)[0]
        if code == "u":
            return chr(int.from_bytes(piece, "little"))
        # An int that is made by adding is the shared one if there is one.
        return int.from_bytes(piece, "little", signed=code in "bhilq") + 0

    def _like(self, data):
        made = array.__new__(array, self._code)
        made._data = bytearray(data)
        made._room = len(made)
        return made

    def _splice(self, low, high, data):
        """Puts packed items in the place of those from `low` to `high`; the block grows as CPython's does."""
        before = len(self)
        try:
            self._data[low * self._size:high * self._size] = data
        except BufferError:
            raise BufferError("cannot resize an array that is exporting buffers") from None
        after = len(self)
        if after != before and not (after <= self._room and before < after + 16 and self._room):
            self._room = after and after + (after >> 4) + (3 if before < 8 else 7)

    def _place(self, index, what="array index out of range"):
        if not isinstance(index, int):
            index = type(index).__index__(index)
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(what)
        return index

    def __len__(self):
        return len(self._data) // self._size

    def __iter__(self):
        place = 0
        while place < len(self):
            yield self._at(place)
            place += 1

    def __getitem__(self, index):
        if isinstance(index, slice):
            size = self._size
            data = bytearray()
            for place in range(*index.indices(len(self))):
                data += self._data[place * size:(place + 1) * size]
            return self._like(data)
        if not hasattr(type(index), "__index__"):
            raise TypeError("array indices must be integers")
        return self._at(self._place(index))

    def __setitem__(self, index, value):
        size = self._size
        if isinstance(index, slice):
            if not isinstance(value, array):
                raise TypeError("can only assign array (not \"%s\") to array slice" % type(value).__name__)
            if value._code != self._code:
                raise TypeError("bad argument type for built-in operation")
            start, stop, step = index.indices(len(self))
            data = bytes(value._data)
            if step == 1:
                self._splice(start, max(start, stop), data)
                return
            places = range(start, stop, step)
            if len(places) != len(value):
                raise ValueError("attempt to assign array of size %d to extended slice of size %d"
                                 % (len(value), len(places)))
            for number, place in enumerate(places):
                self._data[place * size:(place + 1) * size] = data[number * size:(number + 1) * size]
            return
        place = self._place(index, "array assignment index out of range")
        self._data[place * size:(place + 1) * size] = self._packed(value)

    def __delitem__(self, index):
        size = self._size
        if isinstance(index, slice):
            gone = set(range(*index.indices(len(self))))
            kept = [place for place in range(len(self)) if place not in gone]
            self._splice(0, len(self), b"".join([bytes(self._data[p * size:(p + 1) * size]) for p in kept]))
            return
        place = self._place(index, "array assignment index out of range")
        self._splice(place, place + 1, b"")

    def __contains__(self, value):
        return any(item is value or item == value for item in self)

    def __add__(self, other):
        if not isinstance(other, array):
            raise TypeError("can only append array (not \"%s\") to array" % type(other).__name__)
        if other._code != self._code:
            raise TypeError("bad argument type for built-in operation")
        return self._like(self._data + other._data)

    def __iadd__(self, other):
        if not isinstance(other, array):
            raise TypeError("can only extend with array (not \"%s\")" % type(other).__name__)
        self.extend(other)
        return self

    def __mul__(self, times):
        return self._like(self._data * times)

    __rmul__ = __mul__

    def __imul__(self, times):
        self._splice(0, len(self), bytes(self._data) * times)
        return self

    def _compare(self, other, how):
        if not isinstance(other, array):
            return NotImplemented
        return how(list(self), list(other))

    def __eq__(self, other):
        return self._compare(other, lambda a, b: a == b)

    def __ne__(self, other):
        return self._compare(other, lambda a, b: a != b)

    def __lt__(self, other):
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other):
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other):
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other):
        return self._compare(other, lambda a, b: a >= b)

    __hash__ = None

    def __sizeof__(self):
        return object.__sizeof__(self) + self._room * self._size

    def __repr__(self):
        name = type(self).__name__
        if not len(self):
            return "%s('%s')" % (name, self._code)
        if self._code == "u":
            return "%s('u', %r)" % (name, self.tounicode())
        return "%s('%s', %r)" % (name, self._code, self.tolist())

    def __copy__(self):
        return self._like(self._data)

    def __deepcopy__(self, memo):
        return self._like(self._data)

    def __reduce_ex__(self, protocol):
        return type(self), (self._code, self.tolist()), getattr(self, "__dict__", None) or None

    def append(self, value):
        self._splice(len(self), len(self), self._packed(value))

    def extend(self, values):
        if isinstance(values, array):
            if values._code != self._code:
                raise TypeError("can only extend with array of same kind")
            self._splice(len(self), len(self), bytes(values._data))
        else:
            for value in values:
                self.append(value)

    def fromlist(self, values, /):
        if not isinstance(values, list):
            raise TypeError("arg must be list")
        self._splice(len(self), len(self), b"".join([self._packed(value) for value in values]))

    def insert(self, index, value):
        length = len(self)
        place = max(index + length, 0) if index < 0 else min(index, length)
        self._splice(place, place, self._packed(value))

    def pop(self, index=-1):
        if not len(self):
            raise IndexError("pop from empty array")
        place = self._place(index, "pop index out of range")
        value = self._at(place)
        self._splice(place, place + 1, b"")
        return value

    def remove(self, value):
        for place, item in enumerate(self):
            if item == value:
                self._splice(place, place + 1, b"")
                return
        raise ValueError("array.remove(x): x not in array")

    def index(self, value, *borders):
        for place in range(*slice(*(borders or (None,)) if len(borders) == 2 else (borders[0] if borders else 0, None))
                           .indices(len(self))):
            if self._at(place) == value:
                return place
        raise ValueError("array.index(x): x not in array")

    def count(self, value):
        return sum([1 for item in self if item == value])

    def reverse(self):
        self._data[:] = b"".join([self._packed(item) for item in self.tolist()[::-1]])

    def byteswap(self):
        size = self._size
        self._data[:] = b"".join([bytes(self._data[p * size:(p + 1) * size])[::-1] for p in range(len(self))])

    def buffer_info(self):
        return id(self._data), len(self)

    def tobytes(self):
        return bytes(self._data)

    def frombytes(self, data):
        data = bytes(data)
        if len(data) % self._size:
            raise ValueError("bytes length not a multiple of item size")
        self._splice(len(self), len(self), data)

    def tolist(self):
        return [self._at(place) for place in range(len(self))]

    def tounicode(self):
        if self._code != "u":
            raise ValueError("tounicode() may only be called on unicode type arrays")
        return "".join(self.tolist())


array.__module__ = "array"
ArrayType = array
