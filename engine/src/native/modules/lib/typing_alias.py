"""Aliases that `typing` makes: generic classes with arguments, unions, literals, annotated types."""

import collections.abc
import functools
import operator
import types
from _typing import Generic, ParamSpec, TypeVar, TypeVarTuple
from _rules import members as _members


class ForwardRef:
    """A type given by its name."""

    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        if not isinstance(arg, str):
            raise TypeError("Forward reference must be a string -- got {!r}".format(arg))
        try:
            compile(arg, "<string>", "eval")
        except SyntaxError:
            raise SyntaxError("Forward reference must be an expression -- got {!r}".format(arg)) from None
        self.__forward_arg__ = arg
        self.__forward_module__ = module
        self.__forward_is_argument__ = is_argument

    def __eq__(self, other):
        if not isinstance(other, ForwardRef):
            return NotImplemented
        return self.__forward_arg__ == other.__forward_arg__

    def __hash__(self):
        return hash(self.__forward_arg__)

    def __or__(self, other):
        return join_union([self, converted(other, "")])

    def __ror__(self, other):
        return join_union([converted(other, ""), self])

    def __repr__(self):
        if _members >= 14:
            return "ForwardRef({!r}{})".format(self.__forward_arg__, "")
        return "ForwardRef({!r})".format(self.__forward_arg__)


ForwardRef.__module__ = "typing" if _members < 14 else "annotationlib"


def converted(arg, text):
    """An argument as a type."""
    if arg is None:
        return type(None)
    if isinstance(arg, str):
        return ForwardRef(arg)
    if _members < 11 and not callable(arg) and not isinstance(arg, (Form, ForwardRef, TypeVar)) and arg is not Ellipsis:
        raise TypeError("{} Got {!r:.100}.".format(text, arg))
    if type(arg) is tuple:
        raise TypeError("{} Got {!r:.100}.".format(text, arg))
    return arg


def shown(obj):
    """A type as it is shown among arguments."""
    if isinstance(obj, getattr(types, "GenericAlias", ())):
        return repr(obj)
    if isinstance(obj, type):
        if obj.__module__ == "builtins":
            return obj.__qualname__
        return "{}.{}".format(obj.__module__, obj.__qualname__) if type(obj).__repr__ is type.__repr__ or not (
            obj.__module__ == "typing" and obj.__name__ == "Any") else repr(obj)
    if obj is Ellipsis:
        return "..."
    if isinstance(obj, types.FunctionType):
        return obj.__name__
    if isinstance(obj, list):
        return "[" + ", ".join([shown(item) for item in obj]) + "]"
    return repr(obj)


def parameters_of(args):
    """The type parameters among arguments, each once."""
    found = []
    for arg in args:
        if isinstance(arg, (TypeVar, ParamSpec, TypeVarTuple)):
            if arg not in found:
                found.append(arg)
        elif not isinstance(arg, type) or hasattr(arg, "__origin__"):
            for parameter in getattr(arg, "__parameters__", ()):
                if parameter not in found:
                    found.append(parameter)
    return tuple(found)


# Aliases by what they were made of: the same subscript gives the same object.
_known = {}


def _once(build):
    """Makes an alias once for each subscript that can be hashed."""
    @functools.wraps(build)
    def made(self, parameters):
        many = parameters if isinstance(parameters, tuple) else (parameters,)
        key = id(self), parameters, tuple([type(p) for p in many])
        try:
            found = _known.get(key)
        except TypeError:
            return build(self, parameters)
        if found is None or found[0] is not self:
            found = _known[key] = self, build(self, parameters)
        return found[1]

    return made


class Form:
    """A name that stands for no class."""

    __slots__ = ("_name", "_build", "__weakref__")

    def __init__(self, name, build=None):
        self._name = name
        self._build = build

    @property
    def __name__(self):
        return self._name

    @property
    def __module__(self):
        return "typing"

    def __repr__(self):
        return "typing." + self._name

    def __reduce__(self):
        return self._name

    def __mro_entries__(self, bases):
        raise TypeError("Cannot subclass {!r}".format(self))

    def __call__(self, *args, **kwds):
        raise TypeError("Cannot instantiate {!r}".format(self))

    @_once
    def __getitem__(self, parameters):
        if self._build is None:
            raise TypeError("{} is not subscriptable".format(self))
        return self._build(self, parameters)

    def __instancecheck__(self, obj):
        raise TypeError("{} cannot be used with isinstance()".format(self))

    def __subclasscheck__(self, cls):
        raise TypeError("{} cannot be used with issubclass()".format(self))

    if _members >= 10:
        def __or__(self, other):
            return join_union([self, converted(other, "")])

        def __ror__(self, other):
            return join_union([converted(other, ""), self])


def _is_generic(base):
    return isinstance(base, Alias) or hasattr(base, "__origin__") or isinstance(base, type) and issubclass(base, Generic)


