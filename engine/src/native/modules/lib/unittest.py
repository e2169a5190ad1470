"""Tests as classes: cases, suites, a loader, results and a program that runs a module's tests."""

import sys
import _unittest_case
from _unittest_case import (
    FunctionTestCase, IsolatedAsyncioTestCase, SkipTest, TestCase, addModuleCleanup, doModuleCleanups, expectedFailure,
    skip, skipIf, skipUnless,
)
from _rules import members as _members

try:
    from time import perf_counter as _clock
except ImportError:
    def _clock():
        """Without a clock, tests take no time."""
        return 0.0

__all__ = [
    "TestResult", "TestCase", "IsolatedAsyncioTestCase", "TestSuite", "TextTestRunner", "TestLoader", "FunctionTestCase",
    "main", "defaultTestLoader", "SkipTest", "skip", "skipIf", "skipUnless", "expectedFailure", "TextTestResult",
    "addModuleCleanup", "doModuleCleanups",
]


class TestResult:
    """What became of tests."""

    def __init__(self, stream=None, descriptions=None, verbosity=None):
        self.failfast = False
        self.failures = []
        self.errors = []
        self.skipped = []
        self.expectedFailures = []
        self.unexpectedSuccesses = []
        self.collectedDurations = []
        self.testsRun = 0
        self.shouldStop = False
        self.buffer = False
        self.tb_locals = False

    def startTest(self, test):
        self.testsRun += 1

    def stopTest(self, test):
        pass

    def startTestRun(self):
        pass

    def stopTestRun(self):
        pass

    def stop(self):
        self.shouldStop = True

    def _stop_early(self):
        if self.failfast:
            self.stop()

    def addError(self, test, err):
        self.errors.append((test, _text(test, err)))
        self._stop_early()

    def addFailure(self, test, err):
        self.failures.append((test, _text(test, err)))
        self._stop_early()

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._stop_early()
            failed = issubclass(err[0], test.failureException)
            (self.failures if failed else self.errors).append((subtest, _text(test, err)))

    def addSuccess(self, test):
        pass

    def addSkip(self, test, reason):
        self.skipped.append((test, reason))

    def addExpectedFailure(self, test, err):
        self.expectedFailures.append((test, _text(test, err)))

    def addUnexpectedSuccess(self, test):
        self.unexpectedSuccesses.append(test)
        self._stop_early()

    def addDuration(self, test, elapsed):
        self.collectedDurations.append((str(test), elapsed))

    def wasSuccessful(self):
        return not (self.failures or self.errors or self.unexpectedSuccesses)

    def __repr__(self):
        return "<unittest.result.TestResult run=%i errors=%i failures=%i>" % (
            self.testsRun, len(self.errors), len(self.failures))


def _text(test, err):
    """The traceback of a failure, without the frames of this package."""
    import traceback

    cls, value, tb = err
    while tb is not None and "__unittest" in tb.tb_frame.f_globals:
        tb = tb.tb_next
    if cls is test.failureException:
        _cut(tb)
    value.__traceback__ = tb
    return "".join(traceback.format_exception(cls, value, tb))


def _cut(tb):
    """Ends a traceback before the frames of the assertion itself."""
    last = None
    while tb is not None and "__unittest" not in tb.tb_frame.f_globals:
        last = tb
        tb = tb.tb_next
    if last is not None:
        last.tb_next = None


