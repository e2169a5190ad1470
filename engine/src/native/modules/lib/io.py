"""Files in memory: text, bytes, and text over bytes."""

__all__ = ["IOBase", "RawIOBase", "BufferedIOBase", "TextIOBase", "BytesIO", "StringIO", "TextIOWrapper",
           "UnsupportedOperation", "SEEK_SET", "SEEK_CUR", "SEEK_END", "DEFAULT_BUFFER_SIZE", "BlockingIOError"]

SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
DEFAULT_BUFFER_SIZE = 8192
BlockingIOError = BlockingIOError


class UnsupportedOperation(OSError, ValueError):
    __module__ = "io"


class IOBase:
    """What all files have in common."""

    __module__ = "io"
    closed = False

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file%s" % self._end)

    _end = "."

    def close(self):
        if not self.closed:
            self.flush()
            self.closed = True

    def flush(self):
        self._check()

    def readable(self):
        return False

    def writable(self):
        return False

    def seekable(self):
        return False

    def isatty(self):
        self._check()
        return False

    def fileno(self):
        raise UnsupportedOperation("fileno")

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exc):
        self.close()

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def readlines(self, hint=None):
        lines = []
        size = 0
        for line in self:
            lines.append(line)
            size += len(line)
            if hint is not None and 0 < hint <= size:
                break
        return lines

    def writelines(self, lines):
        self._check()
        for line in lines:
            self.write(line)


class RawIOBase(IOBase):
    __module__ = "io"


class BufferedIOBase(IOBase):
    __module__ = "io"


class TextIOBase(IOBase):
    __module__ = "io"


def _count(size):
    """A number of things to read: None and negative ones mean all."""
    if size is None:
        return -1
    if isinstance(size, int):
        return size
    try:
        return type(size).__index__(size)
    except AttributeError:
        raise TypeError("argument should be integer or None, not '%s'" % type(size).__name__) from None


def _plain(data):
    """The bytes of a bytes-like object."""
    try:
        return bytes(memoryview(data))
    except TypeError:
        raise TypeError("a bytes-like object is required, not '%s'" % type(data).__name__) from None


class BytesIO(BufferedIOBase):
    """Bytes as a file."""

    __module__ = "_io"
    _end = "."

    def __init__(self, initial_bytes=b""):
        self._data = bytearray()
        self._at = 0
        if initial_bytes is not None:
            self._data += _plain(initial_bytes)

    def __getstate__(self):
        self._check()
        return self.getvalue(), self._at, None

    def __setstate__(self, state):
        value, self._at, attributes = state
        self._data = bytearray(value)
        if attributes:
            self.__dict__.update(attributes)

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def readable(self):
        self._check()
        return True

    writable = seekable = readable

    def getvalue(self):
        self._check()
        return bytes(self._data)

    def getbuffer(self):
        self._check()
        return memoryview(self._data)

    def read(self, size=-1, /):
        self._check()
        size = _count(size)
        end = len(self._data) if size < 0 else self._at + size
        data = bytes(self._data[self._at:end])
        self._at += len(data)
        return data

    read1 = read

    def readinto(self, buffer, /):
        self._check()
        view = memoryview(buffer)
        data = self.read(len(view))
        view[:len(data)] = data
        return len(data)

    def readline(self, size=-1, /):
        self._check()
        size = _count(size)
        end = self._data.find(b"\n", self._at) + 1
        if end <= 0:
            end = len(self._data)
        if 0 <= size < end - self._at:
            end = self._at + size
        data = bytes(self._data[self._at:end])
        self._at += len(data)
        return data

    def write(self, data, /):
        self._check()
        data = _plain(data)
        if not data:
            return 0
        if self._at > len(self._data):
            self._data += bytes(self._at - len(self._data))
        self._data[self._at:self._at + len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, pos, whence=0, /):
        self._check()
        if whence == 0:
            if pos < 0:
                raise ValueError("negative seek value %d" % pos)
        elif whence == 1:
            pos += self._at
        elif whence == 2:
            pos += len(self._data)
        else:
            raise ValueError("invalid whence (%d, should be 0, 1 or 2)" % whence)
        self._at = max(pos, 0)
        return self._at

    def tell(self):
        self._check()
        return self._at

    def truncate(self, size=None, /):
        self._check()
        if size is None:
            size = self._at
        elif size < 0:
            raise ValueError("negative size value %d" % size)
        del self._data[size:]
        return size


