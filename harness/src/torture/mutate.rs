//! Programs made of other programs: bytes, tokens and lines exchanged, parts spliced, things nested and repeated.

use super::Corpus;
use super::tokens::{Kind, pieces};
use fastrand::Rng;
use std::fmt::Write;
use verysame_engine::syntax;

/// A program is cut to this many bytes.
const LONGEST: usize = 1 << 16;

/// Names that reach far into the machine.
const NAMES: &[&str] = &[
    "None",
    "True",
    "False",
    "__class__",
    "__debug__",
    "__dict__",
    "__slots__",
    "__del__",
    "__eq__",
    "__hash__",
    "__init__",
    "__new__",
    "__iter__",
    "__next__",
    "__getattr__",
    "__getattribute__",
    "__setattr__",
    "__delattr__",
    "__get__",
    "__set__",
    "__call__",
    "__repr__",
    "__len__",
    "__bool__",
    "__index__",
    "__enter__",
    "__exit__",
    "__await__",
    "__annotations__",
    "__weakref__",
    "__mro_entries__",
    "__init_subclass__",
    "__set_name__",
    "__subclasscheck__",
    "__instancecheck__",
    "__class_getitem__",
    "__missing__",
    "__code__",
    "__closure__",
    "__globals__",
    "__defaults__",
    "__kwdefaults__",
    "__bases__",
    "__mro__",
    "mro",
    "f_locals",
    "f_back",
    "gi_frame",
    "tb_frame",
    "__traceback__",
    "__context__",
    "super",
    "object",
    "type",
    "property",
    "staticmethod",
    "classmethod",
    "globals",
    "locals",
    "vars",
    "dir",
    "exec",
    "eval",
    "compile",
    "iter",
    "next",
    "list",
    "dict",
    "set",
    "frozenset",
    "tuple",
    "str",
    "bytes",
    "bytearray",
    "memoryview",
    "range",
    "slice",
    "int",
    "float",
    "complex",
    "bool",
    "sorted",
    "sum",
    "min",
    "max",
    "map",
    "filter",
    "zip",
    "enumerate",
    "reversed",
    "print",
    "getattr",
    "setattr",
    "delattr",
    "hasattr",
    "isinstance",
    "issubclass",
    "hash",
    "id",
    "len",
    "repr",
    "sys",
    "gc",
    "weakref",
    "copy",
    "itertools",
    "functools",
    "collections",
    "contextlib",
    "self",
    "cls",
    "_",
    "x",
    "f",
    "BaseException",
    "Exception",
];

const WORDS: &[&str] = &[
    "del",
    "global",
    "nonlocal",
    "return",
    "yield",
    "yield from",
    "await",
    "async",
    "lambda",
    "lambda:",
    "class",
    "def",
    "if",
    "else",
    "elif",
    "for",
    "in",
    "while",
    "try:",
    "except",
    "except*",
    "finally:",
    "with",
    "as",
    "import",
    "from",
    "raise",
    "assert",
    "pass",
    "break",
    "continue",
    "not",
    "and",
    "or",
    "is",
    "match",
    "case",
    "type",
    "global x",
    "nonlocal x",
];

const OPERATORS: &[&str] = &[
    "(", ")", "[", "]", "{", "}", ",", ":", ";", ".", "=", ":=", "*", "**", "@", "->", "==", "!=", "<", ">=", "+", "-",
    "~", "//", "%", "<<", ">>", "&", "|", "^", "+=", "*=", "|=", "...", "\\\n", "#",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "256",
    "257",
    "2**63",
    "2**64",
    "-2**63",
    "10**30",
    "1e308",
    "-0.0",
    "1j",
    "0x7fffffff",
    "4294967296",
    "1000000",
    "0b1",
    "1_000",
    "float('nan')",
    "float('inf')",
    "9223372036854775807",
    "-9223372036854775808",
    "1 << 200",
];

const TEXTS: &[&str] = &[
    "''",
    "b''",
    "'x'",
    "f'{x!r:>{x}}'",
    "f'{x = }'",
    "'%s %r'",
    "'{} {0}'",
    "'\\ud800'",
    "'\\N{DIGIT ONE}'",
    "'é'",
    "'\\U0001F600'",
    "rb'\\x'",
    "'''a\nb'''",
    "'%*.*f'",
    "'{:,.3%}'",
    "'x' * 1000",
];

