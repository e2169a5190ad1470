//! Programs about numbers, text, bytes, ranges and slices. Each ends with the audit.

use verysame_engine::rules::{Profile, PyVersion};
use verysame_engine::{Ended, Limits, Session};

/// Runs a program under these minor versions and compares its output; the audit must be clean.
fn prints_on(minors: impl IntoIterator<Item = u8>, source: &str, expected: &str) {
    for minor in minors {
        let version = PyVersion::of_minor(minor).expect("a known minor version");
        let mut session = Session::new(&Profile::of(version), Limits::default());
        let ended = session.run_module(source.as_bytes(), "program.py");
        let printed = String::from_utf8_lossy(session.stdout()).into_owned();
        assert_eq!(printed, expected, "3.{minor}: {ended:?}");
        assert_eq!(ended, Ended::Completed, "3.{minor}");
        session.audit().unwrap_or_else(|problem| panic!("3.{minor}: {problem}"));
        session.finish();
        session.audit().unwrap_or_else(|problem| panic!("3.{minor} after the end: {problem}"));
    }
}

fn prints(source: &str, expected: &str) {
    prints_on([8, 10, 13, 15], source, expected);
}

/// A function that shows what an expression gives or raises, for these expressions.
fn shown(expressions: &[&str]) -> String {
    let mut program =
        "def show(f):\n    try: print(repr(f()))\n    except Exception as e: print(type(e).__name__, e)\n".to_string();
    for expression in expressions {
        program.push_str(&format!("show(lambda: {expression})\n"));
    }
    program
}

#[test]
fn an_exact_str_comes_back_itself() {
    prints(
        "s = 'a b'\nclass S(str): pass\nt = S('a b')\n\
         print([x is s for x in (str(s), s[:], s[0:3], s + '', '' + s, s * 1, ''.join([s]), s.strip(), s.replace('x', 'y'),\n\
         \x20   s.replace('a', 'a'), s.expandtabs(), s.center(1), s.zfill(1), s.partition('x')[0], s.split('x')[0],\n\
         \x20   s.splitlines()[0], format(s), f'{s}', '%s' % s, '{}'.format(s), '%3s' % s, s % (), s.format())])\n\
         print([x is s for x in (s.lower(), s.translate({}), s * 2, s[::-1][::-1], s.encode().decode(), '%s' % S(s))])\n\
         print({type(x).__name__ for x in (str(t), t[:], t + '', t * 1, ''.join([t]), t.strip(), t.replace('x', 'y'))})\n\
         print(t.partition('x')[0] is t)\n",
        &format!("[{}]\n[{}]\n{{'str'}}\nTrue\n", ["True"; 23].join(", "), ["False"; 6].join(", ")),
    );
}

#[test]
fn one_character_is_shared_where_cpython_looks() {
    prints(
        "a = chr(97); b = bytes([97]); w = 'ba'\n\
         print([x is a for x in ('xa'[1], 'a b'.split()[0], ' a '.strip(), '%c' % 97, 'a,'.partition(',')[0], b.decode())])\n\
         print([x is a for x in ('A'.lower(), 'ba'.replace('b', ''), w[::-2], ''.join(['a', '']))])\n\
         print([x is b for x in (b'xa'[1:], 'a'.encode(), bytes.fromhex('61'), b'%c' % 97, b' a'.strip())])\n",
        "[True, True, True, True, True, True]\n[False, False, False, False]\n[True, True, True, True, True]\n",
    );
    let filled = "b = bytes([97])\nprint([x is b for x in (b'A'.lower(), (97).to_bytes(1, 'big'), bytes((97,)))])\n";
    prints_on([8, 14], filled, "[False, False, False]\n");
    prints_on([15], filled, "[True, True, True]\n");
}

#[test]
fn an_int_comes_back_from_conversions_only() {
    prints(
        "n = 10 ** 20\nclass I(int): pass\ni = I(7)\n\
         print([x is n for x in (+n, abs(n), int(n), round(n), round(n, 2), n.real, n.__index__(), n.conjugate())])\n\
         print([x is n for x in (n + 0, n * 1, n // 1, n | 0, -(-n), ~~n, n << 0, divmod(n, 1)[0])])\n\
         print([type(x).__name__ for x in (+i, i + 0, abs(i), int(i), round(i), i.real, i, I.from_bytes(b'a', 'big'))])\n\
         i.note = 1\nprint(i, i.note, hash(i) == hash(7), {7: 'x'}[i], I(2) ** I(100), isinstance(True + 1, bool))\n",
        "[True, True, True, True, True, True, True, True]\n[False, False, False, False, False, False, False, False]\n\
         ['int', 'int', 'int', 'int', 'int', 'int', 'I', 'I']\n7 1 True x 1267650600228229401496703205376 False\n",
    );
}

#[test]
fn small_ints_that_are_not_the_shared_ones() {
    let program = "five = 5\nb = 10 ** 30\n\
        print((b + 5) - b is five, (b + 5) % b is five, round(5.0) is five, int.from_bytes(b'\\5', 'big') is five)\n";
    prints_on([8], program, "False False False False\n");
    prints_on([9, 10], program, "True False True False\n");
    prints_on([11, 13, 15], program, "True True True True\n");
}

