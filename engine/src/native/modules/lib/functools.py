"""Functions that take or make functions."""

from _functools import partial
from _rules import cached_property_kept as _property_kept, lru_bounded as _bounded, lru_types_apart as _types_apart
from _rules import members as _members
from _types import GenericAlias as _GenericAlias, MethodType as _MethodType

__all__ = [
    "update_wrapper", "wraps", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES", "total_ordering", "cmp_to_key", "lru_cache",
    "reduce", "partial", "partialmethod", "singledispatch", "singledispatchmethod", "cached_property",
]

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Makes a wrapper look like the function that it wraps."""
    for attr in assigned:
        try:
            value = getattr(wrapped, attr)
        except AttributeError:
            continue
        setattr(wrapper, attr, value)
    for attr in updated:
        getattr(wrapper, attr).update(getattr(wrapped, attr, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """The decorator that applies `update_wrapper` to a wrapper."""
    return partial(update_wrapper, wrapped=wrapped, assigned=assigned, updated=updated)


_missing = object()


def reduce(function, sequence, initial=_missing, /):
    """Joins all items by a function of two arguments."""
    it = iter(sequence)
    if initial is _missing:
        try:
            value = next(it)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value") from None
    else:
        value = initial
    for element in it:
        value = function(value, element)
    return value


# Each comparison by another one: how `a op b` follows from `a known b`.
def _derived(known, negate, with_equality, of):
    def compare(self, other):
        answer = getattr(type(self), known)(self, other)
        if answer is NotImplemented:
            return answer
        if negate:
            answer = not answer
        if with_equality == "and-not":
            return answer and self != other
        if with_equality == "or":
            return answer or self == other
        return answer

    compare.__name__ = of
    return compare


_orders = {
    "__lt__": (("__gt__", True, "and-not"), ("__le__", False, "or"), ("__ge__", True, None)),
    "__le__": (("__ge__", True, "or"), ("__lt__", False, "and-not"), ("__gt__", True, None)),
    "__gt__": (("__lt__", True, "and-not"), ("__ge__", False, "or"), ("__le__", True, None)),
    "__ge__": (("__le__", True, "or"), ("__gt__", False, "and-not"), ("__lt__", True, None)),
}


def total_ordering(cls):
    """Adds the comparisons that a class lacks, from one that it has."""
    roots = {op for op in _orders if getattr(cls, op, None) is not getattr(object, op, None)}
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(roots)
    for name, negate, with_equality in _orders[root]:
        if name not in roots:
            setattr(cls, name, _derived(root, negate, with_equality, name))
    return cls


class _Key:
    __slots__ = ("obj", "_compare")
    __hash__ = None

    def __init__(self, obj, compare):
        self.obj = obj
        self._compare = compare

    def __lt__(self, other):
        return self._compare(self.obj, other.obj) < 0

    def __gt__(self, other):
        return self._compare(self.obj, other.obj) > 0

    def __eq__(self, other):
        return self._compare(self.obj, other.obj) == 0

    def __le__(self, other):
        return self._compare(self.obj, other.obj) <= 0

    def __ge__(self, other):
        return self._compare(self.obj, other.obj) >= 0


def cmp_to_key(mycmp):
    """A key function from an old comparison function."""

    def K(obj):
        return _Key(obj, mycmp)

    return K


class partialmethod:
    """A method with some arguments given already."""

    def __init__(self, func, /, *args, **keywords):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError("{!r} is not callable or a descriptor".format(func))
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, obj, cls=None):
        get = getattr(self.func, "__get__", None)
        if get is None or isinstance(self.func, partial):
            return partial(self.func, *(() if obj is None else (obj,)), *self.args, **self.keywords)
        bound = get(obj, cls)
        if bound is self.func and obj is None:
            func, args, keywords = self.func, self.args, self.keywords

            def method(self, /, *more, **kwargs):
                return func(self, *args, *more, **{**keywords, **kwargs})

            return method
        return partial(bound, *self.args, **self.keywords)


# ---- caches ----------------------------------------------------------------------------------------------------


class _HashedKey(list):
    """The key of a call: its hash is computed once."""

    __slots__ = ("hashvalue",)

    def __init__(self, parts):
        self[:] = parts
        self.hashvalue = hash(parts)

    def __hash__(self):
        return self.hashvalue


_keyword_mark = (object(),)


def _make_key(args, kwds, typed):
    key = args
    if kwds:
        key += _keyword_mark
        for item in kwds.items():
            key += item
    if typed:
        key += tuple([type(v) for v in args])
        if kwds:
            key += tuple([type(v) for v in kwds.values()])
    elif len(key) == 1 and type(key[0]) in (int, str):
        return key[0]
    return _HashedKey(key)


def _cache_info_type():
    from collections import namedtuple

    return namedtuple("CacheInfo", ["hits", "misses", "maxsize", "currsize"], module="functools")


_CacheInfo = None


class _lru_cache_wrapper:
    _sized_as = "functools._lru_cache_wrapper"

    def __init__(self, user_function, maxsize, typed):
        self._function = user_function
        self._maxsize = maxsize
        self._typed = typed and _types_apart
        self._cache = {}
        self._hits = self._misses = 0

    def __call__(self, /, *args, **kwds):
        if self._maxsize == 0:
            self._misses += 1
            return self._function(*args, **kwds)
        key = _make_key(args, kwds, self._typed)
        cache = self._cache
        found = cache.get(key, _missing)
        if found is not _missing:
            self._hits += 1
            if self._maxsize is not None:
                # The latest used stands last.
                cache[key] = cache.pop(key)
            return found
        self._misses += 1
        result = self._function(*args, **kwds)
        if _bounded and self._maxsize is not None and key not in cache and len(cache) >= self._maxsize:
            del cache[next(iter(cache))]
        cache[key] = result
        return result

    def __get__(self, obj, cls=None):
        return self if obj is None else _MethodType(self, obj)

    def cache_info(self):
        global _CacheInfo
        if _CacheInfo is None:
            _CacheInfo = _cache_info_type()
        return _CacheInfo(self._hits, self._misses, self._maxsize, len(self._cache))

    def cache_clear(self):
        self._hits = self._misses = 0
        self._cache.clear()

    def __reduce__(self):
        return self.__qualname__

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return "<functools._lru_cache_wrapper object at {:#x}>".format(id(self))


def lru_cache(maxsize=128, typed=False):
    """Remembers the results of the latest calls."""
    if isinstance(maxsize, int):
        maxsize = max(maxsize, 0)
    elif callable(maxsize) and isinstance(typed, bool):
        function, maxsize = maxsize, 128
        return _cached(function, maxsize, typed)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")
    return lambda function: _cached(function, maxsize, typed)


def _cached(function, maxsize, typed):
    wrapper = _lru_cache_wrapper(function, maxsize, typed)
    wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
    return update_wrapper(wrapper, function)


if _members >= 9:

    def cache(user_function, /):
        """Remembers the results of all calls."""
        return lru_cache(maxsize=None)(user_function)

    __all__.append("cache")


class cached_property:
    """A property that is computed once and then stands in the instance's dict."""

    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__
        self.__module__ = func.__module__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError(
                "Cannot assign the same cached_property to two different names ({!r} and {!r}).".format(
                    self.attrname, name
                )
            )

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        try:
            cache = instance.__dict__
        except AttributeError:
            raise TypeError(
                "No '__dict__' attribute on {!r} instance to cache {!r} property.".format(
                    type(instance).__name__, self.attrname
                )
            ) from None
        value = cache.get(self.attrname, _missing)
        if value is _missing:
            value = self.func(instance)
            if _property_kept:
                cache[self.attrname] = value
        return value

    if _GenericAlias is not None:
        __class_getitem__ = classmethod(_GenericAlias)