/// Whole lines that do much with little.
const LINES: &[&str] = &[
    "import gc; gc.collect()",
    "import sys; sys._getframe().f_locals.clear()",
    "import sys; sys.setrecursionlimit(50)",
    "import gc; gc.set_threshold(1)",
    "for x in list(globals().values()): repr(x)",
    "for x in list(globals()): exec('del ' + x)",
    "globals().clear()",
    "x = [x for x in range(20)]; x.append(x); y = {1: x}; x[0] = y; del x, y",
    "class A:\n    def __del__(self): globals()['z'] = self\na = A(); a.a = a; del a",
    "def g():\n    try:\n        yield 1\n    finally:\n        yield 2\ng = g(); next(g)",
    "def r(n): return r(n + 1) + 1\nr(0)",
    "while True: x = [x] if 'x' in globals() else []",
    "print('x' * 10 ** 9)",
    "x = 7 ** 7 ** 7",
    "x = [0] * 10 ** 9",
    "import weakref; w = weakref.ref(lambda: 0, print)",
    "import copy; x = copy.deepcopy(globals().get('x'))",
    "async def c():\n    await c()\nc().send(None)",
    "type('X', (type,), {'__slots__': ('a',)})",
    "raise ExceptionGroup('g', [ValueError()])",
];

/// A program from nothing or from others.
pub fn program(corpus: &Corpus, rng: &mut Rng) -> Vec<u8> {
    if rng.u8(..12) == 0 {
        return noise(rng);
    }
    let mut text = corpus.pick(rng).to_string();
    // Few changes leave most of a program alive, many find the parser's corners.
    let most = rng.choice([2, 4, 12]).unwrap_or(2);
    for _ in 0..=rng.usize(..most) {
        let mut changed = change(text.clone(), corpus, rng);
        cut(&mut changed);
        // Most programs are to run: what is refused by the parser is mostly taken back.
        if rng.u8(..6) == 0 || syntax::split_interactive(&changed).is_ok() {
            text = changed;
        }
    }
    let mut bytes = text.into_bytes();
    if rng.u8(..8) == 0 {
        for _ in 0..=rng.usize(..4) {
            spoil(&mut bytes, rng);
        }
    }
    bytes
}

/// Bytes without sense, or tokens without order.
fn noise(rng: &mut Rng) -> Vec<u8> {
    let length = rng.usize(..200);
    match rng.u8(..3) {
        0 => (0..length).map(|_| rng.u8(..)).collect(),
        1 => (0..length).map(|_| *rng.choice(b"()[]{}:,.='\"\\\n\t #@0aefx\x00\xc3\xa9").unwrap_or(&b' ')).collect(),
        _ => {
            let tokens: Vec<&str> = (0..length).map(|_| token(rng)).collect();
            tokens.join(if rng.bool() { " " } else { "\n" }).into_bytes()
        }
    }
}

fn token(rng: &mut Rng) -> &'static str {
    let kinds = [NAMES, WORDS, OPERATORS, OPERATORS, NUMBERS, TEXTS];
    rng.choice(kinds).and_then(|kind| rng.choice(kind)).copied().unwrap_or("")
}

fn change(text: String, corpus: &Corpus, rng: &mut Rng) -> String {
    match rng.u8(..16) {
        0..8 => in_tokens(&text, corpus, rng),
        8..12 => in_lines(&text, corpus, rng),
        12 => spliced(&text, corpus.pick(rng), rng),
        13 => nested(&text, rng),
        14 => repeated(&text, rng),
        _ => {
            let mut text = text;
            let line = rng.choice(LINES).copied().unwrap_or("");
            let place = line_starts(&text);
            let at = rng.choice(&place).copied().unwrap_or(0);
            text.insert_str(at, &format!("{line}\n"));
            text
        }
    }
}

fn in_tokens(text: &str, corpus: &Corpus, rng: &mut Rng) -> String {
    let mut tokens = pieces(text);
    if tokens.is_empty() {
        return token(rng).to_string();
    }
    let at = rng.usize(..tokens.len());
    let (kind, _) = tokens[at];
    let other = corpus.pick(rng);
    let same: Vec<(Kind, &str)> = if rng.bool() { pieces(text) } else { pieces(other) };
    let same: Vec<&str> = same.into_iter().filter(|(k, _)| *k == kind).map(|(_, piece)| piece).collect();
    match rng.u8(..6) {
        0 | 1 => {
            let known = match kind {
                Kind::Name => NAMES,
                Kind::Number => NUMBERS,
                Kind::Text => TEXTS,
                Kind::Operator => OPERATORS,
                Kind::Blank | Kind::Line => &[],
            };
            let known = rng.choice(known).copied();
            let of_others = rng.choice(&same).copied();
            if let Some(piece) = if rng.bool() { known.or(of_others) } else { of_others.or(known) } {
                tokens[at] = (kind, piece);
            }
        }
        2 => {
            tokens.remove(at);
        }
        3 => {
            let copy = tokens[at];
            tokens.insert(rng.usize(..tokens.len()), copy);
        }
        4 => {
            let other = rng.usize(..tokens.len());
            tokens.swap(at, other);
        }
        _ => {
            tokens.insert(at, (Kind::Blank, " "));
            tokens.insert(at, (kind, token(rng)));
        }
    }
    tokens.into_iter().map(|(_, piece)| piece).collect()
}

