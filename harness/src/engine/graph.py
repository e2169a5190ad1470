"""What the harness starts inside a Python to read the heap graph that a program leaves behind.

`python -I -S -B -u graph.py REQUEST RESULT` runs the program of REQUEST in `__main__` as a script and writes to RESULT
how it ended and the graph below its names, in JSON. Instead of one request REQUEST may hold a list of them with the
places of their results and a time limit: each runs in a process that is forked for it, without output. What is a part of an object, and what its text is, follows
`engine/src/inspect/parts.rs`: the two are compared.

Rules of this file: it runs on every Python from 3.8 and on PyPy; it imports only what is built in; it runs no code of
the program while it looks, `__sizeof__` excepted; and it leaves `__main__` as it found it.
"""
import sys

if __name__ == "__main__":
    # The program gets the real __main__, so this file lives in a namespace of its own.
    with open(__file__, encoding="utf-8") as file:
        code = compile(file.read(), __file__, "exec")
    space = {"__name__": "verysame_graph", "__builtins__": __builtins__}
    exec(code, space)
    del code, file, sys
    globals().pop("space")["main"](globals())
    raise SystemExit

import _weakref
import builtins
import gc

ESCAPES = {number: "\\u%04x" % number for number in range(32)}
ESCAPES.update({34: '\\"', 92: "\\\\"})

VALUES = (int, float, complex, bool, str, bytes, tuple, frozenset, range, slice)
VALUES += (type(None), type(...), type(NotImplemented))
NATIVE = {type(len), type(str.upper), type(str.__add__), type("".__add__), type(dict.__dict__["fromkeys"])}
MEMBER = type(type(lambda: 0).__dict__["__globals__"])
DESCRIPTORS = (MEMBER, type(type(len).__dict__["__self__"]))
FUNCTION, MODULE = type(lambda: 0), type(sys)
BOUND = type(type("", (), {"f": lambda self: 0})().f)
CODE = type((lambda: 0).__code__)
CELL = type((lambda x: lambda: x)(0).__closure__[0])
PROXY = type(type.__dict__)
VIEWS = (type({}.keys()), type({}.values()), type({}.items()))
ITERATED = ([], (), "", "\u0100", b"", bytearray(), {}, {}.values(), {}.items(), set(), memoryview(b""))
ITERATORS = tuple([type(iter(each)) for each in ITERATED + (type("", (), {"__getitem__": lambda self, at: at})(),)])
ITERATORS += tuple([type(reversed(each)) for each in ([], (), {}, {}.values(), {}.items())])
HEAP_TYPE = 1 << 9
LONGEST = 200
MOST_BITS = 10000


def generator():
    yield


async def coroutine():
    pass


async def async_generator():
    yield


SAMPLE = coroutine()
SAMPLE.close()
FRAMES = {type(generator()): "gi_frame", type(SAMPLE): "cr_frame", type(async_generator()): "ag_frame"}
del SAMPLE

try:
    raise ValueError
except ValueError as error:
    TRACEBACK = type(error.__traceback__)
    FRAME = type(error.__traceback__.tb_frame)


def quote(text):
    """The JSON string of a text; lone surrogates are spelled out."""
    return '"' + text.encode("utf-8", "backslashreplace").decode("utf-8").translate(ESCAPES) + '"'


# ---- one object -----------------------------------------------------------------------------------------------


def class_name(kind):
    """The class's full name: without the module for builtins and `__main__`."""
    module = kind.__module__
    name = kind.__qualname__
    return "%s.%s" % (module, name) if isinstance(module, str) and module not in ("builtins", "__main__") else name


def of_main(kind):
    return bool(kind.__flags__ & HEAP_TYPE) and kind.__dict__.get("__module__") == "__main__"


def has_attributes(kind):
    return kind.__dictoffset__ != 0 or any(slots_of(base) for base in kind.__mro__)


def slots_of(base):
    if not base.__flags__ & HEAP_TYPE:
        return []
    return [(name, item) for name, item in base.__dict__.items() if type(item) is MEMBER]


