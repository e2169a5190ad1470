"""Functions to call when the interpreter ends, the last one first."""

import sys
from _rules import members as _members

_callbacks = []


def register(func, /, *args, **kwargs):
    """Calls the function with these arguments at the end."""
    if not callable(func):
        raise TypeError("the first argument must be callable")
    _callbacks.append((func, args, kwargs))
    return func


def unregister(func):
    """Forgets every registration of the function."""
    _callbacks[:] = [callback for callback in _callbacks if not callback[0] == func]


def _clear():
    _callbacks.clear()


def _ncallbacks():
    return len(_callbacks)


def _run_exitfuncs():
    """Calls what is registered; one that fails is told of, and the others are called."""
    while _callbacks:
        func, args, kwargs = _callbacks.pop()
        try:
            func(*args, **kwargs)
        except SystemExit:
            pass
        except BaseException as exc:
            from traceback import format_exception

            exc.__traceback__ = exc.__traceback__.tb_next
            text = "Error in atexit._run_exitfuncs:\n"
            if _members >= 10:
                text = "Exception ignored in atexit callback" + (": %r\n" if _members < 13 else " %r:\n") % (func,)
            sys.stderr.write(text + "".join(format_exception(type(exc), exc, exc.__traceback__)))
