"""What kind an object is, its members, and how it is called."""

import sys
import types
import functools
from _inspect_signature import BoundArguments, Parameter, Signature, _empty, _ParameterKind, signature
from _rules import members as _members

CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS, CO_NESTED, CO_GENERATOR = 1, 2, 4, 8, 16, 32
CO_COROUTINE, CO_ITERABLE_COROUTINE, CO_ASYNC_GENERATOR = 128, 256, 512
if _members < 14:
    CO_NOFREE = 64
TPFLAGS_IS_ABSTRACT = 1 << 20


def ismodule(object):
    return isinstance(object, types.ModuleType)


def isclass(object):
    return isinstance(object, type)


def ismethod(object):
    return isinstance(object, types.MethodType)


def isfunction(object):
    return isinstance(object, types.FunctionType)


def isbuiltin(object):
    return isinstance(object, types.BuiltinFunctionType)


def iscode(object):
    return isinstance(object, types.CodeType)


def isframe(object):
    return isinstance(object, types.FrameType)


def istraceback(object):
    return isinstance(object, types.TracebackType)


def isgenerator(object):
    return isinstance(object, types.GeneratorType)


def iscoroutine(object):
    return isinstance(object, types.CoroutineType)


def isasyncgen(object):
    return isinstance(object, types.AsyncGeneratorType)


def isawaitable(object):
    """Whether the object can be awaited."""
    if isinstance(object, types.CoroutineType):
        return True
    if isinstance(object, types.GeneratorType):
        return bool(object.gi_code.co_flags & CO_ITERABLE_COROUTINE)
    return hasattr(type(object), "__await__")


def _has_flag(f, flag):
    while ismethod(f):
        f = f.__func__
    while isinstance(f, functools.partial):
        f = f.func
    return isfunction(f) and bool(f.__code__.co_flags & flag)


def isgeneratorfunction(obj):
    return _has_flag(obj, CO_GENERATOR)


_marked = []


def markcoroutinefunction(func):
    """Makes a function count as a coroutine function."""
    func = getattr(func, "__func__", func)
    func._is_coroutine_mark = _marked
    return func


def iscoroutinefunction(obj):
    return _has_flag(obj, CO_COROUTINE) or getattr(obj, "_is_coroutine_mark", None) is _marked


if _members < 12:
    del markcoroutinefunction


def isasyncgenfunction(obj):
    return _has_flag(obj, CO_ASYNC_GENERATOR)


def isdatadescriptor(object):
    """Whether the object decides about writing an attribute."""
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    cls = type(object)
    return hasattr(cls, "__set__") or hasattr(cls, "__delete__")


def ismethoddescriptor(object):
    """Whether the object binds, without being a function or deciding about writing."""
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    cls = type(object)
    return hasattr(cls, "__get__") and not hasattr(cls, "__set__") and not (
        _members >= 13 and hasattr(cls, "__delete__"))


def isgetsetdescriptor(object):
    return isinstance(object, types.GetSetDescriptorType)


def ismemberdescriptor(object):
    return isinstance(object, types.MemberDescriptorType)


def ismethodwrapper(object):
    return isinstance(object, types.MethodWrapperType)


def isroutine(object):
    return isbuiltin(object) or isfunction(object) or ismethod(object) or ismethoddescriptor(object) or (
        _members >= 11 and ismethodwrapper(object))


def isabstract(object):
    """Whether the class cannot be instantiated yet."""
    return isclass(object) and bool(getattr(object, "__abstractmethods__", ())) and type(object) is not type


def _members_of(object, predicate, getter):
    mro = (object,) + getmro(object) if isclass(object) else ()
    names = dir(object)
    if isclass(object):
        for base in object.__bases__:
            for key, value in base.__dict__.items():
                if isinstance(value, types.DynamicClassAttribute):
                    names.append(key)
    results = []
    seen = set()
    for key in names:
        try:
            value = getter(object, key)
            if key in seen:
                raise AttributeError
        except AttributeError:
            for base in mro:
                if key in base.__dict__:
                    value = base.__dict__[key]
                    break
            else:
                continue
        if not predicate or predicate(value):
            results.append((key, value))
        seen.add(key)
    results.sort(key=lambda pair: pair[0])
    return results


def getmembers(object, predicate=None):
    """The members of an object as (name, value), sorted by name."""
    return _members_of(object, predicate, getattr)


if _members >= 11:
    def getmembers_static(object, predicate=None):
        """The members without calling descriptors."""
        return _members_of(object, predicate, getattr_static)


def getmro(cls):
    return cls.__mro__