class TestSuite:
    """Tests and suites to run one after the other."""

    def __init__(self, tests=()):
        self._tests = list(tests)

    def addTest(self, test):
        if not callable(test):
            raise TypeError("{} is not callable".format(repr(test)))
        if isinstance(test, type) and issubclass(test, (TestCase, TestSuite)):
            raise TypeError("TestCases and TestSuites must be instantiated before passing them to addTest()")
        self._tests.append(test)

    def addTests(self, tests):
        for test in tests:
            self.addTest(test)

    def countTestCases(self):
        return sum([test.countTestCases() for test in self._tests])

    def __iter__(self):
        return iter(self._tests)

    def __eq__(self, other):
        if not isinstance(other, self.__class__):
            return NotImplemented
        return list(self) == list(other)

    def __repr__(self):
        return "<unittest.suite.TestSuite tests=%s>" % (list(self),)

    def __call__(self, *args, **kwds):
        return self.run(*args, **kwds)

    def run(self, result, debug=False):
        top = getattr(result, "_testRunEntered", False) is False
        if top:
            result._testRunEntered = True
            result._previousTestClass = None
            result._moduleSetUpFailed = False
        for test in self._tests:
            if result.shouldStop:
                break
            if isinstance(test, TestCase):
                self._leave_class(test, result)
                self._enter_module(test, result)
                self._enter_class(test, result)
                result._previousTestClass = test.__class__
                if getattr(test.__class__, "_classSetupFailed", False) or result._moduleSetUpFailed:
                    continue
            test(result)
        if top:
            self._leave_class(None, result)
            self._leave_module(None, result)
            result._testRunEntered = False
        return result

    def debug(self):
        for test in self._tests:
            test.debug()

    def _guarded(self, function, name, what, result):
        try:
            function()
            return True
        except SkipTest as exc:
            result.addSkip(_ErrorHolder("%s (%s)" % (name, what)), str(exc))
        except Exception:
            result.addError(_ErrorHolder("%s (%s)" % (name, what)), sys.exc_info())
        return False

    def _enter_class(self, test, result):
        cls = test.__class__
        if cls is result._previousTestClass or result._moduleSetUpFailed or getattr(cls, "__unittest_skip__", False):
            return
        cls._classSetupFailed = False
        if not self._guarded(cls.setUpClass, "setUpClass", _class_text(cls), result):
            cls._classSetupFailed = True
            cls.doClassCleanups()

    def _leave_class(self, test, result):
        cls = result._previousTestClass
        if cls is None or test is not None and test.__class__ is cls:
            return
        if getattr(cls, "_classSetupFailed", False) or result._moduleSetUpFailed or getattr(cls, "__unittest_skip__", False):
            return
        self._guarded(cls.tearDownClass, "tearDownClass", _class_text(cls), result)
        cls.doClassCleanups()

    def _enter_module(self, test, result):
        previous = result._previousTestClass
        if previous is not None and previous.__module__ == test.__class__.__module__:
            return
        self._leave_module(test, result)
        result._moduleSetUpFailed = False
        module = sys.modules.get(test.__class__.__module__)
        set_up = getattr(module, "setUpModule", None)
        if set_up is not None and not self._guarded(set_up, "setUpModule", test.__class__.__module__, result):
            result._moduleSetUpFailed = True

    def _leave_module(self, test, result):
        previous = result._previousTestClass
        if previous is None or result._moduleSetUpFailed:
            return
        module = sys.modules.get(previous.__module__)
        tear_down = getattr(module, "tearDownModule", None)
        if tear_down is not None:
            self._guarded(tear_down, "tearDownModule", previous.__module__, result)
        doModuleCleanups()


def _class_text(cls):
    return "%s.%s" % (cls.__module__, cls.__qualname__)


class _ErrorHolder:
    """Stands for a test where what is around the tests failed."""

    failureException = None

    def __init__(self, description):
        self.description = description

    def id(self):
        return self.description

    def shortDescription(self):
        return None

    def __str__(self):
        return self.description

    def countTestCases(self):
        return 0


