"""Regular expressions. Patterns are compiled and matched by the engine; here are their objects."""

import enum
import _re
from copyreg import pickle as _pickle
from _rules import members as _members

__all__ = [
    "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "compile", "purge", "escape", "error",
    "Pattern", "Match", "A", "I", "L", "M", "S", "X", "U", "ASCII", "IGNORECASE", "LOCALE", "MULTILINE", "DOTALL", "VERBOSE",
    "UNICODE",
]
if _members < 13:
    __all__.insert(__all__.index("error"), "template")
if _members >= 11:
    __all__ += ["NOFLAG", "RegexFlag"]
if _members >= 13:
    __all__.append("PatternError")

# As far as a string can reach.
_END = 9223372036854775807

_flag_names = {
    "ASCII": 256, "IGNORECASE": 2, "LOCALE": 4, "UNICODE": 32, "MULTILINE": 8, "DOTALL": 16, "VERBOSE": 64,
}

if _members >= 11:
    @enum.global_enum
    class RegexFlag(enum.IntFlag, boundary=enum.KEEP):
        NOFLAG = 0
        ASCII = A = 256
        IGNORECASE = I = 2
        LOCALE = L = 4
        UNICODE = U = 32
        MULTILINE = M = 8
        DOTALL = S = 16
        VERBOSE = X = 64
        if _members < 13:
            TEMPLATE = T = 1
        DEBUG = 128

        __str__ = object.__str__
        _numeric_repr_ = hex

        if _members == 11:
            def __repr__(self):
                return _shown(self)
else:
    class RegexFlag(enum.IntFlag):
        ASCII = A = 256
        IGNORECASE = I = 2
        LOCALE = L = 4
        UNICODE = U = 32
        MULTILINE = M = 8
        DOTALL = S = 16
        VERBOSE = X = 64
        TEMPLATE = T = 1
        DEBUG = 128

        def __repr__(self):
            return _shown(self)

        __str__ = object.__str__

    globals().update(RegexFlag.__members__)


def _shown(flag):
    """A combination of flags as an expression."""
    if _members >= 11:
        return enum.global_flag_repr(flag)
    if flag._name_ is not None:
        return "re.%s" % flag._name_
    value = flag._value_
    parts = []
    negative = value < 0
    if negative:
        value = ~value
    for member in RegexFlag:
        if value & member._value_:
            value &= ~member._value_
            parts.append("re.%s" % member._name_)
    if value:
        parts.append(hex(value))
    text = "|".join(parts)
    if negative:
        text = "~(%s)" % text if len(parts) > 1 else "~" + text
    return text


class error(Exception):
    """A pattern, or a template, that is not one."""

    def __init__(self, msg, pattern=None, pos=None):
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        if pattern is not None and pos is not None:
            msg = "%s at position %d" % (msg, pos)
            newline = "\n" if isinstance(pattern, str) else b"\n"
            self.lineno = pattern.count(newline, 0, pos) + 1
            self.colno = pos - pattern.rfind(newline, 0, pos)
            if newline in pattern:
                msg = "%s (line %d, column %d)" % (msg, self.lineno, self.colno)
        else:
            self.lineno = self.colno = None
        super().__init__(msg)


if _members >= 13:
    PatternError = error
    error.__name__ = error.__qualname__ = "PatternError"
error.__module__ = "re"