#[test]
fn no_float_is_shared() {
    prints(
        "f = float('1.5'); c = complex(1, 2)\n\
         print([x is f for x in (+f, float(f), f.real, f.conjugate(), f.__float__())], +c is c, complex(c) is c)\n\
         print([x is f for x in (abs(f), f + 0, round(f, 5), -(-f))], c.conjugate() is c, float('0.0') is float('0.0'))\n",
        "[True, True, True, True, True] True True\n[False, False, False, False] False False\n",
    );
}

#[test]
fn bytes_come_back_themselves_and_bytearrays_never() {
    prints(
        "b = b'ab'; a = bytearray(b'ab')\n\
         print([x is b for x in (bytes(b), b[:], b + b'', b'' + b, b * 1, b''.join([b]), b.strip(), b.replace(b'x', b''),\n\
         \x20   b.split(b'x')[0], b.partition(b'x')[0], b.center(1), b.zfill(1), b.translate(None))])\n\
         print([x is b for x in (b.lower(), b.expandtabs(), b'%s' % b, b.replace(b'a', b'a'))], b * 0 is b'')\n\
         print([x is a for x in (a[:], a + b'', a * 1, a.strip(), a.replace(b'x', b''), a.copy(), bytearray(a))])\n\
         c = a; a += b'c'; a *= 2; a[1:3] = b'XYZ'; del a[0]; a.append(33); print(c, c is a)\n",
        &format!(
            "[{}]\n[False, False, False, False] False\n[{}]\nbytearray(b'XYZabc!') True\n",
            ["True"; 13].join(", "),
            ["False"; 7].join(", ")
        ),
    );
}

#[test]
fn a_bytearray_that_is_looked_at_keeps_its_length() {
    prints(
        "b = bytearray(b'abc'); m = memoryview(b)\nm[0] = 90; m[1:] = b'xy'\n\
         for f in (lambda: b.append(1), lambda: b.clear(), lambda: b.pop()):\n\
         \x20   try: f()\n    except BufferError as e: print(e)\n\
         with m: b[0] = 65\n\
         try: m[0]\nexcept ValueError as e: print(e)\n\
         b.append(66); memoryview(b); b.append(67); print(b)\n",
        "Existing exports of data: object cannot be re-sized\nExisting exports of data: object cannot be re-sized\n\
         Existing exports of data: object cannot be re-sized\noperation forbidden on released memoryview object\n\
         bytearray(b'AxyBC')\n",
    );
}

#[test]
fn ranges_are_the_sequences_that_they_stand_for() {
    prints(
        "r = range(10, 0, -3)\nprint(list(r), r[1:], r[-1], r[::-1], list(reversed(r)), 4 in r, 5 in r, r.index(4), r.count(4.0))\n\
         print(range(0) == range(2, 2, 5), range(0, 3, 2) == range(0, 4, 2), hash(range(0, 3, 2)) == hash(range(0, 4, 2)))\n\
         n = 2 ** 70\nbig = range(n, n + 3)\nprint(list(big)[-1] - n, big[::2], n + 1 in big, len(big), big.start is n)\n\
         x = 1000\nprint(range(x, 2000).start is x, range(5)[True])\n",
        "[10, 7, 4, 1] range(7, -2, -3) 1 range(1, 13, 3) [1, 4, 7, 10] True False 2 1\nTrue True True\n\
         2 range(1180591620717411303424, 1180591620717411303427, 2) True 3 True\nTrue 1\n",
    );
    prints_on([8, 9], "print(range(True))\n", "range(0, True)\n");
    prints_on([10, 15], "print(range(True))\n", "range(0, 1)\n");
}

#[test]
fn formatting_shows_what_cpython_shows() {
    prints(
        "class C:\n    def __format__(s, spec): return f'<{spec}>'\n    def __repr__(s): return 'é'\n\
         c = C()\nc.d = {'k': [1, 2]}\n\
         print('{0} {0!a:>7} {0:{1}}'.format(c, 'x'), '{0.d[k][1]:03} {a!r}'.format(c, a='q'))\n\
         print('%s %r %a %5d|%-5d|%05.1f %x %#o %c %%' % (c.d, 'é', 'é', 42, 42, 2.25, 255, 8, 'ü'))\n\
         print('%(a)s %(b).2f' % {'a': 1, 'b': 2}, '%*d' % (5, 3), b'%b %d' % (b'x', 5), f'{10**10:,} {0.1:.3%} {-5:+#x}')\n\
         print('{x}'.format_map(type('M', (dict,), {'__missing__': lambda s, k: k * 2})()))\n",
        "<>    \\xe9 <x> 002 'q'\n{'k': [1, 2]} 'é' '\\xe9'    42|42   |002.2 ff 0o10 ü %\n\
         1 2.00     3 b'x 5' 10,000,000,000 10.000% -0x5\nxx\n",
    );
}

