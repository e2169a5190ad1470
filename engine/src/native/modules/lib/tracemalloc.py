"""How much memory is taken since tracing began: by the sizes of objects, so blocks have no places."""

from _tracemalloc import total as _total

_start = None
_peak = 0


def start(nframe=1):
    """Begins to trace."""
    global _start, _peak
    if _start is None:
        _start = _total()
        _peak = 0


def stop():
    """Ends tracing and forgets what was seen."""
    global _start, _peak
    _start = None
    _peak = 0


def is_tracing():
    return _start is not None


def get_traced_memory():
    """The bytes taken now and the most seen so far."""
    global _peak
    if _start is None:
        return (0, 0)
    now = max(_total() - _start, 0)
    _peak = max(_peak, now)
    return (now, _peak)


def reset_peak():
    global _peak
    _peak = 0


def clear_traces():
    global _start, _peak
    if _start is not None:
        _start = _total()
        _peak = 0


def get_traceback_limit():
    return 1


def get_tracemalloc_memory():
    return 0


def get_object_traceback(obj):
    return None