class Alias:
    """Something generic with arguments."""

    def __init__(self, origin, args, name=None, inst=True):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)
        self.__parameters__ = parameters_of(self.__args__)
        self._name = name
        self._inst = inst

    @property
    def __module__(self):
        return "typing" if self._name or isinstance(self.__origin__, Form) else self.__origin__.__module__

    def __call__(self, *args, **kwargs):
        if not self._inst:
            raise TypeError("Type {} cannot be instantiated; use {}() instead".format(
                self._name, self.__origin__.__name__))
        result = self.__origin__(*args, **kwargs)
        try:
            result.__orig_class__ = self
        except Exception:
            pass
        return result

    def copy_with(self, args):
        return self.__class__(self.__origin__, args, self._name, self._inst)

    def __getitem__(self, args):
        args = args if isinstance(args, tuple) else (args,)
        if not self.__parameters__:
            raise TypeError("{} is not a generic class".format(self))
        args = tuple([converted(arg, "Parameters to generic types must be types.") for arg in args])
        if len(args) != len(self.__parameters__):
            raise TypeError("Too {} arguments for {}; actual {}, expected {}".format(
                "many" if len(args) > len(self.__parameters__) else "few", self, len(args), len(self.__parameters__)))
        known = dict(zip(self.__parameters__, args))
        return self._replaced(known)

    def _replaced(self, known):
        new = []
        for arg in self.__args__:
            if isinstance(arg, (TypeVar, ParamSpec)):
                arg = known.get(arg, arg)
            elif isinstance(arg, Alias):
                arg = arg._replaced(known)
            else:
                inner = getattr(arg, "__parameters__", ())
                if inner and not isinstance(arg, type):
                    arg = arg[tuple([known[p] for p in inner])]
            new.append(arg)
        return self.copy_with(tuple(new))

    def __mro_entries__(self, bases):
        if isinstance(self.__origin__, Form):
            raise TypeError("Cannot subclass {!r}".format(self))
        entries = [] if self.__origin__ in bases else [self.__origin__]
        if not any(_is_generic(base) for base in bases[bases.index(self) + 1:]):
            entries.append(Generic)
        return tuple(entries)

    def __getattr__(self, attr):
        if "__origin__" in self.__dict__ and not (attr.startswith("__") and attr.endswith("__")):
            return getattr(self.__origin__, attr)
        raise AttributeError(attr)

    def __instancecheck__(self, obj):
        raise TypeError("Subscripted generics cannot be used with class and instance checks")

    __subclasscheck__ = __instancecheck__

    def __eq__(self, other):
        if not isinstance(other, Alias) or type(self) is not type(other):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    if _members >= 10:
        def __or__(self, other):
            return join_union([self, converted(other, "")])

        def __ror__(self, other):
            return join_union([converted(other, ""), self])

    def __repr__(self):
        name = "typing." + self._name if self._name else shown(self.__origin__)
        args = ", ".join([shown(arg) for arg in self.__args__]) if self.__args__ else "()"
        return "{}[{}]".format(name, args)

    def __reduce__(self):
        return operator.getitem, (self.__origin__, self.__args__ if len(self.__args__) != 1 else self.__args__[0])


class Special(Alias):
    """The name of a generic class, without arguments yet. A count of -1 takes any number, -2 one or two."""

    def __init__(self, name, origin, count):
        self.__origin__ = origin
        self._name = name
        self._count = count
        self._inst = False
        self.__parameters__ = ()
        self.__doc__ = "A generic version of {}.{}.".format(origin.__module__, origin.__qualname__)

    @property
    def __name__(self):
        return self._name

    @_once
    def __getitem__(self, params):
        name = self._name
        if name == "Callable":
            return CallableAlias.made(self.__origin__, params)
        if name == "Tuple":
            if params == ():
                return TupleAlias(self.__origin__, (), name, False)
            params = params if isinstance(params, tuple) else (params,)
            text = "Tuple[t0, t1, ...]: each t must be a type."
            return TupleAlias(self.__origin__, tuple([
                p if p is Ellipsis else converted(p, text) for p in params]), name, False)
        params = params if isinstance(params, tuple) else (params,)
        params = tuple([converted(p, "Parameters to generic types must be types.") for p in params])
        if self._count == 0:
            raise TypeError("{} is not a generic class".format(self))
        if _members >= 13 and name in ("Generator", "AsyncGenerator") and 0 < len(params) < self._count:
            params += (type(None),) * (self._count - len(params))
        if self._count == -2:
            if len(params) == 1:
                params += (_exit_type,)
        elif len(params) != self._count:
            words = "Too {} {} for {}; actual {}, expected {}"
            raise TypeError(words.format(
                "many" if len(params) > self._count else "few", "arguments" if _members >= 11 else "parameters", self,
                len(params), self._count))
        return Alias(self.__origin__, params, name, False)


    def __instancecheck__(self, obj):
        return isinstance(obj, self.__origin__)

    def __subclasscheck__(self, cls):
        if isinstance(cls, Special):
            return issubclass(cls.__origin__, self.__origin__)
        return issubclass(cls, self.__origin__)

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return hash((self._name, self.__origin__))

    def __repr__(self):
        return "typing." + self._name

    def __reduce__(self):
        return self._name


