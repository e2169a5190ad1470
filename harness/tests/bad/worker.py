"""A worker that speaks the protocol, and misbehaves in the way that its argument names when it meets the third case."""
import builtins, io, json, os, signal, subprocess, sys, time

bad = sys.argv[1]
shared = {"__name__": "__main__"}
out = os.fdopen(os.dup(1), "wb", 0)


def say(answer, end="\n"):
    out.write((answer if isinstance(answer, str) else json.dumps(answer)).encode() + end.encode())


def leave_child():
    subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"], start_new_session=True)


def run(job):
    """Runs the chunks in one namespace and tells what was seen."""
    seen = {"job": job["job"], "events": [], "chunks": [], "stdout": "", "heap": [], "end": "ok"}
    for probe in job["probes"]:
        name = probe["name"]
        setattr(builtins, name, lambda value, name=name: seen["events"].append(
            {"by": {"probe": name}, "seen": {"value": {"repr": repr(value)}}}))
    space, keep = shared if bad == "shares-all" else {"__name__": "__main__"}, sys.stdout
    sys.stdout = io.StringIO()
    try:
        for chunk in job["chunks"]:
            try:
                exec(chunk["source"], space)
                seen["chunks"].append("completed")
            except Exception as error:
                seen["chunks"].append({"raised": {"class": type(error).__name__, "text": str(error)}})
        seen["stdout"] = sys.stdout.getvalue()
    finally:
        sys.stdout = keep
    return seen


hello = {"verysame": 1, "name": "bad", "python": "3.12.1", "isolation": "reset", "modes": ["module"]}
if bad == "no-hello":
    time.sleep(600)
if bad == "silent-exit":
    sys.exit(0)
if bad == "garbage-hello":
    say("Welcome to Python!")
    time.sleep(600)
if bad == "other-protocol":
    hello["verysame"] = 2
if bad == "old-python":
    hello["python"] = "3.7.2"
if bad == "no-such-isolation":
    hello["isolation"] = "hope"
if bad == "slow-start":
    time.sleep(1.5)
if bad == "lies":
    hello["python"] = "3.8.1"
if bad == "stderr-flood":
    sys.stderr.write("babble\n" * 3_000_000)
if bad == "leaves-children":
    leave_child()
if bad == "long-hello":
    say("x" * 200_000, "")
say(hello)

asked = 0
for line in sys.stdin:
    job = json.loads(line)
    asked += 1
    third = job["case"] == "area.c3"
    if bad == "dies-every-third" and asked % 3 == 0:
        os.kill(os.getpid(), signal.SIGSEGV)
    if bad == "always-dies":
        os._exit(7)
    if third:
        if bad == "hangs":
            time.sleep(600)
        elif bad == "busy":
            while True:
                pass
        elif bad == "ignores-sigterm":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            leave_child()
            time.sleep(600)
        elif bad == "stops-itself":
            os.kill(os.getpid(), signal.SIGSTOP)
        elif bad == "floods":
            for _ in range(100):
                say("x" * (1 << 20), "")
        elif bad == "invalid-utf8":
            out.write(b'{"job": %d, "stdout": "\xff\xfe"}\n' % job["job"])
            continue
        elif bad == "exits":
            os._exit(0)
        elif bad == "segfaults":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif bad == "aborts":
            os.abort()
        elif bad == "half-a-line":
            say('{"job": %d, "eve' % job["job"], "")
            os._exit(0)
        elif bad == "no-newline":
            say(run(job), "")
            time.sleep(600)
        elif bad == "trickles":
            while True:
                say("x", "")
                time.sleep(0.05)
        elif bad == "closes-stdin":
            say(run(job))
            os.close(0)
            time.sleep(600)
        elif bad == "closes-stdout":
            out.close()
            os.close(1)
            time.sleep(600)
        elif bad == "earlier-job":
            say(dict(run(job), job=job["job"] - 1))
            continue
        elif bad == "later-job":
            say(dict(run(job), job=job["job"] + 1000))
            continue
        elif bad == "answers-twice":
            say(run(job))
        elif bad == "unknown-probe":
            seen = run(job)
            seen["events"].append({"by": {"probe": "__probe_99__"}, "seen": {"value": {"repr": "1"}}})
            say(seen)
            continue
        elif bad == "many-chunks":
            say(dict(run(job), chunks=["completed"] * 9))
            continue
        elif bad == "no-object":
            say("[1, 2, 3]")
            continue
        elif bad == "memory":
            hog = bytearray(1 << 33)
        elif bad == "much-output":
            say(dict(run(job), stdout="y" * (5 << 20)))
            continue
        elif bad == "says-timeout":
            say({"job": job["job"], "end": "timeout"})
            continue
        elif bad == "says-lacks":
            say({"job": job["job"], "end": {"lacks": "no such thing here"}})
            continue
        elif bad == "wrong":
            seen = run(job)
            seen["events"][0]["seen"]["value"]["repr"] = "42"
            say(seen)
            continue
    say(run(job))
