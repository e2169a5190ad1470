"""Tracebacks as text and as objects. The machine itself writes the texts."""

import sys
import linecache
import _traceback
from _rules import members as _members

__all__ = [
    "extract_stack", "extract_tb", "format_exception", "format_exception_only", "format_list", "format_stack", "format_tb",
    "print_exc", "format_exc", "print_exception", "print_last", "print_stack", "print_tb", "clear_frames", "FrameSummary",
    "StackSummary", "TracebackException", "walk_stack", "walk_tb",
]

_given = object()


class FrameSummary:
    """One frame of a traceback."""

    __slots__ = ("filename", "lineno", "end_lineno", "colno", "end_colno", "name", "_line", "locals")

    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None, end_lineno=None, colno=None,
                 end_colno=None):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self.end_lineno = lineno if end_lineno is None else end_lineno
        self.colno = colno
        self.end_colno = end_colno
        self.locals = None if locals is None else {key: repr(value) for key, value in locals.items()}
        self._line = line

    @property
    def line(self):
        """The source line, stripped."""
        if self._line is None:
            if self.lineno is None:
                return None
            self._line = linecache.getline(self.filename, self.lineno)
        return self._line.strip()

    def _parts(self):
        return self.filename, self.lineno, self.name, self.end_lineno, self.colno, self.end_colno

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return (self.filename, self.lineno, self.name, self.locals) == (
                other.filename, other.lineno, other.name, other.locals)
        if isinstance(other, tuple):
            return (self.filename, self.lineno, self.name, self.line) == other
        return NotImplemented

    def __getitem__(self, pos):
        return (self.filename, self.lineno, self.name, self.line)[pos]

    def __iter__(self):
        return iter([self.filename, self.lineno, self.name, self.line])

    def __len__(self):
        return 4

    def __repr__(self):
        return "<FrameSummary file {filename}, line {lineno} in {name}>".format(
            filename=self.filename, lineno=self.lineno, name=self.name)


class StackSummary(list):
    """Frames, outermost first."""

    @classmethod
    def extract(klass, frame_gen, *, limit=None, lookup_lines=True, capture_locals=False):
        frames = list(frame_gen)
        if limit is not None:
            frames = frames[:limit] if limit >= 0 else frames[limit:]
        result = klass()
        for frame, lineno in frames:
            result.append(FrameSummary(
                frame.f_code.co_filename, lineno, frame.f_code.co_name, locals=frame.f_locals if capture_locals else None))
        return result

    @classmethod
    def from_list(klass, a_list):
        result = klass()
        for frame in a_list:
            if isinstance(frame, FrameSummary):
                result.append(frame)
            else:
                filename, lineno, name, line = frame
                result.append(FrameSummary(filename, lineno, name, line=line))
        return result

    def format_frame_summary(self, frame):
        """The text of one frame."""
        if frame._line is not None and _traceback.source_line(frame.filename, frame.lineno) is None:
            text = '  File "{}", line {}, in {}\n'.format(frame.filename, frame.lineno, frame.name)
            text += "    {}\n".format(frame.line) if frame.line else ""
        else:
            text = _traceback.texts([frame._parts()])[0]
        if frame.locals:
            text += "".join(["    {} = {}\n".format(*item) for item in sorted(frame.locals.items())])
        return text

    def format(self):
        """One text a frame; what repeats is counted."""
        result = []
        last, count = None, 0
        for frame in self:
            text = self.format_frame_summary(frame)
            if text is None:
                continue
            key = frame.filename, frame.lineno, frame.name
            if key != last:
                result += _repeats(count)
                last, count = key, 0
            count += 1
            if count <= 3:
                result.append(text)
        return result + _repeats(count)


def _repeats(count):
    if count <= 3:
        return []
    return ["  [Previous line repeated {} more time{}]\n".format(count - 3, "s" if count > 4 else "")]




def walk_stack(f):
    """A frame and its callers, each with its line."""
    if f is None:
        f = sys._getframe().f_back
    while f is not None:
        yield f, f.f_lineno
        f = f.f_back


def walk_tb(tb):
    """The frames of a traceback, each with its line."""
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def extract_tb(tb, limit=None):
    """The frames of a traceback as a StackSummary."""
    result = StackSummary()
    if tb is None:
        return result
    for filename, lineno, name, end_lineno, colno, end_colno in _traceback.frames(tb, limit):
        result.append(FrameSummary(
            filename, lineno, name, end_lineno=end_lineno, colno=colno, end_colno=end_colno))
    return result


def extract_stack(f=None, limit=None):
    """The running frames as a StackSummary."""
    if f is None:
        f = sys._getframe().f_back
    frames = list(walk_stack(f))
    if limit is not None:
        frames = frames[:limit] if limit >= 0 else frames[limit:]
    stack = StackSummary.extract(frames)
    stack.reverse()
    return stack


def format_list(extracted_list):
    return StackSummary.from_list(extracted_list).format()


def format_tb(tb, limit=None):
    return extract_tb(tb, limit=limit).format()


def format_stack(f=None, limit=None):
    if f is None:
        f = sys._getframe().f_back
    return format_list(extract_stack(f, limit=limit))


def _write(lines, file):
    file = sys.stderr if file is None else file
    for line in lines:
        file.write(line)


def print_tb(tb, limit=None, file=None):
    _write(format_tb(tb, limit), file)


def print_list(extracted_list, file=None):
    _write(format_list(extracted_list), file)


def print_stack(f=None, limit=None, file=None):
    if f is None:
        f = sys._getframe().f_back
    _write(format_list(extract_stack(f, limit=limit)), file)


