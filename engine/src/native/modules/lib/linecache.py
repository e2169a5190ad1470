"""Lines of source texts by file name: those that the engine has, and those that a program puts into `cache`."""

from _traceback import source_text as _text

__all__ = ["getline", "clearcache", "checkcache", "lazycache"]

# File name to (size, time, lines, full name).
cache = {}


def getlines(filename, module_globals=None):
    """All lines of a file, or an empty list."""
    entry = cache.get(filename)
    if entry is not None and len(entry) != 1:
        return entry[2]
    text = _text(filename)
    return [] if text is None else text.splitlines(True)


def getline(filename, lineno, module_globals=None):
    """One line of a file, or the empty string."""
    lines = getlines(filename, module_globals)
    if 1 <= lineno <= len(lines):
        line = lines[lineno - 1]
        return line if line.endswith("\n") else line + "\n"
    return ""


def clearcache():
    cache.clear()


def checkcache(filename=None):
    """Nothing of the cache can be out of date: there are no files."""


def updatecache(filename, module_globals=None):
    return getlines(filename, module_globals)


def lazycache(filename, module_globals):
    return False