def is_mutable(value, kind):
    if issubclass(kind, VALUES) or kind is object or of_main(kind) and not issubclass(kind, (list, dict, set, bytearray)):
        return has_attributes(kind)
    if issubclass(kind, type):
        return bool(value.__flags__ & HEAP_TYPE)
    if kind in NATIVE or kind in DESCRIPTORS or kind in VIEWS:
        return False
    return not issubclass(kind, (BOUND, CODE, PROXY, _weakref.ref, super))


def literal(value, kind):
    for base in (bool, int, float, complex, str, bytes, bytearray):
        if issubclass(kind, base):
            if base is int and int.bit_length(value) > MOST_BITS:
                return "<int of %d bits>" % int.bit_length(value)
            return base.__repr__(value) if base is not bytearray else base.__repr__(bytearray(value))
    return None


def text_of(value, kind):
    """What it is, or None if its parts say so."""
    text = literal(value, kind)
    if text is not None:
        return text
    if kind in (type(None), type(...), type(NotImplemented), range):
        return repr(value)
    if kind is object:
        return "<object>"
    if issubclass(kind, type):
        return "<class %s>" % value.__qualname__
    if issubclass(kind, MODULE):
        return "<module %s>" % value.__dict__.get("__name__", "?")
    if kind is FUNCTION:
        return "<function %s>" % value.__qualname__
    if kind in NATIVE:
        return "<builtin %s>" % value.__name__
    if kind in FRAMES:
        return "<%s %s>" % (class_name(kind), value.__qualname__)
    if kind is CODE:
        return "<code %s>" % value.co_name
    if kind is FRAME:
        return "<frame %s>" % value.f_code.co_name
    if issubclass(kind, (list, tuple, dict, set, frozenset, slice, CELL, BaseException)) or of_main(kind):
        return None
    if class_name(kind) in ("collections.deque", "types.SimpleNamespace"):
        return None
    return "<%s>" % class_name(kind)


def shows_attributes(value, kind, space):
    if kind is FUNCTION:
        return value.__globals__ is space
    if issubclass(kind, (type, MODULE)):
        return False
    return issubclass(kind, BaseException) or class_name(kind) == "types.SimpleNamespace" or of_main(kind)


def own_dict(value):
    try:
        return object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None


def attributes(value, kind):
    """Attributes of the dict in the order of assignment, then the slots, of the outermost base first."""
    found = list((own_dict(value) or {}).items())
    for base in reversed(kind.__mro__):
        for name, slot in slots_of(base):
            try:
                found.append((name, slot.__get__(value, kind)))
            except AttributeError:
                pass  # It is not filled.
    return found


