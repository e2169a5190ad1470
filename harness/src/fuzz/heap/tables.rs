//! What programs about the heap do to objects: for each kind of object the statements and expressions that suit it.
//!
//! In a text `T` stands for the object, `X` and `Y` for any others, `I` and `J` for small numbers and `K` for a key.
//! Texts with a `!` before them may raise, and are caught.

/// What a name holds, as far as is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Kind {
    Int,
    Float,
    Str,
    Bytes,
    Tuple,
    List,
    Dict,
    Set,
    Frozen,
    ByteArray,
    /// An instance with a `__dict__`, a class attribute, a property and a default that can change.
    Plain,
    /// An instance with slots.
    Slotted,
    /// An instance that is compared and hashed by its value.
    Valued,
    /// An instance of a subclass of list.
    Sub,
    /// A closure that counts.
    Counter,
    /// A function with a list as default.
    Keeper,
    /// A generator that echoes what it is sent.
    Echo,
    /// An iterator.
    Iter,
    /// Any value out of a container.
    Any,
}

impl Kind {
    /// All that a program can make.
    pub const MADE: [Kind; 18] = [
        Kind::Int,
        Kind::Float,
        Kind::Str,
        Kind::Bytes,
        Kind::Tuple,
        Kind::List,
        Kind::Dict,
        Kind::Set,
        Kind::Frozen,
        Kind::ByteArray,
        Kind::Plain,
        Kind::Slotted,
        Kind::Valued,
        Kind::Sub,
        Kind::Counter,
        Kind::Keeper,
        Kind::Echo,
        Kind::Iter,
    ];

    /// Its `repr` says what it holds and nothing about addresses or the order of hashes.
    pub const fn can_be_shown(self) -> bool {
        !matches!(self, Kind::Counter | Kind::Keeper | Kind::Echo | Kind::Iter | Kind::Set)
    }

    /// Its identity is promised.
    pub const fn has_identity(self) -> bool {
        !matches!(self, Kind::Int | Kind::Float | Kind::Str | Kind::Bytes | Kind::Tuple | Kind::Frozen | Kind::Any)
    }

