"""What the harness starts inside a Python to put programs to it.

`python -I -S -B -u driver.py worker` says hello and then answers one line of JSON for every line of JSON, with a
child forked for each job; `... once` reads one job and is that child itself. The child is an ordinary process that
ends as a script ends. It reports by writing records into its own stdout, between what the program prints:
"\\x1e", the job's secret, JSON, "\\n". All of it comes back through one pipe, so nothing is lost by a crash.

Rules of this file: it runs on every Python from 3.8 and on PyPy; it imports only what is cheap and built in; it keeps
no reference to a value of the program, makes no reference cycle, and leaves `__main__` as it found it.
"""
import sys

if __name__ == "__main__":
    # The program under test gets the real __main__, so the driver lives in a namespace of its own.
    with open(__file__, encoding="utf-8") as file:
        code = compile(file.read(), __file__, "exec")
    space = {"__name__": "verysame_driver", "__builtins__": __builtins__}
    exec(code, space)
    del code, file, sys
    globals().pop("space")["main"](globals())

import builtins

try:
    # What `os` and `signal` are made of: a child that ends lets go of everything, and the less there is the sooner.
    import posix as os
except ImportError:
    import os
try:
    import gc
except ImportError:
    gc = None
try:
    import _signal as signal
    import select
    import time
except ImportError:
    select = signal = time = None  # Then there is no worker, and each job gets a process.

# JSON needs no more than this once the text is UTF-8.
ESCAPES = {number: "\\u%04x" % number for number in range(32)}
ESCAPES.update({34: '\\"', 92: "\\\\"})

NOTHING = getattr(os, "devnull", "/dev/null")

# Where records are written: the child's stdout under a number that programs do not meet.
RECORDS = 250
# The job's secret, set in the child.
SECRET = [b""]

ATOMS = (int, float, complex, bool, str, bytes, type(None), type(...), type(NotImplemented), range, slice)


def quote(text):
    """The JSON string of a text; lone surrogates are spelled out."""
    return '"' + text.encode("utf-8", "backslashreplace").decode("utf-8").translate(ESCAPES) + '"'


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data) :]


def record(body):
    """Writes one record; what the program printed before stays before it."""
    try:
        sys.__stdout__.flush()
    except Exception:
        pass
    try:
        write_all(RECORDS, b"\x1e" + SECRET[0] + body.encode("utf-8") + b"\n")
    except OSError:
        pass  # The harness has stopped listening; the program goes on as if nobody looked.


# ---- what is seen ---------------------------------------------------------------------------------------------


def raised(error, at_compile, line=None):
    """The fields of an exception; `line` is the one of the chunk that was being run or compiled."""
    kind = type(error)
    module = kind.__module__
    name = kind.__qualname__
    if isinstance(module, str) and module not in ("builtins", "__main__"):
        name = module + "." + name
    try:
        text = error.msg if isinstance(error, SyntaxError) and isinstance(error.msg, str) else str(error)
    except Exception:
        text = "<exception str() failed>"
    return '{"class":%s,"text":%s,"at_compile":%s,"line":%s}' % (
        quote(name),
        quote(text),
        "true" if at_compile else "false",
        "null" if type(line) is not int or line < 1 else line,
    )


def value_seen(value, wants_graph):
    """The `seen` of a value: its repr and graph, or the exception that they raised."""
    try:
        shown = repr(value)
        if wants_graph:
            return '{"value":{"repr":%s,"graph":%s}}' % (quote(shown), quote(graphs([(value,)])[0]))
        return '{"value":{"repr":%s}}' % quote(shown)
    except Exception as error:
        return '{"raised":%s}' % raised(error, False)


def value_probe(name, wants_graph):
    by = '{"event":{"by":{"probe":%s},"seen":' % quote(name)

    def probe(value):
        record(by + value_seen(value, wants_graph) + "}}")

    return probe


def raised_probe(name):
    by = '{"event":{"by":{"probe":%s},"seen":{"raised":' % quote(name)

    def probe():
        record(by + raised(sys.exc_info()[1], False) + "}}}")

    return probe


def display(chunk, wants_graph):
    """A `sys.displayhook` that reports instead of printing and binds `_` as the real one does."""
    by = '{"event":{"by":{"display":%d},"seen":' % chunk

    def displayhook(value):
        if value is None:
            record(by + '{"value":{"repr":"None"}}}}')
            return
        builtins._ = None
        record(by + value_seen(value, wants_graph) + "}}")
        builtins._ = value

    return displayhook


# ---- alias graphs ---------------------------------------------------------------------------------------------


