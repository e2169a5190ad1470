"""JSON: objects as text and back."""

from _rules import members as _members

__all__ = ["dump", "dumps", "load", "loads", "JSONDecoder", "JSONDecodeError", "JSONEncoder"]

_escapes = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_unescapes = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class JSONDecodeError(ValueError):
    """Text that is no JSON: where, and why."""

    __module__ = "json.decoder"

    def __init__(self, msg, doc, pos):
        lineno = doc.count("\n", 0, pos) + 1
        colno = pos - doc.rfind("\n", 0, pos)
        ValueError.__init__(self, "%s: line %d column %d (char %d)" % (msg, lineno, colno, pos))
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno

    def __reduce__(self):
        return self.__class__, (self.msg, self.doc, self.pos)


def _quoted(text, ascii_only):
    out = []
    for c in text:
        if c in _escapes:
            out.append(_escapes[c])
        elif c < " " or ascii_only and c > "~":
            point = ord(c)
            if point > 0xFFFF:
                point -= 0x10000
                out.append("\\u%04x\\u%04x" % (0xD800 | point >> 10, 0xDC00 | point & 0x3FF))
            else:
                out.append("\\u%04x" % point)
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


class JSONEncoder:
    """Makes text of objects."""

    __module__ = "json.encoder"
    item_separator = ", "
    key_separator = ": "

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False,
                 indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ","
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError("Object of type %s is not JSON serializable" % o.__class__.__name__)

    def encode(self, o):
        out = []
        indent = self.indent
        if indent is not None and not isinstance(indent, str):
            indent = " " * indent
        self._write(o, out.append, indent, 0, {})
        return "".join(out)

    def iterencode(self, o, _one_shot=False):
        return iter([self.encode(o)])

    def _float(self, o):
        if o != o:
            text = "NaN"
        elif o in (float("inf"), float("-inf")):
            text = "Infinity" if o > 0 else "-Infinity"
        else:
            return float.__repr__(o)
        if not self.allow_nan:
            raise ValueError("Out of range float values are not JSON compliant" + (": %r" % o if _members >= 12 else ""))
        return text

    def _atom(self, o):
        if isinstance(o, str):
            return _quoted(o, self.ensure_ascii)
        if o is None:
            return "null"
        if o is True:
            return "true"
        if o is False:
            return "false"
        if isinstance(o, int):
            return int.__repr__(o)
        if isinstance(o, float):
            return self._float(o)
        return None

    def _key(self, key):
        if isinstance(key, str):
            return key
        if isinstance(key, float):
            return self._float(key)
        if key is True or key is False or key is None:
            return self._atom(key)
        if isinstance(key, int):
            return int.__repr__(key)
        if self.skipkeys:
            return None
        raise TypeError("keys must be str, int, float, bool or None, not %s" % key.__class__.__name__)

    def _write(self, o, put, indent, level, active):
        text = self._atom(o)
        if text is not None:
            put(text)
            return
        if self.check_circular:
            if id(o) in active:
                raise ValueError("Circular reference detected")
            active[id(o)] = o
        if isinstance(o, (list, tuple)):
            self._write_list(o, put, indent, level, active)
        elif isinstance(o, dict):
            self._write_dict(o, put, indent, level, active)
        else:
            made = self.default(o)
            try:
                self._write(made, put, indent, level, active)
            except Exception as e:
                self._note(e, o, "object")
                raise
        active.pop(id(o), None)

    def _note(self, e, o, what):
        if _members >= 14:
            name = type(o).__qualname__
            if type(o).__module__ not in ("builtins", "__main__"):
                name = "%s.%s" % (type(o).__module__, name)
            e.add_note("when serializing %s %s" % (name, what))

    def _write_list(self, items, put, indent, level, active):
        if not items:
            put("[]")
            return
        put("[")
        lead = "" if indent is None else "\n" + indent * (level + 1)
        at = -1
        try:
            for at, item in enumerate(items):
                put(self.item_separator + lead if at else lead)
                self._write(item, put, indent, level + 1, active)
        except Exception as e:
            self._note(e, items, "item %d" % at)
            raise
        if indent is not None:
            put("\n" + indent * level)
        put("]")

    def _write_dict(self, items, put, indent, level, active):
        if not items:
            put("{}")
            return
        put("{")
        lead = "" if indent is None else "\n" + indent * (level + 1)
        first = True
        pairs = sorted(items.items()) if self.sort_keys else items.items()
        for key, value in pairs:
            text = self._key(key)
            if text is None:
                continue
            put(lead if first else self.item_separator + lead)
            first = False
            put(_quoted(text, self.ensure_ascii))
            put(self.key_separator)
            try:
                self._write(value, put, indent, level + 1, active)
            except Exception as e:
                self._note(e, items, "item %r" % (key,))
                raise
        if indent is not None and not first:
            put("\n" + indent * level)
        put("}")


