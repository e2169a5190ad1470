"""Iterators that are made of other iterators."""

from _rules import members as _members


class count:
    """Numbers without end."""

    _sized_as = "itertools.count"
    __slots__ = ("_n", "_step")

    def __init__(self, start=0, step=1):
        if not hasattr(start, "__add__") or isinstance(start, (str, list, tuple)):
            raise TypeError("a number is required")
        if isinstance(start, int) and -1 << 63 <= start < (1 << 63) - 1 and step == 1 and type(step) is int:
            # A counter of the machine: what it gives is never the start itself.
            start = start + 0
        self._n = start
        self._step = step

    def __iter__(self):
        return self

    def __next__(self):
        n = self._n
        self._n = n + self._step
        return n

    def __repr__(self):
        if self._step == 1 and isinstance(self._step, int):
            return "count({!r})".format(self._n)
        return "count({!r}, {!r})".format(self._n, self._step)


class cycle:
    """The items of an iterable, again and again."""

    _sized_as = "itertools.cycle"
    __slots__ = ("_it", "_saved", "_at")

    def __init__(self, iterable, /):
        self._it = iter(iterable)
        self._saved = []
        self._at = None

    def __iter__(self):
        return self

    def __next__(self):
        if self._at is None:
            for item in self._it:
                self._saved.append(item)
                return item
            self._at = 0
        if not self._saved:
            raise StopIteration
        item = self._saved[self._at]
        self._at = (self._at + 1) % len(self._saved)
        return item


class repeat:
    """One object, again and again."""

    _sized_as = "itertools.repeat"
    __slots__ = ("_object", "_times")

    def __init__(self, object, times=None):
        self._object = object
        self._times = None if times is None else max(times, 0)

    def __iter__(self):
        return self

    def __next__(self):
        if self._times is not None:
            if self._times == 0:
                raise StopIteration
            self._times -= 1
        return self._object

    def __length_hint__(self):
        if self._times is None:
            raise TypeError("len() of unsized object")
        return self._times

    def __repr__(self):
        if self._times is None:
            return "repeat({!r})".format(self._object)
        return "repeat({!r}, {})".format(self._object, self._times)


class _Generated:
    """An iterator over what a generator gives."""

    __slots__ = ("_gen",)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._gen)


class chain(_Generated):
    """The items of several iterables, one after the other."""

    _sized_as = "itertools.chain"
    __slots__ = ()

    def __init__(self, *iterables):
        self._gen = chain._run(iterables)

    @classmethod
    def from_iterable(cls, iterables, /):
        self = cls()
        self._gen = chain._run(iterables)
        return self

    def _run(iterables):
        for iterable in iterables:
            for item in iterable:
                yield item


class islice(_Generated):
    """A slice of an iterable."""

    _sized_as = "itertools.islice"
    __slots__ = ()

    def __init__(self, iterable, /, *args):
        bounds = slice(*args)
        start = 0 if bounds.start is None else bounds.start
        step = 1 if bounds.step is None else bounds.step
        stop = bounds.stop
        if stop is not None and stop < 0 or start < 0:
            raise ValueError(
                "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
                if len(args) == 1
                else "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
            )
        if step < 1:
            raise ValueError("Step for islice() must be a positive integer or None.")
        self._gen = islice._run(iter(iterable), start, stop, step)

    def _run(it, start, stop, step):
        at = 0
        wanted = start
        while stop is None or wanted < stop:
            try:
                while at <= wanted:
                    item = next(it)
                    at += 1
            except StopIteration:
                return
            yield item
            wanted += step
        while stop is not None and at < stop:
            try:
                next(it)
            except StopIteration:
                return
            at += 1


class takewhile(_Generated):
    """Items up to the first that a predicate refuses."""

    _sized_as = "itertools.takewhile"
    __slots__ = ()

    def __init__(self, predicate, iterable, /):
        self._gen = takewhile._run(predicate, iter(iterable))

    def _run(predicate, it):
        for item in it:
            if not predicate(item):
                return
            yield item


class dropwhile(_Generated):
    """Items from the first on that a predicate refuses."""

    _sized_as = "itertools.dropwhile"
    __slots__ = ()

    def __init__(self, predicate, iterable, /):
        self._gen = dropwhile._run(predicate, iter(iterable))

    def _run(predicate, it):
        for item in it:
            if not predicate(item):
                yield item
                break
        for item in it:
            yield item


class filterfalse(_Generated):
    """Items that a predicate refuses."""

    _sized_as = "itertools.filterfalse"
    __slots__ = ()

    def __init__(self, predicate, iterable, /):
        self._gen = filterfalse._run(bool if predicate is None else predicate, iter(iterable))

    def _run(predicate, it):
        for item in it:
            if not predicate(item):
                yield item


class compress(_Generated):
    """Items whose selector is true."""

    _sized_as = "itertools.compress"
    __slots__ = ()

    def __init__(self, data, selectors):
        self._gen = (item for item, chosen in zip(data, selectors) if chosen)


class starmap(_Generated):
    """A function of tuples of arguments."""

    _sized_as = "itertools.starmap"
    __slots__ = ()

    def __init__(self, function, iterable, /):
        self._gen = (function(*args) for args in iterable)


