"""Signals and contexts of decimal arithmetic."""

ROUND_UP = "ROUND_UP"
ROUND_DOWN = "ROUND_DOWN"
ROUND_CEILING = "ROUND_CEILING"
ROUND_FLOOR = "ROUND_FLOOR"
ROUND_HALF_UP = "ROUND_HALF_UP"
ROUND_HALF_DOWN = "ROUND_HALF_DOWN"
ROUND_HALF_EVEN = "ROUND_HALF_EVEN"
ROUND_05UP = "ROUND_05UP"
ROUNDINGS = (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,
             ROUND_05UP)

MAX_PREC = 999999999999999999
MAX_EMAX = 999999999999999999
MIN_EMIN = -999999999999999999
MIN_ETINY = MIN_EMIN - (MAX_PREC - 1)


class DecimalException(ArithmeticError):
    pass


class Clamped(DecimalException):
    pass


class InvalidOperation(DecimalException):
    pass


class DivisionByZero(DecimalException, ZeroDivisionError):
    pass


class Inexact(DecimalException):
    pass


class Rounded(DecimalException):
    pass


class Subnormal(DecimalException):
    pass


class Overflow(Inexact, Rounded):
    pass


class Underflow(Inexact, Rounded, Subnormal):
    pass


class FloatOperation(DecimalException, TypeError):
    pass


class ConversionSyntax(InvalidOperation):
    pass


class DivisionImpossible(InvalidOperation):
    pass


class DivisionUndefined(InvalidOperation, ZeroDivisionError):
    pass


class InvalidContext(InvalidOperation):
    pass


SIGNALS = (InvalidOperation, FloatOperation, DivisionByZero, Overflow, Underflow, Subnormal, Inexact, Rounded, Clamped)
_ORDER = SIGNALS

for _class in (DecimalException,) + SIGNALS + (ConversionSyntax, DivisionImpossible, DivisionUndefined, InvalidContext):
    _class.__module__ = "decimal"


class SignalDict(dict):
    """For each signal, whether it is set; no other keys."""

    def __setitem__(self, signal, value):
        if signal not in _ORDER:
            raise KeyError("invalid error flag")
        dict.__setitem__(self, signal, bool(value))

    def __delitem__(self, signal):
        raise ValueError("signal keys cannot be deleted")


def _signals(given):
    if isinstance(given, dict):
        chosen = [signal for signal, value in given.items() if value]
    else:
        chosen = list(given or ())
    for signal in chosen:
        if signal not in _ORDER:
            raise TypeError("values for signals must be in the list of signals")
    made = SignalDict()
    for signal in _ORDER:
        dict.__setitem__(made, signal, signal in chosen)
    return made


_RANGES = {
    "prec": (1, MAX_PREC, "valid range for prec is [1, MAX_PREC]"),
    "Emin": (MIN_EMIN, 0, "valid range for Emin is [MIN_EMIN, 0]"),
    "Emax": (0, MAX_EMAX, "valid range for Emax is [0, MAX_EMAX]"),
    "capitals": (0, 1, "valid values for capitals are 0 or 1"),
    "clamp": (0, 1, "valid values for clamp are 0 or 1"),
}


