"""Threads, of which there is one: locks that are always free, and an identity."""

from _rules import members as _members

error = RuntimeError
TIMEOUT_MAX = 9223372036.0


class lock:
    """A lock; who waits for one that is taken would wait for ever."""

    def __init__(self):
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        if self._count:
            if blocking and timeout == -1:
                raise RuntimeError("deadlock: there is one thread")
            return False
        self._count = 1
        return True

    def release(self):
        if not self._count:
            raise RuntimeError("release unlocked lock")
        self._count -= 1

    def locked(self):
        return self._count > 0

    def __enter__(self):
        self.acquire()
        return True

    def __exit__(self, *details):
        self.release()


class RLock(lock):
    """A lock that its owner may take again."""

    def acquire(self, blocking=True, timeout=-1):
        self._count += 1
        return True

    def release(self):
        if not self._count:
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1

    def _is_owned(self):
        return self._count > 0


LockType = lock
allocate_lock = allocate = lock


def get_ident():
    """The one thread's number."""
    return 1


get_native_id = get_ident


def _count():
    return 0


def start_new_thread(function, args, kwargs={}):
    raise RuntimeError("can't start new thread")


def interrupt_main(signum=2):
    raise KeyboardInterrupt


class _local:
    """Attributes of the running thread."""


class _ExceptHookArgs(tuple):
    pass
