"""Where memory was asked for: traces of the engine's own allocations, grouped, filtered and compared."""

import sys as _sys
from functools import total_ordering as _total_ordering
from linecache import getline as _getline

from _tracemalloc import (
    _get_object_traceback, _get_traces, _start, clear_traces, get_traceback_limit, get_traced_memory,
    get_tracemalloc_memory, is_tracing, reset_peak, stop,
)

_knows_depth = _sys.version_info >= (3, 9)
if not _knows_depth:
    del reset_peak


def start(nframe=1):
    """Begins to trace; of each place so many frames are kept."""
    _start(nframe)


def _amount(size, signed):
    plus = "+" if signed else ""
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if unit != "B" and abs(size) < 100:
            return ("%" + plus + ".1f %s") % (size, unit)
        if unit == "TiB" or abs(size) < 10240:
            return ("%" + plus + ".0f %s") % (size, unit)
        size /= 1024


def _described(traceback, size, count, size_diff=None, count_diff=None):
    if size_diff is None:
        text = "%s: size=%s, count=%i" % (traceback, _amount(size, False), count)
    else:
        text = "%s: size=%s (%s), count=%i (%+i)" % (
            traceback, _amount(size, False), _amount(size_diff, True), count, count_diff)
    if count:
        text += ", average=%s" % _amount(size / count, False)
    return text


class Statistic:
    """The blocks of one place, file or traceback."""

    __slots__ = ("traceback", "size", "count")

    def __init__(self, traceback, size, count):
        self.traceback = traceback
        self.size = size
        self.count = count

    def __hash__(self):
        return hash((self.traceback, self.size, self.count))

    def __eq__(self, other):
        if not isinstance(other, Statistic):
            return NotImplemented
        return self._sort_key() == other._sort_key()

    def __str__(self):
        return _described(self.traceback, self.size, self.count)

    def __repr__(self):
        return "<Statistic traceback=%r size=%i count=%i>" % (self.traceback, self.size, self.count)

    def _sort_key(self):
        return self.size, self.count, self.traceback


class StatisticDiff:
    """The same of two snapshots: what there is, and how much more than before."""

    __slots__ = ("traceback", "size", "size_diff", "count", "count_diff")

    def __init__(self, traceback, size, size_diff, count, count_diff):
        self.traceback = traceback
        self.size = size
        self.size_diff = size_diff
        self.count = count
        self.count_diff = count_diff

    def __hash__(self):
        return hash((self.traceback, self.size, self.size_diff, self.count, self.count_diff))

    def __eq__(self, other):
        if not isinstance(other, StatisticDiff):
            return NotImplemented
        return self._sort_key() == other._sort_key() and self.size_diff == other.size_diff \
            and self.count_diff == other.count_diff

    def __str__(self):
        return _described(self.traceback, self.size, self.count, self.size_diff, self.count_diff)

    def __repr__(self):
        return "<StatisticDiff traceback=%r size=%i (%+i) count=%i (%+i)>" % (
            self.traceback, self.size, self.size_diff, self.count, self.count_diff)

    def _sort_key(self):
        return abs(self.size_diff), self.size, abs(self.count_diff), self.count, self.traceback


@_total_ordering
class Frame:
    """A line of a file."""

    __slots__ = ("_place",)

    def __init__(self, frame):
        self._place = frame

    @property
    def filename(self):
        return self._place[0]

    @property
    def lineno(self):
        return self._place[1]

    def __eq__(self, other):
        return self._place == other._place if isinstance(other, Frame) else NotImplemented

    def __lt__(self, other):
        return self._place < other._place if isinstance(other, Frame) else NotImplemented

    def __hash__(self):
        return hash(self._place)

    def __str__(self):
        return "%s:%s" % self._place

    def __repr__(self):
        return "<Frame filename=%r lineno=%r>" % self._place


