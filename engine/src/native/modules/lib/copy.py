"""Copies: `copy` makes a new outer object over the same parts, `deepcopy` copies the parts too."""

import builtins as _builtins
import types as _types
import weakref as _weakref
from _rules import deep_copies_once as _once, deep_copies_parts as _parts, members as _members, range_is_atomic as _range_is_atomic
from copyreg import dispatch_table as _reducers

__all__ = ["Error", "copy", "deepcopy"]
if _members >= 13:
    __all__.append("replace")


class Error(Exception):
    pass


error = Error

# Objects of these types are their own copies, flat and deep.
_atomic = {
    type(None), int, float, bool, complex, str, bytes, type, type(Ellipsis), type(NotImplemented),
    _types.FunctionType, _types.BuiltinFunctionType, _types.CodeType, property, _weakref.ref,
}
# These have nothing that a flat copy could share.
_flat = _atomic | {tuple, frozenset, range, slice}
if hasattr(_builtins, "frozendict"):
    _flat.add(_builtins.frozendict)
_deep = _atomic | ({range} if _range_is_atomic else set())


def copy(x):
    """A new object over the same parts; immutable objects are their own copies."""
    cls = type(x)
    if cls in _flat:
        return x
    if cls is list or cls is dict or cls is set or cls is bytearray:
        return cls.copy(x)
    if issubclass(cls, type):
        return x
    copier = getattr(cls, "__copy__", None)
    if copier is not None:
        return copier(x)
    rv = _reduced(x, cls)
    if isinstance(rv, str):
        return x
    return _reconstruct(x, None, *rv)


def _reduced(x, cls):
    reducer = _reducers.get(cls)
    if reducer is not None:
        return reducer(x)
    reducer = getattr(x, "__reduce_ex__", None)
    if reducer is not None:
        return reducer(4)
    reducer = getattr(x, "__reduce__", None)
    if reducer is not None:
        return reducer()
    raise Error("un(deep)copyable object of type %s" % cls)


def deepcopy(x, memo=None, _nil=[]):
    """A new object over copies of the parts; what occurs twice is copied once."""
    cls = type(x)
    if cls in _deep:
        return x
    d = id(x)
    if memo is None:
        memo = {}
    elif not _parts:
        return x
    else:
        y = memo.get(d, _nil)
        if y is not _nil and _once:
            return y
    copier = _deepcopiers.get(cls)
    if copier is not None:
        y = copier(x, memo)
    elif issubclass(cls, type):
        y = x
    else:
        copier = getattr(x, "__deepcopy__", None)
        if copier is not None:
            y = copier(memo)
        else:
            rv = _reduced(x, cls)
            y = x if isinstance(rv, str) else _reconstruct(x, memo, *rv)
    if y is not x:
        memo[d] = y
        # The original must live as long as the memo knows it by its address.
        memo.setdefault(id(memo), []).append(x)
    return y


def _deepcopy_list(x, memo):
    y = []
    memo[id(x)] = y
    for a in x:
        y.append(deepcopy(a, memo))
    return y


def _deepcopy_tuple(x, memo):
    y = [deepcopy(a, memo) for a in x]
    # A tuple that holds itself, through something mutable, is in the memo by now.
    try:
        return memo[id(x)]
    except KeyError:
        pass
    for a, b in zip(x, y):
        if a is not b:
            return tuple(y)
    return x


def _deepcopy_dict(x, memo):
    y = {}
    memo[id(x)] = y
    for key, value in x.items():
        y[deepcopy(key, memo)] = deepcopy(value, memo)
    return y


def _deepcopy_method(x, memo):
    return type(x)(x.__func__, deepcopy(x.__self__, memo))


_deepcopiers = {
    list: _deepcopy_list,
    tuple: _deepcopy_tuple,
    dict: _deepcopy_dict,
    _types.MethodType: _deepcopy_method,
}


def _reconstruct(x, memo, func, args, state=None, listiter=None, dictiter=None, *rest):
    deep = memo is not None
    if deep and args:
        args = tuple([deepcopy(arg, memo) for arg in args])
    y = func(*args)
    if deep:
        memo[id(x)] = y
    if state is not None:
        if deep:
            state = deepcopy(state, memo)
        if hasattr(y, "__setstate__"):
            y.__setstate__(state)
        else:
            if isinstance(state, tuple) and len(state) == 2:
                state, slotstate = state
            else:
                slotstate = None
            if state is not None:
                y.__dict__.update(state)
            if slotstate is not None:
                for key, value in slotstate.items():
                    setattr(y, key, value)
    if listiter is not None:
        for item in listiter:
            y.append(deepcopy(item, memo) if deep else item)
    if dictiter is not None:
        for key, value in dictiter:
            if deep:
                key, value = deepcopy(key, memo), deepcopy(value, memo)
            y[key] = value
    return y


if "replace" in __all__:

    def replace(obj, /, **changes):
        """A new object like `obj` with some fields changed, as its class does that."""
        replacer = getattr(obj.__class__, "__replace__", None)
        if replacer is None:
            raise TypeError("replace() does not support %s objects" % obj.__class__.__name__)
        return replacer(obj, **changes)