fn in_lines(text: &str, corpus: &Corpus, rng: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    if lines.is_empty() {
        return text.to_string();
    }
    let at = rng.usize(..lines.len());
    match rng.u8(..7) {
        0 => {
            lines.remove(at);
        }
        1 => {
            let copy = lines[at].clone();
            lines.insert(rng.usize(..=lines.len()), copy);
        }
        2 => {
            let other = rng.usize(..lines.len());
            lines.swap(at, other);
        }
        3 => lines[at].insert_str(0, if rng.bool() { "    " } else { "\t" }),
        4 => {
            let dedented = lines[at].trim_start().to_string();
            lines[at] = dedented;
        }
        5 => {
            let other: Vec<&str> = corpus.pick(rng).lines().collect();
            let indent: String = lines[at].chars().take_while(|c| c.is_whitespace()).collect();
            if let Some(line) = rng.choice(&other) {
                lines.insert(at, format!("{indent}{}", line.trim_start()));
            }
        }
        _ => {
            let end = (at + 1 + rng.usize(..4)).min(lines.len());
            let block: Vec<String> = lines.drain(at..end).collect();
            let to = rng.usize(..=lines.len());
            lines.splice(to..to, block);
        }
    }
    lines.join("\n") + "\n"
}

/// The beginning of one and the end of the other.
fn spliced(text: &str, other: &str, rng: &mut Rng) -> String {
    let (ends, begins) = (line_starts(text), line_starts(other));
    let end = rng.choice(&ends).copied().unwrap_or(0);
    let begin = rng.choice(&begins).copied().unwrap_or(0);
    format!("{}\n{}", text.get(..end).unwrap_or_default(), other.get(begin..).unwrap_or_default())
}

/// The whole inside of another block.
fn nested(text: &str, rng: &mut Rng) -> String {
    const AROUND: &[(&str, &str)] = &[
        ("def outer():", "outer()"),
        ("class Outer:", "Outer()"),
        ("for turn in range(3):", ""),
        ("try:", "finally:\n    pass"),
        ("async def outer():", "try:\n    outer().send(None)\nexcept StopIteration:\n    pass"),
        ("def outer():\n    yield\n    global x", "list(outer())"),
        ("if True:", ""),
        ("def outer(self=None, *args, x=1, **kwargs):\n    __class__ = 1", "outer()"),
    ];
    let (head, tail) = rng.choice(AROUND).copied().unwrap_or_default();
    let mut made = format!("{head}\n");
    for line in text.lines() {
        let _ = writeln!(made, "    {line}");
    }
    made + "    pass\n" + tail + "\n"
}

/// One small thing many times.
fn repeated(text: &str, rng: &mut Rng) -> String {
    const THINGS: &[&str] = &[
        "(",
        "[",
        "{",
        "-",
        "not ",
        "lambda: ",
        "a.",
        "a[",
        "f(",
        "x = ",
        "1 + ",
        "x if x else ",
        "{1: ",
        "f'{",
        "async ",
        "\n    ",
        "if x:\n ",
        "[x for x in ",
        "*",
        "'",
        "\\",
        "yield ",
        "await ",
        "@a\n",
        "del (",
        "1,",
        "x;",
        "elif x: pass\n",
        "\u{301}",
    ];
    let thing = rng.choice(THINGS).copied().unwrap_or("(");
    let times = [30, 300, 3_000][rng.usize(..3)];
    let starts = line_starts(text);
    let at = rng.choice(&starts).copied().unwrap_or(0);
    let (before, after) = text.split_at(at);
    format!("{before}{}{after}", thing.repeat(times))
}

/// The places where lines begin, the end included.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

fn spoil(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let at = rng.usize(..=bytes.len());
    match rng.u8(..4) {
        0 => bytes.insert(at, rng.u8(..)),
        1 => bytes.truncate(at),
        _ if at == bytes.len() => {}
        2 => {
            bytes.remove(at);
        }
        _ => bytes[at] ^= 1 << rng.u8(..8),
    }
}

fn cut(text: &mut String) {
    if text.len() > LONGEST {
        let at = (0..=LONGEST).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(at);
    }
}