#[test]
fn errors_speak_like_cpython() {
    prints(
        &shown(&[
            "'a' + 1",
            "'a' * 1.5",
            "'a'.join([1])",
            "'a'.split('')",
            "b'a' + 'a'",
            "'{}'.format()",
            "int('x')",
            "float('x')",
            "1 << -1",
            "(300).to_bytes(1, 'big')",
            "'é'.encode('ascii')",
            "b'\\xff'.decode()",
            "bytes([256])",
            "range(1, 2, 0)",
            "'abc'[::0]",
            "str.__new__(int)",
        ]),
        "TypeError can only concatenate str (not \"int\") to str\n\
         TypeError can't multiply sequence by non-int of type 'float'\n\
         TypeError sequence item 0: expected str instance, int found\nValueError empty separator\n\
         TypeError can't concat str to bytes\nIndexError Replacement index 0 out of range for positional args tuple\n\
         ValueError invalid literal for int() with base 10: 'x'\nValueError could not convert string to float: 'x'\n\
         ValueError negative shift count\nOverflowError int too big to convert\n\
         UnicodeEncodeError 'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)\n\
         UnicodeDecodeError 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte\n\
         ValueError bytes must be in range(0, 256)\nValueError range() arg 3 must not be zero\n\
         ValueError slice step cannot be zero\nTypeError str.__new__(int): int is not a subtype of str\n",
    );
    let names = shown(&["'a'['b']", "int([])", "'a'.center(1.5)", "hash(slice(1))"]);
    prints_on(
        [8],
        &names,
        "TypeError string indices must be integers\n\
         TypeError int() argument must be a string, a bytes-like object or a number, not 'list'\n\
         TypeError integer argument expected, got float\nTypeError unhashable type: 'slice'\n",
    );
    prints_on(
        [13],
        &names,
        "TypeError string indices must be integers, not 'str'\n\
         TypeError int() argument must be a string, a bytes-like object or a real number, not 'list'\n\
         TypeError 'float' object cannot be interpreted as an integer\n-344020932372729183\n",
    );
}

#[test]
fn attributes_exist_where_the_version_has_them() {
    let program = "print([hasattr(*p) for p in (('', 'removeprefix'), (1, 'bit_count'), (b'', '__bytes__'), (1j, '__int__'),\n\
        \x20   (1, 'is_integer'), (bytearray(), 'resize'))])\n";
    prints_on([8], program, "[False, False, False, True, False, False]\n");
    prints_on([10], program, "[True, True, False, False, False, False]\n");
    prints_on([14, 15], program, "[True, True, True, False, True, True]\n");
}

#[test]
fn conversions_ask_the_methods_of_other_classes() {
    prints(
        "class N:\n    def __int__(s): return 8\n    def __float__(s): return 8.5\n    def __complex__(s): return 8j\n\
         class X:\n    def __index__(s): return 2\n\
         class B:\n    def __bytes__(s): return b'B!'\n\
         print(int(N()), float(N()), complex(N()), int(X()), float(X()), complex(X()), hex(X()), 'ab' * X(), 'abc'[X()],\n\
         \x20   [1, 2, 3][X():], bytes(X()), bytes(B()), range(X()), 1 + True, '%d %.1f' % (N(), N()))\n",
        "8 8.5 8j 2 2.0 (2+0j) 0x2 abab c [3] b'\\x00\\x00' b'B!' range(0, 2) 2 8 8.5\n",
    );
}

#[test]
fn too_large_results_end_in_an_outcome() {
    for source in [
        "'a' * 10 ** 12",
        "b'a' * 10 ** 12",
        "'a'.center(10 ** 12)",
        "bytes(10 ** 12)",
        "'\\t'.expandtabs(2 ** 31 - 1)",
    ] {
        let mut session = Session::new(&Profile::of(PyVersion::NEWEST), Limits::default());
        let ended = session.run_module(source.as_bytes(), "program.py");
        assert!(!matches!(ended, Ended::Completed), "{source}");
        session.audit().unwrap_or_else(|problem| panic!("{source}: {problem}"));
    }
}

#[test]
fn a_string_is_extended_in_place_where_only_its_variable_refers_to_it() {
    let local = "def f(keep):\n    s = ''.join(['a'] * 20)\n    out = []\n    for i in range(12):\n        p = id(s)\n\
        \x20       other = s if keep else None\n        s += 'x'\n        out.append('01'[id(s) == p])\n\
        \x20   return ''.join(out)\nprint(f(False), f(False), f(True))\n";
    prints_on([8, 10], local, "111111111110 111111111110 000000000000\n");
    prints_on([11], local, "000000011110 111111111110 000000000000\n");
    prints_on([12, 13, 14, 15], local, "011011111111 111011111111 000000000000\n");
    let one_line = local.replace("s += 'x'\n        out", "s += 'x'; out");
    prints_on([12], &one_line, "011011111111 111011111111 000000000000\n");
    prints_on([13, 14, 15], &one_line, "000000000000 000000000000 000000000000\n");
    let global = "s = ''.join(['a'] * 20); p = id(s)\ns += 'x'\nprint(id(s) == p)\n";
    prints_on([8, 10], global, "True\n");
    prints_on([11, 13, 15], global, "False\n");
}