class Pattern:
    """A compiled pattern."""

    __slots__ = ("pattern", "flags", "groups", "groupindex", "_number", "__weakref__")

    def __new__(cls, *args):
        raise TypeError("cannot create 're.Pattern' instances")

    def _subject(self, string):
        if isinstance(string, str):
            if not isinstance(self.pattern, str):
                raise TypeError("cannot use a bytes pattern on a string-like object")
        elif isinstance(string, (bytes, bytearray, memoryview)):
            if isinstance(self.pattern, str):
                raise TypeError("cannot use a string pattern on a bytes-like object")
        else:
            raise TypeError("expected string or bytes-like object" + (
                ", got %r" % type(string).__name__ if _members >= 11 else ""))
        return string

    def _one(self, how, string, pos, endpos):
        self._subject(string)
        pos = min(max(pos, 0), len(string))
        endpos = min(max(endpos, 0), len(string))
        if pos > endpos:
            return None
        spans = _re.find(self._number, how, string, pos, endpos)
        return None if spans is None else _made(self, string, pos, endpos, spans)

    def search(self, string, pos=0, endpos=_END):
        """The first match anywhere."""
        return self._one(0, string, pos, endpos)

    def match(self, string, pos=0, endpos=_END):
        """A match at the beginning."""
        return self._one(1, string, pos, endpos)

    def fullmatch(self, string, pos=0, endpos=_END):
        """A match of everything."""
        return self._one(2, string, pos, endpos)

    def _all(self, string, pos=0, endpos=_END, most=0):
        self._subject(string)
        pos = min(max(pos, 0), len(string))
        endpos = min(max(endpos, 0), len(string))
        if pos > endpos:
            return []
        return _re.find_all(self._number, most, string, pos, endpos)

    def finditer(self, string, pos=0, endpos=_END):
        """All matches, one after the other."""
        found = self._all(string, pos, endpos)
        pos = min(max(pos, 0), len(string))
        endpos = min(max(endpos, 0), len(string))
        return iter([_made(self, string, pos, endpos, spans) for spans in found])

    def findall(self, string, pos=0, endpos=_END):
        """The texts of all matches: of the groups, if there are any."""
        result = []
        empty = string[:0]
        if not isinstance(string, str):
            empty = b""
        for spans in self._all(string, pos, endpos):
            if self.groups == 0:
                result.append(_part(string, spans[0], spans[1]))
                continue
            texts = [
                _part(string, spans[at], spans[at + 1]) if spans[at] >= 0 else empty for at in range(2, len(spans) - 1, 2)]
            result.append(texts[0] if self.groups == 1 else tuple(texts))
        return result

    def split(self, string, maxsplit=0):
        """What lies between the matches, with the groups."""
        if maxsplit < 0:
            return [string]
        result = []
        last = 0
        for spans in self._all(string, most=maxsplit):
            result.append(_part(string, last, spans[0]))
            for at in range(2, len(spans) - 1, 2):
                result.append(_part(string, spans[at], spans[at + 1]) if spans[at] >= 0 else None)
            last = spans[1]
        result.append(_part(string, last, len(string)))
        return result

    def sub(self, repl, string, count=0):
        """The string with its matches replaced."""
        return self.subn(repl, string, count)[0]

    def subn(self, repl, string, count=0):
        """The string with its matches replaced, and how many were."""
        self._subject(string)
        if callable(repl):
            make = repl
        else:
            parts = _template(repl, self)
            make = None
        if count < 0:
            return _part(string, 0, len(string)), 0
        pieces = []
        last = 0
        found = self._all(string, most=count)
        for spans in found:
            pieces.append(_part(string, last, spans[0]))
            if make is not None:
                text = make(_made(self, string, 0, len(string), spans))
                if text is not None:
                    pieces.append(text)
            else:
                for part in parts:
                    if type(part) is int:
                        if spans[2 * part] >= 0:
                            pieces.append(_part(string, spans[2 * part], spans[2 * part + 1]))
                    else:
                        pieces.append(part)
            last = spans[1]
        pieces.append(_part(string, last, len(string)))
        empty = "" if isinstance(string, str) else b""
        return empty.join(pieces), len(found)

    def scanner(self, string, pos=0, endpos=_END):
        return _Scanner(self, string, pos, endpos)

    def __repr__(self):
        flags = self.flags
        if isinstance(self.pattern, str) and flags & (4 | 32 | 256) == 32:
            flags &= ~32
        names = []
        for name in ("IGNORECASE", "LOCALE", "MULTILINE", "DOTALL", "UNICODE", "VERBOSE", "DEBUG", "ASCII"):
            bit = 128 if name == "DEBUG" else _flag_names[name]
            if flags & bit:
                flags &= ~bit
                names.append("re." + name)
        if flags:
            names.append(hex(flags))
        shown = repr(self.pattern)[:200]
        return "re.compile(%s)" % (shown if not names else "%s, %s" % (shown, "|".join(names)))

    def __eq__(self, other):
        if not isinstance(other, Pattern):
            return NotImplemented
        return (self.flags, type(self.pattern), self.pattern) == (other.flags, type(other.pattern), other.pattern)

    def __hash__(self):
        return hash((self.flags, self.pattern))

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __setattr__(self, name, value):
        if name in Pattern.__slots__:
            raise AttributeError("readonly attribute")
        raise AttributeError("'re.Pattern' object has no attribute %r" % name)