def _value_and_tb(exc, value, tb):
    """The exception and its traceback, given as one object or, as of old, as three."""
    if value is _given and tb is _given:
        if _members < 10:
            raise TypeError("missing 2 required positional arguments: 'value' and 'tb'")
        if exc is not None and not isinstance(exc, BaseException):
            raise TypeError("Exception expected for value, {} found".format(type(exc).__name__))
        return exc, getattr(exc, "__traceback__", None)
    if value is _given or tb is _given:
        raise ValueError("Both or neither of value and tb must be given")
    return value, tb


def format_exception(exc, /, value=_given, tb=_given, limit=None, chain=True):
    """The text of an exception with its traceback, in pieces."""
    value, tb = _value_and_tb(exc, value, tb)
    return list(TracebackException(type(value), value, tb, limit=limit).format(chain=chain))


def print_exception(exc, /, value=_given, tb=_given, limit=None, file=None, chain=True):
    value, tb = _value_and_tb(exc, value, tb)
    _write(TracebackException(type(value), value, tb, limit=limit).format(chain=chain), file)


def format_exception_only(exc, /, value=_given, **kwds):
    """The pieces behind the frames."""
    value = exc if value is _given else value
    return list(TracebackException(type(value), value, None).format_exception_only(**kwds))


def format_exc(limit=None, chain=True):
    """The text of the exception that is being handled."""
    return "".join(format_exception(*sys.exc_info(), limit=limit, chain=chain))


def print_exc(limit=None, file=None, chain=True):
    print_exception(*sys.exc_info(), limit=limit, file=file, chain=chain)


def print_last(limit=None, file=None, chain=True):
    if not hasattr(sys, "last_type"):
        raise ValueError("no last exception")
    print_exception(sys.last_type, sys.last_value, sys.last_traceback, limit, file, chain)


def clear_frames(tb):
    """Empties the frames of a traceback that run no more."""
    while tb is not None:
        try:
            tb.tb_frame.clear()
        except RuntimeError:
            pass
        tb = tb.tb_next


class TracebackException:
    """An exception ready to be written, without holding it."""

    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None, lookup_lines=True, capture_locals=False,
                 compact=False, max_group_width=15, max_group_depth=10, save_exc_type=True, _seen=None):
        seen = set() if _seen is None else _seen
        seen.add(id(exc_value))
        self.stack = StackSummary.extract(
            walk_tb(exc_traceback), limit=limit, capture_locals=True) if capture_locals else extract_tb(exc_traceback, limit)
        self.exc_type = exc_type
        self._str = _text_of(exc_value)
        if exc_value is None:
            self._only = ["NoneType: None\n"]
        else:
            self._only = _traceback.only(exc_value)
        self._traced = exc_traceback is not None
        self._whole = None
        if exc_value is not None and not capture_locals and exc_traceback is exc_value.__traceback__:
            self._whole = (
                _traceback.pieces(exc_value, True, limit), _traceback.pieces(exc_value, False, limit))
        if exc_type is not None and issubclass(exc_type, SyntaxError):
            for name in ("filename", "text", "offset", "msg"):
                setattr(self, name, getattr(exc_value, name))
            self.lineno = None if exc_value.lineno is None else str(exc_value.lineno)
        self.__notes__ = getattr(exc_value, "__notes__", None)
        self.__suppress_context__ = getattr(exc_value, "__suppress_context__", False)
        self.__cause__ = self._linked(exc_value, "__cause__", limit, seen)
        self.__context__ = self._linked(exc_value, "__context__", limit, seen)
        members = getattr(exc_value, "exceptions", None) if _members >= 11 else None
        self.exceptions = None
        if _members >= 11 and isinstance(exc_value, BaseExceptionGroup):
            self.exceptions = [
                TracebackException(type(e), e, e.__traceback__, limit=limit, _seen=seen) for e in members]

    @staticmethod
    def _linked(exc_value, name, limit, seen):
        linked = getattr(exc_value, name, None)
        if linked is None or id(linked) in seen:
            return None
        return TracebackException(type(linked), linked, linked.__traceback__, limit=limit, _seen=seen)

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        return cls(type(exc), exc, exc.__traceback__, *args, **kwargs)

    @property
    def exc_type_str(self):
        cls = self.exc_type
        module = cls.__module__
        return cls.__qualname__ if module in ("__main__", "builtins") else module + "." + cls.__qualname__

    def __eq__(self, other):
        if isinstance(other, TracebackException):
            return self.__dict__ == other.__dict__
        return NotImplemented

    def __str__(self):
        return self._str

    def format_exception_only(self, *, show_group=False, **kwds):
        yield from self._only

    def format(self, *, chain=True, **kwds):
        """The pieces of the text."""
        if self._whole is not None:
            yield from self._whole[0 if chain else 1]
            return
        if chain:
            if self.__cause__ is not None:
                yield from self.__cause__.format(chain=chain)
                yield "\nThe above exception was the direct cause of the following exception:\n\n"
            elif self.__context__ is not None and not self.__suppress_context__:
                yield from self.__context__.format(chain=chain)
                yield "\nDuring handling of the above exception, another exception occurred:\n\n"
        if self._traced:
            yield "Traceback (most recent call last):\n"
            yield from self.stack.format()
        yield from self._only

    def print(self, *, file=None, chain=True, **kwds):
        _write(self.format(chain=chain), file)


def _text_of(value):
    try:
        return str(value)
    except Exception:
        return "<exception str() failed>" if _members >= 11 else "<unprintable %s object>" % type(value).__name__
