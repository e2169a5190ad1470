"""One test: setting up, running, what it asserts, cleaning up."""

import sys
from _unittest_texts import AssertTexts
from _rules import members as _members

__unittest = True


class SkipTest(Exception):
    """Raised by a test that is not to run."""


class _ShouldStop(Exception):
    pass


_module_cleanups = []


def addModuleCleanup(function, /, *args, **kwargs):
    _module_cleanups.append((function, args, kwargs))


def doModuleCleanups():
    while _module_cleanups:
        function, args, kwargs = _module_cleanups.pop()
        function(*args, **kwargs)


def skip(reason):
    """Makes a test or a class be skipped."""
    if callable(reason):
        return skip("")(reason)

    def decorator(test_item):
        if not isinstance(test_item, type):
            from functools import wraps

            @wraps(test_item)
            def skip_wrapper(*args, **kwargs):
                raise SkipTest(reason)

            test_item = skip_wrapper
        test_item.__unittest_skip__ = True
        test_item.__unittest_skip_why__ = reason
        return test_item

    return decorator


def _same(obj):
    return obj


def skipIf(condition, reason):
    return skip(reason) if condition else _same


def skipUnless(condition, reason):
    return _same if condition else skip(reason)


def expectedFailure(test_item):
    """Marks a test that is known to fail."""
    test_item.__unittest_expecting_failure__ = True
    return test_item


class _Raises:
    """The context of `assertRaises`."""

    def __init__(self, expected, test, pattern=None):
        self.expected = expected
        self.test = test
        self.pattern = pattern
        self.msg = None
        self.exception = None

    def _check(self, name, args, kwargs):
        bad = [e for e in (self.expected if isinstance(self.expected, tuple) else (self.expected,))
               if not (isinstance(e, type) and issubclass(e, BaseException))]
        if bad:
            raise TypeError("%s() arg 1 must be an exception type or tuple of exception types" % name)
        if not args:
            self.msg = kwargs.pop("msg", None)
            if kwargs:
                raise TypeError("%r is an invalid keyword argument for this function" % (next(iter(kwargs)),))
            return self
        call, *args = args
        with self:
            call(*args, **kwargs)

    def __enter__(self):
        return self

    def _fail(self, text):
        raise self.test.failureException(self.test._formatMessage(self.msg, text))

    def __exit__(self, exc_type, exc_value, tb):
        if exc_type is None:
            try:
                name = self.expected.__name__
            except AttributeError:
                name = str(self.expected)
            self._fail("{} not raised".format(name))
        if not issubclass(exc_type, self.expected):
            return False
        self.exception = exc_value.with_traceback(None)
        if self.pattern is not None:
            import re

            pattern = re.compile(self.pattern) if isinstance(self.pattern, (str, bytes)) else self.pattern
            if not pattern.search(str(exc_value)):
                self._fail('"{}" does not match "{}"'.format(pattern.pattern, str(exc_value)))
        return True


class _Warns(_Raises):
    """The context of `assertWarns`."""

    def __enter__(self):
        import warnings

        self._manager = warnings.catch_warnings(record=True)
        self.warnings = self._manager.__enter__()
        warnings.simplefilter("always", self.expected)
        return self

    def __exit__(self, exc_type, exc_value, tb):
        self._manager.__exit__(exc_type, exc_value, tb)
        if exc_type is not None:
            return
        first = None
        for found in self.warnings:
            if not isinstance(found.message, self.expected):
                continue
            first = first or found.message
            if self.pattern is not None:
                import re

                if not re.search(self.pattern, str(found.message)):
                    continue
            self.warning = found.message
            self.filename, self.lineno = found.filename, found.lineno
            return
        if first is not None:
            self._fail('"{}" does not match "{}"'.format(self.pattern, str(first)))
        try:
            name = self.expected.__name__
        except AttributeError:
            name = str(self.expected)
        self._fail("{} not triggered".format(name))