@_total_ordering
class Traceback:
    """Frames, the oldest first."""

    __slots__ = ("_places", "_depth")

    def __init__(self, frames, total_nframe=None):
        self._places = tuple(reversed(frames))
        self._depth = total_nframe

    if _knows_depth:
        @property
        def total_nframe(self):
            return self._depth

    def __len__(self):
        return len(self._places)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple(Frame(place) for place in self._places[index])
        return Frame(self._places[index])

    def __contains__(self, frame):
        return frame._place in self._places

    def __hash__(self):
        return hash(self._places)

    def __eq__(self, other):
        return self._places == other._places if isinstance(other, Traceback) else NotImplemented

    def __lt__(self, other):
        return self._places < other._places if isinstance(other, Traceback) else NotImplemented

    def __str__(self):
        return str(self[0])

    def __repr__(self):
        depth = "" if self._depth is None else " total_nframe=%s" % self._depth
        return "<Traceback %r%s>" % (tuple(self), depth)

    def format(self, limit=None, most_recent_first=False):
        """Lines as those of an exception's traceback; a negative limit counts from the other end."""
        frames = self[:]
        if limit is not None:
            frames = frames[-limit:] if limit > 0 else frames[:limit]
        lines = []
        for frame in reversed(frames) if most_recent_first else frames:
            lines.append('  File "%s", line %s' % (frame.filename, frame.lineno))
            text = _getline(frame.filename, frame.lineno).strip()
            if text:
                lines.append("    " + text)
        return lines


def get_object_traceback(obj):
    """Where an object's block was asked for, or None."""
    found = _get_object_traceback(obj)
    if found is None:
        return None
    return Traceback(found[0])


class Trace:
    """One block."""

    __slots__ = ("_trace",)

    def __init__(self, trace):
        self._trace = trace

    @property
    def domain(self):
        return self._trace[0]

    @property
    def size(self):
        return self._trace[1]

    @property
    def traceback(self):
        return Traceback(*self._trace[2:])

    def __eq__(self, other):
        return self._trace == other._trace if isinstance(other, Trace) else NotImplemented

    def __hash__(self):
        return hash(self._trace)

    def __str__(self):
        return "%s: %s" % (self.traceback, _amount(self.size, False))

    def __repr__(self):
        return "<Trace domain=%s size=%s, traceback=%r>" % (self.domain, _amount(self.size, False), self.traceback)


class _Traces:
    """The traces of a snapshot, made when they are looked at."""

    def __init__(self, traces):
        self._traces = traces

    def __len__(self):
        return len(self._traces)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple(Trace(trace) for trace in self._traces[index])
        return Trace(self._traces[index])

    def __contains__(self, trace):
        return trace._trace in self._traces

    def __eq__(self, other):
        return self._traces == other._traces if isinstance(other, _Traces) else NotImplemented

    def __repr__(self):
        return "<Traces len=%s>" % len(self)


def _matches(name, pattern):
    """Whether a shell pattern fits: `*`, `?`, `[abc]`, `[!abc]`."""
    if not pattern:
        return not name
    first, rest = pattern[0], pattern[1:]
    if first == "*":
        return any(_matches(name[at:], rest) for at in range(len(name) + 1))
    if not name:
        return False
    if first == "[" and "]" in rest[1:]:
        end = rest.index("]", 1)
        chosen, rest = rest[:end], rest[end + 1:]
        other = chosen[0] == "!"
        chosen = chosen[1:] if other else chosen
        found = any(
            chosen[at] == name[0] or chosen[at + 1:at + 2] == "-" and chosen[at] <= name[0] <= chosen[at + 2:at + 3]
            for at in range(len(chosen))
        )
        return found != other and _matches(name[1:], rest)
    return first in ("?", name[0]) and _matches(name[1:], rest)


def _source_name(filename):
    return filename[:-1] if filename.endswith(".pyc") else filename


class BaseFilter:
    """Keeps what matches, or what does not."""

    def __init__(self, inclusive):
        self.inclusive = inclusive


class Filter(BaseFilter):
    """By the name of a file and a line: of the most recent frame, or of any."""

    def __init__(self, inclusive, filename_pattern, lineno=None, all_frames=False, domain=None):
        super().__init__(inclusive)
        self._pattern = _source_name(filename_pattern)
        self.lineno = lineno
        self.all_frames = all_frames
        self.domain = domain

    @property
    def filename_pattern(self):
        return self._pattern

    def _is_at(self, filename, lineno):
        return _matches(_source_name(filename), self._pattern) and self.lineno in (None, lineno)

    def _keeps(self, trace):
        domain, size, places = trace[:3]
        looked_at = places if self.all_frames else places[:1]
        found = self.domain in (None, domain) and any(self._is_at(*place) for place in looked_at)
        return found == bool(self.inclusive)


