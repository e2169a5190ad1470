"""Coroutines without an outside world: a loop that runs ready callbacks, and a clock that jumps to the next timer."""

from types import coroutine as _coroutine

__all__ = [
    "CancelledError", "Event", "Future", "InvalidStateError", "Lock", "Queue", "Task", "TimeoutError", "create_task",
    "current_task", "ensure_future", "gather", "get_event_loop", "get_running_loop", "iscoroutine",
    "iscoroutinefunction", "new_event_loop", "run", "sleep", "wait_for",
]


class CancelledError(BaseException):
    """A task was cancelled."""


class InvalidStateError(Exception):
    """A future is not in the state for that."""


TimeoutError = TimeoutError

_running = None


def iscoroutine(value):
    return type(value).__name__ in ("coroutine", "_GeneratorWrapper")


def iscoroutinefunction(func):
    return bool(getattr(getattr(func, "__code__", None), "co_flags", 0) & 0x80)


class Future:
    """A result that is still to come."""

    def __init__(self, *, loop=None):
        self._loop = loop if loop is not None else get_event_loop()
        self._state = "PENDING"
        self._result = None
        self._exception = None
        self._callbacks = []

    def done(self):
        return self._state != "PENDING"

    def cancelled(self):
        return self._state == "CANCELLED"

    def get_loop(self):
        return self._loop

    def result(self):
        if self._state == "CANCELLED":
            raise CancelledError()
        if self._state == "PENDING":
            raise InvalidStateError("Result is not set.")
        if self._exception is not None:
            raise self._exception
        return self._result

    def exception(self):
        if self._state == "CANCELLED":
            raise CancelledError()
        if self._state == "PENDING":
            raise InvalidStateError("Exception is not set.")
        return self._exception

    def add_done_callback(self, fn, *, context=None):
        if self.done():
            self._loop.call_soon(fn, self)
        else:
            self._callbacks.append(fn)

    def _end(self, state):
        self._state = state
        callbacks, self._callbacks = self._callbacks, []
        for fn in callbacks:
            self._loop.call_soon(fn, self)

    def set_result(self, result):
        if self.done():
            raise InvalidStateError("invalid state")
        self._result = result
        self._end("FINISHED")

    def set_exception(self, exception):
        if self.done():
            raise InvalidStateError("invalid state")
        if isinstance(exception, type):
            exception = exception()
        self._exception = exception
        self._end("FINISHED")

    def cancel(self, msg=None):
        if self.done():
            return False
        self._end("CANCELLED")
        return True

    def __await__(self):
        if not self.done():
            yield self
        if not self.done():
            raise RuntimeError("await wasn't used with future")
        return self.result()

    __iter__ = __await__


class Task(Future):
    """A coroutine that the loop drives."""

    def __init__(self, coro, *, loop=None, name=None):
        super().__init__(loop=loop)
        if not iscoroutine(coro):
            raise TypeError("a coroutine was expected, got {!r}".format(coro))
        self._coro = coro
        self._waits_for = None
        self._must_cancel = False
        self._name = name
        self._loop.call_soon(self._step, None)

    def get_coro(self):
        return self._coro

    def get_name(self):
        return self._name or "Task"

    def cancel(self, msg=None):
        if self.done():
            return False
        if self._waits_for is not None and self._waits_for.cancel():
            return True
        self._must_cancel = True
        return True

    def _step(self, exception):
        if self._must_cancel:
            exception, self._must_cancel = CancelledError(), False
        self._waits_for = None
        before, self._loop._task = self._loop._task, self
        try:
            future = self._coro.send(None) if exception is None else self._coro.throw(exception)
        except StopIteration as stop:
            super().set_result(stop.value)
        except CancelledError:
            super().cancel()
        except (KeyboardInterrupt, SystemExit) as error:
            super().set_exception(error)
            raise
        except BaseException as error:
            super().set_exception(error)
        else:
            if future is None:
                self._loop.call_soon(self._step, None)
            elif isinstance(future, Future):
                self._waits_for = future
                future.add_done_callback(self._wake)
                if self._must_cancel and future.cancel():
                    self._must_cancel = False
            else:
                error = RuntimeError("Task got bad yield: {!r}".format(future))
                self._loop.call_soon(self._step, error)
        finally:
            self._loop._task = before

    def _wake(self, future):
        try:
            future.result()
        except BaseException as error:
            self._step(error)
        else:
            self._step(None)


class _Handle:
    def __init__(self, fn, args):
        self._fn = fn
        self._args = args

    def cancel(self):
        self._fn = None

    def _run(self):
        if self._fn is not None:
            self._fn(*self._args)