class TestCase(AssertTexts):
    """A test with what it needs around it."""

    failureException = AssertionError
    longMessage = True
    maxDiff = 80 * 8
    _class_cleanups = []

    def __init_subclass__(cls, *args, **kwargs):
        cls._class_cleanups = []
        super().__init_subclass__(*args, **kwargs)

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._testMethodDoc = "No test"
        method = getattr(self, methodName, None)
        if method is None:
            if methodName != "runTest":
                raise ValueError("no such test method in %s: %s" % (self.__class__, methodName))
        else:
            self._testMethodDoc = method.__doc__
        self._cleanups = []
        self._subtest = None
        self._type_equality_funcs = {}
        for cls, name in (
            (dict, "assertDictEqual"), (list, "assertListEqual"), (tuple, "assertTupleEqual"), (set, "assertSetEqual"),
            (frozenset, "assertSetEqual"), (str, "assertMultiLineEqual"),
        ):
            self.addTypeEqualityFunc(cls, name)

    def addTypeEqualityFunc(self, typeobj, function):
        self._type_equality_funcs[typeobj] = function

    def addCleanup(self, function, /, *args, **kwargs):
        self._cleanups.append((function, args, kwargs))

    def enterContext(self, cm):
        result = cm.__enter__()
        self.addCleanup(cm.__exit__, None, None, None)
        return result

    @classmethod
    def addClassCleanup(cls, function, /, *args, **kwargs):
        cls._class_cleanups.append((function, args, kwargs))

    @classmethod
    def doClassCleanups(cls):
        while cls._class_cleanups:
            function, args, kwargs = cls._class_cleanups.pop()
            function(*args, **kwargs)

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def countTestCases(self):
        return 1

    def defaultTestResult(self):
        from unittest import TestResult

        return TestResult()

    def shortDescription(self):
        doc = self._testMethodDoc
        return doc.strip().split("\n")[0].strip() if doc else None

    def id(self):
        return "%s.%s.%s" % (self.__class__.__module__, self.__class__.__qualname__, self._testMethodName)

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return self._testMethodName == other._testMethodName

    def __hash__(self):
        return hash((type(self), self._testMethodName))

    def __str__(self):
        cls = "%s.%s" % (self.__class__.__module__, self.__class__.__qualname__)
        if _members >= 11:
            cls = "%s.%s" % (cls, self._testMethodName)
        return "%s (%s)" % (self._testMethodName, cls)

    def __repr__(self):
        return "<%s.%s testMethod=%s>" % (self.__class__.__module__, self.__class__.__qualname__, self._testMethodName)

    def __call__(self, *args, **kwds):
        return self.run(*args, **kwds)

    def debug(self):
        self.setUp()
        getattr(self, self._testMethodName)()
        self.tearDown()
        self.doCleanups()

    # ---- running -------------------------------------------------------------------------------------------------

    def run(self, result=None):
        """Runs the test; the result learns what became of it."""
        if result is None:
            result = self.defaultTestResult()
        result.startTest(self)
        method = getattr(self, self._testMethodName)
        try:
            if getattr(self.__class__, "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False):
                result.addSkip(self, getattr(self.__class__, "__unittest_skip_why__", "")
                               or getattr(method, "__unittest_skip_why__", ""))
                return result
            expects = getattr(self, "__unittest_expecting_failure__", False) or getattr(
                method, "__unittest_expecting_failure__", False)
            self._result = result
            self._good = True
            self._expected = None
            self._late = []
            if self._step(self.setUp, expects):
                self._expecting = expects
                self._step(method, expects, True)
                self._step(self.tearDown, False)
            self._run_cleanups()
            for add, args in self._late:
                add(*args)
            if self._good:
                if expects:
                    if self._expected is not None:
                        result.addExpectedFailure(self, self._expected)
                    else:
                        result.addUnexpectedSuccess(self)
                else:
                    result.addSuccess(self)
            return result
        finally:
            result.stopTest(self)
            self._expected = None
            self._late = []

    def _step(self, function, expects, is_test=False):
        """Runs one part of the test; whether it went well."""
        try:
            value = self._call(function)
            if is_test and value is not None and _members >= 11:
                import warnings

                warnings.warn("It is deprecated to return a value that is not None from a test case (%r)" % (
                    getattr(self, self._testMethodName),) if _members < 13 else
                    "It is deprecated to return a value that is not None from a test case (%r returned %r)" % (
                        getattr(self, self._testMethodName), type(value).__name__), DeprecationWarning, stacklevel=3)
            return True
        except KeyboardInterrupt:
            raise
        except SkipTest as exc:
            self._good = False
            self._result.addSkip(self, str(exc))
        except _ShouldStop:
            self._good = False
        except BaseException:
            info = sys.exc_info()
            if expects and is_test:
                self._expected = info
            else:
                self._good = False
                failed = issubclass(info[0], self.failureException)
                add = self._result.addFailure if failed else self._result.addError
                if _members >= 11:
                    add(self, info)
                else:
                    self._late.append((add, (self, info)))
        return False

    def _call(self, function):
        return function()

    def _run_cleanups(self):
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            self._step(lambda: self._call(lambda: function(*args, **kwargs)) and None, False)

    def doCleanups(self):
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def subTest(self, msg=None, **params):
        """A part of the test that may fail on its own."""
        return _SubTestContext(self, msg, params)

    def skipTest(self, reason):
        raise SkipTest(reason)

    # ---- exceptions and warnings ---------------------------------------------------------------------------------

    def assertRaises(self, expected_exception, *args, **kwargs):
        return _Raises(expected_exception, self)._check("assertRaises", args, kwargs)

    def assertRaisesRegex(self, expected_exception, expected_regex, *args, **kwargs):
        return _Raises(expected_exception, self, expected_regex)._check("assertRaisesRegex", args, kwargs)

    def assertWarns(self, expected_warning, *args, **kwargs):
        return _Warns(expected_warning, self)._check("assertWarns", args, kwargs)

    def assertWarnsRegex(self, expected_warning, expected_regex, *args, **kwargs):
        return _Warns(expected_warning, self, expected_regex)._check("assertWarnsRegex", args, kwargs)


class _SubTest(TestCase):
    """What a result is told of a part."""

    def __init__(self, test, message, params):
        super().__init__()
        self.test_case = test
        self._message = message
        self.params = params
        self.failureException = test.failureException

    def _text(self):
        parts = [] if self._message is None else ["[{}]".format(self._message)]
        if self.params:
            parts.append("({})".format(", ".join(["{}={!r}".format(*item) for item in self.params.items()])))
        return " ".join(parts) or "(<subtest>)"

    def id(self):
        return "{} {}".format(self.test_case.id(), self._text())

    def shortDescription(self):
        return self.test_case.shortDescription()

    def __str__(self):
        return "{} {}".format(self.test_case, self._text())


class _SubTestContext:
    def __init__(self, test, message, params):
        self.test = test
        outer = test._subtest
        merged = dict(outer.params, **params) if outer is not None else params
        self.part = _SubTest(test, message, merged)
        self.outer = outer

    def __enter__(self):
        self.test._subtest = self.part

    def __exit__(self, cls, value, tb):
        test = self.test
        test._subtest = self.outer
        if cls is None:
            return False
        if issubclass(cls, (KeyboardInterrupt, SystemExit)):
            return False
        result = test._result
        if issubclass(cls, SkipTest):
            test._good = False
            result.addSkip(self.part, str(value))
            return True
        info = (cls, value, tb)
        if getattr(test, "_expecting", False):
            test._expected = info
            return True
        test._good = False
        if _members >= 11:
            result.addSubTest(test, self.part, info)
        else:
            test._late.append((result.addSubTest, (test, self.part, info)))
        if result.failfast:
            raise _ShouldStop
        return True


class FunctionTestCase(TestCase):
    """A function as a test."""

    def __init__(self, testFunc, setUp=None, tearDown=None, description=None):
        super().__init__()
        self._functions = testFunc, setUp, tearDown
        self._description = description

    def setUp(self):
        if self._functions[1] is not None:
            self._functions[1]()

    def tearDown(self):
        if self._functions[2] is not None:
            self._functions[2]()

    def runTest(self):
        self._functions[0]()

    def id(self):
        return self._functions[0].__name__

    def __str__(self):
        return "unittest.case.FunctionTestCase (%s)" % self.id()

    def shortDescription(self):
        doc = self._description or self._functions[0].__doc__
        return doc and doc.split("\n")[0].strip() or None


class IsolatedAsyncioTestCase(TestCase):
    """Tests that are coroutine functions; they are run to their end one at a time."""

    async def asyncSetUp(self):
        pass

    async def asyncTearDown(self):
        pass

    def _call(self, function):
        value = function()
        if function == self.setUp:
            _finish(self.asyncSetUp())
        elif hasattr(value, "send") and hasattr(value, "cr_code"):
            value = _finish(value)
        return value


def _finish(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as exc:
        return exc.value


for _cls in (SkipTest, TestCase, FunctionTestCase):
    _cls.__module__ = "unittest.case"