class accumulate(_Generated):
    """Running totals."""

    _sized_as = "itertools.accumulate"
    __slots__ = ()

    def __init__(self, iterable, func=None, *, initial=None):
        self._gen = accumulate._run(iter(iterable), func, initial)

    def _run(it, func, initial):
        total = initial
        if initial is None:
            for total in it:
                break
            else:
                return
        yield total
        for item in it:
            total = total + item if func is None else func(total, item)
            yield total


class zip_longest(_Generated):
    """`zip` up to the end of the longest."""

    _sized_as = "itertools.zip_longest"
    __slots__ = ()

    def __init__(self, *iterables, fillvalue=None):
        self._gen = zip_longest._run([iter(it) for it in iterables], fillvalue)

    def _run(iterators, fillvalue):
        left = len(iterators)
        while left:
            row = []
            for at, it in enumerate(iterators):
                if it is None:
                    row.append(fillvalue)
                    continue
                try:
                    row.append(next(it))
                except StopIteration:
                    left -= 1
                    if not left:
                        return
                    iterators[at] = None
                    row.append(fillvalue)
            yield tuple(row)


class pairwise(_Generated):
    """Neighbours."""

    __slots__ = ()

    def __init__(self, iterable, /):
        self._gen = pairwise._run(iter(iterable))

    def _run(it):
        for before in it:
            for item in it:
                yield before, item
                before = item


class batched(_Generated):
    """Tuples of so many items."""

    __slots__ = ()

    def __init__(self, iterable, n, *, strict=False):
        if n < 1:
            raise ValueError("n must be at least one")
        self._gen = batched._run(iter(iterable), n, strict)

    def _run(it, n, strict):
        while True:
            batch = tuple(islice(it, n))
            if not batch:
                return
            if strict and len(batch) != n:
                raise ValueError("batched(): incomplete batch")
            yield batch


class groupby:
    """Runs of items with equal keys."""

    _sized_as = "itertools.groupby"
    __slots__ = ("_it", "_key", "_current", "_value", "_ended", "_run")

    def __init__(self, iterable, key=None):
        self._it = iter(iterable)
        self._key = key
        self._run = None
        self._ended = False
        self._current = self._value = _none
        self._advance()

    def _advance(self):
        try:
            self._value = next(self._it)
        except StopIteration:
            self._ended = True
            return
        self._current = self._value if self._key is None else self._key(self._value)

    def __iter__(self):
        return self

    def __next__(self):
        if self._run is not None:
            # What is left of the last run is passed over.
            wanted = self._run[0]
            while not self._ended and self._current == wanted:
                self._advance()
        if self._ended:
            raise StopIteration
        self._run = run = (self._current,)
        return self._current, self._group(run)

    def _group(self, run):
        while self._run is run and not self._ended and self._current == run[0]:
            value = self._value
            self._advance()
            yield value


_none = object()


class product(_Generated):
    """All tuples of one item of each iterable."""

    __slots__ = ()

    def __init__(self, *iterables, repeat=1):
        pools = [tuple(pool) for pool in iterables] * repeat
        self._gen = product._run(pools)

    def _run(pools):
        places = [0] * len(pools)
        if any(not pool for pool in pools):
            return
        while True:
            yield tuple([pool[at] for pool, at in zip(pools, places)])
            for i in range(len(pools) - 1, -1, -1):
                places[i] += 1
                if places[i] < len(pools[i]):
                    break
                places[i] = 0
            else:
                return


class permutations(_Generated):
    """All orders of so many items."""

    __slots__ = ()

    def __init__(self, iterable, r=None):
        pool = tuple(iterable)
        self._gen = permutations._run(pool, len(pool) if r is None else r)

    def _run(pool, r):
        if r > len(pool):
            return
        for places in product(range(len(pool)), repeat=r):
            if len(set(places)) == r:
                yield tuple([pool[i] for i in places])


class combinations(_Generated):
    """All choices of so many items, in order."""

    __slots__ = ()

    def __init__(self, iterable, r):
        self._gen = combinations._run(tuple(iterable), r)

    def _run(pool, r):
        if r > len(pool):
            return
        places = list(range(r))
        while True:
            yield tuple([pool[i] for i in places])
            for i in range(r - 1, -1, -1):
                if places[i] != i + len(pool) - r:
                    break
            else:
                return
            places[i] += 1
            for j in range(i + 1, r):
                places[j] = places[j - 1] + 1


class combinations_with_replacement(_Generated):
    """All choices of so many items, each more than once if need be."""

    __slots__ = ()

    def __init__(self, iterable, r):
        self._gen = combinations_with_replacement._run(tuple(iterable), r)

    def _run(pool, r):
        for places in product(range(len(pool)), repeat=r):
            if all(a <= b for a, b in zip(places, places[1:])):
                yield tuple([pool[i] for i in places])


def tee(iterable, n=2, /):
    """Several iterators over one."""
    it = iter(iterable)
    queues = [[] for _ in range(n)]

    def run(mine):
        while True:
            if not mine:
                try:
                    item = next(it)
                except StopIteration:
                    return
                for queue in queues:
                    queue.append(item)
            yield mine.pop(0)

    return tuple([run(queue) for queue in queues])


if _members < 10:
    del pairwise
if _members < 12:
    del batched
