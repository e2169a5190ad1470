"""What tests assert, and the texts when it is not so."""

from _rules import members as _members

__unittest = True
_LONGEST = 80


def safe_repr(obj, short=False):
    """The repr of an object, whatever it does."""
    try:
        text = repr(obj)
    except Exception:
        text = object.__repr__(obj)
    if not short or len(text) < _LONGEST:
        return text
    return text[:_LONGEST] + " [truncated]..."


def _shortened(text, before, behind):
    skipped = len(text) - before - behind
    if skipped > 12:
        return "%s[%d chars]%s" % (text[:before], skipped, text[len(text) - behind:])
    return text


def _shortened_reprs(*values):
    """The reprs, long ones without what they have in common."""
    texts = [safe_repr(value) for value in values]
    longest = max([len(text) for text in texts])
    if longest <= _LONGEST:
        return texts
    first, last = min(texts), max(texts)
    same = 0
    while same < len(first) and first[same] == last[same]:
        same += 1
    prefix = first[:same]
    room = _LONGEST - (longest - same + 5 + 12)
    if room > 5:
        prefix = _shortened(prefix, 5, room)
        return [prefix + text[same:] for text in texts]
    prefix = _shortened(prefix, 5, 5)
    return [prefix + _shortened(text[same:], 5, 5) for text in texts]