class TupleAlias(Alias):
    def __repr__(self):
        return super().__repr__()


class CallableAlias(Alias):
    """The last argument is what is returned."""

    @classmethod
    def made(cls, origin, params):
        if not isinstance(params, tuple) or len(params) != 2:
            raise TypeError("Callable must be used as Callable[[arg, ...], result].")
        args, result = params
        result = converted(result, "Callable[args, result]: result must be a type.")
        if args is Ellipsis or isinstance(args, ParamSpec) or isinstance(args, Alias):
            return cls(origin, (args, result), "Callable", False)
        if not isinstance(args, (list, tuple)):
            raise TypeError("Callable[args, result]: args must be a list. Got {}".format(args))
        text = "Callable[[arg, ...], result]: each arg must be a type."
        return cls(origin, tuple([converted(arg, text) for arg in args]) + (result,), "Callable", False)

    def __repr__(self):
        args = self.__args__
        if len(args) == 2 and (args[0] is Ellipsis or isinstance(args[0], ParamSpec)):
            return "typing.Callable[{}, {}]".format(shown(args[0]), shown(args[1]))
        return "typing.Callable[[{}], {}]".format(", ".join([shown(arg) for arg in args[:-1]]), shown(args[-1]))


class LiteralAlias(Alias):
    """Values instead of types."""

    def __init__(self, origin, args, name=None, inst=True):
        super().__init__(origin, args, name, inst)
        self.__parameters__ = ()

    def __eq__(self, other):
        if not isinstance(other, LiteralAlias):
            return NotImplemented
        return set((type(a), a) for a in self.__args__) == set((type(a), a) for a in other.__args__)

    def __hash__(self):
        return hash(frozenset((type(a), a) for a in self.__args__))

    def __repr__(self):
        return "typing.Literal[{}]".format(", ".join([repr(arg) for arg in self.__args__]))


class UnionAlias(Alias):
    """One of several types."""

    def copy_with(self, args):
        return join_union(args)

    def __eq__(self, other):
        if not isinstance(other, UnionAlias):
            return NotImplemented
        return set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    if _members >= 10:
        def __instancecheck__(self, obj):
            return self.__subclasscheck__(type(obj))

        def __subclasscheck__(self, cls):
            return any(issubclass(cls, arg) for arg in self.__args__)

    def __repr__(self):
        args = self.__args__
        if len(args) == 2:
            if args[0] is type(None) and _members < 14:
                return "typing.Optional[{}]".format(shown(args[1]))
            if args[1] is type(None) and _members < 14:
                return "typing.Optional[{}]".format(shown(args[0]))
        if _members >= 14:
            return " | ".join(["None" if arg is type(None) else shown(arg) for arg in args])
        return "typing.Union[{}]".format(", ".join([shown(arg) for arg in args]))


def join_union(args):
    """The union of types, each once; one type alone is itself."""
    flat = []
    for arg in args:
        inner = arg.__args__ if isinstance(arg, (UnionAlias, getattr(types, "UnionType", UnionAlias))) else (arg,)
        for item in inner:
            if item not in flat:
                flat.append(item)
    if len(flat) == 1:
        return flat[0]
    import typing

    if _members >= 14:
        try:
            return functools.reduce(operator.or_, flat)
        except (TypeError, RecursionError):
            pass
    return UnionAlias(typing.Union, tuple(flat))


_form = []


def note_annotated(form):
    _form.append(form)


class AnnotatedAlias(Alias):
    """A type with something said about it."""

    def __init__(self, origin, metadata):
        if isinstance(origin, AnnotatedAlias):
            metadata = origin.__metadata__ + metadata
            origin = origin.__origin__
        super().__init__(origin, (origin,))
        self.__metadata__ = metadata

    def copy_with(self, args):
        return AnnotatedAlias(args[0], self.__metadata__)

    def __eq__(self, other):
        if not isinstance(other, AnnotatedAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__metadata__ == other.__metadata__

    def __hash__(self):
        return hash((self.__origin__, self.__metadata__))

    def __repr__(self):
        return "typing.Annotated[{}, {}]".format(
            shown(self.__origin__), ", ".join([repr(item) for item in self.__metadata__]))


_exit_type = None


def _make_exit_type():
    global _exit_type
    import typing

    _exit_type = UnionAlias(typing.Union, (bool, type(None)))


for _cls, _name in (
    (Form, "_SpecialForm"), (Alias, "_GenericAlias"), (Special, "_SpecialGenericAlias"), (UnionAlias, "_UnionGenericAlias"),
    (LiteralAlias, "_LiteralGenericAlias"), (CallableAlias, "_CallableGenericAlias"), (AnnotatedAlias, "_AnnotatedAlias"),
):
    _cls.__name__ = _cls.__qualname__ = _name