def unwrap(func, *, stop=None):
    """The function that decorators wrap."""
    first = func
    seen = {id(func): func}
    while (not isinstance(func, type) or _members < 13) and hasattr(func, "__wrapped__"):
        if stop is not None and stop(func):
            break
        func = func.__wrapped__
        if id(func) in seen:
            raise ValueError("wrapper loop when unwrapping {!r}".format(first))
        seen[id(func)] = func
    return func


def getattr_static(obj, attr, default=_empty):
    """An attribute without calling descriptors and `__getattr__`."""
    if not isclass(obj):
        try:
            space = object.__getattribute__(obj, "__dict__")
        except AttributeError:
            space = {}
        if type(space) is dict and attr in space:
            mine = space[attr]
        else:
            mine = _empty
        cls = type(obj)
    else:
        mine = _empty
        cls = obj
    found = _empty
    for base in type.__dict__["__mro__"].__get__(cls):
        if attr in base.__dict__:
            found = base.__dict__[attr]
            break
    if mine is not _empty and found is not _empty and isdatadescriptor(found):
        return found
    if mine is not _empty:
        return mine
    if found is not _empty:
        return found
    if isclass(obj):
        for base in type(obj).__mro__:
            if attr in base.__dict__:
                return base.__dict__[attr]
    if default is not _empty:
        return default
    raise AttributeError(attr)


