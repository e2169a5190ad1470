# Compiles source texts as a module each and says what came of it. A line of JSON in, a line of JSON out.

import json
import os
import sys
import warnings


def say(answer):
    out.write((json.dumps(answer) + "\n").encode("ascii"))
    out.flush()


def compiled(job):
    found = []

    def note(message, category, filename, lineno, file=None, line=None):
        found.append([category.__name__, str(message), lineno])

    warnings.showwarning = note
    answer = {"job": job["job"], "error": None, "warnings": found}
    try:
        compile(job["source"].encode("latin-1"), job["name"], "exec", 0, True)
    except (Exception, RecursionError) as error:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        answer["error"] = [type(error).__name__, str(text), getattr(error, "lineno", None) or 0]
    return answer


# The text of an error may hold surrogates: everything that is not ASCII is escaped.
out = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
warnings.resetwarnings()
warnings.simplefilter("always")
version = "%d.%d.%d" % sys.version_info[:3]
say({
    "hello": 1,
    "python": version,
    "implementation": sys.implementation.name,
    "release": "",
    "program": sys.executable or "",
    "fork": False,
})
for request in sys.stdin.buffer:
    say(compiled(json.loads(request.decode("ascii"))))
