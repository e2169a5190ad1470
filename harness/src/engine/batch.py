"""What the harness starts inside a Python to put many small programs to it quickly.

`python -I -S -B -u batch.py batch` says hello and then answers one line for every line. A line is a number and
programs, separated by "\\x1e", with "\\x1f" for the ends of lines; the answer is the number and, for every program,
what it wrote and how it ended. Each program gets a namespace of its own and nothing more: what it changes elsewhere
stays, so a difference is believed only when the program is run alone. The collector passes by what was there before:
most of the time of a program about lifetime went into walks over the objects of the start.

Rules of this file: it runs on every Python from 3.8 and on PyPy, and imports only what is cheap and built in.
"""
import builtins
import io
import os
import sys

try:
    import gc
except ImportError:
    gc = None


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data) :]


def words(error):
    """How a program ended: the class as a traceback names it, and the text."""
    kind = type(error)
    module = kind.__module__
    name = kind.__qualname__
    if isinstance(module, str) and module not in ("builtins", "__main__"):
        name = module + "." + name
    try:
        text = error.msg if isinstance(error, SyntaxError) and isinstance(error.msg, str) else str(error)
    except Exception:
        text = "<exception str() failed>"
    return name + ": " + text if text else name


def run(source):
    out = io.StringIO()
    sys.stdout = out
    space = {"__name__": "__main__", "__builtins__": builtins}
    end = ""
    try:
        exec(source, space)
    except BaseException as error:
        end = words(error)
    text = out.getvalue()
    space.clear()
    return text, end


def answer(line):
    parts = line.replace("\x1f", "\n").split("\x1e")
    answers = [parts[0]]
    real = sys.stdout
    for source in parts[1:]:
        text, end = run(source)
        if "\x1e" in text or "\x1f" in text or "\x1e" in end or "\x1f" in end:
            text, end = "", "\x15"
        answers.append(text)
        answers.append(end)
    sys.stdout = real
    return "\x1e".join(answers).replace("\n", "\x1f") + "\n"


def settle():
    """Collects what programs have left, and sets aside what stays, such as modules."""
    if gc is not None:
        gc.collect()
        if hasattr(gc, "freeze"):
            gc.freeze()


def main():
    replies = os.dup(1)
    os.dup2(2, 1)
    sys.stderr = open(os.devnull, "w")
    release = getattr(sys, "pypy_version_info", None)
    hello = '{"hello":1,"python":"%d.%d.%d","implementation":"%s","release":"%s","fork":false}\n' % (
        sys.version_info[0],
        sys.version_info[1],
        sys.version_info[2],
        sys.implementation.name,
        ".".join([str(part) for part in release[:3]]) if release else "",
    )
    settle()
    write_all(replies, hello.encode("utf-8"))
    held = b""
    while True:
        at = held.find(b"\n")
        if at < 0:
            data = os.read(0, 1 << 20)
            if not data:
                return
            held += data
            continue
        line, held = held[:at], held[at + 1 :]
        if gc is not None:
            gc.disable()
        write_all(replies, answer(line.decode("utf-8")).encode("utf-8", "backslashreplace"))
        settle()


main()