class TestLoader:
    """Finds tests in classes and modules."""

    testMethodPrefix = "test"
    sortTestMethodsUsing = staticmethod(lambda a, b: (a > b) - (a < b))
    suiteClass = TestSuite

    def getTestCaseNames(self, testCaseClass):
        from functools import cmp_to_key

        names = [
            name for name in dir(testCaseClass)
            if name.startswith(self.testMethodPrefix) and callable(getattr(testCaseClass, name))]
        if self.sortTestMethodsUsing:
            names.sort(key=cmp_to_key(self.sortTestMethodsUsing))
        return names

    def loadTestsFromTestCase(self, testCaseClass):
        if issubclass(testCaseClass, TestSuite):
            raise TypeError("Test cases should not be derived from TestSuite. Maybe you meant to derive from TestCase?")
        names = self.getTestCaseNames(testCaseClass)
        if not names and hasattr(testCaseClass, "runTest"):
            names = ["runTest"]
        return self.suiteClass([testCaseClass(name) for name in names])

    def loadTestsFromModule(self, module, *, pattern=None):
        tests = []
        for name in dir(module):
            found = getattr(module, name)
            if isinstance(found, type) and issubclass(found, TestCase) and found not in _plain:
                tests.append(self.loadTestsFromTestCase(found))
        tests = self.suiteClass(tests)
        load_tests = getattr(module, "load_tests", None)
        return tests if load_tests is None else load_tests(self, tests, pattern)

    def loadTestsFromName(self, name, module=None):
        parts = name.split(".")
        found = module
        if found is None:
            found = __import__(parts.pop(0))
        parent = None
        for part in parts:
            parent, found = found, getattr(found, part)
        if isinstance(found, type(sys)):
            return self.loadTestsFromModule(found)
        if isinstance(found, type) and issubclass(found, TestCase):
            return self.loadTestsFromTestCase(found)
        if isinstance(parent, type) and issubclass(parent, TestCase):
            return self.suiteClass([parent(parts[-1])])
        if isinstance(found, TestSuite):
            return found
        if callable(found):
            test = found()
            return test if isinstance(test, TestSuite) else self.suiteClass([test])
        raise TypeError("don't know how to make test from: %s" % found)

    def loadTestsFromNames(self, names, module=None):
        return self.suiteClass([self.loadTestsFromName(name, module) for name in names])


_plain = (TestCase, FunctionTestCase, IsolatedAsyncioTestCase)
defaultTestLoader = TestLoader()


class TextTestResult(TestResult):
    """A result that writes as it goes."""

    separator1 = "=" * 70
    separator2 = "-" * 70

    def __init__(self, stream, descriptions, verbosity, *, durations=None):
        super().__init__(stream, descriptions, verbosity)
        self.stream = stream
        self.showAll = verbosity > 1
        self.dots = verbosity == 1
        self.descriptions = descriptions
        self._open_line = False

    def getDescription(self, test):
        first = test.shortDescription()
        return "\n".join((str(test), first)) if self.descriptions and first else str(test)

    def startTest(self, test):
        super().startTest(test)
        if self.showAll:
            self.stream.write(self.getDescription(test) + " ... ")
            self._open_line = True

    def _say(self, test, word, sign):
        if self.showAll:
            if isinstance(test, _unittest_case._SubTest):
                if self._open_line:
                    self.stream.write("\n")
                self.stream.write("  " + self.getDescription(test) + " ... ")
            elif not self._open_line:
                self.stream.write(self.getDescription(test) + " ... ")
            self.stream.write(word + "\n")
            self._open_line = False
        elif self.dots:
            self.stream.write(sign)

    def addSubTest(self, test, subtest, err):
        if err is not None and _members >= 11:
            failed = issubclass(err[0], subtest.failureException)
            self._say(subtest, "FAIL" if failed else "ERROR", "F" if failed else "E")
        super().addSubTest(test, subtest, err)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._say(test, "ok", ".")

    def addError(self, test, err):
        super().addError(test, err)
        self._say(test, "ERROR", "E")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._say(test, "FAIL", "F")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._say(test, "skipped {0!r}".format(reason), "s")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._say(test, "expected failure", "x")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._say(test, "unexpected success", "u")

    def printErrors(self):
        if self.dots or self.showAll:
            self.stream.write("\n")
        self.printErrorList("ERROR", self.errors)
        self.printErrorList("FAIL", self.failures)
        if self.unexpectedSuccesses and _members >= 10:
            self.stream.write(self.separator1 + "\n")
            for test in self.unexpectedSuccesses:
                self.stream.write("UNEXPECTED SUCCESS: %s\n" % self.getDescription(test))

    def printErrorList(self, flavour, errors):
        for test, text in errors:
            self.stream.write(self.separator1 + "\n")
            self.stream.write("%s: %s\n" % (flavour, self.getDescription(test)))
            self.stream.write(self.separator2 + "\n")
            self.stream.write("%s\n" % text)


