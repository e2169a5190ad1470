"""The part of `os` that needs no files: paths as text, the environment, and what `posix` has."""

import sys as _sys
import posix as _posix
import posixpath as path
from _collections_abc import Mapping as _Mapping, MutableMapping as _MutableMapping
from abc import ABC as _ABC, abstractmethod as _abstractmethod
from posix import *
from posix import _exit, fspath
from posixpath import altsep, curdir, defpath, devnull, extsep, pardir, pathsep, sep

_sys.modules["os.path"] = path

name = "posix"
linesep = "\n"


class PathLike(_ABC):
    """What has a path."""

    __slots__ = ()

    @_abstractmethod
    def __fspath__(self):
        raise NotImplementedError

    @classmethod
    def __subclasshook__(cls, subclass):
        if cls is PathLike:
            return any("__fspath__" in vars(base) for base in subclass.__mro__) or NotImplemented
        return NotImplemented


def fsencode(filename):
    """The bytes of a path."""
    filename = fspath(filename)
    return filename.encode("utf-8", "surrogateescape") if isinstance(filename, str) else filename


def fsdecode(filename):
    """The text of a path."""
    filename = fspath(filename)
    return filename.decode("utf-8", "surrogateescape") if isinstance(filename, bytes) else filename


class _Environ(_MutableMapping):
    """The environment as text; nothing outside sees a change."""

    def __init__(self, data):
        self._data = data

    def _key(self, key):
        if not isinstance(key, str):
            raise TypeError("str expected, not %s" % type(key).__name__)
        return key

    def __getitem__(self, key):
        return self._data[self._key(key)]

    def __setitem__(self, key, value):
        self._data[self._key(key)] = self._key(value)

    def __delitem__(self, key):
        del self._data[self._key(key)]

    def __iter__(self):
        return iter(list(self._data))

    def __len__(self):
        return len(self._data)

    def __repr__(self):
        return "environ({%s})" % ", ".join("%r: %r" % item for item in self._data.items())

    def copy(self):
        return dict(self)

    def setdefault(self, key, value):
        if key not in self:
            self[key] = value
        return self[key]


environ = _Environ({})


def getenv(key, default=None):
    """A variable of the environment."""
    return environ.get(key, default)
