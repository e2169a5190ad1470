"""Time as a counter: each question is answered a little later than the one before; nothing waits."""

__all__ = ["time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
           "process_time_ns", "thread_time", "sleep"]

_now = 1_700_000_000_000_000_000


def time_ns():
    """Nanoseconds: a microsecond passes with each call."""
    global _now
    _now += 1000
    return _now


def time():
    return time_ns() / 1e9


def monotonic_ns():
    return time_ns() - 1_700_000_000_000_000_000


def monotonic():
    return monotonic_ns() / 1e9


perf_counter, perf_counter_ns = monotonic, monotonic_ns
process_time, process_time_ns = monotonic, monotonic_ns
thread_time = monotonic


def sleep(seconds):
    """Lets so many seconds be over."""
    global _now
    if isinstance(seconds, str) or not hasattr(seconds, "__float__") and not hasattr(seconds, "__index__"):
        raise TypeError("'%s' object cannot be interpreted as an integer" % type(seconds).__name__)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    _now += int(seconds * 1_000_000_000)