class Match:
    """A match of a pattern in a string."""

    __slots__ = ("re", "string", "pos", "endpos", "_spans", "__weakref__")

    def __new__(cls, *args):
        raise TypeError("cannot create 're.Match' instances")

    def _index(self, group):
        if isinstance(group, int):
            number = group
        else:
            number = self.re.groupindex.get(group, -1) if isinstance(group, (str, bytes)) else -1
            if hasattr(group, "__index__"):
                number = group.__index__()
        if not 0 <= number <= self.re.groups:
            raise IndexError("no such group")
        return number

    def _text(self, number, default=None):
        start, end = self._spans[2 * number], self._spans[2 * number + 1]
        return default if start < 0 else _part(self.string, start, end)

    def group(self, *groups):
        """The text of a group, or the texts of some."""
        if not groups:
            return self._text(0)
        if len(groups) == 1:
            return self._text(self._index(groups[0]))
        return tuple([self._text(self._index(group)) for group in groups])

    def __getitem__(self, group):
        return self._text(self._index(group))

    def groups(self, default=None):
        """The texts of all groups."""
        return tuple([self._text(number, default) for number in range(1, self.re.groups + 1)])

    def groupdict(self, default=None):
        """The texts of the groups with names."""
        return {name: self._text(number, default) for name, number in self.re.groupindex.items()}

    def start(self, group=0):
        return self._spans[2 * self._index(group)]

    def end(self, group=0):
        return self._spans[2 * self._index(group) + 1]

    def span(self, group=0):
        number = self._index(group)
        return self._spans[2 * number], self._spans[2 * number + 1]

    def expand(self, template):
        """A template with the texts of the groups."""
        empty = self.string[:0]
        parts = _template(template, self.re)
        return empty.join([self._text(part, empty) if type(part) is int else part for part in parts])

    @property
    def regs(self):
        return tuple([(self._spans[at], self._spans[at + 1]) for at in range(0, len(self._spans) - 1, 2)])

    @property
    def lastindex(self):
        return None if self._spans[-1] < 0 else self._spans[-1]

    @property
    def lastgroup(self):
        for name, number in self.re.groupindex.items():
            if number == self._spans[-1]:
                return name
        return None

    def __repr__(self):
        return "<re.Match object; span=%r, match=%.50s>" % (self.span(), repr(self._text(0)))

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __setattr__(self, name, value):
        raise AttributeError("readonly attribute")


class _Scanner:
    """Match after match of one string."""

    def __init__(self, pattern, string, pos, endpos):
        self.pattern = pattern
        self._matches = pattern.finditer(string, pos, endpos)

    def search(self):
        return next(self._matches, None)


_Scanner.__name__ = _Scanner.__qualname__ = "SRE_Scanner"


def _part(string, start, end):
    part = string[start:end]
    return part if isinstance(part, (str, bytes)) else bytes(part)


def _made(pattern, string, pos, endpos, spans):
    match = object.__new__(Match)
    for name, value in (("re", pattern), ("string", string), ("pos", pos), ("endpos", endpos), ("_spans", spans)):
        object.__setattr__(match, name, value)
    return match


# Compiled patterns by type, text and flags: the same object for the same pattern.
_cache = {}
_MAXCACHE = 512


def _compile(pattern, flags):
    if isinstance(flags, RegexFlag):
        flags = flags.value
    try:
        return _cache[type(pattern), pattern, flags]
    except KeyError:
        pass
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError("cannot process flags argument with a compiled pattern")
        return pattern
    if not isinstance(pattern, (str, bytes, bytearray)):
        raise TypeError("first argument must be string or compiled pattern")
    if isinstance(pattern, str):
        if flags & 4:
            raise ValueError("cannot use LOCALE flag with a str pattern")
        if flags & 256 and flags & 32:
            raise ValueError("ASCII and UNICODE flags are incompatible")
    else:
        if flags & 32:
            raise ValueError("cannot use UNICODE flag with a bytes pattern")
        if flags & 4 and flags & 256:
            raise ValueError("ASCII and LOCALE flags are incompatible")
    made = _re.compile(pattern, flags)
    if len(made) == 2:
        message, at = made
        raise error(message, pattern, at) if at is not None else error(message)
    number, all_flags, groups, names = made
    from types import MappingProxyType

    result = object.__new__(Pattern)
    for name, value in (
        ("pattern", pattern), ("flags", all_flags), ("groups", groups), ("groupindex", MappingProxyType(names)),
        ("_number", number),
    ):
        object.__setattr__(result, name, value)
    if not flags & 128:
        if len(_cache) >= _MAXCACHE:
            del _cache[next(iter(_cache))]
        _cache[type(pattern), pattern, flags] = result
    return result


def compile(pattern, flags=0):
    """A pattern object."""
    return _compile(pattern, flags)


def match(pattern, string, flags=0):
    return _compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return _compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    return _compile(pattern, flags).search(string)


def _by_position(name, args, count, flags):
    """A count and flags that are given by position, which is deprecated from 3.13 on."""
    if args:
        if _members >= 13:
            from warnings import warn

            warn("%r is passed as positional argument" % name, DeprecationWarning, stacklevel=3)
        count = args[0]
        flags = args[1] if len(args) > 1 else flags
    return count, flags


