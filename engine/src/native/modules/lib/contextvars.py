"""Variables whose value belongs to a context."""

from _rules import members as _members
from _types import GenericAlias as _GenericAlias

__all__ = ("Context", "ContextVar", "Token", "copy_context")

_missing = object()


class Context:
    """Values of variables."""

    __slots__ = ("_values", "_entered", "__weakref__")
    __hash__ = None

    def __init__(self):
        self._values = {}
        self._entered = False

    def run(self, callable, /, *args, **kwargs):
        if self._entered:
            raise RuntimeError("cannot enter context: %r is already entered" % self)
        self._entered = True
        _contexts.append(self)
        try:
            return callable(*args, **kwargs)
        finally:
            _contexts.pop()
            self._entered = False

    def copy(self):
        made = Context()
        made._values = self._values.copy()
        return made

    def get(self, var, default=None, /):
        return self._values.get(_checked(var), default)

    def __getitem__(self, var):
        return self._values[_checked(var)]

    def __contains__(self, var):
        return _checked(var) in self._values

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __eq__(self, other):
        return self._values == other._values if isinstance(other, Context) else NotImplemented

    def keys(self):
        return self._values.keys()

    def values(self):
        return self._values.values()

    def items(self):
        return self._values.items()


class ContextVar:
    """A variable."""

    __slots__ = ("_name", "_default")

    def __init__(self, name, /, *, default=_missing):
        if not isinstance(name, str):
            raise TypeError("context variable name must be a str")
        self._name = name
        self._default = default

    name = property(lambda self: self._name)

    __class_getitem__ = classmethod(_GenericAlias)

    def get(self, default=_missing, /):
        value = _contexts[-1]._values.get(self, _missing)
        if value is not _missing:
            return value
        if default is not _missing:
            return default
        if self._default is not _missing:
            return self._default
        raise LookupError(self)

    def set(self, value, /):
        values = _contexts[-1]._values
        token = object.__new__(Token)
        token._var = self
        token._context = _contexts[-1]
        token._before = values.get(self, _missing)
        token._used = False
        values[self] = value
        return token

    def reset(self, token, /):
        if not isinstance(token, Token):
            raise TypeError("expected an instance of Token, got %r" % token)
        if token._used:
            raise RuntimeError("%r has already been used once" % token)
        if token._var is not self:
            raise ValueError("%r was created by a different ContextVar" % token)
        if token._context is not _contexts[-1]:
            raise ValueError("%r was created in a different Context" % token)
        token._used = True
        if token._before is _missing:
            del token._context._values[self]
        else:
            token._context._values[self] = token._before

    def __repr__(self):
        default = "" if self._default is _missing else " default=%r" % self._default
        return "<ContextVar name=%r%s at %#x>" % (self._name, default, id(self))


class _Missing:
    __slots__ = ()

    def __repr__(self):
        return "<Token.MISSING>"


class Token:
    """What a variable was before it was set."""

    __slots__ = ("_var", "_context", "_before", "_used")
    __hash__ = None

    MISSING = _Missing()

    def __new__(cls):
        raise RuntimeError("Tokens can only be created by ContextVars")

    var = property(lambda self: self._var)
    old_value = property(lambda self: Token.MISSING if self._before is _missing else self._before)

    __class_getitem__ = classmethod(_GenericAlias)

    if _members >= 14:
        def __enter__(self):
            return self

        def __exit__(self, *exc_info):
            self._var.reset(self)

    def __repr__(self):
        return "<Token %svar=%r at %#x>" % ("used " if self._used else "", self._var, id(self))


def _checked(var):
    if not isinstance(var, ContextVar):
        raise TypeError("a ContextVar key was expected, got %r" % var)
    return var


_contexts = [Context()]


def copy_context():
    """A copy of the current context."""
    return _contexts[-1].copy()