class Context:
    """Precision, rounding, borders of exponents, and what becomes of signals."""

    def __init__(self, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None):
        like = DefaultContext if "DefaultContext" in globals() else None
        self.prec = like.prec if prec is None else prec
        self.rounding = like.rounding if rounding is None else rounding
        self.Emin = like.Emin if Emin is None else Emin
        self.Emax = like.Emax if Emax is None else Emax
        self.capitals = like.capitals if capitals is None else capitals
        self.clamp = like.clamp if clamp is None else clamp
        self.flags = _signals(flags)
        self.traps = _signals(like.traps if traps is None else traps)

    def __setattr__(self, name, value):
        if name in _RANGES:
            if not isinstance(value, int):
                raise TypeError("'%s' object cannot be interpreted as an integer" % type(value).__name__)
            low, high, text = _RANGES[name]
            if not low <= value <= high:
                raise ValueError(text)
        elif name == "rounding":
            if value not in ROUNDINGS:
                raise TypeError("valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n"
                                "   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]")
        elif name in ("flags", "traps"):
            if not isinstance(value, SignalDict):
                value = _signals(value)
        else:
            raise AttributeError("'decimal.Context' object has no attribute '%s'" % name)
        object.__setattr__(self, name, value)

    def __repr__(self):
        flags, traps = ([signal.__name__ for signal in _SHOWN if signals[signal]] for signals in (self.flags, self.traps))
        return ("Context(prec=%d, rounding=%s, Emin=%d, Emax=%d, capitals=%d, clamp=%d, flags=[%s], traps=[%s])"
                % (self.prec, self.rounding, self.Emin, self.Emax, self.capitals, self.clamp,
                   ", ".join(flags), ", ".join(traps)))

    def __reduce__(self):
        on = [[signal for signal in _ORDER if signals[signal]] for signals in (self.flags, self.traps)]
        return type(self), (self.prec, self.rounding, self.Emin, self.Emax, self.capitals, self.clamp, on[0], on[1])

    def copy(self):
        return Context(self.prec, self.rounding, self.Emin, self.Emax, self.capitals, self.clamp,
                       [s for s in _ORDER if self.flags[s]], [s for s in _ORDER if self.traps[s]])

    __copy__ = copy

    def clear_flags(self):
        for signal in _ORDER:
            self.flags[signal] = False

    def clear_traps(self):
        for signal in _ORDER:
            self.traps[signal] = False

    def Etiny(self):
        return self.Emin - self.prec + 1

    def Etop(self):
        return self.Emax - self.prec + 1

    def _raise(self, *conditions):
        """Sets the flags of these conditions; the first that is trapped is raised."""
        trapped = []
        for condition in conditions:
            signal = condition
            if condition not in _ORDER:
                signal = InvalidOperation
            self.flags[signal] = True
            if self.traps[signal]:
                trapped.append(condition)
        if trapped:
            # The most severe one decides the class, all of them are told.
            for signal in SIGNALS:
                if any(issubclass(c, InvalidOperation) if signal is InvalidOperation else c is signal for c in trapped):
                    raise signal([c for c in trapped])

    def create_decimal(self, num="0"):
        return _maker("create")(self, num)

    def create_decimal_from_float(self, f):
        return _maker("create_from_float")(self, f)


_SHOWN = SIGNALS
_made = {}


def _maker(name):
    return _made[name]


def make(name, function):
    _made[name] = function


def method(name, function):
    """An operation of Decimal as a method of contexts."""
    function.__name__ = name
    setattr(Context, name, function)


DefaultContext = Context(28, ROUND_HALF_EVEN, -999999, 999999, 1, 0, [], [DivisionByZero, Overflow, InvalidOperation])
BasicContext = Context(9, ROUND_HALF_UP, traps=[DivisionByZero, Overflow, InvalidOperation, Clamped, Underflow])
ExtendedContext = Context(9, traps=[])

_current = None


def getcontext():
    """The context of all arithmetic that names none."""
    global _current
    if _current is None:
        _current = DefaultContext.copy()
        _current.clear_flags()
    return _current


def setcontext(context, /):
    global _current
    if not isinstance(context, Context):
        raise TypeError("optional argument must be a context")
    if context in (DefaultContext, BasicContext, ExtendedContext):
        context = context.copy()
        context.clear_flags()
    _current = context


class ContextManager:
    def __init__(self, context):
        self._new = context

    def __enter__(self):
        self._saved = getcontext()
        setcontext(self._new)
        return self._new

    def __exit__(self, *_):
        setcontext(self._saved)


def localcontext(ctx=None, **changes):
    """A context manager for a copy of a context."""
    context = (getcontext() if ctx is None else ctx).copy()
    for name, value in changes.items():
        if name not in ("prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"):
            raise TypeError("'%s' is an invalid keyword argument for this function" % name)
        setattr(context, name, value)
    return ContextManager(context)


Context.__module__ = SignalDict.__module__ = ContextManager.__module__ = "decimal"
