"""Signatures: the parameters of a callable, and how arguments are bound to them."""

import enum
import functools
import types
from collections import OrderedDict
from _rules import members as _members


class _empty:
    """Marks a default or an annotation that is not there."""


_empty.__module__ = "inspect"


class _ParameterKind(enum.IntEnum):
    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4

    def __str__(self):
        return self._name_

    @property
    def description(self):
        return _described[self]


_described = {
    0: "positional-only", 1: "positional or keyword", 2: "variadic positional", 3: "keyword-only", 4: "variadic keyword"}
_ONLY, _BOTH, _ARGS, _KEYWORD, _KWARGS = _ParameterKind


def _annotation_text(annotation):
    if getattr(annotation, "__module__", None) == "typing":
        return repr(annotation).replace("typing.", "")
    if isinstance(annotation, getattr(types, "GenericAlias", ())):
        return str(annotation)
    if isinstance(annotation, type):
        if annotation.__module__ == "builtins":
            return annotation.__qualname__
        return annotation.__module__ + "." + annotation.__qualname__
    return repr(annotation)


class Parameter:
    """One parameter."""

    __slots__ = ("_name", "_kind", "_default", "_annotation")
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = _ParameterKind
    empty = _empty

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        try:
            self._kind = _ParameterKind(kind)
        except ValueError:
            raise ValueError("value {!r} is not a valid Parameter.kind".format(kind)) from None
        if default is not _empty and self._kind in (_ARGS, _KWARGS):
            raise ValueError("{} parameters cannot have default values".format(self._kind.description))
        if name is _empty:
            raise ValueError("name is a required attribute for Parameter")
        if not isinstance(name, str):
            raise TypeError("name must be a str, not a {}".format(type(name).__name__))
        if name[0] == "." and name[1:].isdigit():
            name = "implicit" + name[1:]
        if not name.isidentifier():
            raise ValueError("{!r} is not a valid parameter name".format(name))
        self._name = name
        self._default = default
        self._annotation = annotation

    name = property(lambda self: self._name)
    kind = property(lambda self: self._kind)
    default = property(lambda self: self._default)
    annotation = property(lambda self: self._annotation)

    def replace(self, *, name=_empty, kind=_empty, annotation=_empty, default=_empty):
        """The parameter with something changed."""
        return type(self)(
            self._name if name is _empty else name, self._kind if kind is _empty else kind,
            default=self._default if default is _empty else default,
            annotation=self._annotation if annotation is _empty else annotation)

    def __str__(self):
        text = self._name
        if self._annotation is not _empty:
            text = "{}: {}".format(text, _annotation_text(self._annotation))
        if self._default is not _empty:
            sign = " = " if self._annotation is not _empty else "="
            text = "{}{}{!r}".format(text, sign, self._default)
        return {_ARGS: "*", _KWARGS: "**"}.get(self._kind, "") + text

    def __repr__(self):
        return '<{} "{}">'.format(type(self).__name__, self)

    def __hash__(self):
        return hash((self._name, self._kind, self._annotation, self._default))

    def __eq__(self, other):
        if self is other:
            return True
        if not isinstance(other, Parameter):
            return NotImplemented
        return (self._name, self._kind, self._default, self._annotation) == (
            other._name, other._kind, other._default, other._annotation)


