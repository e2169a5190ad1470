"""The namespace of an enumeration's body: which of its names are members, and the values of `auto()`."""

from warnings import warn as _warn
from _rules import members as _version

_new = _version >= 11
no_value = object()
_private_sunders = {
    "_order_", "_create_pseudo_member_", "_generate_next_value_", "_missing_", "_ignore_",
}
if _new:
    _private_sunders |= {"_iter_member_", "_iter_member_by_value_", "_iter_member_by_def_", "_numeric_repr_"}
if _version >= 13:
    _private_sunders |= {"_add_alias_", "_add_value_alias_", "_use_args_", "_member_names_"}


class auto:
    """Stands for a value that the enumeration chooses."""

    def __init__(self, value=no_value):
        self.value = value

    if _new:
        def __repr__(self):
            return "auto(%r)" % self.value


class member:
    """Makes a member of what would be none."""

    def __init__(self, value):
        self.value = value


class nonmember:
    """Keeps a value from becoming a member."""

    def __init__(self, value):
        self.value = value


def is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == "_" and name[1] != "_" and name[-2] != "_"


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == "__" and name[2] != "_" and name[-3] != "_"


def _is_descriptor(value):
    return hasattr(value, "__get__") or hasattr(value, "__set__") or hasattr(value, "__delete__")


class EnumDict(dict):
    """Notes the members in the order of their definition."""

    def __init__(self, cls_name=None):
        super().__init__()
        self._member_names = {}
        self._last_values = []
        self._ignore = []
        self._cls_name = cls_name
        self._generate = None
        self.given = False
        self._auto_called = False

    def _is_private(self, name):
        pattern = "_%s__" % self._cls_name
        return self._cls_name is not None and name.startswith(pattern) and not name.endswith("__")

    def _is_inner_class(self, name, value):
        if not _new or not isinstance(value, type):
            return False
        if getattr(value, "__qualname__", "") != "%s.%s" % (self.get("__qualname__"), name):
            return False
        if _version < 13:
            _warn("In 3.13 classes created inside an enum will not become a member.  Use the `member` decorator to keep "
                  "the current behavior.", DeprecationWarning, stacklevel=3)
        return _version >= 13

    def __setitem__(self, key, value):
        if self._is_private(key):
            if _new:
                return super().__setitem__(key, value)
            if _version >= 9:
                _warn("private variables, such as %r, will be normal attributes in 3.%d" % (key, _version + 1),
                      DeprecationWarning, stacklevel=2)
        if is_sunder(key):
            if key not in _private_sunders:
                raise ValueError(
                    "_sunder_ names, such as %r, are reserved for future Enum use" % (key,) if _new
                    else "_names_ are reserved for future Enum use")
            if key == "_generate_next_value_":
                if self._auto_called:
                    raise TypeError("_generate_next_value_ must be defined before members")
                self._generate = value.__func__ if isinstance(value, staticmethod) else value
            elif key == "_ignore_":
                value = value.replace(",", " ").split() if isinstance(value, str) else list(value)
                self._ignore = value
                already = set(value) & set(self._member_names)
                if already:
                    raise ValueError("_ignore_ cannot specify already set names: %r" % (already,))
        elif _is_dunder(key):
            if key == "__order__":
                key = "_order_"
        elif key in self._member_names:
            if _new:
                raise TypeError("%r already defined as %r" % (key, self[key]))
            raise TypeError("Attempted to reuse key: %r" % key)
        elif key in self._ignore:
            pass
        elif isinstance(value, nonmember):
            value = value.value
        elif _is_descriptor(value):
            pass
        elif self._is_inner_class(key, value):
            pass
        else:
            if key in self:
                if _new:
                    raise TypeError("%r already defined as %r" % (key, self[key]))
                raise TypeError("%r already defined as: %r" % (key, self[key]))
            if isinstance(value, member):
                value = value.value
            value = self._resolved(key, value)
            self._member_names[key] = None
            if not self._auto_stored:
                self._last_values.append(value)
        super().__setitem__(key, value)

    def _resolved(self, key, value):
        """The value with every `auto()` in it replaced."""
        self._auto_stored = False
        if isinstance(value, auto):
            return self._auto(key, value)
        if _new and isinstance(value, tuple) and any(isinstance(part, auto) for part in value):
            parts = [self._auto(key, part) if isinstance(part, auto) else part for part in value]
            try:
                return type(value)(parts)
            except TypeError:
                return type(value)(*parts)
        return value

    def _auto(self, key, given):
        if given.value is no_value:
            given.value = self._generate(key, 1, len(self._member_names), self._last_values[:])
            self._auto_called = True
        self._auto_stored = True
        self._last_values.append(given.value)
        return given.value

    def update(self, members=(), **more_members):
        pairs = members.items() if hasattr(members, "items") else members
        for name, value in pairs:
            self[name] = value
        for name, value in more_members.items():
            self[name] = value

    if _version >= 13:
        @property
        def member_names(self):
            return list(self._member_names)


auto.__module__ = member.__module__ = nonmember.__module__ = EnumDict.__module__ = "enum"