class StringIO(TextIOBase):
    """Text as a file."""

    __module__ = "_io"
    encoding = errors = None
    line_buffering = False

    def __init__(self, initial_value="", newline="\n"):
        if newline is not None and not isinstance(newline, str):
            raise TypeError("newline must be str or None, not %s" % type(newline).__name__)
        if newline not in (None, "", "\n", "\r", "\r\n"):
            raise ValueError("illegal newline value: %r" % newline)
        self._newline = newline
        self._parts = []
        self._at = 0
        if initial_value is not None:
            if not isinstance(initial_value, str):
                raise TypeError("initial_value must be str or None, not %s" % type(initial_value).__name__)
            self.write(initial_value)
            self._at = 0

    def __getstate__(self):
        self._check()
        return self.getvalue(), self._newline, self._at, None

    def __setstate__(self, state):
        value, newline, at, attributes = state
        self.__init__(value, newline)
        self._at = at
        if attributes:
            self.__dict__.update(attributes)

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")

    @property
    def newlines(self):
        return None

    def readable(self):
        self._check()
        return True

    writable = seekable = readable

    def getvalue(self):
        self._check()
        if len(self._parts) != 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0]

    def read(self, size=-1, /):
        self._check()
        size = _count(size)
        data = self.getvalue()
        end = len(data) if size < 0 else self._at + size
        data = data[self._at:end]
        self._at += len(data)
        return data

    def readline(self, size=-1, /):
        self._check()
        size = _count(size)
        data = self.getvalue()
        end = len(data)
        for mark in ("\r", "\n") if self._newline == "" else (self._newline or "\n",):
            found = data.find(mark, self._at, end)
            if found >= 0:
                end = found + len(mark)
        if self._newline == "" and data[end - 1:end + 1] == "\r\n":
            end += 1
        if 0 <= size < end - self._at:
            end = self._at + size
        data = data[self._at:end]
        self._at += len(data)
        return data

    def write(self, text, /):
        if not isinstance(text, str):
            raise TypeError("string argument expected, got '%s'" % type(text).__name__)
        self._check()
        length = len(text)
        if self._newline is None:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        elif self._newline in ("\r", "\r\n"):
            text = text.replace("\n", self._newline)
        if not text:
            return length
        end = sum([len(part) for part in self._parts]) if len(self._parts) < 8 else len(self.getvalue())
        if self._at == end:
            self._parts.append(text)
        else:
            old = self.getvalue()
            old += "\0" * (self._at - end)
            self._parts = [old[:self._at] + text + old[self._at + len(text):]]
        self._at += len(text)
        return length

    def seek(self, pos, whence=0, /):
        self._check()
        if whence not in (0, 1, 2):
            raise ValueError("Invalid whence (%d, should be 0, 1 or 2)" % whence)
        if whence == 0 and pos < 0:
            raise ValueError("Negative seek position %d" % pos)
        if whence and pos:
            raise OSError("Can't do nonzero cur-relative seeks")
        if whence == 1:
            pos = self._at
        elif whence == 2:
            pos = len(self.getvalue())
        self._at = pos
        return pos

    def tell(self):
        self._check()
        return self._at

    def truncate(self, size=None, /):
        self._check()
        if size is None:
            size = self._at
        elif size < 0:
            raise ValueError("Negative size value %d" % size)
        self._parts = [self.getvalue()[:size]]
        return size


class TextIOWrapper(TextIOBase):
    """Text over a file of bytes."""

    __module__ = "_io"

    def __init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False):
        if newline not in (None, "", "\n", "\r", "\r\n"):
            raise ValueError("illegal newline value: %r" % newline)
        self.buffer = buffer
        self.encoding = encoding or "utf-8"
        self.errors = errors or "strict"
        self.line_buffering = line_buffering
        self.write_through = write_through
        self._newline = newline
        self._text = None
        "".encode(self.encoding)

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def readable(self):
        return self.buffer.readable()

    def writable(self):
        return self.buffer.writable()

    def seekable(self):
        return self.buffer.seekable()

    def flush(self):
        self._check()
        self.buffer.flush()

    def close(self):
        if not self.closed:
            self.flush()
            self.closed = True
            self.buffer.close()

    def detach(self):
        buffer, self.buffer = self.buffer, None
        return buffer

    def write(self, text, /):
        self._check()
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        length = len(text)
        if self._newline in ("\r", "\r\n"):
            text = text.replace("\n", self._newline)
        self.buffer.write(text.encode(self.encoding, self.errors))
        self._text = None
        return length

    def _reader(self):
        self._check()
        if self._text is None:
            text = self.buffer.read().decode(self.encoding, self.errors)
            self._text = StringIO("", self._newline)
            if self._newline in ("\r", "\r\n"):
                self._text._parts.append(text)
            else:
                self._text.write(text)
            self._text._at = 0
        return self._text

    def read(self, size=-1, /):
        return self._reader().read(size)

    def readline(self, size=-1, /):
        return self._reader().readline(size)

    def seek(self, pos, whence=0, /):
        self._check()
        self._text = None
        return self.buffer.seek(pos, whence)

    def tell(self):
        self._check()
        return self.buffer.tell()

    def __repr__(self):
        return "<_io.TextIOWrapper encoding=%r>" % self.encoding