def special(name):
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def parts_of(value, kind, space):
    """Pairs of a label, in JSON, and a 1-tuple with the object."""
    parts = []

    def add(label, index, item):
        parts.append(('{"%s":%s}' % (label, index if type(index) is int else quote(index)), (item,)))

    def items(values):
        for index, item in enumerate(values):
            add("item", index, item)

    def named(base, *names):
        for name in names:
            item = base.__dict__[name].__get__(value, kind)
            if item is not None:
                add("part", name, item)

    if issubclass(kind, list):
        items(list.__iter__(value))
    elif issubclass(kind, tuple):
        items(tuple.__iter__(value))
    elif issubclass(kind, dict):
        for index, (key, item) in enumerate(dict.items(value)):
            add("key", index, key)
            add("value", index, item)
    elif issubclass(kind, (set, frozenset)):
        base = set if issubclass(kind, set) else frozenset
        for index, item in enumerate(base.__iter__(value)):
            add("member", index, item)
    elif kind is slice:
        for name in ("start", "stop", "step"):
            add("part", name, getattr(value, name))
    elif kind is CELL:
        try:
            add("part", "cell_contents", value.cell_contents)
        except ValueError:
            pass  # It is empty.
    elif kind is FUNCTION:
        if value.__globals__ is space:
            for index, item in enumerate(value.__defaults__ or ()):
                add("default", index, item)
            for name, item in (value.__kwdefaults__ or {}).items():
                add("kw_default", name, item)
            for name, cell in zip(value.__code__.co_freevars, value.__closure__ or ()):
                add("cell", name, cell)
    elif kind in NATIVE:
        if not issubclass(type(getattr(value, "__self__", None)), (MODULE, type)):
            named(kind, "__self__")
    elif kind is BOUND:
        named(BOUND, "__func__", "__self__")
    elif issubclass(kind, type):
        if of_main(value):
            for index, base in enumerate(value.__bases__):
                if of_main(base):
                    add("base", index, base)
            for name, item in type.__dict__["__dict__"].__get__(value).items():
                machinery = special(name) or name[:1] == "_" == name[-1:] or name == "_abc_impl"
                if not machinery and type(item) not in DESCRIPTORS:
                    add("attr", name, item)
    elif kind in ITERATORS:
        for item in gc.get_referents(value)[:1]:
            add("part", "iterated", item)
    elif kind is enumerate:
        for item in gc.get_referents(value)[:1]:
            add("part", "iterator", item)
    elif kind in (zip, map):
        referents = gc.get_referents(value)
        if kind is map:
            add("part", "function", referents[1])
        items(referents[0])
    elif kind is filter:
        iterator, function = gc.get_referents(value)
        add("part", "function", function)
        add("part", "iterator", iterator)
    elif kind in VIEWS or kind is PROXY:
        for item in gc.get_referents(value)[:1]:
            add("part", "mapping", item)
    elif kind in FRAMES:
        frame = getattr(value, FRAMES[kind])
        if frame is not None:
            locals_of(frame, add)
    elif issubclass(kind, BaseException):
        named(BaseException, "args", "__traceback__", "__cause__", "__context__")
    elif kind is TRACEBACK:
        named(TRACEBACK, "tb_next", "tb_frame")
    elif kind is FRAME:
        locals_of(value, add)
    elif issubclass(kind, _weakref.ref):
        target = _weakref.ref.__call__(value)
        if target is not None:
            parts.append(('"weak"', (target,)))
        named(_weakref.ref, "__callback__")
    elif issubclass(kind, property):
        named(property, "fget", "fset", "fdel")
    elif issubclass(kind, (classmethod, staticmethod)):
        named(classmethod if issubclass(kind, classmethod) else staticmethod, "__func__")
    elif issubclass(kind, memoryview):
        named(memoryview, "obj")
    for base in kind.__mro__:
        if class_name(base) == "collections.deque":
            items(base.__iter__(value))
        elif class_name(base) == "functools.partial":
            named(base, "func", "args", "keywords")
    if shows_attributes(value, kind, space):
        for name, item in attributes(value, kind):
            add("attr", name, item)
    return parts


def locals_of(frame, add):
    """The local variables of a function's frame."""
    if not frame.f_code.co_flags & 1:
        return
    space = frame.f_locals
    for name, item in dict(space).items():
        add("local", name, item)
    if type(space) is dict and counter is not None and counter(space) <= 3:
        # The frame would keep the copy of its variables that it was asked for.
        space.clear()


# ---- the walk -------------------------------------------------------------------------------------------------

counter = getattr(sys, "getrefcount", None)
is_immortal = getattr(sys, "_is_immortal", None)


def count_of(found, index):
    value = found[index]
    return counter(value)


def node(found, index, own, cut):
    """An object as JSON; `own` references are the walk's."""
    value = found[index]
    kind = type(value)
    count, immortal = None, False
    if counter is not None:
        del value
        count = count_of(found, index) - own
        value = found[index]
        immortal = is_immortal(value) if is_immortal else sys.version_info >= (3, 12) and count > 1 << 29
    try:
        size = sys.getsizeof(value)
    except Exception:
        size = None
    text = text_of(value, kind)
    if text is not None and len(text) > LONGEST:
        text = text[:LONGEST] + "\u2026"
    return '{"id":%d,"type":%s,"text":%s,"value":%s,"mutable":%s,"count":%s,"size":%s,"immortal":%s,"tracked":%s,"cut":%d}' % (
        index + 1,
        quote(class_name(kind)),
        "null" if text is None else quote(text),
        boolean(kind in VALUES),
        boolean(is_mutable(value, kind)),
        "null" if count is None or immortal else count,
        "null" if size is None else size,
        boolean(immortal),
        boolean(gc.is_tracked(value) if hasattr(gc, "is_tracked") else False),
        cut,
    )