class BoundArguments:
    """Arguments by the parameters that they are bound to."""

    __slots__ = ("arguments", "_signature", "__weakref__")

    def __init__(self, signature, arguments):
        self.arguments = arguments
        self._signature = signature

    signature = property(lambda self: self._signature)

    @property
    def args(self):
        """The positional arguments."""
        args = []
        for name, param in self._signature.parameters.items():
            if param.kind in (_KWARGS, _KEYWORD) or name not in self.arguments:
                break
            if param.kind is _ARGS:
                args.extend(self.arguments[name])
            else:
                args.append(self.arguments[name])
        return tuple(args)

    @property
    def kwargs(self):
        """The keyword arguments."""
        kwargs = {}
        by_keyword = False
        for name, param in self._signature.parameters.items():
            if not by_keyword:
                if param.kind in (_KWARGS, _KEYWORD):
                    by_keyword = True
                elif name not in self.arguments:
                    by_keyword = True
                    continue
            if not by_keyword or name not in self.arguments:
                continue
            if param.kind is _KWARGS:
                kwargs.update(self.arguments[name])
            else:
                kwargs[name] = self.arguments[name]
        return kwargs

    def apply_defaults(self):
        """Adds the defaults of what is missing."""
        filled = {} if _members >= 9 else OrderedDict()
        for name, param in self._signature.parameters.items():
            if name in self.arguments:
                filled[name] = self.arguments[name]
            elif param.default is not _empty:
                filled[name] = param.default
            elif param.kind is _ARGS:
                filled[name] = ()
            elif param.kind is _KWARGS:
                filled[name] = {}
        self.arguments = filled

    def __eq__(self, other):
        if not isinstance(other, BoundArguments):
            return NotImplemented
        return self.signature == other.signature and self.arguments == other.arguments

    def __repr__(self):
        shown = ", ".join(["{}={!r}".format(*item) for item in self.arguments.items()])
        return "<{} ({})>".format(type(self).__name__, shown)