def cleandoc(doc):
    """A docstring without the indentation of its source."""
    lines = doc.expandtabs().split("\n")
    margin = min([len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip(" ")], default=None)
    lines = [lines[0].lstrip(" ")] + [line[margin:] if margin is not None else line for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def getdoc(object):
    """The docstring of an object, or what it inherits, cleaned."""
    doc = getattr(object, "__doc__", None)
    if doc is None and isclass(object):
        for base in object.__mro__:
            if base.__doc__ is not None and base is not __builtins_object:
                doc = base.__doc__
                break
    if doc is None and (isfunction(object) or ismethod(object)):
        cls = type(object.__self__) if ismethod(object) else _class_of(object)
        for base in cls.__mro__ if cls is not None else ():
            doc = getattr(base.__dict__.get(object.__name__), "__doc__", None)
            if doc is not None:
                break
    return cleandoc(doc) if isinstance(doc, str) else None


__builtins_object = object


def _class_of(func):
    found = sys.modules.get(func.__module__)
    for name in func.__qualname__.split(".")[:-1]:
        found = getattr(found, name, None)
    return found if isclass(found) else None


def getmodule(object, _filename=None):
    """The module in which an object was made."""
    if ismodule(object):
        return object
    return sys.modules.get(getattr(object, "__module__", None))


def getfile(object):
    """The file in which an object was made."""
    if ismodule(object):
        if getattr(object, "__file__", None):
            return object.__file__
        raise TypeError("{!r} is a built-in module".format(object))
    if isclass(object):
        module = sys.modules.get(object.__module__)
        if getattr(module, "__file__", None):
            return module.__file__
        raise TypeError("{!r} is a built-in class".format(object))
    if ismethod(object):
        object = object.__func__
    if isfunction(object):
        object = object.__code__
    if istraceback(object):
        object = object.tb_frame
    if isframe(object):
        object = object.f_code
    if iscode(object):
        return object.co_filename
    raise TypeError("module, class, method, function, traceback, frame, or code object was expected, got {}".format(
        type(object).__name__))


getsourcefile = getfile


def getmodulename(path):
    name = path.rsplit("/", 1)[-1]
    return name[:-3] if name.endswith(".py") else None


def currentframe():
    return sys._getframe(1)


def getcallargs(func, /, *positional, **named):
    """What each parameter would be bound to."""
    bound = signature(func).bind(*positional, **named)
    bound.apply_defaults()
    return dict(bound.arguments)


from collections import namedtuple as _namedtuple

FullArgSpec = _namedtuple("FullArgSpec", "args, varargs, varkw, defaults, kwonlyargs, kwonlydefaults, annotations")
ClosureVars = _namedtuple("ClosureVars", "nonlocals globals builtins unbound")
ArgInfo = _namedtuple("ArgInfo", "args varargs keywords locals")


def getfullargspec(func):
    """Names and defaults of the parameters."""
    try:
        found = signature(func, follow_wrapped=False)
    except Exception as exc:
        raise TypeError("unsupported callable") from exc
    args, varargs, varkw, defaults, kwonly, kwdefaults, annotations = [], None, None, [], [], {}, {}
    if found.return_annotation is not _empty:
        annotations["return"] = found.return_annotation
    if ismethod(func):
        args.append(func.__func__.__code__.co_varnames[0])
    for name, param in found.parameters.items():
        if param.kind is Parameter.VAR_POSITIONAL:
            varargs = name
        elif param.kind is Parameter.VAR_KEYWORD:
            varkw = name
        elif param.kind is Parameter.KEYWORD_ONLY:
            kwonly.append(name)
            if param.default is not _empty:
                kwdefaults[name] = param.default
        else:
            args.append(name)
            if param.default is not _empty:
                defaults.append(param.default)
        if param.annotation is not _empty:
            annotations[name] = param.annotation
    return FullArgSpec(args, varargs, varkw, tuple(defaults) or None, kwonly, kwdefaults or None, annotations)


def getargvalues(frame):
    """The parameters of a frame and its locals."""
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount
    names = code.co_varnames
    args = list(names[:count])
    varargs = keywords = None
    if code.co_flags & CO_VARARGS:
        varargs = names[count]
        count += 1
    if code.co_flags & CO_VARKEYWORDS:
        keywords = names[count]
    return ArgInfo(args, varargs, keywords, frame.f_locals)


def getclosurevars(func):
    """The names that a function takes from outside, and what they are bound to."""
    if ismethod(func):
        func = func.__func__
    if not isfunction(func):
        raise TypeError("{!r} is not a Python function".format(func))
    code = func.__code__
    nonlocals = {} if func.__closure__ is None else {
        name: cell.cell_contents for name, cell in zip(code.co_freevars, func.__closure__)}
    space = func.__globals__
    builtins = space.get("__builtins__", {})
    builtins = builtins.__dict__ if ismodule(builtins) else builtins
    globals_, builtins_, unbound = {}, {}, set()
    for name in code.co_names:
        if name in space:
            globals_[name] = space[name]
        elif name in builtins:
            builtins_[name] = builtins[name]
        else:
            unbound.add(name)
    return ClosureVars(nonlocals, globals_, builtins_, unbound)


GEN_CREATED, GEN_RUNNING, GEN_SUSPENDED, GEN_CLOSED = "GEN_CREATED", "GEN_RUNNING", "GEN_SUSPENDED", "GEN_CLOSED"
CORO_CREATED, CORO_RUNNING, CORO_SUSPENDED, CORO_CLOSED = "CORO_CREATED", "CORO_RUNNING", "CORO_SUSPENDED", "CORO_CLOSED"


def _state(running, frame, word):
    if running:
        return word + "_RUNNING"
    if frame is None:
        return word + "_CLOSED"
    return word + ("_CREATED" if frame.f_lasti < 0 else "_SUSPENDED")


def getgeneratorstate(generator):
    """Created, running, suspended or closed."""
    if _members >= 11 and not generator.gi_running and generator.gi_frame is not None:
        return GEN_SUSPENDED if generator.gi_suspended else GEN_CREATED
    return _state(generator.gi_running, generator.gi_frame, "GEN")


def getcoroutinestate(coroutine):
    if _members >= 11 and not coroutine.cr_running and coroutine.cr_frame is not None:
        return CORO_SUSPENDED if coroutine.cr_suspended else CORO_CREATED
    return _state(coroutine.cr_running, coroutine.cr_frame, "CORO")


def getgeneratorlocals(generator):
    frame = generator.gi_frame
    return {} if frame is None else frame.f_locals


def formatannotation(annotation, base_module=None):
    from _inspect_signature import _annotation_text

    return _annotation_text(annotation)


def get_annotations(obj, *, globals=None, locals=None, eval_str=False):
    """The annotations of a function, class or module, as a new dict."""
    if isclass(obj):
        found = obj.__dict__.get("__annotations__") if _members < 14 else getattr(obj, "__annotations__", None)
        module = sys.modules.get(obj.__module__)
        space = module.__dict__ if module is not None else {}
        names = dict(obj.__dict__)
    elif ismodule(obj):
        found, space, names = getattr(obj, "__annotations__", None), obj.__dict__, None
    elif callable(obj):
        found, names = getattr(obj, "__annotations__", None), None
        space = getattr(unwrap(obj), "__globals__", {})
    else:
        raise TypeError("{!r} is not a module, class, or callable.".format(obj))
    if not found:
        return {}
    if not eval_str:
        return dict(found)
    space = space if globals is None else globals
    names = names if locals is None else locals
    return {key: eval(value, space, names) if isinstance(value, str) else value for key, value in found.items()}


if _members < 10:
    del get_annotations