class AssertTexts:
    """The assertions."""

    def fail(self, msg=None):
        raise self.failureException(msg)

    def _formatMessage(self, msg, standard):
        if not self.longMessage:
            return msg or standard
        if msg is None:
            return standard
        return "%s : %s" % (standard, msg)

    def _unless(self, good, msg, text, *values, short=False):
        if not good:
            text = text % tuple([safe_repr(value) for value in values])
            raise self.failureException(self._formatMessage(msg, text))

    def assertTrue(self, expr, msg=None):
        self._unless(expr, msg, "%s is not true", expr)

    def assertFalse(self, expr, msg=None):
        self._unless(not expr, msg, "%s is not false", expr)

    def assertEqual(self, first, second, msg=None):
        if type(first) is type(second):
            function = self._type_equality_funcs.get(type(first))
            if function is not None:
                if isinstance(function, str):
                    function = getattr(self, function)
                return function(first, second, msg=msg)
        self._base_equal(first, second, msg)

    def _base_equal(self, first, second, msg):
        if not first == second:
            raise self.failureException(self._formatMessage(msg, "%s != %s" % tuple(_shortened_reprs(first, second))))

    def assertNotEqual(self, first, second, msg=None):
        self._unless(first != second, msg, "%s == %s", first, second)

    def assertIs(self, expr1, expr2, msg=None):
        self._unless(expr1 is expr2, msg, "%s is not %s", expr1, expr2)

    def assertIsNot(self, expr1, expr2, msg=None):
        self._unless(expr1 is not expr2, msg, "unexpectedly identical: %s", expr1)

    def assertIsNone(self, obj, msg=None):
        self._unless(obj is None, msg, "%s is not None", obj)

    def assertIsNotNone(self, obj, msg=None):
        self._unless(obj is not None, msg, "unexpectedly None")

    def assertIn(self, member, container, msg=None):
        self._unless(member in container, msg, "%s not found in %s", member, container)

    def assertNotIn(self, member, container, msg=None):
        self._unless(member not in container, msg, "%s unexpectedly found in %s", member, container)

    def assertLess(self, a, b, msg=None):
        self._unless(a < b, msg, "%s not less than %s", a, b)

    def assertLessEqual(self, a, b, msg=None):
        self._unless(a <= b, msg, "%s not less than or equal to %s", a, b)

    def assertGreater(self, a, b, msg=None):
        self._unless(a > b, msg, "%s not greater than %s", a, b)

    def assertGreaterEqual(self, a, b, msg=None):
        self._unless(a >= b, msg, "%s not greater than or equal to %s", a, b)

    def assertIsInstance(self, obj, cls, msg=None):
        self._unless(isinstance(obj, cls), msg, "%s is not an instance of %r" % ("%s", cls), obj)

    def assertNotIsInstance(self, obj, cls, msg=None):
        self._unless(not isinstance(obj, cls), msg, "%s is an instance of %r" % ("%s", cls), obj)

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if first == second:
            return
        if delta is not None and places is not None:
            raise TypeError("specify delta or places not both")
        diff = abs(first - second)
        if delta is not None:
            self._unless(
                diff <= delta, msg, "%s != %s within %s delta (%s difference)", first, second, delta, diff)
            return
        places = 7 if places is None else places
        self._unless(
            round(diff, places) == 0, msg, "%s != %s within " + "%r places (%%s difference)" % places, first, second, diff)

    def assertNotAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if delta is not None and places is not None:
            raise TypeError("specify delta or places not both")
        diff = abs(first - second)
        if delta is not None:
            self._unless(not first == second and diff > delta, msg, "%s == %s within %s delta (%s difference)",
                         first, second, delta, diff)
            return
        places = 7 if places is None else places
        self._unless(not first == second and round(diff, places) != 0, msg,
                     "%s == %s within " + "%r places" % places, first, second)

    def assertRegex(self, text, expected_regex, msg=None):
        import re

        pattern = re.compile(expected_regex) if isinstance(expected_regex, (str, bytes)) else expected_regex
        if not pattern.search(text):
            standard = "Regex didn't match: %r not found in %r" % (pattern.pattern, text)
            raise self.failureException(self._formatMessage(msg, standard))

    def assertNotRegex(self, text, unexpected_regex, msg=None):
        import re

        pattern = re.compile(unexpected_regex) if isinstance(unexpected_regex, (str, bytes)) else unexpected_regex
        found = pattern.search(text)
        if found:
            standard = "Regex matched: %r matches %r in %r" % (text[found.start():found.end()], pattern.pattern, text)
            raise self.failureException(self._formatMessage(msg, standard))

    def assertCountEqual(self, first, second, msg=None):
        rest = list(second)
        missing = []
        for item in first:
            if item in rest:
                rest.remove(item)
            else:
                missing.append(item)
        if not missing and not rest:
            return
        first, second = list(first), list(second)
        kinds = []
        for item in first + second:
            if item not in kinds:
                kinds.append(item)
        lines = ["Element counts were not equal:"]
        for item in kinds:
            one, two = first.count(item), second.count(item)
            if one != two:
                lines.append("First has %d, Second has %d:  %r" % (one, two, item))
        raise self.failureException(self._formatMessage(msg, "\n".join(lines)))

    # ---- containers ----------------------------------------------------------------------------------------------

    def _with_diff(self, standard, first, second, msg):
        """The text with the difference of two lists of lines, unless that is too long."""
        import difflib

        diff = "\n" + "\n".join(difflib.ndiff(first, second))
        if self.maxDiff is not None and len(diff) > self.maxDiff:
            diff = "\nDiff is %s characters long. Set self.maxDiff to None to see it." % len(diff)
        raise self.failureException(self._formatMessage(msg, standard + diff))

    def assertSequenceEqual(self, first, second, msg=None, seq_type=None):
        name = "sequence" if seq_type is None else seq_type.__name__
        if seq_type is not None:
            for word, value in (("First", first), ("Second", second)):
                if not isinstance(value, seq_type):
                    raise self.failureException("%s sequence is not a %s: %s" % (word, name, safe_repr(value)))
        if first == second:
            return
        standard = "%ss differ: %s != %s\n" % ((name.capitalize(),) + tuple(_shortened_reprs(first, second)))
        one, two = len(first), len(second)
        for at in range(min(one, two)):
            if first[at] != second[at]:
                standard += "\nFirst differing element %d:\n%s\n%s\n" % (
                    (at,) + tuple(_shortened_reprs(first[at], second[at])))
                break
        else:
            if one == two and seq_type is None and type(first) != type(second):
                return
        if one > two:
            standard += "\nFirst %s contains %d additional elements.\n" % (name, one - two)
            standard += "First extra element %d:\n%s\n" % (two, safe_repr(first[two]))
        elif one < two:
            standard += "\nSecond %s contains %d additional elements.\n" % (name, two - one)
            standard += "First extra element %d:\n%s\n" % (one, safe_repr(second[one]))
        self._with_diff(standard, _lines(first), _lines(second), msg)

    def assertListEqual(self, list1, list2, msg=None):
        self.assertSequenceEqual(list1, list2, msg, seq_type=list)

    def assertTupleEqual(self, tuple1, tuple2, msg=None):
        self.assertSequenceEqual(tuple1, tuple2, msg, seq_type=tuple)

    def assertSetEqual(self, first, second, msg=None):
        try:
            one, two = first.difference(second), second.difference(first)
        except AttributeError as exc:
            self.fail("first argument does not support set difference: %s" % exc)
        if not one and not two:
            return
        lines = []
        for word, items in (("first", one), ("second", two)):
            if items:
                lines.append("Items in the %s set but not the %s:" % (word, "second" if word == "first" else "first"))
                lines += [repr(item) for item in items]
        raise self.failureException(self._formatMessage(msg, "\n".join(lines)))

    def assertDictEqual(self, d1, d2, msg=None):
        self.assertIsInstance(d1, dict, "First argument is not a dictionary")
        self.assertIsInstance(d2, dict, "Second argument is not a dictionary")
        if d1 != d2:
            self._with_diff("%s != %s" % tuple(_shortened_reprs(d1, d2)), _lines(d1), _lines(d2), msg)

    def assertDictContainsSubset(self, subset, dictionary, msg=None):
        missing = [key for key in subset if key not in dictionary]
        self._unless(not missing, msg, "Missing: %s" % ",".join([safe_repr(key) for key in missing]).replace("%", "%%"))

    if _members >= 12:
        del assertDictContainsSubset

    def assertMultiLineEqual(self, first, second, msg=None):
        self.assertIsInstance(first, str, "First argument is not a string")
        self.assertIsInstance(second, str, "Second argument is not a string")
        if first == second:
            return
        standard = "%s != %s" % tuple(_shortened_reprs(first, second))
        if len(first) > 2 ** 16 or len(second) > 2 ** 16:
            return self._base_equal(first, second, msg)
        one, two = first, second
        if first and second and "\n" not in first.strip("\r\n") and "\n" not in second.strip("\r\n"):
            one, two = first + "\n" if first[-1:] != "\n" else first, second + "\n" if second[-1:] != "\n" else second
        import difflib

        diff = "\n" + "".join(difflib.ndiff(one.splitlines(keepends=True), two.splitlines(keepends=True)))
        if self.maxDiff is not None and len(diff) > self.maxDiff:
            diff = "\nDiff is %s characters long. Set self.maxDiff to None to see it." % len(diff)
        raise self.failureException(self._formatMessage(msg, standard + diff))


def _lines(value):
    """The lines of a value as `pprint` writes it."""
    text = repr(value)
    if len(text) <= 80:
        return [text]
    if isinstance(value, dict):
        parts = ["%r: %r" % item for item in sorted(value.items(), key=lambda item: repr(item[0]))]
        left, right = "{", "}"
    elif isinstance(value, (list, tuple)):
        parts = [repr(item) for item in value]
        left, right = ("[", "]") if isinstance(value, list) else ("(", ")")
    else:
        return [text]
    lines = [" " + part + "," for part in parts]
    lines[0] = left + lines[0][1:]
    lines[-1] = lines[-1][:-1] + right
    return lines