class JSONDecoder:
    """Makes objects of text."""

    __module__ = "json.decoder"

    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True,
                 object_pairs_hook=None):
        self.object_hook = object_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant or {"-Infinity": -float("inf"), "Infinity": float("inf"),
                                                 "NaN": float("nan")}.__getitem__
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        obj, end = self.raw_decode(s, _skip(s, 0))
        end = _skip(s, end)
        if end != len(s):
            raise JSONDecodeError("Extra data", s, end)
        return obj

    def raw_decode(self, s, idx=0):
        try:
            return self._value(s, idx, {})
        except StopIteration as e:
            raise JSONDecodeError("Expecting value", s, e.value) from None

    def _value(self, s, at, keys):
        c = s[at:at + 1]
        if c == '"':
            return self._string(s, at + 1)
        if c == "{":
            return self._object(s, at + 1, keys)
        if c == "[":
            return self._array(s, at + 1, keys)
        for word, value in (("null", None), ("true", True), ("false", False)):
            if s.startswith(word, at):
                return value, at + len(word)
        end = at + 1 if c == "-" else at
        first = end
        while "0" <= s[end:end + 1] <= "9":
            end += 1
        if end > first:
            if s[first] == "0":
                end = first + 1
            whole = end
            if s[end:end + 1] == "." and "0" <= s[end + 1:end + 2] <= "9":
                end += 1
                while "0" <= s[end:end + 1] <= "9":
                    end += 1
            if s[end:end + 1] in ("e", "E"):
                mark = end + 2 if s[end + 1:end + 2] in ("+", "-") and s[end + 1:end + 2] else end + 1
                if "0" <= s[mark:mark + 1] <= "9":
                    end = mark
                    while "0" <= s[end:end + 1] <= "9":
                        end += 1
            if end > whole:
                return self.parse_float(s[at:end]), end
            return self.parse_int(s[at:end]), end
        for word in ("NaN", "Infinity", "-Infinity"):
            if s.startswith(word, at):
                return self.parse_constant(word), at + len(word)
        raise StopIteration(at)

    def _string(self, s, at):
        begin = at - 1
        out = []
        while True:
            start = at
            while at < len(s) and s[at] not in '"\\' and s[at] >= " ":
                at += 1
            out.append(s[start:at])
            if at >= len(s):
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            c = s[at]
            if c == '"':
                return "".join(out), at + 1
            if c != "\\":
                if self.strict:
                    raise JSONDecodeError("Invalid control character at", s, at)
                out.append(c)
                at += 1
                continue
            c = s[at + 1:at + 2]
            if not c:
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            if c == "u":
                point = self._unit(s, at + 2)
                at += 6
                if 0xD800 <= point <= 0xDBFF and s.startswith("\\u", at):
                    low = self._unit(s, at + 2)
                    if 0xDC00 <= low <= 0xDFFF:
                        point = 0x10000 + ((point & 0x3FF) << 10 | low & 0x3FF)
                        at += 6
                out.append(chr(point))
            elif c in _unescapes:
                out.append(_unescapes[c])
                at += 2
            else:
                raise JSONDecodeError("Invalid \\escape", s, at)

    def _unit(self, s, at):
        digits = s[at:at + 4]
        for c in digits:
            if c not in "0123456789abcdefABCDEF":
                digits = ""
        if len(digits) != 4:
            raise JSONDecodeError("Invalid \\uXXXX escape", s, at - 1)
        return int(digits, 16)

    def _array(self, s, at, keys):
        values = []
        at = _skip(s, at)
        if s[at:at + 1] == "]":
            return values, at + 1
        while True:
            value, at = self._value(s, at, keys)
            values.append(value)
            at = _skip(s, at)
            c = s[at:at + 1]
            if c == "]":
                return values, at + 1
            if c != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, at)
            comma = at
            at = _skip(s, at + 1)
            if s[at:at + 1] == "]" and _members >= 13:
                raise JSONDecodeError("Illegal trailing comma before end of array", s, comma)

    def _object(self, s, at, keys):
        pairs = []
        at = _skip(s, at)
        c = s[at:at + 1]
        if c != "}":
            if c != '"':
                raise JSONDecodeError("Expecting property name enclosed in double quotes", s, at)
            while True:
                key, at = self._string(s, at + 1)
                # One string object for a name, however often it occurs.
                key = keys.setdefault(key, key)
                at = _skip(s, at)
                if s[at:at + 1] != ":":
                    raise JSONDecodeError("Expecting ':' delimiter", s, at)
                at = _skip(s, at + 1)
                value, at = self._value(s, at, keys)
                pairs.append((key, value))
                at = _skip(s, at)
                c = s[at:at + 1]
                if c == "}":
                    break
                if c != ",":
                    raise JSONDecodeError("Expecting ',' delimiter", s, at)
                comma = at
                at = _skip(s, at + 1)
                if s[at:at + 1] != '"':
                    if s[at:at + 1] == "}" and _members >= 13:
                        raise JSONDecodeError("Illegal trailing comma before end of object", s, comma)
                    raise JSONDecodeError("Expecting property name enclosed in double quotes", s, at)
        at += 1
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs), at
        result = dict(pairs) if pairs else {}
        if self.object_hook is not None:
            result = self.object_hook(result)
        return result, at