def graphs(roots):
    """The canonical texts of the graphs below `roots`, 1-tuples of objects or None, with one numbering."""
    # The walk's own containers must not set off a collection.
    collecting = gc is not None and gc.isenabled()
    if collecting:
        gc.disable()
    try:
        visits = {}
        cache = {}
        for root in roots:
            if root is not None:
                count_visits(root[0], visits, cache)
        numbers = {}
        texts = []
        for root in roots:
            if root is None:
                texts.append(None)
            else:
                pieces = []
                render(root[0], visits, numbers, cache, pieces)
                texts.append("".join(pieces))
        return texts
    finally:
        if collecting:
            gc.enable()


def shape(value, cache):
    """(can it carry a label, its pieces): a piece is text or a 1-tuple with an object."""
    known = cache.get(id(value))
    if known is None:
        # The value is kept with its pieces: an id means nothing once its object is gone.
        known = cache[id(value)] = describe(value, cache) + (value,)
    return known


def describe(value, cache):
    kind = type(value)
    if kind in ATOMS:
        return False, [repr(value)]
    if kind is tuple:
        return False, listed("(", value, ",)" if len(value) == 1 else ")")
    if kind is frozenset:
        return False, listed("frozenset({", in_order(value, cache), "})") if value else ["frozenset()"]
    if isinstance(value, type):
        return False, ["<class %s>" % value.__name__]
    if kind is type(sys):
        return False, ["<module %s>" % value.__name__]
    if kind is type(len):
        return False, ["<builtin %s>" % value.__name__]
    if kind is type(graphs):
        return True, ["<function %s>" % value.__name__]
    if kind is bytearray:
        return True, [repr(value)]
    inner = content(value, cache)
    if kind in (list, dict, set):
        return True, inner
    if not is_python_class(kind):
        return True, ["<%s>" % kind.__name__]
    fields = attributes(value, kind)
    pieces = [kind.__name__ + "("] + (inner or [])
    for name, item in fields:
        pieces += [(", " if len(pieces) > 1 else "") + name + "=", (item,)]
    return True, pieces + [")"]


def content(value, cache):
    """The pieces of a built-in container or of the built-in part of a subclass's instance; else None."""
    if isinstance(value, list):
        return listed("[", list.__iter__(value), "]")
    if isinstance(value, dict):
        pieces = ["{"]
        for key, item in dict.items(value):
            pieces += [", " if len(pieces) > 1 else "", (key,), ": ", (item,)]
        return pieces + ["}"]
    if isinstance(value, tuple):
        return listed("(", tuple.__iter__(value), ",)" if tuple.__len__(value) == 1 else ")")
    if isinstance(value, set):
        return listed("{", in_order(set.__iter__(value), cache), "}") if set.__len__(value) else ["set()"]
    if isinstance(value, frozenset):
        return listed("{", in_order(frozenset.__iter__(value), cache), "}")
    for base in (int, float, complex, str, bytes):
        if isinstance(value, base):
            return [base.__repr__(value)]
    return None


def listed(opening, items, closing):
    pieces = [opening]
    for item in items:
        pieces += [", " if len(pieces) > 1 else "", (item,)]
    return pieces + [closing]


def in_order(items, cache):
    """Items of a set in the order of their texts without labels."""
    keyed = []
    for item in items:
        pieces = []
        plain(item, cache, [], pieces)
        keyed.append(("".join(pieces), len(keyed), item))
    keyed.sort(key=first_two)
    return [entry[2] for entry in keyed]


def first_two(entry):
    return entry[:2]


def plain(value, cache, path, pieces):
    if id(value) in path:
        pieces.append("*")
        return
    path.append(id(value))
    for piece in shape(value, cache)[1]:
        if type(piece) is str:
            pieces.append(piece)
        else:
            plain(piece[0], cache, path, pieces)
    path.pop()


def is_python_class(kind):
    """Whether a class statement (or `type(…)`) made it, rather than C code."""
    if not kind.__flags__ & 1 << 9:
        return False
    for base in kind.__mro__:
        if base.__flags__ & 1 << 9 and not base.__flags__ & 1 << 8:
            if "__dict__" in base.__dict__ or "__slots__" in base.__dict__:
                return True
    return False


def attributes(value, kind):
    """Names and values of an instance: its `__dict__`, then its slots, of the outermost base first."""
    fields = []
    try:
        fields += object.__getattribute__(value, "__dict__").items()
    except AttributeError:
        pass
    for base in reversed(kind.__mro__):
        names = base.__dict__.get("__slots__", ()) if is_python_class(base) else ()
        for name in (names,) if isinstance(names, str) else names:
            if name in ("__dict__", "__weakref__"):
                continue
            stored = name
            if name.startswith("__") and not name.endswith("__") and base.__name__.strip("_"):
                stored = "_" + base.__name__.lstrip("_") + name
            try:
                fields.append((name, base.__dict__[stored].__get__(value, kind)))
            except (AttributeError, KeyError):
                pass  # A slot that is not filled.
    return fields