def sub(pattern, repl, string, *args, count=0, flags=0):
    count, flags = _by_position("count", args, count, flags)
    return _compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, *args, count=0, flags=0):
    count, flags = _by_position("count", args, count, flags)
    return _compile(pattern, flags).subn(repl, string, count)


def split(pattern, string, *args, maxsplit=0, flags=0):
    maxsplit, flags = _by_position("maxsplit", args, maxsplit, flags)
    return _compile(pattern, flags).split(string, maxsplit)


def findall(pattern, string, flags=0):
    return _compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return _compile(pattern, flags).finditer(string)


def purge():
    """Forgets the compiled patterns."""
    _cache.clear()


def template(pattern, flags=0):
    return _compile(pattern, flags)


if _members >= 13:
    del template
if _members >= 15:
    prefixmatch = match
    Pattern.prefixmatch = Pattern.match
    __all__.append("prefixmatch")

_special = {ord(c): "\\" + c for c in "()[]{}?*+-|^$\\.&~# \t\n\r\v\f"}


def escape(pattern):
    """The pattern that matches a text."""
    if isinstance(pattern, str):
        return pattern.translate(_special)
    return str(pattern, "latin1").translate(_special).encode("latin1")


_escapes = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}


def _template(source, pattern):
    """A replacement as a list of texts and numbers of groups."""
    if isinstance(source, str):
        text = source
        back = None
    else:
        text = str(source, "latin1")
        back = "latin1"
    parts = []
    piece = []
    at = 0

    def group(number, where):
        if number > pattern.groups:
            raise error("invalid group reference %d" % number, source, where)
        if piece:
            parts.append("".join(piece))
            piece.clear()
        parts.append(number)

    while at < len(text):
        c = text[at]
        at += 1
        if c != "\\":
            piece.append(c)
            continue
        if at >= len(text):
            raise error("bad escape (end of pattern)", source, at - 1)
        c = text[at]
        start = at - 1
        at += 1
        if c == "g":
            if text[at:at + 1] != "<":
                raise error("missing <", source, at)
            end = text.find(">", at + 1)
            name = text[at + 1:end] if end >= 0 else text[at + 1:]
            where = at + 1
            if not name:
                raise error("missing group name", source, where)
            if end < 0:
                raise error("missing >, unterminated name", source, where)
            at = end + 1
            if name.isdigit() and (name.isascii() or _members < 12):
                number = int(name)
                if number > pattern.groups:
                    raise error("invalid group reference %d" % number, source, where)
                group(number, where)
            elif name.isidentifier():
                if name not in pattern.groupindex:
                    raise IndexError("unknown group name %r" % name)
                group(pattern.groupindex[name], where)
            else:
                raise error("bad character in group name %r" % name, source, where)
        elif c == "0":
            digits = c
            while len(digits) < 3 and text[at:at + 1] in tuple("01234567"):
                digits += text[at]
                at += 1
            piece.append(chr(int(digits, 8) & 0xff))
        elif c in "123456789":
            digits = c
            if text[at:at + 1].isdigit() and text[at:at + 1].isascii():
                digits += text[at]
                at += 1
                if c in "0123" + "4567" and digits[1] in "01234567" and text[at:at + 1] in tuple("01234567"):
                    digits += text[at]
                    at += 1
                    value = int(digits, 8)
                    if value > 0o377:
                        raise error("octal escape value \\%s outside of range 0-0o377" % digits, source, start)
                    piece.append(chr(value))
                    continue
            group(int(digits), start + 1)
        elif c in _escapes:
            piece.append(_escapes[c])
        elif c.isascii() and c.isalpha():
            raise error("bad escape \\%s" % c, source, start)
        else:
            piece.append("\\" + c)
    if piece:
        parts.append("".join(piece))
    if back is not None:
        parts = [part if type(part) is int else part.encode(back) for part in parts]
    return parts


def _pickled(pattern):
    return _compile, (pattern.pattern, pattern.flags)


_pickle(Pattern, _pickled, _compile)


class Scanner:
    """A tokenizer: the first pattern that matches decides."""

    def __init__(self, lexicon, flags=0):
        self.lexicon = lexicon
        self._patterns = [(_compile(phrase, flags), action) for phrase, action in lexicon]
        self.match = None

    def scan(self, string):
        result = []
        at = 0
        while at < len(string):
            for pattern, action in self._patterns:
                found = pattern.match(string, at)
                if found is not None and found.end() > at:
                    break
            else:
                break
            if callable(action):
                self.match = found
                action = action(self, found.group())
            if action is not None:
                result.append(action)
            at = found.end()
        return result, string[at:]