class TextTestRunner:
    """Runs tests and writes what became of them."""

    resultclass = TextTestResult

    def __init__(self, stream=None, descriptions=True, verbosity=1, failfast=False, buffer=False, resultclass=None,
                 warnings=None, *, tb_locals=False, durations=None):
        self.stream = sys.stderr if stream is None else stream
        self.descriptions = descriptions
        self.verbosity = verbosity
        self.failfast = failfast
        if resultclass is not None:
            self.resultclass = resultclass

    def _makeResult(self):
        return self.resultclass(self.stream, self.descriptions, self.verbosity)

    def run(self, test):
        result = self._makeResult()
        result.failfast = self.failfast
        start = _clock()
        result.startTestRun()
        test(result)
        result.stopTestRun()
        taken = _clock() - start
        write = self.stream.write
        result.printErrors()
        if hasattr(result, "separator2"):
            write(result.separator2 + "\n")
        run = result.testsRun
        write("Ran %d test%s in %.3fs\n\n" % (run, "" if run == 1 else "s", taken))
        infos = []
        if not result.wasSuccessful():
            write("FAILED")
            if result.failures:
                infos.append("failures=%d" % len(result.failures))
            if result.errors:
                infos.append("errors=%d" % len(result.errors))
        elif run == 0 and not result.skipped and _members >= 12:
            write("NO TESTS RAN")
        else:
            write("OK")
        for word, found in (
            ("skipped", result.skipped), ("expected failures", result.expectedFailures),
            ("unexpected successes", result.unexpectedSuccesses),
        ):
            if found:
                infos.append("%s=%d" % (word, len(found)))
        write(" (%s)\n" % ", ".join(infos) if infos else "\n")
        return result


class TestProgram:
    """Runs the tests of a module and exits."""

    def __init__(self, module="__main__", defaultTest=None, argv=None, testRunner=None, testLoader=defaultTestLoader,
                 exit=True, verbosity=1, failfast=None, catchbreak=None, buffer=None, warnings=None, *, tb_locals=False,
                 durations=None):
        if isinstance(module, str):
            module = __import__(module)
        self.module = module
        names = []
        for arg in (sys.argv if argv is None else argv)[1:]:
            if arg in ("-v", "--verbose"):
                verbosity = 2
            elif arg in ("-q", "--quiet"):
                verbosity = 0
            elif arg in ("-f", "--failfast"):
                failfast = True
            elif not arg.startswith("-"):
                names.append(arg)
        if not names and defaultTest is not None:
            names = [defaultTest] if isinstance(defaultTest, str) else list(defaultTest)
        if names:
            self.test = testLoader.loadTestsFromNames(names, module)
        else:
            self.test = testLoader.loadTestsFromModule(module)
        runner = TextTestRunner if testRunner is None else testRunner
        if isinstance(runner, type):
            runner = runner(verbosity=verbosity, failfast=bool(failfast))
        self.result = runner.run(self.test)
        if exit:
            if self.result.testsRun == 0 and not self.result.skipped and _members >= 12:
                sys.exit(5)
            sys.exit(not self.result.wasSuccessful())


main = TestProgram
__unittest = True
