"""Paths as text, by POSIX's rules. Nothing here looks at a file."""

from posix import fspath as _fspath

curdir, pardir, extsep, sep, pathsep, altsep = ".", "..", ".", "/", ":", None
defpath, devnull = "/bin:/usr/bin", "/dev/null"

__all__ = [
    "normcase", "isabs", "join", "splitdrive", "split", "splitext", "basename", "dirname", "commonprefix", "commonpath",
    "normpath", "abspath", "relpath", "curdir", "pardir", "extsep", "sep", "pathsep", "altsep", "defpath", "devnull",
    "exists", "isfile", "isdir",
]


def _sep(path):
    return b"/" if isinstance(path, bytes) else "/"


def normcase(s):
    """POSIX paths keep their case."""
    return _fspath(s)


def isabs(s):
    s = _fspath(s)
    return s.startswith(_sep(s))


def join(a, *p):
    """The parts one behind the other; an absolute part drops what is before it."""
    path = _fspath(a)
    slash = _sep(path)
    for part in p:
        part = _fspath(part)
        if isinstance(part, bytes) is not isinstance(path, bytes):
            raise TypeError("Can't mix strings and bytes in path components") from None
        if part.startswith(slash):
            path = part
        elif not path or path.endswith(slash):
            path += part
        else:
            path += slash + part
    return path


def split(p):
    """What is before the last slash, and what is behind it."""
    p = _fspath(p)
    slash = _sep(p)
    at = p.rfind(slash) + 1
    head, tail = p[:at], p[at:]
    return head.rstrip(slash) or head, tail


def basename(p):
    p = _fspath(p)
    return p[p.rfind(_sep(p)) + 1:]


def dirname(p):
    return split(p)[0]


def splitdrive(p):
    p = _fspath(p)
    return p[:0], p


def splitext(p):
    """The path and its extension; leading dots of the last part belong to the name."""
    p = _fspath(p)
    dot = b"." if isinstance(p, bytes) else "."
    first = p.rfind(_sep(p)) + 1
    at = p.rfind(dot)
    if at > first and p[first:at].strip(dot):
        return p[:at], p[at:]
    return p, p[:0]


def normpath(path):
    """Without empty parts, `.`, and `..` behind a name."""
    path = _fspath(path)
    slash = _sep(path)
    dot, up = (b".", b"..") if isinstance(path, bytes) else (".", "..")
    if not path:
        return dot
    lead = path[:len(path) - len(path.lstrip(slash))]
    # Two slashes at the start may mean something else than one; three do not.
    lead = lead if len(lead) <= 2 else slash
    kept = []
    for part in path.split(slash):
        if not part or part == dot:
            continue
        if part != up or (not lead and not kept) or (kept and kept[-1] == up):
            kept.append(part)
        elif kept:
            kept.pop()
    return lead + slash.join(kept) or dot


def abspath(path):
    """The path from the root; the working directory is the root."""
    path = _fspath(path)
    return normpath(path if isabs(path) else join(_sep(path), path))


def relpath(path, start=None):
    """The way from `start` to the path."""
    path = _fspath(path)
    if not path:
        raise ValueError("no path specified")
    slash = _sep(path)
    dot = b"." if isinstance(path, bytes) else "."
    start = dot if start is None else _fspath(start)
    there = [part for part in abspath(path).split(slash) if part]
    here = [part for part in abspath(start).split(slash) if part]
    same = 0
    while same < min(len(there), len(here)) and there[same] == here[same]:
        same += 1
    return slash.join([dot + dot] * (len(here) - same) + there[same:]) or dot


def commonprefix(m):
    """The longest text that all begin with."""
    if not m:
        return ""
    if not isinstance(m[0], (list, tuple)):
        m = [_fspath(each) for each in m]
    least, most = min(m), max(m)
    for at, char in enumerate(least):
        if char != most[at]:
            return least[:at]
    return least


def commonpath(paths):
    """The longest path that all begin with."""
    paths = [_fspath(path) for path in paths]
    if not paths:
        raise ValueError("commonpath() arg is an empty sequence")
    slash = _sep(paths[0])
    dot = slash.replace(slash, b"." if isinstance(slash, bytes) else ".")
    rooted = {path.startswith(slash) for path in paths}
    if len(rooted) > 1:
        raise ValueError("Can't mix absolute and relative paths")
    parts = [[part for part in path.split(slash) if part and part != dot] for path in paths]
    shared = commonprefix(parts)
    return (slash if True in rooted else slash[:0]) + slash.join(shared)


def exists(path):
    """There are no files."""
    _fspath(path)
    return False


lexists = isfile = isdir = islink = ismount = exists