def count_visits(value, visits, cache):
    """How often each object that can carry a label is reached, in the order of first visits."""
    labelled, pieces, _ = shape(value, cache)
    if labelled:
        seen = visits.get(id(value), 0)
        visits[id(value)] = seen + 1
        if seen:
            return
    for piece in pieces:
        if type(piece) is tuple:
            count_visits(piece[0], visits, cache)


def render(value, visits, numbers, cache, out):
    labelled, pieces, _ = shape(value, cache)
    if labelled and visits[id(value)] > 1:
        if id(value) in numbers:
            out.append("*%d" % numbers[id(value)])
            return
        numbers[id(value)] = len(numbers) + 1
        out.append("&%d " % numbers[id(value)])
    for piece in pieces:
        if type(piece) is str:
            out.append(piece)
        else:
            render(piece[0], visits, numbers, cache, out)


# ---- running one job ------------------------------------------------------------------------------------------


def chunk_ended(index, how):
    record('{"chunk":[%d,%s]}' % (index, how))


def uncaught(error):
    """Does what the interpreter does with an exception at the top: remembers it, prints it."""
    # The frames of this file are taken off: the traceback shows the program's.
    below = error.__traceback__.tb_next
    error.__traceback__ = below
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, below
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    # From 3.13 on the interpreter's own hook imports a module written in Python, with twenty others, which takes longer
    # than the program. Where it cannot, it prints by itself.
    alone = sys.version_info >= (3, 13) and sys.excepthook is sys.__excepthook__ and "traceback" not in sys.modules
    if alone:
        sys.modules["traceback"] = None
    try:
        sys.excepthook(type(error), error, below)
    except Exception:
        pass
    if alone:
        del sys.modules["traceback"]


def exit_status(error):
    """The status that SystemExit asks for; a text goes to stderr as from the interpreter."""
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    try:
        sys.stderr.write(str(error.code) + "\n")
    except Exception:
        pass
    return 1


def run_chunk(index, job, source, space):
    """Runs one chunk. Nothing of it may outlive the chunk but what the program kept."""
    try:
        if job["mode"] == "interactive":
            # Future statements stay in force for what is typed after them.
            code = compile(source, "<stdin>", "single", job.get("futures", 0), True)
            job["futures"] = job.get("futures", 0) | getattr(code, "co_flags", 0) & 0x1FF0000
            exec(code, space)
        else:
            # A string, not a code object: then constants are counted as in a script.
            exec(source, space)
    except SystemExit as error:
        status = exit_status(error)
        chunk_ended(index, '{"exit":%d}' % status)
    except BaseException as error:
        below = error.__traceback__.tb_next
        if below is not None:
            how = raised(error, False, below.tb_lineno)
        else:
            how = raised(error, True, error.lineno if isinstance(error, SyntaxError) else None)
        del below
        uncaught(error)
        chunk_ended(index, '{"raised":%s}' % how)
    else:
        chunk_ended(index, '"completed"')


def run(job, space):
    """Runs a job in `space`, the dictionary of `__main__`, and reports. The program's objects live on in it."""
    SECRET[0] = job["secret"].encode("ascii")
    interactive = job["mode"] == "interactive"
    sys.argv = [""] if interactive else [job["filename"]]
    for name in ("__file__", "__cached__") if interactive else ():
        space.pop(name, None)
    if not interactive and "__file__" in space:
        space["__file__"] = job["filename"]
    if job["packages"]:
        # The Python was started without them, so that nothing of them is met by other programs.
        import site

        site.main()
    if job["path"]:
        sys.path.insert(0, job["path"])
    for probe in job["probes"]:
        name, kind = probe["name"], probe["kind"]
        setattr(builtins, name, raised_probe(name) if kind == "raised" else value_probe(name, kind == "graph"))
    if interactive:
        sys.ps1, sys.ps2 = ">>> ", "... "
    record('"started"')
    for index, chunk in enumerate(job["chunks"]):
        if interactive:
            sys.displayhook = display(index, chunk["graph"])
        run_chunk(index, job, chunk["source"], space)
    if job["heap"]:
        try:
            roots = [(space[name],) if name in space else None for name in job["heap"]]
            texts = graphs(roots)
            del roots
            record('{"heap":[%s]}' % ",".join(["null" if text is None else quote(text) for text in texts]))
        except Exception as error:
            record('{"heap_failed":%s}' % raised(error, False))
    record('"done"')