class _Loop:
    """What is ready runs in order; when nothing is, the clock jumps to the next timer."""

    def __init__(self):
        self._ready = []
        self._timers = []
        self._now = 0.0
        self._count = 0
        self._task = None
        self._closed = False

    def time(self):
        return self._now

    def call_soon(self, fn, *args, context=None):
        handle = _Handle(fn, args)
        self._ready.append(handle)
        return handle

    def call_later(self, delay, fn, *args, context=None):
        handle = _Handle(fn, args)
        self._count += 1
        self._timers.append((self._now + delay, self._count, handle))
        self._timers.sort(key=lambda timer: timer[:2])
        return handle

    def create_future(self):
        return Future(loop=self)

    def create_task(self, coro, *, name=None, context=None):
        return Task(coro, loop=self, name=name)

    def is_running(self):
        return _running is self

    def is_closed(self):
        return self._closed

    def close(self):
        self._closed = True

    def run_until_complete(self, future):
        global _running
        if _running is not None:
            raise RuntimeError("This event loop is already running")
        future = ensure_future(future, loop=self)
        _running = self
        try:
            while not future.done():
                if not self._ready:
                    if not self._timers:
                        raise RuntimeError("Event loop stopped before Future completed.")
                    self._now, _, handle = self._timers.pop(0)
                    self._ready.append(handle)
                ready, self._ready = self._ready, []
                while ready:
                    ready.pop(0)._run()
        finally:
            _running = None
        return future.result()


def new_event_loop():
    return _Loop()


def get_running_loop():
    if _running is None:
        raise RuntimeError("no running event loop")
    return _running


def get_event_loop():
    if _running is None:
        raise RuntimeError("There is no current event loop in thread 'MainThread'.")
    return _running


def current_task(loop=None):
    return get_running_loop()._task


def ensure_future(value, *, loop=None):
    if isinstance(value, Future):
        return value
    if iscoroutine(value):
        return Task(value, loop=loop)
    if hasattr(type(value), "__await__"):
        return Task(_await(value), loop=loop)
    raise TypeError("An asyncio.Future, a coroutine or an awaitable is required")


async def _await(value):
    return await value


def create_task(coro, *, name=None, context=None):
    return get_running_loop().create_task(coro, name=name)


def run(main, *, debug=None, loop_factory=None):
    """Runs a coroutine to its end in a loop of its own."""
    if _running is not None:
        raise RuntimeError("asyncio.run() cannot be called from a running event loop")
    if not iscoroutine(main):
        raise ValueError("a coroutine was expected, got {!r}".format(main))
    loop = (loop_factory or new_event_loop)()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()


@_coroutine
def _pass():
    yield


async def sleep(delay, result=None):
    if delay <= 0:
        await _pass()
        return result
    loop = get_running_loop()
    future = loop.create_future()
    handle = loop.call_later(delay, _set_unless_done, future, result)
    try:
        return await future
    finally:
        handle.cancel()


def _set_unless_done(future, result):
    if not future.done():
        future.set_result(result)


def gather(*values, return_exceptions=False):
    loop = get_event_loop()
    outer = Future(loop=loop)
    futures = [ensure_future(value, loop=loop) for value in values]
    if not futures:
        outer.set_result([])
        return outer
    left = len(futures)

    def done(future):
        nonlocal left
        left -= 1
        if outer.done():
            if not future.cancelled():
                future.exception()
            return
        if not return_exceptions:
            if future.cancelled():
                outer.set_exception(CancelledError())
                return
            if future.exception() is not None:
                outer.set_exception(future.exception())
                return
        if left == 0:
            outer.set_result([_outcome(future) for future in futures])

    for future in futures:
        future.add_done_callback(done)
    return outer


def _outcome(future):
    if future.cancelled():
        return CancelledError()
    return future.exception() if future.exception() is not None else future.result()


async def wait_for(value, timeout):
    if timeout is None:
        return await value
    loop = get_running_loop()
    future = ensure_future(value, loop=loop)
    handle = loop.call_later(timeout, future.cancel)
    try:
        return await future
    except CancelledError:
        if future.cancelled():
            raise TimeoutError() from None
        raise
    finally:
        handle.cancel()


class Event:
    def __init__(self):
        self._set = False
        self._waiters = []

    def is_set(self):
        return self._set

    def set(self):
        self._set = True
        for future in self._waiters:
            _set_unless_done(future, True)

    def clear(self):
        self._set = False

    async def wait(self):
        if not self._set:
            future = get_running_loop().create_future()
            self._waiters.append(future)
            try:
                await future
            finally:
                self._waiters.remove(future)
        return True


class Lock:
    def __init__(self):
        self._locked = False
        self._waiters = []

    def locked(self):
        return self._locked

    async def acquire(self):
        while self._locked:
            future = get_running_loop().create_future()
            self._waiters.append(future)
            try:
                await future
            finally:
                self._waiters.remove(future)
        self._locked = True
        return True

    def release(self):
        if not self._locked:
            raise RuntimeError("Lock is not acquired.")
        self._locked = False
        for future in self._waiters:
            if not future.done():
                future.set_result(True)
                break

    async def __aenter__(self):
        await self.acquire()

    async def __aexit__(self, *info):
        self.release()


class Queue:
    def __init__(self, maxsize=0):
        self._maxsize = maxsize
        self._items = []
        self._changed = Event()

    def qsize(self):
        return len(self._items)

    def empty(self):
        return not self._items

    async def put(self, item):
        while 0 < self._maxsize <= len(self._items):
            self._changed.clear()
            await self._changed.wait()
        self.put_nowait(item)

    def put_nowait(self, item):
        self._items.append(item)
        self._changed.set()

    async def get(self):
        while not self._items:
            self._changed.clear()
            await self._changed.wait()
        return self.get_nowait()

    def get_nowait(self):
        item = self._items.pop(0)
        self._changed.set()
        return item