# ---- dispatch --------------------------------------------------------------------------------------------------


def _best(cls, registry):
    for base in cls.__mro__:
        if base in registry:
            found = registry[base]
            break
    else:
        found, base = registry[object], object
    if base is object:
        # Abstract classes are no bases of what they accept.
        for abstract in registry:
            if abstract is not object and issubclass(cls, abstract):
                return registry[abstract]
    return found


def singledispatch(func):
    """A function whose implementation depends on the class of its first argument."""
    registry = {object: func}

    def dispatch(cls):
        return _best(cls, registry)

    def register(cls, func=None):
        if func is None:
            if isinstance(cls, type):
                return lambda f: register(cls, f)
            func = cls
            names = func.__annotations__
            if not names:
                raise TypeError(
                    "Invalid first argument to `register()`: {!r}. Use either `@register(some_class)` or plain "
                    "`@register` on an annotated function.".format(cls)
                )
            cls = next(iter(names.values()))
            if isinstance(cls, str):
                cls = eval(cls, func.__globals__)
        registry[cls] = func
        return func

    def wrapper(*args, **kw):
        if not args:
            raise TypeError("{} requires at least 1 positional argument".format(getattr(func, "__name__", "function")))
        return dispatch(args[0].__class__)(*args, **kw)

    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    wrapper._clear_cache = lambda: None
    update_wrapper(wrapper, func)
    return wrapper


class singledispatchmethod:
    """The same for methods."""

    def __init__(self, func):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError("{!r} is not callable or a descriptor".format(func))
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        def method(*args, **kwargs):
            return self.dispatcher.dispatch(args[0].__class__).__get__(obj, cls)(*args, **kwargs)

        method.register = self.register
        update_wrapper(method, self.func)
        return method
