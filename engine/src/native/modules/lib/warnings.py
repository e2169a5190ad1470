"""Warnings: which are shown, which raised, which kept silent."""

import sys
from _rules import members as _members

__all__ = [
    "warn", "warn_explicit", "showwarning", "formatwarning", "filterwarnings", "simplefilter", "resetwarnings",
    "catch_warnings",
]

# The first filter that fits decides: (action, text, category, module, line).
filters = [
    ("default", None, DeprecationWarning, "__main__", 0),
    ("ignore", None, DeprecationWarning, None, 0),
    ("ignore", None, PendingDeprecationWarning, None, 0),
    ("ignore", None, ImportWarning, None, 0),
    ("ignore", None, ResourceWarning, None, 0),
]
defaultaction = "default"
onceregistry = {}
_ACTIONS = ("default", "error", "ignore", "always", "module", "once", "all")
_log = None
_InvalidAction = AssertionError if _members < 13 else ValueError


class WarningMessage:
    """A warning that was recorded."""

    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self.source = source
        self._category_name = category.__name__ if category else None

    def __str__(self):
        return "{{message : {!r}, category : {!r}, filename : {!r}, lineno : {}, line : {!r}}}".format(
            self.message, self._category_name, self.filename, self.lineno, self.line
        )


def formatwarning(message, category, filename, lineno, line=None):
    """A warning as it is shown."""
    shown = "{}:{}: {}: {}\n".format(filename, lineno, category.__name__, message)
    return shown + "  {}\n".format(line.strip()) if line else shown


def showwarning(message, category, filename, lineno, file=None, line=None):
    """Shows a warning on stderr."""
    (sys.stderr if file is None else file).write(formatwarning(message, category, filename, lineno, line))


def simplefilter(action, category=Warning, lineno=0, append=False):
    """A filter for a category whatever the text."""
    if action not in _ACTIONS:
        raise _InvalidAction("invalid action: {!r}".format(action))
    _add((action, None, category, None, lineno), append)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    """A filter for texts that begin so, of a category, in a module."""
    if action not in _ACTIONS:
        raise _InvalidAction("invalid action: {!r}".format(action))
    if not isinstance(category, type) or not issubclass(category, Warning):
        raise TypeError("category must be a Warning subclass, not {!r}".format(type(category).__name__))
    _add((action, message or None, category, module or None, lineno), append)


def _add(item, append):
    if append:
        if item not in filters:
            filters.append(item)
        return
    if item in filters:
        filters.remove(item)
    filters.insert(0, item)


def resetwarnings():
    """Without filters every warning gets the default action."""
    filters[:] = []


def _begins(pattern, text):
    # Patterns are taken as plain text, but for `.*` at their ends.
    if pattern.startswith(".*"):
        return pattern.strip(".*").lower() in text.lower()
    return text.lower().startswith(pattern.rstrip("$").rstrip(".*").replace("\\", "").lower())


def _action(text, category, module, lineno):
    for action, pattern, kind, wanted, line in filters:
        if (
            (pattern is None or _begins(pattern, text))
            and issubclass(category, kind)
            and (wanted is None or wanted == module)
            and line in (0, lineno)
        ):
            return action
    return defaultaction


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    """Warns at the caller."""
    if isinstance(message, Warning):
        category = message.__class__
    elif category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError(
            "category must be a Warning subclass, not '{}'".format(
                type(category).__name__
            )
        )
    try:
        frame = sys._getframe(max(stacklevel, 1))
    except ValueError:
        space, filename, lineno = sys.__dict__, "sys", 1
    else:
        space, filename, lineno = frame.f_globals, frame.f_code.co_filename, frame.f_lineno
        del frame
    registry = space.setdefault("__warningregistry__", {})
    warn_explicit(message, category, filename, lineno, space.get("__name__", "<string>"), registry, source=source)


def warn_explicit(
    message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None
):
    """Warns at a place."""
    if module is None:
        module = filename or "<unknown>"
        if module.endswith(".py"):
            module = module[:-3]
    if registry is None:
        registry = {}
    if isinstance(message, Warning):
        text = str(message)
        category = message.__class__
    else:
        text = message
        message = category(message)
    key = (text, category, lineno)
    action = _action(text, category, module, lineno)
    if action == "ignore":
        return
    if action == "error":
        raise message
    if action == "once":
        registry = onceregistry
        key = (text, category)
    elif action == "module":
        key = (text, category, 0)
    if action not in ("always", "all"):
        if registry.get(key):
            return
        registry[key] = 1
    if _log is not None:
        _log.append(WarningMessage(message, category, filename, lineno, source=source))
    else:
        showwarning(message, category, filename, lineno)


class catch_warnings:
    """Puts the filters back at the end, and records warnings if that is asked for."""

    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._filter = None if action is None else (action, category, lineno, append)
        self._entered = False

    def __enter__(self):
        global _log, filters, showwarning
        if self._entered:
            raise RuntimeError("Cannot enter {!r} twice".format(self))
        self._entered = True
        self._saved = filters, _log, showwarning
        filters = filters[:]
        if self._filter is not None:
            simplefilter(*self._filter)
        if self._record:
            _log = []
            return _log
        return None

    def __exit__(self, *exc_info):
        global _log, filters, showwarning
        if not self._entered:
            raise RuntimeError("Cannot exit {!r} without entering first".format(self))
        filters, _log, showwarning = self._saved