# ---- the worker -----------------------------------------------------------------------------------------------


def read_line(held):
    """The next line of descriptor 0 without its end, or None; `held` is what was read beyond the last one."""
    while True:
        at = held[0].find(b"\n")
        if at >= 0:
            line = held[0][:at]
            held[0] = held[0][at + 1 :]
            return line.decode("utf-8")
        data = os.read(0, 1 << 16)
        if not data:
            return None
        held[0] += data


def parse(line):
    """A job: the harness writes JSON whose only words beyond Python's literals are these."""
    return eval(line, {"__builtins__": {}, "true": True, "false": False, "null": None})


def hello():
    release = getattr(sys, "pypy_version_info", None)
    return '{"hello":1,"python":"%d.%d.%d","implementation":%s,"release":%s,"program":%s,"fork":%s}\n' % (
        sys.version_info[0],
        sys.version_info[1],
        sys.version_info[2],
        quote(sys.implementation.name),
        quote(".".join([str(part) for part in release[:3]]) if release else ""),
        quote(sys.executable or ""),
        "true" if select and hasattr(os, "fork") and hasattr(os, "killpg") else "false",
    )


def become_program(out, err, limit):
    """In the child: stdin is empty, stdout and stderr are the pipes, and a lost child ends by itself."""
    os.setpgid(0, 0)
    empty = os.open(NOTHING, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(out, 1)
    os.dup2(out, RECORDS)
    os.dup2(err, 2)
    for descriptor in {empty, out, err}:
        os.close(descriptor)
    signal.alarm(int(limit) + 5)


def supervise(pid, out, err, limit, cap):
    """Reads what the child writes until it ends, takes too long or writes too much."""
    texts = {out: b"", err: b""}
    pipes = [out, err]
    end = time.monotonic() + limit
    late = over = False
    status = None
    while pipes and not over:
        left = end - time.monotonic()
        if left <= 0:
            late = True
            break
        ready = select.select(pipes, [], [], min(left, 0.05))[0]
        for pipe in ready:
            data = os.read(pipe, 1 << 16)
            if not data:
                pipes.remove(pipe)
                continue
            over = over or len(texts[pipe]) + len(data) > cap
            texts[pipe] = (texts[pipe] + data)[:cap]
        if not ready:
            # Something that the program started may hold the pipes open after its end.
            if status is not None:
                break
            done, found = os.waitpid(pid, os.WNOHANG)
            status = found if done else None
    if late or over:
        kill(pid)
    if status is None:
        status = os.waitpid(pid, 0)[1]
    kill(pid)
    return status, late, over, texts[out], texts[err]


def kill(pid):
    """Ends a child with everything that it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass


def answer(job, result):
    """The line that goes back for a job."""
    status, late, over, out, err = result
    return '{"job":%d,"status":%d,"late":%s,"over":%s,"out":%s,"err":%s}\n' % (
        job["job"],
        status,
        "true" if late else "false",
        "true" if over else "false",
        quote(out.decode("latin-1")),
        quote(err.decode("latin-1")),
    )


def serve():
    """Answers jobs until the harness hangs up. Returns only in a child, with the job that it is to run."""
    replies = os.dup(1)
    os.dup2(2, 1)
    held = [b""]
    write_all(replies, hello().encode("utf-8"))
    if hasattr(sys, "pypy_version_info"):
        # The hook for uncaught exceptions is written with it there: children need not compile it each for itself.
        import traceback
    if gc is not None:
        gc.collect()
    while True:
        line = read_line(held)
        if line is None:
            return None
        job = parse(line)
        out, err = os.pipe(), os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(replies)
            os.close(out[0])
            os.close(err[0])
            become_program(out[1], err[1], job["limit"])
            return job
        os.close(out[1])
        os.close(err[1])
        reply = answer(job, supervise(pid, out[0], err[0], job["limit"], job["cap"]))
        os.close(out[0])
        os.close(err[0])
        write_all(replies, reply.encode("utf-8"))


def once():
    """Reads the only job of this process."""
    line = read_line([b""])
    if line is None:
        return None
    empty = os.open(NOTHING, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(1, RECORDS)
    if gc is not None:
        gc.collect()
    return parse(line)


def main(space):
    """Everything; returns to the top of the interpreter, which then ends as after a script."""
    job = serve() if sys.argv[1:] == ["worker"] else once()
    if job is not None:
        try:
            run(job, space)
        except BaseException as error:
            record('{"failed":%s}' % raised(error, False))