class Signature:
    """The parameters of a callable and the annotation of what it returns."""

    __slots__ = ("_return_annotation", "_parameters")
    empty = _empty
    _parameter_cls = Parameter
    _bound_arguments_cls = BoundArguments

    def __init__(self, parameters=None, *, return_annotation=_empty, __validate_parameters__=True):
        known = OrderedDict() if _members < 9 else {}
        last, defaults = _ONLY, False
        for param in parameters or ():
            if param.kind < last:
                raise ValueError("wrong parameter order: {} parameter before {} parameter".format(
                    last.description, param.kind.description))
            last = param.kind
            if param.kind in (_ONLY, _BOTH):
                if param.default is _empty and defaults:
                    raise ValueError("non-default argument follows default argument")
                defaults = defaults or param.default is not _empty
            if param.name in known:
                raise ValueError("duplicate parameter name: {!r}".format(param.name))
            known[param.name] = param
        self._parameters = types.MappingProxyType(known)
        self._return_annotation = return_annotation

    parameters = property(lambda self: self._parameters)
    return_annotation = property(lambda self: self._return_annotation)

    @classmethod
    def from_callable(cls, obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
        return _of_callable(obj, follow_wrapped, cls)

    def replace(self, *, parameters=_empty, return_annotation=_empty):
        """The signature with something changed."""
        return type(self)(
            self._parameters.values() if parameters is _empty else parameters,
            return_annotation=self._return_annotation if return_annotation is _empty else return_annotation)

    def bind(self, /, *args, **kwargs):
        """The arguments by parameter; TypeError if they do not fit."""
        return self._bind(args, kwargs, False)

    def bind_partial(self, /, *args, **kwargs):
        return self._bind(args, kwargs, True)

    def _bind(self, args, kwargs, partial):
        arguments = {} if _members >= 9 else OrderedDict()
        params = list(self._parameters.values())
        at = 0
        values = list(args)
        while values:
            if at >= len(params):
                raise TypeError("too many positional arguments")
            param = params[at]
            if param.kind in (_KWARGS, _KEYWORD):
                raise TypeError("too many positional arguments")
            if param.kind is _ARGS:
                arguments[param.name] = tuple(values)
                values = []
                at += 1
                break
            if param.name in kwargs and param.kind is not _ONLY:
                raise TypeError("multiple values for argument {arg!r}".format(arg=param.name))
            arguments[param.name] = values.pop(0)
            at += 1
        rest = dict(kwargs)
        kwargs_param = None
        for param in params[at:]:
            if param.kind is _KWARGS:
                kwargs_param = param
            elif param.kind is _ARGS:
                continue
            elif param.kind is _ONLY:
                if param.name in rest and not any(p.kind is _KWARGS for p in params):
                    raise TypeError("{arg!r} parameter is positional only, but was passed as a keyword".format(
                        arg=param.name))
                if param.default is _empty and not partial:
                    raise TypeError(_missing_text(param))
            elif param.name in rest:
                arguments[param.name] = rest.pop(param.name)
            elif param.default is _empty and not partial:
                raise TypeError(_missing_text(param))
        if kwargs_param is None:
            kwargs_param = next((p for p in params if p.kind is _KWARGS), None)
        if rest:
            if kwargs_param is None:
                raise TypeError("got an unexpected keyword argument {arg!r}".format(arg=next(iter(rest))))
            arguments[kwargs_param.name] = rest
        return self._bound_arguments_cls(self, arguments)

    def __hash__(self):
        return hash((tuple(self._parameters.values()), self._return_annotation))

    def __eq__(self, other):
        if self is other:
            return True
        if not isinstance(other, Signature):
            return NotImplemented
        mine, theirs = self._parts(), other._parts()
        return mine == theirs

    def _parts(self):
        ordered = tuple([p for p in self._parameters.values() if p.kind is not _KEYWORD])
        named = {p.name: p for p in self._parameters.values() if p.kind is _KEYWORD}
        return ordered, named, self._return_annotation

    def __repr__(self):
        return "<{} {}>".format(type(self).__name__, self)

    def __str__(self):
        return self._text()

    def format(self, *, max_width=None, quote_annotation_strings=True):
        return self._text()

    def _text(self):
        result = []
        only, star = False, True
        for param in self._parameters.values():
            if param.kind is _ONLY:
                only = True
            elif only:
                result.append("/")
                only = False
            if param.kind is _ARGS:
                star = False
            elif param.kind is _KEYWORD and star:
                result.append("*")
                star = False
            result.append(str(param))
        if only:
            result.append("/")
        text = "({})".format(", ".join(result))
        if self._return_annotation is not _empty:
            text += " -> {}".format(_annotation_text(self._return_annotation))
        return text


if _members < 13:
    del Signature.format


def _missing_text(param):
    return "missing a required argument: {!r}".format(param.name)


def _of_function(func, cls):
    code = func.__code__
    names = code.co_varnames
    count, only = code.co_argcount, code.co_posonlyargcount
    annotations = func.__annotations__
    defaults = func.__defaults__ or ()
    kwdefaults = func.__kwdefaults__ or {}
    params = []
    for at, name in enumerate(names[:count]):
        behind = at - (count - len(defaults))
        params.append(Parameter(
            name, _ONLY if at < only else _BOTH, annotation=annotations.get(name, _empty),
            default=defaults[behind] if behind >= 0 else _empty))
    at = count + code.co_kwonlyargcount
    if code.co_flags & 4:
        params.append(Parameter(names[at], _ARGS, annotation=annotations.get(names[at], _empty)))
    for name in names[count:count + code.co_kwonlyargcount]:
        params.append(Parameter(
            name, _KEYWORD, annotation=annotations.get(name, _empty), default=kwdefaults.get(name, _empty)))
    if code.co_flags & 8:
        name = names[at + (1 if code.co_flags & 4 else 0)]
        params.append(Parameter(name, _KWARGS, annotation=annotations.get(name, _empty)))
    return cls(params, return_annotation=annotations.get("return", _empty))


def _bound(sig):
    """Without the first parameter, which a method is bound to."""
    params = list(sig.parameters.values())
    if not params or params[0].kind in (_KWARGS, _KEYWORD):
        raise ValueError("invalid method signature")
    if params[0].kind is not _ARGS:
        params = params[1:]
    return sig.replace(parameters=params)


def _of_partial(wrapped, partial):
    params = OrderedDict(wrapped.parameters.items())
    try:
        bound = wrapped.bind_partial(*partial.args, **(partial.keywords or {}))
    except TypeError as exc:
        raise ValueError("partial object {!r} has incorrect arguments".format(partial)) from exc
    keywords_only = False
    for name, param in wrapped.parameters.items():
        if name in bound.arguments:
            if param.kind is _ONLY:
                params.pop(name)
                continue
            if param.kind is _BOTH:
                if name in partial.keywords:
                    keywords_only = True
                    params[name] = param.replace(default=bound.arguments[name])
                else:
                    params.pop(name)
                    continue
            if param.kind is _KEYWORD:
                params[name] = param.replace(default=bound.arguments[name])
        if keywords_only:
            if param.kind is _BOTH:
                params[name] = params[name].replace(kind=_KEYWORD)
                params.move_to_end(name)
            elif param.kind in (_KEYWORD, _KWARGS):
                params.move_to_end(name)
            elif param.kind is _ARGS:
                params.pop(name)
    return wrapped.replace(parameters=params.values())


def _of_text(obj, text, cls, bound):
    """From the `__text_signature__` that built-in functions have."""
    space = {}
    text = text.replace("$self", "self").replace("$module, ", "").replace("$module", "").replace("$type", "type")
    try:
        exec("def f%s: pass" % text, space)
    except SyntaxError:
        raise ValueError("{!r} builtin has invalid signature".format(obj)) from None
    found = _of_function(space["f"], cls)
    return found


def _own_method(cls, name):
    """A method that is not one of `object` or `type`."""
    found = getattr(cls, name, None)
    builtin = (types.WrapperDescriptorType, types.MethodWrapperType, types.ClassMethodDescriptorType, types.BuiltinFunctionType)
    return None if isinstance(found, builtin) else found


def _of_callable(obj, follow, cls):
    if not callable(obj):
        raise TypeError("{!r} is not a callable object".format(obj))
    if isinstance(obj, types.MethodType):
        return _bound(_of_callable(obj.__func__, follow, cls))
    if follow:
        from inspect import unwrap

        obj = unwrap(obj, stop=lambda f: hasattr(f, "__signature__") or isinstance(f, types.MethodType))
        if isinstance(obj, types.MethodType):
            return _of_callable(obj, follow, cls)
    given = getattr(obj, "__signature__", None)
    if given is not None and not isinstance(given, str):
        if not isinstance(given, Signature):
            raise TypeError("unexpected object {!r} in __signature__ attribute".format(given))
        return given
    if isinstance(obj, types.FunctionType):
        return _of_function(obj, cls)
    if isinstance(obj, functools.partial):
        return _of_partial(_of_callable(obj.func, follow, cls), obj)
    builtin = (types.BuiltinFunctionType, types.WrapperDescriptorType, types.MethodWrapperType,
               types.MethodDescriptorType, types.ClassMethodDescriptorType)
    if isinstance(obj, builtin):
        text = getattr(obj, "__text_signature__", None)
        if not text:
            raise ValueError("no signature found for builtin {!r}".format(obj))
        return _of_text(obj, text, cls, False)
    if isinstance(obj, type):
        call = _own_method(type(obj), "__call__")
        if call is not None:
            return _bound(_of_callable(call, follow, cls))
        for base in obj.__mro__:
            for name in ("__new__", "__init__"):
                method = base.__dict__.get(name)
                if isinstance(method, staticmethod):
                    method = method.__func__
                if isinstance(method, types.FunctionType) or (
                        method is not None and not isinstance(method, builtin)):
                    return _bound(_of_callable(method, follow, cls))
        if obj.__init__ is object.__init__ and obj.__new__ is object.__new__:
            return cls([])
        raise ValueError("no signature found for builtin type {!r}".format(obj))
    call = _own_method(type(obj), "__call__")
    if call is not None:
        return _bound(_of_callable(call, follow, cls))
    raise ValueError("callable {!r} is not supported by signature".format(obj))


def signature(obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    """How a callable is called."""
    return _of_callable(obj, follow_wrapped, Signature)


for _cls in (_ParameterKind, Parameter, BoundArguments, Signature, signature):
    _cls.__module__ = "inspect"