class DomainFilter(BaseFilter):
    """By the address space; there is one only, 0."""

    def __init__(self, inclusive, domain):
        super().__init__(inclusive)
        self._domain = domain

    @property
    def domain(self):
        return self._domain

    def _keeps(self, trace):
        return (trace[0] == self.domain) == bool(self.inclusive)


class Snapshot:
    """The traces of one moment."""

    def __init__(self, traces, traceback_limit):
        self.traces = _Traces(traces)
        self.traceback_limit = traceback_limit

    def dump(self, filename):
        """Writes the snapshot into a file."""
        import pickle
        with open(filename, "wb") as file:
            pickle.dump(self, file, pickle.HIGHEST_PROTOCOL)

    @staticmethod
    def load(filename):
        """Reads a snapshot from a file."""
        import pickle
        with open(filename, "rb") as file:
            return pickle.load(file)

    def filter_traces(self, filters):
        """A snapshot of what one of the inclusive filters and all of the others keep."""
        if not hasattr(filters, "__iter__"):
            raise TypeError("filters must be a list of filters, not %s" % type(filters).__name__)
        traces = self.traces._traces
        if not filters:
            return Snapshot(traces.copy(), self.traceback_limit)
        wanted = [each for each in filters if each.inclusive]
        others = [each for each in filters if not each.inclusive]
        kept = [
            trace for trace in traces
            if (not wanted or any(each._keeps(trace) for each in wanted)) and all(each._keeps(trace) for each in others)
        ]
        return Snapshot(kept, self.traceback_limit)

    def _grouped(self, key_type, cumulative):
        if key_type not in ("traceback", "filename", "lineno"):
            raise ValueError("unknown key_type: %r" % (key_type,))
        if cumulative and key_type not in ("lineno", "filename"):
            raise ValueError("cumulative mode cannot by used with key type %r" % key_type)
        groups = {}
        for trace in self.traces._traces:
            size, places = trace[1], trace[2]
            if key_type == "traceback":
                keys = [trace[2:]]
            elif key_type == "lineno":
                keys = [(place,) for place in (places if cumulative else places[:1])]
            else:
                keys = [((filename, 0),) for filename, lineno in (places if cumulative else places[:1])]
            for key in keys:
                group = groups.get(key)
                if group is None:
                    traceback = Traceback(*key) if key_type == "traceback" else Traceback(key)
                    groups[key] = Statistic(traceback, size, 1)
                else:
                    group.size += size
                    group.count += 1
        return {statistic.traceback: statistic for statistic in groups.values()} if key_type != "traceback" else groups

    def statistics(self, key_type, cumulative=False):
        """The blocks by line, file or traceback, the largest first."""
        return sorted(self._grouped(key_type, cumulative).values(), key=Statistic._sort_key, reverse=True)

    def compare_to(self, old_snapshot, key_type, cumulative=False):
        """What has changed since another snapshot, the largest change first."""
        before = old_snapshot._grouped(key_type, cumulative)
        now = self._grouped(key_type, cumulative)
        changes = []
        for key, new in now.items():
            old = before.pop(key, None)
            size, count = (old.size, old.count) if old is not None else (0, 0)
            changes.append(StatisticDiff(new.traceback, new.size, new.size - size, new.count, new.count - count))
        for old in before.values():
            changes.append(StatisticDiff(old.traceback, 0, -old.size, 0, -old.count))
        return sorted(changes, key=StatisticDiff._sort_key, reverse=True)


def take_snapshot():
    """The traces of this moment."""
    if not is_tracing():
        raise RuntimeError("the tracemalloc module must be tracing memory allocations to take a snapshot")
    traces = [(0, size, places, depth) if _knows_depth else (0, size, places) for size, places, depth in _get_traces()]
    return Snapshot(traces, get_traceback_limit())