def _skip(s, at):
    while s[at:at + 1] and s[at] in " \t\n\r":
        at += 1
    return at


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None,
          separators=None, default=None, sort_keys=False, **kw):
    """An object as text."""
    return (cls or JSONEncoder)(
        skipkeys=skipkeys, ensure_ascii=ensure_ascii, check_circular=check_circular, allow_nan=allow_nan,
        indent=indent, separators=separators, default=default, sort_keys=sort_keys, **kw).encode(obj)


def dump(obj, fp, **kw):
    """An object as text in a file."""
    fp.write(dumps(obj, **kw))


def detect_encoding(b):
    """The encoding of bytes that hold JSON."""
    if b.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if b.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if len(b) >= 4:
        if not b[0]:
            return "utf-16-be" if b[1] else "utf-32-be"
        if not b[1]:
            return "utf-16-le" if b[2] or b[3] else "utf-32-le"
    return "utf-8"


def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None,
          object_pairs_hook=None, **kw):
    """The object that a text describes."""
    if isinstance(s, str):
        if s.startswith("\ufeff"):
            raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", s, 0)
    else:
        if not isinstance(s, (bytes, bytearray)):
            raise TypeError("the JSON object must be str, bytes or bytearray, not %s" % s.__class__.__name__)
        s = s.decode(detect_encoding(s), "surrogatepass")
    return (cls or JSONDecoder)(
        object_hook=object_hook, parse_float=parse_float, parse_int=parse_int, parse_constant=parse_constant,
        object_pairs_hook=object_pairs_hook, **kw).decode(s)


def load(fp, **kw):
    """The object that the text in a file describes."""
    return loads(fp.read(), **kw)