def boolean(value):
    return "true" if value else "false"


def snapshot(space, bounds):
    """The graph below the names of a namespace, as JSON."""
    found, ids, depths = [], {}, []
    names, nodes, edges = [], [], []
    own = count_of([object()], 0) if counter is not None else 0

    def reach(value, depth):
        known = ids.get(id(value))
        if known is None and len(found) < bounds["objects"]:
            known = ids[id(value)] = len(found)
            found.append(value)
            depths.append(depth)
        return known

    for name, value in list(space.items()):
        if isinstance(name, str) and not special(name):
            index = reach(value, 0)
            if index is not None:
                names.append('{"name":%s,"object":%d}' % (quote(name), index + 1))
    name = value = None
    index = 0
    while index < len(found):
        cut = 0
        shown = node(found, index, own, 0)
        parts = parts_of(found[index], type(found[index]), space)
        for at, (label, item) in enumerate(parts):
            inside = depths[index] < bounds["depth"] and at < bounds["parts"]
            to = reach(item[0], depths[index] + 1) if inside else None
            if to is None:
                cut += 1
            else:
                edges.append('{"from":%d,"to":%d,"label":%s}' % (index + 1, to + 1, label))
        label = item = parts = None
        nodes.append(shown[: shown.rindex(":") + 1] + "%d}" % cut)
        index += 1
    for index in range(len(found)):
        if shows_attributes(found[index], type(found[index]), space):
            to = ids.get(id(own_dict(found[index])))
            if to is not None and own_dict(found[index]) is not None:
                edges.append('{"from":%d,"to":%d,"label":{"part":"__dict__"}}' % (index + 1, to + 1))
    return '{"names":[%s],"objects":[%s],"edges":[%s]}' % (",".join(names), ",".join(nodes), ",".join(edges))


# ---- running the program --------------------------------------------------------------------------------------


def run(request, space):
    """Runs the program; the exit status that it asks for."""
    try:
        with open(request["program"], "rb") as file:
            source = file.read()
        exec(compile(source, request["filename"], "exec"), space)
    except SystemExit as error:
        if error.code is None:
            return 0
        if isinstance(error.code, int):
            return error.code & 0xFF
        sys.stderr.write(str(error.code) + "\n")
        return 1
    except BaseException as error:
        error.__traceback__ = error.__traceback__.tb_next
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    return 0


def main(space):
    """Everything."""
    with open(sys.argv[1], encoding="utf-8") as file:
        request = eval(file.read(), {"__builtins__": {}, "true": True, "false": False, "null": None})
    if "all" in request:
        each(request, space)
    else:
        one(request, sys.argv[2], space)


def each(requests, space):
    """Every request in a process of its own."""
    import _signal
    import posix

    for request in requests["all"]:
        child = posix.fork()
        if child:
            posix.waitpid(child, 0)
            continue
        try:
            _signal.alarm(requests["seconds"])
            nowhere = posix.open("/dev/null", posix.O_WRONLY)
            posix.dup2(nowhere, 1)
            posix.dup2(nowhere, 2)
            one(request, request["result"], space)
        finally:
            posix._exit(0)


def one(request, result, space):
    """One request."""
    sys.argv = [request["filename"]]
    space["__file__"] = request["filename"]
    if request["path"]:
        sys.path.insert(0, request["path"])
    for name in request["probes"]:
        setattr(builtins, name, lambda *seen: None)
    # Garbage of this file's making would be counted as the program's.
    gc.collect()
    status = run(request, space)
    collecting = gc.isenabled()
    gc.disable()
    text = '{"python":"%d.%d.%d","status":%d,"snapshot":%s}' % (
        sys.version_info[:3] + (status, snapshot(space, request["bounds"]))
    )
    with open(result, "w", encoding="utf-8") as file:
        file.write(text)
    if collecting:
        gc.enable()