    /// What has to be there before one is made.
    pub const fn needs(self) -> &'static str {
        match self {
            Kind::Plain => concat!(
                "class A:\n    y = []\n    def m(self, x, seen=[]):\n        seen.append(x)\n        return len(seen)\n",
                "    @property\n    def p(self): return self.x\n    @p.setter\n    def p(self, x): self.x = [x]\n",
                "    def __repr__(self): return 'A(%s)' % ' '.join(self.__dict__)\n"
            ),
            Kind::Slotted => {
                "class S:\n    __slots__ = 'x', 'n'\n    def __init__(self): self.n = 0\n    def __repr__(self): return 'S'\n"
            }
            Kind::Valued => concat!(
                "class V:\n    def __init__(self, n): self.n = n\n    def __eq__(self, other): return self.n == getattr(other, 'n', other)\n",
                "    def __hash__(self): return hash(self.n)\n    def __repr__(self): return 'V%r' % (self.n,)\n"
            ),
            Kind::Sub => "class L(list):\n    def __iadd__(self, x): return L(self + list(x))\n",
            Kind::Counter => {
                "def counter(n):\n    def step(by=1):\n        nonlocal n\n        n += by\n        return n\n    return step\n"
            }
            Kind::Keeper => "def keeper(x, kept=[]):\n    kept.append(x)\n    return kept\n",
            Kind::Echo => {
                "def echo(x):\n    try:\n        while True: x = yield x\n    except ValueError: yield 'caught'\n    finally: print('done')\n"
            }
            _ => "",
        }
    }

    /// Texts that make one.
    pub const fn makers(self) -> &'static [&'static str] {
        match self {
            Kind::Int => &["I", "-I", "len([X])", "257", "10 ** 20 + I", "True"],
            Kind::Float => &["I + 0.5", "0.1", "-0.0", "1e300", "float(I)"],
            Kind::Str => &["'ab'", "''", "'x' * I", "str(I)", "K"],
            Kind::Bytes => &["b'ab'", "bytes(I)", "b'xyz'[I:]"],
            Kind::Tuple => &["(X, Y)", "(X,)", "()", "([], X)", "(X, [Y])"],
            Kind::List => {
                &["[]", "[X]", "[X, Y]", "[[X]] * 2", "[1, 2, 3]", "[X for _ in [0, 1]]", "[3, 1, 2]", "[[], []]"]
            }
            Kind::Dict => &[
                "{}",
                "{K: X}",
                "{'a': X, 'b': Y}",
                "dict(a=X)",
                "dict.fromkeys('ab', X)",
                "{k: [X] for k in 'ab'}",
                "{1: X, True: Y}",
            ],
            Kind::Set => &["set()", "{1, 2}", "{I, J}", "{i for i in range(I)}"],
            Kind::Frozen => &["frozenset()", "frozenset([I])"],
            Kind::ByteArray => &["bytearray(b'abc')", "bytearray()", "bytearray(I)"],
            Kind::Plain => &["A()"],
            Kind::Slotted => &["S()"],
            Kind::Valued => &["V(I)", "V(len(K))"],
            Kind::Sub => &["L([X])", "L()"],
            Kind::Counter => &["counter(I)"],
            Kind::Keeper => &["keeper"],
            Kind::Echo => &["echo(X)"],
            Kind::Iter => &[
                "iter([X, Y])",
                "iter({'a': X})",
                "zip([X, Y], 'ab')",
                "(x for x in [X, Y])",
                "reversed([X, Y])",
                "map(repr, [X])",
                "enumerate([X])",
            ],
            Kind::Any => &["X"],
        }
    }

    /// Statements.
    pub const fn statements(self) -> &'static [&'static str] {
        match self {
            Kind::Int | Kind::Float => {
                &["T += I", "T -= 1", "T *= 2", "!T //= I", "!T %= I", "!T += X", "!T *= X", "!T[0] = X", "!T.x = X"]
            }
            Kind::Str => &["T += K", "!T += X", "T *= 2", "!T[0] = K", "!T.x = X", "!del T[0]"],
            Kind::Bytes => &["T += b'z'", "!T += X", "!T[0] = I", "T *= 2"],
            Kind::Tuple => &[
                "T += (X,)",
                "!T[0] = X",
                "!T[0] += X",
                "!T[I] += [X]",
                "T *= 2",
                "!del T[0]",
                "!T += X",
                "!T[0].append(X)",
            ],
            Kind::List | Kind::Sub => &[
                "T.append(X)",
                "!T.extend(X)",
                "!T += X",
                "T += [X]",
                "T *= 2",
                "!T[I] = X",
                "T[I:J] = [X, Y]",
                "!T[::2] = [X]",
                "!del T[I]",
                "del T[I:J]",
                "del T[::2]",
                "T.insert(I, X)",
                "!T.pop()",
                "!T.pop(I)",
                "!T.remove(X)",
                "T.reverse()",
                "!T.sort()",
                "T.clear()",
                "T[:0] = [X]",
                "T[I:I] = T",
                "T[:] = [X]",
                "!T[I:J] = X",
                "!T[0] += X",
                "!T[I] *= 2",
                "T.sort(key=repr)",
                "for e in T[:2]: T.append(e)",
                "!T[0].append(X)",
                "!T[1], T[0] = T[:2]",
                "!T.x = X",
                "T.append(T)",
                "for T[0:1] in [[X], [Y]]: pass",
                "for i, e in enumerate(T):\n    if i > 2: break\n    T[i] = [e]",
            ],
            Kind::Dict => &[
                "T[K] = X",
                "!T[X] = Y",
                "!del T[K]",
                "!del T[X]",
                "T.pop(K, None)",
                "!T.pop(K)",
                "!T.popitem()",
                "!T.update(X)",
                "T.update(a=X)",
                "T.setdefault(K, X)",
                "T.setdefault(K, []).append(X)",
                "T.clear()",
                "T.update(T)",
                "!T[K] += X",
                "!T[K].append(X)",
                "!for k in T: T[len(T)] = k",
                "!for k in T: del T[k]",
                "for k in list(T): T.pop(k)",
                "T[K] = T",
                "T[1] = X; T[1.0] = Y",
                "T[True] = X",
                "!T[()] = X",
                "!T.x = X",
                "for k in T: T[k] = X",
                "T[None] = X",
            ],
            Kind::Set => &[
                "T.add(I)",
                "T.discard(I)",
                "!T.remove(I)",
                "T |= {I, 9}",
                "T &= {1, I}",
                "T -= {I}",
                "T ^= {1, 2}",
                "T.clear()",
                "!T.add([])",
                "T.update([I, J])",
                "!for i in T: T.add(i + 100)",
                "T.add(1.0)",
                "!T += {1}",
            ],
            Kind::Frozen => &["T |= {I}", "!T.add(I)", "T &= {1}"],
            Kind::ByteArray => &[
                "T.append(I)",
                "T += b'ab'",
                "T[I:J] = b'xyz'",
                "!del T[I]",
                "!T[I] = 300",
                "!T[0] = I",
                "T.extend([1, 2])",
                "T *= 2",
                "!T.pop()",
                "T.clear()",
                "T.reverse()",
                "!T += X",
            ],
            Kind::Plain => &[
                "T.x = X",
                "!del T.x",
                "!T.x += X",
                "T.y.append(X)",
                "T.y += [X]",
                "T.y = X",
                "A.y = X",
                "A.z = X",
                "!del T.y",
                "T.p = X",
                "!T.__dict__[K] = X",
                "T.__dict__.update(x=X)",
                "T.__dict__ = {'x': X}",
                "setattr(T, K, X)",
                "T.m(X)",
                "!T.x.append(X)",
                "T.__dict__.clear()",
                "T.m = X",
                "!del A.y",
                "A.x = X",
            ],
            Kind::Slotted => {
                &["T.x = X", "!T.q = X", "!del T.x", "T.n += I", "!T.x += X", "!T.__dict__", "!S.n = X", "!del T.n"]
            }
            Kind::Valued => &["T.n = I", "T.n = len(K)", "!T.n += X", "!{T: X}[T.n]"],
            Kind::Counter => &["T()", "T(I)", "T.x = X", "!T(X)", "T.__defaults__ = (I,)"],
            Kind::Keeper => &["T(X)", "!T()", "T(X, [])", "T.__defaults__ = ([X],)", "T.__defaults__[0].clear()"],
            Kind::Echo => &["next(T, None)", "!T.send(X)", "!T.throw(ValueError)", "T.close()", "!next(T)"],
            Kind::Iter => &["next(T, None)", "!next(T)", "for e in T: break"],
            Kind::Any => &["!T += X", "!T[0] = X", "!T.append(X)", "!T.x = X", "!T[K] = X", "!T *= 2"],
        }
    }

    /// Expressions, each with what is known of its value.
    pub const fn expressions(self) -> &'static [(&'static str, Kind)] {
        match self {
            Kind::Int => &[
                ("T + I", Kind::Int),
                ("T ** 2", Kind::Int),
                ("-T", Kind::Int),
                ("T / 2", Kind::Float),
                ("str(T)", Kind::Str),
                ("divmod(T, 3)", Kind::Tuple),
                ("!T // I", Kind::Int),
                ("T << I", Kind::Int),
                ("T & 3", Kind::Int),
                ("T == X", Kind::Int),
                ("!T < X", Kind::Any),
                ("T.bit_length()", Kind::Int),
                ("!T % X", Kind::Any),
                ("!T * X", Kind::Any),
                ("hash(T) == T", Kind::Any),
            ],
            Kind::Float => &[
                ("T + I", Kind::Float),
                ("T * 2", Kind::Float),
                ("T // 3", Kind::Float),
                ("int(T)", Kind::Int),
                ("round(T)", Kind::Int),
                ("str(T)", Kind::Str),
                ("T == X", Kind::Int),
                ("!T % I", Kind::Float),
                ("T.hex()", Kind::Str),
            ],
            Kind::Str => &[
                ("T + K", Kind::Str),
                ("T * I", Kind::Str),
                ("!T[I]", Kind::Str),
                ("T[I:J]", Kind::Str),
                ("T.upper()", Kind::Str),
                ("T.replace('a', 'xy')", Kind::Str),
                ("T.split('a')", Kind::List),
                ("T.encode()", Kind::Bytes),
                ("f'{T}{X!r}'", Kind::Str),
                ("!T in X", Kind::Any),
                ("T.join(['1', '2'])", Kind::Str),
                ("'%s-%r' % (T, X)", Kind::Str),
                ("list(T)", Kind::List),
                ("T[::-1]", Kind::Str),
                ("T == X", Kind::Int),
                ("!T < X", Kind::Any),
                ("T.partition('b')", Kind::Tuple),
            ],
            Kind::Bytes => &[
                ("T + b'q'", Kind::Bytes),
                ("!T[I]", Kind::Int),
                ("bytearray(T)", Kind::ByteArray),
                ("T[I:J]", Kind::Bytes),
                ("T == X", Kind::Int),
                ("list(T)", Kind::List),
                ("T.hex()", Kind::Str),
                ("T * I", Kind::Bytes),
            ],
            Kind::Tuple => &[
                ("T + (X,)", Kind::Tuple),
                ("T * 2", Kind::Tuple),
                ("!T[I]", Kind::Any),
                ("T[I:]", Kind::Tuple),
                ("list(T)", Kind::List),
                ("!T.index(X)", Kind::Int),
                ("X in T", Kind::Int),
                ("!{T: X}[T]", Kind::Any),
                ("T == X", Kind::Int),
                ("!T < X", Kind::Any),
                ("[*T, X]", Kind::List),
                ("T.count(X)", Kind::Int),
                ("copy.copy(T)", Kind::Tuple),
                ("copy.deepcopy(T)", Kind::Tuple),
            ],
            Kind::List | Kind::Sub => &[
                ("T.copy()", Kind::List),
                ("T[:]", Kind::List),
                ("!T[I]", Kind::Any),
                ("T + [X]", Kind::List),
                ("T * 2", Kind::List),
                ("list(T)", Kind::List),
                ("tuple(T)", Kind::Tuple),
                ("!T.index(X)", Kind::Int),
                ("T.count(X)", Kind::Int),
                ("X in T", Kind::Int),
                ("T == X", Kind::Int),
                ("!T < X", Kind::Any),
                ("len(T)", Kind::Int),
                ("!T.pop()", Kind::Any),
                ("iter(T)", Kind::Iter),
                ("[e for e in T if e is not X]", Kind::List),
                ("[T, T]", Kind::List),
                ("!dict(enumerate(T))", Kind::Dict),
                ("copy.copy(T)", Kind::Any),
                ("copy.deepcopy(T)", Kind::Any),
                ("!T + X", Kind::Any),
                ("sorted(T, key=repr)", Kind::List),
                ("!max(T)", Kind::Any),
                ("!sum(T)", Kind::Any),
                ("[*T]", Kind::List),
                ("T or X", Kind::Any),
                ("!{T}", Kind::Any),
                ("T[::-1]", Kind::List),
                ("(lambda *a: a)(*T)", Kind::Tuple),
                ("T.__iadd__([X])", Kind::Any),
                ("[x for x in T for x in [x, X]]", Kind::List),
            ],
            Kind::Dict => &[
                ("T.copy()", Kind::Dict),
                ("dict(T)", Kind::Dict),
                ("list(T)", Kind::List),
                ("list(T.items())", Kind::List),
                ("T.get(K)", Kind::Any),
                ("!T[K]", Kind::Any),
                ("!T[X]", Kind::Any),
                ("{**T, 'k': X}", Kind::Dict),
                ("K in T", Kind::Int),
                ("!X in T", Kind::Int),
                ("T == X", Kind::Int),
                ("len(T)", Kind::Int),
                ("T.setdefault(K, X)", Kind::Any),
                ("!T.popitem()", Kind::Any),
                ("copy.deepcopy(T)", Kind::Dict),
                ("copy.copy(T)", Kind::Dict),
                ("dict.fromkeys(T, X)", Kind::Dict),
                ("list(T.values())", Kind::List),
                ("{k: T[k] for k in T}", Kind::Dict),
                ("iter(T)", Kind::Iter),
                ("list(reversed(list(T)))", Kind::List),
                ("!(lambda **k: k)(**T)", Kind::Dict),
                ("T.pop(K, X)", Kind::Any),
                ("T or X", Kind::Any),
                ("T.get(True)", Kind::Any),
            ],
            Kind::Set => &[
                ("T.copy()", Kind::Set),
                ("frozenset(T & {1})", Kind::Frozen),
                ("sorted(T)", Kind::List),
                ("len(T)", Kind::Int),
                ("I in T", Kind::Int),
                ("T | {I}", Kind::Set),
                ("T - {I}", Kind::Set),
                ("T == {1, 2}", Kind::Int),
                ("T <= {1, 2, 3}", Kind::Int),
                ("!X in T", Kind::Int),
                ("copy.copy(T)", Kind::Set),
                ("T.union([I])", Kind::Set),
                ("T.isdisjoint([I])", Kind::Int),
            ],
            Kind::Frozen => &[
                ("T | {1}", Kind::Any),
                ("len(T)", Kind::Int),
                ("{T: X}[T]", Kind::Any),
                ("T == {I}", Kind::Int),
                ("sorted(T)", Kind::List),
            ],
            Kind::ByteArray => &[
                ("bytes(T)", Kind::Bytes),
                ("T[I:J]", Kind::ByteArray),
                ("!T[I]", Kind::Int),
                ("len(T)", Kind::Int),
                ("T == X", Kind::Int),
                ("T + b'q'", Kind::ByteArray),
                ("T.copy()", Kind::ByteArray),
                ("list(T)", Kind::List),
                ("!{T: 1}", Kind::Any),
            ],
            Kind::Plain => &[
                ("!T.x", Kind::Any),
                ("!T.y", Kind::Any),
                ("T.__dict__", Kind::Dict),
                ("!T.m(X)", Kind::Any),
                ("!T.p", Kind::Any),
                ("getattr(T, K, X)", Kind::Any),
                ("copy.copy(T)", Kind::Plain),
                ("copy.deepcopy(T)", Kind::Plain),
                ("hasattr(T, K)", Kind::Int),
                ("vars(T)", Kind::Dict),
                ("T == X", Kind::Int),
                ("T in [X]", Kind::Int),
                ("{T: X}[T]", Kind::Any),
                ("!A.y", Kind::Any),
                ("sorted(vars(T))", Kind::List),
            ],
            Kind::Slotted => &[
                ("!T.x", Kind::Any),
                ("!T.n", Kind::Any),
                ("hasattr(T, 'x')", Kind::Int),
                ("copy.copy(T)", Kind::Slotted),
                ("{T: X}[T]", Kind::Any),
                ("T == X", Kind::Int),
            ],
            Kind::Valued => &[
                ("T == X", Kind::Int),
                ("T in [X]", Kind::Int),
                ("{T: 1, T.n: 2}", Kind::Any),
                ("len({T, V(T.n)})", Kind::Int),
                ("copy.copy(T)", Kind::Valued),
                ("T != X", Kind::Int),
                ("[X, T].index(T)", Kind::Int),
            ],
            Kind::Counter => &[
                ("T()", Kind::Any),
                ("T(I)", Kind::Any),
                ("!T.x", Kind::Any),
                ("!T.__closure__[0].cell_contents", Kind::Any),
            ],
            Kind::Keeper => &[
                ("T(X)", Kind::Any),
                ("T(X, [Y])", Kind::Any),
                ("T.__defaults__", Kind::Tuple),
                ("len(T.__defaults__[0])", Kind::Int),
            ],
            Kind::Echo => &[
                ("next(T, None)", Kind::Any),
                ("!T.send(X)", Kind::Any),
                ("!T.send(None)", Kind::Any),
                ("!T.throw(ValueError)", Kind::Any),
            ],
            Kind::Iter => &[("next(T, X)", Kind::Any), ("list(T)", Kind::List), ("iter(T) is T", Kind::Int)],
            Kind::Any => &[
                ("!T + X", Kind::Any),
                ("!T[0]", Kind::Any),
                ("T == X", Kind::Int),
                ("!len(T)", Kind::Int),
                ("!list(T)", Kind::Any),
                ("!T.copy()", Kind::Any),
                ("[T, X]", Kind::List),
                ("copy.deepcopy(T)", Kind::Any),
                ("!T[K]", Kind::Any),
                ("!{T: X}", Kind::Any),
                ("not T", Kind::Int),
            ],
        }
    }
}
